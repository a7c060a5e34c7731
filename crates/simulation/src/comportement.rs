//! How candidates order their wishes and answer proposals: a documented model, deterministic from the seed, the
//! candidate and the day. Plain values in and out, so that any simulator can call it.

use serde::{Deserialize, Serialize};

use crate::alea::Alea;

/// What makes a wish attractive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Envie {
    /// How sought after the course is, from 0 to 1.
    pub attrait: f64,
    /// Distance between home and course.
    pub km: f64,
}

/// Rank of preference (from 1) of each wish: sought after first, near first, and personal taste.
pub fn preferences(graine: u64, candidat: u64, envies: &[Envie]) -> Vec<u16> {
    let mut alea = Alea::pour(graine, &[0x5052_4546, candidat]);
    let proximite = 0.2 + 0.6 * alea.unite();
    let mut notes: Vec<(f64, usize)> = envies
        .iter()
        .enumerate()
        .map(|(i, e)| (e.attrait + proximite * 60.0 / (60.0 + e.km.max(0.0)) + 0.25 * alea.cloche(), i))
        .collect();
    notes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut rangs = vec![0; envies.len()];
    for (rang, (_, i)) in (1_u16..).zip(notes) {
        rangs[i] = rang;
    }
    rangs
}

/// Where a wish stands this morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Situation {
    /// To be answered; `jours_restants` is 0 on the last day.
    Proposition { jours_restants: u16 },
    /// Accepted earlier, still held.
    Acceptee,
    /// Waiting, at this displayed rank.
    EnAttente { rang: u32 },
}

/// A wish still alive, as the candidate sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoeuVu {
    /// Any identifier of the caller, unique for the candidate.
    pub voeu: u64,
    /// 1 = most wanted.
    pub preference: u16,
    pub situation: Situation,
}

/// What a candidate does with a wish. The order of a list is the order to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reponse {
    Accepter {
        voeu: u64,
    },
    Refuser {
        voeu: u64,
    },
    /// Keeps a waiting wish alive beside the acceptance of the day.
    Maintenir {
        voeu: u64,
    },
    /// Gives up a waiting wish.
    Renoncer {
        voeu: u64,
    },
    /// Leaves a place accepted earlier, without another.
    Demissionner {
        voeu: u64,
    },
}

/// Shares of the model, in probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ParametresComportement {
    /// Candidates who answer on the day, and the day before the last; the others answer on the last day.
    pub prompts: f64,
    pub reflechis: f64,
    /// Chance that the last day passes without an answer: the proposal expires.
    pub oubli: f64,
    /// Chance a day of leaving the procedure.
    pub depart_par_jour: f64,
    /// Chance, for each better wish still waiting, of keeping it on accepting another; falls to a third by day 40.
    pub maintien: f64,
    /// Chance of being content with an accepted wish among one's three best: nothing else is kept.
    pub satisfaction: f64,
    /// Chance of accepting the best proposal (the rest refuses it and keeps waiting).
    pub acceptation: f64,
}

impl Default for ParametresComportement {
    fn default() -> Self {
        Self {
            prompts: 0.45,
            reflechis: 0.35,
            oubli: 0.04,
            depart_par_jour: 0.001,
            maintien: 0.85,
            satisfaction: 0.35,
            acceptation: 0.93,
        }
    }
}

const CARACTERE: u64 = 0x4341_5241;
const JOURNEE: u64 = 0x4a4f_5552;

