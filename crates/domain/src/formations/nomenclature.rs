//! R-FOR-16: the national type of a course: by the code that its offer gives, else by its label and its status. R-VIE-13: the one that
//! an establishment chooses for a course that it asks for, and what that type says of it.

use std::collections::HashMap;

use super::{Famille, Genre, StatutFormation, mots_recherche, normalise_recherche};

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

/// A national type, as it says what a new course is.
#[derive(Debug, Clone, Copy)]
pub struct FiliereNationale<'a> {
    /// « BTS-MCO ».
    pub sigle: &'a str,
    /// « Management commercial opérationnel - en apprentissage ».
    pub libelle: &'a str,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// With a minor in health.
    pub las: bool,
}

/// How an acronym begins; the family; the words of diploma and domain that the offer writes before the label, if any.
const DIPLOMES: &[(&str, Famille, &str)] = &[
    ("l1", Famille::Licence, "Licence"),
    ("staps", Famille::Licence, "Licence"),
    ("pass", Famille::Pass, "Licence"),
    ("bts", Famille::Bts, "BTS"),
    ("btsa", Famille::Bts, "BTS - Agricole"),
    ("tc", Famille::Bts, "BTS - Agricole"),
    ("btsm", Famille::Bts, "BTS - Maritime"),
    ("but", Famille::But, "BUT"),
    ("pbut", Famille::But, "BUT"),
    ("cpge", Famille::Cpge, "CPGE"),
    ("ecg", Famille::Cpge, "CPGE"),
    ("fecm", Famille::Commerce, ""),
    ("dnm", Famille::Autre, "DN MADE"),
    ("deust", Famille::Autre, "DEUST"),
    ("cmi", Famille::Autre, "C.M.I - Cursus Master en Ingénierie"),
    ("cupge", Famille::Autre, "CUPGE"),
    ("fcil", Famille::Autre, "FCIL"),
    ("mc", Famille::Autre, "Mention complémentaire"),
    ("cs", Famille::Autre, "Certificat de Spécialisation"),
    ("csa", Famille::Autre, "Certificat de Spécialisation Agricole"),
    ("bpjeps", Famille::Autre, "BPJEPS"),
];

impl FiliereNationale<'_> {
    /// Its line of the table of diplomas, that acronyms with no such line lack.
    fn diplome(&self) -> Option<(Famille, &'static str)> {
        let tete: String = self.sigle.chars().take_while(|c| c.is_alphanumeric()).collect();
        let tete = tete.to_lowercase();
        DIPLOMES.iter().find(|(debut, ..)| *debut == tete).map(|(_, famille, mots)| (*famille, *mots))
    }

    /// Its family: that of its acronym, else that of the diploma which its label names.
    pub fn famille(&self) -> Famille {
        match self.diplome() {
            Some((Famille::Licence, _)) if self.las => Famille::LicenceLas,
            Some((famille, _)) => famille,
            None => match Genre::of(Famille::Autre, self.libelle) {
                Genre::Ingenieur => Famille::Ingenieur,
                Genre::Ifsi => Famille::Ifsi,
                Genre::Efts => Famille::Efts,
                _ => Famille::Autre,
            },
        }
    }

    /// The title of its courses, as the offer writes it: « BTS - Métiers de l’eau ».
    pub fn titre(&self) -> String {
        let libelle = self.libelle.split_whitespace().collect::<Vec<_>>().join(" ");
        let mots = self.diplome().map_or("", |(_, mots)| mots);
        if mots.is_empty() || normalise_recherche(&libelle).starts_with(&normalise_recherche(mots)) {
            libelle
        } else {
            format!("{mots} - {libelle}")
        }
    }

    /// Under which status its courses are followed.
    pub const fn statut(&self) -> StatutFormation {
        if self.apprentissage { StatutFormation::Apprentissage } else { StatutFormation::Etudiant }
    }
}

