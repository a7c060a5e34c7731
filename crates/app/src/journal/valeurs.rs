//! What an entry says of the state before and after, field by field, in French: « Frais de scolarité : non renseigné → 900 € ».

use std::collections::{BTreeMap, BTreeSet};

use domain::comptes::Role;
use domain::delegations::Operation;
use domain::formations::description::Champ;
use domain::formations::format_montant;
use domain::territoires::region_academique;
use jiff::Timestamp;
use serde_json::Value as Json;

use super::codes::{libelle_action, libelle_issue};
use super::consulter::champ_de_dossier;
use crate::messages;

/// Fields told in the page: the entry is there as it is written too.
const DITES: usize = 12;
/// A number above it is an instant, in milliseconds.
const INSTANT: i64 = 100_000_000_000;
/// What holds fields and says nothing by itself.
const ENVELOPPES: [&str; 3] = ["bilan", "brouillon", "champs"];

/// The fields that an entry says, those that changed when it says both states.
pub fn valeurs(avant: &str, apres: &str) -> Vec<String> {
    let (avant, apres) = (champs(avant), champs(apres));
    let cles: BTreeSet<&Vec<String>> = avant.keys().chain(apres.keys()).collect();
    let mut lignes = Vec::new();
    for cle in cles {
        let nom = nom(cle);
        let dernier = cle.last().map_or("", String::as_str);
        match (avant.get(cle), apres.get(cle)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if is_empreinte(a) && is_empreinte(b) => {
                lignes.push(format!("{nom} : contenu modifié"));
            }
            (Some(a), Some(b)) => {
                lignes.push(format!("{nom} : {} → {}", dit(dernier, a), dit(dernier, b)));
            }
            (None, Some(Json::Null)) | (Some(Json::Null), None) | (None, None) => {}
            (None, Some(b)) => lignes.push(format!("{nom} : {}", dit(dernier, b))),
            (Some(a), None) => lignes.push(format!("{nom}, avant : {}", dit(dernier, a))),
        }
    }
    if lignes.len() > DITES {
        let reste = lignes.split_off(DITES).len();
        lignes.push(format!("et {}", messages::accord(reste, "autre champ", "autres champs")));
    }
    lignes
}

/// The fields of a state, each by the names that lead to it.
fn champs(json: &str) -> BTreeMap<Vec<String>, Json> {
    let mut champs = BTreeMap::new();
    if let Ok(valeur) = serde_json::from_str(json) {
        spread(&mut Vec::new(), valeur, &mut champs);
    }
    champs
}

fn spread(chemin: &mut Vec<String>, valeur: Json, champs: &mut BTreeMap<Vec<String>, Json>) {
    match valeur {
        Json::Object(objet) => {
            for (cle, valeur) in objet {
                chemin.push(cle);
                spread(chemin, valeur, champs);
                chemin.pop();
            }
        }
        valeur => {
            champs.insert(chemin.clone(), valeur);
        }
    }
}

/// « Fichier, lignes ».
fn nom(cle: &[String]) -> String {
    let parlant = |c: &&String| cle.len() == 1 || !ENVELOPPES.contains(&c.as_str());
    let noms: Vec<String> = cle.iter().filter(parlant).map(|c| libelle(c)).collect();
    messages::capitale(&noms.join(", "))
}

fn libelle(champ: &str) -> String {
    match nomme(champ) {
        Some(libelle) => libelle.to_owned(),
        None => Champ::from_code(champ).map_or_else(|| champ.replace('_', " "), |c| c.libelle.to_owned()),
    }
}

/// A text that the journal does not keep.
fn is_empreinte(valeur: &Json) -> bool {
    let hexa = |t: &str| t.bytes().all(|o| o.is_ascii_hexdigit());
    valeur.as_str().is_some_and(|t| t.starts_with('#') || (t.len() == 64 && hexa(t)))
}

