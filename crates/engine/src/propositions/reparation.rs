//! The repair asked of our product (§9): setting groupes aside without leaving half of a decision behind.
//!
//! The reference withholds the propositions of a groupe set aside, but not what they caused elsewhere: a resignation
//! made because of a withheld proposition is published, and a withheld resignation leaves a voeu waiting behind an
//! acceptance. The next day is then refused as a whole. Here the day is computed again with these groupes closed, so
//! that nothing depends on what is withheld, until nothing has to be withheld any more.

use super::calcul::compute_once;
use super::entree::Entree;
use super::refus::Refus;
use super::sortie::Sortie;

/// Computes the day again without the propositions of the groupes that `premiere` sets aside. The result keeps the
/// alert and the list of these groupes; it has nothing in `changements_ecartes`, since nothing was proposed there.
pub(crate) fn repair(entree: &Entree, premiere: Sortie) -> Result<Sortie, Refus> {
    let mut fermes = premiere.groupes_ecartes.clone();
    let mut violations = premiere.violations.clone();
    let mut suspendu = entree.clone();
    let mut derniere = premiere;
    loop {
        for &g in &derniere.groupes_ecartes {
            suspendu.groupes[g as usize].admissions_suspendues = true;
        }
        derniere = compute_once(&suspendu)?;
        violations.extend(&derniere.violations);
        let before = fermes.len();
        fermes.extend(&derniere.groupes_ecartes);
        fermes.sort_unstable();
        fermes.dedup();
        // A groupe already closed can be set aside again only for propositions of the day given in the input, which
        // are not ours to undo: these stay withheld, as the reference does.
        if !derniere.alerte || fermes.len() == before {
            break;
        }
    }
    violations.sort_unstable();
    violations.dedup();
    if derniere.alerte {
        return Ok(Sortie { violations, ..derniere });
    }
    Ok(Sortie {
        alerte: true,
        avertissement: false,
        reparee: true,
        groupes_ecartes: fermes,
        violations,
        ..derniere
    })
}
