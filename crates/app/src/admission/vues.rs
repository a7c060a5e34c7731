//! Reading runs: dashboard, list, detail.

use domain::RuleViolation;
use domain::admission::{EtatPassage, Nature, jour_a_calculer, require_avant_publication};
use domain::droits::Action;
use jiff::Timestamp;
use store::Sql;
use store::admission as base;

pub use base::{Comptes, LigneGroupe};

use super::cible;
use super::programmer::{deprogrammable, programmable};
use super::sceau::{Bilan, read_bilan};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages;
use crate::sessions::{self, SessionAdmission};

/// A run, readable.
#[derive(Debug, Clone)]
pub struct Passage {
    /// In the address of the run’s page.
    pub public_id: String,
    /// Sent back by the forms: a run changed in between is a conflict.
    pub version: i64,
    /// Call orders of the session, or propositions of a day.
    pub nature: Nature,
    /// Day of the admission phase, from 1; 0 for the call orders.
    pub jour: i64,
    /// Decides which acts are offered.
    pub etat: EtatPassage,
    /// Instant of the campaign.
    pub calcule_le: Timestamp,
    /// Empty for a command or a job.
    pub calcule_par: String,
    /// Instant of the campaign; `None` until published.
    pub publie_le: Option<Timestamp>,
    /// Another person than `calcule_par`; empty until published.
    pub publie_par: String,
    /// SHA-256 of the frozen input, in hexadecimal: whoever holds the input computes it again.
    pub empreinte_entree: String,
    /// SHA-256 of the result, checked again before publication.
    pub empreinte_sortie: String,
    /// Version of the program that computed it, sealed with the rest.
    pub version_code: String,
    /// JSON of the settings that the engine received.
    pub parametres: String,
    /// Counts, durations and broken properties.
    pub bilan: Bilan,
    /// Also refused to whoever computed the run.
    pub publier: Possibilite,
    /// Only before publication.
    pub abandonner: Possibilite,
    /// Withdrawing courses from this day on (R-ADM-13): only a published day.
    pub retirer: Possibilite,
    /// Agreeing that the platform publishes it by itself: only a day, before `publication_prevue`, by a second person.
    pub programmer: Possibilite,
    /// Calling that off, before its instant.
    pub deprogrammer: Possibilite,
    /// What the calendar gives, as long as this person may agree to it.
    pub publication_prevue: Option<Timestamp>,
    /// `None`: nobody agreed, or it was called off.
    pub programmation: Option<Programmation>,
}

/// The agreement to publish a run at the instant of the calendar (R-ADM-40), and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programmation {
    /// Instant of the campaign.
    pub le: Timestamp,
    /// Who agreed.
    pub par: String,
    /// The agreement holds: the run waits for this instant, or is being published.
    pub en_cours: bool,
    /// It did not happen, or not yet: somebody has to act.
    pub a_agir: bool,
    /// All that in French.
    pub texte: String,
}

fn programmation(ctx: &Ctx, etat: EtatPassage, l: &base::LignePassage) -> Option<Programmation> {
    let (le, par) = (instant(l.programme_le?), l.programme_par_nom.clone());
    let quand = messages::date_heure(le);
    let passee = require_avant_publication(le, ctx.campagne_le).is_err();
    let (en_cours, a_agir, texte) = match (etat, &l.programme_refus) {
        (EtatPassage::Publie, _) => {
            (false, false, format!("Sa publication était programmée le {quand}, par {par}."))
        }
        (EtatPassage::Abandonne, _) => (
            false,
            false,
            format!("La publication programmée le {quand} par {par} ne vaut plus : ce calcul est abandonné."),
        ),
        (EtatPassage::Calcule, Some(motif)) => (
            false,
            true,
            format!(
                "La publication programmée le {quand} par {par} n’a pas eu lieu. {motif} Le passage reste calculé, rien n’est \
                 publié : une personne doit agir."
            ),
        ),
        (EtatPassage::Calcule, None) if passee => (
            true,
            true,
            format!(
                "L’heure de la publication programmée le {quand} par {par} est passée : la plateforme publie. Si rien n’a changé \
                 dans quelques minutes, une personne doit agir : publier le passage, ou l’abandonner."
            ),
        ),
        (EtatPassage::Calcule, None) => {
            (true, false, format!("Publication programmée le {quand}, par {par}."))
        }
    };
    Some(Programmation { le, par, en_cours, a_agir, texte })
}

/// Whether the person may do something now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Possibilite {
    /// Right, step and state agree: the button shows.
    Oui,
    /// Has the right, but not now: why, in French.
    PasMaintenant(String),
    /// Has not the right: nothing is shown.
    Non,
}

impl Possibilite {
    pub(super) fn new(droit: bool, regle: Result<(), RuleViolation>) -> Self {
        match (droit, regle) {
            (false, _) => Self::Non,
            (true, Ok(())) => Self::Oui,
            (true, Err(r)) => Self::PasMaintenant(messages::regle(&r)),
        }
    }

