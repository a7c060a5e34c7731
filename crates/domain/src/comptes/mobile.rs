//! CPT-3: mobile numbers, in the international form, never shown in full.

/// A number in the form E.164: `+` and 8 to 15 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mobile(String);

impl Mobile {
    /// Reads a number as people write it. Ten digits beginning with 06 or 07 are those of metropolitan France; any other
    /// number says its country (`+262…`, `00262…`).
    pub fn parse(texte: &str) -> Option<Self> {
        let texte = texte.trim();
        if !texte.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+.-()/".contains(c)) {
            return None;
        }
        let chiffres: String = texte.chars().filter(char::is_ascii_digit).collect();
        let international = match (texte.starts_with('+'), chiffres.strip_prefix("00")) {
            (true, _) => chiffres,
            (false, Some(reste)) => reste.to_owned(),
            (false, None) => match chiffres.strip_prefix('0') {
                Some(reste) if chiffres.len() == 10 => format!("33{reste}"),
                _ => return None,
            },
        };
        // « +33 (0)6 … » is a common way to write.
        let international = match international.strip_prefix("330") {
            Some(reste) if reste.len() == 9 => format!("33{reste}"),
            _ => international,
        };
        let pays_possible = !international.starts_with('0') && (8..=15).contains(&international.len());
        let francais = international.strip_prefix("33");
        let mobile = francais.is_none_or(|n| n.len() == 9 && (n.starts_with('6') || n.starts_with('7')));
        (pays_possible && mobile).then(|| Self(format!("+{international}")))
    }

    /// The whole number, to be sealed or dialled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four digits, the only ones that are ever shown.
    pub fn masque(&self) -> String {
        let fin = &self.0[self.0.len() - 4..];
        format!("•• •• {} {}", &fin[..2], &fin[2..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpt_3_numbers_are_kept_in_the_international_form() {
        for (saisi, attendu) in [
            ("06 12 34 56 78", "+33612345678"),
            ("07.12.34.56.78", "+33712345678"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("0033612345678", "+33612345678"),
            ("+262 692 12 34 56", "+262692123456"),
        ] {
            assert_eq!(Mobile::parse(saisi).map(|m| m.0), Some(attendu.to_owned()), "{saisi}");
        }
    }

    #[test]
    fn cpt_3_land_lines_and_anything_else_are_refused() {
        for faux in [
            "",
            "0322334455",
            "+33322334455",
            "12",
            "06 12 34 56",
            "06123456789",
            "+0612345678",
            "appelez-moi",
        ] {
            assert_eq!(Mobile::parse(faux), None, "{faux}");
        }
    }

    #[test]
    fn cpt_3_only_four_digits_are_shown() {
        let masque = Mobile::parse("0612345678").expect("a number").masque();
        assert_eq!(masque, "•• •• 56 78");
    }
}
