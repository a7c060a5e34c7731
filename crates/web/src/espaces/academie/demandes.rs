//! `/academie/{annee}/demandes`: what the establishments ask, answered or sent on by the academic service.

use app::formations::Guichet;
use axum::extract::{Path, Query};

use crate::components::Formulaire;
use crate::components::demandes::{fiche, liste, repond};
use crate::socle::{Recu, Requete, Resultat};

const ICI: Guichet = Guichet::Academie;

pub async fn get_demandes(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    liste(&requete, ICI, &annee, &Formulaire::recu("", paires)).await
}

pub async fn get_demande(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    fiche(&requete, ICI, &chemin).await
}

pub async fn post_demande(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    repond(recu, ICI, &chemin).await
}
