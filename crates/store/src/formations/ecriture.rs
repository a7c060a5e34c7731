//! Writes on courses.

use std::collections::HashMap;

use sea_orm::Value;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, exec_among, insert_batch, update_where};

/// A permanent course.
#[derive(Debug, Clone)]
pub struct NouvelleFormation<'a> {
    pub etablissement: i64,
    /// Public code, or the composed identity.
    pub cle: &'a str,
    pub g_ta_cod: Option<i64>,
    pub identite_incertaine: bool,
    /// `etudiant` or `apprentissage`.
    pub statut: &'a str,
}

/// Adds a permanent course with its course of registration; gives its key.
///
/// # Errors
/// [`StoreError::Conflict`] when the key exists.
pub async fn insert_formation(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleFormation<'_>,
) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([n.etablissement.into(), n.cle.to_owned().into()]);
    let inscription = tx
        .int(
            &format!(
                "INSERT INTO formation_inscription ({META}, etablissement_id, cle)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("formation_inscription"))?;
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        inscription.into(),
        n.cle.to_owned().into(),
        n.g_ta_cod.into(),
        i64::from(n.identite_incertaine).into(),
        n.statut.to_owned().into(),
    ]);
    tx.int(
        &format!(
            "INSERT INTO formation ({META}, formation_inscription_id, cle, g_ta_cod, identite_incertaine, statut)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("formation"))
}

/// The settings of a course for a session.
#[derive(Debug, Clone)]
pub struct NouvelleFormationSession<'a> {
    pub formation: i64,
    pub session: i64,
    pub etablissement: i64,
    pub precedente: Option<i64>,
    pub famille: &'a str,
    pub libelle: &'a str,
    pub detail: &'a str,
    pub selective: bool,
    pub departement: &'a str,
    pub academie: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub internat: bool,
    pub presentation: &'a str,
    /// `domain::formations::texte_recherche`.
    pub recherche: &'a str,
}

/// Adds a course to a session as a draft; gives its key and public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when the session already has it.
pub async fn insert_formation_session(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelleFormationSession<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.formation.into(),
        n.session.into(),
        n.etablissement.into(),
        n.precedente.into(),
        n.famille.to_owned().into(),
        n.libelle.to_owned().into(),
        n.detail.to_owned().into(),
        i64::from(n.selective).into(),
        n.departement.to_owned().into(),
        n.academie.to_owned().into(),
        n.commune.to_owned().into(),
        n.coordonnees.map(|c| c.0).into(),
        n.coordonnees.map(|c| c.1).into(),
        n.capacite.into(),
        n.frais_centimes.into(),
        i64::from(n.internat).into(),
        n.presentation.to_owned().into(),
        n.recherche.to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO formation_session ({META}, formation_id, session_id, etablissement_id, precedente_id, famille,
                     libelle, detail, selective, departement, academie, commune, latitude, longitude, capacite,
                     frais_centimes, internat, presentation, recherche, etat)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                     $22, $23, $24, 'brouillon') RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("formation_session"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// A ranking group and its places in one course.
#[derive(Debug, Clone)]
pub struct NouveauGroupe<'a> {
    pub session: i64,
    pub formation_session: i64,
    pub libelle: &'a str,
    /// `tous`, or codes of `TypeBac` separated by commas.
    pub series: &'a str,
    pub sans_classement: bool,
    pub places: i64,
}

/// Adds a ranking group with its assignment group; gives the key and public identifier of the ranking group.
///
/// # Errors
/// When the database refuses.
pub async fn insert_groupe(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouveauGroupe<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.session.into(),
        n.formation_session.into(),
        n.libelle.to_owned().into(),
        n.series.to_owned().into(),
        i64::from(n.sans_classement).into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO groupe_classement ({META}, session_id, formation_session_id, libelle, series, sans_classement)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("groupe_classement"))?;
    let (_, mut valeurs) = e.meta();
    valeurs.extend([id.into(), n.formation_session.into(), n.places.into(), n.places.into()]);
    tx.exec(
        &format!(
            "INSERT INTO groupe_affectation ({META}, groupe_classement_id, formation_session_id, places, nombre_a_appeler)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        valeurs,
    )
    .await?;
    Ok((id, public_id.as_str().to_owned()))
}

/// Writes the draft settings of a course over the version that was read; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn save_parametrage(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    capacite: Option<i64>,
    frais_centimes: Option<i64>,
    presentation: &str,
) -> Result<i64, StoreError> {
    tx.int(
        "UPDATE formation_session SET capacite = $1, frais_centimes = $2, presentation = $3, maj_le = $4, maj_par = $5,
             version = version + 1
         WHERE id = $6 AND version = $7 RETURNING version",
        vec![
            capacite.into(),
            frais_centimes.into(),
            presentation.to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            id.into(),
            version.into(),
        ],
    )
    .await?
    .ok_or(StoreError::Conflict("formation_session".to_owned()))
}

/// Writes the draft places of an assignment group. The number to call waits for [`call_places`].
///
/// # Errors
/// When the database refuses.
pub async fn save_places(tx: &Tx, e: &Ecriture<'_>, affectation: i64, places: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_affectation SET places = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
        vec![places.into(), e.ms().into(), e.compte().into(), affectation.into()],
    )
    .await
    .map(|_| ())
}

