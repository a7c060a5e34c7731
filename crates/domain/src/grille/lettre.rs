//! R-CGE-05 and 17: the letter of motivation, named and explained when it is asked, not cited when it is not.

use std::ops::Range;

use super::Partie;
use super::lexique::Classe as C;
use super::polarite::{is_denial, is_infinitive, is_left_out};
use super::relecture::Passage;
use super::tenue::is_not_held;
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
            let autre = phrase.apres(i, 2, C::AutreLettre);
            let nom = if phrase.mot(i).ends_with('s') { are_sent(phrase, i) } else { article || i == 0 };
            (!autre && nom).then_some(i..i + 1)
        })
    })
}

/// « Les lettres donnent… », « la commission lit les lettres » : those of the candidates, not a subject nor a taste.
fn are_sent(phrase: &Phrase, i: usize) -> bool {
    let article = matches!(
        phrase.mot(i.wrapping_sub(1)),
        "les" | "des" | "vos" | "ces" | "leurs" | "deux" | "toutes" | "certaines"
    );
    let etudes = matches!(phrase.mot(i + 1), "et" | "ou")
        || phrase.avant(i, 3, C::Contenu)
        || phrase.avant(i, 3, C::Envie)
        || phrase.a(C::Bulletin);
    (article || i == 0) && !etudes
}

/// Whether a passage names the letter and tells what is done with it.
pub(super) fn explains(passage: &Passage) -> bool {
    let mut sujet = false;
    let titre = passage.phrases.iter().any(|p| p.partie == Partie::Intitule && cited(p).is_some());
    let precis = passage.phrases.iter().any(|p| p.partie == Partie::Intitule && is_precise(p));
    for phrase in &passage.phrases {
        let ici = cited(phrase);
        // « Le questionnaire sert à… » : another subject.
        let autre = matches!(phrase.mot(0), "l" | "la" | "le" | "les" | "un" | "une")
            && (phrase.est(1, C::AutrePiece) && phrase.mot(1) != "note" || phrase.est(1, C::Questionnaire));
        let elle = phrase.jetons.iter().any(|j| matches!(j.mot.as_str(), "elle" | "en" | "y"));
        // « - fiche Avenir », after « - LM » in a list.
        let piece =
            phrase.est(0, C::AutrePiece) && phrase.len() <= 6 && !phrase.mot(0).starts_with("appreci");
        if ici.is_none() && (autre || piece) && !elle {
            sujet = false;
        }
        // What follows a letter speaks of it until another subject comes.
        sujet = ici.is_some() || sujet;
        if sujet && (tells_use(phrase, ici.clone()) || sought(phrase, ici.clone(), titre)) {
            return true;
        }
        if precis && ici.is_some_and(|nom| is_a_source(phrase, &nom)) {
            return true;
        }
    }
    false
}

/// A title that says what is assessed: « Cohérence du projet et intérêt pour le design », not « Projet », « Motivation ».
fn is_precise(titre: &Phrase) -> bool {
    let pleins = titre.jetons.iter().filter(|j| !j.est(C::Vide)).count();
    pleins >= 2 && titre.a(C::Evalue) && cited(titre).is_none()
}

/// « Lettre de motivation, fiche Avenir » : the letter is where it is read, with nothing on its form.
fn is_a_source(phrase: &Phrase, nom: &Range<usize>) -> bool {
    !(0..phrase.len()).any(|i| !nom.contains(&i) && (phrase.est(i, C::Forme) || is_denial(phrase, i)))
}

