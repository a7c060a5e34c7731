//! Information sessions: what is announced, who registered, in which order, who came.

use std::collections::{BTreeMap, BTreeSet};

use domain::actualites::{Audience, Emetteur};
use domain::seances::{EtatInscription, Horaire, Programme, Qualite};
use sea_orm::{FromQueryResult, Value};

use crate::audiences::{codes, read_critere};
use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx, tuples};

/// A session as it is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneSeance {
    pub id: i64,
    pub public_id: String,
    /// 1 when it is announced, more by one at each change.
    pub version: i64,
    pub emetteur: Emetteur,
    pub programme: Programme,
    pub enregistrement: Option<String>,
    pub annulee_le: Option<i64>,
    /// Last written, milliseconds of the campaign.
    pub maj_le: i64,
}

impl LigneSeance {
    /// The hours by which everything is decided.
    pub fn horaire(&self) -> Horaire {
        let p = &self.programme;
        Horaire { debut: p.debut, fin: p.fin, ferme_le: p.ferme_le, annulee_le: self.annulee_le }
    }
}

#[derive(FromQueryResult)]
struct Brute {
    id: i64,
    public_id: String,
    version: i64,
    emetteur: String,
    titre: String,
    texte: String,
    debut: i64,
    fin: i64,
    places: Option<i64>,
    lieu: String,
    lien: String,
    ferme_le: Option<i64>,
    enregistrement: Option<String>,
    annulee_le: Option<i64>,
    maj_le: i64,
}

/// Every session announced in a campaign, the first to begin first.
///
/// # Errors
/// When the database refuses, or a stored code is unknown.
pub async fn seances(c: &impl Sql, session: i64) -> Result<Vec<LigneSeance>, StoreError> {
    let lignes: Vec<Brute> = c
        .all(
            "SELECT id, public_id, version + 1 AS version, emetteur, titre, texte, debut, fin, places, lieu, lien, ferme_le,
                    enregistrement, annulee_le, maj_le
             FROM seance WHERE session_id = $1 AND supprime_le IS NULL ORDER BY debut, id",
            vec![session.into()],
        )
        .await?;
    let criteres: Vec<(i64, String, String)> = tuples(
        c,
        "d.seance_id, d.critere, d.code",
        "seance_audience d JOIN seance s ON s.id = d.seance_id WHERE s.session_id = $1",
        vec![session.into()],
    )
    .await?;
    let mut pour: BTreeMap<i64, (Audience, BTreeSet<Qualite>)> = BTreeMap::new();
    for (seance, critere, code) in criteres {
        let (audience, qualites) = pour.entry(seance).or_default();
        if critere == "qualite" {
            qualites.insert(Qualite::from_code(&code).ok_or(StoreError::Unreadable("seance_audience.code"))?);
        } else {
            read_critere(audience, &critere, code)?;
        }
    }
    lignes
        .into_iter()
        .map(|l| {
            let (audience, qualites) = pour.remove(&l.id).unwrap_or_default();
            Ok(LigneSeance {
                emetteur: Emetteur::from_code(&l.emetteur)
                    .ok_or(StoreError::Unreadable("seance.emetteur"))?,
                programme: Programme {
                    titre: l.titre,
                    texte: l.texte,
                    audience,
                    qualites,
                    debut: l.debut,
                    fin: l.fin,
                    places: l.places,
                    lieu: l.lieu,
                    lien: l.lien,
                    ferme_le: l.ferme_le,
                },
                id: l.id,
                public_id: l.public_id,
                version: l.version,
                enregistrement: l.enregistrement,
                annulee_le: l.annulee_le,
                maj_le: l.maj_le,
            })
        })
        .collect()
}

fn columns(p: &Programme) -> [Value; 8] {
    [
        p.titre.clone().into(),
        p.texte.clone().into(),
        p.debut.into(),
        p.fin.into(),
        p.places.into(),
        p.lieu.clone().into(),
        p.lien.clone().into(),
        p.ferme_le.into(),
    ]
}

