//! The two databases behind one set of calls. What differs between them is here, in `masse` and in `migrations`.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::droits::Scope;
use metrics::counter;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};

use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::ligne::{FromLigne, Ligne};
pub use crate::masse::insert_batch;
pub(crate) use crate::masse::{update_batch, update_versions, update_vivantes, update_where};
use crate::sur_place::{Lecteur, SurPlace, refused};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dsn {
    /// A file, created when absent.
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

/// What a commit on SQLite waits for. PostgreSQL does as its administrator asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durabilite {
    /// The disk, each time (TRX-3): what is said to be recorded outlives a power cut.
    Disque,
    /// Nothing, and a power cut may leave a file that cannot be read: for what is thrown away.
    Rien,
}

impl Durabilite {
    const fn synchronous(self) -> &'static str {
        match self {
            Self::Disque => "FULL",
            Self::Rien => "OFF",
        }
    }
}

/// An open database: a pool of readers and the one way to write.
#[derive(Debug, Clone)]
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// PostgreSQL: connections whose statements the server itself ends in time, for pages.
    ecran: Option<DatabaseConnection>,
    /// SQLite: short reads, made without the driver.
    sur_place: Option<Arc<SurPlace>>,
    backend: Backend,
}

/// A writing transaction. Dropped before [`Tx::commit`]: nothing happened.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    backend: Backend,
    /// Takes the pages that it touches into memory ([`Db::begin_bulk`]).
    en_masse: bool,
}

/// The database as it stood at one instant, for a long reading: nobody waits for its end, and nothing moves under it.
#[derive(Debug)]
pub struct Instantane(Lue);

#[derive(Debug)]
enum Lue {
    Pilote(DatabaseTransaction),
    /// SQLite, which is at hand: rows of millions need not go through the driver.
    SurPlace(Arc<Mutex<Lecteur>>),
}

/// What `LIKE` is asked for a word. SQLite knows no case but that of ASCII: any other letter stands for all.
pub(crate) fn like(mot: &str) -> String {
    let lettres: String =
        mot.chars().map(|c| if c.is_ascii() && !matches!(c, '%' | '\\') { c } else { '_' }).collect();
    format!("%{lettres}%")
}

/// Runs SQL written once for both databases (`$1`, `RETURNING`, `ON CONFLICT`).
pub trait Sql: Sync {
    /// Which database answers.
    fn backend(&self) -> Backend;

    #[doc(hidden)]
    fn query(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Ligne>, StoreError>> + Send;

    #[doc(hidden)]
    fn tuples_at_hand<T: DeserializeOwned + Send + 'static>(
        &self,
        _sql: &str,
        _params: &[Value],
    ) -> impl Future<Output = Result<Option<Vec<T>>, StoreError>> + Send {
        async { Ok(None) }
    }

    /// Runs a statement that returns no row; gives the number of rows touched.
    fn exec(&self, sql: &str, params: Vec<Value>) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// All rows.
    fn all<T: FromLigne + Send>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send {
        async move {
            self.query(sql, params)
                .await?
                .iter()
                .map(|l| T::from_ligne(l).map_err(|e| StoreError::from_db(sql, e)))
                .collect()
        }
    }

    /// The first row, if any.
    fn one<T: FromLigne + Send>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>, StoreError>> + Send {
        async move { Ok(self.all::<T>(sql, params).await?.into_iter().next()) }
    }

