//! § 8: waiting ranks, last ones called, bars of the boardings.

use std::collections::BTreeSet;

use super::calcul::{Passage, estimate};
use super::donnees::{AffichageGroupe, AffichageInternat, Entree, Refus, Statut};
use super::verification::Verdict;

/// The wishes that displays look at, by group and call rank: neither former propositions nor those of another procedure.
fn considered(e: &Entree, statuts: &[Statut]) -> Vec<Vec<usize>> {
    let mut par_groupe = vec![Vec::new(); e.groupes.len()];
    for (n, v) in e.voeux.iter().enumerate() {
        if !statuts[n].anterieure() && !v.hors_pp {
            par_groupe[v.g()].push(n);
        }
    }
    for voeux in &mut par_groupe {
        voeux.sort_by_key(|n| e.voeux[*n].rang_appel);
    }
    par_groupe
}

/// § 8.1.
pub(super) struct Attente {
    /// By wish, above 0.
    pub rangs: Vec<(usize, i64)>,
    /// Length of the list of each group.
    pub totaux: Vec<i64>,
}

/// § 8.1: the rank in the waiting list, that never goes up from a day to the next.
pub(super) fn waiting_ranks(e: &Entree, statuts: &[Statut], ecartes: &BTreeSet<usize>) -> Attente {
    let proposees: BTreeSet<(i64, i64, bool)> = e
        .voeux
        .iter()
        .zip(statuts)
        .filter(|(_, s)| s.du_jour())
        .map(|(v, _)| (v.candidat, e.formation(v), v.avec_internat || v.internat.is_some()))
        .collect();
    let mut rangs = Vec::new();
    let mut totaux = Vec::with_capacity(e.groupes.len());
    for (g, voeux) in considered(e, statuts).into_iter().enumerate() {
        let (mut n, mut dernier, mut total) = (0, None, 0);
        let attendent = voeux.iter().enumerate();
        for (place, k) in attendent.filter(|(_, k)| statuts[**k].attend() && e.voeux[**k].i().is_none()) {
            let v = &e.voeux[*k];
            let autre = (v.candidat, e.formation(v), !(v.avec_internat || v.internat.is_some()));
            if !proposees.contains(&autre) && dernier != Some(v.candidat) {
                n += 1;
                total += 1;
                dernier = Some(v.candidat);
            }
            let rang = if e.parametres.jour == 1 {
                n.max(1)
            } else {
                let veille = match v.rang_attente_veille {
                    rang if rang > 0 => rang,
                    // Back in the list: as the next one who had a rank the day before.
                    _ => voeux[place + 1..]
                        .iter()
                        .map(|s| &e.voeux[*s])
                        .find(|s| {
                            s.rang_appel > v.rang_appel
                                && s.candidat != v.candidat
                                && s.rang_attente_veille > 0
                        })
                        .map_or(n, |s| s.rang_attente_veille),
                };
                n = n.min(veille);
                n
            };
            if rang > 0 && !ecartes.contains(&g) {
                rangs.push((*k, rang));
            }
        }
        totaux.push(total);
    }
    rangs.sort_unstable();
    Attente { rangs, totaux }
}

/// § 8.2 and § 6.1; `None` for a group set aside.
pub(super) fn of_groups(
    e: &Entree,
    p: &Passage,
    statuts: &[Statut],
    ecartes: &BTreeSet<usize>,
) -> Result<Vec<Option<AffichageGroupe>>, Refus> {
    let groupes = considered(e, statuts).into_iter().enumerate().map(|(g, voeux)| {
        let mut dernier_appele = 0;
        for n in voeux {
            let v = &e.voeux[n];
            if statuts[n].occupe() {
                dernier_appele = dernier_appele.max(v.rang_appel_affiche);
            } else if statuts[n].attend() && !v.ignorer_rang_attente && !p.bloque(e, n) {
                break;
            }
        }
        let estimation = estimate(&e.parametres, &e.groupes[g]);
        let affichage = AffichageGroupe { estimation, dernier_appele, candidats_en_attente: 0 };
        (!ecartes.contains(&g)).then_some(affichage)
    });
    Ok(groupes.collect())
}

/// § 8.3; `None` for a boarding set aside.
pub(super) fn of_boardings(
    e: &Entree,
    p: &Passage,
    statuts: &[Statut],
    verdict: &Verdict,
) -> Vec<Option<AffichageInternat>> {
    let vus = considered(e, statuts);
    let bars = |i: usize, g: usize| {
        let siens: Vec<usize> = vus[g].iter().copied().filter(|n| e.voeux[*n].i() == Some(i)).collect();
        let servis = siens.iter().filter(|n| statuts[**n].occupe());
        let Some(barre_internat) = servis.map(|n| e.voeux[*n].rang_internat).max() else { return (g, 0, 0) };
        let mut barre_appel = 0;
        for n in siens {
            let v = &e.voeux[n];
            if statuts[n].occupe() {
                barre_appel = barre_appel.max(v.rang_appel_affiche);
            } else if v.ignorer_rang_attente || v.ignorer_barre_internat {
                continue;
            } else if statuts[n].attend() && v.rang_internat <= barre_internat {
                break;
            }
        }
        (g, barre_appel, barre_internat)
    };
    (0..e.internats.len())
        .map(|i| {
            let groupes: BTreeSet<usize> = p.attente_internat[i].iter().map(|n| e.voeux[*n].g()).collect();
            (!verdict.internats_ecartes.contains(&i)).then(|| AffichageInternat {
                barre_maximale: p.barres_maximales[i],
                barre: p.barres[i],
                affichages: groupes
                    .into_iter()
                    .filter(|g| !verdict.groupes_ecartes.contains(g))
                    .map(|g| bars(i, g))
                    .collect(),
            })
        })
        .collect()
}
