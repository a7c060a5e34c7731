//! What the sealed journal says since the last time, and the objects that it names.

use sea_orm::Value;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among};

/// Last place of the chain: the last seal, or the last head when everything before it was removed.
///
/// # Errors
/// When the database refuses.
pub async fn head(c: &impl Sql) -> Result<i64, StoreError> {
    let sceau = c.int("SELECT MAX(rang) FROM journal_sceau", vec![]).await?.unwrap_or(0);
    let tete = c.int("SELECT MAX(rang) FROM journal_tete", vec![]).await?.unwrap_or(0);
    Ok(sceau.max(tete))
}

/// Place of which events were made last; none before the first time.
///
/// # Errors
/// When the database refuses.
pub async fn curseur(c: &impl Sql) -> Result<Option<i64>, StoreError> {
    c.int("SELECT rang FROM evenement_curseur WHERE id = 1", vec![]).await
}

/// Puts the cursor there, forward alone.
///
/// # Errors
/// When the database refuses.
pub async fn start_curseur(tx: &Tx, rang: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO evenement_curseur (id, rang) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET rang = excluded.rang WHERE evenement_curseur.rang < excluded.rang",
        vec![rang.into()],
    )
    .await
    .map(|_| ())
}

/// Moves the cursor from one place to another. Gives whether it was still there: somebody else may have told these events.
///
/// # Errors
/// When the database refuses.
pub async fn move_curseur(tx: &Tx, de: i64, a: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec("UPDATE evenement_curseur SET rang = $2 WHERE id = 1 AND rang = $1", vec![de.into(), a.into()])
        .await?;
    Ok(n == 1)
}

/// A sealed entry that may be an event.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFait {
    pub rang: i64,
    pub instant_us: i64,
    pub role: String,
    pub action: String,
    pub objet: String,
    pub objet_id: String,
    pub issue: String,
    pub avant: Option<String>,
    pub apres: Option<String>,
}

/// The acts on these kinds of objects sealed after a place and up to another, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn faits(
    c: &impl Sql,
    de: i64,
    a: i64,
    objets: &[&'static str],
) -> Result<Vec<LigneFait>, StoreError> {
    let places: Vec<String> = (3..objets.len() + 3).map(|i| format!("${i}")).collect();
    let mut valeurs: Vec<Value> = vec![de.into(), a.into()];
    valeurs.extend(objets.iter().map(|o| Value::from((*o).to_owned())));
    c.all(
        &format!(
            "SELECT s.rang, j.instant_us, j.role, j.action, j.objet, j.objet_id, j.issue, j.avant, j.apres
             FROM journal_sceau s JOIN journal j ON j.id = s.entree_id
             WHERE s.rang > $1 AND s.rang <= $2 AND j.issue = 'fait' AND j.objet IN ({}) ORDER BY s.rang",
            places.join(", ")
        ),
        valeurs,
    )
    .await
}

/// An object of an event: for each course that it concerns, a line.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneObjet {
    pub public_id: String,
    pub annee: i64,
    pub session_id: i64,
    pub etablissement_id: i64,
    /// Permanent course; none for an establishment.
    pub formation_id: Option<i64>,
    /// Public identifier of the establishment, or of the course when there is one, that its address begins with; none when it does not.
    pub sous: Option<String>,
}

/// Courses of a session by their public identifiers.
///
/// # Errors
/// When the database refuses.
pub async fn objets_formation(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    by_ids(
        c,
        "SELECT f.public_id, s.annee, f.session_id, f.etablissement_id, f.formation_id, CAST(NULL AS TEXT) AS sous
         FROM formation_session f JOIN session_admission s ON s.id = f.session_id
         WHERE f.supprime_le IS NULL AND f.public_id IN",
        ids,
    )
    .await
}

