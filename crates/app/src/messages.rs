//! French texts by code: the one catalogue for pages, mails, commands and API.

mod dates;
mod regles;

use domain::admission::{FaitsGroupe, MotifRetenue, Nature};
use domain::droits::{Action, Relation};

pub use dates::{
    date_civile, date_courte, date_heure, date_heure_ici, date_heure_locale, date_limite, date_limite_ici,
    date_limite_locale, date_longue, heure,
};
pub use regles::{motifs_a_part, regle, regle_ici};

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
        Action::ModifierFormation => "modifier la présentation",
        Action::ModifierCapacites => "modifier les capacités et les frais",
        Action::PublierFormation => "publier la formation",
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

/// What a receipt says was done, from the code of the act.
pub fn acte(code: &str) -> String {
    match code {
        "abandonner_passage" => "Abandon d’un passage".to_owned(),
        "accepter_proposition" => "Acceptation d’une proposition".to_owned(),
        "activer_repondeur" => "Activation du répondeur automatique".to_owned(),
        "ajouter_voeu" => "Ajout d’un vœu".to_owned(),
        "calculer_ordre_appel" => "Calcul des ordres d’appel".to_owned(),
        "calculer_propositions" => "Calcul des propositions du jour".to_owned(),
        "calculer_retrait" => "Calcul d’un retrait de propositions".to_owned(),
        "changer_delegations" => "Changement de délégations".to_owned(),
        "compte_annuler_retrait" => "Annulation d’un retrait de second facteur".to_owned(),
        "compte_confier_reprise" => "Reprise d’un compte partagé confiée".to_owned(),
        "compte_declarer_partage" => "Déclaration d’un compte partagé".to_owned(),
        "compte_facteur" => "Retrait d’un second facteur".to_owned(),
        "compte_mot_de_passe" => "Changement de mot de passe forcé".to_owned(),
        "compte_reactiver" => "Réactivation d’un compte".to_owned(),
        "compte_reprendre" => "Reprise d’un compte partagé".to_owned(),
        "compte_roles" => "Changement des rôles d’un compte".to_owned(),
        "compte_supprimer" => "Suppression d’un compte".to_owned(),
        "compte_suspendre" => "Suspension d’un compte".to_owned(),
        "compte_valider_retrait" => "Validation d’un retrait de second facteur".to_owned(),
        "confirmer_voeu" => "Confirmation d’un vœu".to_owned(),
        "desactiver_repondeur" => "Désactivation du répondeur automatique".to_owned(),
        "derogation_decidee" => "Décision sur une adresse de service".to_owned(),
        "derogation_demandee" => "Demande au sujet d’une adresse de service".to_owned(),
        "etablissement_enregistre" => "Enregistrement du paramétrage d’un établissement".to_owned(),
        "etablissement_en_securite" => "Mise en sécurité d’un établissement".to_owned(),
        "jeton_donne" => "Jeton d’accès donné à un logiciel".to_owned(),
        "jeton_revoque" => "Révocation d’un jeton d’accès".to_owned(),
        "abonnement_pris" => "Abonnement d’un logiciel à des événements".to_owned(),
        "abonnement_retire" => "Retrait d’un abonnement".to_owned(),
        "abonnement_repris" => "Reprise d’un abonnement suspendu".to_owned(),
        "essai_demande" => "Demande d’un message d’essai".to_owned(),
        "fixer_taux" => "Fixation d’un taux".to_owned(),
        "capacite_motivee" => "Motif d’une capacité inhabituelle".to_owned(),
        "capacite_confirmee" => "Confirmation d’une capacité inhabituelle".to_owned(),
        "fiche_decidee" => "Décision sur une fiche d’apprentissage".to_owned(),
        "fiches_pretes" => "Fiches d’apprentissage déclarées prêtes".to_owned(),
        "doublon_choisi" => "Choix entre des fiches d’apprentissage".to_owned(),
        "fiches_integrees" => "Intégration de fiches d’apprentissage".to_owned(),
        "journee_recue" => "Envoi d’une journée du catalogue de l’apprentissage".to_owned(),
        "journee_confirmee" => "Application d’une journée du catalogue de l’apprentissage".to_owned(),
        "journee_relue" => "Nouvelle lecture d’une journée du catalogue de l’apprentissage".to_owned(),
        "journee_abandonnee" => "Abandon d’une journée du catalogue de l’apprentissage".to_owned(),
        "formation_acceptee" => "Acceptation d’une formation".to_owned(),
        "formation_prise" => "Prise en charge du contrôle d’une formation".to_owned(),
        "formation_liberee" => "Libération du contrôle d’une formation".to_owned(),
        "formation_retournee" => "Retour d’une formation à l’établissement".to_owned(),
        "formation_soumise" => "Soumission d’une formation au service académique".to_owned(),
        "formations_acceptees" => "Acceptation de formations inchangées".to_owned(),
        "formations_soumises" => "Soumission de formations au service académique".to_owned(),
        "capacites_reprises" => "Reprise des capacités de l’an dernier".to_owned(),
        "demande_deposee" => "Demande sur une formation".to_owned(),
        "demande_transmise" => "Transmission d’une demande à l’équipe nationale".to_owned(),
        "demande_acceptee" => "Acceptation d’une demande".to_owned(),
        "demande_refusee" => "Refus d’une demande".to_owned(),
        "demande_retiree" => "Retrait d’une demande".to_owned(),
        "formation_publiee" => "Publication d’une formation".to_owned(),
        "inscription" => "Inscription d’un candidat".to_owned(),
        "enregistrer_internat" => "Enregistrement du classement d’un internat".to_owned(),
        "importer_internat" => "Import du classement d’un internat".to_owned(),
        "transmettre_internat" => "Transmission du classement d’un internat".to_owned(),
        "internat_enregistre" => "Enregistrement d’un internat soumis à classement".to_owned(),
        "internat_retire" => "Retrait d’un internat soumis à classement".to_owned(),
        "invitation" => "Invitation à un rôle".to_owned(),
        "invitation_annulee" => "Annulation d’une invitation".to_owned(),
        "invitation_renvoyee" => "Nouvel envoi d’une invitation".to_owned(),
        "lever_retenue" => "Levée d’une retenue".to_owned(),
        "charte_acceptee" => "Acceptation de la charte de la procédure".to_owned(),
        "charte_publiee" => "Publication d’une version de la charte".to_owned(),
        "publier_actualite" => "Publication dans le Fil info".to_owned(),
        "corriger_actualite" => "Correction d’une information du Fil info".to_owned(),
        "demander_explication" => "Demande de l’explication d’un vœu".to_owned(),
        "deposer_document" => "Dépôt d’un document de référence".to_owned(),
        "corriger_document" => "Modification d’un document de référence".to_owned(),
        "retirer_document" => "Retrait d’un document de référence".to_owned(),
        "seance_annoncee" => "Annonce d’une séance d’information".to_owned(),
        "seance_corrigee" => "Modification d’une séance d’information".to_owned(),
        "seance_annulee" => "Annulation d’une séance d’information".to_owned(),
        "seance_enregistrement" => "Publication de l’enregistrement d’une séance".to_owned(),
        "seance_presences" => "Présences à une séance d’information".to_owned(),
        "seance_inscription" => "Inscription à une séance d’information".to_owned(),
        "seance_desistement" => "Désinscription d’une séance d’information".to_owned(),
        "retirer_actualite" => "Retrait d’une information du Fil info".to_owned(),
        "assistance_demandee" => "Question posée à un service".to_owned(),
        "assistance_completee" => "Message ajouté à une question".to_owned(),
        "assistance_prise" => "Prise en charge d’une question".to_owned(),
        "assistance_repondue" => "Réponse à une question".to_owned(),
        "assistance_transmise" => "Transmission d’une question à un autre service".to_owned(),
        "assistance_close" => "Clôture d’une question".to_owned(),
        "cellule_enregistree" => "Mise à jour d’une cellule d’assistance".to_owned(),
        "liste_donnees" => "Liste des données transmises aux formations".to_owned(),
        "message_envoye" => "Message au service académique ou à un établissement".to_owned(),
        "modifier_residence" => "Modification de la résidence".to_owned(),
        "ordonner_voeux" => "Ordre des vœux en attente".to_owned(),
        "parametrage_enregistre" => "Enregistrement du paramétrage d’une formation".to_owned(),
        "publier_passage" => "Publication d’un passage".to_owned(),
        "refuser_proposition" => "Refus d’une proposition".to_owned(),
        "relance_envoyee" => "Relance d’établissements".to_owned(),
        "relance_en_nombre" => "Relance de tous les établissements incomplets d’un périmètre".to_owned(),
        "relance_arreter" => "Arrêt d’une relance".to_owned(),
        "relance_reprendre" => "Reprise d’une relance".to_owned(),
        "renoncer_voeu" => "Renonciation à un vœu".to_owned(),
        "retirer_voeu" => "Retrait d’un vœu".to_owned(),
        // A code not named here is still readable.
        autre => {
            let mut lettres = autre.replace('_', " ").chars().collect::<Vec<_>>();
            if let Some(premiere) = lettres.first_mut() {
                *premiere = premiere.to_uppercase().next().unwrap_or(*premiere);
            }
            lettres.into_iter().collect()
        }
    }
}

/// « de Lille », « d’Amiens ».
pub fn du(nom: &str) -> String {
    let voyelle = nom.starts_with(['A', 'E', 'É', 'I', 'O', 'U', 'Y']);
    if voyelle { format!("d’{nom}") } else { format!("de {nom}") }
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
pub fn poids(octets: i64) -> String {
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
pub fn accord(n: i64, un: &str, plusieurs: &str) -> String {
    format!("{} {}", nombre(n), if n.abs() < 2 { un } else { plusieurs })
}

#[cfg(test)]
mod tests {
    use super::*;

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
