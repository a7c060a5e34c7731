//! LIM-1 and LIM-5: attempts counted by an opaque key, in real time.

use domain::calendrier::{fin_de_jour, jour_paris};
use jiff::Timestamp;
use store::essais::{self, Compte};

use super::connus::Provenance;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::limites::Limites;

/// LIM-1: where an attempt comes from, as far as the account knows. Each has its own counter, so that whoever guesses
/// from elsewhere, or behind the same address, does not close the account on its usual browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compteur {
    Inconnu,
    ReseauConnu,
    NavigateurConnu,
}

impl Compteur {
    pub(super) fn of(p: Provenance) -> Self {
        if p.navigateur {
            Self::NavigateurConnu
        } else if p.reseau {
            Self::ReseauConnu
        } else {
            Self::Inconnu
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Inconnu => "inconnu",
            Self::ReseauConnu => "reseau",
            Self::NavigateurConnu => "navigateur",
        }
    }

    /// (failures before waiting, failures a day).
    fn bornes(self, l: &Limites) -> (u32, u32) {
        match self {
            Self::Inconnu => (l.echecs_avant_attente, l.echecs_par_jour),
            Self::ReseauConnu => l.echecs_reseau_connu,
            Self::NavigateurConnu => l.echecs_navigateur_connu,
        }
    }

    fn objet(self, adresse: &str) -> String {
        format!("{adresse}|{}", self.code())
    }
}

const MOT_DE_PASSE: &str = "essai-mot-de-passe";

/// Reserves an attempt of the password of an address, and refuses it while waiting is asked.
pub(super) async fn password_attempt(
    ctx: &Ctx,
    adresse: &str,
    compteur: Compteur,
) -> Result<Tentative, AppError> {
    let tentative = Tentative::reserve(ctx, MOT_DE_PASSE, &compteur.objet(adresse)).await?;
    let bornes = compteur.bornes(&ctx.app.limites);
    tentative.check_wait(ctx, bornes).await?;
    Ok(tentative)
}

/// The holder proved who they are otherwise: the failures of where they are are forgotten, the others are not.
pub(super) async fn forget_password_failures(
    c: &impl store::Sql,
    ctx: &Ctx,
    compte: i64,
    adresse: &str,
) -> Result<(), AppError> {
    let compteur = Compteur::of(Provenance::load(c, ctx, Some(compte)).await?);
    Ok(essais::clear(c, &ctx.app.coffre.fingerprint(MOT_DE_PASSE, &compteur.objet(adresse))).await?)
}

/// How many messages may leave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Debit {
    pub minute: Option<i64>,
    pub heure: i64,
    pub jour: Option<i64>,
}

/// An attempt reserved before anything is compared: parallel attempts see each other.
#[derive(Debug)]
pub(crate) struct Tentative {
    id: i64,
    cle: String,
    avant: Compte,
}

impl Tentative {
    /// Reserves an attempt for `usage` and what it is about (an address, an account, with or without a network).
    /// What it is about is kept as a fingerprint only.
    pub(crate) async fn reserve(ctx: &Ctx, usage: &str, objet: &str) -> Result<Self, AppError> {
        let cle = ctx.app.coffre.fingerprint(usage, objet);
        let depuis = ctx.recu_ms() - JOUR_MS;
        let id = essais::reserve(ctx.begin().await?, &cle, ctx.recu_ms(), depuis).await?;
        let avant = essais::count(&ctx.app.db, &cle, depuis, id).await?;
        Ok(Self { id, cle, avant })
    }

    /// Failures that stand before this attempt.
    pub(super) fn failures(&self) -> i64 {
        self.avant.nombre
    }

    /// Refuses while the failures of the day ask to wait; the refused attempt does not count.
    async fn check_wait(&self, ctx: &Ctx, bornes: (u32, u32)) -> Result<(), AppError> {
        self.refuse_for(ctx, wait_seconds(&self.avant, ctx.recu_ms(), bornes, &ctx.app.limites)).await
    }

    /// The same with the bounds of an unknown place: for whoever proves again who they are.
    pub(super) async fn check_patience(&self, ctx: &Ctx) -> Result<(), AppError> {
        self.check_wait(ctx, Compteur::Inconnu.bornes(&ctx.app.limites)).await
    }

