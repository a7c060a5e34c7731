//! Tables that leave the platform, in the format that the person chose.

use domain::droits::Permit;
use domain::territoires;
use files::tableau::{ClasseurAuFil, Ecrivain};
use jiff::Timestamp;
use sha2::Digest as _;
use store::Tx;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Lecture, record_lecture};
use crate::messages::date_courte;

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

    /// The same, its lines to be given one after the other: a table of the whole country is never held twice.
    pub(crate) fn open<const N: usize>(
        self,
        titre: &str,
        le: Timestamp,
        entetes: &[&str; N],
    ) -> Result<TableauAuFil<N>, AppError> {
        let ecrit = match self {
            Self::Csv => Ecrivain::open(Vec::new()).and_then(|mut e| {
                e.write_row(entetes.iter().copied())?;
                Ok(Ecrit::Csv(Box::new(e)))
            }),
            Self::Xlsx => {
                ClasseurAuFil::open(titre, le.as_second(), entetes).map(|c| Ecrit::Xlsx(Box::new(c)))
            }
        };
        Ok(TableauAuFil(ecrit.map_err(AppError::internal)?))
    }
}

/// A table of `N` columns being written, under the same protection.
pub(crate) struct TableauAuFil<const N: usize>(Ecrit);

enum Ecrit {
    Csv(Box<Ecrivain<Vec<u8>>>),
    Xlsx(Box<ClasseurAuFil>),
}

impl<const N: usize> TableauAuFil<N> {
    pub(crate) fn write(&mut self, ligne: &[String; N]) -> Result<(), AppError> {
        let cellules = ligne.iter().map(String::as_str);
        match &mut self.0 {
            Ecrit::Csv(e) => e.write_row(cellules),
            Ecrit::Xlsx(c) => c.write_row(cellules),
        }
        .map_err(AppError::internal)
    }

    /// The whole file. Compressing a workbook takes long: to be called where nothing waits for it.
    pub(crate) fn finish(self) -> Result<Vec<u8>, AppError> {
        match self.0 {
            Ecrit::Csv(e) => e.finish(),
            Ecrit::Xlsx(c) => c.finish(),
        }
        .map_err(AppError::internal)
    }
}

/// The name of an academy, as tables say it; a code outside the reference stays as it is.
pub(crate) fn nom_academie(code: String) -> String {
    territoires::academie(&code).map_or(code, |a| a.nom.to_owned())
}

/// « Somme (80) », likewise.
pub(crate) fn nom_departement(code: String) -> String {
    territoires::departement(&code).map_or(code, |d| format!("{} ({})", d.nom, d.code))
}

/// The day of an instant in milliseconds, as tables say it.
pub(crate) fn jour(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(date_courte).unwrap_or_default()
}

/// A table that is written whole and leaves in a transaction of its own.
pub(crate) struct Table<'a, const N: usize> {
    /// Names the sheet of a workbook.
    pub(crate) titre: &'a str,
    /// As in [`Sortie`].
    pub(crate) objet: (&'a str, &'a str),
    /// As in [`Sortie`].
    pub(crate) nom: String,
    /// Headers, and what each column is in the journal.
    pub(crate) colonnes: &'a [(&'a str, &'a str); N],
    /// Headers left out.
    pub(crate) lignes: &'a [[String; N]],
}

impl<const N: usize> Table<'_, N> {
    /// Written in this format, then recorded as [`Sortie::leave`] does.
    pub(crate) async fn leave(
        self,
        ctx: &Ctx,
        permit: &Permit,
        format: FormatTableau,
    ) -> Result<FichierTableau, AppError> {
        let entetes = self.colonnes.map(|(titre, _)| titre);
        let champs = self.colonnes.map(|(_, champ)| champ);
        let octets = format.write(self.titre, ctx.recu_le, &entetes, self.lignes)?;
        let lignes = self.lignes.len();
        let sortie = Sortie { objet: self.objet, champs: &champs, nom: self.nom, format, lignes };
        let tx = ctx.begin().await?;
        let fichier = sortie.leave(&tx, ctx, permit, octets).await?;
        tx.commit().await?;
        Ok(fichier)
    }
}

/// A table on its way out, without any record of a candidate.
pub(crate) struct Sortie<'a> {
    /// What it is about in the journal: the table's name, and which of it.
    pub(crate) objet: (&'a str, &'a str),
    /// What each column is in the journal.
    pub(crate) champs: &'a [&'a str],
    /// Beginning of the name of the file: names nobody.
    pub(crate) nom: String,
    /// As asked for.
    pub(crate) format: FormatTableau,
    /// Headers left out.
    pub(crate) lignes: usize,
}

impl Sortie<'_> {
    /// Recorded with its lines and fingerprint (JOU-1), under the number of the journal, which says who took it away (DON-3).
    pub(crate) async fn leave(
        self,
        tx: &Tx,
        ctx: &Ctx,
        permit: &Permit,
        octets: Vec<u8>,
    ) -> Result<FichierTableau, AppError> {
        let empreinte = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&octets));
        let lecture = Lecture {
            objet: self.objet.0,
            objet_id: self.objet.1,
            etablissement: None,
            dossiers: Vec::new(),
            champs: self.champs,
            export: Some((self.lignes, empreinte)),
        };
        record_lecture(tx, ctx, permit, &lecture).await?;
        let nom_fichier = format!("{}-{}.{}", self.nom, ctx.requete, self.format.code());
        Ok(FichierTableau { nom_fichier, format: self.format, octets })
    }
}
