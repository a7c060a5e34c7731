//! The home of the site de gestion, conversations, completeness and reminders, through the pages.

use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
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
        accueil.sees("Jusqu’au mercredi 13 décembre 2023").sees("Jusqu’au vendredi 12 janvier 2024");
        accueil.sees("Formations complètes 0 sur 1").sees("Description de l’établissement 3 sur 4");
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
        // Once the step is over there is nothing left to do.
        t.at_closing(Etape::CapacitesFrais).await;
        juste(admin.opens("/gestion/2024").await).sees("Rien ne vous attend").sees_not("Relire et publier");
        // During the examination: rankings.
        t.at_opening(Etape::Examen).await;
        let c = t.candidat("lea@essai.example", domain::candidats::TypeBac::General).await;
        t.voeu(&c, &f, domain::candidatures::EtatVoeu::Confirme).await;
        juste(admin.opens("/gestion/2024").await).sees("Transmettre 1 classement").sees("Jusqu’au");
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
        let (avant, _) = t.insert("session_admission", "annee, libelle, etat",
            vec![2023_i64.into(), "Session 2023".to_owned().into(), "archivee".to_owned().into()]).await;
        let (calendrier, _) = t.insert("calendrier", "session_id, numero, reference, effet_le",
            vec![avant.into(), 1_i64.into(), "2023".to_owned().into(), 0_i64.into()]).await;
        t.sql("INSERT INTO echeance (calendrier_id, etape, ouvre_le, ferme_le, source)
               SELECT $1, etape, ouvre_le, ferme_le, source FROM echeance WHERE calendrier_id <> $1", vec![calendrier.into()]).await;
        t.sql("UPDATE session_admission SET precedente_id = $1 WHERE annee = 2024", vec![avant.into()]).await;
        t.sql("UPDATE etablissement_session SET session_id = $1 WHERE etablissement_id = $2", vec![avant.into(), f.etablissement.into()]).await;
        t.sql("UPDATE formation_session SET session_id = $1 WHERE id = $2", vec![avant.into(), f.formation_session.into()]).await;
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
        let jeton = page.html.split("name=\"_jeton\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        admin.posts(&sujet, &[("_jeton", &jeton), ("texte", "Bonjour")]).await.is(422).sees("archiv");
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
        juste(resp.submits(&page, "Envoyer", &[("texte", "Au sujet du BTS")]).await).sees("Au sujet du BTS");
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
        apercu.sees("Rien n’est encore parti").sees("Merci de publier.").sees("1 : Lycée d’essai").sees("Courriels envoyés 1");
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
        let jeton = trop_tot.html.split("name=\"_jeton\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
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
        // The national team sees the same over the country; others see nothing.
        let mut national = avec(&t, "national", Attribution::simple(Role::AdminNational)).await;
        juste(national.opens("/academie/2024/completude").await).sees("2 établissements");
        let mut ailleurs = avec(&t, "ailleurs", Attribution { academies: vec!["09".into()], ..Attribution::simple(Role::Academie) }).await;
        juste(ailleurs.opens("/academie/2024/completude").await).sees("Aucun établissement").sees_not("Lycée d’essai");
        let mut chef = avec(&t, "chef", sur(f.etablissement, Role::ChefEtab)).await;
        chef.opens("/academie/2024/completude").await.is(403);
    }
}
