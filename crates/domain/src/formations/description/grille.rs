//! The analysis grid as the description holds it, read by the rules of `domain::grille`.

use super::{Description, IMPORTANCES, LigneListe, POIDS};
use crate::grille::{Champ, Constat, Contexte, Critere, Documents, Grille, Importance, relire};

fn critere(l: &LigneListe) -> Critere {
    let dit = |code: &str| l.get(code).cloned().unwrap_or_default();
    Critere {
        intitule: dit("intitule"),
        elements: dit("elements"),
        importance: Importance::from_code(&dit("importance")).unwrap_or(Importance::Complementaire),
    }
}

impl Description {
    /// The grid; `None` until its five weights are typed.
    pub fn grille(&self) -> Option<Grille> {
        let complete = POIDS.iter().all(|poids| self.poids(poids).is_some());
        complete.then(|| self.grille_saisie()).flatten()
    }

    fn poids(&self, champ: &str) -> Option<u32> {
        self.texte(champ).parse().ok()
    }

    /// The grid as far as it is typed, a weight that is missing being 0; `None` while nothing is.
    pub fn grille_saisie(&self) -> Option<Grille> {
        let criteres = self.lignes("criteres");
        let conseils = self.texte("conseils").to_owned();
        if criteres.is_empty() && conseils.is_empty() && POIDS.iter().all(|p| self.poids(p).is_none()) {
            return None;
        }
        let mut champs = Vec::with_capacity(POIDS.len());
        for (i, (poids, importance)) in POIDS.iter().zip(IMPORTANCES).enumerate() {
            let numero = (i + 1).to_string();
            champs.push(Champ {
                poids: self.poids(poids).unwrap_or(0),
                importance: Importance::from_code(self.texte(importance))
                    .unwrap_or(Importance::Complementaire),
                criteres: criteres.iter().filter(|l| l.get("champ") == Some(&numero)).map(critere).collect(),
            });
        }
        Some(Grille { champs: champs.try_into().ok()?, conseils, oad: None })
    }

    /// What the grid must not contradict.
    pub fn contexte_grille(&self) -> Contexte {
        let epreuve =
            |genre: &str| self.lignes("epreuves").iter().any(|e| e.get("type").is_some_and(|t| t == genre));
        Contexte {
            lettre: self.texte("lettre") == "oui",
            questionnaire: !self.lignes("questions").is_empty(),
            ecrit: epreuve("ecrit"),
            oral: epreuve("oral"),
            pratique: epreuve("pratique"),
            en_ligne: epreuve("en_ligne"),
            documents: Some(self.documents()),
        }
    }

    /// The documents asked for by name, and whatever else may ask for one.
    fn documents(&self) -> Documents {
        const AILLEURS: [&str; 6] = [
            "eligibilite",
            "diplome_requis",
            "exigences_prealables",
            "vaccinations",
            "dossier_artistique_contenu",
            "selection",
        ];
        let pieces: Vec<&str> =
            self.lignes("pieces").iter().filter_map(|l| l.get("piece")).map(String::as_str).collect();
        let precisions = self.lignes("pieces").iter().filter_map(|l| l.get("precision"));
        let listes = ["questions", "epreuves"].into_iter().flat_map(|liste| self.lignes(liste));
        let mut ailleurs: Vec<&str> =
            precisions.chain(listes.flat_map(LigneListe::values)).map(String::as_str).collect();
        ailleurs.extend(AILLEURS.map(|champ| self.texte(champ)));
        if matches!(self.texte("dossier_artistique"), "candidature" | "entretien") {
            ailleurs.push("Dossier artistique");
        }
        Documents::new(&pieces, &ailleurs)
    }

    /// R-CGE-01 to 17 and 19: what the reading of the grid finds.
    pub fn constats(&self) -> Vec<Constat> {
        let Some(grille) = self.grille_saisie() else { return Vec::new() };
        let attendus = ["attendus", "attendus_locaux"].map(|champ| self.texte(champ));
        let mut constats = relire(&grille, &self.contexte_grille(), &attendus);
        // Of a grid that is not all there, only the words that are can be said something of.
        if self.grille().is_none() {
            constats.retain(|c| !c.mots(&grille).is_empty());
        }
        constats
    }

    /// The line of the list of criteria that a finding is about, from 0; `None`: it is about something wider.
    pub fn ligne_critere(&self, c: &Constat) -> Option<usize> {
        let champ = c.champ.to_string();
        let lignes = self.lignes("criteres").iter().enumerate();
        lignes.filter(|(_, l)| l.get("champ") == Some(&champ)).nth(c.critere.checked_sub(1)?).map(|(i, _)| i)
    }

    /// Where a finding is, in French: the criterion has the number that the form gives it, not its rank in its field.
    pub fn lieu_constat(&self, c: &Constat) -> String {
        let Some(i) = self.ligne_critere(c) else { return c.lieu() };
        let champ = Constat { critere: 0, ..c.clone() }.lieu();
        let titre = self.lignes("criteres").get(i).and_then(|l| l.get("intitule"));
        match titre.map_or("", |t| t.trim()) {
            "" => format!("{champ}, critère {}", i + 1),
            titre => format!("{champ}, critère {} «\u{a0}{titre}\u{a0}»", i + 1),
        }
    }
}
