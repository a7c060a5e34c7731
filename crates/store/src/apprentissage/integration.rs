//! The course that a record becomes, and the decisions about records.

use sea_orm::Value;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, tuples, update_batch, update_versions};

/// A record that has, or is to have, a course.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct FicheAIntegrer {
    pub id: i64,
    pub version: i64,
    pub public_id: String,
    pub identifiant: String,
    pub cle: Option<String>,
    /// JSON of its fields.
    pub contenu: String,
    pub statut: String,
    pub raison: Option<String>,
    pub en_ligne: i64,
    /// Key of the settings of its course; the following values are then theirs.
    pub formation_session_id: Option<i64>,
    pub formation_public_id: Option<String>,
    pub formation_id: Option<i64>,
    pub formation_version: Option<i64>,
    pub etat: Option<String>,
    pub suspendue: Option<i64>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub departement: Option<String>,
    pub commune: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Code of its establishment in the national register.
    pub etablissement_uai: Option<String>,
    /// The same, as the session says it.
    pub etablissement: Option<String>,
    pub etablissement_departement: Option<String>,
    pub etablissement_commune: Option<String>,
    pub etablissement_latitude: Option<f64>,
    pub etablissement_longitude: Option<f64>,
}

const A_INTEGRER: &str = "SELECT f.id, f.version, f.public_id, f.identifiant, p.cle, f.contenu, f.statut, f.raison, f.en_ligne, f.formation_session_id,
                fs.public_id AS formation_public_id, fs.formation_id, fs.version AS formation_version, fs.etat,
                fs.suspendue, fs.libelle, fs.detail, fs.departement, fs.commune, fs.latitude, fs.longitude,
                et.uai AS etablissement_uai, es.nom AS etablissement, es.departement AS etablissement_departement, es.commune AS etablissement_commune,
                es.latitude AS etablissement_latitude, es.longitude AS etablissement_longitude
         FROM fiche_apprentissage f
         LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
         LEFT JOIN formation p ON p.id = fs.formation_id
         LEFT JOIN etablissement et ON et.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id AND es.supprime_le IS NULL
         WHERE f.supprime_le IS NULL";

/// Of the session `$1`, those that are ready, and those that have a course.
pub(super) const LESQUELLES: &str = "f.session_id = $1 AND f.supprime_le IS NULL
           AND (f.statut = 'pret_pour_integration' OR f.formation_session_id IS NOT NULL)";

/// Those that are ready, and those that have a course, by key. Held apart from the reading ([`super::hold_fiches`]): what was being decided
/// is read as it is once the wait is over.
///
/// # Errors
/// When the database refuses.
pub async fn a_integrer(c: &impl Sql, session: i64) -> Result<Vec<FicheAIntegrer>, StoreError> {
    c.all(&format!("{A_INTEGRER} AND {LESQUELLES} ORDER BY f.id"), vec![session.into()]).await
}

/// Those of these keys, as they are now.
///
/// # Errors
/// When the database refuses.
pub async fn a_integrer_seules(c: &impl Sql, fiches: &[i64]) -> Result<Vec<FicheAIntegrer>, StoreError> {
    all_among(c, &format!("{A_INTEGRER} AND f.id IN (:cles)"), vec![], fiches).await
}

/// An establishment, with its name in a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct EtablissementNomme {
    pub id: i64,
    pub uai: String,
    pub public_id: String,
    /// Its code where the session does not have it.
    pub nom: String,
}

/// The establishments of these codes.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements_by_uai(
    c: &impl Sql,
    session: i64,
    uais: &[String],
) -> Result<Vec<EtablissementNomme>, StoreError> {
    let sql = "SELECT e.id, e.uai, e.public_id, COALESCE(s.nom, e.uai) AS nom
             FROM etablissement e LEFT JOIN etablissement_session s
               ON s.etablissement_id = e.id AND s.session_id = $1 AND s.supprime_le IS NULL
             WHERE e.uai IN (:cles) ORDER BY e.uai";
    all_among(c, sql, vec![session.into()], uais).await
}

/// What the table `import` calls an integration.
pub const INTEGRATION: &str = "integration";

