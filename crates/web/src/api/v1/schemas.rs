//! `/api/v1/schemas`: what the files of the site de gestion hold, those that it reads and those that it gives; nobody's data.

use app::formations::FeuilleSchema;
use app::schemas::Fichier;
use axum::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::appel::{AppelPublic, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;

/// Address, name and sentence of each.
const FICHIERS: [(Fichier, &str, &str, &str); 21] = [
    (
        Fichier::Classeur,
        "/api/v1/schemas/classeur",
        "schema_classeur",
        "Le schéma du classeur de paramétrage (Table Schema), feuille par feuille",
    ),
    (
        Fichier::Classement,
        "/api/v1/schemas/classement",
        "schema_classement",
        "Le schéma du fichier de classement (Table Schema)",
    ),
    (
        Fichier::Dossiers,
        "/api/v1/schemas/dossiers",
        "schema_dossiers",
        "Le schéma du fichier des dossiers d’un groupe de classement (Table Schema)",
    ),
    (
        Fichier::DossiersInternat,
        "/api/v1/schemas/dossiers-internat",
        "schema_dossiers_internat",
        "Le schéma du fichier des demandes d’un internat (Table Schema)",
    ),
    (
        Fichier::Delegations,
        "/api/v1/schemas/delegations",
        "schema_delegations",
        "Le schéma du fichier des délégations (Table Schema)",
    ),
    (
        Fichier::Responsables,
        "/api/v1/schemas/responsables",
        "schema_responsables",
        "Le schéma de la liste des chefs d’établissement et des administrateurs (Table Schema)",
    ),
    (
        Fichier::Journal,
        "/api/v1/schemas/journal",
        "schema_journal",
        "Le schéma du journal d’audit exporté (Table Schema)",
    ),
    (
        Fichier::DossiersVus,
        "/api/v1/schemas/dossiers-vus",
        "schema_dossiers_vus",
        "Le schéma de la liste des dossiers lus par un compte (Table Schema)",
    ),
    (
        Fichier::Completude,
        "/api/v1/schemas/completude",
        "schema_completude",
        "Le schéma du suivi du paramétrage, établissement par établissement (Table Schema)",
    ),
    (
        Fichier::SuiviFormations,
        "/api/v1/schemas/suivi-formations",
        "schema_suivi_formations",
        "Le schéma du suivi du paramétrage, formation par formation (Table Schema)",
    ),
    (
        Fichier::Demandes,
        "/api/v1/schemas/demandes",
        "schema_demandes",
        "Le schéma de la liste des demandes des établissements (Table Schema)",
    ),
    (
        Fichier::Capacites,
        "/api/v1/schemas/capacites-a-confirmer",
        "schema_capacites_a_confirmer",
        "Le schéma de la liste des capacités à confirmer (Table Schema)",
    ),
    (
        Fichier::StatistiquesSeances,
        "/api/v1/schemas/statistiques-seances",
        "schema_statistiques_seances",
        "Le schéma des statistiques des séances d’information (Table Schema)",
    ),
    (
        Fichier::SansCharte,
        "/api/v1/schemas/charte-non-acceptee",
        "schema_charte_non_acceptee",
        "Le schéma de la liste des établissements qui n’ont pas accepté la charte (Table Schema)",
    ),
    (
        Fichier::SansLecture,
        "/api/v1/schemas/sans-lecture",
        "schema_sans_lecture",
        "Le schéma de la liste des établissements où une information n’a pas été lue (Table Schema)",
    ),
    (
        Fichier::FichesApprentissage,
        "/api/v1/schemas/fiches-apprentissage",
        "schema_fiches_apprentissage",
        "Le schéma d’un jour du catalogue de l’apprentissage (Table Schema)",
    ),
    (
        Fichier::FichesRefusees,
        "/api/v1/schemas/fiches-refusees",
        "schema_fiches_refusees",
        "Le schéma de la liste des fiches d’apprentissage refusées (Table Schema)",
    ),
    (
        Fichier::JourneeCatalogue,
        "/api/v1/schemas/journee-catalogue",
        "schema_journee_catalogue",
        "Le schéma du compte rendu d’une journée du catalogue de l’apprentissage (Table Schema)",
    ),
    (
        Fichier::Offre,
        "/api/v1/schemas/offre",
        "schema_offre",
        "Le schéma de l’offre publiée en données ouvertes (Table Schema)",
    ),
    (
        Fichier::DerniersAppeles,
        "/api/v1/schemas/derniers-appeles",
        "schema_derniers_appeles",
        "Le schéma des derniers appelés d’une journée, en données ouvertes (Table Schema)",
    ),
    (
        Fichier::GroupesAppeles,
        "/api/v1/schemas/groupes",
        "schema_groupes",
        "Le schéma des groupes de classement des derniers appelés, en données ouvertes (Table Schema)",
    ),
];

pub fn routes() -> Interface {
    let doc = |nom, resume| Doc::new("nomenclatures", nom, resume);
    let liste = Interface::default().route(
        Method::GET,
        "/api/v1/schemas",
        None,
        doc("lister_schemas", "Les fichiers du site de gestion, et où lire le schéma de chacun")
            .rend::<FichiersDecrits>(),
        get_liste,
    );
    FICHIERS.into_iter().fold(liste, |toutes, (fichier, chemin, nom, resume)| {
        let handler = move |_: AppelPublic| get_schema(fichier);
        toutes.route(Method::GET, chemin, None, doc(nom, resume).rend::<Schemas>(), handler)
    })
}

/// Un fichier que le site de gestion lit ou donne.
#[derive(Serialize, ToSchema)]
struct FichierDecrit {
    /// Code stable.
    code: &'static str,
    libelle: &'static str,
    /// `csv` et `xlsx`.
    formats: Vec<&'static str>,
    /// Le site de gestion le relit.
    importe: bool,
    /// Le site de gestion le donne.
    exporte: bool,
    /// Adresse de son schéma.
    schema: &'static str,
}

/// Les fichiers du site de gestion.
#[derive(Serialize, ToSchema)]
struct FichiersDecrits {
    fichiers: Vec<FichierDecrit>,
}

async fn get_liste(_: AppelPublic) -> Rendu {
    let fichiers = FICHIERS
        .into_iter()
        .map(|(f, schema, ..)| FichierDecrit {
            code: f.code(),
            libelle: f.libelle(),
            formats: f.formats().iter().map(|f| f.code()).collect(),
            importe: f.is_read(),
            exporte: f.is_written(),
            schema,
        })
        .collect();
    json(&FichiersDecrits { fichiers }, None)
}

/// Ce qui borne une colonne (Table Schema).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Constraints {
    required: bool,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    valeurs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<i64>,
}

