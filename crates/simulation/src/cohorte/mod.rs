//! A synthetic cohort whose numbers by course are those of the statistics at a chosen scale.
//!
//! Columns and `u32` positions throughout: at full scale there are a million candidates and twelve million wishes.
//! The margins of each course are exact by construction; see `docs/simulation.md` for the model.

mod catalogue;
mod cibles;
mod classement;
mod flux;
mod liste;
mod notes;
mod partage;
mod rapport;
#[cfg(test)]
mod tests;

use domain::candidats::TypeBac;

pub use catalogue::Catalogue;
pub use notes::{DistributionsMoyennes, FichierMoyennes, MATIERES};
pub use partage::{MAX_IFSI, MAX_SOUS_VOEUX, MAX_SOUS_VOEUX_COMPTES, MAX_VOEUX};
pub use rapport::{MesureRapport, RapportCohorte, rapport};

use crate::alea::Alea;
use crate::geo::{self, LIEUX};
use crate::offre::{OffreSimulee, Series};
use cibles::{BOURSIER, CiblesEchelle, GROUPES, SERIE_DE};
use flux::Flux;
use liste::{Liste, Nature};

/// What a cohort is drawn with.
#[derive(Debug, Clone)]
pub struct Parametres {
    pub graine: u64,
    /// Share of the real numbers: 1 is the whole country.
    pub echelle: f64,
    /// Wishes a head by series, in the order of [`TypeBac::ALL`]; sub-wishes count, as in the statistics.
    pub voeux_par_candidat: [f64; 4],
    /// Total number of candidates; replaces the level (not the proportions) of `voeux_par_candidat`.
    pub candidats: Option<u32>,
    pub moyennes: DistributionsMoyennes,
}

impl Parametres {
    /// National habits: about 12.5 wishes a head, more in the general series than in the vocational one.
    pub fn new(graine: u64, echelle: f64) -> Self {
        Self {
            graine,
            echelle,
            voeux_par_candidat: [15.6, 11.5, 6.7, 10.8],
            candidats: None,
            moyennes: DistributionsMoyennes::par_defaut(),
        }
    }
}

/// Why no cohort can be drawn, in words for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErreurCohorte(pub String);

impl std::fmt::Display for ErreurCohorte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ErreurCohorte {}

/// Candidates in columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidats {
    pub serie: Vec<TypeBac>,
    pub boursier: Vec<bool>,
    /// The scholarship is certified (by the school information system or the head of the lycée).
    pub bourse_certifiee: Vec<bool>,
    /// Position in `domain::territoires::departements()`.
    pub departement: Vec<u8>,
    /// Position in `domain::territoires::villes()`; `u16::MAX` when the department has none.
    pub ville: Vec<u16>,
    /// General average, in hundredths.
    pub moyenne: Vec<u16>,
    /// Marks by subject of [`MATIERES`], in hundredths.
    pub matieres: Vec<[u16; MATIERES.len()]>,
    /// First wish of each candidate in [`Voeux`], plus the end.
    pub premier_voeu: Vec<u32>,
}

impl Candidats {
    pub fn len(&self) -> usize {
        self.serie.len()
    }

    pub fn is_empty(&self) -> bool {
        self.serie.is_empty()
    }

    /// Positions of the wishes of a candidate.
    pub fn voeux(&self, i: usize) -> std::ops::Range<usize> {
        self.premier_voeu[i] as usize..self.premier_voeu[i + 1] as usize
    }

    /// Academy of residence (`99` abroad).
    pub fn academie(&self, i: usize) -> &'static str {
        LIEUX[usize::from(self.departement[i])].departement.academie
    }
}

/// Flags of a wish.
pub mod drapeau {
    /// Boarding is asked for.
    pub const INTERNAT: u8 = 1;
    /// … and nothing else: no second wish without boarding.
    pub const INTERNAT_SEUL: u8 = 2;
    pub const APPRENTISSAGE: u8 = 4;
    pub const COMPLEMENTAIRE: u8 = 8;
    /// The candidate lives in the sector of the course.
    pub const RESIDENT: u8 = 16;
}

