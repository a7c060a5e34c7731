//! A day told as the specification tells it, list by list, with nothing kept from one step to the next. What the engine
//! gives must be the same, to the last display, however odd the marks of the voeux.
//!
//! `crates/reference` tells the same days, for production and for jurists; the engine, which depends on nothing of ours, cannot
//! call it, and it says less: neither the passes, nor each violation, nor where a refusal is. A rule that changes changes here too.

use std::collections::{BTreeSet, HashSet};

use crate::commun::{Des, Profil, call, draw};
use engine::propositions::{
    AffichageGroupe, AffichageInternat, BarresGroupe, Changement, Entree, Lieu, Motif, Propriete, Refus,
    SANS_LIMITE, Sortie, Statut, ViolationResultat, VoeuInternat, compute,
};

/// What is read of a voeu: everything but its statut stays the same all night.
trait Lecture {
    fn positions(&self) -> std::ops::Range<usize>;
    fn statut(&self, i: usize) -> Statut;
    fn preference(&self, i: usize) -> i32;
    fn affiche(&self, i: usize) -> i32;
    fn interne(&self, i: usize) -> Option<(usize, i32)>;
    fn in_groupe(&self, g: usize) -> Vec<usize>;
    fn in_internat(&self, i: usize) -> Vec<usize>;
    fn who(&self, voeux: &[usize], keep: impl Fn(Statut) -> bool) -> BTreeSet<u32>;
}

impl Lecture for Entree {
    fn positions(&self) -> std::ops::Range<usize> {
        0..self.voeux.len()
    }

    fn statut(&self, i: usize) -> Statut {
        self.voeux.etat[i].statut()
    }

    fn preference(&self, i: usize) -> i32 {
        self.voeux.rang_preference.get(i).copied().unwrap_or(0)
    }

    fn affiche(&self, i: usize) -> i32 {
        self.voeux.rang_appel_affiche.get(i).copied().unwrap_or(self.voeux.rang_appel[i])
    }

    fn interne(&self, i: usize) -> Option<(usize, i32)> {
        let e = self.voeux.en_internat.iter().find(|e| e.voeu as usize == i)?;
        (e.internat != VoeuInternat::SANS_REFERENCE).then_some((e.internat as usize, e.rang))
    }

    /// In call order.
    fn in_groupe(&self, g: usize) -> Vec<usize> {
        let mut voeux: Vec<usize> =
            self.positions().filter(|&i| self.voeux.groupe[i] as usize == g).collect();
        voeux.sort_by_key(|&i| self.voeux.rang_appel[i]);
        voeux
    }

    /// In the order of the internat.
    fn in_internat(&self, internat: usize) -> Vec<usize> {
        let mut references: Vec<&VoeuInternat> =
            self.voeux.en_internat.iter().filter(|e| e.internat as usize == internat).collect();
        references.sort_by_key(|e| e.rang);
        references.into_iter().map(|e| e.voeu as usize).collect()
    }

    fn who(&self, voeux: &[usize], keep: impl Fn(Statut) -> bool) -> BTreeSet<u32> {
        voeux.iter().filter(|&&i| keep(self.statut(i))).map(|&i| self.voeux.candidat[i]).collect()
    }
}

fn waits(statut: Statut) -> bool {
    statut == Statut::EnAttente
}

/// Proposed on an earlier day, and holding a place.
fn is_kept(statut: Statut) -> bool {
    matches!(statut, Statut::AnterieureSansReponse | Statut::AnterieureAcceptee)
}

fn is_anterieure(statut: Statut) -> bool {
    is_kept(statut) || statut == Statut::AnterieureRefusee
}

/// §6.1.
fn estimate(entree: &Entree, g: usize) -> i64 {
    let (p, g) = (&entree.parametres, &entree.groupes[g]);
    let (jour, fin) = (i64::from(p.jour), i64::from(p.jour_fin_reservation_internats));
    let limite = i64::from(g.rang_limite);
    let (a, b): (i64, i64) = (g.rang_dernier_appele.into(), g.rang_dernier_appele_reference.into());
    let sans_limite = i64::from(SANS_LIMITE);
    match (jour, a, b) {
        (..=1, ..) => sans_limite,
        _ if jour >= fin => a.max(limite),
        (_, 0, _) => sans_limite,
        (_, _, 0) => (a * (fin - 1) / (jour - 1)).max(limite).max(a),
        _ => (a + (fin - jour) * (a - b) / 4).max(limite).max(a),
    }
}