/// Keeps a new session; gives its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    emetteur: Emetteur,
    p: &Programme,
) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([session.into(), emetteur.code().into()]);
    valeurs.extend(columns(p));
    let id = tx
        .int(
            &format!(
                "INSERT INTO seance ({META}, session_id, emetteur, titre, texte, debut, fin, places, lieu, lien, ferme_le)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("seance"))?;
    write_audience(tx, id, p).await?;
    Ok(public_id.as_str().to_owned())
}

async fn write_audience(tx: &Tx, id: i64, p: &Programme) -> Result<(), StoreError> {
    let qualites = p.qualites.iter().map(|q| ("qualite", q.code().to_owned()));
    for (critere, code) in codes(&p.audience).into_iter().chain(qualites) {
        tx.exec(
            "INSERT INTO seance_audience (seance_id, critere, code) VALUES ($1, $2, $3)",
            vec![id.into(), critere.into(), code.into()],
        )
        .await?;
    }
    Ok(())
}

/// Writes a change of what is announced.
///
/// # Errors
/// [`StoreError::Conflict`] when the session changed meanwhile.
pub async fn correct(
    tx: &Tx,
    e: &Ecriture<'_>,
    avant: &LigneSeance,
    p: &Programme,
) -> Result<(), StoreError> {
    let mut valeurs: Vec<Value> = columns(p).into();
    valeurs.extend([e.ms().into(), e.compte().into(), avant.id.into(), (avant.version - 1).into()]);
    let n = tx
        .exec(
            "UPDATE seance SET titre = $1, texte = $2, debut = $3, fin = $4, places = $5, lieu = $6, lien = $7,
                    ferme_le = $8, maj_le = $9, maj_par = $10, version = version + 1
             WHERE id = $11 AND version = $12",
            valeurs,
        )
        .await?;
    if n != 1 {
        return Err(StoreError::Conflict(format!("seance {}", avant.public_id)));
    }
    tx.exec("DELETE FROM seance_audience WHERE seance_id = $1", vec![avant.id.into()]).await?;
    write_audience(tx, avant.id, p).await
}

/// Notes that a session is not held.
///
/// # Errors
/// When the database refuses.
pub async fn cancel(tx: &Tx, e: &Ecriture<'_>, seance: i64, le: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE seance SET annulee_le = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
        vec![le.into(), e.ms().into(), e.compte().into(), seance.into()],
    )
    .await?;
    Ok(())
}

/// Publishes the address of the recording, or takes it back.
///
/// # Errors
/// When the database refuses.
pub async fn set_enregistrement(
    tx: &Tx,
    e: &Ecriture<'_>,
    seance: i64,
    adresse: Option<&str>,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE seance SET enregistrement = $1, maj_le = $2, maj_par = $3, version = version + 1 WHERE id = $4",
        vec![adresse.map(str::to_owned).into(), e.ms().into(), e.compte().into(), seance.into()],
    )
    .await?;
    Ok(())
}

/// How many people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comptage {
    /// With a place.
    pub inscrits: i64,
    /// On the waiting list.
    pub attente: i64,
    /// Among the first, who came.
    pub presents: i64,
}

/// R-SEA-04: the row of the session is the queue in which places are given: until the end of the transaction nobody else gives or
/// takes one. Gives how many are taken.
///
/// # Errors
/// When the database refuses.
pub async fn lock(tx: &Tx, seance: i64) -> Result<Comptage, StoreError> {
    tx.exec("UPDATE seance SET version = version WHERE id = $1", vec![seance.into()]).await?;
    Ok(counts(tx, "i.seance_id = $1", seance).await?.remove(&seance).unwrap_or_default())
}

/// How many people, by session of a campaign.
///
/// # Errors
/// When the database refuses.
pub async fn comptages(c: &impl Sql, session: i64) -> Result<BTreeMap<i64, Comptage>, StoreError> {
    counts(c, "s.session_id = $1", session).await
}

async fn counts(c: &impl Sql, quoi: &str, cle: i64) -> Result<BTreeMap<i64, Comptage>, StoreError> {
    let lignes: Vec<(i64, String, i64, i64)> = tuples(
        c,
        "x.seance_id, x.etat, x.nombre, x.presents",
        &format!(
            "(SELECT i.seance_id, i.etat, COUNT(*) AS nombre, CAST(SUM(i.presente) AS BIGINT) AS presents
              FROM inscription_seance i JOIN seance s ON s.id = i.seance_id
              WHERE {quoi} GROUP BY i.seance_id, i.etat) x"
        ),
        vec![cle.into()],
    )
    .await?;
    let mut par_seance: BTreeMap<i64, Comptage> = BTreeMap::new();
    for (seance, etat, nombre, presents) in lignes {
        let total = par_seance.entry(seance).or_default();
        match EtatInscription::from_code(&etat) {
            Some(EtatInscription::Inscrit) => (total.inscrits, total.presents) = (nombre, presents),
            Some(EtatInscription::Attente) => total.attente = nombre,
            _ => {}
        }
    }
    Ok(par_seance)
}

