//! R-ADM-11: the records of a session, as the platform keeps them.

use std::io;
use std::sync::Arc;

use domain::droits::Action;
use store::admission::{self as base, LignePassage};

use super::cible;
use super::proces_verbal::{Chaine, EcartProcesVerbal, Maillon, PassageRejoue, verify_chain};
use super::sceau::{public_key, read_bilan};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;

/// Runs read at a time.
const LOT: i64 = 200;

/// The runs of a session, the first one first, each with its record; those of a version that wrote none have none.
pub(super) async fn recorded(
    ctx: &Ctx,
    session: i64,
) -> Result<Vec<(LignePassage, Option<Maillon>)>, AppError> {
    let mut passages = Vec::new();
    loop {
        let saut = i64::try_from(passages.len()).unwrap_or(i64::MAX);
        let lot = base::passages(&ctx.app.db, session, LOT, saut).await?;
        if lot.is_empty() {
            break;
        }
        passages.extend(lot);
    }
    let mut lus = Vec::new();
    for p in passages.into_iter().rev() {
        let bilan = read_bilan(&p.bilan);
        if bilan.proces_verbal.is_empty() {
            lus.push((p, None));
            continue;
        }
        let octets = match ctx.app.depot.read(&bilan.proces_verbal).await {
            Ok(octets) => octets,
            // Told as unreadable, with its place in the chain.
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(AppError::internal(e)),
        };
        let nom = format!("Passage {}", p.public_id);
        lus.push((p, Some(Maillon { nom, octets, signature: bilan.signature })));
    }
    Ok(lus)
}

/// The records of a session, and how many runs have none.
pub(super) async fn chain(ctx: &Ctx, annee: i64) -> Result<(Chaine, usize), AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let (mut maillons, mut sans) = (Vec::new(), 0);
    for (_, maillon) in recorded(ctx, session.id).await? {
        match maillon {
            Some(maillon) => maillons.push(maillon),
            None => sans += 1,
        }
    }
    Ok((Chaine { maillons, cle: public_key(ctx).to_bytes() }, sans))
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilanProcesVerbaux {
    /// Runs that say the same when they are played again, or the first thing that is not as it must be.
    pub rejoues: Result<usize, EcartProcesVerbal>,
    /// Runs without a record, computed by an earlier version.
    pub sans: usize,
    /// The public key that signed them.
    pub cle: [u8; 32],
}

/// Plays every run of a session again, from its records alone.
///
/// # Errors
/// [`AppError::NotFound`] without such a session; when the database or the files do not answer.
pub async fn verifier_proces_verbaux(
    ctx: &Ctx,
    annee: i64,
    jusqu_a: Option<i64>,
    mut suivi: impl FnMut(&PassageRejoue) + Send + 'static,
) -> Result<BilanProcesVerbaux, AppError> {
    let (chaine, sans) = chain(ctx, annee).await?;
    let cle = chaine.cle;
    let depot = Arc::clone(&ctx.app.depot);
    let attente = tokio::runtime::Handle::current();
    let rejoues = tokio::task::spawn_blocking(move || {
        let lire = |empreinte: &str| attente.block_on(depot.read(empreinte));
        verify_chain(&chaine, &lire, jusqu_a, &mut suivi)
    })
    .await
    .map_err(AppError::internal)?;
    Ok(BilanProcesVerbaux { rejoues, sans, cle })
}

/// The records of a session for somebody entitled to the whole of them: what they took is in the journal. Their pieces are
/// then read one by one with [`piece`].
///
/// # Errors
/// [`AppError::Denied`] to whoever may not read the runs; [`AppError::NotFound`] without such a session.
pub async fn exporter_proces_verbaux(ctx: &Ctx, annee: i64) -> Result<Chaine, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let (chaine, _) = chain(ctx, annee).await?;
    let tx = ctx.begin().await?;
    let contenu = serde_json::json!({ "annee": annee, "proces_verbaux": chaine.maillons.len() });
    record(
        &tx,
        ctx,
        &permit,
        &Acte { objet: "passage", objet_id: "proces-verbaux", avant: None, apres: Some(contenu) },
    )
    .await?;
    tx.commit().await?;
    Ok(chaine)
}

/// The public half of the key that signs the runs, in hexadecimal: what an auditor compares.
pub fn cle_publique(ctx: &Ctx) -> String {
    data_encoding::HEXLOWER.encode(public_key(ctx).as_bytes())
}

/// The bytes of a piece as they are kept: whoever receives them checks them against the record.
///
/// # Errors
/// When the files do not answer.
pub async fn piece(ctx: &Ctx, empreinte: &str) -> Result<Vec<u8>, AppError> {
    ctx.app.depot.read(empreinte).await.map_err(AppError::internal)
}