    /// The first column of the first row, as a whole number.
    fn int(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<i64>, StoreError>> + Send {
        async move {
            match self.query(sql, params).await?.first() {
                None => Ok(None),
                Some(l) => l.first().map_err(|e| StoreError::from_db(sql, e)),
            }
        }
    }

    /// The first column of the first row, as text.
    fn text(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> impl Future<Output = Result<Option<String>, StoreError>> + Send {
        async move {
            match self.query(sql, params).await?.first() {
                None => Ok(None),
                Some(l) => l.first().map_err(|e| StoreError::from_db(sql, e)),
            }
        }
    }
}

tokio::task_local! {
    /// How long a statement of the page being made may last.
    static ECRAN: Duration;
}

/// Runs what a page asks: each of its statements is given up after `delai`, and the page is told that the database does not
/// answer (WEB-4). What runs outside may last as long as it takes: commands, tasks, large files.
pub async fn on_screen<F: Future>(delai: Duration, page: F) -> F::Output {
    ECRAN.scope(delai, page).await
}

/// The answer, or none in time.
async fn in_time<T>(
    sql: &str,
    reponse: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    counter!("parcoursup_instructions_total").increment(1);
    let Ok(delai) = ECRAN.try_with(|d| *d) else { return reponse.await };
    match tokio::time::timeout(delai, reponse).await {
        Ok(reponse) => reponse,
        Err(_) => Err(StoreError::Unavailable(format!(
            "no answer within {} s: {}",
            delai.as_secs(),
            sql.chars().take(80).collect::<String>()
        ))),
    }
}

async fn run_query(
    c: &impl ConnectionTrait,
    sql: &str,
    params: Vec<Value>,
) -> Result<Vec<Ligne>, StoreError> {
    let statement = Statement::from_sql_and_values(c.get_database_backend(), sql, params);
    let lues =
        in_time(sql, async { c.query_all_raw(statement).await.map_err(|e| StoreError::from_db(sql, e)) });
    Ok(lues.await?.into_iter().map(Ligne::of_pilote).collect())
}

async fn run_exec(c: &impl ConnectionTrait, sql: &str, params: Vec<Value>) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(c.get_database_backend(), sql, params);
    let fait =
        in_time(sql, async { c.execute_raw(statement).await.map_err(|e| StoreError::from_db(sql, e)) });
    Ok(fait.await?.rows_affected())
}

impl Sql for Db {
    fn backend(&self) -> Backend {
        self.backend
    }
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Ligne>, StoreError> {
        if let Some(sur_place) = &self.sur_place {
            // A page of many short reads lets the others of its thread go on now and then.
            tokio::task::consume_budget().await;
            if let Some(lignes) = sur_place.query(sql, &params) {
                counter!("parcoursup_instructions_total").increment(1);
                return Ok(lignes);
            }
        }
        run_query(self.pool(&self.readers), sql, params).await
    }
    async fn exec(&self, sql: &str, params: Vec<Value>) -> Result<u64, StoreError> {
        run_exec(self.pool(&self.writer), sql, params).await
    }
}

impl Sql for Tx {
    fn backend(&self) -> Backend {
        self.backend
    }
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Ligne>, StoreError> {
        run_query(&self.inner, sql, params).await
    }
    async fn exec(&self, sql: &str, params: Vec<Value>) -> Result<u64, StoreError> {
        run_exec(&self.inner, sql, params).await
    }
}

impl Instantane {
    /// Asks the reader that is at hand, on a thread that may wait.
    async fn ask<T: Send + 'static>(
        lecteur: &Arc<Mutex<Lecteur>>,
        sql: &str,
        lire: impl FnOnce(&Lecteur) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let lecteur = Arc::clone(lecteur);
        let lue = tokio::task::spawn_blocking(move || {
            lire(&lecteur.lock().unwrap_or_else(PoisonError::into_inner))
        });
        in_time(sql, async { lue.await.map_err(|e| StoreError::Unavailable(e.to_string()))? }).await
    }
}

impl Sql for Instantane {
    fn backend(&self) -> Backend {
        match &self.0 {
            Lue::Pilote(inner) => Backend::from_sea(inner.get_database_backend()),
            Lue::SurPlace(_) => Backend::Sqlite,
        }
    }
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Ligne>, StoreError> {
        match &self.0 {
            Lue::Pilote(inner) => run_query(inner, sql, params).await,
            Lue::SurPlace(lecteur) => {
                let texte = sql.to_owned();
                let lire = move |l: &Lecteur| l.query(&texte, &params).map_err(|e| refused(&texte, &e));
                Self::ask(lecteur, sql, lire).await
            }
        }
    }
    async fn tuples_at_hand<T: DeserializeOwned + Send + 'static>(
        &self,
        sql: &str,
        params: &[Value],
    ) -> Result<Option<Vec<T>>, StoreError> {
        let Lue::SurPlace(lecteur) = &self.0 else { return Ok(None) };
        let (texte, params) = (sql.to_owned(), params.to_vec());
        Self::ask(lecteur, sql, move |l| l.tuples(&texte, &params)).await.map(Some)
    }
    async fn exec(&self, sql: &str, _: Vec<Value>) -> Result<u64, StoreError> {
        Err(StoreError::Conflict(format!("an instant is only read: {sql}")))
    }
}