/// A pass: the day as it stood when it began, and the bars found.
struct Passage {
    debut: Entree,
    barres_maximales: Vec<i32>,
    barres: Vec<i32>,
}

impl Passage {
    fn pourvus_internat(&self, internat: usize) -> BTreeSet<u32> {
        self.debut.who(&self.debut.in_internat(internat), Statut::is_proposition)
    }

    fn attente(&self, internat: usize) -> Vec<usize> {
        let voeux = self.debut.in_internat(internat);
        voeux.into_iter().filter(|&i| waits(self.debut.statut(i))).collect()
    }

    fn vacantes(&self, internat: usize) -> usize {
        let capacite = self.debut.internats[internat].capacite as usize;
        capacite.saturating_sub(self.pourvus_internat(internat).len())
    }

    /// §6.2.
    fn max_bar(&self, internat: usize) -> i32 {
        let entree = &self.debut;
        let attente = self.attente(internat);
        let groupe = |i: usize| entree.voeux.groupe[i] as usize;
        let p = &entree.parametres;
        if p.jour >= p.jour_fin_reservation_internats
            || attente.iter().any(|&i| entree.groupes[groupe(i)].fin_reservation_internats)
        {
            return SANS_LIMITE;
        }
        let pourvus = self.pourvus_internat(internat);
        let mut retenus: Vec<i32> = attente
            .into_iter()
            .filter(|&i| i64::from(entree.voeux.rang_appel[i]) <= estimate(entree, groupe(i)))
            .filter(|&i| !pourvus.contains(&entree.voeux.candidat[i]))
            .filter_map(|i| entree.interne(i).map(|(_, rang)| rang))
            .collect();
        retenus.dedup();
        retenus.into_iter().take(self.vacantes(internat)).next_back().unwrap_or(0)
    }

    /// §6.3: the lower bar of an internat that is asked for more than it has.
    fn lower(&self, internat: usize, proposes: &BTreeSet<usize>) -> Option<i32> {
        let pourvus = self.pourvus_internat(internat);
        let mut rangs: Vec<i32> = self
            .attente(internat)
            .into_iter()
            .filter(|i| proposes.contains(i) && !pourvus.contains(&self.debut.voeux.candidat[*i]))
            .filter_map(|i| self.debut.interne(i).map(|(_, rang)| rang))
            .collect();
        rangs.dedup();
        rangs.get(self.vacantes(internat)).map(|rang| rang - 1)
    }

    /// §5 and §6: who is proposed.
    fn run(debut: Entree) -> (Self, BTreeSet<usize>) {
        let internats = 0..debut.internats.len();
        let mut passage = Self { debut, barres_maximales: Vec::new(), barres: Vec::new() };
        passage.barres_maximales = internats.clone().map(|i| passage.max_bar(i)).collect();
        passage.barres.clone_from(&passage.barres_maximales);
        loop {
            let entree = &passage.debut;
            let ouverts = (0..entree.groupes.len()).filter(|&g| !entree.groupes[g].admissions_suspendues);
            let proposes: BTreeSet<usize> =
                ouverts.flat_map(|g| call(entree, g as u32, &passage.barres)).collect();
            let lower: Vec<Option<i32>> = internats.clone().map(|i| passage.lower(i, &proposes)).collect();
            if lower.iter().all(Option::is_none) {
                return (passage, proposes);
            }
            for (barre, lower) in passage.barres.iter_mut().zip(lower) {
                *barre = lower.unwrap_or(*barre);
            }
        }
    }
}

