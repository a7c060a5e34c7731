//! Answering a proposition, renouncing, keeping waiting wishes.

use domain::RuleViolation;
use domain::admission::{ChoixCandidat, Consequence, VoeuEnJeu, decide_reponse};
use domain::calendrier::Etape;
use domain::candidatures::{EtatVoeu, Evenement};
use domain::droits::Action;
use serde_json::json;
use store::Tx;
use store::candidatures::{self as base, LigneVoeu};

use super::silence::silence;
use super::{instant, intitule_voeu, voeu_du_dossier};
use crate::candidats::{Dossier, mien, mien_verrouille};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions;

/// What the candidate decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reponse {
    /// Public identifier of the wish.
    pub voeu: String,
    /// Accept, refuse, or give up a voeu that waits or is held.
    pub choix: ChoixCandidat,
    /// Public identifiers of the waiting wishes to keep (I2).
    pub maintenus: Vec<String>,
}

/// One thing that an answer changes, or leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effet {
    /// Public identifier of the wish.
    pub voeu: String,
    /// Course and establishment, as in the list of wishes.
    pub intitule: String,
    /// Present state.
    pub avant: EtatVoeu,
    /// State once the answer is given.
    pub apres: EtatVoeu,
    /// Chooses the sentence that explains the change.
    pub evenement: Evenement,
    /// The waiting wish stays because the candidate asks for it.
    pub maintenu: bool,
}

/// What an answer would do.
#[derive(Debug, Clone)]
pub struct ApercuReponse {
    /// Why it is not possible now, if it is not.
    pub refus: Option<RuleViolation>,
    /// The wish answered first; empty when the answer is refused.
    pub effets: Vec<Effet>,
}

fn en_jeu(voeux: &[LigneVoeu]) -> Result<Vec<VoeuEnJeu>, AppError> {
    voeux
        .iter()
        .map(|v| {
            Ok(VoeuEnJeu {
                id: v.id,
                etat: v.etat()?,
                apprentissage: v.apprentissage(),
                echeance: v.echeance_le.map(instant),
            })
        })
        .collect()
}

fn effets(voeux: &[LigneVoeu], suites: &[Consequence]) -> Vec<Effet> {
    suites
        .iter()
        .filter_map(|s| {
            let v = voeux.iter().find(|v| v.id == s.voeu)?;
            Some(Effet {
                voeu: v.public_id.clone(),
                intitule: intitule_voeu(v),
                avant: s.avant,
                apres: s.apres,
                evenement: s.evenement,
                maintenu: s.maintenu,
            })
        })
        .collect()
}

/// Keys of the wishes to keep; one that the candidate does not have any more is a page out of date.
fn cles(voeux: &[LigneVoeu], maintenus: &[String]) -> Result<Vec<i64>, AppError> {
    maintenus
        .iter()
        .map(|id| voeux.iter().find(|v| v.public_id == *id).map(|v| v.id).ok_or(AppError::Conflict))
        .collect()
}

fn require_open(ctx: &Ctx, d: &Dossier) -> Result<(), RuleViolation> {
    d.session.require_ouverte()?;
    d.session.calendrier.require_any_open(Etape::PROPOSITIONS, ctx.campagne_le)?;
    d.require_inscrit()
}

/// « What happens if I accept »: the decision of [`answer`], not done.
///
/// # Errors
/// [`AppError::NotFound`] for a wish that is not the person's.
pub async fn preview_answer(ctx: &Ctx, cmd: &Reponse) -> Result<ApercuReponse, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::RepondreProposition).await?;
    let voeux = base::list_voeux(db, d.ligne.id).await?;
    let vise = voeux.iter().find(|v| v.public_id == cmd.voeu).ok_or(AppError::NotFound)?;
    let decision = require_open(ctx, &d).map_err(AppError::from).and_then(|()| {
        let maintenus = cles(&voeux, &cmd.maintenus)?;
        Ok(decide_reponse(&en_jeu(&voeux)?, vise.id, cmd.choix, &maintenus, ctx.campagne_le)?)
    });
    match decision {
        Ok(suites) => Ok(ApercuReponse { refus: None, effets: effets(&voeux, &suites) }),
        Err(AppError::Rule(r)) => Ok(ApercuReponse { refus: Some(r), effets: Vec::new() }),
        Err(autre) => Err(autre),
    }
}