impl Db {
    /// Opens the database; a SQLite file is created when absent. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the cause.
    pub async fn open(dsn: &Dsn) -> Result<Self, StoreError> {
        Self::open_with(dsn, Durabilite::Disque).await
    }

    /// [`Db::open`], where a commit waits for more or less.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_with(dsn: &Dsn, durabilite: Durabilite) -> Result<Self, StoreError> {
        match dsn {
            Dsn::Sqlite(chemin) => {
                let url = format!("sqlite://{}?mode=rwc", chemin.display());
                let writer = connect(sqlite_options(&url, 1, durabilite)).await?;
                let readers = connect(sqlite_options(&url, 8, durabilite)).await?;
                let sur_place = Some(Arc::new(SurPlace::new(chemin.clone())));
                Ok(Self { readers, writer, ecran: None, sur_place, backend: Backend::Sqlite })
            }
            Dsn::Postgres(url) => {
                let pool = connect(postgres_options(url)).await?;
                let readers = pool.clone();
                Ok(Self { readers, writer: pool, ecran: None, sur_place: None, backend: Backend::Postgres })
            }
        }
    }

    /// [`Db::open`] for a server of pages: PostgreSQL ends by itself a statement of a page that lasts (see [`on_screen`]),
    /// which would otherwise hold its connection to its end.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open_for_screens(dsn: &Dsn, delai: Duration) -> Result<Self, StoreError> {
        let mut db = Self::open(dsn).await?;
        if let Dsn::Postgres(url) = dsn {
            let mut options = postgres_options(url);
            options.connect_lazy(true).map_sqlx_postgres_opts(move |o| {
                o.options(REGLAGES_POSTGRES)
                    .options([("statement_timeout", delai.as_millis().to_string())])
                    .statement_cache_capacity(ENONCES)
            });
            db.ecran = Some(connect(options).await?);
        }
        Ok(db)
    }

    /// The pool of the page being made, if one is; else that one.
    fn pool<'a>(&'a self, sinon: &'a DatabaseConnection) -> &'a DatabaseConnection {
        let page = ECRAN.try_with(|_| ()).is_ok();
        self.ecran.as_ref().filter(|_| page).unwrap_or(sinon)
    }

    /// The one way to write: `BEGIN IMMEDIATE` on SQLite, so that two writers queue instead of failing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        // A request may be dropped at any await, and a connection dropped in the middle of BEGIN would go back to the
        // pool inside a transaction that nobody ends. In a task of its own, BEGIN always comes to its end.
        counter!("parcoursup_instructions_total").increment(1);
        let writer = self.pool(&self.writer).clone();
        let inner = tokio::spawn(async move { writer.begin_with_options(options).await })
            .await
            .map_err(|e| StoreError::Unavailable(e.to_string()))?
            .map_err(|e| StoreError::from_db("begin", e))?;
        Ok(Tx { inner, backend: self.backend, en_masse: false })
    }

    /// Begins a transaction that writes millions of rows: SQLite keeps the pages that it touches in memory, up to a gigabyte,
    /// where it would otherwise write them out and read them again all along. Dropped before its end, it leaves that allowance to
    /// the next ones, until one of its kind ends.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin_bulk(&self) -> Result<Tx, StoreError> {
        let mut tx = self.begin_write().await?;
        if self.backend == Backend::Sqlite {
            tx.exec(&format!("PRAGMA cache_size = {CACHE_EN_MASSE}"), vec![]).await?;
            tx.en_masse = true;
        }
        Ok(tx)
    }

    /// Freezes what a long computation reads, without holding the writer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn freeze(&self) -> Result<Instantane, StoreError> {
        if let Some(sur_place) = &self.sur_place {
            // A deferred transaction of the WAL keeps the state of its first reading.
            let lecteur = sur_place.freeze().map_err(|e| refused("begin", &e))?;
            return Ok(Instantane(Lue::SurPlace(Arc::new(Mutex::new(lecteur)))));
        }
        let options = TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let readers = self.pool(&self.readers).clone();
        // As for `begin_write`: a BEGIN once begun comes to its end.
        let inner = tokio::spawn(async move { readers.begin_with_options(options).await })
            .await
            .map_err(|e| StoreError::Unavailable(e.to_string()))?
            .map_err(|e| StoreError::from_db("begin", e))?;
        Ok(Instantane(Lue::Pilote(inner)))
    }

    /// Refreshes the planner's statistics; to be called after every bulk load.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        let tables = match self.backend {
            Backend::Sqlite => None,
            // Ours alone: the server looks after its catalogues, which take twenty times longer to read than a base without rows.
            Backend::Postgres => {
                let siennes = "SELECT string_agg(quote_ident(CAST(relname AS TEXT)), ', ') FROM pg_class \
                               WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p')";
                self.text(siennes, Vec::new()).await?
            }
        };
        self.exec(&format!("ANALYZE {}", tables.unwrap_or_default()), Vec::new()).await.map(|_| ())
    }

    /// The same for the tables that a load filled: all of them take most of a second on a national offer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn analyze_tables(&self, tables: &[&'static str]) -> Result<(), StoreError> {
        for table in tables {
            self.exec(&format!("ANALYZE {table}"), Vec::new()).await?;
        }
        Ok(())
    }

    /// Writes a complete, consistent copy of a SQLite database beside the running server.
    ///
    /// # Errors
    /// When the file exists or cannot be written; on PostgreSQL, which has its own tools.
    pub async fn copy_to(&self, chemin: &std::path::Path) -> Result<(), StoreError> {
        if self.backend == Backend::Postgres {
            return Err(StoreError::Unavailable("VACUUM INTO is for SQLite".to_owned()));
        }
        self.exec("VACUUM INTO $1", vec![chemin.display().to_string().into()]).await.map(|_| ())
    }

    pub(crate) fn raw_writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Closes the pools.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(self) -> Result<(), StoreError> {
        if let Some(sur_place) = &self.sur_place {
            sur_place.close();
        }
        self.readers.close().await.map_err(|e| StoreError::from_db("close", e))?;
        if self.backend == Backend::Sqlite {
            self.writer.close().await.map_err(|e| StoreError::from_db("close", e))?;
        }
        if let Some(ecran) = self.ecran {
            ecran.close().await.map_err(|e| StoreError::from_db("close", e))?;
        }
        Ok(())
    }
}

