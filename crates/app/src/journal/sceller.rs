//! The sealer (JOU-3): chains what is committed, signs the head, copies it outside the database.

use std::sync::Arc;

use domain::droits::{Action, Cible};
use jiff::Timestamp;
use store::journal::chaine as base;
use store::journal::chaine::Sceau;

use super::chaine::{ORIGINE, Tete, hexa, is_signed, maillon, public_key, sign_tete};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::plateforme::Plateforme;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passe {
    /// Entries sealed.
    pub scellees: usize,
    /// Heads signed.
    pub tetes: usize,
}

/// Where the chain stands: what is proved, and the window that is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtatChaine {
    /// Last place of the chain.
    pub rang: i64,
    /// Entries of the journal: those of the chain, and those that wait for their seal.
    pub entrees: i64,
    /// Last head signed.
    pub tete: Option<Tete>,
    /// Last head known outside the database; nothing after it is proved against whoever holds the database.
    pub exterieure: Option<Tete>,
    /// Entries after the last head outside: sealed or not.
    pub ouvertes: i64,
    /// Since when (oldest entry that waits for its seal, or last head outside).
    pub depuis: Option<Timestamp>,
    /// The public key, in hexadecimal.
    pub cle: String,
}

/// Seals everything that is committed, and signs heads: at the latest 1,000 entries or ten minutes after the one before
/// (`Limites`). Several may run at once: they take turns. Running it again changes nothing.
///
/// # Errors
/// When the database refuses, or the copy of the heads cannot be written.
pub async fn sceller(app: &Arc<Plateforme>) -> Result<Passe, AppError> {
    let ctx = Ctx::systeme(app, "scelleur", "tache");
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let mut total = Passe::default();
    // What is committed meanwhile waits for the next call: under load, a pass for each few entries would hold the writer
    // without end.
    let mut encore = is_due(&ctx).await?;
    while encore {
        let (passe, pleine) = one_pass(&ctx).await?;
        total.scellees += passe.scellees;
        total.tetes += passe.tetes;
        encore = pleine;
    }
    recopier(app).await?;
    Ok(total)
}

/// Reads only, so that an idle platform writes nothing.
async fn is_due(ctx: &Ctx) -> Result<bool, AppError> {
    let db = &ctx.app.db;
    if base::is_waiting(db).await? {
        return Ok(true);
    }
    let Some(dernier) = base::last_sceau(db).await? else { return Ok(false) };
    Ok(head_due(ctx, base::last_tete(db).await?.as_ref(), dernier.rang))
}

fn head_due(ctx: &Ctx, tete: Option<&base::LigneTete>, rang: i64) -> bool {
    let limites = &ctx.app.limites;
    tete.is_none_or(|t| {
        rang - t.rang >= limites.journal_tete_entrees
            || (rang > t.rang && ctx.recu_ms() - t.signee_le >= limites.journal_tete_min * 60_000)
    })
}

/// What it did, and whether it took as many entries as it may: others may wait behind.
async fn one_pass(ctx: &Ctx) -> Result<(Passe, bool), AppError> {
    let tx = ctx.begin().await?;
    base::take_turn(&tx).await?;
    let tete = base::last_tete(&tx).await?;
    let (mut rang, mut precedent) = end_of_chain(&tx, tete.as_ref()).await?;
    let depuis_tete = rang - tete.as_ref().map_or(0, |t| t.rang);
    let place = (ctx.app.limites.journal_tete_entrees - depuis_tete).max(1);
    let lignes = base::to_seal(&tx, place).await?;
    let mut sceaux = Vec::with_capacity(lignes.len());
    for ligne in &lignes {
        rang += 1;
        precedent = maillon(&precedent, rang, ligne).to_vec();
        sceaux.push(Sceau { rang, entree_id: ligne.id, empreinte: precedent.clone() });
    }
    if !sceaux.is_empty() {
        base::insert_sceaux(&tx, &sceaux).await?;
        super::alarmes::detect(&tx, ctx, &lignes).await?;
    }
    let signe = rang > 0 && head_due(ctx, tete.as_ref(), rang);
    if signe {
        let numero = tete.map_or(1, |t| t.numero + 1);
        base::insert_tete(&tx, &sign_tete(&ctx.app.secrets.journal, numero, rang, &precedent, ctx.recu_ms()))
            .await?;
    }
    tx.commit().await?;
    let pleine = i64::try_from(sceaux.len()).is_ok_and(|n| n >= place);
    Ok((Passe { scellees: sceaux.len(), tetes: usize::from(signe) }, pleine))
}

