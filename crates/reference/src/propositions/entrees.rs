//! § 10.1 and § 10.2: what refuses the data.

use std::collections::BTreeMap;

use super::calcul::Passage;
use super::donnees::{Entree, Jour, Refus, Statut};
use crate::has_double;

/// § 10.1, a datum at a time: groups, boardings, wishes.
pub(super) fn check_construction(e: &Entree) -> Result<(), Refus> {
    for g in &e.groupes {
        if g.places < 0 || g.rang_limite < 0 || g.rang_dernier_appele < 0 {
            return Err("parametres_groupe_invalides");
        }
        if g.rang_dernier_appele < g.rang_dernier_appele_reference {
            return Err("rang_dernier_appele_incoherent");
        }
    }
    if has_double(e.groupes.iter().map(|g| (g.groupe_classement, g.formation_inscription, g.formation))) {
        return Err("groupe_en_double");
    }
    let mut types: BTreeMap<i64, (bool, bool)> = BTreeMap::new();
    for i in &e.internats {
        if i.capacite < 0 {
            return Err("capacite_internat_negative");
        }
        if i.classement_internat == 0 {
            return Err("internat_sans_code");
        }
        // § 1.1: of an establishment, of several courses of one registration, of one course.
        let genre = (i.formation_inscription != 0, i.formation != 0);
        if *types.entry(i.classement_internat).or_insert(genre) != genre {
            return Err("internat_types_melanges");
        }
    }
    if has_double(e.internats.iter().map(|i| (i.classement_internat, i.formation_inscription, i.formation))) {
        return Err("internat_en_double");
    }
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
        if v.g() >= e.groupes.len() {
            return Err("groupe_inconnu");
        }
        if v.i().is_some_and(|i| i >= e.internats.len()) {
            return Err("internat_inconnu");
        }
    }
    Ok(())
}

/// § 10.1 again: a candidate has one wish for a course, with boarding or without, in whichever of its groups.
pub(super) fn check_wishes_differ(j: &Jour) -> Result<(), Refus> {
    let mut groupes_de: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (g, groupe) in j.e.groupes.iter().enumerate() {
        groupes_de.entry(groupe.formation).or_default().push(g);
    }
    for groupes in groupes_de.values() {
        let voeux = groupes.iter().flat_map(|g| j.groupe(*g)).map(|n| j.voeu(n));
        if has_double(voeux.map(|v| (v.candidat, v.variante_avec()))) {
            return Err("voeu_en_double");
        }
    }
    Ok(())
}

/// § 10.2, at the first turn, on the wishes that wait.
pub(super) fn check_waiting(j: &Jour, p: &Passage) -> Result<(), Refus> {
    // On every wish, whatever its status.
    for (internat, voeux) in j.e.internats.iter().zip(&j.internats) {
        let seule = internat.formation;
        if seule != 0 && voeux.iter().any(|n| j.e.formation(j.voeu(*n)) != seule) {
            return Err("identifiant_incoherent");
        }
    }
    for g in 0..j.e.groupes.len() {
        let rangs = p.attente_groupe(j, g).map(|n| (j.voeu(n).candidat, j.voeu(n).rang_appel));
        check_one_to_one(rangs.collect(), "rang_appel_partage", "rangs_appel_multiples")?;
    }
    for attente in &p.attente_internat {
        if attente.iter().any(|n| j.voeu(*n).rang_internat <= 0) {
            return Err("rang_internat_non_positif");
        }
        let rangs = attente.iter().map(|n| (j.voeu(*n).candidat, j.voeu(*n).rang_internat));
        check_one_to_one(rangs.collect(), "rang_internat_partage", "rangs_internat_multiples")?;
    }
    Ok(())
}

/// In a list, a rank is of one candidate and a candidate has one rank.
fn check_one_to_one(mut rangs: Vec<(u32, i32)>, partage: Refus, multiples: Refus) -> Result<(), Refus> {
    rangs.sort_by_key(|(_, rang)| *rang);
    if rangs.windows(2).any(|deux| deux[0].1 == deux[1].1 && deux[0].0 != deux[1].0) {
        return Err(partage);
    }
    rangs.sort_by_key(|(candidat, _)| *candidat);
    if rangs.windows(2).any(|deux| deux[0].0 == deux[1].0 && deux[0].1 != deux[1].1) {
        return Err(multiples);
    }
    Ok(())
}
