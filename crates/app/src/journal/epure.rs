//! JOU-2: what an entry may say of a field. Refused by default: a field that is not listed here leaves a keyed
//! fingerprint, which shows that it changed and not what it holds.

use serde_json::{Map, Value as Json};
use store::Coffre;

/// Fields whose values are states, codes of ours, counts, identifiers or fingerprints. What lies under one of them is
/// judged the same way; even there, a text that does not look like a code leaves a fingerprint.
pub(super) const EN_CLAIR: &[&str] = &[
    "academies",
    "accord_par",
    "acte",
    "ajoutes",
    "alerte",
    "ancien",
    "ancien_jusqu_a",
    "annee",
    "application",
    "avant_le",
    "bilan",
    "calcule_par",
    "capacite",
    "capacite_a_relire",
    "capacite_relue",
    "change",
    "classes",
    "cle_acces",
    "codes_secours",
    "colonnes",
    "comptes",
    "controle",
    "corriges",
    "demande_etablissement",
    "demande_par",
    "depuis",
    "ecrit_etablissement",
    "entree",
    "entrees",
    "etablissement",
    "etat",
    "evenement",
    "evenements",
    "expire_le",
    "famille",
    "filtres",
    "formation",
    "formations",
    "frais_centimes",
    "groupe",
    "groupes",
    "internat",
    "invitations",
    "jetons",
    "jour",
    "jours",
    "jusqu_a",
    "leves",
    "lignes",
    "maintenu",
    "mobile_prouve",
    "mode",
    "nature",
    "numero",
    "operations",
    "ordre",
    "par",
    "partage",
    "partie",
    "parties",
    "passage",
    "places",
    "propositions",
    "propositions_expirees",
    "publication_le",
    "quoi",
    "raisons",
    "rang",
    "rappel_inactivite",
    "region",
    "renforce",
    "repondeur",
    "repris",
    "reprise_confiee_a",
    "retenus",
    "retires",
    "retrait",
    "revoque",
    "role",
    "roles",
    "second_facteur",
    "session",
    "simulation",
    "sortie",
    "sortie_proposee",
    "taux_max_non_residents",
    "taux_min_boursiers",
    "toutes",
    "valeurs",
    "version",
    "voeux",
    "voeux_annules",
    "voeux_classes",
    "voeux_clos",
    "voeux_non_ordonnes",
    "voeux_perdus",
    "voeux_refuses",
];

/// Fields that hold a fingerprint already.
pub(super) const EMPREINTES: &[&str] = &["empreinte", "presentation"];

/// The fields of an act as the journal keeps them.
pub(super) fn epure(coffre: &Coffre, objet: &str, valeur: &Json) -> Json {
    Epure { coffre, objet }.valeur("", false, valeur)
}

struct Epure<'a> {
    coffre: &'a Coffre,
    objet: &'a str,
}

impl Epure<'_> {
    fn valeur(&self, champ: &str, clair: bool, valeur: &Json) -> Json {
        match valeur {
            Json::Object(champs) => {
                let champs = champs.iter().map(|(nom, v)| {
                    let clair = clair || EN_CLAIR.contains(&nom.as_str());
                    (nom.clone(), self.valeur(nom, clair, v))
                });
                Json::Object(champs.collect::<Map<_, _>>())
            }
            Json::Array(liste) => Json::Array(liste.iter().map(|v| self.valeur(champ, clair, v)).collect()),
            Json::Null => Json::Null,
            Json::Bool(_) | Json::Number(_) if clair => valeur.clone(),
            Json::String(t) if clair && looks_like_a_code(t) || EMPREINTES.contains(&champ) && is_hash(t) => {
                valeur.clone()
            }
            autre => Json::String(self.empreinte(champ, autre)),
        }
    }

    /// Keyed, and bound to the field: the same value elsewhere does not show.
    fn empreinte(&self, champ: &str, valeur: &Json) -> String {
        let entiere = self.coffre.fingerprint("journal", &format!("{}|{champ}|{valeur}", self.objet));
        format!("#{}", entiere.get(..24).unwrap_or_default())
    }
}

/// Lower-case letters, digits and joints: our codes, public identifiers and fingerprints; no name nor sentence.
fn looks_like_a_code(texte: &str) -> bool {
    texte.len() <= 64
        && texte
            .bytes()
            .all(|o| o.is_ascii_lowercase() || o.is_ascii_digit() || matches!(o, b'_' | b'-' | b':' | b'.'))
}

fn is_hash(texte: &str) -> bool {
    texte.len() == 64 && texte.bytes().all(|o| o.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn dit(valeur: &Json) -> Json {
        let coffre = Coffre::new(BTreeMap::from([(1, [4; 32])]), [5; 32]).expect("keys given");
        epure(&coffre, "candidat", valeur)
    }

    #[test]
    fn jou_2_states_and_counts_are_said_and_everything_else_leaves_a_fingerprint() {
        let lu = dit(&json!({
            "etat": "confirme", "places": [12, 3], "maintenu": true,
            "moyenne": 1425, "boursier": true, "departement": "80", "commentaire": "elle est malade",
            "etablissement": { "nom": "Lycée", "etat": "ouvert" }, "toutes": ["capacites"],
        }));
        assert_eq!(
            (&lu["etat"], &lu["places"], &lu["maintenu"]),
            (&json!("confirme"), &json!([12, 3]), &json!(true))
        );
        assert_eq!(lu["toutes"], json!(["capacites"]));
        for champ in ["moyenne", "boursier", "departement", "commentaire"] {
            assert!(lu[champ].as_str().is_some_and(|t| t.starts_with('#') && t.len() == 25), "{champ}: {lu}");
        }
        assert_eq!(lu["etablissement"]["etat"], "ouvert");
        assert_ne!(lu["etablissement"]["nom"], "Lycée");
    }

    #[test]
    fn jou_2_a_sentence_is_hidden_even_in_a_field_that_is_said() {
        assert_ne!(dit(&json!({ "etat": "Le père de Léa" }))["etat"], "Le père de Léa");
        assert_ne!(dit(&json!({ "empreinte": "secret" }))["empreinte"], "secret");
    }

    #[test]
    fn jou_1_the_same_value_leaves_the_same_fingerprint_and_another_field_another_one() {
        let a = dit(&json!({ "commune": "Amiens", "ville": "Amiens" }));
        assert_eq!(a, dit(&json!({ "commune": "Amiens", "ville": "Amiens" })));
        assert_ne!(a["commune"], a["ville"]);
        assert_ne!(a["commune"], dit(&json!({ "commune": "Abbeville" }))["commune"]);
    }
}
