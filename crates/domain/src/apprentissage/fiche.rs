//! One record of the catalogue, the same whatever the format that it came in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::statut::Statut;
use crate::formations::Famille;
use crate::territoires::{Departement, departement, departement_postal, distance_km};

/// A day, or a month when the day is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Year.
    pub annee: i16,
    /// 1 to 12.
    pub mois: i8,
    /// 1 to 31; none: only the month is known.
    pub jour: Option<i8>,
}

impl Moment {
    /// A month.
    pub const fn mois(annee: i16, mois: i8) -> Self {
        Self { annee, mois, jour: None }
    }

    /// Reads `2021-09`, `2021-09-01`, `20210901` and what follows a date after `T` or a space.
    pub fn parse(texte: &str) -> Option<Self> {
        let texte = texte.split(['T', ' ']).next().unwrap_or_default();
        let nombre = |t: Option<&str>, longueur: usize| -> Option<i16> {
            t.filter(|t| t.len() == longueur && t.bytes().all(|o| o.is_ascii_digit()))?.parse().ok()
        };
        let (annee, mois, jour) = if texte.contains('-') {
            let mut parties = texte.split('-');
            let (annee, mois, jour) = (parties.next(), parties.next(), parties.next());
            if parties.next().is_some() {
                return None;
            }
            (annee, mois, jour)
        } else {
            (texte.get(..4), texte.get(4..6), texte.get(6..).filter(|j| !j.is_empty()))
        };
        let (annee, mois) = (nombre(annee, 4)?, i8::try_from(nombre(mois, 2)?).ok()?);
        let jour = match jour {
            None => None,
            Some(j) => Some(i8::try_from(nombre(Some(j), 2)?).ok()?),
        };
        // The calendar knows how many days a month has.
        jiff::civil::Date::new(annee, mois, jour.unwrap_or(1)).ok()?;
        (1990..=2100).contains(&annee).then_some(Self { annee, mois, jour })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.annee, self.mois)?;
        self.jour.map_or(Ok(()), |j| write!(f, "-{j:02}"))
    }
}

/// A session of the course: when one enters it, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Periode {
    /// First day, or month of entry.
    pub debut: Moment,
    /// None: the file does not say it.
    pub fin: Option<Moment>,
}

impl fmt::Display for Periode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.debut)?;
        self.fin.map_or(Ok(()), |fin| write!(f, "/{fin}"))
    }
}

/// A point of the map, WGS 84, in millionths of a degree: equal when written equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Point {
    /// North is positive.
    pub latitude: i32,
    /// East is positive.
    pub longitude: i32,
}

impl Point {
    /// From degrees; `None` outside the Earth.
    pub fn from_degres(latitude: f64, longitude: f64) -> Option<Self> {
        let dans = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        #[expect(clippy::cast_possible_truncation, reason = "at most 180 millions, checked")]
        let micro = |degres: f64| (degres * 1e6).round() as i32;
        dans.then(|| Self { latitude: micro(latitude), longitude: micro(longitude) })
    }

    /// Metres as the crow flies.
    pub fn distance_m(self, autre: Self) -> u32 {
        let d = |micro: i32| f64::from(micro) / 1e6;
        let km = distance_km(d(self.latitude), d(self.longitude), d(autre.latitude), d(autre.longitude));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most half the Earth, never negative"
        )]
        let metres = (km * 1000.0).round() as u32;
        metres
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = |micro: i32| f64::from(micro) / 1e6;
        write!(f, "{},{}", d(self.latitude), d(self.longitude))
    }
}

/// Who manages a course, or who gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisme {
    /// Fourteen digits.
    pub siret: Option<String>,
    /// In capitals.
    pub uai: Option<String>,
    /// INSEE code.
    pub commune: Option<String>,
    /// Where it is.
    pub point: Option<Point>,
}

/// Where a course is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lieu {
    /// Fourteen digits.
    pub siret: Option<String>,
    /// In capitals.
    pub uai: Option<String>,
    /// INSEE code.
    pub commune: Option<String>,
    /// Name of the town; records read before it was said have none.
    #[serde(default)]
    pub ville: Option<String>,
    /// Postal code.
    pub code_postal: Option<String>,
    /// Street and number, on one line.
    pub adresse: Option<String>,
    /// Where it is.
    pub point: Option<Point>,
}

/// Whose SIRET or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Porteur {
    /// Of the place.
    Lieu,
    /// Of whoever gives the course.
    Formateur,
    /// Of whoever answers for it.
    Gestionnaire,
}

