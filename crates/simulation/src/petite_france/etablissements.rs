//! Establishments in real towns, with invented names and numbers.

use std::collections::{BTreeMap, BTreeSet};

use domain::territoires::{self, Ville};

use super::noms::{PATRONAGES, PERSONNAGES, VOIES};
use super::uai;
use crate::alea::Alea;
use crate::domaines::plat;

/// What an establishment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    Universite,
    Iut,
    Lycee,
    Ifsi,
    EcoleIngenieurs,
    EcoleCommerce,
    Efts,
    EcoleArt,
    Cfa,
}

/// Legal status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatutJuridique {
    Public,
    PriveSousContrat,
    PriveEespig,
    PriveAutre,
    Consulaire,
}

/// Supervising authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tutelle {
    EnseignementSuperieur,
    EducationNationale,
    Agriculture,
    Sante,
    Culture,
    Autre,
}

/// Boarding house of an establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InternatSimule {
    pub filles: u32,
    pub garcons: u32,
}

/// An establishment.
#[derive(Debug, Clone, PartialEq)]
pub struct EtablissementSimule {
    pub uai: String,
    pub nom: String,
    pub nature: Nature,
    pub statut: StatutJuridique,
    pub tutelle: Tutelle,
    /// The university an institute belongs to, by position.
    pub rattachement: Option<usize>,
    pub adresse: String,
    pub code_postal: String,
    pub commune: &'static str,
    pub departement: &'static str,
    pub academie: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    /// Reserved domain: leads nowhere.
    pub site_web: String,
    pub mail: String,
    /// In the ranges set aside for fiction.
    pub telephone: String,
    pub internat: Option<InternatSimule>,
    /// Size beside others of its nature, from 0.6 to 1.6.
    pub taille: f64,
}

/// Seats of the universities, by department and town.
const UNIVERSITES: &[(&str, &str)] = &[
    ("75", "Paris"),
    ("75", "Paris"),
    ("93", "Saint-Denis"),
    ("94", "Créteil"),
    ("92", "Nanterre"),
    ("78", "Versailles"),
    ("91", "Orsay"),
    ("95", "Cergy"),
    ("13", "Marseille"),
    ("25", "Besançon"),
    ("33", "Bordeaux"),
    ("64", "Pau"),
    ("63", "Clermont-Ferrand"),
    ("21", "Dijon"),
    ("38", "Grenoble"),
    ("59", "Lille"),
    ("59", "Valenciennes"),
    ("69", "Lyon"),
    ("42", "Saint-Étienne"),
    ("34", "Montpellier"),
    ("54", "Nancy"),
    ("86", "Poitiers"),
    ("35", "Rennes"),
    ("29", "Brest"),
    ("67", "Strasbourg"),
    ("31", "Toulouse"),
    ("44", "Nantes"),
    ("49", "Angers"),
    ("45", "Orléans"),
    ("37", "Tours"),
    ("51", "Reims"),
    ("80", "Amiens"),
    ("87", "Limoges"),
    ("06", "Nice"),
    ("14", "Caen"),
    ("76", "Rouen"),
    ("2B", "Corte"),
    ("974", "Saint-Denis"),
    ("972", "Schœlcher"),
    ("971", "Pointe-à-Pitre"),
    ("973", "Cayenne"),
    ("976", "Dembéni"),
];

/// How many of each other nature; lycées get the rest of the total.
const TOTAL: usize = 320;
const IFSI: usize = 36;
const INGENIEURS: usize = 18;
const COMMERCE: usize = 10;
const EFTS: usize = 14;
const ARTS: usize = 8;
const CFA: usize = 20;

/// Draws the establishments.
pub fn etablissements(graine: u64) -> Vec<EtablissementSimule> {
    let mut f = Fabrique { alea: Alea::pour(graine, &[0x4554_4142]), ..Fabrique::default() };
    for (departement, nom) in UNIVERSITES {
        let Some(ville) = territoires::ville(departement, nom) else { continue };
        let universite = f.ajouter(Nature::Universite, ville, None);
        f.ajouter(Nature::Iut, ville, Some(universite));
    }
    for (nature, combien) in [
        (Nature::Ifsi, IFSI),
        (Nature::EcoleIngenieurs, INGENIEURS),
        (Nature::EcoleCommerce, COMMERCE),
        (Nature::Efts, EFTS),
        (Nature::EcoleArt, ARTS),
        (Nature::Cfa, CFA),
    ] {
        for ville in f.tirer_villes(combien, if nature == Nature::Ifsi { 0 } else { 40_000 }) {
            f.ajouter(nature, ville, None);
        }
    }
    let lycees = TOTAL - f.liste.len();
    // Every academy has lycées; the others follow the population.
    let mut villes: Vec<&Ville> =
        territoires::academies().iter().filter_map(|a| plus_grande(a.code)).collect();
    villes.extend(f.tirer_villes(lycees - villes.len(), 0));
    for ville in villes {
        f.ajouter(Nature::Lycee, ville, None);
    }
    f.liste
}

