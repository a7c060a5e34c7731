//! What is outside: mail relay, SMS gateway, files on disk. Each type here implements a port of `app`.

mod depot;
mod muet;
mod sms;
mod smtp;
mod temoin;

pub use depot::DepotDisque;
pub use muet::{CourrielJournal, SmsAbsent};
pub use sms::{FormatSms, PasserelleSms, ReglagesSms, SmsInvalide, check_sms};
pub use smtp::{ReglageInvalide, ReglagesSmtp, SecuriteSmtp, Smtp, check_adresse};
pub use temoin::TemoinFichier;
