//! A demonstration behind a declared proxy, on the loopback, in a process of its own, and the people who sign in to it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cleanup;
use crate::http::{Client, between};
use crate::measure::processor;
use crate::process::spawn;
use crate::workspace::product;

/// The server, ended with us.
pub struct Served {
    pub address: SocketAddr,
    pub data: tempfile::TempDir,
    child: Child,
    _guard: cleanup::Guard,
}

/// A person of the demonstration.
#[derive(Debug, Clone)]
pub struct Person {
    pub code: String,
    pub address: String,
    pub password: String,
    /// Has an authenticator.
    pub authenticator: bool,
    pub home: String,
}

impl Served {
    /// Fills a demonstration and waits until it answers.
    pub fn start(binary: &Path, moment: &str, settings: &[(&str, String)]) -> Result<Self> {
        Self::start_with(binary, moment, settings, &[])
    }

    /// The same with more options of the command.
    pub fn start_with(
        binary: &Path,
        moment: &str,
        settings: &[(&str, String)],
        options: &[&str],
    ) -> Result<Self> {
        let data = tempfile::tempdir().context("no temporary folder")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = product(binary);
        command
            .args(["demo", "--port", &port.to_string(), "--moment", moment, "--donnees"])
            .arg(data.path())
            .args(options)
            .envs(settings.iter().map(|(name, value)| (*name, value)))
            .env("PARCOURSUP_MANDATAIRES", "127.0.0.1")
            .stdout(Stdio::null());
        let (mut child, guard) = spawn(&mut command)?;
        let begun = Instant::now();
        loop {
            if Client::new(address, "127.0.0.1").get("/connexion").is_ok_and(|page| page.status == 200) {
                return Ok(Self { address, data, child, _guard: guard });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the demonstration ended with {status}");
            }
            if begun.elapsed() > Duration::from_secs(300) {
                bail!("the demonstration does not answer");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Stops it and waits for its end. Gives what it leaves.
    pub fn end(self) -> Result<tempfile::TempDir> {
        let Self { data, mut child, _guard: guard, .. } = self;
        drop(guard);
        child.wait().context("the demonstration does not end")?;
        Ok(data)
    }

    /// Seconds of the processor so far.
    pub fn processor(&self) -> f64 {
        processor(self.child.id())
    }

    /// The people of the demonstration who have a password.
    pub fn people(&self) -> Result<Vec<Person>> {
        let sheet: PathBuf = self.data.path().join("demonstration.json");
        let sheet: Value = serde_json::from_str(&std::fs::read_to_string(sheet)?)?;
        let text = |p: &Value, key: &str| p[key].as_str().map(str::to_owned);
        let people = sheet["personas"].as_array().context("a demonstration without people")?;
        Ok(people
            .iter()
            .filter_map(|p| {
                Some(Person {
                    code: text(p, "code")?,
                    address: text(p, "courriel")?,
                    password: text(p, "mot_de_passe")?,
                    authenticator: p["totp"].is_string(),
                    home: text(p, "accueil")?,
                })
            })
            .collect())
    }

    /// What is said of a sandbox that it opens for nobody else; its command has `--bac-a-sable`.
    pub fn sandbox(&self) -> Result<Value> {
        let answer = Client::new(self.address, "127.0.0.1").call("POST", "/api/v1/bac-a-sable", &[], None)?;
        if answer.status != 201 {
            bail!("no sandbox: {} {}", answer.status, answer.body);
        }
        Ok(serde_json::from_str(&answer.body)?)
    }

    /// A client signed in at once as a person, by the demonstration's own door.
    pub fn signed_in(&self, code: &str, network: &str) -> Result<Client> {
        let mut client = Client::new(self.address, network);
        let token = client.get("/dev")?.token()?.to_owned();
        let answer = client.post(&format!("/dev/personas/{code}"), &[("_jeton", &token)])?;
        if answer.status != 303 {
            bail!("{code} cannot be signed in: {}", answer.status);
        }
        Ok(client)
    }

    /// What the person's authenticator shows now.
    pub fn code_of(&self, person: &Person) -> Result<String> {
        let page = Client::new(self.address, "127.0.0.1").get("/dev")?.body;
        let from = page.find(&person.address).context("the person is not on the page")?;
        let code = between(&page[from..], "en ce moment\u{a0}: <code>", "</code>")
            .or_else(|| between(&page[from..], "en ce moment : <code>", "</code>"));
        Ok(code.context("no authenticator")?.to_owned())
    }
}

/// How signing in went.
pub struct SignIn {
    /// Of the password, then of the second step when it was asked; without reading the authenticator.
    pub seconds: f64,
    pub second_step: bool,
}

/// Signs in as a person would, from the browser that the client is; leaves the session open.
pub fn sign_in(served: &Served, client: &mut Client, person: &Person) -> Result<SignIn> {
    client.cookies.remove("session");
    let token = client.get("/connexion")?.token()?.to_owned();
    let begun = Instant::now();
    let fields =
        [("_jeton", token.as_str()), ("courriel", &person.address), ("mot_de_passe", &person.password)];
    let mut answer = client.post("/connexion", &fields)?;
    let mut seconds = begun.elapsed().as_secs_f64();
    let second_step = answer.location.starts_with("/connexion/verification");
    if second_step {
        let token = client.get("/connexion/verification")?.token()?.to_owned();
        let code = served.code_of(person)?;
        let begun = Instant::now();
        answer = client.post("/connexion/verification", &[("_jeton", &token), ("code", &code)])?;
        seconds += begun.elapsed().as_secs_f64();
    }
    if answer.status != 303 || answer.location.starts_with("/connexion") {
        bail!("{}: {} {} {}", person.code, answer.status, answer.location, told(&answer.body));
    }
    Ok(SignIn { seconds, second_step })
}

/// The faults that a page tells.
pub fn told(body: &str) -> String {
    let text = between(body, "fr-alert", "</div>").unwrap_or_default();
    let mut inside = false;
    let plain: String = text
        .chars()
        .filter(|c| {
            inside = match c {
                '<' => true,
                '>' => false,
                _ => inside,
            };
            !inside && *c != '>'
        })
        .collect();
    plain.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
}

/// The value below which this share of a sorted list lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_of_the_list() {
        let sorted: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|s| percentile(&sorted, s)), [1.0, 50.0, 99.0, 100.0]);
        assert_eq!(percentile(&[], 0.99), 0.0);
    }
}