/// §7: what the candidats lose. Returns the number of places freed.
fn answer(entree: &mut Entree) -> usize {
    let gdd = entree.parametres.jour >= entree.parametres.jour_debut_gdd;
    let mut liberees = 0;
    for candidat in 0..entree.nombre_candidats {
        let own: Vec<usize> = entree.positions().filter(|&i| entree.voeux.candidat[i] == candidat).collect();
        let hors_pp = |i: &usize| entree.voeux.etat[*i].is_hors_pp();
        let actif = entree.repondeurs.contains(&candidat);
        let best = own
            .iter()
            .filter(|&i| entree.statut(*i).is_proposition_du_jour())
            .filter(|&i| if actif { !hors_pp(i) } else { gdd && entree.preference(*i) > 0 })
            .map(|&i| entree.preference(i))
            .min();
        let Some(best) = best else { continue };
        let lost: Vec<(usize, Statut)> = own
            .iter()
            .filter_map(|&i| {
                let (statut, worse) = (entree.statut(i), entree.preference(i) > best);
                let du_jour = statut.is_proposition_du_jour();
                let perdue = if actif {
                    !hors_pp(&i) && (is_kept(statut) || du_jour && worse)
                } else {
                    worse && (du_jour || statut == Statut::AnterieureSansReponse && !hors_pp(&i))
                };
                match (actif, perdue, worse && waits(statut)) {
                    (true, true, _) => Some((i, Statut::RaRefusProposition)),
                    (true, _, true) => Some((i, Statut::RaDemissionAttente)),
                    (false, true, _) => Some((i, Statut::GddDemissionProposition)),
                    (false, _, true) => Some((i, Statut::GddDemissionAttente)),
                    _ => None,
                }
            })
            .collect();
        for (i, statut) in lost {
            liberees += usize::from(entree.statut(i).is_proposition());
            entree.voeux.etat[i] = entree.voeux.etat[i].with_statut(statut);
        }
    }
    liberees
}

/// §10.3 for one candidat: the order of the property in the text, the voeu, the property.
fn fault(entree: &Entree, candidat: u32) -> Option<(u8, usize, Motif)> {
    let own: Vec<usize> = entree.positions().filter(|&i| entree.voeux.candidat[i] == candidat).collect();
    let (statut, rang) = (|i: usize| entree.statut(i), |i: usize| entree.preference(i));
    let hors_pp = |i: usize| entree.voeux.etat[i].is_hors_pp();
    let actif = entree.repondeurs.contains(&candidat);
    let given_up = |i: usize| matches!(statut(i), Statut::RaDemissionAttente | Statut::RaRefusProposition);
    for &i in &own {
        if !actif && (given_up(i) || statut(i) == Statut::RaAcceptation) {
            return Some((1, i, Motif::RepondeurP7_1));
        }
        if actif && rang(i) == 0 && !is_anterieure(statut(i)) && statut(i) != Statut::RaRefusProposition {
            return Some((1, i, Motif::RepondeurP7_4));
        }
    }
    if actif {
        let propositions: Vec<usize> =
            own.iter().copied().filter(|&i| statut(i).is_proposition() && !hors_pp(i)).collect();
        if let Some(&i) = propositions.get(1) {
            return Some((2, i, Motif::RepondeurP7_2));
        }
        let proposition = propositions.first().copied();
        let garde = proposition.filter(|&i| statut(i) == Statut::RaAcceptation && rang(i) > 0);
        let justified =
            |i: usize| garde.is_some_and(|g| statut(i) == Statut::RaRefusProposition || rang(g) <= rang(i));
        if let Some(&i) = own.iter().find(|&&i| given_up(i) && !justified(i)) {
            return Some((3, i, Motif::RepondeurP7_3));
        }
        let mut ordonnes: Vec<usize> = own.iter().copied().filter(|&i| rang(i) > 0).collect();
        ordonnes.sort_by_key(|&i| rang(i));
        if let Some(paire) = ordonnes.windows(2).find(|paire| rang(paire[0]) == rang(paire[1])) {
            return Some((5, paire[1], Motif::RepondeurP7_5));
        }
        let best = ordonnes.iter().find(|&&i| waits(statut(i)));
        if let (Some(&best), Some(i)) = (best, proposition)
            && rang(i) > 0
            && rang(best) >= rang(i)
        {
            return Some((6, i, Motif::RepondeurP7_6));
        }
    }
    let resigned = own
        .iter()
        .filter(|&&i| matches!(statut(i), Statut::GddDemissionAttente | Statut::GddDemissionProposition))
        .min_by_key(|&&i| rang(i));
    let worst =
        own.iter().filter(|&&i| statut(i).is_proposition_du_jour() && rang(i) > 0).map(|&i| rang(i)).max();
    let gdd = entree.parametres.jour >= entree.parametres.jour_debut_gdd;
    match resigned {
        Some(&i)
            if gdd && own.iter().any(|&i| waits(statut(i))) && worst.is_none_or(|worst| worst > rang(i)) =>
        {
            Some((8, i, Motif::GddP8))
        }
        _ => None,
    }
}

