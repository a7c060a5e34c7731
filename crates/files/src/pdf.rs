//! PDF files that people deposit (FIC-1): whether what is sent is one, from its first byte to its last.

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusPdf {
    /// No file, or an empty one.
    Vide,
    /// Too many bytes.
    Lourd,
    /// Does not begin as a PDF file, whatever its name says.
    Format,
    /// Begins as one and does not end: the sending was cut, or the file is damaged.
    Tronque,
    /// Its readers would need a password.
    Chiffre,
}

/// Where the mark of the end may be, from the last byte: some programs add a few bytes after it.
const QUEUE: usize = 1024;

/// FIC-1: signature and structure.
///
/// # Errors
/// [`RefusPdf`].
pub fn check_pdf(octets: &[u8], max: usize) -> Result<(), RefusPdf> {
    match octets.len() {
        0 => return Err(RefusPdf::Vide),
        n if n > max => return Err(RefusPdf::Lourd),
        _ => {}
    }
    if !octets.starts_with(b"%PDF-1.") && !octets.starts_with(b"%PDF-2.") {
        return Err(RefusPdf::Format);
    }
    let queue = &octets[octets.len().saturating_sub(QUEUE)..];
    if !contains(queue, b"startxref") || !contains(queue, b"%%EOF") {
        return Err(RefusPdf::Tronque);
    }
    // The name ends there: « /EncryptMetadata » is another one.
    let chiffre = octets.windows(9).any(|f| f.starts_with(b"/Encrypt") && !f[8].is_ascii_alphanumeric());
    if chiffre {
        return Err(RefusPdf::Chiffre);
    }
    Ok(())
}

fn contains(texte: &[u8], mot: &[u8]) -> bool {
    texte.windows(mot.len()).any(|f| f == mot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fic_1_a_pdf_file_is_one_from_its_first_byte_to_its_last() {
        let bon = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".to_vec();
        assert_eq!(check_pdf(&bon, 1000), Ok(()));
        assert_eq!(check_pdf(&[], 1000), Err(RefusPdf::Vide));
        assert_eq!(check_pdf(&bon, 20), Err(RefusPdf::Lourd));
        assert_eq!(check_pdf(b"PK\x03\x04 note.pdf startxref %%EOF", 1000), Err(RefusPdf::Format));
        assert_eq!(check_pdf(b"<html>%PDF-1.7 startxref %%EOF", 1000), Err(RefusPdf::Format));
        assert_eq!(check_pdf(&bon[..bon.len() - 8], 1000), Err(RefusPdf::Tronque));
        let chiffre = [&bon[..9], b"trailer<</Encrypt 5 0 R>>", &bon[9..]].concat();
        assert_eq!(check_pdf(&chiffre, 1000), Err(RefusPdf::Chiffre));
        let colle = [&bon[..9], b"trailer<</Encrypt<</Filter/Standard>>>>", &bon[9..]].concat();
        assert_eq!(check_pdf(&colle, 1000), Err(RefusPdf::Chiffre));
        let autre = [&bon[..9], b"<</EncryptMetadata false>>", &bon[9..]].concat();
        assert_eq!(check_pdf(&autre, 1000), Ok(()));
    }
}
