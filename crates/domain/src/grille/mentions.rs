//! R-CGE-06: the examinations that a sentence speaks of, by their names: « oral », « essai », « questionnaire ».

use std::ops::Range;

use super::Partie;
use super::epreuves::{Sortes, are_applicants};
use super::faisceau;
use super::lexique::Classe as C;
use super::relecture::Passage;
use super::scenes;
use super::specialites::is_of_the_bac;
use super::tenue::is_not_held;
use super::texte::{Phrase, Signe};

/// The words of an examination in a sentence.
#[derive(Debug)]
pub(super) struct Mention {
    pub cite: Range<usize>,
    pub sortes: Sortes,
    /// No other reading: « oral », not « épreuve ».
    pub precise: bool,
    /// How much must be around it to be sure that something is announced.
    pub seuil: i32,
    /// What it may be instead, told as it is by what is done: a drawing may be a paper, a paper may be on line.
    pub sinon: Sortes,
}

impl Mention {
    pub fn new(cite: Range<usize>, sortes: Sortes, precise: bool, seuil: i32) -> Self {
        Self { cite, sortes, precise, seuil, sinon: Sortes::AUCUNE }
    }

    /// The same, which may be something else.
    pub fn or(self, sinon: Sortes) -> Self {
        Self { sinon, ..self }
    }

    /// It is enough to speak of what is set up with fewer precautions than to announce what is not.
    pub fn seuil_citee(&self) -> i32 {
        if self.precise { self.seuil.min(0) - 1 } else { self.seuil - 2 }
    }
}

/// Every mention of a sentence. Where an examination is named, vaguer words beside it are the same one.
pub(super) fn mentions(phrase: &Phrase, passage: &Passage, k: usize) -> Vec<Mention> {
    if phrase.partie == Partie::Intitule && is_after_admission(passage) {
        return Vec::new();
    }
    let mut sorties: Vec<Mention> = (0..phrase.len()).filter_map(|i| named(phrase, i)).collect();
    if is_national(phrase, passage) {
        sorties.retain(|m| m.sortes != Sortes::QUESTIONNAIRE);
    }
    // Under « Spécialité SVT », « l'épreuve » is that of the baccalauréat.
    let titre = |classe| passage.phrases.iter().any(|p| p.partie == Partie::Intitule && p.a(classe));
    sorties.retain(|m| {
        let epreuve = phrase.est(m.cite.start, C::EpreuveNom) || phrase.est(m.cite.start, C::EcritNom);
        !epreuve || !is_of_the_bac(phrase, m.cite.start)
    });
    if titre(C::Specialite) {
        sorties.retain(|m| m.precise || !phrase.est(m.cite.start, C::EpreuveNom));
    }
    // « Le jury y lit… » : a letter is read, nobody is met.
    // « Pas d'écrit : nous préférons vous rencontrer ».
    let propositions = phrase.propositions();
    let part = |i: usize| propositions.iter().position(|p| p.contains(&i));
    let niees: Vec<_> = sorties
        .iter()
        .filter(|m| m.precise && is_not_held(phrase, &m.cite, None))
        .map(|m| part(m.cite.start))
        .collect();
    let precises = sorties.iter().filter(|m| m.precise).count();
    let mut autres = Vec::new();
    if !titre(C::Lettre) || phrase.a(C::Heure) {
        if precises == 0 {
            sorties.extend(scenes::lived(phrase, passage, k));
        } else if precises == niees.len() {
            autres = scenes::lived(phrase, passage, k);
            autres.retain(|m| !niees.contains(&part(m.cite.start)) && !is_not_held(phrase, &m.cite, None));
        }
    }
    let nommees = sorties.iter().filter(|m| m.precise).fold(Sortes::AUCUNE, |tout, m| tout.ou(m.sortes));
    if !nommees.is_empty() {
        let autre = |m: &Mention| m.sortes.len() == 1 && m.sortes.et(nommees).is_empty();
        sorties.retain(|m| m.precise || phrase.est(m.cite.start, C::Situation) || autre(m));
    }
    sorties.retain(|m| m.sortes != Sortes::ORAL || !is_of_the_employer(phrase, &m.cite));
    // What the denial announces is what it denies, not what is told beside.
    sorties.extend(autres.into_iter().map(|m| Mention { precise: true, ..m }));
    if phrase.a(C::Questionnaire) {
        sorties.retain(|m| m.sortes == Sortes::QUESTIONNAIRE || m.precise && m.sortes.len() == 1);
    }
    sorties
}

