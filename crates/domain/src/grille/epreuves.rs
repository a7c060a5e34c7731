//! R-CGE-06: what is asked of candidates beside their record is what is set up, and the reverse. An examination is told by
//! its name (« oral », « essai »), or by what the candidates will go through (« vous serez reçus par deux professeurs »).
//! Papers of the lycée, examinations of the course of study and meetings of another life are told apart by what is around.

use std::ops::Range;

use super::lexique::Classe as C;
use super::polarite::{is_left_out, is_not_held};
use super::relecture::{Passage, Trouve};
use super::texte::Phrase;
use super::{Contexte, Partie};

/// What may be organised. Several: the words fit each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sortes(u8);

impl Sortes {
    const QUESTIONNAIRE: Self = Self(1);
    const ECRIT: Self = Self(2);
    const ORAL: Self = Self(4);
    const PRATIQUE: Self = Self(8);
    const EN_LIGNE: Self = Self(16);
    const EPREUVES: Self = Self(30);

    const fn ou(self, autre: Self) -> Self {
        Self(self.0 | autre.0)
    }

    const fn et(self, autre: Self) -> Self {
        Self(self.0 & autre.0)
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn len(self) -> u32 {
        self.0.count_ones()
    }

    fn configured(c: &Contexte) -> Self {
        [
            (c.questionnaire, Self::QUESTIONNAIRE),
            (c.ecrit, Self::ECRIT),
            (c.oral, Self::ORAL),
            (c.pratique, Self::PRATIQUE),
            (c.en_ligne, Self::EN_LIGNE),
        ]
        .into_iter()
        .filter(|(oui, _)| *oui)
        .fold(Self(0), |tout, (_, sorte)| tout.ou(sorte))
    }

    fn each(self) -> impl Iterator<Item = Self> {
        (0..5).map(|k| Self(1 << k)).filter(move |s| !s.et(self).is_empty())
    }

    /// French name, with its article.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::QUESTIONNAIRE => "le questionnaire",
            Self::ECRIT => "l’épreuve écrite",
            Self::ORAL => "l’oral ou l’entretien",
            Self::PRATIQUE => "l’épreuve pratique",
            Self::EN_LIGNE => "le test en ligne",
            _ => "une épreuve",
        }
    }
}

/// What is wrong between the grid and the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ecart {
    /// Cited, and not set up.
    NonConfiguree(Sortes),
    /// Set up, and denied.
    Niee(Sortes),
    /// Set up, and cited nowhere.
    Oubliee(Sortes),
}

/// The words of an examination in a sentence.
#[derive(Debug)]
struct Mention {
    cite: Range<usize>,
    sortes: Sortes,
    /// No other reading: « oral », not « épreuve ».
    precise: bool,
    /// How much must be around it to be sure that something is announced.
    seuil: i32,
}

impl Mention {
    /// It is enough to speak of what is set up with fewer precautions than to announce what is not.
    fn seuil_citee(&self) -> i32 {
        if self.precise { self.seuil.min(0) - 1 } else { self.seuil - 2 }
    }
}

/// Compares every passage with the settings.
pub(super) fn compare(passages: &[Passage], contexte: &Contexte) -> Vec<(Ecart, Option<Trouve>)> {
    let configurees = Sortes::configured(contexte);
    let mut citees = Sortes(0);
    let mut sorties = Vec::new();
    for passage in passages {
        let mut affirmee = false;
        let mut niees = Vec::new();
        for (k, phrase) in passage.phrases.iter().enumerate() {
            for m in mentions(phrase, passage, k) {
                let poids = weight(&m, passage, k);
                let visees = m.sortes.et(configurees);
                let ici = || Some(Trouve::new(passage, k, m.cite.clone()));
                if is_not_held(phrase, &m.cite, passage.phrases.get(k + 1)) {
                    if !visees.is_empty() && poids >= if m.precise { -3 } else { m.seuil } {
                        niees.push((Ecart::Niee(visees), ici()));
                        citees = citees.ou(visees);
                    }
                } else if visees.is_empty() {
                    let ecartee = !m.precise && is_left_out(phrase, &m.cite, passage.phrases.get(k + 1));
                    if !ecartee && poids >= m.seuil && (passage.champ != 5 || m.precise && poids >= 3) {
                        affirmee = true;
                        sorties.push((Ecart::NonConfiguree(m.sortes), ici()));
                    }
                } else if poids >= m.seuil_citee() {
                    affirmee = true;
                    if m.precise || visees.len() == 1 {
                        citees = citees.ou(visees);
                    }
                }
            }
            let epreuves = Sortes::EPREUVES.et(configurees);
            let seul = phrase.places(C::DossierSeul).next().filter(|_| !affirmee && !epreuves.is_empty());
            if let Some(place) = seul {
                niees.push((Ecart::Niee(epreuves), Some(Trouve::new(passage, k, place..place + 1))));
                citees = citees.ou(epreuves);
            }
        }
        sorties.extend(niees);
    }
    sorties.extend(configurees.each().filter(|s| s.et(citees).is_empty()).map(|s| (Ecart::Oubliee(s), None)));
    sorties
}

