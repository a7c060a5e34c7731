//! Comptes, attributions and sign-in sessions.

mod adresses;
mod changements;
mod connus;
mod etablissements;
mod facteurs;
mod gestion;
mod inactifs;
mod invitations;
mod mots;
mod partages;
mod proches;
mod responsables;
mod sessions_web;

pub use adresses::*;
pub use changements::*;
pub use connus::*;
pub use etablissements::*;
pub use facteurs::*;
pub use gestion::*;
pub use inactifs::*;
pub use invitations::*;
pub use mots::*;
pub use partages::*;
pub use proches::*;
pub use responsables::*;
pub use sessions_web::*;

/// An account `c` that may still be written to.
pub(crate) const EN_SERVICE: &str = "c.supprime_le IS NULL AND c.etat NOT IN ('desactive', 'suspendu')";

use std::collections::HashMap;

use domain::comptes::{EtatCompte, Role};
use domain::delegations::Operations;
use domain::droits::Attribution;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, insert_batch};

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCompte {
    pub id: i64,
    pub public_id: String,
    pub courriel: String,
    pub nom: String,
    pub prenom: String,
    pub etat: String,
    pub mot_de_passe: Option<String>,
    pub totp_chiffre: Option<Vec<u8>>,
    pub totp_dernier_pas: i64,
    pub mobile_chiffre: Option<Vec<u8>>,
    /// First complete sign-in, in real milliseconds.
    pub active_le: Option<i64>,
    pub version: i64,
}

impl LigneCompte {
    /// Its state.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn etat(&self) -> Result<EtatCompte, StoreError> {
        EtatCompte::from_code(&self.etat).ok_or(StoreError::Unreadable("compte.etat"))
    }
}

const COLONNES: &str = "id, public_id, courriel, nom, prenom, etat, mot_de_passe, totp_chiffre, totp_dernier_pas, \
                        mobile_chiffre, active_le, version";

/// The account of a normalised address.
///
/// # Errors
/// When the database refuses.
pub async fn by_courriel(c: &impl Sql, courriel: &str) -> Result<Option<LigneCompte>, StoreError> {
    c.one(
        &format!("SELECT {COLONNES} FROM compte WHERE courriel = $1 AND supprime_le IS NULL"),
        vec![courriel.to_owned().into()],
    )
    .await
}

/// An account by its key.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_id(c: &impl Sql, id: i64) -> Result<LigneCompte, StoreError> {
    c.one(&format!("SELECT {COLONNES} FROM compte WHERE id = $1 AND supprime_le IS NULL"), vec![id.into()])
        .await?
        .ok_or(StoreError::NotFound("compte"))
}

/// A new account.
#[derive(Debug, Clone)]
pub struct NouveauCompte<'a> {
    /// Normalised address.
    pub courriel: &'a str,
    pub nom: &'a str,
    pub prenom: &'a str,
    pub etat: EtatCompte,
    /// Hash of the password, if one is chosen.
    pub mot_de_passe: Option<&'a str>,
    /// Secret of the second factor, in clear: sealed here.
    pub totp: Option<&'a [u8]>,
    /// Real instant at which the address was proved, in milliseconds.
    pub courriel_verifie_le: Option<i64>,
}

/// Adds an account; gives its key.
///
/// # Errors
/// [`StoreError::Conflict`] when the address is taken.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    n: &NouveauCompte<'_>,
) -> Result<i64, StoreError> {
    insert_many(tx, e, coffre, std::slice::from_ref(n)).await?.pop().ok_or(StoreError::NotFound("compte"))
}

