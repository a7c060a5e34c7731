//! The routes of the interface and their description, from one declaration: neither says what the other does not.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::droits::Action;
use serde_json::json;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
    ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

use super::probleme::{ChampFautif, Probleme};
use crate::socle::{Acces, EtatWeb, Ligne};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// The identifier of an object, as `domain::PublicId` writes it.
const MOTIF_ID: &str = "^[0-9a-z]{26}$";

/// What the description says of a route.
#[derive(Clone, Default)]
pub struct Doc {
    nom: &'static str,
    resume: &'static str,
    detail: &'static str,
    rubrique: &'static str,
    criteres: Vec<(&'static str, &'static str, Schema)>,
    corps: Option<(Vec<&'static str>, RefOr<Schema>)>,
    reponse: Option<(&'static str, RefOr<Schema>)>,
    fichiers: Vec<&'static str>,
    cree: bool,
    vide: bool,
    version: bool,
    cle: bool,
    sans_cle: bool,
    long: bool,
    schemas: Schemas,
}

fn reference<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let nom = T::name().into_owned();
    schemas.push((nom.clone(), T::schema()));
    T::schemas(schemas);
    RefOr::Ref(Ref::from_schema_name(nom))
}

impl Doc {
    /// `nom`: unique name of the operation; `resume`: what it does, in French.
    pub fn new(rubrique: &'static str, nom: &'static str, resume: &'static str) -> Self {
        Self { rubrique, nom, resume, ..Self::default() }
    }

    /// More than a line.
    pub fn detail(mut self, detail: &'static str) -> Self {
        self.detail = detail;
        self
    }

    /// A parameter of the address.
    pub fn critere(mut self, nom: &'static str, quoi: &'static str, genre: Type) -> Self {
        self.criteres.push((nom, quoi, ObjectBuilder::new().schema_type(genre).build().into()));
        self
    }

    /// Which page of a list, and how long.
    pub fn pages(mut self) -> Self {
        let nombre = |max: i64| {
            ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(max)).build().into()
        };
        self.criteres.push(("page", "À partir de 1.", nombre(100_000)));
        self.criteres.push(("par_page", "Lignes par page.", nombre(super::v1::PAR_PAGE_MAX)));
        self
    }

    /// What is sent.
    pub fn recoit<T: ToSchema>(mut self) -> Self {
        let schema = reference::<T>(&mut self.schemas);
        self.corps = Some((vec!["application/json"], schema));
        self
    }

    /// What is sent, described elsewhere.
    pub fn recoit_schema(mut self, noms: Schemas, schema: RefOr<Schema>) -> Self {
        self.schemas.extend(noms);
        self.corps = Some((vec!["application/json", "application/merge-patch+json"], schema));
        self
    }

