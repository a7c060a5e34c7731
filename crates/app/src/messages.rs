//! French texts by code: the one catalogue for pages, mails, commands and API.

mod actes;
mod dates;
mod regles;

use domain::admission::{FaitsGroupe, MotifRetenue, Nature};
use domain::droits::{Action, Relation};
pub use domain::territoires::du;

pub use actes::{acte, acte_nomme};
pub use dates::{
    date_civile, date_courte, date_heure, date_heure_ici, date_heure_locale, date_limite, date_limite_ici,
    date_limite_locale, date_longue, heure, jour_limite,
};
pub use regles::{AIDE, RECOURS, gel, motif_controle, motifs_a_part, regle, regle_ici};

/// How every mail ends: who writes it, and what they never ask.
pub const PIED: &str = "\n\nL’équipe Parcoursup\n\nCe message est automatique : n’y répondez pas. Parcoursup ne vous demandera jamais \
                        votre mot de passe par courriel ou par téléphone.\n";

/// A field that the form should not have (HAB-4).
pub fn champ_interdit(nom: &str) -> String {
    let court: String = nom.chars().take(60).collect();
    format!(
        "Le champ « {court} » n’est pas de ceux que vous pouvez modifier ici. Rien n’a été enregistré : rechargez la page, \
         puis recommencez."
    )
}

/// The state of an account, in a sentence.
pub fn etat_compte(code: &str) -> &'static str {
    match code {
        "invite" => "en attente d’activation",
        "a_securiser" => "à sécuriser",
        "actif" => "actif",
        "suspendu" => "suspendu",
        "partage" => "un ancien compte partagé",
        _ => "fermé",
    }
}

/// What an action lets somebody do, after « peut » or « pourra ».
pub const fn action(action: Action) -> &'static str {
    match action {
        Action::ConsulterParametrage => "voir le paramétrage",
        Action::ConsulterCapacites => "voir les capacités et les frais",
        Action::ModifierFormation => "décrire la formation",
        Action::ModifierCapacites => "modifier les capacités et les frais",
        Action::PublierFormation => "soumettre ou publier la formation",
        Action::ConfirmerCapacite => "confirmer une capacité inhabituelle",
        Action::DeciderApprentissage => "décider de la publication des fiches d’apprentissage",
        Action::ControlerFormation => "contrôler la formation, l’accepter ou la retourner",
        Action::RegrouperFormations => "regrouper des formations sous un vœu multiple",
        Action::DemanderFormation => "demander d’ouvrir, de fermer, de déplacer ou de modifier une formation",
        Action::DeciderDemande => "répondre aux demandes des établissements",
        Action::AccorderDerogation => "accorder une modification hors période",
        Action::ConsulterEtablissement => "voir l’établissement",
        Action::ModifierEtablissement => "modifier l’établissement",
        Action::ConsulterDossiers => "lire les dossiers des candidats",
        Action::SaisirClassement => "saisir le classement",
        Action::TransmettreClassement => "transmettre le classement",
        Action::ClasserInternat => "classer les demandes d’internat",
        Action::TransmettreInternat => "transmettre le classement d’un internat",
        Action::FixerTaux => "fixer les taux",
        Action::ConsulterTaux => "voir les taux fixés",
        Action::ConsulterPassages => "voir les passages",
        Action::CalculerPassage => "calculer un passage, ou l’abandonner",
        Action::PublierPassage => "publier un passage calculé par quelqu’un d’autre",
        Action::GererSession => "ouvrir une session, changer son calendrier",
        Action::ImporterOffre => "charger les formations d’une session",
        Action::GererJetons => "donner et révoquer les jetons d’accès des logiciels",
        Action::GererComptes => "donner et retirer des rôles, suspendre des comptes",
        Action::ConsulterComptes => "voir les comptes",
        Action::InviterComptes => "inviter des personnes",
        Action::DerogerAdresse => "admettre l’adresse d’un service",
        Action::SecuriserEtablissement => "mettre un établissement en sécurité",
        Action::ConsulterEchanges => "lire les échanges avec le service académique",
        Action::ConsulterInformations => "lire le Fil info",
        Action::AccepterCharte => "accepter la charte de la procédure",
        Action::PublierCharte => "publier la charte de la procédure",
        Action::DemanderAssistance => "poser une question à un service",
        Action::TraiterAssistance => "répondre aux questions posées à son service",
        Action::TenirCellule => "tenir à jour une cellule d’assistance",
        Action::PublierInformation => "publier dans le Fil info",
        Action::ConsulterSeances => "voir les séances d’information",
        Action::OrganiserSeances => "organiser des séances d’information",
        Action::RejoindreSeancePublique => "s’inscrire à une séance d’information",
        Action::EcrireEchange => "écrire dans les échanges avec le service académique",
        Action::SuivreParametrage => "suivre la complétude des établissements",
        Action::RelancerEtablissements => "relancer des établissements",
        Action::ConsulterJournal => "lire le journal",
        Action::ConsulterOffre => "lire l’offre publiée",
        Action::ConsulterDossier => "lire son propre dossier",
        Action::ModifierDossier => "changer sa résidence",
        Action::FormulerVoeu => "ajouter et retirer des vœux",
        Action::ConfirmerVoeu => "confirmer des vœux",
        Action::RepondreProposition => "répondre aux propositions",
        Action::OrdonnerVoeux => "ordonner ses vœux en attente",
        Action::ReglerRepondeur => "activer ou désactiver le répondeur automatique",
        Action::EntretenirPlateforme => "exécuter les traitements de nuit",
    }
}

