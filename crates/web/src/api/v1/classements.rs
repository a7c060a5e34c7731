//! `/api/v1/sessions/{annee}/groupes`: the records of the candidates of a ranking group, and its ranking.

use app::classements::{Noms, apply_import, export_classement, groupe_etat, preview_import, transmit};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{FauteLigne, RecepisseActe, avertissement, quand};
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};
use crate::socle::{CSV as CSV_UTF8, fichier};

const CSV: &str = "text/csv";

pub fn routes() -> Interface {
    let lire = Action::ConsulterDossiers;
    let doc = |nom, resume| Doc::new("classements", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/groupes/{id}",
            lire,
            doc("lire_groupe", "Où en est le classement d’un groupe").rend::<Groupe>(),
            get_groupe,
        )
        .lit(
            "/api/v1/sessions/{annee}/groupes/{id}/dossiers",
            lire,
            doc("lire_dossiers", "Les candidats du groupe, dans l’ordre du classement, en CSV")
                .detail(
                    "Sans noms : un code à la place du numéro de dossier, le même d’un fichier à l’autre, que le classement \
                     reprend. Avec noms : la lecture de chaque dossier est consignée, et le nombre de fichiers limité.",
                )
                .critere("noms", "true : avec les noms et les numéros de dossier.", Type::Boolean)
                .rend_fichier(&[CSV]),
            get_dossiers,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/lecture",
            Some(Action::SaisirClassement),
            doc("relire_classement", "Lire un fichier de classement et dire ce que son application changerait")
                .recoit_fichier(&[CSV])
                .rend::<LectureClassement>(),
            post_lecture,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/application",
            Some(Action::SaisirClassement),
            doc("appliquer_classement", "Appliquer un fichier lu : il devient le classement, à transmettre")
                .recoit::<Application>()
                .rend::<RecepisseActe>()
                .version()
                .cle()
                .long(),
            post_application,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/groupes/{id}/transmission",
            Some(Action::TransmettreClassement),
            doc("transmettre_classement", "Transmettre le classement, une fois pour toutes")
                .detail("Une formation sélective refuse ainsi les candidats qui ne sont pas classés.")
                .recoit::<Transmission>()
                .rend::<RecepisseActe>()
                .version()
                .cle()
                .long(),
            post_transmission,
        )
}

/// Un groupe de classement.
#[derive(Serialize, ToSchema)]
struct Groupe {
    id: String,
    libelle: String,
    /// Identifiant public de la formation qui classe.
    formation: String,
    /// Tous ceux du groupe, classés ou non.
    candidats: usize,
    /// Ceux qui ont un rang.
    classes: usize,
    /// Des candidats peuvent rester sans rang.
    selective: bool,
    /// Rien à classer : tous sont appelés le premier jour.
    sans_classement: bool,
    /// Un ordre est enregistré et non transmis.
    brouillon: bool,
    #[schema(format = DateTime)]
    transmis_le: Option<String>,
    /// SHA-256 de la liste transmise, en hexadécimal.
    empreinte: Option<String>,
    /// L’ordre peut être modifié maintenant.
    peut_saisir: bool,
    /// L’ordre peut être transmis maintenant.
    peut_transmettre: bool,
    /// Pourquoi non.
    refus: Option<String>,
    /// Premier instant trop tard.
    #[schema(format = DateTime)]
    ferme: Option<String>,
}

type Chemin = Path<(String, String)>;

async fn get_groupe(appel: Appel, Path((a, g)): Chemin) -> Rendu {
    let g = groupe_etat(&appel.ctx, annee(&a)?, id(&g)?.as_str()).await?;
    json(
        &Groupe {
            id: g.public_id,
            libelle: g.libelle,
            formation: g.parent,
            candidats: g.candidats,
            classes: g.classes,
            selective: g.selective,
            sans_classement: g.sans_classement,
            brouillon: g.brouillon,
            transmis_le: g.transmis_le.map(quand),
            empreinte: g.empreinte,
            peut_saisir: g.peut_saisir,
            peut_transmettre: g.peut_transmettre,
            refus: g.refus.as_ref().map(app::messages::regle),
            ferme: g.ferme.map(quand),
        },
        Some(g.version),
    )
}

/// With or without names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choix {
    #[serde(default)]
    noms: bool,
}

async fn get_dossiers(appel: Appel, Path((a, g)): Chemin, Criteres(c): Criteres<Choix>) -> Rendu {
    let noms = if c.noms { Noms::Avec } else { Noms::Sans };
    let e = export_classement(&appel.ctx, annee(&a)?, id(&g)?.as_str(), noms).await?;
    Ok(fichier(&e.nom_fichier, CSV_UTF8, e.octets))
}

/// Ce que ferait l’application d’un fichier.
#[derive(Serialize, ToSchema)]
struct LectureClassement {
    /// Une seule refuse tout le fichier ; les premières.
    fautes: Vec<FauteLigne>,
    /// Toutes.
    total_fautes: u64,
    /// Ils n’empêchent rien.
    avertissements: Vec<String>,
    /// Candidats que le fichier classe.
    classes: usize,
    /// Candidats du groupe qu’il ne classe pas.
    non_classes: usize,
    /// Candidats dont le rang changerait.
    changes: usize,
    /// Pour l’appliquer ; null : refusé.
    fichier: Option<String>,
    /// L’ETag que l’application attendra.
    version: String,
}

async fn post_lecture(appel: Appel, Path((a, g)): Chemin, octets: Bytes) -> Rendu {
    if appel.genre() != CSV {
        let quoi = format!("Envoyez un fichier : Content-Type: {CSV}.");
        return Err(Probleme::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", quoi));
    }
    let l = preview_import(&appel.ctx, annee(&a)?, id(&g)?.as_str(), "classement.csv", &octets).await?;
    json(
        &LectureClassement {
            fautes: l.fautes.iter().map(|f| FauteLigne::new("", f)).collect(),
            total_fautes: l.total_fautes,
            avertissements: l.avertissements.iter().map(avertissement).collect(),
            classes: l.classes,
            non_classes: l.non_classes,
            changes: l.changes,
            fichier: l.fichier,
            version: format!("\"v{}\"", l.version),
        },
        None,
    )
}

/// Un fichier à appliquer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Application {
    /// Tel que la lecture du fichier l’a donné.
    fichier: String,
}

/// The stale version told apart.
async fn refuse(
    appel: &Appel,
    (a, g): (i64, &domain::PublicId),
    e: app::AppError,
    garde: &app::idempotence::Garde,
) -> Box<Probleme> {
    let actuelle = groupe_etat(&appel.ctx, a, g.as_str()).await.ok().map(|g| g.version);
    depassee(e, garde, actuelle)
}

async fn post_application(appel: Appel, Path((a, g)): Chemin, Corps(c): Corps<Application>) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, g) = (annee(&a)?, id(&g)?);
    match apply_import(&appel.ctx, &garde, a, g.as_str(), &c.fichier).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => Err(refuse(&appel, (a, &g), e, &garde).await),
    }
}

/// L’engagement sans lequel rien n’est transmis.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Transmission {
    /// La liste a été vérifiée : true.
    engagement: bool,
}

async fn post_transmission(appel: Appel, Path((a, g)): Chemin, Corps(c): Corps<Transmission>) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, g) = (annee(&a)?, id(&g)?);
    match transmit(&appel.ctx, &garde, a, g.as_str(), c.engagement).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => Err(refuse(&appel, (a, &g), e, &garde).await),
    }
}
