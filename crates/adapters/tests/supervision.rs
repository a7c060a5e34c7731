//! The supervision service as a small HTTP server on the loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters::{ReglagesSupervision, Supervision, check_supervision};
use app::ports::{EnvoiError, Message, Transporteur};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Gives the answers in turn, the last one for ever, an empty one never; keeps (head, body) of what it received.
async fn server(statuts: &'static [&'static str]) -> (u16, Arc<Mutex<Vec<(String, String)>>>) {
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = ecoute.local_addr().unwrap().port();
    let recus = Arc::new(Mutex::new(Vec::new()));
    let boite = Arc::clone(&recus);
    tokio::spawn(async move {
        let mut n = 0;
        while let Ok((mut flux, _)) = ecoute.accept().await {
            let statut = statuts[n.min(statuts.len() - 1)];
            n += 1;
            let mut octets = Vec::new();
            let mut tampon = [0; 4_096];
            let (tete, corps) = loop {
                let lus = flux.read(&mut tampon).await.unwrap();
                octets.extend_from_slice(&tampon[..lus]);
                let texte = String::from_utf8_lossy(&octets).into_owned();
                let Some((tete, corps)) = texte.split_once("\r\n\r\n") else { continue };
                let attendu = tete
                    .lines()
                    .find_map(|l| l.to_lowercase().strip_prefix("content-length: ").map(str::to_owned))
                    .map_or(0, |v| v.trim().parse().unwrap());
                if corps.len() >= attendu || lus == 0 {
                    break (tete.to_owned(), corps.to_owned());
                }
            };
            boite.lock().unwrap().push((tete, corps));
            if statut.is_empty() {
                tokio::time::sleep(Duration::from_secs(20)).await;
            }
            let reponse = format!(
                "HTTP/1.1 {statut}\r\nlocation: http://127.0.0.1:{port}/ailleurs\r\ncontent-length: 0\r\n\
                 connection: close\r\n\r\n"
            );
            flux.write_all(reponse.as_bytes()).await.unwrap();
        }
    });
    (port, recus)
}

fn service(port: u16) -> Supervision {
    Supervision::new(ReglagesSupervision {
        url: format!("http://127.0.0.1:{port}/alarmes"),
        secret: SECRET.to_owned(),
        delai: Duration::from_millis(500),
    })
    .unwrap()
}

fn message() -> Message {
    Message {
        identifiant: "abc".to_owned(),
        destinataire: "supervision".to_owned(),
        sujet: "bourrage".to_owned(),
        corps: "{\"genre\":\"bourrage\",\"libelle\":\"Échecs\"}".to_owned(),
        piece: None,
        arret: None,
    }
}

fn header<'a>(tete: &'a str, nom: &str) -> &'a str {
    tete.lines()
        .find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(nom)))
        .map_or("", |(_, v)| v.trim())
}

#[tokio::test]
async fn jou_5_an_alarm_refused_then_received_is_the_same_signed_message() {
    let (port, recus) = server(&["500 Internal Server Error", "200 OK"]).await;
    let service = service(port);
    let refus = service.send(&message()).await.unwrap_err();
    assert!(matches!(&refus, EnvoiError::Passager(m) if m.contains("500")), "{refus}");
    service.send(&message()).await.unwrap();
    let recus = recus.lock().unwrap().clone();
    let [(premiere, corps), (seconde, corps_2)] = &recus[..] else { panic!("{recus:?}") };
    assert!(seconde.starts_with("POST /alarmes HTTP/1.1"), "{seconde}");
    assert_eq!(
        (header(seconde, "content-type"), header(seconde, "parcoursup-envoi")),
        ("application/json", "abc")
    );
    assert_eq!(
        (corps, header(premiere, "parcoursup-signature")),
        (corps_2, header(seconde, "parcoursup-signature"))
    );
    // What the service does to believe it.
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("abc.{corps}").as_bytes());
    let signe = header(seconde, "parcoursup-signature").strip_prefix("sha256=").unwrap();
    let signe = data_encoding::HEXLOWER.decode(signe.as_bytes()).unwrap();
    mac.clone().verify_slice(&signe).unwrap();
    mac.update(b" ");
    assert!(mac.verify_slice(&signe).is_err(), "another body has another signature");
}

#[tokio::test]
async fn jou_5_whatever_the_service_answers_the_alarm_is_tried_again() {
    for statut in [&["404 Not Found"], &["401 Unauthorized"], &["302 Found"], &[""]] {
        let (port, recus) = server(statut).await;
        let refus = service(port).send(&message()).await.unwrap_err();
        assert!(matches!(refus, EnvoiError::Passager(_)), "{statut:?}: {refus}");
        assert!(!refus.to_string().contains("127.0.0.1"), "{refus}");
        assert_eq!(recus.lock().unwrap().len(), 1, "no redirection is followed");
    }
}

#[test]
fn settings_that_would_leak_or_sign_nothing_are_refused() {
    assert!(check_supervision("http://veille.exemple.fr/").unwrap_err().to_string().contains("https"));
    check_supervision("https://veille.exemple.fr/alarmes").unwrap();
    let court = ReglagesSupervision {
        url: "https://veille.exemple.fr/".to_owned(),
        secret: "court".to_owned(),
        delai: Duration::from_secs(1),
    };
    assert!(Supervision::new(court).unwrap_err().to_string().contains("32"));
}
