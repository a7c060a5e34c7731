//! Documents of reference: what the national team and the academic services deposit for those who run courses — notes, guides, and
//! what news items carry.

use crate::actualites::{Audience, Situation};
use crate::droits::{Action, roles_allowed};
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;
use crate::formations::description::Rubrique;
use crate::territoires::academie;

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// A framing note, of the documents of reference.
    Note,
    /// A guide, step by step, of the documentation.
    Guide,
    /// Read only with the news items that carry it.
    Piece,
}

impl Nature {
    /// Every nature, in the order of the screens.
    pub const ALL: [Self; 3] = [Self::Note, Self::Guide, Self::Piece];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Guide => "guide",
            Self::Piece => "piece",
        }
    }

    /// The nature of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Note => "Note de cadrage",
            Self::Guide => "Guide pas à pas",
            Self::Piece => "Pièce jointe d’une information",
        }
    }
}

/// What a document is about: it is offered on the screens of its theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// The procedure as a whole.
    Procedure,
    /// Accounts and their security.
    Comptes,
    /// The establishment.
    Etablissement,
    /// What a course is.
    Formation,
    /// Letter, documents, entrance examinations.
    Candidature,
    /// The grid of the criteria.
    Grille,
    /// Places and fees.
    Capacites,
    /// Apprenticeship.
    Apprentissage,
    /// Examination of the wishes and rankings.
    Examen,
    /// Propositions and answers.
    Admission,
}

impl Theme {
    /// Every theme, in the order of the screens.
    pub const ALL: [Self; 10] = [
        Self::Procedure,
        Self::Comptes,
        Self::Etablissement,
        Self::Formation,
        Self::Candidature,
        Self::Grille,
        Self::Capacites,
        Self::Apprentissage,
        Self::Examen,
        Self::Admission,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Comptes => "comptes",
            Self::Etablissement => "etablissement",
            Self::Formation => "formation",
            Self::Candidature => "candidature",
            Self::Grille => "grille",
            Self::Capacites => "capacites",
            Self::Apprentissage => "apprentissage",
            Self::Examen => "examen",
            Self::Admission => "admission",
        }
    }

    /// The theme of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Procedure => "La procédure",
            Self::Comptes => "Comptes et sécurité",
            Self::Etablissement => "Paramétrage de l’établissement",
            Self::Formation => "Paramétrage des formations",
            Self::Candidature => "Lettre de motivation, pièces et épreuves",
            Self::Grille => "Critères généraux d’examen des vœux",
            Self::Capacites => "Capacités d’accueil et frais",
            Self::Apprentissage => "Formations en apprentissage",
            Self::Examen => "Examen des vœux et classements",
            Self::Admission => "Admission et réponses des candidats",
        }
    }

    /// The theme of a part of the settings of a course.
    pub const fn of_rubrique(rubrique: Rubrique) -> Self {
        match rubrique {
            Rubrique::Grille => Self::Grille,
            Rubrique::Candidature | Rubrique::Epreuves => Self::Candidature,
            Rubrique::Frais => Self::Capacites,
            Rubrique::Caracteristiques | Rubrique::Attendus | Rubrique::Contacts => Self::Formation,
        }
    }
}

/// R-REF-01: a note or a guide is read by those whom it is addressed to, as a news item is (R-INF-02), while it is not taken down; an
/// attachment only with an item that one reads, however long that one is shown.
pub fn is_read_by(
    nature: Nature,
    audience: &Audience,
    retire: bool,
    siennes: &[Situation],
    portee_par_une_lue: bool,
) -> bool {
    portee_par_une_lue
        || (nature != Nature::Piece && !retire && siennes.iter().any(|s| audience.is_read_by(s)))
}

/// What is said of a document, once checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is for.
    pub nature: Nature,
    /// What it is about.
    pub theme: Theme,
    /// One line.
    pub titre: String,
    /// Whom it concerns.
    pub audience: Audience,
}

