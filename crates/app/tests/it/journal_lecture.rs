//! Reading the journal (JOU-4), who saw what (JOU-6), alarms (JOU-5).
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::{BTreeMap, BTreeSet};

use app::classements::{Noms, export_classement, groupe_vue};
use app::comptes::EtapeConnexion;
use app::contexte::SecondeEtape;
use app::journal::{
    Genre, Lecture, Recherche, alarmes, consulter, exporter, marquer_vues, qui_a_vu, record_connexion,
    record_event, record_lecture, ronde, sceller, vus, vus_csv,
};
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Action, Attribution, Cible};
use domain::formations::Famille;
use jiff::SignedDuration;
use store::Sql as _;
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    etab: i64,
    f: FormationEssai,
    candidats: Vec<CandidatEssai>,
    responsable: Acteur,
    national: Acteur,
}

/// A course, three candidates, the manager who may read them, the national team.
async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.during(Etape::Examen).await;
    let etab = t.etablissement("0800001A", "Lycée Ampère").await;
    let f = t.formation(etab, "BTS Électronique", Famille::Bts, true, 30, true).await;
    let mut candidats = Vec::new();
    for i in 0..3 {
        let c = t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
        t.voeu(&c, &f, EtatVoeu::Confirme).await;
        candidats.push(c);
    }
    let (_, responsable) = t.responsable("resp@exemple.example", &f).await;
    let (_, national) = t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
    Scene { t, etab, f, candidats, responsable, national }
}

impl Scene {
    fn ctx(&self, acteur: &Acteur) -> Ctx {
        Ctx { reseau: "A".to_owned(), ..self.t.ctx(acteur.clone()) }
    }

    async fn reads(&self) {
        groupe_vue(&self.ctx(&self.responsable), 2024, &self.f.groupe_public_id, 1).await.unwrap();
    }

    fn later(&self, secondes: i64) {
        let quand = self.t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
        self.t.horloge.set_maintenant(quand);
    }

    async fn genres(&self) -> Vec<Genre> {
        sceller(&self.t.app).await.unwrap();
        alarmes(&self.ctx(&self.national)).await.unwrap().into_iter().map(|a| a.genre).collect()
    }

    /// Reads invented records on behalf of the establishment.
    async fn reads_many(&self, dossiers: Vec<i64>) {
        let ctx = self.ctx(&self.responsable);
        let cible =
            Cible { formation: Some(self.f.formation), etablissement: Some(self.etab), ..Cible::default() };
        let permit = ctx.permit(Action::ConsulterDossiers, &cible).unwrap();
        let tx = ctx.begin().await.unwrap();
        let lecture = Lecture {
            objet: "groupe_classement",
            objet_id: "g",
            etablissement: None,
            dossiers,
            champs: &["nom"],
            export: None,
        };
        record_lecture(&tx, &ctx, &permit, &lecture).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn signs_in(&self, acteur: &Acteur, reseau: &str) {
        let ctx = Ctx { reseau: reseau.to_owned(), ..self.t.ctx(acteur.clone()) };
        let tx = ctx.begin().await.unwrap();
        record_connexion(&tx, &ctx, "connexion", EtapeConnexion::Complete.code(), "totp", "x").await.unwrap();
        tx.commit().await.unwrap();
    }
}

both_databases! {
    async fn jou_4_each_reads_the_journal_of_their_perimeter_and_leaves_an_entry(base) {
        let s = scene(base).await;
        s.reads().await;
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let admin = |etablissement| Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, sien) = s.t.personne("admin@exemple.example", admin(s.etab)).await;
        let (_, autre) = s.t.personne("voisin@exemple.example", admin(voisin)).await;
        let lectures = |p: app::journal::PageJournal| p.entrees.into_iter().filter(|e| e.issue == "lu").count();
        for (qui, attendues) in [(&s.national, 1), (&sien, 1), (&autre, 0)] {
            assert_eq!(lectures(consulter(&s.ctx(qui), &Recherche::default()).await.unwrap()), attendues);
        }
        // How many records, and which fields: never the keys of the candidates (HAB-5).
        let toutes = consulter(&s.ctx(&s.national), &Recherche::default()).await.unwrap().entrees;
        let lue = toutes.iter().find(|e| e.issue == "lu").unwrap();
        assert!(lue.dossiers == 3 && lue.apres.contains("moyenne") && !lue.apres.contains("dossiers_lus"), "{lue:?}");
        let lea = &s.candidats[0].acteur;
        for qui in [&s.responsable, lea, &Acteur::public()] {
            assert!(matches!(consulter(&s.ctx(qui), &Recherche::default()).await, Err(AppError::Denied(_))));
        }
        // The four consultations are there, and found by their code.
        let r = Recherche { action: "consulter_journal".to_owned(), ..Recherche::default() };
        let vues = consulter(&s.ctx(&s.national), &r).await.unwrap().entrees;
        assert_eq!(vues.len(), 4);
        assert!(vues.iter().all(|e| e.objet == "journal" && e.compte == "Camille Essai"), "{vues:?}");
        // By account; an address that has none finds nothing.
        for (compte, attendues) in [("resp@exemple.example", 1), ("inconnu@exemple.example", 0), ("rien", 0)] {
            let r = Recherche { compte: compte.to_owned(), ..Recherche::default() };
            assert_eq!(consulter(&s.ctx(&s.national), &r).await.unwrap().entrees.len(), attendues, "{compte}");
        }
    }

