//! Requirements of every page, whatever it says: headers, origin of what is sent, errors, instant of receipt, codes.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use app::comptes::{EtapeConnexion, MotDePasse, NouveauCompte, create_compte, open_session};
use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::{EtatCompte, Moyen, Role};
use domain::droits::Attribution;
use http_body::Frame;
use jiff::SignedDuration;
use testkit::{Base, TestApp};
use tower::ServiceExt;

const MDP: &str = "Grun4!pLoc7?";

fn etat(t: &TestApp) -> web::EtatWeb {
    web::EtatWeb::new(web::Interne {
        app: Arc::clone(&t.app),
        site: web::layout::Site::default(),
        mandataires: Vec::new(),
        demo: None,
        mesures: None,
        https: true,
    })
}

async fn lu(site: &Router, requete: Request<Body>) -> (StatusCode, axum::http::HeaderMap, String) {
    let reponse = site.clone().oneshot(requete).await.unwrap();
    let (parts, corps) = reponse.into_parts();
    let octets = to_bytes(corps, 1 << 22).await.unwrap();
    (parts.status, parts.headers, String::from_utf8_lossy(&octets).into_owned())
}

/// The token of the forms of a page, for somebody who is not signed in.
async fn jeton(site: &Router, chemin: &str) -> String {
    let (_, _, html) = lu(site, Request::get(chemin).body(Body::empty()).unwrap()).await;
    html.split("name=\"_jeton\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn envoi(chemin: &str) -> axum::http::request::Builder {
    Request::post(chemin).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn web_1_every_answer_of_the_site_has_the_headers() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let site = web::router(etat(&t));
    let feuille = web::assets::url("site.css");
    for (methode, chemin, statut) in [
        ("GET", "/", 200),
        ("GET", "/connexion", 200),
        ("GET", "/gestion", 303),
        ("GET", "/absente", 404),
        ("DELETE", "/connexion", 405),
        ("POST", "/connexion", 415),
        ("GET", feuille.as_str(), 200),
    ] {
        let requete = Request::builder().method(methode).uri(chemin).body(Body::empty()).unwrap();
        let (dit, entetes, _) = lu(&site, requete).await;
        assert_eq!(dit, statut, "{methode} {chemin}");
        for (nom, valeur) in [
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("content-security-policy", web::entetes::CSP),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(entetes[nom], valeur, "{methode} {chemin}");
        }
        assert!(entetes["permissions-policy"].to_str().unwrap().contains("camera=()"), "{chemin}");
        assert!(!entetes.contains_key("access-control-allow-origin"), "{chemin}: no other site reads us");
    }
}

#[tokio::test]
async fn web_2_another_site_is_refused_even_with_the_token() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at_opening(Etape::Voeux).await;
    let site = web::router(etat(&t));
    let corps = format!("_jeton={}&courriel=lea%40exemple.fr", jeton(&site, "/inscription").await);
    for (nom, valeur, statut) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "https://mal.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "same-origin", 303),
        ("origin", "https://parcoursup.example", 303),
    ] {
        let requete = envoi("/inscription")
            .header(header::HOST, "parcoursup.example")
            .header(nom, valeur)
            .body(Body::from(corps.clone()))
            .unwrap();
        let (dit, _, html) = lu(&site, requete).await;
        assert_eq!(dit, statut, "{nom}: {valeur} {html}");
    }
    // Of the six, the two that are ours sent their mail.
    assert_eq!(t.envois().await.len(), 2);
    // What only writes does not answer a reading.
    let (dit, _, _) = lu(&site, Request::get("/deconnexion").body(Body::empty()).unwrap()).await;
    assert_eq!(dit, 405);
}

#[tokio::test]
async fn ses_4_signing_out_ends_the_session_and_empties_the_browser() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let (compte, _) = t.personne("zoe@exemple.fr", Attribution::simple(Role::AdminNational)).await;
    let ctx = app::Ctx { reseau: t.app.coffre.fingerprint("reseau", "127.0.0.1"), ..t.systeme() };
    let tx = ctx.begin().await.unwrap();
    let seconde_etape = Some((ctx.recu_ms(), Moyen::Totp));
    let jeton =
        open_session(&tx, &ctx, compte, "nav", EtapeConnexion::Complete, seconde_etape).await.unwrap();
    tx.commit().await.unwrap();
    let site = web::router(etat(&t));
    let cookie = format!("__Host-session={jeton}");
    let page =
        || Request::get("/compte/securite").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
    let (statut, _, html) = lu(&site, page()).await;
    assert_eq!(statut, 200);
    let csrf = html.split("name=\"_jeton\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sortie = envoi("/deconnexion").header(header::COOKIE, &cookie);
    let (statut, entetes, _) = lu(&site, sortie.body(Body::from(format!("_jeton={csrf}"))).unwrap()).await;
    assert_eq!(statut, 303);
    assert_eq!(entetes["clear-site-data"], "\"cache\", \"storage\"");
    assert!(entetes[header::SET_COOKIE].to_str().unwrap().starts_with("__Host-session=; "), "{entetes:?}");
    // The cookie that somebody kept opens nothing.
    assert_eq!(lu(&site, page()).await.0, 303);
}

async fn panne() -> &'static str {
    panic!("moyenne de Léa : 12,5")
}