impl Porteur {
    /// R-APP-08: in the order in which the establishment of a course is looked for.
    pub const ALL: [Self; 3] = [Self::Lieu, Self::Formateur, Self::Gestionnaire];

    /// French, with its article contracted: « du … ».
    pub const fn du(self) -> &'static str {
        match self {
            Self::Lieu => "du lieu",
            Self::Formateur => "du formateur",
            Self::Gestionnaire => "du gestionnaire",
        }
    }
}

/// R-APP-17: an establishment code that a register gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UaiComplete {
    /// Whose SIRET it was found by.
    pub porteur: Porteur,
    /// In capitals.
    pub uai: String,
}

/// R-APP-17: what the national registers say of a record that the catalogue does not say, apart from what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Complement {
    /// Title, from the label of its diploma.
    pub intitule: Option<String>,
    /// Establishment code, from a SIRET.
    pub uai: Option<UaiComplete>,
}

impl Complement {
    /// Whether the registers say nothing more.
    pub const fn is_empty(&self) -> bool {
        self.intitule.is_none() && self.uai.is_none()
    }
}

/// A record of the national catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fiche {
    /// Identifier in the catalogue: course, action and certification joined by `|`.
    pub id: String,
    /// Key of the ministry: the same from one year to the next; none before it was given.
    pub cle_ministere: Option<String>,
    /// Title of the course.
    pub intitule: Option<String>,
    /// Who answers for it.
    pub gestionnaire: Organisme,
    /// Who gives it.
    pub formateur: Organisme,
    /// Where it is given.
    pub lieu: Lieu,
    /// Code of the diploma (CFD), eight characters.
    pub cfd: Option<String>,
    /// Number in the national directory of certifications, `RNCP` and digits.
    pub rncp: Option<String>,
    /// Codes of its years in the national nomenclature, in order, each once.
    pub mefs: Vec<String>,
    /// European level that the file says, 3 (CAP) to 8 (doctorate).
    pub niveau_dit: Option<u8>,
    /// In order, each once.
    pub periodes: Vec<Periode>,
    /// Whether nobody comes to the place.
    pub a_distance: bool,
    /// Places; none: not said, which is not zero.
    pub capacite: Option<u32>,
    /// The status that the file says; it never publishes by itself.
    pub statut_dit: Option<Statut>,
    /// Why it is not published, or the error of the platform, as the file says.
    pub raison_dite: Option<String>,
    /// What the registers say of it; records that need nothing of them have none.
    #[serde(default, skip_serializing_if = "Complement::is_empty")]
    pub complement: Complement,
}

impl Fiche {
    /// European level: that of the code of the diploma, whose first digit counts backwards (5 is the CAP), else the one that the
    /// file says. `None`: neither says it.
    pub fn niveau(&self) -> Option<u8> {
        match self.cfd.as_deref().and_then(|c| c.bytes().next()) {
            Some(chiffre @ b'1'..=b'5') => Some(8 - (chiffre - b'0')),
            _ => self.niveau_dit,
        }
    }

    /// The title of the course: the one that the catalogue says, else that of its diploma (R-APP-17).
    pub fn titre(&self) -> Option<&str> {
        self.intitule.as_deref().or(self.complement.intitule.as_deref())
    }

    /// R-APP-08: the establishment whose course it is: that of the place, else the trainer, else the manager; else the one that the
    /// register knows by a SIRET (R-APP-17).
    pub fn uai(&self) -> Option<&str> {
        self.uai_dit().or(self.complement.uai.as_ref().map(|u| u.uai.as_str()))
    }

    /// The same, as far as the catalogue says it.
    pub fn uai_dit(&self) -> Option<&str> {
        let codes = [&self.lieu.uai, &self.formateur.uai, &self.gestionnaire.uai];
        codes.into_iter().flatten().next().map(String::as_str)
    }

    /// The codes of the place, the trainer and the manager, whoever says them.
    pub fn uais(&self) -> [Option<&str>; 3] {
        let dits = [&self.lieu.uai, &self.formateur.uai, &self.gestionnaire.uai];
        let mut codes = dits.map(|u| u.as_deref());
        if let Some(u) = &self.complement.uai {
            let rang = match u.porteur {
                Porteur::Lieu => 0,
                Porteur::Formateur => 1,
                Porteur::Gestionnaire => 2,
            };
            codes[rang] = Some(u.uai.as_str());
        }
        codes
    }

