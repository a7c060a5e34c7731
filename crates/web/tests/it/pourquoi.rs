//! R-ADM-16: from the page of their wishes, a candidate asks why one of them stands where it does, and reads it.

use app::admission::{calculer_ordre_appel, passages, publier_passage, un_jour};
use app::idempotence::Garde;
use app::taches::executer_une;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn r_adm_16_a_candidate_asks_why_waits_without_script_and_reads_it(base) {
        let t = TestApp::with_session_2024(base).await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 1, true).await;
        let (mut candidats, mut voeux) = (Vec::new(), Vec::new());
        for i in 0..2 {
            let c = t.candidat(&format!("c{i}@essai.fr"), TypeBac::General).await;
            voeux.push(t.voeu(&c, &f, EtatVoeu::Classe).await.public_id);
            candidats.push(c);
        }
        t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 0", vec![]).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, un) = t.personne("un@national.fr", agent.clone()).await;
        let (_, deux) = t.personne("deux@national.fr", agent).await;
        let (un, deux) = (|| t.ctx(un.clone()), || t.ctx(deux.clone()));
        t.during(Etape::OrdreAppel).await;
        let mut n = t.navigateur_de(candidats[1].compte).await;
        let url = format!("/candidat/voeux/{}/explication", voeux[1]);

        // Before the first publication: nothing to ask for, and what is sent all the same finds nothing.
        let page = n.opens(&url).await;
        page.is(200).sees("Aucun calcul publié ne porte encore sur ce vœu").sees_not("Demander l’explication");
        calculer_ordre_appel(&un(), &Garde::default(), 2024).await.unwrap();
        let id = passages(&un(), 2024, 1, 0).await.unwrap().remove(0).public_id;
        publier_passage(&deux(), &Garde::default(), 2024, &id).await.unwrap();
        t.at_opening(Etape::Admission).await;
        un_jour(&un(), &deux(), 2024).await.unwrap();

        let page = n.opens("/candidat/voeux").await;
        assert_eq!(page.link("Pourquoi ?"), url);
        let page = n.opens(&url).await;
        page.is(200).sees("BTS Électronique – Lycée Alpha, sans internat").sees("Jour 1 de l’admission");
        assert!(!page.entetes.contains_key("refresh"), "nothing is under way");
        // Asked for: the page comes back by itself, without a script, unless asked not to.
        let attente = n.submits(&page, "Demander l’explication", &[]).await;
        attente.is(200).sees("L’explication est en préparation").sees_not("Demander l’explication");
        assert!(attente.entetes.get("refresh").is_some_and(|v| v == "3"));
        let arretee = n.opens(&attente.link("Ne plus actualiser toute seule")).await;
        assert!(!arretee.is(200).sees("en préparation").entetes.contains_key("refresh"));
        // The form sent again from the page of before is the same act.
        n.submits(&page, "Demander l’explication", &[]).await.is(200).sees("en préparation");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM explication", vec![]).await, 1);
        while executer_une(&t.app).await.unwrap() {}

        let lue = n.opens(&format!("{url}?jour=1")).await;
        for attendu in [
            "Où en est ce vœu",
            "Il est affiché au rang 1 de la liste d’attente, qui compte 1 candidat.",
            "Votre rang d’appel est 2",
            "Ce jour-là, 1 candidat reçoit une proposition, jusqu’au rang d’appel 1.",
            "Il aurait fallu 1 place de plus dans ce groupe",
            "Aucun taux ne s’applique ici",
        ] {
            lue.is(200).sees(attendu);
        }
        lue.sees_not("La formation a classé").sees_not("en préparation");
        assert!(!lue.entetes.contains_key("refresh"));
        n.opens("/candidat/recepisses").await.is(200).sees("Demande de l’explication d’un vœu");

        // Another day, another person's wish, nobody: nothing.
        for faux in [format!("{url}?jour=2"), format!("{url}?jour=un"), url.replace(&voeux[1], &voeux[0])] {
            n.opens(&faux).await.is(404);
        }
        let mut voisin = t.navigateur_de(candidats[0].compte).await;
        voisin.opens(&url).await.is(404);
        let anonyme = t.navigateur().opens(&url).await;
        assert!(anonyme.url.starts_with("/connexion"), "{}", anonyme.url);
    }
}
