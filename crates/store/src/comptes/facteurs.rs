//! Means of the second step: codes sent, recovery codes, proved mobile numbers, passkeys.

use crate::ligne::FromLigne;

use super::LigneCompte;
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Alea, Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx, insert_batch};

/// A code about to leave.
#[derive(Debug, Clone)]
pub struct NouveauCode<'a> {
    pub session: i64,
    /// `connexion` or `mobile`.
    pub usage: &'a str,
    /// `sms` or `courriel`.
    pub canal: &'a str,
    pub empreinte: &'a str,
    /// Fingerprint of the browser that asks.
    pub navigateur: &'a str,
    /// The number being proved, in clear: sealed here.
    pub mobile: Option<&'a str>,
    pub cree_le: i64,
    pub expire_le: i64,
}

/// Keeps the code of an attempt; the former one of the same attempt no longer serves (SEC-7).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn replace_code(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    n: &NouveauCode<'_>,
) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM code_envoye WHERE session_web_id = $1 AND usage = $2",
        vec![n.session.into(), n.usage.to_owned().into()],
    )
    .await?;
    let id = alea.public_id();
    let place = Emplacement { table: "code_envoye", colonne: "mobile_chiffre", ligne: id.as_str() };
    let mobile = n.mobile.map(|m| coffre.seal(place, m.as_bytes(), alea.nonce())).transpose()?;
    tx.exec(
        "INSERT INTO code_envoye (public_id, session_web_id, usage, canal, empreinte, navigateur, mobile_chiffre, cree_le,
                                  expire_le)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            id.as_str().to_owned().into(),
            n.session.into(),
            n.usage.to_owned().into(),
            n.canal.to_owned().into(),
            n.empreinte.to_owned().into(),
            n.navigateur.to_owned().into(),
            mobile.into(),
            n.cree_le.into(),
            n.expire_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// What a code gave back was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeUtilise {
    pub mobile: Option<String>,
}

#[derive(FromLigne)]
struct LigneCode {
    public_id: String,
    mobile_chiffre: Option<Vec<u8>>,
}

/// Uses a code once: nothing when it is wrong, too old, used, or from another attempt or browser.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn use_code(
    tx: &Tx,
    coffre: &Coffre,
    session: i64,
    usage: &str,
    empreinte: &str,
    navigateur: &str,
    maintenant: i64,
) -> Result<Option<CodeUtilise>, StoreError> {
    let ligne: Option<LigneCode> = tx
        .one(
            "DELETE FROM code_envoye WHERE session_web_id = $1 AND usage = $2 AND empreinte = $3 AND navigateur = $4
               AND expire_le > $5 RETURNING public_id, mobile_chiffre",
            vec![
                session.into(),
                usage.to_owned().into(),
                empreinte.to_owned().into(),
                navigateur.to_owned().into(),
                maintenant.into(),
            ],
        )
        .await?;
    let Some(ligne) = ligne else { return Ok(None) };
    let mobile = match &ligne.mobile_chiffre {
        None => None,
        Some(chiffre) => {
            let place =
                Emplacement { table: "code_envoye", colonne: "mobile_chiffre", ligne: &ligne.public_id };
            Some(text(coffre.open(place, chiffre)?, "code_envoye.mobile_chiffre")?)
        }
    };
    Ok(Some(CodeUtilise { mobile }))
}

/// By which channel the living code of an attempt left, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn canal_du_code(
    c: &impl Sql,
    session: i64,
    usage: &str,
    maintenant: i64,
) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT canal FROM code_envoye WHERE session_web_id = $1 AND usage = $2 AND expire_le > $3",
        vec![session.into(), usage.to_owned().into(), maintenant.into()],
    )
    .await
}

fn text(octets: Vec<u8>, quoi: &'static str) -> Result<String, StoreError> {
    String::from_utf8(octets).map_err(|_| StoreError::Unreadable(quoi))
}

/// Fingerprint of the number that an account proved, if it did.
///
/// # Errors
/// When the database refuses.
pub async fn mobile_prouve(c: &impl Sql, compte: i64) -> Result<Option<String>, StoreError> {
    c.text("SELECT empreinte FROM mobile_prouve WHERE compte_id = $1", vec![compte.into()]).await
}

/// Gives an account the number that it just proved.
///
/// # Errors
/// [`StoreError::Conflict`] when the account changed since it was read.
pub async fn set_mobile_prouve(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    compte: &LigneCompte,
    mobile: &str,
    empreinte: &str,
    maintenant: i64,
) -> Result<(), StoreError> {
    super::set_mobile(tx, e, coffre, compte, Some(mobile), Some(maintenant)).await?;
    tx.exec(
        "INSERT INTO mobile_prouve (compte_id, empreinte, prouve_le) VALUES ($1, $2, $3)
         ON CONFLICT (compte_id) DO UPDATE SET empreinte = excluded.empreinte, prouve_le = excluded.prouve_le",
        vec![compte.id.into(), empreinte.to_owned().into(), maintenant.into()],
    )
    .await
    .map(|_| ())
}

/// Replaces the recovery codes of an account by new ones, given as fingerprints (SEC-9).
///
/// # Errors
/// When the database refuses.
pub async fn replace_codes_secours(
    tx: &Tx,
    compte: i64,
    empreintes: &[String],
    maintenant: i64,
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM code_secours WHERE compte_id = $1", vec![compte.into()]).await?;
    let lignes: Vec<Vec<sea_orm::Value>> =
        empreintes.iter().map(|e| vec![compte.into(), e.clone().into(), maintenant.into()]).collect();
    insert_batch(tx, "INSERT INTO code_secours (compte_id, empreinte, cree_le)", 3, lignes, "")
        .await
        .map(|_| ())
}

