//! What the files of the site de gestion hold, column by column, for whoever makes or reads one with a program. The titles are those
//! that the files themselves are written and read with.

use domain::delegations::Operation;
use domain::donnees::Donnee;
use files::catalogue::{COLONNES, Genre};
use files::{classement_csv, delegations};

use crate::actualites::COLONNES_SANS_LECTURE;
use crate::admission::{COLONNES_APPELES, COLONNES_GROUPES};
use crate::apprentissage::{COLONNES_JOURNEE, COLONNES_REJETS};
use crate::charte::COLONNES as COLONNES_SANS_CHARTE;
use crate::completude::{COLONNES_COMPLETUDE, COLONNES_SUIVI};
use crate::comptes::COLONNES_RESPONSABLES;
use crate::formations::{
    COLONNES_CAPACITES, COLONNES_DEMANDES, COLONNES_OFFRE, ColonneSchema, FeuilleSchema, colonne,
    workbook_schema,
};
use crate::journal::{COLONNES_JOURNAL, COLONNES_VUS};
use crate::seances::COLONNES_STATISTIQUES;
use crate::tableaux::FormatTableau;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fichier {
    /// The settings of courses.
    Classeur,
    /// A ranking, as it is read.
    Classement,
    /// The candidates of a ranking group.
    Dossiers,
    /// Those who ask for a boarding school.
    DossiersInternat,
    /// Who does what on each course of an establishment.
    Delegations,
    /// Heads and administrators of establishments.
    Responsables,
    /// Entries of the journal.
    Journal,
    /// Whose records an account read.
    DossiersVus,
    /// What establishments still have to say.
    Completude,
    /// What courses still have to say.
    SuiviFormations,
    /// Attendance of information sessions.
    StatistiquesSeances,
    /// What establishments ask of an academic service.
    Demandes,
    /// Capacities out of the ordinary that wait for a second person.
    Capacites,
    /// Establishments for which the charter in force is not accepted.
    SansCharte,
    /// Establishments where nobody has opened an item.
    SansLecture,
    /// A day of the catalogue of apprenticeship, as it is read.
    FichesApprentissage,
    /// Records of the catalogue of apprenticeship that could not be taken.
    FichesRefusees,
    /// What a day of that catalogue does, record by record.
    JourneeCatalogue,
    /// The published offer.
    Offre,
    /// The last ones called of a published day.
    DerniersAppeles,
    /// Whose groups these are.
    GroupesAppeles,
}

impl Fichier {
    /// Every kind: those of establishments first.
    pub const ALL: [Self; 21] = [
        Self::Classeur,
        Self::Classement,
        Self::Dossiers,
        Self::DossiersInternat,
        Self::Delegations,
        Self::Responsables,
        Self::Journal,
        Self::DossiersVus,
        Self::Completude,
        Self::SuiviFormations,
        Self::Demandes,
        Self::Capacites,
        Self::StatistiquesSeances,
        Self::SansCharte,
        Self::SansLecture,
        Self::FichesApprentissage,
        Self::FichesRefusees,
        Self::JourneeCatalogue,
        Self::Offre,
        Self::DerniersAppeles,
        Self::GroupesAppeles,
    ];

