//! The relay against a small server that speaks SMTP on the loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapters::{ReglagesSmtp, SecuriteSmtp, Smtp};
use app::ports::{EnvoiError, Message, PieceJointe, Transporteur};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// What the server does with each recipient.
#[derive(Clone, Copy)]
enum Humeur {
    Accepte,
    /// Answers `RCPT TO` with this code.
    Refuse(&'static str),
    /// Says nothing at all.
    Muet,
}

/// Starts the server; gives its port and the messages it received (headers and body as they came).
async fn server(humeur: Humeur) -> (u16, Arc<Mutex<Vec<String>>>) {
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = ecoute.local_addr().unwrap().port();
    let recus = Arc::new(Mutex::new(Vec::new()));
    let boite = Arc::clone(&recus);
    tokio::spawn(async move {
        while let Ok((flux, _)) = ecoute.accept().await {
            let boite = Arc::clone(&boite);
            tokio::spawn(async move {
                let (lit, mut ecrit) = flux.into_split();
                let mut lignes = BufReader::new(lit).lines();
                if matches!(humeur, Humeur::Muet) {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    return;
                }
                let mut message: Option<String> = None;
                ecrit.write_all(b"220 relais.essai ESMTP\r\n").await.unwrap();
                while let Ok(Some(ligne)) = lignes.next_line().await {
                    let reponse = if let Some(texte) = &mut message {
                        if ligne == "." {
                            boite.lock().unwrap().push(std::mem::take(texte));
                            message = None;
                            "250 recu\r\n"
                        } else {
                            texte.push_str(ligne.strip_prefix('.').unwrap_or(&ligne));
                            texte.push('\n');
                            continue;
                        }
                    } else if ligne.starts_with("EHLO") {
                        "250-relais.essai\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
                    } else if ligne.starts_with("RCPT TO") {
                        match humeur {
                            Humeur::Refuse(code) => code,
                            _ => "250 ok\r\n",
                        }
                    } else if ligne == "DATA" {
                        message = Some(String::new());
                        "354 allez\r\n"
                    } else if ligne == "QUIT" {
                        "221 au revoir\r\n"
                    } else {
                        "250 ok\r\n"
                    };
                    if ecrit.write_all(reponse.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, recus)
}

fn relay(port: u16) -> Smtp {
    Smtp::new(&ReglagesSmtp {
        hote: "127.0.0.1".to_owned(),
        port,
        securite: SecuriteSmtp::Aucune,
        identifiants: None,
        expediteur: "Parcoursup <ne-pas-repondre@parcoursup.example>".to_owned(),
        repondre_a: Some("aide@parcoursup.example".to_owned()),
        delai: Duration::from_secs(2),
    })
    .unwrap()
}

fn message() -> Message {
    Message {
        identifiant: "k7qx2mwd".to_owned(),
        destinataire: "lea@exemple.fr".to_owned(),
        sujet: "Votre vœu est confirmé".to_owned(),
        corps: "Bonjour Léa,\n.une ligne qui commence par un point\nÀ bientôt".to_owned(),
        piece: None,
        arret: None,
    }
}

#[tokio::test]
async fn not_1_a_message_leaves_with_the_same_identifier_each_time() {
    let (port, recus) = server(Humeur::Accepte).await;
    let relais = relay(port);
    relais.check().await.unwrap();
    relais.send(&message()).await.unwrap();
    relais.send(&message()).await.unwrap();
    let recus = recus.lock().unwrap().clone();
    assert_eq!(recus.len(), 2);
    for texte in &recus {
        for attendu in [
            "Message-ID: <k7qx2mwd@parcoursup.example>",
            "To: lea@exemple.fr",
            "From: Parcoursup <ne-pas-repondre@parcoursup.example>",
            "Reply-To: aide@parcoursup.example",
            "Content-Language: fr",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(texte.contains(attendu), "{attendu} missing in\n{texte}");
        }
        // The subject is encoded, the text is readable once decoded: a dot at the start of a line survives.
        assert!(texte.contains("Subject: Votre =?utf-8?"), "{texte}");
        assert!(texte.contains("\n.une ligne qui commence par un point"), "{texte}");
    }
}

#[tokio::test]
async fn r_sea_12_a_file_leaves_with_its_mail_the_same_each_time() {
    let (port, recus) = server(Humeur::Accepte).await;
    let relais = relay(port);
    let piece = PieceJointe {
        nom: "seance.ics".to_owned(),
        genre: "text/calendar; charset=utf-8; method=PUBLISH".to_owned(),
        octets: b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n".to_vec(),
    };
    let m = Message { piece: Some(piece), ..message() };
    relais.send(&m).await.unwrap();
    relais.send(&m).await.unwrap();
    let recus = recus.lock().unwrap().clone();
    for attendu in [
        "Message-ID: <k7qx2mwd@parcoursup.example>",
        "Content-Type: multipart/mixed;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/calendar; charset=utf-8; method=PUBLISH",
        "Content-Disposition: attachment; filename=\"seance.ics\"",
        "METHOD:PUBLISH",
    ] {
        assert!(recus[0].contains(attendu), "{attendu} missing in\n{}", recus[0]);
    }
    assert!(!recus[0].contains("List-Unsubscribe"));
    let sans_date = |texte: &str| {
        texte.lines().filter(|l| !l.starts_with("Date:")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sans_date(&recus[0]), sans_date(&recus[1]));
}

#[tokio::test]
async fn r_inf_08_mails_that_may_be_stopped_say_how() {
    let (port, recus) = server(Humeur::Accepte).await;
    let arret =
        "https://parcoursup.example/resume/aaaaaaaaaaaaaaaaaaaaaaaaaa0123456789abcdef0123456789abcdef";
    relay(port).send(&Message { arret: Some(arret.to_owned()), ..message() }).await.unwrap();
    let recu = recus.lock().unwrap()[0].clone();
    assert!(recu.contains(&format!("List-Unsubscribe: <{arret}>")), "{recu}");
    assert!(recu.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{recu}");
}

#[tokio::test]
async fn not_1_a_refused_recipient_is_final_and_a_busy_relay_is_not() {
    let (port, _) = server(Humeur::Refuse("550 inconnu\r\n")).await;
    let erreur = relay(port).send(&message()).await.unwrap_err();
    assert!(matches!(&erreur, EnvoiError::Definitif(m) if m.contains("550")), "{erreur:?}");
    let (port, _) = server(Humeur::Refuse("451 plus tard\r\n")).await;
    let erreur = relay(port).send(&message()).await.unwrap_err();
    assert!(matches!(&erreur, EnvoiError::Passager(m) if m.contains("451")), "{erreur:?}");
    let (port, _) = server(Humeur::Refuse("535 identifiants\r\n")).await;
    assert!(matches!(relay(port).send(&message()).await.unwrap_err(), EnvoiError::Passager(_)));
}

#[tokio::test]
async fn not_3_a_silent_or_absent_relay_gives_up_in_time() {
    let (port, _) = server(Humeur::Muet).await;
    let depart = std::time::Instant::now();
    assert!(matches!(relay(port).send(&message()).await.unwrap_err(), EnvoiError::Passager(_)));
    assert!(depart.elapsed() < Duration::from_secs(5));
    let ferme = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    assert!(matches!(relay(ferme).send(&message()).await.unwrap_err(), EnvoiError::Passager(_)));
    assert!(relay(ferme).check().await.is_err());
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up_without_calling_the_relay() {
    let (port, recus) = server(Humeur::Accepte).await;
    let faux = Message { destinataire: "lea exemple\r\nBcc: tous".to_owned(), ..message() };
    assert!(matches!(relay(port).send(&faux).await.unwrap_err(), EnvoiError::Definitif(_)));
    assert!(recus.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_sender_that_is_no_address_is_refused_at_start() {
    let reglages = ReglagesSmtp {
        hote: "relais".to_owned(),
        port: 25,
        securite: SecuriteSmtp::StartTls,
        identifiants: None,
        expediteur: "Parcoursup".to_owned(),
        repondre_a: None,
        delai: Duration::from_secs(1),
    };
    assert!(Smtp::new(&reglages).unwrap_err().to_string().contains("« Parcoursup »"));
}
