//! RUN-6: what a freeze of the calendar shows, and how two agents lift it for an establishment.

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn run_6_hab_8_a_file_of_delegations_waits_until_two_agents_lift_the_freeze(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etab, "BTS Électronique", Famille::Bts, true, 24, false).await;
        let g = t.formation(etab, "BTS Tourisme", Famille::Bts, true, 24, false).await;
        for i in 0..20 {
            t.responsable(&format!("resp{i}@lycee.example"), &f).await;
        }
        let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (admin, _) = t.personne("admin@lycee.example", admin).await;
        let (un, _) = t.personne("un@national.example", Attribution::simple(Role::AdminNational)).await;
        let (deux, _) = t.personne("deux@national.example", Attribution::simple(Role::AdminNational)).await;
        t.at("2024-01-05T10:00");
        let (mut admin, mut un, mut deux) =
            (t.navigateur_de(admin).await, t.navigateur_de(un).await, t.navigateur_de(deux).await);
        un.opens("/national/2024/calendrier").await.is(200).sees_not("Gel jusqu’au").sees_not("Lever le gel");
        t.at("2024-01-16T10:00");
        let page = admin.opens("/gestion/2024/delegations").await;
        let export = admin.opens(&page.link("Exporter en CSV")).await.html;
        let fichier: Vec<String> = export
            .lines()
            .map(|l| if l.contains(&g.public_id) { l.replace("non;non;non;non;non;non", "oui;non;non;non;non;non") } else { l.to_owned() })
            .collect();
        let fichier = fichier.join("\r\n");
        let import = admin.opens(&page.link("Importer un fichier")).await;
        let apercu = admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.csv", fichier.as_bytes()).await;
        apercu.is(422).sees("Gel jusqu’au mercredi 17 janvier 2024").sees("20 comptes ne se changent pas en une fois");
        apercu.sees("BTS Tourisme").sees_not("Appliquer ces changements");
        // The national team reads why, and what is not stopped.
        let page = un.opens("/national/2024/calendrier").await;
        page.is(200).sees("Gel jusqu’au mercredi 17 janvier 2024").sees("se met en sécurité comme toujours");
        let motif = ("motif_levee", "Arrivée de vingt enseignants.");
        let faux = un.submits(&page, "Proposer cette levée", &[("uai", "0800009Z"), motif]).await;
        faux.is(422).sees("Aucun établissement de la session n’a ce code").sees("Arrivée de vingt enseignants");
        un.submits(&page, "Proposer cette levée", &[("uai", ""), ("motif_levee", "")]).await.is(422).sees("Indiquez le code UAI");
        let page = un.submits(&page, "Proposer cette levée", &[("uai", "0800001a"), motif]).await;
        page.is(200).sees("La levée du gel est proposée").sees("À décider");
        let lien = page.link("0800001A – Lycée Jules-Verne");
        un.opens(&lien).await.is(200).sees("une deuxième personne doit le faire").sees_not("Valider la levée");
        let page = deux.opens(&lien).await;
        page.is(200).sees("Arrivée de vingt enseignants");
        deux.submits(&page, "Valider la levée", &[]).await.is(200).sees("En vigueur");
        let apercu = admin.uploads(&import, "Vérifier ce fichier", "fichier", "d.csv", fichier.as_bytes()).await;
        apercu.is(200).sees("Rien n’est encore enregistré");
        admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(200).sees("Les délégations sont enregistrées");
        // It was for this freeze.
        t.at("2024-03-14T10:00");
        un.opens("/national/2024/calendrier").await.is(200).sees("Gel terminé");
    }
}