/// When records were last integrated in a session, in milliseconds.
///
/// # Errors
/// When the database refuses.
pub async fn last_integration(c: &impl Sql, session: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT MAX(cree_le) FROM import WHERE nature = $1 AND session_id = $2",
        vec![INTEGRATION.to_owned().into(), session.into()],
    )
    .await
}

/// What an integration did.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct IntegrationFaite {
    /// UTC milliseconds.
    pub cree_le: i64,
    /// JSON of its counts.
    pub bilan: String,
}

/// The last one of a session.
///
/// # Errors
/// When the database refuses.
pub async fn derniere_integration(
    c: &impl Sql,
    session: i64,
) -> Result<Option<IntegrationFaite>, StoreError> {
    c.one(
        "SELECT cree_le, bilan FROM import WHERE nature = $1 AND session_id = $2 ORDER BY id DESC LIMIT 1",
        vec![INTEGRATION.to_owned().into(), session.into()],
    )
    .await
}

/// Whether [`a_integrer`] gives any.
///
/// # Errors
/// When the database refuses.
pub async fn has_a_integrer(c: &impl Sql, session: i64) -> Result<bool, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM fiche_apprentissage WHERE session_id = $1 AND supprime_le IS NULL
               AND (statut = 'pret_pour_integration' OR formation_session_id IS NOT NULL)",
            vec![session.into()],
        )
        .await?;
    Ok(n.unwrap_or(0) > 0)
}

/// What integration last did of the courses of closed ones among the records of a session, by record: as the history keeps it.
///
/// # Errors
/// When the database refuses.
pub async fn last_acts(c: &impl Sql, session: i64) -> Result<Vec<(i64, String)>, StoreError> {
    tuples(
        c,
        "f.id, v.detail",
        "fiche_apprentissage f
         JOIN formation_session fs ON fs.id = f.formation_session_id AND fs.etat = 'fermee'
         JOIN evenement_apprentissage v ON v.id = (
             SELECT MAX(d.id) FROM evenement_apprentissage d WHERE d.fiche_apprentissage_id = f.id
               AND d.detail IN ('{\"quoi\":\"integration\"}', '{\"quoi\":\"publication\"}', '{\"quoi\":\"mise_a_jour\"}',
                                '{\"quoi\":\"fermeture\"}', '{\"quoi\":\"suspension\"}', '{\"quoi\":\"cession\"}'))
         WHERE f.session_id = $1 AND f.supprime_le IS NULL",
        vec![session.into()],
    )
    .await
}

/// Gives records their courses, each over the version that was read of it: keys of both.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn attach(tx: &Tx, e: &Ecriture<'_>, courses: &[((i64, i64), i64)]) -> Result<(), StoreError> {
    let row = |((fiche, version), formation_session): &((i64, i64), i64)| -> Vec<Value> {
        vec![
            (*fiche).into(),
            (*version).into(),
            (*formation_session).into(),
            e.ms().into(),
            e.compte().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = courses.iter().map(row).collect();
    update_versions(tx, (FICHES, "id"), &["formation_session_id", "maj_le", "maj_par"], rows).await
}

/// Opens the courses of records from an instant to the first one too late, in milliseconds.
///
/// # Errors
/// When the database refuses.
pub async fn open_until(
    tx: &Tx,
    e: &Ecriture<'_>,
    fiches: &[i64],
    (le, jusqu_a): (i64, i64),
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = fiches
        .iter()
        .map(|fiche| vec![(*fiche).into(), le.into(), jusqu_a.into(), e.ms().into(), e.compte().into()])
        .collect();
    let colonnes = ["rouverte_le", "rouverte_jusqu_a", "maj_le", "maj_par"];
    update_batch(tx, FICHES, (&["id"], &colonnes), rows).await.map(|_| ())
}

/// What the records of a course opened of it: from and to, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct OuvertureFiche {
    pub rouverte_le: i64,
    pub rouverte_jusqu_a: i64,
}

