//! What the journal may be asked by name, and how its codes read in French.

use domain::comptes::Moyen;
use domain::droits::Action;

use super::alarmes::Genre;
use crate::messages;

/// Outcomes.
pub const ISSUES: &[&str] = &["fait", "lu", "exporte", "refus", "absent", "complete", "reussi"];

/// Events that are no action of the table of rights.
const EVENEMENTS: &[&str] = &[
    "connexion",
    "second_facteur",
    "enrolement",
    "deconnexion",
    "acces",
    "alarme",
    "horloge",
    "agenda_cree",
    "agenda_retire",
    "code_envoye",
    "session_fermee",
    "navigateurs_oublies",
    "resume_arrete",
    "resume_repris",
];

/// Codes of actions and of events, actions first.
pub fn actions() -> Vec<&'static str> {
    Action::ALL.into_iter().map(Action::code).chain(EVENEMENTS.iter().copied()).collect()
}

/// The code itself when nothing says it better: it stays exact.
fn brut(code: &str) -> String {
    code.replace('_', " ")
}

fn evenement(code: &str) -> Option<&'static str> {
    Some(match code {
        "connexion" => "Connexion",
        "second_facteur" => "Seconde étape de connexion",
        "enrolement" => "Mise en sécurité du compte",
        "deconnexion" => "Déconnexion",
        "acces" => "Accès à une page",
        "alarme" => "Alarme de sécurité",
        "horloge" => "Date de la démonstration changée",
        "agenda_cree" => "Adresse d’agenda créée",
        "agenda_retire" => "Adresse d’agenda retirée",
        "code_envoye" => "Code envoyé",
        "session_fermee" => "Session fermée",
        "navigateurs_oublies" => "Navigateurs oubliés",
        "resume_arrete" => "Courriel du Fil info arrêté",
        "resume_repris" => "Courriel du Fil info repris",
        _ => return None,
    })
}

/// What was done: the action of the table of rights, or the event.
pub fn libelle_action(code: &str) -> String {
    match Action::ALL.into_iter().find(|a| a.code() == code) {
        Some(action) => messages::capitale(messages::action(action)),
        None => evenement(code).map_or_else(|| messages::capitale(&brut(code)), str::to_owned),
    }
}

fn issue(code: &str) -> Option<&'static str> {
    Some(match code {
        "fait" => "fait",
        "lu" => "lu",
        "exporte" => "exporté",
        "refus" => "refusé",
        "absent" => "objet inconnu",
        "complete" => "réussie",
        "reussi" => "réussi",
        "second_facteur" => "seconde étape demandée",
        "enrolement" => "mise en sécurité demandée",
        "demonstration" => "personne de la démonstration",
        "partout" => "de tous les appareils",
        autre => return Genre::from_code(autre).map(Genre::libelle).or_else(|| moyen(autre)),
    })
}

/// How it ended.
pub fn libelle_issue(code: &str) -> String {
    issue(code).map_or_else(|| brut(code), str::to_owned)
}

fn moyen(code: &str) -> Option<&'static str> {
    match code {
        "mot_de_passe" => Some("mot de passe"),
        "jeton" => Some("jeton d’accès"),
        "inconnu" => Some("moyen inconnu"),
        autre => Moyen::from_code(autre).map(Moyen::libelle),
    }
}

/// The means shown.
pub fn libelle_moyen(code: &str) -> String {
    moyen(code).map_or_else(|| brut(code), str::to_owned)
}

