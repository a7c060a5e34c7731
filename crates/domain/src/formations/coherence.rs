//! R-FOR-40: what a course says and its establishment contradicts. Told and never refused: either of the two may be the one to put
//! right, and both are not written by the same people.

use std::fmt;

use super::description::{Description, INTERNAT, Rubrique};
use crate::etablissements::{Internat, Partie};

/// What an establishment answered, and that its courses say too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccueilDeclare {
    /// `None`, here and below: nobody answered.
    pub internat: Option<Internat>,
    /// Places of its boarding.
    pub internat_places: Option<i64>,
    /// Scholarship holders come with their grant.
    pub boursiers: Option<bool>,
}

impl AccueilDeclare {
    /// What stored answers say: a code, a number, 0 or 1.
    pub fn new(internat: &str, internat_places: Option<i64>, boursiers: Option<i64>) -> Self {
        Self {
            internat: Internat::from_code(internat),
            internat_places,
            boursiers: boursiers.map(|b| b == 1),
        }
    }

    /// Whether a course may contradict it: something of it is answered by « no ».
    pub fn is_restreint(self) -> bool {
        self.internat == Some(Internat::Sans)
            || self.internat_places == Some(0)
            || self.boursiers == Some(false)
    }
}

/// Field of a course: whether it takes scholarship holders.
const BOURSIERS: &str = "boursiers";
/// Field of a course: what they pay.
const FRAIS_BOURSIERS: &str = "frais_boursiers";

/// A contradiction between a course and its establishment; displayed as a French sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// The course proposes boarding, the establishment has none.
    Internat,
    /// The course proposes boarding, the establishment has no place of it.
    PlacesInternat,
    /// The course takes scholarship holders, the establishment may not.
    Boursiers,
    /// The course exempts scholarship holders from fees, the establishment may not take any.
    FraisBoursiers,
}

impl Contradiction {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Internat, Self::PlacesInternat, Self::Boursiers, Self::FraisBoursiers];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Internat => "internat_contredit",
            Self::PlacesInternat => "places_internat_contredites",
            Self::Boursiers => "boursiers_contredits",
            Self::FraisBoursiers => "frais_boursiers_contredits",
        }
    }

    /// Code of the field of the course that says it.
    pub const fn champ(self) -> &'static str {
        match self {
            Self::Internat | Self::PlacesInternat => INTERNAT,
            Self::Boursiers => BOURSIERS,
            Self::FraisBoursiers => FRAIS_BOURSIERS,
        }
    }

    /// What to do about any of them, in French.
    pub fn correction() -> String {
        format!(
            "L’une des deux réponses est à corriger : celle de la formation, ou, sur la page de l’établissement, celle de la rubrique \
             « {} ».",
            Partie::Accueil.libelle()
        )
    }

    /// In a list, in French, without article.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Internat => "internat",
            Self::PlacesInternat => "places d’internat",
            Self::Boursiers => "boursiers",
            Self::FraisBoursiers => "frais des boursiers",
        }
    }

    /// Where the course says it.
    pub const fn rubrique(self) -> Rubrique {
        match self {
            Self::Internat | Self::PlacesInternat => Rubrique::Caracteristiques,
            Self::Boursiers | Self::FraisBoursiers => Rubrique::Frais,
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Internat => "La formation propose l’internat, alors que l’établissement déclare ne pas en avoir.",
            Self::PlacesInternat => {
                "La formation propose l’internat, alors que l’établissement n’y déclare aucune place."
            }
            Self::Boursiers => {
                "La formation se dit habilitée à recevoir des boursiers, alors que l’établissement déclare ne pas l’être."
            }
            Self::FraisBoursiers => {
                "La formation annonce des frais de scolarité réduits ou nuls pour les boursiers, alors que l’établissement déclare \
                 ne pas être habilité à en recevoir."
            }
        })
    }
}

/// R-FOR-40: what this description says that the establishment contradicts, in the order of the forms. `internat`: what the course keeps
/// of last year where the description does not answer (R-FOR-21).
pub fn contradictions(d: &Description, internat: bool, accueil: AccueilDeclare) -> Vec<Contradiction> {
    let mut toutes = Vec::new();
    if d.internat().unwrap_or(internat) {
        match (accueil.internat, accueil.internat_places) {
            (Some(Internat::Sans), _) => toutes.push(Contradiction::Internat),
            (_, Some(0)) => toutes.push(Contradiction::PlacesInternat),
            _ => {}
        }
    }
    if accueil.boursiers == Some(false) {
        if matches!(d.texte(FRAIS_BOURSIERS), "totale" | "partielle") {
            toutes.push(Contradiction::FraisBoursiers);
        }
        if d.texte(BOURSIERS) == "oui" {
            toutes.push(Contradiction::Boursiers);
        }
    }
    toutes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formations::description::Champ;

    #[test]
    fn r_for_40_a_course_that_says_what_its_establishment_denies_is_told() {
        use Contradiction as C;
        let sans = AccueilDeclare::new("sans", None, Some(0));
        let dit = |code: &str, valeur: &str| Description::default().avec(code, valeur);
        assert_eq!(contradictions(&dit(INTERNAT, "oui"), false, sans), [C::Internat]);
        assert!(contradictions(&dit(INTERNAT, "non"), true, sans).is_empty());
        // What is kept of last year counts as said.
        assert_eq!(contradictions(&Description::default(), true, sans), [C::Internat]);
        let plein = AccueilDeclare::new("mixte", Some(0), Some(1));
        assert_eq!(contradictions(&dit(INTERNAT, "oui"), false, plein), [C::PlacesInternat]);
        let boursiers = dit("boursiers", "oui").avec("frais_boursiers", "totale");
        assert_eq!(contradictions(&boursiers, false, sans), [C::FraisBoursiers, C::Boursiers]);
        assert!(contradictions(&dit("frais_boursiers", "aucune"), false, sans).is_empty());
        for c in C::ALL {
            assert!(c.to_string().ends_with('.') && !c.libelle().is_empty(), "{c:?}");
        }
    }

    #[test]
    fn r_for_40_nothing_is_told_of_what_an_establishment_allows_or_does_not_answer() {
        let tout = Description::default()
            .avec(INTERNAT, "oui")
            .avec("boursiers", "oui")
            .avec("frais_boursiers", "partielle");
        for accueil in [
            AccueilDeclare::default(),
            AccueilDeclare::new("", None, None),
            AccueilDeclare::new("mixte", Some(12), Some(1)),
            AccueilDeclare::new("filles", None, None),
        ] {
            assert!(!accueil.is_restreint(), "{accueil:?}");
            assert!(contradictions(&tout, true, accueil).is_empty(), "{accueil:?}");
        }
        assert!(AccueilDeclare::new("sans", None, None).is_restreint());
        assert!(AccueilDeclare::new("mixte", Some(0), None).is_restreint());
        assert!(AccueilDeclare::new("mixte", None, Some(0)).is_restreint());
    }

    #[test]
    fn r_for_40_each_contradiction_is_told_on_the_part_of_the_form_where_it_is_said() {
        for c in Contradiction::ALL {
            assert_eq!(Champ::from_code(c.champ()).map(|champ| champ.rubrique), Some(c.rubrique()));
        }
    }
}
