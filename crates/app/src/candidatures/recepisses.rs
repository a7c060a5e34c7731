//! Receipts found again by their candidate.

use domain::droits::Action;
use jiff::Timestamp;

use super::instant;
use crate::candidats::mien;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages;

/// A receipt as its candidate reads it.
#[derive(Debug, Clone)]
pub struct RecepisseVue {
    /// « K7QX-2MWD-4FZR »: what anybody types to verify it.
    pub numero: String,
    /// French label of the act.
    pub acte: &'static str,
    /// Instant of the campaign.
    pub emis_le: Timestamp,
    /// SHA-256 of the content kept, in hexadecimal.
    pub empreinte: String,
    /// What was done: label and value.
    pub lignes: Vec<(String, String)>,
}

/// French label of an act.
pub fn libelle_acte(code: &str) -> &'static str {
    messages::acte_nomme(code).unwrap_or("Acte enregistré")
}

/// A receipt of the person who acts. Somebody else's is as unknown as an absent one.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn recepisse(ctx: &Ctx, numero: &str) -> Result<RecepisseVue, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let r = store::idempotence::find_recepisse(db, numero).await?.ok_or(AppError::NotFound)?;
    if r.candidat_id != Some(d.ligne.id) {
        return Err(AppError::NotFound);
    }
    Ok(vue(&r))
}

/// A receipt, readable.
pub(crate) fn vue(r: &store::idempotence::Recepisse) -> RecepisseVue {
    RecepisseVue {
        acte: libelle_acte(&r.acte),
        emis_le: instant(r.emis_le),
        lignes: read_lignes(&r.contenu),
        numero: r.numero.clone(),
        empreinte: r.empreinte.clone(),
    }
}

/// The lines of the content, `"lignes": [[label, value]]`.
fn read_lignes(contenu: &str) -> Vec<(String, String)> {
    #[derive(serde::Deserialize)]
    struct Contenu {
        #[serde(default)]
        lignes: Vec<(String, String)>,
    }
    serde_json::from_str(contenu).map(|c: Contenu| c.lignes).unwrap_or_default()
}

/// The receipts of the person who acts, newest first: number, act, instant.
///
/// # Errors
/// [`AppError::Denied`] for anybody who is not a candidate.
pub async fn list_recepisses(ctx: &Ctx) -> Result<Vec<(String, &'static str, Timestamp)>, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let lignes = store::candidatures::list_recepisses(db, d.ligne.id).await?;
    Ok(lignes.into_iter().map(|l| (l.numero, libelle_acte(&l.acte), instant(l.emis_le))).collect())
}
