//! Many courses at once: confirming those that have not changed, the same field in all of them.

use std::collections::{HashMap, HashSet};

use domain::calendrier::Etape;
use domain::droits::{self, Action};
use domain::etablissements::Partie;
use domain::formations::controle::{EtatControle, champs_controles};
use domain::formations::description::{
    Champ, Description, FRAIS, LigneListe, PRESENTATION, Rubrique, Valeur, join_lignes,
};
use domain::formations::{EtatFormation, Genre, mots_recherche};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Sql;
use store::formations::{self as base, FiltreGestion, LigneDescription, LigneFormation, LigneGestion};

use super::bilan::{Bilan, IssueLot, LaisseeDeCote};
use super::classeur::cibles_decrites;
use super::controle::{Reouvertures, is_controlee};
use super::description::{
    Confirmation, Lieux, Lue, Plume, SANS_CHAMP, changes_since, check, demande, demande_lot, genre, genre_de,
    lit, version_brouillon, version_of,
};
use super::enregistrer::{LuAvant, write_propre};
use super::gestion::{
    ManqueFormation, Retournee, attentes, cible_of, manques as chiffres_manquants, says_what_is_published,
};
use super::parametrage::{Ouverture, is_lisible, is_places_published, ouverture};
use super::vraisemblance::AttenteCapacite;
use super::{cible, distinctes, intitule, load_groupes_of, load_many};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::messages;
use crate::sessions::{self, SessionAdmission};

/// A course of the list from which many are changed at once.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneLot {
    /// Public identifier.
    pub id: String,
    /// TRX-4: of the draft that is shown, its description included; what goes along with its box.
    pub version: i64,
    /// Course and detail.
    pub libelle: String,
    /// Name of the establishment.
    pub etablissement: String,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// Kind of course.
    pub genre: Genre,
    /// Fields still missing, fees apart.
    pub manques: usize,
    /// What the reading of its grid finds.
    pub grille: Decompte,
    /// What is to be filled in or settled before it is submitted, by name; `None`: nothing is submitted in this session, or the person
    /// does not read its numbers (R-DRO-04).
    pub a_fournir: Option<Vec<&'static str>>,
    /// Labels of the fields that differ from last year; `None`: nothing to compare with.
    pub changes: Option<Vec<&'static str>>,
    /// It waits for the answer of the academic service: whoever submitted it said that it is right.
    pub soumise: bool,
    /// The public reads what its draft says, and nothing of it is returned: there is nothing to send.
    pub publiee: bool,
    /// R-CTL-04: returned, and not submitted again.
    pub retournee: Option<Retournee>,
    /// Carried over from last year, and nobody has said yet that it is right: neither by confirming it nor by submitting it.
    pub a_confirmer: bool,
    /// The same, with when it was said.
    pub confirmation: Confirmation,
    /// R-FOR-28: codes of the fields that many courses may say alike and that may be written in it now, in the order of the forms.
    pub ouverts: Vec<&'static str>,
    /// R-CTL-04: some of these are open although their step is closed.
    pub rouverte: bool,
    /// Why none of these may be written, in French; `None`: some may.
    pub fermeture: Option<String>,
    /// R-CTL-08, R-CTL-04: whether the person may submit it now: its step is open, or a return or a request lets it be; `None`: this
    /// session is not reviewed.
    pub soumission: Option<Ouverture>,
}

impl LigneLot {
    /// R-FOR-14, R-CGE-18: waits only to be confirmed, with others if one wishes.
    pub fn is_confirmable(&self) -> bool {
        self.a_confirmer && self.manques == 0 && self.grille.total() == 0
    }

    /// R-CTL-08, R-CTL-04: the person may submit it now, with others if one wishes.
    pub fn is_soumettable(&self) -> bool {
        self.soumission.as_ref().is_some_and(Ouverture::est_ouverte)
    }

    /// R-CTL-08, R-CGE-18: it waits only to be submitted, with others if one wishes.
    pub fn is_prete(&self) -> bool {
        let rien_a_fournir = self.a_fournir.as_ref().is_some_and(Vec::is_empty);
        self.is_soumettable()
            && !self.soumise
            && !self.publiee
            && rien_a_fournir
            && self.grille.a_verifier == 0
    }
}

