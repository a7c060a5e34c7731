//! § 10.1 and § 10.2: what refuses the data.

use std::collections::{BTreeMap, BTreeSet};

use super::donnees::{Entree, Lien, Refus, Statut};

/// § 10.1, a datum at a time: groups, boardings, wishes.
pub(super) fn check_construction(e: &Entree) -> Result<(), Refus> {
    let mut cles = BTreeSet::new();
    for g in &e.groupes {
        if g.places < 0 || g.rang_limite < 0 || g.rang_dernier_appele < 0 {
            return Err("parametres_groupe_invalides");
        }
        if g.rang_dernier_appele < g.rang_dernier_appele_reference {
            return Err("rang_dernier_appele_incoherent");
        }
        if !cles.insert((g.groupe_classement, g.formation_inscription, g.formation)) {
            return Err("groupe_en_double");
        }
    }
    let mut cles = BTreeSet::new();
    let mut types: BTreeMap<i64, (bool, bool)> = BTreeMap::new();
    for i in &e.internats {
        if i.capacite < 0 {
            return Err("capacite_internat_negative");
        }
        if i.classement_internat == 0 {
            return Err("internat_sans_code");
        }
        if !cles.insert((i.classement_internat, i.formation_inscription, i.formation)) {
            return Err("internat_en_double");
        }
        // § 1.1: of an establishment, of several courses of one registration, of one course.
        let genre = (i.formation_inscription != 0, i.formation != 0);
        if *types.entry(i.classement_internat).or_insert(genre) != genre {
            return Err("internat_types_melanges");
        }
    }
    let mut cles = BTreeSet::new();
    for v in &e.voeux {
        if v.hors_pp && !v.statut.anterieure() {
            return Err("hors_pp_sans_proposition");
        }
        if v.rang_appel < 0 || v.rang_preference < 0 || v.rang_internat < 0 {
            return Err("rang_negatif");
        }
        if v.rang_appel == 0 && !v.statut.anterieure() && v.statut != Statut::NonClasse {
            return Err("rang_appel_manquant");
        }
        let Lien::Vers(g) = v.groupe else { return Err("groupe_inconnu") };
        if v.internat == Some(Lien::Inconnu) {
            return Err("internat_inconnu");
        }
        if !cles.insert((v.candidat, e.groupes[g].formation, v.avec_internat || v.internat.is_some())) {
            return Err("voeu_en_double");
        }
    }
    Ok(())
}

/// § 10.2, at the first turn, on the wishes that wait.
pub(super) fn check_waiting(e: &Entree, statuts: &[Statut]) -> Result<(), Refus> {
    for v in &e.voeux {
        if let Some(i) = v.i() {
            let seule = e.internats[i].formation;
            if seule != 0 && seule != e.formation(v) {
                return Err("identifiant_incoherent");
            }
        }
    }
    let attente = || e.voeux.iter().zip(statuts).filter(|(_, s)| s.attend()).map(|(v, _)| v);
    one_to_one(
        attente().map(|v| (v.g(), v.candidat, v.rang_appel)),
        "rang_appel_partage",
        "rangs_appel_multiples",
    )?;
    if attente().any(|v| v.i().is_some() && v.rang_internat <= 0) {
        return Err("rang_internat_non_positif");
    }
    one_to_one(
        attente().filter_map(|v| v.i().map(|i| (i, v.candidat, v.rang_internat))),
        "rang_internat_partage",
        "rangs_internat_multiples",
    )
}

/// In each list, a rank is of one candidate and a candidate has one rank.
fn one_to_one(
    rangs: impl Iterator<Item = (usize, i64, i64)>,
    partage: Refus,
    multiples: Refus,
) -> Result<(), Refus> {
    let mut qui: BTreeMap<(usize, i64), i64> = BTreeMap::new();
    let mut rang_de: BTreeMap<(usize, i64), i64> = BTreeMap::new();
    for (liste, candidat, rang) in rangs {
        if *qui.entry((liste, rang)).or_insert(candidat) != candidat {
            return Err(partage);
        }
        if *rang_de.entry((liste, candidat)).or_insert(rang) != rang {
            return Err(multiples);
        }
    }
    Ok(())
}