fn check_answers(entree: &Entree) -> Result<(), Refus> {
    let p = &entree.parametres;
    if (p.jour_debut_gdd..p.jour_fin_ordonnancement_gdd).contains(&p.jour) {
        return Ok(());
    }
    let faults = (0..entree.nombre_candidats).filter_map(|candidat| fault(entree, candidat));
    match faults.min_by_key(|&(ordre, voeu, _)| (ordre, voeu)) {
        Some((_, voeu, motif)) => Err(Refus { motif, lieu: Lieu::Voeu(voeu as u32) }),
        None => Ok(()),
    }
}

/// §9: what is broken, and what is set aside for it.
struct Ecart {
    violations: Vec<ViolationResultat>,
    groupes: BTreeSet<usize>,
    internats: BTreeSet<usize>,
    invalid: bool,
}

fn check_result(soir: &Entree, passage: &Passage) -> Ecart {
    let debut = &passage.debut;
    let rang = |i: usize| soir.voeux.rang_appel[i];
    let groupe = |i: usize| soir.voeux.groupe[i] as usize;
    let candidat = |i: usize| soir.voeux.candidat[i];
    let du_jour = |i: usize| soir.statut(i).is_proposition_du_jour();
    let ignored = |i: usize| soir.voeux.etat[i].is_ignorer_rang_attente();
    let mut violations = Vec::new();
    let mut invalid = BTreeSet::new();
    for (g, of) in soir.groupes.iter().enumerate() {
        let voeux = soir.in_groupe(g);
        let initial = soir.who(&voeux, is_kept);
        let actuel = soir.who(&voeux, Statut::is_proposition);
        let pourvus = debut.who(&voeux, Statut::is_proposition);
        let premier = voeux.iter().find(|&&i| waits(soir.statut(i)) && soir.interne(i).is_none());
        let overtakes =
            |p: usize, i: usize| rang(i) > rang(p) && du_jour(i) && !initial.contains(&candidat(i));
        let p1 = premier.is_some_and(|&p| voeux.iter().any(|&i| overtakes(p, i)));
        let overtakes_twice = |p: usize, i: usize| match (soir.interne(p), soir.interne(i)) {
            (Some((a, rang_p)), Some((b, rang_i))) => {
                let is_known = || {
                    pourvus.contains(&candidat(i))
                        || passage.pourvus_internat(b).contains(&candidat(i))
                        || soir.who(&soir.in_internat(b), is_kept).contains(&candidat(i))
                };
                a == b && rang_p < rang_i && overtakes(p, i) && !ignored(i) && !ignored(p) && !is_known()
            }
            _ => false,
        };
        let p2 = voeux.iter().any(|&p| waits(soir.statut(p)) && voeux.iter().any(|&i| overtakes_twice(p, i)));
        let called = |i: usize| {
            soir.statut(i).is_proposition()
                || matches!(soir.statut(i), Statut::RaRefusProposition | Statut::GddDemissionProposition)
        };
        let bloc = voeux.iter().any(|&i| called(i) && rang(i) <= of.rang_limite);
        let places = of.places as usize;
        let too_many = actuel.len() > places && actuel.len() > initial.len() && !bloc;
        let p4 = !of.admissions_suspendues && (too_many || actuel.len() < places && premier.is_some());
        for (broken, propriete) in [(p1, Propriete::P1), (p2, Propriete::P2), (p4, Propriete::P4)] {
            if broken {
                violations.push(ViolationResultat::Groupe(g as u32, propriete));
                invalid.insert(g);
            }
        }
    }
    for (internat, of) in soir.internats.iter().enumerate() {
        let voeux = soir.in_internat(internat);
        let initial = soir.who(&voeux, is_kept);
        let actuel = soir.who(&voeux, Statut::is_proposition);
        let in_formation =
            |i: usize| soir.who(&soir.in_groupe(groupe(i)), Statut::is_proposition).contains(&candidat(i));
        let rangs = |keep: &dyn Fn(usize) -> bool| -> Vec<i32> {
            let kept = voeux.iter().filter(|&&i| !ignored(i) && keep(i));
            kept.filter_map(|&i| soir.interne(i).map(|(_, rang)| rang)).collect()
        };
        let waiting = rangs(&|i| waits(soir.statut(i)) && in_formation(i));
        let entered = rangs(&|i| du_jour(i) && !initial.contains(&candidat(i)));
        let p3 = waiting.first().is_some_and(|premier| entered.last() > Some(premier));
        let p5 = actuel.len() > of.capacite as usize && actuel.len() > initial.len();
        for (broken, propriete) in [(p3, Propriete::P3), (p5, Propriete::P5)] {
            if broken {
                violations.push(ViolationResultat::Internat(internat as u32, propriete));
                invalid.extend(passage.attente(internat).into_iter().map(groupe));
            }
        }
    }
    loop {
        let before = invalid.len();
        for internat in 0..soir.internats.len() {
            let groupes: BTreeSet<usize> = soir.in_internat(internat).into_iter().map(groupe).collect();
            if !groupes.is_disjoint(&invalid) {
                invalid.extend(groupes);
            }
        }
        if invalid.len() == before {
            break;
        }
    }
    let groupes: BTreeSet<usize> =
        soir.positions().filter(|&i| du_jour(i)).map(groupe).filter(|g| invalid.contains(g)).collect();
    let internats = (0..soir.internats.len())
        .filter(|&internat| passage.attente(internat).into_iter().any(|i| groupes.contains(&groupe(i))))
        .collect();
    violations.sort_unstable();
    Ecart { violations, groupes, internats, invalid: !invalid.is_empty() }
}

