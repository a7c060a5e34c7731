//! Boarding schools that rank those who ask for them (`domaine.md` §6.11).

use std::collections::HashSet;

use crate::classements::check_classement;
use crate::erreurs::RuleViolation;
use crate::etablissements::Internat;

/// Who boards in one that ranks: any answer but « no boarding ».
pub const ACCUEILS: [Internat; 3] = [Internat::Mixte, Internat::Filles, Internat::Garcons];

/// The courses that a boarding school serves. Two of one scope serve the same courses, of two scopes none in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Portee {
    /// Every course of the establishment that proposes boarding and has no boarding school of its own.
    Commun,
    /// One course, by its key in the session.
    Propre(i64),
}

impl Portee {
    /// The scope of a stored line; `None` = common.
    pub fn of(formation_session: Option<i64>) -> Self {
        formation_session.map_or(Self::Commun, Self::Propre)
    }

    /// Key of the only course served.
    pub const fn formation(self) -> Option<i64> {
        match self {
            Self::Commun => None,
            Self::Propre(f) => Some(f),
        }
    }
}

/// A boarding school declared by an establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declare {
    /// Internal key.
    pub id: i64,
    /// What it serves.
    pub portee: Portee,
    /// Its ranking is transmitted.
    pub transmis: bool,
}

/// The others that serve the same courses.
pub fn freres(tous: &[Declare], id: i64, portee: Portee) -> impl Iterator<Item = &Declare> {
    tous.iter().filter(move |d| d.id != id && d.portee == portee)
}

/// R-INT-03: once the ranking of a boarding school is transmitted, what it offers is not changed nor taken away, and what
/// serves its courses neither: nobody who was ranked finds another one than the one they were ranked in.
///
/// `avant`: the one that is changed or removed; `apres`: what it will serve, `None` when it is removed.
///
/// # Errors
/// [`RuleViolation::ClassementTransmis`] for its own ranking, [`RuleViolation::InternatFige`] for that of another.
pub fn check_declaration(
    tous: &[Declare],
    avant: Option<i64>,
    apres: Option<Portee>,
) -> Result<(), RuleViolation> {
    let sien = avant.and_then(|id| tous.iter().find(|d| d.id == id));
    if sien.is_some_and(|d| d.transmis) {
        return Err(RuleViolation::ClassementTransmis);
    }
    let avant = sien.map(|d| d.portee);
    if avant == apres {
        return Ok(());
    }
    // A course that gets a boarding school of its own, or loses it, leaves the common one or comes back to it.
    let touche = |portee: Portee| {
        [avant, apres].into_iter().flatten().any(|p| p == portee || portee == Portee::Commun)
    };
    if tous.iter().any(|d| d.transmis && touche(d.portee)) {
        return Err(RuleViolation::InternatFige);
    }
    Ok(())
}

