//! Reading requests: what an establishment follows, the queue of a desk, a request in full.

use domain::comptes::Role;
use domain::droits::{Action, Cible, scope_session};
use domain::etablissements::Partie;
use domain::formations::demandes::{EtatDemande, Geste, NatureDemande, Parcours, Souhait, check_personne};
use domain::formations::{mots_recherche, texte_recherche};
use domain::{PublicId, RuleViolation};
use jiff::civil::Date;
use store::Sql;
use store::formations::{
    self as base, FiltreDemandes, LigneActeDemande, LigneDemande as Ligne, LigneFormation,
};

use super::deposer::require_moment;
use super::effets::{Effet, foresee};
use super::etablissement::{accordees, lues, noms};
use super::repondre::avant;
use super::valeurs::valeurs;
use super::{
    Guichet, caduque, cible_at, cible_of, etat, nature, parcours, require_sans_voeu, souhait, usual_day,
};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::recherche::pages;
use crate::formations::{cible, departements, intitule};
use crate::sessions::{self, SessionAdmission};

/// A request as the page of a course or of an establishment lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviDemande {
    /// Public identifier, when the person may open it.
    pub id: Option<String>,
    /// What is asked.
    pub nature: NatureDemande,
    /// Where it stands.
    pub etat: EtatDemande,
    /// The course, as it is named or would be; the parts of the establishment that are asked for.
    pub formation: String,
    /// R-ETA-11: the parts of the establishment that it is about: those that are asked for, then those that were opened again.
    pub parties: Vec<Partie>,
    /// UTC milliseconds of the request.
    pub le: i64,
    /// Who asked, when it was a person.
    pub par: Option<String>,
    /// UTC milliseconds of the answer or of the withdrawal.
    pub decidee_le: Option<i64>,
    /// UTC milliseconds: first instant too late for the fields opened again.
    pub jusqu_a: Option<i64>,
}

/// The course, as it is named or would be; the parts of the establishment.
pub(super) fn titre(d: &Ligne) -> Result<String, AppError> {
    Ok(match (&d.libelle, souhait(d)?) {
        (Some(libelle), _) => intitule(libelle, d.detail.as_deref().unwrap_or("")),
        (None, Souhait::Ouverture(o)) => intitule(&o.libelle, &o.detail),
        (None, Souhait::Reouverture { parties, .. }) => noms(&parties),
        (None, _) => String::new(),
    })
}

/// The parts of an establishment that a request is about; none for one about a course.
fn parties(d: &Ligne) -> Result<Vec<Partie>, AppError> {
    Ok(match (accordees(d), souhait(d)?) {
        (Some(codes), _) | (None, Souhait::Reouverture { parties: codes, .. }) => lues(&codes),
        _ => Vec::new(),
    })
}

pub(super) fn suivi(ctx: &Ctx, d: &Ligne) -> Result<SuiviDemande, AppError> {
    Ok(SuiviDemande {
        id: ctx.may(Action::DemanderFormation, &cible_of(d)).then(|| d.public_id.clone()),
        nature: nature(d)?,
        etat: etat(d)?,
        formation: titre(d)?,
        parties: parties(d)?,
        le: d.cree_le,
        par: d.demandeur.clone(),
        decidee_le: d.decidee_le,
        jusqu_a: d.jusqu_a,
    })
}

/// R-VIE-06: what was asked about a course, newest first.
pub(in crate::formations) async fn suivis(
    ctx: &Ctx,
    c: &impl Sql,
    f: &LigneFormation,
) -> Result<Vec<SuiviDemande>, AppError> {
    base::demandes_of(c, f.id).await?.iter().map(|d| suivi(ctx, d)).collect()
}

/// Requests listed on the page of an establishment.
const SUR_LA_PAGE: i64 = 10;