/// §8.1 for one groupe: the ranks, by voeu, and the number of candidats.
fn waiting_ranks(soir: &Entree, g: usize) -> (Vec<(usize, u32)>, u32) {
    let v = &soir.voeux;
    let veille = |i: usize| v.rang_attente_veille.get(i).copied().unwrap_or(0);
    let with_boarding = |i: usize| v.etat[i].is_avec_internat();
    let considered: Vec<usize> = soir
        .in_groupe(g)
        .into_iter()
        .filter(|&i| !is_anterieure(soir.statut(i)) && !v.etat[i].is_hors_pp())
        .collect();
    let (mut n, mut total, mut dernier) = (0, 0, None);
    let mut rangs = Vec::new();
    for &i in considered.iter().filter(|&&i| waits(soir.statut(i)) && soir.interne(i).is_none()) {
        let other_variant = soir.positions().any(|j| {
            v.candidat[j] == v.candidat[i]
                && soir.groupes[v.groupe[j] as usize].formation == soir.groupes[g].formation
                && with_boarding(j) != with_boarding(i)
                && soir.statut(j).is_proposition_du_jour()
        });
        if !other_variant && dernier != Some(v.candidat[i]) {
            n += 1;
            total += 1;
            dernier = Some(v.candidat[i]);
        }
        let rang = if soir.parametres.jour == 1 {
            n.max(1)
        } else {
            let after = |&&j: &&usize| {
                v.rang_appel[j] > v.rang_appel[i] && v.candidat[j] != v.candidat[i] && veille(j) > 0
            };
            let of_eve = if veille(i) > 0 { Some(i) } else { considered.iter().find(after).copied() };
            n = of_eve.map_or(n, |j| n.min(veille(j)));
            n
        };
        rangs.push((i, rang as u32));
    }
    (rangs, total)
}

