//! R-CGE-06: what is asked of candidates beside their record is what is set up, and the reverse. An examination is told by
//! its name (« oral », « essai »), or by what the candidates will go through (« vous serez reçus par deux professeurs »).
//! Papers of the lycée, examinations of the course of study and meetings of another life are told apart by what is around.

use std::ops::Range;

use super::lexique::Classe as C;
use super::mentions::{Mention, mentions};
use super::polarite::{is_left_out, is_not_held};
use super::relecture::{Passage, Trouve};
use super::scenes::is_timed;
use super::texte::{Jeton, Phrase};
use super::{Contexte, Partie};

/// What may be organised. Several: the words fit each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sortes(u8);

impl Sortes {
    pub const AUCUNE: Self = Self(0);
    pub const QUESTIONNAIRE: Self = Self(1);
    pub const ECRIT: Self = Self(2);
    pub const ORAL: Self = Self(4);
    pub const PRATIQUE: Self = Self(8);
    pub const EN_LIGNE: Self = Self(16);
    pub const EPREUVES: Self = Self(30);

    pub const fn ou(self, autre: Self) -> Self {
        Self(self.0 | autre.0)
    }

    pub const fn et(self, autre: Self) -> Self {
        Self(self.0 & autre.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> u32 {
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

/// Compares every passage with the settings.
pub(super) fn compare(passages: &[Passage], contexte: &Contexte) -> Vec<(Ecart, Option<Trouve>)> {
    let mut lecture = Lecture {
        configurees: Sortes::configured(contexte),
        citees: Sortes::AUCUNE,
        vagues: Vec::new(),
        ecarts: Vec::new(),
    };
    for passage in passages {
        lecture.read(passage);
    }
    lecture.end()
}

/// What has been read so far.
struct Lecture {
    configurees: Sortes,
    /// Of those set up, spoken of or denied.
    citees: Sortes,
    /// « Une épreuve » : which of those set up, nothing tells.
    vagues: Vec<Sortes>,
    ecarts: Vec<(Ecart, Option<Trouve>)>,
}

impl Lecture {
    fn read(&mut self, passage: &Passage) {
        let mut affirmee = false;
        let mut niees = Vec::new();
        for (k, phrase) in passage.phrases.iter().enumerate() {
            for m in mentions(phrase, passage, k) {
                if is_not_held(phrase, &m.cite, passage.phrases.get(k + 1)) {
                    niees.extend(self.denied(&m, passage, k));
                } else {
                    affirmee |= self.announced(&m, passage, k);
                }
            }
            let epreuves = Sortes::EPREUVES.et(self.configurees);
            let seul = phrase.places(C::DossierSeul).next().filter(|_| !affirmee && !epreuves.is_empty());
            if let Some(place) = seul {
                niees.push((Ecart::Niee(epreuves), Some(Trouve::new(passage, k, place..place + 1))));
                self.citees = self.citees.ou(epreuves);
            }
        }
        self.ecarts.extend(niees);
    }

    /// What is set up that a mention may be of.
    fn meant(&self, m: &Mention) -> Sortes {
        match m.sortes.et(self.configurees) {
            Sortes::AUCUNE => m.sinon.et(self.configurees),
            visees => visees,
        }
    }

    fn denied(&mut self, m: &Mention, passage: &Passage, k: usize) -> Option<(Ecart, Option<Trouve>)> {
        let (visees, poids) = (self.meant(m), weight(m, passage, k));
        // What is denied by its name is not held, whoever is spoken of beside.
        let assez = if m.precise { poids + cursus(&passage.phrases[k]) >= -3 } else { poids >= m.seuil };
        if visees.is_empty() || !assez {
            return None;
        }
        self.citees = self.citees.ou(visees);
        Some((Ecart::Niee(visees), Some(Trouve::new(passage, k, m.cite.clone()))))
    }

    /// Whether a mention says that something is held.
    fn announced(&mut self, m: &Mention, passage: &Passage, k: usize) -> bool {
        let (visees, poids) = (self.meant(m), weight(m, passage, k));
        if visees.is_empty() {
            let ecartee = !m.precise && is_left_out(&passage.phrases[k], &m.cite, passage.phrases.get(k + 1));
            // The hobbies of field 5 have their competitions and their auditions.
            let ailleurs = passage.champ == 5 && m.sortes != Sortes::QUESTIONNAIRE;
            let dit = m.precise && m.sortes != Sortes::PRATIQUE;
            let vecu = poids >= 3 && (m.precise || is_timed(&passage.phrases[k])) || poids >= 2 && dit;
            let assez = poids >= m.seuil && (!ailleurs || vecu);
            let sure = !ecartee && assez;
            if sure {
                let ici = Trouve::new(passage, k, m.cite.clone());
                self.ecarts.push((Ecart::NonConfiguree(m.sortes), Some(ici)));
            }
            return sure;
        }
        let phrase = &passage.phrases[k];
        let sport = [C::Concours, C::Test, C::EpreuveNom].iter().any(|c| phrase.est(m.cite.start, *c));
        let loisir = passage.champ == 5 && sport && !is_timed(phrase);
        if poids < m.seuil_citee() || loisir && poids < 2 {
            return false;
        }
        if m.precise || visees.len() == 1 {
            self.citees = self.citees.ou(visees);
        } else if poids >= 0 && passage.champ > 0 {
            self.vagues.push(visees);
        }
        true
    }

    /// What is set up and cited nowhere. A vague mention is of one of those that nothing else tells.
    fn end(mut self) -> Vec<(Ecart, Option<Trouve>)> {
        for sorte in self.configurees.each().filter(|s| s.et(self.citees).is_empty()) {
            match self.vagues.iter().position(|v| !v.et(sorte).is_empty()) {
                Some(k) if !self.citees.is_empty() => {
                    self.vagues.swap_remove(k);
                }
                _ => self.ecarts.push((Ecart::Oubliee(sorte), None)),
            }
        }
        self.ecarts
    }
}

/// What speaks for an examination of the course, less what speaks for another life.
fn weight(m: &Mention, passage: &Passage, k: usize) -> i32 {
    let phrase = &passage.phrases[k];
    let voisine = match phrase.partie {
        Partie::Intitule => passage.phrases.iter().find(|p| p.partie == Partie::Elements),
        Partie::Elements => passage.phrases.iter().find(|p| p.partie == Partie::Intitule),
        Partie::Conseils => None,
    };
    let balance = Balance::new(m, phrase);
    let mots = std::iter::once(phrase).chain(voisine).flat_map(|p| (0..p.len()).map(move |i| (p, i)));
    mots.map(|(p, i)| balance.word(p, i)).sum::<i32>() + balance.manner()
}

/// A mention, and what its sentence tells of it.
struct Balance<'a> {
    m: &'a Mention,
    phrase: &'a Phrase,
    /// « Oral » and « écrit » may be skills, « test », « entretien » and « audition » are not.
    nommee: bool,
    /// What has a time and a place is lived: the skills beside it are what it shows.
    instant: bool,
    /// « Rencontre des candidats avec le proviseur » : those who apply, whoever meets them.
    des_candidats: bool,
    /// Its part of the sentence.
    part: Range<usize>,
}

impl<'a> Balance<'a> {
    fn new(m: &'a Mention, phrase: &'a Phrase) -> Self {
        let tete = m.cite.start;
        let parle = |j: &Jeton| j.est(C::OralAdj) || j.est(C::EcritNom);
        let propre = m.precise && !phrase.jetons[m.cite.clone()].iter().any(parle);
        Self {
            m,
            phrase,
            nommee: propre
                || phrase.apres(m.cite.end - 1, 3, C::Maison)
                || phrase.est(tete, C::Test)
                || phrase.est(tete, C::EpreuveNom),
            instant: is_timed(phrase),
            des_candidats: phrase.jetons.iter().any(|j| j.mot.starts_with("candidat")),
            part: phrase.propositions().into_iter().find(|p| p.contains(&tete)).unwrap_or_default(),
        }
    }

    /// What a word of the sentence, or of the title that it goes with, adds or takes off.
    fn word(&self, p: &Phrase, i: usize) -> i32 {
        let jeton = &p.jetons[i];
        let siens = std::ptr::eq(p, self.phrase);
        if siens && self.m.cite.contains(&i) && !jeton.est(C::Lycee) {
            return 0;
        }
        // « Les étudiants passent… » : those who are in already.
        let etudiants = siens && i <= 3 && jeton.mot == "etudiants" && !self.des_candidats;
        let autre_vie = jeton.est(C::Lycee)
            || etudiants
            || siens && (jeton.est(C::Cursus) || jeton.est(C::AutreVie) && !self.des_candidats);
        // « Bulletins, test d'anglais » : two things.
        let joint = || (i..self.m.cite.start).any(|k| matches!(self.phrase.mot(k), "et" | "puis"));
        let chiffre = self.phrase.mot(self.m.cite.end).starts_with(|c: char| c.is_ascii_digit());
        let a_part = siens
            && (self.nommee || chiffre)
            && jeton.est(C::Bulletin)
            && (!self.part.contains(&i) || joint());
        let ailleurs = is_elsewhere(p, i) && !jeton.est(C::Enjeu) && !a_part;
        i32::from(jeton.est(C::Selection))
            - 4 * i32::from(autre_vie)
            - 2 * i32::from(ailleurs)
            - self.skill(p, i, siens)
    }

    /// What a skill takes off, unless it is what the examination is about, or what it shows.
    fn skill(&self, p: &Phrase, i: usize, siens: bool) -> i32 {
        let cite = &self.m.cite;
        // « Un test de français ».
        let objet = siens && !self.m.precise && (cite.end..cite.end + 4).contains(&i);
        // « Qualité de l'échange », « aisance à l'entretien ».
        let montre = siens && self.nommee && i < cite.start && cite.start - i <= 3;
        if !p.est(i, C::Competence) || objet || montre || self.instant {
            return 0;
        }
        match siens {
            true if !self.nommee => 2,
            _ => i32::from(siens || !self.nommee),
        }
    }

    /// What the place of the mention adds.
    fn manner(&self) -> i32 {
        let (phrase, tete) = (self.phrase, self.m.cite.start);
        let avant = |n: usize| phrase.mot(tete.wrapping_sub(n));
        let complement = matches!(phrase.mot(tete + 1), "d" | "de" | "des" | "du");
        // A title, or a sentence, that begins with it is about it.
        let place = match phrase.partie {
            Partie::Intitule if tete <= 1 => 2,
            Partie::Elements if phrase.len() == 1 => 2,
            Partie::Conseils if tete == 1 && self.m.precise && phrase.mot(0) == "les" => 1,
            _ => i32::from(tete == 0 && (self.m.precise || phrase.mot(0) == "epreuve")),
        };
        // « À l'entretien », « devant le jury » : those that everybody here knows of.
        let entretien = (phrase.est(tete, C::Entretien) || phrase.est(tete, C::Audition))
            && matches!(avant(1), "en" | "l")
            && (phrase.mot(tete + 1) != "avec" || self.des_candidats);
        let jury = self.m.precise && phrase.est(tete, C::Jury) && avant(1) == "le";
        let connu = if complement { 0 } else { 2 * i32::from(entretien) + i32::from(jury) };
        // « Note d'écrit ».
        let notee = avant(2) == "note" && matches!(avant(1), "d" | "de");
        let duree = phrase.apres(self.m.cite.end - 1, 4, C::Heure);
        place + connu + i32::from(notee) + i32::from(duree) + i32::from(self.instant)
    }
}

/// What the words of the course of study take off.
fn cursus(phrase: &Phrase) -> i32 {
    4 * phrase.places(C::Cursus).map(|_| 1).sum::<i32>()
}

/// A word of the lycée or of another life. Teachers before whom candidates go are not.
fn is_elsewhere(phrase: &Phrase, i: usize) -> bool {
    let agent = phrase.mot(i).starts_with("professeur")
        || phrase.mot(i) == "proviseur"
        || phrase.mot(i).starts_with("enseignant")
        || phrase.mot(i) == "etudiant"
        || phrase.mot(i + 1).starts_with("ingenieur");
    let devant = agent
        && (i.saturating_sub(4)..i)
            .any(|k| matches!(phrase.mot(k), "par" | "devant" | "avec" | "deux" | "trois" | "un" | "une"));
    let une = phrase.mot(i) == "appreciation"
        && (phrase.mot(i.wrapping_sub(1)) == "une" || phrase.apres(i, 9, C::Equipe));
    let avant = phrase.mot(i.wrapping_sub(1));
    let au_cours = phrase.mot(i) == "cours"
        && (avant == "au"
            || phrase.est(i.saturating_sub(2), C::Question)
            || phrase.est(i, C::Geste)
            || phrase.est(i + 1, C::PratiqueAdj));
    // « Au lycée, le 3 avril » : the place of an appointment.
    let au_lycee = phrase.mot(i) == "lycee" && is_timed(phrase);
    let national = i > 0 && (phrase.est(i - 1, C::Concours) || phrase.est(i - 1, C::EcritAdj));
    let prevu = phrase.mot(i) == "programme" && phrase.avant(i, 1, C::Auxiliaire);
    let vu = prevu || phrase.a(C::Surveille) && matches!(phrase.mot(i), "cours" | "participation");
    phrase.est(i, C::Ecole) && !(vu || national || une || devant || au_cours || au_lycee)
}
