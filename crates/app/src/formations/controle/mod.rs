//! R-CTL-01 to 10: submitting a course to the academic service, reviewing it, accepting or returning it, going back on a return.

mod decider;
mod inchangees;
mod retour;
mod soumettre;
mod suite;
mod vues;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendrier::{Calendrier, Etape, Fenetre};
use domain::droits::{Action, Permit};
use domain::formations::controle::{Comptes, EtatControle, GesteControle, Reouverture, champs_controles};
use domain::formations::demandes::{Souhait, tous_les_champs};
use domain::formations::{EtatFormation, Genre};
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use serde_json::json;
use store::apprentissage::{OuvertureFiche, ouvertures_fiches, ouvertures_fiches_of};
use store::formations::{self as base, LigneActe, LigneControle, LigneFormation, LigneReouverture};
use store::{Sql, Tx};

pub use self::decider::{
    PriseControle, Retour, accept_formation, accept_unchanged, return_formation, take_controle,
};
pub use self::inchangees::{ApercuInchangees, Inchangee, accept_list, preview_unchanged, view_acceptation};
pub use self::retour::{cancel_retour, extend_retour};
pub use self::soumettre::{submit_formation, submit_formations, view_soumission};
pub(in crate::formations) use self::suite::{settle, standing};
pub use self::vues::{
    ActeControle, CriteresControle, FicheControle, FileControle, LigneFileControle, PriseFile, RetourEnCours,
    list_controles, next_controle, view_controle,
};
use super::contenu::{Contenu, Cote, compare_contenus, precedent};
use super::description::genre;
use super::parametrage::Ouverture;
use super::{cible, load_many};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions::SessionAdmission;

/// Whether the academic service reviews the courses of this session; a session opened before the setting existed, no.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn is_controlee(c: &impl Sql, session: i64) -> Result<bool, AppError> {
    let reglage = store::sessions::parametre(c, session, "controle_academique").await?;
    Ok(reglage.is_some_and(|v| v == "1"))
}

/// A course, under a right to it.
type Permise = (LigneFormation, Permit);

/// These courses, in order, each under this right; the first that is unknown or forbidden refuses them all.
async fn load_permises(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    ids: &[PublicId],
    action: Action,
) -> Result<Vec<Permise>, AppError> {
    let mut permises = Vec::with_capacity(ids.len());
    for f in load_many(tx, session, ids).await? {
        let f = f.ok_or(AppError::NotFound)?;
        let permit = ctx.permit(action, &cible(&f))?;
        permises.push((f, permit));
    }
    Ok(permises)
}

/// The same, held in the one order until the end of the transaction: what others write of them is waited for, then read.
async fn hold_permises(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    ids: &[PublicId],
    action: Action,
) -> Result<Vec<Permise>, AppError> {
    let lues = load_permises(tx, ctx, session, ids, action).await?;
    let cles: Vec<i64> = lues.iter().map(|(f, _)| f.id).collect();
    base::hold_formations(tx, &cles).await?;
    load_permises(tx, ctx, session, ids, action).await
}

fn etat(l: Option<&LigneControle>) -> EtatControle {
    l.and_then(|l| EtatControle::from_code(&l.etat)).unwrap_or(EtatControle::Brouillon)
}

fn comptes(l: &LigneControle) -> Comptes {
    Comptes { soumise_par: l.soumise_par, pris_par: l.pris_par }
}

pub(in crate::formations) fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// R-CTL-09, R-CTL-10: it is returned, and not closed meanwhile.
fn check_retour(f: &LigneFormation, l: &LigneControle, agent: Option<i64>) -> Result<(), RuleViolation> {
    if f.etat == EtatFormation::Fermee.code() {
        return Err(RuleViolation::formation_fermee("retour"));
    }
    etat(Some(l)).check_retour(comptes(l), agent)
}

/// R-CTL-04, R-VIE-07, R-VIE-11, R-APP-21: the fields that may be written although their step is closed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reouvertures(pub(in crate::formations) Vec<Reouverture>);

impl Reouvertures {
    /// Those of a course.
    pub(in crate::formations) async fn load(c: &impl Sql, formation_session: i64) -> Result<Self, AppError> {
        let ligne = base::controle(c, formation_session).await?;
        let demandes = base::reouvertures(c, formation_session).await?;
        let fiches = ouvertures_fiches(c, formation_session).await?;
        let retour = ligne.as_ref().and_then(of_retour);
        let demandes = demandes.iter().filter_map(of_demande);
        Ok(Self(retour.into_iter().chain(demandes).chain(fiches.iter().map(of_fiche)).collect()))
    }

