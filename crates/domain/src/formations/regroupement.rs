//! R-REG-01 to 04: courses grouped under one multiple wish, that may share their exams, or one file and one ranking.

use crate::erreurs::RuleViolation;
use crate::formations::{Famille, StatutFormation, normalise_recherche};

/// What the courses of a grouping have in common (domaine §2: « peut mutualiser examen et classement »).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutualisation {
    /// Each examines its own files, and ranks them.
    Aucune,
    /// Candidates sit the exams once for all; each course ranks.
    Epreuves,
    /// « Dossier unique »: one file and one ranking serve every course of the grouping.
    DossierUnique,
}

impl Mutualisation {
    /// Every one, from the least shared.
    pub const ALL: [Self; 3] = [Self::Aucune, Self::Epreuves, Self::DossierUnique];

    /// Stable code, used in storage and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Aucune => "aucune",
            Self::Epreuves => "epreuves",
            Self::DossierUnique => "dossier_unique",
        }
    }

    /// The one of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }

    /// The one that a person names in a cell: in one word or as on screen, whatever the case and the accents.
    pub fn from_texte(texte: &str) -> Option<Self> {
        let lu = normalise_recherche(texte);
        Self::ALL.into_iter().find(|m| {
            [m.nom(), m.libelle(), m.code()].into_iter().any(|connu| normalise_recherche(connu) == lu)
        })
    }

    /// French name, short enough for a cell.
    pub const fn nom(self) -> &'static str {
        match self {
            Self::Aucune => "rien",
            Self::Epreuves => "épreuves",
            Self::DossierUnique => "dossier unique",
        }
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Aucune => "Rien : chaque formation examine et classe ses dossiers",
            Self::Epreuves => "Les épreuves : elles sont passées une seule fois pour toutes les formations",
            Self::DossierUnique => "Le dossier et le classement (dossier unique)",
        }
    }
}

/// A course that is to enter a grouping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membre {
    /// Course and detail, for whoever reads why it does not go.
    pub intitule: String,
    /// Kind of course.
    pub famille: Famille,
    /// Student or apprentice.
    pub statut: StatutFormation,
    /// It may refuse.
    pub selective: bool,
    /// Series admitted by each of its ranking groups, and whether the group is without a ranking, in any order.
    pub groupes: Vec<(String, bool)>,
    /// Not closed for the session.
    pub ouverte: bool,
    /// In another grouping of the session.
    pub ailleurs: bool,
}

/// R-REG-01: longest name of a grouping, in characters.
pub const LIBELLE_MAX: usize = 120;

/// R-REG-01: the name of a grouping, spaces put right.
///
/// # Errors
/// [`RuleViolation::Champ`] or [`RuleViolation::TropLong`] on `libelle`.
pub fn check_libelle(libelle: &str) -> Result<String, RuleViolation> {
    let net = libelle.split_whitespace().collect::<Vec<_>>().join(" ");
    match net.chars().count() {
        0 => Err(RuleViolation::Champ { champ: "libelle", motif: "manquant" }),
        n if n > LIBELLE_MAX => Err(RuleViolation::TropLong { champ: "libelle", max: LIBELLE_MAX }),
        _ => Ok(net),
    }
}

/// R-REG-01, R-REG-02, R-REG-03: whether these courses may be grouped. The first one is the one that they are compared with.
///
/// # Errors
/// [`RuleViolation::RegroupementSeul`] for less than two courses; [`RuleViolation::Regroupement`] with the first course that does
/// not go with the others.
pub fn check_membres(membres: &[Membre], m: Mutualisation) -> Result<(), RuleViolation> {
    let [premier, autres @ ..] = membres else { return Err(RuleViolation::RegroupementSeul) };
    if autres.is_empty() {
        return Err(RuleViolation::RegroupementSeul);
    }
    let refus = |f: &Membre, motif| Err(RuleViolation::Regroupement { formation: f.intitule.clone(), motif });
    for f in membres {
        if !f.ouverte {
            return refus(f, "fermee");
        }
        if f.ailleurs {
            return refus(f, "ailleurs");
        }
    }
    for f in autres {
        if f.famille != premier.famille {
            return refus(f, "famille");
        }
        if f.statut != premier.statut {
            return refus(f, "statut");
        }
        if m != Mutualisation::DossierUnique {
            continue;
        }
        if f.selective != premier.selective {
            return refus(f, "selective");
        }
        if series(f) != series(premier) {
            return refus(f, "groupes");
        }
    }
    // Two groups of the same series would be one and the same in the shared ranking.
    let communes = series(premier);
    if m == Mutualisation::DossierUnique && communes.windows(2).any(|w| w[0].0 == w[1].0) {
        return refus(premier, "groupes");
    }
    Ok(())
}

