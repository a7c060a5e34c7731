//! R-ADM-10: every run is computed a second time by the reference, which shares nothing with the engine; nothing is written unless the
//! two say the same.

use engine::ordre_appel::{GroupeClassement, OrdreAppel};
use engine::propositions::{Entree, Sortie, Statut, VoeuInternat};
use reference::ordre_appel::{Classe, Classement, call_order};
use reference::propositions as juge;

/// The first difference between the day computed and the same day judged; `None`: they agree.
pub(super) fn judge_day(entree: &Entree, sortie: &Sortie) -> Option<String> {
    let jugee = match juge::compute_repaired(&input(entree)) {
        Ok(jugee) => jugee,
        Err(code) => return Some(format!("la référence refuse les données : {code}")),
    };
    if (sortie.alerte, sortie.avertissement) != (jugee.alerte, jugee.avertissement) {
        return Some("alerte ou avertissement".to_owned());
    }
    let ecartes: Vec<usize> = sortie.groupes_ecartes.iter().map(|g| *g as usize).collect();
    if !jugee.groupes_ecartes.iter().eq(&ecartes) {
        return Some(format!(
            "groupes écartés : {ecartes:?}, {:?} selon la référence",
            jugee.groupes_ecartes
        ));
    }
    let mut statuts: Vec<Statut> = entree.voeux.etat.iter().map(|etat| etat.statut()).collect();
    for c in sortie.changements.iter().chain(&sortie.changements_ecartes) {
        statuts[c.voeu as usize] = c.statut;
    }
    if let Some(v) = (0..statuts.len()).find(|v| statut(statuts[*v]) != jugee.statuts[*v]) {
        return Some(format!("vœu {v} : {:?}, {:?} selon la référence", statuts[v], jugee.statuts[v]));
    }
    let mut rangs = vec![0; statuts.len()];
    for (v, rang) in &jugee.rangs_attente {
        rangs[*v] = *rang;
    }
    if let Some(v) = (0..rangs.len()).find(|v| i64::from(sortie.rangs_attente[*v]) != rangs[*v]) {
        let rang = sortie.rangs_attente[v];
        return Some(format!("rang d’attente du vœu {v} : {rang}, {} selon la référence", rangs[v]));
    }
    groups(sortie, &jugee).or_else(|| boardings(sortie, &jugee))
}

fn groups(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    let differe =
        |(g, (a, b)): (usize, (&engine::propositions::AffichageGroupe, &Option<juge::AffichageGroupe>))| {
            // A group set aside shows nothing.
            let b = b.as_ref()?;
            let dit = (
                a.estimation_rang_dernier_appele,
                i64::from(a.rang_dernier_appele_affiche),
                i64::from(a.candidats_en_attente),
            );
            let juge = (b.estimation, b.dernier_appele, b.candidats_en_attente);
            (dit != juge).then(|| format!("affichage du groupe {g} : {dit:?}, {juge:?} selon la référence"))
        };
    sortie.groupes.iter().zip(&jugee.groupes).enumerate().find_map(differe)
}

fn boardings(sortie: &Sortie, jugee: &juge::Sortie) -> Option<String> {
    let differe = |(i, (a, b)): (
        usize,
        (&engine::propositions::AffichageInternat, &Option<juge::AffichageInternat>),
    )| {
        let b = b.as_ref()?;
        let dit = (i64::from(a.barre_maximale), i64::from(a.barre));
        let juge = (b.barre_maximale, b.barre);
        (dit != juge).then(|| format!("barres de l’internat {i} : {dit:?}, {juge:?} selon la référence"))
    };
    sortie.internats.iter().zip(&jugee.internats).enumerate().find_map(differe)
}

