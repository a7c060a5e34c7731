//! Words as a reader sees them: accents, capitals, line breaks, plurals and slips of the keyboard do not matter. Each word
//! remembers where it stands in the text that was typed.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Partie;
use super::lexique::{Classe, TABLE};
use crate::formations::normalise_recherche;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signe {
    Rien,
    /// A comma, a dash between spaces, a bracket that closes, an arrow.
    Virgule,
    /// A bracket that opens.
    Ouvrante,
    DeuxPoints,
}

/// A word, its place in bytes in the original text, and the classes of the lexicon that begin on it.
#[derive(Debug, Clone)]
pub(super) struct Jeton {
    pub mot: String,
    pub debut: usize,
    pub fin: usize,
    pub avant: Signe,
    /// Typed in capitals in a sentence that is not: « SES » is a subject, « ses » is not.
    pub sigle: bool,
    classes: Classes,
}

impl Jeton {
    fn new(mot: &str, debut: usize, fin: usize, avant: Signe) -> Self {
        let sigle = mot.chars().count() > 1 && mot.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        Self { mot: plain(mot), debut, fin, avant, sigle, classes: Classes::default() }
    }

    pub fn est(&self, classe: Classe) -> bool {
        self.classes.a(classe)
    }
}

/// A set of classes, one bit each.
#[derive(Debug, Clone, Copy, Default)]
struct Classes([u64; CASES]);

const CASES: usize = 4;

impl Classes {
    fn a(self, classe: Classe) -> bool {
        self.0[classe as usize / 64] & (1 << (classe as usize % 64)) != 0
    }

    fn ajoute(&mut self, classe: Classe) {
        self.0[classe as usize / 64] |= 1 << (classe as usize % 64);
    }

    fn ou(self, autre: Self) -> Self {
        Self(std::array::from_fn(|k| self.0[k] | autre.0[k]))
    }
}

/// A sentence, or an item of a list.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub partie: Partie,
    pub jetons: Vec<Jeton>,
    /// It ends on a question mark: what follows may be its answer.
    pub question: bool,
    /// The classes of all its words together.
    classes: Classes,
}

/// Abbreviations after which a full stop ends nothing.
const ABREGES: &[&str] = &[
    "epr", "spe", "ens", "spec", "eval", "ex", "cf", "env", "max", "min", "nb", "coef", "coeff", "tle",
    "term", "exam", "resp",
];

