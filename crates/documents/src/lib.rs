//! The printer: sets the documents of `app` as tagged PDF files (PDF/UA-1) with Typst (ADR 0009).
//!
//! Nothing but the document given reaches the file: no other file, no package, no clock, no font of the machine. The text of
//! a document is data for our one template, never source.

mod monde;
mod texte;

use app::documents::{Document, ImpressionError, Imprimeur};
use jiff::tz::TimeZone;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use monde::{MODELE, Monde};

/// The printer.
#[derive(Debug, Default, Clone, Copy)]
pub struct Typographe;

impl Imprimeur for Typographe {
    fn imprime(&self, document: &Document) -> Result<Vec<u8>, ImpressionError> {
        let octets = compose(MODELE, document);
        // What was kept to set the next one faster is what somebody declared: it does not outlive its file.
        typst::comemo::evict(0);
        octets
    }
}

fn compose(modele: &str, document: &Document) -> Result<Vec<u8>, ImpressionError> {
    let monde = Monde::new(modele, &texte::donnees(document)).map_err(ImpressionError)?;
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&monde);
    let pose = output.map_err(|fautes| erreur(&fautes))?;
    // A font that is missing, a layout that does not settle: what would come out is not what was meant.
    if !warnings.is_empty() {
        return Err(erreur(&warnings));
    }
    let normes = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|e| ImpressionError(format!("PDF/UA-1 : {}", e.message())))?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Parcoursup".to_owned())),
        timestamp: instant(document.le),
        page_ranges: None,
        standards: normes,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&pose, &options).map_err(|fautes| erreur(&fautes))
}

fn erreur(fautes: &[SourceDiagnostic]) -> ImpressionError {
    ImpressionError(fautes.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" ; "))
}

fn instant(le: jiff::Timestamp) -> Option<Timestamp> {
    let d = TimeZone::UTC.to_datetime(le);
    let petit = |n: i8| u8::try_from(n).ok();
    let jour = (i32::from(d.year()), petit(d.month())?, petit(d.day())?);
    let heure = (petit(d.hour())?, petit(d.minute())?, petit(d.second())?);
    Datetime::from_ymd_hms(jour.0, jour.1, jour.2, heure.0, heure.1, heure.2).map(Timestamp::new_utc)
}

#[cfg(test)]
mod tests;
