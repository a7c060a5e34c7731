//! R-ADM-16: from the page of their wishes, a candidate asks why one of them stands where it does, and reads it.

use app::taches::executer_une;
use testkit::both_databases;

use crate::transparence::Scene;

both_databases! {
    async fn r_adm_16_a_candidate_asks_why_waits_without_script_and_reads_it(base) {
        let s = Scene::new(base).await;
        let Scene { t, candidats, voeux, .. } = &s;
        let mut n = t.navigateur_de(candidats[1].compte).await;
        let url = format!("/candidat/voeux/{}/explication", voeux[1]);

        // Before the first publication: nothing to ask for.
        let page = n.opens(&url).await;
        page.is(200).sees("Aucun calcul publié ne porte encore sur ce vœu").sees_not("Demander l’explication");
        s.first_day().await;

        let page = n.opens("/candidat/voeux").await;
        assert_eq!(page.link("Pourquoi ?"), url);
        let page = n.opens(&url).await;
        page.is(200).sees("BTS Électronique – Lycée Alpha").sees("Jour 1 de l’admission").sees_not("sans internat");
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
