//! R-ADM-40: a day that a second person agreed to beforehand is published at its instant, by the platform.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use std::time::Duration;

use app::admission::{
    Passage, Programmation, abandonner_passage, calculer_propositions, deprogrammer_publication, passage,
    programmer_publication, publier_passage, publier_programmees, tableau_national, un_jour,
};
use app::contexte::SecondeEtape;
use app::idempotence::Garde;
use app::sessions::gel_ouvert;
use app::{AppError, Ctx};
use domain::RuleViolation as R;
use domain::admission::EtatPassage;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use testkit::{both_databases, paris};

use crate::admission::Scene;

/// The opening of the admission.
const T0: &str = "2024-05-30T19:00";

/// Computes the day, and gives the run.
async fn calcule(s: &Scene) -> String {
    calculer_propositions(&s.un(), &Garde::default(), 2024).await.unwrap();
    s.dernier().await
}

/// The first day, computed in the afternoon before the opening.
async fn calculee(base: testkit::Base) -> (Scene, String) {
    let s = Scene::ordonnee(base).await;
    s.t.at("2024-05-30T15:00");
    let id = calcule(&s).await;
    (s, id)
}

async fn accorde(s: &Scene, id: &str) {
    programmer_publication(&s.deux(), &Garde::default(), 2024, id).await.unwrap();
}

/// One turn of a worker.
async fn tour(s: &Scene) -> usize {
    publier_programmees(&s.t.app).await.unwrap()
}

async fn vue(s: &Scene, id: &str) -> Passage {
    passage(&s.un(), 2024, id).await.unwrap()
}

async fn programmation(s: &Scene, id: &str) -> Programmation {
    vue(s, id).await.programmation.unwrap()
}

async fn propositions(s: &Scene) -> i64 {
    s.t.nombre("SELECT COUNT(*) FROM proposition", vec![]).await
}

/// What the journal says of a run, with who did it: the entries whose text has this.
async fn journal(s: &Scene, id: &str, dit: &str) -> Vec<(Option<i64>, String)> {
    let lignes = s.t.journal().await.into_iter().filter(|l| l.objet_id == id);
    lignes.filter_map(|l| Some((l.compte_id, l.apres.filter(|a| a.contains(dit))?))).collect()
}

/// The entries of its publication.
async fn publiee(s: &Scene, id: &str) -> Vec<(Option<i64>, String)> {
    let dites = journal(s, id, "\"voeux\"").await;
    dites.into_iter().filter(|(_, dit)| dit.contains("\"calcule_par\"")).collect()
}

async fn compte(s: &Scene, ctx: &Ctx) -> String {
    s.t.mot("SELECT public_id FROM compte WHERE id = $1", vec![ctx.acteur.compte.into()]).await
}

fn regle<T: std::fmt::Debug>(r: Result<T, AppError>) -> R {
    match r {
        Err(AppError::Rule(r)) => r,
        autre => panic!("a rule was expected: {autre:?}"),
    }
}