/// What speaks for an examination of the course, less what speaks for another life.
fn weight(m: &Mention, passage: &Passage, k: usize) -> i32 {
    let phrase = &passage.phrases[k];
    let voisine = match phrase.partie {
        Partie::Intitule => passage.phrases.iter().find(|p| p.partie == Partie::Elements),
        Partie::Elements => passage.phrases.iter().find(|p| p.partie == Partie::Intitule),
        Partie::Conseils => None,
    };
    let mut total = 0;
    for p in std::iter::once(phrase).chain(voisine) {
        let siens = std::ptr::eq(p, phrase);
        for (i, jeton) in p.jetons.iter().enumerate() {
            if siens && m.cite.contains(&i) {
                continue;
            }
            let ailleurs = if is_elsewhere(p, i) && !jeton.est(C::Enjeu) { 2 } else { 0 };
            // « Un test de français » : what it is about, not a skill.
            let objet = siens && !m.precise && i >= m.cite.end && i < m.cite.end + 4;
            let talent = match jeton.est(C::Competence) && !objet {
                true if siens => 2,
                talent => i32::from(talent),
            };
            let autre_vie = jeton.est(C::Lycee) || siens && (jeton.est(C::Cursus) || jeton.est(C::AutreVie));
            total += i32::from(jeton.est(C::Selection)) - ailleurs - talent - 4 * i32::from(autre_vie);
        }
    }
    // A title that names it is about it.
    let titre = phrase.partie == Partie::Intitule && m.cite.start <= 1;
    let duree = phrase.apres(m.cite.end - 1, 4, C::Heure);
    total + if titre { 2 } else { 0 } + i32::from(duree)
}

/// A word of the lycée or of another life. Teachers before whom candidates go are not.
fn is_elsewhere(phrase: &Phrase, i: usize) -> bool {
    let agent = phrase.mot(i).starts_with("professeur")
        || phrase.mot(i).starts_with("enseignant")
        || phrase.mot(i) == "etudiant"
        || phrase.mot(i + 1).starts_with("ingenieur");
    let devant = agent
        && (i.saturating_sub(4)..i)
            .any(|k| matches!(phrase.mot(k), "par" | "devant" | "avec" | "deux" | "trois" | "un" | "une"));
    let une = phrase.mot(i) == "appreciation" && phrase.mot(i.wrapping_sub(1)) == "une";
    let au_cours = phrase.mot(i) == "cours" && phrase.mot(i.wrapping_sub(1)) == "au";
    phrase.est(i, C::Ecole) && !(une || devant || au_cours)
}

/// Every mention of a sentence. Where an examination is named, vaguer words beside it are the same one.
fn mentions(phrase: &Phrase, passage: &Passage, k: usize) -> Vec<Mention> {
    let mut sorties: Vec<Mention> = (0..phrase.len()).filter_map(|i| named(phrase, i)).collect();
    if sorties.iter().all(|m| !m.precise) {
        sorties.extend((0..phrase.len()).filter_map(|i| lived(phrase, i, passage, k)));
    }
    if sorties.iter().any(|m| m.precise) {
        sorties.retain(|m| m.precise);
    }
    if phrase.a(C::Questionnaire) {
        sorties.retain(|m| m.sortes == Sortes::QUESTIONNAIRE || m.precise && m.sortes.len() == 1);
    }
    sorties
}

