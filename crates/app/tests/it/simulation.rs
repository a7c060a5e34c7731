//! A cohort from an imported offer, then days of admission through the database.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use app::AppError;
use app::admission::{
    calculer_ordre_appel, calculer_propositions, un_jour, verifier_engagements, verifier_explications,
    verifier_publies,
};
use app::idempotence::Garde;
use app::imports::{OptionsImport, import_offre, lire};
use app::simulation::{
    Etendue, JourCampagne, ParametresCohorte, SimulationError, lire_moyennes, repondre, simuler_campagne,
    simuler_cohorte, simuler_jours,
};
use domain::calendrier::Etape;
use testkit::{TestApp, both_databases};

const APPLIQUER: OptionsImport = OptionsImport { appliquer: true, ignorer_fautes: false, session: None };

const VILLES: [(&str, &str, &str, f64, f64); 4] = [
    ("80", "Amiens", "Amiens", 49.894, 2.296),
    ("59", "Lille", "Lille", 50.629, 3.057),
    ("69", "Lyon", "Lyon", 45.764, 4.836),
    ("35", "Rennes", "Rennes", 48.117, -1.678),
];

/// Sixty courses of three kinds with their figures.
fn offre() -> String {
    let mut t = String::from(
        "session;cod_uai;g_ea_lib_vx;contrat_etab;select_form;fili;lib_for_voe_ins;form_lib_voe_acc;fil_lib_voe_acc;dep;acad_mies;ville_etab;g_olocalisation_des_formations;capa_fin;voe_tot;nb_voe_pp;nb_voe_pp_internat;nb_voe_pp_bg;nb_voe_pp_bg_brs;nb_voe_pp_bt;nb_voe_pp_bt_brs;nb_voe_pp_bp;nb_voe_pp_bp_brs;nb_voe_pp_at;nb_cla_pp;nb_cla_pp_internat;nb_cla_pp_bg;nb_cla_pp_bt;nb_cla_pp_bp;nb_cla_pp_at;acc_internat;lib_grp1;lib_grp2;lib_grp3;cod_aff_form\n",
    );
    for i in 0..60 {
        let (dep, ville, academie, lat, lon) = VILLES[i % 4];
        let (select, fili, nom, groupes) = match i % 3 {
            0 => (
                "formation sélective",
                "BTS",
                "BTS - Services;Tourisme",
                "Bacheliers professionnels toutes séries;Bacheliers technologiques toutes séries;Autres candidats",
            ),
            1 => (
                "formation non sélective",
                "Licence",
                "Licence - Droit-économie-gestion;Droit",
                "Tous les candidats;;",
            ),
            _ => (
                "formation sélective",
                "CPGE",
                "Classe préparatoire scientifique;MPSI",
                "Tous les candidats;;",
            ),
        };
        let bg = 120 + 10 * i;
        let classes = if i % 3 == 1 { bg } else { bg * 2 / 3 };
        let _ = writeln!(
            t,
            "2024;0{dep}00{i:02}A;Établissement {i};Public;{select};{fili};{0} {i};{nom};{dep};{academie};{ville};{lat}, {lon};{1};{2};{2};30;{bg};{3};60;20;40;16;12;{4};20;{classes};40;25;8;4;{groupes};{5}",
            nom.replace(';', " - "),
            24 + i % 20,
            bg + 112,
            bg / 5,
            classes + 73,
            5_000 + i
        );
    }
    t
}

async fn importee(t: &TestApp) {
    let d = tempfile::tempdir().unwrap();
    let chemin = d.path().join("offre.csv");
    std::fs::write(&chemin, offre()).unwrap();
    let lue = lire(Some(&chemin), None, &mut |_, _| {}).unwrap();
    let r = import_offre(&t.systeme(), &lue, APPLIQUER).await.unwrap();
    assert_eq!((r.compte.ajoutees, r.compte.fautes), (60, 0), "{}", r.texte());
}

fn parametres(echelle: f64) -> ParametresCohorte {
    ParametresCohorte { annee: 2024, echelle, graine: 7, moyennes: None }
}

