//! Documents of reference in a browser: deposited, joined to an item, read, offered on the screens of their theme, taken down.

use app::idempotence::Garde;
use app::references::{Depot, deposit_reference};
use domain::actualites::Audience;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::formations::description::Rubrique;
use domain::references::{Nature, Notice, Theme};
use testkit::{Base, TestApp};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";

#[tokio::test]
async fn fic_1_fic_3_a_document_is_deposited_joined_read_and_taken_down() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    for table in ["etablissement_session", "formation_session"] {
        t.sql(&format!("UPDATE {table} SET academie = '09'"), vec![]).await;
    }
    let region = Attribution { academies: vec!["09".to_owned()], ..Attribution::simple(Role::Academie) };
    let (compte, _) = t.personne("draio@essai.example", region).await;
    let mut draio = t.navigateur_de(compte).await;
    let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@essai.example", admin).await;
    let mut admin = t.navigateur_de(compte).await;

    let liste = draio.opens("/informations/2024/documents").await;
    liste.is(200).sees("Aucune note ni aucun guide").sees("Charte de la procédure");
    let page = draio.opens(&liste.link("Déposer un document")).await;
    let saisie = [("titre", "Note CGEV"), ("theme", "etablissement"), ("academies[]", "09")];
    // What was typed stays; the file is to be chosen again, and that is said.
    let refus = draio.fills_and_uploads(&page, "Déposer", &saisie, ("fichier", "note.docx", b"PK")).await;
    refus.is(422).sees("son nom doit finir par « .pdf »");
    assert!(refus.html.contains("value=\"Note CGEV\""), "{}", refus.texte());
    let refus =
        draio.fills_and_uploads(&refus, "Déposer", &[("titre", "")], ("fichier", "note.pdf", PDF)).await;
    refus.is(422).sees("Donnez un titre.").sees("Choisissez de nouveau le fichier");
    let refus =
        draio.fills_and_uploads(&refus, "Déposer", &[("titre", "Note CGEV")], ("fichier", "", b"")).await;
    refus.is(422).sees("Choisissez un fichier PDF");
    let liste = draio.fills_and_uploads(&refus, "Déposer", &[], ("fichier", "Note d’été.pdf", PDF)).await;
    liste.is(200).sees("Le document est déposé").sees("académie : Lille").sees("En ligne");

    let lue = admin.opens("/informations/2024/documents").await;
    lue.is(200).sees("Note CGEV").sees_not("Déposer");
    let fichier = admin.opens(&lue.link("Note CGEV")).await;
    fichier.is(200);
    assert_eq!(fichier.octets, PDF);
    let entete = |nom: &str| fichier.entetes.get(nom).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let nom = "attachment; filename=\"Note d__t_.pdf\"; filename*=UTF-8''Note%20d%E2%80%99%C3%A9t%C3%A9.pdf";
    assert_eq!(entete("content-disposition"), nom);
    assert_eq!(entete("content-type"), "application/pdf");
    assert_eq!(entete("x-content-type-options"), "nosniff");
    assert!(entete("content-security-policy").contains("sandbox"));
    admin.opens("/informations/2024/publication/documents").await.is(403);
    // On the screens of its theme.
    let partie = admin.opens("/gestion/2024/etablissements").await;
    let partie = admin.opens(&partie.link("Sites de formation")).await;
    partie.is(200).sees("Note CGEV (PDF)");

    let page = draio.opens("/informations/2024/publication/nouvelle").await;
    page.sees("Note CGEV (Note d’été.pdf, 68 octets)");
    let id = liste.link("Note CGEV").rsplit('/').next().unwrap_or_default().to_owned();
    let saisie = [
        ("titre", "À lire"),
        ("contenu", "Voyez la note."),
        ("academies[]", "09"),
        ("pieces[]", id.as_str()),
    ];
    draio.submits(&page, "Publier", &saisie).await.is(200).sees("L’information est enregistrée");
    let fil = admin.opens("/informations/2024").await;
    admin.opens(&fil.link("À lire")).await.is(200).sees("Pièces jointes").sees("Note CGEV");

    // The note on the data of the files, on the page and in print.
    let note = admin.opens(&lue.link("Note sur les données des dossiers transmis aux commissions")).await;
    note.is(200).sees("Moyenne générale").sees("Bulletins").sees_not("épreuves terminales");
    let imprimee = admin.opens(&note.link("Télécharger (PDF)")).await;
    imprimee.is(200);
    assert!(String::from_utf8_lossy(&imprimee.octets).contains("Moyenne générale"));

    let page = draio.opens(&liste.link("Note CGEV")).await;
    page.is(200).sees("Note d’été.pdf");
    draio.submits(&page, "Retirer le document", &[]).await.is(200).sees("Retiré");
    admin.opens("/informations/2024/documents").await.sees("Aucune note");
    assert_eq!(admin.opens(&lue.link("Note CGEV")).await.octets, PDF, "the item still gives it");
}

