//! Lists of the site de gestion, within a perimeter.

use crate::ligne::FromLigne;
use domain::droits::Scope;

use crate::error::StoreError;
use crate::sql::{Params, Sql};

/// What the person looks for among their courses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreGestion {
    pub session: i64,
    /// Normalised words.
    pub mots: Vec<String>,
    /// `brouillon`, `publiee` or `fermee`.
    pub etat: Option<&'static str>,
    /// Only the courses where something is missing.
    pub incompletes: bool,
    /// Only those that wait for the academic service, or only the others; `None`: both.
    pub soumises: Option<bool>,
    /// Only those that the academic service returned, and that were not submitted again.
    pub retournees: bool,
    /// Without those that are closed.
    pub modifiables: bool,
    /// Only those of this establishment, by its permanent key.
    pub etablissement: Option<i64>,
    /// Only those of this kind (code of the family) and status.
    pub meme_type: Option<(String, String)>,
    /// Only those where somebody still has something to do.
    pub a_faire: Option<AFaire>,
}

/// What may still be done on a course, as the calendar stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AFaire {
    /// Complete it, publish it.
    pub publier: bool,
    /// Send its rankings.
    pub transmettre: bool,
    /// Put right what the academic service returned, or ask for more time once its last day is past.
    pub corriger: bool,
    /// Complete, publish what an accepted request keeps open at this instant (UTC milliseconds).
    pub rouvertes: Option<i64>,
}

/// A course of the perimeter.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneGestion {
    pub id: i64,
    /// Of the draft, its description included (TRX-4).
    pub version: i64,
    pub precedente_id: Option<i64>,
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
    /// Fields of the description still missing; absent when nothing was ever said.
    pub description_manques: Option<i64>,
    /// 1: the public reads the description of the draft.
    pub description_publiee: i64,
    /// Sum of the places of the groups; absent without group.
    pub places: Option<i64>,
    pub publiee_capacite: Option<i64>,
    pub publiee_frais: Option<i64>,
    pub publiee_presentation: Option<String>,
    /// JSON: places of its groups when it was published last.
    pub publiee_groupes: Option<String>,
    /// Ranking groups with a confirmed wish that were not sent; 0 when they were not asked for.
    pub a_transmettre: i64,
    /// State of the review; absent when it was never submitted.
    pub controle: Option<String>,
    /// UTC milliseconds: first instant too late for what was returned.
    pub retour_jusqu_a: Option<i64>,
    /// UTC milliseconds: first instant too late for what accepted requests opened.
    pub rouverte_jusqu_a: Option<i64>,
}

/// Places of the groups of a course; absent without group.
const PLACES: &str = "(SELECT CAST(SUM(a.places) AS BIGINT) FROM groupe_affectation a
    WHERE a.formation_session_id = fs.id AND a.supprime_le IS NULL)";

/// What its draft says of itself.
const DESCRIPTION: &str = "COALESCE((SELECT y.contenu FROM formation_description y
    WHERE y.formation_session_id = fs.id), '{}')";

/// Its last publication.
pub(super) const PUBLICATION: &str = "LEFT JOIN formation_publication p ON p.formation_session_id = fs.id
    AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d WHERE d.formation_session_id = fs.id)";

/// Its groups that wait for their ranking.
const A_TRANSMETTRE: &str = "(SELECT COUNT(*) FROM groupe_classement g
    WHERE g.formation_session_id = fs.id AND g.supprime_le IS NULL AND g.sans_classement = 0
      AND EXISTS (SELECT 1 FROM voeu v WHERE v.groupe_classement_id = g.id AND v.confirme_le IS NOT NULL
                    AND v.supprime_le IS NULL)
      AND NOT EXISTS (SELECT 1 FROM classement c WHERE c.groupe_classement_id = g.id AND c.etat = 'transmis'
                        AND c.supprime_le IS NULL))";

/// Nothing is missing in the draft of a course `fs`, kept by triggers (migration 0022): the same as `app::formations` says of one.
pub(crate) const COMPLETE: &str = "fs.complete = 1";

/// A course `fs` was submitted: it waits for somebody else.
const SOUMISE: &str =
    "EXISTS (SELECT 1 FROM controle_formation k WHERE k.formation_session_id = fs.id AND k.etat = 'soumise')";

/// The academic service returned a course `fs`, which was not submitted again.
const RETOURNEE: &str = "EXISTS (SELECT 1 FROM controle_formation k
    WHERE k.formation_session_id = fs.id AND k.etat = 'retournee')";

