//! Public identifiers: 128 random bits, never the key of a row (HAB-5).

use std::fmt;

/// Public identifier of a row, as it appears in URLs: 26 lower-case base-32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicId(String);

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// The same letters in the order in which texts are compared.
const CROISSANT: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

impl PublicId {
    /// Writes 16 random bytes as an identifier.
    pub fn from_bytes(octets: [u8; 16]) -> Self {
        Self::write(u128::from_be_bytes(octets), ALPHABET)
    }

    /// The `rang`-th, from 0, of `parmi` identifiers written in one go, from 16 random bytes: as unpredictable as any within
    /// its share of all those that exist (HAB-5 asks for more: for simulated people alone). Their texts grow, so that the index of
    /// millions of them is written from one end to the other.
    pub fn in_order(rang: usize, parmi: usize, octets: [u8; 16]) -> Self {
        let part = u128::MAX / (parmi.max(rang + 1) as u128);
        Self::write(part * rang as u128 + u128::from_be_bytes(octets) % part, CROISSANT)
    }

    fn write(valeur: u128, lettres: &[u8; 32]) -> Self {
        // 26 groups of 5 bits hold 130 bits: the last one carries only 3.
        let texte = (0..26)
            .map(|i| {
                let indice = if i == 25 { (valeur & 0x7) << 2 } else { (valeur >> (123 - 5 * i)) & 0x1f };
                char::from(lettres[indice as usize])
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
    fn identifiers_of_one_go_grow_and_are_told_apart() {
        let (n, octets) = (12_000_000, [0xab; 16]);
        let ids: Vec<PublicId> =
            [0, 1, 2, 5_999_999, n - 1].map(|rang| PublicId::in_order(rang, n, octets)).to_vec();
        assert!(ids.windows(2).all(|w| w[0].as_str() < w[1].as_str()), "{ids:?}");
        assert!(ids.iter().all(|id| PublicId::parse(id.as_str()).is_some()));
        // What is drawn still counts, down to its last bits but the three that a letter does not hold.
        let mut autre = octets;
        autre[15] = 0xac;
        assert_ne!(PublicId::in_order(7, n, octets), PublicId::in_order(7, n, autre));
    }

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
