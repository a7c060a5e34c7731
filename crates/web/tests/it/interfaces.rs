//! The pages where an establishment gives tokens to its programs, looks at what they do and takes them back.

use std::sync::Arc;

use app::Ctx;
use app::interfaces::{Appel, resolve_jeton};
use app::limites::JOUR_MS;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::interfaces::jetons::FinJeton;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

struct Scene {
    t: TestApp,
    etablissement: i64,
    f: FormationEssai,
    g: FormationEssai,
    compte: i64,
    admin: Navigateur,
}

async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let g = t.formation(etablissement, "BTS Tourisme", Famille::Bts, true, 24, false).await;
    let admin = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", admin).await;
    t.at("2023-11-20T10:00");
    let admin = t.navigateur_de(compte).await;
    Scene { t, etablissement, f, g, compte, admin }
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

/// The token that a page shows.
fn montre(r: &Reponse) -> String {
    let reste = r.html.split("value=\"pcs_").nth(1).expect("a token is shown");
    format!("pcs_{}", reste.split('"').next().expect("the attribute closes"))
}

/// Whether the box of this name and value is ticked.
fn coche(r: &Reponse, nom: &str, valeur: &str) -> bool {
    let debut = format!("name=\"{nom}\" value=\"{valeur}\"");
    let reste = r.html.split(&debut).nth(1).unwrap_or_else(|| panic!("no box {debut}"));
    reste.split('>').next().expect("the tag closes").contains("checked")
}

impl Scene {
    async fn fin(&self, jeton: &str) -> Option<FinJeton> {
        let maintenant = self.t.systeme().recu_ms();
        let lu = resolve_jeton(&self.t.app, jeton, maintenant).await.expect("the database answers");
        lu.err().flatten().map(|sans_effet| sans_effet.fin)
    }

    async fn gives(&mut self, saisie: &[(&str, &str)]) -> Reponse {
        let page = self.admin.opens("/gestion/2024/interfaces").await;
        let page = self.admin.opens(&page.link("Donner un jeton d’accès")).await;
        juste(self.admin.submits(&page, "Donner le jeton", saisie).await)
    }
}

