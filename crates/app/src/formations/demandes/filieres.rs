//! R-VIE-13: the national type that a new course is asked for with, where the session has the national list.

use domain::RuleViolation;
use domain::droits::Action;
use domain::formations::demandes::NouvelleOffre;
use domain::formations::nomenclature::{FiliereNationale, cherche};
use domain::formations::{Famille, StatutFormation};
use store::Sql;
use store::nomenclatures::{self as base, LigneType, NomType};

use super::effets::champ;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::motif::read_motif;
use crate::sessions;

/// Types shown of those that words find.
const MONTREES: usize = 20;

/// A national type, as it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filiere {
    /// National code.
    pub code: i64,
    /// « BTS-ME ».
    pub sigle: String,
    /// Title of its courses.
    pub titre: String,
    /// Their family.
    pub famille: Famille,
    /// Under which status they are followed.
    pub statut: StatutFormation,
}

impl Filiere {
    fn new(code: i64, f: FiliereNationale<'_>) -> Self {
        let sigle = f.sigle.to_owned();
        Self { code, sigle, titre: f.titre(), famille: f.famille(), statut: f.statut() }
    }
}

/// What is found in the national list, and what is chosen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filieres {
    /// The first of those that the words find.
    pub trouvees: Vec<Filiere>,
    /// How many they find.
    pub total: usize,
    /// The one of the code, with what is expected nationally: one paragraph a line, empty when the nation says nothing.
    pub choisie: Option<(Filiere, String)>,
}

fn lue<'t>(sigle: &'t str, libelle: &'t str, apprentissage: i64, las: i64) -> FiliereNationale<'t> {
    FiliereNationale { sigle, libelle, apprentissage: apprentissage == 1, las: las == 1 }
}

fn offerte(t: &NomType) -> FiliereNationale<'_> {
    lue(&t.sigle, &t.libelle, t.apprentissage, t.las)
}

fn nationale(t: &LigneType) -> FiliereNationale<'_> {
    lue(&t.sigle, &t.libelle, t.apprentissage, t.las)
}

/// The national types that words find, and the one of a code; `None`: the session has no national list.
///
/// # Errors
/// [`AppError::Denied`] for whoever may not ask for a course; [`AppError::NotFound`] for an unknown session.
pub async fn search_filieres(
    ctx: &Ctx,
    annee: i64,
    mots: &str,
    code: Option<i64>,
) -> Result<Option<Filieres>, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::DemanderFormation)?;
    let session = sessions::session(db, annee).await?.id;
    // Thousands of types are read for words alone.
    let noms = if mots.trim().is_empty() { Vec::new() } else { base::noms(db, session).await? };
    if noms.is_empty() && !base::has_types(db, session).await? {
        return Ok(None);
    }
    let choisie = match code {
        None => None,
        Some(code) => base::type_by_code(db, session, code).await?,
    };
    let toutes: Vec<FiliereNationale<'_>> = noms.iter().map(offerte).collect();
    let places = cherche(&toutes, mots);
    let montree = |i: &usize| noms.get(*i).map(|t| Filiere::new(t.code, offerte(t)));
    Ok(Some(Filieres {
        trouvees: places.iter().take(MONTREES).filter_map(montree).collect(),
        total: places.len(),
        choisie: choisie.map(|t| (Filiere::new(t.code, nationale(&t)), t.attendus)),
    }))
}

/// R-VIE-13: a new course as it is asked for: with what its national type says of it; without one, with the reason where the session
/// has the national list.
///
/// # Errors
/// [`RuleViolation::Champ`]; [`AppError::Invalid`] for a reason that says nothing.
pub(super) async fn with_nomenclature(
    ctx: &Ctx,
    c: &impl Sql,
    session: i64,
    offre: &NouvelleOffre,
) -> Result<NouvelleOffre, AppError> {
    let raison = offre.hors_nomenclature.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let sans = NouvelleOffre { hors_nomenclature: None, ..offre.clone() };
    match (offre.filiere, raison) {
        (Some(_), Some(_)) => Err(champ("hors_nomenclature", "filiere")),
        (Some(code), None) => {
            let t = base::type_by_code(c, session, code).await?;
            let t = t.ok_or_else(|| champ("filiere", "inconnue"))?;
            Ok(sans.with_filiere(nationale(&t))?)
        }
        (None, raison) => {
            if !base::has_types(c, session).await? {
                return Ok(sans);
            }
            let raison = raison.ok_or(RuleViolation::Champ { champ: "filiere", motif: "manquante" })?;
            let raison = read_motif(ctx, raison, "hors_nomenclature")?;
            Ok(NouvelleOffre { hors_nomenclature: Some(raison), ..sans })
        }
    }
}
