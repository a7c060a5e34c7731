//! Means of the second step, known networks and browsers, sensitive acts, waves of failures: on both databases.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{
    Bassin, CommandeEnrolement, Connexion, Decision, DemandeGardee, EtapeConnexion, MotDePasse,
    NouveauCompte, SessionVue, Verification, add_passkey, close_one, confirm_mobile, create_compte,
    decide_security, enrol, enrol_passkey, forget_browsers, keep_request, kept_request, postpone_enrolement,
    prepare_enrolement, remove_passkey, renew_codes, resolve_session, second_step_choices, security_page,
    security_settings, send_code, send_mobile_code, sign_in, sign_out_everywhere, start_passkey,
    start_verification, totp_code, verify_code,
};
use app::contexte::SecondeEtape;
use app::limites::Limites;
use app::{AppError, Ctx};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use domain::comptes::{EtatCompte, Moyen, Role};
use domain::droits::{Acteur, Action, Attribution, Cible};
use jiff::SignedDuration;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};
use testkit::{TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];
const LEA: &str = "lea@lycee.fr";

async fn personne(t: &TestApp, courriel: &str, role: Role, totp: Option<Vec<u8>>) -> i64 {
    let nouveau = NouveauCompte {
        courriel: courriel.to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![Attribution::simple(role)],
        etat: EtatCompte::Actif,
        totp,
    };
    create_compte(&t.systeme(), nouveau).await.unwrap()
}

fn visiteur(t: &TestApp, reseau: &str, temoin: Option<&str>) -> Ctx {
    Ctx {
        reseau: reseau.to_owned(),
        temoin: temoin.map(str::to_owned),
        seconde_etape: SecondeEtape::Absente,
        ..t.ctx(Acteur::public())
    }
}

