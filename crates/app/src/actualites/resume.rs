//! R-INF-06: the mail that tells of items not opened, at most one a day for a person. It says their titles, no more.

use domain::PublicId;
use domain::actualites::{EtatActualite, Situation, is_digest_due, is_unread};
use domain::droits::{Action, Cible, Permit, scope};
use store::actualites::{self as base, Comptes, LigneActualite, LigneResume, VersionActualite};
use store::comptes::LigneCompte;
use store::messagerie::{Complements, NouvelEnvoi, enqueue_envoi_with};

use super::situations;
use crate::comptes::{SessionVue, own_account, platform_permit};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::record_event;
use crate::messages::{PIED, accord};
use crate::sessions;

/// Characters of a public identifier, which begins a token.
const IDENTIFIANT: usize = 26;
/// Titles that a mail names; the others are counted.
const NOMMEES: usize = 5;
/// Real time after which accounts are looked at again though no item appeared: some were told less than a day before.
const REPRISE_MS: i64 = 3_600_000;
/// Accounts told in one transaction: a screen that writes waits for no more.
const LOT: usize = 200;

/// Puts in the outbox the digests due. Gives how many.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn tell_unread(ctx: &Ctx) -> Result<u64, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(session) => session,
        Err(AppError::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let maintenant = ctx.campagne_ms();
    let mut montrees = base::actualites(db, session.id).await?;
    montrees.retain(|l| EtatActualite::at(maintenant, l.publiee_le, l.retiree_le) == EtatActualite::Publiee);
    if montrees.is_empty() {
        return Ok(0);
    }
    // Every account of the country is not read again each minute for nothing.
    let parmi: Vec<String> = montrees.iter().map(|l| format!("{}.{}", l.id, l.version)).collect();
    let parmi = hash(&parmi.join(" "));
    let cherche = base::recherche(db, session.id).await?;
    if cherche.is_some_and(|(le, avant)| avant == parmi && ctx.recu_ms() - le < REPRISE_MS) {
        return Ok(0);
    }
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let comptes = situations(db, session.id, Comptes::Tous).await?;
    let lues = base::lectures_by_compte(db, session.id).await?;
    let versions = base::versions(db, session.id).await?;
    let resumes = base::resumes(db).await?;
    let refuses = base::resumes_refuses(db).await?;
    let delai = ctx.app.limites.resume_h * 3_600_000;
    let mut dus = Vec::new();
    for (&compte, situations) in &comptes {
        let dernier = resumes.get(&compte);
        if refuses.contains(&compte) || !is_digest_due(dernier.map(|r| r.envoye_le), ctx.recu_ms(), delai) {
            continue;
        }
        let jusqu_au = dernier.map_or(i64::MIN, |r| r.jusqu_au);
        let nouvelles: Vec<&LigneActualite> = montrees
            .iter()
            .filter(|l| {
                let adressee = adressee(versions.get(&l.id).map_or(&[], Vec::as_slice), l, situations);
                adressee.max(l.publiee_le) > jusqu_au
                    && is_unread(lues.get(&(compte, l.id)).copied(), l.a_lire)
                    && situations.iter().any(|s| l.audience.is_for(s))
            })
            .collect();
        if !nouvelles.is_empty() {
            dus.push((compte, dernier.map(|r| r.envoye_le), nouvelles));
        }
    }
    let mut envoyes = 0;
    for lot in dus.chunks(LOT) {
        let tx = ctx.begin().await?;
        for (compte, avant, nouvelles) in lot {
            let r = LigneResume { compte_id: *compte, envoye_le: ctx.recu_ms(), jusqu_au: maintenant };
            // Another node may have told them meanwhile.
            if base::set_resume(&tx, &ctx.ecriture(&permit), *avant, r).await? {
                send(&tx, ctx, session.annee, *compte, nouvelles).await?;
                envoyes += 1;
            }
        }
        tx.commit().await?;
    }
    let tx = ctx.begin().await?;
    base::set_recherche(&tx, &ctx.ecriture(&permit), session.id, ctx.recu_ms(), &parmi).await?;
    tx.commit().await?;
    Ok(envoyes)
}

/// When an item was first addressed to somebody, since the last version that everybody should have read. It is said once: left unread,
/// it is not told again every day nor at each correction; those whom a correction adds are told of it then.
fn adressee(versions: &[VersionActualite], l: &LigneActualite, situations: &[Situation]) -> i64 {
    let siennes = versions
        .iter()
        .filter(|v| v.numero >= l.a_lire && situations.iter().any(|s| v.audience.is_for(s)))
        .map(|v| v.ecrite_le);
    siennes.min().unwrap_or(l.cree_le)
}

