//! Tokens: only the fingerprint is kept.

use sea_orm::Value;

use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::masse::insert_batch;
use crate::sql::{Backend, Sql, Tx, places};

/// A token, with who gave it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJeton {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub etablissement_id: i64,
    pub donneur_id: i64,
    /// First name and name.
    pub donneur: String,
    /// State of the account of who gave it.
    pub donneur_etat: String,
    pub libelle: String,
    /// Its last characters.
    pub suffixe: String,
    pub ecrit_etablissement: i64,
    /// 1: it asks about the establishment.
    pub demande_etablissement: i64,
    /// Codes of operations on every course, those to come included; none: those named alone.
    pub toutes: Option<String>,
    /// Real milliseconds, here and below.
    pub donne_le: i64,
    pub expire_le: i64,
    pub revoque_le: Option<i64>,
    pub vu_le: Option<i64>,
    /// First instant when the secret of before it was renewed opens nothing.
    pub ancien_expire_le: Option<i64>,
    /// Calls refused since it was given, renewed or taken back.
    pub refuses: i64,
    pub refuse_le: Option<i64>,
    /// 1: of a sandbox.
    pub bac_a_sable: i64,
    /// Its clock of the campaign, in milliseconds from real time.
    pub campagne_ecart_ms: Option<i64>,
    pub incident: Option<String>,
}

/// A token to keep.
#[derive(Debug, Clone)]
pub struct NouveauJeton<'a> {
    pub etablissement: i64,
    pub donneur: i64,
    pub libelle: &'a str,
    pub empreinte: &'a str,
    pub suffixe: &'a str,
    pub ecrit_etablissement: bool,
    pub demande_etablissement: bool,
    /// Codes of operations; none: those named alone.
    pub toutes: Option<String>,
    pub donne_le: i64,
    pub expire_le: i64,
}

const JETON: &str = "SELECT j.id, j.public_id, j.version, j.etablissement_id, j.donneur_id,
        c.prenom || ' ' || c.nom AS donneur, c.etat AS donneur_etat, j.libelle, j.suffixe, j.ecrit_etablissement,
        j.demande_etablissement, j.toutes, j.donne_le, j.expire_le, j.revoque_le, j.vu_le, j.ancien_expire_le, j.refuses,
        j.refuse_le, j.bac_a_sable, j.campagne_ecart_ms, j.incident
     FROM jeton_api j JOIN compte c ON c.id = j.donneur_id";

/// Keeps a token with its courses: (permanent course, codes of operations).
///
/// # Errors
/// When the database refuses.
pub async fn insert_jeton(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: &NouveauJeton<'_>,
    formations: &[(i64, String)],
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.etablissement.into(),
        n.donneur.into(),
        n.libelle.into(),
        n.empreinte.into(),
        n.suffixe.into(),
        i64::from(n.ecrit_etablissement).into(),
        i64::from(n.demande_etablissement).into(),
        n.toutes.clone().into(),
        n.donne_le.into(),
        n.expire_le.into(),
    ]);
    let places: Vec<String> = (1..=NB_META + 10).map(|i| format!("${i}")).collect();
    let id = tx
        .int(
            &format!(
                "INSERT INTO jeton_api ({META}, etablissement_id, donneur_id, libelle, empreinte, suffixe,
                     ecrit_etablissement, demande_etablissement, toutes, donne_le, expire_le)
                 VALUES ({}) RETURNING id",
                places.join(", ")
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("jeton_api"))?;
    insert_portee(tx, id, formations).await?;
    Ok(public_id.as_str().to_owned())
}

async fn insert_portee(tx: &Tx, id: i64, formations: &[(i64, String)]) -> Result<(), StoreError> {
    let lignes: Vec<Vec<Value>> =
        formations.iter().map(|(f, ops)| vec![id.into(), (*f).into(), ops.clone().into()]).collect();
    let debut = "INSERT INTO jeton_api_formation (jeton_id, formation_id, operations)";
    insert_batch(tx, debut, 3, lignes, "").await.map(|_| ())
}

/// The token of a fingerprint, living or not.
///
/// # Errors
/// When the database refuses.
pub async fn by_empreinte(c: &impl Sql, empreinte: &str) -> Result<Option<LigneJeton>, StoreError> {
    c.one(&format!("{JETON} WHERE j.empreinte = $1"), vec![empreinte.into()]).await
}

/// The token whose secret had this fingerprint before it was renewed.
///
/// # Errors
/// When the database refuses.
pub async fn by_ancienne_empreinte(c: &impl Sql, empreinte: &str) -> Result<Option<LigneJeton>, StoreError> {
    c.one(&format!("{JETON} WHERE j.ancienne_empreinte = $1"), vec![empreinte.into()]).await
}

/// A token by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn jeton(c: &impl Sql, public_id: &str) -> Result<Option<LigneJeton>, StoreError> {
    c.one(&format!("{JETON} WHERE j.public_id = $1"), vec![public_id.into()]).await
}

