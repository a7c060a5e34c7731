//! The parts of the description of a course on the site de gestion, the copy and the list of many courses.

use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, Reponse, TestApp};

async fn prepare() -> (TestApp, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let n = t.navigateur_de(compte).await;
    (t, f, n)
}

fn url(f: &FormationEssai, suite: &str) -> String {
    format!("/gestion/2024/formations/{}{suite}", f.public_id)
}

#[tokio::test]
async fn every_part_of_the_description_is_saved_and_what_is_refused_stays() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "")).await;
    page.is(200).sees("Caractéristiques").sees("Grille d’analyse des candidatures");
    let page = n.opens(&url(&f, "/caracteristiques")).await;
    page.is(200).sees("Mention obligatoire de la fiche").sees("Ce que le public lira");
    let faux = [("duree", "douze"), ("langues", "français et anglais")];
    let page = n.submits(&page, "Enregistrer", &faux).await;
    page.is(422).sees("nombre entier compris entre 1 et 8");
    assert!(page.html.contains("douze") && page.html.contains("français et anglais"));
    let page = n.submits(&page, "Enregistrer", &[("duree", "3")]).await;
    page.is(200).sees("La rubrique est enregistrée.").sees("français et anglais");
    for rubrique in ["attendus", "candidature", "epreuves", "grille", "frais", "contacts"] {
        let page = n.opens(&url(&f, &format!("/{rubrique}"))).await;
        let page = n.submits(&page, "Enregistrer", &[]).await;
        page.is(200).sees("La rubrique est enregistrée.");
    }
    // Each leads to the next one, the last one to the course; what depends on an answer says on which.
    assert_eq!(n.opens(&url(&f, "/frais")).await.link("Contacts"), url(&f, "/contacts"));
    assert_eq!(n.opens(&url(&f, "/contacts")).await.link("retour à la formation"), url(&f, ""));
    n.opens(&url(&f, "/candidature")).await.is(200).sees("(si la lettre est demandée)");
    n.opens(&url(&f, "/epreuves"))
        .await
        .is(200)
        .sees("(s’il y a des épreuves)")
        .sees_not("selon vos réponses");
    n.opens(&url(&f, "/inconnue")).await.is(404);
}

#[tokio::test]
async fn lines_are_added_refused_by_field_and_taken_away_without_a_script() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/candidature")).await;
    let piece =
        [("pieces.0.piece", "Curriculum vitæ"), ("pieces.0.obligatoire", "oui"), ("pieces.0.format", "")];
    let page = n.submits(&page, "Enregistrer", &piece).await;
    page.is(422)
        .sees("Pièce demandée 1, Format : renseignez ce champ, ou videz toute la ligne")
        .sees("Renseignez ce champ, ou videz toute la ligne");
    let page = n.submits(&page, "Enregistrer", &[("pieces.0.format", "pdf")]).await;
    page.is(200)
        .sees("La rubrique est enregistrée.")
        .sees("Pièce demandée 1")
        .sees("Pièce demandée à ajouter");
    let page =
        n.submits(&page, "Ajouter une ligne Pièces demandées", &[("pieces.1.piece", "Portfolio")]).await;
    page.is(200).sees("Pièce demandée 2").sees("Pièce demandée à ajouter");
    // The answer is shown from the line to be filled, or from the one that took the place of what is taken away.
    for (bouton, lieu) in [("ligne", "fin-pieces"), ("retirer.pieces.0", "ligne-pieces-0")] {
        let envoi = format!("value=\"{bouton}\" formaction=\"{}#{lieu}\"", url(&f, "/candidature"));
        assert!(page.html.contains(&envoi), "{envoi}\n{}", page.html);
        assert_eq!(page.html.matches(&format!(" id=\"{lieu}\"")).count(), 1, "{lieu}");
    }
    assert!(page.html.contains(" id=\"fin-pieces\">Pièce demandée à ajouter"), "{}", page.html);
    let page = n.submits(&page, "Retirer Pièce demandée 1", &[]).await;
    page.is(200);
    assert!(page.html.contains("Portfolio") && !page.html.contains("value=\"Curriculum vitæ\""));
    // Nothing was saved: the list still says what it said.
    let page = n.opens(&url(&f, "/candidature")).await;
    assert!(page.html.contains("Curriculum vitæ") && !page.html.contains("Portfolio"));
}

