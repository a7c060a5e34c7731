//! Checks of the result (§9): which groupes and internats break a published property, and which are set aside.

use rayon::prelude::*;

use super::entree::{Ensemble, Entree};
use super::internes::Internes;
use super::ligne::{Champs, Ligne};
use super::passage::Groupe;
use super::sortie::{Propriete, ViolationResultat};
use super::table::Table;
use crate::bits::Bits;

/// What is known of a voeu with a boarding reference once all is computed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marque {
    /// The candidat held a place in the internat before today, and still does.
    pub(crate) initial_internat: bool,
    /// The same in the groupe.
    pub(crate) initial_groupe: bool,
    /// The candidat holds a place in the groupe.
    pub(crate) actuel_groupe: bool,
}

/// Sets reused from a groupe to the next.
pub(crate) struct Ensembles {
    initial: Bits,
    actuel: Bits,
}

impl Ensembles {
    pub(crate) fn new(candidats: usize) -> Self {
        Self { initial: Bits::new(candidats), actuel: Bits::new(candidats) }
    }
}

/// What the check of a groupe finds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Constat {
    pub(crate) p1: bool,
    pub(crate) p2: bool,
    pub(crate) p4: bool,
    /// Propositions of the day.
    pub(crate) jour: u32,
}

impl Constat {
    const fn is_invalid(self) -> bool {
        self.p1 || self.p2 || self.p4
    }
}

/// Marks who held a place in each internat before today; returns the violations of P5.
pub(crate) fn mark_internats(
    entree: &Entree,
    table: &Table,
    internes: &Internes,
    marques: &mut [Marque],
) -> Vec<ViolationResultat> {
    let mut violations = Vec::new();
    for (i, internat) in entree.internats.iter().enumerate() {
        let (mut initial, mut actuel) = (0_i64, 0_i64);
        let candidat = |k: u32| internes.voeux[k as usize].candidat;
        let etat = |k: u32| table.lignes[internes.voeux[k as usize].ligne as usize].etat();
        for meme in internes.by_candidat(i).chunk_by(|&a, &b| candidat(a) == candidat(b)) {
            actuel += i64::from(meme.iter().any(|&k| Ensemble::PROP.contains_etat(etat(k))));
            if meme.iter().any(|&k| Ensemble::ANT_PROP.contains_etat(etat(k))) {
                initial += 1;
                for &k in meme {
                    marques[k as usize].initial_internat = true;
                }
            }
        }
        if actuel > i64::from(internat.capacite) && actuel > initial {
            violations.push(ViolationResultat::Internat(i as u32, Propriete::P5));
        }
    }
    violations
}

/// P1, P2 and P4 in one groupe. `internes` and `marques` are those of the groupe.
pub(crate) fn check_groupe(
    groupe: &Groupe,
    lignes: &[Ligne],
    internes: &[super::internes::Interne],
    marques: &mut [Marque],
    base: usize,
    sets: &mut Ensembles,
) -> Constat {
    let mut constat = Constat::default();
    let (mut initial, mut actuel) = (0_i64, 0_i64);
    let mut sous_limite = false;
    let mut dernier_jour = 0;
    // Rows grow by rank: the first is the best.
    let mut premier_attente = None;
    for l in lignes {
        let etat = l.etat();
        if etat.is_attente() {
            if premier_attente.is_none() && !l.has_internat() {
                premier_attente = Some(l.rang());
            }
        } else if Ensemble::PROP.contains_etat(etat) {
            actuel += i64::from(sets.actuel.insert(l.candidat()));
            sous_limite |= l.rang() <= groupe.limite;
            if Ensemble::JOUR.contains_etat(etat) {
                constat.jour += 1;
                dernier_jour = l.rang();
            } else {
                initial += i64::from(sets.initial.insert(l.candidat()));
            }
        } else if Ensemble::REFUS_AUTO.contains_etat(etat) {
            sous_limite |= l.rang() <= groupe.limite;
        }
    }
    if let Some(premier) = premier_attente
        && dernier_jour > premier
    {
        constat.p1 = lignes.iter().any(|l| {
            l.rang() > premier
                && Ensemble::JOUR.contains_etat(l.etat())
                && !sets.initial.contains(l.candidat())
        });
    }
    constat.p4 = !groupe.suspendu
        && ((actuel > groupe.places && actuel > initial && !sous_limite)
            || (actuel < groupe.places && premier_attente.is_some()));
    if !internes.is_empty() {
        for (v, marque) in internes.iter().zip(marques.iter_mut()) {
            marque.initial_groupe = sets.initial.contains(v.candidat);
            marque.actuel_groupe = sets.actuel.contains(v.candidat);
        }
        constat.p2 = constat.jour > 0 && breaks_p2(lignes, internes, marques, base);
    }
    if actuel > 0 {
        for l in lignes.iter().filter(|l| Ensemble::PROP.contains_etat(l.etat())) {
            sets.actuel.clear_around(l.candidat());
            sets.initial.clear_around(l.candidat());
        }
    }
    constat
}

