//! R-FOR-31, R-FOR-40: what is to be known of what a course says, and prevents nothing. Pages, workbooks and programs tell the same.

use super::coherence::{AccueilDeclare, Contradiction, contradictions};
use super::description::{Champ, Description, Rubrique, Transmis};

/// Something to know of what a course says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remarque {
    /// R-FOR-31: documents are asked for whose content the platform sends; their titles.
    Transmise(Transmis, Vec<String>),
    /// R-FOR-40: the establishment says otherwise.
    Contredite(Contradiction),
}

impl Remarque {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Transmise(t, _) => t.code(),
            Self::Contredite(c) => c.code(),
        }
    }

    /// Code of the field that says it.
    pub const fn champ(&self) -> &'static str {
        match self {
            Self::Transmise(..) => Transmis::CHAMP,
            Self::Contredite(c) => c.champ(),
        }
    }

    /// The part where that field is.
    pub const fn rubrique(&self) -> Rubrique {
        match self {
            Self::Transmise(..) => Rubrique::Candidature,
            Self::Contredite(c) => c.rubrique(),
        }
    }

    /// The field that says it, in French.
    pub fn libelle(&self) -> &'static str {
        Champ::from_code(self.champ()).map_or("", |c| c.libelle)
    }

    /// The words found; none for a contradiction.
    pub fn mots(&self) -> &[String] {
        match self {
            Self::Transmise(_, titres) => titres,
            Self::Contredite(_) => &[],
        }
    }

    /// What is to be known, in French.
    pub fn message(&self) -> String {
        match self {
            Self::Transmise(t, titres) if titres.len() > 1 => {
                format!("Pièces demandées aux candidats, alors que {t}.")
            }
            Self::Transmise(t, _) => format!("Pièce demandée aux candidats, alors que {t}."),
            Self::Contredite(c) => c.to_string(),
        }
    }

    /// Where the rule comes from, in French.
    pub const fn pourquoi(&self) -> &'static str {
        match self {
            Self::Transmise(..) => {
                "Règle de la plateforme : ce qu’elle transmet n’est pas demandé aux candidats."
            }
            Self::Contredite(_) => {
                "Règle de la plateforme : une formation et son établissement ne disent pas le contraire l’un de l’autre."
            }
        }
    }

    /// What to do about it, in French.
    pub fn correction(&self) -> String {
        match self {
            Self::Transmise(..) => "Ne les demandez pas.".to_owned(),
            Self::Contredite(_) => Contradiction::correction(),
        }
    }
}

/// R-FOR-31, R-FOR-40: what is to be known of this description. `internat`: what the course keeps of last year where the description does
/// not answer (R-FOR-21).
pub fn remarques(d: &Description, internat: bool, accueil: AccueilDeclare) -> Vec<Remarque> {
    let transmises = d
        .pieces_transmises()
        .into_iter()
        .map(|(t, titres)| Remarque::Transmise(t, titres.into_iter().map(str::to_owned).collect()));
    let contredites = contradictions(d, internat, accueil).into_iter().map(Remarque::Contredite);
    transmises.chain(contredites).collect()
}

#[cfg(test)]
mod tests {
    use super::super::description::{INTERNAT, LigneListe, Valeur};
    use super::*;

    #[test]
    fn r_for_31_r_for_40_a_remark_says_its_field_its_words_and_its_mend() {
        let piece = |titre: &str| LigneListe::from([("piece".to_owned(), titre.to_owned())]);
        let titres = ["Bulletins de seconde", "Notes du bac", "Bulletins de terminale"];
        let mut d = Description::default()
            .avec(INTERNAT, "oui")
            .avec("boursiers", "oui")
            .avec("frais_boursiers", "totale");
        d.pose(Transmis::CHAMP, Some(Valeur::Lignes(titres.map(piece).to_vec())));
        let sans = AccueilDeclare::new("sans", None, Some(0));
        let toutes = remarques(&d, false, sans);
        let codes: Vec<&str> = toutes.iter().map(Remarque::code).collect();
        let attendus = [
            "bulletins_transmis",
            "notes_bac_transmises",
            "internat_contredit",
            "frais_boursiers_contredits",
            "boursiers_contredits",
        ];
        assert_eq!(codes, attendus);
        for r in &toutes {
            let champ = Champ::from_code(r.champ());
            assert_eq!(champ.map(|c| (c.rubrique, c.libelle)), Some((r.rubrique(), r.libelle())), "{r:?}");
            for dit in [r.message(), r.correction(), r.pourquoi().to_owned()] {
                assert!(dit.ends_with('.'), "{dit}");
            }
            assert_eq!(r.mots().is_empty(), matches!(r, Remarque::Contredite(_)), "{r:?}");
        }
        assert_eq!(toutes[0].mots(), ["Bulletins de seconde", "Bulletins de terminale"]);
        let dit = "Pièces demandées aux candidats, alors que les bulletins sont transmis par la plateforme.";
        assert_eq!(toutes[0].message(), dit);
        assert!(toutes[1].message().starts_with("Pièce demandée"), "{}", toutes[1].message());
        let places = AccueilDeclare::new("mixte", Some(0), None);
        let seule = remarques(&Description::default(), true, places);
        assert_eq!(seule.iter().map(Remarque::code).collect::<Vec<_>>(), ["places_internat_contredites"]);
        assert!(remarques(&Description::default(), true, AccueilDeclare::default()).is_empty());
    }
}