/// The courses whose description the person reads.
#[derive(Debug, Clone)]
pub struct ListeLot {
    /// The one listed.
    pub session: SessionAdmission,
    /// As many as one act may be about, by establishment then label.
    pub lignes: Vec<LigneLot>,
    /// All of those of the perimeter that are looked for.
    pub total: i64,
    /// Whether the person may write descriptions now.
    pub modification: Ouverture,
    /// Whether the person may write capacities now.
    pub capacites: Ouverture,
    /// Whether the step of submission is open to the person, whatever is reopened of each; `None`: this session is not reviewed.
    pub soumission: Option<Ouverture>,
}

impl ListeLot {
    /// R-FOR-28: whether the person may write a field of some of them now. The page is for those who write descriptions.
    pub fn is_ouvert(&self, champ: &Champ) -> bool {
        self.modification != Ouverture::SansDroit
            && self.lignes.iter().any(|l| l.ouverts.contains(&champ.code))
    }

    /// R-FOR-28: whether the person may write some field of this one now, with others.
    pub fn is_saisissable(&self, l: &LigneLot) -> bool {
        self.modification != Ouverture::SansDroit && !l.ouverts.is_empty()
    }

    /// R-FOR-28, R-CTL-04: how many of them have fields open although their step is closed: what may be written is not the same in all.
    pub fn rouvertes(&self) -> usize {
        self.lignes.iter().filter(|l| l.rouverte && self.is_saisissable(l)).count()
    }

    /// R-CTL-08: whether the person may submit some of them now.
    pub fn is_soumettable(&self) -> bool {
        self.lignes.iter().any(LigneLot::is_soumettable)
    }

    /// R-CTL-08, R-CTL-04: why most of them are no longer submitted, in French, and how many still are; `None`: the step is open, or
    /// none is.
    pub fn resoumettables(&self) -> Option<(String, usize)> {
        let Some(Ouverture::Fermee(regle)) = &self.soumission else { return None };
        let combien = self.lignes.iter().filter(|l| l.is_soumettable()).count();
        (combien > 0).then(|| (messages::regle(regle), combien))
    }
}

/// The courses of a person whose description many acts are about, and what may be done to them now.
#[derive(Debug, Clone)]
pub struct Lot {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// All of those of the perimeter, closed ones left out.
    pub total: i64,
    /// Whether the person may write some of the descriptions now.
    pub modification: Ouverture,
    /// Whether a file of the person may write anything of them now, capacities and fees included: these close later (R-FOR-19). For
    /// somebody who writes none of them, or has none: of an establishment that they describe (R-ETA-14).
    pub saisie: Ouverture,
    /// R-CTL-04, R-VIE-11: how many of them have a field that a file of the person may write although its step is closed.
    pub rouvertes: usize,
    /// R-ETA-12: whether a file of the person tells the open days of one of their establishments, all year.
    pub journees: bool,
    /// (public identifier, course and establishment), as many as one act may be about.
    pub formations: Vec<(String, String)>,
    /// Name of the establishment, when all of these are of one.
    pub seul: Option<String>,
}

/// What may be written in a course now, of the fields that many may say alike.
struct Saisie {
    ouverts: Vec<&'static str>,
    rouverte: bool,
    fermeture: Option<String>,
}

impl Saisie {
    /// `reouvertures`: those of the course.
    fn of(ctx: &Ctx, session: &SessionAdmission, l: &LigneGestion, reouvertures: &Reouvertures) -> Self {
        let cible = cible_of(session.id, l);
        let genre = genre_de(&l.famille, &l.libelle);
        let ouvertures = Rubrique::ALL.map(|r| (r, ouverture(ctx, session, &cible, r.action(), r.etape())));
        let of = |rubrique: Rubrique| {
            ouvertures.iter().find(|(r, _)| *r == rubrique).map_or(&Ouverture::SansDroit, |(_, o)| o)
        };
        let (mut ouverts, mut rouverte) = (Vec::new(), false);
        for champ in Champ::partageables().filter(|c| c.concerne(genre)) {
            let etape = of(champ.rubrique);
            if reouvertures.prolonge(etape.clone(), [champ.code], ctx.campagne_le).est_ouverte() {
                ouverts.push(champ.code);
                rouverte |= !etape.est_ouverte();
            }
        }
        // What closes first says why: fees close with capacities, after all the rest.
        let lecture = "Votre rôle permet de lire ces informations, pas de les modifier.";
        let fermeture =
            if ouverts.is_empty() { empechement(of(Rubrique::Caracteristiques), lecture) } else { None };
        Self { ouverts, rouverte, fermeture }
    }
}

