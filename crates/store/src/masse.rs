//! Millions of rows at once: insertion by large statements, and indexes made again in one go.

use sea_orm::Value;

use crate::error::StoreError;
use crate::sql::{Backend, Sql, Tx};

/// Inserts many rows by statements of several hundred rows. `debut` is `INSERT INTO t (a, b)`, `fin` what follows
/// the values (`ON CONFLICT …`, or nothing). Every row must have `colonnes` values.
///
/// # Errors
/// The first error of the database.
pub async fn insert_batch<I>(
    tx: &Tx,
    debut: &str,
    colonnes: usize,
    rows: I,
    fin: &str,
) -> Result<u64, StoreError>
where
    I: IntoIterator<Item = Vec<Value>>,
{
    // SQLite allows 32,766 parameters a statement; large statements also cost more to parse than they save.
    let par_lot = match tx.backend() {
        Backend::Sqlite => (12_000 / colonnes.max(1)).clamp(1, 1_000),
        Backend::Postgres => (60_000 / colonnes.max(1)).clamp(1, 5_000),
    };
    let mut total = 0;
    let mut lot: Vec<Value> = Vec::with_capacity(par_lot * colonnes);
    for mut row in rows {
        debug_assert_eq!(row.len(), colonnes, "{debut}");
        lot.append(&mut row);
        if lot.len() == par_lot * colonnes {
            total += insert_lot(tx, debut, colonnes, std::mem::take(&mut lot), fin).await?;
        }
    }
    if !lot.is_empty() {
        total += insert_lot(tx, debut, colonnes, lot, fin).await?;
    }
    Ok(total)
}

/// Writes over many rows of a table by large statements. `cles` are the columns that find a row (its `id` first), `colonnes` those
/// that are written; every row has the values of the first, then of the second. The version of each row written grows by one.
/// Gives how many rows were found.
///
/// # Errors
/// The first error of the database.
pub(crate) async fn update_batch(
    tx: &Tx,
    table: &str,
    (cles, colonnes): (&[&str], &[&str]),
    rows: Vec<Vec<Value>>,
) -> Result<u64, StoreError> {
    update_where(tx, table, (cles, colonnes), "", rows).await
}

/// The same for rows that are not taken away.
///
/// # Errors
/// The first error of the database.
pub(crate) async fn update_vivantes(
    tx: &Tx,
    table: &str,
    (cles, colonnes): (&[&str], &[&str]),
    rows: Vec<Vec<Value>>,
) -> Result<u64, StoreError> {
    update_where(tx, table, (cles, colonnes), " AND t.supprime_le IS NULL", rows).await
}

/// The same for rows of which this holds too: ` AND t.…`, or nothing.
///
/// # Errors
/// The first error of the database.
pub(crate) async fn update_where(
    tx: &Tx,
    table: &str,
    (cles, colonnes): (&[&str], &[&str]),
    condition: &str,
    rows: Vec<Vec<Value>>,
) -> Result<u64, StoreError> {
    let noms: Vec<String> = cles.iter().chain(colonnes).map(|c| format!("n_{c}")).collect();
    let joint = |liste: &[&str], lien: &str, dit: fn(&str) -> String| {
        liste.iter().map(|c| dit(c)).collect::<Vec<_>>().join(lien)
    };
    let debut = format!("WITH n ({}) AS (", noms.join(", "));
    let fin = format!(
        ") UPDATE {table} AS t SET {}, version = t.version + 1 FROM n WHERE {}{condition}",
        joint(colonnes, ", ", |c| format!("{c} = n.n_{c}")),
        joint(cles, " AND ", |c| format!("t.{c} = n.n_{c}"))
    );
    insert_batch(tx, &debut, noms.len(), rows, &fin).await
}

/// [`update_batch`] for rows found by a key, `cle`, and the version that was read of them.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub(crate) async fn update_versions(
    tx: &Tx,
    (table, cle): (&str, &str),
    colonnes: &[&str],
    rows: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    let voulues = rows.len() as u64;
    let faites = update_batch(tx, table, (&[cle, "version"], colonnes), rows).await?;
    if faites == voulues { Ok(()) } else { Err(StoreError::Conflict(table.to_owned())) }
}

async fn insert_lot(
    tx: &Tx,
    debut: &str,
    colonnes: usize,
    lot: Vec<Value>,
    fin: &str,
) -> Result<u64, StoreError> {
    let tableaux = match tx.backend() {
        Backend::Sqlite => None,
        Backend::Postgres => {
            (0..colonnes).map(|c| column(lot.iter().skip(c).step_by(colonnes))).collect::<Option<Vec<_>>>()
        }
    };
    let Some(tableaux) = tableaux else {
        let sql = values_sql(tx.backend(), debut, colonnes, lot.len() / colonnes.max(1), fin);
        return tx.exec(&sql, lot).await;
    };
    // One parameter a column: thousands of them cost PostgreSQL most of the time of an insertion.
    let sources: Vec<String> = (1..)
        .zip(&tableaux)
        .map(|(i, (nature, _))| format!("CAST(CAST(${i} AS TEXT) AS {nature}[])"))
        .collect();
    let sql = format!("{debut} SELECT * FROM UNNEST({}) {fin}", sources.join(", "));
    tx.exec(&sql, tableaux.into_iter().map(|(_, texte)| texte.into()).collect()).await
}