#[derive(FromQueryResult)]
struct InscriptionBrute {
    id: i64,
    public_id: String,
    seance_id: i64,
    compte_id: Option<i64>,
    courriel_chiffre: Option<Vec<u8>>,
    etat: String,
    rang: i64,
    inscrit_le: i64,
    rappel_le: Option<i64>,
    expire_le: Option<i64>,
    recepisse: Option<String>,
    presente: i64,
    nom: Option<String>,
    courriel: Option<String>,
}

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneInscription {
    pub id: i64,
    pub public_id: String,
    pub seance: i64,
    /// `None`: of the public site.
    pub compte: Option<i64>,
    pub etat: EtatInscription,
    pub rang: i64,
    pub inscrit_le: i64,
    pub rappele: bool,
    pub expire_le: Option<i64>,
    pub recepisse: Option<String>,
    pub presente: bool,
    /// First name and name of the account; empty on the public site.
    pub nom: String,
    /// Where to write; `None` once forgotten.
    pub courriel: Option<String>,
}

const INSCRIPTIONS: &str =
    "SELECT i.id, i.public_id, i.seance_id, i.compte_id, i.courriel_chiffre, i.etat, i.rang, i.inscrit_le,
           i.rappel_le, i.expire_le, i.recepisse, i.presente, c.prenom || ' ' || c.nom AS nom, c.courriel
    FROM inscription_seance i LEFT JOIN compte c ON c.id = i.compte_id";

fn place(ligne: &str) -> Emplacement<'_> {
    Emplacement { table: "inscription_seance", colonne: "courriel_chiffre", ligne }
}

async fn inscriptions(
    c: &impl Sql,
    coffre: &Coffre,
    suite: &str,
    valeurs: Vec<Value>,
) -> Result<Vec<LigneInscription>, StoreError> {
    let brutes: Vec<InscriptionBrute> = c.all(&format!("{INSCRIPTIONS} {suite}"), valeurs).await?;
    brutes
        .into_iter()
        .map(|b| {
            let ouverte = b.courriel_chiffre.map(|o| coffre.open(place(&b.public_id), &o)).transpose()?;
            let illisible = StoreError::Unreadable("inscription_seance.courriel_chiffre");
            let adresse = ouverte.map(String::from_utf8).transpose().map_err(|_| illisible)?;
            Ok(LigneInscription {
                courriel: adresse.or(b.courriel),
                etat: EtatInscription::from_code(&b.etat)
                    .ok_or(StoreError::Unreadable("inscription_seance.etat"))?,
                id: b.id,
                public_id: b.public_id,
                seance: b.seance_id,
                compte: b.compte_id,
                rang: b.rang,
                inscrit_le: b.inscrit_le,
                rappele: b.rappel_le.is_some(),
                expire_le: b.expire_le,
                recepisse: b.recepisse,
                presente: b.presente == 1,
                nom: b.nom.unwrap_or_default(),
            })
        })
        .collect()
}

/// The registrations of an account, by session.
///
/// # Errors
/// When the database refuses.
pub async fn of_compte(
    c: &impl Sql,
    coffre: &Coffre,
    compte: i64,
) -> Result<BTreeMap<i64, LigneInscription>, StoreError> {
    let lignes = inscriptions(c, coffre, "WHERE i.compte_id = $1", vec![compte.into()]).await?;
    Ok(lignes.into_iter().map(|l| (l.seance, l)).collect())
}

/// Under which an address is found again in a session, without being written in clear.
pub fn address_fingerprint(coffre: &Coffre, adresse: &str) -> String {
    coffre.fingerprint("inscription-seance", adresse)
}

/// The registration of an address of the public site in a session.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn of_adresse(
    c: &impl Sql,
    coffre: &Coffre,
    seance: i64,
    adresse: &str,
) -> Result<Option<LigneInscription>, StoreError> {
    let valeurs = vec![seance.into(), address_fingerprint(coffre, adresse).into()];
    let lignes = inscriptions(c, coffre, "WHERE i.seance_id = $1 AND i.empreinte = $2", valeurs).await?;
    Ok(lignes.into_iter().next())
}