#[tokio::test]
async fn r_for_31_a_document_that_the_platform_sends_is_saved_with_a_remark() {
    const REMARQUE: &str = "les bulletins sont transmis par la plateforme ; ne les demandez pas.";
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/candidature")).await;
    page.is(200).sees_not(REMARQUE);
    let bulletins = [
        ("pieces.0.piece", "Bulletins de seconde"),
        ("pieces.0.obligatoire", "oui"),
        ("pieces.0.format", "pdf"),
    ];
    // Said while it is typed, then once it is saved; nothing is refused.
    n.submits(&page, "Prévisualiser", &bulletins).await.is(200).sees(REMARQUE);
    let page = n.submits(&page, "Enregistrer", &bulletins).await;
    page.is(200).sees("La rubrique est enregistrée.").sees(REMARQUE).sees("« Bulletins de seconde »");
    let page = n.submits(&page, "Enregistrer", &[("pieces.0.piece", "Portfolio")]).await;
    page.is(200).sees_not(REMARQUE);
    n.opens(&url(&f, "/attendus")).await.is(200).sees_not(REMARQUE);
}

#[tokio::test]
async fn trx_4_a_part_changed_meanwhile_is_not_overwritten() {
    let (_t, f, mut n) = prepare().await;
    let vieille = n.opens(&url(&f, "/contacts")).await;
    let page = n.opens(&url(&f, "/contacts")).await;
    n.submits(&page, "Enregistrer", &[("contact", "Premier")]).await.is(200);
    let page = n.submits(&vieille, "Enregistrer", &[("contact", "Second")]).await;
    page.is(409).sees("Rien n’a été écrasé").sees("Premier");
    assert!(page.html.contains("Second"));
    n.submits(&page, "Enregistrer", &[]).await.is(200).sees("La rubrique est enregistrée.");
}

#[tokio::test]
async fn hab_4_a_field_of_another_part_is_refused_by_its_name() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/contacts")).await;
    for (champ, valeur) in
        [("attendus", "x"), ("capacite", "9"), ("pieces.0.piece", "CV"), ("contact.0.x", "1")]
    {
        n.submits(&page, "Enregistrer", &[(champ, valeur)]).await.is(400).sees(champ);
    }
    let page = n.opens("/gestion/2024/lot").await;
    let cochee = page.box_of(&f.public_id);
    let choix = [("formations[]", cochee.as_str()), ("champ", "contact")];
    let page = n.submits(&page, "Modifier ce champ", &choix).await;
    n.submits(&page, "Voir l’effet", &[("duree", "3")]).await.is(400).sees("duree");
}

#[tokio::test]
async fn a_grid_to_put_right_is_not_shown_as_complete() {
    let (_t, f, mut n) = prepare().await;
    let a_faire = "la correction de ce qui est relevé";
    n.opens(&url(&f, "")).await.is(200).sees("Grille").sees_not(a_faire);
    let page = n.opens(&url(&f, "/grille")).await;
    let fautive = [("criteres.0.elements", "Projet de formation motivé")];
    let page = n.submits(&page, "Enregistrer", &fautive).await;
    page.is(200).sees("La rubrique est enregistrée. Un point empêche encore la publication.");
    n.opens(&url(&f, "")).await.is(200).sees(a_faire);
}