/// Somebody waits for an internat that was proposed to another, behind both in the call order and in the internat.
fn breaks_p2(
    lignes: &[Ligne],
    internes: &[super::internes::Interne],
    marques: &[Marque],
    base: usize,
) -> bool {
    // (internat, rang d'appel, proposed, rang internat)
    let mut suite: Vec<(u32, i32, bool, i32)> = Vec::new();
    for (v, marque) in internes.iter().zip(marques) {
        let l = &lignes[v.ligne as usize - base];
        let etat = l.etat();
        if etat.is_ignorer_rang_attente() {
            continue;
        }
        let newcomer =
            !marque.initial_groupe && !marque.initial_internat && !v.formation_obtenue && !v.internat_obtenu;
        if etat.is_attente() || (Ensemble::JOUR.contains_etat(etat) && newcomer) {
            suite.push((v.internat, l.rang(), !etat.is_attente(), v.rang));
        }
    }
    suite.sort_unstable();
    suite.chunk_by(|a, b| a.0 == b.0).any(|internat| {
        let mut best = i32::MAX;
        internat.chunk_by(|a, b| a.1 == b.1).any(|meme_rang| {
            let overtaken = meme_rang.iter().any(|&(_, _, propose, rang)| propose && rang > best);
            for &(_, _, propose, rang) in meme_rang {
                if !propose {
                    best = best.min(rang);
                }
            }
            overtaken
        })
    })
}

/// P3 for each internat.
pub(crate) fn check_internats(
    table: &Table,
    internes: &Internes,
    marques: &[Marque],
    barres: &[i32],
    barres_maximales: &[i32],
) -> Vec<ViolationResultat> {
    let broken = |(i, (barre, barre_maximale)): (usize, (&i32, &i32))| {
        let etat = |k: u32| table.lignes[internes.voeux[k as usize].ligne as usize].etat();
        let mut premier = i32::MAX;
        let mut dernier = 0;
        for &k in internes.by_candidat(i) {
            let (v, etat) = (&internes.voeux[k as usize], etat(k));
            if etat.is_ignorer_rang_attente() {
                continue;
            }
            if etat.is_attente() && marques[k as usize].actuel_groupe {
                premier = premier.min(v.rang);
            } else if Ensemble::JOUR.contains_etat(etat) && !marques[k as usize].initial_internat {
                dernier = dernier.max(v.rang);
            }
        }
        (dernier > premier || barre > barre_maximale)
            .then_some(ViolationResultat::Internat(i as u32, Propriete::P3))
    };
    barres.par_iter().zip(barres_maximales).enumerate().filter_map(broken).collect()
}

/// What is set aside.
#[derive(Debug, Default)]
pub(crate) struct Ecart {
    /// Groupes set aside, by working number.
    pub(crate) groupes: Vec<bool>,
    pub(crate) internats: Vec<bool>,
    pub(crate) alerte: bool,
    pub(crate) avertissement: bool,
    pub(crate) violations: Vec<ViolationResultat>,
}

