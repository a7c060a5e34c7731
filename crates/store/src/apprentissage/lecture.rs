//! The records as people look for them: by status, finding, place and words, within a perimeter.

use domain::droits::Scope;

use crate::accueil::{Attente, attente};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, all_among, like};

/// R-APP-20: where records stand with the perimeter of the session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PlaceFiche {
    /// Wherever they stand.
    #[default]
    Toutes,
    /// Those that it admits.
    Dans,
    /// Those that it leaves out.
    Hors,
    /// Those that it leaves out for this reason.
    Motif(String),
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreFiches {
    pub session: i64,
    /// Codes; empty: all of them.
    pub statuts: Vec<&'static str>,
    /// Code of a finding.
    pub constat: Option<&'static str>,
    /// Code.
    pub departement: Option<String>,
    /// R-APP-20.
    pub place: PlaceFiche,
    /// Normalised words.
    pub mots: Vec<String>,
    /// Keys of permanent courses: of the establishments of the perimeter, no other course is known. None: all are.
    pub confiees: Option<Vec<i64>>,
}

/// A record of a list.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneListeFiche {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub identifiant: String,
    pub intitule: String,
    /// « |0800001A|0600002B| ».
    pub uais: String,
    pub departement: String,
    pub statut: String,
    pub raison: Option<String>,
    /// « |mef|appariement| ».
    pub constats: String,
    pub doublon_de: Option<String>,
    pub presente: i64,
    /// Public identifier of the course made of it.
    pub formation: Option<String>,
    /// State of this course.
    pub formation_etat: Option<String>,
    /// Keys of its establishment and of the permanent course.
    pub etablissement_id: Option<i64>,
    pub formation_id: Option<i64>,
    /// Code and name of the establishment that has it.
    pub formation_uai: Option<String>,
    pub formation_etablissement: Option<String>,
    /// JSON of its fields, once it has a course.
    pub contenu: Option<String>,
}

/// The conditions that keep the records `f` within a perimeter: academies, establishments by their codes or by the course that they have,
/// courses.
pub(super) fn perimetre(scope: &Scope, session: i64, p: &mut Params) -> Vec<String> {
    let portee = scope.portee();
    let session = p.add(session);
    let mut parties = vec![format!("f.session_id = {session}"), "f.supprime_le IS NULL".to_owned()];
    if portee.tout {
        return parties;
    }
    let mut ou = Vec::new();
    if !portee.academies.is_empty() {
        ou.push(format!("f.academie IN ({})", p.list(portee.academies.iter().cloned())));
    }
    if !portee.etablissements.is_empty() {
        let siens = p.list(portee.etablissements.iter().copied());
        ou.push(format!(
            "EXISTS (SELECT 1 FROM etablissement e WHERE e.id IN ({siens}) AND f.uais LIKE '%|' || e.uai || '|%')"
        ));
        // R-APP-14: the record may name another one now.
        ou.push(format!(
            "f.formation_session_id IN (SELECT s.id FROM formation_session s
                                        WHERE s.session_id = {session} AND s.etablissement_id IN ({siens}))"
        ));
    }
    if !portee.formations.is_empty() {
        ou.push(format!(
            "f.formation_session_id IN (SELECT s.id FROM formation_session s WHERE s.formation_id IN ({}))",
            p.list(portee.formations.iter().copied())
        ));
    }
    // A perimeter with nothing in it lists nothing.
    parties.push(if ou.is_empty() { "1 = 0".to_owned() } else { format!("({})", ou.join(" OR ")) });
    parties
}

/// What repeats another record is left out for that, and what is closed is no longer asked about.
const HORS: &str = "f.statut = 'non_publiable' AND f.doublon_de IS NULL";
const DANS: &str = "f.statut NOT IN ('non_publiable', 'ferme')";

