//! Gathers the settings from the file, the environment and the command line, and reads them one by one with their type.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Value;

use super::table::{AUTRES_VARIABLES, REGLAGES, proche};

/// Where a value was written, to be told when it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Defaut,
    Fichier(PathBuf),
    Variable(String),
    Option(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaut => f.write_str("par défaut"),
            Self::Fichier(chemin) => write!(f, "dans {}", chemin.display()),
            Self::Variable(nom) => write!(f, "dans l’environnement, {nom}"),
            Self::Option(nom) => write!(f, "option {nom}"),
        }
    }
}

/// The raw settings, and every fault found so far: all are shown at once.
#[derive(Debug, Default)]
pub struct Lecture {
    valeurs: BTreeMap<&'static str, (Value, Source)>,
    pub fautes: Vec<String>,
}

impl Lecture {
    /// Defaults, then the file, then the environment, then the options: the last one wins.
    pub fn new(
        fichier: Option<(&Path, &str)>,
        environnement: impl IntoIterator<Item = (String, String)>,
        options: &[(&'static str, &'static str, String)],
    ) -> Self {
        let mut lecture = Self::default();
        for r in REGLAGES.iter().filter(|r| !r.defaut.is_empty()) {
            if let Some(valeur) = toml_value(r.defaut) {
                lecture.valeurs.insert(r.nom, (valeur, Source::Defaut));
            }
        }
        if let Some((chemin, texte)) = fichier {
            lecture.fichier(chemin, texte);
        }
        lecture.environnement(environnement);
        for (nom, option, valeur) in options {
            lecture.valeurs.insert(nom, (Value::String(valeur.clone()), Source::Option(option)));
        }
        lecture
    }

    fn fichier(&mut self, chemin: &Path, texte: &str) {
        let table: toml::Table = match texte.parse() {
            Ok(table) => table,
            Err(e) => {
                let e: toml::de::Error = e;
                let avant = e.span().map_or("", |s| texte.get(..s.start).unwrap_or(""));
                let ligne = avant.matches('\n').count() + 1;
                self.fautes.push(format!(
                    "{} ne se lit pas : ligne {ligne}, l’écriture n’est pas du TOML (nom = \"valeur\")",
                    chemin.display()
                ));
                return;
            }
        };
        for (cle, valeur) in table {
            match valeur {
                Value::Table(section) => {
                    for (nom, valeur) in section {
                        self.pose(format!("{cle}.{nom}"), valeur, Source::Fichier(chemin.to_owned()));
                    }
                }
                valeur => self.pose(cle, valeur, Source::Fichier(chemin.to_owned())),
            }
        }
    }

    fn pose(&mut self, nom: String, valeur: Value, source: Source) {
        match REGLAGES.iter().find(|r| r.nom == nom) {
            Some(r) => {
                self.valeurs.insert(r.nom, (valeur, source));
            }
            None => self.inconnu(&nom, &source),
        }
    }

    fn inconnu(&mut self, nom: &str, source: &Source) {
        let conseil = match proche(nom) {
            Some(autre) => format!("vouliez-vous dire « {autre} » ?"),
            None => "« parcoursup configuration exemple » les montre tous".to_owned(),
        };
        self.fautes.push(format!("le réglage « {nom} » n’existe pas ({source}) ; {conseil}"));
    }

    fn environnement(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (variable, texte) in variables {
            if !variable.starts_with("PARCOURSUP_")
                || variable.starts_with("PARCOURSUP_TEST_")
                || AUTRES_VARIABLES.contains(&variable.as_str())
            {
                continue;
            }
            match REGLAGES.iter().find(|r| r.variable() == variable) {
                Some(r) => {
                    self.valeurs.insert(r.nom, (Value::String(texte), Source::Variable(variable)));
                }
                None => {
                    let nom = variable["PARCOURSUP_".len()..].to_lowercase().replacen('_', ".", 1);
                    self.inconnu(&nom, &Source::Variable(variable));
                }
            }
        }
    }

    /// Notes a fault about a setting, saying where it was written.
    pub fn refuse(&mut self, nom: &str, quoi: &str) {
        let source = self.valeurs.get(nom).map_or(Source::Defaut, |(_, s)| s.clone());
        self.fautes.push(match source {
            Source::Defaut => format!("« {nom} » : {quoi}"),
            source => format!("« {nom} » ({source}) : {quoi}"),
        });
    }

