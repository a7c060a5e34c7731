//! R-CAP-01 to 05: what a capacity is compared with, and the second reading of one out of the ordinary (HAB-8, RUN-4).

use std::collections::BTreeMap;

use domain::admission::require_deuxieme_personne;
use domain::calendrier::Etape;
use domain::droits::{Action, Permit};
use domain::formations::{
    Contexte, EtatFormation, Passee, PlacesGroupe, Raison, Repere, check_vraisemblance,
};
use domain::{PublicId, RuleViolation};
use files::offre::Chiffres;
use serde_json::json;
use store::formations::{self as base, LigneFormation, LigneGroupe, LignePublication, LigneRelecture};
use store::{Ecriture, Sql, Tx};

use super::controle::Reouvertures;
use super::parametrage::{Brouillon, ouverture};
use super::{Ouverture, cible, load, load_groupes, places_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::motif::read_motif;
use crate::sessions::{self, SessionAdmission};

/// A second reading of the numbers of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relecture {
    /// UTC milliseconds.
    pub saisie_le: i64,
    /// Name of who typed the numbers; empty for an import.
    pub saisie_par: String,
    /// Empty: not written yet.
    pub motif: String,
    /// UTC milliseconds; `None` without a reason.
    pub motivee_le: Option<i64>,
    /// Name of who wrote the reason.
    pub motivee_par: String,
    /// UTC milliseconds; `None`: still to be confirmed.
    pub confirmee_le: Option<i64>,
    /// Name of who confirmed.
    pub confirmee_par: String,
}

/// The capacity of a draft beside what speaks for or against it.
#[derive(Debug, Clone)]
pub struct Comparaison {
    /// For the forms of the second reading (TRX-4).
    pub version: i64,
    /// What the draft is compared with.
    pub contexte: Contexte,
    /// Why it is to be read again; empty when it is likely, or what the public reads already.
    pub raisons: Vec<Raison>,
    /// Of these very numbers.
    pub relecture: Option<Relecture>,
    /// Whether the person may write the reason now.
    pub motivation: Ouverture,
    /// Whether the person may confirm now; [`RuleViolation::DeuxiemePersonne`] for who typed or explained.
    pub confirmation: Ouverture,
}

impl Comparaison {
    /// R-CAP-05: publication waits for a reason and a second person.
    pub fn is_en_attente(&self) -> bool {
        !self.raisons.is_empty() && self.relecture.as_ref().is_none_or(|r| r.confirmee_le.is_none())
    }
}

/// Sessions of figures read: the last one, and the one before.
const SESSIONS: i64 = 2;

/// What is known of the past of the course, newest first.
async fn passees(
    c: &impl Sql,
    session: &SessionAdmission,
    f: &LigneFormation,
) -> Result<Vec<Passee>, AppError> {
    let mut annees: BTreeMap<i64, (Option<i64>, Passee)> = BTreeMap::new();
    for s in base::statistiques_avant(c, f.formation_id, session.annee, SESSIONS).await? {
        let chiffres: Chiffres = serde_json::from_str(&s.chiffres).unwrap_or_default();
        let passee = Passee {
            annee: s.annee,
            capacite: 0,
            candidats: s.candidats,
            classes: chiffres.nb_cla_pp.map(i64::from),
            propositions: s.propositions,
            acceptations: s.acceptations,
        };
        annees.insert(s.annee, (s.capacite, passee));
    }
    if let Some(id) = f.precedente_id
        && let Some(archive) = base::by_id(c, id).await?
        && let Some(annee) = sessions::annee(c, archive.session_id).await?
    {
        let connue = annees.entry(annee).or_insert((None, Passee { annee, ..Passee::default() }));
        connue.0 = archive.capacite.or(connue.0);
    }
    let connues = annees.into_values().rev();
    Ok(connues.filter_map(|(capacite, p)| capacite.map(|capacite| Passee { capacite, ..p })).collect())
}

