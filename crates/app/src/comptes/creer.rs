//! Creating accounts: the platform itself, on behalf of a command, of the demonstration or of a registration.

use domain::comptes::{Courriel, EtatCompte};
use domain::droits::{Action, Attribution, Cible};
use store::Tx;
use store::comptes as base;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

/// The password of a new account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MotDePasse {
    /// None yet: the person chooses it by mail.
    Aucun,
    /// In clear: hashed here, in the pool.
    Clair(String),
    /// Already hashed by [`super::Bassin::hash`]: bulk creation hashes once for many.
    Hache(String),
}

/// An account to create.
#[derive(Debug, Clone)]
pub struct NouveauCompte {
    /// Unique on the whole platform (CPT-2).
    pub courriel: String,
    /// Birth name.
    pub nom: String,
    /// First name in use.
    pub prenom: String,
    /// Absent, clear or already hashed.
    pub mot_de_passe: MotDePasse,
    /// Candidates need none: their record makes them candidates.
    pub roles: Vec<Attribution>,
    /// `Invite` without a password.
    pub etat: EtatCompte,
    /// Secret of the second factor (20 bytes), sealed when stored; `None`: enrolled at the first sign-in.
    pub totp: Option<Vec<u8>>,
}

/// Creates one account; gives its key.
///
/// # Errors
/// [`AppError::Denied`] unless the actor may manage every account, [`AppError::Conflict`] when the address is taken,
/// [`AppError::Invalid`] when it is not an address.
pub async fn create_compte(ctx: &Ctx, nouveau: NouveauCompte) -> Result<i64, AppError> {
    let nouveaux = hash_all(ctx, vec![nouveau]).await?;
    let tx = ctx.begin().await?;
    let ids = create_comptes_in(&tx, ctx, &nouveaux).await?;
    tx.commit().await?;
    ids.into_iter().next().ok_or_else(|| AppError::Internal("no account created".to_owned()))
}

/// Creates many accounts in one transaction; gives their keys in the order given.
///
/// # Errors
/// As [`create_compte`]; nothing is created then.
pub async fn create_comptes(ctx: &Ctx, nouveaux: Vec<NouveauCompte>) -> Result<Vec<i64>, AppError> {
    let nouveaux = hash_all(ctx, nouveaux).await?;
    let tx = ctx.begin().await?;
    let ids = create_comptes_in(&tx, ctx, &nouveaux).await?;
    tx.commit().await?;
    Ok(ids)
}

/// Hashes before the transaction opens: nobody waits for it while it holds the base.
async fn hash_all(ctx: &Ctx, mut nouveaux: Vec<NouveauCompte>) -> Result<Vec<NouveauCompte>, AppError> {
    for n in &mut nouveaux {
        if let MotDePasse::Clair(texte) = &n.mot_de_passe {
            n.mot_de_passe = MotDePasse::Hache(ctx.app.hachage.hash(texte, salt(ctx)).await?);
        }
    }
    Ok(nouveaux)
}

/// A fresh salt of 128 bits.
pub(super) fn salt(ctx: &Ctx) -> [u8; 16] {
    let mut sel = [0; 16];
    ctx.app.alea.fill(&mut sel);
    sel
}

/// Creates accounts within a transaction that the caller commits. Passwords must be hashed already.
///
/// # Errors
/// As [`create_compte`]; [`AppError::Internal`] for a password in clear.
pub async fn create_comptes_in(tx: &Tx, ctx: &Ctx, nouveaux: &[NouveauCompte]) -> Result<Vec<i64>, AppError> {
    let permit = ctx.permit(Action::GererComptes, &Cible::plateforme())?;
    let mut adresses = Vec::with_capacity(nouveaux.len());
    for n in nouveaux {
        let adresse = Courriel::parse(&n.courriel).map_err(|e| {
            AppError::Invalid(vec![("courriel", format!("Adresse « {} » : {e}.", n.courriel))])
        })?;
        adresses.push(adresse);
    }
    let mut lignes = Vec::with_capacity(nouveaux.len());
    for (n, courriel) in nouveaux.iter().zip(&adresses) {
        let mot_de_passe = match &n.mot_de_passe {
            MotDePasse::Aucun => None,
            MotDePasse::Hache(h) => Some(h.as_str()),
            MotDePasse::Clair(_) => return Err(AppError::Internal("password not hashed".to_owned())),
        };
        lignes.push(base::NouveauCompte {
            courriel: courriel.as_str(),
            nom: &n.nom,
            prenom: &n.prenom,
            etat: n.etat,
            mot_de_passe,
            totp: n.totp.as_deref(),
            courriel_verifie_le: (n.etat == EtatCompte::Actif).then(|| ctx.recu_ms()),
        });
    }
    let e = ctx.ecriture(&permit);
    let ids = base::insert_many(tx, &e, &ctx.app.coffre, &lignes).await?;
    let mut roles = Vec::new();
    for (id, n) in ids.iter().zip(nouveaux) {
        roles.extend(n.roles.iter().map(|r| (*id, r)));
    }
    base::insert_attributions(tx, &e, &roles).await?;
    record(
        tx,
        ctx,
        &permit,
        &Acte {
            objet: "compte",
            objet_id: "creation",
            avant: None,
            apres: Some(serde_json::json!({ "comptes": ids.len() })),
        },
    )
    .await?;
    Ok(ids)
}
