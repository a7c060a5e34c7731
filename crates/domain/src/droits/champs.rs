//! R-DRO-04 (HAB-4): which fields go together, who reads them, who writes them. As for actions, what is not written here
//! is refused; a column of a sheet that is in no group fails a test.

use super::{Acteur, Action, Cible, authorize};

/// A sheet whose fields are not all for the same people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fiche {
    /// The settings of a course in a session.
    Formation,
    /// The settings of an establishment in a session.
    Etablissement,
    /// A candidate's record.
    Dossier,
}

impl Fiche {
    /// Stable code, used in the printed tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Formation => "formation",
            Self::Etablissement => "etablissement",
            Self::Dossier => "dossier",
        }
    }

    /// The table that holds it.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Formation => "formation_session",
            Self::Etablissement => "etablissement_session",
            Self::Dossier => "candidat",
        }
    }
}

/// Fields read and written together.
#[derive(Debug, Clone, Copy)]
pub struct GroupeChamps {
    /// The sheet that they are on.
    pub fiche: Fiche,
    /// Stable code.
    pub code: &'static str,
    /// Of the table of the sheet.
    pub colonnes: &'static [&'static str],
    /// As forms name them; « places- » is followed by an identifier.
    pub saisie: &'static [&'static str],
    /// Any of them is enough; none: shown to nobody.
    pub lire: &'static [Action],
    /// `None`: nobody types them.
    pub ecrire: Option<Action>,
}

/// What the public dials, writes to and visits: columns and fields have the same names.
const COORDONNEES: &[&str] =
    &["sigle", "adresse", "code_postal", "commune", "telephone", "courriel", "site_web"];
/// How people are received.
const ACCUEIL: &[&str] = &[
    "accessibilite",
    "referent_nom",
    "referent_courriel",
    "referent_telephone",
    "internat",
    "internat_places",
    "boursiers",
];

/// The table itself.
pub const GROUPES: &[GroupeChamps] = {
    use Action as A;
    use Fiche as F;
    &[
        GroupeChamps {
            fiche: F::Formation,
            code: "identite",
            colonnes: &[
                "famille",
                "code_type",
                "type_formation_id",
                "libelle",
                "detail",
                "selective",
                "departement",
                "academie",
                "secteur",
                "commune",
                "latitude",
                "longitude",
                "internat",
                "etat",
                "publiee_le",
                "suspendue",
                "complete",
            ],
            saisie: &[],
            lire: &[A::ConsulterParametrage],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Formation,
            code: "presentation",
            colonnes: &["presentation"],
            saisie: &["presentation"],
            lire: &[A::ConsulterParametrage],
            ecrire: Some(A::ModifierFormation),
        },
        GroupeChamps {
            fiche: F::Formation,
            code: "capacites",
            colonnes: &["capacite", "frais_centimes"],
            saisie: &["capacite", "frais", "places-"],
            lire: &[A::ConsulterCapacites],
            ecrire: Some(A::ModifierCapacites),
        },
        GroupeChamps {
            fiche: F::Formation,
            code: "interne",
            colonnes: &["id", "formation_id", "session_id", "etablissement_id", "precedente_id", "recherche"],
            saisie: &[],
            lire: &[],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Etablissement,
            code: "identite",
            colonnes: &["nom", "statut", "tutelle"],
            saisie: &["nom", "statut", "tutelle"],
            lire: &[A::ConsulterEtablissement],
            ecrire: Some(A::DeciderApprentissage),
        },
        GroupeChamps {
            fiche: F::Etablissement,
            code: "situation",
            colonnes: &["departement", "academie", "latitude", "longitude"],
            saisie: &[],
            lire: &[A::ConsulterEtablissement],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Etablissement,
            code: "coordonnees",
            colonnes: COORDONNEES,
            saisie: COORDONNEES,
            lire: &[A::ConsulterEtablissement],
            ecrire: Some(A::ModifierEtablissement),
        },
        GroupeChamps {
            fiche: F::Etablissement,
            code: "accueil",
            colonnes: ACCUEIL,
            saisie: ACCUEIL,
            lire: &[A::ConsulterEtablissement],
            ecrire: Some(A::ModifierEtablissement),
        },
        GroupeChamps {
            fiche: F::Etablissement,
            code: "interne",
            colonnes: &[
                "id",
                "etablissement_id",
                "session_id",
                "precedent_id",
                "chef_confirme_le",
                "chef_confirme",
            ],
            saisie: &[],
            lire: &[],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "identite",
            colonnes: &["numero", "nom", "prenom"],
            saisie: &[],
            lire: &[A::ConsulterDossier, A::ConsulterDossiers],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "etat_civil",
            colonnes: &["naissance", "ine_chiffre"],
            saisie: &[],
            lire: &[A::ConsulterDossier],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "scolarite",
            colonnes: &["type_bac", "serie", "etablissement_origine", "moyenne_centiemes", "notes"],
            saisie: &[],
            lire: &[A::ConsulterDossier, A::ConsulterDossiers],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "bourse",
            colonnes: &["boursier_chiffre"],
            saisie: &[],
            lire: &[A::ConsulterDossier],
            ecrire: None,
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "residence",
            colonnes: &["commune", "departement", "academie"],
            saisie: &["commune", "departement"],
            lire: &[A::ConsulterDossier],
            ecrire: Some(A::ModifierDossier),
        },
        GroupeChamps {
            fiche: F::Dossier,
            code: "interne",
            colonnes: &["id", "session_id", "compte_id", "ine_hmac", "etat"],
            saisie: &[],
            lire: &[],
            ecrire: None,
        },
    ]
};