#[tokio::test]
async fn web_5_a_handler_that_panics_is_alone_and_says_no_fact() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let pages = Router::new().route("/panne", get(panne)).route("/vive", get(|| async { "vive" }));
    let site = web::surround(pages, etat(&t));
    let demande = |chemin: &str| Request::get(chemin).body(Body::empty()).unwrap();
    let (statut, entetes, html) = lu(&site, demande("/panne")).await;
    assert_eq!(statut, 500);
    assert_eq!(entetes["content-security-policy"], web::entetes::CSP);
    assert!(html.contains("Incident technique") && html.contains("numéro"), "{html}");
    assert!(!html.contains("Léa") && !html.contains("panicked"), "{html}");
    let (statut, _, texte) = lu(&site, demande("/vive")).await;
    assert_eq!((statut.as_u16(), texte.as_str()), (200, "vive"));
}

#[tokio::test]
async fn web_4_an_answer_that_does_not_come_is_a_page_and_what_was_sent_is_kept() {
    let t = TestApp::with_limites(
        Base::sqlite(),
        app::limites::Limites { reponse_s: 0, reponse_longue_s: 60, ..testkit::limites() },
    )
    .await;
    let lente = || get(std::future::pending::<&str>).post(std::future::pending::<&str>);
    let courte = || async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        "fini"
    };
    let pages = Router::new()
        .route("/lente", lente())
        .route("/vive", get(|| async { "vive" }))
        .route("/gros/export", get(courte));
    let site = web::surround(pages, etat(&t));
    let demande = |chemin: &str| Request::get(chemin).body(Body::empty()).unwrap();
    let (statut, entetes, html) = lu(&site, demande("/lente")).await;
    assert_eq!((statut.as_u16(), entetes["retry-after"].as_bytes()), (503, b"10".as_slice()), "{html}");
    assert!(
        html.contains("Service momentanément indisponible") && html.contains("Numéro à rappeler"),
        "{html}"
    );
    assert!(!html.contains("Regardez d’abord"), "nothing was sent: {html}");
    assert_eq!(lu(&site, demande("/vive")).await.2, "vive");
    assert_eq!(lu(&site, demande("/gros/export")).await.2, "fini", "a file takes the time of a file");
    let (compte, _) = t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await.on_site(site);
    let page = n.posts("/lente", &[("_jeton", "x"), ("motif", "Le lycée a changé de nom")]).await;
    page.is(503).sees("Regardez d’abord si votre envoi est enregistré").sees_not("Envoyer de nouveau");
}

#[tokio::test]
async fn don_7_no_cache_keeps_what_is_somebody_s() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at_opening(Etape::Voeux).await;
    let lea = t.candidat("lea@exemple.fr", TypeBac::General).await;
    let mut n = t.navigateur_de(lea.compte).await;
    for chemin in ["/candidat", "/candidat/dossier", "/candidat/voeux", "/compte/securite"] {
        let page = n.opens(chemin).await;
        page.is(200);
        assert_eq!(page.entetes["cache-control"], "no-store", "{chemin}");
    }
}

/// A form that arrives in two parts, between which time passes.
struct EnDeuxTemps {
    restent: Vec<Bytes>,
    entre: Option<Box<dyn FnOnce() + Send>>,
}

impl HttpBody for EnDeuxTemps {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.restent.len() == 1
            && let Some(passe) = self.entre.take()
        {
            passe();
        }
        Poll::Ready(self.restent.pop().map(|partie| Ok(Frame::data(partie))))
    }
}

#[tokio::test]
async fn tps_2_the_instant_that_counts_is_the_end_of_what_was_sent() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let site = web::router(etat(&t));
    let jeton = jeton(&site, "/connexion").await;
    let fenetre = app::sessions::courante(&t.app.db).await.unwrap().calendrier.fenetre(Etape::Voeux).unwrap();
    let seconde = SignedDuration::from_secs(1);
    // The step opens, then closes, while the form arrives.
    for (borne, statut, dit) in [(fenetre.ouvre, 303, ""), (fenetre.ferme, 422, "est close")] {
        t.horloge.set_campagne(borne.checked_sub(seconde).unwrap());
        let horloge = Arc::clone(&t.horloge);
        let corps = EnDeuxTemps {
            restent: vec![
                Bytes::from_static(b"&courriel=lea%40exemple.fr"),
                Bytes::from(format!("_jeton={jeton}")),
            ],
            entre: Some(Box::new(move || horloge.set_campagne(borne))),
        };
        let (lu, _, html) = lu(&site, envoi("/inscription").body(Body::new(corps)).unwrap()).await;
        assert_eq!(lu, statut, "{html}");
        assert!(html.contains(dit), "{html}");
    }
}

#[tokio::test]
async fn acc_2_a_code_is_typed_in_one_field_that_the_browser_may_fill() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let nouveau = NouveauCompte {
        courriel: "lea@lycee.fr".to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![Attribution::simple(Role::RespFormation)],
        etat: EtatCompte::Actif,
        totp: Some(vec![7; 20]),
    };
    create_compte(&t.systeme(), nouveau).await.unwrap();
    let mut n = t.navigateur();
    let page = n.opens("/connexion").await;
    let page = n.submits(&page, "Se connecter", &[("courriel", "lea@lycee.fr"), ("mot_de_passe", MDP)]).await;
    let champs: Vec<&str> =
        page.html.split("<input").filter(|champ| champ.contains("name=\"code\"")).collect();
    let [champ, ..] = champs.as_slice() else { panic!("{}", page.html) };
    let champ = champ.split('>').next().unwrap();
    assert!(
        champ.contains("autocomplete=\"one-time-code\"") && champ.contains("inputmode=\"numeric\""),
        "{champ}"
    );
    // A code copied with its spaces, or a passphrase pasted, is never cut nor refused by the page.
    assert!(!champ.contains("maxlength") && !champ.contains("pattern"), "{champ}");
    assert!(!page.html.contains("onpaste"));
}