/// From violations to what is set aside: groupes of an internat at fault, then whoever shares an internat.
pub(crate) fn set_aside(
    table: &Table,
    internes: &Internes,
    constats: &[Constat],
    internats_en_faute: Vec<ViolationResultat>,
    nombre_internats: usize,
) -> Ecart {
    let mut ecart = Ecart {
        groupes: vec![false; constats.len()],
        internats: vec![false; nombre_internats],
        violations: internats_en_faute,
        ..Ecart::default()
    };
    let mut invalide = vec![false; constats.len()];
    let mut pile = Vec::new();
    for (g, constat) in constats.iter().enumerate() {
        if constat.is_invalid() {
            invalide[g] = true;
            pile.push(g as u32);
        }
    }
    for violation in &ecart.violations {
        let ViolationResultat::Internat(i, _) = *violation else { continue };
        for v in internes.attente(i as usize) {
            let g = v.groupe as usize;
            if !invalide[g] {
                invalide[g] = true;
                pile.push(v.groupe);
            }
        }
    }
    internes.spread(&mut invalide, pile);
    for (g, constat) in constats.iter().enumerate() {
        let position = table.groupe[g];
        for (broken, propriete) in
            [(constat.p1, Propriete::P1), (constat.p2, Propriete::P2), (constat.p4, Propriete::P4)]
        {
            if broken {
                ecart.violations.push(ViolationResultat::Groupe(position, propriete));
            }
        }
        if invalide[g] && constat.jour > 0 {
            ecart.groupes[g] = true;
            ecart.alerte = true;
        }
    }
    ecart.avertissement = !ecart.alerte && invalide.contains(&true);
    for v in internes.voeux.iter().filter(|v| v.attente && ecart.groupes[v.groupe as usize]) {
        ecart.internats[v.internat as usize] = true;
    }
    ecart.violations.sort_unstable();
    ecart
}

#[cfg(test)]
mod tests {
    //! What no valid input can bring about: only a fault of the program would, and the checks must still see it.

    use super::*;
    use crate::propositions::entree::{Etat, Statut};
    use crate::propositions::internes::Interne;
    use crate::propositions::ligne;

    fn groupe(places: i64, suspendu: bool) -> Groupe {
        Groupe { places, suspendu, ..Groupe::default() }
    }

    fn check(groupe: &Groupe, lignes: &[Ligne], internes: &[Interne]) -> Constat {
        let mut marques = vec![Marque::default(); internes.len()];
        check_groupe(groupe, lignes, internes, &mut marques, 0, &mut Ensembles::new(10))
    }

    fn row(candidat: u32, rang: i32, statut: Statut, reference: bool) -> Ligne {
        ligne::new(
            candidat,
            rang,
            candidat as usize,
            Etat::new(statut).with_internat(reference),
            reference,
            0,
        )
    }

    #[test]
    fn an_empty_place_while_somebody_waits_is_seen() {
        let attente = [row(0, 1, Statut::EnAttente, false)];
        assert!(check(&groupe(1, false), &attente, &[]).p4);
        assert!(!check(&groupe(0, false), &attente, &[]).p4);
        assert!(!check(&groupe(1, true), &attente, &[]).p4);
        assert!(!check(&groupe(1, false), &[row(0, 1, Statut::EnAttente, true)], &[interne(0, 1)]).p4);
    }

    fn interne(k: u32, rang: i32) -> Interne {
        Interne { ligne: k, candidat: k, rang, attente: true, ..Interne::default() }
    }

