//! The cell of a région académique: whom it serves, what it says of itself.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::demandes::ThemeAssistance;
use crate::comptes::Courriel;
use crate::erreurs::RuleViolation;
use crate::etablissements::{check_ligne, check_site_web, check_telephone, check_texte};
use crate::territoires::{self, Academie, Departement, RegionAcademique};

/// Where a reader is, as far as they say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lieu {
    /// `None` for whoever is over a whole academy.
    pub departement: Option<&'static Departement>,
    /// Its academy.
    pub academie: &'static Academie,
    /// The region whose cell answers.
    pub region: &'static RegionAcademique,
}

impl Lieu {
    /// R-ASS-01: a department is served by the cell of the région académique of its academy.
    pub fn of_departement(code: &str) -> Option<Self> {
        let d = territoires::departement(code)?;
        let lieu = Self::of_academie(d.academie)?;
        Some(Self { departement: Some(d), ..lieu })
    }

    /// R-ASS-01: five digits; the department of the post code.
    pub fn of_code_postal(code: &str) -> Option<Self> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // Saint-Barthélemy and Saint-Martin share the start of the codes of Guadeloupe.
        match code.as_str() {
            "97133" => Self::of_departement("977"),
            "97150" => Self::of_departement("978"),
            // The post office of Corsica still counts by 20: Bastia and the north have 202 and 206.
            c if c.starts_with("202") || c.starts_with("206") => Self::of_departement("2B"),
            _ => Self::of_departement(territoires::departement_postal(&code)?.code),
        }
    }

    /// The place of an academic service.
    pub fn of_academie(code: &str) -> Option<Self> {
        let academie = territoires::academie(code)?;
        let region = territoires::region_academique(academie.region_academique)?;
        Some(Self { departement: None, academie, region })
    }

    /// Whether the region is one of the eighteen that have a cell: neither the collectivities of overseas nor abroad.
    pub fn has_cellule(&self) -> bool {
        territoires::regions_academiques().iter().any(|r| r.code == self.region.code)
    }
}

/// What a cell says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FicheCellule {
    /// Who answers and for whom, with light marks.
    pub presentation: String,
    /// Where to write.
    pub courriel: String,
    /// Its own page, elsewhere; empty: none.
    pub page: String,
}

impl FicheCellule {
    /// R-ASS-02: a presentation, an address to write to, and a page with its scheme if there is one.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self) -> Result<Self, RuleViolation> {
        let presentation = check_texte("presentation", &self.presentation)?;
        if presentation.is_empty() {
            return Err(RuleViolation::Champ { champ: "presentation", motif: "vide" });
        }
        let courriel = Courriel::parse(self.courriel.trim())
            .map_err(|_| RuleViolation::Champ { champ: "courriel", motif: "format" })?;
        let page = match self.page.trim() {
            "" => String::new(),
            saisie => check_site_web("site_web", saisie)?,
        };
        Ok(Self { presentation, courriel: courriel.as_str().to_owned(), page })
    }
}

/// One of the places where a cell answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteCellule {
    /// « Amiens ».
    pub nom: String,
    /// As the public dials it.
    pub telephone: String,
    /// When it answers; empty: not said.
    pub horaires: String,
    /// Codes of the departments that it serves first; empty: the whole region.
    pub departements: BTreeSet<String>,
}

