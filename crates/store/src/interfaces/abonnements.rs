//! Subscriptions of programs and what is delivered to them. Secrets are ciphered.

use sea_orm::Value;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::masse::insert_batch;
use crate::sql::{Backend, Sql, Tx, all_among};

/// A subscription, with the token that it is of.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAbonnement {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub cree_le: i64,
    pub jeton_id: i64,
    pub url: String,
    /// Codes separated by commas.
    pub evenements: String,
    /// Real milliseconds, here and below; none: in force.
    pub suspendu_le: Option<i64>,
    pub motif: String,
    pub repris_le: Option<i64>,
    /// Deliveries not received yet.
    pub en_attente: i64,
}

const ABONNEMENT: &str =
    "SELECT a.id, a.public_id, a.version, a.cree_le, a.jeton_id, a.url, a.evenements, a.suspendu_le,
        a.motif, a.repris_le,
        (SELECT COUNT(*) FROM livraison l WHERE l.abonnement_id = a.id AND l.etat = 'a_livrer') AS en_attente
     FROM abonnement a WHERE a.supprime_le IS NULL";

fn place(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "abonnement", colonne: "secret_chiffre", ligne: public_id }
}

/// Keeps a subscription; gives its public identifier.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn insert_abonnement(
    tx: &Tx,
    coffre: &Coffre,
    e: &Ecriture<'_>,
    (jeton, url, evenements): (i64, &str, &str),
    secret: &[u8],
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    let secret = coffre.seal(place(public_id.as_str()), secret, e.alea().nonce())?;
    valeurs.extend([jeton.into(), url.into(), evenements.into(), secret.into(), "".into()]);
    let places: Vec<String> = (1..=NB_META + 5).map(|i| format!("${i}")).collect();
    tx.exec(
        &format!(
            "INSERT INTO abonnement ({META}, jeton_id, url, evenements, secret_chiffre, motif) VALUES ({})",
            places.join(", ")
        ),
        valeurs,
    )
    .await?;
    Ok(public_id.as_str().to_owned())
}

/// The subscriptions of a token, the first one first.
///
/// # Errors
/// When the database refuses.
pub async fn abonnements_of(c: &impl Sql, jeton: i64) -> Result<Vec<LigneAbonnement>, StoreError> {
    c.all(&format!("{ABONNEMENT} AND a.jeton_id = $1 ORDER BY a.id"), vec![jeton.into()]).await
}

/// A subscription of a token.
///
/// # Errors
/// When the database refuses.
pub async fn abonnement(
    c: &impl Sql,
    jeton: i64,
    public_id: &str,
) -> Result<Option<LigneAbonnement>, StoreError> {
    c.one(
        &format!("{ABONNEMENT} AND a.jeton_id = $1 AND a.public_id = $2"),
        vec![jeton.into(), public_id.into()],
    )
    .await
}

/// A subscription by its key.
///
/// # Errors
/// When the database refuses.
pub async fn abonnement_by_id(c: &impl Sql, id: i64) -> Result<Option<LigneAbonnement>, StoreError> {
    c.one(&format!("{ABONNEMENT} AND a.id = $1"), vec![id.into()]).await
}

/// The subscriptions in force of the tokens of these establishments; those of tokens taken back or over are left out.
///
/// # Errors
/// When the database refuses.
pub async fn abonnements_in_force(
    c: &impl Sql,
    etablissements: &[i64],
    maintenant: i64,
) -> Result<Vec<LigneAbonnement>, StoreError> {
    let sql = format!(
        "{ABONNEMENT} AND a.suspendu_le IS NULL AND a.jeton_id IN (SELECT id FROM jeton_api
         WHERE revoque_le IS NULL AND expire_le > $1 AND etablissement_id IN (:cles)) ORDER BY a.id"
    );
    all_among(c, &sql, vec![maintenant.into()], etablissements).await
}

/// The subscriptions in force of every token in force.
///
/// # Errors
/// When the database refuses.
pub async fn all_abonnements_in_force(
    c: &impl Sql,
    maintenant: i64,
) -> Result<Vec<LigneAbonnement>, StoreError> {
    c.all(
        &format!(
            "{ABONNEMENT} AND a.suspendu_le IS NULL AND a.jeton_id IN (SELECT id FROM jeton_api
             WHERE revoque_le IS NULL AND expire_le > $1) ORDER BY a.id"
        ),
        vec![maintenant.into()],
    )
    .await
}