/// R-VIE-06: the last requests of an establishment, for whoever may ask; `None` for anybody else.
///
/// # Errors
/// When the database refuses.
pub async fn requests_of(
    ctx: &Ctx,
    session: i64,
    cible: &Cible,
) -> Result<Option<Vec<SuiviDemande>>, AppError> {
    let Some(etablissement) = cible.etablissement.filter(|_| ctx.may(Action::DemanderFormation, cible))
    else {
        return Ok(None);
    };
    let lignes = base::demandes_etablissement(&ctx.app.db, session, etablissement, SUR_LA_PAGE).await?;
    lignes.iter().map(|d| suivi(ctx, d)).collect::<Result<_, _>>().map(Some)
}

/// Answers given by somebody else since an instant, for the home of whoever may ask: (request, who answered).
pub(crate) async fn answered_since(
    ctx: &Ctx,
    session: i64,
    etablissement: Option<i64>,
    bornes: (i64, i64),
    limite: i64,
) -> Result<Vec<(SuiviDemande, Option<String>)>, AppError> {
    let Ok(scope) = scope_session(&ctx.acteur, Action::DemanderFormation, session) else {
        return Ok(Vec::new());
    };
    let lignes =
        base::demandes_repondues(&ctx.app.db, &scope, session, etablissement, bornes, limite).await?;
    lignes.into_iter().map(|(d, qui)| Ok((suivi(ctx, &d)?, qui))).collect()
}

/// What is looked for in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteresDemandes {
    /// `None` for every state.
    pub etat: Option<EtatDemande>,
    /// `None` for every kind.
    pub nature: Option<NatureDemande>,
    /// Words of what is asked about, of the establishment that asks or of its town; empty for all.
    pub texte: String,
    /// Code of the department of the establishment that asks; `None` for every one.
    pub departement: Option<String>,
    /// From 1.
    pub page: u32,
}

impl CriteresDemandes {
    /// What a desk keeps of them, words apart.
    pub(super) fn filtre(&self, session: i64, guichet: Guichet) -> FiltreDemandes {
        FiltreDemandes {
            session,
            etat: self.etat.map(EtatDemande::code),
            nature: self.nature.map(NatureDemande::code),
            transmises: guichet == Guichet::National,
            recues: guichet == Guichet::Receveur,
            // Once it has agreed, whoever would receive a course has nothing left to examine.
            sans_accord: guichet == Guichet::Receveur && self.etat == Some(EtatDemande::Deposee),
            departement: self.departement.clone(),
        }
    }

    /// Those of these requests that have its words, compared as those of the courses are (R-FOR-05). What an opening would make has no
    /// row to be searched: its name is only in what the request says.
    pub(super) fn parmi(&self, lignes: Vec<Ligne>) -> Result<Vec<Ligne>, AppError> {
        let mots = mots_recherche(&self.texte);
        if mots.is_empty() {
            return Ok(lignes);
        }
        let mut gardees = Vec::new();
        for d in lignes {
            let lieu = format!("{} {} {}", d.commune, d.departement, d.uai);
            let texte = texte_recherche(&titre(&d)?, "", &d.etablissement, &lieu);
            if mots.iter().all(|mot| texte.contains(&format!(" {mot}"))) {
                gardees.push(d);
            }
        }
        Ok(gardees)
    }
}

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneDemande {
    /// Public identifier.
    pub id: String,
    /// What is asked.
    pub nature: NatureDemande,
    /// Where it stands.
    pub etat: EtatDemande,
    /// The course, as it is named or would be.
    pub formation: String,
    /// Name of whoever asks, that of the session.
    pub etablissement: String,
    /// UTC milliseconds.
    pub le: i64,
    /// Who asked, when it was a person.
    pub par: Option<String>,
    /// UTC milliseconds of the answer or of the withdrawal.
    pub decidee_le: Option<i64>,
    /// R-VIE-08: waits for the agreement of the establishment that would receive the course.
    pub attend: bool,
}

