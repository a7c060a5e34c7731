//! From the rankings read to the call orders written: pure, so that a record is played again by the same function.

use std::time::{Duration, Instant};

use domain::RuleViolation;
use engine::ordre_appel::{GroupeClassement, OrdreAppel, Profil, compute_ordres_appel};
use juge::judge_orders;
use store::admission::LigneOrdre;

use crate::admission::sceau::{Bilan, Empreinte};

/// A ranking group, its rates in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::admission) struct GroupeLu {
    pub(in crate::admission) id: i64,
    pub(in crate::admission) taux_boursiers: i32,
    pub(in crate::admission) taux_residents: i32,
}

/// A candidate in a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::admission) struct ClasseLu {
    /// Position in [`Lecture::groupes`].
    pub(in crate::admission) groupe: u32,
    pub(in crate::admission) rang: i64,
    /// Internal key.
    pub(in crate::admission) candidat: i64,
    pub(in crate::admission) boursier: bool,
    pub(in crate::admission) resident: bool,
}

/// Everything that the call orders depend on.
#[derive(Debug, Clone)]
pub(in crate::admission) struct Lecture {
    /// By key.
    pub(in crate::admission) groupes: Vec<GroupeLu>,
    /// By group, rank, candidate; nobody twice in a group.
    pub(in crate::admission) classes: Vec<ClasseLu>,
}

/// Call orders computed, verified and judged.
#[derive(Debug)]
pub(in crate::admission) struct Calcul {
    /// Fingerprint of the input.
    pub(in crate::admission) entree: String,
    /// By group and candidate.
    pub(in crate::admission) lignes: Vec<LigneOrdre>,
    /// Counts only.
    pub(in crate::admission) bilan: Bilan,
    /// Of which the judge took.
    pub(in crate::admission) jugement: Duration,
}

/// Computed with their checks, and judged by the reference (R-ADM-10).
///
/// # Errors
/// [`RuleViolation::DonneesRefusees`] with the code of the engine, or that the reference disagrees.
pub(in crate::admission) fn compute_orders(lecture: &Lecture) -> Result<Calcul, RuleViolation> {
    let mut candidats: Vec<i64> = lecture.classes.iter().map(|c| c.candidat).collect();
    candidats.sort_unstable();
    candidats.dedup();
    let (entree, empreinte) = freeze(lecture, &candidats);
    let ordres = compute_ordres_appel(&entree).map_err(|refus| {
        tracing::warn!(%refus, "ordres d’appel refusés");
        RuleViolation::DonneesRefusees { code: refus.refus.code() }
    })?;
    let debut = Instant::now();
    if let Some(ecart) = judge_orders(&entree, &ordres) {
        tracing::error!(%ecart, "la référence ne trouve pas les mêmes ordres d’appel");
        return Err(RuleViolation::DonneesRefusees { code: "jugement_ordre_appel" });
    }
    let jugement = debut.elapsed();
    let bilan = Bilan {
        groupes: i64::try_from(entree.iter().filter(|g| !g.is_empty()).count()).unwrap_or(0),
        candidats: i64::try_from(candidats.len()).unwrap_or(0),
        voeux: i64::try_from(lecture.classes.len()).unwrap_or(0),
        ..Bilan::default()
    };
    let lignes = lines(lecture, &entree, &ordres, &candidats);
    Ok(Calcul { entree: empreinte, lignes, bilan, jugement })
}

impl Lecture {
    /// One ranking as the engine reads it, and the position of a candidate in it; `None` when they are not in it.
    pub(in crate::admission) fn ranking(
        &self,
        groupe: i64,
        candidat: i64,
    ) -> Option<(GroupeClassement, u32)> {
        let place = self.groupes.iter().position(|g| g.id == groupe)?;
        let g = self.groupes[place];
        let mut entree = GroupeClassement::new(g.taux_boursiers, g.taux_residents);
        let mut position = None;
        for (n, c) in (0..).zip(self.classes.iter().filter(|c| c.groupe as usize == place)) {
            if c.candidat == candidat {
                position = Some(n);
            }
            entree.push(n, i32::try_from(c.rang).unwrap_or(-1), Profil::new(c.boursier, c.resident));
        }
        position.map(|p| (entree, p))
    }
}

/// The input of the engine, and its fingerprint (RUN-1).
fn freeze(lecture: &Lecture, candidats: &[i64]) -> (Vec<GroupeClassement>, String) {
    let mut empreinte = Empreinte::default();
    let mut entree = Vec::with_capacity(lecture.groupes.len());
    for g in &lecture.groupes {
        empreinte.nombres([g.id, i64::from(g.taux_boursiers), i64::from(g.taux_residents)]);
        entree.push(GroupeClassement::new(g.taux_boursiers, g.taux_residents));
    }
    for c in &lecture.classes {
        let (boursier, resident) = (i64::from(c.boursier), i64::from(c.resident));
        empreinte.nombres([i64::from(c.groupe), c.rang, c.candidat, boursier, resident]);
        let i = candidats.binary_search(&c.candidat).unwrap_or_default();
        entree[c.groupe as usize].push(
            u32::try_from(i).unwrap_or(u32::MAX),
            i32::try_from(c.rang).unwrap_or(-1),
            Profil::new(c.boursier, c.resident),
        );
    }
    (entree, empreinte.hex())
}

/// The call orders by (group, candidate).
fn lines(
    lecture: &Lecture,
    entree: &[GroupeClassement],
    ordres: &[OrdreAppel],
    candidats: &[i64],
) -> Vec<LigneOrdre> {
    let mut lignes = Vec::with_capacity(lecture.classes.len());
    for ((groupe, entree), ordre) in lecture.groupes.iter().zip(entree).zip(ordres) {
        let debut = lignes.len();
        lignes.extend((1..).zip(ordre.candidats(entree)).map(|(rang, c)| LigneOrdre {
            groupe: groupe.id,
            candidat: candidats[c as usize],
            rang,
        }));
        lignes[debut..].sort_unstable_by_key(|l: &LigneOrdre| l.candidat);
    }
    lignes
}
