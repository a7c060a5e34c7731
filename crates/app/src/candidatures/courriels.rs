//! Mails to candidates about their wishes. They never name a course: the link leads to the space that does.

use store::Tx;
use store::candidats::LigneDossier;
use store::messagerie::{NouvelEnvoi, enqueue_envoi};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::Recepisse;
use crate::messages::{PIED, date_heure};

/// Acknowledges a confirmation.
pub(super) async fn accuse_confirmation(
    tx: &Tx,
    ctx: &Ctx,
    candidat: &LigneDossier,
    recepisse: &Recepisse,
) -> Result<(), AppError> {
    let Some(compte) = candidat.compte_id else { return Ok(()) };
    let adresse = store::comptes::by_id(tx, compte).await?.courriel;
    let corps = format!(
        "Bonjour {prenom},\n\n\
         Vous avez confirmé un vœu le {quand}. La formation l’examinera.\n\n\
         Récépissé nº {numero}\n\
         Pour le consulter : {site}/candidat/recepisses/{numero}\n\
         Empreinte : {empreinte}\n\n\
         Si vous n’êtes pas à l’origine de cette confirmation, changez votre mot de passe et prévenez-nous par « Aide et contact » :\n\
         {site}/aide{PIED}",
        prenom = candidat.prenom,
        quand = date_heure(super::instant(recepisse.emis_le)),
        numero = recepisse.numero,
        empreinte = recepisse.empreinte,
        site = ctx.app.adresse,
    );
    enqueue_envoi(
        tx,
        &ctx.app.coffre,
        ctx.app.alea.as_ref(),
        &NouvelEnvoi {
            canal: "courriel",
            compte: Some(compte),
            destinataire: &adresse,
            modele: "confirmation_voeu",
            sujet: "Votre vœu est confirmé",
            corps: &corps,
            priorite: 5,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        },
    )
    .await?;
    Ok(())
}

/// Accounts read at a time.
const LOT: i64 = 500;

/// R-APP-13: tells those who wish a course that it is suspended, in the transaction that suspends it.
pub(crate) async fn tell_suspended(tx: &Tx, ctx: &Ctx, formation_session: i64) -> Result<(), AppError> {
    let corps = format!(
        "Bonjour,\n\n\
         Une formation pour laquelle vous avez un vœu est suspendue : elle n’accueillera personne pour cette session. \
         Le vœu reste dans votre liste, où il est signalé. Pour savoir de quelle formation il s’agit, et ce que vous \
         pouvez encore faire, connectez-vous :\n\n\
         {site}/candidat/voeux\n\n\
         Vos autres vœux ne changent pas. Une question ? {site}/assistance{PIED}",
        site = ctx.app.adresse,
    );
    let mut apres = 0;
    loop {
        let comptes = store::formations::comptes_demandeurs(tx, formation_session, apres, LOT).await?;
        let Some((dernier, _)) = comptes.last() else { return Ok(()) };
        apres = *dernier;
        for (compte, adresse) in &comptes {
            let envoi = NouvelEnvoi {
                canal: "courriel",
                compte: Some(*compte),
                destinataire: adresse,
                modele: "formation_suspendue",
                sujet: "Une formation que vous demandez est suspendue",
                corps: &corps,
                priorite: 3,
                cree_le: ctx.recu_ms(),
                perime_le: None,
            };
            enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
        }
    }
}
