//! Loading the public offer: read, compare with the base, show what would change, apply in one transaction.
//!
//! The file is read without the database ([`lire`]); [`import_offre`] compares and, when asked, applies. Faults refuse
//! the file; a second import of the same file changes nothing. See `docs/imports.md`.

mod appliquer;
mod apprentissage;
mod communes;
pub(crate) mod groupes;
mod ligne;
mod lire;
mod liste;
mod nomenclatures;
mod noter;
mod plan;
mod rapport;
mod registres;

pub use apprentissage::{
    CompteFiches, FLUX_CATALOGUE, FichierRecu, FluxLu, LigneRapport, OptionsApprentissage,
    RapportApprentissage, import_apprentissage, lire_catalogue, lire_perimetre,
};
pub(crate) use apprentissage::{
    change, import_journee, lire_recus, nom_flux, perimetre_of, restructure, write_day,
};
pub use communes::{CommunesLues, OptionsCommunes, RapportCommunes, import_communes, lire_communes};
pub use groupes::{GroupeImport, code_series, partager, series_from_code};
pub use ligne::{ChiffresPublies, DernierAppele, LigneImport};
pub use lire::{ImportError, OffreLue, lire};
pub(crate) use nomenclatures::relier;
pub use nomenclatures::{
    FichierLu, Liens, NomenclaturesLues, OptionsNomenclatures, RapportNomenclatures, import_nomenclatures,
    lire_nomenclatures,
};
pub use rapport::{ChangementMontre, Compte, RapportImport, SessionCible};
pub use registres::{
    OptionsRegistre, RapportRegistre, RegistreLu, import_registre, lire_diplomes, lire_organismes,
};

use domain::RuleViolation;
use domain::droits::{Action, Cible};
use store::imports as base;
use store::sessions::LigneSession;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use plan::{Connus, Plan};

/// What to do with what was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OptionsImport {
    /// Writes; otherwise only says what would change.
    pub appliquer: bool,
    /// Leaves out the lines at fault instead of refusing the file.
    pub ignorer_fautes: bool,
    /// Session that takes the offer; the year of the file otherwise.
    pub session: Option<i64>,
}

/// The session that an import writes to.
struct Cibles {
    annee: i64,
    ligne: Option<LigneSession>,
    /// State of the session to create: the open one when there is none, else reference data of a past year.
    etat: &'static str,
}

/// R-IMP-01, R-IMP-03: compares what was read with the base; applies it when asked and when the file has no fault, in
/// one transaction. What is already there is not written again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Rule`] when the session is archived and was not itself imported;
/// [`AppError::Invalid`] when the session to create would come after the open one.
pub async fn import_offre(
    ctx: &Ctx,
    lue: &OffreLue,
    options: OptionsImport,
) -> Result<RapportImport, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let cibles = cibles(ctx, options.session.unwrap_or(lue.annee)).await?;
    if lue.fautes() > 0 && !options.ignorer_fautes {
        return Ok(RapportImport::refuse(lue, &session_cible(&cibles)));
    }
    // One transaction reads what exists and writes what differs: nobody changes the offer in between.
    let tx = if options.appliquer { Some(ctx.begin().await?) } else { None };
    let id = cibles.ligne.as_ref().map(|l| l.id);
    let connus = match &tx {
        Some(tx) => Connus::load(tx, id, lue.annee_statistiques()).await?,
        None => Connus::load(&ctx.app.db, id, lue.annee_statistiques()).await?,
    };
    let plan = Plan::new(&lue.lignes, &connus);
    let mut rapport = RapportImport::new(lue, &session_cible(&cibles), &plan);
    if plan.is_empty() {
        return Ok(rapport);
    }
    if let Some(l) = &cibles.ligne
        && l.etat == "archivee"
        && !base::est_importee(&ctx.app.db, l.id).await?
    {
        return Err(RuleViolation::SessionArchivee.into());
    }
    if let Some(tx) = tx {
        appliquer::appliquer(ctx, tx, &permit, &cibles, lue, &plan, &mut rapport).await?;
    }
    Ok(rapport)
}

/// R-IMP-04: where the offer of a year goes.
async fn cibles(ctx: &Ctx, annee: i64) -> Result<Cibles, AppError> {
    let sessions = store::sessions::list(&ctx.app.db).await?;
    let ouverte = sessions.iter().find(|s| s.etat == "ouverte").map(|s| s.annee);
    let ligne = sessions.into_iter().find(|s| s.annee == annee);
    let etat = match ouverte {
        None => "ouverte",
        Some(o) if annee < o => "archivee",
        Some(o) if ligne.is_none() => {
            return Err(AppError::Invalid(vec![(
                "session",
                format!(
                    "La session {annee} n’existe pas et la session {o} est ouverte. Ouvrez d’abord la nouvelle session : \
                     parcoursup session ouvrir {annee} --depuis {o}"
                ),
            )]));
        }
        Some(_) => "ouverte",
    };
    Ok(Cibles { annee, ligne, etat })
}

fn session_cible(c: &Cibles) -> SessionCible {
    SessionCible {
        annee: c.annee,
        creee: c.ligne.is_none(),
        etat: c.ligne.as_ref().map_or(c.etat, |l| if l.etat == "archivee" { "archivee" } else { "ouverte" }),
    }
}
