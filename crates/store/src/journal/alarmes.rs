//! Alarms (JOU-5) and the questions that raise them.

use sea_orm::Value;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// A new alarm. `cle`: one cause and one period raise one alarm.
#[derive(Debug, Clone)]
pub struct NouvelleAlarme<'a> {
    pub public_id: &'a str,
    pub genre: &'a str,
    pub cle: &'a str,
    pub constatee_le: i64,
    pub compte: Option<i64>,
    /// JSON of codes and numbers.
    pub details: &'a str,
}

/// Writes an alarm, unless its key is there. Gives whether it was written.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, a: &NouvelleAlarme<'_>) -> Result<bool, StoreError> {
    let texte = |t: &str| Value::from(t.to_owned());
    let n = tx
        .exec(
            "INSERT INTO alarme (public_id, genre, cle, constatee_le, compte_id, details)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (cle) DO NOTHING",
            vec![
                texte(a.public_id),
                texte(a.genre),
                texte(a.cle),
                a.constatee_le.into(),
                a.compte.into(),
                texte(a.details),
            ],
        )
        .await?;
    Ok(n == 1)
}

/// An alarm, readable.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneAlarme {
    pub public_id: String,
    pub genre: String,
    pub constatee_le: i64,
    pub compte: Option<String>,
    pub details: String,
    pub vue_le: Option<i64>,
    pub vue_par: Option<String>,
}

/// The alarms, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(c: &impl Sql, combien: i64) -> Result<Vec<LigneAlarme>, StoreError> {
    c.all(
        "SELECT a.public_id, a.genre, a.constatee_le, c.prenom || ' ' || c.nom AS compte, a.details, a.vue_le,
                v.prenom || ' ' || v.nom AS vue_par
         FROM alarme a LEFT JOIN compte c ON c.id = a.compte_id LEFT JOIN compte v ON v.id = a.vue_par
         ORDER BY a.id DESC LIMIT $1",
        vec![combien.into()],
    )
    .await
}

/// Alarms that nobody looked at.
///
/// # Errors
/// When the database refuses.
pub async fn unseen(c: &impl Sql) -> Result<i64, StoreError> {
    Ok(c.int("SELECT COUNT(*) FROM alarme WHERE vue_le IS NULL", vec![]).await?.unwrap_or(0))
}

/// Somebody looked at an alarm; gives whether it was the first.
///
/// # Errors
/// When the database refuses.
pub async fn set_seen(tx: &Tx, public_id: &str, par: Option<i64>, le: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE alarme SET vue_le = $1, vue_par = $2 WHERE public_id = $3 AND vue_le IS NULL",
            vec![le.into(), par.into(), public_id.to_owned().into()],
        )
        .await?;
    Ok(n == 1)
}

/// Different records read by an account between two instants (µs, both included).
///
/// # Errors
/// When the database refuses.
pub async fn records_read(c: &impl Sql, compte: i64, de: i64, a: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(DISTINCT l.candidat_id) FROM journal j JOIN journal_lecture l ON l.entree_id = j.id
             WHERE j.compte_id = $1 AND j.dossiers > 0 AND j.instant_us BETWEEN $2 AND $3",
            vec![compte.into(), de.into(), a.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// Files with names that an account took away since an instant (µs): how many, and the first of them (0 when none).
///
/// # Errors
/// When the database refuses.
pub async fn exports_since(c: &impl Sql, compte: i64, depuis: i64) -> Result<(i64, i64), StoreError> {
    #[derive(FromLigne)]
    struct Vus {
        nombre: i64,
        premier: i64,
    }
    let vus: Option<Vus> = c
        .one(
            "SELECT COUNT(*) AS nombre, COALESCE(MIN(instant_us), 0) AS premier FROM journal
             WHERE compte_id = $1 AND issue = 'exporte' AND instant_us > $2",
            vec![compte.into(), depuis.into()],
        )
        .await?;
    Ok(vus.map_or((0, 0), |v| (v.nombre, v.premier)))
}

/// The account completed a sign-in from another network between two instants (µs).
///
/// # Errors
/// When the database refuses.
pub async fn signed_in_elsewhere(
    c: &impl Sql,
    compte: i64,
    reseau: &str,
    de: i64,
    a: i64,
) -> Result<bool, StoreError> {
    let n = c
        .int(
            "SELECT id FROM journal WHERE compte_id = $1 AND instant_us BETWEEN $3 AND $4 AND action = 'connexion'
             AND issue = 'complete' AND reseau <> $2 LIMIT 1",
            vec![compte.into(), reseau.to_owned().into(), de.into(), a.into()],
        )
        .await?;
    Ok(n.is_some())
}

/// Addresses to warn: active accounts of the national team.
///
/// # Errors
/// When the database refuses.
pub async fn recipients(c: &impl Sql, role: &str) -> Result<Vec<(i64, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Destinataire {
        id: i64,
        courriel: String,
    }
    let lus: Vec<Destinataire> = c
        .all(
            "SELECT DISTINCT c.id, c.courriel FROM compte c JOIN attribution a ON a.compte_id = c.id
             WHERE a.role = $1 AND a.supprime_le IS NULL AND c.supprime_le IS NULL AND c.etat = 'actif' ORDER BY c.id",
            vec![role.to_owned().into()],
        )
        .await?;
    Ok(lus.into_iter().map(|d| (d.id, d.courriel)).collect())
}
