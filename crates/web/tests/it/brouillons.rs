//! SES-3: what is typed in a long form is kept by its page, told when it is opened again, taken back or forgotten.

use app::limites::Limites;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::SignedDuration;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

use crate::gestion_description::apercu;

const COMMENCEE: &str =
    "Vous aviez commencé cette saisie le lundi 20 novembre 2023 à 10 h sans l’enregistrer.";

/// Names and values typed.
type Champs = Vec<(&'static str, &'static str)>;

struct Scene {
    t: TestApp,
    f: FormationEssai,
    /// The account of the administrator.
    compte: i64,
    n: Navigateur,
}

async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let n = t.navigateur_de(compte).await;
    Scene { t, f, compte, n }
}

impl Scene {
    fn course(&self, suite: &str) -> String {
        format!("/gestion/2024/formations/{}{suite}", self.f.public_id)
    }

    async fn etablissement(&self, suite: &str) -> String {
        let sql = "SELECT public_id FROM etablissement WHERE id = $1";
        let id = self.t.mot(sql, vec![self.f.etablissement.into()]).await;
        format!("/gestion/2024/etablissements/{id}{suite}")
    }

    async fn gardes(&self) -> i64 {
        self.t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await
    }
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

/// What a field of the page holds.
fn holds(page: &Reponse, texte: &str) -> bool {
    page.html.contains(&format!("value=\"{texte}\"")) || page.html.contains(&format!("\n{texte}</textarea>"))
}

both_databases! {
    async fn ses_3_what_was_typed_is_found_again_elsewhere_taken_back_and_saved(base) {
        let mut s = scene(base).await;
        let url = s.course("/contacts");
        let page = juste(s.n.opens(&url).await);
        page.sees_not("Saisie non enregistrée");
        let garde = s.n.keeps(&page, "Enregistrer", &[("contact", "Mme Caron, bureau 12")]).await;
        // The hour of the campaign, as the notice will say it.
        assert_eq!(garde.is(204).entetes["x-heure"], "10:00");
        assert_eq!(s.gardes().await, 1);
        // Nothing is saved, and nobody else reads it.
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM formation_description WHERE contenu LIKE '%bureau 12%'", vec![]).await, 0);
        let a = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (collegue, _) = s.t.personne("collegue@lycee.example", a).await;
        let mut autre = s.t.navigateur_de(collegue).await;
        autre.opens(&url).await.is(200).sees_not("Saisie non enregistrée").sees_not("bureau 12");
        autre.opens(&format!("/brouillon?adresse={url}")).await.is(404);
        autre.opens("/gestion/2024").await.is(200).sees_not("Saisies non enregistrées");
        // Another computer, another day.
        let mut n = s.t.navigateur_de(s.compte).await;
        let accueil = juste(n.opens("/gestion/2024").await);
        accueil.sees("Saisies non enregistrées").sees("BTS Électronique").sees("lundi 20 novembre 2023 à 10 h");
        // The notice may be far down the page.
        assert!(accueil.link("– BTS Électronique").ends_with("#avis-brouillon"));
        let page = juste(n.opens(&accueil.link("– BTS Électronique")).await);
        page.is(200).sees(COMMENCEE);
        assert!(!holds(&page, "Mme Caron, bureau 12") && page.html.contains("data-brouillon=\"attend\""));
        let reprise = juste(n.opens(&page.link("Reprendre ma saisie")).await);
        reprise.is(200).sees("est reprise ci-dessous. Elle n’est pas enregistrée.").sees_not("ont changé depuis");
        assert!(holds(&reprise, "Mme Caron, bureau 12"));
        // Typed further, from there.
        n.keeps(&reprise, "Enregistrer", &[("contact", "Mme Caron, bureau 14")]).await.is(204);
        let reprise = n.opens(&reprise.url).await;
        assert!(holds(&reprise, "Mme Caron, bureau 14"));
        let fait = n.submits(&reprise, "Enregistrer", &[]).await;
        fait.is(200).sees("La rubrique est enregistrée.").sees_not("Saisie non enregistrée").sees("bureau 14");
        assert_eq!(s.gardes().await, 0);
        n.opens("/gestion/2024").await.is(200).sees_not("Saisies non enregistrées");
        // What the page sends as it is left, once it is saved, is not kept.
        n.keeps(&reprise, "Enregistrer", &[]).await.is(409);
        assert_eq!(s.gardes().await, 0);
    }

    async fn ses_3_trx_4_what_changed_since_is_said_and_not_overwritten(base) {
        let mut s = scene(base).await;
        let url = s.course("/contacts");
        let page = s.n.opens(&url).await;
        s.n.keeps(&page, "Enregistrer", &[("contact", "Le mien")]).await.is(204);
        let a = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (collegue, _) = s.t.personne("collegue@lycee.example", a).await;
        let mut autre = s.t.navigateur_de(collegue).await;
        let la = autre.opens(&url).await;
        autre.submits(&la, "Enregistrer", &[("contact", "Celui d’un collègue")]).await.is(200);
        let page = s.n.opens(&url).await;
        let reprise = juste(s.n.opens(&page.link("Reprendre ma saisie")).await);
        reprise.is(200)
            .sees("Ces informations ont changé depuis : comparez avant d’enregistrer.")
            .sees("Celui d’un collègue");
        assert!(holds(&reprise, "Le mien"));
        let conflit = juste(s.n.submits(&reprise, "Enregistrer", &[]).await);
        conflit.is(409).sees("Rien n’a été écrasé");
        assert_eq!(s.gardes().await, 1, "it waits until it is saved");
        s.n.submits(&conflit, "Enregistrer", &[]).await.is(200).sees("La rubrique est enregistrée.");
        assert_eq!(s.gardes().await, 0);
    }

    async fn ses_3_only_long_forms_of_this_site_with_their_own_fields_are_kept(base) {
        let mut s = scene(base).await;
        let url = s.course("/contacts");
        let page = s.n.opens(&url).await;
        let champ = |nom: &str| page.html.split(&format!("name=\"{nom}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let (jeton, onglet) = (champ("_jeton"), champ("_onglet"));
        let envoi = |adresse: &str, autres: &[(&str, &str)]| {
            let mut paires = vec![("_jeton".to_owned(), jeton.clone()), ("_onglet".to_owned(), onglet.clone()), ("_brouillon".to_owned(), adresse.to_owned())];
            paires.extend(autres.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
            paires
        };
        let cas: Vec<(String, Champs, u16)> = vec![
            (url.clone(), vec![("contact", "x")], 204),
            // A form that did not ask for it, another site, nothing at all.
            ("/compte/mot-de-passe".to_owned(), vec![("nouveau", "secret")], 400),
            (format!("https://ailleurs.example{url}"), vec![("contact", "x")], 400),
            (s.course("/publier"), vec![], 404),
            (String::new(), vec![], 404),
            // A field of another form, a password.
            (url.clone(), vec![("contact", "x"), ("capacite", "9")], 400),
            (url.clone(), vec![("mot_de_passe", "x")], 400),
            (url.clone(), vec![("contact", "x"), ("contact", "y")], 400),
        ];
        for (adresse, autres, attendu) in cas {
            let paires = envoi(&adresse, &autres);
            let r = s.n.posts("/brouillon", &paires.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()).await;
            assert_eq!(r.statut.as_u16(), attendu, "{adresse} {autres:?} {}", r.texte());
        }
        assert_eq!(s.gardes().await, 1);
        // Neither without the token of the session, nor without a session, nor by another page's form.
        s.n.posts("/brouillon", &[("_brouillon", &url), ("_onglet", &onglet), ("contact", "x")]).await.is(403);
        s.n.posts("/brouillon/effacer", &[("_brouillon", &url)]).await.is(403);
        s.n.posts("/brouillon/effacer", &[("_jeton", &jeton), ("_brouillon", "/compte")]).await.is(404);
        s.n.posts("/brouillon", &[("_jeton", &jeton), ("_brouillon", &url), ("_onglet", "1"), ("contact", "x")]).await.is(404);
        s.t.navigateur().posts("/brouillon", &[("_jeton", &jeton), ("_brouillon", &url), ("contact", "x")]).await.is(403);
        let autre = s.course("/frais");
        let page = s.n.submits(&page, "Enregistrer", &[("_brouillon", &autre)]).await;
        page.is(400).sees("Le champ « _brouillon »");
        // A candidate saves no such form.
        let lea = s.t.candidat("lea@essai.example", TypeBac::General).await;
        let mut lea_n = s.t.navigateur_de(lea.compte).await;
        let sien = lea_n.opens("/candidat/dossier").await;
        let jeton = sien.jeton().to_owned();
        let refus = lea_n.posts("/brouillon", &[("_jeton", &jeton), ("_brouillon", &url), ("_onglet", &onglet), ("contact", "x")]).await;
        assert!(refus.statut.is_client_error(), "{}", refus.statut);
        assert_eq!(s.gardes().await, 1);
    }

    async fn ses_3_another_page_is_told_that_something_older_waits(base) {
        let mut s = scene(base).await;
        let url = s.course("/contacts");
        let page = s.n.opens(&url).await;
        let ancienne = s.n.opens(&url).await;
        s.n.keeps(&page, "Enregistrer", &[("contact", "Ici")]).await.is(204);
        s.n.keeps(&ancienne, "Enregistrer", &[("contact", "Là")]).await.is(412);
        // Forgotten: what is stored is shown, and whoever types may have it kept.
        let page = s.n.opens(&url).await;
        let oubli = juste(s.n.submits(&page, "L’oublier", &[]).await);
        oubli.is(200).sees("Votre saisie non enregistrée est oubliée.").sees_not("Vous aviez commencé");
        assert_eq!(s.gardes().await, 0);
        s.n.keeps(&ancienne, "Enregistrer", &[("contact", "Là")]).await.is(204);
        // Refused by a rule, the form goes on being the one that is kept.
        let page = s.n.opens(&s.course("/caracteristiques")).await;
        let refus = juste(s.n.submits(&page, "Enregistrer", &[("duree", "douze")]).await);
        refus.is(422);
        assert!(refus.html.contains("data-brouillon=\"revenu\""));
        s.n.keeps(&refus, "Enregistrer", &[]).await.is(204);
        s.n.submits(&refus, "Enregistrer", &[("duree", "3")]).await.is(200).sees("La rubrique est enregistrée.");
        assert_eq!(s.gardes().await, 1);
    }

    async fn ses_3_r_for_26_what_is_typed_is_previewed_and_what_waits_is_offered_and_not_lost(base) {
        let mut s = scene(base).await;
        let (url, accueil) = (s.etablissement("/journees").await, s.etablissement("/accueil").await);
        let page = s.n.opens(&url).await;
        let ancienne = [("jour", "2024-02-03"), ("debut", "09:00"), ("fin", "17:00"), ("ou", "Ancien hall")];
        s.n.keeps(&page, "Enregistrer la journée", &ancienne).await.is(204);
        // Another part is saved meanwhile: the establishment is not at the version that was in sight any more.
        let page = s.n.opens(&accueil).await;
        s.n.submits(&page, "Enregistrer l’accueil", &[("accessibilite", "Ascenseur.")]).await.is(200);
        // While it waits, what is typed is previewed, and it is still offered.
        let page = juste(s.n.opens(&url).await);
        page.is(200).sees(COMMENCEE);
        let reprendre = page.link("Reprendre ma saisie");
        let neuve = [("jour", "2024-02-10"), ("debut", "10:00"), ("fin", "12:00"), ("ou", "Nouveau hall")];
        let vue = juste(s.n.submits(&page, "Prévisualiser", &neuve).await);
        vue.is(200).sees(COMMENCEE);
        assert!(apercu(&vue).contains("Nouveau hall"), "{}", apercu(&vue));
        assert!(holds(&vue, "Nouveau hall") && vue.html.contains("data-brouillon=\"attend\""));
        assert_eq!(vue.link("Reprendre ma saisie"), reprendre);
        // Refused, the same.
        let refus = juste(s.n.submits(&vue, "Enregistrer la journée", &[("fin", "tard")]).await);
        refus.is(422).sees(COMMENCEE);
        // Taken back over what changed since, it is compared first; then the preview follows what is typed.
        let reprise = juste(s.n.opens(&reprendre).await);
        reprise.is(200).sees("Ces informations ont changé depuis : comparez avant d’enregistrer.");
        assert!(holds(&reprise, "Ancien hall") && !reprise.html.contains("data-fige"));
        let suivie = juste(s.n.submits(&reprise, "Prévisualiser", &[("ou", "Ancien hall, porte B")]).await);
        assert!(apercu(suivie.is(200)).contains("Ancien hall, porte B"), "{}", apercu(&suivie));
        suivie.sees_not("Vous aviez commencé");
        // What was typed beside it is saved; it goes on waiting, and is saved in its turn.
        let faite = s.n.submits(&vue, "Enregistrer la journée", &[]).await;
        faite.is(200).sees("Nouveau hall").sees(COMMENCEE);
        assert_eq!(s.gardes().await, 1);
        let conflit = juste(s.n.submits(&suivie, "Enregistrer la journée", &[]).await);
        conflit.is(409).sees("Rien n’a été écrasé");
        assert!(holds(&conflit, "Ancien hall, porte B") && conflit.html.contains("data-fige"));
        let faite = s.n.submits(&conflit, "Enregistrer la journée", &[]).await;
        faite.is(200).sees("Nouveau hall").sees("Ancien hall, porte B").sees_not("Saisie non enregistrée");
        assert_eq!(s.gardes().await, 0);
    }
}

#[tokio::test]
async fn ses_3_a_draft_of_a_closed_form_is_read_and_copied() {
    let mut s = scene(Base::sqlite()).await;
    let (part, course) = (s.etablissement("/accueil").await, s.course("/candidature"));
    let page = s.n.opens(&part).await;
    let texte = "Rampe d’accès.\r\nBoucle magnétique.";
    s.n.keeps(&page, "Enregistrer l’accueil", &[("accessibilite", texte)]).await.is(204);
    let page = s.n.opens(&course).await;
    s.n.keeps(&page, "Enregistrer", &[("pieces.0.piece", "Portfolio"), ("pieces.0.format", "pdf")])
        .await
        .is(204);
    let (_, groupe) = s.t.groupe(&s.f, "Bacheliers professionnels", "pro", 0).await;
    let places = format!("places-{groupe}");
    let chiffres = s.course("");
    let page = s.n.opens(&chiffres).await;
    s.n.keeps(&page, "Enregistrer", &[(&places, "7")]).await.is(204);
    s.t.at_closing(Etape::CapacitesFrais).await;
    let page = s.n.opens(&chiffres).await;
    let lue = juste(s.n.opens(&page.link("Lire ma saisie")).await);
    lue.sees("Places du groupe « Bacheliers professionnels »");
    for url in [&part, &course] {
        let page = juste(s.n.opens(url).await);
        page.is(200).sees("Elle ne peut plus l’être ici").sees_not("Reprendre ma saisie");
        assert!(!page.html.contains("data-brouillon"), "nothing more is kept");
        let lue = juste(s.n.opens(&page.link("Lire ma saisie")).await);
        lue.is(200).sees("Personne d’autre que vous ne peut le lire.");
        let attendu = if *url == part { "Boucle magnétique." } else { "Pièces demandées, ligne 1" };
        lue.sees(attendu);
        // Asked for all the same, it is not put in a form that cannot be saved.
        let force = s.n.opens(&format!("{url}?brouillon=reprendre")).await;
        force.is(200).sees("Elle ne peut plus l’être ici");
    }
    let lue = s.n.opens(&format!("/brouillon?adresse={part}")).await;
    s.n.submits(&lue, "Oublier cette saisie", &[]).await.is(200).sees("est oubliée");
    s.n.opens(&format!("/brouillon?adresse={part}")).await.is(404);
    s.n.opens("/brouillon?adresse=/compte").await.is(404);
    s.n.opens("/brouillon").await.is(404);
    // No longer of the establishment: its name is told no more, what one typed stays.
    s.t.sql("UPDATE attribution SET supprime_le = 1 WHERE compte_id = $1", vec![s.compte.into()]).await;
    let mut n = s.t.navigateur_de(s.compte).await;
    let lue = n.opens(&format!("/brouillon?adresse={course}")).await;
    lue.is(200).sees("Portfolio").sees_not("BTS Électronique");
}

#[tokio::test]
async fn ses_3_the_conversation_the_establishment_the_capacity_and_the_request_keep_what_is_typed() {
    let mut s = scene(Base::sqlite()).await;
    s.t.sql(
        "UPDATE formation_session SET presentation = 'Ancienne' WHERE id = $1",
        vec![s.f.formation_session.into()],
    )
    .await;
    let sites = s.etablissement("/sites").await;
    let journees = s.etablissement("/journees").await;
    let lignes = s.n.opens(&sites).await;
    let ligne = lignes.link("Modifier").split('#').next().unwrap().to_owned();
    let cas: Vec<(String, &str, Champs)> = vec![
        (s.course(""), "Enregistrer", vec![("capacite", "27"), ("presentation", "Neuve")]),
        (s.course("/echanges"), "Envoyer", vec![("texte", "Bonjour à vous")]),
        (s.etablissement("/echanges").await, "Envoyer", vec![("texte", "Bonjour")]),
        (s.course("/demander?nature=suspension"), "Envoyer la demande", vec![("motif", "Travaux")]),
        (
            "/gestion/2024/demandes/ouvrir".to_owned(),
            "Envoyer la demande",
            vec![("libelle", "BTS Neuf"), ("motif", "Besoin")],
        ),
        (sites.clone(), "Enregistrer le site", vec![("nom", "Annexe neuve")]),
        (ligne, "Enregistrer le site", vec![("nom", "Principal, renommé")]),
        (
            journees,
            "Enregistrer la journée",
            vec![("jour", "2024-02-03"), ("a_distance", "oui"), ("ou", "Hall")],
        ),
    ];
    for (url, bouton, saisie) in &cas {
        let page = juste(s.n.opens(url).await);
        s.n.keeps(&page, bouton, saisie).await.is(204);
        let page = juste(s.n.opens(url).await);
        page.sees(COMMENCEE);
        let reprise = juste(s.n.opens(&page.link("Reprendre ma saisie")).await);
        for (nom, valeur) in saisie.iter().filter(|(nom, _)| *nom != "a_distance") {
            assert!(holds(&reprise, valeur), "{url} {nom}\n{}", reprise.html);
        }
    }
    assert_eq!(usize::try_from(s.gardes().await).unwrap(), cas.len());
    // A few on the home, the others counted.
    s.n.opens("/gestion/2024").await.is(200).sees("3 autres saisies plus anciennes attendent");
    // Another form of the same page does not erase it.
    let page = s.n.opens(&sites).await;
    s.n.submits(&page, "Retirer", &[]).await;
    assert_eq!(usize::try_from(s.gardes().await).unwrap(), cas.len());
    for (url, bouton, _) in cas.iter().take(3) {
        let page = s.n.opens(url).await;
        let reprise = s.n.opens(&page.link("Reprendre ma saisie")).await;
        s.n.submits(&reprise, bouton, &[]).await.is(200).sees_not("Saisie non enregistrée");
    }
    assert_eq!(usize::try_from(s.gardes().await).unwrap(), cas.len() - 3);
}

#[tokio::test]
async fn ses_3_a_box_that_was_unticked_stays_so() {
    let mut s = scene(Base::sqlite()).await;
    let url = s.etablissement("/journees").await;
    let page = s.n.opens(&url).await;
    let jour = [
        ("jour", "2024-02-03"),
        ("debut", "09:00"),
        ("fin", "17:00"),
        ("a_distance", "oui"),
        ("ou", "https://visio.lycee.fr"),
    ];
    let page = s.n.submits(&page, "Enregistrer la journée", &jour).await;
    let ligne = page.link("Modifier").split('#').next().unwrap().to_owned();
    let page = s.n.opens(&ligne).await;
    assert!(page.html.contains(" checked"));
    // The browser does not send it.
    let sans = page.html.replace(" checked", "");
    s.n.keeps(&Reponse { html: sans, ..page }, "Enregistrer la journée", &[("ou", "https://autre.lycee.fr")])
        .await
        .is(204);
    let page = s.n.opens(&ligne).await;
    let reprise = s.n.opens(&page.link("Reprendre ma saisie")).await;
    assert!(holds(&reprise, "https://autre.lycee.fr") && !reprise.html.contains(" checked"));
}

#[tokio::test]
async fn ses_3_drafts_are_bounded_in_size_rate_and_time() {
    let limites = Limites {
        brouillon_octets: 2_000,
        brouillons_par_minute: (30, 3),
        ecritures: (30, 10),
        ..testkit::limites()
    };
    let t = TestApp::with_limites(Base::sqlite(), limites).await;
    app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let mut n = t.navigateur_de(compte).await;
    let url = format!("/gestion/2024/formations/{}/echanges", f.public_id);
    let page = n.opens(&url).await;
    n.keeps(&page, "Envoyer", &[("texte", &"a".repeat(3_000))]).await.is(413);
    n.keeps(&page, "Envoyer", &[("texte", "un")]).await.is(204);
    n.keeps(&page, "Envoyer", &[("texte", "deux")]).await.is(204);
    n.keeps(&page, "Envoyer", &[("texte", "trois")]).await.is(429);
    // Counted apart: the form itself leaves.
    let page = n.opens(&url).await;
    page.sees(COMMENCEE);
    let page = n.opens(&page.link("Reprendre ma saisie")).await;
    n.submits(&page, "Envoyer", &[("texte", "Le message")]).await.is(200).sees("Votre message est envoyé");
    let page = n.opens(&url).await;
    page.sees_not("Saisie non enregistrée");
    t.horloge.set_maintenant(t.app.horloge.maintenant() + SignedDuration::from_secs(10));
    n.keeps(&page, "Envoyer", &[("texte", "quatre")]).await.is(204);
    n.opens(&url).await.sees("Saisie non enregistrée");
    let maintenant = t.app.horloge.maintenant().as_millisecond();
    t.sql("UPDATE brouillon_saisie SET expire_le = $1", vec![maintenant.into()]).await;
    n.opens(&url).await.is(200).sees_not("Saisie non enregistrée");
    n.opens(&format!("/brouillon?adresse={url}")).await.is(404);
    n.opens("/gestion/2024").await.is(200).sees_not("Saisies non enregistrées");
}