    /// Stable code, that of the address of its schema.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Classeur => "classeur",
            Self::Classement => "classement",
            Self::Dossiers => "dossiers",
            Self::DossiersInternat => "dossiers-internat",
            Self::Delegations => "delegations",
            Self::Responsables => "responsables",
            Self::Journal => "journal",
            Self::DossiersVus => "dossiers-vus",
            Self::Completude => "completude",
            Self::SuiviFormations => "suivi-formations",
            Self::Demandes => "demandes",
            Self::Capacites => "capacites-a-confirmer",
            Self::StatistiquesSeances => "statistiques-seances",
            Self::SansCharte => "charte-non-acceptee",
            Self::SansLecture => "sans-lecture",
            Self::FichesApprentissage => "fiches-apprentissage",
            Self::FichesRefusees => "fiches-refusees",
            Self::JourneeCatalogue => "journee-catalogue",
            Self::Offre => "offre",
            Self::DerniersAppeles => "derniers-appeles",
            Self::GroupesAppeles => "groupes",
        }
    }

    /// In French.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Classeur => "Classeur de paramétrage des formations",
            Self::Classement => "Classement d’un groupe ou d’un internat",
            Self::Dossiers => "Dossiers des candidats d’un groupe de classement",
            Self::DossiersInternat => "Demandes d’un internat",
            Self::Delegations => "Délégations d’un établissement",
            Self::Responsables => "Chefs d’établissement et administrateurs",
            Self::Journal => "Journal d’audit",
            Self::DossiersVus => "Dossiers lus par un compte",
            Self::Completude => "Suivi du paramétrage des établissements",
            Self::SuiviFormations => "Suivi du paramétrage des formations",
            Self::Demandes => "Demandes des établissements",
            Self::Capacites => "Capacités à confirmer",
            Self::StatistiquesSeances => "Statistiques des séances d’information",
            Self::SansCharte => "Établissements qui n’ont pas accepté la charte",
            Self::SansLecture => "Établissements où une information n’a pas été lue",
            Self::FichesApprentissage => "Fiches du catalogue de l’apprentissage",
            Self::FichesRefusees => "Fiches d’apprentissage refusées",
            Self::JourneeCatalogue => "Compte rendu d’une journée du catalogue de l’apprentissage",
            Self::Offre => "Offre publiée",
            Self::DerniersAppeles => "Derniers appelés d’une journée",
            Self::GroupesAppeles => "Groupes de classement des derniers appelés",
        }
    }

    /// The formats that it is written or read in.
    pub const fn formats(self) -> &'static [FormatTableau] {
        match self {
            Self::Classeur
            | Self::Delegations
            | Self::Responsables
            | Self::Completude
            | Self::SuiviFormations
            | Self::Demandes
            | Self::Capacites
            | Self::StatistiquesSeances
            | Self::SansCharte
            | Self::SansLecture => &[FormatTableau::Csv, FormatTableau::Xlsx],
            Self::Classement
            | Self::Dossiers
            | Self::DossiersInternat
            | Self::Journal
            | Self::DossiersVus
            | Self::FichesApprentissage
            | Self::FichesRefusees
            | Self::JourneeCatalogue
            | Self::Offre
            | Self::DerniersAppeles
            | Self::GroupesAppeles => &[FormatTableau::Csv],
        }
    }

    /// The site de gestion reads it back.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Classeur | Self::Classement | Self::Delegations | Self::FichesApprentissage)
    }

    /// The site de gestion gives it.
    pub const fn is_written(self) -> bool {
        !matches!(self, Self::Classement | Self::FichesApprentissage)
    }

    /// Its sheets; a CSV file is the first one.
    pub fn feuilles(self) -> Vec<FeuilleSchema> {
        match self {
            Self::Classeur => workbook_schema(),
            Self::Classement => classement(),
            Self::Dossiers => dossiers(&classement_csv::AUTRES, true),
            Self::DossiersInternat => dossiers(&[classement_csv::ORIGINE, classement_csv::FORMATIONS], false),
            Self::Delegations => matrice(),
            Self::Responsables => tableau("Responsables", &COLONNES_RESPONSABLES),
            Self::Journal => tableau("", &COLONNES_JOURNAL.map(|t| (t, t))),
            Self::DossiersVus => tableau("", &COLONNES_VUS.map(|t| (t, t))),
            Self::Completude => tableau("Complétude", &COLONNES_COMPLETUDE),
            Self::SuiviFormations => tableau("Formations", &COLONNES_SUIVI),
            Self::Demandes => tableau("Demandes", &COLONNES_DEMANDES),
            Self::Capacites => tableau("Capacités", &COLONNES_CAPACITES),
            Self::StatistiquesSeances => tableau("Séances", &COLONNES_STATISTIQUES),
            Self::SansCharte => tableau("Charte", &COLONNES_SANS_CHARTE),
            Self::SansLecture => tableau("Sans lecture", &COLONNES_SANS_LECTURE),
            Self::FichesApprentissage => fiches(),
            Self::FichesRefusees => tableau("", &COLONNES_REJETS),
            Self::JourneeCatalogue => journee(),
            Self::Offre => ouverte(&COLONNES_OFFRE),
            Self::DerniersAppeles => ouverte(&COLONNES_APPELES),
            Self::GroupesAppeles => ouverte(&COLONNES_GROUPES),
        }
    }
}

fn seule(nom: &str, colonnes: Vec<ColonneSchema>) -> Vec<FeuilleSchema> {
    vec![FeuilleSchema { nom: nom.to_owned(), colonnes }]
}

/// A file that is written from a table: titles, with what each column is in the journal.
fn tableau(nom: &str, colonnes: &[(&str, &str)]) -> Vec<FeuilleSchema> {
    let colonnes = colonnes.iter().map(|(titre, cle)| colonne(titre, quoi(cle), genre(cle)));
    seule(nom, colonnes.collect())
}

