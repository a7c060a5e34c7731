//! Outbox and task table: written in the transaction of the act, taken by the runner.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::Alea;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, insert_batch};
use domain::PublicId;
use sea_orm::Value;

/// A mail, SMS or alarm to be sent.
#[derive(Debug, Clone)]
pub struct NouvelEnvoi<'a> {
    /// `courriel`, `sms` or `supervision`.
    pub canal: &'a str,
    pub compte: Option<i64>,
    pub destinataire: &'a str,
    /// Name of the template: what the message claims.
    pub modele: &'a str,
    pub sujet: &'a str,
    pub corps: &'a str,
    /// 1 codes, 3 propositions, 5 reminders (NOT-1).
    pub priorite: i64,
    pub cree_le: i64,
    /// Never sent after this instant (codes).
    pub perime_le: Option<i64>,
}

/// A file that a mail carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceJointe {
    /// « seance.ics ».
    pub nom: String,
    /// With its parameters: `text/calendar; charset=utf-8; method=PUBLISH`.
    pub genre: String,
    pub octets: Vec<u8>,
}

/// What a mail has beside its text; most have nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Complements<'a> {
    pub piece: Option<&'a PieceJointe>,
    /// The address by which its reader no longer receives such mails.
    pub arret: Option<&'a str>,
}

/// Puts a message in the outbox; recipient and body are ciphered.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn enqueue_envoi(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    e: &NouvelEnvoi<'_>,
) -> Result<String, StoreError> {
    let id = alea.public_id();
    enqueue_envoi_once(tx, coffre, alea, &id, e).await?;
    Ok(id.as_str().to_owned())
}

/// The same, for a mail that has more than a text.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn enqueue_envoi_with(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    e: &NouvelEnvoi<'_>,
    c: Complements<'_>,
) -> Result<String, StoreError> {
    let id = alea.public_id();
    insert(tx, coffre, alea, &id, e, c).await?;
    Ok(id.as_str().to_owned())
}

/// Takes back a message of this transaction; none when the identifier is empty, for the same work.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_envoi(tx: &Tx, public_id: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM envoi WHERE public_id = $1", vec![public_id.to_owned().into()]).await.map(|_| ())
}

/// The same under an identifier of the caller's choice: a message already in the outbox is not added twice. Gives
/// whether it was added.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn enqueue_envoi_once(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    id: &PublicId,
    e: &NouvelEnvoi<'_>,
) -> Result<bool, StoreError> {
    insert(tx, coffre, alea, id, e, Complements::default()).await
}

/// Puts many messages in the outbox, all at once, in their order.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn enqueue_envois(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    envois: &[NouvelEnvoi<'_>],
) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(envois.len());
    for e in envois {
        let id = alea.public_id();
        rows.push(vec![
            id.as_str().to_owned().into(),
            e.canal.to_owned().into(),
            e.compte.into(),
            seal(coffre, alea, &id, "destinataire_chiffre", e.destinataire.as_bytes())?.into(),
            e.modele.to_owned().into(),
            e.sujet.to_owned().into(),
            seal(coffre, alea, &id, "corps_chiffre", e.corps.as_bytes())?.into(),
            "a_envoyer".to_owned().into(),
            e.priorite.into(),
            e.cree_le.into(),
            e.cree_le.into(),
            e.perime_le.into(),
        ]);
    }
    let debut = "INSERT INTO envoi (public_id, canal, compte_id, destinataire_chiffre, modele, sujet, corps_chiffre, etat,
                                    priorite, cree_le, prochain_le, perime_le)";
    insert_batch(tx, debut, 12, rows, "").await.map(|_| ())
}

/// A part of a message as it is stored.
fn seal(
    coffre: &Coffre,
    alea: &dyn Alea,
    id: &PublicId,
    colonne: &'static str,
    octets: &[u8],
) -> Result<Vec<u8>, StoreError> {
    coffre.seal(Emplacement { table: "envoi", colonne, ligne: id.as_str() }, octets, alea.nonce())
}

