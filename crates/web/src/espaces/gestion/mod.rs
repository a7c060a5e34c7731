//! The site de gestion of establishments. Every address carries its session.

mod accueil;
mod apprentissage;
mod capacites;
mod classements;
mod classeur;
mod delegations;
mod demandes;
mod description;
mod echanges;
mod etablissement;
mod formation;
mod formations;
mod identite;
mod interfaces;
mod internats;
mod lot;
mod publier;
mod recapitulatif;
mod regroupement;
mod relecture;
mod reprise;
mod saisie;
mod versions;

pub use recapitulatif::{print_formation_seule, print_volume};

use app::AppError;
use domain::droits::Action;

use crate::layout::Lien;
use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterParametrage);
    let modifier = Acces::Action(Action::ModifierFormation);
    Table::new()
        .avec(classements::routes())
        .avec(delegations::routes())
        .avec(demandes::routes())
        .avec(echanges::routes())
        .avec(etablissement::routes())
        .avec(identite::routes())
        .avec(interfaces::routes())
        .avec(internats::routes())
        .avec(accueil::routes())
        .avec(recapitulatif::routes())
        .avec(regroupement::routes())
        .get("/gestion/{annee}/apprentissage", consulter, apprentissage::get)
        .get("/gestion/{annee}/formations", consulter, formations::get_formations)
        .get("/gestion/{annee}/classeur", consulter, classeur::get_classeur)
        .get("/gestion/{annee}/classeur/export", consulter, classeur::get_export)
        .post("/gestion/{annee}/classeur/import", modifier, classeur::post_import)
        .post("/gestion/{annee}/classeur/import/appliquer", modifier, classeur::post_appliquer)
        .get("/gestion/{annee}/lot", consulter, lot::get_lot)
        .post("/gestion/{annee}/lot", modifier, lot::post_lot)
        .post("/gestion/{annee}/lot/{quoi}", modifier, lot::post_champ)
        .post(
            "/gestion/{annee}/lot/soumission",
            Acces::Action(Action::PublierFormation),
            lot::post_soumission,
        )
        .get(
            "/gestion/{annee}/lot/capacites",
            Acces::Action(Action::ConsulterCapacites),
            capacites::get_capacites,
        )
        .post(
            "/gestion/{annee}/lot/capacites",
            Acces::Action(Action::ModifierCapacites),
            capacites::post_capacites,
        )
        .get("/gestion/{annee}/formations/{id}/versions", consulter, versions::get_versions)
        .get("/gestion/{annee}/formations/{id}/copier", consulter, reprise::get_copier)
        .post("/gestion/{annee}/formations/{id}/copier", modifier, reprise::post_copier)
        .get("/gestion/{annee}/formations/{id}/{rubrique}", consulter, description::get_description)
        .post("/gestion/{annee}/formations/{id}/{rubrique}", modifier, description::post_description)
        .get("/gestion/{annee}/formations/{id}", consulter, formation::get_formation)
        .post(
            "/gestion/{annee}/formations/{id}",
            Acces::Action(Action::ModifierCapacites),
            formation::post_formation,
        )
        .get(
            "/gestion/{annee}/formations/{id}/relecture",
            Acces::Action(Action::ConsulterCapacites),
            relecture::get_relecture,
        )
        .post(
            "/gestion/{annee}/formations/{id}/relecture",
            Acces::Action(Action::ModifierCapacites),
            relecture::post_motif,
        )
        .post(
            "/gestion/{annee}/formations/{id}/relecture/confirmer",
            Acces::Action(Action::ConfirmerCapacite),
            relecture::post_confirmation,
        )
        .get(
            "/gestion/{annee}/formations/{id}/publier",
            Acces::Action(Action::PublierFormation),
            publier::get_publier,
        )
        .post(
            "/gestion/{annee}/formations/{id}/publier",
            Acces::Action(Action::PublierFormation),
            publier::post_publier,
        )
}

/// Year of an address; anything else does not exist.
fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

/// The establishment of these names, when they are all of one: it goes without saying on each line.
fn seul<'a>(etablissements: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut noms = etablissements.into_iter();
    let premier = noms.next()?;
    noms.all(|nom| nom == premier).then_some(premier)
}

/// « BTS Électronique – Lycée Jules-Verne », without the establishment that goes without saying.
fn sans_lieu<'a>(formation: &'a str, seul: Option<&str>) -> &'a str {
    let court = seul.and_then(|e| formation.strip_suffix(e)?.strip_suffix(" – "));
    court.unwrap_or(formation)
}

/// First of the way to a page: the home of the session.
fn lien_accueil(annee: i64) -> Lien {
    Lien::new("Site de gestion", format_args!("/gestion/{annee}"))
}

/// Second of the way to a page of a course.
fn lien_formations(annee: i64) -> Lien {
    Lien::new("Mes formations", format_args!("/gestion/{annee}/formations"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_establishment_is_not_said_on_each_line() {
        assert_eq!(seul(["Lycée", "Lycée"]), Some("Lycée"));
        assert_eq!(seul(["Lycée", "CFA"]), None);
        assert_eq!(seul([]), None);
        assert_eq!(sans_lieu("BTS – Cuisine – Lycée", Some("Lycée")), "BTS – Cuisine");
        assert_eq!(sans_lieu("BTS – CFA", Some("Lycée")), "BTS – CFA");
        assert_eq!(sans_lieu("BTS – Lycée", None), "BTS – Lycée");
    }
}
