//! TPS-5: the clock of the node and that of the database disagree.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::droits::{Action, Cible};
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn r_cal_07_tps_5_no_deadline_is_judged_by_a_clock_that_lies(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let (responsable, _) = t.responsable("resp@essai.example", &f).await;
        let mut responsable = t.navigateur_de(responsable).await;
        t.at_opening(Etape::Parametrage).await;
        let url = format!("/gestion/2024/formations/{}", f.public_id);
        let saisie = [("capacite", "31"), ("frais", "0"), ("presentation", "Une formation.")];
        for ecart in [2_001, -2_001, 3_600_000] {
            t.horloge.set_ecart_ms(ecart);
            // What is only read goes on, and what was typed is still there.
            let page = responsable.opens(&url).await;
            page.is(200);
            let refus = responsable.submits(&page, "Enregistrer", &saisie).await;
            refus.is(422).sees("l’horloge de ce serveur est déréglée");
            assert!(refus.html.contains("value=\"31\"") && refus.html.contains("Une formation."));
            let n = t.nombre("SELECT capacite FROM formation_session WHERE id = $1", vec![f.formation_session.into()]).await;
            assert_eq!(n, 24);
            let sante = t.navigateur().opens("/sante").await;
            sante.is(200);
            assert!(sante.html.contains("\"horloge\":\"décalée\""), "{}", sante.html);
        }
        for ecart in [2_000, -2_000, 0] {
            t.horloge.set_ecart_ms(ecart);
            let page = responsable.opens(&url).await;
            let capacite = (40 + ecart / 1_000).to_string();
            let saisie = [("capacite", capacite.as_str()), saisie[1], saisie[2]];
            responsable.submits(&page, "Enregistrer", &saisie).await.is(200).sees("Vos modifications sont enregistrées");
            assert!(t.navigateur().opens("/sante").await.html.contains("\"horloge\":\"ok\""));
        }
    }

    async fn tps_5_every_action_under_a_deadline_is_held_and_no_other(base) {
        let t = TestApp::with_session_2024(base).await;
        t.horloge.set_ecart_ms(-5_000);
        let ctx = t.systeme();
        for action in Action::ALL {
            let attendu = (!action.etapes().is_empty() && action != Action::ConsulterOffre)
                || matches!(action, Action::CalculerPassage | Action::PublierPassage | Action::GererSession);
            assert_eq!(action.sous_echeance(), attendu, "{action:?}");
            match ctx.permit(action, &Cible::plateforme()) {
                Err(app::AppError::Rule(RuleViolation::HorlogeDecalee)) => assert!(attendu, "{action:?}"),
                Ok(_) => assert!(!attendu, "{action:?}"),
                Err(_) => {}
            }
        }
    }

    /// A clock that runs fast takes nothing from anybody: unconfirmed wishes wait until the clocks agree.
    async fn tps_5_a_fast_clock_cancels_no_wish(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        let v = t.voeu(&lea, &f, EtatVoeu::Saisi).await;
        t.at_closing(Etape::Confirmation).await;
        let etat = || t.mot("SELECT etat FROM voeu WHERE id = $1", vec![v.id.into()]);
        t.horloge.set_ecart_ms(60_000);
        let refus = app::candidatures::expire_due(&t.systeme()).await;
        assert!(matches!(refus, Err(app::AppError::Rule(RuleViolation::HorlogeDecalee))), "{refus:?}");
        assert_eq!(etat().await, "saisi");
        t.horloge.set_ecart_ms(0);
        assert_eq!(app::candidatures::expire_due(&t.systeme()).await.unwrap().voeux_annules, 1);
        assert_ne!(etat().await, "saisi");
    }
}
