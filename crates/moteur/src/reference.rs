//! The same cases, computed by the second implementation: it judges the engine, of which it shares nothing but the format of files.

use std::collections::{BTreeSet, HashMap};

use anyhow::bail;
use reference::ordre_appel::{Classe, Classement, call_order, late_change};
use reference::propositions::{Entree, Groupe, INFINI, Internat, Parametres, Sortie, Statut, Voeu, compute};
use serde_json::Value;

use crate::cas::{
    AffichageGroupeJson, AffichageInternatJson, BarresJson, Cas, ChangementJson, EntreeModification,
    EntreeOrdre, EntreePropositions, Enveloppe, GroupeClassementJson, OrdreAppelJson, RangAttenteJson,
    SortieErreur, SortieModification, SortieOrdre, SortiePropositions, StatutJson,
};

/// The output of the case of one line, as the oracle writes it.
///
/// # Errors
/// When the line is no case.
pub fn evaluate(ligne: &str) -> anyhow::Result<Value> {
    let enveloppe: Enveloppe = serde_json::from_str(ligne)?;
    match enveloppe.genre.as_str() {
        "ordre_appel" => {
            let cas: Cas<EntreeOrdre> = serde_json::from_str(ligne)?;
            call_orders(&cas.entree)
        }
        "modification_classement" => {
            let cas: Cas<EntreeModification> = serde_json::from_str(ligne)?;
            let m = &cas.entree.modification;
            let change = Classe {
                candidat: m.candidat,
                rang: m.nouveau_rang.into(),
                boursier: m.boursier,
                resident: m.resident,
            };
            match late_change(&classement(&cas.entree.groupe_classement), change) {
                Ok(rang) => json(&SortieModification { rang_appel: u32::try_from(rang)? }),
                Err(code) => refused(code),
            }
        }
        "propositions" => {
            let cas: Cas<EntreePropositions> = serde_json::from_str(ligne)?;
            propositions(&cas.entree)
        }
        autre => bail!("type « {autre} » inconnu"),
    }
}

fn json(sortie: &impl serde::Serialize) -> anyhow::Result<Value> {
    Ok(serde_json::to_value(sortie)?)
}

fn refused(code: &str) -> anyhow::Result<Value> {
    json(&SortieErreur { erreur: code.to_owned() })
}

fn classement(g: &GroupeClassementJson) -> Classement {
    let classes = g.voeux.iter().map(|v| Classe {
        candidat: v.candidat,
        rang: v.rang.into(),
        boursier: v.boursier,
        resident: v.resident,
    });
    Classement {
        taux_min_boursiers: g.taux_min_boursiers.into(),
        taux_min_residents: g.taux_min_residents.into(),
        classes: classes.collect(),
    }
}

fn call_orders(e: &EntreeOrdre) -> anyhow::Result<Value> {
    let mut ordres_appel = Vec::with_capacity(e.groupes_classement.len());
    for g in &e.groupes_classement {
        match call_order(&classement(g)) {
            Ok(candidats) => ordres_appel.push(OrdreAppelJson { groupe: g.groupe, candidats }),
            Err(code) => return refused(code),
        }
    }
    json(&SortieOrdre { ordres_appel })
}

/// Computes a day.
///
/// # Errors
/// When the output has a position beyond those of the format.
pub fn propositions(e: &EntreePropositions) -> anyhow::Result<Value> {
    match compute(input(e)) {
        Ok(sortie) => json(&output(e, &sortie)?),
        Err(code) => refused(code),
    }
}

/// The first position of each identifier.
fn positions(ids: impl Iterator<Item = i64>) -> HashMap<i64, u32> {
    let mut positions = HashMap::new();
    for (position, id) in (0..).zip(ids) {
        positions.entry(id).or_insert(position);
    }
    positions
}

/// Where an identifier names nothing: no list is that long, and the reference refuses it.
const INCONNU: u32 = u32::MAX;

