//! A call of a program: its token, its limits, its conditions; made once, before the handler. No cookie is read here: what a
//! browser carries without being asked opens nothing (WEB-2).

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::contexte::{SecondeEtape, on_screen};
use app::debits::{Debit, PlaceExport};
use app::idempotence::{Garde, Recepisse, hash};
use app::interfaces::{Appel as AppelNote, Incident, JetonVu, resolve_jeton};
use app::{AppError, Ctx};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::PublicId;
use domain::interfaces::conformite::ATTENTE_INCIDENT_MS;
use domain::interfaces::jetons::FinJeton;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tracing::Instrument as _;

use super::probleme::{Nu, Probleme, Rendu};
use crate::socle::{EtatWeb, is_known, receive, received_context};

/// Header of the receipt of an act.
const RECEPISSE: HeaderName = HeaderName::from_static("recepisse");
/// Header of the number of a request.
const NUMERO: HeaderName = HeaderName::from_static("numero-requete");
/// Header by which a call made twice counts once (TRX-2).
const CLE: HeaderName = HeaderName::from_static("idempotency-key");
/// Characters of a key.
const CLE_MAX: usize = 255;

/// What a handler knows of a call.
#[derive(Clone)]
pub struct Appel {
    /// Who acts: the program, under what was entrusted to it.
    pub ctx: Ctx,
    /// The token.
    pub jeton: Arc<JetonVu>,
    entetes: Arc<HeaderMap>,
}

/// What goes from the middleware to the handler.
#[derive(Clone)]
struct Entree {
    ctx: Ctx,
    jeton: Option<Arc<JetonVu>>,
    entetes: Arc<HeaderMap>,
}

impl Appel {
    /// TRX-2 and TRX-4: the version that the caller read and its key. `version`: the act replaces something.
    ///
    /// # Errors
    /// 428 without the version that is asked for, 400 for one that is none.
    pub fn garde(&self, version: bool) -> Result<Garde, Box<Probleme>> {
        let version = match (self.entetes.get(header::IF_MATCH), version) {
            (None, false) => None,
            (None, true) => {
                return Err(Probleme::new(
                    StatusCode::PRECONDITION_REQUIRED,
                    "version_attendue",
                    "Lisez d’abord l’objet, puis renvoyez son ETag dans If-Match : ainsi rien n’est écrasé sans être lu.",
                ));
            }
            (Some(v), _) => Some(v.to_str().ok().and_then(lit_version).ok_or_else(|| {
                Probleme::champ("If-Match", "renvoyez l’ETag tel qu’il a été lu, par exemple \"v12\".")
            })?),
        };
        Ok(Garde { cle: self.cle()?, version, brouillon: None })
    }

    fn cle(&self) -> Result<Option<String>, Box<Probleme>> {
        let Some(cle) = self.entetes.get(CLE) else { return Ok(None) };
        let cle = cle.to_str().ok().filter(|c| !c.is_empty() && c.len() <= CLE_MAX).ok_or_else(|| {
            Probleme::champ("Idempotency-Key", "de 1 à 255 caractères, lettres, chiffres et signes.")
        })?;
        Ok(Some(hash(&format!("api|{}|{cle}", self.jeton.cle))))
    }

    /// The same for an act that must carry a key, since it cannot be done twice.
    ///
    /// # Errors
    /// 400 without a key.
    pub fn garde_acte(&self, version: bool) -> Result<Garde, Box<Probleme>> {
        let garde = self.garde(version)?;
        if garde.cle.is_some() {
            return Ok(garde);
        }
        Err(Probleme::champ(
            "Idempotency-Key",
            "cet acte demande une clé, tirée au hasard et gardée pour le refaire si la réponse se perd.",
        ))
    }

    /// Which media type is asked for among several, the first by default.
    pub fn wants(&self, genre: &str) -> bool {
        self.entetes.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|a| a.contains(genre))
    }

    /// Content type of what was sent, without its parameters.
    pub fn genre(&self) -> &str {
        let genre = self.entetes.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        genre.split(';').next().unwrap_or("").trim()
    }
}

/// `"v12"`, and the fingerprint of what was read with it, if any: what is written over is held against the version alone.
fn lit_version(texte: &str) -> Option<i64> {
    let version = texte.strip_prefix("\"v")?.strip_suffix('"')?;
    version.split('.').next()?.parse().ok()
}

