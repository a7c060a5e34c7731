//! Candidates, wishes and rankings in bulk: what a simulated cohort and the demonstration write.

mod reponses;

use sea_orm::Value;

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::imports::insert_keyed;
use crate::inscriptions::ine_fingerprint;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, exec_among, insert_batch};
pub use reponses::{
    Silence, VoeuVivant, answer_propositions, keep_voeux, move_voeux, order_voeux, silences, voeux_vivants,
};

/// A candidate to write.
#[derive(Debug, Clone)]
pub struct CandidatSeme {
    pub compte: Option<i64>,
    pub numero: i64,
    pub nom: String,
    pub prenom: String,
    /// ISO day.
    pub naissance: Option<String>,
    /// In clear: sealed here.
    pub ine: Option<String>,
    pub type_bac: &'static str,
    pub serie: String,
    /// Code of `domain::candidats::code_boursier`, sealed here.
    pub boursier: &'static str,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    pub etablissement_origine: String,
    pub moyenne_centiemes: Option<i64>,
    /// JSON of averages by subject, in hundredths.
    pub notes: String,
}

/// A wish to write.
#[derive(Debug, Clone, Copy)]
pub struct VoeuSeme {
    pub candidat: i64,
    pub formation_session: i64,
    pub groupe: i64,
    pub internat: bool,
    /// `pp` or `pc`.
    pub phase: &'static str,
    /// Code of `EtatVoeu`.
    pub etat: &'static str,
    pub etat_le: i64,
    pub confirme_le: Option<i64>,
    /// Order of preference of the simulated person; 0 = none told.
    pub preference: i64,
}

/// A ranking to write.
#[derive(Debug, Clone)]
pub struct ClassementSeme {
    pub groupe: i64,
    /// Sent at this instant; `None`: a draft.
    pub transmis_le: Option<i64>,
    pub empreinte: Option<String>,
}

/// The last number given to a candidate of the session.
///
/// # Errors
/// When the database refuses.
pub async fn dernier_numero(c: &impl Sql, session: i64) -> Result<i64, StoreError> {
    let n = c
        .int("SELECT COALESCE(MAX(numero), 0) FROM candidat WHERE session_id = $1", vec![session.into()])
        .await?;
    Ok(n.unwrap_or(0))
}

/// Adds registered candidates, sensitive columns sealed; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when a number, an account or an INE is taken.
pub async fn add_candidats(
    tx: &Tx,
    e: &Ecriture<'_>,
    coffre: &Coffre,
    session: i64,
    candidats: &[CandidatSeme],
) -> Result<Vec<i64>, StoreError> {
    let avant = tx.int("SELECT COALESCE(MAX(id), 0) FROM candidat", vec![]).await?.unwrap_or(0);
    let debut = format!(
        "INSERT INTO candidat ({META}, session_id, compte_id, numero, nom, prenom, naissance, ine_chiffre, ine_hmac, type_bac,
             serie, boursier_chiffre, commune, departement, academie, etablissement_origine, moyenne_centiemes, notes, etat)"
    );
    let mut publics = Vec::with_capacity(candidats.len());
    // Sealed by slices: a whole cohort of sealed rows would not be light in memory.
    for lot in candidats.chunks(5_000) {
        let mut rows = Vec::with_capacity(lot.len());
        for c in lot {
            let (public_id, mut valeurs) = e.meta();
            let seal = |colonne: &'static str, clair: &str| {
                let ou = Emplacement { table: "candidat", colonne, ligne: public_id.as_str() };
                coffre.seal(ou, clair.as_bytes(), e.alea().nonce())
            };
            let ine = c.ine.as_deref().map(|i| seal("ine_chiffre", i)).transpose()?;
            let boursier = seal("boursier_chiffre", c.boursier)?;
            valeurs.extend([
                session.into(),
                c.compte.into(),
                c.numero.into(),
                c.nom.clone().into(),
                c.prenom.clone().into(),
                c.naissance.clone().into(),
                ine.into(),
                c.ine.as_deref().map(|i| ine_fingerprint(coffre, i)).into(),
                c.type_bac.to_owned().into(),
                c.serie.clone().into(),
                boursier.into(),
                c.commune.clone().into(),
                c.departement.clone().into(),
                c.academie.clone().into(),
                c.etablissement_origine.clone().into(),
                c.moyenne_centiemes.into(),
                c.notes.clone().into(),
                "inscrit".to_owned().into(),
            ]);
            publics.push(public_id.as_str().to_owned());
            rows.push(valeurs);
        }
        insert_batch(tx, &debut, NB_META + 18, rows, "").await?;
    }
    crate::imports::keys_after(tx, "candidat", avant, &publics).await
}

