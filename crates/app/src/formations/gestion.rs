//! The courses of a person on the site de gestion.

use std::collections::HashMap;

use domain::calendrier::Etape;
use domain::droits::{self, Action, Cible, Scope};
use domain::formations::controle::EtatControle;
use domain::formations::description::Description;
use domain::formations::{EtatFormation, Genre, StatutFormation, mots_recherche};
use domain::grille::Decompte;
use store::formations::{self as base, AFaire, Avancement, FiltreGestion, LigneGestion};

use super::controle::is_controlee;
use super::description::{genre_de, lit};
use super::intitule;
use super::parametrage::is_lisible;
use super::recherche::pages;
use super::vraisemblance::{AttenteCapacite, attentes_of};
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
    /// Only the courses that wait for the academic service, or only the others; `None`: both.
    pub soumises: Option<bool>,
    /// Only the courses that the academic service returned, and that were not submitted again.
    pub retournees: bool,
    /// From 1.
    pub page: u32,
    /// Courses of a page, fifty at most; `None`: fifty.
    pub par_page: Option<u32>,
}

/// What is missing in a course before it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManqueFormation {
    /// Its capacity.
    Capacite,
    /// Its fees.
    Frais,
    /// A ranking group.
    Groupe,
    /// Groups whose places add up to the capacity.
    Places,
    /// Something in its description.
    Description,
}

impl ManqueFormation {
    /// In French, without article.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Capacite => "capacité",
            Self::Frais => "frais de scolarité",
            Self::Groupe => "groupe de classement",
            Self::Places => "répartition des places",
            Self::Description => "description",
        }
    }
}

/// R-CTL-04: the academic service returned a course, which was not submitted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retournee {
    /// UTC milliseconds of the first instant too late to put it right; `None`: it is too late.
    pub jusqu_a: Option<i64>,
    /// UTC milliseconds of the same, once it is too late; `None`: it is not yet, or nothing is late any more.
    pub depassee: Option<i64>,
}

impl Retournee {
    pub(super) fn of(ctx: &Ctx, session: &SessionAdmission, l: &LigneGestion) -> Option<Self> {
        let fin = l.retour_jusqu_a.filter(|_| !session.archivee);
        (l.controle.as_deref() == Some(EtatControle::Retournee.code())).then(|| Self {
            jusqu_a: fin.filter(|fin| *fin > ctx.campagne_ms()),
            depassee: fin.filter(|fin| *fin <= ctx.campagne_ms()),
        })
    }
}

/// A course of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormationGestion {
    /// Public identifier.
    pub id: String,
    /// TRX-4: of the draft, its description included; what goes along with an act on many courses.
    pub version: i64,
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
    /// Submitted: it waits for the academic service.
    pub soumise: bool,
    /// Returned, and not submitted again.
    pub retournee: Option<Retournee>,
    /// R-CAP-05: what the capacity waits for, when it is out of the ordinary; `None`: nothing.
    pub attente: Option<AttenteCapacite>,
    /// What is missing before publication, in the order of the screens; empty when nothing is.
    pub manques: Vec<ManqueFormation>,
}

impl FormationGestion {
    /// What is missing, in French.
    pub fn manques_dits(&self) -> Vec<&'static str> {
        self.manques.iter().map(|m| m.libelle()).collect()
    }
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
    /// Whether the academic service reviews what is published (R-CTL-01).
    pub controlee: bool,
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
        soumises: criteres.soumises,
        retournees: criteres.retournees,
        ..FiltreGestion::default()
    };
    let par_page = criteres.par_page.map_or(PAR_PAGE, |n| i64::from(n).clamp(1, PAR_PAGE));
    let total = base::count_gestion(db, &scope, &filtre).await?;
    let (page, pages) = pages(criteres.page, total, par_page);
    let lignes = base::list_gestion(db, &scope, &filtre, par_page, i64::from(page - 1) * par_page).await?;
    let lignes = vues(ctx, &session, lignes).await?;
    Ok(ListeGestion {
        saisie_ouverte: session.require_ouverte().is_ok()
            && session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le).is_ok(),
        controlee: is_controlee(db, session.id).await?,
        session,
        total,
        page,
        pages,
        lignes,
    })
}

/// The courses of a list, in its order.
async fn vues(
    ctx: &Ctx,
    session: &SessionAdmission,
    lignes: Vec<LigneGestion>,
) -> Result<Vec<FormationGestion>, AppError> {
    let attentes = attentes(ctx, session, &lignes).await?;
    Ok(lignes.into_iter().map(|l| ligne(ctx, session, attentes.get(&l.id).copied(), l)).collect())
}

