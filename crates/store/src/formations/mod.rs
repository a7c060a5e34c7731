//! Courses: permanent identity, settings of a session, ranking groups, publications, figures.

mod changements;
mod controle;
mod demandes;
mod description;
mod ecriture;
mod gestion;
mod recherche;
mod redefinition;
mod regroupements;
mod relecture;
mod vie;

pub use changements::{Brouillon, Publication, brouillons_changes, publications_since};
pub use controle::{
    Decision, FiltreControle, LigneActe, LigneControle, LigneFile, NouvelActe, Pris, Soumission, actes,
    add_actes, controle, controles, count_file, decide_controles, keep_controle, list_file, submit_controles,
    take_controle, undo_controle, undo_controles, waiting_file,
};
pub use demandes::{
    FiltreDemandes, LigneActeDemande, LigneDemande, LigneReouverture, NouvelActeDemande, NouvelleDemande,
    SuiteDemande, actes_demande, add_acte_demande, ask_accord, count_demandes, demande,
    demandes_etablissement, demandes_of, demandes_repondues, give_accord, insert_demande, list_demandes,
    ouvertures_of, parties_rouvertes, reouvertures, reouvertures_demandees, reouvertures_of, set_demande,
    waiting_demandes,
};
pub use description::{
    DescriptionAnterieure, LigneDescription, Nommante, NouvelleDescription, add_descriptions, count_publiees,
    description, descriptions, descriptions_anterieures, naming, published_naming, renvois_lieux,
    save_description, save_descriptions,
};
pub use ecriture::{
    NouveauGroupe, NouvelleFormation, NouvelleFormationSession, NouvellePublication, call_places,
    insert_formation, insert_formation_session, insert_groupe, insert_publication, insert_publications,
    insert_statistique, save_parametrage, save_places, set_internat, set_publiees,
};
pub(crate) use gestion::COMPLETE;
pub use gestion::{
    AFaire, Avancement, FiltreGestion, LigneGestion, avancement, count_gestion, departements,
    etablissements_of, list_gestion,
};
pub use recherche::{
    Autour, FiltreRecherche, LigneOffre, LigneResultat, TriRecherche, count_recherche, offre_publiee, search,
    version_offre,
};

pub use regroupements::{
    LigneGroupePartage, LigneMembre, LigneRegroupee, LigneRegroupement, NouveauRegroupement,
    dissolve_regroupement, groupes_partages, in_regroupement, insert_regroupement, membres, membres_by_ids,
    own_groupe, regroupees, regroupement_of, save_regroupement, set_membre, share_groupe,
};
pub use relecture::{
    Capacites, FiltreRelectures, LigneAConfirmer, LignePassee, LigneRelecture, LigneRelue, LigneVoisine,
    PartsGroupes, capacites_des_types, capacites_passees, capacites_voisines, confirm_relecture,
    insert_relecture, last_relectures, list_relectures, motive_relecture, parts_des_types, relues,
    set_relectures_publiees, waiting_relectures,
};

pub use redefinition::{
    Correction, GroupeRedefini, correct_formation, in_other_session, publish_identity, redefine_groupes,
    set_secteur,
};
pub use vie::{
    Cession, Deplacement, Fermeture, Fin, LigneFin, LigneJumelle, LigneSiteSession, RoleRetire,
    close_formations, comptes_demandeurs, demandees, fin, hand_over, has_voeu_vivant, hold_formations,
    move_formations, ouvertes_of, sites_of, successeur,
};

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, all_among};

/// A course of a session with its identity and its establishment. Capacity, fees and presentation are the draft:
/// the public reads the last [`LignePublication`].
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneFormation {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub maj_le: i64,
    /// Name of the account that wrote last, when it was an account.
    pub maj_par: Option<String>,
    /// Key of the permanent course.
    pub formation_id: i64,
    pub session_id: i64,
    pub etablissement_id: i64,
    pub precedente_id: Option<i64>,
    pub g_ta_cod: Option<i64>,
    pub statut: String,
    pub famille: String,
    pub libelle: String,
    pub detail: String,
    pub selective: i64,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub internat: i64,
    pub presentation: String,
    pub etat: String,
    pub publiee_le: Option<i64>,
    /// Codes of the academies of the sector, separated by commas; empty: that of the course.
    pub secteur: String,
    pub uai: String,
    pub etablissement: String,
    pub etablissement_statut: String,
    pub site_web: Option<String>,
}

