//! Apprenticeship courses as the catalogues exchange them: records of the national catalogue (R-IMP-08: JSON, an array or an object
//! a line, or CSV) and LHÉO 2.3 (R-IMP-09: XML). All give the same records; what is wrong in one is told with its place and leaves the
//! others.

mod champs;
mod colonnes;
mod json;
mod lheo;
mod perimetre;
mod place;
mod recu;
mod table;
#[cfg(test)]
mod tests;

use std::io::{BufReader, Cursor, Read};

use domain::apprentissage::Fiche;

use crate::tableau::{Faute, Releve};
use crate::{Compression, FichierError, Limites, Options, source};

pub use colonnes::{COLONNES, Colonne, Genre};
pub use lheo::ESPACE_LHEO;
pub use lheo::schema as schema_lheo;
pub use perimetre::read_perimetre;
pub use recu::{RefusRecu, check_recu, expected_names, extensions};

/// What these files may cost: the whole national catalogue has a hundred thousand records of some kB.
pub const LIMITES: Limites =
    Limites { octets: 512 * 1024 * 1024, lignes: 400_000, octets_ligne: 1024 * 1024, ..Limites::DEFAUT };

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FormatCatalogue {
    /// Records of the national catalogue.
    Json,
    /// The same as a table.
    Csv,
    /// LHÉO 2.3.
    Lheo,
}

impl FormatCatalogue {
    /// French label.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Json => "fiches du catalogue national (JSON)",
            Self::Csv => "fiches du catalogue national (CSV)",
            Self::Lheo => "LHÉO 2.3 (XML)",
        }
    }
}

/// A record that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FicheLue {
    /// Among the records of its file, from 1: a document of one line has no other place.
    pub rang: u64,
    /// Line where it begins.
    pub ligne: u64,
    pub fiche: Fiche,
}

/// Something wrong in a record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FauteFiche {
    pub ligne: u64,
    /// In bytes from the beginning of the line, the first being 1; in a table, the rank of the cell.
    pub colonne: u64,
    /// Name of the field, as the file writes it; of an element that LHÉO does not want so, those that lead to it from the course,
    /// joined by `/`.
    pub champ: String,
    /// French sentence without final stop: what is wrong, what is expected.
    pub motif: String,
}

/// A record that cannot be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FicheRefusee {
    /// Among the records of its file, from 1.
    pub rang: u64,
    /// Line where it begins.
    pub ligne: u64,
    /// When it says it.
    pub id: Option<String>,
    /// Title of its course, when it says it.
    pub intitule: Option<String>,
    /// Where it is, as far as it says it.
    pub lieu: Option<String>,
    /// Code of the academy of its place, when it says it.
    pub academie: Option<&'static str>,
    /// At least one.
    pub fautes: Vec<FauteFiche>,
}

impl FicheRefusee {
    /// What a record says of itself, whatever is wrong with it.
    pub fn of(fiche: &Fiche) -> Self {
        Self {
            id: Some(fiche.id.clone()).filter(|id| !id.is_empty()),
            intitule: fiche.titre().map(str::to_owned),
            lieu: fiche.lieu_dit(),
            academie: fiche.departement().map(|d| d.academie),
            ..Self::default()
        }
    }
}

/// One record of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lue {
    Fiche(Box<FicheLue>),
    Refusee(FicheRefusee),
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BilanCatalogue {
    pub fichier: String,
    pub format: FormatCatalogue,
    pub compression: Compression,
    /// Records, refused ones included.
    pub lues: u64,
    pub refusees: u64,
    pub releve: Releve,
}

/// Counts, keeps within the limits and hands over: what the readers share.
struct Sortie<'s> {
    bilan: BilanCatalogue,
    limites: Limites,
    sink: &'s mut dyn FnMut(Lue),
}

