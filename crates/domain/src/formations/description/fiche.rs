//! R-FOR-32: the six rubrics of the public sheet of a course, and where the public reads there each field of the description.

use super::{CHAMPS, Champ, Rubrique};

/// A rubric of the public sheet. Every sheet has the six of them, in the order of [`RubriqueFiche::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RubriqueFiche {
    /// What the course is, and what it costs.
    Decouvrir,
    /// What is expected from candidates, and how the commission reads their applications.
    Criteres,
    /// What one has to know and to give to apply.
    Modalites,
    /// Places, past admissions, dated publications.
    Chiffres,
    /// What comes after the course.
    Debouches,
    /// Where it is, and whom to write to.
    Contact,
}

/// The heading over what is to be known before one applies, whatever the form that says it.
const AVANT_DE_CANDIDATER: &str = "Avant de candidater";

/// Fields that the public reads in another rubric than the rest of their part of the form.
const AILLEURS: &[(&str, RubriqueFiche)] = &[
    ("statut_concours", RubriqueFiche::Modalites),
    ("cesure", RubriqueFiche::Modalites),
    ("eligibilite", RubriqueFiche::Modalites),
    ("diplome_requis", RubriqueFiche::Modalites),
    ("exigences_prealables", RubriqueFiche::Modalites),
    ("secteur_professionnel", RubriqueFiche::Debouches),
    ("vise", RubriqueFiche::Debouches),
    ("architecte", RubriqueFiche::Debouches),
    ("hmonp", RubriqueFiche::Debouches),
    ("suite", RubriqueFiche::Debouches),
    ("debouches", RubriqueFiche::Debouches),
];

impl RubriqueFiche {
    /// Every rubric, in the order of every sheet.
    pub const ALL: [Self; 6] =
        [Self::Decouvrir, Self::Criteres, Self::Modalites, Self::Chiffres, Self::Debouches, Self::Contact];

    /// Its anchor in the page of the sheet.
    pub const fn ancre(self) -> &'static str {
        match self {
            Self::Decouvrir => "decouvrir",
            Self::Criteres => "criteres",
            Self::Modalites => "modalites",
            Self::Chiffres => "chiffres",
            Self::Debouches => "debouches",
            Self::Contact => "contact",
        }
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Decouvrir => "Découvrir la formation",
            Self::Criteres => "Comprendre les critères d’analyse des candidatures",
            Self::Modalites => "Consulter les modalités de candidature",
            Self::Chiffres => "Accéder aux chiffres clés",
            Self::Debouches => "Connaître les débouchés",
            Self::Contact => "Contacter et échanger avec l’établissement",
        }
    }

    /// What the public reads where nothing is said, in French.
    pub const fn si_vide(self) -> &'static str {
        match self {
            Self::Decouvrir => "L’établissement n’a pas encore présenté cette formation.",
            Self::Criteres => {
                "L’établissement n’a pas encore indiqué ce qu’il attend des candidats, ni comment il analyse les candidatures."
            }
            Self::Modalites => {
                "L’établissement n’a pas encore indiqué de modalités propres à cette formation."
            }
            Self::Chiffres => "Aucun chiffre n’est encore publié pour cette formation.",
            Self::Debouches => {
                "L’établissement n’a pas encore indiqué les poursuites d’études et les métiers auxquels mène cette formation."
            }
            Self::Contact => "L’établissement n’a pas encore indiqué comment échanger avec lui.",
        }
    }
}

impl Champ {
    /// Where the public reads it: the rubric, and the heading over it there; without one, right under that of the rubric.
    pub fn emplacement(&self) -> (RubriqueFiche, &'static str) {
        let ailleurs = AILLEURS.iter().find(|(code, _)| *code == self.code).map(|(_, r)| *r);
        match ailleurs {
            Some(RubriqueFiche::Modalites) => (RubriqueFiche::Modalites, AVANT_DE_CANDIDATER),
            Some(autre) => (autre, ""),
            None => (self.rubrique.sur_la_fiche(), self.rubrique.libelle()),
        }
    }
}

impl Rubrique {
    /// Where the public reads this part of the form, some fields apart.
    const fn sur_la_fiche(self) -> RubriqueFiche {
        match self {
            Self::Caracteristiques | Self::Frais => RubriqueFiche::Decouvrir,
            Self::Attendus | Self::Grille => RubriqueFiche::Criteres,
            Self::Candidature | Self::Epreuves => RubriqueFiche::Modalites,
            Self::Contacts => RubriqueFiche::Contact,
        }
    }
}

/// Every place where the public reads fields, as (rubric, heading); within a rubric, in the order of the forms.
pub fn emplacements() -> Vec<(RubriqueFiche, &'static str)> {
    let mut tous = Vec::new();
    for c in CHAMPS.iter().filter(|c| c.public) {
        let ici = c.emplacement();
        if !tous.contains(&ici) {
            tous.push(ici);
        }
    }
    tous
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn r_for_32_every_public_field_is_read_in_one_of_the_six_rubrics() {
        use RubriqueFiche as F;
        for (code, _) in AILLEURS {
            let champ = Champ::from_code(code).unwrap();
            assert!(champ.public, "{code}");
            assert_ne!(champ.emplacement().0, champ.rubrique.sur_la_fiche(), "{code} is there already");
        }
        // The parts that the rules make compulsory, and those of the presentation, each where it is looked for.
        for (code, ou) in [
            ("diplome", F::Decouvrir),
            ("controle", F::Decouvrir),
            ("boursiers", F::Decouvrir),
            ("frais_boursiers", F::Decouvrir),
            ("amenagements", F::Decouvrir),
            ("attendus", F::Criteres),
            ("poids_1", F::Criteres),
            ("criteres", F::Criteres),
            ("conseils", F::Criteres),
            ("eligibilite", F::Modalites),
            ("cesure", F::Modalites),
            ("lettre", F::Modalites),
            ("pieces", F::Modalites),
            ("epreuves", F::Modalites),
            ("frais_dossier", F::Modalites),
            ("debouches", F::Debouches),
            ("contact", F::Contact),
            ("handicap_courriel", F::Contact),
        ] {
            assert_eq!(Champ::from_code(code).unwrap().emplacement().0, ou, "{code}");
        }
        let tous = emplacements();
        for c in CHAMPS.iter().filter(|c| c.public) {
            assert!(tous.contains(&c.emplacement()), "{}", c.code);
        }
        let dites: BTreeSet<F> = tous.iter().map(|(r, _)| *r).collect();
        assert!(F::ALL.iter().all(|r| dites.contains(r) != (*r == F::Chiffres)), "{dites:?}");
    }

    #[test]
    fn r_for_32_each_rubric_has_its_anchor_its_label_and_its_words_when_it_is_empty() {
        for dit in [RubriqueFiche::ancre, RubriqueFiche::libelle, RubriqueFiche::si_vide] {
            let dits: BTreeSet<&str> = RubriqueFiche::ALL.into_iter().map(dit).collect();
            assert_eq!(dits.len(), RubriqueFiche::ALL.len(), "{dits:?}");
        }
        assert!(RubriqueFiche::ALL.is_sorted(), "the order of the sheet is that of the rubrics");
    }
}
