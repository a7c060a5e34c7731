//! Full records for the candidates of the small France.

use std::collections::BTreeSet;

use domain::candidats::TypeBac;
use domain::territoires;

use super::etablissements::{EtablissementSimule, Nature, code_postal};
use super::noms::{NOMS, PRENOMS_F, PRENOMS_M, VOIES};
use crate::alea::Alea;
use crate::cohorte::Cohorte;
use crate::domaines::plat;
use crate::geo;

/// Sex in the civil status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sexe {
    Feminin,
    Masculin,
}

/// What the candidate is doing this year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profil {
    Terminale,
    Reorientation,
    RepriseEtudes,
    Etranger,
}

/// A date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naissance {
    pub annee: i16,
    pub mois: u8,
    pub jour: u8,
}

/// A candidate; series, scholarship, marks and wishes are in the cohort, at the same position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidatSimule {
    pub prenom: &'static str,
    pub nom: &'static str,
    pub sexe: Sexe,
    pub naissance: Naissance,
    /// Right shape (eleven characters), invented range: starts with 99. None for a part of those from abroad.
    pub ine: Option<String>,
    /// Unique; reserved domain.
    pub mail: String,
    /// In the range set aside for fiction.
    pub telephone: String,
    pub adresse: String,
    pub code_postal: String,
    pub commune: &'static str,
    pub profil: Profil,
    /// Lycée of this year, by position.
    pub lycee: Option<usize>,
    /// « Générale », « STMG », « Professionnelle »…; of the past for those who have left the lycée.
    pub serie: &'static str,
    /// Two specialities of the final year (general series), or the speciality of the diploma.
    pub specialites: Vec<&'static str>,
    /// French of the baccalauréat, out of 20: written, oral.
    pub francais: Option<(u8, u8)>,
}

const TECHNO: &[&str] =
    &["STMG", "STMG", "STMG", "STMG", "STI2D", "STI2D", "ST2S", "ST2S", "STL", "STD2A", "STHR", "STAV"];
const PRO: &[&str] = &[
    "Assistance à la gestion des organisations",
    "Métiers du commerce et de la vente",
    "Métiers de l’accueil",
    "Accompagnement, soins et services à la personne",
    "Métiers de l’électricité",
    "Maintenance des véhicules",
    "Cybersécurité, informatique et réseaux, électronique",
    "Cuisine",
    "Logistique",
    "Animation - enfance",
];
const SPECIALITES_SCIENCES: &[[&str; 2]] = &[
    ["Mathématiques", "Physique-chimie"],
    ["Physique-chimie", "Sciences de la vie et de la Terre"],
    ["Mathématiques", "Numérique et sciences informatiques"],
    ["Mathématiques", "Sciences économiques et sociales"],
    ["Mathématiques", "Sciences de la vie et de la Terre"],
];
const SPECIALITES_LETTRES: &[[&str; 2]] = &[
    ["Histoire-géographie, géopolitique et sciences politiques", "Sciences économiques et sociales"],
    ["Humanités, littérature et philosophie", "Langues, littératures et cultures étrangères"],
    ["Sciences économiques et sociales", "Langues, littératures et cultures étrangères"],
    ["Arts", "Humanités, littérature et philosophie"],
];

/// Session year: the records are those of spring 2024.
const ANNEE: i16 = 2024;

/// Draws the records of a cohort.
pub fn candidats(
    graine: u64,
    cohorte: &Cohorte,
    etablissements: &[EtablissementSimule],
) -> Vec<CandidatSimule> {
    let mut mails = BTreeSet::new();
    let mut ines = BTreeSet::new();
    (0..cohorte.candidats.len())
        .map(|i| {
            let mut alea = Alea::pour(graine, &[0x4341_4e44, i as u64]);
            candidat(i, cohorte, etablissements, &mut alea, &mut mails, &mut ines)
        })
        .collect()
}

