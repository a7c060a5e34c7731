//! R-CGE-01 to 17 and 19: reads a grid again, rule by rule.

use std::ops::Range;

use super::lexique::Classe as C;
use super::polarite::is_denial;
use super::texte::{Phrase, phrases, same};
use super::{
    Constat, Contexte, Extrait, Grille, Importance, Partie, Regle, attendus, constat, documents, epreuves,
    lettre, specialites,
};

/// R-CGE-14: longest criterion, in characters, title and elements together.
pub(super) const CRITERE_MAX: usize = 1_500;

/// The texts of a place of the grid: the sentences of the title, then those of the elements; or those of the advice.
pub(super) struct Passage {
    pub champ: usize,
    pub critere: usize,
    pub phrases: Vec<Phrase>,
}

/// Words of a passage.
pub(super) struct Trouve {
    champ: usize,
    critere: usize,
    extrait: Extrait,
}

impl Trouve {
    /// The words of a range of the `k`th sentence.
    pub fn new(passage: &Passage, k: usize, mots: Range<usize>) -> Self {
        let phrase = &passage.phrases[k];
        let fin = mots.end.max(mots.start + 1).min(phrase.len());
        let extrait = Extrait {
            partie: phrase.partie,
            debut: phrase.jetons[mots.start].debut,
            fin: phrase.jetons[fin - 1].fin,
        };
        Self { champ: passage.champ, critere: passage.critere, extrait }
    }

    fn say(self, regle: Regle, texte: (String, String)) -> Constat {
        let mut constat = Constat::new(regle, self.champ, self.critere, texte);
        constat.extraits.push(self.extrait);
        constat
    }
}

/// What the rules find in a grid, in the order of the rules, then of the fields. `attendus`: the expectations published with it,
/// national or of the course.
pub fn relire(grille: &Grille, contexte: &Contexte, attendus: &[&str]) -> Vec<Constat> {
    let passages = passages(grille);
    let attendus = attendus::read(attendus);
    let mut constats = structure(grille);
    for passage in &passages {
        let dit = |regle: Regle, (k, mots): (usize, Range<usize>)| {
            Trouve::new(passage, k, mots).say(regle, constat::general(regle))
        };
        constats.extend(specialites::uses(passage).map(|ici| dit(Regle::B4, ici)));
        constats.extend(first(passage, former_project).map(|ici| dit(Regle::B7, ici)));
        constats.extend(first(passage, unsent_data).map(|ici| dit(Regle::A1, ici)));
        constats.extend(first(passage, cordees).map(|ici| dit(Regle::A2, ici)));
        constats.extend(vague(passage).map(|ici| dit(Regle::A3, ici)));
        if let Some((k, mots, comment, attendu)) = attendus::contradicts(passage, &attendus) {
            let texte = constat::expectation(comment, &attendu.texte);
            constats.push(Trouve::new(passage, k, mots).say(Regle::A5, texte));
        }
        if !contexte.lettre {
            constats.extend(lettre::asks(passage).map(|ici| dit(Regle::A7, ici)));
        }
    }
    if contexte.lettre && !passages.iter().any(|p| p.champ == 4 && lettre::explains(p)) {
        constats.push(Constat::new(Regle::B5, 4, 0, constat::general(Regle::B5)));
    }
    for (ecart, ici) in epreuves::compare(&passages, contexte) {
        let texte = constat::examination(ecart);
        constats.push(match ici {
            Some(trouve) => trouve.say(Regle::B6, texte),
            None => Constat::new(Regle::B6, 0, 0, texte),
        });
    }
    for (manque, ici) in documents::compare(&passages, contexte) {
        let texte = constat::document(manque);
        constats.push(match ici {
            Some(trouve) => trouve.say(Regle::A8, texte),
            None => Constat::new(Regle::A8, 0, 0, texte),
        });
    }
    constats.sort_unstable();
    constats.dedup_by_key(|c| (c.regle, c.champ, c.critere, c.quoi.clone()));
    constats
}

fn passages(grille: &Grille) -> Vec<Passage> {
    let mut tous: Vec<Passage> = grille
        .champs
        .iter()
        .zip(1..)
        .flat_map(|(champ, i)| {
            champ.criteres.iter().zip(1..).map(move |(c, k)| {
                let mut tout = phrases(&c.intitule, Partie::Intitule);
                tout.extend(phrases(&c.elements, Partie::Elements));
                Passage { champ: i, critere: k, phrases: tout }
            })
        })
        .collect();
    tous.push(Passage { champ: 0, critere: 0, phrases: phrases(&grille.conseils, Partie::Conseils) });
    tous
}

