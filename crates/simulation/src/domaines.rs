//! Field of study and multiple wishes, read from the family and the label.

use domain::formations::Famille;

use crate::offre::FormationSimulee;

/// Field of study: a candidate wishes mostly in one or two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domaine {
    Droit,
    Gestion,
    Langues,
    Humaines,
    Exactes,
    Vivant,
    Sante,
    Sport,
    Arts,
    Industrie,
    Social,
    Accueil,
}

impl Domaine {
    pub const NOMBRE: usize = 12;

    pub const fn index(self) -> usize {
        self as usize
    }

    /// From −1 (letters) to 1 (science): leans the marks of who wishes there and the weights of its rankings.
    pub const fn penchant(self) -> f64 {
        match self {
            Self::Exactes | Self::Industrie => 1.0,
            Self::Sante | Self::Vivant => 0.6,
            Self::Gestion | Self::Sport => 0.0,
            Self::Accueil | Self::Social => -0.3,
            Self::Droit | Self::Arts => -0.6,
            Self::Humaines | Self::Langues => -1.0,
        }
    }
}

/// Words looked for in the lower-case label without accents, first match wins.
const MOTS: &[(&[&str], Domaine)] = &[
    (&["staps", "sport", "bpjeps", "activites physiques"], Domaine::Sport),
    (&["art", "design", "musi", "cinema", "dn made", "audiovisuel", "spectacle", "architect"], Domaine::Arts),
    (&["hotel", "restauration", "tourisme", "cuisine", "esthetique", "coiffure"], Domaine::Accueil),
    (&["droit", "notari", "politique", "juridique"], Domaine::Droit),
    (&["langue", "anglais", "lettres", "traduction"], Domaine::Langues),
    (
        &[
            "psycho",
            "socio",
            "histoire",
            "geograph",
            "philosoph",
            "education",
            "humaines",
            "theolog",
            "communication",
        ],
        Domaine::Humaines,
    ),
    (&["social", "familiale", "carrieres sociales", "educateur"], Domaine::Social),
    (&["sanitaire", "infirm", "sante", "dietetique", "opticien", "prothes", "imagerie"], Domaine::Sante),
    (
        &["agri", "agro", "vivant", "vie", "biolog", "bcpst", "viti", "animal", "forest", "eau", "chimie"],
        Domaine::Vivant,
    ),
    (
        &[
            "gestion",
            "commerc",
            "management",
            "compta",
            "banque",
            "assurance",
            "immobilier",
            "vente",
            "econom",
            "pme",
            "negociation",
            "ecg",
            "ect",
            "transport",
            "logistique",
            "administr",
            "dcg",
        ],
        Domaine::Gestion,
    ),
    (
        &["math", "physique", "informat", "numerique", "mpsi", "pcsi", "mp2i", "ptsi", "tsi", "reseaux"],
        Domaine::Exactes,
    ),
];

/// Lower case without the accents of French.
pub fn plat(texte: &str) -> String {
    texte
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            autre => autre,
        })
        .collect()
}

/// The field of a course.
pub fn domaine(f: &FormationSimulee) -> Domaine {
    match f.famille {
        Famille::Pass | Famille::LicenceLas | Famille::Ifsi => return Domaine::Sante,
        Famille::Efts => return Domaine::Social,
        Famille::Commerce => return Domaine::Gestion,
        Famille::Ingenieur => return Domaine::Exactes,
        _ => {}
    }
    // The kind of licence or BTS before the last dash names a broad field and would hide the speciality.
    let entier = plat(&f.libelle);
    let specialite = entier.rsplit(" - ").next().unwrap_or(&entier);
    let trouve = |texte: &str| {
        MOTS.iter().find(|(mots, _)| mots.iter().any(|m| contient_debut_de_mot(texte, m))).map(|(_, d)| *d)
    };
    trouve(specialite).or_else(|| trouve(&entier)).unwrap_or(match f.famille {
        Famille::Bts | Famille::But => Domaine::Industrie,
        Famille::Cpge => Domaine::Exactes,
        Famille::Licence => Domaine::Humaines,
        _ => Domaine::Industrie,
    })
}

/// Whether a word of the text starts with `mot`: « art » is in « arts », not in « départ ».
fn contient_debut_de_mot(texte: &str, mot: &str) -> bool {
    texte.match_indices(mot).any(|(i, _)| !texte[..i].chars().next_back().is_some_and(char::is_alphanumeric))
}

