//! The journal as evidence: what is recorded (JOU-1, JOU-2).
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{
    MotDePasse, NouveauCompte, Verification, create_compte, resolve_session, sign_in, totp_code, verify_code,
};
use app::{Ctx, journal};
use domain::comptes::{EtatCompte, Role};
use domain::droits::{Acteur, Action, Attribution, Cible};
use store::Sql as _;
use store::journal::chaine::Ligne;
use testkit::{TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];

/// The entries of these actions, all of them not sealed yet.
async fn entrees(t: &TestApp, actions: &[&str]) -> Vec<Ligne> {
    t.journal()
        .await
        .into_iter()
        .filter(|l| actions.is_empty() || actions.contains(&l.action.as_str()))
        .collect()
}

fn visiteur(t: &TestApp) -> Ctx {
    Ctx { reseau: "A".to_owned(), ..t.ctx(Acteur::public()) }
}

async fn agent(t: &TestApp) -> i64 {
    let nouveau = NouveauCompte {
        courriel: "lea@lycee.fr".to_owned(),
        nom: "Martin".to_owned(),
        prenom: "Léa".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![Attribution::simple(Role::AdminNational)],
        etat: EtatCompte::Actif,
        totp: Some(SECRET.to_vec()),
    };
    create_compte(&t.systeme(), nouveau).await.unwrap()
}

both_databases! {
    async fn jou_1_sign_ins_and_second_steps_say_their_outcome_and_means(base) {
        let t = TestApp::new(base).await;
        agent(&t).await;
        sign_in(&visiteur(&t), "nav", "personne@lycee.fr", MDP).await.unwrap_err();
        sign_in(&visiteur(&t), "nav", "lea@lycee.fr", "faux").await.unwrap_err();
        let c = sign_in(&visiteur(&t), "nav", "lea@lycee.fr", MDP).await.unwrap();
        let ms = t.app.horloge.maintenant().as_millisecond();
        let s = resolve_session(&t.app, &c.jeton, "A", ms).await.unwrap().unwrap();
        verify_code(&visiteur(&t), &s, "nav", "000000").await.unwrap();
        let code = totp_code(&SECRET, ms).unwrap();
        assert!(matches!(verify_code(&visiteur(&t), &s, "nav", &code).await.unwrap(), Verification::Acceptee(_)));

        let lues = entrees(&t, &["connexion", "second_facteur"]).await;
        let dites: Vec<(&str, &str, &str)> =
            lues.iter().map(|l| (l.action.as_str(), l.issue.as_str(), l.moyen.as_str())).collect();
        assert_eq!(dites, [
            ("connexion", "refus", "mot_de_passe"),
            ("connexion", "refus", "mot_de_passe"),
            ("connexion", "second_facteur", "mot_de_passe"),
            ("second_facteur", "refus", "totp"),
            ("second_facteur", "reussi", "totp"),
            ("connexion", "complete", "totp"),
        ]);
        // An address without account is told from another one, and never said.
        assert!(lues[0].objet_id.starts_with("inconnu:") && lues[0].objet_id.len() == 24, "{lues:?}");
        assert_eq!(lues[1].objet_id, lues[5].objet_id);
        assert!(lues.iter().all(|l| l.reseau == "A" && !l.requete.is_empty()), "{lues:?}");
        assert_eq!(lues[5].role, "admin_national");
    }

    async fn jou_3_an_act_that_is_not_committed_leaves_no_entry(base) {
        let t = TestApp::new(base).await;
        let ctx = t.systeme();
        let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme()).unwrap();
        let acte = journal::Acte { objet: "essai", objet_id: "x", ..Default::default() };
        let tx = ctx.begin().await.unwrap();
        journal::record(&tx, &ctx, &permit, &acte).await.unwrap();
        drop(tx);
        assert_eq!(entrees(&t, &[]).await.len(), 0);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal_attente", vec![]).await, 0);
        let tx = ctx.begin().await.unwrap();
        journal::record(&tx, &ctx, &permit, &acte).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal_attente", vec![]).await, 1);
    }

    async fn jou_3_the_database_refuses_to_change_or_remove_an_entry(base) {
        let t = TestApp::new(base).await;
        let tx = t.systeme().begin().await.unwrap();
        journal::record_event(&tx, &t.systeme(), "essai", "fait", "essai", "x").await.unwrap();
        tx.commit().await.unwrap();
        let purge = "INSERT INTO journal_purge (rang, avant_le, purgee_le, entrees, signature) VALUES (1, 0, 0, 0, $1)";
        assert!(t.app.db.exec(purge, vec![vec![0u8].into()]).await.is_err(), "a removal goes up to a signed head");
        for sql in ["UPDATE journal SET issue = 'refus'", "DELETE FROM journal"] {
            assert!(t.app.db.exec(sql, vec![]).await.is_err(), "{sql}");
        }
        assert_eq!(entrees(&t, &["essai"]).await.len(), 1);
    }
}
