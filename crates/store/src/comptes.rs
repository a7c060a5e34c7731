//! Comptes, attributions and sign-in sessions.

use domain::comptes::Role;
use domain::droits::Attribution;
use sea_orm::FromQueryResult;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LigneCompte {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub etat: String,
    pub mot_de_passe: Option<String>,
    pub totp_chiffre: Option<Vec<u8>>,
    pub totp_dernier_pas: i64,
    pub version: i64,
}

const COLONNES: &str =
    "id, public_id, courriel, nom, prenom, etat, mot_de_passe, totp_chiffre, totp_dernier_pas, version";

/// The account of a normalised address.
///
/// # Errors
/// When the database refuses.
pub async fn by_courriel(c: &impl Sql, courriel: &str) -> Result<Option<LigneCompte>, StoreError> {
    c.one(
        &format!("SELECT {COLONNES} FROM compte WHERE courriel = $1 AND supprime_le IS NULL"),
        vec![courriel.to_owned().into()],
    )
    .await
}

/// An account by its key.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_id(c: &impl Sql, id: i64) -> Result<LigneCompte, StoreError> {
    c.one(&format!("SELECT {COLONNES} FROM compte WHERE id = $1 AND supprime_le IS NULL"), vec![id.into()])
        .await?
        .ok_or(StoreError::NotFound("compte"))
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NouveauCompte<'a> {
    pub courriel: &'a str,
    pub nom: &'a str,
    pub prenom: &'a str,
    pub etat: &'a str,
    pub mot_de_passe: Option<&'a str>,
}

/// Adds an account; gives its key and public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when the address is taken.
pub async fn insert(tx: &Tx, e: &Ecriture<'_>, n: &NouveauCompte<'_>) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.courriel.to_owned().into(),
        n.nom.to_owned().into(),
        n.prenom.to_owned().into(),
        n.etat.to_owned().into(),
        n.mot_de_passe.map(str::to_owned).into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO compte ({META}, courriel, nom, prenom, etat, mot_de_passe)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("compte"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// Gives a role to an account.
///
/// # Errors
/// When the database refuses.
pub async fn insert_attribution(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: i64,
    a: &Attribution,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        compte.into(),
        a.role.code().to_owned().into(),
        a.session.into(),
        a.etablissement.into(),
        a.formation.into(),
        a.academies.join(",").into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO attribution ({META}, compte_id, role, session_id, etablissement_id, formation_id, academies)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

#[derive(FromQueryResult)]
struct LigneAttribution {
    role: String,
    session_id: Option<i64>,
    etablissement_id: Option<i64>,
    formation_id: Option<i64>,
    academies: String,
}

#[derive(FromQueryResult)]
struct LigneCandidat {
    id: i64,
    session_id: i64,
}

/// The roles of an account, its own candidate records included.
///
/// # Errors
/// When the database refuses.
pub async fn attributions(c: &impl Sql, compte: i64) -> Result<Vec<Attribution>, StoreError> {
    let lignes: Vec<LigneAttribution> = c
        .all(
            "SELECT role, session_id, etablissement_id, formation_id, academies FROM attribution
             WHERE compte_id = $1 AND supprime_le IS NULL ORDER BY id",
            vec![compte.into()],
        )
        .await?;
    let candidats: Vec<LigneCandidat> = c
        .all(
            "SELECT ca.id, ca.session_id FROM candidat ca JOIN session_admission s ON s.id = ca.session_id
             WHERE ca.compte_id = $1 AND ca.supprime_le IS NULL AND s.etat = 'ouverte'",
            vec![compte.into()],
        )
        .await?;
    let mut sortie = Vec::with_capacity(lignes.len() + candidats.len());
    for l in lignes {
        let role = Role::from_code(&l.role).ok_or(StoreError::Unreadable("attribution.role"))?;
        sortie.push(Attribution {
            role,
            session: l.session_id,
            etablissement: l.etablissement_id,
            formation: l.formation_id,
            academies: l.academies.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            candidat: None,
        });
    }
    for l in candidats {
        sortie.push(Attribution {
            session: Some(l.session_id),
            candidat: Some(l.id),
            ..Attribution::simple(Role::Candidat)
        });
    }
    Ok(sortie)
}

/// A sign-in session as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct LigneSessionWeb {
    pub id: i64,
    pub compte_id: i64,
    /// `second_facteur`, `enrolement` or `complete`.
    pub etape: String,
    pub reseau: String,
    pub navigateur: String,
    pub csrf: String,
    pub ouverte_le: i64,
    pub vue_le: i64,
    pub expire_le: i64,
    pub second_facteur_le: Option<i64>,
    pub essais: i64,
}

/// A new sign-in session.
#[derive(Debug, Clone)]
pub struct NouvelleSessionWeb<'a> {
    pub public_id: &'a str,
    pub jeton_hache: &'a str,
    pub compte: i64,
    pub etape: &'a str,
    pub reseau: &'a str,
    pub navigateur: &'a str,
    pub csrf: &'a str,
    pub ouverte_le: i64,
    pub expire_le: i64,
    pub second_facteur_le: Option<i64>,
}

/// Opens a sign-in session. Needs no permit: signing in is how permits are obtained.
///
/// # Errors
/// When the database refuses.
pub async fn insert_session_web(tx: &Tx, n: &NouvelleSessionWeb<'_>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO session_web (public_id, jeton_hache, compte_id, etape, reseau, navigateur, csrf, ouverte_le, vue_le,
                                  expire_le, second_facteur_le)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
        vec![
            n.public_id.to_owned().into(),
            n.jeton_hache.to_owned().into(),
            n.compte.into(),
            n.etape.to_owned().into(),
            n.reseau.to_owned().into(),
            n.navigateur.to_owned().into(),
            n.csrf.to_owned().into(),
            n.ouverte_le.into(),
            n.expire_le.into(),
            n.second_facteur_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// The session of a token's hash.
///
/// # Errors
/// When the database refuses.
pub async fn session_web(c: &impl Sql, jeton_hache: &str) -> Result<Option<LigneSessionWeb>, StoreError> {
    c.one(
        "SELECT id, compte_id, etape, reseau, navigateur, csrf, ouverte_le, vue_le, expire_le, second_facteur_le, essais
         FROM session_web WHERE jeton_hache = $1",
        vec![jeton_hache.to_owned().into()],
    )
    .await
}

/// Notes that the session was just used.
///
/// # Errors
/// When the database refuses.
pub async fn touch_session_web(c: &impl Sql, id: i64, maintenant: i64) -> Result<(), StoreError> {
    c.exec("UPDATE session_web SET vue_le = $1 WHERE id = $2", vec![maintenant.into(), id.into()])
        .await
        .map(|_| ())
}

/// Sends a session back to the second factor (its network changed, SEC-3).
///
/// # Errors
/// When the database refuses.
pub async fn demote_session_web(c: &impl Sql, id: i64) -> Result<(), StoreError> {
    c.exec(
        "UPDATE session_web SET etape = 'second_facteur' WHERE id = $1 AND etape = 'complete'",
        vec![id.into()],
    )
    .await
    .map(|_| ())
}

/// Closes a session.
///
/// # Errors
/// When the database refuses.
pub async fn delete_session_web(c: &impl Sql, id: i64) -> Result<(), StoreError> {
    c.exec("DELETE FROM session_web WHERE id = $1", vec![id.into()]).await.map(|_| ())
}

/// Closes every session of an account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_sessions_web(c: &impl Sql, compte: i64) -> Result<u64, StoreError> {
    c.exec("DELETE FROM session_web WHERE compte_id = $1", vec![compte.into()]).await
}