/// Wishes in columns, by candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voeux {
    pub candidat: Vec<u32>,
    /// Position in the offer.
    pub formation: Vec<u32>,
    /// Ranking group (position in [`GroupesClassement`]).
    pub groupe: Vec<u32>,
    pub drapeaux: Vec<u8>,
    /// Rank in the group from 1; 0 = not ranked.
    pub rang: Vec<u32>,
    /// Order of preference of the candidate, from 1.
    pub preference: Vec<u8>,
}

/// Ranking groups in columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupesClassement {
    pub formation: Vec<u32>,
    pub series: Vec<Series>,
    /// Candidates ranked.
    pub classes: Vec<u32>,
}

/// A rank for boarding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangInternat {
    /// Position of the wish.
    pub voeu: u32,
    /// From 1 within the course.
    pub rang: u32,
}

/// A cohort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cohorte {
    pub candidats: Candidats,
    pub voeux: Voeux,
    pub groupes: GroupesClassement,
    pub internats: Vec<RangInternat>,
    /// Targets that found no candidate within the limits.
    pub non_places: u32,
}

/// Draws a cohort. Same offer, same parameters: same cohort.
pub fn cohorte(offre: &OffreSimulee, parametres: &Parametres) -> Result<Cohorte, ErreurCohorte> {
    verifier(offre, parametres)?;
    let cat = Catalogue::new(offre);
    let graine = parametres.graine;
    let mut alea = Alea::pour(graine, &[1]);
    let cibles: Vec<CiblesEchelle> = offre
        .formations
        .iter()
        .map(|f| cibles::a_l_echelle(&f.cibles, parametres.echelle, &mut alea))
        .collect();
    let effectifs = effectifs(&cat, &cibles, parametres);
    let flux = Flux::new(&cat, &cibles, &effectifs, &mut alea);
    let mut liste = Liste::new();
    let mut restes: Vec<(usize, usize, u32)> = Vec::new();
    for g in 0..GROUPES {
        repartir_groupe(&cat, &cibles, &flux, g, graine, &mut liste, &mut restes);
    }
    let non_places = completer(&cat, &cibles, &flux, &restes, graine, &mut liste);
    let (candidats, voeux) = assembler(&cat, &liste, graine);
    let mut cohorte = Cohorte { candidats, voeux, non_places, ..Cohorte::default() };
    classement::noter(offre, &cat, parametres, &mut cohorte);
    classement::demander_internat(&cat, &cibles, graine, &mut cohorte);
    classement::classer(offre, &cat, &cibles, graine, &mut cohorte);
    Ok(cohorte)
}

fn verifier(offre: &OffreSimulee, p: &Parametres) -> Result<(), ErreurCohorte> {
    let erreur = |texte: String| Err(ErreurCohorte(texte));
    if !(p.echelle > 0.0 && p.echelle <= 1.0) {
        return erreur(format!(
            "l’échelle {} est hors bornes : donnez un nombre plus grand que 0, au plus 1",
            p.echelle
        ));
    }
    if p.voeux_par_candidat.iter().any(|m| !(1.0..=40.0).contains(m)) {
        return erreur("le nombre moyen de vœux par candidat doit être compris entre 1 et 40".to_owned());
    }
    if p.candidats == Some(0) {
        return erreur("le nombre de candidats est nul : demandez-en au moins un".to_owned());
    }
    if !offre.formations.iter().any(|f| f.cibles.voeux() > 0) {
        return erreur(
            "aucune formation n’a de chiffres : importez une offre avec ses statistiques avant de simuler"
                .to_owned(),
        );
    }
    for (i, f) in offre.formations.iter().enumerate() {
        if f.cibles.series.iter().any(|s| s.boursiers > s.voeux || s.classes > s.voeux) {
            return erreur(format!(
                "formation n° {} (« {} ») : plus de boursiers ou de classés que de candidats ; corrigez ses chiffres",
                i + 1,
                f.libelle
            ));
        }
    }
    Ok(())
}