async fn repere(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    f: &LigneFormation,
) -> Result<Option<Repere>, AppError> {
    let Some(precedente) = session.precedente else { return Ok(None) };
    let cle = (precedente, f.famille.clone(), f.statut.clone(), f.libelle.clone());
    let depuis = ctx.recu_ms() - ctx.app.limites.reperes_s * 1_000;
    if let Some(repere) = ctx.app.reperes.get(&cle, depuis) {
        return Ok(repere);
    }
    let (mut titre, mut famille) = (Vec::new(), Vec::new());
    for n in base::capacites_du_type(c, precedente, (&f.famille, &f.statut, &f.libelle)).await? {
        let fois = |n: i64| usize::try_from(n).unwrap_or(0);
        famille.extend(std::iter::repeat_n(n.capacite, fois(n.formations)));
        titre.extend(std::iter::repeat_n(n.capacite, fois(n.du_titre)));
    }
    let repere = Repere::new(&titre, &famille, &ctx.app.limites.vraisemblance);
    ctx.app.reperes.put(cle, ctx.recu_ms(), repere.clone());
    Ok(repere)
}

/// What the numbers of a draft are held against, as it was read.
pub(super) struct Lectures {
    passees: Vec<Passee>,
    avant: Vec<LigneGroupe>,
    repere: Option<Repere>,
    autres: Vec<(String, i64)>,
    relecture: Option<LigneRelecture>,
}

impl Lectures {
    pub(super) async fn load(
        ctx: &Ctx,
        c: &impl Sql,
        session: &SessionAdmission,
        f: &LigneFormation,
    ) -> Result<Self, AppError> {
        let voisines = (session.id, session.precedente);
        Ok(Self {
            passees: passees(c, session, f).await?,
            avant: match f.precedente_id {
                Some(id) => load_groupes(c, id).await?,
                None => Vec::new(),
            },
            repere: repere(ctx, c, session, f).await?,
            autres: base::capacites_voisines(c, voisines, f.etablissement_id, f.formation_id).await?,
            relecture: base::last_relecture(c, f.id).await?,
        })
    }
}

fn contexte(lu: &Lectures, groupes: &[LigneGroupe]) -> Contexte {
    let places_avant = |libelle: &str| lu.avant.iter().find(|g| g.libelle == libelle).map(|g| g.places);
    Contexte {
        derniere: lu.passees.first().copied(),
        avant_derniere: lu.passees.get(1).map(|p| p.capacite),
        repere: lu.repere.clone(),
        autres: lu.autres.clone(),
        groupes: groupes
            .iter()
            .map(|g| PlacesGroupe {
                libelle: g.libelle.clone(),
                places: g.places,
                avant: places_avant(&g.libelle),
            })
            .collect(),
    }
}

/// Why the numbers of a draft are to be read again. Those that the public reads already were read then, or came with the
/// offer: only a change is looked at.
fn raisons(
    ctx: &Ctx,
    brouillon: &Brouillon<'_>,
    contexte: &Contexte,
    publication: Option<&LignePublication>,
) -> Result<Vec<Raison>, AppError> {
    let Some(capacite) = brouillon.formation.capacite else { return Ok(Vec::new()) };
    if brouillon.is_capacite_published(publication)? {
        return Ok(Vec::new());
    }
    let verdict = check_vraisemblance(capacite, contexte, &ctx.app.limites.vraisemblance);
    Ok(verdict.raisons().to_vec())
}

/// The row that holds for the numbers of the draft.
fn relecture(
    derniere: Option<LigneRelecture>,
    brouillon: &Brouillon<'_>,
) -> Result<Option<LigneRelecture>, AppError> {
    let places = places_json(brouillon.groupes)?;
    Ok(derniere.filter(|r| Some(r.capacite) == brouillon.formation.capacite && r.places == places))
}

/// The draft beside what speaks for or against it, for the page.
pub(super) fn view(
    ctx: &Ctx,
    lu: Lectures,
    session: &SessionAdmission,
    brouillon: &Brouillon<'_>,
    publication: Option<&LignePublication>,
) -> Result<Comparaison, AppError> {
    let contexte = contexte(&lu, brouillon.groupes);
    let raisons = raisons(ctx, brouillon, &contexte, publication)?;
    let ligne = if raisons.is_empty() { None } else { relecture(lu.relecture, brouillon)? };
    let cible = cible(brouillon.formation);
    let possible = |action| ouverture(ctx, session, &cible, action, Etape::CapacitesFrais);
    let mut confirmation = possible(Action::ConfirmerCapacite);
    if let (true, Some(Err(regle))) = (confirmation.est_ouverte(), ligne.as_ref().map(|l| deux(ctx, l))) {
        confirmation = Ouverture::Fermee(regle);
    }
    Ok(Comparaison {
        version: version(brouillon.formation, ligne.as_ref()),
        contexte,
        raisons,
        relecture: ligne.map(|l| Relecture {
            saisie_le: l.cree_le,
            saisie_par: l.saisie_par,
            motif: l.motif,
            motivee_le: l.motivee_le,
            motivee_par: l.motivee_par,
            confirmee_le: l.confirmee_le,
            confirmee_par: l.confirmee_par,
        }),
        motivation: possible(Action::ModifierCapacites),
        confirmation,
    })
}