fn academie_de(ville: &Ville) -> &'static str {
    territoires::departement(ville.departement).map_or("99", |d| d.academie)
}

fn plus_grande(academie: &str) -> Option<&'static Ville> {
    territoires::villes().iter().filter(|v| academie_de(v) == academie).max_by_key(|v| v.population)
}

#[derive(Default)]
struct Fabrique {
    alea: Alea,
    liste: Vec<EtablissementSimule>,
    noms: BTreeSet<(Nature, String, &'static str)>,
    sequences: BTreeMap<&'static str, u32>,
}

impl Fabrique {
    /// Towns drawn in proportion to the square root of their population, so that small ones are seen too.
    fn tirer_villes(&mut self, combien: usize, population_min: u32) -> Vec<&'static Ville> {
        let possibles: Vec<&Ville> = territoires::villes()
            .iter()
            .filter(|v| v.population >= population_min && academie_de(v) != "99")
            .filter(|v| territoires::academies().iter().any(|a| a.code == academie_de(v)))
            .collect();
        let poids: Vec<f64> = possibles.iter().map(|v| f64::from(v.population).sqrt()).collect();
        let total: f64 = poids.iter().sum();
        let mut tirees = Vec::with_capacity(combien);
        let depart = self.alea.unite();
        let (mut cumul, mut i) = (0.0, 0);
        for k in 0..u32::try_from(combien).unwrap_or(0) {
            // Systematic draw: spread over the whole list.
            let vise =
                (f64::from(k) + depart) * total / f64::from(u32::try_from(combien).unwrap_or(1).max(1));
            while i + 1 < possibles.len() && cumul + poids[i] <= vise {
                cumul += poids[i];
                i += 1;
            }
            tirees.push(possibles[i]);
        }
        tirees
    }

    fn nom(&mut self, nature: Nature, prive: bool, ville: &Ville) -> String {
        loop {
            let patron = *self.alea.choix(if prive { PATRONAGES } else { PERSONNAGES });
            let nom = match nature {
                Nature::Universite => format!("Université {patron}"),
                Nature::Lycee if prive => format!("Lycée privé {patron}"),
                Nature::Lycee => format!("Lycée {patron}"),
                Nature::Ifsi => format!("IFSI {} – Centre hospitalier {patron}", ville.nom),
                Nature::EcoleIngenieurs => format!("École d’ingénieurs {patron}"),
                Nature::EcoleCommerce => format!("École de commerce {patron}"),
                Nature::Efts => format!("Institut de travail social {patron}"),
                Nature::EcoleArt => format!("École supérieure d’art {patron}"),
                Nature::Cfa => format!("CFA {patron}"),
                Nature::Iut => format!("IUT {}", territoires::du(ville.nom)),
            };
            // A name is unique in its town, and a university in the whole country.
            let ou = if nature == Nature::Universite { "" } else { ville.departement };
            if nature == Nature::Iut || self.noms.insert((nature, nom.clone(), ou)) {
                return nom;
            }
        }
    }

