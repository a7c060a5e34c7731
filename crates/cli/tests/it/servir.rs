//! `servir` as an operator meets it: refusals in one sentence, one server a base, health, measures, stop.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::commun::{Serveur, echoue, installe, parcoursup, port, reussit, run, sert, texte};

#[test]
fn a_production_server_answers_has_no_dev_route_and_stops_cleanly() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    let serveur = sert(&d, port);
    let (statut, corps) = serveur.lit("/sante", "");
    assert_eq!(statut, 200, "{corps}");
    assert!(corps.contains("\"pret\":true") && corps.contains("application/json"), "{corps}");
    for chemin in ["/dev", "/dev/courriels", "/dev/composants", "/dev/horloge"] {
        assert_eq!(serveur.lit(chemin, "").0, 404, "{chemin}");
    }
    // A token in an address never reaches logs nor measures.
    serveur.lit("/mot-de-passe/jetonsecret0123456789?courriel=lea@exemple.fr", "");
    let (statut, mesures) = serveur.lit("/metrics", "");
    assert_eq!(statut, 200, "{mesures}");
    assert!(
        mesures.contains("parcoursup_requetes_total{") && mesures.contains("route=\"/sante\""),
        "{mesures}"
    );
    assert!(mesures.contains("parcoursup_envois_en_attente 0"), "{mesures}");
    assert!(!mesures.contains("jetonsecret"), "{mesures}");
    // Forwarded by a proxy that nobody declared, it does not exist.
    assert_eq!(serveur.lit("/metrics", "X-Forwarded-For: 127.0.0.1\r\n").0, 404);
    let (propre, journal, secondes) = serveur.arrete();
    assert!(propre && secondes < 10.0, "{secondes}\n{journal}");
    for ligne in journal.lines() {
        let objet: serde_json::Value = serde_json::from_str(ligne).unwrap_or_else(|e| panic!("{e}: {ligne}"));
        assert!(objet["level"].is_string(), "{ligne}");
    }
    assert!(journal.contains("\"numero\":\"") && journal.contains("serveur arrêté"), "{journal}");
    assert!(!journal.contains("jetonsecret") && !journal.contains("lea@exemple.fr"), "{journal}");
}

#[test]
fn mdp_4_a_production_never_hashes_below_the_floor() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    for (nom, valeur) in
        [("PARCOURSUP_MOTS_DE_PASSE_PASSES", "1"), ("PARCOURSUP_MOTS_DE_PASSE_MEMOIRE_KIO", "19455")]
    {
        let refus = parcoursup(&["servir", "--donnees", &d]).env(nom, valeur).output().unwrap();
        let dit = texte(&refus.stderr);
        assert!(!refus.status.success() && dit.contains("19456 Kio et 2 passes"), "{nom}\n{dit}");
    }
}

#[test]
fn web_5_the_number_of_an_error_page_is_the_one_of_the_log() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let serveur = sert(&d, port);
    let (statut, page) = serveur.lit("/nulle-part", "Accept: text/html\r\n");
    assert_eq!(statut, 404);
    let (_, journal, _) = serveur.arrete();
    let numero = journal
        .lines()
        .filter(|l| l.contains("\"statut\":404"))
        .find_map(|l| {
            serde_json::from_str::<serde_json::Value>(l).unwrap()["span"]["numero"]
                .as_str()
                .map(str::to_owned)
        })
        .expect("a line with a number");
    assert!(page.contains(&numero), "{numero} not in the page");
}

#[test]
fn a_second_server_a_taken_port_and_a_missing_base_are_one_sentence() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let serveur = sert(&d, port);
    let autre = format!("127.0.0.1:{}", crate::commun::port());
    echoue(&["servir", "--donnees", &d, "--ecoute", &autre], "Un serveur tourne déjà");
    // Commands beside the running server work.
    assert!(
        reussit(&["session", "ouvrir", "2024", "--donnees", &d]).contains("La session 2024 est ouverte.")
    );
    assert!(reussit(&["session", "lister", "--donnees", &d]).contains("Session 2024 : ouverte"));
    drop(serveur);
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let prise = ecoute.local_addr().unwrap().to_string();
    let dit = echoue(&["servir", "--donnees", &d, "--ecoute", &prise], "est déjà pris");
    assert_eq!(dit.lines().count(), 1, "{dit}");
    let vide = tempfile::tempdir().unwrap();
    let v = vide.path().to_str().unwrap();
    echoue(&["session", "lister", "--donnees", v], "cles creer");
    reussit(&["cles", "creer", "--donnees", v]);
    echoue(&["session", "lister", "--donnees", v], "parcoursup migrer");
}

