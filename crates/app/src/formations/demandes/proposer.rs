//! What a person may ask about a course, or for a new one, and what the forms offer.

use domain::droits::{Action, scope_session};
use domain::formations::demandes::NatureDemande;
use domain::formations::{EtatFormation, GroupeVoulu, IdentiteFormation, academies_du_secteur};
use domain::{PublicId, RuleViolation};
use store::Sql;
use store::formations::{self as base, LigneFormation, LigneSiteSession};

use super::correction::attaches;
use super::definition::require_classement_propre;
use super::deposer::require_moment;
use super::valeurs::nom_site;
use super::vues::{SuiviDemande, suivi};
use super::{champs_clos, require_sans_voeu};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::controle::Reouvertures;
use crate::formations::identite::identite;
use crate::formations::{Intitule, cible, intitule, load};
use crate::sessions::{self, SessionAdmission};

/// What may be asked about a course.
#[derive(Debug, Clone)]
pub struct Demander {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// Sent back by the form.
    pub version: i64,
    /// The title of the pages.
    pub intitule: Intitule,
    /// Each kind, and why it cannot be asked now when it cannot.
    pub natures: Vec<(NatureDemande, Result<(), RuleViolation>)>,
    /// Sites of the establishment: identifier, name.
    pub sites: Vec<(String, String)>,
    /// Other open courses of the establishment: identifier, name.
    pub formations: Vec<(String, String)>,
    /// Fields that nothing opens now: code, label.
    pub champs: Vec<(&'static str, &'static str)>,
    /// The ranking groups as they are.
    pub groupes: Vec<GroupeVoulu>,
    /// What their places add up to; `None`: not declared.
    pub capacite: Option<i64>,
    /// Codes of the academies of its sector.
    pub secteur: Vec<String>,
    /// What it is called and is.
    pub identite: IdentiteFormation,
    /// R-VIE-14: what of it stays as it is, and why.
    pub fixes: Vec<RuleViolation>,
    /// What was asked about it, newest first.
    pub suivis: Vec<SuiviDemande>,
}

/// R-VIE-09, R-VIE-10: whether the groups or the sector of a course may be changed at all.
async fn require_definition(c: &impl Sql, n: NatureDemande, f: &LigneFormation) -> Result<(), AppError> {
    match n {
        NatureDemande::Groupes if f.capacite.is_none() => {
            Err(RuleViolation::Champ { champ: "groupes", motif: "capacite" }.into())
        }
        NatureDemande::Groupes => require_classement_propre(c, f, "groupes").await,
        NatureDemande::Sectorisation if f.selective == 1 => {
            Err(RuleViolation::Champ { champ: "academies", motif: "selective" }.into())
        }
        NatureDemande::Sectorisation => require_classement_propre(c, f, "academies").await,
        _ => Ok(()),
    }
}

/// A rule that forbids, as an answer; anything else is a failure.
fn permis(r: Result<(), AppError>) -> Result<Result<(), RuleViolation>, AppError> {
    match r {
        Ok(()) => Ok(Ok(())),
        Err(AppError::Rule(r)) => Ok(Err(r)),
        Err(autre) => Err(autre),
    }
}

/// What a person may ask about a course, and what the forms offer.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] outside the perimeter.
pub async fn view_demander(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Demander, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    ctx.permit(Action::DemanderFormation, &cible(&f))?;
    let champs = champs_clos(ctx, &session, &f, &Reouvertures::load(db, f.id).await?);
    let demandees = base::demandes_of(db, f.id).await?;
    let attend = demandees.iter().any(|d| d.decidee_le.is_none());
    let mut natures = Vec::new();
    for n in NatureDemande::ALL.into_iter().filter(|n| n.is_sur_formation()) {
        let possible = if f.etat == EtatFormation::Fermee.code() {
            Err(RuleViolation::formation_fermee("demande"))
        } else if attend {
            Err(RuleViolation::DemandeEnCours)
        } else if n == NatureDemande::Derogation && champs.is_empty() {
            Err(RuleViolation::Champ { champ: "champs", motif: "ouverts" })
        } else {
            permis(require_definition(db, n, &f).await)?
                .and(permis(require_sans_voeu(db, n, &f).await)?)
                .and_then(|()| require_moment(ctx, &session, n))
        };
        natures.push((n, possible));
    }
    let sites = base::sites_of(db, session.id, &[f.etablissement_id]).await?;
    let formations = base::ouvertes_of(db, session.id, f.etablissement_id).await?;
    Ok(Demander {
        natures,
        sites: sites.iter().map(|s| (s.public_id.clone(), nom_site(s))).collect(),
        formations: formations
            .into_iter()
            .filter(|a| a.public_id != f.public_id)
            .map(|a| (a.public_id, format!("{}, {}", intitule(&a.libelle, &a.detail), a.commune)))
            .collect(),
        champs,
        groupes: base::groupes(db, f.id)
            .await?
            .into_iter()
            .map(|g| GroupeVoulu {
                series: GroupeVoulu::codes(&g.series),
                libelle: g.libelle,
                places: g.places,
            })
            .collect(),
        capacite: f.capacite,
        secteur: academies_du_secteur(&f.secteur, &f.academie).into_iter().map(str::to_owned).collect(),
        identite: identite(&f),
        fixes: attaches(db, &f).await?.fixes(),
        suivis: demandees.iter().map(|d| suivi(ctx, d)).collect::<Result<_, _>>()?,
        id: f.public_id.clone(),
        version: f.version,
        intitule: Intitule::of(&f),
        session,
    })
}

/// What the form of a new course offers.
#[derive(Debug, Clone)]
pub struct OuvertureDemandee {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Why none can be asked for now, when none can.
    pub possible: Result<(), RuleViolation>,
    /// Sites of the establishments of the person: identifier, name.
    pub sites: Vec<(String, String)>,
}

/// What a person needs to ask for a new course.
///
/// # Errors
/// [`AppError::Denied`] for whoever may not ask; [`AppError::NotFound`] for an unknown session.
pub async fn view_ouvrir(ctx: &Ctx, annee: i64) -> Result<OuvertureDemandee, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::DemanderFormation)?;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::DemanderFormation, session.id)?;
    let sites = base::sites_of(db, session.id, &scope.portee().hors_formation()).await?;
    let plusieurs =
        sites.iter().any(|s| Some(s.etablissement_id) != sites.first().map(|p| p.etablissement_id));
    let nom = |s: &LigneSiteSession| {
        if plusieurs { format!("{} : {}", s.etablissement, nom_site(s)) } else { nom_site(s) }
    };
    Ok(OuvertureDemandee {
        possible: require_moment(ctx, &session, NatureDemande::Ouverture),
        sites: sites.iter().map(|s| (s.public_id.clone(), nom(s))).collect(),
        session,
    })
}