/// The registration of the public site behind an identifier, as long as its address is kept.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn of_public_site(
    c: &impl Sql,
    coffre: &Coffre,
    public_id: &str,
) -> Result<Option<LigneInscription>, StoreError> {
    let suite = "WHERE i.public_id = $1 AND i.empreinte IS NOT NULL";
    Ok(inscriptions(c, coffre, suite, vec![public_id.to_owned().into()]).await?.into_iter().next())
}

/// Who registered in a session: places first, then the waiting list, each in the order in which they asked.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn of_seance(
    c: &impl Sql,
    coffre: &Coffre,
    seance: i64,
) -> Result<Vec<LigneInscription>, StoreError> {
    let suite = "WHERE i.seance_id = $1 AND i.etat <> 'a_verifier' ORDER BY i.etat DESC, i.rang, i.id";
    inscriptions(c, coffre, suite, vec![seance.into()]).await
}

/// The first of the waiting list.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn first_waiting(
    tx: &Tx,
    coffre: &Coffre,
    seance: i64,
    combien: i64,
) -> Result<Vec<LigneInscription>, StoreError> {
    let suite = "WHERE i.seance_id = $1 AND i.etat = 'attente' ORDER BY i.rang, i.id LIMIT $2";
    inscriptions(tx, coffre, suite, vec![seance.into(), combien.into()]).await
}

/// How many people wait in front of a rank.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_before(c: &impl Sql, seance: i64, rang: i64) -> Result<i64, StoreError> {
    let devant =
        "SELECT COUNT(*) FROM inscription_seance WHERE seance_id = $1 AND etat = 'attente' AND rang < $2";
    Ok(c.int(devant, vec![seance.into(), rang.into()]).await?.unwrap_or(0))
}

/// Who has a place in sessions that begin between two instants of the campaign and was not reminded yet.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn to_remind(
    c: &impl Sql,
    coffre: &Coffre,
    (apres, jusqu_a): (i64, i64),
) -> Result<Vec<LigneInscription>, StoreError> {
    let suite = "JOIN seance s ON s.id = i.seance_id
        WHERE s.debut > $1 AND s.debut <= $2 AND s.annulee_le IS NULL AND i.etat = 'inscrit' AND i.rappel_le IS NULL
        ORDER BY i.seance_id, i.rang";
    inscriptions(c, coffre, suite, vec![apres.into(), jusqu_a.into()]).await
}

/// Who registers.
#[derive(Debug, Clone)]
pub struct NouvelleInscription<'a> {
    pub seance: i64,
    /// Of the site de gestion…
    pub compte: Option<i64>,
    /// … or an address of the public site.
    pub adresse: Option<&'a str>,
    pub etat: EtatInscription,
    /// End of the link that proves the address, milliseconds of real time.
    pub expire_le: Option<i64>,
    /// What is counted: criterion and code.
    pub profil: &'a [(&'static str, String)],
}

/// Keeps a registration; gives its key and public identifier. The session is locked when a place is given.
///
/// # Errors
/// [`StoreError::Conflict`] when the account or the address is registered already.
pub async fn register(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    n: &NouvelleInscription<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    let id = public_id.as_str();
    let adresse = n.adresse.map(|a| coffre.seal(place(id), a.as_bytes(), e.alea().nonce())).transpose()?;
    valeurs.extend([
        n.seance.into(),
        n.compte.into(),
        adresse.into(),
        n.adresse.map(|a| address_fingerprint(coffre, a)).into(),
        n.etat.code().into(),
        next_rank(tx, n.seance, n.etat).await?.into(),
        e.ms().into(),
        n.expire_le.into(),
    ]);
    let cle = tx
        .int(
            &format!(
                "INSERT INTO inscription_seance ({META}, seance_id, compte_id, courriel_chiffre, empreinte, etat, rang,
                     inscrit_le, expire_le)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("inscription_seance"))?;
    write_profil(tx, e, cle, n.profil).await?;
    Ok((cle, id.to_owned()))
}

