//! What an accepted request does to a course (R-VIE-01 to 06): closed, not opened this year, moved, merged, handed over.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::candidatures::EtatVoeu;
use sea_orm::Value;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{
    Backend, Params, Sql, Tx, all_among, exec_among, places, tuples, update_batch, update_versions,
};

/// A site of an establishment of a session.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneSiteSession {
    pub public_id: String,
    pub nom: String,
    pub code_postal: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub etablissement_id: i64,
    /// Name, that of the session.
    pub etablissement: String,
}

/// The sites of establishments of a session, by establishment then as they were declared.
///
/// # Errors
/// When the database refuses.
pub async fn sites_of(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<Vec<LigneSiteSession>, StoreError> {
    if etablissements.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = Params::default();
    let session = p.add(session);
    let cles: Vec<String> = etablissements.iter().map(|e| p.add(*e)).collect();
    let sql = format!(
        "SELECT s.public_id, s.nom, s.code_postal, s.commune, s.latitude, s.longitude, es.etablissement_id,
                es.nom AS etablissement
         FROM site_formation s JOIN etablissement_session es ON es.id = s.etablissement_session_id
         WHERE es.session_id = {session} AND es.etablissement_id IN ({}) AND s.supprime_le IS NULL
           AND es.supprime_le IS NULL ORDER BY es.nom, es.id, s.id",
        cles.join(", ")
    );
    c.all(&sql, p.0).await
}

/// Holds courses until the end of the transaction, in the order of their keys, so that two who hold several never wait for each other: a
/// wish added meanwhile waits, and sees them closed ([`crate::candidatures::insert_voeu`]). SQLite has one writer at a time.
///
/// # Errors
/// When the database refuses.
pub async fn hold_formations(tx: &Tx, formations_session: &[i64]) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        let mut cles = formations_session.to_vec();
        cles.sort_unstable();
        let sql = "SELECT id FROM formation_session WHERE id IN (:cles) ORDER BY id FOR UPDATE";
        exec_among(tx, sql, Vec::new(), &cles).await?;
    }
    Ok(())
}

/// Those of these courses that a candidate has a living wish for.
///
/// # Errors
/// When the database refuses.
pub async fn demandees(c: &impl Sql, formations_session: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Demandee {
        id: i64,
    }
    let mut valeurs = Vec::new();
    let etats = places(
        &mut valeurs,
        EtatVoeu::ALL.into_iter().filter(|e| e.is_vivant()).map(|e| e.code().to_owned()),
    );
    // Looked for course by course: the first wish found says it.
    let sql = format!(
        "SELECT fs.id FROM formation_session fs WHERE fs.id IN (:cles) AND EXISTS (
           SELECT 1 FROM voeu v WHERE v.formation_session_id = fs.id AND v.supprime_le IS NULL AND v.etat IN ({etats}))"
    );
    let lues: Vec<Demandee> = all_among(c, &sql, valeurs, formations_session).await?;
    Ok(lues.into_iter().map(|d| d.id).collect())
}

/// Whether a candidate has a living wish for a course.
///
/// # Errors
/// When the database refuses.
pub async fn has_voeu_vivant(c: &impl Sql, formation_session: i64) -> Result<bool, StoreError> {
    Ok(!demandees(c, &[formation_session]).await?.is_empty())
}

/// Accounts of the candidates who have a living wish for a course, after one of them, so many at most: key and address.
///
/// # Errors
/// When the database refuses.
pub async fn comptes_demandeurs(
    c: &impl Sql,
    formation_session: i64,
    apres: i64,
    combien: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut p = Params::default();
    let (formation, apres, combien) = (p.add(formation_session), p.add(apres), p.add(combien));
    let etats: Vec<String> =
        EtatVoeu::ALL.into_iter().filter(|e| e.is_vivant()).map(|e| p.add(e.code().to_owned())).collect();
    tuples(
        c,
        "d.id, d.courriel",
        &format!(
            "(SELECT a.id, a.courriel FROM compte a
              WHERE a.id > {apres} AND a.supprime_le IS NULL AND EXISTS (
                SELECT 1 FROM voeu v JOIN candidat k ON k.id = v.candidat_id
                WHERE k.compte_id = a.id AND v.formation_session_id = {formation} AND v.supprime_le IS NULL
                  AND v.etat IN ({}))
              ORDER BY a.id LIMIT {combien}) d",
            etats.join(", ")
        ),
        p.0,
    )
    .await
}

/// How a course ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fin {
    /// For this session; the next one takes it over.
    Suspension,
    /// For good; the permanent course that takes its place.
    Definitive(Option<i64>),
}

/// A course of a session that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fermeture {
    /// Its key, and the version that was read.
    pub lue: (i64, i64),
    /// Key of the permanent course.
    pub formation: i64,
    pub fin: Fin,
}

