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
    // « Ne laisse pas le temps de lire… ».
    if phrase.jetons[..cite.start]
        .windows(3)
        .any(|f| f[0].mot == "pas" && f[1].mot == "le" && f[2].mot == "temps")
    {
        return true;
    }
    if is_awaited(phrase, cite.start) {
        return false;
    }
    // « Ne négligez pas les épreuves de spécialité » : advice on an examination that is not one's own.
    if (0..2)
        .any(|i| matches!(phrase.mot(i), "concentrez" | "delaissez" | "negligez" | "poursuivez" | "relachez"))
    {
        return true;
    }
    let propositions = phrase.propositions();
    let premiere = rank(&propositions, cite.start);
    let derniere = rank(&propositions, cite.end - 1);
    let derniere = derniere + aside(phrase, &propositions[derniere..]);
    let reste = &propositions[derniere + 1..];
    let suite = suite.filter(|_| reste.is_empty());
    let rejetee = before(phrase, cite.start)
        .or_else(|| reste.iter().any(|p| is_a_no(phrase, p)).then_some(true))
        .or_else(|| told(phrase, cite, &propositions[premiere..=derniere], reste));
    match rejetee {
        Some(true) => {
            !suite.is_some_and(turns_back)
                && !has_exception(phrase, cite)
                && !suite.is_some_and(makes_exception)
        }
        // « Comptent-elles ? Non. »
        Some(false) => phrase.question && suite.is_some_and(|s| s.mot(0) == "non"),
        None => {
            let siens = propositions[premiere].start..propositions[derniere].end;
            // « Ni bulletins ni fiche Avenir : seules les épreuves font le rang ».
            if (cite.start.saturating_sub(3).max(siens.start)..cite.start).any(|k| phrase.est(k, C::Seul)) {
                return false;
            }
            phrase.jetons[siens].iter().any(|j| j.est(C::Etude))
                || announced(phrase, &propositions[..premiere], propositions[premiere].start)
                    .map_or_else(|| suite.is_some_and(|s| answers(phrase, s)), |garde| !garde)
                || propositions.iter().any(|p| !p.contains(&cite.start) && only_reports(phrase, p))
        }
    }
}

/// « Restent, pour nous, une inconnue » : how many parts the sentence takes to end what it began to say.
fn aside(phrase: &Phrase, parts: &[Range<usize>]) -> usize {
    let [sienne, incise, fin, ..] = parts else { return 0 };
    let virgule = |p: &Range<usize>| phrase.jetons[p.start].avant == Signe::Virgule;
    let pronom = incise.len() == 1 && phrase.est(incise.start, C::Anaphore);
    let suspendu = phrase.est(sienne.end - 1, C::Etat) && incise.len() <= 6;
    if (pronom || suspendu) && virgule(incise) && virgule(fin) { 2 } else { 0 }
}

/// What the verbs of the sentence say of the words of a range: left out (yes), used (no), or nothing.
fn told(
    phrase: &Phrase,
    cite: &Range<usize>,
    siennes: &[Range<usize>],
    reste: &[Range<usize>],
) -> Option<bool> {
    let siens = siennes[0].start..siennes[siennes.len() - 1].end;
    // « Le grand oral ne compte pas, les épreuves de spécialité si ».
    if matches!(phrase.mot(siens.end - 1), "oui" | "si") {
        return Some(false);
    }
    let proche = verdicts(phrase, siens).into_iter().min_by_key(|v| distance(v.place, cite)).map(|v| {
        let remplace = cite.end <= v.place && replaces(phrase, v.place)
            || v.place < cite.start && is_replaced_by(phrase, v.place);
        Verdict { garde: v.garde ^ remplace, ..v }
    });
    // « De vos épreuves de spécialité, nous ne saurons rien ».
    let devant = cite.start <= 3
        && matches!(phrase.mot(0), "d" | "de" | "des" | "quant" | "sur")
        && reste
            .first()
            .is_some_and(|p| phrase.est(p.start, C::Lecteur) || phrase.est(p.start + 1, C::Lecteur));
    // « Qui ne comptaient pas l'an dernier, sont désormais retenues ».
    let desormais = |p: &&Range<usize>| (*p).clone().any(|i| phrase.est(i, C::Desormais));
    let repris =
        reste.iter().filter(desormais).chain(reste).find_map(|p| taken_up(phrase, p, true)).or_else(|| {
            devant.then(|| verdicts(phrase, reste[0].clone()).first().map(|v| v.garde)).flatten()
        });
    // « Ne sont pas connues, mais compteront » : the last word wins.
    let retourne = reste.first().is_some_and(|p| phrase.est(p.start, C::Oppose));
    match (proche, repris) {
        (Some(_), Some(garde)) if retourne => Some(!garde),
        (Some(verdict), _) => Some(!verdict.garde),
        (None, repris) => repris.map(|garde| !garde),
    }
}

