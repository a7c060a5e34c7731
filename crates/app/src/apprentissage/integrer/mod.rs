//! R-APP-08, R-APP-10, R-APP-14: records that are ready become courses of the session; what the catalogue changes of them later follows,
//! and never what the establishment typed; a record that is closed or refused closes its course.

mod annonce;
mod creer;
mod demander;
mod nommer;
mod part;
mod suivre;

use std::collections::HashMap;

pub(crate) use demander::integrate_asked;
pub use demander::{SuiviIntegration, ask_integration, view_integration};
use domain::RuleViolation;
use domain::apprentissage::{ActeurStatut, Fiche, Statut, constats, ouverture_tardive};
use domain::calendrier::{Fenetre, jour_paris};
use domain::droits::{Action, Cible, Permit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::apprentissage::{
    self as base, EvenementAEcrire, FicheAIntegrer, NouveauStatut, PartDuCatalogue, Tenues,
};
use store::imports;
use store::{Ecriture, Tx};
use tokio::runtime::Handle;

use self::nommer::Noms;
use super::{read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::imports::{Liens, relier};
use crate::journal::{Acte, record};
use crate::messages::accord;
use crate::sessions::{self, SessionAdmission};

/// What an integration did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BilanIntegration {
    /// Courses made, as drafts that their establishment completes.
    pub creees: u64,
    /// Courses that the session had already.
    pub rattachees: u64,
    /// Courses of which the catalogue changed its part.
    pub mises_a_jour: u64,
    /// Courses that another establishment takes over.
    pub cedees: u64,
    /// Records whose course candidates read from now on.
    pub publiees: u64,
    /// Courses closed for good.
    pub fermees: u64,
    /// Courses suspended, because candidates wish them.
    pub suspendues: u64,
    /// Closed courses that are drafts again.
    pub rouvertes: u64,
    /// Records that the platform cannot take.
    pub rejetees: u64,
    /// Establishments made.
    pub etablissements: u64,
    /// R-APP-18: establishments made before, and named now.
    pub nommes: u64,
    /// R-APP-19: ready records that wait until somebody compares them with a course of their establishment.
    pub a_comparer: u64,
}

impl BilanIntegration {
    /// Records that something was done about.
    pub const fn total(&self) -> u64 {
        self.creees
            + self.rattachees
            + self.mises_a_jour
            + self.cedees
            + self.publiees
            + self.fermees
            + self.suspendues
            + self.rouvertes
            + self.rejetees
    }

    /// What it did, in French, nothing that it did not: « 2 formations créées ».
    pub fn faits(&self) -> Vec<String> {
        [
            (self.creees, "formation créée", "formations créées"),
            (self.etablissements, "établissement ajouté", "établissements ajoutés"),
            (
                self.nommes,
                "établissement nommé d’après le répertoire",
                "établissements nommés d’après le répertoire",
            ),
            (self.rattachees, "formation rattachée à sa fiche", "formations rattachées à leur fiche"),
            (self.mises_a_jour, "formation mise à jour", "formations mises à jour"),
            (
                self.cedees,
                "formation passée à un autre établissement",
                "formations passées à un autre établissement",
            ),
            (self.rouvertes, "formation rouverte", "formations rouvertes"),
            (self.publiees, "fiche publiée", "fiches publiées"),
            (self.fermees, "formation fermée", "formations fermées"),
            (self.suspendues, "formation suspendue", "formations suspendues"),
            (self.rejetees, "fiche rejetée", "fiches rejetées"),
            (
                self.a_comparer,
                "fiche à comparer d’abord avec une formation déclarée",
                "fiches à comparer d’abord avec une formation déclarée",
            ),
        ]
        .into_iter()
        .filter(|(combien, ..)| *combien > 0)
        .map(|(combien, un, des)| accord(combien, un, des))
        .collect()
    }

    /// One line, in French.
    pub fn phrase(&self) -> String {
        format!(
            "{} ({}, {}), {}, {}, {}, {}, {}, {}, {} ; {}, {}",
            accord(self.creees, "formation créée", "formations créées"),
            accord(self.etablissements, "établissement ajouté", "établissements ajoutés"),
            accord(self.nommes, "nommé d’après le répertoire", "nommés d’après le répertoire"),
            accord(self.rattachees, "rattachée", "rattachées"),
            accord(self.mises_a_jour, "mise à jour", "mises à jour"),
            accord(self.cedees, "passée à un autre établissement", "passées à un autre établissement"),
            accord(self.rouvertes, "rouverte", "rouvertes"),
            accord(self.publiees, "publiée", "publiées"),
            accord(self.fermees, "fermée", "fermées"),
            accord(self.suspendues, "suspendue", "suspendues"),
            accord(self.rejetees, "fiche rejetée", "fiches rejetées"),
            accord(self.a_comparer, "fiche à comparer", "fiches à comparer")
        )
    }
}

/// R-APP-08: makes courses of the records that are ready. Done again, it does nothing.
///
/// # Errors
/// [`AppError::Denied`]; [`domain::RuleViolation::SessionArchivee`]; [`AppError::NotFound`] for an unknown session;
/// [`AppError::Conflict`] when somebody decided meanwhile of a record that became ready after the reading began: nothing is done.
pub async fn integrate(ctx: &Ctx, annee: i64) -> Result<BilanIntegration, AppError> {
    let ctx = ctx.clone();
    apart(move |poignee| poignee.block_on(integrate_here(&ctx, annee))).await
}

/// Thousands of records at once: on a thread of its own, where nothing waits for it but whoever asked.
async fn apart<T: Send + 'static>(
    integration: impl FnOnce(Handle) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let poignee = Handle::current();
    tokio::task::spawn_blocking(move || integration(poignee)).await.map_err(AppError::internal)?
}

