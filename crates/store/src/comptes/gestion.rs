//! Accounts as those who manage them see them, within a perimeter.

use domain::comptes::Role;
use domain::droits::{Cible, Scope};

use crate::ligne::FromLigne;

use super::{COLONNES, LigneCompte};
use crate::error::StoreError;
use crate::sql::{Params, Sql, like};

/// Roles of people who look after courses, establishments or services: every one but the candidate's.
pub(super) const DU_PERSONNEL: &str = "a.supprime_le IS NULL AND a.role <> 'candidat'";

/// The attributions of people, with what a session says of them.
const ROLES: &str = "FROM attribution a
    LEFT JOIN formation f ON f.id = a.formation_id
    LEFT JOIN formation_inscription fi ON fi.id = f.formation_inscription_id
    LEFT JOIN etablissement e ON e.id = COALESCE(a.etablissement_id, fi.etablissement_id)";

/// What the person looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreComptes {
    pub session: i64,
    /// Lower-case words of the name or of the address.
    pub mots: Vec<String>,
    pub etat: Option<&'static str>,
    pub role: Option<&'static str>,
    /// Only accounts without a second factor.
    pub sans_facteur: bool,
    pub etablissement: Option<i64>,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneListe {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub etat: String,
    /// 1 when a second factor exists.
    pub facteur: i64,
    pub derniere_connexion_le: Option<i64>,
    pub partage_annee: Option<i64>,
}

/// A role of an account, as a session shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRole {
    pub id: i64,
    pub public_id: String,
    pub compte_id: i64,
    pub role: String,
    pub session_id: Option<i64>,
    pub etablissement_id: Option<i64>,
    pub formation_id: Option<i64>,
    pub academies: String,
    pub uai: Option<String>,
    pub etablissement: Option<String>,
    pub academie: Option<String>,
    pub formation: Option<String>,
}

impl LigneRole {
    /// The role.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn role(&self) -> Result<Role, StoreError> {
        Role::from_code(&self.role).ok_or(StoreError::Unreadable("attribution.role"))
    }

    /// What the role is about, for the table of rights.
    pub fn cible(&self) -> Cible {
        Cible {
            session: self.session_id,
            etablissement: self.etablissement_id,
            formation: self.formation_id,
            academie: self.academie.clone(),
            candidat: None,
        }
    }
}

/// Whether an account `c` has a second factor of its own: authenticator, passkey or proved number. A mailbox is not one.
pub(super) const A_UN_FACTEUR: &str = "(c.totp_chiffre IS NOT NULL
    OR EXISTS (SELECT 1 FROM cle_acces k WHERE k.compte_id = c.id AND k.supprime_le IS NULL)
    OR EXISTS (SELECT 1 FROM mobile_prouve m WHERE m.compte_id = c.id))";

/// Whether somebody signs in with an account `c`: a suspended or shared one lacks nothing.
pub(super) const SERT: &str = "(c.etat IN ('actif', 'a_securiser') AND c.partage_annee IS NULL)";

/// Which attributions are within the perimeter.
pub(super) fn perimeter(scope: &Scope, session: &str, p: &mut Params) -> String {
    let portee = scope.portee();
    if portee.tout {
        return "1 = 1".to_owned();
    }
    let mut ou = Vec::new();
    if let Some(ids) = p.all(portee.etablissements.iter().copied()) {
        ou.push(format!("e.id IN ({ids})"));
    }
    if let Some(codes) = p.all(portee.academies.iter().cloned()) {
        ou.push(format!(
            "e.id IN (SELECT s.etablissement_id FROM etablissement_session s
                      WHERE s.session_id = {session} AND s.academie IN ({codes}))"
        ));
    }
    if ou.is_empty() { "1 = 0".to_owned() } else { format!("({})", ou.join(" OR ")) }
}