/// A page of a queue.
#[derive(Debug, Clone)]
pub struct ListeDemandes {
    /// The one listed.
    pub session: SessionAdmission,
    /// Requests that the criteria keep, all pages.
    pub total: i64,
    /// Those that wait at this desk, whatever the criteria.
    pub en_attente: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneDemande>,
    /// R-VIE-02: whether a new course may be asked for now.
    pub ouverture: Result<(), RuleViolation>,
    /// R-VIE-13: whether it is asked for with a national type, or with why it has none.
    pub nomenclature: bool,
    /// (code, name) of the departments of a service, or of the country; none at the desk of an establishment.
    pub departements: Vec<(String, String)>,
}

const PAR_PAGE: i64 = 50;

/// What waits at a desk.
fn en_attente(session: i64, guichet: Guichet) -> FiltreDemandes {
    let transmises = guichet == Guichet::National;
    let etat = if transmises { EtatDemande::Transmise } else { EtatDemande::Deposee };
    let recues = guichet == Guichet::Receveur;
    FiltreDemandes {
        session,
        etat: Some(etat.code()),
        nature: None,
        transmises,
        recues,
        sans_accord: recues,
        departement: None,
    }
}

/// Requests that wait at a desk; `None` for whoever does not sit there.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session.
pub async fn count_a_examiner(ctx: &Ctx, annee: i64, guichet: Guichet) -> Result<Option<i64>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?.id;
    let Ok(scope) = scope_session(&ctx.acteur, guichet.action(), session) else {
        return Ok(None);
    };
    Ok(Some(base::count_demandes(db, &scope, &en_attente(session, guichet)).await?))
}

/// The requests that a desk reads.
///
/// # Errors
/// [`AppError::Denied`] for whoever does not sit there; [`AppError::NotFound`] for an unknown session.
pub async fn list_demandes(
    ctx: &Ctx,
    annee: i64,
    guichet: Guichet,
    criteres: &CriteresDemandes,
) -> Result<ListeDemandes, AppError> {
    let db = &ctx.app.db;
    ctx.scope(guichet.action())?;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, guichet.action(), session.id)?;
    let filtre = criteres.filtre(session.id, guichet);
    let en_attente = base::count_demandes(db, &scope, &en_attente(session.id, guichet)).await?;
    let (total, page, pages, lignes) = if criteres.texte.trim().is_empty() {
        let total = base::count_demandes(db, &scope, &filtre).await?;
        let (page, pages) = pages(criteres.page, total, PAR_PAGE);
        let limites = Some((PAR_PAGE, i64::from(page - 1) * PAR_PAGE));
        (total, page, pages, base::list_demandes(db, &scope, &filtre, limites).await?)
    } else {
        let toutes = criteres.parmi(base::list_demandes(db, &scope, &filtre, None).await?)?;
        let total = i64::try_from(toutes.len()).unwrap_or(i64::MAX);
        let (page, pages) = pages(criteres.page, total, PAR_PAGE);
        let combien = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let avant = combien(i64::from(page - 1) * PAR_PAGE);
        let lignes = toutes.into_iter().skip(avant).take(combien(PAR_PAGE)).collect();
        (total, page, pages, lignes)
    };
    let departements = match guichet {
        Guichet::Academie | Guichet::National => departements(db, &scope, session.id).await?,
        Guichet::Etablissement | Guichet::Receveur => Vec::new(),
    };
    let lue = |d: &Ligne| {
        Ok::<_, AppError>(LigneDemande {
            nature: nature(d)?,
            etat: etat(d)?,
            formation: titre(d)?,
            id: d.public_id.clone(),
            etablissement: d.etablissement.clone(),
            le: d.cree_le,
            par: d.demandeur.clone(),
            decidee_le: d.decidee_le,
            attend: etat(d)?.is_en_cours() && d.receveur_id.is_some() && d.accorde_le.is_none(),
        })
    };
    Ok(ListeDemandes {
        total,
        en_attente,
        page,
        pages,
        lignes: lignes.iter().map(lue).collect::<Result<_, _>>()?,
        ouverture: require_moment(ctx, &session, NatureDemande::Ouverture),
        nomenclature: store::nomenclatures::has_types(db, session.id).await?,
        departements,
        session,
    })
}

