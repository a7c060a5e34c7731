//! R-CAP-01 to 07: what a capacity is compared with, and the second reading of one out of the ordinary (HAB-8, RUN-4).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::admission::require_deuxieme_personne;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Action, Permit};
use domain::formations::{
    Contexte, EtatFormation, PartGroupe, Passee, PlacesGroupe, Raison, Repere, check_vraisemblance,
};
use domain::{PublicId, RuleViolation};
use files::offre::Chiffres;
use serde_json::json;
use store::formations::{
    self as base, LigneFormation, LigneGroupe, LignePassee, LignePublication, LigneRelecture,
    LigneStatistique, LigneVoisine,
};
use store::{Ecriture, Sql, Tx};

use super::annonce::{Annonce, announce_to};
use super::controle::Reouvertures;
use super::parametrage::{Brouillon, ouverture};
use super::reperes::Type;
use super::{Ouverture, cible, distinctes, intitule, load, load_groupes, load_groupes_of, places_json};
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

/// R-CAP-05: what a capacity out of the ordinary waits for before it is submitted or published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttenteCapacite {
    /// Its reason.
    Motif,
    /// A second person.
    Confirmation,
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
    /// What publication waits for; `None`: nothing.
    pub attente: Option<AttenteCapacite>,
    /// Whether the person may write the reason now.
    pub motivation: Ouverture,
    /// Whether the person may confirm now; [`RuleViolation::DeuxiemePersonne`] for who typed or explained.
    pub confirmation: Ouverture,
}

impl Comparaison {
    /// R-CAP-05: publication waits for a reason and a second person.
    pub fn is_en_attente(&self) -> bool {
        self.attente.is_some()
    }
}

/// Sessions of figures read: the last one, and the one before.
const SESSIONS: i64 = 2;