async fn next_rank(tx: &Tx, seance: i64, etat: EtatInscription) -> Result<i64, StoreError> {
    if etat == EtatInscription::AVerifier {
        return Ok(0);
    }
    let dernier = "SELECT COALESCE(MAX(rang), 0) + 1 FROM inscription_seance WHERE seance_id = $1";
    Ok(tx.int(dernier, vec![seance.into()]).await?.unwrap_or(1))
}

/// Says again what is counted of a registration.
///
/// # Errors
/// When the database refuses.
pub async fn write_profil(
    tx: &Tx,
    _: &Ecriture<'_>,
    inscription: i64,
    profil: &[(&'static str, String)],
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM inscription_seance_profil WHERE inscription_id = $1", vec![inscription.into()])
        .await?;
    for (critere, code) in profil {
        tx.exec(
            "INSERT INTO inscription_seance_profil (inscription_id, critere, code) VALUES ($1, $2, $3)
             ON CONFLICT (inscription_id, critere, code) DO NOTHING",
            vec![inscription.into(), (*critere).into(), code.clone().into()],
        )
        .await?;
    }
    Ok(())
}

/// Puts off the end of the link that proves an address, milliseconds of real time.
///
/// # Errors
/// When the database refuses.
pub async fn set_expire(
    tx: &Tx,
    e: &Ecriture<'_>,
    inscription: i64,
    expire_le: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE inscription_seance SET expire_le = $1, maj_le = $2 WHERE id = $3",
        vec![expire_le.into(), e.ms().into(), inscription.into()],
    )
    .await?;
    Ok(())
}

/// The address is proved: the registration is worth something, from now on. The session is locked.
///
/// # Errors
/// When the database refuses.
pub async fn confirm(
    tx: &Tx,
    e: &Ecriture<'_>,
    i: &LigneInscription,
    etat: EtatInscription,
) -> Result<(), StoreError> {
    let rang = next_rank(tx, i.seance, etat).await?;
    tx.exec(
        "UPDATE inscription_seance SET etat = $1, rang = $2, inscrit_le = $3, maj_le = $3, expire_le = NULL WHERE id = $4",
        vec![etat.code().into(), rang.into(), e.ms().into(), i.id.into()],
    )
    .await?;
    Ok(())
}

/// Gives a place to who waits. The session is locked.
///
/// # Errors
/// When the database refuses.
pub async fn promote(tx: &Tx, e: &Ecriture<'_>, inscription: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE inscription_seance SET etat = 'inscrit', maj_le = $1 WHERE id = $2 AND etat = 'attente'",
        vec![e.ms().into(), inscription.into()],
    )
    .await?;
    Ok(())
}

/// Keeps the number of the receipt beside the registration.
///
/// # Errors
/// When the database refuses.
pub async fn set_recepisse(
    tx: &Tx,
    _: &Ecriture<'_>,
    inscription: i64,
    numero: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE inscription_seance SET recepisse = $1 WHERE id = $2",
        vec![numero.to_owned().into(), inscription.into()],
    )
    .await?;
    Ok(())
}

/// Forgets a registration: the journal alone says that there was one.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(tx: &Tx, _: &Ecriture<'_>, inscription: i64) -> Result<(), StoreError> {
    for (table, cle) in [("inscription_seance_profil", "inscription_id"), ("inscription_seance", "id")] {
        tx.exec(&format!("DELETE FROM {table} WHERE {cle} = $1"), vec![inscription.into()]).await?;
    }
    Ok(())
}

/// Notes that a reminder leaves: `false` when it had already.
///
/// # Errors
/// When the database refuses.
pub async fn set_rappel(tx: &Tx, e: &Ecriture<'_>, inscription: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE inscription_seance SET rappel_le = $1 WHERE id = $2 AND rappel_le IS NULL",
            vec![e.ms().into(), inscription.into()],
        )
        .await?;
    Ok(n == 1)
}

/// Notes whether a person came.
///
/// # Errors
/// When the database refuses.
pub async fn set_presente(
    tx: &Tx,
    e: &Ecriture<'_>,
    inscription: i64,
    presente: bool,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE inscription_seance SET presente = $1, maj_le = $2, maj_par = $3 WHERE id = $4",
        vec![i64::from(presente).into(), e.ms().into(), e.compte().into(), inscription.into()],
    )
    .await?;
    Ok(())
}

