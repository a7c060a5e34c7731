//! `/api/v1/sessions/{annee}/etablissements/{id}/internats`: the boarding schools that an establishment declares, to rank those who
//! ask for a place there. Their ranking is in `classements`.

use app::AppError;
use app::internats::{
    InternatVue, SaisieInternat, VueInternats, remove_internat, save_internat, view_internats,
};
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::PublicId;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commun::quand;
use super::formations::Acte;
use crate::api::appel::{Appel, Corps, annee, depassee, fait, id, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let (lire, ecrire) = (Action::ConsulterEtablissement, Action::ModifierEtablissement);
    let doc = |nom, resume| Doc::new("etablissements", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/internats",
            lire,
            doc("lister_internats", "Les internats qui classent leurs demandes").rend::<Internats>(),
            get_liste,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/etablissements/{id}/internats",
            Some(ecrire),
            doc("declarer_internat", "Déclarer un internat")
                .recoit::<InternatEcrit>()
                .rend::<Internats>()
                .cle()
                .cree(),
            post_internat,
        )
        .lit(
            "/api/v1/sessions/{annee}/etablissements/{id}/internats/{ligne}",
            lire,
            doc("lire_internat_declare", "Un internat tel qu’il est déclaré").rend::<InternatDeclare>(),
            get_internat,
        )
        .route(
            Method::PUT,
            "/api/v1/sessions/{annee}/etablissements/{id}/internats/{ligne}",
            Some(ecrire),
            doc("ecrire_internat", "Modifier un internat")
                .recoit::<InternatEcrit>()
                .rend::<InternatDeclare>()
                .version(),
            put_internat,
        )
        .route(
            Method::DELETE,
            "/api/v1/sessions/{annee}/etablissements/{id}/internats/{ligne}",
            Some(ecrire),
            doc("retirer_internat", "Retirer un internat dont le classement n’est pas transmis")
                .rend::<Internats>()
                .version(),
            delete_internat,
        )
}

/// Un internat à déclarer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InternatEcrit {
    /// « Internat des filles ».
    libelle: String,
    /// Places.
    capacite: i64,
    /// `mixte`, `filles` ou `garcons`.
    accueil: String,
    /// Identifiant public de la seule formation servie ; null : toutes celles qui proposent un internat et n’en ont pas à elles.
    #[serde(default)]
    formation: Option<String>,
}

/// Un internat déclaré.
#[derive(Serialize, ToSchema)]
struct InternatDeclare {
    /// Identifiant public, dans les adresses, celles de son classement aussi.
    id: String,
    libelle: String,
    capacite: i64,
    /// `mixte`, `filles` ou `garcons`.
    accueil: &'static str,
    /// Identifiant public de la seule formation servie ; null : commun.
    formation: Option<String>,
    /// Un ordre est enregistré et non transmis.
    brouillon: bool,
    #[schema(format = DateTime)]
    transmis_le: Option<String>,
}

impl From<&InternatVue> for InternatDeclare {
    fn from(i: &InternatVue) -> Self {
        Self {
            id: i.public_id.clone(),
            libelle: i.libelle.clone(),
            capacite: i.capacite,
            accueil: i.accueil.code(),
            formation: i.formation.clone(),
            brouillon: i.brouillon,
            transmis_le: i.transmis_le.map(quand),
        }
    }
}

/// Les internats de l’établissement.
#[derive(Serialize, ToSchema)]
struct Internats {
    internats: Vec<InternatDeclare>,
    /// Les déclarer, les modifier.
    modification: Acte,
}

fn liste(v: &VueInternats) -> Rendu {
    let internats = v.internats.iter().map(InternatDeclare::from).collect();
    json(&Internats { internats, modification: Acte::new(&v.modification) }, None)
}

fn un<'v>(v: &'v VueInternats, ligne: &PublicId) -> Result<&'v InternatVue, Box<Probleme>> {
    v.internats.iter().find(|i| i.public_id == ligne.as_str()).ok_or_else(Probleme::absent)
}

type Chemin = Path<(String, String)>;
type CheminLigne = Path<(String, String, String)>;

async fn get_liste(appel: Appel, Path((a, e)): Chemin) -> Rendu {
    liste(&view_internats(&appel.ctx, annee(&a)?, &id(&e)?).await?)
}

async fn get_internat(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    let v = view_internats(&appel.ctx, annee(&a)?, &id(&e)?).await?;
    let i = un(&v, &id(&l)?)?;
    json(&InternatDeclare::from(i), Some(i.version))
}

fn saisie(i: InternatEcrit) -> SaisieInternat {
    SaisieInternat {
        libelle: i.libelle,
        capacite: Some(i.capacite),
        accueil: i.accueil,
        formation: i.formation.unwrap_or_default(),
    }
}

async fn post_internat(appel: Appel, Path((a, e)): Chemin, Corps(i): Corps<InternatEcrit>) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let (a, e) = (annee(&a)?, id(&e)?);
    let recepisse = save_internat(&appel.ctx, &garde, a, &e, None, &saisie(i)).await?;
    let mut reponse = fait(liste(&view_internats(&appel.ctx, a, &e).await?)?, &recepisse);
    *reponse.status_mut() = StatusCode::CREATED;
    Ok(reponse)
}

/// The stale version told apart.
async fn refuse(
    appel: &Appel,
    (a, e, l): (i64, &PublicId, &PublicId),
    erreur: AppError,
    garde: &app::idempotence::Garde,
) -> Box<Probleme> {
    let v = view_internats(&appel.ctx, a, e).await.ok();
    let actuelle = v.as_ref().and_then(|v| un(v, l).ok()).map(|i| i.version);
    depassee(erreur, garde, actuelle)
}

async fn put_internat(appel: Appel, Path((a, e, l)): CheminLigne, Corps(i): Corps<InternatEcrit>) -> Rendu {
    let garde = appel.garde(true)?;
    let (a, e, l) = (annee(&a)?, id(&e)?, id(&l)?);
    match save_internat(&appel.ctx, &garde, a, &e, Some(l.as_str()), &saisie(i)).await {
        Ok(recepisse) => {
            let v = view_internats(&appel.ctx, a, &e).await?;
            let i = un(&v, &l)?;
            Ok(fait(json(&InternatDeclare::from(i), Some(i.version))?, &recepisse))
        }
        Err(erreur) => Err(refuse(&appel, (a, &e, &l), erreur, &garde).await),
    }
}

async fn delete_internat(appel: Appel, Path((a, e, l)): CheminLigne) -> Rendu {
    let garde = appel.garde(true)?;
    let (a, e, l) = (annee(&a)?, id(&e)?, id(&l)?);
    match remove_internat(&appel.ctx, &garde, a, &e, l.as_str()).await {
        Ok(recepisse) => Ok(fait(liste(&view_internats(&appel.ctx, a, &e).await?)?, &recepisse)),
        Err(erreur) => Err(refuse(&appel, (a, &e, &l), erreur, &garde).await),
    }
}
