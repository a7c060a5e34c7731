//! A PostgreSQL database of its own for each test, copied from a model and dropped at the end.
//!
//! The server is the throw-away one of `cargo xtask test`, named by `PARCOURSUP_TEST_POSTGRES`. The model is made once per
//! server, under a lock, by whoever comes first: test programs run as separate processes.

use std::future::Future;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::skip::skip;

/// The variable that names the server's maintenance database.
pub const VARIABLE: &str = "PARCOURSUP_TEST_POSTGRES";

/// Any number: all that matters is that every test program takes the same lock.
const MODEL_LOCK: i64 = 0x7061_7263_6f75_7273;

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct Base {
    /// What the code under test connects to.
    pub url: String,
    name: String,
    server: String,
}

/// An empty database, or `None` (said on the way) when no server is given.
///
/// # Panics
/// With `CI=true` when no server is given, and when the server given does not do its work.
pub async fn base_vide() -> Option<Base> {
    let server = server()?;
    Some(create(&server, "template1").await)
}

/// A database with the schema of today, empty of rows, or `None` (said on the way) when no server is given.
///
/// # Panics
/// Like [`base_vide`].
pub async fn base_jetable() -> Option<Base> {
    base_du_modele(&schema_version(), |url| async move {
        let db = match store::Db::open(&store::Dsn::Postgres(url)).await {
            Ok(db) => db,
            Err(error) => panic!("la base modèle ne s’ouvre pas : {error}"),
        };
        if let Err(error) = db.migrate().await {
            panic!("la base modèle ne migre pas : {error}");
        }
        if let Err(error) = db.close().await {
            panic!("la base modèle ne se ferme pas : {error}");
        }
    })
    .await
}

/// A database in the state that `prepare` gives once to the model `modele_{version}`: migrating takes a second, copying
/// its files a tenth of it. `version` must change with what `prepare` does (the name of the last migration, say), because a server kept
/// by hand outlives the code.
///
/// # Panics
/// Like [`base_vide`].
pub async fn base_du_modele<F, P>(version: &str, prepare: P) -> Option<Base>
where
    P: FnOnce(String) -> F,
    F: Future<Output = ()>,
{
    let server = server()?;
    let model = model_name(version);
    ensure_model(&server, &model, prepare).await;
    Some(create(&server, &model).await)
}

fn server() -> Option<String> {
    match std::env::var(VARIABLE) {
        Ok(url) if !url.is_empty() => Some(url),
        _ => {
            skip(&format!("{VARIABLE} n’est pas défini (cargo xtask test démarre un serveur)"));
            None
        }
    }
}

async fn ensure_model<F, P>(server: &str, model: &str, prepare: P)
where
    P: FnOnce(String) -> F,
    F: Future<Output = ()>,
{
    let admin = connect(server).await;
    // One connection: the lock belongs to the session that took it.
    run(&admin, &format!("SELECT pg_advisory_lock({MODEL_LOCK})")).await;
    let found = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT 1 FROM pg_database WHERE datname = $1",
        [model.into()],
    );
    let exists = admin.query_one_raw(found).await.expect("la liste des bases se lit").is_some();
    if !exists {
        // Under another name until it is whole: a program killed half-way leaves no false model.
        let unfinished = format!("{model}_en_cours");
        run(&admin, &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        run(&admin, &format!("CREATE DATABASE {unfinished} TEMPLATE template0 STRATEGY wal_log")).await;
        prepare(url_of(server, &unfinished)).await;
        rename(&admin, &unfinished, model).await;
    }
    run(&admin, &format!("SELECT pg_advisory_unlock({MODEL_LOCK})")).await;
    admin.close().await.expect("la connexion se ferme");
}

/// The pool of `prepare` may close its last connection a moment after it returned.
async fn rename(admin: &DatabaseConnection, from: &str, to: &str) {
    patiently(|| admin.execute_unprepared_owned(format!("ALTER DATABASE {from} RENAME TO {to}"))).await;
}

async fn create(server: &str, model: &str) -> Base {
    let name = format!("t_{}", unique());
    let admin = connect(server).await;
    patiently(|| {
        admin.execute_unprepared_owned(format!("CREATE DATABASE {name} TEMPLATE {model} STRATEGY file_copy"))
    })
    .await;
    admin.close().await.expect("la connexion se ferme");
    Base { url: url_of(server, &name), name, server: server.to_owned() }
}

impl Drop for Base {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // Dropping happens inside the test's own runtime, which must not be blocked on itself: another thread does it.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let admin = Database::connect(options(&server)).await?;
                leave(&admin, &name).await?;
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
                admin.close().await
            })?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("la base {} n’est pas supprimée : {error}", self.name);
        }
    }
}

