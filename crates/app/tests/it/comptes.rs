//! Accounts: creation, on both databases.

use app::AppError;
use app::comptes::{MotDePasse, NouveauCompte, create_compte, create_comptes};
use domain::comptes::{EtatCompte, Role};
use domain::droits::{Acteur, Attribution};
use testkit::{TestApp, both_databases};

fn agent(courriel: &str) -> NouveauCompte {
    NouveauCompte {
        courriel: courriel.to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair("Grun4!pLoc7?".to_owned()),
        roles: vec![Attribution::simple(Role::AdminNational)],
        etat: EtatCompte::Actif,
        totp: Some(vec![7; 20]),
    }
}

both_databases! {
    async fn cpt_1_an_account_is_created_once_with_its_roles_and_sealed_factor(base) {
        let t = TestApp::new(base).await;
        let id = create_compte(&t.systeme(), agent("Lea.Martin@exemple.fr")).await.unwrap();
        let ligne = store::comptes::by_courriel(&t.app.db, "lea.martin@exemple.fr").await.unwrap().unwrap();
        assert_eq!((ligne.id, ligne.etat.as_str()), (id, "actif"));
        assert!(ligne.mot_de_passe.unwrap().starts_with("$argon2id$"));
        let chiffre = ligne.totp_chiffre.unwrap();
        assert!(!chiffre.windows(20).any(|f| f == [7; 20]));
        assert_eq!(store::comptes::open_totp(&t.app.coffre, &ligne.public_id, &chiffre).unwrap(), vec![7; 20]);
        assert_eq!(store::comptes::attributions(&t.app.db, id).await.unwrap()[0].role, Role::AdminNational);
        // Same person, other case: one account.
        let encore = create_compte(&t.systeme(), agent("LEA.martin@exemple.fr")).await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
    }

    async fn cpt_1_many_accounts_keep_their_order_and_a_fault_creates_none(base) {
        let t = TestApp::new(base).await;
        let hache = t.app.hachage.hash("Grun4!pLoc7?", [1; 16]).await.unwrap();
        let lot = |debut: usize, n: usize| -> Vec<NouveauCompte> {
            (debut..debut + n)
                .map(|i| NouveauCompte {
                    mot_de_passe: MotDePasse::Hache(hache.clone()),
                    totp: None,
                    ..agent(&format!("p{i}@exemple.fr"))
                })
                .collect()
        };
        let ids = create_comptes(&t.systeme(), lot(0, 2_500)).await.unwrap();
        assert_eq!(ids.len(), 2_500);
        let dernier = store::comptes::by_courriel(&t.app.db, "p2499@exemple.fr").await.unwrap().unwrap();
        assert_eq!(dernier.id, ids[2_499]);
        // The last one is taken: none of the others stays.
        assert!(create_comptes(&t.systeme(), lot(2_400, 200)).await.is_err());
        assert!(store::comptes::by_courriel(&t.app.db, "p2501@exemple.fr").await.unwrap().is_none());
    }

    async fn hab_1_a_manager_cannot_create_accounts_of_the_platform(base) {
        let t = TestApp::new(base).await;
        let chef = Acteur {
            compte: Some(1),
            nom: "Chef".to_owned(),
            attributions: vec![Attribution { etablissement: Some(3), ..Attribution::simple(Role::ChefEtab) }],
        };
        assert!(matches!(create_compte(&t.ctx(chef), agent("a@exemple.fr")).await, Err(AppError::Denied(_))));
    }
}