fn condition(scope: &Scope, filtre: &FiltreFiches, p: &mut Params) -> String {
    let mut parties = perimetre(scope, filtre.session, p);
    if !filtre.statuts.is_empty() {
        let statuts = filtre.statuts.iter().map(|s| (*s).to_owned());
        parties.push(format!("f.statut IN ({})", p.list(statuts)));
    }
    if let Some(constat) = filtre.constat {
        parties.push(format!("f.constats LIKE {}", p.add(format!("%|{constat}|%"))));
    }
    if let Some(departement) = &filtre.departement {
        parties.push(format!("f.departement = {}", p.add(departement.clone())));
    }
    match &filtre.place {
        PlaceFiche::Toutes => {}
        PlaceFiche::Dans => parties.push(DANS.to_owned()),
        PlaceFiche::Hors => parties.push(HORS.to_owned()),
        PlaceFiche::Motif(raison) => parties.push(format!("{HORS} AND f.raison = {}", p.add(raison.clone()))),
    }
    for mot in &filtre.mots {
        parties.push(format!("f.recherche LIKE {}", p.add(like(mot))));
    }
    if let Some(confiees) = filtre.confiees.as_ref().filter(|_| !scope.portee().etablissements.is_empty()) {
        let siens = p.list(scope.portee().etablissements.iter().copied());
        let sauf = match confiees.as_slice() {
            [] => String::new(),
            cles => format!(" AND s.formation_id NOT IN ({})", p.list(cles.iter().copied())),
        };
        parties.push(format!(
            "(f.formation_session_id IS NULL OR f.formation_session_id NOT IN
                 (SELECT s.id FROM formation_session s WHERE s.etablissement_id IN ({siens}){sauf}))"
        ));
    }
    parties.join(" AND ")
}

/// How many records of the perimeter answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_fiches(c: &impl Sql, scope: &Scope, filtre: &FiltreFiches) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let sql = format!("SELECT COUNT(*) FROM fiche_apprentissage f WHERE {condition}");
    Ok(c.int(&sql, p.0).await?.unwrap_or(0))
}

const LISTE: &str = "SELECT f.id, f.public_id, f.version, f.identifiant, f.intitule, f.uais, f.departement, f.statut, f.raison, f.constats,
        f.doublon_de, f.presente, fs.public_id AS formation, fs.etat AS formation_etat, fs.etablissement_id, fs.formation_id,
        fe.uai AS formation_uai, COALESCE(fes.nom, fe.uai) AS formation_etablissement,
        CASE WHEN fs.id IS NULL THEN NULL ELSE f.contenu END AS contenu
    FROM fiche_apprentissage f LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
    LEFT JOIN etablissement fe ON fe.id = fs.etablissement_id
    LEFT JOIN etablissement_session fes ON fes.etablissement_id = fs.etablissement_id AND fes.session_id = fs.session_id
         AND fes.supprime_le IS NULL";

/// One page of them, by title.
///
/// # Errors
/// When the database refuses.
pub async fn list_fiches(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreFiches,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneListeFiche>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let limites = p.page((limite, decalage));
    c.all(&format!("{LISTE} WHERE {condition} ORDER BY f.intitule, f.id {limites}"), p.0).await
}

/// The names that a session gives to establishments, by code; those that it does not know are left out.
///
/// # Errors
/// When the database refuses.
pub async fn noms_by_uai(
    c: &impl Sql,
    session: i64,
    uais: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Nom {
        uai: String,
        nom: String,
    }
    if uais.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = Params::default();
    let session = p.add(session);
    let sql = format!(
        "SELECT e.uai, s.nom FROM etablissement e JOIN etablissement_session s ON s.etablissement_id = e.id
         WHERE s.session_id = {session} AND s.supprime_le IS NULL AND e.uai IN ({})",
        p.list(uais.iter().cloned())
    );
    let noms: Vec<Nom> = c.all(&sql, p.0).await?;
    Ok(noms.into_iter().map(|n| (n.uai, n.nom)).collect())
}

/// How many records of the perimeter answer, since when the oldest has not moved, and how many have not since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_fiches(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreFiches,
    avant: i64,
) -> Result<Attente, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let sommes = attente("f.maj_le", &p.add(avant));
    let sql = format!("SELECT {sommes} FROM fiche_apprentissage f WHERE {condition}");
    Ok(c.one(&sql, p.0).await?.unwrap_or_default())
}

/// How many records of the perimeter have each status.
///
/// # Errors
/// When the database refuses.
pub async fn count_statuts(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    #[derive(FromLigne)]
    struct Compte {
        statut: String,
        n: i64,
    }
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let sql = format!(
        "SELECT f.statut, CAST(COUNT(*) AS BIGINT) AS n FROM fiche_apprentissage f WHERE {condition} GROUP BY f.statut"
    );
    let comptes: Vec<Compte> = c.all(&sql, p.0).await?;
    Ok(comptes.into_iter().map(|l| (l.statut, l.n)).collect())
}

