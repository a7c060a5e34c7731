//! Who answers for an establishment: its head and its administrators, one line for each role.

use crate::ligne::FromLigne;
use domain::comptes::Role;
use domain::droits::Scope;

use super::EN_SERVICE;
use super::gestion::{A_UN_FACTEUR, SERT, perimeter};
use crate::error::StoreError;
use crate::sql::{Params, Sql, like};

/// What the person looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreResponsables {
    pub session: i64,
    /// Lower-case words of the name, of the address, of the establishment or of its code.
    pub mots: Vec<String>,
    pub role: Option<&'static str>,
    /// Code of the ministry that answers for the establishment; empty: nobody said it.
    pub tutelle: Option<&'static str>,
    /// Only accounts that serve and have no second factor.
    pub sans_facteur: bool,
}

/// A head or an administrator.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneResponsable {
    pub public_id: String,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub etat: String,
    pub partage_annee: Option<i64>,
    pub derniere_connexion_le: Option<i64>,
    pub mobile_chiffre: Option<Vec<u8>>,
    pub mobile_verifie_le: Option<i64>,
    /// 1 when a second factor exists.
    pub facteur: i64,
    pub role: String,
    pub uai: String,
    pub etablissement: String,
    pub academie: String,
    pub commune: String,
}

impl LigneResponsable {
    /// The role.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn role(&self) -> Result<Role, StoreError> {
        Role::from_code(&self.role).ok_or(StoreError::Unreadable("attribution.role"))
    }
}

/// Tables and conditions of both readings.
fn lignes(scope: &Scope, f: &FiltreResponsables, p: &mut Params) -> String {
    let session = p.add(f.session);
    let perimetre = perimeter(scope, &session, p);
    let mut sql = format!(
        "FROM attribution a
         JOIN compte c ON c.id = a.compte_id
         JOIN etablissement e ON e.id = a.etablissement_id
         JOIN etablissement_session es ON es.etablissement_id = e.id AND es.session_id = {session}
         WHERE a.supprime_le IS NULL AND c.supprime_le IS NULL AND a.role IN ('chef_etab', 'admin_site')
           AND (a.session_id IS NULL OR a.session_id = {session}) AND {perimetre}"
    );
    if let Some(role) = f.role {
        sql.push_str(&format!(" AND a.role = {}", p.add(role.to_owned())));
    }
    if let Some(t) = f.tutelle {
        sql.push_str(&format!(" AND es.tutelle = {}", p.add(t.to_owned())));
    }
    if f.sans_facteur {
        sql.push_str(&format!(" AND {SERT} AND NOT {A_UN_FACTEUR}"));
    }
    for mot in &f.mots {
        let motif = p.add(like(mot));
        sql.push_str(&format!(
            " AND LOWER(c.prenom || ' ' || c.nom || ' ' || c.courriel || ' ' || es.nom || ' ' || es.commune || ' ' || e.uai)
              LIKE {motif}"
        ));
    }
    sql
}

/// How many answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_responsables(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreResponsables,
) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let lignes = lignes(scope, f, &mut p);
    Ok(c.int(&format!("SELECT COUNT(*) {lignes}"), p.0).await?.unwrap_or(0))
}

/// Those that answer, by establishment, the head first. `page`: (how many, from which), or all.
///
/// # Errors
/// When the database refuses.
pub async fn list_responsables(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreResponsables,
    page: Option<(i64, i64)>,
) -> Result<Vec<LigneResponsable>, StoreError> {
    let mut p = Params::default();
    let lignes = lignes(scope, f, &mut p);
    let limites = page.map_or_else(String::new, |page| p.page(page));
    c.all(
        &format!(
            "SELECT c.public_id, c.courriel, c.nom, c.prenom, c.etat, c.partage_annee, c.derniere_connexion_le,
                    c.mobile_chiffre, c.mobile_verifie_le,
                    CAST(CASE WHEN {A_UN_FACTEUR} THEN 1 ELSE 0 END AS BIGINT) AS facteur,
                    a.role, e.uai, es.nom AS etablissement, es.academie, es.commune
             {lignes}
             ORDER BY es.academie, es.nom, e.uai, CASE a.role WHEN 'chef_etab' THEN 0 ELSE 1 END, LOWER(c.nom),
                      LOWER(c.prenom), a.id {limites}"
        ),
        p.0,
    )
    .await
}