/// When what accepted requests, or a record that arrived late (R-APP-21), opened in a course `fs` closes again; absent: they opened
/// nothing.
const ROUVERTE: &str = "(SELECT MAX(r.jusqu_a) FROM (
    SELECT d.jusqu_a FROM demande_formation d
    WHERE d.formation_session_id = fs.id AND d.etat = 'acceptee' AND d.supprime_le IS NULL
    UNION ALL
    SELECT a.rouverte_jusqu_a AS jusqu_a FROM fiche_apprentissage a
    WHERE a.formation_session_id = fs.id AND a.supprime_le IS NULL) r)";

fn a_faire(quoi: AFaire, p: &mut Params) -> String {
    let mut cas = vec!["1 = 0".to_owned()];
    let reste = format!(
        "NOT {SOUMISE}
         AND (fs.etat = 'brouillon' OR NOT {COMPLETE} OR p.capacite IS DISTINCT FROM fs.capacite
              OR p.frais_centimes IS DISTINCT FROM fs.frais_centimes OR p.presentation IS DISTINCT FROM fs.presentation
              OR p.description IS DISTINCT FROM {DESCRIPTION})"
    );
    if let Some(maintenant) = quoi.rouvertes.filter(|_| !quoi.publier) {
        cas.push(format!("{reste} AND {ROUVERTE} > {}", p.add(maintenant)));
    }
    if quoi.publier {
        cas.push(reste);
    }
    if quoi.corriger {
        cas.push(RETOURNEE.to_owned());
    }
    if quoi.transmettre {
        cas.push(format!("{A_TRANSMETTRE} > 0"));
    }
    format!("fs.etat <> 'fermee' AND ({})", cas.join(" OR "))
}

/// The conditions that keep the courses `fs` of a session within a perimeter.
pub(super) fn perimetre(scope: &Scope, session: i64, p: &mut Params) -> Vec<String> {
    let portee = scope.portee();
    let mut parties =
        vec![format!("fs.session_id = {}", p.add(session)), "fs.supprime_le IS NULL".to_owned()];
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
    parties
}

pub(super) fn condition(scope: &Scope, filtre: &FiltreGestion, p: &mut Params) -> String {
    let mut parties = perimetre(scope, filtre.session, p);
    if let Some(etat) = filtre.etat {
        parties.push(format!("fs.etat = {}", p.add(etat.to_owned())));
    }
    if filtre.modifiables {
        parties.push("fs.etat <> 'fermee'".to_owned());
    }
    if filtre.incompletes {
        parties.push(format!("NOT {COMPLETE}"));
    }
    if let Some(soumises) = filtre.soumises {
        parties.push(format!("{}{SOUMISE}", if soumises { "" } else { "NOT " }));
    }
    if filtre.retournees {
        parties.push(RETOURNEE.to_owned());
    }
    if let Some(etablissement) = filtre.etablissement {
        parties.push(format!("fs.etablissement_id = {}", p.add(etablissement)));
    }
    if let Some((famille, statut)) = &filtre.meme_type {
        parties.push(format!(
            "fs.famille = {} AND EXISTS (SELECT 1 FROM formation t WHERE t.id = fs.formation_id AND t.statut = {})",
            p.add(famille.clone()),
            p.add(statut.clone())
        ));
    }
    if let Some(quoi) = filtre.a_faire {
        parties.push(a_faire(quoi, p));
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
    let publication = if filtre.a_faire.is_some() { PUBLICATION } else { "" };
    let sql = format!("SELECT COUNT(*) FROM formation_session fs {publication} WHERE {condition}");
    Ok(c.int(&sql, p.0).await?.unwrap_or(0))
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
    let transmettre = filtre.a_faire.is_some_and(|a| a.transmettre);
    let a_transmettre = if transmettre { A_TRANSMETTRE } else { "CAST(0 AS BIGINT)" };
    let publication = if filtre.a_faire.is_some() { PUBLICATION } else { "" };
    let limites = p.page((limite, decalage));
    // The page is cut before anything is joined that only its lines show.
    c.all(
        &format!(
            "SELECT fs.id, fs.version + COALESCE(x.version, 0) AS version, fs.precedente_id, fs.public_id, fs.etablissement_id, fs.formation_id, fs.academie, fs.libelle, fs.detail, fs.famille, f.statut, fs.etat, fs.commune,
                    t.etablissement, t.uai, fs.capacite, fs.frais_centimes, fs.presentation,
                    {PLACES} AS places, x.manques AS description_manques,
                    CAST(CASE WHEN {DESCRIPTION} = p.description THEN 1 ELSE 0 END AS BIGINT) AS description_publiee,
                    {a_transmettre} AS a_transmettre, kc.etat AS controle, kc.jusqu_a AS retour_jusqu_a,
                    {ROUVERTE} AS rouverte_jusqu_a,
                    p.capacite AS publiee_capacite, p.frais_centimes AS publiee_frais,
                    p.presentation AS publiee_presentation, p.groupes AS publiee_groupes
             FROM (SELECT fs.id, COALESCE(es.nom, e.uai) AS etablissement, e.uai, fs.recherche
                   FROM formation_session fs
                   JOIN etablissement e ON e.id = fs.etablissement_id
                   LEFT JOIN etablissement_session es
                     ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
                   {publication}
                   WHERE {condition} ORDER BY COALESCE(es.nom, e.uai), e.uai, fs.recherche, fs.id {limites}) t
             JOIN formation_session fs ON fs.id = t.id
             JOIN formation f ON f.id = fs.formation_id
             LEFT JOIN formation_description x ON x.formation_session_id = fs.id
             LEFT JOIN controle_formation kc ON kc.formation_session_id = fs.id
             {PUBLICATION}
             ORDER BY t.etablissement, t.uai, t.recherche, t.id"
        ),
        p.0,
    )
    .await
}

/// How far the courses of a perimeter are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct Avancement {
    /// Closed ones left out.
    pub total: i64,
    /// With nothing missing.
    pub completes: i64,
    pub publiees: i64,
    /// That wait for the academic service.
    pub soumises: i64,
    /// Neither published yet nor waiting for the academic service.
    pub restantes: i64,
}

