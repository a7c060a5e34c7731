//! Conversations about establishments and courses: threads, messages, how far each person has read.

use domain::droits::Scope;
use sea_orm::Value;

use crate::accueil::{Attente, attente};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, places};

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFil {
    pub id: i64,
    pub public_id: String,
}

/// The thread of an establishment, or of one of its courses; none before the first message.
///
/// # Errors
/// When the database refuses.
pub async fn fil(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    formation_session: Option<i64>,
) -> Result<Option<LigneFil>, StoreError> {
    let base = "SELECT id, public_id FROM fil WHERE session_id = $1 AND etablissement_id = $2";
    let mut valeurs: Vec<Value> = vec![session.into(), etablissement.into()];
    match formation_session {
        None => c.one(&format!("{base} AND formation_session_id IS NULL"), valeurs).await,
        Some(f) => {
            valeurs.push(f.into());
            c.one(&format!("{base} AND formation_session_id = $3"), valeurs).await
        }
    }
}

/// The same, opened when nobody wrote yet.
///
/// # Errors
/// When the database refuses.
pub async fn open_fil(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    etablissement: i64,
    formation_session: Option<i64>,
) -> Result<LigneFil, StoreError> {
    if let Some(f) = fil(tx, session, etablissement, formation_session).await? {
        return Ok(f);
    }
    let (id, mut valeurs) = e.meta();
    valeurs.extend([session.into(), etablissement.into(), formation_session.into()]);
    tx.exec(
        &format!(
            "INSERT INTO fil ({META}, session_id, etablissement_id, formation_session_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
        ),
        valeurs,
    )
    .await?;
    // Somebody may have opened it at the same instant: theirs is then the one.
    let ouvert = fil(tx, session, etablissement, formation_session).await?;
    ouvert.ok_or_else(|| StoreError::Conflict(format!("fil {}", id.as_str())))
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneMessage {
    pub id: i64,
    pub compte_id: i64,
    /// First name, then name.
    pub auteur: String,
    pub role: String,
    pub envoye_le: i64,
    pub texte: String,
    /// 1 for a reminder.
    pub relance: i64,
}

/// The last messages of a thread, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn messages(c: &impl Sql, fil: i64, combien: i64) -> Result<Vec<LigneMessage>, StoreError> {
    c.all(
        "SELECT m.id, m.compte_id, c.prenom || ' ' || c.nom AS auteur, m.role, m.envoye_le, m.texte, m.relance
         FROM message_fil m JOIN compte c ON c.id = m.compte_id WHERE m.fil_id = $1 ORDER BY m.id DESC LIMIT $2",
        vec![fil.into(), combien.into()],
    )
    .await
}

/// A message to be written.
#[derive(Debug, Clone)]
pub struct NouveauMessage<'a> {
    pub fil: i64,
    pub role: &'a str,
    pub texte: &'a str,
    pub relance: bool,
}

/// Writes a message; gives its key.
///
/// # Errors
/// When the database refuses.
pub async fn insert_message(tx: &Tx, e: &Ecriture<'_>, n: &NouveauMessage<'_>) -> Result<i64, StoreError> {
    tx.int(
        "INSERT INTO message_fil (public_id, fil_id, compte_id, role, envoye_le, texte, relance)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            n.fil.into(),
            e.compte().into(),
            n.role.to_owned().into(),
            e.ms().into(),
            n.texte.to_owned().into(),
            i64::from(n.relance).into(),
        ],
    )
    .await?
    .ok_or(StoreError::NotFound("message_fil"))
}

/// Who has written in a thread.
///
/// # Errors
/// When the database refuses.
pub async fn authors(c: &impl Sql, fil: i64) -> Result<Vec<i64>, StoreError> {
    let lignes: Vec<Auteur> =
        c.all("SELECT DISTINCT compte_id FROM message_fil WHERE fil_id = $1", vec![fil.into()]).await?;
    Ok(lignes.into_iter().map(|l| l.compte_id).collect())
}

#[derive(FromLigne)]
struct Auteur {
    compte_id: i64,
}

/// How far a person has read a thread, and when they were last told of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct Lecture {
    /// Key of the last message read.
    pub lu: i64,
    /// Real milliseconds, maybe to come.
    pub avise_le: Option<i64>,
}

/// How far an account has read a thread.
///
/// # Errors
/// When the database refuses.
pub async fn lecture(c: &impl Sql, compte: i64, fil: i64) -> Result<Lecture, StoreError> {
    let lue = c
        .one(
            "SELECT lu, avise_le FROM fil_lecture WHERE compte_id = $1 AND fil_id = $2",
            vec![compte.into(), fil.into()],
        )
        .await?;
    Ok(lue.unwrap_or_default())
}

/// Notes that whoever writes has read a thread up to a message.
///
/// # Errors
/// When the database refuses.
pub async fn mark_read(tx: &Tx, e: &Ecriture<'_>, fil: i64, message: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO fil_lecture (compte_id, fil_id, lu) VALUES ($1, $2, $3)
         ON CONFLICT (compte_id, fil_id) DO UPDATE SET lu = excluded.lu WHERE fil_lecture.lu < excluded.lu",
        vec![e.compte().into(), fil.into(), message.into()],
    )
    .await
    .map(|_| ())
}

/// Notes when an account is told of a thread.
///
/// # Errors
/// When the database refuses.
pub async fn set_told(tx: &Tx, _: &Ecriture<'_>, fil: i64, compte: i64, le: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO fil_lecture (compte_id, fil_id, avise_le) VALUES ($1, $2, $3)
         ON CONFLICT (compte_id, fil_id) DO UPDATE SET avise_le = excluded.avise_le",
        vec![compte.into(), fil.into(), le.into()],
    )
    .await
    .map(|_| ())
}

