//! Calendars for other programs (iCalendar, RFC 5545): a few events in universal time, without anybody's name.

use std::fmt::Write as _;

use jiff::Timestamp;

/// Longest line, in octets, before it is folded (§3.1).
const LIGNE: usize = 75;

/// Something that happens from an instant to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evenement {
    /// The same in every version of the calendar: programs move what they already show.
    pub uid: String,
    /// Rises when the event changes.
    pub sequence: u32,
    pub debut: Timestamp,
    /// First instant after.
    pub fin: Timestamp,
    pub titre: String,
    pub description: String,
    /// Where to act.
    pub adresse: String,
    /// The person is not free meanwhile; a deadline makes nobody busy.
    pub occupe: bool,
}

/// What a calendar sent by mail asks of the program that receives it (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methode {
    /// To be shown, or put in place of an older version.
    Publier,
    /// To be taken away.
    Annuler,
}

impl Methode {
    /// In the file, and among the parameters of its type.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publier => "PUBLISH",
            Self::Annuler => "CANCEL",
        }
    }
}

/// Writes what goes with a mail: one event, and what to do with it. `organisateur`: an address of who speaks, of any scheme.
pub fn write_message(methode: Methode, etabli: Timestamp, organisateur: &str, e: &Evenement) -> Vec<u8> {
    let mut sortie = String::new();
    let mut ligne = |texte: &str| fold(&mut sortie, texte);
    ligne("BEGIN:VCALENDAR");
    ligne("VERSION:2.0");
    ligne("PRODID:-//Parcoursup//Calendrier//FR");
    ligne("CALSCALE:GREGORIAN");
    ligne(&format!("METHOD:{}", methode.code()));
    let etat = if methode == Methode::Annuler { "CANCELLED" } else { "CONFIRMED" };
    let organisateur = format!("ORGANIZER;CN=Parcoursup:{organisateur}");
    write_evenement(&mut sortie, etabli, e, &[&organisateur, &format!("STATUS:{etat}")]);
    fold(&mut sortie, "END:VCALENDAR");
    sortie.into_bytes()
}

/// Writes the calendar. `etabli`: instant of this version of it, the same for all who read it.
pub fn write_agenda(nom: &str, etabli: Timestamp, evenements: &[Evenement]) -> Vec<u8> {
    let mut sortie = String::new();
    let mut ligne = |texte: &str| fold(&mut sortie, texte);
    ligne("BEGIN:VCALENDAR");
    ligne("VERSION:2.0");
    ligne("PRODID:-//Parcoursup//Calendrier//FR");
    ligne("CALSCALE:GREGORIAN");
    ligne(&format!("X-WR-CALNAME:{}", escape(nom)));
    ligne("REFRESH-INTERVAL;VALUE=DURATION:PT12H");
    for e in evenements {
        write_evenement(&mut sortie, etabli, e, &[]);
    }
    fold(&mut sortie, "END:VCALENDAR");
    sortie.into_bytes()
}

