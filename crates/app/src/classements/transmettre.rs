//! Transmitting the ranking: once, final, with its fingerprint (`domaine.md` §6.9).

use domain::RuleViolation;
use domain::candidatures::{EtatVoeu, Evenement};
use serde_json::json;
use store::classements as base;
use store::{Ecriture, Tx};

use super::{CHAMPS_APERCU, Groupe, Nature, Objet, Situation, load_groupe, load_situation};
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
    /// What is ranked.
    pub nature: Nature,
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
    s.check(g)
}

/// Shows what [`transmit`] would do: the same decision, not done.
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`].
pub async fn preview_transmission(
    ctx: &Ctx,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
) -> Result<ApercuTransmission, AppError> {
    let tx = ctx.begin().await?;
    let g = load_groupe(&tx, annee, groupe.into()).await?;
    let permit = g.permit(ctx, g.transmettre())?;
    let s = load_situation(&tx, &g).await?;
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
        nature: g.nature,
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
    groupe: impl Into<Objet<'_>>,
    engagement: bool,
) -> Result<Recepisse, AppError> {
    let objet = groupe.into();
    let demande = format!("transmettre|{}", objet.id);
    let tx = ctx.begin().await?;
    let g = load_groupe(&tx, annee, objet).await?;
    let permit = g.permit(ctx, g.transmettre())?;
    base::lock_groupe(&tx, g.nature, &g.ligne).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let mut s = load_situation(&tx, &g).await?;
    check(ctx, &g, &s)?;
    garde.check_version(s.version())?;
    if !engagement {
        return Err(RuleViolation::Champ { champ: "engagement", motif: "transmission" }.into());
    }
    let e = ctx.ecriture(&permit);
    if s.classement.is_none() {
        // Nobody to rank: the empty ranking is transmitted all the same, so that the group is done.
        base::save_brouillon(&tx, &e, (g.nature, g.ligne.id), None, &[]).await?;
        s = load_situation(&tx, &g).await?;
    }
    let classement = s.classement.as_ref().ok_or(AppError::Conflict)?;
    let empreinte = empreinte(&g.ligne.public_id, &s.ordre);
    base::set_transmis(&tx, &e, g.nature, classement, &empreinte).await?;
    let (classes, refuses) = match g.nature {
        Nature::Groupe => move_wishes(&tx, &e, &g, classement.id).await?,
        // The ranking of a boarding school decides nothing about the wishes.
        Nature::Internat => (0, 0),
    };
    record(
        &tx,
        ctx,
        &permit,
        &Acte {
            objet: g.nature.objet(),
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
    let mut lignes = vec![
        json!([g.titre(), g.intitule()]),
        json!(["Groupe", g.ligne.libelle]),
        json!(["Candidats classés", s.ordre.len().to_string()]),
    ];
    match g.nature {
        Nature::Groupe => {
            let non_retenus = if g.selective() { s.candidats.len().saturating_sub(s.ordre.len()) } else { 0 };
            lignes.push(json!(["Candidats non retenus", non_retenus.to_string()]));
        }
        Nature::Internat => {
            lignes.remove(1);
        }
    }
    lignes.push(json!(["Empreinte du classement", empreinte]));
    let contenu = json!({ "session": annee, "groupe": g.ligne.public_id, "lignes": lignes });
    let acte = g.acte("transmettre");
    let recepisse = emettre(&tx, ctx, garde, &demande, &acte, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Ranked wishes become `classe`; in a selective course the other ones become `refuse_formation`. Gives how many of each.
async fn move_wishes(tx: &Tx, e: &Ecriture<'_>, g: &Groupe, classement: i64) -> Result<(u64, u64), AppError> {
    let de = EtatVoeu::Confirme;
    let vers = de.apply(Evenement::Classement)?;
    let classes = base::move_voeux(tx, e, g.ligne.id, Some(classement), de, vers).await?;
    if !g.selective() {
        return Ok((classes, 0));
    }
    let vers = de.apply(Evenement::NonRetenu)?;
    Ok((classes, base::move_voeux(tx, e, g.ligne.id, None, de, vers).await?))
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
    groupe: impl Into<Objet<'_>>,
    numero: &str,
) -> Result<RecepisseClassement, AppError> {
    let db = &ctx.app.db;
    let g = load_groupe(db, annee, groupe.into()).await?;
    g.permit(ctx, domain::droits::Action::ConsulterDossiers)?;
    let r = store::idempotence::find_recepisse(db, numero).await?.ok_or(AppError::NotFound)?;
    let contenu: serde_json::Value = serde_json::from_str(&r.contenu).map_err(AppError::internal)?;
    let sien = r.compte_id.is_some() && r.compte_id == ctx.acteur.compte;
    if !sien || contenu.get("groupe").and_then(|v| v.as_str()) != Some(&g.ligne.public_id) {
        return Err(AppError::NotFound);
    }
    Ok(RecepisseClassement {
        groupe: g.ligne.public_id.clone(),
        formation: g.intitule(),
        recepisse: crate::candidatures::recepisse_vue(&r),
    })
}
