//! R-FOR-24: last year's capacity and places put back in the draft of this year, in one course or in many, the differences shown
//! before. They are written as if they were typed: same rights, same step, same rules, same second reading.

use std::collections::{BTreeMap, HashMap};

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::formations::{Contexte, EtatFormation, Passee, PlacesGroupe, Raison, check_vraisemblance};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::formations::{self as base, LigneFormation, LigneGroupe, LignePassee};
use store::{Sql, Tx};

use super::bilan::{Bilan, IssueLot, LaisseeDeCote, named};
use super::description::{demande_lot, version_of};
use super::enregistrer::{
    Capacites, EnregistrerParametrage, LusAvant, Maniere, Valeurs, ecrit_parametrage, permit,
};
use super::gestion::cible_of;
use super::lot::{Charge, charge};
use super::parametrage::{is_lisible, ouverture};
use super::vraisemblance::{Lectures, Nombres, raisons_of};
use super::{Ouverture, cible, distinctes, intitule, load_groupes_of, load_many};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::messages;
use crate::sessions::{self, SessionAdmission};

/// A number that is not last year's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcartCapacite {
    /// « Capacité d’accueil », or the places of a group.
    pub libelle: String,
    /// Of the draft; `None`: not declared.
    pub ici: Option<i64>,
    /// Last year's.
    pub avant: i64,
}

/// What « comme l’an dernier » would do to the capacity of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneReconduction {
    /// Public identifier.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name of the establishment.
    pub etablissement: String,
    /// Capacity of the draft; `None`: not declared.
    pub capacite: Option<i64>,
    /// Last year's; `None`: not declared, or new this year.
    pub capacite_avant: Option<i64>,
    /// What would change; empty: nothing, or nothing that can be compared.
    pub ecarts: Vec<EcartCapacite>,
    /// Why it is left aside, in French.
    pub empechement: Option<String>,
    /// TRX-4: what goes along with its box; it changes with what is shown.
    pub version: i64,
}

impl LigneReconduction {
    /// Last year's numbers may be put back, and change something.
    pub fn is_reprenable(&self) -> bool {
        self.empechement.is_none() && !self.ecarts.is_empty()
    }

    /// It says last year's numbers.
    pub fn is_pareille(&self) -> bool {
        self.empechement.is_none() && self.ecarts.is_empty()
    }
}

/// The courses whose capacity may be put back to last year's.
#[derive(Debug, Clone)]
pub struct VueReconduction {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Those whose capacity the person reads, by establishment then label.
    pub lignes: Vec<LigneReconduction>,
    /// All of those of the perimeter.
    pub total: i64,
    /// Whether the person may write some of these capacities now.
    pub saisie: Ouverture,
}

/// The numbers of the draft of a course.
struct Present<'a> {
    capacite: Option<i64>,
    frais_centimes: Option<i64>,
    groupes: &'a [LigneGroupe],
}

/// What last year says of these numbers.
#[derive(Debug, Default, PartialEq)]
struct Etude {
    ecarts: Vec<EcartCapacite>,
    empechement: Option<String>,
    /// What would be written, and its places in the order of the groups.
    apres: Option<(Capacites, Vec<i64>)>,
}

impl Etude {
    fn empeche(motif: impl Into<String>) -> Self {
        Self { empechement: Some(motif.into()), ..Self::default() }
    }

    /// Last year's numbers beside those of the draft, within the rules of the form.
    fn new(p: &Present<'_>, avant: Option<(LignePassee, &[LigneGroupe])>) -> Self {
        let Some((passee, groupes)) = avant else {
            return Self::empeche("Nouvelle cette année : elle n’a pas de capacité de l’an dernier.");
        };
        let Some(capacite) = passee.capacite else {
            return Self::empeche(format!("Sa capacité n’était pas renseignée en {}.", passee.annee));
        };
        let seul = p.groupes.len() <= 1;
        let mut places = Vec::with_capacity(p.groupes.len());
        for g in p.groupes.iter().filter(|_| !seul) {
            let Some(siennes) = groupes.iter().find(|a| a.libelle == g.libelle) else {
                return Self::empeche(format!(
                    "Le groupe « {} » n’existait pas en {} : répartissez ses places sur la page de la formation.",
                    g.libelle, passee.annee
                ));
            };
            places.push((g.public_id.clone(), siennes.places));
        }
        let demande = Capacites { capacite: Some(capacite), frais_centimes: p.frais_centimes, places };
        let ici = Valeurs::of_chiffres(p.capacite, p.frais_centimes, p.groupes);
        let mut apres = ici.clone();
        if let Err(fautes) = apres.pose(&demande, p.groupes) {
            let dits: Vec<String> = fautes.liste().iter().map(messages::regle).collect();
            return Self::empeche(dits.join(" "));
        }
        let mut ecarts = Vec::new();
        if ici.capacite != apres.capacite {
            let libelle = "Capacité d’accueil".to_owned();
            ecarts.push(EcartCapacite { libelle, ici: ici.capacite, avant: capacite });
        }
        for (i, g) in p.groupes.iter().enumerate().filter(|_| !seul) {
            if ici.places[i] != apres.places[i] {
                // Without a capacity, places are not declared.
                let dites = ici.capacite.map(|_| ici.places[i]);
                let libelle = format!("Places du groupe « {} »", g.libelle);
                ecarts.push(EcartCapacite { libelle, ici: dites, avant: apres.places[i] });
            }
        }
        Self { ecarts, empechement: None, apres: Some((demande, apres.places)) }
    }