/// « Ces notes remplacent la moyenne », « en remplacement d'un bulletin » : they are used, and it is not.
fn replaces(phrase: &Phrase, i: usize) -> bool {
    let actif =
        matches!(phrase.mot(i), "remplace" | "remplacent" | "remplacera" | "remplacer" | "remplaceront")
            && !phrase.apres(i, 2, C::Agent)
            && !phrase.avant(i, 2, C::Auxiliaire);
    let lieu = matches!(phrase.mot(i), "tient" | "tiennent" | "tiendra" | "tiendront")
        && phrase.mot(i + 1) == "lieu";
    actif || lieu || phrase.mot(i) == "remplacement" && phrase.mot(i.wrapping_sub(1)) == "en"
}

/// « Un bulletin manquant est remplacé par ces notes ».
fn is_replaced_by(phrase: &Phrase, i: usize) -> bool {
    phrase.mot(i).starts_with("remplace") && phrase.mot(i + 1) == "par" && phrase.avant(i, 6, C::Bulletin)
}

/// « Rien n'est décidé tant que… » : it is waited for.
fn is_awaited(phrase: &Phrase, debut: usize) -> bool {
    (0..debut).any(|i| phrase.mot(i) == "tant" && matches!(phrase.mot(i + 1), "que" | "qu"))
}

/// « Ne comptent pas, sauf pour les redoublants » : they count for some.
fn has_exception(phrase: &Phrase, cite: &Range<usize>) -> bool {
    phrase.places(C::Exception).any(|i| {
        let apres = i >= cite.end;
        // « Sauf pour les redoublants, les épreuves… ».
        let devant = i == 0
            && phrase.apres(0, 5, C::Certains)
            && phrase.propositions().first().is_some_and(|p| p.end <= cite.start);
        let autre = (i + 1..i + 9).any(|k| phrase.est(k, C::Blanc));
        (apres || devant) && !autre && (i + 1..i + 9).any(|k| phrase.est(k, C::Certains))
    })
}

/// « Les redoublants font exception ».
fn makes_exception(suite: &Phrase) -> bool {
    suite.places(C::Exception).any(|i| suite.mot(i + 1) == "exception" && suite.avant(i, 6, C::Certains))
}

/// A part of the sentence that is nothing but « non », « 0 ».
fn is_a_no(phrase: &Phrase, p: &Range<usize>) -> bool {
    p.len() <= 2 && matches!(phrase.mot(p.start), "non" | "0" | "zero" | "neant")
}

/// « Seuls les bulletins sont lus », « on se fonde sur les seuls bulletins ».
fn only_reports(phrase: &Phrase, p: &Range<usize>) -> bool {
    p.clone().any(|i| {
        phrase.est(i, C::Seul)
            && !matches!(phrase.mot(i + 1), "lorsque" | "quand" | "si")
            && phrase.apres(i, 3, C::Bulletin)
            && !(i.saturating_sub(3)..i).any(|k| matches!(phrase.mot(k), "pas" | "non"))
    })
}

/// « Longtemps ignorées ; depuis cette année elles comptent » : the sentence that follows says the reverse.
fn turns_back(suite: &Phrase) -> bool {
    // « Elles comptent pour les étudiants en réorientation ».
    let debut = (0..3).any(|i| suite.est(i, C::Desormais) || suite.est(i, C::Oppose)) || suite.a(C::Certains);
    debut
        && suite
            .propositions()
            .iter()
            .any(|p| refers(suite, p) && verdicts(suite, p.clone()).first().is_some_and(|v| v.garde))
}

pub(super) fn rank(propositions: &[Range<usize>], place: usize) -> usize {
    propositions.iter().position(|p| p.contains(&place)).unwrap_or(0)
}

pub(super) fn distance(place: usize, cite: &Range<usize>) -> usize {
    if place < cite.start { cite.start - place } else { place.saturating_sub(cite.end - 1) }
}

