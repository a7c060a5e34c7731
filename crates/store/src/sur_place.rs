//! Short reads of SQLite, made by whoever asks for them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};
use sea_orm::Value;
use serde::de::DeserializeOwned;

use crate::cellule::row;
use crate::error::StoreError;
use crate::ligne::{Ligne, Valeur};
use crate::sql::{CACHE, ENONCES};

/// The driver hands each read to a thread of its own and waits: waking it and being woken costs several times what most reads do.
/// Here the read is done at once, where it is asked for, and given up for the driver as soon as it proves long: nobody else waits
/// for it. Whatever goes wrong is left to the driver too, which tells the cause.
#[derive(Debug)]
pub(crate) struct SurPlace {
    chemin: PathBuf,
    libres: Mutex<Vec<Lecteur>>,
    /// Statements that proved long, and how many times more the driver is asked at once.
    longues: Mutex<HashMap<u64, u8>>,
}

/// One connection that only reads.
#[derive(Debug)]
pub(crate) struct Lecteur {
    connexion: Connection,
    /// Slices of the read under way.
    tranches: Arc<AtomicU32>,
}

/// Operations of SQLite between two looks at what a read has cost, and looks before it is given up: a millisecond or two.
const OPERATIONS: i32 = 1_000;
const TRANCHES: u32 = 50;
/// How many times the driver is asked at once after a read that proved long.
const REPRISE: u8 = 30;
/// Texts of statements whose length is remembered.
const RETENUES: usize = 2_048;

impl SurPlace {
    pub(crate) fn new(chemin: PathBuf) -> Self {
        Self { chemin, libres: Mutex::default(), longues: Mutex::default() }
    }