/// A file of open data: names, with what each column holds.
fn ouverte(colonnes: &[(&str, &str)]) -> Vec<FeuilleSchema> {
    let colonnes = colonnes.iter().map(|(nom, quoi)| colonne(nom, quoi, genre(nom)));
    seule("", colonnes.collect())
}

fn rang() -> ColonneSchema {
    ColonneSchema {
        bornes: Some((1, u32::MAX.into())),
        ..colonne(classement_csv::RANG, "À partir de 1, sans trou ni ex æquo ; vide : non classé.", "integer")
    }
}

fn classement() -> Vec<FeuilleSchema> {
    let code = ColonneSchema {
        requise: true,
        ..colonne(
            classement_csv::CODE,
            "Le code ou le numéro de dossier du fichier des dossiers, tel quel.",
            "string",
        )
    };
    let note = colonne(classement_csv::NOTE, "De la commission ; pour elle.", "number");
    seule("", vec![rang(), code, note])
}

/// `de_groupe`: the file of a ranking group, which has the average of each candidate.
fn dossiers(autres: &[&str], de_groupe: bool) -> Vec<FeuilleSchema> {
    const AVEC_NOMS: &str = "Dans le fichier avec les noms seulement.";
    let moyenne = if de_groupe { Donnee::MoyenneGenerale.definition() } else { "Vide pour un internat." };
    let mut colonnes = vec![
        rang(),
        colonne(
            classement_csv::CODE,
            "Code du candidat pour cet établissement et cette session, ou son numéro de dossier dans le fichier avec les noms.",
            "string",
        ),
        colonne(classement_csv::NOM, AVEC_NOMS, "string"),
        colonne(classement_csv::PRENOM, AVEC_NOMS, "string"),
        colonne(classement_csv::MOYENNE, moyenne, "number"),
        colonne(classement_csv::NOTE, "Vide : à remplir par la commission.", "number"),
    ];
    colonnes.extend(autres.iter().map(|titre| {
        let donnee = Donnee::ALL.into_iter().find(|d| d.libelle() == *titre);
        let quoi = donnee.map_or("Formations pour lesquelles l’internat est demandé.", Donnee::definition);
        colonne(titre, quoi, "string")
    }));
    colonnes.push(colonne(classement_csv::EXPORT, AVEC_NOMS, "string"));
    seule("", colonnes)
}

/// A day of the catalogue, under the names of the flow.
fn fiches() -> Vec<FeuilleSchema> {
    let colonnes = COLONNES.iter().map(|c| {
        let autre = c.autre.map(|a| format!(" Autre nom admis : {a}.")).unwrap_or_default();
        let quoi = format!("{}{autre} Exemple : « {} ».", c.quoi, c.exemple);
        let genre = match c.genre {
            Genre::Entier => "integer",
            Genre::OuiNon => "boolean",
            Genre::Texte | Genre::Liste => "string",
        };
        ColonneSchema { requise: c.requise, ..colonne(c.nom, &quoi, genre) }
    });
    seule("", colonnes.collect())
}

/// The account of a day of the catalogue: what its columns hold is not what those of other files of the same name do.
fn journee() -> Vec<FeuilleSchema> {
    let colonnes = COLONNES_JOURNEE.iter().map(|(titre, cle)| {
        let quoi = match *cle {
            "issue" => "créée, modifiée, restructurée, retirée, revenue, réévaluée, inchangée ou refusée.",
            "intitule" => "Intitulé de la formation ; vide : la fiche n’en a pas.",
            "lieu" => "Ville et UAI de la fiche ; vide : elle ne les dit pas.",
            "ligne" => "Où commence la fiche dans le fichier, ou, refusée, où est la faute, à partir de 1.",
            "champ" => "D’une fiche refusée, le champ en faute.",
            "detail" => "Ce qui change, séparé par des points-virgules ; refusée, ce qui ne va pas.",
            "statut" => "Statut que prend la fiche ; vide : elle garde le sien.",
            "motif" => "Pourquoi elle prend ce statut.",
            "doublon_de" => "Identifiant de la fiche qu’elle répète ; vide : aucune.",
            "avertissement" => "Ce qui est à vérifier dans la fiche ; vide : rien.",
            cle => quoi(cle),
        };
        colonne(titre, quoi, genre(cle))
    });
    seule("", colonnes.collect())
}

