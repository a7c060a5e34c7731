//! A synthetic cohort from the figures of an imported offer, written as candidates, confirmed wishes and sent rankings.

use std::time::{Duration, Instant};

use domain::candidats::code_boursier;
use domain::candidatures::EtatVoeu;
use domain::droits::{Action, Cible};
use domain::formations::StatutFormation;
use domain::territoires;
use serde::Serialize;
use simulation::cohorte::MATIERES;
use simulation::{
    Alea, Cohorte, DistributionsMoyennes, OffreSimulee, Parametres, RapportCohorte, cohorte, rapport,
};
use store::simulation::{self as base, CandidatSeme};

use super::ecriture::{Avancement, Place, Semis};
use super::offre;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::messages::nombre;
use crate::sessions;

/// What to draw.
#[derive(Debug, Clone)]
pub struct ParametresCohorte {
    /// Year of the session to fill.
    pub annee: i64,
    /// Share of the real numbers: 1 is the whole country.
    pub echelle: f64,
    /// Same seed, same cohort.
    pub graine: u64,
    /// Averages of real candidates; built-in ones otherwise.
    pub moyennes: Option<DistributionsMoyennes>,
}

/// What was written, how close to the figures, and how long each step took.
#[derive(Debug, Clone, Serialize)]
pub struct RapportSimulation {
    /// Year of the session filled.
    pub annee: i64,
    /// Year of the figures aimed at.
    pub annee_chiffres: i64,
    /// Courses that received wishes.
    pub formations: usize,
    /// Rankings transmitted.
    pub classements: usize,
    /// Candidates ranked, all groups.
    pub rangs: u64,
    /// Boarding schools that rank.
    pub internats: usize,
    /// Candidates ranked in them.
    pub rangs_internat: u64,
    /// How far the wishes are from the figures.
    pub cohorte: RapportCohorte,
    /// (step, milliseconds).
    pub durees_ms: Vec<(&'static str, u64)>,
}

/// Why there is no cohort, for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// What to change in the request, in French.
    #[error("{0}")]
    Demande(String),
    /// What the use cases below refused.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<store::StoreError> for SimulationError {
    fn from(e: store::StoreError) -> Self {
        Self::App(e.into())
    }
}

impl RapportSimulation {
    /// The report for a person.
    pub fn texte(&self) -> String {
        use std::fmt::Write as _;
        let c = &self.cohorte;
        let n = |x: usize| nombre(i64::try_from(x).unwrap_or(i64::MAX));
        let mut t = format!(
            "Session {}, chiffres de {}, échelle {} : {} formations, {} candidats, {} vœux ({:.1} par candidat).\n",
            self.annee,
            self.annee_chiffres,
            c.echelle,
            n(self.formations),
            n(c.candidats),
            n(c.voeux),
            c.voeux_par_candidat
        );
        // Writing to a String cannot fail.
        let _ = writeln!(
            t,
            "{} classements transmis, {} rangs ; {} internats, {} rangs.",
            n(self.classements),
            nombre(i64::try_from(self.rangs).unwrap_or(i64::MAX)),
            n(self.internats),
            nombre(i64::try_from(self.rangs_internat).unwrap_or(i64::MAX))
        );
        let _ = writeln!(
            t,
            "\nÉcarts aux chiffres réels, formations d’au moins 50 candidats :\n{:<32}{:>12}{:>12}{:>12}{:>10}{:>10}",
            "mesure", "voulu", "obtenu", "formations", "médiane", "p95"
        );
        for m in &c.mesures {
            let _ = writeln!(
                t,
                "{:<32}{:>12.0}{:>12}{:>12}{:>8.2} %{:>8.2} %",
                m.mesure,
                m.voulu,
                m.obtenu,
                m.formations,
                m.mediane * 100.0,
                m.p95 * 100.0
            );
        }
        let _ = writeln!(
            t,
            "\nDistance médiane entre domicile et formation : {:.0} km ; sans candidat trouvé : {} vœux.",
            c.distance_mediane_km, c.non_places
        );
        let durees: Vec<String> = self
            .durees_ms
            .iter()
            .map(|(etape, ms)| format!("{etape} {:.1} s", Duration::from_millis(*ms).as_secs_f64()))
            .collect();
        let _ = write!(t, "Durées : {}.", durees.join(", "));
        t
    }
}

