//! `/api/v1/sessions/{annee}/formations/reconduction`: last year's capacity and places put back in many courses (R-FOR-24), the
//! differences read before.

use app::AppError;
use app::formations::{
    Bilan, LaisseeDeCote, LigneReconduction, reconduct_possibles, view_reconduction, view_reconduite,
};
use axum::extract::Path;
use axum::http::Method;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commun::{FormationLue, RecepisseActe, aucune, lues};
use super::formations::Acte;
use crate::api::appel::{Appel, Corps, annee, fait, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};

pub fn routes() -> Interface {
    let doc = |nom, resume| Doc::new("formations", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/formations/reconduction",
            Action::ConsulterCapacites,
            doc("comparer_capacites", "Ce que changerait, formation par formation, la capacité de l’an dernier")
                .rend::<CapacitesPassees>(),
            get_reconduction,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/formations/reconduction",
            Some(Action::ModifierCapacites),
            doc("reprendre_capacites", "Remettre la capacité et les places de l’an dernier dans plusieurs formations")
                .detail(
                    "Demande l’opération « Capacités et frais » sur chacune. Chaque formation est nommée avec la version qui a été lue ; \
                     celle qui a changé depuis est laissée de côté, avec `a_relire`. Les frais ne sont pas repris. Ce qui peut l’être l’est, \
                     sous un seul récépissé ; chacune des autres reste telle quelle et dit pourquoi. Si aucune ne peut l’être, rien n’est \
                     fait : la réponse est 422, avec le code `aucune_reprise` et, dans « champs », ce qui retient chaque formation.",
                )
                .recoit::<CapacitesAReprendre>()
                .rend::<RepriseFaite>()
                .cle(),
            post_reconduction,
        )
}

/// Un nombre qui n’est pas celui de l’an dernier.
#[derive(Serialize, ToSchema)]
struct EcartPasse {
    /// « Capacité d’accueil », ou les places d’un groupe.
    libelle: String,
    /// Du brouillon ; null : non déclaré.
    ici: Option<i64>,
    avant: i64,
}

/// La capacité d’une formation à côté de celle de l’an dernier.
#[derive(Serialize, ToSchema)]
struct CapacitePassee {
    /// Identifiant public.
    id: String,
    formation: String,
    etablissement: String,
    /// Du brouillon ; null : non déclarée.
    capacite: Option<i64>,
    /// Null : non déclarée l’an dernier, ou formation nouvelle.
    capacite_avant: Option<i64>,
    ecarts: Vec<EcartPasse>,
    /// Peut être reprise maintenant, et change quelque chose.
    possible: bool,
    /// Pourquoi elle ne peut pas l’être.
    empechement: Option<String>,
    /// À renvoyer telle quelle pour la reprendre.
    version: String,
}

impl From<LigneReconduction> for CapacitePassee {
    fn from(l: LigneReconduction) -> Self {
        Self {
            possible: l.is_reprenable(),
            id: l.id,
            formation: l.libelle,
            etablissement: l.etablissement,
            capacite: l.capacite,
            capacite_avant: l.capacite_avant,
            ecarts: l
                .ecarts
                .into_iter()
                .map(|e| EcartPasse { libelle: e.libelle, ici: e.ici, avant: e.avant })
                .collect(),
            empechement: l.empechement,
            version: l.version.to_string(),
        }
    }
}

/// Les capacités à côté de celles de l’an dernier.
#[derive(Serialize, ToSchema)]
struct CapacitesPassees {
    /// Formations du jeton, celles qui sont fermées à part.
    total: i64,
    /// Écrire ces capacités.
    saisie: Acte,
    /// Autant qu’un seul acte peut en reprendre.
    formations: Vec<CapacitePassee>,
}

async fn get_reconduction(appel: Appel, Path(a): Path<String>) -> Rendu {
    let v = view_reconduction(&appel.ctx, annee(&a)?, None).await?;
    let (total, saisie) = (v.total, Acte::new(&v.saisie));
    let formations = v.lignes.into_iter().map(CapacitePassee::from).collect();
    json(&CapacitesPassees { total, saisie, formations }, None)
}

/// Une formation, et ce qui en a été lu.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapaciteLue {
    /// Identifiant public.
    id: String,
    /// Celle de la lecture.
    version: String,
}

/// Les formations dont la capacité est à reprendre.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CapacitesAReprendre {
    /// Chacune une fois.
    formations: Vec<CapaciteLue>,
}

/// Une formation dont la capacité reste telle quelle.
#[derive(Serialize, ToSchema)]
struct CapaciteLaissee {
    /// Identifiant public.
    id: String,
    /// Formation et établissement.
    formation: String,
    motifs: Vec<String>,
    /// Elle a déjà la capacité et les places de l’an dernier.
    deja: bool,
    /// Elle a changé depuis la version nommée : relisez-la, puis recommencez avec sa nouvelle version.
    a_relire: bool,
}

impl From<LaisseeDeCote> for CapaciteLaissee {
    fn from(l: LaisseeDeCote) -> Self {
        Self { id: l.id, formation: l.formation, motifs: l.motifs, deja: l.a_jour, a_relire: l.a_relire }
    }
}

/// Ce qui a été repris.
#[derive(Serialize, ToSchema)]
struct RepriseFaite {
    recepisse: RecepisseActe,
    /// Identifiants publics de celles dont les nombres sont repris.
    reprises: Vec<String>,
    /// Les autres, dans l’ordre de la demande.
    laissees: Vec<CapaciteLaissee>,
}

/// As the other acts on many courses name theirs.
fn versions(formations: &[CapaciteLue]) -> Result<Vec<FormationLue>, Box<Probleme>> {
    let mut lues = Vec::with_capacity(formations.len());
    for (i, f) in formations.iter().enumerate() {
        let version = f.version.parse().map_err(|_| {
            Probleme::champ(
                format!("formations[{i}].version"),
                "renvoyez la version telle qu’elle a été lue.",
            )
        })?;
        lues.push(FormationLue { id: f.id.clone(), version });
    }
    Ok(lues)
}

fn aucune_reprise(bilan: &Bilan) -> Box<Probleme> {
    let detail = "Aucune capacité n’est reprise. « champs » dit pourquoi, formation par formation.";
    aucune("aucune_reprise", detail, bilan)
}

async fn post_reconduction(
    appel: Appel,
    Path(a): Path<String>,
    Corps(c): Corps<CapacitesAReprendre>,
) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let choisies = lues(&appel, &versions(&c.formations)?)?;
    match reconduct_possibles(&appel.ctx, &garde, annee(&a)?, &choisies).await? {
        Ok(r) => {
            // From the receipt: the same call made again reads what the first one did.
            let bilan = view_reconduite(&appel.ctx, &r.numero).await?.ok_or(AppError::NotFound)?;
            let faite = RepriseFaite {
                recepisse: RecepisseActe::from(&r),
                reprises: bilan.faites,
                laissees: bilan.laissees.into_iter().map(CapaciteLaissee::from).collect(),
            };
            Ok(fait(json(&faite, None)?, &r))
        }
        Err(bilan) => Err(aucune_reprise(&bilan)),
    }
}
