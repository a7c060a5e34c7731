//! Whether a text says that an examination is held or that it is not: « pas d'entretien », « l'épreuve n'existe plus »,
//! « un test est imposé à tous ».

use std::ops::Range;

use super::lexique::Classe as C;
use super::polarite::{distance, is_denial, is_infinitive, rank, refers};
use super::texte::{Phrase, Signe};

/// « Aucun candidat n'est classé sans être venu » : nothing goes without it.
pub(super) fn is_a_must(phrase: &Phrase, debut: usize) -> bool {
    let avant = |s: usize| phrase.mot(s) == "avant" && matches!(phrase.mot(s + 1), "d" | "de" | "que");
    let rien_sans =
        (0..debut).any(|s| (phrase.mot(s) == "sans" || avant(s)) && (0..s).any(|k| is_denial(phrase, k)));
    rien_sans || is_threatened(phrase, debut)
}

/// « Venez au test, sans cela pas de classement », « tout candidat absent le jour de l'épreuve est éliminé ».
fn is_threatened(phrase: &Phrase, debut: usize) -> bool {
    phrase.places(C::Menace).any(|m| {
        m > debut
            && !(0..debut).any(|k| is_denial(phrase, k))
            && !(debut..m).any(|k| phrase.est(k, C::Supprime) || is_denial(phrase, k))
            && (!phrase.mot(m).starts_with("elimin") || (0..m).any(|k| phrase.mot(k).starts_with("absen")))
    })
}

/// « Pas d'entretien, sauf pour les candidats en reprise d'études », « les meilleurs sont dispensés d'écrit » : some take it.
fn is_for_some(phrase: &Phrase, cite: &Range<usize>) -> bool {
    let sauf = (cite.end..phrase.len()).any(|i| {
        matches!(phrase.mot(i), "sauf" | "hormis" | "excepte")
            || phrase.mot(i) == "a" && phrase.mot(i + 1) == "l" && phrase.mot(i + 2) == "exception"
    });
    // « Pas d'oral pour tous ».
    let pas_tous = phrase.mot(cite.end) == "pour"
        && matches!(phrase.mot(cite.end + 1), "tous" | "toutes" | "chacun" | "chaque" | "tout");
    let tous = |i: usize| {
        matches!(phrase.mot(i), "vous" | "tous" | "toutes" | "nous" | "chacun")
            || phrase.mot(i).starts_with("candidat") && !phrase.est(i + 1, C::Partie)
    };
    let dispense = (1..phrase.len()).any(|i| {
        ["dispens", "exempt"].iter().any(|m| phrase.mot(i).starts_with(m))
            && phrase.est(i - 1, C::Auxiliaire)
            && !(0..phrase.len()).any(tous)
    });
    // « Les candidats de la licence simple ne passent pas les tests » : the others do.
    let sous_groupe = (0..cite.start).any(|i| {
        ["bachelier", "candidat", "eleve", "etudiant", "titulaire"]
            .iter()
            .any(|m| phrase.mot(i).starts_with(m))
            && (phrase.est(i + 1, C::Partie)
                || matches!(phrase.mot(i + 1), "d" | "de" | "du" | "des" | "avec"))
    });
    let definie =
        matches!(phrase.mot(cite.start.wrapping_sub(1)), "l" | "la" | "le" | "les" | "au" | "aux" | "du");
    sauf || pas_tous || dispense || sous_groupe && definie
}

/// Whether the words of a range, an examination, are said not to be held.
pub(super) fn is_not_held(phrase: &Phrase, cite: &Range<usize>, suite: Option<&Phrase>) -> bool {
    if is_a_condition(phrase) || is_a_must(phrase, cite.start) || is_for_some(phrase, cite) {
        return false;
    }
    // « Sans que la commission vous rencontre ».
    if (cite.start.saturating_sub(8)..cite.start)
        .any(|k| phrase.mot(k) == "sans" && matches!(phrase.mot(k + 1), "que" | "qu"))
    {
        return true;
    }
    if let Some(rejet) = without(phrase, cite.start) {
        return rejet;
    }
    // « Aucun candidat n'est vu » : whatever the verb.
    let sans = (cite.end..phrase.len()).any(|k| phrase.mot(k) == "sans");
    if phrase.est(cite.start, C::Personne) && phrase.apres(cite.end - 1, 3, C::Ne) && !sans {
        return true;
    }
    let propositions = phrase.propositions();
    let premiere = rank(&propositions, cite.start);
    let derniere = rank(&propositions, cite.end - 1);
    let siens = propositions[premiere].start..propositions[derniere].end;
    if let Some(tenue) = held(phrase, siens, Some(cite)) {
        return !tenue;
    }
    // « Que nous avons pratiqué, est abandonné » : one denial is enough.
    let dits: Vec<bool> = propositions[derniere + 1..]
        .iter()
        .filter(|p| refers(phrase, p) || is_bare(phrase, p.start) || phrase.est(p.start, C::Auxiliaire))
        .filter_map(|p| held(phrase, p.clone(), None))
        .collect();
    if !dits.is_empty() {
        return dits.contains(&false);
    }
    let reste_libre = derniere + 1 == propositions.len();
    suite.filter(|_| reste_libre).is_some_and(|s| takes_back(phrase, s))
}

