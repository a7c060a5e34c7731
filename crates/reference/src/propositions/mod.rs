//! § 4 to § 10: the propositions of a day, what they take away by themselves, what is shown of them, and what is set aside.

mod affichages;
mod calcul;
mod donnees;
mod entrees;
mod reponses;
mod verification;

pub use donnees::{
    AffichageGroupe, AffichageInternat, Entree, Groupe, INFINI, Internat, Parametres, Refus, Sortie, Statut,
    Voeu,
};

use calcul::{Passage, compute_bars, prepare};
use donnees::Jour;

/// § 4: a day, from its input to what leaves.
///
/// # Errors
/// The code of the refusal (§ 10), or of an answering machine or an ordering that contradicts itself (P7.1 to P7.6, P8).
pub fn compute(mut entree: Entree) -> Result<Sortie, Refus> {
    entree.sort();
    compute_sorted(&entree)
}

/// The same, of wishes in the order in which groups call them.
fn compute_sorted(entree: &Entree) -> Result<Sortie, Refus> {
    entrees::check_construction(entree)?;
    let mut jour = Jour::new(entree);
    entrees::check_wishes_differ(&jour)?;
    let p = &entree.parametres;
    let mut premier = true;
    let dernier = loop {
        // A.
        let mut passage = prepare(&jour)?;
        // B.
        if premier {
            entrees::check_waiting(&jour, &passage)?;
        }
        premier = false;
        reponses::check(&jour)?;
        // C.
        compute_bars(&mut jour, &mut passage);
        // D before E; they are about candidates of whom none is in both.
        let mut liberees = 0;
        if p.jour >= p.jour_debut_gdd {
            liberees += reponses::resign_ordered(&mut jour);
        }
        if entree.repondeurs.contains(&true) {
            liberees += reponses::answer(&mut jour)?;
        }
        if liberees == 0 {
            break passage;
        }
    };
    finish(&jour, &dernier)
}

/// The repair that § 9 asks for: the day again with the groups set aside closed, until nothing has to be set aside. The groups that
/// were closed stay in `groupes_ecartes`, and the alert stays; what is shown is that of the last turn.
///
/// # Errors
/// As [`compute`].
pub fn compute_repaired(mut entree: Entree) -> Result<Sortie, Refus> {
    entree.sort();
    let mut derniere = compute_sorted(&entree)?;
    if !derniere.alerte {
        return Ok(derniere);
    }
    let mut fermes = derniere.groupes_ecartes.clone();
    loop {
        for g in &derniere.groupes_ecartes {
            entree.groupes[*g].admissions_suspendues = true;
        }
        derniere = compute_sorted(&entree)?;
        let avant = fermes.len();
        fermes.extend(&derniere.groupes_ecartes);
        if !derniere.alerte {
            return Ok(Sortie { alerte: true, avertissement: false, groupes_ecartes: fermes, ..derniere });
        }
        // Set aside again although closed: for propositions of the day that the input itself had.
        if fermes.len() == avant {
            return Ok(derniere);
        }
    }
}

/// § 9 then § 8: what is verified is set aside or shown.
fn finish(jour: &Jour, dernier: &Passage) -> Result<Sortie, Refus> {
    reponses::check(jour)?;
    let verdict = verification::verify(jour, dernier);
    let des_groupes = affichages::of_groups(jour, dernier, &verdict);
    let internats = affichages::of_boardings(jour, dernier, &verdict);
    let mut statuts = jour.statuts.clone();
    for (v, statut) in jour.e.voeux.iter().zip(&jour.statuts) {
        statuts[v.numero as usize] = *statut;
    }
    Ok(Sortie {
        alerte: verdict.alerte,
        avertissement: verdict.avertissement,
        groupes_ecartes: verdict.groupes_ecartes,
        statuts,
        rangs_attente: des_groupes.rangs_attente,
        groupes: des_groupes.groupes,
        internats,
    })
}
