//! The settings of an establishment, through the pages.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, FormationEssai, Navigateur, Reponse, TestApp, both_databases};

use crate::gestion_description::apercu;

async fn scene(base: Base) -> (TestApp, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let n = avec(&t, etab, Role::AdminSite).await;
    (t, f, n)
}

async fn avec(t: &TestApp, etab: i64, role: Role) -> Navigateur {
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
    let (compte, _) = t.personne(&format!("{}@lycee.example", role.code()), a).await;
    t.navigateur_de(compte).await
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

both_databases! {
    async fn r_eta_01_an_administrator_describes_the_establishment_part_by_part(base) {
        let (t, f, mut n) = scene(base).await;
        t.sql("UPDATE etablissement_session SET accessibilite = '', chef_confirme = NULL", vec![]).await;
        let accueil = juste(n.opens("/gestion/2024/etablissements").await);
        accueil.sees("Lycée d’essai").sees("À compléter").sees("l’accueil des personnes en situation de handicap");
        let page = juste(n.opens(&accueil.link("Accessibilité, internat, bourses")).await);
        let refus = juste(n.submits(&page, "Enregistrer l’accueil", &[("accessibilite", "Rampe."), ("referent_courriel", "sans-arobase")]).await);
        refus.is(422).sees("Saisissez une adresse électronique complète").sees("Rampe.");
        let fait = juste(n.submits(&refus, "Enregistrer l’accueil", &[("referent_courriel", "handicap@lycee.example")]).await);
        fait.sees("L’établissement est enregistré.").sees("Rampe.").sees_not("Il manque ici");
        // A second tab, opened before, overwrites nothing; what was typed in it stays.
        let conflit = juste(n.submits(&page, "Enregistrer l’accueil", &[("accessibilite", "Ascenseur.")]).await);
        conflit.is(409).sees("Rien n’a été écrasé").sees("Ascenseur.");
        n.submits(&conflit, "Enregistrer l’accueil", &[]).await.sees("Ascenseur.");
        // The head: confirmed, then replaced.
        let chef = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        chef.sees("Claude Essai").sees("À confirmer");
        let chef = juste(n.submits(&chef, "Confirmer cette personne pour la session", &[]).await);
        chef.sees("Le chef d’établissement est confirmé pour la session.");
        chef.sees("Confirmé").sees_not("Il manque ici");
        let sans_date = [("prise", "successeur"), ("chef_nom", "Nouveau")];
        let refus = juste(n.submits(&chef, "Enregistrer et confirmer", &sans_date).await);
        refus.is(422).sees("Saisissez une date qui existe");
        assert!(refus.html.contains("value=\"Nouveau\""), "what was typed is kept");
        let fait = juste(n.submits(&refus, "Enregistrer et confirmer", &[("depuis", "2023-11-13")]).await);
        fait.sees("Signataires successifs").sees("Claude Nouveau");
        // The public reads what is for it, and never the head.
        t.at_opening(domain::calendrier::Etape::Consultation).await;
        let fiche = juste(t.navigateur().opens(&format!("/formations/{}", f.public_id)).await);
        fiche.sees("Ascenseur.").sees("handicap@lycee.example").sees("1 rue des Écoles");
        fiche.sees_not("Nouveau").sees_not("claude.essai@").sees_not("03 22 00 00 01");
        // After the step, everything is read and nothing is offered.
        t.at_closing(domain::calendrier::Etape::Parametrage).await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        page.sees("Site principal").sees_not("Enregistrer le site").sees_not("Retirer");
    }

    async fn r_eta_03_the_last_day_of_an_interim_changes_on_its_page(base) {
        let (_t, _f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let chef = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        chef.sees_not("son intérim finit un autre jour");
        let interim = [("prise", "interim"), ("depuis", "2023-11-13"), ("jusqu_a", "2023-12-31"), ("chef_nom", "Passage")];
        let fait = juste(n.submits(&chef, "Enregistrer et confirmer", &interim).await);
        fait.is(200).sees("Claude Passage").sees("son intérim finit un autre jour");
        let refus = juste(n.submits(&fait, "Enregistrer et confirmer", &[("prise", "jusque"), ("jusqu_a", "2023-11-01")]).await);
        refus.is(422).sees("Le dernier jour doit suivre le premier");
        let fait = juste(n.submits(&refus, "Enregistrer et confirmer", &[("jusqu_a", "2024-01-31")]).await);
        fait.is(200).sees("Claude Passage").sees("31 janvier 2024");
    }

    async fn r_eta_11_a_closed_part_says_how_to_ask_and_is_written_once_it_is_granted(base) {
        let (t, f, mut n) = scene(base).await;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (agent, _) = t.personne("agent@academie.example", a).await;
        let mut agent = t.navigateur_de(agent).await;
        juste(n.opens("/gestion/2024/etablissements").await).sees_not("Modifier ce qui est clos");
        t.at("2023-12-14T10:00");
        let accueil = juste(n.opens("/gestion/2024/etablissements").await);
        accueil.sees("est close depuis").sees("Modifier ce qui est clos");
        let sites = accueil.link("Sites de formation");
        let page = juste(n.opens(&sites).await);
        page.sees("est close depuis").sees_not("Enregistrer le site").sees_not("Demandes de modification");
        let vers = page.link("Demander à modifier cette partie").split('#').next().unwrap().to_owned();
        let page = juste(n.opens(&vers).await);
        assert!(page.html.contains("value=\"sites\" checked"), "the part that one comes from");
        let refus = juste(n.submits(&page, "Envoyer la demande", &[("motif", "")]).await);
        refus.is(422).sees("Saisissez une date qui existe").sees("Expliquez en une phrase au moins");
        let refus = juste(n.submits(&page, "Envoyer la demande", &[("motif", "Le site est à placer.")]).await);
        refus.is(422).sees("Saisissez une date qui existe").sees("Le site est à placer.");
        let loin = [("jusqu_a", "2024-02-20")];
        let refus = juste(n.submits(&refus, "Envoyer la demande", &loin).await);
        refus.is(422).sees("Ce jour est trop lointain").sees("Le site est à placer.");
        let faite = juste(n.submits(&refus, "Envoyer la demande", &[("jusqu_a", "2023-12-20")]).await);
        faite.is(200).sees("Votre demande est envoyée").sees("Récépissé nº").sees("Modifier l’établissement hors période");
        // Whoever comes next reads that it was asked, and asks nothing more.
        let page = juste(n.opens(&sites).await);
        page.sees("Une autre demande de l’établissement attend sa réponse").sees("À examiner par le service académique");
        page.sees_not("Demander à modifier cette partie");
        juste(n.opens(&accueil.url).await).sees_not("Envoyer la demande");
        let d = t.mot("SELECT public_id FROM demande_formation", vec![]).await;
        let url = format!("/academie/2024/demandes/{d}");
        agent.opens("/academie/2024/demandes").await.is(200).sees("1 demande attend votre réponse.").sees("Sites de formation");
        let page = juste(agent.opens(&url).await);
        page.sees("Le site est à placer.").sees("Parties à modifier").sees("Dernier jour accordé").sees("Lycée d’essai");
        let refus = juste(agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter"), ("jusqu_a", "")]).await);
        refus.is(422).sees("Saisissez une date qui existe");
        let page = juste(agent.submits(&refus, "Envoyer la réponse", &[("jusqu_a", "2023-12-18")]).await);
        page.is(200).sees("La demande est acceptée et a pris effet").sees("Parties rouvertes").sees("lundi 18 décembre 2023");
        // That part alone, until that day.
        juste(n.opens(&accueil.url).await).sees("à modifier jusqu’au 18/12/2023");
        let page = juste(n.opens(&sites).await);
        page.sees("a rouvert cette partie").sees("lundi 18 décembre 2023, 23 h 59").sees("Acceptée");
        let site = [("nom", "Annexe"), ("adresse", "4 rue du Port"), ("code_postal", "80100"), ("commune", "Abbeville")];
        juste(n.submits(&page, "Enregistrer le site", &site).await).sees("Le site est enregistré.");
        let autre = juste(n.opens(&accueil.link("Coordonnées publiques")).await);
        autre.sees_not("Enregistrer les coordonnées").sees("Demander à modifier cette partie").sees_not("Acceptée");
        let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
        juste(lecteur.opens(&accueil.url).await).sees_not("Modifier ce qui est clos");
        let lue = juste(lecteur.opens(&sites).await);
        lue.sees("Annexe").sees_not("Enregistrer le site").sees_not("Demander à modifier").sees_not("Acceptée");
        t.at("2023-12-19T00:00");
        juste(n.opens(&sites).await).sees("est close depuis").sees_not("Enregistrer le site").sees("Acceptée");
    }

    async fn r_eta_12_r_eta_03_open_days_and_the_head_are_told_once_the_rest_is_closed(base) {
        let (t, f, mut n) = scene(base).await;
        t.at("2024-02-01T10:00");
        let accueil = juste(n.opens("/gestion/2024/etablissements").await);
        let page = juste(n.opens(&accueil.link("Journées portes ouvertes")).await);
        page.sees_not("est close depuis");
        let passee = [("jour", "2024-01-20"), ("debut", "09:00"), ("fin", "17:00"), ("ou", "Hall A")];
        let refus = juste(n.submits(&page, "Enregistrer la journée", &passee).await);
        refus.is(422).sees("Choisissez un jour à venir");
        let page = juste(n.submits(&refus, "Enregistrer la journée", &[("jour", "2024-02-03")]).await);
        page.is(200).sees("samedi 3 février 2024").sees("Retirer");
        let fiche = format!("/formations/{}", f.public_id);
        t.navigateur().opens(&fiche).await.is(200).sees("Hall A");
        t.at("2024-02-04T08:00");
        let apres = juste(n.opens(&accueil.link("Journées portes ouvertes")).await);
        apres.sees("Passée").sees("Enregistrer la journée").sees_not("Retirer");
        juste(n.submits(&page, "Retirer", &[]).await).is(422).sees("Cette journée est passée");
        let chef = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        chef.sees_not("est close depuis");
        let saisie = [("prise", "successeur"), ("chef_nom", "Nouveau"), ("depuis", "2024-02-04")];
        juste(n.submits(&chef, "Enregistrer et confirmer", &saisie).await).is(200).sees("Claude Nouveau");
    }

    async fn r_eta_05_a_site_is_placed_by_its_town_or_by_typed_degrees(base) {
        let (_t, _f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        let saisie = [("nom", "Site nord"), ("adresse", "4 rue du Lac"), ("code_postal", "80100"), ("commune", "Abbeville")];
        let place = juste(n.submits(&page, "Placer d’après la commune", &saisie).await);
        assert!(place.html.contains("value=\"50,1"), "{}", place.html);
        let fait = juste(n.submits(&place, "Enregistrer le site", &[]).await);
        fait.sees("4 rue du Lac, 80100 Abbeville").sees("Le site est enregistré.");
        assert!(fait.html.contains(">Site nord</h2>"), "each line has its name as its heading");
        let inconnue = juste(n.submits(&page, "Placer d’après la commune", &[("nom", "X"), ("commune", "Nulle-Part")]).await);
        inconnue.is(422).sees("« Nulle-Part » n’est pas dans notre répertoire des communes").sees("cliquez sur la carte");
        let faux = [("nom", "X"), ("adresse", "1"), ("code_postal", "80000"), ("commune", "Amiens"), ("latitude", "100"), ("longitude", "2")];
        juste(n.submits(&fait, "Enregistrer le site", &faux).await).is(422).sees("entre −90 et 90");
        // HAB-4: a field of another part is one too many here.
        n.submits(&fait, "Enregistrer le site", &[("sigle", "X")]).await.is(400).sees("Le champ « sigle »");
        // Changed from its link, then withdrawn.
        let adresse = fait.html.split("ligne=").nth(1).unwrap().split('#').next().unwrap();
        let ligne = juste(n.opens(&format!("{}?ligne={adresse}", fait.url.split('?').next().unwrap())).await);
        ligne.sees("Modifier un site");
        n.submits(&ligne, "Enregistrer le site", &[("nom", "Site rebaptisé")]).await.sees("Site rebaptisé");
    }
}

/// A stroke of 120 by 48 points.
const DESSIN: &[u8] = include_bytes!("../../../testkit/src/signature.png");

both_databases! {
    async fn r_eta_05_a_site_is_placed_by_clicks_without_a_script(base) {
        let (t, f, mut n) = scene(base).await;
        t.sql("UPDATE etablissement_session SET latitude = NULL, longitude = NULL", vec![]).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        assert!(page.html.contains("/carte?vue=france&#38;taille=grande") || page.html.contains("/carte?vue=france&amp;taille=grande"), "{}", page.html);
        // The browser sends the place of the click with the form, whatever button is there.
        let typed = [("nom", "Site nord"), ("adresse", "4 rue du Lac"), ("code_postal", "80100"), ("commune", "Abbeville"), ("acte", "")];
        let mut page = page;
        for clic in [("325", "80"), ("300", "320"), ("310", "300")] {
            let saisie: Vec<(&str, &str)> = typed.into_iter().chain([("grande.x", clic.0), ("grande.y", clic.1)]).collect();
            page = juste(n.submits(&page, "Placer d’après la commune", &saisie).await);
            page.is(200);
            assert!(page.html.contains("value=\"4 rue du Lac\""), "what was typed is kept");
        }
        assert!(page.html.contains("vue=commune_"), "three clicks bring the closest map");
        page.sees("une centaine de mètres").sees("Ville connue la plus proche");
        let site_nord = || t.nombre("SELECT COUNT(*) FROM site_formation WHERE nom = 'Site nord'", vec![]);
        assert_eq!(site_nord().await, 0, "saved with the form alone");
        let large = juste(n.submits(&page, "Voir plus large", &[]).await);
        assert!(large.html.contains("vue=region_"));
        juste(n.submits(&page, "Enregistrer le site", &[]).await).sees("4 rue du Lac, 80100 Abbeville");
        assert_eq!(site_nord().await, 1);
        // From the keyboard, the picture has no place to send; a small screen has its own drawing.
        let saisie: Vec<(&str, &str)> = typed.into_iter().chain([("petite.x", "0"), ("petite.y", "0")]).collect();
        let sites = n.opens(&accueil.link("Sites de formation")).await;
        let clavier = juste(n.submits(&sites, "Placer d’après la commune", &saisie).await);
        clavier.is(422).sees("Au clavier, la carte ne reçoit pas de position").sees("4 rue du Lac");
        let faux: Vec<(&str, &str)> = typed.into_iter().chain([("petite.x", "9999"), ("petite.y", "x")]).collect();
        juste(n.submits(&page, "Placer d’après la commune", &faux).await).is(200);
        // What is typed by hand is shown, or said to be wrong.
        let montre = juste(n.submits(&page, "Montrer cette position", &[("latitude", "-20,879"), ("longitude", "55,448")]).await);
        montre.sees("Saint-Denis");
        juste(n.submits(&page, "Montrer cette position", &[("latitude", "95")]).await).is(422).sees("entre −90 et 90");
        // The public sees where it is.
        t.at_opening(domain::calendrier::Etape::Consultation).await;
        let fiche = juste(t.navigateur().opens(&format!("/formations/{}", f.public_id)).await);
        assert!(fiche.html.contains("/carte?vue=region_") && fiche.html.contains("taille=petite"), "{}", fiche.html);
    }

    async fn r_eta_07_contacts_are_typed_and_read_and_never_public(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Contacts pour le service académique")).await);
        let saisie = [("contact_fonction", "Secrétariat Temoin"), ("contact_objet", "Inscriptions")];
        let refus = juste(n.submits(&page, "Enregistrer le contact", &saisie).await);
        refus.is(422).sees("l’un des deux suffit");
        assert!(refus.html.contains("value=\"Secrétariat Temoin\""), "what was typed is kept");
        let fait = juste(n.submits(&refus, "Enregistrer le contact", &[("contact_telephone", "0322009988")]).await);
        fait.sees("Secrétariat Temoin – Inscriptions : 03 22 00 99 88");
        n.submits(&fait, "Enregistrer le contact", &[("chef_nom", "X")]).await.is(400).sees("Le champ « chef_nom »");
        juste(n.opens(&accueil.url).await).sees("03 22 00 99 88");
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (agent, _) = t.personne("agent@academie.example", a).await;
        let mut agent = t.navigateur_de(agent).await;
        juste(agent.opens("/academie/2024/completude").await).sees("Secrétariat Temoin");
        juste(agent.opens(&accueil.url).await).sees("Secrétariat Temoin");
        agent.opens("/academie/2024/completude/export?format=csv").await.sees("03 22 00 99 88");
        let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
        juste(lecteur.opens(&accueil.url).await).sees_not("Temoin").sees_not("Contacts pour le service académique");
        lecteur.opens(&format!("{}/contacts", accueil.url)).await.is(404);
        // Nothing of it on any address that anybody opens.
        t.at_opening(domain::calendrier::Etape::Consultation).await;
        let mut public = t.navigateur();
        for url in [format!("/formations/{}", f.public_id), "/formations".to_owned(), "/formations?q=essai".to_owned(), "/".to_owned(), accueil.url.clone(), format!("{}/contacts", accueil.url)] {
            let vu = public.opens(&url).await;
            assert!(!vu.html.contains("Temoin") && !vu.html.contains("99 88"), "{url}");
        }
    }

    async fn r_eta_08_fic_3_a_signature_is_sent_shown_to_those_who_may_and_withdrawn(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        page.sees("Image de la signature").sees_not("Retirer la signature");
        let sans = juste(n.uploads(&page, "Enregistrer la signature", "fichier", "signature.png", DESSIN).await);
        sans.is(422).sees("Choisissez de qui est cette signature");
        let chef = t.mot("SELECT public_id FROM chef_etablissement WHERE etablissement_id = $1", vec![f.etablissement.into()]).await;
        let url = format!("{}/signature/import", accueil.url);
        let valeur = |nom: &str| {
            let debut = page.html.split(&format!("name=\"{nom}\" value=\"")).nth(1).unwrap();
            debut.split('"').next().unwrap().to_owned()
        };
        let paires = [("_jeton".to_owned(), valeur("_jeton")), ("signataire".to_owned(), chef.clone())];
        let faux = juste(n.posts_file(&url, &paires, "fichier", "signature.png", b"GIF89a").await);
        faux.is(422).sees("ni une image PNG ni une image JPEG");
        juste(n.posts_file(&url, &paires, "fichier", "signature.png", b"").await).is(422).sees("Choisissez l’image");
        juste(n.posts_file(&url, &paires, "fichier", "s.png", &[0_u8; 200 * 1024 + 1]).await).is(422).sees("trop lourde");
        let fait = juste(n.posts_file(&url, &paires, "fichier", "../../signature.exe", DESSIN).await);
        fait.is(200).sees("La signature est enregistrée.");
        let image = format!("{}/signature?de={chef}", accueil.url);
        let lue = n.opens(&image).await;
        assert_eq!(lue.statut, 200);
        let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
        lecteur.opens(&image).await.is(404);
        lecteur.opens(&format!("{}/signature", accueil.url)).await.is(404);
        let public = t.navigateur().opens(&image).await;
        assert!(public.url.starts_with("/connexion"), "{}", public.url);
        // Gone for good: looked at again first.
        let relue = juste(n.submits(&fait, "Retirer la signature", &[]).await);
        relue.is(200).sees("L’image de la signature de Claude Essai est effacée");
        assert_eq!(n.opens(&image).await.statut, 200, "nothing is done yet");
        juste(n.opens(&relue.link("Revenir sans rien retirer")).await).sees("Retirer la signature");
        let retiree = juste(n.submits(&relue, "Retirer la signature définitivement", &[]).await);
        retiree.is(200).sees_not("Retirer la signature");
        n.opens(&image).await.is(404);
    }

    async fn r_eta_18_what_the_public_reads_is_taken_away_once_it_was_looked_at_again(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        let site = [("nom", "Annexe"), ("adresse", "4 rue du Port"), ("code_postal", "80100"), ("commune", "Abbeville")];
        let page = juste(n.submits(&page, "Enregistrer le site", &site).await);
        let [ancien, annexe] = ["Site principal", "Annexe"].map(|nom| nom.to_owned());
        let sql = "SELECT public_id FROM site_formation WHERE nom = $1";
        let (ancien, annexe) = (t.mot(sql, vec![ancien.into()]).await, t.mot(sql, vec![annexe.into()]).await);
        // What a draft names is refused at once; what published sheets alone name is told first.
        let jeton = page.jeton().to_owned();
        let url = format!("{}/sites", accueil.url);
        let retire = |acte: &'static str, ligne: &str| {
            let version = page.html.split("name=\"_version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
            [("_jeton", jeton.clone()), ("_version", version.to_owned()), ("acte", acte.to_owned()), ("ligne", ligne.to_owned())]
        };
        let paires = retire("retirer", &ancien);
        let paires: Vec<(&str, &str)> = paires.iter().map(|(n, v)| (*n, v.as_str())).collect();
        juste(n.posts(&url, &paires).await).is(422).sees("Des formations s’y donnent encore");
        t.sql("UPDATE formation_description SET contenu = REPLACE(contenu, $1, $2)", vec![ancien.clone().into(), annexe.into()]).await;
        let relue = juste(n.posts(&url, &paires).await);
        relue.is(200).sees("le public le lit encore sur ces fiches").sees("BTS Essai");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM site_formation WHERE supprime_le IS NULL", vec![]).await, 2);
        juste(n.submits(&relue, "Retirer ce site", &[]).await).is(200).sees("Annexe").sees_not("Site principal");
        // An open day that the public reads.
        t.at("2024-01-15T10:00");
        let page = juste(n.opens(&accueil.link("Journées portes ouvertes")).await);
        let jour = [("jour", "2024-02-03"), ("debut", "09:00"), ("fin", "17:00"), ("ou", "Hall A")];
        let page = juste(n.submits(&page, "Enregistrer la journée", &jour).await);
        let fiche = format!("/formations/{}", f.public_id);
        t.navigateur().opens(&fiche).await.is(200).sees("Hall A");
        let relue = juste(n.submits(&page, "Retirer", &[]).await);
        relue.is(200).sees("Le public lit déjà la journée du samedi 3 février 2024");
        t.navigateur().opens(&fiche).await.is(200).sees("Hall A");
        juste(n.submits(&relue, "Retirer cette journée", &[]).await).is(200).sees_not("Hall A");
        t.navigateur().opens(&fiche).await.is(200).sees_not("Hall A");
    }

    async fn r_eta_03_an_announced_change_is_called_off_through_the_page(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        let annonce = [("prise", "successeur"), ("chef_nom", "Nouveau"), ("depuis", "2024-02-01")];
        let page = juste(n.submits(&page, "Enregistrer et confirmer", &annonce).await);
        page.is(200).sees("Claude Nouveau").sees("mercredi 31 janvier 2024");
        let relue = juste(n.submits(&page, "Annuler ce changement annoncé", &[]).await);
        relue.is(200).sees("Claude Nouveau, Proviseure, ne prendra pas ses fonctions le jeudi 1er février 2024.");
        relue.sees("c’est Claude Essai qui signera").sees("Revenir sans rien annuler");
        let fait = juste(n.submits(&relue, "Confirmer l’annulation", &[]).await);
        fait.is(200).sees("Le changement annoncé est annulé.").sees_not("Claude Nouveau");
        let sql = "SELECT COUNT(*) FROM chef_etablissement WHERE etablissement_id = $1 AND supprime_le IS NULL";
        assert_eq!(t.nombre(sql, vec![f.etablissement.into()]).await, 1);
        // A page of before calls nothing off a second time.
        juste(n.submits(&relue, "Confirmer l’annulation", &[]).await).sees_not("Claude Nouveau");
    }
}

both_databases! {
    async fn r_for_26_what_is_typed_of_an_establishment_is_previewed_and_not_saved(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let url = accueil.link("Accessibilité, internat, bourses");
        let page = juste(n.opens(&url).await);
        page.sees("Ce que le public lira").sees("rien n’est enregistré avant");
        let saisie = [("accessibilite", "Rampe neuve."), ("referent_courriel", "sans-arobase")];
        let vue = juste(n.submits(&page, "Prévisualiser", &saisie).await);
        vue.is(200).sees_not("Saisissez une adresse électronique complète");
        assert!(apercu(&vue).contains("Rampe neuve.") && apercu(&vue).contains("sans-arobase"), "{}", apercu(&vue));
        assert!(vue.html.contains("value=\"sans-arobase\""), "what was typed is kept");
        n.opens(&url).await.sees_not("Rampe neuve.");
        let sites = n.opens(&accueil.link("Sites de formation")).await;
        let vue = juste(n.submits(&sites, "Prévisualiser", &[("nom", "Site nord"), ("adresse", "4 rue du Lac"), ("commune", "Abbeville")]).await);
        let lue = apercu(vue.is(200));
        let (sienne, reste) = lue.split_once("<details").unwrap();
        assert!(sienne.contains("4 rue du Lac"), "{lue}");
        assert!(reste.contains("Lycée d’essai") && !sienne.contains("Lycée d’essai"), "what is typed comes first: {lue}");
        assert_eq!(t.nombre("SELECT COUNT(*) FROM site_formation", vec![]).await, 1);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 0);
        // The head is never public: there is nothing to preview.
        juste(n.opens(&accueil.link("Chef d’établissement")).await).sees_not("Ce que le public lira").sees_not("Prévisualiser");
        // Whoever only reads sends nothing; the page says what is stored.
        let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
        let lue = juste(lecteur.opens(&url).await);
        lue.sees("Ce que le public lira").sees_not("Prévisualiser").sees_not("rien n’est enregistré");
        let jeton = lue.jeton();
        lecteur.posts(&url, &[("_jeton", jeton), ("acte", "relire"), ("accessibilite", "Rampe neuve.")]).await.is(403);
    }

    async fn r_eta_10_a_site_is_placed_by_any_town_of_the_national_list(base) {
        let (t, _f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        let commune = |nom, code| [("nom", "Site nord"), ("adresse", "4 rue du Lac"), ("commune", nom), ("code_postal", code)];
        let place = "Placer d’après la commune";
        let avant = juste(n.submits(&page, place, &commune("Saint-Valery-sur-Somme", "80230")).await);
        avant.is(422).sees("n’est pas dans notre répertoire").sees("4 rue du Lac");
        for (nom, cle, code, departement, latitude, longitude) in [
            ("Saint-Valery-sur-Somme", "saint valery sur somme", "80230", "80", 50.1775, 1.6285),
            ("Saint-Denis", "saint denis", "93200", "93", 48.9295, 2.3596),
            ("Saint-Denis", "saint denis", "97400", "974", -20.9336, 55.4461),
        ] {
            let texte = |t: &str| t.to_owned().into();
            t.sql(
                "INSERT INTO commune (nom, recherche, code_postal, departement, latitude, longitude) VALUES ($1, $2, $3, $4, $5, $6)",
                vec![texte(nom), texte(cle), texte(code), texte(departement), latitude.into(), longitude.into()],
            )
            .await;
        }
        let vue = juste(n.submits(&page, place, &commune("ST VALERY SUR SOMME", "80230")).await);
        vue.is(200).sees("Site nord");
        assert!(vue.html.contains("value=\"50,1775\"") && vue.html.contains("value=\"1,6285\""), "{}", vue.html);
        // Several of one name, and no post code: said, with what tells them apart; what was typed stays.
        let plusieurs = juste(n.submits(&page, place, &commune("Saint-Denis", "")).await);
        plusieurs.is(422).sees("Communes de ce nom : Saint-Denis (93200), Saint-Denis (97400)").sees("4 rue du Lac");
        let une = juste(n.submits(&plusieurs, place, &[("code_postal", "97400")]).await);
        assert!(une.is(200).html.contains("value=\"-20,9336\""), "{}", une.html);
        // No town of that name: those of the post code.
        let faute = juste(n.submits(&page, place, &commune("Saint-Valéri", "80230")).await);
        faute.is(422).sees("Communes du code postal 80230 : Saint-Valery-sur-Somme");
    }
}

/// Who takes office, as it is typed.
const SIGNATAIRE: [(&str, &str); 8] = [
    ("prise", "successeur"),
    ("depuis", "2023-11-13"),
    ("civilite", "monsieur"),
    ("chef_prenom", "Xyzabel"),
    ("chef_nom", "Plughverk"),
    ("chef_fonction", "Recteur Wibblot"),
    ("chef_courriel", "xyzabel.plughverk@lycee.example"),
    ("chef_telephone", "03 22 77 66 55"),
];

/// Whom the academic service calls, as it is typed.
const CONTACT: [(&str, &str); 5] = [
    ("contact_fonction", "Bureau Zwickelot"),
    ("contact_nom", "Quuxine Fnordez"),
    ("contact_objet", "Grixouillage"),
    ("contact_telephone", "03 22 88 44 33"),
    ("contact_courriel", "q.fnordez@lycee.example"),
];

/// What gives them away, and the head who was there before: in small letters and without a space, numbers without their zero.
const TEMOINS: [&str; 13] = [
    "xyzabel",
    "plughverk",
    "wibblot",
    "xyzabel.plughverk@lycee.example",
    "322776655",
    "zwickelot",
    "quuxine",
    "grixouillage",
    "322884433",
    "q.fnordez@lycee.example",
    "claudeessai",
    "claude.essai@lycee.example",
    "322000001",
];

fn serre(texte: &str) -> String {
    texte.to_lowercase().split_whitespace().collect()
}

fn tells_nobody(vu: &Reponse) {
    let dit = serre(&vu.html);
    for temoin in TEMOINS {
        assert!(!dit.contains(temoin), "« {temoin} » in {} ({})", vu.url, vu.statut);
    }
}

/// An address of the table of routes, about this establishment or its course.
fn adresse_sur(chemin: &str, etablissement: &str, formation: &str) -> String {
    let objet = if chemin.contains("/etablissements/") { etablissement } else { formation };
    chemin
        .split('/')
        .map(|m| match m {
            "{annee}" => "2024",
            "{id}" => objet,
            "{partie}" => "chef",
            "{rubrique}" => "contacts",
            m if m.starts_with('{') => "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            m => m,
        })
        .collect::<Vec<_>>()
        .join("/")
}

both_databases! {
    async fn r_eta_03_r_eta_07_no_address_tells_anybody_the_head_or_the_contacts(base) {
        let (t, f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let avant = n.opens(&accueil.link("Chef d’établissement")).await;
        let chef = n.submits(&avant, "Enregistrer et confirmer", &SIGNATAIRE).await;
        chef.is(200).sees("Le changement est enregistré. La page dit qui signe aujourd’hui.");
        let page = n.opens(&accueil.link("Contacts pour le service académique")).await;
        let contacts = n.submits(&page, "Enregistrer le contact", &CONTACT).await;
        contacts.is(200).sees("Le contact est enregistré.");
        // They are told to those who may read them: the walk below would otherwise look for nothing.
        let reserve = serre(&[avant.html, chef.html, contacts.html].concat());
        for temoin in TEMOINS {
            assert!(reserve.contains(temoin), "« {temoin} » is told to nobody");
        }
        let etablissement = accueil.url.rsplit('/').next().unwrap().to_owned();
        let mut public = t.navigateur();
        // Every address, those of the interface too, open to anybody or not: while it is set up, once it is published, later.
        let mut lues = BTreeSet::new();
        for etape in [Etape::Parametrage, Etape::Consultation, Etape::Admission] {
            t.during(etape).await;
            for l in web::table(false).fin().1.into_iter().chain(web::api::lignes(false)) {
                if l.methode != Method::GET {
                    continue;
                }
                let url = adresse_sur(l.chemin, &etablissement, &f.public_id);
                let vu = public.opens(&url).await;
                assert!(vu.statut.as_u16() < 500, "{url}: {}", vu.statut);
                tells_nobody(&vu);
                if vu.statut == 200 && !vu.url.starts_with("/connexion") {
                    lues.insert(l.chemin);
                }
            }
        }
        t.during(Etape::Consultation).await;
        let fiche = public.opens(&format!("/formations/{}", f.public_id)).await;
        fiche.is(200).sees("Lycée d’essai").sees("handicap@lycee.example");
        let offre = public.opens("/formations/donnees/export").await;
        assert!(offre.html.contains("Lycée d’essai") && offre.html.contains("BTS Essai"), "{}", offre.html);
        let recherche = public.opens("/formations?q=essai&famille=bts&departement=80").await;
        recherche.is(200).sees("1 formation trouvée");
        tells_nobody(&recherche);
        // Nor does the search find the course by them.
        for mot in ["Plughverk", "Wibblot", "Zwickelot", "Quuxine", "0322776655", "0322884433"] {
            public.opens(&format!("/formations?q={mot}")).await.is(200).sees("Aucune formation trouvée");
        }
        // The walk means something: what is public did open.
        for attendue in [
            "/",
            "/formations",
            "/formations/donnees",
            "/formations/donnees/export",
            "/formations/{id}",
            "/plan-du-site",
            "/documentation/parametrage",
            "/api/v1/openapi.json",
            "/api/v1/nomenclatures/champs",
        ] {
            assert!(lues.contains(attendue), "{attendue} was not read: {lues:?}");
        }
        assert!(lues.len() >= 20, "{lues:?}");
    }
}

#[tokio::test]
async fn the_drawing_of_a_map_is_a_picture_for_anybody_and_says_nothing_of_anybody() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let mut n = t.navigateur();
    for vue in ["france", "region_49.894_2.302", "commune_-20.879_55.448"] {
        for taille in ["grande", "petite"] {
            let r = n.opens(&format!("/carte?vue={vue}&taille={taille}&point=49.894_2.302")).await;
            r.is(200);
            assert!(r.html.starts_with("<svg "), "{vue}");
        }
    }
    for faux in [
        "/carte?vue=lune&taille=grande",
        "/carte?vue=france&taille=immense",
        "/carte?vue=region_91_2&taille=petite",
    ] {
        n.opens(faux).await.is(404);
    }
    // A point that is none is not drawn.
    n.opens("/carte?vue=france&taille=petite&point=x").await.is(200);
}

#[tokio::test]
async fn r_eta_03_whoever_does_not_reach_the_head_is_not_shown_the_part() {
    let (t, f, _) = scene(Base::sqlite()).await;
    let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
    let page = juste(lecteur.opens("/gestion/2024/etablissements").await);
    page.sees("Sites de formation").sees_not("Chef d’établissement").sees_not("Claude");
    let url = page.url.clone();
    lecteur.opens(&format!("{url}/chef")).await.is(404);
    lecteur.opens(&format!("{url}/inconnue")).await.is(404);
    let sites = juste(lecteur.opens(&format!("{url}/sites")).await);
    sites.sees("Votre rôle permet de lire ces informations").sees_not("Enregistrer le site");
}

both_databases! {
    async fn r_eta_13_an_academic_service_corrects_the_name_and_the_status_from_a_page(base) {
        let (t, _f, mut n) = scene(base).await;
        let id = t.mot("SELECT public_id FROM etablissement", vec![]).await;
        let url = format!("/gestion/2024/etablissements/{id}");
        n.opens(&url).await.is(200).sees_not("Corriger le nom");
        assert!(n.opens(&format!("{url}/identite")).await.statut.as_u16() >= 400, "an establishment does not");
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let mut agent = t.navigateur_de(t.personne("agent@ac.example", a).await.0).await;
        let page = juste(agent.opens(&url).await);
        let page = juste(agent.opens(&page.link("Corriger le nom, le statut ou la tutelle")).await);
        let refus = juste(agent.submits(&page, "Enregistrer l’identité", &[("nom", " ")]).await);
        refus.is(422).sees("Remplissez ce champ");
        let saisie = [("nom", "Lycée Jules-Verne"), ("statut", "prive_sous_contrat"), ("tutelle", "agriculture")];
        let fait = juste(agent.submits(&refus, "Enregistrer l’identité", &saisie).await);
        fait.sees("L’établissement est enregistré.").sees("Lycée Jules-Verne").sees("Privé sous contrat");
        fait.sees("Ministère de tutelle Agriculture");
        // A second tab, opened before, overwrites nothing.
        let conflit = juste(agent.submits(&page, "Enregistrer l’identité", &[("nom", "Autre")]).await);
        conflit.is(409).sees("Rien n’a été écrasé");
        assert_eq!(t.mot("SELECT nom FROM etablissement_session", vec![]).await, "Lycée Jules-Verne");
    }
}

#[tokio::test]
async fn r_ses_01_a_service_reads_an_establishment_from_its_own_space() {
    let (t, _f, mut n) = scene(Base::sqlite()).await;
    let id = t.mot("SELECT public_id FROM etablissement", vec![]).await;
    let url = format!("/gestion/2024/etablissements/{id}");
    let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    for (nom, attribution, espace) in
        [("agent", service, "/academie"), ("national", Attribution::simple(Role::AdminNational), "/national")]
    {
        let compte = t.personne(&format!("{nom}@services.example"), attribution).await.0;
        let mut agent = t.navigateur_de(compte).await;
        for page in [url.clone(), format!("{url}/identite")] {
            let page = juste(agent.opens(&page).await);
            assert_eq!(page.is(200).link("Archives"), format!("{espace}/archives"));
            assert!(page.html.contains(&format!("href=\"{espace}\" aria-current=\"true\"")), "{}", page.html);
        }
        let archives = juste(agent.opens(&format!("{espace}/archives")).await);
        archives.is(200).sees("Aucune session précédente");
    }
    assert_eq!(n.opens(&url).await.link("Archives"), "/gestion/archives");
}
