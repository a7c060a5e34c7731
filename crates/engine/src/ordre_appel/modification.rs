//! A ranking corrected after the ordre d'appel was published: only the candidat concerned gets a new rang d'appel.

use super::calcul::check_groupe;
use super::{GroupeClassement, Profil, RefusOrdre, compute_ordre_appel};

/// The candidat to insert or to move, and its new pedagogical rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modification {
    /// The candidat.
    pub candidat: u32,
    /// Its new pedagogical rank, at least 1; those of this rank and after move down by one.
    pub nouveau_rang: i32,
    /// Its profile.
    pub profil: Profil,
}

/// The rang d'appel of the candidat after the modification. The other candidats keep theirs, moved down by one from
/// that rank on.
///
/// # Errors
/// As [`compute_ordre_appel`] for the groupe as it is given, the row of the candidat included; also when the new rank is not
/// positive.
pub fn apply_modification(groupe: &GroupeClassement, modification: &Modification) -> Result<u32, RefusOrdre> {
    let (modifie, position) = modify(groupe, modification)?;
    let ordre = compute_ordre_appel(&modifie)?;
    Ok(ordre.rangs_appel()[position as usize])
}

/// The ranking after the modification, renumbered from 1, and the position of the candidat in it.
pub(crate) fn modify(
    groupe: &GroupeClassement,
    modification: &Modification,
) -> Result<(GroupeClassement, u32), RefusOrdre> {
    // The ranking was published: whatever would refuse it refuses the change, even in the row that the change takes away.
    check_groupe(groupe)?;
    if modification.nouveau_rang <= 0 {
        return Err(RefusOrdre::RangNonPositif { position: None, rang: modification.nouveau_rang });
    }
    // The result depends on relative ranks only: renumbering from 1 makes room for the newcomer just before its rank
    // and cannot overflow, whatever the ranks.
    let mut autres: Vec<usize> =
        (0..groupe.len()).filter(|&i| groupe.candidat[i] != modification.candidat).collect();
    autres.sort_by_key(|&i| groupe.rang[i]);
    let avant = autres.partition_point(|&i| groupe.rang[i] < modification.nouveau_rang);
    let mut modifie = GroupeClassement::new(groupe.taux_min_boursiers, groupe.taux_min_residents);
    let mut rang = 0;
    let mut push = |candidat, profil| {
        rang += 1;
        modifie.push(candidat, rang, profil);
    };
    for &i in &autres[..avant] {
        push(groupe.candidat[i], groupe.profil[i]);
    }
    push(modification.candidat, modification.profil);
    for &i in &autres[avant..] {
        push(groupe.candidat[i], groupe.profil[i]);
    }
    Ok((modifie, avant as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groupe() -> GroupeClassement {
        let mut groupe = GroupeClassement::new(0, 0);
        for (candidat, rang) in [(10, 2), (11, 5), (12, i32::MAX)] {
            groupe.push(candidat, rang, Profil::default());
        }
        groupe
    }

    fn apply(candidat: u32, nouveau_rang: i32) -> Result<u32, RefusOrdre> {
        apply_modification(&groupe(), &Modification { candidat, nouveau_rang, profil: Profil::default() })
    }

    #[test]
    fn inserts_before_its_rank_even_at_the_greatest_one() {
        assert_eq!(apply(99, 1), Ok(1));
        assert_eq!(apply(99, 5), Ok(2));
        assert_eq!(apply(99, 6), Ok(3));
        assert_eq!(apply(99, i32::MAX), Ok(3));
    }

    #[test]
    fn moving_does_not_close_the_hole() {
        assert_eq!(apply(10, 5), Ok(1));
        assert_eq!(apply(10, 6), Ok(2));
    }

    #[test]
    fn refuses_a_rank_that_is_not_positive() {
        assert_eq!(apply(10, 0).map_err(|refus| refus.code()), Err("rang_classement_non_positif"));
    }

    #[test]
    fn a_ranking_that_would_be_refused_refuses_the_change_whoever_moves() {
        type Faux = (fn(&mut GroupeClassement), &'static str);
        let faux: [Faux; 5] = [
            (|g| g.rang[0] = 0, "rang_classement_non_positif"),
            (|g| g.rang[0] = 5, "rang_classement_en_double"),
            (|g| g.candidat[1] = 10, "candidat_en_double"),
            (|g| g.taux_min_residents = 101, "taux_hors_bornes"),
            (|g| g.rang.truncate(1), "colonnes_incoherentes"),
        ];
        for (spoil, code) in faux {
            let mut spoilt = groupe();
            spoil(&mut spoilt);
            // The candidat of the faulty row, another one, and one who is not ranked.
            for candidat in [10, 12, 99] {
                let change = Modification { candidat, nouveau_rang: 3, profil: Profil::default() };
                let refus = apply_modification(&spoilt, &change).map_err(|refus| refus.code());
                assert_eq!(refus, Err(code), "{candidat}");
            }
        }
    }
}