/// What is known of the past of a course, newest first: its published figures, and the capacity that its last session had.
fn passees(statistiques: &[LigneStatistique], archive: Option<&LignePassee>) -> Vec<Passee> {
    let mut annees: BTreeMap<i64, (Option<i64>, Passee)> = BTreeMap::new();
    for s in statistiques {
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
    if let Some(archive) = archive {
        let annee = archive.annee;
        let connue = annees.entry(annee).or_insert((None, Passee { annee, ..Passee::default() }));
        connue.0 = archive.capacite.or(connue.0);
    }
    let connues = annees.into_values().rev();
    connues.filter_map(|(capacite, p)| capacite.map(|capacite| Passee { capacite, ..p })).collect()
}

/// The past of each course, by its key.
async fn load_passees(
    c: &impl Sql,
    session: &SessionAdmission,
    formations: &[LigneFormation],
) -> Result<HashMap<i64, Vec<Passee>>, AppError> {
    let permanentes = distinctes(formations.iter().map(|f| f.formation_id));
    let mut statistiques: HashMap<i64, Vec<LigneStatistique>> = HashMap::new();
    for (formation, s) in base::statistiques_avant(c, &permanentes, session.annee, SESSIONS).await? {
        statistiques.entry(formation).or_default().push(s);
    }
    let precedentes = distinctes(formations.iter().filter_map(|f| f.precedente_id));
    let archives = base::capacites_passees(c, &precedentes).await?;
    let archives: HashMap<i64, LignePassee> = archives.into_iter().map(|p| (p.id, p)).collect();
    let siennes = |f: &LigneFormation| {
        let statistiques = statistiques.get(&f.formation_id).map_or(&[][..], Vec::as_slice);
        passees(statistiques, f.precedente_id.and_then(|id| archives.get(&id)))
    };
    Ok(formations.iter().map(|f| (f.id, siennes(f))).collect())
}

fn type_of(f: &LigneFormation, session: i64) -> Type {
    (session, f.famille.clone(), f.statut.clone(), f.libelle.clone())
}

/// The range of the type of each course, by its key; none where there is nothing to say.
async fn load_reperes(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    formations: &[LigneFormation],
) -> Result<HashMap<i64, Repere>, AppError> {
    let Some(precedente) = session.precedente else { return Ok(HashMap::new()) };
    let depuis = ctx.recu_ms() - ctx.app.limites.reperes_s * 1_000;
    let mut connus: HashMap<Type, Option<Repere>> = HashMap::new();
    let mut inconnus: BTreeSet<Type> = BTreeSet::new();
    for f in formations {
        let cle = type_of(f, precedente);
        if let Some(repere) = ctx.app.reperes.get(&cle, depuis) {
            connus.insert(cle, repere);
        } else {
            inconnus.insert(cle);
        }
    }
    for (cle, repere) in read_reperes(ctx, c, precedente, &inconnus).await? {
        ctx.app.reperes.put(cle.clone(), ctx.recu_ms(), repere.clone());
        connus.insert(cle, repere);
    }
    let sien = |f: &LigneFormation| connus.get(&type_of(f, precedente))?.clone();
    Ok(formations.iter().filter_map(|f| Some((f.id, sien(f)?))).collect())
}

/// Shares of groups, in per cent, by their candidates.
type Parts = BTreeMap<String, Vec<i64>>;

/// Those of types that are not kept in memory.
async fn read_reperes(
    ctx: &Ctx,
    c: &impl Sql,
    precedente: i64,
    types: &BTreeSet<Type>,
) -> Result<Vec<(Type, Option<Repere>)>, AppError> {
    if types.is_empty() {
        return Ok(Vec::new());
    }
    let familles: BTreeSet<&str> = types.iter().map(|(_, famille, _, _)| famille.as_str()).collect();
    let titres: BTreeSet<&str> = types.iter().map(|(_, _, _, titre)| titre.as_str()).collect();
    let (familles, titres): (Vec<&str>, Vec<&str>) =
        (familles.into_iter().collect(), titres.into_iter().collect());
    let mut par_famille: HashMap<(String, String), Vec<i64>> = HashMap::new();
    let mut par_titre: HashMap<Type, Vec<i64>> = HashMap::new();
    for n in base::capacites_des_types(c, precedente, &familles, &titres).await? {
        let siennes = match n.libelle {
            None => par_famille.entry((n.famille, n.statut)).or_default(),
            Some(titre) => par_titre.entry((precedente, n.famille, n.statut, titre)).or_default(),
        };
        siennes.extend(std::iter::repeat_n(n.capacite, usize::try_from(n.formations).unwrap_or(0)));
    }
    let mut parts_famille: HashMap<(String, String), Parts> = HashMap::new();
    let mut parts_titre: HashMap<Type, Parts> = HashMap::new();
    for n in base::parts_des_types(c, precedente, &familles, &titres).await? {
        let siennes = match n.libelle {
            None => parts_famille.entry((n.famille, n.statut)).or_default(),
            Some(titre) => parts_titre.entry((precedente, n.famille, n.statut, titre)).or_default(),
        };
        let combien = usize::try_from(n.groupes).unwrap_or(0);
        siennes.entry(n.series).or_default().extend(std::iter::repeat_n(n.part, combien));
    }
    let seuils = &ctx.app.limites.vraisemblance;
    let repere = |cle: &Type| {
        let type_seul = (cle.1.clone(), cle.2.clone());
        let titre = par_titre.get(cle).map_or(&[][..], Vec::as_slice);
        let famille = par_famille.get(&type_seul).map_or(&[][..], Vec::as_slice);
        let titre_parts = parts_titre.get(cle);
        let parts = parts_famille.get(&type_seul).into_iter().flatten().filter_map(|(series, famille)| {
            let titre = titre_parts.and_then(|p| p.get(series)).map_or(&[][..], Vec::as_slice);
            PartGroupe::new(series, titre, famille, seuils)
        });
        Repere::new(titre, famille, seuils).map(|r| r.with_parts(parts.collect()))
    };
    Ok(types.iter().map(|t| (t.clone(), repere(t))).collect())
}

/// What the numbers of drafts are held against, read at once for one course or for many: no reading depends on how many there are, nor
/// on how many establishments they are of. None of it changes with the drafts themselves.
pub(super) struct Lectures {
    /// By key of the course.
    passees: HashMap<i64, Vec<Passee>>,
    /// By key of the course of the session before.
    groupes_avant: HashMap<i64, Vec<LigneGroupe>>,
    /// By key of the course.
    reperes: HashMap<i64, Repere>,
    /// By key of the establishment; by title then capacity.
    voisines: HashMap<i64, Vec<LigneVoisine>>,
    /// By key of the course.
    relectures: HashMap<i64, LigneRelecture>,
    /// By key of the course.
    publications: HashMap<i64, LignePublication>,
}

impl Lectures {
    /// Of drafts of this session.
    pub(super) async fn load(
        ctx: &Ctx,
        c: &impl Sql,
        session: &SessionAdmission,
        formations: &[LigneFormation],
    ) -> Result<Self, AppError> {
        let cles = distinctes(formations.iter().map(|f| f.id));
        let precedentes: Vec<i64> = formations.iter().filter_map(|f| f.precedente_id).collect();
        let etablissements = distinctes(formations.iter().map(|f| f.etablissement_id));
        let sessions = (session.id, session.precedente);
        let mut voisines: HashMap<i64, Vec<LigneVoisine>> = HashMap::new();
        for v in base::capacites_voisines(c, sessions, &etablissements).await? {
            voisines.entry(v.etablissement_id).or_default().push(v);
        }
        Ok(Self {
            passees: load_passees(c, session, formations).await?,
            groupes_avant: load_groupes_of(c, &precedentes).await?,
            reperes: load_reperes(ctx, c, session, formations).await?,
            voisines,
            relectures: base::last_relectures(c, &cles).await?.into_iter().collect(),
            publications: base::last_publications(c, &cles).await?.into_iter().collect(),
        })
    }

    /// What the public reads of a course.
    pub(super) fn publication(&self, f: &LigneFormation) -> Option<&LignePublication> {
        self.publications.get(&f.id)
    }

    /// (title, capacity) of the other courses of its establishment, each once.
    fn autres(&self, f: &LigneFormation) -> Vec<(String, i64)> {
        let voisines = self.voisines.get(&f.etablissement_id).map_or(&[][..], Vec::as_slice);
        let autres = voisines.iter().filter(|v| v.formation_id != f.formation_id);
        let mut autres: Vec<(String, i64)> = autres.map(|v| (v.libelle.clone(), v.capacite)).collect();
        autres.dedup();
        autres
    }

    /// What a draft is held against.
    fn contexte(&self, brouillon: &Brouillon<'_>) -> Contexte {
        let f = brouillon.formation;
        let passees = self.passees.get(&f.id).map_or(&[][..], Vec::as_slice);
        let avant = f.precedente_id.and_then(|id| self.groupes_avant.get(&id));
        let avant = avant.map_or(&[][..], Vec::as_slice);
        let places_avant = |libelle: &str| avant.iter().find(|g| g.libelle == libelle).map(|g| g.places);
        Contexte {
            derniere: passees.first().copied(),
            avant_derniere: passees.get(1).map(|p| p.capacite),
            repere: self.reperes.get(&f.id).cloned(),
            autres: self.autres(f),
            groupes: brouillon
                .groupes
                .iter()
                .map(|g| PlacesGroupe {
                    libelle: g.libelle.clone(),
                    series: g.series.clone(),
                    places: g.places,
                    avant: places_avant(&g.libelle),
                })
                .collect(),
        }
    }

    /// Why the numbers of a draft are to be read again, and what they were held against. Those that the public reads already were read
    /// then, or came with the offer: only a change is looked at.
    fn weigh(&self, ctx: &Ctx, brouillon: &Brouillon<'_>) -> Result<(Vec<Raison>, Contexte), AppError> {
        let contexte = self.contexte(brouillon);
        let Some(capacite) = brouillon.formation.capacite else { return Ok((Vec::new(), contexte)) };
        if brouillon.is_capacite_published(self.publication(brouillon.formation))? {
            return Ok((Vec::new(), contexte));
        }
        let verdict = check_vraisemblance(capacite, &contexte, &ctx.app.limites.vraisemblance);
        Ok((verdict.raisons().to_vec(), contexte))
    }

    /// The row that holds for the numbers of the draft.
    fn relecture(&self, brouillon: &Brouillon<'_>) -> Result<Option<&LigneRelecture>, AppError> {
        let places = places_json(brouillon.groupes)?;
        let derniere = self.relectures.get(&brouillon.formation.id);
        Ok(derniere.filter(|r| Some(r.capacite) == brouillon.formation.capacite && r.places == places))
    }
}

/// A capacity, and the places of the groups of the course in their order.
#[derive(Clone, Copy)]
pub(super) struct Nombres<'a> {
    pub capacite: Option<i64>,
    pub places: &'a [i64],
}

