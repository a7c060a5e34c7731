//! Rates of a course: fixed by the academic service, the same on all the groups of the course (R-TAU-02).

use domain::RuleViolation;
use domain::admission::check_taux;
use domain::calendrier::Etape;
use domain::droits::{Action, Cible, Permit, Scope, scope_session};
use domain::formations::{Famille, mots_recherche, noms_du_secteur};
use store::admission::{self as base, GroupeTaux};
use store::{Sql, Tx};

use super::ordre_appel::is_boursier;
use super::vues::Possibilite;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission, parametre_entier};

/// Lines of a page of the list.
pub const PAR_PAGE: u32 = 30;

/// What a list of rates keeps.
#[derive(Debug, Clone, Default)]
pub struct FiltreTaux {
    /// Words of the label, course, establishment or town; empty for all.
    pub recherche: String,
    /// `None` for every family.
    pub famille: Option<Famille>,
    /// Only the groups whose minimum rate is not fixed.
    pub manquants: bool,
    /// From 1.
    pub page: u32,
}

impl FiltreTaux {
    fn stored(&self) -> base::FiltreTaux {
        base::FiltreTaux {
            mots: mots_recherche(&self.recherche),
            famille: self.famille.map(Famille::code),
            manquants: self.manquants,
        }
    }
}

/// A ranking group in the list of rates.
#[derive(Debug, Clone)]
pub struct LigneTaux {
    /// In the address of the group’s page.
    pub public_id: String,
    /// Sent back by the form: a change made by somebody else in between is a conflict.
    pub version: i64,
    /// Label of the ranking group.
    pub groupe: String,
    /// Label of the course, the first one when several share the group.
    pub formation: String,
    /// `None` for a stored code that is no longer known.
    pub famille: Option<Famille>,
    /// Name, that of the session.
    pub etablissement: String,
    /// Town of the course.
    pub commune: String,
    /// qB, in whole per cent; `None`: not fixed yet, and the call orders wait.
    pub taux_min_boursiers: Option<i64>,
    /// Whole per cent; `None`: residence plays no part in the call order.
    pub taux_max_non_residents: Option<i64>,
    /// R-VIE-10: names of the academies whose residents are residents.
    pub secteur: Vec<&'static str>,
    /// Wishes that the group examines.
    pub voeux: i64,
}

