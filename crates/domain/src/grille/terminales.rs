//! R-CGE-04: marks of the terminal examinations told in words of one's own. No expression tells them alone: something is obtained
//! (a mark, points, « ce que le candidat a eu »), at an examination (« au bac », « le jour de l'écrit », « note finale »), in a
//! speciality, which the title or the sentence before may have named. The three together tell it, unless the examination has
//! another subject (French, philosophy), or the year is what gives the mark.

use super::lexique::Classe as C;
use super::specialites::{Cite, between, cite, disciplines, is_terminal_exam, is_the_exam, near, parted};
use super::texte::{Phrase, Signe};

/// How far what is obtained may stand from the examination, in words.
const PORTEE: usize = 9;

/// Where a sentence tells that something was obtained at an examination in a speciality. `suite`: specialities were spoken of before.
pub(super) fn clues(phrase: &Phrase, suite: bool) -> Option<Cite> {
    if !suite && !phrase.a(C::Specialite) && !phrase.a(C::Discipline) {
        return None;
    }
    let gagnes: Vec<usize> = (0..phrase.len()).filter(|i| is_obtained(phrase, *i)).collect();
    (0..phrase.len()).filter(|x| is_examination(phrase, *x)).find_map(|x| {
        let gagne =
            gagnes.iter().copied().filter(|g| is_tied(phrase, *g, x)).min_by_key(|g| g.abs_diff(x))?;
        let sujet = subject(phrase, gagne, x).or_else(|| suite.then_some(gagne))?;
        Some(cite(gagne, &[x, sujet]))
    })
}

/// A mark, points, what somebody had: not what the reports of the year give.
fn is_obtained(phrase: &Phrase, i: usize) -> bool {
    // « Le relevé du bac ».
    if phrase.mot(i).starts_with("releve") {
        let examen = (i + 1..i + 6).any(|k| phrase.mot(k) == "examen" || phrase.est(k, C::Bac));
        return examen || phrase.a(C::Bachelier);
    }
    if phrase.est(i, C::Note) {
        return phrase.mot(i) != "mention" && (!phrase.est(i, C::Bulletin) || phrase.est(i + 1, C::Obtenu));
    }
    phrase.est(i, C::Obtenu) && phrase.mot(i) != "obtention" || is_a_mark(phrase, i)
}

/// « Tout 16 », « plus de 14 ».
fn is_a_mark(phrase: &Phrase, i: usize) -> bool {
    let avant = phrase.mot(i.wrapping_sub(1));
    phrase.mot(i).parse::<u32>().is_ok_and(|n| (8..=20).contains(&n))
        && matches!(
            avant,
            "un" | "tout" | "de" | "le" | "dessus" | "a" | "minimum" | "des" | "moins" | "plus" | "sous"
        )
        && !phrase.est(i + 1, C::Mois)
}

/// The examination that ends the lycée, by its name or by what stands beside.
fn is_examination(phrase: &Phrase, i: usize) -> bool {
    if phrase.est(i, C::Bac) {
        return is_sat(phrase, i);
    }
    // « Note finale », « résultats terminaux », but not the one that the commission gives.
    if phrase.est(i, C::Finale) {
        let dossier = (i + 1..i + 5).any(|k| phrase.est(k, C::DuDossier));
        return phrase.avant(i, 1, C::Note) && !phrase.est(i - 1, C::Bulletin) && !dossier;
    }
    if phrase.est(i, C::Bachelier) {
        return !phrase.a(C::Annee) && !(i + 1..i + 5).any(|k| phrase.est(k, C::Serie));
    }
    // « Les notes que vous aurez en juin ».
    if phrase.mot(i) == "juin" || phrase.mot(i) == "juillet" {
        return matches!(phrase.mot(i.wrapping_sub(1)), "en" | "de") && !phrase.a(C::Annee);
    }
    if phrase.est(i, C::Publie) {
        return is_published(phrase, i);
    }
    if !phrase.est(i, C::Epreuve) || !is_terminal_exam(phrase, i) {
        return false;
    }
    // « Plus de 15 à l'écrit de SES ».
    let propre = matches!(phrase.mot(i + 1), "de" | "d" | "en") && disciplines(phrase).any(|d| d == i + 2);
    if propre && (i.saturating_sub(6)..i).any(|k| phrase.est(k, C::Obtenu) || is_a_mark(phrase, k)) {
        return true;
    }
    let suite = (i + 1..=i + 9).take_while(|k| phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien));
    let officielle = suite.into_iter().any(|k| {
        phrase.est(k, C::Finale)
            || phrase.est(k, C::Officiel)
            || phrase.est(k, C::Session)
            || phrase.est(k, C::Bac)
            || phrase.mot(k) == "examen"
    });
    let note = phrase.mot(i).starts_with("examen")
        && (phrase.avant(i, 3, C::Note)
            || phrase.mot(i.wrapping_sub(1)) == "l"
                && (phrase.avant(i, 6, C::Obtenu) || phrase.avant(i, 9, C::Note)));
    officielle || note
}