async fn insert(
    tx: &Tx,
    coffre: &Coffre,
    alea: &dyn Alea,
    id: &PublicId,
    e: &NouvelEnvoi<'_>,
    c: Complements<'_>,
) -> Result<bool, StoreError> {
    let seal = |colonne: &'static str, octets: &[u8]| seal(coffre, alea, id, colonne, octets);
    let destinataire = seal("destinataire_chiffre", e.destinataire.as_bytes())?;
    let corps = seal("corps_chiffre", e.corps.as_bytes())?;
    let piece = c.piece.map(|p| seal("piece_chiffre", &p.octets)).transpose()?;
    let arret = c.arret.map(|a| seal("arret_chiffre", a.as_bytes())).transpose()?;
    let n = tx.exec(
        "INSERT INTO envoi (public_id, canal, compte_id, destinataire_chiffre, modele, sujet, corps_chiffre, etat,
                            priorite, cree_le, prochain_le, perime_le, piece_nom, piece_type, piece_chiffre, arret_chiffre)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'a_envoyer', $8, $9, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (public_id) DO NOTHING",
        vec![
            id.as_str().to_owned().into(),
            e.canal.to_owned().into(),
            e.compte.into(),
            destinataire.into(),
            e.modele.to_owned().into(),
            e.sujet.to_owned().into(),
            corps.into(),
            e.priorite.into(),
            e.cree_le.into(),
            e.perime_le.into(),
            c.piece.map(|p| p.nom.clone()).into(),
            c.piece.map(|p| p.genre.clone()).into(),
            piece.into(),
            arret.into(),
        ],
    )
    .await?;
    Ok(n == 1)
}

/// A message of the outbox, as it is stored.
#[derive(FromLigne)]
pub struct LigneEnvoi {
    id: i64,
    public_id: String,
    canal: String,
    destinataire_chiffre: Vec<u8>,
    modele: String,
    sujet: String,
    corps_chiffre: Vec<u8>,
    etat: String,
    cree_le: i64,
    perime_le: Option<i64>,
    essais: i64,
    erreur: Option<String>,
    piece_nom: Option<String>,
    piece_type: Option<String>,
    piece_chiffre: Option<Vec<u8>>,
    arret_chiffre: Option<Vec<u8>>,
}

/// A message of the outbox, readable.
#[derive(Debug, Clone)]
pub struct Envoi {
    pub id: i64,
    pub public_id: String,
    pub canal: String,
    pub destinataire: String,
    pub modele: String,
    pub sujet: String,
    pub corps: String,
    pub etat: String,
    pub cree_le: i64,
    pub perime_le: Option<i64>,
    pub essais: i64,
    pub erreur: Option<String>,
    pub piece: Option<PieceJointe>,
    /// The address by which its reader no longer receives such mails.
    pub arret: Option<String>,
}

const COLONNES_ENVOI: &str = "id, public_id, canal, destinataire_chiffre, modele, sujet, corps_chiffre, etat, cree_le, \
                              perime_le, essais, erreur, piece_nom, piece_type, piece_chiffre, arret_chiffre";

impl LigneEnvoi {
    /// Deciphers it: work for outside a transaction.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn readable(self, coffre: &Coffre) -> Result<Envoi, StoreError> {
        let bytes = |colonne: &'static str, octets: &[u8]| {
            coffre.open(Emplacement { table: "envoi", colonne, ligne: &self.public_id }, octets)
        };
        let open = |colonne: &'static str, octets: &[u8]| {
            String::from_utf8(bytes(colonne, octets)?).map_err(|_| StoreError::Unreadable("envoi"))
        };
        let piece = match (self.piece_nom, self.piece_type, self.piece_chiffre) {
            (Some(nom), Some(genre), Some(octets)) => {
                Some(PieceJointe { nom, genre, octets: bytes("piece_chiffre", &octets)? })
            }
            _ => None,
        };
        Ok(Envoi {
            piece,
            arret: self.arret_chiffre.as_deref().map(|a| open("arret_chiffre", a)).transpose()?,
            destinataire: open("destinataire_chiffre", &self.destinataire_chiffre)?,
            corps: open("corps_chiffre", &self.corps_chiffre)?,
            id: self.id,
            public_id: self.public_id,
            canal: self.canal,
            modele: self.modele,
            sujet: self.sujet,
            etat: self.etat,
            cree_le: self.cree_le,
            perime_le: self.perime_le,
            essais: self.essais,
            erreur: self.erreur,
        })
    }
}

