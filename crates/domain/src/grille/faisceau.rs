//! R-CGE-06: candidates seen by the course, whatever it calls it. No word tells it alone: a sentence that says by whom, where,
//! for how long, on which day or in what manner somebody is looked at speaks of an examination, unless it speaks of the lycée,
//! of studies or of another life.

use std::ops::Range;

use super::Partie;
use super::epreuves::{Sortes, are_applicants, is_elsewhere, is_of_the_panel, is_of_the_studies};
use super::lexique::Classe as C;
use super::mentions::is_of_the_employer;
use super::polarite::is_infinitive;
use super::relecture::Passage;
use super::scenes::{is_dated, lasts};
use super::texte::{Phrase, Signe};

/// How many clues say that an examination that is not set up is announced.
pub(super) const ANNONCE: u32 = 3;
/// How many are enough to speak of one that is set up: a criterion seldom speaks of an examination that is not.
pub(super) fn rappel(passage: &Passage, phrase: &Phrase) -> u32 {
    // « Sens du collectif » : a title names skills.
    if matches!(passage.champ, 0 | 5) || phrase.partie == Partie::Intitule { 2 } else { 1 }
}

/// What a sentence tells of an examination that it does not name.
pub(super) struct Faisceau {
    pub cite: Range<usize>,
    pub sortes: Sortes,
    pub indices: u32,
    /// Somebody, a place or a length: whatever it seems to be, it may be another examination.
    pub souple: bool,
    /// The same, for what is set up: a length says much.
    pub rappel: u32,
    /// It says what is done, and by whom, where or for how long: enough to announce something.
    pub complet: bool,
}