/// Whether anybody is to be told of anything.
///
/// # Errors
/// When the database refuses.
pub async fn is_subscribed(c: &impl Sql, maintenant: i64) -> Result<bool, StoreError> {
    Ok(c.int(
        "SELECT a.id FROM abonnement a JOIN jeton_api j ON j.id = a.jeton_id
         WHERE a.supprime_le IS NULL AND a.suspendu_le IS NULL AND j.revoque_le IS NULL AND j.expire_le > $1 LIMIT 1",
        vec![maintenant.into()],
    )
    .await?
    .is_some())
}

/// Takes a subscription away, and what waits for it.
///
/// # Errors
/// [`StoreError::Conflict`] when it is gone already.
pub async fn remove_abonnement(tx: &Tx, e: &Ecriture<'_>, id: i64, erreur: &str) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE abonnement SET supprime_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $1 AND supprime_le IS NULL",
            vec![id.into(), e.ms().into(), e.compte().into()],
        )
        .await?;
    if n != 1 {
        return Err(StoreError::Conflict(format!("abonnement {id}")));
    }
    tx.exec(
        "UPDATE livraison SET etat = 'abandonnee', erreur = $2, bail_expire_le = NULL
         WHERE abonnement_id = $1 AND etat = 'a_livrer'",
        vec![id.into(), erreur.into()],
    )
    .await
    .map(|_| ())
}

/// Suspends a subscription, once. Gives whether it was in force.
///
/// # Errors
/// When the database refuses.
pub async fn suspend_abonnement(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    motif: &str,
    maintenant: i64,
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE abonnement SET suspendu_le = $2, motif = $3, maj_le = $4, maj_par = $5, version = version + 1
             WHERE id = $1 AND suspendu_le IS NULL AND supprime_le IS NULL",
            vec![id.into(), maintenant.into(), motif.into(), e.ms().into(), e.compte().into()],
        )
        .await?;
    Ok(n == 1)
}

/// Puts a subscription in force again, and makes due what waits for it.
///
/// # Errors
/// When the database refuses.
pub async fn resume_abonnement(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    maintenant: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE abonnement SET suspendu_le = NULL, motif = '', repris_le = $2, maj_le = $3, maj_par = $4,
                version = version + 1
         WHERE id = $1 AND suspendu_le IS NOT NULL AND supprime_le IS NULL",
        vec![id.into(), maintenant.into(), e.ms().into(), e.compte().into()],
    )
    .await?;
    tx.exec(
        "UPDATE livraison SET prochaine_le = $2 WHERE abonnement_id = $1 AND etat = 'a_livrer' AND cree_le <= $2",
        vec![id.into(), maintenant.into()],
    )
    .await
    .map(|_| ())
}

/// A message to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NouvelleLivraison {
    pub public_id: String,
    pub abonnement: i64,
    pub evenement: &'static str,
    pub corps: String,
    /// Not sent before this instant, milliseconds of real time.
    pub des: i64,
}

/// Adds messages, each due at its instant, at once when it has passed.
///
/// # Errors
/// When the database refuses.
pub async fn insert_livraisons(
    tx: &Tx,
    livraisons: &[NouvelleLivraison],
    maintenant: i64,
) -> Result<(), StoreError> {
    let mut lignes: Vec<Vec<Value>> = Vec::with_capacity(livraisons.len());
    for l in livraisons {
        // It waits for its instant as if it were made then: what is tried again, and forgotten, is counted from there.
        let des = l.des.max(maintenant);
        lignes.push(vec![
            l.public_id.clone().into(),
            l.abonnement.into(),
            l.evenement.into(),
            l.corps.clone().into(),
            "a_livrer".into(),
            des.into(),
            des.into(),
        ]);
    }
    let debut =
        "INSERT INTO livraison (public_id, abonnement_id, evenement, corps, etat, cree_le, prochaine_le)";
    insert_batch(tx, debut, 7, lignes, "").await.map(|_| ())
}

