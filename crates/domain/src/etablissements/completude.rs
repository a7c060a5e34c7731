//! R-ETA-01 and 02: what an establishment must say before its courses open; R-ETA-03 and 12: what it says on any day.

use jiff::Timestamp;

use crate::calendrier::{Calendrier, Etape};
use crate::erreurs::RuleViolation;

/// A part of the settings, with a screen of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partie {
    /// Address, telephone, mail and web site that the public reads.
    Coordonnees,
    /// Access for disabled people, boarding, scholarship holders.
    Accueil,
    /// Faculties, institutes, departments.
    Composantes,
    /// Where one studies.
    Sites,
    /// Open days.
    Journees,
    /// The head, never public.
    Chef,
    /// Whom the academic service calls, never public.
    Contacts,
}

impl Partie {
    /// Every part, in the order in which they are filled.
    pub const ALL: [Self; 7] = [
        Self::Coordonnees,
        Self::Accueil,
        Self::Composantes,
        Self::Sites,
        Self::Journees,
        Self::Chef,
        Self::Contacts,
    ];

    /// The step in which an establishment is described.
    pub const ETAPE: Etape = Etape::Parametrage;

    /// Stays open once the step is over, as long as the session is: heads change all year and sign later (R-ETA-03), and the public
    /// relies on the open days that are still to come (R-ETA-12).
    pub const fn is_permanente(self) -> bool {
        matches!(self, Self::Chef | Self::Journees)
    }

    /// Whether it is written now, whatever was opened again (R-ETA-11).
    ///
    /// # Errors
    /// What the calendar says of [`Self::ETAPE`].
    pub fn require_open(self, calendrier: &Calendrier, now: Timestamp) -> Result<(), RuleViolation> {
        match calendrier.require_open(Self::ETAPE, now) {
            Err(RuleViolation::Closed { .. }) if self.is_permanente() => Ok(()),
            autre => autre,
        }
    }

    /// Read by those alone who reach people of the establishment (R-ETA-03, R-ETA-07).
    pub const fn is_reservee(self) -> bool {
        matches!(self, Self::Chef | Self::Contacts)
    }

    /// Stable code, used in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Coordonnees => "coordonnees",
            Self::Accueil => "accueil",
            Self::Composantes => "composantes",
            Self::Sites => "sites",
            Self::Journees => "journees",
            Self::Chef => "chef",
            Self::Contacts => "contacts",
        }
    }

    /// The part of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Coordonnees => "Coordonnées publiques",
            Self::Accueil => "Accessibilité, internat, bourses",
            Self::Composantes => "Composantes",
            Self::Sites => "Sites de formation",
            Self::Journees => "Journées portes ouvertes",
            Self::Chef => "Chef d’établissement",
            Self::Contacts => "Contacts pour le service académique",
        }
    }
}

/// Something that is still to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manque {
    /// Street, postcode and town.
    Adresse,
    /// A telephone number or a mailbox for the public.
    Contact,
    /// How disabled people are received.
    Accessibilite,
    /// Whom they write to.
    Referent,
    /// Whether there is boarding.
    Internat,
    /// How many places the boarding has.
    PlacesInternat,
    /// Whether scholarship holders may come with their grant.
    Boursiers,
    /// At least one site.
    Site,
    /// Every site has its place on the map.
    Position,
    /// Whoever signs.
    Chef,
    /// The head is confirmed for this session.
    Confirmation,
}

impl Manque {
    /// Every one, in the order of the screens.
    pub const ALL: [Self; 11] = [
        Self::Adresse,
        Self::Contact,
        Self::Accessibilite,
        Self::Referent,
        Self::Internat,
        Self::PlacesInternat,
        Self::Boursiers,
        Self::Site,
        Self::Position,
        Self::Chef,
        Self::Confirmation,
    ];

    /// Where it is said.
    pub const fn partie(self) -> Partie {
        match self {
            Self::Adresse | Self::Contact => Partie::Coordonnees,
            Self::Accessibilite
            | Self::Referent
            | Self::Internat
            | Self::PlacesInternat
            | Self::Boursiers => Partie::Accueil,
            Self::Site | Self::Position => Partie::Sites,
            Self::Chef | Self::Confirmation => Partie::Chef,
        }
    }

    /// In French, with its article.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Adresse => "l’adresse postale",
            Self::Contact => "un téléphone ou une adresse électronique pour le public",
            Self::Accessibilite => "l’accueil des personnes en situation de handicap",
            Self::Referent => "le référent handicap",
            Self::Internat => "la réponse sur l’internat",
            Self::PlacesInternat => "le nombre de places d’internat",
            Self::Boursiers => "l’habilitation à recevoir des boursiers",
            Self::Site => "un site de formation",
            Self::Position => "la position d’un site sur la carte",
            Self::Chef => "les coordonnées du chef d’établissement",
            Self::Confirmation => "la confirmation du chef d’établissement pour cette session",
        }
    }
}

