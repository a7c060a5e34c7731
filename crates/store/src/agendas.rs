//! Personal addresses of the calendar of deadlines, and what is needed to write it.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

const fn place(ligne: &str) -> Emplacement<'_> {
    Emplacement { table: "agenda", colonne: "jeton_chiffre", ligne }
}

/// Gives the account this token, in place of the one it had.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn replace(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    compte: i64,
    jeton: &str,
    empreinte: &str,
) -> Result<(), StoreError> {
    remove(tx, compte).await?;
    let (id, mut valeurs) = e.meta();
    let chiffre = coffre.seal(place(id.as_str()), jeton.as_bytes(), e.alea().nonce())?;
    valeurs.extend([compte.into(), empreinte.to_owned().into(), chiffre.into()]);
    tx.exec(
        &format!(
            "INSERT INTO agenda ({META}, compte_id, empreinte, jeton_chiffre) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Withdraws the token of an account; `false` when it had none.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &Tx, compte: i64) -> Result<bool, StoreError> {
    Ok(tx.exec("DELETE FROM agenda WHERE compte_id = $1", vec![compte.into()]).await? == 1)
}

/// The account of a token's hash.
///
/// # Errors
/// When the database refuses.
pub async fn compte_du_jeton(c: &impl Sql, empreinte: &str) -> Result<Option<i64>, StoreError> {
    c.int("SELECT compte_id FROM agenda WHERE empreinte = $1", vec![empreinte.to_owned().into()]).await
}

#[derive(FromLigne)]
struct Ligne {
    public_id: String,
    jeton_chiffre: Vec<u8>,
}

/// The token of an account.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn jeton(c: &impl Sql, coffre: &Coffre, compte: i64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT public_id, jeton_chiffre FROM agenda WHERE compte_id = $1";
    let Some(l) = c.one::<Ligne>(sql, vec![compte.into()]).await? else { return Ok(None) };
    let clair = coffre.open(place(&l.public_id), &l.jeton_chiffre)?;
    String::from_utf8(clair).map(Some).map_err(|_| StoreError::Unreadable("agenda.jeton_chiffre"))
}

#[derive(FromLigne)]
struct Departement {
    departement: String,
}

/// Departments where the person lives or works in the session: residence of the candidate, establishments and courses
/// of the attributions.
///
/// # Errors
/// When the database refuses.
pub async fn departements(c: &impl Sql, compte: i64, session: i64) -> Result<Vec<String>, StoreError> {
    let lignes: Vec<Departement> = c
        .all(
            "SELECT departement FROM candidat
               WHERE compte_id = $1 AND session_id = $2 AND supprime_le IS NULL
             UNION SELECT e.departement FROM attribution a
               JOIN etablissement_session e ON e.etablissement_id = a.etablissement_id AND e.session_id = $2
               WHERE a.compte_id = $1 AND a.supprime_le IS NULL AND (a.session_id IS NULL OR a.session_id = $2)
             UNION SELECT f.departement FROM attribution a
               JOIN formation_session f ON f.formation_id = a.formation_id AND f.session_id = $2
               WHERE a.compte_id = $1 AND a.supprime_le IS NULL AND (a.session_id IS NULL OR a.session_id = $2)
             ORDER BY 1",
            vec![compte.into(), session.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.departement).collect())
}