    #[test]
    fn whoever_is_overtaken_in_both_orders_is_seen() {
        let lignes = [row(0, 1, Statut::EnAttente, true), row(1, 2, Statut::PropositionDuJour, true)];
        let p2 = |lignes: &[Ligne], internes: &[Interne]| check(&groupe(1, false), lignes, internes).p2;
        let both = [interne(0, 1), interne(1, 2)];
        assert!(p2(&lignes, &both));
        assert!(!p2(&lignes, &[interne(0, 2), interne(1, 1)]), "better ranked in the internat");
        assert!(!p2(&lignes, &[interne(0, 1), Interne { internat: 1, ..interne(1, 2) }]), "another internat");
        let placed = Interne { internat_obtenu: true, ..interne(1, 2) };
        assert!(!p2(&lignes, &[interne(0, 1), placed]), "already had the internat");
        let placed = Interne { formation_obtenue: true, ..interne(1, 2) };
        assert!(!p2(&lignes, &[interne(0, 1), placed]), "already had the formation");
        assert!(!p2(&lignes, &[interne(0, 2), interne(1, 2)]), "as well ranked in the internat");
        let kept = row(1, 2, Statut::AnterieureAcceptee, false);
        assert!(
            !p2(&[lignes[0], lignes[1], kept], &both),
            "holds a place in the groupe since an earlier day"
        );
        let mut marques = [Marque::default(), Marque { initial_internat: true, ..Marque::default() }];
        let sets = &mut Ensembles::new(10);
        let constat = check_groupe(&groupe(1, false), &lignes, &both, &mut marques, 0, sets);
        assert!(!constat.p2 && constat.jour == 1, "held the internat before");
        // Whoever waits overtakes nobody, and the best ranked of those who wait before is the one overtaken.
        let third = row(2, 3, Statut::PropositionDuJour, true);
        let three = [lignes[0], row(1, 2, Statut::EnAttente, true), third];
        for (rangs, expected) in
            [([2, 3, 1], false), ([1, 3, 2], true), ([3, 1, 2], true), ([3, 4, 2], false)]
        {
            let internes = [interne(0, rangs[0]), interne(1, rangs[1]), interne(2, rangs[2])];
            assert_eq!(p2(&three, &internes), expected, "{rangs:?}");
        }
        for k in 0..2 {
            let mut ignored = lignes;
            let etat = Etat::new(lignes[k].etat().statut()).with_ignorer_rang_attente(true);
            ignored[k] = ligne::new(k as u32, k as i32 + 1, k, etat, true, 0);
            assert!(!p2(&ignored, &both), "voeu {k} is reinstated");
        }
    }

    #[test]
    fn the_other_variant_overtakes_nobody() {
        // The first one waits beside its own proposition; the second one, further down, had the groupe already.
        let lignes = [
            row(0, 1, Statut::EnAttente, false),
            row(0, 1, Statut::PropositionDuJour, true),
            row(1, 2, Statut::AnterieureAcceptee, false),
            row(1, 2, Statut::PropositionDuJour, true),
        ];
        assert!(!check(&groupe(2, false), &lignes, &[interne(1, 1), interne(3, 2)]).p1);
        let newcomer = [lignes[0], lignes[1], lignes[3]];
        assert!(check(&groupe(2, false), &newcomer, &[interne(1, 1), interne(2, 2)]).p1);
    }

    #[test]
    fn a_violation_without_proposition_only_warns() {
        let entree = crate::propositions::Entree {
            groupes: vec![crate::propositions::Groupe::default()],
            ..crate::propositions::Entree::default()
        };
        let table = Table::build(&entree).expect("no voeu, no fault");
        let internes = Internes::build(&entree, &table);
        let ecart = |jour: u32| {
            let constat = Constat { p4: true, jour, ..Constat::default() };
            set_aside(&table, &internes, &[constat], Vec::new(), 0)
        };
        assert!(ecart(0).avertissement && !ecart(0).alerte && ecart(0).groupes == [false]);
        assert!(!ecart(1).avertissement && ecart(1).alerte && ecart(1).groupes == [true]);
        assert_eq!(ecart(0).violations, [ViolationResultat::Groupe(0, Propriete::P4)]);
    }
}
