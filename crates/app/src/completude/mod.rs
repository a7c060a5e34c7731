//! Which establishments of a perimeter still have something to say, and their courses: for the academic service and the
//! national team.

mod en_nombre;
mod exporter;
mod formations;
mod relancer;

pub(crate) use en_nombre::run_batch;
pub use en_nombre::{
    ApercuEnNombre, FicheRelance, ListeRelances, SuiviRelance, act_on_relance, list_relances,
    preview_en_nombre, start_en_nombre, view_relance,
};
pub(crate) use exporter::COLONNES as COLONNES_COMPLETUDE;
pub use exporter::export_completude;
pub(crate) use formations::COLONNES as COLONNES_SUIVI;
pub use formations::export_formations;
pub use relancer::{APreparer, Apercu, Relance, prepare_relance, preview_relance, send_relance};

use domain::calendrier::{Etape, Fenetre, paris};
use domain::droits::{Action, scope_session};
use domain::etablissements::{Contact, Manque, ParTutelle, Tutelle};
use domain::formations::Famille;
use domain::territoires;
use store::Sql;
use store::completude::{self as base, LigneCompletude};
use store::etablissements::{contacts, tutelles};

use crate::accueil::{Changements, changes};
use crate::contexte::Ctx;
use crate::echanges::{NonLu, unread};
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::sessions::{SessionAdmission, perimetre};

/// Lines of a page.
pub const PAR_PAGE: i64 = 50;

/// What the person looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreCompletude {
    /// Words of the name, of the code or of the town.
    pub recherche: String,
    /// Code; `None` for all.
    pub departement: Option<String>,
    /// `None` for all.
    pub famille: Option<Famille>,
    /// R-ETA-13: those of one ministry; `None` for all.
    pub tutelle: Option<ParTutelle>,
    /// Only those where something is missing.
    pub incomplets: bool,
    /// From 1.
    pub page: u32,
}

/// An establishment of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EtablissementSuivi {
    /// Public identifier.
    pub id: String,
    /// Code of the national register.
    pub uai: String,
    /// Name, that of the session.
    pub nom: String,
    /// Town.
    pub commune: String,
    /// Code.
    pub departement: String,
    /// Code.
    pub academie: String,
    /// Its ministry, in French; empty: nobody said it.
    pub tutelle: &'static str,
    /// R-ETA-01: what the establishment itself lacks.
    pub manques: Vec<Manque>,
    /// Closed ones left out.
    pub formations: i64,
    /// With capacity, fees and places that agree.
    pub completes: i64,
    /// That the public may read.
    pub publiees: i64,
    /// Last reminder, in milliseconds of the campaign.
    pub relance_le: Option<i64>,
    /// R-ETA-07: whom to call there.
    pub contacts: Vec<Contact>,
}

/// « Secrétariat (Léa Martin) – inscriptions : 03 22 33 44 55, admissions@lycee.fr ».
pub fn contact(c: &Contact) -> String {
    let qui = if c.nom.is_empty() { String::new() } else { format!(" ({})", c.nom) };
    let ou = [&c.telephone, &c.courriel].into_iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>();
    format!("{}{qui} – {}\u{a0}: {}", c.fonction, c.objet, ou.join(", "))
}

/// Gives each establishment its contacts.
async fn with_contacts(
    c: &impl Sql,
    ctx: &Ctx,
    lignes: Vec<LigneCompletude>,
) -> Result<Vec<EtablissementSuivi>, AppError> {
    let cles: Vec<i64> = lignes.iter().map(|l| l.etablissement_id).collect();
    let mut par_cle = contacts(c, &ctx.app.coffre, &cles).await?;
    let avec = |l: LigneCompletude| {
        let siens = par_cle.remove(&l.etablissement_id).unwrap_or_default();
        EtablissementSuivi { contacts: siens.into_iter().map(|c| c.contact).collect(), ..suivi(l) }
    };
    Ok(lignes.into_iter().map(avec).collect())
}

impl EtablissementSuivi {
    /// Nothing is missing, on the establishment nor on its courses.
    pub fn is_complet(&self) -> bool {
        self.manques.is_empty() && self.completes == self.formations && self.publiees == self.formations
    }
}

/// Figures of a department, or of a town.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// Name.
    pub nom: String,
    /// Code of the department.
    pub departement: String,
    /// How many.
    pub etablissements: i64,
    /// Those where nothing is missing, courses included.
    pub complets: i64,
    /// Courses of these establishments, closed ones left out.
    pub formations: i64,
    /// With nothing missing.
    pub completes: i64,
    /// That the public may read.
    pub publiees: i64,
    /// Degrees; `None` when no establishment of it has a position.
    pub position: Option<(f64, f64)>,
}

/// Figures of a family of courses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalFamille {
    /// Kind of course.
    pub famille: Famille,
    /// How many.
    pub formations: i64,
    /// With nothing missing.
    pub completes: i64,
    /// That the public may read.
    pub publiees: i64,
}

/// The page of completeness.
#[derive(Debug, Clone)]
pub struct Suivi {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Those of the page, by department and name.
    pub lignes: Vec<EtablissementSuivi>,
    /// Those that the filter keeps, all pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Of the whole perimeter, within the kind of course looked for.
    pub departements: Vec<Total>,
    /// Lines of the table of places: departments, or the towns of the department looked for.
    pub lieux: Vec<Total>,
    /// Points of the map: departments of the country, towns of less.
    pub points: Vec<Total>,
    /// Of the perimeter, or of the department and of the ministry looked for.
    pub familles: Vec<TotalFamille>,
    /// R-ETA-13: those by which the list may be narrowed, of the whole perimeter; none when there is nothing to choose among.
    pub tutelles: Vec<ParTutelle>,
    /// When capacities are entered and courses published.
    pub fenetre: Option<Fenetre>,
    /// What is missing is late: the step is over, or about to be.
    pub en_retard: bool,
    /// The person may remind establishments now.
    pub relancer: bool,
    /// The person may see the reminders to whole perimeters.
    pub relances: bool,
    /// What others changed since the person's last visit; absent in an archived session.
    pub changements: Option<Changements>,
    /// Conversations of the perimeter with messages that the person has not read.
    pub non_lus: Vec<NonLu>,
}

