//! SEC-1, SEC-2, LIM-1: networks and browsers that an account already confirmed.

use domain::comptes::Moyen;
use store::comptes as base;
use store::{Sql, Tx};

use super::courriels;
use super::securite::Securite;
use super::session::SessionVue;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::limites::JOUR_MS;

/// Length of a token: two public identifiers.
const JETON: usize = 52;

fn signature(ctx: &Ctx, jeton: &str) -> String {
    ctx.app.coffre.fingerprint("temoin-navigateur", jeton)
}

/// The token of the browser's cookie, if we signed it.
fn token(ctx: &Ctx) -> Option<&str> {
    let (jeton, signe) = ctx.temoin.as_deref()?.split_once('.')?;
    (jeton.len() == JETON && signe == signature(ctx, jeton)).then_some(jeton)
}

/// Whether the request comes from a browser that completed a sign-in, of any account.
pub(super) fn is_signed(ctx: &Ctx) -> bool {
    token(ctx).is_some()
}

/// SEC-2: a network is kept as a fingerprint bound to the account.
pub(crate) fn network_key(ctx: &Ctx, compte: i64, reseau: &str) -> String {
    ctx.app.coffre.fingerprint("reseau-connu", &format!("{compte}|{reseau}"))
}

/// JOU-5: whether a second step confirmed this network lately, and a first time long enough before `instant_ms`.
pub(crate) async fn is_usual_network(
    tx: &Tx,
    ctx: &Ctx,
    compte: i64,
    reseau: &str,
    instant_ms: i64,
) -> Result<bool, AppError> {
    let l = &ctx.app.limites;
    let depuis = instant_ms - l.confirmation_jours * JOUR_MS;
    let avant = instant_ms - l.alarme_reseau_connu_h * 3_600_000;
    Ok(base::is_reseau_connu(tx, compte, &network_key(ctx, compte, reseau), depuis, avant).await?)
}

/// What the account knows of the place of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Provenance {
    /// Network and browser confirmed lately, each on its own.
    pub reseau: bool,
    pub navigateur: bool,
    /// Network and browser are those of the last second step of all.
    pub derniere: bool,
}

impl Provenance {
    /// Asked for an account that does not exist too: the same queries, the same time (LIM-4).
    pub(super) async fn load(c: &impl Sql, ctx: &Ctx, compte: Option<i64>) -> Result<Self, AppError> {
        let id = compte.unwrap_or(0);
        let navigateur = token(ctx).map(hash).unwrap_or_default();
        let r = base::reseau_confirme(c, id, &network_key(ctx, id, &ctx.reseau)).await?;
        let n = base::navigateur_confirme(c, id, &navigateur).await?;
        let depuis = ctx.recu_ms() - ctx.app.limites.confirmation_jours * JOUR_MS;
        let recent = |quand: Option<i64>| quand.is_some_and(|q| q > depuis);
        Ok(Self {
            reseau: recent(r.ici),
            navigateur: recent(n.ici),
            derniere: recent(r.ici) && r.ici == r.derniere && n.ici == n.derniere && r.ici == n.ici,
        })
    }

    /// SEC-1: whether the second step may be spared at sign-in.
    pub(super) fn spares(self, s: &Securite) -> bool {
        !s.renforce && if s.souple { self.reseau && self.navigateur } else { self.derniere }
    }
}

/// Notes the place of a second step that just succeeded; the holder learns of a new network (LIM-7). Gives the cookie
/// of the browser.
pub(super) async fn confirm(tx: &Tx, ctx: &Ctx, compte: &base::LigneCompte) -> Result<String, AppError> {
    let l = &ctx.app.limites;
    let premiere = base::reseau_confirme(tx, compte.id, "").await?.derniere.is_none();
    let cle = network_key(ctx, compte.id, &ctx.reseau);
    let nouveau = base::confirm_reseau(tx, compte.id, &cle, ctx.recu_ms(), l.reseaux_connus).await?;
    if nouveau && !premiere {
        let avis = courriels::nouveau_reseau(ctx);
        courriels::enqueue(tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    }
    let jeton = match token(ctx) {
        Some(jeton) => jeton.to_owned(),
        None => format!("{}{}", ctx.app.alea.public_id(), ctx.app.alea.public_id()),
    };
    base::confirm_navigateur(
        tx,
        ctx.app.alea.as_ref(),
        compte.id,
        &hash(&jeton),
        &ctx.appareil,
        ctx.recu_ms(),
        l.navigateurs_connus,
    )
    .await?;
    Ok(format!("{jeton}.{}", signature(ctx, &jeton)))
}

/// A form kept while its sender proves again who they are (SEC-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandeGardee {
    /// Where it was sent, with its query.
    pub chemin: String,
    /// Its bytes, as received.
    pub corps: Vec<u8>,
}

/// Keeps a form of this account, ciphered, for some minutes; gives its identifier, or nothing when it is too large.
///
/// # Errors
/// When the database refuses.
pub async fn keep_request(
    ctx: &Ctx,
    compte: i64,
    demande: &DemandeGardee,
) -> Result<Option<String>, AppError> {
    let l = &ctx.app.limites;
    if demande.corps.len() > l.formulaire_octets {
        return Ok(None);
    }
    let expire = ctx.recu_ms() + l.demande_gardee_min * 60_000;
    let (coffre, alea) = (&ctx.app.coffre, ctx.app.alea.as_ref());
    let tx = ctx.begin().await?;
    let id = base::keep_demande(&tx, coffre, alea, compte, &demande.chemin, &demande.corps, expire).await?;
    base::prune_demandes(&tx, compte, l.demandes_gardees).await?;
    tx.commit().await?;
    Ok(Some(id.as_str().to_owned()))
}

/// A form kept for this person.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or no longer, or it is somebody else's.
pub async fn kept_request(ctx: &Ctx, session: &SessionVue, id: &str) -> Result<DemandeGardee, AppError> {
    base::demande_gardee(&ctx.app.db, &ctx.app.coffre, session.compte, id, ctx.recu_ms())
        .await?
        .map(|(chemin, corps)| DemandeGardee { chemin, corps })
        .ok_or(AppError::NotFound)
}

/// The means that a stored session was confirmed by.
pub(super) fn stored_means(code: Option<&str>) -> Option<Moyen> {
    code.and_then(Moyen::from_code)
}
