//! Writing a run: its rows by slices, each in a short transaction, so that a candidate who answers meanwhile waits an
//! instant and not the whole run. Until the last transaction the run is an abandoned one: nothing reads it (RUN-2).

use std::time::{Duration, Instant};

use domain::admission::Nature;
use domain::droits::Permit;
use store::Tx;
use store::admission::{self as base, NouveauPassage};

use super::VERSION;
use super::engagements::Engagement;
use super::proces_verbal::{self, Fichier, Piece, ProcesVerbal};
use super::sceau::{Bilan, precedente, signing_key, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, emettre};
use crate::journal::{Acte, record};
use crate::sessions::SessionAdmission;

/// Rows written in one transaction: some tenths of a second.
pub(super) const TRANCHE: usize = 50_000;

/// A run being written.
pub(super) struct EnCours {
    pub(super) id: i64,
    public_id: String,
    bilan: Bilan,
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
    /// What the public gets of it (R-ADM-14); its piece is among the others.
    pub(super) engagement: Engagement,
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
    let lots = fige.engagement.deposit(ctx).await?;
    let tx = ctx.begin().await?;
    base::lock_passages(&tx, fige.session.id).await?;
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
    let sceau = proces_verbal.sceau(fige.nature, &cle);
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
    let declaree = base::derniere_declaration(&tx, fige.session.id).await?;
    let e = ctx.ecriture(permit);
    let (id, public_id) = base::insert_passage(&tx, &e, &nouveau).await?;
    fige.engagement.write(ctx, (&tx, &e), id, &lots, (&proces_verbal, &bilan), declaree).await?;
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

/// How a computation ends, once for the two of them.
pub(super) struct Fin<'a> {
    pub(super) permit: &'a Permit,
    pub(super) garde: &'a Garde,
    /// What was asked, for the receipt: asked again, it gets the same answer.
    pub(super) demande: &'a str,
    pub(super) acte: &'static str,
    /// Told in the journal and in the receipt, completed with the run and its seal.
    pub(super) contenu: serde_json::Value,
    /// When the writing began.
    pub(super) ecriture: Instant,
}

/// All the rows are there: the run becomes one to be published, and the transaction ends with the entry in the journal and
/// the receipt.
///
/// # Errors
/// [`AppError::Conflict`] when another computation of the same day was faster.
pub(super) async fn achever(
    ctx: &Ctx,
    tx: Tx,
    passage: &EnCours,
    mut fin: Fin<'_>,
) -> Result<Recepisse, AppError> {
    let bilan = Bilan { ecriture_ms: ms(fin.ecriture.elapsed()), ..passage.bilan.clone() };
    base::set_calcule(&tx, &ctx.ecriture(fin.permit), passage.id, &write_json(&bilan)?).await?;
    fin.contenu["passage"] = passage.public_id.as_str().into();
    // The journal keeps the seal too: its signed heads are copied outside.
    fin.contenu["signature"] = passage.bilan.signature.as_str().into();
    let acte = Acte {
        objet: "passage",
        objet_id: &passage.public_id,
        avant: None,
        apres: Some(fin.contenu.clone()),
    };
    record(&tx, ctx, fin.permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, fin.garde, fin.demande, fin.acte, None, &fin.contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Whole milliseconds, as the account of a run keeps them.
pub(super) fn ms(duree: Duration) -> i64 {
    i64::try_from(duree.as_millis()).unwrap_or(i64::MAX)
}
