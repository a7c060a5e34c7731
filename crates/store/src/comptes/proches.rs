//! The people who may reach a course: what « Qui peut voir cela ? » judges one by one.

use crate::ligne::FromLigne;
use domain::comptes::Role;
use domain::droits::Attribution;

use super::{EN_SERVICE, LigneAttribution};
use crate::error::StoreError;
use crate::sql::{Params, Sql};

/// A role that may reach a course, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleProche {
    pub compte: i64,
    /// First name, then name.
    pub nom: String,
    /// Address.
    pub courriel: String,
    pub attribution: Attribution,
}

#[derive(FromLigne)]
struct LigneProche {
    compte_id: i64,
    nom: String,
    prenom: String,
    courriel: String,
    #[ligne(incluse)]
    attribution: LigneAttribution,
}

/// The roles of accounts in service on these courses, on these establishments, or wider than an establishment; by name.
/// Rights decide what each of them reaches. `roles`: only these; empty for all.
///
/// # Errors
/// When the database refuses.
pub async fn proches(
    c: &impl Sql,
    formations: &[i64],
    etablissements: &[i64],
    roles: &[Role],
) -> Result<Vec<RoleProche>, StoreError> {
    let mut p = Params::default();
    let (Some(f), Some(e)) = (p.all(formations.iter().copied()), p.all(etablissements.iter().copied()))
    else {
        return Ok(Vec::new());
    };
    let seuls = p.all(roles.iter().map(|r| r.code().to_owned()));
    let seuls = seuls.map_or_else(String::new, |r| format!("AND a.role IN ({r})"));
    let lignes: Vec<LigneProche> = c
        .all(
            &format!(
                "SELECT a.compte_id, c.nom, c.prenom, c.courriel, a.role, a.session_id, a.etablissement_id, a.formation_id,
                        a.academies, a.operations
                 FROM attribution a JOIN compte c ON c.id = a.compte_id
                 WHERE a.supprime_le IS NULL AND {EN_SERVICE}
                   AND (a.formation_id IN ({f}) OR a.etablissement_id IN ({e})
                        OR (a.formation_id IS NULL AND a.etablissement_id IS NULL)) {seuls}
                 ORDER BY c.nom, c.prenom, c.id, a.id"
            ),
            p.0,
        )
        .await?;
    let lue = |l: LigneProche| {
        let nom = format!("{} {}", l.prenom, l.nom);
        Ok(RoleProche { compte: l.compte_id, nom, courriel: l.courriel, attribution: l.attribution.lue()? })
    };
    lignes.into_iter().map(lue).collect()
}
