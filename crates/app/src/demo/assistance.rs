//! Cells of a few régions académiques, and questions with their answers. Numbers are in the ranges that are kept for fiction, but
//! those of Hauts-de-France, which are public.

use std::sync::Arc;

use domain::PublicId;
use domain::assistance::{FicheCellule, Publication, SiteCellule, ThemeAssistance};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use jiff::civil::{Date, date};

use super::dossiers::Dossiers;
use super::pays::Pays;
use super::personas::Agents;
use super::{ANNEE, contexte, instant};
use crate::assistance::{
    Changement, CriteresFile, ObjetDemande, Origine, Traitement, ask, save_cellule, treat, view_file,
};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::plateforme::Plateforme;

/// Title, theme, link, text, day.
type Parution = (&'static str, &'static str, &'static str, &'static str, Date);

struct Cellule {
    region: &'static str,
    presentation: &'static str,
    courriel: &'static str,
    /// Name, telephone, hours, departments.
    sites: &'static [(&'static str, &'static str, &'static str, &'static [&'static str])],
    publications: &'static [Parution],
}

const SEMAINE: &str = "Du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h";

const CELLULES: [Cellule; 5] = [
    Cellule {
        region: "32",
        presentation: "La CRAOES des Hauts-de-France réunit des **psychologues de l’Éducation nationale** spécialistes de l’enseignement supérieur.\n\n\
                       Vous pouvez l’appeler pour :\n\n\
                       - comprendre une formation, ses attendus et ses débouchés ;\n\
                       - préparer une réorientation ou une reprise d’études ;\n\
                       - relire un projet avant de formuler des vœux.\n\n\
                       Elle propose aussi des visioconférences aux lycéens et des journées de formation aux professeurs.",
        courriel: "craoes@region-academique-hauts-de-france.fr",
        sites: &[
            ("Amiens", "03.22.82.37.54", SEMAINE, &["02", "60", "80"]),
            ("Lille", "03.20.15.61.80", SEMAINE, &["59", "62"]),
        ],
        publications: &[
            (
                "Lire une fiche de formation sans rien manquer",
                "Choisir",
                "",
                "Trois rubriques suffisent pour une première lecture : ce qui s’y apprend, ce qui est attendu, comment les dossiers sont examinés.\n\n- Notez une question par formation.\n- Posez-la un jour de portes ouvertes.",
                date(2023, 11, 6),
            ),
            (
                "Licence avec accompagnement : à quoi s’attendre",
                "Université",
                "",
                "Une réponse « oui, si » propose un parcours aménagé : tutorat, heures en plus, parfois une année de plus. Elle n’est pas un refus.",
                date(2023, 10, 12),
            ),
            (
                "BTS et BUT : ce qui change d’une voie à l’autre",
                "Études courtes",
                "",
                "Durée, rythme, stages, poursuite d’études : un tableau pour comparer avant d’aller voir sur place.",
                date(2023, 9, 28),
            ),
        ],
    },
    Cellule {
        region: "11",
        presentation: "La cellule d’Île-de-France répond aux élèves, aux étudiants et aux familles des trois académies, sur rendez-vous ou par téléphone.",
        courriel: "orientation-sup@region-idf.example",
        sites: &[
            ("Paris", "01 99 00 12 10", SEMAINE, &["75"]),
            ("Créteil", "01 99 00 12 20", SEMAINE, &["77", "93", "94"]),
            (
                "Versailles",
                "01 99 00 12 30",
                "Du lundi au jeudi, de 9 h 30 à 16 h 30",
                &["78", "91", "92", "95"],
            ),
        ],
        publications: &[(
            "Travailler pendant ses études : droits et aides",
            "Vie étudiante",
            "",
            "Contrats, bourses, logement : à qui s’adresser, et quand.",
            date(2023, 10, 3),
        )],
    },
    Cellule {
        region: "84",
        presentation: "La cellule d’Auvergne-Rhône-Alpes a une ligne dans chacune de ses trois académies.",
        courriel: "cellule-orientation@region-ara.example",
        sites: &[
            ("Lyon", "04 65 71 20 10", SEMAINE, &["01", "42", "69"]),
            ("Grenoble", "04 65 71 20 20", SEMAINE, &["07", "26", "38", "73", "74"]),
            ("Clermont-Ferrand", "04 65 71 20 30", "", &["03", "15", "43", "63"]),
        ],
        publications: &[],
    },
    Cellule {
        region: "28",
        presentation: "En Normandie, une seule équipe répond pour les cinq départements, à Caen et à Rouen.",
        courriel: "orientation-sup@region-normandie.example",
        sites: &[("Normandie", "02 61 91 30 10", "Du mardi au vendredi, de 10 h à 17 h", &[])],
        publications: &[(
            "Rejoindre un institut de formation en soins infirmiers",
            "Santé et social",
            "",
            "Ce que regardent les commissions, et comment parler d’une expérience sans la romancer.",
            date(2023, 11, 14),
        )],
    },
    Cellule {
        region: "76",
        presentation: "La cellule d’Occitanie accompagne les lycéens, les étudiants qui se réorientent et leurs professeurs principaux.",
        courriel: "cellule-sup@region-occitanie.example",
        sites: &[
            ("Toulouse", "05 36 49 40 10", SEMAINE, &["09", "12", "31", "32", "46", "65", "81", "82"]),
            ("Montpellier", "04 65 71 40 20", SEMAINE, &["11", "30", "34", "48", "66"]),
        ],
        publications: &[],
    },
];

