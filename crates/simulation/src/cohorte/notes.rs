//! Marks: a general average from the distribution of the series, and marks by subject around it.

use std::collections::BTreeMap;

use domain::candidats::TypeBac;
use serde::{Deserialize, Serialize};

use crate::alea::Alea;

/// Subjects of the generated marks: code in the ministry's nomenclature of school reports, label.
pub const MATIERES: [(i32, &str); 6] = [
    (1, "Mathématiques"),
    (2, "Physique-chimie"),
    (3, "Sciences de la vie et de la Terre"),
    (6, "Philosophie"),
    (7, "Langue vivante A"),
    (10, "Lettres"),
];

/// How far a scientific leaning raises each subject (and lowers the others).
pub const PENCHANT: [f64; MATIERES.len()] = [1.0, 0.9, 0.5, -0.9, -0.6, -0.9];

/// Highest mark, in hundredths.
const VINGT: u16 = 2_000;
/// Points a full leaning is worth, and spread of a subject around the general average.
const EFFET_PENCHANT: f64 = 1.4;
const DISPERSION: f64 = 1.6;

/// The file « distribution des moyennes des admis » of the service Mon Projet Sup, as its JSON is.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct FichierMoyennes {
    #[serde(rename = "statsAdmis")]
    pub stats_admis: StatsAdmis,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct StatsAdmis {
    #[serde(rename = "parGroupe")]
    pub par_groupe: BTreeMap<String, StatsGroupe>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct StatsGroupe {
    #[serde(rename = "parBac")]
    pub par_bac: BTreeMap<String, StatsBac>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct StatsBac {
    #[serde(rename = "parMatiere")]
    pub par_matiere: BTreeMap<String, StatsMatiere>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct StatsMatiere {
    #[serde(rename = "frequencesCumulees")]
    pub frequences_cumulees: Vec<u32>,
}

/// General averages by series: cumulated counts over steps of half a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionsMoyennes {
    par_serie: [Vec<u32>; 4],
}

/// Steps of half a point between 0 and 20.
const PALIERS: usize = 40;

impl DistributionsMoyennes {
    /// The distributions of the file; the cause in French when it does not hold them.
    pub fn depuis_fichier(fichier: &FichierMoyennes) -> Result<Self, String> {
        let bacs = &fichier
            .stats_admis
            .par_groupe
            .get("")
            .ok_or(
                "le groupe général (« \"\" » dans parGroupe) manque : donnez le fichier complet des moyennes",
            )?
            .par_bac;
        let lire = |noms: &[&str]| -> Result<Vec<u32>, String> {
            let mut somme = vec![0_u32; PALIERS];
            for nom in noms {
                let Some(m) = bacs.get(*nom).and_then(|b| b.par_matiere.get("-1")) else { continue };
                let f = &m.frequences_cumulees;
                if f.len() != PALIERS || f.windows(2).any(|w| w[0] > w[1]) {
                    return Err(format!(
                        "série « {nom} » : frequencesCumulees doit compter {PALIERS} nombres qui ne décroissent pas"
                    ));
                }
                for (s, n) in somme.iter_mut().zip(f) {
                    *s = s.saturating_add(*n);
                }
            }
            match somme.last() {
                Some(n) if *n > 0 => Ok(somme),
                _ => Err(format!("aucune moyenne générale pour : {}", noms.join(", "))),
            }
        };
        Ok(Self {
            par_serie: [
                lire(&["Générale"])?,
                lire(&["STMG", "STI2D", "STL", "ST2S", "STD2A", "STHR", "S2TMD", "STAV"])?,
                lire(&["P", "PA", "BMA"])?,
                lire(&[""])?,
            ],
        })
    }

    /// Built-in shapes, close to the public aggregates: share per thousand below some averages.
    pub fn par_defaut() -> Self {
        // (half points, per thousand below)
        let forme = |points: [(u16, u32); 8]| -> Vec<u32> {
            (1..=PALIERS)
                .map(|k| {
                    let k = u16::try_from(k).unwrap_or(u16::MAX);
                    let i = points.iter().position(|p| p.0 >= k).unwrap_or(points.len() - 1).max(1);
                    let ((x0, y0), (x1, y1)) = (points[i - 1], points[i]);
                    y0 + (y1 - y0) * u32::from(k - x0) / u32::from(x1 - x0)
                })
                .collect()
        };
        Self {
            par_serie: [
                forme([(0, 0), (17, 8), (23, 100), (25, 220), (28, 500), (31, 760), (34, 930), (40, 1_000)]),
                forme([(0, 0), (16, 8), (21, 100), (23, 230), (26, 540), (28, 760), (30, 910), (40, 1_000)]),
                forme([(0, 0), (17, 8), (22, 100), (24, 230), (26, 460), (29, 780), (31, 920), (40, 1_000)]),
                forme([(0, 0), (16, 8), (21, 100), (24, 290), (27, 540), (30, 790), (33, 940), (40, 1_000)]),
            ],
        }
    }

    /// The average, in hundredths, below which a share `q` of the series stands.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a mark in hundredths fits in u16 and a step index in a f64"
    )]
    pub fn quantile(&self, serie: TypeBac, q: f64) -> u16 {
        let f = &self.par_serie[serie as usize];
        let total = f.last().copied().unwrap_or(0);
        let cherche = q.clamp(0.0, 1.0) * f64::from(total);
        let k = f.iter().position(|n| f64::from(*n) >= cherche && *n > 0).unwrap_or(PALIERS - 1);
        let avant = if k == 0 { 0 } else { f[k - 1] };
        let largeur = f64::from(f[k] - avant);
        let part = if largeur > 0.0 { ((cherche - f64::from(avant)) / largeur).clamp(0.0, 1.0) } else { 0.5 };
        ((((k as f64) + part) * 50.0).round() as u16).min(VINGT)
    }
}