/// Closes courses of a session, each over the version that was read; they are no longer reviewed.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn close_formations(tx: &Tx, e: &Ecriture<'_>, fermetures: &[Fermeture]) -> Result<(), StoreError> {
    let (ms, compte) = (e.ms(), e.compte());
    let rows = fermetures.iter().map(|f| {
        let suspendue = i64::from(f.fin == Fin::Suspension);
        vec![
            f.lue.0.into(),
            f.lue.1.into(),
            "fermee".to_owned().into(),
            suspendue.into(),
            ms.into(),
            compte.into(),
        ]
    });
    let colonnes = ["etat", "suspendue", "maj_le", "maj_par"];
    update_versions(tx, (FORMATIONS, "id"), &colonnes, rows.collect()).await?;
    let definitives = fermetures.iter().filter_map(|f| match f.fin {
        Fin::Suspension => None,
        Fin::Definitive(successeur) => {
            Some(vec![f.formation.into(), successeur.into(), ms.into(), compte.into()])
        }
    });
    let colonnes = ["successeur_id", "maj_le", "maj_par"];
    update_batch(tx, "formation", (&["id"], &colonnes), definitives.collect()).await?;
    let cles: Vec<i64> = fermetures.iter().map(|f| f.lue.0).collect();
    super::undo_controles(tx, e, &cles).await
}

const FORMATIONS: &str = "formation_session";

/// Where a course is from now on.
#[derive(Debug, Clone)]
pub struct Deplacement<'a> {
    /// Key of the course of the session, and the version that was read.
    pub lue: (i64, i64),
    pub etablissement: i64,
    pub departement: &'a str,
    pub academie: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
    /// Codes of academies, separated by commas; empty: that of the course.
    pub secteur: &'a str,
    /// `domain::formations::texte_recherche`.
    pub recherche: String,
}

/// Moves courses of a session, each over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn move_formations(
    tx: &Tx,
    e: &Ecriture<'_>,
    deplacements: &[Deplacement<'_>],
) -> Result<(), StoreError> {
    let rows = deplacements.iter().map(|d| -> Vec<Value> {
        vec![
            d.lue.0.into(),
            d.lue.1.into(),
            d.etablissement.into(),
            d.departement.to_owned().into(),
            d.academie.to_owned().into(),
            d.commune.to_owned().into(),
            d.coordonnees.map(|c| c.0).into(),
            d.coordonnees.map(|c| c.1).into(),
            d.secteur.to_owned().into(),
            d.recherche.clone().into(),
            e.ms().into(),
            e.compte().into(),
        ]
    });
    let colonnes = [
        "etablissement_id",
        "departement",
        "academie",
        "commune",
        "latitude",
        "longitude",
        "secteur",
        "recherche",
        "maj_le",
        "maj_par",
    ];
    update_versions(tx, (FORMATIONS, "id"), &colonnes, rows.collect()).await
}

/// A course that another establishment takes over.
#[derive(Debug, Clone, Copy)]
pub struct Cession<'a> {
    pub formation_session: i64,
    /// Key of the permanent course.
    pub formation: i64,
    /// The one that takes it.
    pub etablissement: i64,
    /// Of its course of registration, when others share the former one.
    pub cle: &'a str,
}

/// A role that ends: public identifier of the account, code of the role.
pub type RoleRetire = (String, String);

