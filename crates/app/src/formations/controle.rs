//! R-CTL-01 to 05: submitting a course to the academic service, reviewing it, accepting or returning it.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendrier::{Calendrier, Etape, Fenetre};
use domain::comptes::Role;
use domain::droits::{Action, Permit};
use domain::formations::Famille;
use domain::formations::controle::{EtatControle, Reouverture, champs_controles, check_retour};
use domain::formations::demandes::Souhait;
use domain::{PublicId, RuleViolation, droits, territoires};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use store::formations::{
    self as base, Decision, FiltreControle, LigneActe, LigneControle, LigneDerogation, LigneFormation,
    NouvelActe,
};
use store::{Sql, Tx};

use super::annonce::{Annonce, announce_to};
use super::contenu::{ChampCompare, Contenu, Cote, compare_contenus, precedent, present};
use super::description::{Lieux, famille};
use super::parametrage::Ouverture;
use super::publier::{publie, verifie};
use super::recherche::pages;
use super::{Intitule, cible, intitule, lieu, load};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// Whether the academic service reviews the courses of this session; a session opened before the setting existed, no.
///
/// # Errors
/// When the database refuses.
pub(super) async fn is_controlee(c: &impl Sql, session: i64) -> Result<bool, AppError> {
    let reglage = store::sessions::parametre(c, session, "controle_academique").await?;
    Ok(reglage.is_some_and(|v| v == "1"))
}

fn etat(l: Option<&LigneControle>) -> EtatControle {
    l.and_then(|l| EtatControle::from_code(&l.etat)).unwrap_or(EtatControle::Brouillon)
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// R-CTL-04: the fields that may be written although their step is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reouvertures(Vec<Reouverture>);

impl Reouvertures {
    /// Those of a course.
    pub(super) async fn load(c: &impl Sql, formation_session: i64) -> Result<Self, AppError> {
        let ligne = base::controle(c, formation_session).await?;
        let derogations = base::derogations(c, formation_session).await?;
        let retour = ligne.as_ref().and_then(of_retour);
        Ok(Self(retour.into_iter().chain(derogations.iter().filter_map(of_derogation)).collect()))
    }

    /// Whether this field may be written now, whatever the calendar says.
    pub(super) fn ouvre(&self, champ: &str, now: Timestamp) -> bool {
        self.0.iter().any(|r| r.ouvre(champ, now))
    }

    /// When the last of these fields closes again; `None`: none is reopened.
    pub(super) fn ferme<'c>(
        &self,
        champs: impl IntoIterator<Item = &'c str>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let champs: Vec<&str> = champs.into_iter().collect();
        let ouvrant = self.0.iter().filter(|r| champs.iter().any(|c| r.ouvre(c, now)));
        ouvrant.map(|r| r.fenetre.ferme).max()
    }

    /// The same act, possible until then when the calendar has closed it.
    pub(super) fn prolonge<'c>(
        &self,
        ouverture: Ouverture,
        champs: impl IntoIterator<Item = &'c str>,
        now: Timestamp,
    ) -> Ouverture {
        match (&ouverture, self.ferme(champs, now)) {
            (Ouverture::Fermee(RuleViolation::Closed { .. }), Some(ferme)) => Ouverture::Ouverte { ferme },
            _ => ouverture,
        }
    }

    /// R-CTL-04: the step is open, or each of these fields is reopened.
    ///
    /// # Errors
    /// What the calendar says.
    pub(super) fn require<'c>(
        &self,
        calendrier: &Calendrier,
        etape: Etape,
        champs: impl IntoIterator<Item = &'c str>,
        now: Timestamp,
    ) -> Result<(), RuleViolation> {
        let refus = match calendrier.require_open(etape, now) {
            Err(refus @ RuleViolation::Closed { .. }) => refus,
            autre => return autre,
        };
        let mut champs = champs.into_iter().peekable();
        if champs.peek().is_some() && champs.all(|c| self.ouvre(c, now)) { Ok(()) } else { Err(refus) }
    }

    /// When a submission closes for a returned course, or one that has a dispensation, whatever its fields.
    pub(super) fn soumission(&self, now: Timestamp) -> Option<Timestamp> {
        self.0.iter().filter(|r| r.fenetre.contient(now)).map(|r| r.fenetre.ferme).max()
    }
}

