//! R-API-07: messages are delivered at least once, under one identifier, signed, outside any transaction.

use std::sync::Arc;

use data_encoding::BASE64;
use domain::droits::{Action, Cible};
use domain::interfaces::evenements::{EchecLivraison, EtatLivraison, MotifSuspension, Suite, suite};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use store::Tx;
use store::interfaces::{self as base, IssueLivraison, LivraisonPrise};
use store::messagerie::{NouvelEnvoi, enqueue_envoi};
use tokio::task::JoinSet;

use super::jetons::acteur_of;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::messages::PIED;
use crate::plateforme::Plateforme;
use crate::ports::Notification;

/// How long what was taken is ours, well beyond the slowest answer: a runner that dies leaves it to another after that.
const BAIL_MS: i64 = 2 * 60_000;
/// Messages of one turn: the loop that calls us may have been asked to stop.
const TOUR: usize = 256;

/// Delivers messages that are due, several at once. Gives how many were dealt with, 0 when nothing is due.
///
/// # Errors
/// When the database refuses; a program that does not answer is recorded and called again later, which is not an error here.
pub async fn deliver(app: &Arc<Plateforme>) -> Result<usize, AppError> {
    let ctx = Ctx::systeme(app, "livraisons", "tache");
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let l = &app.limites;
    let places = usize::try_from(l.livraisons_simultanees).unwrap_or(1).max(1);
    let mut appels = JoinSet::new();
    let (mut prises, mut faites) = (0, 0);
    loop {
        // A place that is free is taken again at once: whoever answers slowly holds its own places, not those of the others.
        if appels.len() < places && prises < TOUR {
            let nouvelles = match take(&ctx, places - appels.len()).await {
                Ok(nouvelles) => nouvelles,
                Err(cause) if appels.is_empty() => return Err(cause),
                // Those under way are heard to their end: given up, they would be sent twice.
                Err(cause) => {
                    tracing::error!(%cause, "messages aux logiciels : pas d’autre pour ce tour");
                    prises = TOUR;
                    Vec::new()
                }
            };
            for prise in nouvelles {
                prises += 1;
                let app = Arc::clone(app);
                appels.spawn(async move {
                    let reponse = attempt(&app, &prise).await;
                    (prise, reponse)
                });
            }
        }
        let Some(fin) = appels.join_next().await else { return Ok(faites) };
        // What could not be read or written comes back with its lease; the others do not wait for it.
        match fin {
            Ok((prise, Ok(reponse))) => {
                if let Err(cause) = conclude(&ctx, &prise, reponse).await {
                    tracing::error!(livraison = %prise.public_id, %cause, "réponse d’un logiciel non notée");
                }
            }
            Ok((prise, Err(cause))) => {
                tracing::error!(livraison = %prise.public_id, %cause, "message à un logiciel illisible");
            }
            Err(cause) => tracing::error!(%cause, "message à un logiciel interrompu"),
        }
        faites += 1;
    }
}

/// Some messages that are due, ours for a while.
async fn take(ctx: &Ctx, combien: usize) -> Result<Vec<LivraisonPrise>, AppError> {
    let maintenant = ctx.app.horloge.maintenant().as_millisecond();
    if !base::is_due(&ctx.app.db, maintenant).await? {
        return Ok(Vec::new());
    }
    let tx = ctx.begin().await?;
    let combien = i64::try_from(combien).unwrap_or(i64::MAX);
    let bail = (maintenant, maintenant + BAIL_MS);
    let prises = base::take_livraisons(&tx, bail, combien, ctx.app.limites.livraisons_par_jeton).await?;
    tx.commit().await?;
    Ok(prises)
}

/// What came of a message.
#[derive(Debug, Clone, Copy)]
enum Reponse {
    Statut(u16),
    Aucune(EchecLivraison),
    /// Nothing was sent: R-API-04.
    SansJeton,
}

async fn attempt(app: &Arc<Plateforme>, prise: &LivraisonPrise) -> Result<Reponse, AppError> {
    // Read again before each message: those before it may have been slow.
    let maintenant = app.horloge.maintenant();
    let valable = match base::jeton_by_id(&app.db, prise.jeton_id).await? {
        Some(j) => acteur_of(&app.db, &j, maintenant.as_millisecond()).await?.is_some(),
        None => false,
    };
    if !valable {
        return Ok(Reponse::SansJeton);
    }
    let secret = prise.secret(&app.coffre)?;
    let notification = Notification {
        url: prise.url.clone(),
        identifiant: prise.public_id.clone(),
        horodatage: maintenant.as_second(),
        signature: sign(&secret, &prise.public_id, maintenant.as_second(), &prise.corps)?,
        corps: prise.corps.clone(),
    };
    Ok(match app.livreur.post(&notification).await {
        Ok(statut) => Reponse::Statut(statut),
        Err(echec) => Reponse::Aucune(echec),
    })
}

