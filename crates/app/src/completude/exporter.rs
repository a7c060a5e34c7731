//! The table of completeness as a file.

use domain::droits::Action;
use store::completude as base;

use super::{EtablissementSuivi, FiltreCompletude, contact, perimetre, stored, with_contacts};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::tableaux::{FichierTableau, FormatTableau, Sortie, jour, nom_academie, nom_departement};

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 13] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
    ("Ministère de tutelle", "tutelle"),
    ("Il manque à l’établissement", "manques"),
    ("Formations", "formations"),
    ("Formations complètes", "completes"),
    ("Formations publiées", "publiees"),
    ("État", "etat"),
    ("Dernière relance", "relance"),
    ("Contacts", "contacts"),
];

/// The same as the page, whole, protected against formulas (ENT-4). Recorded with its lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] for whoever follows no establishment, [`AppError::TooMany`] when too many files left.
pub async fn export_completude(
    ctx: &Ctx,
    annee: i64,
    f: &FiltreCompletude,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (session, scope) = perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let permit = ctx.permit_over(Action::SuivreParametrage, session.id, &scope)?;
    let tx = ctx.begin().await?;
    let lignes = base::list(&tx, &scope, &stored(ctx, session.id, f), None).await?;
    let rangees: Vec<[String; COLONNES.len()]> =
        with_contacts(&tx, ctx, lignes).await?.into_iter().map(row).collect();
    let entetes = COLONNES.map(|(titre, _)| titre);
    let octets = format.write("Complétude", ctx.recu_le, &entetes, &rangees)?;
    let sortie = Sortie {
        objet: ("etablissement_session", "completude"),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("completude-{annee}"),
        format,
        lignes: rangees.len(),
    };
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

fn row(e: EtablissementSuivi) -> [String; COLONNES.len()] {
    let manques: Vec<&str> = e.manques.iter().map(|m| m.libelle()).collect();
    let etat = if e.is_complet() { "complet" } else { "à compléter" };
    [
        nom_academie(e.academie),
        nom_departement(e.departement),
        e.uai,
        e.nom,
        e.commune,
        e.tutelle.to_owned(),
        manques.join(", "),
        e.formations.to_string(),
        e.completes.to_string(),
        e.publiees.to_string(),
        etat.to_owned(),
        e.relance_le.map_or_else(String::new, jour),
        e.contacts.iter().map(contact).collect::<Vec<_>>().join("\n"),
    ]
}
