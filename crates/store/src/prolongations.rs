//! Later closings of a step: proposed by one agent, decided by another (TPS-3).

use std::collections::BTreeMap;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::admission::Signataire;
use domain::calendrier::Etape;
use domain::comptes::Role;

/// A prolongation as stored, with the names of who proposed and decided it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneProlongation {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub origine: String,
    pub cree_le: i64,
    pub cree_par: Option<i64>,
    pub propose_par: String,
    pub etape: String,
    /// Closing in force when it was proposed, first instant too late.
    pub ferme_le: i64,
    pub nouvelle_le: i64,
    pub motif: String,
    /// `proposee`, `validee`, `refusee`.
    pub etat: String,
    pub decidee_le: Option<i64>,
    pub decide_par: String,
    /// Version of the calendar that it made.
    pub calendrier_numero: Option<i64>,
}

impl LigneProlongation {
    /// Who signed the proposal.
    pub fn auteur(&self) -> Signataire<'_> {
        Signataire { compte: self.cree_par, origine: &self.origine }
    }
}

const SELECTION: &str = "SELECT p.id, p.public_id, p.version, p.origine, p.cree_le, p.cree_par,
        COALESCE(a.prenom || ' ' || a.nom, '') AS propose_par, p.etape, p.ferme_le, p.nouvelle_le, p.motif, p.etat,
        p.decidee_le, COALESCE(b.prenom || ' ' || b.nom, '') AS decide_par, p.calendrier_numero
    FROM prolongation p LEFT JOIN compte a ON a.id = p.cree_par LEFT JOIN compte b ON b.id = p.decidee_par";

/// Prolongations of a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(c: &impl Sql, session: i64) -> Result<Vec<LigneProlongation>, StoreError> {
    c.all(&format!("{SELECTION} WHERE p.session_id = $1 ORDER BY p.id DESC"), vec![session.into()]).await
}

/// A prolongation of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn find(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<LigneProlongation>, StoreError> {
    c.one(
        &format!("{SELECTION} WHERE p.session_id = $1 AND p.public_id = $2"),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// Proposes a later closing; gives its public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when one already waits for this step.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    etape: Etape,
    (ferme, nouvelle): (i64, i64),
    motif: &str,
) -> Result<String, StoreError> {
    let (id, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        etape.code().to_owned().into(),
        ferme.into(),
        nouvelle.into(),
        motif.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO prolongation ({META}, session_id, etape, ferme_le, nouvelle_le, motif, etat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'proposee')"
        ),
        valeurs,
    )
    .await?;
    Ok(id.as_str().to_owned())
}

/// Decides a waiting prolongation: `numero` is the version of the calendar that it makes, `None` refuses it.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody was faster.
pub async fn decide(
    tx: &Tx,
    e: &Ecriture<'_>,
    p: &LigneProlongation,
    numero: Option<u32>,
) -> Result<(), StoreError> {
    let etat = if numero.is_some() { "validee" } else { "refusee" };
    let n = tx
        .exec(
            "UPDATE prolongation SET etat = $1, decidee_le = $2, decidee_par = $3, calendrier_numero = $4, maj_le = $2,
                 maj_par = $3, version = version + 1
             WHERE id = $5 AND version = $6 AND etat = 'proposee'",
            vec![
                etat.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                numero.map(i64::from).into(),
                p.id.into(),
                p.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("prolongation {}", p.id))) }
}

#[derive(FromLigne)]
struct LigneSource {
    etape: String,
    source: String,
}

/// The texts that each line of the calendar in force comes from.
///
/// # Errors
/// When the database refuses.
pub async fn sources(c: &impl Sql, session: i64) -> Result<BTreeMap<Etape, String>, StoreError> {
    let lignes: Vec<LigneSource> = c
        .all(
            "SELECT e.etape, e.source FROM echeance e WHERE e.calendrier_id =
                 (SELECT id FROM calendrier WHERE session_id = $1 ORDER BY numero DESC LIMIT 1)",
            vec![session.into()],
        )
        .await?;
    Ok(lignes.into_iter().filter_map(|l| Some((Etape::from_code(&l.etape)?, l.source))).collect())
}

/// Somebody to tell.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Destinataire {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
    pub prenom: String,
}

/// Accounts in service that hold one of these roles in the session, candidates by their record, after this key.
///
/// # Errors
/// When the database refuses.
pub async fn destinataires(
    c: &impl Sql,
    session: i64,
    roles: &[Role],
    apres: i64,
    combien: i64,
) -> Result<Vec<Destinataire>, StoreError> {
    let candidats = i64::from(roles.contains(&Role::Candidat));
    let places: Vec<String> = (5..roles.len() + 5).map(|i| format!("${i}")).collect();
    let agents = if roles.is_empty() { "NULL".to_owned() } else { places.join(", ") };
    let mut valeurs: Vec<sea_orm::Value> =
        vec![session.into(), apres.into(), combien.into(), candidats.into()];
    valeurs.extend(roles.iter().map(|r| sea_orm::Value::from(r.code().to_owned())));
    c.all(
        &format!(
            "SELECT k.id, k.public_id, k.courriel, k.prenom FROM compte k
             WHERE k.id > $2 AND k.supprime_le IS NULL AND k.etat IN ('actif', 'a_securiser')
               AND (EXISTS (SELECT 1 FROM attribution a WHERE a.compte_id = k.id AND a.supprime_le IS NULL
                              AND a.role IN ({agents}) AND (a.session_id IS NULL OR a.session_id = $1))
                    OR ($4 = 1 AND EXISTS (SELECT 1 FROM candidat c WHERE c.compte_id = k.id AND c.session_id = $1
                                             AND c.supprime_le IS NULL AND c.etat <> 'annule')))
             ORDER BY k.id LIMIT $3"
        ),
        valeurs,
    )
    .await
}
