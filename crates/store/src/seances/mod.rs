//! Information sessions: what is announced, who registered, in which order, who came.

mod inscriptions;
mod profils;

pub use inscriptions::{
    APrevenir, LigneInscription, NouvelleInscription, confirm, forget, of_adresse, of_compte, of_public_site,
    page_with_place, promote, register, set_expire, set_presente, set_rappel, set_recepisse, tell_all,
    to_remind, to_tell, told, waiting_before, with_place, withdraw, write_profil,
};
pub use profils::{LigneProfil, profil, profils};

use std::collections::{BTreeMap, BTreeSet};

use domain::actualites::{Audience, Emetteur};
use domain::seances::{EtatInscription, Horaire, Programme, Qualite};
use sea_orm::Value;

use crate::audiences::{codes, read_critere};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
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

#[derive(FromLigne)]
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
    comptage(tx, seance).await
}

/// How many people in one session.
///
/// # Errors
/// When the database refuses.
pub async fn comptage(c: &impl Sql, seance: i64) -> Result<Comptage, StoreError> {
    Ok(counts(c, "i.seance_id = $1", seance).await?.remove(&seance).unwrap_or_default())
}

/// How many people, by session of the public site of a campaign.
///
/// # Errors
/// When the database refuses.
pub async fn comptages_publics(c: &impl Sql, session: i64) -> Result<BTreeMap<i64, Comptage>, StoreError> {
    let publiques = "s.session_id = $1 AND EXISTS (SELECT 1 FROM seance_audience d
                                                   WHERE d.seance_id = s.id AND d.critere = 'qualite')";
    counts(c, publiques, session).await
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