fn dit(champ: &str, valeur: &Json) -> String {
    match valeur {
        Json::Null => "non renseigné".to_owned(),
        Json::Bool(true) => "oui".to_owned(),
        Json::Bool(false) => "non".to_owned(),
        Json::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| nombre(champ, n)),
        _ if is_empreinte(valeur) => "contenu non conservé".to_owned(),
        Json::String(code) => code_dit(champ, code),
        Json::Array(liste) if liste.is_empty() => "rien".to_owned(),
        Json::Array(liste) => liste.iter().map(|v| dit(champ, v)).collect::<Vec<_>>().join(", "),
        Json::Object(_) => valeur.to_string(),
    }
}

fn nombre(champ: &str, n: i64) -> String {
    match champ {
        "annee" | "session" | "numero" | "version" => n.to_string(),
        "frais_centimes" => format_montant(n),
        "taux_min_boursiers" | "taux_max_non_residents" => format!("{n} %"),
        _ if n > INSTANT => {
            Timestamp::from_millisecond(n).map_or_else(|_| n.to_string(), messages::date_heure)
        }
        _ => messages::nombre(n),
    }
}

fn code_dit(champ: &str, code: &str) -> String {
    let dit = match champ {
        "action" => return libelle_action(code),
        "issue" => return libelle_issue(code),
        "acte" => messages::acte_nomme(code),
        "role" | "roles" | "ajoutes" | "retires" | "par" => Role::from_code(code).map(Role::libelle),
        "champs" | "corriges" => champ_lu(code),
        "region" => region_academique(code).map(|r| r.nom),
        "operations" | "toutes" => {
            Operation::PROGRAMME.into_iter().find(|o| o.code() == code).map(Operation::libelle)
        }
        _ => None,
    };
    dit.or_else(|| etat(code)).map_or_else(|| code.replace('_', " "), str::to_owned)
}

/// A field of the record of a candidate that was read, or of a table that left.
fn champ_lu(code: &str) -> Option<&'static str> {
    champ_de_dossier(code).or_else(|| nomme(code))
}

/// States and answers whose code is not their French word.
fn etat(code: &str) -> Option<&'static str> {
    Some(match code {
        "a_securiser" => "à sécuriser",
        "abandonne" => "abandonné",
        "abandonnee" => "abandonnée",
        "accepte" => "accepté",
        "acceptee" => "acceptée",
        "annule" => "annulé",
        "annulee" => "annulée",
        "appliquee" => "appliquée",
        "arretee" => "arrêtée",
        "calcule" => "calculé",
        "capacites" => "capacités",
        "caracteristiques" => "caractéristiques",
        "cle_acces" => "clé d’accès",
        "confirme" => "confirmé",
        "confirmee" => "confirmée",
        "deposee" => "déposée",
        "deprogrammee" => "déprogrammée",
        "desactive" => "désactivé",
        "dossier_unique" => "dossier unique",
        "ecrit" => "écrit",
        "en_securite" => "en sécurité",
        "epreuves" => "épreuves",
        "expire" => "expiré",
        "expiree" => "expirée",
        "ferme" => "fermé",
        "fermee" => "fermée",
        "invite" => "invité",
        "leve" => "levé",
        "partage" => "partagé",
        "prete" => "prête",
        "programmee" => "programmée",
        "propose" => "proposé",
        "publication_refusee" => "publication refusée",
        "publication_retiree" => "publication retirée",
        "publie" => "publié",
        "publiee" => "publiée",
        "refuse" => "refusé",
        "refusee" => "refusée",
        "renforce" => "renforcé",
        "renonce" => "renoncé",
        "repondue" => "répondue",
        "reponse_type" => "réponse type",
        "reponse_type_retiree" => "réponse type retirée",
        "retenue" => "retenue",
        "retire" => "retiré",
        "retiree" => "retirée",
        "retournee" => "retournée",
        "revoque" => "révoqué",
        "site_retire" => "site retiré",
        "soumise" => "soumise",
        "supprime" => "supprimé",
        "terminee" => "terminée",
        "transmise" => "transmise",
        _ => return None,
    })
}

