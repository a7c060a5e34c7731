//! What the reading of a grid found, each finding with its place, its reason and a mend.

use askama::Template;
use domain::grille::{Constat, Extrait, Grille, Partie, Regle};

use super::{Badge, Ton};

/// A finding as it is shown.
struct Ligne {
    badge: Badge,
    lieu: String,
    /// The words found.
    mots: Vec<String>,
    quoi: String,
    correction: String,
    pourquoi: &'static str,
}

/// The findings of a grid, those that prevent the publication first.
#[derive(Template)]
#[template(path = "components/constats.html")]
pub struct Constats {
    lignes: Vec<Ligne>,
    resume: String,
}
composant!(Constats);

fn mots(grille: &Grille, c: &Constat, e: &Extrait) -> Option<String> {
    let critere = || grille.champs.get(c.champ.checked_sub(1)?)?.criteres.get(c.critere.checked_sub(1)?);
    let texte = match e.partie {
        Partie::Conseils => grille.conseils.as_str(),
        Partie::Intitule => critere()?.intitule.as_str(),
        Partie::Elements => critere()?.elements.as_str(),
    };
    texte.get(e.debut..e.fin).map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn badge(regle: Regle) -> Badge {
    if regle.prevents_publication() {
        Badge::new(Ton::Erreur, "À corriger")
    } else if regle.is_blocking() {
        Badge::new(Ton::Attention, "À vérifier")
    } else if regle == Regle::A2 {
        Badge::new(Ton::Info, "À savoir")
    } else {
        Badge::new(Ton::Attention, "Conseil")
    }
}

impl Constats {
    pub fn new(grille: &Grille, mut constats: Vec<Constat>) -> Self {
        constats
            .sort_by_key(|c| (!c.regle.prevents_publication(), !c.regle.is_blocking(), c.champ, c.critere));
        let bloquants = constats.iter().filter(|c| c.regle.prevents_publication()).count();
        let resume = match (constats.len(), bloquants) {
            (0, _) => "La relecture automatique ne trouve rien à corriger dans la grille.".to_owned(),
            (_, 0) => "Rien n’empêche la publication. Une relecture automatique peut se tromper : vérifiez ces points avant de publier.".to_owned(),
            (_, 1) => "Un point empêche la publication.".to_owned(),
            (_, n) => format!("{n} points empêchent la publication."),
        };
        let lignes = constats
            .iter()
            .map(|c| Ligne {
                badge: badge(c.regle),
                lieu: c.lieu(),
                mots: c.extraits.iter().filter_map(|e| mots(grille, c, e)).collect(),
                quoi: c.quoi.clone(),
                correction: c.correction.clone(),
                pourquoi: c.pourquoi(),
            })
            .collect();
        Self { lignes, resume }
    }
}