/// What the return of a course reopens.
fn of_retour(l: &LigneControle) -> Option<Reouverture> {
    if etat(Some(l)) != EtatControle::Retournee {
        return None;
    }
    let champs: BTreeSet<String> = serde_json::from_str(&l.champs).unwrap_or_default();
    let (ouvre, ferme) = l.decidee_le.zip(l.jusqu_a)?;
    Some(Reouverture { champs, fenetre: Fenetre { ouvre: instant(ouvre), ferme: instant(ferme) } })
}

/// R-VIE-07: what a dispensation reopens.
fn of_derogation(l: &LigneDerogation) -> Option<Reouverture> {
    let Ok(Souhait::Derogation { champs, .. }) = serde_json::from_str(&l.contenu) else { return None };
    let fenetre = Fenetre { ouvre: instant(l.decidee_le), ferme: instant(l.jusqu_a) };
    Some(Reouverture { champs, fenetre })
}

/// Where the review of a course stands, for whoever sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviControle {
    /// Once the present values are looked at.
    pub etat: EtatControle,
    /// UTC milliseconds of the last submission; `None`: never submitted.
    pub soumise_le: Option<i64>,
    /// What was returned last, while it is to be put right.
    pub retours: Vec<MotifRetour>,
    /// UTC milliseconds: first instant too late for the returned fields.
    pub jusqu_a: Option<i64>,
    /// It was accepted, and has changed since.
    pub a_resoumettre: bool,
}

/// Why a field was returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MotifRetour {
    /// Code of the field.
    pub code: String,
    /// Its French label.
    pub libelle: String,
    /// What the agent wrote.
    pub motif: String,
}

fn motifs(famille: Famille, json: &str) -> Vec<MotifRetour> {
    let lus: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    champs_controles(famille)
        .into_iter()
        .filter_map(|(code, libelle)| {
            let motif = lus.get(code)?.clone();
            Some(MotifRetour { code: code.to_owned(), libelle: libelle.to_owned(), motif })
        })
        .collect()
}

/// The review of a course whose values are these; `None`: this session is not reviewed.
pub(super) async fn suivi(
    c: &impl Sql,
    f: &LigneFormation,
    contenu: &Contenu,
) -> Result<Option<SuiviControle>, AppError> {
    if !is_controlee(c, f.session_id).await? {
        return Ok(None);
    }
    let Some(l) = base::controle(c, f.id).await? else {
        return Ok(Some(SuiviControle {
            etat: EtatControle::Brouillon,
            soumise_le: None,
            retours: Vec::new(),
            jusqu_a: None,
            a_resoumettre: false,
        }));
    };
    let etat = etat(Some(&l)).of_values(l.empreinte == contenu.empreinte()?);
    let retour = base::actes(c, l.id).await?.into_iter().find(|a| a.acte != EtatControle::Soumise.code());
    Ok(Some(SuiviControle {
        retours: match &retour {
            Some(a) if etat == EtatControle::Retournee => motifs(famille(f), &a.motifs),
            _ => Vec::new(),
        },
        jusqu_a: l.jusqu_a.filter(|_| etat == EtatControle::Retournee),
        a_resoumettre: etat == EtatControle::Brouillon,
        soumise_le: Some(l.soumise_le),
        etat,
    }))
}

/// R-CTL-01: refuses to publish what the academic service has not accepted, when the session is reviewed.
pub(super) async fn require_accepte(
    c: &impl Sql,
    f: &LigneFormation,
    contenu: &Contenu,
) -> Result<(), AppError> {
    if !is_controlee(c, f.session_id).await? {
        return Ok(());
    }
    let l = base::controle(c, f.id).await?;
    let fidele = l.as_ref().map_or(Ok(false), |l| Ok::<_, AppError>(l.empreinte == contenu.empreinte()?))?;
    if etat(l.as_ref()).of_values(fidele) == EtatControle::Acceptee {
        Ok(())
    } else {
        Err(RuleViolation::ControleRequis.into())
    }
}

