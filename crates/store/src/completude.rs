//! How far the establishments of a perimeter are, and their courses: counted by the database, by page.
//!
//! What is missing is said by `domain::etablissements::Completude` and `app::formations`; a test holds these expressions
//! against them.

use domain::droits::Scope;
use sea_orm::Value;

use crate::error::StoreError;
use crate::formations::COMPLETE;
use crate::ligne::FromLigne;
use crate::sql::{Sql, like};

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreCompletude {
    pub session: i64,
    /// ISO day on which somebody must be there to sign.
    pub jour: String,
    pub departement: Option<String>,
    /// Only courses of this family, and the establishments that have some.
    pub famille: Option<&'static str>,
    /// Beginning of the name, in any case, or of the code of the establishment.
    pub mots: String,
    /// Only those where something is missing.
    pub incomplets: bool,
    /// Only these, by their public identifiers.
    pub etablissements: Option<Vec<String>>,
}

/// What is missing in the settings of an establishment, in the order of `Manque::ALL`: 1 when it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct Manquent {
    pub m_adresse: i64,
    pub m_contact: i64,
    pub m_accessibilite: i64,
    pub m_referent: i64,
    pub m_internat: i64,
    pub m_places: i64,
    pub m_boursiers: i64,
    pub m_site: i64,
    pub m_position: i64,
    pub m_chef: i64,
    pub m_confirmation: i64,
}

impl Manquent {
    /// In the order of `Manque::ALL`.
    pub const fn tous(&self) -> [i64; 11] {
        [
            self.m_adresse,
            self.m_contact,
            self.m_accessibilite,
            self.m_referent,
            self.m_internat,
            self.m_places,
            self.m_boursiers,
            self.m_site,
            self.m_position,
            self.m_chef,
            self.m_confirmation,
        ]
    }
}

/// An establishment of the perimeter.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneCompletude {
    /// Key of the permanent establishment.
    pub etablissement_id: i64,
    pub public_id: String,
    pub uai: String,
    pub nom: String,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    pub formations: i64,
    pub completes: i64,
    pub publiees: i64,
    /// Last reminder, in the campaign's milliseconds.
    pub relance_le: Option<i64>,
    #[ligne(incluse)]
    pub manquent: Manquent,
}

/// Figures of a group of establishments: a department, a town.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct Groupe {
    pub departement: String,
    /// Empty when departments are counted.
    pub commune: String,
    pub etablissements: i64,
    /// Establishments where nothing is missing, courses included.
    pub complets: i64,
    pub formations: i64,
    pub completes: i64,
    pub publiees: i64,
    /// Mean position of those that have one.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// Figures of the courses of a family.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Famille {
    pub famille: String,
    pub formations: i64,
    pub completes: i64,
    pub publiees: i64,
}

struct Requete {
    valeurs: Vec<Value>,
}

impl Requete {
    fn add(&mut self, v: impl Into<Value>) -> String {
        self.valeurs.push(v.into());
        format!("${}", self.valeurs.len())
    }

    /// Academies of the perimeter, on a table that names its own.
    fn perimetre(&mut self, scope: &Scope, table: &str) -> String {
        let portee = scope.portee();
        if portee.tout {
            return String::new();
        }
        let academies: Vec<String> = portee.academies.iter().map(|a| self.add(a.clone())).collect();
        // A perimeter with nothing in it lists nothing.
        if academies.is_empty() {
            " AND 1 = 0".to_owned()
        } else {
            format!(" AND {table}.academie IN ({})", academies.join(", "))
        }
    }
}

/// Sums over courses.
fn sommes() -> String {
    format!(
        "COUNT(*) AS formations, CAST(COALESCE(SUM(CASE WHEN {COMPLETE} THEN 1 ELSE 0 END), 0) AS BIGINT) AS completes,
         CAST(COALESCE(SUM(CASE WHEN fs.etat = 'publiee' THEN 1 ELSE 0 END), 0) AS BIGINT) AS publiees"
    )
}

/// How the courses of each establishment are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compte {
    /// All of them at once: every establishment is read.
    Ensemble,
    /// One after the other: the reading stops once the page is full.
    Page,
}

