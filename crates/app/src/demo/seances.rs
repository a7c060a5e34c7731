//! The information sessions of the demonstration: those that the national team, the DRAIO of Hauts-de-France announce in November,
//! and what has become of them at the moment shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::PublicId;
use domain::actualites::Audience;
use domain::droits::Acteur;
use domain::formations::{Famille, StatutFormation};
use domain::seances::{Programme, Qualite};
use jiff::Timestamp;

use super::personas::Agents;
use super::{ANNEE, contexte, instant};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::plateforme::Plateforme;
use crate::seances::{
    Selection, announce_seance, join_seance, list_organised, mark_presences, publish_recording,
};

/// Day, beginning, end, title, text, types and status of the courses, kinds of people of the public site, places.
struct Annonce {
    jour: &'static str,
    heures: (&'static str, &'static str),
    titre: &'static str,
    texte: &'static str,
    familles: &'static [Famille],
    /// Those that the session calls paramedical, with the types.
    paramedical: bool,
    statuts: &'static [StatutFormation],
    qualites: &'static [Qualite],
    places: Option<i64>,
}

impl Annonce {
    const fn new(
        jour: &'static str,
        heures: (&'static str, &'static str),
        titre: &'static str,
        texte: &'static str,
    ) -> Self {
        Self {
            jour,
            heures,
            titre,
            texte,
            familles: &[],
            paramedical: false,
            statuts: &[],
            qualites: &[],
            places: None,
        }
    }

    /// For those who run courses by apprenticeship.
    const fn apprentissage(jour: &'static str, heures: (&'static str, &'static str)) -> Self {
        Self { statuts: APPRENTIS, ..Self::new(jour, heures, APPRENTISSAGE, APPRENTISSAGE_TEXTE) }
    }
}

const JALONS: &str = "Ouverture de la procédure 2024 : premiers jalons";
const JALONS_TEXTE: &str = "Pour tous les responsables de formation : le calendrier du paramétrage, les nouveautés de la session, vos questions. Les créneaux se valent : choisissez celui qui vous convient.\n\n\
    ## Au programme\n\n\
    - décrire l’établissement, puis les formations ;\n\
    - les critères d’examen des candidatures ;\n\
    - les comptes nominatifs et la connexion en deux étapes.\n\n\
    La séance est enregistrée.";
const APPRENTISSAGE: &str = "Formations par apprentissage : du catalogue à Parcoursup";
const APPRENTISSAGE_TEXTE: &str = "Pour les établissements qui forment par apprentissage : déclarer une offre au réseau des Carif-Oref, suivre son éligibilité, la compléter pour qu’elle soit lue des candidats le 20 décembre.";

/// Hours of the two weeks of November; those of apprenticeship are ours, within the days that were told.
const NATIONALES: [Annonce; 8] = [
    Annonce::new("2023-11-20", ("10:00", "14:00"), JALONS, JALONS_TEXTE),
    Annonce::new("2023-11-21", ("14:30", "16:30"), JALONS, JALONS_TEXTE),
    Annonce::new("2023-11-22", ("09:30", "11:30"), JALONS, JALONS_TEXTE),
    Annonce::new("2023-11-23", ("14:00", "16:00"), JALONS, JALONS_TEXTE),
    Annonce {
        familles: SANTE,
        paramedical: true,
        ..Annonce::new(
            "2023-11-24",
            ("12:00", "14:00"),
            "Ouverture de la procédure 2024 : IFSI et formations paramédicales",
            "Séance réservée aux instituts de formation en soins infirmiers et aux formations paramédicales : regroupements, capacités par institut, documents demandés aux candidats.\n\nLa séance est enregistrée.",
        )
    },
    Annonce::apprentissage("2023-11-28", ("10:00", "12:00")),
    Annonce::apprentissage("2023-11-30", ("14:00", "16:00")),
    Annonce::apprentissage("2023-12-01", ("10:00", "12:00")),
];

const SANTE: &[Famille] = &[Famille::Ifsi];
const APPRENTIS: &[StatutFormation] = &[StatutFormation::Apprentissage];

const ECHANGE: &str = "Temps d’échange avec la région académique";
const ECHANGE_TEXTE: &str = "Vos questions aux équipes de la DRAIO d’Amiens et de Lille sur le paramétrage de la session 2024. Envoyez-les à l’avance par les échanges avec le service académique : nous commencerons par elles.";

