//! `/api/v1/sessions/{annee}/formations/{id}/publication`: submitting a course to the academic service, publishing it, and what it
//! said over time.

use app::formations::{compare_versions, publish_formation, submit_formation, view_parametrage};
use axum::extract::Path;
use axum::http::Method;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::commun::{RecepisseActe, instant};
use crate::api::appel::{Appel, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;

pub fn routes() -> Interface {
    let (lire, publier) = (Action::ConsulterParametrage, Action::PublierFormation);
    let doc = |nom, resume| Doc::new("publication", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/publication",
            lire,
            doc("lire_publication", "Ce qui manque avant de publier, et la version qui serait publiée")
                .rend::<APublier>(),
            get_publication,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/publication",
            Some(publier),
            doc("publier", "Publier le brouillon").rend::<RecepisseActe>().version().cle(),
            post_publication,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/{id}/soumission",
            Some(publier),
            doc("soumettre", "Soumettre le brouillon au contrôle du service académique")
                .rend::<RecepisseActe>()
                .version()
                .cle(),
            post_soumission,
        )
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/publications",
            lire,
            doc("lister_publications", "Les publications, et ce qui change de l’une à l’autre")
                .critere("de", "Numéro de la plus ancienne comparée.", Type::Integer)
                .critere("a", "Numéro de la plus récente comparée.", Type::Integer)
                .rend::<Publications>(),
            get_publications,
        )
}

type Chemin = Path<(String, String)>;

/// Ce que ferait la publication.
#[derive(Serialize, ToSchema)]
struct APublier {
    /// Le brouillon diffère de ce que lit le public.
    a_publier: bool,
    /// Libellés des champs qui diffèrent.
    differences: Vec<&'static str>,
    /// Ce qui l’empêche.
    manques: Vec<&'static str>,
}

async fn get_publication(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let v = view_parametrage(&appel.ctx, annee(&a)?, &id(&f)?).await?;
    let vue =
        APublier { a_publier: v.a_publier, differences: v.differences.clone(), manques: v.manques.clone() };
    json(&vue, Some(v.version_publication))
}

async fn post_publication(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    match publish_formation(&appel.ctx, &garde, a, &f).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let actuelle = view_parametrage(&appel.ctx, a, &f).await.ok().map(|v| v.version_publication);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

async fn post_soumission(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let garde = appel.garde_acte(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    match submit_formation(&appel.ctx, &garde, a, &f).await {
        Ok(r) => Ok(fait(json(&RecepisseActe::from(&r), None)?, &r)),
        Err(e) => {
            let actuelle = view_parametrage(&appel.ctx, a, &f).await.ok().map(|v| v.version_publication);
            Err(depassee(e, &garde, actuelle))
        }
    }
}

/// Two publications to compare.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choix {
    de: Option<i64>,
    a: Option<i64>,
}

/// Une publication.
#[derive(Serialize, ToSchema)]
struct PublicationListee {
    /// À partir de 1.
    numero: i64,
    #[schema(format = DateTime)]
    publiee_le: String,
}

/// Un champ qui change de l’une à l’autre.
#[derive(Serialize, ToSchema)]
struct ChampChange {
    libelle: String,
    /// Ligne à ligne.
    avant: Vec<String>,
    apres: Vec<String>,
}

/// Les publications d’une formation.
#[derive(Serialize, ToSchema)]
struct Publications {
    /// La plus récente d’abord.
    publications: Vec<PublicationListee>,
    /// Numéros comparés.
    de: i64,
    a: i64,
    champs: Vec<ChampChange>,
}

async fn get_publications(appel: Appel, Path((a, f)): Chemin, Criteres(c): Criteres<Choix>) -> Rendu {
    let v = compare_versions(&appel.ctx, annee(&a)?, &id(&f)?, (c.de, c.a)).await?;
    let publications = v
        .publications
        .iter()
        .map(|(numero, ms)| PublicationListee { numero: *numero, publiee_le: instant(*ms) })
        .collect();
    let champs = v
        .champs
        .iter()
        .map(|c| ChampChange {
            libelle: c.libelle.to_string(),
            avant: c.avant.clone(),
            apres: c.apres.clone(),
        })
        .collect();
    json(&Publications { publications, de: v.de, a: v.a, champs }, None)
}