/// R-CAP-05: what the capacities that the person reads wait for, all of them read at once; nothing is waited for in an archived session.
pub(super) async fn attentes(
    ctx: &Ctx,
    session: &SessionAdmission,
    lignes: &[LigneGestion],
) -> Result<HashMap<i64, AttenteCapacite>, AppError> {
    let siennes = |l: &&LigneGestion| {
        !session.archivee
            && l.capacite.is_some()
            && l.etat != EtatFormation::Fermee.code()
            && is_lisible(ctx, "capacite", &cible_of(session.id, l))
    };
    let cles: Vec<i64> = lignes.iter().filter(siennes).map(|l| l.id).collect();
    attentes_of(ctx, &ctx.app.db, session, &cles).await
}

/// A course on which something remains to be done.
pub(crate) struct Reste {
    pub formation: FormationGestion,
    pub cible: Cible,
    pub a_transmettre: i64,
    /// R-VIE-11: UTC milliseconds of the first instant too late for what an accepted request opened; `None`: nothing is open so.
    pub rouverte: Option<i64>,
    /// What the reading of its grid finds.
    pub grille: Decompte,
}

/// How far the courses of an establishment are, how many of them ask for something, and the first of these.
pub(crate) async fn remaining(
    ctx: &Ctx,
    session: &SessionAdmission,
    scope: &Scope,
    etablissement: i64,
    quoi: AFaire,
    limite: i64,
) -> Result<(Avancement, i64, Vec<Reste>), AppError> {
    let db = &ctx.app.db;
    let tous =
        FiltreGestion { session: session.id, etablissement: Some(etablissement), ..FiltreGestion::default() };
    let avancement = base::avancement(db, scope, &tous).await?;
    let filtre = FiltreGestion { a_faire: Some(quoi), ..tous };
    let total = base::count_gestion(db, scope, &filtre).await?;
    let lignes = base::list_gestion(db, scope, &filtre, limite, 0).await?;
    let mut grilles = grilles(ctx, &lignes).await?;
    let attentes = attentes(ctx, session, &lignes).await?;
    let restes = lignes.into_iter().map(|l| Reste {
        cible: cible_of(session.id, &l),
        a_transmettre: l.a_transmettre,
        rouverte: l.rouverte_jusqu_a.filter(|fin| quoi.rouvertes.is_some_and(|now| *fin > now)),
        grille: grilles.remove(&l.id).unwrap_or_default(),
        formation: ligne(ctx, session, attentes.get(&l.id).copied(), l),
    });
    Ok((avancement, total, restes.collect()))
}

/// What the reading of the grids of these courses finds, all of them read at once.
async fn grilles(ctx: &Ctx, lignes: &[LigneGestion]) -> Result<HashMap<i64, Decompte>, AppError> {
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let genres: HashMap<i64, Genre> =
        lignes.iter().map(|l| (l.id, genre_de(&l.famille, &l.libelle))).collect();
    let mut points = HashMap::new();
    for d in base::descriptions(&ctx.app.db, &cles).await? {
        if let Some(genre) = genres.get(&d.formation_session_id) {
            points.insert(d.formation_session_id, ctx.app.relues.points(&d.contenu, *genre)?);
        }
    }
    Ok(points)
}

pub(super) fn cible_of(session: i64, l: &LigneGestion) -> Cible {
    Cible::formation(session, l.etablissement_id, l.formation_id, &l.academie)
}

fn ligne(
    ctx: &Ctx,
    session: &SessionAdmission,
    attente: Option<AttenteCapacite>,
    l: LigneGestion,
) -> FormationGestion {
    let cible = cible_of(session.id, &l);
    let lisibles = is_lisible(ctx, "capacite", &cible);
    let etat = EtatFormation::from_code(&l.etat).unwrap_or(EtatFormation::Brouillon);
    let modifications_non_publiees = etat == EtatFormation::Publiee && !says_what_is_published(&l);
    FormationGestion {
        manques: if lisibles { manques_de(&l) } else { Vec::new() },
        retournee: Retournee::of(ctx, session, &l),
        attente,
        libelle: intitule(&l.libelle, &l.detail),
        commune: l.commune,
        capacites_lisibles: lisibles,
        apprentissage: l.statut == StatutFormation::Apprentissage.code(),
        id: l.public_id,
        version: l.version,
        etablissement: l.etablissement,
        uai: l.uai,
        etat,
        capacite: l.capacite.filter(|_| lisibles),
        frais_centimes: l.frais_centimes.filter(|_| lisibles),
        modifications_non_publiees,
        soumise: l.controle.as_deref() == Some(EtatControle::Soumise.code()),
    }
}

