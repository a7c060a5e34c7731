//! Settings of an establishment in a session, with its components, sites, open days and heads.

use domain::droits::Scope;
use sea_orm::Value;

use super::listes::{composantes_of, journees_of, sites_of};
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, poses};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, all_among, exec_among};

/// What a session says of an establishment.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneParametrage {
    /// Key of the row of the session.
    pub id: i64,
    pub version: i64,
    pub maj_le: i64,
    /// Name of whoever changed it last, when it is a person.
    pub maj_par: Option<String>,
    /// Key of the permanent establishment, and its public identifier.
    pub etablissement_id: i64,
    pub etablissement: String,
    pub uai: String,
    pub nom: String,
    /// Code of the legal status.
    pub statut: String,
    /// Code of the ministry; empty while nobody said it.
    pub tutelle: String,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub site_web: Option<String>,
    pub sigle: String,
    pub adresse: String,
    pub code_postal: String,
    pub telephone: String,
    pub courriel: String,
    pub accessibilite: String,
    pub referent_nom: String,
    pub referent_courriel: String,
    pub referent_telephone: String,
    /// Code, empty while nobody answered.
    pub internat: String,
    pub internat_places: Option<i64>,
    pub boursiers: Option<i64>,
    /// Key of the head confirmed for the session.
    pub chef_confirme: Option<i64>,
    pub chef_confirme_le: Option<i64>,
}

const PARAMETRAGE: &str = "SELECT s.id, s.version, s.maj_le, c.prenom || ' ' || c.nom AS maj_par, s.etablissement_id,
        e.public_id AS etablissement, e.uai, s.nom, s.statut, s.tutelle, s.departement, s.academie, s.commune, s.latitude,
        s.longitude, s.site_web, s.sigle, s.adresse, s.code_postal, s.telephone, s.courriel, s.accessibilite, s.referent_nom,
        s.referent_courriel, s.referent_telephone, s.internat, s.internat_places, s.boursiers, s.chef_confirme,
        s.chef_confirme_le
     FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id LEFT JOIN compte c ON c.id = s.maj_par
     WHERE s.session_id = $1 AND s.supprime_le IS NULL";

/// The settings of an establishment by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn parametrage(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<LigneParametrage>, StoreError> {
    c.one(&format!("{PARAMETRAGE} AND e.public_id = $2"), vec![session.into(), public_id.to_owned().into()])
        .await
}