impl Notice {
    /// R-REF-02: a title, roles that read the Fil info and academies that exist.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self) -> Result<Self, RuleViolation> {
        let faux = |champ, motif| Err(RuleViolation::Champ { champ, motif });
        let titre = check_ligne("titre", &self.titre)?;
        if titre.is_empty() {
            return faux("titre", "vide");
        }
        let lecteurs = roles_allowed(Action::ConsulterInformations);
        if !self.audience.roles.iter().all(|r| r.signs_in() && lecteurs.contains(r)) {
            return faux("roles", "inconnu");
        }
        if !self.audience.academies.iter().all(|a| academie(a).is_some()) {
            return faux("academies", "inconnu");
        }
        Ok(Self { titre, ..self })
    }
}

/// R-REF-03: the name under which a document is kept and given: the last part of a path, without what no file name holds, with its
/// extension. `None` when it does not end by « .pdf ».
pub fn nom_de_fichier(nom: &str) -> Option<String> {
    let seul = nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let net: String = seul.chars().filter(|c| !c.is_control() && !r#"<>:"|?*"#.contains(*c)).collect();
    let net = net.trim().trim_start_matches('.');
    let (tige, extension) = net.rsplit_once('.')?;
    let tige: String = tige.trim().chars().take(100).collect();
    (extension.eq_ignore_ascii_case("pdf") && !tige.is_empty()).then(|| format!("{tige}.pdf"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comptes::Role;

    #[test]
    fn r_ref_01_a_note_has_its_readers_and_an_attachment_those_of_its_items() {
        let a = |codes: &[&str]| Audience {
            academies: codes.iter().map(|c| (*c).to_owned()).collect(),
            ..Audience::default()
        };
        let lille = [Situation {
            role: Role::RespFormation,
            academies: ["09".to_owned()].into(),
            natures: [].into(),
        }];
        assert!(is_read_by(Nature::Note, &a(&["09"]), false, &lille, false));
        assert!(is_read_by(Nature::Guide, &a(&[]), false, &lille, false));
        assert!(!is_read_by(Nature::Note, &a(&["20"]), false, &lille, false));
        assert!(!is_read_by(Nature::Note, &a(&["09"]), true, &lille, false));
        assert!(!is_read_by(Nature::Piece, &a(&["09"]), false, &lille, false));
        for nature in Nature::ALL {
            assert!(is_read_by(nature, &a(&["20"]), true, &lille, true));
            assert_eq!(Nature::from_code(nature.code()), Some(nature));
        }
        assert!(!is_read_by(Nature::Note, &a(&[]), false, &[], false));
    }

    #[test]
    fn r_ref_02_a_document_has_a_title_and_readers_who_exist() {
        let bonne = Notice {
            nature: Nature::Note,
            theme: Theme::Grille,
            titre: "  Note de  cadrage ".to_owned(),
            audience: Audience::default(),
        };
        assert_eq!(bonne.clone().checked().map(|n| n.titre), Ok("Note de cadrage".to_owned()));
        let faute = |n: Notice| match n.checked() {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(faute(Notice { titre: " ".to_owned(), ..bonne.clone() }), ("titre", "vide"));
        let roles = Audience { roles: [Role::Candidat].into(), ..Audience::default() };
        assert_eq!(faute(Notice { audience: roles, ..bonne.clone() }), ("roles", "inconnu"));
        let ailleurs = Audience { academies: ["xx".to_owned()].into(), ..Audience::default() };
        assert_eq!(faute(Notice { audience: ailleurs, ..bonne }), ("academies", "inconnu"));
        for theme in Theme::ALL {
            assert_eq!(Theme::from_code(theme.code()), Some(theme));
        }
        for r in Rubrique::ALL {
            assert!(Theme::ALL.contains(&Theme::of_rubrique(r)));
        }
    }

    #[test]
    fn r_ref_03_a_file_name_is_one_name_that_ends_by_pdf() {
        let nom = |n: &str| nom_de_fichier(n);
        assert_eq!(nom("Note de cadrage.pdf").as_deref(), Some("Note de cadrage.pdf"));
        assert_eq!(nom(r"C:\Bureau\Note.PDF").as_deref(), Some("Note.pdf"));
        assert_eq!(nom("../../etc/No\u{7}te?.pdf").as_deref(), Some("Note.pdf"));
        assert_eq!(nom(&format!("{}.pdf", "é".repeat(300))).map(|n| n.chars().count()), Some(104));
        for autre in ["", ".pdf", " .pdf", "note.docx", "note", "note.pdf.exe"] {
            assert_eq!(nom(autre), None, "{autre}");
        }
    }
}