/// The denial that stands just before: « sans », « ni », « pas de », « hors ». None when there is none.
fn before(phrase: &Phrase, debut: usize) -> Option<bool> {
    let mut i = debut;
    let mut ecart = 0;
    while i > 0 && phrase.jetons[i].avant == Signe::Rien && ecart < 9 {
        i -= 1;
        ecart += 1;
        if excepts(phrase, i) {
            return excepted(phrase, i, debut);
        }
        if (phrase.mot(i) == "ni" || phrase.mot(i + 1) == "meme")
            && (0..i).any(|k| {
                rejects(phrase, k) && (phrase.avant(k, 3, C::Ne) || (0..k).any(|d| is_denial(phrase, d)))
            })
        {
            return Some(false);
        }
        // « Ce ne sont pas ces notes mais les bulletins ».
        let ce_n_est = matches!(phrase.mot(i.wrapping_sub(1)), "est" | "sont")
            && matches!(phrase.mot(i.wrapping_sub(3)), "c" | "ce")
            && phrase.a(C::Oppose);
        if ce_n_est && is_denial(phrase, i) {
            return Some(true);
        }
        if is_denial(phrase, i) {
            // « Nous n'ignorons pas » is for the verb to tell.
            return if phrase.avant(i, 4, C::Ne) && !matches!(phrase.mot(i), "ni" | "aucun" | "aucune") {
                None
            } else {
                Some(true)
            };
        }
        let lie = [C::Liaison, C::Epreuve, C::Note].iter().any(|c| phrase.est(i, *c));
        if !lie && !reaches(phrase, i, debut) {
            return None;
        }
    }
    None
}

/// What « sans », « hors », « plutôt que » say of what they bear on.
fn excepted(phrase: &Phrase, i: usize, debut: usize) -> Option<bool> {
    let sans = phrase.mot(i) == "sans";
    // « Sans elles, le dossier est incomplet ».
    if sans && phrase.apres(debut, phrase.len(), C::Manque) {
        return Some(false);
    }
    let double = sans && (i + 1..i + 3).any(|k| rejects(phrase, k)) && !rejects(phrase, i);
    let nie = (i.saturating_sub(6)..i).any(|k| is_denial(phrase, k));
    let verbe = !sans && (i + 1..debut).any(|k| phrase.est(k, C::Compte) && !is_governed(phrase, i, k));
    (!verbe).then_some(!double && !nie)
}

/// « Sans » reaches over a list, up to a verb; the others do not.
fn reaches(phrase: &Phrase, i: usize, debut: usize) -> bool {
    let sauf = (0..i)
        .rev()
        .take(7)
        .take_while(|k| phrase.jetons[k + 1].avant == Signe::Rien)
        .find(|k| excepts(phrase, *k));
    sauf.is_some_and(|k| {
        !(k..debut).any(|j| {
            (phrase.est(j, C::Compte) || phrase.est(j, C::Existe) || rejects(phrase, j) && j > k)
                && !is_governed(phrase, k, j)
        })
    })
}

/// « Faute de disposer de », « avant de connaître » : the verb is what is left out.
fn is_governed(phrase: &Phrase, sauf: usize, verbe: usize) -> bool {
    verbe - sauf <= 4
        && is_infinitive(phrase.mot(verbe))
        && !(sauf + 1..verbe).any(|k| phrase.est(k, C::Compte))
}