/// « Les candidats n'ayant pas rempli…», « qui n'ont pas… ne seront pas classés » : it is held.
fn is_a_condition(phrase: &Phrase) -> bool {
    (0..phrase.len()).any(|i| {
        let participe = phrase.mot(i) == "n" && phrase.mot(i + 1) == "ayant";
        let relative =
            phrase.mot(i) == "qui" && phrase.mot(i + 1) == "n" && phrase.mot(i + 2).starts_with("ont");
        (participe || relative)
            && (i + 4..phrase.len()).any(|k| is_denial(phrase, k) || phrase.est(k, C::Exclut))
    })
}

/// « Un test est imposé aux candidats dont ce n'est pas la langue » : said to be held, whatever is denied after.
pub(super) fn is_imposed(phrase: &Phrase, cite: &Range<usize>) -> bool {
    let fin = (cite.end + 4).min(phrase.len());
    let droit = phrase.jetons.windows(3).any(|f| f[0].mot == "reserve" && f[2].mot == "droit");
    droit
        || (cite.end..fin).any(|i| {
            phrase.est(i, C::Existe)
                && phrase.avant(i, 1, C::Auxiliaire)
                && !(0..=i).any(|k| is_denial(phrase, k))
        })
}

/// Whether the next sentence says that what was spoken of is not held: it has a pronoun for it, or it is the answer.
fn takes_back(phrase: &Phrase, suite: &Phrase) -> bool {
    let parts = suite.propositions();
    // « Entretien : pas cette année ».
    let court = phrase.partie != suite.partie
        && suite.len() <= 4
        && matches!(suite.mot(0), "non" | "pas")
        && !matches!(suite.mot(1), "d" | "de");
    let non = phrase.question && suite.mot(0) == "non" || court;
    let nu = (is_bare(suite, 0) || non) && (phrase.partie != suite.partie || phrase.question);
    let portee = if phrase.question { parts.len() } else { 1 };
    non || parts
        .iter()
        .take(portee)
        .any(|p| (refers(suite, p) || nu) && held(suite, p.clone(), None) == Some(false))
}

/// A denial without a subject of its own: « supprimé », « pas organisé », but not « aucun document ».
fn is_bare(phrase: &Phrase, i: usize) -> bool {
    let autre = matches!(phrase.mot(i), "aucun" | "aucune" | "ni")
        || phrase.mot(i) == "pas" && matches!(phrase.mot(i + 1), "de" | "d");
    phrase.est(i, C::Ne) || phrase.est(i, C::Supprime) || is_denial(phrase, i) && !autre
}

/// « Aucun », « pas de », « sans », « ni » just before, with no article between: there is none of it.
fn without(phrase: &Phrase, debut: usize) -> Option<bool> {
    let mut i = debut;
    for _ in 0..6 {
        if i == 0 || phrase.jetons[i].avant != Signe::Rien {
            return None;
        }
        i -= 1;
        let suivant = phrase.mot(i + 1);
        let rien = match phrase.mot(i) {
            "sans" => return there_is_none(phrase, i, debut).then_some(true),
            "hors" | "hormis" | "excepte" => return None,
            "nul" | "nulle" => true,
            "absence" | "exclusion" | "faute" | "lieu" => matches!(suivant, "d" | "de"),
            "defaut" => i > 0 && phrase.mot(i - 1) == "a",
            // « Aucun oral n'est éliminatoire » speaks of how, not of whether.
            // « N'oubliez pas le test » neither.
            _ => is_denial(phrase, i) && !(i > 0 && phrase.est(i - 1, C::Exclut)),
        };
        if rien {
            return Some(true);
        }
        let meme = phrase.mot(i.wrapping_sub(1)) == "meme" || phrase.mot(i) == "meme";
        let devant_un = meme
            || matches!(phrase.mot(i), "un" | "une")
                && matches!(phrase.mot(i.wrapping_sub(1)), "devant" | "par" | "pour");
        if !phrase.jetons[i].est(C::Lien) && !devant_un {
            return None;
        }
    }
    None
}

