//! Writing a run: its rows by slices, each in a short transaction, so that a candidate who answers meanwhile waits an
//! instant and not the whole run. Until the last transaction the run is an abandoned one: nothing reads it (RUN-2).

use domain::droits::Permit;
use store::Tx;
use store::admission::{self as base, NouveauPassage};

use super::sceau::{Bilan, Sceau, precedente, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// Rows written in one transaction: some tenths of a second.
pub(super) const TRANCHE: usize = 50_000;

/// A run being written.
pub(super) struct EnCours {
    pub(super) id: i64,
    pub(super) public_id: String,
    bilan: Bilan,
}

/// Writes and signs a run, without its rows. The signature continues that of the run before.
pub(super) async fn ouvrir(
    ctx: &Ctx,
    permit: &Permit,
    sceau: Sceau<'_>,
    bilan: Bilan,
) -> Result<EnCours, AppError> {
    let tx = ctx.begin().await?;
    let precedente = precedente(&tx, sceau.session).await?;
    let sceau = Sceau { precedente: &precedente, ..sceau };
    let bilan = Bilan { signature: sceau.sign(ctx), precedente: precedente.clone(), ..bilan };
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
