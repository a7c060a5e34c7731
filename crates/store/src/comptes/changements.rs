//! What changes the life of an account: its state, its address, its factor, its roles.

use domain::comptes::EtatCompte;
use sea_orm::Value;

use crate::ligne::FromLigne;

use super::LigneCompte;
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, poses};
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// What the life of an account remembers, beside what signing in needs.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneVie {
    pub id: i64,
    pub mobile_chiffre: Option<Vec<u8>>,
    pub mobile_verifie_le: Option<i64>,
    pub mot_de_passe_refuse: Option<String>,
    pub adresse_changee_le: Option<i64>,
    pub facteur_retire_le: Option<i64>,
    pub motif_etat: String,
    pub partage_annee: Option<i64>,
    pub reprise_confiee_a: Option<i64>,
    pub repris_par: Option<i64>,
    pub derniere_connexion_le: Option<i64>,
}

/// The life of an account by its key, removed or not.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn vie(c: &impl Sql, compte: i64) -> Result<LigneVie, StoreError> {
    c.one(
        "SELECT id, mobile_chiffre, mobile_verifie_le, mot_de_passe_refuse, adresse_changee_le, facteur_retire_le,
                motif_etat, partage_annee, reprise_confiee_a, repris_par, derniere_connexion_le
         FROM compte WHERE id = $1",
        vec![compte.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("compte"))
}

/// Sets columns of an account that nobody changed since it was read.
pub(super) async fn update(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    colonnes: &[(&str, Value)],
) -> Result<(), StoreError> {
    let mut valeurs: Vec<Value> =
        vec![e.ms().into(), e.compte().into(), compte.id.into(), compte.version.into()];
    let poses = poses(colonnes, &mut valeurs);
    let n = tx
        .exec(
            &format!(
                "UPDATE compte SET {poses}maj_le = $1, maj_par = $2, version = version + 1
                 WHERE id = $3 AND version = $4 AND supprime_le IS NULL"
            ),
            valeurs,
        )
        .await?;
    super::changed(n, compte)
}

pub(super) fn texte(t: &str) -> Value {
    t.to_owned().into()
}

/// Suspends an account or makes it active again, with the reason.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_etat(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    etat: EtatCompte,
    motif: &str,
) -> Result<(), StoreError> {
    let aucun: Option<i64> = None;
    let avant = (etat == EtatCompte::Suspendu).then(|| compte.etat.clone());
    let colonnes = [
        ("etat", texte(etat.code())),
        ("etat_avant", avant.into()),
        ("motif_etat", texte(motif)),
        // Whoever comes back has thirteen months again (CPT-7).
        ("rappels_inactivite", 0i64.into()),
        ("rappel_inactivite_le", aucun.into()),
    ];
    update(tx, e, compte, &colonnes).await
}

/// The state that a suspension interrupted.
///
/// # Errors
/// When the database refuses.
pub async fn etat_avant(c: &impl Sql, compte: i64) -> Result<Option<EtatCompte>, StoreError> {
    let code = c.text("SELECT etat_avant FROM compte WHERE id = $1", vec![compte.into()]).await?;
    Ok(code.as_deref().and_then(EtatCompte::from_code))
}

/// Makes these passwords open nothing any more, without forgetting them: they cannot be chosen again (MDP-5). The links
/// already sent no longer serve, the sessions are closed. Gives how many accounts.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_passwords(tx: &Tx, e: &Ecriture<'_>, comptes: &[i64]) -> Result<u64, StoreError> {
    let mut n = 0;
    for compte in comptes {
        n += tx
            .exec(
                "UPDATE compte SET mot_de_passe_refuse = COALESCE(mot_de_passe, mot_de_passe_refuse),
                        mot_de_passe = NULL, maj_le = $1, maj_par = $2, version = version + 1
                 WHERE id = $3 AND supprime_le IS NULL",
                vec![e.ms().into(), e.compte().into(), (*compte).into()],
            )
            .await?;
        tx.exec("DELETE FROM jeton WHERE compte_id = $1 AND utilise_le IS NULL", vec![(*compte).into()])
            .await?;
        super::delete_sessions_web(tx, *compte).await?;
        super::forget_connus(tx, *compte).await?;
        // Whoever knew the password does not find what the holder was typing.
        crate::brouillons::erase_all(tx, *compte).await?;
    }
    Ok(n)
}

