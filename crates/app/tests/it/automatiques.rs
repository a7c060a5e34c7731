//! R-ORD-05, R-RA-04, R-RA-05: what a day of summer decides from the order of the candidates.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::Ctx;
use app::admission::{
    DemandeRetrait, Devenirs, apercu_retrait, calculer_ordre_appel, calculer_retrait, passages,
    publier_passage, un_jour, verifier_explications, verifier_proces_verbaux, verifier_publies,
};
use app::idempotence::Garde;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use testkit::{CandidatEssai, FormationEssai, TestApp, VoeuEssai, both_databases};

/// Two courses of one place: the first ranks Ana, Bea and Cleo in this order, the second Bea, Ana and Cleo. Everybody wishes for
/// both, and wants the one where the other is first. The summer begins on day 2.
struct Scene {
    t: TestApp,
    candidats: Vec<CandidatEssai>,
    seconde: FormationEssai,
    /// Of each candidate, in the first course then in the second.
    voeux: Vec<[VoeuEssai; 2]>,
    agents: [Acteur; 2],
}

const ANA: usize = 0;
const BEA: usize = 1;
const CLEO: usize = 2;
const PREMIERE: usize = 0;
const SECONDE: usize = 1;

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.sql("UPDATE parametre SET valeur = '2' WHERE cle IN ('jour_debut_gdd', 'jour_fin_ordonnancement_gdd')", vec![])
            .await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let a = t.formation(e, "BTS Électronique", Famille::Bts, true, 1, true).await;
        let b = t.formation(e, "BTS Optique", Famille::Bts, true, 1, true).await;
        let (mut candidats, mut voeux) = (Vec::new(), Vec::new());
        for n in 0..3 {
            let c = t.candidat(&format!("c{n}@essai.fr"), TypeBac::General).await;
            let siens = [t.voeu(&c, &a, EtatVoeu::Classe).await, t.voeu(&c, &b, EtatVoeu::Classe).await];
            // Ana wants the second course, Bea the first.
            for (v, rang) in siens.iter().zip(if n == BEA { [1, 2] } else { [2, 1] }) {
                t.sql(
                    "UPDATE voeu SET rang_preference = $1 WHERE id = $2",
                    vec![i64::from(rang).into(), v.id.into()],
                )
                .await;
            }
            voeux.push(siens);
            candidats.push(c);
        }
        t.classement(&a, &[&candidats[0], &candidats[1], &candidats[2]]).await;
        t.classement(&b, &[&candidats[1], &candidats[0], &candidats[2]]).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 0", vec![]).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, un) = t.personne("un@national.fr", agent.clone()).await;
        let (_, deux) = t.personne("deux@national.fr", agent).await;
        t.during(Etape::OrdreAppel).await;
        let s = Self { t, candidats, seconde: b, voeux, agents: [un, deux] };
        calculer_ordre_appel(&s.agent(0), &Garde::default(), 2024).await.unwrap();
        let ordre = passages(&s.agent(0), 2024, 1, 0).await.unwrap().remove(0);
        publier_passage(&s.agent(1), &Garde::default(), 2024, &ordre.public_id).await.unwrap();
        s.t.at_opening(Etape::Admission).await;
        s.jour().await;
        // Each has a proposition where they come first, and waits where they would rather go.
        assert_eq!(s.etats(ANA).await, ["propose", "en_attente"]);
        assert_eq!(s.etats(BEA).await, ["en_attente", "propose"]);
        s
    }

    fn agent(&self, n: usize) -> Ctx {
        self.t.ctx(self.agents[n].clone())
    }

    async fn jour(&self) {
        un_jour(&self.agent(0), &self.agent(1), 2024).await.unwrap();
    }

    async fn etats(&self, n: usize) -> [String; 2] {
        let mut etats = [String::new(), String::new()];
        for (etat, v) in etats.iter_mut().zip(&self.voeux[n]) {
            *etat = self.t.mot("SELECT etat FROM voeu WHERE id = $1", vec![v.id.into()]).await;
        }
        etats
    }

    async fn reponse(&self, n: usize, ou: usize) -> String {
        let voeu = self.voeux[n][ou].id;
        self.t.mot("SELECT reponse FROM proposition WHERE voeu_id = $1", vec![voeu.into()]).await
    }

    async fn answer(&self, n: usize, ou: usize, etat: EtatVoeu, reponse: &str) {
        let voeu = self.voeux[n][ou].id;
        self.t
            .sql("UPDATE voeu SET etat = $1 WHERE id = $2", vec![etat.code().to_owned().into(), voeu.into()])
            .await;
        self.t
            .sql(
                "UPDATE proposition SET reponse = $1 WHERE voeu_id = $2",
                vec![reponse.to_owned().into(), voeu.into()],
            )
            .await;
    }

    /// Ana leaves the platform answer; she has accepted the first course.
    async fn switch_on(&self) {
        self.answer(ANA, PREMIERE, EtatVoeu::Accepte, "acceptee").await;
        self.answered_for(ANA).await;
    }

    async fn answered_for(&self, n: usize) {
        self.t
            .insert(
                "repondeur_automatique",
                "candidat_id, active, depuis_le",
                vec![self.candidats[n].candidat.into(), 1_i64.into(), 0_i64.into()],
            )
            .await;
    }

    /// The second course calls this many.
    async fn a_appeler(&self, n: i64) {
        let groupe = self.seconde.groupe_affectation;
        let sql = "UPDATE groupe_affectation SET nombre_a_appeler = $1 WHERE id = $2";
        self.t.sql(sql, vec![n.into(), groupe.into()]).await;
    }

    /// Cleo leaves the platform answer, and the second course calls two people where there is one place: Ana, who gives back the first
    /// course for it, and Cleo, for whom it is accepted. Computes the withdrawal of that day; gives the two runs.
    async fn trop_appeles(&self) -> [String; 2] {
        self.answered_for(CLEO).await;
        self.a_appeler(2).await;
        self.second_jour().await;
        assert_eq!(self.etats(ANA).await, ["demission_auto_gdd", "propose"]);
        assert_eq!(self.etats(CLEO).await, ["demission_auto_ra", "accepte"]);
        let jour = passages(&self.agent(0), 2024, 1, 0).await.unwrap().remove(0).public_id;
        let demande = DemandeRetrait {
            passage: jour.clone(),
            formations: vec![self.seconde.public_id.clone()],
            motif: "Deux candidats étaient appelés pour une place.".to_owned(),
        };
        calculer_retrait(&self.agent(0), &Garde::default(), 2024, &demande).await.unwrap();
        [jour, passages(&self.agent(0), 2024, 1, 0).await.unwrap().remove(0).public_id]
    }

    /// Bea gives her place back, then the second day.
    async fn second_jour(&self) {
        self.answer(BEA, SECONDE, EtatVoeu::RefuseCandidat, "refusee").await;
        self.t.at("2024-05-31T06:00");
        self.jour().await;
    }

    async fn verifie(&self, passages: usize) {
        let bilan = verifier_proces_verbaux(&self.agent(0), 2024, None, |_| {}).await.unwrap();
        assert_eq!(bilan.rejoues, Ok(passages));
        assert_eq!(verifier_publies(&self.agent(0), 2024, None).await.unwrap(), Ok(passages));
        assert_eq!(
            verifier_explications(&self.agent(0), 2024, None, 30, 1).await.unwrap().unwrap().voeux,
            30
        );
    }
}

