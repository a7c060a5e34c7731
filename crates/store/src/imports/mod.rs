//! The offer in bulk: what a session holds, read in five queries; what an import or the demo adds, in large statements.

mod ecriture;
mod lecture;

pub use ecriture::{
    Changement, add_affectations, add_etablissements, add_etablissements_session, add_formations,
    add_groupes, add_offres, add_publications, add_statistiques, record_import, remove_groupe,
    update_etablissement_session, update_groupe, update_offre, update_statistique,
};
pub(crate) use ecriture::{insert_keyed, keys_after};
pub use lecture::{
    EtablissementConnu, FormationConnue, GroupeConnu, StatistiqueConnue, est_importee, etablissements,
    formations, groupes, statistiques,
};

/// What a file says of an establishment.
#[derive(Debug, Clone, PartialEq)]
pub struct EtablissementImport {
    pub uai: String,
    pub nom: String,
    /// Code of the legal status; empty when the file does not say it.
    pub statut: String,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub site_web: Option<String>,
}

/// What a file says of a course for a session.
#[derive(Debug, Clone, PartialEq)]
pub struct OffreImport {
    pub famille: &'static str,
    pub libelle: String,
    pub detail: String,
    pub selective: bool,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Unknown when the file does not say it.
    pub capacite: Option<i64>,
    pub internat: bool,
    /// `domain::formations::texte_recherche`.
    pub recherche: String,
    /// National code of its type; a file that does not say it leaves the one that another gave.
    pub code_type: Option<i64>,
}

/// Figures of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatistiqueImport {
    pub annee: i64,
    pub capacite: Option<i64>,
    pub candidats: Option<i64>,
    pub propositions: Option<i64>,
    pub acceptations: Option<i64>,
    /// JSON.
    pub chiffres: String,
}

/// A permanent course to add.
#[derive(Debug, Clone)]
pub struct FormationAjoutee<'a> {
    pub etablissement: i64,
    pub cle: &'a str,
    pub cle_inscription: &'a str,
    pub g_ta_cod: Option<i64>,
    pub incertaine: bool,
    /// `etudiant` or `apprentissage`.
    pub statut: &'static str,
}

/// A course to add to a session.
#[derive(Debug, Clone)]
pub struct OffreAjoutee<'a> {
    pub formation: i64,
    pub etablissement: i64,
    pub precedente: Option<i64>,
    pub offre: &'a OffreImport,
    pub frais_centimes: Option<i64>,
    pub presentation: &'a str,
    /// `brouillon`, `publiee` or `fermee`.
    pub etat: &'static str,
    /// Instant of publication, in milliseconds.
    pub publiee_le: Option<i64>,
}

/// A ranking group to add, with the places it gives in its course.
#[derive(Debug, Clone)]
pub struct GroupeAjoute<'a> {
    pub formation_session: i64,
    pub libelle: &'a str,
    pub series: &'a str,
    pub places: i64,
    pub taux_min_boursiers: Option<i64>,
}

/// A publication to add.
#[derive(Debug, Clone)]
pub struct PublicationAjoutee<'a> {
    pub formation_session: i64,
    pub numero: i64,
    pub publie_le: i64,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub presentation: &'a str,
    /// JSON of the places by group.
    pub groupes: String,
}
