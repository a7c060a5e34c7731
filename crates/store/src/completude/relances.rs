//! Reminders to every incomplete establishment of a perimeter (R-ECH-04): what was asked for, what remains of it, who is told.

use sea_orm::Value;

use crate::comptes::EN_SERVICE;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, insert_batch, places};

/// A reminder, with how far it is.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRelance {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub compte_id: i64,
    /// First name and name of whoever asked for it.
    pub auteur: String,
    /// « 20,09 »; empty: the whole country.
    pub academies: String,
    pub texte: String,
    pub etat: String,
    /// Why it stopped by itself; empty otherwise.
    pub motif: String,
    /// Number of the batch to come.
    pub etape: i64,
    /// Milliseconds of the campaign.
    pub cree_le: i64,
    pub terminee_le: Option<i64>,
    /// Establishments, all of them.
    pub total: i64,
    pub a_faire: i64,
    /// Written to, somebody being there to be told.
    pub ecrites: i64,
    /// Written to, nobody being there to be told.
    pub sans_destinataire: i64,
    /// Left out: complete meanwhile.
    pub completes: i64,
    /// Left out: reminded meanwhile.
    pub deja_relances: i64,
    /// Left out: no longer of the perimeter of whoever asked.
    pub hors_perimetre: i64,
    /// People told.
    pub courriels: i64,
    /// People to be told.
    pub a_avertir: i64,
}

/// `cles`: the keys of the reminders, or what selects them. What is counted is counted once for all of them.
fn select(cles: &str) -> String {
    let compte =
        |etat: &str| format!("CAST(SUM(CASE WHEN e.etat = '{etat}' THEN 1 ELSE 0 END) AS BIGINT) AS {etat}");
    format!(
        "SELECT r.id, r.public_id, r.version, r.compte_id, p.prenom || ' ' || p.nom AS auteur, r.academies, r.texte, r.etat,
                r.motif, r.etape, r.cree_le, r.terminee_le, COALESCE(x.total, 0) AS total,
                COALESCE(x.a_faire, 0) AS a_faire, COALESCE(x.ecrite, 0) AS ecrites,
                COALESCE(x.sans_destinataire, 0) AS sans_destinataire, COALESCE(x.complete, 0) AS completes,
                COALESCE(x.deja_relance, 0) AS deja_relances, COALESCE(x.hors_perimetre, 0) AS hors_perimetre,
                COALESCE(a.courriels, 0) AS courriels, COALESCE(a.a_avertir, 0) AS a_avertir
         FROM relance r JOIN compte p ON p.id = r.compte_id
         LEFT JOIN (SELECT e.relance_id, COUNT(*) AS total, {}, {}, {}, {}, {}, {}
                    FROM relance_etablissement e WHERE e.relance_id IN ({cles}) GROUP BY e.relance_id) x
           ON x.relance_id = r.id
         LEFT JOIN (SELECT v.relance_id, COUNT(DISTINCT CASE WHEN v.averti_le IS NOT NULL THEN c.id END) AS courriels,
                           COUNT(DISTINCT CASE WHEN v.averti_le IS NULL AND {EN_SERVICE} THEN c.id END) AS a_avertir
                    FROM relance_avis v JOIN compte c ON c.id = v.compte_id
                    WHERE v.relance_id IN ({cles}) GROUP BY v.relance_id) a
           ON a.relance_id = r.id
         WHERE r.id IN ({cles}) AND r.supprime_le IS NULL",
        compte("a_faire"),
        compte("ecrite"),
        compte("sans_destinataire"),
        compte("complete"),
        compte("deja_relance"),
        compte("hors_perimetre")
    )
}

/// Holds a reminder until the end of the transaction: a batch and whoever stops it follow one another.
///
/// # Errors
/// When the database refuses.
pub async fn hold_relance(tx: &Tx, public_id: &str) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        let sql = "SELECT id FROM relance WHERE public_id = $1 FOR UPDATE";
        tx.int(sql, vec![public_id.to_owned().into()]).await?;
    }
    Ok(())
}

