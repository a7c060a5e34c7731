//! Answers to propositions, and what deadlines do by themselves.

use app::AppError;
use app::candidatures::{
    BilanEcheances, Reponse, answer, expire_due, keep_waiting, mes_voeux, preview_answer,
};
use app::idempotence::Garde;
use domain::RuleViolation;
use domain::admission::ChoixCandidat;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, FormationEssai, VoeuEssai};
use testkit::{TestApp, both_databases, paris};

struct Scene {
    t: TestApp,
    lea: CandidatEssai,
    formations: Vec<FormationEssai>,
}

async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.at("2024-05-30T20:00");
    let e = t.etablissement("0800001A", "Lycée Ampère").await;
    let mut formations = Vec::new();
    for nom in ["BTS Électronique", "BUT Informatique", "Licence Droit", "BTS Optique"] {
        formations.push(t.formation(e, nom, Famille::Bts, true, 30, true).await);
    }
    let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
    Scene { t, lea, formations }
}

impl Scene {
    async fn voeu(&self, i: usize, etat: EtatVoeu) -> VoeuEssai {
        self.t.voeu(&self.lea, &self.formations[i], etat).await
    }

    /// A proposition sent on 30 May, to be answered by 2 June.
    async fn propose(&self, i: usize, etat: EtatVoeu, reponse: &str) -> VoeuEssai {
        let v = self.voeu(i, etat).await;
        let quand = ("2024-05-30T19:00", "2024-06-03T00:00");
        self.t.proposition((&self.lea, &self.formations[i], &v), quand, reponse).await;
        v
    }

    async fn etat(&self, v: &VoeuEssai) -> String {
        store::Sql::text(&self.t.app.db, "SELECT etat FROM voeu WHERE id = $1", vec![v.id.into()])
            .await
            .expect("the query runs")
            .expect("the wish exists")
    }

    async fn reponse(&self, v: &VoeuEssai) -> String {
        let sql = "SELECT reponse FROM proposition WHERE voeu_id = $1";
        let lue = store::Sql::text(&self.t.app.db, sql, vec![v.id.into()]).await;
        lue.expect("the query runs").expect("the proposition exists")
    }

    fn ctx(&self) -> app::Ctx {
        self.t.ctx(self.lea.acteur.clone())
    }
}

fn accepte(v: &VoeuEssai, maintenus: &[&VoeuEssai]) -> Reponse {
    Reponse {
        voeu: v.public_id.clone(),
        choix: ChoixCandidat::Accepter,
        maintenus: maintenus.iter().map(|m| m.public_id.clone()).collect(),
    }
}

