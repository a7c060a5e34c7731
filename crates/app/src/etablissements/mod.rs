//! Establishments: what they say of themselves for a session, before their courses (R-ETA-02).

mod apercu;
mod fiche;
mod modifier;
mod nom;
mod retrait;
mod saisie;
mod signature;

pub use fiche::{EtablissementPublic, JourneePublique, public_sheet};
pub use modifier::{
    Accueil, Chef, Composante, Coordonnees, JourneeSaisie, Modification, Prise, Site, save_etablissement,
};
pub(crate) use modifier::{AvecFormations, Parties, write_parts};
pub use nom::{Identite, correct_identity, statuts};
pub(crate) use nom::{SANS_NOM, rename_courses};
pub use retrait::{ARelire, view_retrait};
pub use saisie::degres;
pub(crate) use saisie::heure_du_jour;
pub use signature::{Signature, read_signature, send_signature};
pub use store::etablissements::{ChefEtablissement, ContactEtablissement};

use domain::PublicId;
use domain::calendrier::paris;
use domain::droits::{self, Action, Cible};
use domain::etablissements::{Completude, Internat, Mandat, Manque, Partie, check_annulation, signataire};
use domain::territoires::HeureLocale;
use files::offre::StatutEtablissement;
use jiff::ToSpan;
use jiff::civil::Date;
use store::Sql;
use store::etablissements::{self as base, LigneComposante, LigneJournee, LigneParametrage, LigneSite};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{Ouverture, PartiesRouvertes, ouverture};
use crate::sessions::{self, SessionAdmission};

/// The settings of an establishment, with what the person may do to them now.
#[derive(Debug, Clone)]
pub struct VueEtablissement {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// What the session says of it; its `version` goes along with the forms.
    pub ligne: LigneParametrage,
    /// French label of the legal status; empty when unknown.
    pub statut: &'static str,
    /// What was answered on boarding.
    pub internat: Option<Internat>,
    /// By name.
    pub composantes: Vec<LigneComposante>,
    /// The first declared first.
    pub sites: Vec<LigneSite>,
    /// In their order, those that are over included.
    pub journees: Vec<JourneePublique>,
    /// What the public reads of it.
    pub public: EtablissementPublic,
    /// Day of the campaign, in Paris.
    pub jour: Date,
    /// Heads over the years, the last to begin first; `None` for those who do not read them (R-ETA-03).
    pub chefs: Option<Vec<ChefEtablissement>>,
    /// R-ETA-07: whom the academic service calls; `None` for those who do not read them.
    pub contacts: Option<Vec<ContactEtablissement>>,
    /// Place in `chefs` of whoever signs today.
    pub signataire: Option<usize>,
    /// Whoever signs is confirmed for the session.
    pub confirme: bool,
    /// R-ETA-01: what is missing, in the order of the screens.
    pub manques: Vec<Manque>,
    /// Whether the step lets the person change it now, whatever stays open or is open again.
    pub modification: Ouverture,
    /// Whether the person may change each part now, in their order.
    pub ouvertures: [Ouverture; Partie::ALL.len()],
    /// R-ETA-13: whether the person corrects its name and its status.
    pub identite: bool,
    /// Whether the person reads the conversation about it.
    pub echanges: bool,
    /// Where it is, when the clocks are not those of Paris (TPS-4).
    pub locale: Option<HeureLocale>,
}

impl VueEtablissement {
    /// What the establishment is to the table of rights.
    pub fn cible(&self) -> Cible {
        cible(self.session.id, &self.ligne)
    }

    /// Whether the person may change a part now.
    pub fn ouverture(&self, partie: Partie) -> &Ouverture {
        let place = Partie::ALL.iter().position(|p| *p == partie);
        place.and_then(|i| self.ouvertures.get(i)).unwrap_or(&self.modification)
    }

    /// R-ETA-11: its step is over, and the academic service opened it again.
    pub fn est_rouverte(&self, partie: Partie) -> bool {
        !self.modification.est_ouverte() && matches!(self.ouverture(partie), Ouverture::Ouverte { .. })
    }

