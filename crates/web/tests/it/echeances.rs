//! TPS-4, TPS-3: what is open until when, on every home, in a file and at a personal address.

use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::Timestamp;
use testkit::{Navigateur, Reponse, TestApp, both_databases};

async fn browser(t: &TestApp, role: Role, a: Attribution) -> Navigateur {
    let (compte, _) = t.personne(&format!("{}@essai.example", role.code()), a).await;
    t.navigateur_de(compte).await
}

/// Puts off a closing, by two agents.
async fn postpone(t: &TestApp, etape: &str, jusque: &str) {
    let agent = Attribution::simple(Role::AdminNational);
    let (un, _) = t.personne("un@national.example", agent.clone()).await;
    let (deux, _) = t.personne("deux@national.example", agent).await;
    let (mut un, mut deux) = (t.navigateur_de(un).await, t.navigateur_de(deux).await);
    let page = un.opens("/national/2024/calendrier").await;
    let saisie = [("etape", etape), ("jusque", jusque), ("motif", "Panne du réseau le 14 mars.")];
    un.submits(&page, "Proposer cette prolongation", &saisie).await.is(200);
    let id = t.mot("SELECT public_id FROM prolongation ORDER BY id DESC LIMIT 1", vec![]).await;
    let page = deux.opens(&format!("/national/2024/calendrier/{id}")).await;
    deux.submits(&page, "Valider la prolongation", &[]).await.is(200);
}