/// Its groups, each by its series in one order.
fn series(f: &Membre) -> Vec<(String, bool)> {
    let mut lues: Vec<(String, bool)> =
        f.groupes.iter().map(|(codes, sans)| (cle_series(codes), *sans)).collect();
    lues.sort_unstable();
    lues
}

/// The series of a group in one order, so that the groups of two courses are told to be the same.
pub fn cle_series(codes: &str) -> String {
    let mut codes: Vec<&str> = codes.split(',').map(str::trim).collect();
    codes.sort_unstable();
    codes.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn membre(intitule: &str) -> Membre {
        Membre {
            intitule: intitule.to_owned(),
            famille: Famille::Ifsi,
            statut: StatutFormation::Etudiant,
            selective: true,
            groupes: vec![("tous".to_owned(), false)],
            ouverte: true,
            ailleurs: false,
        }
    }

    fn motif(membres: &[Membre], m: Mutualisation) -> &'static str {
        match check_membres(membres, m) {
            Err(RuleViolation::Regroupement { motif, .. }) => motif,
            Err(RuleViolation::RegroupementSeul) => "seul",
            autre => panic!("{autre:?}"),
        }
    }

    #[test]
    fn r_reg_01_similar_courses_two_at_least() {
        let (a, b) = (membre("A"), membre("B"));
        assert_eq!(check_membres(&[a.clone(), b.clone()], Mutualisation::Aucune), Ok(()));
        for courts in [vec![], vec![a.clone()]] {
            assert_eq!(motif(&courts, Mutualisation::Aucune), "seul");
        }
        let autre = Membre { famille: Famille::Bts, ..b.clone() };
        assert_eq!(motif(&[a.clone(), autre], Mutualisation::Aucune), "famille");
        let apprentis = Membre { statut: StatutFormation::Apprentissage, ..b.clone() };
        assert_eq!(motif(&[a.clone(), apprentis], Mutualisation::Epreuves), "statut");
        let fermee = Membre { ouverte: false, ..a.clone() };
        assert_eq!(motif(&[fermee, b], Mutualisation::Aucune), "fermee");
        assert_eq!(check_libelle("  IFSI  de\tPicardie "), Ok("IFSI de Picardie".to_owned()));
        for faux in ["", " \n", &"é".repeat(121)] {
            assert!(check_libelle(faux).is_err(), "{faux:?}");
        }
    }

    #[test]
    fn r_reg_02_one_grouping_at_most() {
        let pris = Membre { ailleurs: true, ..membre("B") };
        assert_eq!(motif(&[membre("A"), pris], Mutualisation::Aucune), "ailleurs");
    }

    #[test]
    fn r_reg_03_one_ranking_for_courses_of_the_same_groups() {
        let a = Membre {
            groupes: vec![("pro".to_owned(), false), ("techno,general".to_owned(), false)],
            ..membre("A")
        };
        let b = Membre {
            groupes: vec![("general, techno".to_owned(), false), ("pro".to_owned(), false)],
            ..membre("B")
        };
        let un = Mutualisation::DossierUnique;
        assert_eq!(check_membres(&[a.clone(), b.clone()], un), Ok(()));
        let seul = Membre { groupes: vec![("tous".to_owned(), false)], ..b.clone() };
        assert_eq!(motif(&[a.clone(), seul.clone()], un), "groupes");
        assert_eq!(
            check_membres(&[a.clone(), seul], Mutualisation::Epreuves),
            Ok(()),
            "each ranks its own groups"
        );
        let libre = Membre { selective: false, ..b.clone() };
        assert_eq!(motif(&[a.clone(), libre], un), "selective");
        let sans = Membre { groupes: b.groupes.iter().map(|(s, _)| (s.clone(), true)).collect(), ..b };
        assert_eq!(motif(&[a, sans], un), "groupes", "one ranks, the other does not");
        let double =
            Membre { groupes: vec![("tous".to_owned(), false), ("tous".to_owned(), false)], ..membre("A") };
        assert_eq!(motif(&[double.clone(), double], un), "groupes");
    }

    #[test]
    fn codes_come_back() {
        for m in Mutualisation::ALL {
            assert_eq!(Mutualisation::from_code(m.code()), Some(m));
            assert_eq!(Mutualisation::from_texte(m.nom()), Some(m));
            assert_eq!(Mutualisation::from_texte(m.libelle()), Some(m));
        }
        assert_eq!(Mutualisation::from_texte(" Epreuves "), Some(Mutualisation::Epreuves));
        assert_eq!(Mutualisation::from_texte("tout"), None);
        assert_eq!(cle_series("techno, general"), "general,techno");
    }
}