/// Whether the calendar has closed it, which a return or a request may reopen.
fn is_close(ouverture: &Ouverture) -> bool {
    matches!(ouverture, Ouverture::Fermee(RuleViolation::Closed { .. }))
}

/// Why this may not be written now, in French; `None`: it may. `lecture`: what is said to who only reads.
pub(super) fn empechement(ouverture: &Ouverture, lecture: &str) -> Option<String> {
    match ouverture {
        Ouverture::Ouverte { .. } | Ouverture::Permanente => None,
        Ouverture::Fermee(regle) => Some(messages::regle(regle)),
        Ouverture::SansDroit => Some(lecture.to_owned()),
    }
}

/// The courses that many acts are about, and what the person may do to some of them now.
pub(super) struct Charge {
    pub session: SessionAdmission,
    pub total: i64,
    modification: Ouverture,
    pub capacites: Ouverture,
    soumission: Ouverture,
    pub lignes: Vec<LigneGestion>,
}

/// `mots`: what they are looked for by, normalised; none: all of them.
pub(super) async fn charge(ctx: &Ctx, annee: i64, mots: Vec<String>) -> Result<Charge, AppError> {
    let db = &ctx.app.db;
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let filtre = FiltreGestion { session: session.id, modifiables: true, mots, ..FiltreGestion::default() };
    let total = base::count_gestion(db, &scope, &filtre).await?;
    let lignes = base::list_gestion(db, &scope, &filtre, ctx.app.limites.lot_formations, 0).await?;
    let premiere = |action: Action, etape: Etape| {
        let ici = lignes.iter().map(|l| ouverture(ctx, &session, &cible_of(session.id, l), action, etape));
        ici.into_iter().find(|o| *o != Ouverture::SansDroit).unwrap_or(Ouverture::SansDroit)
    };
    let modification = premiere(Action::ModifierFormation, Rubrique::Caracteristiques.etape());
    let capacites = premiere(Action::ModifierCapacites, Etape::CapacitesFrais);
    let soumission = premiere(Action::PublierFormation, Etape::CapacitesFrais);
    Ok(Charge { session, total, modification, capacites, soumission, lignes })
}

/// How many of the courses have a field, places of its groups included, that the person may write although its step is closed.
async fn count_rouvertes(ctx: &Ctx, c: &Charge) -> Result<usize, AppError> {
    if !is_close(&c.modification) && !is_close(&c.capacites) {
        return Ok(0);
    }
    let cles: Vec<i64> = c.lignes.iter().map(|l| l.id).collect();
    let reouvertures = Reouvertures::load_all(&ctx.app.db, &cles).await?;
    let rouverte = |l: &&LigneGestion| {
        let Some(siennes) = reouvertures.get(&l.id) else { return false };
        let cible = cible_of(c.session.id, l);
        let close =
            |action: Action, etape: Etape| is_close(&ouverture(ctx, &c.session, &cible, action, etape));
        let textes = close(Action::ModifierFormation, Rubrique::Caracteristiques.etape());
        let chiffres = close(Action::ModifierCapacites, Etape::CapacitesFrais);
        let frais = |code: &str| Champ::from_code(code).is_some_and(|c| c.rubrique == Rubrique::Frais);
        champs_controles(genre_de(&l.famille, &l.libelle)).into_iter().any(|(code, _)| {
            let sienne = if ["capacite", FRAIS].contains(&code) || frais(code) { chiffres } else { textes };
            sienne && siennes.ouvre(code, ctx.campagne_le)
        })
    };
    Ok(c.lignes.iter().filter(rouverte).count())
}

/// R-ETA-14: whether the person writes now what their establishments say of themselves, those that have no course included.
async fn maisons(ctx: &Ctx, c: &Charge) -> Result<Ouverture, AppError> {
    let connues = distinctes(c.lignes.iter().map(|l| l.etablissement_id));
    let decrites = cibles_decrites(ctx, c.session.id, &connues).await?;
    let ici = decrites
        .first()
        .map(|cible| ouverture(ctx, &c.session, cible, Action::ModifierEtablissement, Partie::ETAPE));
    Ok(ici.unwrap_or(Ouverture::SansDroit))
}

