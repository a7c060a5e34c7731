//! A whole campaign of admission in memory, from the present state of a session: what `simuler_jours` writes day after day in
//! the base is played here while somebody waits, and nothing is written.

mod etat;

use std::collections::VecDeque;
use std::time::Instant;

use domain::RuleViolation;
use domain::calendrier::{Etape, jour_paris};
use domain::droits::Action;
use jiff::Timestamp;
use serde::Serialize;
use store::Instantane;
use store::admission::{self as admission, tranches_de_voeux};
use store::simulation as base;

use super::jours::{ms, plus_heures};
use super::repondre::BilanReponses;
use crate::admission::{cible, read_next_day};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission, parametre_entier};
use etat::{Campagne, Depart, Regles};

/// A day of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JourCampagne {
    /// Of the admission phase, from 1.
    pub jour: i64,
    /// ISO day.
    pub date: String,
    /// Made that evening.
    pub propositions: usize,
    /// Left without an answer until their deadline, which passed that evening.
    pub expirees: usize,
    /// Waiting wishes lost that evening by those who have never answered (R-REP-04).
    pub perdus: usize,
    /// Given two hours later.
    pub reponses: BilanReponses,
    /// Wishes still waiting after the answers.
    pub en_attente: usize,
    /// Places accepted after the answers.
    pub acceptes: usize,
    /// Candidates who have had a proposition since the first day.
    pub servis: usize,
    /// Milliseconds, answers included.
    pub ms: u64,
}

/// A campaign played to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampagneSimulee {
    /// Candidates with a living wish at the beginning.
    pub candidats: usize,
    /// Living wishes at the beginning.
    pub voeux: usize,
    /// Reading of the base, in milliseconds.
    pub lecture_ms: u64,
    /// All the days, in milliseconds.
    pub jours_ms: u64,
    /// In order.
    pub jours: Vec<JourCampagne>,
}

/// Plays `jours` days from the first that is not published, in memory. `vu` is called after each day.
///
/// What is played is what the platform would do: same reading, same engine and checks of its result, same rules for answers and
/// deadlines, each group's numbers as they stand (none is withheld, R-ADM-12, and the reference does not judge the days).
///
/// # Errors
/// Without the right to compute runs; the call orders are not published, or a day is not; the engine refuses.
pub async fn simuler_campagne(
    ctx: &Ctx,
    annee: i64,
    jours: u16,
    graine: u64,
    vu: &mut (dyn FnMut(&JourCampagne) + Send),
) -> Result<CampagneSimulee, AppError> {
    let debut = Instant::now();
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let ouvre = session.calendrier.fenetre(Etape::Admission).ok_or(AppError::NotFound)?.ouvre;
    let vue = ctx.app.db.freeze().await?;
    let (premier, depart) = read(&vue, &session).await?;
    let regles = Regles {
        graine,
        calendrier: session.calendrier.clone(),
        maintien_sans_reponse: parametre_entier(&vue, session.id, "maintien_sans_reponse_jours").await?,
    };
    drop(vue);
    let (envoi, mut recu) = tokio::sync::mpsc::channel(1);
    let travail = tokio::task::spawn_blocking(move || play(depart, regles, ouvre, premier, jours, &envoi));
    let mut faits = Vec::new();
    while let Some(fait) = recu.recv().await {
        vu(&fait);
        faits.push(fait);
    }
    let (candidats, voeux, lecture) = travail.await.map_err(AppError::internal)??;
    let lecture_ms = u64::try_from(lecture.duration_since(debut).as_millis()).unwrap_or(u64::MAX);
    Ok(CampagneSimulee { candidats, voeux, lecture_ms, jours_ms: ms(lecture), jours: faits })
}

/// Plays the days, each told as soon as it is over. Gives the candidates and the wishes of the beginning, and when it was.
fn play(
    depart: Depart,
    regles: Regles,
    ouvre: Timestamp,
    premier: i64,
    jours: u16,
    envoi: &tokio::sync::mpsc::Sender<JourCampagne>,
) -> Result<(usize, usize, Instant), AppError> {
    let mut campagne = Campagne::new(depart, regles);
    let (candidats, voeux, debut) = (campagne.candidats(), campagne.len(), Instant::now());
    for jour in premier..premier + i64::from(jours) {
        // Each evening at the hour of the opening; answers two hours later.
        let soir = plus_heures(ouvre, 24 * (jour - 1));
        let commence = Instant::now();
        let numero = u16::try_from(jour).map_err(AppError::internal)?;
        let s = campagne.evening(numero, soir, plus_heures(soir, 2))?;
        let fait = JourCampagne {
            jour,
            date: jour_paris(soir).to_string(),
            propositions: s.propositions,
            expirees: s.expirees,
            perdus: s.perdus,
            reponses: s.reponses,
            en_attente: s.en_attente,
            acceptes: s.acceptes,
            servis: s.servis,
            ms: ms(commence),
        };
        // Nobody listens any more when the command was stopped.
        if envoi.blocking_send(fait).is_err() {
            break;
        }
    }
    Ok((candidats, voeux, debut))
}

/// The first day to play, and all that it and the next ones are played from.
async fn read(vue: &Instantane, session: &SessionAdmission) -> Result<(i64, Depart), AppError> {
    let (premier, lecture) = read_next_day(vue, session).await?;
    let mut references = VecDeque::new();
    for jour in premier..premier + 5 {
        let groupes = admission::groupes_affectation(vue, session.id, jour).await?;
        let petit = |g: admission::GroupeAffectation| i32::try_from(g.dernier_reference).unwrap_or(i32::MAX);
        references.push_back(groupes.into_iter().map(petit).collect());
    }
    // Both readings are of one instant, by key.
    let mut preferences = Vec::with_capacity(lecture.voeux.len());
    let mut echeances = Vec::with_capacity(lecture.voeux.len());
    let mut lus = lecture.voeux.iter().peekable();
    for cles in tranches_de_voeux(vue).await? {
        for v in base::voeux_vivants(vue, session.id, cles).await? {
            if lus.next_if(|l| l.id == v.id).is_none() {
                // Apprenticeship is outside the engine (I5).
                continue;
            }
            preferences.push(u16::try_from(v.preference).unwrap_or(u16::MAX));
            echeances.push(v.echeance_le.and_then(|ms| Timestamp::from_millisecond(ms).ok()));
        }
    }
    if preferences.len() != lecture.voeux.len() {
        return Err(RuleViolation::DonneesRefusees { code: "voeux_vivants" }.into());
    }
    let silences = base::silences(vue, session.id).await?;
    Ok((premier, Depart { lecture, references, preferences, echeances, silences }))
}
