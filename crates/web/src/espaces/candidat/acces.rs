//! « Qui a vu mon dossier » : readings of the record by others.

use app::candidatures::mes_voeux;
use app::journal::qui_a_vu;
use app::messages;
use askama::Template;
use axum::http::StatusCode;

use super::page;
use crate::components::{Cellule, Colonne, Tableau};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "candidat/acces.html")]
struct PageAcces {
    page: Page,
    tableau: Tableau,
}

pub async fn get_acces(requete: Requete) -> Resultat {
    let annee = mes_voeux(&requete.ctx).await?.annee;
    let colonnes = vec![
        Colonne::new("Date"),
        Colonne::new("Par qui"),
        Colonne::new("Établissement"),
        Colonne::new("Ce qui a été vu"),
        Colonne::new("Comment"),
    ];
    let lignes = qui_a_vu(&requete.ctx).await?;
    let tableau = Tableau::new("Lectures de mon dossier, de la plus récente à la plus ancienne", colonnes)
        .si_vide("Personne d’autre que vous n’a lu votre dossier.")
        .lignes(lignes.into_iter().map(|a| {
            vec![
                Cellule::texte(messages::date_heure(a.instant)),
                Cellule::texte(a.role),
                Cellule::texte(if a.etablissement.is_empty() { "–" } else { &a.etablissement }),
                Cellule::texte(a.champs.join(", ")),
                Cellule::texte(if a.exporte { "Dans un fichier" } else { "À l’écran" }),
            ]
        }));
    let vue = PageAcces { page: page(&requete, "Qui a vu mon dossier", annee, vec![]), tableau };
    Ok(rend(StatusCode::OK, &vue))
}
