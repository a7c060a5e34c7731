//! `/api/v1/nomenclatures`, `/api/v1/schemas`: what fields mean and what files hold; nobody's data.

use app::formations::{ColonneSchema, FeuilleSchema, workbook_schema};
use axum::http::Method;
use domain::formations::Famille;
use domain::formations::description::{CHAMPS, Champ, Exigence, Familles, Nature};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::appel::{AppelPublic, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;

pub fn routes() -> Interface {
    let doc = |nom, resume| Doc::new("nomenclatures", nom, resume);
    Interface::default()
        .route(
            Method::GET,
            "/api/v1/nomenclatures/champs",
            None,
            doc(
                "lister_champs",
                "Les champs de la description : type, bornes, valeurs, quand ils sont exigés",
            )
            .rend::<Champs>(),
            get_champs,
        )
        .route(
            Method::GET,
            "/api/v1/nomenclatures/familles",
            None,
            doc("lister_familles", "Les familles de formations").rend::<FamillesListees>(),
            get_familles,
        )
        .route(
            Method::GET,
            "/api/v1/schemas/classeur",
            None,
            doc(
                "schema_classeur",
                "Le schéma du classeur de paramétrage (Table Schema), feuille par feuille",
            )
            .rend::<Schemas>(),
            get_classeur,
        )
        .route(
            Method::GET,
            "/api/v1/schemas/classement",
            None,
            doc("schema_classement", "Le schéma du fichier de classement (Table Schema)").rend::<Schemas>(),
            get_classement,
        )
}

/// Une valeur possible.
#[derive(Serialize, ToSchema)]
struct ValeurPossible {
    /// Ce que l’interface lit et écrit.
    code: &'static str,
    libelle: &'static str,
}

/// Un champ de la description.
#[derive(Serialize, ToSchema)]
struct ChampDecrit {
    /// Son nom dans l’interface.
    code: &'static str,
    /// Rubrique.
    rubrique: &'static str,
    libelle: &'static str,
    aide: &'static str,
    /// `texte`, `oui_non`, `choix`, `nombre`, `montant`, `jour`, `courriel`, `telephone`, `site`, `composante` ou `liste`.
    nature: &'static str,
    /// Caractères, ou lignes d’une liste, au plus.
    maximum: Option<usize>,
    /// Plus petite et plus grande valeur d’un nombre.
    bornes: Option<Vec<i64>>,
    valeurs: Vec<ValeurPossible>,
    /// Exigé avant publication : `toujours`, `jamais`, ou selon un autre champ.
    exige: String,
    /// Les candidats le lisent.
    public: bool,
    /// Rendu obligatoire par l’article D. 612-1-5 du code de l’éducation.
    reglementaire: bool,
    /// Codes des familles qui l’ont ; vide : toutes.
    familles: Vec<&'static str>,
    /// Champs des lignes d’une liste.
    #[schema(no_recursion)]
    colonnes: Vec<ChampDecrit>,
}

/// Les champs de la description.
#[derive(Serialize, ToSchema)]
struct Champs {
    champs: Vec<ChampDecrit>,
}

fn decrit(c: &'static Champ) -> ChampDecrit {
    let (nature, maximum, bornes) = match c.nature {
        Nature::Texte(max) | Nature::Zone(max) => ("texte", Some(max), None),
        Nature::OuiNon => ("oui_non", None, None),
        Nature::Choix(_) => ("choix", None, None),
        Nature::Nombre(min, max) => ("nombre", None, Some(vec![min, max])),
        Nature::Montant => ("montant", None, None),
        Nature::Jour => ("jour", None, None),
        Nature::Courriel => ("courriel", None, None),
        Nature::Telephone => ("telephone", None, None),
        Nature::Site => ("site", None, None),
        Nature::Composante => ("composante", None, None),
        Nature::Liste(_, max) => ("liste", Some(max), None),
    };
    let valeurs = match c.nature {
        Nature::Choix(liste) => {
            liste.iter().map(|(code, libelle)| ValeurPossible { code, libelle }).collect()
        }
        _ => Vec::new(),
    };
    ChampDecrit {
        code: c.code,
        rubrique: c.rubrique.code(),
        libelle: c.libelle,
        aide: c.aide,
        nature,
        maximum,
        bornes,
        valeurs,
        exige: match c.exige {
            Exigence::Facultatif => "jamais".to_owned(),
            Exigence::Toujours => "toujours".to_owned(),
            Exigence::Si(code, ["*"]) => format!("si « {code} » est rempli"),
            Exigence::Si(code, valeurs) => format!("si « {code} » vaut {}", valeurs.join(" ou ")),
        },
        public: c.public,
        reglementaire: c.reglementaire,
        familles: match c.familles {
            Familles::Toutes => Vec::new(),
            Familles::Seulement(liste) => liste.iter().map(|f| f.code()).collect(),
        },
        colonnes: c.colonnes().iter().map(decrit).collect(),
    }
}

async fn get_champs(_: AppelPublic) -> Rendu {
    json(&Champs { champs: CHAMPS.iter().map(decrit).collect() }, None)
}

/// Une famille de formations.
#[derive(Serialize, ToSchema)]
struct FamilleListee {
    code: &'static str,
    libelle: &'static str,
}

/// Les familles de formations.
#[derive(Serialize, ToSchema)]
struct FamillesListees {
    familles: Vec<FamilleListee>,
}

async fn get_familles(_: AppelPublic) -> Rendu {
    let familles =
        Famille::ALL.into_iter().map(|f| FamilleListee { code: f.code(), libelle: f.libelle() }).collect();
    json(&FamillesListees { familles }, None)
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

async fn get_classeur(_: AppelPublic) -> Rendu {
    json(&schemas(workbook_schema()), None)
}

async fn get_classement(_: AppelPublic) -> Rendu {
    let colonne = |titre: &str, quoi: &str, genre, requise| ColonneSchema {
        titre: titre.to_owned(),
        quoi: quoi.to_owned(),
        genre,
        valeurs: Vec::new(),
        longueur_max: None,
        bornes: (genre == "integer").then_some((1, i64::from(u32::MAX))),
        requise,
    };
    let colonnes = vec![
        colonne("Rang", "À partir de 1, sans trou ni ex æquo ; vide : non classé.", "integer", false),
        colonne(
            "Candidat - Code",
            "Le code ou le numéro de dossier du fichier des dossiers, tel quel.",
            "string",
            true,
        ),
        colonne("Note", "De la commission ; pour elle.", "number", false),
    ];
    json(&schemas(vec![FeuilleSchema { nom: String::new(), colonnes }]), None)
}