/// A reminder of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn relance(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<LigneRelance>, StoreError> {
    let cle = "SELECT k.id FROM relance k WHERE k.session_id = $1 AND k.public_id = $2";
    c.one(&select(cle), vec![session.into(), public_id.to_owned().into()]).await
}

/// Those of a session, newest first: key and academies.
///
/// # Errors
/// When the database refuses.
pub async fn relances(c: &impl Sql, session: i64) -> Result<Vec<(i64, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        id: i64,
        academies: String,
    }
    let lignes: Vec<Ligne> = c
        .all(
            "SELECT id, academies FROM relance WHERE session_id = $1 AND supprime_le IS NULL ORDER BY id DESC",
            vec![session.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.id, l.academies)).collect())
}

/// These reminders, by their keys, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn relances_by_ids(c: &impl Sql, ids: &[i64]) -> Result<Vec<LigneRelance>, StoreError> {
    let mut valeurs = Vec::new();
    let places = places(&mut valeurs, ids.iter().copied());
    c.all(&format!("{} ORDER BY r.id DESC", select(&places)), valeurs).await
}

/// Keeps a reminder and the establishments that it is for, by their keys, in their order; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert_relance(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    (academies, texte): (&str, &str),
    etablissements: &[i64],
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        e.compte().into(),
        academies.to_owned().into(),
        texte.to_owned().into(),
        "en_cours".to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO relance ({META}, session_id, compte_id, academies, texte, etat)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("relance"))?;
    let mut rangees: Vec<Vec<Value>> = Vec::with_capacity(etablissements.len());
    for (rang, cle) in (1i64..).zip(etablissements) {
        rangees.push(vec![id.into(), rang.into(), (*cle).into()]);
    }
    insert_batch(
        tx,
        "INSERT INTO relance_etablissement (relance_id, rang, etablissement_id)",
        3,
        rangees,
        "",
    )
    .await?;
    Ok(public_id.as_str().to_owned())
}

/// An establishment of a reminder.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCible {
    pub rang: i64,
    pub etablissement_id: i64,
    pub public_id: String,
    pub uai: String,
    /// Name, that of the session.
    pub nom: String,
    pub commune: String,
    pub departement: String,
    pub academie: String,
}

/// The first establishments of a reminder in a state, in its order.
///
/// # Errors
/// When the database refuses.
pub async fn relance_cibles(
    c: &impl Sql,
    (session, relance): (i64, i64),
    etat: &str,
    combien: i64,
) -> Result<Vec<LigneCible>, StoreError> {
    c.all(
        "SELECT x.rang, x.etablissement_id, e.public_id, e.uai, COALESCE(s.nom, e.uai) AS nom,
                COALESCE(s.commune, '') AS commune, COALESCE(s.departement, '') AS departement,
                COALESCE(s.academie, '') AS academie
         FROM relance_etablissement x
         JOIN etablissement e ON e.id = x.etablissement_id
         LEFT JOIN etablissement_session s
           ON s.etablissement_id = x.etablissement_id AND s.session_id = $1 AND s.supprime_le IS NULL
         WHERE x.relance_id = $2 AND x.etat = $3 ORDER BY x.rang LIMIT $4",
        vec![session.into(), relance.into(), etat.to_owned().into(), combien.into()],
    )
    .await
}

/// Holds establishments of a session, by their public identifiers, until the end of the transaction: two reminders at once write to each
/// one after the other.
///
/// # Errors
/// When the database refuses.
pub async fn hold_etablissements(tx: &Tx, session: i64, ids: &[String]) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres && !ids.is_empty() {
        let mut valeurs: Vec<Value> = vec![session.into()];
        let places = places(&mut valeurs, ids.iter().cloned());
        let sql = format!(
            "SELECT s.id FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
             WHERE s.session_id = $1 AND e.public_id IN ({places}) ORDER BY s.id FOR UPDATE OF s"
        );
        tx.int(&sql, valeurs).await?;
    }
    Ok(())
}

