//! Records of the catalogue of apprenticeship, invented from the courses of an offer: the same for the same offer, on every
//! machine. Real establishments, towns and titles; identifiers, SIRET, streets and codes of towns and diplomas that are not.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

/// Records of the whole catalogue: the BTS under apprenticeship of the composed national offer.
pub const WHOLE: usize = 9_239;
/// What a day does, in this order of number: 3,000 records in all.
pub const CREATED: usize = 600;
pub const CHANGED: usize = 1_500;
pub const RESTRUCTURED: usize = 600;
pub const REMOVED: usize = 300;
/// Records of the day before that a day touches, spread over the whole of them.
const TOUCHED: usize = CHANGED + RESTRUCTURED + REMOVED;
/// What becomes of them, one after the other: five changes, two restructurings, one removal.
const ROUND: [Act; 8] = [
    Act::Change,
    Act::Restructure,
    Act::Change,
    Act::Remove,
    Act::Change,
    Act::Restructure,
    Act::Change,
    Act::Change,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Change,
    Restructure,
    Remove,
}

/// A course under apprenticeship of an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub uai: String,
    pub department: String,
    pub position: Option<(f64, f64)>,
    pub town: String,
    pub title: String,
}

impl Course {
    /// From a row of a query: code of the establishment, department, latitude, longitude, town, title.
    pub fn parse(row: &str) -> Result<Self> {
        let cells: Vec<&str> = row.splitn(6, '|').collect();
        let [uai, department, latitude, longitude, town, title] = cells[..] else {
            bail!("« {row} » is no course");
        };
        let position = latitude.parse().ok().zip(longitude.parse().ok());
        let [uai, department, town, title] = [uai, department, town, title].map(str::to_owned);
        Ok(Self { uai, department, position, town, title })
    }
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    number: usize,
    title: String,
    uai: String,
    siret: String,
    department: String,
    /// Five characters that begin as the department; empty without one.
    town_code: String,
    town: String,
    street: usize,
    position: Option<(f64, f64)>,
    /// Eight characters that say level 5.
    diploma: String,
    /// Entered in October instead of September.
    october: bool,
    places: u32,
    /// Its organisation says that it no longer exists.
    closed: bool,
}

impl Record {
    /// As the national catalogue writes it.
    fn json(&self, year: u16) -> Value {
        let point = self.position.map(|(latitude, longitude)| format!("{latitude:.5},{longitude:.5}"));
        let postal = match self.department.as_str() {
            "" => String::new(),
            "2A" | "2B" => "20000".to_owned(),
            department => format!("{department:0<5}"),
        };
        let rank = self.diploma.strip_prefix("320").unwrap_or_default();
        json!({
            "id_formation": format!("banc_{}", self.number),
            "id_action": format!("a{}", self.number),
            "id_certifinfo": format!("c{}", self.number),
            "cle_ministere_educatif": format!("banc-{:05}", self.number),
            "intitule_long": self.title,
            "etablissement_gestionnaire_siret": self.siret,
            "etablissement_gestionnaire_uai": self.uai,
            "etablissement_gestionnaire_code_insee": self.town_code,
            "etablissement_gestionnaire_geo_coordonnees": point,
            "etablissement_formateur_siret": self.siret,
            "etablissement_formateur_uai": self.uai,
            "etablissement_formateur_code_insee": self.town_code,
            "etablissement_formateur_geo_coordonnees": point,
            "etablissement_lieu_formation_uai": self.uai,
            "etablissement_lieu_formation_code_insee": self.town_code,
            "etablissement_lieu_formation_localite": self.town,
            "etablissement_lieu_formation_code_postal": postal,
            "etablissement_lieu_formation_adresse": format!("{} rue de l’Apprentissage", self.street),
            "etablissement_lieu_formation_geo_coordonnees": point,
            "cfd": self.diploma,
            "rncp_code": format!("RNCP1{rank}"),
            "bcn_mefs_10": [format!("{}01", self.diploma)],
            "periode": [format!("{year}-{}", if self.october { "10" } else { "09" })],
            "capacite": self.places,
            "parcoursup_statut": self.closed.then_some("fermé"),
        })
    }
}

/// An array of records, one a line. Gives its bytes.
pub fn write(records: &[Record], year: u16, file: &Path) -> Result<u64> {
    let mut out = BufWriter::new(File::create(file)?);
    for (rank, record) in records.iter().enumerate() {
        writeln!(out, "{}{}", if rank == 0 { "[" } else { "," }, record.json(year))?;
    }
    writeln!(out, "]")?;
    out.flush()?;
    Ok(std::fs::metadata(file)?.len())
}

