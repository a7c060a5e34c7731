//! A new address: asked for, proved by its link, in force.

use crate::ligne::FromLigne;

use super::LigneCompte;
use super::changements::{texte, update};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// A new address asked for, and not proved yet.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneChangement {
    pub id: i64,
    pub compte_id: i64,
    pub nouvelle: String,
    pub expire_le: i64,
}

/// Asks for a new address; the request before it no longer serves.
///
/// # Errors
/// When the database refuses.
pub async fn ask_address(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: i64,
    nouvelle: &str,
    jeton_hache: &str,
    expire_le: i64,
) -> Result<(), StoreError> {
    cancel_address(tx, e, compte).await?;
    let (_, mut valeurs) = e.meta();
    valeurs.extend([compte.into(), texte(nouvelle), texte(jeton_hache), expire_le.into()]);
    tx.exec(
        &format!(
            "INSERT INTO changement_adresse ({META}, compte_id, nouvelle, jeton_hache, expire_le, etat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'demande')"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Gives up the request under way, if any.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_address(tx: &Tx, e: &Ecriture<'_>, compte: i64) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE changement_adresse SET etat = 'annule', jeton_hache = NULL, maj_le = $1, maj_par = $2,
                version = version + 1
         WHERE compte_id = $3 AND etat = 'demande'",
        vec![e.ms().into(), e.compte().into(), compte.into()],
    )
    .await
}

/// The request of a token's hash, while it can be confirmed.
///
/// # Errors
/// When the database refuses.
pub async fn address_by_token(
    c: &impl Sql,
    jeton_hache: &str,
    maintenant: i64,
) -> Result<Option<LigneChangement>, StoreError> {
    c.one(
        "SELECT id, compte_id, nouvelle, expire_le FROM changement_adresse
         WHERE jeton_hache = $1 AND etat = 'demande' AND expire_le > $2",
        vec![texte(jeton_hache), maintenant.into()],
    )
    .await
}

/// The request under way of an account.
///
/// # Errors
/// When the database refuses.
pub async fn pending_address(
    c: &impl Sql,
    compte: i64,
    maintenant: i64,
) -> Result<Option<LigneChangement>, StoreError> {
    c.one(
        "SELECT id, compte_id, nouvelle, expire_le FROM changement_adresse
         WHERE compte_id = $1 AND etat = 'demande' AND expire_le > $2",
        vec![compte.into(), maintenant.into()],
    )
    .await
}

/// The proved address becomes that of the account. `maintenant`: real instant.
///
/// # Errors
/// [`StoreError::Conflict`] when the address was taken, or the request used, meanwhile.
pub async fn confirm_address(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    changement: &LigneChangement,
    maintenant: i64,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE changement_adresse SET etat = 'confirme', jeton_hache = NULL, confirme_le = $1, maj_le = $2,
                    version = version + 1
             WHERE id = $3 AND etat = 'demande' AND expire_le > $1",
            vec![maintenant.into(), e.ms().into(), changement.id.into()],
        )
        .await?;
    super::changed(n, compte)?;
    let colonnes = [
        ("courriel", texte(&changement.nouvelle)),
        ("courriel_verifie_le", maintenant.into()),
        ("adresse_changee_le", maintenant.into()),
    ];
    update(tx, e, compte, &colonnes).await
}
