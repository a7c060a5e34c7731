//! Reminders to whole perimeters: by batches that may be cut, stopped and resumed; nobody is told twice.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::completude::{
    FiltreCompletude, SuiviRelance, act_on_relance, list_relances, preview_en_nombre, send_relance,
    start_en_nombre, view_relance,
};
use app::contexte::SecondeEtape;
use app::idempotence::Garde;
use app::limites::Limites;
use app::taches::executer_une;
use app::{AppError, Ctx};
use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Attribution};
use domain::echanges::{EtatRelance, GesteRelance};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use testkit::{Base, TestApp, both_databases};

struct Scene {
    t: TestApp,
    /// Incomplete, of academy 20, by name.
    etablissements: Vec<i64>,
    service: Acteur,
}

fn service(academie: &str) -> Attribution {
    Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) }
}

impl Scene {
    /// Batches of two. The first two establishments have one administrator, the next two one each, the fifth nobody.
    async fn new(base: Base) -> Self {
        let t = TestApp::with_limites(base, Limites { relances: 2, ..testkit::limites() }).await;
        t.session_2024().await;
        t.at("2023-11-20T10:00");
        let mut etablissements = Vec::new();
        for i in 0..5 {
            let e = t.etablissement(&format!("080000{i}A"), &format!("Lycée {i}")).await;
            t.formation(e, "BTS Essai", Famille::Bts, true, 24, false).await;
            etablissements.push(e);
        }
        let complet = t.etablissement("0800009Z", "Lycée complet").await;
        t.formation(complet, "BTS Essai", Famille::Bts, true, 24, true).await;
        let loin = t.etablissement("0590001B", "Lycée lillois").await;
        t.formation(loin, "BTS Essai", Famille::Bts, true, 24, false).await;
        for table in ["etablissement_session", "formation_session"] {
            let sql =
                format!("UPDATE {table} SET academie = '09', departement = '59' WHERE etablissement_id = $1");
            t.sql(&sql, vec![loin.into()]).await;
        }
        let sur = |e: i64| Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
        let (deux, _) = t.personne("deux@essai.example", sur(etablissements[0])).await;
        t.insert(
            "attribution",
            "compte_id, role, etablissement_id, academies",
            vec![
                deux.into(),
                Role::AdminSite.code().to_owned().into(),
                etablissements[1].into(),
                String::new().into(),
            ],
        )
        .await;
        t.personne("trois@essai.example", sur(etablissements[2])).await;
        t.personne("quatre@essai.example", sur(etablissements[3])).await;
        t.personne("loin@essai.example", sur(loin)).await;
        let (_, service) = t.personne("service@ac.example", service("20")).await;
        Self { t, etablissements, service }
    }

    fn ctx(&self) -> Ctx {
        self.t.ctx(self.service.clone())
    }

    async fn start(&self) -> PublicId {
        let f = FiltreCompletude::default();
        let (_, id) = start_en_nombre(&self.ctx(), &Garde::default(), 2024, &f, "Merci.").await.unwrap();
        PublicId::parse(&id.unwrap()).unwrap()
    }

    async fn vue(&self, id: &PublicId) -> SuiviRelance {
        view_relance(&self.ctx(), 2024, id).await.unwrap().suivi
    }

    async fn run(&self) {
        while executer_une(&self.t.app).await.unwrap() {}
    }

    /// Runs until fewer remain.
    async fn batch(&self, id: &PublicId) {
        let reste = self.vue(id).await.a_faire;
        while self.vue(id).await.a_faire == reste && executer_une(&self.t.app).await.unwrap() {}
    }

    /// Who received a reminder, in alphabetical order.
    async fn mails(&self) -> Vec<String> {
        let mut a: Vec<String> = self
            .t
            .envois()
            .await
            .into_iter()
            .filter(|e| e.modele == "relance")
            .map(|e| e.destinataire)
            .collect();
        a.sort();
        a
    }

    async fn messages(&self) -> i64 {
        self.t.nombre("SELECT COUNT(*) FROM message_fil WHERE relance = 1", vec![]).await
    }
}