/// An establishment that has courses, and that nobody in service answers for.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSansResponsable {
    pub uai: String,
    /// Name in the session.
    pub nom: String,
    pub academie: String,
    pub commune: String,
    /// Courses of the session, but those that are closed.
    pub formations: i64,
    /// Public identifier of the invitation of its head or of an administrator, the last of those that wait.
    pub invitation: Option<String>,
}

/// Those of a perimeter, by the words of the name, of the town or of the code, and by the ministry. Who answers is read once: looked for
/// establishment by establishment, every account was read for each of them.
fn sans_responsable(scope: &Scope, f: &FiltreResponsables, p: &mut Params) -> (String, String) {
    let session = p.add(f.session);
    let perimetre = perimeter(scope, &session, p);
    let mut sql = format!(
        "FROM etablissement e
         JOIN etablissement_session es ON es.etablissement_id = e.id AND es.session_id = {session} AND es.supprime_le IS NULL
         WHERE e.supprime_le IS NULL AND {perimetre}
           AND EXISTS (SELECT 1 FROM formation_session f WHERE f.session_id = {session} AND f.etablissement_id = e.id
                       AND f.supprime_le IS NULL AND f.etat <> 'fermee')
           AND e.id NOT IN (SELECT a.etablissement_id FROM attribution a JOIN compte c ON c.id = a.compte_id
                            WHERE a.etablissement_id IS NOT NULL AND a.role IN ('chef_etab', 'admin_site')
                              AND a.supprime_le IS NULL AND (a.session_id IS NULL OR a.session_id = {session})
                              AND {EN_SERVICE})"
    );
    if let Some(t) = f.tutelle {
        sql.push_str(&format!(" AND es.tutelle = {}", p.add(t.to_owned())));
    }
    for mot in &f.mots {
        let motif = p.add(like(mot));
        sql.push_str(&format!(" AND LOWER(es.nom || ' ' || es.commune || ' ' || e.uai) LIKE {motif}"));
    }
    (session, sql)
}

/// How many establishments of a perimeter have courses in a session and nobody who answers for them, of those that are looked for by
/// their words and their ministry.
///
/// # Errors
/// When the database refuses.
pub async fn count_sans_responsable(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreResponsables,
) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let (_, lignes) = sans_responsable(scope, f, &mut p);
    Ok(c.int(&format!("SELECT COUNT(*) {lignes}"), p.0).await?.unwrap_or(0))
}

/// A page of them, by academy and name: how many, from which.
///
/// # Errors
/// When the database refuses.
pub async fn list_sans_responsable(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreResponsables,
    page: (i64, i64),
) -> Result<Vec<LigneSansResponsable>, StoreError> {
    let mut p = Params::default();
    let (session, lignes) = sans_responsable(scope, f, &mut p);
    let limites = p.page(page);
    c.all(
        &format!(
            "SELECT e.uai, es.nom, es.academie, es.commune,
                    (SELECT COUNT(*) FROM formation_session f WHERE f.session_id = {session}
                       AND f.etablissement_id = e.id AND f.supprime_le IS NULL AND f.etat <> 'fermee') AS formations,
                    (SELECT i.public_id FROM invitation i WHERE i.etablissement_id = e.id AND i.session_id = {session}
                       AND i.etat = 'envoyee' AND i.role IN ('chef_etab', 'admin_site')
                     ORDER BY i.envoyee_le DESC, i.id DESC LIMIT 1) AS invitation
             {lignes} ORDER BY es.academie, es.nom, e.uai {limites}"
        ),
        p.0,
    )
    .await
}