/// The courses of the person, by establishment then label.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session.
pub async fn view_lot(ctx: &Ctx, annee: i64) -> Result<Lot, AppError> {
    let c = charge(ctx, annee, Vec::new()).await?;
    // A file is read for whoever writes descriptions, whatever it changes.
    let (rouvertes, maisons, saisie) = if ctx.scope(Action::ModifierFormation).is_ok() {
        let saisie = if c.capacites.est_ouverte() { &c.capacites } else { &c.modification };
        (count_rouvertes(ctx, &c).await?, maisons(ctx, &c).await?, saisie.clone())
    } else {
        (0, Ouverture::SansDroit, Ouverture::SansDroit)
    };
    // R-ETA-12: closed or not, once the step has begun.
    let journees = maisons.est_ouverte() || is_close(&maisons);
    let nom = |l: LigneGestion| {
        let titre = format!("{} – {}", intitule(&l.libelle, &l.detail), l.etablissement);
        (l.public_id, titre)
    };
    let premiere = c.lignes.first().map(|l| l.etablissement.clone());
    Ok(Lot {
        seul: premiere.filter(|e| c.lignes.iter().all(|l| l.etablissement == *e)),
        session: c.session,
        total: c.total,
        rouvertes,
        journees,
        saisie: if saisie == Ouverture::SansDroit { maisons } else { saisie },
        modification: c.modification,
        formations: c.lignes.into_iter().map(nom).collect(),
    })
}

/// Lists the courses of the person with what differs from last year.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session.
pub async fn list_lot(ctx: &Ctx, annee: i64) -> Result<ListeLot, AppError> {
    search_lot(ctx, annee, "").await
}

/// R-FOR-29: the same, of the courses that have these words, of their establishment or of their town; no word: all of them.
///
/// # Errors
/// As [`list_lot`].
pub async fn search_lot(ctx: &Ctx, annee: i64, texte: &str) -> Result<ListeLot, AppError> {
    let Charge { session, total, modification, capacites, soumission, lignes } =
        charge(ctx, annee, mots_recherche(texte)).await?;
    let soumission = is_controlee(&ctx.app.db, session.id).await?.then_some(soumission);
    let mut cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    cles.extend(lignes.iter().filter_map(|l| l.precedente_id));
    let descriptions: HashMap<i64, LigneDescription> = base::descriptions(&ctx.app.db, &cles)
        .await?
        .into_iter()
        .map(|d| (d.formation_session_id, d))
        .collect();
    let attentes = match &soumission {
        Some(_) => attentes(ctx, &session, &lignes).await?,
        None => HashMap::new(),
    };
    // R-CTL-04: what is reopened of each, once a step is closed.
    let closes = [Some(&modification), Some(&capacites), soumission.as_ref()];
    let mut reouvertures = if closes.into_iter().flatten().any(is_close) {
        let siennes: Vec<i64> = lignes.iter().map(|l| l.id).collect();
        Reouvertures::load_all(&ctx.app.db, &siennes).await?
    } else {
        HashMap::new()
    };
    let publiees = published(&ctx.app.db, &lignes).await?;
    let mut vues = Vec::with_capacity(lignes.len());
    for l in lignes {
        let siennes = reouvertures.remove(&l.id).unwrap_or_default();
        let saisie = Saisie::of(ctx, &session, &l, &siennes);
        let envoi = soumission.as_ref().map(|_| soumission_of(ctx, &session, &l, &siennes));
        let genre = genre_de(&l.famille, &l.libelle);
        let ligne = descriptions.get(&l.id);
        let d = ligne.map_or_else(|| Ok(Description::default()), |x| lit(&x.contenu, genre))?;
        let avant = l.precedente_id.and_then(|id| descriptions.get(&id));
        let avant = avant.map(|x| lit(&x.contenu, genre)).transpose()?;
        let confirmation = Confirmation::of(ligne);
        let controle = l.controle.as_deref().and_then(EtatControle::from_code);
        let retournee = Retournee::of(ctx, &session, &l);
        let grille = match ligne {
            None => Decompte::default(),
            Some(x) => ctx.app.relues.points(&x.contenu, genre)?,
        };
        let lisible = soumission.is_some() && is_lisible(ctx, "capacite", &cible_of(session.id, &l));
        vues.push(LigneLot {
            a_fournir: lisible.then(|| a_fournir(&l, attentes.get(&l.id).copied(), &d, grille)),
            libelle: intitule(&l.libelle, &l.detail),
            genre,
            apprentissage: l.statut == domain::formations::StatutFormation::Apprentissage.code(),
            manques: d.manques(genre).into_iter().filter(|c| c.rubrique != Rubrique::Frais).count(),
            grille,
            changes: avant.map(|a| changes_since(&d, a, genre)),
            soumise: controle == Some(EtatControle::Soumise),
            publiee: publiees.contains(&l.id) && retournee.is_none(),
            retournee,
            a_confirmer: confirmation == Confirmation::Attendue
                && !matches!(controle, Some(EtatControle::Soumise | EtatControle::Acceptee)),
            confirmation,
            soumission: envoi,
            ouverts: saisie.ouverts,
            rouverte: saisie.rouverte,
            fermeture: saisie.fermeture,
            id: l.public_id,
            version: l.version,
            etablissement: l.etablissement,
        });
    }
    Ok(ListeLot { session, lignes: vues, total, modification, capacites, soumission })
}

