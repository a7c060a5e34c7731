//! What `/dev` does: sign in as a persona, move the campaign's clock, read the outbox. Refused outside a demonstration.

use domain::calendrier::{Calendrier, Etape};
use domain::comptes::{Courriel, Moyen};
use domain::droits::{Action, Attribution, Denial};
use jiff::{SignedDuration, Timestamp};
use store::comptes as base;
use store::messagerie::{Envoi, list_envois};
use store::{Db, sessions};

use crate::comptes::{EtapeConnexion, needs_second_factor, open_session};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::record_event;
use crate::messages::date_heure;
use crate::plateforme::Mode;

/// Setting that keeps the shift of the campaign's clock from one run to the next.
const REGLAGE_DECALAGE: &str = "campagne.decalage_ms";

/// A production answers as if nothing of this existed.
fn require_demo(ctx: &Ctx) -> Result<(), AppError> {
    if ctx.app.mode == Mode::Demo {
        Ok(())
    } else {
        Err(AppError::Denied(Denial { action: Action::EntretenirPlateforme, connu: false }))
    }
}

/// Opens a session for the account of an address, as if both steps had just been made; gives its token and the roles of
/// the person. Whoever has no second factor yet is asked for one, as at any sign-in.
///
/// # Errors
/// [`AppError::Denied`] outside a demonstration, [`AppError::NotFound`] when there is no such account.
pub async fn open_persona_session(
    ctx: &Ctx,
    courriel: &str,
    navigateur: &str,
) -> Result<(String, Vec<Attribution>), AppError> {
    require_demo(ctx)?;
    let adresse = Courriel::parse(courriel).map_err(|_| AppError::NotFound)?;
    let compte = base::by_courriel(&ctx.app.db, adresse.as_str()).await?.ok_or(AppError::NotFound)?;
    let tx = ctx.begin().await?;
    let roles = base::attributions(&tx, compte.id).await?;
    let manque = needs_second_factor(&roles) && compte.totp_chiffre.is_none();
    let etape = if manque { EtapeConnexion::Enrolement } else { EtapeConnexion::Complete };
    let seconde_etape = Some((ctx.recu_ms(), Moyen::Totp)).filter(|_| !manque);
    let jeton = open_session(&tx, ctx, compte.id, navigateur, etape, seconde_etape).await?;
    record_event(&tx, ctx, "connexion", "demonstration", "compte", &compte.public_id).await?;
    tx.commit().await?;
    Ok((jeton, roles))
}

/// Remembers the shift of the campaign's clock, in milliseconds from real time.
///
/// # Errors
/// [`AppError::Denied`] outside a demonstration.
pub async fn save_decalage(ctx: &Ctx, decalage_ms: i64) -> Result<(), AppError> {
    require_demo(ctx)?;
    let tx = ctx.begin().await?;
    sessions::set_reglage(&tx, REGLAGE_DECALAGE, &decalage_ms.to_string(), ctx.recu_ms()).await?;
    record_event(&tx, ctx, "horloge", "fait", "reglage", REGLAGE_DECALAGE).await?;
    tx.commit().await?;
    Ok(())
}

/// The shift remembered by an earlier run; 0 when none was.
///
/// # Errors
/// When the database refuses.
pub async fn load_decalage(db: &Db) -> Result<i64, AppError> {
    Ok(sessions::reglage(db, REGLAGE_DECALAGE).await?.and_then(|v| v.parse().ok()).unwrap_or(0))
}

/// The last messages of the outbox, newest first.
///
/// # Errors
/// [`AppError::Denied`] outside a demonstration.
pub async fn outbox(ctx: &Ctx, combien: i64) -> Result<Vec<Envoi>, AppError> {
    require_demo(ctx)?;
    Ok(list_envois(&ctx.app.db, &ctx.app.coffre, combien).await?)
}

/// A moment of the campaign to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What the form sends.
    pub code: &'static str,
    /// In French, with its date.
    pub libelle: String,
    /// What the clock of the campaign is set to.
    pub instant: Timestamp,
}

/// The moments worth seeing: those of the calendar, then the next day.
pub fn moments(calendrier: Option<&Calendrier>, maintenant: Timestamp) -> Vec<Moment> {
    // (code, what happens, step, from its end rather than its beginning, hours added)
    const VOULUS: [(&str, &str, Etape, bool, i64); 9] = [
        ("ouverture", "Ouverture du paramétrage", Etape::Parametrage, false, 9),
        ("consultation", "Publication de l’offre", Etape::Consultation, false, 0),
        ("voeux", "Ouverture des vœux", Etape::Voeux, false, 10),
        ("fin-voeux", "Dernier jour des vœux", Etape::Voeux, true, -14),
        ("examen", "Examen des candidatures", Etape::Examen, false, 9),
        ("ordre-appel", "Ordres d’appel", Etape::OrdreAppel, false, 9),
        ("admission", "Ouverture de l’admission", Etape::Admission, false, 0),
        ("ordonnancement", "Ordonnancement des vœux en attente", Etape::Ordonnancement, false, 9),
        ("repondeur", "Ouverture du répondeur automatique", Etape::Repondeur, false, 9),
    ];
    let mut sortie = Vec::new();
    for (code, quoi, etape, depuis_la_fin, heures) in VOULUS {
        let Some(f) = calendrier.and_then(|c| c.fenetre(etape)) else { continue };
        let borne = if depuis_la_fin { f.ferme } else { f.ouvre };
        let instant = borne.saturating_add(SignedDuration::from_hours(heures)).unwrap_or(borne);
        sortie.push(Moment { code, libelle: format!("{quoi} : {}", date_heure(instant)), instant });
    }
    let demain = maintenant.saturating_add(SignedDuration::from_hours(24)).unwrap_or(maintenant);
    sortie.push(Moment {
        code: "lendemain",
        libelle: "Le lendemain, même heure".to_owned(),
        instant: demain,
    });
    sortie
}
