//! R-SEA-08: who came.

use std::collections::BTreeSet;

use domain::PublicId;
use serde_json::json;
use store::seances::{self as base, LigneInscription};

use super::organiser::{has_place, own, right};
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

fn with_place(lignes: Vec<LigneInscription>) -> Vec<LigneInscription> {
    lignes.into_iter().filter(|i| has_place(i.etat)).collect()
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
    let lignes = with_place(base::of_seance(&tx, &ctx.app.coffre, l.id).await?);
    let taille = ctx.app.limites.seance_presences.max(1);
    let pages = lignes.len().div_ceil(taille).max(1);
    let page = page.clamp(1, pages);
    let participants = lignes
        .iter()
        .skip((page - 1) * taille)
        .take(taille)
        .map(|i| {
            Ok(Participant {
                id: PublicId::parse(&i.public_id).ok_or(AppError::NotFound)?,
                nom: i.nom.clone(),
                courriel: i.courriel.clone(),
                presente: i.presente,
            })
        })
        .collect::<Result<_, AppError>>()?;
    let comptage = base::comptages(&tx, session.id).await?.remove(&l.id).unwrap_or_default();
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
    let lignes = with_place(base::of_seance(&tx, &ctx.app.coffre, l.id).await?);
    let voulues = chosen(ctx, &lignes, selection)?;
    let mut changees = 0;
    for (i, presente) in voulues.iter().filter(|(i, p)| i.presente != *p) {
        base::set_presente(&tx, &ctx.ecriture(&permit), i.id, *presente).await?;
        changees += 1;
    }
    let presents = base::comptages(&tx, session.id).await?.remove(&l.id).unwrap_or_default().presents;
    let contenu = json!({ "seance": l.public_id, "changees": changees, "presents": presents });
    let acte = Acte { objet: "seance", objet_id: &l.public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_presences", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

fn chosen<'a>(
    ctx: &Ctx,
    lignes: &'a [LigneInscription],
    selection: &Selection,
) -> Result<Vec<(&'a LigneInscription, bool)>, AppError> {
    Ok(match selection {
        Selection::Tous => lignes.iter().map(|i| (i, true)).collect(),
        Selection::Page { page, presents } => {
            let taille = ctx.app.limites.seance_presences.max(1);
            let debut = page.saturating_sub(1) * taille;
            let montrees = lignes.iter().skip(debut).take(taille);
            montrees.map(|i| (i, presents.contains(&i.public_id))).collect()
        }
        Selection::Adresses(texte) => {
            let mut restantes: BTreeSet<String> = texte
                .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
                .filter(|a| !a.is_empty())
                .map(str::to_lowercase)
                .collect();
            if restantes.is_empty() {
                return Err(refus("Collez les adresses des personnes présentes, une par ligne."));
            }
            let trouvees: Vec<_> = lignes
                .iter()
                .filter(|i| i.courriel.as_ref().is_some_and(|a| restantes.remove(&a.to_lowercase())))
                .map(|i| (i, true))
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
            trouvees
        }
    })
}

fn refus(message: &str) -> AppError {
    AppError::Invalid(vec![("adresses", message.to_owned())])
}