/// The keys of those of which the public reads what their draft says, places of their groups included.
async fn published(c: &impl Sql, lignes: &[LigneGestion]) -> Result<HashSet<i64>, AppError> {
    let memes = |l: &&LigneGestion| l.etat == EtatFormation::Publiee.code() && says_what_is_published(l);
    let lues: Vec<&LigneGestion> = lignes.iter().filter(memes).collect();
    let cles: Vec<i64> = lues.iter().map(|l| l.id).collect();
    let groupes = load_groupes_of(c, &cles).await?;
    let mut publiees = HashSet::new();
    for l in lues {
        let siens = groupes.get(&l.id).map_or(&[][..], Vec::as_slice);
        let publies = l.publiee_groupes.as_deref().unwrap_or("[]");
        if is_places_published(siens, (publies, l.publiee_capacite))? {
            publiees.insert(l.id);
        }
    }
    Ok(publiees)
}

/// R-CTL-04: whether the person may submit a course now, as its own page says it. `reouvertures`: those of the course.
fn soumission_of(
    ctx: &Ctx,
    session: &SessionAdmission,
    l: &LigneGestion,
    reouvertures: &Reouvertures,
) -> Ouverture {
    let cible = cible_of(session.id, l);
    let ici = ouverture(ctx, session, &cible, Action::PublierFormation, Etape::CapacitesFrais);
    reouvertures.prolonge_soumission(ici, ctx.campagne_le)
}

/// What keeps a course from being submitted: its numbers, its description, then a grid to put right.
fn a_fournir(
    l: &LigneGestion,
    attente: Option<AttenteCapacite>,
    d: &Description,
    grille: Decompte,
) -> Vec<&'static str> {
    let chiffres = chiffres_manquants(l.capacite, l.frais_centimes, l.places);
    let mut noms: Vec<&str> = chiffres.into_iter().map(ManqueFormation::libelle).collect();
    noms.extend(attente.map(|a| match a {
        AttenteCapacite::Motif => "motif de la capacité",
        AttenteCapacite::Confirmation => "confirmation de la capacité",
    }));
    noms.extend(d.manques(genre_de(&l.famille, &l.libelle)).into_iter().map(|c| c.libelle));
    if grille.bloquants > 0 {
        noms.push("correction de la grille");
    }
    noms
}

/// R-FOR-14: says that what was carried over from last year is right for this session, in one or many courses, each at the version of
/// its draft that the person read: one that changed meanwhile is left aside (TRX-4), and nothing is done, without a receipt, when each of
/// them did. Nothing is confirmed where something is missing, or where the grid is to be put right; one whose grid is to be read again is
/// confirmed alone (R-CGE-18).
///
/// # Errors
/// [`AppError::Rule`] outside the step; [`RuleViolation::DescriptionIncomplete`], [`RuleViolation::GrilleFautive`] within
/// [`RuleViolation::DansLot`], or [`RuleViolation::GrilleARelire`] for the first course that is not to be confirmed so.
pub async fn confirm_descriptions(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<IssueLot, AppError> {
    let demande = demande_lot("confirmation", annee, choisies)?;
    let choisies = first_named(choisies);
    let ids: Vec<PublicId> = choisies.iter().map(|(id, _)| id.clone()).collect();
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let plume = Plume { tx: &tx, ctx, session: &session };
    let formations = plume.load_all(&ids, &[]).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Ok(recepisse));
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let mut lues = Lue::load_all(&tx, &formations).await?;
    let mut retenues = Vec::with_capacity(formations.len());
    let mut bilan = Bilan::default();
    for (f, (_, vue)) in formations.iter().zip(choisies) {
        let ligne = lues.get(&f.id).and_then(|l| l.ligne.as_ref());
        if version_brouillon(f, ligne) == *vue {
            retenues.push(f);
        } else {
            bilan.laissees.push(LaisseeDeCote::new(f, &[RuleViolation::ModifieeDepuis]));
        }
    }
    if retenues.is_empty() {
        return Ok(Err(bilan));
    }
    let mut confirmees = Vec::with_capacity(retenues.len());
    for f in retenues {
        let lue = lues.remove(&f.id).unwrap_or_default();
        require_confirmable(f, &lue.description, formations.len() > 1)?;
        let ecrite = plume.prepare(f, lue, &[], true);
        confirmees.extend(ecrite.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?);
        bilan.faites.push(f.public_id.clone());
    }
    plume.write_all(&confirmees, true).await?;
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, CONFIRMATION, None, &contenu).await?;
    tx.commit().await?;
    Ok(Ok(recepisse))
}

