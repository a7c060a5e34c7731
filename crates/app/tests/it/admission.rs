//! Call orders and the day's propositions: computed, verified, published by another person.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::admission::{
    Retenue, abandonner_passage, calculer_ordre_appel, calculer_propositions, groupes_leves, groupes_retenus,
    lever_retenue, passage, passages, publier_passage, tableau_national, un_jour, verifier_proces_verbaux,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::RuleViolation as R;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use testkit::{CandidatEssai, FormationEssai, TestApp, VoeuEssai, both_databases};

/// A course of two places, four candidates ranked, the last one holding a scholarship; two national agents.
pub(crate) struct Scene {
    pub(crate) t: TestApp,
    f: FormationEssai,
    candidats: Vec<CandidatEssai>,
    pub(crate) voeux: Vec<VoeuEssai>,
    calcule: Acteur,
    publie: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let mut candidats = Vec::new();
        let mut voeux = Vec::new();
        for i in 0..4 {
            let c = t.candidat_boursier(&format!("c{i}@essai.fr"), TypeBac::General, i == 3).await;
            voeux.push(t.voeu(&c, &f, EtatVoeu::Classe).await);
            candidats.push(c);
        }
        t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, calcule) = t.personne("un@national.fr", agent.clone()).await;
        let (_, publie) = t.personne("deux@national.fr", agent).await;
        t.during(Etape::OrdreAppel).await;
        Self { t, f, candidats, voeux, calcule, publie }
    }

    async fn taux(&self, taux: i64) {
        self.t
            .sql(
                "UPDATE groupe_classement SET taux_min_boursiers = $1 WHERE id = $2",
                vec![taux.into(), self.f.groupe_classement.into()],
            )
            .await;
    }

    pub(crate) fn un(&self) -> Ctx {
        self.t.ctx(self.calcule.clone())
    }

    pub(crate) fn deux(&self) -> Ctx {
        self.t.ctx(self.publie.clone())
    }

    pub(crate) fn formation(&self) -> &FormationEssai {
        &self.f
    }

    /// Key of who made the wish of this place.
    pub(crate) fn candidat(&self, n: usize) -> i64 {
        self.candidats[n].candidat
    }

    /// Who made the wish of this place.
    pub(crate) fn acteur(&self, n: usize) -> Acteur {
        self.candidats[n].acteur.clone()
    }

    pub(crate) async fn dernier(&self) -> String {
        passages(&self.un(), 2024, 1, 0).await.unwrap().remove(0).public_id
    }

    /// Rates fixed, call orders computed and published.
    pub(crate) async fn ordonnee(base: testkit::Base) -> Self {
        let s = Self::new(base).await;
        s.taux(25).await;
        calculer_ordre_appel(&s.un(), &Garde::default(), 2024).await.unwrap();
        publier_passage(&s.deux(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
        s
    }

    pub(crate) async fn etats(&self) -> Vec<String> {
        let mut etats = Vec::new();
        for v in &self.voeux {
            etats.push(self.etat(v.id).await);
        }
        etats
    }

    async fn etat(&self, voeu: i64) -> String {
        use store::Sql;
        self.t.app.db.text("SELECT etat FROM voeu WHERE id = $1", vec![voeu.into()]).await.unwrap().unwrap()
    }

    async fn rang_appel(&self, i: usize) -> i64 {
        self.t
            .nombre(
                "SELECT rang_appel FROM ordre_appel WHERE candidat_id = $1",
                vec![self.candidats[i].candidat.into()],
            )
            .await
    }

    /// The same of the four candidates.
    async fn rangs(&self) -> Vec<i64> {
        let mut rangs = Vec::new();
        for i in 0..4 {
            rangs.push(self.rang_appel(i).await);
        }
        rangs
    }

    /// Computes the day, and gives the run with the groups that it withheld.
    async fn jour(&self) -> (String, Vec<Retenue>) {
        calculer_propositions(&self.un(), &Garde::default(), 2024).await.unwrap();
        let id = self.dernier().await;
        let p = passage(&self.un(), 2024, &id).await.unwrap();
        (id, groupes_retenus(&self.un(), 2024, &p).await.unwrap())
    }

    /// Runs of propositions that are not abandoned, and how many wishes they propose.
    async fn propositions_en_vigueur(&self) -> (i64, i64) {
        let vivants = "FROM passage p WHERE p.nature = 'propositions' AND p.etat <> 'abandonne'";
        let proposees =
            format!("SELECT COUNT(*) FROM passage_proposition WHERE passage_id IN (SELECT p.id {vivants})");
        (
            self.t.nombre(&format!("SELECT COUNT(*) {vivants}"), vec![]).await,
            self.t.nombre(&proposees, vec![]).await,
        )
    }

    async fn compte(&self, table: &str) -> i64 {
        self.t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
    }
}

fn regle<T: std::fmt::Debug>(r: Result<T, AppError>) -> R {
    match r {
        Err(AppError::Rule(r)) => r,
        autre => panic!("a rule was expected: {autre:?}"),
    }
}

both_databases! {
    async fn r_adm_04_call_orders_follow_rankings_scholarships_and_rates(base) {
        let s = Scene::new(base).await;
        let garde = Garde::default();
        assert_eq!(regle(calculer_ordre_appel(&s.un(), &garde, 2024).await), R::TauxManquants { groupes: 1 });
        s.taux(25).await;
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        // One scholarship holder in every four places, from the first one: the last ranked is called first.
        assert_eq!([s.rang_appel(3).await, s.rang_appel(0).await, s.rang_appel(2).await], [1, 2, 4]);
        // Nothing changes for candidates before publication.
        assert_eq!(s.etats().await, ["classe"; 4]);
        let id = s.dernier().await;
        assert_eq!(regle(publier_passage(&s.un(), &garde, 2024, &id).await), R::DeuxiemePersonne);
        publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap();
        assert_eq!(s.etats().await, ["en_attente"; 4]);
        assert!(matches!(publier_passage(&s.deux(), &garde, 2024, &id).await, Err(AppError::Conflict)));
        assert_eq!(regle(calculer_ordre_appel(&s.un(), &garde, 2024).await), R::PassageExistant);
    }

    async fn r_adm_04_a_ranking_not_sent_stops_everything(base) {
        let s = Scene::new(base).await;
        s.taux(25).await;
        s.t.sql("UPDATE classement SET etat = 'brouillon', transmis_le = NULL", vec![]).await;
        let r = regle(calculer_ordre_appel(&s.un(), &Garde::default(), 2024).await);
        assert_eq!(r, R::ClassementsManquants { groupes: 1 });
        assert_eq!(s.compte("passage").await, 0);
    }

    async fn r_adm_05_residents_are_those_of_the_academy_of_the_course(base) {
        let s = Scene::new(base).await;
        s.taux(0).await;
        s.t.sql("UPDATE groupe_classement SET taux_max_non_residents = 50", vec![]).await;
        // The two best ranked come from another academy: a resident is called first, then one in two.
        for i in 0..2 {
            s.t.sql("UPDATE candidat SET academie = '09' WHERE id = $1", vec![s.candidats[i].candidat.into()]).await;
        }
        calculer_ordre_appel(&s.un(), &Garde::default(), 2024).await.unwrap();
        assert_eq!(s.rangs().await, [2, 4, 1, 3]);
    }

    async fn r_adm_05_residents_are_those_of_every_academy_of_the_sector_of_the_course(base) {
        let s = Scene::new(base).await;
        s.taux(0).await;
        s.t.sql("UPDATE groupe_classement SET taux_max_non_residents = 50", vec![]).await;
        s.t.sql("UPDATE formation_session SET secteur = '09,20'", vec![]).await;
        for i in 0..2 {
            s.t.sql("UPDATE candidat SET academie = '09' WHERE id = $1", vec![s.candidats[i].candidat.into()]).await;
        }
        // All four are residents: the ranking is the call order.
        calculer_ordre_appel(&s.un(), &Garde::default(), 2024).await.unwrap();
        assert_eq!(s.rangs().await, [1, 2, 3, 4]);
    }

    async fn r_adm_03_an_abandoned_run_is_computed_again(base) {
        let s = Scene::new(base).await;
        s.taux(25).await;
        let garde = Garde::default();
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        let id = s.dernier().await;
        abandonner_passage(&s.un(), &garde, 2024, &id).await.unwrap();
        assert_eq!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::PassageIndisponible);
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        let nouveau = s.dernier().await;
        assert_ne!(nouveau, id);
        let liste = passages(&s.un(), 2024, 10, 0).await.unwrap();
        // Same data, same fingerprints; each signature continues the chain.
        assert_eq!(liste[0].empreinte_entree, liste[1].empreinte_entree);
        assert_eq!(liste[0].empreinte_sortie, liste[1].empreinte_sortie);
        assert_eq!(liste[0].bilan.precedente, liste[1].bilan.signature);
        publier_passage(&s.deux(), &garde, 2024, &nouveau).await.unwrap();
    }

    async fn r_adm_12_run_4_a_group_out_of_bounds_proposes_nothing_until_a_person_says_why_it_may(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let garde = Garde::default;
        let appelle = |n: i64| s.t.sql("UPDATE groupe_affectation SET nombre_a_appeler = $1", vec![n.into()]);
        appelle(40).await;
        let (id, retenues) = s.jour().await;
        let [r] = retenues.as_slice() else { panic!("{retenues:?}") };
        assert_eq!((r.motifs.as_slice(), &r.levee), (["40 candidats à appeler pour 2 places.".to_owned()].as_slice(), &None));
        assert_eq!(s.propositions_en_vigueur().await, (1, 0));
        // Withheld is not suspended: its candidates go on waiting, and are counted so.
        assert_eq!(s.t.nombre("SELECT CAST(SUM(en_attente) AS BIGINT) FROM groupe_jour", vec![]).await, 4);
        let groupe = &r.groupe_public_id;
        // The journal names it.
        let nomme = format!("SELECT COUNT(*) FROM journal WHERE apres LIKE '%\"retenus\"%' AND apres LIKE '%{groupe}%'");
        assert_eq!(s.t.nombre(&nomme, vec![]).await, 1);

        // By nobody without the right, not without a reason, not a group that was not withheld; once for these numbers.
        let (_, lecteur) = s.t.personne("audit@essai.fr", Attribution::simple(Role::Auditeur)).await;
        let refus = lever_retenue(&s.t.ctx(lecteur), &garde(), 2024, &id, groupe, "Vu.").await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let r = regle(lever_retenue(&s.un(), &garde(), 2024, &id, groupe, "  ").await);
        assert_eq!(r, R::Champ { champ: "motif", motif: "manquant" });
        let ailleurs = lever_retenue(&s.un(), &garde(), 2024, &id, &id, "Vu.").await;
        assert!(matches!(ailleurs, Err(AppError::NotFound)), "{ailleurs:?}");
        lever_retenue(&s.un(), &garde(), 2024, &id, groupe, "Confirmé par le chef d’établissement.").await.unwrap();
        let encore = lever_retenue(&s.deux(), &garde(), 2024, &id, groupe, "Moi aussi.").await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
        assert_eq!(s.compte("retenue_levee").await, 1);
        let p = passage(&s.un(), 2024, &id).await.unwrap();
        let levee = groupes_retenus(&s.un(), 2024, &p).await.unwrap().remove(0).levee.unwrap();
        assert_eq!(levee.motif, "Confirmé par le chef d’établissement.");

        // Computed again: everybody is called. With other numbers, withheld again.
        abandonner_passage(&s.un(), &garde(), 2024, &id).await.unwrap();
        let (id, retenues) = s.jour().await;
        assert_eq!((retenues.len(), s.propositions_en_vigueur().await), (0, (1, 4)));
        // Whoever publishes reads who let it through, and why.
        let p = passage(&s.un(), 2024, &id).await.unwrap();
        let leves = groupes_leves(&s.deux(), 2024, &p).await.unwrap();
        assert_eq!(leves[0].levee.as_ref().map(|l| l.motif.as_str()), Some("Confirmé par le chef d’établissement."));
        abandonner_passage(&s.un(), &garde(), 2024, &id).await.unwrap();
        appelle(41).await;
        assert_eq!(s.jour().await.1.len(), 1);
        // The three records say what was withheld, by which bounds and why, and are played again as they are.
        let lus = verifier_proces_verbaux(&s.un(), 2024, None, |p| assert!(!p.sans_retenues, "{p}")).await.unwrap();
        assert_eq!(lus.rejoues, Ok(4));
        let p = passage(&s.un(), 2024, &s.dernier().await).await.unwrap();
        assert!(p.parametres.contains("\"retenue\":{\"appels_pct\":300"), "{}", p.parametres);
    }

    async fn r_adm_06_two_places_two_propositions_and_the_freed_place_goes_to_the_next(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let bilan = un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!((bilan.jour, bilan.bilan.propositions, bilan.bilan.publies), (1, 2, Some(2)));
        assert_eq!(s.etats().await, ["propose", "en_attente", "en_attente", "propose"]);
        // R-CAL-03: proposed on 30 May, to be answered by 2 June.
        let echeance = s.t.nombre("SELECT MIN(echeance_le) FROM proposition", vec![]).await;
        assert_eq!(echeance, testkit::paris("2024-06-03T00:00").as_millisecond());
        let rang = |voeu: i64| s.t.nombre("SELECT rang FROM rang_attente WHERE voeu_id = $1
            ORDER BY passage_id DESC LIMIT 1", vec![voeu.into()]);
        assert_eq!([rang(s.voeux[1].id).await, rang(s.voeux[2].id).await], [1, 2]);
        // The first refuses: the next day, the place goes to the next in the call order, and ranks go down.
        s.t.sql("UPDATE proposition SET reponse = 'refusee' WHERE voeu_id = $1", vec![s.voeux[0].id.into()]).await;
        s.t.sql("UPDATE voeu SET etat = 'refuse_candidat' WHERE id = $1", vec![s.voeux[0].id.into()]).await;
        s.t.at("2024-05-31T06:00");
        let bilan = un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!((bilan.jour, bilan.bilan.propositions), (2, 1));
        assert_eq!(s.etats().await, ["refuse_candidat", "propose", "en_attente", "propose"]);
        assert_eq!(rang(s.voeux[2].id).await, 1);
        let dernier = s.t.nombre("SELECT MAX(dernier_appele) FROM groupe_jour", vec![]).await;
        assert_eq!(dernier, 3);
    }

    async fn r_adm_08_the_last_one_called_never_goes_back(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        s.t.at("2024-05-31T06:00");
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        let par_jour = |jour: i64| s.t.nombre(
            "SELECT g.dernier_appele FROM groupe_jour g JOIN passage p ON p.id = g.passage_id
             WHERE p.nature = 'propositions' AND p.jour = $1", vec![jour.into()]);
        // Nobody is called on day 2; what is displayed stays.
        assert_eq!([par_jour(1).await, par_jour(2).await], [2, 2]);
    }

    async fn tps_6_nothing_of_a_computed_day_is_visible_before_publication_nor_twice_after(base) {
        let s = Scene::ordonnee(base).await;
        // The hours before the opening: computed, not publishable.
        s.t.at("2024-05-30T15:00");
        let garde = Garde::default();
        calculer_propositions(&s.un(), &garde, 2024).await.unwrap();
        let id = s.dernier().await;
        assert_eq!((s.compte("proposition").await, s.compte("envoi").await, s.compte("tache").await), (0, 0, 0));
        assert_eq!(s.etats().await, ["en_attente"; 4]);
        assert!(matches!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::NotYetOpen { .. }));
        assert_eq!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::PassageExistant);
        // A wish given up between computation and publication is left alone.
        s.t.sql("UPDATE voeu SET etat = 'renonce' WHERE id = $1", vec![s.voeux[0].id.into()]).await;
        s.t.at_opening(Etape::Admission).await;
        publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap();
        assert_eq!(s.etats().await, ["renonce", "en_attente", "en_attente", "propose"]);
        assert_eq!((s.compte("proposition").await, s.compte("tache").await), (1, 1));
        assert!(matches!(publier_passage(&s.deux(), &garde, 2024, &id).await, Err(AppError::Conflict)));
        assert_eq!(s.compte("proposition").await, 1);
    }

    async fn r_adm_07_days_follow_one_another(base) {
        let s = Scene::new(base).await;
        let garde = Garde::default();
        s.t.at_opening(Etape::Admission).await;
        assert_eq!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::OrdreAppelManquant);
        s.t.during(Etape::OrdreAppel).await;
        assert!(matches!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::NotYetOpen { .. }));
        s.taux(25).await;
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        s.t.at_opening(Etape::Admission).await;
        // Computed, not published: still missing; and now too late to publish.
        assert_eq!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::OrdreAppelManquant);
        let id = s.dernier().await;
        assert!(matches!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::Closed { .. }));
        s.t.during(Etape::OrdreAppel).await;
        publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap();
        s.t.at_opening(Etape::Admission).await;
        calculer_propositions(&s.un(), &garde, 2024).await.unwrap();
        s.t.at("2024-05-31T06:00");
        assert_eq!(
            regle(calculer_propositions(&s.un(), &garde, 2024).await),
            R::PassageEnAttente { jour: 1 }
        );
        s.t.at_closing(Etape::Desistements).await;
        assert!(matches!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::Closed { .. }));
    }

    async fn run_2_of_two_computations_at_once_exactly_one_wins(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let (un, deux) = (s.un(), s.deux());
        let garde = Garde::default();
        let (a, b) = tokio::join!(
            calculer_propositions(&un, &garde, 2024),
            calculer_propositions(&deux, &garde, 2024)
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let perdu = if a.is_ok() { b } else { a };
        assert!(
            matches!(perdu, Err(AppError::Conflict | AppError::Rule(R::PassageExistant))),
            "{perdu:?}"
        );
        assert_eq!(s.propositions_en_vigueur().await, (1, 2));
    }

    async fn run_2_of_two_publications_at_once_exactly_one_wins(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
        let id = s.dernier().await;
        let (a, b) = (s.deux(), s.deux());
        let garde = Garde::default();
        let (a, b) = tokio::join!(
            publier_passage(&a, &garde, 2024, &id),
            publier_passage(&b, &garde, 2024, &id)
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(s.compte("proposition").await, 2);
    }

    async fn run_2_interrupted_anywhere_a_run_leaves_nothing_in_force_and_starts_again(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let un = s.un();
        let garde = Garde::default();
        for micros in [0, 300, 1_000, 3_000, 8_000, 20_000] {
            let calcul = calculer_propositions(&un, &garde, 2024);
            // Dropped wherever it is, as a killed process would leave it.
            if tokio::time::timeout(std::time::Duration::from_micros(micros), calcul).await.is_ok() {
                break;
            }
            let (passages, propositions) = s.propositions_en_vigueur().await;
            if passages == 1 {
                // Dropped after its last commit: the run is whole.
                assert_eq!(propositions, 2);
                break;
            }
            // What was begun is an abandoned run: nobody can publish it.
            let reste = app::admission::passages(&un, 2024, 1, 0).await.unwrap().remove(0);
            if reste.nature == domain::admission::Nature::Propositions {
                if !reste.bilan.inacheve {
                    // The last commit was on its way when its caller was dropped: the run is whole by now.
                    assert_eq!(s.propositions_en_vigueur().await, (1, 2));
                    break;
                }
                match publier_passage(&s.deux(), &garde, 2024, &reste.public_id).await {
                    // The same, a moment later.
                    Ok(_) => {
                        assert_eq!(s.propositions_en_vigueur().await, (1, 2));
                        assert_eq!(s.compte("proposition").await, 2);
                        return;
                    }
                    refus => assert_eq!(regle(refus), R::PassageIndisponible),
                }
            }
        }
        if s.propositions_en_vigueur().await.0 == 0 {
            calculer_propositions(&un, &garde, 2024).await.unwrap();
        }
        assert_eq!(s.propositions_en_vigueur().await, (1, 2));
        let dernier = passages(&un, 2024, 1, 0).await.unwrap().remove(0);
        assert!(!dernier.bilan.inacheve);
        publier_passage(&s.deux(), &garde, 2024, &dernier.public_id).await.unwrap();
        assert_eq!(s.compte("proposition").await, 2);
    }

    async fn run_2_what_is_frozen_does_not_move_while_others_write(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let autre = s.t.app.db.freeze().await.unwrap();
        use store::Sql;
        let lus = || autre.int("SELECT COUNT(*) FROM voeu WHERE etat = 'en_attente'", vec![]);
        assert_eq!(lus().await.unwrap(), Some(4));
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!(lus().await.unwrap(), Some(4));
        assert!(autre.exec("DELETE FROM passage", vec![]).await.is_err());
        drop(autre);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu WHERE etat = 'en_attente'", vec![]).await, 2);
    }

    async fn run_1_a_result_altered_in_the_base_is_not_published(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        let garde = Garde::default();
        calculer_propositions(&s.un(), &garde, 2024).await.unwrap();
        let id = s.dernier().await;
        s.t.sql("UPDATE passage_proposition SET voeu_id = $1 WHERE voeu_id = $2",
            vec![s.voeux[2].id.into(), s.voeux[0].id.into()]).await;
        assert_eq!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::PassageAltere);
        assert_eq!(s.compte("proposition").await, 0);
        s.t.sql("UPDATE passage_proposition SET voeu_id = $1 WHERE voeu_id = $2",
            vec![s.voeux[0].id.into(), s.voeux[2].id.into()]).await;
        // Fingerprints rewritten together do not help: the signature is not ours.
        s.t.sql("UPDATE passage SET empreinte_entree = 'x' WHERE nature = 'propositions'", vec![]).await;
        assert_eq!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::PassageAltere);
    }

    async fn trx_2_the_same_form_twice_computes_and_publishes_once(base) {
        let s = Scene::new(base).await;
        s.taux(25).await;
        let garde = Garde { cle: Some("une-cle".to_owned()), version: None, ..Garde::default() };
        let a = calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        let b = calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        assert_eq!(a, b);
        let id = s.dernier().await;
        let perimee = Garde { cle: None, version: Some(99), ..Garde::default() };
        assert!(matches!(publier_passage(&s.deux(), &perimee, 2024, &id).await, Err(AppError::Conflict)));
        let garde = Garde { cle: Some("autre-cle".to_owned()), version: None, ..Garde::default() };
        let a = publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap();
        assert_eq!(publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap(), a);
    }

    async fn r_adm_09_courses_that_do_not_rank_propose_to_everybody_on_the_first_day(base) {
        let s = Scene::new(base).await;
        s.taux(25).await;
        let libre = s.t.formation(s.f.etablissement, "Licence Droit", Famille::Licence, false, 1, true).await;
        s.t.sql("UPDATE groupe_classement SET sans_classement = 1 WHERE id = $1",
            vec![libre.groupe_classement.into()]).await;
        let mut voeux = Vec::new();
        for c in &s.candidats[..3] {
            voeux.push(s.t.voeu(c, &libre, EtatVoeu::Confirme).await);
        }
        let garde = Garde::default();
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        publier_passage(&s.deux(), &garde, 2024, &s.dernier().await).await.unwrap();
        s.t.at_opening(Etape::Admission).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        for v in &voeux {
            assert_eq!(s.etat(v.id).await, "propose");
        }
    }

    async fn r_dro_01_runs_are_for_the_national_team_and_the_auditor_only_reads(base) {
        let s = Scene::new(base).await;
        s.taux(25).await;
        let (_, auditeur) = s.t.personne("a@audit.fr", Attribution::simple(Role::Auditeur)).await;
        let auditeur = s.t.ctx(auditeur);
        let responsable = s.t.ctx(s.t.responsable("r@lycee.fr", &s.f).await.1);
        let garde = Garde::default();
        assert!(tableau_national(&auditeur, 2024).await.is_ok());
        for ctx in [&auditeur, &responsable, &s.t.ctx(s.candidats[0].acteur.clone())] {
            assert!(matches!(calculer_ordre_appel(ctx, &garde, 2024).await, Err(AppError::Denied(_))));
        }
        calculer_ordre_appel(&s.un(), &garde, 2024).await.unwrap();
        let id = s.dernier().await;
        for ctx in [&auditeur, &responsable] {
            assert!(matches!(publier_passage(ctx, &garde, 2024, &id).await, Err(AppError::Denied(_))));
            assert!(matches!(abandonner_passage(ctx, &garde, 2024, &id).await, Err(AppError::Denied(_))));
        }
        assert!(matches!(passages(&responsable, 2024, 1, 0).await, Err(AppError::Denied(_))));
        let tableau = tableau_national(&s.deux(), 2024).await.unwrap();
        assert_eq!((tableau.comptes.groupes, tableau.comptes.classements_transmis), (1, 1));
        assert!(tableau.ordre.unwrap().publier.is_oui());
        assert!(!tableau_national(&s.un(), 2024).await.unwrap().ordre.unwrap().publier.is_oui());
    }
}
