//! R-VIE-09, R-VIE-10: what defines the ranking groups of a course, and its sector; R-ADM-05: who is a resident.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::parametrage::check_places;
use crate::candidats::TypeBac;
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;
use crate::territoires;

/// R-VIE-09: as many groups at most as there are kinds of candidates to share.
pub const GROUPES_MAX: usize = TypeBac::ALL.len();

/// What is stored of a group that takes every series.
pub const SERIES_TOUTES: &str = "tous";

/// The series of a group as they are stored: [`SERIES_TOUTES`], or codes separated by commas, in the order of [`TypeBac::ALL`].
pub fn write_series(prise: impl Fn(TypeBac) -> bool) -> String {
    let codes: Vec<&str> = TypeBac::ALL.into_iter().filter(|t| prise(*t)).map(TypeBac::code).collect();
    if codes.len() == TypeBac::ALL.len() { SERIES_TOUTES.to_owned() } else { codes.join(",") }
}

/// The series that are stored, in the order written; an unknown code is none.
pub fn parse_series(stockees: &str) -> Vec<TypeBac> {
    if stockees.trim() == SERIES_TOUTES {
        return TypeBac::ALL.to_vec();
    }
    stockees.split(',').filter_map(|c| TypeBac::from_code(c.trim())).collect()
}

/// A ranking group, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupeVoulu {
    /// « Bacheliers professionnels ».
    pub libelle: String,
    /// Codes of [`TypeBac`] of whoever is ranked there.
    pub series: BTreeSet<String>,
    /// Its part of the capacity; not looked at for a single group, which has it all.
    pub places: i64,
}

impl GroupeVoulu {
    /// Its series as they are stored.
    pub fn series_stockees(&self) -> String {
        write_series(|t| self.series.contains(t.code()))
    }

    /// The codes of series that are stored.
    pub fn codes(stockees: &str) -> BTreeSet<String> {
        parse_series(stockees).into_iter().map(|t| t.code().to_owned()).collect()
    }
}

fn faute(champ: &'static str, motif: &'static str) -> RuleViolation {
    RuleViolation::Champ { champ, motif }
}

/// R-VIE-09: groups as they are kept: each with a name of its own, every kind of candidate in one group and no more, their places adding
/// up to the capacity (R-FOR-04), which is declared before it is shared.
///
/// # Errors
/// [`RuleViolation::Champ`] on `groupes`; [`RuleViolation::PlacesGroupes`].
pub fn check_groupes(
    voulus: &[GroupeVoulu],
    capacite: Option<i64>,
) -> Result<Vec<GroupeVoulu>, RuleViolation> {
    if voulus.is_empty() || voulus.len() > GROUPES_MAX {
        return Err(faute("groupes", "nombre"));
    }
    let mut noms = BTreeSet::new();
    let mut prises: BTreeSet<&str> = BTreeSet::new();
    let mut groupes = Vec::with_capacity(voulus.len());
    for g in voulus {
        let libelle = check_ligne("groupes", &g.libelle)?;
        if libelle.is_empty() {
            return Err(faute("groupes", "sans_nom"));
        }
        if !noms.insert(libelle.to_lowercase()) {
            return Err(faute("groupes", "nom_double"));
        }
        if g.series.is_empty() {
            return Err(faute("groupes", "sans_serie"));
        }
        for code in &g.series {
            if TypeBac::from_code(code).is_none() {
                return Err(faute("groupes", "serie_inconnue"));
            }
            if !prises.insert(code) {
                return Err(faute("groupes", "serie_double"));
            }
        }
        groupes.push(GroupeVoulu { libelle, series: g.series.clone(), places: g.places });
    }
    if prises.len() < TypeBac::ALL.len() {
        return Err(faute("groupes", "serie_absente"));
    }
    match (&mut groupes[..], capacite) {
        ([seul], capacite) => seul.places = capacite.unwrap_or(0),
        (_, None) => return Err(faute("groupes", "capacite")),
        (plusieurs, Some(capacite)) => {
            let places: Vec<i64> = plusieurs.iter().map(|g| g.places).collect();
            check_places(capacite, &places)?;
        }
    }
    Ok(groupes)
}

/// R-VIE-10: a sector: academies that exist, that of the course among them; only a course that cannot refuse has one (a maximum rate of
/// non-residents is for those, domaine §1). Gives it as it is stored: empty for the academy of the course alone.
///
/// # Errors
/// [`RuleViolation::Champ`] on `academies`; [`RuleViolation::SecteurSansLaSienne`].
pub fn check_secteur(
    academies: &BTreeSet<String>,
    sienne: &str,
    selective: bool,
) -> Result<String, RuleViolation> {
    if selective {
        return Err(faute("academies", "selective"));
    }
    let connue = |code: &String| territoires::academie(code).is_some_and(|a| a.code == code);
    if !academies.iter().all(connue) {
        return Err(faute("academies", "inconnue"));
    }
    if !academies.contains(sienne) {
        let academie = territoires::academie(sienne).map_or(sienne, |a| a.nom).to_owned();
        return Err(RuleViolation::SecteurSansLaSienne { academie });
    }
    let toutes: Vec<&str> = academies.iter().map(String::as_str).collect();
    Ok(if toutes == [sienne] { String::new() } else { toutes.join(",") })
}

