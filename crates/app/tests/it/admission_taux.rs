//! Rates: fixed by the academic service, within its perimeter, during the step.

use app::AppError;
use app::admission::{
    FiltreTaux, NouveauTaux, fixer_taux, fixer_taux_manquants, liste_taux, manquants_par_famille, taux,
};
use app::idempotence::Garde;
use domain::RuleViolation as R;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

/// An agent of an academy, at the present instant of the campaign.
async fn agent(t: &TestApp, courriel: &str, academie: &str) -> app::Ctx {
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    t.ctx(t.personne(courriel, a).await.1)
}

fn nouveau(min_boursiers: i64) -> NouveauTaux {
    NouveauTaux { min_boursiers, max_non_residents: None }
}

both_databases! {
    async fn r_tau_02_one_rate_for_all_the_groups_of_a_course(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let second = t.insert("groupe_classement", "session_id, formation_session_id, libelle, series",
            vec![f.session.into(), f.formation_session.into(), "Bac pro".to_owned().into(), "pro".to_owned().into()]).await;
        t.insert("groupe_affectation", "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
            vec![second.0.into(), f.formation_session.into(), 1i64.into(), 1i64.into()]).await;
        t.during(Etape::Taux).await;
        let amiens = agent(&t, "a@amiens.fr", "20").await;
        let liste = liste_taux(&amiens, 2024, &FiltreTaux::default()).await.unwrap();
        assert_eq!((liste.total, liste.manquants), (2, 2));
        let fiche = taux(&amiens, 2024, &f.groupe_public_id).await.unwrap();
        assert_eq!((fiche.groupes_lies, fiche.plancher), (2, 5));
        let garde = Garde { cle: Some("cle".to_owned()), version: Some(fiche.ligne.version), ..Garde::default() };
        let recu = fixer_taux(&amiens, &garde, 2024, &f.groupe_public_id, nouveau(12)).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE taux_min_boursiers = 12", vec![]).await, 2);
        // The same form again: the same receipt. From another tab with the old version: conflict.
        assert_eq!(fixer_taux(&amiens, &garde, 2024, &f.groupe_public_id, nouveau(12)).await.unwrap(), recu);
        let onglet = Garde { cle: Some("autre".to_owned()), ..garde.clone() };
        let r = fixer_taux(&amiens, &onglet, 2024, &f.groupe_public_id, nouveau(30)).await;
        assert!(matches!(r, Err(AppError::Conflict)), "{r:?}");
        assert_eq!(t.nombre("SELECT MAX(taux_min_boursiers) FROM groupe_classement", vec![]).await, 12);
    }

    async fn r_tau_01_under_the_floor_only_without_any_scholarship_holder(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        t.during(Etape::Taux).await;
        let amiens = agent(&t, "a@amiens.fr", "20").await;
        let garde = Garde::default();
        fixer_taux(&amiens, &garde, 2024, &f.groupe_public_id, nouveau(0)).await.unwrap();
        let c = t.candidat_boursier("b@essai.fr", TypeBac::General, true).await;
        t.voeu(&c, &f, EtatVoeu::Confirme).await;
        for (valeur, attendu) in [(4, R::TauxSousPlancher { plancher: 5 }),
            (101, R::Champ { champ: "taux_min_boursiers", motif: "hors_bornes" })] {
            match fixer_taux(&amiens, &garde, 2024, &f.groupe_public_id, nouveau(valeur)).await {
                Err(AppError::Rule(r)) => assert_eq!(r, attendu),
                autre => panic!("{autre:?}"),
            }
        }
        fixer_taux(&amiens, &garde, 2024, &f.groupe_public_id, nouveau(5)).await.unwrap();
    }

    async fn r_dro_01_a_neighbour_academy_neither_sees_nor_fixes(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        t.during(Etape::Taux).await;
        let lille = agent(&t, "a@lille.fr", "09").await;
        assert_eq!(liste_taux(&lille, 2024, &FiltreTaux::default()).await.unwrap().total, 0);
        for r in [
            taux(&lille, 2024, &f.groupe_public_id).await.map(|_| ()),
            fixer_taux(&lille, &Garde::default(), 2024, &f.groupe_public_id, nouveau(10)).await.map(|_| ()),
        ] {
            assert!(matches!(r, Err(AppError::Denied(d)) if !d.connu), "{r:?}");
        }
        let n = fixer_taux_manquants(&lille, &Garde::default(), 2024, None, 10).await;
        assert!(n.is_ok());
        assert_eq!(t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE taux_min_boursiers IS NULL", vec![]).await, 1);
        let responsable = t.ctx(t.responsable("r@lycee.fr", &f).await.1);
        assert!(matches!(liste_taux(&responsable, 2024, &FiltreTaux::default()).await, Err(AppError::Denied(_))));
    }

    async fn r_tau_03_the_missing_rates_of_a_family_in_one_act(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let bts = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let deja = t.formation(e, "BTS Tourisme", Famille::Bts, true, 2, true).await;
        t.formation(e, "Licence Droit", Famille::Licence, false, 2, true).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 20 WHERE id = $1", vec![deja.groupe_classement.into()]).await;
        t.at_closing(Etape::Taux).await;
        let amiens = agent(&t, "a@amiens.fr", "20").await;
        let garde = Garde::default();
        assert!(matches!(
            fixer_taux_manquants(&amiens, &garde, 2024, Some(Famille::Bts), 8).await,
            Err(AppError::Rule(R::Closed { etape: Etape::Taux, .. }))
        ));
        t.during(Etape::Taux).await;
        let amiens = t.ctx(amiens.acteur);
        assert!(matches!(
            fixer_taux_manquants(&amiens, &garde, 2024, Some(Famille::Bts), 4).await,
            Err(AppError::Rule(R::TauxSousPlancher { plancher: 5 }))
        ));
        fixer_taux_manquants(&amiens, &garde, 2024, Some(Famille::Bts), 8).await.unwrap();
        let lit = |id: i64| t.nombre("SELECT taux_min_boursiers FROM groupe_classement WHERE id = $1", vec![id.into()]);
        assert_eq!([lit(bts.groupe_classement).await, lit(deja.groupe_classement).await], [8, 20]);
        let recherche = FiltreTaux { recherche: "droit".to_owned(), ..FiltreTaux::default() };
        let liste = liste_taux(&amiens, 2024, &recherche).await.unwrap();
        assert_eq!((liste.total, liste.manquants), (1, 1));
        assert_eq!(liste.lignes[0].etablissement, "Lycée Alpha");
    }

    async fn r_dro_01_a_perimeter_of_another_session_fixes_nothing_here(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let ancienne = t.insert("session_admission", "annee, libelle, etat",
            vec![2023i64.into(), "Session 2023".to_owned().into(), "archivee".to_owned().into()]).await.0;
        let courante = app::sessions::courante(&t.app.db).await.unwrap().id;
        t.during(Etape::Taux).await;
        let role = |session: i64, academie: &str| Attribution {
            session: Some(session), academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie)
        };
        // Lille this year, Amiens last year only.
        let mut acteur = t.personne("a@region.fr", role(courante, "09")).await.1;
        acteur.attributions.push(role(ancienne, "20"));
        let ctx = t.ctx(acteur);
        assert_eq!(liste_taux(&ctx, 2024, &FiltreTaux::default()).await.unwrap().total, 0);
        assert!(manquants_par_famille(&ctx, 2024).await.unwrap().is_empty());
        fixer_taux_manquants(&ctx, &Garde::default(), 2024, None, 10).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE taux_min_boursiers IS NOT NULL", vec![]).await, 0);
    }

    async fn r_for_05_rates_are_searched_like_the_offer_accents_and_case_apart(base) {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Édouard-Branly").await;
        t.formation(e, "BTS ÉLECTRONIQUE", Famille::Bts, true, 2, true).await;
        t.during(Etape::Taux).await;
        let ctx = agent(&t, "a@amiens.fr", "20").await;
        for (recherche, attendu) in [("électronique", 1), ("ELECTRO", 1), ("édouard branly", 1), ("BTS de l’optique", 0), ("100 %", 0)] {
            let filtre = FiltreTaux { recherche: recherche.to_owned(), ..FiltreTaux::default() };
            assert_eq!(liste_taux(&ctx, 2024, &filtre).await.unwrap().total, attendu, "{recherche}");
        }
    }
}
