//! `/academie/{annee}/capacites`: the capacities out of the ordinary that are explained and wait for a second person (R-CAP-05); the
//! same as a file.

use app::formations::{CapaciteAConfirmer, CriteresCapacites, export_a_confirmer, list_a_confirmer};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::completude::ariane;
use super::lit_annee;
use crate::components::{
    Aide, Badge, Bouton, Cellule, Choix, Colonne, Formulaire, Markup, Pagination, Tableau, Ton, exports,
    instant, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, avec_criteres, lit_format, tableur};

#[derive(Template)]
#[template(path = "academie/capacites.html")]
struct PageCapacites {
    page: Page,
    url: String,
    form: Formulaire,
    departements: Vec<Choix>,
    /// None for an empty list: its sentence says so.
    titre: Option<String>,
    exports: Vec<Bouton>,
    tableau: Tableau,
    pagination: Pagination,
}

fn criteres(form: &Formulaire) -> CriteresCapacites {
    let dit = |champ: &str, longueur: usize| -> String {
        form.valeur(champ).trim().chars().take(longueur).collect()
    };
    CriteresCapacites {
        texte: dit("q", 200),
        departement: Some(dit("departement", 3)).filter(|d| !d.is_empty()),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

/// The address of the list, or of its file.
fn adresse(chemin: &str, c: &CriteresCapacites, page: Option<u32>) -> String {
    let choix = [("q", c.texte.as_str()), ("departement", c.departement.as_deref().unwrap_or(""))];
    avec_criteres(chemin, page.map(|n| format!("page={n}")), &choix)
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, format) = (lit_annee(&annee)?, lit_format(&paires));
    let criteres = criteres(&Formulaire::recu("", paires));
    let e = export_a_confirmer(&requete.ctx, annee, &criteres, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn get_capacites(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let form = Formulaire::recu("", paires);
    let criteres = criteres(&form);
    let l = list_a_confirmer(&requete.ctx, annee, &criteres).await?;
    let url = format!("/academie/{annee}/capacites");
    let si_vide = if criteres.texte.is_empty() && criteres.departement.is_none() {
        "Aucune capacité de votre périmètre n’attend d’être confirmée par une deuxième personne."
    } else {
        "Aucune capacité à confirmer ne répond à cette recherche."
    };
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
        exports: if l.total > 0 {
            exports(&adresse(&format!("{url}/export"), &criteres, None))
        } else {
            Vec::new()
        },
        departements: l.departements.iter().map(|(c, n)| Choix::new(c, format_args!("{n} ({c})"))).collect(),
        tableau: Tableau::new("Capacités à confirmer, la plus ancienne en premier", colonnes)
            .legende_cachee()
            .si_vide(si_vide)
            .lignes(l.lignes.iter().map(|c| ligne(annee, c))),
        pagination: Pagination::new(l.page, l.pages, |n| adresse(&url, &criteres, Some(n))),
        form,
        url,
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
