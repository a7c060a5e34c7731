//! Settings of an establishment: what candidates read of it, where it teaches, when it opens its doors, who signs for it.

mod adresses;
mod chef;
mod completude;
mod contact;
mod journee;
mod tutelle;

pub use adresses::{check_code_postal, check_site_web, check_telephone, parse_position};
pub use chef::{Civilite, Mandat, check_annulation, check_fin_interim, check_jour_chef, signataire};
pub use completude::{Completude, Manque, Partie, check_complet, is_late};
pub use contact::{CONTACTS_MAX, Contact, check_contact, check_place};
pub use journee::{Journee, check_a_venir, check_journee, check_ou, check_seule};
pub use tutelle::{ParTutelle, Tutelle};

use crate::erreurs::RuleViolation;

/// R-ETA-04: longest line: a name, an address, a place.
pub const LIGNE_MAX: usize = 200;
/// R-ETA-04: longest text: access for disabled people.
pub const TEXTE_MAX: usize = 2_000;

/// Who boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Internat {
    /// No boarding.
    Sans,
    /// Girls only.
    Filles,
    /// Boys only.
    Garcons,
    /// Both.
    Mixte,
}

impl Internat {
    /// Every answer, in display order.
    pub const ALL: [Self; 4] = [Self::Sans, Self::Filles, Self::Garcons, Self::Mixte];

    /// Stable code, used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sans => "sans",
            Self::Filles => "filles",
            Self::Garcons => "garcons",
            Self::Mixte => "mixte",
        }
    }

    /// The answer of a stored code; none while nobody answered.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Sans => "Pas d’internat",
            Self::Filles => "Internat de filles",
            Self::Garcons => "Internat de garçons",
            Self::Mixte => "Internat mixte",
        }
    }
}

/// R-ETA-04: one line of text, without spaces around, at most [`LIGNE_MAX`] characters.
///
/// # Errors
/// [`RuleViolation::TropLong`].
pub fn check_ligne(champ: &'static str, texte: &str) -> Result<String, RuleViolation> {
    let net = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    if net.chars().count() > LIGNE_MAX {
        return Err(RuleViolation::TropLong { champ, max: LIGNE_MAX });
    }
    Ok(net)
}

/// R-ETA-04: text over several lines, at most [`TEXTE_MAX`] characters.
///
/// # Errors
/// [`RuleViolation::TropLong`].
pub fn check_texte(champ: &'static str, texte: &str) -> Result<String, RuleViolation> {
    let net = texte.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    if net.chars().count() > TEXTE_MAX {
        return Err(RuleViolation::TropLong { champ, max: TEXTE_MAX });
    }
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_eta_04_texts_have_bounds_and_lose_the_spaces_around() {
        assert_eq!(check_ligne("nom", "  Site\tsud \n"), Ok("Site sud".to_owned()));
        assert!(check_ligne("nom", &"é".repeat(LIGNE_MAX)).is_ok());
        assert!(check_ligne("nom", &"é".repeat(LIGNE_MAX + 1)).is_err());
        assert_eq!(check_texte("accessibilite", " a\r\nb "), Ok("a\nb".to_owned()));
        assert!(check_texte("accessibilite", &"a".repeat(TEXTE_MAX + 1)).is_err());
    }

    #[test]
    fn boarding_is_an_answer_and_no_answer_is_none() {
        assert_eq!(Internat::ALL.map(|i| Internat::from_code(i.code())), Internat::ALL.map(Some));
        assert_eq!(Internat::from_code(""), None);
    }
}
