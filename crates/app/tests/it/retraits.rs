//! R-ADM-13 (RUN-5): courses put back to what they were before a day, and nothing else.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use std::time::Duration;

use app::admission::{
    Declaration, DemandeRetrait, Devenirs, Ecart, abandonner_passage, apercu_retrait, calculer_ordre_appel,
    calculer_propositions, calculer_retrait, formations_a_retirer, passage, passages, publier_passage,
    recu_pour, registre, tableau_national, un_jour, verifier_engagements, verifier_proces_verbaux,
    verifier_publies, verify_registre,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::admission::{EtatPassage, Nature};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation as R};
use testkit::{CandidatEssai, FormationEssai, TestApp, VoeuEssai, both_databases};

use crate::proces_verbaux::Dossier;

/// Two courses of two places, six candidates who wish both, ranked in the order of their numbers in one and in the other order in
/// the other one; two national agents.
pub(crate) struct Scene {
    t: TestApp,
    a: FormationEssai,
    b: FormationEssai,
    candidats: Vec<CandidatEssai>,
    voeux_a: Vec<VoeuEssai>,
    voeux_b: Vec<VoeuEssai>,
    calcule: Acteur,
    publie: Acteur,
}

/// What a wish is, and what its candidate reads of it.
#[derive(Debug, PartialEq, Eq)]
struct Lu {
    etat: String,
    reponse: Option<String>,
    attente: Option<i64>,
    dernier_appele: Option<i64>,
}