/// The clues of a sentence; none when it speaks of something else.
pub(super) fn clues(phrase: &Phrase, passage: &Passage) -> Option<Faisceau> {
    let agent = (0..phrase.len()).map(|i| presence(phrase, i)).max().unwrap_or(0);
    let vive = phrase.places(C::EnPresence).next();
    // « Questionné par le binôme » : it is done in front of somebody.
    let agent = if agent == 1 && vive.is_some() { 2 } else { agent };
    let lettre = passage.phrases.iter().any(|p| p.a(C::Lettre)) && !phrase.a(C::Heure);
    let embauche = [C::Recevoir, C::Rencontre, C::Entretien]
        .iter()
        .flat_map(|c| phrase.places(*c))
        .any(|i| is_of_the_employer(phrase, &(i..i + 1)));
    if lettre || embauche || speaks_of_another_life(phrase, agent >= 2) {
        return None;
    }
    // « La coordonnatrice téléphone à chaque candidat ».
    let contact = [C::Rencontre, C::Recevoir].iter().flat_map(|c| phrase.places(*c)).find(|i| {
        let eux = [C::Equipe, C::Enseignant, C::Evaluateur].iter().any(|c| phrase.avant(*i, 5, *c));
        let personne = phrase.places(C::Personne).any(|p| p < *i);
        let vous =
            !personne && phrase.mot(i.wrapping_sub(1)) == "vous" && !phrase.mot(*i).starts_with("recev");
        eux && (vous
            || (i + 1..i + 5).any(|k| phrase.mot(k).starts_with("candidat") || phrase.mot(k) == "chacun"))
    });
    // « Une rencontre individuelle est fixée ».
    let devant = (0..phrase.len())
        .any(|i| matches!(phrase.mot(i), "devant" | "face") && presence(phrase, i) == 2)
        && !phrase.a(C::Candidature);
    let a_part = phrase.places(C::Rencontre).any(|i| phrase.mot(i + 1).starts_with("individuel"));
    let fait = set_to_work(phrase);
    let agent =
        if a_part || fait.is_some() || contact.is_some() || phrase.a(C::Surveille) { 2 } else { agent };
    // « Réponses aux questions de la section ».
    let lieu = phrase.a(C::ChezNous) || phrase.a(C::Question) && phrase.a(C::Formation);
    let duree = lasts(phrase) && phrase.places(C::Heure).any(|i| phrase.mot(i) != "temps");
    let limite = phrase.a(C::Minute);
    let date = phrase.a(C::Quand) || is_dated(phrase);
    let maniere = phrase.places(C::Maniere).next();
    let moment = phrase.places(C::Moment).next();
    let tache = [C::Tache, C::Geste, C::Copie].iter().find_map(|c| phrase.places(*c).next());
    let acte = phrase
        .places(C::Presenter)
        .find(|i| phrase.avant(*i, 6, C::Candidat))
        .or(vive)
        .or(contact)
        .or_else(|| coming(phrase))
        .or(fait);
    let regarde = phrase.places(C::Regarde).next();
    let titre = || passage.phrases.iter().any(|p| p.partie == Partie::Intitule && p.a(C::Geste));
    let compte = tache.or(moment).is_some_and(|t| {
        phrase.avant(t, 2, C::Nombre)
            || is_a_number(phrase.mot(t.wrapping_sub(1)))
            || phrase.mot(t) == "reponses"
                && matches!(phrase.mot(t.wrapping_sub(1)), "vos" | "ses" | "leurs" | "les")
    });
    // « De vive voix », « en tête à tête » tell it all.
    let vive_voix = maniere.is_some_and(|m| phrase.est(m, C::Rencontre) || phrase.est(m + 1, C::Rencontre));
    // « Lors d'un rendez-vous ».
    let lors = moment.is_some_and(|m| {
        (phrase.est(m, C::Rencontre) || vive.is_some())
            && (m.saturating_sub(3)..m)
                .any(|k| matches!(phrase.mot(k), "lors" | "cours" | "occasion" | "pendant"))
    });
    // « Dissertation », alone in the title.
    let seul = phrase.partie == Partie::Intitule
        && phrase.len() <= 2
        && matches!(phrase.mot(0), "atelier" | "composition" | "dictee" | "dissertation")
        && passage.phrases.get(1).is_none_or(|p| !speaks_of_another_life(p, false));
    let gestes = passage.champ < 4 && phrase.places(C::Geste).nth(1).is_some();
    let enjeu = phrase.a(C::Enjeu) && (agent > 0 || duree || lieu || maniere.is_some());
    let forts = [moment, tache, acte].into_iter().flatten().next();
    let cite = forts
        .or(regarde)
        .or(maniere)
        .or_else(|| phrase.places(C::Examinateur).next())
        .or_else(|| phrase.places(C::Geste).next())
        .unwrap_or(0);
    let cadres = [
        lieu,
        duree,
        date,
        limite,
        maniere.is_some(),
        phrase.a(C::EnLigne),
        enjeu,
        compte,
        vive_voix,
        seul,
        lors,
        gestes,
        devant,
    ];
    let quoi = [moment.is_some(), tache.is_some() || titre(), acte.is_some() || regarde.is_some()];
    let indices = agent + cadres.iter().chain(&quoi).map(|c| u32::from(*c)).sum::<u32>();
    let vise = passage.champ > 0
        || a_part
        || phrase.a(C::Candidat)
        || phrase.mot(0).ends_with("ez")
        || phrase.jetons.iter().any(|j| matches!(j.mot.as_str(), "votre" | "vos"))
        || phrase.jetons.windows(2).any(|f| f[0].mot == "chaque" && f[1].mot == "dossier");
    if agent < 2 && !cadres.contains(&true) || !vise {
        return None;
    }
    let habilete = phrase.a(C::Competence) && agent == 0 && !lieu && !duree;
    let etape = phrase.a(C::Quand) && moment.is_some() && acte.is_some();
    let cadre = agent >= 2 || lieu || duree || etape || limite && !habilete;
    let neutre = regarde.is_some() && (lieu || duree || agent >= 2 && (date || maniere.is_some()));
    // « Numérique », « en ligne » are not examinations by themselves.
    let ecran_seul = u32::from(phrase.a(C::EnLigne) && indices == 1);
    // The hobbies of field 5 have their juries, their places and their days.
    let exige = if passage.champ == 5 { 2 } else { 0 };
    Some(Faisceau {
        cite: cite..cite + 1,
        sortes: kinds(phrase),
        indices: indices.saturating_sub(exige),
        rappel: (indices + u32::from(duree && passage.champ > 0)).saturating_sub(exige + ecran_seul),
        souple: agent >= 2 || duree || lieu,
        complet: forts.is_some() && cadre
            || neutre
            // « Quinze minutes avec deux enseignants ».
            || agent >= 2 && duree && phrase.places(C::Heure).any(|i| phrase.mot(i).starts_with("minute"))
            || regarde.is_some() && phrase.a(C::Examinateur)
            || devant,
    })
}

