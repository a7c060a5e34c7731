//! Reading the journal: search, who saw a record, what an account saw.

use domain::droits::Scope;
use sea_orm::Value;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, all_among, places};

/// What is looked for; what is empty does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filtre {
    /// Instants (µs): from, and before.
    pub de_us: Option<i64>,
    pub avant_us: Option<i64>,
    pub compte: Option<i64>,
    pub action: Option<String>,
    pub issue: Option<String>,
    pub objet_id: Option<String>,
    /// Only entries older than this one: the next page.
    pub avant_id: Option<i64>,
}

/// An entry with the names that make it readable.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneLue {
    pub id: i64,
    pub instant_us: i64,
    pub compte: Option<String>,
    pub role: String,
    pub etablissement: Option<String>,
    pub requete: String,
    pub route: String,
    pub action: String,
    pub objet: String,
    pub objet_id: String,
    pub issue: String,
    pub moyen: String,
    pub dossiers: i64,
    pub avant: Option<String>,
    pub apres: Option<String>,
}

/// The name of the establishment of an entry, as its last session says it.
const ETABLISSEMENT: &str =
    "(SELECT es.nom FROM etablissement_session es WHERE es.etablissement_id = j.etablissement_id
     ORDER BY es.session_id DESC LIMIT 1) AS etablissement";

/// The entries of a perimeter, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn search(
    c: &impl Sql,
    scope: &Scope,
    f: &Filtre,
    combien: i64,
) -> Result<Vec<LigneLue>, StoreError> {
    let mut conditions: Vec<String> = Vec::new();
    let mut valeurs: Vec<Value> = Vec::new();
    let mut et = |condition: &str, valeur: Option<Value>| {
        if let Some(v) = valeur {
            valeurs.push(v);
            conditions.push(condition.replace('?', &format!("${}", valeurs.len())));
        }
    };
    et("j.instant_us >= ?", f.de_us.map(Value::from));
    et("j.instant_us < ?", f.avant_us.map(Value::from));
    et("j.compte_id = ?", f.compte.map(Value::from));
    et("j.action = ?", f.action.clone().map(Value::from));
    et("j.issue = ?", f.issue.clone().map(Value::from));
    et("j.objet_id = ?", f.objet_id.clone().map(Value::from));
    et("j.id < ?", f.avant_id.map(Value::from));
    let portee = scope.portee();
    if !portee.tout {
        if portee.etablissements.is_empty() {
            return Ok(Vec::new());
        }
        let mut places = Vec::new();
        for &e in &portee.etablissements {
            valeurs.push(e.into());
            places.push(format!("${}", valeurs.len()));
        }
        conditions.push(format!("j.etablissement_id IN ({})", places.join(", ")));
    }
    let ou =
        if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
    valeurs.push(combien.into());
    c.all(
        &format!(
            "SELECT j.id, j.instant_us, c.prenom || ' ' || c.nom AS compte, j.role, {ETABLISSEMENT}, j.requete, j.route,
                    j.action, j.objet, j.objet_id, j.issue, j.moyen, j.dossiers, j.avant, j.apres
             FROM journal j LEFT JOIN compte c ON c.id = j.compte_id {ou} ORDER BY j.id DESC LIMIT ${}",
            valeurs.len()
        ),
        valeurs,
    )
    .await
}

/// What entries are about and has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nomme {
    Formation,
    Groupe,
    Etablissement,
}

/// The name of one of them: a course with its establishment, or an establishment alone.
#[derive(Debug, Clone, FromLigne)]
pub struct Nom {
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
    pub etablissement: String,
}

/// The names of objects by public identifier; of a ranking group, that of its course.
///
/// # Errors
/// When the database refuses.
pub async fn noms(c: &impl Sql, quoi: Nomme, ids: &[String]) -> Result<Vec<Nom>, StoreError> {
    const MAISON: &str = "JOIN etablissement e ON e.id = fs.etablissement_id
             LEFT JOIN etablissement_session s
               ON s.etablissement_id = fs.etablissement_id AND s.session_id = fs.session_id";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut valeurs = Vec::new();
    let places = places(&mut valeurs, ids.iter().cloned());
    let requete = match quoi {
        Nomme::Formation => format!(
            "SELECT fs.public_id, fs.libelle, fs.detail, COALESCE(s.nom, e.uai) AS etablissement
             FROM formation_session fs {MAISON} WHERE fs.public_id IN ({places})"
        ),
        Nomme::Groupe => format!(
            "SELECT g.public_id, fs.libelle, fs.detail, COALESCE(s.nom, e.uai) AS etablissement
             FROM groupe_classement g JOIN formation_session fs ON fs.id = g.formation_session_id {MAISON}
             WHERE g.public_id IN ({places})"
        ),
        Nomme::Etablissement => format!(
            "SELECT e.public_id, CAST('' AS TEXT) AS libelle, CAST('' AS TEXT) AS detail,
                    COALESCE((SELECT s.nom FROM etablissement_session s WHERE s.etablissement_id = e.id
                              ORDER BY s.session_id DESC LIMIT 1), e.uai) AS etablissement
             FROM etablissement e WHERE e.public_id IN ({places})"
        ),
    };
    c.all(&requete, valeurs).await
}

/// A reading of one record.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneAcces {
    pub instant_us: i64,
    pub role: String,
    pub etablissement: Option<String>,
    pub issue: String,
    pub apres: Option<String>,
}

/// Who read the record of a candidate, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn readers(c: &impl Sql, candidat: i64, combien: i64) -> Result<Vec<LigneAcces>, StoreError> {
    c.all(
        &format!(
            "SELECT j.instant_us, j.role, {ETABLISSEMENT}, j.issue, j.apres FROM journal_lecture l
             JOIN journal j ON j.id = l.entree_id WHERE l.candidat_id = $1 ORDER BY j.id DESC LIMIT $2"
        ),
        vec![candidat.into(), combien.into()],
    )
    .await
}

/// An entry by which an account read records.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneLecture {
    pub id: i64,
    pub instant_us: i64,
    pub issue: String,
    pub apres: Option<String>,
}

/// Readings of an account between two instants (µs, the second one excluded), a few at a time, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn readings_of(
    c: &impl Sql,
    compte: i64,
    de_us: i64,
    avant_us: i64,
    apres: (i64, i64),
    combien: i64,
) -> Result<Vec<LigneLecture>, StoreError> {
    c.all(
        "SELECT id, instant_us, issue, apres FROM journal
         WHERE compte_id = $1 AND dossiers > 0 AND instant_us >= $2 AND instant_us < $3
           AND (instant_us > $4 OR (instant_us = $4 AND id > $5))
         ORDER BY instant_us, id LIMIT $6",
        vec![compte.into(), de_us.into(), avant_us.into(), apres.0.into(), apres.1.into(), combien.into()],
    )
    .await
}

/// Who a candidate is, for the report of a breach.
#[derive(Debug, Clone, FromLigne)]
pub struct Personne {
    pub id: i64,
    pub annee: i64,
    pub numero: i64,
    pub nom: String,
    pub prenom: String,
}

/// The persons behind internal keys.
///
/// # Errors
/// When the database refuses.
pub async fn personnes(c: &impl Sql, candidats: &[i64]) -> Result<Vec<Personne>, StoreError> {
    let sql = "SELECT c.id, s.annee, c.numero, c.nom, c.prenom FROM candidat c
             JOIN session_admission s ON s.id = c.session_id WHERE c.id IN (:cles)";
    all_among(c, sql, vec![], candidats).await
}
