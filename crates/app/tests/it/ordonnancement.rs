//! The summer: waiting wishes put in order, what the end of the ordering takes away, the automatic answer.

use app::AppError;
use app::candidatures::{
    OrdreDemande, Reponse, answer, expire_due, mes_voeux, order_voeux, preview_ordre, set_repondeur,
};
use app::idempotence::Garde;
use domain::RuleViolation as R;
use domain::admission::ChoixCandidat;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu as E;
use domain::formations::Famille;
use store::candidatures::repondeurs_actifs;
use testkit::fabrique::{CandidatEssai, FormationEssai, VoeuEssai};
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    lea: CandidatEssai,
    formations: Vec<FormationEssai>,
}

async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    t.at("2024-06-20T10:00");
    let e = t.etablissement("0800001A", "Lycée Ampère").await;
    let mut formations = Vec::new();
    for nom in ["BTS Optique", "BUT Chimie", "Licence Lettres", "BTS Tourisme"] {
        formations.push(t.formation(e, nom, Famille::Bts, true, 30, true).await);
    }
    let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
    Scene { t, lea, formations }
}

impl Scene {
    async fn voeu(&self, i: usize, etat: E) -> VoeuEssai {
        let v = self.t.voeu(&self.lea, &self.formations[i], etat).await;
        let reponse = match etat {
            E::Propose => "attendue",
            E::Accepte => "acceptee",
            _ => return v,
        };
        let quand = ("2024-06-30T19:00", "2024-07-30T00:00");
        self.t.proposition((&self.lea, &self.formations[i], &v), quand, reponse).await;
        v
    }

    async fn en_attente(&self, combien: usize) -> Vec<VoeuEssai> {
        let mut voeux = Vec::new();
        for i in 0..combien {
            voeux.push(self.voeu(i, E::EnAttente).await);
        }
        voeux
    }

    async fn apprentissage(&self, i: usize) {
        let cle = self.formations[i].formation;
        self.t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![cle.into()]).await;
    }

    fn ctx(&self) -> app::Ctx {
        self.t.ctx(self.lea.acteur.clone())
    }

    async fn ordonne(&self, rangs: &[(&VoeuEssai, Option<u32>)]) -> Result<String, AppError> {
        order_voeux(&self.ctx(), &Garde::default(), &ordre(rangs)).await.map(|r| r.numero)
    }

    /// State and rank of a wish.
    async fn lit(&self, v: &VoeuEssai) -> (String, i64) {
        let etat = self.t.mot("SELECT etat FROM voeu WHERE id = $1", vec![v.id.into()]).await;
        (etat, self.t.nombre("SELECT rang_preference FROM voeu WHERE id = $1", vec![v.id.into()]).await)
    }

    /// What the clock brings, then every task due.
    async fn travaille(&self) {
        expire_due(&self.t.systeme()).await.expect("deadlines are applied");
        while app::taches::executer_une(&self.t.app).await.expect("tasks run") {}
    }

    async fn mails(&self, modele: &str) -> Vec<String> {
        let envois = self.t.envois().await;
        envois.into_iter().filter(|e| e.modele == modele).map(|e| e.corps).collect()
    }

    async fn actifs(&self) -> Vec<i64> {
        repondeurs_actifs(&self.t.app.db, self.formations[0].session).await.expect("the query runs")
    }
}

fn ordre(rangs: &[(&VoeuEssai, Option<u32>)]) -> OrdreDemande {
    OrdreDemande { rangs: rangs.iter().map(|(v, r)| (v.public_id.clone(), *r)).collect() }
}

fn regle<T: std::fmt::Debug>(r: Result<T, AppError>) -> R {
    match r {
        Err(AppError::Rule(regle)) => regle,
        autre => panic!("a rule was to refuse: {autre:?}"),
    }
}