/// The settings of an establishment by its key.
///
/// # Errors
/// When the database refuses.
pub async fn parametrage_of(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Option<LigneParametrage>, StoreError> {
    c.one(&format!("{PARAMETRAGE} AND s.etablissement_id = $2"), vec![session.into(), etablissement.into()])
        .await
}

/// The settings of establishments by their keys, by name. Each is asked for once.
///
/// # Errors
/// When the database refuses.
pub async fn parametrages_of(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<Vec<LigneParametrage>, StoreError> {
    let sql = format!("{PARAMETRAGE} AND s.etablissement_id IN (:cles) ORDER BY s.nom, s.id");
    all_among(c, &sql, vec![session.into()], etablissements).await
}

/// Sets columns of the settings that nobody changed since they were read; with no column, notes that a part of them did.
/// Gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody did.
pub async fn save_parametrage(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    colonnes: &[(&'static str, Value)],
) -> Result<i64, StoreError> {
    let mut valeurs: Vec<Value> = vec![e.ms().into(), e.compte().into(), id.into(), version.into()];
    let poses = poses(colonnes, &mut valeurs);
    tx.int(
        &format!(
            "UPDATE etablissement_session SET {poses}maj_le = $1, maj_par = $2, version = version + 1
             WHERE id = $3 AND version = $4 RETURNING version"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::Conflict("etablissement_session".to_owned()))
}

/// Holds the settings of establishments, by key of the row of the session, until the end of the transaction, in the order of these keys: two
/// who hold several never wait for each other. Whoever writes courses too holds them afterwards ([`crate::formations::hold_formations`]).
/// Whatever names an establishment goes on. SQLite has one writer at a time.
///
/// # Errors
/// When the database refuses.
pub async fn hold_parametrages(tx: &Tx, parametrages: &[i64]) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        let mut cles = parametrages.to_vec();
        cles.sort_unstable();
        let sql = "SELECT id FROM etablissement_session WHERE id IN (:cles) ORDER BY id FOR NO KEY UPDATE";
        exec_among(tx, sql, Vec::new(), &cles).await?;
    }
    Ok(())
}

/// A component: faculty, institute, department.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneComposante {
    pub public_id: String,
    pub nom: String,
}

/// A place where one studies.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneSite {
    pub public_id: String,
    pub nom: String,
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// An open day.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJournee {
    pub public_id: String,
    /// ISO date.
    pub jour: String,
    /// Minutes of the day.
    pub debut_min: i64,
    pub fin_min: i64,
    pub a_distance: i64,
    pub ou: String,
}

/// Components by name.
///
/// # Errors
/// When the database refuses.
pub async fn composantes(c: &impl Sql, parametrage: i64) -> Result<Vec<LigneComposante>, StoreError> {
    Ok(composantes_of(c, &[parametrage]).await?.into_iter().map(|(_, l)| l).collect())
}

/// Sites, the first declared first.
///
/// # Errors
/// When the database refuses.
pub async fn sites(c: &impl Sql, parametrage: i64) -> Result<Vec<LigneSite>, StoreError> {
    Ok(sites_of(c, &[parametrage]).await?.into_iter().map(|(_, l)| l).collect())
}

/// A site or a component, as the courses of its establishment name it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneLieu {
    pub etablissement_id: i64,
    pub public_id: String,
    pub nom: String,
    /// Empty for a component.
    pub adresse: String,
    pub commune: String,
}

/// The sites of establishments of a session, and their components; those of each are in the order of [`sites`] and of [`composantes`].
/// Each establishment is asked for once.
///
/// # Errors
/// When the database refuses.
pub async fn lieux(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<(Vec<LigneLieu>, Vec<LigneLieu>), StoreError> {
    let select = |table: &str, ou: &str, ordre: &str| {
        format!(
            "SELECT s.etablissement_id, l.public_id, l.nom, {ou}
             FROM {table} l JOIN etablissement_session s ON s.id = l.etablissement_session_id
             WHERE s.session_id = $1 AND s.etablissement_id IN (:cles) AND s.supprime_le IS NULL
               AND l.supprime_le IS NULL ORDER BY {ordre}"
        )
    };
    let de_site = select("site_formation", "l.adresse, l.commune", "l.id");
    let de_composante = select("composante", "'' AS adresse, '' AS commune", "l.nom, l.id");
    let sites = all_among(c, &de_site, vec![session.into()], etablissements).await?;
    let composantes = all_among(c, &de_composante, vec![session.into()], etablissements).await?;
    Ok((sites, composantes))
}

/// Open days in their order.
///
/// # Errors
/// When the database refuses.
pub async fn journees(c: &impl Sql, parametrage: i64) -> Result<Vec<LigneJournee>, StoreError> {
    Ok(journees_of(c, &[parametrage]).await?.into_iter().map(|(_, l)| l).collect())
}

/// A list of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Liste {
    Composantes,
    Sites,
    Journees,
}

impl Liste {
    pub(super) const fn table(self) -> &'static str {
        match self {
            Self::Composantes => "composante",
            Self::Sites => "site_formation",
            Self::Journees => "journee_portes_ouvertes",
        }
    }
}

#[derive(FromLigne)]
struct LigneChef {
    id: i64,
    public_id: String,
    civilite: String,
    nom: String,
    prenom: String,
    fonction: String,
    courriel_chiffre: Vec<u8>,
    telephone_chiffre: Vec<u8>,
    depuis: String,
    jusqu_a: Option<String>,
    interim: i64,
    signe: i64,
}

/// A head, or somebody who stands in, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChefEtablissement {
    pub id: i64,
    pub public_id: String,
    pub civilite: String,
    pub nom: String,
    pub prenom: String,
    pub fonction: String,
    pub courriel: String,
    pub telephone: String,
    /// ISO dates; the last one included.
    pub depuis: String,
    pub jusqu_a: Option<String>,
    pub interim: bool,
    /// The image of the signature was given.
    pub signe: bool,
}