impl Nombres<'_> {
    /// A draft as it is once it says them.
    fn pose(self, f: &LigneFormation, groupes: &[LigneGroupe]) -> (LigneFormation, Vec<LigneGroupe>) {
        let mut groupes = groupes.to_vec();
        for (g, n) in groupes.iter_mut().zip(self.places) {
            g.places = *n;
        }
        (LigneFormation { capacite: self.capacite, ..f.clone() }, groupes)
    }
}

/// What numbers that are out of the ordinary for these reasons wait for.
fn attente(raisons: &[Raison], ligne: Option<&LigneRelecture>) -> Option<AttenteCapacite> {
    if raisons.is_empty() || ligne.is_some_and(|l| l.confirmee_le.is_some()) {
        return None;
    }
    let explique = ligne.is_some_and(|l| l.explique().is_some());
    Some(if explique { AttenteCapacite::Confirmation } else { AttenteCapacite::Motif })
}

/// What the capacities of these drafts wait for, by key of the course; nothing is said of the others.
pub(super) async fn attentes_of(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    cles: &[i64],
) -> Result<HashMap<i64, AttenteCapacite>, AppError> {
    if cles.is_empty() {
        return Ok(HashMap::new());
    }
    let formations = base::by_ids(c, cles).await?;
    let groupes = load_groupes_of(c, cles).await?;
    let lu = Lectures::load(ctx, c, session, &formations).await?;
    let mut attentes = HashMap::new();
    for f in &formations {
        let siens = groupes.get(&f.id).map_or(&[][..], Vec::as_slice);
        let brouillon = Brouillon { formation: f, groupes: siens };
        let (raisons, _) = lu.weigh(ctx, &brouillon)?;
        if let Some(a) = attente(&raisons, lu.relecture(&brouillon)?) {
            attentes.insert(f.id, a);
        }
    }
    Ok(attentes)
}