struct Chrono {
    depart: Instant,
    durees: Vec<(&'static str, u64)>,
}

impl Chrono {
    fn lap(&mut self, etape: &'static str) {
        self.durees.push((etape, u64::try_from(self.depart.elapsed().as_millis()).unwrap_or(u64::MAX)));
        self.depart = Instant::now();
    }
}

/// Draws a cohort from the published courses of a session and writes it whole, in one transaction: registered
/// candidates, confirmed wishes, sent rankings, rates. Refused when the session already has candidates.
///
/// # Errors
/// [`SimulationError::Demande`] in French when nothing can be drawn.
pub async fn simuler_cohorte(ctx: &Ctx, p: ParametresCohorte) -> Result<RapportSimulation, SimulationError> {
    let permit = ctx.permit(Action::FormulerVoeu, &Cible::plateforme())?;
    let mut chrono = Chrono { depart: Instant::now(), durees: Vec::new() };
    let session = match sessions::session(&ctx.app.db, p.annee).await {
        Err(AppError::NotFound) => {
            return Err(SimulationError::Demande(format!(
                "La session {} n’existe pas : importez d’abord son offre (parcoursup import offre FICHIER --appliquer).",
                p.annee
            )));
        }
        autre => autre?,
    };
    session.require_ouverte().map_err(AppError::from)?;
    if base::has_candidats(&ctx.app.db, session.id).await? {
        return Err(SimulationError::Demande(format!(
            "La session {} a déjà des candidats : une cohorte simulée ne s’ajoute pas à d’autres. Prenez une autre base.",
            p.annee
        )));
    }
    let annee_chiffres =
        base::derniere_annee(&ctx.app.db, session.id, p.annee).await?.ok_or_else(|| {
            SimulationError::Demande(format!(
                "Les formations de la session {} n’ont pas de chiffres : importez les statistiques de l’année, ou de la précédente.",
                p.annee
            ))
        })?;
    let (offre, mut places) = offre::load(&ctx.app.db, session.id, annee_chiffres).await?;
    chrono.lap("lecture");
    let (graine, echelle) = (p.graine, p.echelle);
    let mut parametres = Parametres::new(graine, echelle);
    if let Some(moyennes) = p.moyennes {
        parametres.moyennes = moyennes;
    }
    let tirer = move || -> Result<(OffreSimulee, Cohorte, RapportCohorte), simulation::ErreurCohorte> {
        let c = cohorte(&offre, &parametres)?;
        let r = rapport(&offre, &c, echelle);
        Ok((offre, c, r))
    };
    let (offre, c, r) = tokio::task::spawn_blocking(tirer)
        .await
        .map_err(AppError::internal)?
        .map_err(|e| SimulationError::Demande(format!("Tirage impossible : {e}.")))?;
    chrono.lap("tirage");

    let tx = ctx.begin_bulk().await?;
    let e = ctx.ecriture(&permit);
    let lignes: Vec<CandidatSeme> = (0..c.candidats.len()).map(|i| candidat(&c, i)).collect();
    let cles = base::add_candidats(&tx, &e, &ctx.app.coffre, session.id, &lignes).await?;
    drop(lignes);
    let candidats: Vec<Option<i64>> = cles.into_iter().map(Some).collect();
    chrono.lap("candidats");
    let maintenant = e.ms();
    for place in places.iter_mut().flatten() {
        // As the places of the courses (`appels`).
        place.places_internat = (f64::from(place.places_internat) * echelle).ceil() as u32;
    }
    let semis = Semis::new(session.id, &c, &places, &candidats, |_| Avancement::Transmis(maintenant));
    let index = tx.drop_indexes("voeu").await.map_err(AppError::from)?;
    semis.ecrire_voeux(&tx, &e, |_| Some((EtatVoeu::Confirme, maintenant))).await?;
    tx.restore_indexes(index).await.map_err(AppError::from)?;
    chrono.lap("vœux");
    let (classements, rangs) = semis.ecrire_classements(&tx, &e, |_| true).await?;
    let (internats, rangs_internat) = semis.ecrire_internats(&tx, &e, Some(maintenant)).await?;
    base::set_taux(&tx, &e, &taux(graine, &offre, &places)).await?;
    if echelle < 1.0 {
        let groupes = store::imports::groupes(&tx, session.id).await?;
        base::set_appels(&tx, &e, &appels(graine, echelle, &groupes)).await?;
    }
    chrono.lap("classements");
    let acte = Acte {
        objet: "session_admission",
        objet_id: &p.annee.to_string(),
        avant: None,
        apres: Some(serde_json::json!({
            "simulation": { "graine": graine, "echelle": echelle, "candidats": c.candidats.len(), "voeux": c.voeux.formation.len() },
        })),
    };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await.map_err(AppError::from)?;
    ctx.app.db.analyze().await?;
    chrono.lap("validation");
    Ok(RapportSimulation {
        annee: p.annee,
        annee_chiffres,
        formations: places.len(),
        classements,
        rangs,
        internats,
        rangs_internat,
        cohorte: r,
        durees_ms: chrono.durees,
    })
}

/// A candidate without an identity: a number stands for the name, nobody signs in as them.
fn candidat(c: &Cohorte, i: usize) -> CandidatSeme {
    let colonnes = &c.candidats;
    let departement = &territoires::departements()[usize::from(colonnes.departement[i])];
    let commune = territoires::villes()
        .get(usize::from(colonnes.ville[i]))
        .map_or(departement.nom, |v| v.nom)
        .to_owned();
    let notes: serde_json::Map<String, serde_json::Value> = MATIERES
        .iter()
        .zip(colonnes.matieres[i])
        .map(|((_, matiere), note)| ((*matiere).to_owned(), note.into()))
        .collect();
    let numero = i64::try_from(i).unwrap_or(i64::MAX - 1) + 1;
    CandidatSeme {
        compte: None,
        numero,
        nom: format!("Simulé {numero}"),
        prenom: "Candidat".to_owned(),
        naissance: None,
        ine: None,
        type_bac: colonnes.serie[i].code(),
        serie: String::new(),
        boursier: code_boursier(colonnes.boursier[i]),
        commune,
        departement: departement.code.to_owned(),
        academie: departement.academie.to_owned(),
        etablissement_origine: String::new(),
        moyenne_centiemes: Some(colonnes.moyenne[i].into()),
        notes: serde_json::Value::Object(notes).to_string(),
    }
}

/// A tenth of the candidates competes for a tenth of the places: the number to call follows the scale, the places that
/// the public reads do not. The fraction of a place is drawn, so that small groups keep the sum right.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "places are at most 20,000 a group"
)]
fn appels(graine: u64, echelle: f64, groupes: &[store::imports::GroupeConnu]) -> Vec<(i64, i64)> {
    groupes
        .iter()
        .zip(0_u64..)
        .map(|(g, i)| {
            let chance = Alea::pour(graine, &[0x4150_504c, i]).unite();
            (g.affectation, (g.places as f64 * echelle + chance).floor() as i64)
        })
        .collect()
}

/// Minimum rates of scholarship holders, the same on every group of a course: the share among its candidates, two
/// points more or less, between 5 and 90 (most published rates lie there).
fn taux(graine: u64, offre: &OffreSimulee, places: &[Option<Place>]) -> Vec<(i64, i64)> {
    let mut taux = Vec::new();
    for (i, (f, place)) in offre.formations.iter().zip(places).enumerate() {
        let Some(p) = place.as_ref().filter(|p| p.statut == StatutFormation::Etudiant) else { continue };
        let part = f.cibles.boursiers() * 100 / f.cibles.voeux().max(1);
        let ecart = Alea::pour(graine, &[0x5441_5558, i as u64]).entre(0, 4);
        let t = i64::from((part + ecart).saturating_sub(2).clamp(5, 90));
        taux.extend(p.groupes.iter().map(|g| (*g, t)));
    }
    taux
}