#[tokio::test]
async fn fields_are_copied_from_the_template_and_from_another_course() {
    let (t, f, mut n) = prepare().await;
    let autre = t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
    let page = n.opens(&url(&f, "/contacts")).await;
    n.submits(&page, "Enregistrer", &[("contact", "Atelier")]).await.is(200);
    // From any part of the course: another one is chosen, then compared.
    let page = n.opens(&url(&autre, "/contacts")).await;
    let choix = n.opens(&page.link("Reprendre d’une autre formation")).await;
    choix.is(200).sees("BTS Électronique – Lycée Jules-Verne").sees("Choisissez la formation et comparez");
    choix.sees_not("Reprendre les champs cochés").sees_not("Modèle du type");
    // A lycée without components is not asked which one.
    n.opens(&url(&autre, "/caracteristiques")).await.is(200).sees("Site de formation").sees_not("Composante");
    let page = n.opens(&url(&autre, &format!("/copier?source={}", f.public_id))).await;
    page.is(200).sees("BTS Électronique – Lycée Jules-Verne").sees("Atelier").sees("1\u{a0}champ diffère");
    let page = n.submits(&page, "Reprendre les champs cochés", &[]).await;
    page.is(422).sees("Cochez au moins un champ");
    let page = n.submits(&page, "Reprendre les champs cochés", &[("champs[]", "contact")]).await;
    page.is(200).sees("Les champs cochés sont repris");
    n.opens(&url(&autre, &format!("/copier?source={}", f.public_id))).await.is(200).sees("Rien ne diffère");
    n.opens(&url(&autre, "/copier?source=modele")).await.is(200).sees("Modèle : BTS");
    n.opens(&url(&autre, "/copier?source=precedente")).await.is(404);
}

#[tokio::test]
async fn r_for_13_the_part_that_a_copy_is_asked_from_comes_first_and_says_when_its_source_has_nothing() {
    let (t, f, mut n) = prepare().await;
    let autre = t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
    for (rubrique, champ, dit) in
        [("/contacts", "contact", "Atelier"), ("/caracteristiques", "langues", "français et anglais")]
    {
        let page = n.opens(&url(&f, rubrique)).await;
        n.submits(&page, "Enregistrer", &[(champ, dit)]).await.is(200);
    }
    let page = n.opens(&url(&autre, "/contacts")).await;
    let choix = n.opens(&page.link("Reprendre d’une autre formation")).await;
    let gardee = "<input type=\"hidden\" name=\"rubrique\" value=\"contacts\">";
    assert!(choix.is(200).html.contains(gardee), "{}", choix.html);
    let depuis = |rubrique: &str| url(&autre, &format!("/copier?source={}{rubrique}", f.public_id));
    let places = |page: &Reponse| {
        ["contact", "langues"].map(|champ| page.html.find(&format!("value=\"{champ}\"")).expect("a box"))
    };
    let page = n.opens(&depuis("&rubrique=contacts")).await;
    page.is(200).sees("2\u{a0}champs diffèrent, dont 1 dans « Contacts », en premier.");
    let [contact, langues] = places(&page);
    assert!(contact < langues, "{}", page.html);
    // A refusal keeps the order; without a part, it is that of the forms.
    let refus = n.submits(&page, "Reprendre les champs cochés", &[]).await;
    refus.is(422).sees("en premier.");
    let [contact, langues] = places(&n.opens(&depuis("")).await);
    assert!(langues < contact);
    // What has nothing to give says so, apart from what gives the same.
    let meme = n.opens(&depuis("&rubrique=attendus")).await;
    meme.is(200).sees("Dans « Attendus », rien ne diffère.");
    let page = n.opens(&url(&autre, "/attendus")).await;
    let modele = n.opens(&page.link("Partir du modèle du type")).await;
    modele.is(200).sees("Le modèle n’a rien pour « Attendus ».");
    n.opens(&url(&autre, "/copier?source=modele&rubrique=inconnue")).await.is(200).sees_not("n’a rien pour");
}

