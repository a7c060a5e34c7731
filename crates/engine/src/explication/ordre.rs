//! One candidat in the call order of a groupe: what each rate has moved.

use crate::ordre_appel::{
    GroupeClassement, Modification, Profil, ProprieteOrdre, RefusOrdre, compute_ordre_appel, modify,
};

/// Where a candidat stands in the ranking and in the call order, and what each rate did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplicationOrdre {
    /// Candidats ranked in the groupe.
    pub classes: u32,
    /// The boursiers among them.
    pub boursiers: u32,
    /// The residents among them.
    pub residents: u32,
    /// Minimum rate of boursiers, per cent (0: no rate).
    pub taux_min_boursiers: i32,
    /// Minimum rate of residents, per cent (0: no rate).
    pub taux_min_residents: i32,
    /// What the rates look at in the candidat.
    pub profil: Profil,
    /// Rank given by the formation; ranks may have holes.
    pub rang: i32,
    /// Place among the ranked, holes closed: the rang d'appel if there were no rate.
    pub place: u32,
    /// The call order under both rates.
    pub effet: Effet,
    /// Under the rate of boursiers alone.
    pub boursiers_seuls: Effet,
    /// Under the rate of residents alone.
    pub residents_seuls: Effet,
    /// What the law guarantees to such a candidat.
    pub garantie: Garantie,
}

/// What rates do to a candidat: `rang_appel` is `place`, less `gagnees`, plus `perdues`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effet {
    /// The rang d'appel.
    pub rang_appel: u32,
    /// Better-ranked candidats who are called after.
    pub gagnees: u32,
    /// Worse-ranked candidats who are called before.
    pub perdues: u32,
    /// The boursiers among the latter.
    pub perdues_boursiers: u32,
    /// The residents among the latter.
    pub perdues_residents: u32,
}

/// A published property that bounds the rang d'appel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Garantie {
    /// Which one: O2 to O5.
    pub propriete: ProprieteOrdre,
    /// The highest rang d'appel possible for this place in the ranking, whoever the others are (none: no bound).
    pub rang_appel_maximal: Option<u32>,
}

/// What a late change of ranking gives to its candidat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplicationModification {
    /// The rang d'appel before, when the candidat was ranked.
    pub rang_appel_avant: Option<u32>,
    /// Where the change puts the candidat.
    pub apres: ExplicationOrdre,
}

/// Explains the rang d'appel of the candidat at a position of the groupe; none when there is no such position.
///
/// # Errors
/// As [`compute_ordre_appel`].
pub fn explain_ordre(
    groupe: &GroupeClassement,
    position: u32,
) -> Result<Option<ExplicationOrdre>, RefusOrdre> {
    let (taux_b, taux_r) = (groupe.taux_min_boursiers, groupe.taux_min_residents);
    let effet = |taux_b: i32, taux_r: i32| {
        let essai =
            GroupeClassement { taux_min_boursiers: taux_b, taux_min_residents: taux_r, ..groupe.clone() };
        Ok(effect(groupe, &compute_ordre_appel(&essai)?.ordre, position))
    };
    let both = effet(taux_b, taux_r)?;
    let p = position as usize;
    let (Some(&rang), Some(&profil)) = (groupe.rang.get(p), groupe.profil.get(p)) else { return Ok(None) };
    let place = 1 + groupe.rang.iter().filter(|&&autre| autre < rang).count() as u32;
    let count = |is: fn(Profil) -> bool| groupe.profil.iter().filter(|&&profil| is(profil)).count() as u32;
    Ok(Some(ExplicationOrdre {
        classes: groupe.len() as u32,
        boursiers: count(Profil::is_boursier),
        residents: count(Profil::is_resident),
        taux_min_boursiers: taux_b,
        taux_min_residents: taux_r,
        profil,
        rang,
        place,
        effet: both,
        boursiers_seuls: effet(taux_b, 0)?,
        residents_seuls: effet(0, taux_r)?,
        garantie: guarantee(profil, place, groupe),
    }))
}

/// Explains the rang d'appel that a late change of ranking gives.
///
/// # Errors
/// As [`crate::ordre_appel::apply_modification`].
pub fn explain_modification(
    groupe: &GroupeClassement,
    modification: &Modification,
) -> Result<Option<ExplicationModification>, RefusOrdre> {
    let (modifie, position) = modify(groupe, modification)?;
    let ancienne = groupe.candidat.iter().position(|&candidat| candidat == modification.candidat);
    // The groupe before may be refused for what the change repairs: then nothing is said of before.
    let rang_appel_avant = ancienne
        .and_then(|p| Some(compute_ordre_appel(groupe).ok()?.rangs_appel().get(p).copied()))
        .flatten();
    Ok(explain_ordre(&modifie, position)?.map(|apres| ExplicationModification {
        rang_appel_avant,
        apres: ExplicationOrdre { rang: modification.nouveau_rang, ..apres },
    }))
}

fn effect(groupe: &GroupeClassement, ordre: &[u32], position: u32) -> Effet {
    let Some(indice) = ordre.iter().position(|&p| p == position) else { return Effet::default() };
    let rang = groupe.rang[position as usize];
    let worse = || ordre[..indice].iter().map(|&p| p as usize).filter(|&p| groupe.rang[p] > rang);
    let worse_who = |is: fn(Profil) -> bool| worse().filter(|&p| is(groupe.profil[p])).count() as u32;
    Effet {
        rang_appel: indice as u32 + 1,
        gagnees: ordre[indice..].iter().filter(|&&p| groupe.rang[p as usize] < rang).count() as u32,
        perdues: worse().count() as u32,
        perdues_boursiers: worse_who(Profil::is_boursier),
        perdues_residents: worse_who(Profil::is_resident),
    }
}

/// O2 to O5, on places rather than ranks: the call order depends on relative ranks only.
fn guarantee(profil: Profil, place: u32, groupe: &GroupeClassement) -> Garantie {
    let (qb, qr) = (i64::from(groupe.taux_min_boursiers), i64::from(groupe.taux_min_residents));
    let r = i64::from(place);
    // Without a rate nobody overtakes; at 100 per cent nothing bounds.
    let under = |q: i64| match q {
        0 => Some(r),
        100 => None,
        _ => Some(1 + 100 * r / (100 - q)),
    };
    let (boursier, resident) = (profil.is_boursier(), profil.is_resident() || qr == 0);
    let (propriete, maximal) = match (boursier, resident) {
        (true, true) => (ProprieteOrdre::O2, Some(r)),
        (false, true) => (ProprieteOrdre::O3, under(qb)),
        (true, false) => (ProprieteOrdre::O4, under(qr)),
        (false, false) => {
            let rest = 100 - qb - qr;
            let bound = (rest > 0).then(|| (100 * (r + 1) + rest - 1) / rest);
            (ProprieteOrdre::O5, bound)
        }
    };
    let classes = groupe.len() as i64;
    Garantie { propriete, rang_appel_maximal: maximal.map(|bound| bound.min(classes) as u32) }
}
