//! `…/echanges`: the conversation about an establishment or a course with its academic service, for a token that writes the
//! establishment (R-API-15).

use app::echanges::{Echange, Message, Sujet, send_message, view_echange};
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::comptes::Role;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commun::instant;
use crate::api::appel::{Appel, Corps, annee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let (consulter, ecrire) = (Action::ConsulterEchanges, Action::EcrireEchange);
    let doc = |nom, resume| Doc::new("echanges", nom, resume).rend::<EchangeLu>();
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/echanges",
            consulter,
            doc("lire_echanges_etablissement", "Les échanges avec le service académique sur l’établissement")
                .detail("Demande l’écriture sur l’établissement. Ce qu’un logiciel lit reste non lu pour les personnes."),
            get_etablissement,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/etablissements/{id}/echanges",
            Some(ecrire),
            doc("ecrire_echange_etablissement", "Écrire au service académique au sujet de l’établissement")
                .recoit::<MessageEcrit>()
                .cle()
                .cree(),
            post_etablissement,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/echanges",
            consulter,
            doc("lire_echanges_formation", "Les échanges avec le service académique sur une formation").detail(
                "Demande l’écriture sur l’établissement et l’opération « Paramétrage » sur la formation. Ce qu’un logiciel lit \
                 reste non lu pour les personnes.",
            ),
            get_formation,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/echanges",
            Some(ecrire),
            doc("ecrire_echange_formation", "Écrire au service académique au sujet d’une formation")
                .recoit::<MessageEcrit>()
                .cle()
                .cree(),
            post_formation,
        )
}

/// Un message.
#[derive(Serialize, ToSchema)]
struct MessageLu {
    /// Prénom et nom ; pour un logiciel, la personne qui a donné son jeton.
    auteur: String,
    /// Au titre de quel rôle.
    role: Option<&'static str>,
    #[schema(format = DateTime)]
    le: String,
    texte: String,
    /// Envoyé à plusieurs établissements à la fois.
    relance: bool,
}

impl From<&Message> for MessageLu {
    fn from(m: &Message) -> Self {
        Self {
            auteur: m.auteur.clone(),
            role: m.role.map(Role::libelle),
            le: instant(m.le),
            texte: m.texte.clone(),
            relance: m.relance,
        }
    }
}

/// Des échanges.
#[derive(Serialize, ToSchema)]
struct EchangeLu {
    /// L’établissement ou la formation.
    objet: String,
    /// Écrire maintenant.
    ecriture: bool,
    /// Les 200 derniers, le plus ancien d’abord.
    messages: Vec<MessageLu>,
}

impl From<&Echange> for EchangeLu {
    fn from(e: &Echange) -> Self {
        Self {
            objet: e.titre.clone(),
            ecriture: e.ecriture,
            messages: e.messages.iter().map(MessageLu::from).collect(),
        }
    }
}

/// Un message à envoyer : il ne se modifie plus.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MessageEcrit {
    /// Texte simple, sans rien sur un candidat.
    texte: String,
}

type Chemin = Path<(String, String)>;

async fn lit(appel: &Appel, a: &str, sujet: &Sujet) -> Rendu {
    json(&EchangeLu::from(&view_echange(&appel.ctx, annee(a)?, sujet).await?), None)
}

async fn ecrit(appel: &Appel, a: &str, sujet: &Sujet, c: &MessageEcrit) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let r = send_message(&appel.ctx, &garde, annee(a)?, sujet, &c.texte).await?;
    let mut reponse = fait(lit(appel, a, sujet).await?, &r);
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

fn etablissement(e: &str) -> Result<Sujet, Box<Probleme>> {
    id(e).map(Sujet::Etablissement)
}

fn formation(f: &str) -> Result<Sujet, Box<Probleme>> {
    id(f).map(Sujet::Formation)
}

async fn get_etablissement(appel: Appel, Path((a, e)): Chemin) -> Rendu {
    lit(&appel, &a, &etablissement(&e)?).await
}

async fn post_etablissement(appel: Appel, Path((a, e)): Chemin, Corps(c): Corps<MessageEcrit>) -> Rendu {
    ecrit(&appel, &a, &etablissement(&e)?, &c).await
}

async fn get_formation(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    lit(&appel, &a, &formation(&f)?).await
}

async fn post_formation(appel: Appel, Path((a, f)): Chemin, Corps(c): Corps<MessageEcrit>) -> Rendu {
    ecrit(&appel, &a, &formation(&f)?, &c).await
}
