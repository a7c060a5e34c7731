//! Whether a text uses what it cites or leaves it out. A denial has a scope: it bears on the words that follow it, on the
//! verb that it turns round, or on what a pronoun stands for.

use std::ops::Range;

use super::lexique::Classe as C;
use super::texte::{Phrase, Signe};

/// How far a denial stands before the verb that it bears on, in words.
const PORTEE: usize = 7;

/// What a part of a sentence says of what it speaks of, and where.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    place: usize,
    garde: bool,
}

/// Whether the words of a range are left out by the text around them. `suite` is what follows the sentence.
pub(super) fn is_left_out(phrase: &Phrase, cite: &Range<usize>, suite: Option<&Phrase>) -> bool {
    if let Some(rejet) = before(phrase, cite.start) {
        return rejet;
    }
    let propositions = phrase.propositions();
    let premiere = rank(&propositions, cite.start);
    let derniere = rank(&propositions, cite.end - 1);
    let siens = propositions[premiere].start..propositions[derniere].end;
    let proche = verdicts(phrase, siens).into_iter().min_by_key(|v| distance(v.place, cite));
    let repris = propositions[derniere + 1..].iter().find_map(|p| taken_up(phrase, p, true));
    if let Some(verdict) = proche {
        // « ne sont pas connues, mais compteront » : the last word wins.
        let retourne = propositions.get(derniere + 1).is_some_and(|p| phrase.est(p.start, C::Oppose))
            && repris.is_some();
        return if retourne { repris == Some(false) } else { !verdict.garde };
    }
    if let Some(garde) = repris {
        return !garde;
    }
    if phrase.jetons[propositions[premiere].start..propositions[derniere].end].iter().any(|j| j.est(C::Etude))
    {
        return true;
    }
    if let Some(garde) = announced(phrase, &propositions[..premiere], propositions[premiere].start) {
        return !garde;
    }
    let reste_libre = derniere + 1 == propositions.len();
    suite.filter(|_| reste_libre).is_some_and(|s| answers(phrase, s))
}

fn rank(propositions: &[Range<usize>], place: usize) -> usize {
    propositions.iter().position(|p| p.contains(&place)).unwrap_or(0)
}

fn distance(place: usize, cite: &Range<usize>) -> usize {
    if place < cite.start { cite.start - place } else { place.saturating_sub(cite.end - 1) }
}

/// The denial that stands just before: « sans », « ni », « pas de », « hors ». None when there is none.
fn before(phrase: &Phrase, debut: usize) -> Option<bool> {
    let mut i = debut;
    let mut ecart = 0;
    while i > 0 && phrase.jetons[i].avant == Signe::Rien && ecart < 9 {
        i -= 1;
        ecart += 1;
        if phrase.est(i, C::Sauf) {
            let double =
                phrase.apres(i, 2, C::Exclut) && !phrase.est(i, C::Exclut) && phrase.mot(i) == "sans";
            let nie = (i.saturating_sub(6)..i).any(|k| is_denial(phrase, k));
            let verbe = (i + 1..debut).any(|k| phrase.est(k, C::Compte)) && phrase.mot(i) != "sans";
            return if verbe { None } else { Some(!double && !nie) };
        }
        if (phrase.mot(i) == "ni" || phrase.mot(i + 1) == "meme")
            && (0..i).any(|k| {
                phrase.est(k, C::Exclut)
                    && (phrase.avant(k, 3, C::Ne) || (0..k).any(|d| is_denial(phrase, d)))
            })
        {
            return Some(false);
        }
        if is_denial(phrase, i) {
            // « Nous n'ignorons pas » is for the verb to tell.
            return if phrase.avant(i, 4, C::Ne) && !matches!(phrase.mot(i), "ni" | "aucun" | "aucune") {
                None
            } else {
                Some(true)
            };
        }
        if !phrase.est(i, C::Liaison) && !phrase.est(i, C::Epreuve) && !phrase.est(i, C::Note) {
            // « sans » reaches over a list; the others do not.
            let sans = (0..i)
                .rev()
                .take(4)
                .take_while(|k| phrase.jetons[k + 1].avant == Signe::Rien)
                .find(|k| phrase.est(*k, C::Sauf));
            match sans {
                Some(k)
                    if !(k..debut).any(|j| phrase.est(j, C::Compte) || phrase.est(j, C::Exclut) && j > k) =>
                {
                    continue;
                }
                _ => return None,
            }
        }
    }
    None
}