#[tokio::test]
async fn many_courses_are_confirmed_and_written_at_once() {
    let (t, f, mut n) = prepare().await;
    let autre = t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
    let page = n.opens("/gestion/2024/lot").await;
    page.is(200).sees("BTS Électronique").sees("BTS Mécanique").sees("Complète");
    let page = n.submits(&page, "Confirmer les formations cochées", &[]).await;
    page.is(422).sees("Cochez au moins une formation");
    let cochee = page.box_of(&f.public_id);
    let page = n.submits(&page, "Confirmer les formations cochées", &[("formations[]", &cochee)]).await;
    page.is(200).sees("1 formation est confirmée : BTS Électronique.").sees("Récépissé nº");
    let cases = [&f, &autre].map(|f| page.box_of(&f.public_id));
    let deux =
        [("formations[]", cases[0].as_str()), ("formations[]", cases[1].as_str()), ("champ", "contact")];
    let page = n.submits(&page, "Modifier ce champ", &deux).await;
    page.is(200).sees("Écrire dans ces formations").sees("Secrétariat").sees("Session 2024").sees("Jusqu’au");
    let page = n.submits(&page, "Voir l’effet", &[("contact", "Accueil")]).await;
    page.is(200).sees("2\u{a0}formations changent sur 2");
    let fait = n.submits(&page, "Écrire dans ces formations", &[]).await;
    fait.is(200).sees("Le champ est écrit dans 2 formations").sees("Cocher toute la liste");
    n.opens(&url(&autre, "/contacts")).await.is(200).sees("Accueil");
}

#[tokio::test]
async fn r_for_30_a_day_of_another_year_is_told_beside_its_field() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/epreuves")).await;
    let oral = [
        ("epreuves.0.epreuve", "Oral"),
        ("epreuves.0.type", "oral"),
        ("epreuves.0.debut", "2023-04-20"),
        ("epreuves.0.frais", "0"),
    ];
    let refus = n.submits(&page, "Enregistrer", &oral).await;
    refus.is(422).sees("Ce jour n’est pas de cette session : indiquez un jour du 13/11/2023 au");
    assert!(refus.html.contains("value=\"Oral\""), "what was typed is kept");
    let fait = n.submits(&refus, "Enregistrer", &[("epreuves.0.debut", "2024-04-20")]).await;
    fait.is(200).sees("La rubrique est enregistrée.");
    // In many courses at once, the effect says so before anything is written.
    let lot = n.opens("/gestion/2024/lot?cocher=liste").await;
    let choisi = n.submits(&lot, "Modifier ce champ", &[("champ", "epreuves")]).await;
    let vu = n.submits(&choisi, "Voir l’effet", &oral).await;
    vu.is(200).sees("Ce champ ne s’y modifie pas").sees("Ce jour n’est pas de cette session");
}

/// What the public will read, beside the form.
pub(crate) fn apercu(page: &Reponse) -> String {
    page.html.split("id=\"apercu\"").nth(1).unwrap_or_default().replace('\u{a0}', " ")
}

