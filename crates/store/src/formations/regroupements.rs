//! Groupings of courses, and the ranking groups that they share.

use std::collections::BTreeSet;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among};

/// A grouping of a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRegroupement {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub session_id: i64,
    pub libelle: String,
    /// `aucune`, `epreuves`, `dossier_unique`.
    pub mutualisation: String,
}

/// The grouping of a course, if any.
///
/// # Errors
/// When the database refuses.
pub async fn regroupement_of(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Option<LigneRegroupement>, StoreError> {
    c.one(
        "SELECT r.id, r.public_id, r.version, r.session_id, r.libelle, r.mutualisation
         FROM regroupement_formation rf JOIN regroupement r ON r.id = rf.regroupement_id
         WHERE rf.formation_session_id = $1 AND r.supprime_le IS NULL",
        vec![formation_session.into()],
    )
    .await
}

/// Those of these courses that are in a grouping.
///
/// # Errors
/// When the database refuses.
pub async fn in_regroupement(c: &impl Sql, formations_session: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Membre {
        formation_session_id: i64,
    }
    let sql = "SELECT rf.formation_session_id FROM regroupement_formation rf JOIN regroupement r ON r.id = rf.regroupement_id
               WHERE rf.formation_session_id IN (:cles) AND r.supprime_le IS NULL";
    let lus: Vec<Membre> = all_among(c, sql, Vec::new(), formations_session).await?;
    Ok(lus.into_iter().map(|m| m.formation_session_id).collect())
}

/// A course of a grouping, or one that might enter it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneMembre {
    /// Key of the course of the session.
    pub id: i64,
    pub public_id: String,
    pub formation_id: i64,
    pub etablissement_id: i64,
    pub academie: String,
    pub famille: String,
    pub statut: String,
    pub libelle: String,
    pub detail: String,
    pub commune: String,
    pub departement: String,
    pub selective: i64,
    pub etat: String,
    pub etablissement: String,
    /// Key of its grouping, if any.
    pub regroupement_id: Option<i64>,
    /// Somebody made a wish for it, even withdrawn.
    pub voeux: i64,
}

const MEMBRE: &str = "SELECT fs.id, fs.public_id, fs.formation_id, fs.etablissement_id, fs.academie, fs.famille, f.statut,
            fs.libelle, fs.detail, fs.commune, fs.departement, fs.selective, fs.etat,
            COALESCE(es.nom, '') AS etablissement, rf.regroupement_id,
            CAST(CASE WHEN EXISTS (SELECT 1 FROM voeu v WHERE v.formation_session_id = fs.id) THEN 1 ELSE 0 END AS BIGINT)
              AS voeux
     FROM formation_session fs
     JOIN formation f ON f.id = fs.formation_id
     LEFT JOIN etablissement_session es ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
     LEFT JOIN regroupement_formation rf ON rf.formation_session_id = fs.id";

/// The courses of a grouping, by name.
///
/// # Errors
/// When the database refuses.
pub async fn membres(c: &impl Sql, regroupement: i64) -> Result<Vec<LigneMembre>, StoreError> {
    c.all(
        &format!(
            "{MEMBRE} WHERE rf.regroupement_id = $1 AND fs.supprime_le IS NULL
             ORDER BY fs.libelle, fs.detail, es.nom, fs.id"
        ),
        vec![regroupement.into()],
    )
    .await
}

/// Some courses of a session by their public identifiers, by key; unknown ones are left out.
///
/// # Errors
/// When the database refuses.
pub async fn membres_by_ids(
    c: &impl Sql,
    session: i64,
    ids: &[String],
) -> Result<Vec<LigneMembre>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..=ids.len() + 1).map(|n| format!("${n}")).collect();
    let mut valeurs: Vec<sea_orm::Value> = vec![session.into()];
    valeurs.extend(ids.iter().map(|id| id.clone().into()));
    c.all(
        &format!(
            "{MEMBRE} WHERE fs.session_id = $1 AND fs.supprime_le IS NULL AND fs.public_id IN ({}) ORDER BY fs.id",
            places.join(", ")
        ),
        valeurs,
    )
    .await
}

/// A course of a grouping, with what is said of the grouping.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRegroupee {
    pub regroupement_id: i64,
    pub libelle: String,
    pub mutualisation: String,
    /// Key of the course of the session.
    pub id: i64,
    pub public_id: String,
    pub formation: String,
    pub detail: String,
    pub etablissement: String,
    /// Key of the course that ranks for this one; absent without a ranking group.
    pub porteuse: Option<i64>,
}

/// Every course of the groupings that some courses are in, grouping by grouping.
///
/// # Errors
/// When the database refuses.
pub async fn regroupees(c: &impl Sql, formations_session: &[i64]) -> Result<Vec<LigneRegroupee>, StoreError> {
    let sql = "SELECT r.id AS regroupement_id, r.libelle, r.mutualisation, fs.id, fs.public_id, fs.libelle AS formation, fs.detail,
                    COALESCE(es.nom, '') AS etablissement,
                    (SELECT MIN(g.formation_session_id) FROM groupe_affectation a
                     JOIN groupe_classement g ON g.id = a.groupe_classement_id
                     WHERE a.formation_session_id = fs.id AND a.supprime_le IS NULL AND g.supprime_le IS NULL) AS porteuse
             FROM regroupement r
             JOIN regroupement_formation rf ON rf.regroupement_id = r.id
             JOIN formation_session fs ON fs.id = rf.formation_session_id
             LEFT JOIN etablissement_session es
               ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
             WHERE r.supprime_le IS NULL AND fs.supprime_le IS NULL AND r.id IN (
               SELECT m.regroupement_id FROM regroupement_formation m WHERE m.formation_session_id IN (:cles))
             ORDER BY r.id, fs.id";
    let mut lignes: Vec<LigneRegroupee> = all_among(c, sql, vec![], formations_session).await?;
    lignes.sort_by_key(|l| (l.regroupement_id, l.id));
    lignes.dedup_by_key(|l| l.id);
    Ok(lignes)
}

