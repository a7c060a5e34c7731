//! Who registered in a session, in which order, what they are still to be told.

use std::collections::BTreeMap;

use domain::seances::EtatInscription;
use sea_orm::Value;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, exec_among};

/// What the people of a session are still to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum APrevenir {
    /// They have a place now.
    Place,
    /// Its hours or its place changed.
    Modifiee,
    /// It is not held.
    Annulee,
    /// Its recording is published.
    Enregistrement,
}

impl APrevenir {
    const fn code(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Modifiee => "modifiee",
            Self::Annulee => "annulee",
            Self::Enregistrement => "enregistrement",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let tous = [Self::Place, Self::Modifiee, Self::Annulee, Self::Enregistrement];
        tous.into_iter().find(|a| a.code() == code)
    }
}

#[derive(FromLigne)]
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
    a_prevenir: Option<String>,
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
    /// What is still to be told.
    pub a_prevenir: Option<APrevenir>,
    /// First name and name of the account; empty on the public site.
    pub nom: String,
    /// Where to write; `None` once forgotten.
    pub courriel: Option<String>,
}

const INSCRIPTIONS: &str =
    "SELECT i.id, i.public_id, i.seance_id, i.compte_id, i.courriel_chiffre, i.etat, i.rang, i.inscrit_le,
           i.rappel_le, i.expire_le, i.recepisse, i.presente, i.a_prevenir, c.prenom || ' ' || c.nom AS nom, c.courriel
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
                a_prevenir: b.a_prevenir.as_deref().and_then(APrevenir::from_code),
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

const AVEC_PLACE: &str = "WHERE i.seance_id = $1 AND i.etat = 'inscrit' ORDER BY i.rang, i.id";

/// Who has a place in a session, in the order in which they asked.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn with_place(
    c: &impl Sql,
    coffre: &Coffre,
    seance: i64,
) -> Result<Vec<LigneInscription>, StoreError> {
    inscriptions(c, coffre, AVEC_PLACE, vec![seance.into()]).await
}

/// So many of them, after the first `passees`.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn page_with_place(
    c: &impl Sql,
    coffre: &Coffre,
    seance: i64,
    (passees, combien): (i64, i64),
) -> Result<Vec<LigneInscription>, StoreError> {
    let suite = format!("{AVEC_PLACE} LIMIT $2 OFFSET $3");
    inscriptions(c, coffre, &suite, vec![seance.into(), combien.into(), passees.into()]).await
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
          AND i.a_prevenir IS NULL
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

/// Gives a place to the first `combien` who wait, who are to be told. The session is locked.
///
/// # Errors
/// When the database refuses.
pub async fn promote(tx: &Tx, e: &Ecriture<'_>, seance: i64, combien: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE inscription_seance SET etat = 'inscrit', a_prevenir = 'place', maj_le = $1
         WHERE id IN (SELECT id FROM inscription_seance WHERE seance_id = $2 AND etat = 'attente' ORDER BY rang, id LIMIT $3)",
        vec![e.ms().into(), seance.into(), combien.into()],
    )
    .await?;
    Ok(())
}

/// Notes that everybody who has a place or waits for one is to be told. `autre_jour`: what they were reminded of is no longer true.
///
/// # Errors
/// When the database refuses.
pub async fn tell_all(
    tx: &Tx,
    _: &Ecriture<'_>,
    seance: i64,
    quoi: APrevenir,
    autre_jour: bool,
) -> Result<(), StoreError> {
    let rappel = if autre_jour { ", rappel_le = NULL" } else { "" };
    tx.exec(
        &format!(
            "UPDATE inscription_seance SET a_prevenir = $1{rappel} WHERE seance_id = $2 AND etat <> 'a_verifier'"
        ),
        vec![quoi.code().into(), seance.into()],
    )
    .await?;
    Ok(())
}

/// The first `combien` who are still to be told something.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn to_tell(
    c: &impl Sql,
    coffre: &Coffre,
    combien: i64,
) -> Result<Vec<LigneInscription>, StoreError> {
    let suite = "WHERE i.a_prevenir IS NOT NULL ORDER BY i.id LIMIT $1";
    inscriptions(c, coffre, suite, vec![combien.into()]).await
}

/// Notes that a person is told, with what they were to be told: `false` when they were already, or when it changed.
///
/// # Errors
/// When the database refuses.
pub async fn told(tx: &Tx, _: &Ecriture<'_>, inscription: i64, quoi: APrevenir) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE inscription_seance SET a_prevenir = NULL WHERE id = $1 AND a_prevenir = $2",
            vec![inscription.into(), quoi.code().into()],
        )
        .await?;
    Ok(n == 1)
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

/// Notes of people of a session whether they came; gives how many it changes. `qui`: their keys; `None`: everybody with a place.
///
/// # Errors
/// When the database refuses.
pub async fn set_presente(
    tx: &Tx,
    e: &Ecriture<'_>,
    seance: i64,
    qui: Option<&[i64]>,
    presente: bool,
) -> Result<u64, StoreError> {
    let presente = i64::from(presente);
    let pose = "UPDATE inscription_seance SET presente = $1, maj_le = $2, maj_par = $3
                WHERE seance_id = $4 AND etat = 'inscrit' AND presente <> $1";
    let fixes = || -> Vec<Value> { vec![presente.into(), e.ms().into(), e.compte().into(), seance.into()] };
    let Some(cles) = qui else { return tx.exec(pose, fixes()).await };
    exec_among(tx, &format!("{pose} AND id IN (:cles)"), fixes(), cles).await
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
