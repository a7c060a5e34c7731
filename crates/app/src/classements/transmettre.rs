//! Transmitting the ranking: once, final, with its fingerprint (`domaine.md` §6.9).

use domain::RuleViolation;
use domain::candidatures::{EtatVoeu, Evenement};
use domain::classements::check_transmission;
use domain::droits::Action;
use serde_json::json;
use store::classements as base;

use super::brouillon::open_brouillon;
use super::{CHAMPS_APERCU, Groupe, Situation, load_groupe, load_situation};
use crate::candidatures::RecepisseVue;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, Lecture, record, record_lecture};

/// What transmitting would do.
#[derive(Debug, Clone)]
pub struct ApercuTransmission {
    /// Year of the session.
    pub annee: i64,
    /// Public identifier of the ranking group.
    pub groupe: String,
    /// Label of the ranking group.
    pub libelle: String,
    /// « BTS Électronique – Lycée Ampère ».
    pub formation: String,
    /// Whether those without a rank are refused, or block the sending.
    pub selective: bool,
    /// Candidates ranked, 1 to this number.
    pub classes: usize,
    /// Candidates who would be refused (selective courses): file number and name.
    pub non_retenus: Vec<(i64, String)>,
    /// Fingerprint of what would be sent.
    pub empreinte: String,
    /// Of the ranking shown: sending it after another change is a conflict.
    pub version: i64,
    /// Why it is not possible now, if it is not.
    pub refus: Option<RuleViolation>,
}

/// SHA-256 of the ranking: the group, then one line a rank. Anyone holding the list can compute it again.
fn empreinte(groupe: &str, ordre: &[i64]) -> String {
    let mut texte = format!("{groupe}\n");
    for (rang, numero) in (1..).zip(ordre) {
        let rang: u32 = rang;
        texte.push_str(&format!("{rang};{numero}\n"));
    }
    hash(&texte)
}

fn check(ctx: &Ctx, g: &Groupe, s: &Situation) -> Result<(), RuleViolation> {
    g.require_open(ctx)?;
    s.require_brouillon()?;
    check_transmission(&s.ordre, &s.connus(), g.selective(), g.ligne.sans_classement == 1)
}

