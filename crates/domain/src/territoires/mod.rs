//! Territories: departments, academies, academic regions and towns, written as facts.
//!
//! Codes are those of the ministry (academies) and of the national geography (departments, regions). Names are
//! French with their accents and the typographic apostrophe; look-ups by name forgive accents, case, hyphens and
//! the spellings met in the public files.

mod academies;
mod communes;
mod departements;
mod fuseaux;
mod noms;
mod villes;

pub use communes::{
    Commune, Trouvee, VilleDite, choose_commune, cle_commune, cles_proches, read_ville, ville_entiere,
};
pub use fuseaux::HeureLocale;
pub use noms::du;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A department (or overseas collectivity, or « étranger », code `99`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departement {
    /// `01` … `95`, `2A`, `2B`, `971` …, `987`, `988`, `99` abroad.
    pub code: &'static str,
    /// French name.
    pub nom: &'static str,
    /// Code of its academy.
    pub academie: &'static str,
    /// Name of the administrative region.
    pub region: &'static str,
}

/// An academy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Academie {
    /// Ministry code on two digits (`10` Lyon, `09` Lille…).
    pub code: &'static str,
    /// French name.
    pub nom: &'static str,
    /// Code of its académique region.
    pub region_academique: &'static str,
}

/// A région académique: one to three academies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionAcademique {
    /// Code of the administrative region of the same bounds (`84`, `11`, `01`…).
    pub code: &'static str,
    /// French name.
    pub nom: &'static str,
}

/// A town with its coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ville {
    /// French name.
    pub nom: &'static str,
    /// Code of its department.
    pub departement: &'static str,
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// Inhabitants, rounded.
    pub population: u32,
}

/// Departments, then overseas ones and collectivities, `99` (étranger) after the metropolitan ones.
pub fn departements() -> &'static [Departement] {
    departements::DEPARTEMENTS
}

/// The department of a code, as files write it: `1`, `01` and `001` are Ain; `2a`, `02A` Corse-du-Sud.
///
/// `20`, Corsica before 1976 and still the start of its post codes, is read as `2A`: both halves are in the same
/// academy and region, so that nothing but the label depends on this choice. `990` and `099` are `99`.
pub fn departement(code: &str) -> Option<&'static Departement> {
    let code = code.trim().to_ascii_uppercase();
    let court = code.trim_start_matches('0');
    let canonical = match court {
        "20" => "2A".to_owned(),
        "990" => "99".to_owned(),
        _ if court.len() == 1 => format!("0{court}"),
        _ => court.to_owned(),
    };
    departements().iter().find(|d| d.code == canonical)
}

/// The department of a post code: its first two digits, three overseas.
pub fn departement_postal(code: &str) -> Option<&'static Departement> {
    let code = code.trim();
    let chiffres = if code.starts_with("97") || code.starts_with("98") { 3 } else { 2 };
    departement(code.get(..chiffres)?)
}

/// The department of a name, whatever its accents, case and hyphens; « St » stands for « Saint ».
pub fn departement_par_nom(nom: &str) -> Option<&'static Departement> {
    let cherche = normalise(nom);
    departements().iter().find(|d| normalise(d.nom) == cherche)
}

/// The thirty academies, by code.
pub fn academies() -> &'static [Academie] {
    academies::ACADEMIES
}

/// Vice-rectorats, Saint-Pierre-et-Miquelon and « étranger »: same nomenclature, not academies.
pub fn autres_services() -> &'static [Academie] {
    academies::AUTRES_SERVICES
}

/// The academy (or other service) of a code; `9` is `09`, and the old codes of Caen and Rouen give Normandie.
pub fn academie(code: &str) -> Option<&'static Academie> {
    let code = code.trim();
    let canonical = if code.len() == 1 { format!("0{code}") } else { code.to_owned() };
    let canonical = match academies::ANCIENNES.iter().any(|(ancien, _)| *ancien == canonical) {
        true => NORMANDIE.to_owned(),
        false => canonical,
    };
    academies().iter().chain(autres_services()).find(|a| a.code == canonical)
}

/// The academy of a name, whatever its accents, case, hyphens and « académie de »; Caen and Rouen give Normandie.
pub fn academie_par_nom(nom: &str) -> Option<&'static Academie> {
    let cherche = normalise(nom);
    if academies::ANCIENNES.iter().any(|(_, ancien)| *ancien == cherche) {
        return academie(NORMANDIE);
    }
    academies().iter().chain(autres_services()).find(|a| normalise(a.nom) == cherche)
}

const NORMANDIE: &str = "70";

/// The eighteen régions académiques, by name. Since 2020 they have the bounds and names of the administrative regions.
pub fn regions_academiques() -> &'static [RegionAcademique] {
    academies::REGIONS
}

/// The région académique of a code; also `00` (collectivités d’outre-mer) and `99` (étranger).
pub fn region_academique(code: &str) -> Option<&'static RegionAcademique> {
    let code = code.trim();
    regions_academiques().iter().chain(academies::AUTRES_REGIONS).find(|r| r.code == code)
}