impl Scene {
    /// Call orders published.
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let a = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
        let b = t.formation(e, "BTS Optique", Famille::Bts, true, 2, true).await;
        let (mut candidats, mut voeux_a, mut voeux_b) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..6 {
            let c = t.candidat(&format!("c{i}@essai.fr"), TypeBac::General).await;
            voeux_a.push(t.voeu(&c, &a, EtatVoeu::Classe).await);
            voeux_b.push(t.voeu(&c, &b, EtatVoeu::Classe).await);
            candidats.push(c);
        }
        t.classement(&a, &candidats.iter().collect::<Vec<_>>()).await;
        t.classement(&b, &candidats.iter().rev().collect::<Vec<_>>()).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 0", vec![]).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, calcule) = t.personne("un@national.fr", agent.clone()).await;
        let (_, publie) = t.personne("deux@national.fr", agent).await;
        t.during(Etape::OrdreAppel).await;
        let s = Self { t, a, b, candidats, voeux_a, voeux_b, calcule, publie };
        calculer_ordre_appel(&s.un(), &Garde::default(), 2024).await.unwrap();
        let id = s.dernier().await;
        publier_passage(&s.deux(), &Garde::default(), 2024, &id).await.unwrap();
        s
    }

    fn un(&self) -> Ctx {
        self.t.ctx(self.calcule.clone())
    }

    fn deux(&self) -> Ctx {
        self.t.ctx(self.publie.clone())
    }

    async fn dernier(&self) -> String {
        passages(&self.un(), 2024, 1, 0).await.unwrap().remove(0).public_id
    }

    /// The day that begins this morning, computed and published; gives its run.
    async fn jour(&self, quand: &str) -> String {
        self.t.at(quand);
        un_jour(&self.un(), &self.deux(), 2024).await.unwrap().passage
    }

    async fn a_appeler(&self, n: i64) {
        let groupe = self.a.groupe_affectation;
        self.t
            .sql(
                "UPDATE groupe_affectation SET nombre_a_appeler = $1 WHERE id = $2",
                vec![n.into(), groupe.into()],
            )
            .await;
    }

    /// The answer that a candidate would have given.
    async fn repond(&self, voeu: &VoeuEssai, reponse: &str, etat: &str) {
        for (table, cle, colonne, valeur) in
            [("proposition", "voeu_id", "reponse", reponse), ("voeu", "id", "etat", etat)]
        {
            let sql = format!("UPDATE {table} SET {colonne} = $1 WHERE {cle} = $2");
            self.t.sql(&sql, vec![valeur.to_owned().into(), voeu.id.into()]).await;
        }
    }

    /// Day 1 proposes the two places of each course; the first candidate of A refuses. On day 2 A calls five people instead of two:
    /// 2, 3, 4 and 5 are proposed; 2 accepts, 4 refuses, 3 and 5 have not answered. Gives the two runs.
    async fn deux_jours(&self) -> [String; 2] {
        let premier = self.jour("2024-05-30T19:00").await;
        self.repond(&self.voeux_a[0], "refusee", "refuse_candidat").await;
        self.a_appeler(5).await;
        let second = self.jour("2024-05-31T06:00").await;
        self.repond(&self.voeux_a[2], "acceptee", "accepte").await;
        self.repond(&self.voeux_a[4], "refusee", "refuse_candidat").await;
        [premier, second]
    }

    fn demande(&self, passage: &str, formations: &[&FormationEssai]) -> DemandeRetrait {
        DemandeRetrait {
            passage: passage.to_owned(),
            formations: formations.iter().map(|f| f.public_id.clone()).collect(),
            motif: "Le nombre de candidats à appeler comptait la liste d’attente.".to_owned(),
        }
    }

    /// Computed by one, and not published yet; gives the run.
    async fn calcule(&self, passage: &str, formations: &[&FormationEssai]) -> String {
        calculer_retrait(&self.un(), &Garde::default(), 2024, &self.demande(passage, formations))
            .await
            .unwrap();
        self.dernier().await
    }

    async fn retire(&self, passage: &str, formations: &[&FormationEssai]) -> String {
        let id = self.calcule(passage, formations).await;
        publier_passage(&self.deux(), &Garde::default(), 2024, &id).await.unwrap();
        id
    }

    /// What the candidate of this number reads of their wish.
    async fn lit(&self, voeux: &[VoeuEssai], n: usize) -> Lu {
        let lus = store::candidatures::list_voeux(&self.t.app.db, self.candidats[n].candidat).await.unwrap();
        let l = lus.into_iter().find(|l| l.id == voeux[n].id).expect("one line a wish, and this one");
        Lu { etat: l.etat, reponse: l.reponse, attente: l.rang_attente, dernier_appele: l.dernier_appele }
    }

    async fn etats(&self, voeux: &[VoeuEssai]) -> Vec<String> {
        let mut etats = Vec::new();
        for v in voeux {
            etats.push(self.t.mot("SELECT etat FROM voeu WHERE id = $1", vec![v.id.into()]).await);
        }
        etats
    }

    /// Every row of a course, and every date and version of them.
    async fn lignes(&self, f: &FormationEssai) -> String {
        let texte = |colonnes: &[&str]| {
            let cases: Vec<String> =
                colonnes.iter().map(|c| format!("COALESCE(CAST({c} AS TEXT), '-')")).collect();
            cases.join(" || '/' || ")
        };
        let voeu =
            texte(&["v.id", "v.etat", "v.etat_le", "v.maj_le", "v.maj_par", "v.version", "v.maintenu_le"]);
        let proposition = texte(&[
            "p.id",
            "p.voeu_id",
            "p.reponse",
            "p.repondue_le",
            "p.echeance_le",
            "p.version",
            "p.maj_le",
            "p.retiree_par",
        ]);
        let jour = texte(&[
            "j.passage_id",
            "j.dernier_appele",
            "j.dernier_appele_interne",
            "j.en_attente",
            "j.propositions",
            "j.retire_par",
        ]);
        let rang = texte(&["r.passage_id", "r.voeu_id", "r.rang"]);
        let sql = format!(
            "SELECT COALESCE(string_agg(t.l, ';' ORDER BY t.l), '') FROM (
                SELECT 'v' || {voeu} AS l FROM voeu v WHERE v.formation_session_id = $1
                UNION ALL SELECT 'p' || {proposition} FROM proposition p JOIN voeu v ON v.id = p.voeu_id
                    WHERE v.formation_session_id = $1
                UNION ALL SELECT 'j' || {jour} FROM groupe_jour j
                    JOIN groupe_affectation a ON a.id = j.groupe_affectation_id WHERE a.formation_session_id = $1
                UNION ALL SELECT 'r' || {rang} FROM rang_attente r JOIN voeu v ON v.id = r.voeu_id
                    WHERE v.formation_session_id = $1) t"
        );
        self.t.mot(&sql, vec![f.formation_session.into()]).await
    }

    /// The last one called that the public reads.
    async fn affiche(&self, f: &FormationEssai) -> Option<i64> {
        let lus = store::formations::derniers_appeles(&self.t.app.db, f.formation_session).await.unwrap();
        lus.first().map(|l| l.rang)
    }

    async fn compte(&self, table: &str, condition: &str) -> i64 {
        self.t.nombre(&format!("SELECT COUNT(*) FROM {table} WHERE {condition}"), vec![]).await
    }

    /// R-ADM-14: what everybody reads of the withdrawal of [`Scene::deux_jours`], and what the receipt of a wish that it touched is of.
    async fn au_registre(&self) {
        let r = registre(&self.t.ctx(Acteur::public()), 2024).await.unwrap();
        let lues: Vec<Declaration> = verify_registre(&r).unwrap().into_iter().flatten().collect();
        let titres: Vec<String> = lues.iter().map(Declaration::titre).collect();
        let attendus = [
            "Ordres d’appel",
            "Propositions du jour 1",
            "Propositions du jour 2",
            "Retrait depuis le jour 2",
        ];
        assert_eq!(titres, attendus);
        let d = &lues[3];
        // Two taken back of the four made that day; of a few courses, neither people nor those who wait are said.
        assert_eq!((d.voeux.as_str(), d.propositions.as_str(), d.arbres.as_str()), ("4", "2", "0"));
        assert_eq!((d.candidats.as_str(), d.en_attente.as_str(), d.derniers_appeles.as_str()), ("", "", ""));
        assert_eq!(d.sceau_precedent, lues[2].sceau);
        assert_eq!(verifier_engagements(&self.un(), 2024, None).await.unwrap(), Ok(4));
        let voeu = PublicId::parse(&self.voeux_a[3].public_id).unwrap();
        let recu = recu_pour(&self.un(), 2024, &voeu, Some(2)).await.unwrap();
        assert_eq!(recu.jour.map(|j| j.titre).as_deref(), Some("Propositions du jour 2"));
        assert!(recu.recu.is_some() && recu.jours.len() == 3, "{:?}", recu.jours);
    }

    async fn verifie(&self) -> Result<usize, app::admission::EcartProcesVerbal> {
        verifier_publies(&self.un(), 2024, None).await.unwrap()?;
        verifier_proces_verbaux(&self.un(), 2024, None, |_| {}).await.unwrap().rejoues
    }
}

