//! All that Typst may see: one template, one document, the fonts of this program.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};

/// How documents look.
pub(crate) const MODELE: &str = include_str!("../modeles/document.typ");

/// The family of the template; those after it lend the characters that it does not have.
const FAMILLES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

struct Polices {
    livre: LazyHash<FontBook>,
    polices: Vec<Font>,
    /// Code points that every face of some family draws, in order.
    dessines: Vec<u32>,
}

/// The fonts of the program, read once.
fn polices() -> &'static Polices {
    static POLICES: OnceLock<Polices> = OnceLock::new();
    POLICES.get_or_init(|| {
        let toutes = typst_assets::fonts().flat_map(|octets| Font::iter(Bytes::new(octets)));
        let polices: Vec<Font> = toutes.filter(|p| FAMILLES.contains(&p.info().family.as_str())).collect();
        Polices {
            livre: LazyHash::new(FontBook::from_fonts(&polices)),
            dessines: FAMILLES
                .iter()
                .flat_map(|f| drawn_by(&polices, f))
                .collect::<BTreeSet<u32>>()
                .into_iter()
                .collect(),
            polices,
        }
    })
}

/// What a family draws in each of its faces: a text is set in roman, in bold, in between.
fn drawn_by(polices: &[Font], famille: &str) -> BTreeSet<u32> {
    let faces = polices.iter().filter(|p| p.info().family == famille);
    let points = faces.map(|p| p.info().coverage.iter().collect::<BTreeSet<u32>>());
    points.reduce(|a, b| &a & &b).unwrap_or_default()
}

/// Whether the text can be set in roman and in bold: a character without a drawing is forbidden in an accessible file.
pub(crate) fn is_dessine(c: char) -> bool {
    polices().dessines.binary_search(&u32::from(c)).is_ok()
}

/// What one document is set from.
pub(crate) struct Monde {
    bibliotheque: LazyHash<Library>,
    source: Source,
}

impl Monde {
    /// `donnees`: the document as JSON, which the template reads.
    pub(crate) fn new(modele: &str, donnees: &str) -> Result<Self, String> {
        let chemin = VirtualPath::new("document.typ").map_err(|e| format!("{e:?}"))?;
        let id = RootedPath::new(VirtualRoot::Project, chemin).intern();
        let mut entrees = Dict::new();
        entrees.insert("document".into(), donnees.into_value());
        // The headers of lines in tables are behind this name until Typst settles how it writes them.
        let options: Features = [Feature::A11yExtras].into_iter().collect();
        let bibliotheque = Library::builder().with_inputs(entrees).with_features(options).build();
        Ok(Self { bibliotheque: LazyHash::new(bibliotheque), source: Source::new(id, modele.to_owned()) })
    }
}

impl World for Monde {
    fn library(&self) -> &LazyHash<Library> {
        &self.bibliotheque
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &polices().livre
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        polices().polices.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