const SELECT: &str =
    "SELECT fs.id, fs.public_id, fs.version, fs.maj_le,
            CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS maj_par,
            fs.formation_id, fs.session_id, fs.etablissement_id, fs.precedente_id, f.g_ta_cod, f.statut, fs.famille,
            fs.libelle, fs.detail, fs.selective, fs.departement, fs.academie, fs.commune, fs.latitude, fs.longitude,
            fs.capacite, fs.frais_centimes, fs.internat, fs.presentation, fs.etat, fs.publiee_le, fs.secteur, e.uai,
            COALESCE(es.nom, e.uai) AS etablissement, COALESCE(es.statut, '') AS etablissement_statut, es.site_web
     FROM formation_session fs
     JOIN formation f ON f.id = fs.formation_id
     JOIN etablissement e ON e.id = fs.etablissement_id
     LEFT JOIN etablissement_session es ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
     LEFT JOIN compte c ON c.id = fs.maj_par";

/// A course of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn by_public_id(c: &impl Sql, public_id: &str) -> Result<Option<LigneFormation>, StoreError> {
    c.one(
        &format!("{SELECT} WHERE fs.public_id = $1 AND fs.supprime_le IS NULL"),
        vec![public_id.to_owned().into()],
    )
    .await
}

/// Courses of any session by their public identifiers, in no order.
///
/// # Errors
/// When the database refuses.
pub async fn by_public_ids(c: &impl Sql, ids: &[&str]) -> Result<Vec<LigneFormation>, StoreError> {
    let sql = format!("{SELECT} WHERE fs.public_id IN (:cles) AND fs.supprime_le IS NULL");
    all_among(c, &sql, vec![], ids).await
}

/// A course of a session by its key.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(c: &impl Sql, id: i64) -> Result<Option<LigneFormation>, StoreError> {
    Ok(by_ids(c, &[id]).await?.pop())
}

/// Courses of any session by their keys, in no order.
///
/// # Errors
/// When the database refuses.
pub async fn by_ids(c: &impl Sql, ids: &[i64]) -> Result<Vec<LigneFormation>, StoreError> {
    all_among(c, &format!("{SELECT} WHERE fs.id IN (:cles) AND fs.supprime_le IS NULL"), vec![], ids).await
}

/// A ranking group of a course, with the places that it gives there.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneGroupe {
    pub id: i64,
    pub public_id: String,
    pub libelle: String,
    pub series: String,
    pub sans_classement: i64,
    /// Key of the assignment group.
    pub affectation_id: i64,
    pub places: i64,
    pub nombre_a_appeler: i64,
}

/// The groups of a course, in the order of their creation.
///
/// # Errors
/// When the database refuses.
pub async fn groupes(c: &impl Sql, formation_session: i64) -> Result<Vec<LigneGroupe>, StoreError> {
    c.all(
        "SELECT g.id, g.public_id, g.libelle, g.series, g.sans_classement, a.id AS affectation_id, a.places,
                a.nombre_a_appeler
         FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
         WHERE a.formation_session_id = $1 AND a.supprime_le IS NULL AND g.supprime_le IS NULL ORDER BY g.id",
        vec![formation_session.into()],
    )
    .await
}

/// The groups of many courses: (key of the course, group), in the order of their creation.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_of(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<(i64, LigneGroupe)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
        #[ligne(incluse)]
        groupe: LigneGroupe,
    }
    let sql = "SELECT a.formation_session_id, g.id, g.public_id, g.libelle, g.series, g.sans_classement,
                    a.id AS affectation_id, a.places, a.nombre_a_appeler
             FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
             WHERE a.formation_session_id IN (:cles) AND a.supprime_le IS NULL AND g.supprime_le IS NULL ORDER BY g.id";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| (l.formation_session_id, l.groupe)).collect())
}

/// What the public saw from a given day on.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LignePublication {
    pub numero: i64,
    pub publie_le: i64,
    /// Unknown when an imported offer did not say it.
    pub capacite: Option<i64>,
    /// Unknown when an imported offer did not say them.
    pub frais_centimes: Option<i64>,
    pub presentation: String,
    /// JSON: `[{"libelle": "…", "places": 12}]`, empty when the publication came with an import.
    pub groupes: String,
    /// JSON by code of field; `{}` when the publication came with an import.
    pub description: String,
    /// JSON of the identity of the course before and after, when this is what it corrects.
    pub identite: Option<String>,
}

