//! Merkle trees as RFC 6962 defines them, over SHA-256: whoever checks a proof finds a library for it.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{InclusionProof, RootHash};
use sha2::{Digest as _, Sha256};

/// A hash of SHA-256.
pub(super) type Empreinte = [u8; 32];

/// No tree of ours has as many leaves: beyond, a proof is not read.
const FEUILLES_MAX: u64 = 1 << 32;

pub(super) fn hex(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

pub(super) fn from_hex(texte: &str) -> Option<Empreinte> {
    data_encoding::HEXLOWER.decode(texte.as_bytes()).ok()?.try_into().ok()
}

fn tree(feuilles: impl IntoIterator<Item = Vec<u8>>) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut arbre = MemoryBackedTree::new();
    feuilles.into_iter().for_each(|f| arbre.push(f));
    arbre
}

/// The root over leaves that are hashes already, each hashed once: the tree of the library, which makes its paths again at each
/// leaf, takes ten times as long for the twelve million leaves of a country. A test says that it is the same root.
pub(super) fn root_of_hashes(feuilles: &[Empreinte]) -> Empreinte {
    let hash = |premier: u8, a: &[u8], b: &[u8]| -> Empreinte {
        Sha256::new_with_prefix([premier]).chain_update(a).chain_update(b).finalize().into()
    };
    // Roots of complete trees, the larger first: a carry is a pair that is complete.
    let mut piles: Vec<Empreinte> = Vec::new();
    for (n, feuille) in feuilles.iter().enumerate() {
        let mut droite = hash(0, feuille, &[]);
        for _ in 0..n.trailing_ones() {
            let Some(gauche) = piles.pop() else { break };
            droite = hash(1, &gauche, &droite);
        }
        piles.push(droite);
    }
    let derniere = piles.pop().unwrap_or_else(|| Sha256::digest([]).into());
    piles.iter().rev().fold(derniere, |droite, gauche| hash(1, gauche, &droite))
}

/// The root over leaves of any length.
pub(super) fn root(feuilles: impl IntoIterator<Item = Vec<u8>>) -> Empreinte {
    (*tree(feuilles).root().as_bytes()).into()
}

/// The path from a leaf to the root, in hexadecimal; `None` without such a leaf.
pub(super) fn path(feuilles: impl IntoIterator<Item = Vec<u8>>, place: usize) -> Option<Vec<String>> {
    let arbre = tree(feuilles);
    arbre.get(place)?;
    Some(arbre.prove_inclusion(place).as_bytes().chunks(32).map(hex).collect())
}

/// Is this leaf at this place of a tree of so many leaves that has this root?
pub(super) fn is_included(
    racine: Empreinte,
    nombre: u64,
    place: u64,
    feuille: &[u8],
    chemin: &[String],
) -> bool {
    let Some(octets) = chemin.iter().map(|h| from_hex(h)).collect::<Option<Vec<_>>>() else { return false };
    let Ok(preuve) = InclusionProof::<Sha256>::try_from_bytes(octets.concat()) else { return false };
    nombre < FEUILLES_MAX
        && place < nombre
        && RootHash::<Sha256>::new(racine.into(), nombre)
            .verify_inclusion(&feuille.to_vec(), place, &preuve)
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feuilles(n: usize) -> Vec<Vec<u8>> {
        (0..n).map(|i| Sha256::digest(i.to_le_bytes()).to_vec()).collect()
    }

    #[test]
    fn r_adm_14_the_root_is_that_of_rfc_6962() {
        let h = |parties: &[&[u8]]| Sha256::digest(parties.concat()).to_vec();
        let f = feuilles(3);
        let d: Vec<Vec<u8>> = f.iter().map(|f| h(&[&[0], f])).collect();
        let gauche = h(&[&[1], &d[0], &d[1]]);
        assert_eq!(root(f.clone()).to_vec(), h(&[&[1], &gauche, &d[2]]));
        for n in (0..70).chain([127, 128, 129, 1_000]) {
            let f = feuilles(n);
            let empreintes: Vec<Empreinte> = f.iter().map(|f| f.as_slice().try_into().unwrap()).collect();
            assert_eq!(root_of_hashes(&empreintes), root(f), "{n} leaves");
        }
    }

    #[test]
    fn r_adm_14_a_path_proves_its_leaf_at_its_place_and_nothing_else() {
        for n in [1, 2, 3, 7, 8, 20] {
            let f = feuilles(n);
            let (racine, nombre) = (root(f.clone()), n as u64);
            for place in 0..n {
                let chemin = path(f.clone(), place).unwrap();
                assert!(is_included(racine, nombre, place as u64, &f[place], &chemin));
                let autre = f.get(place + 1).unwrap_or(&f[0]);
                assert_eq!(is_included(racine, nombre, place as u64, autre, &chemin), autre == &f[place]);
                assert!(!is_included(racine, nombre, nombre, &f[place], &chemin));
                assert!(!is_included([7; 32], nombre, place as u64, &f[place], &chemin));
                let mut court = chemin.clone();
                if court.pop().is_some() {
                    assert!(!is_included(racine, nombre, place as u64, &f[place], &court));
                }
            }
            assert_eq!(path(f.clone(), n), None);
        }
        // What is no proof at all is refused, not read.
        assert!(!is_included([0; 32], u64::MAX, u64::MAX - 1, b"", &[]));
        assert!(!is_included([0; 32], 2, 0, b"", &["zz".to_owned()]));
        assert!(!is_included([0; 32], 0, 0, b"", &[]));
    }
}
