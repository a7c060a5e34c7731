//! Telling an establishment by mail that it has an answer, or that one is expected of it; nothing of what was decided is in the mail,
//! but the last day that was given.

use std::collections::BTreeSet;

use domain::comptes::Role;
use domain::droits::{Acteur, Action, Cible, authorize};
use store::Tx;
use store::messagerie::{NouvelEnvoi, enqueue_envoi};

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
    (action, roles): (Action, &[Role]),
    a: &Annonce<'_>,
) -> Result<(), AppError> {
    let cle = |c: Option<i64>| [c.unwrap_or_default()];
    let proches =
        store::comptes::proches(tx, &cle(cible.formation), &cle(cible.etablissement), roles).await?;
    let mut dits = BTreeSet::new();
    for p in proches {
        let acteur = Acteur { compte: Some(p.compte), nom: p.nom, attributions: vec![p.attribution] };
        let exclu = a.sauf.contains(&p.compte) || authorize(&acteur, action, cible).is_err();
        if exclu || !dits.insert(p.compte) {
            continue;
        }
        let adresse = store::comptes::by_id(tx, p.compte).await?.courriel;
        let corps =
            format!("Bonjour,\n\n{} {} :\n\n{}{}{PIED}", a.phrase, a.invite, ctx.app.adresse, a.chemin);
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(p.compte),
            destinataire: &adresse,
            modele: a.modele,
            sujet: &format!("Parcoursup : {}", a.sujet),
            corps: &corps,
            priorite: 5,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    }
    Ok(())
}