impl Tx {
    /// Makes everything durable, or nothing.
    ///
    /// # Errors
    /// When the database refuses or is lost: the outcome is then unknown and must be read again by its key.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.en_masse {
            self.exec(&format!("PRAGMA cache_size = {CACHE}"), vec![]).await?;
        }
        counter!("parcoursup_instructions_total").increment(1);
        self.inner.commit().await.map_err(|e| StoreError::from_db("commit", e))
    }
}

/// Pages that SQLite keeps in memory, in KiB, negative as it wants it: ordinarily, and while millions of rows are written.
pub(crate) const CACHE: &str = "-65536";
const CACHE_EN_MASSE: &str = "-1048576";

/// Many people ask for little at once: to start helper processes or a compiler for a page costs more than its answer. What
/// they read is in memory, where a row by its key costs hardly more than the next one: the default of 4, made for disks that
/// turn, reads whole tables for some hundred rows.
const REGLAGES_POSTGRES: [(&str, &str); 3] =
    [("max_parallel_workers_per_gather", "0"), ("jit", "off"), ("random_page_cost", "1.1")];

/// Statements that a connection keeps ready. The pages have more than the hundred of the driver, which would then prepare
/// most of them anew each time.
pub(crate) const ENONCES: usize = 512;

fn postgres_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|o| o.options(REGLAGES_POSTGRES).statement_cache_capacity(ENONCES));
    options
}

fn sqlite_options(url: &str, connexions: u32, durabilite: Durabilite) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(connexions)
        .acquire_timeout(Duration::from_secs(20))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            o.foreign_keys(true)
                .statement_cache_capacity(ENONCES)
                // Another process of the same file (a command beside the server) tries now and then: without a queue,
                // it may wait long while the server writes without a pause.
                .busy_timeout(Duration::from_secs(30))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", durabilite.synchronous())
                .pragma("cache_size", CACHE)
                .pragma("temp_store", "MEMORY")
                // ANALYZE looks at so many rows of each index: an estimate in no time, as PostgreSQL does.
                .pragma("analysis_limit", "1000")
        });
    options
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    Database::connect(options).await.map_err(|e| StoreError::Unavailable(e.to_string()))
}

