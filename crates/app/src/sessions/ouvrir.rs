//! Opening a session: its calendar, its settings, last year's courses linked, accounts to be secured again.

use std::collections::BTreeMap;

use domain::calendrier::{Calendrier, DelaiReponse, Etape, Fenetre, LimiteReponse, instant_paris};
use domain::donnees::Donnee;
use domain::droits::{Action, Cible};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use store::sessions as base;
use store::{Ecriture, Tx};

use super::gel::{Accord, require_hors_gel};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::imports::{Liens, relier};
use crate::journal::{Acte, record};
use crate::plateforme::Mode;

/// The calendar of reference, as data: another session starts from it, shifted by whole weeks, until its own texts
/// are published and loaded as a new version.
const CALENDRIER: &str = include_str!("calendrier-2024.csv");
const DELAIS: &str = include_str!("delais-2024.csv");
const PARAMETRES: &str = include_str!("parametres-2024.csv");
/// What the files tell the commissions, each with the last session of which it is told.
const DONNEES: &str = include_str!("donnees-transmises.csv");
const ANNEE_REFERENCE: i64 = 2024;
/// Years for which a calendar can be made: far from the ends of what dates can hold.
const ANNEES: std::ops::RangeInclusive<i64> = 2018..=2100;

/// What opening did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BilanOuverture {
    /// Carried over with their name and status.
    pub etablissements: u64,
    /// Carried over as drafts, without capacity or fees.
    pub formations: u64,
    /// Ranking groups, without places: these are declared again.
    pub groupes: u64,
    /// Active staff accounts that must choose a new password and second factor (CPT-4).
    pub comptes_a_securiser: u64,
}

fn illisible(quoi: &str) -> AppError {
    AppError::Internal(format!("{quoi}: embedded calendar unreadable"))
}

/// A calendar and the source of each of its lines.
type CalendrierSource = (Calendrier, BTreeMap<Etape, String>);

/// The embedded calendar shifted to a year (364 days a year keep the weekdays).
fn calendrier_pour(annee: i64) -> Result<CalendrierSource, AppError> {
    if !ANNEES.contains(&annee) {
        let message = format!(
            "L’année {annee} n’est pas celle d’une session : choisissez-en une de {} à {}.",
            ANNEES.start(),
            ANNEES.end()
        );
        return Err(AppError::Invalid(vec![("annee", message)]));
    }
    let jours = (annee - ANNEE_REFERENCE) * 364;
    let decale_date = |texte: &str| -> Result<Date, AppError> {
        let date: Date = texte.parse().map_err(|_| illisible(texte))?;
        Ok(date.saturating_add(jours.days()))
    };
    let mut fenetres = BTreeMap::new();
    let mut sources = BTreeMap::new();
    for ligne in CALENDRIER.lines().skip(1) {
        let champs: Vec<&str> = ligne.split(';').collect();
        let [etape, ouvre, ferme, source] = champs[..] else { return Err(illisible(ligne)) };
        let etape = Etape::from_code(etape).ok_or_else(|| illisible(etape))?;
        let borne = |texte: &str| {
            let quand: DateTime = texte.parse().map_err(|_| illisible(texte))?;
            instant_paris(quand.saturating_add(jours.days())).ok_or_else(|| illisible(texte))
        };
        fenetres.insert(etape, Fenetre { ouvre: borne(ouvre)?, ferme: borne(ferme)? });
        sources.insert(etape, source.to_owned());
    }
    let mut delais = Vec::new();
    for ligne in DELAIS.lines().skip(1) {
        let champs: Vec<&str> = ligne.split(';').collect();
        let [du, au, n, jusque] = champs[..] else { return Err(illisible(ligne)) };
        let limite = if jusque.is_empty() {
            LimiteReponse::Jours(n.parse().map_err(|_| illisible(ligne))?)
        } else {
            LimiteReponse::Jusque(decale_date(jusque)?)
        };
        delais.push(DelaiReponse { du: decale_date(du)?, au: decale_date(au)?, limite });
    }
    let reference = if annee == ANNEE_REFERENCE {
        "Calendrier de la session 2024".to_owned()
    } else {
        format!("Calendrier provisoire de la session {annee}, d’après celui de 2024")
    };
    let calendrier = Calendrier::new(1, reference, fenetres, delais).map_err(AppError::internal)?;
    Ok((calendrier, sources))
}

/// Opens the session of `annee`. With `depuis`, that session is archived, its establishments, courses and groups are
/// carried over (capacities and fees are not: they must be declared again), and staff accounts become « à sécuriser ».
/// Running it again on an open session is refused: nothing is done twice.
///
/// # Errors
/// [`AppError::Conflict`] when the session exists, [`AppError::NotFound`] when `depuis` does not,
/// [`AppError::Invalid`] for a year that cannot have a calendar, or while another session is open;
/// [`domain::RuleViolation::Gel`] for many accounts to secure again during a freeze of either session.
pub async fn ouvrir_session(ctx: &Ctx, annee: i64, depuis: Option<i64>) -> Result<BilanOuverture, AppError> {
    ouvrir(ctx, annee, depuis, None).await
}

/// R-CAL-11: the same during a freeze, with the agreement of two people.
///
/// # Errors
/// As [`ouvrir_session`], but for the freeze.
pub async fn ouvrir_session_malgre_le_gel(
    ctx: &Ctx,
    annee: i64,
    depuis: Option<i64>,
    accord: &Accord,
) -> Result<BilanOuverture, AppError> {
    ouvrir(ctx, annee, depuis, Some(accord)).await
}