/// What a candidate does on a day (from 1). No answer to a proposal means waiting, or letting it expire.
///
/// A candidate never refuses the better of two wishes to accept the worse, and never holds two acceptances.
pub fn repondre(
    graine: u64,
    candidat: u64,
    jour: u16,
    voeux: &[VoeuVu],
    p: &ParametresComportement,
) -> Vec<Reponse> {
    let caractere = Alea::pour(graine, &[CARACTERE, candidat]).unite();
    let mut alea = Alea::pour(graine, &[JOURNEE, candidat, u64::from(jour)]);
    if alea.chance(p.depart_par_jour) {
        return voeux.iter().map(quitter).collect();
    }
    let acceptee = voeux.iter().find(|v| v.situation == Situation::Acceptee);
    let mut propositions: Vec<(&VoeuVu, u16)> = voeux
        .iter()
        .filter_map(|v| match v.situation {
            Situation::Proposition { jours_restants } => Some((v, jours_restants)),
            _ => None,
        })
        .collect();
    propositions.sort_by_key(|(v, _)| (v.preference, v.voeu));
    let Some(&(meilleure, _)) = propositions.first() else {
        return renoncer_au_moins_bon(acceptee, voeux, &mut alea);
    };
    // The most urgent proposal sets the day of the answer.
    let restants = propositions.iter().map(|(_, j)| *j).min().unwrap_or(0);
    let repond = match restants {
        0 => !alea.chance(p.oubli),
        1 => caractere < p.prompts + p.reflechis,
        _ => caractere < p.prompts,
    };
    if !repond {
        return Vec::new();
    }
    let mut reponses = Vec::new();
    let refuser = |v: &VoeuVu| Reponse::Refuser { voeu: v.voeu };
    if acceptee.is_some_and(|a| a.preference < meilleure.preference) {
        return propositions.iter().map(|(v, _)| refuser(v)).collect();
    }
    let mieux_en_attente = voeux.iter().any(|v| en_attente(v) && v.preference < meilleure.preference);
    if acceptee.is_none() && mieux_en_attente && !alea.chance(p.acceptation) {
        return propositions.iter().map(|(v, _)| refuser(v)).collect();
    }
    reponses.push(Reponse::Accepter { voeu: meilleure.voeu });
    reponses.extend(propositions.iter().skip(1).map(|(v, _)| refuser(v)));
    let content = meilleure.preference == 1 || (meilleure.preference <= 3 && alea.chance(p.satisfaction));
    let patience = p.maintien * (1.0 - f64::from(jour.min(40)) / 60.0);
    for v in voeux.iter().filter(|v| en_attente(v)) {
        let garde = !content && v.preference < meilleure.preference && alea.chance(patience);
        reponses.push(if garde {
            Reponse::Maintenir { voeu: v.voeu }
        } else {
            Reponse::Renoncer { voeu: v.voeu }
        });
    }
    reponses
}

fn en_attente(v: &VoeuVu) -> bool {
    matches!(v.situation, Situation::EnAttente { .. })
}

fn quitter(v: &VoeuVu) -> Reponse {
    match v.situation {
        Situation::Proposition { .. } => Reponse::Refuser { voeu: v.voeu },
        Situation::Acceptee => Reponse::Demissionner { voeu: v.voeu },
        Situation::EnAttente { .. } => Reponse::Renoncer { voeu: v.voeu },
    }
}