/// The n-th number of an establishment that the registers do not know: fourteen digits, the last one as Luhn asks.
fn siret(n: usize) -> String {
    let body = format!("{:013}", 1_000_000_000_000 + n * 10_000 + 1);
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(rank, digit)| match (rank % 2, u32::from(digit - b'0')) {
            (0, digit @ 0..=4) => 2 * digit,
            (0, digit) => 2 * digit - 9,
            (_, digit) => digit,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Seven digits and a letter: another code is not kept by the product, so that nothing of it can change.
fn is_code(uai: &str) -> bool {
    uai.len() == 8
        && uai.bytes().take(7).all(|byte| byte.is_ascii_digit())
        && uai.bytes().skip(7).all(|byte| byte.is_ascii_uppercase())
}

/// Every record, from one day to the next.
pub struct Catalogue {
    pub records: Vec<Record>,
    numbers: usize,
    sirets: usize,
    streets: usize,
    days: usize,
}

impl Catalogue {
    /// A record for each course, by department, establishment and title; others of the same establishments beyond them, so that
    /// a small offer gives as many.
    pub fn new(mut courses: Vec<Course>) -> Result<Self> {
        if courses.is_empty() {
            bail!("this offer has no course under apprenticeship");
        }
        let key = |c: &Course| (c.department.clone(), c.uai.clone(), c.title.clone(), c.town.clone());
        courses.sort_by_key(key);
        let mut made = Self { records: Vec::new(), numbers: 0, sirets: 0, streets: 0, days: 0 };
        let mut towns: HashMap<String, HashMap<String, usize>> = HashMap::new();
        let mut sirets: HashMap<String, String> = HashMap::new();
        let mut diplomas: HashMap<String, usize> = HashMap::new();
        for course in courses {
            let known = towns.entry(course.department.clone()).or_default();
            let fresh = known.len() + 1;
            let rank = *known.entry(course.town.clone()).or_insert(fresh);
            let siret = sirets.entry(course.uai.clone()).or_insert_with(|| made.fresh_siret()).clone();
            let title = course.title.strip_suffix(" - en apprentissage").unwrap_or(&course.title).to_owned();
            let fresh = diplomas.len() + 1;
            let diploma = *diplomas.entry(title.clone()).or_insert(fresh);
            let record = Record {
                number: made.fresh_number(),
                title,
                uai: course.uai,
                siret,
                town_code: town_code(&course.department, rank),
                department: course.department,
                town: course.town,
                street: made.fresh_street(),
                position: course.position,
                diploma: format!("320{diploma:05}"),
                october: false,
                places: 24,
                closed: false,
            };
            made.records.push(record);
        }
        let offered = made.records.len();
        for rank in 0..WHOLE.saturating_sub(offered) {
            let model = made.records[rank % offered].clone();
            let record = made.create(&model);
            made.records.push(record);
        }
        Ok(made)
    }

    fn fresh_number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    fn fresh_street(&mut self) -> usize {
        self.streets += 1;
        self.streets
    }

    fn fresh_siret(&mut self) -> String {
        self.sirets += 1;
        siret(self.sirets)
    }

    /// A course that no offer has, where the model is.
    fn create(&mut self, model: &Record) -> Record {
        let number = self.fresh_number();
        let title = format!("{} (parcours {number})", model.title);
        Record { number, title, street: self.fresh_street(), closed: false, ..model.clone() }
    }

    /// Plays a day. Gives the records that it touches, those that it removes as their organisation closes them; they are no
    /// longer among `records`.
    pub fn next_day(&mut self) -> Vec<Record> {
        let before = self.records.clone();
        self.days += 1;
        let (mut changes, mut moves) = (0, 0);
        let mut gone = vec![false; before.len()];
        let mut touched = Vec::with_capacity(TOUCHED + CREATED);
        for pick in 0..TOUCHED {
            let at = (pick * before.len() / TOUCHED + self.days) % before.len();
            let mut record = before[at].clone();
            match ROUND[pick % ROUND.len()] {
                Act::Change => {
                    self.change(&mut record, changes);
                    changes += 1;
                }
                Act::Restructure => {
                    let elsewhere = before[at..].iter().chain(&before).map(|r| r.uai.as_str());
                    self.restructure(&mut record, moves, elsewhere);
                    moves += 1;
                }
                Act::Remove => {
                    record.closed = true;
                    gone[at] = true;
                }
            }
            self.records[at] = record.clone();
            touched.push(record);
        }
        let mut gone = gone.into_iter();
        self.records.retain(|_| !gone.next().unwrap_or(false));
        for rank in 0..CREATED {
            let record = self.create(&before[rank * before.len() / CREATED]);
            self.records.push(record.clone());
            touched.push(record);
        }
        touched
    }

    /// Another capacity, month of entry, address or title: neither the establishments nor the town move.
    fn change(&mut self, record: &mut Record, rank: usize) {
        match rank % 4 {
            0 => record.places += 1,
            1 => record.october = !record.october,
            2 => {
                record.street = self.fresh_street();
                record.position = record.position.map(|(latitude, longitude)| (latitude + 0.001, longitude));
            }
            _ => record.title.push_str(" rénové"),
        }
    }

    /// A new SIRET, a merger of two establishments, a place in another town, or the course given to another establishment.
    fn restructure<'c>(
        &mut self,
        record: &mut Record,
        rank: usize,
        mut elsewhere: impl Iterator<Item = &'c str>,
    ) {
        let other = elsewhere.find(|uai| *uai != record.uai && is_code(uai));
        match (rank % 4, other) {
            // Two that follow each other take the same, which no other day gives.
            (1, _) => record.siret = siret(MERGED + self.days * 1_000 + rank / 8),
            (2, _) if !record.department.is_empty() => {
                record.street = self.fresh_street();
                record.town_code = another_town(record);
                record.town = format!("Commune {}", record.town_code);
            }
            (3, Some(other)) if is_code(&record.uai) => other.clone_into(&mut record.uai),
            _ => record.siret = self.fresh_siret(),
        }
    }
}

/// Numbers of merged establishments begin here, far from the others.
const MERGED: usize = 5_000_000;

/// The n-th town of a department.
fn town_code(department: &str, n: usize) -> String {
    let width = 5_usize.saturating_sub(department.len());
    if department.is_empty() { String::new() } else { format!("{department}{n:0width$}") }
}

/// A town of its department where the record is not: from the end of the numbers, which the towns of an offer do not reach.
fn another_town(record: &Record) -> String {
    let most = if record.department.len() > 2 { 99 } else { 999 };
    let last = town_code(&record.department, most);
    if record.town_code == last { town_code(&record.department, most - 1) } else { last }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn offer(courses: usize) -> Vec<Course> {
        (0..courses)
            .map(|n| Course {
                uai: format!("{:07}A", n / 3),
                department: ["01", "2A", "971"][n % 3].to_owned(),
                position: (n % 5 > 0).then_some((46.0, 5.0)),
                town: format!("Ville {}", n % 7),
                title: format!("BTS - Spécialité {} - en apprentissage", n % 11),
            })
            .collect()
    }

    #[test]
    fn a_row_is_a_course() {
        let course = Course::parse("0010006B|01|46.1148|5.81717|Valserhône|BTS - A | B").unwrap();
        assert_eq!((course.uai.as_str(), course.position), ("0010006B", Some((46.1148, 5.81717))));
        assert_eq!(course.title, "BTS - A | B");
        assert_eq!(Course::parse("0010006B|01|||Valserhône|BTS").unwrap().position, None);
        assert!(Course::parse("0010006B").is_err());
    }

    #[test]
    fn numbers_of_establishments_are_coherent() {
        let luhn = |text: &str| {
            let digits = text.bytes().rev().map(|byte| u32::from(byte - b'0')).enumerate();
            digits.map(|(rank, d)| if rank % 2 == 0 { d } else { 2 * d / 10 + 2 * d % 10 }).sum::<u32>()
        };
        for n in [1, 2, 9, 12_345, MERGED + 3] {
            assert_eq!((siret(n).len(), luhn(&siret(n)) % 10), (14, 0), "{}", siret(n));
        }
        assert!(is_code("0010006B") && !is_code("C752887F") && !is_code(""));
    }

    #[test]
    fn a_catalogue_is_the_same_again_and_no_two_of_its_records_are() {
        let mut turned = offer(300);
        turned.reverse();
        let [one, again] = [offer(300), turned].map(|courses| Catalogue::new(courses).unwrap().records);
        assert_eq!(one.len(), WHOLE);
        let said = |r: &Record| (r.number, r.uai.clone(), r.title.clone());
        assert!(one.iter().map(said).eq(again.iter().map(said)));
        assert_eq!(one.iter().map(|r| r.number).collect::<HashSet<_>>().len(), WHOLE);
        assert_eq!(one.iter().map(|r| r.street).collect::<HashSet<_>>().len(), WHOLE);
        assert_eq!(one[0].json(2025)["parcoursup_statut"], Value::Null);
        assert!(Catalogue::new(Vec::new()).is_err());
    }

    #[test]
    fn a_day_has_its_proportions() {
        let mut catalogue = Catalogue::new(offer(9_300)).unwrap();
        for _ in 0..2 {
            let before: HashMap<usize, Record> =
                catalogue.records.iter().map(|r| (r.number, r.clone())).collect();
            let touched = catalogue.next_day();
            assert_eq!(touched.len(), CREATED + CHANGED + RESTRUCTURED + REMOVED);
            assert_eq!(catalogue.records.len(), before.len() + CREATED - REMOVED);
            let counted = |keep: &dyn Fn(&Record, Option<&Record>) -> bool| {
                touched.iter().filter(|r| keep(r, before.get(&r.number))).count()
            };
            assert_eq!(counted(&|_, was| was.is_none()), CREATED);
            assert_eq!(counted(&|now, _| now.closed), REMOVED);
            let whose = |r: &Record| (r.uai.clone(), r.siret.clone(), r.town_code.clone());
            let moved = |now: &Record, was: Option<&Record>| was.is_some_and(|was| whose(was) != whose(now));
            assert_eq!(counted(&moved), RESTRUCTURED);
            let changed = |now: &Record, was: Option<&Record>| {
                was.is_some_and(|was| was != now && whose(was) == whose(now)) && !now.closed
            };
            assert_eq!(counted(&changed), CHANGED);
            let left: HashSet<usize> = catalogue.records.iter().map(|r| r.number).collect();
            assert!(touched.iter().all(|r| r.closed != left.contains(&r.number)));
        }
    }
}
