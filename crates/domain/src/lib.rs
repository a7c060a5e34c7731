//! Pure rules of admission: values, states, calendar, rights. No async, SQL, HTTP, clock or randomness.

pub mod candidats;
pub mod formations;
pub mod territoires;