/// « Au bac », « du bac », « bac : », but neither « l'année du bac » nor « jusqu'au bac ».
fn is_sat(phrase: &Phrase, i: usize) -> bool {
    let passe = (phrase.avant(i, 5, C::Obtenu)
        || (i.saturating_sub(7)..i)
            .any(|n| phrase.est(n, C::Note) && !phrase.est(n, C::Bulletin) && !between(phrase, n, i)))
        && matches!(phrase.mot(i.wrapping_sub(1)), "au" | "du");
    // « Bac STMG : note à l'épreuve de management ».
    let liste = (i + 2..i + 5).any(|k| {
        phrase.jetons.get(k).is_some_and(|j| j.avant == Signe::DeuxPoints)
            && !phrase.a(C::Bulletin)
            && !phrase.mot(i + 1).starts_with("pro")
            && (phrase.apres(i, 6, C::Note) || phrase.apres(i, 6, C::Epreuve))
    });
    is_the_exam(phrase, i) || (passe || liste) && phrase.est(i + 1, C::Serie) && !phrase.est(i + 1, C::Blanc)
}

/// « Quand ils sont publiés », « dès que le ministère les publie » : marks that come from elsewhere, after the year.
fn is_published(phrase: &Phrase, i: usize) -> bool {
    (i.saturating_sub(6)..i).any(|k| {
        matches!(phrase.mot(k), "quand" | "lorsque" | "lorsqu" | "sitot" | "fois")
            || matches!(phrase.mot(k), "des" | "si")
                && matches!(phrase.mot(k + 1), "que" | "qu" | "leur" | "elles" | "ils")
    })
}

/// Whether what is obtained is obtained there: nothing of the year, no other subject, no denial between.
fn is_tied(phrase: &Phrase, g: usize, x: usize) -> bool {
    let (a, b) = (g.min(x), g.max(x));
    let signes = phrase.jetons[a + 1..=b].iter().filter(|j| j.avant != Signe::Rien).count();
    near(g, x, PORTEE)
        && signes <= 2
        && !between(phrase, g, x)
        && !parted(phrase, g, x)
        && !is_of_another(phrase, a, b)
}

/// « Notes de français au bac » : the examination of another subject.
pub(super) fn is_of_another(phrase: &Phrase, a: usize, b: usize) -> bool {
    let ici = || {
        (a..=b + 3).take_while(|k| *k <= b || phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien))
    };
    ici().any(|k| phrase.est(k, C::Blanc)) && !(a..=b + 3).any(|k| phrase.est(k, C::Specialite))
}

/// The speciality of a sentence, unless what is said is only which ones were chosen.
fn subject(phrase: &Phrase, g: usize, x: usize) -> Option<usize> {
    let proche = |s: &usize| s.abs_diff(x).min(s.abs_diff(g));
    let nommee = phrase.places(C::Specialite).filter(|s| !phrase.avant(*s, 3, C::Choix)).min_by_key(proche);
    nommee.or_else(|| disciplines(phrase).filter(|d| proche(d) <= PORTEE).min_by_key(proche))
}
