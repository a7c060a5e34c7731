//! R-CGE-06: an examination without its name, by what the candidates go through: they are met, called, asked, timed, watched.

use super::Partie;
use super::epreuves::{Sortes, are_applicants};
use super::lexique::Classe as C;
use super::mentions::Mention;
use super::polarite::is_infinitive;
use super::relecture::Passage;
use super::texte::{Phrase, Signe};

/// Every scene of a sentence.
pub(super) fn lived(phrase: &Phrase, passage: &Passage, k: usize) -> Vec<Mention> {
    let enjeu = phrase.a(C::Enjeu)
        || phrase.partie == Partie::Intitule && passage.phrases.get(k + 1).is_some_and(|p| p.a(C::Enjeu));
    let scene = Scene { phrase, instant: is_timed(phrase), enjeu };
    (0..phrase.len())
        .filter_map(|i| {
            scene
                .received(i)
                .or_else(|| scene.written(i))
                .or_else(|| scene.judged(i))
                .or_else(|| scene.told(i))
                .or_else(|| scene.presented(i))
                .or_else(|| scene.asked(i))
                .or_else(|| scene.met(i))
                .or_else(|| scene.watched(i))
                .or_else(|| scene.done(i))
                .or_else(|| scene.connected(i))
                .or_else(|| scene.answered(i))
                .or_else(|| scene.nobody(i))
                .or_else(|| scene.called(i))
        })
        .collect()
}

/// Whether a sentence sets a time, a place or a call: an appointment, not a habit nor a length of studies.
pub(super) fn is_timed(phrase: &Phrase) -> bool {
    lasts(phrase)
        || phrase.a(C::Salle)
        || phrase.a(C::Rendezvous)
        || is_dated(phrase)
        || (0..phrase.len()).any(|i| is_a_step(phrase, i))
}

/// A length of time that is not a habit.
pub(super) fn lasts(phrase: &Phrase) -> bool {
    // « Rendus à l'heure ».
    let a_l = |i: usize| i > 1 && phrase.mot(i - 1) == "l" && phrase.mot(i - 2) == "a";
    phrase.places(C::Heure).any(|i| !phrase.apres(i, 3, C::Habitude) && !a_l(i))
}

/// A day, a month.
pub(super) fn is_dated(phrase: &Phrase) -> bool {
    (0..phrase.len()).any(|i| {
        let date = phrase.mot(i).starts_with(|c: char| c.is_ascii_digit())
            || matches!(phrase.mot(i), "courant" | "debut" | "en" | "fin" | "mi");
        date && phrase.est(i + 1, C::Mois) || phrase.est(i, C::Jour)
    })
}

/// « La journée de sélection », « le jour de l'épreuve ».
fn is_a_step(phrase: &Phrase, i: usize) -> bool {
    let jour = matches!(phrase.mot(i), "jour" | "jours")
        || phrase.mot(i).starts_with("journee")
        || phrase.est(i, C::Seance);
    jour && matches!(phrase.mot(i + 1), "d" | "de" | "des" | "du") && phrase.apres(i + 1, 2, C::Etape)
}

/// A sentence, and what it tells of the moment that it speaks of.
struct Scene<'a> {
    phrase: &'a Phrase,
    /// It is set in time and place.
    instant: bool,
    /// It decides something.
    enjeu: bool,
}