    /// A SIRET of the record.
    pub fn siret(&self, porteur: Porteur) -> Option<&str> {
        match porteur {
            Porteur::Lieu => self.lieu.siret.as_deref(),
            Porteur::Formateur => self.formateur.siret.as_deref(),
            Porteur::Gestionnaire => self.gestionnaire.siret.as_deref(),
        }
    }

    /// The department where it is given: by its town, else by its postal code.
    pub fn departement(&self) -> Option<&'static Departement> {
        let commune = self.lieu.commune.as_deref().and_then(|c| {
            let chiffres = if c.starts_with("97") || c.starts_with("98") { 3 } else { 2 };
            departement(c.get(..chiffres)?)
        });
        commune.or_else(|| departement_postal(self.lieu.code_postal.as_deref()?))
    }

    /// The family of courses: that which its title begins with, else that of the code of a BTS.
    pub fn famille(&self) -> Famille {
        let titre = crate::formations::normalise_recherche(self.titre().unwrap_or_default());
        let commence = |mots: &str| titre == mots || titre.starts_with(&format!("{mots} "));
        if commence("bts") || commence("btsa") || commence("brevet de technicien superieur") {
            Famille::Bts
        } else if commence("but") || commence("bachelor universitaire de technologie") {
            Famille::But
        } else if commence("licence") {
            Famille::Licence
        } else if self.cfd.as_deref().is_some_and(|c| c.starts_with("320")) {
            Famille::Bts
        } else {
            Famille::Autre
        }
    }

    /// « Amiens, UAI 0801234A », as far as it says it.
    pub fn lieu_dit(&self) -> Option<String> {
        let uai = self.uai().map(|u| format!("UAI {u}"));
        let dits: Vec<String> = self.lieu.ville.clone().into_iter().chain(uai).collect();
        (!dits.is_empty()).then(|| dits.join(", "))
    }

    /// Metres between the trainer and the place; `None` while one of them is not on the map.
    pub fn distance_lieu_formateur(&self) -> Option<u32> {
        Some(self.lieu.point?.distance_m(self.formateur.point?))
    }

    /// What makes two records one course: diploma, place, sessions, who manages and who gives. `None` when nothing says the
    /// diploma: two unknowns are not the same thing.
    pub fn cle_contenu(&self) -> Option<String> {
        let mut cle = self.cle_pedagogique()?;
        for champ in [Champ::SiretGestionnaire, Champ::SiretFormateur] {
            cle.push('\u{1f}');
            cle.push_str(&self.valeur(champ));
        }
        Some(cle)
    }

    /// Diploma, place and sessions, whoever manages and gives: what is left when an establishment is restructured.
    pub(super) fn cle_pedagogique(&self) -> Option<String> {
        self.cfd.as_ref().or(self.rncp.as_ref())?;
        let champs = [Champ::Cfd, Champ::Rncp, Champ::CommuneLieu, Champ::AdresseLieu, Champ::Periodes];
        let valeurs = champs.map(|c| match c {
            Champ::AdresseLieu => crate::formations::normalise_recherche(&self.valeur(c)),
            _ => self.valeur(c),
        });
        Some(valeurs.join("\u{1f}"))
    }

    /// What a field says, as a report shows it; empty when nothing is said.
    pub fn valeur(&self, champ: Champ) -> String {
        let texte = |t: &Option<String>| t.clone().unwrap_or_default();
        let point = |p: &Option<Point>| p.map(|p| p.to_string()).unwrap_or_default();
        match champ {
            Champ::CleMinistere => texte(&self.cle_ministere),
            Champ::Intitule => texte(&self.intitule),
            Champ::IntituleComplete => texte(&self.complement.intitule),
            Champ::SiretGestionnaire => texte(&self.gestionnaire.siret),
            Champ::UaiGestionnaire => texte(&self.gestionnaire.uai),
            Champ::CommuneGestionnaire => texte(&self.gestionnaire.commune),
            Champ::PointGestionnaire => point(&self.gestionnaire.point),
            Champ::SiretFormateur => texte(&self.formateur.siret),
            Champ::UaiFormateur => texte(&self.formateur.uai),
            Champ::CommuneFormateur => texte(&self.formateur.commune),
            Champ::PointFormateur => point(&self.formateur.point),
            Champ::SiretLieu => texte(&self.lieu.siret),
            Champ::UaiLieu => texte(&self.lieu.uai),
            Champ::UaiComplete => {
                let dit = |u: &UaiComplete| format!("{} (SIRET {})", u.uai, u.porteur.du());
                self.complement.uai.as_ref().map(dit).unwrap_or_default()
            }
            Champ::CommuneLieu => texte(&self.lieu.commune),
            Champ::VilleLieu => texte(&self.lieu.ville),
            Champ::CodePostalLieu => texte(&self.lieu.code_postal),
            Champ::AdresseLieu => texte(&self.lieu.adresse),
            Champ::PointLieu => point(&self.lieu.point),
            Champ::Cfd => texte(&self.cfd),
            Champ::Rncp => texte(&self.rncp),
            Champ::Mefs => self.mefs.join(", "),
            Champ::Niveau => self.niveau_dit.map(|n| n.to_string()).unwrap_or_default(),
            Champ::Periodes => self.periodes.iter().map(Periode::to_string).collect::<Vec<_>>().join(", "),
            Champ::ADistance => if self.a_distance { "oui" } else { "non" }.to_owned(),
            Champ::Capacite => self.capacite.map(|n| n.to_string()).unwrap_or_default(),
            Champ::StatutDit => self.statut_dit.map(|s| s.libelle().to_owned()).unwrap_or_default(),
            Champ::RaisonDite => texte(&self.raison_dite),
        }
    }
}

