//! The charter of the procedure: what the head of an establishment accepts before anything of it is published.

use crate::erreurs::RuleViolation;

/// Characters of a charter.
pub const TEXTE_MAX: usize = 50_000;

/// R-CHA-01: nothing of an establishment is submitted or published before its head has accepted the charter in force, when the session has
/// one. A new version is accepted anew. Both by number; `acceptee`: the last one accepted.
///
/// # Errors
/// [`RuleViolation::CharteNonAcceptee`].
pub fn check_acceptee(en_vigueur: Option<i64>, acceptee: Option<i64>) -> Result<(), RuleViolation> {
    match (en_vigueur, acceptee) {
        (None, _) => Ok(()),
        (Some(v), Some(a)) if a >= v => Ok(()),
        (Some(_), _) => Err(RuleViolation::CharteNonAcceptee),
    }
}

/// R-CHA-02: a version has a text, and says something else than the one before.
///
/// # Errors
/// [`RuleViolation::Champ`], [`RuleViolation::TropLong`].
pub fn check_texte(texte: &str, avant: Option<&str>) -> Result<String, RuleViolation> {
    let net = texte.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    let faux = |motif| Err(RuleViolation::Champ { champ: "charte", motif });
    if net.is_empty() {
        return faux("vide");
    }
    if net.chars().count() > TEXTE_MAX {
        return Err(RuleViolation::TropLong { champ: "charte", max: TEXTE_MAX });
    }
    if avant == Some(net.as_str()) {
        return faux("identique");
    }
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cha_01_the_version_in_force_is_accepted_before_anything_is_published() {
        assert_eq!(check_acceptee(None, None), Ok(()));
        assert_eq!(check_acceptee(Some(1), None), Err(RuleViolation::CharteNonAcceptee));
        assert_eq!(check_acceptee(Some(1), Some(1)), Ok(()));
        assert_eq!(check_acceptee(Some(2), Some(1)), Err(RuleViolation::CharteNonAcceptee));
    }

    #[test]
    fn r_cha_02_a_version_says_something_new() {
        let faux = |motif| Err(RuleViolation::Champ { champ: "charte", motif });
        assert_eq!(check_texte(" a\r\nb ", Some("a")), Ok("a\nb".to_owned()));
        assert_eq!(check_texte(" ", None), faux("vide"));
        assert_eq!(check_texte("a ", Some("a")), faux("identique"));
        let long = RuleViolation::TropLong { champ: "charte", max: TEXTE_MAX };
        assert_eq!(check_texte(&"é".repeat(TEXTE_MAX + 1), None), Err(long));
    }
}
