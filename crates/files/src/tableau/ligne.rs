//! One record, cut into cells, and the cleaning of its characters (ENT-2).

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// One line of a table. Reused from one line to the next: reading allocates nothing more.
#[derive(Debug, Default)]
pub struct Ligne {
    pub(super) texte: String,
    /// End of each cell in `texte`.
    pub(super) fins: Vec<usize>,
    pub(super) numero: u64,
    /// Cells from which a control character was left out.
    pub(super) nettoyees: Vec<usize>,
}

/// What the characters of a cell are like.
pub(super) enum Caractere {
    Propre,
    /// Tabulation, line break, no-break space: become an ordinary space.
    Espace,
    /// A control character that no one sees.
    Controle,
    /// Never in a text: NUL, C1 controls, bidirectional overrides, marks of the encoding.
    Interdit(&'static str),
}

pub(super) fn classify(c: char) -> Caractere {
    match c {
        '\0' => Caractere::Interdit("caractère nul (NUL)"),
        '\t' | '\n' | '\r' | '\u{a0}' | '\u{202f}' | '\u{2007}' => Caractere::Espace,
        '\u{1}'..='\u{1f}' | '\u{7f}' => Caractere::Controle,
        '\u{80}'..='\u{9f}' => Caractere::Interdit("caractère de contrôle"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Caractere::Interdit("caractère qui inverse le sens de lecture")
        }
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => Caractere::Interdit("marque d’encodage au milieu du texte"),
        '\u{fffd}' => Caractere::Interdit("caractère de remplacement (texte déjà abîmé)"),
        _ => Caractere::Propre,
    }
}

/// ENT-2 for a text of several lines: composed accents, ordinary spaces, lines ended the same way.
///
/// # Errors
/// What no text may hold.
pub(super) fn clean_text(texte: &str) -> Result<String, &'static str> {
    let mut net = String::with_capacity(texte.len());
    let unies = texte.replace("\r\n", "\n").replace('\r', "\n");
    for c in unies.nfc() {
        match classify(c) {
            Caractere::Propre => net.push(c),
            Caractere::Espace if c == '\n' => net.push(c),
            Caractere::Espace => net.push(' '),
            Caractere::Controle => return Err("caractère de contrôle"),
            Caractere::Interdit(motif) => return Err(motif),
        }
    }
    Ok(net)
}

/// A cell that cannot be accepted.
pub(super) struct CelluleRefusee {
    pub(super) index: usize,
    pub(super) motif: String,
}

impl Ligne {
    /// Line of the file where the record begins.
    pub fn numero(&self) -> u64 {
        self.numero
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.fins.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.fins.is_empty()
    }

    /// The cell of a column, without surrounding spaces; empty when the line has no such cell.
    pub fn cell(&self, index: usize) -> &str {
        let fin = self.fins.get(index).copied().unwrap_or_default();
        let debut = match index.checked_sub(1) {
            Some(avant) => self.fins.get(avant).copied().unwrap_or_default(),
            None => 0,
        };
        self.texte.get(debut..fin).unwrap_or_default().trim()
    }

    /// Cells from which control characters were left out.
    pub fn cleaned_cells(&self) -> &[usize] {
        &self.nettoyees
    }

    /// Normalises spaces and accents. Control characters are refused, or left out when `tolerant`.
    pub(super) fn clean(&mut self, tolerant: bool) -> Result<(), CelluleRefusee> {
        self.nettoyees.clear();
        // Every suspect character is below U+00A0 or above the Latin blocks: nearly all lines stop here.
        let ordinaire = self.texte.bytes().all(|b| (0x20..0x7f).contains(&b));
        if ordinaire || self.is_plain() {
            return Ok(());
        }
        let mut propre = String::with_capacity(self.texte.len());
        let mut fins = Vec::with_capacity(self.fins.len());
        for index in 0..self.fins.len() {
            let fin = self.fins.get(index).copied().unwrap_or_default();
            let debut = index.checked_sub(1).and_then(|i| self.fins.get(i).copied()).unwrap_or_default();
            let cellule = self.texte.get(debut..fin).unwrap_or_default();
            let depart = propre.len();
            for c in cellule.chars() {
                match classify(c) {
                    Caractere::Propre => propre.push(c),
                    Caractere::Espace => propre.push(' '),
                    Caractere::Controle if tolerant => {
                        propre.push(' ');
                        if self.nettoyees.last() != Some(&index) {
                            self.nettoyees.push(index);
                        }
                    }
                    Caractere::Controle => {
                        return Err(CelluleRefusee {
                            index,
                            motif: format!(
                                "caractère de contrôle (U+{:04X}) : retapez la cellule",
                                u32::from(c)
                            ),
                        });
                    }
                    Caractere::Interdit(quoi) => {
                        return Err(CelluleRefusee {
                            index,
                            motif: format!("{quoi} (U+{:04X}) : retapez la cellule", u32::from(c)),
                        });
                    }
                }
            }
            let ecrite = propre.get(depart..).unwrap_or_default();
            if is_nfc_quick(ecrite.chars()) != IsNormalized::Yes {
                let composee: String = ecrite.nfc().collect();
                propre.truncate(depart);
                propre.push_str(&composee);
            }
            fins.push(propre.len());
        }
        self.texte = propre;
        self.fins = fins;
        Ok(())
    }

    /// Whether nothing has to be changed. Composition only matters from U+0300 on.
    fn is_plain(&self) -> bool {
        self.texte.chars().all(|c| matches!(classify(c), Caractere::Propre) && c < '\u{300}')
    }
}
