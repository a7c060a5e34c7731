//! Writes on courses.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

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

/// The places of a course are public from now on: the number to call follows, until call data are set by themselves.
///
/// # Errors
/// When the database refuses.
pub async fn call_places(tx: &Tx, e: &Ecriture<'_>, formation_session: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_affectation SET nombre_a_appeler = places, maj_le = $1, maj_par = $2, version = version + 1
         WHERE formation_session_id = $3 AND nombre_a_appeler <> places AND supprime_le IS NULL",
        vec![e.ms().into(), e.compte().into(), formation_session.into()],
    )
    .await
    .map(|_| ())
}

/// Marks a course as published over the version that was read; gives the new version. The values that the public
/// reads are those of [`insert_publication`], to be called with it.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_publiee(tx: &Tx, e: &Ecriture<'_>, id: i64, version: i64) -> Result<i64, StoreError> {
    tx.int(
        "UPDATE formation_session SET etat = 'publiee', publiee_le = $1, maj_le = $1, maj_par = $2,
             version = version + 1
         WHERE id = $3 AND version = $4 AND etat <> 'fermee' RETURNING version",
        vec![e.ms().into(), e.compte().into(), id.into(), version.into()],
    )
    .await?
    .ok_or(StoreError::Conflict("formation_session".to_owned()))
}

/// Whether boarding may be asked for with a course, from now on; its version was raised by whoever publishes it.
///
/// # Errors
/// When the database refuses.
pub async fn set_internat(tx: &Tx, id: i64, internat: bool) -> Result<(), StoreError> {
    let sql = "UPDATE formation_session SET internat = $1 WHERE id = $2";
    tx.exec(sql, vec![i64::from(internat).into(), id.into()]).await.map(|_| ())
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
    let numero = tx
        .int(
            "SELECT COALESCE(MAX(numero), 0) + 1 FROM formation_publication WHERE formation_session_id = $1",
            vec![n.formation_session.into()],
        )
        .await?
        .unwrap_or(1);
    tx.exec(
        "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, publie_par, capacite,
             frais_centimes, presentation, groupes, description)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            n.formation_session.into(),
            numero.into(),
            e.ms().into(),
            e.compte().into(),
            n.capacite.into(),
            n.frais_centimes.into(),
            n.presentation.to_owned().into(),
            n.groupes.to_owned().into(),
            n.description.to_owned().into(),
        ],
    )
    .await?;
    Ok(numero)
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