/// « Les candidats retenus sont attendus à l'école » : they come, and not to sign in.
fn coming(phrase: &Phrase) -> Option<usize> {
    let inscription = phrase.jetons.iter().any(|j| j.mot.starts_with("inscri") || j.mot.starts_with("visit"));
    let venus = |i: &usize| {
        let avant = i.saturating_sub(9)..*i;
        avant
            .into_iter()
            .any(|k| ["admissible", "candidat", "vous"].iter().any(|m| phrase.mot(k).starts_with(m)))
    };
    phrase.places(C::Vient).find(venus).filter(|_| !inscription)
}

/// « On fait réaliser un assemblage à chaque candidat ».
fn set_to_work(phrase: &Phrase) -> Option<usize> {
    let aux_candidats = |i: usize| {
        (i + 1..i + 8).any(|k| {
            matches!(phrase.mot(k), "a" | "aux")
                && (k + 1..k + 3).any(|j| phrase.mot(j).starts_with("candidat"))
        })
    };
    (0..phrase.len()).find(|i| {
        let fait = matches!(phrase.mot(*i), "faisons" | "fait" | "fera" | "ferons" | "font");
        fait && is_infinitive(phrase.mot(i + 1)) && aux_candidats(i + 1)
    })
}

fn is_a_number(mot: &str) -> bool {
    mot.starts_with(|c: char| c.is_ascii_digit())
}

/// Which examination the clues may be of.
fn kinds(phrase: &Phrase) -> Sortes {
    let questions = phrase.a(C::Question) || phrase.a(C::Questionnaire) || phrase.a(C::Tache);
    let ecrit = phrase.a(C::Copie) || phrase.a(C::Composer) || phrase.a(C::EcritAdj);
    let geste = phrase.a(C::Geste) || phrase.a(C::Pratique);
    let parle = [C::Rencontre, C::Presenter, C::Recevoir, C::Jury].iter().any(|c| phrase.a(*c));
    if phrase.a(C::EnLigne) {
        if phrase.a(C::Copie) { Sortes::EN_LIGNE.ou(Sortes::ECRIT) } else { Sortes::EN_LIGNE }
    } else if geste && parle && !ecrit {
        Sortes::PRATIQUE.ou(Sortes::ORAL)
    } else if geste && !phrase.a(C::EcritAdj) {
        if ecrit { Sortes::PRATIQUE.ou(Sortes::ECRIT) } else { Sortes::PRATIQUE }
    } else if parle && !ecrit {
        Sortes::ORAL
    } else if ecrit && !parle {
        Sortes::ECRIT
    } else if questions {
        Sortes::QUESTIONNAIRE.ou(Sortes::ECRIT).ou(Sortes::EN_LIGNE).ou(Sortes::ORAL)
    } else {
        Sortes::EPREUVES
    }
}

