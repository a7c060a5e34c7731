//! § 4 to § 10: the propositions of a day, what they take away by themselves, what is shown of them, and what is set aside.

mod affichages;
mod calcul;
mod donnees;
mod entrees;
mod reponses;
mod verification;

pub use donnees::{
    AffichageGroupe, AffichageInternat, Entree, Groupe, INFINI, Internat, Lien, Parametres, Refus, Sortie,
    Statut, Voeu,
};

use calcul::{Passage, compute_bars, prepare};

/// § 4: a day, from its input to what leaves.
///
/// # Errors
/// The code of the refusal (§ 10), or of an answering machine or an ordering that contradicts itself (P7.1 to P7.6, P8).
pub fn compute(entree: &Entree) -> Result<Sortie, Refus> {
    entrees::check_construction(entree)?;
    let mut statuts: Vec<Statut> = entree.voeux.iter().map(|v| v.statut).collect();
    let p = &entree.parametres;
    let mut premier = true;
    let dernier = loop {
        // A.
        let mut passage = prepare(entree, &statuts)?;
        // B.
        if premier {
            entrees::check_waiting(entree, &statuts)?;
        }
        premier = false;
        reponses::check(entree, &statuts)?;
        // C.
        compute_bars(entree, &mut passage, &mut statuts);
        // D before E; they are about candidates of whom none is in both.
        let mut liberees = 0;
        if p.jour >= p.jour_debut_gdd {
            liberees += reponses::resign_ordered(entree, &mut statuts);
        }
        if !entree.repondeurs.is_empty() {
            liberees += reponses::answer(entree, &mut statuts)?;
        }
        if liberees == 0 {
            break passage;
        }
    };
    finish(entree, &dernier, statuts)
}

/// The repair that § 9 asks for: the day again with the groups set aside closed, until nothing has to be set aside. The groups that
/// were closed stay in `groupes_ecartes`, and the alert stays; what is shown is that of the last turn.
///
/// # Errors
/// As [`compute`].
pub fn compute_repaired(entree: &Entree) -> Result<Sortie, Refus> {
    let mut derniere = compute(entree)?;
    if !derniere.alerte {
        return Ok(derniere);
    }
    let mut fermes = derniere.groupes_ecartes.clone();
    let mut suspendu = entree.clone();
    loop {
        for g in &derniere.groupes_ecartes {
            suspendu.groupes[*g].admissions_suspendues = true;
        }
        derniere = compute(&suspendu)?;
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
fn finish(entree: &Entree, dernier: &Passage, statuts: Vec<Statut>) -> Result<Sortie, Refus> {
    reponses::check(entree, &statuts)?;
    let verdict = verification::verify(entree, dernier, &statuts);
    let groupes = affichages::of_groups(entree, dernier, &statuts, &verdict.groupes_ecartes)?;
    let internats = affichages::of_boardings(entree, dernier, &statuts, &verdict);
    let ranges = affichages::waiting_ranks(entree, &statuts, &verdict.groupes_ecartes);
    Ok(Sortie {
        alerte: verdict.alerte,
        avertissement: verdict.avertissement,
        groupes_ecartes: verdict.groupes_ecartes,
        rangs_attente: ranges.rangs,
        groupes: groupes
            .into_iter()
            .zip(ranges.totaux)
            .map(|(g, total)| g.map(|g| AffichageGroupe { candidats_en_attente: total, ..g }))
            .collect(),
        internats,
        statuts,
    })
}