    /// The rows, or nothing when the driver is to be asked.
    pub(crate) fn query(&self, sql: &str, params: &[Value]) -> Option<Vec<Ligne>> {
        let texte = {
            let mut h = DefaultHasher::new();
            sql.hash(&mut h);
            h.finish()
        };
        if self.is_longue(texte) {
            return None;
        }
        let libre = self.libres.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let lecteur = match libre {
            Some(lecteur) => lecteur,
            None => self.opens().ok()?,
        };
        lecteur.tranches.store(0, Ordering::Relaxed);
        let lu = lecteur.query(sql, params);
        self.libres.lock().unwrap_or_else(PoisonError::into_inner).push(lecteur);
        match lu {
            Ok(lignes) => Some(lignes),
            Err(e) => {
                if e.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) {
                    self.note_longue(texte);
                }
                None
            }
        }
    }

    fn is_longue(&self, texte: u64) -> bool {
        let mut longues = self.longues.lock().unwrap_or_else(PoisonError::into_inner);
        match longues.get_mut(&texte) {
            None => false,
            Some(0) => {
                longues.remove(&texte);
                false
            }
            Some(reste) => {
                *reste -= 1;
                true
            }
        }
    }

    fn note_longue(&self, texte: u64) {
        let mut longues = self.longues.lock().unwrap_or_else(PoisonError::into_inner);
        if longues.len() >= RETENUES {
            longues.clear();
        }
        longues.insert(texte, REPRISE);
    }

    /// A reader of its own, as the base is at its first reading and for as long as that takes.
    pub(crate) fn freeze(&self) -> rusqlite::Result<Lecteur> {
        let connexion = self.connect()?;
        // Only while a log that another process left is read again.
        connexion.busy_timeout(std::time::Duration::from_secs(20))?;
        connexion.execute_batch("BEGIN")?;
        Ok(Lecteur { connexion, tranches: Arc::default() })
    }

    fn opens(&self) -> rusqlite::Result<Lecteur> {
        let connexion = self.connect()?;
        let tranches = Arc::new(AtomicU32::new(0));
        let compte = Arc::clone(&tranches);
        connexion
            .progress_handler(OPERATIONS, Some(move || compte.fetch_add(1, Ordering::Relaxed) >= TRANCHES))?;
        Ok(Lecteur { connexion, tranches })
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        // Not opened as read-only: whoever closes the base last takes its log back into it.
        let connexion = Connection::open_with_flags(
            &self.chemin,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connexion.busy_timeout(std::time::Duration::ZERO)?;
        connexion.pragma_update(None, "query_only", true)?;
        connexion.pragma_update(None, "cache_size", CACHE)?;
        connexion.pragma_update(None, "temp_store", "MEMORY")?;
        // A plan does not depend on values: otherwise a statement with a « LIMIT $1 » is planned again at each reading.
        connexion.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connexion.set_prepared_statement_cache_capacity(ENONCES);
        Ok(connexion)
    }

    /// Closes what waits; a read under way closes its own.
    pub(crate) fn close(&self) {
        self.libres.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Lecteur {
    /// The rows as `T`, a tuple of the columns, without anything made between the pages of the base and it.
    pub(crate) fn tuples<T: DeserializeOwned>(
        &self,
        sql: &str,
        params: &[Value],
    ) -> Result<Vec<T>, StoreError> {
        let refuse = |e: rusqlite::Error| refused(sql, &e);
        let mut enonce = self.connexion.prepare_cached(sql).map_err(refuse)?;
        binds(&mut enonce, params).map_err(refuse)?;
        let colonnes = enonce.column_count();
        let mut lignes = Vec::new();
        let mut lues = enonce.raw_query();
        while let Some(lue) = lues.next().map_err(refuse)? {
            lignes.push(row(colonnes, |i| lue.get_ref(i).unwrap_or(ValueRef::Null))?);
        }
        Ok(lignes)
    }

    pub(crate) fn query(&self, sql: &str, params: &[Value]) -> rusqlite::Result<Vec<Ligne>> {
        let mut enonce = self.connexion.prepare_cached(sql)?;
        if !enonce.readonly() {
            return Err(rusqlite::Error::InvalidQuery);
        }
        binds(&mut enonce, params)?;
        let noms: Arc<[String]> = enonce.column_names().into_iter().map(str::to_owned).collect();
        let mut lignes = Vec::new();
        let mut lues = enonce.raw_query();
        while let Some(lue) = lues.next()? {
            let valeurs = (0..noms.len()).map(|i| {
                Ok(match lue.get_ref(i)? {
                    ValueRef::Null => Valeur::Rien,
                    ValueRef::Integer(n) => Valeur::Entier(n),
                    ValueRef::Real(r) => Valeur::Reel(r),
                    ValueRef::Text(t) => Valeur::Texte(
                        std::str::from_utf8(t).map_err(|_| rusqlite::Error::InvalidQuery)?.to_owned(),
                    ),
                    ValueRef::Blob(b) => Valeur::Octets(b.to_vec()),
                })
            });
            let valeurs = valeurs.collect::<rusqlite::Result<_>>()?;
            lignes.push(Ligne::of_valeurs(Arc::clone(&noms), valeurs));
        }
        Ok(lignes)
    }
}

/// What SQLite says of a statement that it refuses.
pub(crate) fn refused(sql: &str, e: &rusqlite::Error) -> StoreError {
    StoreError::Unavailable(format!("{e}: {}", sql.chars().take(80).collect::<String>()))
}

/// SQLite numbers `$3`, `$1` as it meets them; we, by what they say.
fn binds(enonce: &mut Statement<'_>, params: &[Value]) -> rusqlite::Result<()> {
    for place in 1..=enonce.parameter_count() {
        let numero =
            enonce.parameter_name(place).and_then(|nom| nom.strip_prefix('$')?.parse::<usize>().ok());
        let valeur =
            numero.and_then(|n| params.get(n.checked_sub(1)?)).ok_or(rusqlite::Error::InvalidQuery)?;
        match valeur {
            Value::Bool(v) => enonce.raw_bind_parameter(place, v)?,
            Value::Int(v) => enonce.raw_bind_parameter(place, v)?,
            Value::BigInt(v) => enonce.raw_bind_parameter(place, v)?,
            Value::Double(v) => enonce.raw_bind_parameter(place, v)?,
            Value::String(v) => enonce.raw_bind_parameter(place, v)?,
            Value::Bytes(v) => enonce.raw_bind_parameter(place, v)?,
            // Asked for by the driver.
            _ => return Err(rusqlite::Error::InvalidQuery),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ligne::FromLigne;
    use crate::sql::{Db, Dsn, Sql as _};

    #[derive(Debug, FromLigne, PartialEq)]
    struct Essai {
        id: i64,
        nom: Option<String>,
        part: Option<f64>,
        octets: Option<Vec<u8>>,
    }

    struct Base {
        db: Db,
        sur_place: SurPlace,
        _dossier: tempfile::TempDir,
    }

    async fn base() -> Base {
        let dossier = tempfile::tempdir().unwrap();
        let chemin = dossier.path().join("essai.sqlite");
        let db = Db::open(&Dsn::Sqlite(chemin.clone())).await.unwrap();
        db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, nom TEXT, part REAL, octets BLOB)", vec![])
            .await
            .unwrap();
        db.exec(
            "INSERT INTO t VALUES (1, 'un', 0.5, X'00FF'), (2, 'deux', 2, NULL), (3, NULL, NULL, NULL)",
            vec![],
        )
        .await
        .unwrap();
        Base { db, sur_place: SurPlace::new(chemin), _dossier: dossier }
    }

    fn lues(lignes: &[Ligne]) -> Vec<Essai> {
        lignes.iter().map(|l| Essai::from_ligne(l).unwrap()).collect()
    }

    #[tokio::test]
    async fn it_gives_what_the_driver_gives() {
        let b = base().await;
        let tout = "SELECT nom, id, octets, part FROM t WHERE id > $2 AND id < $1 ORDER BY id";
        let params = vec![Value::from(9), Value::from(0_i64)];
        let ici = lues(&b.sur_place.query(tout, &params).unwrap());
        // A transaction is always asked of the driver.
        let pilote = b.db.begin_write().await.unwrap().all::<Essai>(tout, params).await.unwrap();
        assert_eq!(ici, pilote);
        assert_eq!(ici.len(), 3);
        assert_eq!(ici[1].part, Some(2.0), "a whole number of a column of reals is a real");
    }

    #[tokio::test]
    async fn an_instant_is_read_as_it_was_whatever_is_written_since() {
        let b = base().await;
        let vue = b.db.freeze().await.unwrap();
        let compte = "SELECT COUNT(*) FROM t";
        assert_eq!(vue.int(compte, vec![]).await.unwrap(), Some(3));
        b.db.exec("DELETE FROM t WHERE id < $1", vec![3.into()]).await.unwrap();
        assert_eq!(vue.int(compte, vec![]).await.unwrap(), Some(3));
        type Rangee = (i64, Option<String>, Option<f64>);
        let lire = |c: &'static str| crate::sql::tuples::<Rangee>(&vue, c, "t WHERE id < $1", vec![9.into()]);
        let mut lues = lire("id, nom, part").await.unwrap();
        lues.sort_by_key(|l| l.0);
        let attendues =
            [(1, Some("un".to_owned()), Some(0.5)), (2, Some("deux".to_owned()), Some(2.0)), (3, None, None)];
        assert_eq!(lues, attendues);
        assert!(
            matches!(lire("nom, nom, part").await, Err(StoreError::Unreadable(_))),
            "a text is no number"
        );
        let fautive = vue.int("SELECT x FROM absente", vec![]).await.unwrap_err();
        assert!(fautive.to_string().contains("absente"));
        assert!(vue.exec("DELETE FROM t", vec![]).await.is_err());
        // The same as JSON, which whoever is not an instant asks for.
        let reste = crate::sql::tuples::<Rangee>(&b.db, "id, nom, part", "t", vec![]).await.unwrap();
        assert_eq!(reste, [(3, None, None)]);
    }

    #[tokio::test]
    async fn what_was_just_written_is_read() {
        let b = base().await;
        let compte = "SELECT COUNT(*) FROM t";
        assert_eq!(b.db.int(compte, vec![]).await.unwrap(), Some(3));
        let tx = b.db.begin_write().await.unwrap();
        tx.exec("DELETE FROM t WHERE id = 1", vec![]).await.unwrap();
        assert_eq!(b.db.int(compte, vec![]).await.unwrap(), Some(3), "not before it is done");
        tx.commit().await.unwrap();
        assert_eq!(b.db.int(compte, vec![]).await.unwrap(), Some(2));
    }

    #[tokio::test]
    async fn a_long_read_is_left_to_the_driver_and_the_next_ones_too() {
        let b = base().await;
        let longue = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT COUNT(*) FROM n";
        let courte = vec![Value::from(10_i64)];
        assert!(b.sur_place.query(longue, &courte).is_some());
        assert!(b.sur_place.query(longue, &[Value::from(1_000_000_i64)]).is_none());
        for _ in 0..REPRISE {
            assert!(b.sur_place.query(longue, &courte).is_none());
        }
        assert!(b.sur_place.query(longue, &courte).is_some(), "it is tried again");
        // Whoever asks sees nothing of it.
        assert_eq!(b.db.int(longue, vec![1_000_000_i64.into()]).await.unwrap(), Some(1_000_000));
    }

    #[tokio::test]
    async fn nothing_is_written_and_what_is_wrong_is_told_by_the_driver() {
        let b = base().await;
        assert!(b.sur_place.query("DELETE FROM t RETURNING id", &[]).is_none());
        assert!(b.sur_place.query("SELECT id FROM t WHERE id = $2", &[1.into()]).is_none());
        assert_eq!(b.db.int("SELECT COUNT(*) FROM t", vec![]).await.unwrap(), Some(3));
        let fautive = b.db.int("SELECT x FROM absente", vec![]).await.unwrap_err();
        assert!(fautive.to_string().contains("absente"));
    }
}