/// Each establishment of the perimeter with what is missing and its courses, as table `t`.
fn etablissements(q: &mut Requete, scope: &Scope, f: &FiltreCompletude, compte: Compte) -> String {
    let session = q.add(f.session);
    let jour = q.add(f.jour.clone());
    let famille =
        f.famille.map_or_else(String::new, |c| format!(" AND fs.famille = {}", q.add(c.to_owned())));
    let cours = q.perimetre(scope, "fs");
    let portee = q.perimetre(scope, "s");
    let mut filtre = String::new();
    if let Some(d) = &f.departement {
        filtre.push_str(&format!(" AND s.departement = {}", q.add(d.clone())));
    }
    if !f.mots.is_empty() {
        let mots = q.add(like(&f.mots.to_lowercase()));
        filtre.push_str(&format!(
            " AND (LOWER(s.nom) LIKE {mots} OR LOWER(e.uai) LIKE {mots} OR LOWER(s.commune) LIKE {mots})"
        ));
    }
    if let Some(ids) = &f.etablissements {
        let ids: Vec<String> = ids.iter().map(|id| q.add(id.clone())).collect();
        filtre.push_str(&format!(
            " AND e.public_id IN ({})",
            if ids.is_empty() { "NULL".to_owned() } else { ids.join(", ") }
        ));
    }
    let de_session = format!(
        "fs.session_id = {session} AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'{famille}{cours}"
    );
    let en_poste = format!(
        "c.etablissement_id = s.etablissement_id AND c.supprime_le IS NULL AND c.depuis <= {jour}
         AND (c.jusqu_a IS NULL OR c.jusqu_a >= {jour})"
    );
    let site = "x.etablissement_session_id = s.id AND x.supprime_le IS NULL";
    let (chiffres, jointure) = match compte {
        Compte::Ensemble => {
            let sommes = sommes();
            let jointure = if f.famille.is_some() { "JOIN" } else { "LEFT JOIN" };
            (
                "COALESCE(f.formations, 0) AS formations, COALESCE(f.completes, 0) AS completes,
                 COALESCE(f.publiees, 0) AS publiees"
                    .to_owned(),
                format!(
                    "{jointure} (SELECT fs.etablissement_id, {sommes} FROM formation_session fs WHERE {de_session}
                     GROUP BY fs.etablissement_id) f ON f.etablissement_id = s.etablissement_id"
                ),
            )
        }
        Compte::Page => {
            let siennes = format!(
                "FROM formation_session fs WHERE fs.etablissement_id = s.etablissement_id AND {de_session}"
            );
            if f.famille.is_some() {
                filtre.push_str(&format!(" AND EXISTS (SELECT 1 {siennes})"));
            }
            let compte = |parmi: &str| format!("(SELECT COUNT(*) {siennes}{parmi})");
            (
                format!(
                    "{} AS formations, {} AS completes, {} AS publiees",
                    compte(""),
                    compte(&format!(" AND {COMPLETE}")),
                    compte(" AND fs.etat = 'publiee'")
                ),
                String::new(),
            )
        }
    };
    format!(
        "SELECT s.id, s.etablissement_id, e.public_id, e.uai, s.nom, s.commune, s.departement, s.academie, s.latitude,
                s.longitude, {chiffres},
                CAST(CASE WHEN s.adresse = '' OR s.code_postal = '' OR s.commune = '' THEN 1 ELSE 0 END AS BIGINT) AS m_adresse,
                CAST(CASE WHEN s.telephone = '' AND s.courriel = '' THEN 1 ELSE 0 END AS BIGINT) AS m_contact,
                CAST(CASE WHEN s.accessibilite = '' THEN 1 ELSE 0 END AS BIGINT) AS m_accessibilite,
                CAST(CASE WHEN s.referent_nom = '' OR s.referent_courriel = '' THEN 1 ELSE 0 END AS BIGINT) AS m_referent,
                CAST(CASE WHEN s.internat = '' THEN 1 ELSE 0 END AS BIGINT) AS m_internat,
                CAST(CASE WHEN s.internat NOT IN ('', 'sans') AND s.internat_places IS NULL THEN 1 ELSE 0 END AS BIGINT) AS m_places,
                CAST(CASE WHEN s.boursiers IS NULL THEN 1 ELSE 0 END AS BIGINT) AS m_boursiers,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM site_formation x WHERE {site}) THEN 0 ELSE 1 END AS BIGINT) AS m_site,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM site_formation x WHERE {site} AND x.latitude IS NULL) THEN 1 ELSE 0 END
                     AS BIGINT) AS m_position,
                CAST(CASE WHEN EXISTS (SELECT 1 FROM chef_etablissement c WHERE {en_poste}) THEN 0 ELSE 1 END AS BIGINT) AS m_chef,
                CAST(CASE WHEN COALESCE((SELECT CASE WHEN c.id = s.chef_confirme THEN 0 ELSE 1 END FROM chef_etablissement c
                                         WHERE {en_poste} ORDER BY c.interim DESC, c.depuis DESC, c.id LIMIT 1), 0) = 1
                     THEN 1 ELSE 0 END AS BIGINT) AS m_confirmation
         FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
         {jointure}
         WHERE s.session_id = {session} AND s.supprime_le IS NULL{portee}{filtre}"
    )
}

