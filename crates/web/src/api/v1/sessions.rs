//! `/api/v1`, the token and the sessions.

use app::sessions;
use axum::extract::{Path, State};
use axum::http::Method;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::delegations::{Operation, Operations};
use domain::droits::{Acteur, Action, Attribution};
use serde::Serialize;
use utoipa::ToSchema;

use super::commun::{instant, quand};
use crate::api::appel::{Appel, AppelPublic, annee, json, octets};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;
use crate::socle::EtatWeb;

pub fn routes() -> Interface {
    let lire = Action::ConsulterEtablissement;
    Interface::default()
        .route(
            Method::GET,
            "/api/v1",
            None,
            Doc::new("jeton", "entree", "Ce qu’est cette interface et où lire sa description")
                .rend::<Entree>(),
            get_entree,
        )
        .route(
            Method::GET,
            "/api/v1/openapi.json",
            None,
            Doc::new("nomenclatures", "description_interface", "Cette description (OpenAPI 3.1)")
                .rend::<DescriptionOpenApi>(),
            get_openapi,
        )
        .lit(
            "/api/v1/jeton",
            lire,
            Doc::new("jeton", "lire_jeton", "Ce que le jeton présenté permet, et jusqu’à quand")
                .rend::<JetonPresente>(),
            get_jeton,
        )
        .lit(
            "/api/v1/sessions",
            lire,
            Doc::new("sessions", "lister_sessions", "Les sessions, la plus récente d’abord")
                .rend::<Sessions>(),
            get_sessions,
        )
        .lit(
            "/api/v1/sessions/{annee}",
            lire,
            Doc::new("sessions", "lire_session", "Une session et les étapes de son calendrier")
                .rend::<Session>(),
            get_session,
        )
}

/// Par où commencer.
#[derive(Serialize, ToSchema)]
struct Entree {
    /// Celle de l’interface.
    version: &'static str,
    /// Sa description.
    description: &'static str,
    /// Son guide.
    documentation: &'static str,
}

async fn get_entree(_: AppelPublic) -> Rendu {
    let entree = Entree {
        version: "1.0.0",
        description: "/api/v1/openapi.json",
        documentation: "/documentation/interfaces",
    };
    json(&entree, None)
}

/// OpenAPI 3.1.
#[derive(Serialize, ToSchema)]
struct DescriptionOpenApi {
    openapi: String,
}

async fn get_openapi(_: AppelPublic, State(etat): State<EtatWeb>) -> Rendu {
    Ok(octets(crate::api::description_served(crate::api::opens_bacs(&etat)).to_vec(), None))
}

/// Une formation confiée au jeton.
#[derive(Serialize, ToSchema)]
struct FormationConfiee {
    /// Identifiant public dans la session ouverte ; les listes donnent ceux des autres sessions.
    formation: String,
    /// Ce qu’il y écrit ; aucune : il lit.
    operations: Vec<&'static str>,
}

/// Le jeton présenté.
#[derive(Serialize, ToSchema)]
struct JetonPresente {
    /// Identifiant public du jeton.
    id: String,
    /// Son nom.
    libelle: String,
    /// Premier instant où il n’ouvre plus rien.
    #[schema(format = DateTime)]
    expire_le: String,
    /// Il écrit le paramétrage de l’établissement.
    ecrit_etablissement: bool,
    /// Il demande l’ouverture de formations et la réouverture de parties de l’établissement.
    demande_etablissement: bool,
    /// Ce qu’il fait sur toutes les formations, celles à venir comprises ; null : seulement sur celles qui lui sont confiées une à une.
    toutes: Option<Vec<&'static str>>,
    /// Formation par formation.
    formations: Vec<FormationConfiee>,
    /// Lectures par minute.
    lectures_par_minute: u32,
    /// Écritures par minute.
    ecritures_par_minute: u32,
}

fn codes(operations: Operations) -> Vec<&'static str> {
    operations.iter().map(Operation::code).collect()
}

async fn get_jeton(appel: Appel) -> Rendu {
    let j = &appel.jeton;
    let noms = app::interfaces::named_courses(&appel.ctx, &j.portee).await?;
    let l = &appel.ctx.app.limites;
    json(
        &JetonPresente {
            id: j.id.clone(),
            libelle: j.libelle.clone(),
            expire_le: instant(j.expire_le),
            ecrit_etablissement: j.portee.ecrit_etablissement,
            demande_etablissement: j.portee.demande_etablissement,
            toutes: j.portee.toutes.map(codes),
            formations: noms
                .into_iter()
                .map(|(formation, operations)| FormationConfiee { formation, operations: codes(operations) })
                .collect(),
            lectures_par_minute: l.lectures_api,
            ecritures_par_minute: l.ecritures_api,
        },
        None,
    )
}

/// Une session de la liste.
#[derive(Serialize, ToSchema)]
struct SessionListee {
    /// Celle de la rentrée ; dans les adresses.
    annee: i64,
    /// « Session 2024 ».
    libelle: String,
    /// Se lit, ne s’écrit plus.
    archivee: bool,
}

/// Les sessions.
#[derive(Serialize, ToSchema)]
struct Sessions {
    sessions: Vec<SessionListee>,
}

async fn get_sessions(appel: Appel) -> Rendu {
    let sessions = sessions::list(&appel.ctx).await?;
    let sessions = sessions
        .into_iter()
        .map(|(annee, libelle, archivee)| SessionListee { annee, libelle, archivee })
        .collect();
    json(&Sessions { sessions }, None)
}

/// Une étape du calendrier.
#[derive(Serialize, ToSchema)]
struct EtapeCalendrier {
    /// Code stable.
    code: &'static str,
    /// Libellé.
    libelle: &'static str,
    /// Premier instant de l’étape.
    #[schema(format = DateTime)]
    ouvre: String,
    /// Premier instant trop tard.
    #[schema(format = DateTime)]
    ferme: String,
    /// Ouverte maintenant.
    ouverte: bool,
}

/// Une session et son calendrier.
#[derive(Serialize, ToSchema)]
struct Session {
    annee: i64,
    libelle: String,
    archivee: bool,
    /// Maintenant, pour la campagne.
    #[schema(format = DateTime)]
    maintenant: String,
    /// Les étapes qui concernent les établissements.
    etapes: Vec<EtapeCalendrier>,
}

async fn get_session(appel: Appel, Path(texte): Path<String>) -> Rendu {
    let s = sessions::session(&appel.ctx.app.db, annee(&texte)?).await?;
    let now = appel.ctx.campagne_le;
    // The steps of a person who runs courses: those that a program meets.
    let lecteur = Acteur {
        attributions: vec![Attribution::simple(Role::AdminSite), Attribution::simple(Role::RespFormation)],
        ..Acteur::public()
    };
    let etapes = domain::droits::etapes_of(&lecteur, s.id);
    json(
        &Session {
            annee: s.annee,
            libelle: s.libelle.clone(),
            archivee: s.archivee,
            maintenant: quand(now),
            etapes: Etape::ALL
                .into_iter()
                .filter(|e| etapes.contains(e))
                .filter_map(|e| {
                    let f = s.calendrier.fenetre(e)?;
                    Some(EtapeCalendrier {
                        code: e.code(),
                        libelle: e.libelle(),
                        ouvre: quand(f.ouvre),
                        ferme: quand(f.ferme),
                        ouverte: f.contient(now),
                    })
                })
                .collect(),
        },
        None,
    )
}
