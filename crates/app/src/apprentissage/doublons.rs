//! R-APP-09: records that say one course, side by side; which one is kept.

use domain::PublicId;
use domain::apprentissage::{Candidate, Champ, Fiche, Statut, keep};
use domain::droits::Action;
use serde_json::json;
use store::apprentissage::{self as base, EvenementAEcrire, FicheEntiere, NouveauStatut, Tenues};

use super::liste::{departement, perimetre_decide};
use super::rapprocher::{FormationVoisine, LigneRapprochement, page_a_rapprocher, voisinage};
use super::{PAR_PAGE, cible, gardee, load, perimetre, read, statut};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A group of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneGroupe {
    /// Public identifier of the record kept.
    pub id: String,
    /// Its identifier in the catalogue.
    pub identifiant: String,
    /// Empty when nothing names the course.
    pub intitule: String,
    /// « Somme (80) ».
    pub departement: String,
    /// Where the record kept stands.
    pub statut: Statut,
    /// Records that repeat it.
    pub repetent: i64,
}

/// A page of groups.
#[derive(Debug, Clone)]
pub struct ListeGroupes {
    /// The one listed.
    pub session: SessionAdmission,
    /// All pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneGroupe>,
    /// R-APP-19: records to compare with a course of their establishment: the first ones, by title.
    pub rapprochements: Vec<LigneRapprochement>,
    /// How many they are.
    pub a_rapprocher: i64,
}

/// The groups of records of the agent's academies, by title.
///
/// # Errors
/// [`AppError::Denied`] for whoever decides nothing.
pub async fn list_groupes(ctx: &Ctx, annee: i64, page: u32) -> Result<ListeGroupes, AppError> {
    let db = &ctx.app.db;
    let (session, scope) = perimetre_decide(ctx, annee).await?;
    let total = base::count_groupes(db, &scope, session.id).await?;
    let (page, pages) = pages(page, total, PAR_PAGE);
    let lignes = base::list_groupes(db, &scope, session.id, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let ligne = |l: base::LigneGroupe| -> Result<LigneGroupe, AppError> {
        Ok(LigneGroupe {
            statut: statut(&l.statut)?,
            departement: departement(&l.departement),
            id: l.public_id,
            identifiant: l.identifiant,
            intitule: l.intitule,
            repetent: l.repetent,
        })
    };
    let (a_rapprocher, rapprochements) = page_a_rapprocher(db, &scope, session.id).await?;
    Ok(ListeGroupes {
        rapprochements,
        a_rapprocher,
        total,
        page,
        pages,
        lignes: lignes.into_iter().map(ligne).collect::<Result<_, _>>()?,
        session,
    })
}

/// A record of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FicheDuGroupe {
    /// Public identifier.
    pub id: String,
    /// Identifier in the catalogue.
    pub identifiant: String,
    /// Where it stands.
    pub statut: Statut,
    /// Why.
    pub raison: Option<String>,
    /// Whether it has its course already.
    pub formation: bool,
}