fn nb_changes(champs: &[ChampCompare]) -> Option<i64> {
    i64::try_from(champs.iter().filter(|c| c.change).count()).ok()
}

/// Submits a course to the academic service, and asks for its publication once accepted.
///
/// # Errors
/// [`AppError::Rule`] when something is missing, when the public reads these values already, when it is submitted already, or
/// outside the step and any return; [`AppError::Conflict`] when the draft changed since the person read it.
pub async fn submit_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("soumission|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::PublierFormation, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let ligne = base::controle(&tx, f.id).await?;
    let ouverte = session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le);
    if Reouvertures::load(&tx, f.id).await?.soumission(ctx.campagne_le).is_none() {
        ouverte?;
    }
    let pret = verifie(&tx, ctx, &session, &f, garde).await?;
    pret.require_nouveau()?;
    let contenu = pret.contenu(&f);
    let empreinte = contenu.empreinte()?;
    let fidele = ligne.as_ref().is_some_and(|l| l.empreinte == empreinte);
    etat(ligne.as_ref()).of_values(fidele).check_soumission()?;
    let cote = Cote { contenu, lieux: Lieux::load(&tx, f.session_id, f.etablissement_id).await? };
    let avant = precedent(&tx, &f).await?;
    let changes = avant
        .as_ref()
        .and_then(|(_, avant)| nb_changes(&compare_contenus(Some(avant), &cote, famille(&f), true)));
    let e = ctx.ecriture(&permit);
    let cle =
        base::submit_controle(&tx, &e, f.id, ligne.as_ref().map(|l| l.version), &empreinte, changes).await?;
    let acte = NouvelActe {
        acte: EtatControle::Soumise.code(),
        contenu: &cote.contenu.ecrit()?,
        motifs: "{}",
        jusqu_a: None,
    };
    base::add_acte(&tx, &e, cle, &acte).await?;
    let apres = json!({ "etat": "soumise", "empreinte": empreinte, "changes": changes });
    note(&tx, ctx, &permit, &f, ligne.as_ref(), &apres).await?;
    let contenu = json!({ "formation": f.public_id, "controle": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_soumise", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    f: &LigneFormation,
    avant: Option<&LigneControle>,
    apres: &serde_json::Value,
) -> Result<(), AppError> {
    let acte = Acte {
        objet: "controle_formation",
        objet_id: &f.public_id,
        avant: avant.map(|l| json!({ "etat": l.etat, "empreinte": l.empreinte, "pris_par": l.pris_par })),
        apres: Some(apres.clone()),
    };
    record(tx, ctx, permit, &acte).await
}

/// What an agent looks for in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteresControle {
    /// The state listed.
    pub etat: EtatControle,
    /// `None` for every family.
    pub famille: Option<Famille>,
    /// Code; `None` for every department.
    pub departement: Option<String>,
    /// From 1.
    pub page: u32,
}

/// A course of the queue, with what can be said of it without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneFileControle {
    /// Public identifier.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name, that of the session.
    pub etablissement: String,
    /// « Lyon (69) ».
    pub lieu: String,
    /// Kind of course.
    pub famille: Famille,
    /// Fields that differ from last year, days apart; `None`: new this year, or not submitted.
    pub changes: Option<i64>,
    /// New this year.
    pub nouvelle: bool,
    /// (last year, now) when both are known and differ.
    pub capacite: Option<(i64, i64)>,
    /// Fields of the description still missing.
    pub manques: i64,
    /// UTC milliseconds.
    pub soumise_le: Option<i64>,
    /// UTC milliseconds: first instant too late for a returned course.
    pub jusqu_a: Option<i64>,
    /// Who has taken it, and whether it is the person who looks.
    pub pris: Option<(String, bool)>,
}

