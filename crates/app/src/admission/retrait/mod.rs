//! R-ADM-13 (RUN-5): withdrawal: some courses are put back to what they were before a day. It is a run like the others: one person
//! computes it, another publishes it; it is sealed, chained, and leaves a record.

mod calcul;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use domain::RuleViolation;
use domain::admission::{EtatPassage, JourGroupe, Nature, ReponseProposition, avant_retrait};
use domain::candidatures::{EtatVoeu, Evenement};
use domain::droits::Action;
use domain::etablissements::check_texte;
use store::admission::{self as base, LignePassage};
use store::{Ecriture, Sql, Tx, messagerie};

pub use calcul::Devenirs;
pub(super) use calcul::{DemissionLue, Lecture, PropositionLue, compute_withdrawal};
pub use store::admission::FormationDuJour;

use super::cible;
use super::engagements::{Engagement, Secret};
use super::enregistrer::{self, Fige, Fin, TRANCHE, ms};
use super::proces_verbal;
use super::sceau::{Bilan, BilanRetrait, read_bilan, write_json};
use super::vues::{Passage, Possibilite, passage};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait};
use crate::sessions::{self, SessionAdmission};

/// Courses in one withdrawal: the page that says what will happen stays readable.
pub const RETRAIT_MAX: usize = 50;

/// Courses shown by a search.
const MONTREES: i64 = 20;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandeRetrait {
    /// Public identifier of the published day from which everything is withdrawn.
    pub passage: String,
    /// Public identifiers of the courses, of the session.
    pub formations: Vec<String>,
    /// Why: read by whoever publishes.
    pub motif: String,
}

/// A course in a withdrawal about to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneRetrait {
    /// Of the course, in the session.
    pub public_id: String,
    /// Label of the course.
    pub formation: String,
    /// Its name, that of the session.
    pub etablissement: String,
    /// What becomes of its propositions.
    pub devenirs: Devenirs,
    /// Nothing counts for it since that day: the withdrawal would be refused.
    pub sans_effet: bool,
}

/// What a withdrawal would do, before anything is done.
#[derive(Debug, Clone)]
pub struct ApercuRetrait {
    /// The day from which.
    pub passage: Passage,
    /// Whether it may be computed now.
    pub possible: Possibilite,
    /// The courses chosen that exist, by label.
    pub lignes: Vec<LigneRetrait>,
    /// Of all of them.
    pub total: Devenirs,
}

/// Courses that a published day touched and that were not put back since, most propositions first; the first twenty. `recherche`:
/// words of their name, their establishment or their town.
///
/// # Errors
/// [`AppError::NotFound`], or without the right to compute.
pub async fn formations_a_retirer(
    ctx: &Ctx,
    annee: i64,
    passage: &str,
    recherche: &str,
) -> Result<Vec<FormationDuJour>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let p = published_day(db, &session, passage).await?;
    Ok(base::formations_du_jour(db, p.id, &domain::formations::mots_recherche(recherche), MONTREES).await?)
}

/// What a withdrawal of these courses would do now.
///
/// # Errors
/// [`AppError::NotFound`], or without the right to compute.
pub async fn apercu_retrait(
    ctx: &Ctx,
    annee: i64,
    public_id: &str,
    formations: &[String],
) -> Result<ApercuRetrait, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let jour = published_day(db, &session, public_id).await?.jour;
    let obstacle = match require_possible(ctx, db, &session, public_id).await {
        Ok(_) => Ok(()),
        Err(AppError::Rule(r)) => Err(r),
        Err(e) => return Err(e),
    };
    let choisies = &formations[..formations.len().min(RETRAIT_MAX)];
    let lu = read(db, &session, jour, choisies).await?;
    let mut devenirs: HashMap<&str, Devenirs> = HashMap::new();
    for p in &lu.lecture.propositions {
        let d = devenirs.entry(lu.formation_de(p.groupe)).or_default();
        d.count(p.reponse);
        let siens = lu.effets.get(&p.voeu).copied().unwrap_or_default();
        *d = d.plus(siens);
    }
    let lignes: Vec<LigneRetrait> = base::noms_formations(db, session.id, choisies)
        .await?
        .into_iter()
        .map(|f| LigneRetrait {
            devenirs: devenirs.get(f.public_id.as_str()).copied().unwrap_or_default(),
            sans_effet: !lu.formations.values().any(|x| *x == f.public_id),
            public_id: f.public_id,
            formation: f.formation,
            etablissement: f.etablissement,
        })
        .collect();
    Ok(ApercuRetrait {
        passage: passage(ctx, annee, public_id).await?,
        possible: Possibilite::new(true, obstacle),
        total: lignes.iter().fold(Devenirs::default(), |total, l| total.plus(l.devenirs)),
        lignes,
    })
}

