//! R-ADM-16: the explanations that candidates ask for, and what was found for them.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

fn emplacement(public_id: &str) -> Emplacement<'_> {
    Emplacement { table: "explication", colonne: "texte_chiffre", ligne: public_id }
}

/// A published day that may have looked at a wish.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct JourExplicable {
    pub passage: i64,
    pub public_id: String,
    pub jour: i64,
    /// 1: this day counts for nothing any more in the group of the wish (R-ADM-13).
    pub retire: i64,
}

/// The published days that were computed while a wish was in the procedure, the last one first.
///
/// # Errors
/// When the database refuses.
pub async fn jours_explicables(c: &impl Sql, voeu: i64) -> Result<Vec<JourExplicable>, StoreError> {
    c.all(
        "SELECT p.id AS passage, p.public_id, p.jour,
                CAST(CASE WHEN j.retire_par IS NULL THEN 0 ELSE 1 END AS BIGINT) AS retire
         FROM voeu v
         JOIN passage p ON p.session_id = v.session_id AND p.nature = 'propositions' AND p.etat = 'publie'
         JOIN groupe_affectation a ON a.groupe_classement_id = v.groupe_classement_id
              AND a.formation_session_id = v.formation_session_id AND a.supprime_le IS NULL
         LEFT JOIN groupe_jour j ON j.groupe_affectation_id = a.id AND j.passage_id = p.id
         WHERE v.id = $1 AND (v.etat IN ('en_attente', 'propose', 'accepte') OR p.calcule_le <= v.etat_le)
         ORDER BY p.jour DESC",
        vec![voeu.into()],
    )
    .await
}

/// An explanation as its candidate finds it.
#[derive(Debug, Clone)]
pub struct Explication {
    /// Code of [`domain::admission::EtatDemandeExplication`].
    pub etat: String,
    /// JSON, deciphered; when it is ready.
    pub texte: Option<String>,
}

#[derive(FromLigne)]
struct Scellee {
    public_id: String,
    etat: String,
    texte_chiffre: Option<Vec<u8>>,
}

/// What was asked of a run for a wish; `None` when nothing was.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn explication(
    c: &impl Sql,
    coffre: &Coffre,
    passage: i64,
    voeu: i64,
) -> Result<Option<Explication>, StoreError> {
    let ligne: Option<Scellee> = c
        .one(
            "SELECT public_id, etat, texte_chiffre FROM explication WHERE voeu_id = $1 AND passage_id = $2",
            vec![voeu.into(), passage.into()],
        )
        .await?;
    let Some(l) = ligne else { return Ok(None) };
    let ouvre = |octets: &[u8]| {
        let clair = coffre.open(emplacement(&l.public_id), octets)?;
        String::from_utf8(clair).map_err(|_| StoreError::Unreadable("explication"))
    };
    let texte = l.texte_chiffre.as_deref().map(ouvre).transpose()?;
    Ok(Some(Explication { etat: l.etat, texte }))
}

/// Asks for the explanation of a wish by a run. Gives whether it was not asked for yet.
///
/// # Errors
/// When the database refuses.
pub async fn insert_explication(
    tx: &Tx,
    e: &Ecriture<'_>,
    passage: i64,
    voeu: i64,
) -> Result<bool, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([passage.into(), voeu.into()]);
    let n = tx
        .exec(
            &format!(
                "INSERT INTO explication ({META}, passage_id, voeu_id, etat)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'demandee') ON CONFLICT (voeu_id, passage_id) DO NOTHING"
            ),
            valeurs,
        )
        .await?;
    Ok(n == 1)
}

/// How many explanations a candidate has asked for since an instant of the campaign.
///
/// # Errors
/// When the database refuses.
pub async fn explications_depuis(c: &impl Sql, candidat: i64, depuis: i64) -> Result<i64, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM explication x JOIN voeu v ON v.id = x.voeu_id
             WHERE v.candidat_id = $1 AND x.cree_le > $2",
            vec![candidat.into(), depuis.into()],
        )
        .await?;
    Ok(n.unwrap_or(0))
}

/// An explanation to be made.
#[derive(Debug, Clone, FromLigne)]
pub struct ExplicationDemandee {
    pub id: i64,
    pub public_id: String,
    /// Public identifier of the wish.
    pub voeu: String,
}

/// Those asked of a run and not made yet, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn explications_demandees(
    c: &impl Sql,
    passage: i64,
    combien: i64,
) -> Result<Vec<ExplicationDemandee>, StoreError> {
    c.all(
        "SELECT x.id, x.public_id, v.public_id AS voeu
         FROM explication x JOIN voeu v ON v.id = x.voeu_id
         WHERE x.passage_id = $1 AND x.etat = 'demandee' ORDER BY x.id LIMIT $2",
        vec![passage.into(), combien.into()],
    )
    .await
}

/// Writes what was found for one of them, ciphered; one that another runner has made meanwhile stays as it is. `etat`: code of
/// [`domain::admission::EtatDemandeExplication`]; `texte`: JSON, when it is ready.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn save_explication(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    demandee: &ExplicationDemandee,
    etat: &str,
    texte: Option<&str>,
) -> Result<(), StoreError> {
    let seal = |t: &str| coffre.seal(emplacement(&demandee.public_id), t.as_bytes(), e.alea().nonce());
    let scelle = texte.map(seal).transpose()?;
    tx.exec(
        "UPDATE explication SET etat = $1, texte_chiffre = $2, maj_le = $3, maj_par = $4
         WHERE id = $5 AND etat = 'demandee'",
        vec![etat.to_owned().into(), scelle.into(), e.ms().into(), e.compte().into(), demandee.id.into()],
    )
    .await
    .map(|_| ())
}

/// Says of all those asked of a run, and not made, that they cannot be.
///
/// # Errors
/// When the database refuses.
pub async fn refuse_explications(tx: &Tx, e: &Ecriture<'_>, passage: i64) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE explication SET etat = 'impossible', maj_le = $1, maj_par = $2
         WHERE passage_id = $3 AND etat = 'demandee'",
        vec![e.ms().into(), e.compte().into(), passage.into()],
    )
    .await
}

/// Deletes those asked for before an instant of the campaign: the record makes them again. Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge_explications(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM explication WHERE cree_le <= $1", vec![avant.into()]).await
}