both_databases! {
    async fn r_api_01_04_a_token_is_given_shown_once_watched_and_taken_back(base) {
        let mut s = scene(base).await;
        let accueil = s.admin.opens("/gestion/2024").await;
        let liste = juste(s.admin.opens(&accueil.link("Accès des logiciels")).await);
        liste.is(200).sees("Lycée Jules-Verne").sees("Aucun logiciel n’a reçu de jeton");
        let page = juste(s.admin.opens(&liste.link("Donner un jeton d’accès")).await);
        page.is(200).sees("Sur toutes les formations (2)").sees("De 1 à 400 jours ; 92 au plus").sees_not("Formations suivantes");
        let boite = format!("f.{}[]", s.f.public_id);
        let saisie = [("libelle", "SI scolarité"), ("etablissement", "ecriture"), ("toutes[]", "lecture"), (&boite, "transmission")];
        let donne = juste(s.admin.submits(&page, "Donner le jeton", &saisie).await);
        donne.is(200).sees("il ne sera plus jamais affiché").sees("Récépissé nº").sees("/api/v1/jeton");
        assert_eq!(donne.entetes["cache-control"], "no-store");
        let jeton = montre(&donne);
        assert_eq!(s.fin(&jeton).await, None);
        // Sent twice: it was given, and is not shown again.
        let encore = juste(s.admin.submits(&page, "Donner le jeton", &saisie).await);
        encore.is(200).sees("déjà donné").sees("il ne peut pas être montré une seconde fois");
        assert!(!encore.html.contains(&jeton));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api", vec![]).await, 1);
        let liste = juste(s.admin.opens(&donne.link("Voir les jetons")).await);
        liste.sees("En vigueur").sees("Établissement : lecture et écriture").sees("BTS Tourisme : lecture");
        liste.sees("BTS Électronique : lecture des dossiers, transmission du classement");
        assert!(!liste.html.contains(&jeton));
        // What it calls is read there.
        let vu = resolve_jeton(&s.t.app, &jeton, s.t.systeme().recu_ms()).await.unwrap().unwrap();
        let route = "PUT /api/v1/sessions/{annee}/etablissements/{id}/coordonnees".to_owned();
        let ctx = Ctx { jeton: Some(vu.cle), route, ..s.t.ctx(vu.acteur) };
        for n in 0..52 {
            let statut = if n == 0 { 412 } else { 200 };
            s.t.app.carnet.note(&ctx, Appel { objet: String::new(), statut, duree_us: 12_300, marques: Vec::new() });
        }
        s.t.app.carnet.flush(&Arc::clone(&s.t.app)).await.unwrap();
        let un = juste(s.admin.opens(&liste.link("SI scolarité")).await);
        un.is(200).sees("Modification : établissements, coordonnées").sees("Réussi (200)").sees("12 ms");
        un.sees("Appels des 7 derniers jours").sees_not("Modifié entre-temps");
        let anciens = juste(s.admin.opens(&un.link("Plus anciens")).await);
        anciens.is(200).sees("Modifié entre-temps (412)").sees_not("Plus anciens");
        let question = juste(s.admin.opens(&un.link("Révoquer ce jeton")).await);
        question.is(200).sees("c’est définitif").sees("BTS Tourisme : lecture");
        let fait = juste(s.admin.submits(&question, "Révoquer le jeton", &[]).await);
        fait.is(200).sees("Le jeton d’accès est révoqué").sees("Récépissé nº").sees("Révoqué");
        assert_eq!(s.fin(&jeton).await, Some(FinJeton::Revoque));
        s.admin.opens(&un.url).await.is(200).sees("Ce jeton est révoqué").sees_not("Révoquer ce jeton");
    }

    async fn r_api_01_03_a_refused_form_comes_back_as_it_was_typed(base) {
        let mut s = scene(base).await;
        let vide = s.gives(&[("libelle", " "), ("jours", "dix")]).await;
        vide.is(422).sees("Saisissez un nombre entier compris entre 1 et 400").sees_not("il ne sera plus jamais affiché");
        let vide = s.gives(&[("libelle", " "), ("jours", "10"), ("toutes[]", "parametrage")]).await;
        vide.is(422).sees("Donnez un nom à ce logiciel");
        let rien = s.gives(&[("libelle", "SI"), ("jours", "10")]).await;
        rien.is(422).sees("Cochez au moins une case, ici ou en face d’une formation");
        let boite = format!("f.{}[]", s.g.public_id);
        let long = s.gives(&[("libelle", "SI scolarité"), ("jours", "93"), ("etablissement", "ecriture"), (&boite, "publication")]).await;
        long.is(422).sees("Un jeton de cette étendue dure de 1 à 92 jours");
        assert!(long.html.contains("value=\"SI scolarité\"") && long.html.contains("value=\"93\""));
        assert!(coche(&long, "etablissement", "ecriture") && coche(&long, &boite, "publication"));
        assert!(!coche(&long, &boite, "capacites"));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api", vec![]).await, 0);
        // Corrected, the same form gives it.
        let donne = s.admin.submits(&long, "Donner le jeton", &[("jours", "92")]).await;
        assert_eq!(s.fin(&montre(&donne)).await, None);
        let codes = "SELECT operations FROM jeton_api_formation WHERE formation_id = $1";
        assert_eq!(s.t.mot(codes, vec![s.g.formation.into()]).await, "publication");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api_formation", vec![]).await, 1);
    }

    async fn r_api_01_what_is_ticked_on_another_page_of_the_table_stays_ticked(base) {
        let mut s = scene(base).await;
        for n in 0..30 {
            s.t.formation(s.etablissement, &format!("Licence Essai {n:02}"), Famille::Licence, false, 24, false).await;
        }
        let page = s.admin.opens("/gestion/2024/interfaces").await;
        let page = s.admin.opens(&page.link("Donner un jeton d’accès")).await;
        page.sees("Le tableau montre les formations 1 à 25 sur 32");
        let boite = format!("f.{}[]", s.f.public_id);
        let suite = juste(s.admin.submits(&page, "Formations suivantes", &[("libelle", "SI"), (&boite, "capacites")]).await);
        suite.is(200).sees("1 formation cochée à part").sees("26 à 32 sur 32");
        assert!(suite.html.contains("value=\"SI\"") && !suite.html.contains(&boite));
        // A search, then back to all: nothing is lost.
        let trouve = juste(s.admin.submits(&suite, "Montrer ces formations", &[("cherche", "electronique")]).await);
        trouve.is(200);
        assert!(coche(&trouve, &boite, "capacites") && coche(&trouve, &boite, "lecture"));
        let ailleurs = s.admin.submits(&trouve, "Montrer ces formations", &[("cherche", "licorne")]).await;
        ailleurs.is(200).sees("Aucune formation n’a ces mots").sees("1 formation cochée à part");
        let donne = s.admin.submits(&ailleurs, "Donner le jeton", &[("toutes[]", "parametrage")]).await;
        donne.is(200);
        montre(&donne);
        let codes = "SELECT operations FROM jeton_api_formation WHERE formation_id = $1";
        assert_eq!(s.t.mot(codes, vec![s.f.formation.into()]).await, "parametrage,capacites");
        assert_eq!(s.t.mot(codes, vec![s.g.formation.into()]).await, "parametrage");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api_formation", vec![]).await, 32);
    }

    async fn r_api_13_a_token_is_changed_from_its_page_and_the_program_goes_on(base) {
        let mut s = scene(base).await;
        let boite = format!("f.{}[]", s.f.public_id);
        let donne = s.gives(&[("libelle", "SI scolarité"), (&boite, "capacites")]).await;
        let jeton = montre(&donne);
        let liste = s.admin.opens("/gestion/2024/interfaces").await;
        let un = juste(s.admin.opens(&liste.link("SI scolarité")).await);
        let page = juste(s.admin.opens(&un.link("Modifier ce jeton")).await);
        page.is(200).sees("garde le même jeton et ses abonnements").sees_not("Durée");
        let ailleurs = s.admin.opens(&page.url).await;
        assert!(page.html.contains("value=\"SI scolarité\""));
        assert!(coche(&page, &boite, "capacites") && !coche(&page, &format!("f.{}[]", s.g.public_id), "lecture"));
        assert!(!coche(&page, "toutes[]", "lecture") && !coche(&page, "a_venir", "oui"));
        // Those to come with nothing for all: said where it is mended, and what was typed stays.
        let faux = juste(s.admin.submits(&page, "Enregistrer les changements", &[("a_venir", "oui"), ("libelle", "SI")]).await);
        faux.is(422).sees("Cochez d’abord ce que le logiciel peut faire sur toutes les formations");
        assert!(faux.html.contains("value=\"SI\"") && coche(&faux, "a_venir", "oui"));
        let saisie = [("toutes[]", "lecture"), ("toutes[]", "parametrage"), ("demandes", "oui"), ("etablissement", "ecriture")];
        let fait = juste(s.admin.submits(&faux, "Enregistrer les changements", &saisie).await);
        fait.is(200).sees("Le jeton d’accès est modifié").sees("Récépissé nº");
        fait.sees("Établissement : lecture et écriture, demandes au service académique");
        fait.sees("Toutes les formations, celles à venir comprises : paramétrage");
        assert_eq!(s.fin(&jeton).await, None, "the same secret");
        let neuve = s.t.formation(s.etablissement, "BTS Neuf", Famille::Bts, true, 24, false).await;
        let l = s.t.logiciel(&jeton);
        assert_eq!(l.lit(&format!("/api/v1/sessions/2024/formations/{}", neuve.public_id)).await.statut, 200);
        let dit = l.lit("/api/v1/jeton").await;
        assert_eq!((dit.json["libelle"].as_str(), dit.json["toutes"][0].as_str()), (Some("SI"), Some("parametrage")));
        assert_eq!(dit.json["demande_etablissement"], true);
        // A page opened before somebody else's change writes over nothing.
        let vieille = juste(s.admin.submits(&ailleurs, "Enregistrer les changements", &[("libelle", "Autre")]).await);
        vieille.is(409).sees("Quelqu’un a changé ce jeton entre-temps");
        vieille.sees("Ce que ce jeton ouvre maintenant").sees("celles à venir comprises : paramétrage");
        assert_eq!(s.t.mot("SELECT libelle FROM jeton_api", vec![]).await, "SI");
        // Only what is in force is changed.
        let question = s.admin.opens(&fait.link("Révoquer ce jeton")).await;
        s.admin.submits(&question, "Révoquer le jeton", &[]).await.is(200);
        juste(s.admin.opens(&page.url).await).is(200).sees("il ne se modifie plus").sees_not("Enregistrer les changements");
        s.admin.opens(&un.url).await.is(200).sees_not("Modifier ce jeton").sees_not("Renouveler ce jeton");
        // What it does on all the courses, and besides on one, is ticked where each was given.
        s.gives(&[("libelle", "Paie"), ("toutes[]", "lecture"), (&boite, "capacites")]).await.is(200);
        let liste = s.admin.opens("/gestion/2024/interfaces").await;
        let un = s.admin.opens(&liste.link("Paie")).await;
        let page = s.admin.opens(&un.link("Modifier ce jeton")).await;
        assert!(coche(&page, "toutes[]", "lecture") && coche(&page, &boite, "capacites"));
        assert!(!coche(&page, "toutes[]", "capacites") && !coche(&page, &format!("f.{}[]", s.g.public_id), "capacites"));
    }

    async fn r_api_13_a_token_is_renewed_from_its_page_and_refused_calls_are_told(base) {
        let mut s = scene(base).await;
        let ancien = montre(&s.gives(&[("libelle", "SI scolarité"), ("toutes[]", "lecture")]).await);
        let liste = s.admin.opens("/gestion/2024/interfaces").await;
        let un = s.admin.opens(&liste.link("SI scolarité")).await;
        // What it does on every course of today is ticked where it was given.
        let modifier = s.admin.opens(&un.link("Modifier ce jeton")).await;
        modifier.is(200).sees("Aucune formation cochée à part");
        assert!(coche(&modifier, "toutes[]", "lecture") && !coche(&modifier, "a_venir", "oui"));
        let page = juste(s.admin.opens(&un.link("Renouveler ce jeton")).await);
        page.is(200).sees("Il vaut jusqu’à la fin de la journée").sees("Établissement : lecture");
        let faux = juste(s.admin.submits(&page, "Renouveler le jeton", &[("jours", "401"), ("ancien", "jamais")]).await);
        faux.is(422).sees("compris entre 1 et 400").sees("Choisissez ce que devient l’ancien jeton");
        let fait = juste(s.admin.submits(&faux, "Renouveler le jeton", &[("jours", "40"), ("ancien", "jour")]).await);
        fait.is(200).sees("Jeton d’accès renouvelé").sees("il ne sera plus jamais affiché").sees("ouvre encore la même chose jusqu’au");
        assert_eq!(fait.entetes["cache-control"], "no-store");
        let neuf = montre(&fait);
        assert_eq!((s.fin(&neuf).await, s.fin(&ancien).await), (None, None));
        s.admin.opens(&un.url).await.is(200).sees("Jeton remplacé, valable jusqu’au");
        let encore = juste(s.admin.submits(&faux, "Renouveler le jeton", &[("jours", "40"), ("ancien", "jour")]).await);
        encore.is(200).sees("déjà renouvelé");
        assert!(!encore.html.contains(&neuf));
        // At once, and somebody goes on with the one of before.
        let page = s.admin.opens(&page.url).await;
        montre(&s.admin.submits(&page, "Renouveler le jeton", &[("ancien", "aussitot")]).await);
        let r = s.t.logiciel(&neuf).lit("/api/v1/jeton").await;
        assert_eq!((r.statut.as_u16(), r.code()), (401, "jeton_renouvele"));
        s.t.app.carnet.flush(&Arc::clone(&s.t.app)).await.unwrap();
        let un = juste(s.admin.opens(&un.url).await);
        un.is(200).sees("Des appels arrivent encore avec un jeton qu’il remplace").sees("1 appel refusé").sees("Jeton refusé (401)");
        s.admin.opens("/gestion/2024/interfaces").await.is(200).sees("Appels refusés");
        let question = s.admin.opens(&un.link("Révoquer ce jeton")).await;
        s.admin.submits(&question, "Révoquer le jeton", &[]).await.is(200).sees_not("Appels refusés");
        for _ in 0..2 {
            assert_eq!(s.t.logiciel(&neuf).lit("/api/v1/jeton").await.code(), "jeton_revoque");
        }
        s.t.app.carnet.flush(&Arc::clone(&s.t.app)).await.unwrap();
        s.admin.opens(&un.url).await.is(200).sees("Des appels arrivent encore avec ce jeton révoqué : 2 appels refusés");
        juste(s.admin.opens(&page.url).await).is(200).sees("Un jeton révoqué ne se renouvelle pas").sees_not("Renouveler le jeton");
    }

    async fn r_api_13_hab_7_changing_and_renewing_ask_for_a_fresh_second_step_and_for_the_right(base) {
        let mut s = scene(base).await;
        let ancien = montre(&s.gives(&[("libelle", "SI scolarité"), ("toutes[]", "lecture")]).await);
        let liste = s.admin.opens("/gestion/2024/interfaces").await;
        let un = s.admin.opens(&liste.link("SI scolarité")).await;
        let modifier = s.admin.opens(&un.link("Modifier ce jeton")).await;
        let renouveler = s.admin.opens(&un.link("Renouveler ce jeton")).await;
        s.t.sql("UPDATE session_web SET second_facteur_le = 1", vec![]).await;
        let saisie = [("toutes[]", "parametrage")];
        s.admin.submits(&modifier, "Enregistrer les changements", &saisie).await.sees("Confirmer que c’est bien vous");
        s.admin.submits(&renouveler, "Renouveler le jeton", &[]).await.sees("Confirmer que c’est bien vous");
        assert_eq!(s.t.nombre("SELECT version FROM jeton_api", vec![]).await, 0);
        assert_eq!(s.fin(&ancien).await, None);
        let lecteur = Attribution { etablissement: Some(s.etablissement), ..Attribution::simple(Role::Lecteur) };
        let (lecteur, _) = s.t.personne("lecteur@lycee.example", lecteur).await;
        let mut lecteur = s.t.navigateur_de(lecteur).await;
        for page in [&modifier.url, &renouveler.url] {
            lecteur.opens(page).await.is(403);
        }
    }

    async fn r_api_01_hab_7_giving_asks_for_a_fresh_second_step_and_for_the_right(base) {
        let mut s = scene(base).await;
        let page = s.admin.opens("/gestion/2024/interfaces").await;
        let url = page.url.clone();
        let page = s.admin.opens(&page.link("Donner un jeton d’accès")).await;
        s.t.sql("UPDATE session_web SET second_facteur_le = 1", vec![]).await;
        let saisie = [("libelle", "SI scolarité"), ("toutes[]", "lecture")];
        let arret = s.admin.submits(&page, "Donner le jeton", &saisie).await;
        arret.sees("Confirmer que c’est bien vous");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api", vec![]).await, 0);
        // Once it is made, what was sent goes on.
        let maintenant = s.t.systeme().recu_ms();
        s.t.sql("UPDATE session_web SET second_facteur_le = $1", vec![maintenant.into()]).await;
        let suite = s.admin.opens(arret.url.split("suite=").nth(1).unwrap()).await;
        let donne = s.admin.submits(&suite, "Terminer l’envoi", &[]).await;
        donne.is(200).sees("SI scolarité");
        montre(&donne);
        let lecteur = Attribution { etablissement: Some(s.etablissement), ..Attribution::simple(Role::Lecteur) };
        let (lecteur, _) = s.t.personne("lecteur@lycee.example", lecteur).await;
        let mut lecteur = s.t.navigateur_de(lecteur).await;
        lecteur.opens("/gestion/2024").await.is(200).sees_not("Accès des logiciels");
        for suite in ["", "/nouveau"] {
            lecteur.opens(&format!("{url}{suite}")).await.is(403);
        }
        lecteur.opens("/gestion/2024/interfaces").await.is(403);
    }
}

