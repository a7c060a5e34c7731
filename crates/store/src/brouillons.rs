//! What is typed in a form and not saved yet, ciphered, for its author alone.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::Alea;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx};

const TABLE: &str = "brouillon_saisie";

/// What is kept of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brouillon {
    /// Address of the page of the form.
    pub chemin: String,
    /// The page that typed it, and those that took it back from there.
    pub onglet: String,
    pub corps: Vec<u8>,
    /// Version that the form showed.
    pub version: Option<i64>,
    pub garde_le: i64,
    pub expire_le: i64,
}

#[derive(FromLigne)]
struct Ligne {
    public_id: String,
    onglet: String,
    chemin_chiffre: Vec<u8>,
    corps_chiffre: Vec<u8>,
    version_vue: Option<i64>,
    garde_le: i64,
    expire_le: i64,
}

impl Ligne {
    fn chemin(&self, coffre: &Coffre) -> Result<String, StoreError> {
        String::from_utf8(self.open(coffre, "chemin_chiffre", &self.chemin_chiffre)?)
            .map_err(|_| StoreError::Unreadable("brouillon_saisie.chemin_chiffre"))
    }

    fn open(&self, coffre: &Coffre, colonne: &'static str, octets: &[u8]) -> Result<Vec<u8>, StoreError> {
        coffre.open(Emplacement { table: TABLE, colonne, ligne: &self.public_id }, octets)
    }
}

/// The address is ciphered: a draft is found by this, which means nothing for another account.
fn empreinte(coffre: &Coffre, compte: i64, chemin: &str) -> String {
    coffre.fingerprint("brouillon", &format!("{compte}|{chemin}"))
}

/// Until the end of the transaction, nobody keeps a draft of this account, nor erases one: whichever of « keep » and « save »
/// comes second sees what the first did. It does not stop those who only refer to the account.
///
/// # Errors
/// When the database refuses.
pub async fn lock(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM compte WHERE id = $1 FOR NO KEY UPDATE", vec![compte.into()]).await?;
    }
    Ok(())
}

/// Keeps a draft, in place of the one of the same account at the same address. Nothing is done, and `false` told, when that one was
/// typed in another page and still waits.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn keep(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    compte: i64,
    b: &Brouillon,
    maintenant: i64,
) -> Result<bool, StoreError> {
    let id = alea.public_id();
    let seal = |colonne: &'static str, octets: &[u8]| {
        coffre.seal(Emplacement { table: TABLE, colonne, ligne: id.as_str() }, octets, alea.nonce())
    };
    let (chemin, corps) = (seal("chemin_chiffre", b.chemin.as_bytes())?, seal("corps_chiffre", &b.corps)?);
    // A new identifier each time: what is ciphered is bound to it.
    let n = tx
        .exec(
        "INSERT INTO brouillon_saisie
           (public_id, compte_id, empreinte, onglet, chemin_chiffre, corps_chiffre, version_vue, garde_le, expire_le)
         VALUES ($1, $2, $3, $9, $4, $5, $6, $7, $8)
         ON CONFLICT (compte_id, empreinte) DO UPDATE SET
           public_id = excluded.public_id, onglet = excluded.onglet, chemin_chiffre = excluded.chemin_chiffre,
           corps_chiffre = excluded.corps_chiffre, version_vue = excluded.version_vue,
           garde_le = excluded.garde_le, expire_le = excluded.expire_le
         WHERE brouillon_saisie.onglet = excluded.onglet OR brouillon_saisie.expire_le <= $10",
        vec![
            id.as_str().to_owned().into(),
            compte.into(),
            empreinte(coffre, compte, &b.chemin).into(),
            chemin.into(),
            corps.into(),
            b.version.into(),
            b.garde_le.into(),
            b.expire_le.into(),
            b.onglet.clone().into(),
            maintenant.into(),
        ],
    )
    .await?;
    Ok(n > 0)
}

/// Leaves the last `gardes` drafts of an account.
///
/// # Errors
/// When the database refuses.
pub async fn prune(tx: &Tx, compte: i64, gardes: i64) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM brouillon_saisie WHERE compte_id = $1 AND id NOT IN
           (SELECT id FROM brouillon_saisie WHERE compte_id = $1 ORDER BY expire_le DESC, id DESC LIMIT $2)",
        vec![compte.into(), gardes.into()],
    )
    .await
    .map(|_| ())
}

const COLONNES: &str = "public_id, onglet, chemin_chiffre, corps_chiffre, version_vue, garde_le, expire_le";

/// The draft of an account at an address, if there is one and it has not expired.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn find(
    c: &impl Sql,
    coffre: &Coffre,
    compte: i64,
    chemin: &str,
    maintenant: i64,
) -> Result<Option<Brouillon>, StoreError> {
    let ligne: Option<Ligne> = c
        .one(
            &format!(
                "SELECT {COLONNES} FROM brouillon_saisie
                 WHERE compte_id = $1 AND empreinte = $2 AND expire_le > $3"
            ),
            vec![compte.into(), empreinte(coffre, compte, chemin).into(), maintenant.into()],
        )
        .await?;
    let Some(l) = ligne else { return Ok(None) };
    Ok(Some(Brouillon {
        chemin: l.chemin(coffre)?,
        onglet: l.onglet.clone(),
        corps: l.open(coffre, "corps_chiffre", &l.corps_chiffre)?,
        version: l.version_vue,
        garde_le: l.garde_le,
        expire_le: l.expire_le,
    }))
}

/// The drafts of an account, the last kept first: (address, instant).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn list(
    c: &impl Sql,
    coffre: &Coffre,
    compte: i64,
    maintenant: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let lignes: Vec<Ligne> = c
        .all(
            &format!(
                "SELECT {COLONNES} FROM brouillon_saisie
                 WHERE compte_id = $1 AND expire_le > $2 ORDER BY expire_le DESC, id DESC"
            ),
            vec![compte.into(), maintenant.into()],
        )
        .await?;
    lignes.iter().map(|l| Ok((l.chemin(coffre)?, l.garde_le))).collect()
}

/// Forgets the draft of an account at an address.
///
/// # Errors
/// When the database refuses.
pub async fn erase(tx: &Tx, coffre: &Coffre, compte: i64, chemin: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM brouillon_saisie WHERE compte_id = $1 AND empreinte = $2",
        vec![compte.into(), empreinte(coffre, compte, chemin).into()],
    )
    .await
    .map(|_| ())
}

/// Forgets the draft of an account at an address, if it was typed in this page or taken back into it.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(
    tx: &Tx,
    coffre: &Coffre,
    compte: i64,
    (chemin, onglet): (&str, &str),
) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM brouillon_saisie WHERE compte_id = $1 AND empreinte = $2 AND onglet = $3",
        vec![compte.into(), empreinte(coffre, compte, chemin).into(), onglet.to_owned().into()],
    )
    .await
    .map(|_| ())
}

/// Forgets every draft of an account.
///
/// # Errors
/// When the database refuses.
pub async fn erase_all(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    tx.exec("DELETE FROM brouillon_saisie WHERE compte_id = $1", vec![compte.into()]).await.map(|_| ())
}

/// Removes the drafts whose time is over; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, maintenant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM brouillon_saisie WHERE expire_le <= $1", vec![maintenant.into()]).await
}
