//! Candidates answer: the behaviour model proposes, the same rules as on screen decide, everything is written at once.

use std::collections::BTreeMap;

use domain::admission::{ChoixCandidat, Nature, VoeuEnJeu, decide_reponse};
use domain::calendrier::{Etape, jour_paris};
use domain::candidatures::EtatVoeu;
use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde::Serialize;
use simulation::comportement::{self, ParametresComportement, Reponse, Situation, VoeuVu};
use store::admission::{passage_en_vigueur, set_bilan};
use store::simulation::{self as base, VoeuVivant};
use store::{Ecriture, Tx};

use crate::admission::{Bilan, read_bilan, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;

/// What candidates did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BilanReponses {
    /// Candidates who had something to answer or to give back.
    pub candidats: usize,
    /// Propositions accepted.
    pub acceptations: usize,
    /// Propositions refused.
    pub refus: usize,
    /// Waiting wishes explicitly kept.
    pub maintiens: usize,
    /// Waiting wishes given up, by choice or for not being kept.
    pub renonciations: usize,
    /// Accepted places given back, for a better one or for nothing.
    pub places_rendues: usize,
}

/// What is to be written, by kind.
#[derive(Default)]
struct Changements {
    etats: BTreeMap<EtatVoeu, Vec<i64>>,
    reponses: BTreeMap<&'static str, Vec<i64>>,
    maintenus: Vec<i64>,
}