/// Shows what [`transmit`] would do: the same decision, not done.
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`].
pub async fn preview_transmission(
    ctx: &Ctx,
    annee: i64,
    groupe: &str,
) -> Result<ApercuTransmission, AppError> {
    let tx = ctx.begin().await?;
    let g = load_groupe(&tx, annee, groupe).await?;
    let permit = ctx.permit(Action::TransmettreClassement, &g.cible())?;
    let s = load_situation(&tx, g.ligne.id).await?;
    let classes: std::collections::HashSet<i64> = s.ordre.iter().copied().collect();
    let montres: Vec<_> = s.candidats.iter().filter(|c| !classes.contains(&c.numero)).collect();
    if !montres.is_empty() {
        let dossiers = montres.iter().map(|c| c.id).collect();
        record_lecture(&tx, ctx, &permit, &Lecture { dossiers, ..g.lecture(CHAMPS_APERCU) }).await?;
    }
    tx.commit().await?;
    Ok(ApercuTransmission {
        annee,
        groupe: g.ligne.public_id.clone(),
        libelle: g.ligne.libelle.clone(),
        formation: g.intitule(),
        selective: g.selective(),
        classes: s.ordre.len(),
        non_retenus: montres.iter().map(|c| (c.numero, format!("{} {}", c.nom, c.prenom))).collect(),
        empreinte: empreinte(&g.ligne.public_id, &s.ordre),
        version: s.version(),
        refus: check(ctx, &g, &s).err(),
    })
}

/// Transmits the ranking of a group. Ranked wishes become `classe`; in a selective course the other ones become
/// `refuse_formation`, by this human act (DON-6). `engagement`: the person ticked that they checked the list.
///
/// # Errors
/// [`AppError::Rule`] outside the step, for an incomplete ranking, once transmitted or without the undertaking;
/// [`AppError::Conflict`] when the draft changed since it was read.
pub async fn transmit(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    groupe: &str,
    engagement: bool,
) -> Result<Recepisse, AppError> {
    const ACTE: &str = "transmettre_classement";
    let demande = format!("transmettre|{groupe}");
    let tx = ctx.begin().await?;
    let (g, permit) = open_brouillon(&tx, ctx, annee, groupe, Action::TransmettreClassement).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let mut s = load_situation(&tx, g.ligne.id).await?;
    check(ctx, &g, &s)?;
    garde.check_version(s.version())?;
    if !engagement {
        return Err(RuleViolation::Champ { champ: "engagement", motif: "transmission" }.into());
    }
    let e = ctx.ecriture(&permit);
    if s.classement.is_none() {
        // Nobody to rank: the empty ranking is transmitted all the same, so that the group is done.
        base::save_brouillon(&tx, &e, g.ligne.id, None, &[]).await?;
        s = load_situation(&tx, g.ligne.id).await?;
    }
    let classement = s.classement.as_ref().ok_or(AppError::Conflict)?;
    let empreinte = empreinte(&g.ligne.public_id, &s.ordre);
    base::set_transmis(&tx, &e, classement, &empreinte).await?;
    let de = EtatVoeu::Confirme;
    let vers = de.apply(Evenement::Classement)?;
    let classes = base::move_voeux(&tx, &e, g.ligne.id, Some(classement.id), de, vers).await?;
    let refuses = if g.selective() {
        let vers = de.apply(Evenement::NonRetenu)?;
        base::move_voeux(&tx, &e, g.ligne.id, None, de, vers).await?
    } else {
        0
    };
    record(
        &tx,
        ctx,
        &permit,
        &Acte {
            objet: "groupe_classement",
            objet_id: &g.ligne.public_id,
            avant: Some(json!({ "etat": "brouillon" })),
            apres: Some(json!({
                "etat": "transmis",
                "classes": s.ordre.len(),
                "voeux_classes": classes,
                "voeux_refuses": refuses,
                "empreinte": empreinte,
            })),
        },
    )
    .await?;
    let non_retenus = s.candidats.len().saturating_sub(s.ordre.len());
    let contenu = json!({
        "session": annee,
        "groupe": g.ligne.public_id,
        "lignes": [
            ["Formation", g.intitule()],
            ["Groupe", g.ligne.libelle],
            ["Candidats classés", s.ordre.len().to_string()],
            ["Candidats non retenus", if g.selective() { non_retenus } else { 0 }.to_string()],
            ["Empreinte du classement", empreinte],
        ],
    });
    let recepisse = emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// The receipt of a transmission.
#[derive(Debug, Clone)]
pub struct RecepisseClassement {
    /// Label of the ranking group.
    pub groupe: String,
    /// « BTS Électronique – Lycée Ampère ».
    pub formation: String,
    /// Number, instant, fingerprint of the list sent.
    pub recepisse: RecepisseVue,
}

/// A receipt about a group, found again by whoever did the act.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn recepisse(
    ctx: &Ctx,
    annee: i64,
    groupe: &str,
    numero: &str,
) -> Result<RecepisseClassement, AppError> {
    let db = &ctx.app.db;
    let g = load_groupe(db, annee, groupe).await?;
    ctx.permit(Action::ConsulterDossiers, &g.cible())?;
    let r = store::idempotence::find_recepisse(db, numero).await?.ok_or(AppError::NotFound)?;
    let contenu: serde_json::Value = serde_json::from_str(&r.contenu).map_err(AppError::internal)?;
    let sien = r.compte_id.is_some() && r.compte_id == ctx.acteur.compte;
    if !sien || contenu.get("groupe").and_then(|v| v.as_str()) != Some(groupe) {
        return Err(AppError::NotFound);
    }
    Ok(RecepisseClassement {
        groupe: g.ligne.public_id.clone(),
        formation: g.intitule(),
        recepisse: crate::candidatures::recepisse_vue(&r),
    })
}
