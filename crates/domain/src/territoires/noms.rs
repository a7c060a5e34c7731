//! Names of places in a sentence.

use unicode_normalization::UnicodeNormalization;

/// « de Lille », « d’Amiens », « du Havre ».
pub fn du(nom: &str) -> String {
    if let Some(reste) = nom.strip_prefix("Le ") {
        return format!("du {reste}");
    }
    if let Some(reste) = nom.strip_prefix("Les ") {
        return format!("des {reste}");
    }
    let voyelle = nom.nfd().next().is_some_and(|c| "aeiouyœŒ".contains(c.to_ascii_lowercase()));
    if voyelle { format!("d’{nom}") } else { format!("de {nom}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_with_its_article() {
        for (nom, attendu) in [
            ("Lille", "de Lille"),
            ("Amiens", "d’Amiens"),
            ("Évry", "d’Évry"),
            ("Œuilly", "d’Œuilly"),
            ("Le Havre", "du Havre"),
            ("Les Abymes", "des Abymes"),
            ("La Réunion", "de La Réunion"),
        ] {
            assert_eq!(du(nom), attendu);
        }
    }
}
