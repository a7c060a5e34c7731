//! Second step, sessions and sensitive acts, through the pages.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::Arc;

use app::comptes::{MotDePasse, NouveauCompte, create_compte, totp_code};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use domain::comptes::{EtatCompte, Role};
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::SignedDuration;
use testkit::{Base, Reponse, TestApp, both_databases};
use tower::ServiceExt;

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];

async fn agent(t: &TestApp, role: Role, totp: Option<Vec<u8>>) -> i64 {
    let nouveau = NouveauCompte {
        courriel: "lea@lycee.fr".to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![Attribution::simple(role)],
        etat: EtatCompte::Actif,
        totp,
    };
    create_compte(&t.systeme(), nouveau).await.unwrap()
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

fn code(t: &TestApp) -> String {
    totp_code(&SECRET, t.app.horloge.maintenant().as_millisecond()).unwrap()
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

both_databases! {
    async fn sec_3_a_form_sent_after_the_network_changed_is_kept_then_sent_again(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::AdminNational, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        let page = juste(n.opens("/national/securite").await);
        page.sees("Sécurité des connexions").sees("Il n’est pas actif.");
        t.sql("UPDATE session_web SET reseau = 'ailleurs'", vec![]).await;
        let arret = juste(n.submits(&page, "Enregistrer ce réglage", &[("mode", "souple")]).await);
        arret.sees("Double authentification").sees_not("Sécurité des connexions");
        assert!(arret.url.starts_with("/connexion/verification?suite=/reprise/"), "{}", arret.url);
        // Reading gives nothing either.
        n.opens("/national").await.sees("Double authentification");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM reglage WHERE cle = 'connexion.mode'", vec![]).await, 0);
        let reprise = juste(n.submits(&arret, "Valider le code", &[("code", &code(&t))]).await);
        reprise.sees("Reprendre votre envoi").sees("n’est pas encore enregistré");
        let fait = juste(n.submits(&reprise, "Terminer l’envoi", &[]).await);
        fait.sees("Le réglage de la connexion est enregistré.");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM reglage WHERE cle = 'connexion.mode' AND valeur = 'souple'", vec![]).await, 1);
        // Another browser of the same person does not find it, nor somebody else: a stolen password leaves no form to send.
        t.navigateur_de(id).await.opens(&reprise.url).await.is(404);
        let voisin = t.personne("zoe@lycee.fr", Attribution::simple(Role::AdminNational)).await.0;
        let chemin = reprise.url.clone();
        t.navigateur_de(voisin).await.opens(&chemin).await.is(404);
    }

    async fn ses_3_what_is_sent_after_the_session_ended_is_kept_until_its_sender_signs_in(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::AdminNational, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        let page = n.opens("/national/securite").await;
        later(&t, 16 * 60);
        let arret = juste(n.submits(&page, "Enregistrer ce réglage", &[("mode", "souple")]).await);
        arret.sees("Votre session est terminée. Ce que vous veniez d’envoyer est gardé");
        assert!(arret.url.starts_with("/connexion?fait=session-finie&suite=/reprise/"), "{}", arret.url);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM demande_gardee", vec![]).await, 1);
        let etape = n.submits(&arret, "Se connecter", &[("courriel", "lea@lycee.fr"), ("mot_de_passe", MDP)]).await;
        let reprise = juste(n.submits(&etape, "Valider le code", &[("code", &code(&t))]).await);
        reprise.sees("Reprendre votre envoi");
        n.submits(&reprise, "Terminer l’envoi", &[]).await.sees("Le réglage de la connexion est enregistré.");

        // Without the token of the page, nothing is kept; once closed, the session is not known any more.
        let page = n.opens("/national/securite").await;
        let jeton = page.jeton().to_owned();
        later(&t, 16 * 60);
        let faux = page.html.replace(&jeton, "autre-jeton");
        let ailleurs = Reponse { html: faux, ..page.clone() };
        n.submits(&ailleurs, "Enregistrer ce réglage", &[("mode", "strict")]).await.is(403);
        t.sql("DELETE FROM session_web", vec![]).await;
        n.submits(&page, "Enregistrer ce réglage", &[("mode", "strict")]).await.is(403);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM demande_gardee", vec![]).await, 1);
    }

    async fn ses_3_a_form_with_a_secret_is_typed_again_rather_than_kept(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::RespFormation, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        let page = n.opens("/compte/mot-de-passe").await;
        later(&t, 31 * 60);
        let saisie = [("mot_de_passe", MDP), ("nouveau", "Violet-Cascade-2031"), ("confirmation", "Violet-Cascade-2031")];
        let arret = n.submits(&page, "Changer mon mot de passe", &saisie).await;
        assert!(arret.url.starts_with("/connexion?fait=session-finie"), "{}", arret.url);
        assert!(!arret.url.contains("/reprise/"), "{}", arret.url);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM demande_gardee", vec![]).await, 0);
    }

    async fn hab_7_a_session_of_mail_with_an_authenticator_shows_it_and_its_form_waits(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::AdminNational, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        t.sql("UPDATE session_web SET moyen = 'courriel'", vec![]).await;
        let page = n.opens("/national/securite").await;
        let arret = juste(n.submits(&page, "Activer le mode renforcé", &[]).await);
        assert!(arret.url.starts_with("/connexion/verification?suite=/reprise/"), "{}", arret.url);
        let reprise = n.submits(&arret, "Valider le code", &[("code", &code(&t))]).await;
        n.submits(&reprise, "Terminer l’envoi", &[]).await.sees("Actif depuis le");
    }

    async fn hab_7_a_sensitive_form_waits_for_a_fresh_second_step_and_loses_nothing(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::AdminNational, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        later(&t, 600);
        let page = n.opens("/national/securite").await;
        later(&t, 360);
        let arret = juste(n.submits(&page, "Activer le mode renforcé", &[]).await);
        arret.sees("Confirmer que c’est bien vous").sees_not("par courriel");
        let refus = juste(n.submits(&arret, "Valider le code", &[("code", "000000")]).await);
        refus.is(422).sees("il vous reste 4 essais");
        let reprise = n.submits(&refus, "Valider le code", &[("code", &code(&t))]).await;
        let fait = juste(n.submits(&reprise, "Terminer l’envoi", &[]).await);
        fait.sees("Le réglage de la connexion est enregistré.").sees("Actif depuis le");
        // The second person decides (HAB-8).
        let propose = n.submits(&fait, "Proposer de sortir", &[]).await;
        let refus = juste(n.submits(&propose, "Valider la sortie", &[]).await);
        refus.is(422).sees("une autre personne de l’équipe nationale doit la valider");
        let autre = t.personne("malik@lycee.fr", Attribution::simple(Role::AdminNational)).await.0;
        let mut m = t.navigateur_de(autre).await;
        let page = m.opens("/national/securite").await;
        m.submits(&page, "Valider la sortie", &[]).await.sees("Il n’est pas actif.");
    }

    async fn hab_7_a_mass_mail_waits_for_a_fresh_second_step_and_loses_nothing(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        t.at("2023-11-20T10:00");
        let id = agent(&t, Role::AdminNational, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        later(&t, 600);
        let nouvelle = juste(n.opens("/academie/2024/completude/relances/nouvelle").await);
        later(&t, 360);
        // To read it again is not to send it.
        let relue = juste(n.submits(&nouvelle, "Relire avant l’envoi", &[("texte", "Merci de publier.")]).await);
        relue.is(200).sees("Rien n’est encore parti");
        let arret = juste(n.submits(&relue, "Envoyer à 1 établissement", &[]).await);
        arret.sees("Confirmer que c’est bien vous");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM relance", vec![]).await, 0);
        let reprise = n.submits(&arret, "Valider le code", &[("code", &code(&t))]).await;
        juste(n.submits(&reprise, "Terminer l’envoi", &[]).await).sees("La relance est demandée");
        let envoyees = t.nombre("SELECT COUNT(*) FROM relance WHERE texte = 'Merci de publier.'", vec![]).await;
        assert_eq!(envoyees, 1);
    }

    async fn ses_4_the_page_of_one_s_security_lists_closes_and_proves(base) {
        let t = TestApp::with_session_2024(base).await;
        let id = agent(&t, Role::RespFormation, Some(SECRET.to_vec())).await;
        let mut n = t.navigateur_de(id).await;
        let page = juste(n.opens("/compte/securite").await);
        page.sees("Une application est en place.").sees("Aucun numéro vérifié.").sees("(cette session)");
        assert!(page.html.contains("data-fin-session=\"1800\" data-avis=\"120\""), "SES-3");
        juste(n.submits(&page, "Recevoir un code par SMS", &[("mobile", "03 22 33 44 55")]).await)
            .is(422)
            .sees("Saisissez un numéro de mobile");
        let envoye = juste(n.submits(&page, "Recevoir un code par SMS", &[("mobile", "06 12 34 56 78")]).await);
        let recu = t.envois().await.remove(0);
        assert_eq!(recu.canal, "sms");
        let chiffres: String = recu.corps.chars().filter(char::is_ascii_digit).take(8).collect();
        juste(n.submits(&envoye, "Vérifier ce numéro", &[("code_mobile", "00000000")]).await)
            .is(422)
            .sees("Ce code n’est pas le bon");
        let fait = juste(n.submits(&envoye, "Vérifier ce numéro", &[("code_mobile", &chiffres)]).await);
        fait.sees("Numéro vérifié : •• •• 56 78.");
        let codes = juste(n.submits(&fait, "Obtenir de nouveaux codes", &[]).await);
        assert_eq!(codes.html.matches("<li><code>").count(), 10);
        let page = n.opens("/compte/securite").await;
        page.sees("Il vous reste 10 codes.");
        // A challenge is asked by the script, with the token of the form.
        let jeton = page.jeton().to_owned();
        let defi = n.posts("/compte/securite/cle/defi", &[("_jeton", &jeton)]).await;
        defi.is(200);
        assert!(defi.html.contains("\"rp\":{\"name\":\"Parcoursup\",\"id\":\"parcoursup.example\"}"), "{}", defi.html);
        n.posts("/compte/securite/cle/defi", &[]).await.is(403);
        juste(n.submits(&page, "Ajouter une clé", &[("reponse", "{}")]).await)
            .is(422)
            .sees("La clé d’accès n’a pas été acceptée.");
        // Half an hour without a page closes the session; prolonged in between, it lives on.
        later(&t, 20 * 60);
        let reste = n.posts("/compte/prolonger", &[("_jeton", &jeton)]).await;
        assert_eq!(reste.html, "{\"secondes\":1800,\"totale\":false}");
        later(&t, 20 * 60);
        n.opens("/compte/securite").await.sees("Sessions ouvertes");
        // Managing one's means asks for a second step less than a quarter of an hour old.
        let arret = juste(n.opens("/compte/securite/application").await);
        arret.sees("Confirmer que c’est bien vous");
        let application = juste(n.submits(&arret, "Valider le code", &[("code", &code(&t))]).await);
        juste(n.submits(&application, "Mettre en place", &[("code", "000000")]).await).is(422).sees("Ce code n’est pas le bon");
        // The other session is closed from here, then everything.
        let mut autre = t.navigateur_de(id).await;
        let page = n.opens("/compte/securite").await;
        n.submits(&page, "Fermer", &[]).await.sees("La session est fermée.");
        autre.opens("/compte/securite").await.sees("Mot de passe oublié");
        let page = n.opens("/compte/securite").await;
        n.submits(&page, "Me déconnecter partout", &[]).await.sees("Vous êtes déconnecté, ici et partout ailleurs.");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM session_web", vec![]).await, 0);
    }
}

#[tokio::test]
async fn sec_5_without_a_strong_means_the_page_leads_to_one_before_a_sensitive_act() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let id = agent(&t, Role::AdminNational, None).await;
    let mut n = t.navigateur_de(id).await;
    // As if the second step had just been made by mail.
    t.sql("UPDATE session_web SET moyen = 'courriel'", vec![]).await;
    let page = n.opens("/national/securite").await;
    let arret = juste(n.submits(&page, "Activer le mode renforcé", &[]).await);
    arret.sees("Cet acte demande un moyen plus sûr que le courriel");
    juste(n.opens("/compte/securite/application").await).sees("Application d’authentification");
}

async fn demande(site: &axum::Router, requete: Request<Body>) -> Response<Body> {
    site.clone().oneshot(requete).await.unwrap()
}

#[tokio::test]
async fn ses_1_the_cookie_is_strict_for_those_who_work_here_and_lax_for_candidates() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    agent(&t, Role::RespFormation, None).await;
    t.at_opening(domain::calendrier::Etape::Voeux).await;
    t.candidat("zoe@exemple.fr", domain::candidats::TypeBac::General).await;
    let hache = t.app.hachage.hash(MDP, [1; 16]).await.unwrap();
    t.sql("UPDATE compte SET mot_de_passe = $1", vec![hache.into()]).await;
    let site = web::router(web::EtatWeb::new(web::Interne {
        app: Arc::clone(&t.app),
        site: web::layout::Site::default(),
        mandataires: Vec::new(),
        demo: None,
        mesures: None,
        https: true,
    }));
    for (courriel, attendu) in [("lea@lycee.fr", "Strict"), ("zoe@exemple.fr", "Lax")] {
        let page = demande(&site, Request::get("/connexion").body(Body::empty()).unwrap()).await;
        let html = String::from_utf8(to_bytes(page.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
        let jeton = html.split("name=\"_jeton\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let corps =
            format!("_jeton={jeton}&courriel={}&mot_de_passe=Grun4%21pLoc7%3F", courriel.replace('@', "%40"));
        let envoi = Request::post("/connexion")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(corps))
            .unwrap();
        let reponse = demande(&site, envoi).await;
        let cookie = reponse.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-session="), "{cookie}");
        assert!(cookie.ends_with(&format!("; Path=/; HttpOnly; SameSite={attendu}; Secure")), "{cookie}");
        let adresse = reponse.headers()[header::LOCATION].to_str().unwrap();
        assert!(!adresse.contains("jeton"), "{adresse}");
    }
}