/// Withdraws every second factor of an account, lost with the device that held it: authenticator, passkeys, recovery
/// codes; its number stays, to be proved again; known networks and browsers spare nothing any more.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn clear_factors(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    maintenant: i64,
) -> Result<(), StoreError> {
    let (aucun, jamais): (Option<Vec<u8>>, Option<i64>) = (None, None);
    let colonnes = [
        ("totp_chiffre", aucun.into()),
        ("mobile_verifie_le", jamais.into()),
        ("facteur_retire_le", maintenant.into()),
    ];
    update(tx, e, compte, &colonnes).await?;
    forget_factors(tx, compte.id).await
}

async fn unprove_mobile(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    tx.exec("DELETE FROM mobile_prouve WHERE compte_id = $1", vec![compte.into()]).await.map(|_| ())
}

/// What stands beside the account: nothing of it serves without it.
async fn forget_factors(tx: &Tx, compte: i64) -> Result<(), StoreError> {
    unprove_mobile(tx, compte).await?;
    for table in ["cle_acces", "code_secours"] {
        tx.exec(&format!("DELETE FROM {table} WHERE compte_id = $1"), vec![compte.into()]).await?;
    }
    super::forget_connus(tx, compte).await
}

/// Removes an account: neither address, nor mobile, nor secret stays; its key, its name and what it did do (CPT-7).
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn remove(tx: &Tx, e: &Ecriture<'_>, compte: &LigneCompte) -> Result<(), StoreError> {
    let (octets, mot): (Option<Vec<u8>>, Option<String>) = (None, None);
    let colonnes = [
        ("courriel", texte(&format!("{}@supprime.invalid", compte.public_id))),
        ("etat", texte(EtatCompte::Desactive.code())),
        ("mot_de_passe", mot.clone().into()),
        ("mot_de_passe_refuse", mot.into()),
        ("mobile_chiffre", octets.clone().into()),
        ("totp_chiffre", octets.into()),
        ("supprime_le", e.ms().into()),
    ];
    update(tx, e, compte, &colonnes).await?;
    withdraw_all(tx, e, compte.id).await?;
    forget_factors(tx, compte.id).await?;
    for sql in
        ["DELETE FROM jeton WHERE compte_id = $1", "DELETE FROM changement_adresse WHERE compte_id = $1"]
    {
        tx.exec(sql, vec![compte.id.into()]).await?;
    }
    crate::brouillons::erase_all(tx, compte.id).await?;
    super::delete_sessions_web(tx, compte.id).await.map(|_| ())
}

/// Withdraws one role of an account.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_attribution(tx: &Tx, e: &Ecriture<'_>, id: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE attribution SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE id = $3 AND supprime_le IS NULL",
        vec![e.ms().into(), e.compte().into(), id.into()],
    )
    .await
    .map(|_| ())
}

/// Active administrators of an establishment other than this account (CPT-8). Their rows are locked, so that two of them
/// leaving at once see each other.
///
/// # Errors
/// When the database refuses.
pub async fn other_administrators(tx: &Tx, etablissement: i64, compte: i64) -> Result<i64, StoreError> {
    let verrou = if tx.backend() == crate::sql::Backend::Postgres { " FOR UPDATE OF c" } else { "" };
    let lignes = tx
        .query(
            &format!(
                "SELECT c.id FROM compte c JOIN attribution a ON a.compte_id = c.id
                 WHERE a.etablissement_id = $1 AND a.role = 'admin_site' AND a.supprime_le IS NULL
                   AND c.etat IN ('actif', 'a_securiser') AND c.supprime_le IS NULL{verrou}"
            ),
            vec![etablissement.into()],
        )
        .await?;
    let mut autres = std::collections::BTreeSet::new();
    for l in lignes {
        let id: i64 = l.reads(0, "id").map_err(|e| StoreError::from_db("other_administrators", e))?;
        if id != compte {
            autres.insert(id);
        }
    }
    Ok(i64::try_from(autres.len()).unwrap_or(i64::MAX))
}

/// Accounts that have a role in an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn accounts_of(c: &impl Sql, etablissement: i64) -> Result<Vec<LigneCompte>, StoreError> {
    c.all(
        &format!(
            "SELECT {} FROM compte WHERE supprime_le IS NULL AND id IN (
               SELECT a.compte_id FROM attribution a
               LEFT JOIN formation f ON f.id = a.formation_id
               LEFT JOIN formation_inscription fi ON fi.id = f.formation_inscription_id
               WHERE a.supprime_le IS NULL AND COALESCE(a.etablissement_id, fi.etablissement_id) = $1)
             ORDER BY id",
            super::COLONNES
        ),
        vec![etablissement.into()],
    )
    .await
}

