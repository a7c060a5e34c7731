//! Mail addresses, normalised so that one person has one account (CPT-2).

use unicode_normalization::UnicodeNormalization;

/// A normalised mail address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Courriel(String);

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CourrielInvalide {
    /// Nothing but spaces.
    #[error("adresse vide")]
    Vide,
    /// Not one local part and one domain.
    #[error("forme invalide")]
    Forme,
    /// Longer than an address may be.
    #[error("trop longue")]
    TropLongue,
}

impl Courriel {
    /// Normalises (NFKC, lower case, no surrounding space) and checks the shape.
    ///
    /// # Errors
    /// The reason of the refusal. Existence is only proved by a mail sent to it.
    pub fn parse(texte: &str) -> Result<Self, CourrielInvalide> {
        let texte: String = texte.trim().nfkc().collect::<String>().to_lowercase();
        if texte.is_empty() {
            return Err(CourrielInvalide::Vide);
        }
        if texte.len() > 254 {
            return Err(CourrielInvalide::TropLongue);
        }
        let Some((locale, domaine)) = texte.rsplit_once('@') else {
            return Err(CourrielInvalide::Forme);
        };
        let locale_ok = !locale.is_empty()
            && locale.len() <= 64
            && !locale.starts_with('.')
            && !locale.ends_with('.')
            && !locale.contains("..")
            && locale.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let domaine_ok = domaine.contains('.')
            && domaine.split('.').all(|m| {
                !m.is_empty()
                    && !m.starts_with('-')
                    && !m.ends_with('-')
                    && m.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        if locale_ok && domaine_ok { Ok(Self(texte)) } else { Err(CourrielInvalide::Forme) }
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
    fn cpt_2_addresses_are_normalised() {
        assert_eq!(
            Courriel::parse("  Lea.Martin@Exemple.FR ").map(|c| c.as_str().to_owned()),
            Ok("lea.martin@exemple.fr".to_owned())
        );
    }

    #[test]
    fn cpt_2_bad_shapes_and_header_injection_are_refused() {
        for faux in [
            "",
            "lea",
            "lea@",
            "@exemple.fr",
            "lea@exemple",
            "a b@exemple.fr",
            "a\r\nBcc: x@y.fr",
            ".a@exemple.fr",
            "a@-x.fr",
        ] {
            assert!(Courriel::parse(faux).is_err(), "{faux:?}");
        }
    }
}
