//! R-VIE-01 to 14: what an establishment asks about the life of a course; what its academic service answers, and the national
//! team for a dispensation; what an acceptance does, in the same transaction.

mod correction;
mod definition;
mod deposer;
mod effets;
mod etablissement;
mod exporter;
mod filieres;
mod fin;
mod proposer;
mod repondre;
mod valeurs;
mod vues;

pub use deposer::{ask_formation, ask_ouverture, demande_of_recepisse};
pub(crate) use effets::{Reprise, hand_to};
pub(crate) use etablissement::PartiesRouvertes;
pub use etablissement::{DemandeReouverture, ask_reouverture, view_reouverture};
pub(crate) use exporter::COLONNES as COLONNES_DEMANDES;
pub use exporter::export_demandes;
pub use filieres::{Filiere, Filieres, search_filieres};
pub(super) use fin::fin;
pub use fin::{FicheFermee, FinFormation, closed_sheet};
pub use proposer::{Demander, OuvertureDemandee, view_demander, view_ouvrir};
pub use repondre::{Reponse, answer_demande, withdraw_demande};
pub(crate) use vues::answered_since;
pub(super) use vues::suivis;
pub use vues::{
    AccordDemande, ActeDemande, CriteresDemandes, FicheDemande, LigneDemande, ListeDemandes, SuiviDemande,
    Valeur, count_a_examiner, list_demandes, requests_of, view_demande,
};

use domain::RuleViolation;
use domain::calendrier::{Etape, jour_paris};
use domain::droits::{Action, Cible, Permit};
use domain::formations::controle::champs_controles;
use domain::formations::demandes::{EtatDemande, NatureDemande, Parcours, Souhait};
use domain::formations::description::Champ;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;
use store::Tx;
use store::formations::{self as base, LigneDemande as Ligne, LigneFormation};

use self::effets::Effet;
use super::controle::Reouvertures;
use super::description::genre;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::{Acte, record};
use crate::sessions::SessionAdmission;

/// At whose desk a request is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guichet {
    /// Of the establishment that asks.
    Etablissement,
    /// Of the establishment that would receive a course: it agrees, or not.
    Receveur,
    /// Of the academic service.
    Academie,
    /// Of the national team: what was sent on.
    National,
}

impl Guichet {
    /// What whoever sits there may do.
    pub const fn action(self) -> Action {
        match self {
            Self::Etablissement | Self::Receveur => Action::DemanderFormation,
            Self::Academie => Action::DeciderDemande,
            Self::National => Action::AccorderDerogation,
        }
    }
}

/// R-API-14: a request about a course is of that course, as long as it is the establishment's; an opening stays the establishment's once
/// it made one.
fn cible_of(d: &Ligne) -> Cible {
    let sur_formation = NatureDemande::from_code(&d.nature).is_some_and(NatureDemande::is_sur_formation);
    Cible {
        session: Some(d.session_id),
        etablissement: Some(d.etablissement_id),
        formation: d.formation_id.filter(|_| sur_formation),
        academie: Some(d.academie.clone()),
        candidat: None,
    }
}

/// What a request is to the table of rights, seen from a desk.
fn cible_at(guichet: Guichet, d: &Ligne) -> Result<Cible, AppError> {
    if guichet != Guichet::Receveur {
        return Ok(cible_of(d));
    }
    let (etablissement, academie) =
        d.receveur_id.zip(d.receveur_academie.clone()).ok_or(AppError::NotFound)?;
    Ok(Cible { etablissement: Some(etablissement), academie: Some(academie), ..cible_of(d) })
}

/// R-VIE-03: what was possible when it was asked is no longer: whoever answers reads why, and refuses.
fn caduque(r: RuleViolation) -> RuleViolation {
    match r {
        // R-VIE-14: an import, or the catalogue, says the title meanwhile.
        RuleViolation::Champ { champ: "libelle", motif: "meme" | "catalogue" } => {
            RuleViolation::DemandeCaduque { champ: "intitule" }
        }
        RuleViolation::Champ { champ, .. } | RuleViolation::TropLong { champ, .. } => {
            RuleViolation::DemandeCaduque { champ }
        }
        RuleViolation::ForbiddenTransition { .. } => RuleViolation::DemandeCaduque { champ: "formation" },
        RuleViolation::PlacesGroupes { .. } => RuleViolation::DemandeCaduque { champ: "groupes" },
        RuleViolation::SecteurSansLaSienne { .. } => RuleViolation::DemandeCaduque { champ: r.champ() },
        autre => autre,
    }
}