/// Whether the word at a place denies, by itself or with « ne ». « Pas seulement », « ne… que » deny nothing.
pub(super) fn is_denial(phrase: &Phrase, i: usize) -> bool {
    let ne = || phrase.avant(i, 6, C::Ne);
    let suit = |mots: &[&str]| mots.contains(&phrase.mot(i + 1));
    match phrase.mot(i) {
        "pas" => {
            !phrase.est(i + 1, C::Reprise)
                && !phrase.avant(i, 2, C::Limite)
                && !matches!(phrase.mot(i.wrapping_sub(1)), "le" | "un" | "premier" | "au")
        }
        "jamais" | "nullement" | "aucunement" | "aucun" | "aucune" => !phrase.est(i + 1, C::Reprise),
        "ni" => true,
        "plus" if ne() => !suit(&["que", "qu", "seulement", "uniquement"]),
        "plus" => {
            i == 0
                && suit(&["de", "d", "aucun", "aucune"])
                && !phrase.mot(i + 2).starts_with(|c: char| c.is_ascii_digit())
        }
        "nul" if suit(&["besoin"]) => true,
        "rien" if (i + 1..i + 4).any(|k| phrase.est(k, C::Limite)) => false,
        "personne" if phrase.avant(i, 9, C::Ne) => true,
        "point" | "guere" | "rien" | "personne" | "nul" | "nulle" => {
            (ne()
                || matches!(phrase.mot(i + 1), "n" | "ne")
                || phrase.mot(i + 2) == "ne"
                || phrase.mot(i + 2) == "n")
                && !suit(&["que"])
        }
        "non" => {
            let fin = i + 1 == phrase.len() || phrase.jetons[i + 1].avant != Signe::Rien;
            const SUITE: &[&str] = &[
                "a", "au", "aux", "de", "du", "des", "les", "pas", "pour", "pris", "prise", "prises", "sur",
                "celle", "celles", "ceux",
            ];
            fin || suit(SUITE) || phrase.est(i + 1, C::Compte) || phrase.est(i + 1, C::Existe)
        }
        "ne" | "n" => {
            let modal = phrase.est(i + 1, C::Modal) || phrase.est(i + 2, C::Modal);
            modal
                && !phrase.jetons.iter().skip(i).take(9).any(|j| {
                    matches!(
                        j.mot.as_str(),
                        "pas" | "plus" | "que" | "qu" | "jamais" | "aucun" | "aucune" | "rien"
                    )
                })
        }
        _ => false,
    }
}

/// « Ne… que » : only that, and that indeed.
fn is_only(phrase: &Phrase, p: &Range<usize>) -> bool {
    let Some(ne) = p.clone().find(|i| phrase.est(*i, C::Ne)) else { return false };
    let reste = ne + 1..p.end;
    reste.clone().any(|i| matches!(phrase.mot(i), "que" | "qu"))
        && !reste.into_iter().any(|i| is_denial(phrase, i))
}

/// What a range of a sentence says, predicate after predicate.
fn verdicts(phrase: &Phrase, p: Range<usize>) -> Vec<Verdict> {
    let mut sorties = Vec::new();
    let denis: Vec<usize> = p.clone().filter(|i| is_denial(phrase, *i)).collect();
    let mut libres = denis.clone();
    // « Pas parce que… », « pourquoi se priver de… ? »
    let parce = phrase.question && phrase.mot(0) == "pourquoi"
        || phrase.jetons.windows(2).any(|f| f[0].mot == "pas" && f[1].mot == "parce");
    for i in p.clone() {
        let exclut = phrase.est(i, C::Exclut);
        if !exclut && !phrase.est(i, C::Compte) {
            continue;
        }
        // « La prise en compte », « l'utilisation » say nothing yet.
        let nom = phrase.mot(i).ends_with("tion")
            || phrase.mot(i) == "prise" && matches!(phrase.mot(i.wrapping_sub(1)), "la" | "une" | "toute");
        let suite = phrase.mot(i) == "compte"
            && (phrase.mot(i.wrapping_sub(1)) == "en"
                || phrase.mot(i.wrapping_sub(1)) == "tenir" && i == p.start + 1);
        // « Tenir compte de… serait contraire » : the verb to come tells.
        let sujet = is_infinitive(phrase.mot(i))
            && (i == p.start || phrase.mot(i - 1) == "de" && i == p.start + 1)
            || phrase.mot(i) == "prendre" && i == p.start;
        if (nom || suite || sujet) && !exclut {
            continue;
        }
        // What counts « for the diploma » says nothing of here.
        if !exclut && (i..(i + 5).min(p.end)).any(|k| phrase.est(k, C::Ailleurs)) {
            libres.retain(|k| *k + PORTEE < i || *k > i);
            continue;
        }
        let relie = |k: usize| !(k + 1..i).any(|j| matches!(phrase.mot(j), "qui" | "que" | "et" | "dont"));
        let apres = |k: usize| k > i && k - i <= 4 && phrase.avant(i, 3, C::Ne);
        let nie = denis.iter().copied().find(|k| *k < i && i - *k <= PORTEE && relie(*k) || apres(*k));
        let sans = (i.saturating_sub(4).max(p.start)..i).any(|k| {
            phrase.mot(k) == "sans"
                || phrase.est(k, C::Empeche)
                    && !phrase.avant(k, 2, C::Ne)
                    && (!phrase.est(k, C::Exclut) || matches!(phrase.mot(k + 1), "de" | "d"))
        });
        let sans = sans && !phrase.mot(i).starts_with("sans");
        let retourne = nie.is_some() ^ sans ^ (parce && exclut);
        libres.retain(|k| Some(*k) != nie);
        // « Sont connues trop tard » : the second word tells.
        if exclut && !retourne && sorties.last().is_some_and(|v: &Verdict| v.garde && i - v.place <= 3) {
            sorties.pop();
        }
        sorties.push(Verdict { place: i, garde: !exclut ^ retourne });
    }
    if !is_only(phrase, &p) {
        sorties.extend(libres.into_iter().map(|place| Verdict { place, garde: false }));
    }
    sorties.sort_by_key(|v| v.place);
    sorties
}