/// What the cells say of themselves, and what was asked before the opening.
pub(super) async fn ecrire(
    app: &Arc<Plateforme>,
    pays: &Pays,
    vedette: usize,
    agents: &Agents,
) -> Result<(), AppError> {
    for c in &CELLULES {
        // The national team declares them; that of Hauts-de-France is kept by its own service.
        let qui = if c.region == "32" { &agents.academie } else { &agents.nationaux[0] };
        let ctx = contexte(app, Some(qui.clone()), instant("2023-11-13T09:00")?);
        let fiche = FicheCellule {
            presentation: c.presentation.to_owned(),
            courriel: c.courriel.to_owned(),
            page: String::new(),
        };
        let mut changements = vec![Changement::Fiche(fiche)];
        changements.extend(c.sites.iter().map(|(nom, telephone, horaires, departements)| {
            let site = SiteCellule {
                nom: (*nom).to_owned(),
                telephone: (*telephone).to_owned(),
                horaires: (*horaires).to_owned(),
                departements: departements.iter().map(|d| (*d).to_owned()).collect(),
            };
            Changement::Site(None, site)
        }));
        changements.extend(c.publications.iter().map(|(titre, theme, lien, texte, parue_le)| {
            let publication = Publication {
                titre: (*titre).to_owned(),
                theme: (*theme).to_owned(),
                lien: (*lien).to_owned(),
                texte: (*texte).to_owned(),
                parue_le: *parue_le,
            };
            Changement::Publication(None, publication)
        }));
        for changement in changements {
            save_cellule(&ctx, &Garde::default(), ANNEE, c.region, changement).await?;
        }
    }
    questions(app, pays, vedette, agents).await
}

async fn questions(
    app: &Arc<Plateforme>,
    pays: &Pays,
    vedette: usize,
    agents: &Agents,
) -> Result<(), AppError> {
    let formation =
        store::assistance::public_id_formation(&app.db, pays.session, pays.formations[vedette]).await?;
    let objet = formation.as_deref().and_then(PublicId::parse).map(ObjetDemande::Formation);
    let origine = Origine {
        annee: Some(ANNEE),
        ecran: "/gestion/{annee}/formations/{id}".to_owned(),
        objet,
        ..Origine::default()
    };
    asks(
        app,
        &agents.gestionnaire,
        "2023-11-16T10:12",
        &origine,
        ThemeAssistance::Parametrage,
        "Bonjour,\nNotre section change de salle à la rentrée : faut-il le dire dans les caractéristiques de la formation, ou dans les sites de l’établissement ?",
    )
    .await?;
    let ctx = contexte(app, Some(agents.academie.clone()), instant("2023-11-17T09:30")?);
    let attente = view_file(&ctx, ANNEE, &CriteresFile { page: 1, ..CriteresFile::default() }).await?;
    if let Some(d) = attente.demandes.first() {
        let reponse = "Bonjour,\nDans les sites de l’établissement : déclarez le nouveau site, puis choisissez-le dans « Caractéristiques » de la formation. L’ancien site se retire ensuite.";
        treat(&ctx, &Garde::default(), ANNEE, &d.id, Traitement::Repondre(reponse)).await?;
    }
    asks(
        app,
        &agents.chef,
        "2023-11-17T15:40",
        &Origine::default(),
        ThemeAssistance::Capacites,
        "Bonjour,\nNous aimerions ouvrir douze places de plus en apprentissage. Qui décide, et avant quelle date ?",
    )
    .await
}

/// What a candidate of the region asked, once they are registered.
pub(super) async fn candidat(app: &Arc<Plateforme>, dossiers: &Dossiers) -> Result<(), AppError> {
    for &cle in dossiers.candidats.iter().flatten() {
        let d = store::candidats::by_id(&app.db, cle).await?;
        if d.etat != "inscrit" || !matches!(d.academie.as_str(), "09" | "20") || d.compte_id.is_none() {
            continue;
        }
        let acteur = Acteur {
            compte: d.compte_id,
            nom: format!("{} {}", d.prenom, d.nom),
            attributions: vec![Attribution {
                session: Some(dossiers.session),
                candidat: Some(cle),
                ..Attribution::simple(Role::Candidat)
            }],
        };
        return asks(
            app,
            &acteur,
            "2024-01-30T18:05",
            &Origine { ecran: "/candidat/voeux".to_owned(), ..Origine::default() },
            ThemeAssistance::Orientation,
            "Bonjour,\nJ’hésite entre une licence de droit et un BUT carrières juridiques. Est-ce que je peux mettre les deux, et passer de l’un à l’autre ensuite ?",
        )
        .await;
    }
    Ok(())
}

async fn asks(
    app: &Arc<Plateforme>,
    qui: &Acteur,
    le: &str,
    origine: &Origine,
    theme: ThemeAssistance,
    texte: &str,
) -> Result<(), AppError> {
    let ctx = contexte(app, Some(qui.clone()), instant(le)?);
    ask(&ctx, &Garde::default(), origine, Some(theme), texte).await?;
    Ok(())
}
