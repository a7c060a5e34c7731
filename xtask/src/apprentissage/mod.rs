//! `cargo xtask bench apprentissage`: days of the national catalogue read and integrated by the command of the product, each a
//! process of its own, on a new database. What academic services decide in between is written by the database's own client
//! and not timed.

mod fiches;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::bench::{Options, install};
use crate::measure::measure;
use crate::place::{Bases, Place};
use crate::process::capture;
use crate::served::Served;
use crate::workspace::{Workspace, which};
use fiches::{CHANGED, CREATED, Catalogue, Course, REMOVED, RESTRUCTURED, write};

/// Seconds that the whole catalogue may take, records and integration together, and a day of 3,000 records.
const WHOLE_SECONDS: f64 = 30.0;
const DAY_SECONDS: f64 = 5.0;
/// Beyond it a command is ended.
const LIMIT: Duration = Duration::from_secs(600);

/// The national offer, its courses under apprenticeship, and the real records of the catalogue.
const STATISTICS: &str = "data/02-statistiques/fr-esr-parcoursup_2025.csv.zst";
const COMPOSED: &str = "data/01-offre/offre-composee_2024-2025.csv.zst";
const REAL: &str = "data/05-carif-oref-lheo/rco_formations-apprentissage_2020-11.json.zst";
const NATIONAL_YEAR: &str = "2025";
/// Where the records come from: absence is judged among those of one flow.
const FLOW: &str = "banc";

/// The courses under apprenticeship of a session.
fn courses(year: u16) -> String {
    format!(
        "SELECT e.uai, fs.departement, fs.latitude, fs.longitude, fs.commune, fs.libelle
         FROM formation_session fs JOIN session_admission s ON s.id = fs.session_id
         JOIN formation p ON p.id = fs.formation_id JOIN etablissement e ON e.id = fs.etablissement_id
         WHERE s.annee = {year} AND p.statut = 'apprentissage' AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'"
    )
}

/// What academic services would decide: what left the catalogue, or that its organisation closed, is closed…
const CLOSED: &str = "UPDATE fiche_apprentissage
     SET statut = 'ferme', raison = 'Fermée par son organisme.', version = version + 1
     WHERE flux = 'banc' AND statut = 'en_attente_mise_a_jour' AND (presente = 0 OR raison IS NOT NULL)";
/// … and everything that R-APP-06 lets through is ready.
const READY: &str = "UPDATE fiche_apprentissage SET statut = 'pret_pour_integration', raison = NULL, version = version + 1
     WHERE flux = 'banc' AND presente = 1 AND doublon_de IS NULL
       AND statut IN ('a_publier', 'a_verifier_acces', 'a_valider_recteur', 'sous_habilitation', 'en_attente_mise_a_jour')
       AND constats NOT LIKE '%|intitule|%' AND constats NOT LIKE '%|uai|%' AND constats NOT LIKE '%|departement|%'";
/// What an integration looks at.
const LOOKED_AT: &str = "SELECT COUNT(*) FROM fiche_apprentissage
     WHERE statut = 'pret_pour_integration' OR formation_session_id IS NOT NULL";

/// What a report ends with: how many records were read, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    read: u64,
    created: u64,
    changed: u64,
    restructured: u64,
    removed: u64,
}

impl Said {
    fn parse(report: &str) -> Option<Self> {
        let line = report.lines().rfind(|line| line.contains(" fiches lues : "))?;
        // Thousands are parted by a narrow space.
        let numbers: Vec<u64> = line
            .split(|c: char| !c.is_ascii_digit() && c != '\u{202f}')
            .filter_map(|number| number.replace('\u{202f}', "").parse().ok())
            .collect();
        let [read, created, changed, restructured, removed, ..] = numbers[..] else { return None };
        Some(Self { read, created, changed, restructured, removed })
    }
}

/// The platform that is filled, and how long each thing that has a budget took.
struct Play<'p> {
    binary: &'p Path,
    place: &'p Place,
    year: u16,
    scratch: &'p Path,
    judged: Vec<String>,
    over: Vec<String>,
}

