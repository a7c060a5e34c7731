//! R-ADM-16 (DON-6): a candidate asks why their wish stands where it does on a published day, and reads it.
//!
//! Opening the record of a day of the whole country takes tens of seconds: the page computes nothing. What is asked waits for a task, which
//! opens the record of a run once for everybody who asked meanwhile.

use std::collections::{BTreeMap, HashMap};

use domain::admission::{EtatDemandeExplication, Nature};
use domain::droits::{Action, Cible};
use domain::{PublicId, RuleViolation};
use phrases::Personne;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::admission::{self as base, ExplicationDemandee, JourExplicable, LignePassage, VoeuNomme};
use store::{Sql, StoreError, Tx, messagerie};

use super::expliquer::{ExplicationVoeu, nom, with_day};
use crate::candidats::{Dossier, mien, mien_verrouille};
use crate::candidatures::is_commencee;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::limites::JOUR_MS;
use crate::taches::EXPLIQUER_VOEUX;

/// Wishes explained at a time: they are written in one transaction.
const LOT: i64 = 300;

/// A part of an explanation, in French, spoken to the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartieExplication {
    /// What it tells.
    pub titre: String,
    /// One paragraph each.
    pub phrases: Vec<String>,
    /// What the last paragraph announces, one line each; those made before had none.
    #[serde(default)]
    pub liste: Vec<String>,
}

/// What a candidate finds of the explanation of a wish on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtatExplication {
    /// Nobody has asked for it yet.
    ADemander,
    /// A task makes it.
    EnPreparation,
    /// To be read.
    Prete(Vec<PartieExplication>),
    /// The run did not look at the wish.
    Absente,
    /// The record of the run is not what was signed: nothing is told from it.
    Impossible,
    /// This day was withdrawn since for the course (R-ADM-13): it counts for nothing any more.
    Retiree,
}

/// The page of the explanation of a wish.
#[derive(Debug, Clone)]
pub struct ExplicationVue {
    /// Year of the session.
    pub annee: i64,
    /// « BTS Optique – Lycée Hugo, sans internat ».
    pub formation: String,
    /// Published days that may have looked at the wish, the last one first.
    pub jours: Vec<i64>,
    /// The day that is shown, and what there is of it; `None` while there is no such day.
    pub jour: Option<(i64, EtatExplication)>,
}

/// The explanation of one's own wish. `jour`: of which day; by default the last published one.
///
/// # Errors
/// [`AppError::NotFound`] for a wish that is not one's own, or a day that was not published while it was in the procedure.
pub async fn explication_du_candidat(
    ctx: &Ctx,
    voeu: &PublicId,
    jour: Option<i64>,
) -> Result<ExplicationVue, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let v = of_record(db, &d, voeu).await?;
    let jours = days(db, ctx, &d, &v).await?;
    let choisi = match choose(&jours, jour)? {
        Some(j) => Some((j.jour, state(ctx, j, &v).await?)),
        None => None,
    };
    Ok(ExplicationVue {
        annee: d.session.annee,
        formation: nom(&v),
        jours: jours.iter().map(|j| j.jour).collect(),
        jour: choisi,
    })
}

/// Asks for the explanation of one's own wish on a published day. Gives the receipt; `None` when it was asked for before: there is one
/// explanation of a wish by a run.
///
/// # Errors
/// As [`explication_du_candidat`]; [`AppError::Conflict`] for a day that was withdrawn meanwhile;
/// [`RuleViolation::TropDExplications`] beyond what an account may ask for in a day.
pub async fn demander_explication(
    ctx: &Ctx,
    garde: &Garde,
    voeu: &PublicId,
    jour: i64,
) -> Result<Option<Recepisse>, AppError> {
    let demande = format!("expliquer|{}|{jour}", voeu.as_str());
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::ConsulterDossier).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Some(fait));
    }
    d.session.require_ouverte()?;
    let v = of_record(&tx, &d, voeu).await?;
    let jours = days(&tx, ctx, &d, &v).await?;
    let choisi = choose(&jours, Some(jour))?.ok_or(AppError::NotFound)?;
    if choisi.retire == 1 {
        return Err(AppError::Conflict);
    }
    let neuve = base::insert_explication(&tx, &ctx.ecriture(&d.permit), choisi.passage, v.id).await?;
    plan(ctx, &tx, &AExpliquer { session: d.session.id, passage: choisi.public_id.clone() }).await?;
    if !neuve {
        tx.commit().await?;
        return Ok(None);
    }
    let par_jour = ctx.app.limites.explications_par_jour;
    if base::explications_depuis(&tx, d.ligne.id, ctx.campagne_ms() - JOUR_MS).await? > par_jour {
        return Err(RuleViolation::TropDExplications { par_jour }.into());
    }
    let contenu = json!({ "annee": d.session.annee, "jour": jour, "explication": true });
    let acte = Acte { objet: "voeu", objet_id: &v.public_id, avant: None, apres: Some(contenu) };
    record(&tx, ctx, &d.permit, &acte).await?;
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "voeu": v.public_id,
        "lignes": [["Formation", nom(&v)], ["Jour de l’admission", jour.to_string()]],
    });
    let recepisse =
        emettre(&tx, ctx, garde, &demande, "demander_explication", Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(Some(recepisse))
}