both_databases! {
    async fn r_adm_40_tps_6_a_day_agreed_to_is_published_at_the_opening_and_nothing_shows_a_second_before(base) {
        let (s, id) = calculee(base).await;
        // The week before the opening is frozen (RUN-6): deliveries and acts on many accounts are, publications are not.
        assert!(gel_ouvert(&s.t.app.db, s.un().campagne_le).await.unwrap().is_some());
        accorde(&s, &id).await;
        let g = programmation(&s, &id).await;
        assert_eq!((g.le, g.en_cours, g.a_agir), (paris(T0), true, false));
        assert!(g.texte.starts_with("Publication programmée le jeudi 30 mai 2024 à 19\u{a0}h, par "), "{}", g.texte);

        s.t.at("2024-05-30T18:59:59");
        assert_eq!(tour(&s).await, 0);
        assert_eq!((propositions(&s).await, s.etats().await), (0, vec!["en_attente".to_owned(); 4]));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM envoi", vec![]).await, 0);

        s.t.at_opening(Etape::Admission).await;
        assert_eq!((tour(&s).await, tour(&s).await), (1, 0));
        assert_eq!((propositions(&s).await, vue(&s, &id).await.etat), (2, EtatPassage::Publie));
        let par = s.t.nombre("SELECT publie_par FROM passage WHERE public_id = $1", vec![id.clone().into()]).await;
        assert_eq!(Some(par), s.deux().acteur.compte);
        let g = programmation(&s, &id).await;
        assert!(!g.en_cours && g.texte.starts_with("Sa publication était programmée"), "{}", g.texte);
        // The journal names both people: who agreed did it, who computed is told.
        let dites = publiee(&s, &id).await;
        let [(qui, dit)] = dites.as_slice() else { panic!("{dites:?}") };
        assert_eq!(*qui, s.deux().acteur.compte);
        assert!(dit.contains(&compte(&s, &s.un()).await), "{dit}");
    }

    async fn r_adm_40_the_next_days_are_published_at_the_hour_of_the_session(base) {
        let s = Scene::ordonnee(base).await;
        s.t.at_opening(Etape::Admission).await;
        un_jour(&s.un(), &s.deux(), 2024).await.unwrap();
        s.t.at("2024-05-31T06:00");
        let id = calcule(&s).await;
        let prevue = async || passage(&s.deux(), 2024, &id).await.unwrap().publication_prevue;
        assert_eq!(prevue().await, Some(paris("2024-05-31T19:00")));
        s.t.sql("UPDATE parametre SET valeur = '08:30' WHERE cle = 'heure_publication'", vec![]).await;
        assert_eq!(prevue().await, Some(paris("2024-05-31T08:30")));
        accorde(&s, &id).await;
        s.t.at("2024-05-31T08:29:59");
        assert_eq!(tour(&s).await, 0);
        s.t.at("2024-05-31T08:30");
        assert_eq!((tour(&s).await, vue(&s, &id).await.etat), (1, EtatPassage::Publie));
    }

    async fn r_adm_40_hab_8_a_second_person_agrees_and_whoever_may_publish_calls_it_off(base) {
        let (s, id) = calculee(base).await;
        let garde = Garde::default();
        let (candidat, le) = (s.t.ctx(s.acteur(0)), paris(T0));
        assert_eq!(regle(programmer_publication(&s.un(), &garde, 2024, &id).await), R::DeuxiemePersonne);
        // HAB-7: as a publication by hand. Stopping it asks for nothing.
        let sans = |ctx: Ctx| Ctx { seconde_etape: SecondeEtape::Absente, ..ctx };
        let refus = programmer_publication(&sans(s.deux()), &garde, 2024, &id).await;
        assert!(matches!(refus, Err(AppError::Confirmation)), "{refus:?}");
        for refus in [
            programmer_publication(&candidat, &garde, 2024, &id).await,
            deprogrammer_publication(&candidat, &garde, 2024, &id).await,
        ] {
            assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        }
        let rien = deprogrammer_publication(&s.deux(), &garde, 2024, &id).await;
        assert_eq!(regle(rien), R::PublicationNonProgrammee);
        let version = vue(&s, &id).await.version;
        accorde(&s, &id).await;
        let encore = programmer_publication(&s.deux(), &garde, 2024, &id).await;
        assert_eq!(regle(encore), R::PublicationProgrammee { le });
        // A page of before the agreement calls nothing off.
        let perimee = Garde { version: Some(version), ..Garde::default() };
        let refus = deprogrammer_publication(&s.un(), &perimee, 2024, &id).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        deprogrammer_publication(&sans(s.un()), &garde, 2024, &id).await.unwrap();
        assert_eq!(vue(&s, &id).await.programmation, None);

        s.t.at_opening(Etape::Admission).await;
        assert_eq!((tour(&s).await, propositions(&s).await), (0, 0));
        let tard = programmer_publication(&s.deux(), &garde, 2024, &id).await;
        assert_eq!(regle(tard), R::PublicationHeurePassee { le });
        publier_passage(&s.deux(), &garde, 2024, &id).await.unwrap();
        for refus in [
            programmer_publication(&s.deux(), &garde, 2024, &id).await,
            deprogrammer_publication(&s.deux(), &garde, 2024, &id).await,
        ] {
            assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        }
    }

    async fn r_adm_40_at_its_instant_it_is_not_called_off_any_more_and_lateness_is_told(base) {
        let (s, id) = calculee(base).await;
        accorde(&s, &id).await;
        s.t.at(T0);
        let tard = deprogrammer_publication(&s.un(), &Garde::default(), 2024, &id).await;
        assert_eq!(regle(tard), R::PublicationHeurePassee { le: paris(T0) });
        // No worker came: whoever looks is told to act.
        let g = programmation(&s, &id).await;
        assert!(g.a_agir && g.texte.contains("est passée"), "{}", g.texte);
        // Clocks that disagree judge nothing (TPS-5); a worker that comes late publishes.
        s.t.horloge.set_ecart_ms(-5_000);
        assert_eq!(regle(publier_programmees(&s.t.app).await), R::HorlogeDecalee);
        assert_eq!(programmation(&s, &id).await, g);
        s.t.horloge.set_ecart_ms(0);
        s.t.at("2024-05-30T23:30");
        assert_eq!((tour(&s).await, propositions(&s).await), (1, 2));
    }

    async fn r_adm_40_call_orders_have_no_instant(base) {
        let s = Scene::ordonnee(base).await;
        let ordre = s.dernier().await;
        // As if it still waited.
        s.t.sql("UPDATE passage SET etat = 'calcule'", vec![]).await;
        let refus = programmer_publication(&s.deux(), &Garde::default(), 2024, &ordre).await;
        assert_eq!(regle(refus), R::PublicationSansHeure);
    }

    async fn r_adm_40_a_day_computed_again_asks_for_another_agreement(base) {
        let (s, id) = calculee(base).await;
        accorde(&s, &id).await;
        abandonner_passage(&s.un(), &Garde::default(), 2024, &id).await.unwrap();
        let nouveau = calcule(&s).await;
        s.t.at(T0);
        assert_eq!((tour(&s).await, propositions(&s).await), (0, 0));
        let g = programmation(&s, &id).await;
        assert!(!g.en_cours && g.texte.contains("ne vaut plus"), "{}", g.texte);
        assert_eq!(vue(&s, &nouveau).await.programmation, None);
        // Nor is it worth for another seal in the same row.
        s.t.at("2024-05-30T15:00");
        accorde(&s, &nouveau).await;
        s.t.sql("UPDATE passage SET programme_sceau = 'autre' WHERE public_id = $1", vec![nouveau.clone().into()]).await;
        s.t.at(T0);
        assert_eq!((tour(&s).await, tour(&s).await, propositions(&s).await), (1, 0, 0));
        assert_eq!(journal(&s, &nouveau, "passage_altere").await.len(), 1);
    }

    async fn r_adm_40_a_refusal_leaves_the_run_computed_and_says_that_somebody_has_to_act(base) {
        let (s, id) = calculee(base).await;
        accorde(&s, &id).await;
        s.t.sql("UPDATE compte SET etat = 'suspendu' WHERE id = $1", vec![s.deux().acteur.compte.into()]).await;
        s.t.at(T0);
        assert_eq!((tour(&s).await, tour(&s).await, propositions(&s).await), (1, 0, 0));
        assert_eq!(s.etats().await, ["en_attente"; 4]);
        let p = vue(&s, &id).await;
        assert_eq!(p.etat, EtatPassage::Calcule);
        let g = p.programmation.unwrap();
        assert!(g.a_agir && !g.en_cours, "{g:?}");
        assert!(g.texte.contains("n’a plus le droit de publier") && g.texte.contains("doit agir"), "{}", g.texte);
        let tableau = tableau_national(&s.un(), 2024).await.unwrap();
        assert_eq!(tableau.dernier.unwrap().programmation, Some(g));
        let dites = journal(&s, &id, "publication_refusee").await;
        let [(_, dit)] = dites.as_slice() else { panic!("{dites:?}") };
        for nomme in [compte(&s, &s.un()).await, compte(&s, &s.deux()).await, "droit_perdu".to_owned()] {
            assert!(dit.contains(&nomme), "{nomme}: {dit}");
        }
        // By hand, another person may.
        let (_, trois) = s.t.personne("trois@national.fr", Attribution::simple(Role::AdminNational)).await;
        publier_passage(&s.t.ctx(trois), &Garde::default(), 2024, &id).await.unwrap();
        assert_eq!(propositions(&s).await, 2);
    }

    async fn r_adm_40_run_2_of_two_workers_at_once_exactly_one_publishes(base) {
        let (s, id) = calculee(base).await;
        accorde(&s, &id).await;
        s.t.at(T0);
        let (a, b) = tokio::join!(publier_programmees(&s.t.app), publier_programmees(&s.t.app));
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
        assert_eq!((propositions(&s).await, vue(&s, &id).await.etat), (2, EtatPassage::Publie));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM passage WHERE programme_refus IS NOT NULL", vec![]).await, 0);
        assert_eq!(publiee(&s, &id).await.len(), 1);
    }

    async fn r_adm_40_run_2_cut_anywhere_a_publication_is_made_once(base) {
        let (s, id) = calculee(base).await;
        accorde(&s, &id).await;
        s.t.at(T0);
        for micros in [0, 300, 1_000, 3_000, 8_000] {
            // Dropped wherever it is, as a killed process would leave it.
            let tour = publier_programmees(&s.t.app);
            if tokio::time::timeout(Duration::from_micros(micros), tour).await.is_ok() {
                break;
            }
        }
        while tour(&s).await > 0 {}
        assert_eq!((propositions(&s).await, vue(&s, &id).await.etat), (2, EtatPassage::Publie));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM passage WHERE programme_refus IS NOT NULL", vec![]).await, 0);
        assert_eq!(publiee(&s, &id).await.len(), 1);
    }
}
