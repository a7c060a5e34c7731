//! The public search. Everything is decided by SQL of the common subset, so that a page reads twenty rows, not all.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, tuples};

/// Around a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Autour {
    pub latitude: f64,
    pub longitude: f64,
    pub rayon_km: f64,
}

/// Order of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriRecherche {
    Pertinence,
    /// Needs [`FiltreRecherche::autour`]; without it, by name.
    Distance,
    Nom,
}

/// What is searched among the published courses of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct FiltreRecherche {
    pub session: i64,
    /// Normalised words, made by `domain::formations::mots_recherche`.
    pub mots: Vec<String>,
    pub famille: Option<&'static str>,
    pub academie: Option<String>,
    pub departement: Option<String>,
    /// `etudiant` or `apprentissage`.
    pub statut: Option<&'static str>,
    pub selective: Option<bool>,
    pub autour: Option<Autour>,
    pub tri: TriRecherche,
}

/// A published course in a list.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneResultat {
    pub id: i64,
    pub public_id: String,
    pub famille: String,
    pub libelle: String,
    pub detail: String,
    pub selective: i64,
    pub internat: i64,
    pub departement: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub statut: String,
    pub etablissement: String,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
}

/// Kilometres of one degree of latitude.
const KM_PAR_DEGRE: f64 = 111.195;

impl FiltreRecherche {
    fn condition(&self, p: &mut Params) -> String {
        let mut parties = vec![
            format!("fs.session_id = {}", p.add(self.session)),
            "fs.etat = 'publiee'".to_owned(),
            "fs.supprime_le IS NULL".to_owned(),
        ];
        if let Some(famille) = self.famille {
            parties.push(format!("fs.famille = {}", p.add(famille.to_owned())));
        }
        if let Some(academie) = &self.academie {
            parties.push(format!("fs.academie = {}", p.add(academie.clone())));
        }
        if let Some(departement) = &self.departement {
            parties.push(format!("fs.departement = {}", p.add(departement.clone())));
        }
        if let Some(selective) = self.selective {
            parties.push(format!("fs.selective = {}", p.add(i64::from(selective))));
        }
        if let Some(statut) = self.statut {
            parties.push(format!(
                "EXISTS (SELECT 1 FROM formation f WHERE f.id = fs.formation_id AND f.statut = {})",
                p.add(statut.to_owned())
            ));
        }
        if let Some(a) = self.autour {
            let degres = a.rayon_km / KM_PAR_DEGRE;
            // A degree of longitude is the shortest at the end of the circle that is farthest from the equator.
            let larges = degres / (a.latitude.abs() + degres).to_radians().cos();
            for (colonne, centre, ecart) in
                [("latitude", a.latitude, degres), ("longitude", a.longitude, larges)]
            {
                let (debut, fin) = (p.real(centre - ecart), p.real(centre + ecart));
                parties.push(format!("fs.{colonne} BETWEEN {debut} AND {fin}"));
            }
            let d2 = distance2(a, p);
            parties.push(format!("{d2} <= {}", p.real(degres * degres)));
        }
        for mot in &self.mots {
            parties.push(format!("fs.recherche LIKE {}", p.add(format!("% {mot}%"))));
        }
        parties.join(" AND ")
    }

    /// Lower is better: whole words before beginnings of words, the label before establishment and place, the words
    /// in the order typed before the others.
    fn score(&self, p: &mut Params) -> String {
        let mut parties: Vec<String> = self
            .mots
            .iter()
            .map(|mot| {
                format!(
                    "CASE WHEN fs.recherche LIKE {} THEN 0 WHEN fs.recherche LIKE {} THEN 1 \
                     WHEN fs.recherche LIKE {} THEN 1 ELSE 2 END",
                    // The label is followed by three bars, the establishment by two, the place by one.
                    p.add(format!("% {mot} %|%|%|%")),
                    p.add(format!("% {mot}%|%|%|%")),
                    p.add(format!("% {mot} %"))
                )
            })
            .collect();
        if self.mots.len() > 1 {
            let suite = self.mots.join(" ");
            parties.push(format!(
                "CASE WHEN fs.recherche LIKE {} THEN 0 ELSE 1 END",
                p.add(format!("% {suite}%"))
            ));
        }
        parties.join(" + ")
    }
}

/// Square of the distance in degrees of latitude, without any trigonometry from the database: a degree of longitude is as long as it is
/// halfway, to first order in latitude. Right to a few metres within 100 km, so that what is shown is in the order of what is computed.
fn distance2(a: Autour, p: &mut Params) -> String {
    let phi = a.latitude.to_radians();
    let (lat, lon) = (p.real(a.latitude), p.real(a.longitude));
    let (cos2, pente) = (p.real(phi.cos().powi(2)), p.real((2.0 * phi).sin() * (1.0_f64 / 2.0).to_radians()));
    format!(
        "((fs.latitude - {lat}) * (fs.latitude - {lat}) \
         + (fs.longitude - {lon}) * (fs.longitude - {lon}) * ({cos2} - {pente} * (fs.latitude - {lat})))"
    )
}

