//! Several reads in one exchange with the database.

use std::sync::{Mutex, PoisonError};

use sea_orm::{QueryResult, Value};
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::sql::{Backend, Sql};

/// Reads asked for together (`tokio::try_join!`) go to SQLite in one exchange: there, the way to the thread that answers costs
/// several times what most reads do. PostgreSQL is asked one after the other, as without it.
#[derive(Debug)]
pub struct Groupees<'a, C> {
    c: &'a C,
    demandes: Mutex<Vec<Demande>>,
}

#[derive(Debug)]
struct Demande {
    sql: String,
    params: Vec<Value>,
    rend: oneshot::Sender<Result<Vec<QueryResult>, StoreError>>,
}

/// What is read between two statements asked for together.
const FIN_LOT: &str = "; SELECT 0 AS fin_du_lot; ";

impl<'a, C: Sql> Groupees<'a, C> {
    pub(crate) fn new(c: &'a C) -> Self {
        Self { c, demandes: Mutex::new(Vec::new()) }
    }

    async fn answer(&self, demandes: Vec<Demande>) {
        if demandes.len() > 1 && self.backend() == Backend::Sqlite {
            // Whatever goes wrong together is asked for again one by one, so that each is told its own cause.
            if let Ok(lots) = self.at_once(&demandes).await {
                for (d, lot) in demandes.into_iter().zip(lots) {
                    // Whoever asked may have gone away.
                    let _ = d.rend.send(Ok(lot));
                }
                return;
            }
        }
        for d in demandes {
            let _ = d.rend.send(self.c.query(&d.sql, d.params).await);
        }
    }

    /// One text of many statements, a row of our own after each.
    async fn at_once(&self, demandes: &[Demande]) -> Result<Vec<Vec<QueryResult>>, StoreError> {
        let (mut sql, mut params) = (String::new(), Vec::new());
        for d in demandes {
            shift(&d.sql, params.len(), &mut sql);
            sql.push_str(FIN_LOT);
            params.extend(d.params.iter().cloned());
        }
        let mut lots = Vec::with_capacity(demandes.len());
        let mut lot = Vec::new();
        for ligne in self.c.query(&sql, params).await? {
            if ligne.column_names() == ["fin_du_lot"] {
                lots.push(std::mem::take(&mut lot));
            } else {
                lot.push(ligne);
            }
        }
        if lots.len() == demandes.len() { Ok(lots) } else { Err(StoreError::Unreadable("lot")) }
    }
}

/// Adds a statement with its parameters `$1`… counted from `decalage`.
fn shift(sql: &str, decalage: usize, sortie: &mut String) {
    let mut morceaux = sql.split('$');
    sortie.push_str(morceaux.next().unwrap_or_default());
    for morceau in morceaux {
        let chiffres = morceau.bytes().take_while(u8::is_ascii_digit).count();
        sortie.push('$');
        match morceau[..chiffres].parse::<usize>() {
            Ok(n) => sortie.push_str(&(n + decalage).to_string()),
            Err(_) => sortie.push_str(&morceau[..chiffres]),
        }
        sortie.push_str(&morceau[chiffres..]);
    }
}

impl<C: Sql> Sql for Groupees<'_, C> {
    fn backend(&self) -> Backend {
        self.c.backend()
    }

    fn is_groupe(&self) -> bool {
        true
    }

    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        if self.c.is_groupe() {
            return self.c.query(sql, params).await;
        }
        let (rend, rendu) = oneshot::channel();
        let demande = Demande { sql: sql.to_owned(), params, rend };
        self.demandes.lock().unwrap_or_else(PoisonError::into_inner).push(demande);
        // The others ask meanwhile; the first to come back asks for all.
        tokio::task::yield_now().await;
        let demandes = std::mem::take(&mut *self.demandes.lock().unwrap_or_else(PoisonError::into_inner));
        self.answer(demandes).await;
        rendu
            .await
            .map_err(|_| StoreError::Unavailable("a read asked for with others was given up".to_owned()))?
    }

    async fn exec(&self, sql: &str, params: Vec<Value>) -> Result<u64, StoreError> {
        self.c.exec(sql, params).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Db, Dsn};

    #[test]
    fn parameters_are_counted_from_those_of_the_statements_before() {
        let mut sortie = String::new();
        shift("SELECT $1, $12 WHERE a = '$' OR b = $1", 3, &mut sortie);
        assert_eq!(sortie, "SELECT $4, $15 WHERE a = '$' OR b = $4");
    }

    async fn base(dossier: &tempfile::TempDir) -> Db {
        let db = Db::open(&Dsn::Sqlite(dossier.path().join("essai.sqlite"))).await.unwrap();
        db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, nom TEXT)", vec![]).await.unwrap();
        db.exec("INSERT INTO t VALUES (1, 'un'), (2, 'deux'), (3, NULL)", vec![]).await.unwrap();
        db
    }

    #[tokio::test]
    async fn each_gets_its_own_rows_wherever_it_was_asked_for() {
        let dossier = tempfile::tempdir().unwrap();
        let db = base(&dossier).await;
        let c = &db.groupees();
        let suite = async {
            // One after the other, beside the rest.
            let id = c.int("SELECT id FROM t WHERE nom = $1", vec!["deux".into()]).await?;
            c.text("SELECT nom FROM t WHERE id = $1", vec![id.into()]).await
        };
        let dedans = async {
            let c = &c.groupees();
            tokio::try_join!(
                c.int("SELECT COUNT(*) FROM t WHERE id > $1", vec![1.into()]),
                c.query("SELECT id FROM t ORDER BY id DESC", vec![])
            )
        };
        let (rien, suite, (combien, tous)) = tokio::try_join!(
            c.text("SELECT nom FROM t WHERE id = $1 AND nom <> $2", vec![9.into(), "".into()]),
            suite,
            dedans
        )
        .unwrap();
        assert_eq!((rien, suite, combien), (None, Some("deux".to_owned()), Some(2)));
        let ids: Vec<i64> = tous.iter().map(|l| l.try_get_by_index(0).unwrap()).collect();
        assert_eq!(ids, [3, 2, 1]);
    }

    #[tokio::test]
    async fn one_that_fails_is_told_its_own_cause() {
        let dossier = tempfile::tempdir().unwrap();
        let db = base(&dossier).await;
        let c = &db.groupees();
        let (juste, fautive) =
            tokio::join!(c.int("SELECT COUNT(*) FROM t", vec![]), c.int("SELECT x FROM absente", vec![]),);
        assert_eq!(juste.unwrap(), Some(3));
        assert!(fautive.unwrap_err().to_string().contains("absente"));
    }
}