    /// May be done now.
    pub fn is_oui(&self) -> bool {
        *self == Self::Oui
    }

    /// Why not now.
    pub fn motif(&self) -> Option<&str> {
        match self {
            Self::PasMaintenant(motif) => Some(motif),
            _ => None,
        }
    }
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

async fn readable(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    l: base::LignePassage,
) -> Result<Passage, AppError> {
    let illisible = || AppError::Internal(format!("passage {}", l.public_id));
    let nature = Nature::from_code(&l.nature).ok_or_else(illisible)?;
    let etat = EtatPassage::from_code(&l.etat).ok_or_else(illisible)?;
    let droit = |action| ctx.may(action, &cible(session));
    let vivant = session.require_ouverte().and_then(|()| etat.require_calcule());
    let publier = vivant
        .clone()
        .and_then(|()| domain::admission::require_deuxieme_personne(l.calculateur(), ctx.signataire()))
        .and_then(|()| session.calendrier.require_any_open(nature.etapes(), ctx.campagne_le));
    let retirer = match (nature, etat) {
        (Nature::Propositions, EtatPassage::Publie) => Possibilite::new(
            droit(Action::CalculerPassage),
            session.require_ouverte().and_then(|()| {
                session.calendrier.require_any_open(Nature::Retrait.etapes(), ctx.campagne_le)
            }),
        ),
        _ => Possibilite::Non,
    };
    let prevue = match (nature, etat) {
        (Nature::Propositions, EtatPassage::Calcule) => {
            programmable(ctx, session, nature, &l, sessions::heure_publication(c, session.id).await?)
        }
        _ => vivant.clone().and(Err(RuleViolation::PublicationSansHeure)),
    };
    let deprogrammer = vivant.clone().and_then(|()| deprogrammable(ctx, session, &l));
    let publie = droit(Action::PublierPassage);
    Ok(Passage {
        nature,
        etat,
        retirer,
        programmation: programmation(ctx, etat, &l),
        publication_prevue: prevue.as_ref().ok().copied(),
        programmer: Possibilite::new(publie, prevue.map(|_| ())),
        deprogrammer: Possibilite::new(publie, deprogrammer),
        calcule_le: instant(l.calcule_le),
        publie_le: l.publie_le.map(instant),
        bilan: read_bilan(&l.bilan),
        publier: Possibilite::new(publie, publier),
        abandonner: Possibilite::new(droit(Action::CalculerPassage), vivant),
        public_id: l.public_id,
        version: l.version,
        jour: l.jour,
        calcule_par: l.calcule_par_nom,
        publie_par: l.publie_par_nom,
        empreinte_entree: l.empreinte_entree,
        empreinte_sortie: l.empreinte_sortie,
        version_code: l.version_code,
        parametres: l.parametres,
    })
}

/// Runs of a session, newest first.
///
/// # Errors
/// Without the right to read runs.
pub async fn passages(ctx: &Ctx, annee: i64, limite: i64, saut: i64) -> Result<Vec<Passage>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let mut lus = Vec::new();
    for l in base::passages(&ctx.app.db, session.id, limite, saut).await? {
        lus.push(readable(ctx, &ctx.app.db, &session, l).await?);
    }
    Ok(lus)
}

/// One run.
///
/// # Errors
/// [`AppError::NotFound`], or without the right to read runs.
pub async fn passage(ctx: &Ctx, annee: i64, public_id: &str) -> Result<Passage, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let ligne = base::passage(&ctx.app.db, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    readable(ctx, &ctx.app.db, &session, ligne).await
}

/// Groups of a day or of a withdrawal, those with most propositions first.
///
/// # Errors
/// [`AppError::NotFound`], or without the right to read runs.
pub async fn groupes_du_passage(
    ctx: &Ctx,
    annee: i64,
    public_id: &str,
    limite: i64,
    saut: i64,
) -> Result<Vec<LigneGroupe>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let ligne = base::passage(&ctx.app.db, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    Ok(base::groupes_du_passage(&ctx.app.db, ligne.id, limite, saut).await?)
}

/// A group set aside by the checks, named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ecarte {
    /// Label of the course.
    pub formation: String,
    /// Its name, that of the session.
    pub etablissement: String,
    /// Broken properties, « P1, P4 ».
    pub proprietes: String,
}

/// The groups that a run set aside (the first hundred).
///
/// # Errors
/// Without the right to read runs.
pub async fn groupes_ecartes(ctx: &Ctx, annee: i64, passage: &Passage) -> Result<Vec<Ecarte>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let ecartes: Vec<_> = passage.bilan.ecartes.iter().take(100).collect();
    let cles: Vec<i64> = ecartes.iter().map(|e| e.groupe).collect();
    let noms = base::noms_groupes(&ctx.app.db, &cles).await?;
    Ok(noms
        .into_iter()
        .map(|nom| Ecarte {
            proprietes: ecartes
                .iter()
                .find(|e| e.groupe == nom.id)
                .map(|e| e.proprietes.join(", "))
                .unwrap_or_default(),
            formation: nom.formation,
            etablissement: nom.etablissement,
        })
        .collect())
}

