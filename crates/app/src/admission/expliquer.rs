//! Why a wish stands where it does on a day, from the records of the runs alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::admission::Nature;
use domain::droits::Action;
use domain::{PublicId, RuleViolation};
use engine::explication::{Cause, Explication, ExplicationOrdre, Situation, explain, explain_ordre};
use engine::propositions::{Entree, Options, Sortie, compute_with};
use phrases::{Noms, Personne, Texte, explain_rang, explain_voeu};
use store::Sql;
use store::admission::{self as base, LignePassage, VoeuNomme};

use super::jour::RETENU;
use super::proces_verbal::{Ecart, Maillon, Ouvert};
use super::sceau::{public_key, read_bilan};
use super::{cible, jour, ordre_appel};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;

/// A wish explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplicationVoeu {
    /// That day.
    pub jour: Explication,
    /// In the ranking; `None` for a course that does not rank, or a wish that it has not ranked.
    pub ordre: Option<ExplicationOrdre>,
    /// How the wishes of the candidate are called, by their position in the day.
    pub noms: BTreeMap<u32, String>,
}

impl ExplicationVoeu {
    /// The same in French, for this reader: the call rank where the course ranks, then the day. `candidat`: how the candidate is
    /// called, without article, for whoever reads the runs.
    pub fn textes(&self, personne: Personne, candidat: &str, jour: i64) -> Vec<Texte> {
        let nom = |n: u32| self.noms.get(&n).cloned().unwrap_or_else(|| "un autre vœu".to_owned());
        let ordre = self.ordre.as_ref().map(|o| explain_rang(o, personne, candidat, &nom(self.jour.voeu)));
        let jour = i32::try_from(jour).unwrap_or(i32::MAX);
        let noms = Noms { personne, candidat: candidat.to_owned(), voeu: &nom, jour };
        ordre.into_iter().chain([explain_voeu(&self.jour, &noms)]).collect()
    }
}

/// Explains a wish on a day: its record is opened, checked, and computed again.
///
/// # Errors
/// [`AppError::Denied`] to whoever may not read the runs; [`AppError::NotFound`] without such a wish, or when no run of that day
/// looked at it; [`RuleViolation::PassageAltere`] when a record is not what was signed.
pub async fn expliquer_voeu(
    ctx: &Ctx,
    annee: i64,
    jour: i64,
    voeu: &PublicId,
) -> Result<ExplicationVoeu, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let db = &ctx.app.db;
    let voeux = base::voeux_nommes(db, session.id, &[voeu.as_str()]).await?;
    let lui = voeux.iter().find(|v| v.public_id == voeu.as_str()).cloned().ok_or(AppError::NotFound)?;
    let du_jour = run(db, session.id, Nature::Propositions, jour).await?;
    let explication = with_day(ctx, session.id, &du_jour, move |ouvert| ouvert.explain(&lui, &voeux))
        .await?
        .ok_or(AppError::NotFound)?;
    let tx = ctx.begin().await?;
    let contenu = serde_json::json!({ "annee": annee, "jour": jour, "explication": true });
    record(
        &tx,
        ctx,
        &permit,
        &Acte { objet: "voeu", objet_id: voeu.as_str(), avant: None, apres: Some(contenu) },
    )
    .await?;
    tx.commit().await?;
    Ok(explication)
}

/// The run of exactly this day.
async fn run(c: &impl Sql, session: i64, nature: Nature, jour: i64) -> Result<LignePassage, AppError> {
    base::passage_en_vigueur(c, session, nature.code(), jour)
        .await?
        .filter(|p| p.jour == jour)
        .ok_or(AppError::NotFound)
}

async fn maillon(ctx: &Ctx, p: &LignePassage) -> Result<Maillon, AppError> {
    let bilan = read_bilan(&p.bilan);
    let octets = ctx.app.depot.read(&bilan.proces_verbal).await.map_err(AppError::internal)?;
    Ok(Maillon { nom: format!("Passage {}", p.public_id), octets, signature: bilan.signature })
}

fn altered(ecart: &Ecart) -> AppError {
    tracing::error!(%ecart, "le procès-verbal n’est plus celui qui a été signé");
    RuleViolation::PassageAltere.into()
}

