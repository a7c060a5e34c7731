//! A candidate registers, on both databases.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{
    CommandeInscription, EtapeConnexion, check_inscription, complete_inscription, request_inscription,
    sign_in,
};
use app::idempotence::{Garde, verify_recepisse};
use app::{AppError, Ctx};
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::droits::Acteur;
use jiff::civil::date;
use store::messagerie::list_envois;
use testkit::{TestApp, both_databases};

const MDP: &str = "grand chemin vert";

fn visiteur(t: &TestApp) -> Ctx {
    Ctx { reseau: "A".to_owned(), ..t.ctx(Acteur::public()) }
}

fn commande() -> CommandeInscription {
    CommandeInscription {
        mot_de_passe: MDP.to_owned(),
        confirmation: MDP.to_owned(),
        nom: "Lefèvre d'Aubigny".to_owned(),
        prenom: "Léa".to_owned(),
        naissance: Some(date(2006, 5, 14)),
        ine: "123456789ab".to_owned(),
        type_bac: Some(TypeBac::General),
        serie: "Mathématiques, physique-chimie".to_owned(),
        departement: "80".to_owned(),
        commune: "Amiens".to_owned(),
        etablissement_origine: "Lycée Louis-Thuillier".to_owned(),
        boursier: Some(true),
    }
}