/// A token by its key.
///
/// # Errors
/// When the database refuses.
pub async fn jeton_by_id(c: &impl Sql, id: i64) -> Result<Option<LigneJeton>, StoreError> {
    c.one(&format!("{JETON} WHERE j.id = $1"), vec![id.into()]).await
}

/// The tokens of an establishment, the last given first.
///
/// # Errors
/// When the database refuses.
pub async fn jetons_of(c: &impl Sql, etablissement: i64) -> Result<Vec<LigneJeton>, StoreError> {
    c.all(&format!("{JETON} WHERE j.etablissement_id = $1 ORDER BY j.id DESC"), vec![etablissement.into()])
        .await
}

/// The tokens of these establishments that were neither taken back nor outlived.
///
/// # Errors
/// When the database refuses.
pub async fn jetons_in_force(
    c: &impl Sql,
    etablissements: &[i64],
    maintenant: i64,
) -> Result<Vec<LigneJeton>, StoreError> {
    if etablissements.is_empty() {
        return Ok(Vec::new());
    }
    let mut valeurs: Vec<Value> = vec![maintenant.into()];
    let liste = places(&mut valeurs, etablissements.iter().copied());
    c.all(
        &format!(
            "{JETON} WHERE j.revoque_le IS NULL AND j.expire_le > $1 AND j.etablissement_id IN ({liste}) ORDER BY j.id"
        ),
        valeurs,
    )
    .await
}

#[derive(FromLigne)]
struct Portee {
    formation_id: i64,
    operations: String,
}

/// The courses of a token: (permanent course, codes of operations). One that was handed over to another establishment since is no
/// longer of it.
///
/// # Errors
/// When the database refuses.
pub async fn formations_of(c: &impl Sql, jeton: i64) -> Result<Vec<(i64, String)>, StoreError> {
    let lignes: Vec<Portee> = c
        .all(
            "SELECT p.formation_id, p.operations FROM jeton_api_formation p
             JOIN jeton_api j ON j.id = p.jeton_id
             JOIN formation f ON f.id = p.formation_id
             JOIN formation_inscription i ON i.id = f.formation_inscription_id AND i.etablissement_id = j.etablissement_id
             WHERE p.jeton_id = $1 ORDER BY p.formation_id",
            vec![jeton.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.formation_id, l.operations)).collect())
}

#[derive(FromLigne)]
struct Cle {
    id: i64,
}

/// The permanent courses of an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn formations_of_etablissement(c: &impl Sql, etablissement: i64) -> Result<Vec<i64>, StoreError> {
    let cles: Vec<Cle> = c
        .all(
            "SELECT f.id FROM formation f
             JOIN formation_inscription i ON i.id = f.formation_inscription_id
             WHERE i.etablissement_id = $1 ORDER BY f.id",
            vec![etablissement.into()],
        )
        .await?;
    Ok(cles.into_iter().map(|c| c.id).collect())
}

/// What a token becomes.
#[derive(Debug, Clone)]
pub struct ChangementJeton<'a> {
    /// Who answers for it from now on.
    pub donneur: i64,
    pub libelle: &'a str,
    pub ecrit_etablissement: bool,
    pub demande_etablissement: bool,
    /// Codes of operations; none: those named alone.
    pub toutes: Option<String>,
    pub expire_le: i64,
}

/// Changes a token over the version that was read, with its courses: (permanent course, codes of operations).
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn change_jeton(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &ChangementJeton<'_>,
    formations: &[(i64, String)],
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE jeton_api SET donneur_id = $3, libelle = $4, ecrit_etablissement = $5, demande_etablissement = $6,
                    toutes = $7, expire_le = $8, maj_le = $9, maj_par = $10, version = version + 1
             WHERE id = $1 AND version = $2 AND revoque_le IS NULL",
            vec![
                id.into(),
                version.into(),
                n.donneur.into(),
                n.libelle.into(),
                i64::from(n.ecrit_etablissement).into(),
                i64::from(n.demande_etablissement).into(),
                n.toutes.clone().into(),
                n.expire_le.into(),
                e.ms().into(),
                e.compte().into(),
            ],
        )
        .await?;
    if fait != 1 {
        return Err(StoreError::Conflict(format!("jeton_api {id}")));
    }
    tx.exec("DELETE FROM jeton_api_formation WHERE jeton_id = $1", vec![id.into()]).await?;
    insert_portee(tx, id, formations).await
}

/// The new secret of a token.
#[derive(Debug, Clone)]
pub struct NouveauSecret<'a> {
    /// Who answers for it from now on.
    pub donneur: i64,
    pub empreinte: &'a str,
    pub suffixe: &'a str,
    pub expire_le: i64,
    /// First instant when the former secret opens nothing.
    pub ancien_expire_le: i64,
}

