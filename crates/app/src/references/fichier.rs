//! What is sent as a document: looked at before anything is kept (FIC-1, FIC-2).

use domain::RuleViolation;
use domain::references::nom_de_fichier;
use files::pdf::{RefusPdf, check_pdf};

use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::ports::Verdict;

/// A file that may be kept.
#[derive(Debug, Clone)]
pub(super) struct Recu<'a> {
    pub nom: String,
    pub octets: &'a [u8],
}

fn faux(motif: &'static str) -> AppError {
    RuleViolation::Champ { champ: "fichier", motif }.into()
}

/// R-REF-03: a PDF file by its name, its first bytes and its end, no larger than the limit, that the antivirus lets through. Without an
/// antivirus nothing that others will read is kept.
///
/// # Errors
/// [`AppError::Rule`] on `fichier`; [`AppError::TooMany`].
pub(super) async fn check<'a>(ctx: &Ctx, nom: &str, octets: &'a [u8]) -> Result<Recu<'a>, AppError> {
    ctx.take(Debit::Import)?;
    if octets.is_empty() {
        return Err(faux("vide"));
    }
    let nom = nom_de_fichier(nom).ok_or_else(|| faux("pdf_nom"))?;
    let max = ctx.app.limites.document_octets;
    check_pdf(octets, max).map_err(|refus| match refus {
        RefusPdf::Vide => faux("vide"),
        RefusPdf::Lourd => RuleViolation::FichierLourd { max, image: false }.into(),
        RefusPdf::Format => faux("pdf_format"),
        RefusPdf::Tronque => faux("pdf_tronque"),
        RefusPdf::Chiffre => faux("pdf_chiffre"),
    })?;
    require_sain(ctx, octets).await?;
    Ok(Recu { nom, octets })
}

/// FIC-2: the antivirus lets it through. Without an antivirus nothing that somebody sends is kept.
///
/// # Errors
/// [`AppError::Rule`] on `fichier`.
pub(crate) async fn require_sain(ctx: &Ctx, octets: &[u8]) -> Result<(), AppError> {
    match ctx.app.antivirus.scan(octets).await {
        Ok(Verdict::Sain) => Ok(()),
        Ok(Verdict::Infecte(trouve)) => {
            // Neither the name of the file nor who sent it: the journal of accesses has that.
            tracing::warn!(%trouve, "fichier refusé par l’antivirus");
            Err(faux("virus"))
        }
        Err(cause) => {
            tracing::error!(%cause, "antivirus indisponible : dépôt refusé");
            Err(faux("antivirus"))
        }
    }
}