/// The publications of a course, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn publications(c: &impl Sql, formation_session: i64) -> Result<Vec<LignePublication>, StoreError> {
    c.all(
        "SELECT numero, publie_le, capacite, frais_centimes, presentation, groupes, description, identite
         FROM formation_publication WHERE formation_session_id = $1 ORDER BY numero DESC",
        vec![formation_session.into()],
    )
    .await
}

/// What the public reads of a course: its last publication.
///
/// # Errors
/// When the database refuses.
pub async fn last_publication(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Option<LignePublication>, StoreError> {
    Ok(last_publications(c, &[formation_session]).await?.pop().map(|(_, p)| p))
}

/// The same of many courses: (key of the course, its last publication), in no order.
///
/// # Errors
/// When the database refuses.
pub async fn last_publications(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<Vec<(i64, LignePublication)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_session_id: i64,
        #[ligne(incluse)]
        publication: LignePublication,
    }
    let sql = "SELECT p.formation_session_id, p.numero, p.publie_le, p.capacite, p.frais_centimes, p.presentation, p.groupes,
                    p.description, p.identite
             FROM formation_publication p
             WHERE p.formation_session_id IN (:cles)
               AND p.numero = (SELECT MAX(d.numero) FROM formation_publication d
                               WHERE d.formation_session_id = p.formation_session_id)";
    let lues: Vec<Ligne> = all_among(c, sql, vec![], formations_session).await?;
    Ok(lues.into_iter().map(|l| (l.formation_session_id, l.publication)).collect())
}

/// Figures of a course for a past session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneStatistique {
    pub annee: i64,
    pub capacite: Option<i64>,
    pub candidats: Option<i64>,
    pub propositions: Option<i64>,
    pub acceptations: Option<i64>,
    /// JSON of all published figures.
    pub chiffres: String,
}

/// The figures of permanent courses before a year: (key of the course, figures), those of each newest first, so many sessions of each
/// at most. Each course is asked for once.
///
/// # Errors
/// When the database refuses.
pub async fn statistiques_avant(
    c: &impl Sql,
    formations: &[i64],
    annee: i64,
    combien: i64,
) -> Result<Vec<(i64, LigneStatistique)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        formation_id: i64,
        #[ligne(incluse)]
        statistique: LigneStatistique,
    }
    let sql =
        "SELECT s.formation_id, s.annee, s.capacite, s.candidats, s.propositions, s.acceptations, s.chiffres
             FROM (SELECT formation_id, annee, capacite, candidats, propositions, acceptations, chiffres,
                          ROW_NUMBER() OVER (PARTITION BY formation_id ORDER BY annee DESC) AS place
                   FROM statistique_formation
                   WHERE formation_id IN (:cles) AND annee < $1 AND supprime_le IS NULL) s
             WHERE s.place <= $2 ORDER BY s.formation_id, s.annee DESC";
    let lues: Vec<Ligne> = all_among(c, sql, vec![annee.into(), combien.into()], formations).await?;
    Ok(lues.into_iter().map(|l| (l.formation_id, l.statistique)).collect())
}

/// The last rank called in a group of a course.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDernierAppele {
    pub affectation_id: i64,
    /// Highest rank called by any published day: it never goes back (`domaine.md` §7.5), unless days are withdrawn (R-ADM-13).
    pub rang: i64,
    /// Publication of the last run, in milliseconds.
    pub publie_le: i64,
}

/// The last rank called per group of a course, from published runs only.
///
/// # Errors
/// When the database refuses.
pub async fn derniers_appeles(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Vec<LigneDernierAppele>, StoreError> {
    c.all(
        "SELECT a.id AS affectation_id, MAX(j.dernier_appele) AS rang, MAX(p.publie_le) AS publie_le
         FROM groupe_affectation a
         JOIN groupe_jour j ON j.groupe_affectation_id = a.id AND j.retire_par IS NULL
         JOIN passage p ON p.id = j.passage_id AND p.etat = 'publie' AND p.nature = 'propositions'
         WHERE a.formation_session_id = $1 GROUP BY a.id ORDER BY a.id",
        vec![formation_session.into()],
    )
    .await
}
