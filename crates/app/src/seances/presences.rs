//! R-SEA-08: who came.

use std::collections::BTreeSet;

use domain::PublicId;
use domain::droits::Permit;
use serde_json::json;
use store::Tx;
use store::seances::{self as base, LigneInscription};

use super::organiser::{own, right};
use super::{Seance, locked};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, Lecture, record, record_lecture};
use crate::sessions::{self, SessionAdmission};

/// Unknown addresses that a refusal names.
const NOMMEES: usize = 5;

/// Somebody with a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// In the form.
    pub id: PublicId,
    /// Name of the account; empty on the public site, where none is asked.
    pub nom: String,
    /// `None` once forgotten (R-SEA-10).
    pub courriel: Option<String>,
    /// Came.
    pub presente: bool,
}

/// A page of those who have a place.
#[derive(Debug, Clone)]
pub struct Presences {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Whose they are.
    pub seance: Seance,
    /// In the order in which they registered.
    pub participants: Vec<Participant>,
    /// From 1.
    pub page: usize,
    /// At least 1.
    pub pages: usize,
}

/// Who came, as the organiser says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Of the people of one page, these and no others; the others of the session stay as they are.
    Page {
        /// From 1.
        page: usize,
        /// Those who came.
        presents: BTreeSet<String>,
    },
    /// Everybody who has a place.
    Tous,
    /// Those whose addresses these are, one a line or separated by commas: added to those already noted.
    Adresses(String),
}

/// A page of those who have a place in a session of the person's service. Names and addresses are read: the journal says it (JOU-1).
///
/// # Errors
/// [`AppError::NotFound`] for a session of another level.
pub async fn list_presences(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    page: usize,
) -> Result<Presences, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    let l = own(&tx, &scope, session.id, id).await?;
    let comptage = base::comptage(&tx, l.id).await?;
    let taille = ctx.app.limites.seance_presences.max(1);
    let pages = usize::try_from(comptage.inscrits).unwrap_or(0).div_ceil(taille).max(1);
    let page = page.clamp(1, pages);
    let lignes = base::page_with_place(&tx, &ctx.app.coffre, l.id, rows(page, taille)).await?;
    let participants = lignes
        .iter()
        .map(|i| {
            Ok(Participant {
                id: PublicId::parse(&i.public_id).ok_or(AppError::NotFound)?,
                nom: i.nom.clone(),
                courriel: i.courriel.clone(),
                presente: i.presente,
            })
        })
        .collect::<Result<_, AppError>>()?;
    let lecture = Lecture {
        objet: "seance",
        objet_id: &l.public_id,
        etablissement: None,
        dossiers: Vec::new(),
        champs: &["nom", "courriel", "presente"],
        export: None,
    };
    record_lecture(&tx, ctx, &permit, &lecture).await?;
    tx.commit().await?;
    let seance = Seance::new(&l, ctx.campagne_ms(), comptage)?;
    Ok(Presences { session, seance, participants, page, pages })
}

/// Notes who came.
///
/// # Errors
/// [`AppError::NotFound`] for a session of another level; [`domain::RuleViolation::SeanceAVenir`] before its beginning;
/// [`AppError::Invalid`] for addresses of nobody who has a place: nothing is noted.
pub async fn mark_presences(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    selection: &Selection,
) -> Result<Recepisse, AppError> {
    let demande = format!("presences_seance|{annee}|{}|{}", id.as_str(), hash(&format!("{selection:?}")));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let cle = own(&tx, &scope, session.id, id).await?.id;
    let (l, _) = locked(&tx, session.id, cle).await?;
    session.require_ouverte()?;
    l.horaire().check_presences(ctx.campagne_ms())?;
    let changees = write(&tx, ctx, &permit, l.id, selection).await?;
    let presents = base::comptage(&tx, l.id).await?.presents;
    let contenu = json!({ "seance": l.public_id, "changees": changees, "presents": presents });
    let acte = Acte { objet: "seance", objet_id: &l.public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_presences", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// First row of a page, and how many rows it has.
fn rows(page: usize, taille: usize) -> (i64, i64) {
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    (n(page.saturating_sub(1).saturating_mul(taille)), n(taille))
}

/// Writes what the organiser says; gives how many people it changes.
async fn write(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    seance: i64,
    selection: &Selection,
) -> Result<u64, AppError> {
    let e = ctx.ecriture(permit);
    let coffre = &ctx.app.coffre;
    Ok(match selection {
        Selection::Tous => base::set_presente(tx, &e, seance, None, true).await?,
        Selection::Page { page, presents } => {
            let taille = ctx.app.limites.seance_presences.max(1);
            let lignes = base::page_with_place(tx, coffre, seance, rows(*page, taille)).await?;
            let (venus, absents): (Vec<_>, Vec<_>) =
                lignes.iter().partition(|i| presents.contains(&i.public_id));
            let cles = |l: Vec<&LigneInscription>| l.into_iter().map(|i| i.id).collect::<Vec<_>>();
            base::set_presente(tx, &e, seance, Some(&cles(venus)), true).await?
                + base::set_presente(tx, &e, seance, Some(&cles(absents)), false).await?
        }
        Selection::Adresses(texte) => {
            let lignes = base::with_place(tx, coffre, seance).await?;
            base::set_presente(tx, &e, seance, Some(&found(&lignes, texte)?), true).await?
        }
    })
}

/// The keys of those whose addresses these are.
fn found(lignes: &[LigneInscription], texte: &str) -> Result<Vec<i64>, AppError> {
    let mut restantes: BTreeSet<String> = texte
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|a| !a.is_empty())
        .map(str::to_lowercase)
        .collect();
    if restantes.is_empty() {
        return Err(refus("Collez les adresses des personnes présentes, une par ligne."));
    }
    let trouvees = lignes
        .iter()
        .filter(|i| i.courriel.as_ref().is_some_and(|a| restantes.remove(&a.to_lowercase())))
        .map(|i| i.id)
        .collect();
    if !restantes.is_empty() {
        let mut dites: Vec<&str> = restantes.iter().take(NOMMEES).map(String::as_str).collect();
        if restantes.len() > NOMMEES {
            dites.push("…");
        }
        return Err(refus(&format!(
            "Personne n’a de place avec ces adresses : {}. Corrigez-les ou retirez-les ; rien n’est encore noté.",
            dites.join(", ")
        )));
    }
    Ok(trouvees)
}

fn refus(message: &str) -> AppError {
    AppError::Invalid(vec![("adresses", message.to_owned())])
}