both_databases! {
    async fn a_cohort_then_days_of_admission(base) {
        let t = TestApp::new(base).await;
        importee(&t).await;
        let r = simuler_cohorte(&t.systeme(), parametres(0.5)).await.unwrap();
        assert_eq!(r.annee_chiffres, 2024);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat", vec![]).await, i64::try_from(r.cohorte.candidats).unwrap());
        // With boarding and without it, a course is one wish.
        let voeux = "SELECT COUNT(*) FROM (SELECT DISTINCT candidat_id, formation_session_id FROM voeu) x";
        assert_eq!(t.nombre(voeux, vec![]).await, i64::try_from(r.cohorte.voeux).unwrap());
        let seuls = "SELECT COUNT(*) FROM voeu v WHERE v.avec_internat = 1 AND NOT EXISTS (SELECT 1 FROM voeu s
                     WHERE s.candidat_id = v.candidat_id AND s.formation_session_id = v.formation_session_id AND s.avec_internat = 0)";
        let internes = t.nombre("SELECT COUNT(*) FROM voeu WHERE avec_internat = 1", vec![]).await;
        let seuls = t.nombre(seuls, vec![]).await;
        assert!(0 < seuls && seuls < internes, "{seuls} of {internes}");
        assert!(r.internats > 0 && r.rangs_internat > 0, "{} {}", r.internats, r.rangs_internat);
        assert!(r.texte().contains("Écarts aux chiffres réels"), "{}", r.texte());
        // Half of the candidates for half of the places; the public capacity stays.
        let appels = t.nombre("SELECT CAST(SUM(nombre_a_appeler) AS BIGINT) FROM groupe_affectation", vec![]).await;
        let places = t.nombre("SELECT CAST(SUM(places) AS BIGINT) FROM groupe_affectation", vec![]).await;
        assert!((places * 45 / 100..=places * 55 / 100).contains(&appels), "{appels} of {places}");
        // A non selective course ranks everybody (R-CLA-02); a selective one refuses those it does not rank.
        let non_classes = |selective: i64| format!(
            "SELECT COUNT(*) FROM voeu v JOIN formation_session f ON f.id = v.formation_session_id
             WHERE v.etat <> 'classe' AND f.selective = {selective}"
        );
        assert_eq!(t.nombre(&non_classes(0), vec![]).await, 0);
        assert!(t.nombre(&non_classes(1), vec![]).await > 100);
        // Ranks follow each other from 1 in every ranking.
        let trous = "SELECT COUNT(*) FROM (SELECT classement_id FROM classement_rang GROUP BY classement_id
                     HAVING MAX(rang) <> COUNT(*)) x";
        assert_eq!(t.nombre(trous, vec![]).await, 0);
        let demande = simuler_cohorte(&t.systeme(), parametres(0.5)).await.unwrap_err();
        assert!(matches!(demande, SimulationError::Demande(ref m) if m.contains("déjà des candidats")), "{demande}");

        let mut vus = 0;
        let jours = simuler_jours(&t.systeme(), 2024, Etendue::Encore(3), 7, &mut |_| vus += 1).await.unwrap();
        assert_eq!((jours.len(), vus), (3, 3));
        assert_eq!((jours[0].date.as_str(), jours[2].jour), ("2024-05-30", 3));
        assert!(jours[0].propositions > 200 && jours[0].reponses.acceptations > 50, "{jours:?}");
        // Freed places are proposed again.
        assert!(jours[1].propositions + jours[2].propositions > 0, "{jours:?}");
        let deux = "SELECT COUNT(*) FROM (SELECT candidat_id FROM voeu WHERE etat = 'accepte'
                    GROUP BY candidat_id HAVING COUNT(*) > 1) x";
        assert_eq!(t.nombre(deux, vec![]).await, 0);
        let sans = "SELECT COUNT(*) FROM voeu v JOIN proposition p ON p.voeu_id = v.id
                    WHERE (v.etat = 'accepte') <> (p.reponse = 'acceptee')";
        assert_eq!(t.nombre(sans, vec![]).await, 0);
        let trop = "SELECT COUNT(*) FROM groupe_affectation a WHERE a.nombre_a_appeler < (SELECT COUNT(DISTINCT v.candidat_id) FROM proposition p
                    JOIN voeu v ON v.id = p.voeu_id
                    WHERE p.groupe_affectation_id = a.id AND v.etat IN ('propose', 'accepte'))";
        assert_eq!(t.nombre(trop, vec![]).await, 0);
        let internes = "SELECT COUNT(*) FROM voeu WHERE avec_internat = 1 AND etat IN ('propose', 'accepte')";
        assert!(t.nombre(internes, vec![]).await > 0);
        let pleins = "SELECT COUNT(*) FROM groupe_internat i WHERE i.capacite < (
                          SELECT COUNT(DISTINCT v.candidat_id) FROM voeu v
                          JOIN formation_session f ON f.id = v.formation_session_id AND f.etablissement_id = i.etablissement_id
                          WHERE v.avec_internat = 1 AND v.etat IN ('propose', 'accepte'))";
        assert_eq!(t.nombre(pleins, vec![]).await, 0);
        // The next call goes on where the last one stopped.
        let suite = simuler_jours(&t.systeme(), 2024, Etendue::Encore(1), 7, &mut |_| {}).await.unwrap();
        assert_eq!((suite[0].jour, suite[0].date.as_str()), (4, "2024-06-02"));
    }

    async fn run_2_a_simulation_cut_anywhere_ends_what_remains_and_no_more(base) {
        let t = TestApp::new(base).await;
        importee(&t).await;
        simuler_cohorte(&t.systeme(), parametres(0.1)).await.unwrap();
        let etat = async || {
            let reponses = t.nombre("SELECT COUNT(*) FROM proposition WHERE reponse <> 'attendue'", vec![]).await;
            (t.nombre("SELECT COUNT(*) FROM passage WHERE etat = 'publie'", vec![]).await, reponses > 0)
        };
        let jusqu_a = async |jour| simuler_jours(&t.systeme(), 2024, Etendue::JusquA(jour), 7, &mut |_| {}).await;
        // Cut after the computation of the call orders, then after that of the day.
        t.at_opening(Etape::OrdreAppel).await;
        calculer_ordre_appel(&t.simulation(), &Garde::default(), 2024).await.unwrap();
        assert_eq!(jusqu_a(0).await.unwrap().len(), 0);
        assert_eq!(etat().await, (1, false));
        t.at_opening(Etape::Admission).await;
        calculer_propositions(&t.simulation(), &Garde::default(), 2024).await.unwrap();
        let jours = jusqu_a(1).await.unwrap();
        assert_eq!(jours.iter().map(|j| j.jour).collect::<Vec<_>>(), [1]);
        assert!(jours[0].reponses.acceptations > 0 && etat().await == (2, true), "{jours:?}");
        // Nothing is done twice.
        assert_eq!(jusqu_a(1).await.unwrap().len(), 0);
        let encore = repondre(&t.simulation(), 2024, 7).await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
        // Cut between a publication and its answers.
        t.at("2024-05-31T17:00");
        un_jour(&t.simulation(), &t.simulation(), 2024).await.unwrap();
        let jours = simuler_jours(&t.systeme(), 2024, Etendue::Encore(2), 7, &mut |_| {}).await.unwrap();
        assert_eq!(jours.iter().map(|j| j.jour).collect::<Vec<_>>(), [2, 3]);
        assert_eq!((etat().await.0, jusqu_a(3).await.unwrap().len()), (4, 0));
    }

    async fn a_campaign_in_memory_is_day_after_day_what_the_platform_then_does(base) {
        const JOURS: u16 = 12;
        let t = TestApp::new(base).await;
        importee(&t).await;
        simuler_cohorte(&t.systeme(), parametres(0.1)).await.unwrap();
        let avant = simuler_campagne(&t.systeme(), 2024, 1, 7, &mut |_| {}).await.unwrap_err();
        assert!(matches!(avant, AppError::Rule(domain::RuleViolation::OrdreAppelManquant)), "{avant:?}");
        simuler_jours(&t.systeme(), 2024, Etendue::JusquA(0), 7, &mut |_| {}).await.unwrap();
        let prevus = simuler_campagne(&t.systeme(), 2024, JOURS, 7, &mut |_| {}).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM proposition", vec![]).await, 0);
        let chiffres = |j: &JourCampagne| (j.jour, j.date.clone(), j.propositions, j.reponses);
        let joue = async |etendue| {
            let jours = simuler_jours(&t.systeme(), 2024, etendue, 7, &mut |_| {}).await.unwrap();
            jours
                .into_iter()
                .map(|j| (j.jour, j.date, usize::try_from(j.propositions).unwrap(), j.reponses))
                .collect::<Vec<_>>()
        };
        let mut joues = joue(Etendue::JusquA(5)).await;
        // From the middle of a campaign too: what was proposed, accepted, left to expire is read as it stands.
        let suite = simuler_campagne(&t.systeme(), 2024, JOURS - 5, 7, &mut |_| {}).await.unwrap();
        joues.extend(joue(Etendue::JusquA(JOURS)).await);
        let attendus: Vec<_> = prevus.jours.iter().map(chiffres).collect();
        assert_eq!(attendus, joues);
        assert_eq!(suite.jours.iter().map(chiffres).collect::<Vec<_>>(), joues[5..]);
        // Something of each kind happened, and the last evening leaves what the base has.
        let somme = |f: fn(&JourCampagne) -> usize| prevus.jours.iter().map(f).sum::<usize>();
        assert!(somme(|j| j.expirees) > 0 && somme(|j| j.reponses.places_rendues) > 0);
        let dernier = prevus.jours.last().unwrap();
        let acceptes = t.nombre("SELECT COUNT(*) FROM voeu WHERE etat = 'accepte'", vec![]).await;
        let attente = t.nombre("SELECT COUNT(*) FROM voeu WHERE etat = 'en_attente'", vec![]).await;
        let servis = t.nombre("SELECT COUNT(DISTINCT candidat_id) FROM proposition", vec![]).await;
        assert_eq!(
            [dernier.acceptes, dernier.en_attente, dernier.servis].map(|n| i64::try_from(n).unwrap()),
            [acceptes, attente, servis]
        );
    }

    async fn nothing_to_draw_from_is_said(base) {
        let t = TestApp::new(base).await;
        let message = async |p| match simuler_cohorte(&t.systeme(), p).await {
            Err(SimulationError::Demande(m)) => m,
            autre => panic!("{autre:?}"),
        };
        assert!(message(parametres(0.1)).await.contains("importez d’abord son offre"));
        app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
        assert!(message(parametres(0.1)).await.contains("n’ont pas de chiffres"));
        importee(&t).await;
        assert!(message(parametres(3.0)).await.contains("hors bornes"));
        assert_eq!(t.nombre("SELECT COUNT(*) FROM candidat", vec![]).await, 0);
    }
}