/// Uses a recovery code once and for all; gives how many are left.
///
/// # Errors
/// When the database refuses.
pub async fn use_code_secours(
    tx: &Tx,
    compte: i64,
    empreinte: &str,
    maintenant: i64,
) -> Result<Option<i64>, StoreError> {
    let n = tx
        .exec(
            "UPDATE code_secours SET utilise_le = $1 WHERE compte_id = $2 AND empreinte = $3 AND utilise_le IS NULL",
            vec![maintenant.into(), compte.into(), empreinte.to_owned().into()],
        )
        .await?;
    if n == 1 { count_codes_secours(tx, compte).await.map(Some) } else { Ok(None) }
}

/// Recovery codes left.
///
/// # Errors
/// When the database refuses.
pub async fn count_codes_secours(c: &impl Sql, compte: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM code_secours WHERE compte_id = $1 AND utilise_le IS NULL",
            vec![compte.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// A passkey as stored; what it holds is opened by [`open_cle`].
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCle {
    pub id: i64,
    pub public_id: String,
    pub identifiant: String,
    pub nom: String,
    pub donnees_chiffre: Vec<u8>,
    pub cree_le: i64,
    pub utilisee_le: Option<i64>,
}

/// The passkeys of an account, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_cles(c: &impl Sql, compte: i64) -> Result<Vec<LigneCle>, StoreError> {
    c.all(
        "SELECT id, public_id, identifiant, nom, donnees_chiffre, cree_le, utilisee_le FROM cle_acces
         WHERE compte_id = $1 AND supprime_le IS NULL ORDER BY id",
        vec![compte.into()],
    )
    .await
}

fn place_cle(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "cle_acces", colonne: "donnees_chiffre", ligne: public_id }
}

/// What a passkey holds, as text.
///
/// # Errors
/// When the vault refuses.
pub fn open_cle(coffre: &Coffre, cle: &LigneCle) -> Result<String, StoreError> {
    text(coffre.open(place_cle(&cle.public_id), &cle.donnees_chiffre)?, "cle_acces.donnees_chiffre")
}

/// Adds a passkey.
///
/// # Errors
/// [`StoreError::Conflict`] when it is already known.
pub async fn insert_cle(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    compte: i64,
    identifiant: &str,
    nom: &str,
    donnees: &str,
) -> Result<(), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    let chiffre = coffre.seal(place_cle(public_id.as_str()), donnees.as_bytes(), e.alea().nonce())?;
    valeurs.extend([compte.into(), identifiant.to_owned().into(), nom.to_owned().into(), chiffre.into()]);
    let debut = format!("INSERT INTO cle_acces ({META}, compte_id, identifiant, nom, donnees_chiffre)");
    insert_batch(tx, &debut, NB_META + 4, vec![valeurs], "").await.map(|_| ())
}

/// Notes that a passkey was used, with what it became (its counter).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn touch_cle(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    cle: &LigneCle,
    donnees: &str,
    maintenant: i64,
) -> Result<(), StoreError> {
    let chiffre = coffre.seal(place_cle(&cle.public_id), donnees.as_bytes(), alea.nonce())?;
    tx.exec(
        "UPDATE cle_acces SET donnees_chiffre = $1, utilisee_le = $2, version = version + 1 WHERE id = $3",
        vec![chiffre.into(), maintenant.into(), cle.id.into()],
    )
    .await
    .map(|_| ())
}

/// Removes a passkey of an account; false when it is not one of theirs.
///
/// # Errors
/// When the database refuses.
pub async fn delete_cle(
    tx: &Tx,
    _e: &Ecriture<'_>,
    compte: i64,
    public_id: &str,
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "DELETE FROM cle_acces WHERE compte_id = $1 AND public_id = $2",
            vec![compte.into(), public_id.to_owned().into()],
        )
        .await?;
    Ok(n == 1)
}

#[derive(FromLigne)]
struct LigneDefi {
    public_id: String,
    etat_chiffre: Vec<u8>,
}

/// Keeps the challenge of a session, in place of the former one.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn replace_defi(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    session: i64,
    usage: &str,
    etat: &str,
    expire_le: i64,
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM defi_cle WHERE session_web_id = $1", vec![session.into()]).await?;
    let id = alea.public_id();
    let place = Emplacement { table: "defi_cle", colonne: "etat_chiffre", ligne: id.as_str() };
    tx.exec(
        "INSERT INTO defi_cle (public_id, session_web_id, usage, etat_chiffre, expire_le) VALUES ($1, $2, $3, $4, $5)",
        vec![
            id.as_str().to_owned().into(),
            session.into(),
            usage.to_owned().into(),
            coffre.seal(place, etat.as_bytes(), alea.nonce())?.into(),
            expire_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Takes the challenge of a session: it serves once, right or wrong.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn take_defi(
    tx: &Tx,
    coffre: &Coffre,
    session: i64,
    usage: &str,
    maintenant: i64,
) -> Result<Option<String>, StoreError> {
    let ligne: Option<LigneDefi> = tx
        .one(
            "DELETE FROM defi_cle WHERE session_web_id = $1 AND usage = $2 AND expire_le > $3
             RETURNING public_id, etat_chiffre",
            vec![session.into(), usage.to_owned().into(), maintenant.into()],
        )
        .await?;
    let Some(ligne) = ligne else { return Ok(None) };
    let place = Emplacement { table: "defi_cle", colonne: "etat_chiffre", ligne: &ligne.public_id };
    text(coffre.open(place, &ligne.etat_chiffre)?, "defi_cle.etat_chiffre").map(Some)
}