/// R-INT-01: ranks 1..n without hole or tie, only people who ask for boarding there.
/// R-INT-02: whoever asks is ranked once, in one of those that serve the same courses; nobody is drawn by lots. The last of
/// them to be transmitted ranks all those who are left.
///
/// `ordre`: candidate numbers, best first. `demandeurs`: all those who ask. `pris`: ranked in another one already transmitted.
/// `derniere`: no other one that serves the same courses is still to be transmitted.
///
/// # Errors
/// The first rule broken. An order of nobody is an oversight while somebody is left.
pub fn check_transmission(
    ordre: &[i64],
    demandeurs: &HashSet<i64>,
    pris: &HashSet<i64>,
    derniere: bool,
) -> Result<(), RuleViolation> {
    check_classement(ordre, demandeurs, true)?;
    if let Some(&numero) = ordre.iter().find(|n| pris.contains(n)) {
        return Err(RuleViolation::CandidatDejaInterne { numero });
    }
    let manquants = demandeurs.iter().filter(|n| !pris.contains(n)).count() - ordre.len();
    if manquants > 0 && (derniere || ordre.is_empty()) {
        return Err(RuleViolation::InternatIncomplet {
            manquants: u32::try_from(manquants).unwrap_or(u32::MAX),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gens(numeros: &[i64]) -> HashSet<i64> {
        numeros.iter().copied().collect()
    }

    #[test]
    fn r_int_01_a_boarding_school_ranks_once_each_of_those_who_ask() {
        let (tous, personne) = (gens(&[1, 2, 3]), gens(&[]));
        assert_eq!(check_transmission(&[3, 1, 2], &tous, &personne, true), Ok(()));
        assert_eq!(
            check_transmission(&[3, 3, 1, 2], &tous, &personne, true),
            Err(RuleViolation::CandidatClasseDeuxFois)
        );
        assert_eq!(
            check_transmission(&[3, 1, 2, 4], &tous, &personne, true),
            Err(RuleViolation::CandidatInconnu { numero: 4 })
        );
    }

    #[test]
    fn r_int_02_alone_it_ranks_everybody_and_nobody_is_ranked_twice_among_several() {
        let (tous, personne) = (gens(&[1, 2, 3]), gens(&[]));
        let manque = |n| Err(RuleViolation::InternatIncomplet { manquants: n });
        assert_eq!(check_transmission(&[3, 1], &tous, &personne, true), manque(1));
        // The girls first: the boys are left to the other one, which takes all those who are left and nobody else.
        assert_eq!(check_transmission(&[3, 1], &tous, &personne, false), Ok(()));
        let filles = gens(&[1, 3]);
        assert_eq!(check_transmission(&[2], &tous, &filles, true), Ok(()));
        assert_eq!(check_transmission(&[], &tous, &filles, true), manque(1));
        assert_eq!(
            check_transmission(&[2, 3], &tous, &filles, true),
            Err(RuleViolation::CandidatDejaInterne { numero: 3 })
        );
        // Nobody ranked while somebody asks is an oversight, last or not; nobody left is not.
        assert_eq!(check_transmission(&[], &tous, &personne, false), manque(3));
        assert_eq!(check_transmission(&[], &tous, &tous, true), Ok(()));
        assert_eq!(check_transmission(&[], &personne, &personne, true), Ok(()));
    }

    #[test]
    fn r_int_02_whatever_the_turns_everybody_ends_in_one_of_them() {
        // Three candidates, two schools: every way to share them, in both turns.
        for partage in 0..8u32 {
            let (un, deux): (Vec<i64>, Vec<i64>) = (0..3).partition(|n| partage & (1 << n) != 0);
            let tous = gens(&[0, 1, 2]);
            let premier = check_transmission(&un, &tous, &gens(&[]), false);
            assert_eq!(premier.is_ok(), !un.is_empty(), "{partage}");
            assert_eq!(check_transmission(&deux, &tous, &gens(&un), true), Ok(()), "{partage}");
            for oubli in 0..deux.len() {
                let mut court = deux.clone();
                court.remove(oubli);
                assert!(check_transmission(&court, &tous, &gens(&un), true).is_err(), "{partage}");
            }
        }
    }

    #[test]
    fn r_int_03_what_a_transmitted_ranking_was_made_for_does_not_change() {
        let d = |id, portee, transmis| Declare { id, portee, transmis };
        let propre = Portee::Propre;
        let libres = [d(1, Portee::Commun, false), d(2, propre(7), false)];
        for acte in
            [(None, Some(Portee::Commun)), (Some(1), None), (Some(2), Some(propre(8))), (Some(2), None)]
        {
            assert_eq!(check_declaration(&libres, acte.0, acte.1), Ok(()), "{acte:?}");
        }
        let fige = Err(RuleViolation::InternatFige);
        let transmis = Err(RuleViolation::ClassementTransmis);
        // The girls' is transmitted: the boys' keeps its courses; its label and its places may still be put right.
        let filles = [d(1, Portee::Commun, true), d(2, Portee::Commun, false), d(3, propre(7), false)];
        assert_eq!(check_declaration(&filles, Some(1), Some(Portee::Commun)), transmis);
        assert_eq!(check_declaration(&filles, Some(1), None), transmis);
        assert_eq!(check_declaration(&filles, Some(2), Some(Portee::Commun)), Ok(()));
        assert_eq!(check_declaration(&filles, Some(2), None), fige);
        assert_eq!(check_declaration(&filles, Some(2), Some(propre(7))), fige);
        assert_eq!(check_declaration(&filles, None, Some(Portee::Commun)), fige);
        // A course that comes to have its own leaves the common one; that lost it comes back to it.
        assert_eq!(check_declaration(&filles, None, Some(propre(9))), fige);
        assert_eq!(check_declaration(&filles, Some(3), None), fige);
        // That of one course is transmitted: the others of the establishment are free.
        let un = [d(1, propre(7), true), d(2, Portee::Commun, false), d(3, propre(8), false)];
        assert_eq!(check_declaration(&un, None, Some(propre(9))), Ok(()));
        assert_eq!(check_declaration(&un, Some(2), None), Ok(()));
        assert_eq!(check_declaration(&un, Some(3), Some(propre(7))), fige);
        assert_eq!(freres(&filles, 1, Portee::Commun).map(|d| d.id).collect::<Vec<_>>(), [2]);
    }
}
