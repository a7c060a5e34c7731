//! Rankings of groups: candidates to rank, drafts, transmission.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::internats;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, insert_batch};
use domain::candidatures::EtatVoeu;

/// What is ranked: a group of courses, or a boarding school. Each has its tables, of the same columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    Groupe,
    Internat,
}

impl Nature {
    /// The table of what is ranked, as the journal names the object too.
    pub const fn objet(self) -> &'static str {
        match self {
            Self::Groupe => "groupe_classement",
            Self::Internat => "groupe_internat",
        }
    }

    const fn classement(self) -> &'static str {
        match self {
            Self::Groupe => "classement",
            Self::Internat => "classement_internat",
        }
    }
}

/// What is ranked, and the course or the establishment it belongs to.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneGroupe {
    pub id: i64,
    pub public_id: String,
    pub libelle: String,
    pub sans_classement: i64,
    pub session_id: i64,
    /// Of the course; of the establishment for a boarding school.
    pub parent_public_id: String,
    /// Permanent formation, for rights; none for a boarding school.
    pub formation_id: Option<i64>,
    pub etablissement_id: i64,
    pub academie: String,
    pub selective: i64,
    /// Label of the course; of the boarding school itself.
    pub formation: String,
    pub etablissement: Option<String>,
}

/// A ranking group of a session by its public identifier.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn groupe(c: &impl Sql, session: i64, public_id: &str) -> Result<LigneGroupe, StoreError> {
    c.one(
        "SELECT g.id, g.public_id, g.libelle, g.sans_classement, g.session_id, f.public_id AS parent_public_id,
                f.formation_id, f.etablissement_id, f.academie, f.selective, f.libelle AS formation,
                es.nom AS etablissement
         FROM groupe_classement g
         JOIN formation_session f ON f.id = g.formation_session_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
         WHERE g.public_id = $1 AND g.session_id = $2 AND g.supprime_le IS NULL",
        vec![public_id.to_owned().into(), session.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("groupe_classement"))
}

/// The courses that a ranking group serves: « BTS Électronique – Lycée Ampère », the one that ranks first.
///
/// # Errors
/// When the database refuses.
pub async fn formations_du_groupe(c: &impl Sql, groupe: i64) -> Result<Vec<String>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        libelle: String,
        etablissement: Option<String>,
    }
    let lignes: Vec<Ligne> = c
        .all(
            "SELECT f.libelle, es.nom AS etablissement
             FROM groupe_affectation a
             JOIN groupe_classement g ON g.id = a.groupe_classement_id
             JOIN formation_session f ON f.id = a.formation_session_id
             LEFT JOIN etablissement_session es
               ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
             WHERE a.groupe_classement_id = $1 AND a.supprime_le IS NULL
             ORDER BY CASE WHEN f.id = g.formation_session_id THEN 0 ELSE 1 END, f.libelle, es.nom, f.id",
            vec![groupe.into()],
        )
        .await?;
    let nom = |l: Ligne| match l.etablissement {
        Some(e) => format!("{} – {e}", l.libelle),
        None => l.libelle,
    };
    Ok(lignes.into_iter().map(nom).collect())
}

/// Locks the group until the end of the transaction: saving and transmitting its ranking never interleave. The boarding schools
/// of one establishment are locked together: each says who is left to the others.
///
/// # Errors
/// When the database refuses.
pub async fn lock_groupe(tx: &Tx, nature: Nature, g: &LigneGroupe) -> Result<(), StoreError> {
    match nature {
        Nature::Groupe if tx.backend() == Backend::Postgres => {
            tx.int("SELECT id FROM groupe_classement WHERE id = $1 FOR UPDATE", vec![g.id.into()]).await?;
            Ok(())
        }
        Nature::Groupe => Ok(()),
        Nature::Internat => internats::lock(tx, g.etablissement_id).await,
    }
}