/// Accepts or refuses a proposition, renounces a waiting wish or gives back an accepted place. R-REP-01 to 03.
///
/// # Errors
/// [`AppError::Rule`] outside the step, after the deadline or from another state; [`AppError::Conflict`] when the
/// wish changed since it was read; [`AppError::Confirmation`] to renounce without a recent second step (SEC-1);
/// [`AppError::TooMany`] beyond the answers of a minute.
pub async fn answer(ctx: &Ctx, garde: &Garde, cmd: &Reponse) -> Result<Recepisse, AppError> {
    let code = code_choix(cmd.choix);
    let demande = format!("{code}|{}|{}", cmd.voeu, cmd.maintenus.join(","));
    ctx.take(Debit::Reponse)?;
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::RepondreProposition).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_open(ctx, &d)?;
    if cmd.choix == ChoixCandidat::Renoncer {
        ctx.require_recent()?;
    }
    let (voeux, vise) = voeu_du_dossier(&tx, &d, &cmd.voeu).await?;
    garde.check_version(vise.version)?;
    let maintenus = cles(&voeux, &cmd.maintenus)?;
    let suites = decide_reponse(&en_jeu(&voeux)?, vise.id, cmd.choix, &maintenus, ctx.campagne_le)?;
    for suite in &suites {
        let ligne = voeux.iter().find(|v| v.id == suite.voeu).ok_or(AppError::NotFound)?;
        save(&tx, ctx, &d, ligne, suite).await?;
    }
    let lignes: Vec<[String; 2]> =
        effets(&voeux, &suites).into_iter().map(|e| [texte_effet(&e).to_owned(), e.intitule]).collect();
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "voeu": vise.public_id,
        "lignes": lignes,
    });
    let recepisse = emettre(&tx, ctx, garde, &demande, code, Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn save(
    tx: &Tx,
    ctx: &Ctx,
    d: &Dossier,
    ligne: &LigneVoeu,
    suite: &Consequence,
) -> Result<(), AppError> {
    let e = ctx.ecriture(&d.permit);
    if suite.maintenu {
        base::set_maintenu(tx, &e, ligne).await?;
    } else {
        base::save_etat(tx, &e, ligne, suite.apres).await?;
    }
    // The proposition and its wish move together.
    let reponse = match (suite.avant, suite.evenement) {
        (EtatVoeu::Propose, Evenement::Acceptation) => Some(("attendue", "acceptee")),
        (EtatVoeu::Propose, Evenement::Refus) => Some(("attendue", "refusee")),
        (EtatVoeu::Accepte, _) => Some(("acceptee", "renoncee")),
        _ => None,
    };
    if let Some((de, vers)) = reponse {
        base::save_reponse(tx, &e, ligne.id, de, vers).await?;
    }
    let acte = Acte {
        objet: "voeu",
        objet_id: &ligne.public_id,
        avant: Some(json!({ "etat": suite.avant.code() })),
        apres: Some(json!({
            "etat": suite.apres.code(),
            "evenement": suite.evenement.code(),
            "maintenu": suite.maintenu,
        })),
    };
    record(tx, ctx, &d.permit, &acte).await
}

/// Keeps the waiting wishes of a candidate who let every proposition expire (R-REP-04).
///
/// # Errors
/// [`AppError::Rule`] outside the step, or when nothing is about to be lost.
pub async fn keep_waiting(ctx: &Ctx, garde: &Garde) -> Result<Recepisse, AppError> {
    const ACTE: &str = "maintenir_voeux";
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::RepondreProposition).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, ACTE).await? {
        return Ok(fait);
    }
    require_open(ctx, &d)?;
    let voeux = base::list_voeux(&tx, d.ligne.id).await?;
    let jours = sessions::parametre_entier(&tx, d.session.id, "maintien_sans_reponse_jours").await?;
    let silence = silence(&voeux, &d.session.calendrier, jours).filter(|s| s.a_perdre > 0);
    let interdit = RuleViolation::ForbiddenTransition { from: "sans_perte_prevue", event: "maintien" };
    let silence = silence.ok_or(interdit)?;
    if ctx.campagne_le >= silence.perte_le {
        return Err(RuleViolation::EcheanceDepassee { echeance: silence.perte_le }.into());
    }
    let e = ctx.ecriture(&d.permit);
    let mut lignes = Vec::new();
    for v in voeux.iter().filter(|v| !v.apprentissage() && v.etat == EtatVoeu::EnAttente.code()) {
        base::set_maintenu(&tx, &e, v).await?;
        let acte = Acte {
            objet: "voeu",
            objet_id: &v.public_id,
            avant: None,
            apres: Some(json!({ "maintenu": true })),
        };
        record(&tx, ctx, &d.permit, &acte).await?;
        lignes.push(["Vœu en attente maintenu".to_owned(), intitule_voeu(v)]);
    }
    let contenu = json!({ "candidat": d.ligne.numero, "session": d.session.annee, "lignes": lignes });
    let recepisse = emettre(&tx, ctx, garde, ACTE, ACTE, Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

const fn code_choix(choix: ChoixCandidat) -> &'static str {
    match choix {
        ChoixCandidat::Accepter => "accepter_proposition",
        ChoixCandidat::Refuser => "refuser_proposition",
        ChoixCandidat::Renoncer => "renoncer_voeu",
    }
}

/// What an effect is called on a receipt and on the page before the act.
fn texte_effet(e: &Effet) -> &'static str {
    match (e.evenement, e.maintenu) {
        (_, true) => "Vœu en attente maintenu",
        (Evenement::Acceptation, false) => "Proposition acceptée",
        (Evenement::Refus, false) => "Proposition refusée",
        (Evenement::AutreAcceptation, false) => "Place rendue",
        (Evenement::NonMaintien, false) => "Vœu en attente abandonné",
        (Evenement::Renonciation, false) if e.avant == EtatVoeu::Accepte => "Place rendue",
        _ => "Vœu abandonné",
    }
}

impl Effet {
    /// French label of what happens to this wish.
    pub fn libelle(&self) -> &'static str {
        texte_effet(self)
    }
}
