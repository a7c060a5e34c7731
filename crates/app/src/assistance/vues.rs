//! A question as its asker and its service see it.

use domain::PublicId;
use domain::assistance::{Demandeur, Destinataire, EtatAssistance, ReponseType, Situation, ThemeAssistance};
use domain::comptes::Role;
use domain::droits::Cible;
use store::Sql;
use store::assistance::{self as base, LigneDemande};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::intitule;
use crate::sessions::SessionAdmission;

/// A question, without what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// In its address.
    pub id: PublicId,
    /// First name, then name.
    pub auteur: String,
    /// Under which it was asked; `None` for a stored code that is no longer known.
    pub role: Option<Role>,
    /// On whose behalf.
    pub demandeur: Demandeur,
    /// What it is about.
    pub theme: ThemeAssistance,
    /// Where it stands.
    pub etat: EtatAssistance,
    /// Who answers now.
    pub destinataire: Destinataire,
    /// Code of the asker's department.
    pub departement: Option<String>,
    /// Name of the asker's establishment.
    pub etablissement: Option<String>,
    /// The course that it is about, or that the wish is for.
    pub objet: Option<String>,
    /// It is about a wish.
    pub sur_voeu: bool,
    /// Public identifier of that course.
    pub formation: Option<PublicId>,
    /// The page as the table of routes writes it; empty: none.
    pub ecran: String,
    /// Who looks after it.
    pub responsable: Option<String>,
    /// Milliseconds of the campaign.
    pub deposee_le: i64,
    /// Last thing that happened, milliseconds of the campaign.
    pub active_le: i64,
    /// First answer, milliseconds of the campaign.
    pub repondue_le: Option<i64>,
    /// Answers that the asker has not read.
    pub non_lus: i64,
    /// TRX-4.
    pub version: i64,
}

impl Demande {
    pub(super) fn new(l: LigneDemande) -> Result<Self, AppError> {
        let illisible = |quoi: &str| AppError::Internal(format!("demande_assistance.{quoi}"));
        Ok(Self {
            id: PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?,
            role: Role::from_code(&l.role),
            demandeur: Demandeur::from_code(&l.demandeur).ok_or_else(|| illisible("demandeur"))?,
            theme: ThemeAssistance::from_code(&l.theme).ok_or_else(|| illisible("theme"))?,
            etat: etat(&l)?,
            destinataire: service(&l)?,
            objet: l.libelle.as_ref().map(|libelle| intitule(libelle, l.detail.as_deref().unwrap_or(""))),
            formation: l.formation.as_deref().and_then(PublicId::parse),
            sur_voeu: l.sur_voeu == 1,
            auteur: l.auteur,
            departement: l.departement,
            etablissement: l.etablissement,
            ecran: l.ecran,
            responsable: l.responsable,
            deposee_le: l.deposee_le,
            active_le: l.active_le,
            repondue_le: l.repondue_le,
            non_lus: l.non_lus,
            version: l.version + 1,
        })
    }
}

pub(super) fn etat(l: &LigneDemande) -> Result<EtatAssistance, AppError> {
    EtatAssistance::from_code(&l.etat).ok_or_else(|| AppError::Internal("demande_assistance.etat".to_owned()))
}

pub(super) fn service(l: &LigneDemande) -> Result<Destinataire, AppError> {
    Destinataire::from_code(&l.destinataire)
        .ok_or_else(|| AppError::Internal("demande_assistance.destinataire".to_owned()))
}

/// What the rights see of a question, for the service that answers it.
pub(super) fn cible(l: &LigneDemande, d: Destinataire) -> Cible {
    let seance = Cible { session: Some(l.session_id), ..Cible::default() };
    match d {
        Destinataire::Etablissement => Cible { etablissement: l.etablissement_id, ..seance },
        Destinataire::Cellule | Destinataire::Academie => Cible { academie: l.academie.clone(), ..seance },
        Destinataire::National => seance,
    }
}

