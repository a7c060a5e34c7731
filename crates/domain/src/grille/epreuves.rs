//! R-CGE-06: what is asked of candidates beside their record is what is set up, and the reverse. An examination is told by
//! its name (« oral », « essai »), or by what the candidates will go through (« vous serez reçus par deux professeurs »).
//! Papers of the lycée, examinations of the course of study and meetings of another life are told apart by what is around.

use std::ops::Range;

use super::faisceau::{self, Faisceau};
use super::lexique::Classe as C;
use super::mentions::{Mention, mentions};
use super::polarite::is_left_out;
use super::relecture::{Passage, Trouve};
use super::scenes::is_timed;
use super::tenue::{is_a_must, is_imposed, is_not_held};
use super::texte::{Jeton, Phrase, Signe};
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
        faisceaux: Vec::new(),
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
    /// Sentences that tell of an examination by clues only, where nothing else is told.
    faisceaux: Vec<Faisceau>,
    ecarts: Vec<(Ecart, Option<Trouve>)>,
}

impl Lecture {
    fn read(&mut self, passage: &Passage) {
        let mut affirmee = false;
        let mut niees = Vec::new();
        let mut nommee = false;
        for (k, phrase) in passage.phrases.iter().enumerate() {
            // « Le diplôme se prépare en deux ans ; il comporte des épreuves ».
            let du_cursus = k > 0
                && matches!(phrase.mot(0), "il" | "elle" | "ils" | "elles" | "celui")
                && passage.phrases[k - 1].a(C::Cursus);
            if du_cursus || (0..phrase.len()).any(|i| closes_the_studies(phrase, i)) {
                continue;
            }
            for m in mentions(phrase, passage, k) {
                nommee |= m.precise;
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
        if niees.is_empty() && !affirmee {
            self.gather(passage, nommee);
        }
        self.ecarts.extend(niees);
    }

    /// The clues of a passage that names nothing.
    fn gather(&mut self, passage: &Passage, nommee: bool) {
        for (k, phrase) in passage.phrases.iter().enumerate() {
            let Some(f) = faisceau::clues(phrase, passage) else { continue };
            if is_not_held(phrase, &f.cite, passage.phrases.get(k + 1)) {
                continue;
            }
            let configurees = f.sortes.et(self.configurees);
            if f.complet && f.indices >= faisceau::ANNONCE && configurees.is_empty() && !nommee {
                let ici = Trouve::new(passage, k, f.cite.clone());
                self.ecarts.push((Ecart::NonConfiguree(f.sortes), Some(ici)));
                return;
            }
            if f.rappel >= faisceau::rappel(passage, phrase) {
                self.faisceaux.push(f);
            }
        }
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
        let nommee = m.precise || passage.phrases[k].est(m.cite.start, C::Concours);
        let assez = if nommee { poids + cursus(&passage.phrases[k]) >= -3 } else { poids >= m.seuil };
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
            // « Il faut réussir l'atelier d'admission » : what is studied for is held.
            // « Préparez-vous à rencontrer deux formateurs » too.
            let admission = passage.phrases[k].apres(m.cite.start, 2, C::Etape)
                || passage.phrases[k].mot(0) == "preparez" && passage.phrases[k].mot(1) == "vous";
            let ecartee = !m.precise
                && !admission
                && !is_a_must(&passage.phrases[k], m.cite.start)
                && !is_imposed(&passage.phrases[k], &m.cite)
                && is_left_out(&passage.phrases[k], &m.cite, passage.phrases.get(k + 1));
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
        // « Écrit | Moyennes de français » : a skill, told by the reports.
        let nu = phrase.partie == Partie::Intitule
            && phrase.len() <= 2
            && (phrase.est(m.cite.start, C::EcritNom) || phrase.est(m.cite.start, C::OralNom));
        let scolaire = |p: &Phrase| p.partie == Partie::Elements && p.a(C::Bulletin) && !is_timed(p);
        if nu && passage.phrases.iter().any(scolaire) {
            return false;
        }
        let sport = [C::Concours, C::Test, C::EpreuveNom].iter().any(|c| phrase.est(m.cite.start, *c));
        let loisir = passage.champ == 5 && sport && !is_timed(phrase);
        // A questionnaire by its name is that of the course, unless it is one of the studies.
        if visees == Sortes::QUESTIONNAIRE && m.precise && cursus(phrase) == 0 && poids >= -3 {
            self.citees = self.citees.ou(visees);
            return true;
        }
        // « L'épreuve écrite », « l'entretien » are those that are set up, unless they are of another life.
        let nom = [C::Entretien, C::EpreuveNom, C::Test].iter().any(|c| phrase.est(m.cite.start, *c));
        let sien = m.precise
            && nom
            && poids >= -3
            && passage.champ != 5
            && cursus(phrase) == 0
            && !phrase.a(C::Lycee)
            && !phrase.places(C::AutreVie).any(|i| !phrase.mot(i).starts_with("ancien"));
        // « Une fois admis, vous serez reçu » : the studies are spoken of.
        let seuil = if cursus(phrase) > 0 && !m.precise { m.seuil.max(0) } else { m.seuil_citee() };
        if !sien && poids < seuil || loisir && poids < 2 {
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
            let exact = self.faisceaux.iter().position(|f| !f.sortes.et(sorte).is_empty());
            let autre = || {
                let libre = |f: &Faisceau| {
                    f.souple && sorte != Sortes::QUESTIONNAIRE && f.sortes.et(self.configurees).is_empty()
                };
                self.faisceaux.iter().position(libre)
            };
            let faisceau = exact.or_else(autre);
            if let Some(k) = faisceau {
                self.faisceaux.swap_remove(k);
                continue;
            }
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
    let balance = Balance::new(m, phrase, passage.champ);
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
    champ: usize,
    /// Its part of the sentence.
    part: Range<usize>,
}

impl<'a> Balance<'a> {
    fn new(m: &'a Mention, phrase: &'a Phrase, champ: usize) -> Self {
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
            // « Réponses apportées aux questions du jury ».
            instant: is_timed(phrase) || phrase.a(C::Jury) && phrase.a(C::Question) && phrase.a(C::Repondre),
            champ,
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
        // « Les titulaires d'un bac pro » : where they come from.
        let origine = jeton.est(C::Bac) && p.est(i + 1, C::Serie);
        // « Les étudiants en reprise d'études » are candidates.
        let reprise = siens && are_applicants(self.phrase, i);
        let etudiants = etudiants && !reprise;
        let vie = jeton.est(C::AutreVie) && !self.des_candidats && !is_of_the_panel(p, i);
        let autre_vie = jeton.est(C::Lycee) && !origine
            || etudiants
            || siens && !reprise && (is_of_the_studies(p, i) || vie);
        // « Bulletins, test d'anglais » : two things.
        let joint = || (i..self.m.cite.start).any(|k| matches!(self.phrase.mot(k), "et" | "puis"));
        let chiffre = self.phrase.mot(self.m.cite.end).starts_with(|c: char| c.is_ascii_digit());
        let a_part = siens
            && (self.nommee || chiffre)
            && jeton.est(C::Bulletin)
            && (!self.part.contains(&i) || joint());
        // « Épreuve en ligne sur les programmes de terminale » : what it is about.
        let matiere = siens
            && self.nommee
            && (self.m.cite.end..i).any(|k| matches!(self.phrase.mot(k), "sur" | "niveau" | "portant"))
            && self.part.contains(&i)
            || self.is_the_matter(p, i, siens);
        let ailleurs = !matiere && is_elsewhere(p, i) && !jeton.est(C::Enjeu) && !a_part;
        i32::from(jeton.est(C::Selection))
            - 4 * i32::from(autre_vie)
            - 2 * i32::from(ailleurs)
            - self.skill(p, i, siens)
    }

    /// « Les écrits portent sur le programme de terminale », « Écrit | Maths, programme de terminale » : what it is about.
    fn is_the_matter(&self, p: &Phrase, i: usize, siens: bool) -> bool {
        let fin = self.m.cite.end;
        let du_lycee =
            ["chapitre", "cours", "lycee", "programme", "terminale"].iter().any(|m| p.mot(i).starts_with(m));
        let porte = || (fin..fin + 9).chain(i.saturating_sub(4)..i).any(|k| self.phrase.est(k, C::Porte));
        let titre = || self.phrase.partie == Partie::Intitule && self.phrase.len() <= 3 && !p.a(C::Bulletin);
        du_lycee && self.m.precise && if siens { porte() } else { titre() && p.partie == Partie::Elements }
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
            // « Les écrits du lycée ».
            Partie::Conseils if complement && phrase.est(tete + 2, C::Ecole) => 0,
            Partie::Intitule if tete <= 1 => 2,
            Partie::Elements if phrase.len() == 1 => 2,
            Partie::Conseils if tete == 1 && self.m.precise && phrase.mot(0) == "les" => 1,
            _ => i32::from(tete == 0 && (self.m.precise || phrase.mot(0) == "epreuve")),
        };
        // « Concours d'entrée », « concours commun ».
        let entree =
            phrase.est(tete, C::Concours) && phrase.mot(tete + 1) == "d" && phrase.mot(tete + 2) == "entree";
        // « À l'entretien », « devant le jury » : those that everybody here knows of.
        let entretien = (phrase.est(tete, C::Entretien) || phrase.est(tete, C::Audition))
            && matches!(avant(1), "en" | "l")
            && (phrase.mot(tete + 1) != "avec" || self.des_candidats);
        let jury = self.m.precise && phrase.est(tete, C::Jury) && avant(1) == "le";
        let connu = if complement { 0 } else { 2 * i32::from(entretien) + i32::from(jury) };
        // « Soyez vous-mêmes à l'oral ».
        let annonce = phrase.partie == Partie::Conseils
            && phrase.est(tete, C::OralNom)
            && avant(1) == "l"
            && (phrase.mot(0).ends_with("ez")
                || phrase.jetons.iter().any(|j| matches!(j.mot.as_str(), "vous" | "soyez"))
                || phrase.mot(1) == "n");
        // « Note d'écrit ».
        let notee = avant(2) == "note" && matches!(avant(1), "d" | "de");
        let duree = phrase.apres(self.m.cite.end - 1, 4, C::Heure);
        let concours = phrase.avant(tete, 5, C::Concours) && self.champ != 5;
        // « Un oral est imposé à tous ».
        let tenue = self.m.precise && phrase.avant(tete, 1, C::Article) && is_imposed(phrase, &self.m.cite);
        place
            + connu
            + i32::from(concours)
            + i32::from(tenue)
            + 2 * i32::from(entree)
            + 2 * i32::from(annonce)
            + i32::from(notee)
            + i32::from(duree)
            + i32::from(self.instant)
            - 4 * i32::from(self.is_for_those_who_are_in())
    }

    /// « Puis les admis passent un test » : whoever takes it is in already.
    fn is_for_those_who_are_in(&self) -> bool {
        let phrase = self.phrase;
        (self.part.start..self.m.cite.start).any(|k| {
            phrase.est(k, C::ApresAdmission)
                && matches!(phrase.mot(k), "aux" | "chaque" | "les")
                && !matches!(phrase.mot(k + 2), "a" | "au" | "aux")
                && !are_applicants(phrase, k)
        })
    }
}

/// What the words of the course of study take off.
fn cursus(phrase: &Phrase) -> i32 {
    4 * (0..phrase.len())
        .filter(|i| is_of_the_studies(phrase, *i) && !are_applicants(phrase, *i))
        .map(|_| 1)
        .sum::<i32>()
}

/// A word of the studies, or what ends them.
pub(super) fn is_of_the_studies(phrase: &Phrase, i: usize) -> bool {
    phrase.est(i, C::Cursus) || closes_the_studies(phrase, i)
}

/// « Le cursus se termine par une épreuve », but « la sélection se termine par… ».
fn closes_the_studies(phrase: &Phrase, i: usize) -> bool {
    const ETUDES: [&str; 13] = [
        "annee",
        "bachelor",
        "bts",
        "but",
        "cursus",
        "cycle",
        "deust",
        "diplome",
        "etudes",
        "formation",
        "licence",
        "parcours",
        "scolarite",
    ];
    phrase.est(i, C::Cloture) && (i.saturating_sub(2)..i).any(|k| ETUDES.contains(&phrase.mot(k)))
}

/// « Les étudiants intéressés par le parcours », « les futurs étudiants » : those who apply, not those who are in already.
pub(super) fn are_applicants(phrase: &Phrase, i: usize) -> bool {
    let Some(e) = (i..i + 3).find(|k| phrase.mot(*k).starts_with("etudiant")) else { return false };
    phrase.mot(e.wrapping_sub(1)).starts_with("futur") || phrase.apres(e, 3, C::Postule) || phrase.a(C::Quand)
}

/// « Un professeur et un ancien élève » : whoever sits beside those of the course.
pub(super) fn is_of_the_panel(phrase: &Phrase, i: usize) -> bool {
    const EUX: [C; 4] = [C::Personnel, C::Evaluateur, C::Profession, C::Enseignant];
    let proche = i.saturating_sub(7)..(i + 8).min(phrase.len());
    (phrase.est(i, C::Alumni) || i > 0 && phrase.est(i - 1, C::Alumni))
        && !phrase.a(C::Informe)
        && proche.into_iter().any(|k| {
            EUX.iter().any(|c| phrase.est(k, *c))
                && !phrase.mot(k).starts_with("jury")
                && (k.min(i)..k.max(i) + 1).any(|j| {
                    phrase.mot(j) == "et"
                        || phrase.jetons[j].avant == Signe::Virgule
                        || phrase.mot(j).starts_with("compos")
                })
        })
}

/// A word of the lycée or of another life. Teachers before whom candidates go are not.
pub(super) fn is_elsewhere(phrase: &Phrase, i: usize) -> bool {
    let agent = phrase.mot(i).starts_with("professeur")
        || phrase.mot(i) == "proviseur"
        || phrase.mot(i).starts_with("enseignant")
        || phrase.mot(i) == "etudiant"
        || phrase.mot(i + 1).starts_with("ingenieur");
    let devant = agent
        && (i.saturating_sub(4)..i).any(|k| {
            matches!(
                phrase.mot(k),
                "par" | "devant" | "avec" | "deux" | "trois" | "un" | "une" | "oeil" | "yeux" | "regard"
            )
        });
    // « Nos enseignants reçoivent les candidats ».
    let notres = phrase.mot(i.wrapping_sub(1)) == "nos"
        || phrase.apres(i, 1, C::Formation)
        || phrase.mot(i.wrapping_sub(1)) == "d" && phrase.avant(i, 3, C::Commission);
    let recoivent = (i + 1..i + 7).any(|k| phrase.est(k, C::Recevoir) || phrase.est(k, C::Rencontre));
    let devant = devant || agent && (notres || recoivent && phrase.a(C::Candidat));
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
    // « La participation à la séance est obligatoire ».
    let prevue = [C::Seance, C::Entretien, C::Test].iter().any(|c| phrase.apres(i, 4, *c));
    if phrase.mot(i) == "participation" && prevue {
        return false;
    }
    // « Un ancien élève », « entretien : exposé du projet ».
    let ancien = phrase.mot(i).starts_with("eleve") && phrase.mot(i.wrapping_sub(1)).starts_with("ancien");
    let expose =
        phrase.mot(i) == "expose" && (phrase.a(C::Entretien) || phrase.a(C::Jury) || phrase.a(C::Heure));
    if ancien || expose {
        return false;
    }
    // « Le responsable de la licence ».
    if phrase.mot(i) == "licence" && phrase.avant(i, 3, C::Enseignant) {
        return false;
    }
    // « Un cadre de santé ».
    if phrase.mot(i) == "sante" && (i.saturating_sub(2)..i).any(|k| phrase.mot(k).starts_with("cadre")) {
        return false;
    }
    let prevu = phrase.mot(i) == "programme" && phrase.avant(i, 1, C::Auxiliaire);
    let vu = prevu || phrase.a(C::Surveille) && matches!(phrase.mot(i), "cours" | "participation");
    phrase.est(i, C::Ecole) && !(vu || national || une || devant || au_cours || au_lycee)
}
