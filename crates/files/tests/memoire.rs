//! Hostile files of a gigabyte (8 MiB without optimisation): whatever they are made of, memory stays bounded.
//!
//! A process of its own, one test: the peak it reads is its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{self, Read};

use files::{Bilan, FichierError, Limites, Options};

const TAILLE: u64 = if cfg!(debug_assertions) { 8 << 20 } else { 1 << 30 };
/// Below what holding the file would cost. The contract is 256 MiB; a reader at rest takes 4.
const PLAFOND_KIO: u64 = 12 * 1024;

/// The same lines again and again.
struct Repete {
    bloc: Vec<u8>,
    reste: u64,
}

fn repete(motif: &str) -> Repete {
    Repete { bloc: motif.repeat(64 * 1024 / motif.len()).into_bytes(), reste: TAILLE }
}

impl Read for Repete {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let n = self.bloc.len().min(tampon.len()).min(usize::try_from(self.reste).unwrap());
        tampon[..n].copy_from_slice(&self.bloc[..n]);
        self.bloc.rotate_left(n);
        self.reste -= n as u64;
        Ok(n)
    }
}

/// Peak of the resident memory of this process, in KiB.
fn peak() -> u64 {
    let etat = std::fs::read_to_string("/proc/self/status").unwrap();
    let ligne = etat.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    ligne.split_whitespace().nth(1).unwrap().parse().unwrap()
}

const ENTETE: &str = "session;cod_uai;g_ea_lib_vx;capa_fin;lib_for_voe_ins;cod_aff_form\n";

fn read(source: impl Read, nom: &str) -> Result<Bilan, FichierError> {
    // The limit of size is lifted: what is tested is that nothing else lets memory grow.
    let limites = Limites { octets: u64::MAX, lignes: u64::MAX, ..Limites::default() };
    let options = Options { limites, ..Options::default() };
    files::read_offre(source, nom, options, &mut |_| {})
}

#[test]
fn hostile_files_stay_within_their_memory() {
    let entete = || ENTETE.as_bytes();
    let fautive = "2024;0692437Z;Lycée;-1;BTS;12\n";
    let incertaine = "2024;0692437Z;Lycée d’été;nd;BTS;\n";
    let double = "2024;0692437Z;Lycée;10;BTS;12\n";
    for (quoi, motif) in [
        ("une seule ligne", "x"),
        ("un guillemet jamais refermé", "\"a\n"),
        ("des fautes à chaque ligne", fautive),
        ("des capacités illisibles", incertaine),
        ("des doubles", double),
        ("des lignes blanches", "\n"),
        ("des séparateurs", ";"),
    ] {
        let lu = read(entete().chain(repete(motif)), "hostile.csv");
        if let Ok(bilan) = lu {
            assert!(bilan.releve.fautes.len() <= 1_000);
            assert!(bilan.releve.avertissements.len() <= 1_000);
        }
        println!("{quoi} : {} Mio au plus haut", peak() / 1024);
        assert!(peak() < PLAFOND_KIO, "{quoi} : {} Kio", peak());
    }

    let mut bombe = zstd::Encoder::new(Vec::new(), 1).unwrap();
    io::copy(&mut entete().chain(repete(fautive)), &mut bombe).unwrap();
    let bombe = bombe.finish().unwrap();
    let bilan = read(&bombe[..], "bombe.csv.zst").unwrap();
    assert!(bilan.releve.total_fautes > 200_000);
    println!("bombe de {} Kio : {} Mio", bombe.len() / 1024, peak() / 1024);
    assert!(peak() < PLAFOND_KIO);

    let usuelles = files::read_offre(&bombe[..], "bombe.csv.zst", Options::default(), &mut |_| {});
    assert!(matches!(usuelles, Err(FichierError::TropGros { .. } | FichierError::TropDeLignes { .. })));
}
