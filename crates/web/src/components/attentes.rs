//! The queues of a service, on its home: how many wait, since when, and what is late (R-ACC-02, R-ACC-05).

use app::accueil::{AttenteService, FileService};
use app::messages::{accord, date_heure};

use super::{Badge, Cellule, Colonne, Markup, Tableau, Ton, instant, nombre};

/// Name, what is to be done, and address of a queue.
pub fn file(annee: i64, quoi: FileService) -> (&'static str, &'static str, String) {
    let url = format!("/academie/{annee}");
    match quoi {
        FileService::Controles => ("Contrôle des formations", "à contrôler", format!("{url}/controles")),
        FileService::Capacites => ("Capacités inhabituelles", "à confirmer", format!("{url}/capacites")),
        FileService::Demandes => ("Demandes des établissements", "à examiner", format!("{url}/demandes")),
        FileService::Transmises => {
            ("Demandes transmises à l’équipe nationale", "à examiner", format!("/national/{annee}/demandes"))
        }
        FileService::Fiches => ("Fiches d’apprentissage", "à traiter", format!("{url}/apprentissage")),
        FileService::Questions => {
            ("Questions posées à votre service", "sans réponse", format!("/assistance/{annee}/file"))
        }
        FileService::Echanges => {
            ("Échanges avec les établissements", "à lire", format!("{url}/completude#messages"))
        }
        FileService::SansResponsable => (
            "Établissements sans responsable",
            "à pourvoir",
            "/comptes/responsables?sans_responsable=oui".to_owned(),
        ),
    }
}

/// Its name with the way to its list, where the person reads it; then its kinds.
fn nom(annee: i64, a: &AttenteService) -> Markup {
    let (nom, _, vers) = file(annee, a.file);
    let lien = |texte: String, vers: String| match a.lisible {
        true => Markup::lien(texte, vers),
        false => Markup::texte(texte),
    };
    let titre = lien(nom.to_owned(), vers.clone());
    if a.natures.is_empty() {
        return titre;
    }
    let natures = a.natures.iter().map(|(nature, n)| {
        let dit = format!("{} : {}", nature.libelle(), nombre(*n));
        lien(dit, format!("{vers}?etat=deposee&nature={}", nature.code()))
    });
    titre.et(Markup::rendu("<br>")).et(Markup::de(natures))
}

/// Each queue with its oldest, and what is late there; then, in a sentence, what late means. `None`: the person has no queue.
pub fn files(
    legende: &str,
    annee: i64,
    attentes: &[AttenteService],
    jours: i64,
) -> Option<(String, Tableau)> {
    if attentes.is_empty() {
        return None;
    }
    let colonnes = vec![
        Colonne::longue("File"),
        Colonne::new("À traiter"),
        Colonne::new("Le plus ancien attend depuis"),
        // Each cell says it in full.
        Colonne::actions("En retard"),
    ];
    let tableau = Tableau::new(legende, colonnes).legende_cachee().lignes(attentes.iter().map(|a| {
        let (_, a_faire, _) = file(annee, a.file);
        vec![
            Cellule::markup(nom(annee, a)),
            match a.nombre {
                0 => Cellule::texte("rien à traiter"),
                n => Cellule::texte(format_args!("{} {a_faire}", nombre(n))),
            },
            Cellule::texte(a.depuis.map_or_else(|| "–".to_owned(), |ms| date_heure(instant(ms)))),
            match a.en_retard {
                0 => Cellule::texte("aucun retard"),
                n => Cellule::markup(Markup::new(Badge::new(
                    Ton::Erreur,
                    format_args!("{} en retard", nombre(n)),
                ))),
            },
        ]
    }));
    let dit = format!("Est en retard ce qui attend depuis plus de {}.", accord(jours, "jour", "jours"));
    Some((dit, tableau))
}