/// The values of a statement, numbered as they come.
#[derive(Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<Value>);

impl Params {
    /// Adds a value, and gives its place: `$3`.
    pub(crate) fn add(&mut self, valeur: impl Into<Value>) -> String {
        self.0.push(valeur.into());
        format!("${}", self.0.len())
    }

    /// The same of a number that takes part in a sum: PostgreSQL needs its type.
    pub(crate) fn real(&mut self, valeur: f64) -> String {
        format!("CAST({} AS DOUBLE PRECISION)", self.add(valeur))
    }

    /// The same of many: `$3, $4`; empty for none.
    pub(crate) fn list(&mut self, valeurs: impl IntoIterator<Item = impl Into<Value>>) -> String {
        valeurs.into_iter().map(|v| self.add(v)).collect::<Vec<_>>().join(", ")
    }

    /// The same; `None` for none.
    pub(crate) fn all(&mut self, valeurs: impl IntoIterator<Item = impl Into<Value>>) -> Option<String> {
        Some(self.list(valeurs)).filter(|places| !places.is_empty())
    }

    /// What keeps a list to one of its pages: so many rows, after so many others.
    pub(crate) fn page(&mut self, (combien, depuis): (i64, i64)) -> String {
        format!("LIMIT {} OFFSET {}", self.add(combien), self.add(depuis))
    }
}

/// Adds values to those of a statement, and gives their places in it: `$3, $4`; `NULL` for none.
pub(crate) fn places<V: Into<Value>>(valeurs: &mut Vec<Value>, liste: impl IntoIterator<Item = V>) -> String {
    let debut = valeurs.len();
    valeurs.extend(liste.into_iter().map(Into::into));
    let noms: Vec<String> = (debut + 1..=valeurs.len()).map(|n| format!("${n}")).collect();
    if noms.is_empty() { "NULL".to_owned() } else { noms.join(", ") }
}

/// Keys that one statement names: far below what both databases bind at once.
const PAQUET: usize = 1_000;

/// Adds keys to the values of a statement, and puts their places in it where it says « :cles ».
fn name_keys<K: Clone + Into<Value>>(sql: &str, valeurs: &mut Vec<Value>, cles: &[K]) -> String {
    sql.replace(":cles", &places(valeurs, cles.iter().cloned()))
}

/// The rows that a list of keys asks for, a thousand keys a statement. `sql` names them « :cles »; the values of `$1` and of what follows
/// are `fixes`.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn all_among<T: FromLigne + Send, K: Clone + Into<Value> + Sync>(
    c: &impl Sql,
    sql: &str,
    fixes: Vec<Value>,
    cles: &[K],
) -> Result<Vec<T>, StoreError> {
    let mut lignes = Vec::new();
    for lot in cles.chunks(PAQUET) {
        let mut valeurs = fixes.clone();
        let sql = name_keys(sql, &mut valeurs, lot);
        lignes.extend(c.all::<T>(&sql, valeurs).await?);
    }
    Ok(lignes)
}

/// Runs a statement on a list of keys in the same way; gives the number of rows touched.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn exec_among<K: Clone + Into<Value> + Sync>(
    tx: &Tx,
    sql: &str,
    fixes: Vec<Value>,
    cles: &[K],
) -> Result<u64, StoreError> {
    let mut touchees = 0;
    for lot in cles.chunks(PAQUET) {
        let mut valeurs = fixes.clone();
        let sql = name_keys(sql, &mut valeurs, lot);
        touchees += tx.exec(&sql, valeurs).await?;
    }
    Ok(touchees)
}

/// What keeps the rows of a table within the academies of a perimeter, after other conditions; without any, it lists nothing.
pub(crate) fn in_academies(valeurs: &mut Vec<Value>, scope: &Scope, table: &str) -> String {
    let portee = scope.portee();
    if portee.tout {
        return String::new();
    }
    format!(" AND {table}.academie IN ({})", places(valeurs, portee.academies.iter().cloned()))
}