const REGIONALES: [Annonce; 4] = [
    Annonce { places: Some(200), ..Annonce::new("2023-11-28", ("14:00", "16:00"), ECHANGE, ECHANGE_TEXTE) },
    Annonce { places: Some(200), ..Annonce::new("2023-11-30", ("09:30", "11:30"), ECHANGE, ECHANGE_TEXTE) },
    Annonce {
        qualites: &[Qualite::Eleve, Qualite::Parent],
        places: Some(500),
        ..Annonce::new(
            "2023-12-06",
            ("18:00", "19:00"),
            "Préparer ses vœux : questions et réponses avec les psychologues de l’Éducation nationale",
            "Comment lire la fiche d’une formation, choisir sans se fermer de portes, préparer son dossier : une heure d’échanges en direct, ouverte aux élèves de terminale, aux étudiants qui se réorientent et à leurs parents.",
        )
    },
    Annonce {
        qualites: &[Qualite::Enseignant],
        places: Some(150),
        ..Annonce::new(
            "2023-12-13",
            ("14:00", "16:00"),
            "Accompagner ses élèves en terminale",
            "Pour les professeurs principaux : les étapes de l’année, les attendus des formations, l’entretien d’orientation, les ressources à montrer en classe.",
        )
    },
];

/// Announces them on 15 November, has some of the personas register, and, for those that are over, notes who came.
pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    agents: &Agents,
    maintenant: Timestamp,
) -> Result<(), AppError> {
    let national = &agents.nationaux[0];
    for annonce in &NATIONALES {
        announce(app, national, annonce, BTreeSet::new()).await?;
    }
    let region: BTreeSet<String> =
        agents.academie.attributions.iter().flat_map(|a| a.academies.clone()).collect();
    for annonce in &REGIONALES {
        announce(app, &agents.academie, annonce, region.clone()).await?;
    }
    for (qui, de, jour) in [
        (&agents.chef, national, "2023-11-20"),
        (&agents.administrateur, national, "2023-11-20"),
        (&agents.administrateur, &agents.academie, "2023-11-28"),
    ] {
        let id = find(app, de, jour).await?;
        let ctx = contexte(app, Some(qui.clone()), instant("2023-11-16T14:00")?);
        join_seance(&ctx, &Garde::default(), ANNEE, &id).await?;
    }
    let finie = instant("2023-12-15T09:00")?;
    if maintenant < finie {
        return Ok(());
    }
    for (de, jour) in [(national, "2023-11-20"), (&agents.academie, "2023-11-28")] {
        let id = find(app, de, jour).await?;
        let ctx = contexte(app, Some(de.clone()), finie);
        mark_presences(&ctx, &Garde::default(), ANNEE, &id, &Selection::Tous).await?;
        let video = format!("https://video.parcoursup.example/seances/{jour}");
        publish_recording(&ctx, &Garde::default(), ANNEE, &id, &video).await?;
    }
    Ok(())
}

/// The first session of a service that begins on a day.
async fn find(app: &Arc<Plateforme>, de: &Acteur, jour: &str) -> Result<PublicId, AppError> {
    let ctx = contexte(app, Some(de.clone()), instant("2023-11-16T14:00")?);
    let (du, au) = (instant(&format!("{jour}T00:00"))?, instant(&format!("{jour}T23:59"))?);
    let ce_jour = du.as_millisecond()..au.as_millisecond();
    let seances = list_organised(&ctx, ANNEE).await?.seances;
    let sienne = seances.into_iter().find(|s| ce_jour.contains(&s.programme.debut));
    Ok(sienne.ok_or(AppError::NotFound)?.id)
}

async fn announce(
    app: &Arc<Plateforme>,
    qui: &Acteur,
    a: &Annonce,
    academies: BTreeSet<String>,
) -> Result<(), AppError> {
    let ctx = contexte(app, Some(qui.clone()), instant("2023-11-15T09:00")?);
    let at = |heure: &str| Ok::<_, AppError>(instant(&format!("{}T{heure}", a.jour))?.as_millisecond());
    let programme = Programme {
        titre: a.titre.to_owned(),
        texte: a.texte.to_owned(),
        audience: Audience {
            familles: a.familles.iter().copied().collect(),
            paramedical: a.paramedical,
            statuts: a.statuts.iter().copied().collect(),
            academies,
            ..Audience::default()
        },
        qualites: a.qualites.iter().copied().collect(),
        debut: at(a.heures.0)?,
        fin: at(a.heures.1)?,
        places: a.places,
        lieu: String::new(),
        lien: format!("https://visio.parcoursup.example/{}-{}", a.jour, a.heures.0.replace(':', "")),
        ferme_le: None,
    };
    announce_seance(&ctx, &Garde::default(), ANNEE, programme).await?;
    Ok(())
}
