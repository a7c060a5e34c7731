//! R-ADM-12: groups whose numbers are out of bounds are withheld: the day goes on without them, and nobody is told yes who will be
//! told no.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::admission::{BornesRetenue, FaitsGroupe, MotifRetenue};
use engine::propositions::Statut;
use store::Sql;
use store::admission as base;

use super::RETENU;
use super::calcul::{Examen, Resultat, close, examine_day};
use super::lecture::Lecture;
use crate::admission::sceau::GroupeRetenu;
use crate::erreur::AppError;
use crate::messages;
use crate::sessions::{SessionAdmission, parametre_entier};

/// Among the reasons of a group in the record, beside those of R-ADM-12: the independent verifier finds it at fault (R-ADM-17).
const AU_VERIFICATEUR: i64 = 1 << 10;

/// A group out of bounds or at fault, as the record of the day keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::admission) struct RetenueLue {
    /// Assignment group.
    pub(in crate::admission) groupe: i64,
    pub(in crate::admission) faits: FaitsGroupe,
    /// As [`MotifRetenue::codes`] numbers them, [`AU_VERIFICATEUR`] besides.
    pub(in crate::admission) motifs: i64,
    /// Let through by a person.
    pub(in crate::admission) levee: bool,
}

/// A group found out of bounds.
struct Trouve {
    faits: FaitsGroupe,
    motifs: Vec<MotifRetenue>,
    /// Let through by a person.
    leve: bool,
}

impl Trouve {
    fn account(&self, groupe: i64) -> GroupeRetenu {
        let motifs = self.motifs.iter().map(|m| messages::retenue(*m, &self.faits)).collect();
        GroupeRetenu { groupe, faits: self.faits.declares(), motifs }
    }
}

/// What the groups of a day are judged by, in the order of [`Lecture::groupes`].
pub(super) struct Vraisemblance {
    bornes: BornesRetenue,
    faits: Vec<FaitsGroupe>,
    /// Let through by a person: (group, what was declared).
    levees: HashSet<(i64, String)>,
    /// Found out of bounds so far, by position.
    trouves: BTreeMap<usize, Trouve>,
}

/// What each group of a day declares, in the order of [`Lecture::groupes`].
fn facts(
    lecture: &Lecture,
    declares: &HashMap<i64, base::DeclareGroupe>,
    classes: &HashMap<i64, i64>,
) -> Vec<FaitsGroupe> {
    let fait = |(g, tenues): (&base::GroupeAffectation, i64)| {
        let d = declares.get(&g.id);
        FaitsGroupe {
            places: d.map_or(0, |d| d.places),
            a_appeler: g.nombre_a_appeler,
            rang_limite: g.rang_limite,
            classes: classes.get(&g.groupe_classement_id).copied().unwrap_or(0),
            capacite: d.map_or(0, |d| d.capacite),
            capacite_avant: d.and_then(|d| d.capacite_avant),
            sans_classement: g.sans_classement == 1,
            tenues,
            propositions: 0,
        }
    };
    lecture.groupes.iter().zip(places_held(lecture)).map(fait).collect()
}

/// Propositions of each group that hold a place before the day.
fn places_held(lecture: &Lecture) -> Vec<i64> {
    let mut tenues = vec![0; lecture.groupes.len()];
    let tient = |v: &&super::VoeuLu| v.etat.statut() != Statut::EnAttente && !v.etat.is_hors_pp();
    for v in lecture.voeux.iter().filter(tient) {
        tenues[v.groupe as usize] += 1;
    }
    tenues
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
        let borne = async |cle| Ok::<_, AppError>(i64::from(parametre_entier(c, session.id, cle).await?));
        Ok(Self {
            bornes: BornesRetenue {
                appels_pct: borne("retenue_appels_pct").await?,
                capacite_pct: borne("retenue_capacite_pct").await?,
                marge: borne("retenue_marge").await?,
            },
            faits: facts(lecture, &declares, classes),
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
            let leve = self.levees.contains(&(g.id, faits.declares()));
            if !leve {
                g.admissions_suspendues = RETENU;
                encore = true;
            }
            // The last pass tells the most: what a group let through is about to propose.
            self.trouves.insert(i, Trouve { faits: *faits, motifs, leve });
        }
        encore
    }

    /// By what the day was judged.
    pub(super) const fn bounds(&self) -> BornesRetenue {
        self.bornes
    }

    /// The groups withheld, and those as much out of bounds that a person let through; by key.
    pub(super) fn account(&self, lecture: &Lecture) -> (Vec<GroupeRetenu>, Vec<GroupeRetenu>) {
        let groupes = |leve: bool| {
            let siens = self.trouves.iter().filter(|(_, t)| t.leve == leve);
            siens.map(|(&i, t)| t.account(lecture.groupes[i].id)).collect()
        };
        (groupes(false), groupes(true))
    }

    /// What the record keeps: every group found out of bounds, let through or not, and those that the verifier closed.
    pub(super) fn rows(&self, lecture: &Lecture) -> Vec<RetenueLue> {
        let ligne = |(i, g): (usize, &base::GroupeAffectation)| {
            let trouve = self.trouves.get(&i);
            let levee = trouve.is_some_and(|t| t.leve);
            let ferme = g.admissions_suspendues == RETENU && (trouve.is_none() || levee);
            let motifs = trouve.map_or(0, |t| MotifRetenue::codes(&t.motifs));
            (trouve.is_some() || ferme).then(|| RetenueLue {
                groupe: g.id,
                faits: trouve.map_or(self.faits[i], |t| t.faits),
                motifs: if ferme { motifs | AU_VERIFICATEUR } else { motifs },
                levee,
            })
        };
        lecture.groupes.iter().enumerate().filter_map(ligne).collect()
    }
}

