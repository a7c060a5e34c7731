//! The reproducible bench: the same instance everywhere from three numbers, its steps timed, its results told by
//! fingerprints.

mod empreintes;
mod gdd;
mod instance;
mod mesures;
mod plancher;
mod reprise;
mod tirages;

use anyhow::anyhow;
use engine::ordre_appel::compute_ordres_appel;
use engine::propositions::{self, Entree, Options, Refus, Sortie};
use juge::{judge_day, judge_orders};

pub use instance::Taille;
use instance::{Instance, PremierJour};
pub use mesures::Etape;
use mesures::measure;

/// What a run of the bench tells, in order.
#[derive(Debug, Default)]
pub struct Rapport {
    /// The steps.
    pub etapes: Vec<Etape>,
    /// Names and values, as the table of the oracle's README has them.
    pub lignes: Vec<(&'static str, String)>,
    /// The first difference that the judge found, where it was asked; the bench stops there.
    pub ecart: Option<String>,
}

impl Rapport {
    fn push(&mut self, nom: &'static str, valeur: impl Into<String>) {
        self.lignes.push((nom, valeur.into()));
    }
}

/// What is done besides computing and verifying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Supplements {
    /// Every result is computed again by the reference.
    pub juge: bool,
    /// The day after is played from the first one, kept, once two hundred thousand answers have come, and compared with the same day
    /// from the start: it takes half as much memory again.
    pub reprise: bool,
    /// The columns of the first day are read once, then sorted once, and nothing else: what the days are held against.
    pub plancher: bool,
}

/// Generates the instance and runs it; `progress` hears the name of each step before it starts.
pub fn run(
    taille: Taille,
    supplements: Supplements,
    progress: &dyn Fn(&'static str),
) -> anyhow::Result<Rapport> {
    let mut rapport = Rapport::default();
    let banc = Banc { taille, supplements, progress };
    let premier = banc.call_order(&mut rapport)?;
    if rapport.ecart.is_some() {
        return Ok(rapport);
    }
    let suivant = banc.first_day(&premier, &mut rapport)?;
    // The first day is not needed any more: its memory must not count for the second.
    let codes = premier.codes;
    drop(premier.entree);
    if rapport.ecart.is_none() {
        banc.summer_day(&codes, &suivant, &mut rapport)?;
    }
    Ok(rapport)
}

struct Banc<'a> {
    taille: Taille,
    supplements: Supplements,
    progress: &'a dyn Fn(&'static str),
}