#[tokio::test]
async fn r_for_26_the_preview_and_the_chart_of_the_grid_follow_what_is_typed_and_nothing_is_saved() {
    let (t, f, mut n) = prepare().await;
    let attendus = url(&f, "/attendus");
    let page = n.opens(&attendus).await;
    page.is(200).sees("Ce que le public lira").sees("rien n’est enregistré avant");
    let page = n.submits(&page, "Prévisualiser", &[("attendus", "Aimer les ondes.")]).await;
    assert!(apercu(page.is(200)).contains("Aimer les ondes."), "{}", page.html);
    assert!(!n.opens(&attendus).await.html.contains("Aimer les ondes."), "nothing is saved");
    // A value that cannot be read says nothing beside, and is told once it is sent.
    let page = n.opens(&url(&f, "/caracteristiques")).await;
    let faux = [("duree", "douze"), ("langues", "français")];
    let page = n.submits(&page, "Prévisualiser", &faux).await;
    page.is(200).sees_not("nombre entier compris");
    assert!(apercu(&page).contains("français") && !apercu(&page).contains("douze"), "{}", apercu(&page));
    assert!(page.html.contains("value=\"douze\""), "what was typed is kept");
    // Its lines, as many as are typed.
    let page = n.opens(&url(&f, "/candidature")).await;
    let piece =
        [("pieces.0.piece", "Portfolio"), ("pieces.0.obligatoire", "oui"), ("pieces.0.format", "pdf")];
    let page = n.submits(&page, "Prévisualiser", &piece).await;
    assert!(apercu(page.is(200)).contains("Portfolio"), "{}", apercu(&page));
    // The chart of the grid with what its reading finds.
    let grille = url(&f, "/grille");
    let page = n.opens(&grille).await;
    page.is(200).sees_not("Prévisualiser");
    let poids =
        [("poids_1", "61"), ("poids_2", "13"), ("poids_3", "11"), ("poids_4", "8"), ("poids_5", "17")];
    let page = n.submits(&page, "Relire sans enregistrer", &poids).await;
    page.is(200).sees("font 110 % au lieu de 100 %");
    let dessin = apercu(&page);
    for (_, valeur) in poids {
        assert!(dessin.contains(&format!(">{valeur} %</td>")), "{valeur}: {dessin}");
    }
    assert!(dessin.contains(">110 %</td>"), "the total: {dessin}");
    page.sees("Total des poids : 110 %, au lieu de 100 %");
    assert!(!apercu(&n.opens(&grille).await).contains(">61 %</td>"), "nothing is saved");
    assert_eq!(t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 0);
    // Whoever only reads types nothing; once the step is over, the page says what is stored.
    let a = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::Lecteur) };
    let mut lecteur = t.navigateur_de(t.personne("lecteur@lycee.example", a).await.0).await;
    let lue = lecteur.opens(&attendus).await;
    lue.is(200).sees("Ce que le public lira").sees_not("Prévisualiser").sees_not("rien n’est enregistré");
    let tape = [("_jeton", lue.jeton()), ("acte", "relire"), ("attendus", "Aimer les ondes.")];
    lecteur.posts(&attendus, &tape).await.is(403);
    let ouverte = n.opens(&attendus).await;
    t.at_closing(Etape::Parametrage).await;
    let close = n.submits(&ouverte, "Prévisualiser", &[("attendus", "Aimer les ondes.")]).await;
    close.sees("close depuis");
    assert!(!apercu(&close).contains("Aimer les ondes."), "{}", apercu(&close));
}

/// A label names a diploma: its page, its template and its sheet have the fields of that diploma.
#[tokio::test]
async fn r_for_22_the_page_and_the_sheet_of_a_course_show_the_fields_of_its_kind() {
    let (t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/caracteristiques")).await;
    page.is(200).sees("Rythme de l’alternance").sees_not("Mention du DN MADE").sees_not("HMONP");
    let made = t.formation(f.etablissement, "DN MADE - Graphisme", Famille::Autre, true, 14, false).await;
    n.opens(&url(&made, "/candidature")).await.is(200).sees("Dossier artistique");
    n.opens(&url(&made, "/copier?source=modele"))
        .await
        .is(200)
        .sees("Modèle : DN MADE")
        .sees("Diplôme national des métiers d’art et du design");
    let page = n.opens(&url(&made, "/caracteristiques")).await;
    let dits = [("mention_dnmade", "graphisme"), ("stages", "Quatorze semaines.")];
    let page = n.submits(&page, "Enregistrer", &dits).await;
    page.is(200).sees("La rubrique est enregistrée.").sees("Quatorze semaines.");
    let page = n.opens(&url(&made, "/publier")).await;
    n.submits(&page, "Publier ces informations", &[]).await.is(200).sees("La formation est publiée");
    n.opens(&url(&made, "")).await.is(200).sees("Ce que le public lira");
    t.during(Etape::Voeux).await;
    n.opens(&url(&made, "")).await.is(200).sees("Ce que le public lit").sees_not("Ce que le public lira");
    let page = t.navigateur().opens(&format!("/formations/{}", made.public_id)).await;
    page.is(200).sees("Mention du DN MADE").sees("Graphisme").sees("Quatorze semaines.").sees("DN MADE");
}

#[tokio::test]
async fn the_page_of_a_course_says_its_last_change_whatever_was_written() {
    let (t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "")).await;
    n.submits(&page, "Enregistrer", &[("capacite", "30")]).await.is(200);
    let premiere = n.opens(&url(&f, "")).await;
    premiere.sees("Dernière modification : lundi 20 novembre 2023").sees("par Camille Essai");
    // A part of the description, two days later, by somebody else.
    t.at("2023-11-22T10:00");
    let (compte, _) = t.responsable("resp@lycee.example", &f).await;
    t.sql("UPDATE compte SET prenom = 'Brigitte', nom = 'Morel' WHERE id = $1", vec![compte.into()]).await;
    let mut autre = t.navigateur_de(compte).await;
    let page = autre.opens(&url(&f, "/contacts")).await;
    autre.submits(&page, "Enregistrer", &[("contact", "Atelier")]).await.is(200);
    let page = n.opens(&url(&f, "")).await;
    page.sees("Dernière modification : mercredi 22 novembre 2023").sees("par Brigitte Morel");
    // The numbers again.
    t.at("2023-11-23T10:00");
    n.submits(&page, "Enregistrer", &[("capacite", "32")]).await.is(200);
    let page = n.opens(&url(&f, "")).await;
    page.sees("Dernière modification : jeudi 23 novembre 2023").sees_not("par Brigitte Morel");
}

