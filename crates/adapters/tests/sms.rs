//! The gateway against a small HTTP server on the loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters::{FormatSms, PasserelleSms, ReglagesSms, check_sms};
use app::ports::{EnvoiError, Message, Transporteur};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each request with this status line, or never when it is empty; keeps what it received.
async fn server(statut: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = ecoute.local_addr().unwrap().port();
    let recus = Arc::new(Mutex::new(Vec::new()));
    let boite = Arc::clone(&recus);
    tokio::spawn(async move {
        while let Ok((mut flux, _)) = ecoute.accept().await {
            let mut octets = Vec::new();
            let mut tampon = [0; 4_096];
            loop {
                let n = flux.read(&mut tampon).await.unwrap();
                octets.extend_from_slice(&tampon[..n]);
                let texte = String::from_utf8_lossy(&octets).to_lowercase();
                let Some((tete, corps)) = texte.split_once("\r\n\r\n") else { continue };
                let attendu: usize = tete
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length: "))
                    .map_or(0, |v| v.trim().parse().unwrap());
                if corps.len() >= attendu || n == 0 {
                    break;
                }
            }
            boite.lock().unwrap().push(String::from_utf8(octets).unwrap());
            if statut.is_empty() {
                tokio::time::sleep(Duration::from_secs(20)).await;
            }
            let reponse = format!(
                "HTTP/1.1 {statut}\r\nlocation: /ailleurs\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            flux.write_all(reponse.as_bytes()).await.unwrap();
        }
    });
    (port, recus)
}

fn reglages(port: u16) -> ReglagesSms {
    ReglagesSms {
        url: format!("http://127.0.0.1:{port}/v1/sms"),
        entetes: vec!["Authorization: Bearer {secret}".to_owned()],
        format: FormatSms::Json,
        corps: r#"{"to":"{destinataire}","text":"{texte}","ref":"{identifiant}"}"#.to_owned(),
        secret: Some("s3cret".to_owned()),
        delai: Duration::from_secs(2),
    }
}

fn message() -> Message {
    Message {
        identifiant: "abc".to_owned(),
        destinataire: "+33612345678".to_owned(),
        sujet: String::new(),
        corps: "Code « 12 34 » \"{secret}\" & fin".to_owned(),
        piece: None,
        arret: None,
    }
}

#[tokio::test]
async fn sec_7_an_sms_leaves_with_its_headers_and_its_body_escaped() {
    let (port, recus) = server("202 Accepted").await;
    PasserelleSms::new(reglages(port)).unwrap().send(&message()).await.unwrap();
    let recu = recus.lock().unwrap().remove(0);
    let (tete, corps) = recu.split_once("\r\n\r\n").unwrap();
    assert!(tete.starts_with("POST /v1/sms HTTP/1.1"), "{tete}");
    assert!(tete.to_lowercase().contains("authorization: bearer s3cret"), "{tete}");
    let corps: serde_json::Value = serde_json::from_str(corps).unwrap();
    assert_eq!(corps["to"], "+33612345678");
    assert_eq!(corps["text"], "Code « 12 34 » \"{secret}\" & fin", "a text never becomes a field");
    assert_eq!(corps["ref"], "abc");

    let (port, recus) = server("200 OK").await;
    let formulaire = ReglagesSms {
        format: FormatSms::Formulaire,
        corps: "to={destinataire}&text={texte}&key={secret}".to_owned(),
        ..reglages(port)
    };
    PasserelleSms::new(formulaire).unwrap().send(&message()).await.unwrap();
    let recu = recus.lock().unwrap().remove(0);
    assert!(recu.ends_with("%22%7Bsecret%7D%22%20%26%20fin&key=s3cret"), "{recu}");
    assert!(recu.contains("to=%2B33612345678&"), "{recu}");
}

#[tokio::test]
async fn not_1_a_gateway_that_refuses_says_whether_to_try_again() {
    for (statut, definitif) in [
        ("400 Bad Request", true),
        ("404 Not Found", true),
        ("401 Unauthorized", false),
        ("429 Too Many Requests", false),
        ("503 Service Unavailable", false),
        ("302 Found", false),
        ("", false),
    ] {
        let (port, recus) = server(statut).await;
        let refus = PasserelleSms::new(reglages(port)).unwrap().send(&message()).await.unwrap_err();
        assert_eq!(matches!(refus, EnvoiError::Definitif(_)), definitif, "{statut}: {refus}");
        assert!(!refus.to_string().contains("s3cret"));
        // A redirection is not followed: the number and the code go nowhere else.
        assert_eq!(recus.lock().unwrap().len(), 1, "{statut}");
    }
    // Nobody listens.
    let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let refus = PasserelleSms::new(reglages(port)).unwrap().send(&message()).await.unwrap_err();
    assert!(matches!(refus, EnvoiError::Passager(_)), "{refus}");
}

#[test]
fn settings_that_would_leak_or_do_nothing_are_refused() {
    let dit = |r: ReglagesSms| check_sms(&r).unwrap_err().to_string();
    assert!(dit(ReglagesSms { url: "http://sms.exemple.fr/".to_owned(), ..reglages(1) }).contains("https"));
    assert!(dit(ReglagesSms { url: "sms".to_owned(), ..reglages(1) }).contains("https"));
    assert!(dit(ReglagesSms { corps: "{texte}".to_owned(), ..reglages(1) }).contains("{destinataire}"));
    let faux = dit(ReglagesSms { entetes: vec!["X-Clé secrète: a".to_owned()], ..reglages(1) });
    assert!(faux.contains("« X-Clé secrète »"), "{faux}");
    check_sms(&ReglagesSms { url: "https://sms.exemple.fr/".to_owned(), ..reglages(1) }).unwrap();
}