impl Sortie<'_> {
    fn room(&mut self) -> Result<(), FichierError> {
        self.bilan.lues += 1;
        if self.bilan.lues > self.limites.lignes {
            let fichier = self.bilan.fichier.clone();
            return Err(FichierError::TropDeLignes { fichier, limite: self.limites.lignes });
        }
        Ok(())
    }

    fn give(&mut self, mut lue: Lue) {
        // Room was made for it just before.
        match &mut lue {
            Lue::Fiche(fiche) => fiche.rang = self.bilan.lues,
            Lue::Refusee(refusee) => refusee.rang = self.bilan.lues,
        }
        if let Lue::Refusee(refusee) = &lue {
            self.bilan.refusees += 1;
            for f in &refusee.fautes {
                let motif = format!("{} (colonne {})", f.motif, f.colonne);
                self.bilan.releve.fault(Faute { ligne: f.ligne, colonne: f.champ.clone(), motif });
            }
        }
        (self.sink)(lue);
    }
}

/// Bytes before the first one that says something: an order mark and blanks.
const DEBUT_MAX: usize = 64 * 1024;
/// The order mark of UTF-8.
const MARQUE: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Whether the name of a file says JSON or XML, which a table is not.
fn is_named(nom_fichier: &str) -> bool {
    recu::announced(nom_fichier).is_some_and(|(format, _)| format != FormatCatalogue::Csv)
}

/// Reads the records of a file, whatever its format and compression, and hands each to `sink` in its order.
///
/// # Errors
/// What stops the reading: none of the formats, another LHÉO than 2.3 or one whose envelope is not that of the schema, a table without
/// the columns that tell a record, a syntax from which nothing can go on, a limit.
pub fn read_catalogue<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
    sink: &mut dyn FnMut(Lue),
) -> Result<BilanCatalogue, FichierError> {
    let Options { limites, separateur, taille, progression } = options;
    let (clair, compression) = source::open(source, nom_fichier, limites, taille, progression)?;
    let mut clair = BufReader::with_capacity(64 * 1024, clair);
    let mut debut = Vec::new();
    let premier = loop {
        let mut octet = [0_u8];
        let lus = source::fill(&mut clair, &mut octet)
            .map_err(|e| source::explain(e, nom_fichier, compression, limites))?;
        if lus == 0 {
            break None;
        }
        let [o] = octet;
        if MARQUE.get(debut.len()) == Some(&o) {
            // The order mark takes no place in the first line.
            debut.push(o);
            continue;
        }
        debut.push(o);
        if !o.is_ascii_whitespace() || debut.len() > DEBUT_MAX {
            break Some(o);
        }
    };
    let format = match premier {
        Some(b'[' | b'{') => FormatCatalogue::Json,
        Some(b'<') => FormatCatalogue::Lheo,
        Some(_) if !is_named(nom_fichier) => FormatCatalogue::Csv,
        _ => {
            return Err(FichierError::Catalogue {
                fichier: nom_fichier.to_owned(),
                ligne: 1,
                position: 1,
                motif: match premier {
                    None => "le fichier est vide".to_owned(),
                    Some(_) => "ce n’est ni du JSON ni du XML".to_owned(),
                },
            });
        }
    };
    let bilan = BilanCatalogue {
        fichier: nom_fichier.to_owned(),
        format,
        compression,
        lues: 0,
        refusees: 0,
        releve: Releve::default(),
    };
    let mut sortie = Sortie { bilan, limites, sink };
    // A table tells its encoding by its mark.
    if format != FormatCatalogue::Csv && debut.starts_with(&MARQUE) {
        debut.drain(..MARQUE.len());
    }
    let reste = Cursor::new(debut).chain(clair);
    match format {
        FormatCatalogue::Json => json::read(reste, premier == Some(b'['), &mut sortie)?,
        FormatCatalogue::Csv => table::read(reste, separateur, &mut sortie)?,
        FormatCatalogue::Lheo => lheo::read(reste, &mut sortie)?,
    }
    Ok(sortie.bilan)
}