/// What a record says, field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is the field of the record that has its name; `libelle` says it in French"
)]
pub enum Champ {
    CleMinistere,
    Intitule,
    IntituleComplete,
    SiretGestionnaire,
    UaiGestionnaire,
    CommuneGestionnaire,
    PointGestionnaire,
    SiretFormateur,
    UaiFormateur,
    CommuneFormateur,
    PointFormateur,
    SiretLieu,
    UaiLieu,
    UaiComplete,
    CommuneLieu,
    VilleLieu,
    CodePostalLieu,
    AdresseLieu,
    PointLieu,
    Cfd,
    Rncp,
    Mefs,
    Niveau,
    Periodes,
    ADistance,
    Capacite,
    StatutDit,
    RaisonDite,
}

impl Champ {
    /// Every field.
    pub const ALL: [Self; 28] = [
        Self::CleMinistere,
        Self::Intitule,
        Self::IntituleComplete,
        Self::SiretGestionnaire,
        Self::UaiGestionnaire,
        Self::CommuneGestionnaire,
        Self::PointGestionnaire,
        Self::SiretFormateur,
        Self::UaiFormateur,
        Self::CommuneFormateur,
        Self::PointFormateur,
        Self::SiretLieu,
        Self::UaiLieu,
        Self::UaiComplete,
        Self::CommuneLieu,
        Self::VilleLieu,
        Self::CodePostalLieu,
        Self::AdresseLieu,
        Self::PointLieu,
        Self::Cfd,
        Self::Rncp,
        Self::Mefs,
        Self::Niveau,
        Self::Periodes,
        Self::ADistance,
        Self::Capacite,
        Self::StatutDit,
        Self::RaisonDite,
    ];

    /// French name, lower case.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::CleMinistere => "clé ministère",
            Self::Intitule => "intitulé",
            Self::IntituleComplete => "intitulé complété d’après le code du diplôme",
            Self::SiretGestionnaire => "SIRET du gestionnaire",
            Self::UaiGestionnaire => "UAI du gestionnaire",
            Self::CommuneGestionnaire => "commune du gestionnaire",
            Self::PointGestionnaire => "coordonnées du gestionnaire",
            Self::SiretFormateur => "SIRET du formateur",
            Self::UaiFormateur => "UAI du formateur",
            Self::CommuneFormateur => "commune du formateur",
            Self::PointFormateur => "coordonnées du formateur",
            Self::SiretLieu => "SIRET du lieu",
            Self::UaiLieu => "UAI du lieu",
            Self::UaiComplete => "UAI complété d’après le répertoire",
            Self::CommuneLieu => "commune du lieu",
            Self::VilleLieu => "ville du lieu",
            Self::CodePostalLieu => "code postal du lieu",
            Self::AdresseLieu => "adresse du lieu",
            Self::PointLieu => "coordonnées du lieu",
            Self::Cfd => "code du diplôme (CFD)",
            Self::Rncp => "code RNCP",
            Self::Mefs => "codes MEF",
            Self::Niveau => "niveau",
            Self::Periodes => "dates des sessions",
            Self::ADistance => "entièrement à distance",
            Self::Capacite => "capacité",
            Self::StatutDit => "statut du catalogue",
            Self::RaisonDite => "raison du catalogue",
        }
    }

    /// Whether candidates read it, or it decides what they read: a published record whose field changes waits for somebody. The
    /// code of the town says what its name says, and a diploma that the nomenclature spells otherwise is the same one.
    pub const fn is_de_fond(self) -> bool {
        !matches!(
            self,
            Self::CleMinistere
                | Self::IntituleComplete
                | Self::VilleLieu
                | Self::StatutDit
                | Self::RaisonDite
        )
    }

    /// R-APP-14: whether it says which establishment the course may be of.
    pub const fn is_code_etablissement(self) -> bool {
        matches!(self, Self::UaiGestionnaire | Self::UaiFormateur | Self::UaiLieu | Self::UaiComplete)
    }

    /// R-APP-17: whether a register says it, and not the catalogue.
    pub const fn is_complement(self) -> bool {
        matches!(self, Self::IntituleComplete | Self::UaiComplete)
    }
}