/// Sees everybody out of a database: the server, asked to drop it over their heads, looks whether they are gone each tenth of a
/// second only.
async fn leave(admin: &DatabaseConnection, name: &str) -> Result<(), DbErr> {
    let asked = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
        [name.into()],
    );
    for _ in 0..50 {
        if admin.query_all_raw(asked.clone()).await?.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    Ok(())
}

trait Owned {
    async fn execute_unprepared_owned(&self, sql: String) -> Result<(), DbErr>;
}

impl Owned for DatabaseConnection {
    async fn execute_unprepared_owned(&self, sql: String) -> Result<(), DbErr> {
        self.execute_unprepared(&sql).await.map(drop)
    }
}

/// Copying and renaming need the source free of connections: whoever prepared it may still be leaving.
async fn patiently<F: Future<Output = Result<(), DbErr>>>(mut attempt: impl FnMut() -> F) {
    let mut last = None;
    for _ in 0..100 {
        match attempt().await {
            Ok(()) => return,
            Err(error) if error.to_string().contains("is being accessed by other users") => {
                last = Some(error)
            }
            Err(error) => panic!("PostgreSQL refuse : {error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("la base modèle reste occupée : {last:?}");
}

async fn run(admin: &DatabaseConnection, sql: &str) {
    if let Err(error) = admin.execute_unprepared(sql).await {
        panic!("{sql} : {error}");
    }
}

async fn connect(server: &str) -> DatabaseConnection {
    match Database::connect(options(server)).await {
        Ok(connection) => connection,
        Err(error) => panic!("le serveur PostgreSQL de {VARIABLE} ne répond pas : {error}"),
    }
}

fn options(server: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false).connect_timeout(Duration::from_secs(20));
    options
}

/// The same server, another database.
fn url_of(server: &str, name: &str) -> String {
    let (base, parameters) = server.split_once('?').map_or((server, None), |(base, rest)| (base, Some(rest)));
    let parent = base.rsplit_once('/').map_or(base, |(parent, _)| parent);
    match parameters {
        Some(parameters) => format!("{parent}/{name}?{parameters}"),
        None => format!("{parent}/{name}"),
    }
}

/// Letters, digits and underscores only: the name goes into statements that take no parameters.
fn model_name(version: &str) -> String {
    let clean: String = version
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let mut name = format!("modele_{clean}");
    // PostgreSQL cuts names at 63 bytes, `_en_cours` included.
    name.truncate(50);
    name
}

/// Changes with the text of any migration and with what renders it.
pub(crate) fn schema_version() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<_> = std::fs::read_dir(root.join("migrations"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files.push(root.join("crates/store/src/migrations.rs"));
    let mut hasher = DefaultHasher::new();
    for file in files {
        match std::fs::read(&file) {
            Ok(bytes) => bytes.hash(&mut hasher),
            Err(error) => panic!("{} ne se lit pas : {error}", file.display()),
        }
    }
    format!("{:016x}", hasher.finish())
}

/// Unique over the server's life: several programs make databases at once.
fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server() {
        assert_eq!(
            url_of("postgres://postgres@127.0.0.1:5/postgres", "t_1"),
            "postgres://postgres@127.0.0.1:5/t_1"
        );
        assert_eq!(
            url_of("postgres://h/postgres?sslmode=disable", "t_1"),
            "postgres://h/t_1?sslmode=disable"
        );
    }

    #[test]
    fn a_model_name_is_safe_in_a_statement() {
        assert_eq!(model_name("m0007 Voeu; DROP"), "modele_m0007_voeu__drop");
        assert!(model_name(&"x".repeat(90)).len() <= 50);
    }

    async fn count(url: &str, sql: &str) -> i64 {
        let base = connect(url).await;
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = base.query_one_raw(statement).await.unwrap().unwrap();
        let count = row.try_get_by_index::<i64>(0).unwrap();
        base.close().await.unwrap();
        count
    }

    #[tokio::test]
    async fn each_test_has_its_own_copy_of_the_model_and_leaves_nothing() {
        let prepare = |url: String| async move {
            let base = connect(&url).await;
            run(&base, "CREATE TABLE essai (n BIGINT); INSERT INTO essai VALUES (1), (2)").await;
            base.close().await.unwrap();
        };
        let version = format!("essai_{}", std::process::id());
        let Some(first) = base_du_modele(&version, prepare).await else { return };
        let second = base_du_modele(&version, |_| async { panic!("the model is made once") }).await.unwrap();
        let base = connect(&first.url).await;
        run(&base, "DELETE FROM essai").await;
        base.close().await.unwrap();
        assert_eq!(count(&first.url, "SELECT count(*) FROM essai").await, 0);
        assert_eq!(count(&second.url, "SELECT count(*) FROM essai").await, 2);

        let (server, name) = (first.server.clone(), first.name.clone());
        drop(first);
        let left = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
        assert_eq!(count(&server, &left).await, 0);
        let admin = connect(&server).await;
        run(&admin, &format!("DROP DATABASE {}", model_name(&version))).await;
    }
}