    /// Those of many courses, by key of the course; one that has none may be left out.
    pub(in crate::formations) async fn load_all(
        c: &impl Sql,
        formations_session: &[i64],
    ) -> Result<HashMap<i64, Self>, AppError> {
        let mut toutes: HashMap<i64, Self> = HashMap::new();
        for l in base::controles(c, formations_session).await? {
            toutes.entry(l.formation_session_id).or_default().0.extend(of_retour(&l));
        }
        for (formation, l) in base::reouvertures_of(c, formations_session).await? {
            toutes.entry(formation).or_default().0.extend(of_demande(&l));
        }
        for (formation, l) in ouvertures_fiches_of(c, formations_session).await? {
            toutes.entry(formation).or_default().0.push(of_fiche(&l));
        }
        Ok(toutes)
    }

    /// Whether this field may be written now, whatever the calendar says.
    pub(in crate::formations) fn ouvre(&self, champ: &str, now: Timestamp) -> bool {
        self.0.iter().any(|r| r.ouvre(champ, now))
    }

    /// When the last of these fields closes again; `None`: none is reopened.
    pub(in crate::formations) fn ferme<'c>(
        &self,
        champs: impl IntoIterator<Item = &'c str>,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let champs: Vec<&str> = champs.into_iter().collect();
        let ouvrant = self.0.iter().filter(|r| champs.iter().any(|c| r.ouvre(c, now)));
        ouvrant.map(|r| r.fenetre.ferme).max()
    }

    /// The same act, possible until then when the calendar has closed it.
    pub(in crate::formations) fn prolonge<'c>(
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
    pub(in crate::formations) fn require<'c>(
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

    /// When a submission closes for a returned course, or one of which a request was accepted, whatever its fields.
    pub(in crate::formations) fn soumission(&self, now: Timestamp) -> Option<Timestamp> {
        self.0.iter().filter(|r| r.fenetre.contient(now)).map(|r| r.fenetre.ferme).max()
    }

    /// R-CTL-04: a submission, possible until then when the calendar has closed it, or would sooner.
    pub(in crate::formations) fn prolonge_soumission(
        &self,
        ouverture: Ouverture,
        now: Timestamp,
    ) -> Ouverture {
        match (ouverture, self.soumission(now)) {
            (Ouverture::Fermee(RuleViolation::Closed { .. }), Some(ferme)) => Ouverture::Ouverte { ferme },
            (Ouverture::Ouverte { ferme }, Some(apres)) if apres > ferme => {
                Ouverture::Ouverte { ferme: apres }
            }
            (autre, _) => autre,
        }
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

/// R-VIE-07, R-VIE-11: what an accepted request reopens.
fn of_demande(l: &LigneReouverture) -> Option<Reouverture> {
    let souhait: Souhait = serde_json::from_str(&l.contenu).ok()?;
    let fenetre = Fenetre { ouvre: instant(l.decidee_le), ferme: instant(l.jusqu_a) };
    Some(Reouverture { champs: souhait.champs_rouverts(), fenetre })
}

/// R-APP-21: what a record that arrived late opens of its course.
fn of_fiche(l: &OuvertureFiche) -> Reouverture {
    let fenetre = Fenetre { ouvre: instant(l.rouverte_le), ferme: instant(l.rouverte_jusqu_a) };
    Reouverture { champs: tous_les_champs(), fenetre }
}

/// The last return of a review, when nothing took it back, and the acts that extended it, newest first. `actes`: newest first.
fn dernier_retour(actes: &[LigneActe]) -> Option<(&LigneActe, &[LigneActe])> {
    let geste = |a: &LigneActe| GesteControle::from_code(&a.acte);
    let place = actes
        .iter()
        .position(|a| matches!(geste(a), Some(GesteControle::Retourner | GesteControle::Reprendre)))?;
    let (apres, retour) = (actes.get(..place)?, actes.get(place)?);
    if geste(retour) != Some(GesteControle::Retourner) {
        return None;
    }
    let depuis = apres.iter().rposition(|a| geste(a) != Some(GesteControle::Prolonger)).map_or(0, |n| n + 1);
    Some((retour, apres.get(depuis..)?))
}

/// Fields that differ from last year, days apart; `None`: new this year.
async fn count_changes(c: &impl Sql, f: &LigneFormation, cote: &Cote) -> Result<Option<i64>, AppError> {
    let avant = precedent(c, f).await?;
    Ok(count_since(avant.as_ref().map(|(_, avant)| avant), f, cote))
}

/// The same, over last year's values.
fn count_since(avant: Option<&Cote>, f: &LigneFormation, cote: &Cote) -> Option<i64> {
    let champs = compare_contenus(Some(avant?), cote, genre(f), true);
    i64::try_from(champs.iter().filter(|c| c.change).count()).ok()
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
    /// R-CTL-09: it is returned, and its last day is past.
    pub depasse: bool,
    /// What the academic service said as it gave more time; may be empty.
    pub mot: String,
    /// It was submitted or accepted, and has changed since.
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

fn motifs(genre: Genre, json: &str) -> Vec<MotifRetour> {
    let lus: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    champs_controles(genre)
        .into_iter()
        .filter_map(|(code, libelle)| {
            let motif = lus.get(code)?.clone();
            Some(MotifRetour { code: code.to_owned(), libelle: libelle.to_owned(), motif })
        })
        .collect()
}

/// The review of a course as it was read; nothing when its session is not reviewed.
pub(in crate::formations) struct Controle {
    controlee: bool,
    /// With what was done to it, newest first.
    ligne: Option<(LigneControle, Vec<LigneActe>)>,
}

impl Controle {
    pub(in crate::formations) async fn load(c: &impl Sql, f: &LigneFormation) -> Result<Self, AppError> {
        if !is_controlee(c, f.session_id).await? {
            return Ok(Self { controlee: false, ligne: None });
        }
        let ligne = match base::controle(c, f.id).await? {
            None => None,
            Some(l) => {
                let actes = base::actes(c, l.id).await?;
                Some((l, actes))
            }
        };
        Ok(Self { controlee: true, ligne })
    }

    /// The review of a course whose values are these; `None`: this session is not reviewed.
    pub(in crate::formations) fn suivi(
        self,
        f: &LigneFormation,
        contenu: &Contenu,
        now: Timestamp,
    ) -> Result<Option<SuiviControle>, AppError> {
        if !self.controlee {
            return Ok(None);
        }
        let Some((l, actes)) = self.ligne else {
            return Ok(Some(SuiviControle {
                etat: EtatControle::Brouillon,
                soumise_le: None,
                retours: Vec::new(),
                jusqu_a: None,
                depasse: false,
                mot: String::new(),
                a_resoumettre: false,
            }));
        };
        let etat = etat(Some(&l)).of_values(l.empreinte == contenu.empreinte()?);
        let jusqu_a = l.jusqu_a.filter(|_| etat == EtatControle::Retournee);
        let retour = if jusqu_a.is_some() { dernier_retour(&actes) } else { None };
        Ok(Some(SuiviControle {
            retours: retour.map_or_else(Vec::new, |(a, _)| motifs(genre(f), &a.motifs)),
            mot: retour.and_then(|(_, p)| p.first()).map(|a| a.mot.clone()).unwrap_or_default(),
            depasse: jusqu_a.is_some_and(|fin| instant(fin) <= now),
            jusqu_a,
            a_resoumettre: etat == EtatControle::Brouillon,
            soumise_le: Some(l.soumise_le),
            etat,
        }))
    }
}

/// R-CTL-01: refuses to publish what the academic service has not accepted, when the session is reviewed.
pub(in crate::formations) async fn require_accepte(
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

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    f: &LigneFormation,
    avant: Option<&LigneControle>,
    apres: &serde_json::Value,
) -> Result<(), AppError> {
    record(tx, ctx, permit, &acte(f, avant, apres.clone())).await
}

/// What the journal says of a review.
fn acte<'a>(f: &'a LigneFormation, avant: Option<&LigneControle>, apres: serde_json::Value) -> Acte<'a> {
    Acte {
        objet: "controle_formation",
        objet_id: &f.public_id,
        avant: avant.map(|l| json!({ "etat": l.etat, "empreinte": l.empreinte, "pris_par": l.pris_par })),
        apres: Some(apres),
    }
}