#[tokio::test]
async fn r_for_14_a_course_is_confirmed_on_its_page_and_what_changed_since_is_told() {
    let (t, f, mut n) = prepare().await;
    n.opens(&url(&f, "")).await.is(200).sees_not("Confirmer");
    n.opens("/gestion/2024/lot").await.is(200).sees("Sans objet");
    // As last year left it.
    t.sql("UPDATE formation_description SET reprise = 1", vec![]).await;
    let page = n.opens(&url(&f, "")).await;
    page.is(200).sees("reprise de l’an dernier : personne n’a encore dit qu’elle est juste");
    let page = n.submits(&page, "Confirmer la description", &[]).await;
    page.is(200).sees("La description est confirmée pour cette session.");
    page.sees("Confirmée le lundi 20 novembre 2023")
        .sees_not("modifiée depuis")
        .sees_not("Confirmer de nouveau");
    assert!(page.url.starts_with(&url(&f, "")), "{}", page.url);
    t.at("2023-11-22T10:00");
    let contacts = n.opens(&url(&f, "/contacts")).await;
    n.submits(&contacts, "Enregistrer", &[("contact", "Atelier")]).await.is(200);
    n.opens("/gestion/2024/lot")
        .await
        .is(200)
        .sees("Confirmée le lundi 20 novembre 2023")
        .sees("modifiée depuis, le mercredi 22 novembre 2023");
    let page = n.opens(&url(&f, "")).await;
    page.is(200).sees("modifiée depuis, le mercredi 22 novembre 2023");
    let page = n.submits(&page, "Confirmer de nouveau", &[]).await;
    page.is(200).sees("Confirmée le mercredi 22 novembre 2023").sees_not("modifiée depuis");
    // Incomplete, it waits without a button.
    t.sql("UPDATE formation_description SET confirmee_le = NULL", vec![]).await;
    let attendus = n.opens(&url(&f, "/attendus")).await;
    n.submits(&attendus, "Enregistrer", &[("attendus", "")]).await.is(200);
    n.opens(&url(&f, "")).await.is(200).sees("personne n’a encore dit").sees_not("Confirmer la description");
}

