//! LIM-1 and LIM-5: attempts counted by an opaque key, in real time.

use store::essais::{self, Compte};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::Limites;

const JOUR_MS: i64 = 86_400_000;

/// What failures of the password are counted by: the account and the network (LIM-1).
pub(super) fn password_attempts(ctx: &Ctx, adresse: &str) -> (&'static str, String) {
    ("essai-mot-de-passe", format!("{adresse}|{}", ctx.reseau))
}

/// The holder proved who they are otherwise: their failures from this network are forgotten, those of other networks
/// are not.
pub(super) async fn forget_password_failures(
    c: &impl store::Sql,
    ctx: &Ctx,
    adresse: &str,
) -> Result<(), AppError> {
    let (usage, objet) = password_attempts(ctx, adresse);
    Ok(essais::clear(c, &ctx.app.coffre.fingerprint(usage, &objet)).await?)
}

/// An attempt reserved before anything is compared: parallel attempts see each other.
#[derive(Debug)]
pub(super) struct Tentative {
    id: i64,
    cle: String,
    avant: Compte,
}

impl Tentative {
    /// Reserves an attempt for `usage` and what it is about (an address, an account, with or without a network).
    /// What it is about is kept as a fingerprint only.
    pub(super) async fn reserve(ctx: &Ctx, usage: &str, objet: &str) -> Result<Self, AppError> {
        let cle = ctx.app.coffre.fingerprint(usage, objet);
        let depuis = ctx.recu_ms() - JOUR_MS;
        let id = essais::reserve(ctx.begin().await?, &cle, ctx.recu_ms(), depuis).await?;
        let avant = essais::count(&ctx.app.db, &cle, depuis, id).await?;
        Ok(Self { id, cle, avant })
    }

    /// Refuses while the failures of the day ask to wait; the refused attempt does not count.
    pub(super) async fn check_wait(&self, ctx: &Ctx) -> Result<(), AppError> {
        match wait_seconds(&self.avant, ctx.recu_ms(), &ctx.app.limites) {
            0 => Ok(()),
            attente_s => {
                essais::forget(&ctx.app.db, self.id).await?;
                Err(AppError::TooMany { attente_s })
            }
        }
    }

    /// Refuses once the failures of the day are used up, without waiting in between (SEC-8).
    pub(super) async fn check_day(&self, ctx: &Ctx) -> Result<(), AppError> {
        if self.avant.nombre < i64::from(ctx.app.limites.echecs_par_jour) {
            return Ok(());
        }
        self.check_wait(ctx).await
    }

    /// Whether a message may leave: so many an hour, so many a day (LIM-5). The refused one does not count.
    pub(super) async fn may_send(&self, ctx: &Ctx) -> Result<bool, AppError> {
        let heure = essais::count(&ctx.app.db, &self.cle, ctx.recu_ms() - 3_600_000, self.id).await?;
        let l = &ctx.app.limites;
        let permis = heure.nombre < l.oublis_par_heure && self.avant.nombre < l.oublis_par_jour;
        if !permis {
            essais::forget(&ctx.app.db, self.id).await?;
        }
        Ok(permis)
    }

    /// Success: the failures before it are forgotten.
    pub(super) async fn succeed(&self, c: &impl store::Sql) -> Result<(), AppError> {
        Ok(essais::clear(c, &self.cle).await?)
    }
}

/// Seconds to wait after the failures of the last 24 hours: none below the threshold, then a minute that doubles up to
/// the maximum, then until the oldest one is a day old.
fn wait_seconds(c: &Compte, maintenant_ms: i64, l: &Limites) -> u64 {
    let seuil = i64::from(l.echecs_avant_attente);
    if c.nombre < seuil {
        return 0;
    }
    let fin_ms = if c.nombre >= i64::from(l.echecs_par_jour) {
        c.premier + JOUR_MS
    } else {
        let doublements = u32::try_from(c.nombre - seuil).unwrap_or(u32::MAX).min(20);
        let attente = (l.attente_initiale_s << doublements).min(l.attente_maximale_s);
        c.dernier + i64::try_from(attente * 1_000).unwrap_or(i64::MAX / 2)
    };
    u64::try_from(fin_ms - maintenant_ms).map_or(0, |ms| ms.div_ceil(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apres(nombre: i64, secondes: i64) -> u64 {
        let c = Compte { nombre, dernier: 1_000_000, premier: 0 };
        wait_seconds(&c, 1_000_000 + secondes * 1_000, &Limites::default())
    }

    #[test]
    fn lim_1_five_failures_then_a_minute_that_doubles_up_to_fifteen() {
        assert_eq!(apres(4, 0), 0);
        assert_eq!(apres(5, 0), 60);
        assert_eq!(apres(5, 59), 1);
        assert_eq!(apres(5, 60), 0);
        assert_eq!(apres(6, 0), 120);
        assert_eq!(apres(9, 0), 900);
        assert_eq!(apres(24, 0), 900);
    }

    #[test]
    fn lim_1_twenty_five_failures_close_until_the_oldest_is_a_day_old() {
        assert_eq!(apres(25, 0), 86_400 - 1_000);
        assert_eq!(apres(25, 86_400), 0);
    }
}
