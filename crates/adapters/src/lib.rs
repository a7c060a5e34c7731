//! What is outside: mail relay, files on disk. Each type here implements a port of `app`.

mod depot;
mod muet;
mod smtp;
mod temoin;

pub use depot::DepotDisque;
pub use muet::{CourrielJournal, SmsAbsent};
pub use smtp::{ReglageInvalide, ReglagesSmtp, SecuriteSmtp, Smtp, check_adresse};
pub use temoin::TemoinFichier;