/// « Test de positionnement | Les inscrits le passent à la rentrée » : the elements say that it is for those who are in.
fn is_after_admission(passage: &Passage) -> bool {
    let elements = || passage.phrases.iter().filter(|p| p.partie == Partie::Elements);
    let avant = |p: &Phrase| {
        p.a(C::Quand)
            || p.jetons.iter().any(|j| {
                ["candidat", "classement", "dossier", "departag"].iter().any(|m| j.mot.starts_with(m))
            })
    };
    let apres = |p: &Phrase| p.places(C::ApresAdmission).any(|i| !are_applicants(p, i));
    elements().any(apres) && !elements().any(avant)
}

/// The national self-assessment, whichever of the title and the elements says so.
fn is_national(phrase: &Phrase, passage: &Passage) -> bool {
    let ici = |p: &Phrase| p.a(C::Plateforme) && !p.a(C::ChezNous);
    match phrase.partie {
        Partie::Conseils => ici(phrase),
        _ => passage.phrases.iter().any(ici),
    }
}

/// « Le patron vous recevra en entretien », « après un entretien chez l'artisan » : whoever hires sees them, not the course.
pub(super) fn is_of_the_employer(phrase: &Phrase, cite: &Range<usize>) -> bool {
    let propositions = phrase.propositions();
    let sujet = |h: usize| {
        let debut = propositions.iter().find(|p| p.contains(&h)).map_or(0, |p| p.start);
        h < cite.start && h - debut <= 4
    };
    let hote = |h: usize| {
        let lie = (h.saturating_sub(4).max(cite.end)..h)
            .any(|k| matches!(phrase.mot(k), "avec" | "chez" | "par" | "aupres" | "face"));
        (sujet(h) || h >= cite.end && lie) && !phrase.avant(h, 4, C::Quete)
    };
    // « Par le CFA », « le responsable de la formation » : those of the course.
    let nous = ["cfa", "commission", "ecole", "jury", "nous"]
        .iter()
        .any(|m| phrase.jetons.iter().any(|j| j.mot == *m))
        && !phrase.jetons.windows(2).any(|f| f[0].mot == "non" || f[0].mot == "pas" && f[1].mot == "avec");
    phrase.places(C::Employeur).any(hote) && !nous
}

/// An examination by its name.
fn named(phrase: &Phrase, i: usize) -> Option<Mention> {
    asked(phrase, i)
        .or_else(|| talk(phrase, i))
        .or_else(|| spoken(phrase, i))
        .or_else(|| performed(phrase, i))
        .or_else(|| sat(phrase, i))
}

/// A questionnaire of the course.
fn asked(phrase: &Phrase, i: usize) -> Option<Mention> {
    // « À saisir dans le formulaire » : where a letter is typed.
    let ou = phrase.mot(i) == "formulaire"
        && (i.saturating_sub(4)..i).any(|k| matches!(phrase.mot(k), "dans" | "sur" | "via"))
        && (phrase.a(C::Lettre) || !phrase.a(C::Question) && phrase.a(C::Forme));
    let autre = phrase.apres(i, 2, C::AutreQuestionnaire) || phrase.a(C::National) || ou;
    // « Une fiche de renseignements en vingt questions ».
    let feuille = phrase.est(i, C::Feuille)
        && (i + 1..i + 6)
            .take_while(|k| phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien))
            .any(|k| phrase.mot(k) == "questions" && !phrase.apres(k, 2, C::Bulletin));
    ((phrase.est(i, C::Questionnaire) || feuille) && !autre)
        .then(|| Mention::new(i..i + 1, Sortes::QUESTIONNAIRE, true, 0))
}

/// An interview. With somebody who is not of the commission, it may be one of another life.
fn talk(phrase: &Phrase, i: usize) -> Option<Mention> {
    let mot = phrase.mot(i);
    let avec = mot.starts_with("entretien")
        && phrase.mot(i + 1) == "avec"
        && !phrase.apres(i, 6, C::Commission)
        && !phrase.apres(i, 6, C::Jury)
        && !(i + 2..i + 4).any(|k| phrase.mot(k).starts_with("candidat"))
        && !phrase.a(C::Heure)
        && !phrase.jetons.iter().any(|j| j.mot.starts_with("visio"))
        && faisceau::presence(phrase, i + 1) < 2;
    if avec {
        return Some(Mention::new(i..i + 1, Sortes::ORAL, false, 3));
    }
    let du_candidat = (i + 1..i + 7).any(|k| match phrase.mot(k) {
        "aupres" => true,
        "par" => phrase.mot(k + 2).starts_with("candidat"),
        _ => false,
    });
    let menes = mot == "entretiens" && phrase.mot(i + 1).starts_with("mene") && phrase.mot(i + 2) == "avec";
    let menee = menes
        || du_candidat
        || mot.starts_with("interview") && matches!(phrase.mot(i + 1), "d" | "de" | "du");
    (phrase.est(i, C::Entretien) && is_talk(phrase, i) && !menee)
        .then(|| Mention::new(i..i + 1, Sortes::ORAL, true, 0))
}