fn write_evenement(sortie: &mut String, etabli: Timestamp, e: &Evenement, en_plus: &[&str]) {
    let mut ligne = |texte: &str| fold(sortie, texte);
    ligne("BEGIN:VEVENT");
    ligne(&format!("UID:{}", e.uid));
    ligne(&format!("DTSTAMP:{}", utc(etabli)));
    ligne(&format!("SEQUENCE:{}", e.sequence));
    ligne(&format!("DTSTART:{}", utc(e.debut)));
    ligne(&format!("DTEND:{}", utc(e.fin)));
    ligne(&format!("SUMMARY:{}", escape(&e.titre)));
    ligne(&format!("DESCRIPTION:{}", escape(&e.description)));
    ligne(&format!("URL:{}", e.adresse));
    for texte in en_plus {
        ligne(texte);
    }
    ligne(if e.occupe { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
    ligne("END:VEVENT");
}

fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// §3.3.11: what separates values elsewhere, and ends of lines.
fn escape(texte: &str) -> String {
    let mut sortie = String::with_capacity(texte.len());
    for c in texte.chars() {
        match c {
            '\\' | ';' | ',' => sortie.extend(['\\', c]),
            '\n' => sortie.push_str("\\n"),
            c if c.is_control() => {}
            c => sortie.push(c),
        }
    }
    sortie
}

/// Cuts between characters; what follows a cut begins with a space, which counts.
fn fold(sortie: &mut String, texte: &str) {
    let mut place = 0;
    for c in texte.chars() {
        if place + c.len_utf8() > LIGNE {
            sortie.push_str("\r\n ");
            place = 1;
        }
        sortie.push(c);
        place += c.len_utf8();
    }
    // Writing to a String cannot fail.
    let _ = write!(sortie, "\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evenement(titre: &str) -> Evenement {
        Evenement {
            uid: "2024-voeux-cloture@parcoursup.example".to_owned(),
            sequence: 2,
            debut: "2024-03-14T22:59:00Z".parse().unwrap(),
            fin: "2024-03-14T23:00:00Z".parse().unwrap(),
            titre: titre.to_owned(),
            description: String::new(),
            adresse: "https://parcoursup.example/candidat".to_owned(),
            occupe: false,
        }
    }

    fn ecrit(titre: &str) -> String {
        let etabli = "2023-11-13T08:00:00Z".parse().unwrap();
        String::from_utf8(write_agenda("Parcoursup", etabli, &[evenement(titre)])).unwrap()
    }

    #[test]
    fn an_event_has_all_that_programs_ask_for() {
        let texte = ecrit("Date limite : vœux; et, confirmation\\suite\nfin");
        for attendu in [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:",
            "UID:2024-voeux-cloture@parcoursup.example\r\n",
            "DTSTAMP:20231113T080000Z\r\n",
            "SEQUENCE:2\r\n",
            "DTSTART:20240314T225900Z\r\n",
            "DTEND:20240314T230000Z\r\n",
            "SUMMARY:Date limite : vœux\\; et\\, confirmation\\\\suite\\nfin\r\n",
            "END:VEVENT\r\nEND:VCALENDAR\r\n",
        ] {
            assert!(texte.contains(attendu), "{attendu:?} in {texte}");
        }
    }

    #[test]
    fn what_goes_with_a_mail_says_what_to_do_with_it() {
        let etabli = "2023-11-13T08:00:00Z".parse().unwrap();
        let ecrit = |m| {
            let octets = write_message(m, etabli, "https://parcoursup.example", &evenement("Séance"));
            String::from_utf8(octets).unwrap()
        };
        let (pose, retire) = (ecrit(Methode::Publier), ecrit(Methode::Annuler));
        for (texte, attendus) in [
            (&pose, ["METHOD:PUBLISH\r\n", "STATUS:CONFIRMED\r\n"]),
            (&retire, ["METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n"]),
        ] {
            let tous = ["UID:2024-voeux-cloture@parcoursup.example\r\n", "ORGANIZER;CN=Parcoursup:https://"];
            assert!(attendus.iter().chain(&tous).all(|a| texte.contains(a)), "{texte}");
        }
    }

    proptest! {
        /// Whatever is written: lines of at most 75 octets, ended by CR LF, that give the text back when unfolded.
        #[test]
        fn lines_are_folded_and_unfold_to_the_same_text(titre in "\\PC{0,200}") {
            let texte = ecrit(&titre);
            prop_assert!(texte.ends_with("\r\n"));
            for ligne in texte.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(ligne.len() <= LIGNE && !ligne.contains(['\r', '\n']), "{:?}", ligne);
            }
            let deplie = texte.replace("\r\n ", "");
            let attendu = format!("SUMMARY:{}\r\n", escape(&titre));
            prop_assert!(deplie.contains(&attendu));
        }
    }
}