/// A grouping about to exist.
#[derive(Debug, Clone)]
pub struct NouveauRegroupement<'a> {
    pub session: i64,
    pub libelle: &'a str,
    pub mutualisation: &'a str,
}

/// Adds a grouping; gives its key and its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert_regroupement(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouveauRegroupement<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([n.session.into(), n.libelle.to_owned().into(), n.mutualisation.to_owned().into()]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO regroupement ({META}, session_id, libelle, mutualisation)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("regroupement"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// Writes a grouping over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn save_regroupement(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &NouveauRegroupement<'_>,
) -> Result<(), StoreError> {
    let faits = tx
        .exec(
            "UPDATE regroupement SET libelle = $1, mutualisation = $2, maj_le = $3, maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6 AND supprime_le IS NULL",
            vec![
                n.libelle.to_owned().into(),
                n.mutualisation.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if faits == 1 { Ok(()) } else { Err(StoreError::Conflict("regroupement".to_owned())) }
}

/// Ends a grouping; its courses must have left it.
///
/// # Errors
/// When the database refuses.
pub async fn dissolve_regroupement(tx: &Tx, e: &Ecriture<'_>, id: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE regroupement SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE id = $3 AND supprime_le IS NULL",
        vec![e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// Puts a course in a grouping, or in none.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody has put it in one meanwhile.
pub async fn set_membre(
    tx: &Tx,
    formation_session: i64,
    regroupement: Option<i64>,
) -> Result<(), StoreError> {
    match regroupement {
        Some(r) => tx
            .exec(
                "INSERT INTO regroupement_formation (formation_session_id, regroupement_id) VALUES ($1, $2)",
                vec![formation_session.into(), r.into()],
            )
            .await
            .map(|_| ()),
        None => tx
            .exec(
                "DELETE FROM regroupement_formation WHERE formation_session_id = $1",
                vec![formation_session.into()],
            )
            .await
            .map(|_| ()),
    }
}

/// A ranking group as an assignment group of a course uses it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneGroupePartage {
    /// Key of the assignment group.
    pub affectation: i64,
    pub formation_session_id: i64,
    /// Key of the ranking group.
    pub groupe: i64,
    /// Key of the course that ranks.
    pub porteuse: i64,
    pub series: String,
    pub sans_classement: i64,
    pub taux_min_boursiers: Option<i64>,
    pub taux_max_non_residents: Option<i64>,
}

/// The ranking groups that a course uses, its own or those of another one.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_partages(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Vec<LigneGroupePartage>, StoreError> {
    c.all(
        "SELECT a.id AS affectation, a.formation_session_id, g.id AS groupe, g.formation_session_id AS porteuse, g.series,
                g.sans_classement, g.taux_min_boursiers, g.taux_max_non_residents
         FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
         WHERE a.formation_session_id = $1 AND a.supprime_le IS NULL AND g.supprime_le IS NULL ORDER BY a.id",
        vec![formation_session.into()],
    )
    .await
}

/// Gives a course a ranking group of its own, the copy of the one that it shares.
///
/// # Errors
/// When the database refuses.
pub async fn own_groupe(tx: &Tx, e: &Ecriture<'_>, g: &LigneGroupePartage) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([g.formation_session_id.into(), g.groupe.into()]);
    let copie = tx
        .int(
            &format!(
                "INSERT INTO groupe_classement ({META}, session_id, formation_session_id, libelle, series, sans_classement,
                     taux_min_boursiers, taux_max_non_residents)
                 SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
                     CAST($6 AS TEXT), session_id, CAST($7 AS BIGINT), libelle, series, sans_classement, taux_min_boursiers,
                     taux_max_non_residents
                 FROM groupe_classement WHERE id = $8 RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("groupe_classement"))?;
    point_to(tx, e, g.affectation, copie).await
}

async fn point_to(tx: &Tx, e: &Ecriture<'_>, affectation: i64, groupe: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE groupe_affectation SET groupe_classement_id = $1, maj_le = $2, maj_par = $3, version = version + 1
         WHERE id = $4",
        vec![groupe.into(), e.ms().into(), e.compte().into(), affectation.into()],
    )
    .await
    .map(|_| ())
}

/// The course uses the ranking group of another one; its own, that nobody uses any more, is removed. `taux_differents`: the rates
/// of the two disagreed, they are to be decided again (R-REG-06).
///
/// # Errors
/// When the database refuses.
pub async fn share_groupe(
    tx: &Tx,
    e: &Ecriture<'_>,
    sien: &LigneGroupePartage,
    commun: i64,
    taux_differents: bool,
) -> Result<(), StoreError> {
    point_to(tx, e, sien.affectation, commun).await?;
    tx.exec(
        "UPDATE groupe_classement SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3",
        vec![e.ms().into(), e.compte().into(), sien.groupe.into()],
    )
    .await?;
    if taux_differents {
        tx.exec(
            "UPDATE groupe_classement SET taux_min_boursiers = NULL, taux_max_non_residents = NULL, maj_le = $1, maj_par = $2,
                 version = version + 1
             WHERE id = $3",
            vec![e.ms().into(), e.compte().into(), commun.into()],
        )
        .await?;
    }
    Ok(())
}