/// Before a jury, by word of mouth.
fn spoken(phrase: &Phrase, i: usize) -> Option<Mention> {
    let support = |n: usize| {
        (i.saturating_sub(n)..i).rev().find(|k| {
            [C::EpreuveNom, C::Test, C::Concours, C::Copie, C::Jury].iter().any(|c| phrase.est(*k, *c))
                || is_spoken_form(phrase.mot(*k))
        })
    };
    if phrase.est(i, C::Jury) && phrase.avant(i, 3, C::Devant) {
        let scene = phrase.a(C::Geste) || phrase.a(C::Pratique);
        let sortes = if scene { Sortes::ORAL.ou(Sortes::PRATIQUE) } else { Sortes::ORAL };
        return Some(Mention::new(i..i + 1, sortes, true, 0));
    }
    // « Test oral d'anglais » : the word that it goes with names it.
    let de_l_annee = |k: usize| phrase.mot(k) == "interrogations" && phrase.a(C::Bulletin);
    if let Some(k) = support(1).filter(|k| phrase.est(i, C::OralAdj) && !de_l_annee(*k)) {
        return Some(Mention::new(k..i + 1, Sortes::ORAL, true, 0));
    }
    if is_oral_noun(phrase, i) || phrase.est(i, C::Soutenance) {
        // « Un oral » is held, « l'oral » may be a skill.
        let un = i32::from(phrase.mot(i.wrapping_sub(1)) != "un");
        return Some(Mention::new(i..i + 1, Sortes::ORAL, true, un));
    }
    if phrase.est(i, C::OralNom) && is_said_aloud(phrase, i) {
        return Some(Mention::new(i..i + 1, Sortes::ORAL, false, 3));
    }
    if phrase.est(i, C::OralAdj) {
        return support(5).filter(|k| !de_l_annee(*k)).map(|k| Mention::new(k..i + 1, Sortes::ORAL, true, 0));
    }
    None
}

/// With the hands, the body, on a stage.
fn performed(phrase: &Phrase, i: usize) -> Option<Mention> {
    let vive = Sortes::ORAL.ou(Sortes::PRATIQUE);
    if phrase.est(i, C::Audition) {
        return Some(Mention::new(i..i + 1, vive, true, 1));
    }
    if phrase.mot(i).starts_with("prestation") && phrase.est(i, C::Pratique) {
        return Some(Mention::new(i..i + 1, vive, false, 1));
    }
    if phrase.est(i, C::Situation) {
        return Some(Mention::new(i..i + 1, vive.ou(Sortes::ECRIT), false, 1));
    }
    // « Cinéma d'art et essai ».
    if phrase.mot(i).starts_with("essai")
        && (i.saturating_sub(3)..i).any(|k| phrase.mot(k).starts_with("art"))
    {
        return None;
    }
    // « Un essai de 300 mots » is written.
    let redige = phrase.avant(i, 3, C::Copie) || phrase.apres(i, 4, C::Signes);
    let essai = phrase.mot(i).starts_with("essai")
        || phrase.est(i, C::EpreuveNom)
        || phrase.est(i + 1, C::PratiqueAdj);
    (phrase.est(i, C::Pratique) && !redige).then(|| Mention::new(i..i + 1, Sortes::PRATIQUE, essai, 1))
}

