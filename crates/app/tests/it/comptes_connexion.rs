//! Signing in: password, second factor, enrolment, forgotten password, on both databases.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::time::Duration;

use app::comptes::{
    CommandeEnrolement, EtapeConnexion, MotDePasse, NouveauCompte, SessionVue, Verification, check_reset,
    create_compte, enrol, open_session, prepare_enrolement, purge_comptes, request_inscription,
    request_reset, reset_password, resolve_session, send_code, sign_in, totp_code, verify_code,
};
use app::limites::Limites;
use app::{AppError, Ctx};
use data_encoding::BASE32_NOPAD;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::{EtatCompte, Moyen, Niveau, Role};
use domain::droits::{Acteur, Attribution};
use jiff::{SignedDuration, Timestamp};
use store::messagerie::list_envois;
use testkit::{Compteurs, TestApp, both_databases, paris};

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];

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

fn visiteur(t: &TestApp, reseau: &str) -> Ctx {
    Ctx { reseau: reseau.to_owned(), ..t.ctx(Acteur::public()) }
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

fn ms(t: &TestApp) -> i64 {
    t.app.horloge.maintenant().as_millisecond()
}

async fn session(t: &TestApp, jeton: &str) -> Option<SessionVue> {
    resolve_session(&t.app, jeton, "A", ms(t)).await.unwrap()
}

async fn courriels(t: &TestApp) -> Vec<String> {
    let envois = list_envois(&t.app.db, &t.app.coffre, 50).await.unwrap();
    envois.into_iter().map(|e| format!("{}|{}|{}", e.destinataire, e.modele, e.corps)).collect()
}

/// The digits of a code sent.
fn code_recu(message: &str) -> String {
    let chiffres: Vec<char> = message.chars().collect();
    let debut = chiffres
        .windows(9)
        .position(|w| w[4] == ' ' && w.iter().enumerate().all(|(i, c)| i == 4 || c.is_ascii_digit()))
        .unwrap();
    chiffres[debut..debut + 9].iter().filter(|c| c.is_ascii_digit()).collect()
}

/// The token of the link of a mail.
fn jeton_de(courriel: &str, chemin: &str) -> String {
    let debut = courriel.find(chemin).unwrap() + chemin.len();
    courriel[debut..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

both_databases! {
    async fn mdp_6_a_full_queue_is_told_without_a_turn_at_the_database(base) {
        let limites = Limites { file_hachage: 0, ..Limites::default() };
        let t = TestApp::with_limites(base, limites).await;
        let mut tours = Vec::new();
        for _ in 0..t.app.limites.connexions_base {
            tours.push(t.app.hachage.tour_de_base().await.unwrap());
        }
        let ctx = visiteur(&t, "A");
        let essai = sign_in(&ctx, "nav", "lea@lycee.fr", "faux");
        let dit = tokio::time::timeout(Duration::from_secs(20), essai).await;
        assert!(matches!(dit, Ok(Err(AppError::Unavailable))), "{dit:?}");
    }

    async fn mdp_6_whoever_waits_for_a_hash_keeps_nobody_from_the_database(base) {
        let t = TestApp::new(base).await;
        let essais: Vec<_> = (0..60)
            .map(|k| {
                let ctx = visiteur(&t, &format!("R{k}"));
                tokio::spawn(async move { sign_in(&ctx, "nav", &format!("p{k}@lycee.fr"), "faux").await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut tours = Vec::new();
        for _ in 0..t.app.limites.connexions_base {
            tours.push(t.app.hachage.tour_de_base().await.unwrap());
        }
        let restent = essais.iter().filter(|e| !e.is_finished()).count();
        assert!(restent > 0, "every turn is free before the last hash");
        drop(tours);
        for essai in essais {
            assert!(matches!(essai.await.unwrap(), Err(AppError::Invalid(_))));
        }
    }

    async fn lim_5_a_new_password_ends_the_wait_of_whoever_chose_it(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        for _ in 0..5 {
            sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", "faux").await.unwrap_err();
        }
        let attend = sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", MDP).await;
        assert!(matches!(attend, Err(AppError::TooMany { .. })), "{attend:?}");
        request_reset(&visiteur(&t, "A"), "lea@lycee.fr").await.unwrap();
        let jeton = jeton_de(&courriels(&t).await[0], "/mot-de-passe/");
        let nouveau = "Vert8?mUsc4!";
        reset_password(&visiteur(&t, "A"), &jeton, nouveau, nouveau).await.unwrap();
        assert!(sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", nouveau).await.is_ok());
    }

    async fn ses_1_each_step_gives_a_new_token_and_closes_the_former(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
        let ctx = visiteur(&t, "A");
        let c = sign_in(&ctx, "nav", " LEA@lycee.fr", MDP).await.unwrap();
        assert_eq!(c.etape, EtapeConnexion::SecondFacteur);
        let s = session(&t, &c.jeton).await.unwrap();
        assert!(s.acteur().compte.is_none(), "no data before the second factor");
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let Verification::Acceptee(complete) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else {
            panic!("accepted")
        };
        assert_ne!(complete.jeton, c.jeton);
        assert!(session(&t, &c.jeton).await.is_none());
        assert_eq!(session(&t, &complete.jeton).await.unwrap().etape, EtapeConnexion::Complete);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM compte WHERE derniere_connexion_le IS NOT NULL", vec![]).await, 1);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'connexion' AND issue = 'complete'", vec![]).await, 1);
    }

    async fn lim_1_failures_ask_to_wait_for_known_and_unknown_addresses_alike(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        for adresse in ["lea@lycee.fr", "inconnue@lycee.fr"] {
            let mut dits = Vec::new();
            for _ in 0..5 {
                let e = sign_in(&visiteur(&t, "A"), "nav", adresse, "faux").await.unwrap_err();
                assert!(matches!(e, AppError::Invalid(_)), "{e:?}");
                dits.push(format!("{e:?}"));
            }
            assert!(dits.iter().all(|d| d == &dits[0]));
            let e = sign_in(&visiteur(&t, "A"), "nav", adresse, MDP).await.unwrap_err();
            assert!(matches!(e, AppError::TooMany { attente_s: 60 }), "{e:?}");
        }
        // Another unknown network shares the counter, and waiting ends.
        let e = sign_in(&visiteur(&t, "B"), "nav", "lea@lycee.fr", MDP).await.unwrap_err();
        assert!(matches!(e, AppError::TooMany { attente_s: 60 }), "{e:?}");
        later(&t, 60);
        assert!(sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", MDP).await.is_ok());
        // Success forgot the failures.
        let e = sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", "faux").await.unwrap_err();
        assert!(matches!(e, AppError::Invalid(_)));
        // No address in the table of attempts.
        assert_eq!(t.nombre("SELECT COUNT(*) FROM essai WHERE cle LIKE '%lycee%'", vec![]).await, 0);
    }

    async fn lim_1_parallel_guesses_have_no_more_attempts(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        let mut taches = Vec::new();
        for _ in 0..12 {
            let ctx = visiteur(&t, "A");
            taches.push(tokio::spawn(async move { sign_in(&ctx, "nav", "lea@lycee.fr", "faux").await }));
        }
        let mut compares = 0;
        for tache in taches {
            match tache.await.unwrap() {
                Err(AppError::Invalid(_)) => compares += 1,
                Err(AppError::TooMany { .. }) => {}
                autre => panic!("{autre:?}"),
            }
        }
        // All may be refused: each sees the others reserved before anything is compared.
        assert!(compares <= 5, "{compares}");
    }

    async fn sec_6_a_code_serves_once_even_in_parallel(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
        let mut sessions = Vec::new();
        for _ in 0..4 {
            let c = sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", MDP).await.unwrap();
            sessions.push(session(&t, &c.jeton).await.unwrap());
        }
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let mut taches = Vec::new();
        for s in sessions {
            let (ctx, code) = (visiteur(&t, "A"), code.clone());
            taches.push(tokio::spawn(async move { verify_code(&ctx, &s, "nav", &code).await }));
        }
        let mut acceptees = 0;
        for tache in taches {
            acceptees += usize::from(matches!(tache.await.unwrap().unwrap(), Verification::Acceptee(_)));
        }
        assert_eq!(acceptees, 1);
        // The step before is refused too, once a later one was accepted.
        let c = sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", MDP).await.unwrap();
        let s = session(&t, &c.jeton).await.unwrap();
        let ancien = totp_code(&SECRET, ms(&t) - 30_000).unwrap();
        assert!(matches!(
            verify_code(&visiteur(&t, "A"), &s, "nav", &ancien).await.unwrap(),
            Verification::Refusee { restants: 4 }
        ));
    }

    async fn sec_8_five_wrong_codes_destroy_the_attempt(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
        let ctx = visiteur(&t, "A");
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        let s = session(&t, &c.jeton).await.unwrap();
        for restants in [4, 3, 2, 1] {
            let v = verify_code(&ctx, &s, "nav", "000000").await.unwrap();
            assert!(matches!(v, Verification::Refusee { restants: r } if r == restants), "{v:?}");
        }
        assert!(matches!(verify_code(&ctx, &s, "nav", "000000").await.unwrap(), Verification::Detruite));
        assert!(session(&t, &c.jeton).await.is_none());
        // The right code comes too late for that attempt.
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        assert!(matches!(verify_code(&ctx, &s, "nav", &code).await.unwrap(), Verification::Detruite));
        // Twenty more wrong ones, over new attempts: the day is used up.
        for i in 0..20 {
            if i % 5 == 0 {
                later(&t, 1);
            }
            let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
            let s = session(&t, &c.jeton).await.unwrap();
            let _ = verify_code(&ctx, &s, "nav", "000000").await;
        }
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        let s = session(&t, &c.jeton).await.unwrap();
        assert!(matches!(verify_code(&ctx, &s, "nav", &code).await, Err(AppError::TooMany { .. })));
    }

    async fn sec_1_the_first_sign_in_enrols_and_the_next_one_verifies(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        let ctx = visiteur(&t, "A");
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        // The password alone enrols nothing: the mailbox is proved first.
        assert_eq!(c.etape, EtapeConnexion::SecondFacteur);
        let s = session(&t, &c.jeton).await.unwrap();
        assert!(prepare_enrolement(&ctx, &s, None).await.is_err());
        send_code(&ctx, &s, "nav", Moyen::Courriel).await.unwrap();
        let recu = code_recu(&courriels(&t).await[0]);
        let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &recu).await.unwrap() else { panic!() };
        assert_eq!(c.etape, EtapeConnexion::Enrolement);
        let s = session(&t, &c.jeton).await.unwrap();
        let facteur = prepare_enrolement(&ctx, &s, None).await.unwrap().facteur.unwrap();
        let encore = prepare_enrolement(&ctx, &s, Some(&facteur.scelle)).await.unwrap().facteur.unwrap();
        assert_eq!(encore.secret, facteur.secret, "a refused form keeps what was scanned");
        let secret = BASE32_NOPAD.decode(facteur.secret.replace(' ', "").as_bytes()).unwrap();
        assert_eq!(secret.len(), 20);
        let commande = |code: &str| CommandeEnrolement {
            scelle: facteur.scelle.clone(),
            code: code.to_owned(),
            ..CommandeEnrolement::default()
        };
        assert!(matches!(enrol(&ctx, &s, "nav", &commande("000000")).await, Err(AppError::Invalid(_))));
        let forge = CommandeEnrolement { scelle: "AAAA".to_owned(), ..commande("000000") };
        assert!(matches!(enrol(&ctx, &s, "nav", &forge).await, Err(AppError::Invalid(_))));
        assert!(store::comptes::by_id(&t.app.db, s.compte).await.unwrap().totp_chiffre.is_none());
        let code = totp_code(&secret, ms(&t)).unwrap();
        let complete = enrol(&ctx, &s, "nav", &commande(&code)).await.unwrap();
        assert_eq!(complete.etape, EtapeConnexion::Complete);
        assert_eq!(complete.codes.len(), 10, "recovery codes are given once (SEC-9)");
        // The code that enrolled does not serve again.
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        let s = session(&t, &c.jeton).await.unwrap();
        assert!(matches!(verify_code(&ctx, &s, "nav", &code).await.unwrap(), Verification::Refusee { .. }));
        later(&t, 30);
        let code = totp_code(&secret, ms(&t)).unwrap();
        assert!(matches!(verify_code(&visiteur(&t, "A"), &s, "nav", &code).await.unwrap(), Verification::Acceptee(_)));
    }

    async fn cpt_4_a_carried_over_account_shows_its_old_factor_then_renews_everything(base) {
        let t = TestApp::new(base).await;
        let id = agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
        let ctx = visiteur(&t, "A");
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        let s = session(&t, &c.jeton).await.unwrap();
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let Verification::Acceptee(ouverte) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else { panic!() };
        // The account is carried over while the person is signed in: nothing answers any more but securing it.
        t.sql("UPDATE compte SET etat = 'a_securiser' WHERE id = $1", vec![id.into()]).await;
        let s = session(&t, &ouverte.jeton).await.unwrap();
        assert_eq!(s.etape, EtapeConnexion::SecondFacteur);
        assert!(s.acteur().compte.is_none());
        later(&t, 30);
        let ctx = visiteur(&t, "A");
        let code = totp_code(&SECRET, ms(&t)).unwrap();
        let Verification::Acceptee(c) = verify_code(&ctx, &s, "nav", &code).await.unwrap() else { panic!() };
        assert_eq!(c.etape, EtapeConnexion::Enrolement);
        let s = session(&t, &c.jeton).await.unwrap();
        let page = prepare_enrolement(&ctx, &s, None).await.unwrap();
        assert!(page.nouveau_mot_de_passe);
        let facteur = page.facteur.unwrap();
        let secret = BASE32_NOPAD.decode(facteur.secret.replace(' ', "").as_bytes()).unwrap();
        let commande = |mdp: &str, confirmation: &str| CommandeEnrolement {
            scelle: facteur.scelle.clone(),
            code: totp_code(&secret, ms(&t)).unwrap(),
            mot_de_passe: mdp.to_owned(),
            confirmation: confirmation.to_owned(),
        };
        for (mdp, confirmation, champ) in [
            (MDP, MDP, "mot_de_passe"),
            ("court", "court", "mot_de_passe"),
            ("Vert8?mUsc4!", "autre", "confirmation"),
        ] {
            match enrol(&ctx, &s, "nav", &commande(mdp, confirmation)).await {
                Err(AppError::Invalid(f)) => assert_eq!(f[0].0, champ, "{f:?}"),
                autre => panic!("{autre:?}"),
            }
        }
        let c = enrol(&ctx, &s, "nav", &commande("Vert8?mUsc4!", "Vert8?mUsc4!")).await.unwrap();
        assert_eq!(session(&t, &c.jeton).await.unwrap().etape, EtapeConnexion::Complete);
        assert!(sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.is_err());
        let compte = store::comptes::by_id(&t.app.db, id).await.unwrap();
        assert_eq!(compte.etat, "actif");
        assert!(courriels(&t).await[0].starts_with("lea@lycee.fr|compte_securise|"));
    }

    async fn lim_5_a_forgotten_password_gives_the_same_answer_and_at_most_three_mails_an_hour(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, Some(SECRET.to_vec())).await;
        let ctx = visiteur(&t, "A");
        let ouverte = sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.unwrap();
        request_reset(&ctx, "inconnue@lycee.fr").await.unwrap();
        assert!(courriels(&t).await.is_empty());
        assert!(matches!(request_reset(&ctx, "pas une adresse").await, Err(AppError::Invalid(_))));
        for _ in 0..5 {
            request_reset(&ctx, "lea@lycee.fr").await.unwrap();
        }
        let envoyes = courriels(&t).await;
        assert_eq!(envoyes.len(), 3);
        let jetons: Vec<String> = envoyes.iter().map(|c| jeton_de(c, "/mot-de-passe/")).collect();
        // Newest first: the earlier links died with it.
        assert_eq!(check_reset(&ctx, &jetons[0]).await.unwrap(), Niveau::Gestion);
        assert!(matches!(check_reset(&ctx, &jetons[1]).await, Err(AppError::NotFound)));
        let nouveau = "Vert8?mUsc4!";
        assert!(matches!(reset_password(&ctx, &jetons[0], "facile", "facile").await, Err(AppError::Invalid(_))));
        reset_password(&ctx, &jetons[0], nouveau, nouveau).await.unwrap();
        assert!(matches!(reset_password(&ctx, &jetons[0], nouveau, nouveau).await, Err(AppError::NotFound)));
        assert!(session(&t, &ouverte.jeton).await.is_none(), "every session is closed");
        // LIM-7: the holder learns of the change.
        assert!(courriels(&t).await.iter().any(|c| c.contains("|mot_de_passe_change|")));
        assert!(sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await.is_err());
        let c = sign_in(&ctx, "nav", "lea@lycee.fr", nouveau).await.unwrap();
        assert_eq!(c.etape, EtapeConnexion::SecondFacteur, "the link spares no second factor");
        // The hour after: two more, five in the day.
        later(&t, 3_601);
        let ctx = visiteur(&t, "A");
        for _ in 0..4 {
            request_reset(&ctx, "lea@lycee.fr").await.unwrap();
        }
        let liens = courriels(&t).await.iter().filter(|c| c.contains("|oubli_lien|")).count();
        assert_eq!(liens, 5);
    }

    async fn lim_5_a_link_dies_after_thirty_minutes(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        request_reset(&visiteur(&t, "A"), "lea@lycee.fr").await.unwrap();
        let jeton = jeton_de(&courriels(&t).await[0], "/mot-de-passe/");
        later(&t, 1_799);
        assert!(check_reset(&visiteur(&t, "A"), &jeton).await.is_ok());
        later(&t, 1);
        let r = reset_password(&visiteur(&t, "A"), &jeton, "Vert8?mUsc4!", "Vert8?mUsc4!").await;
        assert!(matches!(r, Err(AppError::NotFound)), "{r:?}");
    }

    async fn cpt_7_a_suspended_account_neither_signs_in_nor_resets(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Suspendu, None).await;
        let ctx = visiteur(&t, "A");
        assert!(matches!(sign_in(&ctx, "nav", "lea@lycee.fr", MDP).await, Err(AppError::Invalid(_))));
        request_reset(&ctx, "lea@lycee.fr").await.unwrap();
        assert!(courriels(&t).await.is_empty());
    }

    async fn ses_2_a_session_ends_idle_or_old_and_the_strongest_role_shortens_it(base) {
        let t = TestApp::new(base).await;
        let roles: [(&[Role], i64, i64); 4] = [
            (&[Role::Candidat], 120, 12),
            (&[Role::RespFormation], 30, 12),
            (&[Role::RespFormation, Role::Academie], 15, 8),
            (&[Role::AdminNational], 15, 8),
        ];
        for (i, (roles, minutes, heures)) in roles.into_iter().enumerate() {
            let nouveau = NouveauCompte {
                courriel: format!("p{i}@lycee.fr"),
                nom: "Martin".to_owned(),
                prenom: "Léa".to_owned(),
                mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
                roles: roles.iter().map(|r| Attribution::simple(*r)).collect(),
                etat: EtatCompte::Actif,
                totp: None,
            };
            let id = create_compte(&t.systeme(), nouveau).await.unwrap();
            let ouvre = async || {
                let ctx = visiteur(&t, "A");
                let tx = ctx.begin().await.unwrap();
                let jeton = open_session(&tx, &ctx, id, "nav", EtapeConnexion::Complete, None).await.unwrap();
                tx.commit().await.unwrap();
                jeton
            };
            // Idle: one second before, then at the minute.
            let jeton = ouvre().await;
            later(&t, minutes * 60 - 1);
            assert!(session(&t, &jeton).await.is_some(), "{roles:?}");
            later(&t, minutes * 60);
            assert!(session(&t, &jeton).await.is_none(), "{roles:?}");
            // Used all the time, it ends all the same.
            let jeton = ouvre().await;
            let mut reste = heures * 3_600;
            while reste > 1 {
                let pas = (minutes * 60 - 1).min(reste - 1);
                later(&t, pas);
                reste -= pas;
                assert!(session(&t, &jeton).await.is_some(), "{roles:?}, {reste} s before the end");
            }
            later(&t, reste);
            assert!(session(&t, &jeton).await.is_none(), "{roles:?}");
        }
    }

    async fn ses_4_five_sessions_at_once_and_the_oldest_gives_way(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        let mut jetons = Vec::new();
        for _ in 0..6 {
            jetons.push(sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", MDP).await.unwrap().jeton);
        }
        assert!(session(&t, &jetons[0]).await.is_none());
        assert!(session(&t, &jetons[1]).await.is_some());
    }

    async fn don_4_what_ran_out_is_purged_once(base) {
        let t = TestApp::new(base).await;
        agent(&t, EtatCompte::Actif, None).await;
        let _ = sign_in(&visiteur(&t, "A"), "nav", "lea@lycee.fr", "faux").await;
        sign_in(&visiteur(&t, "B"), "nav", "lea@lycee.fr", MDP).await.unwrap();
        request_reset(&visiteur(&t, "A"), "lea@lycee.fr").await.unwrap();
        t.horloge.set_maintenant(paris("2023-11-20T09:00"));
        let bilan = purge_comptes(&t.systeme()).await.unwrap();
        assert_eq!((bilan.sessions, bilan.jetons, bilan.essais), (1, 1, 1));
        assert_eq!(bilan.restes, 1, "the failure by network; the week keeps the count of sign-ins");
        assert_eq!(purge_comptes(&t.systeme()).await.unwrap(), Default::default());
        assert!(purge_comptes(&visiteur(&t, "A")).await.is_err());
    }
}

/// JOU-2: neither address nor password in the journal of a failed sign-in.
#[tokio::test]
async fn jou_2_a_failed_sign_in_leaves_no_secret_in_the_journal() {
    let t = TestApp::new(testkit::Base::sqlite()).await;
    let _ = sign_in(&visiteur(&t, "A"), "nav", "temoin@exemple.fr", "temoin-secret").await;
    let vus = t
        .nombre(
            "SELECT COUNT(*) FROM journal WHERE action || objet_id || COALESCE(apres, '') || reseau LIKE '%temoin%'",
            vec![],
        )
        .await;
    assert_eq!(vus, 0);
    assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE issue = 'refus'", vec![]).await, 1);
    assert!(t.app.horloge.maintenant() > Timestamp::UNIX_EPOCH);
}

both_databases! {
    async fn lim_4_an_unknown_account_is_the_same_work_as_a_known_one(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        agent(&t, EtatCompte::Actif, None).await;
        t.candidat("zoe@exemple.fr", TypeBac::General).await;
        let ctx = visiteur(&t, "A");
        for adresse in ["lea@lycee.fr", "zoe@exemple.fr"] {
            let autre = format!("inconnu-{adresse}");
            let work = async |adresse: &str| {
                let noms = ["parcoursup_instructions_total", "parcoursup_hachages_total"];
                let connexion = Compteurs::of(sign_in(&ctx, "nav", adresse, "Faux!4pLoc7?z"), noms).await;
                assert!(matches!(connexion.0, Err(AppError::Invalid(_))), "{:?}", connexion.0);
                let oubli = Compteurs::of(request_reset(&ctx, adresse), noms).await;
                let inscription = Compteurs::of(request_inscription(&ctx, adresse), noms).await;
                oubli.0.and(inscription.0).unwrap();
                [connexion.1, oubli.1, inscription.1]
            };
            let (connu, inconnu) = (work(adresse).await, work(&autre).await);
            assert_eq!(connu, inconnu, "{adresse}");
            assert_eq!(connu.map(|[_, hachages]| hachages), [1, 0, 0]);
            assert!(connu.iter().all(|[instructions, _]| (5..40).contains(instructions)), "{connu:?}");
        }
        // The mail leaves for the known address alone; an unknown one leaves nothing in the outbox.
        let oublis: Vec<String> = courriels(&t).await.into_iter().filter(|c| c.contains("|oubli")).collect();
        assert!(oublis.iter().all(|c| !c.contains("inconnu-")), "{oublis:?}");
    }
}
