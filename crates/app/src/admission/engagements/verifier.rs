//! That what was published is the record: for whoever holds the secrets of the runs, the platform or an auditor who was given
//! them.

use std::collections::HashSet;
use std::sync::Arc;

use domain::admission::Nature;
use domain::droits::Action;
use serde::{Deserialize, Serialize};
use store::admission as base;

use super::Engagement;
use super::arbre::{from_hex, hex};
use super::declaration::Declaration;
use super::feuilles::{Forme, Secret, read_piece};
use crate::admission::cible;
use crate::admission::proces_verbal::{Chaine, Ecart, EcartProcesVerbal, Lecteur, Ouvert};
use crate::admission::proces_verbaux::chain;
use crate::admission::retrait::Devenirs;
use crate::admission::sceau::{Bilan, BilanRetrait};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::{messages, sessions};

/// What opens the commitments of a run. It tells nobody's secrets by itself, but with it whoever guesses a line of the record
/// knows that they guessed right: it goes with the record, and to the same people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretPassage {
    /// Signature of the record.
    pub sceau: String,
    /// 256 bits, in hexadecimal.
    pub secret: String,
    /// As published.
    pub declaration: String,
}

impl std::fmt::Debug for SecretPassage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretPassage({})", self.sceau)
    }
}

/// Makes the commitments of every run again from its record and its secret, and compares them with what was published; gives
/// how many runs agree. Runs without a secret are left: a version that committed to nothing computed them.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn verify_engagements(
    chaine: &Chaine,
    secrets: &[SecretPassage],
    lire: &Lecteur<'_>,
) -> Result<usize, EcartProcesVerbal> {
    let mut verifies = 0;
    for maillon in &chaine.maillons {
        let Some(s) = secrets.iter().find(|s| s.sceau == maillon.signature) else { continue };
        let mut passage = maillon.nom.clone();
        let verifie = Ouvert::open(maillon, &chaine.cle, lire).and_then(|ouvert| {
            if let Some(nature) = Nature::from_code(&ouvert.pv.nature) {
                passage = messages::passage(nature, ouvert.pv.jour);
            }
            check(&ouvert, s)
        });
        let version = maillon.autre_version();
        verifie.map_err(|quoi| EcartProcesVerbal { passage, quoi, version })?;
        verifies += 1;
    }
    Ok(verifies)
}

fn check(ouvert: &Ouvert, s: &SecretPassage) -> Result<(), Ecart> {
    let declaree = Declaration::read(&s.declaration).ok_or(Ecart::Illisible)?;
    let secret = from_hex(&s.secret).and_then(|octets| Secret::from_bytes(&octets));
    let secret = secret.ok_or(Ecart::Illisible)?;
    let different = |quoi: &str| Err(Ecart::Engagements(quoi.to_owned()));
    let racines = read_piece(ouvert.engagements());
    // A run of before named wishes and candidates by their keys.
    let mut trouve = None;
    for forme in [Forme::Masquee, Forme::Cle] {
        let (engagement, bilan) = commit(ouvert, forme, secret.clone())?;
        if racines.as_ref() == Some(&engagement.arbres.racines) {
            trouve = Some((engagement, bilan));
            break;
        }
    }
    let Some((engagement, bilan)) = trouve else {
        return different("la pièce « engagements » n’est pas celle de ce que le calcul a lu et décidé");
    };
    let bilan = Bilan { signature: s.sceau.clone(), ..bilan };
    let attendue = engagement.declaration(&ouvert.pv, &bilan, &declaree.maillon_precedent);
    if attendue.racine != declaree.racine {
        return different("la racine publiée n’est pas celle de ce procès-verbal");
    }
    if attendue != declaree {
        return different("la déclaration publique n’est pas celle de ce procès-verbal");
    }
    Ok(())
}

