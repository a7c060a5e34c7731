//! Pages of information: appearance, accessibility, legal notice, site map, help.

use app::comptes::PAS_S;
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::components::accord;
use crate::layout::{Apparence, Lien, Page, PageApparence, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

pub async fn apparence(requete: Requete) -> Resultat {
    Ok(rend(StatusCode::OK, &PageApparence::new(requete.page(""), requete.jeton())))
}

pub async fn envoi_apparence(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let choisie = form.lit_choix(Apparence::CHAMP, "Choisissez une apparence.", Apparence::lit);
    let Some(choisie) = choisie else {
        let page = requete.page("").en_erreur(true);
        return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &PageApparence::new(page, requete.jeton())));
    };
    let mut reponse = redirige("/apparence?fait=apparence");
    if let Ok(cookie) = choisie.cookie().parse() {
        reponse.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(reponse)
}

#[derive(Template)]
#[template(path = "commun/accessibilite.html")]
struct PageAccessibilite {
    page: Page,
}

#[derive(Template)]
#[template(path = "commun/mentions.html")]
struct PageMentions {
    page: Page,
}

#[derive(Template)]
#[template(path = "commun/plan.html")]
struct PagePlan {
    page: Page,
}

#[derive(Template)]
#[template(path = "commun/aide.html")]
struct PageAide {
    page: Page,
    lien: String,
    essais: u32,
    attente: String,
    attente_max: String,
    pas_s: u64,
}

fn simple(modele: &impl Template) -> Response {
    rend(StatusCode::OK, modele)
}

pub async fn accessibilite(requete: Requete) -> Resultat {
    Ok(simple(&PageAccessibilite { page: requete.page("Déclaration d’accessibilité") }))
}

pub async fn mentions(requete: Requete) -> Resultat {
    Ok(simple(&PageMentions { page: requete.page("Mentions légales et données personnelles") }))
}

pub async fn plan(requete: Requete) -> Resultat {
    Ok(simple(&PagePlan { page: requete.page("Plan du site") }))
}

pub async fn aide(requete: Requete) -> Resultat {
    let l = &requete.ctx.app.limites;
    let duree = |s: u64| match s {
        0..120 => accord(s, "seconde", "secondes"),
        _ => accord(s / 60, "minute", "minutes"),
    };
    Ok(simple(&PageAide {
        page: requete.page("Questions fréquentes").ariane(vec![Lien::new("Aide et contact", "/assistance")]),
        lien: accord(l.lien_oubli_min, "minute", "minutes"),
        essais: l.echecs_avant_attente,
        attente: duree(l.attente_initiale_s),
        attente_max: duree(l.attente_maximale_s),
        pas_s: PAS_S,
    }))
}