    /// R-CAP-01 to 04, 07: nothing is put back that would be held for a second reading: it is typed, and explained, on the page of the
    /// course.
    fn hold(&mut self, raisons: &[Raison]) {
        if !raisons.is_empty() {
            let dits: Vec<String> = raisons.iter().map(ToString::to_string).collect();
            let suite =
                "Si ce nombre est le bon, saisissez-le sur la page de la formation et écrivez-en le motif.";
            self.empechement = Some(format!("{} {suite}", dits.join(" ")));
        }
    }

    fn version(&self, id: &str) -> i64 {
        let ecarts: Vec<_> = self.ecarts.iter().map(|e| (&e.libelle, e.ici, e.avant)).collect();
        version_of(&(id, ecarts, &self.empechement))
    }
}

/// A course under study.
struct Sujet<'a> {
    /// Key of the course in its session.
    id: i64,
    present: Present<'a>,
    avant: Option<(LignePassee, &'a [LigneGroupe])>,
}

impl<'a> Sujet<'a> {
    /// `id`, and that of its course of the session before; `chiffres`: capacity and fees of the draft.
    fn new(
        (id, precedente): (i64, Option<i64>),
        (capacite, frais_centimes): (Option<i64>, Option<i64>),
        passees: &HashMap<i64, LignePassee>,
        groupes: &'a HashMap<i64, Vec<LigneGroupe>>,
    ) -> Self {
        let siens = |id: i64| groupes.get(&id).map_or(&[][..], Vec::as_slice);
        Self {
            id,
            present: Present { capacite, frais_centimes, groupes: siens(id) },
            avant: precedente.and_then(|id| Some((*passees.get(&id)?, siens(id)))),
        }
    }
}

/// What these courses had, by their key.
async fn load_passees(c: &impl Sql, anciennes: &[i64]) -> Result<HashMap<i64, LignePassee>, AppError> {
    let passees = base::capacites_passees(c, anciennes).await?;
    Ok(passees.into_iter().map(|p| (p.id, p)).collect())
}

/// R-CAP-01 to 04 and 07 where nothing is known of the course that is newer than last year: its past is enough to compare its numbers with.
fn raisons_d_un_an(ctx: &Ctx, s: &Sujet<'_>, nombres: Nombres<'_>) -> Vec<Raison> {
    let Some((passee, groupes)) = s.avant else { return Vec::new() };
    let capacite = nombres.capacite.unwrap_or(0);
    let derniere = Passee { annee: passee.annee, capacite, ..Passee::default() };
    let places_avant = |l: &str| groupes.iter().find(|a| a.libelle == l).map(|a| a.places);
    let dits = s.present.groupes.iter().zip(nombres.places).map(|(g, n)| PlacesGroupe {
        libelle: g.libelle.clone(),
        series: g.series.clone(),
        places: *n,
        avant: places_avant(&g.libelle),
    });
    let contexte = Contexte { derniere: Some(derniere), groupes: dits.collect(), ..Contexte::default() };
    check_vraisemblance(capacite, &contexte, &ctx.app.limites.vraisemblance).raisons().to_vec()
}