/// Usual number of sub-wishes of a multiple wish.
const TAILLE_MULTIPLE: f64 = 3.7;

/// Candidates by group.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below 2^32"
)]
fn effectifs(cat: &Catalogue, cibles: &[CiblesEchelle], p: &Parametres) -> [usize; GROUPES] {
    let mut voeux = [0.0; GROUPES];
    let mut unites = [0.0; GROUPES];
    for (f, c) in cibles.iter().enumerate().filter(|(f, _)| !cat.apprentissage[*f]) {
        let taille = if cat.multiple[f] { TAILLE_MULTIPLE } else { 1.0 };
        for g in 0..GROUPES {
            voeux[g] += f64::from(c.groupes[g]);
            unites[g] += f64::from(c.groupes[g]) / taille;
        }
    }
    // With or without scholarship, people of one series make as many wishes, sub-wishes apart: otherwise those who
    // wish for courses outside multiple wishes could not keep within ten.
    let mut tetes: [f64; GROUPES] = std::array::from_fn(|g| {
        let memes = || (0..GROUPES).filter(|h| SERIE_DE[*h] == SERIE_DE[g]);
        let serie: f64 = memes().map(|h| voeux[h]).sum();
        let toutes: f64 = memes().map(|h| unites[h]).sum();
        if toutes > 0.0 { serie / p.voeux_par_candidat[SERIE_DE[g]] * unites[g] / toutes } else { 0.0 }
    });
    if let Some(n) = p.candidats {
        let total: f64 = tetes.iter().sum();
        tetes = tetes.map(|t| t * f64::from(n) / total.max(1e-9));
    }
    // Carrying the remainder keeps the sum.
    let mut reste = 0.0;
    std::array::from_fn(|g| {
        let voulu = tetes[g] + reste;
        let n = voulu.round().max(if voeux[g] > 0.0 { 1.0 } else { 0.0 });
        reste = voulu - n;
        n as usize
    })
}

fn repartir_groupe(
    cat: &Catalogue,
    cibles: &[CiblesEchelle],
    flux: &Flux,
    g: usize,
    graine: u64,
    liste: &mut Liste,
    restes: &mut Vec<(usize, usize, u32)>,
) {
    let deps = LIEUX.len();
    let mut entrees: Vec<Vec<(u32, u32)>> = vec![Vec::new(); deps];
    let mut alea = Alea::pour(graine, &[2, g as u64]);
    for (course, cible) in (0_u32..).zip(cibles) {
        let n = cible.groupes[g];
        if n == 0 || cat.apprentissage[course as usize] {
            continue;
        }
        let (parts, trop) = flux.origines(cat, g, course as usize, n, alea.unite());
        for (entrees, part) in entrees.iter_mut().zip(parts) {
            if part > 0 {
                entrees.push((course, u32::try_from(part).unwrap_or(u32::MAX)));
            }
        }
        restes.extend(std::iter::repeat_n((g, cat.dep[course as usize], course), trop));
    }
    for (d, entrees) in entrees.iter_mut().enumerate() {
        let mut alea = Alea::pour(graine, &[3, g as u64, d as u64]);
        let partage = partage::partager(cat, entrees, flux.candidats[g][d], d, &mut alea);
        liste.ajouter_tranche(g, d, &partage);
        restes.extend(partage.restes.iter().map(|c| (g, d, *c)));
    }
}

