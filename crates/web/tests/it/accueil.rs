//! The home of the site de gestion, conversations, completeness and reminders, through the pages.

use axum::http::Method;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::photo::{ecarts, photo};
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

/// Two establishments, a course in each; the administrator of the first one.
async fn scene(base: Base) -> (TestApp, FormationEssai, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let voisin = t.etablissement("0800002B", "Lycée voisin").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
    let g = t.formation(voisin, "BUT Voisin", Famille::But, true, 30, true).await;
    t.at("2023-11-20T10:00");
    let n = avec(&t, "admin", sur(etab, Role::AdminSite)).await;
    (t, f, g, n)
}

fn sur(etab: i64, role: Role) -> Attribution {
    Attribution { etablissement: Some(etab), ..Attribution::simple(role) }
}

fn service() -> Attribution {
    Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) }
}

async fn avec(t: &TestApp, nom: &str, a: Attribution) -> Navigateur {
    let (compte, _) = t.personne(&format!("{nom}@essai.example"), a).await;
    t.sql(
        "UPDATE compte SET nom = $1, prenom = 'P' WHERE id = $2",
        vec![nom.to_owned().into(), compte.into()],
    )
    .await;
    t.navigateur_de(compte).await
}

async fn public_id(t: &TestApp, etab: i64) -> String {
    t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await
}

