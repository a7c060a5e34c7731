//! Many courses at once: confirming those that have not changed, the same field in all of them.

use std::collections::HashMap;

use domain::calendrier::Etape;
use domain::droits::{self, Action};
use domain::formations::controle::EtatControle;
use domain::formations::description::{Champ, Description, Rubrique, Valeur};
use domain::formations::{EtatFormation, Genre};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::formations::{self as base, FiltreGestion, LigneDescription, LigneGestion};

use super::controle::{LaisseeDeCote, is_controlee};
use super::description::{
    Changement, Confirmation, Plume, changes_since, demande, demande_lot, dits, genre, genre_de, lit,
    load_description, version_brouillon, version_of, view_description,
};
use super::gestion::{ManqueFormation, Retournee, attentes, cible_of, manques as chiffres_manquants};
use super::intitule;
use super::parametrage::{Ouverture, is_lisible, ouverture};
use super::vraisemblance::AttenteCapacite;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::sessions::{self, SessionAdmission};

/// A course of the list from which many are changed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// R-CTL-04: returned, and not submitted again.
    pub retournee: Option<Retournee>,
    /// Carried over from last year, and nobody has said yet that it is right.
    pub a_confirmer: bool,
    /// The same, with when it was said.
    pub confirmation: Confirmation,
}

impl LigneLot {
    /// R-FOR-14, R-CGE-18: waits only to be confirmed, with others if one wishes.
    pub fn is_confirmable(&self) -> bool {
        self.a_confirmer && self.manques == 0 && self.grille.total() == 0
    }
}

