//! Candidates answer: the behaviour model proposes, the same rules as on screen decide, everything is written at once.

use std::collections::BTreeMap;

use domain::admission::{ChoixCandidat, Consequence, Nature, VoeuEnJeu, decide_reponse};
use domain::calendrier::{Etape, jour_paris};
use domain::candidatures::EtatVoeu;
use domain::droits::{Action, Cible};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use simulation::comportement::{self, ParametresComportement, Reponse, Situation, VoeuVu};
use store::admission::{passage_en_vigueur, set_bilan, tranches_de_voeux};
use store::simulation::{self as base, VoeuVivant};
use store::{Ecriture, Sql, Tx};

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
    let tx = ctx.begin_bulk().await?;
    let session = sessions::session(&tx, annee).await?;
    session.require_ouverte()?;
    session.calendrier.require_any_open(Etape::PROPOSITIONS, ctx.campagne_le)?;
    let jour = jour_d_admission(&session, ctx.campagne_le);
    let e = ctx.ecriture(&permit);
    // First: of two nodes that play the same day, one waits here and learns that it is done.
    mark_answered(&tx, &e, session.id).await?;
    let vivants = living(&tx, session.id).await?;
    let mut bilan = BilanReponses::default();
    let mut changements = Changements::default();
    let modele =
        Modele { graine, jour, quand: ctx.campagne_le, parametres: ParametresComportement::default() };
    for voeux in vivants.chunk_by(|a, b| a.candidat == b.candidat) {
        for suite in modele.answer(voeux, &mut bilan)? {
            changements.push(suite);
        }
    }
    for (etat, ids) in &changements.etats {
        base::move_voeux(&tx, &e, etat.code(), ids).await?;
    }
    for (reponse, ids) in &changements.reponses {
        base::answer_propositions(&tx, &e, reponse, ids).await?;
    }
    base::keep_voeux(&tx, &e, &changements.maintenus).await?;
    // Synthetic candidates know what they want: they order their wishes on the first evening they may.
    if session.calendrier.require_open(Etape::Ordonnancement, ctx.campagne_le).is_ok() {
        base::order_voeux(&tx, &e, session.id).await?;
    }
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
pub(super) fn jour_d_admission(session: &sessions::SessionAdmission, quand: Timestamp) -> u16 {
    let Some(f) = session.calendrier.fenetre(Etape::Admission) else { return 1 };
    let jours = jour_paris(quand).since(jour_paris(f.ouvre)).map_or(0, |s| s.get_days());
    u16::try_from(jours.saturating_add(1)).unwrap_or(1)
}

/// A living wish, as its candidate sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vivant {
    pub(super) id: i64,
    pub(super) candidat: i64,
    pub(super) etat: EtatVoeu,
    pub(super) preference: u16,
    /// First instant too late, when it waits for an answer.
    pub(super) echeance: Option<Timestamp>,
    /// Waiting rank displayed; 0: none.
    pub(super) rang: u32,
    pub(super) apprentissage: bool,
}

impl Vivant {
    pub(super) fn read(v: &VoeuVivant) -> Result<Self, AppError> {
        let inconnu = || AppError::Internal(format!("voeu.etat {}", v.etat));
        Ok(Self {
            id: v.id,
            candidat: v.candidat,
            etat: EtatVoeu::from_code(&v.etat).ok_or_else(inconnu)?,
            preference: u16::try_from(v.preference).unwrap_or(u16::MAX),
            echeance: v.echeance_le.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
            rang: v.rang.and_then(|r| u32::try_from(r).ok()).unwrap_or(0),
            apprentissage: v.apprentissage == 1,
        })
    }

    fn seen(&self, quand: Timestamp) -> Option<VoeuVu> {
        let situation = match self.etat {
            EtatVoeu::Propose => {
                // The limit is the first instant too late: midnight after the last day.
                let dernier = self.echeance?.checked_sub(SignedDuration::from_millis(1)).ok()?;
                let jours = jour_paris(dernier).since(jour_paris(quand)).map_or(0, |s| s.get_days());
                Situation::Proposition { jours_restants: u16::try_from(jours).unwrap_or(0) }
            }
            EtatVoeu::Accepte => Situation::Acceptee,
            EtatVoeu::EnAttente => {
                Situation::EnAttente { rang: if self.rang == 0 { u32::MAX } else { self.rang } }
            }
            _ => return None,
        };
        Some(VoeuVu { voeu: u64::try_from(self.id).ok()?, preference: self.preference, situation })
    }

    /// Holds a place, or is offered one.
    fn is_tenu(&self) -> bool {
        matches!(self.etat, EtatVoeu::Propose | EtatVoeu::Accepte)
    }
}