fn condition(scope: &Scope, f: &FiltreComptes, p: &mut Params) -> String {
    let session = p.add(f.session);
    let mut role = vec![
        DU_PERSONNEL.to_owned(),
        format!("(a.session_id IS NULL OR a.session_id = {session})"),
        perimeter(scope, &session, p),
    ];
    if let Some(code) = f.role {
        role.push(format!("a.role = {}", p.add(code.to_owned())));
    }
    if let Some(id) = f.etablissement {
        role.push(format!("e.id = {}", p.add(id)));
    }
    let mut parties = vec![
        "c.supprime_le IS NULL".to_owned(),
        format!("c.id IN (SELECT a.compte_id {ROLES} WHERE {})", role.join(" AND ")),
    ];
    if let Some(etat) = f.etat {
        parties.push(format!("c.etat = {}", p.add(etat.to_owned())));
    }
    if f.sans_facteur {
        parties.push(format!("{SERT} AND NOT {A_UN_FACTEUR}"));
    }
    for mot in &f.mots {
        let motif = p.add(like(mot));
        parties.push(format!("LOWER(c.prenom || ' ' || c.nom || ' ' || c.courriel) LIKE {motif}"));
    }
    parties.join(" AND ")
}

/// Whether an account has a second factor of its own.
///
/// # Errors
/// When the database refuses.
pub async fn has_factor(c: &impl Sql, compte: i64) -> Result<bool, StoreError> {
    let sql = format!("SELECT COUNT(*) FROM compte c WHERE c.id = $1 AND {A_UN_FACTEUR}");
    Ok(c.int(&sql, vec![compte.into()]).await?.unwrap_or(0) > 0)
}

/// How many accounts of the perimeter answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_accounts(c: &impl Sql, scope: &Scope, f: &FiltreComptes) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    Ok(c.int(&format!("SELECT COUNT(*) FROM compte c WHERE {condition}"), p.0).await?.unwrap_or(0))
}

/// One page of the accounts of the perimeter, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list_accounts(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreComptes,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneListe>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let limites = p.page((limite, decalage));
    c.all(
        &format!(
            "SELECT c.id, c.public_id, c.courriel, c.nom, c.prenom, c.etat, c.derniere_connexion_le, c.partage_annee,
                    CAST(CASE WHEN {A_UN_FACTEUR} THEN 1 ELSE 0 END AS BIGINT) AS facteur
             FROM compte c WHERE {condition} ORDER BY LOWER(c.nom), LOWER(c.prenom), c.id {limites}"
        ),
        p.0,
    )
    .await
}

/// Roles of these accounts, as a session shows them, strongest perimeter first.
///
/// # Errors
/// When the database refuses.
pub async fn roles_of(c: &impl Sql, session: i64, comptes: &[i64]) -> Result<Vec<LigneRole>, StoreError> {
    let mut p = Params::default();
    let session = p.add(session);
    let Some(ids) = p.all(comptes.iter().copied()) else { return Ok(Vec::new()) };
    c.all(
        &format!(
            "SELECT a.id, a.public_id, a.compte_id, a.role, a.session_id, e.id AS etablissement_id, a.formation_id, a.academies, e.uai,
                    es.nom AS etablissement, es.academie, fs.libelle AS formation
             {ROLES}
             LEFT JOIN etablissement_session es ON es.etablissement_id = e.id AND es.session_id = {session}
             LEFT JOIN formation_session fs ON fs.formation_id = a.formation_id AND fs.session_id = {session}
             WHERE {DU_PERSONNEL} AND a.compte_id IN ({ids}) AND (a.session_id IS NULL OR a.session_id = {session})
             ORDER BY a.id"
        ),
        p.0,
    )
    .await
}

/// An account by its public identifier, candidates' own included: rights decide what is seen of it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_public_id(c: &impl Sql, public_id: &str) -> Result<LigneCompte, StoreError> {
    c.one(
        &format!("SELECT {COLONNES} FROM compte WHERE public_id = $1 AND supprime_le IS NULL"),
        vec![public_id.to_owned().into()],
    )
    .await?
    .ok_or(StoreError::NotFound("compte"))
}

/// An establishment in a choice.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneChoix {
    pub id: i64,
    pub public_id: String,
    pub libelle: String,
    pub academie: String,
}

/// The establishment of a session by its UAI, whatever the perimeter: rights decide.
///
/// # Errors
/// When the database refuses.
pub async fn etablissement_by_uai(
    c: &impl Sql,
    session: i64,
    uai: &str,
) -> Result<Option<LigneChoix>, StoreError> {
    c.one(
        "SELECT e.id, e.uai AS public_id, s.nom AS libelle, s.academie
         FROM etablissement e JOIN etablissement_session s ON s.etablissement_id = e.id AND s.session_id = $1
         WHERE e.uai = $2 AND e.supprime_le IS NULL",
        vec![session.into(), uai.to_owned().into()],
    )
    .await
}

