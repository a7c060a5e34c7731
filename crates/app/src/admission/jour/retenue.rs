//! R-ADM-12: groups whose numbers are out of bounds are withheld: the day goes on without them, and nobody is told yes who will be
//! told no.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::admission::{BornesRetenue, FaitsGroupe};
use engine::propositions::Statut;
use store::Sql;
use store::admission as base;

use super::RETENU;
use super::calcul::Resultat;
use super::lecture::Lecture;
use crate::admission::sceau::GroupeRetenu;
use crate::erreur::AppError;
use crate::messages;
use crate::sessions::{SessionAdmission, parametre_entier};

/// What the groups of a day are judged by, in the order of [`Lecture::groupes`].
pub(super) struct Vraisemblance {
    bornes: BornesRetenue,
    faits: Vec<FaitsGroupe>,
    /// Let through by a person: (group, what was declared).
    levees: HashSet<(i64, String)>,
    /// Found out of bounds so far, by position; whether it was let through.
    trouves: BTreeMap<usize, (GroupeRetenu, bool)>,
}

impl Vraisemblance {
    /// `classes`: people in the call order of each ranking group.
    pub(super) async fn read(
        c: &impl Sql,
        session: &SessionAdmission,
        lecture: &Lecture,
        classes: &HashMap<i64, i64>,
    ) -> Result<Self, AppError> {
        let declares: HashMap<i64, base::DeclareGroupe> =
            base::declares(c, session.id).await?.into_iter().map(|d| (d.id, d)).collect();
        let mut faits: Vec<FaitsGroupe> = lecture
            .groupes
            .iter()
            .map(|g| {
                let d = declares.get(&g.id);
                FaitsGroupe {
                    places: d.map_or(0, |d| d.places),
                    a_appeler: g.nombre_a_appeler,
                    rang_limite: g.rang_limite,
                    classes: classes.get(&g.groupe_classement_id).copied().unwrap_or(0),
                    capacite: d.map_or(0, |d| d.capacite),
                    capacite_avant: d.and_then(|d| d.capacite_avant),
                    sans_classement: g.sans_classement == 1,
                    tenues: 0,
                    propositions: 0,
                }
            })
            .collect();
        let tient = |v: &&super::VoeuLu| v.etat.statut() != Statut::EnAttente && !v.etat.is_hors_pp();
        for v in lecture.voeux.iter().filter(tient) {
            faits[v.groupe as usize].tenues += 1;
        }
        let borne = async |cle| Ok::<_, AppError>(i64::from(parametre_entier(c, session.id, cle).await?));
        Ok(Self {
            bornes: BornesRetenue {
                appels_pct: borne("retenue_appels_pct").await?,
                capacite_pct: borne("retenue_capacite_pct").await?,
                marge: borne("retenue_marge").await?,
            },
            faits,
            levees: base::levees(c, session.id).await?.into_iter().map(|l| (l.groupe, l.faits)).collect(),
            trouves: BTreeMap::new(),
        })
    }

    /// Closes for the day every group that is out of bounds and that nobody let through. `resultat`: what the day would
    /// propose, once computed. Whether a group was closed that was not.
    pub(super) fn withhold(&mut self, lecture: &mut Lecture, resultat: Option<&Resultat>) -> bool {
        for (faits, jour) in self.faits.iter_mut().zip(resultat.iter().flat_map(|r| &r.groupes)) {
            faits.propositions = jour.propositions;
        }
        let mut encore = false;
        for (i, (g, faits)) in lecture.groupes.iter_mut().zip(&self.faits).enumerate() {
            if g.admissions_suspendues != 0 {
                continue;
            }
            let motifs = faits.motifs(&self.bornes);
            if motifs.is_empty() {
                continue;
            }
            let declares = faits.declares();
            let leve = self.levees.contains(&(g.id, declares.clone()));
            if !leve {
                g.admissions_suspendues = RETENU;
                encore = true;
            }
            let motifs = motifs.into_iter().map(|m| messages::retenue(m, faits)).collect();
            // The last pass tells the most: what a group let through is about to propose.
            self.trouves.insert(i, (GroupeRetenu { groupe: g.id, faits: declares, motifs }, leve));
        }
        encore
    }

    /// The groups withheld, and those as much out of bounds that a person let through; by key.
    pub(super) fn account(self) -> (Vec<GroupeRetenu>, Vec<GroupeRetenu>) {
        let (leves, retenus): (Vec<_>, Vec<_>) = self.trouves.into_values().partition(|(_, leve)| *leve);
        let groupes = |liste: Vec<(GroupeRetenu, bool)>| liste.into_iter().map(|(g, _)| g).collect();
        (groupes(retenus), groupes(leves))
    }
}

#[cfg(test)]
impl Vraisemblance {
    /// Of groups that nobody would withhold.
    pub(super) fn nothing_out_of_bounds(groupes: usize) -> Self {
        Self {
            bornes: BornesRetenue { appels_pct: 300, capacite_pct: 300, marge: 20 },
            faits: vec![FaitsGroupe::default(); groupes],
            levees: HashSet::new(),
            trouves: BTreeMap::new(),
        }
    }
}
