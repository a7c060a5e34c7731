//! TPS-3, HAB-8: a closing put off by two people.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use testkit::{Navigateur, TestApp, both_databases};

async fn deux_agents(t: &TestApp) -> (Navigateur, Navigateur) {
    let agent = Attribution::simple(Role::AdminNational);
    let (un, _) = t.personne("un@national.example", agent.clone()).await;
    let (deux, _) = t.personne("deux@national.example", agent).await;
    (t.navigateur_de(un).await, t.navigateur_de(deux).await)
}

const SAISIE: [(&str, &str); 3] =
    [("etape", "voeux"), ("jusque", "2024-03-17"), ("motif", "Panne du réseau le 14 mars.")];

both_databases! {
    async fn tps_3_hab_8_one_proposes_another_agrees_and_it_holds_at_once(base) {
        let t = TestApp::with_session_2024(base).await;
        let (mut un, mut deux) = deux_agents(&t).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        t.at("2024-03-14T20:00");
        let mut candidate = t.navigateur_de(lea.compte).await;
        let page = un.opens("/national/2024/calendrier").await;
        page.is(200).sees("Calendrier de la session 2024, version 1");
        let page = un.submits(&page, "Proposer cette prolongation", &SAISIE).await;
        page.is(200).sees("La prolongation est proposée").sees("À décider");
        let lien = page.link("Inscription et formulation des vœux");
        // Nothing changes before the second person, who cannot be the first one.
        un.opens(&lien).await.is(200).sees("une deuxième personne doit le faire").sees_not("Valider la prolongation");
        t.at("2024-03-15T08:00");
        candidate.opens("/candidat/voeux/ajouter").await.sees_not("17 mars 2024");
        let session = app::sessions::courante(&t.app.db).await.unwrap();
        assert!(session.calendrier.require_open(Etape::Voeux, t.app.horloge.campagne()).is_err());
        let page = deux.opens(&lien).await;
        page.is(200).sees("Panne du réseau");
        deux.submits(&page, "Valider la prolongation", &[]).await.is(200).sees("version 2").sees("En vigueur");
        let session = app::sessions::courante(&t.app.db).await.unwrap();
        assert_eq!(session.calendrier.numero, 2);
        assert!(session.calendrier.require_open(Etape::Voeux, t.app.horloge.campagne()).is_ok());
        // The other steps and their sources are those of before; the old version is still there.
        let n = t.nombre("SELECT COUNT(*) FROM echeance e JOIN calendrier c ON c.id = e.calendrier_id WHERE c.numero = 1", vec![]).await;
        assert_eq!(n, i64::try_from(Etape::ALL.len()).unwrap());
        let source = t.mot("SELECT e.source FROM echeance e JOIN calendrier c ON c.id = e.calendrier_id WHERE c.numero = 2 AND e.etape = 'voeux'", vec![]).await;
        assert!(!source.is_empty());
        // Those concerned are told once: the candidate, not the agents.
        while app::taches::executer_une(&t.app).await.unwrap() {}
        let envois: Vec<_> = t.envois().await.into_iter().filter(|e| e.modele == "prolongation").collect();
        assert_eq!(envois.len(), 1);
        assert_eq!(envois[0].destinataire, "lea@essai.example");
        assert!(envois[0].corps.contains("dimanche 17 mars 2024"), "{}", envois[0].corps);
    }

    async fn tps_3_a_closing_is_never_brought_forward(base) {
        let t = TestApp::with_session_2024(base).await;
        let (mut un, mut deux) = deux_agents(&t).await;
        t.at("2024-03-14T20:00");
        let page = un.opens("/national/2024/calendrier").await;
        for jour in ["2024-03-13", "2024-03-14"] {
            let saisie = [SAISIE[0], ("jusque", jour), SAISIE[2]];
            let refus = un.submits(&page, "Proposer cette prolongation", &saisie).await;
            refus.is(422).sees("après la date limite actuelle").sees("Panne du réseau");
        }
        assert_eq!(t.nombre("SELECT COUNT(*) FROM prolongation", vec![]).await, 0);
        // Two proposals for one step do not wait together; a refused one changes nothing.
        let page = un.opens("/national/2024/calendrier").await;
        let page = un.submits(&page, "Proposer cette prolongation", &SAISIE).await;
        let autre = deux.opens("/national/2024/calendrier").await;
        deux.submits(&autre, "Proposer cette prolongation", &SAISIE).await.is(409);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM prolongation", vec![]).await, 1);
        let lien = page.link("Inscription et formulation des vœux");
        let page = deux.opens(&lien).await;
        deux.submits(&page, "Refuser", &[]).await.is(200).sees("version 1").sees("Refusée");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM calendrier", vec![]).await, 1);
    }
}