both_databases! {
    async fn r_ord_05_a_better_ordered_proposition_gives_the_other_one_back_and_its_place_goes_on_the_same_night(base) {
        let s = Scene::new(base).await;
        s.second_jour().await;
        assert_eq!(s.etats(ANA).await, ["demission_auto_gdd", "propose"]);
        assert_eq!(s.reponse(ANA, PREMIERE).await, "renoncee");
        // The place that Ana gave back.
        assert_eq!(s.etats(BEA).await, ["propose", "refuse_candidat"]);
        let bilan = passages(&s.agent(0), 2024, 1, 0).await.unwrap().remove(0).bilan;
        assert_eq!((bilan.propositions, bilan.automatiques, bilan.passes), (2, 1, 2));
        s.verifie(3).await;
        // The day after, nothing moves any more.
        s.t.at("2024-06-01T06:00");
        s.jour().await;
        assert_eq!(s.etats(ANA).await, ["demission_auto_gdd", "propose"]);
        s.verifie(4).await;
    }

    async fn r_ra_04_the_automatic_answer_accepts_gives_back_and_says_so(base) {
        let s = Scene::new(base).await;
        s.switch_on().await;
        s.second_jour().await;
        assert_eq!(s.etats(ANA).await, ["demission_auto_ra", "accepte"]);
        assert_eq!((s.reponse(ANA, PREMIERE).await, s.reponse(ANA, SECONDE).await), ("renoncee".to_owned(), "acceptee".to_owned()));
        assert_eq!(s.etats(BEA).await, ["propose", "refuse_candidat"]);
        s.verifie(3).await;
        s.t.at("2024-06-01T06:00");
        s.jour().await;
        assert_eq!(s.etats(ANA).await, ["demission_auto_ra", "accepte"]);
        s.verifie(4).await;
    }

    async fn r_ra_05_one_candidate_whose_wishes_do_not_allow_it_answers_alone_and_stops_nobody(base) {
        let s = Scene::new(base).await;
        s.switch_on().await;
        // A waiting wish without a rank: the engine would refuse the night of everybody.
        s.t.sql("UPDATE voeu SET rang_preference = 0 WHERE id = $1", vec![s.voeux[ANA][SECONDE].id.into()]).await;
        s.second_jour().await;
        assert_eq!(s.etats(ANA).await, ["accepte", "propose"]);
        assert_eq!(s.reponse(ANA, SECONDE).await, "attendue");
        s.verifie(3).await;
    }

    async fn r_adm_13_run_5_in_summer_what_the_platform_did_because_of_a_wrong_proposition_is_undone(base) {
        let s = Scene::new(base).await;
        let [jour, retrait] = s.trop_appeles().await;
        // Said before it is confirmed, and to whoever publishes: Cleo's acceptance, the wish that she lost for it, Ana's first course.
        let attendus = Devenirs { retirees: 2, automatiques: 1, retablis: 1, perdues: 1, ..Devenirs::default() };
        let apercu = apercu_retrait(&s.agent(0), 2024, &jour, std::slice::from_ref(&s.seconde.public_id)).await.unwrap();
        assert_eq!((apercu.total, apercu.lignes[0].devenirs), (attendus, attendus));
        let p = passages(&s.agent(1), 2024, 1, 0).await.unwrap().remove(0);
        assert_eq!(p.bilan.retrait.map(|r| r.devenirs), Some(attendus));
        assert_eq!(s.etats(CLEO).await, ["demission_auto_ra", "accepte"], "nothing changes before the publication");

        publier_passage(&s.agent(1), &Garde::default(), 2024, &retrait).await.unwrap();
        assert_eq!(s.etats(CLEO).await, ["en_attente", "en_attente"]);
        assert_eq!(s.reponse(CLEO, SECONDE).await, "retiree");
        // The place that Ana gave back is Bea's since the same night.
        assert_eq!(s.etats(ANA).await, ["demission_auto_gdd", "en_attente"]);
        assert_eq!(s.etats(BEA).await, ["propose", "refuse_candidat"]);
        assert_eq!(s.reponse(ANA, PREMIERE).await, "renoncee");
        let p = passages(&s.agent(1), 2024, 1, 0).await.unwrap().remove(0);
        assert_eq!(p.bilan.publies, Some(2));
        while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
        let messages = s.t.envois().await;
        let dit = |a: &str| messages.iter().find(|e| e.modele == "retrait_proposition" && e.destinataire == a).unwrap().corps.clone();
        let (ana, cleo) = (dit("c0@essai.fr"), dit("c2@essai.fr"));
        assert!(cleo.contains("votre répondeur automatique") && cleo.contains("sont eux aussi de nouveau en liste"), "{cleo}");
        assert!(!ana.contains("répondeur automatique") && !ana.contains("eux aussi"), "{ana}");
        s.verifie(4).await;

        // With the right number, the next day goes on from there.
        s.a_appeler(1).await;
        s.t.at("2024-06-01T06:00");
        s.jour().await;
        assert_eq!(s.etats(ANA).await, ["demission_auto_gdd", "propose"]);
        assert_eq!(s.etats(CLEO).await, ["en_attente", "en_attente"]);
        s.verifie(5).await;
    }

    async fn r_adm_13_run_5_whoever_answered_since_keeps_their_answer_and_what_it_cost(base) {
        let s = Scene::new(base).await;
        let [_, retrait] = s.trop_appeles().await;
        // Cleo gives the place back herself; Ana says yes.
        s.answer(CLEO, SECONDE, EtatVoeu::RenonceApresAcceptation, "renoncee").await;
        s.answer(ANA, SECONDE, EtatVoeu::Accepte, "acceptee").await;
        publier_passage(&s.agent(1), &Garde::default(), 2024, &retrait).await.unwrap();
        assert_eq!(s.etats(CLEO).await, ["demission_auto_ra", "renonce_apres_acceptation"]);
        assert_eq!(s.etats(ANA).await, ["demission_auto_gdd", "accepte"]);
        s.a_appeler(1).await;
        s.t.at("2024-06-01T06:00");
        s.jour().await;
        s.verifie(5).await;
    }

    async fn r_ord_05_what_a_candidate_has_answered_since_the_computation_stays(base) {
        let s = Scene::new(base).await;
        s.answer(BEA, SECONDE, EtatVoeu::RefuseCandidat, "refusee").await;
        s.t.at("2024-05-31T06:00");
        app::admission::calculer_propositions(&s.agent(0), &Garde::default(), 2024).await.unwrap();
        s.answer(ANA, PREMIERE, EtatVoeu::Accepte, "acceptee").await;
        let jour = passages(&s.agent(0), 2024, 1, 0).await.unwrap().remove(0);
        publier_passage(&s.agent(1), &Garde::default(), 2024, &jour.public_id).await.unwrap();
        assert_eq!(s.etats(ANA).await, ["accepte", "propose"]);
        assert_eq!(s.reponse(ANA, PREMIERE).await, "acceptee");
    }
}
