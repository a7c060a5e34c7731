//! The marked grids, as the tests and the bench read them (`tests/grilles/README.md`).
#![expect(clippy::unwrap_used, reason = "fixtures: a fault in them must stop the test")]

use std::collections::BTreeSet;

use domain::grille::{Champ, Constat, Contexte, Critere, Grille, Importance, Regle, relire};
use serde_json::Value;

/// A grid and the faults that its author marked.
pub struct Annotee {
    pub id: String,
    pub contexte: Contexte,
    pub grille: Grille,
    /// What is expected of candidates; nothing in the sets that have not the key.
    pub attendus: Vec<String>,
    pub fautes: BTreeSet<(Regle, usize, usize)>,
}

fn texte(v: &Value) -> String {
    v.as_str().unwrap().to_owned()
}

fn importance(v: &Value) -> Importance {
    Importance::from_code(v["importance"].as_str().unwrap()).unwrap()
}

fn entier(v: &Value) -> u32 {
    u32::try_from(v.as_u64().unwrap()).unwrap()
}

fn critere(v: &Value) -> Critere {
    Critere { intitule: texte(&v["intitule"]), elements: texte(&v["elements"]), importance: importance(v) }
}

fn champ(v: &Value) -> Champ {
    Champ {
        poids: entier(&v["poids"]),
        importance: importance(v),
        criteres: v["criteres"].as_array().unwrap().iter().map(critere).collect(),
    }
}

/// Reads a line of a set.
pub fn lit(ligne: &str) -> Annotee {
    let v: Value = serde_json::from_str(ligne).unwrap();
    let f = &v["formation"];
    let epreuve = |nom: &str| f["epreuves"].as_array().unwrap().iter().any(|e| e == nom);
    let champs: Vec<Champ> = v["champs"].as_array().unwrap().iter().map(champ).collect();
    let oad = v["oad"].as_array().map(|a| std::array::from_fn(|i| entier(&a[i])));
    let place = |n: &Value| usize::try_from(n.as_u64().unwrap()).unwrap();
    let faute = |f: &Value| {
        let regle = Regle::from_code(f["regle"].as_str().unwrap()).unwrap();
        (regle, place(&f["champ"]), place(&f["critere"]))
    };
    Annotee {
        id: texte(&v["id"]),
        contexte: Contexte {
            lettre: f["lettre"].as_bool().unwrap(),
            questionnaire: f["questionnaire"].as_bool().unwrap(),
            ecrit: epreuve("ecrit"),
            oral: epreuve("oral"),
            pratique: epreuve("pratique"),
            en_ligne: epreuve("en_ligne"),
            // The authors of the sets did not mark what is said of the documents.
            documents: None,
        },
        grille: Grille { champs: champs.try_into().unwrap(), conseils: texte(&v["conseils"]), oad },
        attendus: v["attendus"].as_array().into_iter().flatten().map(texte).collect(),
        fautes: v["fautes"].as_array().unwrap().iter().map(faute).collect(),
    }
}

impl Annotee {
    /// What the reading finds.
    pub fn constats(&self) -> Vec<Constat> {
        let attendus: Vec<&str> = self.attendus.iter().map(String::as_str).collect();
        relire(&self.grille, &self.contexte, &attendus)
    }
}
