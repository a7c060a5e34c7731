//! F-45, with a state: chains of calls where what one answer gives feeds the next. Something is read, written under the version that
//! was read, and read again; the same call under the same key gives the same answer and does nothing more, another act under that key
//! is a conflict, and a version that is stale is refused without anything being written.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::rng::Rng;
use crate::http::{Answer, Client};
use crate::served::Served;

/// What chains are about.
const KINDS: &[&str] =
    &["capacities", "presentation", "description", "component", "contact", "boarding school", "message"];
/// Parts of a description, and the field that is written there.
const FIELDS: &[(&str, &str)] = &[
    ("caracteristiques", "langues"),
    ("attendus", "attendus"),
    ("contacts", "contact"),
    ("grille", "conseils"),
    ("caracteristiques", "intitule_local"),
];

/// A line of a list of the establishment.
struct Line {
    /// Where the list is read, and its version when its lines have none of their own.
    read: String,
    /// Where a line is added; its own address is below.
    path: String,
    /// The list, in what is read.
    list: &'static str,
    /// The field that tells one line from the others.
    name: &'static str,
    /// Each line has its own address to be read, and its own version.
    own: bool,
    /// What is added, then what it becomes.
    bodies: [Value; 2],
}

impl Line {
    /// The identifiers of the lines that say this.
    fn found(&self, read: &Value, body: &Value) -> Vec<String> {
        let lines = read[self.list].as_array().into_iter().flatten();
        lines
            .filter(|l| l[self.name] == body[self.name])
            .filter_map(|l| l["id"].as_str().map(str::to_owned))
            .collect()
    }
}

/// A sandbox that nobody else calls.
pub struct World {
    client: Client,
    session: String,
    house: String,
    calls: u64,
}

fn text(v: &Value) -> Result<String> {
    v.as_str().map(str::to_owned).with_context(|| format!("« {v} » in place of a text"))
}

fn parsed(answer: &Answer) -> Result<Value> {
    serde_json::from_str(&answer.body).with_context(|| format!("no JSON: {}", answer.body))
}

fn expect(answer: &Answer, status: u16, what: &str) -> Result<()> {
    if answer.status == status {
        return Ok(());
    }
    bail!("{what}: {} in place of {status}: {}", answer.status, answer.body)
}

/// The answer to a call made again is that of the first one, to the number of its receipt.
fn same(first: &Answer, second: &Answer) -> Result<()> {
    let of = |a: &Answer| (a.status, a.receipt.clone(), a.etag.clone(), a.body.clone());
    if first.receipt.is_empty() {
        bail!("an act without a receipt: {}", first.body);
    }
    if of(first) != of(second) {
        bail!("made again under its key: {:?} in place of {:?}", of(second), of(first));
    }
    Ok(())
}

/// What was written is read.
fn says(read: &Value, written: &Value) -> Result<()> {
    for (name, value) in written.as_object().into_iter().flatten() {
        if read[name] != *value {
            bail!("{name}: {} is read where {value} was written", read[name]);
        }
    }
    Ok(())
}

impl World {
    pub fn open(served: &Served) -> Result<Self> {
        let mut client = Client::new(served.address, "127.0.0.1");
        let bac = served.sandbox()?;
        client.bearer = Some(text(&bac["jeton"])?);
        let session = format!("/api/v1/sessions/{}", bac["annee"]);
        let house = format!("{session}/etablissements/{}", text(&bac["etablissement"])?);
        Ok(Self { client, session, house, calls: 0 })
    }

    fn read(&mut self, path: &str) -> Result<(Answer, Value)> {
        self.calls += 1;
        let answer = self.client.call("GET", path, &[], None)?;
        expect(&answer, 200, path)?;
        let value = parsed(&answer)?;
        Ok((answer, value))
    }

    fn write(
        &mut self,
        (method, path): (&str, &str),
        (key, version): (&str, Option<&str>),
        body: Option<&Value>,
    ) -> Result<Answer> {
        self.calls += 1;
        let mut headers = vec![("Idempotency-Key", key)];
        if let Some(version) = version {
            headers.push(("If-Match", version));
        }
        self.client.call(method, path, &headers, body)
    }

    /// A course of the list; `simple`: with one ranking group.
    fn course(&mut self, rng: &mut Rng, simple: bool) -> Result<String> {
        let (_, list) = self.read(&format!("{}/formations", self.session))?;
        let mut ids = Vec::new();
        for f in list["formations"].as_array().into_iter().flatten() {
            let ici = format!("{}/formations/{}", self.session, text(&f["id"])?);
            if simple {
                let (_, read) = self.read(&format!("{ici}/capacites"))?;
                if read["groupes"].as_array().is_none_or(|g| g.len() != 1) {
                    continue;
                }
            }
            ids.push(ici);
        }
        if ids.is_empty() {
            bail!("no course in {list}");
        }
        Ok(rng.pick(&ids).clone())
    }

