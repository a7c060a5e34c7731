//! A program as a small HTTP server on the loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use adapters::LivreurHttp;
use app::ports::{Livreur, Notification};
use domain::interfaces::evenements::EchecLivraison;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What it received, head and body, in order.
type Recus = Arc<Mutex<Vec<String>>>;

/// Answers `reponse` to everybody, with a body that never ends; an empty one: nothing at all.
async fn server(reponse: &'static str) -> (u16, Recus) {
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = ecoute.local_addr().unwrap().port();
    let recus = Recus::default();
    let boite = Arc::clone(&recus);
    tokio::spawn(async move {
        while let Ok((mut flux, _)) = ecoute.accept().await {
            let boite = Arc::clone(&boite);
            tokio::spawn(async move {
                let mut texte = String::new();
                let mut tampon = [0; 4_096];
                while !texte.ends_with('}') {
                    let lus = flux.read(&mut tampon).await.unwrap();
                    texte.push_str(&String::from_utf8_lossy(&tampon[..lus]));
                    if lus == 0 {
                        break;
                    }
                }
                boite.lock().unwrap().push(texte);
                if reponse.is_empty() {
                    tokio::time::sleep(Duration::from_secs(20)).await;
                }
                let tete = format!(
                    "HTTP/1.1 {reponse}\r\nlocation: http://127.0.0.1:{port}/ailleurs\r\ncontent-type: text/plain\r\n\r\n"
                );
                flux.write_all(tete.as_bytes()).await.unwrap();
                while flux.write_all(&[b'a'; 1_024]).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
        }
    });
    (port, recus)
}

fn notification(url: &str) -> Notification {
    Notification {
        url: url.to_owned(),
        identifiant: "msg1".to_owned(),
        horodatage: 1_614_265_330,
        signature: "v1,c2lnbmU=".to_owned(),
        corps: "{\"id\":\"msg1\"}".to_owned(),
    }
}

fn livreur(boucle_locale: bool) -> LivreurHttp {
    LivreurHttp::with_delai(boucle_locale, Duration::from_millis(800)).unwrap()
}

#[tokio::test]
async fn r_api_07_a_message_arrives_whole_with_the_headers_of_its_signature() {
    let (port, recus) = server("202 Accepted").await;
    let debut = Instant::now();
    let statut = livreur(true).post(&notification(&format!("http://127.0.0.1:{port}/crochet?a=b"))).await;
    assert_eq!(statut, Ok(202));
    assert!(debut.elapsed() < Duration::from_millis(700), "a body without end is not read");
    let recu = recus.lock().unwrap()[0].to_lowercase();
    for attendu in [
        "post /crochet?a=b http/1.1\r\n",
        "content-type: application/json\r\n",
        "webhook-id: msg1\r\n",
        "webhook-timestamp: 1614265330\r\n",
        "webhook-signature: v1,c2lnbmu=\r\n",
        "\r\n\r\n{\"id\":\"msg1\"}",
    ] {
        assert!(recu.contains(attendu), "{attendu:?} in {recu}");
    }
}

#[tokio::test]
async fn r_api_07_redirections_are_answers_and_silence_is_none() {
    for (reponse, attendu) in [
        ("302 Found", Ok(302)),
        ("410 Gone", Ok(410)),
        ("500 Internal Server Error", Ok(500)),
        ("", Err(EchecLivraison::Delai)),
    ] {
        let (port, recus) = server(reponse).await;
        let rendu = livreur(true).post(&notification(&format!("http://localhost:{port}/a"))).await;
        assert_eq!(rendu, attendu, "{reponse}");
        assert_eq!(recus.lock().unwrap().len(), 1, "no redirection is followed");
    }
    let libre = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let rendu = livreur(true).post(&notification(&format!("http://127.0.0.1:{libre}/a"))).await;
    assert_eq!(rendu, Err(EchecLivraison::Injoignable));
}

#[tokio::test]
async fn r_api_08_a_network_of_ours_is_never_called() {
    let (port, recus) = server("200 OK").await;
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        // A name like any other, that its owner makes lead here: always to the loopback, by convention.
        format!("https://crochet.localhost:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f.1:{port}/"),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "https://[fd00::1]/".to_owned(),
    ] {
        let rendu = livreur(false).post(&notification(&url)).await;
        let nom = url.contains("crochet");
        let refus = rendu == Err(EchecLivraison::Interdite);
        // Where the machine does not know that convention, the name is nobody's.
        assert!(refus || (nom && rendu == Err(EchecLivraison::Injoignable)), "{url}: {rendu:?}");
    }
    assert!(recus.lock().unwrap().is_empty(), "nothing arrived");
    let rendu = livreur(true).post(&notification("https://10.0.0.1/")).await;
    assert_eq!(rendu, Err(EchecLivraison::Interdite), "the machine itself, and no other");
}
