//! The table of completeness as a file.

use domain::droits::{Action, Cible};
use domain::territoires;
use jiff::Timestamp;
use sha2::Digest;
use store::completude as base;

use super::{EtablissementSuivi, FiltreCompletude, contact, perimetre, stored, with_contacts};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Lecture, record_lecture};
use crate::messages;
use crate::tableaux::{FichierTableau, FormatTableau};

/// Columns of the file, and what each is in the journal.
const COLONNES: [(&str, &str); 12] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
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
    let cible = Cible {
        session: Some(session.id),
        academie: scope.portee().academies.first().cloned(),
        ..Cible::default()
    };
    let permit = ctx.permit(Action::SuivreParametrage, &cible)?;
    let tx = ctx.begin().await?;
    let lignes = base::list(&tx, &scope, &stored(ctx, session.id, f), None).await?;
    let rangees: Vec<[String; COLONNES.len()]> =
        with_contacts(&tx, ctx, lignes).await?.into_iter().map(row).collect();
    let entetes = COLONNES.map(|(titre, _)| titre);
    let octets = format.write("Complétude", ctx.recu_le, &entetes, &rangees)?;
    let empreinte = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&octets));
    let lecture = Lecture {
        objet: "etablissement_session",
        objet_id: "completude",
        etablissement: None,
        dossiers: Vec::new(),
        champs: &COLONNES.map(|(_, champ)| champ),
        export: Some((rangees.len(), empreinte)),
    };
    record_lecture(&tx, ctx, &permit, &lecture).await?;
    tx.commit().await?;
    // DON-3: numbered as in the journal, which says who took it away.
    let nom_fichier = format!("completude-{annee}-{}.{}", ctx.requete, format.code());
    Ok(FichierTableau { nom_fichier, format, octets })
}

fn row(e: EtablissementSuivi) -> [String; COLONNES.len()] {
    let manques: Vec<&str> = e.manques.iter().map(|m| m.libelle()).collect();
    let etat = if e.is_complet() { "complet" } else { "à compléter" };
    let relance = |ms| Timestamp::from_millisecond(ms).map(messages::date_courte).unwrap_or_default();
    [
        territoires::academie(&e.academie).map_or(e.academie, |a| a.nom.to_owned()),
        territoires::departement(&e.departement).map_or(e.departement, |d| format!("{} ({})", d.nom, d.code)),
        e.uai,
        e.nom,
        e.commune,
        manques.join(", "),
        e.formations.to_string(),
        e.completes.to_string(),
        e.publiees.to_string(),
        etat.to_owned(),
        e.relance_le.map_or_else(String::new, relance),
        e.contacts.iter().map(contact).collect::<Vec<_>>().join("\n"),
    ]
}