/// Holding a place, people now and then give up a wish they no longer want: a long list, or a worse course.
fn renoncer_au_moins_bon(acceptee: Option<&VoeuVu>, voeux: &[VoeuVu], alea: &mut Alea) -> Vec<Reponse> {
    let Some(acceptee) = acceptee else { return Vec::new() };
    voeux
        .iter()
        .filter(|v| match v.situation {
            Situation::EnAttente { rang } => {
                let lasse = if v.preference > acceptee.preference { 0.3 } else { 0.004 };
                alea.chance(if rang > 1_000 { lasse * 3.0 } else { lasse })
            }
            _ => false,
        })
        .map(|v| Reponse::Renoncer { voeu: v.voeu })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proposition(voeu: u64, preference: u16, jours_restants: u16) -> VoeuVu {
        VoeuVu { voeu, preference, situation: Situation::Proposition { jours_restants } }
    }

    fn attente(voeu: u64, preference: u16, rang: u32) -> VoeuVu {
        VoeuVu { voeu, preference, situation: Situation::EnAttente { rang } }
    }

    fn proposee(s: Situation) -> bool {
        matches!(s, Situation::Proposition { .. })
    }

    fn attend(s: Situation) -> bool {
        matches!(s, Situation::EnAttente { .. })
    }

    #[test]
    fn shares_of_the_population_are_those_of_the_parameters() {
        let p = ParametresComportement { depart_par_jour: 0.0, ..ParametresComportement::default() };
        let part = |restants: u16| {
            (0..4_000).filter(|c| !repondre(9, *c, 1, &[proposition(1, 1, restants)], &p).is_empty()).count()
        };
        assert!((1_700..1_900).contains(&part(2)), "{}", part(2));
        assert!((3_100..3_300).contains(&part(1)), "{}", part(1));
        assert!((3_780..3_890).contains(&part(0)), "{}", part(0));
    }

    #[test]
    fn a_first_choice_ends_the_wait() {
        let voeux = [proposition(1, 1, 0), proposition(2, 2, 0), attente(3, 3, 10)];
        let p =
            ParametresComportement { oubli: 0.0, depart_par_jour: 0.0, ..ParametresComportement::default() };
        let r = repondre(1, 5, 1, &voeux, &p);
        assert_eq!(
            r,
            [Reponse::Accepter { voeu: 1 }, Reponse::Refuser { voeu: 2 }, Reponse::Renoncer { voeu: 3 }]
        );
    }

    #[test]
    fn a_worse_proposal_is_refused_and_a_better_wait_mostly_kept() {
        let p =
            ParametresComportement { oubli: 0.0, depart_par_jour: 0.0, ..ParametresComportement::default() };
        let tenue = VoeuVu { voeu: 1, preference: 2, situation: Situation::Acceptee };
        assert_eq!(repondre(1, 5, 3, &[tenue, proposition(2, 4, 0)], &p), [Reponse::Refuser { voeu: 2 }]);
        let gardes = (0..1_000)
            .filter(|c| {
                repondre(3, *c, 1, &[proposition(1, 6, 0), attente(2, 1, 50)], &p)
                    .contains(&Reponse::Maintenir { voeu: 2 })
            })
            .count();
        assert!((700..850).contains(&gardes), "{gardes}");
    }

    proptest! {
        #[test]
        fn answers_are_coherent(
            graine in any::<u64>(), candidat in any::<u64>(), jour in 1_u16..60,
            situations in prop::collection::vec(0_u16..3, 1..12),
        ) {
            let mut deja = false;
            let voeux: Vec<VoeuVu> = (0_u64..).zip(&situations).map(|(i, s)| {
                let situation = match s {
                    0 => Situation::Proposition { jours_restants: u16::try_from(i % 3).unwrap() },
                    1 if !deja => { deja = true; Situation::Acceptee }
                    _ => Situation::EnAttente { rang: 10 },
                };
                VoeuVu { voeu: i, preference: u16::try_from(i).unwrap() + 1, situation }
            }).collect();
            let p = ParametresComportement::default();
            let r = repondre(graine, candidat, jour, &voeux, &p);
            prop_assert_eq!(&r, &repondre(graine, candidat, jour, &voeux, &p));
            let ids: Vec<u64> = r.iter().map(|r| match *r {
                Reponse::Accepter { voeu } | Reponse::Refuser { voeu } | Reponse::Maintenir { voeu }
                | Reponse::Renoncer { voeu } | Reponse::Demissionner { voeu } => voeu,
            }).collect();
            let uniques: std::collections::BTreeSet<_> = ids.iter().collect();
            prop_assert_eq!(uniques.len(), ids.len());
            let acceptes: Vec<u64> = r.iter().filter_map(|r| match r { Reponse::Accepter { voeu } => Some(*voeu), _ => None }).collect();
            prop_assert!(acceptes.len() <= 1);
            for r in &r {
                let attendu = |v: u64| voeux[usize::try_from(v).unwrap()].situation;
                match *r {
                    Reponse::Accepter { voeu } | Reponse::Refuser { voeu } =>
                        prop_assert!(proposee(attendu(voeu))),
                    Reponse::Maintenir { voeu } | Reponse::Renoncer { voeu } =>
                        prop_assert!(attend(attendu(voeu))),
                    Reponse::Demissionner { voeu } => prop_assert_eq!(attendu(voeu), Situation::Acceptee),
                }
            }
        }

        #[test]
        fn preferences_are_a_permutation(graine in any::<u64>(), km in prop::collection::vec(0.0..900.0_f64, 0..40)) {
            let envies: Vec<Envie> = km.iter().map(|km| Envie { attrait: 0.5, km: *km }).collect();
            let mut rangs = preferences(graine, 1, &envies);
            rangs.sort_unstable();
            prop_assert_eq!(rangs, (1..=u16::try_from(km.len()).unwrap()).collect::<Vec<_>>());
        }
    }
}