/// Nothing is missing, on the establishment nor on its courses. What is looked up elsewhere comes last: most establishments are
/// known to lack something before.
const COMPLET: &str = "(t.completes = t.formations AND t.publiees = t.formations
    AND t.m_adresse + t.m_contact + t.m_accessibilite + t.m_referent + t.m_internat + t.m_places + t.m_boursiers = 0
    AND t.m_site = 0 AND t.m_position = 0 AND t.m_chef = 0 AND t.m_confirmation = 0)";

/// One page of the establishments of the perimeter, by department, name and code; all of them without limits.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreCompletude,
    limites: Option<(i64, i64)>,
) -> Result<Vec<LigneCompletude>, StoreError> {
    let mut q = Requete { valeurs: Vec::new() };
    let compte = if limites.is_some() { Compte::Page } else { Compte::Ensemble };
    let t = etablissements(&mut q, scope, f, compte);
    let incomplets = if f.incomplets { format!("WHERE NOT {COMPLET}") } else { String::new() };
    let limites =
        limites.map_or_else(String::new, |(n, saut)| format!("LIMIT {} OFFSET {}", q.add(n), q.add(saut)));
    let session = q.add(f.session);
    c.all(
        &format!(
            "SELECT t.*, (SELECT MAX(m.envoye_le) FROM fil l JOIN message_fil m ON m.fil_id = l.id AND m.relance = 1
                          WHERE l.session_id = {session} AND l.etablissement_id = t.etablissement_id
                            AND l.formation_session_id IS NULL) AS relance_le
             FROM ({t}) t {incomplets} ORDER BY t.departement, t.nom, t.uai {limites}"
        ),
        q.valeurs,
    )
    .await
}

/// Figures by department, or by town when `communes`.
///
/// # Errors
/// When the database refuses.
pub async fn groupes(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreCompletude,
    communes: bool,
) -> Result<Vec<Groupe>, StoreError> {
    let mut q = Requete { valeurs: Vec::new() };
    let t = etablissements(&mut q, scope, f, Compte::Ensemble);
    let (commune, cle) =
        if communes { ("t.commune", "t.departement, t.commune") } else { ("''", "t.departement") };
    c.all(
        &format!(
            "SELECT t.departement, {commune} AS commune, COUNT(*) AS etablissements,
                    CAST(SUM(CASE WHEN {COMPLET} THEN 1 ELSE 0 END) AS BIGINT) AS complets,
                    CAST(SUM(t.formations) AS BIGINT) AS formations, CAST(SUM(t.completes) AS BIGINT) AS completes,
                    CAST(SUM(t.publiees) AS BIGINT) AS publiees, AVG(t.latitude) AS latitude, AVG(t.longitude) AS longitude
             FROM ({t}) t GROUP BY {cle} ORDER BY {cle}"
        ),
        q.valeurs,
    )
    .await
}

/// Figures of the courses of the perimeter by family; closed courses left out.
///
/// # Errors
/// When the database refuses.
pub async fn familles(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    departement: Option<&str>,
) -> Result<Vec<Famille>, StoreError> {
    let mut q = Requete { valeurs: Vec::new() };
    let session = q.add(session);
    let portee = q.perimetre(scope, "fs");
    let departement =
        departement.map_or_else(String::new, |d| format!(" AND fs.departement = {}", q.add(d.to_owned())));
    // An expression: grouped by the column itself, SQLite would read the rows in the order of another index.
    let sommes = sommes();
    c.all(
        &format!(
            "SELECT COALESCE(fs.famille, '') AS famille, {sommes} FROM formation_session fs
             WHERE fs.session_id = {session} AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'{portee}{departement}
             GROUP BY COALESCE(fs.famille, '') ORDER BY 1"
        ),
        q.valeurs,
    )
    .await
}

/// Those who look after an establishment, to be written to.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Destinataire {
    pub compte_id: i64,
    pub courriel: String,
}

/// Heads and administrators in service of an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn responsables(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<Destinataire>, StoreError> {
    c.all(
        "SELECT DISTINCT c.id AS compte_id, c.courriel FROM attribution a JOIN compte c ON c.id = a.compte_id
         WHERE a.etablissement_id = $2 AND a.role IN ('chef_etab', 'admin_site') AND a.supprime_le IS NULL
           AND (a.session_id IS NULL OR a.session_id = $1)
           AND c.supprime_le IS NULL AND c.etat NOT IN ('desactive', 'suspendu') ORDER BY c.id",
        vec![session.into(), etablissement.into()],
    )
    .await
}