/// Computes a withdrawal and writes it apart, as a run to be published by another person: nothing changes for candidates before.
///
/// # Errors
/// The reason or the courses are missing, the day is not published ([`AppError::NotFound`]), another run waits to be published, or
/// nothing of one of the courses counts since that day ([`RuleViolation::RetraitSansEffet`]).
pub async fn calculer_retrait(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    demande: &DemandeRetrait,
) -> Result<Recepisse, AppError> {
    let debut = Instant::now();
    // Everything is read at one instant; candidates go on answering: publication leaves alone what they answer meanwhile.
    let vue = ctx.app.db.freeze().await?;
    let session = sessions::session(&vue, annee).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let mut formations = demande.formations.clone();
    formations.sort_unstable();
    formations.dedup();
    let cle =
        format!("calculer_retrait|{annee}|{}|{}|{}", demande.passage, formations.join(","), demande.motif);
    if let Some(fait) = deja_fait(&vue, ctx, garde, &cle).await? {
        return Ok(fait);
    }
    let motif = check_demande(&formations, &demande.motif)?;
    let (jour, tete) = require_possible(ctx, &vue, &session, &demande.passage).await?;
    if base::noms_formations(&vue, session.id, &formations).await?.len() != formations.len() {
        return Err(AppError::NotFound);
    }
    let lu = read(&vue, &session, jour.jour, &formations).await?;
    drop(vue);
    let touchees: HashSet<&str> = lu.formations.values().map(String::as_str).collect();
    if touchees.len() != formations.len() {
        let jour = i32::try_from(jour.jour).unwrap_or(0);
        return Err(RuleViolation::RetraitSansEffet { jour }.into());
    }
    let lecture = debut.elapsed();
    let resultat = compute_withdrawal(&lu.lecture);
    let bilan = lu.account(motif, &formations, ms(lecture));
    let (entree, sortie) = (lu.lecture.hash(), resultat.hash());
    let mut pieces = proces_verbal::withdrawal_pieces(&lu.lecture, &resultat).map_err(AppError::internal)?;
    let secret = Secret::new(ctx.app.alea.as_ref());
    let (engagement, piece) =
        Engagement::of_withdrawal(annee, secret, jour.jour).map_err(AppError::internal)?;
    pieces.push(piece);
    let parametres = write_json(&proces_verbal::ParametresRetrait { depuis: jour.jour })?;
    let contenu = serde_json::json!({
        "annee": annee, "jour": jour.jour, "propositions": resultat.propositions.len(), "entree": entree,
        "sortie": sortie, "formations": formations, "groupes": resultat.groupes.len(), "motif": demande.motif,
    });
    let ecriture = Instant::now();
    let fige = Fige {
        session: &session,
        nature: Nature::Retrait,
        jour: jour.jour,
        entree: &entree,
        sortie: &sortie,
        parametres: &parametres,
        ordre: String::new(),
        veille: read_bilan(&tete.bilan).signature,
        pieces,
        engagement,
    };
    let run = enregistrer::ouvrir(ctx, &permit, fige, bilan).await?;
    for tranche in resultat.rangs.chunks(TRANCHE) {
        let tx = ctx.begin().await?;
        base::insert_rangs_attente(&tx, run.id, tranche).await?;
        tx.commit().await?;
    }
    for tranche in resultat.propositions.chunks(TRANCHE) {
        let tx = ctx.begin().await?;
        base::insert_passage_propositions(&tx, run.id, tranche).await?;
        tx.commit().await?;
    }
    let tx = ctx.begin().await?;
    // Somebody may have been faster since the reading; nobody is from here to the end.
    base::lock_passages(&tx, session.id).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &cle).await? {
        return Ok(fait);
    }
    let (_, encore) = require_possible(ctx, &tx, &session, &demande.passage).await?;
    if encore.id != tete.id {
        return Err(AppError::Conflict);
    }
    base::insert_groupe_jour(&tx, run.id, &resultat.groupes).await?;
    base::insert_passage_automatiques(&tx, run.id, &resultat.automatiques).await?;
    let fin = Fin { permit: &permit, garde, demande: &cle, acte: "calculer_retrait", contenu, ecriture };
    enregistrer::achever(ctx, tx, &run, fin).await
}