/// A candidate whose confirmed wish belongs to the group.
#[derive(Debug, Clone, FromLigne)]
pub struct CandidatDuGroupe {
    pub id: i64,
    pub numero: i64,
    pub nom: String,
    pub prenom: String,
    pub type_bac: String,
    pub serie: String,
    pub moyenne_centiemes: Option<i64>,
    pub etablissement_origine: String,
    /// A variant without boarding is wished.
    pub sans_internat: i64,
    /// A variant with boarding is wished.
    pub avec_internat: i64,
}

/// A wish `v` of a candidate `ca` that is ranked.
pub(crate) const VIVANT: &str = "v.supprime_le IS NULL AND v.confirme_le IS NOT NULL
           AND v.etat NOT IN ('supprime', 'annule') AND ca.etat <> 'annule' AND ca.supprime_le IS NULL";

/// The candidates of a group, by file number. A candidate with both boarding variants appears once.
///
/// # Errors
/// When the database refuses.
pub async fn candidats(c: &impl Sql, groupe: i64) -> Result<Vec<CandidatDuGroupe>, StoreError> {
    candidats_of(c, "v.groupe_classement_id = $1", groupe).await
}

/// The same for the wishes that a condition on `v` keeps; it names what is ranked by `$1`.
pub(crate) async fn candidats_of(
    c: &impl Sql,
    condition: &str,
    cle: i64,
) -> Result<Vec<CandidatDuGroupe>, StoreError> {
    c.all(
        &format!(
            "SELECT ca.id, ca.numero, ca.nom, ca.prenom, ca.type_bac, ca.serie, ca.moyenne_centiemes,
                ca.etablissement_origine, 1 - MIN(v.avec_internat) AS sans_internat,
                MAX(v.avec_internat) AS avec_internat
         FROM voeu v JOIN candidat ca ON ca.id = v.candidat_id
         WHERE {condition} AND {VIVANT}
         GROUP BY ca.id, ca.numero, ca.nom, ca.prenom, ca.type_bac, ca.serie, ca.moyenne_centiemes,
                  ca.etablissement_origine
         ORDER BY ca.numero"
        ),
        vec![cle.into()],
    )
    .await
}

/// The ranking of a group as stored.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneClassement {
    pub id: i64,
    pub public_id: String,
    /// `brouillon` or `transmis`.
    pub etat: String,
    pub transmis_le: Option<i64>,
    pub empreinte: Option<String>,
    pub version: i64,
}

/// The ranking of a group, if one was begun.
///
/// # Errors
/// When the database refuses.
pub async fn classement(
    c: &impl Sql,
    nature: Nature,
    groupe: i64,
) -> Result<Option<LigneClassement>, StoreError> {
    let (classement, objet) = (nature.classement(), nature.objet());
    c.one(
        &format!(
            "SELECT id, public_id, etat, transmis_le, empreinte, version FROM {classement}
             WHERE {objet}_id = $1 AND supprime_le IS NULL ORDER BY id DESC LIMIT 1"
        ),
        vec![groupe.into()],
    )
    .await
}

/// Keys of the ranked candidates, best first.
///
/// # Errors
/// When the database refuses.
pub async fn ordre(c: &impl Sql, nature: Nature, classement: i64) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        candidat_id: i64,
    }
    let table = nature.classement();
    let lignes: Vec<Ligne> = c
        .all(
            &format!("SELECT candidat_id FROM {table}_rang WHERE {table}_id = $1 ORDER BY rang"),
            vec![classement.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.candidat_id).collect())
}