fn matrice() -> Vec<FeuilleSchema> {
    let oui_non = || vec!["oui".to_owned(), "non".to_owned()];
    let colonnes = delegations::headers().into_iter().map(|titre| {
        if Operation::ALL.iter().any(|o| o.libelle() == titre) {
            let quoi = "La personne fait cette opération sur cette formation ; vide : non.";
            return ColonneSchema { valeurs: oui_non(), ..colonne(titre, quoi, "string") };
        }
        let (quoi, requise) = match titre {
            delegations::COMPTE => ("Identifiant public du compte, tel que l’export le donne.", true),
            delegations::FORMATION => ("Identifiant public de la formation dans la session.", true),
            delegations::ROLE => ("Code du rôle de la personne, tel que l’export le donne.", true),
            _ => ("Pour lire ; n’est pas repris.", false),
        };
        ColonneSchema { requise, ..colonne(titre, quoi, "string") }
    });
    seule("Délégations", colonnes.collect())
}

/// What a column of a table holds, by what it is in the journal, or by its title.
fn quoi(cle: &str) -> &'static str {
    match cle {
        "academie" => "Nom de l’académie.",
        "departement" => "Nom et code du département.",
        "uai" => "Code de l’établissement au répertoire national.",
        "etablissement" => "Nom de l’établissement pour cette session.",
        "commune" => "Commune de l’établissement.",
        "tutelle" => "Ministère dont relève l’établissement ; vide : pas encore connu.",
        "commune_formation" => "Commune de la formation.",
        "role" => "Rôle de la personne.",
        "nom" | "prenom" => "De la personne.",
        "courriel" => "Adresse du compte.",
        "mobile" => {
            "Ses quatre derniers chiffres, « (à vérifier) » tant qu’un code n’y est pas revenu ; « aucun »."
        }
        "second_facteur" => "« en place » ou « absente ».",
        "derniere_connexion" => "Date, ou « jamais ».",
        "etat" => "Où en est ce que dit la ligne, en toutes lettres.",
        "formations" => "Nombre de formations de l’établissement.",
        "completes" => "Nombre de formations sans rien qui manque.",
        "publiees" => "Nombre de formations publiées.",
        "manques" => "Ce qui manque, séparé par des virgules ; vide : rien.",
        "relance" => "Date de la dernière relance ; vide : aucune.",
        "contacts" => "Les personnes à joindre, une par ligne dans la cellule.",
        "code" => "Code de la formation dans la procédure ; vide : aucun.",
        "formation" => "Identifiant public de la formation dans la session.",
        "libelle" => "Intitulé de la formation.",
        "famille" => "Type de formation.",
        "statut" => "Statut sous lequel elle est suivie.",
        "controle" => "Où en est le contrôle du service académique ; vide : rien.",
        "nombre" => "Nombre de choses qui manquent.",
        "retard" => "oui : la date limite est passée ; non.",
        "nature" => "Ce qui est demandé.",
        "objet" => "La formation, telle qu’elle est nommée ou le serait, ou les parties de l’établissement.",
        "demandee_le" => "Date de la demande.",
        "repondue_le" => "Date de la réponse ou du retrait ; vide : la demande attend.",
        "capacite" => "Places de la formation, telles qu’elles sont enregistrées.",
        "capacite_avant" => "Places de l’an dernier ; vide : inconnues.",
        "motif_capacite" => "Pourquoi ce nombre est le bon, selon l’établissement.",
        "attend_depuis" => "Date où ce motif a été écrit.",
        "attend_trop" => "oui : elle attend depuis trop longtemps ; non.",
        "derniere_action" => "Date de la dernière modification ; vide : aucune.",
        "critere" => {
            "Ce par quoi la ligne compte : séance, type de formation, département, public, ensemble."
        }
        "valeur" => "La séance, le type, le département ou le public compté.",
        "inscrits" => "Personnes qui ont une place.",
        "attente" => "Personnes sur la liste d’attente.",
        "presents" => "Personnes venues.",
        "fichier" => "Nom du fichier du catalogue.",
        "ligne" => "Ligne du fichier où commence la fiche, à partir de 1.",
        "identifiant" => "Identifiant de la fiche dans le catalogue ; vide : illisible.",
        "numero" => "Numéro de la dernière version de la charte acceptée, ou « aucune ».",
        "ligne_faute" => "Ligne du fichier où est la faute, à partir de 1.",
        "champ" => "Champ en faute.",
        "motif" => "Ce qui ne va pas, et que faire.",
        autre => de_journal(autre),
    }
}

