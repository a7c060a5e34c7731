//! `/alarmes`: what the national team must look at.

use app::journal::{self, Alarme, Supervision};
use app::messages::date_heure;
use askama::Template;
use axum::http::StatusCode;

use crate::components::{Badge, Bouton, Cellule, Colonne, Formulaire, Markup, Tableau, Ton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "commun/alarmes.html")]
struct PageAlarmes {
    page: Page,
    form: Formulaire,
    a_voir: bool,
    /// How the supervision service is told.
    supervision: String,
    tableau: Tableau,
}

fn supervision(etat: Option<&Supervision>) -> String {
    let Some(e) = etat else {
        return "Aucun service de supervision n’est déclaré : les alarmes ne partent que par courriel."
            .to_owned();
    };
    let dernier = e.dernier_envoi.map_or("rien n’est encore parti".to_owned(), |quand| {
        format!("dernier envoi le {}", date_heure(quand))
    });
    let attente = match e.en_attente {
        0 => "rien n’attend".to_owned(),
        1 => "1 alarme attend d’être reçue".to_owned(),
        n => format!("{n} alarmes attendent d’être reçues"),
    };
    let perdues = match e.abandonnes {
        0 => String::new(),
        1 => " ; 1 alarme n’a jamais été reçue".to_owned(),
        n => format!(" ; {n} alarmes n’ont jamais été reçues"),
    };
    format!("Chaque alarme part aussi vers le service de supervision : {dernier}, {attente}{perdues}.")
}

pub async fn get_alarmes(requete: Requete) -> Resultat {
    let alarmes = journal::alarmes(&requete.ctx).await?;
    let colonnes = vec![
        Colonne::new("Constatée"),
        Colonne::new("Ce qui s’est passé"),
        Colonne::new("Compte"),
        Colonne::new("Détails"),
        Colonne::new("Suivi"),
    ];
    let tableau = Tableau::new("Alarmes, de la plus récente à la plus ancienne", colonnes)
        .legende_cachee()
        .si_vide("Aucune alarme.")
        .lignes(alarmes.iter().map(ligne));
    let page = PageAlarmes {
        page: requete.page("Alarmes de sécurité").ariane(vec![
            Lien::new("Équipe nationale", "/national"),
            Lien::new("Journal d’audit", "/journal"),
        ]),
        form: requete.formulaire(),
        supervision: supervision(journal::supervision(&requete.ctx).await?.as_ref()),
        a_voir: alarmes.iter().any(|a| a.vue.is_none()),
        tableau,
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(a: &Alarme) -> Vec<Cellule> {
    let suivi = match &a.vue {
        None => Cellule::markup(Markup::new(Badge::new(Ton::Erreur, "À examiner"))),
        Some((le, par)) => Cellule::texte(format_args!("Vue le {} par {par}", date_heure(*le))),
    };
    vec![
        Cellule::texte(date_heure(a.constatee)),
        Cellule::texte(a.genre.libelle()),
        Cellule::texte(if a.compte.is_empty() { "–" } else { &a.compte }),
        Cellule::texte(&a.details),
        suivi,
    ]
}

pub async fn post_alarmes(recu: Recu) -> Resultat {
    journal::marquer_vues(&recu.requete.ctx).await?;
    Ok(redirige("/alarmes?fait=alarmes-vues"))
}