/// A field that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changement {
    /// Which one.
    pub champ: Champ,
    /// Empty: nothing was said.
    pub avant: String,
    /// Empty: nothing is said any more.
    pub apres: String,
}

/// The fields that differ, in their order. The identifier is no field.
pub fn changements(avant: &Fiche, apres: &Fiche) -> Vec<Changement> {
    if avant == apres {
        return Vec::new();
    }
    Champ::ALL
        .into_iter()
        .map(|champ| Changement { champ, avant: avant.valeur(champ), apres: apres.valeur(champ) })
        .filter(|c| c.avant != c.apres)
        .collect()
}

/// Whether what differs is what candidates read, or decides it. What the catalogue now says as the registers had completed it (R-APP-17)
/// is no change.
pub(super) fn is_change_de_fond(avant: &Fiche, apres: &Fiche, champs: &[Changement]) -> bool {
    champs.iter().any(|c| match c.champ {
        Champ::Intitule => avant.titre() != apres.titre(),
        champ if champ.is_code_etablissement() => avant.uais() != apres.uais(),
        champ => champ.is_de_fond(),
    })
}

/// R-APP-01: a place that bears the code of its trainer while they are in two towns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appariement {
    /// The code that both bear.
    pub uai: String,
    /// INSEE code of the place.
    pub commune_lieu: String,
    /// INSEE code of the trainer.
    pub commune_formateur: String,
    /// Metres between them, when both are on the map.
    pub distance_m: Option<u32>,
}

/// R-APP-01: an establishment code is that of one place. The code of the place must differ from the trainer's when their INSEE
/// towns do; while one of them is not known there is nothing to say. A warning: it refuses nothing.
pub fn check_appariement(fiche: &Fiche) -> Option<Appariement> {
    let (lieu, formateur) = (&fiche.lieu, &fiche.formateur);
    let (uai, autre) = (lieu.uai.as_ref()?, formateur.uai.as_ref()?);
    let (commune_lieu, commune_formateur) = (lieu.commune.as_ref()?, formateur.commune.as_ref()?);
    (uai == autre && commune_lieu != commune_formateur).then(|| Appariement {
        uai: uai.clone(),
        commune_lieu: commune_lieu.clone(),
        commune_formateur: commune_formateur.clone(),
        distance_m: fiche.distance_lieu_formateur(),
    })
}

/// Fourteen digits, spaces between them left out.
pub fn parse_siret(texte: &str) -> Option<String> {
    let chiffres: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
    (chiffres.len() == 14 && chiffres.bytes().all(|o| o.is_ascii_digit())).then_some(chiffres)
}

