//! R-INT-04 and 05: boarding schools that rank, in the runs: who is called, what is shown, what the records hold.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::admission::{
    expliquer_voeu, passages, un_jour, verifier_explications, verifier_proces_verbaux, verifier_publies,
};
use app::candidatures::{RangInternat, mes_voeux};
use domain::PublicId;
use domain::calendrier::Etape;
use engine::explication::{Cause, Situation};
use testkit::both_databases;

use crate::admission::Scene;

impl Scene {
    /// Call ranks 2, 3, 4 and 1; the first two ask for boarding.
    async fn internes(base: testkit::Base) -> Self {
        let s = Self::ordonnee(base).await;
        for n in [0, 1] {
            s.t.sql("UPDATE voeu SET avec_internat = 1 WHERE id = $1", vec![s.voeux[n].id.into()]).await;
        }
        s.t.at_opening(Etape::Admission).await;
        s
    }

    /// A boarding school of one place, common or of the course, whose ranking, if it is sent, holds these people.
    async fn internat(&self, propre: bool, ordre: Option<&[usize]>) -> i64 {
        let f = self.formation();
        let etablissement = self
            .t
            .nombre(
                "SELECT etablissement_id FROM formation_session WHERE id = $1",
                vec![f.formation_session.into()],
            )
            .await;
        let (internat, _) = self
            .t
            .insert(
                "groupe_internat",
                "session_id, etablissement_id, formation_session_id, libelle, capacite, avec_classement",
                vec![
                    f.session.into(),
                    etablissement.into(),
                    propre.then_some(f.formation_session).into(),
                    "Internat".to_owned().into(),
                    1_i64.into(),
                    1_i64.into(),
                ],
            )
            .await;
        let etat = if ordre.is_some() { "transmis" } else { "brouillon" };
        let (classement, _) = self
            .t
            .insert(
                "classement_internat",
                "groupe_internat_id, etat, transmis_le",
                vec![internat.into(), etat.to_owned().into(), ordre.map(|_| 1_i64).into()],
            )
            .await;
        for (n, rang) in ordre.unwrap_or(&[1, 0]).iter().zip(1_i64..) {
            self.t
                .sql(
                    "INSERT INTO classement_internat_rang (classement_internat_id, candidat_id, rang) VALUES ($1, $2, $3)",
                    vec![classement.into(), self.candidat(*n).into(), rang.into()],
                )
                .await;
        }
        internat
    }

    async fn barres(&self) -> Vec<(i64, i64)> {
        let passage = self.t.nombre("SELECT MAX(id) FROM passage WHERE etat = 'publie'", vec![]).await;
        let lues = store::admission::load_internat_jour(&self.t.app.db, passage).await.unwrap();
        lues.into_iter().map(|b| (b.barre_internat, b.barre_appel)).collect()
    }

    async fn internat_vu(&self, n: usize) -> Option<RangInternat> {
        let vus = mes_voeux(&self.t.ctx(self.acteur(n))).await.unwrap();
        vus.voeux[0].rangs.internat
    }

    async fn jour_suivant(&self, quand: &str) {
        self.t.at(quand);
        un_jour(&self.un(), &self.deux(), 2024).await.unwrap();
    }

    async fn verifie(&self, passages: usize) {
        let bilan = verifier_proces_verbaux(&self.un(), 2024, None, |_| {}).await.unwrap();
        assert_eq!(bilan.rejoues, Ok(passages));
        assert_eq!(verifier_publies(&self.un(), 2024, None).await.unwrap(), Ok(passages));
        let bilan = verifier_explications(&self.un(), 2024, None, 40, 1).await.unwrap().unwrap();
        assert_eq!(bilan.voeux, 40);
    }
}

