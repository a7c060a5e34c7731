//! Runs the real binary and reads what it says.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The binary, without the environment of the machine.
pub fn parcoursup(arguments: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_parcoursup"));
    for (nom, _) in std::env::vars().filter(|(n, _)| n.starts_with("PARCOURSUP_")) {
        c.env_remove(nom);
    }
    c.args(arguments);
    c
}

/// Runs to the end.
pub fn run(arguments: &[&str]) -> Output {
    parcoursup(arguments).output().unwrap()
}

pub fn texte(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Runs, must succeed; gives the output.
pub fn reussit(arguments: &[&str]) -> String {
    let s = run(arguments);
    assert!(s.status.success(), "{arguments:?}\n{}{}", texte(&s.stdout), texte(&s.stderr));
    texte(&s.stdout)
}

/// Runs, must fail with exit status 1 and one sentence that holds `attendu`.
pub fn echoue(arguments: &[&str], attendu: &str) -> String {
    let s = run(arguments);
    let dit = texte(&s.stderr);
    assert_eq!(s.status.code(), Some(1), "{arguments:?}\n{}{dit}", texte(&s.stdout));
    assert!(dit.contains(attendu), "{arguments:?}: « {attendu} » missing in\n{dit}");
    assert!(dit.starts_with("Erreur : ") && !dit.contains("panicked"), "{dit}");
    dit
}

/// A running server, ended with the test.
pub struct Serveur {
    enfant: Child,
    pub port: u16,
    pub dit: String,
}

/// A free port of the loopback.
pub fn port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Serveur {
    /// Starts, waits for the line that holds `pret`.
    pub fn demarre(mut commande: Command, port: u16, pret: &str) -> Self {
        let mut enfant = commande.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (envoie, recoit) = mpsc::channel();
        let sortie = BufReader::new(enfant.stdout.take().unwrap());
        std::thread::spawn(move || {
            for ligne in sortie.lines().map_while(Result::ok) {
                if envoie.send(ligne).is_err() {
                    return;
                }
            }
        });
        let mut dit = String::new();
        let limite = Instant::now() + Duration::from_secs(120);
        while !dit.contains(pret) {
            match recoit.recv_timeout(limite.saturating_duration_since(Instant::now())) {
                Ok(ligne) => dit.push_str(&format!("{ligne}\n")),
                Err(_) => {
                    let _ = enfant.kill();
                    let mut erreur = String::new();
                    enfant.stderr.take().unwrap().read_to_string(&mut erreur).unwrap();
                    panic!("« {pret} » never said:\n{dit}{erreur}");
                }
            }
        }
        Self { enfant, port, dit }
    }

    /// Opens a page; gives (status, headers and body).
    pub fn lit(&self, chemin: &str, entetes: &str) -> (u16, String) {
        let reponse = self.echange("GET", chemin, entetes);
        let statut = reponse.split(' ').nth(1).unwrap().parse().unwrap();
        (statut, reponse)
    }

    /// Asks for an act that needs nothing; gives the body of the answer.
    pub fn poste(&self, chemin: &str) -> String {
        let reponse = self.echange("POST", chemin, "Content-Length: 0\r\n");
        reponse.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn echange(&self, methode: &str, chemin: &str, entetes: &str) -> String {
        let mut flux = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        flux.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let hote = format!("localhost:{}", self.port);
        write!(flux, "{methode} {chemin} HTTP/1.1\r\nHost: {hote}\r\nConnection: close\r\n{entetes}\r\n")
            .unwrap();
        let mut reponse = Vec::new();
        flux.read_to_end(&mut reponse).unwrap();
        texte(&reponse)
    }

    /// Asks to stop (SIGTERM); gives (success, error output, seconds).
    pub fn arrete(mut self) -> (bool, String, f64) {
        let depart = Instant::now();
        let pid = self.enfant.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let statut = self.enfant.wait().unwrap();
        let mut erreur = String::new();
        self.enfant.stderr.take().unwrap().read_to_string(&mut erreur).unwrap();
        (statut.success(), erreur, depart.elapsed().as_secs_f64())
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        // Already ended after `arrete`.
        let _ = self.enfant.kill();
        let _ = self.enfant.wait();
    }
}

/// A production installation: configuration, keys, migrated database. Gives its folder as text.
pub fn installe(dossier: &Path, port: u16) -> String {
    let d = dossier.to_str().unwrap().to_owned();
    let configuration = format!(
        "adresse = \"http://localhost:{port}\"\necoute = [\"127.0.0.1:{port}\"]\nmandataires = [\"127.0.0.9\"]\n"
    );
    std::fs::write(dossier.join("parcoursup.toml"), configuration).unwrap();
    reussit(&["cles", "creer", "--donnees", &d]);
    reussit(&["migrer", "--donnees", &d]);
    d
}

/// Starts that installation.
pub fn sert(d: &str, port: u16) -> Serveur {
    Serveur::demarre(parcoursup(&["servir", "--donnees", d]), port, "répond sur")
}
