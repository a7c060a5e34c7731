//! What the file of a candidate tells the commissions: the dictionary that the note given to courses is made of, and that what is sent
//! is made of too.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::calendrier::{Calendrier, Etape};
use crate::erreurs::RuleViolation;
use crate::etablissements::check_ligne;

/// R-DON-03: the list of a session is changed until its commissions examine: they have founded their criteria on it by then.
///
/// # Errors
/// [`RuleViolation::Champ`] on `donnees`.
pub fn check_modifiable(calendrier: &Calendrier, maintenant: Timestamp) -> Result<(), RuleViolation> {
    match calendrier.fenetre(Etape::Examen) {
        Some(f) if maintenant >= f.ouvre => {
            Err(RuleViolation::Champ { champ: "donnees", motif: "examen_commence" })
        }
        _ => Ok(()),
    }
}

/// R-DON-03: a list as it is kept: something in it, data that the year may have (`possibles`), each with its source in one line.
///
/// # Errors
/// [`RuleViolation::Champ`] on `donnees`.
pub fn check_liste(
    liste: &BTreeMap<Donnee, String>,
    possibles: &[Donnee],
) -> Result<BTreeMap<Donnee, String>, RuleViolation> {
    let faux = |motif| Err(RuleViolation::Champ { champ: "donnees", motif });
    if liste.is_empty() {
        return faux("vide");
    }
    if !liste.keys().all(|d| possibles.contains(d)) {
        return faux("impossible");
    }
    let mut nette = BTreeMap::new();
    for (d, source) in liste {
        let champ = d.champ_source();
        let source = check_ligne(champ, source)?;
        if source.is_empty() {
            return Err(RuleViolation::Champ { champ, motif: "sans_source" });
        }
        nette.insert(*d, source);
    }
    Ok(nette)
}

/// A piece of data of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Donnee {
    /// Mean of the reports.
    MoyenneGenerale,
    /// Marks of the terminal examinations of the specialities.
    NotesTerminales,
    /// General, technological, professional, other.
    TypeBac,
    /// Series or specialities.
    Serie,
    /// School that the candidate comes from.
    EtablissementOrigine,
    /// Whether boarding is asked for.
    DemandeInternat,
}

/// What a commission may do with a piece of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// A number: may be computed with.
    Quantitative,
    /// A word of the schooling: may found a criterion.
    Qualitative,
    /// Serves to run the campaign; founds no criterion.
    Gestion,
}

impl Usage {
    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Quantitative => "Quantitative",
            Self::Qualitative => "Qualitative",
            Self::Gestion => "De gestion : ne fonde aucun critère",
        }
    }
}

