//! `…/echanges`: the conversation about an establishment or a course, with the academic service.

use app::echanges::{Conversation, Echange, Message, Sujet, send_message, view_echange};
use app::messages::{date_heure, date_heure_ici};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::comptes::Role;
use domain::droits::Action;
use domain::etablissements::TEXTE_MAX;
use domain::territoires::HeureLocale;
use jiff::Timestamp;

use super::formation::lit_chemin;
use super::saisie::alerte_archive;
use super::{lien_accueil, lien_formations};
use crate::components::{
    Aide, Alerte, Badge, Bouton, Champ, Fil, Formulaire, LienBouton, Markup, MessageFil, Ton, accord, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterEchanges);
    let ecrire = Acces::Action(Action::EcrireEchange);
    Table::new()
        .get("/gestion/{annee}/etablissements/{id}/echanges", consulter, get_etablissement)
        .post("/gestion/{annee}/etablissements/{id}/echanges", ecrire, post_etablissement)
        .get("/gestion/{annee}/formations/{id}/echanges", consulter, get_formation)
        .post("/gestion/{annee}/formations/{id}/echanges", ecrire, post_formation)
}

#[derive(Template)]
#[template(path = "gestion/echanges.html")]
struct PageEchanges {
    page: Page,
    url: String,
    retour: String,
    surtitre: String,
    archivee: Option<Alerte>,
    fil: Fil,
    /// Conversations about the courses of the establishment: a link each, and what it holds.
    formations: Vec<Markup>,
    /// Absent for those who only read.
    saisie: Option<Champ>,
    form: Formulaire,
}

pub async fn get_etablissement(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    get(&requete, annee, &Sujet::Etablissement(id)).await
}

pub async fn get_formation(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    get(&requete, annee, &Sujet::Formation(id)).await
}

pub async fn post_etablissement(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    post(recu, annee, &Sujet::Etablissement(id)).await
}

pub async fn post_formation(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    post(recu, annee, &Sujet::Formation(id)).await
}

async fn get(requete: &Requete, annee: i64, sujet: &Sujet) -> Resultat {
    let e = view_echange(&requete.ctx, annee, sujet).await?;
    let form = with_brouillon(requete, requete.formulaire(), &sujet.chemin(annee), e.ecriture).await?;
    Ok(rend(StatusCode::OK, &page(requete, sujet, &e, form)))
}

async fn post(mut recu: Recu, annee: i64, sujet: &Sujet) -> Resultat {
    let requete = recu.requete.clone();
    let texte = recu.form.valeur("texte").to_owned();
    match send_message(&requete.ctx, &recu.garde(), annee, sujet, &texte).await {
        Ok(_) => return Ok(redirige(&format!("{}?fait=message", sujet.chemin(annee)))),
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let e = view_echange(&requete.ctx, annee, sujet).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, sujet, &e, recu.form)))
}

fn page(requete: &Requete, sujet: &Sujet, e: &Echange, form: Formulaire) -> PageEchanges {
    let annee = e.session.annee;
    let url = sujet.chemin(annee);
    let retour = url.trim_end_matches("/echanges").to_owned();
    let mut ariane = vec![lien_accueil(annee)];
    if matches!(sujet, Sujet::Formation(_)) {
        ariane.push(lien_formations(annee));
    }
    ariane.push(Lien::new(&e.titre, &retour));
    let meme = e.titre == e.etablissement;
    PageEchanges {
        page: requete
            .page("Échanges avec le service académique")
            .session(&e.session.libelle)
            .ariane(ariane)
            .en_erreur(!form.est_valide()),
        surtitre: if meme { e.titre.clone() } else { format!("{} – {}", e.titre, e.etablissement) },
        archivee: e.session.archivee.then(|| alerte_archive(annee)),
        fil: Fil::new(e.messages.iter().map(|m| ligne(m, e.locale)).collect()),
        formations: e.formations.iter().map(|c| conversation(annee, c)).collect(),
        saisie: e.ecriture.then(|| {
            form.zone("texte", "Votre message")
                .indice(format_args!(
                    "Texte simple, {} caractères au plus. Ne donnez pas d’information sur un candidat. Un message envoyé ne se modifie plus.",
                    nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
                ))
                .lignes(6)
        }),
        url,
        retour,
        form,
    }
}

/// « BTS Tourisme : 2 messages (le dernier, le …) ».
fn conversation(annee: i64, c: &Conversation) -> Markup {
    let combien = accord(c.nombre, "message", "messages");
    let le = date_heure(Timestamp::from_millisecond(c.le).unwrap_or_default());
    Markup::lien(format_args!("{} : {combien}", c.titre), c.sujet.chemin(annee))
        .et(Markup::texte(format_args!("(le dernier, le {le})")))
}

fn ligne(m: &Message, ici: Option<HeureLocale>) -> MessageFil {
    let le = Timestamp::from_millisecond(m.le).unwrap_or_default();
    let role = m.role.map_or("", Role::libelle);
    let mut badges = Vec::new();
    if m.nouveau {
        badges.push(Badge::new(Ton::Info, "Nouveau"));
    }
    if m.relance {
        badges.push(Badge::new(Ton::Attention, "Relance"));
    }
    let moi = if m.de_moi { " (vous)" } else { "" };
    MessageFil {
        auteur: if role.is_empty() {
            format!("{}{moi}", m.auteur)
        } else {
            format!("{}{moi}, {role}", m.auteur)
        },
        quand: date_heure_ici(le, ici),
        iso: le.to_string(),
        badges,
        paragraphes: MessageFil::paragraphes(&m.texte),
        de_moi: m.de_moi,
    }
}
