//! R-IMP-11: what the platform does of a day apart from the request: it reads the files and says what would change, then applies what was
//! agreed to, in the name of who asked, with their rights of then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::apprentissage::{EtatJournee, Etendue};
use domain::droits::Permit;
use store::apprentissage::{self as base, EtapeJournee, LigneJournee};
use tokio::time::timeout;

use super::{AAppliquer, Demande, RapportGarde, etat, etendue, keep, permit};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::exploitation::au_nom_du_compte;
use crate::imports::{
    FichierRecu, FluxLu, ImportError, OptionsApprentissage, RapportApprentissage, import_apprentissage,
    import_journee, lire_recus,
};
use crate::messages;

/// How often a long reading tells where it is.
const PAS: Duration = Duration::from_secs(2);

/// Why a day did not go through.
enum Echec {
    /// Never will: in French, for who asked.
    Refus(String),
    /// May be tried again.
    Panne(AppError),
}

impl From<AppError> for Echec {
    fn from(e: AppError) -> Self {
        match e {
            AppError::Rule(r) => Self::Refus(messages::regle(&r)),
            AppError::Invalid(fautes) => {
                Self::Refus(fautes.into_iter().map(|(_, m)| m).collect::<Vec<_>>().join(" "))
            }
            AppError::Denied(_) => {
                Self::Refus("Le compte qui a demandé ce traitement n’en a plus le droit.".to_owned())
            }
            autre => Self::Panne(autre),
        }
    }
}

impl From<store::StoreError> for Echec {
    fn from(e: store::StoreError) -> Self {
        AppError::from(e).into()
    }
}

impl From<ImportError> for Echec {
    fn from(e: ImportError) -> Self {
        Self::Refus(e.to_string())
    }
}

/// Reads or applies the day that a task names. Done again, or once it is over, it does nothing.
///
/// # Errors
/// A breakdown, worth trying again; a refusal is written on the day.
pub(crate) async fn process_journee(ctx: &Ctx, donnees: &str) -> Result<(), AppError> {
    let demande: Demande = serde_json::from_str(donnees).map_err(AppError::internal)?;
    let Some(j) = base::journee(&ctx.app.db, &demande.journee).await? else { return Ok(()) };
    let etat = etat(&j)?;
    if !etat.is_en_cours() {
        return Ok(());
    }
    match work(ctx, &j, etat, demande.compte).await {
        Ok(()) => Ok(()),
        Err(Echec::Panne(e)) => Err(e),
        Err(Echec::Refus(message)) => {
            let etape =
                EtapeJournee { etat: EtatJournee::Refusee.code(), message: Some(&message), ..j.etape() };
            write(ctx, &permit(ctx)?, &j, &etape).await
        }
    }
}

async fn write(
    ctx: &Ctx,
    permit: &Permit,
    j: &LigneJournee,
    etape: &EtapeJournee<'_>,
) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    base::move_journee(&tx, &ctx.ecriture(permit), (j.id, j.version), etape).await?;
    Ok(tx.commit().await?)
}

async fn work(ctx: &Ctx, j: &LigneJournee, etat: EtatJournee, compte: Option<i64>) -> Result<(), Echec> {
    let ctx = &match compte {
        // An account that cannot sign in any more has no right left.
        Some(compte) => au_nom_du_compte(ctx, compte).await.map_err(|e| match e {
            AppError::NotFound => Echec::Refus("Le compte qui a demandé ce traitement est fermé.".to_owned()),
            autre => autre.into(),
        })?,
        None => ctx.clone(),
    };
    let permit = permit(ctx)?;
    let lu = read(ctx, &permit, j).await?;
    let options = OptionsApprentissage {
        appliquer: etat == EtatJournee::AAppliquer,
        session: Some(j.annee),
        flux: Some(j.flux.clone()),
        partiel: etendue(j)? == Etendue::Partielle,
        retraits_massifs: j.retraits == 1,
        perimetre: None,
    };
    if etat == EtatJournee::ALire {
        let rapport = import_apprentissage(ctx, &lu, &options).await?;
        return Ok(show(ctx, &permit, j, &rapport, None).await?);
    }
    let montre = j.rapport.as_deref().unwrap_or_default();
    let a_appliquer = AAppliquer { id: j.id, version: j.version, recue_le: j.cree_le, montre };
    let rapport = import_journee(ctx, &lu, &options, Some(&a_appliquer)).await?;
    if rapport.applique {
        return Ok(());
    }
    let message = "Les fiches de la session ont changé depuis que cette journée vous a été montrée : rien n’a été appliqué. Voici ce \
                   qu’elle changerait maintenant.";
    Ok(show(ctx, &permit, j, &rapport, Some(message)).await?)
}

/// The files, read where nothing waits for it but this.
async fn read(ctx: &Ctx, permit: &Permit, j: &LigneJournee) -> Result<FluxLu, Echec> {
    let mut fichiers = Vec::new();
    for (_, f) in base::fichiers_journees(&ctx.app.db, &[j.id]).await? {
        let octets = ctx.app.depot.get(&f.empreinte).await.map_err(AppError::internal)?;
        fichiers.push(FichierRecu { nom: f.nom, octets });
    }
    let lus = Arc::new(AtomicU64::new(0));
    let suivi = Arc::clone(&lus);
    let mut lecture = tokio::task::spawn_blocking(move || {
        lire_recus(&fichiers, &mut |octets| suivi.store(octets, Ordering::Relaxed))
    });
    let lu = loop {
        match timeout(PAS, &mut lecture).await {
            Ok(fini) => break fini.map_err(AppError::internal)?,
            Err(_) => note(ctx, permit, j.id, lus.load(Ordering::Relaxed)).await?,
        }
    };
    Ok(lu?)
}

async fn note(ctx: &Ctx, permit: &Permit, id: i64, lus: u64) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    base::note_lus(&tx, &ctx.ecriture(permit), id, i64::try_from(lus).unwrap_or(i64::MAX)).await?;
    Ok(tx.commit().await?)
}

/// Writes what the day would change: somebody decides on that.
async fn show(
    ctx: &Ctx,
    permit: &Permit,
    j: &LigneJournee,
    rapport: &RapportApprentissage,
    message: Option<&str>,
) -> Result<(), AppError> {
    let garde = RapportGarde::new(rapport);
    let cle = keep(ctx, garde.json()?.as_bytes()).await?;
    let bilan = serde_json::to_string(&rapport.compte).map_err(AppError::internal)?;
    let doute = rapport.doute();
    let vers = EtatJournee::lue(rapport.change(), doute.is_some());
    let etape = EtapeJournee {
        etat: vers.code(),
        retraits: false,
        message: doute.as_deref().or(message),
        bilan: Some(&bilan),
        rapport: Some(&cle),
        ..j.etape()
    };
    write(ctx, permit, j, &etape).await
}
