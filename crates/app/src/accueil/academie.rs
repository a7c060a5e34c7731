//! R-ACC-02, R-ACC-05: the queues of an academic service, and the same over the whole country: what waits, since when, what is late.

use domain::RuleViolation;
use domain::accueil::late_since;
use domain::apprentissage::Statut;
use domain::assistance::EtatAssistance;
use domain::calendrier::Etape;
use domain::droits::{Action, Scope, scope_session};
use domain::formations::controle::EtatControle;
use domain::formations::demandes::{EtatDemande, NatureDemande};
use store::accueil::Attente;
use store::apprentissage::{FiltreFiches, waiting_fiches};
use store::assistance::FiltreFile;
use store::echanges::waiting_fils;
use store::formations::{
    FiltreControle, FiltreDemandes, FiltreRelectures, waiting_demandes, waiting_file, waiting_relectures,
};

use crate::assistance::perimetre_service;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::sessions;

/// A queue of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileService {
    /// Courses that were submitted.
    Controles,
    /// Capacities out of the ordinary, explained, that a second person confirms (R-CAP-05).
    Capacites,
    /// What establishments ask about the life of their courses.
    Demandes,
    /// Of these, what the academic services sent on to the national team.
    Transmises,
    /// Records of the catalogue of apprenticeship.
    Fiches,
    /// Questions asked to the service.
    Questions,
    /// Conversations with messages that the person has not read.
    Echanges,
    /// Establishments that have courses and nobody who answers for them (R-ACC-03): their head is to be invited.
    SansResponsable,
}

/// What waits in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttenteService {
    /// Which one.
    pub file: FileService,
    /// How many.
    pub nombre: i64,
    /// Since when the oldest waits, in milliseconds of the campaign; `None`: nothing waits.
    pub depuis: Option<i64>,
    /// How many wait for too long.
    pub en_retard: i64,
    /// Of requests: how many of each kind.
    pub natures: Vec<(NatureDemande, i64)>,
    /// The person opens the list; else it is somebody else's, of which they read how it stands.
    pub lisible: bool,
}

impl AttenteService {
    fn new(file: FileService, a: Attente) -> Self {
        Self {
            file,
            nombre: a.nombre,
            depuis: a.depuis,
            en_retard: a.en_retard,
            natures: Vec::new(),
            lisible: true,
        }
    }

    fn of_demandes(lignes: Vec<(String, Attente)>) -> Self {
        let mut toutes = Self::new(FileService::Demandes, Attente::default());
        for (nature, a) in lignes {
            toutes.nombre += a.nombre;
            toutes.en_retard += a.en_retard;
            toutes.depuis = toutes.depuis.into_iter().chain(a.depuis).min();
            toutes.natures.extend(NatureDemande::from_code(&nature).map(|n| (n, a.nombre)));
        }
        toutes
    }
}

/// R-ACC-02: what has waited for a service since this instant (milliseconds of the campaign), or before, is late.
pub(crate) fn retard(ctx: &Ctx) -> i64 {
    late_since(ctx.campagne_ms(), ctx.app.limites.attente_jours * JOUR_MS)
}

