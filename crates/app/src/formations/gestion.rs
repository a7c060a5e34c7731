//! The courses of a person on the site de gestion.

use domain::calendrier::Etape;
use domain::droits::{self, Action, Cible, Scope};
use domain::formations::controle::EtatControle;
use domain::formations::{EtatFormation, StatutFormation, mots_recherche};
use store::formations::{self as base, AFaire, Avancement, FiltreGestion, LigneGestion};

use super::intitule;
use super::parametrage::is_lisible;
use super::recherche::pages;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// What the person looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriteresGestion {
    /// Words of the course, establishment or town; empty for all.
    pub texte: String,
    /// `None` for every state.
    pub etat: Option<EtatFormation>,
    /// Only the courses where capacity or fees are missing.
    pub incompletes: bool,
    /// From 1.
    pub page: u32,
    /// Courses of a page, fifty at most; `None`: fifty.
    pub par_page: Option<u32>,
}

/// A course of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationGestion {
    /// Public identifier.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name, that of the session.
    pub etablissement: String,
    /// Identifier of the establishment in the national register.
    pub uai: String,
    /// Town of the course.
    pub commune: String,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// As stored, for the badge.
    pub etat: EtatFormation,
    /// Whether the person reads capacities and fees (R-DRO-04); otherwise they are absent here.
    pub capacites_lisibles: bool,
    /// Of the draft; `None`: not declared.
    pub capacite: Option<i64>,
    /// Of the draft, in cents; `None`: not declared.
    pub frais_centimes: Option<i64>,
    /// The draft differs from what the public reads.
    pub modifications_non_publiees: bool,
    /// R-CAP-05: the capacity is explained and waits for a second person.
    pub capacite_a_confirmer: bool,
    /// What is missing before publication, in French; empty when nothing is.
    pub manques: Vec<&'static str>,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct ListeGestion {
    /// The one listed, open or archived.
    pub session: SessionAdmission,
    /// Courses that the criteria keep, all pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<FormationGestion>,
    /// Whether capacities and fees may be entered now.
    pub saisie_ouverte: bool,
}

const PAR_PAGE: i64 = 50;

/// Lists the courses whose settings the person may read, in one session.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session.
pub async fn list_courses(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresGestion,
) -> Result<ListeGestion, AppError> {
    let db = &ctx.app.db;
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let filtre = FiltreGestion {
        session: session.id,
        mots: mots_recherche(&criteres.texte),
        etat: criteres.etat.map(EtatFormation::code),
        incompletes: criteres.incompletes,
        ..FiltreGestion::default()
    };
    let par_page = criteres.par_page.map_or(PAR_PAGE, |n| i64::from(n).clamp(1, PAR_PAGE));
    let total = base::count_gestion(db, &scope, &filtre).await?;
    let (page, pages) = pages(criteres.page, total, par_page);
    let lignes = base::list_gestion(db, &scope, &filtre, par_page, i64::from(page - 1) * par_page).await?;
    let annee_cle = session.id;
    Ok(ListeGestion {
        saisie_ouverte: session.require_ouverte().is_ok()
            && session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le).is_ok(),
        session,
        total,
        page,
        pages,
        lignes: lignes.into_iter().map(|l| ligne(ctx, annee_cle, l)).collect(),
    })
}

/// A course on which something remains to be done.
pub(crate) struct Reste {
    pub formation: FormationGestion,
    pub cible: Cible,
    pub a_transmettre: i64,
    /// UTC milliseconds: first instant too late to put right what the academic service returned; `None`: nothing to put right.
    pub a_corriger: Option<i64>,
    /// Waits for the academic service: nothing to do here.
    pub soumise: bool,
}

