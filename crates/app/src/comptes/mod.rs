//! Comptes: sign-in, second factor, registration, forgotten password.

mod connexion;
mod courriels;
mod creer;
mod enrolement;
mod hachage;
mod inscription;
mod mot_de_passe;
mod oubli;
mod purge;
mod second_facteur;
mod session;
mod tentatives;
mod totp;

pub use connexion::{Connexion, sign_in};
pub use creer::{MotDePasse, NouveauCompte, create_compte, create_comptes, create_comptes_in};
pub use enrolement::{CommandeEnrolement, Enrolement, Facteur, enrol, prepare_enrolement};
pub use hachage::Bassin;
pub use inscription::{CommandeInscription, check_inscription, complete_inscription, request_inscription};
pub use oubli::{check_reset, request_reset, reset_password};
pub use purge::{BilanPurge, purge_comptes};
pub use second_facteur::{Verification, verify_code};
pub use session::{
    EtapeConnexion, SessionVue, close_session, needs_second_factor, open_session, resolve_session, sign_out,
};
pub use totp::totp_code;