    /// What has a version of its own: read, written, read again, and what must not be written over.
    fn object(&mut self, n: u64, (method, ici): (&str, &str), [one, other]: &[Value; 2]) -> Result<()> {
        let (key, fresh) = (format!("chaine-{n}"), format!("chaine-{n}-bis"));
        let to = (method, ici);
        let (before, _) = self.read(ici)?;
        let stale = Some(before.etag.as_str());
        expect(&self.write(to, (&key, None), Some(one))?, 428, "without a version")?;
        let done = self.write(to, (&key, stale), Some(one))?;
        expect(&done, 200, "under the version that was read")?;
        let (after, value) = self.read(ici)?;
        says(&value, one)?;
        if after.etag != done.etag || after.etag == before.etag {
            bail!("versions {}, {} once written, {} read again", before.etag, done.etag, after.etag);
        }
        same(&done, &self.write(to, (&key, stale), Some(one))?)?;
        let current = Some(after.etag.as_str());
        expect(&self.write(to, (&key, current), Some(other))?, 409, "another act under the same key")?;
        expect(&self.write(to, (&fresh, stale), Some(other))?, 412, "under a stale version")?;
        let (end, _) = self.read(ici)?;
        if (&end.etag, &end.body) != (&after.etag, &after.body) {
            bail!("what was refused wrote something: {} after {}", end.body, after.body);
        }
        // What was refused is done once it was read again, under the key that it had.
        expect(&self.write(to, (&fresh, current), Some(other))?, 200, "read again")?;
        says(&self.read(ici)?.1, other)
    }

    /// A line added twice under one key, found once, changed, not written over, taken away.
    fn line(&mut self, n: u64, l: &Line) -> Result<()> {
        let [one, other] = &l.bodies;
        let key = |what: &str| format!("chaine-{n}-{what}");
        let (before, _) = self.read(&l.read)?;
        let version = (!l.own).then_some(before.etag.as_str());
        let add = |w: &mut Self| w.write(("POST", &l.path), (&key("ajout"), version), Some(one));
        let added = add(self)?;
        expect(&added, 201, "a line added")?;
        same(&added, &add(self)?)?;
        let ids = l.found(&self.read(&l.read)?.1, one);
        let [id] = ids.as_slice() else { bail!("added twice under one key, found {} times", ids.len()) };
        let ici = format!("{}/{id}", l.path);
        let read = if l.own { ici.clone() } else { l.read.clone() };
        let (current, _) = self.read(&read)?;
        let version = Some(current.etag.as_str());
        let changed = self.write(("PUT", &ici), (&key("ecriture"), version), Some(other))?;
        expect(&changed, 200, "a line changed")?;
        same(&changed, &self.write(("PUT", &ici), (&key("ecriture"), version), Some(other))?)?;
        expect(&self.write(("PUT", &ici), (&key("vieux"), version), Some(one))?, 412, "a stale line")?;
        expect(&self.write(("DELETE", &ici), (&key("vieux"), version), None)?, 412, "a stale removal")?;
        if l.found(&self.read(&l.read)?.1, other) != [id.clone()] {
            bail!("changed once, the line {id} is not read as it was written");
        }
        let (current, _) = self.read(&read)?;
        let version = Some(current.etag.as_str());
        expect(&self.write(("DELETE", &ici), (&key("retrait"), version), None)?, 200, "a line taken away")?;
        let (_, end) = self.read(&l.read)?;
        if !l.found(&end, one).is_empty() || !l.found(&end, other).is_empty() {
            bail!("a line taken away is still there: {end}");
        }
        Ok(())
    }

    /// Sent twice under one key, a message is there once; another one under that key is a conflict.
    fn message(&mut self, n: u64, ici: &str, texts: [String; 2]) -> Result<()> {
        let key = format!("chaine-{n}");
        let [one, other] = texts.map(|t| json!({ "texte": t }));
        let sent = self.write(("POST", ici), (&key, None), Some(&one))?;
        expect(&sent, 201, "a message")?;
        same(&sent, &self.write(("POST", ici), (&key, None), Some(&one))?)?;
        expect(&self.write(("POST", ici), (&key, None), Some(&other))?, 409, "another one under its key")?;
        let (_, read) = self.read(ici)?;
        let times = |body: &Value| {
            let all = read["messages"].as_array().into_iter().flatten();
            all.filter(|m| m["texte"] == body["texte"]).count()
        };
        match (times(&one), times(&other)) {
            (1, 0) => Ok(()),
            found => bail!("sent twice and refused once, found {found:?} times"),
        }
    }

