//! R-CGE-15: what is expected of candidates and what the grid says of it. The grid contradicts an expectation when it says that
//! it does not look at it, or when it demands a knowledge, a level or a practice of which none is required. To say nothing of it,
//! to value more than what is required or to leave aside what nobody expects is no contradiction.

use std::ops::Range;

use super::Partie;
use super::lexique::Classe as C;
use super::polarite::{is_denial, is_left_out};
use super::relecture::Passage;
use super::texte::{Phrase, phrases};

/// How a passage contradicts an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Desaccord {
    /// What is expected is not looked at.
    Ecarte,
    /// What is not required is demanded.
    Exige,
}

/// An expectation, and the things that it speaks of.
pub(super) struct Attendu {
    /// As it was typed.
    pub texte: String,
    sujets: Vec<String>,
    /// « Aucune connaissance préalable n'est demandée ».
    libre: bool,
}

/// Cuts the expectations into sentences.
pub(super) fn read(textes: &[&str]) -> Vec<Attendu> {
    let lit = |texte: &&str| {
        phrases(texte, Partie::Conseils)
            .into_iter()
            .map(|p| Attendu {
                texte: texte[p.jetons[0].debut..p.jetons[p.len() - 1].fin].to_owned(),
                sujets: (0..p.len()).filter_map(|i| subject(&p, i)).collect(),
                libre: requires_nothing(&p),
            })
            .collect::<Vec<_>>()
    };
    textes.iter().flat_map(lit).filter(|a| !a.sujets.is_empty()).collect()
}

/// « Aucun niveau n'est exigé », « sans prérequis », « il n'est pas nécessaire d'avoir… ».
fn requires_nothing(phrase: &Phrase) -> bool {
    let nie =
        (0..phrase.len()).any(|i| is_denial(phrase, i)) || phrase.jetons.iter().any(|j| j.mot == "sans");
    nie && (phrase.a(C::Exigence) || phrase.jetons.iter().any(|j| j.mot.starts_with("prealable")))
}

/// Where a passage contradicts an expectation: the sentence, its words, how, and which.
pub(super) fn contradicts<'a>(
    passage: &Passage,
    attendus: &'a [Attendu],
) -> Option<(usize, Range<usize>, Desaccord, &'a Attendu)> {
    if attendus.is_empty() {
        return None;
    }
    // Most sentences neither deny nor demand.
    let dit = |p: &Phrase| {
        p.a(C::Exigence) || p.a(C::Exclut) || p.a(C::Sauf) || (0..p.len()).any(|i| is_denial(p, i))
    };
    passage.phrases.iter().enumerate().find_map(|(k, phrase)| {
        let suite = passage.phrases.get(k + 1);
        if !dit(phrase) && !suite.is_some_and(dit) {
            return None;
        }
        let sujets: Vec<Option<String>> = (0..phrase.len()).map(|i| subject(phrase, i)).collect();
        attendus.iter().find_map(|a| {
            let place = sujets.iter().position(|s| s.as_ref().is_some_and(|s| a.sujets.contains(s)))?;
            let ecarte = !a.libre && leaves_out(phrase, place, suite);
            let exige = a.libre && (demands(phrase) || titled(phrase) && suite.is_some_and(demands));
            let comment = if ecarte { Desaccord::Ecarte } else { Desaccord::Exige };
            (ecarte || exige).then(|| (k, place..place + 1, comment, a))
        })
    })
}

fn titled(phrase: &Phrase) -> bool {
    phrase.partie == Partie::Intitule
}

/// « L'anglais n'est pas pris en compte », but not « les épreuves du bac en anglais ».
fn leaves_out(phrase: &Phrase, place: usize, suite: Option<&Phrase>) -> bool {
    const AUTRES: &[C] =
        &[C::Bac, C::Lettre, C::Entretien, C::Questionnaire, C::Specialite, C::OralNom, C::Test, C::Concours];
    let epreuve = |p: &Phrase, i: usize| {
        let dossiers = (i + 1..i + 4)
            .any(|k| ["dossier", "candidature", "voeu"].iter().any(|m| p.mot(k).starts_with(m)));
        // « Aucun examen de notre part » : nothing is looked at.
        let notre = i > 0 && matches!(p.mot(i - 1), "aucun" | "notre" | "nul");
        p.mot(i).starts_with("epreuve") || p.mot(i).starts_with("examen") && !dossiers && !notre
    };
    let autre = |p: &Phrase| {
        AUTRES.iter().any(|c| p.a(*c))
            || (0..p.len()).any(|i| epreuve(p, i))
            || p.jetons.iter().any(|j| matches!(j.mot.as_str(), "absence" | "obligation"))
    };
    let suite = suite.filter(|s| !titled(phrase) || s.partie == Partie::Elements);
    !autre(phrase) && is_left_out(phrase, &(place..place + 1), suite)
}

/// « Doit être maîtrisé », « niveau B1 exigé », but neither « sans être exigé » nor « un intérêt est indispensable ».
fn demands(phrase: &Phrase) -> bool {
    let exige = phrase.places(C::Exigence).any(|i| {
        let avant = i.saturating_sub(6)..i;
        let apres = (i + 1..i + 3).any(|k| is_denial(phrase, k));
        !apres && !avant.into_iter().any(|k| is_denial(phrase, k) || phrase.mot(k) == "sans")
    });
    exige && !phrase.a(C::Envie)
}

/// What a word speaks of, whatever its ending; none for the words that every expectation has.
fn subject(phrase: &Phrase, i: usize) -> Option<String> {
    /// Words of the same thing, by their first letters.
    const FAMILLES: &[&[&str]] = &[
        &["equipe", "groupe", "collecti", "collabor", "cooper", "plusieurs"],
        &["ecrit", "redac", "redig", "orthograph", "grammair", "syntax"],
        &["oral", "orau", "parole", "elocution"],
        &["socia", "societ"],
        &["jeu", "joue", "theatr", "scene", "sceni", "comedien"],
        &["programmat", "python", "code", "codage", "codee", "algorithm", "informatiq"],
        &["math", "calcul"],
        &["sport"],
        &["competit"],
        &["ecout"],
        &["actual", "presse"],
        &["metier", "profession"],
        &["lectu", "lire", "livre", "litter"],
        &["benevol", "associati", "engage"],
        &["solfege"],
        &["instrument"],
        &["dessin", "croquis"],
        &["abstr", "concept"],
        &["autonom"],
        &["organis"],
        &["curio"],
    ];
    let mot = phrase.mot(i);
    if mot.len() < 3 || phrase.est(i, C::Vide) || phrase.est(i, C::Banal) || phrase.est(i, C::Exigence) {
        return None;
    }
    if let Some(f) = FAMILLES.iter().find(|f| f.iter().any(|debut| mot.starts_with(debut))) {
        return Some(f[0].to_owned());
    }
    (mot.len() >= 4 || phrase.est(i, C::Discipline))
        .then(|| mot.chars().take(6).collect::<String>())
        .map(|m| m.strip_suffix('s').filter(|_| m.len() < 6).map_or(m.clone(), str::to_owned))
}
