//! The records of a perimeter: those of an academic service, those of an establishment.

use std::collections::HashMap;

use domain::apprentissage::{Constat, Statut, decide};
use domain::droits::{Action, Cible, Scope, scope_session};
use domain::formations::{EtatFormation, mots_recherche};
use domain::territoires;
use store::Sql;
use store::apprentissage::{self as base, FiltreFiches, LigneListeFiche, PlaceFiche};

use super::fiche::changed_hands;
use super::rapprocher::count_a_rapprocher;
use super::{PAR_PAGE, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::sessions::{self, SessionAdmission};

/// Which statuses are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatutCherche {
    /// Those that wait for somebody of the academic service.
    ATraiter,
    /// All of them.
    Tous,
    /// One.
    Un(Statut),
}

impl StatutCherche {
    /// Word of the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ATraiter => "a_traiter",
            Self::Tous => "tous",
            Self::Un(s) => s.code(),
        }
    }

    /// Of a word; anything else asks for what waits.
    pub fn from_code(code: &str) -> Self {
        match code {
            "tous" => Self::Tous,
            code => Statut::from_code(code).map_or(Self::ATraiter, Self::Un),
        }
    }

    fn codes(self) -> Vec<&'static str> {
        match self {
            Self::Tous => Vec::new(),
            Self::Un(s) => vec![s.code()],
            Self::ATraiter => {
                Statut::ALL.into_iter().filter(|s| s.is_a_traiter()).map(Statut::code).collect()
            }
        }
    }
}

/// R-APP-20: where records stand with the perimeter of the session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PlaceCherchee {
    /// Wherever they stand.
    #[default]
    Toutes,
    /// Those that it admits, closed ones apart.
    Dans,
    /// Those that it leaves out.
    Hors,
    /// Those that it leaves out for this reason, as they say it.
    Motif(String),
}

impl PlaceCherchee {
    /// Word of the address; a reason is its own.
    pub fn code(&self) -> &str {
        match self {
            Self::Toutes => "",
            Self::Dans => "dans",
            Self::Hors => "hors",
            Self::Motif(raison) => raison,
        }
    }

    /// Of a word.
    pub fn from_code(code: &str) -> Self {
        match code {
            "" => Self::Toutes,
            "dans" => Self::Dans,
            "hors" => Self::Hors,
            raison => Self::Motif(raison.to_owned()),
        }
    }

    /// Whether it asks for what the session leaves out, which waits for nobody.
    pub const fn is_hors(&self) -> bool {
        matches!(self, Self::Hors | Self::Motif(_))
    }
}

/// What an agent looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteresFiches {
    /// Where they stand.
    pub statut: StatutCherche,
    /// In the perimeter of the session, or out of it.
    pub place: PlaceCherchee,
    /// With this finding.
    pub constat: Option<Constat>,
    /// Code; `None` for every department.
    pub departement: Option<String>,
    /// Words of the title, the codes, the place.
    pub recherche: String,
    /// From 1.
    pub page: u32,
}

impl CriteresFiches {
    /// The statuses that are really listed: what the session leaves out waits for nobody, all of it is.
    pub fn statut_liste(&self) -> StatutCherche {
        match self.statut {
            StatutCherche::ATraiter if self.place.is_hors() => StatutCherche::Tous,
            statut => statut,
        }
    }
}

/// A record of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneFiche {
    /// Public identifier.
    pub id: String,
    /// TRX-4: the one that is shown.
    pub version: i64,
    /// Identifier in the catalogue.
    pub identifiant: String,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// Codes of its establishments.
    pub uais: Vec<String>,
    /// « Lycée Neuf (0801234B) »: the same, named when the session knows them.
    pub etablissements: Vec<String>,
    /// « Somme (80) »; empty when nobody knows where it is.
    pub departement: String,
    /// Where it stands.
    pub statut: Statut,
    /// Why, when the status says it.
    pub raison: Option<String>,
    /// R-APP-07.
    pub constats: Vec<Constat>,
    /// Whether the last day had it.
    pub presente: bool,
    /// Public identifier and state of the course made of it.
    pub formation: Option<(String, String)>,
    /// This course is another establishment's, of those that the record names.
    pub ailleurs: bool,
    /// « Lycée Neuf (0801234B) »: the establishment that has it.
    pub chez: Option<String>,
    /// R-APP-14: the establishment that the record names since the course is there, as above.
    pub passage: Option<String>,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<String>,
}

impl LigneFiche {
    fn new(l: LigneListeFiche) -> Result<Self, AppError> {
        let codes =
            |c: &str| -> Vec<String> { c.split('|').filter(|c| !c.is_empty()).map(str::to_owned).collect() };
        Ok(Self {
            statut: statut(&l.statut)?,
            constats: codes(&l.constats).iter().filter_map(|c| Constat::from_code(c)).collect(),
            uais: codes(&l.uais),
            etablissements: codes(&l.uais),
            departement: departement(&l.departement),
            presente: l.presente == 1,
            formation: l.formation.zip(l.formation_etat),
            ailleurs: false,
            chez: l.formation_etablissement.zip(l.formation_uai).map(|(nom, uai)| dit(Some(&nom), &uai)),
            passage: None,
            id: l.public_id,
            version: l.version,
            identifiant: l.identifiant,
            intitule: l.intitule,
            raison: l.raison,
            doublon_de: l.doublon_de,
        })
    }