/// Messages due, most useful first, kept from others until `jusqu_a`: they are sent outside any transaction. Rows are
/// locked on PostgreSQL; SQLite has one writer.
///
/// # Errors
/// When the database refuses.
pub async fn take_envois(
    tx: &Tx,
    maintenant: i64,
    jusqu_a: i64,
    combien: i64,
) -> Result<Vec<LigneEnvoi>, StoreError> {
    let verrou = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let lignes: Vec<LigneEnvoi> = tx
        .all(
            &format!(
                "SELECT {COLONNES_ENVOI} FROM envoi WHERE etat = 'a_envoyer' AND prochain_le <= $1
                 ORDER BY priorite, id LIMIT $2{verrou}"
            ),
            vec![maintenant.into(), combien.into()],
        )
        .await?;
    if lignes.is_empty() {
        return Ok(lignes);
    }
    let places: Vec<String> = (2..lignes.len() + 2).map(|i| format!("${i}")).collect();
    let mut valeurs: Vec<sea_orm::Value> = vec![jusqu_a.into()];
    valeurs.extend(lignes.iter().map(|l| sea_orm::Value::from(l.id)));
    tx.exec(&format!("UPDATE envoi SET prochain_le = $1 WHERE id IN ({})", places.join(", ")), valeurs)
        .await?;
    Ok(lignes)
}

/// The last messages of the outbox, newest first (demo page, and « what was I sent? »).
///
/// # Errors
/// When the database or the vault refuses.
pub async fn list_envois(c: &impl Sql, coffre: &Coffre, combien: i64) -> Result<Vec<Envoi>, StoreError> {
    let lignes: Vec<LigneEnvoi> = c
        .all(&format!("SELECT {COLONNES_ENVOI} FROM envoi ORDER BY id DESC LIMIT $1"), vec![combien.into()])
        .await?;
    lignes.into_iter().map(|l| l.readable(coffre)).collect()
}

/// How the messages of one channel go.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromLigne)]
pub struct EtatCanal {
    /// Not gone yet.
    pub en_attente: i64,
    /// Never will.
    pub abandonnes: i64,
    /// Instant (ms) of the last one that left.
    pub dernier_envoi: Option<i64>,
}

/// The state of a channel, over the messages still kept.
///
/// # Errors
/// When the database refuses.
pub async fn etat_canal(c: &impl Sql, canal: &str) -> Result<EtatCanal, StoreError> {
    let lu = c
        .one(
            "SELECT COALESCE(SUM(CASE WHEN etat = 'a_envoyer' THEN 1 ELSE 0 END), 0) AS en_attente,
                    COALESCE(SUM(CASE WHEN etat = 'abandonne' THEN 1 ELSE 0 END), 0) AS abandonnes,
                    MAX(envoye_le) AS dernier_envoi
             FROM envoi WHERE canal = $1",
            vec![canal.to_owned().into()],
        )
        .await?;
    Ok(lu.unwrap_or_default())
}

