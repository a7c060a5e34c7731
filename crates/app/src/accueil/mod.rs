//! The home of the site de gestion: what remains to be done on an establishment and its courses, by whom, until when.

mod academie;
mod changements;
mod qui;

pub(crate) use academie::retard;
pub use academie::{AttenteService, FileService, view_attentes, view_attentes_nationales, view_questions};
pub(crate) use changements::changes;
pub use changements::{Changement, Changements, Ecart, Nature, Objet};
pub use qui::Qui;

use domain::PublicId;
use domain::calendrier::{Etape, Fenetre};
use domain::droits::{Action, Scope, scope_session};
use domain::etablissements::{Manque, Partie};
use domain::formations::EtatFormation;
use domain::grille::Decompte;
use domain::territoires::HeureLocale;
use store::Sql;
use store::delegations::LigneEtablissement;
use store::formations::AFaire;

use self::qui::Equipe;
use crate::contexte::Ctx;
use crate::echanges::{NonLu, unread};
use crate::echeances::{MesDates, mes_dates_en};
use crate::erreur::AppError;
use crate::etablissements::{VueEtablissement, view_etablissement};
use crate::formations::{
    ATTENDUS, AttenteCapacite, FormationGestion, Ouverture, Reste, is_controlee, remaining,
};
use crate::sessions::{self, SessionAdmission};

/// Courses of the home: beyond, the list of courses has them all.
const PAR_ACCUEIL: i64 = 30;

/// An establishment where the person has something to do or to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etablissement {
    /// Public identifier.
    pub id: String,
    /// Name, that of the session.
    pub nom: String,
    /// The one that the home shows.
    pub courant: bool,
}

/// What is missing in a part of the settings of the establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartieAFaire {
    /// Where it is said.
    pub partie: Partie,
    /// At least one, in the order of the screens.
    pub manques: Vec<Manque>,
}

/// How far the description of the establishment is.
#[derive(Debug, Clone)]
pub struct EtatEtablissement {
    /// Parts with nothing missing.
    pub faites: u32,
    /// Parts that something is asked in, among those that the person reads.
    pub parties: u32,
    /// In the order of the screens.
    pub restes: Vec<PartieAFaire>,
    /// Who describes it.
    pub qui: Qui,
    /// Whether the person may change it now.
    pub modification: Ouverture,
}

/// What a course asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Geste {
    /// R-CTL-04: the academic service returned it: UTC milliseconds of the first instant too late.
    Corriger(i64),
    /// R-CTL-09: it was returned, and its last day is past: the academic service alone may give more time.
    Depasse {
        /// UTC milliseconds of the first instant that was too late.
        fin: i64,
        /// Until when it may be submitted again all the same, in UTC milliseconds of the first instant too late.
        soumission: Option<i64>,
    },
    /// Something is missing.
    Completer,
    /// All is there, and the public does not see it.
    Publier,
    /// What the public reads is not what is saved.
    Republier,
    /// R-CAP-05: a capacity out of the ordinary waits for its reason.
    Expliquer,
    /// R-CAP-05: a capacity out of the ordinary is explained, and waits for a second person.
    Confirmer,
    /// Rankings to be sent: how many groups.
    Transmettre(i64),
}

/// A course that asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationAFaire {
    /// As the list of courses has it.
    pub formation: FormationGestion,
    /// What to do.
    pub geste: Geste,
    /// R-VIE-11: UTC milliseconds of the first instant too late, when an accepted request alone keeps it open.
    pub jusqu_a: Option<i64>,
    /// Who may do it.
    pub qui: Qui,
    /// How many of the things that a publication asks for are done, the publication included…
    pub fait: u32,
    /// … of how many.
    pub sur: u32,
    /// What the reading of its grid finds.
    pub grille: Decompte,
}