/// The stale version of an act told apart from a key used twice: `actuelle` is what a fresh read says.
pub fn depassee(e: AppError, garde: &Garde, actuelle: Option<i64>) -> Box<Probleme> {
    match (&e, garde.version, actuelle) {
        (AppError::Conflict, Some(vue), Some(actuelle)) if vue != actuelle => Probleme::new(
            StatusCode::PRECONDITION_FAILED,
            "version_depassee",
            "L’objet a changé depuis que vous l’avez lu : rien n’a été écrasé. Relisez-le, puis recommencez avec son nouvel ETag.",
        ),
        _ => e.into(),
    }
}

/// A JSON answer. `version`: what [`Appel::garde`] will expect; without one, the ETag is that of the content alone.
pub fn json<T: Serialize>(valeur: &T, version: Option<i64>) -> Rendu {
    Ok(octets(serde_json::to_vec(valeur).map_err(|e| AppError::Internal(e.to_string()))?, version))
}

/// The same already written.
pub fn octets(corps: Vec<u8>, version: Option<i64>) -> Response {
    let empreinte = blake3::hash(&corps).to_hex();
    let empreinte = &empreinte[..20];
    let etag = match version {
        // What is said beside the object, such as what is asked about it or what is open now, changes without its version.
        Some(v) => format!("\"v{v}.{empreinte}\""),
        None => format!("\"c{empreinte}\""),
    };
    let mut reponse = ([(header::CONTENT_TYPE, "application/json")], corps).into_response();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        reponse.headers_mut().insert(header::ETAG, etag);
    }
    reponse
}

/// The same with the receipt of the act that led there.
pub fn fait(mut reponse: Response, recepisse: &Recepisse) -> Response {
    if let Ok(numero) = HeaderValue::from_str(&recepisse.numero) {
        reponse.headers_mut().insert(RECEPISSE, numero);
    }
    reponse
}

/// The identifier of an address; anything else is as unknown as an absent one.
pub fn id(texte: &str) -> Result<PublicId, Box<Probleme>> {
    PublicId::parse(texte).ok_or_else(Probleme::absent)
}

/// The year of an address.
pub fn annee(texte: &str) -> Result<i64, Box<Probleme>> {
    texte.parse().map_err(|_| Probleme::absent())
}