both_databases! {
    async fn r_ord_01_what_the_preview_says_is_what_the_order_does_and_only_in_its_step(base) {
        let s = scene(base).await;
        let v = s.en_attente(3).await;
        let saisie = [(&v[2], Some(1)), (&v[0], Some(2)), (&v[1], None)];
        assert!(matches!(regle(s.ordonne(&saisie).await), R::NotYetOpen { etape: Etape::Ordonnancement, .. }));
        s.t.at_opening(Etape::Ordonnancement).await;
        let avant = mes_voeux(&s.ctx()).await.unwrap().ordonnancement.unwrap();
        assert_eq!((avant.a_ordonner, avant.sans_rang, avant.refus), (3, 3, None));
        let apercu = preview_ordre(&s.ctx(), &ordre(&saisie)).await.unwrap();
        assert_eq!(apercu.refus, None);
        let noms: Vec<_> = apercu.ordonnes.iter().map(|c| (c.rang, c.intitule.contains("Lettres"))).collect();
        assert_eq!(noms, [(1, true), (2, false)]);
        assert_eq!(apercu.laisses.len(), 1);
        assert_eq!(s.lit(&v[2]).await.1, 0, "nothing is written before the confirmation");
        let garde = Garde { cle: Some("une".to_owned()), ..Garde::default() };
        let un = order_voeux(&s.ctx(), &garde, &ordre(&saisie)).await.unwrap();
        assert_eq!(order_voeux(&s.ctx(), &garde, &ordre(&saisie)).await.unwrap(), un, "once for one form");
        for (voeu, rang) in saisie {
            assert_eq!(s.lit(voeu).await, ("en_attente".to_owned(), i64::from(rang.unwrap_or(0))));
        }
        let m = mes_voeux(&s.ctx()).await.unwrap();
        assert_eq!(m.voeux.iter().map(|v| v.preference).collect::<Vec<_>>(), [Some(2), None, Some(1)]);
        assert_eq!(m.ordonnancement.unwrap().sans_rang, 1);
        // Another order replaces it, until the last instant.
        s.t.at("2024-07-03T23:59:59");
        s.ordonne(&[(&v[0], Some(1)), (&v[1], Some(2)), (&v[2], Some(3))]).await.unwrap();
        s.t.at_closing(Etape::Ordonnancement).await;
        assert!(matches!(regle(s.ordonne(&saisie).await), R::Closed { .. }));
        assert_eq!(s.lit(&v[2]).await.1, 3);
    }

    async fn r_ord_01_a_page_out_of_date_orders_nothing_and_somebody_else_s_wish_is_unknown(base) {
        let s = scene(base).await;
        let v = s.en_attente(2).await;
        s.t.at_opening(Etape::Ordonnancement).await;
        let tom = s.t.candidat("tom@exemple.example", TypeBac::General).await;
        let autre = s.t.voeu(&tom, &s.formations[3], E::EnAttente).await;
        for saisie in [
            vec![(&v[0], Some(1))],
            vec![(&v[0], Some(1)), (&v[0], Some(2))],
            vec![(&v[0], Some(1)), (&v[1], Some(2)), (&autre, Some(3))],
        ] {
            assert!(matches!(s.ordonne(&saisie).await, Err(AppError::Conflict)), "{saisie:?}");
        }
        let double = s.ordonne(&[(&v[0], Some(1)), (&v[1], Some(1))]).await;
        assert_eq!(regle(double), R::PreferenceEnDouble { rang: 1 });
        assert_eq!((s.lit(&v[0]).await.1, s.lit(&autre).await.1), (0, 0));
    }

    async fn r_ord_02_one_proposition_at_most_is_kept_and_r_ord_04_takes_its_rank(base) {
        let s = scene(base).await;
        let v = s.en_attente(2).await;
        let (acceptee, ouverte) = (s.voeu(2, E::Accepte).await, s.voeu(3, E::Propose).await);
        s.t.at_opening(Etape::Ordonnancement).await;
        let tous = |r| [(&v[0], Some(1)), (&v[1], Some(2)), (&acceptee, Some(3)), (&ouverte, r)];
        assert_eq!(regle(s.ordonne(&tous(Some(4))).await), R::PropositionsARepondre { propositions: 2 });
        let refus = mes_voeux(&s.ctx()).await.unwrap().ordonnancement.unwrap().refus;
        assert_eq!(refus, Some(R::PropositionsARepondre { propositions: 2 }));
        let cmd = Reponse { voeu: ouverte.public_id.clone(), choix: ChoixCandidat::Refuser, maintenus: vec![] };
        answer(&s.ctx(), &Garde::default(), &cmd).await.unwrap();
        assert!(matches!(s.ordonne(&tous(Some(4))).await, Err(AppError::Conflict)), "answered meanwhile");
        let sans = s.ordonne(&[(&v[0], Some(1)), (&v[1], Some(2)), (&acceptee, None)]).await;
        assert_eq!(regle(sans), R::PropositionSansRang);
        let apercu = preview_ordre(&s.ctx(), &ordre(&[(&v[0], Some(1)), (&acceptee, Some(2)), (&v[1], Some(3))])).await;
        assert_eq!(apercu.unwrap().apres_la_tenue.len(), 1);
        s.ordonne(&tous(None)[..3]).await.unwrap();
        assert_eq!(s.lit(&acceptee).await, ("accepte".to_owned(), 3));
    }

    async fn r_ord_03_what_nobody_ordered_is_lost_once_and_told_once(base) {
        let s = scene(base).await;
        let v = s.en_attente(3).await;
        s.apprentissage(2).await;
        let acceptee = s.voeu(3, E::Accepte).await;
        s.t.at_opening(Etape::Ordonnancement).await;
        s.travaille().await;
        s.travaille().await;
        let rappels = s.mails("annoncer_ordonnancement").await;
        assert_eq!(rappels.len(), 1);
        assert!(rappels[0].contains("2 vœux en attente") && rappels[0].contains("/candidat/voeux/ordre"), "{rappels:?}");
        s.ordonne(&[(&v[0], Some(1)), (&acceptee, Some(2)), (&v[1], None)]).await.unwrap();
        s.t.at("2024-07-03T23:59:59");
        s.travaille().await;
        assert_eq!(s.lit(&v[1]).await.0, "en_attente");
        s.t.at_closing(Etape::Ordonnancement).await;
        s.travaille().await;
        let etats = [&v[0], &v[1], &v[2], &acceptee];
        for (voeu, etat) in etats.into_iter().zip(["en_attente", "supprime_non_ordonne", "en_attente", "accepte"]) {
            assert_eq!(s.lit(voeu).await.0, etat);
        }
        // A later night, a node that was stopped: nothing more, nobody told twice.
        s.t.at("2024-07-08T08:00");
        s.travaille().await;
        let courriels = s.mails("annoncer_non_ordonnes").await;
        assert_eq!(courriels.len(), 1);
        assert!(courriels[0].contains("Un vœu en attente"), "{courriels:?}");
        let notes = "SELECT COUNT(*) FROM journal WHERE objet = 'session_admission' AND apres LIKE '%voeux_non_ordonnes%'";
        assert_eq!(s.t.nombre(notes, vec![]).await, 1);
        // A proposition withdrawn since puts a wish without rank back in the list: it could not be ordered, and stays.
        let ms = s.t.app.horloge.campagne().as_millisecond();
        s.t.sql("UPDATE voeu SET etat = 'en_attente', etat_le = $1 WHERE id = $2", vec![ms.into(), v[1].id.into()]).await;
        s.t.sql("UPDATE tache SET etat = 'a_faire' WHERE genre = 'supprimer_non_ordonnes'", vec![]).await;
        s.travaille().await;
        assert_eq!(s.lit(&v[1]).await.0, "en_attente");
    }

    async fn r_ord_03_an_end_put_off_before_the_task_runs_loses_nothing(base) {
        let s = scene(base).await;
        let v = s.en_attente(1).await;
        s.t.at_closing(Etape::Ordonnancement).await;
        expire_due(&s.t.systeme()).await.unwrap();
        let tard = testkit::paris("2024-07-05T00:00").as_millisecond();
        s.t.sql("UPDATE echeance SET ferme_le = $1 WHERE etape = 'ordonnancement'", vec![tard.into()]).await;
        while app::taches::executer_une(&s.t.app).await.unwrap() {}
        assert_eq!(s.lit(&v[0]).await.0, "en_attente");
        s.ordonne(&[(&v[0], Some(1))]).await.unwrap();
        s.t.at("2024-07-05T00:00");
        s.travaille().await;
        assert_eq!(s.lit(&v[0]).await, ("en_attente".to_owned(), 1));
    }

    async fn r_cal_08_r_ord_06_propositions_are_answered_in_summer_and_who_still_waits_is_closed_at_its_end(base) {
        let s = scene(base).await;
        let v = s.en_attente(2).await;
        let ouverte = s.voeu(2, E::Propose).await;
        s.t.sql("UPDATE voeu SET rang_preference = id", vec![]).await;
        s.t.at("2024-07-20T10:00");
        assert!(mes_voeux(&s.ctx()).await.unwrap().voeux[2].actes.repondre);
        let cmd = Reponse {
            voeu: ouverte.public_id.clone(),
            choix: ChoixCandidat::Accepter,
            maintenus: vec![v[0].public_id.clone()],
        };
        answer(&s.ctx(), &Garde::default(), &cmd).await.unwrap();
        assert_eq!((s.lit(&v[0]).await.0, s.lit(&v[1]).await.0), ("en_attente".to_owned(), "renonce".to_owned()));
        s.t.at("2024-09-12T23:59:59");
        s.travaille().await;
        assert_eq!(s.lit(&v[0]).await.0, "en_attente");
        s.t.at_closing(Etape::Desistements).await;
        s.travaille().await;
        s.travaille().await;
        assert_eq!((s.lit(&v[0]).await.0, s.lit(&ouverte).await.0), ("clos_sans_proposition".to_owned(), "accepte".to_owned()));
        let renonce = Reponse { choix: ChoixCandidat::Renoncer, maintenus: vec![], ..cmd };
        assert!(matches!(regle(answer(&s.ctx(), &Garde::default(), &renonce).await), R::Closed { .. }));
    }

    async fn r_ra_01_the_automatic_answer_is_switched_on_in_its_step_and_off_as_long_as_there_are_propositions(base) {
        let s = scene(base).await;
        let v = s.en_attente(1).await;
        let allume = async |oui| set_repondeur(&s.ctx(), &Garde::default(), oui).await;
        s.t.at_opening(Etape::Ordonnancement).await;
        s.ordonne(&[(&v[0], Some(1))]).await.unwrap();
        s.t.at("2024-07-14T23:59:59");
        assert!(mes_voeux(&s.ctx()).await.unwrap().repondeur.is_none());
        assert!(matches!(regle(allume(true).await), R::NotYetOpen { .. }));
        s.t.at_opening(Etape::Repondeur).await;
        let vue = mes_voeux(&s.ctx()).await.unwrap().repondeur.unwrap();
        assert_eq!((vue.actif, vue.depuis, vue.refus), (false, None, None));
        assert!(matches!(regle(allume(false).await), R::ForbiddenTransition { .. }));
        allume(true).await.unwrap();
        assert!(matches!(regle(allume(true).await), R::ForbiddenTransition { .. }));
        assert_eq!(s.actifs().await, [s.lea.candidat]);
        allume(false).await.unwrap();
        assert!(s.actifs().await.is_empty());
        allume(true).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM repondeur_automatique", vec![]).await, 1);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM recepisse WHERE acte LIKE '%repondeur'", vec![]).await, 3);
        // Its step is over: it stays on, and may be switched off.
        s.t.at_closing(Etape::Repondeur).await;
        let vue = mes_voeux(&s.ctx()).await.unwrap().repondeur.unwrap();
        assert_eq!((vue.actif, vue.refus), (true, None));
        allume(false).await.unwrap();
        assert!(matches!(regle(allume(true).await), R::Closed { .. }));
    }

    async fn r_ra_02_a_place_held_is_not_put_at_risk_for_a_wish_ordered_after_it(base) {
        let s = scene(base).await;
        let v = s.en_attente(2).await;
        let acceptee = s.voeu(2, E::Accepte).await;
        s.t.at_opening(Etape::Ordonnancement).await;
        let saisie = [(&v[0], Some(1)), (&acceptee, Some(2)), (&v[1], Some(3))];
        s.ordonne(&saisie).await.unwrap();
        s.t.at_opening(Etape::Repondeur).await;
        assert_eq!(regle(set_repondeur(&s.ctx(), &Garde::default(), true).await), R::RepondeurMoinsBon { voeux: 1 });
        let cmd = Reponse { voeu: v[1].public_id.clone(), choix: ChoixCandidat::Renoncer, maintenus: vec![] };
        answer(&s.ctx(), &Garde::default(), &cmd).await.unwrap();
        set_repondeur(&s.ctx(), &Garde::default(), true).await.unwrap();
        // The ordering opened again: an order that the automatic answer could not follow waits until it is off.
        s.t.sql("UPDATE echeance SET ferme_le = ferme_le + 2592000000 WHERE etape = 'ordonnancement'", vec![]).await;
        let inverse = [(&acceptee, Some(1)), (&v[0], Some(2))];
        assert_eq!(regle(s.ordonne(&inverse).await), R::RepondeurMoinsBon { voeux: 1 });
        set_repondeur(&s.ctx(), &Garde::default(), false).await.unwrap();
        s.ordonne(&inverse).await.unwrap();
    }

    async fn synthetic_candidates_order_what_they_have_in_mind_on_an_evening_of_the_step_and_not_before(base) {
        let s = scene(base).await;
        let v = s.en_attente(3).await;
        s.apprentissage(2).await;
        s.t.sql("UPDATE voeu SET preference_simulee = 4 - id", vec![]).await;
        app::simulation::repondre(&s.t.simulation(), 2024, 1).await.unwrap();
        assert_eq!(s.lit(&v[0]).await.1, 0);
        s.t.at_opening(Etape::Ordonnancement).await;
        app::simulation::repondre(&s.t.simulation(), 2024, 1).await.unwrap();
        let mut rangs = Vec::new();
        for voeu in &v {
            rangs.push(s.lit(voeu).await.1);
        }
        assert_eq!(rangs, [3, 2, 0]);
    }

    async fn r_ra_03_i5_apprenticeship_is_neither_ordered_nor_answered(base) {
        let s = scene(base).await;
        s.en_attente(1).await;
        s.apprentissage(0).await;
        s.t.at_opening(Etape::Ordonnancement).await;
        assert!(mes_voeux(&s.ctx()).await.unwrap().ordonnancement.is_none());
        assert_eq!(regle(s.ordonne(&[]).await), R::RienAOrdonner);
        s.t.at_opening(Etape::Repondeur).await;
        assert_eq!(regle(set_repondeur(&s.ctx(), &Garde::default(), true).await), R::RepondeurSansOrdre);
    }
}
