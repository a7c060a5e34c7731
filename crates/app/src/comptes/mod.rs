//! Comptes: sign-in, second factor, registration, forgotten password.

mod creer;
mod hachage;
mod session;

pub use creer::{MotDePasse, NouveauCompte, create_compte, create_comptes, create_comptes_in};
pub use hachage::Bassin;
pub use session::{
    EtapeConnexion, SessionVue, close_session, needs_second_factor, open_session, resolve_session,
};
