//! Boarding schools that rank: what an establishment declares, and who asks for a place there.

use sea_orm::Value;

use crate::classements::{CandidatDuGroupe, LigneGroupe, VIVANT, candidats_of};
use crate::ecriture::{Ecriture, META, poses};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx};

/// A boarding school declared by an establishment, and where its ranking stands.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneInternat {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub libelle: String,
    pub capacite: i64,
    /// `mixte`, `filles` or `garcons`.
    pub accueil: String,
    /// Key of the only course served; none: common to those that have none of their own.
    pub formation_session_id: Option<i64>,
    pub formation_public_id: Option<String>,
    /// Label and detail of the course.
    pub formation: Option<String>,
    pub detail: Option<String>,
    /// Of its ranking, once begun.
    pub classement_id: Option<i64>,
    /// `brouillon` or `transmis`; none: not begun.
    pub etat: Option<String>,
    pub transmis_le: Option<i64>,
}

/// The boarding schools that an establishment declares in a session, the common ones first.
///
/// # Errors
/// When the database refuses.
pub async fn internats(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneInternat>, StoreError> {
    c.all(
        "SELECT g.id, g.public_id, g.version, g.libelle, g.capacite, g.accueil, g.formation_session_id,
                f.public_id AS formation_public_id, f.libelle AS formation, f.detail,
                ci.id AS classement_id, ci.etat, ci.transmis_le
         FROM groupe_internat g
         LEFT JOIN formation_session f ON f.id = g.formation_session_id
         LEFT JOIN classement_internat ci ON ci.groupe_internat_id = g.id AND ci.supprime_le IS NULL
         WHERE g.session_id = $1 AND g.etablissement_id = $2 AND g.avec_classement = 1 AND g.supprime_le IS NULL
         ORDER BY CASE WHEN g.formation_session_id IS NULL THEN 0 ELSE 1 END, f.libelle, f.detail, g.libelle, g.id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// A boarding school of a session by its public identifier, as what is ranked.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn groupe(c: &impl Sql, session: i64, public_id: &str) -> Result<LigneGroupe, StoreError> {
    c.one(
        "SELECT g.id, g.public_id, g.libelle, CAST(0 AS BIGINT) AS sans_classement, g.session_id,
                e.public_id AS parent_public_id, CAST(NULL AS BIGINT) AS formation_id, g.etablissement_id, es.academie,
                CAST(0 AS BIGINT) AS selective, g.libelle AS formation, es.nom AS etablissement
         FROM groupe_internat g
         JOIN etablissement e ON e.id = g.etablissement_id
         JOIN etablissement_session es
           ON es.etablissement_id = g.etablissement_id AND es.session_id = g.session_id
         WHERE g.public_id = $1 AND g.session_id = $2 AND g.avec_classement = 1 AND g.supprime_le IS NULL",
        vec![public_id.to_owned().into(), session.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("groupe_internat"))
}

/// Locks the boarding schools of an establishment until the end of the transaction.
///
/// # Errors
/// When the database refuses.
pub async fn lock(tx: &Tx, etablissement: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        // Not « FOR UPDATE »: whatever names the establishment goes on.
        let sql = "SELECT id FROM etablissement WHERE id = $1 FOR NO KEY UPDATE";
        tx.int(sql, vec![etablissement.into()]).await?;
    }
    Ok(())
}

/// The boarding school `internat` serves the course `formation` (two aliases): it is of this course, or common to the establishment
/// when the course has none of its own. Said once, for whoever ranks, for the runs and for the candidates.
pub(crate) fn serves(internat: &str, formation: &str) -> String {
    format!(
        "{internat}.session_id = {formation}.session_id AND {internat}.etablissement_id = {formation}.etablissement_id
         AND {internat}.avec_classement = 1 AND {internat}.supprime_le IS NULL
         AND ({internat}.formation_session_id = {formation}.id
              OR ({internat}.formation_session_id IS NULL AND NOT EXISTS (
                  SELECT 1 FROM groupe_internat propre
                  WHERE propre.session_id = {formation}.session_id
                    AND propre.etablissement_id = {formation}.etablissement_id
                    AND propre.formation_session_id = {formation}.id
                    AND propre.avec_classement = 1 AND propre.supprime_le IS NULL)))"
    )
}

/// The courses that the boarding school of key `$1` serves, among those that propose boarding.
fn courses_served() -> String {
    format!(
        "SELECT s.id FROM groupe_internat g JOIN formation_session s ON {}
         WHERE g.id = $1 AND s.internat = 1 AND s.supprime_le IS NULL",
        serves("g", "s")
    )
}

/// Those who ask for boarding on a course that the boarding school serves, by file number.
///
/// # Errors
/// When the database refuses.
pub async fn demandeurs(c: &impl Sql, internat: i64) -> Result<Vec<CandidatDuGroupe>, StoreError> {
    let servies = courses_served();
    candidats_of(c, &format!("v.avec_internat = 1 AND v.formation_session_id IN ({servies})"), internat).await
}

/// A course that a boarding school serves.
#[derive(Debug, Clone, FromLigne)]
pub struct FormationServie {
    pub id: i64,
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
}

/// The courses that a boarding school serves, those closed apart.
///
/// # Errors
/// When the database refuses.
pub async fn servies(c: &impl Sql, internat: i64) -> Result<Vec<FormationServie>, StoreError> {
    c.all(
        &format!(
            "SELECT f.id, f.public_id, f.libelle, f.detail FROM formation_session f
             WHERE f.id IN ({}) AND f.etat <> 'fermee' ORDER BY f.libelle, f.detail, f.id",
            courses_served()
        ),
        vec![internat.into()],
    )
    .await
}

/// Keys of the permanent courses that a boarding school serves, closed ones included: people may ask for it there.
///
/// # Errors
/// When the database refuses.
pub async fn formations_servies(c: &impl Sql, internat: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_id: i64,
    }
    let sql = format!(
        "SELECT f.formation_id FROM formation_session f WHERE f.id IN ({}) ORDER BY f.formation_id",
        courses_served()
    );
    let lignes: Vec<Ligne> = c.all(&sql, vec![internat.into()]).await?;
    Ok(lignes.into_iter().map(|l| l.formation_id).collect())
}

/// The courses of an establishment that propose boarding in a session, those closed apart.
///
/// # Errors
/// When the database refuses.
pub async fn avec_internat(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<FormationServie>, StoreError> {
    c.all(
        "SELECT f.id, f.public_id, f.libelle, f.detail FROM formation_session f
         WHERE f.session_id = $1 AND f.etablissement_id = $2 AND f.internat = 1 AND f.etat <> 'fermee'
           AND f.supprime_le IS NULL ORDER BY f.libelle, f.detail, f.id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// Who asks for boarding on which course served: keys.
///
/// # Errors
/// When the database refuses.
pub async fn demandes(c: &impl Sql, internat: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        candidat_id: i64,
        formation_session_id: i64,
    }
    let lignes: Vec<Ligne> = c
        .all(
            &format!(
                "SELECT v.candidat_id, v.formation_session_id
                 FROM voeu v JOIN candidat ca ON ca.id = v.candidat_id JOIN formation_session f ON f.id = v.formation_session_id
                 WHERE v.avec_internat = 1 AND f.id IN ({}) AND {VIVANT}
                 ORDER BY v.candidat_id, f.libelle, f.detail, f.id",
                courses_served()
            ),
            vec![internat.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.candidat_id, l.formation_session_id)).collect())
}

/// What an establishment says of a boarding school.
#[derive(Debug, Clone)]
pub struct NouvelInternat {
    pub libelle: String,
    pub capacite: i64,
    pub accueil: &'static str,
    pub formation_session: Option<i64>,
}

/// Declares a boarding school; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, etablissement): (i64, i64),
    n: &NouvelInternat,
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        etablissement.into(),
        n.formation_session.into(),
        n.libelle.clone().into(),
        n.capacite.into(),
        n.accueil.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO groupe_internat ({META}, session_id, etablissement_id, formation_session_id, libelle, capacite,
                                          accueil, avec_classement)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)"
        ),
        valeurs,
    )
    .await?;
    Ok(public_id.as_str().to_owned())
}