/// A paper, a test, a competitive examination.
fn sat(phrase: &Phrase, i: usize) -> Option<Mention> {
    let epreuve = phrase.est(i, C::EpreuveNom) && is_ours(phrase, i);
    if phrase.est(i, C::Test) || epreuve || phrase.est(i, C::Concours) {
        let (sortes, sinon) = kinds(phrase, i);
        let precise = sortes.len() == 1;
        let seuil = match phrase.est(i, C::Concours) {
            _ if phrase.est(i, C::Test) && (precise || !phrase.mot(i).ends_with('s')) => 0,
            true if phrase.avant(i, 2, C::Note) => 0,
            true if !precise && !matches!(phrase.mot(i.wrapping_sub(1)), "par" | "sur") => 2,
            false if precise && is_adjectived(phrase, i) && !phrase.a(C::Bulletin) => 0,
            _ => 1,
        };
        // « Épreuve orale » is told by « orale » itself.
        return (sortes != Sortes::ORAL).then(|| Mention::new(i..i + 1, sortes, precise, seuil).or(sinon));
    }
    let nie = phrase.est(i, C::Copie) && i > 0 && matches!(phrase.mot(i - 1), "aucun" | "aucune" | "ni");
    if nie {
        return Some(Mention::new(i..i + 1, Sortes::ECRIT, false, 0));
    }
    let devoir = phrase.est(i, C::EcritAdj) && i > 0 && phrase.est(i - 1, C::Devoir);
    if devoir && scenes::is_timed(phrase) {
        return Some(Mention::new(i - 1..i + 1, Sortes::ECRIT, true, 1));
    }
    // « Les écrits de spécialité », « l'écrit du bac ».
    let du_bac = phrase.apres(i, 7, C::Specialite)
        || phrase.apres(i, 3, C::Bac)
        || phrase.apres(i, 2, C::Session) && !scenes::lasts(phrase);
    (phrase.est(i, C::EcritNom) && is_paper(phrase, i) && !du_bac).then(|| {
        Mention::new(i..i + 1, Sortes::ECRIT, true, i32::from(phrase.mot(i.wrapping_sub(1)) != "un"))
    })
}

/// What an examination without a name of its own is made of, by its adjective; else by what is done in it, and then it may be
/// another one that is set up.
fn kinds(phrase: &Phrase, i: usize) -> (Sortes, Sortes) {
    let pres = |classe, avant, apres| phrase.autour(i, avant, apres, classe);
    let pratique = |n: usize| {
        (i + 1..=i + n)
            .take_while(|k| phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien))
            .any(|k| phrase.est(k, C::PratiqueAdj))
    };
    let ecrit = phrase.apres(i, 4, C::EcritAdj);
    let (exact, sans) = (Sortes::AUCUNE, Sortes::ECRIT.ou(Sortes::PRATIQUE).ou(Sortes::EN_LIGNE));
    let geste = phrase.apres(i, 4, C::Geste) && !pres(C::Copie, 6, 8);
    // « Annales du concours sur notre site » : what the site is read for.
    let site = phrase.a(C::Renseigne)
        && (i + 1..i + 10)
            .any(|k| phrase.est(k, C::EnLigne) && phrase.mot(k) == "sur" && phrase.mot(k + 2) == "site");
    if pres(C::EnLigne, 6, 9) && !site {
        (Sortes::EN_LIGNE, exact)
    } else if pratique(1) {
        (Sortes::PRATIQUE, exact)
    } else if phrase.apres(i, 4, C::OralAdj) && !ecrit {
        (Sortes::ORAL, exact)
    } else if ecrit {
        (Sortes::ECRIT, exact)
    } else if !geste && (phrase.apres(i, 9, C::Heure) || pres(C::Copie, 6, 8) || pres(C::Salle, 3, 12)) {
        (Sortes::ECRIT, sans)
    } else if geste || pratique(2) || pres(C::Geste, 2, 12) {
        (Sortes::PRATIQUE, sans)
    } else if phrase.est(i, C::Test) {
        (sans, exact)
    } else {
        (Sortes::EPREUVES, exact)
    }
}

/// « Présentation orale », « interrogation orale ».
fn is_spoken_form(mot: &str) -> bool {
    ["commission", "presentation", "interrogation", "prestation", "soutenance", "selection", "passage"]
        .iter()
        .any(|m| mot.starts_with(m))
}

/// An examination of the course: neither a speciality nor French, nor a hardship.
fn is_ours(phrase: &Phrase, i: usize) -> bool {
    let definie = phrase.mot(i.wrapping_sub(1)) == "l" && !scenes::is_timed(phrase);
    let autre = phrase.apres(i, 5, C::Specialite)
        || definie && phrase.apres(i, 2, C::Propre)
        || phrase.avant(i, 9, C::Specialite)
        || phrase.apres(i, 6, C::Propre) && phrase.a(C::Composante)
        || phrase.apres(i, 4, C::Finale)
        || phrase.apres(i, 4, C::Bac)
        || phrase.avant(i, 9, C::Bac) && phrase.apres(i, 3, C::Discipline)
        || phrase.mot(i + 1) == "de" && phrase.mot(i + 2) == "controle"
        || phrase.apres(i, 2, C::Blanc) && !phrase.apres(i, 4, C::Etape) && !phrase.a(C::Heure)
        || phrase.mot(i).starts_with("examen") && !phrase.est(i, C::Test) && !is_adjectived(phrase, i)
        || matches!(phrase.mot(i + 1), "de" | "du") && phrase.apres(i, 4, C::Fin);
    !autre
}