#[tokio::test]
async fn r_cge_18_the_page_of_a_course_and_the_home_say_what_its_grid_has() {
    let (_t, f, mut n) = prepare().await;
    let relire = "Grille à relire : 1\u{a0}point";
    n.opens(&url(&f, "")).await.is(200).sees_not("Grille à relire");
    n.opens("/gestion/2024").await.is(200).sees("Relire et publier").sees_not("Grille à relire");
    let grille = n.opens(&url(&f, "/grille")).await;
    n.submits(&grille, "Enregistrer", &[("criteres.0.elements", EDS)]).await.is(200);
    // It prevents nothing, and is told wherever the list of many courses tells it.
    n.opens(&url(&f, "")).await.is(200).sees(relire).sees("Relire et publier");
    n.opens("/gestion/2024").await.is(200).sees("Relire et publier").sees(relire);
    let grille = n.opens(&url(&f, "/grille")).await;
    let faute = [("criteres.0.elements", "Projet de formation motivé")];
    n.submits(&grille, "Enregistrer", &faute).await.is(200);
    n.opens(&url(&f, "")).await.is(200).sees("Grille à corriger").sees_not("Relire et publier");
    n.opens("/gestion/2024").await.is(200).sees("Compléter : description").sees("Grille à corriger");
}

const EDS: &str = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";

#[tokio::test]
async fn r_cge_18_what_a_grid_has_to_be_read_again_is_told_before_confirming_and_publishing() {
    let (t, f, mut n) = prepare().await;
    let autre = t.formation(f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
    // As last year left them.
    t.sql("UPDATE formation_description SET reprise = 1", vec![]).await;
    let lot = "/gestion/2024/lot";
    n.opens(lot).await.is(200).sees("Complète").sees_not("Grille à relire").sees_not("laissée de côté");
    n.opens(&url(&f, "/publier")).await.is(200).sees_not("Relecture de la grille");
    let page = n.opens(&url(&f, "/grille")).await;
    let page = n.submits(&page, "Enregistrer", &[("criteres.0.elements", EDS)]).await;
    page.is(200).sees("La rubrique est enregistrée.");
    let page = n.opens(lot).await;
    page.is(200)
        .sees("Grille à relire : 1\u{a0}point")
        .sees_not("relisez d’abord sa grille")
        .sees("Complète");
    assert_eq!(page.link("Ouvrir la grille"), url(&f, "/grille"));
    // With another one, it is told; what ticks them all leaves it aside; alone, it is confirmed.
    let cases = [&f, &autre].map(|f| page.box_of(&f.public_id));
    let deux = [("formations[]", cases[0].as_str()), ("formations[]", cases[1].as_str())];
    let refus = n.submits(&page, "Confirmer les formations cochées", &deux).await;
    refus.is(422).sees("BTS Électronique : un point à relire dans la grille d’analyse");
    let toutes = n.opens("/gestion/2024/lot?cocher=toutes").await;
    toutes.is(200).sees("1\u{a0}formation n’est pas cochée : relisez d’abord sa grille.");
    let page = n.submits(&toutes, "Confirmer les formations cochées", &[]).await;
    page.is(200)
        .sees("1 formation est confirmée : BTS Mécanique.")
        .sees("1\u{a0}formation n’est pas confirmée : relisez d’abord sa grille.");
    let page = n.submits(&page, "Confirmer les formations cochées", &deux[..1]).await;
    page.is(200)
        .sees("1 formation est confirmée : BTS Électronique.")
        .sees("Grille à relire")
        .sees_not("n’est pas confirmée");
    // It prevents no publication, and is read before it.
    let page = n.opens(&url(&f, "/publier")).await;
    page.is(200)
        .sees("Relecture de la grille")
        .sees("Ce passage s’appuie sur les notes des épreuves terminales")
        .sees("Publier ces informations");
    assert_eq!(page.link("Ouvrir la grille d’analyse"), url(&f, "/grille"));
    // A fault prevents both.
    let page = n.opens(&url(&f, "/grille")).await;
    let fautive = [("criteres.0.elements", "Projet de formation motivé")];
    n.submits(&page, "Enregistrer", &fautive).await.is(200);
    let page = n.opens(&url(&f, "/publier")).await;
    page.is(200)
        .sees("Un point empêche la publication.")
        .sees("la correction de la grille d’analyse")
        .sees_not("Publier ces informations");
    let page = n.opens(lot).await;
    page.is(200).sees("Grille à corriger : 1\u{a0}point");
    let cochee = page.box_of(&f.public_id);
    let page = n.submits(&page, "Confirmer les formations cochées", &[("formations[]", &cochee)]).await;
    page.is(422).sees("La grille d’analyse ne peut pas être publiée");
}

#[tokio::test]
async fn outside_its_step_and_for_who_only_reads_nothing_is_offered() {
    let (t, f, _) = prepare().await;
    let a = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::ChefEtab) };
    let (chef, _) = t.personne("chef@lycee.example", a).await;
    let mut n = t.navigateur_de(chef).await;
    let page = n.opens(&url(&f, "/attendus")).await;
    page.is(200).sees("Votre rôle permet de lire").sees_not("Enregistrer ne publie rien");
    n.opens("/gestion/2024/lot").await.is(200).sees_not("Confirmer les formations cochées");
    n.opens(&url(&f, "/copier?source=modele")).await.is(200).sees("Rien ne diffère");
}

