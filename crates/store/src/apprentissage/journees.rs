//! Days of the catalogue as they were received (R-IMP-11, R-IMP-12): what they asked for, where they stand, their files.

use sea_orm::Value;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, insert_batch, places};

/// A file of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FichierJournee {
    /// As it was sent.
    pub nom: String,
    /// SHA-256, in hexadecimal.
    pub empreinte: String,
    /// Bytes.
    pub taille: i64,
}

/// A day that arrives.
#[derive(Debug, Clone, Copy)]
pub struct NouvelleJournee<'a> {
    pub session: i64,
    pub flux: &'a str,
    /// Code of its extent.
    pub etendue: &'a str,
    /// Code of its state.
    pub etat: &'a str,
    /// Of all that was sent.
    pub empreinte: &'a str,
    /// In their order.
    pub fichiers: &'a [FichierJournee],
}

/// Keeps a day with its files; gives its key and its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert_journee(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleJournee<'_>,
) -> Result<(i64, String), StoreError> {
    let taille: i64 = n.fichiers.iter().map(|f| f.taille).sum();
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.session.into(),
        n.flux.to_owned().into(),
        n.etendue.to_owned().into(),
        n.etat.to_owned().into(),
        n.empreinte.to_owned().into(),
        taille.into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO journee_catalogue ({META}, session_id, flux, etendue, etat, empreinte, taille)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("journee_catalogue"))?;
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(n.fichiers.len());
    for (f, rang) in n.fichiers.iter().zip(1_i64..) {
        rows.push(vec![
            id.into(),
            rang.into(),
            f.nom.clone().into(),
            f.empreinte.clone().into(),
            f.taille.into(),
        ]);
    }
    let debut = "INSERT INTO journee_catalogue_fichier (journee_id, rang, nom, empreinte, taille)";
    insert_batch(tx, debut, 5, rows, "").await?;
    Ok((id, public_id.as_str().to_owned()))
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJournee {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub session_id: i64,
    /// Of its session.
    pub annee: i64,
    /// Milliseconds of the campaign.
    pub cree_le: i64,
    pub flux: String,
    /// Code.
    pub etendue: String,
    /// Code.
    pub etat: String,
    /// Of all that was sent.
    pub empreinte: String,
    /// 1: somebody said that it removes so many records on purpose.
    pub retraits: i64,
    /// Bytes of its files.
    pub taille: i64,
    /// Of which read so far.
    pub lus: i64,
    /// French: why it is refused, held or shown again.
    pub message: Option<String>,
    /// JSON of its counts.
    pub bilan: Option<String>,
    /// Key in the depot.
    pub rapport: Option<String>,
    /// Rank among the days of its flow that were applied.
    pub numero: Option<i64>,
    /// Milliseconds of the campaign.
    pub appliquee_le: Option<i64>,
    /// Key in the depot.
    pub compte_rendu: Option<String>,
    /// What is signed.
    pub proces_verbal: Option<String>,
    /// In hexadecimal.
    pub signature: Option<String>,
    /// First name and name of who sent it; none: a command.
    pub par: Option<String>,
    /// The same of who acted last.
    pub dernier: Option<String>,
    /// 1: the last one of its flow that was applied.
    pub derniere: i64,
}

const JOURNEE: &str = "SELECT j.id, j.public_id, j.version, j.session_id, s.annee, j.cree_le, j.flux, j.etendue, j.etat, j.empreinte,
        j.retraits, j.taille, j.lus, j.message, j.bilan, j.rapport, j.numero, j.appliquee_le, j.compte_rendu, j.proces_verbal,
        j.signature,
        CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS par,
        CASE WHEN m.id IS NULL THEN NULL ELSE m.prenom || ' ' || m.nom END AS dernier,
        CAST(CASE WHEN j.numero IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM journee_catalogue k
            WHERE k.session_id = j.session_id AND k.flux = j.flux AND k.numero > j.numero
        ) THEN 1 ELSE 0 END AS BIGINT) AS derniere
    FROM journee_catalogue j JOIN session_admission s ON s.id = j.session_id
    LEFT JOIN compte c ON c.id = j.cree_par LEFT JOIN compte m ON m.id = j.maj_par
    WHERE j.supprime_le IS NULL";