/// The queues of the person's service in a session, those that they answer; none in an archived session.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn view_attentes(ctx: &Ctx, annee: i64) -> Result<Vec<AttenteService>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    if session.archivee {
        return Ok(Vec::new());
    }
    let session = session.id;
    let avant = retard(ctx);
    let scope = |action: Action| -> Option<Scope> { scope_session(&ctx.acteur, action, session).ok() };
    let mut files = Vec::new();
    if let Some(scope) = scope(Action::SuivreParametrage) {
        let etat = EtatControle::Soumise.code();
        let filtre = FiltreControle { session, etat, ..FiltreControle::default() };
        let a = waiting_file(db, &scope, &filtre, avant).await?;
        files.push(AttenteService::new(FileService::Controles, a));
        let a = waiting_relectures(db, &scope, &FiltreRelectures::of(session), avant).await?;
        files.push(AttenteService::new(FileService::Capacites, a));
    }
    let demandes = |etat: EtatDemande| FiltreDemandes {
        session,
        etat: Some(etat.code()),
        nature: None,
        transmises: etat == EtatDemande::Transmise,
        recues: false,
        sans_accord: false,
        departement: None,
    };
    let (decidees, suivies) = (scope(Action::DeciderDemande), scope(Action::SuivreParametrage));
    let lisible = decidees.is_some();
    if let Some(scope) = decidees.or(suivies) {
        let lignes = waiting_demandes(db, &scope, &demandes(EtatDemande::Deposee), avant).await?;
        files.push(AttenteService { lisible, ..AttenteService::of_demandes(lignes) });
    }
    if let Some(scope) = scope(Action::AccorderDerogation) {
        let lignes = waiting_demandes(db, &scope, &demandes(EtatDemande::Transmise), avant).await?;
        let toutes = AttenteService::of_demandes(lignes);
        files.push(AttenteService { file: FileService::Transmises, natures: Vec::new(), ..toutes });
    }
    if let Some(scope) = scope(Action::DeciderApprentissage) {
        let statuts = Statut::ALL.into_iter().filter(|s| s.is_a_traiter()).map(Statut::code).collect();
        let filtre = FiltreFiches { session, statuts, ..FiltreFiches::default() };
        let a = waiting_fiches(db, &scope, &filtre, avant).await?;
        files.push(AttenteService::new(FileService::Fiches, a));
    }
    if scope(Action::TraiterAssistance).is_some() {
        files.push(questions(ctx, session, avant).await?);
    }
    if let (Some(scope), Some(compte)) = (scope(Action::ConsulterEchanges), ctx.acteur.compte) {
        let a = waiting_fils(db, &scope, session, compte, avant).await?;
        files.push(AttenteService::new(FileService::Echanges, a));
    }
    if let Some(scope) = scope(Action::InviterComptes) {
        let tous = store::comptes::FiltreResponsables { session, ..Default::default() };
        let nombre = store::comptes::count_sans_responsable(db, &scope, &tous).await?;
        // Nothing says since when.
        let a = Attente { nombre, ..Attente::default() };
        files.push(AttenteService::new(FileService::SansResponsable, a));
    }
    Ok(files)
}

async fn questions(ctx: &Ctx, session: i64, avant: i64) -> Result<AttenteService, AppError> {
    let etats = EtatAssistance::ALL.into_iter().filter(|e| e.attend()).map(EtatAssistance::code).collect();
    let filtre = FiltreFile { etats, ..FiltreFile::default() };
    let siennes = perimetre_service(ctx, session)?;
    let a = store::assistance::waiting_file(&ctx.app.db, session, &siennes, &filtre, avant).await?;
    Ok(AttenteService::new(FileService::Questions, a))
}

/// R-ACC-04: the questions that wait for the answer of those who administer the site of an establishment, for their home. `None`: the
/// person answers none, or the session is archived.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn view_questions(ctx: &Ctx, annee: i64) -> Result<Option<AttenteService>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    if session.archivee || scope_session(&ctx.acteur, Action::TraiterAssistance, session.id).is_err() {
        return Ok(None);
    }
    let avant = retard(ctx);
    Ok(Some(questions(ctx, session.id, avant).await?))
}

/// R-ACC-05: the same over the whole country, for the home of the national team, until the steps of the settings are over.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn view_attentes_nationales(ctx: &Ctx, annee: i64) -> Result<Vec<AttenteService>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let close = |etape| {
        let ouverte = session.calendrier.require_open(etape, ctx.campagne_le);
        matches!(ouverte, Err(RuleViolation::Closed { .. }))
    };
    if [Etape::Parametrage, Etape::CapacitesFrais].into_iter().all(close) {
        return Ok(Vec::new());
    }
    view_attentes(ctx, annee).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_acc_02_requests_of_every_kind_make_one_queue() {
        let a = |nombre, depuis, en_retard| Attente { nombre, depuis, en_retard };
        let toutes = AttenteService::of_demandes(vec![
            ("fermeture".to_owned(), a(2, Some(50), 1)),
            ("ouverture".to_owned(), a(1, Some(20), 1)),
        ]);
        assert_eq!((toutes.nombre, toutes.depuis, toutes.en_retard), (3, Some(20), 2));
        assert_eq!(toutes.natures, [(NatureDemande::Fermeture, 2), (NatureDemande::Ouverture, 1)]);
        let rien = AttenteService::of_demandes(Vec::new());
        assert_eq!((rien.nombre, rien.depuis, rien.en_retard), (0, None, 0));
    }
}
