//! What the cells say of themselves: read by everybody, kept by the services of their region.

use domain::assistance::{
    BornesReponses, FicheCellule, Lieu, Publication, ReponseType, SiteCellule, ThemeAssistance,
    check_nombre_reponses,
};
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Cible, Permit};
use domain::territoires::{RegionAcademique, academies_de, region_academique, regions_academiques};
use serde_json::json;
use store::Sql;
use store::assistance::{self as base, LigneCellule};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A cell, as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cellule {
    /// Its région académique.
    pub region: &'static RegionAcademique,
    /// Presentation, address, page.
    pub fiche: FicheCellule,
    /// Identifier of the line, and the place where it answers, in the order in which they were declared.
    pub sites: Vec<(String, SiteCellule)>,
    /// Identifier of the line, and what it publishes, the last first.
    pub publications: Vec<(String, Publication)>,
    /// TRX-4: the present version.
    pub version: i64,
}

/// The cells of the open session.
#[derive(Debug, Clone)]
pub struct Cellules {
    /// `None` while no session is open.
    pub session: Option<SessionAdmission>,
    /// By name of region.
    pub cellules: Vec<Cellule>,
}

async fn load(c: &impl Sql, session: i64) -> Result<Vec<Cellule>, AppError> {
    let lignes = base::cellules(c, session).await?;
    let sites = base::sites(c, session).await?;
    let publications = base::publications(c, session).await?;
    let mut cellules: Vec<Cellule> = lignes
        .into_iter()
        .filter_map(|l| {
            Some(Cellule {
                region: region_academique(&l.region)?,
                sites: sites
                    .iter()
                    .filter(|s| s.cellule_id == l.id)
                    .map(|s| (s.public_id.clone(), s.site()))
                    .collect(),
                publications: publications
                    .iter()
                    .filter(|p| p.cellule_id == l.id)
                    .filter_map(|p| {
                        let publication = Publication {
                            titre: p.titre.clone(),
                            theme: p.theme.clone(),
                            lien: p.lien.clone(),
                            texte: p.texte.clone(),
                            parue_le: p.parue_le.parse().ok()?,
                        };
                        Some((p.public_id.clone(), publication))
                    })
                    .collect(),
                version: l.version + 1,
                fiche: FicheCellule { presentation: l.presentation, courriel: l.courriel, page: l.page },
            })
        })
        .collect();
    cellules.sort_by_key(|c| regions_academiques().iter().position(|r| r.code == c.region.code));
    Ok(cellules)
}

/// What every cell says of itself in the open session.
///
/// # Errors
/// When the database refuses.
pub async fn view_cellules(ctx: &Ctx) -> Result<Cellules, AppError> {
    let db = &ctx.app.db;
    match sessions::courante(db).await {
        Ok(session) => Ok(Cellules { cellules: load(db, session.id).await?, session: Some(session) }),
        Err(AppError::NotFound) => Ok(Cellules { session: None, cellules: Vec::new() }),
        Err(e) => Err(e),
    }
}

/// The place of the person who reads: a candidate's residence, else the establishment or the academy of the first of their roles.
/// `None` for whoever has none, or is not signed in.
///
/// # Errors
/// When the database refuses.
pub async fn own_lieu(ctx: &Ctx) -> Result<Option<Lieu>, AppError> {
    let db = &ctx.app.db;
    if let Some(candidat) = ctx.acteur.candidat() {
        let dossier = store::candidats::by_id(db, candidat).await?;
        return Ok(Lieu::of_departement(&dossier.departement));
    }
    let session = match sessions::courante(db).await {
        Err(AppError::NotFound) => return Ok(None),
        session => session?,
    };
    for a in ctx.acteur.attributions.iter().filter(|a| a.session.is_none_or(|s| s == session.id)) {
        if a.role == Role::Academie {
            if let Some(lieu) = a.academies.first().and_then(|c| Lieu::of_academie(c)) {
                return Ok(Some(lieu));
            }
        } else if let Some(etablissement) = own_etablissement(db, session.id, a).await?
            && let Some(l) = store::etablissements::parametrage_of(db, session.id, etablissement).await?
        {
            return Ok(Lieu::of_departement(&l.departement).or_else(|| Lieu::of_academie(&l.academie)));
        }
    }
    Ok(None)
}