/// Adds wishes, `parmi` of them at most.
///
/// # Errors
/// [`StoreError::Conflict`] when a candidate has a course twice.
pub async fn add_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    parmi: usize,
    voeux: impl IntoIterator<Item = VoeuSeme>,
) -> Result<u64, StoreError> {
    let debut = format!(
        "INSERT INTO voeu ({META}, session_id, candidat_id, formation_session_id, groupe_classement_id, avec_internat, phase,
             etat, etat_le, confirme_le, preference_simulee)"
    );
    let rows = voeux.into_iter().enumerate().map(|(rang, v)| {
        let mut valeurs = e.meta_in_order(rang, parmi);
        valeurs.extend([
            session.into(),
            v.candidat.into(),
            v.formation_session.into(),
            v.groupe.into(),
            i64::from(v.internat).into(),
            v.phase.to_owned().into(),
            v.etat.to_owned().into(),
            v.etat_le.into(),
            v.confirme_le.into(),
            v.preference.into(),
        ]);
        valeurs
    });
    insert_batch(tx, &debut, NB_META + 10, rows, "").await
}

/// Adds first rankings of groups; gives their keys.
///
/// # Errors
/// [`StoreError::Conflict`] when a group has a ranking.
pub async fn add_classements(
    tx: &Tx,
    e: &Ecriture<'_>,
    classements: &[ClassementSeme],
) -> Result<Vec<i64>, StoreError> {
    let rows = classements.iter().map(|c| {
        let etat = if c.transmis_le.is_some() { "transmis" } else { "brouillon" };
        vec![
            c.groupe.into(),
            1_i64.into(),
            etat.to_owned().into(),
            c.transmis_le.into(),
            c.empreinte.clone().into(),
        ]
    });
    insert_keyed(tx, e, "classement", "groupe_classement_id, numero, etat, transmis_le, empreinte", rows)
        .await
}

/// Adds ranks: (ranking, candidate, rank).
///
/// # Errors
/// [`StoreError::Conflict`] when a rank or a candidate is taken.
pub async fn add_rangs(tx: &Tx, rangs: impl IntoIterator<Item = (i64, i64, i64)>) -> Result<u64, StoreError> {
    let rows = rangs.into_iter().map(|(c, k, r)| vec![c.into(), k.into(), r.into()]);
    insert_batch(tx, "INSERT INTO classement_rang (classement_id, candidat_id, rang)", 3, rows, "").await
}

/// A boarding school that ranks, for all the courses of an establishment.
#[derive(Debug, Clone)]
pub struct InternatSeme {
    pub etablissement: i64,
    pub capacite: i64,
    /// Candidates from the first one, and the instant of transmission; `None`: its ranking is not begun.
    pub classement: Option<(Vec<i64>, i64)>,
}