/// Changes a boarding school.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed since it was read.
pub async fn update(
    tx: &Tx,
    e: &Ecriture<'_>,
    lu: &LigneInternat,
    n: &NouvelInternat,
) -> Result<(), StoreError> {
    let colonnes: [(&str, Value); 4] = [
        ("libelle", n.libelle.clone().into()),
        ("capacite", n.capacite.into()),
        ("accueil", n.accueil.to_owned().into()),
        ("formation_session_id", n.formation_session.into()),
    ];
    write(tx, e, lu, &colonnes).await
}

/// Takes a boarding school away; the draft of its ranking goes with it.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed since it was read.
pub async fn remove(tx: &Tx, e: &Ecriture<'_>, lu: &LigneInternat) -> Result<(), StoreError> {
    if let Some(classement) = lu.classement_id {
        tx.exec(
            "DELETE FROM classement_internat_rang WHERE classement_internat_id = $1",
            vec![classement.into()],
        )
        .await?;
        tx.exec(
            "UPDATE classement_internat SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
             WHERE id = $3 AND etat = 'brouillon'",
            vec![e.ms().into(), e.compte().into(), classement.into()],
        )
        .await?;
    }
    write(tx, e, lu, &[("supprime_le", e.ms().into())]).await
}

async fn write(
    tx: &Tx,
    e: &Ecriture<'_>,
    lu: &LigneInternat,
    colonnes: &[(&str, Value)],
) -> Result<(), StoreError> {
    let mut valeurs = vec![e.ms().into(), e.compte().into(), lu.id.into(), lu.version.into()];
    let poses = poses(colonnes, &mut valeurs);
    let n = tx
        .exec(
            &format!(
                "UPDATE groupe_internat SET {poses} maj_le = $1, maj_par = $2, version = version + 1
                 WHERE id = $3 AND version = $4 AND supprime_le IS NULL"
            ),
            valeurs,
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("groupe_internat {}", lu.id))) }
}