async fn integrate_here(ctx: &Ctx, annee: i64) -> Result<BilanIntegration, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    session.require_ouverte()?;
    let bilan = run(&tx, ctx, &permit, &session).await?;
    tx.commit().await?;
    Ok(bilan)
}

/// The same in the open session, once a day of the campaign: the first maintenance of the day, so that a missed night repairs itself.
/// Gives how many records something was done about.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn integrate_courante(ctx: &Ctx) -> Result<u64, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(session) => session,
        Err(AppError::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let jour = |ms: i64| Timestamp::from_millisecond(ms).map(jour_paris).ok();
    let derniere = base::last_integration(db, session.id).await?.and_then(jour);
    if derniere >= Some(jour_paris(ctx.campagne_le)) || !base::has_a_integrer(db, session.id).await? {
        return Ok(0);
    }
    Ok(integrate(ctx, session.annee).await?.total())
}

/// A record with what it says.
struct Une {
    l: FicheAIntegrer,
    fiche: Fiche,
    statut: Statut,
    /// That of its row, as this run leaves it.
    version: i64,
}

async fn read_all(tx: &Tx, session: i64) -> Result<Vec<Une>, AppError> {
    let mut toutes = Vec::new();
    for l in base::a_integrer(tx, session).await? {
        let (fiche, statut, version) = (read(&l.contenu)?, statut(&l.statut)?, l.version);
        toutes.push(Une { l, fiche, statut, version });
    }
    Ok(toutes)
}

async fn run(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    session: &SessionAdmission,
) -> Result<BilanIntegration, AppError> {
    base::hold_fiches(tx, session.id, Tenues::AIntegrer).await?;
    let noms = Noms::hold(tx, session.id).await?;
    // Establishments before their courses, as whoever corrects a name writes them: each would wait for the other. And before the reading:
    // what a course says follows the name and the town of its establishment.
    noms.write(tx, &ctx.ecriture(permit)).await?;
    let toutes = read_all(tx, session.id).await?;
    let jours = late_days(tx, ctx, session.id).await?;
    let tardive = ouverture_tardive(&session.calendrier, jours, ctx.campagne_le).map(|r| r.fenetre);
    let mut atelier = Atelier {
        tx,
        ctx,
        permit,
        e: ctx.ecriture(permit),
        session,
        bilan: BilanIntegration { nommes: noms.combien(), ..BilanIntegration::default() },
        derniers: base::last_acts(tx, session.id).await?.into_iter().collect(),
        tardive,
        rattachements: Vec::new(),
        statuts: Vec::new(),
        parts: Vec::new(),
        evenements: Vec::new(),
        ouvertes: Vec::new(),
        touchees: annonce::Touchees::default(),
    };
    atelier.hold_courses(&toutes, &noms).await?;
    noms.rename_courses(tx, session.id).await?;
    let (avec, sans): (Vec<Une>, Vec<Une>) =
        toutes.into_iter().partition(|u| u.l.formation_session_id.is_some());
    let prets = atelier.reject(sans)?;
    if !prets.is_empty() {
        atelier.create(prets).await?;
    }
    let avec = atelier.hand_over(avec).await?;
    atelier.follow(avec).await?;
    let Atelier { e, bilan, rattachements, statuts, parts, evenements, ouvertes, touchees, .. } = atelier;
    base::attach(tx, &e, &rattachements).await?;
    base::set_statuts(tx, &e, &statuts).await?;
    base::update_parts(tx, &e, &parts).await?;
    base::add_evenements(tx, &e, evenements).await?;
    if let Some(f) = tardive {
        base::open_until(tx, &e, &ouvertes, (f.ouvre.as_millisecond(), f.ferme.as_millisecond())).await?;
    }
    touchees.tell(tx, ctx, permit, session, tardive.map(|f| f.ferme)).await?;
    if bilan.creees > 0 {
        let types = store::nomenclatures::types(tx, session.id).await?;
        relier(tx, Some(&e), (session.id, true), &types, &mut Liens::default()).await?;
    }
    let compte = serde_json::to_value(bilan).map_err(AppError::internal)?;
    imports::record_import(tx, &e, base::INTEGRATION, session.id, "", "", &compte.to_string()).await?;
    if bilan.total() + bilan.nommes > 0 {
        let acte = Acte {
            objet: "fiche_apprentissage",
            objet_id: "integration",
            avant: None,
            apres: Some(json!({ "session": session.annee, "bilan": compte })),
        };
        record(tx, ctx, permit, &acte).await?;
    }
    Ok(bilan)
}

