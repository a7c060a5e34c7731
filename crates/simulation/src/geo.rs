//! Places: departments by position, their young population, distances without trigonometric functions.

use std::sync::LazyLock;

use domain::territoires::{self, Departement, Ville};

/// Position of a department in [`territoires::departements`].
pub type Dep = usize;

/// Inhabitants of the departments in tens of thousands, rounded; the unlisted small ones count for one.
const POPULATION: &[(&str, u32)] = &[
    ("01", 66),
    ("02", 53),
    ("03", 34),
    ("04", 17),
    ("05", 14),
    ("06", 110),
    ("07", 33),
    ("08", 27),
    ("09", 15),
    ("10", 31),
    ("11", 38),
    ("12", 28),
    ("13", 205),
    ("14", 70),
    ("15", 14),
    ("16", 35),
    ("17", 66),
    ("18", 30),
    ("19", 24),
    ("2A", 16),
    ("2B", 18),
    ("21", 54),
    ("22", 60),
    ("23", 12),
    ("24", 41),
    ("25", 55),
    ("26", 52),
    ("27", 60),
    ("28", 43),
    ("29", 92),
    ("30", 75),
    ("31", 143),
    ("32", 19),
    ("33", 165),
    ("34", 120),
    ("35", 110),
    ("36", 22),
    ("37", 61),
    ("38", 128),
    ("39", 26),
    ("40", 42),
    ("41", 33),
    ("42", 77),
    ("43", 23),
    ("44", 146),
    ("45", 68),
    ("46", 17),
    ("47", 33),
    ("48", 8),
    ("49", 82),
    ("50", 50),
    ("51", 57),
    ("52", 17),
    ("53", 31),
    ("54", 73),
    ("55", 18),
    ("56", 77),
    ("57", 105),
    ("58", 20),
    ("59", 261),
    ("60", 83),
    ("61", 28),
    ("62", 146),
    ("63", 66),
    ("64", 69),
    ("65", 23),
    ("66", 48),
    ("67", 115),
    ("68", 77),
    ("69", 189),
    ("70", 23),
    ("71", 55),
    ("72", 57),
    ("73", 44),
    ("74", 84),
    ("75", 213),
    ("76", 126),
    ("77", 144),
    ("78", 146),
    ("79", 37),
    ("80", 57),
    ("81", 39),
    ("82", 26),
    ("83", 109),
    ("84", 56),
    ("85", 69),
    ("86", 44),
    ("87", 37),
    ("88", 36),
    ("89", 33),
    ("90", 14),
    ("91", 131),
    ("92", 163),
    ("93", 167),
    ("94", 142),
    ("95", 126),
    ("971", 38),
    ("972", 36),
    ("973", 29),
    ("974", 87),
    ("976", 30),
    ("987", 28),
    ("988", 27),
];

/// What the model knows of a department.
pub struct Lieu {
    pub departement: &'static Departement,
    /// Relative number of young people.
    pub population: f64,
    pub latitude: f64,
    pub longitude: f64,
    /// Positions in [`territoires::villes`].
    pub villes: Vec<u16>,
    pub poids_villes: Vec<f64>,
    /// Metropolitan France, Corsica included.
    pub metropole: bool,
}

/// Departments in the order of [`territoires::departements`].
pub static LIEUX: LazyLock<Vec<Lieu>> =
    LazyLock::new(|| territoires::departements().iter().map(lieu).collect());

fn lieu(departement: &'static Departement) -> Lieu {
    let mut villes = Vec::new();
    let mut poids_villes = Vec::new();
    let (mut lat, mut lon, mut total) = (0.0, 0.0, 0.0);
    for (i, v) in (0_u16..).zip(territoires::villes()) {
        if v.departement == departement.code {
            let p = f64::from(v.population);
            villes.push(i);
            poids_villes.push(p);
            lat += p * v.latitude;
            lon += p * v.longitude;
            total += p;
        }
    }
    let (latitude, longitude) = match departement.code {
        "977" => (17.9, -62.83),
        "978" => (18.08, -63.06),
        // Abroad has no place of its own: Brussels, near by, and the attraction is flat anyway.
        "99" => (50.85, 4.35),
        _ => (lat / total, lon / total),
    };
    let population = POPULATION.iter().find(|(c, _)| *c == departement.code).map_or(1, |(_, p)| *p);
    Lieu {
        departement,
        population: f64::from(population),
        latitude,
        longitude,
        villes,
        poids_villes,
        metropole: departement.code.len() == 2 && departement.code != "99",
    }
}

/// Position of a department; abroad when unknown.
pub fn dep(code: &str) -> Dep {
    let cherche = territoires::departement(code).map_or("99", |d| d.code);
    LIEUX.iter().position(|l| l.departement.code == cherche).unwrap_or(0)
}

/// A town by position.
pub fn ville(i: u16) -> Option<&'static Ville> {
    territoires::villes().get(usize::from(i))
}

/// Approximate distance in kilometres: flat projection around the mean latitude, cosine by a polynomial. Within 1 %
/// of the great circle inside metropolitan France, and the same on every platform.
pub fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    const KM_PAR_DEGRE: f64 = 111.195;
    let x = ((a.0 + b.0) / 2.0) * std::f64::consts::PI / 180.0;
    let x2 = x * x;
    let cosinus = 1.0 - x2 / 2.0 * (1.0 - x2 / 12.0 * (1.0 - x2 / 30.0));
    let mut d_lon = (a.1 - b.1).abs();
    if d_lon > 180.0 {
        d_lon = 360.0 - d_lon;
    }
    let (dx, dy) = (d_lon * cosinus, a.0 - b.0);
    KM_PAR_DEGRE * (dx * dx + dy * dy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flat_distance_is_close_to_the_great_circle() {
        let villes = territoires::villes();
        for a in villes.iter().step_by(7).filter(|v| v.departement.len() == 2) {
            for b in villes.iter().step_by(5).filter(|v| v.departement.len() == 2) {
                let juste = territoires::distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
                let plat = km((a.latitude, a.longitude), (b.latitude, b.longitude));
                assert!((plat - juste).abs() <= 0.01 * juste + 0.1, "{} {}: {plat} {juste}", a.nom, b.nom);
            }
        }
    }

    #[test]
    fn every_department_has_a_place_and_people() {
        for l in LIEUX.iter() {
            assert!(l.latitude.is_finite() && l.longitude.is_finite(), "{}", l.departement.code);
            assert_eq!(dep(l.departement.code), dep(&format!("0{}", l.departement.code)));
        }
        for (code, _) in POPULATION {
            assert!(territoires::departements().iter().any(|d| d.code == *code), "{code}");
        }
        let france: u32 = POPULATION.iter().map(|(_, p)| p).sum();
        assert!((6_600..7_000).contains(&france), "{france}");
        assert_eq!(LIEUX[dep("zz")].departement.code, "99");
    }
}