/// The names of the fields that the journal holds, those of a description of a course apart.
fn nomme(champ: &str) -> Option<&'static str> {
    Some(match champ {
        "academie" => "académie",
        "academies" => "académies",
        "accord_par" => "accord donné par",
        "acte" => "acte",
        "action" => "action",
        "ajoutes" => "ajoutés",
        "alarme" => "alarme",
        "alerte" => "alerte",
        "ancien" => "secret précédent",
        "ancien_jusqu_a" => "secret précédent valable jusqu’au",
        "annee" => "année",
        "application" => "application d’authentification",
        "avant_le" => "avant le",
        "bilan" => "bilan",
        "calcule_par" => "calculé par",
        "capacite" => "capacité d’accueil",
        "capacite_a_relire" => "capacité à relire",
        "capacite_relue" => "capacité relue par une deuxième personne",
        "change" => "changement",
        "charte" => "version de la charte",
        "classes" => "candidats classés",
        "cle_acces" => "clé d’accès",
        "codes_secours" => "codes de secours",
        "colonnes" => "colonnes",
        "compte" => "compte",
        "compte_cherche" => "compte cherché",
        "comptes" => "comptes",
        "confirmee" => "confirmée",
        "controle" => "contrôle",
        "corriges" => "champs corrigés",
        "decision" => "décision",
        "delegations" => "délégations",
        "demande_etablissement" => "demandes de l’établissement",
        "demande_par" => "demandé par",
        "departement" => "département",
        "depuis" => "depuis",
        "description" => "description",
        "destinataire" => "destinataire",
        "detail" => "précision",
        "donnees" => "données",
        "ecrit_etablissement" => "écriture de l’établissement",
        "empreinte" => "empreinte",
        "entree" => "empreinte des données lues",
        "entrees" => "entrées",
        "etablissement" => "établissement",
        "etablissements" => "établissements",
        "etat" => "état",
        "evenement" => "événement",
        "evenements" => "événements",
        "expire_le" => "expire le",
        "export" => "fichier",
        "famille" => "type de formation",
        "familles" => "types de formation",
        "fautes" => "fautes",
        "fiche" => "fiche",
        "fiches" => "fiches",
        "fichier" => "fichier",
        "filtres" => "recherche",
        "format" => "format",
        "formation" => "formation",
        "formations" => "formations",
        "frais_centimes" => "frais de scolarité",
        "groupe" => "groupe",
        "groupes" => "places des groupes",
        "internat" => "internat",
        "invitations" => "invitations",
        "issue" => "issue",
        "jetons" => "jetons d’accès",
        "jour" => "jour",
        "jours" => "jours",
        "jusqu_a" => "jusqu’au",
        "leves" => "groupes dont la retenue est levée",
        "libelle" => "intitulé",
        "lieu" => "lieu",
        "lignes" => "lignes",
        "maintenu" => "vœu maintenu",
        "mobile_prouve" => "mobile vérifié",
        "mode" => "mode",
        "mot_de_passe" => "mot de passe",
        "motif" => "motif",
        "motifs" => "motifs",
        "mutualisation" => "mutualisation",
        "nature" => "nature",
        "nom" => "nom",
        "numero" => "numéro",
        "objet" => "objet",
        "operations" => "opérations",
        "ordre" => "ordre",
        "par" => "par",
        "partage" => "compte partagé",
        "partie" => "partie",
        "parties" => "parties",
        "passage" => "passage",
        "pieces" => "documents joints",
        "places" => "places",
        "porteuse" => "formation qui porte le classement",
        "presentation" => "présentation",
        "presents" => "présents",
        "prevenus" => "personnes prévenues",
        "pris_par" => "pris en charge par",
        "propositions" => "propositions",
        "propositions_expirees" => "propositions expirées",
        "publication_le" => "publication prévue le",
        "quoi" => "partie",
        "raisons" => "raisons",
        "rang" => "rang",
        "rang_preference" => "rang de préférence",
        "rappel_inactivite" => "rappel d’inactivité",
        "region" => "région académique",
        "renforce" => "mode renforcé",
        "repondeur" => "répondeur automatique",
        "repris" => "repris",
        "reprise_confiee_a" => "reprise confiée à",
        "retenus" => "groupes retenus",
        "retires" => "retirés",
        "retrait" => "retrait du second facteur",
        "revoque" => "révoqué",
        "role" => "rôle",
        "roles" => "rôles",
        "rubrique" => "rubrique",
        "seance" => "séance",
        "second_facteur" => "second facteur",
        "selective" => "sélectivité",
        "session" => "session",
        "simulation" => "simulation",
        "sortie" => "empreinte du résultat",
        "sortie_proposee" => "sortie du mode renforcé proposée",
        "statut" => "statut",
        "statuts" => "statuts",
        "taux_max_non_residents" => "taux maximum de non-résidents",
        "taux_min_boursiers" => "taux minimum de boursiers",
        "theme" => "thème",
        "toutes" => "opérations sur toutes les formations",
        "tutelle" => "tutelle",
        "uai" => "code UAI",
        "valeurs" => "valeurs",
        "version" => "version",
        "voeu" => "vœu",
        "voeux" => "vœux",
        "voeux_annules" => "vœux annulés",
        "voeux_classes" => "vœux classés",
        "voeux_clos" => "vœux clos",
        "voeux_non_ordonnes" => "vœux non ordonnés",
        "voeux_perdus" => "vœux perdus",
        "voeux_refuses" => "vœux refusés",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::epure::{EMPREINTES, EN_CLAIR};
    use super::*;

    #[test]
    fn what_changed_is_said_field_by_field() {
        let avant =
            json!({ "capacite": 24, "frais_centimes": null, "presentation": "a".repeat(64), "places": [24] });
        let apres = json!({ "capacite": 30, "frais_centimes": 90_000, "presentation": "b".repeat(64), "places": [24] });
        assert_eq!(
            valeurs(&avant.to_string(), &apres.to_string()),
            [
                "Capacité d’accueil : 24 → 30",
                "Frais de scolarité : non renseigné → 900\u{a0}€",
                "Présentation : contenu modifié"
            ]
        );
    }

    #[test]
    fn what_has_one_state_only_is_said_as_it_is() {
        let apres = json!({
            "champs": ["nom", "moyenne"], "export": { "lignes": 1200, "empreinte": "c".repeat(64) }, "motif": "#0a1b",
            "roles": ["resp_formation"], "corriges": ["libelle", "selective"], "acte": "formations_regroupees", "etat": "acceptee", "du": null,
        });
        assert_eq!(
            valeurs("", &apres.to_string()),
            [
                "Acte : Regroupement de formations",
                "Champs : nom, moyenne",
                "Champs corrigés : intitulé, sélectivité",
                "État : acceptée",
                "Fichier, empreinte : contenu non conservé",
                "Fichier, lignes : 1\u{202f}200",
                "Motif : contenu non conservé",
                "Rôles : Responsable de formation",
            ]
        );
        let description = json!({ "champs": { "contact": "d".repeat(64) }, "confirmee": true });
        let contact = Champ::from_code("contact").expect("a field").libelle;
        assert_eq!(
            valeurs("", &description.to_string()),
            [format!("{contact} : contenu non conservé"), "Confirmée : oui".to_owned()]
        );
        let jeton = json!({ "operations": ["parametrage", "capacites"], "toutes": ["candidatures"] });
        assert_eq!(
            valeurs("", &jeton.to_string()),
            [
                "Opérations : Présentation, Capacités et frais",
                "Opérations sur toutes les formations : Lecture des dossiers"
            ]
        );
        let cellule = json!({ "region": "11", "quoi": "publication_retiree", "empreinte": "e".repeat(64) });
        assert_eq!(
            valeurs("", &cellule.to_string()),
            [
                "Empreinte : contenu non conservé",
                "Partie : publication retirée",
                "Région académique : Île-de-France"
            ]
        );
        assert_eq!(valeurs("", "pas du JSON"), Vec::<String>::new());
    }

    #[test]
    fn every_field_that_the_journal_says_has_its_name() {
        let muets: Vec<_> = EN_CLAIR.iter().chain(EMPREINTES).filter(|c| nomme(c).is_none()).collect();
        assert!(muets.is_empty(), "without a name: {muets:?}");
    }
}