/// What a later part of the sentence says of what was cited: it has a pronoun for it, or no subject at all.
fn taken_up(phrase: &Phrase, p: &Range<usize>, meme_phrase: bool) -> Option<bool> {
    let debut = p
        .clone()
        .find(|i| !phrase.est(*i, C::Oppose) && !matches!(phrase.mot(*i), "et" | "ou" | "donc" | "car"))?;
    if phrase.est(debut, C::Seul) || phrase.mot(debut) == "on" && phrase.apres(debut, 3, C::Seul) {
        return Some(false);
    }
    let lies = refers(phrase, &(debut..p.end));
    let nu = phrase.est(debut, C::Ne)
        || phrase.est(debut, C::Auxiliaire) && meme_phrase
        || phrase.est(debut, C::Exclut)
        || is_denial(phrase, debut)
        || meme_phrase && phrase.est(debut, C::Compte) && !phrase.est(debut, C::Note);
    if !lies && !nu {
        return None;
    }
    // « Dont la note n'est pas publique » : a denial of something else, beside.
    let relative = matches!(phrase.mot(debut), "qui" | "dont" | "que");
    let dit = |v: &&Verdict| !relative || phrase.est(v.place, C::Compte) || phrase.est(v.place, C::Exclut);
    verdicts(phrase, p.clone()).iter().find(dit).map(|v| v.garde)
}

/// Whether a range has a pronoun for what was said before. « Il y a », « il faut » have none.
fn refers(phrase: &Phrase, p: &Range<usize>) -> bool {
    let impersonnel = |i: usize| {
        phrase.mot(i) == "il"
            && (i + 1..i + 4).any(|k| matches!(phrase.mot(k), "y" | "faut" | "s" | "suffit"))
            && !(i + 1..i + 5).any(|k| phrase.mot(k) == "en")
    };
    (p.start..p.end.min(p.start + 6)).any(|i| {
        phrase.est(i, C::Anaphore)
            && !impersonnel(i)
            && !(phrase.mot(i) == "y" && p.start < i && phrase.mot(i + 1) == "a" && phrase.mot(i - 1) != "en")
            && !(phrase.mot(i) == "n" && phrase.mot(i + 1) == "y" && phrase.mot(i + 2) == "a")
    })
}

/// What the words before a colon announce of the list that follows.
fn announced(phrase: &Phrase, avant: &[Range<usize>], debut: usize) -> Option<bool> {
    let mut suivant = debut;
    for p in avant.iter().rev() {
        let signe = phrase.jetons[suivant].avant;
        let dernier = verdicts(phrase, p.clone()).last().copied();
        match (signe, dernier) {
            (Signe::DeuxPoints, Some(v)) => return (p.end - v.place <= 6).then_some(v.garde),
            (Signe::DeuxPoints, None) => {
                let sauf = p.clone().any(|i| phrase.est(i, C::Sauf));
                return sauf.then_some(false);
            }
            (Signe::Virgule, Some(v)) => {
                let liste = phrase.est(suivant, C::Liaison) || phrase.mot(suivant) == "ni";
                return (liste && !v.garde).then_some(false);
            }
            _ => {}
        }
        suivant = p.start;
    }
    None
}

/// Whether the next sentence takes back what was cited.
fn answers(phrase: &Phrase, suite: &Phrase) -> bool {
    let Some(p) = suite.propositions().first().cloned() else { return false };
    if phrase.question && (is_denial(suite, 0) || suite.mot(0) == "non" || suite.est(0, C::Exclut)) {
        return true;
    }
    taken_up(suite, &p, phrase.partie != suite.partie) == Some(false)
}