impl LigneFileControle {
    /// R-CTL-05: says what it said last year, days apart: may be accepted without being opened.
    pub fn inchangee(&self) -> bool {
        self.changes == Some(0)
    }
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct FileControle {
    /// The one listed.
    pub session: SessionAdmission,
    /// Whether the session is reviewed at all.
    pub active: bool,
    /// Courses that the criteria keep, all pages.
    pub total: i64,
    /// Those that wait for a decision, whatever the criteria.
    pub en_attente: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<LigneFileControle>,
    /// (code, name) of the departments of the perimeter.
    pub departements: Vec<(String, String)>,
}

const PAR_PAGE: i64 = 50;

/// The courses of the agent's perimeter in one state of the review: those that have not changed first.
///
/// # Errors
/// [`AppError::Denied`] for whoever reviews nothing; [`AppError::NotFound`] for an unknown session.
pub async fn list_controles(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresControle,
) -> Result<FileControle, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::ControlerFormation)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ControlerFormation, session.id)?;
    let filtre = FiltreControle {
        session: session.id,
        etat: criteres.etat.code(),
        famille: criteres.famille.map(Famille::code),
        departement: criteres.departement.clone(),
    };
    let total = base::count_file(db, &scope, &filtre).await?;
    let attente = FiltreControle {
        etat: EtatControle::Soumise.code(),
        famille: None,
        departement: None,
        ..filtre.clone()
    };
    let en_attente = base::count_file(db, &scope, &attente).await?;
    let (page, pages) = pages(criteres.page, total, PAR_PAGE);
    let lignes = base::list_file(db, &scope, &filtre, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let departements = base::departements(db, &scope, session.id).await?;
    let soumise = criteres.etat != EtatControle::Brouillon;
    Ok(FileControle {
        active: is_controlee(db, session.id).await?,
        total,
        en_attente,
        page,
        pages,
        lignes: lignes
            .into_iter()
            .map(|l| LigneFileControle {
                libelle: intitule(&l.libelle, &l.detail),
                lieu: lieu(&l.commune, &l.departement),
                famille: Famille::from_code(&l.famille).unwrap_or(Famille::Autre),
                changes: l.changes.filter(|_| soumise),
                nouvelle: l.precedente_id.is_none(),
                capacite: l.capacite_avant.zip(l.capacite).filter(|(avant, apres)| avant != apres),
                manques: l.manques.unwrap_or(1),
                soumise_le: l.soumise_le,
                jusqu_a: l.jusqu_a,
                pris: l.pris_par_nom.map(|nom| (nom, l.pris_par == ctx.acteur.compte)),
                id: l.public_id,
                etablissement: l.etablissement,
            })
            .collect(),
        departements: departements
            .into_iter()
            .map(|code| {
                let nom = territoires::departement(&code).map_or_else(|| code.clone(), |d| d.nom.to_owned());
                (code, nom)
            })
            .collect(),
        session,
    })
}

/// An act on the review of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActeControle {
    /// What was done.
    pub etat: EtatControle,
    /// UTC milliseconds.
    pub le: i64,
    /// By whom, when it was a person.
    pub par: Option<String>,
    /// Of a return.
    pub motifs: Vec<MotifRetour>,
    /// UTC milliseconds: first instant too late; of a return.
    pub jusqu_a: Option<i64>,
}

/// A course as the academic service reviews it.
#[derive(Debug, Clone)]
pub struct FicheControle {
    /// The one of the address.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// The title of the page.
    pub intitule: Intitule,
    /// Kind of course.
    pub famille: Famille,
    /// Once the present values are looked at.
    pub etat: EtatControle,
    /// Sent back by the forms: a review changed in between is a conflict.
    pub version: i64,
    /// Who has taken it, and whether it is the person who looks.
    pub pris: Option<(String, bool)>,
    /// Year of the session compared; `None` for a course new this year.
    pub annee_precedente: Option<i64>,
    /// Every field, last year then now.
    pub champs: Vec<ChampCompare>,
    /// What changed since the last return; `None`: it was never returned.
    pub depuis_retour: Option<Vec<ChampCompare>>,
    /// Labels of what is missing.
    pub manques: Vec<&'static str>,
    /// Newest first.
    pub actes: Vec<ActeControle>,
    /// Whether the person may decide it now.
    pub decision: Result<(), RuleViolation>,
}