/// Every living wish of the session, by candidate and key.
async fn living(c: &impl Sql, session: i64) -> Result<Vec<Vivant>, AppError> {
    let mut vivants = Vec::new();
    for cles in tranches_de_voeux(c).await? {
        for v in base::voeux_vivants(c, session, cles).await? {
            vivants.push(Vivant::read(&v)?);
        }
    }
    vivants.sort_unstable_by_key(|v| (v.candidat, v.id));
    Ok(vivants)
}

/// What an answer does to a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) voeu: i64,
    /// `None`: kept, explicitly.
    pub(super) apres: Option<EtatVoeu>,
    /// Answer given to its proposition.
    pub(super) reponse: Option<&'static str>,
}

impl Changements {
    fn push(&mut self, s: Suite) {
        match s.apres {
            None => self.maintenus.push(s.voeu),
            Some(apres) => self.etats.entry(apres).or_default().push(s.voeu),
        }
        if let Some(reponse) = s.reponse {
            self.reponses.entry(reponse).or_default().push(s.voeu);
        }
    }
}

/// How people answer one evening: what they want by the model of behaviour, what becomes of it by the rules of the product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Modele {
    pub(super) graine: u64,
    /// Of the admission phase, from 1.
    pub(super) jour: u16,
    pub(super) quand: Timestamp,
    pub(super) parametres: ParametresComportement,
}

impl Modele {
    /// The answers of one candidate, in order. `voeux`: all their living wishes, by key.
    pub(super) fn answer(&self, voeux: &[Vivant], bilan: &mut BilanReponses) -> Result<Vec<Suite>, AppError> {
        let mut suites = Vec::new();
        let Some(candidat) = voeux.iter().find(|v| v.is_tenu()).map(|v| v.candidat) else {
            return Ok(suites);
        };
        bilan.candidats += 1;
        let vus: Vec<VoeuVu> = voeux.iter().filter_map(|v| v.seen(self.quand)).collect();
        let cle = u64::try_from(candidat).unwrap_or_default();
        let reponses = comportement::repondre(self.graine, cle, self.jour, &vus, &self.parametres);
        if reponses.is_empty() {
            return Ok(suites);
        }
        let maintenus: Vec<i64> = reponses
            .iter()
            .filter_map(|r| match r {
                Reponse::Maintenir { voeu } => i64::try_from(*voeu).ok(),
                _ => None,
            })
            .collect();
        let mut en_jeu: Vec<VoeuEnJeu> = voeux
            .iter()
            .map(|v| VoeuEnJeu {
                id: v.id,
                etat: v.etat,
                apprentissage: v.apprentissage,
                echeance: v.echeance,
            })
            .collect();
        for r in reponses {
            let (voeu, choix) = match r {
                Reponse::Accepter { voeu } => (voeu, ChoixCandidat::Accepter),
                Reponse::Refuser { voeu } => (voeu, ChoixCandidat::Refuser),
                Reponse::Renoncer { voeu } | Reponse::Demissionner { voeu } => {
                    (voeu, ChoixCandidat::Renoncer)
                }
                // Kept with the acceptance they go with.
                Reponse::Maintenir { .. } => continue,
            };
            let voeu = i64::try_from(voeu).unwrap_or_default();
            // A wish not kept on accepting is gone already.
            if !en_jeu.iter().any(|v| v.id == voeu && v.etat.is_vivant()) {
                continue;
            }
            for c in decide_reponse(&en_jeu, voeu, choix, &maintenus, self.quand)? {
                suites.push(bilan.count(&c));
                if let Some(v) = en_jeu.iter_mut().find(|v| v.id == c.voeu) {
                    v.etat = c.apres;
                }
            }
            en_jeu.retain(|v| v.etat.is_vivant());
        }
        Ok(suites)
    }
}

impl BilanReponses {
    /// Counts a consequence, and says what is written of it.
    fn count(&mut self, c: &Consequence) -> Suite {
        if c.maintenu {
            self.maintiens += 1;
            return Suite { voeu: c.voeu, apres: None, reponse: None };
        }
        let (compte, reponse) = match (c.avant, c.apres) {
            (EtatVoeu::Propose, EtatVoeu::Accepte) => (&mut self.acceptations, Some("acceptee")),
            (EtatVoeu::Propose, _) => (&mut self.refus, Some("refusee")),
            (EtatVoeu::Accepte, _) => (&mut self.places_rendues, Some("renoncee")),
            _ => (&mut self.renonciations, None),
        };
        *compte += 1;
        Suite { voeu: c.voeu, apres: Some(c.apres), reponse }
    }

    /// The counts of two parts of the candidates.
    pub(super) fn plus(self, autre: Self) -> Self {
        Self {
            candidats: self.candidats + autre.candidats,
            acceptations: self.acceptations + autre.acceptations,
            refus: self.refus + autre.refus,
            maintiens: self.maintiens + autre.maintiens,
            renonciations: self.renonciations + autre.renonciations,
            places_rendues: self.places_rendues + autre.places_rendues,
        }
    }
}
