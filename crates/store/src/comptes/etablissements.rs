//! What an establishment decides or undergoes about its accounts: exceptions to addresses, being made safe.

use domain::droits::Scope;
use sea_orm::Value;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// An exception to nominative addresses.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDerogation {
    pub id: i64,
    pub public_id: String,
    pub session_id: i64,
    pub etablissement_id: i64,
    pub courriel: String,
    pub motif: String,
    pub etat: String,
    pub reponse: String,
    pub cree_le: i64,
    pub cree_par: Option<i64>,
    pub version: i64,
    pub etablissement: String,
    pub uai: String,
    pub academie: String,
}

const LECTURE: &str =
    "SELECT d.id, d.public_id, d.session_id, d.etablissement_id, d.courriel, d.motif, d.etat, d.reponse,
                              d.cree_le, d.cree_par, d.version, es.nom AS etablissement, e.uai, es.academie
                       FROM derogation_adresse d
                       JOIN etablissement e ON e.id = d.etablissement_id
                       JOIN etablissement_session es
                         ON es.etablissement_id = d.etablissement_id AND es.session_id = d.session_id";

/// Asks for an exception. Asked again after a refusal, it is examined again.
///
/// # Errors
/// When the database refuses.
pub async fn ask_exception(
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, etablissement): (i64, i64),
    courriel: &str,
    motif: &str,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        etablissement.into(),
        courriel.to_owned().into(),
        motif.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO derogation_adresse ({META}, session_id, etablissement_id, courriel, motif, etat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'demandee')
             ON CONFLICT (session_id, etablissement_id, courriel) DO UPDATE
               SET motif = excluded.motif, etat = 'demandee', maj_le = excluded.maj_le, maj_par = excluded.maj_par,
                   version = derogation_adresse.version + 1
               WHERE derogation_adresse.etat = 'refusee'"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// Grants or refuses an exception.
///
/// # Errors
/// [`StoreError::Conflict`] when it was decided meanwhile.
pub async fn decide_exception(
    tx: &Tx,
    e: &Ecriture<'_>,
    d: &LigneDerogation,
    accordee: bool,
    reponse: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE derogation_adresse SET etat = $1, reponse = $2, decidee_le = $3, decidee_par = $4, maj_le = $3,
                    maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6 AND etat = 'demandee'",
            vec![
                (if accordee { "accordee" } else { "refusee" }).to_owned().into(),
                reponse.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                d.id.into(),
                d.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("derogation_adresse {}", d.id))) }
}

/// An exception by its public identifier.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn exception(c: &impl Sql, public_id: &str) -> Result<LigneDerogation, StoreError> {
    c.one(&format!("{LECTURE} WHERE d.public_id = $1"), vec![public_id.to_owned().into()])
        .await?
        .ok_or(StoreError::NotFound("derogation_adresse"))
}

/// What became of the request for an address, in a session, for any establishment: `accordee`, `demandee`, `refusee`.
///
/// # Errors
/// When the database refuses.
pub async fn exception_state(
    c: &impl Sql,
    session: i64,
    courriel: &str,
) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT etat FROM derogation_adresse WHERE session_id = $1 AND courriel = $2
         ORDER BY CASE etat WHEN 'accordee' THEN 0 WHEN 'demandee' THEN 1 ELSE 2 END LIMIT 1",
        vec![session.into(), courriel.to_owned().into()],
    )
    .await
}

/// Exceptions of a session within the academies of a perimeter, those to decide first.
///
/// # Errors
/// When the database refuses.
pub async fn exceptions(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    combien: i64,
) -> Result<Vec<LigneDerogation>, StoreError> {
    let portee = scope.portee();
    let mut valeurs: Vec<Value> = vec![session.into(), combien.into()];
    let perimetre = if portee.tout {
        "1 = 1".to_owned()
    } else if portee.academies.is_empty() {
        "1 = 0".to_owned()
    } else {
        let places: Vec<String> = portee
            .academies
            .iter()
            .map(|a| {
                valeurs.push(a.clone().into());
                format!("${}", valeurs.len())
            })
            .collect();
        format!("es.academie IN ({})", places.join(", "))
    };
    c.all(
        &format!(
            "{LECTURE} WHERE d.session_id = $1 AND {perimetre}
             ORDER BY CASE d.etat WHEN 'demandee' THEN 0 ELSE 1 END, d.id DESC LIMIT $2"
        ),
        valeurs,
    )
    .await
}

/// An establishment under which nothing leaves any more.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSecurite {
    pub id: i64,
    pub motif: String,
    pub cree_le: i64,
    pub comptes: i64,
}

/// Puts an establishment under safety.
///
/// # Errors
/// [`StoreError::Conflict`] when it already is.
pub async fn insert_safety(
    tx: &Tx,
    e: &Ecriture<'_>,
    etablissement: i64,
    motif: &str,
    comptes: i64,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([etablissement.into(), motif.to_owned().into(), comptes.into()]);
    tx.exec(
        &format!(
            "INSERT INTO mise_en_securite ({META}, etablissement_id, motif, comptes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// The safety under way of an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn safety(c: &impl Sql, etablissement: i64) -> Result<Option<LigneSecurite>, StoreError> {
    c.one(
        "SELECT id, motif, cree_le, comptes FROM mise_en_securite WHERE etablissement_id = $1 AND levee_le IS NULL",
        vec![etablissement.into()],
    )
    .await
}

/// Lifts the safety of an establishment.
///
/// # Errors
/// [`StoreError::Conflict`] when it was lifted meanwhile.
pub async fn lift_safety(tx: &Tx, e: &Ecriture<'_>, id: i64, motif: &str) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE mise_en_securite SET levee_le = $1, levee_par = $2, levee_motif = $3, maj_le = $1, maj_par = $2,
                    version = version + 1
             WHERE id = $4 AND levee_le IS NULL",
            vec![e.ms().into(), e.compte().into(), motif.to_owned().into(), id.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("mise_en_securite {id}"))) }
}
