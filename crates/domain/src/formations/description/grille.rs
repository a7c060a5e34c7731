//! The analysis grid as the description holds it, read by the rules of `domain::grille`.

use super::{Description, IMPORTANCES, LigneListe, POIDS};
use crate::grille::{Champ, Constat, Contexte, Critere, Grille, Importance, relire};

fn critere(l: &LigneListe) -> Critere {
    let dit = |code: &str| l.get(code).cloned().unwrap_or_default();
    Critere {
        intitule: dit("intitule"),
        elements: dit("elements"),
        importance: Importance::from_code(&dit("importance")).unwrap_or(Importance::Complementaire),
    }
}

impl Description {
    /// The grid; `None` until its five weights are typed: nothing can be said of it before.
    pub fn grille(&self) -> Option<Grille> {
        let mut champs = Vec::with_capacity(POIDS.len());
        for (i, (poids, importance)) in POIDS.iter().zip(IMPORTANCES).enumerate() {
            let numero = (i + 1).to_string();
            champs.push(Champ {
                poids: self.texte(poids).parse().ok()?,
                importance: Importance::from_code(self.texte(importance))
                    .unwrap_or(Importance::Complementaire),
                criteres: self
                    .lignes("criteres")
                    .iter()
                    .filter(|l| l.get("champ") == Some(&numero))
                    .map(critere)
                    .collect(),
            });
        }
        Some(Grille {
            champs: champs.try_into().ok()?,
            conseils: self.texte("conseils").to_owned(),
            oad: None,
        })
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
        }
    }

    /// R-CGE-01 to 17: what the reading of the grid finds.
    pub fn constats(&self) -> Vec<Constat> {
        let attendus = ["attendus", "attendus_locaux"].map(|champ| self.texte(champ));
        self.grille().map_or_else(Vec::new, |g| relire(&g, &self.contexte_grille(), &attendus))
    }
}
