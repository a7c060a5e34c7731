//! R-CTL-03 to 05: a review is taken, then the course is accepted or returned.

use std::collections::BTreeMap;

use domain::comptes::Role;
use domain::droits::{Action, Permit};
use domain::formations::controle::{EtatControle, GesteControle, Reouverture, champs_controles};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use jiff::civil::Date;
use serde_json::json;
use store::Tx;
use store::formations::{self as base, Decision, LigneControle, LigneFormation, NouvelActe};

use super::{comptes, etat, note};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::annonce::{Annonce, LIRE_LA_REPONSE, announce_to};
use crate::formations::contenu::Contenu;
use crate::formations::description::genre;
use crate::formations::publier::{Pret, publie, verifie};
use crate::formations::{cible, intitule, load};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// A course submitted, loaded under the right to review it.
pub(super) struct AControler {
    pub f: LigneFormation,
    pub ligne: LigneControle,
    pub permit: Permit,
    pub contenu: Contenu,
}

impl AControler {
    pub(super) async fn load(
        tx: &Tx,
        ctx: &Ctx,
        session: &SessionAdmission,
        id: &PublicId,
    ) -> Result<Self, AppError> {
        let f = load(tx, session, id).await?;
        let permit = ctx.permit(Action::ControlerFormation, &cible(&f))?;
        session.require_ouverte()?;
        let absent = RuleViolation::ForbiddenTransition { from: "brouillon", event: "controler" };
        let ligne = base::controle(tx, f.id).await?.ok_or(absent)?;
        let contenu = Contenu::load(tx, &f).await?;
        Ok(Self { f, ligne, permit, contenu })
    }

    /// R-CTL-03: it is decided by whoever took it, on the values that were submitted.
    pub(super) fn require_decidable(&self, ctx: &Ctx) -> Result<(), AppError> {
        let fidele = self.ligne.empreinte == self.contenu.empreinte()?;
        let etat = etat(Some(&self.ligne)).of_values(fidele);
        Ok(etat.check_decision(comptes(&self.ligne), ctx.acteur.compte)?)
    }

    /// R-CTL-10: it says what was submitted.
    pub(super) fn require_intacte(&self) -> Result<(), AppError> {
        if self.ligne.empreinte == self.contenu.empreinte()? {
            Ok(())
        } else {
            Err(RuleViolation::RetourEntame.into())
        }
    }

    /// Accepts, and publishes: whoever submitted asked for it.
    async fn accepte(&self, tx: &Tx, ctx: &Ctx, session: &SessionAdmission) -> Result<(), AppError> {
        let pret = verifie(tx, ctx, session, &self.f, &Garde::default()).await?;
        self.accepte_pret(tx, ctx, &pret).await
    }

    /// The same of values that were found ready to be public.
    pub(super) async fn accepte_pret(&self, tx: &Tx, ctx: &Ctx, pret: &Pret) -> Result<(), AppError> {
        let decision = Decision { etat: EtatControle::Acceptee.code(), champs: "[]", jusqu_a: None };
        let apres = json!({ "etat": "acceptee", "empreinte": self.ligne.empreinte });
        self.decide(tx, ctx, (GesteControle::Accepter, &decision), Dit::RIEN, &apres).await?;
        if pret.require_nouveau().is_ok() {
            publie(tx, ctx, &self.permit, &self.f, pret).await?;
        }
        announce(tx, ctx, &self.f, Nouvelle::Acceptee).await
    }

    /// Writes a decision: where the review stands, its act, the journal (`apres`).
    pub(super) async fn decide(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        (geste, decision): (GesteControle, &Decision<'_>),
        dit: Dit<'_>,
        apres: &serde_json::Value,
    ) -> Result<(), AppError> {
        let e = ctx.ecriture(&self.permit);
        base::decide_controle(tx, &e, (self.ligne.id, self.ligne.version), decision).await?;
        let acte = NouvelActe {
            acte: geste.code(),
            contenu: &self.contenu.ecrit()?,
            motifs: dit.motifs,
            jusqu_a: decision.jusqu_a,
            mot: dit.mot,
        };
        base::add_acte(tx, &e, self.ligne.id, &acte).await?;
        note(tx, ctx, &self.permit, &self.f, Some(&self.ligne), apres).await
    }
}

/// What the agent says with a decision, as it is kept.
pub(super) struct Dit<'a> {
    /// JSON: the reason of each field.
    pub motifs: &'a str,
    /// May be empty.
    pub mot: &'a str,
}

impl Dit<'_> {
    pub(super) const RIEN: Self = Self { motifs: "{}", mot: "" };
}

/// An act on a review, as it begins.
pub(super) struct EnCours {
    pub tx: Tx,
    pub session: SessionAdmission,
    pub c: AControler,
}