/// The review of a course, side by side with last year.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`] outside the perimeter.
pub async fn view_controle(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<FicheControle, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    ctx.permit(Action::ControlerFormation, &cible(&f))?;
    let ici = present(db, &f).await?;
    let avant = precedent(db, &f).await?;
    let famille = famille(&f);
    let ligne = base::controle(db, f.id).await?;
    let fidele =
        ligne.as_ref().map_or(Ok(true), |l| Ok::<_, AppError>(l.empreinte == ici.contenu.empreinte()?))?;
    let etat = etat(ligne.as_ref()).of_values(fidele);
    let actes = match &ligne {
        None => Vec::new(),
        Some(l) => base::actes(db, l.id).await?,
    };
    let retour = actes.iter().find(|a| a.acte == EtatControle::Retournee.code());
    let depuis_retour = match retour {
        None => None,
        Some(a) => {
            let alors = Cote { contenu: Contenu::lit(&a.contenu)?, lieux: ici.lieux.clone() };
            let champs = compare_contenus(Some(&alors), &ici, famille, false);
            Some(champs.into_iter().filter(|c| c.change).collect())
        }
    };
    let pris_par = ligne.as_ref().and_then(|l| l.pris_par);
    Ok(FicheControle {
        id: f.public_id.clone(),
        intitule: Intitule {
            libelle: intitule(&f.libelle, &f.detail),
            etablissement: f.etablissement.clone(),
            lieu: lieu(&f.commune, &f.departement),
        },
        famille,
        etat,
        version: ligne.as_ref().map_or(0, |l| l.version),
        pris: ligne
            .as_ref()
            .and_then(|l| l.pris_par_nom.clone())
            .map(|nom| (nom, pris_par == ctx.acteur.compte)),
        champs: compare_contenus(avant.as_ref().map(|(_, c)| c), &ici, famille, true),
        annee_precedente: avant.map(|(annee, _)| annee),
        depuis_retour,
        manques: ici.contenu.manques(famille),
        actes: actes.iter().filter_map(|a| acte_lu(a, famille)).collect(),
        decision: session.require_ouverte().and_then(|()| etat.check_decision(pris_par, ctx.acteur.compte)),
        session,
    })
}

fn acte_lu(a: &LigneActe, famille: Famille) -> Option<ActeControle> {
    Some(ActeControle {
        etat: EtatControle::from_code(&a.acte)?,
        le: a.fait_le,
        par: a.fait_par.clone(),
        motifs: motifs(famille, &a.motifs),
        jusqu_a: a.jusqu_a,
    })
}

/// A course submitted, loaded under the right to review it.
struct AControler {
    f: LigneFormation,
    ligne: LigneControle,
    permit: Permit,
    contenu: Contenu,
}

impl AControler {
    async fn load(tx: &Tx, ctx: &Ctx, session: &SessionAdmission, id: &PublicId) -> Result<Self, AppError> {
        let f = load(tx, session, id).await?;
        let permit = ctx.permit(Action::ControlerFormation, &cible(&f))?;
        session.require_ouverte()?;
        let absent = RuleViolation::ForbiddenTransition { from: "brouillon", event: "controler" };
        let ligne = base::controle(tx, f.id).await?.ok_or(absent)?;
        let contenu = Contenu::load(tx, &f).await?;
        Ok(Self { f, ligne, permit, contenu })
    }