/// R-VIE-13: places, in the list, of the types that have each word of a query at the beginning of one of their own: title, acronym,
/// family. Those whose label is the query come first, then the shortest titles. No word finds none.
pub fn cherche(filieres: &[FiliereNationale<'_>], demande: &str) -> Vec<usize> {
    let mots = mots_recherche(demande);
    if mots.is_empty() {
        return Vec::new();
    }
    let entiere = normalise_recherche(demande);
    let mut trouvees = Vec::new();
    for (i, f) in filieres.iter().enumerate() {
        let titre = f.titre();
        let texte = normalise_recherche(&format!("{titre} {} {}", f.sigle, f.famille().libelle()));
        let texte = format!(" {texte}");
        if mots.iter().all(|m| texte.contains(&format!(" {m}"))) {
            let autre = normalise_recherche(f.libelle) != entiere;
            trouvees.push((autre, titre.chars().count(), titre, i));
        }
    }
    trouvees.sort();
    trouvees.into_iter().map(|(.., i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filiere(sigle: &'static str, libelle: &'static str) -> FiliereNationale<'static> {
        let (apprentissage, las) = (sigle.ends_with("-App"), libelle.contains("(LAS)"));
        FiliereNationale { sigle, libelle, apprentissage, las }
    }

    #[test]
    fn r_vie_13_a_national_type_says_the_family_the_title_and_the_status() {
        use Famille as F;
        for (sigle, libelle, famille, titre) in [
            ("BTS-ME", "Métiers de l’eau", F::Bts, "BTS - Métiers de l’eau"),
            ("BTSA-ANABIOTEC", "Anabiotec", F::Bts, "BTS - Agricole - Anabiotec"),
            ("TC-VBS", "Technico-commercial - Vins", F::Bts, "BTS - Agricole - Technico-commercial - Vins"),
            ("BUT", "Chimie  industrielle ", F::But, "BUT - Chimie industrielle"),
            ("L1-Droit", "Droit", F::Licence, "Licence - Droit"),
            ("L1-Droit", "Droit - Accès Santé (LAS)", F::LicenceLas, "Licence - Droit - Accès Santé (LAS)"),
            ("PASS", "Parcours d’accès (PASS)", F::Pass, "Licence - Parcours d’accès (PASS)"),
            ("CPGE-MPSI", "MPSI", F::Cpge, "CPGE - MPSI"),
            ("ECG-MA-ESH", "ECG - ESH", F::Cpge, "CPGE - ECG - ESH"),
            ("FI-BAC5", "Formation d'ingénieur Bac + 5", F::Ingenieur, "Formation d'ingénieur Bac + 5"),
            ("FECM-B5", "Formation Bac + 5", F::Commerce, "Formation Bac + 5"),
            ("DE-INF", "D.E Infirmier", F::Ifsi, "D.E Infirmier"),
            ("DE-ASS", "D.E Assistant de Service Social", F::Efts, "D.E Assistant de Service Social"),
            ("DE-Erg", "D.E Ergothérapeute", F::Autre, "D.E Ergothérapeute"),
            ("DEUST-X", "DEUST Métiers de la forme", F::Autre, "DEUST Métiers de la forme"),
            ("XYZ", "Régisseur", F::Autre, "Régisseur"),
        ] {
            let f = filiere(sigle, libelle);
            assert_eq!((f.famille(), f.titre().as_str()), (famille, titre), "{sigle}");
        }
        let genre = |sigle, libelle| Genre::of(Famille::Autre, &filiere(sigle, libelle).titre());
        assert_eq!(genre("DNM-Espace", "Espace"), Genre::DnMade);
        assert_eq!(genre("CMI-Economie", "Economie"), Genre::Cmi);
        assert_eq!(genre("CSA-AE", "Arboriste-élagueur"), Genre::Specialisation);
        assert_eq!(filiere("BTS-ME-App", "Métiers de l’eau").statut(), StatutFormation::Apprentissage);
        assert_eq!(filiere("BTS-ME", "Métiers de l’eau").statut(), StatutFormation::Etudiant);
    }

    #[test]
    fn r_vie_13_a_national_type_is_found_by_its_words() {
        let filieres = [
            filiere("BTS-ME-App", "Métiers de l’eau - en apprentissage"),
            filiere("BTS-ME", "Métiers de l’eau"),
            filiere("L1-Droit", "Droit"),
            filiere("L1-DroitLAS", "Droit - Accès Santé (LAS)"),
            filiere("CPGE-MPSI", "MPSI"),
        ];
        for (demande, places) in [
            ("eau", vec![1, 0]),
            ("METIERS de l'Eau apprenti", vec![0]),
            ("bts me", vec![1, 0]),
            ("licence de droit", vec![2, 3]),
            ("droit", vec![2, 3]),
            ("classe préparatoire", vec![4]),
            ("tiers", Vec::new()),
            (" – ", Vec::new()),
        ] {
            assert_eq!(cherche(&filieres, demande), places, "{demande}");
        }
        // The label itself before shorter titles that have it.
        let filieres = [filiere("X", "Eau pure"), filiere("MC-E", "Eau")];
        assert_eq!(cherche(&filieres, "eau"), [1, 0]);
    }

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