#[test]
fn a_wrong_file_of_averages_is_named() {
    let d = tempfile::tempdir().unwrap();
    let faux = d.path().join("moyennes.json");
    std::fs::write(&faux, "[1]").unwrap();
    let e = lire_moyennes(&faux).unwrap_err().to_string();
    assert!(e.contains("moyennes.json") && e.contains("contenu inattendu"), "{e}");
    let absent = lire_moyennes(&d.path().join("absent.json")).unwrap_err().to_string();
    assert!(absent.contains("ouverture impossible"), "{absent}");
    let tronque = d.path().join("moyennes.json.zst");
    std::fs::write(&tronque, [0x28, 0xb5, 0x2f, 0xfd, 0]).unwrap();
    assert!(lire_moyennes(&tronque).is_err());
}

#[tokio::test]
async fn r_adm_15_a_thousand_explanations_drawn_from_the_records_are_those_of_the_second_implementation() {
    let t = TestApp::new(testkit::Base::sqlite()).await;
    importee(&t).await;
    simuler_cohorte(&t.systeme(), parametres(0.5)).await.unwrap();
    simuler_jours(&t.systeme(), 2024, Etendue::Encore(4), 7, &mut |_| {}).await.unwrap();
    let b = verifier_explications(&t.systeme(), 2024, None, 1_000, 2026).await.unwrap().unwrap();
    println!("{} explanations agree, {} of waiting wishes, {} of a call rank", b.voeux, b.attentes, b.ordres);
    assert_eq!(b.voeux, 1_000);
    assert!(b.attentes > 300 && b.ordres > 900, "{b:?}");
    // What the public was told is those records too (R-ADM-14).
    assert_eq!(verifier_engagements(&t.systeme(), 2024, None).await.unwrap(), Ok(5));
    // And so are the rows that candidates read, after four days of answers (R-ADM-20).
    assert_eq!(verifier_publies(&t.systeme(), 2024, None).await.unwrap(), Ok(5));
}
