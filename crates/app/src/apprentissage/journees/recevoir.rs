//! R-IMP-11: a day that arrives: looked at, kept, then read apart from the request.

use domain::apprentissage::{EtatJournee, Etendue};
use files::catalogue::{RefusRecu, check_recu, expected_names};
use serde_json::json;
use store::Sql;
use store::apprentissage::{self as base, FichierJournee, LigneJournee, NouvelleJournee};

use super::{content, enqueue, etat, keep, permit};
use crate::classements::short_name;
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde};
use crate::imports::{FichierRecu, nom_flux};
use crate::journal::{Acte, record};
use crate::references::require_sain;
use crate::sessions;

/// What somebody sends.
#[derive(Debug, Clone, Copy)]
pub struct EnvoiJournee<'a> {
    /// Where the records come from; the catalogue itself otherwise.
    pub flux: Option<&'a str>,
    /// Whether absence means removal; `None`: nobody said it, and the day is refused.
    pub etendue: Option<Etendue>,
    /// Parts of the same day.
    pub fichiers: &'a [FichierRecu],
}

/// A day that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reception {
    /// Its public identifier.
    pub id: String,
    /// It was here already: nothing was written.
    pub deja: bool,
}

/// Fields and what is wrong with them.
type Fautes = Vec<(&'static str, String)>;

fn invalid(message: String) -> AppError {
    AppError::Invalid(vec![("fichier", message)])
}

/// What a file is called: neither a path, nor what a line of a text cannot hold.
fn clean_name(nom: &str) -> String {
    short_name(nom).chars().filter(|c| !c.is_control()).collect()
}

fn check(f: &FichierRecu) -> Result<(), AppError> {
    let nom = clean_name(&f.nom);
    check_recu(&nom, &f.octets).map_err(|refus| {
        invalid(match refus {
            RefusRecu::Vide => format!("Le fichier « {nom} » est vide : retirez-le, ou envoyez le bon."),
            RefusRecu::Nom => {
                let attendus = expected_names();
                format!("Le nom du fichier « {nom} » n’annonce pas ce qui est attendu : {attendus}.")
            }
            RefusRecu::Signature => format!(
                "Fichier « {nom} » : son contenu n’est pas celui que son nom annonce. Vérifiez que c’est le bon fichier et qu’il n’a \
                 pas été abîmé, puis envoyez-le de nouveau."
            ),
        })
    })
}

/// FIC-1: each file is of the catalogue by its name and first bytes.
fn check_files(recus: &[FichierRecu], max: usize) -> Result<(), AppError> {
    if recus.is_empty() {
        return Err(invalid("Choisissez au moins un fichier : rien n’a été envoyé.".to_owned()));
    }
    if recus.len() > max {
        return Err(invalid(format!("Une journée tient en {max} fichiers au plus : réunissez-les.")));
    }
    recus.iter().try_for_each(check)
}

/// What is invalid joins the other faults, to be told with them; anything else is told at once.
fn gather<T>(lu: Result<T, AppError>, fautes: &mut Fautes) -> Result<Option<T>, AppError> {
    match lu {
        Ok(lu) => Ok(Some(lu)),
        Err(AppError::Invalid(siennes)) => {
            fautes.extend(siennes);
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Everything that is wrong in what was sent, told at once; its flow and its extent otherwise.
fn check_all<'a>(envoi: &EnvoiJournee<'a>, max: usize) -> Result<(&'a str, Etendue), AppError> {
    let mut fautes = Fautes::new();
    gather(check_files(envoi.fichiers, max), &mut fautes)?;
    if envoi.etendue.is_none() {
        let message = "Dites si les fichiers ont toutes les fiches, ou seulement ce qui change.";
        fautes.push(("etendue", message.to_owned()));
    }
    let flux = gather(nom_flux(envoi.flux), &mut fautes)?;
    match (flux, envoi.etendue) {
        (Some(flux), Some(etendue)) if fautes.is_empty() => Ok((flux, etendue)),
        _ => Err(AppError::Invalid(fautes)),
    }
}

/// FIC-2: the antivirus lets each file through; then it is in the depot.
async fn deposit(ctx: &Ctx, recus: &[FichierRecu]) -> Result<Vec<FichierJournee>, AppError> {
    let mut fichiers = Vec::with_capacity(recus.len());
    for f in recus {
        require_sain(ctx, &f.octets).await?;
        fichiers.push(FichierJournee {
            nom: clean_name(&f.nom),
            empreinte: keep(ctx, &f.octets).await?,
            taille: i64::try_from(f.octets.len()).unwrap_or(i64::MAX),
        });
    }
    Ok(fichiers)
}

/// Whether sending this day again would be one too many: it is not over, or nothing of its flow was applied since.
async fn is_repeated(c: &impl Sql, j: &LigneJournee) -> Result<bool, AppError> {
    Ok(match etat(j)? {
        EtatJournee::Refusee | EtatJournee::Abandonnee => false,
        EtatJournee::Appliquee => j.derniere == 1,
        EtatJournee::SansChangement => {
            base::last_journee(c, j.session_id, &j.flux).await?.is_none_or(|d| d.id < j.id)
        }
        _ => true,
    })
}

/// Keeps a day and has it read. The same files sent again give the day that they are already.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a name of flow that is none, no file, too many, or one that is not of the catalogue;
/// [`AppError::Rule`] in a past session or when the antivirus does not let a file through; [`AppError::TooMany`].
pub async fn receive_journee(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    envoi: &EnvoiJournee<'_>,
) -> Result<Reception, AppError> {
    // Nothing is looked at for somebody who may not send it, nor while the database is held.
    let permit = permit(ctx)?;
    let session = sessions::session(&ctx.app.db, annee).await?;
    session.require_ouverte()?;
    let (flux, etendue) = check_all(envoi, ctx.app.limites.journee_fichiers)?;
    ctx.take(Debit::Import)?;
    let fichiers = deposit(ctx, envoi.fichiers).await?;
    let empreinte = content(etendue, &fichiers);
    let demande = format!("journee|{annee}|{flux}|{empreinte}");
    let tx = ctx.begin().await?;
    let meme = base::same_journee(&tx, session.id, flux, &empreinte).await?;
    if idempotence::deja_fait(&tx, ctx, garde, &demande).await?.is_some() {
        let meme = meme.ok_or(AppError::NotFound)?;
        return Ok(Reception { id: meme.public_id, deja: false });
    }
    if let Some(meme) = meme
        && is_repeated(&tx, &meme).await?
    {
        return Ok(Reception { id: meme.public_id, deja: true });
    }
    let n = NouvelleJournee {
        session: session.id,
        flux,
        etendue: etendue.code(),
        etat: EtatJournee::ALire.code(),
        empreinte: &empreinte,
        fichiers: &fichiers,
    };
    let (_, id) = base::insert_journee(&tx, &ctx.ecriture(&permit), &n).await?;
    let empreintes: Vec<_> = fichiers.iter().map(|f| json!({ "empreinte": f.empreinte })).collect();
    let contenu = json!({ "etat": EtatJournee::ALire.code(), "fichiers": empreintes });
    let acte = Acte { objet: "journee_catalogue", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    enqueue(&tx, ctx, &id, 0).await?;
    idempotence::emettre(&tx, ctx, garde, &demande, "journee_recue", None, &contenu).await?;
    tx.commit().await?;
    Ok(Reception { id, deja: false })
}