/// R-APP-20: why the session leaves records of the perimeter out, and how many for each reason, most of them first.
///
/// # Errors
/// When the database refuses.
pub async fn count_hors(c: &impl Sql, scope: &Scope, session: i64) -> Result<Vec<(String, i64)>, StoreError> {
    #[derive(FromLigne)]
    struct Compte {
        raison: String,
        n: i64,
    }
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let sql = format!(
        "SELECT COALESCE(f.raison, '') AS raison, CAST(COUNT(*) AS BIGINT) AS n FROM fiche_apprentissage f
         WHERE {condition} AND {HORS} GROUP BY COALESCE(f.raison, '') ORDER BY 2 DESC, 1"
    );
    let comptes: Vec<Compte> = c.all(&sql, p.0).await?;
    Ok(comptes.into_iter().map(|l| (l.raison, l.n)).collect())
}

/// The departments of the records of the perimeter.
///
/// # Errors
/// When the database refuses.
pub async fn departements(c: &impl Sql, scope: &Scope, session: i64) -> Result<Vec<String>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        departement: String,
    }
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let sql = format!(
        "SELECT DISTINCT f.departement FROM fiche_apprentissage f WHERE {condition} AND f.departement <> ''
         ORDER BY f.departement"
    );
    let lignes: Vec<Ligne> = c.all(&sql, p.0).await?;
    Ok(lignes.into_iter().map(|l| l.departement).collect())
}

/// A record, whole.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FicheEntiere {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub flux: String,
    pub identifiant: String,
    /// JSON of its fields.
    pub contenu: String,
    pub academie: String,
    pub statut: String,
    pub raison: Option<String>,
    pub doublon_de: Option<String>,
    pub presente: i64,
    pub en_ligne: i64,
    pub formation_session_id: Option<i64>,
    /// Public identifier of the course made of it.
    pub formation: Option<String>,
    pub formation_etat: Option<String>,
    /// Code of the establishment that has it.
    pub formation_uai: Option<String>,
}

const ENTIERE: &str = "SELECT f.id, f.public_id, f.version, f.flux, f.identifiant, f.contenu, f.academie, f.statut, f.raison,
        f.doublon_de, f.presente, f.en_ligne, f.formation_session_id, fs.public_id AS formation, fs.etat AS formation_etat,
        et.uai AS formation_uai
    FROM fiche_apprentissage f LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
    LEFT JOIN etablissement et ON et.id = fs.etablissement_id";

/// A record of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn fiche(c: &impl Sql, session: i64, public_id: &str) -> Result<Option<FicheEntiere>, StoreError> {
    let sql = format!("{ENTIERE} WHERE f.session_id = $1 AND f.public_id = $2 AND f.supprime_le IS NULL");
    c.one(&sql, vec![session.into(), public_id.to_owned().into()]).await
}

/// The records that say the same course as the one kept, this one first, then by identifier.
///
/// # Errors
/// When the database refuses.
pub async fn groupe(
    c: &impl Sql,
    session: i64,
    flux: &str,
    gardee: &str,
) -> Result<Vec<FicheEntiere>, StoreError> {
    let sql = format!(
        "{ENTIERE} WHERE f.session_id = $1 AND f.flux = $2 AND f.supprime_le IS NULL
           AND (f.identifiant = $3 OR f.doublon_de = $3)
         ORDER BY CASE WHEN f.identifiant = $3 THEN 0 ELSE 1 END, f.identifiant"
    );
    let valeurs = vec![session.into(), flux.to_owned().into(), gardee.to_owned().into()];
    c.all(&sql, valeurs).await
}

/// A record kept among several that say its course.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneGroupe {
    pub public_id: String,
    pub identifiant: String,
    pub intitule: String,
    pub departement: String,
    pub statut: String,
    /// Records that repeat it.
    pub repetent: i64,
}

/// Those of the perimeter that others repeat, by title.
///
/// # Errors
/// When the database refuses.
pub async fn list_groupes(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneGroupe>, StoreError> {
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let limites = p.page((limite, decalage));
    let sql = format!(
        "SELECT f.public_id, f.identifiant, f.intitule, f.departement, f.statut, CAST(d.n AS BIGINT) AS repetent
         FROM (SELECT flux, doublon_de, COUNT(*) AS n FROM fiche_apprentissage
               WHERE session_id = $1 AND doublon_de IS NOT NULL AND supprime_le IS NULL GROUP BY flux, doublon_de) d
         JOIN fiche_apprentissage f ON f.flux = d.flux AND f.identifiant = d.doublon_de
         WHERE {condition} ORDER BY f.intitule, f.id {limites}"
    );
    c.all(&sql, p.0).await
}

/// How many they are.
///
/// # Errors
/// When the database refuses.
pub async fn count_groupes(c: &impl Sql, scope: &Scope, session: i64) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT DISTINCT flux, doublon_de FROM fiche_apprentissage
               WHERE session_id = $1 AND doublon_de IS NOT NULL AND supprime_le IS NULL) d
         JOIN fiche_apprentissage f ON f.flux = d.flux AND f.identifiant = d.doublon_de
         WHERE {condition}"
    );
    Ok(c.int(&sql, p.0).await?.unwrap_or(0))
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneEvenement {
    pub issue: String,
    /// JSON.
    pub detail: String,
    pub statut: Option<String>,
    pub raison: Option<String>,
    /// UTC milliseconds.
    pub cree_le: i64,
    /// First name and name of the account, when it was one.
    pub par: Option<String>,
}