/// The same of the journal, which has titles alone; empty: nothing is said of it.
fn de_journal(titre: &str) -> &'static str {
    match titre {
        "Numéro" => "Numéro de l’entrée.",
        "Instant (UTC)" => "Instant de l’acte, ISO 8601.",
        "Compte" => "Adresse du compte ; vide : personne n’était connecté.",
        "Rôle" => "Rôle sous lequel l’acte a été fait.",
        "Établissement" => "Établissement au nom duquel il l’a été.",
        "Requête" => "Numéro de la requête, le même dans les réponses.",
        "Route" => "Adresse appelée, sans ses valeurs.",
        "Action" => "Code de l’action.",
        "Objet" => "Genre de l’objet.",
        "Identifiant" => "Identifiant public de l’objet.",
        "Issue" => "Code de l’issue : fait, lu, exporte, refus…",
        "Moyen" => "Par quel moyen, quand ce n’est pas l’écran.",
        "Dossiers lus" => "Nombre de dossiers de candidats lus.",
        "Avant" | "Après" => "Champs, en JSON ; ce que le journal ne garde pas y est une empreinte.",
        "Session" => "Année de la session.",
        "Numéro de dossier" => "Du candidat.",
        "Nom" | "Prénom" => "Du candidat.",
        "Champs vus" => "Ce qui a été montré du dossier, séparé par des virgules.",
        "Première lecture (UTC)" | "Dernière lecture (UTC)" => "Instant, ISO 8601.",
        "Lectures" => "Nombre de lectures.",
        "Exporté" => "oui : le dossier est parti dans un fichier ; non.",
        _ => "",
    }
}

/// As Table Schema names it.
fn genre(cle: &str) -> &'static str {
    match cle {
        "formations" | "completes" | "publiees" | "nombre" | "inscrits" | "attente" | "presents"
        | "ligne" | "ligne_faute" | "Numéro" | "Dossiers lus" | "Session" | "Numéro de dossier"
        | "Lectures" | "groupe" | "dernier_appele" | "capacite" | "capacite_avant" => "integer",
        _ => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_of_each_file_is_described() {
        let mut codes: Vec<&str> = Fichier::ALL.iter().map(|f| f.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Fichier::ALL.len());
        for f in Fichier::ALL {
            assert!(f.is_read() || f.is_written(), "{f:?}");
            for feuille in f.feuilles() {
                let mut titres: Vec<&str> = feuille.colonnes.iter().map(|c| c.titre.as_str()).collect();
                let combien = titres.len();
                titres.sort_unstable();
                titres.dedup();
                assert!(f == Fichier::Classeur || titres.len() == combien, "{f:?} {}", feuille.nom);
                // What a field of the description is, its label may say alone.
                let muettes = feuille.colonnes.iter().filter(|c| c.quoi.trim().is_empty());
                let muettes: Vec<&str> = muettes.map(|c| c.titre.as_str()).collect();
                assert!(f == Fichier::Classeur || muettes.is_empty(), "{f:?}: {muettes:?}");
            }
        }
    }

    #[test]
    fn r_for_19_the_workbook_says_how_long_a_presentation_may_be() {
        let colonnes = Fichier::Classeur.feuilles().remove(0).colonnes;
        let presentation = colonnes.iter().find(|c| c.titre == "Présentation publique").expect("a column");
        assert_eq!((presentation.genre, presentation.requise), ("string", false));
        assert_eq!(presentation.longueur_max, Some(domain::formations::PRESENTATION_MAX));
    }

    #[test]
    fn what_is_read_back_says_what_it_cannot_go_without() {
        let requises = |f: Fichier| {
            let colonnes = f.feuilles().remove(0).colonnes;
            colonnes.into_iter().filter(|c| c.requise).map(|c| c.titre).collect::<Vec<_>>()
        };
        assert_eq!(requises(Fichier::Delegations), ["Compte", "Rôle", "Formation"]);
        assert_eq!(requises(Fichier::Classement), ["Candidat - Code"]);
        assert_eq!(requises(Fichier::Classeur), ["Identifiant"]);
        assert_eq!(
            requises(Fichier::FichesApprentissage),
            ["etablissement_gestionnaire_siret", "etablissement_formateur_siret"]
        );
        assert_eq!(Fichier::Delegations.feuilles()[0].colonnes.len(), delegations::COLONNES);
    }
}
