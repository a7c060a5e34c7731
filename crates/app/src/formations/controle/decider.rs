//! R-CTL-03 to 05: a review is taken, then the course is accepted or returned.

use std::collections::{BTreeMap, HashMap};

use domain::comptes::Role;
use domain::droits::{Action, Cible, Permit};
use domain::formations::controle::{EtatControle, GesteControle, Reouverture, champs_controles};
use domain::formations::description::Description;
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use jiff::civil::Date;
use serde_json::json;
use store::formations::{self as base, Decision, LigneControle, LigneFormation, LigneGroupe, NouvelActe};
use store::{Ecriture, Tx};

use super::{acte, comptes, etat, hold_permises, note};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::annonce::{Annonce, LIRE_LA_REPONSE, announce_each};
use crate::formations::contenu::Contenu;
use crate::formations::description::{genre, lit};
use crate::formations::lot::une_fois;
use crate::formations::publier::{
    AExaminer, Pret, acte_publication, examine, first_refusal, write_publications,
};
use crate::formations::vraisemblance::Lectures;
use crate::formations::{cible, intitule, load_groupes_of};
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record_each};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// A course submitted, loaded under the right to review it.
pub(super) struct AControler {
    pub f: LigneFormation,
    pub ligne: LigneControle,
    pub permit: Permit,
    pub contenu: Contenu,
    groupes: Vec<LigneGroupe>,
    /// R-APP-12: the record that it is made of does not let it be public.
    bloquee: bool,
}

impl AControler {
    /// These courses, each named once, held then read at once, in their order.
    pub(super) async fn load_all(
        tx: &Tx,
        ctx: &Ctx,
        session: &SessionAdmission,
        ids: &[PublicId],
    ) -> Result<Vec<Self>, AppError> {
        let permises = hold_permises(tx, ctx, session, ids, Action::ControlerFormation).await?;
        session.require_ouverte()?;
        let cles: Vec<i64> = permises.iter().map(|(f, _)| f.id).collect();
        let lues = base::controles(tx, &cles).await?.into_iter();
        let mut lignes: HashMap<i64, LigneControle> = lues.map(|l| (l.formation_session_id, l)).collect();
        let lues = base::descriptions(tx, &cles).await?.into_iter();
        let descriptions: HashMap<i64, String> = lues.map(|d| (d.formation_session_id, d.contenu)).collect();
        let mut groupes = load_groupes_of(tx, &cles).await?;
        let bloquees = store::apprentissage::bloquees(tx, &cles).await?;
        let mut lot = Vec::with_capacity(permises.len());
        for (f, permit) in permises {
            let absent = RuleViolation::ForbiddenTransition { from: "brouillon", event: "controler" };
            let ligne = lignes.remove(&f.id).ok_or(absent)?;
            let dite = descriptions.get(&f.id);
            let description = dite.map_or_else(|| Ok(Description::default()), |d| lit(d, genre(&f)))?;
            let groupes = groupes.remove(&f.id).unwrap_or_default();
            let contenu = Contenu::new(&f, &groupes, description);
            let bloquee = bloquees.contains(&f.id);
            lot.push(Self { f, ligne, permit, contenu, groupes, bloquee });
        }
        Ok(lot)
    }