/// The establishment that a role is over, itself or by one of its courses.
pub(super) async fn own_etablissement(
    c: &impl Sql,
    session: i64,
    a: &domain::droits::Attribution,
) -> Result<Option<i64>, AppError> {
    match (a.etablissement, a.formation) {
        (Some(etablissement), _) => Ok(Some(etablissement)),
        (None, Some(formation)) => Ok(base::formation_etablissement(c, session, formation).await?),
        (None, None) => Ok(None),
    }
}

/// R-ASS-11: a cell is kept by the academic services of its région académique, and by the national team.
fn permit(ctx: &Ctx, session: i64, region: &str) -> Result<Permit, AppError> {
    ctx.scope(Action::TenirCellule)?;
    let mut refus = AppError::NotFound;
    for a in academies_de(region) {
        let cible = Cible { session: Some(session), academie: Some(a.code.to_owned()), ..Cible::default() };
        match ctx.permit(Action::TenirCellule, &cible) {
            Ok(permit) => return Ok(permit),
            Err(e) => refus = e,
        }
    }
    Err(refus)
}

/// The cells that a person keeps.
///
/// # Errors
/// [`AppError::Denied`] for those who keep none.
pub async fn list_tenues(
    ctx: &Ctx,
    annee: i64,
) -> Result<(SessionAdmission, Vec<(&'static RegionAcademique, Option<Cellule>)>), AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.scope(Action::TenirCellule)?;
    let mut cellules = load(db, session.id).await?;
    let tenues = regions_academiques()
        .iter()
        .filter(|r| permit(ctx, session.id, r.code).is_ok())
        .map(|r| {
            let place = cellules.iter().position(|c| c.region.code == r.code);
            (r, place.map(|i| cellules.swap_remove(i)))
        })
        .collect();
    Ok((session, tenues))
}

/// A cell, as whoever keeps it sees it.
#[derive(Debug, Clone)]
pub struct TenueCellule {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Its région académique.
    pub region: &'static RegionAcademique,
    /// `None` before it is declared.
    pub cellule: Option<Cellule>,
    /// R-ASS-13: the person is one of its agents, not only of those who keep what it says of itself.
    pub agent: bool,
}

/// Reads a cell, to keep it.
///
/// # Errors
/// [`AppError::NotFound`] for a region that does not exist, [`AppError::Denied`] for those who do not keep it.
pub async fn view_tenue(ctx: &Ctx, annee: i64, region: &str) -> Result<TenueCellule, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    permit(ctx, session.id, region)?;
    let region = regions_academiques().iter().find(|r| r.code == region).ok_or(AppError::NotFound)?;
    let cellule = load(db, session.id).await?.into_iter().find(|c| c.region.code == region.code);
    let agent = permit_agent(ctx, session.id, region.code).is_ok();
    Ok(TenueCellule { session, region, cellule, agent })
}

/// R-ASS-13: by the role of the academic services of its region alone: what a cell keeps to answer with is its own.
fn permit_agent(ctx: &Ctx, session: i64, region: &str) -> Result<Permit, AppError> {
    let siennes = ctx.acteur.attributions.iter().filter(|a| a.role == Role::Academie).cloned().collect();
    let acteur = Acteur { attributions: siennes, ..ctx.acteur.clone() };
    permit(&Ctx { acteur, ..ctx.clone() }, session, region)
}

/// What the cell of a region keeps to answer with, by title.
pub(super) async fn kept_reponses(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    region: &str,
) -> Result<Vec<(String, ReponseType)>, AppError> {
    let lignes = base::reponses(c, session, region, ctx.app.limites.assistance_reponses.nombre).await?;
    let lue = |l: base::LigneReponse| {
        let theme = ThemeAssistance::from_code(&l.theme);
        (l.public_id, ReponseType { theme, titre: l.titre, texte: l.texte })
    };
    Ok(lignes.into_iter().map(lue).collect())
}

/// R-ASS-13: reads what a cell keeps to answer with.
///
/// # Errors
/// As [`view_tenue`]; [`AppError::Denied`] for whoever is not one of its agents.
pub async fn view_reponses(
    ctx: &Ctx,
    annee: i64,
    region: &str,
) -> Result<(TenueCellule, Vec<(String, ReponseType)>), AppError> {
    let t = view_tenue(ctx, annee, region).await?;
    permit_agent(ctx, t.session.id, region)?;
    let reponses = kept_reponses(&ctx.app.db, ctx, t.session.id, region).await?;
    Ok((t, reponses))
}

