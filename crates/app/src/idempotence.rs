//! TRX-2 and TRX-5: a write done twice under the same key is done once; each act gives a numbered receipt.

use serde::{Deserialize, Serialize};
use store::idempotence as base;
use store::{Sql, Tx};

use crate::brouillons::{self, PageSaisie};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// What every form carries: its idempotency key, the version of the row that the person saw, and where it is kept meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Garde {
    /// 128 bits, made with the form. `None` for jobs and commands, which are idempotent by themselves.
    pub cle: Option<String>,
    /// Expected version of the row (TRX-4).
    pub version: Option<i64>,
    /// Where what was typed in this form waits, until it is saved (SES-3).
    pub brouillon: Option<PageSaisie>,
}

impl Garde {
    /// Refuses when the row changed since the person saw it.
    ///
    /// # Errors
    /// [`AppError::Conflict`].
    pub fn check_version(&self, actuelle: i64) -> Result<(), AppError> {
        match self.version {
            Some(vue) if vue != actuelle => Err(AppError::Conflict),
            _ => Ok(()),
        }
    }
}

/// A numbered proof of an act, found again by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recepisse {
    /// « K7QX-2MWD-4FZR »: drawn at random, so that none is guessed from another.
    pub numero: String,
    /// Code, turned into French by the catalogue.
    pub acte: String,
    /// SHA-256 of the content, in hexadecimal.
    pub empreinte: String,
    /// UTC milliseconds.
    pub emis_le: i64,
}

/// Looks whether the key was already used: same request → the receipt of then; another request → conflict.
///
/// # Errors
/// [`AppError::Conflict`] for the same key with another request or another account.
pub async fn deja_fait(
    c: &impl Sql,
    ctx: &Ctx,
    garde: &Garde,
    demande: &str,
) -> Result<Option<Recepisse>, AppError> {
    let Some(cle) = &garde.cle else { return Ok(None) };
    let Some(fait) = base::find(c, cle, ctx.recu_ms()).await? else { return Ok(None) };
    if fait.compte_id != ctx.acteur.compte || fait.empreinte != hash(demande) {
        return Err(AppError::Conflict);
    }
    serde_json::from_str(&fait.reponse).map(Some).map_err(AppError::internal)
}

/// Writes the receipt of an act, remembers the key, and forgets what was kept of the form. To be called last before the commit.
///
/// `contenu`: JSON of what was done, without secret; its hash is the receipt's fingerprint.
///
/// # Errors
/// [`AppError::Conflict`] when a parallel request used the same key.
pub async fn emettre(
    tx: &Tx,
    ctx: &Ctx,
    garde: &Garde,
    demande: &str,
    acte: &str,
    candidat: Option<i64>,
    contenu: &serde_json::Value,
) -> Result<Recepisse, AppError> {
    let public_id = ctx.app.alea.public_id();
    let numero = numero(public_id.as_str());
    let contenu = contenu.to_string();
    let recepisse =
        Recepisse { empreinte: hash(&contenu), numero, acte: acte.to_owned(), emis_le: ctx.campagne_ms() };
    base::write_recepisse(
        tx,
        &base::NouveauRecepisse {
            public_id: public_id.as_str(),
            numero: &recepisse.numero,
            session: None,
            compte: ctx.acteur.compte,
            candidat,
            acte,
            contenu: &contenu,
            empreinte: &recepisse.empreinte,
            emis_le: recepisse.emis_le,
        },
    )
    .await?;
    if let Some(cle) = &garde.cle {
        let reponse = serde_json::to_string(&recepisse).map_err(AppError::internal)?;
        let expire = ctx.recu_ms() + ctx.app.limites.idempotence_h * 3_600_000;
        base::record(tx, cle, ctx.acteur.compte, &hash(demande), &reponse, ctx.recu_ms(), expire).await?;
    }
    brouillons::saved(tx, ctx, garde).await?;
    Ok(recepisse)
}

/// What a receipt of the person's own says of an act, as it was written then: the page that follows tells it however often it is
/// loaded. `None` for an unknown number, another act, or the receipt of somebody else.
///
/// # Errors
/// When the database refuses, or for a content of another form.
pub(crate) async fn contenu_de<T: serde::de::DeserializeOwned>(
    ctx: &Ctx,
    numero: &str,
    acte: &str,
) -> Result<Option<T>, AppError> {
    let Some(compte) = ctx.acteur.compte else { return Ok(None) };
    let r = base::find_recepisse(&ctx.app.db, numero).await?;
    let Some(r) = r.filter(|r| r.acte == acte && r.compte_id == Some(compte)) else { return Ok(None) };
    serde_json::from_str(&r.contenu).map(Some).map_err(AppError::internal)
}

/// What anybody may know of a receipt: that this act was done then, with this content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecepisseVerifie {
    /// Without the content: whose it is stays unknown.
    pub recepisse: Recepisse,
    /// The content kept still has the fingerprint written on the receipt.
    pub intact: bool,
}

/// Checks a receipt by its number; spaces, case and hyphens are forgiven. Gives nobody's data.
///
/// # Errors
/// When the database refuses.
pub async fn verify_recepisse(ctx: &Ctx, saisie: &str) -> Result<Option<RecepisseVerifie>, AppError> {
    let lettres: String =
        saisie.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    if lettres.len() != 12 {
        return Ok(None);
    }
    let numero = format!("{}-{}-{}", &lettres[..4], &lettres[4..8], &lettres[8..]);
    Ok(base::find_recepisse(&ctx.app.db, &numero).await?.map(|r| RecepisseVerifie {
        intact: hash(&r.contenu) == r.empreinte,
        recepisse: Recepisse { numero: r.numero, acte: r.acte, empreinte: r.empreinte, emis_le: r.emis_le },
    }))
}

/// « K7QX-2MWD-4FZR »: 60 random bits, easy to read over the telephone.
fn numero(public_id: &str) -> String {
    let majuscules = public_id[..12].to_uppercase();
    format!("{}-{}-{}", &majuscules[..4], &majuscules[4..8], &majuscules[8..])
}

/// SHA-256 in hexadecimal.
pub fn hash(texte: &str) -> String {
    use sha2::Digest as _;
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(texte.as_bytes()))
}
