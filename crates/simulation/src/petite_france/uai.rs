//! Establishment numbers (UAI): three digits of department, four of sequence, a key letter.
//!
//! The key is the number modulo 23 in the alphabet without I, O and Q. Generated numbers use the sequences from
//! 9000 to 9998, which the public files do not show (they hold one 9999, a placeholder of Mayotte), with a right key:
//! they pass every check and meet nobody.

/// First sequence of the invented range.
pub const PREMIER: u32 = 9_000;

const CLES: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// Key letter of the seven digits.
pub fn cle(numero: u32) -> char {
    char::from(CLES[(numero % 23) as usize])
}

/// The invented UAI of a department and a sequence from 0. Corsica counts as 620 and 720, as in real numbers.
pub fn invente(departement: &str, sequence: u32) -> String {
    let prefixe = match departement {
        "2A" => 620,
        "2B" => 720,
        code => code.parse().unwrap_or(0),
    };
    let numero = prefixe * 10_000 + PREMIER + sequence % 999;
    format!("{numero:07}{}", cle(numero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_that_of_real_numbers() {
        // Published numbers of real establishments.
        for (numero, lettre) in [(870_669, 'E'), (871_030, 'X'), (880_019, 'T')] {
            assert_eq!(cle(numero), lettre);
        }
        assert_eq!(&invente("01", 0)[..7], "0019000");
        assert_eq!(&invente("2B", 7)[..7], "7209007");
        assert_eq!(&invente("974", 12)[..7], "9749012");
        assert_eq!(invente("75", 3).len(), 8);
    }
}