async fn ouvrir(
    ctx: &Ctx,
    annee: i64,
    depuis: Option<i64>,
    accord: Option<&Accord>,
) -> Result<BilanOuverture, AppError> {
    let permit = ctx.permit(Action::GererSession, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    if base::by_annee(&tx, annee).await?.is_some() {
        return Err(AppError::Conflict);
    }
    let precedente = match depuis {
        None => None,
        Some(a) => Some(base::by_annee(&tx, a).await?.ok_or(AppError::NotFound)?),
    };
    // R-SES-03: candidates and the public see one session; the one before is archived by the same act.
    let ouverte = base::list(&tx).await?.into_iter().find(|s| s.etat == "ouverte");
    if let Some(o) = ouverte.filter(|o| depuis != Some(o.annee)) {
        let message = format!(
            "La session {} est ouverte : une seule peut l’être. Ouvrez la suivante à partir d’elle (--depuis {}).",
            o.annee, o.annee
        );
        return Err(AppError::Invalid(vec![("depuis", message)]));
    }
    let id = creer_session(&tx, &e, annee, "ouverte", precedente.as_ref().map(|p| p.id)).await?;
    let mut bilan = BilanOuverture::default();
    if let Some(p) = precedente {
        base::set_etat(&tx, &e, p.id, "archivee").await?;
        let reprise = base::carry_over(&tx, &e, p.id, id).await?;
        crate::formations::carry_over(&tx, &e, id).await?;
        // A course that said nothing last year starts with what is expected nationally.
        let types = store::nomenclatures::types(&tx, id).await?;
        relier(&tx, Some(&e), (id, true), &types, &mut Liens::default()).await?;
        bilan = BilanOuverture {
            etablissements: reprise.etablissements,
            formations: reprise.formations,
            groupes: reprise.groupes,
            comptes_a_securiser: base::accounts_to_secure(&tx, &e).await?,
        };
        // RUN-6: everybody chooses a password again: not in the days before one of their dates. A demonstration has none.
        if accord.is_none() && ctx.app.mode == Mode::Production {
            let comptes = usize::try_from(bilan.comptes_a_securiser).unwrap_or(usize::MAX);
            for session in [p.id, id] {
                require_hors_gel(&tx, ctx, session, None, comptes).await?;
            }
        }
    }
    let mut apres = serde_json::json!({ "etat": "ouverte", "depuis": depuis });
    if let Some(accord) = accord {
        apres["par"] = accord.par();
        accord.tell(&tx, ctx, &format!("La session {annee} a été ouverte")).await?;
    }
    record(
        &tx,
        ctx,
        &permit,
        &Acte { objet: "session_admission", objet_id: &annee.to_string(), avant: None, apres: Some(apres) },
    )
    .await?;
    tx.commit().await?;
    ctx.app.db.analyze().await?;
    Ok(bilan)
}

/// Adds a session with its calendar and its settings, in the transaction of the caller; gives its key.
///
/// # Errors
/// [`AppError::Conflict`] when the year exists.
pub(crate) async fn creer_session(
    tx: &Tx,
    e: &Ecriture<'_>,
    annee: i64,
    etat: &str,
    precedente: Option<i64>,
) -> Result<i64, AppError> {
    let (calendrier, sources) = calendrier_pour(annee)?;
    let id = base::insert(tx, e, annee, &format!("Session {annee}"), etat, precedente).await?;
    base::insert_calendrier(tx, e, id, &calendrier, &sources).await?;
    for ligne in PARAMETRES.lines().skip(1) {
        let champs: Vec<&str> = ligne.split(';').collect();
        let [cle, valeur, source] = champs[..] else { return Err(illisible(ligne)) };
        base::set_parametre(tx, e, id, cle, valeur, source).await?;
    }
    for (donnee, source) in donnees_possibles(annee)? {
        store::donnees::add(tx, e, id, donnee, source).await?;
    }
    Ok(id)
}

/// What the files of a year may tell the commissions, each with the source that it has to begin with (R-DON-02).
///
/// # Errors
/// [`AppError::Internal`] when the embedded list is unreadable.
pub(crate) fn donnees_possibles(annee: i64) -> Result<BTreeMap<Donnee, &'static str>, AppError> {
    let mut possibles = BTreeMap::new();
    for ligne in DONNEES.lines().skip(1) {
        let champs: Vec<&str> = ligne.split(';').collect();
        let [code, jusqua, source] = champs[..] else { return Err(illisible(ligne)) };
        let donnee = Donnee::from_code(code).ok_or_else(|| illisible(ligne))?;
        if jusqua.is_empty() || annee <= jusqua.parse().map_err(|_| illisible(ligne))? {
            possibles.insert(donnee, source);
        }
    }
    Ok(possibles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendrier::{jour_paris, paris};

    #[test]
    fn r_ses_02_the_calendar_of_another_year_keeps_its_weekdays() {
        let (reference, _) = calendrier_pour(2024).expect("embedded");
        let (suivant, _) = calendrier_pour(2025).expect("embedded");
        for etape in Etape::ALL {
            let a = reference.fenetre(etape).expect("step").ouvre.to_zoned_datetime(paris());
            let b = suivant.fenetre(etape).expect("step").ouvre.to_zoned_datetime(paris());
            assert_eq!((a.weekday(), a.hour()), (b.weekday(), b.hour()), "{etape:?}");
        }
    }

    #[test]
    fn r_ses_02_the_2024_calendar_is_the_published_one() {
        let (c, _) = calendrier_pour(2024).expect("embedded");
        let f = c.fenetre(Etape::Voeux).expect("step");
        assert_eq!(jour_paris(f.ouvre).to_string(), "2024-01-17");
        assert_eq!(jour_paris(f.ferme).to_string(), "2024-03-15");
        assert_eq!(c.delais().len(), 6);
    }
}
