//! `/mes-seances`: the information sessions of those who run courses; `organisation`: where the services announce them.

mod organiser;
mod presences;
mod statistiques;

use app::AppError;
use app::seances::{SeanceLue, agenda_of_seance, join_seance, leave_seance, list_seances, view_seance};
use app::sessions;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::droits::Action;
use domain::seances::{EtatInscription, EtatSeance};

use super::actualites::lit_annee;
use crate::components::{
    Alerte, Badge, Bouton, Definitions, Formulaire, LienBouton, Markup, Ton, badge_seance,
    definitions_seance, etat_inscription, places_seance, quand, recepisse, signature, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, CALENDRIER, Recu, Requete, Resultat, Table, redirige};

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterSeances);
    let organiser = Acces::Action(Action::OrganiserSeances);
    Table::new()
        .get("/mes-seances", lire, get_session)
        .get("/mes-seances/{annee}", lire, get_liste)
        .get("/mes-seances/{annee}/{id}", lire, get_seance)
        .get("/mes-seances/{annee}/{id}/agenda", lire, get_agenda)
        .post("/mes-seances/{annee}/{id}/inscription", lire, post_inscription)
        .post("/mes-seances/{annee}/{id}/desistement", lire, post_desistement)
        .get("/mes-seances/{annee}/organisation", organiser, organiser::get_liste)
        .get("/mes-seances/{annee}/organisation/nouvelle", organiser, organiser::get_nouvelle)
        .post("/mes-seances/{annee}/organisation/nouvelle", organiser, organiser::post_nouvelle)
        .get("/mes-seances/{annee}/organisation/statistiques", organiser, statistiques::get_statistiques)
        .get("/mes-seances/{annee}/organisation/statistiques/export", organiser, statistiques::get_export)
        .get("/mes-seances/{annee}/organisation/{id}", organiser, organiser::get_seance)
        .post("/mes-seances/{annee}/organisation/{id}", organiser, organiser::post_seance)
        .post("/mes-seances/{annee}/organisation/{id}/annuler", organiser, organiser::post_annulation)
        .post(
            "/mes-seances/{annee}/organisation/{id}/enregistrement",
            organiser,
            presences::post_enregistrement,
        )
        .get("/mes-seances/{annee}/organisation/{id}/presences", organiser, presences::get_presences)
        .post("/mes-seances/{annee}/organisation/{id}/presences", organiser, presences::post_presences)
}

fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(annee)?, PublicId::parse(id).ok_or(AppError::NotFound)?))
}

fn adresse(annee: i64) -> String {
    format!("/mes-seances/{annee}")
}

/// `/mes-seances` leads to the open session.
pub async fn get_session(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::ConsulterSeances)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&adresse(session.annee)))
}

/// A session in a list.
struct Ligne {
    titre: String,
    url: String,
    quand: String,
    de: String,
    places: Option<String>,
    badges: Vec<Badge>,
    enregistrement: Option<String>,
}

#[derive(Template)]
#[template(path = "commun/seances/liste.html")]
struct PageListe {
    page: Page,
    a_venir: Vec<Ligne>,
    passees: Vec<Ligne>,
    /// For those who announce sessions.
    organisation: Option<String>,
}