/// Une colonne (Table Schema).
#[derive(Serialize, ToSchema)]
struct Field {
    name: String,
    description: String,
    #[serde(rename = "type")]
    genre: &'static str,
    constraints: Constraints,
}

/// Une feuille.
#[derive(Serialize, ToSchema)]
struct SchemaFeuille {
    /// Nom de la feuille ; un CSV est la première.
    feuille: String,
    fields: Vec<Field>,
}

/// Les feuilles d’un fichier.
#[derive(Serialize, ToSchema)]
struct Schemas {
    /// D’un fichier CSV.
    encodage: &'static str,
    separateur: &'static str,
    feuilles: Vec<SchemaFeuille>,
}

fn schemas(feuilles: Vec<FeuilleSchema>) -> Schemas {
    let feuilles = feuilles
        .into_iter()
        .map(|f| SchemaFeuille {
            feuille: f.nom,
            fields: f
                .colonnes
                .into_iter()
                .map(|c| Field {
                    name: c.titre,
                    description: c.quoi.trim().to_owned(),
                    genre: c.genre,
                    constraints: Constraints {
                        required: c.requise,
                        valeurs: c.valeurs,
                        max_length: c.longueur_max,
                        minimum: c.bornes.map(|b| b.0),
                        maximum: c.bornes.map(|b| b.1),
                    },
                })
                .collect(),
        })
        .collect();
    Schemas { encodage: "utf-8", separateur: ";", feuilles }
}

async fn get_schema(fichier: Fichier) -> Rendu {
    json(&schemas(fichier.feuilles()), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_its_address() {
        for f in Fichier::ALL {
            let siens: Vec<&str> =
                FICHIERS.iter().filter(|(autre, ..)| *autre == f).map(|(_, chemin, ..)| *chemin).collect();
            assert_eq!(siens, [format!("/api/v1/schemas/{}", f.code())], "{f:?}");
        }
    }
}