impl Scene<'_> {
    /// Whether the candidates are among the `n` words before a place.
    fn vise(&self, i: usize, n: usize) -> bool {
        self.phrase.avant(i, n, C::Candidat)
            || (i.saturating_sub(n)..i).any(|k| are_applicants(self.phrase, k))
    }

    /// « Vous serez reçus », « le jury rencontre les candidats ».
    fn received(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        if !phrase.est(i, C::Recevoir) {
            return None;
        }
        // « Reçu par l'employeur ».
        let ailleurs = (i + 1..i + 5).any(|k| phrase.mot(k) == "par" && phrase.apres(k, 3, C::Hote));
        // « Le secrétariat vous recevra pour toute question ».
        let hote = (i.saturating_sub(4)..i)
            .any(|k| matches!(phrase.mot(k), "accueil" | "bureau" | "cio" | "scolarite" | "secretariat"))
            && self.vise(i, 1);
        if ailleurs || hote {
            return None;
        }
        let passif = phrase.avant(i, 3, C::Auxiliaire) && self.vise(i, 14);
        let agent = (i + 1..i + 7).any(|k| {
            matches!(phrase.mot(k), "par" | "devant")
                || phrase.est(k, C::Jury)
                || phrase.mot(k).starts_with("minute")
        });
        let loin = if is_infinitive(phrase.mot(i)) { 7 } else { 5 };
        if phrase.mot(i).starts_with("accueill") && phrase.a(C::Informe) {
            return None;
        }
        // « Le jury, composé de deux enseignants, entend chaque candidat ».
        let apres_incise = phrase.jetons[i].avant == Signe::Virgule && phrase.est(1, C::Equipe);
        let equipe = apres_incise || phrase.avant(i, loin, C::Equipe) || phrase.avant(i, 4, C::Personnel);
        let actif = equipe && (phrase.apres(i, 4, C::Candidat) || self.vise(i, 1)) && phrase.mot(i) != "recu"
            || self.vise(i, 1) && phrase.mot(i - 1) == "vous" && !phrase.mot(i).ends_with("ez");
        // « Avant d'avoir entendu le candidat ».
        let avoir = i > 0 && phrase.mot(i - 1) == "avoir" && phrase.apres(i, 3, C::Candidat);
        // « Les candidats rencontrent deux formateurs », « préparez-vous à rencontrer… ».
        let hotes =
            [C::Equipe, C::Personnel, C::Evaluateur, C::Commission].iter().any(|c| phrase.apres(i, 6, *c));
        let croise = phrase.mot(i).starts_with("rencontr")
            && self.vise(i, 4)
            && !phrase.a(C::Informe)
            && (phrase.a(C::Enjeu) || hotes);
        let convoque = phrase.mot(i).starts_with("convo");
        let passif = passif || convoque && i > 0 && phrase.mot(i - 1).starts_with("candidat");
        let sortes = if convoque { Sortes::EPREUVES } else { Sortes::ORAL };
        (passif || actif || avoir || croise || agent && (phrase.a(C::Candidat) || i == 0))
            .then(|| Mention::new(i..i + 1, sortes, false, 1))
    }

    /// « Un sujet de quatre heures », « les candidats composent en salle ».
    fn written(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        // Several papers are those of the year.
        let de_l_annee = matches!(phrase.mot(i), "devoirs" | "controles" | "interrogations");
        if de_l_annee && (!phrase.a(C::ChezNous) || phrase.a(C::Ecole)) {
            return None;
        }
        let devoir = phrase.mot(i) == "devoir" && phrase.apres(i, 4, C::Heure);
        if (devoir || phrase.est(i, C::Copie)) && self.instant && !phrase.a(C::Lettre) {
            // « Exercice de dessin » may be either.
            let geste = phrase.autour(i, 0, 4, C::Geste);
            let sortes = if geste { Sortes::ECRIT.ou(Sortes::PRATIQUE) } else { Sortes::ECRIT };
            let parle = if phrase.a(C::Presenter) { Sortes::ORAL } else { Sortes::AUCUNE };
            let ailleurs = Sortes::PRATIQUE.ou(Sortes::EN_LIGNE).ou(parle);
            return Some(Mention::new(i..i + 1, sortes, false, 1).or(ailleurs));
        }
        // « Une dissertation départage les candidats » : one paper, and something that depends on it.
        let seule = ["composition", "dictee", "dissertation", "etude", "redaction"];
        let une = match phrase.mot(i.wrapping_sub(1)) {
            "une" => true,
            "l" | "la" => !matches!(phrase.mot(i), "composition" | "redaction"),
            _ => false,
        };
        let annonce = phrase.est(i, C::Copie) && une && seule.iter().any(|m| phrase.mot(i).starts_with(m));
        if annonce && self.is_announced() {
            return Some(Mention::new(i..i + 1, Sortes::ECRIT, false, 1).or(Sortes::EN_LIGNE));
        }
        let planche = ["planch", "compos"].iter().any(|m| phrase.mot(i).starts_with(m));
        // « Il n'est plus demandé de rédiger ».
        let impersonnel = phrase.mot(0) == "il" && is_infinitive(phrase.mot(i)) && !phrase.a(C::Lettre);
        (phrase.est(i, C::Composer) && (self.vise(i, 6) || impersonnel) && (self.instant || planche))
            .then(|| Mention::new(i..i + 1, Sortes::ECRIT, false, if planche { 0 } else { 2 }))
    }

    /// Somebody is to go through it, and something depends on it: no source, nothing of the year.
    fn is_announced(&self) -> bool {
        let phrase = self.phrase;
        let ailleurs = [C::Bulletin, C::Source, C::Lettre, C::Specialite].iter().any(|c| phrase.a(*c));
        (phrase.a(C::Existe) || phrase.a(C::Enjeu))
            && (phrase.a(C::Selection) || phrase.a(C::Candidat))
            && !ailleurs
            && phrase.len() < 20
    }

    /// « Le jury vous attend », « par deux examinateurs »: enough to speak of what is set up.
    fn judged(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let oral = |seuil| Some(Mention::new(i..i + 1, Sortes::ORAL, false, seuil));
        let parle = [C::Question, C::Repondre, C::Rencontre].iter().any(|c| phrase.avant(i, 6, *c));
        if phrase.est(i, C::Jury) && (parle || i == 0 && phrase.a(C::Heure)) {
            return oral(if parle { 0 } else { 1 });
        }
        if phrase.est(i, C::Jury)
            && (self.vise(i, 2) || phrase.apres(i, 3, C::Candidat) || phrase.avant(i, 5, C::Agent))
        {
            let par = (i.saturating_sub(5)..i).any(|k| phrase.mot(k) == "par");
            return oral(if phrase.mot(i) == "jury" && !par { 4 } else { 2 });
        }
        let dossier = (i.saturating_sub(5)..i).any(|k| phrase.mot(k).starts_with("dossier"));
        if phrase.est(i, C::Commission) && phrase.avant(i, 3, C::Devant) && !dossier {
            // Before them, one speaks or shows.
            return oral(1).map(|m| m.or(Sortes::PRATIQUE));
        }
        None
    }

    /// « Vous présenterez votre projet devant… ».
    fn told(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        if !phrase.est(i, C::Presenter) || !phrase.a(C::Candidat) {
            return None;
        }
        let devant = phrase.a(C::Jury)
            || (i + 1..i + 9).any(|k| match phrase.mot(k) {
                "devant" | "face" => true,
                "avec" => phrase.apres(k, 3, C::Commission) || phrase.apres(k, 3, C::Personnel),
                // « Vous présenterez votre projet à la directrice », but a letter or a record may do it.
                "a" | "au" | "aux" => {
                    let eux =
                        [C::Commission, C::Personnel, C::Evaluateur].iter().any(|c| phrase.apres(k, 3, *c));
                    let objet = (i + 1..k).any(|j| phrase.est(j, C::Candidature));
                    let papier = objet || phrase.a(C::Lettre) || phrase.a(C::Source);
                    eux && self.vise(i, 4) && !papier
                }
                _ => false,
            });
        let seuil = if self.vise(i, 4) { 1 } else { 2 };
        devant.then(|| Mention::new(i..i + 1, Sortes::ORAL, false, seuil))
    }

    /// « Présentation du projet à l'équipe » : said before them, unless a letter or a record does it.
    fn presented(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let nom = ["defense", "expose", "presentation"].iter().any(|m| phrase.mot(i) == *m);
        let papier = [C::Lettre, C::Source, C::Informe, C::Bulletin].iter().any(|c| phrase.a(*c));
        let eux = (i + 1..i + 7).any(|k| {
            matches!(phrase.mot(k), "a" | "au" | "aux" | "devant")
                && (k + 1..k + 3)
                    .any(|j| matches!(phrase.mot(j), "commission" | "equipe" | "enseignants" | "jury"))
        });
        (nom && eux && !papier).then(|| Mention::new(i..i + 1, Sortes::ORAL, false, 1))
    }

    /// « Deux formateurs vous poseront quelques questions ».
    fn asked(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let pose = phrase.mot(i).starts_with("pos") && (i + 1..i + 5).any(|k| phrase.est(k, C::Question));
        let eux = [C::Equipe, C::Personnel, C::Evaluateur].iter().any(|c| phrase.avant(i, 7, *c));
        (pose && eux && (self.vise(i, 1) || phrase.apres(i, 6, C::Candidat)))
            .then(|| Mention::new(i..i + 1, Sortes::ORAL, false, 1))
    }

    /// « Un échange de dix minutes, noté ».
    fn met(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let informe = phrase.autour(i, 3, 4, C::Informe);
        let avec_eux = [C::Candidat, C::Heure, C::Jury].iter().any(|c| phrase.a(*c))
            || phrase.a(C::Selection)
            || phrase.partie == Partie::Intitule;
        let singulier = !phrase.mot(i).ends_with('s') || phrase.mot(i) == "rendez";
        let avec = (i + 1..i + 6)
            .filter(|k| matches!(phrase.mot(*k), "au" | "avec" | "devant" | "entre" | "par"))
            .any(|k| {
                phrase.mot(k) != "au"
                    && (phrase.apres(k, 4, C::Personnel)
                        || (k + 1..k + 3).any(|j| phrase.mot(j) == "commission"))
                    || (k + 1..k + 3).any(|j| {
                        phrase.mot(j).starts_with("candidat") || matches!(phrase.mot(j), "chacun" | "vous")
                    })
            });
        if informe {
            return None;
        }
        // « Un coup de téléphone de l'équipe ».
        let avec = avec || phrase.mot(i) == "coup" && phrase.apres(i, 6, C::Equipe);
        if phrase.est(i, C::Rencontre) && singulier && avec {
            return Some(Mention::new(i..i + 1, Sortes::ORAL, false, 0));
        }
        // « Un rendez-vous est prévu pour les candidats présélectionnés ».
        let prevue = singulier
            && matches!(phrase.mot(i.wrapping_sub(1)), "un" | "une")
            && phrase.jetons.iter().any(|j| j.mot.starts_with("candidat"))
            && self.is_announced();
        if phrase.est(i, C::Rencontre) && prevue {
            return Some(Mention::new(i..i + 1, Sortes::ORAL, false, 0));
        }
        (phrase.est(i, C::Rencontre) && (self.enjeu || self.instant && !phrase.a(C::Lettre)) && avec_eux)
            .then(|| Mention::new(i..i + 1, Sortes::ORAL, false, 1))
    }

    /// « Un atelier animé par deux enseignants », « les candidats sont observés ».
    fn watched(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let candidats = phrase.jetons.iter().any(|j| j.mot.starts_with("candidat"));
        let passif = phrase.mot(i).starts_with("observe") && phrase.avant(i, 3, C::Auxiliaire);
        let surveilles = phrase.est(i, C::Surveille) && phrase.mot(i) == "sous";
        let anime = surveilles || phrase.est(i, C::Seance) && (phrase.a(C::Personnel) || phrase.a(C::Enjeu));
        let vive = Sortes::ORAL.ou(Sortes::PRATIQUE);
        (candidats && (passif || anime)).then(|| Mention::new(i..i + 1, vive, false, 1))
    }

    /// « Une matinée d'improvisation devant les danseurs ».
    fn done(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        if !phrase.est(i, C::Geste) || phrase.avant(i, 4, C::Copie) {
            return None;
        }
        let duree = phrase.a(C::Heure) && self.instant;
        let devant =
            (i + 1..phrase.len()).any(|k| phrase.est(k, C::Devant) && phrase.apres(k, 3, C::Personnel));
        let vus = devant || phrase.a(C::Jury) || phrase.a(C::Surveille) || phrase.a(C::Rendezvous);
        let venus = (phrase.a(C::Venir) || self.instant) && self.enjeu;
        let vus = vus || phrase.a(C::Programme);
        let seuil = if vus { 2 } else { 3 };
        (duree || venus || vus).then(|| {
            Mention::new(i..i + 1, Sortes::PRATIQUE, false, seuil).or(Sortes::ECRIT.ou(Sortes::ORAL))
        })
    }

    /// « Quarante minutes chez vous, webcam allumée ».
    fn connected(&self, i: usize) -> Option<Mention> {
        (self.phrase.est(i, C::EnLigne) && self.instant)
            .then(|| Mention::new(i..i + 1, Sortes::EN_LIGNE, false, 3).or(Sortes::EPREUVES))
    }

    /// « Vous répondrez à cinq questions ».
    fn answered(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        (phrase.est(i, C::Question)
            && phrase.mot(i).ends_with('s')
            // « Nous répondons à vos questions ».
            && phrase.mot(i.wrapping_sub(1)) != "vos"
            && phrase.a(C::Repondre)
            && ![C::Concours, C::EpreuveNom, C::Test].iter().any(|c| phrase.a(*c))
            && !phrase.jetons.iter().any(|j| j.mot == "repondons")
            && !phrase
                .jetons
                .windows(3)
                .any(|f| f[0].mot == "s" && f[1].mot == "est" && f[2].mot.starts_with("pose"))
            && (phrase.a(C::Candidat) || phrase.a(C::Selection)))
        .then(|| Mention::new(i..i + 1, Sortes::QUESTIONNAIRE.ou(Sortes::ORAL), false, 1))
    }

    /// « La journée de sélection », « la convocation ».
    fn called(&self, i: usize) -> Option<Mention> {
        let seuil = if self.phrase.mot(i).starts_with("convoc") { 2 } else { 1 };
        let etape = is_a_step(self.phrase, i) && !self.phrase.a(C::Specialite);
        (etape || self.phrase.est(i, C::Convocation))
            .then(|| Mention::new(i..i + 1, Sortes::EPREUVES, false, seuil))
    }

    /// « Personne ne sera convoqué ».
    fn nobody(&self, i: usize) -> Option<Mention> {
        let phrase = self.phrase;
        let vu = |k: usize| {
            matches!(phrase.mot(k), "verra" | "verrons" | "voit" | "voyons" | "vu" | "vue" | "vus")
        };
        let apres = (i + 1..phrase.len()).any(|k| phrase.est(k, C::Recevoir) || vu(k));
        // « Nous n'appelons personne ».
        let avant = phrase.avant(i, 3, C::Recevoir) && phrase.avant(i, 5, C::Ne);
        (phrase.est(i, C::Personne) && (apres || avant))
            .then(|| Mention::new(i..i + 1, Sortes::ORAL, false, 0))
    }
}
