//! What remains to be done, the records of the catalogue of apprenticeship, and what a course declared, to file: read only.

use app::accueil::{Accueil, FormationAFaire, Geste, what_remains};
use app::apprentissage::{LigneFiche, list_mes_fiches};
use app::documents::view_volumes;
use axum::extract::Path;
use domain::droits::Action;
use domain::etablissements::Partie;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{instant, quand};
use crate::api::appel::{Appel, Criteres, annee, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};
use crate::espaces::gestion::{print_formation_seule, print_volume};

pub fn routes() -> Interface {
    let lire = Action::ConsulterParametrage;
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/a-faire",
            lire,
            Doc::new(
                "etablissements",
                "lire_a_faire",
                "Ce qu’il reste à faire, sur l’établissement et sur les formations",
            )
            .rend::<AFaire>(),
            get_a_faire,
        )
        .lit(
            "/api/v1/sessions/{annee}/apprentissage",
            lire,
            Doc::new(
                "formations",
                "lister_fiches",
                "Les fiches du catalogue national de l’apprentissage où l’établissement a une part",
            )
            .critere("page", "À partir de 1.", Type::Integer)
            .rend::<Fiches>(),
            get_fiches,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/recapitulatif.pdf",
            lire,
            Doc::new("formations", "lire_recapitulatif", "Tout ce que la formation déclare, en PDF")
                .rend_fichier(&["application/pdf"]),
            get_recapitulatif,
        )
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/recapitulatif.pdf",
            lire,
            Doc::new(
                "etablissements",
                "lire_recapitulatif_etablissement",
                "Tout ce que l’établissement et les formations du jeton déclarent, en PDF",
            )
            .detail(
                "Le chef d’établissement et les contacts n’y sont pas. Au-delà de quelques dizaines de formations, le document a \
                 plusieurs volumes, et `volume` est à dire : sans lui, la réponse dit combien il y en a.",
            )
            .critere("volume", "À partir de 1.", Type::Integer)
            .rend_fichier(&["application/pdf"]),
            get_volume,
        )
}

/// Ce qui manque dans une partie de l’établissement.
#[derive(Serialize, ToSchema)]
struct PartieAFaire {
    /// Code : celui de l’adresse où elle s’écrit, le plus souvent.
    partie: &'static str,
    libelle: &'static str,
    /// Ce qui y manque.
    manques: Vec<&'static str>,
}

/// Ce qu’une formation attend.
#[derive(Serialize, ToSchema)]
struct FormationEnAttente {
    /// Identifiant public.
    formation: String,
    libelle: String,
    /// `corriger`, `relancer` le service académique quand le jour donné pour corriger est passé, `completer`, `expliquer` ou
    /// `confirmer` une capacité inhabituelle, `publier`, `republier` ou `transmettre`.
    geste: &'static str,
    /// Ce qui manque avant publication.
    manques: Vec<&'static str>,
    /// Premier instant trop tard pour corriger ce qui a été retourné, ou pour compléter ce qu’une demande acceptée a rouvert.
    #[schema(format = DateTime)]
    jusqu_a: Option<String>,
    /// Classements à transmettre.
    classements: i64,
}

/// Ce qu’il reste à faire.
#[derive(Serialize, ToSchema)]
struct AFaire {
    /// Établissement : ce qui manque, le chef et sa signature à part.
    parties: Vec<PartieAFaire>,
    /// Formations du jeton, celles qui sont fermées à part.
    total: i64,
    /// Sans rien qui manque ; null pour un jeton qui ne lit pas les capacités.
    completes: Option<i64>,
    publiees: i64,
    /// Formations qui attendent quelque chose.
    a_faire: i64,
    /// Les premières.
    formations: Vec<FormationEnAttente>,
    /// Premier instant trop tard pour publier ; null : c’est fini.
    #[schema(format = DateTime)]
    publication_ferme: Option<String>,
    /// Premier instant trop tard pour transmettre un classement ; null hors de l’examen.
    #[schema(format = DateTime)]
    transmission_ferme: Option<String>,
}

fn en_attente(f: &FormationAFaire) -> FormationEnAttente {
    let (geste, jusqu_a, classements) = match f.geste {
        Geste::Corriger(fin) => ("corriger", Some(instant(fin)), 0),
        Geste::Depasse { fin, .. } => ("relancer", Some(instant(fin)), 0),
        Geste::Completer => ("completer", None, 0),
        Geste::Publier => ("publier", None, 0),
        Geste::Republier => ("republier", None, 0),
        Geste::Expliquer => ("expliquer", None, 0),
        Geste::Confirmer => ("confirmer", None, 0),
        Geste::Transmettre(n) => ("transmettre", None, n),
    };
    FormationEnAttente {
        formation: f.formation.id.clone(),
        libelle: f.formation.libelle.clone(),
        geste,
        manques: f.formation.manques_dits(),
        jusqu_a: jusqu_a.or_else(|| f.jusqu_a.map(instant)),
        classements,
    }
}

