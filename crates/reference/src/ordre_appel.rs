//! § 2 and § 3: the call order of a ranking group, and its late changes.

use std::collections::VecDeque;

use crate::has_double;

/// A candidate of a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classe {
    /// Who.
    pub candidat: i64,
    /// Pedagogical rank, from 1; holes are allowed.
    pub rang: i64,
    /// Scholarship holder of secondary education, certified.
    pub boursier: bool,
    /// Of the sector, or held to be.
    pub resident: bool,
}

/// A ranking group and its rates, per cent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classement {
    /// qB: 0 where there is no such rate.
    pub taux_min_boursiers: i64,
    /// qR: 0 where there is no such rate.
    pub taux_min_residents: i64,
    /// In any order.
    pub classes: Vec<Classe>,
}

/// Code of a refusal, as the specification names it.
pub type Refus = &'static str;

/// § 2.1: what refuses a ranking.
///
/// # Errors
/// The code of the first fault, rates first.
pub fn check(c: &Classement) -> Result<(), Refus> {
    for taux in [c.taux_min_boursiers, c.taux_min_residents] {
        if !(0..=100).contains(&taux) {
            return Err("taux_hors_bornes");
        }
    }
    if c.classes.iter().any(|k| k.rang <= 0) {
        return Err("rang_classement_non_positif");
    }
    if has_double(c.classes.iter().map(|k| k.rang)) {
        return Err("rang_classement_en_double");
    }
    if has_double(c.classes.iter().map(|k| k.candidat)) {
        return Err("candidat_en_double");
    }
    Ok(())
}

/// § 2.2: the candidates in the order in which they are called.
///
/// # Errors
/// As [`check`].
pub fn call_order(c: &Classement) -> Result<Vec<i64>, Refus> {
    check(c)?;
    let mut classes = c.classes.clone();
    classes.sort_by_key(|k| k.rang);
    // Four queues, each in the order of the ranking.
    let file = |boursier: bool, resident: bool| -> VecDeque<Classe> {
        classes.iter().filter(|k| k.boursier == boursier && k.resident == resident).copied().collect()
    };
    let mut files = [file(true, true), file(true, false), file(false, true), file(false, false)];
    let nb = classes.iter().filter(|k| k.boursier).count() as i64;
    let nres = classes.iter().filter(|k| k.resident).count() as i64;
    let (mut b, mut r) = (0, 0);
    let mut appel = Vec::with_capacity(classes.len());
    for k in 1..=classes.len() as i64 {
        let contrainte_boursiers = b < nb && 100 * b < c.taux_min_boursiers * k;
        let contrainte_residents = r < nres && 100 * r < c.taux_min_residents * k;
        let admissible =
            |t: &Classe| (t.boursier || !contrainte_boursiers) && (t.resident || !contrainte_residents);
        let tetes = files.iter().enumerate().filter_map(|(i, f)| f.front().map(|t| (i, *t)));
        let choisie = tetes.filter(|(_, t)| admissible(t)).min_by_key(|(_, t)| t.rang).map(|(i, _)| i);
        // Nobody meets both: the rate of scholarship holders wins.
        let Some(appele) = files[choisie.unwrap_or(1)].pop_front() else { break };
        b += i64::from(appele.boursier);
        r += i64::from(appele.resident);
        appel.push(appele.candidat);
    }
    Ok(appel)
}

/// § 3: the rank in the call order of a candidate who is put, or put again, at a rank of the ranking.
///
/// # Errors
/// `rang_classement_non_positif` for a rank that is none; as [`check`] for the ranking.
pub fn late_change(c: &Classement, change: Classe) -> Result<i64, Refus> {
    check(c)?;
    if change.rang <= 0 {
        return Err("rang_classement_non_positif");
    }
    let mut apres = c.clone();
    apres.classes.retain(|k| k.candidat != change.candidat);
    for k in apres.classes.iter_mut().filter(|k| k.rang >= change.rang) {
        k.rang += 1;
    }
    apres.classes.push(change);
    let ordre = call_order(&apres)?;
    let place = ordre.iter().position(|candidat| *candidat == change.candidat).unwrap_or_default();
    Ok(place as i64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classement(qb: i64, qr: i64, classes: &[(bool, bool)]) -> Classement {
        let classes = classes.iter().zip(1..).map(|(&(boursier, resident), n)| Classe {
            candidat: n,
            rang: 10 * n,
            boursier,
            resident,
        });
        Classement { taux_min_boursiers: qb, taux_min_residents: qr, classes: classes.collect() }
    }

    #[test]
    fn one_scholarship_holder_in_four_places_from_the_first() {
        let c = classement(25, 0, &[(false, false), (false, false), (false, false), (true, false)]);
        assert_eq!(call_order(&c), Ok(vec![4, 1, 2, 3]));
    }

    #[test]
    fn where_nobody_meets_both_the_scholarship_wins() {
        let c = classement(100, 100, &[(false, true), (true, false)]);
        assert_eq!(call_order(&c), Ok(vec![2, 1]));
    }

    #[test]
    fn faults_have_their_codes() {
        assert_eq!(call_order(&classement(101, 0, &[])), Err("taux_hors_bornes"));
        let mut c = classement(0, 0, &[(false, false), (false, false)]);
        c.classes[1].rang = 10;
        assert_eq!(call_order(&c), Err("rang_classement_en_double"));
        c.classes[1].rang = 0;
        assert_eq!(call_order(&c), Err("rang_classement_non_positif"));
        c.classes[1] = Classe { candidat: 1, rang: 5, ..c.classes[0] };
        assert_eq!(call_order(&c), Err("candidat_en_double"));
    }

    #[test]
    fn a_late_change_gives_the_place_of_that_candidate() {
        let c = classement(0, 0, &[(false, false), (false, false), (false, false)]);
        let change = Classe { candidat: 9, rang: 15, boursier: false, resident: false };
        assert_eq!(late_change(&c, change), Ok(2));
        assert_eq!(late_change(&c, Classe { rang: 0, ..change }), Err("rang_classement_non_positif"));
    }
}