fn candidat(
    i: usize,
    cohorte: &Cohorte,
    etablissements: &[EtablissementSimule],
    alea: &mut Alea,
    mails: &mut BTreeSet<String>,
    ines: &mut BTreeSet<String>,
) -> CandidatSimule {
    let c = &cohorte.candidats;
    let serie = c.serie[i];
    let departement = &territoires::departements()[usize::from(c.departement[i])];
    let sexe = if alea.chance(0.55) { Sexe::Feminin } else { Sexe::Masculin };
    let prenom = *alea.choix(if sexe == Sexe::Feminin { PRENOMS_F } else { PRENOMS_M });
    let nom = *alea.choix(NOMS);
    let profil = match serie {
        TypeBac::Autre if departement.code == "99" => Profil::Etranger,
        TypeBac::Autre if alea.chance(0.7) => Profil::Reorientation,
        TypeBac::Autre => Profil::RepriseEtudes,
        _ => Profil::Terminale,
    };
    let (commune, code_postal) = match geo::ville(c.ville[i]) {
        Some(v) => (v.nom, code_postal(departement.code)),
        None if departement.code == "99" => {
            (*alea.choix(&["Bruxelles", "Genève", "Londres", "Montréal", "Rabat"]), String::new())
        }
        // Saint-Barthélemy, Saint-Martin: the collectivity is the town.
        None => (departement.nom, code_postal(departement.code)),
    };
    let [maths, physique, _, philosophie, _, lettres] = c.matieres[i].map(i32::from);
    let (serie_detail, specialites) = match serie {
        TypeBac::Techno => (*alea.choix(TECHNO), Vec::new()),
        TypeBac::Pro => ("Professionnelle", vec![*alea.choix(PRO)]),
        TypeBac::Autre if profil == Profil::Etranger => ("Diplôme étranger", Vec::new()),
        _ => {
            let sciences = maths + physique + 100 > philosophie + lettres;
            let paires = if sciences { SPECIALITES_SCIENCES } else { SPECIALITES_LETTRES };
            ("Générale", alea.choix(paires).to_vec())
        }
    };
    let francais = (profil == Profil::Terminale && serie != TypeBac::Pro).then(|| {
        let autour = |a: &mut Alea| note(f64::from(lettres) / 100.0 + 2.0 * a.cloche());
        (autour(alea), autour(alea))
    });
    CandidatSimule {
        prenom,
        nom,
        sexe,
        naissance: naissance(profil, alea),
        ine: if profil == Profil::Etranger && alea.chance(0.8) { None } else { Some(ine(alea, ines)) },
        mail: mail(prenom, nom, mails),
        telephone: format!("06 39 98 {:02} {:02}", alea.entre(0, 99), alea.entre(0, 99)),
        adresse: format!("{} {}", alea.entre(1, 220), alea.choix(VOIES)),
        code_postal,
        commune,
        profil,
        lycee: if profil == Profil::Terminale { lycee(departement.code, etablissements, alea) } else { None },
        serie: serie_detail,
        specialites,
        francais,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped between 0 and 20")]
fn note(x: f64) -> u8 {
    x.round().clamp(0.0, 20.0) as u8
}

fn naissance(profil: Profil, alea: &mut Alea) -> Naissance {
    let age = match profil {
        Profil::Terminale => *alea.choix(&[17, 18, 18, 18, 18, 18, 18, 18, 19, 19]),
        Profil::Reorientation => *alea.choix(&[19, 19, 20, 20, 21, 22]),
        Profil::RepriseEtudes => *alea.choix(&[22, 24, 26, 29, 33, 38, 44]),
        Profil::Etranger => *alea.choix(&[18, 19, 20, 21, 23]),
    };
    let mois = u8::try_from(alea.entre(1, 12)).unwrap_or(1);
    // Twenty-eight days: any month has them.
    Naissance { annee: ANNEE - age, mois, jour: u8::try_from(alea.entre(1, 28)).unwrap_or(1) }
}

/// Eleven characters: ten digits and a letter, or nine digits and two letters.
fn ine(alea: &mut Alea, deja: &mut BTreeSet<String>) -> String {
    const LETTRES: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    loop {
        let lettre = |a: &mut Alea| char::from(*a.choix(LETTRES));
        let ine = if alea.chance(0.8) {
            format!("99{:08}{}", alea.entre(0, 99_999_999), lettre(alea))
        } else {
            format!("99{:07}{}{}", alea.entre(0, 9_999_999), lettre(alea), lettre(alea))
        };
        if deja.insert(ine.clone()) {
            return ine;
        }
    }
}

fn mail(prenom: &str, nom: &str, deja: &mut BTreeSet<String>) -> String {
    let propre = |s: &str| plat(s).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let base = format!("{}.{}", propre(prenom), propre(nom));
    let mut essai = format!("{base}@courriel.example");
    let mut n = 2;
    while !deja.insert(essai.clone()) {
        essai = format!("{base}{n}@courriel.example");
        n += 1;
    }
    essai
}

/// A lycée of the department, else of the academy.
fn lycee(departement: &str, etablissements: &[EtablissementSimule], alea: &mut Alea) -> Option<usize> {
    let academie = territoires::departement(departement)?.academie;
    let parmi = |choisi: &dyn Fn(&EtablissementSimule) -> bool| -> Vec<usize> {
        (0..etablissements.len())
            .filter(|e| etablissements[*e].nature == Nature::Lycee && choisi(&etablissements[*e]))
            .collect()
    };
    let mut ici = parmi(&|e| e.departement == departement);
    if ici.is_empty() {
        ici = parmi(&|e| e.academie == academie);
    }
    if ici.is_empty() { None } else { Some(*alea.choix(&ici)) }
}
