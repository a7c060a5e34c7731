//! Lines of a file of cases: plain, gzip or zstd, or standard input (`-`), with its place kept for messages.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// Bytes that tell the form of a file.
const DEBUT: u64 = 8;
/// What some editors put before the first character.
const MARQUE_UTF8: char = '\u{feff}';

/// A file being read line by line.
pub struct Lignes {
    nom: String,
    numero: u64,
    ligne: String,
    reader: Box<dyn BufRead>,
    progress: ProgressBar,
}

impl Lignes {
    /// Opens `chemin` (`-`: standard input).
    pub fn open(chemin: &str) -> anyhow::Result<Self> {
        if chemin == "-" {
            return Self::read("entrée standard", std::io::stdin().lock());
        }
        let file = File::open(chemin).with_context(|| {
            format!("impossible d’ouvrir « {chemin} » : vérifiez le nom et les droits de lecture")
        })?;
        let taille = file.metadata().map(|m| m.len()).unwrap_or(0);
        let progress = ProgressBar::new(taille).with_message(chemin.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg} [{wide_bar}] {percent} %") {
            progress.set_style(style);
        }
        let mut lignes = Self::read(chemin, progress.wrap_read(file))?;
        lignes.progress = progress;
        Ok(lignes)
    }

    /// Reads from anything. Compression is recognised by the content, not by the name.
    pub fn read(nom: &str, mut source: impl Read + 'static) -> anyhow::Result<Self> {
        // A pipe may give its first bytes one by one: they are waited for.
        let mut debut = Vec::new();
        source
            .by_ref()
            .take(DEBUT)
            .read_to_end(&mut debut)
            .with_context(|| format!("« {nom} » : lecture impossible, ce n’est peut-être pas un fichier"))?;
        let is_gzip = debut.starts_with(&[0x1f, 0x8b]);
        let is_zstd = debut.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        let source = BufReader::with_capacity(1 << 16, Cursor::new(debut).chain(source));
        let reader: Box<dyn BufRead> = if is_gzip {
            Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(source)))
        } else if is_zstd {
            let decoder = zstd::stream::read::Decoder::with_buffer(source)
                .with_context(|| format!("« {nom} » : fichier zstd illisible"))?;
            Box::new(BufReader::with_capacity(1 << 16, decoder))
        } else {
            Box::new(source)
        };
        Ok(Self {
            nom: nom.to_owned(),
            numero: 0,
            ligne: String::new(),
            reader,
            progress: ProgressBar::hidden(),
        })
    }

    /// What the file calls itself in messages.
    pub fn nom(&self) -> &str {
        &self.nom
    }

    /// The first bytes, once decompressed, without consuming them.
    pub fn peek(&mut self) -> anyhow::Result<&[u8]> {
        let nom = &self.nom;
        self.reader
            .fill_buf()
            .with_context(|| format!("{nom} : lecture impossible, le fichier est tronqué ou abîmé"))
    }

    /// What is left to read, when it is not lines, with its name.
    pub fn into_source(self) -> (String, Box<dyn BufRead>) {
        self.progress.finish_and_clear();
        (self.nom, self.reader)
    }

    /// The next line that is not blank, with its place.
    pub fn next_ligne(&mut self) -> anyhow::Result<Option<(Lieu<'_>, &str)>> {
        loop {
            self.numero += 1;
            self.ligne.clear();
            let read = self.reader.read_line(&mut self.ligne);
            if self.numero == 1 && self.ligne.starts_with(MARQUE_UTF8) {
                self.ligne.remove(0);
            }
            match read {
                Ok(0) => {
                    self.progress.finish_and_clear();
                    return Ok(None);
                }
                Ok(_) if self.ligne.trim().is_empty() => {}
                Ok(_) => break,
                Err(error) => bail!(
                    "{}, ligne {} : lecture impossible, le fichier est tronqué, abîmé ou n’est pas en UTF-8 ({error})",
                    self.nom,
                    self.numero
                ),
            }
        }
        Ok(Some((Lieu { fichier: &self.nom, ligne: self.numero }, self.ligne.trim_end())))
    }
}