/// Ranking groups by their public identifiers, with every course that they rank for.
///
/// # Errors
/// When the database refuses.
pub async fn objets_groupe(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    const COLONNES: &str =
        "SELECT DISTINCT g.public_id, s.annee, g.session_id, f.etablissement_id, f.formation_id, CAST(NULL AS TEXT) AS sous
         FROM groupe_classement g JOIN session_admission s ON s.id = g.session_id";
    const ICI: &str = "WHERE g.supprime_le IS NULL AND f.supprime_le IS NULL AND g.public_id IN";
    // Two joins that indexes serve, rather than one that none does.
    let sienne = format!("{COLONNES} JOIN formation_session f ON f.id = g.formation_session_id {ICI}");
    let servies = format!(
        "{COLONNES} JOIN groupe_affectation x ON x.groupe_classement_id = g.id AND x.supprime_le IS NULL
         JOIN formation_session f ON f.id = x.formation_session_id {ICI}"
    );
    let mut lignes = by_ids(c, &sienne, ids).await?;
    for l in by_ids(c, &servies, ids).await? {
        if !lignes.contains(&l) {
            lignes.push(l);
        }
    }
    Ok(lignes)
}

/// Establishments by their public identifiers, once for each session that they are in.
///
/// # Errors
/// When the database refuses.
pub async fn objets_etablissement(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    by_ids(
        c,
        "SELECT e.public_id, s.annee, s.id AS session_id, e.id AS etablissement_id, CAST(NULL AS BIGINT) AS formation_id,
                CAST(NULL AS TEXT) AS sous
         FROM etablissement e JOIN etablissement_session es ON es.etablissement_id = e.id AND es.supprime_le IS NULL
         JOIN session_admission s ON s.id = es.session_id WHERE e.public_id IN",
        ids,
    )
    .await
}

/// Boarding schools that rank by their public identifiers, those that were taken away too.
///
/// # Errors
/// When the database refuses.
pub async fn objets_internat(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    by_ids(
        c,
        "SELECT g.public_id, s.annee, g.session_id, g.etablissement_id, CAST(NULL AS BIGINT) AS formation_id, e.public_id AS sous
         FROM groupe_internat g JOIN session_admission s ON s.id = g.session_id
         JOIN etablissement e ON e.id = g.etablissement_id WHERE g.public_id IN",
        ids,
    )
    .await
}

/// Requests by their public identifiers, each with its course as long as it is the establishment's; an opening stays the establishment's
/// once it made one.
///
/// # Errors
/// When the database refuses.
pub async fn objets_demande(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    by_ids(
        c,
        "SELECT d.public_id, s.annee, d.session_id, d.etablissement_id,
                CASE WHEN d.nature NOT IN ('ouverture', 'reouverture') AND f.etablissement_id = d.etablissement_id
                     THEN f.formation_id END AS formation_id,
                CAST(NULL AS TEXT) AS sous
         FROM demande_formation d JOIN session_admission s ON s.id = d.session_id
         LEFT JOIN formation_session f ON f.id = d.formation_session_id
         WHERE d.supprime_le IS NULL AND d.public_id IN",
        ids,
    )
    .await
}

/// Conversations by their public identifiers, each with the course or the establishment that it is about.
///
/// # Errors
/// When the database refuses.
pub async fn objets_conversation(c: &impl Sql, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    by_ids(
        c,
        "SELECT c.public_id, s.annee, c.session_id, COALESCE(f.etablissement_id, c.etablissement_id) AS etablissement_id,
                f.formation_id, COALESCE(f.public_id, e.public_id) AS sous
         FROM fil c JOIN session_admission s ON s.id = c.session_id JOIN etablissement e ON e.id = c.etablissement_id
         LEFT JOIN formation_session f ON f.id = c.formation_session_id WHERE c.public_id IN",
        ids,
    )
    .await
}

async fn by_ids(c: &impl Sql, sql: &str, ids: &[String]) -> Result<Vec<LigneObjet>, StoreError> {
    all_among(c, &format!("{sql} (:cles)"), vec![], ids).await
}