/// Writes a draft: the whole order replaces the one before.
///
/// # Errors
/// [`StoreError::Conflict`] when the ranking changed since it was read, or was transmitted.
pub async fn save_brouillon(
    tx: &Tx,
    e: &Ecriture<'_>,
    (nature, groupe): (Nature, i64),
    existant: Option<&LigneClassement>,
    ordre: &[i64],
) -> Result<i64, StoreError> {
    let table = nature.classement();
    let id = match existant {
        Some(c) => {
            let n = tx
                .exec(
                    &format!(
                        "UPDATE {table} SET maj_le = $1, maj_par = $2, version = version + 1
                         WHERE id = $3 AND version = $4 AND etat = 'brouillon'"
                    ),
                    vec![e.ms().into(), e.compte().into(), c.id.into(), c.version.into()],
                )
                .await?;
            if n != 1 {
                return Err(StoreError::Conflict(format!("{table} {}", c.id)));
            }
            tx.exec(&format!("DELETE FROM {table}_rang WHERE {table}_id = $1"), vec![c.id.into()]).await?;
            c.id
        }
        None => {
            // A group may have rankings one after another, numbered; a boarding school has one.
            let (numero, un) = match nature {
                Nature::Groupe => (", numero", ", 1"),
                Nature::Internat => ("", ""),
            };
            let (_, mut valeurs) = e.meta();
            valeurs.push(groupe.into());
            tx.int(
                &format!(
                    "INSERT INTO {table} ({META}, {}_id{numero}, etat)
                     VALUES ($1, $2, $3, $4, $5, $6, $7{un}, 'brouillon') RETURNING id",
                    nature.objet()
                ),
                valeurs,
            )
            .await?
            .ok_or(StoreError::NotFound("classement"))?
        }
    };
    // Owned before the first wait: a borrowed iterator would tie the future to one lifetime.
    let lignes: Vec<Vec<sea_orm::Value>> = ordre
        .iter()
        .zip(1i64..)
        .map(|(candidat, rang)| vec![id.into(), (*candidat).into(), rang.into()])
        .collect();
    let insere = format!("INSERT INTO {table}_rang ({table}_id, candidat_id, rang)");
    insert_batch(tx, &insere, 3, lignes, "").await?;
    Ok(id)
}

/// Marks a ranking as transmitted, with its fingerprint.
///
/// # Errors
/// [`StoreError::Conflict`] when the ranking changed since it was read.
pub async fn set_transmis(
    tx: &Tx,
    e: &Ecriture<'_>,
    nature: Nature,
    classement: &LigneClassement,
    empreinte: &str,
) -> Result<(), StoreError> {
    let table = nature.classement();
    let n = tx
        .exec(
            &format!(
                "UPDATE {table} SET etat = 'transmis', transmis_le = $1, transmis_par = $2, empreinte = $3,
                     maj_le = $1, maj_par = $2, version = version + 1
                 WHERE id = $4 AND version = $5 AND etat = 'brouillon'"
            ),
            vec![
                e.ms().into(),
                e.compte().into(),
                empreinte.to_owned().into(),
                classement.id.into(),
                classement.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("{table} {}", classement.id))) }
}

/// Moves the wishes of a group from one state to another: those of the ranked candidates, or those of all the
/// candidates left; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn move_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    groupe: i64,
    classement: Option<i64>,
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    let classes = match classement {
        Some(_) => "AND candidat_id IN (SELECT candidat_id FROM classement_rang WHERE classement_id = $6)",
        None => "",
    };
    let mut valeurs = vec![
        groupe.into(),
        vers.code().to_owned().into(),
        e.ms().into(),
        e.compte().into(),
        de.code().to_owned().into(),
    ];
    valeurs.extend(classement.map(sea_orm::Value::from));
    tx.exec(
        &format!(
            "UPDATE voeu SET etat = $2, etat_le = $3, maj_le = $3, maj_par = $4, version = version + 1
             WHERE groupe_classement_id = $1 AND etat = $5 AND supprime_le IS NULL {classes}"
        ),
        valeurs,
    )
    .await
}

/// Notes that a file was applied.
///
/// # Errors
/// When the database refuses.
pub async fn insert_import(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    empreinte: &str,
    nom: &str,
    bilan: &str,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([
        session.into(),
        empreinte.to_owned().into(),
        nom.to_owned().into(),
        bilan.to_owned().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO import ({META}, nature, session_id, empreinte, nom, bilan)
             VALUES ($1, $2, $3, $4, $5, $6, 'classement', $7, $8, $9, $10)"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}