    /// R-ETA-03: announced and not in office yet: it may be called off.
    pub fn is_annonce(&self, c: &ChefEtablissement) -> bool {
        c.depuis.parse::<Date>().is_ok_and(|depuis| check_annulation(depuis, self.jour).is_ok())
    }
}

/// What the establishment is to the table of rights.
pub(crate) fn cible(session: i64, l: &LigneParametrage) -> Cible {
    Cible {
        session: Some(session),
        etablissement: Some(l.etablissement_id),
        academie: Some(l.academie.clone()),
        ..Cible::default()
    }
}

/// Day of the campaign, in Paris.
pub(crate) fn today(ctx: &Ctx) -> Date {
    ctx.campagne_le.to_zoned_datetime(paris()).date()
}

/// The time during which somebody is the head; a stored date that is none is a fault of ours.
fn mandat(c: &ChefEtablissement) -> Result<Mandat, AppError> {
    let lit = |texte: &str| {
        texte.parse::<Date>().map_err(|_| AppError::Internal("chef_etablissement.depuis".to_owned()))
    };
    Ok(Mandat {
        depuis: lit(&c.depuis)?,
        jusqu_a: c.jusqu_a.as_deref().map(lit).transpose()?,
        interim: c.interim,
    })
}

/// The same of each.
fn mandats(chefs: &[ChefEtablissement]) -> Result<Vec<Mandat>, AppError> {
    chefs.iter().map(mandat).collect()
}

/// The head whose time ends because this one was announced to follow; `None`: nobody's does. `chefs`: the last to begin first.
fn suivi<'c>(
    chefs: &'c [ChefEtablissement],
    annonce: &ChefEtablissement,
) -> Result<Option<&'c ChefEtablissement>, AppError> {
    if annonce.interim {
        return Ok(None);
    }
    let veille = mandat(annonce)?.depuis.checked_sub(1.day()).ok().map(|j| j.to_string());
    let precedent = chefs.iter().find(|c| !c.interim && c.id != annonce.id);
    Ok(precedent.filter(|c| c.jusqu_a.is_some() && c.jusqu_a == veille))
}

/// Everything that a session says of an establishment.
struct Chargee {
    ligne: LigneParametrage,
    composantes: Vec<LigneComposante>,
    sites: Vec<LigneSite>,
    journees: Vec<LigneJournee>,
    chefs: Vec<ChefEtablissement>,
    signataire: Option<usize>,
}

impl Chargee {
    async fn load(c: &impl Sql, ctx: &Ctx, ligne: LigneParametrage) -> Result<Self, AppError> {
        let chefs = base::chefs(c, &ctx.app.coffre, ligne.etablissement_id).await?;
        Ok(Self {
            composantes: base::composantes(c, ligne.id).await?,
            sites: base::sites(c, ligne.id).await?,
            journees: base::journees(c, ligne.id).await?,
            signataire: signataire(&mandats(&chefs)?, today(ctx)),
            chefs,
            ligne,
        })
    }

    fn is_confirmed(&self) -> bool {
        let signe = self.signataire.and_then(|i| self.chefs.get(i));
        signe.is_some_and(|c| self.ligne.chef_confirme == Some(c.id))
    }

    fn completude(&self) -> Completude {
        let l = &self.ligne;
        let dit = |texte: &str| !texte.is_empty();
        let internat = Internat::from_code(&l.internat);
        Completude {
            adresse: dit(&l.adresse) && dit(&l.code_postal) && dit(&l.commune),
            contact: dit(&l.telephone) || dit(&l.courriel),
            accessibilite: dit(&l.accessibilite),
            referent: dit(&l.referent_nom) && dit(&l.referent_courriel),
            internat: internat.is_some(),
            internat_sans_places: internat.is_some_and(|i| i != Internat::Sans)
                && l.internat_places.is_none(),
            boursiers: l.boursiers.is_some(),
            sites: self.sites.len(),
            sites_sans_position: self.sites.iter().filter(|s| s.latitude.is_none()).count(),
            chef: self.signataire.is_some(),
            chef_confirme: self.is_confirmed(),
        }
    }
}

