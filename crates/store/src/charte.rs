//! The charter of the procedure: its versions, and who accepted them for an establishment.

use domain::comptes::Role;
use domain::droits::Scope;
use sea_orm::Value;

use crate::comptes::EN_SERVICE;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, in_academies, places};

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCharte {
    pub id: i64,
    pub numero: i64,
    pub texte: String,
    /// Milliseconds of the campaign.
    pub publiee_le: i64,
}

/// The versions of a session, the one in force first.
///
/// # Errors
/// When the database refuses.
pub async fn versions(c: &impl Sql, session: i64) -> Result<Vec<LigneCharte>, StoreError> {
    c.all(
        "SELECT id, numero, texte, publiee_le FROM charte WHERE session_id = $1 ORDER BY numero DESC",
        vec![session.into()],
    )
    .await
}

/// Keeps a version; gives its number.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, e: &Ecriture<'_>, session: i64, texte: &str) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([session.into(), texte.to_owned().into(), e.ms().into()]);
    tx.int(
        &format!(
            "INSERT INTO charte ({META}, session_id, numero, texte, publiee_le)
             SELECT $1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), COALESCE(MAX(numero), 0) + 1, $8, CAST($9 AS BIGINT)
             FROM charte WHERE session_id = CAST($7 AS BIGINT) RETURNING numero"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("charte"))
}

/// An acceptance.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAcceptation {
    /// Of the version.
    pub numero: i64,
    /// Name of the person, then.
    pub par: String,
    /// Milliseconds of the campaign.
    pub acceptee_le: i64,
}

/// The last version that was accepted for an establishment in a session; `None`: none was.
///
/// # Errors
/// When the database refuses.
pub async fn acceptation(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Option<LigneAcceptation>, StoreError> {
    c.one(
        "SELECT v.numero, a.par, a.acceptee_le FROM charte_acceptee a JOIN charte v ON v.id = a.charte_id
         WHERE v.session_id = $1 AND a.etablissement_id = $2 ORDER BY v.numero DESC LIMIT 1",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// Whose a course is, and where.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneChez {
    pub etablissement_id: i64,
    pub formation_id: i64,
    pub academie: String,
}

/// The establishment of a course of a session, by the public identifier of the course.
///
/// # Errors
/// When the database refuses.
pub async fn etablissement_of(
    c: &impl Sql,
    session: i64,
    formation: &str,
) -> Result<Option<LigneChez>, StoreError> {
    c.one(
        "SELECT etablissement_id, formation_id, academie FROM formation_session
         WHERE session_id = $1 AND public_id = $2 AND supprime_le IS NULL",
        vec![session.into(), formation.to_owned().into()],
    )
    .await
}

/// Notes that a version is accepted for an establishment, by whoever writes, under the name given.
///
/// # Errors
/// When the database refuses.
pub async fn accept(
    tx: &Tx,
    e: &Ecriture<'_>,
    charte: i64,
    etablissement: i64,
    par: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO charte_acceptee (charte_id, etablissement_id, compte_id, par, acceptee_le)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        vec![charte.into(), etablissement.into(), e.compte().into(), par.to_owned().into(), e.ms().into()],
    )
    .await?;
    Ok(())
}

/// How many establishments of a perimeter accepted a version, and how many there are.
///
/// # Errors
/// When the database refuses.
pub async fn count_acceptees(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    charte: i64,
) -> Result<(i64, i64), StoreError> {
    #[derive(FromLigne)]
    struct Compte {
        acceptees: i64,
        tous: i64,
    }
    let mut valeurs: Vec<Value> = vec![session.into(), charte.into()];
    let perimetre = in_academies(&mut valeurs, scope, "s");
    let compte: Option<Compte> = c
        .one(
            &format!(
                "SELECT COUNT(a.etablissement_id) AS acceptees, COUNT(*) AS tous
                 FROM etablissement_session s
                 LEFT JOIN charte_acceptee a ON a.charte_id = $2 AND a.etablissement_id = s.etablissement_id
                 WHERE s.session_id = $1 AND s.supprime_le IS NULL{perimetre}"
            ),
            valeurs,
        )
        .await?;
    Ok(compte.map_or((0, 0), |c| (c.acceptees, c.tous)))
}

/// Somebody who is to accept a version.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Signataire {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
}

/// Accounts in service that hold one of these roles over an establishment of the session for which a version is not accepted: so many of
/// them after this key, by key.
///
/// # Errors
/// When the database refuses.
pub async fn signataires(
    c: &impl Sql,
    (session, charte): (i64, i64),
    roles: &[Role],
    (apres, combien): (i64, i64),
) -> Result<Vec<Signataire>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), charte.into(), apres.into(), combien.into()];
    let roles = places(&mut valeurs, roles.iter().map(|r| r.code().to_owned()));
    c.all(
        &format!(
            "SELECT c.id, c.public_id, c.courriel FROM compte c
             WHERE c.id > $3 AND {EN_SERVICE}
               AND EXISTS (SELECT 1 FROM attribution a
                           JOIN etablissement_session s ON s.etablissement_id = a.etablissement_id AND s.session_id = $1
                             AND s.supprime_le IS NULL
                           WHERE a.compte_id = c.id AND a.supprime_le IS NULL AND a.role IN ({roles})
                             AND (a.session_id IS NULL OR a.session_id = $1)
                             AND NOT EXISTS (SELECT 1 FROM charte_acceptee x
                                             WHERE x.charte_id = $2 AND x.etablissement_id = a.etablissement_id))
             ORDER BY c.id LIMIT $4"
        ),
        valeurs,
    )
    .await
}

/// An establishment for which a version is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSansCharte {
    pub uai: String,
    /// Name, that of the session.
    pub nom: String,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    /// Number of the last version that was; absent: none was.
    pub derniere: Option<i64>,
}

/// Those of a perimeter for which a version is not accepted, by department then by name.
///
/// # Errors
/// When the database refuses.
pub async fn sans_acceptation(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    charte: i64,
) -> Result<Vec<LigneSansCharte>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), charte.into()];
    let perimetre = in_academies(&mut valeurs, scope, "s");
    c.all(
        &format!(
            "SELECT e.uai, s.nom, s.commune, s.departement, s.academie,
                    (SELECT MAX(v.numero) FROM charte_acceptee x JOIN charte v ON v.id = x.charte_id
                     WHERE v.session_id = $1 AND x.etablissement_id = s.etablissement_id) AS derniere
             FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
             WHERE s.session_id = $1 AND s.supprime_le IS NULL
               AND NOT EXISTS (SELECT 1 FROM charte_acceptee a
                               WHERE a.charte_id = $2 AND a.etablissement_id = s.etablissement_id){perimetre}
             ORDER BY s.departement, s.nom, e.uai"
        ),
        valeurs,
    )
    .await
}