/// Something that a request says, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valeur {
    /// What it is about.
    pub terme: &'static str,
    /// What it says.
    pub texte: String,
    /// Public identifier of the course that it names, for whoever reads its settings.
    pub formation: Option<String>,
}

/// Something done to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActeDemande {
    /// The state that it gave.
    pub etat: EtatDemande,
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it was a person.
    pub par: Option<String>,
    /// Under which role; `None` for a code that is no longer known.
    pub role: Option<Role>,
    /// Reason or opinion; may be empty.
    pub motif: String,
    /// UTC milliseconds: first instant too late for the fields opened again.
    pub jusqu_a: Option<i64>,
}

/// The agreement of the establishment that would receive the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccordDemande {
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it is known.
    pub par: Option<String>,
    /// A word that may be empty.
    pub texte: String,
}

/// A request, read in full.
#[derive(Debug, Clone)]
pub struct FicheDemande {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// Sent back by the forms: a request changed in between is a conflict.
    pub version: i64,
    /// What is asked.
    pub nature: NatureDemande,
    /// Where it stands.
    pub etat: EtatDemande,
    /// The course, as it is named or would be.
    pub titre: String,
    /// Public identifier of the course, once there is one, for whoever reads its settings.
    pub formation: Option<String>,
    /// Name of the establishment that asks, that of the session.
    pub etablissement: String,
    /// Its public identifier.
    pub etablissement_id: String,
    /// What is asked, in detail.
    pub valeurs: Vec<Valeur>,
    /// Why.
    pub motif: String,
    /// In their order.
    pub actes: Vec<ActeDemande>,
    /// The last day wanted, of a dispensation or of parts to be opened again.
    pub jour: Option<Date>,
    /// R-VIE-11: the last day that an acceptance proposes here for what it opens in a course; `None`: it opens nothing, or says it
    /// otherwise.
    pub suite: Option<Date>,
    /// R-ETA-11: the parts of the establishment that are asked for.
    pub parties: Vec<Partie>,
    /// Whether the person may answer it here at all.
    pub reponse: Result<(), RuleViolation>,
    /// Whether the person sends it on to the national team rather than accepting it: a dispensation, or a course that changes its
    /// academy.
    pub transmissible: bool,
    /// R-VIE-08: the agreement of the establishment that would receive the course is still to come.
    pub attend: bool,
    /// That agreement.
    pub accord: Option<AccordDemande>,
    /// Whether it would be accepted as things stand; looked at only when the person may answer.
    pub acceptable: Result<(), RuleViolation>,
    /// Whether the person may withdraw it.
    pub retirable: bool,
}