fn mention(cite: Range<usize>, sortes: Sortes, precise: bool, seuil: i32) -> Option<Mention> {
    Some(Mention { cite, sortes, precise, seuil })
}

/// An examination by its name.
fn named(phrase: &Phrase, i: usize) -> Option<Mention> {
    let support = |n: usize| {
        (i.saturating_sub(n)..i).rev().find(|k| {
            [C::EpreuveNom, C::Test, C::Concours, C::Copie].iter().any(|c| phrase.est(*k, *c))
                || is_spoken_form(phrase.mot(*k))
        })
    };
    let mot = phrase.mot(i);
    if phrase.est(i, C::Questionnaire) && !phrase.apres(i, 2, C::AutreQuestionnaire) && !phrase.a(C::National)
    {
        return mention(i..i + 1, Sortes::QUESTIONNAIRE, true, 0);
    }
    let avec = mot.starts_with("entretien")
        && phrase.mot(i + 1) == "avec"
        && !phrase.apres(i, 6, C::Commission)
        && !phrase.apres(i, 6, C::Jury)
        && !phrase.a(C::Heure);
    if avec {
        return mention(i..i + 1, Sortes::ORAL, false, 3);
    }
    let menee = mot.starts_with("interview") && matches!(phrase.mot(i + 1), "d" | "de" | "du");
    if phrase.est(i, C::Entretien) && is_talk(phrase, i) && !menee {
        return mention(i..i + 1, Sortes::ORAL, true, 0);
    }
    if phrase.est(i, C::Jury) && phrase.avant(i, 3, C::Devant) {
        let scene = phrase.a(C::Geste) || phrase.a(C::Pratique);
        let sortes = if scene { Sortes::ORAL.ou(Sortes::PRATIQUE) } else { Sortes::ORAL };
        return mention(i..i + 1, sortes, true, 0);
    }
    if is_oral_noun(phrase, i) || phrase.est(i, C::Soutenance) {
        return mention(i..i + 1, Sortes::ORAL, true, 1);
    }
    if phrase.est(i, C::OralNom) && is_said_aloud(phrase, i) {
        return mention(i..i + 1, Sortes::ORAL, false, 3);
    }
    if phrase.est(i, C::OralAdj) {
        return support(5).and_then(|k| mention(k..i + 1, Sortes::ORAL, true, 0));
    }
    if phrase.est(i, C::Audition) {
        return mention(i..i + 1, Sortes::ORAL.ou(Sortes::PRATIQUE), true, 1);
    }
    if phrase.est(i, C::Situation) {
        return mention(i..i + 1, Sortes::ORAL.ou(Sortes::PRATIQUE).ou(Sortes::ECRIT), false, 1);
    }
    if phrase.est(i, C::Test)
        || phrase.est(i, C::EpreuveNom) && is_ours(phrase, i)
        || phrase.est(i, C::Concours)
    {
        let sortes = kinds(phrase, i);
        let seuil = if phrase.est(i, C::Concours) { 2 } else { 1 };
        let precise = sortes.len() == 1;
        let seuil = if sortes == Sortes::EN_LIGNE && phrase.est(i, C::Test) { 0 } else { seuil };
        if precise && sortes == Sortes::ORAL {
            return None; // told by « orale » itself
        }
        return mention(i..i + 1, sortes, precise, seuil);
    }
    if phrase.est(i, C::EcritNom) && is_paper(phrase, i) {
        return mention(i..i + 1, Sortes::ECRIT, true, 1);
    }
    if phrase.est(i, C::Pratique) {
        return mention(i..i + 1, Sortes::PRATIQUE, mot.starts_with("essai"), 1);
    }
    if phrase.est(i, C::Copie) && i > 0 && matches!(phrase.mot(i - 1), "aucun" | "aucune" | "ni") {
        return mention(i..i + 1, Sortes::ECRIT, false, 0);
    }
    if phrase.est(i, C::Copie) && phrase.autour(i, 8, 8, C::Heure) {
        return mention(i..i + 1, Sortes::ECRIT, true, 1);
    }
    None
}