#[test]
fn deg_4_missing_readable_weak_or_demonstration_keys_stop_a_real_server() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let cles = dossier.path().join("cles.toml");
    let bonnes = std::fs::read_to_string(&cles).unwrap();
    std::fs::set_permissions(&cles, std::fs::Permissions::from_mode(0o640)).unwrap();
    echoue(&["servir", "--donnees", &d], "chmod 600");
    std::fs::set_permissions(&cles, std::fs::Permissions::from_mode(0o600)).unwrap();
    let poivre = bonnes.lines().find(|l| l.starts_with("poivre")).unwrap();
    std::fs::write(&cles, bonnes.replace(poivre, &format!("poivre = \"{}\"", "00".repeat(32)))).unwrap();
    echoue(&["servir", "--donnees", &d], "pas aléatoire");
    std::fs::write(&cles, bonnes.replace("demonstration = false", "demonstration = true")).unwrap();
    echoue(&["servir", "--donnees", &d], "celui d’une démonstration");
    std::fs::remove_file(&cles).unwrap();
    echoue(&["servir", "--donnees", &d], "cles creer");
}

#[test]
fn a_wrong_configuration_names_the_setting_and_the_command_line_answers_in_french() {
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().to_str().unwrap();
    echoue(&["servir", "--donnees", d], "Le réglage « adresse » manque");
    std::fs::write(dossier.path().join("parcoursup.toml"), "ecoutes = []\n[courriel]\nport = \"x\"\n")
        .unwrap();
    let dit = echoue(&["servir", "--donnees", d], "2 fautes");
    assert!(dit.contains("« ecoute » ?") && dit.contains("« courriel.port »"), "{dit}");
    echoue(&["configuration", "verifier", "--configuration", "/nulle/part.toml"], "il n’existe pas");
    let exemple = reussit(&["configuration", "exemple"]);
    std::fs::write(dossier.path().join("parcoursup.toml"), exemple).unwrap();
    assert!(reussit(&["configuration", "verifier", "--donnees", d]).contains("est correcte"));
    let faux = run(&["servirr"]);
    assert_eq!(faux.status.code(), Some(2));
    assert!(texte(&faux.stderr).contains("Vouliez-vous dire « servir » ?"));
    let mut env = parcoursup(&["configuration", "verifier", "--donnees", d]);
    let sortie = env.env("PARCOURSUP_COURRIEL_HOTTE", "x").output().unwrap();
    assert!(texte(&sortie.stderr).contains("PARCOURSUP_COURRIEL_HOTTE"), "{}", texte(&sortie.stderr));
}

#[test]
fn a_folder_that_cannot_be_written_is_one_sentence() {
    // Root may write everywhere: a file where a folder is wanted stops everybody.
    let dossier = tempfile::tempdir().unwrap();
    std::fs::write(dossier.path().join("fichier"), "x").unwrap();
    let d = dossier.path().join("fichier/donnees");
    let d = d.to_str().unwrap();
    let dit =
        echoue(&["demo", "--donnees", d, "--port", &port().to_string()], "Impossible de créer le dossier");
    assert_eq!(dit.lines().count(), 1, "{dit}");
    echoue(&["migrer", "--donnees", d], "Impossible de créer le dossier");
}

#[test]
fn web_4_a_slow_request_ends_before_the_stop() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let serveur = sert(&d, port);
    let mut flux = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(flux, "POST /connexion HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n12345").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let suite = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(700));
        flux.write_all(b"67890").unwrap();
        let mut reponse = Vec::new();
        flux.read_to_end(&mut reponse).unwrap();
        texte(&reponse)
    });
    let (propre, journal, secondes) = serveur.arrete();
    let reponse = suite.join().unwrap();
    assert!(reponse.starts_with("HTTP/1.1 "), "{reponse}\n{journal}");
    assert!(propre && (0.5..10.0).contains(&secondes), "{secondes}\n{journal}");
}