/// R-CGE-01 to 03, 14 and 16: what needs no reading.
fn structure(grille: &Grille) -> Vec<Constat> {
    let mut constats = Vec::new();
    if grille.champs.iter().map(|c| c.poids).sum::<u32>() != 100 {
        constats.push(Constat::new(Regle::B1, 0, 0, constat::weights(grille)));
    }
    for (i, champ) in grille.champs.iter().enumerate() {
        let mut dit = |regle, critere, texte| constats.push(Constat::new(regle, i + 1, critere, texte));
        if champ.poids > 0 && champ.criteres.is_empty() {
            dit(Regle::B2, 0, constat::general(Regle::B2));
        }
        if champ.poids == 0 && !champ.criteres.is_empty() {
            dit(Regle::B3, 0, constat::general(Regle::B3));
        }
        for (k, c) in champ.criteres.iter().enumerate() {
            if c.intitule.chars().count() + c.elements.chars().count() > CRITERE_MAX {
                dit(Regle::A4, k + 1, constat::general(Regle::A4));
            }
        }
        if let Some(oad) = &grille.oad {
            let essentiel = champ.importance == Importance::Essentiel;
            if (oad[i] == 0 && essentiel && champ.poids > 0) || (oad[i] > 0 && champ.poids == 0) {
                dit(Regle::A6, 0, constat::tool(champ.poids, oad[i]));
            }
        }
    }
    constats
}

fn first(passage: &Passage, cite: impl Fn(&Phrase) -> Option<Range<usize>>) -> Option<(usize, Range<usize>)> {
    passage.phrases.iter().enumerate().find_map(|(k, phrase)| Some((k, cite(phrase)?)))
}

/// R-CGE-07: the document that the letter replaced, by its name or its initials.
fn former_project(phrase: &Phrase) -> Option<Range<usize>> {
    let motive = |k: usize| same(phrase.mot(k), "motive") || same(phrase.mot(k), "motivee");
    // Whatever line breaks cut: « projet de forma⏎tion motivé ».
    let coupe = |i: usize| {
        const NOM: &str = "projetdeformationmotive";
        let mut lu = String::new();
        let fin = (i..phrase.len().min(i + 9)).find(|k| {
            lu.push_str(phrase.mot(*k));
            lu.len() >= NOM.len()
        })?;
        lu.starts_with(NOM).then_some(i..fin + 1)
    };
    (0..phrase.len()).find_map(|i| {
        let mot = phrase.mot(i);
        if mot.starts_with('p')
            && let Some(ici) = coupe(i)
        {
            return Some(ici);
        }
        if matches!(mot, "pfm" | "pfms") {
            return Some(i..i + 1);
        }
        if (mot, phrase.mot(i + 1), phrase.mot(i + 2)) == ("p", "f", "m") {
            return Some(i..i + 3);
        }
        if !same(mot, "projet") {
            return None;
        }
        let formation = (i + 1..=i + 3).find(|k| same(phrase.mot(*k), "formation"));
        let suite =
            formation.and_then(|f| (f + 1..=f + 2).find(|k| motive(*k) && phrase.mot(k + 1) != "par"));
        let inverse = (motive(i + 1) && phrase.mot(i + 2) == "de" && same(phrase.mot(i + 3), "formation"))
            .then_some(i + 3);
        suite.or(inverse).map(|fin| i..fin + 1)
    })
}

/// R-CGE-11: sex, age, address, lycée of origin, income.
fn unsent_data(phrase: &Phrase) -> Option<Range<usize>> {
    if (0..phrase.len()).any(|i| is_denial(phrase, i) || phrase.est(i, C::Indifferent)) {
        return None;
    }
    (0..phrase.len()).find_map(|i| {
        let avant = phrase.mot(i.wrapping_sub(1));
        let suite = phrase.mot(i + 1);
        let seul = phrase.partie == Partie::Intitule && phrase.len() <= 2;
        let du_candidat = phrase.apres(i, 3, C::Candidat);
        let sexe = phrase.est(i, C::Sexe)
            && !matches!(avant, "des" | "deux" | "ce" | "les" | "de")
            && (phrase.mot(i) == "sexe" || du_candidat || seul);
        let age = phrase.est(i, C::Age)
            && (matches!(avant, "son" | "l" | "d" | "et" | "leur" | "votre" | "par") && suite != "de"
                || du_candidat
                || seul
                || i == 0)
            && !matches!(suite, "avait" | "du") | du_candidat;
        let autre = [C::Adresse, C::Origine, C::Revenus].iter().any(|c| phrase.est(i, *c))
            || phrase.mot(i) == "revenus" && suite != "sur";
        let autre = autre && !phrase.a(C::Frais);
        let favori =
            [C::Genre, C::Naissance, C::Domicile].iter().any(|c| phrase.est(i, *c)) && phrase.a(C::Priorite);
        (sexe || age || autre || favori).then_some(i..i + 1)
    })
}

fn cordees(phrase: &Phrase) -> Option<Range<usize>> {
    phrase.places(C::Cordee).next().map(|i| i..i + 1)
}

/// R-CGE-13: elements that hold nothing but words that everybody would use of anybody.
fn vague(passage: &Passage) -> Option<(usize, Range<usize>)> {
    let hollow = |p: &Phrase| p.jetons.iter().all(|j| j.est(C::Vague) || j.est(C::Creux) || j.est(C::Vide));
    if passage.champ == 0 {
        let (k, phrase) =
            passage.phrases.iter().enumerate().find(|(_, p)| p.a(C::Vague) && p.a(C::Creux) && hollow(p))?;
        return Some((k, 0..phrase.len()));
    }
    let corps = || passage.phrases.iter().enumerate().filter(|(_, p)| p.partie == Partie::Elements);
    let creux = corps().all(|(_, p)| hollow(p));
    let (k, phrase) = corps().find(|(_, p)| p.a(C::Vague))?;
    creux.then_some((k, 0..phrase.len()))
}