/// A group of fields of a candidate's record (R-DRO-04), with what is in it.
pub fn groupe_dossier(code: &str) -> &'static str {
    match code {
        "identite" => "Identité : numéro de dossier, nom, prénom",
        "etat_civil" => "État civil : date de naissance, INE",
        "scolarite" => "Scolarité : baccalauréat, série, établissement d’origine, notes et moyenne",
        "bourse" => "Bourse : ce que vous avez déclaré",
        "residence" => "Résidence : commune, département, académie",
        _ => "Autre élément du dossier",
    }
}

/// Why a role reaches what it reaches, after « parce que ».
pub const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Tout => "son rôle vaut pour tout le pays",
        Relation::SonEtablissement => "son rôle vaut pour tout l’établissement",
        Relation::SonEtablissementSeul => "son rôle vaut pour l’établissement lui-même",
        Relation::SaFormation => "cette formation lui est confiée",
        Relation::SonAcademie => "la formation est de son académie",
        Relation::SonDossier => "c’est son dossier",
    }
}

/// R-ADM-12: why a group is withheld, with the numbers to read again.
pub fn retenue(motif: MotifRetenue, f: &FaitsGroupe) -> String {
    use MotifRetenue as M;
    match motif {
        M::Appels => {
            format!(
                "{} à appeler pour {}.",
                accord(f.a_appeler, "candidat", "candidats"),
                accord(f.places, "place", "places")
            )
        }
        M::RangLimite => format!(
            "Appel jusqu’au rang {} pour {} : est-ce bien la liste de ceux qui sont appelés, et non la liste d’attente ?",
            nombre(f.rang_limite),
            accord(f.places, "place", "places")
        ),
        M::Capacite => format!(
            "Capacité de {}, contre {} à la session précédente.",
            accord(f.capacite, "place", "places"),
            nombre(f.capacite_avant.unwrap_or(0))
        ),
        M::Propositions => format!(
            "{} en tout, dont {} ce jour-là, pour {}.",
            accord(f.tenues + f.propositions, "proposition", "propositions"),
            nombre(f.propositions),
            accord(f.places, "place", "places")
        ),
    }
}

/// What a run is called, everywhere: « Ordres d’appel », « Propositions du jour 3 », « Retrait depuis le jour 3 ».
pub fn passage(nature: Nature, jour: i64) -> String {
    match nature {
        Nature::OrdreAppel => "Ordres d’appel".to_owned(),
        Nature::Propositions => format!("Propositions du jour {jour}"),
        Nature::Retrait => format!("Retrait depuis le jour {jour}"),
    }
}