/// A request, as a desk reads it.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] outside the perimeter of the desk.
pub async fn view_demande(
    ctx: &Ctx,
    annee: i64,
    guichet: Guichet,
    id: &PublicId,
) -> Result<FicheDemande, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let d = base::demande(db, id.as_str()).await?.filter(|d| d.session_id == session.id);
    let d = d.ok_or(AppError::NotFound)?;
    ctx.permit(guichet.action(), &cible_at(guichet, &d)?)?;
    let lignes = base::actes_demande(db, d.id).await?;
    let transmise = lignes.iter().any(|a| a.acte == EtatDemande::Transmise.code());
    if guichet == Guichet::National && !transmise {
        return Err(AppError::NotFound);
    }
    let (nature, etat, voulu) = (nature(&d)?, etat(&d)?, souhait(&d)?);
    let avant = avant(db, &d).await?;
    let ici = match guichet {
        Guichet::Receveur => etat == EtatDemande::Deposee && d.accorde_le.is_none(),
        _ => etat.action() == Some(guichet.action()),
    };
    let f = match d.formation_session_id {
        Some(cle) => base::by_id(db, cle).await?,
        None => None,
    };
    let effet = match etat.is_en_cours() {
        true => foresee(db, &session, f.as_ref(), &voulu).await?,
        false => None,
    };
    let parcours = parcours(&d, nature, f.as_ref(), effet.as_ref());
    let reponse = match etat.is_en_cours() {
        false => Err(RuleViolation::DemandeRepondue),
        true if !ici => Err(RuleViolation::ForbiddenTransition { from: etat.code(), event: "repondre" }),
        true => session.require_ouverte().and_then(|()| check_personne(ctx.acteur.compte, &avant)),
    };
    let acceptable = match &reponse {
        Err(r) => Err(r.clone()),
        // Agreeing decides nothing yet.
        Ok(()) if guichet == Guichet::Receveur => Ok(()),
        Ok(()) => acceptable(db, (nature, etat), parcours, f.as_ref().zip(effet)).await?,
    };
    let transmissible =
        reponse.is_ok() && guichet == Guichet::Academie && parcours.national && etat == EtatDemande::Deposee;
    Ok(FicheDemande {
        id: d.public_id.clone(),
        version: d.version,
        titre: titre(&d)?,
        formation: lisible(ctx, db, &d).await?,
        etablissement: d.etablissement.clone(),
        etablissement_id: d.etablissement_public.clone(),
        valeurs: valeurs(ctx, db, (&session, &d), &voulu).await?,
        motif: d.motif.clone(),
        actes: lignes.into_iter().filter_map(acte).collect(),
        jour: match &voulu {
            Souhait::Derogation { jusqu_a, .. } | Souhait::Reouverture { jusqu_a, .. } => {
                jusqu_a.parse().ok()
            }
            _ => None,
        },
        suite: Some(usual_day(ctx)).filter(|_| {
            ici && guichet != Guichet::Receveur
                && !transmissible
                && nature.rouvre()
                && nature != NatureDemande::Derogation
        }),
        parties: parties(&d)?,
        transmissible,
        attend: etat.is_en_cours() && parcours.accord == Some(false),
        accord: d.accorde_le.map(|le| AccordDemande {
            le,
            par: d.accordant.clone(),
            texte: d.accord_texte.clone().unwrap_or_default(),
        }),
        retirable: guichet == Guichet::Etablissement
            && !session.archivee
            && etat.apres(parcours, Geste::Retirer).is_ok(),
        reponse,
        acceptable,
        nature,
        etat,
        session,
    })
}

fn acte(l: LigneActeDemande) -> Option<ActeDemande> {
    Some(ActeDemande {
        etat: EtatDemande::from_code(&l.acte)?,
        le: l.fait_le,
        par: l.fait_par,
        role: Role::from_code(&l.role),
        motif: l.motif,
        jusqu_a: l.jusqu_a,
    })
}

/// Whether an acceptance would go through as things stand.
async fn acceptable(
    c: &impl Sql,
    (nature, etat): (NatureDemande, EtatDemande),
    parcours: Parcours,
    effet: Option<(&LigneFormation, Result<Effet, RuleViolation>)>,
) -> Result<Result<(), RuleViolation>, AppError> {
    let geste =
        if parcours.national && etat == EtatDemande::Deposee { Geste::Transmettre } else { Geste::Accepter };
    if let Err(r) = etat.apres(parcours, geste) {
        return Ok(Err(r));
    }
    match effet {
        None => Ok(Ok(())),
        Some((_, Err(r))) => Ok(Err(caduque(r))),
        Some((f, Ok(_))) => match require_sans_voeu(c, nature, f).await {
            Ok(()) => Ok(Ok(())),
            Err(AppError::Rule(r)) => Ok(Err(r)),
            Err(autre) => Err(autre),
        },
    }
}

/// The public identifier of the course, when the person reads its settings: it may be somebody else's by now.
async fn lisible(ctx: &Ctx, c: &impl Sql, d: &Ligne) -> Result<Option<String>, AppError> {
    let Some(cle) = d.formation_session_id else { return Ok(None) };
    let f = base::by_id(c, cle).await?.filter(|f| ctx.may(Action::ConsulterParametrage, &cible(f)));
    Ok(f.map(|f| f.public_id))
}