/// Marks by subject, in hundredths, whose mean is the general average.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "marks are clamped between 0 and 2 000"
)]
pub fn par_matiere(moyenne: u16, penchant: f64, alea: &mut Alea) -> [u16; MATIERES.len()] {
    let mut notes: [f64; MATIERES.len()] = std::array::from_fn(|k| {
        let ecart = PENCHANT[k] * penchant * EFFET_PENCHANT + alea.cloche() * DISPERSION;
        f64::from(moyenne) + 100.0 * ecart
    });
    // Clamping moves the mean, so bring it back a few times.
    for _ in 0..6 {
        let ecart = f64::from(moyenne) - notes.iter().sum::<f64>() / 6.0;
        for n in &mut notes {
            *n = (*n + ecart).clamp(0.0, f64::from(VINGT));
        }
    }
    notes.map(|n| n.round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_medians_are_the_public_ones() {
        let d = DistributionsMoyennes::par_defaut();
        assert_eq!(d.quantile(TypeBac::General, 0.5), 1_400);
        for serie in TypeBac::ALL {
            let mut avant = 0;
            for q in 0..=100 {
                let n = d.quantile(serie, f64::from(q) / 100.0);
                assert!(n >= avant && n <= VINGT);
                avant = n;
            }
            assert!((1_150..1_450).contains(&d.quantile(serie, 0.4)), "{serie:?}");
        }
    }

    #[test]
    fn subjects_agree_with_the_average() {
        let mut alea = Alea::new(5);
        let mut maths = [0_u32; 2];
        for k in 0..4_000_u16 {
            let moyenne = 300 + (k % 1_700);
            let penchant = if k % 2 == 0 { 1.0 } else { -1.0 };
            let notes = par_matiere(moyenne, penchant, &mut alea);
            let somme: u32 = notes.iter().map(|n| u32::from(*n)).sum();
            assert!(notes.iter().all(|n| *n <= VINGT));
            assert!((i64::from(somme / 6) - i64::from(moyenne)).abs() <= 30, "{moyenne} {notes:?}");
            maths[usize::from(k % 2)] += u32::from(notes[0]);
        }
        assert!(maths[0] > maths[1] + 100 * 2_000);
    }

    #[test]
    fn the_public_file_is_read_and_its_faults_named() {
        let croissant: Vec<u32> = (1..=40).collect();
        let texte = |f: &[u32]| {
            let m =
                serde_json::json!({ "parMatiere": { "-1": { "frequencesCumulees": f, "middle50": {} } } });
            serde_json::json!({ "statsAdmis": { "parGroupe": { "": { "parBac": {
                "Générale": m, "STMG": m, "STL": m, "P": m, "": m } } } } })
        };
        let bon: FichierMoyennes = serde_json::from_value(texte(&croissant)).unwrap();
        let d = DistributionsMoyennes::depuis_fichier(&bon).unwrap();
        assert_eq!(d.quantile(TypeBac::Techno, 0.5), 1_000);
        assert_eq!(d.quantile(TypeBac::Pro, 1.0), 2_000);
        let court: FichierMoyennes = serde_json::from_value(texte(&croissant[..39])).unwrap();
        assert!(DistributionsMoyennes::depuis_fichier(&court).unwrap_err().contains("40 nombres"));
        let vide: FichierMoyennes =
            serde_json::from_value(serde_json::json!({ "statsAdmis": { "parGroupe": {} } })).unwrap();
        assert!(DistributionsMoyennes::depuis_fichier(&vide).unwrap_err().contains("manque"));
    }
}
