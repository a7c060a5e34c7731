//! How far the establishments of a perimeter are, and their courses: counted by the database, by page.
//!
//! What is missing is said by `domain::etablissements::Completude` and `app::formations`; a test holds these expressions
//! against them.

mod formations;
mod relances;

pub use formations::{LigneSuivie, course_keys, courses};
pub use relances::{
    LigneAvis, LigneCible, LigneRelance, SuiteRelance, add_avis, avis_of, hold_etablissements, hold_relance,
    insert_relance, relance, relance_avis, relance_cibles, relances, relances_by_ids, set_averti, set_cible,
    set_relance,
};

use domain::droits::Scope;

use crate::comptes::EN_SERVICE;
use crate::error::StoreError;
use crate::formations::COMPLETE;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, all_among, in_academies, like, places};

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreCompletude {
    pub session: i64,
    /// ISO day on which somebody must be there to sign.
    pub jour: String,
    pub departement: Option<String>,
    /// Code of the ministry that answers for them; empty: nobody said it.
    pub tutelle: Option<&'static str>,
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
    /// Code of its ministry; empty: nobody said it.
    pub tutelle: String,
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

/// Words looked for in the name, the code and the town of an establishment: `s` in the session, `e` in the register.
fn cherche(q: &mut Params, mots: &str) -> String {
    if mots.is_empty() {
        return String::new();
    }
    let mots = q.add(like(&mots.to_lowercase()));
    format!(" AND (LOWER(s.nom) LIKE {mots} OR LOWER(e.uai) LIKE {mots} OR LOWER(s.commune) LIKE {mots})")
}

/// How many courses.
fn sommes() -> String {
    format!(
        "COUNT(*) AS formations, COUNT(CASE WHEN {COMPLETE} THEN 1 END) AS completes,
         COUNT(CASE WHEN fs.etat = 'publiee' THEN 1 END) AS publiees"
    )
}

/// What the line of an establishment lacks by itself, in the order of `Manque::ALL`: the column of [`Manquent`], and when.
const LIGNE: [(&str, &str); 7] = [
    ("m_adresse", "s.adresse = '' OR s.code_postal = '' OR s.commune = ''"),
    ("m_contact", "s.telephone = '' AND s.courriel = ''"),
    ("m_accessibilite", "s.accessibilite = ''"),
    ("m_referent", "s.referent_nom = '' OR s.referent_courriel = ''"),
    ("m_internat", "s.internat = ''"),
    ("m_places", "s.internat NOT IN ('', 'sans') AND s.internat_places IS NULL"),
    ("m_boursiers", "s.boursiers IS NULL"),
];

/// The sites of an establishment.
const SITES: &str = "site_formation x WHERE x.etablissement_session_id = s.id AND x.supprime_le IS NULL";

/// When a course lacks something or is not what the public may read: of those that `f` counts.
const INACHEVES: &str = "COALESCE(f.completes, 0) <> COALESCE(f.formations, 0)
                         OR COALESCE(f.publiees, 0) <> COALESCE(f.formations, 0)";

/// What the statements share.
struct Pieces {
    session: String,
    /// Courses `fs` that count.
    cours: String,
    /// Establishments `s` that are looked for; `e` is each in the register.
    parmi: String,
    /// `parmi` names `e`.
    registre: bool,
    /// `parmi` is a small part of the perimeter.
    peu: bool,
    /// Only establishments that have courses that count.
    avec_cours: bool,
    /// Heads `c` of an establishment who are there to sign.
    en_poste: String,
}

impl Pieces {
    fn new(q: &mut Params, scope: &Scope, f: &FiltreCompletude) -> Self {
        let session = q.add(f.session);
        let jour = q.add(f.jour.clone());
        let famille =
            f.famille.map_or_else(String::new, |c| format!(" AND fs.famille = {}", q.add(c.to_owned())));
        let cours = in_academies(&mut q.0, scope, "fs");
        let portee = in_academies(&mut q.0, scope, "s");
        let mut filtre = String::new();
        if let Some(d) = &f.departement {
            filtre.push_str(&format!(" AND s.departement = {}", q.add(d.clone())));
        }
        if let Some(t) = f.tutelle {
            filtre.push_str(&format!(" AND s.tutelle = {}", q.add(t.to_owned())));
        }
        filtre.push_str(&cherche(q, &f.mots));
        if let Some(ids) = &f.etablissements {
            let ids = places(&mut q.0, ids.iter().cloned());
            filtre.push_str(&format!(" AND e.public_id IN ({ids})"));
        }
        Self {
            cours: format!(
                "fs.session_id = {session} AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'{famille}{cours}"
            ),
            parmi: format!("s.session_id = {session} AND s.supprime_le IS NULL{portee}{filtre}"),
            registre: !f.mots.is_empty() || f.etablissements.is_some(),
            peu: f.departement.is_some() || f.etablissements.is_some(),
            avec_cours: f.famille.is_some(),
            en_poste: format!(
                "chef_etablissement c WHERE c.etablissement_id = s.etablissement_id AND c.supprime_le IS NULL
                   AND c.depuis <= {jour} AND (c.jusqu_a IS NULL OR c.jusqu_a >= {jour})"
            ),
            session,
        }
    }

    /// The tables that `parmi` names.
    const fn tables(&self) -> &'static str {
        if self.registre {
            "etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id"
        } else {
            "etablissement_session s"
        }
    }

    /// The courses of each establishment, counted at once, as `f`.
    fn comptes(&self) -> String {
        let jointure = if self.avec_cours { "JOIN" } else { "LEFT JOIN" };
        let (sommes, cours, tables, parmi) = (sommes(), &self.cours, self.tables(), &self.parmi);
        let seuls = if self.peu {
            format!(" AND fs.etablissement_id IN (SELECT s.etablissement_id FROM {tables} WHERE {parmi})")
        } else {
            String::new()
        };
        format!(
            "{jointure} (SELECT fs.etablissement_id, {sommes} FROM formation_session fs WHERE {cours}{seuls}
             GROUP BY fs.etablissement_id) f ON f.etablissement_id = s.etablissement_id"
        )
    }

    /// The courses of one establishment.
    fn leurs(&self) -> String {
        format!("FROM formation_session fs WHERE fs.etablissement_id = s.etablissement_id AND {}", self.cours)
    }

    /// Whether the first of them is not the one that was confirmed; null when nobody is there.
    fn a_confirmer(&self) -> String {
        format!(
            "(SELECT CASE WHEN c.id = s.chef_confirme THEN 0 ELSE 1 END FROM {}
              ORDER BY c.interim DESC, c.depuis DESC, c.id LIMIT 1)",
            self.en_poste
        )
    }

    /// When something is missing, on the establishment or, as `cours` says, on its courses. What is looked up elsewhere comes
    /// last, each once: most establishments are known to lack something before. Never null.
    fn manque(&self, cours: &str) -> String {
        let ligne: Vec<String> = LIGNE.iter().map(|(_, quand)| format!("({quand})")).collect();
        format!(
            "({} OR {cours}
              OR COALESCE((SELECT MAX(CASE WHEN x.latitude IS NULL THEN 1 ELSE 0 END) FROM {SITES}), 1) = 1
              OR COALESCE({}, 1) = 1)",
            ligne.join(" OR "),
            self.a_confirmer()
        )
    }

    /// The columns of [`Manquent`].
    fn manquent(&self) -> String {
        let ailleurs = [
            ("m_site", format!("NOT EXISTS (SELECT 1 FROM {SITES})")),
            ("m_position", format!("EXISTS (SELECT 1 FROM {SITES} AND x.latitude IS NULL)")),
            ("m_chef", format!("NOT EXISTS (SELECT 1 FROM {})", self.en_poste)),
            ("m_confirmation", format!("COALESCE({}, 0) = 1", self.a_confirmer())),
        ];
        let colonnes: Vec<String> = LIGNE
            .iter()
            .map(|(nom, quand)| (*nom, (*quand).to_owned()))
            .chain(ailleurs)
            .map(|(nom, quand)| format!("CAST(CASE WHEN {quand} THEN 1 ELSE 0 END AS BIGINT) AS {nom}"))
            .collect();
        colonnes.join(", ")
    }

    /// Keys of the establishments, in the order of the table.
    fn choix(&self, incomplets: bool) -> String {
        let leurs = self.leurs();
        let mut parmi = self.parmi.clone();
        if self.avec_cours {
            parmi.push_str(&format!(" AND EXISTS (SELECT 1 {leurs})"));
        }
        if incomplets {
            let un = format!("EXISTS (SELECT 1 {leurs} AND NOT ({COMPLETE} AND fs.etat = 'publiee'))");
            parmi.push_str(&format!(" AND {}", self.manque(&un)));
        }
        format!(
            "SELECT s.id FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
             WHERE {parmi} ORDER BY s.departement, s.nom, e.uai"
        )
    }
}

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
    let mut q = Params::default();
    let p = Pieces::new(&mut q, scope, f);
    let (chiffres, comptes, parmi) = match limites {
        None => {
            let incomplets =
                if f.incomplets { format!(" AND {}", p.manque(INACHEVES)) } else { String::new() };
            (
                "COALESCE(f.formations, 0) AS formations, COALESCE(f.completes, 0) AS completes,
                 COALESCE(f.publiees, 0) AS publiees"
                    .to_owned(),
                p.comptes(),
                format!("{}{incomplets}", p.parmi),
            )
        }
        // The page is chosen first: what is told of an establishment is looked up for those of the page alone.
        Some(page) => {
            let compte = |parmi: &str| format!("(SELECT COUNT(*) {}{parmi})", p.leurs());
            (
                format!(
                    "{} AS formations, {} AS completes, {} AS publiees",
                    compte(""),
                    compte(&format!(" AND {COMPLETE}")),
                    compte(" AND fs.etat = 'publiee'")
                ),
                String::new(),
                format!("s.id IN ({} {})", p.choix(f.incomplets), q.page(page)),
            )
        }
    };
    let (manquent, session) = (p.manquent(), &p.session);
    c.all(
        &format!(
            "SELECT s.etablissement_id, e.public_id, e.uai, s.nom, s.commune, s.departement, s.academie, s.tutelle, {chiffres}, {manquent},
                    (SELECT MAX(m.envoye_le) FROM fil l JOIN message_fil m ON m.fil_id = l.id AND m.relance = 1
                     WHERE l.session_id = {session} AND l.etablissement_id = s.etablissement_id
                       AND l.formation_session_id IS NULL) AS relance_le
             FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id {comptes}
             WHERE {parmi} ORDER BY s.departement, s.nom, e.uai"
        ),
        q.0,
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
    let mut q = Params::default();
    let p = Pieces::new(&mut q, scope, f);
    let (tables, comptes, manque) = (p.tables(), p.comptes(), p.manque(INACHEVES));
    let (commune, cle) =
        if communes { ("s.commune", "s.departement, s.commune") } else { ("''", "s.departement") };
    c.all(
        &format!(
            "SELECT s.departement, {commune} AS commune, COUNT(*) AS etablissements,
                    CAST(SUM(CASE WHEN {manque} THEN 0 ELSE 1 END) AS BIGINT) AS complets,
                    CAST(COALESCE(SUM(f.formations), 0) AS BIGINT) AS formations,
                    CAST(COALESCE(SUM(f.completes), 0) AS BIGINT) AS completes,
                    CAST(COALESCE(SUM(f.publiees), 0) AS BIGINT) AS publiees,
                    AVG(s.latitude) AS latitude, AVG(s.longitude) AS longitude
             FROM {tables} {comptes} WHERE {} GROUP BY {cle} ORDER BY {cle}",
            p.parmi
        ),
        q.0,
    )
    .await
}