fn a_faire(a: &Accueil) -> AFaire {
    let f = a.formations.as_ref();
    let restes = a.description.iter().flat_map(|d| &d.restes);
    AFaire {
        // R-ETA-03: its head is said, and confirmed, by people alone.
        parties: restes
            .filter(|p| p.partie != Partie::Chef)
            .map(|p| PartieAFaire {
                partie: p.partie.code(),
                libelle: p.partie.libelle(),
                manques: p.manques.iter().map(|m| m.libelle()).collect(),
            })
            .collect(),
        total: f.map_or(0, |f| f.total),
        completes: f.and_then(|f| f.completes),
        publiees: f.map_or(0, |f| f.publiees),
        a_faire: f.map_or(0, |f| f.a_faire),
        formations: f.iter().flat_map(|f| &f.restes).map(en_attente).collect(),
        publication_ferme: f.and_then(|f| f.publication.as_ref()).map(|f| quand(f.ferme)),
        transmission_ferme: f.and_then(|f| f.transmission.as_ref()).map(|f| quand(f.ferme)),
    }
}

async fn get_a_faire(appel: Appel, Path((a, e)): Path<(String, String)>) -> Rendu {
    json(&a_faire(&what_remains(&appel.ctx, annee(&a)?, &id(&e)?).await?), None)
}

/// Ce qu’il y a à regarder dans une fiche.
#[derive(Serialize, ToSchema)]
struct ConstatFiche {
    code: &'static str,
    libelle: &'static str,
    /// La fiche ne devient pas une formation tant qu’il n’est pas corrigé.
    bloquant: bool,
    /// Que faire.
    conseil: &'static str,
}

/// Une fiche du catalogue national.
#[derive(Serialize, ToSchema)]
struct Fiche {
    /// Identifiant public.
    id: String,
    /// Dans le catalogue.
    identifiant: String,
    /// Vide quand rien ne la nomme.
    intitule: String,
    /// Codes UAI de ses établissements.
    uais: Vec<String>,
    /// « Somme (80) » ; vide : lieu inconnu.
    departement: String,
    /// Code.
    statut: &'static str,
    libelle_statut: &'static str,
    /// Pourquoi, quand le statut le dit.
    raison: Option<String>,
    constats: Vec<ConstatFiche>,
    /// Le dernier jour du catalogue la contient.
    presente: bool,
    /// Identifiant public de la formation qui en est faite ; null : aucune, ou elle est à un autre établissement de la fiche.
    formation: Option<String>,
    /// La formation est à un autre établissement de la fiche.
    ailleurs: bool,
    /// Identifiant, dans le catalogue, de la fiche que celle-ci répète.
    doublon_de: Option<String>,
}

impl From<&LigneFiche> for Fiche {
    fn from(f: &LigneFiche) -> Self {
        Self {
            id: f.id.clone(),
            identifiant: f.identifiant.clone(),
            intitule: f.intitule.clone(),
            uais: f.uais.clone(),
            departement: f.departement.clone(),
            statut: f.statut.code(),
            libelle_statut: f.statut.libelle(),
            raison: f.raison.clone(),
            constats: f
                .constats
                .iter()
                .map(|c| ConstatFiche {
                    code: c.code(),
                    libelle: c.libelle(),
                    bloquant: c.is_bloquant(),
                    conseil: c.a_faire(),
                })
                .collect(),
            presente: f.presente,
            formation: f.formation.as_ref().filter(|_| !f.ailleurs).map(|(id, _)| id.clone()),
            ailleurs: f.ailleurs,
            doublon_de: f.doublon_de.clone(),
        }
    }
}

/// Une page de fiches.
#[derive(Serialize, ToSchema)]
struct Fiches {
    /// Fiches trouvées, toutes pages.
    total: i64,
    /// À partir de 1, parmi les pages qui existent.
    page: u32,
    pages: u32,
    fiches: Vec<Fiche>,
}

/// Which page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Feuille {
    page: Option<u32>,
}

async fn get_fiches(appel: Appel, Path(a): Path<String>, Criteres(c): Criteres<Feuille>) -> Rendu {
    if c.page == Some(0) {
        return Err(Probleme::champ("page", "les pages se comptent à partir de 1."));
    }
    let l = list_mes_fiches(&appel.ctx, annee(&a)?, c.page.unwrap_or(1)).await?;
    let fiches = l.lignes.iter().map(Fiche::from).collect();
    json(&Fiches { total: l.total, page: l.page, pages: l.pages, fiches }, None)
}

async fn get_recapitulatif(appel: Appel, Path((a, f)): Path<(String, String)>) -> Rendu {
    Ok(print_formation_seule(&appel.ctx, annee(&a)?, &id(&f)?).await?)
}

/// Which volume.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choix {
    volume: Option<i64>,
}

async fn get_volume(
    appel: Appel,
    Path((a, e)): Path<(String, String)>,
    Criteres(c): Criteres<Choix>,
) -> Rendu {
    let (a, e) = (annee(&a)?, id(&e)?);
    let volumes = view_volumes(&appel.ctx, a, Some(&e)).await?.volumes.len();
    let numero = match c.volume {
        None if volumes == 1 => 1,
        Some(n) if usize::try_from(n).is_ok_and(|n| (1..=volumes).contains(&n)) => n,
        None => {
            let dit = format!("le document a {volumes} volumes : dites lequel, de 1 à {volumes}.");
            return Err(Probleme::champ("volume", dit));
        }
        Some(_) if volumes == 1 => {
            return Err(Probleme::champ("volume", "le document a un seul volume, le 1."));
        }
        Some(_) => return Err(Probleme::champ("volume", format!("les volumes vont de 1 à {volumes}."))),
    };
    Ok(print_volume(&appel.ctx, a, Some(&e), numero).await?)
}