impl SiteCellule {
    /// R-ASS-02: a name, a number that can be dialled, departments of the région académique.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self, region: &str) -> Result<Self, RuleViolation> {
        let nom = check_ligne("nom", &self.nom)?;
        if nom.is_empty() {
            return Err(RuleViolation::Champ { champ: "nom", motif: "vide" });
        }
        let ici = |code: &String| Lieu::of_departement(code).is_some_and(|l| l.region.code == region);
        if !self.departements.iter().all(ici) {
            return Err(RuleViolation::Champ { champ: "departements", motif: "hors_region" });
        }
        Ok(Self {
            nom,
            telephone: check_telephone("telephone", &self.telephone)?,
            horaires: check_ligne("horaires", &self.horaires)?,
            departements: self.departements,
        })
    }

    /// What a link that dials says: digits alone, with the sign of a number from abroad; overseas has codes of its own.
    pub fn a_composer(&self) -> String {
        let chiffres: String = self.telephone.chars().filter(char::is_ascii_digit).collect();
        match chiffres.strip_prefix('0') {
            Some(reste) if !self.telephone.starts_with('+') => {
                let pays = match reste.get(..3) {
                    Some("262" | "269" | "639" | "692" | "693") => "262",
                    Some("590" | "690" | "691") => "590",
                    Some("594" | "694") => "594",
                    Some("596" | "696" | "697") => "596",
                    Some("508") => "508",
                    _ => "33",
                };
                format!("+{pays}{reste}")
            }
            _ => format!("+{chiffres}"),
        }
    }

    fn serves(&self, departement: &Departement) -> bool {
        self.departements.contains(departement.code)
    }
}

/// R-ASS-01: the sites to call first are those that name the reader's department, else those that serve the whole region; the
/// others are told after. Gives places in the list, in its order.
pub fn sites_of(sites: &[SiteCellule], departement: Option<&Departement>) -> (Vec<usize>, Vec<usize>) {
    let nomme = |s: &SiteCellule| departement.is_some_and(|d| s.serves(d));
    let partout = |s: &SiteCellule| s.departements.is_empty();
    let un_nomme = sites.iter().any(nomme);
    let un_partout = sites.iter().any(partout);
    let premier = |s: &SiteCellule| match (departement, un_nomme, un_partout) {
        (Some(_), true, _) => nomme(s),
        (Some(_), false, true) => partout(s),
        // Nobody in particular: all of them answer.
        _ => true,
    };
    (0..sites.len()).partition(|i| premier(&sites[*i]))
}

/// What a cell publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// One line.
    pub titre: String,
    /// What it is filed under, one line.
    pub theme: String,
    /// Where it is read; empty: its text is here.
    pub lien: String,
    /// With light marks; may be empty when there is a link.
    pub texte: String,
    /// When it came out.
    pub parue_le: Date,
}

impl Publication {
    /// R-ASS-02: a title, a theme, and something to read: a link, a text, or both.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self) -> Result<Self, RuleViolation> {
        let titre = check_ligne("titre", &self.titre)?;
        if titre.is_empty() {
            return Err(RuleViolation::Champ { champ: "titre", motif: "vide" });
        }
        let theme = check_ligne("theme", &self.theme)?;
        if theme.is_empty() {
            return Err(RuleViolation::Champ { champ: "theme", motif: "vide" });
        }
        let lien = match self.lien.trim() {
            "" => String::new(),
            saisi => check_site_web("lien", saisi)?,
        };
        let texte = check_texte("texte", &self.texte)?;
        if lien.is_empty() && texte.is_empty() {
            return Err(RuleViolation::Champ { champ: "lien", motif: "rien_a_lire" });
        }
        Ok(Self { titre, theme, lien, texte, parue_le: self.parue_le })
    }
}

/// A text that a cell keeps to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReponseType {
    /// Of the questions that it answers; `None`: none chosen.
    pub theme: Option<ThemeAssistance>,
    /// One line, for its agents.
    pub titre: String,
    /// As it is put in an answer.
    pub texte: String,
}

/// How much a cell may keep to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BornesReponses {
    /// Texts.
    pub nombre: i64,
    /// Characters of one; never more than an answer has.
    pub caracteres: usize,
}

