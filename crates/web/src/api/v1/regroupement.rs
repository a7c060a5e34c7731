//! `/api/v1/sessions/{annee}/formations/{id}/regroupement`: the courses that are one multiple wish together (R-REG-01 to 07), for a
//! token that has the settings of each of them (R-API-11).

use app::formations::{
    FormationRegroupee, Regrouper, VueRegroupement, group_courses, ungroup_course, view_regroupement,
};
use app::idempotence::{Garde, Recepisse};
use axum::extract::Path;
use axum::http::Method;
use domain::PublicId;
use domain::droits::Action;
use domain::formations::regroupement::Mutualisation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Type;

use super::formations::Acte;
use crate::api::appel::{Appel, Corps, Criteres, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let regrouper = Some(Action::RegrouperFormations);
    let doc = |nom, resume| Doc::new("formations", nom, resume).rend::<EtatRegroupement>();
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations/{id}/regroupement",
            Action::ConsulterParametrage,
            doc("lire_regroupement", "Le vœu multiple d’une formation, et ce qui pourrait y entrer").critere(
                "texte",
                "Mots des formations à proposer ; sans eux, celles de l’établissement.",
                Type::String,
            ),
            get_regroupement,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/formations/{id}/regroupement",
            regrouper,
            doc("regrouper", "Regrouper une formation avec d’autres, ou modifier son vœu multiple en entier")
                .detail(
                    "Demande un jeton qui écrit l’établissement et qui a l’opération « Paramétrage » sur chacune des formations, \
                     celles qui en sortent aussi.",
                )
                .recoit::<RegroupementEcrit>()
                .version(),
            put_regroupement,
        )
        .route(
            Method::DELETE,
            "/api/v1/sessions/{annee}/formations/{id}/regroupement",
            regrouper,
            doc("degrouper", "Retirer une formation de son vœu multiple").version(),
            delete_regroupement,
        )
}

/// Une formation du vœu multiple, ou qui pourrait y entrer.
#[derive(Serialize, ToSchema)]
struct FormationVue {
    /// Identifiant public.
    id: String,
    libelle: String,
    etablissement: String,
    lieu: String,
    /// Déjà dans un autre vœu multiple.
    ailleurs: bool,
}

/// Un vœu multiple.
#[derive(Serialize, ToSchema)]
struct VoeuMultiple {
    libelle: String,
    /// Ce que les formations ont en commun : `aucune`, `epreuves` ou `dossier_unique`.
    mutualisation: &'static str,
    formations: Vec<FormationVue>,
    /// Identifiant public de la formation dont le classement sert à toutes ; null sans dossier unique.
    porteuse: Option<String>,
}

/// Le vœu multiple d’une formation.
#[derive(Serialize, ToSchema)]
struct EtatRegroupement {
    /// Null : les candidats y font un vœu à part.
    regroupement: Option<VoeuMultiple>,
    /// Des candidats y ont fait un vœu : il ne change plus.
    avec_voeux: bool,
    /// Des formations n’en sont pas confiées au jeton : il ne le change pas.
    hors_portee: bool,
    /// Le modifier.
    modification: Acte,
    /// Formations du même type que le jeton pourrait y mettre ; les premières.
    proposees: Vec<FormationVue>,
}

/// Le vœu multiple, en entier.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RegroupementEcrit {
    /// Tel que les candidats le lisent.
    libelle: String,
    /// `aucune`, `epreuves` ou `dossier_unique`.
    mutualisation: String,
    /// Identifiants publics des autres formations.
    formations: Vec<String>,
}

fn formation(f: &FormationRegroupee) -> FormationVue {
    FormationVue {
        id: f.id.clone(),
        libelle: f.intitule.libelle.clone(),
        etablissement: f.intitule.etablissement.clone(),
        lieu: f.intitule.lieu.clone(),
        ailleurs: f.ailleurs,
    }
}

fn rend(v: &VueRegroupement) -> Rendu {
    let regroupement = v.regroupement.as_ref().map(|r| VoeuMultiple {
        libelle: r.libelle.clone(),
        mutualisation: r.mutualisation.code(),
        porteuse: r.porteuse().map(|f| f.id.clone()),
        formations: r.formations.iter().map(formation).collect(),
    });
    json(
        &EtatRegroupement {
            regroupement,
            avec_voeux: v.avec_voeux,
            hors_portee: v.hors_portee,
            modification: Acte::new(&v.ouverture),
            proposees: v.proposees.iter().map(formation).collect(),
        },
        Some(v.version),
    )
}

/// Words to find courses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recherche {
    #[serde(default)]
    texte: String,
}

type Chemin = Path<(String, String)>;

async fn get_regroupement(appel: Appel, Path((a, f)): Chemin, Criteres(r): Criteres<Recherche>) -> Rendu {
    rend(&view_regroupement(&appel.ctx, annee(&a)?, &id(&f)?, &r.texte).await?)
}

/// What the course belongs to once the act is done.
async fn conclude(
    appel: &Appel,
    (a, f): (i64, &PublicId),
    garde: &Garde,
    fait_ou_non: Result<Recepisse, app::AppError>,
) -> Rendu {
    match fait_ou_non {
        Ok(recepisse) => Ok(fait(rend(&view_regroupement(&appel.ctx, a, f, "").await?)?, &recepisse)),
        Err(e) => {
            let actuelle = view_regroupement(&appel.ctx, a, f, "").await.ok().map(|v| v.version);
            Err(depassee(e, garde, actuelle))
        }
    }
}

async fn put_regroupement(appel: Appel, Path((a, f)): Chemin, Corps(r): Corps<RegroupementEcrit>) -> Rendu {
    let garde = appel.garde(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    let mutualisation = Mutualisation::from_code(&r.mutualisation)
        .ok_or_else(|| Probleme::champ("mutualisation", "aucune, epreuves ou dossier_unique."))?;
    let cmd = Regrouper { libelle: r.libelle, mutualisation, formations: r.formations };
    let fait = group_courses(&appel.ctx, &garde, a, &f, &cmd).await;
    conclude(&appel, (a, &f), &garde, fait).await
}

async fn delete_regroupement(appel: Appel, Path((a, f)): Chemin) -> Rendu {
    let garde = appel.garde(true)?;
    let (a, f) = (annee(&a)?, id(&f)?);
    let fait = ungroup_course(&appel.ctx, &garde, a, &f).await;
    conclude(&appel, (a, &f), &garde, fait).await
}