#[tokio::test]
async fn r_api_08_whoever_gives_tokens_looks_at_subscriptions_and_takes_one_away() {
    let mut s = scene(Base::sqlite()).await;
    let donne = s.gives(&[("libelle", "SI scolarité"), ("toutes[]", "lecture")]).await;
    let l = s.t.logiciel(&montre(&donne));
    let liste = s.admin.opens("/gestion/2024/interfaces").await;
    let jeton = juste(s.admin.opens(&liste.link("SI scolarité")).await);
    let vide = juste(s.admin.opens(&jeton.link("Ses abonnements")).await);
    vide.is(200).sees("n’a pris aucun abonnement").sees_not("Retirer cet abonnement");
    let corps = serde_json::json!({ "url": "https://si.lycee.example/recoit?cle=secrete", "evenements": ["formation.publiee"] });
    let cle = [("idempotency-key", "a1")];
    let pris = l.ecrit(axum::http::Method::POST, "/api/v1/abonnements", &cle, &corps).await;
    assert_eq!(pris.statut, 201, "{}", pris.json);
    let essai = format!("/api/v1/abonnements/{}/essai", pris.json["id"].as_str().expect("an identifier"));
    l.ecrit(axum::http::Method::POST, &essai, &[("idempotency-key", "a2")], &serde_json::json!({})).await;
    let page = juste(s.admin.opens(&vide.url).await);
    page.is(200)
        .sees("si.lycee.example")
        .sees("Formation publiée")
        .sees("En service")
        .sees("Essai demandé par le logiciel");
    assert!(!page.html.contains("secrete"), "the rest of an address may hold a secret");
    // What is sent outside is looked at, and stopped, after a second step.
    s.t.sql("UPDATE session_web SET second_facteur_le = 1", vec![]).await;
    s.admin.opens(&vide.url).await.sees("Confirmer que c’est bien vous");
    let maintenant = s.t.systeme().recu_ms();
    s.t.sql("UPDATE session_web SET second_facteur_le = $1", vec![maintenant.into()]).await;
    let retire = juste(s.admin.submits(&page, "Retirer cet abonnement", &[]).await);
    retire.is(200).sees("L’abonnement est retiré").sees("n’a pris aucun abonnement");
    assert_eq!(l.lit("/api/v1/abonnements").await.json["abonnements"], serde_json::json!([]));
}