/// « Lettre de motivation : connaissance du métier, clarté du projet » : what follows the name is what is sought in it.
fn sought(phrase: &Phrase, nom: Option<Range<usize>>, titre: bool) -> bool {
    let debut = match nom {
        Some(n)
            if phrase
                .jetons
                .get(n.end)
                .is_some_and(|j| matches!(j.avant, Signe::DeuxPoints | Signe::Ouvrante)) =>
        {
            n.end
        }
        None if titre && phrase.partie == Partie::Elements && !phrase.a(C::Lettre) => 0,
        _ => return false,
    };
    // « Lettre de motivation (maturité du projet) » : between brackets, only what is surely assessed.
    let classe = match phrase.jetons[debut].avant {
        Signe::Ouvrante => C::Evalue,
        _ => C::Contenu,
    };
    phrase.propositions().iter().filter(|p| p.start >= debut).any(|p| {
        let forme = p.clone().any(|i| phrase.est(i, C::Forme) || is_denial(phrase, i));
        !forme && p.clone().any(|i| phrase.est(i, classe))
    })
}

/// Whether a sentence tells a use of the letter: by a verb of use, by what its readers do, by what it is for, by what is to be
/// found in it.
fn tells_use(phrase: &Phrase, nom: Option<Range<usize>>) -> bool {
    let sans_effet = phrase.places(C::Exclut).any(|i| phrase.mot(i) == "sans") && !phrase.a(C::Oppose);
    if nom.is_none() && rests_on_another(phrase) || phrase.a(C::Fraude) || sans_effet {
        return false;
    }
    let propositions = phrase.propositions();
    // « Évitez les modèles trouvés sur internet » : for the candidate to do.
    let conseil = |i: usize| {
        propositions.iter().any(|p| {
            p.contains(&i)
                && p.start != i
                && phrase.mot(p.start).ends_with("ez")
                && !phrase.est(p.start, C::Usage)
        })
    };
    let recevable = |i: usize| {
        propositions.iter().any(|p| p.contains(&i) && p.clone().any(|k| phrase.est(k, C::Recevable)))
    };
    if nom.as_ref().is_some_and(|n| shows_through(phrase, n) || is_assessed(phrase, n)) {
        return true;
    }
    let exige = |i: usize| nom.as_ref().is_some_and(|n| (i + 1..i + 3).any(|k| is_demanded(phrase, k, n)));
    (0..phrase.len()).any(|i| {
        let dans_le_nom = nom.as_ref().is_some_and(|n| n.contains(&i));
        let nie = (i.saturating_sub(6)..i).any(|k| is_denial(phrase, k))
            || phrase.avant(i, 3, C::Ne)
                && (i + 1..i + 5).chain(0..i).any(|k| is_denial(phrase, k) && phrase.mot(k) != "ne");
        // « Le dossier comprend une lettre ».
        let dossier = phrase.mot(i).starts_with("compren")
            && (i.saturating_sub(3)..i)
                .any(|k| ["dossier", "candidature"].iter().any(|m| phrase.mot(k).starts_with(m)));
        let usage = phrase.est(i, C::Usage)
            && !dossier
            && !nom.as_ref().is_some_and(|n| is_demanded(phrase, i, n) || is_demanded(phrase, i + 1, n))
            && !conseil(i)
            && !is_its_scope(phrase, i)
            && !is_of_the_writer(phrase, i)
            && !is_for_the_writer(phrase, i, &propositions);
        let dit = usage
            || is_read(phrase, i) && !exige(i)
            || is_for(phrase, i)
            || is_told(phrase, i)
            || is_made(phrase, i);
        dit && !dans_le_nom && !nie && !recevable(i)
    })
}

/// « D'après la lettre, le candidat a-t-il conscience… » : something is seen through it.
fn shows_through(phrase: &Phrase, nom: &Range<usize>) -> bool {
    let instrument = (nom.start.saturating_sub(4)..nom.start).any(|i| {
        matches!(
            (phrase.mot(i), phrase.mot(i + 1)),
            ("d", "apres")
                | ("au", "vu")
                | ("a", "partir" | "travers")
                | ("grace", "a")
                | ("tel" | "telle" | "telles", "que")
        ) || phrase.mot(i) == "tels" && phrase.mot(i + 1) == "que"
    });
    instrument && phrase.len() > nom.len() + 5
}