    /// Whether it may be declared ready without being opened.
    pub fn is_declarable(&self) -> bool {
        self.statut.is_a_publier()
            && self.doublon_de.is_none()
            && !self.constats.iter().any(|c| c.is_bloquant())
    }
}

/// « Lycée Neuf (0801234B) »; the code alone of one that the session does not know.
fn dit(nom: Option<&String>, uai: &str) -> String {
    nom.map_or_else(|| uai.to_owned(), |nom| format!("{nom} ({uai})"))
}

/// « Somme (80) ».
pub(super) fn departement(code: &str) -> String {
    territoires::departement(code).map_or_else(String::new, |d| format!("{} ({})", d.nom, d.code))
}

/// A page of records.
#[derive(Debug, Clone)]
pub struct ListeFiches {
    /// The one listed.
    pub session: SessionAdmission,
    /// Records that the criteria keep, all pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneFiche>,
    /// Of the whole perimeter, those that exist, in the order of the way.
    pub statuts: Vec<(Statut, i64)>,
    /// (code, name) of the departments of the perimeter.
    pub departements: Vec<(String, String)>,
    /// R-APP-20: records that the session admits, closed ones apart.
    pub dedans: i64,
    /// R-APP-20: records that the session leaves out, for each reason that they say, most of them first.
    pub hors: Vec<(String, i64)>,
    /// Groups of records that say one course, and records to compare with a course of their establishment (R-APP-19).
    pub groupes: i64,
    /// Records that the last day could not take.
    pub rejets: i64,
    /// Whether the person may make courses of those that are ready.
    pub integrer: bool,
}

fn filtre(session: i64, c: &CriteresFiches) -> FiltreFiches {
    FiltreFiches {
        session,
        statuts: c.statut_liste().codes(),
        constat: c.constat.map(Constat::code),
        departement: c.departement.clone(),
        place: match &c.place {
            PlaceCherchee::Toutes => PlaceFiche::Toutes,
            PlaceCherchee::Dans => PlaceFiche::Dans,
            PlaceCherchee::Hors => PlaceFiche::Hors,
            PlaceCherchee::Motif(raison) => PlaceFiche::Motif(raison.clone()),
        },
        mots: if c.recherche.trim().is_empty() { Vec::new() } else { mots_recherche(&c.recherche) },
        confiees: None,
    }
}

/// Records that wait for a decision in the agent's perimeter; `None` for whoever decides nothing.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn count_a_traiter(ctx: &Ctx, annee: i64) -> Result<Option<i64>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?.id;
    let Ok(scope) = scope_session(&ctx.acteur, Action::DeciderApprentissage, session) else {
        return Ok(None);
    };
    let statuts = StatutCherche::ATraiter.codes();
    let filtre = FiltreFiches { session, statuts, ..FiltreFiches::default() };
    Ok(Some(base::count_fiches(db, &scope, &filtre).await?))
}

pub(super) async fn perimetre_decide(ctx: &Ctx, annee: i64) -> Result<(SessionAdmission, Scope), AppError> {
    sessions::perimetre(ctx, annee, Action::DeciderApprentissage).await
}