fn input(e: &EntreePropositions) -> Entree {
    let groupe_de = positions(e.groupes.iter().map(|g| g.id));
    let internat_de = positions(e.internats.iter().map(|i| i.id));
    let lien = |de: &HashMap<i64, u32>, id: i64| de.get(&id).copied().unwrap_or(INCONNU);
    // Candidates are numbered in the order of their identifiers.
    let mut candidats = e.voeux.iter().map(|v| v.candidat).collect::<Vec<_>>();
    candidats.sort_unstable();
    candidats.dedup();
    let candidat_de = positions(candidats.iter().copied());
    let actifs: BTreeSet<i64> = e.candidats_repondeur.iter().copied().collect();
    let p = &e.parametres;
    Entree {
        parametres: Parametres {
            jour: p.jour,
            jour_fin_reservation_internats: p.jour_fin_reservation_internats,
            jour_debut_gdd: p.jour_debut_gdd,
            jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd,
        },
        groupes: e
            .groupes
            .iter()
            .map(|g| Groupe {
                groupe_classement: g.groupe_classement,
                formation_inscription: g.formation_inscription,
                formation: g.formation,
                places: g.places,
                rang_limite: g.rang_limite,
                rang_dernier_appele: g.rang_dernier_appele,
                rang_dernier_appele_reference: g.rang_dernier_appele_reference,
                fin_reservation_internats: g.fin_reservation_internats,
                admissions_suspendues: g.admissions_suspendues,
            })
            .collect(),
        internats: e
            .internats
            .iter()
            .map(|i| Internat {
                classement_internat: i.classement_internat,
                formation_inscription: i.formation_inscription,
                formation: i.formation,
                capacite: i.capacite,
            })
            .collect(),
        voeux: (0..)
            .zip(&e.voeux)
            .map(|(numero, v)| Voeu {
                numero,
                candidat: lien(&candidat_de, v.candidat),
                groupe: lien(&groupe_de, v.groupe),
                avec_internat: v.avec_internat,
                internat: v.internat.map(|id| lien(&internat_de, id)),
                rang_internat: v.rang_internat,
                rang_appel: v.rang_appel,
                rang_appel_affiche: v.rang_appel_affiche.unwrap_or(v.rang_appel),
                rang_preference: v.rang_preference,
                statut: v.statut.into(),
                hors_pp: v.hors_pp,
                ignorer_rang_attente: v.ignorer_rang_attente,
                ignorer_barre_internat: v.ignorer_barre_internat,
                rang_attente_veille: v.rang_attente_veille,
            })
            .collect(),
        repondeurs: candidats.iter().map(|c| actifs.contains(c)).collect(),
    }
}

fn output(e: &EntreePropositions, s: &Sortie) -> anyhow::Result<SortiePropositions> {
    let groupe_de = positions(e.groupes.iter().map(|g| g.id));
    let ecartes: BTreeSet<i64> = s.groupes_ecartes.iter().map(|g| e.groupes[*g].id).collect();
    let finie = |n: i32| (n != INFINI).then_some(n);
    let mut changements = Vec::new();
    for (n, (v, statut)) in e.voeux.iter().zip(&s.statuts).enumerate() {
        let ecarte = groupe_de.get(&v.groupe).is_some_and(|g| s.groupes_ecartes.contains(&(*g as usize)));
        if Statut::from(v.statut) != *statut && !ecarte {
            changements.push(ChangementJson { voeu: u32::try_from(n)?, statut: (*statut).into() });
        }
    }
    let mut rangs_attente = Vec::new();
    for (voeu, rang) in (0..).zip(&s.rangs_attente).filter(|(_, rang)| **rang > 0) {
        rangs_attente.push(RangAttenteJson { voeu, rang: u32::try_from(*rang)? });
    }
    let mut groupes = Vec::new();
    for (json, g) in e.groupes.iter().zip(&s.groupes) {
        let Some(g) = g else { continue };
        groupes.push(AffichageGroupeJson {
            id: json.id,
            estimation_rang_dernier_appele: Some(g.estimation).filter(|r| *r != i64::from(INFINI)),
            rang_dernier_appele_affiche: g.dernier_appele,
            candidats_en_attente: u32::try_from(g.candidats_en_attente)?,
        });
    }
    let mut internats = Vec::new();
    for (json, i) in e.internats.iter().zip(&s.internats) {
        let Some(i) = i else { continue };
        let barres = |(g, barre_appel, barre_internat): &(u32, i32, i32)| BarresJson {
            groupe: e.groupes[*g as usize].id,
            barre_appel: *barre_appel,
            barre_internat: *barre_internat,
        };
        let mut affichages: Vec<BarresJson> = i.affichages.iter().map(barres).collect();
        affichages.sort_by_key(|b| b.groupe);
        internats.push(AffichageInternatJson {
            id: json.id,
            barre_maximale: finie(i.barre_maximale),
            barre: finie(i.barre),
            affichages,
        });
    }
    Ok(SortiePropositions {
        alerte: s.alerte,
        avertissement: s.avertissement,
        groupes_ecartes: e.groupes.iter().map(|g| g.id).filter(|id| ecartes.contains(id)).collect(),
        reparee: false,
        changements,
        rangs_attente,
        groupes,
        internats,
    })
}

macro_rules! same_statuts {
    ($($statut:ident),+ $(,)?) => {
        impl From<StatutJson> for Statut {
            fn from(statut: StatutJson) -> Self {
                match statut { $(StatutJson::$statut => Self::$statut),+ }
            }
        }
        impl From<Statut> for StatutJson {
            fn from(statut: Statut) -> Self {
                match statut { $(Statut::$statut => Self::$statut),+ }
            }
        }
    };
}

same_statuts!(
    EnAttente,
    PropositionDuJour,
    RaDemissionAttente,
    GddDemissionAttente,
    GddDemissionProposition,
    RaAcceptation,
    RaRefusProposition,
    PropositionAnterieureSansReponse,
    PropositionAnterieureAcceptee,
    PropositionAnterieureRefusee,
    RefusOuDemission,
    NonClasse,
);
