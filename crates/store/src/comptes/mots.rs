//! MDP-3: words that name where the holder of an account works, studies or lives.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::Sql;

#[derive(FromLigne)]
struct LigneMots {
    nom: String,
    commune: String,
    uai: String,
}

fn flat(lignes: Vec<LigneMots>) -> Vec<String> {
    lignes.into_iter().flat_map(|l| [l.nom, l.commune, l.uai]).filter(|m| !m.is_empty()).collect()
}

/// Those of an account: its establishments, whatever the session, and those of its candidate record.
///
/// # Errors
/// When the database refuses.
pub async fn context_words(c: &impl Sql, compte: i64) -> Result<Vec<String>, StoreError> {
    let lignes = c
        .all(
            "SELECT es.nom, es.commune, e.uai
             FROM attribution a
             LEFT JOIN formation f ON f.id = a.formation_id
             LEFT JOIN formation_inscription fi ON fi.id = f.formation_inscription_id
             JOIN etablissement e ON e.id = COALESCE(a.etablissement_id, fi.etablissement_id)
             JOIN etablissement_session es ON es.etablissement_id = e.id
             WHERE a.compte_id = $1 AND a.supprime_le IS NULL
             UNION
             SELECT ca.etablissement_origine, ca.commune, '' FROM candidat ca
             WHERE ca.compte_id = $1 AND ca.supprime_le IS NULL",
            vec![compte.into()],
        )
        .await?;
    Ok(flat(lignes))
}

/// Those of an establishment.
///
/// # Errors
/// When the database refuses.
pub async fn words_of_etablissement(c: &impl Sql, etablissement: i64) -> Result<Vec<String>, StoreError> {
    let lignes = c
        .all(
            "SELECT DISTINCT es.nom, es.commune, e.uai
             FROM etablissement e JOIN etablissement_session es ON es.etablissement_id = e.id WHERE e.id = $1",
            vec![etablissement.into()],
        )
        .await?;
    Ok(flat(lignes))
}
