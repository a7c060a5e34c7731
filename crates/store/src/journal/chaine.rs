//! The chain of seals, its signed heads and the end of retention (JOU-3, JOU-4).

use sea_orm::Value;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, insert_batch};

/// An entry as the base holds it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Ligne {
    pub id: i64,
    pub instant_us: i64,
    pub compte_id: Option<i64>,
    pub role: String,
    pub etablissement_id: Option<i64>,
    pub reseau: String,
    pub requete: String,
    pub route: String,
    pub action: String,
    pub objet: String,
    pub objet_id: String,
    pub issue: String,
    pub moyen: String,
    pub dossiers: i64,
    pub avant: Option<String>,
    pub apres: Option<String>,
}

/// Columns of a [`Ligne`], from the table under the name `j`.
pub(super) const COLONNES: &str = "j.id, j.instant_us, j.compte_id, j.role, j.etablissement_id, j.reseau, j.requete, \
     j.route, j.action, j.objet, j.objet_id, j.issue, j.moyen, j.dossiers, j.avant, j.apres";

/// A link: place in the chain, entry, and fingerprint of both.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Sceau {
    pub rang: i64,
    pub entree_id: i64,
    pub empreinte: Vec<u8>,
}

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneTete {
    pub numero: i64,
    pub rang: i64,
    pub empreinte: Vec<u8>,
    pub signee_le: i64,
    pub signature: Vec<u8>,
}

/// A removal at the end of retention.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LignePurge {
    pub rang: i64,
    pub avant_le: i64,
    pub purgee_le: i64,
    pub entrees: i64,
    pub signature: Vec<u8>,
}

/// Takes the sealers' turn: held until the transaction ends, whatever the machine.
///
/// # Errors
/// When the database refuses.
pub async fn take_turn(tx: &Tx) -> Result<(), StoreError> {
    tx.exec("UPDATE journal_scelleur SET passes = passes + 1 WHERE id = 1", vec![]).await.map(|_| ())
}

/// Entries that wait for their seal, and the instant (µs) of the oldest one.
///
/// # Errors
/// When the database refuses.
pub async fn attente(c: &impl Sql) -> Result<(i64, Option<i64>), StoreError> {
    let n = c.int("SELECT COUNT(*) FROM journal_attente", vec![]).await?.unwrap_or(0);
    let depuis = c
        .int("SELECT MIN(j.instant_us) FROM journal_attente a JOIN journal j ON j.id = a.entree_id", vec![])
        .await?;
    Ok((n, depuis))
}

/// True when something waits for its seal.
///
/// # Errors
/// When the database refuses.
pub async fn is_waiting(c: &impl Sql) -> Result<bool, StoreError> {
    Ok(c.int("SELECT entree_id FROM journal_attente LIMIT 1", vec![]).await?.is_some())
}

/// The next entries to seal, in the order of their numbers among those that are committed now.
///
/// # Errors
/// When the database refuses.
pub async fn to_seal(tx: &Tx, combien: i64) -> Result<Vec<Ligne>, StoreError> {
    tx.all(
        &format!(
            "SELECT {COLONNES} FROM journal_attente a JOIN journal j ON j.id = a.entree_id ORDER BY a.entree_id LIMIT $1"
        ),
        vec![combien.into()],
    )
    .await
}

/// Writes the seals, and takes their entries out of the waiting list.
///
/// # Errors
/// [`StoreError::Conflict`] when an entry or a place is sealed already.
pub async fn insert_sceaux(tx: &Tx, sceaux: &[Sceau]) -> Result<(), StoreError> {
    let lignes: Vec<Vec<Value>> = sceaux
        .iter()
        .map(|s| vec![s.rang.into(), s.entree_id.into(), Value::from(s.empreinte.clone())])
        .collect();
    insert_batch(tx, "INSERT INTO journal_sceau (rang, entree_id, empreinte)", 3, lignes, "").await?;
    tx.exec(
        "DELETE FROM journal_attente WHERE entree_id IN (SELECT entree_id FROM journal_sceau WHERE rang >= $1)",
        vec![sceaux.first().map_or(i64::MAX, |s| s.rang).into()],
    )
    .await
    .map(|_| ())
}