/// How far the courses of an establishment are, how many of them ask for something, and the first of these.
pub(crate) async fn remaining(
    ctx: &Ctx,
    session: i64,
    scope: &Scope,
    etablissement: i64,
    quoi: AFaire,
    limite: i64,
) -> Result<(Avancement, i64, Vec<Reste>), AppError> {
    let db = &ctx.app.db;
    let tous = FiltreGestion { session, etablissement: Some(etablissement), ..FiltreGestion::default() };
    let avancement = base::avancement(db, scope, &tous).await?;
    let filtre = FiltreGestion { a_faire: Some(quoi), ..tous };
    let total = base::count_gestion(db, scope, &filtre).await?;
    let lignes = base::list_gestion(db, scope, &filtre, limite, 0).await?;
    let maintenant = ctx.campagne_le.as_millisecond();
    let restes = lignes.into_iter().map(|l| Reste {
        cible: cible_of(session, &l),
        a_transmettre: l.a_transmettre,
        a_corriger: l
            .retour_jusqu_a
            .filter(|fin| l.controle.as_deref() == Some(EtatControle::Retournee.code()) && *fin > maintenant),
        soumise: l.controle.as_deref() == Some(EtatControle::Soumise.code()),
        formation: ligne(ctx, session, l),
    });
    Ok((avancement, total, restes.collect()))
}

pub(super) fn cible_of(session: i64, l: &LigneGestion) -> Cible {
    Cible::formation(session, l.etablissement_id, l.formation_id, &l.academie)
}

fn ligne(ctx: &Ctx, session: i64, l: LigneGestion) -> FormationGestion {
    let cible = cible_of(session, &l);
    let lisibles = is_lisible(ctx, "capacite", &cible);
    let etat = EtatFormation::from_code(&l.etat).unwrap_or(EtatFormation::Brouillon);
    let modifications_non_publiees = etat == EtatFormation::Publiee
        && (l.capacite != l.publiee_capacite
            || l.frais_centimes != l.publiee_frais
            || Some(&l.presentation) != l.publiee_presentation.as_ref()
            || l.description_publiee == 0);
    FormationGestion {
        manques: if lisibles { manques_de(&l) } else { Vec::new() },
        libelle: intitule(&l.libelle, &l.detail),
        commune: l.commune,
        capacites_lisibles: lisibles,
        apprentissage: l.statut == StatutFormation::Apprentissage.code(),
        id: l.public_id,
        etablissement: l.etablissement,
        uai: l.uai,
        etat,
        capacite: l.capacite.filter(|_| lisibles),
        frais_centimes: l.frais_centimes.filter(|_| lisibles),
        modifications_non_publiees,
        capacite_a_confirmer: lisibles && l.a_confirmer == 1,
    }
}

fn manques_de(l: &LigneGestion) -> Vec<&'static str> {
    let mut manques = manques(l.capacite, l.frais_centimes, l.places);
    if l.description_manques != Some(0) {
        manques.push("description");
    }
    manques
}

/// How many things are looked at: capacity, fees, places, description.
pub(crate) const ATTENDUS: usize = 4;

/// What prevents publication. `places`: sum of the groups, absent without group.
pub(super) fn manques(capacite: Option<i64>, frais: Option<i64>, places: Option<i64>) -> Vec<&'static str> {
    let mut manques = Vec::new();
    if capacite.is_none() {
        manques.push("capacité");
    }
    if frais.is_none() {
        manques.push("frais de scolarité");
    }
    match (capacite, places) {
        (_, None) => manques.push("groupe de classement"),
        (Some(c), Some(p)) if c != p => manques.push("répartition des places"),
        _ => {}
    }
    manques
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_before_publication_is_named() {
        assert_eq!(manques(None, None, Some(0)), ["capacité", "frais de scolarité"]);
        assert_eq!(manques(Some(24), Some(0), Some(23)), ["répartition des places"]);
        assert_eq!(manques(Some(24), Some(0), None), ["groupe de classement"]);
        assert!(manques(Some(0), Some(0), Some(0)).is_empty());
        assert_eq!(manques(None, None, None).len() + 1, ATTENDUS, "and the description");
    }
}
