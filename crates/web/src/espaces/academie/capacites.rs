//! `/academie/{annee}/capacites`: the capacities out of the ordinary that are explained and wait for a second person (R-CAP-05).

use app::formations::{CapaciteAConfirmer, list_a_confirmer};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::completude::ariane;
use super::lit_annee;
use crate::components::{Aide, Badge, Cellule, Colonne, Markup, Pagination, Tableau, Ton, instant, nombre};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, lit_page};

#[derive(Template)]
#[template(path = "academie/capacites.html")]
struct PageCapacites {
    page: Page,
    /// None for an empty list: its sentence says so.
    titre: Option<String>,
    tableau: Tableau,
    pagination: Pagination,
}

pub async fn get_capacites(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_a_confirmer(&requete.ctx, annee, lit_page(&paires)).await?;
    let colonnes = vec![
        Colonne::longue("Formation"),
        Colonne::new("Capacité"),
        Colonne::longue("Motif"),
        Colonne::new("Attend depuis"),
    ];
    let page = PageCapacites {
        page: requete
            .page("Capacités à confirmer")
            .session(&l.session.libelle)
            .ariane(ariane(&requete, annee)),
        titre: (l.total > 0).then(|| accord(l.total, "capacité", "capacités")),
        tableau: Tableau::new("Capacités à confirmer, la plus ancienne en premier", colonnes)
            .legende_cachee()
            .si_vide(
                "Aucune capacité de votre périmètre n’attend d’être confirmée par une deuxième personne.",
            )
            .lignes(l.lignes.iter().map(|c| ligne(annee, c))),
        pagination: Pagination::new(l.page, l.pages, |n| format!("/academie/{annee}/capacites?page={n}")),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(annee: i64, c: &CapaciteAConfirmer) -> Vec<Cellule> {
    let titre = format!("{} – {}, {}", c.libelle, c.etablissement, c.lieu);
    let capacite = c
        .avant
        .map_or_else(|| nombre(c.capacite), |avant| format!("{} → {}", nombre(avant), nombre(c.capacite)));
    let par = if c.par.is_empty() { String::new() } else { format!(", par {}", c.par) };
    let mut depuis = Markup::texte(format_args!("{}{par}", date_heure(instant(c.le))));
    if c.en_retard {
        depuis = depuis.et(Badge::new(Ton::Erreur, "En retard"));
    }
    vec![
        Cellule::lien(titre, format_args!("/gestion/{annee}/formations/{}/relecture", c.id)),
        Cellule::texte(capacite),
        Cellule::texte(&c.motif),
        Cellule::markup(depuis),
    ]
}
