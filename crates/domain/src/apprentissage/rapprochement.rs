//! R-APP-19: the courses that an establishment declared itself and that a record of the catalogue may describe.

use std::collections::BTreeSet;

use super::fiche::{Fiche, Porteur};
use super::redaction::ville;
use super::registres::Registres;
use crate::formations::normalise_recherche;

/// A course under apprenticeship of the session that no record has: one under the status of student is another course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaree<'c> {
    /// Code of its establishment in the national register.
    pub uai: &'c str,
    /// « BTS - Services - Tourisme - en apprentissage ».
    pub libelle: &'c str,
    /// Code.
    pub departement: &'c str,
    /// Empty when nobody said it.
    pub commune: &'c str,
}

/// What a record and a course have in common beside their establishment and their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indice {
    /// The course is called as the diploma whose code the record bears.
    Diplome,
    /// It is called as the record.
    Intitule,
}

impl Indice {
    /// French, in a sentence.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Diplome => "même établissement, même lieu, même diplôme",
            Self::Intitule => "même établissement, même lieu, même intitulé",
        }
    }
}

/// What an academic service says of a record and of a course that it may describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoixRapprochement {
    /// One course: integration gives it to the record.
    Meme,
    /// Two courses: integration makes another one.
    Distinctes,
}

impl ChoixRapprochement {
    /// Stable code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Meme => "meme",
            Self::Distinctes => "distinctes",
        }
    }

    /// The choice of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Meme, Self::Distinctes].into_iter().find(|c| c.code() == code)
    }
}

/// What two names of one course have in common: « bts tourisme » for « BTS Tourisme - en apprentissage ».
pub fn nom_commun(libelle: &str) -> String {
    let net = normalise_recherche(libelle);
    net.strip_suffix("en apprentissage").unwrap_or(&net).trim_end().to_owned()
}

/// The names of a course, with and without the sector that the offer puts in the middle: « BTS - Services - Tourisme ».
fn noms(libelle: &str) -> BTreeSet<String> {
    let parts: Vec<&str> =
        libelle.split(" - ").filter(|p| normalise_recherche(p) != "en apprentissage").collect();
    let court = match parts.as_slice() {
        [debut, _, suite @ ..] if !suite.is_empty() => Some(format!("{debut} {}", suite.join(" "))),
        _ => None,
    };
    let tous = [Some(libelle.to_owned()), court];
    tous.into_iter().flatten().map(|n| nom_commun(&n)).filter(|n| !n.is_empty()).collect()
}

/// Whether a course is given where the record says; a town that one of them does not say is that of the other.
fn same_place(fiche: &Fiche, course: &Declaree<'_>) -> bool {
    let net = |commune: &str| normalise_recherche(&ville(commune));
    let dite = net(fiche.lieu.ville.as_deref().unwrap_or_default());
    let la = net(course.commune);
    fiche.departement().is_some_and(|d| d.code == course.departement)
        && (dite.is_empty() || la.is_empty() || dite == la)
}

/// The establishments that have a part in a record: by their codes, or by a SIRET that the register knows.
pub fn etablissements<'f>(fiche: &'f Fiche, registres: &'f Registres) -> BTreeSet<&'f str> {
    let by_siret = Porteur::ALL.into_iter().filter_map(|p| registres.uai(fiche.siret(p)?));
    fiche.uais().into_iter().flatten().chain(by_siret).collect()
}

/// R-APP-19: whether a record may describe a course: one establishment, one place, and one diploma or one title. What they have in common;
/// `None`: nothing says that they are one course.
pub fn rapproche(fiche: &Fiche, registres: &Registres, course: &Declaree<'_>) -> Option<Indice> {
    if !etablissements(fiche, registres).contains(course.uai) || !same_place(fiche, course) {
        return None;
    }
    let siens = noms(course.libelle);
    let named = |titre: &str| noms(titre).iter().any(|n| siens.contains(n));
    let diplome = fiche.cfd.as_deref().and_then(|cfd| registres.intitule(cfd));
    if diplome.is_some_and(named) {
        Some(Indice::Diplome)
    } else {
        fiche.titre().is_some_and(named).then_some(Indice::Intitule)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fiche::tests::fiche;
    use super::super::registres::Diplome;
    use super::*;

    fn tourisme() -> Fiche {
        let mut f = fiche("a");
        f.intitule = Some("BTS Tourisme".to_owned());
        f.cfd = Some("32033426".to_owned());
        f.formateur.uai = Some("0800001A".to_owned());
        f.formateur.siret = Some("19290076900014".to_owned());
        f.lieu.uai = None;
        f.lieu.commune = Some("80021".to_owned());
        f.lieu.ville = Some("AMIENS CEDEX 1".to_owned());
        f
    }

    fn declaree(libelle: &str) -> Declaree<'_> {
        Declaree { uai: "0800001A", libelle, departement: "80", commune: "Amiens" }
    }

    #[test]
    fn r_app_19_one_title_in_one_establishment_and_one_place_is_perhaps_one_course() {
        let (f, r) = (tourisme(), Registres::default());
        for libelle in ["BTS Tourisme", "BTS - Services - Tourisme - en apprentissage", "bts  TOURISME"] {
            assert_eq!(rapproche(&f, &r, &declaree(libelle)), Some(Indice::Intitule), "{libelle}");
        }
        assert_eq!(rapproche(&f, &r, &declaree("BTS Comptabilité")), None);
        let ailleurs = Declaree { commune: "Abbeville", ..declaree("BTS Tourisme") };
        assert_eq!(rapproche(&f, &r, &ailleurs), None, "another town");
        let sans = Declaree { commune: "", ..declaree("BTS Tourisme") };
        assert_eq!(rapproche(&f, &r, &sans), Some(Indice::Intitule), "the record says where");
        let autre = Declaree { uai: "0801234B", ..declaree("BTS Tourisme") };
        assert_eq!(rapproche(&f, &r, &autre), None, "another establishment");
    }

    #[test]
    fn r_app_19_the_registers_know_a_diploma_by_its_code_and_an_establishment_by_its_siret() {
        let mut f = tourisme();
        f.intitule = Some("Chargé de voyages".to_owned());
        let diplome = Diplome {
            code: "32033426".to_owned(),
            sigle: "BTS".to_owned(),
            libelle: "TOURISME (BTS)".to_owned(),
        };
        let r = Registres::new([diplome], [("19290076900014".to_owned(), "0801234B".to_owned())]);
        assert_eq!(rapproche(&f, &r, &declaree("BTS - Services - Tourisme")), Some(Indice::Diplome));
        let par_siret = Declaree { uai: "0801234B", ..declaree("BTS Tourisme") };
        assert_eq!(rapproche(&f, &r, &par_siret), Some(Indice::Diplome));
    }

    #[test]
    fn r_app_19_choices_have_one_code_each() {
        for c in [ChoixRapprochement::Meme, ChoixRapprochement::Distinctes] {
            assert_eq!(ChoixRapprochement::from_code(c.code()), Some(c));
        }
        assert_eq!(ChoixRapprochement::from_code("autre"), None);
    }
}