impl Banc<'_> {
    fn call_order(&self, rapport: &mut Rapport) -> anyhow::Result<PremierJour> {
        (self.progress)("génération");
        let instance =
            measure("génération des classements", &mut rapport.etapes, || Instance::new(self.taille));
        let effectifs = instance.classements.iter().map(|c| c.len());
        rapport.push(
            "groupes ; plus grand ; candidats classés",
            format!(
                "{} ; {} ; {}",
                instance.classements.len(),
                effectifs.clone().max().unwrap_or(0),
                effectifs.sum::<usize>()
            ),
        );
        (self.progress)("ordre d’appel");
        let ordres = measure("ordre d’appel, vérifié", &mut rapport.etapes, || {
            compute_ordres_appel(&instance.classements)
        })?;
        self.judge("ordre d’appel, juge", rapport, || judge_orders(&instance.classements, &ordres));
        let ordre = empreintes::ordres(&instance.codes, &instance.classements, &ordres);
        (self.progress)("génération du jour 1");
        let premier = measure("génération du jour 1", &mut rapport.etapes, || {
            let rangs = ordres.into_iter().map(|ordre| ordre.rangs_appel()).collect();
            instance.first_day(rangs)
        });
        let entree = &premier.entree;
        rapport.push(
            "vœux jour 1 ; avec internat ; internats",
            format!(
                "{} ; {} ; {}",
                entree.voeux.len(),
                entree.voeux.en_internat.len(),
                entree.internats.len()
            ),
        );
        rapport.push("ordre d'appel", hexa(ordre));
        Ok(premier)
    }

    fn first_day(&self, premier: &PremierJour, rapport: &mut Rapport) -> anyhow::Result<Entree> {
        let entree = &premier.entree;
        if self.supplements.plancher {
            plancher::run(entree, self.progress, rapport);
        }
        (self.progress)("jour 1");
        let sortie = compute("jour 1, contrôles, vérifications et affichages", entree, rapport)?;
        (self.progress)("vérification du jour 1");
        verify("jour 1, vérificateur indépendant", entree, &sortie, rapport)?;
        self.judge("jour 1, juge", rapport, || judge_day(entree, &Options::default(), &sortie));
        let (nombre, somme) = empreintes::propositions(entree, sortie.changements.iter());
        rapport.push("jour 1 : nombre de propositions", nombre.to_string());
        rapport.push("jour 1 : propositions", hexa(somme));
        rapport.push("jour 1 : barres", hexa(empreintes::barres(entree, &sortie)));
        rapport.push("jour 1 : attente", hexa(empreintes::attente(entree, &sortie)));
        rapport.push("jour 1 : dernier appelé", hexa(empreintes::derniers_appeles(&premier.codes, &sortie)));
        if self.supplements.reprise {
            reprise::run(self.taille.graine, entree, self.progress, rapport)?;
        }
        (self.progress)("génération du jour GDD");
        let suivant = measure("génération du jour GDD", &mut rapport.etapes, || {
            gdd::gdd_day(self.taille.graine, entree, &sortie)
        });
        rapport.push(
            "GDD : vœux ; répondeurs actifs",
            format!("{} ; {}", suivant.voeux.len(), suivant.repondeurs.len()),
        );
        Ok(suivant)
    }

    fn summer_day(&self, codes: &[u32], entree: &Entree, rapport: &mut Rapport) -> anyhow::Result<()> {
        (self.progress)("jour GDD");
        let sortie = compute("jour GDD, contrôles, vérifications et affichages", entree, rapport)?;
        (self.progress)("vérification du jour GDD");
        verify("jour GDD, vérificateur indépendant", entree, &sortie, rapport)?;
        self.judge("jour GDD, juge", rapport, || judge_day(entree, &Options::default(), &sortie));
        let tous = sortie.changements.iter().chain(&sortie.changements_ecartes);
        let (nombre, somme) = empreintes::propositions(entree, tous);
        let finals = empreintes::finals(entree, &sortie);
        let kept = |i: usize| !empreintes::is_ecarte(&sortie, entree.voeux.groupe[i]);
        rapport.push("GDD, avant mise à l'écart : propositions", format!("{nombre} {}", hexa(somme)));
        rapport.push(
            "GDD, avant mise à l'écart : statuts",
            hexa(empreintes::statuts(entree, &finals, |_| true)),
        );
        rapport.push("GDD, avant mise à l'écart : barres", hexa(empreintes::barres(entree, &sortie)));
        rapport.push(
            "GDD vérifié : groupes gardés",
            format!("{}/{}", entree.groupes.len() - sortie.groupes_ecartes.len(), entree.groupes.len()),
        );
        rapport
            .push("GDD vérifié : statuts des vœux gardés", hexa(empreintes::statuts(entree, &finals, kept)));
        rapport.push("GDD vérifié : attente", hexa(empreintes::attente(entree, &sortie)));
        rapport.push("GDD vérifié : dernier appelé", hexa(empreintes::derniers_appeles(codes, &sortie)));
        drop(sortie);
        if self.supplements.juge && rapport.ecart.is_none() {
            self.repaired_day(entree, rapport)?;
        }
        Ok(())
    }

    /// The judge on a result, if it is asked; what it finds goes to the report.
    fn judge(&self, nom: &'static str, rapport: &mut Rapport, judge: impl FnOnce() -> Option<String>) {
        if self.supplements.juge {
            (self.progress)(nom);
            let ecart = measure(nom, &mut rapport.etapes, judge);
            rapport.ecart = ecart.map(|ecart| format!("{nom} : {ecart}"));
        }
    }

    /// The summer day as the product computes it, the repair included.
    fn repaired_day(&self, entree: &Entree, rapport: &mut Rapport) -> anyhow::Result<()> {
        let nom = "jour GDD réparé, contrôles, vérifications et affichages";
        (self.progress)(nom);
        let options = Options { reparation: true };
        let calcul = || propositions::compute_with(entree, &options);
        let sortie = measure(nom, &mut rapport.etapes, calcul)
            .map_err(|refus| anyhow!("{nom} : le banc est refusé, {refus}"))?;
        self.judge("jour GDD réparé, juge", rapport, || judge_day(entree, &options, &sortie));
        Ok(())
    }
}

