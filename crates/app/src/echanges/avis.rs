//! The mails that tell of a message. They say nothing of it: the link leads to the page that does.

use domain::comptes::Role;
use domain::droits::{Action, Cible, Permit, authorize};
use domain::echanges::{Cote, is_told, notice};
use store::Tx;
use store::comptes::proches;
use store::echanges::{self as base, LigneFil};
use store::messagerie::{NouvelEnvoi, enqueue_envoi};

use crate::contexte::Ctx;
use crate::delegations::acteurs;
use crate::erreur::AppError;
use crate::messages::PIED;

/// Tells those whom a message is for (R-ECH-01), at most once an hour each (R-ECH-02).
pub(super) async fn tell(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    fil: &LigneFil,
    cible: &Cible,
    chemin: &str,
) -> Result<(), AppError> {
    let Some(auteur) = Cote::of_role(permit.role()) else { return Ok(()) };
    let ecrivains = base::authors(tx, fil.id).await?;
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| Cote::of_role(*r).is_some()).collect();
    let (formations, etablissements) = (cible.formation.unwrap_or(0), cible.etablissement.unwrap_or(0));
    let e = ctx.ecriture(permit);
    let delai = ctx.app.limites.avis_fil_min * 60_000;
    for lecteur in acteurs(proches(tx, &[formations], &[etablissements], &roles).await?) {
        let Some(compte) = lecteur.compte.filter(|c| Some(*c) != permit.compte()) else { continue };
        let a_ecrit = ecrivains.contains(&compte);
        let vise = authorize(&lecteur, Action::ConsulterEchanges, cible)
            .ok()
            .and_then(|p| Cote::of_role(p.role()))
            .is_some_and(|cote| is_told(auteur, cote, a_ecrit));
        if !vise {
            continue;
        }
        let dernier = base::lecture(tx, compte, fil.id).await?.avise_le;
        let Some(le) = notice(dernier, ctx.recu_ms(), delai) else { continue };
        send(tx, ctx, compte, chemin, le).await?;
        base::set_told(tx, &e, fil.id, compte, le).await?;
    }
    Ok(())
}

async fn send(tx: &Tx, ctx: &Ctx, compte: i64, chemin: &str, le: i64) -> Result<(), AppError> {
    let adresse = store::comptes::by_id(tx, compte).await?.courriel;
    let corps = format!(
        "Bonjour,\n\nUn message vous attend sur le site de gestion de Parcoursup, dans une conversation entre un \
         établissement et son service académique. Pour le lire et y répondre, connectez-vous :\n\n{}{chemin}\n\n\
         D’autres messages ont pu s’y ajouter : il n’est envoyé qu’un courriel par heure et par conversation.{PIED}",
        ctx.app.adresse
    );
    enqueue_envoi(
        tx,
        &ctx.app.coffre,
        ctx.app.alea.as_ref(),
        &NouvelEnvoi {
            canal: "courriel",
            compte: Some(compte),
            destinataire: &adresse,
            modele: "message_fil",
            sujet: "Un message vous attend sur Parcoursup",
            corps: &corps,
            priorite: 5,
            // It leaves then, not before.
            cree_le: le,
            perime_le: None,
        },
    )
    .await?;
    Ok(())
}