/// R-FOR-14, R-CGE-18: nothing is missing in the description, nor to be put right in its grid; with others (`plusieurs`), nothing is to be
/// read again there either.
fn require_confirmable(f: &LigneFormation, d: &Description, plusieurs: bool) -> Result<(), AppError> {
    // Fees have a later step: they are asked for at publication.
    let manques: Vec<&'static str> = d
        .manques(genre(f))
        .into_iter()
        .filter(|c| c.rubrique != Rubrique::Frais)
        .map(|c| c.libelle)
        .collect();
    if !manques.is_empty() {
        let formation = intitule(&f.libelle, &f.detail);
        return Err(RuleViolation::DescriptionIncomplete { formation, champs: manques }.into());
    }
    let grille = Decompte::of(&d.constats());
    if grille.bloquants > 0 {
        let fautive = AppError::from(RuleViolation::GrilleFautive { regles: grille.bloquants });
        return Err(fautive.dans_lot(|| intitule(&f.libelle, &f.detail)));
    }
    if grille.a_verifier > 0 && plusieurs {
        let formation = intitule(&f.libelle, &f.detail);
        return Err(RuleViolation::GrilleARelire { formation, points: grille.a_verifier }.into());
    }
    Ok(())
}

/// What is written of a field in many courses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum EcritureLot {
    /// It says this from now on.
    Dire(Valeur),
    /// A list: these lines come after those of each course, which it keeps; one that is there already is not repeated.
    Ajouter(Vec<LigneListe>),
}

impl EcritureLot {
    /// What the field says from then on, where it says this.
    fn over(&self, actuel: Option<&Valeur>) -> Valeur {
        match (self, actuel) {
            (Self::Dire(valeur), _) => valeur.clone(),
            (Self::Ajouter(lignes), Some(Valeur::Lignes(siennes))) => {
                Valeur::Lignes(join_lignes(siennes, lignes))
            }
            (Self::Ajouter(lignes), _) => Valeur::Lignes(join_lignes(&[], lignes)),
        }
    }
}

/// What one field says in a course of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampFormation {
    /// Public identifier of the course.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name of the establishment.
    pub etablissement: String,
    /// What it says now, as it is read, line by line; none: nothing.
    pub actuel: Vec<String>,
    /// What it would say; none when nothing is to be written yet.
    pub apres: Vec<String>,
    /// It would say something else.
    pub change: bool,
    /// Why it may not be written there, in French; `None`: it may.
    pub empechement: Option<String>,
}

/// The same field in the courses chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampDesFormations {
    /// In the order asked for, each once.
    pub lignes: Vec<ChampFormation>,
    /// First instant too late for the first of those where it may be written; `None`: it may be written in none.
    pub ferme: Option<Timestamp>,
    /// TRX-4: what goes along with the form; it changes when the field does, in any of them.
    pub version: i64,
}

/// What a field says in a course.
fn valeur(f: &LigneFormation, lue: &Lue, champ: &Champ) -> Option<Valeur> {
    match champ.code {
        FRAIS => f.frais_centimes.map(|centimes| Valeur::Texte(centimes.to_string())),
        PRESENTATION if f.presentation.is_empty() => None,
        PRESENTATION => Some(Valeur::Texte(f.presentation.clone())),
        code => lue.description.valeur(code).cloned(),
    }
}

/// What is said of a field to who only reads it in a course.
pub(super) const LECTURE_SEULE: &str = "Votre rôle ne permet pas de l’y modifier.";