    /// A text; empty counts as absent.
    pub fn texte(&mut self, nom: &'static str) -> Option<String> {
        match self.valeurs.get(nom) {
            None => None,
            Some((Value::String(t), _)) => Some(t.trim().to_owned()).filter(|t| !t.is_empty()),
            Some(_) => {
                self.refuse(nom, "un texte entre guillemets est attendu");
                None
            }
        }
    }

    /// One word among several.
    pub fn choix<T: Copy>(&mut self, nom: &'static str, possibles: &[(&'static str, T)]) -> Option<T> {
        let texte = self.texte(nom)?;
        let trouve = possibles.iter().find(|(mot, _)| *mot == texte).map(|(_, v)| *v);
        if trouve.is_none() {
            let mots: Vec<String> = possibles.iter().map(|(m, _)| format!("« {m} »")).collect();
            self.refuse(nom, &format!("« {texte} » n’est pas admis ; choisir {}", mots.join(", ")));
        }
        trouve
    }

    /// A whole number within bounds.
    pub fn entier(&mut self, nom: &'static str, bornes: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let lu = match self.valeurs.get(nom) {
            None => return None,
            Some((Value::Integer(n), _)) => u64::try_from(*n).ok(),
            Some((Value::String(t), _)) => t.trim().parse().ok(),
            Some(_) => None,
        };
        let trouve = lu.filter(|n| bornes.contains(n));
        if trouve.is_none() {
            self.refuse(
                nom,
                &format!("un nombre entier de {} à {} est attendu", bornes.start(), bornes.end()),
            );
        }
        trouve
    }

    /// SES-2: idle minutes and total hours of a session, in a list of two; in the environment, separated by a comma.
    pub fn durees(&mut self, nom: &'static str) -> Option<(i64, i64)> {
        match self.nombres(nom)?[..] {
            [minutes, heures]
                if (5..=720).contains(&minutes) && (1..=24).contains(&heures) && minutes <= heures * 60 =>
            {
                Some((minutes, heures))
            }
            _ => {
                self.refuse(nom, "deux nombres sont attendus : minutes sans action (5 à 720), puis heures en tout (1 à 24), la première durée n’excédant pas la seconde");
                None
            }
        }
    }

    /// Two whole numbers within bounds, in a list; in the environment, separated by a comma. `quoi` says which.
    pub fn deux(
        &mut self,
        nom: &'static str,
        bornes: std::ops::RangeInclusive<i64>,
        quoi: &str,
    ) -> Option<(i64, i64)> {
        match self.nombres(nom)?[..] {
            [a, b] if bornes.contains(&a) && bornes.contains(&b) => Some((a, b)),
            _ => {
                let (min, max) = (bornes.start(), bornes.end());
                self.refuse(nom, &format!("deux nombres entiers de {min} à {max} sont attendus : {quoi}"));
                None
            }
        }
    }

    /// Nothing when the setting is not there; what is not a number is left out.
    fn nombres(&self, nom: &'static str) -> Option<Vec<i64>> {
        Some(match &self.valeurs.get(nom)?.0 {
            Value::Array(a) => a.iter().filter_map(Value::as_integer).collect(),
            Value::String(t) => t.split(',').filter_map(|p| p.trim().parse().ok()).collect(),
            _ => Vec::new(),
        })
    }

    /// A list; in the environment, separated by commas.
    pub fn liste<T: std::str::FromStr>(&mut self, nom: &'static str, quoi: &str) -> Vec<T> {
        let textes: Option<Vec<String>> = match self.valeurs.get(nom) {
            None => return Vec::new(),
            Some((Value::String(t), _)) => {
                Some(t.split(',').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect())
            }
            Some((Value::Array(a), _)) => a.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        let Some(textes) = textes else {
            self.refuse(nom, "une liste de textes est attendue, par exemple [\"a\", \"b\"]");
            return Vec::new();
        };
        let mut lus = Vec::with_capacity(textes.len());
        for texte in textes {
            match texte.parse() {
                Ok(v) => lus.push(v),
                Err(_) => self.refuse(nom, &format!("« {texte} » n’est pas {quoi}")),
            }
        }
        lus
    }
}

fn toml_value(texte: &str) -> Option<Value> {
    format!("v = {texte}").parse::<toml::Table>().ok()?.remove("v")
}