/// A wish of the record. Somebody else's is as unknown as an absent one.
async fn of_record(c: &impl Sql, d: &Dossier, voeu: &PublicId) -> Result<VoeuNomme, AppError> {
    let voeux = base::voeux_nommes(c, d.session.id, &[voeu.as_str()]).await?;
    let lui = |v: &VoeuNomme| v.public_id == voeu.as_str() && v.candidat == d.ligne.id;
    voeux.into_iter().find(lui).ok_or(AppError::NotFound)
}

/// Nothing of the examination is read before the admission opens.
async fn days(c: &impl Sql, ctx: &Ctx, d: &Dossier, v: &VoeuNomme) -> Result<Vec<JourExplicable>, AppError> {
    if !is_commencee(ctx, &d.session.calendrier) {
        return Ok(Vec::new());
    }
    Ok(base::jours_explicables(c, v.id).await?)
}

fn choose(jours: &[JourExplicable], jour: Option<i64>) -> Result<Option<&JourExplicable>, AppError> {
    match jour {
        None => Ok(jours.first()),
        Some(jour) => jours.iter().find(|j| j.jour == jour).map(Some).ok_or(AppError::NotFound),
    }
}

async fn state(ctx: &Ctx, j: &JourExplicable, v: &VoeuNomme) -> Result<EtatExplication, AppError> {
    use EtatDemandeExplication as Etat;
    if j.retire == 1 {
        return Ok(EtatExplication::Retiree);
    }
    let lue = base::explication(&ctx.app.db, &ctx.app.coffre, j.passage, v.id).await?;
    let Some(lue) = lue else { return Ok(EtatExplication::ADemander) };
    let etat = Etat::from_code(&lue.etat).ok_or(StoreError::Unreadable("explication"))?;
    Ok(match (etat, lue.texte) {
        (Etat::Prete, Some(texte)) => {
            EtatExplication::Prete(serde_json::from_str(&texte).map_err(AppError::internal)?)
        }
        (Etat::Absente, _) => EtatExplication::Absente,
        (Etat::Impossible, _) => EtatExplication::Impossible,
        (Etat::Demandee | Etat::Prete, _) => EtatExplication::EnPreparation,
    })
}

/// What the task is about: a run of which explanations wait.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AExpliquer {
    session: i64,
    passage: String,
}

/// One task a run: whoever asks while it waits is answered by it. One that a runner has taken may have read before; then another one
/// waits behind it.
async fn plan(ctx: &Ctx, tx: &Tx, a: &AExpliquer) -> Result<(), AppError> {
    let donnees = serde_json::to_string(a).map_err(AppError::internal)?;
    if messagerie::hold_tache(tx, EXPLIQUER_VOEUX, &donnees).await? {
        return Ok(());
    }
    let (alea, maintenant) = (ctx.app.alea.as_ref(), ctx.recu_ms());
    messagerie::enqueue_tache(tx, alea, EXPLIQUER_VOEUX, None, &donnees, maintenant, maintenant).await?;
    Ok(())
}

