//! A ranking corrected after the ordre d'appel was published: only the candidat concerned gets a new rang d'appel.

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
/// As [`compute_ordre_appel`]; also when the new rank is not positive.
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
    if modification.nouveau_rang <= 0 {
        return Err(RefusOrdre::RangNonPositif { position: None, rang: modification.nouveau_rang });
    }
    // The result depends on relative ranks only: renumbering from 1 makes room for the newcomer just before its rank
    // and cannot overflow, whatever the ranks.
    let mut autres: Vec<usize> =
        (0..groupe.len()).filter(|&i| groupe.candidat[i] != modification.candidat).collect();
    autres.sort_by_key(|&i| groupe.rang[i]);
    for (paire, suivante) in autres.iter().zip(autres.iter().skip(1)) {
        if groupe.rang[*paire] == groupe.rang[*suivante] {
            return Err(RefusOrdre::RangEnDouble { positions: [*paire as u32, *suivante as u32] });
        }
    }
    if let Some(&premier) = autres.first()
        && groupe.rang[premier] <= 0
    {
        return Err(RefusOrdre::RangNonPositif {
            position: Some(premier as u32),
            rang: groupe.rang[premier],
        });
    }
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
}
