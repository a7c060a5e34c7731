//! What an accepted request changes in the definition of a course (R-VIE-09, R-VIE-10, R-VIE-14): its ranking groups, its sector, what it
//! is called and is.

use super::{LigneGroupe, NouveauGroupe, groupes, groupes_partages, insert_groupe, save_places};
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// A ranking group as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupeRedefini {
    pub libelle: String,
    /// `tous`, or codes of `TypeBac` separated by commas.
    pub series: String,
    pub places: i64,
}

/// Gives a course that nobody wishes these ranking groups and no other, recognised by their label, with their places; those that are
/// new have the rates of the others when these agree. The numbers to call wait for a publication. Gives them as they are then.
///
/// # Errors
/// When the database refuses.
pub async fn redefine_groupes(
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, formation_session): (i64, i64),
    voulus: &[GroupeRedefini],
) -> Result<Vec<LigneGroupe>, StoreError> {
    let anciens = groupes(tx, formation_session).await?;
    let mut taux: Vec<(Option<i64>, Option<i64>)> = groupes_partages(tx, formation_session)
        .await?
        .iter()
        .map(|g| (g.taux_min_boursiers, g.taux_max_non_residents))
        .collect();
    taux.dedup();
    let commun = if let [commun] = taux[..] { commun } else { (None, None) };
    let sans_classement = anciens.iter().any(|g| g.sans_classement == 1);
    for g in voulus {
        match anciens.iter().find(|a| a.libelle == g.libelle) {
            Some(ancien) => set_series(tx, e, ancien.id, &g.series).await?,
            None => {
                let nouveau = NouveauGroupe {
                    session,
                    formation_session,
                    libelle: &g.libelle,
                    series: &g.series,
                    sans_classement,
                    places: 0,
                };
                let (cle, _) = insert_groupe(tx, e, &nouveau).await?;
                set_taux(tx, e, cle, commun).await?;
            }
        }
    }
    for a in anciens.iter().filter(|a| !voulus.iter().any(|g| g.libelle == a.libelle)) {
        remove(tx, e, a).await?;
    }
    for g in groupes(tx, formation_session).await? {
        if let Some(voulu) = voulus.iter().find(|v| v.libelle == g.libelle) {
            save_places(tx, e, g.affectation_id, voulu.places).await?;
        }
    }
    groupes(tx, formation_session).await
}

async fn set_series(tx: &Tx, e: &Ecriture<'_>, groupe: i64, series: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_classement SET series = $1, maj_le = $2, maj_par = $3, version = version + 1
         WHERE id = $4 AND series <> $1",
        vec![series.to_owned().into(), e.ms().into(), e.compte().into(), groupe.into()],
    )
    .await
    .map(|_| ())
}

async fn set_taux(
    tx: &Tx,
    e: &Ecriture<'_>,
    groupe: i64,
    (min_boursiers, max_non_residents): (Option<i64>, Option<i64>),
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_classement SET taux_min_boursiers = $1, taux_max_non_residents = $2, maj_le = $3, maj_par = $4
         WHERE id = $5",
        vec![
            min_boursiers.into(),
            max_non_residents.into(),
            e.ms().into(),
            e.compte().into(),
            groupe.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Whatever wishes it still has are dead ones: they keep the name of their group.
async fn remove(tx: &Tx, e: &Ecriture<'_>, g: &LigneGroupe) -> Result<(), StoreError> {
    for (table, cle) in [("groupe_affectation", g.affectation_id), ("groupe_classement", g.id)] {
        tx.exec(
            &format!(
                "UPDATE {table} SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3"
            ),
            vec![e.ms().into(), e.compte().into(), cle.into()],
        )
        .await?;
    }
    Ok(())
}

/// Gives a course its sector over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_secteur(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    secteur: &str,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE formation_session SET secteur = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $4 AND version = $5",
            vec![secteur.to_owned().into(), e.ms().into(), e.compte().into(), id.into(), version.into()],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("formation_session".to_owned())) }
}

/// What a course is called and is from now on.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'a> {
    /// Key of the course of the session, and the version that was read.
    pub lue: (i64, i64),
    /// Key of the permanent course.
    pub formation: i64,
    pub libelle: &'a str,
    pub detail: &'a str,
    /// `etudiant` or `apprentissage`.
    pub statut: &'a str,
    pub selective: bool,
    /// Codes of academies, separated by commas; empty: that of the course.
    pub secteur: &'a str,
    /// `domain::formations::texte_recherche`.
    pub recherche: &'a str,
}

/// Writes what a course is called and is over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn correct_formation(tx: &Tx, e: &Ecriture<'_>, c: &Correction<'_>) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE formation_session SET libelle = $1, detail = $2, selective = $3, secteur = $4, recherche = $5, maj_le = $6,
                 maj_par = $7, version = version + 1
             WHERE id = $8 AND version = $9",
            vec![
                c.libelle.to_owned().into(),
                c.detail.to_owned().into(),
                i64::from(c.selective).into(),
                c.secteur.to_owned().into(),
                c.recherche.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                c.lue.0.into(),
                c.lue.1.into(),
            ],
        )
        .await?;
    if fait != 1 {
        return Err(StoreError::Conflict("formation_session".to_owned()));
    }
    tx.exec(
        "UPDATE formation SET statut = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4 AND statut <> $1",
        vec![c.statut.to_owned().into(), e.ms().into(), e.compte().into(), c.formation.into()],
    )
    .await
    .map(|_| ())
}

/// Whether another session has a permanent course.
///
/// # Errors
/// When the database refuses.
pub async fn in_other_session(c: &impl Sql, formation: i64, session: i64) -> Result<bool, StoreError> {
    let une = c
        .int(
            "SELECT id FROM formation_session WHERE formation_id = $1 AND session_id <> $2 AND supprime_le IS NULL LIMIT 1",
            vec![formation.into(), session.into()],
        )
        .await?;
    Ok(une.is_some())
}

/// Publishes again what the public reads of a course, as it is, with the correction of its identity, in JSON: the history says it. A
/// course that was never published has nothing to say.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel publication took the number.
pub async fn publish_identity(
    tx: &Tx,
    e: &Ecriture<'_>,
    formation_session: i64,
    identite: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, publie_par, capacite, frais_centimes,
             presentation, groupes, description, identite)
         SELECT CAST($1 AS TEXT), p.formation_session_id, p.numero + 1, CAST($2 AS BIGINT), CAST($3 AS BIGINT), p.capacite,
                p.frais_centimes, p.presentation, p.groupes, p.description, CAST($4 AS TEXT)
         FROM formation_publication p
         WHERE p.formation_session_id = $5
           AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = $5)",
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            identite.to_owned().into(),
            formation_session.into(),
        ],
    )
    .await
    .map(|_| ())
}
