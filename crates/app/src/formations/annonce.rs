//! Telling an establishment by mail that it has an answer, or that one is expected of it; nothing of what was decided is in the mail,
//! but the last day that was given.

use std::collections::BTreeSet;

use domain::comptes::Role;
use domain::droits::{Acteur, Action, Cible, authorize};
use store::Tx;
use store::messagerie::{NouvelEnvoi, enqueue_envois};

use super::distinctes;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::PIED;

/// A mail without its text.
pub(super) struct Annonce<'a> {
    /// Code of the kind of mail.
    pub modele: &'a str,
    /// « Le service académique a répondu »: after « Parcoursup : ».
    pub sujet: &'a str,
    /// A sentence: who answered to what.
    pub phrase: &'a str,
    /// « Connectez-vous pour lire sa réponse »: before the address.
    pub invite: &'a str,
    /// Where the answer is read.
    pub chemin: &'a str,
    /// Accounts that are not told.
    pub sauf: &'a [i64],
}

/// What leads to an answer.
pub(super) const LIRE_LA_REPONSE: &str = "Connectez-vous pour lire sa réponse";

/// Tells those of these roles who may do this to that.
pub(super) async fn announce_to(
    tx: &Tx,
    ctx: &Ctx,
    cible: &Cible,
    qui: (Action, &[Role]),
    a: &Annonce<'_>,
) -> Result<(), AppError> {
    announce_each(tx, ctx, qui, &[(cible, a)]).await
}

/// The same of many, each told of by a mail of its own.
pub(super) async fn announce_each(
    tx: &Tx,
    ctx: &Ctx,
    (action, roles): (Action, &[Role]),
    annonces: &[(&Cible, &Annonce<'_>)],
) -> Result<(), AppError> {
    let formations = distinctes(annonces.iter().map(|(c, _)| c.formation.unwrap_or_default()));
    let maisons = distinctes(annonces.iter().map(|(c, _)| c.etablissement.unwrap_or_default()));
    let proches = store::comptes::proches(tx, &formations, &maisons, roles).await?;
    let mut acteurs = Vec::with_capacity(proches.len());
    for p in proches {
        let acteur = Acteur { compte: Some(p.compte), nom: p.nom, attributions: vec![p.attribution] };
        acteurs.push((p.compte, p.courriel, acteur));
    }
    let mut lettres = Vec::with_capacity(annonces.len());
    for (_, a) in annonces {
        let corps =
            format!("Bonjour,\n\n{} {} :\n\n{}{}{PIED}", a.phrase, a.invite, ctx.app.adresse, a.chemin);
        lettres.push((format!("Parcoursup : {}", a.sujet), corps));
    }
    let mut envois = Vec::new();
    for ((cible, a), (sujet, corps)) in annonces.iter().zip(&lettres) {
        let mut dits = BTreeSet::new();
        for (compte, adresse, acteur) in &acteurs {
            let exclu = a.sauf.contains(compte) || authorize(acteur, action, cible).is_err();
            if exclu || !dits.insert(*compte) {
                continue;
            }
            envois.push(NouvelEnvoi {
                canal: "courriel",
                compte: Some(*compte),
                destinataire: adresse,
                modele: a.modele,
                sujet,
                corps,
                priorite: 5,
                cree_le: ctx.recu_ms(),
                perime_le: None,
            });
        }
    }
    Ok(enqueue_envois(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envois).await?)
}
