//! What publication changes: wishes, propositions, and who is told.

use std::collections::HashMap;

use crate::ligne::FromLigne;

use super::{DESTINATAIRE, NOM_FORMATION, tranches_de_voeux};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx, insert_batch, tuples};

/// Publication of call orders: ranked wishes join the waiting list, and so do confirmed wishes of courses that do not
/// rank. Gives how many wishes.
///
/// # Errors
/// When the database refuses.
pub async fn open_waiting_list(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    passage: i64,
) -> Result<u64, StoreError> {
    let mut total = 0;
    // By slices: SQLite keeps in memory the former state of all that one statement changes.
    for cles in tranches_de_voeux(tx).await? {
        let (debut, fin) = (cles.start.into(), cles.end.into());
        total += tx
            .exec(
                "UPDATE voeu SET etat = 'en_attente', etat_le = $1, maj_le = $1, maj_par = $2, version = version + 1
                 WHERE session_id = $3 AND id >= $5 AND id < $6 AND etat = 'classe' AND phase = 'pp'
                   AND supprime_le IS NULL
                   AND EXISTS (SELECT 1 FROM ordre_appel o WHERE o.groupe_classement_id = voeu.groupe_classement_id
                                 AND o.candidat_id = voeu.candidat_id AND o.passage_id = $4)",
                vec![e.ms().into(), e.compte().into(), session.into(), passage.into(), debut, fin],
            )
            .await?;
    }
    let sans_classement = tx
        .exec(
            "UPDATE voeu SET etat = 'en_attente', etat_le = $1, maj_le = $1, maj_par = $2, version = version + 1
             WHERE session_id = $3 AND etat IN ('confirme', 'classe') AND phase = 'pp' AND supprime_le IS NULL
               AND groupe_classement_id IN
                   (SELECT g.id FROM groupe_classement g
                    JOIN formation_session f ON f.id = g.formation_session_id
                    JOIN formation p ON p.id = f.formation_id AND p.statut = 'etudiant'
                    WHERE g.session_id = $3 AND g.sans_classement = 1 AND g.supprime_le IS NULL)",
            vec![e.ms().into(), e.compte().into(), session.into()],
        )
        .await?;
    Ok(total + sans_classement)
}

/// The propositions that a day made, or that a withdrawal took back: (voeu, assignment group), by voeu; whatever was answered since.
///
/// # Errors
/// When the database refuses.
pub async fn load_propositions(c: &impl Sql, passage: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut lignes: Vec<(i64, i64)> = tuples(
        c,
        "p.voeu_id, p.groupe_affectation_id",
        "proposition p WHERE p.passage_id = $1 OR p.retiree_par = $1",
        vec![passage.into()],
    )
    .await?;
    lignes.sort_unstable();
    Ok(lignes)
}

/// A wish of the session that has a proposition of a run that was never published, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn proposition_sans_publication(c: &impl Sql, session: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT MIN(p.voeu_id) FROM proposition p
         JOIN passage d ON d.id = p.passage_id WHERE d.session_id = $1 AND d.etat <> 'publie'",
        vec![session.into()],
    )
    .await
}

/// A proposition about to exist.
#[derive(Debug, Clone, Copy, FromLigne)]
pub struct NouvelleProposition {
    pub voeu: i64,
    pub candidat: i64,
}

/// Turns into propositions the wishes of a run that are still waiting; gives exactly those, by key. A wish given up since the
/// computation is left alone.
///
/// # Errors
/// When the database refuses.
pub async fn propose_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    passage: i64,
) -> Result<Vec<NouvelleProposition>, StoreError> {
    let mut lignes: Vec<NouvelleProposition> = Vec::new();
    for cles in tranches_de_voeux(tx).await? {
        let lot: Vec<NouvelleProposition> = tx
            .all(
                "UPDATE voeu SET etat = 'propose', etat_le = $1, maj_le = $1, maj_par = $2, version = version + 1
                 WHERE etat = 'en_attente' AND supprime_le IS NULL
                   AND id IN (SELECT voeu_id FROM passage_proposition
                              WHERE passage_id = $3 AND voeu_id >= $4 AND voeu_id < $5)
                 RETURNING id AS voeu, candidat_id AS candidat",
                vec![
                    e.ms().into(),
                    e.compte().into(),
                    passage.into(),
                    cles.start.into(),
                    cles.end.into(),
                ],
            )
            .await?;
        lignes.extend(lot);
    }
    lignes.sort_unstable_by_key(|l| l.voeu);
    Ok(lignes)
}

/// Writes the propositions. `groupes`: assignment group of each voeu.
///
/// # Errors
/// [`StoreError::Conflict`] when a voeu already had one.
pub async fn insert_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    passage: i64,
    lignes: &[NouvelleProposition],
    groupes: &HashMap<i64, i64>,
    echeance_ms: i64,
) -> Result<u64, StoreError> {
    let rows = lignes.iter().copied().map(|l| {
        let (_, mut valeurs) = e.meta();
        valeurs.extend([
            l.voeu.into(),
            l.candidat.into(),
            groupes.get(&l.voeu).copied().into(),
            passage.into(),
            e.ms().into(),
            echeance_ms.into(),
            "attendue".to_owned().into(),
        ]);
        valeurs
    });
    insert_batch(
        tx,
        &format!(
            "INSERT INTO proposition ({META}, voeu_id, candidat_id, groupe_affectation_id, passage_id, emise_le, echeance_le,
                 reponse)"
        ),
        NB_META + 7,
        rows,
        "",
    )
    .await
}

/// Who must be told of a proposition, and what.
#[derive(Debug, Clone, FromLigne)]
pub struct Annonce {
    pub id: i64,
    pub public_id: String,
    pub compte: i64,
    pub courriel: String,
    pub prenom: String,
    pub formation: String,
    pub etablissement: String,
    pub echeance_le: i64,
    /// 1: accepted at once by the automatic answer (R-RA-04).
    pub acceptee: i64,
    pub voeu_public_id: String,
}

/// Propositions of a run still without answer, or accepted at once, of candidates with an account, after this key.
///
/// # Errors
/// When the database refuses.
pub async fn annonces(
    c: &impl Sql,
    passage_public_id: &str,
    apres: i64,
    combien: i64,
) -> Result<Vec<Annonce>, StoreError> {
    c.all(
        &format!(
            "SELECT p.id, p.public_id, k.id AS compte, k.courriel, c.prenom,
                    {NOM_FORMATION} AS formation,
                    COALESCE(e.nom, '') AS etablissement, p.echeance_le,
                    CAST(CASE WHEN p.reponse = 'attendue' THEN 0 ELSE 1 END AS BIGINT) AS acceptee, v.public_id AS voeu_public_id
             FROM proposition p
             JOIN passage j ON j.id = p.passage_id
             {DESTINATAIRE}
             WHERE j.public_id = $1 AND p.id > $2
               AND (p.reponse = 'attendue' OR (p.reponse = 'acceptee' AND EXISTS (
                    SELECT 1 FROM passage_automatique a WHERE a.passage_id = j.id AND a.voeu_id = p.voeu_id)))
             ORDER BY p.id LIMIT $3"
        ),
        vec![passage_public_id.to_owned().into(), apres.into(), combien.into()],
    )
    .await
}
