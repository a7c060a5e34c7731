//! R-ETA-18: what is looked at a second time before it is taken away: it is gone for good, or the public reads it.

use domain::PublicId;
use domain::calendrier::Etape;
use domain::droits::Action;
use domain::etablissements::{check_annulation, signataire};
use jiff::civil::Date;
use store::etablissements::{self as base, ChefEtablissement};
use store::formations::{count_publiees, naming, published_naming};

use super::modifier::Modification;
use super::{cible, mandat, mandats, suivi, today};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::intitule;
use crate::sessions;

/// What would be taken away, with what is to be known before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ARelire {
    /// The image of a signature: nobody finds it again.
    Signature {
        /// Whose it is.
        nom: String,
    },
    /// Somebody was announced, and would not come.
    Annonce {
        /// Who it is.
        nom: String,
        /// « Proviseure ».
        fonction: String,
        /// First day.
        depuis: Date,
        /// Last day, of an interim.
        jusqu_a: Option<Date>,
        /// Who signs from the first day on, instead; `None`: nobody.
        reste: Option<String>,
        /// The image of the signature was given already.
        signe: bool,
    },
    /// A site that published sheets name.
    Site {
        /// Its name.
        nom: String,
        /// These courses.
        formations: Vec<String>,
    },
    /// An open day that the public reads.
    Journee {
        /// When.
        jour: Date,
    },
}

/// What this change would take away that is to be looked at a second time; `None`: nothing is, or the act itself says why it is refused.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] for an establishment that the person does not change.
pub async fn view_retrait(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    m: &Modification,
) -> Result<Option<ARelire>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let ligne = base::parametrage(db, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    ctx.permit(Action::ModifierEtablissement, &cible(session.id, &ligne))?;
    let etablissement = ligne.etablissement_id;
    Ok(match m {
        Modification::RetirerSignature(id) => {
            let chefs = base::chefs(db, &ctx.app.coffre, etablissement).await?;
            let signe = chefs.iter().find(|c| c.public_id == *id && c.signe);
            signe.map(|c| ARelire::Signature { nom: nom(c) })
        }
        Modification::AnnulerAnnonce(id) => {
            let chefs = base::chefs(db, &ctx.app.coffre, etablissement).await?;
            annonce(&chefs, id, today(ctx))?
        }
        Modification::RetirerSite(id) => {
            let site = base::sites(db, ligne.id).await?.into_iter().find(|s| s.public_id == *id);
            let (Some(site), Some(lieu)) = (site, PublicId::parse(id)) else { return Ok(None) };
            // R-ETA-09: a draft that names it refuses its removal.
            if !naming(db, session.id, etablissement, std::slice::from_ref(&lieu)).await?.is_empty() {
                return Ok(None);
            }
            let publiees = published_naming(db, session.id, etablissement, &lieu).await?;
            let formations: Vec<String> = publiees.iter().map(|f| intitule(&f.libelle, &f.detail)).collect();
            (!formations.is_empty()).then_some(ARelire::Site { nom: site.nom, formations })
        }
        Modification::RetirerJournee(id) => {
            let journee = base::journees(db, ligne.id).await?.into_iter().find(|j| j.public_id == *id);
            let jour = journee.and_then(|j| j.jour.parse().ok()).filter(|jour: &Date| *jour >= today(ctx));
            let ouverte = session.calendrier.require_open(Etape::Consultation, ctx.campagne_le).is_ok();
            let lue = ouverte && count_publiees(db, session.id, etablissement).await? > 0;
            jour.filter(|_| lue).map(|jour| ARelire::Journee { jour })
        }
        _ => None,
    })
}

fn nom(c: &ChefEtablissement) -> String {
    format!("{} {}", c.prenom, c.nom)
}

/// Whoever was announced under this identifier and is not in office yet.
fn annonce(chefs: &[ChefEtablissement], id: &str, jour: Date) -> Result<Option<ARelire>, AppError> {
    let Some(annonce) = chefs.iter().find(|c| c.public_id == id) else { return Ok(None) };
    let dit = mandat(annonce)?;
    if check_annulation(dit.depuis, jour).is_err() {
        return Ok(None);
    }
    let reste: Vec<ChefEtablissement> = chefs.iter().filter(|c| c.id != annonce.id).cloned().collect();
    let mut siens = mandats(&reste)?;
    if let Some(suivi) = suivi(chefs, annonce)? {
        for (m, c) in siens.iter_mut().zip(&reste) {
            if c.id == suivi.id {
                m.jusqu_a = None;
            }
        }
    }
    let signe = signataire(&siens, dit.depuis).and_then(|i| reste.get(i));
    Ok(Some(ARelire::Annonce {
        nom: nom(annonce),
        fonction: annonce.fonction.clone(),
        depuis: dit.depuis,
        jusqu_a: dit.jusqu_a,
        reste: signe.map(nom),
        signe: annonce.signe,
    }))
}