    async fn load(tx: &Tx, ctx: &Ctx, session: &SessionAdmission, id: &PublicId) -> Result<Self, AppError> {
        let seule = Self::load_all(tx, ctx, session, std::slice::from_ref(id)).await?.pop();
        seule.ok_or(AppError::NotFound)
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

    /// Its values as they may be public, or everything that prevents it. `lu`: what its numbers are held against.
    pub(super) fn examine(
        &self,
        ctx: &Ctx,
        lu: &Lectures,
    ) -> Result<Result<Pret, Vec<RuleViolation>>, AppError> {
        let a_examiner = AExaminer {
            description: self.contenu.description().clone(),
            groupes: self.groupes.clone(),
            bloquee: self.bloquee,
        };
        examine(ctx, lu, &self.f, a_examiner)
    }

    /// The same, once the person may decide it: the first thing that prevents it refuses it.
    fn decidable(&self, ctx: &Ctx, lu: &Lectures) -> Result<Pret, AppError> {
        self.require_decidable(ctx)?;
        self.examine(ctx, lu)?.map_err(first_refusal)
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
        write_decision(tx, &ctx.ecriture(&self.permit), &[self], (geste, decision), dit).await?;
        note(tx, ctx, &self.permit, &self.f, Some(&self.ligne), apres).await
    }
}

/// Writes one decision of all these reviews, with the act of each.
async fn write_decision(
    tx: &Tx,
    e: &Ecriture<'_>,
    lot: &[&AControler],
    (geste, decision): (GesteControle, &Decision<'_>),
    dit: Dit<'_>,
) -> Result<(), AppError> {
    let lues: Vec<(i64, i64)> = lot.iter().map(|c| (c.ligne.id, c.ligne.version)).collect();
    base::decide_controles(tx, e, &lues, decision).await?;
    let mut contenus = Vec::with_capacity(lot.len());
    for c in lot {
        contenus.push(c.contenu.ecrit()?);
    }
    let mut actes = Vec::with_capacity(lot.len());
    for (c, contenu) in lot.iter().zip(&contenus) {
        let acte = NouvelActe {
            acte: geste.code(),
            contenu,
            motifs: dit.motifs,
            jusqu_a: decision.jusqu_a,
            mot: dit.mot,
        };
        actes.push((c.ligne.id, acte));
    }
    Ok(base::add_actes(tx, e, &actes).await?)
}

/// Accepts courses whose values were found ready to be public, and publishes what is new: whoever submitted asked for it. As many
/// statements for many as for one; the journal tells them course by course.
pub(super) async fn accept_ready(tx: &Tx, ctx: &Ctx, pretes: &[(&AControler, Pret)]) -> Result<(), AppError> {
    let Some((premiere, _)) = pretes.first() else { return Ok(()) };
    let e = ctx.ecriture(&premiere.permit);
    let lot: Vec<&AControler> = pretes.iter().map(|(c, _)| *c).collect();
    let decision = Decision { etat: EtatControle::Acceptee.code(), champs: "[]", jusqu_a: None };
    write_decision(tx, &e, &lot, (GesteControle::Accepter, &decision), Dit::RIEN).await?;
    let nouvelles = pretes.iter().filter(|(_, pret)| pret.require_nouveau().is_ok());
    let nouvelles: Vec<(&LigneFormation, &Pret)> = nouvelles.map(|(c, pret)| (&c.f, pret)).collect();
    let numeros = write_publications(tx, &e, &nouvelles).await?;
    let numeros: HashMap<i64, i64> = nouvelles.iter().map(|(f, _)| f.id).zip(numeros).collect();
    let mut actes: Vec<(&Permit, Acte<'_>)> = Vec::with_capacity(2 * pretes.len());
    for (c, pret) in pretes {
        let apres = json!({ "etat": "acceptee", "empreinte": c.ligne.empreinte });
        actes.push((&c.permit, acte(&c.f, Some(&c.ligne), apres)));
        if let Some(numero) = numeros.get(&c.f.id) {
            actes.push((&c.permit, acte_publication(&c.f, pret, *numero)?));
        }
    }
    let actes: Vec<(&Permit, &Acte<'_>)> = actes.iter().map(|(permit, acte)| (*permit, acte)).collect();
    record_each(tx, ctx, &actes).await?;
    let formations: Vec<&LigneFormation> = lot.iter().map(|c| &c.f).collect();
    announce_all(tx, ctx, &formations, Nouvelle::Acceptee).await
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
    let lu = Lectures::load(ctx, &tx, &session, std::slice::from_ref(&c.f)).await?;
    let pret = c.decidable(ctx, &lu)?;
    accept_ready(&tx, ctx, &[(&c, pret)]).await?;
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
    let ids = une_fois(ids);
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let demande = format!("acceptation_lot|{annee}|{}", codes.join(","));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let lot = AControler::load_all(&tx, ctx, &session, &ids).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    ctx.require_fresh()?;
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let formations: Vec<LigneFormation> = lot.iter().map(|c| c.f.clone()).collect();
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let mut pretes = Vec::with_capacity(lot.len());
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
        let pret = c.decidable(ctx, &lu);
        pretes.push((c, pret.map_err(|e| e.dans_lot(|| intitule(&c.f.libelle, &c.f.detail)))?));
    }
    accept_ready(&tx, ctx, &pretes).await?;
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
    announce_all(tx, ctx, &[f], quoi).await
}

/// The same of courses of one session, each by its own mail.
async fn announce_all(
    tx: &Tx,
    ctx: &Ctx,
    formations: &[&LigneFormation],
    quoi: Nouvelle,
) -> Result<(), AppError> {
    let Some(premiere) = formations.first() else { return Ok(()) };
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
    let annee = sessions::annee(tx, premiere.session_id).await?.ok_or(AppError::NotFound)?;
    let mut lieux: Vec<(Cible, String)> = Vec::with_capacity(formations.len());
    for f in formations {
        lieux.push((cible(f), format!("/gestion/{annee}/formations/{}", f.public_id)));
    }
    let mut annonces = Vec::with_capacity(lieux.len());
    for (_, chemin) in &lieux {
        annonces.push(Annonce {
            modele,
            sujet: "le service académique a répondu",
            phrase: &phrase,
            invite: LIRE_LA_REPONSE,
            chemin,
            sauf: &[],
        });
    }
    let dites: Vec<(&Cible, &Annonce<'_>)> = lieux.iter().map(|(cible, _)| cible).zip(&annonces).collect();
    let qui = (Action::PublierFormation, &[Role::AdminSite, Role::RespFormation][..]);
    announce_each(tx, ctx, qui, &dites).await
}
