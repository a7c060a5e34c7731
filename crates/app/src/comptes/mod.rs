//! Comptes: sign-in, second factor, registration, forgotten password.

mod hachage;

pub use hachage::Bassin;