/// What R-ASS-05 looks at.
pub(super) fn situation(l: &LigneDemande) -> Situation {
    let en_region = l
        .academie
        .as_deref()
        .and_then(domain::assistance::Lieu::of_academie)
        .is_some_and(|lieu| lieu.has_cellule());
    Situation { en_region, administre: true }
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// First name, then name; empty for an agent who answers a candidate.
    pub auteur: String,
    /// Under which it was written.
    pub role: Option<Role>,
    /// By the service.
    pub reponse: bool,
    /// Milliseconds of the campaign.
    pub le: i64,
    /// Plain text.
    pub texte: String,
    /// Written by the person who reads.
    pub de_moi: bool,
    /// An answer that its asker had not read.
    pub nouveau: bool,
}

/// What was done beside what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etape {
    /// `prise`, `transmission`, `cloture`, `reouverture`.
    pub acte: String,
    /// The service where the question then was.
    pub destinataire: Option<Destinataire>,
    /// First name, then name; empty when the reader is a candidate.
    pub auteur: String,
    /// Under which it was done.
    pub role: Option<Role>,
    /// Milliseconds of the campaign.
    pub le: i64,
}

/// A question with all that was said and done.
#[derive(Debug, Clone)]
pub struct SuiviDemande {
    /// Of the question.
    pub session: SessionAdmission,
    /// As it is now.
    pub demande: Demande,
    /// The oldest first, those of the page.
    pub messages: Vec<Message>,
    /// Page of the messages shown, from 1: the last one says what was said last.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// The oldest first.
    pub etapes: Vec<Etape>,
    /// The reader may write now: the asker goes on, the service answers.
    pub ecriture: bool,
    /// To whom the service may pass it on; empty for its asker.
    pub transmissions: Vec<Destinataire>,
    /// The person who reads asked it.
    pub de_moi: bool,
    /// R-ASS-13: what the cell of the reader keeps to answer with, those of the theme first; identifier and text.
    pub reponses: Vec<(String, ReponseType)>,
}

/// What was said on a page, and done.
pub(super) struct Historique {
    pub messages: Vec<Message>,
    pub page: u32,
    pub pages: u32,
    pub etapes: Vec<Etape>,
    /// The last message of the page; 0 without any.
    pub dernier: i64,
}

/// What was said and done; `nomme`: agents are named; `page`: of the messages, the last one when none is asked for.
pub(super) async fn history(
    c: &impl Sql,
    ctx: &Ctx,
    l: &LigneDemande,
    nomme: bool,
    page: Option<u32>,
) -> Result<Historique, AppError> {
    let par_page = ctx.app.limites.assistance_messages.max(1);
    let total = base::count_messages(c, l.id).await?;
    let pages = u32::try_from((total + par_page - 1) / par_page).unwrap_or(u32::MAX).max(1);
    let page = page.unwrap_or(pages).clamp(1, pages);
    let saut = i64::from(page - 1) * par_page;
    let lignes = base::messages(c, &ctx.app.coffre, l.id, (par_page, saut)).await?;
    let dernier = lignes.last().map_or(0, |m| m.id);
    let messages = lignes
        .into_iter()
        .map(|m| Message {
            auteur: if nomme || !m.reponse { m.auteur } else { String::new() },
            role: Role::from_code(&m.role),
            reponse: m.reponse,
            le: m.envoye_le,
            texte: m.texte,
            de_moi: Some(m.compte_id) == ctx.acteur.compte,
            nouveau: m.reponse && m.id > l.lu,
        })
        .collect();
    let etapes = base::etapes(c, l.id, par_page)
        .await?
        .into_iter()
        .map(|e| Etape {
            destinataire: Destinataire::from_code(&e.destinataire),
            auteur: if nomme { e.auteur.unwrap_or_default() } else { String::new() },
            role: Role::from_code(&e.role),
            le: e.faite_le,
            acte: e.acte,
        })
        .collect();
    Ok(Historique { messages, page, pages, etapes, dernier })
}
