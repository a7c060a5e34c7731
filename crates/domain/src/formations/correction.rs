//! R-VIE-14: what a course is called and is, which its establishment does not type, corrected on its request.

use serde::{Deserialize, Serialize};

use super::famille::StatutFormation;
use super::regroupement::Mutualisation;
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;

/// The fields of an identity, in the order of the form: code, French label.
pub const CHAMPS_IDENTITE: [(&str, &str); 4] =
    [("libelle", "Intitulé"), ("detail", "Précision"), ("statut", "Statut"), ("selective", "Sélectivité")];

/// What a course is called and is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentiteFormation {
    /// « BTS - Services - Tourisme ».
    pub libelle: String,
    /// What tells it from others of the same label; may be empty.
    pub detail: String,
    /// Code of the status.
    pub statut: String,
    /// It may refuse candidates.
    pub selective: bool,
}

impl IdentiteFormation {
    /// As it is kept: on one line, a name, a known status.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] or [`RuleViolation::TropLong`].
    pub fn check(self) -> Result<Self, RuleViolation> {
        let libelle = check_ligne("libelle", &self.libelle)?;
        let detail = check_ligne("detail", &self.detail)?;
        if libelle.is_empty() {
            return Err(RuleViolation::Champ { champ: "libelle", motif: "manquant" });
        }
        if StatutFormation::from_code(&self.statut).is_none() {
            return Err(RuleViolation::Champ { champ: "statut", motif: "manquant" });
        }
        Ok(Self { libelle, detail, ..self })
    }

    /// Codes of the fields where it says something else than another one, in the order of the form.
    pub fn differences(&self, autre: &Self) -> Vec<&'static str> {
        let changes = [
            self.libelle != autre.libelle,
            self.detail != autre.detail,
            self.statut != autre.statut,
            self.selective != autre.selective,
        ];
        CHAMPS_IDENTITE.into_iter().zip(changes).filter(|(_, c)| *c).map(|((code, _), _)| code).collect()
    }

    /// What it says of a field, in French; an empty detail, like a field that it does not have, is told by nothing.
    pub fn lisible(&self, champ: &str) -> String {
        match champ {
            "libelle" => self.libelle.clone(),
            "detail" => self.detail.clone(),
            "statut" => {
                StatutFormation::from_code(&self.statut).map_or("", StatutFormation::libelle).to_owned()
            }
            "selective" if self.selective => "Sélective".to_owned(),
            "selective" => "Non sélective".to_owned(),
            _ => String::new(),
        }
    }
}

/// What keeps parts of a course as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attaches {
    /// A record of the national catalogue of apprenticeship says its title and its status.
    pub catalogue: bool,
    /// Another session has it, under its status.
    pub autre_session: bool,
    /// What the courses of its multiple wish have in common; `None`: it is in none.
    pub regroupement: Option<Mutualisation>,
    /// A candidate has a living wish for it.
    pub voeux: bool,
}

impl Attaches {
    /// Why a field stays as it is, by a code that the catalogue of messages knows; `None`: it may be corrected.
    pub fn motif(&self, champ: &str) -> Option<&'static str> {
        match champ {
            "libelle" | "statut" if self.catalogue => Some("catalogue"),
            // Candidates chose it under this status, and as a course that may refuse them, or may not.
            "statut" | "selective" if self.voeux => Some("voeux"),
            "statut" if self.autre_session => Some("session"),
            "statut" if self.regroupement.is_some() => Some("regroupement"),
            "selective" if self.regroupement == Some(Mutualisation::DossierUnique) => Some("regroupement"),
            _ => None,
        }
    }

    /// Every field that stays as it is, with why.
    pub fn fixes(&self) -> Vec<RuleViolation> {
        CHAMPS_IDENTITE
            .into_iter()
            .filter_map(|(champ, _)| self.motif(champ).map(|motif| RuleViolation::Champ { champ, motif }))
            .collect()
    }
}