/// What last year says of courses, in their order, the rules on what is out of the ordinary included.
async fn etudie(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    sujets: &[Sujet<'_>],
) -> Result<Vec<Etude>, AppError> {
    let mut etudes: Vec<Etude> = sujets.iter().map(|s| Etude::new(&s.present, s.avant)).collect();
    let mut anciennes = BTreeMap::new();
    let mut raisons: BTreeMap<i64, Vec<Raison>> = BTreeMap::new();
    for (s, etude) in sujets.iter().zip(&etudes) {
        let (Some((demande, places)), Some((passee, _))) = (&etude.apres, s.avant) else { continue };
        let nombres = Nombres { capacite: demande.capacite, places };
        if etude.ecarts.is_empty() {
            continue;
        }
        if passee.annee + 1 == session.annee {
            raisons.insert(s.id, raisons_d_un_an(ctx, s, nombres));
        } else {
            anciennes.insert(s.id, nombres);
        }
    }
    raisons.extend(raisons_of(ctx, c, session, &anciennes).await?);
    for (s, etude) in sujets.iter().zip(&mut etudes) {
        etude.hold(raisons.get(&s.id).map_or(&[][..], Vec::as_slice));
    }
    Ok(etudes)
}

/// Why the person does not write the capacity of this course now.
fn close(ctx: &Ctx, session: &SessionAdmission, cible: &Cible) -> Option<String> {
    match ouverture(ctx, session, cible, Action::ModifierCapacites, Etape::CapacitesFrais) {
        Ouverture::Ouverte { .. } | Ouverture::Permanente => None,
        Ouverture::Fermee(regle) => Some(messages::regle(&regle)),
        Ouverture::SansDroit => {
            Some("Votre rôle permet de lire cette capacité, pas de la modifier.".to_owned())
        }
    }
}

/// The courses of the person with what last year says of their capacity; `seule`: that one alone.
///
/// # Errors
/// [`AppError::Denied`] for someone who reads no capacity; [`AppError::NotFound`] for an unknown session or course.
pub async fn view_reconduction(
    ctx: &Ctx,
    annee: i64,
    seule: Option<&PublicId>,
) -> Result<VueReconduction, AppError> {
    ctx.scope(Action::ConsulterCapacites)?;
    let Charge { session, total, capacites, mut lignes, .. } = charge(ctx, annee, Vec::new()).await?;
    lignes.retain(|l| is_lisible(ctx, "capacite", &cible_of(session.id, l)));
    if let Some(id) = seule {
        lignes.retain(|l| l.public_id == id.as_str());
        if lignes.is_empty() {
            return Err(AppError::NotFound);
        }
    }
    let db = &ctx.app.db;
    let anciennes: Vec<i64> = lignes.iter().filter_map(|l| l.precedente_id).collect();
    let passees = load_passees(db, &anciennes).await?;
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).chain(anciennes).collect();
    let groupes = load_groupes_of(db, &cles).await?;
    let mut sujets = Vec::with_capacity(lignes.len());
    for l in &lignes {
        let chiffres = (l.capacite, l.frais_centimes);
        sujets.push(Sujet::new((l.id, l.precedente_id), chiffres, &passees, &groupes));
    }
    let etudes = etudie(ctx, db, &session, &sujets).await?;
    let mut vues = Vec::with_capacity(lignes.len());
    for ((l, sujet), mut etude) in lignes.iter().zip(&sujets).zip(etudes) {
        let version = etude.version(&l.public_id);
        if let Some(motif) = close(ctx, &session, &cible_of(session.id, l)) {
            etude.empechement = Some(motif);
        }
        vues.push(LigneReconduction {
            id: l.public_id.clone(),
            libelle: intitule(&l.libelle, &l.detail),
            etablissement: l.etablissement.clone(),
            capacite: l.capacite,
            capacite_avant: sujet.avant.and_then(|(passee, _)| passee.capacite),
            ecarts: etude.ecarts,
            empechement: etude.empechement,
            version,
        });
    }
    Ok(VueReconduction { session, lignes: vues, total, saisie: capacites })
}