    async fn jou_4_older_entries_follow_page_after_page(base) {
        let s = scene(base).await;
        let ctx = s.t.systeme();
        let tx = ctx.begin().await.unwrap();
        for i in 0..120 {
            record_event(&tx, &ctx, "horloge", "fait", "essai", &format!("e{i}")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut vues = BTreeSet::new();
        let mut r = Recherche { action: "horloge".to_owned(), ..Recherche::default() };
        let mut pages = 0;
        loop {
            let p = consulter(&s.ctx(&s.national), &r).await.unwrap();
            pages += 1;
            vues.extend(p.entrees.into_iter().map(|e| e.objet_id));
            let Some(suite) = p.suite else { break };
            r.avant = Some(suite);
        }
        assert_eq!((pages, vues.len()), (3, 120));
    }

    async fn ent_4_jou_1_the_export_is_protected_and_recorded_with_lines_columns_and_fingerprint(base) {
        let s = scene(base).await;
        let ctx = s.t.systeme();
        let tx = ctx.begin().await.unwrap();
        record_event(&tx, &ctx, "horloge", "fait", "essai", "=1+1").await.unwrap();
        tx.commit().await.unwrap();
        let r = Recherche { action: "horloge".to_owned(), objet: String::new(), ..Recherche::default() };
        let e = exporter(&s.ctx(&s.national), &r).await.unwrap();
        let texte = String::from_utf8(e.octets).unwrap();
        assert!(texte.starts_with('\u{feff}') && texte.contains(";'=1+1;") && texte.lines().count() == 2, "{texte}");
        let derniere = s.t.journal().await.pop().unwrap();
        let dit: serde_json::Value = serde_json::from_str(derniere.apres.as_deref().unwrap()).unwrap();
        assert_eq!((&dit["lignes"], &dit["colonnes"]), (&1.into(), &15.into()), "{dit}");
        assert_eq!((derniere.objet_id.as_str(), dit["empreinte"].as_str().map(str::len)), ("export", Some(64)));
    }

    async fn jou_1_a_candidate_sees_who_read_their_record_by_role_and_establishment(base) {
        let s = scene(base).await;
        let lea = s.ctx(&s.candidats[0].acteur);
        assert_eq!(qui_a_vu(&lea).await.unwrap().len(), 0);
        s.reads().await;
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        let vues = qui_a_vu(&lea).await.unwrap();
        assert_eq!(vues.len(), 2);
        assert!(vues[0].exporte && !vues[1].exporte);
        assert_eq!((vues[1].role, vues[1].etablissement.as_str()), ("Responsable de formation", "Lycée Ampère"));
        assert!(vues[1].champs.contains(&"moyenne") && !format!("{vues:?}").contains("Camille"));
        assert!(matches!(qui_a_vu(&s.ctx(&s.responsable)).await, Err(AppError::Denied(_))));
    }

    async fn jou_6_what_an_account_saw_is_exact_between_two_instants(base) {
        let s = scene(base).await;
        let mut attendus: BTreeMap<i64, usize> = BTreeMap::new();
        let debut = s.t.app.horloge.maintenant();
        let (de, avant) = (debut.checked_add(SignedDuration::from_secs(120)).unwrap(), debut.checked_add(SignedDuration::from_secs(420)).unwrap());
        for i in 0..10usize {
            let dossiers: Vec<i64> = s.candidats.iter().skip(i % 3).map(|c| c.candidat).collect();
            let quand = s.t.app.horloge.maintenant();
            if quand >= de && quand < avant {
                for d in &dossiers {
                    *attendus.entry(*d).or_default() += 1;
                }
            }
            s.reads_many(dossiers).await;
            s.later(60);
        }
        let r = vus(&s.ctx(&s.national), "resp@exemple.example", de, avant).await.unwrap();
        assert_eq!(r.lectures, 5);
        let numeros: BTreeMap<i64, i64> = s.candidats.iter().map(|c| (c.numero, c.candidat)).collect();
        let dits: BTreeMap<i64, usize> = r.personnes.iter().map(|p| (numeros[&p.numero], p.fois)).collect();
        assert_eq!(dits, attendus);
        assert!(r.personnes.iter().all(|p| p.champs == ["nom"] && !p.exporte));
        assert_eq!(String::from_utf8(vus_csv(&r).unwrap()).unwrap().lines().count(), 1 + attendus.len());
        // Itself recorded; not for those who read a part of the journal only.
        assert_eq!(s.t.journal().await.pop().unwrap().action, "consulter_journal");
        let admin = Attribution { etablissement: Some(s.etab), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = s.t.personne("admin@exemple.example", admin).await;
        assert!(matches!(vus(&s.ctx(&admin), "resp@exemple.example", de, avant).await, Err(AppError::Denied(_))));
    }

    async fn jou_5_more_than_200_records_in_ten_minutes_give_one_alarm_and_mails(base) {
        let s = scene(base).await;
        s.reads_many((1..=200).collect()).await;
        assert_eq!(s.genres().await, []);
        // The same ones again are not more records.
        s.reads_many((1..=200).collect()).await;
        assert_eq!(s.genres().await, []);
        s.reads_many(vec![201]).await;
        assert_eq!(s.genres().await, [Genre::LectureMassive]);
        s.reads_many(vec![202]).await;
        assert_eq!(s.genres().await, [Genre::LectureMassive], "one a period");
        let envois = s.t.envois().await;
        let destinataires: Vec<&str> = envois.iter().filter(|e| e.modele == "alarme" && e.canal == "courriel").map(|e| e.destinataire.as_str()).collect();
        assert_eq!(destinataires, ["nat@exemple.example"]);
        // Looked at, once, by somebody who is named.
        assert_eq!(marquer_vues(&s.ctx(&s.national)).await.unwrap(), 1);
        assert_eq!(marquer_vues(&s.ctx(&s.national)).await.unwrap(), 0);
        let vue = alarmes(&s.ctx(&s.national)).await.unwrap().remove(0).vue;
        assert_eq!(vue.unwrap().1, "Camille Essai");
        // Spread over more than ten minutes, the same number is nothing.
        s.later(3_600);
        for lot in 0..3 {
            s.reads_many((lot * 100..lot * 100 + 100).collect()).await;
            s.later(601);
        }
        assert_eq!(s.genres().await.len(), 1);
    }

    async fn hab_7_after_500_records_in_ten_minutes_a_second_step_is_asked_again(base) {
        let s = scene(base).await;
        s.reads_many((1_001..=1_499).collect()).await;
        let maintenant = s.t.app.horloge.maintenant().as_millisecond();
        let lit = async |seconde_etape: SecondeEtape| {
            let ctx = Ctx { seconde_etape, recu_le: s.t.app.horloge.maintenant(), ..s.ctx(&s.responsable) };
            groupe_vue(&ctx, 2024, &s.f.groupe_public_id, 1).await.map(|_| ())
        };
        let faite = |le_ms| SecondeEtape::Faite { le_ms, moyen: Moyen::Totp };
        // The page that goes beyond is shown whole; the next one is not.
        lit(faite(maintenant - 60_000)).await.unwrap();
        assert!(matches!(lit(faite(maintenant - 60_000)).await, Err(AppError::Confirmation)));
        assert!(matches!(lit(SecondeEtape::Absente).await, Err(AppError::Confirmation)));
        s.later(1);
        lit(faite(maintenant + 1_000)).await.unwrap();
        s.later(601);
        lit(faite(maintenant - 60_000)).await.unwrap();
    }

    async fn hab_7_five_files_an_hour_and_twenty_a_day_leave(base) {
        let s = scene(base).await;
        let export = async || {
            let ctx = Ctx { recu_le: s.t.app.horloge.maintenant(), ..s.ctx(&s.responsable) };
            export_classement(&ctx, 2024, &s.f.groupe_public_id, Noms::Avec).await.map(|_| ())
        };
        for heure in 0..4 {
            for i in 0..5 {
                export().await.unwrap_or_else(|e| panic!("{heure} {i}: {e}"));
                s.later(1);
            }
            let refus = export().await;
            let attendu = if heure < 3 { 3_595 } else { 86_400 - 3 * 3_600 - 20 };
            assert!(
                matches!(&refus, Err(AppError::TooMany { attente_s }) if (attendu - 20..=attendu + 20).contains(attente_s)),
                "{heure}: {refus:?}"
            );
            s.later(3_600);
        }
        assert!(matches!(export().await, Err(AppError::TooMany { .. })));
        s.later(86_400);
        export().await.unwrap();
    }

    async fn jou_5_export_from_an_unknown_network_and_distant_sign_ins_give_alarms(base) {
        let s = scene(base).await;
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        assert_eq!(s.genres().await, [Genre::ExportReseauInconnu], "one a window for a network");
        // A second step made just now is no proof: the network of a thief is as young as the theft.
        let compte = s.responsable.compte.unwrap();
        let cle = s.t.app.coffre.fingerprint("reseau-connu", &format!("{compte}|A"));
        s.t.sql(
            "INSERT INTO reseau_connu (compte_id, empreinte, confirme_le, premiere_le) VALUES ($1, $2, $3, $3)",
            vec![compte.into(), cle.into(), s.t.systeme().recu_ms().into()],
        )
        .await;
        s.later(3_600);
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        assert_eq!(s.genres().await.len(), 2);
        s.later(25 * 3_600);
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        assert_eq!(s.genres().await.len(), 2, "confirmed since yesterday");
        s.later(31 * 86_400);
        export_classement(&s.ctx(&s.responsable), 2024, &s.f.groupe_public_id, Noms::Avec).await.unwrap();
        assert_eq!(s.genres().await.len(), 3, "not confirmed for a month");
        s.t.sql("DELETE FROM alarme WHERE id NOT IN (SELECT id FROM alarme ORDER BY id LIMIT 2)", vec![]).await;

        s.signs_in(&s.national, "A").await;
        s.later(300);
        s.signs_in(&s.national, "A").await;
        assert_eq!(s.genres().await.len(), 2);
        s.signs_in(&s.national, "B").await;
        assert_eq!(s.genres().await[0], Genre::DoubleConnexion);
        // A candidate goes from their telephone to their home every evening.
        let lea = s.candidats[0].acteur.clone();
        s.signs_in(&lea, "A").await;
        s.signs_in(&lea, "B").await;
        assert_eq!(s.genres().await.len(), 3);
    }

    async fn jou_5_an_altered_journal_gives_the_alarm_at_the_next_round(base) {
        let s = scene(base).await;
        s.reads().await;
        s.later(600);
        sceller(&s.t.app).await.unwrap();
        assert_eq!(ronde(&s.t.systeme()).await.unwrap(), 0);
        if s.t.app.db.backend() == store::Backend::Postgres {
            s.t.sql("ALTER TABLE journal DISABLE TRIGGER ALL", vec![]).await;
        } else {
            s.t.sql("DROP TRIGGER journal_fige", vec![]).await;
        }
        s.t.sql("UPDATE journal SET compte_id = 1 WHERE dossiers > 0", vec![]).await;
        assert_eq!(ronde(&s.t.systeme()).await.unwrap(), 1);
        assert_eq!(ronde(&s.t.systeme()).await.unwrap(), 1);
        let dites = alarmes(&s.ctx(&s.national)).await.unwrap();
        assert_eq!(dites.iter().map(|a| a.genre).collect::<Vec<_>>(), [Genre::RuptureChaine], "once");
        assert!(dites[0].details.contains("modifiee"), "{}", dites[0].details);
    }
}
