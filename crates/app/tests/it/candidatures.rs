//! Wishes of a candidate: added, confirmed, withdrawn, each within its step, its state and its ceiling.

use app::AppError;
use app::candidatures::{AddVoeu, add_voeu, confirm_voeu, mes_voeux, offre_voeu, recepisse, withdraw_voeu};
use app::idempotence::Garde;
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::{ChoixInternat, EtatVoeu};
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

async fn scene(base: testkit::Base) -> (TestApp, i64) {
    let t = TestApp::with_session_2024(base).await;
    t.during(Etape::Voeux).await;
    let e = t.etablissement("0800001A", "Lycée Ampère").await;
    (t, e)
}

fn voeu(f: &testkit::fabrique::FormationEssai) -> AddVoeu {
    AddVoeu { formation: f.public_id.clone(), internat: ChoixInternat::Sans }
}

fn cle(texte: &str) -> Garde {
    Garde { cle: Some(texte.to_owned()), version: None, ..Garde::default() }
}

both_databases! {
    async fn trx_2_a_wish_added_twice_under_one_key_is_added_once(base) {
        let (t, e) = scene(base).await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 30, true).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = t.ctx(lea.acteur.clone());
        let un = add_voeu(&ctx, &cle("k1"), &voeu(&f)).await.unwrap();
        let deux = add_voeu(&ctx, &cle("k1"), &voeu(&f)).await.unwrap();
        assert_eq!(un.numero, deux.numero);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM voeu", vec![]).await, 1);
        // The same key for another request is a fault of the page, not a second wish.
        let autre = t.formation(e, "BTS Optique", Famille::Bts, true, 30, true).await;
        assert!(matches!(add_voeu(&ctx, &cle("k1"), &voeu(&autre)).await, Err(AppError::Conflict)));
        // Another key, same course: the rule speaks.
        assert!(matches!(
            add_voeu(&ctx, &cle("k2"), &voeu(&f)).await,
            Err(AppError::Rule(RuleViolation::VoeuEnDouble))
        ));
    }

    async fn r_voe_02_trx_1_the_ceiling_holds_under_fifty_parallel_requests(base) {
        let (t, e) = scene(base).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let mut taches = Vec::new();
        for i in 0..50 {
            let f = t.formation(e, &format!("BTS nº {i}"), Famille::Bts, true, 30, true).await;
            let ctx = t.ctx(lea.acteur.clone());
            taches.push(tokio::spawn(async move { add_voeu(&ctx, &cle(&format!("p{i}")), &voeu(&f)).await }));
        }
        let mut faits = 0;
        for tache in taches {
            match tache.await.unwrap() {
                Ok(_) => faits += 1,
                Err(AppError::Rule(RuleViolation::PlafondVoeux { plafond: 10 })) => {}
                Err(autre) => panic!("{autre:?}"),
            }
        }
        assert_eq!(faits, 10);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM voeu WHERE supprime_le IS NULL", vec![]).await, 10);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse WHERE acte = 'ajouter_voeu'", vec![]).await, 10);
    }

    async fn r_voe_05_both_boarding_variants_make_one_wish_of_the_ceiling(base) {
        let (t, e) = scene(base).await;
        let f = t.formation(e, "CPGE MPSI", Famille::Cpge, true, 40, true).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = t.ctx(lea.acteur.clone());
        let deux = AddVoeu { internat: ChoixInternat::LesDeux, ..voeu(&f) };
        assert_eq!(offre_voeu(&ctx, &f.public_id).await.unwrap().choix, [ChoixInternat::Sans]);
        assert!(matches!(
            add_voeu(&ctx, &Garde::default(), &deux).await,
            Err(AppError::Rule(RuleViolation::Champ { champ: "internat", .. }))
        ));
        t.sql("UPDATE formation_session SET internat = 1 WHERE id = $1", vec![f.formation_session.into()]).await;
        add_voeu(&ctx, &Garde::default(), &deux).await.unwrap();
        let vue = mes_voeux(&ctx).await.unwrap();
        assert_eq!((vue.voeux.len(), vue.etudiant), (2, 1));
        assert!(offre_voeu(&ctx, &f.public_id).await.unwrap().choix.is_empty());
    }

    async fn r_voe_04_only_a_published_course_that_admits_the_series_is_wished(base) {
        let (t, e) = scene(base).await;
        let brouillon = t.formation(e, "BTS Optique", Famille::Bts, true, 30, false).await;
        let pro = t.formation(e, "BTS Cuisine", Famille::Bts, true, 30, true).await;
        t.sql("UPDATE groupe_classement SET series = 'pro' WHERE id = $1", vec![pro.groupe_classement.into()]).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            add_voeu(&ctx, &Garde::default(), &voeu(&brouillon)).await,
            Err(AppError::Rule(RuleViolation::FormationNonPubliee))
        ));
        assert!(matches!(
            add_voeu(&ctx, &Garde::default(), &voeu(&pro)).await,
            Err(AppError::Rule(RuleViolation::AucunGroupe))
        ));
        let inconnue = AddVoeu { formation: "a".repeat(26), internat: ChoixInternat::Sans };
        assert!(matches!(add_voeu(&ctx, &Garde::default(), &inconnue).await, Err(AppError::NotFound)));
    }

    async fn a_wish_is_confirmed_withdrawn_and_wished_again_each_in_its_step(base) {
        let (t, e) = scene(base).await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 30, true).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        t.at("2024-01-16T23:59:59");
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            add_voeu(&ctx, &Garde::default(), &voeu(&f)).await,
            Err(AppError::Rule(RuleViolation::NotYetOpen { etape: Etape::Voeux, .. }))
        ));
        t.at("2024-03-14T23:59:59");
        let ctx = t.ctx(lea.acteur.clone());
        add_voeu(&ctx, &Garde::default(), &voeu(&f)).await.unwrap();
        let id = mes_voeux(&ctx).await.unwrap().voeux[0].public_id.clone();
        withdraw_voeu(&ctx, &Garde::default(), &id).await.unwrap();
        assert!(mes_voeux(&ctx).await.unwrap().voeux.is_empty());
        add_voeu(&ctx, &Garde::default(), &voeu(&f)).await.unwrap();
        let v = mes_voeux(&ctx).await.unwrap().voeux[0].clone();

        // The next day wishes are closed, confirmation is not.
        t.at("2024-03-15T00:00");
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            withdraw_voeu(&ctx, &Garde::default(), &v.public_id).await,
            Err(AppError::Rule(RuleViolation::Closed { etape: Etape::Voeux, .. }))
        ));
        let vue = mes_voeux(&ctx).await.unwrap().voeux[0].clone();
        assert!(vue.actes.confirmer && !vue.actes.retirer);
        assert!(matches!(
            confirm_voeu(&ctx, &Garde::default(), &v.public_id, false).await,
            Err(AppError::Rule(RuleViolation::Champ { champ: "engagement", .. }))
        ));
        let vieille = Garde { cle: None, version: Some(v.version + 7), ..Garde::default() };
        assert!(matches!(confirm_voeu(&ctx, &vieille, &v.public_id, true).await, Err(AppError::Conflict)));
        let r = confirm_voeu(&ctx, &cle("c1"), &v.public_id, true).await.unwrap();
        assert_eq!(confirm_voeu(&ctx, &cle("c1"), &v.public_id, true).await.unwrap().numero, r.numero);

        // One acknowledgement, that names no course; the receipt does, to its owner alone.
        let envois = store::messagerie::list_envois(&t.app.db, &t.app.coffre, 10).await.unwrap();
        assert_eq!(envois.len(), 1);
        assert_eq!(envois[0].destinataire, "lea@exemple.example");
        assert!(envois[0].corps.contains(&r.numero) && !envois[0].corps.contains("Électronique"));
        let vu = recepisse(&ctx, &r.numero).await.unwrap();
        assert!(vu.lignes.iter().any(|(_, v)| v.contains("BTS Électronique – Lycée Ampère, Amiens")));
        let tom = t.candidat("tom@exemple.example", TypeBac::General).await;
        assert!(matches!(recepisse(&t.ctx(tom.acteur.clone()), &r.numero).await, Err(AppError::NotFound)));

        // And the day after the deadline it is over.
        t.at("2024-04-04T00:00");
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            confirm_voeu(&ctx, &Garde::default(), &v.public_id, true).await,
            Err(AppError::Rule(RuleViolation::Closed { etape: Etape::Confirmation, .. }))
        ));
    }

    async fn hab_3_the_wish_of_somebody_else_is_unknown_and_staff_have_none(base) {
        let (t, e) = scene(base).await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 30, true).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let tom = t.candidat("tom@exemple.example", TypeBac::General).await;
        let v = t.voeu(&lea, &f, EtatVoeu::Saisi).await;
        let ctx = t.ctx(tom.acteur.clone());
        assert!(matches!(
            confirm_voeu(&ctx, &Garde::default(), &v.public_id, true).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            withdraw_voeu(&ctx, &Garde::default(), &v.public_id).await,
            Err(AppError::NotFound)
        ));
        let (_, responsable) = t.responsable("resp@exemple.example", &f).await;
        let ctx = t.ctx(responsable);
        assert!(matches!(add_voeu(&ctx, &Garde::default(), &voeu(&f)).await, Err(AppError::Denied(_))));
        assert!(matches!(mes_voeux(&ctx).await, Err(AppError::Denied(_))));
    }

    async fn r_voe_07_a_record_without_residence_confirms_nothing(base) {
        let (t, e) = scene(base).await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 30, true).await;
        let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
        let v = t.voeu(&lea, &f, EtatVoeu::Saisi).await;
        t.sql("UPDATE candidat SET commune = '', departement = '' WHERE id = $1", vec![lea.candidat.into()]).await;
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            confirm_voeu(&ctx, &Garde::default(), &v.public_id, true).await,
            Err(AppError::Rule(RuleViolation::DossierIncomplet { .. }))
        ));
        let residence = |d: &str| app::candidats::Residence { commune: "Lille".to_owned(), departement: d.to_owned() };
        assert!(matches!(
            app::candidats::modifier_residence(&ctx, &Garde::default(), &residence("00")).await,
            Err(AppError::Rule(RuleViolation::Champ { champ: "departement", .. }))
        ));
        app::candidats::modifier_residence(&ctx, &Garde::default(), &residence("59")).await.unwrap();
        let d = app::candidats::dossier(&ctx).await.unwrap();
        assert_eq!((d.commune.as_str(), d.departement.as_str(), d.boursier), ("Lille", "59", Some(false)));
        let academie = store::Sql::text(&t.app.db, "SELECT academie FROM candidat", vec![]).await.unwrap();
        assert_eq!(academie.as_deref(), Some("09"));
        confirm_voeu(&ctx, &Garde::default(), &v.public_id, true).await.unwrap();
        t.at_closing(Etape::Confirmation).await;
        let ctx = t.ctx(lea.acteur.clone());
        assert!(matches!(
            app::candidats::modifier_residence(&ctx, &Garde::default(), &residence("75")).await,
            Err(AppError::Rule(RuleViolation::Closed { .. }))
        ));
    }
}
