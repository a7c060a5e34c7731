//! A program without a socket: calls the interface, and holds every answer against its published description.

use app::interfaces::EtendueJeton;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::PublicId;
use domain::comptes::Role;
use domain::delegations::Operations;
use domain::droits::Attribution;
use serde_json::Value;
use tower::ServiceExt;

use crate::TestApp;
use crate::fabrique::FormationEssai;

/// The program.
#[derive(Debug, Clone)]
pub struct Logiciel {
    site: Router,
    jeton: Option<String>,
    description: Value,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Rendu {
    pub statut: StatusCode,
    pub entetes: HeaderMap,
    pub octets: Vec<u8>,
    /// Of JSON; null otherwise.
    pub json: Value,
}

impl Rendu {
    /// Its version, to send back.
    pub fn etag(&self) -> String {
        self.entetes[header::ETAG].to_str().unwrap().to_owned()
    }

    /// Code of a problem; empty when it is none.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
}

/// `/api/v1/sessions/{annee}` of the address of a call.
fn is_route(modele: &str, chemin: &str) -> bool {
    let (m, c): (Vec<&str>, Vec<&str>) = (modele.split('/').collect(), chemin.split('/').collect());
    m.len() == c.len() && m.iter().zip(&c).all(|(m, c)| m.starts_with('{') || m == c)
}

impl Logiciel {
    /// A program without a token on a site; `bac_a_sable`: where sandboxes are opened.
    pub fn on(site: Router, bac_a_sable: bool) -> Self {
        Self { site, jeton: None, description: web::api::description(bac_a_sable) }
    }

    /// The same with another token, or none.
    #[must_use]
    pub fn avec(&self, jeton: Option<&str>) -> Self {
        Self { jeton: jeton.map(str::to_owned), ..self.clone() }
    }

    /// Reads.
    pub async fn lit(&self, chemin: &str) -> Rendu {
        self.appelle(Method::GET, chemin, &[], None).await
    }

    /// Writes JSON.
    pub async fn ecrit(
        &self,
        methode: Method,
        chemin: &str,
        entetes: &[(&str, &str)],
        corps: &Value,
    ) -> Rendu {
        let mut tous = vec![("content-type", "application/json")];
        tous.extend_from_slice(entetes);
        self.appelle(methode, chemin, &tous, Some(corps.to_string().into_bytes())).await
    }

    /// Any call. The answer must be one that the description announces.
    pub async fn appelle(
        &self,
        methode: Method,
        chemin: &str,
        entetes: &[(&str, &str)],
        corps: Option<Vec<u8>>,
    ) -> Rendu {
        let mut requete = Request::builder().method(methode.clone()).uri(chemin);
        if let Some(jeton) = &self.jeton {
            requete = requete.header(header::AUTHORIZATION, format!("Bearer {jeton}"));
        }
        for (nom, valeur) in entetes {
            requete = requete.header(*nom, *valeur);
        }
        let requete = requete.body(corps.map_or_else(Body::empty, Body::from)).unwrap();
        let reponse = self.site.clone().oneshot(requete).await.unwrap();
        let (parts, corps) = reponse.into_parts();
        let octets = to_bytes(corps, usize::MAX).await.unwrap().to_vec();
        let rendu = Rendu {
            statut: parts.status,
            json: serde_json::from_slice(&octets).unwrap_or(Value::Null),
            entetes: parts.headers,
            octets,
        };
        self.check(&methode, chemin.split('?').next().unwrap(), &rendu);
        rendu
    }

    fn check(&self, methode: &Method, chemin: &str, r: &Rendu) {
        let quoi = format!("{methode} {chemin} → {}", r.statut);
        assert!(r.statut != StatusCode::INTERNAL_SERVER_ERROR, "{quoi}: {}", r.json);
        let chemins = self.description["paths"].as_object().unwrap();
        // A literal segment before a parameter, as the router does.
        let mut siens: Vec<&String> = chemins.keys().filter(|m| is_route(m, chemin)).collect();
        siens.sort_by_key(|m| m.matches('{').count());
        let Some(modele) = siens.first() else {
            assert_eq!(r.statut, StatusCode::NOT_FOUND, "{quoi}");
            return;
        };
        let operation = &chemins[*modele][methode.as_str().to_lowercase()];
        if operation.is_null() {
            assert_eq!(r.statut, StatusCode::METHOD_NOT_ALLOWED, "{quoi}");
            return;
        }
        let annonce = &operation["responses"][r.statut.as_str()];
        assert!(annonce.is_object(), "{quoi}: not described. {}", r.json);
        let genre = r.entetes.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let genre = genre.split(';').next().unwrap();
        let Some(contenus) = annonce["content"].as_object() else {
            assert!(r.octets.is_empty(), "{quoi}: a body that is not described");
            return;
        };
        let contenu = contenus.get(genre).unwrap_or_else(|| panic!("{quoi}: « {genre} » is not described"));
        if genre.ends_with("json") {
            let mut schema = contenu["schema"].clone();
            schema["components"] = self.description["components"].clone();
            let valideur = jsonschema::validator_for(&schema).unwrap();
            let fautes: Vec<String> =
                valideur.iter_errors(&r.json).map(|e| format!("{} at {}", e, e.instance_path())).collect();
            assert!(fautes.is_empty(), "{quoi}: {fautes:?}\n{}", r.json);
        }
    }
}

impl TestApp {
    /// A program with a token.
    pub fn logiciel(&self, jeton: &str) -> Logiciel {
        Logiciel::on(self.site(), false).avec(Some(jeton))
    }

    /// A token of an establishment: courses with codes of operations, and whether it writes the establishment.
    pub async fn jeton(
        &self,
        etablissement: i64,
        formations: &[(&FormationEssai, &str)],
        ecrit: bool,
    ) -> String {
        let formations = formations
            .iter()
            .map(|(f, codes)| (f.public_id.clone(), Operations::from_code(codes).unwrap()))
            .collect();
        let etendue = EtendueJeton { ecrit_etablissement: ecrit, formations, ..EtendueJeton::default() };
        self.jeton_de(etablissement, etendue).await
    }

    /// A token of an establishment that opens this.
    pub async fn jeton_de(&self, etablissement: i64, etendue: EtendueJeton) -> String {
        let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let n = self.nombre("SELECT COUNT(*) FROM compte", vec![]).await;
        let (_, acteur) = self.personne(&format!("admin{n}@essai.example"), a).await;
        let id =
            self.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etablissement.into()]).await;
        let ctx = app::Ctx { seconde_etape: app::contexte::SecondeEtape::SansObjet, ..self.ctx(acteur) };
        let demande =
            app::interfaces::DemandeJeton { libelle: "Logiciel d’essai".to_owned(), jours: 30, etendue };
        let id = PublicId::parse(&id).unwrap();
        let garde = app::idempotence::Garde::default();
        app::interfaces::give_jeton(&ctx, &garde, 2024, &id, &demande).await.unwrap().jeton.unwrap()
    }
}
