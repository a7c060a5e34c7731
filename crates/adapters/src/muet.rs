//! Carriers that carry nothing: the demonstration's mail, SMS and supervision while none is declared.

use app::ports::{EnvoiError, Futur, Message, Transporteur};

/// `courriel.transport = "journal"`: the message stays in the outbox, marked as sent, and is read on `/dev/courriels`.
#[derive(Debug, Default)]
pub struct CourrielJournal;

impl Transporteur for CourrielJournal {
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async move {
            // The number only: neither address nor text goes to the logs.
            tracing::info!(envoi = %message.identifiant, "courriel gardé dans la boîte d’envoi");
            Ok(())
        })
    }
}

/// No SMS gateway is declared: a message by SMS is given up at once, with the reason.
#[derive(Debug, Default)]
pub struct SmsAbsent;

impl Transporteur for SmsAbsent {
    fn available(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, _: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async { Err(EnvoiError::Definitif("aucune passerelle SMS n’est déclarée".to_owned())) })
    }
}

/// No supervision service is declared: alarms stay on the page and leave by mail.
#[derive(Debug, Default)]
pub struct SupervisionAbsente;

impl Transporteur for SupervisionAbsente {
    fn available(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, _: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async {
            Err(EnvoiError::Definitif("aucun service de supervision n’est déclaré".to_owned()))
        })
    }
}
