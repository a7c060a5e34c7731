//! Courses: the published offer that everybody reads, and its settings on the site de gestion.
//!
//! R-FOR-06: the settings of `formation_session` are a draft; the public reads the last publication.

mod a_confirmer;
mod annonce;
mod bilan;
mod classeur;
mod contenu;
mod controle;
mod demandes;
mod description;
mod enregistrer;
mod fiche;
mod gestion;
mod identite;
mod lot;
mod national;
mod offre_ouverte;
mod parametrage;
mod publier;
mod publique;
mod recherche;
mod reconduction;
mod regroupement;
mod relues;
mod reperes;
mod reprise;
mod versions;
mod vraisemblance;

pub(crate) use a_confirmer::COLONNES as COLONNES_CAPACITES;
pub use a_confirmer::{
    CapaciteAConfirmer, CapacitesAConfirmer, CriteresCapacites, export_a_confirmer, list_a_confirmer,
};
pub use bilan::{Bilan, IssueLot, LaisseeDeCote};
pub(crate) use classeur::colonne;
pub use classeur::{
    ApercuFichier, ColonneSchema, ConstatFichier, DifferenceFichier, FauteFichier, FeuilleSchema,
    PageFormation, applied_findings, apply_descriptions, export_descriptions, preview_descriptions,
    workbook_schema,
};
pub use contenu::ChampCompare;
pub(crate) use controle::is_controlee;
pub use controle::{
    ActeControle, ApercuInchangees, CriteresControle, FicheControle, FileControle, Inchangee,
    LigneFileControle, MotifRetour, PriseControle, PriseFile, Retour, RetourEnCours, SuiviControle,
    accept_formation, accept_list, accept_unchanged, cancel_retour, extend_retour, list_controles,
    next_controle, preview_unchanged, return_formation, submit_formation, submit_formations, take_controle,
    view_acceptation, view_controle, view_soumission,
};
pub use demandes::{
    AccordDemande, ActeDemande, CriteresDemandes, DemandeReouverture, Demander, FicheDemande, FicheFermee,
    Filiere, Filieres, FinFormation, Guichet, LigneDemande, ListeDemandes, OuvertureDemandee, Reponse,
    SuiviDemande, Valeur as ValeurDemande, answer_demande, ask_formation, ask_ouverture, ask_reouverture,
    closed_sheet, count_a_examiner, demande_of_recepisse, export_demandes, list_demandes, requests_of,
    search_filieres, view_demande, view_demander, view_ouvrir, view_reouverture, withdraw_demande,
};
pub(crate) use demandes::{COLONNES_DEMANDES, PartiesRouvertes, Reprise, answered_since, hand_to};
pub use description::{
    Changement, Confirmation, Lieux, SuiviRubrique, VueDescription, save_rubrique, view_description,
    view_suivi,
};
pub(crate) use description::{carry_over, ecrit, genre_de, lit};
pub use enregistrer::{Capacites, EnregistrerParametrage, save_parametrage};
pub use fiche::{ChiffresCles, Fiche, GroupeFiche, PublicationFiche, sheet};
pub(crate) use gestion::{ATTENDUS, Reste, all_missing, remaining};
pub use gestion::{
    CriteresGestion, FormationGestion, ListeGestion, ManqueFormation, Retournee, list_courses,
};
pub use identite::IdentiteCorrigee;
pub use lot::{
    BilanLot, ChampDesFormations, ChampFormation, EcritureLot, LigneLot, ListeLot, Lot, confirm_descriptions,
    field_of_courses, list_lot, search_lot, set_field, view_bilan_lot, view_lot,
};
pub use national::{AccordNational, CadreNational};
pub use offre_ouverte::{COLONNES_OFFRE, VersionOffre, version_offre, write_offre};
pub use parametrage::{Ouverture, Parametrage, Precedente, Publiee, view_parametrage};
pub(crate) use parametrage::{is_lisible, ouverture};
pub use publier::publish_formation;
pub use publique::{ChampFiche, ContenuFiche};
pub(crate) use recherche::pages;
pub use recherche::{Criteres, Resultat, Resultats, TriOffre, search_offre};
pub use reconduction::{
    EcartCapacite, LigneReconduction, VueReconduction, reconduct, reconduct_possibles, view_reconduction,
    view_reconduite,
};
pub use regroupement::{
    FormationRegroupee, RegroupementVu, Regrouper, VERSION_SANS_REGROUPEMENT, VueRegroupement, group_courses,
    ungroup_course, view_regroupement,
};
pub(crate) use regroupement::{leave, load_dossier_unique};
pub use relues::Relues;
pub use reperes::Reperes;
pub use reprise::{Ecart, Ecarts, Source, compare, take_fields};
pub use versions::{Versions, compare_published, compare_versions};
pub use vraisemblance::{AttenteCapacite, Comparaison, Relecture, confirm_capacite, motive_capacite};

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use domain::PublicId;
use domain::candidats::TypeBac;
use domain::droits::{Cible, Scope};
use domain::formations::parse_series;
use domain::territoires;
use serde::{Deserialize, Serialize};
use store::Sql;
use store::formations::{self as base, LigneFormation};

use crate::erreur::AppError;
use crate::sessions::SessionAdmission;

/// A ranking group with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groupe {
    /// Public identifier of the ranking group.
    pub id: String,
    /// As typed or imported: « Bac professionnel ».
    pub libelle: String,
    /// Who is ranked there, in French.
    pub series: String,
    /// Its share of the capacity; all of it when it is alone.
    pub places: i64,
}

/// The places of a group as a publication froze them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PlacesPubliees {
    libelle: String,
    places: i64,
}

