//! Writing a run: its rows by slices, each in a short transaction, so that a candidate who answers meanwhile waits an
//! instant and not the whole run. Until the last transaction the run is an abandoned one: nothing reads it (RUN-2).

use domain::admission::Nature;
use domain::droits::Permit;
use store::Tx;
use store::admission::{self as base, NouveauPassage};

use super::VERSION;
use super::proces_verbal::{self, Fichier, Piece, ProcesVerbal};
use super::sceau::{Bilan, Sceau, precedente, signing_key, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::SessionAdmission;

/// Rows written in one transaction: some tenths of a second.
pub(super) const TRANCHE: usize = 50_000;

/// A run being written.
pub(super) struct EnCours {
    pub(super) id: i64,
    pub(super) public_id: String,
    bilan: Bilan,
}

impl EnCours {
    /// The seal of the run, kept in the journal too: its signed heads are copied outside.
    pub(super) fn signature(&self) -> &str {
        &self.bilan.signature
    }
}

/// What a run computed, and from what.
pub(super) struct Fige<'a> {
    pub(super) session: &'a SessionAdmission,
    pub(super) nature: Nature,
    pub(super) jour: i64,
    pub(super) entree: &'a str,
    pub(super) sortie: &'a str,
    pub(super) parametres: &'a str,
    /// Signature of the run whose call orders are used; empty: none.
    pub(super) ordre: String,
    /// Signature of the day before; empty: none.
    pub(super) veille: String,
    pub(super) pieces: Vec<Piece>,
}

/// Writes and signs a run, without its rows, and its record (R-ADM-11). The signature continues that of the run before.
pub(super) async fn ouvrir(
    ctx: &Ctx,
    permit: &Permit,
    fige: Fige<'_>,
    bilan: Bilan,
) -> Result<EnCours, AppError> {
    // The large files are durable before anything says that they exist; those of a cut run are nobody's.
    let fichiers = deposit(ctx, fige.pieces).await?;
    let tx = ctx.begin().await?;
    let precedente = precedente(&tx, fige.session.id).await?;
    let proces_verbal = ProcesVerbal {
        format: proces_verbal::FORMAT,
        session: fige.session.id,
        annee: fige.session.annee,
        nature: fige.nature.code().to_owned(),
        jour: fige.jour,
        calcule_le: ctx.campagne_le.as_millisecond(),
        version: VERSION.to_owned(),
        parametres: fige.parametres.to_owned(),
        precedente: precedente.clone(),
        ordre: fige.ordre,
        veille: fige.veille,
        entree: fige.entree.to_owned(),
        sortie: fige.sortie.to_owned(),
        fichiers,
    };
    let octets = proces_verbal.octets()?;
    let cle = ctx.app.depot.put(&octets).await.map_err(AppError::internal)?;
    let sceau = Sceau {
        session: fige.session.id,
        nature: fige.nature,
        jour: fige.jour,
        entree: fige.entree,
        sortie: fige.sortie,
        version: VERSION,
        parametres: fige.parametres,
        precedente: &precedente,
        proces_verbal: &cle,
    };
    let bilan = Bilan {
        signature: sceau.sign(&signing_key(ctx)),
        precedente: precedente.clone(),
        proces_verbal: cle.clone(),
        ..bilan
    };
    let nouveau = NouveauPassage {
        session: sceau.session,
        nature: sceau.nature.code(),
        jour: sceau.jour,
        empreinte_entree: sceau.entree,
        empreinte_sortie: sceau.sortie,
        version_code: sceau.version,
        parametres: sceau.parametres,
        bilan: &write_json(&Bilan { inacheve: true, ..bilan.clone() })?,
    };
    let (id, public_id) = base::insert_passage(&tx, &ctx.ecriture(permit), &nouveau).await?;
    tx.commit().await?;
    Ok(EnCours { id, public_id, bilan })
}

async fn deposit(ctx: &Ctx, pieces: Vec<Piece>) -> Result<Vec<Fichier>, AppError> {
    let mut fichiers = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let empreinte = ctx.app.depot.put(&piece.octets).await.map_err(AppError::internal)?;
        fichiers.push(piece.fichier(empreinte));
    }
    Ok(fichiers)
}

/// All the rows are there: in the transaction that ends the computation, the run becomes one to be published.
///
/// # Errors
/// [`AppError::Conflict`] when another computation of the same day was faster.
pub(super) async fn achever(
    ctx: &Ctx,
    tx: &Tx,
    permit: &Permit,
    en_cours: &EnCours,
    ecriture_ms: i64,
) -> Result<(), AppError> {
    let bilan = Bilan { ecriture_ms, ..en_cours.bilan.clone() };
    Ok(base::set_calcule(tx, &ctx.ecriture(permit), en_cours.id, &write_json(&bilan)?).await?)
}
