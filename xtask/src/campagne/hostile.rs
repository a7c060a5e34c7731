//! Generator of offer files, sound or hostile, as a stranger, a spreadsheet or a broken disk would make them.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::rng::Rng;

/// What the import must do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Exit 0: sound, at most warnings.
    Accept,
    /// Exit 1 with reasons.
    Refuse,
    /// Either, as long as it ends properly: the damage may hit a harmless place.
    Either,
}

/// A kind of file: its name, what must happen, its maker.
pub struct Kind {
    pub name: &'static str,
    pub expected: Expected,
    pub extension: &'static str,
    make: fn(&mut Rng, &mut dyn Write, u64) -> std::io::Result<()>,
}

impl Kind {
    /// Writes the file; `max_mib` bounds the largest kinds.
    pub fn write(&self, rng: &mut Rng, path: &Path, max_mib: u64) -> Result<()> {
        let file = std::fs::File::create(path)?;
        if self.extension == "csv.gz" && self.expected != Expected::Either {
            return self.write_gzip(rng, file, max_mib);
        }
        let mut out = BufWriter::with_capacity(1 << 20, file);
        (self.make)(rng, &mut out, max_mib)?;
        out.flush()?;
        Ok(())
    }

    fn write_gzip(&self, rng: &mut Rng, file: std::fs::File, max_mib: u64) -> Result<()> {
        let mut gzip =
            Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(file).spawn().context("no gzip")?;
        let pipe = gzip.stdin.take().context("gzip has no input")?;
        let mut out = BufWriter::with_capacity(1 << 20, pipe);
        (self.make)(rng, &mut out, max_mib)?;
        out.flush()?;
        drop(out);
        if !gzip.wait()?.success() {
            bail!("gzip failed");
        }
        Ok(())
    }
}

const fn kind(
    name: &'static str,
    expected: Expected,
    extension: &'static str,
    make: fn(&mut Rng, &mut dyn Write, u64) -> std::io::Result<()>,
) -> Kind {
    Kind { name, expected, extension, make }
}

use Expected::{Accept, Either, Refuse};

