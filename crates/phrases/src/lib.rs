//! Explanations in plain French: the only place where the numbers of [`engine::explication`] become sentences.
//!
//! They are written for a candidat and their parents: no word of the trade without its meaning, exact numbers. The
//! numbers are those of the engine, nothing is computed here.
//!
//! They are the same for whoever reads the runs and for the candidat ([`Personne`]), but for what a candidat is not shown.

#![deny(missing_docs)]

mod journee;
mod ordre;

use std::fmt;

pub use journee::{Noms, explain_voeu};
pub use ordre::{explain_modification, explain_rang};

/// Whom the sentences speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personne {
    /// Somebody who reads the runs: « le candidat », with every number.
    Lecteur,
    /// The candidat: « vous ». Neither the rank that the formation gave, nor what became of others, nor what a check withholds.
    Candidat,
}

impl Personne {
    /// Of two ways to say the same thing, the one that fits.
    const fn dit(self, lui: &'static str, vous: &'static str) -> &'static str {
        match self {
            Self::Lecteur => lui,
            Self::Candidat => vous,
        }
    }

    const fn is_candidat(self) -> bool {
        matches!(self, Self::Candidat)
    }
}

/// An explanation, in parts that a page or a terminal can lay out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texte {
    /// Whose, for what, when.
    pub titre: String,
    /// The parts, in reading order.
    pub parties: Vec<Partie>,
}

/// A part of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partie {
    /// What it tells.
    pub titre: &'static str,
    /// One paragraph each.
    pub phrases: Vec<String>,
    /// What the last paragraph announces, one line each; most often nothing.
    pub liste: Vec<String>,
}

impl fmt::Display for Texte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.titre)?;
        for partie in &self.parties {
            writeln!(f, "\n{}", partie.titre)?;
            for phrase in &partie.phrases {
                writeln!(f, "  {phrase}")?;
            }
            for item in &partie.liste {
                writeln!(f, "  – {item}")?;
            }
        }
        Ok(())
    }
}

impl Texte {
    fn new(titre: String) -> Self {
        Self { titre, parties: Vec::new() }
    }

    /// Adds a part, unless it says nothing.
    fn push(&mut self, titre: &'static str, phrases: Vec<String>) {
        if !phrases.is_empty() {
            self.parties.push(Partie { titre, phrases, liste: Vec::new() });
        }
    }
}

/// « 12 957 760 », with narrow no-break spaces.
fn nombre(n: impl Into<i64>) -> String {
    let n = n.into();
    let chiffres = n.unsigned_abs().to_string();
    let mut texte = String::from(if n < 0 { "−" } else { "" });
    for (i, chiffre) in chiffres.chars().enumerate() {
        if i > 0 && (chiffres.len() - i).is_multiple_of(3) {
            texte.push('\u{202f}');
        }
        texte.push(chiffre);
    }
    texte
}

/// « aucune place », « 1 place », « 12 places »: the three forms, zero first.
fn compte(n: impl Into<i64>, formes: [&str; 3]) -> String {
    match n.into() {
        0 => formes[0].to_owned(),
        n @ (1 | -1) => format!("{} {}", nombre(n), formes[1]),
        n => format!("{} {}", nombre(n), formes[2]),
    }
}

/// The form of a verb or of an adjective that goes with a number: in French zero and one are singular.
fn accord<'a>(n: impl Into<i64>, un: &'a str, plusieurs: &'a str) -> &'a str {
    if n.into().abs() < 2 { un } else { plusieurs }
}

/// « 1er », « 2e ».
fn ordinal(n: impl Into<i64>) -> String {
    match n.into() {
        1 => "1er".to_owned(),
        n => format!("{}e", nombre(n)),
    }
}

const CANDIDATS: [&str; 3] = ["aucun candidat", "candidat", "candidats"];
const PLACES: [&str; 3] = ["aucune place", "place", "places"];

/// The same sentence with its first letter as a capital.
fn majuscule(phrase: &str) -> String {
    let mut lettres = phrase.chars();
    match lettres.next() {
        Some(premiere) => premiere.to_uppercase().chain(lettres).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree() {
        assert_eq!(compte(0, PLACES), "aucune place");
        assert_eq!(compte(1, PLACES), "1 place");
        assert_eq!(compte(12_345, CANDIDATS), "12\u{202f}345 candidats");
        assert_eq!(
            (accord(0, "attend", "attendent"), accord(2, "attend", "attendent")),
            ("attend", "attendent")
        );
        assert_eq!((ordinal(1), ordinal(1001)), ("1er".to_owned(), "1\u{202f}001e".to_owned()));
        assert_eq!(nombre(-5), "−5");
        assert_eq!(majuscule("à lui"), "À lui");
    }
}
