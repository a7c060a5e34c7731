//! `/mes-seances/{annee}/organisation/statistiques`: who registered and who came, for the service that organises.

use app::messages::date_heure;
use app::seances::{Comptes, export_statistics, statistics};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::super::actualites::lit_annee;
use super::adresse;
use crate::components::{Barres, Bouton, Cellule, Colonne, Definitions, Tableau, exports, instant, nombre};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, lit_format, tableur};

#[derive(Template)]
#[template(path = "commun/seances/statistiques.html")]
struct PageStatistiques {
    page: Page,
    /// For an academic service: what is counted of the national sessions.
    perimetre: Option<&'static str>,
    total: Definitions,
    seances: Tableau,
    /// Registered by type of course, drawn.
    barres: Option<Barres>,
    tableaux: Vec<Tableau>,
    exports: Vec<Bouton>,
}

pub async fn get_statistiques(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let b = statistics(&requete.ctx, annee).await?;
    let retour = format!("{}/organisation", adresse(annee));
    let mut colonnes = columns("Séance");
    colonnes.insert(1, Colonne::new("Quand"));
    colonnes.insert(2, Colonne::new("Organisateur"));
    let seances = b.seances.iter().map(|(titre, debut, sienne, n)| {
        let mut ligne = row(titre, *n);
        ligne.insert(1, Cellule::texte(date_heure(instant(*debut))));
        ligne.insert(
            2,
            Cellule::texte(if *sienne && b.academies.is_some() {
                "Mon service"
            } else {
                "Équipe nationale"
            }),
        );
        if b.academies.is_none() {
            ligne.remove(2);
        }
        ligne
    });
    if b.academies.is_none() {
        colonnes.remove(2);
    }
    let par = |legende: &str, quoi: &str, lignes: &[(String, Comptes)]| {
        (!lignes.is_empty()).then(|| {
            let lignes = lignes.iter().map(|(libelle, n)| row(libelle, *n));
            Tableau::new(legende, columns(quoi)).defilant().lignes(lignes)
        })
    };
    let barres = (!b.familles.is_empty()).then(|| {
        b.familles.iter().fold(
            Barres::new("Inscrits par type de formation", "Type de formation", "inscrits"),
            |barres, (libelle, n)| barres.ligne(libelle, n.inscrits),
        )
    });
    let page = PageStatistiques {
        page: requete.page("Statistiques des séances").session(&b.session.libelle).ariane(vec![
            Lien::new("Séances d’information", adresse(annee)),
            Lien::new("Séances de mon service", &retour),
        ]),
        perimetre: b.academies.as_ref().map(|_| {
            "Sont comptées toutes les inscriptions aux séances de votre service et, dans celles de l’équipe nationale, celles des personnes de vos départements."
        }),
        total: Definitions::new()
            .ligne("Inscrits", nombre(b.total.inscrits))
            .ligne("En attente", nombre(b.total.attente))
            .ligne("Présents", nombre(b.total.presents)),
        seances: Tableau::new("Par séance", colonnes)
            .lignes(seances)
            .si_vide("Aucune séance n’est encore annoncée."),
        barres,
        tableaux: [
            par("Par type de formation", "Type de formation", &b.familles),
            par("Par département", "Département", &b.departements),
            par("Sur le site public", "Public", &b.qualites),
        ]
        .into_iter()
        .flatten()
        .collect(),
        exports: exports(&format!("{retour}/statistiques/export")),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn columns(quoi: &str) -> Vec<Colonne> {
    vec![
        Colonne::longue(quoi),
        Colonne::nombre("Inscrits"),
        Colonne::nombre("En attente"),
        Colonne::nombre("Présents"),
    ]
}

fn row(libelle: &str, n: Comptes) -> Vec<Cellule> {
    vec![
        Cellule::texte(libelle),
        Cellule::nombre(n.inscrits),
        Cellule::nombre(n.attente),
        Cellule::nombre(n.presents),
    ]
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let e = export_statistics(&requete.ctx, annee, lit_format(&paires)).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}
