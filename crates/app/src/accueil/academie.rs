//! R-ACC-02: the queues of an academic service: what waits for it, since when, and what is late.

use domain::accueil::late_since;
use domain::apprentissage::Statut;
use domain::assistance::EtatAssistance;
use domain::droits::{Action, Scope, scope_session};
use domain::formations::controle::EtatControle;
use domain::formations::demandes::{EtatDemande, NatureDemande};
use store::accueil::Attente;
use store::apprentissage::{FiltreFiches, waiting_fiches};
use store::assistance::FiltreFile;
use store::echanges::waiting_fils;
use store::formations::{FiltreControle, FiltreDemandes, waiting_demandes, waiting_file, waiting_relectures};

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
    /// Records of the catalogue of apprenticeship.
    Fiches,
    /// Questions asked to the service.
    Questions,
    /// Conversations with messages that the person has not read.
    Echanges,
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
}

impl AttenteService {
    fn new(file: FileService, a: Attente) -> Self {
        Self { file, nombre: a.nombre, depuis: a.depuis, en_retard: a.en_retard, natures: Vec::new() }
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
    let avant = late_since(ctx.campagne_ms(), ctx.app.limites.attente_jours * JOUR_MS);
    let scope = |action: Action| -> Option<Scope> { scope_session(&ctx.acteur, action, session).ok() };
    let mut files = Vec::new();
    if let Some(scope) = scope(Action::ControlerFormation) {
        let etat = EtatControle::Soumise.code();
        let filtre = FiltreControle { session, etat, famille: None, departement: None };
        let a = waiting_file(db, &scope, &filtre, avant).await?;
        files.push(AttenteService::new(FileService::Controles, a));
    }
    if let Some(scope) = scope(Action::SuivreParametrage) {
        let a = waiting_relectures(db, &scope, session, avant).await?;
        files.push(AttenteService::new(FileService::Capacites, a));
    }
    if let Some(scope) = scope(Action::DeciderDemande) {
        let filtre = FiltreDemandes {
            session,
            etat: Some(EtatDemande::Deposee.code()),
            nature: None,
            transmises: false,
            recues: false,
            sans_accord: false,
        };
        files.push(AttenteService::of_demandes(waiting_demandes(db, &scope, &filtre, avant).await?));
    }
    if let Some(scope) = scope(Action::DeciderApprentissage) {
        let statuts = Statut::ALL.into_iter().filter(|s| s.is_a_traiter()).map(Statut::code).collect();
        let filtre = FiltreFiches { session, statuts, ..FiltreFiches::default() };
        let a = waiting_fiches(db, &scope, &filtre, avant).await?;
        files.push(AttenteService::new(FileService::Fiches, a));
    }
    if scope(Action::TraiterAssistance).is_some() {
        let etats =
            EtatAssistance::ALL.into_iter().filter(|e| e.attend()).map(EtatAssistance::code).collect();
        let filtre = FiltreFile { etats, ..FiltreFile::default() };
        let siennes = perimetre_service(ctx, session)?;
        let a = store::assistance::waiting_file(db, session, &siennes, &filtre, avant).await?;
        files.push(AttenteService::new(FileService::Questions, a));
    }
    if let (Some(scope), Some(compte)) = (scope(Action::ConsulterEchanges), ctx.acteur.compte) {
        let a = waiting_fils(db, &scope, session, compte, avant).await?;
        files.push(AttenteService::new(FileService::Echanges, a));
    }
    Ok(files)
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
