//! Establishments: permanent identity (UAI) and what is said of them for a session.

mod listes;
mod nom;
mod parametrage;
mod reserve;

pub use listes::{composantes_of, insert_lignes, journees_of, remove_lignes, sites_of, update_lignes};
pub use nom::{CourseCherchee, SansNom, courses_of, name, sans_nom, set_recherches};

pub use parametrage::{
    ChangementEtablissement, ChefEtablissement, LigneComposante, LigneJournee, LigneLieu, LigneParametrage,
    LigneSite, Liste, NouveauChef, ParametrageChange, changements, chefs, composantes, end_chef,
    hold_parametrages, insert_chef, journees, lieux, parametrage, parametrage_of, parametrages_of,
    parametrages_since, remove_chef, reopen_chef, save_parametrage, sites, update_chef,
};

pub use reserve::{
    ContactEtablissement, contacts, insert_contact, remove_contact, remove_signature, save_signature,
    signature, update_contact,
};

use domain::droits::Scope;

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, Tx};

/// An establishment as a session shows it.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneEtablissement {
    /// Key of the permanent establishment.
    pub etablissement_id: i64,
    pub uai: String,
    pub nom: String,
    /// Code of the legal status: `public`, `prive_sous_contrat`…
    pub statut: String,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub site_web: Option<String>,
}

/// What a session says of an establishment.
#[derive(Debug, Clone)]
pub struct NouvelEtablissementSession<'a> {
    pub etablissement: i64,
    pub session: i64,
    pub nom: &'a str,
    pub statut: &'a str,
    pub departement: &'a str,
    pub academie: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
    pub site_web: Option<&'a str>,
}

/// Adds a permanent establishment; gives its key.
///
/// # Errors
/// [`StoreError::Conflict`] when the UAI exists.
pub async fn insert(tx: &Tx, e: &Ecriture<'_>, uai: &str) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.push(uai.to_owned().into());
    tx.int(
        &format!("INSERT INTO etablissement ({META}, uai) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("etablissement"))
}

/// Adds what a session says of an establishment; gives the row's key.
///
/// # Errors
/// [`StoreError::Conflict`] when the session already has it.
pub async fn insert_session(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouvelEtablissementSession<'_>,
) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        n.etablissement.into(),
        n.session.into(),
        n.nom.to_owned().into(),
        n.statut.to_owned().into(),
        n.departement.to_owned().into(),
        n.academie.to_owned().into(),
        n.commune.to_owned().into(),
        n.coordonnees.map(|c| c.0).into(),
        n.coordonnees.map(|c| c.1).into(),
        n.site_web.map(str::to_owned).into(),
    ]);
    tx.int(
        &format!(
            "INSERT INTO etablissement_session ({META}, etablissement_id, session_id, nom, statut, departement, academie,
                 commune, latitude, longitude, site_web)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("etablissement_session"))
}

/// The key of an establishment by its UAI.
///
/// # Errors
/// When the database refuses.
pub async fn by_uai(c: &impl Sql, uai: &str) -> Result<Option<i64>, StoreError> {
    c.int("SELECT id FROM etablissement WHERE uai = $1 AND supprime_le IS NULL", vec![uai.to_owned().into()])
        .await
}

/// What a session says of an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn by_session(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Option<LigneEtablissement>, StoreError> {
    c.one(
        "SELECT s.etablissement_id, e.uai, s.nom, s.statut, s.departement, s.academie, s.commune, s.site_web
         FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
         WHERE s.session_id = $1 AND s.etablissement_id = $2 AND s.supprime_le IS NULL",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// Codes of the ministries of the establishments of a perimeter in a session, each once; empty: of those of which nobody said it.
///
/// # Errors
/// When the database refuses.
pub async fn tutelles(c: &impl Sql, scope: &Scope, session: i64) -> Result<Vec<String>, StoreError> {
    #[derive(FromLigne)]
    struct Dite {
        tutelle: String,
    }
    let mut q = Params::default();
    let session = q.add(session);
    let portee = scope.portee();
    let mut parmi = Vec::new();
    if portee.tout {
        parmi.push("1 = 1".to_owned());
    } else {
        let academies = q.all(portee.academies.iter().cloned());
        parmi.extend(academies.map(|codes| format!("s.academie IN ({codes})")));
        let siens = q.all(portee.etablissements.iter().copied());
        parmi.extend(siens.map(|ids| format!("s.etablissement_id IN ({ids})")));
    }
    let parmi = if parmi.is_empty() { "1 = 0".to_owned() } else { parmi.join(" OR ") };
    let sql = format!(
        "SELECT DISTINCT s.tutelle FROM etablissement_session s
         WHERE s.session_id = {session} AND s.supprime_le IS NULL AND ({parmi}) ORDER BY s.tutelle"
    );
    let dites: Vec<Dite> = c.all(&sql, q.0).await?;
    Ok(dites.into_iter().map(|d| d.tutelle).collect())
}

/// What a session says of each of its establishments, by department, then by name.
///
/// # Errors
/// When the database refuses.
pub async fn list_by_session(c: &impl Sql, session: i64) -> Result<Vec<LigneEtablissement>, StoreError> {
    c.all(
        "SELECT s.etablissement_id, e.uai, s.nom, s.statut, s.departement, s.academie, s.commune, s.site_web
         FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
         WHERE s.session_id = $1 AND s.supprime_le IS NULL ORDER BY s.departement, s.nom, e.uai",
        vec![session.into()],
    )
    .await
}