/// Figures of the courses of the perimeter by family, of the department and of the ministry that are looked for; closed courses left out.
///
/// # Errors
/// When the database refuses.
pub async fn familles(c: &impl Sql, scope: &Scope, f: &FiltreCompletude) -> Result<Vec<Famille>, StoreError> {
    let mut q = Params::default();
    let session = q.add(f.session);
    let mut portee = in_academies(&mut q.0, scope, "fs");
    if let Some(d) = &f.departement {
        portee.push_str(&format!(" AND fs.departement = {}", q.add(d.clone())));
    }
    if let Some(t) = f.tutelle {
        portee.push_str(&format!(
            " AND fs.etablissement_id IN (SELECT s.etablissement_id FROM etablissement_session s
              WHERE s.session_id = {session} AND s.supprime_le IS NULL AND s.tutelle = {})",
            q.add(t.to_owned())
        ));
    }
    // In the order of the index, which names the academy first: nothing is sorted but the few groups. It does not name the
    // department: then an expression, by which SQLite does not read each course in the order of the index.
    let cle = if f.departement.is_none() { "fs.academie, fs.famille" } else { "COALESCE(fs.famille, '')" };
    let sommes = sommes();
    c.all(
        &format!(
            "SELECT g.famille, CAST(SUM(g.formations) AS BIGINT) AS formations,
                    CAST(SUM(g.completes) AS BIGINT) AS completes, CAST(SUM(g.publiees) AS BIGINT) AS publiees
             FROM (SELECT COALESCE(fs.famille, '') AS famille, {sommes} FROM formation_session fs
                   WHERE fs.session_id = {session} AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'{portee}
                   GROUP BY {cle}) g
             GROUP BY g.famille ORDER BY g.famille"
        ),
        q.0,
    )
    .await
}

/// Somebody who looks after an establishment, to be written to.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct Destinataire {
    pub etablissement_id: i64,
    pub compte_id: i64,
    pub courriel: String,
}

/// Heads and administrators in service of establishments.
///
/// # Errors
/// When the database refuses.
pub async fn responsables(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<Vec<Destinataire>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT a.etablissement_id, c.id AS compte_id, c.courriel
         FROM attribution a JOIN compte c ON c.id = a.compte_id
         WHERE a.etablissement_id IN (:cles) AND a.role IN ('chef_etab', 'admin_site') AND a.supprime_le IS NULL
           AND (a.session_id IS NULL OR a.session_id = $1) AND {EN_SERVICE}
         ORDER BY a.etablissement_id, c.id"
    );
    all_among(c, &sql, vec![session.into()], etablissements).await
}