/// Whether the word at a place denies, by itself or with « ne ». « Pas seulement », « ne… que » deny nothing.
pub(super) fn is_denial(phrase: &Phrase, i: usize) -> bool {
    let ne = || phrase.avant(i, 6, C::Ne);
    let suit = |mots: &[&str]| mots.contains(&phrase.mot(i + 1));
    match phrase.mot(i) {
        "pas" => {
            let limite = phrase.avant(i, 2, C::Limite) && phrase.jetons[i].avant == Signe::Rien;
            !limite
                && !phrase.est(i + 1, C::Reprise)
                && !matches!(phrase.mot(i.wrapping_sub(1)), "le" | "un" | "premier" | "au")
        }
        "jamais" | "nullement" | "aucunement" | "aucun" | "aucune" => !phrase.est(i + 1, C::Reprise),
        "ni" => true,
        "plus" if ne() => !suit(&["que", "qu", "seulement", "uniquement"]),
        "plus" => {
            (i == 0 || phrase.jetons[i].avant != Signe::Rien)
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
            // « Ce que », « la note que » restrict nothing.
            let relatif = |k: usize| phrase.mot(k - 1) == "ce" || phrase.est(k - 1, C::Note);
            modal
                && !(i + 1..i + 9).any(|k| match phrase.mot(k) {
                    "pas" | "plus" | "jamais" | "aucun" | "aucune" | "rien" => true,
                    "que" | "qu" => !relatif(k),
                    _ => false,
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
    let mut sorties: Vec<Verdict> = Vec::new();
    let denis: Vec<usize> = p.clone().filter(|i| is_denial(phrase, *i)).collect();
    let mut libres = denis.clone();
    let mut ailleurs = None;
    for i in p.clone().filter(|i| is_predicate(phrase, &p, *i)) {
        let exclut = rejects(phrase, i);
        // What counts « for the diploma » says nothing of here.
        // « Les notes prises au bac ».
        let obtenu = ["evalue", "note", "passe", "pris", "recueilli", "relev", "valide"]
            .iter()
            .any(|m| phrase.mot(i).starts_with(m))
            && phrase.mot(i).ends_with(['s', 'e'])
            && !phrase.avant(i, 3, C::Auxiliaire);
        // « On ajoute les points obtenus au bac » : counted here.
        let la_bas = |k: usize| {
            phrase.est(k, C::Ailleurs)
                && !(i + 1..k).any(|j| phrase.est(j, C::Note) || phrase.est(j, C::Specialite))
        };
        if !exclut && !obtenu && (i..(i + 5).min(p.end)).any(la_bas) {
            libres.retain(|k| *k + PORTEE < i || *k > i);
            ailleurs = Some(Verdict { place: i, garde: false });
            continue;
        }
        let relie = |k: usize| !(k + 1..i).any(|j| matches!(phrase.mot(j), "qui" | "que" | "et" | "dont"));
        let apres = |k: usize| k > i && k - i <= 4 && phrase.avant(i, 3, C::Ne);
        // « N'excluons pas de regarder » : the denial has done its work.
        let neuf = |k: usize| {
            exclut || !sorties.last().is_some_and(|v| v.garde && v.place < k && rejects(phrase, v.place))
        };
        let nie =
            denis.iter().copied().find(|k| *k < i && i - *k <= PORTEE && relie(*k) && neuf(*k) || apres(*k));
        // « Rien de ce qui relève de l'examen n'est pris en compte ».
        let rien = matches!(phrase.mot(p.start), "aucun" | "aucune" | "nul" | "nulle" | "personne" | "rien")
            && phrase.avant(i, 3, C::Ne);
        let nie = nie.or_else(|| rien.then_some(p.start));
        // « Dès qu'elles arrivent en juin » : they are waited for.
        let des_que = exclut
            && (i.saturating_sub(4)..i)
                .any(|k| phrase.mot(k) == "des" && matches!(phrase.mot(k + 1), "qu" | "que"));
        let retourne = nie.is_some()
            ^ des_que
            ^ is_turned_round(phrase, &p, i)
            ^ (is_excused(phrase) && (exclut || is_infinitive(phrase.mot(i))));
        libres.retain(|k| Some(*k) != nie);
        // « Sont connues trop tard » : the second word tells.
        if exclut && !retourne && sorties.last().is_some_and(|v| v.garde && i - v.place <= 3) {
            sorties.pop();
        }
        sorties.push(Verdict { place: i, garde: !exclut ^ retourne });
    }
    if !is_only(phrase, &p) {
        let seuls =
            libres.into_iter().map(|place| Verdict { place, garde: is_turned_round(phrase, &p, place) });
        sorties.extend(seuls);
    }
    // « N'a de valeur que pour le bac ».
    let que_pour = p.clone().find(|i| {
        matches!(phrase.mot(*i), "que" | "qu")
            && phrase.mot(i + 1) == "pour"
            && phrase.est(i + 1, C::Ailleurs)
    });
    let ailleurs = ailleurs.or_else(|| que_pour.map(|place| Verdict { place, garde: false }));
    sorties.extend(ailleurs.filter(|_| sorties.is_empty()));
    sorties.sort_by_key(|v| v.place);
    sorties
}

/// Whether a word of use or of rejection is the verb of its part of the sentence.
fn is_predicate(phrase: &Phrase, p: &Range<usize>, i: usize) -> bool {
    if rejects(phrase, i) {
        return true;
    }
    let (mot, precedent) = (phrase.mot(i), phrase.mot(i.wrapping_sub(1)));
    // « La prise en compte », « l'utilisation » say nothing yet.
    let nom = mot.ends_with("tion") || mot == "prise" && matches!(precedent, "la" | "une" | "toute");
    // « Écarter du calcul ».
    let du_calcul = mot == "calcul" && matches!(precedent, "au" | "du" | "le");
    let suite =
        du_calcul || mot == "compte" && (precedent == "en" || precedent == "tenir" && i == p.start + 1);
    // « Tenir compte de… serait contraire » : the verb to come tells.
    let sujet = is_infinitive(mot) && (i == p.start || precedent == "de" && i == p.start + 1)
        || mot == "prendre" && i == p.start;
    let lu = phrase.est(i, C::Compte) && !is_given(phrase, i)
        || phrase.est(i, C::Repare)
        || is_looked_up(phrase, i);
    // « Constituent, à cette date, une inconnue » : the sentence ends further.
    let suspendu =
        phrase.est(i, C::Etat) && phrase.jetons.get(i + 1).is_some_and(|j| j.avant == Signe::Virgule);
    lu && !nom && !suite && !sujet && !suspendu
}

/// A word of rejection that rejects what is spoken of, not something beside.
fn rejects(phrase: &Phrase, i: usize) -> bool {
    phrase.est(i, C::Exclut)
        && !is_set_apart(phrase, i)
        && !is_looked_up(phrase, i)
        && !is_of_the_reports(phrase, i)
        && !is_repaired(phrase, i)
}

/// A word that leaves out the group of words that follows it.
fn excepts(phrase: &Phrase, i: usize) -> bool {
    // « Moins les bulletins que les épreuves » : what follows « que » comes first.
    let compare = phrase.mot(i) == "moins" && (i + 2..i + 8).any(|k| matches!(phrase.mot(k), "que" | "qu"));
    phrase.est(i, C::Sauf) && !is_set_apart(phrase, i) && !compare
}

/// « Une place à part pour les épreuves », « un critère à part entière » : set apart, not aside.
fn is_set_apart(phrase: &Phrase, i: usize) -> bool {
    phrase.mot(i) == "a"
        && phrase.mot(i + 1) == "part"
        && (phrase.mot(i + 2).starts_with("entier")
            || i > 0
                && (phrase.est(i - 1, C::APart)
                    || phrase.est(i - 1, C::Auxiliaire)
                    || phrase.est(i - 1, C::Compte)))
}

/// « La commission se reporte à ces notes » : it looks them up; « l'examen est reporté à juin » says the reverse.
fn is_looked_up(phrase: &Phrase, i: usize) -> bool {
    phrase.mot(i).starts_with("report") && matches!(phrase.mot(i.wrapping_sub(1)), "se" | "nous" | "vous")
}

/// « Un trimestre manqué », « quand les bulletins manquent » : what the reports lack is not what is left out.
fn is_of_the_reports(phrase: &Phrase, i: usize) -> bool {
    let manque = ["absen", "manqu", "oubli", "perdu"].iter().any(|m| phrase.mot(i).starts_with(m));
    let quand = (i.saturating_sub(4)..i).any(|k| {
        matches!(phrase.mot(k), "quand" | "si" | "lorsque" | "lorsqu") && phrase.apres(k, 3, C::Bulletin)
    });
    let apres = i > 0 && phrase.jetons[i].avant == Signe::Rien && phrase.est(i - 1, C::Bulletin);
    manque && (quand || apres)
}

/// « Peuvent faire oublier une année moyenne », « rachète les absences » : what is made up for.
fn is_repaired(phrase: &Phrase, i: usize) -> bool {
    (i.saturating_sub(7)..i).any(|k| {
        phrase.est(k, C::Repare)
            && phrase.jetons[k + 1..=i].iter().all(|j| j.avant == Signe::Rien)
            && !(k + 1..i).any(|j| matches!(phrase.mot(j), "mais" | "qui"))
    })
}

/// « Ce que le bac a donné », « les notes que le rectorat communique » : the verb tells where they come from, nothing of here.
fn is_given(phrase: &Phrase, i: usize) -> bool {
    let relatif = |k: &usize| {
        matches!(phrase.mot(*k), "que" | "qu")
            && (phrase.mot(k.wrapping_sub(1)) == "ce" || *k > 0 && phrase.est(*k - 1, C::Note))
    };
    phrase.est(i, C::Rend)
        && (i.saturating_sub(7)..i).rev().find(relatif).is_some_and(|k| {
            !(k + 1..i).any(|j| {
                matches!(phrase.mot(j), "nous" | "on" | "vous")
                    || phrase.est(j, C::Lecteur)
                    || phrase.est(j, C::Note)
                    || is_denial(phrase, j)
            })
        })
}

/// « Sans », « impossible de » before a verb, « il serait faux de croire que » before all of it.
fn is_turned_round(phrase: &Phrase, p: &Range<usize>, i: usize) -> bool {
    let empeche = |k: usize| {
        phrase.est(k, C::Empeche)
            && !phrase.avant(k, 2, C::Ne)
            && (!rejects(phrase, k) || matches!(phrase.mot(k + 1), "de" | "d"))
    };
    let sans = (i.saturating_sub(4).max(p.start)..i).any(|k| phrase.mot(k) == "sans" || empeche(k));
    let croire = (p.start..i).any(|k| empeche(k) && (k + 1..k + 4).any(|j| phrase.est(j, C::Croire)));
    let comme_si = (p.start..i).any(|k| phrase.mot(k) == "comme" && phrase.mot(k + 1) == "si")
        && (p.start..i).any(empeche);
    (sans && !phrase.mot(i).starts_with("sans")) || croire || comme_si
}

/// « Pas parce que… », « pourquoi se priver de… ? »
fn is_excused(phrase: &Phrase) -> bool {
    phrase.question && phrase.mot(0) == "pourquoi"
        || phrase.jetons.windows(2).any(|f| f[0].mot == "pas" && f[1].mot == "parce")
}

/// What a later part of the sentence says of what was cited: it has a pronoun for it, or no subject at all.
fn taken_up(phrase: &Phrase, p: &Range<usize>, meme_phrase: bool) -> Option<bool> {
    let debut = p.clone().find(|i| {
        !phrase.est(*i, C::Oppose) && !matches!(phrase.mot(*i), "et" | "ou" | "donc" | "car" | "ici")
    })?;
    if phrase.est(debut, C::Seul) || phrase.mot(debut) == "on" && phrase.apres(debut, 3, C::Seul) {
        return Some(false);
    }
    // « Aucun autre concours », « pas d'entretien » : something else is denied.
    if is_denial(phrase, debut) && phrase.apres(debut, 3, C::AutreSujet) {
        return None;
    }
    let lies = refers(phrase, &(debut..p.end));
    let nu = phrase.est(debut, C::Ne)
        || phrase.est(debut, C::Auxiliaire) && meme_phrase
        || rejects(phrase, debut)
        || is_denial(phrase, debut)
        || meme_phrase && phrase.est(debut, C::Compte) && !phrase.est(debut, C::Note);
    if !lies && !nu {
        return None;
    }
    // « Dont la note n'est pas publique » : a denial of something else, beside.
    let relative = matches!(phrase.mot(debut), "qui" | "dont" | "que");
    let dit = |v: &&Verdict| !relative || phrase.est(v.place, C::Compte) || rejects(phrase, v.place);
    // « Elle le remplace alors » : what was cited is what replaces.
    let remplace = |v: &Verdict| {
        let sujet = v.place == debut
            || matches!(phrase.mot(debut), "elle" | "elles" | "il" | "ils" | "qui") && v.place - debut <= 3;
        sujet && replaces(phrase, v.place)
    };
    verdicts(phrase, p.clone()).iter().find(dit).map(|v| v.garde ^ remplace(v))
}

/// Whether a range has a pronoun for what was said before. « Il y a », « il faut » have none.
pub(super) fn refers(phrase: &Phrase, p: &Range<usize>) -> bool {
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
                let sauf = p.clone().any(|i| excepts(phrase, i));
                return sauf.then_some(false);
            }
            (Signe::Virgule | Signe::Ouvrante, Some(v)) => {
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
    if is_denial(suite, 0) && suite.apres(0, 3, C::AutreSujet) {
        return false;
    }
    if phrase.question && (is_denial(suite, 0) || suite.mot(0) == "non" || rejects(suite, 0)) {
        return true;
    }
    taken_up(suite, &p, phrase.partie != suite.partie) == Some(false)
}

pub(super) fn is_infinitive(mot: &str) -> bool {
    mot.len() > 4
        && ["er", "ir", "oir", "dre", "aitre", "mettre"].iter().any(|fin| mot.ends_with(fin))
        && mot != "avoir"
}
