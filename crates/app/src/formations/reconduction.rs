//! R-FOR-24: last year's capacity and places put back in the draft of this year, in one course or in many, the differences shown
//! before. They are written as if they were typed: same rights, same step, same rules, same second reading.

use std::collections::HashMap;

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::formations::{Contexte, Passee, PlacesGroupe, Raison, check_vraisemblance};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::formations::{self as base, LigneGroupe, LignePassee};

use super::description::{demande, version_of};
use super::enregistrer::{Capacites, EnregistrerParametrage, Valeurs, ecrit_parametrage, permit};
use super::gestion::cible_of;
use super::lot::{Charge, charge};
use super::parametrage::{is_lisible, ouverture};
use super::{Ouverture, cible, intitule, load, load_groupes, vraisemblance};
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

    /// R-CAP-01 to 04: nothing is put back that would be held for a second reading: it is typed, and explained, on the page of the
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

/// What last year says of a course, the rules on what is out of the ordinary included.
async fn etudie(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    s: &Sujet<'_>,
) -> Result<Etude, AppError> {
    let mut etude = Etude::new(&s.present, s.avant);
    let (Some((demande, places)), Some((passee, groupes))) = (&etude.apres, s.avant) else {
        return Ok(etude);
    };
    if etude.ecarts.is_empty() {
        return Ok(etude);
    }
    let raisons = if passee.annee + 1 == session.annee {
        // Nothing is known of the course that is newer: its past is enough to compare it with.
        let capacite = demande.capacite.unwrap_or(0);
        let derniere = Passee { annee: passee.annee, capacite, ..Passee::default() };
        let places_avant = |l: &str| groupes.iter().find(|a| a.libelle == l).map(|a| a.places);
        let dits = s.present.groupes.iter().zip(places).map(|(g, n)| PlacesGroupe {
            libelle: g.libelle.clone(),
            places: *n,
            avant: places_avant(&g.libelle),
        });
        let contexte = Contexte { derniere: Some(derniere), groupes: dits.collect(), ..Contexte::default() };
        check_vraisemblance(capacite, &contexte, &ctx.app.limites.vraisemblance).raisons().to_vec()
    } else {
        vraisemblance::raisons_of(ctx, c, session, s.id, (demande.capacite, places)).await?
    };
    etude.hold(&raisons);
    Ok(etude)
}

/// Why the person does not write the capacity of this course now.
fn close(ctx: &Ctx, session: &SessionAdmission, cible: &Cible) -> Option<String> {
    match ouverture(ctx, session, cible, Action::ModifierCapacites, Etape::CapacitesFrais) {
        Ouverture::Ouverte { .. } => None,
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
    let Charge { session, total, capacites, mut lignes, .. } = charge(ctx, annee).await?;
    lignes.retain(|l| is_lisible(ctx, "capacite", &cible_of(session.id, l)));
    if let Some(id) = seule {
        lignes.retain(|l| l.public_id == id.as_str());
        if lignes.is_empty() {
            return Err(AppError::NotFound);
        }
    }
    let db = &ctx.app.db;
    let anciennes: Vec<i64> = lignes.iter().filter_map(|l| l.precedente_id).collect();
    let passees: HashMap<i64, LignePassee> =
        base::capacites_passees(db, &anciennes).await?.into_iter().map(|p| (p.id, p)).collect();
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).chain(anciennes).collect();
    let mut groupes: HashMap<i64, Vec<LigneGroupe>> = HashMap::new();
    for (formation, groupe) in base::groupes_of(db, &cles).await? {
        groupes.entry(formation).or_default().push(groupe);
    }
    let siens = |id: i64| groupes.get(&id).map_or(&[][..], Vec::as_slice);
    let mut vues = Vec::with_capacity(lignes.len());
    for l in &lignes {
        let avant = l.precedente_id.and_then(|id| Some((*passees.get(&id)?, siens(id))));
        let present =
            Present { capacite: l.capacite, frais_centimes: l.frais_centimes, groupes: siens(l.id) };
        let mut etude = etudie(ctx, db, &session, &Sujet { id: l.id, present, avant }).await?;
        let version = etude.version(&l.public_id);
        if let Some(motif) = close(ctx, &session, &cible_of(session.id, l)) {
            etude.empechement = Some(motif);
        }
        vues.push(LigneReconduction {
            id: l.public_id.clone(),
            libelle: intitule(&l.libelle, &l.detail),
            etablissement: l.etablissement.clone(),
            capacite: l.capacite,
            capacite_avant: avant.and_then(|(passee, _)| passee.capacite),
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
    let dites: Vec<(&str, i64)> = choisies.iter().map(|(id, version)| (id.as_str(), *version)).collect();
    let demande = demande("reprise_capacites", annee, &dites)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let mut formations = Vec::with_capacity(choisies.len());
    for (id, version) in choisies {
        let f = load(&tx, &session, id).await?;
        ctx.permit(Action::ModifierCapacites, &cible(&f))?;
        formations.push((f, *version));
    }
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    if formations.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let mut reprises = Vec::with_capacity(formations.len());
    for (f, version) in &formations {
        let groupes = load_groupes(&tx, f.id).await?;
        let anciens = match f.precedente_id {
            Some(id) => load_groupes(&tx, id).await?,
            None => Vec::new(),
        };
        let passee = base::capacites_passees(&tx, f.precedente_id.as_slice()).await?.pop();
        let sujet = Sujet {
            id: f.id,
            present: Present { capacite: f.capacite, frais_centimes: f.frais_centimes, groupes: &groupes },
            avant: passee.map(|p| (p, anciens.as_slice())),
        };
        let etude = etudie(ctx, &tx, &session, &sujet).await?;
        let lue = etude.version(&f.public_id) == *version && etude.empechement.is_none();
        let Some((capacites, _)) = etude.apres.filter(|_| lue) else { return Err(AppError::Conflict) };
        let commande = EnregistrerParametrage { capacites: Some(capacites), presentation: None };
        let permit = permit(ctx, f, &commande)?;
        let ecrit = ecrit_parametrage(&tx, ctx, &permit, &session, f, &commande, None).await;
        ecrit.map_err(|e| e.dans_lot(|| intitule(&f.libelle, &f.detail)))?;
        reprises.push(f.public_id.as_str());
    }
    let contenu = json!({ "formations": reprises });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "capacites_reprises", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
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
