//! One course of the public data set.

use domain::formations::Famille;

use super::{Chiffres, Identite};
use crate::valeurs::{Coordonnees, FormeUai};

/// Legal status of the establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatutEtablissement {
    Public,
    PriveSousContrat,
    PriveEnseignementSuperieur,
    PriveHorsContrat,
    /// « Établissement d’enseignement supérieur privé d’intérêt général ».
    PriveEespig,
    /// Private, nothing more being said.
    Prive,
    /// Of a chamber of commerce or of trades.
    Consulaire,
}

impl StatutEtablissement {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Public,
        Self::PriveSousContrat,
        Self::PriveEespig,
        Self::PriveEnseignementSuperieur,
        Self::PriveHorsContrat,
        Self::Prive,
        Self::Consulaire,
    ];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::PriveSousContrat => "prive_sous_contrat",
            Self::PriveEnseignementSuperieur => "prive_enseignement_superieur",
            Self::PriveHorsContrat => "prive_hors_contrat",
            Self::PriveEespig => "prive_eespig",
            Self::Prive => "prive",
            Self::Consulaire => "consulaire",
        }
    }

    /// French label.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::PriveSousContrat => "Privé sous contrat d’association",
            Self::PriveEnseignementSuperieur => "Privé d’enseignement supérieur",
            Self::PriveHorsContrat => "Privé hors contrat",
            Self::PriveEespig => "Privé d’intérêt général (EESPIG)",
            Self::Prive => "Privé",
            Self::Consulaire => "Consulaire",
        }
    }

    /// From the spellings of the public files.
    pub fn from_libelle(texte: &str) -> Option<Self> {
        Some(match crate::tableau::normalize_header(texte).as_str() {
            "public" | "publics" => Self::Public,
            "privesouscontratdassociation" | "privessouscontrat" | "privesencontratavecletateesc" => {
                Self::PriveSousContrat
            }
            "priveenseignementsuperieur" => Self::PriveEnseignementSuperieur,
            "privehorscontrat" | "priveshorscontrat" => Self::PriveHorsContrat,
            "priveeespig" | "priveseespig" | "eespig" => Self::PriveEespig,
            "prives" | "prive" => Self::Prive,
            "consulaire" | "consulaires" => Self::Consulaire,
            _ => return None,
        })
    }
}

/// Whether the course calls from its own list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListeAppel {
    Propre,
    /// One list for several courses.
    Commune,
}

/// A ranking group as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupePublie {
    /// Absent when a rank is published without label.
    pub libelle: Option<String>,
    /// Rank of the last one called.
    pub rang_dernier_appele: Option<u32>,
}

/// The labels of a course, from the widest to the narrowest; sessions do not all have them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Libelles {
    /// `lib_for_voe_ins`: the whole name, since 2021.
    pub formation: Option<String>,
    /// `form_lib_voe_acc`: « Licence - Droit-économie-gestion ».
    pub type_formation: Option<String>,
    /// `fil_lib_voe_acc`: « Droit ».
    pub mention: Option<String>,
    /// `detail_forma`: « Droit Limoges ».
    pub detail: Option<String>,
    /// Common competition or grouping (`detail_forma2`, `regr_forma`).
    pub regroupement: Option<String>,
}

impl Libelles {
    /// The name to show.
    pub fn intitule(&self) -> String {
        if let Some(formation) = &self.formation {
            return formation.clone();
        }
        let mut parties: Vec<&str> = Vec::new();
        for partie in [&self.type_formation, &self.mention, &self.detail].into_iter().flatten() {
            if !parties.contains(&partie.as_str()) {
                parties.push(partie);
            }
        }
        parties.join(" - ")
    }

    /// All that was read, joined: what the composed identity is made of.
    pub(super) fn signature(&self) -> String {
        [&self.formation, &self.type_formation, &self.mention, &self.detail]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" / ")
    }
}

/// One course, as one line of the public data set tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct LigneOffre {
    /// Line of the file, header = 1.
    pub ligne: u64,
    pub session: u16,
    pub identite: Identite,
    /// Course of registration (`g_ti_cod`), in the links of 2018 to 2021.
    pub g_ti_cod: Option<u64>,
    /// As written, in capitals. Only identifies the establishment when [`LigneOffre::forme_uai`] is not `Autre`.
    pub uai: String,
    pub forme_uai: FormeUai,
    pub etablissement: String,
    /// Absent before 2020.
    pub statut: Option<StatutEtablissement>,
    /// Code of the department, normalised: `01`, `2A`, `971`, `99`.
    pub departement: Option<String>,
    /// Code of the academy.
    pub academie: Option<&'static str>,
    /// Absent before 2021.
    pub ville: Option<String>,
    pub coordonnees: Option<Coordonnees>,
    /// Absent before 2020.
    pub selective: Option<bool>,
    pub famille: Famille,
    pub libelles: Libelles,
    /// Absent = the file does not say. 0 is a capacity.
    pub capacite: Option<u32>,
    pub groupes: Vec<GroupePublie>,
    /// Absent before 2021.
    pub liste_appel: Option<ListeAppel>,
    /// The course has boarding places: its boarding figures are filled, be it with 0.
    pub internat: bool,
    pub lien: Option<String>,
    pub chiffres: Chiffres,
}

impl LigneOffre {
    /// The name to show.
    pub fn intitule(&self) -> String {
        self.libelles.intitule()
    }

    /// Key of the establishment: its code, or code, name and department when the code identifies nothing.
    pub fn cle_etablissement(&self) -> String {
        match self.forme_uai {
            FormeUai::Conforme | FormeUai::Provisoire | FormeUai::ClefFausse => self.uai.clone(),
            FormeUai::Autre => format!(
                "{}|{}|{}",
                self.uai,
                self.etablissement,
                self.departement.as_deref().unwrap_or_default()
            ),
        }
    }
}

/// The family named by `fili`; `DUT` and `PACES` are what `BUT` and `PASS` were called.
pub(crate) fn famille_from_fili(fili: &str) -> Option<Famille> {
    Some(match crate::tableau::normalize_header(fili).as_str() {
        "licence" => Famille::Licence,
        "licence_las" => Famille::LicenceLas,
        "pass" | "paces" => Famille::Pass,
        "bts" => Famille::Bts,
        "but" | "dut" => Famille::But,
        "cpge" => Famille::Cpge,
        "ecoledingenieur" => Famille::Ingenieur,
        "ecoledecommerce" => Famille::Commerce,
        "ifsi" => Famille::Ifsi,
        "efts" => Famille::Efts,
        "autreformation" => Famille::Autre,
        _ => return None,
    })
}
