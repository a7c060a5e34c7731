//! Idempotency keys of writes (TRX-2) and numbered receipts (TRX-5).

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// What a key already did.
#[derive(Debug, Clone, FromLigne)]
pub struct DejaFait {
    pub compte_id: Option<i64>,
    pub empreinte: String,
    pub reponse: String,
}

/// The request already made under this key, if it has not expired.
///
/// # Errors
/// When the database refuses.
pub async fn find(c: &impl Sql, cle: &str, maintenant_ms: i64) -> Result<Option<DejaFait>, StoreError> {
    c.one(
        "SELECT compte_id, empreinte, reponse FROM idempotence WHERE cle = $1 AND expire_le > $2",
        vec![cle.to_owned().into(), maintenant_ms.into()],
    )
    .await
}

/// Records a key with the fingerprint of the request and its answer.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel request has just used the key.
pub async fn record(
    tx: &Tx,
    cle: &str,
    compte: Option<i64>,
    empreinte: &str,
    reponse: &str,
    maintenant_ms: i64,
    expire_ms: i64,
) -> Result<(), StoreError> {
    // Only an expired key makes room; a living one must conflict.
    tx.exec(
        "DELETE FROM idempotence WHERE cle = $1 AND expire_le <= $2",
        vec![cle.to_owned().into(), maintenant_ms.into()],
    )
    .await?;
    tx.exec(
        "INSERT INTO idempotence (cle, compte_id, empreinte, reponse, expire_le) VALUES ($1, $2, $3, $4, $5)",
        vec![
            cle.to_owned().into(),
            compte.into(),
            empreinte.to_owned().into(),
            reponse.to_owned().into(),
            expire_ms.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// A receipt to be written.
#[derive(Debug, Clone)]
pub struct NouveauRecepisse<'a> {
    pub public_id: &'a str,
    pub numero: &'a str,
    pub session: Option<i64>,
    pub compte: Option<i64>,
    pub candidat: Option<i64>,
    pub acte: &'a str,
    pub contenu: &'a str,
    pub empreinte: &'a str,
    pub emis_le: i64,
}

/// A receipt as kept.
#[derive(Debug, Clone, FromLigne)]
pub struct Recepisse {
    pub numero: String,
    pub acte: String,
    pub contenu: String,
    pub empreinte: String,
    pub emis_le: i64,
    pub candidat_id: Option<i64>,
    pub compte_id: Option<i64>,
}

/// Writes a receipt.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken.
pub async fn write_recepisse(tx: &Tx, r: &NouveauRecepisse<'_>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO recepisse (public_id, numero, session_id, compte_id, candidat_id, acte, contenu, empreinte, emis_le)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            r.public_id.to_owned().into(),
            r.numero.to_owned().into(),
            r.session.into(),
            r.compte.into(),
            r.candidat.into(),
            r.acte.to_owned().into(),
            r.contenu.to_owned().into(),
            r.empreinte.to_owned().into(),
            r.emis_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// A receipt by its number.
///
/// # Errors
/// When the database refuses.
pub async fn find_recepisse(c: &impl Sql, numero: &str) -> Result<Option<Recepisse>, StoreError> {
    c.one(
        "SELECT numero, acte, contenu, empreinte, emis_le, candidat_id, compte_id FROM recepisse WHERE numero = $1",
        vec![numero.to_owned().into()],
    )
    .await
}