pub async fn get_liste(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_seances(&requete.ctx, annee).await?;
    let lignes = |seances: &[SeanceLue]| seances.iter().map(|s| ligne(annee, s)).collect();
    let page = PageListe {
        page: requete.page("Séances d’information").session(&l.session.libelle),
        a_venir: lignes(&l.a_venir),
        passees: lignes(&l.passees),
        organisation: l.organise.then(|| format!("{}/organisation", adresse(annee))),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(annee: i64, l: &SeanceLue) -> Ligne {
    let s = &l.seance;
    let mut badges: Vec<Badge> = badge_seance(s).into_iter().collect();
    match l.inscription.as_ref().map(|i| i.etat) {
        Some(EtatInscription::Inscrit) => badges.push(Badge::new(Ton::Succes, "Inscrit")),
        Some(EtatInscription::Attente) => badges.push(Badge::new(Ton::Attention, "Liste d’attente")),
        _ => {}
    }
    Ligne {
        titre: s.programme.titre.clone(),
        url: format!("{}/{}", adresse(annee), s.id.as_str()),
        quand: quand(s),
        de: signature(s.emetteur, &s.programme.audience),
        places: (s.etat == EtatSeance::AVenir && s.programme.places.is_some()).then(|| places_seance(s)),
        badges,
        enregistrement: s.enregistrement.clone(),
    }
}

#[derive(Template)]
#[template(path = "commun/seances/seance.html")]
struct PageSeance {
    page: Page,
    badge: Option<Badge>,
    alertes: Vec<Alerte>,
    definitions: Definitions,
    texte: Markup,
    enregistrement: Option<String>,
    recu: Option<String>,
    /// Label of the button, where it sends, its form.
    inscrire: Option<(&'static str, String, Formulaire)>,
    desister: Option<(String, Formulaire)>,
    agenda: Option<String>,
    organiser: Option<String>,
    retour: String,
}

pub async fn get_seance(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    rend_seance(&requete, annee, &id).await
}

async fn rend_seance(requete: &Requete, annee: i64, id: &PublicId) -> Result<Response, crate::socle::Erreur> {
    let (session, l) = view_seance(&requete.ctx, annee, id).await?;
    let s = &l.seance;
    let (retour, ici) = (adresse(annee), format!("{}/{}", adresse(annee), id.as_str()));
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    let ouverte = s.ouverte && !session.archivee;
    match &l.inscription {
        _ if s.etat == EtatSeance::Annulee => {
            alertes.push(Alerte::attention("Cette séance est annulée : elle n’aura pas lieu."));
        }
        Some(i) => alertes.extend(etat_inscription(s, i)),
        None if !l.concernee => {
            alertes.push(Alerte::info("Cette séance s’adresse à des établissements que vous suivez : vous la lisez sans pouvoir vous y inscrire."));
        }
        None if !ouverte && s.etat != EtatSeance::Passee => {
            alertes.push(Alerte::info("Les inscriptions à cette séance sont closes."));
        }
        None => {}
    }
    let a_venir = s.etat == EtatSeance::AVenir;
    let page = PageSeance {
        page: requete
            .page(&s.programme.titre)
            .session(&session.libelle)
            .ariane(vec![Lien::new("Séances d’information", &retour)]),
        badge: badge_seance(s),
        alertes,
        definitions: definitions_seance(s),
        texte: texte_riche(&s.programme.texte, 2),
        enregistrement: s.enregistrement.clone(),
        recu: l.inscription.as_ref().and_then(|i| i.recepisse.clone()),
        inscrire: (l.inscription.is_none() && l.concernee && ouverte).then(|| {
            let complete = s.libres() == Some(0);
            let libelle = if complete { "M’inscrire sur la liste d’attente" } else { "M’inscrire" };
            (libelle, format!("{ici}/inscription"), requete.formulaire())
        }),
        desister: (l.inscription.is_some() && a_venir && !session.archivee)
            .then(|| (format!("{ici}/desistement"), requete.formulaire())),
        agenda: a_venir.then(|| format!("{ici}/agenda")),
        organiser: l.organisable.then(|| format!("{retour}/organisation/{}", id.as_str())),
        retour,
    };
    Ok(rend(StatusCode::OK, &page))
}

pub async fn get_agenda(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let octets = agenda_of_seance(&requete.ctx, annee, &id).await?;
    Ok(crate::socle::fichier("seance.ics", CALENDRIER, octets))
}

pub async fn post_inscription(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let r = join_seance(&recu.requete.ctx, &recu.garde(), annee, &id).await?;
    let ici = format!("{}/{}", adresse(annee), id.as_str());
    Ok(redirige(&format!("{ici}?fait=seance-inscrit&recepisse={}", r.numero)))
}

pub async fn post_desistement(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    leave_seance(&recu.requete.ctx, &recu.garde(), annee, &id).await?;
    Ok(redirige(&format!("{}/{}?fait=seance-desiste", adresse(annee), id.as_str())))
}