async fn send(
    tx: &store::Tx,
    ctx: &Ctx,
    annee: i64,
    compte: i64,
    nouvelles: &[&LigneActualite],
) -> Result<(), AppError> {
    let lecteur = store::comptes::by_id(tx, compte).await?;
    let adresse = lecteur.courriel;
    let arret = format!("{}/resume/{}", ctx.app.adresse, token(ctx, &lecteur.public_id));
    let combien = accord(i64::try_from(nouvelles.len()).unwrap_or(i64::MAX), "information", "informations");
    let mut liste: String = nouvelles.iter().take(NOMMEES).map(|l| format!("– {}\n", l.titre)).collect();
    if nouvelles.len() > NOMMEES {
        let reste = i64::try_from(nouvelles.len() - NOMMEES).unwrap_or(i64::MAX);
        liste.push_str(&format!("– et {}\n", accord(reste, "autre", "autres")));
    }
    let corps = format!(
        "Bonjour,\n\nVous n’avez pas encore lu {combien} du Fil info de Parcoursup :\n\n{liste}\n\
         Pour les lire :\n\n{}/informations/{annee}\n\n\
         Ce courriel ne part qu’une fois par jour au plus, et chaque information n’y est annoncée qu’une fois.\n\
         Pour ne plus le recevoir : {arret}{PIED}",
        ctx.app.adresse
    );
    let sujet = format!("Fil info de Parcoursup : {combien} à lire");
    let envoi = NouvelEnvoi {
        canal: "courriel",
        compte: Some(compte),
        destinataire: &adresse,
        modele: "resume_fil_info",
        sujet: &sujet,
        corps: &corps,
        priorite: 5,
        cree_le: ctx.recu_ms(),
        perime_le: None,
    };
    let complements = Complements { piece: None, arret: Some(&arret) };
    enqueue_envoi_with(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi, complements).await?;
    Ok(())
}

/// The secret of the address that stops the digest: whoever received the mail has it, nothing keeps it. It opens nothing else.
fn token(ctx: &Ctx, public_id: &str) -> String {
    format!("{public_id}{}", ctx.app.coffre.fingerprint("jeton-arret-resume", public_id))
}

/// The account that a token speaks of, if it is one of ours.
async fn of_token(ctx: &Ctx, jeton: &str) -> Result<LigneCompte, AppError> {
    let id = jeton.get(..IDENTIFIANT).and_then(PublicId::parse).ok_or(AppError::NotFound)?;
    // Compared by their fingerprints: the time that it takes says nothing of the secret. Without one it is no token, whatever the
    // vault answers.
    if jeton.len() == IDENTIFIANT || hash(jeton) != hash(&token(ctx, id.as_str())) {
        return Err(AppError::NotFound);
    }
    Ok(store::comptes::by_public_id(&ctx.app.db, id.as_str()).await?)
}

/// R-INF-08: whether the person who acts receives the digest; `None` when the Fil info is not for them.
///
/// # Errors
/// When the database refuses.
pub async fn is_digest_wanted(ctx: &Ctx, session: &SessionVue) -> Result<Option<bool>, AppError> {
    if scope(&ctx.acteur, Action::ConsulterInformations).is_err() {
        return Ok(None);
    }
    Ok(Some(!base::is_resume_refuse(&ctx.app.db, session.compte).await?))
}

/// R-INF-08: the person who acts wants the digest no longer, or again. Said twice, it changes nothing more.
///
/// # Errors
/// [`AppError::NotFound`] unless the sign-in is complete.
pub async fn set_digest_wanted(ctx: &Ctx, session: &SessionVue, voulu: bool) -> Result<(), AppError> {
    let (compte, permit) = own_account(ctx, session).await?;
    write(ctx, &compte, &permit, voulu).await
}

/// Whether the account of a mail still receives the digest.
///
/// # Errors
/// [`AppError::NotFound`] for a link that never was, or whose account is gone.
pub async fn view_digest_link(ctx: &Ctx, jeton: &str) -> Result<bool, AppError> {
    let compte = of_token(ctx, jeton).await?;
    Ok(!base::is_resume_refuse(&ctx.app.db, compte.id).await?)
}

/// R-INF-08: stops the digest of the account of a mail, for whoever has its link: the reader, or their mail program for them.
///
/// # Errors
/// [`AppError::NotFound`] for a link that never was, or whose account is gone.
pub async fn stop_digest(ctx: &Ctx, jeton: &str) -> Result<(), AppError> {
    let compte = of_token(ctx, jeton).await?;
    let permit = platform_permit(&compte)?;
    write(ctx, &compte, &permit, false).await
}

async fn write(ctx: &Ctx, compte: &LigneCompte, permit: &Permit, voulu: bool) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    let refuse_le = (!voulu).then(|| ctx.recu_ms());
    if base::set_resume_refuse(&tx, &ctx.ecriture(permit), compte.id, refuse_le).await? {
        let quoi = if voulu { "resume_repris" } else { "resume_arrete" };
        record_event(&tx, ctx, quoi, "fait", "compte", &compte.public_id).await?;
    }
    tx.commit().await?;
    Ok(())
}