/// Adds boarding schools and their transmitted rankings; gives how many ranks.
///
/// # Errors
/// When the database refuses.
pub async fn add_internats(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    internats: &[InternatSeme],
) -> Result<u64, StoreError> {
    let rows = internats.iter().map(|i| {
        vec![
            session.into(),
            i.etablissement.into(),
            "Internat".to_owned().into(),
            i.capacite.into(),
            1_i64.into(),
        ]
    });
    let colonnes = "session_id, etablissement_id, libelle, capacite, avec_classement";
    let cles = insert_keyed(tx, e, "groupe_internat", colonnes, rows).await?;
    let classes: Vec<(i64, &Vec<i64>, i64)> = cles
        .iter()
        .zip(internats)
        .filter_map(|(cle, i)| i.classement.as_ref().map(|(ordre, le)| (*cle, ordre, *le)))
        .collect();
    let rows =
        classes.iter().map(|(cle, _, le)| vec![(*cle).into(), "transmis".to_owned().into(), (*le).into()]);
    let cles =
        insert_keyed(tx, e, "classement_internat", "groupe_internat_id, etat, transmis_le", rows).await?;
    let rows: Vec<Vec<Value>> = cles
        .iter()
        .zip(&classes)
        .flat_map(|(cle, (_, ordre, _))| {
            (1_i64..).zip(ordre.iter()).map(|(rang, c)| vec![(*cle).into(), (*c).into(), rang.into()])
        })
        .collect();
    insert_batch(
        tx,
        "INSERT INTO classement_internat_rang (classement_internat_id, candidat_id, rang)",
        3,
        rows,
        "",
    )
    .await
}

/// Sets the minimum rate of scholarship holders of groups: (group, rate).
///
/// # Errors
/// When the database refuses.
pub async fn set_taux(tx: &Tx, e: &Ecriture<'_>, taux: &[(i64, i64)]) -> Result<(), StoreError> {
    let mut par_taux: std::collections::BTreeMap<i64, Vec<i64>> = std::collections::BTreeMap::new();
    for &(groupe, t) in taux {
        par_taux.entry(t).or_default().push(groupe);
    }
    for (t, groupes) in par_taux {
        update_lots(
            tx,
            "UPDATE groupe_classement SET taux_min_boursiers = $1, maj_le = $2, maj_par = $3, version = version + 1",
            vec![t.into(), e.ms().into(), e.compte().into()],
            &groupes,
        )
        .await?;
    }
    Ok(())
}

/// Runs an update on rows by key.
async fn update_lots(tx: &Tx, debut: &str, fixes: Vec<Value>, ids: &[i64]) -> Result<u64, StoreError> {
    exec_among(tx, &format!("{debut} WHERE id IN (:cles)"), fixes, ids).await
}

/// Settings of a course to write.
#[derive(Debug, Clone)]
pub struct ReglageOffre {
    pub offre: i64,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub presentation: String,
    pub etat: &'static str,
    pub publiee_le: Option<i64>,
}

impl ReglageOffre {
    /// A draft where nothing is declared.
    pub fn vide(offre: i64) -> Self {
        Self {
            offre,
            capacite: None,
            frais_centimes: None,
            presentation: String::new(),
            etat: "brouillon",
            publiee_le: None,
        }
    }
}