/// Opens the record of a day and that of the call orders, checks them and computes the day again, once, then asks `quoi` of it: as many
/// wishes as wanted. At the size of a country that takes tens of seconds, off the threads that answer pages.
///
/// # Errors
/// [`RuleViolation::PassageAltere`] when a record is not what was signed; those of `quoi`.
pub(super) async fn with_day<T: Send + 'static>(
    ctx: &Ctx,
    session: i64,
    du_jour: &LignePassage,
    quoi: impl FnOnce(&JourOuvert) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let ordres = run(&ctx.app.db, session, Nature::OrdreAppel, 0).await?;
    let (du_jour, ordres) = (maillon(ctx, du_jour).await?, maillon(ctx, &ordres).await?);
    let (depot, attente) = (Arc::clone(&ctx.app.depot), tokio::runtime::Handle::current());
    let cle = public_key(ctx).to_bytes();
    tokio::task::spawn_blocking(move || {
        let lire = |empreinte: &str| attente.block_on(depot.read(empreinte));
        let du_jour = Ouvert::open(&du_jour, &cle, &lire).map_err(|e| altered(&e))?;
        let ordres = Ouvert::open(&ordres, &cle, &lire).map_err(|e| altered(&e))?;
        quoi(&JourOuvert::new(&du_jour, &ordres)?)
    })
    .await
    .map_err(AppError::internal)?
}

/// A day as its record has it, computed again.
pub(super) struct JourOuvert {
    lecture: jour::Lecture,
    entree: Entree,
    sortie: Sortie,
    ordres: ordre_appel::Lecture,
}

impl JourOuvert {
    fn new(du_jour: &Ouvert, ordres: &Ouvert) -> Result<Self, AppError> {
        let lecture = du_jour.day().map_err(|e| altered(&e))?;
        let (entree, _) = lecture.freeze();
        let sortie = compute_with(&entree, &Options { reparation: true })
            .map_err(|refus| RuleViolation::DonneesRefusees { code: refus.code() })?;
        let ordres = ordres.rankings().map_err(|e| altered(&e))?;
        Ok(Self { lecture, entree, sortie, ordres })
    }

    /// Explains a wish, `voeux` being those of its candidate; `None` when the day did not look at it.
    ///
    /// # Errors
    /// When the engine cannot explain what it computed.
    pub(super) fn explain(
        &self,
        lui: &VoeuNomme,
        voeux: &[VoeuNomme],
    ) -> Result<Option<ExplicationVoeu>, AppError> {
        let lus = &self.lecture.voeux;
        let position =
            |id: i64| lus.binary_search_by_key(&id, |v| v.id).ok().and_then(|n| u32::try_from(n).ok());
        let Some(numero) = position(lui.id) else { return Ok(None) };
        let mut jour =
            explain(&self.entree, &self.sortie, numero).ok_or_else(|| AppError::internal("explication"))?;
        // R-ADM-12: for the engine a group withheld by the run is closed, as one suspended by its course; for people it is not.
        let retenu = self.lecture.groupes[jour.groupe as usize].admissions_suspendues == RETENU;
        if let (true, Situation::EnAttente(attente)) = (retenu, &mut jour.situation) {
            attente.cause = Cause::GroupeRetenu;
        }
        let ordre = match self.ordres.ranking(lui.groupe_classement, lui.candidat) {
            None => None,
            Some((groupe, place)) => explain_ordre(&groupe, place).map_err(AppError::internal)?,
        };
        let noms = voeux.iter().filter_map(|v| Some((position(v.id)?, nom(v)))).collect();
        Ok(Some(ExplicationVoeu { jour, ordre, noms }))
    }
}

/// « BTS Optique – Lycée Hugo, sans internat »; the boarding is told where there is one.
pub(super) fn nom(v: &VoeuNomme) -> String {
    let internat = match (v.avec_internat, v.internat) {
        (1, _) => ", avec internat",
        (_, 1) => ", sans internat",
        _ => "",
    };
    format!("{} – {}{internat}", v.formation, v.etablissement)
}