/// §8.2.
fn last_called(soir: &Entree, g: usize, passage: &Passage) -> i32 {
    let mut dernier = 0;
    for i in soir.in_groupe(g) {
        let etat = soir.voeux.etat[i];
        let blocked = soir.interne(i).is_some_and(|(internat, rang)| {
            rang > passage.barres[internat]
                && !passage.pourvus_internat(internat).contains(&soir.voeux.candidat[i])
        });
        if etat.statut().is_proposition_du_jour() {
            dernier = dernier.max(soir.affiche(i));
        } else if waits(etat.statut()) && !etat.is_ignorer_rang_attente() && !blocked {
            break;
        }
    }
    dernier
}

/// §8.3.
fn boarding_bars(soir: &Entree, internat: usize, passage: &Passage) -> Vec<BarresGroupe> {
    let attente = passage.attente(internat);
    let groupes: BTreeSet<u32> = attente.iter().map(|&i| soir.voeux.groupe[i]).collect();
    let barres = |groupe: u32| {
        let rang = |i: usize| soir.interne(i).filter(|&(of, _)| of == internat).map(|(_, rang)| rang);
        let voeux: Vec<usize> =
            soir.in_groupe(groupe as usize).into_iter().filter(|&i| rang(i).is_some()).collect();
        let du_jour = |i: usize| soir.statut(i).is_proposition_du_jour();
        let barre_internat = voeux.iter().filter(|&&i| du_jour(i)).filter_map(|&i| rang(i)).max();
        let mut barre_appel = 0;
        for &i in voeux.iter().filter(|_| barre_internat.is_some()) {
            let etat = soir.voeux.etat[i];
            let ignored = etat.is_ignorer_rang_attente() || etat.is_ignorer_barre_internat();
            if du_jour(i) {
                barre_appel = barre_appel.max(soir.affiche(i));
            } else if waits(etat.statut()) && !ignored && rang(i) <= barre_internat {
                break;
            }
        }
        BarresGroupe { groupe, barre_appel, barre_internat: barre_internat.unwrap_or(0) }
    };
    groupes.into_iter().map(barres).collect()
}

/// §4: the whole night.
fn expected(matin: &Entree) -> Result<Sortie, Refus> {
    check_answers(matin)?;
    let mut soir = matin.clone();
    let mut passages = 0;
    let passage = loop {
        let (passage, proposes) = Passage::run(soir.clone());
        passages += 1;
        for i in proposes {
            let ra = soir.repondeurs.contains(&soir.voeux.candidat[i]) && soir.preference(i) > 0;
            let statut = if ra { Statut::RaAcceptation } else { Statut::PropositionDuJour };
            soir.voeux.etat[i] = soir.voeux.etat[i].with_statut(statut);
        }
        let unordered = soir.positions().find(|&i| {
            waits(soir.statut(i))
                && soir.repondeurs.contains(&soir.voeux.candidat[i])
                && soir.preference(i) == 0
        });
        if let Some(voeu) = unordered {
            return Err(Refus { motif: Motif::RepondeurVoeuSansRang, lieu: Lieu::Voeu(voeu as u32) });
        }
        let liberees = answer(&mut soir);
        check_answers(&soir)?;
        if liberees == 0 {
            break passage;
        }
    };
    let ecart = check_result(&soir, &passage);
    let mut sortie = Sortie {
        alerte: !ecart.groupes.is_empty(),
        avertissement: ecart.groupes.is_empty() && ecart.invalid,
        groupes_ecartes: ecart.groupes.iter().map(|&g| g as u32).collect(),
        internats_ecartes: ecart.internats.iter().map(|&i| i as u32).collect(),
        rangs_attente: vec![0; soir.voeux.len()],
        violations: ecart.violations,
        passages,
        ..Sortie::default()
    };
    for i in soir.positions().filter(|&i| soir.statut(i) != matin.statut(i)) {
        let withheld = ecart.groupes.contains(&(soir.voeux.groupe[i] as usize));
        let list = if withheld { &mut sortie.changements_ecartes } else { &mut sortie.changements };
        list.push(Changement { voeu: i as u32, statut: soir.statut(i) });
    }
    for g in 0..soir.groupes.len() {
        let (rangs, candidats_en_attente) = waiting_ranks(&soir, g);
        if !rangs.is_sorted_by_key(|&(_, rang)| rang) {
            sortie.rangs_decroissants.push(g as u32);
        }
        for (i, rang) in rangs.into_iter().filter(|_| !ecart.groupes.contains(&g)) {
            sortie.rangs_attente[i] = rang;
        }
        sortie.groupes.push(AffichageGroupe {
            estimation_rang_dernier_appele: estimate(&soir, g),
            rang_dernier_appele_affiche: last_called(&soir, g, &passage),
            candidats_en_attente,
        });
    }
    for i in 0..soir.internats.len() {
        sortie.internats.push(AffichageInternat {
            barre_maximale: passage.barres_maximales[i],
            barre: passage.barres[i],
            affichages: boarding_bars(&soir, i, &passage),
        });
    }
    Ok(sortie)
}

