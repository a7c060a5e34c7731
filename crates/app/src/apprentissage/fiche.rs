//! One record: what it says, what is to be looked at, what happened to it.

use domain::apprentissage::{
    Appariement, Champ, Changement, Constat, Restructuration, Statut, check_appariement, constats,
};
use domain::droits::Action;
use domain::{PublicId, RuleViolation};
use serde::Deserialize;
use store::Sql;
use store::apprentissage::{self as base, LigneEvenement};

use super::liste::{decisions, departement};
use super::{cible, gardee, load, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::imports::{change, restructure};
use crate::sessions::{self, SessionAdmission};

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvenementVu {
    /// French, with its capital: « Modification », « Intégration ».
    pub quoi: &'static str,
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it was a person.
    pub par: Option<String>,
    /// The status that it took.
    pub statut: Option<Statut>,
    /// Why.
    pub raison: Option<String>,
    /// Sentences without final stop.
    pub details: Vec<String>,
}

/// What an event of a record says, as its history keeps it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    champs: Vec<Changement>,
    motifs: Vec<Restructuration>,
    quoi: Option<String>,
}

/// R-APP-14: whether the record's codes of establishments changed since its course is where it is.
pub(super) async fn changed_hands(c: &impl Sql, fiche: i64) -> Result<bool, AppError> {
    for l in base::evenements(c, fiche).await? {
        let detail: Detail = serde_json::from_str(&l.detail).unwrap_or_default();
        if matches!(detail.quoi.as_deref(), Some("integration" | "rattachement" | "cession")) {
            return Ok(false);
        }
        if detail.champs.iter().any(|c| c.champ.is_code_etablissement()) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl EvenementVu {
    fn new(l: LigneEvenement) -> Self {
        let detail: Detail = serde_json::from_str(&l.detail).unwrap_or_default();
        let quoi = match (l.issue.as_str(), detail.quoi.as_deref()) {
            ("creation", _) => "Arrivée dans le catalogue",
            ("modification", _) => "Modification par le catalogue",
            ("restructuration", _) => "Restructuration",
            ("retrait", _) => "Retrait du catalogue",
            ("retour", _) => "Retour dans le catalogue",
            ("reevaluation", _) => "Nouvelle évaluation",
            (_, Some("integration")) => "Intégration : la formation est créée",
            (_, Some("rattachement")) => "Intégration : la formation existait déjà",
            (_, Some("cession")) => "Formation passée à un autre établissement",
            (_, Some("mise_a_jour")) => "Formation mise à jour d’après le catalogue",
            (_, Some("publication")) => "Publication de la formation",
            (_, Some("rejet")) => "Rejet par la plateforme",
            (_, Some("fermeture")) => "Fermeture de la formation",
            (_, Some("suspension")) => "Suspension de la formation, que des candidats demandent",
            (_, Some("doublon")) => "Choix entre des doublons",
            _ => "Décision du service académique",
        };
        Self {
            quoi,
            le: l.cree_le,
            par: l.par,
            statut: l.statut.as_deref().and_then(Statut::from_code),
            raison: l.raison,
            details: detail.motifs.iter().map(restructure).chain(detail.champs.iter().map(change)).collect(),
        }
    }
}

/// A record as an agent, or its establishment, reads it.
#[derive(Debug, Clone)]
pub struct FicheVue {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// Sent back by the forms: a record changed in between is a conflict.
    pub version: i64,
    /// Identifier in the catalogue.
    pub identifiant: String,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// « Somme (80) »; empty when nobody knows where it is.
    pub departement: String,
    /// Where it stands.
    pub statut: Statut,
    /// Why.
    pub raison: Option<String>,
    /// (name, value) of what it says.
    pub champs: Vec<(&'static str, String)>,
    /// R-APP-07.
    pub constats: Vec<Constat>,
    /// R-APP-01: towns and distance.
    pub appariement: Option<Appariement>,
    /// What may be decided, with the rule that refuses it now; empty in an archived session.
    pub decisions: Vec<(Statut, Result<(), RuleViolation>)>,
    /// Records that say the same course, this one included; 1: alone.
    pub groupe: usize,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
    /// Public identifier and state of the course made of it.
    pub formation: Option<(String, String)>,
    /// R-APP-14: the establishment that has the course, and the one that the record names, when they differ.
    pub ailleurs: Option<(String, String)>,
    /// Whether the last day had it.
    pub presente: bool,
    /// Newest first.
    pub evenements: Vec<EvenementVu>,
}

/// A record of the agent's academies.
///
/// # Errors
/// [`AppError::NotFound`] for a record that does not exist or is out of their perimeter.
pub async fn view_fiche(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FicheVue, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    ctx.permit(Action::DeciderApprentissage, &cible(&session, &f))?;
    let fiche = read(&f.contenu)?;
    let ou = statut(&f.statut)?;
    let groupe = base::groupe(db, session.id, &f.flux, gardee(&f)).await?;
    let evenements = base::evenements(db, f.id).await?;
    let champs = Champ::ALL
        .into_iter()
        .map(|c| (c.libelle(), fiche.valeur(c)))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    Ok(FicheVue {
        id: f.public_id,
        version: f.version,
        identifiant: f.identifiant,
        intitule: fiche.intitule.clone().unwrap_or_default(),
        departement: departement(fiche.departement().map_or("", |d| d.code)),
        statut: ou,
        raison: f.raison,
        champs,
        constats: constats(&fiche),
        appariement: check_appariement(&fiche),
        decisions: if session.archivee { Vec::new() } else { decisions(ou, &fiche) },
        groupe: groupe.len().max(1),
        doublon_de: f.doublon_de,
        formation: f.formation.zip(f.formation_etat),
        ailleurs: f.formation_uai.zip(fiche.uai().map(str::to_owned)).filter(|(ici, nomme)| ici != nomme),
        presente: f.presente == 1,
        evenements: evenements.into_iter().map(EvenementVu::new).collect(),
        session,
    })
}