/// The task: opens the record of the run once, and explains what was asked of it, some hundreds of wishes. When nothing waits any more,
/// the record is not opened.
///
/// # Errors
/// [`RuleViolation::PassageAltere`] when the record is not what was signed: those who asked are told that it cannot be explained.
pub(crate) async fn explain_asked(ctx: &Ctx, a: &AExpliquer) -> Result<(), AppError> {
    let db = &ctx.app.db;
    let Some(p) = run(db, a).await? else { return Ok(()) };
    let demandees = base::explications_demandees(db, p.id, LOT).await?;
    if demandees.is_empty() {
        return Ok(());
    }
    let demandes: Vec<&str> = demandees.iter().map(|d| d.voeu.as_str()).collect();
    let mut par_candidat: BTreeMap<i64, Vec<VoeuNomme>> = BTreeMap::new();
    for v in base::voeux_nommes(db, a.session, &demandes).await? {
        par_candidat.entry(v.candidat).or_default().push(v);
    }
    let jour = p.jour;
    let faites = with_day(ctx, a.session, &p, move |ouvert| {
        // Each wish asked for, among all those of its candidate.
        let siens = par_candidat.values().flat_map(|voeux| voeux.iter().map(move |v| (v, voeux)));
        let siens: HashMap<&str, (&VoeuNomme, &Vec<VoeuNomme>)> =
            siens.map(|(v, voeux)| (v.public_id.as_str(), (v, voeux))).collect();
        let fait = |d: ExplicationDemandee| {
            let trouvee = match siens.get(d.voeu.as_str()) {
                Some((lui, voeux)) => ouvert.explain(lui, voeux),
                None => Ok(None),
            };
            Faite::new(trouvee, d, jour)
        };
        demandees.into_iter().map(fait).collect::<Result<Vec<Faite>, AppError>>()
    })
    .await;
    let faites = match faites {
        Ok(faites) => faites,
        Err(AppError::Rule(r)) => {
            refuse_asked(ctx, &p).await?;
            return Err(r.into());
        }
        Err(autre) => return Err(autre),
    };
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let e = ctx.ecriture(&permit);
    for f in &faites {
        let (coffre, texte) = (&ctx.app.coffre, f.texte.as_deref());
        base::save_explication(&tx, &e, coffre, &f.demandee, f.etat.code(), texte).await?;
    }
    Ok(tx.commit().await?)
}

/// Nothing is told from a record that is not what was signed.
async fn refuse_asked(ctx: &Ctx, p: &LignePassage) -> Result<(), AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    base::refuse_explications(&tx, &ctx.ecriture(&permit), p.id).await?;
    Ok(tx.commit().await?)
}

/// The task again, when some still wait: more were asked for than it makes at a time.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn plan_rest(ctx: &Ctx, tx: &Tx, a: &AExpliquer) -> Result<(), AppError> {
    let Some(p) = run(tx, a).await? else { return Ok(()) };
    if base::explications_demandees(tx, p.id, 1).await?.is_empty() {
        return Ok(());
    }
    plan(ctx, tx, a).await
}

async fn run(c: &impl Sql, a: &AExpliquer) -> Result<Option<LignePassage>, AppError> {
    let p = base::passage(c, a.session, &a.passage).await?;
    Ok(p.filter(|p| p.nature == Nature::Propositions.code()))
}

/// What was found for one of those who asked.
struct Faite {
    demandee: ExplicationDemandee,
    etat: EtatDemandeExplication,
    /// JSON.
    texte: Option<String>,
}

impl Faite {
    /// A wish that cannot be explained does not stop the others.
    fn new(
        trouvee: Result<Option<ExplicationVoeu>, AppError>,
        demandee: ExplicationDemandee,
        jour: i64,
    ) -> Result<Self, AppError> {
        let (etat, texte) = match trouvee {
            Ok(Some(e)) => {
                let texte = serde_json::to_string(&told(&e, jour)).map_err(AppError::internal)?;
                (EtatDemandeExplication::Prete, Some(texte))
            }
            Ok(None) => (EtatDemandeExplication::Absente, None),
            Err(cause) => {
                tracing::error!(%cause, voeu = %demandee.voeu, jour, "vœu sans explication");
                (EtatDemandeExplication::Impossible, None)
            }
        };
        Ok(Self { demandee, etat, texte })
    }
}

/// In the words of the page: the day first, then the call rank.
fn told(e: &ExplicationVoeu, jour: i64) -> Vec<PartieExplication> {
    let textes = e.textes(Personne::Candidat, "", jour).into_iter().rev();
    textes
        .flat_map(|t| t.parties)
        .map(|p| PartieExplication { titre: p.titre.to_owned(), phrases: p.phrases, liste: p.liste })
        .collect()
}

/// Forgets the explanations asked for long ago: the records make them again. Gives how many.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn purge_explications(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let garde = ctx.app.limites.explications_jours * JOUR_MS;
    let tx = ctx.begin().await?;
    let n = base::purge_explications(&tx, ctx.campagne_ms() - garde).await?;
    tx.commit().await?;
    Ok(n)
}