/// The heads of an establishment over the years, the last to begin first.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn chefs(
    c: &impl Sql,
    coffre: &Coffre,
    etablissement: i64,
) -> Result<Vec<ChefEtablissement>, StoreError> {
    let lignes: Vec<LigneChef> = c
        .all(
            "SELECT id, public_id, civilite, nom, prenom, fonction, courriel_chiffre, telephone_chiffre, depuis, jusqu_a,
                    interim, CAST((SELECT COUNT(*) FROM signature_chef s WHERE s.chef_id = chef_etablissement.id) AS BIGINT) AS signe
             FROM chef_etablissement WHERE etablissement_id = $1 AND supprime_le IS NULL ORDER BY depuis DESC, id DESC",
            vec![etablissement.into()],
        )
        .await?;
    lignes
        .into_iter()
        .map(|l| {
            let open = |colonne, octets: &[u8]| {
                let clair = coffre.open(place_chef(colonne, &l.public_id), octets)?;
                String::from_utf8(clair).map_err(|_| StoreError::Unreadable("chef_etablissement"))
            };
            Ok(ChefEtablissement {
                courriel: open("courriel_chiffre", &l.courriel_chiffre)?,
                telephone: open("telephone_chiffre", &l.telephone_chiffre)?,
                id: l.id,
                public_id: l.public_id,
                civilite: l.civilite,
                nom: l.nom,
                prenom: l.prenom,
                fonction: l.fonction,
                depuis: l.depuis,
                jusqu_a: l.jusqu_a,
                interim: l.interim == 1,
                signe: l.signe == 1,
            })
        })
        .collect()
}

fn place_chef<'a>(colonne: &'static str, ligne: &'a str) -> Emplacement<'a> {
    Emplacement { table: "chef_etablissement", colonne, ligne }
}

/// A head to be written.
#[derive(Debug, Clone)]
pub struct NouveauChef<'a> {
    pub civilite: &'a str,
    pub nom: &'a str,
    pub prenom: &'a str,
    pub fonction: &'a str,
    pub courriel: &'a str,
    pub telephone: &'a str,
    pub depuis: &'a str,
    pub jusqu_a: Option<&'a str>,
    pub interim: bool,
}

/// Adds a head; gives the key.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn insert_chef(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    etablissement: i64,
    n: &NouveauChef<'_>,
) -> Result<i64, StoreError> {
    let (id, mut valeurs) = e.meta();
    let seal = |colonne, clair: &str| {
        coffre.seal(place_chef(colonne, id.as_str()), clair.as_bytes(), e.alea().nonce())
    };
    let (courriel, telephone) =
        (seal("courriel_chiffre", n.courriel)?, seal("telephone_chiffre", n.telephone)?);
    valeurs.extend([
        etablissement.into(),
        n.civilite.to_owned().into(),
        n.nom.to_owned().into(),
        n.prenom.to_owned().into(),
        n.fonction.to_owned().into(),
        courriel.into(),
        telephone.into(),
        n.depuis.to_owned().into(),
        n.jusqu_a.map(str::to_owned).into(),
        i64::from(n.interim).into(),
    ]);
    tx.int(
        &format!(
            "INSERT INTO chef_etablissement ({META}, etablissement_id, civilite, nom, prenom, fonction, courriel_chiffre,
                 telephone_chiffre, depuis, jusqu_a, interim)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("chef_etablissement"))
}