/// What the forms send back: the version of the draft and that of its reading in one number, so that a reason written for
/// numbers never goes to others.
fn version(f: &LigneFormation, ligne: Option<&LigneRelecture>) -> i64 {
    f.version * 1_000 + ligne.map_or(0, |l| l.version + 1)
}

/// HAB-8: whoever confirms neither typed the numbers nor explained them.
fn deux(ctx: &Ctx, l: &LigneRelecture) -> Result<(), RuleViolation> {
    require_deuxieme_personne(l.auteur(), ctx.signataire())?;
    l.explique().map_or(Ok(()), |explique| require_deuxieme_personne(explique, ctx.signataire()))
}

/// R-CAP-05: notes who typed numbers out of the ordinary, in the transaction that saves them. Gives the codes of the
/// reasons, for the journal.
pub(super) async fn note_saisie(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    session: &SessionAdmission,
    formation_session: i64,
) -> Result<Vec<&'static str>, AppError> {
    let Some(f) = base::by_id(tx, formation_session).await? else { return Err(AppError::NotFound) };
    let groupes = load_groupes(tx, f.id).await?;
    let brouillon = Brouillon { formation: &f, groupes: &groupes };
    let publication = base::last_publication(tx, f.id).await?;
    let contexte = contexte(&Lectures::load(ctx, tx, session, &f).await?, &groupes);
    let raisons = raisons(ctx, &brouillon, &contexte, publication.as_ref())?;
    if let (false, Some(capacite)) = (raisons.is_empty(), f.capacite) {
        base::insert_relecture(tx, e, f.id, capacite, &places_json(&groupes)?).await?;
    }
    Ok(raisons.iter().map(Raison::code).collect())
}

/// Why numbers that are not written yet would be to be read again: these places, in the order of the groups of the course.
pub(super) async fn raisons_of(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    formation_session: i64,
    (capacite, places): (Option<i64>, &[i64]),
) -> Result<Vec<Raison>, AppError> {
    let Some(f) = base::by_id(c, formation_session).await? else { return Err(AppError::NotFound) };
    let mut groupes = load_groupes(c, f.id).await?;
    for (g, n) in groupes.iter_mut().zip(places) {
        g.places = *n;
    }
    let contexte = contexte(&Lectures::load(ctx, c, session, &f).await?, &groupes);
    let f = LigneFormation { capacite, ..f };
    let publication = base::last_publication(c, f.id).await?;
    raisons(ctx, &Brouillon { formation: &f, groupes: &groupes }, &contexte, publication.as_ref())
}

/// R-CAP-05: refuses to publish numbers out of the ordinary that no second person read. Gives the key of the reading that
/// they rest on, when they needed one.
pub(super) async fn require_relue(
    ctx: &Ctx,
    tx: &Tx,
    session: &SessionAdmission,
    brouillon: &Brouillon<'_>,
    publication: Option<&LignePublication>,
) -> Result<Option<i64>, AppError> {
    let lu = Lectures::load(ctx, tx, session, brouillon.formation).await?;
    let contexte = contexte(&lu, brouillon.groupes);
    if raisons(ctx, brouillon, &contexte, publication)?.is_empty() {
        return Ok(None);
    }
    match relecture(lu.relecture, brouillon)? {
        Some(l) if l.confirmee_le.is_some() => Ok(Some(l.id)),
        _ => Err(RuleViolation::CapaciteARelire.into()),
    }
}

/// A draft out of the ordinary, loaded to be explained or confirmed.
struct ARelire {
    formation: LigneFormation,
    raisons: Vec<Raison>,
    places: String,
    ligne: Option<LigneRelecture>,
}

