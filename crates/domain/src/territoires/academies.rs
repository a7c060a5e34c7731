//! Academies and régions académiques with the ministry's codes.

use super::{Academie, RegionAcademique};

const fn a(code: &'static str, nom: &'static str, region_academique: &'static str) -> Academie {
    Academie { code, nom, region_academique }
}

const fn r(code: &'static str, nom: &'static str) -> RegionAcademique {
    RegionAcademique { code, nom }
}

/// The thirty academies.
#[rustfmt::skip] // one line an academy reads like the table it is
pub(super) static ACADEMIES: &[Academie] = &[
    a("01", "Paris", "11"),
    a("02", "Aix-Marseille", "93"),
    a("03", "Besançon", "27"),
    a("04", "Bordeaux", "75"),
    a("06", "Clermont-Ferrand", "84"),
    a("07", "Dijon", "27"),
    a("08", "Grenoble", "84"),
    a("09", "Lille", "32"),
    a("10", "Lyon", "84"),
    a("11", "Montpellier", "76"),
    a("12", "Nancy-Metz", "44"),
    a("13", "Poitiers", "75"),
    a("14", "Rennes", "53"),
    a("15", "Strasbourg", "44"),
    a("16", "Toulouse", "76"),
    a("17", "Nantes", "52"),
    a("18", "Orléans-Tours", "24"),
    a("19", "Reims", "44"),
    a("20", "Amiens", "32"),
    a("22", "Limoges", "75"),
    a("23", "Nice", "93"),
    a("24", "Créteil", "11"),
    a("25", "Versailles", "11"),
    a("27", "Corse", "94"),
    a("28", "La Réunion", "04"),
    a("31", "Martinique", "02"),
    a("32", "Guadeloupe", "01"),
    a("33", "Guyane", "03"),
    a("43", "Mayotte", "06"),
    a("70", "Normandie", "28"),
];

/// Vice-rectorats, the service of Saint-Pierre-et-Miquelon and « étranger »: not academies, but they have a code in
/// the same nomenclature and appear in the public files.
#[rustfmt::skip] // one line a service reads like the table it is
pub(super) static AUTRES_SERVICES: &[Academie] = &[
    a("40", "Nouvelle-Calédonie", "00"),
    a("41", "Polynésie française", "00"),
    a("42", "Wallis-et-Futuna", "00"),
    a("44", "Saint-Pierre-et-Miquelon", "00"),
    a("99", "Étranger", "99"),
];

/// Former academies, merged into Normandie in 2020: (code, normalised name).
pub(super) static ANCIENNES: &[(&str, &str)] = &[("05", "caen"), ("21", "rouen")];

/// The eighteen régions académiques, under the code of the administrative region of the same bounds.
#[rustfmt::skip] // one line a region reads like the table it is
pub(super) static REGIONS: &[RegionAcademique] = &[
    r("84", "Auvergne-Rhône-Alpes"),
    r("27", "Bourgogne-Franche-Comté"),
    r("53", "Bretagne"),
    r("24", "Centre-Val de Loire"),
    r("94", "Corse"),
    r("44", "Grand Est"),
    r("01", "Guadeloupe"),
    r("03", "Guyane"),
    r("32", "Hauts-de-France"),
    r("11", "Île-de-France"),
    r("04", "La Réunion"),
    r("02", "Martinique"),
    r("06", "Mayotte"),
    r("28", "Normandie"),
    r("75", "Nouvelle-Aquitaine"),
    r("76", "Occitanie"),
    r("52", "Pays de la Loire"),
    r("93", "Provence-Alpes-Côte d’Azur"),
];

/// What stands in for a region outside the eighteen.
pub(super) static AUTRES_REGIONS: &[RegionAcademique] =
    &[r("00", "Collectivités d’outre-mer"), r("99", "Étranger")];
