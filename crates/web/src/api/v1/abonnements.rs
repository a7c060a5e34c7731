//! `/api/v1/abonnements`: where the events of a token's perimeter are sent (R-API-06 to R-API-08).

use app::interfaces::{
    Abonnement, DemandeAbonnement, Livraison, ask_essai, list_abonnements, list_livraisons,
    remove_abonnement, resume_abonnement, subscribe, view_abonnement,
};
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use domain::droits::Action;
use domain::interfaces::evenements::Evenement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{RecepisseActe, instant};
use crate::api::appel::{Appel, AppelPublic, Corps, Criteres, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;

pub fn routes() -> Interface {
    let lire = Action::ConsulterEtablissement;
    let doc = |nom, resume| Doc::new("abonnements", nom, resume);
    Interface::default()
        .route(
            Method::GET,
            "/api/v1/nomenclatures/evenements",
            None,
            doc("lister_evenements", "Les événements auxquels s’abonner").rend::<Evenements>(),
            get_evenements,
        )
        .lit(
            "/api/v1/abonnements",
            lire,
            doc("lister_abonnements", "Les abonnements du jeton").rend::<Abonnements>(),
            get_liste,
        )
        .route(
            Method::POST,
            "/api/v1/abonnements",
            Some(lire),
            doc("abonner", "S’abonner : chaque événement est envoyé à cette adresse, signé")
                .detail(
                    "Le secret de la signature (Standard Webhooks) est rendu cette fois seulement. Un envoi sans réponse 2xx est \
                     refait, de moins en moins souvent.",
                )
                .recoit::<AbonnementDemande>()
                .rend::<AbonnementOuvert>()
                .cle()
                .cree(),
            post_abonnement,
        )
        .lit(
            "/api/v1/abonnements/{id}",
            lire,
            doc("lire_abonnement", "Un abonnement").rend::<AbonnementLu>(),
            get_abonnement,
        )
        .route(
            Method::DELETE,
            "/api/v1/abonnements/{id}",
            Some(lire),
            doc("desabonner", "Retirer un abonnement").version().vide(),
            delete_abonnement,
        )
        .route(
            Method::POST,
            "/api/v1/abonnements/{id}/reprise",
            Some(lire),
            doc("reprendre_abonnement", "Remettre en service un abonnement suspendu")
                .rend::<RecepisseActe>()
                .version()
                .cle(),
            post_reprise,
        )
        .route(
            Method::POST,
            "/api/v1/abonnements/{id}/essai",
            Some(lire),
            doc("essayer_abonnement", "Envoyer un événement d’essai").rend::<EssaiEnvoye>().cle(),
            post_essai,
        )
        .lit(
            "/api/v1/abonnements/{id}/livraisons",
            lire,
            doc("lister_livraisons", "Les envois, le dernier d’abord")
                .critere("avant", "Clé de la livraison avant laquelle lire.", Type::Integer)
                .rend::<Livraisons>(),
            get_livraisons,
        )
}

/// Un événement.
#[derive(Serialize, ToSchema)]
struct EvenementListe {
    code: &'static str,
    libelle: &'static str,
}

/// Les événements.
#[derive(Serialize, ToSchema)]
struct Evenements {
    evenements: Vec<EvenementListe>,
}

async fn get_evenements(_: AppelPublic) -> Rendu {
    let evenements =
        Evenement::ALL.into_iter().map(|e| EvenementListe { code: e.code(), libelle: e.libelle() }).collect();
    json(&Evenements { evenements }, None)
}

/// Un abonnement à ouvrir.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AbonnementDemande {
    /// Adresse https qui reçoit les événements.
    url: String,
    /// Codes des événements.
    evenements: Vec<String>,
}

/// Un abonnement ouvert.
#[derive(Serialize, ToSchema)]
struct AbonnementOuvert {
    /// Identifiant public, dans les adresses.
    id: String,
    /// Secret de la signature, montré cette fois seulement ; null : déjà montré par la même demande.
    secret: Option<String>,
    recepisse: RecepisseActe,
}

/// Un abonnement.
#[derive(Serialize, ToSchema)]
struct AbonnementLu {
    id: String,
    url: String,
    evenements: Vec<&'static str>,
    #[schema(format = DateTime)]
    cree_le: String,
    /// Depuis quand il est suspendu ; null : en service.
    #[schema(format = DateTime)]
    suspendu_le: Option<String>,
    /// Pourquoi il est suspendu.
    motif: Option<&'static str>,
    /// Envois qui attendent.
    en_attente: i64,
}