/// Loads what is to be read again; nothing to read again is a page out of date.
async fn load_a_relire(
    ctx: &Ctx,
    tx: &Tx,
    session: &SessionAdmission,
    f: LigneFormation,
) -> Result<ARelire, AppError> {
    session.require_ouverte()?;
    // What reopens the capacity reopens its second reading.
    let reouvertures = Reouvertures::load(tx, f.id).await?;
    reouvertures.require(&session.calendrier, Etape::CapacitesFrais, ["capacite"], ctx.campagne_le)?;
    if f.etat == EtatFormation::Fermee.code() {
        return Err(RuleViolation::ForbiddenTransition { from: "fermee", event: "modification" }.into());
    }
    let groupes = load_groupes(tx, f.id).await?;
    let brouillon = Brouillon { formation: &f, groupes: &groupes };
    let publication = base::last_publication(tx, f.id).await?;
    let lu = Lectures::load(ctx, tx, session, &f).await?;
    let contexte = contexte(&lu, &groupes);
    let raisons = raisons(ctx, &brouillon, &contexte, publication.as_ref())?;
    if raisons.is_empty() {
        return Err(AppError::Conflict);
    }
    let ligne = relecture(lu.relecture, &brouillon)?;
    Ok(ARelire { raisons, places: places_json(&groupes)?, ligne, formation: f })
}

async fn journalise(
    ctx: &Ctx,
    tx: &Tx,
    permit: &Permit,
    a: &ARelire,
    etat: &str,
) -> Result<serde_json::Value, AppError> {
    let codes: Vec<&str> = a.raisons.iter().map(Raison::code).collect();
    let contenu = json!({
        "formation": a.formation.public_id, "etat": etat, "capacite": a.formation.capacite, "places": a.places,
        "raisons": codes,
    });
    let acte = Acte {
        objet: "formation_session",
        objet_id: &a.formation.public_id,
        avant: None,
        apres: Some(contenu.clone()),
    };
    record(tx, ctx, permit, &acte).await?;
    Ok(contenu)
}

/// R-CAP-05: writes why these numbers, out of the ordinary, are right. The reason is public with the publication.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that says nothing; [`AppError::Conflict`] when the numbers changed, are likely, or
/// are confirmed already; [`AppError::Rule`] outside the step.
pub async fn motive_capacite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("motiver_capacite|{annee}|{id}|{motif}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::ModifierCapacites, &cible(&f))?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let a = load_a_relire(ctx, &tx, &session, f).await?;
    garde.check_version(version(&a.formation, a.ligne.as_ref()))?;
    let motif = read_motif(ctx, motif, "motif")?;
    let e = ctx.ecriture(&permit);
    let capacite = a.formation.capacite.ok_or(AppError::Conflict)?;
    let cle = match &a.ligne {
        Some(l) => (l.id, l.version),
        // The numbers came with an import, or were typed before they were out of the ordinary.
        None => (base::insert_relecture(&tx, &e, a.formation.id, capacite, &a.places).await?, 0),
    };
    base::motive_relecture(&tx, &e, cle, &motif, ctx.origine).await?;
    let contenu = journalise(ctx, &tx, &permit, &a, "motivee").await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "capacite_motivee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-CAP-05 (HAB-8): a second person, who neither typed nor explained the numbers, confirms them. They may then be published.
///
/// # Errors
/// [`AppError::Rule`] for the same person or outside the step; [`AppError::Conflict`] when there is no reason yet, or the
/// numbers changed meanwhile.
pub async fn confirm_capacite(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("confirmer_capacite|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::ConfirmerCapacite, &cible(&f))?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let a = load_a_relire(ctx, &tx, &session, f).await?;
    let ligne = a.ligne.as_ref().filter(|l| l.explique().is_some()).ok_or(AppError::Conflict)?;
    deux(ctx, ligne)?;
    garde.check_version(version(&a.formation, Some(ligne)))?;
    base::confirm_relecture(&tx, &ctx.ecriture(&permit), (ligne.id, ligne.version)).await?;
    let contenu = journalise(ctx, &tx, &permit, &a, "confirmee").await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "capacite_confirmee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