/// Those of a course of a session, past ones included.
///
/// # Errors
/// When the database refuses.
pub async fn ouvertures_fiches(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Vec<OuvertureFiche>, StoreError> {
    let lues = ouvertures_fiches_of(c, &[formation_session]).await?;
    Ok(lues.into_iter().map(|(_, ouverture)| ouverture).collect())
}

/// The same of many courses: (key of the course, what is open again), in the order of the records.
///
/// # Errors
/// When the database refuses.
pub async fn ouvertures_fiches_of(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<(i64, OuvertureFiche)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
        #[ligne(incluse)]
        ouverture: OuvertureFiche,
    }
    let sql = "SELECT formation_session_id, rouverte_le, rouverte_jusqu_a FROM fiche_apprentissage
             WHERE formation_session_id IN (:cles) AND rouverte_le IS NOT NULL AND rouverte_jusqu_a IS NOT NULL
               AND supprime_le IS NULL ORDER BY id";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| (l.formation_session_id, l.ouverture)).collect())
}

/// Where a record stands from now on.
#[derive(Debug, Clone)]
pub struct NouveauStatut {
    pub statut: &'static str,
    pub raison: Option<String>,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
    pub en_ligne: bool,
}

/// Writes it over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_statut(
    tx: &Tx,
    e: &Ecriture<'_>,
    lue: (i64, i64),
    n: NouveauStatut,
) -> Result<(), StoreError> {
    set_statuts(tx, e, &[(lue, n)]).await
}

/// The same for many records, each over the version that was read of it.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn set_statuts(
    tx: &Tx,
    e: &Ecriture<'_>,
    statuts: &[((i64, i64), NouveauStatut)],
) -> Result<(), StoreError> {
    let row = |((id, version), n): &((i64, i64), NouveauStatut)| -> Vec<Value> {
        vec![
            (*id).into(),
            (*version).into(),
            n.statut.to_owned().into(),
            n.raison.clone().into(),
            n.doublon_de.clone().into(),
            i64::from(n.en_ligne).into(),
            e.ms().into(),
            e.compte().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = statuts.iter().map(row).collect();
    let colonnes = ["statut", "raison", "doublon_de", "en_ligne", "maj_le", "maj_par"];
    update_versions(tx, (FICHES, "id"), &colonnes, rows).await
}

const FICHES: &str = "fiche_apprentissage";

/// What the catalogue owns of a course.
#[derive(Debug, Clone)]
pub struct PartDuCatalogue {
    pub libelle: String,
    pub departement: &'static str,
    pub academie: &'static str,
    pub commune: String,
    pub coordonnees: Option<(f64, f64)>,
    /// `domain::formations::texte_recherche`.
    pub recherche: String,
    /// A closed course comes back as a draft.
    pub rouvre: bool,
}

/// Writes it of many courses, each over the version that was read of it. Who wrote the rest last stays: it was not the catalogue.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn update_parts(
    tx: &Tx,
    e: &Ecriture<'_>,
    parts: &[((i64, i64), PartDuCatalogue)],
) -> Result<(), StoreError> {
    let row = |((id, version), n): &((i64, i64), PartDuCatalogue)| -> Vec<Value> {
        let mut row: Vec<Value> = vec![
            (*id).into(),
            (*version).into(),
            n.libelle.clone().into(),
            n.departement.to_owned().into(),
            n.academie.to_owned().into(),
            n.commune.clone().into(),
            n.coordonnees.map(|c| c.0).into(),
            n.coordonnees.map(|c| c.1).into(),
            n.recherche.clone().into(),
            e.ms().into(),
        ];
        if n.rouvre {
            row.extend(["brouillon".to_owned().into(), 0_i64.into()]);
        }
        row
    };
    let colonnes = [
        "libelle",
        "departement",
        "academie",
        "commune",
        "latitude",
        "longitude",
        "recherche",
        "maj_le",
        "etat",
        "suspendue",
    ];
    for (rouvre, colonnes) in [(false, &colonnes[..8]), (true, &colonnes[..])] {
        let rows: Vec<Vec<Value>> = parts.iter().filter(|(_, n)| n.rouvre == rouvre).map(row).collect();
        update_versions(tx, ("formation_session", "id"), colonnes, rows).await?;
    }
    Ok(())
}