/// Until when a field may be written in a course, when that is known; else why it may not be now, in French.
fn fermeture(
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    champ: &'static Champ,
    reouvertures: &Reouvertures,
) -> Result<Option<Timestamp>, String> {
    if f.etat == EtatFormation::Fermee.code() {
        return Err(messages::regle(&RuleViolation::formation_fermee("modification")));
    }
    if !champ.concerne(genre(f)) {
        return Err(SANS_CHAMP.to_owned());
    }
    let ici = ouverture(ctx, session, &cible(f), champ.rubrique.action(), champ.rubrique.etape());
    let ici = reouvertures.prolonge(ici, [champ.code], ctx.campagne_le);
    if let Some(motif) = empechement(&ici, LECTURE_SEULE) {
        return Err(motif);
    }
    Ok(match ici {
        Ouverture::Ouverte { ferme } => Some(ferme),
        _ => None,
    })
}

/// What a field says, as it is read, line by line.
fn lisible(champ: &Champ, valeur: Option<&Valeur>) -> Vec<String> {
    match valeur {
        None => Vec::new(),
        Some(Valeur::Texte(t)) => champ.lisible(t).lines().map(str::to_owned).collect(),
        Some(Valeur::Lignes(lignes)) => champ.lignes_lisibles(lignes),
    }
}

/// Each of these courses once, in order.
pub(super) fn une_fois(ids: &[PublicId]) -> Vec<PublicId> {
    let mut vus = HashSet::new();
    ids.iter().filter(|id| vus.insert(id.as_str())).cloned().collect()
}

/// Each of these courses once, in order, at the version first named.
pub(super) fn first_named(choisies: &[(PublicId, i64)]) -> Vec<&(PublicId, i64)> {
    let mut vus = HashSet::new();
    choisies.iter().filter(|c| vus.insert(c.0.as_str())).collect()
}

/// R-FOR-28: what a field says in each of these courses, and what it would say once this is written there.
///
/// # Errors
/// [`AppError::NotFound`] for a course that the person does not read, or a field that many courses do not say alike.
pub async fn field_of_courses(
    ctx: &Ctx,
    annee: i64,
    ids: &[PublicId],
    champ: &'static Champ,
    voulue: Option<&EcritureLot>,
) -> Result<ChampDesFormations, AppError> {
    let db = &ctx.app.db;
    if !champ.is_partageable() {
        return Err(AppError::NotFound);
    }
    let session = sessions::session(db, annee).await?;
    let mut formations = Vec::with_capacity(ids.len());
    for f in load_many(db, &session, &une_fois(ids)).await? {
        let f = f.ok_or(AppError::NotFound)?;
        ctx.permit(Action::ConsulterParametrage, &cible(&f))?;
        formations.push(f);
    }
    let mut lues = Lue::load_all(db, &formations).await?;
    let mut lignes = Vec::with_capacity(formations.len());
    let mut valeurs = Vec::with_capacity(formations.len());
    let mut fermetures = Vec::new();
    for f in formations {
        let lue = lues.remove(&f.id).unwrap_or_default();
        // R-DRO-04: not even the fingerprint of fees is given to those who do not read them.
        let lisibles = champ.rubrique != Rubrique::Frais || is_lisible(ctx, "frais_centimes", &cible(&f));
        let actuel = valeur(&f, &lue, champ).filter(|_| lisibles);
        let apres = voulue.map(|v| v.over(actuel.as_ref()));
        let lieux = Lieux::default();
        let fautes = apres.as_ref().and_then(|v| check(&session, champ, Some(v), (genre(&f), &lieux)).err());
        let fautes = fautes.map(|f| f.into_iter().map(|(_, dit)| dit).collect::<Vec<_>>().join(" "));
        let empechement = match fermeture(ctx, &session, &f, champ, &lue.reouvertures) {
            Err(motif) => Some(motif),
            Ok(ferme) => {
                fermetures.extend(ferme);
                fautes
            }
        };
        lignes.push(ChampFormation {
            change: empechement.is_none() && apres.is_some() && apres != actuel,
            actuel: lisible(champ, actuel.as_ref()),
            apres: lisible(champ, apres.as_ref()),
            empechement,
            libelle: intitule(&f.libelle, &f.detail),
            etablissement: f.etablissement,
            id: f.public_id.clone(),
        });
        valeurs.push((f.public_id, actuel));
    }
    Ok(ChampDesFormations { lignes, ferme: fermetures.into_iter().min(), version: version_of(&valeurs) })
}

/// The refusal of one course of several, with its name.
fn in_course(e: AppError, f: &LigneFormation) -> AppError {
    let nom = || intitule(&f.libelle, &f.detail);
    match e {
        AppError::Invalid(fautes) => {
            let dites = fautes.into_iter().map(|(champ, dit)| (champ, format!("{} : {dit}", nom())));
            AppError::Invalid(dites.collect())
        }
        autre => autre.dans_lot(nom),
    }
}