/// R-VIE-05, R-VIE-08: what the request needs. `effet`: what its acceptance would do, when it is about a course.
fn parcours(
    d: &Ligne,
    nature: NatureDemande,
    f: Option<&LigneFormation>,
    effet: Option<&Result<Effet, RuleViolation>>,
) -> Parcours {
    let la_bas = effet.and_then(|e| e.as_ref().ok()).and_then(Effet::academie);
    let ailleurs = f.zip(la_bas).is_some_and(|(f, la_bas)| la_bas != f.academie);
    Parcours {
        national: nature == NatureDemande::Derogation || ailleurs,
        accord: d.receveur_id.map(|_| d.accorde_le.is_some()),
    }
}

fn nature(d: &Ligne) -> Result<NatureDemande, AppError> {
    NatureDemande::from_code(&d.nature).ok_or_else(|| illisible(&d.public_id))
}

fn etat(d: &Ligne) -> Result<EtatDemande, AppError> {
    EtatDemande::from_code(&d.etat).ok_or_else(|| illisible(&d.public_id))
}

fn souhait(d: &Ligne) -> Result<Souhait, AppError> {
    serde_json::from_str(&d.contenu).map_err(|_| illisible(&d.public_id))
}

fn illisible(id: &str) -> AppError {
    AppError::Internal(format!("demande_formation {id}"))
}

fn ecrit(s: &Souhait) -> Result<String, AppError> {
    serde_json::to_string(s).map_err(AppError::internal)
}

/// R-VIE-11: the last day that an acceptance gives when whoever accepts says no other.
fn usual_day(ctx: &Ctx) -> Date {
    let jours = i64::from(ctx.app.limites.suite_demande_jours).days();
    jour_paris(ctx.campagne_le).saturating_add(jours)
}

/// The step within which a reviewed field is written.
fn etape_du_champ(code: &str) -> Etape {
    match code {
        "capacite" | "frais" => Etape::CapacitesFrais,
        code => Champ::from_code(code).map_or(Etape::Parametrage, |c| c.rubrique.etape()),
    }
}

/// R-VIE-07: the reviewed fields of a course that nothing opens now: code, French label.
fn champs_clos(
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    reouvertures: &Reouvertures,
) -> Vec<(&'static str, &'static str)> {
    let now = ctx.campagne_le;
    champs_controles(genre(f))
        .into_iter()
        .filter(|(code, _)| {
            !reouvertures.ouvre(code, now)
                && matches!(
                    session.calendrier.require_open(etape_du_champ(code), now),
                    Err(RuleViolation::Closed { .. })
                )
        })
        .collect()
}

/// Notes an act on a request. JOU-2: no free text in the journal; the request keeps it.
async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    d: (&str, NatureDemande),
    etats: (Option<EtatDemande>, EtatDemande),
    (motif, apres): (&str, serde_json::Value),
) -> Result<serde_json::Value, AppError> {
    let mut contenu = json!({ "etat": etats.1.code(), "nature": d.1.code(), "motif": hash(motif) });
    if let (Some(contenu), serde_json::Value::Object(plus)) = (contenu.as_object_mut(), apres) {
        contenu.extend(plus);
    }
    let acte = Acte {
        objet: "demande_formation",
        objet_id: d.0,
        avant: etats.0.map(|e| json!({ "etat": e.code() })),
        apres: Some(contenu.clone()),
    };
    record(tx, ctx, permit, &acte).await?;
    Ok(contenu)
}

/// R-VIE-04: refuses what takes a course away from candidates who wish it.
async fn require_sans_voeu(
    c: &impl store::Sql,
    nature: NatureDemande,
    f: &LigneFormation,
) -> Result<(), AppError> {
    if nature.is_sans_voeu() && base::has_voeu_vivant(c, f.id).await? {
        return Err(RuleViolation::VoeuxVivants.into());
    }
    Ok(())
}
