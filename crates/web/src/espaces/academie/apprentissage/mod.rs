//! `/academie/{annee}/apprentissage`: the records of the catalogue of apprenticeship that an academic service checks: list, one
//! record, duplicates side by side, refused records; the days of the catalogue, that the national team sends.

mod doublons;
mod fiche;
mod journee;
mod journees;
mod liste;
mod rejets;

use app::AppError;
use app::apprentissage::FauteRejet;
use app::messages::capitale;
use domain::PublicId;
use domain::apprentissage::Statut;
use domain::droits::Action;

use super::lit_annee;
use crate::components::{ACADEMIE, Badge, Espace, Ton, nombre};
use crate::layout::Lien;
use crate::socle::{Acces, Requete, Table};

pub(super) fn routes() -> Table {
    let decider = Acces::Action(Action::DeciderApprentissage);
    let importer = Acces::Action(Action::ImporterOffre);
    Table::new()
        .get("/academie/{annee}/apprentissage", decider, liste::get)
        .post("/academie/{annee}/apprentissage", decider, liste::post)
        .post("/academie/{annee}/apprentissage/integration", importer, liste::post_integration)
        .get("/academie/{annee}/apprentissage/journees", decider, journees::get)
        .post("/academie/{annee}/apprentissage/journees/import", importer, journees::post_import)
        .get("/academie/{annee}/apprentissage/journees/{id}", importer, journee::get)
        .post("/academie/{annee}/apprentissage/journees/{id}", importer, journee::post)
        .get("/academie/{annee}/apprentissage/journees/{id}/export", importer, journee::get_export)
        .get(
            "/academie/{annee}/apprentissage/journees/{id}/proces-verbal",
            importer,
            journee::get_proces_verbal,
        )
        .get("/academie/{annee}/apprentissage/doublons", decider, doublons::get_liste)
        .get("/academie/{annee}/apprentissage/doublons/{id}", decider, doublons::get)
        .post("/academie/{annee}/apprentissage/doublons/{id}", decider, doublons::post)
        .get("/academie/{annee}/apprentissage/rejets", decider, rejets::get)
        .get("/academie/{annee}/apprentissage/rejets/export", decider, rejets::get_export)
        .get("/academie/{annee}/apprentissage/fiches/{id}", decider, fiche::get)
        .post("/academie/{annee}/apprentissage/fiches/{id}", decider, fiche::post)
}

fn lit_chemin((annee, id): (String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(&annee)?, PublicId::parse(&id).ok_or(AppError::NotFound)?))
}

fn adresse(annee: i64) -> String {
    format!("/academie/{annee}/apprentissage")
}

/// The space that the person comes from: of the academic service, or of the national team, which is not let into the other.
pub(super) fn accueil(requete: &Requete, annee: i64) -> Lien {
    let espace = Espace::pour(ACADEMIE.chemin, &requete.ctx.acteur).unwrap_or(ACADEMIE);
    Lien::new(espace.nom, format_args!("{}/{annee}", espace.chemin))
}

/// The way to a page under the list.
fn ariane(requete: &Requete, annee: i64) -> Vec<Lien> {
    vec![accueil(requete, annee), Lien::new("Fiches d’apprentissage", adresse(annee))]
}

/// A record as a list names it.
fn nom<'a>(intitule: &'a str, identifiant: &'a str) -> &'a str {
    if intitule.is_empty() { identifiant } else { intitule }
}

/// Where a record is in the files of a day: « jour.json, fiche nº 2 (ligne 14) ». Of a document of one line, the line says nothing.
fn endroit(fichier: &str, rang: i64, ligne: i64) -> String {
    match rang {
        // Kept before its rank was.
        0 => format!("{fichier}, ligne {ligne}"),
        rang => format!("{fichier}, fiche nº {} (ligne {})", nombre(rang), nombre(ligne)),
    }
}

/// What is to be corrected, in a sentence; the name that the file gives to the field, for whoever corrects it there. The line is said
/// when it is not that of the record, already told.
fn faute(f: &FauteRejet, ligne: i64) -> String {
    let champ = if f.champ.is_empty() { String::new() } else { format!(" ({})", f.champ) };
    let ici = i64::try_from(f.ligne).unwrap_or(i64::MAX);
    let ou = if ici == ligne { String::new() } else { format!("Ligne {} : ", nombre(ici)) };
    format!("{ou}{}{champ}.", capitale(&f.motif))
}

/// How a refused record is named: by its course and its place when it says them, and by its identifier.
fn noms(intitule: Option<&str>, lieu: Option<&str>, identifiant: Option<&str>) -> Vec<String> {
    let dits = [intitule, lieu, Some(identifiant.unwrap_or("Sans identifiant"))];
    dits.into_iter().flatten().map(str::to_owned).collect()
}

/// « À publier ».
pub(in crate::espaces) fn badge(statut: Statut) -> Badge {
    let ton = match statut {
        Statut::Publie | Statut::PretPourIntegration => Ton::Succes,
        Statut::EnAttenteMiseAJour => Ton::Attention,
        Statut::Rejete | Statut::NonPublie => Ton::Erreur,
        Statut::NonPubliable | Statut::Ferme => Ton::Neutre,
        _ => Ton::Info,
    };
    Badge::new(ton, capitale(statut.libelle()))
}
