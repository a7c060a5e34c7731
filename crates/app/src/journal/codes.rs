//! What the journal may be asked by name, and how codes read in French.

use domain::comptes::Moyen;
use domain::droits::Action;

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
pub fn libelle_code(code: &str) -> String {
    let dit = match code {
        "fait" => "fait",
        "lu" => "lu",
        "exporte" => "exporté",
        "refus" => "refusé",
        "absent" => "objet inconnu",
        "complete" => "réussie",
        "reussi" => "réussi",
        "connexion" => "connexion",
        "second_facteur" => "seconde étape",
        "enrolement" => "enrôlement",
        "deconnexion" => "déconnexion",
        "acces" => "accès",
        "agenda_cree" => "adresse d’agenda créée",
        "agenda_retire" => "adresse d’agenda retirée",
        "mot_de_passe" => "mot de passe",
        "jeton" => "jeton d’accès",
        "code_envoye" => "code envoyé",
        "session_fermee" => "session fermée",
        "navigateurs_oublies" => "navigateurs oubliés",
        "resume_arrete" => "courriel du Fil info arrêté",
        "resume_repris" => "courriel du Fil info repris",
        autre => {
            return Moyen::from_code(autre)
                .map_or_else(|| autre.replace('_', " "), |moyen| moyen.libelle().to_owned());
        }
    };
    dit.to_owned()
}