/// Puts last year's capacity and places back in these courses, each as its page showed it: all of them or none.
///
/// # Errors
/// [`AppError::Conflict`] when something changed in one of them since it was shown, or when it is to be left aside;
/// [`AppError::Rule`] outside the step, or without any course; [`AppError::Denied`] or [`AppError::NotFound`] for the first that the
/// person may not write.
pub async fn reconduct(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<Recepisse, AppError> {
    let demande = demande_lot("reprise_capacites", annee, choisies)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let formations = load_choisies(&tx, ctx, &session, choisies).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let etudes = etudie_toutes(ctx, &tx, &session, &formations).await?;
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let avant = LusAvant::load(&tx, &distinctes(formations.iter().map(|f| f.id))).await?;
    let mut reprises = Vec::with_capacity(formations.len());
    for ((f, (_, version)), etude) in formations.iter().zip(choisies).zip(etudes) {
        let lue = etude.version(&f.public_id) == *version && etude.empechement.is_none();
        let Some((capacites, _)) = etude.apres.filter(|_| lue) else { return Err(AppError::Conflict) };
        let commande = EnregistrerParametrage { capacites: Some(capacites), presentation: None };
        let permit = permit(ctx, f, &commande)?;
        let maniere = Maniere::EnLot(&lu, avant.of(f.id));
        let ecrit = ecrit_parametrage(&tx, ctx, &permit, &session, f, &commande, maniere).await;
        ecrit.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?;
        reprises.push(f.public_id.as_str());
    }
    let contenu = json!({ "formations": reprises });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// The receipt of capacities put back.
const ACTE: &str = "capacites_reprises";

/// The courses of an act, held, for whoever may write the capacity of each; the first that is unknown or forbidden refuses them all.
async fn load_choisies(
    tx: &Tx,
    ctx: &Ctx,
    session: &SessionAdmission,
    choisies: &[(PublicId, i64)],
) -> Result<Vec<LigneFormation>, AppError> {
    let ids: Vec<PublicId> = choisies.iter().map(|(id, _)| id.clone()).collect();
    let mut formations = Vec::with_capacity(ids.len());
    for f in load_many(tx, session, &ids).await? {
        let f = f.ok_or(AppError::NotFound)?;
        ctx.permit(Action::ModifierCapacites, &cible(&f))?;
        formations.push(f);
    }
    let cles: Vec<i64> = formations.iter().map(|f| f.id).collect();
    base::hold_formations(tx, &cles).await?;
    Ok(formations)
}

/// What last year says of these courses, in their order.
async fn etudie_toutes(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    formations: &[LigneFormation],
) -> Result<Vec<Etude>, AppError> {
    let anciennes: Vec<i64> = formations.iter().filter_map(|f| f.precedente_id).collect();
    let passees = load_passees(c, &anciennes).await?;
    let cles: Vec<i64> = formations.iter().map(|f| f.id).chain(anciennes).collect();
    let groupes = load_groupes_of(c, &cles).await?;
    let mut sujets = Vec::with_capacity(formations.len());
    for f in formations {
        let chiffres = (f.capacite, f.frais_centimes);
        sujets.push(Sujet::new((f.id, f.precedente_id), chiffres, &passees, &groupes));
    }
    etudie(ctx, c, session, &sujets).await
}

/// Why a course is left as it is, up to date when it says these numbers already; `None`: its numbers are put back.
fn laissee(
    ctx: &Ctx,
    session: &SessionAdmission,
    f: &LigneFormation,
    etude: &Etude,
    lue: i64,
) -> Option<LaisseeDeCote> {
    let a_relire = etude.version(&f.public_id) != lue;
    let a_jour = !a_relire && etude.empechement.is_none() && etude.ecarts.is_empty();
    let fermee = f.etat == EtatFormation::Fermee.code();
    let close = close(ctx, session, &cible(f));
    let motif = if a_relire {
        messages::regle(&RuleViolation::ModifieeDepuis)
    } else if fermee {
        messages::regle(&RuleViolation::formation_fermee("modification"))
    } else if a_jour {
        "Sa capacité est déjà celle de l’an dernier.".to_owned()
    } else {
        close.clone().or_else(|| etude.empechement.clone())?
    };
    Some(LaisseeDeCote {
        id: f.public_id.clone(),
        formation: named(f),
        motifs: vec![motif],
        a_jour,
        a_relire,
        close: close.is_some() && !(a_jour || a_relire || fermee),
    })
}

/// R-FOR-24: the same for those of these courses where it may be done, each at the version that was read, in one act; each of the others
/// stays as it is and says why. When it may be done for none, nothing is done: why is given for each, without a receipt.
///
/// # Errors
/// [`AppError::Rule`] in an archived session, or without any course; [`AppError::Denied`] or [`AppError::NotFound`] for the first that
/// the person may not write.
pub async fn reconduct_possibles(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<IssueLot, AppError> {
    let demande = demande_lot("reprise_capacites_possibles", annee, choisies)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let formations = load_choisies(&tx, ctx, &session, choisies).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Ok(recepisse));
    }
    session.require_ouverte()?;
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let etudes = etudie_toutes(ctx, &tx, &session, &formations).await?;
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let avant = LusAvant::load(&tx, &distinctes(formations.iter().map(|f| f.id))).await?;
    let mut bilan = Bilan::default();
    for ((f, (_, lue)), etude) in formations.iter().zip(choisies).zip(etudes) {
        if let Some(laissee) = laissee(ctx, &session, f, &etude, *lue) {
            bilan.laissees.push(laissee);
            continue;
        }
        let Some((capacites, _)) = etude.apres else { return Err(AppError::Conflict) };
        let commande = EnregistrerParametrage { capacites: Some(capacites), presentation: None };
        let permit = permit(ctx, f, &commande)?;
        let maniere = Maniere::EnLot(&lu, avant.of(f.id));
        let ecrit = ecrit_parametrage(&tx, ctx, &permit, &session, f, &commande, maniere).await;
        ecrit.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?;
        bilan.faites.push(f.public_id.clone());
    }
    if bilan.faites.is_empty() {
        return Ok(Err(bilan));
    }
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(Ok(recepisse))
}

/// What such an act did, by the number of its receipt; `None` for a receipt that is not one, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn view_reconduite(ctx: &Ctx, numero: &str) -> Result<Option<Bilan>, AppError> {
    idempotence::contenu_de(ctx, numero, ACTE).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groupe(libelle: &str, places: i64) -> LigneGroupe {
        LigneGroupe {
            id: 1,
            public_id: libelle.to_lowercase(),
            libelle: libelle.to_owned(),
            series: "tous".to_owned(),
            sans_classement: 0,
            affectation_id: 1,
            places,
            nombre_a_appeler: 0,
        }
    }

    fn etude(
        capacite: Option<i64>,
        ici: &[LigneGroupe],
        avant: Option<(Option<i64>, &[LigneGroupe])>,
    ) -> Etude {
        let present = Present { capacite, frais_centimes: Some(17_000), groupes: ici };
        let passee = |capacite| LignePassee { id: 9, annee: 2023, capacite };
        Etude::new(&present, avant.map(|(c, groupes)| (passee(c), groupes)))
    }

    fn dits(e: &Etude) -> Vec<(&str, Option<i64>, i64)> {
        e.ecarts.iter().map(|x| (x.libelle.as_str(), x.ici, x.avant)).collect()
    }

    #[test]
    fn r_for_24_what_differs_from_last_year_is_said_number_by_number() {
        let (ici, avant) = ([groupe("Tous", 0)], [groupe("Tous", 24)]);
        let e = etude(None, &ici, Some((Some(24), &avant[..])));
        assert_eq!(dits(&e), [("Capacité d’accueil", None, 24)]);
        let (demande, places) = e.apres.clone().expect("something to write");
        assert_eq!((demande.capacite, demande.frais_centimes, places), (Some(24), Some(17_000), vec![24]));
        assert!(etude(Some(24), &[groupe("Tous", 24)], Some((Some(24), &avant[..]))).ecarts.is_empty());
        let ici = [groupe("Pro", 10), groupe("Autres", 14)];
        let avant = [groupe("Autres", 16), groupe("Pro", 8)];
        let e = etude(Some(24), &ici, Some((Some(24), &avant[..])));
        let attendus =
            [("Places du groupe « Pro »", Some(10), 8), ("Places du groupe « Autres »", Some(14), 16)];
        assert_eq!(dits(&e), attendus);
        assert_ne!(e.version("a"), etude(Some(25), &ici, Some((Some(24), &avant[..]))).version("a"));
    }

    #[test]
    fn r_for_24_what_cannot_be_put_back_says_why() {
        let ici = [groupe("Pro", 10), groupe("Autres", 14)];
        for (avant, motif) in [
            (None, "Nouvelle cette année"),
            (Some((None, &[][..])), "n’était pas renseignée en 2023"),
            (Some((Some(24), &[groupe("Pro", 24)][..])), "Le groupe « Autres » n’existait pas en 2023"),
            (Some((Some(24), &[groupe("Pro", 8), groupe("Autres", 8)][..])), "font 16 en tout"),
        ] {
            let e = etude(Some(24), &ici, avant);
            assert!(e.apres.is_none() && e.ecarts.is_empty(), "{motif}");
            assert!(e.empechement.as_ref().is_some_and(|m| m.contains(motif)), "{e:?}");
        }
        let avant = [groupe("Pro", 8), groupe("Autres", 16)];
        let mut e = etude(None, &ici, Some((Some(24), &avant[..])));
        e.hold(&[Raison::Nulle { avant: Some(24) }]);
        assert!(e.empechement.is_some_and(|m| m.contains("écrivez-en le motif")));
    }
}
