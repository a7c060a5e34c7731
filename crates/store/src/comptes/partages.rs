//! Accounts that were shared: closed to all, taken over once, their past kept under them.

use domain::comptes::EtatCompte;

use super::LigneCompte;
use super::changements::{texte, update, withdraw_all};
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// An account shared until `annee`: nobody signs in with it any more.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_partage(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    annee: i64,
) -> Result<(), StoreError> {
    let mot: Option<String> = None;
    let colonnes = [
        ("etat", texte(EtatCompte::Suspendu.code())),
        ("partage_annee", annee.into()),
        // What was done with it reads « Compte partagé 2023 » wherever a name is shown.
        ("prenom", texte("Compte partagé")),
        ("nom", texte(&annee.to_string())),
        ("mot_de_passe", mot.into()),
    ];
    update(tx, e, compte, &colonnes).await?;
    crate::brouillons::erase_all(tx, compte.id).await?;
    super::delete_sessions_web(tx, compte.id).await.map(|_| ())
}

/// Names who takes a shared account over.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn entrust(tx: &Tx, e: &Ecriture<'_>, compte: &LigneCompte, a: i64) -> Result<(), StoreError> {
    update(tx, e, compte, &[("reprise_confiee_a", a.into())]).await
}

/// A shared account is taken over, once: its roles end, its past stays under it.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody took it over meanwhile.
pub async fn take_over(tx: &Tx, e: &Ecriture<'_>, compte: &LigneCompte, par: i64) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE compte SET repris_par = $1, repris_le = $2, etat = 'desactive', maj_le = $2, maj_par = $3,
                    version = version + 1
             WHERE id = $4 AND version = $5 AND repris_par IS NULL AND reprise_confiee_a = $1",
            vec![par.into(), e.ms().into(), e.compte().into(), compte.id.into(), compte.version.into()],
        )
        .await?;
    super::changed(n, compte)?;
    withdraw_all(tx, e, compte.id).await
}

/// Shared accounts that a person was entrusted with.
///
/// # Errors
/// When the database refuses.
pub async fn entrusted_to(c: &impl Sql, compte: i64) -> Result<Vec<LigneCompte>, StoreError> {
    c.all(
        &format!(
            "SELECT {} FROM compte WHERE reprise_confiee_a = $1 AND repris_par IS NULL AND supprime_le IS NULL
             ORDER BY id",
            super::COLONNES
        ),
        vec![compte.into()],
    )
    .await
}
