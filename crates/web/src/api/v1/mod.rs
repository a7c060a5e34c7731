//! Version 1 of the interface. The comments of what is read and written are published in its description: they are in French.

mod abonnements;
mod bac_a_sable;
mod classements;
mod classeur;
mod commun;
mod demandes;
mod description;
mod echanges;
mod etablissements;
mod formations;
mod informations;
mod internats;
mod nomenclatures;
mod publication;
mod reconduction;
mod regroupement;
mod schemas;
mod seances;
mod sessions;
mod suivi;

use axum::http::Method;

use super::document::Interface;

/// Lines of a page of a list, by default and at most.
pub(super) const PAR_PAGE: i64 = 50;
pub(super) const PAR_PAGE_MAX: i64 = 50;

/// Where sandboxes are.
pub(super) const BAC_A_SABLE: &str = "/api/v1/bac-a-sable";

/// The one write that needs no token, and of which nothing is read.
pub(super) fn is_opening(methode: &Method, chemin: &str) -> bool {
    *methode == Method::POST && chemin == BAC_A_SABLE
}

/// The parts of the description.
pub(super) const RUBRIQUES: &[(&str, &str)] = &[
    ("jeton", "Ce que le jeton présenté permet."),
    ("sessions", "Les sessions et leur calendrier."),
    (
        "etablissements",
        "L’établissement : coordonnées, accueil, composantes, sites, journées portes ouvertes, contacts, internats.",
    ),
    (
        "formations",
        "Les formations : capacités, frais, présentation, description, vœux multiples, apprentissage.",
    ),
    ("publication", "Contrôle académique et publication."),
    (
        "demandes",
        "Demandes au service académique : ouvrir, fermer, déplacer, confier ou changer une formation, modifier hors période.",
    ),
    ("echanges", "Échanges avec le service académique."),
    ("classements", "Dossiers des candidats, classements des groupes et des internats."),
    ("classeur", "Tout le paramétrage en un fichier, CSV ou XLSX."),
    (
        "informations",
        "Ce qui est dit à l’établissement : Fil info, documents de référence, charte, note sur les données, calendrier.",
    ),
    ("seances", "Séances d’information et webinaires : les lire, s’y inscrire."),
    (
        "abonnements",
        "Recevoir les événements des formations et de l’établissement du jeton, et ce qui lui est dit.",
    ),
    (
        "bac_a_sable",
        "Essayer un logiciel sur un établissement inventé, au moment de la campagne que l’on choisit.",
    ),
    ("nomenclatures", "Champs, valeurs possibles et schémas des fichiers."),
];

/// Every route; those of sandboxes where they are opened.
pub(super) fn interface(bac_a_sable: bool) -> Interface {
    let toutes = Interface::default()
        .avec(sessions::routes())
        .avec(etablissements::routes())
        .avec(internats::routes())
        .avec(formations::routes())
        .avec(reconduction::routes())
        .avec(description::routes())
        .avec(regroupement::routes())
        .avec(publication::routes())
        .avec(demandes::routes())
        .avec(echanges::routes())
        .avec(classements::routes())
        .avec(classeur::routes())
        .avec(suivi::routes())
        .avec(informations::routes())
        .avec(seances::routes())
        .avec(abonnements::routes())
        .avec(nomenclatures::routes())
        .avec(schemas::routes());
    if bac_a_sable { toutes.avec(bac_a_sable::routes()) } else { toutes }
}