/// Those of a session, the last received first.
///
/// # Errors
/// When the database refuses.
pub async fn journees(
    c: &impl Sql,
    session: i64,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneJournee>, StoreError> {
    let sql = format!("{JOURNEE} AND j.session_id = $1 ORDER BY j.id DESC LIMIT $2 OFFSET $3");
    c.all(&sql, vec![session.into(), limite.into(), decalage.into()]).await
}

/// How many they are.
///
/// # Errors
/// When the database refuses.
pub async fn count_journees(c: &impl Sql, session: i64) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM journee_catalogue WHERE session_id = $1 AND supprime_le IS NULL";
    Ok(c.int(sql, vec![session.into()]).await?.unwrap_or(0))
}

/// A day by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn journee(c: &impl Sql, public_id: &str) -> Result<Option<LigneJournee>, StoreError> {
    c.one(&format!("{JOURNEE} AND j.public_id = $1"), vec![public_id.to_owned().into()]).await
}

/// The last day that was sent with this same content.
///
/// # Errors
/// When the database refuses.
pub async fn same_journee(
    c: &impl Sql,
    session: i64,
    flux: &str,
    empreinte: &str,
) -> Result<Option<LigneJournee>, StoreError> {
    let sql = format!(
        "{JOURNEE} AND j.session_id = $1 AND j.flux = $2 AND j.empreinte = $3 ORDER BY j.id DESC LIMIT 1"
    );
    c.one(&sql, vec![session.into(), flux.to_owned().into(), empreinte.to_owned().into()]).await
}

/// The last day before this one that was applied with this same content.
///
/// # Errors
/// When the database refuses.
pub async fn applied_before(c: &impl Sql, j: &LigneJournee) -> Result<Option<LigneJournee>, StoreError> {
    let sql = format!(
        "{JOURNEE} AND j.session_id = $1 AND j.flux = $2 AND j.empreinte = $3 AND j.etat = 'appliquee' AND j.id < $4
         ORDER BY j.id DESC LIMIT 1"
    );
    let valeurs = vec![j.session_id.into(), j.flux.clone().into(), j.empreinte.clone().into(), j.id.into()];
    c.one(&sql, valeurs).await
}

/// The last day of a flow that was applied.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct DerniereJournee {
    pub id: i64,
    pub numero: i64,
    pub signature: String,
}

/// The one of a flow, if any was applied.
///
/// # Errors
/// When the database refuses.
pub async fn last_journee(
    c: &impl Sql,
    session: i64,
    flux: &str,
) -> Result<Option<DerniereJournee>, StoreError> {
    c.one(
        "SELECT id, numero, signature FROM journee_catalogue
         WHERE session_id = $1 AND flux = $2 AND etat = 'appliquee' ORDER BY numero DESC LIMIT 1",
        vec![session.into(), flux.to_owned().into()],
    )
    .await
}

#[derive(FromLigne)]
struct FichierDe {
    journee_id: i64,
    nom: String,
    empreinte: String,
    taille: i64,
}

/// The files of some days, in their order, each with the key of its day.
///
/// # Errors
/// When the database refuses.
pub async fn fichiers_journees(
    c: &impl Sql,
    journees: &[i64],
) -> Result<Vec<(i64, FichierJournee)>, StoreError> {
    if journees.is_empty() {
        return Ok(Vec::new());
    }
    let mut valeurs = Vec::new();
    let places = places(&mut valeurs, journees.iter().copied());
    let sql = format!(
        "SELECT journee_id, nom, empreinte, taille FROM journee_catalogue_fichier
         WHERE journee_id IN ({places}) ORDER BY journee_id, rang"
    );
    let lignes: Vec<FichierDe> = c.all(&sql, valeurs).await?;
    let fichier = |l: FichierDe| {
        (l.journee_id, FichierJournee { nom: l.nom, empreinte: l.empreinte, taille: l.taille })
    };
    Ok(lignes.into_iter().map(fichier).collect())
}