/// How many published courses answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_recherche(c: &impl Sql, filtre: &FiltreRecherche) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = filtre.condition(&mut p);
    Ok(c.int(&format!("SELECT COUNT(*) FROM formation_session fs WHERE {condition}"), p.0)
        .await?
        .unwrap_or(0))
}

#[derive(FromLigne)]
struct Cle {
    id: i64,
}

/// One page of the published courses that answer.
///
/// # Errors
/// When the database refuses.
pub async fn search(
    c: &impl Sql,
    filtre: &FiltreRecherche,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneResultat>, StoreError> {
    let mut p = Params::default();
    let condition = filtre.condition(&mut p);
    let ordre = match (filtre.tri, filtre.autour) {
        (TriRecherche::Distance, Some(a)) => format!("{}, fs.recherche, fs.id", distance2(a, &mut p)),
        (TriRecherche::Pertinence, _) if !filtre.mots.is_empty() => {
            format!("{}, fs.recherche, fs.id", filtre.score(&mut p))
        }
        _ => "fs.recherche, fs.id".to_owned(),
    };
    let limites = p.page((limite, decalage));
    let cles: Vec<Cle> = c
        .all(
            &format!("SELECT fs.id FROM formation_session fs WHERE {condition} ORDER BY {ordre} {limites}"),
            p.0,
        )
        .await?;
    if cles.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = Params::default();
    let liste: Vec<String> = cles.iter().map(|cle| p.add(cle.id)).collect();
    let mut lignes: Vec<LigneResultat> = c
        .all(
            &format!(
                "SELECT fs.id, fs.public_id, fs.famille, fs.libelle, fs.detail, fs.selective, fs.internat, fs.departement,
                        fs.commune, fs.latitude, fs.longitude, f.statut, COALESCE(es.nom, '') AS etablissement,
                        p.capacite, p.frais_centimes
                 FROM formation_session fs
                 JOIN formation f ON f.id = fs.formation_id
                 LEFT JOIN etablissement_session es
                   ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
                 LEFT JOIN formation_publication p ON p.formation_session_id = fs.id
                   AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d
                                   WHERE d.formation_session_id = fs.id)
                 WHERE fs.id IN ({})",
                liste.join(", ")
            ),
            p.0,
        )
        .await?;
    let rang = |id: i64| cles.iter().position(|cle| cle.id == id);
    lignes.sort_by_key(|l| rang(l.id));
    Ok(lignes)
}

/// A published course, as the file of the offer has it.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneOffre {
    pub id: i64,
    pub public_id: String,
    pub uai: String,
    pub etablissement: String,
    pub famille: String,
    pub libelle: String,
    pub detail: String,
    pub statut: String,
    pub selective: i64,
    pub internat: i64,
    pub academie: String,
    pub departement: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    /// Milliseconds of the campaign; `None`: an imported offer did not say it.
    pub publie_le: Option<i64>,
}

/// Published courses of a session after one of them, so many at most, by key.
///
/// # Errors
/// When the database refuses.
pub async fn offre_publiee(
    c: &impl Sql,
    session: i64,
    apres: i64,
    combien: i64,
) -> Result<Vec<LigneOffre>, StoreError> {
    c.all(
        "SELECT fs.id, fs.public_id, e.uai, COALESCE(es.nom, '') AS etablissement, fs.famille, fs.libelle, fs.detail,
                f.statut, fs.selective, fs.internat, fs.academie, fs.departement, fs.commune, fs.latitude,
                fs.longitude, p.capacite, p.frais_centimes, p.publie_le
         FROM formation_session fs
         JOIN formation f ON f.id = fs.formation_id
         JOIN etablissement e ON e.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
         LEFT JOIN formation_publication p ON p.formation_session_id = fs.id
           AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = fs.id)
         WHERE fs.session_id = $1 AND fs.etat = 'publiee' AND fs.supprime_le IS NULL AND fs.id > $2
         ORDER BY fs.id LIMIT $3",
        vec![session.into(), apres.into(), combien.into()],
    )
    .await
}

/// Numbers that change whenever the file of the offer does: published courses, their writes, publications, writes of establishments.
///
/// # Errors
/// When the database refuses.
pub async fn version_offre(c: &impl Sql, session: i64) -> Result<[i64; 4], StoreError> {
    let lignes: Vec<(i64, i64, i64, i64)> = tuples(
        c,
        "v.nombre, v.ecritures, v.publication, v.etablissements",
        "(SELECT COUNT(*) AS nombre, CAST(COALESCE(SUM(fs.version), 0) AS BIGINT) AS ecritures,
                 (SELECT COALESCE(MAX(p.id), 0) FROM formation_publication p) AS publication,
                 (SELECT CAST(COALESCE(SUM(es.version), 0) AS BIGINT) FROM etablissement_session es
                  WHERE es.session_id = $1) AS etablissements
          FROM formation_session fs
          WHERE fs.session_id = $1 AND fs.etat = 'publiee' AND fs.supprime_le IS NULL) v",
        vec![session.into()],
    )
    .await?;
    Ok(lignes.into_iter().next().map_or([0; 4], |(a, b, c, d)| [a, b, c, d]))
}