/// The lines of a calendar, unfolded.
fn lignes(r: &Reponse) -> Vec<String> {
    r.html.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

/// (UID, SEQUENCE, DTSTART) of each event.
fn evenements(r: &Reponse) -> Vec<(String, String, String)> {
    let toutes = lignes(r);
    let lus = |nom: &str| -> Vec<String> {
        toutes.iter().filter_map(|l| l.strip_prefix(nom)).map(str::to_owned).collect()
    };
    lus("UID:").into_iter().zip(lus("SEQUENCE:")).zip(lus("DTSTART:")).map(|((u, s), d)| (u, s, d)).collect()
}

both_databases! {
    async fn tps_4_each_home_says_what_is_open_until_when(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let a = |role| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        let mut chef = browser(&t, Role::ChefEtab, a(Role::ChefEtab)).await;
        let recteur = Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) };
        let mut recteur = browser(&t, Role::Academie, recteur).await;
        let mut agent = browser(&t, Role::AdminNational, Attribution::simple(Role::AdminNational)).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        let mut lea = t.navigateur_de(lea.compte).await;
        t.at("2024-01-10T10:00");
        chef.opens("/gestion/2024").await.is(200)
            .sees("Saisie des capacités et des frais Ouvert Jusqu’au vendredi 12 janvier 2024, 23 h 59 (heure de Paris) – il reste 2 jours")
            .sees_not("Inscription et formulation des vœux");
        recteur.opens("/academie/2024").await.is(200)
            .sees("Fixation des taux À venir Du jeudi 4 avril 2024 à 0 h au").sees_not("Examen et classement des");
        agent.opens("/national/2024").await.is(200)
            .sees("Calcul des ordres d’appel À venir").sees("Consultation de l’offre de formation Ouvert");
        lea.opens("/candidat").await.is(200)
            .sees("Inscription et formulation des vœux À venir Du mercredi 17 janvier 2024 à 0 h au jeudi 14 mars 2024 à 23 h 59")
            .sees_not("Fixation des taux").sees_not("heure de La Réunion");
        // What is over goes away, then says so.
        t.at("2024-03-14T23:59:59");
        lea.opens("/candidat").await.sees("Inscription et formulation des vœux Ouvert");
        t.at("2024-03-15T00:00");
        lea.opens("/candidat").await.sees_not("Inscription et formulation des vœux Ouvert");
        t.at("2024-10-01T10:00");
        lea.opens("/candidat").await.sees("Toutes les étapes qui vous concernent sont closes")
            .sees_not("Mettre ces dates dans mon agenda");
    }

    async fn tps_3_a_closing_put_off_is_on_the_homes_at_once(base) {
        let t = TestApp::with_session_2024(base).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        let mut lea = t.navigateur_de(lea.compte).await;
        t.at("2024-03-14T20:00");
        postpone(&t, "voeux", "2024-03-17").await;
        lea.opens("/candidat").await.sees("Date reportée Jusqu’au dimanche 17 mars 2024, 23 h 59");
    }

    async fn tps_4_every_deadline_of_a_candidate_overseas_is_told_in_both_times(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        t.sql("UPDATE candidat SET departement = '974', academie = '28' WHERE id = $1", vec![lea.candidat.into()]).await;
        let voeu = t.voeu(&lea, &f, EtatVoeu::Saisi).await;
        let mut n = t.navigateur_de(lea.compte).await;
        let ajouter = format!("/candidat/voeux/ajouter?formation={}", f.public_id);
        let confirmer = format!("/candidat/voeux/{}/confirmer", voeu.public_id);
        let retirer = format!("/candidat/voeux/{}/retirer", voeu.public_id);
        // Before, during and after the steps: opening, limit, refusal, each in both times.
        let mut vues = 0;
        for quand in ["2024-01-10T10:00", "2024-03-01T10:00", "2024-03-20T10:00", "2024-04-20T10:00"] {
            t.at(quand);
            let pages = ["/candidat", "/candidat/voeux", "/candidat/dossier", "/candidat/acces/qui"];
            for adresse in pages.into_iter().chain([ajouter.as_str(), &confirmer, &retirer]) {
                let page = n.opens(adresse).await;
                page.is(200);
                let texte = page.texte();
                // A full date with its hour is a limit or an opening.
                let toutes = texte.matches("2024 à ").count() + texte.matches("2024, ").count();
                let ici = texte.matches("(heure de La Réunion)").count();
                assert!(ici * 2 >= toutes, "{quand} {adresse}: {toutes} dates, {ici} in local time: {texte}");
                vues += ici;
            }
        }
        assert!(vues > 20, "{vues} local times only");
    }

    async fn tps_4_overseas_both_times_are_shown(base) {
        let t = TestApp::with_session_2024(base).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        t.sql("UPDATE candidat SET departement = '974', academie = '28' WHERE id = $1", vec![lea.candidat.into()]).await;
        let mut lea = t.navigateur_de(lea.compte).await;
        t.at("2024-03-14T20:00");
        lea.opens("/candidat").await
            .sees("Jusqu’au jeudi 14 mars 2024, 23 h 59 (heure de Paris)")
            .sees("soit le vendredi 15 mars 2024 à 2 h 59 (heure de La Réunion)");
        let etab = t.etablissement("9741234A", "Lycée de Saint-Denis").await;
        t.sql("UPDATE etablissement_session SET departement = '974', academie = '28' WHERE etablissement_id = $1", vec![etab.into()]).await;
        let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::Lecteur) };
        let mut lecteur = browser(&t, Role::Lecteur, a).await;
        t.at("2024-01-12T20:00");
        lecteur.opens("/gestion/2024").await.sees("soit le samedi 13 janvier 2024 à 2 h 59 (heure de La Réunion)");
        let recteur = Attribution { academies: vec!["32".into()], ..Attribution::simple(Role::Academie) };
        browser(&t, Role::Academie, recteur).await.opens("/academie/2024").await.sees("heure de la Guadeloupe");
    }

    async fn tps_3_the_address_of_the_calendar_follows_it_says_nothing_else_and_is_withdrawn(base) {
        let t = TestApp::with_session_2024(base).await;
        let lea = t.candidat("lea@essai.example", TypeBac::General).await;
        let compte = lea.compte;
        let mut lea = t.navigateur_de(compte).await;
        t.at("2024-02-10T10:00");
        let page = lea.opens("/compte/agenda").await;
        page.is(200).sees_not("Adresse de votre calendrier");
        let page = lea.submits(&page, "Créer mon adresse", &[]).await;
        page.is(200).sees("Votre adresse d’agenda est créée");
        let adresse = |r: &Reponse| {
            let reste = r.html.split("https://parcoursup.example").find(|m| m.starts_with("/agenda/")).unwrap();
            reste.split('"').next().unwrap().to_owned()
        };
        let url = adresse(&page);
        // 128 bits in base 32, and neither the token nor what it opens is kept in clear.
        assert_eq!(url.len(), "/agenda/".len() + 26 + ".ics".len(), "{url}");
        let jeton = url[8..34].to_owned();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM agenda WHERE empreinte = $1 OR public_id = $1", vec![jeton.into()]).await, 0);
        let mut programme = t.navigateur();
        let avant = programme.opens(&url).await;
        avant.is(200);
        assert_eq!(avant.entetes["content-type"], "text/calendar; charset=utf-8");
        assert_eq!(avant.entetes["cache-control"], "no-store");
        let lus = evenements(&avant);
        let uids: Vec<&str> = lus.iter().map(|(u, ..)| u.as_str()).collect();
        let attendus = ["voeux", "confirmation", "admission", "ordonnancement", "desistements", "repondeur"]
            .map(|e| ["ouverture", "cloture"].map(|q| format!("2024-{e}-{q}@parcoursup.example")));
        assert_eq!(uids, attendus.concat());
        assert!(lus.iter().all(|(_, s, _)| s == "1"));
        assert!(lus.contains(&(uids[1].to_owned(), "1".to_owned(), "20240314T225900Z".to_owned())), "{lus:?}");
        for secret in ["Léa", "Nom1", "lea@", "Amiens", "essai"] {
            assert!(!avant.html.contains(secret), "{secret}: {}", avant.html);
        }
        for ligne in avant.html.split("\r\n") {
            assert!(ligne.len() <= 75, "{ligne}");
        }
        // The file of the page is the same calendar.
        assert_eq!(lea.opens("/compte/agenda/fichier").await.html, avant.html);
        // A closing put off: the same deadline, moved, of a higher version; what did not move stays.
        postpone(&t, "voeux", "2024-03-17").await;
        let apres = evenements(&programme.opens(&url).await);
        assert!(apres.iter().all(|(_, s, _)| s == "2"));
        let bouge: Vec<_> = lus.iter().zip(&apres).filter(|(a, b)| a.2 != b.2).collect();
        assert_eq!(bouge.len(), 1, "{bouge:?}");
        assert_eq!((bouge[0].1.0.as_str(), bouge[0].1.2.as_str()), (uids[1], "20240317T225900Z"));
        // Replaced: the old address is as unknown as one that never was.
        let page = lea.opens("/compte/agenda").await;
        let page = lea.submits(&page, "Remplacer par une nouvelle adresse", &[]).await;
        let neuve = adresse(&page);
        assert_ne!(neuve, url);
        let perdue = programme.opens(&url).await;
        perdue.is(404);
        let jamais = programme.opens("/agenda/aaaaaaaaaaaaaaaaaaaaaaaaaa.ics").await;
        let sans_numero = |r: &Reponse| r.texte().split("Numéro à rappeler").next().unwrap().to_owned();
        assert_eq!(sans_numero(&perdue), sans_numero(&jamais));
        programme.opens(&neuve).await.is(200);
        let page = lea.submits(&page, "Retirer cette adresse", &[]).await;
        page.is(200).sees("Votre adresse d’agenda est retirée").sees("Créer mon adresse");
        programme.opens(&neuve).await.is(404);
        let actes: Vec<String> = t.journal().await.into_iter().map(|l| l.action).filter(|a| a.starts_with("agenda")).collect();
        assert_eq!(actes, ["agenda_cree", "agenda_cree", "agenda_retire"]);
    }

    async fn hab_6_a_closed_account_or_a_role_taken_away_closes_its_calendar(base) {
        let t = TestApp::with_session_2024(base).await;
        let (compte, _) = t.personne("cev@essai.example", Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) }).await;
        let mut agent = t.navigateur_de(compte).await;
        let page = agent.opens("/compte/agenda").await;
        let page = agent.submits(&page, "Créer mon adresse", &[]).await;
        let reste = page.html.split("https://parcoursup.example").find(|m| m.starts_with("/agenda/")).unwrap();
        let url = reste.split('"').next().unwrap().to_owned();
        let mut programme = t.navigateur();
        programme.opens(&url).await.is(200);
        let maintenant = Timestamp::UNIX_EPOCH.as_millisecond();
        t.sql("UPDATE attribution SET supprime_le = $1 WHERE compte_id = $2", vec![maintenant.into(), compte.into()]).await;
        programme.opens(&url).await.is(404);
        t.sql("UPDATE attribution SET supprime_le = NULL WHERE compte_id = $1", vec![compte.into()]).await;
        programme.opens(&url).await.is(200);
        t.sql("UPDATE compte SET etat = 'suspendu' WHERE id = $1", vec![compte.into()]).await;
        programme.opens(&url).await.is(404);
    }
}
