//! `/dev/courriels`: what would have been sent, newest first, with links that lead here.

use app::demonstration::outbox;
use app::messages;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::components::Markup;
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

const COMBIEN: i64 = 100;
/// Read to find those of one person: the proposals of a day are thousands.
const RECHERCHE: i64 = 5_000;

/// Whose messages.
#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    /// A recipient; empty for everybody.
    #[serde(default)]
    a: String,
}

/// A message as shown.
struct Message {
    titre: String,
    destinataire: String,
    canal: &'static str,
    date: String,
    etat: &'static str,
    lignes: Vec<Markup>,
    /// The newest one is open.
    ouvert: bool,
}

#[derive(Template)]
#[template(path = "dev/courriels.html")]
struct Courriels {
    page: Page,
    /// Whose; empty for everybody.
    a: String,
    messages: Vec<Message>,
}

fn etat(code: &str) -> &'static str {
    match code {
        "a_envoyer" => "en attente d’envoi",
        "envoye" => "envoyé",
        "perime" => "périmé, non envoyé",
        _ => "abandonné",
    }
}

/// A line of text with the addresses of this site made links.
fn ligne(texte: &str, adresse: &str) -> Markup {
    let Some(debut) = texte.find(adresse).filter(|_| !adresse.is_empty()) else {
        return Markup::texte(texte);
    };
    let (avant, reste) = texte.split_at(debut);
    let fin = reste.find(|c: char| c.is_whitespace() || "),;".contains(c)).unwrap_or(reste.len());
    let (lien, apres) = reste.split_at(fin);
    let chemin = &lien[adresse.len()..];
    let chemin = if chemin.starts_with('/') { chemin } else { "/" };
    Markup::texte(avant).et(Markup::lien(lien, chemin)).et(ligne(apres, adresse))
}

pub async fn page(requete: Requete, Query(Demande { a }): Query<Demande>) -> Resultat {
    let adresse = &requete.ctx.app.adresse;
    // Recipients are ciphered in the base: those of one person are found once read.
    let envois = outbox(&requete.ctx, if a.is_empty() { COMBIEN } else { RECHERCHE }).await?;
    let messages = envois
        .into_iter()
        .filter(|e| a.is_empty() || e.destinataire == a)
        .enumerate()
        .map(|(i, e)| Message {
            titre: format!("{} – {}", e.sujet, e.destinataire),
            canal: if e.canal == "sms" { "SMS" } else { "Courriel" },
            destinataire: e.destinataire,
            date: messages::date_heure(
                Timestamp::from_millisecond(e.cree_le).unwrap_or(Timestamp::UNIX_EPOCH),
            ),
            etat: etat(&e.etat),
            lignes: e.corps.lines().filter(|l| !l.trim().is_empty()).map(|l| ligne(l, adresse)).collect(),
            ouvert: i == 0,
        })
        .collect();
    Ok(rend(StatusCode::OK, &Courriels { page: requete.page("Boîte d’envoi"), a, messages }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_mail_stay_on_this_site_and_text_is_escaped() {
        let a = "http://localhost:8080";
        let m =
            ligne("Voyez <ici> : http://localhost:8080/inscription/abc) puis http://localhost:8080/aide", a);
        let html = m.to_string();
        assert!(html.contains("Voyez &lt;ici&gt;"), "{html}");
        assert!(html.contains(r#"href="/inscription/abc""#), "{html}");
        assert!(html.contains(r#"href="/aide""#), "{html}");
        assert!(!ligne("http://localhost:8080.mal.example", a).to_string().contains("href=\"http"));
    }
}
