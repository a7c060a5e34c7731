//! Formations: families, settings, publication states.

mod argent;
mod coherence;
pub mod controle;
mod correction;
pub mod demandes;
pub mod description;
mod famille;
mod genre;
mod groupes;
pub mod nomenclature;
mod parametrage;
mod recherche;
pub mod regroupement;
mod remarques;
mod vraisemblance;

pub use argent::{format_montant, milliers, parse_montant, write_montant};
pub use coherence::{AccueilDeclare, Contradiction, contradictions};
pub use correction::{Attaches, CHAMPS_IDENTITE, IdentiteFormation, check_correction};
pub use famille::{Famille, StatutFormation};
pub use genre::Genre;
pub use groupes::{
    GROUPES_MAX, GroupeVoulu, SERIES_TOUTES, academies_du_secteur, check_groupes, check_secteur,
    noms_du_secteur, parse_series, write_series,
};
pub use parametrage::{
    CAPACITE_MAX, EtatFormation, FRAIS_MAX, PRESENTATION_MAX, check_capacite, check_frais, check_places,
    check_presentation, check_publication,
};
pub use recherche::{lieu_recherche, mots_recherche, normalise_recherche, texte_recherche};
pub use remarques::{Remarque, remarques};
pub use vraisemblance::{
    Contexte, Glissement, PartGroupe, Passee, PlacesGroupe, Raison, Repere, Seuils, Vraisemblance,
    check_vraisemblance,
};
