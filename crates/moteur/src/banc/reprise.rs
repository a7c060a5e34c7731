//! The day after the first one, from the kept first day: some answers have come, the others have not.

use anyhow::{anyhow, ensure};
use engine::propositions::{self, Entree, Journee, Sortie, Statut};

use super::Rapport;
use super::mesures::measure;
use super::tirages::Tirages;

/// Answers since the last computation.
const REPONSES: usize = 200_000;

/// Keeps the first day, plays the second from it, and compares with the second computed from the start.
pub fn run(
    graine: u64,
    jour1: &Entree,
    progress: &dyn Fn(&'static str),
    rapport: &mut Rapport,
) -> anyhow::Result<()> {
    progress("jour 1 gardé");
    let mut entree = jour1.clone();
    let garde = measure("jour 1, gardé pour le suivant", &mut rapport.etapes, || Journee::new(&entree));
    let (mut journee, sortie) = garde.map_err(|refus| anyhow!("le banc est refusé, {refus}"))?;
    let reponses = answer(graine, &mut entree, &sortie);
    journee.recycle(sortie);
    rapport.push("jour 2 : réponses depuis le jour 1", reponses.to_string());
    progress("jour 2 repris");
    let nom = "jour 2 repris du jour 1, affichages, sans vérification";
    let repris = measure(nom, &mut rapport.etapes, || journee.next_unchecked(&entree));
    let repris = repris.map_err(|refus| anyhow!("{nom} : le banc est refusé, {refus}"))?;
    let nom = "jour 2 repris du jour 1, vérifications et affichages";
    let verifie = measure(nom, &mut rapport.etapes, || journee.next(&entree));
    let verifie = verifie.map_err(|refus| anyhow!("{nom} : le banc est refusé, {refus}"))?;
    drop(journee);
    progress("jour 2");
    let nom = "jour 2, contrôles, vérifications et affichages";
    let attendu = measure(nom, &mut rapport.etapes, || propositions::compute(&entree));
    let attendu = attendu.map_err(|refus| anyhow!("{nom} : le banc est refusé, {refus}"))?;
    ensure!(attendu.groupes_ecartes.is_empty(), "{nom} : {} groupes écartés", attendu.groupes_ecartes.len());
    ensure!(verifie == attendu, "le jour 2 repris et vérifié n’est pas celui du début");
    ensure!(repris == attendu, "le jour 2 repris n’est pas celui du début");
    rapport.push("jour 2 : nombre de propositions", attendu.changements.len().to_string());
    Ok(())
}

/// The next morning: propositions have no answer yet but some, one in two of which is a yes. Gives how many.
fn answer(graine: u64, entree: &mut Entree, sortie: &Sortie) -> usize {
    let tirages = Tirages::new(graine);
    let proposes: Vec<usize> = sortie
        .changements
        .iter()
        .filter(|c| c.statut.is_proposition_du_jour())
        .map(|c| c.voeu as usize)
        .collect();
    let mut acceptant = vec![false; entree.nombre_candidats as usize];
    let mut reponses = 0;
    for (n, &voeu) in proposes.iter().enumerate() {
        let groupe = &mut entree.groupes[entree.voeux.groupe[voeu] as usize];
        groupe.rang_dernier_appele = groupe.rang_dernier_appele.max(entree.voeux.rang_appel[voeu]);
        let repond = reponses < REPONSES
            && tirages.r(41, n as u64, 0, proposes.len() as u64) < (REPONSES + REPONSES / 10) as u64;
        let accepte = &mut acceptant[entree.voeux.candidat[voeu] as usize];
        let statut = if !repond {
            Statut::AnterieureSansReponse
        } else if tirages.r(42, n as u64, 0, 2) == 0 && !*accepte {
            *accepte = true;
            Statut::AnterieureAcceptee
        } else {
            Statut::RefusOuDemission
        };
        reponses += usize::from(repond);
        entree.voeux.etat[voeu] = entree.voeux.etat[voeu].with_statut(statut);
    }
    entree.voeux.rang_attente_veille =
        sortie.rangs_attente.iter().map(|&rang| i32::try_from(rang).unwrap_or(i32::MAX)).collect();
    entree.parametres.jour = 2;
    reponses
}