impl ReponseType {
    /// R-ASS-13: a theme, a title and a text within the bounds of the settings.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`], for the first field at fault.
    pub fn checked(self, bornes: BornesReponses) -> Result<Self, RuleViolation> {
        if self.theme.is_none() {
            return Err(RuleViolation::Champ { champ: "theme", motif: "sujet_manquant" });
        }
        let titre = check_ligne("titre", &self.titre)?;
        if titre.is_empty() {
            return Err(RuleViolation::Champ { champ: "titre", motif: "vide" });
        }
        let texte = check_texte("texte", &self.texte)?;
        if texte.is_empty() {
            return Err(RuleViolation::Champ { champ: "texte", motif: "reponse_vide" });
        }
        if texte.chars().count() > bornes.caracteres {
            return Err(RuleViolation::Champ { champ: "texte", motif: "reponse_longue" });
        }
        Ok(Self { theme: self.theme, titre, texte })
    }
}

/// R-ASS-13: a cell keeps so many texts, no more. `gardees`: with the one that is added.
///
/// # Errors
/// [`RuleViolation::Champ`] on `texte`.
pub fn check_nombre_reponses(gardees: i64, bornes: BornesReponses) -> Result<(), RuleViolation> {
    if gardees <= bornes.nombre {
        return Ok(());
    }
    Err(RuleViolation::Champ { champ: "texte", motif: "trop_de_reponses" })
}

