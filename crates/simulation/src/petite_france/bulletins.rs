//! School reports, derived on demand from the marks of the cohort: 5,000 candidates have some 200,000 lines.

use domain::candidats::TypeBac;

use super::candidats::{CandidatSimule, Profil};
use crate::alea::Alea;
use crate::cohorte::Cohorte;

/// Year of the lycée.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnneeScolaire {
    Premiere,
    Terminale,
}

/// One subject in one term. Marks in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneBulletin {
    pub annee: AnneeScolaire,
    pub trimestre: u8,
    pub matiere: &'static str,
    pub moyenne: u16,
    pub classe: u16,
    pub plus_basse: u16,
    pub plus_haute: u16,
    pub rang: u16,
    pub effectif: u16,
}

/// Subject, and the subject of the cohort it follows (None: the general average).
type Matiere = (&'static str, Option<usize>);

const COMMUNES: &[Matiere] = &[
    ("Histoire-géographie", None),
    ("Langue vivante A", Some(4)),
    ("Langue vivante B", Some(4)),
    ("Éducation physique et sportive", None),
];

fn matieres(c: &CandidatSimule, serie: TypeBac, annee: AnneeScolaire) -> Vec<Matiere> {
    let mut liste = COMMUNES.to_vec();
    match (serie, annee) {
        (TypeBac::Pro, _) => liste.push(("Français", Some(5))),
        (_, AnneeScolaire::Premiere) => liste.push(("Français", Some(5))),
        (_, AnneeScolaire::Terminale) => liste.push(("Philosophie", Some(3))),
    }
    match serie {
        TypeBac::General | TypeBac::Autre => liste.push(("Enseignement scientifique", Some(2))),
        TypeBac::Techno => liste.extend([("Mathématiques", Some(0)), ("Enseignements technologiques", None)]),
        TypeBac::Pro => liste.extend([("Mathématiques", Some(0)), ("Enseignement professionnel", None)]),
    }
    if serie == TypeBac::General {
        liste.extend(c.specialites.iter().map(|s| {
            let source = match *s {
                "Mathématiques" | "Numérique et sciences informatiques" => Some(0),
                "Physique-chimie" => Some(1),
                "Sciences de la vie et de la Terre" => Some(2),
                "Humanités, littérature et philosophie" => Some(3),
                "Langues, littératures et cultures étrangères" => Some(4),
                _ => None,
            };
            (*s, source)
        }));
    }
    liste
}

/// The reports of a candidate of a lycée: three terms of première, two of terminale. Others have none here.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "marks are clamped between 0 and 2 000, ranks between 1 and the size of the class"
)]
pub fn bulletins(graine: u64, i: usize, candidat: &CandidatSimule, cohorte: &Cohorte) -> Vec<LigneBulletin> {
    if candidat.profil != Profil::Terminale {
        return Vec::new();
    }
    let mut alea = Alea::pour(graine, &[0x4255_4c4c, i as u64]);
    let effectif = alea.entre(18, 36);
    let mut lignes = Vec::new();
    for (annee, trimestres) in [(AnneeScolaire::Premiere, 3), (AnneeScolaire::Terminale, 2)] {
        for (matiere, source) in matieres(candidat, cohorte.candidats.serie[i], annee) {
            let niveau =
                f64::from(source.map_or(cohorte.candidats.moyenne[i], |k| cohorte.candidats.matieres[i][k]));
            let classe_annee = 1_180.0 + 90.0 * alea.cloche();
            for trimestre in 1..=trimestres {
                let borne = |x: f64| x.clamp(0.0, 2_000.0).round();
                let moyenne = borne(niveau + 80.0 * alea.cloche());
                let classe = borne(classe_annee + 30.0 * alea.cloche()).clamp(600.0, 1_600.0);
                let plus_basse = borne((classe - 350.0 - 250.0 * alea.unite()).min(moyenne));
                let plus_haute = borne((classe + 350.0 + 250.0 * alea.unite()).max(moyenne));
                // The rank follows the place between the lowest and the highest mark of the class.
                let part = (plus_haute - moyenne) / (plus_haute - plus_basse).max(1.0);
                let rang = 1.0 + part * f64::from(effectif - 1);
                lignes.push(LigneBulletin {
                    annee,
                    trimestre,
                    matiere,
                    moyenne: moyenne as u16,
                    classe: classe as u16,
                    plus_basse: plus_basse as u16,
                    plus_haute: plus_haute as u16,
                    rang: rang.round() as u16,
                    effectif: effectif as u16,
                });
            }
        }
    }
    lignes
}