/// The last link.
///
/// # Errors
/// When the database refuses.
pub async fn last_sceau(c: &impl Sql) -> Result<Option<Sceau>, StoreError> {
    c.one("SELECT rang, entree_id, empreinte FROM journal_sceau ORDER BY rang DESC LIMIT 1", vec![]).await
}

/// Links after a place, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn sceaux(c: &impl Sql, apres: i64, combien: i64) -> Result<Vec<Sceau>, StoreError> {
    c.all(
        "SELECT rang, entree_id, empreinte FROM journal_sceau WHERE rang > $1 ORDER BY rang LIMIT $2",
        vec![apres.into(), combien.into()],
    )
    .await
}

/// The entries sealed between two places, bounds included.
///
/// # Errors
/// When the database refuses.
pub async fn lignes(c: &impl Sql, de: i64, a: i64) -> Result<Vec<Ligne>, StoreError> {
    c.all(
        &format!(
            "SELECT {COLONNES} FROM journal j JOIN journal_sceau s ON s.entree_id = j.id WHERE s.rang BETWEEN $1 AND $2"
        ),
        vec![de.into(), a.into()],
    )
    .await
}

/// (entry, candidate) of the index of readings, for the entries sealed between two places.
///
/// # Errors
/// When the database refuses.
pub async fn lectures(c: &impl Sql, de: i64, a: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    #[derive(FromLigne)]
    struct Paire {
        entree_id: i64,
        candidat_id: i64,
    }
    let paires: Vec<Paire> = c
        .all(
            "SELECT l.entree_id, l.candidat_id FROM journal_lecture l JOIN journal_sceau s ON s.entree_id = l.entree_id
             WHERE s.rang BETWEEN $1 AND $2",
            vec![de.into(), a.into()],
        )
        .await?;
    Ok(paires.into_iter().map(|p| (p.entree_id, p.candidat_id)).collect())
}

/// Entries that are neither sealed nor waiting: written behind the back of the trigger.
///
/// # Errors
/// When the database refuses.
pub async fn outside(c: &impl Sql, combien: i64) -> Result<Vec<i64>, StoreError> {
    ids(
        c,
        "SELECT j.id FROM journal j WHERE NOT EXISTS (SELECT 1 FROM journal_sceau s WHERE s.entree_id = j.id)
         AND NOT EXISTS (SELECT 1 FROM journal_attente a WHERE a.entree_id = j.id) ORDER BY j.id LIMIT $1",
        combien,
    )
    .await
}

/// Numbers that wait for a seal and whose entry is gone.
///
/// # Errors
/// When the database refuses.
pub async fn lost(c: &impl Sql, combien: i64) -> Result<Vec<i64>, StoreError> {
    ids(
        c,
        "SELECT a.entree_id AS id FROM journal_attente a WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.id = a.entree_id)
         ORDER BY a.entree_id LIMIT $1",
        combien,
    )
    .await
}

async fn ids(c: &impl Sql, sql: &str, combien: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Cle {
        id: i64,
    }
    let cles: Vec<Cle> = c.all(sql, vec![combien.into()]).await?;
    Ok(cles.into_iter().map(|k| k.id).collect())
}

const TETE: &str = "SELECT numero, rang, empreinte, signee_le, signature FROM journal_tete";

/// The last signed head.
///
/// # Errors
/// When the database refuses.
pub async fn last_tete(c: &impl Sql) -> Result<Option<LigneTete>, StoreError> {
    c.one(&format!("{TETE} ORDER BY numero DESC LIMIT 1"), vec![]).await
}

