//! What the imports of a list that takes the place of the one that the platform has share: towns, registers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use files::Releve;

use super::rapport::ecrit_releve;

/// How a list differs from the one that the platform has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ecarts {
    pub ajoutes: u64,
    pub modifies: u64,
    /// Those that it no longer has.
    pub retires: u64,
    pub inchanges: u64,
}

/// Compares; gives what the platform is to have. `partielle`: lines at fault were left out.
pub(super) fn compare<'l, L: Clone + PartialEq, C: Ord>(
    lus: &'l [L],
    connus: &'l [L],
    cle: impl Fn(&'l L) -> C,
    partielle: bool,
) -> (Vec<L>, Ecarts) {
    let mut restent: BTreeMap<C, &'l L> = connus.iter().map(|l| (cle(l), l)).collect();
    let mut voulus = lus.to_vec();
    let mut ecarts = Ecarts::default();
    for l in lus {
        match restent.remove(&cle(l)) {
            None => ecarts.ajoutes += 1,
            Some(connu) if connu == l => ecarts.inchanges += 1,
            Some(_) => ecarts.modifies += 1,
        }
    }
    // What a line at fault left out is not what the list no longer has.
    if partielle {
        voulus.extend(restent.into_values().cloned());
    } else {
        ecarts.retires = restent.len() as u64;
    }
    (voulus, ecarts)
}

/// The report for a person. `remarque`: what else there is to say; empty for nothing.
pub(super) fn texte(
    (fichier, releve): (&str, &Releve),
    remarque: &str,
    conclusion: &str,
    derniere_ligne: &str,
) -> String {
    let mut t = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(t, "Fichier « {fichier} »");
    ecrit_releve(&mut t, releve);
    if !remarque.is_empty() {
        let _ = writeln!(t, "{remarque}");
    }
    let _ = writeln!(t, "{conclusion}");
    t.push_str(derniere_ligne);
    t
}
