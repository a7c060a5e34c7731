//! What the description of the interface announces.

use serde_json::Value;

/// The description, as it was read.
#[derive(Debug)]
pub struct Description(Value);

/// `/api/v1/sessions/{annee}` is the route of `/api/v1/sessions/2024`.
fn is_route(modele: &str, chemin: &str) -> bool {
    let (m, c): (Vec<&str>, Vec<&str>) = (modele.split('/').collect(), chemin.split('/').collect());
    m.len() == c.len() && m.iter().zip(&c).all(|(m, c)| m.starts_with('{') || m == c)
}

impl Description {
    /// `None` for what is no description.
    pub fn new(lue: Value) -> Option<Self> {
        (lue["openapi"].is_string() && lue["paths"].is_object()).then_some(Self(lue))
    }

    /// Of OpenAPI.
    pub fn openapi(&self) -> &str {
        self.0["openapi"].as_str().unwrap_or_default()
    }

    /// Of the interface.
    pub fn version(&self) -> &str {
        self.0["info"]["version"].as_str().unwrap_or_default()
    }

    /// Sandboxes are opened there.
    pub fn opens_sandboxes(&self) -> bool {
        self.0["paths"]["/api/v1/bac-a-sable"].is_object()
    }

    /// The operations of an address, a literal segment before a parameter, as routers do.
    fn operations(&self, chemin: &str) -> Option<&Value> {
        let chemin = chemin.split('?').next().unwrap_or_default();
        let chemins = self.0["paths"].as_object()?;
        let siens = chemins.iter().filter(|(m, _)| is_route(m, chemin));
        siens.min_by_key(|(m, _)| m.matches('{').count()).map(|(_, o)| o)
    }

    /// Whether an answer is announced; otherwise what would have been. `genre`: its format, `None` for an empty body.
    pub fn check(&self, methode: &str, chemin: &str, statut: u16, genre: Option<&str>) -> Result<(), String> {
        let attendu = |vrai: bool, quoi: String| if vrai { Ok(()) } else { Err(quoi) };
        let Some(operations) = self.operations(chemin) else {
            return attendu(statut == 404, format!("404 : {chemin} n’est pas dans la description"));
        };
        let operation = &operations[methode.to_lowercase()];
        if operation.is_null() {
            return attendu(statut == 405, format!("405 : {methode} {chemin} n’est pas dans la description"));
        }
        let reponses = &operation["responses"];
        let annonce = &reponses[statut.to_string()];
        if annonce.is_null() {
            let statuts: Vec<&str> =
                reponses.as_object().into_iter().flatten().map(|(s, _)| s.as_str()).collect();
            return Err(format!(
                "l’un des statuts annoncés pour {methode} {chemin} : {}",
                statuts.join(", ")
            ));
        }
        match (annonce["content"].as_object(), genre) {
            (Some(contenus), Some(genre)) if !contenus.contains_key(genre) => {
                let genres: Vec<&str> = contenus.keys().map(String::as_str).collect();
                Err(format!("un corps en {}, annoncé pour le statut {statut}", genres.join(" ou ")))
            }
            (None, Some(_)) => Err(format!("un corps vide, annoncé pour le statut {statut}")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Description;

    #[test]
    fn an_answer_is_one_that_the_description_announces() {
        let d = Description::new(json!({ "openapi": "3.1.0", "info": { "version": "1.0.0" }, "paths": {
            "/f/{id}": { "get": { "responses": {
                "200": { "content": { "application/json": {} } }, "304": {},
                "404": { "content": { "application/problem+json": {} } },
            } } },
            "/f/toutes": { "post": { "responses": { "201": {} } } },
        } }))
        .unwrap_or_else(|| unreachable!("a description"));
        let dit = |m: &str, c: &str, s: u16, g: Option<&str>| d.check(m, c, s, g).err().unwrap_or_default();
        assert_eq!(dit("GET", "/f/1?x=1", 200, Some("application/json")), "");
        assert_eq!(dit("GET", "/f/1", 304, None), "");
        assert!(dit("GET", "/f/1", 200, Some("text/html")).contains("application/json"));
        assert!(dit("GET", "/f/1", 304, Some("application/json")).contains("corps vide"));
        assert!(dit("GET", "/f/1", 500, None).contains("200, 304, 404"));
        assert_eq!(dit("POST", "/f/toutes", 201, None), "");
        assert!(dit("GET", "/f/toutes", 200, None).starts_with("405"));
        assert_eq!(dit("DELETE", "/f/1", 405, Some("application/problem+json")), "");
        assert!(dit("GET", "/g", 200, None).starts_with("404"));
        assert!(Description::new(json!({ "openapi": "3.1.0" })).is_none());
    }
}