/// The records of the agent's academies, by title.
///
/// # Errors
/// [`AppError::Denied`] for whoever decides nothing; [`AppError::NotFound`] for an unknown session.
pub async fn list_fiches(ctx: &Ctx, annee: i64, criteres: &CriteresFiches) -> Result<ListeFiches, AppError> {
    let db = &ctx.app.db;
    let (session, scope) = perimetre_decide(ctx, annee).await?;
    let filtre = filtre(session.id, criteres);
    let total = base::count_fiches(db, &scope, &filtre).await?;
    let (page, pages) = pages(criteres.page, total, PAR_PAGE);
    let lignes = base::list_fiches(db, &scope, &filtre, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let comptes = base::count_statuts(db, &scope, session.id).await?;
    let admises = FiltreFiches { session: session.id, place: PlaceFiche::Dans, ..FiltreFiches::default() };
    let departements = base::departements(db, &scope, session.id).await?;
    let mut lignes: Vec<LigneFiche> = lignes.into_iter().map(LigneFiche::new).collect::<Result<_, _>>()?;
    let uais: Vec<String> = lignes.iter().flat_map(|l| l.uais.iter().cloned()).collect();
    let noms: HashMap<String, String> = base::noms_by_uai(db, session.id, &uais).await?.into_iter().collect();
    for l in &mut lignes {
        l.etablissements = l.uais.iter().map(|uai| dit(noms.get(uai), uai)).collect();
    }
    Ok(ListeFiches {
        total,
        page,
        pages,
        lignes,
        statuts: Statut::ALL
            .into_iter()
            .filter_map(|s| comptes.iter().find(|(c, _)| c == s.code()).map(|(_, n)| (s, *n)))
            .collect(),
        departements: departements.into_iter().map(|c| (c.clone(), departement(&c))).collect(),
        dedans: base::count_fiches(db, &scope, &admises).await?,
        hors: base::count_hors(db, &scope, session.id).await?,
        groupes: base::count_groupes(db, &scope, session.id).await?
            + count_a_rapprocher(db, &scope, session.id).await?,
        rejets: base::count_rejets(db, &scope, session.id).await?,
        integrer: !session.archivee && ctx.may(Action::ImporterOffre, &Cible::plateforme()),
        session,
    })
}

/// The records of the establishments of a person, read only.
#[derive(Debug, Clone)]
pub struct MesFiches {
    /// The one listed.
    pub session: SessionAdmission,
    /// All pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneFiche>,
}

/// How many records have a part for an establishment of the person; 0 for whoever reads no settings.
///
/// # Errors
/// When the database refuses.
pub async fn count_mes_fiches(ctx: &Ctx, session: i64) -> Result<i64, AppError> {
    let Ok(scope) = scope_session(&ctx.acteur, Action::ConsulterParametrage, session) else { return Ok(0) };
    let filtre = FiltreFiches { session, ..FiltreFiches::default() };
    Ok(base::count_fiches(&ctx.app.db, &scope, &filtre).await?)
}

/// The records in which an establishment of the person has a part, with where they stand.
///
/// # Errors
/// [`AppError::Denied`] for whoever reads no settings; [`AppError::NotFound`] for an unknown session.
pub async fn list_mes_fiches(ctx: &Ctx, annee: i64, page: u32) -> Result<MesFiches, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::session(db, annee).await?;
    let siennes = scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let mut filtre = FiltreFiches { session: session.id, ..FiltreFiches::default() };
    let scope = match ctx.jeton {
        None => siennes,
        // R-API-02: a program reads its establishment, but not the courses that were not entrusted to it.
        Some(_) => {
            filtre.confiees = Some(siennes.portee().formations.clone());
            scope_session(&ctx.acteur, Action::ConsulterEtablissement, session.id)?
        }
    };
    let total = base::count_fiches(db, &scope, &filtre).await?;
    let (page, pages) = pages(page, total, PAR_PAGE);
    let lignes = base::list_fiches(db, &scope, &filtre, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let mut passages = passages(db, session.id, &lignes).await?;
    Ok(MesFiches {
        total,
        page,
        pages,
        lignes: lignes
            .into_iter()
            .map(|l| {
                let passage = passages.remove(&l.id);
                // The course belongs to one of the establishments that the record names: the others do not open it.
                let sienne =
                    [l.etablissement_id.map(Lieu::Etablissement), l.formation_id.map(Lieu::Formation)];
                let ouverte = scope.portee().tout || sienne.into_iter().flatten().any(|l| l.is_in(&scope));
                LigneFiche::new(l).map(|f| LigneFiche {
                    ailleurs: f.formation.is_some() && !ouverte,
                    passage,
                    ..f
                })
            })
            .collect::<Result<_, _>>()?,
        session,
    })
}

/// R-APP-14: the establishments that records name since their course is where it is, by key of the record.
async fn passages(
    c: &impl Sql,
    session: i64,
    lignes: &[LigneListeFiche],
) -> Result<HashMap<i64, String>, AppError> {
    let mut nommes: Vec<(i64, String)> = Vec::new();
    for l in lignes {
        let (Some(ici), Some(contenu)) = (&l.formation_uai, &l.contenu) else { continue };
        let fermee = l.formation_etat.as_deref() == Some(EtatFormation::Fermee.code());
        let fiche = read(contenu)?;
        let Some(nomme) = fiche.uai().filter(|uai| *uai != ici.as_str() && !fermee) else { continue };
        nommes.push((l.id, nomme.to_owned()));
    }
    let cles: Vec<i64> = nommes.iter().map(|(id, _)| *id).collect();
    let passees = changed_hands(c, &cles).await?;
    nommes.retain(|(id, _)| passees.contains(id));
    let uais: Vec<String> = nommes.iter().map(|(_, uai)| uai.clone()).collect();
    let noms: HashMap<String, String> = base::noms_by_uai(c, session, &uais).await?.into_iter().collect();
    Ok(nommes.into_iter().map(|(id, uai)| (id, dit(noms.get(&uai), &uai))).collect())
}

/// Whose a course is.
enum Lieu {
    Etablissement(i64),
    Formation(i64),
}

impl Lieu {
    fn is_in(&self, scope: &Scope) -> bool {
        match self {
            Self::Etablissement(cle) => scope.portee().etablissements.contains(cle),
            Self::Formation(cle) => scope.portee().formations.contains(cle),
        }
    }
}

/// R-APP-06: the statuses that the agent may give to a record now, with the rule that refuses each.
pub(super) fn decisions(
    statut: Statut,
    fiche: &domain::apprentissage::Fiche,
) -> Vec<(Statut, Result<(), domain::RuleViolation>)> {
    statut.decisions().into_iter().map(|vers| (vers, decide(statut, fiche, vers))).collect()
}
