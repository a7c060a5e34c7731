//! R-ADM-16 (DON-6): a candidate asks why their wish stands where it does, and reads it.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use app::admission::{
    DemandeRetrait, EtatExplication, ExplicationVue, Personne, calculer_propositions, calculer_retrait,
    demander_explication, explication_du_candidat, expliquer_voeu, publier_passage, un_jour,
};
use app::idempotence::{Garde, Recepisse};
use app::taches::{entretenir, executer_une};
use app::{AppError, Ctx};
use domain::PublicId;
use domain::RuleViolation as R;
use domain::calendrier::Etape;
use testkit::both_databases;

use crate::admission::Scene;

/// Call orders and day 1 published: the scholarship holder (3) and the first (0) are proposed, 1 and 2 wait.
async fn premier_jour(base: testkit::Base) -> Scene {
    let s = Scene::ordonnee(base).await;
    s.t.at_opening(Etape::Admission).await;
    un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
    s
}

fn voeu(s: &Scene, n: usize) -> PublicId {
    PublicId::parse(&s.voeux[n].public_id).unwrap()
}

fn lui(s: &Scene, n: usize) -> Ctx {
    s.t.ctx(s.acteur(n))
}

async fn demande(s: &Scene, n: usize, jour: i64, cle: &str) -> Result<Option<Recepisse>, AppError> {
    let garde = Garde { cle: Some(cle.to_owned()), ..Garde::default() };
    demander_explication(&lui(s, n), &garde, &voeu(s, n), jour).await
}

async fn lit(s: &Scene, n: usize, jour: Option<i64>) -> ExplicationVue {
    explication_du_candidat(&lui(s, n), &voeu(s, n), jour).await.unwrap()
}

/// What there is of the last day that may be explained.
async fn etat(s: &Scene, n: usize) -> EtatExplication {
    lit(s, n, None).await.jour.unwrap().1
}

async fn prepare(s: &Scene) {
    while executer_une(&s.t.app).await.unwrap() {}
}

async fn compte(s: &Scene, de: &str) -> i64 {
    s.t.nombre(&format!("SELECT COUNT(*) FROM {de}"), vec![]).await
}

const TACHES: &str = "tache WHERE genre = 'expliquer_voeux'";

