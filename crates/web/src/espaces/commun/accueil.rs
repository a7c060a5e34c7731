//! Home: what the platform is, where to go, what is open now.

use app::AppError;
use app::messages;
use askama::Template;
use axum::http::StatusCode;
use domain::RuleViolation;
use domain::calendrier::Etape;

use crate::components::{Badge, Carte, Cellule, Colonne, Echeance, Markup, Tableau, Ton, Tuile};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "commun/accueil.html")]
struct Accueil {
    page: Page,
    /// « Session 2024 », or nothing when no session is open.
    session: Option<String>,
    ouvertes: Vec<Carte>,
    calendrier: Tableau,
    tuiles: Vec<Tuile>,
}

/// The page that a step is about, for those who want to act now.
fn acces(etape: Etape) -> Option<(&'static str, &'static str)> {
    match etape {
        Etape::Consultation => Some(("Rechercher une formation", "/formations")),
        Etape::Voeux => Some(("S’inscrire", "/inscription")),
        Etape::Confirmation
        | Etape::Admission
        | Etape::Ordonnancement
        | Etape::Desistements
        | Etape::Repondeur => Some(("Mon espace candidat", "/candidat")),
        Etape::Parametrage | Etape::CapacitesFrais | Etape::Examen => Some(("Site de gestion", "/gestion")),
        Etape::Taux => Some(("Service académique", "/academie")),
        Etape::OrdreAppel => Some(("Équipe nationale", "/national")),
    }
}

pub async fn page(requete: Requete) -> Resultat {
    let maintenant = requete.ctx.campagne_le;
    let session = match app::sessions::courante(&requete.ctx.app.db).await {
        Ok(s) => Some(s),
        Err(AppError::NotFound) => None,
        Err(e) => return Err(e.into()),
    };
    let colonnes = vec![
        Colonne::new("Étape"),
        Colonne::new("Ouverture"),
        Colonne::new("Clôture"),
        Colonne::new("Aujourd’hui"),
    ];
    let mut calendrier = Tableau::new("Étapes de la session", colonnes).legende_cachee();
    let mut ouvertes = Vec::new();
    for etape in Etape::ALL {
        let Some((c, f)) = session.as_ref().and_then(|s| Some((&s.calendrier, s.calendrier.fenetre(etape)?)))
        else {
            continue;
        };
        let badge = match c.require_open(etape, maintenant) {
            Ok(()) => {
                let mut carte =
                    Carte::new(etape.libelle()).contenu(Markup::new(Echeance::new(maintenant, f.ferme)));
                if let Some((libelle, url)) = acces(etape) {
                    carte = carte.actions(Markup::lien(libelle, url));
                }
                ouvertes.push(carte);
                Badge::new(Ton::Succes, "Ouvert")
            }
            Err(RuleViolation::NotYetOpen { .. }) => Badge::new(Ton::Info, "À venir"),
            Err(_) => Badge::new(Ton::Neutre, "Terminé"),
        };
        calendrier = calendrier.ligne(vec![
            Cellule::texte(etape.libelle()),
            Cellule::texte(messages::date_heure(f.ouvre)),
            Cellule::texte(messages::date_limite(f.ferme)),
            Cellule::markup(Markup::new(badge)),
        ]);
    }
    let ouverture = session.as_ref().map(|s| s.calendrier.require_open(Etape::Consultation, maintenant));
    let recherche = match ouverture {
        Some(Err(RuleViolation::NotYetOpen { opens, .. })) => {
            format!("L’offre se consulte à partir du {}.", messages::date_heure(opens))
        }
        _ => "Capacités, frais, chiffres d’admission : toute l’offre publiée.".to_owned(),
    };
    let tuiles = vec![
        Tuile::new("Rechercher une formation", "/formations").detail(recherche).niveau(3),
        Tuile::new("Je suis candidat", "/candidat")
            .detail("Mon dossier, mes vœux, mes réponses aux propositions.")
            .niveau(3),
        Tuile::new("Je travaille dans un établissement", "/gestion")
            .detail("Paramétrer une formation, classer les candidatures.")
            .niveau(3),
        Tuile::new("Je travaille en service académique", "/academie")
            .detail("Suivre les établissements, contrôler les formations, fixer les taux.")
            .niveau(3),
        Tuile::new("Vérifier un récépissé", "/recepisse")
            .detail("S’assurer, par son numéro, qu’un récépissé est authentique.")
            .niveau(3),
        Tuile::new("Aide et contact", "/aide")
            .detail("Connexion, inscription, échéances : les réponses courantes.")
            .niveau(3),
    ];
    let page = Accueil {
        page: requete.page("Accueil"),
        session: session.map(|s| s.libelle),
        ouvertes,
        calendrier,
        tuiles,
    };
    Ok(rend(StatusCode::OK, &page))
}