/// « Examen écrit » : one that is sat, not that of the records.
fn is_adjectived(phrase: &Phrase, i: usize) -> bool {
    const SORTES: [C; 4] = [C::EcritAdj, C::OralAdj, C::PratiqueAdj, C::EnLigne];
    SORTES.iter().any(|c| phrase.est(i + 1, *c)) && phrase.jetons[i + 1].avant == Signe::Rien
}

/// « Oral » as a noun: an examination, not a manner of speaking.
fn is_oral_noun(phrase: &Phrase, i: usize) -> bool {
    if !phrase.est(i, C::OralNom) {
        return false;
    }
    let avant = phrase.mot(i.wrapping_sub(1));
    let a_l = avant == "l" && phrase.mot(i.wrapping_sub(2)) == "a";
    if a_l {
        let venir = (i.saturating_sub(5)..i).any(|k| matches!(phrase.mot(k), "sera" | "seront" | "serez"));
        return venir
            || phrase.avant(i, 6, C::Appel)
            || phrase.mot(i + 1) == "d"
            || is_of_a_contest(phrase, i)
            || phrase.avant(i, 5, C::Question);
    }
    i == 0
        || phrase.est(i - 1, C::Article)
        || matches!(phrase.mot(i + 1), "de" | "d" | "du" | "devant" | "avec")
        || phrase.jetons[i].avant == Signe::Virgule
            && phrase.mot(i + 1).starts_with(|c: char| c.is_ascii_digit())
        || phrase.est(i - 1, C::Etape)
}

/// « À l'écrit du concours », « les épreuves du concours…, à l'écrit comme à l'oral ».
fn is_of_a_contest(phrase: &Phrase, i: usize) -> bool {
    let du_concours = phrase.mot(i + 1) == "du" && phrase.est(i + 2, C::Concours);
    du_concours || phrase.avant(i, 14, C::EpreuveNom) && phrase.avant(i, 14, C::Concours)
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
    let suit = phrase.jetons.get(i + 1).is_some_and(|j| j.avant == Signe::Rien);
    // « L'entretien a lieu dans nos locaux » is no care of them.
    let soin =
        phrase.est(i + 1, C::Soin) || matches!(phrase.mot(i + 1), "d" | "de" | "du" | "des" | "et" | "ou");
    if suit && soin && phrase.apres(i, 5, C::Soin) && !phrase.apres(i, 5, C::Selection) {
        return false;
    }
    let de = matches!(phrase.mot(i + 1), "d" | "de" | "du" | "des") && phrase.mot(i + 2) != "apres";
    !de || phrase.apres(i, 3, C::Propos) || phrase.mot(i + 2).starts_with(|c: char| c.is_ascii_digit())
}

/// « Écrit » as a noun: a paper that one sits, not a manner of writing.
fn is_paper(phrase: &Phrase, i: usize) -> bool {
    let avant = phrase.mot(i.wrapping_sub(1));
    let a_l = avant == "l" && phrase.mot(i.wrapping_sub(2)) == "a";
    if a_l {
        return phrase.avant(i, 6, C::Appel) || is_of_a_contest(phrase, i);
    }
    let suite = phrase.mot(i + 1);
    // « Écrit d'invention », « d'appropriation » : exercises of the lycée.
    if suite == "d" && ["invention", "appropriation", "imagination"].contains(&phrase.mot(i + 2)) {
        return false;
    }
    let adjectif =
        ["scolaire", "professionnel", "personnel", "universitaire"].iter().any(|m| suite.starts_with(m));
    // « Inscription aux écrits ».
    let aux = avant == "aux" && phrase.avant(i, 3, C::Appel);
    let article =
        aux || i > 0 && phrase.est(i - 1, C::Article) && !matches!(avant, "et" | "ou" | "plus" | "en");
    !adjectif
        && (article
            || i == 0 && !matches!(suite, "par" | "en" | "avec")
            || matches!(suite, "de" | "d" | "du") && avant != "par")
}
