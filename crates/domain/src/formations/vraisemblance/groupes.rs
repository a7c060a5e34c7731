//! R-CAP-04, R-CAP-07: the places of the ranking groups of a course, whatever their total.

use super::{Contexte, Etendue, Raison, Seuils, between};

/// The places of a ranking group, now and in the session before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacesGroupe {
    /// As typed or imported.
    pub libelle: String,
    /// Its candidates, as they are stored.
    pub series: String,
    /// Of the draft.
    pub places: i64,
    /// `None`: the group is new.
    pub avant: Option<i64>,
}

/// The share of the places that the ranking groups of the same candidates have in the courses of a type, in per cent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartGroupe {
    /// The candidates, as a group stores them.
    pub series: String,
    /// Few of these groups have less.
    pub bas: i64,
    /// Few have more.
    pub haut: i64,
    /// They are of courses of the same title, not only of the same family.
    pub meme_intitule: bool,
}

impl PartGroupe {
    /// From the shares in the session before: those of the courses of the same title, and of the whole family. `None` when there are
    /// too few to say anything.
    pub fn new(series: &str, meme_intitule: &[i64], famille: &[i64], seuils: &Seuils) -> Option<Self> {
        let e = Etendue::new(meme_intitule, famille, seuils)?;
        Some(Self { series: series.to_owned(), bas: e.bas, haut: e.haut, meme_intitule: e.meme_intitule })
    }
}

/// R-CAP-04, R-CAP-07: against the places that the groups had, whatever their total.
pub(super) fn raisons(c: &Contexte, s: &Seuils) -> Vec<Raison> {
    if c.groupes.len() < 2 {
        return Vec::new();
    }
    if let Some(echange) = groupes_echanges(&c.groupes, s) {
        return vec![echange];
    }
    let deplaces = are_moved(&c.groupes, s);
    c.groupes.iter().flat_map(|g| groupe(g, deplaces, c, s)).collect()
}

/// R-CAP-04: two groups that changed places, the rest being as it was, by more than an ordinary change.
fn groupes_echanges(groupes: &[PlacesGroupe], s: &Seuils) -> Option<Raison> {
    let changes: Vec<&PlacesGroupe> = groupes.iter().filter(|g| g.avant != Some(g.places)).collect();
    let [a, b] = changes[..] else { return None };
    let (grand, petit) = (a.places.max(b.places), a.places.min(b.places));
    let echange = a.avant == Some(b.places) && b.avant == Some(a.places);
    (echange && grand * 100 >= petit * s.hausse_usuelle)
        .then(|| Raison::GroupesEchanges { un: a.libelle.clone(), autre: b.libelle.clone() })
}

/// Three groups or more that have the same numbers, each in another place, by more than an ordinary change.
fn are_moved(groupes: &[PlacesGroupe], s: &Seuils) -> bool {
    let changes = || groupes.iter().filter(|g| g.avant != Some(g.places));
    let mut dites: Vec<Option<i64>> = changes().map(|g| Some(g.places)).collect();
    let mut eues: Vec<Option<i64>> = changes().map(|g| g.avant).collect();
    dites.sort_unstable();
    eues.sort_unstable();
    let large = |g: &PlacesGroupe| {
        g.avant.is_some_and(|n| n.max(g.places) * 100 >= n.min(g.places) * s.hausse_usuelle)
    };
    dites == eues && changes().any(large)
}

/// R-CAP-07: a group far from the places that it had, and from its share of what the course has now. A group that had none is
/// compared with its type alone.
fn groupe(g: &PlacesGroupe, deplaces: bool, c: &Contexte, s: &Seuils) -> Vec<Raison> {
    let part = hors_part(g, c, s);
    let Some(avant) = g.avant else { return part.into_iter().collect() };
    let seuils = if part.is_some() { s.groupe_rare } else { s.groupe };
    // The places expected are a fraction.
    let hors = |attendues: i64, sur: i64| {
        (g.places * sur - attendues).abs() >= s.groupe_places * sur
            && !between(g.places * sur, attendues, seuils)
    };
    let total: i64 = c.groupes.iter().map(|g| g.places).sum();
    let eu: Option<i64> = c.groupes.iter().map(|g| g.avant).sum();
    let loin = hors(avant, 1) && eu.is_none_or(|eu| eu == 0 || hors(avant * total, eu));
    if g.places == avant || !deplaces && !loin {
        return Vec::new();
    }
    let autre = c.groupes.iter().find(|a| a.libelle != g.libelle && a.avant == Some(g.places));
    let ecart = Raison::GroupeEcart {
        libelle: g.libelle.clone(),
        places: g.places,
        avant,
        autre: autre.map(|a| a.libelle.clone()),
    };
    std::iter::once(ecart).chain(part).collect()
}

