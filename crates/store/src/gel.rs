//! RUN-6: what tells whether a date of the calendar is near, who agreed to a delivery all the same, and for which
//! establishments a freeze is lifted.
//!
//! A delivery looks before its migrations, on a schema older than this program: what it reads here, [`open_session`],
//! [`fenetres`], `sessions::parametre` and [`validateur`], names only columns that the first schema has, and leaves aside
//! the steps that it does not know.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::prolongations::Destinataire;
use crate::sql::{Sql, Tx};
use domain::admission::Signataire;
use domain::calendrier::{Etape, Fenetre};
use domain::comptes::Role;
use jiff::Timestamp;

/// The session that people see; `None` before the first one is open.
///
/// # Errors
/// When the database refuses.
pub async fn open_session(c: &impl Sql) -> Result<Option<i64>, StoreError> {
    c.int("SELECT id FROM session_admission WHERE etat = 'ouverte' ORDER BY annee DESC LIMIT 1", vec![]).await
}

#[derive(FromLigne)]
struct LigneFenetre {
    etape: String,
    ouvre_le: i64,
    ferme_le: i64,
}

/// The dates in force for a session, without asking that they make a whole calendar.
///
/// # Errors
/// When the database refuses.
pub async fn fenetres(c: &impl Sql, session: i64) -> Result<Vec<(Etape, Fenetre)>, StoreError> {
    let lignes: Vec<LigneFenetre> = c
        .all(
            "SELECT etape, ouvre_le, ferme_le FROM echeance WHERE calendrier_id =
                 (SELECT id FROM calendrier WHERE session_id = $1 ORDER BY numero DESC LIMIT 1) ORDER BY id",
            vec![session.into()],
        )
        .await?;
    let lit = |l: LigneFenetre| {
        let ouvre = Timestamp::from_millisecond(l.ouvre_le).ok()?;
        let ferme = Timestamp::from_millisecond(l.ferme_le).ok()?;
        Some((Etape::from_code(&l.etape)?, Fenetre { ouvre, ferme }))
    };
    Ok(lignes.into_iter().filter_map(lit).collect())
}

/// Somebody of the national team, in service, by their address.
///
/// # Errors
/// When the database refuses.
pub async fn validateur(c: &impl Sql, courriel: &str) -> Result<Option<Destinataire>, StoreError> {
    c.one(
        "SELECT k.id, k.public_id, k.courriel, k.prenom FROM compte k
         WHERE k.courriel = $1 AND k.supprime_le IS NULL AND k.etat = 'actif'
           AND EXISTS (SELECT 1 FROM attribution a
                       WHERE a.compte_id = k.id AND a.supprime_le IS NULL AND a.role = $2)",
        vec![courriel.to_owned().into(), Role::AdminNational.code().to_owned().into()],
    )
    .await
}

/// A freeze lifted for one establishment, as stored, with the name of who proposed it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneLevee {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub origine: String,
    pub cree_par: Option<i64>,
    pub propose_par: String,
    pub uai: String,
    pub nom: String,
    /// End of the freeze, campaign instant.
    pub fin_le: i64,
    pub motif: String,
    /// `proposee`, `validee`, `refusee`.
    pub etat: String,
}

impl LigneLevee {
    /// Who signed the proposal.
    pub fn auteur(&self) -> Signataire<'_> {
        Signataire { compte: self.cree_par, origine: &self.origine }
    }
}

const SELECTION: &str = "SELECT l.id, l.public_id, l.version, l.origine, l.cree_par,
        COALESCE(a.prenom || ' ' || a.nom, '') AS propose_par, e.uai, COALESCE(s.nom, '') AS nom, l.fin_le, l.motif,
        l.etat
    FROM levee_gel l JOIN etablissement e ON e.id = l.etablissement_id
    LEFT JOIN etablissement_session s ON s.etablissement_id = e.id AND s.session_id = l.session_id
    LEFT JOIN compte a ON a.id = l.cree_par";

/// Those of a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(c: &impl Sql, session: i64) -> Result<Vec<LigneLevee>, StoreError> {
    c.all(&format!("{SELECTION} WHERE l.session_id = $1 ORDER BY l.id DESC"), vec![session.into()]).await
}

/// One of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn find(c: &impl Sql, session: i64, public_id: &str) -> Result<Option<LigneLevee>, StoreError> {
    c.one(
        &format!("{SELECTION} WHERE l.session_id = $1 AND l.public_id = $2"),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// Whether a freeze is lifted for an establishment at a campaign instant.
///
/// # Errors
/// When the database refuses.
pub async fn is_lifted(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let levee = c
        .int(
            "SELECT id FROM levee_gel WHERE session_id = $1 AND etablissement_id = $2 AND etat = 'validee'
               AND fin_le > $3 ORDER BY id LIMIT 1",
            vec![session.into(), etablissement.into(), now_ms.into()],
        )
        .await?;
    Ok(levee.is_some())
}

/// Proposes that the freeze be lifted for an establishment; gives its public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when a proposal already waits for it.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, etablissement): (i64, i64),
    fin_ms: i64,
    motif: &str,
) -> Result<String, StoreError> {
    let (id, mut valeurs) = e.meta();
    valeurs.extend([session.into(), etablissement.into(), fin_ms.into(), motif.to_owned().into()]);
    tx.exec(
        &format!(
            "INSERT INTO levee_gel ({META}, session_id, etablissement_id, fin_le, motif, etat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposee')"
        ),
        valeurs,
    )
    .await?;
    Ok(id.as_str().to_owned())
}

/// Decides a waiting proposal.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody was faster.
pub async fn decide(tx: &Tx, e: &Ecriture<'_>, l: &LigneLevee, etat: &str) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE levee_gel SET etat = $1, decidee_le = $2, decidee_par = $3, maj_le = $2, maj_par = $3,
                 version = version + 1
             WHERE id = $4 AND version = $5 AND etat = 'proposee'",
            vec![etat.to_owned().into(), e.ms().into(), e.compte().into(), l.id.into(), l.version.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("levee_gel {}", l.id))) }
}