/// What goes along with courses that other establishments take over: their courses of registration (a new one when others share it), their
/// boarding groups and their conversations. The roles that people of the former establishments hold on them end; gives those of each.
///
/// # Errors
/// When the database refuses.
pub async fn hand_over(
    tx: &Tx,
    e: &Ecriture<'_>,
    cessions: &[Cession<'_>],
) -> Result<Vec<Vec<RoleRetire>>, StoreError> {
    #[derive(FromLigne)]
    struct Retire {
        formation_id: i64,
        compte: String,
        role: String,
    }
    hand_inscriptions(tx, e, cessions).await?;
    let (ms, compte) = (e.ms(), e.compte());
    for table in ["groupe_internat", "fil"] {
        let rows = cessions
            .iter()
            .map(|c| vec![c.formation_session.into(), c.etablissement.into(), ms.into(), compte.into()]);
        let colonnes = ["etablissement_id", "maj_le", "maj_par"];
        update_batch(tx, table, (&["formation_session_id"], &colonnes), rows.collect()).await?;
    }
    let formations: Vec<i64> = cessions.iter().map(|c| c.formation).collect();
    let sql = "SELECT a.formation_id, c.public_id AS compte, a.role FROM attribution a JOIN compte c ON c.id = a.compte_id
               WHERE a.formation_id IN (:cles) AND a.supprime_le IS NULL ORDER BY a.id";
    let mut retires: BTreeMap<i64, Vec<RoleRetire>> = BTreeMap::new();
    for r in all_among::<Retire, _>(tx, sql, Vec::new(), &formations).await? {
        retires.entry(r.formation_id).or_default().push((r.compte, r.role));
    }
    let finies: Vec<i64> = retires.keys().copied().collect();
    let sql = "UPDATE attribution SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
               WHERE formation_id IN (:cles) AND supprime_le IS NULL";
    exec_among(tx, sql, vec![ms.into(), compte.into()], &finies).await?;
    Ok(formations.iter().map(|f| retires.remove(f).unwrap_or_default()).collect())
}

/// The course of registration follows; the last of those that share one keeps it.
async fn hand_inscriptions(tx: &Tx, e: &Ecriture<'_>, cessions: &[Cession<'_>]) -> Result<(), StoreError> {
    #[derive(FromLigne)]
    struct Inscription {
        formation: i64,
        inscription: i64,
        /// Other courses that share it.
        autres: i64,
    }
    let (ms, compte) = (e.ms(), e.compte());
    let formations: Vec<i64> = cessions.iter().map(|c| c.formation).collect();
    let sql = "SELECT f.id AS formation, f.formation_inscription_id AS inscription,
                      (SELECT COUNT(*) FROM formation o WHERE o.formation_inscription_id = f.formation_inscription_id
                         AND o.id <> f.id AND o.supprime_le IS NULL) AS autres
               FROM formation f WHERE f.id IN (:cles)";
    let lues: Vec<Inscription> = all_among(tx, sql, Vec::new(), &formations).await?;
    let siennes: HashMap<i64, i64> = lues.iter().map(|l| (l.formation, l.inscription)).collect();
    let mut autres: HashMap<i64, i64> = lues.iter().map(|l| (l.inscription, l.autres)).collect();
    let (mut suivent, mut nouvelles): (Vec<Vec<Value>>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
    for c in cessions {
        let Some(inscription) = siennes.get(&c.formation) else { continue };
        let Some(reste) = autres.get_mut(inscription).filter(|reste| **reste > 0) else {
            suivent.push(vec![(*inscription).into(), c.etablissement.into(), ms.into(), compte.into()]);
            continue;
        };
        *reste -= 1;
        let (_, mut valeurs) = e.meta();
        valeurs.extend([c.etablissement.into(), c.cle.to_owned().into()]);
        let nouvelle = tx
            .int(
                &format!(
                    "INSERT INTO formation_inscription ({META}, etablissement_id, cle)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
                ),
                valeurs,
            )
            .await?;
        nouvelles.push(vec![c.formation.into(), nouvelle.into(), ms.into(), compte.into()]);
    }
    let colonnes = ["etablissement_id", "maj_le", "maj_par"];
    update_batch(tx, "formation_inscription", (&["id"], &colonnes), suivent).await?;
    let colonnes = ["formation_inscription_id", "maj_le", "maj_par"];
    update_batch(tx, "formation", (&["id"], &colonnes), nouvelles).await.map(|_| ())
}

/// How a closed course ended, for whoever looks for it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFin {
    /// 1: for this session alone.
    pub suspendue: i64,
    /// Public identifier of the course of the session that takes its place.
    pub successeur: Option<String>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub etablissement: Option<String>,
}

/// How a course of a session ended; the course that takes its place when the session has it.
///
/// # Errors
/// When the database refuses.
pub async fn fin(c: &impl Sql, formation_session: i64) -> Result<Option<LigneFin>, StoreError> {
    c.one(
        "SELECT fs.suspendue, s.public_id AS successeur, s.libelle, s.detail, es.nom AS etablissement
         FROM formation_session fs JOIN formation f ON f.id = fs.formation_id
         LEFT JOIN formation_session s
           ON s.formation_id = f.successeur_id AND s.session_id = fs.session_id AND s.supprime_le IS NULL
         LEFT JOIN etablissement_session es ON es.etablissement_id = s.etablissement_id AND es.session_id = s.session_id
         WHERE fs.id = $1",
        vec![formation_session.into()],
    )
    .await
}

/// A course that may take the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJumelle {
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
    pub statut: String,
    pub commune: String,
}

/// The open courses of an establishment in a session, by name.
///
/// # Errors
/// When the database refuses.
pub async fn ouvertes_of(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneJumelle>, StoreError> {
    c.all(
        "SELECT fs.public_id, fs.libelle, fs.detail, f.statut, fs.commune
         FROM formation_session fs JOIN formation f ON f.id = fs.formation_id
         WHERE fs.session_id = $1 AND fs.etablissement_id = $2 AND fs.etat <> 'fermee' AND fs.supprime_le IS NULL
         ORDER BY fs.libelle, fs.detail, fs.id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// The permanent course that takes the place of another one, if any.
///
/// # Errors
/// When the database refuses.
pub async fn successeur(c: &impl Sql, formation: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT successeur_id FROM formation WHERE id = $1 AND successeur_id IS NOT NULL",
        vec![formation.into()],
    )
    .await
}