/// Heads after a number, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn tetes(c: &impl Sql, apres: i64) -> Result<Vec<LigneTete>, StoreError> {
    c.all(&format!("{TETE} WHERE numero > $1 ORDER BY numero"), vec![apres.into()]).await
}

/// The last head signed before an instant (ms), after a place already removed: its entries are all older than it.
///
/// # Errors
/// When the database refuses.
pub async fn tete_before(c: &impl Sql, avant: i64, apres: i64) -> Result<Option<LigneTete>, StoreError> {
    c.one(
        &format!("{TETE} WHERE signee_le < $1 AND rang > $2 ORDER BY numero DESC LIMIT 1"),
        vec![avant.into(), apres.into()],
    )
    .await
}

/// Writes a head.
///
/// # Errors
/// When the database refuses.
pub async fn insert_tete(tx: &Tx, t: &LigneTete) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO journal_tete (numero, rang, empreinte, signee_le, signature) VALUES ($1, $2, $3, $4, $5)",
        vec![
            t.numero.into(),
            t.rang.into(),
            t.empreinte.clone().into(),
            t.signee_le.into(),
            t.signature.clone().into(),
        ],
    )
    .await
    .map(|_| ())
}

/// The removals, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn purges(c: &impl Sql) -> Result<Vec<LignePurge>, StoreError> {
    c.all("SELECT rang, avant_le, purgee_le, entrees, signature FROM journal_purge ORDER BY rang", vec![])
        .await
}

/// Records a removal, then removes what it covers: the database refuses any other removal. Gives how many entries went.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, p: &LignePurge) -> Result<u64, StoreError> {
    tx.exec(
        "INSERT INTO journal_purge (rang, avant_le, purgee_le, entrees, signature) VALUES ($1, $2, $3, $4, $5)",
        vec![
            p.rang.into(),
            p.avant_le.into(),
            p.purgee_le.into(),
            p.entrees.into(),
            p.signature.clone().into(),
        ],
    )
    .await?;
    let rang = || vec![Value::from(p.rang)];
    if tx.backend() == Backend::Postgres {
        // The role of the application may not DELETE: this function may, and only what a recorded purge covers.
        let n = tx.int("SELECT journal_effacer($1)", rang()).await?.unwrap_or(0);
        return Ok(u64::try_from(n).unwrap_or(0));
    }
    let scellees = "SELECT entree_id FROM journal_sceau WHERE rang <= $1";
    tx.exec(&format!("DELETE FROM journal_lecture WHERE entree_id IN ({scellees})"), rang()).await?;
    let n = tx.exec(&format!("DELETE FROM journal WHERE id IN ({scellees})"), rang()).await?;
    tx.exec("DELETE FROM journal_sceau WHERE rang <= $1", rang()).await?;
    Ok(n)
}

/// Entries sealed up to a place.
///
/// # Errors
/// When the database refuses.
pub async fn count_to(c: &impl Sql, rang: i64) -> Result<i64, StoreError> {
    Ok(c.int("SELECT COUNT(*) FROM journal_sceau WHERE rang <= $1", vec![rang.into()]).await?.unwrap_or(0))
}

/// Place where the round of verification stands, and when it last went (ms).
///
/// # Errors
/// When the database refuses.
pub async fn ronde(c: &impl Sql) -> Result<(i64, i64), StoreError> {
    let rang = c.int("SELECT ronde_rang FROM journal_scelleur WHERE id = 1", vec![]).await?.unwrap_or(0);
    let le = c.int("SELECT ronde_le FROM journal_scelleur WHERE id = 1", vec![]).await?.unwrap_or(0);
    Ok((rang, le))
}

/// Moves the round.
///
/// # Errors
/// When the database refuses.
pub async fn set_ronde(tx: &Tx, rang: i64, maintenant: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE journal_scelleur SET ronde_rang = $1, ronde_le = $2 WHERE id = 1",
        vec![rang.into(), maintenant.into()],
    )
    .await
    .map(|_| ())
}
