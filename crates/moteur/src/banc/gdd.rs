//! The summer day of the bench, made from the result of the first day.

use engine::propositions::{Entree, Etat, Parametres, Sortie, Statut, VoeuInternat, Voeux};

use super::tirages::Tirages;

/// A voeu that stays, before it is written.
struct Reste {
    voeu: usize,
    s: u64,
    acceptee: bool,
    preference: i32,
}

/// The day GDD.
pub fn gdd_day(graine: u64, jour1: &Entree, sortie: &Sortie) -> Entree {
    let t = Tirages::new(graine);
    let avant = &jour1.voeux;
    let mut propose = vec![false; avant.len()];
    let mut groupes = jour1.groupes.clone();
    for changement in sortie.changements.iter().filter(|c| c.statut.is_proposition_du_jour()) {
        let voeu = changement.voeu as usize;
        propose[voeu] = true;
        let groupe = &mut groupes[avant.groupe[voeu] as usize];
        groupe.rang_dernier_appele = groupe.rang_dernier_appele.max(avant.rang_appel[voeu]);
        groupe.rang_dernier_appele_reference = groupe.rang_dernier_appele;
    }
    let mut voeux = Voeux::default();
    let mut repondeurs = Vec::new();
    let mut internats = avant.en_internat.iter().peekable();
    let mut premier = 0;
    while premier < avant.len() {
        let candidat = avant.candidat[premier];
        let fin = (premier..avant.len()).find(|&i| avant.candidat[i] != candidat).unwrap_or(avant.len());
        let c = u64::from(candidat) + 1;
        let mut restes = keep(t, c, premier..fin, jour1, &propose);
        let ordonne = t.r(32, c, 0, 10);
        if ordonne < 6 {
            order(t, c, &mut restes);
        }
        if ordonne < 2 && !restes.is_empty() {
            repondeurs.push(candidat);
        }
        for reste in &restes {
            let i = reste.voeu;
            while internats.next_if(|v| (v.voeu as usize) < i).is_some() {}
            if let Some(v) = internats.next_if(|v| v.voeu as usize == i) {
                voeux.en_internat.push(VoeuInternat { voeu: voeux.candidat.len() as u32, ..*v });
            }
            let statut = if reste.acceptee { Statut::AnterieureAcceptee } else { Statut::EnAttente };
            voeux.candidat.push(candidat);
            voeux.groupe.push(avant.groupe[i]);
            voeux.rang_appel.push(avant.rang_appel[i]);
            voeux.etat.push(Etat::new(statut).with_internat(avant.etat[i].is_avec_internat()));
            voeux.rang_preference.push(reste.preference);
            voeux.rang_attente_veille.push(if reste.acceptee { 0 } else { sortie.rangs_attente[i] as i32 });
        }
        premier = fin;
    }
    Entree {
        parametres: Parametres { jour: 60, ..jour1.parametres },
        nombre_candidats: jour1.nombre_candidats,
        groupes,
        internats: jour1.internats.clone(),
        voeux,
        repondeurs,
    }
}

/// The accepted proposition and the waiting voeux that stay, in the order of the voeux.
fn keep(t: Tirages, c: u64, plage: std::ops::Range<usize>, jour1: &Entree, propose: &[bool]) -> Vec<Reste> {
    let s = |i: usize| {
        let formation = jour1.groupes[jour1.voeux.groupe[i] as usize].formation as u64;
        2 * formation + u64::from(jour1.voeux.etat[i].is_avec_internat())
    };
    let acceptee = plage.clone().filter(|&i| propose[i]).min_by_key(|&i| t.cle(30, c, s(i)));
    plage
        .filter(|&i| if propose[i] { acceptee == Some(i) } else { t.r(31, c, s(i), 3) == 0 })
        .map(|i| Reste { voeu: i, s: s(i), acceptee: propose[i], preference: 0 })
        .collect()
}

/// Waiting voeux ordered by key, the accepted proposition last.
fn order(t: Tirages, c: u64, restes: &mut [Reste]) {
    let mut attente: Vec<usize> = (0..restes.len()).filter(|&k| !restes[k].acceptee).collect();
    attente.sort_by_key(|&k| t.cle(33, c, restes[k].s));
    for (preference, &k) in (1..).zip(&attente) {
        restes[k].preference = preference;
    }
    let last = attente.len() as i32 + 1;
    for reste in restes.iter_mut().filter(|reste| reste.acceptee) {
        reste.preference = last;
    }
}
