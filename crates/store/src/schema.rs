//! Reads the schema as the database has it: both databases are compared with each other and with the dictionary.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql};

/// A column as the database declares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, FromLigne)]
pub struct Colonne {
    pub nom_table: String,
    pub nom: String,
    /// `int`, `text`, `real` or `bytes`.
    pub genre: String,
    /// 1 when the column may be null.
    pub nulle: i64,
}

/// Every column of our tables, sorted.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn columns(c: &impl Sql) -> Result<Vec<Colonne>, StoreError> {
    let sql = match c.backend() {
        Backend::Sqlite => {
            "SELECT m.name AS nom_table, p.name AS nom, lower(p.type) AS genre,
                    CASE WHEN p.\"notnull\" = 1 OR p.pk > 0 THEN 0 ELSE 1 END AS nulle
             FROM sqlite_schema m JOIN pragma_table_info(m.name) p
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations'"
        }
        Backend::Postgres => {
            "SELECT table_name::text AS nom_table, column_name::text AS nom, data_type::text AS genre,
                    CASE WHEN is_nullable = 'YES' THEN 1::bigint ELSE 0::bigint END AS nulle
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    let mut colonnes: Vec<Colonne> = c.all(sql, Vec::new()).await?;
    for colonne in &mut colonnes {
        colonne.genre = match colonne.genre.as_str() {
            "integer" | "bigint" => "int",
            "blob" | "bytea" => "bytes",
            "real" | "double precision" => "real",
            "text" => "text",
            autre => autre,
        }
        .to_owned();
    }
    colonnes.sort();
    Ok(colonnes)
}