pub const KINDS: &[Kind] = &[
    kind("sound file", Accept, "csv", |rng, out, _| out.write_all(sound(rng).as_bytes())),
    kind("sound file, compressed", Accept, "csv.gz", |rng, out, _| out.write_all(sound(rng).as_bytes())),
    kind("Windows-1252", Accept, "csv", |rng, out, _| out.write_all(&windows_1252(&sound(rng)))),
    kind("Mac Roman", Accept, "csv", |rng, out, _| out.write_all(&mac_roman(&sound(rng)))),
    kind("UTF-16, little end first", Accept, "csv", |rng, out, _| {
        out.write_all(&utf16(&sound(rng), u16::to_le_bytes))
    }),
    kind("UTF-16, big end first", Accept, "csv", |rng, out, _| {
        out.write_all(&utf16(&sound(rng), u16::to_be_bytes))
    }),
    kind("lines ended by CR alone", Accept, "csv", |rng, out, _| {
        out.write_all(sound(rng).replace("\r\n", "\r").as_bytes())
    }),
    kind("quote never closed", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let at = rng.below(rows.len());
        rows[at][NAME] = "\"Lycée sans fin".to_owned();
        write_rows(out, &rows)
    }),
    kind("NUL bytes", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let at = rng.below(rows.len());
        rows[at][NAME] = "Lycée\0nul".to_owned();
        write_rows(out, &rows)
    }),
    kind("row without identity", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let at = rng.below(rows.len());
        for column in [UAI, NAME, LABEL, KEY, LINK, TRACK, DETAIL] {
            rows[at][column].clear();
        }
        write_rows(out, &rows)
    }),
    kind("same course twice", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let again = rows[rng.below(rows.len())].clone();
        rows.push(again);
        write_rows(out, &rows)
    }),
    kind("impossible capacity", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let at = rng.below(rows.len());
        rows[at][CAPACITY] = (*rng.pick(&["-5", "douze", "99999999999999999999", "NaN", "1e9"])).to_owned();
        write_rows(out, &rows)
    }),
    kind("row cut short", Refuse, "csv", |rng, out, _| {
        let mut rows = rows(rng);
        let at = rng.below(rows.len());
        rows[at].truncate(1 + rng.below(COLUMNS.len() - 2));
        write_rows(out, &rows)
    }),
    kind("column named twice", Refuse, "csv", |rng, out, _| {
        out.write_all(sound(rng).replacen(";voe_tot;", ";capa_fin;", 1).as_bytes())
    }),
    kind("hundred thousand columns", Refuse, "csv", |rng, out, _| {
        out.write_all(b"session")?;
        for number in 0..100_000 {
            write!(out, ";c{number}")?;
        }
        writeln!(out)?;
        out.write_all(sound(rng).as_bytes())
    }),
    kind("one endless line", Refuse, "csv", |_, out, max_mib| {
        out.write_all(COLUMNS.join(";").as_bytes())?;
        out.write_all(b"\r\n")?;
        let block = vec![b'x'; 1 << 20];
        (0..max_mib).try_for_each(|_| out.write_all(&block))
    }),
    kind("more rows than any offer has", Refuse, "csv", |rng, out, max_mib| {
        let rows = rows(rng);
        out.write_all(COLUMNS.join(";").as_bytes())?;
        out.write_all(b"\r\n")?;
        let mut written = 0_u64;
        let mut key = 1_u64;
        while written < max_mib << 20 || key <= TOO_MANY_ROWS {
            let mut row = rows[rng.below(rows.len())].clone();
            row[KEY] = key.to_string();
            key += 1;
            let line = row.join(";");
            written += line.len() as u64 + 2;
            write!(out, "{line}\r\n")?;
        }
        Ok(())
    }),
    kind("a fault on every row", Refuse, "csv", |rng, out, max_mib| {
        let rows = rows(rng);
        out.write_all(COLUMNS.join(";").as_bytes())?;
        out.write_all(b"\r\n")?;
        let mut written = 0_u64;
        while written < (max_mib << 20) / 2 {
            let mut row = rows[rng.below(rows.len())].clone();
            row[CAPACITY] = "beaucoup".to_owned();
            let line = row.join(";");
            written += line.len() as u64 + 2;
            write!(out, "{line}\r\n")?;
        }
        Ok(())
    }),
    kind("compression bomb", Refuse, "csv.gz", |_, out, max_mib| {
        let block = vec![b'0'; 1 << 20];
        (0..max_mib * 8).try_for_each(|_| out.write_all(&block))
    }),
    kind("not compressed in spite of its name", Either, "csv.gz", |rng, out, _| {
        out.write_all(sound(rng).as_bytes())
    }),
    kind("random bytes", Refuse, "csv", |rng, out, _| {
        let bytes: Vec<u8> = (0..50_000).map(|_| rng.next() as u8).collect();
        out.write_all(&bytes)
    }),
    kind("a few bytes flipped", Either, "csv", |rng, out, _| {
        let mut bytes = sound(rng).into_bytes();
        for _ in 0..=rng.below(8) {
            let at = rng.below(bytes.len());
            bytes[at] ^= 1 << rng.below(8);
        }
        out.write_all(&bytes)
    }),
    kind("empty file", Refuse, "csv", |_, _, _| Ok(())),
    kind("cut anywhere", Either, "csv", |rng, out, _| {
        let bytes = sound(rng).into_bytes();
        out.write_all(&bytes[..rng.below(bytes.len())])
    }),
];

const COLUMNS: &[&str] = &[
    "session",
    "contrat_etab",
    "cod_uai",
    "g_ea_lib_vx",
    "dep",
    "dep_lib",
    "region_etab_aff",
    "acad_mies",
    "ville_etab",
    "lib_for_voe_ins",
    "select_form",
    "fili",
    "lib_comp_voe_ins",
    "form_lib_voe_acc",
    "fil_lib_voe_acc",
    "detail_forma",
    "g_olocalisation_des_formations",
    "capa_fin",
    "voe_tot",
    "voe_tot_f",
    "nb_voe_pp",
    "acc_tot",
    "lib_grp1",
    "ran_grp1",
    "list_com",
    "tri",
    "cod_aff_form",
    "lien_form_psup",
];
/// Past the 200,000 rows that the import admits.
const TOO_MANY_ROWS: u64 = 210_000;

const UAI: usize = 2;
const NAME: usize = 3;
const LABEL: usize = 9;
const TRACK: usize = 14;
const DETAIL: usize = 15;
const CAPACITY: usize = 17;
const KEY: usize = 26;
const LINK: usize = 27;