/// R-ADM-12, R-ADM-17: every group that a day withheld has its reasons in the record; they follow from the facts and the bounds, and
/// the facts that the day has read are those. `classes`: people in the call order of a ranking group. What the course declared and
/// how many propositions a group closed would have made are taken from the record.
///
/// # Errors
/// The first group for which it is not so, in French.
pub(in crate::admission) fn check_held(
    lecture: &Lecture,
    bornes: &BornesRetenue,
    lues: &[RetenueLue],
    classes: impl Fn(i64) -> i64,
) -> Result<(), String> {
    let tenues = places_held(lecture);
    let mut dites: HashMap<i64, &RetenueLue> = lues.iter().map(|r| (r.groupe, r)).collect();
    if dites.len() != lues.len() {
        return Err("un groupe est dit deux fois".to_owned());
    }
    let mut fermes = Vec::new();
    for (i, g) in lecture.groupes.iter().enumerate() {
        let retenu = g.admissions_suspendues == RETENU;
        let Some(r) = dites.remove(&g.id) else {
            if retenu {
                return Err(format!("le groupe {} est retenu sans motif", g.id));
            }
            continue;
        };
        let f = &r.faits;
        let lus = (g.nombre_a_appeler, g.rang_limite, g.sans_classement == 1, tenues[i]);
        if (f.a_appeler, f.rang_limite, f.sans_classement, f.tenues) != lus
            || f.classes != classes(g.groupe_classement_id)
        {
            return Err(format!("les faits du groupe {} ne sont pas ceux qui ont été lus", g.id));
        }
        let motifs = MotifRetenue::codes(&f.motifs(bornes));
        let au_verificateur = r.motifs & AU_VERIFICATEUR != 0;
        let ecrits = r.motifs & !AU_VERIFICATEUR;
        if motifs != ecrits {
            return Err(format!("motifs du groupe {} : {motifs} recalculés, {ecrits} écrits", g.id));
        }
        if r.motifs == 0 || retenu != (au_verificateur || !r.levee) {
            return Err(format!("la retenue du groupe {} ne suit pas de ses motifs", g.id));
        }
        if au_verificateur {
            fermes.push(i);
        }
    }
    if let Some(groupe) = dites.keys().min() {
        return Err(format!("le groupe {groupe} n’a pas été lu ce jour-là"));
    }
    check_closed(lecture, &fermes)
}

/// Opened again, the groups that the verifier closed are at fault.
fn check_closed(lecture: &Lecture, fermes: &[usize]) -> Result<(), String> {
    if fermes.is_empty() {
        return Ok(());
    }
    let mut rouverte = lecture.clone();
    for &i in fermes {
        rouverte.groupes[i].admissions_suspendues = 0;
    }
    while let Examen::Viole(groupes) = examine_day(&rouverte).map_err(|r| messages::regle(&r))? {
        close(&mut rouverte, groupes);
    }
    let juste = fermes.iter().map(|&i| &rouverte.groupes[i]).find(|g| g.admissions_suspendues != RETENU);
    juste.map_or(Ok(()), |g| Err(format!("le vérificateur ne trouve rien de faux dans le groupe {}", g.id)))
}

#[cfg(test)]
impl Vraisemblance {
    /// Of groups that nobody would withhold.
    pub(super) fn nothing_out_of_bounds(lecture: &Lecture) -> Self {
        Self {
            bornes: BornesRetenue { appels_pct: 300, capacite_pct: 300, marge: 20 },
            faits: facts(lecture, &HashMap::new(), &HashMap::new()),
            levees: HashSet::new(),
            trouves: BTreeMap::new(),
        }
    }
}