/// R-ADM-05: codes of the academies whose residents are residents for a course: those of its sector, else its own.
pub fn academies_du_secteur<'s>(stocke: &'s str, sienne: &'s str) -> Vec<&'s str> {
    if stocke.is_empty() { vec![sienne] } else { stocke.split(',').collect() }
}

/// Names of those academies, in French; a code that is no longer known is left out.
pub fn noms_du_secteur(stocke: &str, sienne: &str) -> Vec<&'static str> {
    academies_du_secteur(stocke, sienne)
        .into_iter()
        .filter_map(territoires::academie)
        .map(|a| a.nom)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groupe(libelle: &str, series: &[&str], places: i64) -> GroupeVoulu {
        let series = series.iter().map(|s| (*s).to_owned()).collect();
        GroupeVoulu { libelle: libelle.to_owned(), series, places }
    }

    fn motif(groupes: &[GroupeVoulu], capacite: Option<i64>) -> &'static str {
        match check_groupes(groupes, capacite) {
            Err(RuleViolation::Champ { champ: "groupes", motif }) => motif,
            autre => panic!("{autre:?}"),
        }
    }

    #[test]
    fn r_vie_09_every_kind_of_candidate_has_one_group_and_places_add_up() {
        let pro = groupe("  Bac\tpro ", &["pro"], 10);
        let autres = groupe("Autres", &["general", "techno", "autre"], 14);
        let deux = [pro, autres.clone()];
        let gardes = check_groupes(&deux, Some(24)).expect("right");
        assert_eq!(gardes[0].libelle, "Bac pro");
        assert_eq!(gardes[1].series_stockees(), "general,techno,autre");
        assert_eq!(
            check_groupes(&deux, Some(25)),
            Err(RuleViolation::PlacesGroupes { capacite: 25, somme: 24 })
        );
        assert_eq!(motif(&deux, None), "capacite");
        assert_eq!(motif(&[], Some(24)), "nombre");
        assert_eq!(motif(&std::array::from_fn::<_, 5, _>(|_| autres.clone()), Some(24)), "nombre");
        assert_eq!(motif(&[groupe(" ", &["pro"], 10), autres.clone()], Some(24)), "sans_nom");
        assert_eq!(motif(&[groupe("autres", &["pro"], 10), autres.clone()], Some(24)), "nom_double");
        assert_eq!(motif(&[groupe("Pro", &[], 10), autres.clone()], Some(24)), "sans_serie");
        assert_eq!(motif(&[groupe("Pro", &["stmg"], 10), autres.clone()], Some(24)), "serie_inconnue");
        assert_eq!(motif(&[groupe("Pro", &["pro", "autre"], 10), autres.clone()], Some(24)), "serie_double");
        assert_eq!(motif(&[groupe("Pro", &["pro"], 10)], Some(24)), "serie_absente");
        // A single group has all the places, whatever was typed.
        let seul = groupe("Tous", &["general", "techno", "pro", "autre"], 3);
        let garde = check_groupes(std::slice::from_ref(&seul), Some(24)).expect("right");
        assert_eq!((garde[0].places, garde[0].series_stockees().as_str()), (24, "tous"));
        for stockees in ["tous", "pro", "general,techno,autre"] {
            let g = GroupeVoulu { series: GroupeVoulu::codes(stockees), ..seul.clone() };
            assert_eq!(g.series_stockees(), stockees);
        }
    }

    #[test]
    fn r_vie_10_a_sector_has_the_academy_of_the_course_and_is_for_courses_that_cannot_refuse() {
        let secteur = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<BTreeSet<_>>();
        let faux = |codes: &[&str], selective: bool| match check_secteur(&secteur(codes), "20", selective) {
            Err(RuleViolation::Champ { champ: "academies", motif }) => motif,
            autre => panic!("{autre:?}"),
        };
        assert_eq!(check_secteur(&secteur(&["20"]), "20", false), Ok(String::new()));
        assert_eq!(check_secteur(&secteur(&["20", "09"]), "20", false), Ok("09,20".to_owned()));
        assert_eq!(faux(&["20"], true), "selective");
        assert_eq!(faux(&["20", "999"], false), "inconnue");
        assert_eq!(faux(&["20", "9"], false), "inconnue", "a code is written one way");
        let sans = RuleViolation::SecteurSansLaSienne { academie: "Amiens".to_owned() };
        assert_eq!(sans.champ(), "academies");
        for codes in [&["09"][..], &[]] {
            assert_eq!(check_secteur(&secteur(codes), "20", false), Err(sans.clone()));
        }
    }

    #[test]
    fn r_adm_05_residents_are_those_of_the_sector_else_of_the_academy_of_the_course() {
        assert_eq!(academies_du_secteur("", "20"), ["20"]);
        assert_eq!(academies_du_secteur("09,20", "20"), ["09", "20"]);
        assert_eq!(noms_du_secteur("09,20", "20"), ["Lille", "Amiens"]);
        assert_eq!(noms_du_secteur("", "20"), ["Amiens"]);
    }
}
