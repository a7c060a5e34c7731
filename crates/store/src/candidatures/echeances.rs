//! What deadlines do to everybody at once: a few statements, whatever the number of wishes.

use domain::candidatures::EtatVoeu;
use sea_orm::Value;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, exec_among};

/// Under student status, as a condition on the wish `voeu`.
pub(super) const ETUDIANT: &str =
    "EXISTS (SELECT 1 FROM formation_session fs JOIN formation fo ON fo.id = fs.formation_id
             WHERE fs.id = voeu.formation_session_id AND fo.statut = 'etudiant')";

/// Moves the wishes of a session that are in one state to another, where the condition holds; its own values come from `$6` on.
pub(super) async fn move_where(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    (de, vers): (EtatVoeu, EtatVoeu),
    ou: &str,
    siennes: Vec<Value>,
) -> Result<u64, StoreError> {
    let mut valeurs = vec![
        session.into(),
        vers.code().to_owned().into(),
        e.ms().into(),
        e.compte().into(),
        de.code().to_owned().into(),
    ];
    valeurs.extend(siennes);
    tx.exec(
        &format!(
            "UPDATE voeu SET etat = $2, etat_le = $3, maj_le = $3, maj_par = $4, version = version + 1
             WHERE session_id = $1 AND etat = $5 AND supprime_le IS NULL AND {ou}"
        ),
        valeurs,
    )
    .await
}

/// Moves every wish of a session from one state to another; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn move_all(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    move_where(tx, e, session, (de, vers), "1 = 1", Vec::new()).await
}

/// Expires the unanswered propositions whose deadline is reached, and their wishes with them; gives how many.
///
/// # Errors
/// [`StoreError::Conflict`] when a proposition and its wish disagree.
pub async fn expire_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    // Wishes first, found by the propositions still expected: both sides move in one transaction.
    let voeux = tx
        .exec(
            "UPDATE voeu SET etat = $2, etat_le = $3, maj_le = $3, maj_par = $4, version = version + 1
             WHERE session_id = $1 AND etat = $5
               AND id IN (SELECT voeu_id FROM proposition WHERE reponse = 'attendue' AND echeance_le <= $3)",
            vec![
                session.into(),
                vers.code().to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                de.code().to_owned().into(),
            ],
        )
        .await?;
    let propositions = tx
        .exec(
            "UPDATE proposition SET reponse = 'expiree', repondue_le = $2, maj_le = $2, maj_par = $3,
                 version = version + 1
             WHERE reponse = 'attendue' AND echeance_le <= $2
               AND EXISTS (SELECT 1 FROM voeu v WHERE v.id = proposition.voeu_id AND v.session_id = $1)",
            vec![session.into(), e.ms().into(), e.compte().into()],
        )
        .await?;
    if voeux == propositions {
        Ok(propositions)
    } else {
        Err(StoreError::Conflict(format!("{propositions} propositions expire but {voeux} wishes")))
    }
}

/// A candidate who let every proposition expire and still has a waiting wish, with the last of those deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct SansReponse {
    pub candidat: i64,
    pub derniere: i64,
}

/// Candidates without any answer who have waiting wishes to lose. Apprenticeship lives apart (I1, I5).
///
/// # Errors
/// When the database refuses.
pub async fn list_sans_reponse(c: &impl Sql, session: i64) -> Result<Vec<SansReponse>, StoreError> {
    // From the propositions that expired, few, to their candidates: never from all the wishes.
    c.all(
        "SELECT p.candidat_id AS candidat, MAX(p.echeance_le) AS derniere
         FROM proposition p
         JOIN voeu v ON v.id = p.voeu_id AND v.session_id = $1
         JOIN formation_session fs ON fs.id = v.formation_session_id
         JOIN formation fo ON fo.id = fs.formation_id AND fo.statut = 'etudiant'
         WHERE p.reponse = 'expiree'
           AND NOT EXISTS (SELECT 1 FROM proposition q
                           JOIN voeu vq ON vq.id = q.voeu_id
                           JOIN formation_session fq ON fq.id = vq.formation_session_id
                           JOIN formation foq ON foq.id = fq.formation_id
                           WHERE q.candidat_id = p.candidat_id AND q.reponse NOT IN ('expiree', 'retiree')
                             AND vq.session_id = $1 AND foq.statut = 'etudiant')
           AND EXISTS (SELECT 1 FROM voeu w WHERE w.candidat_id = p.candidat_id AND w.supprime_le IS NULL
                         AND w.etat = 'en_attente')
         GROUP BY p.candidat_id ORDER BY p.candidat_id",
        vec![session.into()],
    )
    .await
}

/// Takes away the waiting wishes of candidates, not kept since the deadline `derniere`; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn lose_waiting(
    tx: &Tx,
    e: &Ecriture<'_>,
    (candidats, derniere): (&[i64], i64),
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    let fixes: Vec<Value> = vec![
        vers.code().to_owned().into(),
        e.ms().into(),
        e.compte().into(),
        de.code().to_owned().into(),
        derniere.into(),
    ];
    let sql = format!(
        "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1
         WHERE candidat_id IN (:cles) AND supprime_le IS NULL AND etat = $4
           AND (maintenu_le IS NULL OR maintenu_le < $5) AND {ETUDIANT}"
    );
    exec_among(tx, &sql, fixes, candidats).await
}