/// What is said so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Completude {
    /// Street, postcode and town are there.
    pub adresse: bool,
    /// A public telephone number or mailbox is there.
    pub contact: bool,
    /// The text on access is there.
    pub accessibilite: bool,
    /// Name and mailbox of the person for disabled people are there.
    pub referent: bool,
    /// Whether there is boarding is answered.
    pub internat: bool,
    /// There is boarding, and its places are not said.
    pub internat_sans_places: bool,
    /// Whether scholarship holders may come is answered.
    pub boursiers: bool,
    /// How many sites.
    pub sites: usize,
    /// How many of them have no position.
    pub sites_sans_position: usize,
    /// Somebody signs today.
    pub chef: bool,
    /// That person is confirmed for the session.
    pub chef_confirme: bool,
}

impl Completude {
    /// R-ETA-01: what is missing, in the order of the screens.
    pub fn manques(&self) -> Vec<Manque> {
        let manque = |m: &Manque| match m {
            Manque::Adresse => !self.adresse,
            Manque::Contact => !self.contact,
            Manque::Accessibilite => !self.accessibilite,
            Manque::Referent => !self.referent,
            Manque::Internat => !self.internat,
            Manque::PlacesInternat => self.internat_sans_places,
            Manque::Boursiers => !self.boursiers,
            Manque::Site => self.sites == 0,
            Manque::Position => self.sites_sans_position > 0,
            Manque::Chef => !self.chef,
            // Nobody is confirmed where there is nobody: said once.
            Manque::Confirmation => self.chef && !self.chef_confirme,
        };
        Manque::ALL.into_iter().filter(manque).collect()
    }
}

/// R-ETA-02: the settings of the establishment come before those of its courses.
///
/// # Errors
/// [`RuleViolation::EtablissementIncomplet`] with what is missing.
pub fn check_complet(c: &Completude) -> Result<(), RuleViolation> {
    let manques = c.manques();
    if manques.is_empty() { Ok(()) } else { Err(RuleViolation::EtablissementIncomplet { manques }) }
}

/// R-CPL-01: what is missing is late in the last days of the step (`avant` its closing), and once it is over. Milliseconds.
pub const fn is_late(maintenant: i64, ferme: i64, avant: i64) -> bool {
    maintenant >= ferme - avant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendrier::{Fenetre, debut_de_jour};
    use jiff::civil::date;

    #[test]
    fn r_eta_03_r_eta_12_the_head_and_the_open_days_stay_open_once_the_step_is_over() {
        let fenetre =
            Fenetre { ouvre: debut_de_jour(date(2023, 11, 13)), ferme: debut_de_jour(date(2023, 12, 14)) };
        let fenetres = Etape::ALL.into_iter().map(|e| (e, fenetre)).collect();
        let c = Calendrier::new(1, String::new(), fenetres, Vec::new()).expect("one after the other");
        let ouvertes = |d| -> Vec<Partie> {
            Partie::ALL.into_iter().filter(|p| p.require_open(&c, debut_de_jour(d)).is_ok()).collect()
        };
        assert_eq!(ouvertes(date(2023, 11, 12)), []);
        assert_eq!(ouvertes(date(2023, 12, 13)), Partie::ALL);
        for apres in [date(2023, 12, 14), date(2024, 9, 1)] {
            assert_eq!(ouvertes(apres), [Partie::Journees, Partie::Chef]);
        }
    }

    #[test]
    fn r_cpl_01_what_is_missing_is_late_in_the_last_days_of_the_step() {
        assert!(!is_late(899, 1_000, 100));
        assert!(is_late(900, 1_000, 100));
        assert!(is_late(2_000, 1_000, 100));
    }

    fn complet() -> Completude {
        Completude {
            adresse: true,
            contact: true,
            accessibilite: true,
            referent: true,
            internat: true,
            internat_sans_places: false,
            boursiers: true,
            sites: 1,
            sites_sans_position: 0,
            chef: true,
            chef_confirme: true,
        }
    }

    #[test]
    fn r_eta_01_each_thing_that_is_missing_is_said_alone() {
        assert_eq!(complet().manques(), []);
        for (etat, attendu) in [
            (Completude { adresse: false, ..complet() }, Manque::Adresse),
            (Completude { contact: false, ..complet() }, Manque::Contact),
            (Completude { accessibilite: false, ..complet() }, Manque::Accessibilite),
            (Completude { referent: false, ..complet() }, Manque::Referent),
            (Completude { internat: false, ..complet() }, Manque::Internat),
            (Completude { internat_sans_places: true, ..complet() }, Manque::PlacesInternat),
            (Completude { boursiers: false, ..complet() }, Manque::Boursiers),
            (Completude { sites: 0, ..complet() }, Manque::Site),
            (Completude { sites_sans_position: 1, ..complet() }, Manque::Position),
            (Completude { chef: false, chef_confirme: false, ..complet() }, Manque::Chef),
            (Completude { chef_confirme: false, ..complet() }, Manque::Confirmation),
        ] {
            assert_eq!(etat.manques(), [attendu]);
        }
        assert_eq!(Completude::default().manques().len(), 8);
    }

    #[test]
    fn r_eta_02_courses_wait_for_their_establishment() {
        assert_eq!(check_complet(&complet()), Ok(()));
        let refus = check_complet(&Completude { sites: 0, ..complet() });
        assert_eq!(refus, Err(RuleViolation::EtablissementIncomplet { manques: vec![Manque::Site] }));
    }
}