/// « Pertinence des arguments développés dans la lettre ».
fn is_assessed(phrase: &Phrase, nom: &Range<usize>) -> bool {
    let debut = phrase.propositions().into_iter().find(|p| p.contains(&nom.start)).map_or(0, |p| p.start);
    let lie = matches!(phrase.mot(nom.start.wrapping_sub(2)), "dans" | "de");
    // « Projet lisible dans la lettre » : told there, not to be told.
    let dans = phrase.mot(nom.start.wrapping_sub(2)) == "dans"
        && !(debut..nom.start).any(|i| {
            is_infinitive(phrase.mot(i)) || phrase.mot(i).ends_with("ez") || phrase.est(i, C::Demarche)
        });
    let assesse = |i: usize| phrase.est(i, C::Evalue) || dans && phrase.est(i, C::Contenu);
    lie && (debut..nom.start).any(assesse)
        && !(debut..nom.start).any(|i| phrase.est(i, C::Forme) || is_denial(phrase, i))
}

/// « Nous attendons une lettre sincère » : it is asked for.
fn is_demanded(phrase: &Phrase, i: usize, nom: &Range<usize>) -> bool {
    let demande = ["aim", "apprec", "attend", "prefer", "souhait", "veu", "voul"];
    // « Il est attendu un CV et une lettre ».
    let liste = phrase.mot(i.wrapping_sub(1)) == "est" && phrase.mot(i.wrapping_sub(2)) == "il";
    demande.iter().any(|m| phrase.mot(i).starts_with(m))
        && nom.start > i
        && nom.start - i <= if liste { 7 } else { 3 }
        && matches!(phrase.mot(nom.start - 1), "une" | "un" | "des")
}

/// « La même lettre vaut pour tous les sous-vœux » : where it is sent, not what it is for.
fn is_its_scope(phrase: &Phrase, i: usize) -> bool {
    let vers = (i + 1..i + 8).find(|k| phrase.est(*k, C::Destinataire));
    vers.is_some_and(|d| {
        (i + 1..d).any(|k| matches!(phrase.mot(k), "a" | "aux" | "pour"))
            && !(i + 1..d)
                .any(|k| phrase.est(k, C::Note) || is_infinitive(phrase.mot(k)) && phrase.mot(k) != "servir")
    })
}

/// « Le candidat fournit », « s'il le souhaite », « la plateforme permet » : neither the letter nor its readers.
fn is_of_the_writer(phrase: &Phrase, i: usize) -> bool {
    let mot = phrase.mot(i);
    let secretariat =
        mot.starts_with("verifi") && (i.saturating_sub(3)..i).any(|k| phrase.mot(k) == "secretariat");
    let aide = mot.starts_with("aid")
        && (i.saturating_sub(5)..i).any(|k| {
            ["professeur", "parent", "proche", "adulte"].iter().any(|m| phrase.mot(k).starts_with(m))
        });
    if aide || secretariat {
        return true;
    }
    let ecrit = ["fourni", "souhait", "permet"].iter().any(|m| mot.starts_with(m));
    ecrit
        && (i.saturating_sub(4)..i).any(|k| {
            let qui = phrase.mot(k);
            qui.starts_with("candidat")
                || matches!(qui, "vous" | "il" | "elle" | "plateforme" | "parcoursup")
                    && !(qui == "elle" && mot.starts_with("perm"))
        })
}

/// « Bien vérifier », « faites relire » is for the candidate to do.
fn is_for_the_writer(phrase: &Phrase, i: usize, propositions: &[Range<usize>]) -> bool {
    // « Vérifier que le candidat sait… » is for the commission.
    let que = is_infinitive(phrase.mot(i)) && matches!(phrase.mot(i + 1), "que" | "qu" | "si");
    let consigne = phrase.est(i, C::Consigne)
        && !que
        && (propositions.iter().any(|p| p.start == i)
            || matches!(phrase.mot(i.wrapping_sub(1)), "bien" | "a" | "de" | "faire"));
    let relu = ["relu", "verifi", "corrig"].iter().any(|m| phrase.mot(i).starts_with(m));
    consigne || relu && phrase.est(i + 1, C::Tiers)
}