/// A thread with messages that a person has not read.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FilNonLu {
    /// Public identifier of the establishment, and its name.
    pub etablissement: String,
    pub nom: String,
    /// Of the course, when the thread is about one.
    pub formation: Option<String>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub nombre: i64,
    pub dernier_le: i64,
}

/// The threads `f` with messages `m` that the account `$2` has not read in the session `$1`.
const NON_LUS: &str = "FROM fil f
     JOIN etablissement e ON e.id = f.etablissement_id
     JOIN etablissement_session es ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
     LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
     LEFT JOIN fil_lecture l ON l.fil_id = f.id AND l.compte_id = $2
     JOIN message_fil m ON m.fil_id = f.id AND m.id > COALESCE(l.lu, 0) AND m.compte_id <> $2
     WHERE f.session_id = $1 AND f.supprime_le IS NULL";

/// Those of a perimeter; of one establishment when it is given.
fn du_perimetre(scope: &Scope, etablissement: Option<i64>, valeurs: &mut Vec<Value>) -> String {
    let portee = scope.portee();
    let mut place = |v: Value| {
        valeurs.push(v);
        format!("${}", valeurs.len())
    };
    let mut conditions = String::new();
    if let Some(e) = etablissement {
        conditions.push_str(&format!(" AND f.etablissement_id = {}", place(e.into())));
    }
    if !portee.tout {
        let mut ou = Vec::new();
        for e in &portee.etablissements {
            ou.push(format!("f.etablissement_id = {}", place((*e).into())));
        }
        for f in &portee.formations {
            ou.push(format!("fs.formation_id = {}", place((*f).into())));
        }
        for a in &portee.academies {
            ou.push(format!("es.academie = {}", place(a.clone().into())));
        }
        // A perimeter with nothing in it lists nothing.
        let ou = if ou.is_empty() { "1 = 0".to_owned() } else { ou.join(" OR ") };
        conditions.push_str(&format!(" AND ({ou})"));
    }
    conditions
}

/// The threads of a perimeter with messages that an account has not read, newest first; of one establishment when it is
/// given.
///
/// # Errors
/// When the database refuses.
pub async fn unread(
    c: &impl Sql,
    scope: &Scope,
    (session, etablissement): (i64, Option<i64>),
    compte: i64,
    limite: i64,
) -> Result<Vec<FilNonLu>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), compte.into(), limite.into()];
    let conditions = du_perimetre(scope, etablissement, &mut valeurs);
    c.all(
        &format!(
            "SELECT e.public_id AS etablissement, es.nom, fs.public_id AS formation, fs.libelle, fs.detail,
                    COUNT(*) AS nombre, MAX(m.envoye_le) AS dernier_le
             {NON_LUS}{conditions}
             GROUP BY e.public_id, es.nom, fs.public_id, fs.libelle, fs.detail
             ORDER BY MAX(m.envoye_le) DESC, e.public_id LIMIT $3"
        ),
        valeurs,
    )
    .await
}

/// The thread of a course, with what was written in it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FilFormation {
    /// Public identifier of the course, with its title and its detail.
    pub formation: String,
    pub libelle: String,
    pub detail: String,
    pub nombre: i64,
    pub dernier_le: i64,
}

/// The threads about the courses of an establishment that a perimeter holds, the last written first.
///
/// # Errors
/// When the database refuses.
pub async fn of_courses(
    c: &impl Sql,
    scope: &Scope,
    (session, etablissement): (i64, i64),
    limite: i64,
) -> Result<Vec<FilFormation>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), limite.into()];
    let conditions = du_perimetre(scope, Some(etablissement), &mut valeurs);
    c.all(
        &format!(
            "SELECT fs.public_id AS formation, fs.libelle, fs.detail,
                    COUNT(*) AS nombre, MAX(m.envoye_le) AS dernier_le
             FROM fil f
             JOIN etablissement_session es ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
             JOIN formation_session fs ON fs.id = f.formation_session_id
             JOIN message_fil m ON m.fil_id = f.id
             WHERE f.session_id = $1 AND f.supprime_le IS NULL{conditions}
             GROUP BY fs.public_id, fs.libelle, fs.detail
             ORDER BY MAX(m.envoye_le) DESC, fs.public_id LIMIT $2"
        ),
        valeurs,
    )
    .await
}

/// How many messages the thread of a course holds that were written under one of these roles.
///
/// # Errors
/// When the database refuses.
pub async fn count_of_course(
    c: &impl Sql,
    formation_session: i64,
    roles: &[&str],
) -> Result<i64, StoreError> {
    let mut valeurs: Vec<Value> = vec![formation_session.into()];
    let places = places(&mut valeurs, roles.iter().map(|r| (*r).to_owned()));
    let sql = format!(
        "SELECT COUNT(*) FROM message_fil m JOIN fil f ON f.id = m.fil_id
         WHERE f.formation_session_id = $1 AND f.supprime_le IS NULL AND m.role IN ({places})"
    );
    Ok(c.int(&sql, valeurs).await?.unwrap_or(0))
}

/// How many they are, since when the oldest message waits to be read, and in how many one waits since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_fils(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    compte: i64,
    avant: i64,
) -> Result<Attente, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into(), compte.into(), avant.into()];
    let conditions = du_perimetre(scope, None, &mut valeurs);
    let sommes = attente("x.depuis", "$3");
    let sql = format!(
        "SELECT {sommes} FROM (SELECT f.id, MIN(m.envoye_le) AS depuis {NON_LUS}{conditions} GROUP BY f.id) x"
    );
    Ok(c.one(&sql, valeurs).await?.unwrap_or_default())
}