/// SQLite looks a `$n` up among all those of the statement, for each one: thousands of them cost their square. It binds
/// a bare `?` at once, which PostgreSQL does not know.
fn values_sql(backend: Backend, debut: &str, colonnes: usize, lignes: usize, fin: &str) -> String {
    use std::fmt::Write as _;
    let mut sql = String::with_capacity(debut.len() + lignes * colonnes * 7);
    sql.push_str(debut);
    sql.push_str(" VALUES ");
    for l in 0..lignes {
        sql.push_str(if l == 0 { "(" } else { ",(" });
        for c in 0..colonnes {
            let virgule = if c == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = match backend {
                Backend::Sqlite => write!(sql, "{virgule}?"),
                Backend::Postgres => write!(sql, "{virgule}${}", l * colonnes + c + 1),
            };
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(fin);
    sql
}

/// A column as a PostgreSQL array: its type, and its text. `None`: of a type that no bulk insertion has.
fn column<'v>(valeurs: impl Iterator<Item = &'v Value>) -> Option<(&'static str, String)> {
    let (mut nature, mut texte) = (None, String::from("{"));
    for (n, v) in valeurs.enumerate() {
        if n > 0 {
            texte.push(',');
        }
        let sienne = match v {
            Value::BigInt(_) => "BIGINT",
            Value::Double(_) => "DOUBLE PRECISION",
            Value::String(_) => "TEXT",
            Value::Bytes(_) => "BYTEA",
            _ => return None,
        };
        if *nature.get_or_insert(sienne) != sienne {
            return None;
        }
        match v {
            Value::BigInt(Some(n)) => write(&mut texte, n),
            Value::Double(Some(x)) => write(&mut texte, x),
            Value::String(Some(s)) => quoted(&mut texte, s),
            Value::Bytes(Some(octets)) => hexadecimal(&mut texte, octets),
            _ => texte.push_str("NULL"),
        }
    }
    texte.push('}');
    Some((nature?, texte))
}

fn write(texte: &mut String, n: &impl std::fmt::Display) {
    use std::fmt::Write as _;
    // Writing to a String cannot fail.
    let _ = write!(texte, "{n}");
}

fn quoted(texte: &mut String, s: &str) {
    texte.push('"');
    for c in s.chars() {
        if matches!(c, '"' | '\\') {
            texte.push('\\');
        }
        texte.push(c);
    }
    texte.push('"');
}

fn hexadecimal(texte: &mut String, octets: &[u8]) {
    use std::fmt::Write as _;
    texte.push_str("\"\\\\x");
    for o in octets {
        // Writing to a String cannot fail.
        let _ = write!(texte, "{o:02x}");
    }
    texte.push('"');
}

/// Indexes taken away from a table, to be made again.
#[derive(Debug)]
#[must_use]
pub struct Index(Vec<String>);

impl Tx {
    /// Takes away the indexes of a table, but those of its keys, before millions of rows are added: made again in one go, in
    /// the order of their keys, they cost far less than row after row ([`Tx::restore_indexes`]).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn drop_indexes(&self, table: &str) -> Result<Index, StoreError> {
        let sql = match self.backend() {
            Backend::Sqlite => {
                "SELECT name AS nom, sql AS definition FROM sqlite_master
                 WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name"
            }
            Backend::Postgres => {
                "SELECT i.indexname AS nom, i.indexdef AS definition FROM pg_indexes i
                 WHERE i.schemaname = current_schema() AND i.tablename = $1
                   AND NOT EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_class k ON k.oid = c.conindid
                                   WHERE k.relname = i.indexname)
                 ORDER BY i.indexname"
            }
        };
        let mut definitions = Vec::new();
        for ligne in self.query(sql, vec![table.to_owned().into()]).await? {
            let lu = |colonne: &str| {
                ligne.reads::<String>(0, colonne).map_err(|_| StoreError::Unreadable("index"))
            };
            self.exec(&format!("DROP INDEX {}", lu("nom")?), vec![]).await?;
            definitions.push(lu("definition")?);
        }
        Ok(Index(definitions))
    }

    /// # Errors
    /// [`StoreError::Conflict`] when the rows added are not unique where they must be.
    pub async fn restore_indexes(&self, index: Index) -> Result<(), StoreError> {
        for definition in index.0 {
            self.exec(&definition, vec![]).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_one_array_whatever_its_texts_hold() {
        let textes = ["", "NULL", "a,b}", "dit « \"oui\" » \\ é", " "].map(|t| Value::from(t.to_owned()));
        let (nature, texte) = column(textes.iter().chain([&Value::String(None)])).expect("texts");
        assert_eq!(
            (nature, texte.as_str()),
            ("TEXT", r#"{"","NULL","a,b}","dit « \"oui\" » \\ é"," ",NULL}"#)
        );
        let nombres = [Value::from(-7_i64), Value::BigInt(None)];
        assert_eq!(column(nombres.iter()), Some(("BIGINT", "{-7,NULL}".to_owned())));
        let octets = [Value::from(vec![0_u8, 255])];
        assert_eq!(column(octets.iter()), Some(("BYTEA", r#"{"\\x00ff"}"#.to_owned())));
        assert_eq!(column([Value::from(0.5)].iter()), Some(("DOUBLE PRECISION", "{0.5}".to_owned())));
        // One type a column, one of those known.
        assert_eq!(column([Value::from(1_i64), Value::from("1".to_owned())].iter()), None);
        assert_eq!(column([Value::from(true)].iter()), None);
    }
}