#[tokio::test]
async fn r_api_04_a_page_says_when_a_token_ends_soon_ended_or_lost_its_giver() {
    let mut s = scene(Base::sqlite()).await;
    s.gives(&[("libelle", "SI scolarité"), ("toutes[]", "lecture")]).await.is(200);
    let maintenant = s.t.systeme().recu_ms();
    for (fin, dit) in
        [(15 * JOUR_MS, "En vigueur"), (15 * JOUR_MS - 1, "Expire dans moins de 15 jours"), (0, "Expiré")]
    {
        s.t.sql("UPDATE jeton_api SET expire_le = $1", vec![(maintenant + fin).into()]).await;
        s.admin.opens("/gestion/2024/interfaces").await.is(200).sees(dit);
    }
    // Another administrator takes over; who gave it has left.
    s.t.sql("UPDATE jeton_api SET expire_le = $1", vec![(maintenant + 40 * JOUR_MS).into()]).await;
    let suivant =
        Attribution { etablissement: Some(s.etablissement), ..Attribution::simple(Role::AdminSite) };
    let (suivant, _) = s.t.personne("suivant@lycee.example", suivant).await;
    s.t.sql("DELETE FROM attribution WHERE compte_id = $1", vec![s.compte.into()]).await;
    let mut n = s.t.navigateur_de(suivant).await;
    let liste = juste(n.opens("/gestion/2024/interfaces").await);
    liste.is(200).sees("Sans donneur");
    n.opens(&liste.link("SI scolarité")).await.is(200).sees("ne peut plus donner de jeton");
}