/// R-FOR-28: writes the same field in many courses, or the same lines in a list of theirs: all of them or none.
///
/// # Errors
/// As [`save_rubrique`](super::save_rubrique), or [`save_parametrage`](super::save_parametrage) for what is of the page of the course,
/// for the first course that refuses; [`AppError::Champ`] for a field that many courses do not say alike; [`AppError::Conflict`] when
/// the field changed in one of them since the form was shown.
pub async fn set_field(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    ids: &[PublicId],
    champ: &'static Champ,
    ecriture: &EcritureLot,
) -> Result<Recepisse, AppError> {
    if !champ.is_partageable() {
        return Err(AppError::Champ(champ.code.to_owned()));
    }
    let ids = une_fois(ids);
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let demande = demande("champ_en_nombre", annee, &(&codes, champ.code, ecriture))?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let plume = Plume { tx: &tx, ctx, session: &session };
    let formations = plume.load_all(&ids, &[champ.rubrique]).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let mut par_cle = Lue::load_all(&tx, &formations).await?;
    let lues: Vec<Lue> = formations.iter().map(|f| par_cle.remove(&f.id).unwrap_or_default()).collect();
    let cles: Vec<i64> = formations.iter().map(|f| f.id).collect();
    let groupes = if champ.is_propre() { load_groupes_of(&tx, &cles).await? } else { HashMap::new() };
    let valeurs: Vec<(&str, Option<Valeur>)> =
        formations.iter().zip(&lues).map(|(f, lue)| (f.public_id.as_str(), valeur(f, lue, champ))).collect();
    garde.check_version(version_of(&valeurs))?;
    let mut changees = Vec::new();
    let mut publiees = 0;
    for ((f, lue), (_, actuel)) in formations.iter().zip(lues).zip(&valeurs) {
        let nouvelle = ecriture.over(actuel.as_ref());
        let ecrit = if champ.is_propre() {
            check(&session, champ, Some(&nouvelle), (genre(f), &Lieux::default()))
                .map_err(|fautes| in_course(AppError::Invalid(fautes), f))?;
            let Valeur::Texte(texte) = &nouvelle else { return Err(AppError::Champ(champ.code.to_owned())) };
            let siens = groupes.get(&f.id).map_or(&[][..], Vec::as_slice);
            let lu = LuAvant { groupes: siens, reouvertures: &lue.reouvertures };
            write_propre(&tx, ctx, &session, f, &lu, (champ, texte)).await
        } else {
            plume
                .write_over(f, lue, &[(champ, Some(nouvelle))], false)
                .await
                .map(|changes| !changes.is_empty())
        };
        if ecrit.map_err(|e| in_course(e, f))? {
            changees.push(f.public_id.as_str());
            publiees += u64::from(f.etat == EtatFormation::Publiee.code());
        }
    }
    let contenu = json!({ "champ": champ.code, "formations": changees, "publiees": publiees });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, CHAMP, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// The receipt of descriptions confirmed.
const CONFIRMATION: &str = "descriptions_confirmees";
/// That of a field written in many courses.
const CHAMP: &str = "champ_ecrit";

/// What an act on many courses did, as its receipt says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BilanLot {
    /// Descriptions were confirmed.
    Confirmees(Bilan),
    /// The same field was written.
    Ecrites {
        /// In how many courses it changed.
        formations: usize,
        /// How many of those were published: what they say is to be sent again.
        publiees: u64,
    },
}

/// What an act on many courses did, by the number of its receipt; `None` for a receipt that is not one, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn view_bilan_lot(ctx: &Ctx, numero: &str) -> Result<Option<BilanLot>, AppError> {
    #[derive(Deserialize)]
    struct Contenu {
        formations: Vec<String>,
        #[serde(default)]
        publiees: u64,
    }
    let confirmees: Option<Bilan> = idempotence::contenu_de(ctx, numero, CONFIRMATION).await?;
    if let Some(bilan) = confirmees {
        return Ok(Some(BilanLot::Confirmees(bilan)));
    }
    let ecrites: Option<Contenu> = idempotence::contenu_de(ctx, numero, CHAMP).await?;
    Ok(ecrites.map(|c| BilanLot::Ecrites { formations: c.formations.len(), publiees: c.publiees }))
}
