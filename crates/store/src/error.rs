//! Errors of storage: technical, with context; a duplicate key or a stale version is a `Conflict`.

/// Why storage failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken, or the row changed since it was read.
    #[error("conflict: {0}")]
    Conflict(String),
    /// No such row.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// A stored value that this version does not understand.
    #[error("unreadable value in {0}")]
    Unreadable(&'static str),
    /// The database cannot be reached or opened.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A value could not be ciphered or deciphered.
    #[error("vault: {0}")]
    Coffre(&'static str),
    /// Anything else.
    #[error("database: {context}: {source}")]
    Technical {
        context: String,
        #[source]
        source: sea_orm::DbErr,
    },
}

impl StoreError {
    pub(crate) fn from_db(context: &str, source: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr, SqlErr};
        if let Some(SqlErr::UniqueConstraintViolation(quoi)) = source.sql_err() {
            return Self::Conflict(quoi);
        }
        if must_try_again(&source) {
            return Self::Unavailable(source.to_string());
        }
        match &source {
            DbErr::ConnectionAcquire(_) => Self::Unavailable(source.to_string()),
            DbErr::Conn(RuntimeErr::SqlxError(_) | RuntimeErr::Internal(_)) => {
                Self::Unavailable(source.to_string())
            }
            _ => Self::Technical { context: context.chars().take(80).collect(), source },
        }
    }
}

/// The database gave up this transaction for the sake of another one: nothing was written, the same request may pass.
/// PostgreSQL: serialization failure, deadlock, statement ended for lasting too long. SQLite: busy or locked for too long, and its extended codes.
fn must_try_again(source: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr, SqlxError};
    let (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e))) = source else {
        return false;
    };
    let SqlxError::Database(e) = e.as_ref() else { return false };
    matches!(
        e.code().as_deref(),
        Some("40001" | "40P01" | "57014" | "5" | "6" | "261" | "262" | "517" | "773")
    )
}
