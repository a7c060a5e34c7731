//! R-IMP-12: the days received, and one of them: where it stands, what it does, what proves it.

use std::collections::HashMap;

use domain::PublicId;
use domain::apprentissage::{EtatJournee, Etendue};
use jiff::Timestamp;
use store::apprentissage::{self as base, FichierJournee, LigneJournee};
use store::messagerie;

use super::super::PAR_PAGE;
use super::super::liste::perimetre_decide;
use super::rapport::COLONNES;
use super::{RapportGarde, etat, etendue, load, permit, task_key, unreadable};
use crate::admission::{cle_publique, is_texte_signed};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::imports::CompteFiches;
use crate::sessions::{self, SessionAdmission};
use crate::tableaux::{FichierTableau, FormatTableau, Sortie};
use crate::taches::TRAITER_JOURNEE;

/// A day of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneeRecue {
    /// Public identifier.
    pub id: String,
    /// Milliseconds of the campaign.
    pub recue_le: i64,
    /// Who sent it; `None`: a command.
    pub par: Option<String>,
    /// Where its records come from.
    pub flux: String,
    /// Where it stands.
    pub etat: EtatJournee,
    /// In their order.
    pub fichiers: Vec<FichierJournee>,
    /// What it does, once it is read.
    pub compte: Option<CompteFiches>,
    /// The last one of its flow that was applied: the duplicates and the refused records of now are its own.
    pub derniere: bool,
}

/// A page of days.
#[derive(Debug, Clone)]
pub struct ListeJournees {
    /// The one listed.
    pub session: SessionAdmission,
    /// All pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// The last received first.
    pub lignes: Vec<JourneeRecue>,
    /// Whether the person may open a day and read it record by record.
    pub ouvrir: bool,
    /// Whether they may send one: the session is open too.
    pub envoyer: bool,
}

fn counts(j: &LigneJournee) -> Result<Option<CompteFiches>, AppError> {
    j.bilan.as_deref().map(|b| serde_json::from_str(b).map_err(|_| unreadable())).transpose()
}

/// The days that a session received, for whoever decides of its records.
///
/// # Errors
/// [`AppError::Denied`] for whoever decides nothing; [`AppError::NotFound`] for an unknown session.
pub async fn list_journees(ctx: &Ctx, annee: i64, page: u32) -> Result<ListeJournees, AppError> {
    let db = &ctx.app.db;
    let (session, _) = perimetre_decide(ctx, annee).await?;
    let total = base::count_journees(db, session.id).await?;
    let (page, pages) = pages(page, total, PAR_PAGE);
    let lues = base::journees(db, session.id, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let cles: Vec<i64> = lues.iter().map(|j| j.id).collect();
    let mut fichiers: HashMap<i64, Vec<FichierJournee>> = HashMap::new();
    for (journee, fichier) in base::fichiers_journees(db, &cles).await? {
        fichiers.entry(journee).or_default().push(fichier);
    }
    let ligne = |j: LigneJournee| -> Result<JourneeRecue, AppError> {
        Ok(JourneeRecue {
            etat: etat(&j)?,
            compte: counts(&j)?,
            fichiers: fichiers.remove(&j.id).unwrap_or_default(),
            derniere: j.derniere == 1,
            id: j.public_id,
            recue_le: j.cree_le,
            par: j.par,
            flux: j.flux,
        })
    };
    let ouvrir = permit(ctx).is_ok();
    Ok(ListeJournees {
        total,
        page,
        pages,
        lignes: lues.into_iter().map(ligne).collect::<Result<_, _>>()?,
        ouvrir,
        envoyer: ouvrir && !session.archivee,
        session,
    })
}

/// What the platform is doing of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travail {
    /// No runner has taken it yet.
    EnAttente,
    /// A runner works on it.
    EnCours,
    /// It did not go through; it is tried again by itself.
    Reprise,
    /// It did not go through, and is not tried any more.
    Abandonne,
}

impl Travail {
    /// What a task says of it; `None`: it is done.
    pub(crate) fn of(t: &messagerie::EtatTache) -> Option<Self> {
        match (t.etat.as_str(), &t.erreur) {
            ("faite", _) => None,
            ("abandonnee", _) => Some(Self::Abandonne),
            ("en_cours", _) => Some(Self::EnCours),
            (_, Some(_)) => Some(Self::Reprise),
            (_, None) => Some(Self::EnAttente),
        }
    }
}

/// Where the reading or the application of a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviJournee {
    /// What the platform does.
    pub travail: Travail,
    /// Real time.
    pub demande_le: Timestamp,
    /// Hundredths of its files that are read.
    pub pour_cent: i64,
}

/// What proves a day that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScelleVu {
    /// Rank among the days of its flow that were applied.
    pub numero: i64,
    /// Milliseconds of the campaign.
    pub appliquee_le: i64,
    /// Who had it applied; `None`: a command.
    pub par: Option<String>,
    /// SHA-256 of the table, in hexadecimal.
    pub compte_rendu: String,
    /// Ed25519, in hexadecimal.
    pub signature: String,
    /// Public half of the key, in hexadecimal.
    pub cle: String,
    /// What is kept is what was signed.
    pub juste: bool,
}

