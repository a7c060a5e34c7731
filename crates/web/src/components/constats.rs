//! What the reading of a grid found, each finding with its place, its reason and a mend.

use std::fmt::Display;

use askama::Template;
use domain::formations::Contradiction;
use domain::formations::description::{Description, POIDS};
use domain::grille::{Constat, Decompte, Partie, Regle};

use super::description::nom_ligne;
use super::{Alerte, Badge, Formulaire, Ton, accord};

/// A finding as it is shown.
struct Ligne {
    badge: Badge,
    lieu: String,
    /// The field to mend, on the page of the grid.
    vers: String,
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

/// How much a finding of this rule matters, in two words.
pub fn badge_constat(regle: Regle) -> Badge {
    if regle.prevents_publication() {
        Badge::new(Ton::Erreur, "À corriger")
    } else if regle.is_blocking() {
        Badge::new(Ton::Attention, "À vérifier")
    } else if regle.is_information() {
        Badge::new(Ton::Info, "À savoir")
    } else {
        Badge::new(Ton::Attention, "Conseil")
    }
}

/// What is found in a grid, counted, beside its course; nothing when there is nothing.
pub fn badges_grille(d: Decompte) -> Vec<Badge> {
    let points = |n: usize| accord(n, "point", "points");
    let mut badges = Vec::new();
    if d.bloquants > 0 {
        badges.push(Badge::new(Ton::Erreur, format_args!("Grille à corriger : {}", points(d.bloquants))));
    }
    if d.a_verifier > 0 {
        badges.push(Badge::new(Ton::Attention, format_args!("Grille à relire : {}", points(d.a_verifier))));
    }
    badges
}

/// R-FOR-40: what a course says and its establishment denies, under a title that names what it is about. `suite`: what to do about it.
pub fn alerte_contradictions(toutes: &[Contradiction], suite: impl Display) -> Alerte {
    let sujets: Vec<&str> = toutes.iter().map(|c| c.libelle()).collect();
    Alerte::attention(suite)
        .titre(format_args!(
            "La formation et son établissement ne disent pas la même chose : {}",
            sujets.join(", ")
        ))
        .points(toutes.iter().map(ToString::to_string))
}

/// The name of the field of the form that a finding is about.
fn champ(d: &Description, c: &Constat) -> String {
    if let Some(ligne) = d.ligne_critere(c) {
        let intitule = c.extraits.first().is_some_and(|e| e.partie == Partie::Intitule);
        return nom_ligne("criteres", ligne, if intitule { "intitule" } else { "elements" });
    }
    match c.champ.checked_sub(1).and_then(|i| POIDS.get(i)) {
        Some(poids) => (*poids).to_owned(),
        None if !c.extraits.is_empty() => "conseils".to_owned(),
        None if c.regle == Regle::B1 => POIDS[0].to_owned(),
        // What the grid does not say is written in its criteria.
        None => "criteres".to_owned(),
    }
}

impl Constats {
    /// The findings of the grid of a course; `formulaire`: the page of the grid, empty when it is this one.
    pub fn new(d: &Description, formulaire: &str, mut constats: Vec<Constat>) -> Self {
        let grille = d.grille_saisie();
        constats.sort_by_key(Constat::rang);
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
                badge: badge_constat(c.regle),
                lieu: d.lieu_constat(c),
                vers: format!("{formulaire}#{}", Formulaire::default().id(&champ(d, c))),
                mots: grille.as_ref().map(|g| c.mots(g)).unwrap_or_default(),
                quoi: c.quoi.clone(),
                correction: c.correction.clone(),
                pourquoi: c.pourquoi(),
            })
            .collect();
        Self { lignes, resume }
    }
}

#[cfg(test)]
mod tests {
    use domain::formations::description::{LigneListe, Valeur};

    use super::*;

    fn critere(champ: &str, intitule: &str, elements: &str) -> LigneListe {
        [("champ", champ), ("intitule", intitule), ("elements", elements), ("importance", "important")]
            .into_iter()
            .map(|(code, t)| (code.to_owned(), t.to_owned()))
            .collect()
    }

    #[test]
    fn a_finding_has_the_number_and_the_address_that_the_form_gives_its_criterion() {
        let mut d = Description::default();
        for (code, poids) in POIDS.iter().zip(["60", "40", "0", "0", "0"]) {
            d.pose(code, Some(Valeur::Texte(poids.to_owned())));
        }
        let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
        d.pose(
            "criteres",
            Some(Valeur::Lignes(vec![
                critere("2", "Méthode", "Appréciations des bulletins de terminale"),
                critere("1", "Résultats", eds),
            ])),
        );
        let trouve: Vec<Constat> = d.constats().into_iter().filter(|c| c.regle == Regle::B4).collect();
        let html = Constats::new(&d, "/grille", trouve).to_string();
        assert!(html.contains("critère 2 «\u{a0}Résultats\u{a0}»"), "{html}");
        assert!(html.contains(r##"href="/grille#champ-criteres-1-elements""##), "{html}");
        assert!(html.contains("Passage cité : <q>"), "{html}");
    }

    #[test]
    fn r_cge_19_what_the_grid_does_not_say_leads_to_its_criteria_and_a_wrong_sum_to_its_weights() {
        let mut d = Description::default();
        for (code, poids) in POIDS.iter().zip(["60", "30", "0", "0", "0"]) {
            d.pose(code, Some(Valeur::Texte(poids.to_owned())));
        }
        let lignes = vec![critere("1", "Résultats", "Moyennes"), critere("2", "Méthode", "Bulletins")];
        d.pose("criteres", Some(Valeur::Lignes(lignes)));
        let piece: LigneListe = [("piece", "CV"), ("obligatoire", "oui"), ("format", "pdf")]
            .into_iter()
            .map(|(code, t)| (code.to_owned(), t.to_owned()))
            .collect();
        d.pose("pieces", Some(Valeur::Lignes(vec![piece])));
        let vers = |regle: Regle| {
            let trouve: Vec<Constat> = d.constats().into_iter().filter(|c| c.regle == regle).collect();
            assert_eq!(trouve.len(), 1, "{trouve:?}");
            Constats::new(&d, "/grille", trouve).to_string()
        };
        let tue = vers(Regle::A8);
        assert!(tue.contains(r##"href="/grille#champ-criteres""##), "{tue}");
        let somme = vers(Regle::B1);
        assert!(somme.contains(r##"href="/grille#champ-poids-1""##), "{somme}");
    }
}