/// Gives a token another secret, over the version that was read; calls refused until then are no longer counted.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn renew_jeton(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &NouveauSecret<'_>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE jeton_api SET donneur_id = $3, ancienne_empreinte = empreinte, ancien_expire_le = $4, empreinte = $5,
                    suffixe = $6, expire_le = $7, refuses = 0, refuse_le = NULL, maj_le = $8, maj_par = $9,
                    version = version + 1
             WHERE id = $1 AND version = $2 AND revoque_le IS NULL",
            vec![
                id.into(),
                version.into(),
                n.donneur.into(),
                n.ancien_expire_le.into(),
                n.empreinte.into(),
                n.suffixe.into(),
                n.expire_le.into(),
                e.ms().into(),
                e.compte().into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("jeton_api {id}"))) }
}

/// Makes a token one of a sandbox, over this establishment and these courses from now on, with its own clock.
///
/// # Errors
/// When the database refuses.
pub async fn set_bac_a_sable(
    tx: &Tx,
    id: i64,
    etablissement: i64,
    formations: &[(i64, String)],
    ecart_ms: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE jeton_api SET bac_a_sable = 1, etablissement_id = $2, campagne_ecart_ms = $3, incident = NULL WHERE id = $1",
        vec![id.into(), etablissement.into(), ecart_ms.into()],
    )
    .await?;
    tx.exec("DELETE FROM jeton_api_formation WHERE jeton_id = $1", vec![id.into()]).await?;
    tx.exec("DELETE FROM appel_api WHERE jeton_id = $1", vec![id.into()]).await?;
    // What was delivered counts for a program that unsubscribed, and no longer once all begins again.
    tx.exec(
        "DELETE FROM livraison WHERE abonnement_id IN (SELECT id FROM abonnement WHERE jeton_id = $1)",
        vec![id.into()],
    )
    .await?;
    tx.exec(
        "UPDATE abonnement SET supprime_le = maj_le WHERE jeton_id = $1 AND supprime_le IS NULL",
        vec![id.into()],
    )
    .await?;
    insert_portee(tx, id, formations).await
}

/// The clock of a sandbox, in milliseconds from real time.
///
/// # Errors
/// When the database refuses.
pub async fn set_ecart(tx: &Tx, id: i64, ecart_ms: i64) -> Result<(), StoreError> {
    tx.exec("UPDATE jeton_api SET campagne_ecart_ms = $2 WHERE id = $1", vec![id.into(), ecart_ms.into()])
        .await
        .map(|_| ())
}

/// What is answered instead at the next write of a sandbox.
///
/// # Errors
/// When the database refuses.
pub async fn set_incident(tx: &Tx, id: i64, incident: Option<&str>) -> Result<(), StoreError> {
    let incident = incident.map(str::to_owned);
    tx.exec("UPDATE jeton_api SET incident = $2 WHERE id = $1", vec![id.into(), incident.into()])
        .await
        .map(|_| ())
}

/// Tokens of sandboxes given since an instant.
///
/// # Errors
/// When the database refuses.
pub async fn count_bacs_a_sable(c: &impl Sql, depuis: i64) -> Result<i64, StoreError> {
    c.int("SELECT COUNT(*) FROM jeton_api WHERE bac_a_sable = 1 AND donne_le >= $1", vec![depuis.into()])
        .await
        .map(|n| n.unwrap_or(0))
}

/// Takes back every token of an establishment, and every one that these accounts gave elsewhere. Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_jetons_of(
    tx: &Tx,
    e: &Ecriture<'_>,
    etablissement: i64,
    donneurs: &[i64],
    compte: Option<i64>,
    maintenant: i64,
) -> Result<u64, StoreError> {
    let mut valeurs: Vec<Value> = vec![etablissement.into(), maintenant.into(), compte.into(), e.ms().into()];
    let donneurs = places(&mut valeurs, donneurs.iter().copied());
    tx.exec(
        &format!(
            "UPDATE jeton_api SET revoque_le = $2, revoque_par = $3, refuses = 0, refuse_le = NULL, maj_le = $4, maj_par = $3,
                    version = version + 1
             WHERE revoque_le IS NULL AND (etablissement_id = $1 OR donneur_id IN ({donneurs}))"
        ),
        valeurs,
    )
    .await
}

/// Nobody else gives a token of this establishment before the end of the transaction: its tokens are counted. SQLite has one writer.
///
/// # Errors
/// When the database refuses.
pub async fn hold_etablissement(tx: &Tx, etablissement: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM etablissement WHERE id = $1 FOR UPDATE", vec![etablissement.into()]).await?;
    }
    Ok(())
}

/// The same for the subscriptions of a token.
///
/// # Errors
/// When the database refuses.
pub async fn hold_jeton(tx: &Tx, jeton: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM jeton_api WHERE id = $1 FOR UPDATE", vec![jeton.into()]).await?;
    }
    Ok(())
}

/// Takes a token back; the first time counts.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_jeton(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    compte: Option<i64>,
    maintenant: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE jeton_api SET revoque_le = $2, revoque_par = $3, refuses = 0, refuse_le = NULL, maj_le = $4, maj_par = $3,
                version = version + 1
         WHERE id = $1 AND revoque_le IS NULL",
        vec![id.into(), maintenant.into(), compte.into(), e.ms().into()],
    )
    .await
    .map(|_| ())
}