/// Records the outcome of a sending. `prochain_le`: when to try again, for a message still `a_envoyer`.
///
/// # Errors
/// When the database refuses.
pub async fn save_envoi(
    tx: &Tx,
    id: i64,
    etat: &str,
    erreur: Option<&str>,
    prochain_le: i64,
    maintenant: i64,
) -> Result<(), StoreError> {
    let envoye: Option<i64> = (etat == "envoye").then_some(maintenant);
    tx.exec(
        "UPDATE envoi SET etat = $1, erreur = $2, prochain_le = $3, envoye_le = $4, essais = essais + 1 WHERE id = $5",
        vec![
            etat.to_owned().into(),
            erreur.map(str::to_owned).into(),
            prochain_le.into(),
            envoye.into(),
            id.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Adds a task. With a `cle`, a task already waiting or done under that key is not added twice.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_tache(
    tx: &Tx,
    alea: &dyn Alea,
    genre: &str,
    cle: Option<&str>,
    donnees: &str,
    maintenant: i64,
    prochaine_le: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO tache (public_id, genre, cle, donnees, etat, cree_le, prochaine_le)
         VALUES ($1, $2, $3, $4, 'a_faire', $5, $6) ON CONFLICT (cle) DO NOTHING",
        vec![
            alea.public_id().as_str().to_owned().into(),
            genre.to_owned().into(),
            cle.map(str::to_owned).into(),
            donnees.to_owned().into(),
            maintenant.into(),
            prochaine_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// Where a task stands, for whoever asked for it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct EtatTache {
    pub public_id: String,
    pub donnees: String,
    /// `a_faire`, `en_cours`, `faite` or `abandonnee`.
    pub etat: String,
    pub cree_le: i64,
    pub erreur: Option<String>,
}

const ETAT_TACHE: &str = "SELECT public_id, donnees, etat, cree_le, erreur FROM tache";

/// A task by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn tache(c: &impl Sql, genre: &str, public_id: &str) -> Result<Option<EtatTache>, StoreError> {
    c.one(
        &format!("{ETAT_TACHE} WHERE genre = $1 AND public_id = $2"),
        vec![genre.to_owned().into(), public_id.to_owned().into()],
    )
    .await
}

/// The task of a key, else one of the same kind that is not over.
///
/// # Errors
/// When the database refuses.
pub async fn tache_demandee(c: &impl Sql, genre: &str, cle: &str) -> Result<Option<EtatTache>, StoreError> {
    c.one(
        &format!(
            "{ETAT_TACHE} WHERE genre = $1 AND (cle = $2 OR etat IN ('a_faire', 'en_cours'))
             ORDER BY CASE WHEN cle = $2 THEN 0 ELSE 1 END, id LIMIT 1"
        ),
        vec![genre.to_owned().into(), cle.to_owned().into()],
    )
    .await
}

/// Holds until the end of the transaction a task of this kind and content that no runner has taken yet: it will see what this
/// transaction writes. Gives whether there is one. SQLite has one writer, which is lock enough.
///
/// # Errors
/// When the database refuses.
pub async fn hold_tache(tx: &Tx, genre: &str, donnees: &str) -> Result<bool, StoreError> {
    let verrou = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let tenue = tx
        .int(
            &format!(
                "SELECT id FROM tache WHERE genre = $1 AND donnees = $2 AND etat = 'a_faire' ORDER BY id LIMIT 1{verrou}"
            ),
            vec![genre.to_owned().into(), donnees.to_owned().into()],
        )
        .await?;
    Ok(tenue.is_some())
}

/// A task taken under a lease.
#[derive(Debug, Clone, FromLigne)]
pub struct Tache {
    pub id: i64,
    pub genre: String,
    pub donnees: String,
    pub essais: i64,
    /// Fencing number: a write under an older number is refused (RUN-2).
    pub bail_numero: i64,
}

/// Takes the next due task (or one whose lease ran out) for `bail_ms`.
///
/// # Errors
/// When the database refuses.
pub async fn take_tache(tx: &Tx, maintenant: i64, bail_ms: i64) -> Result<Option<Tache>, StoreError> {
    let verrou = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let prise = tx
        .int(
            &format!(
                "SELECT id FROM tache WHERE (etat = 'a_faire' AND prochaine_le <= $1)
                    OR (etat = 'en_cours' AND bail_expire_le <= $1)
                 ORDER BY priorite, prochaine_le, id LIMIT 1{verrou}"
            ),
            vec![maintenant.into()],
        )
        .await?;
    let Some(id) = prise else { return Ok(None) };
    tx.one(
        "UPDATE tache SET etat = 'en_cours', bail_expire_le = $1, bail_numero = bail_numero + 1, essais = essais + 1
         WHERE id = $2 RETURNING id, genre, donnees, essais, bail_numero",
        vec![(maintenant + bail_ms).into(), id.into()],
    )
    .await
}

/// Ends a task (`faite`, `abandonnee`) or puts it back (`a_faire`) for `prochaine_le`. Refused under a stale lease.
///
/// # Errors
/// [`StoreError::Conflict`] when another runner took the task over.
pub async fn save_tache(
    tx: &Tx,
    tache: &Tache,
    etat: &str,
    erreur: Option<&str>,
    prochaine_le: i64,
    maintenant: i64,
) -> Result<(), StoreError> {
    let faite: Option<i64> = (etat == "faite").then_some(maintenant);
    let n = tx
        .exec(
            "UPDATE tache SET etat = $1, erreur = $2, prochaine_le = $3, faite_le = $4, bail_expire_le = NULL
             WHERE id = $5 AND bail_numero = $6",
            vec![
                etat.to_owned().into(),
                erreur.map(str::to_owned).into(),
                prochaine_le.into(),
                faite.into(),
                tache.id.into(),
                tache.bail_numero.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("tache {}", tache.id))) }
}