/// A valid day with all that a voeu may bear, and now and then statuts that only a computation gives.
fn odd_day(graine: u64) -> Entree {
    let mut des = Des(graine);
    let jour = match des.below(10) {
        0 => 1,
        1..4 => 2 + des.below(10),
        4 => 48 + des.below(9),
        _ => 56,
    };
    let mut entree = draw(
        des.below(1 << 31),
        Profil {
            candidats: 2 + des.below(9) as u32,
            formations: 1 + des.below(4) as u32,
            internats: des.chance(75),
            reponses: des.chance(80),
            jour: jour as i32,
        },
    );
    for groupe in &mut entree.groupes {
        groupe.admissions_suspendues = des.chance(10);
    }
    let dispersion = if des.chance(20) { 1000 } else { 1 };
    let (shown, eve, internal) = (des.chance(50), des.chance(60), des.chance(25));
    let v = &mut entree.voeux;
    for e in &mut v.en_internat {
        if des.chance(8) {
            e.internat = VoeuInternat::SANS_REFERENCE;
        }
    }
    for i in 0..v.len() {
        v.rang_appel[i] *= dispersion;
        let etat =
            v.etat[i].with_ignorer_rang_attente(des.chance(12)).with_ignorer_barre_internat(des.chance(12));
        let etat = match des.below(40) {
            0 => etat.with_statut(Statut::RefusOuDemission),
            1 => etat.with_statut(Statut::NonClasse),
            2 => etat.with_statut(Statut::AnterieureRefusee),
            3 => etat.with_statut(Statut::AnterieureAcceptee).with_hors_pp(true),
            4 => etat.with_statut(Statut::AnterieureSansReponse).with_hors_pp(true),
            5..9 if internal => etat.with_statut(Statut::PropositionDuJour),
            9 if internal => etat.with_statut(Statut::TOUS[des.below(7) as usize]),
            _ => etat,
        };
        v.etat[i] = etat;
        if is_anterieure(etat.statut()) && des.chance(50) {
            v.rang_appel[i] = 0;
        }
    }
    // Now and then an order that was badly kept.
    if des.chance(15)
        && let n @ 1.. = v.rang_preference.len()
    {
        let (i, j) = (des.below(n as u64) as usize, des.below(n as u64) as usize);
        v.rang_preference[i] = if des.chance(50) { 0 } else { v.rang_preference[j] };
    }
    if shown {
        v.rang_appel_affiche = v.rang_appel.iter().map(|&rang| rang.max(3) - des.below(3) as i32).collect();
    }
    if eve {
        v.rang_attente_veille = v.rang_appel.iter().map(|_| des.below(7) as i32).collect();
    }
    entree
}

#[test]
fn a_night_is_what_the_specification_tells() {
    let (mut again, mut alerts, mut decreasing) = (0, 0, 0);
    let mut motifs = HashSet::new();
    for graine in 0..3000 {
        let entree = odd_day(graine);
        let sortie = compute(&entree);
        assert_eq!(sortie, expected(&entree), "day {graine}: {entree:?}");
        match sortie {
            Ok(sortie) => {
                again += u32::from(sortie.passages > 1);
                alerts += u32::from(sortie.alerte);
                decreasing += u32::from(!sortie.rangs_decroissants.is_empty());
            }
            Err(refus) => {
                motifs.insert(refus.motif);
            }
        }
    }
    // The draws reach what they are meant for.
    assert!(again > 200 && alerts > 100 && decreasing > 50, "{again} {alerts} {decreasing}");
    assert!(motifs.len() == 8, "{motifs:?}");
}