/// How far the courses of an establishment are, within the person's perimeter.
#[derive(Debug, Clone)]
pub struct EtatFormations {
    /// Closed ones left out.
    pub total: i64,
    /// With nothing missing; absent for those who do not read capacities (R-DRO-04).
    pub completes: Option<i64>,
    /// That the public may read.
    pub publiees: i64,
    /// That wait for the academic service; `None`: this session is not reviewed, they are published at once.
    pub soumises: Option<i64>,
    /// Courses that ask for something now.
    pub a_faire: i64,
    /// The first of these.
    pub restes: Vec<FormationAFaire>,
    /// Until when they are completed and published; `None` once it is over, or in an archived session.
    pub publication: Option<Fenetre>,
    /// Until when they are described, capacities and fees apart, which close later; `None` likewise.
    pub description: Option<Fenetre>,
    /// What is told to somebody who may change nothing here; `None` for the others, and once it is over.
    pub lecture: Option<Lecture>,
    /// Until when rankings are sent; `None` outside the examination.
    pub transmission: Option<Fenetre>,
}

/// What whoever only reads is told of what others do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecture {
    /// Courses neither published yet nor waiting for the academic service, within the person's perimeter.
    pub restantes: i64,
    /// Those who see to them, by name.
    pub qui: Vec<String>,
}

/// The home of a person in a session.
#[derive(Debug, Clone)]
pub struct Accueil {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// What is open to the person until when; nothing in an archived session.
    pub dates: Option<MesDates>,
    /// By name; empty for those whose perimeter is wider than establishments.
    pub etablissements: Vec<Etablissement>,
    /// Code of the national register and town of the one shown, when the person reads its settings.
    pub surtitre: Option<(String, String)>,
    /// Where it is, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
    /// Absent for those who do not read it.
    pub description: Option<EtatEtablissement>,
    /// Absent without establishment.
    pub formations: Option<EtatFormations>,
    /// Absent in an archived session, and without establishment.
    pub changements: Option<Changements>,
    /// Conversations of the establishment with messages that the person has not read.
    pub non_lus: Vec<NonLu>,
}

/// The home of the person: of the establishment asked for, else of the first one by name.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session, or for an
/// establishment that is not of the perimeter.
pub async fn home(ctx: &Ctx, annee: i64, choisi: Option<&PublicId>) -> Result<Accueil, AppError> {
    let (mut accueil, cle) = remains(ctx, annee, choisi).await?;
    if let Some(e) = cle {
        accueil.non_lus = unread(ctx, accueil.session.id, Some(e)).await?;
        if !accueil.session.archivee {
            accueil.changements = changes(ctx, accueil.session.id, Some(e)).await?;
        }
    }
    Ok(accueil)
}