/// What an examination without a name of its own is made of.
fn kinds(phrase: &Phrase, i: usize) -> Sortes {
    let pres = |classe, avant, apres| phrase.autour(i, avant, apres, classe);
    if pres(C::EnLigne, 6, 9) {
        return Sortes::EN_LIGNE;
    }
    if phrase.apres(i, 4, C::OralAdj) && !phrase.apres(i, 4, C::EcritAdj) {
        return Sortes::ORAL;
    }
    if phrase.apres(i, 4, C::EcritAdj)
        || phrase.apres(i, 9, C::Heure)
        || pres(C::Copie, 6, 8)
        || pres(C::Salle, 3, 12)
    {
        return Sortes::ECRIT;
    }
    if phrase.apres(i, 2, C::PratiqueAdj) || pres(C::Geste, 2, 12) {
        return Sortes::PRATIQUE;
    }
    Sortes::EPREUVES
}

/// « Présentation orale », « interrogation orale ».
fn is_spoken_form(mot: &str) -> bool {
    ["presentation", "interrogation", "prestation", "soutenance", "selection", "passage"]
        .iter()
        .any(|m| mot.starts_with(m))
}

/// An examination of the course: neither a speciality nor French, nor a hardship.
fn is_ours(phrase: &Phrase, i: usize) -> bool {
    let autre = phrase.apres(i, 5, C::Specialite)
        || phrase.apres(i, 4, C::Finale)
        || phrase.apres(i, 4, C::Bac)
        || phrase.apres(i, 2, C::Blanc)
        || phrase.mot(i).starts_with("examen") && !phrase.est(i, C::Test)
        || matches!(phrase.mot(i + 1), "de" | "du") && phrase.apres(i, 4, C::Fin);
    !autre
}

/// « Oral » as a noun: an examination, not a manner of speaking.
fn is_oral_noun(phrase: &Phrase, i: usize) -> bool {
    if !phrase.est(i, C::OralNom) {
        return false;
    }
    let avant = phrase.mot(i.wrapping_sub(1));
    let a_l = avant == "l" && phrase.mot(i.wrapping_sub(2)) == "a";
    if a_l {
        return phrase.avant(i, 6, C::Appel) || phrase.mot(i + 1) == "d";
    }
    i == 0
        || phrase.est(i - 1, C::Article)
        || matches!(phrase.mot(i + 1), "de" | "d" | "du" | "devant" | "avec")
}

/// « À l'oral » : a manner of speaking, unless what is around tells more.
fn is_said_aloud(phrase: &Phrase, i: usize) -> bool {
    phrase.mot(i.wrapping_sub(1)) == "l" && phrase.mot(i.wrapping_sub(2)) == "a"
}

/// « Entretien » of a person, not of a machine.
fn is_talk(phrase: &Phrase, i: usize) -> bool {
    if !phrase.mot(i).starts_with("entretien") {
        return true;
    }
    if phrase.apres(i, 5, C::Soin) && !phrase.apres(i, 5, C::Selection) {
        return false;
    }
    let de = matches!(phrase.mot(i + 1), "d" | "de" | "du" | "des");
    !de || phrase.apres(i, 3, C::Propos) || phrase.mot(i + 2).starts_with(|c: char| c.is_ascii_digit())
}

/// « Écrit » as a noun: a paper that one sits, not a manner of writing.
fn is_paper(phrase: &Phrase, i: usize) -> bool {
    let avant = phrase.mot(i.wrapping_sub(1));
    let a_l = avant == "l" && phrase.mot(i.wrapping_sub(2)) == "a";
    if a_l {
        return phrase.avant(i, 6, C::Appel);
    }
    let suite = phrase.mot(i + 1);
    let adjectif =
        ["scolaire", "professionnel", "personnel", "universitaire"].iter().any(|m| suite.starts_with(m));
    let article = i > 0 && phrase.est(i - 1, C::Article) && !matches!(avant, "et" | "ou" | "plus" | "en");
    !adjectif
        && (article
            || i == 0 && !matches!(suite, "par" | "en" | "avec")
            || matches!(suite, "de" | "d" | "du") && avant != "par")
}