    /// A file that is sent.
    pub fn recoit_fichier(mut self, genres: &[&'static str]) -> Self {
        (self.long, self.sans_cle) = (true, true);
        self.corps = Some((genres.to_vec(), octets()));
        self
    }

    /// What is answered.
    pub fn rend<T: ToSchema>(mut self) -> Self {
        let schema = reference::<T>(&mut self.schemas);
        self.reponse = Some(("application/json", schema));
        self
    }

    /// What is answered, described elsewhere.
    pub fn rend_schema(mut self, noms: Schemas, schema: RefOr<Schema>) -> Self {
        self.schemas.extend(noms);
        self.reponse = Some(("application/json", schema));
        self
    }

    /// A file is answered.
    pub fn rend_fichier(mut self, genres: &[&'static str]) -> Self {
        self.fichiers = genres.to_vec();
        self.long = true;
        self
    }

    /// 201 rather than 200.
    pub fn cree(mut self) -> Self {
        self.cree = true;
        self
    }

    /// 204: nothing to say.
    pub fn vide(mut self) -> Self {
        self.vide = true;
        self
    }

    /// It replaces what was read: `If-Match`.
    pub fn version(mut self) -> Self {
        self.version = true;
        self
    }

    /// Doing it twice is doing it once: no key is looked at.
    pub fn sans_cle(mut self) -> Self {
        self.sans_cle = true;
        self
    }

    /// It takes as long as a file does.
    pub fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// It cannot be done twice: `Idempotency-Key`.
    pub fn cle(mut self) -> Self {
        self.cle = true;
        self
    }
}

fn octets() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .content_media_type("application/octet-stream")
        .build()
        .into()
}

struct Route {
    methode: Method,
    chemin: &'static str,
    public: bool,
    doc: Doc,
}

/// Router, table of rights and description, built together.
#[derive(Default)]
pub struct Interface {
    router: Router<EtatWeb>,
    lignes: Vec<Ligne>,
    routes: Vec<Route>,
}

impl Interface {
    /// Adds a route. `action`: what a token must allow, none for anybody.
    #[must_use]
    pub fn route<H, T>(
        mut self,
        methode: Method,
        chemin: &'static str,
        action: Option<Action>,
        doc: Doc,
        handler: H,
    ) -> Self
    where
        H: Handler<T, EtatWeb>,
        T: 'static,
    {
        let filtre = match methode {
            Method::POST => MethodFilter::POST,
            Method::PUT => MethodFilter::PUT,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let acces = action.map_or(Acces::Public, Acces::Jeton);
        let m: MethodRouter<EtatWeb> = on(filtre, handler);
        self.lignes.push(Ligne { methode: methode.clone(), chemin, acces });
        self.router = self.router.route(chemin, m);
        self.routes.push(Route { methode, chemin, public: action.is_none(), doc });
        self
    }

    /// Adds a page that any token may open.
    #[must_use]
    pub fn lit<H, T>(self, chemin: &'static str, action: Action, doc: Doc, handler: H) -> Self
    where
        H: Handler<T, EtatWeb>,
        T: 'static,
    {
        self.route(Method::GET, chemin, Some(action), doc, handler)
    }

    /// Adds routes.
    #[must_use]
    pub fn avec(mut self, autre: Self) -> Self {
        self.router = self.router.merge(autre.router);
        self.lignes.extend(autre.lignes);
        self.routes.extend(autre.routes);
        self
    }

    /// What takes as long as a file does, and whether a file is sent.
    pub fn longues(&self) -> HashMap<(Method, &'static str), bool> {
        let recoit =
            |d: &Doc| d.corps.as_ref().is_some_and(|(genres, _)| !genres.contains(&"application/json"));
        let longues = self.routes.iter().filter(|r| r.doc.long);
        longues.map(|r| ((r.methode.clone(), r.chemin), recoit(&r.doc))).collect()
    }

    /// The router, and the lines of the table of rights.
    pub fn fin(self) -> (Router<EtatWeb>, Vec<Ligne>) {
        (self.router, self.lignes)
    }

    /// OpenAPI 3.1.
    pub fn document(&self) -> OpenApi {
        let mut schemas: BTreeMap<String, RefOr<Schema>> = BTreeMap::new();
        let mut ajoute = |liste: &Schemas| {
            for (nom, schema) in liste {
                schemas.entry(nom.clone()).or_insert_with(|| schema.clone());
            }
        };
        let mut communs: Schemas = vec![(Probleme::name().into_owned(), Probleme::schema())];
        communs.push((ChampFautif::name().into_owned(), ChampFautif::schema()));
        ajoute(&communs);
        let mut paths = PathsBuilder::new();
        for r in &self.routes {
            ajoute(&r.doc.schemas);
            paths = paths.path(r.chemin, PathItem::new(verbe(&r.methode), operation(r)));
        }
        let mut composants = ComponentsBuilder::new().security_scheme(
            "jeton",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("Jeton donné par un administrateur du site de gestion, à l’écran."))
                    .build(),
            ),
        );
        for (nom, schema) in schemas {
            composants = composants.schema(nom, schema);
        }
        let info = InfoBuilder::new()
            .title("Parcoursup – interface du site de gestion")
            .version("1.0.0")
            .description(Some(
                "Lire et écrire le paramétrage d’un établissement et de ses formations, depuis un logiciel. Les erreurs sont \
                 des documents application/problem+json, en français.",
            ))
            .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
            .build();
        let tags = super::v1::RUBRIQUES
            .iter()
            .map(|(nom, quoi)| TagBuilder::new().name(*nom).description(Some(*quoi)).build());
        OpenApiBuilder::new()
            .info(info)
            .paths(paths.build())
            .components(Some(composants.build()))
            .tags(Some(tags))
            .build()
    }
}

fn verbe(methode: &Method) -> HttpMethod {
    match *methode {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn texte() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// The parameters of an address, by their name.
fn schema_parametre(nom: &str) -> Schema {
    match nom {
        "annee" => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(2018))
            .maximum(Some(2100))
            .build()
            .into(),
        "rubrique" => {
            let codes = domain::formations::description::Rubrique::ALL.map(|r| json!(r.code()));
            texte().enum_values(Some(codes)).build().into()
        }
        "numero" => ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build().into(),
        _ => texte().pattern(Some(MOTIF_ID)).build().into(),
    }
}

const QUOI: &[(&str, &str)] = &[
    ("annee", "Année de la session : celle de la rentrée."),
    ("id", "Identifiant public, tel que les listes le donnent."),
    ("ligne", "Identifiant public d’une ligne de la liste."),
    ("rubrique", "Rubrique de la description."),
    ("numero", "Numéro de la publication, à partir de 1."),
];

fn probleme(quoi: &str) -> ResponseBuilder {
    let contenu = ContentBuilder::new().schema(Some(Ref::from_schema_name(Probleme::name()))).build();
    ResponseBuilder::new().description(quoi).content("application/problem+json", contenu)
}

fn etag() -> utoipa::openapi::header::Header {
    HeaderBuilder::new()
        .schema(Some(texte().build()))
        .description(Some("Version de ce qui est rendu."))
        .build()
}

fn operation(r: &Route) -> utoipa::openapi::path::Operation {
    let doc = &r.doc;
    let ecrit = r.methode != Method::GET;
    let mut o = OperationBuilder::new()
        .tag(doc.rubrique)
        .operation_id(Some(doc.nom))
        .summary(Some(doc.resume))
        .description((!doc.detail.is_empty()).then_some(doc.detail));
    o = if r.public {
        // Nothing to show, nothing refused.
        o.securities(Some([SecurityRequirement::default()]))
    } else {
        o.security(SecurityRequirement::new::<_, _, &str>("jeton", []))
    };
    for nom in r.chemin.split('/').filter_map(|m| m.strip_prefix('{')?.strip_suffix('}')) {
        let quoi = QUOI.iter().find(|(n, _)| *n == nom).map(|(_, q)| *q);
        o = o.parameter(
            ParameterBuilder::new()
                .name(nom)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(quoi)
                .schema(Some(schema_parametre(nom))),
        );
    }
    for (nom, quoi, schema) in &doc.criteres {
        o = o.parameter(
            ParameterBuilder::new()
                .name(*nom)
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some(*quoi))
                .schema(Some(schema.clone())),
        );
    }
    let entete = |nom: &'static str, quoi: &'static str, requis: bool, schema: ObjectBuilder| {
        ParameterBuilder::new()
            .name(nom)
            .parameter_in(ParameterIn::Header)
            .required(if requis { Required::True } else { Required::False })
            .description(Some(quoi))
            .schema(Some(schema.build()))
    };
    if ecrit && !r.public && !doc.sans_cle {
        let cle = texte().min_length(Some(1)).max_length(Some(255));
        o = o.parameter(entete(
            "Idempotency-Key",
            "Tirée au hasard pour cet envoi : la même demande avec la même clé ne compte qu’une fois.",
            doc.cle,
            cle,
        ));
    }
    if ecrit {
        if doc.version {
            let motif = texte().pattern(Some("^\"v-?[0-9]+([.][0-9a-f]+)?\"$"));
            o = o.parameter(entete(
                "If-Match",
                "ETag de ce qui a été lu : rien n’est écrasé sans l’être.",
                true,
                motif,
            ));
        }
    } else {
        let quoi = "ETag d’une réponse gardée : 304 si rien n’a changé.";
        o = o.parameter(entete("If-None-Match", quoi, false, texte()));
    }
    if let Some((genres, schema)) = &doc.corps {
        let mut corps = RequestBodyBuilder::new().required(Some(Required::True));
        for genre in genres {
            corps = corps.content(*genre, ContentBuilder::new().schema(Some(schema.clone())).build());
        }
        o = o.request_body(Some(corps.build()));
    }
    let mut succes = ResponseBuilder::new().description("Fait.");
    if let Some((genre, schema)) = &doc.reponse {
        succes = succes
            .content(*genre, ContentBuilder::new().schema(Some(schema.clone())).build())
            .header("ETag", etag());
    }
    for genre in &doc.fichiers {
        succes = succes.content(*genre, ContentBuilder::new().schema(Some(octets())).build());
    }
    let statut = match (doc.vide, doc.cree) {
        (true, _) => "204",
        (_, true) => "201",
        _ => "200",
    };
    o = o.response(statut, succes);
    if !ecrit && doc.reponse.is_some() {
        o = o.response("304", ResponseBuilder::new().description("Rien n’a changé."));
    }
    let mut erreurs: Vec<(&str, &str)> = vec![
        ("401", "Le jeton est absent, inconnu, expiré ou révoqué."),
        ("429", "La limite est atteinte : Retry-After dit quand revenir."),
        ("500", "La faute est de notre côté : « instance » est le numéro à donner à l’assistance."),
    ];
    if !r.public {
        erreurs.extend([
            ("400", "La demande est mal formée : champ, ligne et colonne."),
            ("403", "Ce que ce jeton ne permet pas."),
            ("404", "Rien à cette adresse pour ce jeton."),
            ("422", "Une règle de la procédure s’y oppose : laquelle, et que faire."),
        ]);
        if ecrit {
            erreurs.extend([
                ("408", "Le corps n’est pas arrivé à temps."),
                ("409", "Conflit, ou clé déjà utilisée pour une autre demande."),
                ("413", "Le corps est trop volumineux."),
                ("415", "Le format n’est pas accepté."),
            ]);
        }
        if doc.version {
            erreurs.extend([
                ("412", "L’objet a changé depuis qu’il a été lu."),
                ("428", "L’en-tête If-Match manque."),
            ]);
        }
    }
    erreurs.push(("503", "La base ne répond pas, ou la réponse a tardé."));
    for (code, quoi) in erreurs {
        o = o.response(code, probleme(quoi));
    }
    o.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_of_the_description_is_one_schema() {
        // Two of one name would be described as one: what a program makes of the other would be refused.
        let mut vus: BTreeMap<String, serde_json::Value> = BTreeMap::new();
        for route in &crate::api::v1::interface(true).routes {
            for (nom, schema) in &route.doc.schemas {
                let schema = serde_json::to_value(schema).expect("JSON");
                let vu = vus.entry(nom.clone()).or_insert_with(|| schema.clone());
                assert_eq!(*vu, schema, "{nom}");
            }
        }
    }
}
