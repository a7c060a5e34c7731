//! Comptes: sign-in, second factor, registration, forgotten password.

mod hachage;
mod session;

pub use hachage::Bassin;
pub use session::{
    EtapeConnexion, SessionVue, close_session, needs_second_factor, open_session, resolve_session,
};