fn stored(ctx: &Ctx, session: i64, f: &FiltreCompletude) -> base::FiltreCompletude {
    base::FiltreCompletude {
        session,
        jour: ctx.campagne_le.to_zoned_datetime(paris()).date().to_string(),
        departement: f.departement.clone(),
        famille: f.famille.map(Famille::code),
        tutelle: f.tutelle.map(ParTutelle::stocke),
        mots: f.recherche.trim().to_owned(),
        incomplets: f.incomplets,
        etablissements: None,
    }
}

fn suivi(l: LigneCompletude) -> EtablissementSuivi {
    let manque = |(m, n): (Manque, i64)| (n == 1).then_some(m);
    EtablissementSuivi {
        manques: Manque::ALL.into_iter().zip(l.manquent.tous()).filter_map(manque).collect(),
        id: l.public_id,
        uai: l.uai,
        nom: l.nom,
        commune: l.commune,
        departement: l.departement,
        academie: l.academie,
        tutelle: Tutelle::from_code(&l.tutelle).map_or("", Tutelle::libelle),
        formations: l.formations,
        completes: l.completes,
        publiees: l.publiees,
        relance_le: l.relance_le,
        contacts: Vec::new(),
    }
}

fn total(g: base::Groupe) -> Total {
    let nom = if g.commune.is_empty() {
        territoires::departement(&g.departement).map_or_else(|| g.departement.clone(), |d| d.nom.to_owned())
    } else {
        g.commune.clone()
    };
    let ville = || territoires::ville(&g.departement, &g.commune).map(|v| (v.latitude, v.longitude));
    Total {
        position: g.latitude.zip(g.longitude).or_else(ville),
        nom,
        departement: g.departement,
        etablissements: g.etablissements,
        complets: g.complets,
        formations: g.formations,
        completes: g.completes,
        publiees: g.publiees,
    }
}

/// The establishments of the person's perimeter, with their figures by department and by kind of course.
///
/// # Errors
/// [`AppError::Denied`] for whoever follows none; [`AppError::NotFound`] for an unknown session.
pub async fn follow(ctx: &Ctx, annee: i64, f: &FiltreCompletude) -> Result<Suivi, AppError> {
    let (session, scope) = perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let db = &ctx.app.db;
    let filtre = stored(ctx, session.id, f);
    let tous = base::FiltreCompletude { departement: None, ..filtre.clone() };
    let par_commune = !scope.portee().tout || f.departement.is_some();
    let communes =
        async { if par_commune { base::groupes(db, &scope, &filtre, true).await } else { Ok(Vec::new()) } };
    // Each counts the whole perimeter: side by side, the page waits for the longest alone.
    let (departements, communes, familles, dites) = tokio::try_join!(
        base::groupes(db, &scope, &tous, false),
        communes,
        base::familles(db, &scope, &filtre),
        tutelles(db, &scope, session.id),
    )?;
    let departements: Vec<Total> = departements.into_iter().map(total).collect();
    let points = if par_commune { communes.into_iter().map(total).collect() } else { departements.clone() };
    let lieux = if f.departement.is_some() { points.clone() } else { departements.clone() };
    let garde = |d: &&Total| f.departement.as_ref().is_none_or(|code| *code == d.departement);
    let compte = |d: &Total| if f.incomplets { d.etablissements - d.complets } else { d.etablissements };
    let trouves: i64 = departements.iter().filter(garde).map(compte).sum();
    let pages = u32::try_from((trouves + PAR_PAGE - 1) / PAR_PAGE).unwrap_or(u32::MAX).max(1);
    let page = f.page.clamp(1, pages);
    let limites = (PAR_PAGE, i64::from(page - 1) * PAR_PAGE);
    let lignes = base::list(db, &scope, &filtre, Some(limites)).await?;
    let fenetre = session.calendrier.fenetre(Etape::CapacitesFrais);
    let relances = scope_session(&ctx.acteur, Action::RelancerEtablissements, session.id).is_ok();
    Ok(Suivi {
        lignes: with_contacts(db, ctx, lignes).await?,
        total: trouves,
        page,
        pages,
        departements,
        lieux,
        points,
        familles: familles
            .into_iter()
            .filter_map(|l| {
                Some(TotalFamille {
                    famille: Famille::from_code(&l.famille)?,
                    formations: l.formations,
                    completes: l.completes,
                    publiees: l.publiees,
                })
            })
            .collect(),
        tutelles: ParTutelle::offertes(&dites, f.tutelle),
        en_retard: is_late(ctx, fenetre),
        fenetre,
        relancer: relances && !session.archivee,
        relances,
        changements: if session.archivee { None } else { changes(ctx, session.id, None).await? },
        non_lus: unread(ctx, session.id, None).await?,
        session,
    })
}

/// R-CPL-01: what is missing is late in the last days of the step, and once it is over.
fn is_late(ctx: &Ctx, fenetre: Option<Fenetre>) -> bool {
    fenetre.is_some_and(|f| {
        domain::etablissements::is_late(
            ctx.campagne_ms(),
            f.ferme.as_millisecond(),
            ctx.app.limites.retard_jours * JOUR_MS,
        )
    })
}
