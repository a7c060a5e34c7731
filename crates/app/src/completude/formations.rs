//! The courses of a perimeter as a file, one line each: what is missing in each, and whether it is late.

use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::controle::EtatControle;
use domain::formations::{EtatFormation, Famille, StatutFormation};
use store::completude::{self as base, LigneSuivie};

use super::{FiltreCompletude, is_late, perimetre, stored};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{all_missing, genre_de, intitule};
use crate::tableaux::{FichierTableau, FormatTableau, Sortie, jour, nom_academie, nom_departement};

/// Courses read at a time: those of the whole country are never held at once.
const LOT: usize = 500;

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 16] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
    ("Code Parcoursup", "code"),
    ("Identifiant", "formation"),
    ("Formation", "libelle"),
    ("Type", "famille"),
    ("Statut", "statut"),
    ("État", "etat"),
    ("Contrôle académique", "controle"),
    ("Nombre de manques", "nombre"),
    ("Il manque", "manques"),
    ("En retard", "retard"),
    ("Dernière action", "derniere_action"),
];

/// The courses that the filter keeps, by department, establishment and name; closed ones left out, formulas disarmed (ENT-4). Recorded
/// with its lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] for whoever follows no establishment, [`AppError::TooMany`] when too many files left.
pub async fn export_formations(
    ctx: &Ctx,
    annee: i64,
    f: &FiltreCompletude,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (session, scope) = perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let permit = ctx.permit_over(Action::SuivreParametrage, session.id, &scope)?;
    let echue = is_late(ctx, session.calendrier.fenetre(Etape::CapacitesFrais));
    let db = &ctx.app.db;
    let cles = base::course_keys(db, &scope, &stored(ctx, session.id, f)).await?;
    let mut tableau = format.open("Formations", ctx.recu_le, &COLONNES.map(|(titre, _)| titre))?;
    let mut lignes = 0;
    for lot in cles.chunks(LOT) {
        for l in base::courses(db, lot).await? {
            tableau.write(&row(l, echue)?)?;
            lignes += 1;
        }
    }
    let octets =
        tokio::task::spawn_blocking(move || tableau.finish()).await.map_err(AppError::internal)??;
    let sortie = Sortie {
        objet: ("formation_session", "completude"),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("completude-formations-{annee}"),
        format,
        lignes,
    };
    let tx = ctx.begin().await?;
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

/// `echue`: what is missing is late (R-CPL-01).
fn row(l: LigneSuivie, echue: bool) -> Result<[String; COLONNES.len()], AppError> {
    let famille = Famille::from_code(&l.famille).unwrap_or(Famille::Autre);
    let etat = EtatFormation::from_code(&l.etat).unwrap_or(EtatFormation::Brouillon);
    let controle = l.controle.as_deref().and_then(EtatControle::from_code);
    let manques = all_missing(
        genre_de(&l.famille, &l.libelle),
        (l.capacite, l.frais_centimes, l.places),
        (l.description_manques, l.contenu.as_deref()),
    )?;
    let attendue = !manques.is_empty() || etat != EtatFormation::Publiee;
    let derniere = [Some(l.maj_le), l.description_le, l.controle_le, l.publie_le].into_iter().flatten().max();
    Ok([
        nom_academie(l.academie),
        nom_departement(l.departement),
        l.uai,
        l.etablissement,
        l.commune,
        l.g_ta_cod.map_or_else(String::new, |code| code.to_string()),
        l.public_id,
        intitule(&l.libelle, &l.detail),
        famille.libelle().to_owned(),
        StatutFormation::from_code(&l.statut).map_or("", StatutFormation::libelle).to_owned(),
        etat.libelle().to_owned(),
        controle.map_or("", EtatControle::libelle).to_owned(),
        manques.len().to_string(),
        manques.join(", "),
        if echue && attendue { "oui" } else { "non" }.to_owned(),
        derniere.map_or_else(String::new, jour),
    ])
}
