//! SEC-1, SEC-2, LIM-2, LIM-3: the national settings of sign-in, and waves of failures.

use domain::droits::{Action, Cible};
use serde_json::json;
use store::comptes as base;
use store::{Sql, Tx, sessions};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, Cause, Genre, raise, record};
use crate::limites::JOUR_MS;

const MODE: &str = "connexion.mode";
const RENFORCE: &str = "connexion.renforce_le";
const SORTIE: &str = "connexion.renforce_sortie";
pub(super) const TRANCHE_MS: i64 = 600_000;
const SEMAINE: i64 = 7 * 24 * 6;

/// The first period to keep: a week is compared, and a day more does no harm.
pub(super) fn premiere_tranche(maintenant_ms: i64) -> i64 {
    (maintenant_ms - JOUR_MS) / TRANCHE_MS - SEMAINE
}

/// How sign-in is set for the whole country.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Securite {
    /// SEC-2: a network and a browser both known spare the second step. Otherwise, strict: those of the last one.
    pub souple: bool,
    /// LIM-3: everybody is asked for a second step at each sign-in.
    pub renforce: bool,
    /// Real instant (ms) of the beginning of the reinforced mode.
    pub renforce_le: Option<i64>,
    /// Account that proposed to leave it: another one decides (HAB-8).
    pub sortie_proposee_par: Option<i64>,
}

impl Securite {
    pub(super) async fn load(c: &impl Sql) -> Result<Self, AppError> {
        let entier = |t: Option<String>| t.and_then(|v| v.parse::<i64>().ok()).filter(|&n| n != 0);
        let renforce_le = entier(sessions::reglage(c, RENFORCE).await?);
        Ok(Self {
            souple: sessions::reglage(c, MODE).await?.as_deref() == Some("souple"),
            renforce: renforce_le.is_some(),
            renforce_le,
            sortie_proposee_par: entier(sessions::reglage(c, SORTIE).await?),
        })
    }
}

/// The settings, for those who decide them.
///
/// # Errors
/// [`AppError::Denied`].
pub async fn security_settings(ctx: &Ctx) -> Result<Securite, AppError> {
    ctx.permit(Action::GererSession, &Cible::plateforme())?;
    Securite::load(&ctx.app.db).await
}

/// What a national agent decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Strict or soft (SEC-1, SEC-2).
    Mode {
        /// Soft.
        souple: bool,
    },
    /// Everybody is asked for a second step from now on (LIM-3).
    Renforcer,
    /// Proposed by one agent, decided by another (HAB-8).
    Sortir,
}