/// What remains to be done on an establishment and its courses, for a program: a visit of nobody, that reads no conversation.
///
/// # Errors
/// As [`home`].
pub async fn what_remains(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Accueil, AppError> {
    Ok(remains(ctx, annee, Some(id)).await?.0)
}

/// The home but what is told of a person's last visit; with the key of the establishment shown.
async fn remains(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
) -> Result<(Accueil, Option<i64>), AppError> {
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let siens = perimetre(db, session.id, &scope).await?;
    let place = match choisi {
        Some(id) => Some(siens.iter().position(|e| e.public_id == id.as_str()).ok_or(AppError::NotFound)?),
        None => (!siens.is_empty()).then_some(0),
    };
    let mut accueil = Accueil {
        dates: mes_dates_en(ctx, annee).await?,
        etablissements: siens
            .iter()
            .enumerate()
            .map(|(i, e)| Etablissement {
                id: e.public_id.clone(),
                nom: e.nom.clone(),
                courant: Some(i) == place,
            })
            .collect(),
        surtitre: None,
        locale: None,
        description: None,
        formations: None,
        changements: None,
        non_lus: Vec::new(),
        session,
    };
    let choisi = place.map(|i| &siens[i]);
    if let Some(e) = choisi {
        fill(ctx, &scope, e, &mut accueil).await?;
    }
    Ok((accueil, choisi.map(|e| e.id)))
}

/// The establishments of a perimeter, those of its courses included, by name; none of an academy or of the whole country.
pub(crate) async fn perimetre(
    c: &impl Sql,
    session: i64,
    scope: &Scope,
) -> Result<Vec<LigneEtablissement>, AppError> {
    let portee = scope.portee();
    let mut cles = portee.etablissements.clone();
    cles.extend(store::formations::etablissements_of(c, session, &portee.formations).await?);
    cles.sort_unstable();
    cles.dedup();
    Ok(store::delegations::etablissements(c, session, &cles).await?)
}

async fn fill(
    ctx: &Ctx,
    scope: &Scope,
    e: &LigneEtablissement,
    accueil: &mut Accueil,
) -> Result<(), AppError> {
    let session = &accueil.session;
    let id = PublicId::parse(&e.public_id).ok_or(AppError::NotFound)?;
    let vue = match view_etablissement(ctx, session.annee, &id).await {
        Ok(vue) => Some(vue),
        Err(AppError::Denied(_)) => None,
        Err(autre) => return Err(autre),
    };
    // Nothing remains to be done in an archived session; nor once a step is over.
    let fenetre = |etape: Etape| session.calendrier.fenetre(etape).filter(|_| !session.archivee);
    let ouverte = |etape: &Etape| session.calendrier.require_open(*etape, ctx.campagne_le).is_ok();
    let publication = Some(Etape::CapacitesFrais).filter(ouverte).and_then(fenetre);
    let transmission = Some(Etape::Examen).filter(ouverte).and_then(fenetre);
    let lisibles = scope_session(&ctx.acteur, Action::ConsulterCapacites, session.id).is_ok();
    // R-DRO-04: whoever does not read capacities does not learn either that they are missing.
    let quoi = AFaire {
        publier: publication.is_some() && lisibles,
        transmettre: transmission.is_some(),
        corriger: !session.archivee,
        rouvertes: (!session.archivee && lisibles).then_some(ctx.campagne_ms()),
    };
    let (avancement, a_faire, restes) = remaining(ctx, session, scope, e.id, quoi, PAR_ACCUEIL).await?;
    let db = &ctx.app.db;
    let lecture = if publication.is_some() && !may_change(ctx, session.id, e.id).await? {
        Some(Lecture { restantes: avancement.restantes, qui: qui::in_charge(db, session.id, e.id).await? })
    } else {
        None
    };
    let formations: Vec<i64> = restes.iter().filter_map(|r| r.cible.formation).collect();
    let equipe = Equipe::load(ctx, db, session.id, e.id, &formations).await?;
    accueil.formations = Some(EtatFormations {
        total: avancement.total,
        completes: lisibles.then_some(avancement.completes),
        publiees: avancement.publiees,
        soumises: is_controlee(db, session.id).await?.then_some(avancement.soumises),
        a_faire,
        restes: restes.into_iter().filter_map(|r| a_faire_of(ctx, &equipe, (quoi, publication), r)).collect(),
        publication,
        description: Some(Etape::Parametrage).filter(ouverte).and_then(fenetre),
        lecture,
        transmission,
    });
    if let Some(vue) = vue {
        accueil.surtitre = Some((vue.ligne.uai.clone(), vue.ligne.commune.clone()));
        accueil.locale = HeureLocale::of_departement(&vue.ligne.departement);
        accueil.description = Some(description(ctx, &equipe, &vue));
    }
    Ok(())
}

/// Whether the person may change something in the settings of this establishment, or of one of its courses.
async fn may_change(ctx: &Ctx, session: i64, etablissement: i64) -> Result<bool, AppError> {
    let db = &ctx.app.db;
    let (mut academies, mut formations) = (Vec::new(), Vec::new());
    for action in qui::PARAMETRAGE {
        let Ok(scope) = scope_session(&ctx.acteur, action, session) else { continue };
        let portee = scope.portee();
        if portee.tout || portee.etablissements.contains(&etablissement) {
            return Ok(true);
        }
        academies.extend(portee.academies.iter().cloned());
        formations.extend(portee.formations.iter().copied());
    }
    if !academies.is_empty() {
        let ici = store::etablissements::parametrage_of(db, session, etablissement).await?;
        if ici.is_some_and(|e| academies.contains(&e.academie)) {
            return Ok(true);
        }
    }
    let siens = store::formations::etablissements_of(db, session, &formations).await?;
    Ok(siens.contains(&etablissement))
}

fn description(ctx: &Ctx, equipe: &Equipe, vue: &VueEtablissement) -> EtatEtablissement {
    let lue = |p: &Partie| !p.is_reservee() || vue.chefs.is_some();
    let mut demandees: Vec<Partie> = Manque::ALL.iter().map(|m| m.partie()).filter(lue).collect();
    demandees.dedup();
    let restes: Vec<PartieAFaire> = demandees
        .iter()
        .map(|&partie| PartieAFaire {
            partie,
            manques: vue.manques.iter().copied().filter(|m| m.partie() == partie).collect(),
        })
        .filter(|p| !p.manques.is_empty())
        .collect();
    let compte = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    EtatEtablissement {
        parties: compte(demandees.len()),
        faites: compte(demandees.len() - restes.len()),
        qui: equipe.qui(ctx, Action::ModifierEtablissement, &vue.cible()),
        // Some parts are written later than the others (R-ETA-03, R-ETA-11).
        modification: restes
            .iter()
            .map(|p| vue.ouverture(p.partie))
            .find(|o| o.est_ouverte())
            .unwrap_or(&vue.modification)
            .clone(),
        restes,
    }
}

fn a_faire_of(
    ctx: &Ctx,
    equipe: &Equipe,
    (quoi, publication): (AFaire, Option<Fenetre>),
    r: Reste,
) -> Option<FormationAFaire> {
    let f = r.formation;
    let brouillon = f.etat == EtatFormation::Brouillon;
    let publier = (quoi.publier || r.rouverte.is_some()) && !f.soumise;
    let (geste, action) = if let Some(fin) = f.retournee.and_then(|r| r.jusqu_a) {
        (Geste::Corriger(fin), Action::ModifierFormation)
    } else if let Some(fin) = f.retournee.and_then(|r| r.depassee) {
        let soumission = r.rouverte.into_iter().chain(publication.map(|p| p.ferme.as_millisecond())).max();
        (Geste::Depasse { fin, soumission }, Action::PublierFormation)
    } else if publier && !f.manques.is_empty() {
        (Geste::Completer, Action::ModifierCapacites)
    } else if let (true, Some(attente)) = (publier, f.attente) {
        match attente {
            AttenteCapacite::Motif => (Geste::Expliquer, Action::ModifierCapacites),
            AttenteCapacite::Confirmation => (Geste::Confirmer, Action::ConfirmerCapacite),
        }
    } else if publier && (brouillon || f.modifications_non_publiees) {
        let geste = if brouillon { Geste::Publier } else { Geste::Republier };
        (geste, Action::PublierFormation)
    } else if r.a_transmettre == 0 {
        return None;
    } else {
        (Geste::Transmettre(r.a_transmettre), Action::TransmettreClassement)
    };
    let manquent = f.manques.len().min(ATTENDUS) + usize::from(brouillon || f.modifications_non_publiees);
    let sur = ATTENDUS + 1;
    let compte = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(FormationAFaire {
        qui: equipe.qui(ctx, action, &r.cible),
        jusqu_a: r.rouverte.filter(|_| {
            !quoi.publier
                && !matches!(geste, Geste::Corriger(_) | Geste::Depasse { .. } | Geste::Transmettre(_))
        }),
        geste,
        fait: compte(sur - manquent.min(sur)),
        sur: compte(sur),
        grille: r.grille,
        formation: f,
    })
}

/// The archived sessions that the person may read, newest first: (year, label). `action`: what the home of the space where they are
/// read asks for.
///
/// # Errors
/// [`AppError::Denied`] for someone who may not enter that space.
pub async fn archives(ctx: &Ctx, action: Action) -> Result<Vec<(i64, String)>, AppError> {
    ctx.scope(action)?;
    let lue = |id: i64| scope_session(&ctx.acteur, action, id).is_ok();
    let toutes = store::sessions::list(&ctx.app.db).await?;
    Ok(toutes
        .into_iter()
        .filter(|s| s.etat == "archivee" && lue(s.id))
        .map(|s| (s.annee, s.libelle))
        .collect())
}