/// Sets courses of a session.
///
/// # Errors
/// When the database refuses.
pub async fn set_offres(tx: &Tx, e: &Ecriture<'_>, reglages: &[ReglageOffre]) -> Result<(), StoreError> {
    for r in reglages {
        tx.exec(
            "UPDATE formation_session SET capacite = $1, frais_centimes = $2, presentation = $3, etat = $4,
                 publiee_le = $5, maj_le = $6, maj_par = $7, version = version + 1
             WHERE id = $8",
            vec![
                r.capacite.into(),
                r.frais_centimes.into(),
                r.presentation.clone().into(),
                r.etat.to_owned().into(),
                r.publiee_le.into(),
                e.ms().into(),
                e.compte().into(),
                r.offre.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Sets places and the number to call: (assignment group, places).
///
/// # Errors
/// When the database refuses.
pub async fn set_places(tx: &Tx, e: &Ecriture<'_>, places: &[(i64, i64)]) -> Result<(), StoreError> {
    set_nombres(tx, e, "places = $1, nombre_a_appeler = $1", places).await
}

/// Sets the number to call alone: (assignment group, number). The places stay those of the course.
///
/// # Errors
/// When the database refuses.
pub async fn set_appels(tx: &Tx, e: &Ecriture<'_>, appels: &[(i64, i64)]) -> Result<(), StoreError> {
    set_nombres(tx, e, "nombre_a_appeler = $1", appels).await
}

/// One statement a value, for all the groups that take it.
async fn set_nombres(
    tx: &Tx,
    e: &Ecriture<'_>,
    colonnes: &str,
    nombres: &[(i64, i64)],
) -> Result<(), StoreError> {
    let mut par_nombre: std::collections::BTreeMap<i64, Vec<i64>> = std::collections::BTreeMap::new();
    for &(affectation, n) in nombres {
        par_nombre.entry(n).or_default().push(affectation);
    }
    for (n, affectations) in par_nombre {
        update_lots(
            tx,
            &format!(
                "UPDATE groupe_affectation SET {colonnes}, maj_le = $2, maj_par = $3, version = version + 1"
            ),
            vec![n.into(), e.ms().into(), e.compte().into()],
            &affectations,
        )
        .await?;
    }
    Ok(())
}

/// How the wishes of a candidate stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct Situation {
    pub candidat: i64,
    pub total: i64,
    pub saisis: i64,
    pub confirmes: i64,
    pub classes: i64,
    pub en_attente: i64,
    pub proposes: i64,
    pub acceptes: i64,
}

/// How the wishes of every candidate of a session stand, in the order of their keys.
///
/// # Errors
/// When the database refuses.
pub async fn situations(c: &impl Sql, session: i64) -> Result<Vec<Situation>, StoreError> {
    let compte = |etat: &str| format!("COUNT(CASE WHEN v.etat = '{etat}' THEN 1 END)");
    c.all(
        &format!(
            "SELECT k.id AS candidat, COUNT(v.id) AS total, {} AS saisis, {} AS confirmes, {} AS classes,
                    {} AS en_attente, {} AS proposes, {} AS acceptes
             FROM candidat k LEFT JOIN voeu v ON v.candidat_id = k.id AND v.supprime_le IS NULL
             WHERE k.session_id = $1 GROUP BY k.id ORDER BY k.id",
            compte("saisi"),
            compte("confirme"),
            compte("classe"),
            compte("en_attente"),
            compte("propose"),
            compte("accepte")
        ),
        vec![session.into()],
    )
    .await
}

/// A published course of a session with the figures of a year.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneOffreSimulee {
    pub formation_session: i64,
    pub etablissement: i64,
    pub statut: String,
    pub famille: String,
    pub libelle: String,
    pub selective: i64,
    pub departement: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub capacite: Option<i64>,
    pub chiffres: Option<String>,
}

/// Published courses of a session, in the order of their keys.
///
/// # Errors
/// When the database refuses.
pub async fn offre(c: &impl Sql, session: i64, annee: i64) -> Result<Vec<LigneOffreSimulee>, StoreError> {
    c.all(
        "SELECT f.id AS formation_session, f.etablissement_id AS etablissement, p.statut, f.famille, f.libelle, f.selective, f.departement, f.latitude,
                f.longitude, f.capacite, s.chiffres
         FROM formation_session f
         JOIN formation p ON p.id = f.formation_id
         LEFT JOIN statistique_formation s
           ON s.formation_id = f.formation_id AND s.annee = $2 AND s.supprime_le IS NULL
         WHERE f.session_id = $1 AND f.etat = 'publiee' AND f.supprime_le IS NULL
         ORDER BY f.id",
        vec![session.into(), annee.into()],
    )
    .await
}

/// The last year, up to the session's, whose figures the base has for its courses.
///
/// # Errors
/// When the database refuses.
pub async fn derniere_annee(c: &impl Sql, session: i64, annee: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT MAX(s.annee) FROM statistique_formation s
         JOIN formation_session f ON f.formation_id = s.formation_id AND f.session_id = $1
         WHERE s.annee <= $2 AND s.supprime_le IS NULL",
        vec![session.into(), annee.into()],
    )
    .await
}

/// A ranking group of a course, its own or one that it shares.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct GroupeOffre {
    pub id: i64,
    pub formation_session: i64,
    pub series: String,
}