/// Changes the settings; recorded. Leaving the reinforced mode takes two different agents: gives whether it is left.
///
/// # Errors
/// [`AppError::Denied`], [`AppError::Confirmation`], [`AppError::Invalid`] when the second agent is the first.
pub async fn decide_security(ctx: &Ctx, decision: Decision) -> Result<Securite, AppError> {
    let permit = ctx.permit(Action::GererSession, &Cible::plateforme())?;
    ctx.require_fresh()?;
    let tx = ctx.begin().await?;
    let avant = Securite::load(&tx).await?;
    let maintenant = ctx.recu_ms();
    let set = async |cle: &str, valeur: String| sessions::set_reglage(&tx, cle, &valeur, maintenant).await;
    match decision {
        Decision::Mode { souple } => set(MODE, if souple { "souple" } else { "strict" }.to_owned()).await?,
        Decision::Renforcer => {
            set(RENFORCE, maintenant.to_string()).await?;
            set(SORTIE, "0".to_owned()).await?;
        }
        Decision::Sortir if !avant.renforce => {}
        Decision::Sortir => {
            let Some(moi) = ctx.acteur.compte else { return Err(AppError::NotFound) };
            match avant.sortie_proposee_par {
                None => set(SORTIE, moi.to_string()).await?,
                Some(autre) if autre == moi => {
                    return Err(AppError::Invalid(vec![(
                        "sortie",
                        "Vous avez proposé cette sortie : une autre personne de l’équipe nationale doit la valider."
                            .to_owned(),
                    )]));
                }
                Some(_) => {
                    set(RENFORCE, "0".to_owned()).await?;
                    set(SORTIE, "0".to_owned()).await?;
                }
            }
        }
    }
    let apres = Securite::load(&tx).await?;
    let dit = |s: &Securite| {
        serde_json::json!({
            "mode": if s.souple { "souple" } else { "strict" },
            "renforce": s.renforce,
            "sortie_proposee": s.sortie_proposee_par.is_some(),
        })
    };
    let acte =
        Acte { objet: "reglage", objet_id: "connexion", avant: Some(dit(&avant)), apres: Some(dit(&apres)) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(apres)
}

/// LIM-2: whether many accounts fail from this network: each attempt then waits. The address alone never closes
/// anything: a whole lycée has only one.
pub(super) async fn is_stuffing(ctx: &Ctx) -> Result<bool, AppError> {
    let vus = base::echecs_reseau(&ctx.app.db, &ctx.reseau, ctx.recu_ms() - TRANCHE_MS).await?;
    Ok(ctx.app.limites.is_stuffing(vus.echecs, vus.comptes))
}

/// Counts a failed sign-in; tells when a network or the whole country goes wrong.
pub(super) async fn count_failure(tx: &Tx, ctx: &Ctx, adresse: &str) -> Result<(), AppError> {
    base::count_connexion(tx, ctx.recu_ms() / TRANCHE_MS, true).await?;
    let cle = ctx.app.coffre.fingerprint("echec-reseau", adresse);
    base::note_echec(tx, &ctx.reseau, &cle, ctx.recu_ms()).await?;
    let vus = base::echecs_reseau(tx, &ctx.reseau, ctx.recu_ms() - TRANCHE_MS).await?;
    if ctx.app.limites.is_stuffing(vus.echecs, vus.comptes) {
        let debut: String = ctx.reseau.chars().take(16).collect();
        let cause = Cause {
            genre: Genre::Bourrage,
            // One alarm for a network and a slice: an alarm that repeats all the time is not read.
            cle: format!("bourrage:{}:{}", ctx.reseau, ctx.recu_ms() / TRANCHE_MS),
            compte: None,
            details: json!({ "echecs": vus.echecs, "comptes": vus.comptes, "reseau": debut }),
        };
        raise(tx, ctx, &cause).await?;
    }
    reinforce(tx, ctx).await
}

/// Counts a sign-in whose password was right.
pub(super) async fn count_success(tx: &Tx, ctx: &Ctx) -> Result<(), AppError> {
    Ok(base::count_connexion(tx, ctx.recu_ms() / TRANCHE_MS, false).await?)
}

/// LIM-3: the rate of the last ten minutes against the median of the week. A wave that comes from a thousand networks at
/// once, each below its own line, is told here.
async fn reinforce(tx: &Tx, ctx: &Ctx) -> Result<(), AppError> {
    let l = &ctx.app.limites;
    let ici = ctx.recu_ms() / TRANCHE_MS;
    let [courante] = base::tranches(tx, ici).await?[..] else { return Ok(()) };
    // Looked at from time to time: the week is a thousand lines.
    if courante.echecs < l.renfort_echecs || courante.echecs % 10 != 0 {
        return Ok(());
    }
    let semaine = base::tranches(tx, ici - SEMAINE).await?;
    let passe: Vec<(i64, i64)> =
        semaine.iter().filter(|t| t.tranche < ici).map(|t| (t.echecs, t.essais)).collect();
    if !is_wave((courante.echecs, courante.essais), &passe, l.renfort_multiple, l.renfort_taux_pour_cent) {
        return Ok(());
    }
    if !Securite::load(tx).await?.renforce {
        sessions::set_reglage(tx, RENFORCE, &ctx.recu_ms().to_string(), ctx.recu_ms()).await?;
        sessions::set_reglage(tx, SORTIE, "0", ctx.recu_ms()).await?;
    }
    let cause = Cause {
        genre: Genre::ModeRenforce,
        cle: format!("mode_renforce:{ici}"),
        compte: None,
        details: json!({ "echecs": courante.echecs, "essais": courante.essais }),
    };
    raise(tx, ctx, &cause).await
}

/// Whether a slice (failures, attempts) fails more than `multiple` times the median rate of the others, or than a floor
/// where the past is nearly without failure.
fn is_wave(courante: (i64, i64), passe: &[(i64, i64)], multiple: i64, plancher_pour_cent: i64) -> bool {
    let taux = |(echecs, essais): (i64, i64)| echecs * 10_000 / essais.max(1);
    let mut taux_passes: Vec<i64> = passe.iter().copied().map(taux).collect();
    taux_passes.sort_unstable();
    let mediane = taux_passes.get(taux_passes.len() / 2).copied().unwrap_or(0);
    taux(courante) > multiple * mediane.max(plancher_pour_cent * 100)
}

#[cfg(test)]
mod tests {
    use super::is_wave;

    #[test]
    fn lim_3_a_wave_is_five_times_the_median_of_the_week() {
        let semaine = [(10, 100), (12, 100), (9, 100), (90, 100), (0, 100)];
        assert!(!is_wave((50, 100), &semaine, 5, 2));
        assert!(is_wave((51, 100), &semaine, 5, 2));
        // A quiet week has a floor, an empty one too.
        assert!(!is_wave((10, 100), &[(0, 50), (0, 70)], 5, 2));
        assert!(is_wave((11, 100), &[(0, 50), (0, 70)], 5, 2));
        assert!(is_wave((11, 100), &[], 5, 2));
    }
}