/// Whether the person may do this to the second reading of a capacity now, on the page as in the act: what reopens the capacity
/// reopens its second reading (R-CTL-04, R-VIE-07).
fn possible(
    ctx: &Ctx,
    session: &SessionAdmission,
    reouvertures: &Reouvertures,
    f: &LigneFormation,
    action: Action,
) -> Ouverture {
    let ouverture = ouverture(ctx, session, &cible(f), action, Etape::CapacitesFrais);
    match reouvertures.prolonge(ouverture, ["capacite"], ctx.campagne_le) {
        Ouverture::Ouverte { .. } if f.etat == EtatFormation::Fermee.code() => {
            Ouverture::Fermee(RuleViolation::formation_fermee("modification"))
        }
        autre => autre,
    }
}

/// The draft beside what speaks for or against it, for the page.
pub(super) fn view(
    ctx: &Ctx,
    lu: &Lectures,
    session: &SessionAdmission,
    brouillon: &Brouillon<'_>,
    reouvertures: &Reouvertures,
) -> Result<Comparaison, AppError> {
    let (raisons, contexte) = lu.weigh(ctx, brouillon)?;
    let ligne = if raisons.is_empty() { None } else { lu.relecture(brouillon)? };
    let possible = |action| possible(ctx, session, reouvertures, brouillon.formation, action);
    let mut confirmation = possible(Action::ConfirmerCapacite);
    if let (true, Some(Err(regle))) = (confirmation.est_ouverte(), ligne.map(|l| deux(ctx, l))) {
        confirmation = Ouverture::Fermee(regle);
    }
    Ok(Comparaison {
        version: version(brouillon.formation, ligne),
        contexte,
        attente: attente(&raisons, ligne),
        raisons,
        relecture: ligne.cloned().map(|l| Relecture {
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

/// R-CAP-05: notes who typed numbers out of the ordinary in a draft, in the transaction that saves them. Gives the codes of the reasons,
/// for the journal.
pub(super) async fn note_saisie(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    lu: &Lectures,
    brouillon: &Brouillon<'_>,
    nombres: Nombres<'_>,
) -> Result<Vec<&'static str>, AppError> {
    let (f, groupes) = nombres.pose(brouillon.formation, brouillon.groupes);
    let (raisons, _) = lu.weigh(ctx, &Brouillon { formation: &f, groupes: &groupes })?;
    if let (false, Some(capacite)) = (raisons.is_empty(), f.capacite) {
        base::insert_relecture(tx, e, f.id, capacite, &places_json(&groupes)?).await?;
    }
    Ok(raisons.iter().map(Raison::code).collect())
}

/// Why numbers that are not written yet would be to be read again, by key of the course.
pub(super) async fn raisons_of(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    nombres: &BTreeMap<i64, Nombres<'_>>,
) -> Result<BTreeMap<i64, Vec<Raison>>, AppError> {
    let cles: Vec<i64> = nombres.keys().copied().collect();
    let formations = base::by_ids(c, &cles).await?;
    if formations.len() < cles.len() {
        return Err(AppError::NotFound);
    }
    let groupes = load_groupes_of(c, &cles).await?;
    let lu = Lectures::load(ctx, c, session, &formations).await?;
    let mut raisons = BTreeMap::new();
    for f in &formations {
        let Some(voulus) = nombres.get(&f.id) else { continue };
        let siens = groupes.get(&f.id).map_or(&[][..], Vec::as_slice);
        let (f, siens) = voulus.pose(f, siens);
        let (siennes, _) = lu.weigh(ctx, &Brouillon { formation: &f, groupes: &siens })?;
        raisons.insert(f.id, siennes);
    }
    Ok(raisons)
}

/// R-CAP-05: refuses to publish numbers out of the ordinary that no second person read. Gives the key of the reading that
/// they rest on, when they needed one.
pub(super) fn require_relue(
    ctx: &Ctx,
    lu: &Lectures,
    brouillon: &Brouillon<'_>,
) -> Result<Option<i64>, AppError> {
    if lu.weigh(ctx, brouillon)?.0.is_empty() {
        return Ok(None);
    }
    match lu.relecture(brouillon)? {
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
    action: Action,
) -> Result<ARelire, AppError> {
    let reouvertures = Reouvertures::load(tx, f.id).await?;
    if let Ouverture::Fermee(regle) = possible(ctx, session, &reouvertures, &f, action) {
        return Err(regle.into());
    }
    let groupes = load_groupes(tx, f.id).await?;
    let brouillon = Brouillon { formation: &f, groupes: &groupes };
    let lu = Lectures::load(ctx, tx, session, std::slice::from_ref(&f)).await?;
    let (raisons, _) = lu.weigh(ctx, &brouillon)?;
    if raisons.is_empty() {
        return Err(AppError::Conflict);
    }
    let ligne = lu.relecture(&brouillon)?.cloned();
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

/// R-CAP-06: tells those of the establishment who may confirm numbers that have just been explained, neither who typed them nor who
/// explained them. Another reason for the same numbers tells nobody again.
async fn announce(tx: &Tx, ctx: &Ctx, annee: i64, a: &ARelire) -> Result<(), AppError> {
    if a.ligne.as_ref().is_some_and(|l| l.explique().is_some()) {
        return Ok(());
    }
    let saisie = a.ligne.as_ref().and_then(|l| l.cree_par);
    let sauf: Vec<i64> = saisie.into_iter().chain(ctx.acteur.compte).collect();
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| r.is_over_etablissement()).collect();
    let phrase = format!(
        "La capacité de la formation « {} » sort de l’ordinaire et son motif est écrit : elle attend qu’une deuxième \
         personne de l’établissement la confirme.",
        intitule(&a.formation.libelle, &a.formation.detail)
    );
    let chemin = format!("/gestion/{annee}/formations/{}/relecture", a.formation.public_id);
    let annonce = Annonce {
        modele: "capacite_a_confirmer",
        sujet: "une capacité est à confirmer",
        phrase: &phrase,
        invite: "Connectez-vous pour la relire",
        chemin: &chemin,
        sauf: &sauf,
    };
    announce_to(tx, ctx, &cible(&a.formation), (Action::ConfirmerCapacite, roles.as_slice()), &annonce).await
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
    let a = load_a_relire(ctx, &tx, &session, f, Action::ModifierCapacites).await?;
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
    announce(&tx, ctx, annee, &a).await?;
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
    let a = load_a_relire(ctx, &tx, &session, f, Action::ConfirmerCapacite).await?;
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