/// The reason as it is kept.
fn check_demande(formations: &[String], motif: &str) -> Result<String, RuleViolation> {
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "manquant" });
    }
    if formations.len() > RETRAIT_MAX {
        return Err(RuleViolation::Champ { champ: "formations", motif: "trop" });
    }
    let motif = check_texte("motif", motif)?;
    if motif.is_empty() {
        return Err(RuleViolation::Champ { champ: "motif", motif: "manquant" });
    }
    Ok(motif)
}

async fn published_day(
    c: &impl Sql,
    session: &SessionAdmission,
    passage: &str,
) -> Result<LignePassage, AppError> {
    let p = base::passage(c, session.id, passage).await?.ok_or(AppError::NotFound)?;
    let publie = p.nature == Nature::Propositions.code() && p.etat == EtatPassage::Publie.code();
    if publie { Ok(p) } else { Err(AppError::NotFound) }
}

/// The day from which, and the run that the withdrawal continues: the last one published.
async fn require_possible(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    passage: &str,
) -> Result<(LignePassage, LignePassage), AppError> {
    let jour = published_day(c, session, passage).await?;
    session.require_ouverte()?;
    session.calendrier.require_any_open(Nature::Retrait.etapes(), ctx.campagne_le)?;
    require_no_withdrawal(c, session).await?;
    if let Some(jour) = base::en_attente_de_publication(c, session.id).await? {
        return Err(RuleViolation::PassageEnAttente { jour: i32::try_from(jour).unwrap_or(0) }.into());
    }
    let dernier = base::passage_en_vigueur(c, session.id, Nature::Propositions.code(), i64::MAX).await?;
    let tete = head(c, session, dernier.as_ref()).await?.ok_or(AppError::NotFound)?;
    Ok((jour, tete))
}

/// A withdrawal that waits to be published changes what every other run would continue.
pub(super) async fn require_no_withdrawal(c: &impl Sql, session: &SessionAdmission) -> Result<(), AppError> {
    match base::retrait_calcule(c, session.id).await? {
        Some(_) => Err(RuleViolation::RetraitEnAttente.into()),
        None => Ok(()),
    }
}

/// The run that the next one continues: the last published day, or the withdrawal published since.
pub(super) async fn head(
    c: &impl Sql,
    session: &SessionAdmission,
    dernier: Option<&LignePassage>,
) -> Result<Option<LignePassage>, AppError> {
    let Some(dernier) = dernier else { return Ok(None) };
    // A day is computed after the withdrawals before it are published, and the other way round: the keys tell the order.
    let retrait = base::retrait_publie(c, session.id).await?.filter(|r| r.id > dernier.id);
    Ok(Some(retrait.unwrap_or_else(|| dernier.clone())))
}

/// What was read, and whose it is.
struct Lu {
    lecture: Lecture,
    /// Course of each group.
    formations: BTreeMap<i64, String>,
    /// Of the propositions taken back.
    candidats: HashSet<i64>,
    /// What the platform had done in candidates' places because of each proposition taken back, by its wish.
    effets: HashMap<i64, Devenirs>,
}

impl Lu {
    fn formation_de(&self, groupe: i64) -> &str {
        self.formations.get(&groupe).map_or("", String::as_str)
    }

    fn account(&self, motif: String, formations: &[String], lecture_ms: i64) -> Bilan {
        let nombre = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut devenirs = Devenirs::default();
        self.lecture.propositions.iter().for_each(|p| devenirs.count(p.reponse));
        let devenirs = self.effets.values().fold(devenirs, |total, d| total.plus(*d));
        Bilan {
            groupes: nombre(self.lecture.groupes.len()),
            candidats: nombre(self.candidats.len()),
            voeux: nombre(self.lecture.propositions.len()),
            en_attente: self.lecture.groupes.iter().map(|(_, j)| j.en_attente).sum(),
            lecture_ms,
            retrait: Some(BilanRetrait { motif, formations: nombre(formations.len()), devenirs }),
            ..Bilan::default()
        }
    }
}