/// The session of the year before, with its calendar; the establishment and its course are of it, and of no other.
async fn archive(t: &TestApp, f: &FormationEssai) {
    let mots = ["Session 2023", "archivee"].map(|m| m.to_owned().into());
    let valeurs = [2023_i64.into()].into_iter().chain(mots).collect();
    let (avant, _) = t.insert("session_admission", "annee, libelle, etat", valeurs).await;
    let valeurs = vec![avant.into(), 1_i64.into(), "2023".to_owned().into(), 0_i64.into()];
    let (calendrier, _) = t.insert("calendrier", "session_id, numero, reference, effet_le", valeurs).await;
    let recopie = "INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
                   SELECT $1, etape, ouvre_le, ferme_le, source FROM echeance WHERE calendrier_id <> $1";
    t.sql(recopie, vec![calendrier.into()]).await;
    t.sql("UPDATE session_admission SET precedente_id = $1 WHERE annee = 2024", vec![avant.into()]).await;
    let etablissement = "UPDATE etablissement_session SET session_id = $1 WHERE etablissement_id = $2";
    t.sql(etablissement, vec![avant.into(), f.etablissement.into()]).await;
    let formation = "UPDATE formation_session SET session_id = $1 WHERE id = $2";
    t.sql(formation, vec![avant.into(), f.formation_session.into()]).await;
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

both_databases! {
    async fn r_dro_04_the_home_says_what_remains_by_whom_and_until_when(base) {
        let (t, f, _, mut admin) = scene(base).await;
        t.sql("UPDATE etablissement_session SET accessibilite = '' WHERE etablissement_id = $1", vec![f.etablissement.into()]).await;
        t.sql("UPDATE formation_session SET frais_centimes = NULL WHERE id = $1", vec![f.formation_session.into()]).await;
        let (resp, _) = t.responsable("resp@essai.example", &f).await;
        let accueil = juste(admin.opens("/gestion/2024").await);
        // By name to the administrator, who is « vous »; with what is missing and until when.
        accueil.is(200).sees("Lycée d’essai").sees("l’accueil des personnes en situation de handicap");
        accueil.sees("Compléter : frais de scolarité").sees("vous").sees("Camille Essai").sees("3 sur 5");
        accueil.sees("Jusqu’au mercredi 13 décembre 2023").sees("Description des formations : jusqu’au mercredi 13 décembre 2023");
        accueil.sees("Capacités, frais et publication : jusqu’au vendredi 12 janvier 2024").sees("L’avancement compte cinq étapes");
        assert!(accueil.link("BTS Essai").ends_with("#champ-frais"), "{}", accueil.link("BTS Essai"));
        accueil.sees("Formations complètes 0 sur 1").sees("Description de l’établissement 3 sur 4");
        // On a telephone each button takes a line: what remains comes before most of them.
        let place = |texte: &str| accueil.html.find(texte).unwrap();
        assert!(place(">Ce qu’il reste à faire</h2>") < place(">Autres pages</h2>"));
        assert!(place("Mon établissement") < place(">Ce qu’il reste à faire</h2>"));
        // Each link leads to the form that mends the thing.
        let partie = juste(admin.opens(&accueil.link("Accessibilité, internat, bourses")).await);
        juste(admin.submits(&partie, "Enregistrer l’accueil", &[("accessibilite", "Rampe.")]).await);
        let formation = juste(admin.opens(&accueil.link("BTS Essai")).await);
        juste(admin.submits(&formation, "Enregistrer", &[("frais", "0")]).await);
        let accueil = juste(admin.opens("/gestion/2024").await);
        accueil.sees("Relire et publier").sees("4 sur 5").sees_not("Il manque").sees("Description de l’établissement 4 sur 4");
        // A course manager: « Vous », and nothing of the names.
        let mut n = t.navigateur_de(resp).await;
        let sien = juste(n.opens("/gestion/2024").await);
        sien.sees("Relire et publier").sees("Vous").sees_not("vous, ").sees_not("Camille Essai,");
        // Whoever does not read capacities is not told of them either.
        let mut gest = avec(&t, "gest", sur(f.etablissement, Role::GestAdmin)).await;
        juste(gest.opens("/gestion/2024").await).sees("Formations publiées 0 sur 1").sees_not("Formations complètes").sees_not("Relire et publier");
        let liste = "/gestion/2024/formations";
        juste(gest.opens(liste).await).is(200).sees("Formation Établissement État").sees_not("Frais par an");
        juste(admin.opens(liste).await).is(200).sees("Frais par an À compléter");
        // Once the step is over there is nothing left to do.
        t.at_closing(Etape::CapacitesFrais).await;
        juste(admin.opens("/gestion/2024").await).sees("Rien ne vous attend").sees_not("Relire et publier");
        // During the examination: rankings.
        t.at_opening(Etape::Examen).await;
        let c = t.candidat("lea@essai.example", domain::candidats::TypeBac::General).await;
        t.voeu(&c, &f, domain::candidatures::EtatVoeu::Confirme).await;
        juste(admin.opens("/gestion/2024").await).sees("Transmettre 1 classement").sees("Jusqu’au");
    }

    async fn who_only_reads_is_told_who_sees_to_it_and_what_is_submitted_is_counted(base) {
        let (t, f, _, mut admin) = scene(base).await;
        t.controle_academique(true).await;
        let mut gest = avec(&t, "gest", sur(f.etablissement, Role::GestAdmin)).await;
        let reste = "1 formation sur 1 reste à soumettre, jusqu’au vendredi 12 janvier 2024";
        let accueil = juste(gest.opens("/gestion/2024").await);
        accueil.is(200).sees("Votre rôle permet de lire, pas de modifier.").sees(reste).sees("s’en occupe P admin");
        accueil.sees_not("Rien ne vous attend").sees_not("Relire et soumettre");
        juste(gest.opens("/gestion/2024/lot").await).is(200).sees("pas de les modifier").sees_not("puis confirmez");
        // Whoever reads capacities too sees what remains, course by course, under the same words.
        let mut lecteur = avec(&t, "lecteur", sur(f.etablissement, Role::Lecteur)).await;
        juste(lecteur.opens("/gestion/2024").await).sees(reste).sees("Une autre personne de l’établissement");
        // An academy lets its agent change something in its own establishments, and in no other.
        for (academie, lit) in [("09", true), ("20", false)] {
            let (compte, _) = t.personne(&format!("a{academie}@essai.example"), sur(f.etablissement, Role::GestAdmin)).await;
            t.insert("attribution", "compte_id, role, academies",
                     vec![compte.into(), Role::Academie.code().to_owned().into(), academie.to_owned().into()]).await;
            let page = juste(t.navigateur_de(compte).await.opens("/gestion/2024").await);
            if lit { page.sees("permet de lire, pas de modifier.") } else { page.sees_not("pas de modifier.") };
        }
        let mien = juste(admin.opens("/gestion/2024").await);
        mien.sees("Formations à compléter ou à soumettre").sees("Relire et soumettre").sees_not("Votre rôle permet de lire");
        mien.sees("Capacités, frais et soumission : jusqu’au vendredi 12 janvier 2024").sees_not("Soumises au service");
        // Submitted, it is no draft any more: on the home, in the list, on its page.
        let course = format!("/gestion/2024/formations/{}", f.public_id);
        let page = juste(admin.opens(&format!("{course}/publier")).await);
        let soumise = juste(admin.submits(&page, "Soumettre au service académique", &[]).await);
        soumise.is(200).sees("Soumise, en cours de contrôle");
        let accueil = juste(gest.opens("/gestion/2024").await);
        accueil.sees("Aucune formation ne reste à soumettre").sees("Soumises au service académique : 1");
        let liste = juste(gest.opens(&accueil.link("Soumises au service académique")).await);
        liste.is(200).sees("1 formation").sees("BTS Essai").sees("Soumise, en cours de contrôle");
        juste(admin.opens("/gestion/2024/formations?etat=brouillon").await).is(200).sees("Aucune formation");
        juste(admin.opens("/gestion/2024/formations?etat=incompletes").await).is(200).sees("Aucune formation");
        // Changed, it is a draft to be submitted again.
        let page = juste(admin.opens(&course).await);
        juste(admin.submits(&page, "Enregistrer", &[("presentation", "Bonjour.")]).await).sees_not("Soumise, en cours de contrôle");
        juste(admin.opens("/gestion/2024/formations?etat=soumises").await).is(200).sees("Aucune formation");
        juste(admin.opens("/gestion/2024").await).sees("Relire et soumettre").sees_not("Soumises au service");
        // Once the step is over, nothing remains to anybody.
        t.at_closing(Etape::CapacitesFrais).await;
        juste(gest.opens("/gestion/2024").await).sees("Rien ne vous attend").sees_not("Votre rôle permet de lire");
    }

    async fn one_goes_from_one_s_establishment_to_another_and_no_further(base) {
        let (t, f, g, mut admin) = scene(base).await;
        juste(admin.opens("/gestion/2024").await).sees_not("Lycée voisin").sees_not("BUT Voisin");
        let voisin = public_id(&t, g.etablissement).await;
        admin.opens(&format!("/gestion/2024?etablissement={voisin}")).await.is(404);
        let (compte, _) = t.responsable("deux@essai.example", &f).await;
        let second = Attribution { formation: Some(g.formation), ..Attribution::simple(Role::RespFormation) };
        t.insert("attribution", "compte_id, role, formation_id, academies",
                 vec![compte.into(), second.role.code().to_owned().into(), g.formation.into(), String::new().into()]).await;
        let mut deux = t.navigateur_de(compte).await;
        let premier = juste(deux.opens("/gestion/2024").await);
        premier.sees("Lycée d’essai").sees("BTS Essai").sees_not("BUT Voisin");
        juste(deux.opens(&premier.link("Lycée voisin")).await).sees("Formations publiées 1 sur 1").sees_not("BTS Essai");
        // A whole academy: the list of courses.
        let mut service = avec(&t, "service", service()).await;
        assert_eq!(service.opens("/gestion/2024").await.url, "/gestion/2024/formations");
        // Nobody else.
        let lea = t.candidat("lea@essai.example", domain::candidats::TypeBac::General).await;
        t.navigateur_de(lea.compte).await.opens("/gestion/2024").await.is(403);
        assert!(t.navigateur().opens("/gestion/2024").await.url.starts_with("/connexion"));
    }

    async fn r_ses_01_archives_open_the_session_before_read_only(base) {
        let (t, f, _, mut admin) = scene(base).await;
        let ouverte = juste(admin.opens("/gestion/2024").await);
        juste(admin.opens(&ouverte.link("Archives")).await).sees("Aucune session précédente");
        archive(&t, &f).await;
        let archive = juste(admin.opens(&ouverte.link("Archives")).await);
        assert_eq!(archive.url, "/gestion/2023");
        archive.is(200).sees("Session 2023 archivée").sees("Lycée d’essai").sees("Formations publiées 0 sur 1");
        archive.sees_not("Ce qu’il reste à faire").sees_not("Depuis votre dernière visite");
        let etab = juste(admin.opens(&archive.link("Mon établissement")).await);
        etab.sees("archivée").sees_not("Enregistrer");
        juste(admin.opens(&archive.link("Échanges avec le service académique")).await).sees("archivée").sees_not("Envoyer");
        let sujet = format!("/gestion/2023/etablissements/{}/echanges", public_id(&t, f.etablissement).await);
        let liste = juste(admin.opens(&archive.link("Mes formations")).await);
        juste(admin.opens(&liste.link("BTS Essai")).await).sees("archivée").sees_not("Enregistrer");
        juste(admin.opens(&archive.link("Revenir à la session en cours")).await);
        // Written by hand, it is refused all the same.
        let page = admin.opens("/gestion/2023").await;
        let jeton = page.jeton().to_owned();
        admin.posts(&sujet, &[("_jeton", &jeton), ("texte", "Bonjour")]).await.is(422).sees("archiv");
    }

    async fn r_ses_01_the_service_and_the_national_team_open_their_archives_read_only(base) {
        let (t, f, _, _) = scene(base).await;
        let mut agent = avec(&t, "agent", service()).await;
        let mut national = avec(&t, "national", Attribution::simple(Role::AdminNational)).await;
        for (n, espace) in [(&mut agent, "/academie"), (&mut national, "/national")] {
            let ouverte = juste(n.opens(&format!("{espace}/2024")).await);
            ouverte.is(200).sees_not("2023 archivée");
            juste(n.opens(&ouverte.link("Archives")).await).sees("Aucune session précédente");
        }
        archive(&t, &f).await;
        let photo_avant = photo(&t).await;
        for (n, espace) in [(&mut agent, "/academie"), (&mut national, "/national")] {
            let ouverte = n.opens(&format!("{espace}/2024")).await;
            let archivee = juste(n.opens(&ouverte.link("Archives")).await);
            assert_eq!(archivee.url, format!("{espace}/2023"));
            archivee.is(200).sees("Session 2023 archivée : tout se consulte, rien ne se modifie.");
            juste(n.opens(&archivee.link("Revenir à la session en cours")).await).sees_not("2023 archivée");
            let jeton = archivee.jeton().to_owned();
            // The same pages as those of the open session, each with its banner; whatever is sent writes nothing.
            let mut lues = 0;
            for l in web::table(false).fin().1 {
                let Some(suite) = l.chemin.strip_prefix(&format!("{espace}/{{annee}}")) else { continue };
                let url = format!("{espace}/2023{}", suite.replace("{id}", "aaaaaaaaaaaaaaaaaaaaaaaaaa"));
                let lecture = l.methode == Method::GET;
                let vu = if lecture { n.opens(&url).await } else { n.posts(&url, &[("_jeton", &jeton)]).await };
                assert!(vu.statut.as_u16() < 500, "{url}: {}", vu.statut);
                if lecture && vu.statut == 200 && vu.html.contains("<main") {
                    juste(vu).sees("Session 2023 archivée");
                    lues += 1;
                }
            }
            assert!(lues >= 5, "{espace}: {lues}");
        }
        // Nothing waits there any more: a session that is over is told as what it was.
        agent.opens("/academie/2023/demandes").await.is(200).sees_not("attend votre réponse");
        national.opens("/national/2023").await.is(200).sees("Ce qu’a été la campagne").sees_not("Personne n’est encore");
        national.opens("/national/2023/passages").await.is(200).sees("Aucun passage dans cette session");
        assert_eq!(ecarts(&photo_avant, &photo(&t).await), [""; 0]);
        // An archive is for those who may enter its space.
        avec(&t, "admin2", sur(f.etablissement, Role::AdminSite)).await.opens("/academie/archives").await.is(403);
        agent.opens("/national/archives").await.is(403);
    }

    async fn r_acc_01_the_home_says_what_others_changed_since_the_last_visit(base) {
        let (t, f, _, mut admin) = scene(base).await;
        let mut chef = avec(&t, "Cheffe", sur(f.etablissement, Role::ChefEtab)).await;
        juste(chef.opens("/gestion/2024").await).sees("C’est votre première visite");
        let id = public_id(&t, f.etablissement).await;
        t.at("2023-11-21T10:00");
        let sites = admin.opens(&format!("/gestion/2024/etablissements/{id}/sites")).await;
        let site = [("nom", "Annexe"), ("adresse", "4 rue du Lac"), ("code_postal", "80100"), ("commune", "Abbeville")];
        juste(admin.submits(&sites, "Enregistrer le site", &site).await);
        let page = admin.opens(&format!("/gestion/2024/formations/{}", f.public_id)).await;
        juste(admin.submits(&page, "Enregistrer", &[("capacite", "30")]).await);
        t.at("2023-11-22T10:00");
        let accueil = juste(chef.opens("/gestion/2024").await);
        accueil.sees("Ce que d’autres ont changé depuis le lundi 20 novembre 2023");
        accueil.sees("site de formation « Annexe » ajouté").sees("Par P admin, le mardi 21 novembre 2023");
        accueil.sees("brouillon modifié (capacité : 30").sees_not("description modifiée");
        // Opened again, it tells the same; at the next visit, nothing new; one's own acts are not told.
        t.at("2023-11-22T10:10");
        juste(chef.opens("/gestion/2024").await).sees("« Annexe » ajouté");
        t.at("2023-11-23T10:00");
        juste(chef.opens("/gestion/2024").await).sees("Personne d’autre que vous n’a rien changé ici depuis le mercredi 22 novembre 2023");
        juste(admin.opens("/gestion/2024").await).sees("C’est votre première visite");
        // The service follows its perimeter the same way.
        let mut service = avec(&t, "Service", service()).await;
        juste(service.opens("/academie/2024/completude").await).sees("C’est votre première visite");
        t.at("2023-11-24T10:00");
        let page = admin.opens(&format!("/gestion/2024/formations/{}", f.public_id)).await;
        juste(admin.submits(&page, "Enregistrer", &[("capacite", "32")]).await);
        t.at("2023-11-25T10:00");
        let page = service.opens("/academie/2024/completude").await;
        juste(page).sees("BTS Essai – Lycée d’essai").sees("capacité : 32").sees_not("description modifiée");
        t.at("2023-11-25T11:00");
        let page = admin.opens(&format!("/gestion/2024/formations/{}/contacts", f.public_id)).await;
        juste(admin.submits(&page, "Enregistrer", &[("contact", "Vie scolaire")]).await);
        t.at("2023-11-26T10:00");
        juste(service.opens("/academie/2024/completude").await).sees("BTS Essai – Lycée d’essai").sees("description modifiée");
    }

    async fn r_ech_01_each_side_reads_the_other_and_is_told_once_an_hour(base) {
        let (t, f, _, mut admin) = scene(base).await;
        let mut service = avec(&t, "service", service()).await;
        let mut ailleurs = avec(&t, "ailleurs", Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) }).await;
        let mut cev = avec(&t, "cev", Attribution { formation: Some(f.formation), ..Attribution::simple(Role::MembreCev) }).await;
        let mut gest = avec(&t, "gest", sur(f.etablissement, Role::GestAdmin)).await;
        let accueil = juste(admin.opens("/gestion/2024").await);
        let fil = juste(admin.opens(&accueil.link("Échanges avec le service académique")).await);
        let url = fil.url.clone();
        fil.sees("Aucun message");
        // Nothing typed, too long: refused, and kept.
        juste(admin.submits(&fil, "Envoyer", &[("texte", "  ")]).await).is(422).sees("Écrivez votre message");
        let long = "a".repeat(2_001);
        let refus = juste(admin.submits(&fil, "Envoyer", &[("texte", &long)]).await);
        refus.is(422).sees("trop long");
        assert!(refus.html.contains(&long), "what was typed is kept");
        let fil = juste(admin.opens(&url).await);
        let envoye = juste(admin.submits(&fil, "Envoyer", &[("texte", "Quel code pour l’internat ?\n\n<b>Merci</b>")]).await);
        envoye.sees("Votre message est envoyé").sees("P admin (vous), Administrateur").sees("<b>Merci</b>").sees_not("Nouveau");
        // Sent twice, it counts once.
        admin.submits(&fil, "Envoyer", &[("texte", "Quel code pour l’internat ?\n\n<b>Merci</b>")]).await;
        assert_eq!(t.nombre("SELECT COUNT(*) FROM message_fil", vec![]).await, 1);
        // The mail says nothing of it, and goes to the service of the academy alone.
        let envois = t.envois().await;
        assert_eq!(envois.len(), 1);
        assert_eq!(envois[0].destinataire, "service@essai.example");
        assert!(envois[0].corps.contains(&url) && !envois[0].corps.contains("internat"), "{}", envois[0].corps);
        juste(service.opens("/academie/2024/completude").await).sees("Lycée d’essai : 1 message non lu");
        let lu = juste(service.opens(&url).await);
        lu.sees("Nouveau").sees("Quel code pour l’internat ?");
        juste(service.opens(&url).await).sees_not("Nouveau");
        juste(service.opens("/academie/2024/completude").await).sees_not("message non lu");
        juste(service.submits(&lu, "Envoyer", &[("texte", "Le code 3.")]).await).sees("P service (vous), ");
        juste(admin.opens("/gestion/2024").await).sees("Lycée d’essai : 1 message non lu");
        // R-ECH-02: a second message within the hour is told later, a third one not again.
        juste(service.submits(&lu, "Envoyer", &[("texte", "Ou le code 4.")]).await);
        let encore = juste(service.opens(&url).await);
        juste(service.submits(&encore, "Envoyer", &[("texte", "Plutôt le 4.")]).await);
        let pour_admin = t.envois().await.into_iter().filter(|e| e.destinataire == "admin@essai.example").count();
        assert_eq!(pour_admin, 2);
        let maintenant = t.app.horloge.maintenant().as_millisecond();
        let heure = t.envois().await.into_iter().find(|e| e.destinataire == "admin@essai.example").unwrap().cree_le;
        assert_eq!(heure, maintenant + 3_600_000, "the second one waits for its hour");
        // A course has its own conversation; it is written to by those who hold it.
        let cours = format!("/gestion/2024/formations/{}/echanges", f.public_id);
        let (resp, _) = t.responsable("resp@essai.example", &f).await;
        let mut resp = t.navigateur_de(resp).await;
        let page = juste(resp.opens(&cours).await);
        page.sees("sous « Messages à lire » ; un courriel vous préviendra");
        juste(resp.submits(&page, "Envoyer", &[("texte", "Au sujet du BTS")]).await).sees("Au sujet du BTS");
        // It is found again from that of the establishment.
        let maison = juste(admin.opens(&url).await);
        maison.sees("Conversations sur les formations de l’établissement").sees("BTS Essai : 1 message (le dernier");
        assert_eq!(maison.link("BTS Essai : 1 message"), cours);
        juste(admin.opens("/gestion/2024").await).sees("BTS Essai – Lycée d’essai : 1 message non lu");
        assert!(resp.opens(&url).await.statut.is_client_error());
        // Who reads without writing, who reads nothing.
        juste(gest.opens(&url).await).sees("Le code 3.").sees("pas d’y écrire");
        for qui in [&mut ailleurs, &mut cev] {
            let refus = qui.opens(&url).await;
            assert!(refus.statut.is_client_error(), "{}", refus.statut);
        }
        // Nothing of what was said is in the journal.
        assert!(t.journal().await.iter().all(|e| !format!("{e:?}").contains("internat ?")));
    }

    async fn r_ech_03_the_service_reminds_the_incomplete_ones_once(base) {
        let (t, f, g, _) = scene(base).await;
        let mut service = avec(&t, "service", service()).await;
        let page = juste(service.opens("/academie/2024/completude").await);
        page.is(200).sees("2 établissements").sees("À compléter").sees("Complet").sees("Somme (80)").sees("1 sur 2");
        let incomplets = juste(service.opens("/academie/2024/completude?incomplets=oui&famille=bts").await);
        incomplets.sees("1 établissement").sees("Lycée d’essai").sees_not("Lycée voisin");
        juste(service.opens("/academie/2024/completude?departement=80&q=voisin").await).sees("1 établissement").sees("Par commune").sees("Amiens");
        juste(service.opens("/academie/2024/completude?departement=zz").await).is(422).sees("de la liste");
        // In the last days it is late.
        t.at("2024-01-05T10:00");
        juste(service.opens("/academie/2024/completude").await).sees("En retard");
        t.at("2023-11-20T10:00");
        // The reminder is shown before it leaves, and can be put right.
        let relance = juste(service.opens(&page.link("Préparer une relance")).await);
        relance.sees("Lycée d’essai (0800001A)").sees_not("Lycée voisin");
        let vide = juste(service.submits(&relance, "Relire avant l’envoi", &[("texte", "")]).await);
        vide.is(422).sees("Écrivez votre message");
        let apercu = juste(service.submits(&relance, "Relire avant l’envoi", &[("texte", "Merci de publier.")]).await);
        apercu.sees("Rien n’est encore parti").sees("Merci de publier.").sees("1 : Lycée d’essai").sees("Courriels à envoyer 1").sees("Tel que le premier");
        assert!(t.envois().await.is_empty());
        let corrige = juste(service.submits(&apercu, "Corriger", &[]).await);
        assert!(corrige.html.contains("Merci de publier."));
        let fait = juste(service.submits(&apercu, "Envoyer la relance", &[]).await);
        fait.sees("La relance est partie").sees("20/11/2023");
        let envois = t.envois().await;
        assert_eq!(envois.iter().map(|e| e.destinataire.as_str()).collect::<Vec<_>>(), ["admin@essai.example"]);
        assert!(envois[0].corps.contains("Lycée d’essai") && !envois[0].corps.contains("Merci de publier"));
        // Sent again as it was: once. Prepared again: not before a week.
        service.submits(&apercu, "Envoyer la relance", &[]).await;
        assert_eq!(t.envois().await.len(), 1);
        let trop_tot = juste(service.opens(&page.link("Préparer une relance")).await);
        trop_tot.sees("Déjà relancé le");
        let id = public_id(&t, f.etablissement).await;
        let jeton = trop_tot.jeton().to_owned();
        let a_la_main = [("_jeton", jeton.as_str()), ("etablissements[]", &id), ("texte", "Encore"), ("acte", "envoyer")];
        service.posts("/academie/2024/completude/relance", &a_la_main).await.is(422).sees("Déjà relancé");
        let voisin = public_id(&t, g.etablissement).await;
        let complet = [("_jeton", jeton.as_str()), ("etablissements[]", &voisin), ("texte", "Encore"), ("acte", "envoyer")];
        service.posts("/academie/2024/completude/relance", &complet).await.is(422).sees("maintenant complet");
        t.at("2023-11-28T10:00");
        juste(service.opens(&page.link("Préparer une relance")).await).sees_not("Déjà relancé le").sees("Relancé le 20/11/2023");
        // The file says the same, and leaves a trace.
        let csv = service.opens("/academie/2024/completude/export?format=csv&incomplets=oui").await;
        assert!(csv.html.contains("0800001A") && !csv.html.contains("0800002B"), "{}", csv.html);
        let xlsx = service.opens("/academie/2024/completude/export?format=xlsx").await;
        assert!(xlsx.is(200).html.starts_with("PK"));
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'suivre_parametrage' AND issue = 'exporte'", vec![]).await, 2);
        // The same course by course.
        let csv = service.opens(&page.link("Une ligne par formation (CSV)")).await;
        assert!(csv.is(200).html.contains("0800001A") && csv.html.contains("Il manque"), "{}", csv.html);
        // The national team sees the same over the country; others see nothing.
        let mut national = avec(&t, "national", Attribution::simple(Role::AdminNational)).await;
        juste(national.opens("/academie/2024/completude").await).sees("2 établissements");
        let mut ailleurs = avec(&t, "ailleurs", Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) }).await;
        juste(ailleurs.opens("/academie/2024/completude").await).sees("Aucun établissement").sees_not("Lycée d’essai");
        let mut chef = avec(&t, "chef", sur(f.etablissement, Role::ChefEtab)).await;
        chef.opens("/academie/2024/completude").await.is(403);
    }

    async fn r_eta_13_the_service_and_the_national_team_narrow_their_lists_by_ministry(base) {
        let (t, f, g, _) = scene(base).await;
        let mut service = avec(&t, "service", service()).await;
        // Nobody has said it: there is nothing to choose.
        let champ = "name=\"tutelle\"";
        let page = juste(service.opens("/academie/2024/completude").await);
        assert!(!page.is(200).html.contains(champ));
        for (maison, tutelle) in [(&f, "agriculture"), (&g, "culture")] {
            let sql = "UPDATE etablissement_session SET tutelle = $1 WHERE etablissement_id = $2";
            t.sql(sql, vec![tutelle.to_owned().into(), maison.etablissement.into()]).await;
        }
        let page = juste(service.opens("/academie/2024/completude").await);
        assert!(page.html.contains(champ));
        let page = juste(service.opens("/academie/2024/completude?tutelle=culture").await);
        page.is(200).sees("1 établissement").sees("Lycée voisin").sees_not("Lycée d’essai");
        // What leads further keeps it.
        for lien in ["Une ligne par établissement (CSV)", "Une ligne par formation (CSV)"] {
            let csv = service.opens(&page.link(lien)).await;
            assert!(csv.is(200).html.contains("0800002B") && !csv.html.contains("0800001A"), "{}", csv.html);
        }
        let relance = juste(service.opens(&page.link("Préparer une relance")).await);
        relance.is(200).sees_not("Lycée d’essai");
        let faux = juste(service.opens("/academie/2024/completude?tutelle=marine").await);
        faux.is(422).sees("Choisissez un ministère de la liste.");
        // The people who answer, then the establishments where nobody does.
        let responsables = "/comptes/responsables?tutelle=agriculture";
        let page = juste(service.opens(responsables).await);
        assert!(page.is(200).html.contains(champ) && !page.html.contains("Lycée voisin"), "{}", page.html);
        let sans = juste(service.opens("/comptes/responsables?sans_responsable=oui&tutelle=culture").await);
        assert!(sans.is(200).html.contains(champ) && !sans.html.contains("Lycée d’essai"), "{}", sans.html);
        juste(service.opens("/comptes/responsables?sans_responsable=oui&tutelle=marine").await).is(422);
        let mut national = avec(&t, "national", Attribution::simple(Role::AdminNational)).await;
        let page = juste(national.opens("/academie/2024/completude?tutelle=agriculture").await);
        page.is(200).sees("1 établissement").sees("Lycée d’essai").sees_not("Lycée voisin");
    }

    async fn r_ech_04_the_service_reminds_a_whole_perimeter_and_follows_it(base) {
        let (t, f, _, _) = scene(base).await;
        let mut service = avec(&t, "service", service()).await;
        let page = juste(service.opens("/academie/2024/completude").await);
        let nouvelle = juste(service.opens(&page.link("Relancer tous les établissements incomplets")).await);
        nouvelle.is(200).sees("Établissements à relancer 1").sees("Personnes à avertir, par un seul courriel chacune 1");
        let vide = juste(service.submits(&nouvelle, "Relire avant l’envoi", &[("texte", "")]).await);
        vide.is(422).sees("Écrivez votre message");
        let relue = juste(service.submits(&nouvelle, "Relire avant l’envoi", &[("texte", "Merci de publier.")]).await);
        relue.is(200).sees("Rien n’est encore parti").sees("Merci de publier.").sees("Lycée d’essai");
        let corrigee = juste(service.submits(&relue, "Corriger", &[]).await);
        assert!(corrigee.is(200).html.contains("Merci de publier."), "what was typed is kept");
        let suivi = juste(service.submits(&relue, "Envoyer à 1 établissement", &[]).await);
        suivi.is(200).sees("La relance est demandée").sees("Relance en cours").sees("0 sur 1");
        assert!(t.envois().await.is_empty(), "nothing leaves before its batch");
        // Asked not to, the page no longer comes back by itself.
        let url = suivi.url.split('?').next().expect("an address").to_owned();
        juste(service.opens(&format!("{url}?actualiser=non")).await).sees("Actualiser toute seule");
        let arretee = juste(service.submits(&suivi, "Arrêter la relance", &[]).await);
        arretee.is(200).sees("La relance est arrêtée").sees("Relance arrêtée");
        let reprise = juste(service.submits(&arretee, "Reprendre la relance", &[]).await);
        reprise.is(200).sees("La relance est reprise");
        while app::taches::executer_une(&t.app).await.expect("a task") {}
        let finie = juste(service.opens(&url).await);
        finie.is(200).sees("Terminée le").sees("1 sur 1").sees("Merci de publier.").sees_not("Arrêter la relance");
        let envois = t.envois().await;
        assert_eq!(envois.iter().map(|e| e.destinataire.as_str()).collect::<Vec<_>>(), ["admin@essai.example"]);
        juste(service.opens(&page.link("Suivre les relances")).await).sees("Terminée").sees("Amiens");
        juste(service.opens("/academie/2024/completude").await).sees("20/11/2023");
        let rien = juste(service.opens("/academie/2024/completude/relances/nouvelle").await);
        rien.is(200).sees("L’établissement incomplet a été relancé depuis moins de 7 jours : il n’y a personne à relancer.");
        // Of another perimeter, it does not exist; without the role, neither does the page.
        let mut ailleurs = avec(&t, "ailleurs", Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) }).await;
        ailleurs.opens(&url).await.is(404);
        juste(ailleurs.opens("/academie/2024/completude/relances").await).sees("Aucune relance de ce genre");
        let mut chef = avec(&t, "chef", sur(f.etablissement, Role::ChefEtab)).await;
        chef.opens(&url).await.is(403);
        chef.opens("/academie/2024/completude/formations/export").await.is(403);
    }

    async fn r_acc_02_the_home_of_the_service_opens_on_its_queues(base) {
        let (t, f, _, mut admin) = scene(base).await;
        let mut service = avec(&t, "service", service()).await;
        let page = juste(service.opens("/academie/2024").await);
        page.is(200).sees("Ce qui attend votre service").sees("Contrôle des formations").sees_not("1 en retard");
        let le = t.app.horloge.campagne().as_millisecond();
        t.insert(
            "relecture_capacite",
            "formation_session_id, capacite, places, motif, motivee_le, motivee_origine",
            vec![
                f.formation_session.into(),
                t.nombre("SELECT capacite FROM formation_session WHERE id = $1", vec![f.formation_session.into()]).await.into(),
                "[]".to_owned().into(),
                "Une classe ouvre à la rentrée.".to_owned().into(),
                le.into(),
                "ecran".to_owned().into(),
            ],
        )
        .await;
        let fil = juste(admin.opens("/gestion/2024").await).link("Échanges avec le service académique");
        let fil = juste(admin.opens(&fil).await);
        juste(admin.submits(&fil, "Envoyer", &[("texte", "Bonjour")]).await);
        let page = juste(service.opens("/academie/2024").await);
        page.sees("Capacités inhabituelles 1 à confirmer").sees("Échanges avec les établissements 1 à lire");
        page.sees("Contrôle des formations rien à traiter");
        page.sees_not("1 en retard");
        let capacites = juste(service.opens(&page.link("Capacités inhabituelles")).await);
        capacites.is(200).sees("BTS Essai – Lycée d’essai").sees("Une classe ouvre à la rentrée.").sees_not("En retard");
        juste(service.opens(&capacites.link("BTS Essai")).await).is(200);
        t.at("2023-11-28T11:00");
        juste(service.opens("/academie/2024").await).sees("1 en retard").sees("depuis plus de 7 jours");
        juste(service.opens("/academie/2024/capacites").await).sees("En retard");
        // Searched, and taken away as it is searched.
        let page = juste(service.opens("/academie/2024/capacites?q=essai&departement=80").await);
        page.is(200).sees("1 capacité").sees("Une classe ouvre à la rentrée.");
        let csv = service.opens(&page.link("Télécharger en CSV")).await;
        assert!(csv.is(200).html.contains("BTS Essai") && csv.html.contains("Attend depuis"), "{}", csv.html);
        let rien = juste(service.opens("/academie/2024/capacites?q=introuvable").await);
        rien.is(200).sees("Aucune capacité à confirmer ne répond à cette recherche.").sees_not("Télécharger");
        let csv = service.opens("/academie/2024/capacites/export?format=csv&q=introuvable").await;
        assert!(!csv.is(200).html.contains("BTS Essai"), "{}", csv.html);
        let mut ailleurs = avec(&t, "ailleurs", Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) }).await;
        juste(ailleurs.opens("/academie/2024").await).sees_not("à confirmer").sees_not("1 en retard");
        juste(ailleurs.opens("/academie/2024/capacites").await).is(200).sees("Aucune capacité de votre périmètre");
        let mut chef = avec(&t, "chef", sur(f.etablissement, Role::ChefEtab)).await;
        chef.opens("/academie/2024/capacites").await.is(403);
        chef.opens("/academie/2024/capacites/export").await.is(403);
    }
}

#[tokio::test]
async fn r_ech_03_a_reminder_that_nobody_receives_says_so_and_shows_no_mail() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
    t.at("2023-11-20T10:00");
    let mut agent = avec(&t, "service", service()).await;
    let relance = juste(agent.opens("/academie/2024/completude/relance").await);
    let dit = [("texte", "Merci de publier.")];
    let apercu = juste(agent.submits(&relance, "Relire avant l’envoi", &dit).await);
    apercu
        .is(200)
        .sees("n’a de compte en service ici")
        .sees("Courriels à envoyer 0")
        .sees("Merci de publier.");
    apercu.sees_not("Tel que le premier");
}