/// How the wishes for a course are counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regroupement {
    /// A wish of its own.
    Seul,
    /// A sub-wish of the multiple wish of this key.
    Multiple { cle: String, compte_dans_les_vingt: bool },
}

/// Multiple wishes by national label (BTS, BUT, CPGE, DN MADE, DCG: in the twenty; common competitions, IFSI of one
/// academy, social work, political studies: not). University courses of one label: in Île-de-France a multiple wish;
/// elsewhere, within one academy, the options and sites of one course, which the statistics count apart.
pub fn regroupement(f: &FormationSimulee, academie: &str, idf: bool) -> Regroupement {
    let multiple = |cle: String, compte| Regroupement::Multiple { cle, compte_dans_les_vingt: compte };
    let libelle = plat(&f.libelle);
    let cle = format!("{}|{libelle}", f.famille.code());
    match f.famille {
        Famille::Bts | Famille::But | Famille::Cpge => multiple(cle, true),
        Famille::Ifsi => multiple(format!("{cle}|{academie}"), false),
        Famille::Efts | Famille::Ingenieur | Famille::Commerce => multiple(cle, false),
        Famille::Pass if idf => multiple(cle, false),
        Famille::Licence | Famille::LicenceLas if idf => multiple(cle, true),
        Famille::Licence | Famille::LicenceLas | Famille::Pass => {
            multiple(format!("{cle}|{academie}"), false)
        }
        Famille::Autre if libelle.contains("dn made") || libelle.contains("dcg") => multiple(cle, true),
        Famille::Autre if libelle.contains("sciences politiques") => multiple(cle, false),
        _ => Regroupement::Seul,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offre::{Cibles, FormationSimulee};
    use domain::formations::StatutFormation;

    fn formation(famille: Famille, libelle: &str) -> FormationSimulee {
        FormationSimulee {
            famille,
            statut: StatutFormation::Etudiant,
            selective: true,
            libelle: libelle.to_owned(),
            departement: "75".to_owned(),
            position: None,
            capacite: 30,
            groupes: Vec::new(),
            cibles: Cibles::default(),
        }
    }

    #[test]
    fn labels_give_their_field() {
        for (famille, libelle, attendu) in [
            (Famille::Bts, "BTS - Services - Comptabilité et gestion", Domaine::Gestion),
            (Famille::Bts, "BTS - Services - Tourisme", Domaine::Accueil),
            (Famille::Bts, "BTS - Production - Électrotechnique", Domaine::Industrie),
            (Famille::Bts, "BTS - Agricole - Aménagements paysagers", Domaine::Vivant),
            (Famille::Licence, "Licence - Droit-économie-gestion - Économie et gestion", Domaine::Gestion),
            (Famille::Licence, "Licence - Droit-économie-gestion - Droit", Domaine::Droit),
            (
                Famille::Licence,
                "Licence - Arts-lettres-langues - Langues étrangères appliquées",
                Domaine::Langues,
            ),
            (Famille::Licence, "Licence - Sciences humaines et sociales - Psychologie", Domaine::Humaines),
            (Famille::Cpge, "Classe préparatoire scientifique - MPSI", Domaine::Exactes),
            (Famille::Ifsi, "D.E Infirmier", Domaine::Sante),
        ] {
            assert_eq!(domaine(&formation(famille, libelle)), attendu, "{libelle}");
        }
    }

    #[test]
    fn multiple_wishes_follow_the_families() {
        let r = |f: &FormationSimulee, idf| regroupement(f, "01", idf);
        let droit = formation(Famille::Licence, "Licence - Droit");
        assert!(matches!(r(&droit, false), Regroupement::Multiple { compte_dans_les_vingt: false, .. }));
        assert_ne!(regroupement(&droit, "10", false), regroupement(&droit, "14", false));
        let cmi = formation(Famille::Autre, "C.M.I - Cursus Master en Ingénierie");
        assert_eq!(r(&cmi, true), Regroupement::Seul);
        assert!(matches!(r(&droit, true), Regroupement::Multiple { compte_dans_les_vingt: true, .. }));
        let bts = formation(Famille::Bts, "BTS - MCO");
        assert_eq!(r(&bts, true), r(&bts, false));
        let ifsi = formation(Famille::Ifsi, "D.E Infirmier");
        assert_ne!(regroupement(&ifsi, "01", true), regroupement(&ifsi, "24", true));
        assert!(matches!(r(&ifsi, true), Regroupement::Multiple { compte_dans_les_vingt: false, .. }));
    }
}
