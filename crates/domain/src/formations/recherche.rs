//! R-FOR-05: what the public search compares: lower case, no accents, words apart.
//!
//! A stored text is made of three fields, each between bars, each word preceded by a space:
//! ` bts electronique | lycee ampere | lyon 69 rhone | `. A word of a query is found at the beginning of a word.

use crate::territoires;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words that say nothing: « licence de droit » finds « Licence – Droit ».
const MOTS_VIDES: &[&str] = &[
    "a", "au", "aux", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par",
    "pour", "sur", "un", "une",
];

/// More words than this only make the search slower.
const MOTS_MAX: usize = 8;

/// Longest stored text, in bytes: names of the real offer have under 300.
const TEXTE_MAX: usize = 900;

/// Lower case without accents, ligatures opened, everything else than letters and digits as single spaces.
pub fn normalise_recherche(texte: &str) -> String {
    let mut propre = String::with_capacity(texte.len());
    for c in texte.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'œ' => propre.push_str("oe"),
            'æ' => propre.push_str("ae"),
            c if c.is_alphanumeric() => propre.push(c),
            _ if propre.ends_with(' ') || propre.is_empty() => {}
            _ => propre.push(' '),
        }
    }
    propre.truncate(propre.trim_end().len());
    propre
}

/// The text stored with a course (column `recherche`): label and detail, establishment, place.
pub fn texte_recherche(libelle: &str, detail: &str, etablissement: &str, lieu: &str) -> String {
    let champ = |texte: &str| {
        let mut net = normalise_recherche(texte);
        if net.len() > TEXTE_MAX / 3 {
            let fin = (0..=TEXTE_MAX / 3).rev().find(|i| net.is_char_boundary(*i)).unwrap_or(0);
            net.truncate(fin);
        }
        net
    };
    let intitule = champ(&format!("{libelle} {detail}"));
    format!(" {intitule} | {} | {} | ", champ(etablissement), champ(lieu))
}

/// The place of a course, as that text says it: its town, the code and the name of its department.
pub fn lieu_recherche(commune: &str, departement: &str) -> String {
    let nom = territoires::departement(departement).map_or("", |d| d.nom);
    format!("{commune} {departement} {nom}")
}

/// The words of a query, in order, without repetition and without those that say nothing, unless there is no other.
pub fn mots_recherche(demande: &str) -> Vec<String> {
    let net = normalise_recherche(demande);
    let mut mots: Vec<String> = Vec::new();
    for mot in net.split(' ').filter(|m| !m.is_empty() && !MOTS_VIDES.contains(m)) {
        if !mots.iter().any(|vu| vu == mot) && mots.len() < MOTS_MAX {
            mots.push(mot.to_owned());
        }
    }
    if mots.is_empty() {
        net.split(' ').filter(|m| !m.is_empty()).take(1).map(str::to_owned).collect()
    } else {
        mots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_for_05_accents_case_and_punctuation_do_not_count() {
        assert_eq!(
            normalise_recherche("  Œnologie – « BTS Électronique » (L’Haÿ) "),
            "oenologie bts electronique l hay"
        );
        assert_eq!(normalise_recherche("%_\\'"), "");
        assert_eq!(
            texte_recherche("BTS Électronique", "", "Lycée Ampère", &lieu_recherche("Lyon", "69")),
            " bts electronique | lycee ampere | lyon 69 rhone | "
        );
    }

    #[test]
    fn r_for_05_a_query_keeps_the_words_that_say_something() {
        assert_eq!(mots_recherche("Licence de droit, à Lyon : droit"), ["licence", "droit", "lyon"]);
        assert_eq!(mots_recherche("la"), ["la"]);
        assert!(mots_recherche(" ,;% ").is_empty());
        assert_eq!(mots_recherche("a1 a2 a3 a4 a5 a6 a7 a8 a9").len(), 8);
    }

    #[test]
    fn r_for_05_a_very_long_name_is_cut_between_characters() {
        let texte = texte_recherche(&"日本".repeat(400), "", "x", "y");
        assert!(texte.len() < TEXTE_MAX && texte.ends_with(" | x | y | "), "{texte}");
    }
}
