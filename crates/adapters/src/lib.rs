//! What is outside: mail relay, SMS gateway, supervision service, programs, antivirus, files on disk. Each type here implements a port of `app`.

mod antivirus;
mod depot;
mod http;
mod livreur;
mod muet;
mod sms;
mod smtp;
mod supervision;
mod temoin;

pub use antivirus::{AntivirusAbsent, AntivirusDemonstration, Clamd, Prise};
pub use depot::DepotDisque;
pub use livreur::{LivreurHttp, LivreurInvalide};
pub use muet::{CourrielJournal, SmsAbsent, SupervisionAbsente};
pub use sms::{FormatSms, PasserelleSms, ReglagesSms, SmsInvalide, check_sms};
pub use smtp::{ReglageInvalide, ReglagesSmtp, SecuriteSmtp, Smtp, check_adresse};
pub use supervision::{ReglagesSupervision, Supervision, SupervisionInvalide, check_supervision};
pub use temoin::TemoinFichier;
