//! Information sessions and webinars: announced by the national team and the academic services, joined from the site de gestion by
//! those whom they concern, or from the public site with a proved address.

mod agenda;
mod courriels;
mod entretien;
mod organiser;
mod participer;
mod presences;
mod public;
mod statistiques;

pub use agenda::{agenda_of_seance, agenda_of_token};
pub(crate) use entretien::maintain;
pub use organiser::{
    Organisation, Organisees, announce_seance, cancel_seance, correct_seance, list_organised,
    publish_recording, view_organised,
};
pub use participer::{SeanceLue, Seances, join_seance, leave_seance, list_seances, view_seance};
pub use presences::{Participant, Presences, Selection, list_presences, mark_presences};
pub use public::{
    Demande, InscriptionPublique, SeancesPubliques, confirm_registration, leave_public_seance,
    list_public_seances, request_registration, view_registration,
};
pub(crate) use statistiques::COLONNES as COLONNES_STATISTIQUES;
pub use statistiques::{Bilan, Comptes, export_statistics, statistics};

use domain::PublicId;
use domain::actualites::Emetteur;
use domain::droits::Permit;
use domain::seances::{EtatInscription, EtatSeance, Horaire, Programme, a_promouvoir};
use serde_json::json;
use store::Tx;
use store::seances::{self as base, Comptage, LigneInscription, LigneSeance};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

/// A session as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seance {
    /// In its address.
    pub id: PublicId,
    /// Who organises it.
    pub emetteur: Emetteur,
    /// What is announced; the address of the webinar only where [`Seance::with_lien`] says.
    pub programme: Programme,
    /// By which everything is decided.
    pub horaire: Horaire,
    /// At the instant of the request.
    pub etat: EtatSeance,
    /// One may register now.
    pub ouverte: bool,
    /// Address of the recording, once published.
    pub enregistrement: Option<String>,
    /// How many people.
    pub comptage: Comptage,
}

impl Seance {
    fn new(l: &LigneSeance, maintenant: i64, comptage: Comptage) -> Result<Self, AppError> {
        let horaire = l.horaire();
        Ok(Self {
            id: PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?,
            emetteur: l.emetteur,
            programme: Programme { lien: String::new(), ..l.programme.clone() },
            etat: horaire.etat(maintenant),
            ouverte: horaire.check_inscription(maintenant).is_ok(),
            enregistrement: l.enregistrement.clone(),
            horaire,
            comptage,
        })
    }

    /// The same with the address of the webinar, for its organiser.
    fn with_lien(self, l: &LigneSeance) -> Self {
        Self { programme: l.programme.clone(), ..self }
    }

    /// Places still free; `None`: without limit. None as long as somebody waits.
    pub fn libres(&self) -> Option<i64> {
        let n = self.programme.places?;
        Some(if self.comptage.attente > 0 { 0 } else { (n - self.comptage.inscrits).max(0) })
    }
}

/// What a person reads of their own registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonInscription {
    /// A place, or the waiting list.
    pub etat: EtatInscription,
    /// Place in the waiting list, from 1; 0 with a place.
    pub position: i64,
    /// Number of the receipt.
    pub recepisse: Option<String>,
    /// R-SEA-06: the address of the webinar, on the day, with a place.
    pub lien: Option<String>,
    /// From when it is shown, milliseconds of the campaign; `None` when the session has no address.
    pub lien_des: Option<i64>,
}

impl MonInscription {
    async fn new(ctx: &Ctx, l: &LigneSeance, i: &LigneInscription) -> Result<Self, AppError> {
        let avance = ctx.app.limites.seance_lien_h * 3_600_000;
        let inscrit = i.etat == EtatInscription::Inscrit;
        let montre = inscrit && l.horaire().is_lien_shown(ctx.campagne_ms(), avance);
        let a_un_lien = !l.programme.lien.is_empty();
        let position = if i.etat == EtatInscription::Attente {
            base::waiting_before(&ctx.app.db, l.id, i.rang).await? + 1
        } else {
            0
        };
        Ok(Self {
            etat: i.etat,
            position,
            recepisse: i.recepisse.clone(),
            lien: (montre && a_un_lien).then(|| l.programme.lien.clone()),
            lien_des: a_un_lien.then_some(l.programme.debut - avance),
        })
    }
}

/// R-SEA-04: takes the queue of a session, and reads what is announced as it is from then on.
async fn locked(tx: &Tx, session: i64, seance: i64) -> Result<(LigneSeance, Comptage), AppError> {
    let comptage = base::lock(tx, seance).await?;
    let lignes = base::seances(tx, session).await?;
    Ok((lignes.into_iter().find(|l| l.id == seance).ok_or(AppError::NotFound)?, comptage))
}

/// R-SEA-04: gives the places that are free to those who wait, first come first; maintenance tells them. The session is locked.
async fn promote(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    l: &LigneSeance,
    comptage: Comptage,
) -> Result<(), AppError> {
    if l.horaire().check_a_venir(ctx.campagne_ms()).is_err() {
        return Ok(());
    }
    let n = a_promouvoir(l.programme.places, comptage.inscrits, comptage.attente);
    if n > 0 {
        base::promote(tx, &ctx.ecriture(permit), l.id, n).await?;
    }
    Ok(())
}

/// Withdraws a registration of a session to come; its place goes to the first who waits. The session is locked. Gives what the
/// receipt says.
async fn withdraw(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    (l, mut comptage): (&LigneSeance, Comptage),
    i: &LigneInscription,
) -> Result<serde_json::Value, AppError> {
    l.horaire().check_a_venir(ctx.campagne_ms())?;
    base::withdraw(tx, &ctx.ecriture(permit), i.id).await?;
    match i.etat {
        EtatInscription::Inscrit => comptage.inscrits -= 1,
        EtatInscription::Attente => comptage.attente -= 1,
        EtatInscription::AVerifier => {}
    }
    promote(tx, ctx, permit, l, comptage).await?;
    let contenu = json!({ "seance": l.public_id, "etat": "retire" });
    let acte = Acte {
        objet: "inscription_seance",
        objet_id: &i.public_id,
        avant: Some(json!({ "etat": i.etat.code() })),
        apres: Some(contenu.clone()),
    };
    record(tx, ctx, permit, &acte).await?;
    Ok(contenu)
}