/// The candidates of the session answer the propositions of the present day, drawn from the seed.
///
/// # Errors
/// [`AppError::Rule`] outside the admission phase or for an archived session; [`AppError::Conflict`] when the candidates
/// have answered this simulated day.
pub async fn repondre(ctx: &Ctx, annee: i64, graine: u64) -> Result<BilanReponses, AppError> {
    let permit = ctx.permit(Action::RepondreProposition, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    session.require_ouverte()?;
    session.calendrier.require_open(Etape::Admission, ctx.campagne_le)?;
    let jour = jour_d_admission(&session, ctx.campagne_le);
    let e = ctx.ecriture(&permit);
    // First: of two nodes that play the same day, one waits here and learns that it is done.
    mark_answered(&tx, &e, session.id).await?;
    let vivants = base::voeux_vivants(&tx, session.id).await?;
    let mut bilan = BilanReponses::default();
    let mut changements = Changements::default();
    let parametres = ParametresComportement::default();
    for voeux in vivants.chunk_by(|a, b| a.candidat == b.candidat) {
        bilan.candidats += 1;
        let vus: Vec<VoeuVu> = voeux.iter().filter_map(|v| vu(v, ctx.campagne_le)).collect();
        let candidat = voeux.first().map_or(0, |v| v.candidat);
        let cle = u64::try_from(candidat).unwrap_or_default();
        let reponses = comportement::repondre(graine, cle, jour, &vus, &parametres);
        appliquer(voeux, &reponses, ctx.campagne_le, &mut changements, &mut bilan)?;
    }
    for (etat, ids) in &changements.etats {
        base::move_voeux(&tx, &e, etat.code(), ids).await?;
    }
    for (reponse, ids) in &changements.reponses {
        base::answer_propositions(&tx, &e, reponse, ids).await?;
    }
    base::keep_voeux(&tx, &e, &changements.maintenus).await?;
    let acte = Acte {
        objet: "session_admission",
        objet_id: &annee.to_string(),
        avant: None,
        apres: Some(serde_json::json!({ "simulation": bilan, "jour": jour })),
    };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(bilan)
}

/// Keeps with the last simulated run, in the transaction of the answers, that they are given.
async fn mark_answered(tx: &Tx, e: &Ecriture<'_>, session: i64) -> Result<(), AppError> {
    let dernier = passage_en_vigueur(tx, session, Nature::Propositions.code(), i64::MAX).await?;
    let Some(p) = dernier else { return Ok(()) };
    let bilan = read_bilan(&p.bilan);
    match bilan.reponses_donnees {
        Some(true) => Err(AppError::Conflict),
        Some(false) => {
            let bilan = Bilan { reponses_donnees: Some(true), ..bilan };
            Ok(set_bilan(tx, e, &p, &write_json(&bilan)?).await?)
        }
        None => Ok(()),
    }
}

/// Day of the admission phase, from 1.
fn jour_d_admission(session: &sessions::SessionAdmission, quand: Timestamp) -> u16 {
    let Some(f) = session.calendrier.fenetre(Etape::Admission) else { return 1 };
    let jours = jour_paris(quand).since(jour_paris(f.ouvre)).map_or(0, |s| s.get_days());
    u16::try_from(jours.saturating_add(1)).unwrap_or(1)
}

fn vu(v: &VoeuVivant, quand: Timestamp) -> Option<VoeuVu> {
    let situation = match EtatVoeu::from_code(&v.etat)? {
        EtatVoeu::Propose => {
            // The limit is the first instant too late: midnight after the last day.
            let dernier = Timestamp::from_millisecond(v.echeance_le? - 1).ok()?;
            let jours = jour_paris(dernier).since(jour_paris(quand)).map_or(0, |s| s.get_days());
            Situation::Proposition { jours_restants: u16::try_from(jours).unwrap_or(0) }
        }
        EtatVoeu::Accepte => Situation::Acceptee,
        EtatVoeu::EnAttente => {
            Situation::EnAttente { rang: v.rang.and_then(|r| u32::try_from(r).ok()).unwrap_or(u32::MAX) }
        }
        _ => return None,
    };
    Some(VoeuVu {
        voeu: u64::try_from(v.id).ok()?,
        preference: u16::try_from(v.preference).unwrap_or(u16::MAX),
        situation,
    })
}

/// Runs the answers of one candidate through the rules, in order.
fn appliquer(
    voeux: &[VoeuVivant],
    reponses: &[Reponse],
    quand: Timestamp,
    changements: &mut Changements,
    bilan: &mut BilanReponses,
) -> Result<(), AppError> {
    let maintenus: Vec<i64> = reponses
        .iter()
        .filter_map(|r| match r {
            Reponse::Maintenir { voeu } => i64::try_from(*voeu).ok(),
            _ => None,
        })
        .collect();
    let mut en_jeu: Vec<VoeuEnJeu> = voeux
        .iter()
        .filter_map(|v| {
            Some(VoeuEnJeu {
                id: v.id,
                etat: EtatVoeu::from_code(&v.etat)?,
                apprentissage: v.statut == "apprentissage",
                echeance: v.echeance_le.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
            })
        })
        .collect();
    for r in reponses {
        let (voeu, choix) = match *r {
            Reponse::Accepter { voeu } => (voeu, ChoixCandidat::Accepter),
            Reponse::Refuser { voeu } => (voeu, ChoixCandidat::Refuser),
            Reponse::Renoncer { voeu } | Reponse::Demissionner { voeu } => (voeu, ChoixCandidat::Renoncer),
            // Kept with the acceptance they go with.
            Reponse::Maintenir { .. } => continue,
        };
        let voeu = i64::try_from(voeu).unwrap_or_default();
        let vivant = en_jeu.iter().any(|v| v.id == voeu && v.etat.is_vivant());
        // A wish not kept on accepting is gone already.
        if !vivant {
            continue;
        }
        for suite in decide_reponse(&en_jeu, voeu, choix, &maintenus, quand)? {
            if suite.maintenu {
                bilan.maintiens += 1;
                changements.maintenus.push(suite.voeu);
                continue;
            }
            match (suite.avant, suite.apres) {
                (EtatVoeu::Propose, EtatVoeu::Accepte) => {
                    bilan.acceptations += 1;
                    changements.reponses.entry("acceptee").or_default().push(suite.voeu);
                }
                (EtatVoeu::Propose, _) => {
                    bilan.refus += 1;
                    changements.reponses.entry("refusee").or_default().push(suite.voeu);
                }
                (EtatVoeu::Accepte, _) => {
                    bilan.places_rendues += 1;
                    changements.reponses.entry("renoncee").or_default().push(suite.voeu);
                }
                _ => bilan.renonciations += 1,
            }
            changements.etats.entry(suite.apres).or_default().push(suite.voeu);
            if let Some(v) = en_jeu.iter_mut().find(|v| v.id == suite.voeu) {
                v.etat = suite.apres;
            }
        }
        en_jeu.retain(|v| v.etat.is_vivant());
    }
    Ok(())
}