/// What the national team sees first.
#[derive(Debug, Clone)]
pub struct TableauNational {
    /// Year of the session, in the addresses of the page.
    pub annee: i64,
    /// Of the session, for the title.
    pub libelle: String,
    /// How far rankings, rates, wishes and propositions are.
    pub comptes: Comptes,
    /// Day of the admission phase (≤ 0 before).
    pub jour: i32,
    /// The call orders, computed or published; `None` before, or once abandoned.
    pub ordre: Option<Passage>,
    /// The run of the last day, abandoned ones apart.
    pub dernier: Option<Passage>,
    /// A withdrawal that waits to be published.
    pub retrait: Option<Passage>,
    /// Waits for every ranking and every rate.
    pub calculer_ordre: Possibilite,
    /// Waits for the published call orders and the publication of the day before.
    pub calculer_jour: Possibilite,
}

/// The last run of a nature that is not abandoned.
pub(super) async fn en_vigueur(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    nature: Nature,
) -> Result<Option<Passage>, AppError> {
    match base::passage_en_vigueur(c, session.id, nature.code(), i64::MAX).await? {
        Some(l) => readable(ctx, c, session, l).await.map(Some),
        None => Ok(None),
    }
}

/// Where the campaign stands, and what forbids each computation now.
pub(super) struct Situation {
    comptes: Comptes,
    ordre: Option<Passage>,
    dernier: Option<Passage>,
    retrait: Option<Passage>,
    pour_ordre: Result<(), RuleViolation>,
    pour_jour: Result<(), RuleViolation>,
}

impl Situation {
    /// What forbids computing now.
    ///
    /// # Errors
    /// The rule.
    pub(super) fn obstacle(self, nature: Nature) -> Result<(), RuleViolation> {
        match nature {
            Nature::OrdreAppel => self.pour_ordre,
            Nature::Propositions | Nature::Retrait => self.pour_jour,
        }
    }
}

pub(super) async fn situation(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
) -> Result<Situation, AppError> {
    use RuleViolation as R;
    let comptes = base::comptes(c, session.id).await?;
    let ordre = en_vigueur(ctx, c, session, Nature::OrdreAppel).await?;
    let dernier = en_vigueur(ctx, c, session, Nature::Propositions).await?;
    let retrait = match base::retrait_calcule(c, session.id).await? {
        Some(l) => Some(readable(ctx, c, session, l).await?),
        None => None,
    };
    let groupes = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let pour_ordre = session
        .require_ouverte()
        .and_then(|()| session.calendrier.require_any_open(Nature::OrdreAppel.etapes(), ctx.campagne_le))
        .and_then(|()| match &ordre {
            Some(_) => Err(R::PassageExistant),
            None if comptes.classements_manquants > 0 => {
                Err(R::ClassementsManquants { groupes: groupes(comptes.classements_manquants) })
            }
            None if comptes.taux_manquants > 0 => {
                Err(R::TauxManquants { groupes: groupes(comptes.taux_manquants) })
            }
            None => Ok(()),
        });
    let pour_jour = session
        .require_ouverte()
        .and_then(|()| jour_a_calculer(&session.calendrier, ctx.campagne_le))
        .and_then(|jour| match (&ordre, &dernier) {
            (Some(o), _) if o.etat != EtatPassage::Publie => Err(R::OrdreAppelManquant),
            (None, _) => Err(R::OrdreAppelManquant),
            (_, Some(d)) if d.jour >= i64::from(jour) => Err(R::PassageExistant),
            (_, Some(d)) if d.etat != EtatPassage::Publie => {
                Err(R::PassageEnAttente { jour: i32::try_from(d.jour).unwrap_or(0) })
            }
            _ if retrait.is_some() => Err(R::RetraitEnAttente),
            _ => Ok(()),
        });
    Ok(Situation { comptes, ordre, dernier, retrait, pour_ordre, pour_jour })
}

/// Counts, runs, and what may be done now.
///
/// # Errors
/// Without the right to read runs.
pub async fn tableau_national(ctx: &Ctx, annee: i64) -> Result<TableauNational, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let droit = ctx.may(Action::CalculerPassage, &cible(&session));
    let Situation { comptes, ordre, dernier, retrait, pour_ordre, pour_jour } =
        situation(ctx, db, &session).await?;
    Ok(TableauNational {
        annee,
        jour: session.calendrier.jour_admission(ctx.campagne_le),
        calculer_ordre: Possibilite::new(droit, pour_ordre),
        calculer_jour: Possibilite::new(droit, pour_jour),
        libelle: session.libelle,
        comptes,
        ordre,
        dernier,
        retrait,
    })
}