    /// R-CTL-03: it is decided by whoever took it, on the values that were submitted.
    fn require_decidable(&self, ctx: &Ctx) -> Result<(), AppError> {
        let fidele = self.ligne.empreinte == self.contenu.empreinte()?;
        let etat = etat(Some(&self.ligne)).of_values(fidele);
        Ok(etat.check_decision(self.ligne.pris_par, ctx.acteur.compte)?)
    }

    /// Accepts, and publishes: whoever submitted asked for it.
    async fn accepte(&self, tx: &Tx, ctx: &Ctx, session: &SessionAdmission) -> Result<(), AppError> {
        let e = ctx.ecriture(&self.permit);
        let decision = Decision { etat: EtatControle::Acceptee.code(), champs: "[]", jusqu_a: None };
        base::decide_controle(tx, &e, (self.ligne.id, self.ligne.version), &decision).await?;
        let acte = NouvelActe {
            acte: EtatControle::Acceptee.code(),
            contenu: &self.contenu.ecrit()?,
            motifs: "{}",
            jusqu_a: None,
        };
        base::add_acte(tx, &e, self.ligne.id, &acte).await?;
        let apres = json!({ "etat": "acceptee", "empreinte": self.ligne.empreinte });
        note(tx, ctx, &self.permit, &self.f, Some(&self.ligne), &apres).await?;
        let pret = verifie(tx, ctx, session, &self.f, &Garde::default()).await?;
        if pret.require_nouveau().is_ok() {
            publie(tx, ctx, &self.permit, &self.f, &pret).await?;
        }
        announce(tx, ctx, &self.f, true).await
    }
}

/// Taking a review, or giving it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriseControle {
    /// Nobody else decides it.
    Prendre,
    /// Any agent of the perimeter may take it.
    Liberer,
}