/// Place and link to go on from: the last seal, or the last head when everything before it was removed.
async fn end_of_chain(
    c: &impl store::Sql,
    tete: Option<&base::LigneTete>,
) -> Result<(i64, Vec<u8>), AppError> {
    let dernier = base::last_sceau(c).await?.map(|s| (s.rang, s.empreinte));
    let tete = tete.map(|t| (t.rang, t.empreinte.clone()));
    Ok(match (dernier, tete) {
        (Some(d), Some(t)) if t.0 > d.0 => t,
        (Some(d), _) => d,
        (None, Some(t)) => t,
        (None, None) => (0, ORIGINE.to_vec()),
    })
}

/// Copies outside the database the heads that are not there yet: a head signed just before a stop leaves at the next
/// pass. A copy that is ahead of the database, or says otherwise, is left as it is: it is the evidence.
async fn recopier(app: &Arc<Plateforme>) -> Result<(), AppError> {
    let dernier = exterieure(app).await?.map_or(0, |t| t.numero);
    for tete in base::tetes(&app.db, dernier).await? {
        app.temoin.ajouter(&Tete::from(tete).ligne()).await.map_err(io)?;
    }
    Ok(())
}

fn io(e: std::io::Error) -> AppError {
    AppError::Internal(format!("têtes du journal : {e}"))
}

async fn exterieure(app: &Arc<Plateforme>) -> Result<Option<Tete>, AppError> {
    Ok(app.temoin.derniere().await.map_err(io)?.as_deref().and_then(Tete::lit))
}

/// The heads kept outside the database, and how many lines of the copy are not heads.
///
/// # Errors
/// When the copy cannot be read.
pub async fn tetes_exterieures(app: &Arc<Plateforme>) -> Result<(Vec<Tete>, usize), AppError> {
    Ok(lit_tetes(&app.temoin.lire().await.map_err(io)?))
}

/// Reads the lines of a copy of the heads.
pub fn lit_tetes(texte: &str) -> (Vec<Tete>, usize) {
    let lignes: Vec<Option<Tete>> = texte.lines().filter(|l| !l.trim().is_empty()).map(Tete::lit).collect();
    let illisibles = lignes.iter().filter(|l| l.is_none()).count();
    (lignes.into_iter().flatten().collect(), illisibles)
}

/// The signed heads of the database, to be kept elsewhere.
///
/// # Errors
/// When the database refuses.
pub async fn tetes(ctx: &Ctx) -> Result<Vec<Tete>, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    Ok(base::tetes(&ctx.app.db, 0).await?.into_iter().map(Tete::from).collect())
}

/// Where the chain stands.
///
/// # Errors
/// When the database refuses, or the copy of the heads cannot be read.
pub async fn etat_chaine(app: &Arc<Plateforme>) -> Result<EtatChaine, AppError> {
    let db = &app.db;
    let derniere = base::last_tete(db).await?;
    let (rang, _) = end_of_chain(db, derniere.as_ref()).await?;
    let cle = public_key(&app.secrets.journal);
    let exterieure = exterieure(app).await?.filter(|t| is_signed(&cle, t));
    let (attente, plus_ancienne_us) = base::attente(db).await?;
    let depuis = match &exterieure {
        Some(t) => Timestamp::from_millisecond(t.signee_le).ok(),
        None => plus_ancienne_us.and_then(|us| Timestamp::from_microsecond(us).ok()),
    };
    Ok(EtatChaine {
        rang,
        entrees: rang + attente,
        tete: derniere.map(Tete::from),
        ouvertes: rang - exterieure.as_ref().map_or(0, |t| t.rang) + attente,
        exterieure,
        depuis,
        cle: hexa(cle.as_bytes()),
    })
}