/// The records that say one course, and the courses of their establishment that the one kept may describe.
#[derive(Debug, Clone)]
pub struct GroupeDoublons {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Title of the one kept.
    pub intitule: String,
    /// The one kept first.
    pub fiches: Vec<FicheDuGroupe>,
    /// Fields that they say otherwise, with the value of each record in the order of `fiches`.
    pub differences: Vec<(&'static str, Vec<String>)>,
    /// Fields that they all say, with their value.
    pub memes: Vec<(&'static str, String)>,
    /// Version of the one kept: the form was made from it.
    pub version: i64,
    /// Another may be kept: the session is open, and the one kept has no course.
    pub decidable: bool,
    /// R-APP-19: the courses that the one kept may describe.
    pub voisines: Vec<FormationVoisine>,
    /// Integration waits until somebody says so.
    pub attend: bool,
}

/// The records of a group, the one kept first; a record that nothing repeats, alone.
pub(super) async fn kept(
    ctx: &Ctx,
    c: &impl store::Sql,
    session: &SessionAdmission,
    id: &PublicId,
) -> Result<Vec<FicheEntiere>, AppError> {
    let f = load(c, session, id).await?;
    ctx.permit(Action::DeciderApprentissage, &cible(session, &f))?;
    Ok(base::groupe(c, session.id, &f.flux, gardee(&f)).await?)
}

async fn groupe(
    ctx: &Ctx,
    c: &impl store::Sql,
    session: &SessionAdmission,
    id: &PublicId,
) -> Result<Vec<FicheEntiere>, AppError> {
    let fiches = kept(ctx, c, session, id).await?;
    if fiches.len() < 2 { Err(AppError::NotFound) } else { Ok(fiches) }
}

/// The records of a group, by any of them, and the courses of their establishment that the one kept may describe.
///
/// # Errors
/// [`AppError::NotFound`] for a record that nothing repeats and that describes no course, or out of the agent's perimeter.
pub async fn view_groupe(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<GroupeDoublons, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let entieres = kept(ctx, db, &session, id).await?;
    let lues: Vec<Fiche> = entieres.iter().map(|f| read(&f.contenu)).collect::<Result<_, _>>()?;
    let premiere = entieres.first().zip(lues.first()).ok_or(AppError::NotFound)?;
    let (voisines, attend) = voisinage(db, session.id, premiere).await?;
    if entieres.len() < 2 && voisines.is_empty() {
        return Err(AppError::NotFound);
    }
    let (mut differences, mut memes) = (Vec::new(), Vec::new());
    for champ in Champ::ALL {
        let valeurs: Vec<String> = lues.iter().map(|f| f.valeur(champ)).collect();
        match valeurs.first() {
            Some(premiere) if valeurs.iter().all(|v| v == premiere) => {
                if !premiere.is_empty() {
                    memes.push((champ.libelle(), premiere.clone()));
                }
            }
            _ => differences.push((champ.libelle(), valeurs)),
        }
    }
    let (premiere, lue) = premiere;
    Ok(GroupeDoublons {
        intitule: lue.titre().unwrap_or_default().to_owned(),
        version: premiere.version,
        decidable: !session.archivee && premiere.formation_session_id.is_none(),
        voisines,
        attend: attend && !session.archivee,
        fiches: entieres
            .iter()
            .map(|f| {
                Ok(FicheDuGroupe {
                    id: f.public_id.clone(),
                    identifiant: f.identifiant.clone(),
                    statut: statut(&f.statut)?,
                    raison: f.raison.clone(),
                    formation: f.formation_session_id.is_some(),
                })
            })
            .collect::<Result<_, AppError>>()?,
        differences,
        memes,
        session,
    })
}

/// Keeps one record of a group: it is judged for itself, the others repeat it. Days of the catalogue keep the choice, and one that is
/// put aside comes back when the one kept leaves the catalogue.
///
/// # Errors
/// [`domain::RuleViolation::DoublonRetenu`] when another one has a course; [`AppError::Conflict`] when the group changed since the agent
/// read it, or when the record is kept already.
pub async fn keep_fiche(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    choisie: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("doublon|{annee}|{id}|{choisie}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let entieres = groupe(ctx, &tx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let rang = entieres.iter().position(|f| f.public_id == choisie.as_str()).ok_or(AppError::NotFound)?;
    let gardee = entieres.get(rang).ok_or(AppError::NotFound)?;
    garde.check_version(entieres.first().map_or(0, |f| f.version))?;
    if rang == 0 {
        return Err(AppError::Conflict);
    }
    let lues: Vec<Fiche> = entieres.iter().map(|f| read(&f.contenu)).collect::<Result<_, _>>()?;
    let candidates: Vec<Candidate<'_>> = entieres
        .iter()
        .zip(&lues)
        .map(|(f, fiche)| {
            Ok(Candidate {
                fiche,
                statut: statut(&f.statut)?,
                raison: f.raison.as_deref(),
                retenue: f.formation_session_id.is_some() || f.en_ligne == 1,
            })
        })
        .collect::<Result<_, AppError>>()?;
    let moves = keep(rang, &candidates, &perimetre(&tx, &session).await?)?;
    let cles: Vec<i64> = entieres.iter().map(|f| f.id).collect();
    base::hold_fiches(&tx, session.id, Tenues::Seules(&cles)).await?;
    // Each of them is of the agent's perimeter: one course is in one place.
    let mut permits = Vec::with_capacity(entieres.len());
    for f in &entieres {
        permits.push(ctx.permit(Action::DeciderApprentissage, &cible(&session, f))?);
    }
    for (((f, c), passage), permit) in entieres.iter().zip(&candidates).zip(&moves).zip(&permits) {
        let e = ctx.ecriture(permit);
        let (vers, raison) = match passage {
            Some(p) => (p.vers, p.raison.as_deref()),
            None => (c.statut, c.raison),
        };
        let nouveau = NouveauStatut {
            statut: vers.code(),
            raison: raison.map(str::to_owned),
            doublon_de: (f.id != gardee.id).then(|| gardee.identifiant.clone()),
            en_ligne: f.en_ligne == 1,
        };
        base::set_statut(&tx, &e, (f.id, f.version), nouveau).await?;
        let evenement = EvenementAEcrire {
            fiche: f.id,
            issue: "decision",
            detail: json!({ "quoi": "doublon" }).to_string(),
            statut_avant: Some(c.statut.code()),
            statut: passage.as_ref().map(|p| p.vers.code()),
            raison: passage.as_ref().and_then(|p| p.raison.clone()),
        };
        base::add_evenements(&tx, &e, [evenement]).await?;
        let acte = Acte {
            objet: "fiche_apprentissage",
            objet_id: &f.public_id,
            avant: Some(json!({ "etat": c.statut.code() })),
            apres: Some(json!({ "etat": vers.code(), "nature": "doublon" })),
        };
        record(&tx, ctx, permit, &acte).await?;
    }
    let contenu = json!({ "fiche": gardee.public_id });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "doublon_choisi", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