/// The history of a record, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn evenements(c: &impl Sql, fiche: i64) -> Result<Vec<LigneEvenement>, StoreError> {
    c.all(
        "SELECT e.issue, e.detail, e.statut, e.raison, e.cree_le,
                CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS par
         FROM evenement_apprentissage e LEFT JOIN compte c ON c.id = e.cree_par
         WHERE e.fiche_apprentissage_id = $1 ORDER BY e.id DESC",
        vec![fiche.into()],
    )
    .await
}

/// What the history of each of these records says, newest first: (key of the record, JSON). Each record is asked for once.
///
/// # Errors
/// When the database refuses.
pub async fn details_evenements(c: &impl Sql, fiches: &[i64]) -> Result<Vec<(i64, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        fiche: i64,
        detail: String,
    }
    let sql = "SELECT fiche_apprentissage_id AS fiche, detail FROM evenement_apprentissage
             WHERE fiche_apprentissage_id IN (:cles) ORDER BY id DESC";
    let lus: Vec<Ligne> = all_among(c, sql, vec![], fiches).await?;
    Ok(lus.into_iter().map(|l| (l.fiche, l.detail)).collect())
}

/// A record that the last day of a flow could not take.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRejetListe {
    pub flux: String,
    pub fichier: String,
    /// Among the records of its file, from 1; 0: nobody kept it.
    pub rang: i64,
    pub ligne: i64,
    pub identifiant: Option<String>,
    pub intitule: Option<String>,
    pub lieu: Option<String>,
    /// JSON of its faults.
    pub fautes: String,
    pub academie: String,
    /// UTC milliseconds.
    pub cree_le: i64,
    /// Public identifier of the record that the platform had before, when it knows it.
    pub fiche: Option<String>,
}

fn refuses(scope: &Scope, session: i64, p: &mut Params) -> String {
    let mut parties = vec![format!("r.session_id = {}", p.add(session))];
    let portee = scope.portee();
    if !portee.tout {
        let academies = p.list(portee.academies.iter().cloned());
        // A record that no longer says where it is was somewhere.
        parties.push(if academies.is_empty() {
            "1 = 0".to_owned()
        } else {
            format!("(r.academie IN ({academies}) OR (r.academie = '' AND f.academie IN ({academies})))")
        });
    }
    format!(
        "FROM rejet_apprentissage r LEFT JOIN fiche_apprentissage f
           ON f.session_id = r.session_id AND f.flux = r.flux AND f.identifiant = r.identifiant
         WHERE {}",
        parties.join(" AND ")
    )
}

/// One page of the refused records of the academies of a perimeter, in the order of the files; `None`: all of them.
///
/// # Errors
/// When the database refuses.
pub async fn list_rejets(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    page: Option<(i64, i64)>,
) -> Result<Vec<LigneRejetListe>, StoreError> {
    let mut p = Params::default();
    let parmi = refuses(scope, session, &mut p);
    let limites = page.map_or_else(String::new, |page| p.page(page));
    let sql = format!(
        "SELECT r.flux, r.fichier, r.rang, r.ligne, r.identifiant, COALESCE(r.intitule, f.intitule) AS intitule, r.lieu,
                r.fautes, r.academie, r.cree_le, f.public_id AS fiche
         {parmi} ORDER BY r.id {limites}"
    );
    c.all(&sql, p.0).await
}

/// How many they are.
///
/// # Errors
/// When the database refuses.
pub async fn count_rejets(c: &impl Sql, scope: &Scope, session: i64) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let parmi = refuses(scope, session, &mut p);
    Ok(c.int(&format!("SELECT COUNT(*) {parmi}"), p.0).await?.unwrap_or(0))
}

/// Public identifier of a record by its identifier in the catalogue.
///
/// # Errors
/// When the database refuses.
pub async fn public_id(c: &impl Sql, session: i64, identifiant: &str) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT public_id FROM fiche_apprentissage
         WHERE session_id = $1 AND identifiant = $2 AND supprime_le IS NULL ORDER BY id",
        vec![session.into(), identifiant.to_owned().into()],
    )
    .await
}