fn objet(code: &str) -> Option<&'static str> {
    Some(match code {
        "abonnement" => "Abonnement d’un logiciel",
        "actualite" => "Information du Fil info",
        "alarme" => "Alarme de sécurité",
        "attribution" => "Délégations",
        "candidat" => "Dossier d’un candidat",
        "cellule" => "Cellule d’assistance",
        "charte" => "Charte de la procédure",
        "coffre" => "Données chiffrées",
        "compte" => "Compte",
        "controle_formation" => "Contrôle d’une formation",
        "demande_assistance" => "Question à un service",
        "demande_formation" => "Demande d’un établissement",
        "derogation_adresse" => "Adresse d’un service à admettre",
        "document_reference" => "Document de référence",
        "etablissement" | "etablissement_session" => "Établissement",
        "fiche_apprentissage" => "Fiche d’apprentissage",
        "fil" => "Échanges avec le service académique",
        "formation_description" => "Description d’une formation",
        "formation_session" => "Formation",
        "groupe_classement" => "Groupe de classement",
        "groupe_internat" => "Internat",
        "import" => "Import",
        "inscription_seance" => "Inscription à une séance",
        "invitation" => "Invitation",
        "jeton_api" => "Jeton d’accès d’un logiciel",
        "journal" => "Journal d’audit",
        "journee_catalogue" => "Journée du catalogue de l’apprentissage",
        "levee_gel" => "Levée du gel pour un établissement",
        "liste_donnees" => "Liste des données transmises",
        "livraison" => "Livraison pendant un gel",
        "page" => "Page demandée",
        "passage" => "Passage",
        "prolongation" => "Prolongation d’une étape",
        "reglage" => "Réglage",
        "regroupement" => "Regroupement de formations",
        "rejet_apprentissage" => "Fiches d’apprentissage refusées",
        "relance" => "Relance d’établissements",
        "seance" => "Séance d’information",
        "session_admission" => "Session",
        "session_web" => "Session de connexion",
        "voeu" => "Vœu",
        _ => return None,
    })
}

/// What it was done to: a kind of object.
pub fn libelle_objet(code: &str) -> String {
    objet(code).map_or_else(|| messages::capitale(&brut(code)), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources;

    /// What stands between quotes in a piece of source.
    fn cites(texte: &str) -> impl Iterator<Item = &str> {
        texte.split('"').skip(1).step_by(2)
    }

    #[test]
    fn every_code_that_is_written_has_its_name() {
        let fichiers = sources::lues();
        let mut objets = vec!["groupe_classement", "groupe_internat"];
        let mut evenements = Vec::new();
        for (_, texte) in &fichiers {
            for debut in ["objet: \"", "objet: (\""] {
                objets.extend(texte.split(debut).skip(1).filter_map(|t| t.split('"').next()));
            }
            for appel in ["record_event(", "record_connexion("] {
                let appels = texte.split(appel).skip(1).filter_map(|t| t.split_once(".await"));
                // Its own declaration holds no code.
                evenements.extend(appels.filter(|(a, _)| !a.contains("&Tx")).flat_map(|(a, _)| cites(a)));
            }
        }
        assert!(objets.len() > 50 && evenements.len() > 20, "{} {}", objets.len(), evenements.len());
        let muets: Vec<_> = objets.iter().filter(|o| objet(o).is_none()).collect();
        assert!(muets.is_empty(), "objects without a name: {muets:?}");
        // An event, its outcome, and the object that it is about.
        let sait = |c: &&str| evenement(c).is_some() || issue(c).is_some() || objet(c).is_some();
        let muets: Vec<_> = evenements.iter().filter(|c| !c.is_empty() && !sait(c)).collect();
        assert!(muets.is_empty(), "events without a name: {muets:?}");
        assert!(EVENEMENTS.iter().all(|c| evenement(c).is_some()));
        assert!(ISSUES.iter().all(|c| issue(c).is_some()));
        assert!(Genre::ALL.into_iter().all(|g| issue(g.code()).is_some()));
        assert!(Moyen::ALL.into_iter().all(|m| moyen(m.code()).is_some()));
    }

    #[test]
    fn codes_read_in_french() {
        assert_eq!(libelle_action("consulter_dossiers"), "Lire les dossiers des candidats");
        assert_eq!(libelle_action("connexion"), "Connexion");
        assert_eq!(libelle_issue("demonstration"), "personne de la démonstration");
        assert_eq!(libelle_objet("controle_formation"), "Contrôle d’une formation");
        assert_eq!(libelle_objet("chose_neuve"), "Chose neuve");
    }
}
