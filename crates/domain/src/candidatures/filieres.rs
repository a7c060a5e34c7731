//! R-VOE-09, R-VOE-10: the courses that a setting of the session names, and what it limits them to.

use crate::formations::{Famille, normalise_recherche};
use crate::territoires;

/// What settings know a course by.
#[derive(Debug, Clone, Copy)]
pub struct Visee<'a> {
    /// Its family; `None` when the stored code is unknown: no setting names it by its family.
    pub famille: Option<Famille>,
    /// Code of its national type, that of the student status where there is one; `None`: not known.
    pub type_national: Option<i64>,
    /// Code of its academy.
    pub academie: &'a str,
    /// Its national label, without the detail that the establishment adds.
    pub libelle: &'a str,
}

/// The training that a course leads to, in which wishes may be limited: its national type or, where that is not known, the label
/// that it shares with the others. Two courses are told to be of one filière by what says so, never by likeness: at worst fewer
/// wishes are counted than there are, and nobody is refused on a guess.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filiere {
    /// Code of the national type.
    Type(i64),
    /// The label, as it is searched for.
    Libelle(String),
}

impl Visee<'_> {
    /// Its filière.
    pub fn filiere(&self) -> Filiere {
        self.type_national.map_or_else(|| Filiere::Libelle(normalise_recherche(self.libelle)), Filiere::Type)
    }
}

/// How a setting names courses: by their family (`ifsi`), or by their national type (`type:290`), everywhere or in one région
/// académique (`pass@11`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selecteur {
    quoi: Quoi,
    /// Code of the région académique.
    region: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoi {
    Famille(Famille),
    Type(i64),
}

impl Selecteur {
    /// Reads one; `None` for a family or a région académique that is not known, or something else than a number as a type.
    pub fn parse(texte: &str) -> Option<Self> {
        let (quoi, region) = match texte.trim().split_once('@') {
            Some((quoi, region)) => (quoi, Some(region)),
            None => (texte.trim(), None),
        };
        let quoi = match quoi.strip_prefix("type:") {
            Some(code) => Quoi::Type(code.parse().ok()?),
            None => Quoi::Famille(Famille::from_code(quoi)?),
        };
        let region = match region {
            Some(code) => Some(territoires::regions_academiques().iter().find(|r| r.code == code)?.code),
            None => None,
        };
        Some(Self { quoi, region })
    }

    /// Several, separated by commas; empty: none. `None` when one of them is not understood.
    pub fn parse_liste(texte: &str) -> Option<Vec<Self>> {
        codes(texte).map(Self::parse).collect()
    }

    /// Several with a number each (`ifsi=5`), separated by commas. `None` when one of them is not understood.
    pub fn parse_plafonds(texte: &str) -> Option<Vec<(Self, u32)>> {
        let lit = |code: &str| {
            let (qui, plafond) = code.split_once('=')?;
            Some((Self::parse(qui)?, plafond.trim().parse().ok()?))
        };
        codes(texte).map(lit).collect()
    }

    /// Whether it names this course.
    pub fn vise(&self, f: &Visee<'_>) -> bool {
        let bonne = match self.quoi {
            Quoi::Famille(famille) => f.famille == Some(famille),
            Quoi::Type(code) => f.type_national == Some(code),
        };
        let ici = |region| territoires::academie(f.academie).is_some_and(|a| a.region_academique == region);
        bonne && self.region.is_none_or(ici)
    }
}

fn codes(texte: &str) -> impl Iterator<Item = &str> {
    texte.split(',').map(str::trim).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASS_PARIS: Visee<'static> = Visee {
        famille: Some(Famille::Pass),
        type_national: Some(2047),
        academie: "01",
        libelle: "Parcours d’accès spécifique santé (PASS)",
    };

    #[test]
    fn r_voe_09_a_setting_names_courses_by_family_or_national_type_everywhere_or_in_a_region() {
        let vise = |texte: &str, f: &Visee<'_>| Selecteur::parse(texte).expect(texte).vise(f);
        let lyon = Visee { academie: "10", ..PASS_PARIS };
        let creteil = Visee { academie: "24", ..PASS_PARIS };
        assert!(vise("pass", &PASS_PARIS) && vise("pass", &lyon) && vise("type:2047", &lyon));
        assert!(
            vise("pass@11", &PASS_PARIS) && vise(" pass@11 ", &creteil) && vise("type:2047@11", &creteil)
        );
        assert!(!vise("pass@11", &lyon) && !vise("ifsi", &lyon) && !vise("type:290", &lyon));
        let inconnue = Visee { famille: None, type_national: None, ..PASS_PARIS };
        assert!(!vise("pass", &inconnue) && !vise("type:2047", &inconnue));
        for faux in ["", "prepa", "type:", "type:x", "pass@", "pass@999", "PASS", "pass@11@11"] {
            assert_eq!(Selecteur::parse(faux), None, "{faux:?}");
        }
        assert_eq!(Selecteur::parse_liste("ingenieur, pass@11,,type:290").map(|l| l.len()), Some(3));
        assert_eq!(Selecteur::parse_liste(""), Some(Vec::new()));
        assert_eq!(Selecteur::parse_liste("ingenieur,prepa"), None);
        assert_eq!(
            Selecteur::parse_plafonds("ifsi=5"),
            Some(vec![(Selecteur { quoi: Quoi::Famille(Famille::Ifsi), region: None }, 5)])
        );
        for faux in ["ifsi", "ifsi=", "ifsi=-1", "prepa=5"] {
            assert_eq!(Selecteur::parse_plafonds(faux), None, "{faux:?}");
        }
    }

    #[test]
    fn r_voe_10_a_filiere_is_a_national_type_or_else_a_label() {
        let libre = Visee { type_national: None, libelle: "D.E Psychomotricien", ..PASS_PARIS };
        let autre = Visee { libelle: "D.E  psychomotricien", ..libre };
        assert_eq!(libre.filiere(), autre.filiere());
        assert_ne!(libre.filiere(), Visee { libelle: "D.E Infirmier", ..libre }.filiere());
        assert_eq!(PASS_PARIS.filiere(), Visee { libelle: "PASS", academie: "10", ..PASS_PARIS }.filiere());
    }
}
