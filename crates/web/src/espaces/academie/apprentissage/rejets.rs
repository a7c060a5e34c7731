//! The records that the last day of the catalogue could not take.

use app::apprentissage::{ListeRejets, RejetVu, export_rejets, list_rejets};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::apprentissage::Statut;

use super::super::controles::quand;
use super::super::lit_annee;
use super::{adresse, ariane, endroit, faute, noms};
use crate::components::{
    Aide, Alerte, Cellule, Colonne, LienBouton, Markup, Pagination, Tableau, accord, en_tout,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, lit_page, tableur};

#[derive(Template)]
#[template(path = "academie/apprentissage/rejets.html")]
struct PageRejets {
    page: Page,
    titre: String,
    plateforme: Option<Alerte>,
    export: Option<String>,
    tableau: Tableau,
    pagination: Pagination,
    journees: String,
    retour: String,
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_rejets(&requete.ctx, annee, lit_page(&paires)).await?;
    Ok(rend(StatusCode::OK, &page(&requete, annee, &l)))
}

pub async fn get_export(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let e = export_rejets(&requete.ctx, lit_annee(&annee)?).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

fn ligne(url: &str, r: &RejetVu) -> Vec<Cellule> {
    let mut noms = noms(r.intitule.as_deref(), r.lieu.as_deref(), r.identifiant.as_deref());
    let fiche = match &r.fiche {
        Some(id) => {
            let premier = Markup::lien(noms.remove(0), format_args!("{url}/fiches/{id}"));
            premier.et(Markup::lignes(&noms))
        }
        None => Markup::lignes(&noms),
    };
    let fautes: Vec<String> = r.fautes.iter().map(|f| faute(f, r.ligne)).collect();
    vec![
        Cellule::markup(fiche),
        Cellule::texte(endroit(&r.fichier, r.rang, r.ligne)),
        Cellule::markup(Markup::lignes(&fautes)),
        Cellule::texte(if r.academie.is_empty() { "–" } else { &r.academie }),
        Cellule::texte(quand(r.le)),
    ]
}

fn page(requete: &Requete, annee: i64, l: &ListeRejets) -> PageRejets {
    let url = adresse(annee);
    let colonnes = vec![
        Colonne::new("Fiche"),
        Colonne::new("Fichier"),
        Colonne::longue("Ce qu’il faut corriger"),
        Colonne::new("Académie"),
        Colonne::courte("Refusée le"),
    ];
    let tableau = Tableau::new("Fiches refusées", colonnes)
        .legende_cachee()
        .si_vide("Le dernier jour du catalogue n’a aucune fiche refusée dans votre périmètre.")
        .lignes(l.lignes.iter().map(|r| ligne(&url, r)));
    PageRejets {
        page: requete.page("Fiches refusées").session(&l.session.libelle).ariane(ariane(requete, annee)),
        titre: en_tout(l.total, "Aucune fiche refusée", "fiche refusée", "fiches refusées"),
        plateforme: (l.par_la_plateforme > 0).then(|| {
            let n = accord(l.par_la_plateforme, "fiche rejetée", "fiches rejetées");
            Alerte::attention(format_args!("{n} par la plateforme au moment de l’intégration."))
                .suite(Markup::lien("Les voir", format_args!("{url}?statut={}", Statut::Rejete.code())))
        }),
        export: (l.total > 0).then(|| format!("{url}/rejets/export")),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| format!("{url}/rejets?page={n}")),
        journees: format!("{url}/journees"),
        retour: url,
    }
}