/// Adds accounts by large statements; gives their keys, in the order given.
///
/// # Errors
/// [`StoreError::Conflict`] when an address is taken.
pub async fn insert_many(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    nouveaux: &[NouveauCompte<'_>],
) -> Result<Vec<i64>, StoreError> {
    let mut lignes = Vec::with_capacity(nouveaux.len());
    let mut publics = Vec::with_capacity(nouveaux.len());
    for n in nouveaux {
        let (public_id, mut valeurs) = e.meta();
        let totp = match n.totp {
            None => None,
            Some(secret) => Some(seal_totp(coffre, public_id.as_str(), secret, e.alea().nonce())?),
        };
        valeurs.extend([
            n.courriel.to_owned().into(),
            n.nom.to_owned().into(),
            n.prenom.to_owned().into(),
            n.etat.code().to_owned().into(),
            n.mot_de_passe.map(str::to_owned).into(),
            totp.into(),
            n.courriel_verifie_le.into(),
        ]);
        lignes.push(valeurs);
        publics.push(public_id.as_str().to_owned());
    }
    let debut = format!(
        "INSERT INTO compte ({META}, courriel, nom, prenom, etat, mot_de_passe, totp_chiffre, courriel_verifie_le)"
    );
    insert_batch(tx, &debut, NB_META + 7, lignes, "").await?;
    keys(tx, &publics).await
}

#[derive(FromLigne)]
struct Cle {
    id: i64,
    public_id: String,
}

/// Keys of public identifiers, in the order given.
async fn keys(tx: &Tx, publics: &[String]) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT id, public_id FROM compte WHERE public_id IN (:cles)";
    let lignes: Vec<Cle> = all_among(tx, sql, vec![], publics).await?;
    let connues: HashMap<String, i64> = lignes.into_iter().map(|l| (l.public_id, l.id)).collect();
    publics.iter().map(|p| connues.get(p).copied().ok_or(StoreError::NotFound("compte"))).collect()
}

/// Ciphers the secret of a second factor, bound to its account (SEC-6).
///
/// # Errors
/// When the vault refuses.
pub fn seal_totp(
    coffre: &Coffre,
    public_id: &str,
    secret: &[u8],
    nonce: [u8; 24],
) -> Result<Vec<u8>, StoreError> {
    coffre.seal(place_totp(public_id), secret, nonce)
}

/// Deciphers the secret of an account's second factor.
///
/// # Errors
/// When the vault refuses.
pub fn open_totp(coffre: &Coffre, public_id: &str, chiffre: &[u8]) -> Result<Vec<u8>, StoreError> {
    coffre.open(place_totp(public_id), chiffre)
}

fn place_totp(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "compte", colonne: "totp_chiffre", ligne: public_id }
}

/// Accepts a step of the second factor once and for all: `false` when this step or a later one was already used,
/// even by a request in parallel (SEC-6).
///
/// # Errors
/// When the database refuses.
pub async fn use_totp_step(tx: &Tx, id: i64, pas: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE compte SET totp_dernier_pas = $1 WHERE id = $2 AND totp_dernier_pas < $1",
            vec![pas.into(), id.into()],
        )
        .await?;
    Ok(n == 1)
}

/// Gives a new second factor to an account, the step that proved it being already used.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_totp(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    chiffre: Vec<u8>,
    pas: i64,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE compte SET totp_chiffre = $1, totp_dernier_pas = $2, maj_le = $3, maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6",
            vec![
                chiffre.into(),
                pas.into(),
                e.ms().into(),
                e.compte().into(),
                compte.id.into(),
                compte.version.into(),
            ],
        )
        .await?;
    changed(n, compte)
}

/// Changes the password and the state of an account.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_password(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    empreinte: &str,
    etat: EtatCompte,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE compte SET mot_de_passe = $1, etat = $2, maj_le = $3, maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6",
            vec![
                empreinte.to_owned().into(),
                etat.code().to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                compte.id.into(),
                compte.version.into(),
            ],
        )
        .await?;
    changed(n, compte)
}