impl Donnee {
    /// The whole dictionary, quantitative data first.
    pub const ALL: [Self; 6] = [
        Self::MoyenneGenerale,
        Self::NotesTerminales,
        Self::TypeBac,
        Self::Serie,
        Self::EtablissementOrigine,
        Self::DemandeInternat,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MoyenneGenerale => "moyenne_generale",
            Self::NotesTerminales => "notes_terminales",
            Self::TypeBac => "type_bac",
            Self::Serie => "serie",
            Self::EtablissementOrigine => "etablissement_origine",
            Self::DemandeInternat => "demande_internat",
        }
    }

    /// Name of the field that says where it comes from.
    pub const fn champ_source(self) -> &'static str {
        match self {
            Self::MoyenneGenerale => "source-moyenne_generale",
            Self::NotesTerminales => "source-notes_terminales",
            Self::TypeBac => "source-type_bac",
            Self::Serie => "source-serie",
            Self::EtablissementOrigine => "source-etablissement_origine",
            Self::DemandeInternat => "source-demande_internat",
        }
    }

    /// The piece of data of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code() == code)
    }

    /// French label: the header of its column in the file of the candidates of a group.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::MoyenneGenerale => "Moyenne générale",
            Self::NotesTerminales => "Notes des épreuves terminales de spécialité",
            Self::TypeBac => "Baccalauréat",
            Self::Serie => "Série - Libellé",
            Self::EtablissementOrigine => "Établissement d’origine",
            Self::DemandeInternat => "Demande Internat - Libellé",
        }
    }

    /// What it is, in one sentence.
    pub const fn definition(self) -> &'static str {
        match self {
            Self::MoyenneGenerale => {
                "Moyenne des bulletins de l’année en cours, sans coefficient ; absente quand le dossier n’en a pas."
            }
            Self::NotesTerminales => {
                "Notes obtenues aux épreuves du baccalauréat des enseignements de spécialité, passées avant l’examen des vœux."
            }
            Self::TypeBac => {
                "Baccalauréat préparé ou obtenu : général, technologique, professionnel, ou autre diplôme."
            }
            Self::Serie => "Série, spécialité professionnelle, ou enseignements de spécialité suivis.",
            Self::EtablissementOrigine => {
                "Établissement où le candidat est scolarisé, ou l’a été en dernier."
            }
            Self::DemandeInternat => {
                "Avec internat, sans internat, ou les deux : le candidat a alors deux vœux."
            }
        }
    }

    /// Unit or list of values.
    pub const fn unite(self) -> &'static str {
        match self {
            Self::MoyenneGenerale | Self::NotesTerminales => "Sur 20, deux décimales",
            Self::TypeBac => "Quatre valeurs",
            Self::Serie | Self::EtablissementOrigine => "Texte",
            Self::DemandeInternat => "Trois valeurs",
        }
    }

    /// Where it comes from.
    pub const fn provenance(self) -> &'static str {
        match self {
            Self::MoyenneGenerale => "Bulletins remontés par les lycées, ou saisis par le candidat",
            Self::NotesTerminales => "Gestion nationale du baccalauréat",
            Self::TypeBac | Self::Serie | Self::EtablissementOrigine => {
                "Base des élèves, ou déclaration du candidat"
            }
            Self::DemandeInternat => "Vœu du candidat",
        }
    }

    /// What it may serve for.
    pub const fn usage(self) -> Usage {
        match self {
            Self::MoyenneGenerale | Self::NotesTerminales => Usage::Quantitative,
            Self::TypeBac | Self::Serie => Usage::Qualitative,
            Self::EtablissementOrigine | Self::DemandeInternat => Usage::Gestion,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_don_03_a_list_has_data_of_its_year_each_with_its_source() {
        let possibles = [Donnee::MoyenneGenerale, Donnee::Serie];
        let liste =
            |l: &[(Donnee, &str)]| l.iter().map(|(d, s)| (*d, (*s).to_owned())).collect::<BTreeMap<_, _>>();
        let bonne = liste(&[(Donnee::Serie, " base  des élèves ")]);
        assert_eq!(check_liste(&bonne, &possibles), Ok(liste(&[(Donnee::Serie, "base des élèves")])));
        let motif = |l: &[(Donnee, &str)]| match check_liste(&liste(l), &possibles) {
            Err(RuleViolation::Champ { champ, motif }) => (champ, motif),
            autre => panic!("{autre:?}"),
        };
        assert_eq!(motif(&[]), ("donnees", "vide"));
        assert_eq!(motif(&[(Donnee::NotesTerminales, "x")]), ("donnees", "impossible"));
        let sans = [(Donnee::MoyenneGenerale, "fichier"), (Donnee::Serie, " ")];
        assert_eq!(motif(&sans), ("source-serie", "sans_source"), "which one is told");
        for d in Donnee::ALL {
            assert_eq!(d.champ_source(), format!("source-{}", d.code()));
        }
    }

    #[test]
    fn r_don_01_the_dictionary_says_everything_of_each_piece_of_data() {
        for d in Donnee::ALL {
            assert_eq!(Donnee::from_code(d.code()), Some(d));
            for texte in [d.libelle(), d.definition(), d.unite(), d.provenance(), d.usage().libelle()] {
                assert!(!texte.is_empty(), "{d:?}");
            }
        }
        assert!(Donnee::ALL.is_sorted_by_key(|d| d.usage()));
        assert_eq!(Donnee::from_code("revenus"), None);
    }
}
