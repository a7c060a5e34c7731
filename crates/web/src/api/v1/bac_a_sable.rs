//! `/api/v1/bac-a-sable`: trying a program on an invented establishment. Only where sandboxes are opened.

use app::interfaces::{
    BacASable, Incident, open_bac_a_sable, reset_bac_a_sable, set_horloge, set_incident, view_conformite,
};
use axum::extract::State;
use axum::http::{Method, StatusCode};
use domain::calendrier::instant_paris;
use domain::droits::Action;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commun::{instant, quand};
use crate::api::appel::{Appel, AppelPublic, Corps, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};
use crate::socle::EtatWeb;

pub fn routes() -> Interface {
    let lire = Some(Action::ConsulterEtablissement);
    let doc = |nom, resume| Doc::new("bac_a_sable", nom, resume);
    Interface::default()
        .route(
            Method::POST,
            super::BAC_A_SABLE,
            None,
            doc(
                "ouvrir_bac_a_sable",
                "Ouvrir un bac à sable : un établissement inventé et son jeton, montré une fois",
            )
            .rend::<BacOuvert>()
            .cree()
            .long(),
            post_ouverture,
        )
        .route(
            Method::POST,
            "/api/v1/bac-a-sable/remise-a-zero",
            lire,
            doc("remettre_a_zero", "Revenir au début : les mêmes données, sous d’autres identifiants")
                .rend::<BacOuvert>()
                .sans_cle()
                .long(),
            post_remise,
        )
        .route(
            Method::PUT,
            "/api/v1/bac-a-sable/horloge",
            lire,
            doc("regler_horloge", "Choisir le moment de la campagne, pour ce bac à sable seulement")
                .recoit::<Horloge>()
                .rend::<Horloge>()
                .sans_cle(),
            put_horloge,
        )
        .route(
            Method::PUT,
            "/api/v1/bac-a-sable/incident",
            lire,
            doc("armer_incident", "Faire répondre 429 ou 503 à la prochaine écriture, avec Retry-After")
                .recoit::<IncidentArme>()
                .rend::<IncidentArme>()
                .sans_cle(),
            put_incident,
        )
        .lit(
            "/api/v1/bac-a-sable/conformite",
            Action::ConsulterEtablissement,
            doc("lire_conformite", "Ce que les appels de ce jeton ont montré, exercice par exercice")
                .rend::<Conformite>(),
            get_conformite,
        )
}

/// Une formation du bac à sable.
#[derive(Serialize, ToSchema)]
struct FormationEssai {
    /// Identifiant public, dans les adresses.
    id: String,
    libelle: String,
}

/// Un bac à sable.
#[derive(Serialize, ToSchema)]
struct BacOuvert {
    /// Montré une fois ; null : celui qui est présenté.
    jeton: Option<String>,
    /// Premier instant où le jeton n’ouvre plus rien.
    #[schema(format = DateTime)]
    expire_le: String,
    /// Session où tout se passe.
    annee: i64,
    /// Identifiant public de l’établissement inventé.
    etablissement: String,
    formations: Vec<FormationEssai>,
    /// Le moment de la campagne, pour ce bac à sable.
    #[schema(format = DateTime)]
    maintenant: String,
}

impl From<BacASable> for BacOuvert {
    fn from(b: BacASable) -> Self {
        Self {
            jeton: b.jeton,
            expire_le: instant(b.expire_le),
            annee: b.annee,
            etablissement: b.etablissement,
            formations: b
                .formations
                .into_iter()
                .map(|(id, libelle)| FormationEssai { id, libelle })
                .collect(),
            maintenant: quand(b.maintenant),
        }
    }
}

async fn post_ouverture(_: AppelPublic, State(etat): State<EtatWeb>) -> Rendu {
    let ouvert = open_bac_a_sable(&etat.app).await?;
    let mut reponse = json(&BacOuvert::from(ouvert), None)?;
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

async fn post_remise(appel: Appel) -> Rendu {
    json(&BacOuvert::from(reset_bac_a_sable(&appel.ctx, &appel.jeton).await?), None)
}

/// Le moment de la campagne.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Horloge {
    /// Instant RFC 3339, ou date et heure de Paris : « 2024-04-15T10:00 ».
    instant: String,
}

async fn put_horloge(appel: Appel, Corps(h): Corps<Horloge>) -> Rendu {
    let lu = h
        .instant
        .parse::<Timestamp>()
        .ok()
        .or_else(|| h.instant.parse::<DateTime>().ok().and_then(instant_paris))
        .ok_or_else(|| Probleme::champ("instant", "écrivez l’instant ainsi : 2024-04-15T10:00."))?;
    set_horloge(&appel.ctx, &appel.jeton, lu).await?;
    json(&Horloge { instant: quand(lu) }, None)
}

/// Ce qui n’ira pas à la prochaine écriture.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IncidentArme {
    /// `limite` (429), `panne` (503) ou null (rien).
    genre: Option<String>,
}

async fn put_incident(appel: Appel, Corps(i): Corps<IncidentArme>) -> Rendu {
    let incident = match i.genre.as_deref() {
        None => None,
        Some(code) => Some(
            Incident::from_code(code).ok_or_else(|| Probleme::champ("genre", "limite, panne ou null."))?,
        ),
    };
    set_incident(&appel.ctx, &appel.jeton, incident).await?;
    json(&IncidentArme { genre: incident.map(|i| i.code().to_owned()) }, None)
}

/// Un exercice.
#[derive(Serialize, ToSchema)]
struct ExerciceVu {
    /// Code stable.
    code: &'static str,
    /// Ce qu’il demande.
    libelle: &'static str,
    /// Les appels le montrent.
    fait: bool,
}

/// Les exercices.
#[derive(Serialize, ToSchema)]
struct Conformite {
    /// Tous sont faits.
    conforme: bool,
    exercices: Vec<ExerciceVu>,
}

async fn get_conformite(appel: Appel) -> Rendu {
    let vus = view_conformite(&appel.ctx, &appel.jeton).await?;
    let exercices: Vec<ExerciceVu> =
        vus.into_iter().map(|(e, fait)| ExerciceVu { code: e.code(), libelle: e.libelle(), fait }).collect();
    json(&Conformite { conforme: exercices.iter().all(|e| e.fait), exercices }, None)
}
