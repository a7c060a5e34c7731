//! Whom something concerns, criterion by criterion: one table of the same shape for each kind of thing.

use std::collections::BTreeMap;

use domain::actualites::Audience;
use domain::comptes::Role;
use domain::formations::{Famille, StatutFormation};

use crate::error::StoreError;
use crate::sql::{Sql, Tx, tuples};

/// Where the criteria of a kind of thing are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableAudience {
    /// Name of the table.
    pub table: &'static str,
    /// Its column that says of what.
    pub cle: &'static str,
    /// The table of the things, which says of which session.
    pub parent: &'static str,
}

/// Among the types of course: those that the session calls paramedical.
const PARAMEDICAL: &str = "paramedical";

/// An unknown code reads as what no type fits.
pub(crate) fn famille(code: &str) -> Famille {
    Famille::from_code(code).unwrap_or(Famille::Autre)
}

/// Of everything of a session; what concerns everybody is not in it.
pub(crate) async fn audiences(
    c: &impl Sql,
    t: TableAudience,
    session: i64,
) -> Result<BTreeMap<i64, Audience>, StoreError> {
    let TableAudience { table, cle, parent } = t;
    let criteres: Vec<(i64, String, String)> = tuples(
        c,
        &format!("d.{cle}, d.critere, d.code"),
        &format!("{table} d JOIN {parent} a ON a.id = d.{cle} WHERE a.session_id = $1"),
        vec![session.into()],
    )
    .await?;
    let mut audiences: BTreeMap<i64, Audience> = BTreeMap::new();
    for (objet, critere, code) in criteres {
        read_critere(audiences.entry(objet).or_default(), &critere, code)?;
    }
    Ok(audiences)
}

/// Adds a stored criterion to whom something concerns.
pub(crate) fn read_critere(a: &mut Audience, critere: &str, code: String) -> Result<(), StoreError> {
    match critere {
        "role" => {
            a.roles.insert(Role::from_code(&code).ok_or(StoreError::Unreadable("audience.code"))?);
        }
        "famille" if code == PARAMEDICAL => a.paramedical = true,
        "famille" => {
            a.familles.insert(famille(&code));
        }
        "statut" => {
            a.statuts
                .insert(StatutFormation::from_code(&code).ok_or(StoreError::Unreadable("audience.code"))?);
        }
        _ => {
            a.academies.insert(code);
        }
    }
    Ok(())
}

/// (criterion, code) of an audience, in order.
pub(crate) fn codes(a: &Audience) -> Vec<(&'static str, String)> {
    let roles = a.roles.iter().map(|r| ("role", r.code().to_owned()));
    let familles = a.familles.iter().map(|f| ("famille", f.code().to_owned()));
    let paramedical = a.paramedical.then(|| ("famille", PARAMEDICAL.to_owned()));
    let statuts = a.statuts.iter().map(|s| ("statut", s.code().to_owned()));
    let academies = a.academies.iter().map(|a| ("academie", a.clone()));
    roles.chain(familles).chain(paramedical).chain(statuts).chain(academies).collect()
}

/// Writes an audience in place of the one before.
pub(crate) async fn write_audience(
    tx: &Tx,
    t: TableAudience,
    objet: i64,
    a: &Audience,
) -> Result<(), StoreError> {
    let TableAudience { table, cle, .. } = t;
    tx.exec(&format!("DELETE FROM {table} WHERE {cle} = $1"), vec![objet.into()]).await?;
    for (critere, code) in codes(a) {
        tx.exec(
            &format!("INSERT INTO {table} ({cle}, critere, code) VALUES ($1, $2, $3)"),
            vec![objet.into(), critere.into(), code.into()],
        )
        .await?;
    }
    Ok(())
}