fn regle<T: std::fmt::Debug>(r: Result<T, AppError>) -> R {
    match r {
        Err(AppError::Rule(r)) => r,
        autre => panic!("a rule was expected: {autre:?}"),
    }
}

both_databases! {
    async fn r_adm_13_run_5_courses_are_put_back_and_not_one_row_changes_elsewhere(base) {
        let s = Scene::new(base).await;
        let [_, second] = s.deux_jours().await;
        let proposees = ["refuse_candidat", "propose", "accepte", "propose", "refuse_candidat", "propose"];
        assert_eq!(s.etats(&s.voeux_a).await, proposees);
        assert_eq!(s.affiche(&s.a).await, Some(6));
        let avant = s.lignes(&s.b).await;
        let premiere = s.lit(&s.voeux_a, 1).await;

        // Before anything, what will happen; and nothing has.
        let demande = s.demande(&second, &[&s.a]);
        let a = apercu_retrait(&s.un(), 2024, &second, &demande.formations).await.unwrap();
        assert_eq!(a.total, Devenirs { retirees: 2, acceptees: 1, rendues: 1, ..Devenirs::default() });
        let id = s.calcule(&second, &[&s.a]).await;
        assert_eq!(s.etats(&s.voeux_a).await, proposees);
        let p = passage(&s.deux(), 2024, &id).await.unwrap();
        let r = p.bilan.retrait.clone().unwrap();
        assert_eq!((p.nature, p.jour, p.bilan.candidats, p.bilan.groupes), (Nature::Retrait, 2, 2, 1));
        assert_eq!((r.devenirs, r.formations, r.motif), (a.total, 1, demande.motif.clone()));
        assert_eq!(regle(publier_passage(&s.un(), &Garde::default(), 2024, &id).await), R::DeuxiemePersonne);
        publier_passage(&s.deux(), &Garde::default(), 2024, &id).await.unwrap();

        // What waited for an answer is taken back; what was answered, or proposed by day 1, stays.
        let attendus = ["refuse_candidat", "propose", "accepte", "en_attente", "refuse_candidat", "en_attente"];
        assert_eq!(s.etats(&s.voeux_a).await, attendus);
        assert_eq!(s.lit(&s.voeux_a, 1).await, Lu { dernier_appele: Some(2), ..premiere });
        // The rank that day 1 had given: 2, 3, 4 and 5 waited, in this order.
        let rendu = |attente| Lu { etat: "en_attente".to_owned(), reponse: None, attente, dernier_appele: Some(2) };
        assert_eq!(s.lit(&s.voeux_a, 3).await, rendu(Some(2)));
        assert_eq!(s.lit(&s.voeux_a, 5).await, rendu(Some(4)));
        assert_eq!(s.affiche(&s.a).await, Some(2));
        let en_attente = store::candidatures::list_voeux(&s.t.app.db, s.candidats[3].candidat).await.unwrap();
        assert_eq!(en_attente.iter().find(|l| l.id == s.voeux_a[3].id).unwrap().en_attente, Some(4));
        // History is kept, and says by which withdrawal.
        assert_eq!(s.compte("proposition", "reponse = 'retiree' AND retiree_par IS NOT NULL").await, 2);
        assert_eq!(s.compte("groupe_jour", "retire_par IS NOT NULL").await, 1);
        // The other course: not one row.
        assert_eq!(s.lignes(&s.b).await, avant);
        let p = passage(&s.deux(), 2024, &id).await.unwrap();
        assert_eq!((p.etat, p.bilan.publies), (EtatPassage::Publie, Some(2)));
        s.au_registre().await;

        // One message each to the two candidates concerned, once.
        while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
        let messages = s.t.envois().await;
        let messages: Vec<_> = messages.iter().filter(|e| e.modele == "retrait_proposition").collect();
        let mut a: Vec<&str> = messages.iter().map(|e| e.destinataire.as_str()).collect();
        a.sort_unstable();
        assert_eq!(a, ["c3@essai.fr", "c5@essai.fr"]);
        let trois = messages.iter().find(|e| e.destinataire == "c3@essai.fr").unwrap();
        for dit in ["BTS Électronique", "excuses", "le rang qu’il avait avant cette proposition : 2", "Ce que vous gardez"] {
            assert!(trois.corps.contains(dit), "{dit}: {}", trois.corps);
        }
        assert!(!trois.corps.contains(&demande.motif), "the reason is for the platform");

        // With the right number, the next day continues what was restored, and proposes again once there is a place.
        s.a_appeler(2).await;
        s.jour("2024-06-01T06:00").await;
        assert_eq!(s.etats(&s.voeux_a).await, attendus);
        assert_eq!(s.lit(&s.voeux_a, 3).await.attente, Some(1), "those before have answered");
        s.a_appeler(3).await;
        s.jour("2024-06-02T06:00").await;
        assert_eq!(s.lit(&s.voeux_a, 3).await.etat, "propose");
        assert_eq!(s.compte("proposition", &format!("voeu_id = {}", s.voeux_a[3].id)).await, 2);
        assert_eq!(s.verifie().await, Ok(6));
    }

    async fn r_adm_13_from_the_first_day_a_wish_has_no_rank_and_is_proposed_again(base) {
        let s = Scene::new(base).await;
        let premier = s.jour("2024-05-30T19:00").await;
        s.repond(&s.voeux_b[5], "acceptee", "accepte").await;
        s.retire(&premier, &[&s.a, &s.b]).await;
        assert_eq!(s.etats(&s.voeux_a).await, ["en_attente"; 6]);
        assert_eq!(s.lit(&s.voeux_a, 0).await, Lu {
            etat: "en_attente".to_owned(), reponse: None, attente: None, dernier_appele: None,
        });
        assert_eq!((s.affiche(&s.a).await, s.affiche(&s.b).await), (None, None));
        while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
        let messages = s.t.envois().await;
        let messages: Vec<_> = messages.iter().filter(|e| e.modele == "retrait_proposition").collect();
        assert_eq!(messages.len(), 3);
        assert!(messages.iter().all(|e| e.corps.contains("Son rang sera affiché après le prochain calcul.")));
        // The place accepted stays taken.
        s.jour("2024-05-31T06:00").await;
        let attendus = ["propose", "propose", "en_attente", "en_attente", "en_attente", "en_attente"];
        assert_eq!(s.etats(&s.voeux_a).await, attendus);
        let attendus = ["en_attente", "en_attente", "en_attente", "en_attente", "propose", "accepte"];
        assert_eq!(s.etats(&s.voeux_b).await, attendus);
        assert_eq!(s.verifie().await, Ok(4));
    }

    async fn r_adm_13_everything_since_the_day_is_withdrawn_not_that_day_alone(base) {
        let s = Scene::new(base).await;
        let [premier, _] = s.deux_jours().await;
        s.retire(&premier, &[&s.a]).await;
        let attendus = ["refuse_candidat", "en_attente", "accepte", "en_attente", "refuse_candidat", "en_attente"];
        assert_eq!(s.etats(&s.voeux_a).await, attendus);
        assert_eq!((s.affiche(&s.a).await, s.compte("groupe_jour", "retire_par IS NOT NULL").await), (None, 2));
        assert_eq!(s.lit(&s.voeux_a, 3).await.attente, None);
        s.a_appeler(2).await;
        s.jour("2024-06-01T06:00").await;
        assert_eq!(s.lit(&s.voeux_a, 1).await.etat, "propose");
        assert_eq!(s.verifie().await, Ok(5));
    }

    async fn r_adm_13_an_answer_given_before_the_publication_is_respected(base) {
        let s = Scene::new(base).await;
        let [premier, second] = s.deux_jours().await;
        let id = s.calcule(&second, &[&s.a]).await;
        s.repond(&s.voeux_a[3], "acceptee", "accepte").await;
        publier_passage(&s.deux(), &Garde::default(), 2024, &id).await.unwrap();
        assert_eq!(s.lit(&s.voeux_a, 3).await.etat, "accepte");
        assert_eq!(s.lit(&s.voeux_a, 5).await.etat, "en_attente");
        let p = passage(&s.deux(), 2024, &id).await.unwrap();
        assert_eq!(p.bilan.publies, Some(1));
        while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
        let messages = s.t.envois().await;
        assert_eq!(messages.iter().filter(|e| e.modele == "retrait_proposition").count(), 1);
        s.a_appeler(2).await;
        s.jour("2024-06-01T06:00").await;
        assert_eq!(s.verifie().await, Ok(5));
        // Everything since the first day is then withdrawn: that yes still stands.
        s.retire(&premier, &[&s.a]).await;
        assert_eq!(s.lit(&s.voeux_a, 3).await.etat, "accepte");
        s.jour("2024-06-02T06:00").await;
        assert_eq!(s.verifie().await, Ok(7));
    }

    async fn r_adm_13_what_may_not_be_withdrawn_is_refused_and_changes_nothing(base) {
        let s = Scene::new(base).await;
        let [premier, second] = s.deux_jours().await;
        let garde = Garde::default();
        let demande = s.demande(&second, &[&s.a]);
        let avec = async |ctx: &Ctx, d: DemandeRetrait| calculer_retrait(ctx, &garde, 2024, &d).await;
        // Nobody without the right; not without courses, nor a reason; not a course of elsewhere, nor a run that is no day.
        let (_, lecteur) = s.t.personne("audit@essai.fr", Attribution::simple(Role::Auditeur)).await;
        let refus = avec(&s.t.ctx(lecteur), demande.clone()).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let vide = DemandeRetrait { formations: Vec::new(), ..demande.clone() };
        assert_eq!(regle(avec(&s.un(), vide).await), R::Champ { champ: "formations", motif: "manquant" });
        let sans = DemandeRetrait { motif: "  ".to_owned(), ..demande.clone() };
        assert_eq!(regle(avec(&s.un(), sans).await), R::Champ { champ: "motif", motif: "manquant" });
        let trop = (0..51).map(|n| format!("x{n}")).collect();
        let trop = DemandeRetrait { formations: trop, ..demande.clone() };
        assert_eq!(regle(avec(&s.un(), trop).await), R::Champ { champ: "formations", motif: "trop" });
        let ordre = passages(&s.un(), 2024, 10, 0).await.unwrap().pop().unwrap().public_id;
        for ailleurs in [
            DemandeRetrait { formations: vec![second.clone()], ..demande.clone() },
            DemandeRetrait { passage: ordre, ..demande.clone() },
        ] {
            let refus = avec(&s.un(), ailleurs).await;
            assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        }
        assert_eq!(s.compte("passage", "nature = 'retrait'").await, 0);

        // One run at a time waits to be published: a withdrawal behind a day, a day behind a withdrawal.
        s.t.at("2024-06-01T06:00");
        calculer_propositions(&s.un(), &garde, 2024).await.unwrap();
        assert_eq!(regle(avec(&s.un(), demande.clone()).await), R::PassageEnAttente { jour: 3 });
        abandonner_passage(&s.un(), &garde, 2024, &s.dernier().await).await.unwrap();
        let id = s.calcule(&second, &[&s.a]).await;
        assert_eq!(regle(avec(&s.deux(), s.demande(&second, &[&s.b])).await), R::RetraitEnAttente);
        assert_eq!(regle(calculer_propositions(&s.un(), &garde, 2024).await), R::RetraitEnAttente);
        let t = tableau_national(&s.deux(), 2024).await.unwrap();
        assert_eq!(t.retrait.map(|p| p.public_id), Some(id.clone()));
        assert!(!t.calculer_jour.is_oui());
        // Abandoned, nothing has changed, and the day is computed as if nothing had been asked.
        abandonner_passage(&s.un(), &garde, 2024, &id).await.unwrap();
        let proposees = ["refuse_candidat", "propose", "accepte", "propose", "refuse_candidat", "propose"];
        assert_eq!(s.etats(&s.voeux_a).await, proposees);
        assert_eq!(regle(publier_passage(&s.deux(), &garde, 2024, &id).await), R::PassageIndisponible);

        // Twice from the same day: the second one has nothing to do. From an earlier day, it has.
        s.retire(&second, &[&s.a]).await;
        let avant = s.lignes(&s.a).await;
        let encore = regle(avec(&s.un(), demande.clone()).await);
        assert_eq!(encore, R::RetraitSansEffet { jour: 2 });
        assert!(app::messages::regle(&encore).contains("rien à retirer depuis le jour 2"));
        assert_eq!(regle(avec(&s.un(), s.demande(&second, &[&s.a, &s.b])).await), R::RetraitSansEffet { jour: 2 });
        assert_eq!(s.lignes(&s.a).await, avant);
        let restent = formations_a_retirer(&s.un(), 2024, &second, "").await.unwrap();
        assert_eq!(restent.iter().map(|f| &f.public_id).collect::<Vec<_>>(), [&s.b.public_id]);
        s.retire(&premier, &[&s.a]).await;
        assert_eq!(s.lit(&s.voeux_a, 1).await.etat, "en_attente");
        s.jour("2024-06-01T06:00").await;
        assert_eq!(s.verifie().await, Ok(8));
        // After the end of the summer, nothing is withdrawn any more.
        s.t.at_closing(Etape::Desistements).await;
        assert!(matches!(regle(avec(&s.un(), s.demande(&second, &[&s.b])).await), R::Closed { .. }));
    }

    async fn r_adm_13_the_same_form_sent_twice_and_two_people_at_once_make_one_withdrawal(base) {
        let s = Scene::new(base).await;
        let [_, second] = s.deux_jours().await;
        let demande = s.demande(&second, &[&s.a]);
        let (un, deux) = (s.un(), s.deux());
        let garde = Garde { cle: Some("une-cle".to_owned()), ..Garde::default() };
        let a = calculer_retrait(&un, &garde, 2024, &demande).await.unwrap();
        assert_eq!(calculer_retrait(&un, &garde, 2024, &demande).await.unwrap(), a);
        assert_eq!(s.compte("passage", "nature = 'retrait'").await, 1);
        abandonner_passage(&un, &Garde::default(), 2024, &s.dernier().await).await.unwrap();
        let garde = Garde::default();
        let (a, b) = tokio::join!(
            calculer_retrait(&un, &garde, 2024, &demande),
            calculer_retrait(&deux, &garde, 2024, &demande)
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let perdu = if a.is_ok() { b } else { a };
        assert!(matches!(perdu, Err(AppError::Conflict | AppError::Rule(R::RetraitEnAttente))), "{perdu:?}");
        assert_eq!(s.compte("passage", "nature = 'retrait' AND etat = 'calcule'").await, 1);
        // A day asked for at the same time as a withdrawal: one of them is refused.
        abandonner_passage(&un, &garde, 2024, &tableau_national(&un, 2024).await.unwrap().retrait.unwrap().public_id)
            .await
            .unwrap();
        s.t.at("2024-06-01T06:00");
        let (un, deux) = (s.un(), s.deux());
        let (a, b) =
            tokio::join!(calculer_retrait(&un, &garde, 2024, &demande), calculer_propositions(&deux, &garde, 2024));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(s.compte("passage", "etat = 'calcule'").await, 1);
        assert!(s.verifie().await.is_ok());
    }

    async fn r_adm_13_interrupted_anywhere_a_withdrawal_leaves_nothing_in_force_and_starts_again(base) {
        let s = Scene::new(base).await;
        let [_, second] = s.deux_jours().await;
        let (un, garde, demande) = (s.un(), Garde::default(), s.demande(&second, &[&s.a]));
        let avant = s.lignes(&s.a).await;
        for micros in [0, 300, 1_000, 3_000, 8_000, 20_000] {
            let calcul = calculer_retrait(&un, &garde, 2024, &demande);
            // Dropped wherever it is, as a killed process would leave it.
            let fini = tokio::time::timeout(Duration::from_micros(micros), calcul).await.is_ok();
            if fini || tableau_national(&un, 2024).await.unwrap().retrait.is_some() {
                break;
            }
            // Nothing of the course has changed but the rows of a run that nothing reads.
            assert_eq!(s.etats(&s.voeux_a).await[3], "propose");
            assert_eq!(s.compte("groupe_jour", "retire_par IS NOT NULL").await, 0);
        }
        // The last commit may have been on its way when its caller was dropped.
        if tableau_national(&un, 2024).await.unwrap().retrait.is_none() {
            match calculer_retrait(&un, &garde, 2024, &demande).await {
                Ok(_) => {}
                refus => assert_eq!(regle(refus), R::RetraitEnAttente),
            }
        }
        let p = tableau_national(&un, 2024).await.unwrap().retrait.unwrap();
        assert!(!p.bilan.inacheve);
        assert_ne!(s.lignes(&s.a).await, avant);
        publier_passage(&s.deux(), &garde, 2024, &p.public_id).await.unwrap();
        assert_eq!(s.compte("proposition", "reponse = 'retiree'").await, 2);
        s.jour("2024-06-01T06:00").await;
        assert!(s.verifie().await.is_ok());
    }

    async fn r_adm_13_what_is_stored_of_a_withdrawal_and_altered_is_not_published(base) {
        let s = Scene::new(base).await;
        let [_, second] = s.deux_jours().await;
        let id = s.calcule(&second, &[&s.a]).await;
        let change = |de: usize, vers: usize| {
            let (de, vers) = (s.voeux_a[de].id, s.voeux_a[vers].id);
            s.t.sql(
                "UPDATE passage_proposition SET voeu_id = $1 WHERE voeu_id = $2
                   AND passage_id = (SELECT MAX(id) FROM passage)",
                vec![vers.into(), de.into()],
            )
        };
        // Somebody who would have the first day's proposition taken back too.
        assert_eq!(change(3, 1).await, 1);
        assert_eq!(regle(publier_passage(&s.deux(), &Garde::default(), 2024, &id).await), R::PassageAltere);
        assert_eq!(s.lit(&s.voeux_a, 1).await.etat, "propose");
        change(1, 3).await;
        publier_passage(&s.deux(), &Garde::default(), 2024, &id).await.unwrap();
    }
}

#[tokio::test]
async fn r_adm_13_one_byte_altered_in_the_record_of_a_withdrawal_is_told() {
    let s = Scene::new(testkit::Base::sqlite()).await;
    let [_, second] = s.deux_jours().await;
    s.retire(&second, &[&s.a]).await;
    s.a_appeler(2).await;
    s.jour("2024-06-01T06:00").await;
    let mut d = Dossier::new(&s.un()).await;
    assert_eq!(d.verify(), Ok(5));
    let titres: Vec<String> = d.chaine.maillons.iter().filter_map(|m| m.titre()).collect();
    assert_eq!(titres, ["ordres-appel", "jour-1", "jour-2", "retrait-depuis-jour-2", "jour-3"]);
    for octet in 0..d.chaine.maillons[3].octets.len() {
        d.chaine.maillons[3].octets[octet] ^= 1;
        assert!(matches!(d.ecart().1, Ecart::Illisible | Ecart::Signature), "{octet}");
        d.chaine.maillons[3].octets[octet] ^= 1;
    }
    let pieces = d.chaine.maillons[3].pieces();
    // What it read (3), what it decided (5), what it commits to.
    assert_eq!(pieces.len(), 9);
    for cle in pieces {
        for octet in 0..d.pieces[&cle].len() {
            d.pieces.get_mut(&cle).unwrap()[octet] ^= 0x10;
            assert!(matches!(d.ecart().1, Ecart::PieceModifiee { .. }), "{octet}");
            d.pieces.get_mut(&cle).unwrap()[octet] ^= 0x10;
        }
    }
    // Left out, it is missed.
    let ote = d.chaine.maillons.remove(3);
    assert_eq!(d.ecart(), ("Propositions du jour 3".to_owned(), Ecart::Chaine));
    d.chaine.maillons.insert(3, ote);
    assert_eq!(d.verify(), Ok(5));
}