/// The ranking groups of a session, by course.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_offre(c: &impl Sql, session: i64) -> Result<Vec<GroupeOffre>, StoreError> {
    c.all(
        "SELECT g.id, a.formation_session_id AS formation_session, g.series
         FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
         WHERE g.session_id = $1 AND a.supprime_le IS NULL AND g.supprime_le IS NULL
         ORDER BY a.formation_session_id, g.id",
        vec![session.into()],
    )
    .await
}

/// Whether the session already has candidates.
///
/// # Errors
/// When the database refuses.
pub async fn has_candidats(c: &impl Sql, session: i64) -> Result<bool, StoreError> {
    Ok(dernier_numero(c, session).await? > 0)
}

/// A course to be described, with what its establishment says.
#[derive(Debug, Clone, FromLigne)]
pub struct FormationADecrire {
    pub id: i64,
    pub formation_id: i64,
    pub famille: String,
    pub libelle: String,
    pub apprentissage: i64,
    pub publiee: i64,
    pub decrite: i64,
    pub courriel: String,
    pub telephone: String,
    /// Public identifier of a site of the establishment; empty: none.
    pub site: String,
}

/// The courses of a session, in the order of their keys.
///
/// # Errors
/// When the database refuses.
pub async fn formations_a_decrire(c: &impl Sql, session: i64) -> Result<Vec<FormationADecrire>, StoreError> {
    c.all(
        "SELECT fs.id, fs.formation_id, fs.famille, fs.libelle, CAST(CASE WHEN f.statut = 'apprentissage' THEN 1 ELSE 0 END AS BIGINT) AS apprentissage,
                CAST(CASE WHEN fs.etat = 'publiee' THEN 1 ELSE 0 END AS BIGINT) AS publiee,
                CAST(CASE WHEN d.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS decrite,
                es.courriel, es.telephone,
                COALESCE((SELECT MIN(s.public_id) FROM site_formation s
                          WHERE s.etablissement_session_id = es.id AND s.supprime_le IS NULL), '') AS site
         FROM formation_session fs
         JOIN formation f ON f.id = fs.formation_id
         JOIN etablissement_session es ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
         LEFT JOIN formation_description d ON d.formation_session_id = fs.id
         WHERE fs.session_id = $1 AND fs.supprime_le IS NULL ORDER BY fs.id",
        vec![session.into()],
    )
    .await
}

/// Removes the descriptions of courses about to be described anew.
///
/// # Errors
/// When the database refuses.
pub async fn forget_descriptions(tx: &Tx, formations_session: &[i64]) -> Result<(), StoreError> {
    let sql = "DELETE FROM formation_description WHERE formation_session_id IN (:cles)";
    exec_among(tx, sql, vec![], formations_session).await.map(|_| ())
}

/// What was published in a session without a description says that of its draft.
///
/// # Errors
/// When the database refuses.
pub async fn publish_descriptions(tx: &Tx, session: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE formation_publication SET description =
             (SELECT d.contenu FROM formation_description d
              WHERE d.formation_session_id = formation_publication.formation_session_id)
         WHERE description = '{}' AND formation_session_id IN
             (SELECT d.formation_session_id FROM formation_description d
              JOIN formation_session fs ON fs.id = d.formation_session_id WHERE fs.session_id = $1)",
        vec![session.into()],
    )
    .await
    .map(|_| ())
}
