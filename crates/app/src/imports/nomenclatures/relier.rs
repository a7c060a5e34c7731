//! Giving each course its national type, and its draft the national text that it does not have yet.

use std::collections::{BTreeMap, HashMap};

use domain::formations::description::{Description, Valeur};
use domain::formations::nomenclature::{Nomenclature, Rapprochement, TypeNational};
use domain::formations::{EtatFormation, StatutFormation};
use serde::Serialize;
use store::formations::{self, NouvelleDescription};
use store::nomenclatures::{self as base, FormationATyper, LigneType};
use store::{Ecriture, Sql};

use crate::erreur::AppError;
use crate::formations::{ecrit, genre_de, lit};

/// What becomes of the courses of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Liens {
    /// All those of the session.
    pub formations: u64,
    /// Whose type is that of the code of their offer.
    pub par_code: u64,
    /// Whose type has their label and their status.
    pub par_libelle: u64,
    /// Labels without a type, or with several, and how many courses have each.
    pub sans_type: BTreeMap<String, u64>,
    /// Courses that take a type, or another one.
    pub types_poses: u64,
    /// Drafts whose expectations are filled with the national text.
    pub remplis: u64,
    /// Drafts that say it already.
    pub identiques: u64,
    /// Drafts that say something else: left as they are.
    pub autres: u64,
    /// First of them: course and establishment.
    pub montres: Vec<String>,
}

impl Liens {
    /// Courses named in a report.
    const MAX_MONTRES: usize = 50;

    /// Courses without a type.
    pub fn total_sans_type(&self) -> u64 {
        self.sans_type.values().sum()
    }
}

/// Courses read at once.
const LOT: i64 = 1_000;

/// R-FOR-16, R-FOR-17: gives a type to each course of a session, by code then by label; while the session is open, fills what
/// is expected in the drafts where nothing is said, and counts those that say something else. Without an `Ecriture`, only says
/// what would be written. Types that are not in the base yet have the key 0.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn relier<C: Sql + EnTransaction>(
    c: &C,
    e: Option<&Ecriture<'_>>,
    (session, ouverte): (i64, bool),
    types: &[LigneType],
    liens: &mut Liens,
) -> Result<(), AppError> {
    if types.is_empty() {
        return Ok(());
    }
    let nomenclature = Nomenclature::new(types.iter().map(|t| TypeNational {
        code: t.code,
        sigle: &t.sigle,
        libelle: &t.libelle,
        apprentissage: t.apprentissage == 1,
    }));
    // Few labels, many courses.
    let mut par_libelle: HashMap<(String, String), Rapprochement> = HashMap::new();
    let mut apres = 0;
    loop {
        let lot = base::courses(c, session, apres, LOT).await?;
        let Some(derniere) = lot.last() else { return Ok(()) };
        apres = derniere.id;
        let mut poses: BTreeMap<Option<i64>, Vec<i64>> = BTreeMap::new();
        let mut nouvelles = Vec::new();
        let mut completees = Vec::new();
        for f in lot {
            liens.formations += 1;
            let trouve = of_course(&nomenclature, &f, &mut par_libelle, liens).and_then(|i| types.get(i));
            if f.type_formation_id != trouve.map(|t| t.id) {
                liens.types_poses += 1;
                poses.entry(trouve.map(|t| t.id)).or_default().push(f.id);
            }
            let Some(texte) = trouve.map(|t| t.attendus.as_str()).filter(|t| ouverte && !t.is_empty()) else {
                continue;
            };
            if let Some(d) = complete(&f, texte, liens)? {
                let genre = genre_de(&f.famille, &f.libelle);
                let (contenu, manques) = (ecrit(&d)?, d.a_completer(genre));
                match f.description_version {
                    None => nouvelles.push((f.id, contenu, manques, false)),
                    Some(version) => completees.push((f.id, version, contenu, manques)),
                }
            }
        }
        let Some((tx, e)) = c.transaction().zip(e) else { continue };
        for (type_formation, courses) in poses {
            base::set_type(tx, type_formation, &courses).await?;
        }
        formations::add_descriptions(tx, e, nouvelles).await?;
        for (id, version, contenu, manques) in completees {
            let n = NouvelleDescription { contenu: &contenu, manques, confirmee: false };
            formations::save_description(tx, e, id, Some(version), &n).await?;
        }
    }
}

/// What reads, and writes when it is a transaction.
pub(crate) trait EnTransaction {
    /// The transaction that it is.
    fn transaction(&self) -> Option<&store::Tx>;
}

impl EnTransaction for store::Tx {
    fn transaction(&self) -> Option<&store::Tx> {
        Some(self)
    }
}

impl EnTransaction for store::Db {
    fn transaction(&self) -> Option<&store::Tx> {
        None
    }
}

fn of_course(
    nomenclature: &Nomenclature,
    f: &FormationATyper,
    par_libelle: &mut HashMap<(String, String), Rapprochement>,
    liens: &mut Liens,
) -> Option<usize> {
    if let Some(i) = f.code_type.and_then(|code| nomenclature.of_code(code)) {
        liens.par_code += 1;
        return Some(i);
    }
    let r = *par_libelle.entry((f.libelle.clone(), f.statut.clone())).or_insert_with(|| {
        let statut = StatutFormation::from_code(&f.statut).unwrap_or(StatutFormation::Etudiant);
        nomenclature.of_libelle(&f.libelle, statut)
    });
    match r {
        Rapprochement::Trouve(i) => {
            liens.par_libelle += 1;
            Some(i)
        }
        Rapprochement::Ambigu => {
            *liens.sans_type.entry(format!("{} (plusieurs types)", f.libelle)).or_default() += 1;
            None
        }
        Rapprochement::Inconnu => {
            *liens.sans_type.entry(f.libelle.clone()).or_default() += 1;
            None
        }
    }
}

/// The draft with the national text, when it says nothing of what is expected; a closed course is left alone.
fn complete(f: &FormationATyper, texte: &str, liens: &mut Liens) -> Result<Option<Description>, AppError> {
    if f.etat == EtatFormation::Fermee.code() {
        return Ok(None);
    }
    let genre = genre_de(&f.famille, &f.libelle);
    let mut d = f.contenu.as_deref().map_or_else(|| Ok(Description::default()), |c| lit(c, genre))?;
    match d.texte("attendus") {
        "" => {
            liens.remplis += 1;
            d.pose("attendus", Some(Valeur::Texte(texte.to_owned())));
            return Ok(Some(d));
        }
        dit if dit == texte => liens.identiques += 1,
        _ => {
            liens.autres += 1;
            if liens.montres.len() < Liens::MAX_MONTRES {
                liens.montres.push(format!("{} — {}", f.libelle, f.etablissement));
            }
        }
    }
    Ok(None)
}