impl GroupeChamps {
    /// The groups of a sheet that an action lets read, and those that somebody reads but not by this action. What is shown
    /// to nobody is in neither.
    pub fn partage(fiche: Fiche, action: Action) -> (Vec<&'static Self>, Vec<&'static Self>) {
        GROUPES
            .iter()
            .filter(|g| g.fiche == fiche && !g.lire.is_empty())
            .partition(|g| g.lire.contains(&action))
    }

    /// The group of a field of a form.
    pub fn of_saisie(fiche: Fiche, champ: &str) -> Option<&'static Self> {
        let est = |nom: &&str| {
            if nom.ends_with('-') { champ.len() > nom.len() && champ.starts_with(nom) } else { champ == *nom }
        };
        GROUPES.iter().find(|g| g.fiche == fiche && g.saisie.iter().any(est))
    }

    /// The group of a code.
    pub fn of_code(fiche: Fiche, code: &str) -> Option<&'static Self> {
        GROUPES.iter().find(|g| g.fiche == fiche && g.code == code)
    }

    /// The group of a column.
    pub fn of_colonne(fiche: Fiche, colonne: &str) -> Option<&'static Self> {
        GROUPES.iter().find(|g| g.fiche == fiche && g.colonnes.contains(&colonne))
    }

    /// Whether the person reads these fields of this sheet.
    pub fn is_lisible(&self, acteur: &Acteur, cible: &Cible) -> bool {
        self.lire.iter().any(|a| authorize(acteur, *a, cible).is_ok())
    }

    /// Whether the person may write them, whatever the calendar says.
    pub fn is_inscriptible(&self, acteur: &Acteur, cible: &Cible) -> bool {
        self.ecrire.is_some_and(|a| authorize(acteur, a, cible).is_ok())
    }
}

/// The first field of a form that is not of the sheet, or that the person may not write there.
pub fn champ_interdit<'n>(
    acteur: &Acteur,
    fiche: Fiche,
    cible: &Cible,
    mut noms: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    noms.find(|n| !GroupeChamps::of_saisie(fiche, n).is_some_and(|g| g.is_inscriptible(acteur, cible)))
}