/// The context of a signed-in person.
fn en_session(t: &TestApp, reseau: &str, s: &SessionVue) -> Ctx {
    Ctx { acteur: s.acteur(), seconde_etape: s.seconde_etape(), ..visiteur(t, reseau, None) }
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

fn ms(t: &TestApp) -> i64 {
    t.app.horloge.maintenant().as_millisecond()
}

async fn session(t: &TestApp, jeton: &str, reseau: &str) -> SessionVue {
    resolve_session(&t.app, jeton, reseau, ms(t)).await.unwrap().unwrap()
}

async fn modeles(t: &TestApp) -> Vec<String> {
    t.envois().await.into_iter().map(|e| e.modele).collect()
}

/// Signs in with the authenticator, from anywhere.
async fn entre(t: &TestApp, reseau: &str, temoin: Option<&str>) -> (Connexion, SessionVue) {
    let ctx = visiteur(t, reseau, temoin);
    let c = sign_in(&ctx, "nav", LEA, MDP).await.unwrap();
    let s = session(t, &c.jeton, reseau).await;
    let code = totp_code(&SECRET, ms(t)).unwrap();
    let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else {
        panic!("refused")
    };
    let s = session(t, &c.jeton, reseau).await;
    (c, s)
}

/// Sign-in with the right password only: where it stands.
async fn etape(t: &TestApp, reseau: &str, temoin: Option<&str>) -> EtapeConnexion {
    sign_in(&visiteur(t, reseau, temoin), "nav", LEA, MDP).await.unwrap().etape
}

both_databases! {
    async fn sec_7_a_code_serves_once_in_the_browser_that_asked_and_a_new_one_cancels_the_former(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, None).await;
        let ctx = visiteur(&t, "A", None);
        let c = sign_in(&ctx, "nav", LEA, MDP).await.unwrap();
        assert_eq!(c.etape, EtapeConnexion::SecondFacteur);
        let s = session(&t, &c.jeton, "A").await;
        assert_eq!(second_step_choices(&ctx, &s).await.unwrap().moyens, [Moyen::Courriel]);
        assert!(send_code(&ctx, &s, "nav", Moyen::Sms).await.is_err(), "no number was proved");
        send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
        let premier = t.code_recu().await;
        assert_eq!(premier.len(), 8);
        assert!(t.nombre("SELECT COUNT(*) FROM code_envoye WHERE empreinte LIKE '%' || $1 || '%'", vec![premier.clone().into()]).await == 0);
        // The envelope leaves before everything else and dies with the code (NOT-1).
        let envoi = t.envois().await.remove(0);
        assert_eq!(envoi.perime_le, Some(ms(&t) + 600_000));
        later(&t, 61);
        let ctx = visiteur(&t, "A", None);
        send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
        let second = t.code_recu().await;
        assert_ne!(premier, second);
        assert!(matches!(verify_code(&ctx, &s, "nav", &premier).await.unwrap(), Verification::Refusee { .. }));
        // Another browser, even with the cookie.
        assert!(matches!(verify_code(&ctx, &s, "autre", &second).await.unwrap(), Verification::Refusee { .. }));
        // Another attempt of the same person.
        let c2 = sign_in(&ctx, "nav", LEA, MDP).await.unwrap();
        let s2 = session(&t, &c2.jeton, "A").await;
        assert!(matches!(verify_code(&ctx, &s2, "nav", &second).await.unwrap(), Verification::Refusee { .. }));
        let v = verify_code(&ctx, &s, "nav", &format!("{} {}", &second[..4], &second[4..])).await.unwrap();
        let Verification::Acceptee(c) = v else { panic!("{v:?}") };
        assert_eq!(c.etape, EtapeConnexion::Complete);
        assert!(matches!(verify_code(&ctx, &s2, "nav", &second).await.unwrap(), Verification::Refusee { .. }));
    }

    async fn sec_7_a_code_dies_after_ten_minutes(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, None).await;
        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
        let code = t.code_recu().await;
        later(&t, 600);
        let ctx = visiteur(&t, "A", None);
        assert!(matches!(verify_code(&ctx, &s, "nav", &code).await.unwrap(), Verification::Refusee { .. }));
        app::taches::livrer(&t.app).await.unwrap();
        assert!(t.courriels.0.lock().unwrap().iter().all(|m| !m.corps.contains(&code[..4])), "never sent too late");
    }

    async fn sec_10_codes_leave_once_a_minute_three_an_hour_and_eight_a_day(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, None).await;
        let ctx = visiteur(&t, "A", None);
        let jeton = sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton;
        let demande = async |t: &TestApp| {
            let s = session(t, &jeton, "A").await;
            send_code(&visiteur(t, "A", None), &s, "nav", Moyen::Courriel).await
        };
        demande(&t).await.unwrap();
        assert!(matches!(demande(&t).await, Err(AppError::TooMany { attente_s: 60 })));
        for _ in 0..2 {
            later(&t, 60);
            demande(&t).await.unwrap();
        }
        later(&t, 60);
        let e = demande(&t).await;
        assert!(matches!(e, Err(AppError::TooMany { attente_s: 3_420 })), "{e:?}");
        let mut envoyes = 3;
        for _ in 0..14 {
            later(&t, 1_200);
            // The half-open session would die of inactivity: each request holds it.
            if demande(&t).await.is_ok() {
                envoyes += 1;
            }
        }
        assert_eq!(envoyes, 8);
    }

    async fn sec_10_sms_have_a_ceiling_for_the_whole_platform_and_an_alarm(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (_, s) = entre(&t, "A", None).await;
        let ctx = en_session(&t, "A", &s);
        let cle = t.app.coffre.fingerprint("envoi-sms", "plateforme");
        for _ in 0..t.app.limites.sms_par_heure {
            t.sql("INSERT INTO essai (cle, instant) VALUES ($1, $2)", vec![cle.clone().into(), ms(&t).into()]).await;
        }
        let e = send_mobile_code(&ctx, &s, "nav", "06 12 34 56 78").await;
        assert!(matches!(e, Err(AppError::Invalid(_))), "{e:?}");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'alarme' AND issue = 'plafond_sms'", vec![]).await, 1);
    }

    async fn sec_4_a_number_is_proved_by_sms_then_serves_at_sign_in(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (_, s) = entre(&t, "A", None).await;
        let ctx = en_session(&t, "A", &s);
        assert!(matches!(send_mobile_code(&ctx, &s, "nav", "03 22 33 44 55").await, Err(AppError::Invalid(_))));
        send_mobile_code(&ctx, &s, "nav", "06 12 34 56 78").await.unwrap();
        let envoi = t.envois().await.remove(0);
        assert_eq!((envoi.canal.as_str(), envoi.destinataire.as_str()), ("sms", "+33612345678"));
        assert!(matches!(confirm_mobile(&ctx, &s, "nav", "00000000").await, Err(AppError::Invalid(_))));
        confirm_mobile(&ctx, &s, "nav", &t.code_recu().await).await.unwrap();
        assert_eq!(security_page(&ctx, &s).await.unwrap().mobile.as_deref(), Some("•• •• 56 78"));
        assert!(modeles(&t).await.contains(&"moyen_change".to_owned()));
        later(&t, 3_600);
        let ctx = visiteur(&t, "B", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "B").await;
        let choix = second_step_choices(&ctx, &s).await.unwrap();
        assert_eq!(choix.moyens, [Moyen::Totp, Moyen::Sms, Moyen::Courriel]);
        send_code(&ctx, &s, "nav", Moyen::Sms).await.unwrap();
        let v = verify_code(&ctx, &s, "nav", &t.code_recu().await).await.unwrap();
        assert!(matches!(v, Verification::Acceptee(_)), "{v:?}");
        // Another number written on the account proves nothing.
        t.sql("UPDATE mobile_prouve SET empreinte = 'autre'", vec![]).await;
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "B").await;
        assert!(!second_step_choices(&ctx, &s).await.unwrap().offre("sms"));
    }

    async fn sec_9_ten_recovery_codes_serve_once_each_and_their_holder_is_told(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (_, s) = entre(&t, "A", None).await;
        let codes = renew_codes(&en_session(&t, "A", &s), &s).await.unwrap();
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|c| c.len() == 19));
        for (rang, code) in codes.iter().enumerate() {
            later(&t, 1);
            let ctx = visiteur(&t, "A", None);
            let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
            let v = verify_code(&ctx, &s, "nav", &code.to_uppercase()).await.unwrap();
            assert!(matches!(v, Verification::Acceptee(_)), "{rang} {v:?}");
            let avis = t.envois().await.into_iter().find(|e| e.modele == "code_secours_utilise").unwrap();
            assert!(avis.corps.contains(&format!("Codes restants : {}.", 9 - rang)), "{}", avis.corps);
            assert_eq!(avis.corps.contains("Il vous en reste peu"), 9 - rang < 3);
        }
        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        assert!(matches!(verify_code(&ctx, &s, "nav", &codes[0]).await.unwrap(), Verification::Refusee { .. }));
        // New ones cancel the former ones.
        let (_, s) = { later(&t, 30); entre(&t, "A", None).await };
        let ctx = en_session(&t, "A", &s);
        let avant = renew_codes(&ctx, &s).await.unwrap();
        renew_codes(&ctx, &s).await.unwrap();
        let s = session(&t, &sign_in(&visiteur(&t, "A", None), "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        let v = verify_code(&visiteur(&t, "A", None), &s, "nav", &avant[0]).await.unwrap();
        assert!(matches!(v, Verification::Refusee { .. }));
    }

    async fn sec_8_twenty_five_failures_close_unknown_networks_until_midnight_in_paris(base) {
        let t = TestApp::new(base).await;
        let id = personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        entre(&t, "A", None).await;
        later(&t, 60);
        let cle = t.app.coffre.fingerprint("essai-second-facteur", &id.to_string());
        for _ in 0..25 {
            t.sql("INSERT INTO essai (cle, instant) VALUES ($1, $2)", vec![cle.clone().into(), ms(&t).into()]).await;
        }
        let ctx = visiteur(&t, "B", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "B").await;
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let e = verify_code(&ctx, &s, "nav", &code).await;
        // It is 9:01 in Paris: fifteen hours, less one minute.
        assert!(matches!(e, Err(AppError::TooMany { attente_s: 53_940 })), "{e:?}");
        // The known network still opens, and closes in its turn: a school has one address for everybody.
        let (c, _) = entre(&t, "A", None).await;
        assert_eq!(c.etape, EtapeConnexion::Complete);
        let deja = t.nombre("SELECT COUNT(*) FROM essai WHERE cle = $1", vec![cle.clone().into()]).await;
        for _ in deja..50 {
            t.sql("INSERT INTO essai (cle, instant) VALUES ($1, $2)", vec![cle.clone().into(), ms(&t).into()]).await;
        }
        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        let e = verify_code(&ctx, &s, "nav", &totp_code(&SECRET, ms(&t)).unwrap()).await;
        assert!(matches!(e, Err(AppError::TooMany { .. })), "{e:?}");
    }

    async fn sec_1_strict_asks_again_as_soon_as_network_or_browser_is_not_that_of_the_last_second_step(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (c, _) = entre(&t, "A", None).await;
        let maison = c.temoin.unwrap();
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::Complete);
        assert_eq!(etape(&t, "A", None).await, EtapeConnexion::SecondFacteur, "another browser");
        assert_eq!(etape(&t, "B", Some(&maison)).await, EtapeConnexion::SecondFacteur, "another network");
        let forge = format!("{}.{}", "a".repeat(52), "b".repeat(64));
        assert_eq!(etape(&t, "A", Some(&forge)).await, EtapeConnexion::SecondFacteur, "a cookie that is not ours");
        later(&t, 30);
        let (c, _) = entre(&t, "B", None).await;
        let bureau = c.temoin.unwrap();
        assert_eq!(etape(&t, "B", Some(&bureau)).await, EtapeConnexion::Complete);
        // Known, but no longer the last ones.
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::SecondFacteur);
        later(&t, 30 * 86_400);
        assert_eq!(etape(&t, "B", Some(&bureau)).await, EtapeConnexion::SecondFacteur, "after 30 days");
    }

    async fn sec_2_soft_spares_known_networks_with_known_browsers_and_is_a_recorded_national_setting(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminNational, Some(SECRET.to_vec())).await;
        let (c, s) = entre(&t, "A", None).await;
        let maison = c.temoin.unwrap();
        let ctx = en_session(&t, "A", &s);
        assert!(!security_settings(&ctx).await.unwrap().souple, "strict by default");
        decide_security(&ctx, Decision::Mode { souple: true }).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'reglage' AND objet_id = 'connexion'", vec![]).await, 1);
        later(&t, 30);
        let (c, _) = entre(&t, "B", None).await;
        let bureau = c.temoin.unwrap();
        for (reseau, temoin) in [("A", &maison), ("B", &bureau), ("A", &bureau)] {
            assert_eq!(etape(&t, reseau, Some(temoin)).await, EtapeConnexion::Complete);
        }
        assert_eq!(etape(&t, "C", Some(&maison)).await, EtapeConnexion::SecondFacteur);
        assert_eq!(etape(&t, "A", None).await, EtapeConnexion::SecondFacteur);
        // Ten networks at most: the oldest is forgotten.
        for i in 0..10 {
            later(&t, 30);
            entre(&t, &format!("R{i}"), Some(&maison)).await;
        }
        assert_eq!(t.nombre("SELECT COUNT(*) FROM reseau_connu", vec![]).await, 10);
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::SecondFacteur);
        // Nothing readable of the network is kept.
        assert_eq!(t.nombre("SELECT COUNT(*) FROM reseau_connu WHERE empreinte LIKE '%R1%'", vec![]).await, 0);
    }

    async fn sec_3_ses_5_a_session_seen_from_another_network_gives_nothing_until_confirmed(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (c, _) = entre(&t, "A", None).await;
        let s = session(&t, &c.jeton, "B").await;
        assert_eq!(s.etape, EtapeConnexion::SecondFacteur);
        assert!(s.acteur().compte.is_none());
        assert_eq!(s.seconde_etape(), SecondeEtape::Absente);
        assert!(security_page(&visiteur(&t, "B", None), &s).await.is_err());
        // The way back does not open it either.
        assert_eq!(session(&t, &c.jeton, "A").await.etape, EtapeConnexion::SecondFacteur);
        let ctx = visiteur(&t, "B", None);
        let demande = DemandeGardee { chemin: "/gestion/x".to_owned(), corps: b"note=12&temoin=secret".to_vec() };
        let id = keep_request(&ctx, s.compte, &demande).await.unwrap().unwrap();
        assert_eq!(kept_request(&ctx, &s, &id).await.unwrap(), demande);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM demande_gardee WHERE CAST(corps_chiffre AS TEXT) LIKE '%temoin%'", vec![]).await, 0);
        let gros = DemandeGardee { corps: vec![b'a'; 256 * 1024 + 1], ..demande.clone() };
        assert_eq!(keep_request(&ctx, s.compte, &gros).await.unwrap(), None);
        // Somebody else's is as unknown as none.
        personne(&t, "zoe@lycee.fr", Role::RespFormation, Some(SECRET.to_vec())).await;
        let c2 = sign_in(&ctx, "nav", "zoe@lycee.fr", MDP).await.unwrap();
        let zoe = session(&t, &c2.jeton, "B").await;
        assert!(matches!(kept_request(&ctx, &zoe, &id).await, Err(AppError::NotFound)));
        later(&t, 1_800);
        assert!(matches!(kept_request(&visiteur(&t, "B", None), &s, &id).await, Err(AppError::NotFound)));
    }

    async fn sec_5_a_strong_factor_is_compulsory_fourteen_days_after_activation(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminSite, None).await;
        let par_courriel = async |t: &TestApp| {
            let ctx = visiteur(t, "A", None);
            let s = session(t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
            send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
            let code = t.code_recu().await;
            let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else { panic!() };
            assert_eq!(c.etape, EtapeConnexion::Enrolement);
            session(t, &c.jeton, "A").await
        };
        let s = par_courriel(&t).await;
        let ctx = visiteur(&t, "A", None);
        assert!(prepare_enrolement(&ctx, &s, None).await.unwrap().plus_tard_ms.is_some());
        // An administrator gives a number first (CPT-3), whichever way is chosen then.
        assert!(matches!(postpone_enrolement(&ctx, &s, "nav").await, Err(AppError::Conflict)));
        assert!(matches!(enrol_passkey(&ctx, &s, "nav", "", "{}").await, Err(AppError::Conflict)));
        assert!(matches!(enrol(&ctx, &s, "nav", &CommandeEnrolement::default()).await, Err(AppError::Conflict)));
        later(&t, 60);
        let ctx = visiteur(&t, "A", None);
        app::comptes::give_mobile(&ctx, &s, "nav", "06 12 34 56 78").await.unwrap();
        let c = postpone_enrolement(&ctx, &s, "nav").await.unwrap();
        let s = session(&t, &c.jeton, "A").await;
        // Mail never suffices for a sensitive act.
        let ctx = en_session(&t, "A", &s);
        assert!(matches!(ctx.require_fresh(), Err(AppError::Confirmation)));
        // It lets its holder add a first means.
        start_passkey(&ctx, &s).await.unwrap();
        later(&t, 14 * 86_400);
        let s = par_courriel(&t).await;
        let ctx = visiteur(&t, "A", None);
        let page = prepare_enrolement(&ctx, &s, None).await.unwrap();
        assert!(page.plus_tard_ms.is_none());
        assert!(postpone_enrolement(&ctx, &s, "nav").await.is_err());
        let facteur = page.facteur.unwrap();
        let secret = BASE32_NOPAD.decode(facteur.secret.replace(' ', "").as_bytes()).unwrap();
        let commande = CommandeEnrolement {
            scelle: facteur.scelle,
            code: totp_code(&secret, ms(&t)).unwrap(),
            ..CommandeEnrolement::default()
        };
        let c = enrol(&ctx, &s, "nav", &commande).await.unwrap();
        assert_eq!(c.codes.len(), 10);
        let s = session(&t, &c.jeton, "A").await;
        en_session(&t, "A", &s).require_fresh().unwrap();
        // From now on the code by mail is no longer offered.
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        let choix = second_step_choices(&ctx, &s).await.unwrap();
        assert_eq!(choix.moyens, [Moyen::Totp, Moyen::Secours]);
        assert!(send_code(&ctx, &s, "nav", Moyen::Courriel).await.is_err());
    }

    async fn sec_5_a_second_step_that_would_be_spared_is_asked_when_a_strong_means_is_missing_by_now(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminNational, None).await;
        let par_courriel = async |t: &TestApp| {
            let ctx = visiteur(t, "A", None);
            let s = session(t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
            send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
            let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &t.code_recu().await).await.unwrap() else { panic!() };
            session(t, &c.jeton, "A").await
        };
        let s = par_courriel(&t).await;
        let c = postpone_enrolement(&visiteur(&t, "A", None), &s, "nav").await.unwrap();
        let temoin = c.temoin.unwrap();
        assert_eq!(etape(&t, "A", Some(&temoin)).await, EtapeConnexion::Complete, "spared where the last one was made");
        later(&t, 14 * 86_400);
        assert_eq!(etape(&t, "A", Some(&temoin)).await, EtapeConnexion::SecondFacteur);
    }

    async fn sec_3_a_session_that_secures_its_account_shows_its_step_again_from_another_network(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminSite, None).await;
        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
        let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &t.code_recu().await).await.unwrap() else { panic!() };
        assert_eq!(session(&t, &c.jeton, "A").await.etape, EtapeConnexion::Enrolement);
        let s = session(&t, &c.jeton, "B").await;
        assert_eq!(s.etape, EtapeConnexion::SecondFacteur, "a stolen cookie enrols nothing elsewhere");
        assert!(prepare_enrolement(&visiteur(&t, "B", None), &s, None).await.is_err());
    }

    async fn sec_4_a_code_typed_with_a_hyphen_is_the_same(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let v = verify_code(&ctx, &s, "nav", &format!("{}-{}", &code[..3], &code[3..])).await.unwrap();
        assert!(matches!(v, Verification::Acceptee(_)), "{v:?}");
    }

    async fn hab_7_a_sensitive_act_asks_for_a_second_step_of_a_quarter_of_an_hour(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminNational, Some(SECRET.to_vec())).await;
        let (c, s) = entre(&t, "A", None).await;
        let cible = Cible::plateforme();
        en_session(&t, "A", &s).permit(Action::PublierPassage, &cible).unwrap();
        later(&t, 600);
        // Reading holds the session, not the second step.
        let s = session(&t, &c.jeton, "A").await;
        later(&t, 299);
        en_session(&t, "A", &s).permit(Action::PublierPassage, &cible).unwrap();
        later(&t, 1);
        let ctx = en_session(&t, "A", &s);
        assert!(matches!(ctx.permit(Action::PublierPassage, &cible), Err(AppError::Confirmation)));
        assert!(ctx.may(Action::PublierPassage, &cible), "the button still shows");
        ctx.permit(Action::ConsulterPassages, &cible).unwrap();
        // A right that is missing is said before anything else.
        assert!(matches!(ctx.permit(Action::TransmettreClassement, &cible), Err(AppError::Denied(_))));
        // Confirming gives a new session, and the act passes.
        let s = session(&t, &c.jeton, "A").await;
        let choix = second_step_choices(&ctx, &s).await.unwrap();
        assert!(choix.confirmation && !choix.offre("courriel"));
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let Verification::Acceptee(neuve) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else { panic!() };
        assert_ne!(neuve.jeton, c.jeton);
        assert!(resolve_session(&t.app, &c.jeton, "A", ms(&t)).await.unwrap().is_none());
        let s = session(&t, &neuve.jeton, "A").await;
        en_session(&t, "A", &s).permit(Action::PublierPassage, &cible).unwrap();
        // Spared at sign-in (SEC-1), the second step is still asked for the act.
        let c = sign_in(&visiteur(&t, "A", neuve.temoin.as_deref()), "nav", LEA, MDP).await.unwrap();
        assert_eq!(c.etape, EtapeConnexion::Complete);
        let s = session(&t, &c.jeton, "A").await;
        assert!(matches!(en_session(&t, "A", &s).permit(Action::PublierPassage, &cible), Err(AppError::Confirmation)));
    }

    async fn lim_1_guesses_from_elsewhere_do_not_close_the_usual_browser_nor_the_usual_network(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (c, _) = entre(&t, "LYCEE", None).await;
        let maison = c.temoin.unwrap();
        let rate = async |reseau: &str, temoin: Option<&str>| {
            sign_in(&visiteur(&t, reseau, temoin), "nav", LEA, "faux").await.unwrap_err()
        };
        // Elsewhere: five, then wait.
        for _ in 0..5 {
            assert!(matches!(rate("X", None).await, AppError::Invalid(_)));
        }
        assert!(matches!(rate("Y", None).await, AppError::TooMany { .. }));
        // Behind the address of the lycée: ten, then wait.
        for _ in 0..10 {
            assert!(matches!(rate("LYCEE", None).await, AppError::Invalid(_)));
        }
        assert!(matches!(rate("LYCEE", None).await, AppError::TooMany { .. }));
        // The usual browser signs in, from anywhere; the second step is still asked elsewhere.
        assert_eq!(etape(&t, "LYCEE", Some(&maison)).await, EtapeConnexion::Complete);
        assert_eq!(etape(&t, "Z", Some(&maison)).await, EtapeConnexion::SecondFacteur);
        for _ in 0..10 {
            assert!(matches!(rate("X", Some(&maison)).await, AppError::Invalid(_)));
        }
        assert!(matches!(rate("LYCEE", Some(&maison)).await, AppError::TooMany { .. }));
    }

    async fn lim_2_many_accounts_failing_from_one_network_are_slowed_down_and_told(base) {
        let t = TestApp::new(base).await;
        for i in 0..100 {
            t.sql(
                "INSERT INTO echec_reseau (reseau, adresse, instant) VALUES ('X', $1, $2)",
                vec![format!("a{}", i % 30).into(), ms(&t).into()],
            )
            .await;
        }
        let alarmes = "SELECT COUNT(*) FROM journal WHERE action = 'alarme' AND issue = 'bourrage'";
        sign_in(&visiteur(&t, "X", None), "nav", "zoe@lycee.fr", "faux").await.unwrap_err();
        assert_eq!(t.nombre(alarmes, vec![]).await, 1);
        let debut = std::time::Instant::now();
        sign_in(&visiteur(&t, "X", None), "nav", "zoe@lycee.fr", "faux").await.unwrap_err();
        assert!(debut.elapsed().as_millis() >= 2_000, "{:?}", debut.elapsed());
        assert_eq!(t.nombre(alarmes, vec![]).await, 1, "told once");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM alarme WHERE genre = 'bourrage'", vec![]).await, 1, "on the page too");
        // Ten minutes later, nothing more is told.
        later(&t, 601);
        sign_in(&visiteur(&t, "X", None), "nav", "zoe@lycee.fr", "faux").await.unwrap_err();
        assert_eq!(t.nombre(alarmes, vec![]).await, 1);
    }

    async fn lim_3_a_wave_of_failures_turns_the_reinforced_mode_on_and_two_people_turn_it_off(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminNational, Some(SECRET.to_vec())).await;
        let (c, s) = entre(&t, "A", None).await;
        let maison = c.temoin.unwrap();
        let tranche = ms(&t) / 600_000;
        for k in 1..=20 {
            t.sql(
                "INSERT INTO mesure_connexion (tranche, essais, echecs) VALUES ($1, 100, 5)",
                vec![(tranche - k).into()],
            )
            .await;
        }
        t.sql("UPDATE mesure_connexion SET essais = 100, echecs = 49 WHERE tranche = $1", vec![tranche.into()]).await;
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::Complete);
        sign_in(&visiteur(&t, "B", None), "nav", "inconnue@lycee.fr", "faux").await.unwrap_err();
        let ctx = en_session(&t, "A", &s);
        assert!(security_settings(&ctx).await.unwrap().renforce);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'alarme' AND issue = 'mode_renforce'", vec![]).await, 1);
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::SecondFacteur, "everybody, everywhere");
        // HAB-8: the same person cannot propose and decide.
        decide_security(&ctx, Decision::Sortir).await.unwrap();
        assert!(matches!(decide_security(&ctx, Decision::Sortir).await, Err(AppError::Invalid(_))));
        let autre = personne(&t, "malik@lycee.fr", Role::AdminNational, None).await;
        let acteur = Acteur { compte: Some(autre), ..ctx.acteur.clone() };
        let apres = decide_security(&Ctx { acteur, ..ctx }, Decision::Sortir).await.unwrap();
        assert!(!apres.renforce);
        assert_eq!(etape(&t, "A", Some(&maison)).await, EtapeConnexion::Complete);
    }

    async fn lim_7_the_holder_learns_of_a_new_network_and_of_failures_followed_by_a_success(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        entre(&t, "A", None).await;
        assert!(modeles(&t).await.is_empty(), "the first network is no news");
        later(&t, 30);
        entre(&t, "A", None).await;
        assert!(modeles(&t).await.is_empty());
        later(&t, 30);
        entre(&t, "B", None).await;
        assert_eq!(modeles(&t).await, ["nouveau_reseau"]);
        for _ in 0..5 {
            sign_in(&visiteur(&t, "C", None), "nav", LEA, "faux").await.unwrap_err();
        }
        later(&t, 61);
        sign_in(&visiteur(&t, "C", None), "nav", LEA, MDP).await.unwrap();
        assert_eq!(modeles(&t).await[0], "echecs_puis_succes");
        let corps = t.envois().await.remove(0).corps;
        assert!(corps.contains("après 5 essais manqués"), "{corps}");
    }

    async fn mdp_4_a_password_is_hashed_again_at_sign_in_when_its_cost_rose(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, None).await;
        let faible = Limites { hachage_memoire_kio: 64, hachage_passes: 1, ..testkit::limites() };
        let ancien = Bassin::new(1, &faible, t.app.secrets.poivre).unwrap().hash(MDP, [1; 16]).await.unwrap();
        t.sql("UPDATE compte SET mot_de_passe = $1", vec![ancien.clone().into()]).await;
        let forts = "SELECT COUNT(*) FROM compte WHERE mot_de_passe LIKE '%m=19456,t=2,p=1%'";
        sign_in(&visiteur(&t, "A", None), "nav", LEA, "faux").await.unwrap_err();
        assert_eq!(t.nombre(forts, vec![]).await, 0, "a guess changes nothing");
        sign_in(&visiteur(&t, "A", None), "nav", LEA, MDP).await.unwrap();
        assert_eq!(t.nombre(forts, vec![]).await, 1);
        sign_in(&visiteur(&t, "A", None), "nav", LEA, MDP).await.unwrap();
    }

    async fn ses_4_a_stolen_password_alone_closes_neither_a_session_nor_a_sign_in_under_way(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (ouverte, _) = entre(&t, "A", None).await;
        later(&t, 30);
        let en_cours = sign_in(&visiteur(&t, "B", None), "nav", LEA, MDP).await.unwrap();
        for i in 0..12 {
            sign_in(&visiteur(&t, &format!("voleur{}", i % 4), None), "nav", LEA, MDP).await.unwrap();
            sign_in(&visiteur(&t, "B", None), "autre navigateur", LEA, MDP).await.unwrap();
        }
        session(&t, &ouverte.jeton, "A").await;
        let s = session(&t, &en_cours.jeton, "B").await;
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let apres = verify_code(&visiteur(&t, "B", None), &s, "nav", &code).await.unwrap();
        assert!(matches!(apres, Verification::Acceptee(_)));
        // Each place keeps five at most.
        let pendantes = "SELECT COUNT(*) FROM session_web WHERE etape <> 'complete'";
        assert_eq!(t.nombre(pendantes, vec![]).await, 4 * 3 + 5);
    }

    async fn ses_4_people_see_their_sessions_and_close_one_or_all(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::RespFormation, Some(SECRET.to_vec())).await;
        let (autre, _) = entre(&t, "B", None).await;
        later(&t, 30);
        let (c, s) = entre(&t, "A", None).await;
        let ctx = en_session(&t, "A", &s);
        let vus = security_page(&ctx, &s).await.unwrap().appareils;
        assert_eq!(vus.iter().map(|a| (a.courante, a.meme_reseau)).collect::<Vec<_>>(), [(true, true), (false, false)]);
        let id = vus[1].id.clone();
        // Somebody else closes nothing.
        personne(&t, "zoe@lycee.fr", Role::RespFormation, None).await;
        let zoe = SessionVue { compte: s.compte + 1, ..s.clone() };
        assert!(matches!(close_one(&ctx, &zoe, &id).await, Err(AppError::NotFound)));
        close_one(&ctx, &s, &id).await.unwrap();
        assert!(resolve_session(&t.app, &autre.jeton, "B", ms(&t)).await.unwrap().is_none());
        assert_eq!(etape(&t, "A", c.temoin.as_deref()).await, EtapeConnexion::Complete);
        forget_browsers(&ctx, &s).await.unwrap();
        assert_eq!(etape(&t, "A", c.temoin.as_deref()).await, EtapeConnexion::SecondFacteur);
        sign_out_everywhere(&ctx, &s).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM session_web", vec![]).await, 0);
    }

    async fn sec_4_a_passkey_is_added_then_opens_and_its_challenge_serves_once(base) {
        let t = TestApp::new(base).await;
        personne(&t, LEA, Role::AdminSite, Some(SECRET.to_vec())).await;
        let (_, s) = entre(&t, "A", None).await;
        let ctx = en_session(&t, "A", &s);
        let mut appareil = Authentificateur::new(7);
        let creee = appareil.create(&start_passkey(&ctx, &s).await.unwrap(), "https://parcoursup.example");
        assert_eq!(add_passkey(&ctx, &s, "Clé du bureau", &creee).await.unwrap().len(), 10);
        assert!(matches!(add_passkey(&ctx, &s, "", &creee).await, Err(AppError::Invalid(_))), "once");
        // A page of another site asks in vain.
        let piege = Authentificateur::new(8).create(&start_passkey(&ctx, &s).await.unwrap(), "https://parcoursup.mal");
        assert!(matches!(add_passkey(&ctx, &s, "", &piege).await, Err(AppError::Invalid(_))));
        let page = security_page(&ctx, &s).await.unwrap();
        assert_eq!(page.cles.iter().map(|c| c.nom.as_str()).collect::<Vec<_>>(), ["Clé du bureau"]);
        assert!(t.nombre("SELECT COUNT(*) FROM cle_acces WHERE CAST(donnees_chiffre AS TEXT) LIKE '%cred%'", vec![]).await == 0);

        let ctx = visiteur(&t, "A", None);
        let s = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        assert_eq!(second_step_choices(&ctx, &s).await.unwrap().moyens[0], Moyen::CleAcces);
        let defi = start_verification(&ctx, &s).await.unwrap();
        let intrus = Authentificateur { id: appareil.id.clone(), ..Authentificateur::new(9) }.get(&defi, "https://parcoursup.example");
        assert!(matches!(verify_code(&ctx, &s, "nav", &intrus).await.unwrap(), Verification::Refusee { restants: 4 }));
        let juste = appareil.get(&defi, "https://parcoursup.example");
        assert!(matches!(verify_code(&ctx, &s, "nav", &juste).await.unwrap(), Verification::Refusee { restants: 3 }), "the challenge was used up");
        let hameconnee = appareil.get(&start_verification(&ctx, &s).await.unwrap(), "https://parcoursup.mal");
        assert!(matches!(verify_code(&ctx, &s, "nav", &hameconnee).await.unwrap(), Verification::Refusee { restants: 2 }));
        let juste = appareil.get(&start_verification(&ctx, &s).await.unwrap(), "https://parcoursup.example");
        let v = verify_code(&ctx, &s, "nav", &juste).await.unwrap();
        let Verification::Acceptee(c) = v else { panic!("{v:?}") };
        let s = session(&t, &c.jeton, "A").await;
        assert_eq!(s.seconde_etape.map(|(_, m)| m), Some(Moyen::CleAcces));
        // A copy of the key, whose counter goes back, is refused.
        appareil.compteur = 1;
        let ctx = visiteur(&t, "A", None);
        let s2 = session(&t, &sign_in(&ctx, "nav", LEA, MDP).await.unwrap().jeton, "A").await;
        let copie = appareil.get(&start_verification(&ctx, &s2).await.unwrap(), "https://parcoursup.example");
        assert!(matches!(verify_code(&ctx, &s2, "nav", &copie).await.unwrap(), Verification::Refusee { .. }));
        // Removed, it is no longer offered.
        let ctx = en_session(&t, "A", &s);
        let id = security_page(&ctx, &s).await.unwrap().cles.remove(0).id;
        remove_passkey(&ctx, &s, &id).await.unwrap();
        assert!(!second_step_choices(&ctx, &s2).await.unwrap().offre("cle_acces"));
    }
}

