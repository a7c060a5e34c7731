//! The ranking of a group as a spreadsheet: written for the commission, read back from it (`domaine.md` §6.8).

mod export;
mod import;
#[cfg(test)]
mod tests;

pub use export::{LigneExport, write_classement};
pub use import::{ClassementLu, LigneClassee, read_classement};

/// Header of the rank.
pub const RANG: &str = "Rang";
/// Header of the candidate's file number.
pub const CODE: &str = "Candidat - Code";
/// Header of the name.
pub const NOM: &str = "Candidat - Nom";
/// Header of the first name.
pub const PRENOM: &str = "Candidat - Prénom";
/// Header of the general average.
pub const MOYENNE: &str = "Moyenne générale";
/// Header of the mark given by the commission.
pub const NOTE: &str = "Note";
/// Header of who took the file with names away, and under which number.
pub const EXPORT: &str = "Exporté par";
/// Header of the school that the candidate comes from.
pub const ORIGINE: &str = "Établissement d’origine";
/// Header of the courses for which boarding is asked, in the file of a boarding school.
pub const FORMATIONS: &str = "Formations - Libellé";
/// Headers of the further columns of the export, which the import passes over without a word.
pub const AUTRES: [&str; 4] = ["Baccalauréat", "Série - Libellé", ORIGINE, "Demande Internat - Libellé"];