/// R-ASS-13: a text kept is put after what was typed, which is never lost.
pub fn insert_reponse(saisi: &str, texte: &str) -> String {
    match saisi.trim_end() {
        "" => texte.to_owned(),
        saisi => format!("{saisi}\n\n{texte}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn r_ass_13_a_text_kept_to_answer_with_has_a_theme_and_bounds() {
        let bornes = BornesReponses { nombre: 2, caracteres: 20 };
        let bonne = ReponseType {
            theme: Some(ThemeAssistance::Voeux),
            titre: " Dates ".to_owned(),
            texte: "Jusqu’au 14 mars.\r\n".to_owned(),
        };
        let lue = bonne.clone().checked(bornes).unwrap();
        assert_eq!((lue.titre.as_str(), lue.texte.as_str()), ("Dates", "Jusqu’au 14 mars."));
        for (fausse, attendu) in [
            (ReponseType { theme: None, ..bonne.clone() }, ("theme", "sujet_manquant")),
            (ReponseType { titre: " ".to_owned(), ..bonne.clone() }, ("titre", "vide")),
            (ReponseType { texte: "\n".to_owned(), ..bonne.clone() }, ("texte", "reponse_vide")),
            (ReponseType { texte: "é".repeat(21), ..bonne }, ("texte", "reponse_longue")),
        ] {
            assert_eq!(faute(fausse.checked(bornes)), attendu);
        }
        assert_eq!(check_nombre_reponses(2, bornes), Ok(()));
        assert_eq!(faute(check_nombre_reponses(3, bornes)), ("texte", "trop_de_reponses"));
    }

    #[test]
    fn r_ass_13_a_text_is_put_after_what_was_typed() {
        assert_eq!(insert_reponse(" \r\n", "Bonjour"), "Bonjour");
        assert_eq!(insert_reponse("Chère Léa,\n", "Les dates…"), "Chère Léa,\n\nLes dates…");
    }

    fn site(nom: &str, departements: &[&str]) -> SiteCellule {
        SiteCellule {
            nom: nom.to_owned(),
            telephone: "03 22 82 37 54".to_owned(),
            horaires: String::new(),
            departements: departements.iter().map(|d| (*d).to_owned()).collect(),
        }
    }

    fn faute<T: std::fmt::Debug>(r: Result<T, RuleViolation>) -> (&'static str, &'static str) {
        match r {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        }
    }

    #[test]
    fn r_ass_01_a_place_is_served_by_the_cell_of_its_region_and_its_own_site_comes_first() {
        let region = |l: Option<Lieu>| l.map(|l| l.region.code);
        for d in territoires::departements() {
            assert!(Lieu::of_departement(d.code).is_some(), "{}", d.code);
        }
        assert_eq!(region(Lieu::of_departement("80")), Some("32"));
        assert_eq!(region(Lieu::of_code_postal("59 000")), Some("32"));
        assert_eq!(region(Lieu::of_code_postal("20090")), Some("94"));
        let departement = |c: &str| Lieu::of_code_postal(c).and_then(|l| l.departement).map(|d| d.code);
        assert_eq!((departement("20090"), departement("20200")), (Some("2A"), Some("2B")));
        assert_eq!(region(Lieu::of_code_postal("97400")), Some("04"));
        let nom = |c: &str| Lieu::of_code_postal(c).and_then(|l| l.departement).map(|d| d.nom);
        assert_eq!(nom("97150"), Some("Saint-Martin"));
        for faux in ["", "590", "abcde", "00000", "590000"] {
            assert_eq!(Lieu::of_code_postal(faux), None, "{faux}");
        }
        assert!(Lieu::of_departement("59").is_some_and(|l| l.has_cellule()));
        assert!(Lieu::of_departement("99").is_some_and(|l| !l.has_cellule()));
        assert!(Lieu::of_departement("988").is_some_and(|l| !l.has_cellule()));

        let sites = [site("Amiens", &["02", "60", "80"]), site("Lille", &["59", "62"])];
        let de = |sites: &[SiteCellule], d: &str| sites_of(sites, territoires::departement(d));
        assert_eq!(de(&sites, "59"), (vec![1], vec![0]));
        assert_eq!(de(&sites, "80"), (vec![0], vec![1]));
        assert_eq!(sites_of(&sites, None), (vec![0, 1], vec![]));
        // One that serves the whole region answers where no other one is named.
        let partout = [site("Lille", &["59"]), site("Région", &[])];
        assert_eq!(de(&partout, "80"), (vec![1], vec![0]));
        assert_eq!(de(&partout, "59"), (vec![0], vec![1]));
        // Nobody is left without a number.
        assert_eq!(de(&sites[1..], "80"), (vec![0], vec![]));
    }

    #[test]
    fn r_ass_02_what_a_cell_says_is_checked_before_it_is_kept() {
        let bonne = FicheCellule {
            presentation: "Bonjour".to_owned(),
            courriel: " craoes@region.example ".to_owned(),
            page: "www.region.example".to_owned(),
        };
        let lue = bonne.clone().checked().expect("a good one");
        assert_eq!(
            (lue.courriel.as_str(), lue.page.as_str()),
            ("craoes@region.example", "https://www.region.example")
        );
        assert_eq!(
            faute(FicheCellule { presentation: " ".to_owned(), ..bonne.clone() }.checked()),
            ("presentation", "vide")
        );
        assert_eq!(
            faute(FicheCellule { courriel: "x".to_owned(), ..bonne.clone() }.checked()),
            ("courriel", "format")
        );
        assert_eq!(faute(FicheCellule { page: "ici".to_owned(), ..bonne }.checked()).0, "site_web");

        let s = site("Lille", &["59"]).checked("32").expect("a good one");
        assert_eq!(s.a_composer(), "+33322823754");
        assert_eq!(faute(site("Lille", &["69"]).checked("32")), ("departements", "hors_region"));
        assert_eq!(faute(site(" ", &[]).checked("32")), ("nom", "vide"));
        let court = SiteCellule { telephone: "03 22".to_owned(), ..site("Lille", &[]) };
        assert_eq!(faute(court.checked("32")).0, "telephone");

        let p = Publication {
            titre: "Choisir sa licence".to_owned(),
            theme: "Université".to_owned(),
            lien: String::new(),
            texte: "Lire d’abord la fiche.".to_owned(),
            parue_le: date(2023, 11, 6),
        };
        assert!(p.clone().checked().is_ok());
        assert_eq!(
            faute(Publication { texte: String::new(), ..p.clone() }.checked()),
            ("lien", "rien_a_lire")
        );
        assert_eq!(faute(Publication { theme: String::new(), ..p }.checked()), ("theme", "vide"));
    }
}