/// The région académique of a name, with the spellings of the public files (« Centre », « Réunion », « Grand-Est »).
pub fn region_par_nom(nom: &str) -> Option<&'static RegionAcademique> {
    let cherche = match normalise(nom).as_str() {
        "centre" => "centre val de loire".to_owned(),
        autre => autre.to_owned(),
    };
    regions_academiques().iter().chain(academies::AUTRES_REGIONS).find(|r| normalise(r.nom) == cherche)
}

/// The academies of a région académique, by its code.
pub fn academies_de(region: &str) -> impl Iterator<Item = &'static Academie> {
    academies().iter().chain(autres_services()).filter(move |a| a.region_academique == region)
}

/// The known towns, by department.
pub fn villes() -> &'static [Ville] {
    villes::VILLES
}

/// The town of a name in a department, whatever accents, case and hyphens.
pub fn ville(departement_code: &str, nom: &str) -> Option<&'static Ville> {
    let dep = departement(departement_code)?;
    let cherche = normalise(nom);
    villes().iter().find(|v| v.departement == dep.code && normalise(v.nom) == cherche)
}

/// Great-circle distance in kilometres (haversine, mean radius of the Earth).
pub fn distance_km(lat1: f64, lon1: f64, lat2: f64, lon2: f64) -> f64 {
    const RAYON_KM: f64 = 6_371.0;
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let d_phi = (phi2 - phi1) / 2.0;
    let d_lambda = (lon2 - lon1).to_radians() / 2.0;
    let h = d_phi.sin().powi(2) + phi1.cos() * phi2.cos() * d_lambda.sin().powi(2);
    2.0 * RAYON_KM * h.clamp(0.0, 1.0).sqrt().asin()
}

