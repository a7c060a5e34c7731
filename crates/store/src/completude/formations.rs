//! How far each course of a perimeter is: what a file of the whole country is made of, by slices.

use std::collections::HashMap;

use domain::droits::Scope;

use super::{FiltreCompletude, cherche};
use crate::error::StoreError;
use crate::formations::COMPLETE;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, in_academies, places};

/// A course, with what its completeness is read from.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneSuivie {
    pub id: i64,
    pub public_id: String,
    /// Its code on Parcoursup, when it has one.
    pub g_ta_cod: Option<i64>,
    pub academie: String,
    pub departement: String,
    pub commune: String,
    pub uai: String,
    /// Name, that of the session.
    pub etablissement: String,
    pub libelle: String,
    pub detail: String,
    pub famille: String,
    /// Student or apprentice.
    pub statut: String,
    pub etat: String,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    /// Sum of the places of the groups; absent without group.
    pub places: Option<i64>,
    /// Things still missing in the description, as its last writing counted them; absent when nothing was ever said.
    pub description_manques: Option<i64>,
    /// The description itself (JSON), when something is missing there.
    pub contenu: Option<String>,
    /// State of the review; absent when it was never submitted.
    pub controle: Option<String>,
    /// Last writings, in milliseconds of the campaign: of the course, its description, its review, its publication.
    pub maj_le: i64,
    pub description_le: Option<i64>,
    pub controle_le: Option<i64>,
    pub publie_le: Option<i64>,
}

#[derive(FromLigne)]
struct Cle {
    id: i64,
}

/// Keys of the courses that the filter keeps in the perimeter, by department, establishment and name; closed ones left out.
///
/// # Errors
/// When the database refuses.
pub async fn course_keys(c: &impl Sql, scope: &Scope, f: &FiltreCompletude) -> Result<Vec<i64>, StoreError> {
    let mut q = Params::default();
    let session = q.add(f.session);
    let mut filtre = in_academies(&mut q.0, scope, "fs");
    if let Some(d) = &f.departement {
        filtre.push_str(&format!(" AND fs.departement = {}", q.add(d.clone())));
    }
    if let Some(t) = f.tutelle {
        filtre.push_str(&format!(" AND COALESCE(s.tutelle, '') = {}", q.add(t.to_owned())));
    }
    if let Some(famille) = f.famille {
        filtre.push_str(&format!(" AND fs.famille = {}", q.add(famille.to_owned())));
    }
    if f.incomplets {
        filtre.push_str(&format!(" AND NOT ({COMPLETE} AND fs.etat = 'publiee')"));
    }
    filtre.push_str(&cherche(&mut q, &f.mots));
    let cles: Vec<Cle> = c
        .all(
            &format!(
                "SELECT fs.id FROM formation_session fs
                 JOIN etablissement e ON e.id = fs.etablissement_id
                 LEFT JOIN etablissement_session s
                   ON s.etablissement_id = fs.etablissement_id AND s.session_id = fs.session_id AND s.supprime_le IS NULL
                 WHERE fs.session_id = {session} AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'{filtre}
                 ORDER BY fs.departement, COALESCE(s.nom, e.uai), e.uai, fs.recherche, fs.id"
            ),
            q.0,
        )
        .await?;
    Ok(cles.into_iter().map(|l| l.id).collect())
}

/// These courses, in this order: a few hundred at most.
///
/// # Errors
/// When the database refuses.
pub async fn courses(c: &impl Sql, cles: &[i64]) -> Result<Vec<LigneSuivie>, StoreError> {
    if cles.is_empty() {
        return Ok(Vec::new());
    }
    let mut valeurs = Vec::new();
    let places = places(&mut valeurs, cles.iter().copied());
    let lignes: Vec<LigneSuivie> = c
        .all(
            &format!(
                "SELECT fs.id, fs.public_id, f.g_ta_cod, fs.academie, fs.departement, fs.commune, e.uai,
                        COALESCE(s.nom, e.uai) AS etablissement, fs.libelle, fs.detail, fs.famille, f.statut, fs.etat,
                        fs.capacite, fs.frais_centimes,
                        (SELECT CAST(SUM(a.places) AS BIGINT) FROM groupe_affectation a
                         WHERE a.formation_session_id = fs.id AND a.supprime_le IS NULL) AS places,
                        x.manques AS description_manques,
                        CASE WHEN x.manques = 0 THEN NULL ELSE x.contenu END AS contenu, k.etat AS controle,
                        fs.maj_le, x.maj_le AS description_le, k.maj_le AS controle_le,
                        (SELECT MAX(p.publie_le) FROM formation_publication p WHERE p.formation_session_id = fs.id)
                          AS publie_le
                 FROM formation_session fs
                 JOIN formation f ON f.id = fs.formation_id
                 JOIN etablissement e ON e.id = fs.etablissement_id
                 LEFT JOIN etablissement_session s
                   ON s.etablissement_id = fs.etablissement_id AND s.session_id = fs.session_id AND s.supprime_le IS NULL
                 LEFT JOIN formation_description x ON x.formation_session_id = fs.id
                 LEFT JOIN controle_formation k ON k.formation_session_id = fs.id
                 WHERE fs.id IN ({places})"
            ),
            valeurs,
        )
        .await?;
    let mut par_cle: HashMap<i64, LigneSuivie> = lignes.into_iter().map(|l| (l.id, l)).collect();
    Ok(cles.iter().filter_map(|id| par_cle.remove(id)).collect())
}