/// R-ETA-02: how far the establishment of a course is described.
pub(crate) async fn completude(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    etablissement: i64,
) -> Result<Completude, AppError> {
    match base::parametrage_of(c, session, etablissement).await? {
        None => Ok(Completude::default()),
        Some(ligne) => Ok(Chargee::load(c, ctx, ligne).await?.completude()),
    }
}

/// Loads the settings of an establishment for the person.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn view_etablissement(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<VueEtablissement, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let ligne = base::parametrage(db, session.id, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = cible(session.id, &ligne);
    ctx.permit(Action::ConsulterEtablissement, &cible)?;
    let reserve = reads_people(ctx, &cible);
    let c = Chargee::load(db, ctx, ligne).await?;
    let contacts = if reserve { Some(contacts(db, ctx, c.ligne.etablissement_id).await?) } else { None };
    let jour = today(ctx);
    let rouvertes = PartiesRouvertes::load(db, session.id, c.ligne.etablissement_id).await?;
    let journees: Vec<JourneePublique> = c.journees.iter().cloned().filter_map(fiche::journee).collect();
    let composantes = c.composantes.iter().map(|c| c.nom.clone()).collect();
    Ok(VueEtablissement {
        manques: c.completude().manques(),
        public: EtablissementPublic::new(&c.ligne, composantes, c.sites.clone(), journees.clone(), jour),
        journees,
        jour,
        confirme: c.is_confirmed(),
        modification: ouverture(ctx, &session, &cible, Action::ModifierEtablissement, Partie::ETAPE),
        ouvertures: Partie::ALL.map(|p| rouvertes.ouverture(ctx, &session, &cible, p)),
        locale: HeureLocale::of_departement(&c.ligne.departement),
        identite: !session.archivee && ctx.may(Action::DeciderApprentissage, &cible),
        echanges: ctx.may(Action::ConsulterEchanges, &cible),
        statut: statut(&c.ligne.statut),
        internat: Internat::from_code(&c.ligne.internat),
        signataire: c.signataire.filter(|_| reserve),
        chefs: reserve.then_some(c.chefs),
        contacts,
        composantes: c.composantes,
        sites: c.sites,
        ligne: c.ligne,
        session,
    })
}

/// Whoever manages its accounts reaches its head and its contacts; others do not read particulars that are never public.
fn reads_people(ctx: &Ctx, cible: &Cible) -> bool {
    ctx.may(Action::ConsulterComptes, cible) || ctx.may(Action::ModifierEtablissement, cible)
}

async fn contacts(
    c: &impl Sql,
    ctx: &Ctx,
    etablissement: i64,
) -> Result<Vec<ContactEtablissement>, AppError> {
    let mut par_cle = base::contacts(c, &ctx.app.coffre, &[etablissement]).await?;
    Ok(par_cle.remove(&etablissement).unwrap_or_default())
}

fn statut(code: &str) -> &'static str {
    StatutEtablissement::ALL.into_iter().find(|s| s.code() == code).map_or("", StatutEtablissement::libelle)
}

/// The establishments that the person reads in a session: (public identifier, name), by name. Those of an academy or of
/// the whole country are looked for by their courses.
///
/// # Errors
/// [`AppError::Denied`] for somebody who reads none.
pub async fn own_establishments(ctx: &Ctx, annee: i64) -> Result<Vec<(String, String)>, AppError> {
    ctx.scope(Action::ConsulterEtablissement)?;
    let session = sessions::session(&ctx.app.db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ConsulterEtablissement, session.id)?;
    let cles = &scope.portee().etablissements;
    let lignes = store::delegations::etablissements(&ctx.app.db, session.id, cles).await?;
    Ok(lignes.into_iter().map(|l| (l.public_id, l.nom)).collect())
}
