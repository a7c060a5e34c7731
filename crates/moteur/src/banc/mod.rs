//! The reproducible bench: the same instance everywhere from three numbers, its steps timed, its results told by
//! fingerprints.

mod empreintes;
mod gdd;
mod instance;
mod mesures;
mod tirages;

use anyhow::anyhow;
use engine::ordre_appel::compute_ordres_appel;
use engine::propositions::{self, Entree, Refus, Sortie};

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
}

impl Rapport {
    fn push(&mut self, nom: &'static str, valeur: impl Into<String>) {
        self.lignes.push((nom, valeur.into()));
    }
}

/// Generates the instance and runs it; `progress` hears the name of each step before it starts.
pub fn run(taille: Taille, progress: &dyn Fn(&'static str)) -> anyhow::Result<Rapport> {
    let mut rapport = Rapport::default();
    let premier = call_order(taille, &mut rapport, progress)?;
    let suivant = first_day(taille, &premier, &mut rapport, progress)?;
    // The first day is not needed any more: its memory must not count for the second.
    let codes = premier.codes;
    drop(premier.entree);
    summer_day(&codes, &suivant, &mut rapport, progress)?;
    Ok(rapport)
}

fn call_order(
    taille: Taille,
    rapport: &mut Rapport,
    progress: &dyn Fn(&'static str),
) -> anyhow::Result<PremierJour> {
    progress("génération");
    let instance = measure("génération des classements", &mut rapport.etapes, || Instance::new(taille));
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
    progress("ordre d’appel");
    let ordres = measure("ordre d’appel, vérifié", &mut rapport.etapes, || {
        compute_ordres_appel(&instance.classements)
    })?;
    let ordre = empreintes::ordres(&instance.codes, &instance.classements, &ordres);
    progress("génération du jour 1");
    let premier = measure("génération du jour 1", &mut rapport.etapes, || {
        let rangs = ordres.into_iter().map(|ordre| ordre.rangs_appel()).collect();
        instance.first_day(rangs)
    });
    let entree = &premier.entree;
    rapport.push(
        "vœux jour 1 ; avec internat ; internats",
        format!("{} ; {} ; {}", entree.voeux.len(), entree.voeux.en_internat.len(), entree.internats.len()),
    );
    rapport.push("ordre d'appel", hexa(ordre));
    Ok(premier)
}

fn first_day(
    taille: Taille,
    premier: &PremierJour,
    rapport: &mut Rapport,
    progress: &dyn Fn(&'static str),
) -> anyhow::Result<Entree> {
    let entree = &premier.entree;
    progress("jour 1");
    let sortie = compute("jour 1, contrôles, vérifications et affichages", entree, rapport)?;
    progress("vérification du jour 1");
    verify("jour 1, vérificateur indépendant", entree, &sortie, rapport)?;
    let (nombre, somme) = empreintes::propositions(entree, sortie.changements.iter());
    rapport.push("jour 1 : nombre de propositions", nombre.to_string());
    rapport.push("jour 1 : propositions", hexa(somme));
    rapport.push("jour 1 : barres", hexa(empreintes::barres(entree, &sortie)));
    rapport.push("jour 1 : attente", hexa(empreintes::attente(entree, &sortie)));
    rapport.push("jour 1 : dernier appelé", hexa(empreintes::derniers_appeles(&premier.codes, &sortie)));
    progress("génération du jour GDD");
    let suivant = measure("génération du jour GDD", &mut rapport.etapes, || {
        gdd::gdd_day(taille.graine, entree, &sortie)
    });
    rapport.push(
        "GDD : vœux ; répondeurs actifs",
        format!("{} ; {}", suivant.voeux.len(), suivant.repondeurs.len()),
    );
    Ok(suivant)
}

fn summer_day(
    codes: &[u32],
    entree: &Entree,
    rapport: &mut Rapport,
    progress: &dyn Fn(&'static str),
) -> anyhow::Result<()> {
    progress("jour GDD");
    let sortie = compute("jour GDD, contrôles, vérifications et affichages", entree, rapport)?;
    progress("vérification du jour GDD");
    verify("jour GDD, vérificateur indépendant", entree, &sortie, rapport)?;
    let tous = sortie.changements.iter().chain(&sortie.changements_ecartes);
    let (nombre, somme) = empreintes::propositions(entree, tous);
    let finals = empreintes::finals(entree, &sortie);
    let kept = |i: usize| !empreintes::is_ecarte(&sortie, entree.voeux.groupe[i]);
    rapport.push("GDD, avant mise à l'écart : propositions", format!("{nombre} {}", hexa(somme)));
    rapport.push("GDD, avant mise à l'écart : statuts", hexa(empreintes::statuts(entree, &finals, |_| true)));
    rapport.push("GDD, avant mise à l'écart : barres", hexa(empreintes::barres(entree, &sortie)));
    rapport.push(
        "GDD vérifié : groupes gardés",
        format!("{}/{}", entree.groupes.len() - sortie.groupes_ecartes.len(), entree.groupes.len()),
    );
    rapport.push("GDD vérifié : statuts des vœux gardés", hexa(empreintes::statuts(entree, &finals, kept)));
    rapport.push("GDD vérifié : attente", hexa(empreintes::attente(entree, &sortie)));
    rapport.push("GDD vérifié : dernier appelé", hexa(empreintes::derniers_appeles(codes, &sortie)));
    Ok(())
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
