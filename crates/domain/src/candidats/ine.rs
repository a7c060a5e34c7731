//! The national student number (INE).

use std::fmt;

/// An INE of the right shape. Whether it exists is known to the ministry only.
#[derive(Clone, PartialEq, Eq)]
pub struct Ine(String);

impl fmt::Debug for Ine {
    /// Never in a log (JOU-2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ine(…)")
    }
}

impl Ine {
    /// R-CAN-02: eleven characters, ten digits and a letter or nine digits and two letters; spaces and case forgiven.
    pub fn parse(texte: &str) -> Option<Self> {
        let texte: String = texte.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let chiffres = texte.bytes().take_while(u8::is_ascii_digit).count();
        let lettres = texte.bytes().skip(chiffres).take_while(u8::is_ascii_uppercase).count();
        let juste = texte.len() == 11 && matches!((chiffres, lettres), (10, 1) | (9, 2));
        juste.then_some(Self(texte))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_can_02_an_ine_has_ten_digits_and_a_letter_or_nine_and_two() {
        for juste in ["1234567890A", "123456789AB", " 123 456 789 ab "] {
            assert!(Ine::parse(juste).is_some(), "{juste}");
        }
        for faux in
            ["", "12345678901", "1234567890", "A1234567890", "12345678ABC", "1234567890É", "1234567890AB"]
        {
            assert!(Ine::parse(faux).is_none(), "{faux}");
        }
        assert!(!format!("{:?}", Ine::parse("1234567890A")).contains("123"));
    }
}
