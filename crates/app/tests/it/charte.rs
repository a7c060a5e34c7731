//! The charter: nothing is published before the head of the establishment accepts the version in force.

use app::charte::{
    accept_charte, export_sans_charte, is_expected, not_accepted_for, publish_charte, view_charte,
};
use app::formations::publish_formation;
use app::idempotence::Garde;
use app::taches::executer_une;
use app::{AppError, FormatTableau};
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use testkit::{TestApp, both_databases};

both_databases! {
    async fn r_cha_01_02_nothing_is_published_before_the_head_accepts_each_version(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0590001A", "Lycée d’essai").await;
        let voisin = t.etablissement("0590002B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        let id = PublicId::parse(&id).unwrap();
        let formation = PublicId::parse(&f.public_id).unwrap();
        let sur = |role, etab| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        let chef = t.personne("chef@essai.example", sur(Role::ChefEtab, etab)).await.1;
        let autre = t.personne("autre@essai.example", sur(Role::ChefEtab, voisin)).await.1;
        let admin = t.personne("admin@essai.example", sur(Role::AdminSite, etab)).await.1;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let version = || async {
            t.nombre(
                "SELECT f.version + COALESCE((SELECT d.version FROM formation_description d WHERE d.formation_session_id = f.id), 0)
                 FROM formation_session f WHERE f.public_id = $1",
                vec![f.public_id.clone().into()],
            )
            .await
        };
        let publie = || async {
            let garde = Garde { version: Some(version().await), ..Garde::default() };
            publish_formation(&t.ctx(chef.clone()), &garde, 2024, &formation).await
        };
        let refus = publish_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, "Moi").await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let national = || t.ctx(national.clone());
        publish_charte(&national(), &Garde::default(), 2024, "Dire la vérité.").await.unwrap();
        let refus = publish_charte(&national(), &Garde::default(), 2024, " Dire la vérité.\n").await;
        let attendu = RuleViolation::Champ { champ: "charte", motif: "identique" };
        assert!(matches!(&refus, Err(AppError::Rule(r)) if *r == attendu), "{refus:?}");

        let refus = publie().await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::CharteNonAcceptee))), "{refus:?}");
        assert!(is_expected(&t.ctx(chef.clone()), f.session).await.unwrap());
        assert!(!is_expected(&t.ctx(admin.clone()), f.session).await.unwrap());
        // The administrator reads it and does not sign; a neighbour knows nothing of the establishment.
        let vue = view_charte(&t.ctx(admin.clone()), 2024).await.unwrap();
        assert!(!vue.etablissements[0].acceptable && vue.suivi.is_none());
        for qui in [&admin, &autre] {
            let refus = accept_charte(&t.ctx(qui.clone()), &Garde::default(), 2024, &id, 1).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        }
        accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 1).await.unwrap();
        let vue = view_charte(&t.ctx(admin.clone()), 2024).await.unwrap();
        assert!(vue.etablissements[0].acceptee.is_some());
        assert_eq!(view_charte(&national(), 2024).await.unwrap().suivi, Some((1, 2)));
        publie().await.unwrap();
        assert!(t.journal().await.iter().any(|l| l.action == "accepter_charte"));

        // A new version asks again, and the old one is not accepted any more; what is public stays so.
        publish_charte(&national(), &Garde::default(), 2024, "Dire la vérité, et répondre.").await.unwrap();
        let refus = accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 1).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        t.sql("UPDATE formation_session SET capacite = 25 WHERE public_id = $1", vec![f.public_id.clone().into()]).await;
        t.sql("UPDATE groupe_affectation SET places = 25 WHERE formation_session_id = $1", vec![f.formation_session.into()]).await;
        let refus = publie().await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::CharteNonAcceptee))), "{refus:?}");
        let publiee = t.mot("SELECT etat FROM formation_session WHERE public_id = $1", vec![f.public_id.clone().into()]).await;
        assert_eq!(publiee, "publiee");
        accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 2).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM charte_acceptee", vec![]).await, 2);
    }

    async fn r_cha_04_heads_are_told_once_of_a_version_and_an_agent_reads_that_it_is_not_accepted(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let voisin = t.etablissement("0800002B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        let id = PublicId::parse(&id).unwrap();
        let formation = PublicId::parse(&f.public_id).unwrap();
        let sur = |role, etab| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        let chef = t.personne("chef@essai.example", sur(Role::ChefEtab, etab)).await.1;
        t.personne("autre@essai.example", sur(Role::ChefEtab, voisin)).await;
        t.personne("admin@essai.example", sur(Role::AdminSite, etab)).await;
        let (parti, _) = t.personne("parti@essai.example", sur(Role::ChefEtab, etab)).await;
        t.sql("UPDATE compte SET etat = 'desactive' WHERE id = $1", vec![parti.into()]).await;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let service = t.personne("service@ac.example", service).await.1;
        let publishes = async |texte: &str| {
            publish_charte(&t.ctx(national.clone()), &Garde::default(), 2024, texte).await.unwrap();
        };
        let recus = async || {
            while executer_une(&t.app).await.unwrap() {}
            let mut envois = t.envois().await;
            envois.retain(|e| e.modele == "charte_a_accepter");
            let mut a: Vec<String> = envois.into_iter().map(|e| e.destinataire).collect();
            a.sort_unstable();
            a
        };
        let attend = async || not_accepted_for(&t.ctx(service.clone()), 2024, &formation).await.unwrap();
        assert_eq!(attend().await, None, "no charter, nothing to accept");
        publishes("Dire la vérité.").await;
        assert_eq!(recus().await, ["autre@essai.example", "chef@essai.example"]);
        assert_eq!(recus().await.len(), 2, "once");
        assert_eq!(attend().await, Some(1));
        accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 1).await.unwrap();
        assert_eq!(attend().await, None);
        // Two versions before anybody is told: of the last one alone, and not those who have accepted it.
        publishes("Dire la vérité, et répondre.").await;
        publishes("Dire la vérité, et répondre à temps.").await;
        accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 3).await.unwrap();
        assert_eq!(recus().await, ["autre@essai.example", "autre@essai.example", "chef@essai.example"]);
        let refus = not_accepted_for(&t.ctx(chef), 2024, &formation).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_cha_03_a_service_reads_which_of_its_establishments_have_not_accepted_it(base) {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        t.etablissement("0800002B", "Lycée voisin").await;
        let loin = t.etablissement("0590001C", "Lycée lillois").await;
        t.sql("UPDATE etablissement_session SET academie = '09' WHERE etablissement_id = $1", vec![loin.into()]).await;
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        let id = PublicId::parse(&id).unwrap();
        let chef = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::ChefEtab) };
        let chef = t.personne("chef@essai.example", chef).await.1;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let service = t.personne("service@ac.example", service).await.1;
        let sans = export_sans_charte(&t.ctx(service.clone()), 2024, FormatTableau::Csv).await;
        assert!(matches!(sans, Err(AppError::NotFound)), "no charter yet: {sans:?}");
        publish_charte(&t.ctx(national.clone()), &Garde::default(), 2024, "Dire la vérité.").await.unwrap();
        accept_charte(&t.ctx(chef.clone()), &Garde::default(), 2024, &id, 1).await.unwrap();
        assert_eq!(view_charte(&t.ctx(service.clone()), 2024).await.unwrap().suivi, Some((1, 2)));
        assert_eq!(view_charte(&t.ctx(national.clone()), 2024).await.unwrap().suivi, Some((1, 3)));
        assert_eq!(view_charte(&t.ctx(chef.clone()), 2024).await.unwrap().suivi, None);
        let lus = async |qui: &domain::droits::Acteur| -> String {
            let e = export_sans_charte(&t.ctx(qui.clone()), 2024, FormatTableau::Csv).await.unwrap();
            String::from_utf8(e.octets).unwrap()
        };
        let csv = lus(&service).await;
        assert!(csv.contains("0800002B;Lycée voisin;Amiens;aucune"), "{csv}");
        assert!(!csv.contains("0800001A") && !csv.contains("0590001C"), "{csv}");
        assert!(lus(&national).await.contains("0590001C"));
        // A new version: the one accepted before is said.
        publish_charte(&t.ctx(national), &Garde::default(), 2024, "Dire la vérité, et répondre.").await.unwrap();
        assert!(lus(&service).await.contains("0800001A;Lycée d’essai;Amiens;1"));
        let refus = export_sans_charte(&t.ctx(chef), 2024, FormatTableau::Xlsx).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }
}
