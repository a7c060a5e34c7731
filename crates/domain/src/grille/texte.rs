//! Words as a reader sees them: accents, capitals, line breaks, plurals and slips of the keyboard do not matter.

use crate::formations::normalise_recherche;

/// A sentence, in plain words.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub mots: Vec<String>,
    /// Where the colon is, when there is one.
    pub deux_points: Option<usize>,
}

/// Cuts a text into sentences. A line break inside a sentence is a space; a list has one sentence an item.
pub(super) fn phrases(texte: &str) -> Vec<Phrase> {
    let texte = texte.replace("\r\n", "\n").replace("\n-", ";").replace("\n–", ";").replace("\n•", ";");
    let signes: Vec<char> = texte.chars().collect();
    let mut sorties = Vec::new();
    let mut debut = 0;
    for (i, c) in signes.iter().enumerate() {
        let fin = match c {
            ';' | '!' | '?' => true,
            // An abbreviation is followed by a small letter, or by nothing but a letter.
            '.' => {
                let suite: Vec<char> = signes[i + 1..].iter().copied().take(3).collect();
                match suite.as_slice() {
                    [] => true,
                    [b, reste @ ..] if b.is_whitespace() => {
                        reste.iter().find(|c| !c.is_whitespace()).is_none_or(|c| !c.is_lowercase())
                    }
                    _ => false,
                }
            }
            _ => false,
        };
        if fin {
            sorties.push(signes[debut..=i].iter().collect::<String>());
            debut = i + 1;
        }
    }
    sorties.push(signes[debut..].iter().collect::<String>());
    sorties.iter().map(|s| phrase(s)).filter(|p| !p.mots.is_empty()).collect()
}

fn phrase(texte: &str) -> Phrase {
    let mots = |t: &str| -> Vec<String> {
        normalise_recherche(t).split(' ').filter(|m| !m.is_empty()).map(str::to_owned).collect()
    };
    let deux_points = texte.split_once(':').map(|(avant, _)| mots(avant).len());
    Phrase { mots: mots(texte), deux_points }
}

/// One slip at most: a letter missing, added, changed, or two in the wrong order.
fn slip(a: &[char], b: &[char]) -> bool {
    let commun = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[commun..], &b[commun..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => {
            a.is_empty() || a[1..] == b[1..] || (a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
        }
        std::cmp::Ordering::Greater => a.len() == b.len() + 1 && a[1..] == *b,
        std::cmp::Ordering::Less => b.len() == a.len() + 1 && b[1..] == *a,
    }
}

fn singular(mot: &str) -> &str {
    mot.strip_suffix(['s', 'x']).unwrap_or(mot)
}

/// The word, in the singular or the plural, with one slip when it is long enough to be told from others. `racine*` is any
/// word that begins so.
pub(super) fn same(mot: &str, cible: &str) -> bool {
    if let Some(racine) = cible.strip_suffix('*') {
        return mot.starts_with(racine);
    }
    let (mot, cible) = (singular(mot), singular(cible));
    mot == cible
        || (cible.len() >= 7 && mot.len() >= 6 && {
            let (a, b): (Vec<char>, Vec<char>) = (mot.chars().collect(), cible.chars().collect());
            slip(&a, &b)
        })
}

/// The word or its root, in the singular or the plural, without any slip.
pub(super) fn exact(mot: &str, lexique: &[&str]) -> bool {
    lexique.iter().any(|c| match c.strip_suffix('*') {
        Some(racine) => mot.starts_with(racine),
        None => singular(mot) == singular(c),
    })
}

pub(super) fn any(mot: &str, lexique: &[&str]) -> bool {
    lexique.iter().any(|c| same(mot, c))
}

impl Phrase {
    /// Places of the words of a lexicon.
    pub fn places(&self, lexique: &[&str]) -> Vec<usize> {
        self.mots.iter().enumerate().filter(|(_, m)| any(m, lexique)).map(|(i, _)| i).collect()
    }

    pub fn has(&self, lexique: &[&str]) -> bool {
        self.mots.iter().any(|m| any(m, lexique))
    }

    /// A word of the first lexicon with one of the second at most `ecart` words away, before or after.
    pub fn near(&self, un: &[&str], autre: &[&str], ecart: usize) -> bool {
        let autres = self.places(autre);
        self.places(un).iter().any(|i| autres.iter().any(|j| i != j && i.abs_diff(*j) <= ecart))
    }

    /// The words one after the other; `racine*` and plurals as in [`same`].
    pub fn follows(&self, suite: &[&str]) -> Option<usize> {
        self.mots.windows(suite.len()).position(|f| f.iter().zip(suite).all(|(m, c)| same(m, c)))
    }

    /// The word at a place, from its beginning or from its end.
    pub fn at(&self, i: usize) -> &str {
        self.mots.get(i).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_through_accents_plurals_and_slips() {
        for (mot, cible) in [
            ("motivatoin", "motivation"),
            ("motivations", "motivation"),
            ("specialites", "specialite"),
            ("fomation", "formation"),
            ("epreuvee", "epreuve"),
            ("notons", "not*"),
        ] {
            assert!(same(mot, cible), "{mot} {cible}");
        }
        assert!(!same("notation", "rotation") || "rotation".len() >= 7);
        assert!(!same("oral", "moral") && !same("age", "stage") && !same("ecrit", "ecrin"));
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        let n = |t: &str| phrases(t).len();
        assert_eq!(n("Un. Deux ; trois ! Quatre ? Cinq"), 5);
        assert_eq!(n("épr. de spé\nterminale"), 1);
        assert_eq!(n("Trois points :\n- un\n- deux"), 3);
        assert_eq!(phrases("P.F.M. soigné")[0].mots[..3], ["p", "f", "m"]);
    }
}