/// How far the courses that answer are.
///
/// # Errors
/// When the database refuses.
pub async fn avancement(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreGestion,
) -> Result<Avancement, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let sql = format!(
        "SELECT COUNT(*) AS total, CAST(COALESCE(SUM(CASE WHEN {COMPLETE} THEN 1 ELSE 0 END), 0) AS BIGINT) AS completes,
                CAST(COALESCE(SUM(CASE WHEN fs.etat = 'publiee' THEN 1 ELSE 0 END), 0) AS BIGINT) AS publiees,
                CAST(COALESCE(SUM(CASE WHEN {SOUMISE} THEN 1 ELSE 0 END), 0) AS BIGINT) AS soumises,
                CAST(COALESCE(SUM(CASE WHEN fs.etat = 'brouillon' AND NOT {SOUMISE} THEN 1 ELSE 0 END), 0) AS BIGINT) AS restantes
         FROM formation_session fs WHERE {condition} AND fs.etat <> 'fermee'"
    );
    Ok(c.one(&sql, p.0).await?.unwrap_or_default())
}

/// The departments of the courses of the perimeter.
///
/// # Errors
/// When the database refuses.
pub async fn departements(c: &impl Sql, scope: &Scope, session: i64) -> Result<Vec<String>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        departement: String,
    }
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let sql = format!(
        "SELECT DISTINCT fs.departement FROM formation_session fs WHERE {condition} AND fs.departement <> ''
         ORDER BY fs.departement"
    );
    let lignes: Vec<Ligne> = c.all(&sql, p.0).await?;
    Ok(lignes.into_iter().map(|l| l.departement).collect())
}

/// The establishments of courses, by their permanent keys.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements_of(
    c: &impl Sql,
    session: i64,
    formations: &[i64],
) -> Result<Vec<i64>, StoreError> {
    if formations.is_empty() {
        return Ok(Vec::new());
    }
    let mut p = Params::default();
    let session = p.add(session);
    let cles: Vec<String> = formations.iter().map(|f| p.add(*f)).collect();
    let sql = format!(
        "SELECT DISTINCT etablissement_id AS cle FROM formation_session
         WHERE session_id = {session} AND supprime_le IS NULL AND formation_id IN ({})",
        cles.join(", ")
    );
    let lignes: Vec<Cle> = c.all(&sql, p.0).await?;
    Ok(lignes.into_iter().map(|l| l.cle).collect())
}

#[derive(FromLigne)]
struct Cle {
    cle: i64,
}