/// Forgets the addresses of sessions of the public site that ended by an instant of the campaign, and what was asked for and
/// never confirmed (instant of real time). Gives how many rows.
///
/// # Errors
/// When the database refuses.
pub async fn forget(
    tx: &Tx,
    _: &Ecriture<'_>,
    finies_avant: i64,
    maintenant: i64,
) -> Result<u64, StoreError> {
    let perimees = "etat = 'a_verifier' AND expire_le < $1";
    tx.exec(
        &format!(
            "DELETE FROM inscription_seance_profil
             WHERE inscription_id IN (SELECT id FROM inscription_seance WHERE {perimees})"
        ),
        vec![maintenant.into()],
    )
    .await?;
    let n =
        tx.exec(&format!("DELETE FROM inscription_seance WHERE {perimees}"), vec![maintenant.into()]).await?;
    let oubliees = tx
        .exec(
            "UPDATE inscription_seance SET courriel_chiffre = NULL, empreinte = NULL
             WHERE empreinte IS NOT NULL AND etat <> 'a_verifier'
               AND seance_id IN (SELECT id FROM seance WHERE fin <= $1)",
            vec![finies_avant.into()],
        )
        .await?;
    Ok(n + oubliees)
}

/// What is counted of an account in a campaign: the types and the departments of the courses that its roles are over.
///
/// # Errors
/// When the database refuses.
pub async fn profil(
    c: &impl Sql,
    session: i64,
    compte: i64,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let lignes: Vec<(Option<String>, Option<String>)> = tuples(
        c,
        "p.famille, p.departement",
        "(SELECT f.famille, e.departement FROM attribution a
          JOIN etablissement_session e ON e.etablissement_id = a.etablissement_id AND e.session_id = $1
          LEFT JOIN formation_session f ON f.session_id = $1 AND f.etablissement_id = a.etablissement_id
                    AND f.supprime_le IS NULL
          WHERE a.compte_id = $2 AND a.formation_id IS NULL AND a.supprime_le IS NULL
            AND (a.session_id IS NULL OR a.session_id = $1)
          UNION
          SELECT f.famille, f.departement FROM attribution a
          JOIN formation_session f ON f.formation_id = a.formation_id AND f.session_id = $1 AND f.supprime_le IS NULL
          WHERE a.compte_id = $2 AND a.supprime_le IS NULL AND (a.session_id IS NULL OR a.session_id = $1)) p",
        vec![session.into(), compte.into()],
    )
    .await?;
    let mut profil: Vec<(&'static str, String)> = Vec::new();
    for (famille, departement) in lignes {
        profil.extend(famille.map(|f| ("famille", f)));
        profil.extend(departement.map(|d| ("departement", d)));
    }
    profil.sort();
    profil.dedup();
    Ok(profil)
}

/// A registration, as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneProfil {
    pub seance: i64,
    pub etat: EtatInscription,
    pub presente: bool,
    /// Criterion and code.
    pub profil: Vec<(String, String)>,
}

/// Registration, session, state, whether the person came, criterion, code.
type ProfilBrut = (i64, i64, String, i64, Option<String>, Option<String>);

/// Every registration of a campaign with what is counted of it.
///
/// # Errors
/// When the database refuses.
pub async fn profils(c: &impl Sql, session: i64) -> Result<Vec<LigneProfil>, StoreError> {
    let lignes: Vec<ProfilBrut> = tuples(
        c,
        "i.id, i.seance_id, i.etat, i.presente, p.critere, p.code",
        "inscription_seance i JOIN seance s ON s.id = i.seance_id
         LEFT JOIN inscription_seance_profil p ON p.inscription_id = i.id
         WHERE s.session_id = $1 AND i.etat <> 'a_verifier'",
        vec![session.into()],
    )
    .await?;
    let mut par_inscription: BTreeMap<i64, LigneProfil> = BTreeMap::new();
    for (id, seance, etat, presente, critere, code) in lignes {
        let etat =
            EtatInscription::from_code(&etat).ok_or(StoreError::Unreadable("inscription_seance.etat"))?;
        let ligne = par_inscription.entry(id).or_insert_with(|| LigneProfil {
            seance,
            etat,
            presente: presente == 1,
            profil: Vec::new(),
        });
        ligne.profil.extend(critere.zip(code));
    }
    Ok(par_inscription.into_values().collect())
}
