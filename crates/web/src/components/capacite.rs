//! A capacity out of the ordinary: who typed it, why it is right, who confirmed it.

use app::formations::Relecture;
use app::messages;
use jiff::Timestamp;

use super::Definitions;

fn qui(nom: &str, le: i64) -> String {
    let le = Timestamp::from_millisecond(le).map(messages::date_heure).unwrap_or_default();
    if nom.is_empty() { format!("Importée le {le}") } else { format!("{nom}, le {le}") }
}

/// What is known of its second reading, after these lines.
pub fn relecture(mut d: Definitions, r: &Relecture) -> Definitions {
    d = d.ligne("Saisie par", qui(&r.saisie_par, r.saisie_le));
    if let Some(le) = r.motivee_le {
        d = d.ligne("Motif", &r.motif).ligne("Motif écrit par", qui(&r.motivee_par, le));
    }
    match r.confirmee_le {
        Some(le) => d.ligne("Confirmée par", qui(&r.confirmee_par, le)),
        None => d,
    }
}