impl From<GroupeTaux> for LigneTaux {
    fn from(g: GroupeTaux) -> Self {
        Self {
            famille: Famille::from_code(&g.famille),
            secteur: noms_du_secteur(&g.secteur, &g.academie),
            public_id: g.public_id,
            version: g.version,
            groupe: g.libelle,
            formation: g.formation,
            etablissement: g.etablissement,
            commune: g.commune,
            taux_min_boursiers: g.taux_min_boursiers,
            taux_max_non_residents: g.taux_max_non_residents,
            voeux: g.voeux,
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct PageTaux {
    /// Groups without a rate first, at most [`PAR_PAGE`].
    pub lignes: Vec<LigneTaux>,
    /// Groups that the filter keeps, all pages.
    pub total: i64,
    /// Groups of the whole perimeter without a rate.
    pub manquants: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// For the title.
    pub libelle_session: String,
    /// The step of the calendar, for the whole list.
    pub fixer: Possibilite,
}

/// One group, its course, and what its rates must respect.
#[derive(Debug, Clone)]
pub struct FicheTaux {
    /// The group as the list shows it.
    pub ligne: LigneTaux,
    /// Groups of the course (or sharing one) that get the same rates, this one included.
    pub groupes_lies: usize,
    /// Lowest minimum rate where a scholarship holder wishes the course, in whole per cent.
    pub plancher: u32,
    /// The step of the calendar; the right is already checked.
    pub fixer: Possibilite,
}

/// The rates to fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NouveauTaux {
    /// qB, in whole per cent.
    pub min_boursiers: i64,
    /// Whole per cent; `None`: residence plays no part.
    pub max_non_residents: Option<i64>,
}

/// Groups without a rate, by family of course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TauxParFamille {
    /// One that has at least one such group.
    pub famille: Famille,
    /// Within the person’s perimeter.
    pub manquants: i64,
}

fn possibilite(ctx: &Ctx, session: &SessionAdmission) -> Possibilite {
    let regle = session
        .require_ouverte()
        .and_then(|()| session.calendrier.require_open(Etape::Taux, ctx.campagne_le));
    match regle {
        Ok(()) => Possibilite::Oui,
        Err(r) => Possibilite::PasMaintenant(crate::messages::regle(&r)),
    }
}

/// The session and the person's perimeter in it: what they hold for another session does not count.
async fn perimetre(ctx: &Ctx, c: &impl Sql, annee: i64) -> Result<(SessionAdmission, Scope), AppError> {
    // Refused before looking for the session: someone without the right does not learn which sessions exist.
    ctx.scope(Action::FixerTaux)?;
    let session = sessions::session(c, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::FixerTaux, session.id)?;
    Ok((session, scope))
}

/// The groups of the person's perimeter, those without a rate first.
///
/// # Errors
/// Without the right to fix rates.
pub async fn liste_taux(ctx: &Ctx, annee: i64, filtre: &FiltreTaux) -> Result<PageTaux, AppError> {
    let db = &ctx.app.db;
    let (session, scope) = perimetre(ctx, db, annee).await?;
    let stored = filtre.stored();
    let tout = base::FiltreTaux::default();
    let (en_tout, manquants) = base::count_taux(db, session.id, &scope, &tout).await?;
    let total =
        if stored == tout { en_tout } else { base::count_taux(db, session.id, &scope, &stored).await?.0 };
    let pages = u32::try_from(total).unwrap_or(u32::MAX).div_ceil(PAR_PAGE).max(1);
    let page = filtre.page.clamp(1, pages);
    let saut = i64::from(page - 1) * i64::from(PAR_PAGE);
    let lignes = base::list_taux(db, session.id, &scope, &stored, i64::from(PAR_PAGE), saut).await?;
    Ok(PageTaux {
        lignes: lignes.into_iter().map(LigneTaux::from).collect(),
        total,
        manquants,
        page,
        pages,
        fixer: possibilite(ctx, &session),
        libelle_session: session.libelle,
    })
}

/// How many groups of the perimeter have no rate, by family; families without any are left out.
///
/// # Errors
/// Without the right to fix rates.
pub async fn manquants_par_famille(ctx: &Ctx, annee: i64) -> Result<Vec<TauxParFamille>, AppError> {
    let (session, scope) = perimetre(ctx, &ctx.app.db, annee).await?;
    let mut resultat = Vec::new();
    for famille in Famille::ALL {
        let filtre = base::FiltreTaux {
            famille: Some(famille.code()),
            manquants: true,
            ..base::FiltreTaux::default()
        };
        let (manquants, _) = base::count_taux(&ctx.app.db, session.id, &scope, &filtre).await?;
        if manquants > 0 {
            resultat.push(TauxParFamille { famille, manquants });
        }
    }
    Ok(resultat)
}

fn cible_groupe(session: i64, g: &GroupeTaux) -> Cible {
    Cible::formation(session, g.etablissement_id, g.formation_id, &g.academie)
}

/// One group.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] (alike on screen) outside the perimeter.
pub async fn taux(ctx: &Ctx, annee: i64, public_id: &str) -> Result<FicheTaux, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let g = base::groupe_taux(db, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    ctx.permit(Action::FixerTaux, &cible_groupe(session.id, &g))?;
    Ok(FicheTaux {
        groupes_lies: base::groupes_lies(db, g.id).await?.len().max(1),
        plancher: parametre_entier(db, session.id, "taux_boursiers_plancher").await?,
        fixer: possibilite(ctx, &session),
        ligne: g.into(),
    })
}

/// Fixes the rates of a course: the same on each of its groups.
///
/// # Errors
/// Outside the step, under the floor, or when someone changed the group in between.
pub async fn fixer_taux(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    public_id: &str,
    nouveau: NouveauTaux,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let g = base::groupe_taux(&tx, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    let permit = ctx.permit(Action::FixerTaux, &cible_groupe(session.id, &g))?;
    let demande =
        format!("fixer_taux|{annee}|{public_id}|{}|{:?}", nouveau.min_boursiers, nouveau.max_non_residents);
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_step(ctx, &session)?;
    garde.check_version(g.version)?;
    let lies = base::groupes_lies(&tx, g.id).await?;
    let plancher = parametre_entier(&tx, session.id, "taux_boursiers_plancher").await?;
    let boursiers = has_boursiers(ctx, &tx, &lies).await?;
    check_taux(nouveau.min_boursiers, nouveau.max_non_residents, plancher, boursiers)?;
    let e = ctx.ecriture(&permit);
    for &groupe in &lies {
        let attendue = if groupe == g.id { garde.version } else { None };
        let (min, max) = (nouveau.min_boursiers, nouveau.max_non_residents);
        if !base::set_taux(&tx, &e, groupe, attendue, min, max).await? {
            return Err(AppError::Conflict);
        }
    }
    let avant = serde_json::json!({
        "taux_min_boursiers": g.taux_min_boursiers, "taux_max_non_residents": g.taux_max_non_residents,
    });
    let contenu = serde_json::json!({
        "annee": annee, "groupe": public_id, "groupes": lies.len(),
        "taux_min_boursiers": nouveau.min_boursiers, "taux_max_non_residents": nouveau.max_non_residents,
    });
    finish(ctx, tx, garde, &permit, &demande, public_id, Some(avant), contenu).await
}

/// Gives the same minimum rate to every group of the perimeter that has none, of one family of courses or of all.
///
/// # Errors
/// Outside the step, or under the floor: what is fixed in bulk never goes under it.
pub async fn fixer_taux_manquants(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    famille: Option<Famille>,
    min_boursiers: i64,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let (session, scope) = perimetre(ctx, &tx, annee).await?;
    let permit = permit_for(ctx, &scope, &session)?;
    let code = famille.map_or("toutes", Famille::code);
    let demande = format!("fixer_taux_manquants|{annee}|{code}|{min_boursiers}");
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_step(ctx, &session)?;
    let plancher = parametre_entier(&tx, session.id, "taux_boursiers_plancher").await?;
    check_taux(min_boursiers, None, plancher, true)?;
    let filtre = FiltreTaux { famille, manquants: true, ..FiltreTaux::default() }.stored();
    let e = ctx.ecriture(&permit);
    let n = base::set_taux_manquants(&tx, &e, session.id, &scope, &filtre, min_boursiers).await?;
    let contenu = serde_json::json!({
        "annee": annee, "famille": code, "groupes": n, "taux_min_boursiers": min_boursiers,
    });
    finish(ctx, tx, garde, &permit, &demande, code, None, contenu).await
}

fn require_step(ctx: &Ctx, session: &SessionAdmission) -> Result<(), RuleViolation> {
    session.require_ouverte()?;
    session.calendrier.require_open(Etape::Taux, ctx.campagne_le)
}

/// The permit of an act on the whole perimeter: the statement itself keeps to the perimeter.
fn permit_for(ctx: &Ctx, scope: &Scope, session: &SessionAdmission) -> Result<Permit, AppError> {
    ctx.permit_over(Action::FixerTaux, session.id, scope)
}

async fn has_boursiers(ctx: &Ctx, tx: &Tx, groupes: &[i64]) -> Result<bool, AppError> {
    for (public_id, scelle) in base::boursiers_scelles(tx, groupes).await? {
        if is_boursier(ctx, &public_id, scelle.as_deref())? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[expect(clippy::too_many_arguments, reason = "the end of two acts that differ by these values only")]
async fn finish(
    ctx: &Ctx,
    tx: Tx,
    garde: &Garde,
    permit: &Permit,
    demande: &str,
    objet_id: &str,
    avant: Option<serde_json::Value>,
    contenu: serde_json::Value,
) -> Result<Recepisse, AppError> {
    let acte = Acte { objet: "groupe_classement", objet_id, avant, apres: Some(contenu.clone()) };
    record(&tx, ctx, permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, demande, "fixer_taux", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