/// A passkey in software: what a device does with the challenge of a page.
struct Authentificateur {
    cle: SigningKey,
    id: Vec<u8>,
    compteur: u32,
}

impl Authentificateur {
    fn new(graine: u8) -> Self {
        Self { cle: SigningKey::from_slice(&[graine; 32]).unwrap(), id: vec![graine; 32], compteur: 0 }
    }

    /// Hash of the site, flags (present, verified, and `plus`), counter.
    fn donnees(&mut self, rp: &str, plus: u8) -> Vec<u8> {
        self.compteur += 1;
        let mut octets = Sha256::digest(rp.as_bytes()).to_vec();
        octets.push(0x05 | plus);
        octets.extend(self.compteur.to_be_bytes());
        octets
    }

    fn client(genre: &str, defi: &serde_json::Value, origine: &str) -> Vec<u8> {
        let defi = defi["publicKey"]["challenge"].as_str().unwrap();
        serde_json::json!({ "type": genre, "challenge": defi, "origin": origine, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn create(&mut self, defi: &str, origine: &str) -> String {
        let defi: serde_json::Value = serde_json::from_str(defi).unwrap();
        let client = Self::client("webauthn.create", &defi, origine);
        let mut donnees = self.donnees(defi["publicKey"]["rp"]["id"].as_str().unwrap(), 0x40);
        donnees.extend([0; 16]);
        donnees.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        donnees.extend(&self.id);
        let point = self.cle.verifying_key().to_sec1_point(false);
        let (x, y) = (&point.as_bytes()[1..33], &point.as_bytes()[33..65]);
        // COSE: {kty: EC2, alg: ES256, crv: P-256, x, y}
        donnees.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        donnees.extend(x);
        donnees.extend([0x22, 0x58, 0x20]);
        donnees.extend(y);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(donnees.len()).unwrap());
        attestation.extend(&donnees);
        let id = BASE64URL_NOPAD.encode(&self.id);
        serde_json::json!({
            "id": id, "rawId": id, "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "attestationObject": BASE64URL_NOPAD.encode(&attestation),
            },
        })
        .to_string()
    }

    fn get(&mut self, defi: &str, origine: &str) -> String {
        let defi: serde_json::Value = serde_json::from_str(defi).unwrap();
        let client = Self::client("webauthn.get", &defi, origine);
        let donnees = self.donnees(defi["publicKey"]["rpId"].as_str().unwrap(), 0);
        let signe = [donnees.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.cle.sign(&signe);
        let id = BASE64URL_NOPAD.encode(&self.id);
        serde_json::json!({
            "id": id, "rawId": id, "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&client),
                "authenticatorData": BASE64URL_NOPAD.encode(&donnees),
                "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()),
            },
        })
        .to_string()
    }
}
