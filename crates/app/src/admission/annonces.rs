//! Telling candidates of a published proposition: the text comes from the row that decided it (NOT-2).

use domain::PublicId;
use jiff::Timestamp;
use store::Tx;
use store::admission::{self as base, Annonce};
use store::messagerie::{NouvelEnvoi, enqueue_envoi_once};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::{PIED, date_limite};

/// Mails prepared at a time, in one transaction.
const LOT: i64 = 500;
/// After codes, before reminders (NOT-1).
const PRIORITE: i64 = 3;

/// Puts in the outbox a mail for each proposition of a run still to be answered, after the key `apres`. Gives the key
/// from which to go on, or nothing when all are told. A mail already there is not put twice.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn annoncer_propositions(
    ctx: &Ctx,
    tx: &Tx,
    passage: &str,
    apres: i64,
) -> Result<Option<i64>, AppError> {
    let annonces = base::annonces(tx, passage, apres, LOT).await?;
    let alea = ctx.app.alea.as_ref();
    for a in &annonces {
        let acceptee = a.acceptee == 1;
        let (sujet, corps) = if acceptee {
            ("Parcoursup : votre répondeur automatique a accepté une proposition", accepted(ctx, a))
        } else {
            ("Parcoursup : une proposition d’admission vous attend", to_answer(ctx, a))
        };
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(a.compte),
            destinataire: &a.courriel,
            modele: "proposition",
            sujet,
            corps: &corps,
            priorite: PRIORITE,
            cree_le: ctx.recu_ms(),
            // The deadline is the campaign's; sending follows real time. What is accepted has none.
            perime_le: (!acceptee).then(|| ctx.recu_ms() + (a.echeance_le - ctx.campagne_ms()).max(0)),
        };
        enqueue_envoi_once(tx, &ctx.app.coffre, alea, &mail_id(&a.public_id), &envoi).await?;
    }
    let complet = i64::try_from(annonces.len()).is_ok_and(|n| n == LOT);
    Ok(annonces.last().filter(|_| complet).map(|a| a.id))
}

fn to_answer(ctx: &Ctx, a: &Annonce) -> String {
    let echeance = Timestamp::from_millisecond(a.echeance_le).unwrap_or(Timestamp::MAX);
    format!(
        "Bonjour {},\n\nUne proposition d’admission vous attend :\n{}\n{}\n\n\
         Répondez au plus tard le {} (heure de Paris) :\n{}/candidat/propositions/{}\n\n\
         Sans réponse de votre part avant cette date, la proposition sera perdue et la place proposée à une autre \
         personne.{PIED}",
        a.prenom,
        a.formation,
        a.etablissement,
        date_limite(echeance),
        ctx.app.adresse,
        a.voeu_public_id
    )
}

/// R-RA-04: what the automatic answer did, as it was told before it was switched on.
fn accepted(ctx: &Ctx, a: &Annonce) -> String {
    format!(
        "Bonjour {},\n\nVotre répondeur automatique a accepté pour vous une proposition d’admission :\n{}\n{}\n\n\
         Vous n’avez pas à y répondre. Comme vous l’aviez demandé, si vous teniez déjà une proposition, elle est rendue, et les vœux \
         que vous aviez placés après celui-ci sont abandonnés ; ceux que vous préférez restent en attente.\n\n\
         Pour suivre vos vœux, ou répondre de nouveau vous-même : {}/candidat/voeux{PIED}",
        a.prenom, a.formation, a.etablissement, ctx.app.adresse
    )
}

/// Puts in the outbox a mail for each proposition that a withdrawal took back, after the key `apres`. Gives the key from which to go
/// on, or nothing when all are told. A mail already there is not put twice.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn annoncer_retrait(
    ctx: &Ctx,
    tx: &Tx,
    passage: &str,
    apres: i64,
) -> Result<Option<i64>, AppError> {
    let annonces = base::annonces_retrait(tx, passage, apres, LOT).await?;
    let alea = ctx.app.alea.as_ref();
    for a in &annonces {
        let rang = match a.rang {
            Some(rang) => format!("Il y retrouve le rang qu’il avait avant cette proposition : {rang}."),
            None => "Son rang sera affiché après le prochain calcul.".to_owned(),
        };
        // R-RA-04: whoever had not chosen it is told that it is undone.
        let suite = if a.acceptee == 1 {
            "l’acceptation que votre répondeur automatique avait donnée pour vous ne compte plus"
        } else {
            "vous n’avez plus à y répondre"
        };
        let retablis = match a.retablis {
            0 => "",
            _ => {
                " Les vœux en attente qui avaient été abandonnés automatiquement à cause d’elle sont eux aussi de nouveau en liste \
                 d’attente ; leur rang sera affiché après le prochain calcul."
            }
        };
        let corps = format!(
            "Bonjour {},\n\nUne proposition d’admission vous avait été faite :\n{}\n{}\n\n\
             Elle résultait d’une erreur, qui n’est pas la vôtre, et nous avons dû la retirer : {suite}. Nous \
             en sommes désolés et vous présentons nos excuses.\n\n\
             Ce que devient ce vœu : il est de nouveau en liste d’attente. {rang} Une proposition peut vous être faite à nouveau \
             dès le prochain calcul ; vous recevrez alors un courriel.{retablis}\n{}/candidat/voeux\n\n\
             Ce que vous gardez : vos autres vœux, vos autres propositions et les réponses que vous avez données. Rien n’y a \
             changé, et vous n’avez aucune démarche à faire.{PIED}",
            a.prenom, a.formation, a.etablissement, ctx.app.adresse
        );
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(a.compte),
            destinataire: &a.courriel,
            modele: "retrait_proposition",
            sujet: "Parcoursup : une proposition d’admission vous a été retirée",
            corps: &corps,
            priorite: PRIORITE,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        // The proposition has a mail of its own already.
        let cle = mail_id(&format!("retrait:{}", a.public_id));
        enqueue_envoi_once(tx, &ctx.app.coffre, alea, &cle, &envoi).await?;
    }
    let complet = i64::try_from(annonces.len()).is_ok_and(|n| n == LOT);
    Ok(annonces.last().filter(|_| complet).map(|a| a.id))
}

/// The identifier of the mail about a thing, always the same: the mail cannot exist twice.
pub(crate) fn mail_id(proposition: &str) -> PublicId {
    let hache = blake3::derive_key("parcoursup envoi proposition", proposition.as_bytes());
    let mut octets = [0; 16];
    octets.copy_from_slice(&hache[..16]);
    PublicId::from_bytes(octets)
}
