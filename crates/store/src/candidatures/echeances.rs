//! What deadlines do to everybody at once: a few statements, whatever the number of wishes.

use domain::candidatures::EtatVoeu;
use sea_orm::FromQueryResult;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// Courses under student status of a session; apprenticeship lives apart (I1, I5).
const ETUDIANT: &str = "SELECT fs.id FROM formation_session fs JOIN formation fo ON fo.id = fs.formation_id
                        WHERE fs.session_id = $1 AND fo.statut = 'etudiant'";

/// Candidates who let every proposition expire, with the last of those deadlines.
const MUETS: &str = "SELECT p.candidat_id, MAX(p.echeance_le) AS derniere
                     FROM proposition p JOIN voeu v ON v.id = p.voeu_id
                     JOIN formation_session fs ON fs.id = v.formation_session_id
                     JOIN formation fo ON fo.id = fs.formation_id
                     WHERE v.session_id = $1 AND fo.statut = 'etudiant'
                     GROUP BY p.candidat_id
                     HAVING SUM(CASE WHEN p.reponse = 'expiree' THEN 0 ELSE 1 END) = 0";

/// Moves every wish of a session from one state to another; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_unconfirmed(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE voeu SET etat = $2, etat_le = $3, maj_le = $3, maj_par = $4, version = version + 1
         WHERE session_id = $1 AND etat = $5 AND supprime_le IS NULL",
        vec![
            session.into(),
            vers.code().to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            de.code().to_owned().into(),
        ],
    )
    .await
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
               AND voeu_id IN (SELECT id FROM voeu WHERE session_id = $1)",
            vec![session.into(), e.ms().into(), e.compte().into()],
        )
        .await?;
    if voeux == propositions {
        Ok(propositions)
    } else {
        Err(StoreError::Conflict(format!("{propositions} propositions expire but {voeux} wishes")))
    }
}

/// Candidates who never answered, by the last of their deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct SansReponse {
    pub derniere: i64,
    pub candidats: i64,
}

/// The deadlines after which candidates without any answer have waiting wishes to lose.
///
/// # Errors
/// When the database refuses.
pub async fn list_sans_reponse(c: &impl Sql, session: i64) -> Result<Vec<SansReponse>, StoreError> {
    c.all(
        &format!(
            "SELECT m.derniere, COUNT(*) AS candidats FROM ({MUETS}) m
             WHERE EXISTS (SELECT 1 FROM voeu w WHERE w.candidat_id = m.candidat_id AND w.etat = 'en_attente'
                           AND (w.maintenu_le IS NULL OR w.maintenu_le < m.derniere))
             GROUP BY m.derniere ORDER BY m.derniere"
        ),
        vec![session.into()],
    )
    .await
}

/// Takes away the waiting wishes, not kept since, of the candidates without any answer whose last deadline was
/// `derniere`; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn lose_waiting(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    derniere: i64,
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    tx.exec(
        &format!(
            "UPDATE voeu SET etat = $2, etat_le = $3, maj_le = $3, maj_par = $4, version = version + 1
             WHERE session_id = $1 AND etat = $5 AND (maintenu_le IS NULL OR maintenu_le < $6)
               AND formation_session_id IN ({ETUDIANT})
               AND candidat_id IN (SELECT m.candidat_id FROM ({MUETS}) m WHERE m.derniere = $6)"
        ),
        vec![
            session.into(),
            vers.code().to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            de.code().to_owned().into(),
            derniere.into(),
        ],
    )
    .await
}