/// The share of a group, outside what groups of its candidates have in courses of the type.
fn hors_part(g: &PlacesGroupe, c: &Contexte, s: &Seuils) -> Option<Raison> {
    let p = c.repere.as_ref()?.parts.iter().find(|p| p.series == g.series)?;
    let total: i64 = c.groupes.iter().map(|g| g.places).sum();
    let (bas, haut) = (total * p.bas / 100, (total * p.haut + 99) / 100);
    let hors = (bas - g.places).max(g.places - haut);
    (total > 0 && hors >= s.groupe_places).then(|| Raison::GroupePart {
        libelle: g.libelle.clone(),
        part: g.places * 100 / total,
        bas: p.bas,
        haut: p.haut,
        meme_intitule: p.meme_intitule,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SEUILS, codes, passee, places};
    use super::super::{Repere, check_vraisemblance};
    use super::*;

    #[test]
    fn r_cap_04_groups_that_changed_places_are_held() {
        let groupes = |[pro, techno, autres]: [i64; 3]| Contexte {
            groupes: places(&[
                ("pro", pro, Some(8)),
                ("techno", techno, Some(6)),
                ("general,autre", autres, Some(10)),
            ]),
            ..passee(24, 24)
        };
        assert_eq!(codes(24, &groupes([8, 10, 6])), ["groupes_echanges"]);
        assert!(codes(24, &groupes([6, 8, 10])).is_empty(), "an ordinary change");
        assert!(codes(24, &groupes([8, 6, 10])).is_empty() && codes(24, &groupes([9, 6, 9])).is_empty());
    }

    #[test]
    fn r_cap_07_a_number_in_the_wrong_group_is_held_though_the_total_is_right() {
        let groupes = |dites: [i64; 3]| Contexte {
            groupes: places(&[
                ("pro", dites[0], Some(8)),
                ("techno", dites[1], Some(6)),
                ("general,autre", dites[2], Some(10)),
            ]),
            ..passee(24, 24)
        };
        // All three moved round.
        let c = groupes([10, 8, 6]);
        assert_eq!(codes(24, &c), ["groupe_ecart"; 3]);
        assert_eq!(
            check_vraisemblance(24, &c, &SEUILS).raisons()[0].to_string(),
            "Le groupe « Bacs pro » a 10 places au lieu de 8, le nombre du groupe « Bacs general,autre » : ces places sont-elles dans le bon groupe ?"
        );
        // Six places from one to the other.
        assert_eq!(codes(24, &groupes([2, 12, 10])), ["groupe_ecart"; 2]);
        // The one that received them has less than twice its own.
        assert_eq!(codes(24, &groupes([8, 0, 16])), ["groupe_ecart"]);
        // Ordinary changes, and small groups.
        for dites in [[8, 6, 10], [10, 6, 8], [9, 7, 8], [5, 6, 13], [4, 10, 10]] {
            assert!(codes(24, &groupes(dites)).is_empty(), "{dites:?}");
        }
    }

    #[test]
    fn r_cap_07_groups_follow_a_capacity_that_changes() {
        let groupes = |pro, autres| Contexte {
            groupes: places(&[("pro", pro, Some(12)), ("general,autre", autres, Some(24))]),
            avant_derniere: Some(50),
            ..passee(36, 36)
        };
        assert!(codes(50, &groupes(16, 34)).is_empty() && codes(50, &groupes(20, 30)).is_empty());
        assert_eq!(codes(50, &groupes(4, 46)), ["groupe_ecart"], "its share falls while the course grows");
        // A group that is new is left to its type.
        let mut c = groupes(30, 6);
        c.groupes[1].avant = None;
        assert_eq!(codes(36, &c), ["groupe_ecart"]);
        c.groupes[0].avant = None;
        assert!(codes(36, &c).is_empty());
    }

    #[test]
    fn r_cap_07_the_share_of_a_group_is_compared_with_its_type() {
        let parts: Vec<i64> = (20..40).collect();
        let pro = PartGroupe::new("pro", &parts, &[], &SEUILS).expect("enough of them");
        assert_eq!((pro.bas, pro.haut, pro.meme_intitule), (21, 39, true));
        assert_eq!(PartGroupe::new("pro", &parts[..5], &parts[..9], &SEUILS), None);
        let titre: Vec<i64> = (20..40).collect();
        let repere = || Repere::new(&titre, &[], &SEUILS).map(|r| r.with_parts(vec![pro.clone()]));
        let nouvelle = |pro, autres| Contexte {
            repere: repere(),
            groupes: places(&[("pro", pro, None), ("general,autre", autres, None)]),
            ..Contexte::default()
        };
        // Of 30 places, from 6 to 12 are usual; five more or less is not much.
        assert!(codes(30, &nouvelle(8, 22)).is_empty() && codes(30, &nouvelle(17, 13)).is_empty());
        assert_eq!(codes(30, &nouvelle(18, 12)), ["groupe_part"]);
        assert_eq!(codes(30, &nouvelle(0, 30)), ["groupe_part"]);
        let dit = check_vraisemblance(30, &nouvelle(22, 8), &SEUILS).raisons()[0].to_string();
        assert_eq!(
            dit,
            "Le groupe « Bacs pro » a 73 % des places ; dans la plupart des formations du même intitulé, ces candidats en ont de 21 à 39 %."
        );
        // A change that would be ordinary is not one when it leads out of the type.
        let suivie = |repere| Contexte {
            repere,
            groupes: places(&[("pro", 19, Some(12)), ("general,autre", 11, Some(18))]),
            ..passee(30, 30)
        };
        assert!(codes(30, &suivie(None)).is_empty());
        assert_eq!(codes(30, &suivie(repere())), ["groupe_ecart", "groupe_part"]);
    }
}