/// What is changed of a cell; the identifier of a line, `None` for a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changement {
    /// What it says of itself; declares it the first time.
    Fiche(FicheCellule),
    /// Where it answers.
    Site(Option<String>, SiteCellule),
    /// It does not answer there any more.
    RetirerSite(String),
    /// What it publishes.
    Publication(Option<String>, Publication),
    /// Not published any more.
    RetirerPublication(String),
    /// What its agents answer with.
    Reponse(Option<String>, ReponseType),
    /// Not kept any more.
    RetirerReponse(String),
}

impl Changement {
    const fn code(&self) -> &'static str {
        match self {
            Self::Fiche(_) => "fiche",
            Self::Site(..) => "site",
            Self::RetirerSite(_) => "site_retire",
            Self::Publication(..) => "publication",
            Self::RetirerPublication(_) => "publication_retiree",
            Self::Reponse(..) => "reponse_type",
            Self::RetirerReponse(_) => "reponse_type_retiree",
        }
    }

    /// R-ASS-13: for the agents of the cell alone.
    const fn is_interne(&self) -> bool {
        matches!(self, Self::Reponse(..) | Self::RetirerReponse(_))
    }
}

/// Changes a cell.
///
/// # Errors
/// [`AppError::Rule`] for a field at fault (R-ASS-02) or an archived session; [`AppError::NotFound`] for a line that is not of
/// this cell; [`AppError::Conflict`] when it changed meanwhile.
pub async fn save_cellule(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    region: &str,
    changement: Changement,
) -> Result<Recepisse, AppError> {
    let demande = format!("cellule|{annee}|{region}|{}", hash(&format!("{changement:?}")));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = if changement.is_interne() {
        permit_agent(ctx, session.id, region)?
    } else {
        permit(ctx, session.id, region)?
    };
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    if !regions_academiques().iter().any(|r| r.code == region) {
        return Err(AppError::NotFound);
    }
    let e = ctx.ecriture(&permit);
    let avant = base::cellules(&tx, session.id).await?.into_iter().find(|c| c.region == region);
    garde.check_version(avant.as_ref().map_or(0, |c| c.version + 1))?;
    let quoi = changement.code();
    let empreinte = hash(&format!("{changement:?}"));
    let id = match (avant, changement) {
        (None, Changement::Fiche(f)) => {
            base::save_cellule(&tx, &e, session.id, region, None, &f.checked()?).await?
        }
        (None, _) => return Err(AppError::NotFound),
        (Some(avant), changement) => {
            let bornes = ctx.app.limites.assistance_reponses;
            change_part(&tx, &e, (session.id, region), &avant, changement, bornes).await?;
            avant.public_id
        }
    };
    // JOU-2: no free text in the journal.
    let contenu = json!({ "region": region, "quoi": quoi, "empreinte": empreinte });
    let acte = Acte { objet: "cellule", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "cellule_enregistree", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn change_part(
    tx: &store::Tx,
    e: &store::Ecriture<'_>,
    (session, region): (i64, &str),
    c: &LigneCellule,
    changement: Changement,
    bornes: BornesReponses,
) -> Result<(), AppError> {
    // What a cell says of itself changes its own row; the others are counted behind it, one after the other.
    if !matches!(changement, Changement::Fiche(_)) {
        base::touch_cellule(tx, e, c).await?;
    }
    match changement {
        Changement::Fiche(f) => {
            base::save_cellule(tx, e, session, region, Some(c), &f.checked()?).await?;
        }
        Changement::Site(ligne, s) => {
            base::save_site(tx, e, c.id, ligne.as_deref(), &s.checked(region)?).await?;
        }
        Changement::RetirerSite(ligne) => base::remove_site(tx, e, c.id, &ligne).await?,
        Changement::Publication(ligne, p) => {
            base::save_publication(tx, e, c.id, ligne.as_deref(), &p.checked()?).await?;
        }
        Changement::RetirerPublication(ligne) => base::remove_publication(tx, e, c.id, &ligne).await?,
        Changement::Reponse(ligne, r) => {
            let r = r.checked(bornes)?;
            let theme = r.theme.map_or("", ThemeAssistance::code);
            if ligne.is_none() {
                check_nombre_reponses(base::count_reponses(tx, c.id).await? + 1, bornes)?;
            }
            base::save_reponse(tx, e, c.id, ligne.as_deref(), theme, &r).await?;
        }
        Changement::RetirerReponse(ligne) => base::remove_reponse(tx, e, c.id, &ligne).await?,
    }
    Ok(())
}