/// The same sentence with a capital.
pub fn capitale(texte: &str) -> String {
    let mut lettres = texte.chars();
    lettres.next().map_or_else(String::new, |premiere| premiere.to_uppercase().chain(lettres).collect())
}

/// The same words inside a sentence: an abbreviation keeps its capitals.
pub fn minuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    match (lettres.next(), lettres.clone().next()) {
        (Some(premiere), Some(suivante)) if !suivante.is_uppercase() => {
            premiere.to_lowercase().chain(lettres).collect()
        }
        _ => texte.to_owned(),
    }
}

/// « a, b et c ».
pub fn enumere(mots: &[&str]) -> String {
    match mots.split_last() {
        None => String::new(),
        Some((seul, [])) => (*seul).to_owned(),
        Some((dernier, autres)) => format!("{} et {dernier}", autres.join(", ")),
    }
}

/// R-VIE-10: « académies d’Amiens et de Lille ».
pub fn secteur(academies: &[&str]) -> String {
    let dites: Vec<String> = academies.iter().map(|nom| du(nom)).collect();
    let dites: Vec<&str> = dites.iter().map(String::as_str).collect();
    let mot = if dites.len() > 1 { "académies" } else { "académie" };
    format!("{mot} {}", enumere(&dites))
}

/// « 12 957 760 », with narrow no-break spaces.
pub fn nombre(n: i64) -> String {
    let chiffres = n.unsigned_abs().to_string();
    let mut sortie = String::new();
    if n < 0 {
        sortie.push('−');
    }
    for (i, c) in chiffres.chars().enumerate() {
        if i > 0 && (chiffres.len() - i).is_multiple_of(3) {
            sortie.push('\u{202f}');
        }
        sortie.push(c);
    }
    sortie
}

/// Weight of a file in decimal units: « 840 octets », « 120 ko », « 1,2 Mo ».
pub fn poids(octets: impl TryInto<i64>) -> String {
    let octets = octets.try_into().unwrap_or(i64::MAX);
    match octets {
        ..1_000 => accord(octets, "octet", "octets"),
        1_000..1_000_000 => format!("{} ko", nombre((octets + 500) / 1_000)),
        _ => {
            let dixiemes = (octets + 50_000) / 100_000;
            match dixiemes % 10 {
                0 => format!("{} Mo", nombre(dixiemes / 10)),
                reste => format!("{},{reste} Mo", nombre(dixiemes / 10)),
            }
        }
    }
}

/// « 1 place », « 24 places »: in French zero and one are singular.
pub fn accord(n: impl TryInto<i64>, un: &str, plusieurs: &str) -> String {
    let n = n.try_into().unwrap_or(i64::MAX);
    format!("{} {}", nombre(n), if n.abs() < 2 { un } else { plusieurs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    #[test]
    fn every_mail_ends_with_the_same_words() {
        let mut fichiers = 0;
        for (chemin, texte) in sources::lues() {
            let signe = texte.contains("L’équipe Parcoursup") || texte.contains("n’y répondez pas");
            assert!(!signe || chemin.ends_with("messages.rs"), "{chemin} signs by itself");
            let courriels = texte.matches("canal: \"courriel\"").count();
            assert!(texte.matches("{PIED}").count() >= courriels, "{chemin}");
            fichiers += usize::from(courriels > 0);
        }
        assert!(fichiers > 12, "{fichiers}");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(nombre(12_957_760), "12\u{202f}957\u{202f}760");
        assert_eq!(nombre(999), "999");
        assert_eq!(
            [0, 1, 2_000].map(|n| accord(n, "place", "places")),
            ["0 place", "1 place", "2\u{202f}000 places"]
        );
        assert_eq!(nombre(-1_000_000), "−1\u{202f}000\u{202f}000");
    }
}