/// Whether a draft says what was published last, its groups apart.
pub(super) fn says_what_is_published(l: &LigneGestion) -> bool {
    l.capacite == l.publiee_capacite
        && l.frais_centimes == l.publiee_frais
        && Some(&l.presentation) == l.publiee_presentation.as_ref()
        && l.description_publiee == 1
}

fn manques_de(l: &LigneGestion) -> Vec<ManqueFormation> {
    let mut manques = manques(l.capacite, l.frais_centimes, l.places);
    if l.description_manques != Some(0) {
        manques.push(ManqueFormation::Description);
    }
    manques
}

/// All that is missing in a course, by name: its numbers, then the fields of its description, then a grid to put right. `description`:
/// how many things its last writing counted as missing there (`None`: nothing was ever said), and its text, needed when there are some.
pub(crate) fn all_missing(
    genre: Genre,
    (capacite, frais, places): (Option<i64>, Option<i64>, Option<i64>),
    description: (Option<i64>, Option<&str>),
) -> Result<Vec<&'static str>, AppError> {
    let mut manques: Vec<&str> = manques(capacite, frais, places).into_iter().map(|m| m.libelle()).collect();
    let (comptes, contenu) = description;
    if comptes == Some(0) {
        return Ok(manques);
    }
    let d = contenu.map_or_else(|| Ok(Description::default()), |c| lit(c, genre))?;
    let champs = d.manques(genre);
    // R-FOR-11: what is counted there and is no field is the grid.
    let grille = comptes.and_then(|n| usize::try_from(n).ok()).is_some_and(|n| n > champs.len());
    manques.extend(champs.iter().map(|c| c.libelle));
    if grille {
        manques.push("la correction de la grille d’analyse");
    } else if champs.is_empty() {
        manques.push(ManqueFormation::Description.libelle());
    }
    Ok(manques)
}

/// How many things are looked at: capacity, fees, places, description.
pub(crate) const ATTENDUS: usize = 4;

/// What prevents publication. `places`: sum of the groups, absent without group.
pub(super) fn manques(
    capacite: Option<i64>,
    frais: Option<i64>,
    places: Option<i64>,
) -> Vec<ManqueFormation> {
    let mut manques = Vec::new();
    if capacite.is_none() {
        manques.push(ManqueFormation::Capacite);
    }
    if frais.is_none() {
        manques.push(ManqueFormation::Frais);
    }
    match (capacite, places) {
        (_, None) => manques.push(ManqueFormation::Groupe),
        (Some(c), Some(p)) if c != p => manques.push(ManqueFormation::Places),
        _ => {}
    }
    manques
}

#[cfg(test)]
mod tests {
    use domain::formations::description::modele;

    use super::super::description::ecrit;
    use super::*;

    #[test]
    fn what_is_missing_before_publication_is_named() {
        assert_eq!(manques(None, None, Some(0)), [ManqueFormation::Capacite, ManqueFormation::Frais]);
        assert_eq!(manques(Some(24), Some(0), Some(23)), [ManqueFormation::Places]);
        assert_eq!(manques(Some(24), Some(0), None), [ManqueFormation::Groupe]);
        assert!(manques(Some(0), Some(0), Some(0)).is_empty());
        assert_eq!(manques(None, None, None).len() + 1, ATTENDUS, "and the description");
    }

    #[test]
    fn all_that_is_missing_is_named_field_by_field() {
        let chiffres = (Some(24), Some(0), Some(24));
        let rien = all_missing(Genre::Bts, chiffres, (None, None)).expect("nothing said");
        assert_eq!(rien.len(), Description::default().manques(Genre::Bts).len());
        assert!(all_missing(Genre::Bts, chiffres, (Some(0), None)).expect("complete").is_empty());
        let d = modele(Genre::Bts);
        let champs = i64::try_from(d.manques(Genre::Bts).len()).expect("a few fields");
        let contenu = ecrit(&d).expect("JSON");
        let dits =
            all_missing(Genre::Bts, chiffres, (Some(champs + 1), Some(&contenu))).expect("a description");
        assert_eq!(dits.last(), Some(&"la correction de la grille d’analyse"));
        let sans = all_missing(Genre::Bts, (None, Some(0), None), (Some(0), None)).expect("complete");
        assert_eq!(sans, ["capacité", "groupe de classement"]);
    }
}