async fn read(
    c: &impl Sql,
    session: &SessionAdmission,
    depuis: i64,
    choisies: &[String],
) -> Result<Lu, AppError> {
    let jours = base::jours_des_formations(c, session.id, choisies).await?;
    let (mut groupes, mut formations, mut rangs) = (Vec::new(), BTreeMap::new(), HashMap::new());
    for du_groupe in jours.chunk_by(|a, b| a.groupe == b.groupe) {
        let vus: Vec<JourGroupe> = du_groupe
            .iter()
            .map(|j| JourGroupe {
                jour: j.jour,
                dernier_appele: j.dernier_appele,
                dernier_interne: j.dernier_interne,
                en_attente: j.en_attente,
            })
            .collect();
        let Some(avant) = avant_retrait(&vus, depuis) else { continue };
        let groupe = du_groupe[0].groupe;
        if let Some(j) = du_groupe.iter().find(|j| j.jour == avant.jour) {
            let lus = base::rangs_du_groupe(c, j.passage, groupe).await?;
            rangs.extend(lus.into_iter().map(|r| (r.voeu, r.rang)));
        }
        groupes.push((groupe, avant));
        formations.insert(groupe, du_groupe[0].formation.clone());
    }
    let cles: Vec<i64> = groupes.iter().map(|(g, _)| *g).collect();
    let (mut propositions, mut candidats) = (Vec::new(), HashSet::new());
    for p in base::propositions_depuis(c, depuis, &cles).await? {
        let reponse = ReponseProposition::from_code(&p.reponse)
            .ok_or_else(|| AppError::Internal("proposition.reponse".to_owned()))?;
        if reponse.is_retirable() {
            candidats.insert(p.candidat);
        }
        let rang = rangs.get(&p.voeu).copied().unwrap_or(0);
        propositions.push(PropositionLue { voeu: p.voeu, groupe: p.groupe, jour: p.jour, reponse, rang });
    }
    let (mut demissions, mut effets) = (Vec::new(), HashMap::<i64, Devenirs>::new());
    let reprises: HashSet<i64> =
        propositions.iter().filter(|p| p.reponse.is_retirable()).map(|p| p.voeu).collect();
    for d in base::demissions_causees(c, depuis, &cles).await? {
        if !reprises.contains(&d.cause) {
            continue;
        }
        let effet = effets.entry(d.cause).or_default();
        // The place that was given back has gone on to somebody else the same night.
        if d.rendue == 1 {
            effet.perdues += 1;
        } else {
            effet.retablis += 1;
            demissions.push(DemissionLue { voeu: d.voeu, jour: d.jour, statut: d.statut, cause: d.cause });
        }
    }
    let lecture = Lecture { depuis, groupes, propositions, demissions };
    Ok(Lu { lecture, formations, candidats, effets })
}

/// What a withdrawal takes back, and what it gives back to wait (R-ADM-13).
const REPRISES: [EtatVoeu; 2] = [EtatVoeu::Propose, EtatVoeu::Accepte];
const RETABLIES: [EtatVoeu; 2] = [EtatVoeu::DemissionAutoGdd, EtatVoeu::DemissionAutoRa];

/// Publication, in its one transaction: propositions taken back, wishes given up because of them that wait again, days that count for
/// nothing any more, and the messages to be sent afterwards. Gives how many propositions.
pub(super) async fn publish_withdrawal(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    session: &SessionAdmission,
    p: &LignePassage,
) -> Result<u64, AppError> {
    let vers = EtatVoeu::Propose.apply(Evenement::RetraitProposition)?;
    let n = base::retirer_propositions(tx, e, p.id, (&REPRISES.map(EtatVoeu::code), vers.code())).await?;
    base::retablir_demissions(tx, e, p.id, (&RETABLIES.map(EtatVoeu::code), vers.code())).await?;
    base::retirer_jours(tx, session.id, p.id, p.jour).await?;
    let genre = crate::taches::ANNONCER_RETRAIT;
    messagerie::enqueue_tache(
        tx,
        ctx.app.alea.as_ref(),
        genre,
        Some(&format!("{genre}:{}", p.public_id)),
        &serde_json::json!({ "passage": p.public_id }).to_string(),
        ctx.recu_ms(),
        ctx.recu_ms(),
    )
    .await?;
    Ok(n)
}