both_databases! {
    async fn a_cancelled_record_answers_nothing_more(base) {
        let s = scene(base).await;
        let v = s.propose(0, EtatVoeu::Propose, "attendue").await;
        s.t.sql("UPDATE candidat SET etat = 'annule' WHERE id = $1", vec![s.lea.candidat.into()]).await;
        let ctx = s.t.ctx(s.lea.acteur.clone());
        let cmd = Reponse { voeu: v.public_id.clone(), choix: ChoixCandidat::Accepter, maintenus: Vec::new() };
        assert!(preview_answer(&ctx, &cmd).await.unwrap().refus.is_some());
        let refus = answer(&ctx, &Garde::default(), &cmd).await;
        assert!(matches!(refus, Err(AppError::Rule(_))), "{refus:?}");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu WHERE etat = 'propose'", vec![]).await, 1);
    }

    async fn r_rep_01_what_the_preview_says_is_what_accepting_does(base) {
        let s = scene(base).await;
        let nouvelle = s.propose(0, EtatVoeu::Propose, "attendue").await;
        let tenue = s.propose(1, EtatVoeu::Accepte, "acceptee").await;
        let gardee = s.voeu(2, EtatVoeu::EnAttente).await;
        let perdue = s.voeu(3, EtatVoeu::EnAttente).await;
        let cmd = accepte(&nouvelle, &[&gardee]);
        let apercu = preview_answer(&s.ctx(), &cmd).await.unwrap();
        assert_eq!(apercu.refus, None);
        answer(&s.ctx(), &Garde::default(), &cmd).await.unwrap();
        for effet in &apercu.effets {
            let sql = "SELECT etat FROM voeu WHERE public_id = $1";
            let etat = store::Sql::text(&s.t.app.db, sql, vec![effet.voeu.clone().into()]).await.unwrap();
            assert_eq!(etat.as_deref(), Some(effet.apres.code()), "{effet:?}");
        }
        assert_eq!(apercu.effets.len(), 4);
        assert_eq!(s.etat(&nouvelle).await, "accepte");
        assert_eq!(s.etat(&tenue).await, "renonce_apres_acceptation");
        assert_eq!(s.etat(&gardee).await, "en_attente");
        assert_eq!(s.etat(&perdue).await, "renonce");
        assert_eq!(s.reponse(&nouvelle).await, "acceptee");
        assert_eq!(s.reponse(&tenue).await, "renoncee");
        let maintenus = "SELECT COUNT(*) FROM voeu WHERE maintenu_le IS NOT NULL";
        assert_eq!(s.t.nombre(maintenus, vec![]).await, 1);
    }

    async fn trx_4_two_tabs_answer_once(base) {
        let s = scene(base).await;
        let v = s.propose(0, EtatVoeu::Propose, "attendue").await;
        let version = mes_voeux(&s.ctx()).await.unwrap().voeux[0].version;
        let garde = |cle: &str| Garde { cle: Some(cle.to_owned()), version: Some(version), ..Garde::default() };
        let (a, b) = tokio::join!(
            tokio::spawn({
                let (ctx, g, c) = (s.ctx(), garde("a"), accepte(&v, &[]));
                async move { answer(&ctx, &g, &c).await }
            }),
            tokio::spawn({
                let (ctx, g) = (s.ctx(), garde("b"));
                let c = Reponse { choix: ChoixCandidat::Refuser, ..accepte(&v, &[]) };
                async move { answer(&ctx, &g, &c).await }
            })
        );
        let resultats = [a.unwrap(), b.unwrap()];
        assert_eq!(resultats.iter().filter(|r| r.is_ok()).count(), 1, "{resultats:?}");
        assert!(resultats.iter().any(|r| matches!(r, Err(AppError::Conflict))), "{resultats:?}");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 1);
    }

    async fn r_rep_03_the_last_instant_is_in_time_and_the_next_is_not(base) {
        let s = scene(base).await;
        let v = s.propose(0, EtatVoeu::Propose, "attendue").await;
        let refuse = Reponse { choix: ChoixCandidat::Refuser, ..accepte(&v, &[]) };
        s.t.at("2024-06-03T00:00");
        assert!(!mes_voeux(&s.ctx()).await.unwrap().voeux[0].actes.repondre);
        assert!(matches!(
            answer(&s.ctx(), &Garde::default(), &refuse).await,
            Err(AppError::Rule(RuleViolation::EcheanceDepassee { .. }))
        ));
        s.t.at("2024-06-02T23:59:59");
        assert!(mes_voeux(&s.ctx()).await.unwrap().voeux[0].actes.repondre);
        answer(&s.ctx(), &Garde::default(), &refuse).await.unwrap();
        assert_eq!((s.etat(&v).await.as_str(), s.reponse(&v).await.as_str()), ("refuse_candidat", "refusee"));
    }

    async fn an_answer_outside_admission_or_by_somebody_else_is_refused(base) {
        let s = scene(base).await;
        let v = s.propose(0, EtatVoeu::Propose, "attendue").await;
        let attente = s.voeu(1, EtatVoeu::EnAttente).await;
        let tom = s.t.candidat("tom@exemple.example", TypeBac::General).await;
        assert!(matches!(
            answer(&s.t.ctx(tom.acteur.clone()), &Garde::default(), &accepte(&v, &[])).await,
            Err(AppError::NotFound)
        ));
        s.t.at_closing(Etape::Desistements).await;
        assert!(matches!(
            answer(&s.ctx(), &Garde::default(), &accepte(&v, &[])).await,
            Err(AppError::Rule(RuleViolation::Closed { .. }))
        ));
        s.t.at("2024-05-31T10:00");
        // Accepting a waiting wish makes no sense; renouncing does.
        assert!(matches!(
            answer(&s.ctx(), &Garde::default(), &accepte(&attente, &[])).await,
            Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))
        ));
        let renonce = Reponse { choix: ChoixCandidat::Renoncer, ..accepte(&attente, &[]) };
        answer(&s.ctx(), &Garde::default(), &renonce).await.unwrap();
        assert_eq!(s.etat(&attente).await, "renonce");
        assert_eq!(s.etat(&v).await, "propose");
    }

    async fn r_voe_06_tps_6_nothing_of_the_examination_shows_before_admission(base) {
        let s = scene(base).await;
        s.propose(0, EtatVoeu::Propose, "attendue").await;
        s.voeu(1, EtatVoeu::RefuseFormation).await;
        s.voeu(2, EtatVoeu::EnAttente).await;
        s.t.at("2024-05-30T18:59:59");
        let vue = mes_voeux(&s.ctx()).await.unwrap();
        assert!(vue.voeux.iter().all(|v| v.etat == EtatVoeu::Confirme && v.proposition.is_none()));
        s.t.at("2024-05-30T19:00");
        let vue = mes_voeux(&s.ctx()).await.unwrap();
        let etats: Vec<EtatVoeu> = vue.voeux.iter().map(|v| v.etat).collect();
        assert_eq!(etats, [EtatVoeu::Propose, EtatVoeu::RefuseFormation, EtatVoeu::EnAttente]);
    }

    async fn r_voe_08_unconfirmed_wishes_are_cancelled_once_the_step_is_over(base) {
        let s = scene(base).await;
        let oublie = s.voeu(0, EtatVoeu::Saisi).await;
        let confirme = s.voeu(1, EtatVoeu::Confirme).await;
        s.t.at("2024-04-03T23:59:59");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
        s.t.at("2024-04-04T00:00");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap().voeux_annules, 1);
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
        assert_eq!((s.etat(&oublie).await.as_str(), s.etat(&confirme).await.as_str()), ("annule", "confirme"));
        assert!(matches!(expire_due(&s.ctx()).await, Err(AppError::Denied(_))));
    }

    async fn r_rep_04_silence_loses_the_waiting_wishes_after_three_days_unless_they_are_kept(base) {
        let s = scene(base).await;
        let proposee = s.propose(0, EtatVoeu::Propose, "attendue").await;
        let attente = s.voeu(1, EtatVoeu::EnAttente).await;
        s.t.at("2024-06-02T23:59:59");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
        // Nothing is at risk yet: there is nothing to keep.
        assert!(matches!(keep_waiting(&s.ctx(), &Garde::default()).await, Err(AppError::Rule(_))));
        s.t.at("2024-06-03T00:00");
        let bilan = expire_due(&s.t.systeme()).await.unwrap();
        assert_eq!(bilan, BilanEcheances { propositions_expirees: 1, ..BilanEcheances::default() });
        assert_eq!((s.etat(&proposee).await.as_str(), s.reponse(&proposee).await.as_str()), ("expire", "expiree"));
        let silence = mes_voeux(&s.ctx()).await.unwrap().silence.unwrap();
        assert_eq!((silence.perte_le, silence.a_perdre), (paris("2024-06-06T00:00"), 1));
        s.t.at("2024-06-05T23:59:59");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
        keep_waiting(&s.ctx(), &Garde::default()).await.unwrap();
        assert_eq!(mes_voeux(&s.ctx()).await.unwrap().silence.unwrap().a_perdre, 0);
        s.t.at("2024-06-06T00:00");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
        assert_eq!(s.etat(&attente).await, "en_attente");
        // Without that confirmation it is lost.
        s.t.sql("UPDATE voeu SET maintenu_le = NULL WHERE id = $1", vec![attente.id.into()]).await;
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap().voeux_perdus, 1);
        assert_eq!(s.etat(&attente).await, "renonce");
        assert_eq!(expire_due(&s.t.systeme()).await.unwrap(), BilanEcheances::default());
    }

    async fn r_rep_04_one_answer_is_enough_to_keep_waiting(base) {
        let s = scene(base).await;
        s.propose(0, EtatVoeu::RefuseCandidat, "refusee").await;
        s.propose(1, EtatVoeu::Propose, "attendue").await;
        let attente = s.voeu(2, EtatVoeu::EnAttente).await;
        s.t.at("2024-07-01T00:00");
        let bilan = expire_due(&s.t.systeme()).await.unwrap();
        assert_eq!(bilan, BilanEcheances { propositions_expirees: 1, ..BilanEcheances::default() });
        assert_eq!(s.etat(&attente).await, "en_attente");
    }
}
