//! Which encoding a text file is in (ENT-3): recognised or refused, never guessed at.

mod decodeur;
mod detection;

pub(crate) use decodeur::Decodeur;
pub(crate) use detection::foreign_format;

/// Encodings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encodage {
    Utf8,
    /// UTF-8 that begins with a byte-order mark, as the ministry's portals export it.
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Windows1252,
    MacRoman,
}

impl Encodage {
    /// French label shown in reports.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 avec marque d’ordre (BOM)",
            Self::Utf16Le => "UTF-16 petit-boutiste",
            Self::Utf16Be => "UTF-16 gros-boutiste",
            Self::Windows1252 => "Windows-1252",
            Self::MacRoman => "Mac Roman",
        }
    }

    /// Whether it is some form of UTF-8, the encoding expected.
    pub const fn is_utf8(self) -> bool {
        matches!(self, Self::Utf8 | Self::Utf8Bom)
    }

    fn encoding(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 | Self::Utf8Bom => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
            Self::MacRoman => encoding_rs::MACINTOSH,
        }
    }
}
