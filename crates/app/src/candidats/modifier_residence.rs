//! The candidate changes where they live, until the end of the confirmation step.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::droits::Action;
use serde_json::json;

use super::mien_verrouille;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// Where the candidate lives: it decides the academy, hence who counts as a resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residence {
    /// Name, as the candidate writes it.
    pub commune: String,
    /// Code of the department.
    pub departement: String,
}

const COMMUNE_MAX: usize = 80;

impl Residence {
    fn check(&self) -> Result<&'static domain::territoires::Departement, RuleViolation> {
        let commune = self.commune.trim();
        if commune.is_empty() {
            return Err(RuleViolation::Champ { champ: "commune", motif: "manquant" });
        }
        if commune.chars().count() > COMMUNE_MAX {
            return Err(RuleViolation::TropLong { champ: "commune", max: COMMUNE_MAX });
        }
        domain::territoires::departements()
            .iter()
            .find(|d| d.code == self.departement)
            .ok_or(RuleViolation::Champ { champ: "departement", motif: "inconnu" })
    }
}

/// Changes the residence of the person who acts.
///
/// # Errors
/// [`AppError::Rule`] outside the confirmation step or for a wrong value; [`AppError::Conflict`] when the record
/// changed since it was read.
pub async fn modifier_residence(ctx: &Ctx, garde: &Garde, cmd: &Residence) -> Result<Recepisse, AppError> {
    let demande = format!("residence|{}|{}", cmd.commune, cmd.departement);
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::ModifierDossier).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    d.session.require_ouverte()?;
    d.session.calendrier.require_open(Etape::Confirmation, ctx.campagne_le)?;
    d.require_inscrit()?;
    garde.check_version(d.ligne.version)?;
    let departement = cmd.check()?;
    let commune = cmd.commune.trim();
    let e = ctx.ecriture(&d.permit);
    store::candidats::set_residence(&tx, &e, &d.ligne, commune, departement.code, departement.academie)
        .await?;
    // The town itself stays out of the journal: what changed is enough to account for the act.
    record(
        &tx,
        ctx,
        &d.permit,
        &Acte {
            objet: "candidat",
            objet_id: &d.ligne.public_id,
            avant: Some(json!({ "departement": d.ligne.departement, "academie": d.ligne.academie })),
            apres: Some(json!({ "departement": departement.code, "academie": departement.academie })),
        },
    )
    .await?;
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "lignes": [["Commune", commune], ["Département", departement.nom]],
    });
    let recepisse =
        emettre(&tx, ctx, garde, &demande, "modifier_residence", Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