/// An installation with these lines more in its configuration, and its server.
fn bounded(dossier: &Path, reglages: &str) -> Serveur {
    let port = port();
    let d = installe(dossier, port);
    let mut fichier = File::options().append(true).open(dossier.join("parcoursup.toml")).unwrap();
    writeln!(fichier, "{reglages}").unwrap();
    sert(&d, port)
}

fn connects(serveur: &Serveur) -> TcpStream {
    let flux = TcpStream::connect(("127.0.0.1", serveur.port)).unwrap();
    flux.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    flux
}

const FORMULAIRE: &str =
    "POST /connexion HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";

/// What comes until the server closes; it may close a connection on which something was still coming.
fn reads(flux: &mut TcpStream) -> String {
    let mut lu = Vec::new();
    let _ = flux.read_to_end(&mut lu);
    texte(&lu)
}

#[test]
fn web_4_headers_that_do_not_come_close_the_connection() {
    let dossier = tempfile::tempdir().unwrap();
    let serveur = bounded(dossier.path(), "delais.entetes_s = 1");
    let depart = Instant::now();
    let mut muettes: Vec<TcpStream> = (0..3).map(|_| connects(&serveur)).collect();
    muettes[1].write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    // A first letter that any version of HTTP begins with.
    muettes[2].write_all(b"P").unwrap();
    for flux in &mut muettes {
        reads(flux);
        let attendu = depart.elapsed().as_secs_f64();
        assert!((0.9..8.0).contains(&attendu), "{attendu}");
    }
    assert_eq!(serveur.lit("/aide", "").0, 200);
}

#[test]
fn web_4_a_body_that_does_not_come_is_refused_in_french_and_a_steady_one_is_not() {
    let dossier = tempfile::tempdir().unwrap();
    let serveur = bounded(dossier.path(), "delais.corps_s = 1\ndelais.corps_kio_s = 50");
    let mut flux = connects(&serveur);
    let depart = Instant::now();
    write!(flux, "{FORMULAIRE}Accept: text/html\r\nContent-Length: 100\r\n\r\nabc").unwrap();
    let reponse = reads(&mut flux);
    assert!(reponse.starts_with("HTTP/1.1 408 "), "{reponse}");
    assert!(reponse.contains("Envoi trop lent") && reponse.contains("content-security-policy"), "{reponse}");
    assert!((0.9..8.0).contains(&depart.elapsed().as_secs_f64()));
    // Longer than the first second, at three times the rate: every byte is worth its time.
    let mut flux = connects(&serveur);
    write!(flux, "{FORMULAIRE}Content-Length: {}\r\nConnection: close\r\n\r\n", 240 * 1024).unwrap();
    for _ in 0..16 {
        flux.write_all(&[b'a'; 15 * 1024]).unwrap();
        std::thread::sleep(Duration::from_millis(100));
    }
    let reponse = reads(&mut flux);
    assert!(reponse.starts_with("HTTP/1.1 403 "), "read to its end, then refused for its token: {reponse}");
}

#[test]
fn web_4_a_connection_too_many_of_one_address_waits_then_is_served() {
    let dossier = tempfile::tempdir().unwrap();
    let serveur = bounded(dossier.path(), "connexions.par_adresse = 2\ndelais.entetes_s = 60");
    let mut tenues = vec![connects(&serveur), connects(&serveur)];
    for flux in &mut tenues {
        flux.write_all(b"GET /sante HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        flux.read_exact(&mut [0; 12]).unwrap();
    }
    let mut suivante = connects(&serveur);
    suivante.write_all(b"GET /aide HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    suivante.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    assert!(suivante.read(&mut [0; 1]).is_err(), "answered although two connections are held");
    tenues.pop();
    suivante.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert!(reads(&mut suivante).starts_with("HTTP/1.1 200 "));
}

#[test]
fn web_4_what_lasts_longer_than_the_stop_is_cut() {
    let dossier = tempfile::tempdir().unwrap();
    let serveur = bounded(dossier.path(), "arret_s = 1");
    let mut flux = connects(&serveur);
    write!(flux, "{FORMULAIRE}Content-Length: 10\r\n\r\n12345").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let (propre, journal, secondes) = serveur.arrete();
    assert!(propre && (0.9..6.0).contains(&secondes), "{secondes}\n{journal}");
    assert!(journal.contains("elles sont coupées"), "{journal}");
    assert_eq!(reads(&mut flux), "");
}