/// The courses whose description the person reads.
#[derive(Debug, Clone)]
pub struct ListeLot {
    /// The one listed.
    pub session: SessionAdmission,
    /// As many as one act may be about, by establishment then label.
    pub lignes: Vec<LigneLot>,
    /// All of those of the perimeter.
    pub total: i64,
    /// Whether the person may write descriptions now.
    pub modification: Ouverture,
    /// Whether the person may write capacities now.
    pub capacites: Ouverture,
    /// Whether the person may submit courses to the academic service now; `None`: this session is not reviewed.
    pub soumission: Option<Ouverture>,
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
    /// Whether the person may write anything of them now, capacities and fees included: these close later (R-FOR-19).
    pub saisie: Ouverture,
    /// (public identifier, course and establishment), as many as one act may be about.
    pub formations: Vec<(String, String)>,
    /// Name of the establishment, when all of these are of one.
    pub seul: Option<String>,
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

pub(super) async fn charge(ctx: &Ctx, annee: i64) -> Result<Charge, AppError> {
    let db = &ctx.app.db;
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let filtre = FiltreGestion { session: session.id, modifiables: true, ..FiltreGestion::default() };
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

/// The courses of the person, by establishment then label.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session.
pub async fn view_lot(ctx: &Ctx, annee: i64) -> Result<Lot, AppError> {
    let c = charge(ctx, annee).await?;
    let nom = |l: LigneGestion| {
        let titre = format!("{} – {}", intitule(&l.libelle, &l.detail), l.etablissement);
        (l.public_id, titre)
    };
    let premiere = c.lignes.first().map(|l| l.etablissement.clone());
    Ok(Lot {
        seul: premiere.filter(|e| c.lignes.iter().all(|l| l.etablissement == *e)),
        session: c.session,
        total: c.total,
        saisie: if c.capacites.est_ouverte() { c.capacites } else { c.modification.clone() },
        modification: c.modification,
        formations: c.lignes.into_iter().map(nom).collect(),
    })
}

/// Lists the courses of the person with what differs from last year.
///
/// # Errors
/// [`AppError::Denied`] for someone without a role on courses; [`AppError::NotFound`] for an unknown session.
pub async fn list_lot(ctx: &Ctx, annee: i64) -> Result<ListeLot, AppError> {
    let Charge { session, total, modification, capacites, soumission, lignes } = charge(ctx, annee).await?;
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
    let mut vues = Vec::with_capacity(lignes.len());
    for l in lignes {
        let genre = genre_de(&l.famille, &l.libelle);
        let ligne = descriptions.get(&l.id);
        let d = ligne.map_or_else(|| Ok(Description::default()), |x| lit(&x.contenu, genre))?;
        let avant = l.precedente_id.and_then(|id| descriptions.get(&id));
        let avant = avant.map(|x| lit(&x.contenu, genre)).transpose()?;
        let confirmation = Confirmation::of(ligne);
        let soumise = l.controle.as_deref() == Some(EtatControle::Soumise.code());
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
            soumise,
            retournee,
            a_confirmer: confirmation == Confirmation::Attendue && !soumise,
            confirmation,
            id: l.public_id,
            version: l.version,
            etablissement: l.etablissement,
        });
    }
    Ok(ListeLot { session, lignes: vues, total, modification, capacites, soumission })
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
/// its draft that the person read: one that changed meanwhile is left aside (TRX-4). Nothing is confirmed where something is missing,
/// or where the grid is to be put right; one whose grid is to be read again is confirmed alone (R-CGE-18).
///
/// # Errors
/// [`AppError::Rule`] outside the step; [`RuleViolation::DescriptionIncomplete`], [`RuleViolation::GrilleFautive`] within
/// [`RuleViolation::DansLot`], or [`RuleViolation::GrilleARelire`] for the first course that is not to be confirmed so;
/// [`AppError::Conflict`] when each of them changed since it was read: nothing is then confirmed.
pub async fn confirm_descriptions(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<Recepisse, AppError> {
    let demande = demande_lot("confirmation", annee, choisies)?;
    let ids: Vec<PublicId> = choisies.iter().map(|(id, _)| id.clone()).collect();
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let plume = Plume { tx: &tx, ctx, session: &session };
    let formations = plume.load_all(&ids, &[]).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let mut lues = Vec::with_capacity(formations.len());
    let mut bilan = BilanConfirmation::default();
    for (f, (_, vue)) in formations.iter().zip(choisies) {
        let (d, ligne) = load_description(&tx, f).await?;
        if version_brouillon(f, ligne.as_ref()) == *vue {
            lues.push((f, d));
        } else {
            bilan.laissees.push(LaisseeDeCote::new(f, &[RuleViolation::ModifieeDepuis]));
        }
    }
    if lues.is_empty() {
        return Err(AppError::Conflict);
    }
    for (f, d) in &lues {
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
        if grille.a_verifier > 0 && formations.len() > 1 {
            let formation = intitule(&f.libelle, &f.detail);
            return Err(RuleViolation::GrilleARelire { formation, points: grille.a_verifier }.into());
        }
        plume.write(f, &[], true).await.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?;
        bilan.formations.push(f.public_id.clone());
    }
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, CONFIRMATION, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
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
    /// What it says now, as it is read; empty: nothing.
    pub actuel: String,
    /// The kind of course has the field, and the person may write it now.
    pub possible: bool,
}

/// The same field in the courses chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampDesFormations {
    /// In the order asked for.
    pub lignes: Vec<ChampFormation>,
    /// TRX-4: what goes along with the form; it changes when the field does, in any of them.
    pub version: i64,
}

/// What a field says in each of these courses.
///
/// # Errors
/// [`AppError::NotFound`] for a course that the person does not read.
pub async fn field_of_courses(
    ctx: &Ctx,
    annee: i64,
    ids: &[PublicId],
    champ: &'static Champ,
) -> Result<ChampDesFormations, AppError> {
    let mut lignes = Vec::with_capacity(ids.len());
    let mut valeurs = Vec::with_capacity(ids.len());
    for id in ids {
        let v = view_description(ctx, annee, id).await?;
        let actuel = match v.description.valeur(champ.code) {
            Some(Valeur::Texte(t)) if v.frais_lisibles || champ.rubrique != Rubrique::Frais => {
                v.lieux.lisible(champ, t)
            }
            _ => String::new(),
        };
        valeurs.push((id.as_str().to_owned(), v.description.texte(champ.code).to_owned()));
        lignes.push(ChampFormation {
            possible: champ.concerne(v.genre) && v.is_ouvert(champ),
            id: v.id,
            libelle: v.intitule.libelle,
            etablissement: v.intitule.etablissement,
            actuel,
        });
    }
    Ok(ChampDesFormations { lignes, version: version_of(&valeurs) })
}

/// Writes the same field in many courses: all of them or none.
///
/// # Errors
/// As [`save_rubrique`], for the first course that refuses; [`AppError::Conflict`] when the field changed in one of them since
/// the form was shown.
pub async fn set_field(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    ids: &[PublicId],
    changement: &Changement,
) -> Result<Recepisse, AppError> {
    let codes: Vec<&str> = ids.iter().map(PublicId::as_str).collect();
    let demande = demande("champ_en_nombre", annee, &(&codes, dits(std::slice::from_ref(changement))))?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let plume = Plume { tx: &tx, ctx, session: &session };
    let formations = plume.load_all(ids, &[changement.0.rubrique]).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let mut valeurs = Vec::with_capacity(formations.len());
    for f in &formations {
        let (d, _) = load_description(&tx, f).await?;
        valeurs.push((f.public_id.clone(), d.texte(changement.0.code).to_owned()));
    }
    garde.check_version(version_of(&valeurs))?;
    let mut changees = Vec::new();
    let mut publiees = 0;
    for f in &formations {
        let ecrit = plume.write(f, std::slice::from_ref(changement), false).await;
        if !ecrit.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?.is_empty() {
            changees.push(f.public_id.clone());
            publiees += u64::from(f.etat == EtatFormation::Publiee.code());
        }
    }
    let contenu = json!({ "champ": changement.0.code, "formations": changees, "publiees": publiees });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, CHAMP, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// The receipt of descriptions confirmed.
const CONFIRMATION: &str = "descriptions_confirmees";
/// That of a field written in many courses.
const CHAMP: &str = "champ_ecrit";

/// What a confirmation of many courses did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilanConfirmation {
    /// Public identifiers of those confirmed.
    pub formations: Vec<String>,
    /// Those that changed since they were shown, in the order asked for.
    #[serde(default)]
    pub laissees: Vec<LaisseeDeCote>,
}

/// What an act on many courses did, as its receipt says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BilanLot {
    /// Descriptions were confirmed.
    Confirmees(BilanConfirmation),
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
    let confirmees: Option<BilanConfirmation> = idempotence::contenu_de(ctx, numero, CONFIRMATION).await?;
    if let Some(bilan) = confirmees {
        return Ok(Some(BilanLot::Confirmees(bilan)));
    }
    let ecrites: Option<Contenu> = idempotence::contenu_de(ctx, numero, CHAMP).await?;
    Ok(ecrites.map(|c| BilanLot::Ecrites { formations: c.formations.len(), publiees: c.publiees }))
}