/// The lycée, the course of study, the reading of records, a job, a hobby. `agent`: somebody of the course is there.
fn speaks_of_another_life(phrase: &Phrase, agent: bool) -> bool {
    const AUTRES: &[C] = &[C::Lycee, C::National, C::DossierLu, C::Specialite, C::Informe];
    let avant = |i: usize| phrase.mot(i.wrapping_sub(1));
    // « Un cadre de santé », « exposé par le candidat », « au lycée, avec deux enseignants ».
    let vu = |i: usize| {
        phrase.mot(i) == "sante"
            || phrase.mot(i).starts_with("programme")
                && (i.saturating_sub(2)..i).any(|k| matches!(phrase.mot(k), "sur" | "un" | "petit"))
            || phrase.mot(i).starts_with("expose") && phrase.mot(i) != "exposes"
            || agent && phrase.mot(i) == "lycee" && avant(i) == "au"
            || presence(phrase, i) > 0
            || agent && phrase.est(i, C::Enseignant)
    };
    // « Deux professeurs de la classe ».
    // « Relevés par le moniteur ».
    let bulletin = |i: usize| {
        phrase.est(i, C::Bulletin)
            && !(agent && phrase.mot(i) == "classe")
            && !(phrase.mot(i).starts_with("releve") && phrase.mot(i + 1) == "par")
    };
    let salle = |i: usize| phrase.mot(i.wrapping_sub(2)) == "salle";
    let enquete = phrase.a(C::AutreQuestionnaire) && (phrase.a(C::Questionnaire) || phrase.a(C::Question));
    // « Travaux à plusieurs, d'après l'équipe » : somebody tells of it.
    let source = !agent && phrase.a(C::Source);
    enquete
        || source
        || AUTRES.iter().any(|c| phrase.a(*c))
        || phrase.places(C::Bulletin).any(bulletin)
        || (0..phrase.len()).any(|i| is_of_the_studies(phrase, i) && !salle(i) && !are_applicants(phrase, i))
        || phrase.places(C::AutreVie).any(|i| {
            !(agent && (phrase.est(i, C::Evaluateur) || phrase.est(i, C::Profession)))
                && !is_of_the_panel(phrase, i)
        })
        || phrase.places(C::Ecole).any(|i| is_elsewhere(phrase, i) && !vu(i))
}

/// « Avec la responsable », and nothing after that makes her somebody else's.
fn is_the_head(phrase: &Phrase, k: usize) -> bool {
    let chef = ["coord", "direct", "responsable"].iter().any(|m| phrase.mot(k).starts_with(m));
    chef && phrase.jetons.get(k + 1).is_none_or(|j| j.avant != Signe::Rien || j.est(C::Auxiliaire))
}

/// Before whom: « devant deux enseignants », « au jury », those of the course (2); « par une enseignante », who may read a record,
/// « avec un artisan », who may be met elsewhere (1); « par ses professeurs », those of the lycée (0).
pub(super) fn presence(phrase: &Phrase, i: usize) -> u32 {
    if phrase.est(i, C::Examinateur) || phrase.est(i, C::Jury) && phrase.apres(i, 6, C::PoseQuestion) {
        return 2;
    }
    let force = match phrase.mot(i) {
        "par" => 1,
        "avec" | "devant" | "face" if phrase.mot(i + 1) == "nous" => return 2,
        "devant" | "avec" | "face" | "entre" | "autour" | "presence" => 2,
        // « Exposé au jury », not « permet au jury de… ».
        "au" => {
            let vive = phrase.avant(i, 3, C::EnPresence) || phrase.avant(i, 3, C::Moment);
            return if phrase.est(i + 1, C::Jury) && vive { 2 } else { 0 };
        }
        _ => return 0,
    };
    let suite = (i + 1..i + 5).take_while(|k| phrase.jetons.get(*k).is_some_and(|j| j.avant == Signe::Rien));
    for k in suite {
        if phrase.est(k, C::Evaluateur) {
            // « Apprécié par le jury » : it reads records too.
            return if phrase.est(k, C::Jury) && force == 1 { 0 } else { 2 };
        }
        if phrase.est(k, C::Profession) {
            return if matches!(phrase.mot(i), "devant" | "face") { 2 } else { 1 };
        }
        if matches!(phrase.mot(k), "commission" | "direction" | "equipe") && force == 2 {
            return 2;
        }
        let compte = matches!(phrase.mot(k - 1), "un" | "une" | "nos" | "notre" | "plusieurs" | "des")
            || phrase.est(k - 1, C::Nombre)
            || is_a_number(phrase.mot(k - 1))
            || matches!(phrase.mot(k.wrapping_sub(2)), "groupe" | "binome" | "trio" | "panel" | "collegue");
        let defini = matches!(phrase.mot(k - 1), "le" | "la" | "l" | "les")
            && (phrase.a(C::ChezNous) || phrase.est(k + 1, C::Formation) || is_the_head(phrase, k));
        if phrase.est(k, C::Enseignant) && (compte || defini) && !phrase.mot(k + 1).starts_with("princip") {
            return force;
        }
    }
    0
}