/// The same password, hashed at the present cost (MDP-4): nothing changes for its holder, not even the version. One
/// changed meanwhile stays as it is.
///
/// # Errors
/// When the database refuses.
pub async fn renew_hash(tx: &Tx, compte: i64, avant: Option<&str>, apres: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE compte SET mot_de_passe = $1 WHERE id = $2 AND mot_de_passe = $3",
        vec![apres.to_owned().into(), compte.into(), avant.map(str::to_owned).into()],
    )
    .await
    .map(|_| ())
}

fn changed(n: u64, compte: &LigneCompte) -> Result<(), StoreError> {
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("compte {}", compte.id))) }
}

/// Notes a complete sign-in (real time).
///
/// # Errors
/// When the database refuses.
pub async fn touch_compte(tx: &Tx, id: i64, maintenant: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE compte SET derniere_connexion_le = $1, active_le = COALESCE(active_le, $1), rappels_inactivite = 0,
                           rappel_inactivite_le = NULL
         WHERE id = $2",
        vec![maintenant.into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// Gives roles to accounts: (account, role).
///
/// # Errors
/// When the database refuses.
pub async fn insert_attributions(
    tx: &Tx,
    e: &Ecriture<'_>,
    roles: &[(i64, &Attribution)],
) -> Result<(), StoreError> {
    let mut lignes = Vec::with_capacity(roles.len());
    for (compte, a) in roles {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([
            (*compte).into(),
            a.role.code().to_owned().into(),
            a.session.into(),
            a.etablissement.into(),
            a.formation.into(),
            a.academies.join(",").into(),
            a.operations.map(Operations::code).into(),
        ]);
        lignes.push(valeurs);
    }
    let debut = format!(
        "INSERT INTO attribution ({META}, compte_id, role, session_id, etablissement_id, formation_id, academies,
             operations)"
    );
    insert_batch(tx, &debut, NB_META + 7, lignes, "").await.map(|_| ())
}

#[derive(FromLigne)]
struct LigneAttribution {
    role: String,
    session_id: Option<i64>,
    etablissement_id: Option<i64>,
    formation_id: Option<i64>,
    academies: String,
    operations: Option<String>,
}

impl LigneAttribution {
    fn lue(self) -> Result<Attribution, StoreError> {
        Ok(Attribution {
            role: Role::from_code(&self.role).ok_or(StoreError::Unreadable("attribution.role"))?,
            session: self.session_id,
            etablissement: self.etablissement_id,
            formation: self.formation_id,
            academies: self.academies.split(',').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            candidat: None,
            operations: self
                .operations
                .map(|o| Operations::from_code(&o).ok_or(StoreError::Unreadable("attribution.operations")))
                .transpose()?,
        })
    }
}

#[derive(FromLigne)]
struct LigneCandidat {
    id: i64,
    session_id: i64,
}

/// The roles of an account, its own candidate records included.
///
/// # Errors
/// When the database refuses.
pub async fn attributions(c: &impl Sql, compte: i64) -> Result<Vec<Attribution>, StoreError> {
    let lignes: Vec<LigneAttribution> = c
        .all(
            "SELECT role, session_id, etablissement_id, formation_id, academies, operations FROM attribution
             WHERE compte_id = $1 AND supprime_le IS NULL ORDER BY id",
            vec![compte.into()],
        )
        .await?;
    let candidats: Vec<LigneCandidat> = c
        .all(
            "SELECT ca.id, ca.session_id FROM candidat ca JOIN session_admission s ON s.id = ca.session_id
             WHERE ca.compte_id = $1 AND ca.supprime_le IS NULL AND s.etat = 'ouverte'",
            vec![compte.into()],
        )
        .await?;
    let mut sortie = Vec::with_capacity(lignes.len() + candidats.len());
    for l in lignes {
        sortie.push(l.lue()?);
    }
    for l in candidats {
        sortie.push(Attribution {
            session: Some(l.session_id),
            candidat: Some(l.id),
            ..Attribution::simple(Role::Candidat)
        });
    }
    Ok(sortie)
}
