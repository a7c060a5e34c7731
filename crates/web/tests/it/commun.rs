//! Signing in, registering, forgotten password, information: through the pages.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{MotDePasse, NouveauCompte, create_compte, totp_code};
use data_encoding::BASE32_NOPAD;
use domain::calendrier::Etape;
use domain::comptes::{EtatCompte, Role};
use domain::droits::Attribution;
use jiff::SignedDuration;
use testkit::{Base, Navigateur, Reponse, TestApp};

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];

async fn site() -> TestApp {
    TestApp::with_session_2024(Base::sqlite()).await
}

async fn agent(t: &TestApp, etat: EtatCompte, totp: Option<Vec<u8>>) -> i64 {
    let nouveau = NouveauCompte {
        courriel: "lea@lycee.fr".to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![Attribution::simple(Role::AdminNational)],
        etat,
        totp,
    };
    create_compte(&t.systeme(), nouveau).await.unwrap()
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

fn code(t: &TestApp, secret: &[u8]) -> String {
    totp_code(secret, t.app.horloge.maintenant().as_millisecond()).unwrap()
}

/// Checks what every page must respect, then gives it.
fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

async fn signs_in(n: &mut Navigateur, depuis: &str, mdp: &str) -> Reponse {
    let page = juste(n.opens(depuis).await);
    juste(n.submits(&page, "Se connecter", &[("courriel", "lea@lycee.fr"), ("mot_de_passe", mdp)]).await)
}

async fn dernier_lien(t: &TestApp, chemin: &str) -> String {
    let envoi = t.envois().await.remove(0);
    let debut = envoi.corps.find(chemin).unwrap();
    envoi.corps[debut..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn sec_1_a_manager_signs_in_with_password_and_code_and_comes_back_to_the_page() {
    let t = site().await;
    agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
    let mut n = t.navigateur();
    let page = signs_in(&mut n, "/connexion?suite=/aide", MDP).await;
    page.sees("Double authentification");
    // The half-open session reaches nothing else: asking for the sign-in page comes back here.
    juste(n.opens("/connexion").await).sees("Double authentification");
    let refus = juste(n.submits(&page, "Valider le code", &[("code", "000000")]).await);
    refus.is(422).sees("il vous reste 4 essais");
    let arrivee = juste(n.submits(&refus, "Valider le code", &[("code", &code(&t, &SECRET))]).await);
    assert_eq!(arrivee.url, "/aide");
    arrivee.sees("Se déconnecter");
    let sortie = juste(n.submits(&arrivee, "Se déconnecter", &[]).await);
    sortie.sees("Vous êtes déconnecté.").sees_not("Se déconnecter");
    // Twice, or from another tab: the same answer.
    n.posts("/deconnexion", &[]).await.is(200);
}

#[tokio::test]
async fn lim_4_a_wrong_password_and_an_unknown_address_read_the_same() {
    let t = site().await;
    agent(&t, EtatCompte::Actif, None).await;
    let mut n = t.navigateur();
    let connu = signs_in(&mut n, "/connexion", "faux").await;
    connu.is(422).sees("L’adresse ou le mot de passe ne correspond pas");
    assert!(connu.html.contains("value=\"lea@lycee.fr\""), "keeps the address, never the password");
    assert!(!connu.html.contains("value=\"faux\""));
    let page = n.opens("/connexion").await;
    let inconnu =
        n.submits(&page, "Se connecter", &[("courriel", "zoe@lycee.fr"), ("mot_de_passe", "faux")]).await;
    assert_eq!(connu.texte(), inconnu.texte());
    for _ in 0..4 {
        signs_in(&mut n, "/connexion", "faux").await;
    }
    let attente = signs_in(&mut n, "/connexion", MDP).await;
    attente.is(429).sees("Vous pourrez recommencer dans 60 secondes");
    assert_eq!(attente.entetes["retry-after"], "60");
    let vide = n.submits(&page, "Se connecter", &[("courriel", ""), ("mot_de_passe", "")]).await;
    vide.is(422).sees("Saisissez votre adresse électronique.").sees("Saisissez votre mot de passe.");
}

#[tokio::test]
async fn web_2_a_sign_in_never_leads_to_another_site_and_needs_its_token() {
    let t = site().await;
    t.at_opening(Etape::Voeux).await;
    t.candidat("lea@lycee.fr", domain::candidats::TypeBac::General).await;
    let hache = t.app.hachage.hash(MDP, [1; 16]).await.unwrap();
    t.sql("UPDATE compte SET mot_de_passe = $1", vec![hache.into()]).await;
    let mut n = t.navigateur();
    let page = n.opens("/connexion?suite=//mal.example").await;
    page.sees_not("La page demandée");
    let arrivee =
        n.submits(&page, "Se connecter", &[("courriel", "lea@lycee.fr"), ("mot_de_passe", MDP)]).await;
    assert!(arrivee.url.starts_with("/candidat"), "{}", arrivee.url);
    let mut autre = t.navigateur();
    let sans = autre.posts("/connexion", &[("courriel", "lea@lycee.fr"), ("mot_de_passe", MDP)]).await;
    sans.is(403);
}

#[tokio::test]
async fn sec_8_five_wrong_codes_send_back_to_the_password() {
    let t = site().await;
    agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
    let mut n = t.navigateur();
    let mut page = signs_in(&mut n, "/connexion", MDP).await;
    for _ in 0..4 {
        page = n.submits(&page, "Valider le code", &[("code", "000000")]).await;
    }
    page.sees("il vous reste un seul essai");
    let fin = juste(n.submits(&page, "Valider le code", &[("code", "000000")]).await);
    fin.sees("Trop de codes refusés");
    let encore = n.opens("/connexion/verification").await;
    assert_eq!(encore.url, "/connexion");
}

#[tokio::test]
async fn cpt_4_a_carried_over_account_renews_password_and_factor_on_one_page() {
    let t = site().await;
    agent(&t, EtatCompte::ASecuriser, None).await;
    let mut n = t.navigateur();
    let page = signs_in(&mut n, "/connexion?suite=/aide", MDP).await;
    page.sees("Double authentification").sees_not("Code de secours");
    let envoye = juste(n.submits(&page, "Recevoir un code par courriel", &[]).await);
    envoye
        .sees("Un code vient de partir par courriel.")
        .sees("Recevoir un autre code par courriel à l•••@lycee.fr");
    juste(n.submits(&envoye, "Recevoir un autre code", &[]).await).is(429).sees("dans 60 secondes");
    let recu = t.code_recu().await;
    let page = juste(n.submits(&envoye, "Valider le code", &[("code", &recu)]).await);
    page.sees("Sécuriser votre compte").sees("Votre compte vient d’une session précédente");
    let secret = |r: &Reponse| {
        let debut = r.html.find("<code>").unwrap() + 6;
        let fin = r.html[debut..].find("</code>").unwrap();
        r.html[debut..debut + fin].replace(' ', "")
    };
    let texte = secret(&page);
    let refus = n
        .submits(
            &page,
            "Sécuriser mon compte",
            &[("mot_de_passe", MDP), ("confirmation", MDP), ("code", "000000")],
        )
        .await;
    let refus = juste(refus);
    refus.is(422).sees("Ce code n’est pas le bon").sees("celui de la session précédente");
    assert_eq!(secret(&refus), texte, "what was scanned still serves");
    let octets = BASE32_NOPAD.decode(texte.as_bytes()).unwrap();
    let neuf = "Vert8?mUsc4!";
    let saisie = [("mot_de_passe", neuf), ("confirmation", neuf), ("code", &code(&t, &octets))];
    let arrivee = n.submits(&refus, "Sécuriser mon compte", &saisie).await;
    arrivee.is(200).sees("Vos codes de secours");
    assert_eq!(arrivee.link("J’ai noté ces codes"), "/aide");
    // A second tab still on the old form: nothing is done twice.
    n.submits(&refus, "Sécuriser mon compte", &saisie).await.is(403);
    later(&t, 30);
    let mut m = t.navigateur();
    let verif = signs_in(&mut m, "/connexion", neuf).await;
    verif.sees("Code de secours");
    let arrivee = m.submits(&verif, "Valider le code", &[("code", &code(&t, &octets))]).await;
    assert!(arrivee.url.starts_with("/national"), "{}", arrivee.url);
}

#[tokio::test]
async fn lim_5_a_forgotten_password_is_chosen_again_by_mail() {
    let t = site().await;
    agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
    let mut n = t.navigateur();
    let page = juste(n.opens("/mot-de-passe-oublie").await);
    page.sees("Mot de passe oublié");
    n.submits(&page, "Recevoir le lien", &[("courriel", "lea")]).await.is(422).sees("nom@domaine.fr");
    let inconnue = n.submits(&page, "Recevoir le lien", &[("courriel", "zoe@lycee.fr")]).await;
    let connue = n.submits(&page, "Recevoir le lien", &[("courriel", "lea@lycee.fr")]).await;
    connue.sees("Si cette adresse est connue, un courriel vient d’y être envoyé.");
    assert_eq!(inconnue.texte(), connue.texte());
    let lien = dernier_lien(&t, "/mot-de-passe/").await;
    let page = juste(n.opens(&lien).await);
    let refus = juste(
        n.submits(&page, "Changer le mot de passe", &[("mot_de_passe", "court"), ("confirmation", "autre")])
            .await,
    );
    refus.is(422).sees("12 caractères").sees("Les deux saisies du mot de passe sont différentes.");
    let neuf = "Vert8?mUsc4!";
    let fait =
        n.submits(&refus, "Changer le mot de passe", &[("mot_de_passe", neuf), ("confirmation", neuf)]).await;
    fait.sees("Votre mot de passe est changé. Connectez-vous.").sees_not("Se déconnecter");
    juste(n.opens(&lien).await).is(410).sees("Ce lien n’est plus valable");
    signs_in(&mut n, "/connexion", neuf).await.sees("Double authentification");
}

fn dossier(courriel: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("nom", "Lefèvre"),
        ("prenom", "Léa"),
        ("naissance", "14/05/2006"),
        ("ine", courriel),
        ("departement", "80"),
        ("commune", "Amiens"),
        ("type_bac", "general"),
        ("boursier", "oui"),
        ("mot_de_passe", "grand chemin vert"),
        ("confirmation", "grand chemin vert"),
    ]
}

#[tokio::test]
async fn cpt_5_a_candidate_registers_by_mail_then_signs_in() {
    let t = site().await;
    let mut n = t.navigateur();
    juste(n.opens("/inscription").await)
        .sees("n’est pas encore ouverte : ouverture le mercredi 17 janvier 2024");
    t.at_opening(Etape::Voeux).await;
    let page = juste(n.opens("/inscription").await);
    page.sees("Jusqu’au jeudi 14 mars 2024");
    let faux = juste(n.submits(&page, "Recevoir le lien", &[("courriel", "pas une adresse")]).await);
    faux.is(422).sees("nom@domaine.fr");
    let envoye = juste(n.submits(&page, "Recevoir le lien", &[("courriel", "lea@exemple.fr")]).await);
    envoye.sees("Un courriel vient d’être envoyé à cette adresse.");
    let lien = dernier_lien(&t, "/inscription/").await;
    let page = juste(n.opens(&lien).await);
    page.sees("lea@exemple.fr");
    let mut faux = dossier("12");
    faux.retain(|(c, _)| *c != "naissance" && *c != "boursier");
    faux.push(("naissance", "31/02/2006"));
    let refus = juste(n.submits(&page, "Créer mon dossier", &faux).await);
    refus.is(422).sees("L’INE compte 11 caractères").sees("Saisissez une date qui existe").sees("boursier");
    assert!(refus.html.contains("value=\"Lefèvre\""), "keeps what was typed");
    let fait = juste(n.submits(&refus, "Créer mon dossier", &dossier("1234567890A")).await);
    fait.sees("Votre inscription est confirmée.");
    // Two tabs: the same form again gives the same outcome, and only one record.
    n.submits(&refus, "Créer mon dossier", &dossier("1234567890A"))
        .await
        .sees("Votre inscription est confirmée.");
    assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat", vec![]).await, 1);
    juste(n.opens(&lien).await).is(410);
    let arrivee = n
        .submits(
            &fait,
            "Se connecter",
            &[("courriel", "lea@exemple.fr"), ("mot_de_passe", "grand chemin vert")],
        )
        .await;
    assert!(arrivee.url.starts_with("/candidat"), "{}", arrivee.url);

    // The receipt of the mail is checked by anybody.
    let envoi = t.envois().await.remove(0);
    let numero = envoi.corps.split("Récépissé : ").nth(1).unwrap().split_whitespace().next().unwrap();
    let mut passant = t.navigateur();
    let page = juste(passant.opens("/recepisse").await);
    let vu = juste(passant.submits(&page, "Vérifier", &[("numero", numero)]).await);
    vu.is(200).sees("authentique").sees("Inscription d’un candidat").sees_not("Lefèvre");
    juste(passant.submits(&page, "Vérifier", &[("numero", "AAAA-BBBB-CCCC")]).await)
        .is(404)
        .sees("Aucun récépissé");
}

#[tokio::test]
async fn r_cal_01_the_form_left_open_past_the_deadline_is_refused_with_the_date() {
    let t = site().await;
    t.at_opening(Etape::Voeux).await;
    let mut n = t.navigateur();
    let debut = n.opens("/inscription").await;
    n.submits(&debut, "Recevoir le lien", &[("courriel", "lea@exemple.fr")]).await;
    let lien = dernier_lien(&t, "/inscription/").await;
    let page = n.opens(&lien).await;
    t.at_closing(Etape::Voeux).await;
    let refus = juste(n.submits(&page, "Créer mon dossier", &dossier("")).await);
    refus
        .is(422)
        .sees("est close depuis le jeudi 14 mars 2024 à 23\u{a0}h\u{a0}59")
        .sees_not("Créer mon dossier");
    juste(n.submits(&debut, "Recevoir le lien", &[("courriel", "zoe@exemple.fr")]).await)
        .is(422)
        .sees("est close");
    assert_eq!(t.nombre("SELECT COUNT(*) FROM compte", vec![]).await, 0);
}

#[tokio::test]
async fn the_home_page_says_what_is_open_until_when() {
    let t = site().await;
    let mut n = t.navigateur();
    t.at("2023-11-20T10:00");
    juste(n.opens("/").await).sees("L’offre se consulte à partir du mercredi 20 décembre 2023");
    t.at_opening(Etape::Voeux).await;
    let page = juste(n.opens("/").await);
    page.sees("toute l’offre publiée");
    page.sees("Inscription et formulation des vœux").sees("Jusqu’au jeudi 14 mars 2024").sees("À venir");
    t.at_opening(Etape::Admission).await;
    juste(n.opens("/").await).sees("Phase principale d’admission").sees("Terminé");
}

#[tokio::test]
async fn a_platform_without_a_session_still_has_a_home_page() {
    let t = TestApp::new(Base::sqlite()).await;
    let mut n = t.navigateur();
    juste(n.opens("/").await).is(200).sees("Aucune session n’est ouverte");
    juste(n.opens("/inscription").await).is(200).sees("Aucune session n’est ouverte");
}

#[tokio::test]
async fn acc_3_information_pages_exist_and_say_auto_evaluation() {
    let t = site().await;
    let mut n = t.navigateur();
    for chemin in ["/accessibilite", "/mentions-legales", "/plan-du-site", "/aide", "/apparence"] {
        juste(n.opens(chemin).await).is(200);
    }
    n.opens("/accessibilite").await.sees("auto-évaluation").sees("jamais sur un audit");
    let page = n.opens("/apparence").await;
    let fait = juste(n.submits(&page, "Enregistrer ce choix", &[("apparence", "dark")]).await);
    assert!(fait.html.contains("data-fr-theme=\"dark\""));
    n.submits(&page, "Enregistrer ce choix", &[("apparence", "rose")]).await.is(422);
}

#[tokio::test]
async fn ent_1_somebody_not_signed_in_may_not_make_the_server_hold_a_large_file() {
    let t = site().await;
    let mut n = t.navigateur();
    let page = n.opens("/connexion").await;
    let gros = vec![b'a'; t.app.limites.formulaire_octets + 200 * 1024];
    n.uploads(&page, "Se connecter", "fichier", "gros.csv", &gros).await.is(413);
    // A cookie that opens nothing does not help.
    let mut n = t.navigateur().with_cookie("session", &"a".repeat(52));
    let page = n.opens("/connexion").await;
    n.uploads(&page, "Se connecter", "fichier", "gros.csv", &gros).await.is(413);
}
