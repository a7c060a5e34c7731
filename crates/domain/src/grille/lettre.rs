//! R-CGE-05 and 17: the letter of motivation, named and explained when it is asked, not cited when it is not.

use std::ops::Range;

use super::Partie;
use super::lexique::Classe as C;
use super::polarite::{is_denial, is_left_out, is_not_held};
use super::relecture::Passage;
use super::texte::{Phrase, Signe};

/// The letter of motivation, by its whole name.
fn named(phrase: &Phrase) -> Option<Range<usize>> {
    phrase.places(C::Lettre).find_map(|i| {
        if phrase.mot(i) == "lm" {
            return Some(i..i + 1);
        }
        (i + 1..=i + 3).find(|j| phrase.est(*j, C::Motivation)).map(|j| i..j + 1)
    })
}

/// The letter, by its whole name or as « la lettre », « votre courrier ».
fn cited(phrase: &Phrase) -> Option<Range<usize>> {
    named(phrase).or_else(|| {
        phrase.places(C::Lettre).find_map(|i| {
            let article = matches!(
                phrase.mot(i.wrapping_sub(1)),
                "la" | "une"
                    | "votre"
                    | "sa"
                    | "cette"
                    | "leur"
                    | "chaque"
                    | "le"
                    | "un"
                    | "son"
                    | "ce"
                    | "ladite"
                    | "par"
            );
            let autre = phrase.apres(i, 2, C::AutreLettre) || phrase.mot(i).ends_with('s');
            (!autre && (article || i == 0)).then_some(i..i + 1)
        })
    })
}

/// Whether a passage names the letter and tells what is done with it.
pub(super) fn explains(passage: &Passage) -> bool {
    let mut sujet = false;
    let titre = passage.phrases.iter().any(|p| p.partie == Partie::Intitule && cited(p).is_some());
    for phrase in &passage.phrases {
        let ici = cited(phrase);
        // What follows a letter speaks of it until another subject comes.
        sujet = ici.is_some() || sujet;
        if sujet && (tells_use(phrase, ici.clone()) || sought(phrase, ici, titre)) {
            return true;
        }
    }
    false
}

/// « Lettre de motivation : connaissance du métier, clarté du projet » : what follows the name is what is sought in it.
fn sought(phrase: &Phrase, nom: Option<Range<usize>>, titre: bool) -> bool {
    let debut = match nom {
        Some(n) if phrase.jetons.get(n.end).is_some_and(|j| j.avant == Signe::DeuxPoints) => n.end,
        None if titre && phrase.partie == Partie::Elements => 0,
        _ => return false,
    };
    phrase.propositions().iter().filter(|p| p.start >= debut).any(|p| {
        let forme = p.clone().any(|i| phrase.est(i, C::Forme) || is_denial(phrase, i));
        !forme && p.clone().any(|i| phrase.est(i, C::Contenu))
    })
}

fn tells_use(phrase: &Phrase, nom: Option<Range<usize>>) -> bool {
    let propositions = phrase.propositions();
    let recevable = |i: usize| {
        propositions.iter().any(|p| p.contains(&i) && p.clone().any(|k| phrase.est(k, C::Recevable)))
    };
    (0..phrase.len()).any(|i| {
        let dans_le_nom = nom.as_ref().is_some_and(|n| n.contains(&i));
        let nie = (i.saturating_sub(6)..i).any(|k| is_denial(phrase, k))
            || phrase.avant(i, 3, C::Ne) && (i + 1..i + 5).any(|k| is_denial(phrase, k));
        // « Bien vérifier », « faites relire » is for the candidate to do.
        let consigne = phrase.est(i, C::Consigne)
            && (propositions.iter().any(|p| p.start == i)
                || matches!(phrase.mot(i.wrapping_sub(1)), "bien" | "a" | "de" | "faire"));
        phrase.est(i, C::Usage) && !dans_le_nom && !nie && !recevable(i) && !consigne
    })
}

/// Where a passage cites a letter that nobody asked for, without saying so.
pub(super) fn asks(passage: &Passage) -> Option<(usize, Range<usize>)> {
    passage.phrases.iter().enumerate().find_map(|(k, phrase)| {
        let cite = named(phrase)?;
        let suite = passage.phrases.get(k + 1);
        let ecartee = is_left_out(phrase, &cite, suite) || is_not_held(phrase, &cite, suite);
        let si =
            phrase.mot(cite.start.wrapping_sub(1)) == "sans" && !matches!(phrase.mot(cite.end), "a" | "");
        (!ecartee || si && phrase.jetons.len() > cite.end + 2).then_some((k, cite))
    })
}