/// A delivery, as it is read again.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneLivraison {
    pub id: i64,
    pub public_id: String,
    pub evenement: String,
    pub corps: String,
    pub etat: String,
    pub cree_le: i64,
    pub prochaine_le: i64,
    pub essais: i64,
    pub statut: Option<i64>,
    pub erreur: Option<String>,
    pub livree_le: Option<i64>,
}

/// The deliveries of a subscription, the last first; `avant`: only those before this key.
///
/// # Errors
/// When the database refuses.
pub async fn livraisons(
    c: &impl Sql,
    abonnement: i64,
    avant: i64,
    limite: i64,
) -> Result<Vec<LigneLivraison>, StoreError> {
    c.all(
        "SELECT id, public_id, evenement, corps, etat, cree_le, prochaine_le, essais, statut, erreur, livree_le
         FROM livraison WHERE abonnement_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        vec![abonnement.into(), avant.into(), limite.into()],
    )
    .await
}

/// The trial of a subscription that waits to be delivered, by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_essai(
    c: &impl Sql,
    abonnement: i64,
    evenement: &str,
) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT public_id FROM livraison WHERE abonnement_id = $1 AND etat = 'a_livrer' AND evenement = $2 LIMIT 1",
        vec![abonnement.into(), evenement.into()],
    )
    .await
}

/// A delivery taken under a lease, its secret still ciphered.
#[derive(FromLigne)]
pub struct LivraisonPrise {
    pub id: i64,
    pub public_id: String,
    pub abonnement_id: i64,
    pub abonnement: String,
    pub jeton_id: i64,
    pub url: String,
    secret_chiffre: Vec<u8>,
    pub corps: String,
    pub cree_le: i64,
    pub essais: i64,
    pub bail_expire_le: i64,
}

impl LivraisonPrise {
    /// The key of the subscription: work for outside a transaction.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn secret(&self, coffre: &Coffre) -> Result<Vec<u8>, StoreError> {
        coffre.open(place(&self.abonnement), &self.secret_chiffre)
    }
}

/// Due, of subscriptions in force, and held by nobody.
const DUES: &str = "FROM livraison l JOIN abonnement a ON a.id = l.abonnement_id
     WHERE l.etat = 'a_livrer' AND l.prochaine_le <= $1 AND (l.bail_expire_le IS NULL OR l.bail_expire_le <= $1)
       AND a.suspendu_le IS NULL AND a.supprime_le IS NULL";

/// Whether something is due: reads only, so that an idle platform writes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn is_due(c: &impl Sql, maintenant: i64) -> Result<bool, StoreError> {
    Ok(c.int(&format!("SELECT l.id {DUES} LIMIT 1"), vec![maintenant.into()]).await?.is_some())
}