/// The day as the reference reads it.
fn input(e: &Entree) -> juge::Entree {
    let p = &e.parametres;
    let v = &e.voeux;
    let mut internat: Vec<Option<(usize, i64)>> = vec![None; v.len()];
    for lit in v.en_internat.iter().filter(|lit| lit.internat != VoeuInternat::SANS_REFERENCE) {
        internat[lit.voeu as usize] = Some((lit.internat as usize, lit.rang.into()));
    }
    let autre = |colonne: &[i32], n: usize, sinon: i32| i64::from(colonne.get(n).copied().unwrap_or(sinon));
    juge::Entree {
        parametres: juge::Parametres {
            jour: p.jour.into(),
            jour_fin_reservation_internats: p.jour_fin_reservation_internats.into(),
            jour_debut_gdd: p.jour_debut_gdd.into(),
            jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd.into(),
        },
        groupes: e
            .groupes
            .iter()
            .map(|g| juge::Groupe {
                groupe_classement: g.groupe_classement,
                formation_inscription: g.formation_inscription,
                formation: g.formation,
                places: g.places.into(),
                rang_limite: g.rang_limite.into(),
                rang_dernier_appele: g.rang_dernier_appele.into(),
                rang_dernier_appele_reference: g.rang_dernier_appele_reference.into(),
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
                capacite: i.capacite.into(),
            })
            .collect(),
        voeux: (0..v.len())
            .map(|n| juge::Voeu {
                candidat: v.candidat[n].into(),
                groupe: juge::Lien::Vers(v.groupe[n] as usize),
                avec_internat: v.etat[n].is_avec_internat(),
                internat: internat[n].map(|(i, _)| juge::Lien::Vers(i)),
                rang_internat: internat[n].map_or(0, |(_, rang)| rang),
                rang_appel: v.rang_appel[n].into(),
                rang_appel_affiche: autre(&v.rang_appel_affiche, n, v.rang_appel[n]),
                rang_preference: autre(&v.rang_preference, n, 0),
                statut: statut(v.etat[n].statut()),
                hors_pp: v.etat[n].is_hors_pp(),
                ignorer_rang_attente: v.etat[n].is_ignorer_rang_attente(),
                ignorer_barre_internat: v.etat[n].is_ignorer_barre_internat(),
                rang_attente_veille: autre(&v.rang_attente_veille, n, 0),
            })
            .collect(),
        repondeurs: e.repondeurs.iter().map(|c| i64::from(*c)).collect(),
    }
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

/// The first group whose call order is not that of the reference; `None`: they agree.
pub(super) fn judge_orders(entree: &[GroupeClassement], ordres: &[OrdreAppel]) -> Option<String> {
    entree.iter().zip(ordres).enumerate().find_map(|(g, (groupe, ordre))| {
        let classes = (0..groupe.len()).map(|n| Classe {
            candidat: groupe.candidat[n].into(),
            rang: groupe.rang[n].into(),
            boursier: groupe.profil[n].is_boursier(),
            resident: groupe.profil[n].is_resident(),
        });
        let classement = Classement {
            taux_min_boursiers: groupe.taux_min_boursiers.into(),
            taux_min_residents: groupe.taux_min_residents.into(),
            classes: classes.collect(),
        };
        match call_order(&classement) {
            Ok(juge) if ordre.candidats(groupe).map(i64::from).eq(juge.iter().copied()) => None,
            Ok(_) => Some(format!("ordre d’appel du groupe {g}")),
            Err(code) => Some(format!("la référence refuse le groupe {g} : {code}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use engine::ordre_appel::{Profil, compute_ordres_appel};
    use engine::propositions::{
        Groupe, Internat, Options, Parametres, SANS_LIMITE, Voeu, Voeux, compute_with,
    };

    use super::*;

    /// Two courses, a boarding, somebody who holds a former proposition.
    fn jour() -> Entree {
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
        let juste = compute_with(&entree, &Options { reparation: true }).unwrap();
        assert_eq!(judge_day(&entree, &juste), None);
        // Anything that leaves is looked at: a proposition less, a rank, a bar, what is shown.
        let mut fausses = vec![juste.clone(), juste.clone(), juste.clone(), juste.clone(), juste.clone()];
        assert!(fausses[0].changements.pop().is_some());
        let attend = fausses[1].rangs_attente.iter().position(|r| *r > 0).unwrap();
        fausses[1].rangs_attente[attend] += 1;
        fausses[2].internats[0].barre = SANS_LIMITE;
        fausses[3].groupes[1].rang_dernier_appele_affiche += 1;
        fausses[4].alerte = true;
        for fausse in fausses {
            assert!(judge_day(&entree, &fausse).is_some());
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