both_databases! {
    async fn r_adm_16_don_6_a_candidate_asks_once_and_reads_what_the_record_says(base) {
        let s = premier_jour(base).await;
        prepare(&s).await;
        let vue = lit(&s, 2, None).await;
        assert_eq!((vue.annee, vue.jours.as_slice()), (2024, &[1][..]));
        assert_eq!(vue.formation, "BTS Électronique – Lycée Alpha");
        assert_eq!(vue.jour, Some((1, EtatExplication::ADemander)));
        // Sent twice, it is one act; asked for again, it is the same explanation.
        let premier = demande(&s, 2, 1, "une-cle").await.unwrap().unwrap();
        assert_eq!(demande(&s, 2, 1, "une-cle").await.unwrap(), Some(premier));
        assert_eq!(demande(&s, 2, 1, "autre-cle").await.unwrap(), None);
        // Somebody else asks meanwhile: the task of the run will open its record once for both.
        assert!(demande(&s, 3, 1, "la-sienne").await.unwrap().is_some());
        assert_eq!((compte(&s, "explication").await, compte(&s, TACHES).await), (2, 1));
        assert_eq!(etat(&s, 2).await, EtatExplication::EnPreparation);
        prepare(&s).await;
        assert_eq!(compte(&s, "explication WHERE etat = 'prete'").await, 2);

        for (n, rang, dit) in [(2, 4, "Ce vœu est en attente"), (3, 1, "Une place de la formation vous revenait")] {
            let EtatExplication::Prete(parties) = etat(&s, n).await else { panic!("{n}: not ready") };
            // The command line says the same from the same record, to somebody else.
            let e = expliquer_voeu(&s.un(), 2024, 1, &voeu(&s, n)).await.unwrap();
            let textes = e.textes(Personne::Candidat, "", 1);
            let attendues = textes.into_iter().rev().flat_map(|t| t.parties);
            let attendues: Vec<_> = attendues.map(|p| (p.titre.to_owned(), p.phrases)).collect();
            let lues: Vec<_> = parties.iter().map(|p| (p.titre.clone(), p.phrases.clone())).collect();
            assert_eq!(lues, attendues);
            let texte = lues.into_iter().flat_map(|(_, p)| p).collect::<Vec<_>>().join("\n");
            for attendu in [dit, &format!("Votre rang d’appel est {rang}"), "jusqu’au rang d’appel 2"] {
                assert!(texte.contains(attendu), "{attendu} : {texte}");
            }
            // The rank that the course gave is not shown to candidates.
            assert!(!texte.contains("La formation a classé"), "{texte}");
            let lecteur: String = e.textes(Personne::Lecteur, "candidat", 1).iter().map(ToString::to_string).collect();
            assert!(lecteur.contains("La formation a classé 4 candidats"), "{lecteur}");
        }
        // Nothing waits: the next one who asks has a task of their own.
        assert!(demande(&s, 1, 1, "plus-tard").await.unwrap().is_some());
        assert_eq!((compte(&s, "explication").await, compte(&s, TACHES).await), (3, 2));
        assert_eq!(compte(&s, "journal WHERE objet = 'voeu' AND action = 'consulter_dossier'").await, 3);
    }

    async fn r_adm_16_tps_6_nothing_is_explained_before_it_is_published_nor_to_anybody_else(base) {
        let s = Scene::ordonnee(base).await;
        let rien = async |s: &Scene| {
            assert_eq!(lit(s, 2, None).await.jour, None);
            let refus = demande(s, 2, 1, "trop-tot").await;
            assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        };
        rien(&s).await;
        s.t.at_opening(Etape::Admission).await;
        calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
        rien(&s).await;
        publier_passage(&s.deux(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
        assert_eq!(lit(&s, 2, Some(1)).await.jour, Some((1, EtatExplication::ADemander)));
        // A day that nobody computed.
        let refus = explication_du_candidat(&lui(&s, 2), &voeu(&s, 2), Some(9)).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        // Somebody else's wish is as unknown as an absent one; who has no record has no right.
        let autre = explication_du_candidat(&lui(&s, 0), &voeu(&s, 2), None).await;
        assert!(matches!(autre, Err(AppError::NotFound)), "{autre:?}");
        let autre = demander_explication(&lui(&s, 0), &Garde::default(), &voeu(&s, 2), 1).await;
        assert!(matches!(autre, Err(AppError::NotFound)), "{autre:?}");
        let national = demander_explication(&s.un(), &Garde::default(), &voeu(&s, 2), 1).await;
        assert!(matches!(national, Err(AppError::Denied(_))), "{national:?}");
        assert_eq!(compte(&s, "explication").await, 0);
    }

    async fn r_adm_16_a_day_is_explained_while_the_wish_was_in_the_procedure(base) {
        let s = premier_jour(base).await;
        // Given up after the first day: the second one did not look at it.
        let le = lui(&s, 0).campagne_ms();
        s.t.sql(
            "UPDATE voeu SET etat = 'refuse_candidat', etat_le = $1 WHERE id = $2",
            vec![le.into(), s.voeux[0].id.into()],
        ).await;
        s.t.at("2024-05-31T06:00");
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        assert_eq!(lit(&s, 0, None).await.jours, [1]);
        assert_eq!(lit(&s, 1, None).await.jours, [2, 1]);
        assert!(matches!(demande(&s, 0, 2, "jour-2").await, Err(AppError::NotFound)));
        // Each day is a question of its own, and two runs are two records.
        for jour in [1, 2] {
            assert!(demande(&s, 1, jour, &format!("jour-{jour}")).await.unwrap().is_some());
        }
        assert_eq!(compte(&s, TACHES).await, 2);
        prepare(&s).await;
        let (EtatExplication::Prete(un), EtatExplication::Prete(deux)) =
            (lit(&s, 1, Some(1)).await.jour.unwrap().1, etat(&s, 1).await)
        else { panic!("not ready") };
        assert_ne!(un, deux);
    }

    async fn r_adm_12_a_candidate_whose_course_is_withheld_reads_that_the_platform_does_it_and_not_the_course(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        s.t.sql("UPDATE groupe_affectation SET nombre_a_appeler = 40", vec![]).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        // The day after, with the right number, the course itself suspends.
        s.t.sql("UPDATE groupe_affectation SET nombre_a_appeler = 2, admissions_suspendues = 1", vec![]).await;
        s.t.at("2024-05-31T06:00");
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        for jour in [1, 2] {
            demande(&s, 2, jour, &format!("jour-{jour}")).await.unwrap();
        }
        prepare(&s).await;
        let dit = async |jour: i64| match lit(&s, 2, Some(jour)).await.jour.unwrap().1 {
            EtatExplication::Prete(parties) => parties.into_iter().flat_map(|p| p.phrases).collect::<Vec<_>>().join("\n"),
            autre => panic!("{autre:?}"),
        };
        let (retenue, suspendue) = (dit(1).await, dit(2).await);
        assert!(retenue.contains("la plateforme retient les propositions de cette formation"), "{retenue}");
        assert!(retenue.contains("rien n’est décidé contre vous"), "{retenue}");
        assert!(!retenue.contains("ses admissions sont suspendues") && !retenue.contains("40"), "{retenue}");
        assert!(suspendue.contains("ses admissions sont suspendues"), "{suspendue}");
        assert!(!suspendue.contains("la plateforme retient"), "{suspendue}");
        // Whoever reads the runs is told the same reason, and the number that is checked.
        let e = expliquer_voeu(&s.un(), 2024, 1, &voeu(&s, 2)).await.unwrap();
        let lecteur: String = e.textes(Personne::Lecteur, "candidat", 1).iter().map(ToString::to_string).collect();
        assert!(lecteur.contains("la plateforme retient") && lecteur.contains("40 candidats"), "{lecteur}");
        assert!(!lecteur.contains("ses admissions sont suspendues"), "{lecteur}");
    }

    async fn r_adm_16_a_withdrawn_day_explains_nothing_any_more(base) {
        let s = premier_jour(base).await;
        let jour = s.dernier().await;
        demande(&s, 2, 1, "avant").await.unwrap();
        prepare(&s).await;
        assert!(matches!(etat(&s, 2).await, EtatExplication::Prete(_)));
        let retrait = DemandeRetrait {
            passage: jour,
            formations: vec![s.formation().public_id.clone()],
            motif: "Le nombre de candidats à appeler comptait la liste d’attente.".to_owned(),
        };
        calculer_retrait(&s.un(), &Garde::default(), 2024, &retrait).await.unwrap();
        assert!(matches!(etat(&s, 2).await, EtatExplication::Prete(_)), "computed, not published");
        publier_passage(&s.deux(), &Garde::default(), 2024, &s.dernier().await).await.unwrap();
        assert_eq!(etat(&s, 2).await, EtatExplication::Retiree);
        let refus = demande(&s, 1, 1, "apres").await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(compte(&s, "explication").await, 1);
    }

    async fn r_adm_16_a_record_that_was_altered_explains_nothing(base) {
        let s = premier_jour(base).await;
        demande(&s, 2, 1, "une-cle").await.unwrap();
        s.t.sql(
            "UPDATE passage SET bilan = REPLACE(bilan, '\"signature\":\"', '\"signature\":\"0') WHERE nature = 'propositions'",
            vec![],
        ).await;
        prepare(&s).await;
        assert_eq!(etat(&s, 2).await, EtatExplication::Impossible);
        assert_eq!(compte(&s, "tache WHERE genre = 'expliquer_voeux' AND etat = 'abandonnee'").await, 1);
    }

    async fn r_adm_16_a_candidate_asks_for_so_many_in_a_day_and_they_are_kept_for_some_weeks(base) {
        let s = premier_jour(base).await;
        let par_jour = s.t.app.limites.explications_par_jour;
        let maintenant = lui(&s, 2).campagne_ms();
        for i in 0..par_jour {
            // A run given up stands for a day of which it was asked.
            s.t.sql(
                "INSERT INTO passage (public_id, cree_le, maj_le, origine, session_id, nature, jour, etat, calcule_le,
                        empreinte_entree, empreinte_sortie, version_code, parametres, bilan)
                 SELECT CAST($1 AS TEXT), cree_le, maj_le, origine, session_id, nature, jour, 'abandonne', calcule_le, empreinte_entree,
                        empreinte_sortie, version_code, parametres, bilan
                 FROM passage WHERE nature = 'propositions' AND etat = 'publie'",
                vec![format!("passage{i}").into()],
            ).await;
            s.t.sql(
                "INSERT INTO explication (public_id, cree_le, maj_le, origine, passage_id, voeu_id, etat)
                 SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($2 AS BIGINT), 'ecran', id, CAST($3 AS BIGINT), 'absente'
                 FROM passage WHERE public_id = $4",
                vec![
                    format!("explication{i}").into(),
                    maintenant.into(),
                    s.voeux[2].id.into(),
                    format!("passage{i}").into(),
                ],
            ).await;
        }
        let refus = demande(&s, 2, 1, "une-de-trop").await;
        assert!(matches!(refus, Err(AppError::Rule(R::TropDExplications { par_jour: n })) if n == par_jour), "{refus:?}");
        assert_eq!((compte(&s, "explication").await, compte(&s, TACHES).await), (par_jour, 0));
        // What others ask is not counted, and the next day another one may be asked for.
        assert!(demande(&s, 1, 1, "un-autre").await.unwrap().is_some());
        s.t.at("2024-06-02T12:00");
        assert!(demande(&s, 2, 1, "le-lendemain").await.unwrap().is_some());
        s.t.at("2024-08-20T12:00");
        entretenir(&s.t.app).await.unwrap();
        assert_eq!(compte(&s, "explication").await, 0);
    }
}