/// A day.
#[derive(Debug, Clone)]
pub struct JourneeVue {
    /// The one of the address.
    pub session: SessionAdmission,
    /// TRX-4: the one that is shown.
    pub version: i64,
    /// Public identifier.
    pub id: String,
    /// Milliseconds of the campaign.
    pub recue_le: i64,
    /// Who sent it; `None`: a command.
    pub par: Option<String>,
    /// Where its records come from.
    pub flux: String,
    /// Whether absence means removal.
    pub etendue: Etendue,
    /// Where it stands.
    pub etat: EtatJournee,
    /// In their order.
    pub fichiers: Vec<FichierJournee>,
    /// French: why it is refused, held or shown again.
    pub message: Option<String>,
    /// What it does, or would do, once it is read.
    pub rapport: Option<RapportGarde>,
    /// While the platform is at it.
    pub suivi: Option<SuiviJournee>,
    /// Public identifier and instant of the last day before it that was applied with the same files.
    pub deja: Option<(String, i64)>,
    /// Once it is applied.
    pub scelle: Option<ScelleVu>,
    /// The last one of its flow that was applied.
    pub derniere: bool,
}

async fn report(ctx: &Ctx, j: &LigneJournee) -> Result<Option<RapportGarde>, AppError> {
    let Some(cle) = &j.rapport else { return Ok(None) };
    let octets = ctx.app.depot.get(cle).await.map_err(AppError::internal)?;
    serde_json::from_slice(&octets).map(Some).map_err(|_| unreadable())
}

async fn progress(ctx: &Ctx, j: &LigneJournee) -> Result<Option<SuiviJournee>, AppError> {
    if !etat(j)?.is_en_cours() {
        return Ok(None);
    }
    let cle = task_key(&j.public_id, j.version);
    let tache = messagerie::tache_demandee(&ctx.app.db, TRAITER_JOURNEE, &cle).await?;
    // Without its own, another day may be under way.
    let Some(tache) = tache.filter(|t| t.donnees.contains(&j.public_id)) else { return Ok(None) };
    Ok(Some(SuiviJournee {
        travail: Travail::of(&tache).unwrap_or(Travail::EnAttente),
        demande_le: Timestamp::from_millisecond(tache.cree_le).unwrap_or(Timestamp::UNIX_EPOCH),
        pour_cent: (j.lus.saturating_mul(100) / j.taille.max(1)).min(100),
    }))
}

fn seal_seen(ctx: &Ctx, j: &LigneJournee) -> Option<ScelleVu> {
    let (texte, signature) = (j.proces_verbal.as_deref()?, j.signature.as_deref()?);
    Some(ScelleVu {
        numero: j.numero?,
        appliquee_le: j.appliquee_le?,
        par: j.dernier.clone(),
        compte_rendu: j.compte_rendu.clone()?,
        signature: signature.to_owned(),
        cle: cle_publique(ctx),
        juste: is_texte_signed(ctx, texte, signature),
    })
}

/// A day, with what it does record by record.
///
/// # Errors
/// [`AppError::Denied`] for whoever may not apply it; [`AppError::NotFound`].
pub async fn view_journee(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<JourneeVue, AppError> {
    let db = &ctx.app.db;
    permit(ctx)?;
    let session = sessions::session(db, annee).await?;
    let j = load(db, &session, id).await?;
    let deja = base::applied_before(db, &j).await?;
    let fichiers = base::fichiers_journees(db, &[j.id]).await?;
    Ok(JourneeVue {
        version: j.version,
        etendue: etendue(&j)?,
        etat: etat(&j)?,
        fichiers: fichiers.into_iter().map(|(_, f)| f).collect(),
        rapport: report(ctx, &j).await?,
        suivi: progress(ctx, &j).await?,
        deja: deja.and_then(|d| Some((d.public_id, d.appliquee_le?))),
        scelle: seal_seen(ctx, &j),
        derniere: j.derniere == 1,
        id: j.public_id,
        recue_le: j.cree_le,
        par: j.par,
        flux: j.flux,
        message: j.message,
        session,
    })
}

/// What a day does, one line a record or a fault: of one that was applied, the table that is signed. Recorded with its lines and
/// fingerprint (JOU-1).
///
/// # Errors
/// As [`view_journee`]; [`AppError::NotFound`] until it is read; [`AppError::TooMany`] when too many files left.
pub async fn export_journee(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let permit = permit(ctx)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let j = load(&tx, &session, id).await?;
    let rapport = report(ctx, &j).await?.ok_or(AppError::NotFound)?;
    let octets = match &j.compte_rendu {
        Some(cle) => ctx.app.depot.get(cle).await.map_err(AppError::internal)?,
        None => rapport.table(ctx.recu_le)?,
    };
    let sortie = Sortie {
        objet: ("journee_catalogue", j.public_id.as_str()),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("journee-catalogue-{annee}"),
        format: FormatTableau::Csv,
        lignes: rapport.rows().len(),
    };
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

/// What is signed of a day that was applied, its signature and the public half of the key: name and text of a file.
///
/// # Errors
/// As [`view_journee`]; [`AppError::NotFound`] for a day that was not applied.
pub async fn proces_verbal_journee(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
) -> Result<(String, String), AppError> {
    let db = &ctx.app.db;
    permit(ctx)?;
    let session = sessions::session(db, annee).await?;
    let j = load(db, &session, id).await?;
    let (Some(texte), Some(signature), Some(numero)) = (j.proces_verbal, j.signature, j.numero) else {
        return Err(AppError::NotFound);
    };
    let nom = format!("journee-catalogue-{annee}-{}-{numero}.txt", j.flux);
    Ok((nom, format!("{texte}signature {signature}\ncle {}\n", cle_publique(ctx))))
}
