//! Lists of the site de gestion, within a perimeter.

use domain::droits::Scope;
use sea_orm::FromQueryResult;

use super::recherche::Params;
use crate::error::StoreError;
use crate::sql::Sql;

/// What the person looks for among their courses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreGestion {
    pub session: i64,
    /// Normalised words.
    pub mots: Vec<String>,
    /// `brouillon`, `publiee` or `fermee`.
    pub etat: Option<&'static str>,
    /// Only the courses where capacity or fees are missing.
    pub incompletes: bool,
}

/// A course of the perimeter.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub struct LigneGestion {
    pub public_id: String,
    pub etablissement_id: i64,
    pub formation_id: i64,
    pub academie: String,
    pub libelle: String,
    pub detail: String,
    pub famille: String,
    pub statut: String,
    pub etat: String,
    pub commune: String,
    pub etablissement: String,
    pub uai: String,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub presentation: String,
    /// Sum of the places of the groups; absent without group.
    pub places: Option<i64>,
    pub publiee_capacite: Option<i64>,
    pub publiee_frais: Option<i64>,
    pub publiee_presentation: Option<String>,
    /// 1: the capacity is out of the ordinary, explained, and waits for a second person.
    pub a_confirmer: i64,
}

fn condition(scope: &Scope, filtre: &FiltreGestion, p: &mut Params) -> String {
    let portee = scope.portee();
    let mut parties =
        vec![format!("fs.session_id = {}", p.add(filtre.session)), "fs.supprime_le IS NULL".to_owned()];
    if !portee.tout {
        let mut ou = Vec::new();
        let mut parmi = |colonne: &str, valeurs: Vec<String>| {
            if !valeurs.is_empty() {
                ou.push(format!("{colonne} IN ({})", valeurs.join(", ")));
            }
        };
        parmi("fs.etablissement_id", portee.etablissements.iter().map(|id| p.add(*id)).collect());
        parmi("fs.formation_id", portee.formations.iter().map(|id| p.add(*id)).collect());
        parmi("fs.academie", portee.academies.iter().map(|a| p.add(a.clone())).collect());
        // A perimeter with nothing in it lists nothing.
        parties.push(if ou.is_empty() { "1 = 0".to_owned() } else { format!("({})", ou.join(" OR ")) });
    }
    if let Some(etat) = filtre.etat {
        parties.push(format!("fs.etat = {}", p.add(etat.to_owned())));
    }
    if filtre.incompletes {
        parties.push("(fs.capacite IS NULL OR fs.frais_centimes IS NULL)".to_owned());
    }
    for mot in &filtre.mots {
        parties.push(format!("fs.recherche LIKE {}", p.add(format!("% {mot}%"))));
    }
    parties.join(" AND ")
}

/// How many courses of the perimeter answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_gestion(c: &impl Sql, scope: &Scope, filtre: &FiltreGestion) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    Ok(c.int(&format!("SELECT COUNT(*) FROM formation_session fs WHERE {condition}"), p.0)
        .await?
        .unwrap_or(0))
}

/// One page of the courses of the perimeter, by establishment then label.
///
/// # Errors
/// When the database refuses.
pub async fn list_gestion(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreGestion,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneGestion>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let limites = format!("LIMIT {} OFFSET {}", p.add(limite), p.add(decalage));
    c.all(
        &format!(
            "SELECT fs.public_id, fs.etablissement_id, fs.formation_id, fs.academie, fs.libelle, fs.detail, fs.famille, f.statut, fs.etat, fs.commune,
                    COALESCE(es.nom, e.uai) AS etablissement, e.uai, fs.capacite, fs.frais_centimes, fs.presentation,
                    (SELECT CAST(SUM(a.places) AS BIGINT) FROM groupe_affectation a
                     WHERE a.formation_session_id = fs.id AND a.supprime_le IS NULL) AS places,
                    p.capacite AS publiee_capacite, p.frais_centimes AS publiee_frais,
                    p.presentation AS publiee_presentation,
                    (SELECT COUNT(*) FROM relecture_capacite r
                     WHERE r.id = (SELECT MAX(d.id) FROM relecture_capacite d WHERE d.formation_session_id = fs.id)
                       AND r.capacite = fs.capacite AND r.motif <> '' AND r.confirmee_le IS NULL) AS a_confirmer
             FROM formation_session fs
             JOIN formation f ON f.id = fs.formation_id
             JOIN etablissement e ON e.id = fs.etablissement_id
             LEFT JOIN etablissement_session es
               ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
             LEFT JOIN formation_publication p ON p.formation_session_id = fs.id
               AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = fs.id)
             WHERE {condition} ORDER BY COALESCE(es.nom, e.uai), e.uai, fs.recherche, fs.id {limites}"
        ),
        p.0,
    )
    .await
}
