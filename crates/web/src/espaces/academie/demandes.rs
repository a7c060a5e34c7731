//! `/academie/{annee}/demandes`: what the establishments ask, answered or sent on by the academic service; the same as a file.

use app::formations::{Guichet, export_demandes};
use axum::extract::{Path, Query};

use super::lit_annee;
use crate::components::Formulaire;
use crate::components::demandes::{cherches, fiche, liste, repond};
use crate::socle::{Recu, Requete, Resultat, lit_format, tableur};

const ICI: Guichet = Guichet::Academie;

pub async fn get_demandes(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    liste(&requete, ICI, &annee, &Formulaire::recu("", paires)).await
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, format) = (lit_annee(&annee)?, lit_format(&paires));
    let criteres = cherches(&requete, ICI, annee, &Formulaire::recu("", paires)).await?;
    let e = export_demandes(&requete.ctx, annee, &criteres, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn get_demande(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    fiche(&requete, ICI, &chemin).await
}

pub async fn post_demande(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    repond(recu, ICI, &chemin).await
}
