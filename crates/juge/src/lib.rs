//! R-ADM-10: a run of the engine, computed a second time by the reference, which shares nothing with it. Nothing is published unless
//! the two say the same.

#![deny(missing_docs)]

mod explication;

pub use explication::{JourJuge, judge_order_explanation};

use engine::ordre_appel::{GroupeClassement, OrdreAppel};
use engine::propositions::{
    AffichageGroupe, AffichageInternat, Entree, Options, Sortie, Statut, VoeuInternat,
};
use reference::ordre_appel::{Classe, Classement, call_order};
use reference::propositions as juge;

/// The first difference between the day computed with these options and the same day judged, in French; `None`: they agree.
#[must_use]
pub fn judge_day(entree: &Entree, options: &Options, sortie: &Sortie) -> Option<String> {
    let jugee =
        if options.reparation { juge::compute_repaired(input(entree)) } else { juge::compute(input(entree)) };
    let jugee = match jugee {
        Ok(jugee) => jugee,
        Err(code) => return Some(format!("la référence refuse les données : {code}")),
    };
    flags(sortie, &jugee)
        .or_else(|| statuts(entree, sortie, &jugee))
        .or_else(|| waiting_ranks(sortie, &jugee))
        .or_else(|| groups(sortie, &jugee))
        .or_else(|| boardings(sortie, &jugee))
}

fn flags(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    let dit = (sortie.alerte, sortie.avertissement);
    if dit != (jugee.alerte, jugee.avertissement) {
        return Some("alerte ou avertissement".to_owned());
    }
    let ecartes: Vec<usize> = sortie.groupes_ecartes.iter().map(|g| *g as usize).collect();
    let differe = !jugee.groupes_ecartes.iter().eq(&ecartes);
    differe.then(|| format!("groupes écartés : {ecartes:?}, {:?} selon la référence", jugee.groupes_ecartes))
}

/// Those of groups set aside too.
fn statuts(entree: &Entree, sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    let mut dits: Vec<Statut> = entree.voeux.etat.iter().map(|etat| etat.statut()).collect();
    for c in sortie.changements.iter().chain(&sortie.changements_ecartes) {
        dits[c.voeu as usize] = c.statut;
    }
    if dits.len() != jugee.statuts.len() {
        return Some("nombre de vœux".to_owned());
    }
    let differe = |v: &usize| statut(dits[*v]) != jugee.statuts[*v];
    let v = (0..dits.len()).find(differe)?;
    Some(format!("vœu {v} : {:?}, {:?} selon la référence", dits[v], jugee.statuts[v]))
}

fn waiting_ranks(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    let (dits, juges) = (&sortie.rangs_attente, &jugee.rangs_attente);
    if dits.len() != juges.len() {
        return Some("nombre de rangs d’attente".to_owned());
    }
    let v = (0..dits.len()).find(|v| i64::from(dits[*v]) != i64::from(juges[*v]))?;
    Some(format!("rang d’attente du vœu {v} : {}, {} selon la référence", dits[v], juges[v]))
}

fn groups(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    if sortie.groupes.len() != jugee.groupes.len() {
        return Some("nombre de groupes".to_owned());
    }
    let differe = |(g, (a, b)): (usize, (&AffichageGroupe, &Option<juge::AffichageGroupe>))| {
        // A group set aside shows nothing.
        let b = b.as_ref()?;
        let dit = (
            a.estimation_rang_dernier_appele,
            a.rang_dernier_appele_affiche,
            i64::from(a.candidats_en_attente),
        );
        let juge = (b.estimation, b.dernier_appele, i64::from(b.candidats_en_attente));
        (dit != juge).then(|| format!("affichage du groupe {g} : {dit:?}, {juge:?} selon la référence"))
    };
    sortie.groupes.iter().zip(&jugee.groupes).enumerate().find_map(differe)
}