/// Deliveries due, the oldest first, a few of each token, those that it already has under way included, so that one that answers
/// slowly does not hold the others; kept from others until `jusqu_a`. Rows are locked on PostgreSQL; SQLite has one writer.
///
/// # Errors
/// When the database refuses.
pub async fn take_livraisons(
    tx: &Tx,
    (maintenant, jusqu_a): (i64, i64),
    combien: i64,
    par_jeton: i64,
) -> Result<Vec<LivraisonPrise>, StoreError> {
    #[derive(FromLigne)]
    struct Cle {
        id: i64,
    }
    let verrou = if tx.backend() == Backend::Postgres { " FOR UPDATE OF v SKIP LOCKED" } else { "" };
    // The state is asked again where the rows are locked: whoever took one meanwhile has moved its lease.
    let cles: Vec<Cle> = tx
        .all(
            &format!(
                "SELECT v.id FROM livraison v JOIN (SELECT l.id,
                     ROW_NUMBER() OVER (PARTITION BY a.jeton_id ORDER BY l.prochaine_le, l.id)
                       + (SELECT COUNT(*) FROM livraison x JOIN abonnement b ON b.id = x.abonnement_id
                          WHERE b.jeton_id = a.jeton_id AND x.etat = 'a_livrer' AND x.bail_expire_le > $1) AS place
                     {DUES}) d ON d.id = v.id
                 WHERE v.etat = 'a_livrer' AND (v.bail_expire_le IS NULL OR v.bail_expire_le <= $1) AND d.place <= $2
                 ORDER BY d.place, v.prochaine_le, v.id LIMIT $3{verrou}"
            ),
            vec![maintenant.into(), par_jeton.into(), combien.into()],
        )
        .await?;
    if cles.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..cles.len() + 2).map(|i| format!("${i}")).collect();
    let places = places.join(", ");
    let mut valeurs: Vec<Value> = vec![jusqu_a.into()];
    valeurs.extend(cles.iter().map(|c| Value::from(c.id)));
    tx.exec(&format!("UPDATE livraison SET bail_expire_le = $1 WHERE id IN ({places})"), valeurs.clone())
        .await?;
    tx.all(
        &format!(
            "SELECT l.id, l.public_id, l.abonnement_id, a.public_id AS abonnement, a.jeton_id, a.url, a.secret_chiffre,
                    l.corps, l.cree_le, l.essais, l.bail_expire_le
             FROM livraison l JOIN abonnement a ON a.id = l.abonnement_id
             WHERE l.bail_expire_le = $1 AND l.id IN ({places}) ORDER BY l.prochaine_le, l.id"
        ),
        valeurs,
    )
    .await
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueLivraison {
    /// `a_livrer`, `livree` or `abandonnee`.
    pub etat: &'static str,
    /// Of the answer.
    pub statut: Option<i64>,
    /// Why there was none.
    pub erreur: Option<&'static str>,
    /// Next attempt, for a delivery still `a_livrer`.
    pub prochaine_le: i64,
    /// Whether something was sent at all.
    pub essayee: bool,
}

/// Records the outcome of an attempt, and gives the delivery back. Gives whether it was still ours: another runner may have
/// taken it over.
///
/// # Errors
/// When the database refuses.
pub async fn save_livraison(
    tx: &Tx,
    prise: &LivraisonPrise,
    issue: &IssueLivraison,
    maintenant: i64,
) -> Result<bool, StoreError> {
    let livree: Option<i64> = (issue.etat == "livree").then_some(maintenant);
    let n = tx
        .exec(
            "UPDATE livraison SET etat = $3, statut = $4, erreur = $5, prochaine_le = $6, livree_le = $7,
                    essais = essais + $8, bail_expire_le = NULL
             WHERE id = $1 AND bail_expire_le = $2 AND etat = 'a_livrer'",
            vec![
                prise.id.into(),
                prise.bail_expire_le.into(),
                issue.etat.into(),
                issue.statut.into(),
                issue.erreur.into(),
                issue.prochaine_le.into(),
                livree.into(),
                i64::from(issue.essayee).into(),
            ],
        )
        .await?;
    Ok(n == 1)
}

/// Deliveries tried and given up in a row: since the last one received, and since the subscription was resumed.
///
/// # Errors
/// When the database refuses.
pub async fn count_abandonnees(c: &impl Sql, abonnement: i64) -> Result<i64, StoreError> {
    Ok(c.int(
        "SELECT COUNT(*) FROM livraison WHERE abonnement_id = $1 AND etat = 'abandonnee' AND essais > 0
           AND cree_le >= COALESCE((SELECT repris_le FROM abonnement WHERE id = $1), 0)
           AND id > COALESCE((SELECT MAX(id) FROM livraison WHERE abonnement_id = $1 AND etat = 'livree'), 0)",
        vec![abonnement.into()],
    )
    .await?
    .unwrap_or(0))
}

/// Forgets the deliveries made before an instant.
///
/// # Errors
/// When the database refuses.
pub async fn purge_livraisons(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM livraison WHERE cree_le < $1", vec![avant.into()]).await
}

/// Events that the subscriptions in force of a token accepted.
///
/// # Errors
/// When the database refuses.
pub async fn count_livrees(c: &impl Sql, jeton: i64) -> Result<i64, StoreError> {
    c.int(
        "SELECT COUNT(*) FROM livraison l JOIN abonnement a ON a.id = l.abonnement_id
         WHERE a.jeton_id = $1 AND l.etat = 'livree'",
        vec![jeton.into()],
    )
    .await
    .map(|n| n.unwrap_or(0))
}
