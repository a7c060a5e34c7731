//! Rates of ranking groups.

use domain::droits::Scope;
use sea_orm::Value;

use crate::ligne::FromLigne;

use super::perimetre;
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// A ranking group with its rates, its course and its establishment.
#[derive(Debug, Clone, FromLigne)]
pub struct GroupeTaux {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub libelle: String,
    pub taux_min_boursiers: Option<i64>,
    pub taux_max_non_residents: Option<i64>,
    pub formation_session_id: i64,
    pub formation: String,
    pub famille: String,
    pub academie: String,
    /// Codes of the academies of the sector of its course, separated by commas; empty: that of the course.
    pub secteur: String,
    pub etablissement_id: i64,
    pub formation_id: i64,
    pub etablissement: String,
    pub commune: String,
    pub voeux: i64,
}

/// What a list of rates keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreTaux {
    /// Words looked for in the course, the establishment or the town, made by `domain::formations::mots_recherche`.
    pub mots: Vec<String>,
    pub famille: Option<&'static str>,
    pub manquants: bool,
}

const COLONNES: &str =
    "g.id, g.public_id, g.version, g.libelle, g.taux_min_boursiers, g.taux_max_non_residents,
    g.formation_session_id, f.libelle AS formation, f.famille, f.academie, f.secteur, f.etablissement_id, f.formation_id,
    COALESCE(e.nom, '') AS etablissement, f.commune";

/// Wishes of the groups of a page: they are counted once the page is known.
const AVEC_VOEUX: &str = "t.*, (SELECT COUNT(*) FROM voeu v WHERE v.groupe_classement_id = t.id
    AND v.etat IN ('confirme', 'classe', 'en_attente', 'propose', 'accepte')) AS voeux";

/// Groups that take a rate: those that rank, of courses followed as a student.
const SOURCE: &str = "FROM groupe_classement g
    JOIN formation_session f ON f.id = g.formation_session_id AND f.supprime_le IS NULL
    JOIN formation p ON p.id = f.formation_id AND p.statut = 'etudiant'
    LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
    WHERE f.session_id = $1 AND g.session_id = $1 AND g.supprime_le IS NULL AND g.sans_classement = 0
      AND f.etat <> 'fermee'";

fn condition(session: i64, scope: &Scope, filtre: &FiltreTaux) -> (String, Vec<Value>) {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let mut sql = format!("{SOURCE} AND {}", perimetre(scope, &mut valeurs));
    for mot in &filtre.mots {
        valeurs.push(format!("% {mot}%").into());
        sql.push_str(&format!(" AND f.recherche LIKE ${}", valeurs.len()));
    }
    if let Some(famille) = filtre.famille {
        valeurs.push(famille.to_owned().into());
        sql.push_str(&format!(" AND f.famille = ${}", valeurs.len()));
    }
    if filtre.manquants {
        sql.push_str(" AND g.taux_min_boursiers IS NULL");
    }
    (sql, valeurs)
}

/// A page of groups, those without a rate first.
///
/// # Errors
/// When the database refuses.
pub async fn list_taux(
    c: &impl Sql,
    session: i64,
    scope: &Scope,
    filtre: &FiltreTaux,
    limite: i64,
    saut: i64,
) -> Result<Vec<GroupeTaux>, StoreError> {
    let (condition, mut valeurs) = condition(session, scope, filtre);
    valeurs.extend([limite.into(), saut.into()]);
    let n = valeurs.len();
    c.all(
        &format!(
            "SELECT {AVEC_VOEUX} FROM (
                 SELECT {COLONNES} {condition}
                 ORDER BY CASE WHEN g.taux_min_boursiers IS NULL THEN 0 ELSE 1 END, COALESCE(e.nom, ''), f.libelle, g.libelle, g.id
                 LIMIT ${} OFFSET ${n}) t
             ORDER BY CASE WHEN t.taux_min_boursiers IS NULL THEN 0 ELSE 1 END, t.etablissement, t.formation,
                      t.libelle, t.id",
            n - 1
        ),
        valeurs,
    )
    .await
}