/// Takes the review of a course, or releases it: one's own or, with the trace of who did, somebody else's.
///
/// # Errors
/// [`AppError::Rule`] when it is not submitted or somebody else has it; [`AppError::Conflict`] when somebody was faster.
pub async fn take_controle(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    prise: PriseControle,
) -> Result<Recepisse, AppError> {
    let demande = format!("prise_controle|{annee}|{id}|{prise:?}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let c = AControler::load(&tx, ctx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let prend = prise == PriseControle::Prendre;
    garde.check_version(c.ligne.version)?;
    match etat(Some(&c.ligne)) {
        // Releasing asks nobody's leave.
        EtatControle::Soumise if !prend => {}
        etat => etat.check_decision(c.ligne.pris_par, ctx.acteur.compte)?,
    }
    let agent = ctx.acteur.compte.filter(|_| prend);
    let e = ctx.ecriture(&c.permit);
    base::take_controle(&tx, &e, (c.ligne.id, c.ligne.version), agent).await?;
    let apres = json!({ "etat": c.ligne.etat, "pris_par": agent });
    note(&tx, ctx, &c.permit, &c.f, Some(&c.ligne), &apres).await?;
    let acte = if prend { "formation_prise" } else { "formation_liberee" };
    let contenu = json!({ "formation": c.f.public_id, "controle": apres });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, acte, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Accepts a course: from the same act on it is published.
///
/// # Errors
/// [`AppError::Rule`] when it is not submitted, taken by somebody else, or the establishment is no longer described;
/// [`AppError::Conflict`] when the review changed since the agent read it.
pub async fn accept_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("acceptation|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let c = AControler::load(&tx, ctx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    garde.check_version(c.ligne.version)?;
    c.require_decidable(ctx)?;
    c.accepte(&tx, ctx, &session).await?;
    let contenu = json!({ "formation": c.f.public_id, "empreinte": c.ligne.empreinte });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_acceptee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-CTL-05: accepts courses that say what they said last year, without opening them: all of them or none.
///
/// # Errors
/// [`RuleViolation::ControleALire`] for the first one that changed; as [`accept_formation`] otherwise.
pub async fn accept_unchanged(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    ids: &[PublicId],
) -> Result<Recepisse, AppError> {
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let demande = format!("acceptation_lot|{annee}|{}", codes.join(","));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let mut lot = Vec::with_capacity(ids.len());
    for id in ids {
        lot.push(AControler::load(&tx, ctx, &session, id).await?);
    }
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    for c in &lot {
        if c.ligne.changes != Some(0) {
            return Err(
                RuleViolation::ControleALire { formation: intitule(&c.f.libelle, &c.f.detail) }.into()
            );
        }
        c.require_decidable(ctx)?;
        c.accepte(&tx, ctx, &session).await?;
    }
    let contenu = json!({ "formations": codes });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formations_acceptees", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// What an agent returns: fields with the reason of each, and the last day to put them right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retour {
    /// (code of the field, reason as typed).
    pub motifs: Vec<(&'static str, String)>,
    /// Included.
    pub jusqu_a: Date,
}

/// Returns a course: its returned fields are open until the end of the day, and the establishment is told.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that says nothing; [`AppError::Rule`] for a day past or too far, a course that is not
/// submitted or that somebody else has taken; [`AppError::Conflict`] when the review changed since the agent read it.
pub async fn return_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    retour: &Retour,
) -> Result<Recepisse, AppError> {
    let demande = format!("retour|{annee}|{id}|{}|{:?}", retour.jusqu_a, retour.motifs);
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let c = AControler::load(&tx, ctx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    garde.check_version(c.ligne.version)?;
    c.require_decidable(ctx)?;
    let connus = champs_controles(famille(&c.f));
    let mut motifs = BTreeMap::new();
    for (code, texte) in &retour.motifs {
        if !connus.iter().any(|(connu, _)| connu == code) {
            return Err(AppError::Champ((*code).to_owned()));
        }
        motifs.insert((*code).to_owned(), read_motif(ctx, texte, code)?);
    }
    let jours = sessions::parametre_entier(&tx, session.id, "retour_controle_jours_max").await?;
    let r = check_retour(motifs.keys().cloned().collect(), retour.jusqu_a, jours, ctx.campagne_le)?;
    let ecrit = |e: serde_json::Error| AppError::Internal(e.to_string());
    let champs = serde_json::to_string(&r.champs).map_err(ecrit)?;
    let motifs = serde_json::to_string(&motifs).map_err(ecrit)?;
    let jusqu_a = Some(r.fenetre.ferme.as_millisecond());
    let e = ctx.ecriture(&c.permit);
    let decision = Decision { etat: EtatControle::Retournee.code(), champs: &champs, jusqu_a };
    base::decide_controle(&tx, &e, (c.ligne.id, c.ligne.version), &decision).await?;
    let acte = NouvelActe {
        acte: EtatControle::Retournee.code(),
        contenu: &c.contenu.ecrit()?,
        motifs: &motifs,
        jusqu_a,
    };
    base::add_acte(&tx, &e, c.ligne.id, &acte).await?;
    // JOU-2: no free text in the journal; the act of the review keeps it.
    let apres =
        json!({ "etat": "retournee", "champs": r.champs, "jusqu_a": jusqu_a, "motifs": hash(&motifs) });
    note(&tx, ctx, &c.permit, &c.f, Some(&c.ligne), &apres).await?;
    announce(&tx, ctx, &c.f, false).await?;
    let contenu = json!({ "formation": c.f.public_id, "retour": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_retournee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Tells those who may submit the course again.
async fn announce(tx: &Tx, ctx: &Ctx, f: &LigneFormation, acceptee: bool) -> Result<(), AppError> {
    let (modele, phrase) = if acceptee {
        ("controle_accepte", "Le service académique a accepté une formation de votre établissement.")
    } else {
        (
            "controle_retourne",
            "Le service académique demande des corrections sur une formation de votre établissement.",
        )
    };
    let annonce = Annonce { modele, sujet: "le service académique a répondu", phrase };
    let qui = (Action::PublierFormation, &[Role::AdminSite, Role::RespFormation][..]);
    announce_to(tx, ctx, &cible(f), qui, &annonce).await
}