/// What the candidates go through, without a name: they are met, called, asked.
fn lived(phrase: &Phrase, i: usize, passage: &Passage, k: usize) -> Option<Mention> {
    let vise = |n: usize| (i.saturating_sub(n)..i).any(|k| phrase.est(k, C::Candidat));
    if phrase.est(i, C::Recevoir) {
        let passif = phrase.avant(i, 3, C::Auxiliaire) && vise(8);
        let agent = (i + 1..i + 7).any(|k| {
            matches!(phrase.mot(k), "par" | "devant")
                || phrase.est(k, C::Jury)
                || phrase.mot(k).starts_with("minute")
        });
        let actif = phrase.avant(i, 4, C::Equipe)
            && (phrase.apres(i, 4, C::Candidat) || vise(1))
            && phrase.mot(i) != "recu"
            || vise(1) && phrase.mot(i - 1) == "vous" && !phrase.mot(i).ends_with("ez");
        let convoque = phrase.mot(i).starts_with("convo");
        let croise = phrase.mot(i).starts_with("rencontrer")
            && vise(4)
            && (phrase.a(C::Enjeu) || phrase.apres(i, 6, C::Equipe));
        if passif || actif || croise || agent && phrase.a(C::Candidat) || agent && i == 0 {
            let sortes = if convoque { Sortes::EPREUVES } else { Sortes::ORAL };
            return mention(i..i + 1, sortes, false, 1);
        }
    }
    if phrase.est(i, C::Composer) && vise(6) && (phrase.a(C::Heure) || phrase.a(C::Salle)) {
        return mention(i..i + 1, Sortes::ECRIT, false, 2);
    }
    // « Le jury vous attend », « par deux examinateurs »: enough to speak of what is set up.
    if phrase.est(i, C::Jury) && (vise(2) || phrase.apres(i, 3, C::Candidat) || phrase.avant(i, 3, C::Agent))
    {
        return mention(i..i + 1, Sortes::ORAL, false, if phrase.mot(i) == "jury" { 4 } else { 2 });
    }
    if phrase.est(i, C::Geste) && phrase.a(C::Jury) && phrase.a(C::Heure) {
        return mention(i..i + 1, Sortes::PRATIQUE, false, 3);
    }
    let dossier = (i.saturating_sub(5)..i).any(|k| phrase.mot(k).starts_with("dossier"));
    if phrase.est(i, C::Commission) && phrase.avant(i, 3, C::Devant) && !dossier {
        return mention(i..i + 1, Sortes::ORAL, false, 2);
    }
    if phrase.est(i, C::Presenter) && phrase.a(C::Candidat) {
        let devant = (i + 1..i + 9).any(|k| phrase.mot(k) == "devant" || phrase.mot(k) == "face")
            || phrase.a(C::Jury)
            || (i + 1..i + 9).any(|k| phrase.mot(k) == "avec" && phrase.apres(k, 3, C::Commission));
        if devant {
            return mention(i..i + 1, Sortes::ORAL, false, 2);
        }
    }
    let enjeu = phrase.a(C::Enjeu)
        || phrase.partie == Partie::Intitule && passage.phrases.get(k + 1).is_some_and(|p| p.a(C::Enjeu));
    let avec_eux = [C::Candidat, C::Heure, C::Jury].iter().any(|c| phrase.a(*c))
        || phrase.a(C::Selection)
        || phrase.partie == Partie::Intitule;
    if phrase.est(i, C::Rencontre) && enjeu && avec_eux {
        return mention(i..i + 1, Sortes::ORAL, false, 1);
    }
    if phrase.est(i, C::Venir) && phrase.a(C::Geste) && phrase.a(C::Enjeu) {
        return mention(i..i + 1, Sortes::PRATIQUE, false, 2);
    }
    if phrase.est(i, C::Question)
        && phrase.avant(i, 6, C::Repondre)
        && (phrase.a(C::Candidat) || phrase.a(C::Selection))
    {
        return mention(i..i + 1, Sortes::QUESTIONNAIRE.ou(Sortes::ORAL), false, 2);
    }
    if phrase.est(i, C::Personne) && (i + 1..phrase.len()).any(|k| phrase.est(k, C::Recevoir)) {
        return mention(i..i + 1, Sortes::ORAL, false, 0);
    }
    None
}
