//! Cases `ordre_appel` and `modification_classement`: from JSON to the engine and back.

use engine::ordre_appel::{
    GroupeClassement, Modification, OrdreAppel, Profil, RefusOrdre, apply_modification, compute_ordres_appel,
    verify_ordre_appel,
};
use serde_json::Value;

use crate::cas::{
    EntreeModification, EntreeOrdre, GroupeClassementJson, OrdreAppelJson, SortieModification, SortieOrdre,
};
use crate::codes::Codes;
use crate::resultat::Resultat;

fn columns(groupe: &GroupeClassementJson, candidats: &mut Codes) -> GroupeClassement {
    let mut columns = GroupeClassement::new(groupe.taux_min_boursiers, groupe.taux_min_residents);
    for voeu in &groupe.voeux {
        columns.push(candidats.position(voeu.candidat), voeu.rang, Profil::new(voeu.boursier, voeu.resident));
    }
    columns
}

/// One groupe alone.
pub fn to_columns(groupe: &GroupeClassementJson) -> GroupeClassement {
    columns(groupe, &mut Codes::default())
}

/// A groupe before a late change of ranking, and this change.
pub fn to_modification(entree: &EntreeModification) -> (GroupeClassement, Modification) {
    let mut candidats = Codes::default();
    let groupe = columns(&entree.groupe_classement, &mut candidats);
    let m = &entree.modification;
    let modification = Modification {
        candidat: candidats.position(m.candidat),
        nouveau_rang: m.nouveau_rang,
        profil: Profil::new(m.boursier, m.resident),
    };
    (groupe, modification)
}

/// Why a groupe is refused and where, with the code of the refusal.
pub fn refusal(groupe: &GroupeClassementJson, refus: &RefusOrdre) -> String {
    format!("{} [{}]", explain(groupe, refus), refus.code())
}

/// Where the fault is, with the codes of the file.
fn explain(groupe: &GroupeClassementJson, refus: &RefusOrdre) -> String {
    let candidat = |position: u32| match groupe.voeux.get(position as usize) {
        Some(voeu) => {
            format!("candidat {} (ligne {} de « voeux », rang {})", voeu.candidat, position + 1, voeu.rang)
        }
        None => format!("ligne {} de « voeux »", position + 1),
    };
    let lieu = match *refus {
        RefusOrdre::RangEnDouble { positions: [a, b] } => {
            format!(", {} et {}", candidat(a), candidat(b))
        }
        RefusOrdre::RangNonPositif { position: Some(p), .. }
        | RefusOrdre::CandidatEnDouble { position: p } => {
            format!(", {}", candidat(p))
        }
        _ => String::new(),
    };
    format!("groupe de classement {}{lieu} : {refus}", groupe.groupe)
}

/// Computes a case `ordre_appel`.
pub fn compute_ordre(entree: &EntreeOrdre) -> anyhow::Result<Resultat> {
    let mut candidats = Codes::default();
    let groupes: Vec<_> = entree.groupes_classement.iter().map(|g| columns(g, &mut candidats)).collect();
    match compute_ordres_appel(&groupes) {
        Ok(ordres) => {
            let ordres_appel = entree
                .groupes_classement
                .iter()
                .zip(groupes.iter().zip(&ordres))
                .map(|(json, (groupe, ordre))| OrdreAppelJson {
                    groupe: json.groupe,
                    candidats: ordre.candidats(groupe).map(|c| candidats.code(c)).collect(),
                })
                .collect();
            Resultat::computed(&SortieOrdre { ordres_appel })
        }
        Err(refus) => {
            let json = &entree.groupes_classement[refus.groupe];
            Resultat::refused(refus.refus.code(), explain(json, &refus.refus))
        }
    }
}

/// Computes a case `modification_classement`.
pub fn compute_modification(entree: &EntreeModification) -> anyhow::Result<Resultat> {
    let (groupe, modification) = to_modification(entree);
    match apply_modification(&groupe, &modification) {
        Ok(rang_appel) => Resultat::computed(&SortieModification { rang_appel }),
        Err(refus) => Resultat::refused(refus.code(), explain(&entree.groupe_classement, &refus)),
    }
}

/// Verifies recorded ordres d'appel against the published properties; one sentence per fault.
pub fn verify_ordre(entree: &EntreeOrdre, sortie: &Value) -> Vec<String> {
    let sortie: SortieOrdre = match serde_json::from_value(sortie.clone()) {
        Ok(sortie) => sortie,
        Err(error) => return vec![format!("la sortie n’est pas un ordre d’appel ({error})")],
    };
    if sortie.ordres_appel.len() != entree.groupes_classement.len() {
        return vec![format!(
            "{} ordres d’appel pour {} groupes de classement",
            sortie.ordres_appel.len(),
            entree.groupes_classement.len()
        )];
    }
    let mut faults = Vec::new();
    for (json, ordre) in entree.groupes_classement.iter().zip(&sortie.ordres_appel) {
        let mut candidats = Codes::default();
        let groupe = columns(json, &mut candidats);
        if json.groupe != ordre.groupe {
            faults.push(format!(
                "l’ordre du groupe {} est à la place de celui du groupe {}",
                ordre.groupe, json.groupe
            ));
            continue;
        }
        // Codes are numbered by first appearance: without duplicates, that is the position of the row.
        let positions: Option<Vec<u32>> = ordre.candidats.iter().map(|&code| candidats.find(code)).collect();
        match positions {
            None => faults.push(format!("groupe {} : un candidat appelé n’est pas classé", json.groupe)),
            Some(_) if candidats.len() != groupe.len() => {
                faults.push(format!("groupe {} : un candidat est classé deux fois", json.groupe));
            }
            Some(positions) => {
                if let Err(violation) = verify_ordre_appel(&groupe, &OrdreAppel { ordre: positions }) {
                    faults.push(format!("groupe {} : {violation}", json.groupe));
                }
            }
        }
    }
    faults
}
