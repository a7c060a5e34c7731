//! Help to those who use the platform: the support cell of each région académique, and questions with their follow-up.

mod cellules;
mod demandes;

pub use cellules::{
    BornesReponses, FicheCellule, Lieu, Publication, ReponseType, SiteCellule, check_nombre_reponses,
    insert_reponse, sites_of,
};
pub use demandes::{
    ActeAssistance, Demandeur, Destinataire, EtatAssistance, Situation, ThemeAssistance, check_complement,
    check_question, destinataire, is_perimee, mediane, transmissions,
};