/// Whether the last digit is the one that the others give (Luhn). Post offices share one number: for them, digits that add up
/// to a multiple of five will do.
pub fn is_siret_coherent(siret: &str) -> bool {
    const LA_POSTE: &str = "356000000";
    let chiffres = siret.bytes().map(|o| u32::from(o.wrapping_sub(b'0')));
    let somme: u32 = chiffres
        .clone()
        .rev()
        .enumerate()
        .map(|(rang, c)| match (rang % 2, c) {
            (0, c) => c,
            (_, 0..=4) => 2 * c,
            _ => 2 * c - 9,
        })
        .sum();
    somme.is_multiple_of(10) || (siret.starts_with(LA_POSTE) && chiffres.sum::<u32>().is_multiple_of(5))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A BTS in Amiens, managed and given by one establishment.
    pub(in crate::apprentissage) fn fiche(id: &str) -> Fiche {
        let organisme = Organisme {
            siret: Some("19290076900014".to_owned()),
            uai: Some("0800001A".to_owned()),
            commune: Some("80021".to_owned()),
            point: Point::from_degres(49.894, 2.295),
        };
        Fiche {
            id: id.to_owned(),
            cle_ministere: None,
            intitule: Some("BTS électronique".to_owned()),
            gestionnaire: organisme.clone(),
            formateur: organisme,
            lieu: Lieu {
                siret: None,
                uai: None,
                commune: Some("80021".to_owned()),
                ville: None,
                code_postal: Some("80000".to_owned()),
                adresse: Some("3 rue des Écoles".to_owned()),
                point: Point::from_degres(49.894, 2.295),
            },
            cfd: Some("32025101".to_owned()),
            rncp: Some("RNCP474".to_owned()),
            mefs: Vec::new(),
            niveau_dit: None,
            periodes: vec![Periode { debut: Moment::mois(2024, 9), fin: None }],
            a_distance: false,
            capacite: None,
            statut_dit: None,
            raison_dite: None,
            complement: Complement::default(),
        }
    }

    #[test]
    fn r_app_01_the_place_bears_another_code_than_its_trainer_in_another_town() {
        let mut f = fiche("a");
        f.lieu.uai.clone_from(&f.formateur.uai);
        assert_eq!(check_appariement(&f), None, "one town, one code");
        f.lieu.commune = Some("80001".to_owned());
        f.lieu.point = Point::from_degres(50.107, 1.832);
        let a = check_appariement(&f).unwrap();
        assert_eq!((a.uai.as_str(), a.commune_lieu.as_str()), ("0800001A", "80001"));
        assert!(a.distance_m.is_some_and(|m| (40_000..42_000).contains(&m)), "{a:?}");
        f.lieu.uai = Some("0801234B".to_owned());
        assert_eq!(check_appariement(&f), None, "a code of its own");
        f.lieu.uai = None;
        assert_eq!(check_appariement(&f), None, "an unknown code is not a wrong one");
        f.lieu.uai.clone_from(&f.formateur.uai);
        f.formateur.commune = None;
        assert_eq!(check_appariement(&f), None, "an unknown town is not another one");
    }

    #[test]
    fn moments_are_days_or_months_that_exist() {
        for (texte, dit) in [
            ("2021-09", "2021-09"),
            ("2021-09-01", "2021-09-01"),
            ("20210901", "2021-09-01"),
            ("2021-09-01T00:00:00.000Z", "2021-09-01"),
            ("202109", "2021-09"),
        ] {
            assert_eq!(Moment::parse(texte).map(|m| m.to_string()).as_deref(), Some(dit), "{texte}");
        }
        for texte in ["", "2021", "2021-13", "2021-02-30", "2021-9", "2021-09-01-02", "+021-09", "0001-01"] {
            assert_eq!(Moment::parse(texte), None, "{texte}");
        }
    }

    #[test]
    fn the_level_is_that_of_the_diploma() {
        let mut f = fiche("a");
        assert_eq!(f.niveau(), Some(5));
        f.cfd = Some("16X31007".to_owned());
        assert_eq!(f.niveau(), Some(7));
        f.cfd = Some("01022103".to_owned());
        assert_eq!(f.niveau(), None, "additional mentions have no level in their code");
        f.niveau_dit = Some(4);
        assert_eq!(f.niveau(), Some(4));
    }

    #[test]
    fn sirets_have_fourteen_digits_and_a_check() {
        assert_eq!(parse_siret("192 900 769 00014").as_deref(), Some("19290076900014"));
        assert_eq!(parse_siret("1929007690001"), None);
        assert!(is_siret_coherent("73282932000074"));
        assert!(!is_siret_coherent("73282932000075"));
        assert!(is_siret_coherent("35600000000048"));
        assert!(is_siret_coherent("35600000000001"), "a post office");
    }

    #[test]
    fn changes_name_their_fields() {
        let avant = fiche("a");
        let mut apres = avant.clone();
        assert_eq!(changements(&avant, &apres), []);
        apres.capacite = Some(12);
        apres.lieu.uai = Some("0801234B".to_owned());
        let c: Vec<_> = changements(&avant, &apres).into_iter().map(|c| (c.champ, c.apres)).collect();
        assert_eq!(c, [(Champ::UaiLieu, "0801234B".to_owned()), (Champ::Capacite, "12".to_owned())]);
    }
}