async fn lien(t: &TestApp, courriel: &str) -> String {
    request_inscription(&visiteur(t), courriel).await.unwrap();
    let envoi = list_envois(&t.app.db, &t.app.coffre, 1).await.unwrap().remove(0);
    assert_eq!((envoi.destinataire.as_str(), envoi.modele.as_str()), (courriel, "inscription_lien"));
    let debut = envoi.corps.find("/inscription/").unwrap() + "/inscription/".len();
    envoi.corps[debut..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn garde(cle: &str) -> Garde {
    Garde { cle: Some(cle.to_owned()), version: None, ..Garde::default() }
}

both_databases! {
    async fn cpt_5_trx_5_a_candidate_registers_and_gets_a_verifiable_receipt(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        let ctx = visiteur(&t);
        let jeton = lien(&t, "lea@exemple.fr").await;
        assert_eq!(check_inscription(&ctx, &jeton).await.unwrap(), "lea@exemple.fr");
        let recu = complete_inscription(&ctx, &garde("k1"), &jeton, &commande()).await.unwrap();
        // Sent twice under the same key: done once, the same receipt.
        assert_eq!(complete_inscription(&ctx, &garde("k1"), &jeton, &commande()).await.unwrap(), recu);
        // The link serves once.
        let encore = complete_inscription(&ctx, &garde("k2"), &jeton, &commande()).await;
        assert!(matches!(encore, Err(AppError::NotFound)), "{encore:?}");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat", vec![]).await, 1);

        let vu = verify_recepisse(&ctx, &recu.numero.to_lowercase().replace('-', " ")).await.unwrap().unwrap();
        assert!(vu.intact);
        assert_eq!(vu.recepisse, recu);
        assert_eq!(verify_recepisse(&ctx, "AAAA-AAAA-AAAA").await.unwrap(), None);
        assert_eq!(verify_recepisse(&ctx, "é".repeat(12).as_str()).await.unwrap(), None);
        t.sql("UPDATE recepisse SET contenu = contenu || ' '", vec![]).await;
        assert!(!verify_recepisse(&ctx, &recu.numero).await.unwrap().unwrap().intact, "altered since");

        let c = sign_in(&ctx, "nav", "lea@exemple.fr", MDP).await.unwrap();
        assert_eq!(c.etape, EtapeConnexion::Complete);
        assert!(c.roles[0].candidat.is_some());
        // Sealed: neither INE nor scholarship can be read in the row.
        assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat WHERE ine_hmac LIKE '%123456789%'", vec![]).await, 0);
        assert_eq!(
            t.nombre("SELECT COUNT(*) FROM candidat WHERE academie = '20' AND nom = 'Lefèvre d’Aubigny'", vec![]).await,
            1
        );
    }

    async fn r_cal_01_registration_opens_and_closes_with_the_step_of_wishes(base) {
        let t = TestApp::with_session_2024(base).await;
        let r = request_inscription(&visiteur(&t), "lea@exemple.fr").await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))), "{r:?}");
        t.at_opening(Etape::Voeux).await;
        let jeton = lien(&t, "lea@exemple.fr").await;
        t.at_closing(Etape::Voeux).await;
        let r = complete_inscription(&visiteur(&t), &garde("k"), &jeton, &commande()).await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{r:?}");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM compte", vec![]).await, 0);
        // One minute before: the link still serves.
        let ferme = app::sessions::courante(&t.app.db).await.unwrap().calendrier.fenetre(Etape::Voeux).unwrap().ferme;
        t.horloge.set_campagne(ferme.checked_sub(jiff::SignedDuration::from_secs(60)).unwrap());
        complete_inscription(&visiteur(&t), &garde("k"), &jeton, &commande()).await.unwrap();
    }

    async fn lim_4_a_known_address_is_told_by_mail_only(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        let jeton = lien(&t, "lea@exemple.fr").await;
        complete_inscription(&visiteur(&t), &garde("k"), &jeton, &commande()).await.unwrap();
        request_inscription(&visiteur(&t), "LEA@exemple.fr").await.unwrap();
        let envoi = list_envois(&t.app.db, &t.app.coffre, 1).await.unwrap().remove(0);
        assert_eq!(envoi.modele, "inscription_deja_faite");
        assert!(!envoi.corps.contains("/inscription/"));
        // Three mails an hour at most for one address.
        for _ in 0..4 {
            request_inscription(&visiteur(&t), "lea@exemple.fr").await.unwrap();
        }
        let n = list_envois(&t.app.db, &t.app.coffre, 50).await.unwrap().len();
        assert_eq!(n, 4, "link, acknowledgement, and two notices");
    }

    async fn r_can_02_every_fault_is_said_at_once_and_nothing_is_written(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        let jeton = lien(&t, "lea@exemple.fr").await;
        let faux = CommandeInscription {
            mot_de_passe: "court".to_owned(),
            confirmation: "autre".to_owned(),
            nom: "<b>".to_owned(),
            prenom: String::new(),
            naissance: Some(date(2020, 1, 1)),
            ine: "12".to_owned(),
            type_bac: None,
            serie: "x".repeat(201),
            departement: "00".to_owned(),
            commune: String::new(),
            etablissement_origine: String::new(),
            boursier: None,
        };
        match complete_inscription(&visiteur(&t), &garde("k"), &jeton, &faux).await {
            Err(AppError::Invalid(fautes)) => {
                let champs: Vec<&str> = fautes.iter().map(|f| f.0).collect();
                for champ in [
                    "nom", "prenom", "naissance", "ine", "type_bac", "departement", "commune", "serie", "boursier",
                    "mot_de_passe", "confirmation",
                ] {
                    assert!(champs.contains(&champ), "{champ}: {champs:?}");
                }
            }
            autre => panic!("{autre:?}"),
        }
        assert_eq!(t.nombre("SELECT COUNT(*) FROM compte", vec![]).await, 0);
        complete_inscription(&visiteur(&t), &garde("k"), &jeton, &commande()).await.unwrap();
        // The same INE under another address.
        let autre = lien(&t, "zoe@exemple.fr").await;
        match complete_inscription(&visiteur(&t), &garde("z"), &autre, &commande()).await {
            Err(AppError::Invalid(f)) => assert_eq!(f[0].0, "ine"),
            autre => panic!("{autre:?}"),
        }
        let sans = CommandeInscription { ine: String::new(), ..commande() };
        complete_inscription(&visiteur(&t), &garde("z"), &autre, &sans).await.unwrap();
        assert_eq!(t.nombre("SELECT MAX(numero) FROM candidat", vec![]).await, 2);
    }

    async fn r_can_04_numbers_are_unique_under_concurrency(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        let mut jetons = Vec::new();
        for i in 0..8 {
            jetons.push(lien(&t, &format!("c{i}@exemple.fr")).await);
        }
        let mut taches = Vec::new();
        for (i, jeton) in jetons.into_iter().enumerate() {
            let ctx = visiteur(&t);
            let c = CommandeInscription { ine: String::new(), ..commande() };
            taches.push(tokio::spawn(async move {
                complete_inscription(&ctx, &garde(&format!("k{i}")), &jeton, &c).await.unwrap();
            }));
        }
        for tache in taches {
            tache.await.unwrap();
        }
        assert_eq!(t.nombre("SELECT COUNT(DISTINCT numero) FROM candidat", vec![]).await, 8);
    }

    async fn cpt_5_an_account_of_a_former_session_registers_again_with_its_own_address(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at_opening(Etape::Voeux).await;
        let jeton = lien(&t, "lea@exemple.fr").await;
        complete_inscription(&visiteur(&t), &garde("k"), &jeton, &commande()).await.unwrap();
        app::sessions::ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        t.at_opening(Etape::Voeux).await;
        let jeton = lien(&t, "lea@exemple.fr").await;
        let c = CommandeInscription { mot_de_passe: "petit chemin bleu".to_owned(), confirmation: "petit chemin bleu".to_owned(), ..commande() };
        complete_inscription(&visiteur(&t), &garde("k2"), &jeton, &c).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM compte", vec![]).await, 1);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat", vec![]).await, 2);
        assert!(sign_in(&visiteur(&t), "nav", "lea@exemple.fr", MDP).await.is_err());
        let c = sign_in(&visiteur(&t), "nav", "lea@exemple.fr", "petit chemin bleu").await.unwrap();
        assert_eq!(c.roles.len(), 1);
    }
}