/// « Le projet est apprécié d'après la fiche Avenir » : another piece is read.
fn rests_on_another(phrase: &Phrase) -> bool {
    (0..phrase.len()).any(|i| {
        let selon = matches!(
            (phrase.mot(i), phrase.mot(i + 1)),
            ("d", "apres") | ("au", "vu") | ("a", "partir") | ("selon", _) | ("lors", _)
        );
        selon && phrase.apres(i + 1, 3, C::AutrePiece)
    })
}

/// « Le jury se représente… », « nous y sentons… »: its readers do something else than receive it.
fn is_read(phrase: &Phrase, i: usize) -> bool {
    const CLITIQUES: &[&str] = &["en", "l", "la", "le", "les", "n", "ne", "s", "se", "y"];
    if !phrase.est(i, C::Lecteur)
        || matches!(phrase.mot(i.wrapping_sub(1)), "a" | "au" | "avec" | "chez" | "pour")
    {
        return false;
    }
    let Some(verbe) = (i + 1..i + 4).find(|k| !CLITIQUES.contains(&phrase.mot(*k))) else { return false };
    let mot = phrase.mot(verbe);
    let conjugue = match phrase.mot(i) {
        "nous" => mot.ends_with("ons"),
        _ => mot.len() > 3 && ["e", "ent", "it", "ra", "ront"].iter().any(|fin| mot.ends_with(fin)),
    };
    let suite = phrase.jetons.get(verbe).is_some_and(|j| j.avant == Signe::Rien);
    let nie = (verbe..verbe + 3).any(|k| is_denial(phrase, k));
    conjugue && suite && !nie && !phrase.est(verbe, C::Demarche) && !phrase.est(verbe, C::Vague)
}

/// « Pour savoir qui vous êtes », unless it is to be admitted or sent.
fn is_for(phrase: &Phrase, i: usize) -> bool {
    let but = phrase.mot(i) == "pour" || phrase.mot(i) == "de" && phrase.mot(i.wrapping_sub(1)) == "afin";
    but && (i + 1..i + 4).any(|k| is_infinitive(phrase.mot(k)) && !phrase.est(k, C::Demarche))
        && !(i + 1..i + 4).any(|k| phrase.est(k, C::Demarche))
}

/// « Ce qui vous attire », « pourquoi vous avez choisi » : what is sought.
fn is_told(phrase: &Phrase, i: usize) -> bool {
    let question = match phrase.mot(i) {
        "ce" => matches!(phrase.mot(i + 1), "qui" | "que" | "qu" | "dont"),
        "pourquoi" | "comment" => true,
        "d" => phrase.mot(i + 1) == "ou",
        "en" => phrase.mot(i + 1) == "quoi",
        _ => false,
    };
    question && phrase.apres(i, 4, C::Interieur)
}

/// « Elle fait sortir un dossier du lot ».
fn is_made(phrase: &Phrase, i: usize) -> bool {
    let fait = match phrase.mot(i) {
        "fait" | "font" | "fera" | "feront" => true,
        "faire" => phrase.avant(i, 1, C::Modal),
        _ => false,
    };
    fait && (i + 1..i + 3).any(|k| is_infinitive(phrase.mot(k)) && !phrase.est(k, C::Demarche))
}

/// Where a passage cites a letter that nobody asked for, without saying so.
pub(super) fn asks(passage: &Passage) -> Option<(usize, Range<usize>)> {
    passage.phrases.iter().enumerate().find_map(|(k, phrase)| {
        // « La lettre, si elle existe, est un plus ».
        let seule = || cited(phrase).filter(|_| passage.champ >= 4 && !phrase.a(C::AutreLettre));
        let cite = named(phrase).or_else(seule)?;
        let suite = passage.phrases.get(k + 1);
        let ecartee = is_left_out(phrase, &cite, suite) || is_not_held(phrase, &cite, suite);
        let si =
            phrase.mot(cite.start.wrapping_sub(1)) == "sans" && !matches!(phrase.mot(cite.end), "a" | "");
        (!ecartee || si && phrase.jetons.len() > cite.end + 2).then_some((k, cite))
    })
}