/// The particulars of a head, corrected in their place: it is the same person.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn update_chef(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    (id, public_id): (i64, &str),
    n: &NouveauChef<'_>,
) -> Result<(), StoreError> {
    let seal = |colonne, clair: &str| {
        coffre.seal(place_chef(colonne, public_id), clair.as_bytes(), e.alea().nonce())
    };
    tx.exec(
        "UPDATE chef_etablissement SET civilite = $1, nom = $2, prenom = $3, fonction = $4, courriel_chiffre = $5,
             telephone_chiffre = $6, depuis = $7, jusqu_a = $8, maj_le = $9, maj_par = $10, version = version + 1
         WHERE id = $11",
        vec![
            n.civilite.to_owned().into(),
            n.nom.to_owned().into(),
            n.prenom.to_owned().into(),
            n.fonction.to_owned().into(),
            seal("courriel_chiffre", n.courriel)?.into(),
            seal("telephone_chiffre", n.telephone)?.into(),
            n.depuis.to_owned().into(),
            n.jusqu_a.map(str::to_owned).into(),
            e.ms().into(),
            e.compte().into(),
            id.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Ends the time of a head on a day, included.
///
/// # Errors
/// When the database refuses.
pub async fn end_chef(tx: &Tx, e: &Ecriture<'_>, id: i64, jusqu_a: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE chef_etablissement SET jusqu_a = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
        vec![jusqu_a.to_owned().into(), e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// The time of a head goes on without an end: whoever was to follow does not come.
///
/// # Errors
/// When the database refuses.
pub async fn reopen_chef(tx: &Tx, e: &Ecriture<'_>, id: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE chef_etablissement SET jusqu_a = NULL, maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3",
        vec![e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// Removes a head who was announced and has never been in office, with the image of the signature.
///
/// # Errors
/// When the database refuses.
pub async fn remove_chef(tx: &Tx, e: &Ecriture<'_>, id: i64) -> Result<(), StoreError> {
    super::reserve::remove_signature(tx, id).await?;
    tx.exec(
        "UPDATE chef_etablissement SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1 WHERE id = $3",
        vec![e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// A change of the settings of an establishment, or of a line of its lists.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct ChangementEtablissement {
    /// `parametrage`, `composante`, `site`, `journee`, `chef` or `contact`.
    pub objet: String,
    /// `ajout`, `retrait` or `modification`.
    pub acte: String,
    /// Name of the component or of the site, day of the open day; empty for the rest.
    pub nom: String,
    pub le: i64,
    /// Name of the account, when it was one.
    pub qui: Option<String>,
}

/// Settings of an establishment that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct ParametrageChange {
    /// Public identifier of the establishment.
    pub etablissement: String,
    pub nom: String,
    pub le: i64,
    /// Name of the account, when it was one.
    pub qui: Option<String>,
}

/// The establishments of a perimeter whose settings were written after `depuis` by somebody else than `sauf`, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn parametrages_since(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    (depuis, sauf): (i64, i64),
    limite: i64,
) -> Result<Vec<ParametrageChange>, StoreError> {
    let portee = scope.portee();
    let mut valeurs: Vec<Value> = vec![session.into(), depuis.into(), sauf.into(), limite.into()];
    let mut ou = Vec::new();
    for e in &portee.etablissements {
        valeurs.push((*e).into());
        ou.push(format!("s.etablissement_id = ${}", valeurs.len()));
    }
    for a in &portee.academies {
        valeurs.push(a.clone().into());
        ou.push(format!("s.academie = ${}", valeurs.len()));
    }
    // A perimeter with nothing in it lists nothing.
    let ou = match (portee.tout, ou.is_empty()) {
        (true, _) => String::new(),
        (false, true) => " AND 1 = 0".to_owned(),
        (false, false) => format!(" AND ({})", ou.join(" OR ")),
    };
    c.all(
        &format!(
            "SELECT e.public_id AS etablissement, s.nom, s.maj_le AS le, c.prenom || ' ' || c.nom AS qui
             FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
             LEFT JOIN compte c ON c.id = s.maj_par
             WHERE s.session_id = $1 AND s.supprime_le IS NULL AND s.maj_le > $2
               AND (s.maj_par IS NULL OR s.maj_par <> $3){ou}
             ORDER BY s.maj_le DESC, s.id LIMIT $4"
        ),
        valeurs,
    )
    .await
}

/// What changed on the settings of an establishment after `depuis` by somebody else than `sauf`, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn changements(
    c: &impl Sql,
    (parametrage, etablissement): (i64, i64),
    depuis: i64,
    sauf: i64,
) -> Result<Vec<ChangementEtablissement>, StoreError> {
    let change = |objet: &str, table: &str, nom: &str, tenu_par: &str| {
        format!(
            "SELECT '{objet}' AS objet,
                    CASE WHEN t.supprime_le IS NOT NULL THEN 'retrait' WHEN t.cree_le > $3 THEN 'ajout'
                         ELSE 'modification' END AS acte,
                    {nom} AS nom, t.maj_le AS le, c.prenom || ' ' || c.nom AS qui
             FROM {table} t LEFT JOIN compte c ON c.id = t.maj_par
             WHERE t.{tenu_par} AND t.maj_le > $3 AND (t.maj_par IS NULL OR t.maj_par <> $4)"
        )
    };
    let de = "etablissement_session_id = $1";
    let parties = [
        change("parametrage", "etablissement_session", "''", "id = $1"),
        change("composante", "composante", "t.nom", de),
        change("site", "site_formation", "t.nom", de),
        change("journee", "journee_portes_ouvertes", "t.jour", de),
        change("chef", "chef_etablissement", "''", "etablissement_id = $2"),
        change("contact", "contact_etablissement", "''", "etablissement_id = $2"),
    ];
    c.all(
        &format!("{} ORDER BY le DESC, objet, nom LIMIT 50", parties.join(" UNION ALL ")),
        vec![parametrage.into(), etablissement.into(), depuis.into(), sauf.into()],
    )
    .await
}