    fn ajouter(&mut self, nature: Nature, ville: &'static Ville, rattachement: Option<usize>) -> usize {
        let prive = nature == Nature::Lycee && self.alea.chance(0.25);
        let mut nom = self.nom(nature, prive, ville);
        if let Some(universite) = rattachement {
            nom = format!("{nom} – {}", self.liste[universite].nom);
        }
        let agricole = nature == Nature::Lycee && !prive && self.alea.chance(0.08);
        if agricole {
            nom = nom.replacen("Lycée", "Lycée agricole", 1);
        }
        let statut = match nature {
            Nature::Lycee if prive => StatutJuridique::PriveSousContrat,
            Nature::EcoleCommerce if self.alea.chance(0.4) => StatutJuridique::Consulaire,
            Nature::EcoleCommerce => StatutJuridique::PriveEespig,
            Nature::EcoleIngenieurs if self.alea.chance(0.35) => StatutJuridique::PriveEespig,
            Nature::Efts | Nature::Cfa => StatutJuridique::PriveAutre,
            _ => StatutJuridique::Public,
        };
        let tutelle = match nature {
            Nature::Lycee if agricole => Tutelle::Agriculture,
            Nature::Lycee => Tutelle::EducationNationale,
            Nature::Ifsi => Tutelle::Sante,
            Nature::EcoleArt => Tutelle::Culture,
            Nature::Efts | Nature::Cfa => Tutelle::Autre,
            _ => Tutelle::EnseignementSuperieur,
        };
        let sequence = self.sequences.entry(ville.departement).or_insert(0);
        let uai = uai::invente(ville.departement, *sequence);
        *sequence += 1;
        let domaine = format!("{}.example", uai.to_lowercase());
        let internat =
            (nature == Nature::Lycee && self.alea.chance(if agricole { 0.9 } else { 0.4 })).then(|| {
                InternatSimule { filles: 5 * self.alea.entre(4, 16), garcons: 5 * self.alea.entre(4, 16) }
            });
        // A few hundred metres around the centre of the town.
        let mut ecart = || (f64::from(self.alea.entre(0, 200)) - 100.0) / 10_000.0;
        let (latitude, longitude) = (arrondi(ville.latitude + ecart()), arrondi(ville.longitude + ecart()));
        self.liste.push(EtablissementSimule {
            mail: format!("contact@{domaine}"),
            site_web: format!("https://{domaine}/"),
            telephone: telephone_fixe(ville.departement, &mut self.alea),
            uai,
            nom,
            nature,
            statut,
            tutelle,
            rattachement,
            adresse: format!("{} {}", self.alea.entre(1, 180), self.alea.choix(VOIES)),
            code_postal: code_postal(ville.departement),
            commune: ville.nom,
            departement: ville.departement,
            academie: academie_de(ville),
            latitude,
            longitude,
            internat,
            taille: 0.6 + self.alea.unite(),
        });
        self.liste.len() - 1
    }
}

/// Four decimals, as the public files have.
fn arrondi(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0
}

/// The post code of the main town of the department.
pub fn code_postal(departement: &str) -> String {
    match departement {
        "2A" => "20000".to_owned(),
        "2B" => "20200".to_owned(),
        "977" => "97133".to_owned(),
        "978" => "97150".to_owned(),
        code if code.len() == 3 => format!("{code}00"),
        code => format!("{code}000"),
    }
}

/// A number of the ranges the regulator sets aside for fiction, by part of the country.
fn telephone_fixe(departement: &str, alea: &mut Alea) -> String {
    let region = territoires::departement(departement).map_or("", |d| d.region);
    let plage = match plat(region).as_str() {
        "ile-de-france" => "01 99 00",
        "bretagne" | "normandie" | "pays de la loire" | "centre-val de loire" => "02 61 91",
        "grand est" | "hauts-de-france" | "bourgogne-franche-comte" => "03 53 01",
        "auvergne-rhone-alpes" | "provence-alpes-cote d’azur" | "corse" => "04 65 71",
        _ => "05 36 49",
    };
    format!("{plage} {:02} {:02}", alea.entre(0, 99), alea.entre(0, 99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hundred_and_twenty_establishments_all_over_the_country() {
        let liste = etablissements(1);
        assert_eq!(liste.len(), TOTAL);
        let uais: BTreeSet<_> = liste.iter().map(|e| &e.uai).collect();
        assert_eq!(uais.len(), TOTAL);
        let noms: BTreeSet<_> = liste.iter().map(|e| (&e.nom, e.commune, e.departement)).collect();
        assert_eq!(noms.len(), TOTAL);
        for a in territoires::academies() {
            assert!(liste.iter().any(|e| e.academie == a.code && e.nature == Nature::Lycee), "{}", a.nom);
        }
        let universites = liste.iter().filter(|e| e.nature == Nature::Universite).count();
        assert_eq!(universites, UNIVERSITES.len());
        for e in &liste {
            let numero: u32 = e.uai[..7].parse().unwrap();
            assert_eq!(e.uai.chars().last(), Some(uai::cle(numero)));
            assert!(numero % 10_000 >= uai::PREMIER);
            assert_eq!(e.rattachement.is_some(), e.nature == Nature::Iut);
        }
        assert!(liste.iter().filter(|e| e.internat.is_some()).count() > 30);
        let prives = liste.iter().filter(|e| e.statut == StatutJuridique::PriveSousContrat).count();
        assert!((20..60).contains(&prives), "{prives}");
    }
}
