//! What an import leaves behind it: a line of the table `import` for each file, and an entry of the journal.

use std::path::Path;

use domain::droits::Permit;
use serde_json::{Value, json};
use store::{Ecriture, Tx};

use super::lire::OffreLue;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{self, Acte};

/// What was imported.
pub(super) struct Importe<'a> {
    /// Code of the kind of file.
    pub nature: &'a str,
    /// Where it was written.
    pub session: i64,
    /// What it changed.
    pub bilan: &'a Value,
    /// Of a source that has several flows: which one.
    pub flux: Option<&'a str>,
}

/// Notes each file, under its name and fingerprint.
pub(super) async fn noter<'a>(
    ctx: &Ctx,
    tx: &Tx,
    permit: &Permit,
    e: &Ecriture<'_>,
    importe: &Importe<'_>,
    fichiers: impl IntoIterator<Item = (&'a str, &'a Path)>,
) -> Result<(), AppError> {
    for (nom, chemin) in fichiers {
        let empreinte = OffreLue::empreinte(chemin).map_err(|e| AppError::Internal(format!("{nom}: {e}")))?;
        note_one(ctx, tx, permit, e, importe, (nom, &empreinte)).await?;
    }
    Ok(())
}

/// Notes a file whose fingerprint is known.
pub(super) async fn note_one(
    ctx: &Ctx,
    tx: &Tx,
    permit: &Permit,
    e: &Ecriture<'_>,
    importe: &Importe<'_>,
    (nom, empreinte): (&str, &str),
) -> Result<(), AppError> {
    let Importe { nature, session, bilan, flux } = importe;
    let id =
        store::imports::record_import(tx, e, nature, *session, empreinte, nom, &bilan.to_string()).await?;
    let mut apres = json!({ "fichier": nom, "empreinte": empreinte, "bilan": bilan });
    if let Some(flux) = flux {
        apres["flux"] = json!(flux);
    }
    let acte = Acte { objet: "import", objet_id: &id, avant: None, apres: Some(apres) };
    journal::record(tx, ctx, permit, &acte).await
}
