//! Requests about role mailboxes, decided by the academic service (CPT-2).

use app::comptes::{DerogationVue, decide_derogation, list_derogations, view_derogation};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::{ariane, lit_id};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup,
    Tableau, Ton,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/comptes/derogations.html")]
struct PageDerogations {
    page: Page,
    tableau: Tableau,
}

fn etat(d: &DerogationVue) -> Badge {
    match d.etat.as_str() {
        "accordee" => Badge::new(Ton::Succes, "Accordée"),
        "refusee" => Badge::new(Ton::Neutre, "Refusée"),
        _ => Badge::new(Ton::Attention, "À examiner"),
    }
}

pub async fn get_liste(requete: Requete) -> Resultat {
    let demandes = list_derogations(&requete.ctx).await?;
    let colonnes = vec![
        Colonne::new("Établissement"),
        Colonne::new("Adresse"),
        Colonne::new("Motif"),
        Colonne::new("État"),
        Colonne::actions("Actions"),
    ];
    let tableau = Tableau::new("Demandes de dérogation de la session", colonnes)
        .legende_cachee()
        .si_vide("Aucun établissement n’a demandé de dérogation pour cette session.")
        .lignes(demandes.iter().map(|d| {
            vec![
                Cellule::texte(format_args!("{} ({})", d.etablissement, d.uai)),
                Cellule::texte(&d.courriel),
                Cellule::texte(&d.motif),
                Cellule::markup(Markup::new(etat(d))),
                Cellule::markup(Markup::new(
                    LienBouton::new(
                        if d.etat == "demandee" { "Examiner" } else { "Revoir" },
                        format_args!("/comptes/derogations/{}", d.public_id),
                    )
                    .petit()
                    .tertiaire()
                    .precision(format_args!("la demande de {} pour {}", d.etablissement, d.courriel)),
                )),
            ]
        }));
    let page = requete.page("Demandes de dérogation").ariane(ariane());
    Ok(rend(StatusCode::OK, &PageDerogations { page, tableau }))
}

#[derive(Template)]
#[template(path = "commun/comptes/derogation.html")]
struct PageDerogation {
    page: Page,
    form: Formulaire,
    resume: Definitions,
    url: String,
    decidee: Option<Alerte>,
    choix: Vec<Choix>,
}

fn rend_decider(requete: &Requete, d: &DerogationVue, form: Formulaire, statut: StatusCode) -> Response {
    let mut fil = ariane();
    fil.push(Lien::new("Demandes de dérogation", "/comptes/derogations"));
    let decidee = (d.etat != "demandee").then(|| {
        Alerte::info(format_args!(
            "Cette demande a été {}. Réponse\u{a0}: {}",
            if d.etat == "accordee" { "acceptée" } else { "refusée" },
            d.reponse
        ))
    });
    let page = PageDerogation {
        page: requete.page("Examiner une demande de dérogation").ariane(fil).en_erreur(!form.est_valide()),
        resume: Definitions::new()
            .ligne("Établissement", format_args!("{} ({})", d.etablissement, d.uai))
            .ligne("Adresse", &d.courriel)
            .ligne("Motif de l’établissement", &d.motif),
        url: format!("/comptes/derogations/{}", d.public_id),
        form,
        decidee,
        choix: vec![
            Choix::new("accorder", "Admettre cette adresse pour la session"),
            Choix::new("refuser", "Refuser : la personne donnera une adresse à son nom"),
        ],
    };
    rend(statut, &page)
}

pub async fn get_decider(requete: Requete, Path(id): Path<String>) -> Resultat {
    let d = view_derogation(&requete.ctx, &lit_id(&id)?).await?;
    let form = requete.formulaire().avec_version(d.version);
    Ok(rend_decider(&requete, &d, form, StatusCode::OK))
}

pub async fn post_decider(Path(id): Path<String>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let id = lit_id(&id)?;
    let decision = match form.valeur("decision") {
        "accorder" => Some(true),
        "refuser" => Some(false),
        _ => None,
    };
    let Some(accordee) = decision else {
        form.refuse("decision", "Choisissez d’admettre ou de refuser cette adresse.");
        let d = view_derogation(&requete.ctx, &id).await?;
        return Ok(rend_decider(&requete, &d, form, StatusCode::UNPROCESSABLE_ENTITY));
    };
    match decide_derogation(&requete.ctx, &garde, &id, accordee, form.valeur("reponse")).await {
        Ok(_) => Ok(redirige("/comptes/derogations?fait=derogation-decidee")),
        Err(e) => {
            refuse(&mut form, e)?;
            let d = view_derogation(&requete.ctx, &id).await?;
            Ok(rend_decider(&requete, &d, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