/// Whether « sans » says that there is none. « Sans l'oral, le dossier n'est pas classé », « sans entretien réussi, aucune
/// admission » : it is held.
fn there_is_none(phrase: &Phrase, sans: usize, debut: usize) -> bool {
    let article =
        matches!(phrase.mot(sans + 1), "l" | "la" | "le" | "les" | "cet" | "cette" | "votre" | "ce");
    let double = (sans.saturating_sub(6)..sans).any(|k| is_denial(phrase, k))
        || sans == 0 && (debut..phrase.len()).any(|k| phrase.mot(k) != "ni" && is_denial(phrase, k));
    let moindre = phrase.mot(sans + 1) == "le" && phrase.mot(sans + 2) == "moindre";
    !article && !double || moindre
}

/// Whether a range says that something is held (yes), is not (no), or nothing of it.
fn held(phrase: &Phrase, p: Range<usize>, cite: Option<&Range<usize>>) -> Option<bool> {
    let loin = |i: usize| cite.map_or(0, |c| distance(i, c));
    let mut vus: Vec<(usize, bool)> = Vec::new();
    for i in p.clone() {
        // « Avant que la liste soit arrêtée ».
        let liste = (i.saturating_sub(3)..i)
            .any(|k| matches!(phrase.mot(k), "liste" | "classement" | "moyennes" | "notes"));
        // « L'entretien en tient lieu » : it is held.
        let tient_lieu = matches!(phrase.mot(i), "remplace" | "tient")
            && cite.is_some_and(|c| c.end <= i)
            && phrase.mot(i + 1) != "par"
            && !phrase.avant(i, 2, C::Auxiliaire);
        let supprime =
            phrase.est(i, C::Supprime) && !tient_lieu && !(liste && phrase.mot(i).starts_with("arret"));
        // « Annule la candidature » : something else.
        let objet = matches!(phrase.mot(i + 1), "l" | "la" | "le" | "toute" | "votre")
            && phrase.jetons[i + 1].avant == Signe::Rien;
        let candidature = objet && phrase.est(i + 2, C::Candidature);
        if !supprime && !phrase.est(i, C::Existe) || supprime && candidature {
            continue;
        }
        // « Qui ne peuvent pas se déplacer passent… » : the denial bears on another verb.
        let autre = |k: usize| {
            (k + 1..i)
                .any(|j| is_infinitive(phrase.mot(j)) && !phrase.est(j, C::Existe) || phrase.mot(j) == "qui")
        };
        let nie = (i.saturating_sub(5).max(p.start)..i + 1)
            .any(|k| is_denial(phrase, k) && !autre(k) && !denies_other(phrase, k))
            || (i + 1..(i + 5).min(p.end))
                .any(|k| is_denial(phrase, k) && phrase.avant(k, 6, C::Ne) && !denies_other(phrase, k));
        vus.push((i, !supprime ^ nie));
    }
    // A denied verb tells more than the verbs beside it.
    vus.into_iter().min_by_key(|(i, tenue)| (*tenue, loin(*i))).map(|v| v.1)
}

/// « Aucun frais », « aucune tenue »: neither a candidate nor an examination.
fn denies_other(phrase: &Phrase, k: usize) -> bool {
    const SUJETS: &[C] = &[
        C::Candidat,
        C::Recevoir,
        C::Rencontre,
        C::Entretien,
        C::OralNom,
        C::EcritNom,
        C::Test,
        C::EpreuveNom,
        C::Concours,
        C::Questionnaire,
        C::Pratique,
        C::Situation,
        C::Audition,
        C::Copie,
        C::Jury,
    ];
    // « On ne vous demandera pas de passer… ».
    if matches!(phrase.mot(k + 1), "d" | "de") && is_infinitive(phrase.mot(k + 2)) {
        // « N'oubliez pas de remplir… » : it is to be done.
        return phrase.est(k.wrapping_sub(1), C::Exclut);
    }
    // Nothing follows: « vous n'en passerez aucune ».
    if phrase.jetons.get(k + 1).is_none_or(|j| j.avant != Signe::Rien) {
        return false;
    }
    // « Pas de bonne réponse » neither.
    let de = usize::from(matches!(phrase.mot(k), "pas" | "plus") && matches!(phrase.mot(k + 1), "de" | "d"));
    (de > 0
        || matches!(phrase.mot(k), "aucun" | "aucune") && !matches!(phrase.mot(k + 1), "d" | "de" | "des"))
        && phrase.mot(k + de + 1) != "autre"
        && !SUJETS.iter().any(|c| phrase.est(k + de + 1, *c) || phrase.est(k + de + 2, *c))
}