impl EnCours {
    /// Under the right to review, at the version that the agent read; the receipt of the same act when it is done already.
    pub(super) async fn begin(
        ctx: &Ctx,
        garde: &Garde,
        (annee, id): (i64, &PublicId),
        demande: &str,
    ) -> Result<Result<Self, Recepisse>, AppError> {
        let tx = ctx.begin().await?;
        let session = sessions::session(&tx, annee).await?;
        let c = AControler::load(&tx, ctx, &session, id).await?;
        if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, demande).await? {
            return Ok(Err(recepisse));
        }
        garde.check_version(c.ligne.version)?;
        Ok(Ok(Self { tx, session, c }))
    }
}

/// Taking a review, or giving it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriseControle {
    /// Nobody else decides it.
    Prendre,
    /// Any agent of the perimeter may take it.
    Liberer,
}

/// Takes the review of a course, or releases it: one's own or, with the trace of who did, somebody else's.
///
/// # Errors
/// [`AppError::Rule`] when it is not submitted or somebody else has it; [`AppError::Conflict`] when somebody was faster.
pub async fn take_controle(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    prise: PriseControle,
) -> Result<Recepisse, AppError> {
    let demande = format!("prise_controle|{annee}|{id}|{prise:?}");
    let EnCours { tx, c, .. } = match EnCours::begin(ctx, garde, (annee, id), &demande).await? {
        Ok(begun) => begun,
        Err(recepisse) => return Ok(recepisse),
    };
    let prend = prise == PriseControle::Prendre;
    match etat(Some(&c.ligne)) {
        // Releasing asks nobody's leave.
        EtatControle::Soumise if !prend => {}
        etat => etat.check_decision(comptes(&c.ligne), ctx.acteur.compte)?,
    }
    let agent = ctx.acteur.compte.filter(|_| prend);
    let e = ctx.ecriture(&c.permit);
    base::take_controle(&tx, &e, (c.ligne.id, c.ligne.version), agent).await?;
    let apres = json!({ "etat": c.ligne.etat, "pris_par": agent });
    note(&tx, ctx, &c.permit, &c.f, Some(&c.ligne), &apres).await?;
    let acte = if prend { "formation_prise" } else { "formation_liberee" };
    let contenu = json!({ "formation": c.f.public_id, "controle": apres });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, acte, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Accepts a course: from the same act on it is published.
///
/// # Errors
/// [`AppError::Confirmation`] without a fresh second step (HAB-7); [`AppError::Rule`] when it is not submitted, taken by somebody
/// else, or was submitted by this very account; [`AppError::Conflict`] when the review changed since the agent read it.
pub async fn accept_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("acceptation|{annee}|{id}");
    let EnCours { tx, session, c } = match EnCours::begin(ctx, garde, (annee, id), &demande).await? {
        Ok(begun) => begun,
        Err(recepisse) => return Ok(recepisse),
    };
    // HAB-7: what is accepted is public at once.
    ctx.require_fresh()?;
    c.require_decidable(ctx)?;
    c.accepte(&tx, ctx, &session).await?;
    let contenu = json!({ "formation": c.f.public_id, "empreinte": c.ligne.empreinte });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_acceptee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-CTL-05: accepts courses that say what they said last year, without opening them: all of them or none.
///
/// # Errors
/// [`AppError::Confirmation`] without a fresh second step (HAB-7);
/// [`RuleViolation::ControleALire`] for the first one that changed; [`RuleViolation::GrilleARelire`] for the first one whose
/// grid is to be read again (R-CGE-18); [`RuleViolation::DansLot`] for the first one that
/// [`accept_formation`] would refuse.
pub async fn accept_unchanged(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    ids: &[PublicId],
) -> Result<Recepisse, AppError> {
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let demande = format!("acceptation_lot|{annee}|{}", codes.join(","));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let mut lot = Vec::with_capacity(ids.len());
    for id in ids {
        lot.push(AControler::load(&tx, ctx, &session, id).await?);
    }
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    ctx.require_fresh()?;
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    for c in &lot {
        if c.ligne.changes != Some(0) {
            return Err(
                RuleViolation::ControleALire { formation: intitule(&c.f.libelle, &c.f.detail) }.into()
            );
        }
        let points = Decompte::of(&c.contenu.description().constats()).total();
        if points > 0 {
            let formation = intitule(&c.f.libelle, &c.f.detail);
            return Err(RuleViolation::GrilleARelire { formation, points }.into());
        }
        let fait = match c.require_decidable(ctx) {
            Ok(()) => c.accepte(&tx, ctx, &session).await,
            refus => refus,
        };
        fait.map_err(|e| e.dans_lot(|| intitule(&c.f.libelle, &c.f.detail)))?;
    }
    let contenu = json!({ "formations": codes });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formations_acceptees", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What an agent returns: fields with the reason of each, and the last day to put them right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retour {
    /// (code of the field, reason as typed).
    pub motifs: Vec<(&'static str, String)>,
    /// Included.
    pub jusqu_a: Date,
}

/// The reason of each field, as kept; every one that says nothing is told at once.
fn read_motifs(
    ctx: &Ctx,
    connus: &[(&str, &str)],
    saisis: &[(&'static str, String)],
) -> Result<BTreeMap<String, String>, AppError> {
    let (mut motifs, mut fautes) = (BTreeMap::new(), Vec::new());
    for (code, texte) in saisis {
        if !connus.iter().any(|(connu, _)| connu == code) {
            return Err(AppError::Champ((*code).to_owned()));
        }
        match read_motif(ctx, texte, code) {
            Ok(motif) => {
                motifs.insert((*code).to_owned(), motif);
            }
            Err(AppError::Invalid(siennes)) => fautes.extend(siennes),
            Err(e) => return Err(e),
        }
    }
    if fautes.is_empty() { Ok(motifs) } else { Err(AppError::Invalid(fautes)) }
}

/// Returns a course: its returned fields are open until the end of the day, and the establishment is told.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that says nothing; [`AppError::Rule`] for a day past or too far, a course that is not
/// submitted or that somebody else has taken; [`AppError::Conflict`] when the review changed since the agent read it.
pub async fn return_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    retour: &Retour,
) -> Result<Recepisse, AppError> {
    let demande = format!("retour|{annee}|{id}|{}|{:?}", retour.jusqu_a, retour.motifs);
    let EnCours { tx, session, c } = match EnCours::begin(ctx, garde, (annee, id), &demande).await? {
        Ok(begun) => begun,
        Err(recepisse) => return Ok(recepisse),
    };
    c.require_decidable(ctx)?;
    let connus = champs_controles(genre(&c.f));
    let motifs = read_motifs(ctx, &connus, &retour.motifs)?;
    let jours = sessions::parametre_entier(&tx, session.id, "retour_controle_jours_max").await?;
    let r = Reouverture::until(motifs.keys().cloned().collect(), retour.jusqu_a, jours, ctx.campagne_le)?;
    let ecrit = |e: serde_json::Error| AppError::Internal(e.to_string());
    let champs = serde_json::to_string(&r.champs).map_err(ecrit)?;
    let motifs = serde_json::to_string(&motifs).map_err(ecrit)?;
    let jusqu_a = Some(r.fenetre.ferme.as_millisecond());
    let decision = Decision { etat: EtatControle::Retournee.code(), champs: &champs, jusqu_a };
    // JOU-2: no free text in the journal; the act of the review keeps it.
    let apres =
        json!({ "etat": "retournee", "champs": r.champs, "jusqu_a": jusqu_a, "motifs": hash(&motifs) });
    let dit = Dit { motifs: &motifs, ..Dit::RIEN };
    c.decide(&tx, ctx, (GesteControle::Retourner, &decision), dit, &apres).await?;
    announce(&tx, ctx, &c.f, Nouvelle::Retournee).await?;
    let contenu = json!({ "formation": c.f.public_id, "retour": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_retournee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What is told of a review.
pub(super) enum Nouvelle {
    Acceptee,
    Retournee,
    /// The new last day, as it is written.
    Prolongee(String),
    Reprise,
}

/// Tells those who may submit the course again.
pub(super) async fn announce(tx: &Tx, ctx: &Ctx, f: &LigneFormation, quoi: Nouvelle) -> Result<(), AppError> {
    let (modele, phrase) = match quoi {
        Nouvelle::Acceptee => (
            "controle_accepte",
            "Le service académique a accepté une formation de votre établissement.".to_owned(),
        ),
        Nouvelle::Retournee => (
            "controle_retourne",
            "Le service académique demande des corrections sur une formation de votre établissement."
                .to_owned(),
        ),
        Nouvelle::Prolongee(fin) => (
            "controle_prolonge",
            format!(
                "Le service académique vous donne plus de temps pour corriger une formation de votre établissement : jusqu’au {fin}."
            ),
        ),
        Nouvelle::Reprise => (
            "controle_repris",
            "Le service académique a annulé le retour d’une formation de votre établissement : il n’y a plus rien à y corriger, elle \
             attend de nouveau sa décision."
                .to_owned(),
        ),
    };
    let annee = sessions::annee(tx, f.session_id).await?.ok_or(AppError::NotFound)?;
    let chemin = format!("/gestion/{annee}/formations/{}", f.public_id);
    let annonce = Annonce {
        modele,
        sujet: "le service académique a répondu",
        phrase: &phrase,
        invite: LIRE_LA_REPONSE,
        chemin: &chemin,
        sauf: &[],
    };
    let qui = (Action::PublierFormation, &[Role::AdminSite, Role::RespFormation][..]);
    announce_to(tx, ctx, &cible(f), qui, &annonce).await
}
