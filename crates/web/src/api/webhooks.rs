//! What is sent to programs, in the description of the interface: one entry an event, all of one form (R-API-06).

use domain::interfaces::evenements::Evenement;
use serde_json::{Map, Value, json};

/// Where the form of a message is in the description.
const FORME: &str = "#/components/schemas/EvenementEnvoye";

/// The form of a message.
fn forme() -> Value {
    let codes: Vec<&str> = Evenement::ALL.into_iter().map(Evenement::code).collect();
    let mut genres: Vec<&str> = Evenement::ALL.into_iter().map(|e| e.genre().code()).collect();
    genres.sort_unstable();
    genres.dedup();
    json!({
        "type": "object",
        "description": "Un événement envoyé : ce qui a changé, à relire à son adresse.",
        "required": ["id", "type", "date", "session", "objet", "url"],
        "properties": {
            "id": { "type": "string", "description": "Identifiant de l’envoi : le webhook-id." },
            "type": { "type": "string", "description": "Code de l’événement.", "enum": codes },
            "date": { "type": "string", "format": "date-time", "description": "Quand l’acte a été fait." },
            "session": {
                "type": ["integer", "null"],
                "description": "Année de la session ; null : l’objet n’est d’aucune."
            },
            "objet": {
                "type": "object",
                "required": ["genre", "id"],
                "properties": {
                    "genre": { "type": "string", "enum": genres },
                    "id": {
                        "type": "string",
                        "description": "Identifiant public ; numéro d’une charte, année d’un calendrier."
                    }
                }
            },
            "url": { "type": "string", "description": "Où relire l’objet, avec le même jeton." }
        }
    })
}

/// Adds the messages to the description of what is called.
pub(super) fn describe(description: &mut Value) {
    let entete = |nom: &str, quoi: &str| {
        let texte = json!({ "type": "string" });
        json!({ "name": nom, "in": "header", "required": true, "description": quoi, "schema": texte })
    };
    let entetes = json!([
        entete("webhook-id", "Identifiant de l’envoi, le même à chaque essai."),
        entete("webhook-timestamp", "Secondes de l’essai, depuis le 1er janvier 1970."),
        entete("webhook-signature", "Signature Standard Webhooks, par le secret de l’abonnement."),
    ]);
    let envois: Map<String, Value> = Evenement::ALL
        .into_iter()
        .map(|e| {
            let envoi = json!({
                "post": {
                    "tags": ["abonnements"],
                    "summary": e.libelle(),
                    "parameters": entetes,
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": FORME } } }
                    },
                    "responses": { "2XX": { "description": "Reçu. Toute autre réponse : l’envoi est refait." } }
                }
            });
            (e.code().to_owned(), envoi)
        })
        .collect();
    description["components"]["schemas"]["EvenementEnvoye"] = forme();
    description["webhooks"] = Value::Object(envois);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_api_06_each_event_is_described_in_one_form() {
        let d = crate::api::description(false);
        let envois = d["webhooks"].as_object().expect("the events");
        assert_eq!(envois.len(), Evenement::ALL.len());
        for e in Evenement::ALL {
            let envoi = &envois[e.code()]["post"];
            assert_eq!(envoi["summary"], e.libelle());
            assert_eq!(envoi["requestBody"]["content"]["application/json"]["schema"]["$ref"], FORME);
        }
        let forme = &d["components"]["schemas"]["EvenementEnvoye"]["properties"];
        assert!(forme["objet"]["properties"]["genre"]["enum"].as_array().expect("kinds").len() > 10);
    }
}