/// Whether the words of a range, an examination, are said not to be held.
pub(super) fn is_not_held(phrase: &Phrase, cite: &Range<usize>, suite: Option<&Phrase>) -> bool {
    if let Some(rejet) = without(phrase, cite.start) {
        return rejet;
    }
    let propositions = phrase.propositions();
    let premiere = rank(&propositions, cite.start);
    let derniere = rank(&propositions, cite.end - 1);
    let siens = propositions[premiere].start..propositions[derniere].end;
    if let Some(tenue) = held(phrase, siens, Some(cite)) {
        return !tenue;
    }
    for p in &propositions[derniere + 1..] {
        let lies = refers(phrase, p);
        let nu = is_bare(phrase, p.start) || phrase.est(p.start, C::Auxiliaire);
        if let Some(tenue) = held(phrase, p.clone(), None).filter(|_| lies || nu) {
            return !tenue;
        }
    }
    let reste_libre = derniere + 1 == propositions.len();
    suite.filter(|_| reste_libre).is_some_and(|s| {
        let Some(p) = s.propositions().first().cloned() else { return false };
        let lies = refers(s, &p);
        let nu = is_bare(s, 0) || s.mot(0) == "non";
        (lies || nu && (phrase.partie != s.partie || phrase.question))
            && (held(s, p, None) == Some(false) || phrase.question && s.mot(0) == "non")
    })
}

/// A denial without a subject of its own: « supprimé », « pas organisé », but not « aucun document ».
fn is_bare(phrase: &Phrase, i: usize) -> bool {
    let autre = matches!(phrase.mot(i), "aucun" | "aucune" | "ni")
        || phrase.mot(i) == "pas" && matches!(phrase.mot(i + 1), "de" | "d");
    phrase.est(i, C::Ne) || phrase.est(i, C::Supprime) || is_denial(phrase, i) && !autre
}

/// « Aucun », « pas de », « sans », « ni » just before, with no article between: there is none of it.
fn without(phrase: &Phrase, debut: usize) -> Option<bool> {
    const LIENS: &[&str] = &[
        "question",
        "d",
        "de",
        "autre",
        "aucun",
        "aucune",
        "a",
        "quelconque",
        "le",
        "moindre",
        "la",
        "passer",
        "par",
        "besoin",
        "prevoir",
        "preparer",
        "epreuve",
        "grand",
        "devant",
        "passage",
    ];
    let mut i = debut;
    for _ in 0..4 {
        if i == 0 || phrase.jetons[i].avant != Signe::Rien {
            return None;
        }
        i -= 1;
        let mot = phrase.mot(i);
        if mot == "sans" {
            // « Sans l'oral, le dossier n'est pas classé » : it is held.
            let article =
                matches!(phrase.mot(i + 1), "l" | "la" | "le" | "les" | "cet" | "cette" | "votre" | "ce");
            // « Sans entretien réussi, aucune admission » : it is held too.
            let double = (i.saturating_sub(6)..i).any(|k| is_denial(phrase, k))
                || i == 0 && (debut..phrase.len()).any(|k| phrase.mot(k) != "ni" && is_denial(phrase, k));
            return (!article && !double || phrase.mot(i + 1) == "le" && phrase.mot(i + 2) == "moindre")
                .then_some(true);
        }
        if matches!(mot, "hors" | "hormis" | "excepte") {
            return None;
        }
        if matches!(mot, "nul" | "nulle") {
            return Some(true);
        }
        if mot == "absence" && matches!(phrase.mot(i + 1), "d" | "de") {
            return Some(true);
        }
        if mot == "defaut" && phrase.mot(i.wrapping_sub(1)) == "a" {
            return Some(true);
        }
        if is_denial(phrase, i) {
            // « Aucun oral n'est éliminatoire » speaks of how, not of whether.
            return Some(true);
        }
        let devant_un = matches!(mot, "un" | "une") && phrase.mot(i.wrapping_sub(1)) == "devant";
        if !LIENS.contains(&mot) && !devant_un {
            return None;
        }
    }
    None
}

/// Whether a range says that something is held (yes), is not (no), or nothing of it.
fn held(phrase: &Phrase, p: Range<usize>, cite: Option<&Range<usize>>) -> Option<bool> {
    let loin = |i: usize| cite.map_or(0, |c| distance(i, c));
    let mut vus: Vec<(usize, bool)> = Vec::new();
    for i in p.clone() {
        let supprime = phrase.est(i, C::Supprime);
        if !supprime && !phrase.est(i, C::Existe) {
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

fn is_infinitive(mot: &str) -> bool {
    mot.len() > 4 && ["er", "ir", "oir"].iter().any(|fin| mot.ends_with(fin)) && mot != "avoir"
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