#[tokio::test]
async fn r_don_03_the_list_is_read_beside_the_one_before_and_changed() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let mots = ["Session 2023", "archivee"].map(|m| m.to_owned().into());
    let valeurs = [2023i64.into()].into_iter().chain(mots).collect();
    let (archive, _) = t.insert("session_admission", "annee, libelle, etat", valeurs).await;
    t.sql(
        "INSERT INTO donnee_transmise (session_id, code, source) VALUES ($1, 'notes_terminales', 'épreuves')",
        vec![archive.into()],
    )
    .await;
    let (compte, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await;
    let page = n.opens("/national/2024/donnees").await;
    page.is(200).sees("Session 2023").sees("Retirée").sees("Nouvelle");
    page.sees("leur source dans les deux sessions").sees("Changement");
    let refus = n.submits(&page, "Enregistrer la liste", &[("source-serie", " ")]).await;
    refus.is(422).sees("Dites d’où vient cette donnée, ou ne la cochez pas.").sees("si elle est transmise");
    assert!(
        refus.html.contains("href=\"#champ-source-serie\">Source"),
        "the fault leads to its field, by its name"
    );
    let autre = n.submits(&refus, "Enregistrer la liste", &[("source-serie", "Base des élèves")]).await;
    autre.is(200).sees("La liste est enregistrée").sees("Base des élèves").sees("Modifiée le");
    autre.sees("Récépissé nº");
    // From the page opened before.
    let conflit = n.submits(&page, "Enregistrer la liste", &[("source-serie", "Jamais")]).await;
    conflit.is(409).sees("Cette liste a changé");
    assert!(conflit.html.contains("value=\"Jamais\""), "what was typed stays");
    let relu = n.submits(&conflit, "Enregistrer la liste", &[]).await;
    relu.is(200).sees("La liste est enregistrée").sees("Jamais");
    // Without a list of its own, a session has no note to print, and took nothing away; without one before, nothing is compared.
    t.sql("DELETE FROM donnee_transmise WHERE session_id <> $1", vec![archive.into()]).await;
    let note = n.opens("/informations/2024/donnees").await;
    note.is(200).sees("n’est pas encore arrêtée").sees_not("Télécharger (PDF)");
    note.sees_not("Vos critères ne doivent pas");
    t.sql("DELETE FROM donnee_transmise", vec![]).await;
    let seule = n.opens("/national/2024/donnees").await;
    seule
        .is(200)
        .sees("Données des dossiers, et leur source")
        .sees_not("Changement")
        .sees_not("Session 2023");
    t.at("2024-05-01T10:00");
    n.opens("/national/2024/donnees").await.is(200).sees("ne change plus").sees_not("Enregistrer la liste");
}

async fn deposits(t: &TestApp, qui: &Acteur, theme: Theme, titre: &str, academies: &[&str]) {
    let academies = academies.iter().map(|a| (*a).to_owned()).collect();
    let notice = Notice {
        nature: Nature::Note,
        theme,
        titre: titre.to_owned(),
        audience: Audience { academies, ..Audience::default() },
    };
    let depot = Depot { notice, fichier: Some(("Note.pdf", PDF)) };
    deposit_reference(&t.ctx(qui.clone()), &Garde::default(), 2024, depot).await.expect("deposited");
}