/// Lower case without accents, punctuation as single spaces, without « académie de » and a leading article.
fn normalise(nom: &str) -> String {
    let mut propre = String::with_capacity(nom.len());
    for c in nom.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => propre.push_str("oe"),
            c if c.is_alphanumeric() => propre.push(c),
            _ => propre.push(' '),
        }
    }
    let mots: Vec<&str> = propre.split_whitespace().collect();
    let mots = match mots.as_slice() {
        ["academie", "de" | "d" | "du", "la", reste @ ..]
        | ["academie", "de" | "d" | "du", reste @ ..]
        | ["la", reste @ ..] => reste,
        tous => tous,
    };
    let entiers = mots.iter().map(|m| match *m {
        "st" => "saint",
        "ste" => "sainte",
        autre => autre,
    });
    entiers.collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn every_department_is_in_an_academy_of_its_region() {
        for d in departements() {
            let a = academie(d.academie).unwrap_or_else(|| panic!("{}: academy {}", d.code, d.academie));
            let r = region_academique(a.region_academique).unwrap();
            assert_eq!(r.nom, d.region, "{}", d.code);
        }
        assert_eq!(departements().len(), 96 + 5 + 6 + 1);
    }

    #[test]
    fn the_thirty_academies_and_the_eighteen_regions_are_all_used() {
        assert_eq!(academies().len(), 30);
        assert_eq!(regions_academiques().len(), 18);
        for a in academies().iter().chain(autres_services()) {
            assert!(departements().iter().any(|d| d.academie == a.code), "{}", a.nom);
        }
        for r in regions_academiques() {
            assert!((1..=3).contains(&academies_de(r.code).count()), "{}", r.nom);
        }
        let noms: Vec<_> = academies_de("32").map(|a| a.nom).collect();
        assert_eq!(noms, ["Lille", "Amiens"]);
    }

    #[test]
    fn nothing_is_written_twice() {
        let codes: BTreeSet<_> = departements().iter().map(|d| d.code).collect();
        assert_eq!(codes.len(), departements().len());
        let noms: BTreeSet<_> = departements().iter().map(|d| normalise(d.nom)).collect();
        assert_eq!(noms.len(), departements().len());
        let lieux: BTreeSet<_> = villes().iter().map(|v| (v.departement, normalise(v.nom))).collect();
        assert_eq!(lieux.len(), villes().len());
        let points: BTreeSet<_> =
            villes().iter().map(|v| (v.latitude.to_bits(), v.longitude.to_bits())).collect();
        assert_eq!(points.len(), villes().len());
        let academies: BTreeSet<_> =
            academies().iter().chain(autres_services()).map(|a| normalise(a.nom)).collect();
        assert_eq!(academies.len(), 35);
    }

    #[test]
    fn towns_stand_inside_the_bounds_of_their_territory() {
        // south, north, west, east
        let bornes = |departement: &str| match departement {
            "971" => (15.8, 16.6, -61.9, -61.0),
            "972" => (14.3, 14.9, -61.3, -60.8),
            "973" => (2.1, 5.8, -54.7, -51.6),
            "974" => (-21.4, -20.8, 55.2, 55.9),
            "976" => (-13.1, -12.6, 45.0, 45.4),
            "975" => (46.7, 47.2, -56.5, -56.1),
            "986" => (-14.4, -13.1, -178.3, -176.1),
            "987" => (-18.0, -17.3, -150.0, -149.0),
            "988" => (-22.8, -19.5, 163.5, 168.2),
            "2A" | "2B" => (41.3, 43.1, 8.5, 9.6),
            _ => (42.3, 51.1, -4.8, 8.3),
        };
        for v in villes() {
            assert!(departement(v.departement).is_some(), "{}", v.nom);
            let (sud, nord, ouest, est) = bornes(v.departement);
            assert!((sud..=nord).contains(&v.latitude), "{} latitude {}", v.nom, v.latitude);
            assert!((ouest..=est).contains(&v.longitude), "{} longitude {}", v.nom, v.longitude);
            assert!((1_000..2_200_000).contains(&v.population), "{}", v.nom);
        }
        // Two towns of one department are close: catches a swapped or mistyped coordinate inside the bounds.
        let mut premieres: BTreeMap<&str, &Ville> = BTreeMap::new();
        for v in villes() {
            let p = premieres.entry(v.departement).or_insert(v);
            let km = distance_km(p.latitude, p.longitude, v.latitude, v.longitude);
            assert!(km < if v.departement == "973" { 260.0 } else { 130.0 }, "{} {km}", v.nom);
        }
    }

    #[test]
    fn every_department_but_three_has_a_town() {
        let avec: BTreeSet<_> = villes().iter().map(|v| v.departement).collect();
        let sans: Vec<_> = departements().iter().map(|d| d.code).filter(|c| !avec.contains(c)).collect();
        assert_eq!(sans, ["99", "977", "978"]);
        assert!(villes().len() >= 200);
    }

    #[test]
    fn codes_are_read_as_files_write_them() {
        let nom = |c: &str| departement(c).map(|d| d.nom);
        for c in ["1", "01", "001", " 01 "] {
            assert_eq!(nom(c), Some("Ain"));
        }
        for c in ["2A", "2a", "02A", "20"] {
            assert_eq!(nom(c), Some("Corse-du-Sud"));
        }
        assert_eq!(nom("02B"), Some("Haute-Corse"));
        assert_eq!(nom("974"), Some("La Réunion"));
        assert_eq!(nom("099"), Some("Étranger"));
        for faux in ["", "0", "96", "2C", "9999", "é"] {
            assert_eq!(nom(faux), None, "{faux}");
        }
        assert_eq!(academie("9").map(|a| a.nom), Some("Lille"));
        assert_eq!(academie("05").map(|a| a.nom), Some("Normandie"));
        assert_eq!(academie("26"), None);
    }

    #[test]
    fn a_post_code_says_its_department() {
        let code = |c| departement_postal(c).map(|d| d.code);
        assert_eq!(code("80000"), Some("80"));
        assert_eq!(code("01000"), Some("01"));
        assert_eq!(code("20000"), Some("2A"));
        assert_eq!(code("97400"), Some("974"));
        assert_eq!((code("9"), code("")), (None, None));
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        let code = |n: &str| academie_par_nom(n).map(|a| a.code);
        for n in ["Besançon", "BESANCON", "besancon", "Académie de Besançon"] {
            assert_eq!(code(n), Some("03"), "{n}");
        }
        assert_eq!(code("Clermont Ferrand"), Some("06"));
        assert_eq!(code("Caen"), Some("70"));
        assert_eq!(code("ROUEN"), Some("70"));
        assert_eq!(code("Réunion"), Some("28"));
        assert_eq!(code("Académie de La Réunion"), Some("28"));
        assert_eq!(code("Polynésie Française"), Some("41"));
        assert_eq!(code("Etranger"), Some("99"));
        assert_eq!(code("Bourges"), None);
        assert_eq!(code(""), None);
        for (ecrit, attendu) in [
            ("Grand-Est", "44"),
            ("Nouvelle Aquitaine", "75"),
            ("Ile-de-France", "11"),
            ("Centre", "24"),
            ("Réunion", "04"),
            ("Pays-de-la-Loire", "52"),
            ("Provence Alpes Côte d'Azur", "93"),
        ] {
            assert_eq!(region_par_nom(ecrit).map(|r| r.code), Some(attendu), "{ecrit}");
        }
        assert_eq!(departement_par_nom("Seine St Denis").map(|d| d.code), Some("93"));
        assert_eq!(ville("1", "bourg en bresse").map(|v| v.population), Some(41_000));
    }

    #[test]
    fn distances_agree_with_the_map() {
        let a = ville("75", "Paris").unwrap();
        let b = ville("13", "Marseille").unwrap();
        let km = distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
        assert!((650.0..670.0).contains(&km), "{km}");
        assert_eq!(distance_km(48.0, 2.0, 48.0, 2.0), 0.0);
        assert!((distance_km(0.0, 0.0, 0.0, 180.0) - 20_015.0).abs() < 1.0);
    }
}
