//! `/api/v1/nomenclatures`: what fields mean; nobody's data.

use axum::http::Method;
use domain::formations::description::{CHAMPS, Champ, Exigence, Genres, Nature};
use domain::formations::{Famille, Genre};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::appel::{AppelPublic, json};
use crate::api::document::{Doc, Interface};
use crate::api::probleme::Rendu;

pub fn routes() -> Interface {
    let doc = |nom, resume| Doc::new("nomenclatures", nom, resume);
    Interface::default()
        .route(
            Method::GET,
            "/api/v1/nomenclatures/champs",
            None,
            doc(
                "lister_champs",
                "Les champs de la description : type, bornes, valeurs, quand ils sont exigés",
            )
            .rend::<Champs>(),
            get_champs,
        )
        .route(
            Method::GET,
            "/api/v1/nomenclatures/familles",
            None,
            doc("lister_familles", "Les familles et les genres de formations").rend::<FamillesListees>(),
            get_familles,
        )
}

/// Une valeur possible.
#[derive(Serialize, ToSchema)]
struct ValeurPossible {
    /// Ce que l’interface lit et écrit.
    code: &'static str,
    libelle: &'static str,
}

/// Un champ de la description.
#[derive(Serialize, ToSchema)]
struct ChampDecrit {
    /// Son nom dans l’interface.
    code: &'static str,
    /// Rubrique.
    rubrique: &'static str,
    libelle: &'static str,
    aide: &'static str,
    /// `texte`, `oui_non`, `choix`, `nombre`, `montant`, `jour`, `courriel`, `telephone`, `site`, `composante` ou `liste`.
    nature: &'static str,
    /// Caractères, ou lignes d’une liste, au plus.
    maximum: Option<usize>,
    /// Plus petite et plus grande valeur d’un nombre.
    bornes: Option<Vec<i64>>,
    valeurs: Vec<ValeurPossible>,
    /// Exigé avant publication : `toujours`, `jamais`, ou selon un autre champ.
    exige: String,
    /// Les candidats le lisent.
    public: bool,
    /// Rendu obligatoire par l’article D. 612-1-5 du code de l’éducation.
    reglementaire: bool,
    /// Codes des genres de formations qui l’ont ; vide : tous.
    genres: Vec<&'static str>,
    /// Champs des lignes d’une liste.
    #[schema(no_recursion)]
    colonnes: Vec<ChampDecrit>,
}

/// Les champs de la description.
#[derive(Serialize, ToSchema)]
struct Champs {
    champs: Vec<ChampDecrit>,
}

fn decrit(c: &'static Champ) -> ChampDecrit {
    let (nature, maximum, bornes) = match c.nature {
        Nature::Texte(max) | Nature::Zone(max) => ("texte", Some(max), None),
        Nature::OuiNon => ("oui_non", None, None),
        Nature::Choix(_) => ("choix", None, None),
        Nature::Nombre(min, max) => ("nombre", None, Some(vec![min, max])),
        Nature::Montant => ("montant", None, None),
        Nature::Jour => ("jour", None, None),
        Nature::Courriel => ("courriel", None, None),
        Nature::Telephone => ("telephone", None, None),
        Nature::Site => ("site", None, None),
        Nature::Composante => ("composante", None, None),
        Nature::Liste(_, max, _) => ("liste", Some(max), None),
    };
    let valeurs = match c.nature {
        Nature::Choix(liste) => {
            liste.iter().map(|(code, libelle)| ValeurPossible { code, libelle }).collect()
        }
        _ => Vec::new(),
    };
    ChampDecrit {
        code: c.code,
        rubrique: c.rubrique.code(),
        libelle: c.libelle,
        aide: c.aide,
        nature,
        maximum,
        bornes,
        valeurs,
        exige: match c.exige {
            Exigence::Facultatif => "jamais".to_owned(),
            Exigence::Toujours => "toujours".to_owned(),
            Exigence::Si(code, ["*"], _) => format!("si « {code} » est rempli"),
            Exigence::Si(code, valeurs, _) => format!("si « {code} » vaut {}", valeurs.join(" ou ")),
        },
        public: c.public,
        reglementaire: c.reglementaire,
        genres: match c.genres {
            Genres::Tous => Vec::new(),
            Genres::Seulement(liste) => liste.iter().map(|g| g.code()).collect(),
        },
        colonnes: c.colonnes().iter().map(decrit).collect(),
    }
}

async fn get_champs(_: AppelPublic) -> Rendu {
    json(&Champs { champs: CHAMPS.iter().map(decrit).collect() }, None)
}

/// Une famille, ou un genre, de formations.
#[derive(Serialize, ToSchema)]
struct FamilleListee {
    code: &'static str,
    libelle: &'static str,
}

/// Les familles de formations, et leurs genres : une famille qui réunit plusieurs diplômes en a plusieurs, l’intitulé dit lequel.
#[derive(Serialize, ToSchema)]
struct FamillesListees {
    /// Ce que filtrent les recherches.
    familles: Vec<FamilleListee>,
    /// Ce dont dépendent les champs de la description.
    genres: Vec<FamilleListee>,
}

async fn get_familles(_: AppelPublic) -> Rendu {
    let familles =
        Famille::ALL.into_iter().map(|f| FamilleListee { code: f.code(), libelle: f.libelle() }).collect();
    let genres =
        Genre::ALL.into_iter().map(|g| FamilleListee { code: g.code(), libelle: g.libelle() }).collect();
    json(&FamillesListees { familles, genres }, None)
}
