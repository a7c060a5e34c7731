//! « Qui peut voir mon dossier ? »: who may read the record, of which courses, which fields and from when on.

use app::delegations::{LecteursFormation, who_can_read};
use app::messages::{date_heure_ici, groupe_dossier, relation};
use askama::Template;
use axum::http::StatusCode;
use domain::comptes::Role;
use domain::droits::{Action, relation_of};

use super::page;
use crate::components::{Cellule, Colonne, Tableau, accord};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "candidat/qui.html")]
struct PageQui {
    page: Page,
    /// In Paris, and where the candidate lives.
    depuis: Option<String>,
    tableau: Tableau,
    /// Courses whose wish is not confirmed yet.
    en_attente: bool,
    lus: Vec<&'static str>,
    reserves: Vec<&'static str>,
}

pub async fn get_qui(requete: Requete) -> Resultat {
    let v = who_can_read(&requete.ctx).await?;
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Rôle"),
        Colonne::new("Combien"),
        Colonne::longue("Parce que"),
    ];
    let tableau = Tableau::new("Qui peut lire mon dossier, formation par formation", colonnes)
        .si_vide(
            "Vous n’avez demandé aucune formation : personne d’autre que vous ne peut lire votre dossier.",
        )
        .lignes(v.formations.iter().flat_map(lignes));
    let etapes = vec![Lien::new("Qui a vu mon dossier", "/candidat/acces")];
    let noms = |codes: Vec<&'static str>| codes.into_iter().map(groupe_dossier).collect();
    let vue = PageQui {
        page: page(&requete, "Qui peut voir mon dossier", v.annee, etapes),
        depuis: v.dossier.depuis.map(|d| date_heure_ici(d, v.locale)),
        tableau,
        en_attente: v.formations.iter().any(|f| !f.confirmee),
        lus: noms(v.dossier.lus),
        reserves: noms(v.dossier.reserves),
    };
    Ok(rend(StatusCode::OK, &vue))
}

/// One line a role; a course that nobody reads says so.
fn lignes(f: &LecteursFormation) -> Vec<Vec<Cellule>> {
    let formation =
        if f.confirmee { f.formation.clone() } else { format!("{} (vœu à confirmer)", f.formation) };
    let mut lignes: Vec<_> = f
        .roles
        .iter()
        .map(|&(role, nombre)| {
            let raison = relation_of(role, Action::ConsulterDossiers).map_or("", relation);
            let (un, des) =
                if role == Role::Logiciel { ("logiciel", "logiciels") } else { ("personne", "personnes") };
            vec![
                Cellule::texte(&formation),
                Cellule::texte(role.libelle()),
                Cellule::texte(accord(nombre, un, des)),
                Cellule::texte(raison),
            ]
        })
        .collect();
    if lignes.is_empty() {
        lignes.push(vec![
            Cellule::texte(formation),
            Cellule::texte("Aucun pour l’instant"),
            Cellule::texte(accord(0, "personne", "personnes")),
            Cellule::texte("aucune personne n’est chargée d’y lire les dossiers"),
        ]);
    }
    lignes
}
