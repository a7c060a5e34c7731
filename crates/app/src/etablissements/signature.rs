//! R-ETA-08: the image of the signature of whoever heads an establishment. Never public.

use std::fmt;

use domain::droits::Action;
use domain::{PublicId, RuleViolation};
use files::dessin::{BornesImage, RefusImage, read_image};
use store::etablissements as base;

use super::{Modification, cible, reads_people, save_etablissement};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, hash};
use crate::sessions;

/// An image of ours, drawn from the one that was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(Vec<u8>);

/// Told apart by its fingerprint: its bytes have no place in a log.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hash(&data_encoding::HEXLOWER.encode(&self.0)))
    }
}

impl Signature {
    /// Reads what was sent.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], [`RuleViolation::FichierLourd`], [`RuleViolation::CoteImage`].
    pub fn read(octets: &[u8], bornes: BornesImage) -> Result<Self, RuleViolation> {
        read_image(octets, bornes).map(Self).map_err(|refus| {
            let faux = |motif| RuleViolation::Champ { champ: "fichier", motif };
            match refus {
                RefusImage::Vide => faux("image_vide"),
                RefusImage::Lourde => RuleViolation::FichierLourd { max: bornes.octets, image: true },
                RefusImage::Format => faux("image_format"),
                RefusImage::Cote => RuleViolation::CoteImage { min: bornes.cote_min, max: bornes.cote_max },
                RefusImage::Illisible => faux("image_illisible"),
            }
        })
    }

    pub(super) fn png(&self) -> &[u8] {
        &self.0
    }
}

/// Attaches to a head the image that was sent, in place of the one before.
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`]; [`AppError::Rule`] for an image that is refused, a head whose time is over,
/// or before the step; [`AppError::TooMany`]; [`AppError::Conflict`] as for the other parts.
pub async fn send_signature(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    (chef, octets): (&str, &[u8]),
) -> Result<Recepisse, AppError> {
    // Nothing is decoded for somebody who may not send it.
    let session = sessions::session(&ctx.app.db, annee).await?;
    let ligne = base::parametrage(&ctx.app.db, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    ctx.permit(Action::ModifierEtablissement, &cible(session.id, &ligne))?;
    ctx.take(Debit::Import)?;
    let signature = Signature::read(octets, ctx.app.limites.signature)?;
    save_etablissement(ctx, garde, annee, id, &Modification::Signature(chef.to_owned(), signature)).await
}

/// The image of the signature of a head, as PNG, for those who read the heads.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or for somebody who does not read them; [`AppError::Denied`].
pub async fn read_signature(ctx: &Ctx, annee: i64, id: &PublicId, chef: &str) -> Result<Vec<u8>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let ligne = base::parametrage(db, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = cible(session.id, &ligne);
    ctx.permit(Action::ConsulterEtablissement, &cible)?;
    if !reads_people(ctx, &cible) {
        return Err(AppError::NotFound);
    }
    let chefs = base::chefs(db, &ctx.app.coffre, ligne.etablissement_id).await?;
    let chef = chefs.iter().find(|c| c.public_id == chef).ok_or(AppError::NotFound)?;
    base::signature(db, &ctx.app.coffre, chef.id).await?.ok_or(AppError::NotFound)
}
