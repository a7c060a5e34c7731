//! Classements: one strict ranking per ranking group.

mod ordre;

pub use ordre::{Depart, Sens, deplacer, par_moyenne, reclasser};

use std::collections::HashSet;

use crate::erreurs::RuleViolation;

/// R-CLA-01: ranks 1..n without hole or tie, each candidate once, only candidates of the group.
/// R-CLA-02: a non selective course ranks every record.
///
/// `ordre`: candidate numbers, best first. `connus`: numbers of the candidates of the group.
///
/// # Errors
/// The first rule broken.
pub fn check_classement(ordre: &[i64], connus: &HashSet<i64>, selective: bool) -> Result<(), RuleViolation> {
    let mut vus = HashSet::with_capacity(ordre.len());
    for &numero in ordre {
        if !connus.contains(&numero) {
            return Err(RuleViolation::CandidatInconnu { numero });
        }
        if !vus.insert(numero) {
            return Err(RuleViolation::CandidatClasseDeuxFois);
        }
    }
    let manquants = connus.len() - vus.len();
    if !selective && manquants > 0 {
        return Err(RuleViolation::ClassementIncomplet {
            manquants: u32::try_from(manquants).unwrap_or(u32::MAX),
        });
    }
    Ok(())
}

/// R-CLA-05: what may be transmitted. Final: the ranked wishes wait for the call order, and in a selective course
/// the others are refused, which is why nobody ranked at all is taken for an oversight.
///
/// # Errors
/// The first rule broken.
pub fn check_transmission(
    ordre: &[i64],
    connus: &HashSet<i64>,
    selective: bool,
    sans_classement: bool,
) -> Result<(), RuleViolation> {
    if sans_classement {
        return Err(RuleViolation::GroupeSansClassement);
    }
    check_classement(ordre, connus, selective)?;
    if ordre.is_empty() && !connus.is_empty() {
        return Err(RuleViolation::ClassementVide);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cla_01_each_candidate_of_the_group_once() {
        let connus = HashSet::from([1, 2, 3]);
        assert_eq!(check_classement(&[3, 1], &connus, true), Ok(()));
        assert_eq!(check_classement(&[3, 3], &connus, true), Err(RuleViolation::CandidatClasseDeuxFois));
        assert_eq!(check_classement(&[4], &connus, true), Err(RuleViolation::CandidatInconnu { numero: 4 }));
    }

    #[test]
    fn r_cla_05_an_empty_ranking_is_transmitted_only_when_there_is_nobody() {
        let connus = HashSet::from([1, 2]);
        assert_eq!(check_transmission(&[], &connus, true, false), Err(RuleViolation::ClassementVide));
        assert_eq!(check_transmission(&[], &HashSet::new(), true, false), Ok(()));
        assert_eq!(check_transmission(&[2], &connus, true, false), Ok(()));
        assert_eq!(
            check_transmission(&[2, 1], &connus, false, true),
            Err(RuleViolation::GroupeSansClassement)
        );
    }

    #[test]
    fn r_cla_02_a_non_selective_course_refuses_nobody() {
        let connus = HashSet::from([1, 2, 3]);
        assert_eq!(
            check_classement(&[3, 1], &connus, false),
            Err(RuleViolation::ClassementIncomplet { manquants: 1 })
        );
        assert_eq!(check_classement(&[3, 1, 2], &connus, false), Ok(()));
    }
}
