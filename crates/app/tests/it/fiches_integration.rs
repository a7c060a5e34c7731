//! The course that a record of the catalogue of apprenticeship becomes, and what the catalogue changes of it afterwards; on both
//! databases.

use app::accueil::home;
use app::apprentissage::{
    BilanIntegration, Rapprochement, Travail, ask_integration, decide_rapprochement, declare_pretes,
    integrate, keep_fiche, list_fiches, list_groupes, list_mes_fiches, view_fiche, view_groupe,
    view_integration,
};
use app::formations::{EcritureLot, field_of_courses, publish_formation, set_field, view_parametrage};
use app::idempotence::Garde;
use app::interfaces::{DemandeAbonnement, list_livraisons, make_events, resolve_jeton, subscribe};
use app::journal::sceller;
use app::{AppError, Ctx};
use domain::apprentissage::{ChoixRapprochement, Indice, Statut};
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Attribution, Cible};
use domain::formations::Famille;
use domain::formations::description::{Champ, Valeur};
use domain::{PublicId, RuleViolation};
use testkit::both_databases;

use crate::fiches_apprentissage::{MOTIF, Scene, agent, fiche, tous, with};

both_databases! {
    async fn r_app_08_a_ready_record_becomes_a_draft_once_and_its_part_follows_the_catalogue(base) {
        let s = Scene::new(base).await;
        let etablissement = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let connue = s.t.formation(etablissement, "BTS Comptabilité", Famille::Bts, true, 24, true).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![connue.formation.into()]).await;
        let nouvelle = with(fiche("c", "BTS Électronique"), "etablissement_formateur_uai", "0801234B");
        let jour = [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), nouvelle, fiche("d", "BTS Négociation")];
        s.day(&jour).await;
        assert_eq!(s.integrate().await, BilanIntegration::default(), "nothing is ready");
        for id in ["a", "b", "c"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { creees: 2, rattachees: 1, publiees: 1, etablissements: 1, ..BilanIntegration::default() });
        assert_eq!((s.course("a", "etat").await, s.course("a", "libelle").await), ("brouillon".to_owned(), "BTS Tourisme - en apprentissage".to_owned()));
        assert_eq!((s.course("a", "famille").await, s.course("a", "commune").await), ("bts".to_owned(), "Amiens".to_owned()));
        assert_eq!((s.statut("a").await, s.statut("b").await), ("pret_pour_integration".to_owned(), "publie".to_owned()));
        assert_eq!(s.course("b", "public_id").await, connue.public_id, "the session had it already");
        assert_eq!(s.integrate().await, BilanIntegration::default(), "done again, it does nothing");
        // The establishment writes; then the catalogue moves the course.
        s.t.sql("UPDATE formation_session SET presentation = 'Ouverte en 2024.', capacite = 12, maj_par = (SELECT MAX(id) FROM compte), version = version + 1
                 WHERE id = (SELECT formation_session_id FROM fiche_apprentissage WHERE identifiant = 'a|1|2')", vec![]).await;
        let deplacee = with(with(with(fiche("a", "BTS Tourisme"), "localite", "Abbeville"), "etablissement_lieu_formation_code_insee", "80001"), "etablissement_lieu_formation_code_postal", "80100");
        s.day(&[deplacee, jour[1].clone(), jour[2].clone(), jour[3].clone()]).await;
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { mises_a_jour: 1, ..BilanIntegration::default() });
        assert_eq!((s.course("a", "commune").await, s.course("a", "presentation").await), ("Abbeville".to_owned(), "Ouverte en 2024.".to_owned()));
        // Candidates read it from now on.
        s.t.sql("UPDATE formation_session SET etat = 'publiee' WHERE id = (SELECT formation_session_id FROM fiche_apprentissage WHERE identifiant = 'a|1|2')", vec![]).await;
        assert_eq!(s.integrate().await.publiees, 1);
        assert_eq!(s.statut("a").await, "publie");
        let mien = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let admin = s.t.ctx(s.t.personne("admin@lycee.example", mien).await.1);
        let miennes = list_mes_fiches(&admin, 2024, 1).await.expect("a list");
        let noms: Vec<&str> = miennes.lignes.iter().map(|l| l.intitule.as_str()).collect();
        assert_eq!(noms, ["BTS Comptabilité", "BTS Négociation", "BTS Tourisme"]);
    }

    async fn r_app_08_the_first_maintenance_of_a_day_makes_the_courses(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        app::taches::entretenir(&s.t.app).await.expect("maintained");
        assert_eq!(s.course("a", "etat").await, "brouillon");
        s.decide("b", Statut::PretPourIntegration, "").await.expect("ready");
        let attachees = async || s.t.nombre("SELECT COUNT(formation_session_id) FROM fiche_apprentissage", vec![]).await;
        app::taches::entretenir(&s.t.app).await.expect("maintained");
        assert_eq!(attachees().await, 1, "once a day");
        s.t.at("2023-11-21T00:05");
        app::taches::entretenir(&s.t.app).await.expect("maintained");
        assert_eq!(attachees().await, 2);
    }

    async fn r_app_08_what_the_platform_cannot_take_is_rejected_with_the_reason(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        // The catalogue loses the code between the decision and the night.
        s.t.sql("UPDATE fiche_apprentissage SET contenu = REPLACE(contenu, '\"0800001A\"', 'null')", vec![]).await;
        assert_eq!(s.integrate().await, BilanIntegration { rejetees: 1, ..BilanIntegration::default() });
        assert_eq!(s.statut("a").await, "rejete");
        let raison = s.t.mot("SELECT raison FROM fiche_apprentissage", vec![]).await;
        assert!(raison.contains("code UAI"), "{raison}");
        let e = ask_integration(&s.agent(), &Garde::default(), 2024).await;
        assert!(matches!(e, Err(AppError::Denied(_))), "{e:?}");
    }

    async fn r_app_08_an_integration_that_is_asked_for_is_made_by_a_task_and_says_where_it_stands(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        let national = s.t.ctx(s.t.personne("national@exemple.fr", Attribution::simple(Role::AdminNational)).await.1);
        let session = app::sessions::session(&s.t.app.db, 2024).await.expect("a session");
        let garde = Garde { cle: Some("cccccccccccccccccccccccccc".to_owned()), ..Garde::default() };
        let recu = ask_integration(&national, &garde, 2024).await.expect("asked");
        let encore = ask_integration(&national, &garde, 2024).await.expect("the same form");
        assert_eq!(recu.numero, encore.numero);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM tache WHERE genre = 'integrer_fiches'", vec![]).await, 1);
        let vue = view_integration(&national, &session, Some(&recu.numero)).await.expect("seen");
        assert_eq!((vue.travail.map(|(t, _)| t), vue.derniere), (Some(Travail::EnAttente), None));
        assert_eq!(s.statut("a").await, "pret_pour_integration", "the request makes nothing");
        while app::taches::executer_une(&s.t.app).await.expect("a task") {}
        let vue = view_integration(&national, &session, Some(&recu.numero)).await.expect("seen");
        let bilan = vue.derniere.expect("done").1;
        assert_eq!((vue.travail, bilan.creees, bilan.etablissements), (None, 1, 1));
        assert_eq!(bilan.faits(), ["1 formation créée", "1 établissement ajouté"]);
        assert_eq!(s.course("a", "etat").await, "brouillon");
        assert!(matches!(view_integration(&s.agent(), &session, None).await, Err(AppError::Denied(_))));
        // Whoever asked has no right any more: nothing is made, and it is told.
        let recu = ask_integration(&national, &Garde::default(), 2024).await.expect("asked");
        s.t.sql("UPDATE attribution SET role = 'auditeur' WHERE role = 'admin_national'", vec![]).await;
        while app::taches::executer_une(&s.t.app).await.expect("a task") {}
        let vue = view_integration(&national, &session, Some(&recu.numero)).await.expect("seen");
        assert_eq!(vue.travail.map(|(t, _)| t), Some(Travail::Abandonne));
    }

    async fn r_app_12_no_course_is_published_whose_record_is_not_ready(base) {
        let s = Scene::new(base).await;
        let etablissement = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        s.integrate().await;
        let sur = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let admin = s.t.personne("admin@essai.example", sur).await.1;
        let id = PublicId::parse(&s.course("a", "public_id").await).expect("an identifier");
        let publie = async || publish_formation(&s.t.ctx(admin.clone()), &Garde::default(), 2024, &id).await.map(|_| ());
        s.decide("a", Statut::EnAttenteMiseAJour, MOTIF).await.expect("sent back");
        let refus = publie().await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::FicheNonPrete))), "{refus:?}");
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        let autre = publie().await;
        assert!(autre.is_err() && !matches!(autre, Err(AppError::Rule(RuleViolation::FicheNonPrete))), "{autre:?}");
    }

    async fn r_app_10_what_a_person_closed_stays_closed_and_a_published_course_waits(base) {
        let s = Scene::new(base).await;
        s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Gestion")]).await;
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        s.integrate().await;
        let etat = async |id: &str, etat: &str| {
            let sql = "UPDATE formation_session SET etat = $1 WHERE id =
                       (SELECT formation_session_id FROM fiche_apprentissage WHERE identifiant = $2)";
            s.t.sql(sql, vec![etat.to_owned().into(), format!("{id}|1|2").into()]).await;
        };
        etat("a", "fermee").await;
        assert_eq!(s.integrate().await, BilanIntegration::default());
        assert_eq!(s.course("a", "etat").await, "fermee");
        // Published by day, gone from the catalogue at night, before any integration: somebody is to look.
        etat("b", "publiee").await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        assert_eq!(s.statut("b").await, "en_attente_mise_a_jour");
        s.integrate().await;
        assert_eq!(s.course("b", "etat").await, "publiee");
    }

    async fn r_app_10_13_a_record_refused_or_closed_ends_its_course_tells_who_wishes_it_and_comes_back_as_a_draft(base) {
        let s = Scene::new(base).await;
        let etablissement = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let demandee = s.t.formation(etablissement, "BTS Comptabilité", Famille::Bts, true, 24, true).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![demandee.formation.into()]).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        s.integrate().await;
        let c = s.t.candidat("lea@exemple.fr", TypeBac::General).await;
        s.t.voeu(&c, &demandee, EtatVoeu::Confirme).await;
        let parti = s.t.candidat("parti@exemple.fr", TypeBac::General).await;
        s.t.voeu(&parti, &demandee, EtatVoeu::Supprime).await;
        s.decide("a", Statut::NonPublie, MOTIF).await.expect("refused");
        s.decide("b", Statut::Ferme, MOTIF).await.expect("closed");
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { fermees: 1, suspendues: 1, ..BilanIntegration::default() });
        assert_eq!((s.course("a", "etat").await, s.course("b", "etat").await), ("fermee".to_owned(), "fermee".to_owned()));
        assert_eq!(s.t.nombre("SELECT suspendue FROM formation_session WHERE id = $1", vec![demandee.formation_session.into()]).await, 1);
        let vue = view_fiche(&s.agent(), 2024, &s.id("a").await).await.expect("a record");
        assert_eq!((vue.raison.as_deref(), vue.evenements[0].quoi), (Some(MOTIF), "Fermeture de la formation"));
        assert_eq!(s.integrate().await, BilanIntegration::default());
        // R-APP-13: told once, those who still wish it, and shown on their page.
        let envois = s.t.envois().await;
        let dits: Vec<_> = envois.iter().filter(|e| e.modele == "formation_suspendue").collect();
        assert_eq!((dits.len(), dits[0].destinataire.as_str()), (1, "lea@exemple.fr"));
        assert!(!dits[0].corps.contains("Comptabilité"), "a mail names no course: {}", dits[0].corps);
        let voeux = app::candidatures::mes_voeux(&s.t.ctx(c.acteur.clone())).await.expect("has wishes");
        assert!(voeux.voeux[0].suspendue);
        s.decide("a", Statut::APublier, "").await.expect("taken again");
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        assert_eq!(s.integrate().await.rouvertes, 1);
        assert_eq!(s.course("a", "etat").await, "brouillon");
    }

    async fn r_app_14_a_course_follows_its_record_to_another_establishment_unless_candidates_wish_it(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let demandee = s.t.formation(ici, "BTS Comptabilité", Famille::Bts, true, 24, true).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![demandee.formation.into()]).await;
        let jour = [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), fiche("c", "BTS Électronique")];
        s.day(&jour).await;
        for id in ["a", "b", "c"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        s.integrate().await;
        let nombre = async |id: &str, colonne: &str| {
            let sql = format!(
                "SELECT fs.{colonne} FROM formation_session fs JOIN fiche_apprentissage f ON f.formation_session_id = fs.id
                 WHERE f.identifiant = $1"
            );
            s.t.nombre(&sql, vec![format!("{id}|1|2").into()]).await
        };
        s.t.sql("UPDATE formation_session SET presentation = 'Ouverte en 2024.', version = version + 1
                 WHERE id = (SELECT formation_session_id FROM fiche_apprentissage WHERE identifiant = 'a|1|2')", vec![]).await;
        let formation = nombre("a", "formation_id").await;
        let role = Attribution { formation: Some(formation), ..Attribution::simple(Role::RespFormation) };
        s.t.personne("resp@lycee.example", role).await;
        let c = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        s.t.voeu(&c, &demandee, EtatVoeu::Confirme).await;
        let neuf = |f: &serde_json::Value| with(f.clone(), "etablissement_formateur_uai", "0801234B");
        // Another address is not another establishment.
        let adresse = with(jour[2].clone(), "etablissement_lieu_formation_adresse", "9 rue Neuve");
        s.day(&[neuf(&jour[0]), neuf(&jour[1]), adresse]).await;
        s.decide("b", Statut::PretPourIntegration, "").await.expect("ready");
        let vue = view_fiche(&s.agent(), 2024, &s.id("a").await).await.expect("a record");
        assert_eq!(vue.ailleurs, Some(("0800001A".to_owned(), "0801234B".to_owned())), "told before the night");
        assert_eq!(s.integrate().await.cedees, 1);
        let chez = [nombre("a", "etablissement_id").await, nombre("b", "etablissement_id").await, nombre("c", "etablissement_id").await];
        assert_eq!(chez, [la, ici, ici]);
        assert_eq!(s.course("a", "presentation").await, "Ouverte en 2024.", "with what was typed");
        let inscrite = "SELECT i.etablissement_id FROM formation_inscription i JOIN formation f ON f.formation_inscription_id = i.id WHERE f.id = $1";
        assert_eq!(s.t.nombre(inscrite, vec![formation.into()]).await, la);
        let restent = "SELECT COUNT(*) FROM attribution WHERE formation_id = $1 AND supprime_le IS NULL";
        assert_eq!(s.t.nombre(restent, vec![formation.into()]).await, 0, "the roles of the former people end");
        let vue = view_fiche(&s.agent(), 2024, &s.id("a").await).await.expect("a record");
        assert_eq!(vue.ailleurs, None);
        assert!(vue.evenements.iter().any(|e| e.quoi == "Formation passée à un autre établissement"), "{vue:?}");
        let vue = view_fiche(&s.agent(), 2024, &s.id("b").await).await.expect("a record");
        assert_eq!(vue.ailleurs, Some(("0800001A".to_owned(), "0801234B".to_owned())), "candidates wish it");
        assert_eq!(s.integrate().await, BilanIntegration::default(), "once");
        // Both establishments read who has it, and whom the record names.
        for (cle, nom, ailleurs) in [(ici, "ancien", false), (la, "nouveau", true)] {
            let mien = Attribution { etablissement: Some(cle), ..Attribution::simple(Role::AdminSite) };
            let admin = s.t.ctx(s.t.personne(&format!("{nom}@lycee.example"), mien).await.1);
            let miennes = list_mes_fiches(&admin, 2024, 1).await.expect("a list").lignes;
            let l = miennes.iter().find(|l| l.intitule == "BTS Comptabilité").expect("listed on both sides");
            assert_eq!((l.ailleurs, l.chez.as_deref()), (ailleurs, Some("Lycée Jules-Verne (0800001A)")));
            assert_eq!(l.passage.as_deref(), Some("Lycée Neuf (0801234B)"));
            assert!(miennes.iter().filter(|l| l.intitule != "BTS Comptabilité").all(|l| l.passage.is_none()));
        }
        // Nobody wishes it any more: it goes.
        s.t.sql("UPDATE voeu SET etat = $1", vec![EtatVoeu::Renonce.code().to_owned().into()]).await;
        assert_eq!(s.integrate().await, BilanIntegration { cedees: 1, ..BilanIntegration::default() });
        assert_eq!(nombre("b", "etablissement_id").await, la);
    }

    async fn r_api_06_an_integration_is_told_once_to_each_establishment_whose_courses_it_changes(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let abonne = async |maison: i64, nom: &str| {
            let f = s.t.formation(maison, nom, Famille::Licence, false, 24, false).await;
            let jeton = s.t.jeton(maison, &[(&f, "")], false).await;
            let systeme = s.t.systeme();
            let vu = resolve_jeton(&s.t.app, &jeton, systeme.recu_ms()).await.expect("read").expect("in force");
            let ctx = Ctx { acteur: vu.acteur, jeton: Some(vu.cle), origine: "api", ..systeme };
            let d = DemandeAbonnement {
                url: "https://si.lycee.example/crochet".to_owned(),
                evenements: vec!["apprentissage.modifie".to_owned()],
            };
            let id = subscribe(&ctx, &Garde::default(), &d).await.expect("subscribed").id;
            (ctx, PublicId::parse(&id).expect("an identifier"))
        };
        let (un, deux) = (abonne(ici, "Licence d’histoire").await, abonne(la, "Licence de chimie").await);
        let dits = async |(ctx, id): &(Ctx, PublicId)| {
            let livraisons = list_livraisons(ctx, id, None, 100).await.expect("a list");
            livraisons.into_iter().map(|l| l.corps).collect::<Vec<_>>()
        };
        let tells = async || {
            sceller(&s.t.app).await.expect("sealed");
            make_events(&s.t.app).await.expect("made")
        };
        let jour = [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")];
        s.day(&jour).await;
        assert_eq!(tells().await, 0, "a record is no course yet");
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        assert_eq!(s.integrate().await.creees, 2);
        assert_eq!(tells().await, 1, "two courses made, one message");
        let dit = dits(&un).await.remove(0);
        assert!(dit.contains("\"url\":\"/api/v1/sessions/2024/apprentissage\""), "{dit}");
        assert!(dit.contains("\"type\":\"apprentissage.modifie\"") && !dit.contains("Tourisme"), "{dit}");
        s.integrate().await;
        assert_eq!(tells().await, 0, "nothing was done");
        let deplacee = with(with(with(jour[1].clone(), "localite", "Abbeville"), "etablissement_lieu_formation_code_insee", "80001"), "etablissement_lieu_formation_code_postal", "80100");
        s.day(&[jour[0].clone(), deplacee.clone()]).await;
        assert_eq!(s.integrate().await.mises_a_jour, 1);
        assert_eq!(tells().await, 1, "changed");
        let cedee = with(jour[0].clone(), "etablissement_formateur_uai", "0801234B");
        s.day(&[cedee, deplacee]).await;
        assert_eq!(s.integrate().await.cedees, 1);
        assert_eq!(tells().await, 2, "handed over: whoever had it, whoever takes it");
        s.decide("b", Statut::NonPublie, MOTIF).await.expect("refused");
        assert_eq!(s.integrate().await.fermees, 1);
        assert_eq!(tells().await, 1, "closed");
        assert_eq!((dits(&un).await.len(), dits(&deux).await.len()), (4, 1));
        // Together with what was done, or not at all.
        let entrees = s.t.nombre(
            "SELECT COUNT(*) FROM journal WHERE objet = 'etablissement_session' AND action = 'importer_offre'",
            vec![],
        ).await;
        assert_eq!(entrees, 5);
    }

    async fn r_app_15_the_people_of_an_establishment_are_told_of_its_records_and_of_its_courses(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let sur = |cle: i64, role: Role| Attribution { etablissement: Some(cle), ..Attribution::simple(role) };
        s.t.personne("chef@lycee.example", sur(ici, Role::ChefEtab)).await;
        s.t.personne("lecteur@lycee.example", sur(ici, Role::Lecteur)).await;
        s.t.personne("admin@neuf.example", sur(la, Role::AdminSite)).await;
        let recus = async |modele: &str| {
            let mut envois = s.t.envois().await;
            envois.retain(|e| e.modele == modele);
            envois.reverse();
            envois.into_iter().map(|e| (e.destinataire, e.corps)).collect::<Vec<(String, String)>>()
        };
        let jour = [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), fiche("c", "BTS Électronique")];
        s.day(&jour).await;
        s.decide("b", Statut::NonPublie, MOTIF).await.expect("refused");
        s.decide("c", Statut::EnAttenteMiseAJour, MOTIF).await.expect("sent back");
        let dits = recus("fiches_decidees").await;
        assert_eq!((dits.len(), dits[0].0.as_str()), (1, "chef@lycee.example"), "two records, one mail");
        assert!(dits[0].1.contains("« Lycée Jules-Verne »"), "{}", dits[0].1);
        assert!(dits[0].1.contains("/gestion/2024/apprentissage") && !dits[0].1.contains("convention"), "{}", dits[0].1);
        s.decide("b", Statut::APublier, "").await.expect("taken again");
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        assert_eq!(recus("fiches_decidees").await.len(), 1, "what is let through is told by its course");
        assert_eq!(s.integrate().await.creees, 2);
        s.integrate().await;
        let dits = recus("formations_apprentissage").await;
        assert_eq!((dits.len(), dits[0].0.as_str()), (1, "chef@lycee.example"), "once");
        assert!(dits[0].1.contains("– 2 formations par apprentissage attendent vos paramètres"), "{}", dits[0].1);
        assert!(!dits[0].1.contains("Tourisme"), "a mail names no course: {}", dits[0].1);
        let cedee = with(jour[0].clone(), "etablissement_formateur_uai", "0801234B");
        s.day(&[cedee, jour[1].clone(), jour[2].clone()]).await;
        assert_eq!(s.integrate().await.cedees, 1);
        let dits = recus("formations_apprentissage").await;
        assert_eq!(dits.len(), 3, "whoever had it, whoever takes it");
        let de = |qui: &str, quoi: &str| dits.iter().any(|(a, corps)| a == qui && corps.contains(quoi));
        assert!(de("chef@lycee.example", "– 1 formation est passée à un autre établissement"), "{dits:?}");
        assert!(de("admin@neuf.example", "– 1 formation, tenue jusqu’ici par un autre établissement"), "{dits:?}");
        s.decide("b", Statut::NonPublie, MOTIF).await.expect("refused");
        assert_eq!(s.integrate().await.fermees, 1);
        let dits = recus("formations_apprentissage").await;
        assert!(dits.len() == 4 && dits[3].1.contains("– 1 formation est fermée"), "{dits:?}");
        s.decide("b", Statut::APublier, "").await.expect("taken again");
        s.decide("b", Statut::PretPourIntegration, "").await.expect("ready");
        assert_eq!(s.integrate().await.rouvertes, 1);
        let dits = recus("formations_apprentissage").await;
        assert!(dits[4].1.contains("– 1 formation par apprentissage attend vos paramètres"), "{dits:?}");
    }

    async fn r_app_14_courses_that_leave_together_no_longer_share_one_registration(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let jour = [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), fiche("c", "BTS Électronique")];
        s.day(&jour).await;
        for id in ["a", "b", "c"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        s.integrate().await;
        let partage = "UPDATE formation SET formation_inscription_id = (SELECT MIN(id) FROM formation_inscription WHERE etablissement_id = $1)
                       WHERE id IN (SELECT formation_id FROM formation_session WHERE etablissement_id = $1)";
        let de = "SELECT COUNT(DISTINCT f.formation_inscription_id) FROM formation f
                  JOIN formation_inscription i ON i.id = f.formation_inscription_id WHERE i.etablissement_id = $1";
        let neuf = |f: &serde_json::Value| with(f.clone(), "etablissement_formateur_uai", "0801234B");
        // The one that stays keeps what they shared.
        s.t.sql(partage, vec![ici.into()]).await;
        s.day(&[neuf(&jour[0]), neuf(&jour[1]), jour[2].clone()]).await;
        assert_eq!(s.integrate().await.cedees, 2);
        assert_eq!((s.t.nombre(de, vec![ici.into()]).await, s.t.nombre(de, vec![la.into()]).await), (1, 2));
        // All of them leave: the last one takes it along.
        s.t.sql(partage, vec![la.into()]).await;
        s.day(&jour).await;
        assert_eq!(s.integrate().await.cedees, 2);
        assert_eq!((s.t.nombre(de, vec![ici.into()]).await, s.t.nombre(de, vec![la.into()]).await), (3, 0));
    }

    async fn r_app_14_a_course_that_the_offer_gave_to_another_establishment_stays_there(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let connue = s.t.formation(la, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage', cle = 'carif:a|1|2' WHERE id = $1", vec![connue.formation.into()]).await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        assert_eq!(s.integrate().await.rattachees, 1);
        s.integrate().await;
        let chez = "SELECT etablissement_id FROM formation_session WHERE id = $1";
        let tenue = s.t.nombre(chez, vec![connue.formation_session.into()]).await;
        assert!(tenue == la && tenue != ici, "no code changed since it was given there");
    }

    async fn r_app_19_a_record_is_compared_with_a_declared_course_before_a_second_one_is_made(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let declaree = s.t.formation(ici, "BTS - Services - Tourisme", Famille::Bts, true, 24, false).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![declaree.formation.into()]).await;
        // The status of student stays apart.
        s.t.formation(ici, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        let l = list_groupes(&s.agent(), 2024, 1).await.expect("groups");
        assert_eq!((l.total, l.a_rapprocher), (0, 1));
        assert!(l.rapprochements[0].formations[0].contains("Lycée Jules-Verne (0800001A)"), "{:?}", l.rapprochements);
        assert_eq!(list_fiches(&s.agent(), 2024, &tous()).await.expect("a list").groupes, 1);
        let id = s.id("a").await;
        let vue = view_groupe(&s.agent(), 2024, &id).await.expect("compared");
        assert!(vue.attend && vue.fiches.len() == 1 && vue.voisines.len() == 1, "{vue:?}");
        assert_eq!((vue.voisines[0].choix, vue.voisines[0].indice), (None, Indice::Intitule));
        assert!(matches!(view_groupe(&s.agent(), 2024, &s.id("b").await).await, Err(AppError::NotFound)));
        let voisin = s.t.ctx(agent(&s.t, "voisin", "09").await);
        assert_eq!(list_groupes(&voisin, 2024, 1).await.expect("groups").a_rapprocher, 0);
        let e = decide_rapprochement(&voisin, &Garde::default(), 2024, &id, &Rapprochement::Distinctes).await;
        assert!(matches!(e, Err(AppError::Denied(_))), "{e:?}");
        for ready in ["a", "b"] {
            s.decide(ready, Statut::PretPourIntegration, "").await.expect("ready");
        }
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { creees: 1, a_comparer: 1, ..BilanIntegration::default() });
        assert_eq!(s.statut("a").await, "pret_pour_integration", "it waits");
        // One is another course, then it is this one: said before integration, said again.
        let version = view_groupe(&s.agent(), 2024, &id).await.expect("compared").version;
        let garde = || Garde { version: Some(version), ..Garde::default() };
        let inconnue = Rapprochement::Meme(id.clone());
        let e = decide_rapprochement(&s.agent(), &garde(), 2024, &id, &inconnue).await;
        assert!(matches!(e, Err(AppError::Rule(RuleViolation::Champ { champ: "rapprochement", .. }))), "{e:?}");
        decide_rapprochement(&s.agent(), &garde(), 2024, &id, &Rapprochement::Distinctes).await.expect("two");
        let e = decide_rapprochement(&s.agent(), &garde(), 2024, &id, &Rapprochement::Distinctes).await;
        assert!(matches!(e, Err(AppError::Conflict)), "a second tab: {e:?}");
        assert_eq!(list_groupes(&s.agent(), 2024, 1).await.expect("groups").a_rapprocher, 0);
        let meme = Rapprochement::Meme(PublicId::parse(&declaree.public_id).expect("an identifier"));
        decide_rapprochement(&s.agent(), &Garde::default(), 2024, &id, &meme).await.expect("one");
        let vue = view_groupe(&s.agent(), 2024, &id).await.expect("compared");
        assert!(!vue.attend && vue.voisines[0].choix == Some(ChoixRapprochement::Meme), "{vue:?}");
        assert_eq!(s.integrate().await, BilanIntegration { rattachees: 1, ..BilanIntegration::default() });
        assert_eq!(s.course("a", "public_id").await, declaree.public_id);
        assert_eq!(s.integrate().await, BilanIntegration::default(), "done again, it does nothing");
        assert!(view_groupe(&s.agent(), 2024, &id).await.is_err(), "nothing more to compare");
    }

    async fn r_app_19_two_courses_are_made_once_they_are_said_to_be_two(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let mut declarees = Vec::new();
        for _ in 0..2 {
            declarees.push(s.t.formation(ici, "BTS Tourisme", Famille::Bts, true, 24, false).await);
        }
        let seule = s.t.formation(ici, "BTS Comptabilité", Famille::Bts, true, 24, false).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        // Two courses of one name wait; the only one of its name is taken, unless somebody says that it is another course.
        let l = list_groupes(&s.agent(), 2024, 1).await.expect("groups");
        assert_eq!((l.a_rapprocher, l.rapprochements[0].formations.len()), (1, 2));
        let vue = view_groupe(&s.agent(), 2024, &s.id("b").await).await.expect("compared");
        assert!(!vue.attend && vue.voisines[0].id == seule.public_id, "{vue:?}");
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
            let id = s.id(id).await;
            decide_rapprochement(&s.agent(), &Garde::default(), 2024, &id, &Rapprochement::Distinctes).await.expect("two");
        }
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { creees: 2, ..BilanIntegration::default() });
        let neuve = s.course("a", "public_id").await;
        assert!(declarees.iter().all(|d| d.public_id != neuve));
    }

    async fn r_app_19_what_is_counted_as_to_be_compared_is_what_is_listed(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        for (maison, nom) in [(ici, "BTS - Services - Tourisme"), (ici, "BTS Comptabilité"), (la, "BTS Électronique"), (la, "BTS Optique")] {
            s.t.formation(maison, nom, Famille::Bts, true, 24, false).await;
        }
        s.t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
        let comptes = async |qui: &Ctx| {
            let l = list_groupes(qui, 2024, 1).await.expect("groups");
            assert_eq!(usize::try_from(l.a_rapprocher), Ok(l.rapprochements.len()));
            assert_eq!(list_fiches(qui, 2024, &tous()).await.expect("a list").groupes, l.total + l.a_rapprocher);
            l.a_rapprocher
        };
        assert_eq!(comptes(&s.agent()).await, 0, "no record yet");
        let ailleurs = with(with(fiche("d", "BTS Tourisme"), "etablissement_lieu_formation_code_insee", "60057"), "etablissement_lieu_formation_code_postal", "60000");
        // One that waits, the only one of its name, one of an establishment that its SIRET alone names, one of another department, and
        // one that no course looks like.
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), fiche("c", "BTS Électronique"), ailleurs, fiche("e", "BTS Chimie")]).await;
        assert_eq!(comptes(&s.agent()).await, 1);
        s.t.sql("INSERT INTO organisme (siret, uai, nom, ville, departement, ferme) VALUES ('73282932000074', '0801234B', 'LYCEE NEUF', 'AMIENS', '80', 0)", vec![]).await;
        assert_eq!(comptes(&s.agent()).await, 2, "the register knows the SIRET");
        assert_eq!(comptes(&s.t.ctx(agent(&s.t, "voisin", "09").await)).await, 0);
        let national = Attribution::simple(Role::AdminNational);
        assert_eq!(comptes(&s.t.ctx(s.t.personne("national@men.example", national).await.1)).await, 2);
        decide_rapprochement(&s.agent(), &Garde::default(), 2024, &s.id("a").await, &Rapprochement::Distinctes).await.expect("two");
        assert_eq!(comptes(&s.agent()).await, 1, "said");
        s.t.sql("UPDATE formation_session SET etat = 'fermee' WHERE libelle = 'BTS Électronique'", vec![]).await;
        assert_eq!(comptes(&s.agent()).await, 0, "closed");
    }

    async fn r_app_19_no_establishment_is_made_for_a_record_that_waits_or_takes_a_course(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let chef = Attribution { etablissement: Some(ici), ..Attribution::simple(Role::ChefEtab) };
        s.t.personne("chef@lycee.example", chef).await;
        let mut declarees = Vec::new();
        for nom in ["BTS Tourisme", "BTS Comptabilité"] {
            declarees.push(s.t.formation(ici, nom, Famille::Bts, true, 24, false).await);
        }
        s.t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
        // Given in a place whose code the session does not know: the course would be of that one.
        let neuve = |id: &str, titre: &str| with(fiche(id, titre), "etablissement_lieu_formation_uai", "0801234B");
        s.day(&[neuve("a", "BTS Tourisme"), neuve("b", "BTS Comptabilité")]).await;
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        let meme = Rapprochement::Meme(PublicId::parse(&declarees[1].public_id).expect("an identifier"));
        decide_rapprochement(&s.agent(), &Garde::default(), 2024, &s.id("b").await, &meme).await.expect("one");
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { rattachees: 1, a_comparer: 1, ..BilanIntegration::default() });
        let connus = async || s.t.nombre("SELECT COUNT(*) FROM etablissement_session", vec![]).await;
        assert_eq!(connus().await, 1);
        let dits = "SELECT COUNT(*) FROM journal WHERE objet = 'etablissement_session' AND action = 'importer_offre'";
        assert_eq!(s.t.nombre(dits, vec![]).await, 1, "whoever has the course is told of it");
        decide_rapprochement(&s.agent(), &Garde::default(), 2024, &s.id("a").await, &Rapprochement::Distinctes).await.expect("two");
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { creees: 1, etablissements: 1, ..BilanIntegration::default() });
        assert_eq!(connus().await, 2);
    }

    async fn r_app_14_no_establishment_is_made_for_a_course_that_stays_because_it_is_wished(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let demandee = s.t.formation(ici, "BTS Tourisme", Famille::Bts, true, 24, true).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        assert_eq!(s.integrate().await.rattachees, 1);
        let c = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        s.t.voeu(&c, &demandee, EtatVoeu::Confirme).await;
        s.day(&[with(fiche("a", "BTS Tourisme"), "etablissement_formateur_uai", "0801234B")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        let bilan = s.integrate().await;
        assert_eq!((bilan.etablissements, bilan.cedees), (0, 0), "{bilan:?}");
        let faits = "SELECT COUNT(*) FROM etablissement WHERE uai = '0801234B'";
        assert_eq!(s.t.nombre(faits, vec![]).await, 0);
    }

    async fn r_app_08_a_decision_under_way_is_waited_for_and_what_was_read_before_it_is_not_written_over(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        let decision = s.t.app.db.begin_write().await.expect("a transaction");
        let refus = "UPDATE fiche_apprentissage SET statut = 'non_publie', raison = 'Essai.', version = version + 1
                     WHERE identifiant = 'a|1|2'";
        store::Sql::exec(&decision, refus, vec![]).await.expect("decided");
        let (bilan, ()) = tokio::join!(s.integrate(), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            decision.commit().await.expect("committed");
        });
        assert_eq!((bilan.creees, bilan.rattachees), (1, 0), "{bilan:?}");
        let attachees = async || s.t.nombre("SELECT COUNT(formation_session_id) FROM fiche_apprentissage", vec![]).await;
        assert_eq!((s.statut("a").await.as_str(), attachees().await), ("non_publie", 1));
        // A version that is not that of the record any more attaches nothing.
        let lue = async |colonne: &str, id: &str| {
            let sql = format!("SELECT {colonne} FROM fiche_apprentissage WHERE identifiant = $1");
            s.t.nombre(&sql, vec![format!("{id}|1|2").into()]).await
        };
        let (cle, version) = (lue("id", "a").await, lue("version", "a").await);
        let course = lue("formation_session_id", "b").await;
        let ctx = s.t.systeme();
        let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme()).expect("may");
        let tx = s.t.app.db.begin_write().await.expect("a transaction");
        let e = store::apprentissage::attach(&tx, &ctx.ecriture(&permit), &[((cle, version - 1), course)]).await;
        assert!(matches!(e, Err(store::StoreError::Conflict(_))), "{e:?}");
        drop(tx);
        assert_eq!(attachees().await, 1);
    }

    async fn r_app_08_those_who_hold_several_records_never_wait_for_each_other(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        // Keys in this order: what is written in another one would wait for who writes in this one.
        let titres = ["a", "b", "c"].map(|id| fiche(id, &format!("BTS Option {id}")));
        for n in 1..=3 {
            s.day(&titres[..n]).await;
        }
        for id in ["a", "b", "c"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        assert_eq!(s.integrate().await.creees, 3);
        let again = async || {
            s.t.sql("UPDATE fiche_apprentissage SET statut = 'a_publier', version = version + 1", vec![]).await;
            [s.lue("c").await, s.lue("b").await, s.lue("a").await]
        };
        let systeme = s.t.systeme();
        for _ in 0..5 {
            let lues = again().await;
            let pretes = async { declare_pretes(&s.agent(), &Garde::default(), 2024, &lues).await };
            let (pretes, integrees) = s.at_once("b", pretes, integrate(&systeme, 2024)).await;
            assert!(pretes.is_ok() && integrees.is_ok(), "{pretes:?} {integrees:?}");
            let (un, deux) = (again().await, s.agent());
            let mut autrement = un.clone();
            autrement.reverse();
            let (un, deux) = s
                .at_once(
                    "b",
                    async { declare_pretes(&s.agent(), &Garde::default(), 2024, &un).await },
                    declare_pretes(&deux, &Garde::default(), 2024, &autrement),
                )
                .await;
            let tard = |e: &Result<_, AppError>| matches!(e, Err(AppError::Conflict));
            assert!(un.is_ok() && tard(&deux) || deux.is_ok() && tard(&un), "one of both: {un:?} {deux:?}");
        }
        // Of a group, the record that is kept comes first, whatever its key; a day of the catalogue holds them by key.
        let double = |id: &str| with(fiche("z", "BTS Optique"), "id_formation", id);
        let jour = [titres[0].clone(), titres[1].clone(), titres[2].clone(), double("z"), double("y"), double("x")];
        for n in 4..=6 {
            s.day(&jour[..n]).await;
        }
        let (x, z) = (s.id("x").await, s.id("z").await);
        for _ in 0..5 {
            for (statut, doublon, parmi) in [
                ("a_publier", "NULL, raison = NULL", "= 'x|1|2'"),
                ("non_publiable", "'x|1|2', raison = 'Doublon.'", "IN ('y|1|2', 'z|1|2')"),
            ] {
                let sql = format!(
                    "UPDATE fiche_apprentissage SET statut = '{statut}', doublon_de = {doublon}, version = version + 1
                     WHERE identifiant {parmi}"
                );
                s.t.sql(&sql, vec![]).await;
            }
            let garde = Garde::default();
            let choix = async { keep_fiche(&s.agent(), &garde, 2024, &x, &z).await };
            let (choix, ()) = s.at_once("y", choix, s.day(&jour)).await;
            assert!(matches!(choix, Ok(_) | Err(AppError::Conflict)), "{choix:?}");
        }
        // A record, then its course: in this order on both sides.
        let declaree = s.t.formation(ici, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![declaree.formation.into()]).await;
        let tourisme = fiche("t", "BTS Tourisme");
        s.day(&[&jour[..], &[tourisme][..]].concat()).await;
        let (id, meme) = (s.id("t").await, Rapprochement::Meme(PublicId::parse(&declaree.public_id).expect("an identifier")));
        for _ in 0..5 {
            s.t.sql("DELETE FROM rapprochement_apprentissage", vec![]).await;
            s.t.sql("UPDATE fiche_apprentissage SET statut = 'pret_pour_integration', formation_session_id = NULL, version = version + 1
                     WHERE identifiant = 't|1|2'", vec![]).await;
            let garde = Garde::default();
            let dit = async { decide_rapprochement(&s.agent(), &garde, 2024, &id, &meme).await };
            let (integrees, dit) = s.at_once("t", integrate(&systeme, 2024), dit).await;
            assert!(integrees.is_ok() && matches!(dit, Ok(_) | Err(AppError::Conflict)), "{integrees:?} {dit:?}");
            assert_eq!(s.course("t", "public_id").await, declaree.public_id);
        }
    }

    async fn r_app_21_a_course_that_the_catalogue_brings_late_is_completed_until_a_day(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let la = s.t.etablissement("0801234B", "Lycée Neuf").await;
        let admin = async |nom: &str, etablissement: i64| {
            let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
            s.t.personne(nom, a).await.1
        };
        let (ici, la) = (admin("admin@lycee.example", ici).await, admin("admin@neuf.example", la).await);
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        s.integrate().await;
        let ouvertes = "SELECT COUNT(rouverte_jusqu_a) FROM fiche_apprentissage";
        assert_eq!(s.t.nombre(ouvertes, vec![]).await, 0, "the steps last longer");
        s.t.at("2024-01-20T10:00");
        s.decide("b", Statut::PretPourIntegration, "").await.expect("ready");
        assert_eq!(s.integrate().await.creees, 1);
        assert_eq!(s.t.nombre(ouvertes, vec![]).await, 1, "the other one is not open again");
        let id = PublicId::parse(&s.course("b", "public_id").await).expect("an identifier");
        let vue = async |qui: &Acteur| view_parametrage(&s.t.ctx(qui.clone()), 2024, &id).await.expect("its settings");
        let open = async |qui: &Acteur| {
            let p = vue(qui).await;
            let ouvertes = [&p.capacites, &p.textes, &p.publication].iter().all(|o| o.est_ouverte());
            assert_eq!(ouvertes, p.tardive.is_some());
            ouvertes
        };
        assert!(open(&ici).await);
        let restes = home(&s.t.ctx(ici.clone()), 2024, None).await.expect("a home").formations.expect("courses").restes;
        assert!(restes.iter().any(|r| r.jusqu_a.is_some()), "{restes:?}");
        let envois = s.t.envois().await;
        let dit = envois.iter().filter(|e| e.modele == "formations_apprentissage" && e.corps.contains("4 février 2024")).count();
        assert_eq!(dit, 1, "the mail says until when");
        // Handed over late: whoever takes it has as long.
        s.t.at("2024-01-25T10:00");
        let cedee = with(fiche("b", "BTS Comptabilité"), "etablissement_formateur_uai", "0801234B");
        s.day(&[fiche("a", "BTS Tourisme"), cedee]).await;
        assert_eq!(s.integrate().await.cedees, 1);
        s.t.at("2024-02-09T23:59");
        assert!(open(&la).await);
        // With other courses (R-FOR-28), it is as open as on its page.
        let frais = Champ::partageables().find(|c| c.code == "frais").expect("a field");
        let voulue = EcritureLot::Dire(Valeur::Texte("17000".to_owned()));
        let ids = [id.clone()];
        let ligne = async || {
            let lues = field_of_courses(&s.t.ctx(la.clone()), 2024, &ids, frais, Some(&voulue)).await;
            lues.expect("its fees").lignes.remove(0)
        };
        let lue = ligne().await;
        assert!(lue.change, "{lue:?}");
        set_field(&s.t.ctx(la.clone()), &Garde::default(), 2024, &ids, frais, &voulue).await.expect("written");
        assert_eq!(vue(&la).await.frais_centimes, Some(17_000));
        s.t.at("2024-02-10T00:00");
        assert!(!open(&la).await);
        let lue = ligne().await;
        assert!(lue.empechement.is_some(), "{lue:?}");
        // A session that gives no day keeps to its calendar.
        s.t.sql("UPDATE parametre SET valeur = '0' WHERE cle = 'fiche_tardive_jours'", vec![]).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("c", "BTS Électronique")]).await;
        s.decide("c", Statut::PretPourIntegration, "").await.expect("ready");
        s.integrate().await;
        assert_eq!(s.t.nombre(ouvertes, vec![]).await, 1);
    }

    async fn r_app_21_a_draft_that_a_late_record_takes_is_completed_until_a_day(base) {
        let s = Scene::new(base).await;
        let ici = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let brouillon = s.t.formation(ici, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        let publiee = s.t.formation(ici, "BTS Comptabilité", Famille::Bts, true, 24, true).await;
        s.t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
        let a = Attribution { etablissement: Some(ici), ..Attribution::simple(Role::AdminSite) };
        let admin = s.t.personne("admin@lycee.example", a).await.1;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité")]).await;
        s.t.at("2024-01-20T10:00");
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration, "").await.expect("ready");
        }
        let bilan = s.integrate().await;
        assert_eq!(bilan, BilanIntegration { rattachees: 2, publiees: 1, ..BilanIntegration::default() });
        let tardive = async |course: &str| {
            let id = PublicId::parse(course).expect("an identifier");
            let p = view_parametrage(&s.t.ctx(admin.clone()), 2024, &id).await.expect("its settings");
            let ouverte = [&p.capacites, &p.textes, &p.publication].iter().all(|o| o.est_ouverte());
            assert_eq!(ouverte, p.tardive.is_some());
            ouverte
        };
        assert!(tardive(&brouillon.public_id).await);
        assert!(!tardive(&publiee.public_id).await, "nothing of it is missing");
        let envois = s.t.envois().await;
        let dits: Vec<&str> = envois.iter().filter(|e| e.modele == "formations_apprentissage").map(|e| e.corps.as_str()).collect();
        assert_eq!(dits.len(), 1, "{dits:?}");
        assert!(dits[0].contains("– 1 formation par apprentissage attend vos paramètres") && dits[0].contains("4 février 2024"), "{dits:?}");
        s.t.at("2024-02-05T00:00");
        assert!(!tardive(&brouillon.public_id).await);
    }
}