/// The establishments named by keys, in a session, by name.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements_of(
    c: &impl Sql,
    session: i64,
    ids: &[i64],
) -> Result<Vec<LigneChoix>, StoreError> {
    let mut p = Params::default();
    let session = p.add(session);
    let Some(ids) = p.all(ids.iter().copied()) else { return Ok(Vec::new()) };
    c.all(
        &format!(
            "SELECT e.id, e.uai AS public_id, s.nom AS libelle, s.academie
             FROM etablissement e JOIN etablissement_session s ON s.etablissement_id = e.id AND s.session_id = {session}
             WHERE e.id IN ({ids}) ORDER BY s.nom, e.uai"
        ),
        p.0,
    )
    .await
}

/// A course on which roles are given: not one that was closed or withdrawn.
const OFFERT: &str = "(supprime_le IS NULL AND etat <> 'fermee')";

/// The courses of an establishment on which a session gives roles, by label: their key is that of the permanent course, their public
/// identifier that of the session.
///
/// # Errors
/// When the database refuses.
pub async fn courses_of(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneChoix>, StoreError> {
    c.all(
        &format!(
            "SELECT formation_id AS id, public_id, CASE WHEN detail = '' THEN libelle ELSE libelle || ' – ' || detail END AS libelle,
                    academie
             FROM formation_session WHERE session_id = $1 AND etablissement_id = $2 AND {OFFERT}
             ORDER BY recherche, id"
        ),
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// A course that a role or an invitation names.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCours {
    pub id: i64,
    pub libelle: String,
    /// 1 when it was closed or withdrawn: no role on it is given any more.
    pub ferme: i64,
}

/// These courses of an establishment in a session, by title, those that are closed or withdrawn included.
///
/// # Errors
/// When the database refuses.
pub async fn courses_named(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
    formations: &[i64],
) -> Result<Vec<LigneCours>, StoreError> {
    let mut p = Params::default();
    let (session, etablissement) = (p.add(session), p.add(etablissement));
    let Some(ids) = p.all(formations.iter().copied()) else { return Ok(Vec::new()) };
    c.all(
        &format!(
            "SELECT formation_id AS id, CASE WHEN detail = '' THEN libelle ELSE libelle || ' – ' || detail END AS libelle,
                    CAST(CASE WHEN {OFFERT} THEN 0 ELSE 1 END AS BIGINT) AS ferme
             FROM formation_session
             WHERE session_id = {session} AND etablissement_id = {etablissement} AND formation_id IN ({ids})
             ORDER BY recherche, id"
        ),
        p.0,
    )
    .await
}

/// Waiting invitations of a perimeter, those that run out first coming first.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_invitations(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    combien: i64,
) -> Result<Vec<super::LigneInvitation>, StoreError> {
    let mut p = Params::default();
    let session = p.add(session);
    let perimetre = perimeter(scope, &session, &mut p);
    let combien = p.add(combien);
    c.all(
        &format!(
            "{} LEFT JOIN etablissement e ON e.id = i.etablissement_id
             WHERE i.etat = 'envoyee' AND i.session_id = {session} AND {perimetre} ORDER BY i.expire_le, i.id LIMIT {combien}",
            super::invitations::LECTURE
        ),
        p.0,
    )
    .await
}

/// The active administrators of an establishment, by name.
///
/// # Errors
/// When the database refuses.
pub async fn administrators_of(c: &impl Sql, etablissement: i64) -> Result<Vec<LigneCompte>, StoreError> {
    c.all(
        &format!(
            "SELECT {COLONNES} FROM compte WHERE etat = 'actif' AND supprime_le IS NULL AND id IN (
               SELECT compte_id FROM attribution
               WHERE etablissement_id = $1 AND role = 'admin_site' AND supprime_le IS NULL)
             ORDER BY LOWER(nom), LOWER(prenom), id"
        ),
        vec![etablissement.into()],
    )
    .await
}
