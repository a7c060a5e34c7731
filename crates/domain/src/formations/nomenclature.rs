//! R-FOR-16: the national type of a course: by the code that its offer gives, else by its label and its status.

use std::collections::HashMap;

use super::{StatutFormation, normalise_recherche};

/// A type of the national list, as far as courses are recognised by it.
#[derive(Debug, Clone, Copy)]
pub struct TypeNational<'a> {
    /// `g_fl_cod`.
    pub code: i64,
    /// « BTS-MCO »: what comes before the first dash says which diploma it is.
    pub sigle: &'a str,
    /// « Management commercial opérationnel - en apprentissage ».
    pub libelle: &'a str,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
}

/// What a label says of the type of its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rapprochement {
    /// Place of the type in the list.
    Trouve(usize),
    /// Several types have that label, and nothing says which.
    Ambigu,
    /// No type has it.
    Inconnu,
}

/// The types, found by code or by label.
#[derive(Debug, Default)]
pub struct Nomenclature {
    par_code: HashMap<i64, usize>,
    par_libelle: HashMap<(String, bool), Vec<usize>>,
    /// First part of the acronym of each type.
    genres: Vec<String>,
}

const APPRENTISSAGE: &str = "en apprentissage";

fn genre(sigle: &str) -> String {
    sigle.split(['-', '/', ' ']).next().unwrap_or_default().to_lowercase()
}

/// « certificat de specialisation »: « cs ».
fn initiales(normalise: &str) -> String {
    const VIDES: [&str; 10] = ["de", "des", "du", "d", "la", "le", "les", "l", "et", "en"];
    normalise.split(' ').filter(|mot| !VIDES.contains(mot)).filter_map(|mot| mot.chars().next()).collect()
}

/// What the label of a course begins with, which says its diploma: « BTS », « Licence », « Certificat de Spécialisation ».
struct Tete {
    texte: String,
    licence: bool,
}

impl Tete {
    /// Types of the great national families are not those of a course that begins otherwise.
    fn admet(&self, genre: &str) -> bool {
        match genre {
            "but" => self.texte == "but",
            "l1" => self.licence,
            genre if genre.starts_with("bts") => self.texte == "bts",
            _ => true,
        }
    }

    fn nomme(&self, genre: &str) -> bool {
        match genre {
            "l1" => self.licence,
            genre if genre.starts_with("bts") => self.texte == "bts",
            genre => genre == self.texte.replace(' ', "") || genre == initiales(&self.texte),
        }
    }
}

impl Nomenclature {
    /// Indexes a list.
    pub fn new<'a>(types: impl IntoIterator<Item = TypeNational<'a>>) -> Self {
        let mut n = Self::default();
        for (i, t) in types.into_iter().enumerate() {
            let libelle = normalise_recherche(t.libelle);
            let libelle = libelle.strip_suffix(APPRENTISSAGE).unwrap_or(&libelle).trim_end().to_owned();
            n.par_code.insert(t.code, i);
            n.par_libelle.entry((libelle, t.apprentissage)).or_default().push(i);
            n.genres.push(genre(t.sigle));
        }
        n
    }

    /// The type of a code.
    pub fn of_code(&self, code: i64) -> Option<usize> {
        self.par_code.get(&code).copied()
    }

    /// The type that a label names: whole, or without the words of diploma and domain that come first. Among several, the one
    /// whose acronym begins as the label does. The mention of a licence is all that follows « Licence »: a part of it may be the
    /// label of another.
    pub fn of_libelle(&self, libelle: &str, statut: StatutFormation) -> Rapprochement {
        let mut parties: Vec<String> =
            libelle.split(" - ").map(normalise_recherche).filter(|p| !p.is_empty()).collect();
        parties.pop_if(|p| p == APPRENTISSAGE);
        let texte = parties.first().cloned().unwrap_or_default();
        let tete = Tete { licence: texte.split(' ').any(|mot| mot == "licence"), texte };
        let otees = if tete.licence { 1 } else { 2 };
        for i in 0..parties.len().min(otees + 1) {
            let cle =
                (parties.get(i..).unwrap_or_default().join(" "), statut == StatutFormation::Apprentissage);
            let Some(types) = self.par_libelle.get(&cle) else { continue };
            let parmi = |garde: &dyn Fn(&str) -> bool| -> Vec<usize> {
                types.iter().copied().filter(|t| self.genres.get(*t).is_some_and(|g| garde(g))).collect()
            };
            // A label that is whole says nothing of its diploma.
            let admis = if i == 0 { types.clone() } else { parmi(&|g| tete.admet(g)) };
            match (&admis[..], &parmi(&|g| tete.nomme(g))[..]) {
                ([], _) => {}
                ([seul], _) | (_, [seul]) => return Rapprochement::Trouve(*seul),
                _ => return Rapprochement::Ambigu,
            }
        }
        Rapprochement::Inconnu
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_(
        code: i64,
        sigle: &'static str,
        libelle: &'static str,
        apprentissage: bool,
    ) -> TypeNational<'static> {
        TypeNational { code, sigle, libelle, apprentissage }
    }

    fn liste() -> Nomenclature {
        Nomenclature::new([
            type_(464, "BTS-Tourisme", "Tourisme", false),
            type_(2093, "L1-Tourisme", "Tourisme", false),
            type_(1464, "BTS-Tourisme-App", "Tourisme - en apprentissage", true),
            type_(2004, "L1-Gestion", "Gestion", false),
            type_(2002, "L1-Droit", "Droit", false),
            type_(660, "MC-Somm", "Sommellerie", false),
            type_(490, "CS-Somm", "Sommellerie", false),
            type_(54, "ECG-Mapp-ESH", "ECG - Mathématiques appliquées + ESH", false),
            type_(550_001, "DE-INF", "D.E Infirmier", false),
            type_(355, "DMA-Lutherie", "Lutherie", false),
            type_(614, "MAN-Lutherie", "Lutherie", false),
        ])
    }

    #[test]
    fn r_for_16_a_label_names_its_type_with_its_diploma_and_its_status() {
        use StatutFormation::{Apprentissage, Etudiant};
        let n = liste();
        let place = |code: i64| n.of_code(code).map(Rapprochement::Trouve).unwrap();
        for (libelle, statut, attendu) in [
            ("BTS - Services - Tourisme", Etudiant, place(464)),
            ("Licence - Tourisme", Etudiant, place(2093)),
            ("BTS - Services - Tourisme - en apprentissage", Apprentissage, place(1464)),
            ("BTS - Services - TOURISME", Apprentissage, place(1464)),
            ("Certificat de Spécialisation - Sommellerie", Etudiant, place(490)),
            ("CPGE - ECG -  - Mathématiques appliquées + ESH", Etudiant, place(54)),
            ("D.E Infirmier", Etudiant, place(550_001)),
            ("D.E Infirmier", Apprentissage, Rapprochement::Inconnu),
            ("Licence - Droit", Etudiant, place(2002)),
            ("Double licence - Droit / Gestion - Droit - Gestion", Etudiant, Rapprochement::Inconnu),
            ("Certificat de Spécialisation - Droit", Etudiant, Rapprochement::Inconnu),
            ("Diplôme - Lutherie", Etudiant, Rapprochement::Ambigu),
            ("Tourisme", Etudiant, Rapprochement::Ambigu),
            ("", Etudiant, Rapprochement::Inconnu),
        ] {
            assert_eq!(n.of_libelle(libelle, statut), attendu, "{libelle}");
        }
        assert_eq!(n.of_code(1), None);
    }
}
