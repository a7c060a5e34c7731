//! R-APP-15: mails that tell the people of an establishment what becomes of its records and of the courses made of them. They count, and
//! name no course.

use std::collections::{BTreeMap, BTreeSet};

use domain::apprentissage::Fiche;
use store::Tx;
use store::apprentissage::{EtablissementNomme, etablissements_by_uai};
use store::completude::responsables;
use store::messagerie::{NouvelEnvoi, enqueue_envoi, enqueue_envoi_once};

use crate::admission::mail_id;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages::PIED;
use crate::sessions::SessionAdmission;

/// Where the records of an establishment are read.
fn page(ctx: &Ctx, session: &SessionAdmission) -> String {
    format!("{}/gestion/{}/apprentissage", ctx.app.adresse, session.annee)
}

/// Tells the heads and administrators of establishments what an integration made of their courses: one mail an establishment.
pub(super) async fn tell_integration(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    dits: &[(EtablissementNomme, Vec<String>)],
) -> Result<(), AppError> {
    let par_cle: BTreeMap<i64, &(EtablissementNomme, Vec<String>)> =
        dits.iter().map(|dit| (dit.0.id, dit)).collect();
    let cles: Vec<i64> = par_cle.keys().copied().collect();
    for d in responsables(tx, session.id, &cles).await? {
        let Some((e, lignes)) = par_cle.get(&d.etablissement_id) else { continue };
        let corps = format!(
            "Bonjour,\n\nLes fiches du catalogue national de l’apprentissage ont changé les formations de l’établissement \
             « {} » sur Parcoursup :\n\n{}\n\nPour les voir et compléter vos paramètres, connectez-vous :\n\n{}{PIED}",
            e.nom,
            lignes.join("\n"),
            page(ctx, session)
        );
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(d.compte_id),
            destinataire: &d.courriel,
            modele: "formations_apprentissage",
            sujet: "Vos formations par apprentissage sur Parcoursup",
            corps: &corps,
            priorite: 5,
            cree_le: ctx.recu_ms(),
            perime_le: None,
        };
        enqueue_envoi(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi).await?;
    }
    Ok(())
}

/// Tells the establishment that a record names, and the one that has its course, that the academic service sent a record back, refused or
/// closed it: at most one mail in a while, which leaves at the end of it, whatever the number of records.
pub(super) async fn tell_decision(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    (fiche, chez): (&Fiche, Option<&str>),
) -> Result<(), AppError> {
    let uais: BTreeSet<String> = fiche.uai().into_iter().chain(chez).map(str::to_owned).collect();
    let uais: Vec<String> = uais.into_iter().collect();
    let noms: BTreeMap<i64, EtablissementNomme> =
        etablissements_by_uai(tx, session.id, &uais).await?.into_iter().map(|e| (e.id, e)).collect();
    let cles: Vec<i64> = noms.keys().copied().collect();
    let duree = (ctx.app.limites.avis_fil_min * 60_000).max(1);
    let tour = ctx.recu_ms().div_euclid(duree);
    for d in responsables(tx, session.id, &cles).await? {
        let Some(e) = noms.get(&d.etablissement_id) else { continue };
        let corps = format!(
            "Bonjour,\n\nLe service académique a retourné, refusé ou fermé une ou plusieurs fiches du catalogue national de \
             l’apprentissage de l’établissement « {} ». Connectez-vous pour lire son motif et ce qu’il y a à faire :\n\n\
             {}{PIED}",
            e.nom,
            page(ctx, session)
        );
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(d.compte_id),
            destinataire: &d.courriel,
            modele: "fiches_decidees",
            sujet: "Vos fiches d’apprentissage sur Parcoursup",
            corps: &corps,
            priorite: 5,
            // It leaves then, not before: what is decided meanwhile is told by the same one.
            cree_le: (tour + 1) * duree,
            perime_le: None,
        };
        let cle = mail_id(&format!("fiches_decidees:{}:{}:{tour}", e.uai, d.compte_id));
        enqueue_envoi_once(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &cle, &envoi).await?;
    }
    Ok(())
}
