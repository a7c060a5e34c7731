//! The settings of courses on the site de gestion.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp};

use crate::gestion_description::apercu;

async fn prepare() -> (TestApp, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let (compte, _) = t.responsable("resp@lycee.example", &f).await;
    t.at("2023-11-20T10:00");
    let n = t.navigateur_de(compte).await;
    (t, f, n)
}

fn url(f: &FormationEssai) -> String {
    format!("/gestion/2024/formations/{}", f.public_id)
}

#[tokio::test]
async fn web_6_a_manager_changes_capacity_and_fees_then_publishes_and_the_public_sees_it() {
    let (t, f, mut n) = prepare().await;
    let page = n.opens("/gestion").await;
    assert_eq!(page.url, "/gestion/2024");
    page.is(200)
        .sees("Lycée Jules-Verne")
        .sees("Relire et publier")
        .sees("Capacités, frais et publication : jusqu’au vendredi 12 janvier 2024");
    let page = n.opens("/gestion/2024/formations").await;
    page.is(200).sees("1 formation").sees("Brouillon").sees("Jusqu’au vendredi 12 janvier 2024");
    let page = n.opens(&page.link("BTS Électronique")).await;
    page.is(200).sees("n’est pas encore publiée");
    let saisie =
        [("capacite", "30"), ("frais", "1 250,50"), ("presentation", "Un premier.\r\n\r\nUn second.")];
    let page = n.submits(&page, "Enregistrer", &saisie).await;
    page.is(200).sees("Vos modifications sont enregistrées.").sees("Récépissé nº");
    let page = n.opens(&page.link("Relire et publier")).await;
    page.is(200)
        .sees("30 places")
        .sees("1\u{202f}250,50\u{a0}€ par an")
        .sees("Un second.")
        .sees("ne voit pas encore");
    let page = n.submits(&page, "Publier ces informations", &[]).await;
    page.is(200).sees("La formation est publiée").sees("Récépissé nº").sees_not("Relire et publier");
    // A change after publication is not public before being published again.
    let page = n.submits(&page, "Enregistrer", &[("capacite", "36")]).await;
    page.is(200)
        .sees("ne sont pas encore publiques")
        .sees("Ont changé depuis la publication du")
        .sees("Capacité d’accueil");
    n.opens("/gestion/2024/formations").await.sees("À publier de nouveau");
    n.opens("/gestion/2024").await.sees("À publier de nouveau : ce qui est publié diffère");
    t.at_opening(Etape::Consultation).await;
    let fiche = t.navigateur().opens(&format!("/formations/{}", f.public_id)).await;
    fiche.is(200).sees("30 places").sees("Un premier.");
}