/// Changes the name.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_nom(
    tx: &Tx,
    e: &Ecriture<'_>,
    compte: &LigneCompte,
    nom: &str,
    prenom: &str,
) -> Result<(), StoreError> {
    update(tx, e, compte, &[("nom", texte(nom)), ("prenom", texte(prenom))]).await
}

fn place_mobile(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "compte", colonne: "mobile_chiffre", ligne: public_id }
}

/// Keeps a mobile number, ciphered; not verified until a code sent to it comes back.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_mobile(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    compte: &LigneCompte,
    mobile: Option<&str>,
    verifie_le: Option<i64>,
) -> Result<(), StoreError> {
    let chiffre = match mobile {
        None => None,
        Some(m) => Some(coffre.seal(place_mobile(&compte.public_id), m.as_bytes(), e.alea().nonce())?),
    };
    update(tx, e, compte, &[("mobile_chiffre", chiffre.into()), ("mobile_verifie_le", verifie_le.into())])
        .await?;
    // Another number proves nothing.
    unprove_mobile(tx, compte.id).await
}

/// Deciphers the mobile number of an account.
///
/// # Errors
/// When the vault refuses.
pub fn open_mobile(coffre: &Coffre, public_id: &str, chiffre: &[u8]) -> Result<String, StoreError> {
    let clair = coffre.open(place_mobile(public_id), chiffre)?;
    String::from_utf8(clair).map_err(|_| StoreError::Unreadable("compte.mobile_chiffre"))
}

/// A factor withdrawal that waits for its second agent.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRetrait {
    pub id: i64,
    pub compte_id: i64,
    pub motif: String,
    pub controle: String,
    pub etat: String,
    pub demande_par: i64,
    pub cree_le: i64,
    /// Who asked, to be shown.
    pub demandeur: String,
}

/// What is kept of a withdrawal.
#[derive(Debug, Clone)]
pub struct NouveauRetrait<'a> {
    pub compte: i64,
    pub motif: &'a str,
    pub controle: &'a str,
    pub demande_par: i64,
    /// Done at once, by one person.
    pub fait: bool,
}

/// Writes a withdrawal, done or waiting for its second agent.
///
/// # Errors
/// [`StoreError::Conflict`] when one waits already.
pub async fn insert_withdrawal(tx: &Tx, e: &Ecriture<'_>, n: &NouveauRetrait<'_>) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        n.compte.into(),
        texte(n.motif),
        texte(n.controle),
        texte(if n.fait { "fait" } else { "demande" }),
        n.demande_par.into(),
        n.fait.then_some(e.ms()).into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO retrait_facteur ({META}, compte_id, motif, controle, etat, demande_par, decide_le)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// The withdrawal that waits for an account, if any.
///
/// # Errors
/// When the database refuses.
pub async fn pending_withdrawal(c: &impl Sql, compte: i64) -> Result<Option<LigneRetrait>, StoreError> {
    c.one(
        "SELECT r.id, r.compte_id, r.motif, r.controle, r.etat, r.demande_par, r.cree_le,
                d.prenom || ' ' || d.nom AS demandeur
         FROM retrait_facteur r JOIN compte d ON d.id = r.demande_par
         WHERE r.compte_id = $1 AND r.etat = 'demande'",
        vec![compte.into()],
    )
    .await
}

/// Ends a waiting withdrawal: done by a second agent, or given up.
///
/// # Errors
/// [`StoreError::Conflict`] when it was ended meanwhile.
pub async fn end_withdrawal(tx: &Tx, e: &Ecriture<'_>, id: i64, fait: bool) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE retrait_facteur SET etat = $1, decide_par = $2, decide_le = $3, maj_le = $3, maj_par = $2,
                    version = version + 1
             WHERE id = $4 AND etat = 'demande'",
            vec![texte(if fait { "fait" } else { "annule" }), e.compte().into(), e.ms().into(), id.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("retrait_facteur {id}"))) }
}

/// Withdraws every role of an account.
pub(super) async fn withdraw_all(tx: &Tx, e: &Ecriture<'_>, compte: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE attribution SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE compte_id = $3 AND supprime_le IS NULL",
        vec![e.ms().into(), e.compte().into(), compte.into()],
    )
    .await
    .map(|_| ())
}