/// As the receivers of signed messages verify it: identifier, instant and body, joined by dots.
fn sign(secret: &[u8], id: &str, horodatage: i64, corps: &str) -> Result<String, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|e| AppError::Internal(e.to_string()))?;
    mac.update(format!("{id}.{horodatage}.{corps}").as_bytes());
    Ok(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}

async fn conclude(ctx: &Ctx, prise: &LivraisonPrise, reponse: Reponse) -> Result<(), AppError> {
    let l = &ctx.app.limites;
    let maintenant = ctx.app.horloge.maintenant().as_millisecond();
    let (statut, erreur) = match reponse {
        Reponse::Statut(s) => (Some(s), None),
        Reponse::Aucune(e) => (None, Some(e)),
        Reponse::SansJeton => (None, Some(EchecLivraison::Jeton)),
    };
    let essayee = !matches!(reponse, Reponse::SansJeton);
    let suite = if essayee {
        suite(statut, prise.essais, prise.cree_le, maintenant, l.livraison_h * 3_600_000)
    } else {
        Suite::Abandonner
    };
    let (etat, prochaine_le) = match suite {
        Suite::Livree => (EtatLivraison::Livree, maintenant),
        Suite::Reessayer(le) => (EtatLivraison::ALivrer, le),
        Suite::Abandonner | Suite::Suspendre => (EtatLivraison::Abandonnee, maintenant),
    };
    let issue = IssueLivraison {
        etat: etat.code(),
        statut: statut.map(i64::from),
        erreur: erreur.map(EchecLivraison::code),
        prochaine_le,
        essayee,
    };
    let tx = ctx.begin().await?;
    if !base::save_livraison(&tx, prise, &issue, maintenant).await? {
        // Another runner took it over, or the subscription was removed meanwhile: that counts, this does not.
        return Ok(());
    }
    match suite {
        Suite::Suspendre => suspend(&tx, ctx, prise, MotifSuspension::Parti, maintenant).await?,
        Suite::Abandonner
            if essayee
                && base::count_abandonnees(&tx, prise.abonnement_id).await? >= l.livraisons_abandonnees =>
        {
            suspend(&tx, ctx, prise, MotifSuspension::Echecs, maintenant).await?;
        }
        _ => {}
    }
    Ok(tx.commit().await?)
}

/// Nothing leaves for this subscription any more, and whoever gave the token is told, once.
async fn suspend(
    tx: &Tx,
    ctx: &Ctx,
    prise: &LivraisonPrise,
    motif: MotifSuspension,
    maintenant: i64,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let e = ctx.ecriture(&permit);
    if !base::suspend_abonnement(tx, &e, prise.abonnement_id, motif.code(), maintenant).await? {
        return Ok(());
    }
    let acte = Acte {
        objet: "abonnement",
        objet_id: &prise.abonnement,
        avant: Some(json!({ "etat": "en_vigueur" })),
        apres: Some(json!({ "etat": "suspendu", "raisons": [motif.code()] })),
    };
    record(tx, ctx, &permit, &acte).await?;
    let Some(jeton) = base::jeton_by_id(tx, prise.jeton_id).await? else { return Ok(()) };
    let donneur = match store::comptes::by_id(tx, jeton.donneur_id).await {
        // Nobody is there to be told.
        Err(store::StoreError::NotFound(_)) => return Ok(()),
        lu => lu?,
    };
    let corps = format!(
        "Bonjour,\n\nParcoursup n’envoie plus de messages au logiciel « {} » à l’adresse {} : {}. Ce qui change dans vos \
         formations ne lui est plus annoncé. Prévenez son éditeur : une fois son serveur réparé, il reprend l’abonnement et relit \
         ce qui a changé entre-temps. Les derniers messages, avec leurs réponses, sont sur la page de ce jeton, par « Accès des logiciels » :\n\n{}/gestion{PIED}",
        jeton.libelle,
        host(&prise.url),
        motif.libelle(),
        ctx.app.adresse
    );
    let envoi = NouvelEnvoi {
        canal: "courriel",
        compte: Some(donneur.id),
        destinataire: &donneur.courriel,
        modele: "abonnement_suspendu",
        sujet: "Parcoursup : un logiciel ne reçoit plus de messages",
        corps: &corps,
        priorite: 5,
        cree_le: maintenant,
        perime_le: None,
    };
    enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    Ok(())
}

/// The host alone: the rest of an address may hold a secret.
pub(super) fn host(url: &str) -> &str {
    let reste = url.split_once("://").map_or(url, |(_, r)| r);
    reste.split(['/', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the specification of the signature gives.
    #[test]
    fn r_api_07_the_signature_is_the_one_of_the_specification() {
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signe = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signe.expect("signed"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_mail_names_the_host_and_nothing_that_may_be_a_secret() {
        assert_eq!(host("https://si.lycee.example:8443/crochet?cle=secrete"), "si.lycee.example:8443");
    }
}
