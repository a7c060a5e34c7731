//! `/gestion/{annee}/formations/{id}/versions`: any two publications of a course, side by side.

use app::formations::compare_versions;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::formation::{adresse, lit_chemin};
use crate::components::versions::{ChoixVersions, lit_versions};
use crate::components::{Bouton, Formulaire, LienBouton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "gestion/versions.html")]
struct PageVersions {
    page: Page,
    url: String,
    retour: String,
    surtitre: String,
    choix: Option<ChoixVersions>,
}

pub async fn get_versions(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let demande = lit_versions(&Formulaire::recu("", paires));
    let v = compare_versions(&requete.ctx, annee, &id, demande).await?;
    let retour = adresse(annee, &v.id);
    let page = PageVersions {
        page: requete.page("Versions publiées").session(&v.session.libelle).ariane(vec![
            super::lien_accueil(annee),
            super::lien_formations(annee),
            Lien::new(&v.intitule.libelle, &retour),
        ]),
        url: format!("{retour}/versions"),
        surtitre: format!("{} – {}", v.intitule.libelle, v.intitule.etablissement),
        choix: ChoixVersions::new(&v),
        retour,
    };
    Ok(rend(StatusCode::OK, &page))
}