/// R-VIE-14: a correction corrects something, and nothing that stays as it is; gives the identity as it is kept.
///
/// # Errors
/// [`RuleViolation::Champ`] on the field that does not hold; [`RuleViolation::TropLong`].
pub fn check_correction(
    actuelle: &IdentiteFormation,
    voulue: IdentiteFormation,
    attaches: &Attaches,
) -> Result<IdentiteFormation, RuleViolation> {
    let voulue = voulue.check()?;
    let changes = voulue.differences(actuelle);
    if changes.is_empty() {
        return Err(RuleViolation::Champ { champ: "libelle", motif: "meme" });
    }
    for champ in changes {
        if let Some(motif) = attaches.motif(champ) {
            return Err(RuleViolation::Champ { champ, motif });
        }
    }
    Ok(voulue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actuelle() -> IdentiteFormation {
        IdentiteFormation {
            libelle: "BTS - Services - Tourisme".to_owned(),
            detail: String::new(),
            statut: "etudiant".to_owned(),
            selective: true,
        }
    }

    fn faute(voulue: IdentiteFormation, attaches: Attaches) -> (&'static str, &'static str) {
        match check_correction(&actuelle(), voulue, &attaches) {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        }
    }

    #[test]
    fn r_vie_14_a_correction_says_something_else_on_one_line() {
        let libre = Attaches::default();
        let titre = IdentiteFormation { libelle: "  BTS\tTourisme ".to_owned(), ..actuelle() };
        let gardee = check_correction(&actuelle(), titre, &libre).expect("right");
        assert_eq!(
            (gardee.libelle.as_str(), gardee.differences(&actuelle())),
            ("BTS Tourisme", vec!["libelle"])
        );
        assert_eq!(faute(actuelle(), libre), ("libelle", "meme"));
        assert_eq!(
            faute(IdentiteFormation { libelle: " ".to_owned(), ..actuelle() }, libre),
            ("libelle", "manquant")
        );
        assert_eq!(
            faute(IdentiteFormation { statut: "x".to_owned(), ..actuelle() }, libre),
            ("statut", "manquant")
        );
        let autre = IdentiteFormation {
            libelle: "BTS Tourisme".to_owned(),
            detail: "Anglais".to_owned(),
            statut: "apprentissage".to_owned(),
            selective: false,
        };
        let codes: Vec<&str> = CHAMPS_IDENTITE.iter().map(|(code, _)| *code).collect();
        assert_eq!(autre.differences(&actuelle()), codes);
        let dits: Vec<String> = codes.iter().map(|c| autre.lisible(c)).collect();
        assert_eq!(dits, ["BTS Tourisme", "Anglais", "En apprentissage", "Non sélective"]);
    }

    #[test]
    fn r_vie_14_what_candidates_the_catalogue_a_session_or_a_grouping_hold_stays_as_it_is() {
        let titre = IdentiteFormation { libelle: "BTS Tourisme".to_owned(), ..actuelle() };
        let statut = IdentiteFormation { statut: "apprentissage".to_owned(), ..actuelle() };
        let libre = IdentiteFormation { selective: false, ..actuelle() };
        let voeux = Attaches { voeux: true, ..Attaches::default() };
        assert!(check_correction(&actuelle(), titre.clone(), &voeux).is_ok(), "a title is read again");
        assert_eq!(faute(statut.clone(), voeux), ("statut", "voeux"));
        assert_eq!(faute(libre.clone(), voeux), ("selective", "voeux"));
        let catalogue = Attaches { catalogue: true, ..Attaches::default() };
        assert_eq!(faute(titre.clone(), catalogue), ("libelle", "catalogue"));
        assert_eq!(faute(statut.clone(), catalogue), ("statut", "catalogue"));
        assert!(check_correction(&actuelle(), libre.clone(), &catalogue).is_ok());
        let ailleurs = Attaches { autre_session: true, ..Attaches::default() };
        assert_eq!(faute(statut.clone(), ailleurs), ("statut", "session"));
        assert!(check_correction(&actuelle(), titre, &ailleurs).is_ok());
        for m in Mutualisation::ALL {
            let groupe = Attaches { regroupement: Some(m), ..Attaches::default() };
            assert_eq!(faute(statut.clone(), groupe), ("statut", "regroupement"));
            let partage = m == Mutualisation::DossierUnique;
            assert_eq!(check_correction(&actuelle(), libre.clone(), &groupe).is_err(), partage);
        }
        let tout = Attaches { catalogue: true, voeux: true, ..Attaches::default() };
        let champs: Vec<&str> = tout.fixes().iter().map(RuleViolation::champ).collect();
        assert_eq!(champs, ["libelle", "statut", "selective"]);
        assert!(Attaches::default().fixes().is_empty());
    }
}