#[tokio::test]
async fn r_api_01_an_archived_session_gives_no_token_and_still_takes_one_back() {
    let mut s = scene(Base::sqlite()).await;
    let page = s.admin.opens("/gestion/2024/interfaces").await;
    let page = s.admin.opens(&page.link("Donner un jeton d’accès")).await;
    s.gives(&[("libelle", "SI scolarité"), ("toutes[]", "lecture")]).await.is(200);
    s.t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
    let refus =
        s.admin.submits(&page, "Donner le jeton", &[("libelle", "Autre"), ("toutes[]", "lecture")]).await;
    refus.is(422).sees("archivée").sees_not("Donner le jeton");
    let liste = juste(s.admin.opens("/gestion/2024/interfaces").await);
    liste.is(200).sees("archivée").sees_not("Donner un jeton d’accès");
    let un = s.admin.opens(&liste.link("SI scolarité")).await;
    let question = s.admin.opens(&un.link("Révoquer ce jeton")).await;
    s.admin.submits(&question, "Révoquer le jeton", &[]).await.is(200).sees("Révoqué");
}

#[tokio::test]
async fn r_api_01_ses_3_what_is_typed_waits_until_the_token_is_given() {
    let mut s = scene(Base::sqlite()).await;
    let page = s.admin.opens("/gestion/2024/interfaces").await;
    let page = s.admin.opens(&page.link("Donner un jeton d’accès")).await;
    let boite = format!("f.{}[]", s.f.public_id);
    let saisie = [("libelle", "SI scolarité"), ("toutes[]", "lecture"), (&boite, "capacites")];
    s.admin.keeps(&page, "Donner le jeton", &saisie).await.is(204);
    let page = s.admin.opens(&page.url).await;
    let reprise = juste(s.admin.opens(&page.link("Reprendre ma saisie")).await);
    assert!(reprise.html.contains("value=\"SI scolarité\""));
    assert!(coche(&reprise, "toutes[]", "lecture") && coche(&reprise, &boite, "capacites"));
    s.admin.submits(&reprise, "Donner le jeton", &[]).await.is(200);
    s.admin.opens(&page.url).await.is(200).sees_not("Reprendre ma saisie");
}