impl From<&Abonnement> for AbonnementLu {
    fn from(a: &Abonnement) -> Self {
        Self {
            id: a.id.clone(),
            url: a.url.clone(),
            evenements: a.evenements.iter().map(|e| e.code()).collect(),
            cree_le: instant(a.cree_le),
            suspendu_le: a.suspendu.map(|(le, _)| instant(le)),
            motif: a.suspendu.map(|(_, m)| m.libelle()),
            en_attente: a.en_attente,
        }
    }
}

/// Les abonnements du jeton.
#[derive(Serialize, ToSchema)]
struct Abonnements {
    abonnements: Vec<AbonnementLu>,
}

async fn get_liste(appel: Appel) -> Rendu {
    let abonnements = list_abonnements(&appel.ctx).await?.iter().map(AbonnementLu::from).collect();
    json(&Abonnements { abonnements }, None)
}

async fn post_abonnement(appel: Appel, Corps(d): Corps<AbonnementDemande>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let demande = DemandeAbonnement { url: d.url, evenements: d.evenements };
    let s = subscribe(&appel.ctx, &garde, &demande).await?;
    let ouvert =
        AbonnementOuvert { id: s.id, secret: s.secret, recepisse: RecepisseActe::from(&s.recepisse) };
    let mut reponse = fait(json(&ouvert, None)?, &s.recepisse);
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

async fn get_abonnement(appel: Appel, Path(a): Path<String>) -> Rendu {
    let a = view_abonnement(&appel.ctx, &id(&a)?).await?;
    json(&AbonnementLu::from(&a), Some(a.version))
}

async fn delete_abonnement(appel: Appel, Path(a): Path<String>) -> Rendu {
    let garde = appel.garde(true)?;
    let a = id(&a)?;
    match remove_abonnement(&appel.ctx, &garde, &a).await {
        Ok(r) => Ok(fait(StatusCode::NO_CONTENT.into_response(), &r)),
        Err(e) => {
            let actuelle = view_abonnement(&appel.ctx, &a).await.ok().map(|a| a.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

async fn post_reprise(appel: Appel, Path(a): Path<String>) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let a = id(&a)?;
    match resume_abonnement(&appel.ctx, &garde, &a).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let actuelle = view_abonnement(&appel.ctx, &a).await.ok().map(|a| a.version);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Un envoi d’essai.
#[derive(Serialize, ToSchema)]
struct EssaiEnvoye {
    /// Identifiant de l’envoi : le webhook-id.
    livraison: String,
    recepisse: RecepisseActe,
}

async fn post_essai(appel: Appel, Path(a): Path<String>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let e = ask_essai(&appel.ctx, &garde, &id(&a)?).await?;
    let envoye = EssaiEnvoye { livraison: e.livraison.clone(), recepisse: RecepisseActe::from(&e.recepisse) };
    Ok(fait(json(&envoye, None)?, &e.recepisse))
}

/// Avant quoi lire.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Avant {
    avant: Option<i64>,
}

/// Un envoi.
#[derive(Serialize, ToSchema)]
struct LivraisonLue {
    /// À donner pour lire les précédents.
    cle: i64,
    /// Identifiant de l’envoi : le webhook-id.
    id: String,
    evenement: &'static str,
    /// `a_livrer`, `livree` ou `abandonnee`.
    etat: &'static str,
    #[schema(format = DateTime)]
    cree_le: String,
    /// Prochain essai.
    #[schema(format = DateTime)]
    prochaine_le: Option<String>,
    essais: i64,
    /// Statut HTTP de la dernière réponse.
    statut: Option<i64>,
    /// Pourquoi il n’y a pas eu de réponse.
    erreur: Option<&'static str>,
    #[schema(format = DateTime)]
    livree_le: Option<String>,
}

impl From<&Livraison> for LivraisonLue {
    fn from(l: &Livraison) -> Self {
        Self {
            cle: l.cle,
            id: l.id.clone(),
            evenement: l.evenement.code(),
            etat: l.etat.code(),
            cree_le: instant(l.cree_le),
            prochaine_le: l.prochaine_le.map(instant),
            essais: l.essais,
            statut: l.statut,
            erreur: l.erreur.map(|e| e.libelle()),
            livree_le: l.livree_le.map(instant),
        }
    }
}

/// Les envois d’un abonnement.
#[derive(Serialize, ToSchema)]
struct Livraisons {
    livraisons: Vec<LivraisonLue>,
}

async fn get_livraisons(appel: Appel, Path(a): Path<String>, Criteres(c): Criteres<Avant>) -> Rendu {
    let livraisons = list_livraisons(&appel.ctx, &id(&a)?, c.avant, super::PAR_PAGE).await?;
    json(&Livraisons { livraisons: livraisons.iter().map(LivraisonLue::from).collect() }, None)
}