#[tokio::test]
async fn r_ref_06_every_theme_has_its_screens() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let (national, equipe) =
        t.personne("equipe@essai.example", Attribution::simple(Role::AdminNational)).await;
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = t.personne("admin@essai.example", a).await;
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (agent, _) = t.personne("agent@essai.example", a).await;
    let (auditeur, _) = t.personne("audit@essai.example", Attribution::simple(Role::Auditeur)).await;
    let titre = |theme: Theme| format!("Essai sur le sujet {}", theme.code());
    for theme in Theme::ALL {
        deposits(&t, &equipe, theme, &titre(theme), &[]).await;
        deposits(&t, &equipe, theme, &format!("Ailleurs, {}", theme.code()), &["09"]).await;
    }
    let mut n = t.navigateur_de(admin).await;
    let formation = format!("/gestion/2024/formations/{}", f.public_id);
    for theme in Theme::ALL {
        let ecrans: Vec<String> = match theme {
            Theme::Procedure => vec!["/gestion/2024".to_owned(), "/gestion/2024/formations".to_owned()],
            Theme::Comptes => vec!["/comptes".to_owned(), "/gestion/2024/delegations".to_owned()],
            Theme::Etablissement => vec!["/gestion/2024/etablissements".to_owned()],
            Theme::Formation => vec![formation.clone()],
            Theme::Candidature => vec![format!("{formation}/{}", Rubrique::Candidature.code())],
            Theme::Grille => vec![format!("{formation}/{}", Rubrique::Grille.code())],
            Theme::Capacites => {
                vec![formation.clone(), format!("{formation}/{}", Rubrique::Frais.code())]
            }
            Theme::Apprentissage => vec!["/gestion/2024/apprentissage".to_owned()],
            Theme::Examen | Theme::Admission => vec![format!("/gestion/2024/groupes/{}", f.groupe_public_id)],
        };
        for url in ecrans {
            let page = n.opens(&url).await;
            let lien = page.is(200).link(&format!("{} (PDF)", titre(theme)));
            assert!(lien.starts_with("/informations/2024/documents/"), "{url}: {lien}");
            page.sees_not(&format!("Ailleurs, {}", theme.code()));
        }
    }
    // On its screens alone.
    let page = n.opens(&format!("{formation}/{}", Rubrique::Grille.code())).await;
    page.sees_not(&titre(Theme::Candidature)).sees_not(&titre(Theme::Procedure));
    n.opens(&formation).await.sees_not(&titre(Theme::Apprentissage));
    // The services above have theirs; who has no Fil info has nothing.
    let mut n = t.navigateur_de(agent).await;
    n.opens("/academie/2024/apprentissage").await.is(200).sees(&titre(Theme::Apprentissage));
    let mut n = t.navigateur_de(national).await;
    n.opens("/national/2024").await.is(200).sees(&titre(Theme::Admission)).sees("Documents de référence");
    let mut n = t.navigateur_de(auditeur).await;
    n.opens("/national/2024").await.is(200).sees_not(&titre(Theme::Admission));
    // A course in apprenticeship has those on apprenticeship too.
    t.sql("UPDATE formation SET statut = 'apprentissage'", vec![]).await;
    let mut n = t.navigateur_de(admin).await;
    n.opens(&formation).await.is(200).sees(&titre(Theme::Apprentissage));
}

#[tokio::test]
async fn r_ref_07_the_documentation_finds_the_notes_that_one_reads() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let (_, equipe) = t.personne("equipe@essai.example", Attribution::simple(Role::AdminNational)).await;
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = t.personne("admin@essai.example", a).await;
    deposits(&t, &equipe, Theme::Grille, "Les cordées de Zanzibar", &[]).await;
    deposits(&t, &equipe, Theme::Grille, "Zanzibar, rien que pour Lille", &["09"]).await;
    // A note is found by the name of its theme too.
    deposits(&t, &equipe, Theme::Apprentissage, "Calendrier des CFA", &[]).await;
    let mut n = t.navigateur_de(admin).await;
    // Accents, case, plurals and beginnings of words: as in the guides.
    let page = n.opens("/documentation?q=CORDEE+zanz").await;
    crate::verification::verifie(&page.html);
    page.is(200).sees("1 réponse pour").sees("Documents de référence qui vous sont adressés");
    let lien = page.link("Les cordées de Zanzibar");
    assert_eq!(n.opens(&lien).await.octets, PDF);
    page.sees_not("rien que pour Lille");
    n.opens("/documentation?q=apprentissage").await.is(200).sees("Calendrier des CFA");
    n.opens("/documentation?q=zanzibar+inconnu").await.sees("Aucune réponse pour");
    n.opens("/documentation").await.is(200).sees_not("Zanzibar");
    // Whoever is not signed in reads the guides alone.
    let mut n = t.navigateur();
    n.opens("/documentation?q=zanzibar").await.is(200).sees("Aucune réponse pour").sees_not("cordées");
}

#[tokio::test]
async fn r_don_04_the_note_says_the_source_kept_for_the_session() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = t.personne("admin@essai.example", a).await;
    let (national, _) = t.personne("equipe@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(national).await;
    let page = n.opens("/national/2024/donnees").await;
    n.submits(&page, "Enregistrer la liste", &[("source-serie", "Relevé essayé en mars")]).await.is(200);
    t.sql("UPDATE donnee_transmise SET source = '' WHERE code = 'demande_internat'", vec![]).await;
    let mut n = t.navigateur_de(admin).await;
    let note = n.opens("/informations/2024/donnees").await;
    let dite = "Source pour la session 2024 : Relevé essayé en mars.";
    note.is(200).sees(dite).sees("Base des élèves, ou déclaration du candidat.");
    // Its own source was left empty: where it comes from is said alone.
    note.sees("Vœu du candidat").sees_not("Vœu du candidat. Source");
    let imprimee = n.opens(&note.link("Télécharger (PDF)")).await;
    let texte = String::from_utf8_lossy(&imprimee.octets).replace('\u{a0}', " ");
    assert!(texte.contains(dite), "{texte}");
    assert!(texte.contains("| Vœu du candidat |"), "{texte}");
}