both_databases! {
    async fn r_ech_04_a_whole_perimeter_is_reminded_once_and_a_person_told_once(base) {
        let s = Scene::new(base).await;
        let f = FiltreCompletude::default();
        let p = preview_en_nombre(&s.ctx(), 2024, &f, None).await.unwrap();
        assert_eq!((p.etablissements, p.deja, p.courriels, p.sans_destinataire), (5, 0, 3, 1));
        assert!(p.texte.contains("session 2024") && p.courriel.unwrap().1.contains("Lycée 0"));
        let vide = preview_en_nombre(&s.ctx(), 2024, &f, Some(" ")).await;
        let attendu = RuleViolation::Champ { champ: "texte", motif: "vide" };
        assert!(matches!(&vide, Err(AppError::Rule(r)) if *r == attendu), "{vide:?}");
        // The same form sent twice begins it once; nothing has left yet.
        let garde = Garde { cle: Some("aaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()), ..Garde::default() };
        let (un, id) = start_en_nombre(&s.ctx(), &garde, 2024, &f, "Merci.").await.unwrap();
        let (deux, rien) = start_en_nombre(&s.ctx(), &garde, 2024, &f, "Merci.").await.unwrap();
        assert_eq!((un.numero, None), (deux.numero, rien));
        assert_eq!((s.mails().await.len(), s.messages().await), (0, 0));
        let id = PublicId::parse(&id.unwrap()).unwrap();
        s.run().await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.total, vue.a_faire, vue.ecrites), (EtatRelance::Terminee, 5, 0, 5));
        assert_eq!((vue.sans_destinataire, vue.courriels, vue.a_avertir), (1, 3, 0));
        assert!(vue.gestes.is_empty() && vue.terminee_le.is_some());
        assert_eq!(s.mails().await, ["deux@essai.example", "quatre@essai.example", "trois@essai.example"]);
        assert_eq!(s.messages().await, 5);
        let commun = s.t.envois().await.into_iter().find(|e| e.destinataire == "deux@essai.example").unwrap();
        assert!(commun.corps.contains("2 établissements") && commun.corps.contains("Lycée 0") && commun.corps.contains("Lycée 1"));
        assert!(!commun.corps.contains("Merci."), "the mail leads to the message, and does not repeat it");
        // Each conversation has its entry in the journal; nothing of what was written is there.
        let journal = s.t.journal().await;
        assert_eq!(journal.iter().filter(|e| e.action == "relancer_etablissements" && e.objet == "fil").count(), 5);
        assert!(journal.iter().all(|e| !format!("{e:?}").contains("Merci.")));
        // R-ECH-03: the week that follows there is nobody to remind.
        let p = preview_en_nombre(&s.ctx(), 2024, &f, None).await.unwrap();
        assert_eq!((p.etablissements, p.deja), (0, 5));
        let encore = start_en_nombre(&s.ctx(), &Garde::default(), 2024, &f, "Merci.").await;
        assert!(matches!(encore, Err(AppError::Invalid(_))), "{encore:?}");
    }

    async fn r_ech_04_a_reminder_is_stopped_resumed_and_looks_at_each_one_again(base) {
        let s = Scene::new(base).await;
        let id = s.start().await;
        s.batch(&id).await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.a_faire, vue.ecrites), (EtatRelance::EnCours, 3, 2));
        assert_eq!(vue.gestes, [GesteRelance::Arreter]);
        assert!(s.mails().await.is_empty(), "people are told once everything is written");
        act_on_relance(&s.ctx(), &Garde::default(), 2024, &id, GesteRelance::Arreter).await.unwrap();
        s.run().await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.a_faire, s.messages().await), (EtatRelance::Arretee, 3, 2));
        // Meanwhile one is reminded by hand, another publishes.
        let troisieme = s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![s.etablissements[2].into()]).await;
        send_relance(&s.ctx(), &Garde::default(), 2024, &[troisieme], "Par ici").await.unwrap();
        s.t.sql(
            "UPDATE formation_session SET etat = 'publiee' WHERE etablissement_id = $1",
            vec![s.etablissements[3].into()],
        )
        .await;
        let arret = act_on_relance(&s.ctx(), &Garde::default(), 2024, &id, GesteRelance::Arreter).await;
        assert!(matches!(arret, Err(AppError::Rule(_))), "{arret:?}");
        act_on_relance(&s.ctx(), &Garde::default(), 2024, &id, GesteRelance::Reprendre).await.unwrap();
        s.run().await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.a_faire, vue.ecrites), (EtatRelance::Terminee, 0, 3));
        assert_eq!((vue.completes, vue.deja_relances, vue.sans_destinataire, vue.courriels), (1, 1, 1, 1));
        assert_eq!(s.mails().await, ["deux@essai.example", "trois@essai.example"], "nobody twice");
        assert_eq!(s.messages().await, 4);
        let sans = view_relance(&s.ctx(), 2024, &id).await.unwrap().sans_destinataire;
        assert_eq!(sans, [("0800004A".to_owned(), "Lycée 4".to_owned(), "Amiens (80)".to_owned())]);
    }

    async fn r_ech_04_a_batch_done_twice_or_given_up_changes_nothing_more(base) {
        let s = Scene::new(base).await;
        let id = s.start().await;
        s.batch(&id).await;
        let avant = (s.vue(&id).await, s.messages().await);
        // The same batch again: it was done.
        s.t.sql("UPDATE tache SET etat = 'abandonnee' WHERE etat = 'a_faire'", vec![]).await;
        s.t.sql("UPDATE tache SET etat = 'a_faire' WHERE etat = 'faite' AND genre = 'relancer_etablissements'", vec![]).await;
        s.run().await;
        assert_eq!(s.messages().await, avant.1);
        let vue = s.vue(&id).await;
        assert!(vue.interrompue && vue.gestes == [GesteRelance::Arreter, GesteRelance::Reprendre], "{vue:?}");
        assert_eq!(vue.a_faire, avant.0.a_faire);
        act_on_relance(&s.ctx(), &Garde::default(), 2024, &id, GesteRelance::Reprendre).await.unwrap();
        s.run().await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.ecrites, vue.courriels), (EtatRelance::Terminee, 5, 3));
        assert_eq!((s.messages().await, s.mails().await.len()), (5, 3));
    }

    async fn hab_7_a_mass_mail_asks_for_a_fresh_second_step_and_its_batches_do_not(base) {
        let s = Scene::new(base).await;
        let f = FiltreCompletude::default();
        let un = s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![s.etablissements[0].into()]).await;
        let ids = [un];
        let maintenant = s.ctx().recu_ms();
        let vieille = maintenant - s.t.app.limites.acte_sensible_min * 60_000;
        for seconde_etape in [
            SecondeEtape::Absente,
            SecondeEtape::Faite { le_ms: vieille, moyen: Moyen::Totp },
            SecondeEtape::Faite { le_ms: maintenant, moyen: Moyen::Courriel },
        ] {
            let ctx = Ctx { seconde_etape, ..s.ctx() };
            // To prepare it and to read it again asks for nothing.
            preview_en_nombre(&ctx, 2024, &f, None).await.unwrap();
            for refus in [
                send_relance(&ctx, &Garde::default(), 2024, &ids, "Merci.").await.map(|_| ()),
                start_en_nombre(&ctx, &Garde::default(), 2024, &f, "Merci.").await.map(|_| ()),
            ] {
                assert!(matches!(refus, Err(AppError::Confirmation)), "{seconde_etape:?} {refus:?}");
            }
        }
        assert_eq!((s.messages().await, s.mails().await.len()), (0, 0));
        let seconde_etape = SecondeEtape::Faite { le_ms: maintenant, moyen: Moyen::Totp };
        let ctx = Ctx { seconde_etape, ..s.ctx() };
        send_relance(&ctx, &Garde::default(), 2024, &ids, "Merci.").await.unwrap();
        start_en_nombre(&ctx, &Garde::default(), 2024, &f, "Merci.").await.unwrap();
        s.run().await;
        assert_eq!(s.messages().await, 5);
    }

    async fn hab_7_a_mass_mail_is_stopped_at_once_and_resumed_with_a_fresh_second_step(base) {
        let s = Scene::new(base).await;
        let id = s.start().await;
        s.batch(&id).await;
        let sans = Garde::default();
        let ctx = Ctx { seconde_etape: SecondeEtape::Absente, ..s.ctx() };
        act_on_relance(&ctx, &sans, 2024, &id, GesteRelance::Arreter).await.unwrap();
        let reprise = act_on_relance(&ctx, &sans, 2024, &id, GesteRelance::Reprendre).await;
        assert!(matches!(reprise, Err(AppError::Confirmation)), "{reprise:?}");
        s.run().await;
        let vue = s.vue(&id).await;
        assert_eq!((vue.etat, vue.a_faire, s.messages().await), (EtatRelance::Arretee, 3, 2));
        let seconde_etape = SecondeEtape::Faite { le_ms: s.ctx().recu_ms(), moyen: Moyen::Totp };
        let ctx = Ctx { seconde_etape, ..s.ctx() };
        act_on_relance(&ctx, &sans, 2024, &id, GesteRelance::Reprendre).await.unwrap();
        s.run().await;
        assert_eq!((s.vue(&id).await.etat, s.messages().await), (EtatRelance::Terminee, 5));
    }

    async fn r_ech_04_it_stops_by_itself_when_who_asked_may_no_longer_remind(base) {
        let s = Scene::new(base).await;
        let id = s.start().await;
        s.batch(&id).await;
        s.t.sql("UPDATE attribution SET supprime_le = 1 WHERE role = 'academie'", vec![]).await;
        s.run().await;
        let (_, national) = s.t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
        let vue = view_relance(&s.t.ctx(national), 2024, &id).await.unwrap().suivi;
        assert_eq!((vue.etat, vue.a_faire), (EtatRelance::Arretee, 3));
        assert!(vue.motif.contains("n’a plus le droit"), "{}", vue.motif);
        assert!(s.mails().await.is_empty());
    }

    async fn r_ech_04_a_reminder_is_of_its_perimeter_and_of_who_may_remind(base) {
        let s = Scene::new(base).await;
        let id = s.start().await;
        let (_, lille) = s.t.personne("lille@ac.example", service("09")).await;
        let lille = s.t.ctx(lille);
        let vue = view_relance(&lille, 2024, &id).await;
        assert!(matches!(vue, Err(AppError::NotFound)), "{vue:?}");
        let acte = act_on_relance(&lille, &Garde::default(), 2024, &id, GesteRelance::Arreter).await;
        assert!(matches!(acte, Err(AppError::NotFound)), "{acte:?}");
        assert!(list_relances(&lille, 2024).await.unwrap().relances.is_empty());
        let f = FiltreCompletude::default();
        let p = preview_en_nombre(&lille, 2024, &f, None).await.unwrap();
        assert_eq!((p.etablissements, p.courriels), (1, 1));
        assert_eq!(list_relances(&s.ctx(), 2024).await.unwrap().relances[0].academies, ["Amiens"]);
        let chef = Attribution { etablissement: Some(s.etablissements[0]), ..Attribution::simple(Role::ChefEtab) };
        let (_, chef) = s.t.personne("chef@essai.example", chef).await;
        let chef = s.t.ctx(chef);
        for refus in [
            start_en_nombre(&chef, &Garde::default(), 2024, &f, "Merci.").await.map(|_| ()),
            preview_en_nombre(&chef, 2024, &f, None).await.map(|_| ()),
            view_relance(&chef, 2024, &id).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        }
        // The national team reminds the country.
        let (_, national) = s.t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
        let national = s.t.ctx(national);
        assert_eq!(preview_en_nombre(&national, 2024, &f, None).await.unwrap().etablissements, 6);
        assert_eq!(list_relances(&national, 2024).await.unwrap().relances.len(), 1);
    }
}