/// A plausible small offer; every identity is invented.
fn rows(rng: &mut Rng) -> Vec<Vec<String>> {
    let towns = [
        ("35", "Ille-et-Vilaine", "Bretagne", "Rennes", "Rennes", "48.11, -1.67"),
        ("59", "Nord", "Hauts-de-France", "Lille", "Lille", "50.63, 3.06"),
        ("25", "Doubs", "Bourgogne-Franche-Comté", "Besançon", "Besançon", "47.24, 6.02"),
        ("974", "La Réunion", "La Réunion", "La Réunion", "Saint-Denis", "-20.88, 55.45"),
    ];
    let tracks = [
        ("BTS", "BTS - Services", "Métiers de l'audiovisuel", "formation sélective"),
        ("Licence", "Licence - Droit", "Droit, économie, gestion", "formation non sélective"),
        ("BUT", "BUT - Production", "Génie électrique", "formation sélective"),
        ("CPGE", "CPGE", "MPSI", "formation sélective"),
    ];
    let count = 20 + rng.below(60);
    (0..count)
        .map(|number| {
            let (dep, dep_lib, region, academy, town, gps) = *rng.pick(&towns);
            let (family, label, track, selective) = *rng.pick(&tracks);
            let digits = 350_000 + number as u64 * 7 + 1;
            let letter = char::from(b"ABCDEFGHJKLMNPRSTUVWXYZ"[(digits % 23) as usize]);
            let key = 90_000 + number;
            let wishes = 50 + rng.below(2000);
            let text = |text: &str| text.to_owned();
            vec![
                text("2025"),
                text("Public"),
                format!("{digits:07}{letter}"),
                format!("Lycée inventé n° {number} à l'écart"),
                text(dep),
                text(dep_lib),
                text(region),
                text(academy),
                text(town),
                format!("{label} - {track}"),
                text(selective),
                text(family),
                format!("Lycée inventé - {track}"),
                text(label),
                text(track),
                String::new(),
                text(gps),
                (10 + rng.below(200)).to_string(),
                wishes.to_string(),
                (wishes / 2).to_string(),
                wishes.to_string(),
                (10 + rng.below(40)).to_string(),
                text("Tous les candidats"),
                (100 + rng.below(900)).to_string(),
                text("Liste d'appel propre à cette formation"),
                text("1_universités"),
                key.to_string(),
                format!("https://dossierappel.parcoursup.fr/fiche?g_ta_cod={key}&typeBac=0"),
            ]
        })
        .collect()
}

fn sound(rng: &mut Rng) -> String {
    text_of(&rows(rng))
}

fn text_of(rows: &[Vec<String>]) -> String {
    let mut text = COLUMNS.join(";");
    text.push_str("\r\n");
    for row in rows {
        text.push_str(&row.join(";"));
        text.push_str("\r\n");
    }
    text
}

fn write_rows(out: &mut dyn Write, rows: &[Vec<String>]) -> std::io::Result<()> {
    out.write_all(text_of(rows).as_bytes())
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

fn mac_roman(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            'é' => 0x8E,
            'è' => 0x8F,
            'ê' => 0x90,
            'à' => 0x88,
            'ç' => 0x8D,
            'ô' => 0x99,
            'É' => 0x83,
            '°' => 0xA1,
            _ if c.is_ascii() => c as u8,
            _ => b'?',
        })
        .collect()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the beginning; the largest kinds need not be made whole to be compared.
    struct Beginning(Vec<u8>);

    impl Write for Beginning {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0.len() > 100_000 {
                return Err(std::io::Error::other("enough"));
            }
            self.0.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_kind_is_the_same_for_the_same_seed() {
        for kind in KINDS {
            let make = |case| {
                let mut out = Beginning(Vec::new());
                let made = (kind.make)(&mut Rng::new(1, case), &mut out, 1);
                assert!(made.is_ok() || out.0.len() > 100_000, "{}", kind.name);
                out.0
            };
            assert_eq!(make(3), make(3), "{}", kind.name);
        }
    }

    #[test]
    fn sound_rows_have_every_column() {
        for row in rows(&mut Rng::new(1, 1)) {
            assert_eq!(row.len(), COLUMNS.len());
        }
        assert_eq!(COLUMNS[KEY], "cod_aff_form");
        assert_eq!(COLUMNS[CAPACITY], "capa_fin");
        assert_eq!(COLUMNS[DETAIL], "detail_forma");
    }
}