/// What names a course on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intitule {
    /// Course and detail: « BTS - Services - Tourisme ».
    pub libelle: String,
    /// Name, that of the session.
    pub etablissement: String,
    /// « Lyon (69) ».
    pub lieu: String,
}

/// « BTS - Services - Tourisme – Lycée Ampère, Lyon (69) ».
impl fmt::Display for Intitule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} – {}, {}", self.libelle, self.etablissement, self.lieu)
    }
}

impl Intitule {
    fn of(f: &LigneFormation) -> Self {
        Self {
            libelle: intitule(&f.libelle, &f.detail),
            etablissement: f.etablissement.clone(),
            lieu: lieu(&f.commune, &f.departement),
        }
    }
}

fn cible(f: &LigneFormation) -> Cible {
    Cible::formation(f.session_id, f.etablissement_id, f.formation_id, &f.academie)
}

/// The course of a session; one of another session is as unknown as an absent one.
async fn load(c: &impl Sql, session: &SessionAdmission, id: &PublicId) -> Result<LigneFormation, AppError> {
    base::by_public_id(c, id.as_str()).await?.filter(|f| f.session_id == session.id).ok_or(AppError::NotFound)
}

/// These courses of a session, in the order asked for: each as [`load`] finds it, all read at once.
async fn load_many(
    c: &impl Sql,
    session: &SessionAdmission,
    ids: &[PublicId],
) -> Result<Vec<Option<LigneFormation>>, AppError> {
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let lues = base::by_public_ids(c, &codes).await?.into_iter().filter(|f| f.session_id == session.id);
    let lues: HashMap<String, LigneFormation> = lues.map(|f| (f.public_id.clone(), f)).collect();
    Ok(codes.into_iter().map(|id| lues.get(id).cloned()).collect())
}

/// A session and one of its courses, of an address.
async fn load_in_session(
    c: &impl Sql,
    annee: i64,
    id: &PublicId,
) -> Result<(SessionAdmission, LigneFormation), AppError> {
    let session = crate::sessions::session(c, annee).await?;
    let f = load(c, &session, id).await?;
    Ok((session, f))
}

async fn load_groupes(c: &impl Sql, formation_session: i64) -> Result<Vec<base::LigneGroupe>, AppError> {
    Ok(base::groupes(c, formation_session).await?)
}

/// Each of these keys once, in order.
fn distinctes(cles: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let cles: BTreeSet<i64> = cles.into_iter().collect();
    cles.into_iter().collect()
}

/// The groups of many courses, by key of the course.
async fn load_groupes_of(
    c: &impl Sql,
    formations_session: &[i64],
) -> Result<HashMap<i64, Vec<base::LigneGroupe>>, AppError> {
    let cles = distinctes(formations_session.iter().copied());
    let mut groupes: HashMap<i64, Vec<base::LigneGroupe>> = HashMap::new();
    for (formation, groupe) in base::groupes_of(c, &cles).await? {
        groupes.entry(formation).or_default().push(groupe);
    }
    Ok(groupes)
}

pub(crate) fn intitule(libelle: &str, detail: &str) -> String {
    if detail.is_empty() { libelle.to_owned() } else { format!("{libelle} – {detail}") }
}

/// « Lyon (69) », « Papeete (987) ».
fn lieu(commune: &str, departement: &str) -> String {
    match (commune.is_empty(), departement.is_empty()) {
        (false, false) => format!("{commune} ({departement})"),
        (true, false) => territoires::departement(departement)
            .map_or_else(|| departement.to_owned(), |d| format!("{} ({})", d.nom, d.code)),
        _ => commune.to_owned(),
    }
}

/// (code, name) of the departments where a perimeter has courses.
async fn departements(c: &impl Sql, scope: &Scope, session: i64) -> Result<Vec<(String, String)>, AppError> {
    let nomme = |code: String| {
        let nom = territoires::departement(&code).map_or_else(|| code.clone(), |d| d.nom.to_owned());
        (code, nom)
    };
    Ok(base::departements(c, scope, session).await?.into_iter().map(nomme).collect())
}

/// The series of a group in French; « tous » and unknown codes say everybody.
fn series(codes: &str) -> String {
    let noms: Vec<&str> = parse_series(codes).into_iter().map(TypeBac::libelle).collect();
    let toutes = noms.is_empty() || noms.len() == TypeBac::ALL.len();
    if toutes { "Toutes les candidatures".to_owned() } else { noms.join(", ") }
}

fn groupe(l: &base::LigneGroupe) -> Groupe {
    Groupe {
        id: l.public_id.clone(),
        libelle: l.libelle.clone(),
        series: series(&l.series),
        places: l.places,
    }
}

fn places_of(groupes: &[base::LigneGroupe]) -> Vec<PlacesPubliees> {
    groupes.iter().map(|g| PlacesPubliees { libelle: g.libelle.clone(), places: g.places }).collect()
}

/// The places by group as a publication writes them.
fn places_json(groupes: &[base::LigneGroupe]) -> Result<String, AppError> {
    serde_json::to_string(&places_of(groupes)).map_err(AppError::internal)
}

/// Reads them back; a publication made by an import has none.
fn places_publiees(json: &str) -> Vec<PlacesPubliees> {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_with_its_department() {
        assert_eq!(lieu("Lyon", "69"), "Lyon (69)");
        assert_eq!(lieu("", "69"), "Rhône (69)");
        assert_eq!(lieu("Londres", ""), "Londres");
    }

    #[test]
    fn series_are_written_in_french() {
        assert_eq!(series("tous"), "Toutes les candidatures");
        assert_eq!(series("pro,techno"), "Baccalauréat professionnel, Baccalauréat technologique");
    }
}