/// What became of an establishment of a reminder: once.
///
/// # Errors
/// [`StoreError::Conflict`] when it was done already.
pub async fn set_cible(
    tx: &Tx,
    e: &Ecriture<'_>,
    (relance, rang): (i64, i64),
    etat: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE relance_etablissement SET etat = $1, traite_le = $2
             WHERE relance_id = $3 AND rang = $4 AND etat = 'a_faire'",
            vec![etat.to_owned().into(), e.ms().into(), relance.into(), rang.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("relance {relance}, {rang}"))) }
}

/// Notes that an account is to be told of an establishment of a reminder.
///
/// # Errors
/// When the database refuses.
pub async fn add_avis(
    tx: &Tx,
    _: &Ecriture<'_>,
    relance: i64,
    (compte, etablissement): (i64, i64),
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO relance_avis (relance_id, compte_id, etablissement_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        vec![relance.into(), compte.into(), etablissement.into()],
    )
    .await
    .map(|_| ())
}

/// An account to be told.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAvis {
    pub compte_id: i64,
    pub courriel: String,
}

/// The first accounts that a reminder has still to tell.
///
/// # Errors
/// When the database refuses.
pub async fn relance_avis(c: &impl Sql, relance: i64, combien: i64) -> Result<Vec<LigneAvis>, StoreError> {
    c.all(
        &format!(
            "SELECT c.id AS compte_id, c.courriel FROM compte c
             WHERE {EN_SERVICE} AND c.id IN (SELECT a.compte_id FROM relance_avis a
                                             WHERE a.relance_id = $1 AND a.averti_le IS NULL)
             ORDER BY c.id LIMIT $2"
        ),
        vec![relance.into(), combien.into()],
    )
    .await
}

/// The establishments that an account is still to be told of by a reminder: name and public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn avis_of(
    c: &impl Sql,
    session: i64,
    (relance, compte): (i64, i64),
) -> Result<Vec<(String, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        nom: String,
        public_id: String,
    }
    let lignes: Vec<Ligne> = c
        .all(
            "SELECT COALESCE(s.nom, e.uai) AS nom, e.public_id FROM relance_avis a
             JOIN relance_etablissement x ON x.relance_id = a.relance_id AND x.etablissement_id = a.etablissement_id
             JOIN etablissement e ON e.id = a.etablissement_id
             LEFT JOIN etablissement_session s
               ON s.etablissement_id = a.etablissement_id AND s.session_id = $1 AND s.supprime_le IS NULL
             WHERE a.relance_id = $2 AND a.compte_id = $3 AND a.averti_le IS NULL ORDER BY x.rang",
            vec![session.into(), relance.into(), compte.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.nom, l.public_id)).collect())
}

/// Notes that an account is told, once, at an instant of the campaign.
///
/// # Errors
/// [`StoreError::Conflict`] when it was told already.
pub async fn set_averti(tx: &Tx, e: &Ecriture<'_>, (relance, compte): (i64, i64)) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE relance_avis SET averti_le = $1 WHERE relance_id = $2 AND compte_id = $3 AND averti_le IS NULL",
            vec![e.ms().into(), relance.into(), compte.into()],
        )
        .await?;
    if n > 0 { Ok(()) } else { Err(StoreError::Conflict(format!("relance {relance}, compte {compte}"))) }
}

/// Where a reminder goes from its state: `motif`, why it stopped by itself; `etape`, the batch to come.
#[derive(Debug, Clone, Copy)]
pub struct SuiteRelance<'a> {
    pub etat: &'static str,
    pub motif: &'a str,
    pub etape: i64,
    pub terminee: bool,
}

/// Writes it, from the state that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when it is in another state, or its batch was done already.
pub async fn set_relance(
    tx: &Tx,
    e: &Ecriture<'_>,
    lue: &LigneRelance,
    s: &SuiteRelance<'_>,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE relance SET etat = $1, motif = $2, etape = $3, terminee_le = $4, maj_le = $5, maj_par = $6,
                 version = version + 1
             WHERE id = $7 AND etat = $8 AND etape = $9",
            vec![
                s.etat.to_owned().into(),
                s.motif.to_owned().into(),
                s.etape.into(),
                s.terminee.then(|| e.ms()).into(),
                e.ms().into(),
                e.compte().into(),
                lue.id.into(),
                lue.etat.clone().into(),
                lue.etape.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("relance {}", lue.public_id))) }
}