    /// SEC-8: once the failures of 24 hours are used up, refuses until midnight in Paris.
    pub(super) async fn check_day(&self, ctx: &Ctx, maximum: u32) -> Result<(), AppError> {
        if self.avant.nombre < i64::from(maximum) {
            return Ok(());
        }
        let dernier = Timestamp::from_millisecond(self.avant.dernier).unwrap_or(ctx.recu_le);
        let minuit = fin_de_jour(jour_paris(dernier)).as_millisecond();
        self.refuse_for(ctx, seconds_until(minuit, ctx.recu_ms())).await
    }

    async fn refuse_for(&self, ctx: &Ctx, attente_s: u64) -> Result<(), AppError> {
        if attente_s == 0 {
            return Ok(());
        }
        essais::forget(&ctx.app.db, self.id).await?;
        Err(AppError::TooMany { attente_s })
    }

    /// SEC-10: so many in a minute, an hour, a day. The refused one does not count.
    pub(super) async fn require_rate(&self, ctx: &Ctx, d: Debit) -> Result<(), AppError> {
        let mut fin_ms = 0;
        for (maximum, duree_ms) in [(d.minute, 60_000), (Some(d.heure), 3_600_000), (d.jour, JOUR_MS)] {
            let Some(maximum) = maximum else { continue };
            let vus = essais::count(&ctx.app.db, &self.cle, ctx.recu_ms() - duree_ms, self.id).await?;
            if vus.nombre >= maximum {
                fin_ms = fin_ms.max(vus.premier + duree_ms);
            }
        }
        self.refuse_for(ctx, seconds_until(fin_ms, ctx.recu_ms())).await
    }

    /// Whether a message may leave: so many an hour, so many a day (LIM-5). The refused one does not count.
    pub(crate) async fn may_send(&self, ctx: &Ctx) -> Result<bool, AppError> {
        let l = &ctx.app.limites;
        self.may_send_within(ctx, (l.oublis_par_heure, l.oublis_par_jour)).await
    }

    /// The same within other bounds: an hour, a day.
    pub(crate) async fn may_send_within(
        &self,
        ctx: &Ctx,
        (heure, jour): (i64, i64),
    ) -> Result<bool, AppError> {
        let vus = essais::count(&ctx.app.db, &self.cle, ctx.recu_ms() - 3_600_000, self.id).await?;
        let permis = vus.nombre < heure && self.avant.nombre < jour;
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

fn seconds_until(fin_ms: i64, maintenant_ms: i64) -> u64 {
    u64::try_from(fin_ms - maintenant_ms).map_or(0, |ms| ms.div_ceil(1_000))
}

/// Seconds to wait after the failures of the last 24 hours: none below the threshold, then a minute that doubles up to
/// the maximum, then until the oldest one is a day old.
fn wait_seconds(c: &Compte, maintenant_ms: i64, (seuil, par_jour): (u32, u32), l: &Limites) -> u64 {
    let seuil = i64::from(seuil);
    if c.nombre < seuil {
        return 0;
    }
    let fin_ms = if c.nombre >= i64::from(par_jour) {
        c.premier + JOUR_MS
    } else {
        let doublements = u32::try_from(c.nombre - seuil).unwrap_or(u32::MAX).min(20);
        let attente = (l.attente_initiale_s << doublements).min(l.attente_maximale_s);
        c.dernier + i64::try_from(attente * 1_000).unwrap_or(i64::MAX / 2)
    };
    seconds_until(fin_ms, maintenant_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apres(nombre: i64, secondes: i64) -> u64 {
        let c = Compte { nombre, dernier: 1_000_000, premier: 0 };
        let l = Limites::default();
        wait_seconds(&c, 1_000_000 + secondes * 1_000, Compteur::Inconnu.bornes(&l), &l)
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
    fn lim_1_known_networks_and_browsers_have_wider_counters_of_their_own() {
        let l = Limites::default();
        assert_eq!(Compteur::ReseauConnu.bornes(&l), (10, 50));
        assert_eq!(Compteur::NavigateurConnu.bornes(&l), (10, 100));
        let c = Compte { nombre: 9, dernier: 1_000_000, premier: 0 };
        assert_eq!(wait_seconds(&c, 1_000_000, Compteur::NavigateurConnu.bornes(&l), &l), 0);
        let objets =
            [Compteur::Inconnu, Compteur::ReseauConnu, Compteur::NavigateurConnu].map(|k| k.objet("a"));
        assert!(objets[0] != objets[1] && objets[1] != objets[2] && objets[0] != objets[2]);
    }

    #[test]
    fn lim_1_twenty_five_failures_close_until_the_oldest_is_a_day_old() {
        assert_eq!(apres(25, 0), 86_400 - 1_000);
        assert_eq!(apres(25, 86_400), 0);
    }
}