/// How many groups a list has, and how many of them have no rate.
///
/// # Errors
/// When the database refuses.
pub async fn count_taux(
    c: &impl Sql,
    session: i64,
    scope: &Scope,
    filtre: &FiltreTaux,
) -> Result<(i64, i64), StoreError> {
    #[derive(FromLigne)]
    struct Compte {
        total: i64,
        manquants: i64,
    }
    let (condition, valeurs) = condition(session, scope, filtre);
    let sql = format!(
        "SELECT COUNT(*) AS total,
                CAST(COALESCE(SUM(CASE WHEN g.taux_min_boursiers IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS manquants
         {condition}"
    );
    let compte: Option<Compte> = c.one(&sql, valeurs).await?;
    Ok(compte.map_or((0, 0), |c| (c.total, c.manquants)))
}

/// One group by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn groupe_taux(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<GroupeTaux>, StoreError> {
    c.one(
        &format!("SELECT {AVEC_VOEUX} FROM (SELECT {COLONNES} {SOURCE} AND g.public_id = $2) t"),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// Keys of the groups that must have the same rates: those of the course, and those of the courses that share one.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_lies(c: &impl Sql, groupe: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Cle {
        id: i64,
    }
    let cles: Vec<Cle> = c
        .all(
            "SELECT DISTINCT g.id FROM groupe_classement g
             LEFT JOIN groupe_affectation a ON a.groupe_classement_id = g.id
             WHERE g.supprime_le IS NULL AND g.sans_classement = 0
               AND (g.formation_session_id = (SELECT formation_session_id FROM groupe_classement WHERE id = $1)
                    OR a.formation_session_id IN
                       (SELECT formation_session_id FROM groupe_affectation WHERE groupe_classement_id = $1))
             ORDER BY g.id",
            vec![groupe.into()],
        )
        .await?;
    Ok(cles.into_iter().map(|c| c.id).collect())
}

/// Sealed scholarship marks of the candidates of some groups: (public identifier, sealed value).
///
/// # Errors
/// When the database refuses.
pub async fn boursiers_scelles(
    c: &impl Sql,
    groupes: &[i64],
) -> Result<Vec<(String, Option<Vec<u8>>)>, StoreError> {
    #[derive(FromLigne)]
    struct Marque {
        public_id: String,
        boursier_chiffre: Option<Vec<u8>>,
    }
    let places: Vec<String> = (1..=groupes.len()).map(|i| format!("${i}")).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let marques: Vec<Marque> = c
        .all(
            &format!(
                "SELECT DISTINCT c.id, c.public_id, c.boursier_chiffre FROM voeu v
                 JOIN candidat c ON c.id = v.candidat_id
                 WHERE v.groupe_classement_id IN ({}) AND v.supprime_le IS NULL
                   AND v.etat IN ('saisi', 'confirme', 'classe', 'en_attente', 'propose', 'accepte')",
                places.join(", ")
            ),
            groupes.iter().map(|&g| g.into()).collect(),
        )
        .await?;
    Ok(marques.into_iter().map(|m| (m.public_id, m.boursier_chiffre)).collect())
}

/// Writes the rates of a group, if it still has this version. Gives false when someone was faster.
///
/// # Errors
/// When the database refuses.
pub async fn set_taux(
    tx: &Tx,
    e: &Ecriture<'_>,
    groupe: i64,
    version: Option<i64>,
    min_boursiers: i64,
    max_non_residents: Option<i64>,
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE groupe_classement SET taux_min_boursiers = $1, taux_max_non_residents = $2, maj_le = $3, maj_par = $4,
                    version = version + 1
             WHERE id = $5 AND ($6 < 0 OR version = $6)",
            vec![
                min_boursiers.into(),
                max_non_residents.into(),
                e.ms().into(),
                e.compte().into(),
                groupe.into(),
                version.unwrap_or(-1).into(),
            ],
        )
        .await?;
    Ok(n == 1)
}

/// Gives the same minimum rate to every group of a list that has none. Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn set_taux_manquants(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    scope: &Scope,
    filtre: &FiltreTaux,
    min_boursiers: i64,
) -> Result<u64, StoreError> {
    let filtre = FiltreTaux { manquants: true, ..filtre.clone() };
    let (condition, mut valeurs) = condition(session, scope, &filtre);
    valeurs.extend([min_boursiers.into(), e.ms().into(), e.compte().into()]);
    let n = valeurs.len();
    tx.exec(
        &format!(
            "UPDATE groupe_classement SET taux_min_boursiers = ${}, maj_le = ${}, maj_par = ${n}, version = version + 1
             WHERE id IN (SELECT g.id {condition})",
            n - 2,
            n - 1
        ),
        valeurs,
    )
    .await
}