#[tokio::test]
async fn groups_must_make_the_capacity_and_what_was_typed_stays() {
    let (t, f, mut n) = prepare().await;
    let (_, pro) = t.groupe(&f, "Baccalauréats professionnels", "pro", 0).await;
    let (premier, second) = (format!("places-{}", f.groupe_public_id), format!("places-{pro}"));
    let page = n.opens(&url(&f)).await;
    let page = n.submits(&page, "Enregistrer", &[("capacite", "30"), (&premier, "20"), (&second, "9")]).await;
    page.is(422).sees("font 29 en tout, alors que la capacité est de 30");
    assert!(page.html.contains(r#"value="9""#), "{}", page.html);
    let page = n.submits(&page, "Enregistrer", &[(&second, "10")]).await;
    page.is(200).sees("enregistrées");
    let page = n.opens(&page.link("Relire et publier")).await;
    page.is(200).sees("30 places").sees("Places et groupes de classement");
    for places in ["20", "10"] {
        assert!(page.html.contains(&format!(">{places}</td>")), "{places}: {}", page.html);
    }
}

#[tokio::test]
async fn wrong_input_is_explained_field_by_field() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f)).await;
    let refus = n.submits(&page, "Enregistrer", &[("capacite", "-3"), ("frais", "beaucoup")]).await;
    refus
        .is(422)
        .sees("2 erreurs")
        .sees("Capacité d’accueil : saisissez un nombre entier compris entre 0 et 20\u{202f}000.")
        .sees("Saisissez un nombre entier compris entre 0 et 20\u{202f}000.")
        .sees("Frais de scolarité : saisissez un montant en euros")
        .sees("Saisissez un montant en euros");
    assert!(refus.html.contains(r#"value="-3""#) && refus.html.contains(r#"value="beaucoup""#));
    let inconnu = n.submits(&page, "Enregistrer", &[("etat", "publiee")]).await;
    inconnu.is(400).sees("Le champ « etat » n’est pas de ceux que vous pouvez modifier ici");
    n.submits(&page, "Enregistrer", &[("_jeton", "faux")]).await.is(403);
    let trop = "x".repeat(5_001);
    let long = n.submits(&page, "Enregistrer", &[("presentation", &trop)]).await;
    long.is(422).sees("5\u{202f}000 caractères au plus");
}

#[tokio::test]
async fn r_for_26_what_is_typed_of_the_places_and_the_fees_is_previewed_and_not_saved() {
    let (t, f, mut n) = prepare().await;
    let (_, pro) = t.groupe(&f, "Baccalauréats professionnels", "pro", 0).await;
    let (premier, second) = (format!("places-{}", f.groupe_public_id), format!("places-{pro}"));
    let page = n.opens(&url(&f)).await;
    assert!(apercu(page.is(200)).contains("24 places"), "{}", apercu(&page));
    let saisie = [
        ("capacite", "31"),
        (premier.as_str(), "20"),
        (second.as_str(), "11"),
        ("frais", "170"),
        ("presentation", "Un atelier neuf."),
    ];
    let page = n.submits(&page, "Prévisualiser", &saisie).await;
    page.is(200).sees("rien n’est enregistré avant");
    for dit in ["31 places", ">20</td>", ">11</td>", "170", "Un atelier neuf."] {
        assert!(apercu(&page).contains(dit), "{dit}: {}", apercu(&page));
    }
    assert!(page.html.contains(r#"value="31""#), "what was typed is kept");
    let stocke = "SELECT capacite FROM formation_session WHERE id = $1";
    assert_eq!(t.nombre(stocke, vec![f.formation_session.into()]).await, 24);
    assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 0);
    // What cannot be read is told once it is sent.
    let page = n.submits(&page, "Prévisualiser", &[("capacite", "beaucoup")]).await;
    page.is(200).sees_not("Saisissez un nombre entier");
    // The page that was previewed is saved like another; a conflict is compared with what is stored.
    let ancien = n.opens(&url(&f)).await;
    n.submits(&page, "Enregistrer", &[("capacite", "31")]).await.is(200).sees("enregistrées");
    let douze = [("capacite", "12"), (premier.as_str(), "12"), (second.as_str(), "0")];
    let conflit = n.submits(&ancien, "Enregistrer", &douze).await;
    conflit.is(409);
    assert!(
        apercu(&conflit).contains("31 places") && conflit.html.contains("data-fige"),
        "{}",
        apercu(&conflit)
    );
}

#[tokio::test]
async fn trx_4_two_tabs_show_both_values_and_overwrite_nothing() {
    let (t, f, mut n) = prepare().await;
    let premier = n.opens(&url(&f)).await;
    let second = n.opens(&url(&f)).await;
    n.submits(&premier, "Enregistrer", &[("capacite", "30")]).await.is(200);
    let conflit = n.submits(&second, "Enregistrer", &[("capacite", "12"), ("frais", "100")]).await;
    conflit
        .is(409)
        .sees("Rien n’a été écrasé")
        .sees("Votre saisie Enregistré")
        .sees("Capacité d’accueil 12 30")
        .sees("Frais de scolarité 100 0");
    let lu = "SELECT capacite FROM formation_session WHERE id = $1";
    assert_eq!(t.nombre(lu, vec![f.formation_session.into()]).await, 30);
    // Having read both, the person decides.
    n.submits(&conflit, "Enregistrer", &[]).await.is(200).sees("enregistrées");
    assert_eq!(t.nombre(lu, vec![f.formation_session.into()]).await, 12);
    // The same click twice is one act.
    let page = n.opens(&url(&f)).await;
    n.submits(&page, "Enregistrer", &[("capacite", "13")]).await.is(200);
    n.submits(&page, "Enregistrer", &[("capacite", "13")]).await.is(200);
    let actes = "SELECT COUNT(*) FROM recepisse WHERE acte = 'parametrage_enregistre'";
    assert_eq!(t.nombre(actes, vec![]).await, 3);
}

#[tokio::test]
async fn publishing_what_changed_since_it_was_read_asks_to_read_again() {
    let (t, f, mut n) = prepare().await;
    let lue = n.opens(&format!("{}/publier", url(&f))).await;
    let page = n.opens(&url(&f)).await;
    n.submits(&page, "Enregistrer", &[("capacite", "99")]).await.is(200);
    let conflit = n.submits(&lue, "Publier ces informations", &[]).await;
    conflit.is(409).sees("Rien n’a été envoyé").sees("99 places");
    assert_eq!(t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 0);
    n.submits(&conflit, "Publier ces informations", &[]).await.is(200).sees("publiée");
    let rien = n.opens(&format!("{}/publier", url(&f))).await;
    rien.is(200).sees("Aucune modification à publier").sees_not("Publier ces informations");
}

#[tokio::test]
async fn outside_its_window_each_part_is_closed_and_says_since_when() {
    let (t, f, mut n) = prepare().await;
    let ouverte = n.opens(&url(&f)).await;
    t.at_closing(Etape::Parametrage).await;
    let page = n.opens(&url(&f)).await;
    page.is(200).sees("close depuis le mercredi 13 décembre 2023 à 23\u{a0}h\u{a0}59");
    n.submits(&page, "Enregistrer", &[("capacite", "30")]).await.is(200).sees("enregistrées");
    t.at_closing(Etape::CapacitesFrais).await;
    let page = n.opens(&url(&f)).await;
    page.is(200)
        .sees("close depuis le vendredi 12 janvier 2024 à 23\u{a0}h\u{a0}59")
        .sees_not("Relire et publier")
        .sees_not("pas encore publiée");
    // Two steps are closed: where to turn is said once, and leads there.
    assert_eq!(page.html.matches("situation particulière").count(), 1, "{}", page.html);
    assert!(page.html.contains("voyez «\u{a0}<a href=\"/assistance\">Aide et contact</a>"), "{}", page.html);
    assert!(!page.html.contains("Enregistrer</button>"), "{}", page.html);
    // What nobody may type any more is read as a text; what was typed too late stays in sight.
    page.sees("Capacité d’accueil 30 places");
    assert!(!page.html.contains("name=\"capacite\""), "{}", page.html);
    let tard = n.submits(&ouverte, "Enregistrer", &[("capacite", "31")]).await;
    assert!(tard.is(422).sees("close depuis le").html.contains(r#"value="31""#), "{}", tard.html);
    let page = n.opens(&format!("{}/publier", url(&f))).await;
    page.is(200).sees("close depuis").sees_not("Publier ces informations");
    assert_eq!(t.nombre("SELECT capacite FROM formation_session", vec![]).await, 30);
}

#[tokio::test]
async fn hab_3_the_wrong_person_is_refused() {
    let (t, f, _) = prepare().await;
    let voisin = t.etablissement("0800002B", "Lycée voisin").await;
    let autre = t.formation(voisin, "BTS Voisin", Famille::Bts, true, 12, false).await;
    let mut n = t.navigateur_de(t.responsable("voisin@lycee.example", &autre).await.0).await;
    n.opens(&url(&f)).await.is(404);
    n.opens(&format!("{}/publier", url(&f))).await.is(404);
    n.opens("/gestion/2024/formations").await.is(200).sees("BTS Voisin").sees_not("Électronique");
    n.opens("/gestion/2024").await.is(200).sees("BTS Voisin").sees_not("Électronique");
    for faux in ["/gestion/2031", "/gestion/x", "/gestion/2024/formations/1"] {
        n.opens(faux).await.is(404);
    }
    // A reader sees, cannot write.
    let lecteur = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::Lecteur) };
    let mut n = t.navigateur_de(t.personne("lecteur@lycee.example", lecteur).await.0).await;
    let page = n.opens(&url(&f)).await;
    page.is(200).sees("Votre rôle permet de lire").sees_not("Relire et publier");
    let jeton = page.jeton().to_owned();
    n.posts(&url(&f), &[("_jeton", &jeton), ("capacite", "1"), ("_version", "0")]).await.is(403);
    n.posts(&format!("{}/publier", url(&f)), &[("_jeton", &jeton)]).await.is(403);
    // A candidate has no business here; an anonymous visitor is sent to sign in.
    let candidat = t.candidat("lea@example.org", TypeBac::General).await;
    t.navigateur_de(candidat.compte).await.opens("/gestion").await.is(403);
    let page = t.navigateur().opens(&url(&f)).await;
    assert!(page.url.starts_with("/connexion"), "{}", page.url);
    assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 0);
}

#[tokio::test]
async fn r_ses_01_archives_open_with_the_same_pages_and_nothing_to_send() {
    let t = TestApp::new(Base::sqlite()).await;
    let ctx = t.systeme();
    app::sessions::ouvrir_session(&ctx, 2023, None).await.expect("opens");
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
    app::sessions::ouvrir_session(&ctx, 2024, Some(2023)).await.expect("opens");
    let (compte, _) = t.responsable("resp@lycee.example", &f).await;
    t.at("2023-11-20T10:00");
    let mut n = t.navigateur_de(compte).await;
    let page = n.opens("/gestion").await;
    let courante = n.opens(&page.link("BTS Électronique")).await;
    courante.is(200).sees("En 2023 : 24 places.").sees("il manque : capacité");
    let archives = n.opens(&page.link("Archives")).await;
    archives.is(200).sees("archivée");
    assert_eq!(archives.url, "/gestion/2023");
    let archives = n.opens(&archives.link("Mes formations")).await;
    archives.is(200).sees("archivée");
    let page = n.opens(&archives.link("BTS Électronique")).await;
    page.is(200).sees("archivée : elle se consulte mais ne se modifie plus");
    assert!(!page.html.contains("Enregistrer</button>"));
    let jeton = page.jeton().to_owned();
    let fiche = format!("/gestion/2023/formations/{}", f.public_id);
    n.posts(&fiche, &[("_jeton", &jeton), ("capacite", "1")]).await.is(422).sees("archivée");
    n.posts(&format!("{fiche}/publier"), &[("_jeton", &jeton)]).await.is(422).sees("archivée");
    let lu = "SELECT capacite FROM formation_session WHERE id = $1";
    assert_eq!(t.nombre(lu, vec![f.formation_session.into()]).await, 24);
}