both_databases! {
    async fn r_int_04_a_boarding_place_goes_by_the_ranking_of_the_school_and_the_bars_never_go_back(base) {
        let s = Scene::internes(base).await;
        s.internat(false, Some(&[1, 0])).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        // Two places in the course: one without boarding, one with it, for the first of the school although called later.
        assert_eq!(s.etats().await, ["en_attente", "propose", "en_attente", "propose"]);
        assert_eq!(s.barres().await, [(1, 3)]);
        assert_eq!(s.internat_vu(0).await, Some(RangInternat { rang: Some(2), barres: Some((1, 3)) }));
        assert_eq!(s.internat_vu(2).await, None);
        let voeu = PublicId::parse(&s.voeux[0].public_id).unwrap();
        let e = expliquer_voeu(&s.un(), 2024, 1, &voeu).await.unwrap();
        let etat = e.jour.etat_internat.unwrap();
        assert_eq!((etat.rang, etat.barre, etat.capacite), (2, Some(1), 1));
        let Situation::EnAttente(attente) = e.jour.situation else { panic!("{:?}", e.jour.situation) };
        assert!(matches!(attente.cause, Cause::Internat | Cause::InternatEtPlace), "{:?}", attente.cause);

        s.t.sql("UPDATE proposition SET reponse = 'refusee' WHERE voeu_id = $1", vec![s.voeux[1].id.into()]).await;
        s.t.sql("UPDATE voeu SET etat = 'refuse_candidat' WHERE id = $1", vec![s.voeux[1].id.into()]).await;
        s.jour_suivant("2024-05-31T06:00").await;
        assert_eq!(s.etats().await, ["propose", "refuse_candidat", "en_attente", "propose"]);
        // Those of the day would be (2, 2): the second would go back, both stay.
        assert_eq!(s.barres().await, [(1, 3)]);
        s.verifie(3).await;
    }

    async fn r_int_04_a_course_with_a_school_of_its_own_depends_on_that_one_where_who_is_not_ranked_comes_last(base) {
        let s = Scene::internes(base).await;
        // The common one ranks both, in the order of the call: it would serve the first.
        s.internat(false, Some(&[0, 1])).await;
        s.internat(true, Some(&[1])).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!(s.etats().await, ["en_attente", "propose", "en_attente", "propose"]);
        assert_eq!((s.internat_vu(0).await.unwrap().rang, s.internat_vu(1).await.unwrap().rang), (None, Some(1)));
        s.verifie(2).await;
    }

    async fn r_int_04_of_two_schools_for_the_same_course_the_one_that_ranks_a_candidate_counts(base) {
        let s = Scene::internes(base).await;
        // Girls and boys, a place each: whoever comes first of theirs has it.
        s.internat(false, Some(&[1])).await;
        s.internat(false, Some(&[0])).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!(s.etats().await, ["propose", "en_attente", "en_attente", "propose"]);
        assert_eq!((s.internat_vu(0).await.unwrap().rang, s.internat_vu(1).await.unwrap().rang), (Some(1), Some(1)));
        s.verifie(2).await;
    }

    async fn r_int_05_until_its_ranking_is_sent_a_boarding_school_receives_nobody_and_the_course_does_not_wait(base) {
        let s = Scene::internes(base).await;
        s.internat(false, None).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!(s.etats().await, ["en_attente", "en_attente", "propose", "propose"]);
        assert_eq!(s.internat_vu(1).await.unwrap().rang, None);
        let bilan = passages(&s.un(), 2024, 1, 0).await.unwrap().remove(0).bilan;
        assert_eq!((bilan.internats, bilan.internats_attendus), (1, 1));
        s.verifie(2).await;
        s.t.sql("UPDATE classement_internat SET etat = 'transmis', transmis_le = 1", vec![]).await;
        s.t.sql("UPDATE voeu SET etat = 'refuse_candidat' WHERE id = $1", vec![s.voeux[3].id.into()]).await;
        s.t.sql("UPDATE proposition SET reponse = 'refusee' WHERE voeu_id = $1", vec![s.voeux[3].id.into()]).await;
        s.jour_suivant("2024-05-31T06:00").await;
        assert_eq!(s.etats().await, ["en_attente", "propose", "propose", "refuse_candidat"]);
        s.verifie(3).await;
    }
}