impl<S: Send + Sync> FromRequestParts<S> for Appel {
    type Rejection = Box<Probleme>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Box<Probleme>> {
        let Some(entree) = parts.extensions.get::<Entree>().cloned() else {
            return Err(Probleme::of_status(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let jeton = entree.jeton.ok_or_else(|| sans_jeton(None))?;
        Ok(Self { ctx: entree.ctx, jeton, entetes: entree.entetes })
    }
}

/// A call that anybody may make.
pub struct AppelPublic;

impl<S: Send + Sync> FromRequestParts<S> for AppelPublic {
    type Rejection = Box<Probleme>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Box<Probleme>> {
        let entree = parts.extensions.get::<Entree>();
        entree.map(|_| Self).ok_or_else(|| Probleme::of_status(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// A body in JSON, every field known (HAB-4).
pub struct Corps<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Corps<T> {
    type Rejection = Box<Probleme>;

    async fn from_request(requete: Request, _: &S) -> Result<Self, Box<Probleme>> {
        let genre = requete.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let genre = genre.split(';').next().unwrap_or("").trim();
        if genre != "application/json" && genre != "application/merge-patch+json" {
            return Err(Probleme::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let octets = to_bytes(requete.into_body(), usize::MAX)
            .await
            .map_err(|_| Probleme::of_status(StatusCode::BAD_REQUEST))?;
        lit_json(&octets).map(Self)
    }
}

/// Where a body cannot be read: field, line and column.
fn lit_json<T: DeserializeOwned>(octets: &[u8]) -> Result<T, Box<Probleme>> {
    let mut lecteur = serde_json::Deserializer::from_slice(octets);
    let lu = serde_path_to_error::deserialize(&mut lecteur).map_err(|e| {
        let champ = e.path().to_string();
        let cause = e.inner();
        let ou = format!("ligne {}, colonne {}", cause.line(), cause.column());
        let court = cause.to_string();
        let court = court.split(" at line ").next().unwrap_or_default().to_owned();
        let message = match cause.classify() {
            serde_json::error::Category::Data => format!("{} ({ou}).", en_francais(&court)),
            _ => format!("ce n’est pas du JSON lisible ({ou})."),
        };
        Probleme::champ(if matches!(champ.as_str(), "." | "?") { String::new() } else { champ }, message)
    })?;
    lecteur.end().map_err(|e| {
        let ou = format!("ligne {}, colonne {}", e.line(), e.column());
        Probleme::champ("", format!("il y a quelque chose après l’objet JSON ({ou})."))
    })?;
    Ok(lu)
}

/// The few sentences of the reader, in French; an unknown one is quoted.
fn en_francais(cause: &str) -> String {
    let entre = |debut: &str| cause.strip_prefix(debut).and_then(|r| r.split('`').next());
    if let Some(champ) = entre("unknown field `") {
        format!("le champ « {champ} » n’est pas connu ici")
    } else if let Some(champ) = entre("missing field `") {
        format!("le champ « {champ} » manque")
    } else if let Some(champ) = entre("duplicate field `") {
        format!("le champ « {champ} » est écrit deux fois")
    } else if let Some(valeur) = entre("unknown variant `") {
        format!("« {valeur} » n’est pas une valeur possible")
    } else if cause.starts_with("invalid type") || cause.starts_with("invalid value") {
        "le type de la valeur n’est pas celui que la description annonce".to_owned()
    } else {
        format!("valeur refusée : {cause}")
    }
}

/// Parameters of an address, every one known.
pub struct Criteres<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Criteres<T> {
    type Rejection = Box<Probleme>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Box<Probleme>> {
        Query::<T>::try_from_uri(&parts.uri).map(|Query(t)| Self(t)).map_err(|e| {
            let cause = e.to_string();
            let cause = cause.rsplit(": ").next().unwrap_or_default();
            Probleme::champ("", format!("paramètres de l’adresse : {}.", en_francais(cause)))
        })
    }
}

fn sans_jeton(fin: Option<FinJeton>) -> Box<Probleme> {
    let (code, detail) = match fin {
        None => (
            "jeton_absent",
            "Présentez un jeton : Authorization: Bearer pcs_… Un administrateur du site de gestion de l’établissement le donne.",
        ),
        Some(FinJeton::Expire) => {
            ("jeton_expire", "Ce jeton a expiré : demandez-en un autre à l’établissement.")
        }
        Some(FinJeton::Revoque) => ("jeton_revoque", "Ce jeton a été révoqué par l’établissement."),
        Some(FinJeton::SansDonneur) => (
            "jeton_sans_donneur",
            "La personne qui a donné ce jeton n’en a plus le droit : demandez-en un autre à l’établissement.",
        ),
        Some(FinJeton::Renouvele) => (
            "jeton_renouvele",
            "Ce jeton a été renouvelé : demandez le nouveau à l’établissement, puis présentez-le.",
        ),
    };
    Probleme::new(StatusCode::UNAUTHORIZED, code, detail)
}

fn bearer(entetes: &HeaderMap) -> Option<&str> {
    let texte = entetes.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (genre, jeton) = texte.split_once(' ')?;
    genre.eq_ignore_ascii_case("bearer").then(|| jeton.trim())
}

/// Middleware of everything under `/api`.
pub async fn machine(State(etat): State<EtatWeb>, requete: Request, suite: Next) -> Response {
    let sql = Duration::from_secs(etat.app.limites.sql_ecran_s);
    let (parts, corps) = requete.into_parts();
    if longue(&parts).is_some() {
        answer(etat, parts, corps, suite).await
    } else {
        on_screen(sql, answer(etat, parts, corps, suite)).await
    }
}

/// What is noted of a call whose caller went away before the answer: what it asked for may have been done.
const PARTI: u16 = 499;

/// A call under way: noted when it ends, however it ends.
struct EnCours {
    ctx: Ctx,
    depart: Instant,
    objet: String,
    marques: Vec<String>,
    statut: u16,
}

impl Drop for EnCours {
    fn drop(&mut self) {
        // Whoever insists beyond the limit, or with a token that opens nothing, is noted now and then.
        let insiste = [StatusCode::TOO_MANY_REQUESTS, StatusCode::UNAUTHORIZED]
            .iter()
            .any(|statut| self.statut == statut.as_u16());
        if insiste && self.ctx.take(Debit::RefusApi).is_err() {
            return;
        }
        let appel = AppelNote {
            objet: std::mem::take(&mut self.objet),
            statut: self.statut,
            duree_us: i64::try_from(self.depart.elapsed().as_micros()).unwrap_or(i64::MAX),
            marques: std::mem::take(&mut self.marques),
        };
        self.ctx.app.carnet.note(&self.ctx, appel);
    }
}

/// The object of an address: its last identifier; empty for none.
fn objet(parts: &Parts) -> String {
    let objet = parts.uri.path().split('/').filter_map(PublicId::parse).next_back();
    objet.map(|o| o.as_str().to_owned()).unwrap_or_default()
}

async fn answer(etat: EtatWeb, mut parts: Parts, corps: Body, suite: Next) -> Response {
    let mut ctx = received_context(&etat, &parts);
    ctx.origine = "api";
    ctx.temoin = None;
    tracing::Span::current().record("numero", ctx.requete.as_str());
    let (objet, marques) = (objet(&parts), marques(&parts.headers));
    let mut appel = EnCours { ctx, depart: Instant::now(), objet, marques, statut: PARTI };
    let reponse = match enter(&etat, &mut appel.ctx, &mut parts, corps).await {
        Err(p) => p.into_response(),
        Ok((requete, _place)) => {
            let l = &etat.app.limites;
            let delai = if longue(&parts).is_some() { l.reponse_longue_s } else { l.reponse_s };
            match timeout(Duration::from_secs(delai), suite.run(requete).in_current_span()).await {
                Ok(reponse) => reponse,
                Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    let mut reponse = finish(&appel.ctx, &parts, reponse).await;
    if let Ok(numero) = HeaderValue::from_str(&appel.ctx.requete) {
        reponse.headers_mut().insert(NUMERO, numero);
    }
    appel.statut = reponse.status().as_u16();
    reponse
}

/// Whether it takes as long as a file does, and then whether a file is sent: the declaration of the route says it.
fn longue(parts: &Parts) -> Option<bool> {
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    super::longue(&parts.method, route)
}

async fn enter(
    etat: &EtatWeb,
    ctx: &mut Ctx,
    parts: &mut Parts,
    corps: Body,
) -> Result<(Request, Option<PlaceExport>), Box<Probleme>> {
    let ecrit = !matches!(parts.method, Method::GET | Method::HEAD);
    let jeton = match bearer(&parts.headers) {
        None => {
            ctx.take(Debit::Recherche)?;
            None
        }
        Some(texte) => match resolve_jeton(&etat.app, texte, ctx.recu_ms()).await? {
            Ok(jeton) => Some(Arc::new(jeton)),
            // Nobody answers for a token that opens nothing: those who try are counted by their network.
            Err(connu) => {
                ctx.take(Debit::Recherche)?;
                return Err(match connu {
                    None => Probleme::new(
                        StatusCode::UNAUTHORIZED,
                        "jeton_inconnu",
                        "Ce jeton n’est pas connu : vérifiez qu’il est entier.",
                    ),
                    Some(j) => {
                        // R-API-05: its establishment reads that somebody still calls with it.
                        ctx.jeton = Some(j.cle);
                        sans_jeton(Some(j.fin))
                    }
                });
            }
        },
    };
    if let Some(j) = &jeton {
        ctx.acteur = j.acteur.clone();
        ctx.jeton = Some(j.cle);
        // HAB-7: made by whoever gave the token, for the operations that it names.
        ctx.seconde_etape = SecondeEtape::SansObjet;
        ctx.take(if ecrit { Debit::EcritureApi } else { Debit::LectureApi })?;
    }
    let mut place = None;
    let lu = match (ecrit, &jeton) {
        (false, _) => Bytes::new(),
        // Nothing is read of it.
        (true, None) if super::v1::is_opening(&parts.method, parts.uri.path()) => Bytes::new(),
        // Only a token in force may make the server hold anything.
        (true, None) => return Err(sans_jeton(None)),
        (true, Some(_)) => {
            let l = &etat.app.limites;
            let fichier = longue(parts) == Some(true);
            if fichier {
                // Large in memory: one at a time for whoever answers for the token, a few for the node.
                place = ctx.file_turn().await?;
            }
            let limite = if fichier { l.fichier_octets } else { l.formulaire_octets };
            receive(corps, limite, l).await.map_err(Probleme::of_status)?
        }
    };
    // TPS-2: the instant that counts is the end of what was sent.
    ctx.recu_le = ctx.app.horloge.maintenant();
    ctx.campagne_le = ctx.app.horloge.campagne();
    if let Some(j) = &jeton {
        sandbox(ctx, j, ecrit, parts.uri.path()).await?;
    }
    parts.extensions.insert(Entree { ctx: ctx.clone(), jeton, entetes: Arc::new(parts.headers.clone()) });
    let mut copie = Request::builder().body(Body::from(lu)).unwrap_or_default();
    *copie.method_mut() = parts.method.clone();
    *copie.uri_mut() = parts.uri.clone();
    *copie.headers_mut() = parts.headers.clone();
    *copie.extensions_mut() = parts.extensions.clone();
    Ok((copie, place))
}

/// R-API-09: a sandbox has its own clock of the campaign, and what goes wrong there was asked for.
async fn sandbox(ctx: &mut Ctx, j: &JetonVu, ecrit: bool, chemin: &str) -> Result<(), Box<Probleme>> {
    if let Some(ecart) = j.campagne_ecart_ms
        && let Ok(instant) = Timestamp::from_millisecond(ctx.recu_ms() + ecart)
    {
        ctx.campagne_le = instant;
    }
    let Some(incident) = j.incident.filter(|_| ecrit && !chemin.starts_with(super::v1::BAC_A_SABLE)) else {
        return Ok(());
    };
    app::interfaces::set_incident(ctx, j, None).await?;
    let attente_s = u64::try_from(ATTENTE_INCIDENT_MS / 1_000).unwrap_or(1);
    Err(match incident {
        Incident::Limite => AppError::TooMany { attente_s }.into(),
        Incident::Panne => {
            let mut p = Probleme::of_status(StatusCode::SERVICE_UNAVAILABLE);
            p.attente_s = Some(attente_s);
            p
        }
    })
}

/// Errors are told in the same way, refusals noted, and what has not changed since it was read is not sent again.
async fn finish(ctx: &Ctx, parts: &Parts, reponse: Response) -> Response {
    let statut = reponse.status();
    if let Some(Nu(probleme)) = reponse.extensions().get::<Nu>().cloned() {
        // JOU-1; beyond some in a minute, the list of calls alone says it.
        let note = ctx.jeton.is_some() && probleme.refus.is_some() && ctx.take(Debit::RefusApi).is_ok();
        if let Some(action) = probleme.refus.filter(|_| note)
            && let Err(cause) = app::journal::record_refus(ctx, action, &objet(parts)).await
        {
            tracing::error!(%cause, "refus non consigné");
        }
        return probleme.habille(reponse, &ctx.requete);
    }
    if statut.is_client_error() || statut.is_server_error() {
        return Probleme::of_status(statut).habille(reponse, &ctx.requete);
    }
    if statut == StatusCode::OK
        && parts.method == Method::GET
        && let Some(etag) = reponse.headers().get(header::ETAG)
        && etag.to_str().is_ok_and(|etag| is_known(&parts.headers, etag))
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag.clone())]).into_response();
    }
    reponse
}

/// What the caller did well, for the conformance suite: conditions and keys, the latter as their fingerprint.
fn marques(entetes: &HeaderMap) -> Vec<String> {
    let mut marques = Vec::new();
    if entetes.contains_key(header::IF_NONE_MATCH) {
        marques.push("si_change".to_owned());
    }
    if entetes.contains_key(header::IF_MATCH) {
        marques.push("si_version".to_owned());
    }
    if let Some(cle) = entetes.get(CLE).and_then(|c| c.to_str().ok()) {
        marques.push(format!("cle:{}", &hash(cle)[..12]));
    }
    marques
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Essai {
        capacite: Option<i64>,
        groupes: Vec<Sous>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Sous {
        places: i64,
    }

    #[test]
    fn a_body_that_cannot_be_read_says_where_and_why() {
        let faute = |texte: &str| {
            let p = lit_json::<Essai>(texte.as_bytes()).expect_err(texte);
            (p.champs[0].champ.clone(), p.champs[0].message.clone())
        };
        assert_eq!(
            faute("{\"capacite\": 1,\n \"groupes\": [{\"places\": 1}, {\"places\": \"x\"}]}"),
            (
                "groupes[1].places".to_owned(),
                "le type de la valeur n’est pas celui que la description annonce (ligne 2, colonne 42)."
                    .to_owned()
            )
        );
        assert_eq!(
            faute("{\"capacité\": 1}").1,
            "le champ « capacité » n’est pas connu ici (ligne 1, colonne 12)."
        );
        assert_eq!(faute("{}").1, "le champ « groupes » manque (ligne 1, colonne 2).");
        assert!(faute("{\"groupes\": []} x").1.starts_with("il y a quelque chose après"));
        assert!(faute("{\"groupes\": [").1.starts_with("ce n’est pas du JSON"));
        assert!(lit_json::<Essai>(b"{\"groupes\": []}").is_ok());
    }

    #[test]
    fn trx_4_only_an_etag_of_ours_is_a_version() {
        assert_eq!(lit_version("\"v12\""), Some(12));
        assert_eq!(lit_version("\"v-3.0a1b\""), Some(-3));
        for autre in ["v12", "\"12\"", "*", "\"c00\"", "\"v\"", "\"v.0a\"", "W/\"v12\""] {
            assert_eq!(lit_version(autre), None, "{autre}");
        }
    }
}
