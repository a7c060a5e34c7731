//! What is counted of who registers.

use std::collections::BTreeMap;

use domain::seances::EtatInscription;

use crate::error::StoreError;
use crate::sql::{Sql, tuples};

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
