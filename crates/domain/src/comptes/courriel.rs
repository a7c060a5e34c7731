//! Mail addresses, normalised so that one person has one account (CPT-2).

use unicode_normalization::UnicodeNormalization;
use unicode_security::MixedScript;

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
    /// Letters of several alphabets in one word: made to be read as another address.
    #[error("plusieurs alphabets dans un mot")]
    Alphabets,
}

impl Courriel {
    /// Normalises (NFKC, lower case, no surrounding space, the domain as the network writes it: IDNA) and checks the shape.
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
        let domaine = ascii_domain(domaine)?;
        let locale_ok = !locale.is_empty()
            && locale.len() <= 64
            && !locale.starts_with('.')
            && !locale.ends_with('.')
            && !locale.contains("..")
            && locale.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        if !locale_ok {
            return Err(CourrielInvalide::Forme);
        }
        if !locale.split(|c: char| !c.is_alphanumeric()).all(|mot| mot.is_single_script()) {
            return Err(CourrielInvalide::Alphabets);
        }
        let adresse = format!("{locale}@{domaine}");
        if adresse.len() > 254 { Err(CourrielInvalide::TropLongue) } else { Ok(Self(adresse)) }
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A domain as the network writes it, whichever way it was typed: « é » and its « xn-- » form are one.
fn ascii_domain(domaine: &str) -> Result<String, CourrielInvalide> {
    let hyphens = idna::uts46::Hyphens::CheckFirstLast;
    let ascii = idna::uts46::Uts46::new()
        .to_ascii(domaine.as_bytes(), idna::AsciiDenyList::STD3, hyphens, idna::uts46::DnsLength::Verify)
        .map_err(|_| CourrielInvalide::Forme)?;
    if !ascii.contains('.') {
        return Err(CourrielInvalide::Forme);
    }
    let (lisible, _) = idna::domain_to_unicode(&ascii);
    if lisible.split('.').all(MixedScript::is_single_script) {
        Ok(ascii.into_owned())
    } else {
        Err(CourrielInvalide::Alphabets)
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

    #[test]
    fn cpt_2_an_internationalised_domain_is_one_address_however_it_is_typed() {
        let attendue = Ok("élodie@xn--acadmie-exemple-enb.fr".to_owned());
        for ecrite in [
            "élodie@académie-exemple.fr",
            "Élodie@ACADÉMIE-EXEMPLE.FR",
            "e\u{301}lodie@acade\u{301}mie-exemple.fr",
            "élodie@xn--acadmie-exemple-enb.fr",
            "élodie@XN--ACADMIE-EXEMPLE-ENB.fr",
            "élodie@académie-exemple。fr",
        ] {
            assert_eq!(Courriel::parse(ecrite).map(|c| c.as_str().to_owned()), attendue, "{ecrite}");
        }
        for faux in ["a@xn--zzzzzz.fr", "a@\u{200d}x.fr", "a@x_y.fr", "a@x..fr", "a@exemple.fr."] {
            assert!(Courriel::parse(faux).is_err(), "{faux:?}");
        }
        let longue = format!("a@{}.fr", "é".repeat(70));
        assert_eq!(Courriel::parse(&longue), Err(CourrielInvalide::Forme), "a label of more than 63 bytes");
    }

    #[test]
    fn cpt_2_letters_of_two_alphabets_in_a_word_are_refused() {
        // A Cyrillic « а » in the place of the Latin one.
        for faux in ["lea@ac\u{430}demie.fr", "m\u{430}rtin@exemple.fr", "lea@xn--acdemie-3fg.fr"] {
            assert!(Courriel::parse(faux).is_err(), "{faux:?}");
        }
        assert_eq!(Courriel::parse("m\u{430}rtin@exemple.fr"), Err(CourrielInvalide::Alphabets));
        for bon in ["иван.петров@exemple.fr", "lea.иван@exemple.fr", "lea@пример.fr", "a1-b2+c3@exemple.fr"]
        {
            assert!(Courriel::parse(bon).is_ok(), "{bon}");
        }
    }
}