/// Where a case was read.
#[derive(Debug, Clone, Copy)]
pub struct Lieu<'a> {
    /// Name of the file.
    pub fichier: &'a str,
    /// Line number, from 1.
    pub ligne: u64,
}

impl std::fmt::Display for Lieu<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, ligne {}", self.fichier, self.ligne)
    }
}

/// The reason of a JSON error, in French, with the column.
pub fn explain_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let texte = error.to_string();
    let texte = texte.rsplit_once(" at line ").map_or(texte.as_str(), |(debut, _)| debut);
    let raison = match error.classify() {
        Category::Eof => "le texte JSON s’arrête avant la fin".to_owned(),
        Category::Syntax => format!("le texte JSON est mal formé ({})", malformed(texte)),
        Category::Io => format!("lecture impossible ({texte})"),
        Category::Data => {
            if let Some(champ) = quoted(texte, "missing field `") {
                format!("la clé « {champ} » manque")
            } else if let Some(valeur) = quoted(texte, "unknown variant `") {
                format!("la valeur « {valeur} » n’est pas un statut connu")
            } else if let Some(champ) = quoted(texte, "duplicate field `") {
                format!("la clé « {champ} » figure deux fois")
            } else if let Some(valeur) = quoted(texte, "invalid value: integer `") {
                format!(
                    "le nombre {valeur} est hors des bornes permises (entiers de 32 bits pour les rangs et les effectifs)"
                )
            } else {
                format!("une valeur n’a pas le type attendu ({})", wrong_type(texte))
            }
        }
    };
    format!("colonne {} : {raison}", error.column())
}

/// What is wrong with the form of a text; in the words of the reader where we have none.
fn malformed(texte: &str) -> &str {
    match texte {
        "expected `:`" => "il manque « : » après une clé",
        "expected `,` or `]`" => "il manque une virgule, ou « ] » à la fin d’une liste",
        "expected `,` or `}`" => "il manque une virgule, ou « } » à la fin d’un objet",
        "expected value" | "expected ident" => "il manque une valeur",
        "trailing comma" => "une virgule est de trop",
        "trailing characters" => "il reste du texte après la fin du cas",
        "key must be a string" => "une clé n’est pas entre guillemets",
        "invalid number" | "number out of range" => "un nombre n’en est pas un",
        "invalid escape"
        | "invalid unicode code point"
        | "lone leading surrogate in hex escape"
        | "unexpected end of hex escape" => "un caractère est mal codé après « \\ »",
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            "un caractère invisible est au milieu d’un texte"
        }
        "recursion limit exceeded" => "trop de listes et d’objets les uns dans les autres",
        autre => autre,
    }
}

/// What is where something else must be.
fn wrong_type(texte: &str) -> Cow<'_, str> {
    let parts = texte.strip_prefix("invalid type: ").and_then(|suite| suite.rsplit_once(", expected "));
    let Some((trouve, attendu)) = parts else { return texte.into() };
    let attendu = match attendu {
        "i32" | "i64" | "u32" => "d’un entier",
        "a boolean" => "d’un booléen",
        "a string" => "d’un texte",
        "a sequence" => "d’une liste",
        "a map" => "d’un objet",
        autre if autre.starts_with("struct ") => "d’un objet",
        _ => return texte.into(),
    };
    let valeur = |genre: &str| quoted(trouve, genre);
    let trouve = match trouve {
        "null" => "null".to_owned(),
        "map" => "un objet".to_owned(),
        "sequence" => "une liste".to_owned(),
        autre => match (valeur("integer `").or(valeur("floating point `")), valeur("boolean `")) {
            (Some(nombre), _) => format!("le nombre {nombre}"),
            (_, Some(booleen)) => format!("le booléen {booleen}"),
            _ => match autre.strip_prefix("string \"").and_then(|suite| suite.strip_suffix('"')) {
                Some(dit) => format!("le texte « {dit} »"),
                None => return texte.into(),
            },
        },
    };
    format!("{trouve} au lieu {attendu}").into()
}

fn quoted<'a>(texte: &'a str, debut: &str) -> Option<&'a str> {
    texte.split_once(debut).and_then(|(_, suite)| suite.split_once('`')).map(|(valeur, _)| valeur)
}
