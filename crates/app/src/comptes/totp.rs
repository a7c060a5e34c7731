//! SEC-6: six digits every thirty seconds, SHA-1, in real time; the present step and the one before.

use data_encoding::BASE32_NOPAD;
use totp_rs::{Builder, Totp};

use crate::erreur::AppError;

/// 160 bits.
pub(super) const SECRET_OCTETS: usize = 20;
/// Seconds that a code of an authenticator lasts.
pub const PAS_S: u64 = 30;

fn totp(secret: &[u8], titulaire: &str) -> Result<Totp, AppError> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(0)
        .with_step_duration(PAS_S)
        // A colon separates issuer and account in the address: none may stay in the name.
        .with_account_name(titulaire.replace(':', " "))
        .with_issuer(Some("Parcoursup"))
        .build()
        .map_err(|e| AppError::Internal(format!("totp: {e}")))
}

/// The step of a code, if it is the code of now or of the step before. Spaces are forgiven.
pub(super) fn step_of(secret: &[u8], code: &str, recu_ms: i64) -> Result<Option<i64>, AppError> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let totp = totp(secret, "compte")?;
    let maintenant = u64::try_from(recu_ms / 1_000).unwrap_or(0);
    let pas = totp.check(&code, maintenant).or_else(|| totp.check(&code, maintenant.saturating_sub(PAS_S)));
    Ok(pas.and_then(|p| i64::try_from(p).ok()))
}

/// The code of an instant: for the demonstration and tests.
///
/// # Errors
/// When the secret is too short.
pub fn totp_code(secret: &[u8], instant_ms: i64) -> Result<String, AppError> {
    let instant = u64::try_from(instant_ms / 1_000).unwrap_or(0);
    Ok(totp(secret, "compte")?.generate(instant).to_string())
}

/// The secret as people type it: groups of four.
pub(super) fn as_text(secret: &[u8]) -> String {
    let texte = BASE32_NOPAD.encode(secret);
    let groupes: Vec<&str> =
        (0..texte.len()).step_by(4).map(|i| &texte[i..(i + 4).min(texte.len())]).collect();
    groupes.join(" ")
}

/// The picture to scan, a PNG in base 64.
pub(super) fn picture(secret: &[u8], titulaire: &str) -> Result<String, AppError> {
    totp(secret, titulaire)?.to_qr_base64().map_err(|e| AppError::Internal(format!("qr: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B (the last six digits of the eight of its table).
    #[test]
    fn sec_6_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (secondes, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp_code(secret, secondes * 1_000).expect("code"), code);
            assert_eq!(step_of(secret, code, secondes * 1_000).expect("read"), Some(secondes / 30));
        }
    }

    #[test]
    fn sec_6_the_step_before_passes_the_next_one_and_the_one_before_do_not() {
        let secret = [9; SECRET_OCTETS];
        let code = totp_code(&secret, 3_000_000).expect("code");
        let lit = |ms| step_of(&secret, &code, ms).expect("read");
        assert_eq!(lit(3_029_999), Some(100));
        assert_eq!(lit(3_030_000), Some(100));
        assert_eq!(lit(3_059_999), Some(100));
        assert_eq!(lit(3_060_000), None);
        assert_eq!(lit(2_999_999), None);
        let avec_espace = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(step_of(&secret, &avec_espace, 3_000_000).expect("read"), Some(100));
        for faux in ["", "12345", "1234567", "+12345", "abcdef"] {
            assert_eq!(step_of(&secret, faux, 3_000_000).expect("read"), None, "{faux}");
        }
    }
}