fn compute(nom: &'static str, entree: &Entree, rapport: &mut Rapport) -> anyhow::Result<Sortie> {
    let sortie: Result<Sortie, Refus> = measure(nom, &mut rapport.etapes, || propositions::compute(entree));
    sortie.map_err(|refus| anyhow!("{nom} : le banc est refusé, {refus}"))
}

fn verify(nom: &'static str, entree: &Entree, sortie: &Sortie, rapport: &mut Rapport) -> anyhow::Result<()> {
    let found = measure(nom, &mut rapport.etapes, || propositions::verify(entree, sortie));
    match found.first() {
        None => Ok(()),
        Some(premiere) => Err(anyhow!("{nom} : {} violations, dont : {premiere}", found.len())),
    }
}

fn hexa(somme: u64) -> String {
    format!("{somme:016x}")
}

#[cfg(test)]
mod tests {
    use engine::propositions::Statut;

    use super::*;

    const BANC: Banc = Banc {
        taille: Taille { candidats: 500, formations: 40, graine: 2026 },
        supplements: Supplements { juge: true, reprise: true, plancher: true },
        progress: &|_| (),
    };

    /// What the bench tells of the first day once its result has been altered.
    fn judged(fausser: impl FnOnce(&Entree, &mut Sortie)) -> Option<String> {
        let mut rapport = Rapport::default();
        let entree = BANC.call_order(&mut rapport).unwrap().entree;
        let mut sortie = propositions::compute(&entree).unwrap();
        fausser(&entree, &mut sortie);
        BANC.judge("jour 1, juge", &mut rapport, || judge_day(&entree, &Options::default(), &sortie));
        rapport.ecart
    }

    #[test]
    fn a_result_that_is_not_altered_has_no_difference() {
        assert_eq!(judged(|_, _| ()), None);
    }

    #[test]
    fn the_day_after_is_the_same_from_the_kept_day() {
        let rapport = run(BANC.taille, BANC.supplements, &|_| ()).unwrap();
        let valeur =
            |nom: &str| rapport.lignes.iter().find(|l| l.0 == nom).map(|l| l.1.parse::<u32>().unwrap());
        assert!(valeur("jour 2 : réponses depuis le jour 1").is_some_and(|n| n > 100));
        assert!(valeur("jour 2 : nombre de propositions").is_some_and(|n| n > 10));
        assert_eq!(rapport.ecart, None);
    }

    #[test]
    fn a_proposition_withheld_is_told() {
        let ecart = judged(|_, sortie| sortie.changements.truncate(sortie.changements.len() - 1)).unwrap();
        assert!(ecart.starts_with("jour 1, juge : vœu "), "{ecart}");
        assert!(ecart.ends_with("EnAttente, PropositionDuJour selon la référence"), "{ecart}");
    }

    #[test]
    fn a_proposition_too_many_a_rank_and_a_bar_are_told() {
        let trop = judged(|entree, sortie| {
            let proposes: Vec<u32> = sortie.changements.iter().map(|c| c.voeu).collect();
            let voeu = (0..entree.voeux.len() as u32).find(|v| !proposes.contains(v)).unwrap();
            let statut = Statut::PropositionDuJour;
            sortie.changements.push(propositions::Changement { voeu, statut });
        });
        assert!(trop.unwrap().ends_with("PropositionDuJour, EnAttente selon la référence"));
        let rang = judged(|_, s| *s.rangs_attente.iter_mut().find(|r| **r > 0).unwrap() += 1);
        assert!(rang.unwrap().contains("rang d’attente du vœu "));
        let barre = judged(|_, s| s.internats[0].barre += 1);
        assert!(barre.unwrap().contains("barres de l’internat 0"));
        let appele = judged(|_, s| s.groupes[3].rang_dernier_appele_affiche += 1);
        assert!(appele.unwrap().contains("affichage du groupe 3"));
    }
}
