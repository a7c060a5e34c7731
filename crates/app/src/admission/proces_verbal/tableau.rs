//! Tables of whole numbers: CSV with a line of names, compressed. Any tool reads them.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};

/// Compression is for size; the speed of the night counts more.
const NIVEAU: i32 = 1;
/// Three times the wishes of the country: a small file may unfold into lines without end too.
const LIGNES_MAX: usize = 40_000_000;

/// Why a table cannot be read, and at which line of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::admission) struct Defaut {
    pub(in crate::admission) ligne: usize,
    pub(in crate::admission) motif: &'static str,
}

pub(in crate::admission) fn encode<const N: usize>(
    noms: [&str; N],
    lignes: impl Iterator<Item = [i64; N]>,
) -> io::Result<Vec<u8>> {
    let mut sortie = zstd::Encoder::new(Vec::new(), NIVEAU)?;
    let mut texte = Vec::with_capacity(1 << 16);
    texte.extend_from_slice(noms.join(";").as_bytes());
    texte.push(b'\n');
    let mut chiffres = itoa::Buffer::new();
    for ligne in lignes {
        for (i, n) in ligne.into_iter().enumerate() {
            if i > 0 {
                texte.push(b';');
            }
            texte.extend_from_slice(chiffres.format(n).as_bytes());
        }
        texte.push(b'\n');
        if texte.len() > 60_000 {
            sortie.write_all(&texte)?;
            texte.clear();
        }
    }
    sortie.write_all(&texte)?;
    sortie.finish()
}

pub(in crate::admission) fn decode<const N: usize>(
    octets: &[u8],
    noms: [&str; N],
    mut recoit: impl FnMut([i64; N]) -> Result<(), &'static str>,
) -> Result<(), Defaut> {
    let mut ligne = 0;
    let mut lit = || -> Result<(), &'static str> {
        const CASSE: &str = "le fichier compressé est abîmé";
        let mut entree = BufReader::with_capacity(1 << 16, zstd::Decoder::new(octets).map_err(|_| CASSE)?);
        let mut texte = Vec::with_capacity(256);
        // A small file may unfold into a line without end: no longer than the names, or numbers of 20 signs.
        let limite = noms.iter().map(|nom| nom.len().max(20) + 1).sum::<usize>() as u64;
        loop {
            texte.clear();
            ligne += 1;
            if entree.by_ref().take(limite).read_until(b'\n', &mut texte).map_err(|_| CASSE)? == 0 {
                return if ligne == 1 { Err("la ligne des noms manque") } else { Ok(()) };
            }
            if ligne > LIGNES_MAX {
                return Err("la table a trop de lignes");
            }
            if texte.len() as u64 == limite && texte.last() != Some(&b'\n') {
                return Err("la ligne est trop longue");
            }
            let texte = std::str::from_utf8(&texte).map_err(|_| "le texte n’est pas lisible")?;
            let texte = texte.strip_suffix('\n').ok_or("la ligne est coupée")?;
            let mut cellules = texte.split(';');
            if ligne == 1 {
                if !cellules.eq(noms) {
                    return Err("les colonnes ne sont pas celles attendues");
                }
                continue;
            }
            let mut lue = [0_i64; N];
            for case in &mut lue {
                let texte = cellules.next().ok_or("une colonne manque")?;
                *case = texte.parse().map_err(|_| "un nombre entier est attendu")?;
            }
            if cellules.next().is_some() {
                return Err("il y a une colonne de trop");
            }
            recoit(lue)?;
        }
    };
    let lu = lit();
    lu.map_err(|motif| Defaut { ligne, motif })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(octets: &[u8]) -> Result<Vec<[i64; 2]>, Defaut> {
        let mut lignes = Vec::new();
        decode(octets, ["a", "b"], |l| {
            lignes.push(l);
            Ok(())
        })?;
        Ok(lignes)
    }

    #[test]
    fn a_table_is_read_as_it_was_written_and_a_wrong_one_is_told_by_its_line() {
        let lignes: Vec<[i64; 2]> = (0..20_000).map(|n| [n, -n * 1_000_000_007]).collect();
        let octets = encode(["a", "b"], lignes.iter().copied()).unwrap();
        assert_eq!(lit(&octets).unwrap(), lignes);
        assert_eq!(lit(&encode(["a", "b"], std::iter::empty()).unwrap()).unwrap(), Vec::<[i64; 2]>::new());
        let texte = |t: &str| zstd::encode_all(t.as_bytes(), 1).unwrap();
        for (texte, ligne, motif) in [
            (texte("a;c\n"), 1, "les colonnes ne sont pas celles attendues"),
            (texte(""), 1, "la ligne des noms manque"),
            (texte("a;b\n1;2\n3\n"), 3, "une colonne manque"),
            (texte("a;b\n1;2;3\n"), 2, "il y a une colonne de trop"),
            (texte("a;b\n1;x\n"), 2, "un nombre entier est attendu"),
            (texte("a;b\n1;2"), 2, "la ligne est coupée"),
            (texte(&"9".repeat(50_000_000)), 1, "la ligne est trop longue"),
            (texte(&format!("a;b\n1;{}\n", "0".repeat(42))), 2, "la ligne est trop longue"),
            (b"rien".to_vec(), 1, "le fichier compressé est abîmé"),
        ] {
            assert_eq!(lit(&texte), Err(Defaut { ligne, motif }));
        }
    }
}
