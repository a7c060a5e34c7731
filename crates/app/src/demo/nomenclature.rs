//! A few national types, none of a course of the small France: what an establishment chooses among when it asks for a new one
//! (R-VIE-13). The texts are ours.

use std::sync::Arc;

use domain::droits::{Action, Cible};
use jiff::Timestamp;
use store::nomenclatures::{self as base, TypeImport};

use super::contexte;
use crate::erreur::AppError;
use crate::plateforme::Plateforme;

/// Code, code of the student status, acronym, label, what is expected.
type Type = (i64, i64, &'static str, &'static str, &'static str);

const EAU: &str =
    "S’intéresser à la chimie et à la biologie de l’eau.\nAimer les travaux pratiques, même dehors.";
const GEOLOGIE: &str = "S’intéresser au sous-sol et à ce que l’on y construit.\nAimer le travail de terrain.";
const PHOTOGRAPHIE: &str =
    "Avoir une pratique personnelle de l’image.\nS’intéresser à la technique autant qu’à la création.";
const POLITIQUE: &str =
    "Suivre l’actualité et savoir en discuter les sources.\nArgumenter par écrit et à l’oral.";
const SECURITE: &str =
    "S’intéresser à la prévention des risques.\nAvoir des bases en sciences et en expression écrite.";

const TYPES: &[Type] = &[
    (467, 467, "BTS-ME", "Métiers de l’eau", EAU),
    (1467, 467, "BTS-ME-App", "Métiers de l’eau - en apprentissage", EAU),
    (352, 352, "BTS-GA", "Géologie appliquée", GEOLOGIE),
    (1352, 352, "BTS-GA-App", "Géologie appliquée - en apprentissage", GEOLOGIE),
    (382, 382, "BTS-Photo", "Photographie", PHOTOGRAPHIE),
    (2007, 2007, "L1-SCIPO", "Science politique", POLITIQUE),
    (810_008, 810_008, "BUT-HSE", "Hygiène, sécurité, environnement", SECURITE),
];

/// Writes them in the session.
pub(super) async fn ecrire(app: &Arc<Plateforme>, session: i64, quand: Timestamp) -> Result<(), AppError> {
    let ctx = contexte(app, None, quand);
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    let types: Vec<TypeImport> = TYPES
        .iter()
        .map(|&(code, code_sans_apprentissage, sigle, libelle, attendus)| TypeImport {
            code,
            code_sans_apprentissage,
            sigle: sigle.to_owned(),
            libelle: libelle.to_owned(),
            apprentissage: code != code_sans_apprentissage,
            las: false,
            attendus: attendus.to_owned(),
            specialites: String::new(),
            source: "Cadre national de la démonstration".to_owned(),
        })
        .collect();
    base::add_types(&tx, &e, session, &types).await?;
    tx.commit().await?;
    Ok(())
}
