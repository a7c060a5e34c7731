//! `/api/v1/sessions/{annee}/classeur`: the whole set-up as a file, read first, applied then.

use app::FormatTableau;
use app::formations::{
    ConstatFichier, applied_findings, apply_descriptions, export_descriptions, preview_descriptions,
};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{Method, StatusCode};
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commun::{FauteLigne, RecepisseActe};
use crate::api::appel::{Appel, Corps, annee, fait, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::{Probleme, Rendu};
use crate::socle::tableur;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv";

pub fn routes() -> Interface {
    let ecrire = Some(Action::ModifierFormation);
    let doc = |nom, resume| Doc::new("classeur", nom, resume);
    Interface::default()
        .lit(
            "/api/v1/sessions/{annee}/classeur",
            Action::ConsulterParametrage,
            doc("lire_classeur", "Tout le paramétrage des formations du jeton en un fichier")
                .detail(
                    "CSV (UTF-8, points-virgules) ou XLSX, selon l’en-tête Accept. Le XLSX a aussi les listes et, pour un jeton qui \
                     décrit des établissements, ce que chacun dit de lui au public, une ligne par UAI.",
                )
                .rend_fichier(&[CSV, XLSX]),
            get_classeur,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/classeur/lecture",
            ecrire,
            doc(
                "relire_classeur",
                "Lire un fichier et dire ce que son application changerait ; rien n’est changé",
            )
            .detail(
                "« constats » : ce que trouve la relecture des grilles que le fichier change (règles B1 à B7 et A1 à A8) et des \
                 capacités qu’il écrit, les pièces demandées que la plateforme transmet déjà, et ce qu’une formation dit quand son \
                 établissement répond le contraire. Aucun ne refuse le fichier.",
            )
            .recoit_fichier(&[CSV, XLSX])
            .rend::<LectureClasseur>(),
            post_lecture,
        )
        .route(
            Method::POST,
            "/api/v1/sessions/{annee}/classeur/application",
            ecrire,
            doc("appliquer_classeur", "Appliquer un fichier lu")
                .detail("La réponse redit les constats de la lecture : ce qui reste à corriger, ou à faire confirmer.")
                .recoit::<ApplicationClasseur>()
                .rend::<ClasseurApplique>()
                .cle()
                .long(),
            post_application,
        )
}

async fn get_classeur(appel: Appel, Path(a): Path<String>) -> Rendu {
    let format = if appel.wants(XLSX) { FormatTableau::Xlsx } else { FormatTableau::Csv };
    let e = export_descriptions(&appel.ctx, annee(&a)?, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

/// Un champ que le fichier changerait.
#[derive(Serialize, ToSchema)]
struct DifferenceClasseur {
    /// Formation et établissement, ou l’établissement seul avec son UAI.
    formation: String,
    champ: String,
    avant: String,
    apres: String,
    /// D’une liste de l’établissement (composantes, sites, journées portes ouvertes), les lignes qui seraient perdues.
    retirees: Vec<String>,
}

/// Ce que la relecture trouve dans ce que le fichier apporte.
#[derive(Serialize, ToSchema)]
struct ConstatClasseur {
    /// Feuille d’un classeur ; vide pour un CSV.
    feuille: String,
    /// À partir de 1, celle des titres.
    ligne: u64,
    /// Formation et établissement.
    formation: String,
    /// Le champ de la grille et le critère, la capacité, ou un autre champ de la description.
    champ: String,
    /// Règle de la grille (« B4 »), raison de relire une capacité (« chiffre_ajoute »), ou ce qui est à savoir (« bulletins_transmis »,
    /// « internat_contredit »).
    code: String,
    /// Rien n’est publié tant que ce n’est pas corrigé, ou confirmé par une deuxième personne.
    bloquant: bool,
    /// Les mots relevés ; aucun pour ce qui manque, ou pour un nombre.
    mots: Vec<String>,
    /// Ce qui ne va pas.
    message: String,
    /// Ce qui est proposé.
    correction: String,
}

impl From<ConstatFichier> for ConstatClasseur {
    fn from(c: ConstatFichier) -> Self {
        Self {
            feuille: c.feuille,
            ligne: c.ligne,
            formation: c.formation,
            champ: c.champ,
            code: c.code,
            bloquant: c.bloquant,
            mots: c.mots,
            message: c.message,
            correction: c.correction,
        }
    }
}

/// Ce que ferait l’application d’un fichier.
#[derive(Serialize, ToSchema)]
struct LectureClasseur {
    /// Formations que nomme le fichier.
    formations: usize,
    /// Établissements que nomment les feuilles qui les décrivent.
    etablissements: usize,
    /// Une seule refuse tout le fichier.
    fautes: Vec<FauteLigne>,
    /// Lignes des listes des établissements qui seraient perdues.
    lignes_retirees: usize,
    differences: Vec<DifferenceClasseur>,
    /// Aucun ne refuse le fichier.
    constats: Vec<ConstatClasseur>,
    /// Pour l’appliquer ; null : rien à appliquer.
    recu: Option<String>,
}

async fn post_lecture(appel: Appel, Path(a): Path<String>, octets: Bytes) -> Rendu {
    let nom = match appel.genre() {
        CSV => "fichier.csv",
        XLSX => "fichier.xlsx",
        _ => {
            let quoi = format!("Envoyez un fichier : Content-Type: {CSV} ou {XLSX}.");
            return Err(Probleme::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "format", quoi));
        }
    };
    let l = preview_descriptions(&appel.ctx, annee(&a)?, nom, &octets).await?;
    json(
        &LectureClasseur {
            formations: l.formations,
            etablissements: l.etablissements,
            fautes: l.fautes.iter().map(|f| FauteLigne::new(&f.feuille, &f.faute)).collect(),
            lignes_retirees: l.lignes_retirees(),
            differences: l
                .differences
                .into_iter()
                .map(|d| DifferenceClasseur {
                    formation: d.formation,
                    champ: d.champ,
                    avant: d.avant,
                    apres: d.apres,
                    retirees: d.retirees,
                })
                .collect(),
            constats: l.constats.into_iter().map(ConstatClasseur::from).collect(),
            recu: l.recu,
        },
        None,
    )
}

/// Un fichier à appliquer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicationClasseur {
    /// Tel que la lecture du fichier l’a donné.
    recu: String,
}

/// La preuve de l’application d’un fichier, et ce qui reste à relire.
#[derive(Serialize, ToSchema)]
struct ClasseurApplique {
    #[serde(flatten)]
    recepisse: RecepisseActe,
    /// Tels que la lecture du fichier les a donnés.
    constats: Vec<ConstatClasseur>,
}

async fn post_application(
    appel: Appel,
    Path(a): Path<String>,
    Corps(c): Corps<ApplicationClasseur>,
) -> Rendu {
    let garde = appel.garde_acte(false)?;
    let r = apply_descriptions(&appel.ctx, &garde, annee(&a)?, &c.recu).await?;
    let constats = applied_findings(&appel.ctx, &r.numero).await?;
    let vue = ClasseurApplique {
        recepisse: RecepisseActe::from(&r),
        constats: constats.into_iter().map(ConstatClasseur::from).collect(),
    };
    Ok(fait(json(&vue, None)?, &r))
}