fn boardings(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    if sortie.internats.len() != jugee.internats.len() {
        return Some("nombre d’internats".to_owned());
    }
    let differe = |(i, (a, b)): (usize, (&AffichageInternat, &Option<juge::AffichageInternat>))| {
        let ecarte = sortie.internats_ecartes.iter().any(|e| *e as usize == i);
        // A boarding set aside shows nothing.
        let Some(b) = b else {
            return (!ecarte).then(|| format!("internat {i} : gardé, écarté selon la référence"));
        };
        if ecarte {
            return Some(format!("internat {i} : écarté, gardé selon la référence"));
        }
        let affichages: Vec<(u32, i32, i32)> =
            a.affichages.iter().map(|b| (b.groupe, b.barre_appel, b.barre_internat)).collect();
        let dit = (a.barre_maximale, a.barre, &affichages);
        let juge = (b.barre_maximale, b.barre, &b.affichages);
        (dit != juge).then(|| format!("barres de l’internat {i} : {dit:?}, {juge:?} selon la référence"))
    };
    sortie.internats.iter().zip(&jugee.internats).enumerate().find_map(differe)
}

/// The day as the reference reads it: one wish a line, no other copy.
fn input(e: &Entree) -> juge::Entree {
    let p = &e.parametres;
    let mut repondeurs = vec![false; e.nombre_candidats as usize];
    for c in &e.repondeurs {
        repondeurs[*c as usize] = true;
    }
    juge::Entree {
        parametres: juge::Parametres {
            jour: p.jour,
            jour_fin_reservation_internats: p.jour_fin_reservation_internats,
            jour_debut_gdd: p.jour_debut_gdd,
            jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd,
        },
        groupes: e
            .groupes
            .iter()
            .map(|g| juge::Groupe {
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
            .map(|i| juge::Internat {
                classement_internat: i.classement_internat,
                formation_inscription: i.formation_inscription,
                formation: i.formation,
                capacite: i.capacite,
            })
            .collect(),
        voeux: wishes(e),
        repondeurs,
    }
}

fn wishes(e: &Entree) -> Vec<juge::Voeu> {
    let v = &e.voeux;
    // A column that is empty has the same value everywhere.
    let autre = |colonne: &[i32], n: usize, sinon: i32| colonne.get(n).copied().unwrap_or(sinon);
    // Boarding parts are sorted by wish, and a wish has one at most.
    let mut lits = v.en_internat.iter().peekable();
    (0..v.len())
        .map(|n| {
            let lit = lits
                .next_if(|lit| lit.voeu as usize == n)
                .filter(|lit| lit.internat != VoeuInternat::SANS_REFERENCE);
            juge::Voeu {
                numero: n as u32,
                candidat: v.candidat[n],
                groupe: v.groupe[n],
                avec_internat: v.etat[n].is_avec_internat(),
                internat: lit.map(|lit| lit.internat),
                rang_internat: lit.map_or(0, |lit| lit.rang),
                rang_appel: v.rang_appel[n],
                rang_appel_affiche: autre(&v.rang_appel_affiche, n, v.rang_appel[n]),
                rang_preference: autre(&v.rang_preference, n, 0),
                statut: statut(v.etat[n].statut()),
                hors_pp: v.etat[n].is_hors_pp(),
                ignorer_rang_attente: v.etat[n].is_ignorer_rang_attente(),
                ignorer_barre_internat: v.etat[n].is_ignorer_barre_internat(),
                rang_attente_veille: autre(&v.rang_attente_veille, n, 0),
            }
        })
        .collect()
}

const fn statut(s: Statut) -> juge::Statut {
    use juge::Statut as J;
    match s {
        Statut::EnAttente => J::EnAttente,
        Statut::PropositionDuJour => J::PropositionDuJour,
        Statut::RaDemissionAttente => J::RaDemissionAttente,
        Statut::GddDemissionAttente => J::GddDemissionAttente,
        Statut::GddDemissionProposition => J::GddDemissionProposition,
        Statut::RaAcceptation => J::RaAcceptation,
        Statut::RaRefusProposition => J::RaRefusProposition,
        Statut::AnterieureSansReponse => J::PropositionAnterieureSansReponse,
        Statut::AnterieureAcceptee => J::PropositionAnterieureAcceptee,
        Statut::AnterieureRefusee => J::PropositionAnterieureRefusee,
        Statut::RefusOuDemission => J::RefusOuDemission,
        Statut::NonClasse => J::NonClasse,
    }
}

/// The first group whose call order is not that of the reference, in French; `None`: they agree.
#[must_use]
pub fn judge_orders(entree: &[GroupeClassement], ordres: &[OrdreAppel]) -> Option<String> {
    if entree.len() != ordres.len() {
        return Some("nombre d’ordres d’appel".to_owned());
    }
    entree.iter().zip(ordres).enumerate().find_map(|(g, (groupe, ordre))| {
        match call_order(&ranking(groupe)) {
            Ok(juge) if ordre.candidats(groupe).map(i64::from).eq(juge.iter().copied()) => None,
            Ok(_) => Some(format!("ordre d’appel du groupe {g}")),
            Err(code) => Some(format!("la référence refuse le groupe {g} : {code}")),
        }
    })
}

/// A ranking as the reference reads it.
fn ranking(groupe: &GroupeClassement) -> Classement {
    let classes = (0..groupe.len()).map(|n| Classe {
        candidat: groupe.candidat[n].into(),
        rang: groupe.rang[n].into(),
        boursier: groupe.profil[n].is_boursier(),
        resident: groupe.profil[n].is_resident(),
    });
    Classement {
        taux_min_boursiers: groupe.taux_min_boursiers.into(),
        taux_min_residents: groupe.taux_min_residents.into(),
        classes: classes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use engine::ordre_appel::{Profil, compute_ordres_appel};
    use engine::propositions::{Groupe, Internat, Parametres, SANS_LIMITE, Voeu, Voeux, compute_with};

    use super::*;

    pub(crate) const REPAREE: Options = Options { reparation: true };

    /// Two courses, a boarding, somebody who holds a former proposition.
    pub(crate) fn jour() -> Entree {
        let groupe = |formation: i64, places: i32| Groupe {
            groupe_classement: formation,
            formation_inscription: formation,
            formation,
            places,
            ..Groupe::default()
        };
        let mut voeux = Voeux::default();
        for (candidat, groupe, rang) in [(0, 0, 1), (1, 0, 2), (2, 0, 3), (1, 1, 1), (0, 1, 2)] {
            voeux.push(Voeu { candidat, groupe, rang_appel: rang, ..Voeu::default() });
        }
        let interne =
            Voeu { candidat: 2, groupe: 1, rang_appel: 3, internat: Some((0, 1)), ..Voeu::default() };
        voeux.push(Voeu { etat: interne.etat.with_internat(true), ..interne });
        Entree {
            parametres: Parametres {
                jour: 1,
                jour_fin_reservation_internats: 30,
                jour_debut_gdd: 50,
                jour_fin_ordonnancement_gdd: 55,
            },
            nombre_candidats: 3,
            groupes: vec![groupe(1, 1), groupe(2, 3)],
            internats: vec![Internat { classement_internat: 9, capacite: 1, ..Internat::default() }],
            voeux,
            repondeurs: Vec::new(),
        }
    }

    #[test]
    fn r_adm_10_a_day_that_the_reference_does_not_find_is_told_where() {
        let entree = jour();
        let juste = compute_with(&entree, &REPAREE).unwrap();
        assert_eq!(judge_day(&entree, &REPAREE, &juste), None);
        // Anything that leaves is looked at: a proposition less, a rank, a bar, what is shown.
        let mut fausses = vec![juste.clone(); 7];
        assert!(fausses[0].changements.pop().is_some());
        let attend = fausses[1].rangs_attente.iter().position(|r| *r > 0).unwrap();
        fausses[1].rangs_attente[attend] += 1;
        fausses[2].internats[0].barre = SANS_LIMITE;
        fausses[3].groupes[1].rang_dernier_appele_affiche += 1;
        fausses[4].alerte = true;
        fausses[5].internats[0].affichages[0].barre_appel += 1;
        fausses[6].internats_ecartes.push(0);
        for fausse in fausses {
            assert!(judge_day(&entree, &REPAREE, &fausse).is_some());
        }
    }

    #[test]
    fn r_adm_10_a_call_order_that_the_reference_does_not_find_is_told_where() {
        let mut groupe = GroupeClassement::new(50, 0);
        for (candidat, rang, boursier) in [(7, 1, false), (8, 2, true), (9, 3, false)] {
            groupe.push(candidat, rang, Profil::new(boursier, false));
        }
        let groupes = [groupe];
        let mut ordres = compute_ordres_appel(&groupes).unwrap();
        assert_eq!(judge_orders(&groupes, &ordres), None);
        ordres[0].ordre.swap(0, 1);
        assert_eq!(judge_orders(&groupes, &ordres).as_deref(), Some("ordre d’appel du groupe 0"));
    }
}