impl Play<'_> {
    /// Runs one command and prints its line. Gives its seconds and what it said.
    fn run(&self, label: &str, arguments: &[String], looked_at: Option<u64>) -> Result<(f64, String)> {
        let mut command = self.place.command(self.binary, &["import", "apprentissage"]);
        command.args(arguments).args(["--session", &self.year.to_string()]);
        let result = measure(&mut command, LIMIT, self.scratch)?;
        if !result.status.is_some_and(|status| status.success()) {
            bail!("« {label} » failed:\n{}{}", result.stdout, result.stderr);
        }
        let told = |line: &&str| line.contains(" fiches lues : ") || line.starts_with("Intégration, ");
        let told: Vec<&str> = result.stdout.lines().filter(told).collect();
        let records = looked_at.or_else(|| Some(Said::parse(&result.stdout)?.read)).unwrap_or(0);
        println!(
            "| {label} | {records} | {:.2} | {:.0} | {:.2} | {} MiB | {} |",
            result.seconds,
            records as f64 / result.seconds,
            result.cpu_seconds,
            result.peak_kib / 1024,
            told.join(" ")
        );
        Ok((result.seconds, result.stdout))
    }

    fn records(&self, label: &str, files: &[PathBuf], options: &[&str]) -> Result<(f64, String)> {
        let mut arguments: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        arguments.extend(["--flux", FLOW, "--appliquer"].map(str::to_owned));
        arguments.extend(options.iter().map(|option| (*option).to_owned()));
        self.run(label, &arguments, None)
    }

    /// The decisions of academic services, then the integration.
    fn integration(&self, label: &str) -> Result<f64> {
        self.place.rows(CLOSED)?;
        self.place.rows(READY)?;
        let looked_at = self.place.rows(LOOKED_AT)?.trim().parse()?;
        Ok(self.run(label, &["--integrer".to_owned()], Some(looked_at))?.0)
    }

    fn judge(&mut self, what: &str, seconds: f64, most: f64) {
        self.judged.push(format!("{what}: {seconds:.2} s, {most} s at most"));
        if seconds > most {
            self.over.push(what.to_owned());
        }
    }

    /// A day of records and what is then integrated of it; the records must be those that were made for it.
    fn day(
        &mut self,
        name: &str,
        files: &[PathBuf],
        options: &[&str],
        expected: [usize; 4],
        most: f64,
    ) -> Result<()> {
        let (read, said) = self.records(&format!("{name}: records"), files, options)?;
        let said = Said::parse(&said).context("the report does not say how many records it read")?;
        let counts = [said.created, said.changed, said.restructured, said.removed];
        if counts != expected.map(|n| n as u64) {
            bail!(
                "{name}: {counts:?} records created, changed, restructured, removed instead of {expected:?}"
            );
        }
        let integrated = self.integration(&format!("{name}: integration"))?;
        self.judge(name, read + integrated, most);
        Ok(())
    }

    /// The same files again, with the integration in the same command: nothing is left to do.
    fn again(&mut self, name: &str, files: &[PathBuf], options: &[&str], most: f64) -> Result<()> {
        let name = format!("{name} again, both in one command");
        let options: Vec<&str> = options.iter().copied().chain(["--integrer"]).collect();
        let (seconds, said) = self.records(&name, files, &options)?;
        let said = Said::parse(&said).context("the report does not say how many records it read")?;
        if [said.created, said.changed, said.restructured, said.removed] != [0; 4] {
            bail!("{name}: something changed: {said:?}");
        }
        self.judge(&name, seconds, most);
        Ok(())
    }
}

/// A new platform with its offer: its folder, where it is, the year of its session, and which offer.
fn national(binary: &Path, shared: &Path, base: Option<String>) -> Result<(TempDir, Place, u16, String)> {
    let data = tempfile::tempdir().context("no temporary folder")?;
    let place = Place { folder: data.path().to_owned(), base };
    install(binary, &place.arguments())?;
    capture(&mut place.command(binary, &["session", "ouvrir", NATIONAL_YEAR]))?;
    let mut import = place.command(binary, &["import", "offre"]);
    import.arg(shared.join(STATISTICS)).arg("--apprentissage").arg(shared.join(COMPOSED));
    let said = capture(import.args(["--session", NATIONAL_YEAR, "--appliquer"]))?;
    let said = said.trim().lines().next_back().unwrap_or_default().to_owned();
    Ok((data, place, NATIONAL_YEAR.parse()?, format!("the composed national offer ({said})")))
}

fn demonstration(binary: &Path) -> Result<(TempDir, Place, u16, String)> {
    let data = Served::start(binary, "parametrage", &[])?.end()?;
    let place = Place { folder: data.path().to_owned(), base: None };
    let year = place.rows("SELECT annee FROM session_admission WHERE etat = 'ouverte'")?;
    let offer = "that of the demonstration: the folder `shared` is not beside the repository".to_owned();
    Ok((data, place, year.trim().parse()?, offer))
}

pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let client = if options.postgres.is_some() { "psql" } else { "sqlite3" };
    if which(client).is_none() {
        bail!("this bench reads the database with `{client}`, which is missing");
    }
    let binary = workspace.measured()?;
    let shared = workspace.shared();
    let mut bases = options.postgres.clone().map(|server| Bases::on(server, "bench_apprentissage"));
    // `bases` removes it, after the folder.
    let base = bases.as_mut().map(|bases| bases.create("catalogue", None)).transpose()?;
    let (data, place, year, offer) = match (shared.join(COMPOSED).exists(), base) {
        (true, base) => national(&binary, &shared, base)?,
        (false, None) => demonstration(&binary)?,
        (false, Some(_)) => bail!(
            "the folder `shared` is not beside the repository: without it the offer is that of the demonstration, which is on \
             SQLite alone"
        ),
    };
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let rows = place.rows(&courses(year))?;
    let mut catalogue = Catalogue::new(rows.lines().map(Course::parse).collect::<Result<_>>()?)?;
    println!("database: {}", if place.base.is_some() { "PostgreSQL" } else { "SQLite" });
    println!("offer: {offer}, {} courses under apprenticeship in the session {year}", rows.lines().count());
    let file = |name: &str, records: &[fiches::Record]| -> Result<PathBuf> {
        let path = scratch.path().join(name);
        let mib = write(records, year, &path)? as f64 / 1_048_576.0;
        println!("{name}: {} invented records, {mib:.1} MiB", records.len());
        Ok(path)
    };
    let whole = file("catalogue.json", &catalogue.records)?;
    catalogue.next_day();
    let next = file("lendemain.json", &catalogue.records)?;
    let delta = file("surlendemain.json", &catalogue.next_day())?;
    let real = Some(shared.join(REAL)).filter(|real| real.exists());
    println!(
        "real records of November 2020: {}\na day: {CREATED} created, {CHANGED} changed, {RESTRUCTURED} restructured, \
         {REMOVED} removed; the day after, {REMOVED} closed by their organisation instead\n",
        if real.is_some() {
            "with those of each whole catalogue"
        } else {
            "none, the folder `shared` is missing"
        }
    );
    println!(
        "| step | records | seconds | records a second | of the processor, the command alone | peak memory, the command \
         alone | said |\n|---|---|---|---|---|---|---|"
    );
    let [whole, next] = [whole, next].map(|made| [made].into_iter().chain(real.clone()).collect::<Vec<_>>());
    let (judged, over) = (Vec::new(), Vec::new());
    let mut play = Play { binary: &binary, place: &place, year, scratch: scratch.path(), judged, over };
    let first = play.records("the whole catalogue: records", &whole, &[])?.0;
    let integrated = play.integration("the whole catalogue: integration")?;
    play.judge("the whole catalogue", first + integrated, WHOLE_SECONDS);
    play.again("the whole catalogue", &whole, &[], WHOLE_SECONDS)?;
    let removed = [CREATED, CHANGED, RESTRUCTURED, REMOVED];
    play.day("the next day, whole", &next, &[], removed, DAY_SECONDS)?;
    let closed = [CREATED, CHANGED + REMOVED, RESTRUCTURED, 0];
    let delta = [delta];
    play.day("the day after, its 3,000 records alone", &delta, &["--partiel"], closed, DAY_SECONDS)?;
    play.again("the 3,000 records", &delta, &["--partiel"], DAY_SECONDS)?;
    let Play { judged, over, .. } = play;
    println!("\n{}", judged.join("\n"));
    data.close().context("cannot remove the data")?;
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_report_is_read() {
        let report = "Fichier « a.json » : 3 fiches\n11\u{202f}447 fiches lues : 600 créées, 1\u{202f}500 modifiées, \
                      599 restructurées, 300 retirées, 0 revenues, 9\u{202f}047 inchangées ; 97 doublons, 0 refusées, 135 \
                      avertissements\nIntégration, session 2025 : 51 formations créées.\n";
        let said = Said { read: 11_447, created: 600, changed: 1_500, restructured: 599, removed: 300 };
        assert_eq!(Said::parse(report), Some(said));
        assert_eq!(Said::parse("Refusé"), None);
    }
}