/// What a day becomes.
#[derive(Debug, Clone, Copy)]
pub struct EtapeJournee<'a> {
    pub etat: &'a str,
    pub etendue: &'a str,
    pub empreinte: &'a str,
    pub retraits: bool,
    pub message: Option<&'a str>,
    pub bilan: Option<&'a str>,
    pub rapport: Option<&'a str>,
}

impl LigneJournee {
    /// As it is: what changes is written over it.
    pub fn etape(&self) -> EtapeJournee<'_> {
        EtapeJournee {
            etat: &self.etat,
            etendue: &self.etendue,
            empreinte: &self.empreinte,
            retraits: self.retraits == 1,
            message: self.message.as_deref(),
            bilan: self.bilan.as_deref(),
            rapport: self.rapport.as_deref(),
        }
    }
}

fn one_moved(n: u64, id: i64) -> Result<(), StoreError> {
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("journee_catalogue {id}"))) }
}

/// Moves a day of a version.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody moved it meanwhile.
pub async fn move_journee(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    etape: &EtapeJournee<'_>,
) -> Result<(), StoreError> {
    let texte = |t: Option<&str>| t.map(str::to_owned);
    let n = tx
        .exec(
            "UPDATE journee_catalogue SET etat = $1, etendue = $2, empreinte = $3, retraits = $4, message = $5, bilan = $6,
                    rapport = $7, lus = 0, maj_le = $8, maj_par = $9, version = version + 1
             WHERE id = $10 AND version = $11",
            vec![
                etape.etat.to_owned().into(),
                etape.etendue.to_owned().into(),
                etape.empreinte.to_owned().into(),
                i64::from(etape.retraits).into(),
                texte(etape.message).into(),
                texte(etape.bilan).into(),
                texte(etape.rapport).into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    one_moved(n, id)
}

/// Notes how many bytes of its files are read: its version stays, nobody decides on that.
///
/// # Errors
/// When the database refuses.
pub async fn note_lus(tx: &Tx, e: &Ecriture<'_>, id: i64, lus: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE journee_catalogue SET lus = $1, maj_le = $2 WHERE id = $3",
        vec![lus.into(), e.ms().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// What a day that is applied leaves.
#[derive(Debug, Clone, Copy)]
pub struct SceauJournee<'a> {
    /// Rank among the days of its flow that were applied.
    pub numero: i64,
    pub bilan: &'a str,
    /// Key in the depot.
    pub rapport: &'a str,
    /// Key in the depot.
    pub compte_rendu: &'a str,
    /// What is signed.
    pub proces_verbal: &'a str,
    /// In hexadecimal.
    pub signature: &'a str,
}

/// Notes that a day is applied, in the transaction that applies it.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody gave it up meanwhile, or when another day of the flow was applied at the same time.
pub async fn seal_journee(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    s: &SceauJournee<'_>,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE journee_catalogue SET etat = 'appliquee', numero = $1, appliquee_le = $2, bilan = $3, rapport = $4,
                    compte_rendu = $5, proces_verbal = $6, signature = $7, message = NULL, lus = taille, maj_le = $2,
                    maj_par = $8, version = version + 1
             WHERE id = $9 AND version = $10 AND etat = 'a_appliquer'",
            vec![
                s.numero.into(),
                e.ms().into(),
                s.bilan.to_owned().into(),
                s.rapport.to_owned().into(),
                s.compte_rendu.to_owned().into(),
                s.proces_verbal.to_owned().into(),
                s.signature.to_owned().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    one_moved(n, id)
}