/// Cuts a text into sentences. A line break inside a sentence is a space; a list has one sentence an item.
pub(super) fn phrases(texte: &str, partie: Partie) -> Vec<Phrase> {
    let mut sorties = Vec::new();
    let mut jetons: Vec<Jeton> = Vec::new();
    let mut avant = Signe::Rien;
    let mut mot = String::new();
    let mut debut = 0;
    let signes: Vec<(usize, char)> = texte.char_indices().collect();
    let mut finit = |jetons: &mut Vec<Jeton>, question: bool| {
        if !jetons.is_empty() {
            let mut phrase =
                Phrase { partie, jetons: std::mem::take(jetons), question, classes: Classes::default() };
            phrase.classe();
            sorties.push(phrase);
        }
    };
    let mut saute = 0;
    for (k, &(place, c)) in signes.iter().enumerate() {
        if k < saute {
            continue;
        }
        if is_letter(c) {
            if mot.is_empty() {
                debut = place;
            }
            mot.push(c);
            continue;
        }
        // A soft hyphen, or a hyphen at the end of a line, is inside the word.
        let suivant = |n: usize| signes.get(k + n).map(|s| s.1);
        if c == '\u{ad}'
            || (c == '\n' && coupe(&signes, k))
            || (c == '-' && coupe(&signes, k + 1) && !mot.is_empty())
        {
            continue;
        }
        // « Spécialité(s) ».
        if c == '(' && !mot.is_empty() {
            saute = k + ending(&signes[k + 1..]);
        }
        if !mot.is_empty() {
            jetons.push(Jeton::new(&mot, debut, place, avant));
            mot.clear();
            avant = Signe::Rien;
        }
        let blanc = |c: Option<char>| c.is_none_or(char::is_whitespace);
        match c {
            ';' | '!' | '?' | '…' => finit(&mut jetons, c == '?'),
            '•' | '▪' | '·' | '*' if blanc(suivant(1)) => finit(&mut jetons, false),
            '-' | '–' | '—' if starts_line(&signes, k) => finit(&mut jetons, false),
            '\n' if blank_line(&signes, k) => finit(&mut jetons, false),
            '.' if blanc(suivant(1)) && ends_sentence(&jetons, &signes[k + 1..]) => finit(&mut jetons, false),
            ':' if avant != Signe::DeuxPoints => avant = Signe::DeuxPoints,
            '(' | '[' if saute <= k && avant == Signe::Rien => avant = Signe::Ouvrante,
            ',' | '+' | ')' | ']' | '/' | '→' if avant == Signe::Rien => avant = Signe::Virgule,
            '-' | '–' | '—' if avant == Signe::Rien && blanc(suivant(1)) => avant = Signe::Virgule,
            _ => {}
        }
    }
    if !mot.is_empty() {
        jetons.push(Jeton::new(&mot, debut, texte.len(), avant));
    }
    finit(&mut jetons, false);
    sorties
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether a word is cut at this line break: « spécia-⏎lité ».
fn coupe(signes: &[(usize, char)], k: usize) -> bool {
    let at = |i: usize| signes.get(i).map_or(' ', |s| s.1);
    k >= 2 && at(k) == '\n' && at(k - 1) == '-' && at(k - 2).is_lowercase() && at(k + 1).is_lowercase()
}

/// How many signs an ending between brackets takes, « (s) », « (es) », the bracket that opens apart.
fn ending(suite: &[(usize, char)]) -> usize {
    let fin = suite.iter().take(4).position(|s| s.1 == ')').unwrap_or(0);
    let lettres = suite[..fin].iter().all(|s| matches!(s.1, 'e' | 's' | 'x' | '.'));
    if fin > 0 && lettres { fin + 2 } else { 0 }
}

fn starts_line(signes: &[(usize, char)], k: usize) -> bool {
    let avant = signes[..k].iter().rev().map(|s| s.1).find(|c| *c != ' ' && *c != '\u{a0}' && *c != '\t');
    avant.is_none_or(|c| c == '\n')
}

fn blank_line(signes: &[(usize, char)], k: usize) -> bool {
    signes[k + 1..].iter().map(|s| s.1).find(|c| *c != ' ' && *c != '\r').is_some_and(|c| c == '\n')
}

fn ends_sentence(jetons: &[Jeton], suite: &[(usize, char)]) -> bool {
    let petite = suite.iter().map(|s| s.1).find(|c| !c.is_whitespace()).is_some_and(char::is_lowercase);
    !petite || jetons.last().is_some_and(|j| j.mot.len() > 2 && !ABREGES.contains(&j.mot.as_str()))
}

fn plain(mot: &str) -> String {
    if mot.bytes().all(|b| b.is_ascii_lowercase()) { mot.to_owned() } else { normalise_recherche(mot) }
}

/// One slip at most: a letter missing, added, changed, or two in the wrong order.
fn slip(a: &[u8], b: &[u8]) -> bool {
    let commun = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[commun..], &b[commun..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => {
            a.is_empty()
                || a[1..] == b[1..]
                || (a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
        }
        std::cmp::Ordering::Greater => a.len() == b.len() + 1 && a[1..] == *b,
        std::cmp::Ordering::Less => b.len() == a.len() + 1 && b[1..] == *a,
    }
}

fn singular(mot: &str) -> &str {
    if mot.len() > 3 { mot.strip_suffix(['s', 'x']).unwrap_or(mot) } else { mot }
}

/// Words shorter than these are too like others to be read through a slip.
const SLIP_CIBLE: usize = 8;
const SLIP_MOT: usize = 7;

/// « Terminal » and « terminale » are two words, « communiquée » and « communiquer » too.
fn is_slip(mot: &str, cible: &str) -> bool {
    let verbe = mot.len() == cible.len()
        && mot.as_bytes().split_last().map(|s| s.1) == cible.as_bytes().split_last().map(|s| s.1);
    let feminin = || mot.strip_suffix('e') == Some(cible) || cible.strip_suffix('e') == Some(mot);
    cible.len() >= SLIP_CIBLE
        && mot.len() >= SLIP_MOT
        && mot.len().abs_diff(cible.len()) <= 1
        && slip(mot.as_bytes(), cible.as_bytes())
        && !verbe
        && !feminin()
}

/// The same word, in the singular or the plural, with one slip when it is long enough to be told from others.
pub(super) fn same(mot: &str, cible: &str) -> bool {
    let (mot, cible) = (singular(mot), singular(cible));
    mot == cible || is_slip(mot, cible)
}

/// A word of an expression of the lexicon.
enum Cible {
    Tout,
    /// Neither plural nor slip.
    Exact(&'static str),
    Racine(&'static str),
    /// In the singular.
    Mot(&'static str),
}

impl Cible {
    fn new(mot: &'static str) -> Self {
        match (mot, mot.strip_suffix('*')) {
            ("_", _) => Self::Tout,
            _ if mot.starts_with('=') => Self::Exact(&mot[1..]),
            (_, Some(racine)) => Self::Racine(racine),
            _ => Self::Mot(singular(mot)),
        }
    }

    fn is(&self, jeton: &Jeton) -> bool {
        match self {
            Self::Tout => true,
            Self::Exact(mot) => jeton.mot == *mot,
            Self::Racine(racine) => jeton.mot.starts_with(racine),
            Self::Mot(mot) => singular(&jeton.mot) == *mot || is_slip(singular(&jeton.mot), mot),
        }
    }
}

// A class is a bit of [`Jeton::classes`].
const _: () = assert!(TABLE.len() <= 64 * CASES);

/// An expression of the lexicon, cut into words.
struct Motif {
    mots: Vec<Cible>,
    classe: Classe,
}

impl Motif {
    fn begins(&self, jetons: &[Jeton]) -> bool {
        self.mots.len() <= jetons.len() && self.mots.iter().zip(jetons).all(|(cible, jeton)| cible.is(jeton))
    }
}

/// The expressions by what their first word must be: a word, the beginning of one, or a long word that may be read through a
/// slip, by its first letter and its length.
#[derive(Default)]
struct Lexique {
    motifs: Vec<Motif>,
    mots: HashMap<&'static str, Vec<usize>>,
    racines: HashMap<[u8; 3], Vec<usize>>,
    longs: HashMap<(u8, usize), Vec<usize>>,
}

impl Lexique {
    fn new() -> Self {
        let mut lexique = Self::default();
        for (classe, expressions) in TABLE {
            for expression in *expressions {
                let mots: Vec<Cible> = expression.split(' ').map(Cible::new).collect();
                let i = lexique.motifs.len();
                match mots[0] {
                    Cible::Tout => {}
                    Cible::Exact(mot) => lexique.mots.entry(singular(mot)).or_default().push(i),
                    Cible::Racine(racine) => lexique.racines.entry(three(racine)).or_default().push(i),
                    Cible::Mot(mot) => {
                        lexique.mots.entry(mot).or_default().push(i);
                        if mot.len() >= SLIP_CIBLE {
                            lexique.longs.entry((mot.as_bytes()[0], mot.len())).or_default().push(i);
                        }
                    }
                }
                lexique.motifs.push(Motif { mots, classe: *classe });
            }
        }
        lexique
    }

    /// The expressions that a word may begin. Roots of two letters are kept apart from those of three and more.
    fn candidates(&self, mot: &str) -> impl Iterator<Item = &Motif> {
        let seul = singular(mot);
        let debut = three(mot);
        let premier = debut[0];
        let longs = (seul.len() >= SLIP_MOT)
            .then(|| (seul.len() - 1..=seul.len() + 1).filter_map(move |n| self.longs.get(&(premier, n))));
        self.mots
            .get(seul)
            .into_iter()
            .chain(self.racines.get(&debut))
            .chain(self.racines.get(&[debut[0], debut[1], 0]).filter(|_| debut[2] != 0))
            .chain(longs.into_iter().flatten())
            .flatten()
            .map(|i| &self.motifs[*i])
    }
}

fn three(mot: &str) -> [u8; 3] {
    let octets = mot.as_bytes();
    std::array::from_fn(|k| octets.get(k).copied().unwrap_or(0))
}

static LEXIQUE: LazyLock<Lexique> = LazyLock::new(Lexique::new);

impl Phrase {
    fn classe(&mut self) {
        // « NOTES DE TERMINALE » : capitals tell nothing.
        let capitales = self.jetons.iter().filter(|j| j.sigle).count() * 2 > self.jetons.len();
        self.jetons.iter_mut().for_each(|j| j.sigle &= !capitales);
        for i in 0..self.jetons.len() {
            let mut classes = Classes::default();
            for motif in LEXIQUE.candidates(&self.jetons[i].mot) {
                if !classes.a(motif.classe) && motif.begins(&self.jetons[i..]) {
                    classes.ajoute(motif.classe);
                }
            }
            self.jetons[i].classes = classes;
            self.classes = self.classes.ou(classes);
        }
    }

    pub fn len(&self) -> usize {
        self.jetons.len()
    }

    pub fn est(&self, i: usize, classe: Classe) -> bool {
        self.jetons.get(i).is_some_and(|j| j.est(classe))
    }

    /// The word at a place, empty outside of the sentence.
    pub fn mot(&self, i: usize) -> &str {
        self.jetons.get(i).map_or("", |j| j.mot.as_str())
    }

    /// Places of the words of a class.
    pub fn places(&self, classe: Classe) -> impl Iterator<Item = usize> + '_ {
        let jetons = if self.a(classe) { self.jetons.as_slice() } else { &[] };
        jetons.iter().enumerate().filter(move |(_, j)| j.est(classe)).map(|(i, _)| i)
    }

    pub fn a(&self, classe: Classe) -> bool {
        self.classes.a(classe)
    }

    /// Whether a word of the class stands from `avant` words before to `apres` words after a place, itself included.
    pub fn autour(&self, i: usize, avant: usize, apres: usize, classe: Classe) -> bool {
        self.jetons[i.saturating_sub(avant)..(i + apres + 1).min(self.len())].iter().any(|j| j.est(classe))
    }

    /// Whether a word of the class is among the `n` before a place.
    pub fn avant(&self, i: usize, n: usize, classe: Classe) -> bool {
        self.jetons[i.saturating_sub(n)..i].iter().any(|j| j.est(classe))
    }

    /// Whether a word of the class is among the `n` after a place.
    pub fn apres(&self, i: usize, n: usize, classe: Classe) -> bool {
        self.jetons.iter().skip(i + 1).take(n).any(|j| j.est(classe))
    }

    /// The parts of the sentence between two signs, or from a word such as « mais » on.
    pub fn propositions(&self) -> Vec<std::ops::Range<usize>> {
        let mut debuts: Vec<usize> = (1..self.len())
            .filter(|&i| self.jetons[i].avant != Signe::Rien || self.est(i, Classe::Charniere))
            .collect();
        debuts.insert(0, 0);
        debuts.push(self.len());
        debuts.windows(2).map(|b| b[0]..b[1]).collect()
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
        ] {
            assert!(same(mot, cible), "{mot} {cible}");
        }
        assert!(!same("oral", "moral") && !same("age", "stage") && !same("ecrit", "ecrin"));
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        let n = |t: &str| phrases(t, Partie::Elements).len();
        assert_eq!(n("Un. Deux ; trois ! Quatre ? Cinq"), 5);
        assert_eq!(n("épr. de spé\nterminale"), 1);
        assert_eq!(n("les moyennes comptent. pas les autres"), 2);
        assert_eq!(n("Trois points :\n- un\n- deux"), 3);
        let mots = |t: &str| {
            phrases(t, Partie::Elements)[0].jetons.iter().map(|j| j.mot.clone()).collect::<Vec<_>>()
        };
        assert_eq!(mots("P.F.M. soigné")[..3], ["p", "f", "m"]);
        assert_eq!(mots("spécia-\nlité au\nbac"), ["specialite", "au", "bac"]);
    }

    #[test]
    fn a_word_knows_where_it_stands_in_the_text_that_was_typed() {
        let texte = "L’ÉPREUVE « œuvre » de spe\u{301}cialite\u{301}";
        let phrase = &phrases(texte, Partie::Elements)[0];
        let places: Vec<&str> = phrase.jetons.iter().map(|j| &texte[j.debut..j.fin]).collect();
        assert_eq!(places, ["L", "ÉPREUVE", "œuvre", "de", "spe\u{301}cialite\u{301}"]);
        assert_eq!(phrase.jetons[2].mot, "oeuvre");
    }
}