/// Reads many narrow rows at once: from SQLite as they are kept, where it is read at one instant; otherwise as JSON made by the
/// database, since a driver that hands a million rows over one by one costs several times the query itself. `colonnes`: what `T`, a
/// tuple, holds; `source`: all that follows `FROM`, in a single group. The order of the rows is not that of `source`.
///
/// # Errors
/// When the database refuses, or a row is not a `T`.
pub(crate) async fn tuples<T: DeserializeOwned + Send + 'static>(
    c: &impl Sql,
    colonnes: &str,
    source: &str,
    params: Vec<Value>,
) -> Result<Vec<T>, StoreError> {
    tuples_read(c, colonnes, source, params).await?.decode()
}

/// The rows of [`tuples`] before they are decoded, for whoever does it elsewhere.
pub(crate) enum Lus<T> {
    Lignes(Vec<T>),
    Json(String),
}

impl<T: DeserializeOwned> Lus<T> {
    /// # Errors
    /// When a row is not a `T`.
    pub(crate) fn decode(self) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Lignes(lignes) => Ok(lignes),
            Self::Json(json) => serde_json::from_str(&json).map_err(|_| StoreError::Unreadable("json")),
        }
    }
}

/// # Errors
/// When the database refuses.
pub(crate) async fn tuples_read<T: DeserializeOwned + Send + 'static>(
    c: &impl Sql,
    colonnes: &str,
    source: &str,
    params: Vec<Value>,
) -> Result<Lus<T>, StoreError> {
    if let Some(lignes) = c.tuples_at_hand(&format!("SELECT {colonnes} FROM {source}"), &params).await? {
        return Ok(Lus::Lignes(lignes));
    }
    let rows = match c.backend() {
        Backend::Sqlite => format!("json_group_array(json_array({colonnes}))"),
        Backend::Postgres => format!("CAST(json_agg(json_build_array({colonnes})) AS TEXT)"),
    };
    let json = c.text(&format!("SELECT {rows} FROM {source}"), params).await?;
    Ok(Lus::Json(json.unwrap_or_else(|| "[]".to_owned())))
}

/// Rows that the database has read, on their way: whoever asks for slices of millions of them asks for the next one meanwhile.
#[derive(Debug)]
#[must_use]
pub struct EnRoute<T>(tokio::task::JoinHandle<Result<Vec<T>, StoreError>>);

impl<T: Send + 'static> EnRoute<T> {
    /// Made of what was read, on a thread of its own.
    pub(crate) fn new(lire: impl FnOnce() -> Result<Vec<T>, StoreError> + Send + 'static) -> Self {
        Self(tokio::task::spawn_blocking(lire))
    }

    /// # Errors
    /// When a row is not a `T`.
    pub async fn lignes(self) -> Result<Vec<T>, StoreError> {
        self.0.await.map_err(|e| StoreError::Unavailable(e.to_string()))?
    }
}

impl Backend {
    /// After a table: its rows are walked by their key, even where the planner would rather go through an index.
    pub(crate) fn by_key(self) -> &'static str {
        match self {
            Self::Sqlite => "NOT INDEXED",
            Self::Postgres => "",
        }
    }

    pub(crate) fn from_sea(backend: DbBackend) -> Self {
        if backend == DbBackend::Sqlite { Self::Sqlite } else { Self::Postgres }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_as_they_come() {
        let mut p = Params::default();
        assert_eq!(p.add(2024_i64), "$1");
        assert_eq!(p.list(["x".to_owned(), "y".to_owned()]), "$2, $3");
        assert_eq!((p.all(Vec::<i64>::new()), p.all([4_i64])), (None, Some("$4".to_owned())));
        assert_eq!(p.page((20, 40)), "LIMIT $5 OFFSET $6");
        assert_eq!(p.real(0.5), "CAST($7 AS DOUBLE PRECISION)");
        assert_eq!(p.0.len(), 7);
    }

    #[test]
    fn keys_are_named_after_the_other_values_wherever_the_statement_says() {
        let mut valeurs: Vec<Value> = vec![2024_i64.into()];
        let sql = name_keys("a = $1 AND b IN (:cles) OR c IN (:cles)", &mut valeurs, &["x", "y"]);
        assert_eq!(sql, "a = $1 AND b IN ($2, $3) OR c IN ($2, $3)");
        assert_eq!(valeurs.len(), 3);
    }
}