/// Leftovers, apprenticeship and complementary phase: one by one, within the limits. Returns what found nobody.
fn completer(
    cat: &Catalogue,
    cibles: &[CiblesEchelle],
    flux: &Flux,
    restes: &[(usize, usize, u32)],
    graine: u64,
    liste: &mut Liste,
) -> u32 {
    let mut alea = Alea::pour(graine, &[4]);
    let mut non_places = 0;
    let mut placer = |liste: &mut Liste, g: usize, d: usize, course: u32, nature: Nature, alea: &mut Alea| {
        if liste.effectif(g) == 0 || !liste.placer(cat, g, d, course, nature, alea) {
            non_places += 1;
        }
    };
    for &(g, d, course) in restes {
        placer(liste, g, d, course, Nature::Principal, &mut alea);
    }
    let effectifs: [usize; GROUPES] = std::array::from_fn(|g| liste.effectif(g));
    for (course, cible) in (0_u32..).zip(cibles) {
        let c = course as usize;
        if cat.apprentissage[c] {
            for g in 0..GROUPES {
                for _ in 0..cible.groupes[g] {
                    let d = flux.origine(cat, g, c, &mut alea);
                    placer(liste, g, d, course, Nature::Apprentissage, &mut alea);
                }
            }
        }
        for (s, n) in cible.complementaires.iter().enumerate() {
            for _ in 0..*n {
                let g = groupe_de_serie(s, &effectifs, &mut alea);
                let d = flux.origine(cat, g, c, &mut alea);
                placer(liste, g, d, course, Nature::Complementaire, &mut alea);
            }
        }
    }
    non_places
}

/// A group of the series, in proportion to its candidates.
fn groupe_de_serie(serie: usize, effectifs: &[usize; GROUPES], alea: &mut Alea) -> usize {
    if serie == 3 {
        return GROUPES - 1;
    }
    let (sans, avec) = (effectifs[2 * serie], effectifs[2 * serie + 1]);
    2 * serie + usize::from(alea.sous(sans + avec) >= sans)
}

fn assembler(cat: &Catalogue, liste: &Liste, graine: u64) -> (Candidats, Voeux) {
    let mut alea = Alea::pour(graine, &[5]);
    let (n, m) = (liste.len(), liste.voeux());
    let mut c = Candidats { premier_voeu: Vec::with_capacity(n + 1), ..Candidats::default() };
    let mut v = Voeux {
        candidat: Vec::with_capacity(m),
        formation: Vec::with_capacity(m),
        drapeaux: Vec::with_capacity(m),
        ..Voeux::default()
    };
    c.premier_voeu.push(0);
    for i in 0..n {
        let (g, dep) = (usize::from(liste.groupe[i]), usize::from(liste.domicile[i]));
        let lieu = &LIEUX[dep];
        c.serie.push(TypeBac::ALL[SERIE_DE[g]]);
        c.boursier.push(BOURSIER[g]);
        // Nearly all scholarships of the lycée are certified by the time the order of call is made.
        c.bourse_certifiee.push(BOURSIER[g] && alea.chance(0.97));
        c.departement.push(liste.domicile[i]);
        c.ville.push(if lieu.villes.is_empty() {
            u16::MAX
        } else {
            lieu.villes[alea.selon(&lieu.poids_villes)]
        });
        for (course, nature) in liste.voeux_de(i) {
            let resident = catalogue::secteur(dep) == cat.secteur[course as usize];
            v.candidat.push(u32::try_from(i).unwrap_or(u32::MAX));
            v.formation.push(course);
            v.drapeaux.push(
                match nature {
                    Nature::Principal => 0,
                    Nature::Apprentissage => drapeau::APPRENTISSAGE,
                    Nature::Complementaire if cat.apprentissage[course as usize] => {
                        drapeau::COMPLEMENTAIRE | drapeau::APPRENTISSAGE
                    }
                    Nature::Complementaire => drapeau::COMPLEMENTAIRE,
                } | if resident { drapeau::RESIDENT } else { 0 },
            );
        }
        c.premier_voeu.push(u32::try_from(v.formation.len()).unwrap_or(u32::MAX));
    }
    (c, v)
}

/// Where a candidate lives, in degrees.
fn domicile(c: &Candidats, i: usize) -> (f64, f64) {
    let lieu = &LIEUX[usize::from(c.departement[i])];
    geo::ville(c.ville[i]).map_or((lieu.latitude, lieu.longitude), |v| (v.latitude, v.longitude))
}