/// R-APP-21: days that a record which arrives late gives to complete its course: setting `fiche_tardive_jours`. A session opened before the
/// setting existed gives those of an accepted request.
async fn late_days(tx: &Tx, ctx: &Ctx, session: i64) -> Result<u32, AppError> {
    match store::sessions::parametre(tx, session, "fiche_tardive_jours").await? {
        None => Ok(ctx.app.limites.suite_demande_jours),
        Some(_) => sessions::parametre_entier(tx, session, "fiche_tardive_jours").await,
    }
}

struct Atelier<'a> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    permit: &'a Permit,
    e: Ecriture<'a>,
    session: &'a SessionAdmission,
    bilan: BilanIntegration,
    /// What integration last did of the closed courses, by record.
    derniers: HashMap<i64, String>,
    /// Records, as they were read, and the courses that they take. These and what follows are written together at the end: nothing of a
    /// run reads them.
    rattachements: Vec<((i64, i64), i64)>,
    statuts: Vec<((i64, i64), NouveauStatut)>,
    parts: Vec<((i64, i64), PartDuCatalogue)>,
    evenements: Vec<EvenementAEcrire>,
    /// R-APP-21: from when to when the courses of records that arrive now may be completed; `None`: as long as the calendar says.
    tardive: Option<Fenetre>,
    /// The records whose courses are open so.
    ouvertes: Vec<i64>,
    touchees: annonce::Touchees,
}

impl Atelier<'_> {
    fn event(&mut self, une: &Une, quoi: &str, vers: Option<(Statut, Option<String>)>) {
        let (statut, raison) = vers.unzip();
        self.touchees.note(une, quoi);
        self.evenements.push(EvenementAEcrire {
            fiche: une.l.id,
            issue: "decision",
            detail: json!({ "quoi": quoi }).to_string(),
            statut_avant: statut.map(|_| une.statut.code()),
            statut: statut.map(Statut::code),
            raison: raison.flatten(),
        });
    }

    /// R-APP-21: its establishment completes it, although its steps are closed or soon will be.
    fn open_late(&mut self, une: &Une) {
        if self.tardive.is_some() {
            self.ouvertes.push(une.l.id);
        }
    }

    fn attach(&mut self, une: &mut Une, formation_session: i64) {
        self.rattachements.push(((une.l.id, une.version), formation_session));
        une.version += 1;
    }

    fn set(
        &mut self,
        une: &mut Une,
        vers: Statut,
        raison: Option<String>,
        en_ligne: bool,
    ) -> Result<(), AppError> {
        if vers != une.statut && !une.statut.peut_devenir(vers, ActeurStatut::Plateforme) {
            return Err(
                RuleViolation::ForbiddenTransition { from: une.statut.code(), event: vers.code() }.into()
            );
        }
        // Neither what is ready nor what has a course repeats another record.
        let nouveau = NouveauStatut { statut: vers.code(), raison, doublon_de: None, en_ligne };
        self.statuts.push(((une.l.id, une.version), nouveau));
        une.version += 1;
        Ok(())
    }

    /// Leaves out the records that cannot be taken, with the reason.
    fn reject(&mut self, fiches: Vec<Une>) -> Result<Vec<Une>, AppError> {
        let mut prets = Vec::with_capacity(fiches.len());
        for mut une in fiches {
            let manques: Vec<&str> =
                constats(&une.fiche).into_iter().filter(|c| c.is_bloquant()).map(|c| c.a_faire()).collect();
            if manques.is_empty() {
                prets.push(une);
                continue;
            }
            let raison = manques.join(" ");
            self.event(&une, "rejet", Some((Statut::Rejete, Some(raison.clone()))));
            self.set(&mut une, Statut::Rejete, Some(raison), false)?;
            self.bilan.rejetees += 1;
        }
        Ok(prets)
    }

    fn publish(&mut self, une: &mut Une) -> Result<(), AppError> {
        self.event(une, "publication", Some((Statut::Publie, None)));
        self.bilan.publiees += 1;
        self.set(une, Statut::Publie, None, true)
    }
}
