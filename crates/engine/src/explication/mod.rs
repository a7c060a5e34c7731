//! Why a voeu stands where it does, in numbers: the texts for people are made elsewhere, from these.
//!
//! Everything is recounted from the input of the day and its result ([`explain`]), or from the ranking of a groupe
//! ([`explain_ordre`], [`explain_modification`]): nothing has to be kept from the computation. One explanation reads the
//! columns once; it is meant for one person, not for all.

mod journee;
mod ordre;

pub use journee::{
    Appel, Attente, Avant, Cause, Demission, EtatGroupe, EtatInternat, Explication, Manque, Reponse, Retenue,
    Situation, explain,
};
pub use ordre::{
    Effet, ExplicationModification, ExplicationOrdre, Garantie, explain_modification, explain_ordre,
};
