//! The whole set-up of the courses and of their establishments as a workbook: exported, changed, shown as a difference, applied. One
//! sheet a list; in CSV, the first sheet alone.

mod appliquer;
mod capacites;
mod comparer;
mod constats;
mod etablissements;
mod exporter;
mod lieux;
mod lire;
mod ouvertures;
mod presentation;
mod regroupements;
mod schema;

pub use appliquer::{applied_findings, apply_descriptions};
pub use comparer::{ApercuFichier, DifferenceFichier, preview_descriptions};
pub use constats::ConstatFichier;
pub(super) use etablissements::cibles_decrites;
pub use exporter::export_descriptions;
pub use lire::FauteFichier;
pub(crate) use schema::simple as colonne;
pub use schema::{ColonneSchema, FeuilleSchema, workbook_schema};

use std::collections::HashMap;

use domain::droits::{self, Action};
use domain::formations::description::{CHAMPS, Champ, Description, Nature, Rubrique, write_texte};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::formations::{self as base, FiltreGestion, LigneGestion, LigneGroupe};
use store::sessions::load_calendrier;

use super::description::{Lieux, genre_de, lit};
use super::gestion::cible_of;
use super::parametrage::is_lisible;
use super::{distinctes, load_groupes_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::nombre;
use crate::sessions::campagne;

/// First columns of each sheet: what says which course a line is about; only the first is read back.
const IDENTITE: [&str; 3] = ["Identifiant", "Formation", "Établissement"];
/// Name of the first sheet.
const FORMATIONS: &str = "Formations";

fn simples() -> impl Iterator<Item = &'static Champ> {
    CHAMPS.iter().filter(|c| c.colonnes().is_empty())
}

fn listes() -> impl Iterator<Item = &'static Champ> {
    CHAMPS.iter().filter(|c| !c.colonnes().is_empty())
}

/// The stored text as the spreadsheet shows it: labels rather than codes, names rather than identifiers.
fn cellule(c: &Champ, stocke: &str, lieux: &Lieux) -> String {
    match c.nature {
        Nature::Site | Nature::Composante | Nature::Choix(_) | Nature::Jour => lieux.lisible(c, stocke),
        _ => write_texte(c, stocke),
    }
}

struct Chargees {
    lignes: Vec<LigneGestion>,
    descriptions: HashMap<i64, Description>,
    /// What the fields of the courses of each establishment may name, by its key.
    lieux: HashMap<i64, Lieux>,
    groupes: HashMap<i64, Vec<LigneGroupe>>,
    /// The groupings that these courses are in.
    regroupements: Vec<regroupements::Regroupement>,
    /// The establishments that the person describes.
    maisons: Vec<etablissements::Maison>,
    /// First and last day of the campaign.
    campagne: (Date, Date),
}

impl Chargees {
    /// The ranking groups of a course.
    fn groupes(&self, l: &LigneGestion) -> &[LigneGroupe] {
        self.groupes.get(&l.id).map_or(&[], Vec::as_slice)
    }

    /// The draft of a course; nothing said is an empty one.
    fn description(&self, l: &LigneGestion) -> &Description {
        static VIDE: Description = Description::EMPTY;
        self.descriptions.get(&l.id).unwrap_or(&VIDE)
    }

    fn lieux(&self, l: &LigneGestion) -> &Lieux {
        static AUCUN: Lieux = Lieux { sites: Vec::new(), composantes: Vec::new() };
        self.lieux.get(&l.etablissement_id).unwrap_or(&AUCUN)
    }
}

async fn charge(ctx: &Ctx, session: i64) -> Result<Chargees, AppError> {
    let db = &ctx.app.db;
    let scope = droits::scope_session(&ctx.acteur, Action::ConsulterParametrage, session)?;
    let filtre = FiltreGestion { session, modifiables: true, ..FiltreGestion::default() };
    let max = ctx.app.limites.lot_formations;
    if base::count_gestion(db, &scope, &filtre).await? > max {
        let message = format!(
            "Un classeur contient {} formations au plus : votre périmètre en a davantage.",
            nombre(max)
        );
        return Err(AppError::Invalid(vec![("fichier", message)]));
    }
    let lignes = base::list_gestion(db, &scope, &filtre, max, 0).await?;
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let mut descriptions = HashMap::new();
    for d in base::descriptions(db, &cles).await? {
        let Some(l) = lignes.iter().find(|l| l.id == d.formation_session_id) else { continue };
        descriptions.insert(d.formation_session_id, lit(&d.contenu, genre_de(&l.famille, &l.libelle))?);
    }
    let maisons = distinctes(lignes.iter().map(|l| l.etablissement_id));
    let lieux = Lieux::load_all(db, session, &maisons).await?;
    let maisons = etablissements::charge(ctx, session, &maisons).await?;
    let groupes = load_groupes_of(db, &cles).await?;
    let regroupements = regroupements::charge(db, &lignes).await?;
    let campagne = campagne(&load_calendrier(db, session).await?);
    Ok(Chargees { lignes, descriptions, lieux, groupes, regroupements, maisons, campagne })
}

/// A page of a course, which the reader may open: where what a file says of it is put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFormation {
    /// Public identifier of the course.
    pub formation: String,
    /// Code of a part of its description; empty: the page of the course itself.
    pub partie: String,
}

impl PageFormation {
    /// The page of the course itself.
    fn of(l: &LigneGestion) -> Self {
        Self { formation: l.public_id.clone(), partie: String::new() }
    }

    /// That of a part; R-DRO-04: of the course itself for who does not open that part.
    fn partie(ctx: &Ctx, session: i64, l: &LigneGestion, rubrique: Rubrique) -> Self {
        let lisible = rubrique != Rubrique::Frais || lit_frais(ctx, session, l);
        let partie = if lisible { rubrique.code().to_owned() } else { String::new() };
        Self { partie, ..Self::of(l) }
    }
}

/// R-DRO-04: fees are not for everybody.
fn lit_frais(ctx: &Ctx, session: i64, l: &LigneGestion) -> bool {
    is_lisible(ctx, "frais_centimes", &cible_of(session, l))
}