/// The places of these courses are public from now on: the numbers to call follow, until call data are set by themselves.
///
/// # Errors
/// When the database refuses.
pub async fn call_places(tx: &Tx, e: &Ecriture<'_>, formations_session: &[i64]) -> Result<(), StoreError> {
    let sql = "UPDATE groupe_affectation SET nombre_a_appeler = places, maj_le = $1, maj_par = $2, version = version + 1
               WHERE formation_session_id IN (:cles) AND nombre_a_appeler <> places AND supprime_le IS NULL";
    exec_among(tx, sql, vec![e.ms().into(), e.compte().into()], formations_session).await.map(|_| ())
}

/// Marks courses as published, each found by its key and the version that was read. The values that the public
/// reads are those of [`insert_publications`], to be called with it.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn set_publiees(tx: &Tx, e: &Ecriture<'_>, lues: &[(i64, i64)]) -> Result<(), StoreError> {
    let rows = lues.iter().map(|(id, version)| -> Vec<Value> {
        vec![
            (*id).into(),
            (*version).into(),
            "publiee".to_owned().into(),
            e.ms().into(),
            e.ms().into(),
            e.compte().into(),
        ]
    });
    let colonnes = ["etat", "publiee_le", "maj_le", "maj_par"];
    let trouve: (&[&str], &[&str]) = (&["id", "version"], &colonnes);
    let faites =
        update_where(tx, "formation_session", trouve, " AND t.etat <> 'fermee'", rows.collect()).await?;
    if faites == lues.len() as u64 {
        Ok(())
    } else {
        Err(StoreError::Conflict("formation_session".to_owned()))
    }
}

/// Whether boarding may be asked for with these courses, from now on; their versions were raised by whoever publishes them.
///
/// # Errors
/// When the database refuses.
pub async fn set_internat(tx: &Tx, formations_session: &[i64], internat: bool) -> Result<(), StoreError> {
    let sql = "UPDATE formation_session SET internat = $1 WHERE id IN (:cles)";
    exec_among(tx, sql, vec![i64::from(internat).into()], formations_session).await.map(|_| ())
}

/// What the public reads from now on.
#[derive(Debug, Clone)]
pub struct NouvellePublication<'a> {
    pub formation_session: i64,
    pub capacite: i64,
    pub frais_centimes: i64,
    pub presentation: &'a str,
    /// JSON of the places by group: `[{"libelle": "…", "places": 12}]`.
    pub groupes: &'a str,
    /// JSON by code of field.
    pub description: &'a str,
}

/// Adds a publication after the last one; gives its number.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel publication took the number.
pub async fn insert_publication(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvellePublication<'_>,
) -> Result<i64, StoreError> {
    let numeros = insert_publications(tx, e, std::slice::from_ref(n)).await?;
    numeros.first().copied().ok_or(StoreError::NotFound("formation_publication"))
}

/// Adds a publication to each of these courses, after its last one; gives their numbers, in their order. A course is named once.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel publication took a number.
pub async fn insert_publications(
    tx: &Tx,
    e: &Ecriture<'_>,
    nouvelles: &[NouvellePublication<'_>],
) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Derniere {
        formation_session_id: i64,
        numero: i64,
    }
    let cles: Vec<i64> = nouvelles.iter().map(|n| n.formation_session).collect();
    let sql = "SELECT formation_session_id, MAX(numero) AS numero FROM formation_publication
               WHERE formation_session_id IN (:cles) GROUP BY formation_session_id";
    let lues: Vec<Derniere> = all_among(tx, sql, vec![], &cles).await?;
    let dernieres: HashMap<i64, i64> = lues.into_iter().map(|d| (d.formation_session_id, d.numero)).collect();
    let numeros: Vec<i64> = cles.iter().map(|cle| dernieres.get(cle).map_or(1, |n| n + 1)).collect();
    let rows = nouvelles.iter().zip(&numeros).map(|(n, numero)| -> Vec<Value> {
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            n.formation_session.into(),
            (*numero).into(),
            e.ms().into(),
            e.compte().into(),
            n.capacite.into(),
            n.frais_centimes.into(),
            n.presentation.to_owned().into(),
            n.groupes.to_owned().into(),
            n.description.to_owned().into(),
        ]
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let debut = "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, publie_par, capacite,
                     frais_centimes, presentation, groupes, description)";
    insert_batch(tx, debut, 10, rows, "").await?;
    Ok(numeros)
}

/// Adds the figures of a permanent course for a past session.
///
/// # Errors
/// [`StoreError::Conflict`] when the year has them.
pub async fn insert_statistique(
    tx: &Tx,
    e: &Ecriture<'_>,
    formation: i64,
    s: &super::LigneStatistique,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        formation.into(),
        s.annee.into(),
        s.capacite.into(),
        s.candidats.into(),
        s.propositions.into(),
        s.acceptations.into(),
        s.chiffres.clone().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO statistique_formation ({META}, formation_id, annee, capacite, candidats, propositions,
                 acceptations, chiffres)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}