/// What a record commits to with this secret, and the numbers that are public of it.
fn commit(ouvert: &Ouvert, forme: Forme, secret: Secret) -> Result<(Engagement, Bilan), Ecart> {
    let combien = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let annee = ouvert.pv.annee;
    let (engage, bilan) = match Nature::from_code(&ouvert.pv.nature).ok_or(Ecart::Illisible)? {
        Nature::OrdreAppel => {
            let (lecture, lignes) = (ouvert.rankings()?, ouvert.orders()?);
            let candidats: HashSet<i64> = lecture.classes.iter().map(|c| c.candidat).collect();
            let groupes: HashSet<u32> = lecture.classes.iter().map(|c| c.groupe).collect();
            let bilan = Bilan {
                groupes: combien(groupes.len()),
                candidats: combien(candidats.len()),
                voeux: combien(lecture.classes.len()),
                ..Bilan::default()
            };
            (Engagement::orders_as(forme, annee, secret, &lecture, &lignes), bilan)
        }
        Nature::Propositions => {
            let (lecture, resultat) = (ouvert.day()?, ouvert.result()?);
            let bilan = Bilan {
                groupes: combien(lecture.groupes.len()),
                candidats: combien(lecture.candidats.len()),
                voeux: combien(lecture.voeux.len()),
                propositions: combien(resultat.propositions.len()),
                en_attente: resultat.groupes.iter().map(|g| g.en_attente).sum(),
                ..Bilan::default()
            };
            (Engagement::day_as(forme, annee, secret, &lecture, &resultat), bilan)
        }
        Nature::Retrait => {
            let lecture = ouvert.withdrawal()?;
            let mut devenirs = Devenirs::default();
            lecture.propositions.iter().for_each(|p| devenirs.count(p.reponse));
            let bilan = Bilan {
                groupes: combien(lecture.groupes.len()),
                voeux: combien(lecture.propositions.len()),
                retrait: Some(BilanRetrait { devenirs, ..BilanRetrait::default() }),
                ..Bilan::default()
            };
            (Engagement::of_withdrawal(annee, secret, lecture.depuis), bilan)
        }
    };
    let (engagement, _) = engage.map_err(|e| Ecart::Engagements(e.to_string()))?;
    Ok((engagement, bilan))
}

/// The secrets of the runs of a session, for somebody entitled to the records; the journal keeps that they took them.
///
/// # Errors
/// [`AppError::Denied`] to whoever may not read the runs; [`AppError::NotFound`] without such a session.
pub async fn exporter_secrets(ctx: &Ctx, annee: i64) -> Result<Vec<SecretPassage>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let secrets = secrets(ctx, session.id).await?;
    let tx = ctx.begin().await?;
    let contenu = serde_json::json!({ "annee": annee, "secrets": secrets.len() });
    let acte = Acte { objet: "passage", objet_id: "engagements", avant: None, apres: Some(contenu) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(secrets)
}

async fn secrets(ctx: &Ctx, session: i64) -> Result<Vec<SecretPassage>, AppError> {
    let mut secrets = Vec::new();
    for passage in base::passages_engages(&ctx.app.db, session).await? {
        if let Some(e) = base::engagement(&ctx.app.db, &ctx.app.coffre, passage).await? {
            let sceau = Declaration::read(&e.declaration).map(|d| d.sceau).unwrap_or_default();
            secrets.push(SecretPassage { sceau, secret: hex(&e.secret), declaration: e.declaration });
        }
    }
    Ok(secrets)
}

/// The same verification, on what the platform keeps, up to a day.
///
/// # Errors
/// [`AppError::NotFound`] without such a session; when the database, the vault or the files do not answer.
pub async fn verifier_engagements(
    ctx: &Ctx,
    annee: i64,
    jusqu_a: Option<i64>,
) -> Result<Result<usize, EcartProcesVerbal>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let (mut chaine, _) = chain(ctx, annee).await?;
    chaine.until(jusqu_a);
    let secrets = secrets(ctx, session.id).await?;
    let (depot, attente) = (Arc::clone(&ctx.app.depot), tokio::runtime::Handle::current());
    tokio::task::spawn_blocking(move || {
        let lire = |empreinte: &str| attente.block_on(depot.read(empreinte));
        verify_engagements(&chaine, &secrets, &lire)
    })
    .await
    .map_err(AppError::internal)
}
