//! Dates for a calendar program: a file, or an address known to its holder alone. Both say only what the calendar of
//! the session says to everybody, chosen by what concerns the person: no name, no place, no wish.

use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use files::agenda::{Evenement, write_agenda};
use jiff::{SignedDuration, Timestamp};
use store::agendas as base;

use super::{Date, mes_dates};
use crate::comptes::{SessionVue, own_account};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::record_event;
use crate::messages::{date_heure, date_limite};
use crate::sessions::SessionAdmission;

/// The file of the person who acts.
///
/// # Errors
/// [`AppError::NotFound`] when no date concerns them: a calendar without any event is not one.
pub async fn agenda(ctx: &Ctx) -> Result<Vec<u8>, AppError> {
    let mes = mes_dates(ctx).await?.ok_or(AppError::NotFound)?;
    write(ctx, &mes.session, &mes.dates, "/compte/agenda").await
}

/// The file of some dates of a session. `page`: where they are read on the site.
pub(super) async fn write(
    ctx: &Ctx,
    session: &SessionAdmission,
    dates: &[Date],
    page: &str,
) -> Result<Vec<u8>, AppError> {
    let etabli = effect(ctx, session).await?;
    let evenements: Vec<Evenement> = dates.iter().flat_map(|d| evenements(ctx, session, d, page)).collect();
    Ok(write_agenda(&format!("Parcoursup – {}", session.libelle), etabli, &evenements))
}

/// When the calendar in force took effect.
pub(super) async fn effect(ctx: &Ctx, session: &SessionAdmission) -> Result<Timestamp, AppError> {
    let le = store::sessions::calendrier_effet_le(&ctx.app.db, session.id).await?;
    Timestamp::from_millisecond(le).map_err(AppError::internal)
}

/// Opening and closing of a step. A closing lasts its last minute.
fn evenements(ctx: &Ctx, session: &SessionAdmission, date: &Date, page: &str) -> [Evenement; 2] {
    let hote = ctx.app.adresse.split("://").last().unwrap_or_default();
    let (annee, etape, f) = (session.annee, date.etape, date.fenetre);
    let minute = SignedDuration::from_mins(1);
    let evenement = |quoi: &str, titre: String, description: String, debut: Timestamp| Evenement {
        uid: format!("{annee}-{}-{quoi}@{hote}", etape.code()),
        sequence: session.calendrier.numero,
        debut,
        fin: debut.checked_add(minute).unwrap_or(debut),
        titre,
        description,
        adresse: format!("{}{page}", ctx.app.adresse),
        occupe: false,
    };
    let fin = date_limite(f.ferme);
    [
        evenement(
            "ouverture",
            format!("Ouverture : {}", etape.libelle()),
            format!("Ouvre le {} (heure de Paris), jusqu’au {fin}.", date_heure(f.ouvre)),
            f.ouvre,
        ),
        evenement(
            "cloture",
            format!("Date limite : {}", etape.libelle()),
            format!("Jusqu’au {fin} (heure de Paris)."),
            f.ferme.checked_sub(minute).unwrap_or(f.ferme),
        ),
    ]
}

/// The calendar behind a personal address, for whoever knows it; the steps are those of the roles held now.
///
/// # Errors
/// [`AppError::NotFound`] for an address that never was or is withdrawn, or when its account is closed.
pub async fn agenda_by_token(ctx: &Ctx, jeton: &str) -> Result<Vec<u8>, AppError> {
    let db = &ctx.app.db;
    let compte = base::compte_du_jeton(db, &hash(jeton)).await?.ok_or(AppError::NotFound)?;
    if !store::comptes::by_id(db, compte).await?.etat()?.may_sign_in() {
        return Err(AppError::NotFound);
    }
    let mut attributions = store::comptes::attributions(db, compte).await?;
    attributions.push(Attribution::simple(Role::Public));
    let acteur = Acteur { compte: Some(compte), nom: String::new(), attributions };
    agenda(&Ctx { acteur, ..ctx.clone() }).await
}

/// The personal address of the person, if there is one.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn address(ctx: &Ctx, session: &SessionVue) -> Result<Option<String>, AppError> {
    let jeton = base::jeton(&ctx.app.db, &ctx.app.coffre, session.compte).await?;
    Ok(jeton.map(|j| format!("{}/agenda/{j}.ics", ctx.app.adresse)))
}

/// Makes a personal address; the one before no longer answers.
///
/// # Errors
/// [`AppError::NotFound`] unless the sign-in is complete.
pub async fn create_address(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    let (compte, permit) = own_account(ctx, session).await?;
    let jeton = ctx.app.alea.public_id();
    let jeton = jeton.as_str();
    let tx = ctx.begin().await?;
    base::replace(&tx, &ctx.ecriture(&permit), &ctx.app.coffre, compte.id, jeton, &hash(jeton)).await?;
    record_event(&tx, ctx, "agenda_cree", "fait", "compte", &compte.public_id).await?;
    tx.commit().await?;
    Ok(())
}

/// Withdraws the personal address: it answers no longer.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or unless the sign-in is complete.
pub async fn withdraw_address(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    let (compte, _) = own_account(ctx, session).await?;
    let tx = ctx.begin().await?;
    if !base::remove(&tx, compte.id).await? {
        return Err(AppError::NotFound);
    }
    record_event(&tx, ctx, "agenda_retire", "fait", "compte", &compte.public_id).await?;
    tx.commit().await?;
    Ok(())
}
