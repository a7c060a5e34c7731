//! R-FOR-31: documents asked of candidates whose content the platform sends already.

use std::fmt;

use super::Description;
use crate::formations::normalise_recherche;

/// What the platform sends with the record of a candidate (`domaine.md` §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transmis {
    /// School reports, by period.
    Bulletins,
    /// Marks of the baccalauréat that are known.
    NotesBac,
}

impl Transmis {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Bulletins, Self::NotesBac];

    /// Code of the list of the documents asked for.
    pub const CHAMP: &'static str = "pieces";

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bulletins => "bulletins_transmis",
            Self::NotesBac => "notes_bac_transmises",
        }
    }

    /// What a title asks for, by its words; none when it says that it is about something else than the lycée.
    fn of(titre: &str) -> Option<Self> {
        let net = normalise_recherche(titre);
        let mots: Vec<&str> = net.split(' ').collect();
        let debut = |racines: &[&str]| mots.iter().any(|m| racines.iter().any(|r| m.starts_with(r)));
        let mot = |liste: &[&str]| mots.iter().any(|m| liste.contains(m));
        let college = mot(&["3e", "3eme", "troisieme"]) && !debut(&["trimestre"]);
        if college || debut(AILLEURS) || mot(AUTRES_DIPLOMES) {
            return None;
        }
        let releve = debut(&["releve"]) && debut(&["note"]);
        if (releve || mot(&["notes"])) && (mot(&["bac", "eaf"]) || debut(&["baccalaureat", "anticip"])) {
            return Some(Self::NotesBac);
        }
        let lycee = || mot(&["terminale", "terminales", "premiere", "seconde", "lycee", "tle"]);
        (debut(&["bulletin"]) || releve && lycee()).then_some(Self::Bulletins)
    }
}

impl fmt::Display for Transmis {
    /// Inside a sentence, in French.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bulletins => "les bulletins sont transmis par la plateforme",
            Self::NotesBac => "les notes connues du baccalauréat sont transmises par la plateforme",
        })
    }
}

/// Beginnings of words of what the platform does not send: wages, criminal record, studies after the lycée, before it or abroad.
const AILLEURS: &[&str] = &[
    "salaire", "paie", "paye", "casier", "adhesion", "inscript", "engage", "universi", "superieu",
    "etudiant", "licence", "master", "post", "prepa", "reorient", "etrang", "college",
];

/// Whole words of the same: too short to begin others.
const AUTRES_DIPLOMES: &[&str] = &["bts", "but", "dut", "iut", "deug", "deust", "cpge", "l1", "l2", "l3"];

impl Description {
    /// R-FOR-31: the titles of the documents asked for that the platform sends already, by what they ask for.
    pub fn pieces_transmises(&self) -> Vec<(Transmis, Vec<&str>)> {
        let titres: Vec<&str> =
            self.lignes(Transmis::CHAMP).iter().filter_map(|l| l.get("piece")).map(String::as_str).collect();
        let mut trouvees = Vec::new();
        for t in Transmis::ALL {
            let siens: Vec<&str> =
                titres.iter().copied().filter(|titre| Transmis::of(titre) == Some(t)).collect();
            if !siens.is_empty() {
                trouvees.push((t, siens));
            }
        }
        trouvees
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LigneListe, Valeur};
    use super::*;

    #[test]
    fn r_for_31_a_document_that_the_platform_sends_is_told_by_its_title() {
        for titre in [
            "Bulletins de terminale",
            "Bulletins de seconde",
            "BULLETIN SCOLAIRE du 3e trimestre",
            "Les trois bulletins de première",
            "Relevés de notes de première et terminale",
            "Bulletin du troisième trimestre",
        ] {
            assert_eq!(Transmis::of(titre), Some(Transmis::Bulletins), "{titre}");
        }
        for titre in [
            "Relevé de notes du bac",
            "Relevés de notes du baccalauréat",
            "Notes des épreuves anticipées",
            "Notes du bac de français",
        ] {
            assert_eq!(Transmis::of(titre), Some(Transmis::NotesBac), "{titre}");
        }
        for titre in [
            "",
            "CV",
            "Bulletin n° 3 du casier judiciaire",
            "Bulletins de salaire",
            "Bulletin d’adhésion à un club",
            "Bulletins de BTS",
            "Relevé de notes de licence",
            "Relevés de notes",
            "Bulletins d’un lycée étranger",
            "Bulletins de 3e",
            "Note d’intention",
            "Attestation de niveau de baccalauréat",
        ] {
            assert_eq!(Transmis::of(titre), None, "{titre}");
        }
    }

    #[test]
    fn r_for_31_the_documents_of_a_course_are_told_together() {
        let piece = |titre: &str| LigneListe::from([("piece".to_owned(), titre.to_owned())]);
        let mut d = Description::default();
        assert!(d.pieces_transmises().is_empty());
        let titres = ["Bulletins de seconde", "Portfolio", "Notes du bac", "Bulletins de terminale"];
        d.pose(Transmis::CHAMP, Some(Valeur::Lignes(titres.map(piece).to_vec())));
        assert_eq!(
            d.pieces_transmises(),
            [
                (Transmis::Bulletins, vec!["Bulletins de seconde", "Bulletins de terminale"]),
                (Transmis::NotesBac, vec!["Notes du bac"]),
            ]
        );
    }
}
