//! Public identifiers: 128 random bits, never the key of a row (HAB-5).

use std::fmt;

/// Public identifier of a row, as it appears in URLs: 26 lower-case base-32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicId(String);

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl PublicId {
    /// Writes 16 random bytes as an identifier.
    pub fn from_bytes(octets: [u8; 16]) -> Self {
        let valeur = u128::from_be_bytes(octets);
        // 26 groups of 5 bits hold 130 bits: the last one carries only 3.
        let texte = (0..26)
            .map(|i| {
                let indice = if i == 25 { (valeur & 0x7) << 2 } else { (valeur >> (123 - 5 * i)) & 0x1f };
                char::from(ALPHABET[indice as usize])
            })
            .collect();
        Self(texte)
    }

    /// Accepts an identifier coming from outside; anything else is « not found », never an error page.
    pub fn parse(texte: &str) -> Option<Self> {
        (texte.len() == 26 && texte.bytes().all(|o| ALPHABET.contains(&o))).then(|| Self(texte.to_owned()))
    }

    /// The text as stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hab_5_identifiers_keep_their_128_bits() {
        let a = PublicId::from_bytes([0xff; 16]);
        let mut autre = [0xff; 16];
        autre[15] = 0xfe;
        assert_ne!(a, PublicId::from_bytes(autre));
        assert_eq!(PublicId::parse(a.as_str()), Some(a));
        assert_eq!(PublicId::parse("1"), None);
        assert_eq!(PublicId::parse("A2345678901234567890123456"), None);
    }
}