/// What is published is read before: the description with the numbers.
#[tokio::test]
async fn r_for_11_the_description_is_read_again_before_it_is_published() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens(&url(&f, "/attendus")).await;
    n.submits(&page, "Enregistrer", &[("attendus", "Aimer les ondes.")]).await.is(200);
    let page = n.opens(&url(&f, "/publier")).await;
    page.is(200).sees("Aimer les ondes.").sees("Grille d’analyse des candidatures").sees("24 places");
    // Somebody changes the description meanwhile: nothing is published before it is read again.
    let autre = n.opens(&url(&f, "/attendus")).await;
    n.submits(&autre, "Enregistrer", &[("attendus", "Aimer les circuits.")]).await.is(200);
    let page = n.submits(&page, "Publier ces informations", &[]).await;
    page.is(409).sees("Rien n’a été envoyé").sees("Aimer les circuits.");
    n.submits(&page, "Publier ces informations", &[]).await.is(200).sees("La formation est publiée");
}

/// R-FOR-17, R-FOR-18: the national text is read beside the draft that says something else, escaped, and taken from the template;
/// candidates read the specialities advised.
#[tokio::test]
async fn r_for_17_the_national_text_is_read_beside_another_and_taken() {
    let (t, f, mut n) = prepare().await;
    let texte = |s: &str| s.to_owned().into();
    let (national, _) = t
        .insert(
            "type_formation",
            "session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, specialites, source",
            vec![
                f.session.into(),
                467.into(),
                467.into(),
                texte("BTS-Elec"),
                texte("Électronique"),
                0.into(),
                0.into(),
                texte("Aimer <l’électronique>.\nSavoir mesurer."),
                texte("Mathématiques conseillées."),
                texte("Cadre d’essai"),
            ],
        )
        .await;
    let relie = "UPDATE formation_session SET type_formation_id = $1, etat = 'publiee' WHERE id = $2";
    t.sql(relie, vec![national.into(), f.formation_session.into()]).await;
    let page = n.opens(&url(&f, "/attendus")).await;
    page.is(200)
        .sees("ne sont pas ceux du cadre national")
        .sees("Savoir mesurer.")
        .sees("Mathématiques conseillées.")
        .sees("Source : Cadre d’essai");
    assert!(
        page.html.contains("Aimer &#60;l’électronique&#62;") && !page.html.contains("<l’électronique>"),
        "escaped"
    );
    let page = n.opens(&url(&f, "/copier?source=modele")).await;
    let page = n.submits(&page, "Reprendre les champs cochés", &[("champs[]", "attendus")]).await;
    page.is(200).sees("Les champs cochés sont repris");
    let page = n.opens(&url(&f, "/attendus")).await;
    page.is(200).sees("Savoir mesurer.").sees_not("ne sont pas ceux du cadre national");
    n.opens(&url(&f, "/contacts")).await.is(200).sees_not("Cadre national du type");
    n.opens(&url(&f, "/publier")).await.is(200).sees("Enseignements de spécialité conseillés");
}