    fn chain(&mut self, kind: &str, n: u64, rng: &mut Rng) -> Result<()> {
        let texts = ["Un", "Deux"].map(|t| format!("{t} : chaîne {n}, tirage {}.", rng.below(1_000_000)));
        let both = |name: &str| {
            let body = |t: &String| Value::Object(Map::from_iter([(name.to_owned(), json!(t))]));
            texts.each_ref().map(body)
        };
        let house = self.house.clone();
        let of_house = |read: String, list, name, own, bodies| Line {
            read,
            path: format!("{house}/{list}"),
            list,
            name,
            own,
            bodies,
        };
        match kind {
            "capacities" => {
                let ici = format!("{}/capacites", self.course(rng, true)?);
                // Unlike whatever any other chain writes.
                let (places, fees) = (20 + rng.below(20), 10_000 + 2 * n);
                let body = |more: u64| json!({ "capacite": places, "frais_centimes": fees + more });
                self.object(n, ("PUT", &ici), &[body(0), body(1)])
            }
            "presentation" => {
                let ici = format!("{}/presentation", self.course(rng, false)?);
                self.object(n, ("PUT", &ici), &both("texte"))
            }
            "description" => {
                let (part, field) = *rng.pick(FIELDS);
                let ici = format!("{}/description/{part}", self.course(rng, false)?);
                self.object(n, ("PATCH", &ici), &both(field))
            }
            "component" => self.line(n, &of_house(house.clone(), "composantes", "nom", false, both("nom"))),
            "contact" => {
                let contact = |t: &String| json!({ "fonction": t, "objet": "Inscriptions", "telephone": "03 22 00 99 88" });
                let bodies = texts.each_ref().map(contact);
                self.line(n, &of_house(format!("{house}/contacts"), "contacts", "fonction", false, bodies))
            }
            "boarding school" => {
                let places = 10 + rng.below(40);
                let declared = |t: &String| json!({ "libelle": t, "capacite": places, "accueil": "mixte" });
                let bodies = texts.each_ref().map(declared);
                self.line(n, &of_house(format!("{house}/internats"), "internats", "libelle", true, bodies))
            }
            _ => {
                let of = if rng.below(2) == 0 { house.clone() } else { self.course(rng, false)? };
                self.message(n, &format!("{of}/echanges"), texts)
            }
        }
    }

    /// These many chains, from this number on: the same ones for a seed.
    pub fn run(&mut self, seed: u64, first: u64, chains: u64) -> Value {
        let (mut kinds, mut failures, before) = (BTreeMap::new(), Vec::new(), self.calls);
        for n in first..first + chains {
            let mut rng = Rng::new(seed, n);
            let kind = *rng.pick(KINDS);
            *kinds.entry(kind).or_insert(0_u64) += 1;
            if let Err(fault) = self.chain(kind, n, &mut rng) {
                failures.push(format!("chain {n}, {kind}: {fault:#}"));
            }
        }
        json!({
            "chains": chains,
            "first": first,
            "calls": self.calls - before,
            "kinds": kinds,
            "passed": failures.is_empty(),
            "failures": failures,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, receipt: &str, body: &str) -> Answer {
        Answer { status, receipt: receipt.to_owned(), body: body.to_owned(), ..Answer::default() }
    }

    #[test]
    fn what_is_not_the_same_answer_or_not_what_was_written_is_a_fault() {
        let first = answer(200, "K7QX-2MWD-4FZR", "{}");
        assert!(same(&first, &answer(200, "K7QX-2MWD-4FZR", "{}")).is_ok());
        for other in [answer(201, "K7QX-2MWD-4FZR", "{}"), answer(200, "K7QX-2MWD-4FZS", "{}")] {
            assert!(same(&first, &other).is_err());
        }
        assert!(same(&first, &answer(200, "K7QX-2MWD-4FZR", "{\"a\":1}")).is_err());
        assert!(same(&answer(200, "", "{}"), &answer(200, "", "{}")).is_err());
        let read = json!({ "capacite": 24, "groupes": [] });
        assert!(says(&read, &json!({ "capacite": 24 })).is_ok());
        assert!(says(&read, &json!({ "capacite": 25 })).is_err());
        assert!(expect(&first, 200, "").is_ok() && expect(&first, 412, "").is_err());
    }

    #[test]
    fn a_line_is_found_by_what_tells_it_from_the_others() {
        let bodies = ["a", "b"].map(|nom| json!({ "nom": nom }));
        let l = Line {
            read: String::new(),
            path: String::new(),
            list: "sites",
            name: "nom",
            own: false,
            bodies: bodies.clone(),
        };
        let line = |id: &str, nom: &str| json!({ "id": id, "nom": nom });
        let read = json!({ "sites": [line("1", "a"), line("2", "c"), line("3", "a")] });
        assert_eq!(l.found(&read, &bodies[0]), ["1", "3"]);
        assert!(l.found(&read, &bodies[1]).is_empty());
        assert!(l.found(&json!({}), &bodies[0]).is_empty());
    }
}
