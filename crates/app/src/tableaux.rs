//! Tables that leave the platform, in the format that the person chose.

use jiff::Timestamp;

use crate::erreur::AppError;

/// Kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatTableau {
    /// UTF-8, semicolons.
    Csv,
    /// Workbook.
    Xlsx,
}

/// A table ready to be downloaded.
#[derive(Debug, Clone)]
pub struct FichierTableau {
    /// Offered to the browser; names nobody.
    pub nom_fichier: String,
    /// As asked for.
    pub format: FormatTableau,
    /// The whole file.
    pub octets: Vec<u8>,
}

impl FormatTableau {
    /// Extension of the file and word of the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx].into_iter().find(|f| f.code() == code)
    }

    /// The file, protected against formulas (ENT-4). `titre` names the sheet of a workbook, `le` dates it.
    pub(crate) fn write<const N: usize>(
        self,
        titre: &str,
        le: Timestamp,
        entetes: &[&str; N],
        lignes: &[[String; N]],
    ) -> Result<Vec<u8>, AppError> {
        match self {
            Self::Csv => files::tableau::write_table(entetes, lignes),
            Self::Xlsx => files::tableau::write_classeur(titre, le.as_second(), entetes, lignes),
        }
        .map_err(AppError::internal)
    }
}
