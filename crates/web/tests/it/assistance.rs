//! Help in a browser: the cell of a place, a question from a page, its answer, its queue, a cell that is kept.

use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    /// Public identifier.
    formation: String,
    secretaire: Navigateur,
    amiens: Navigateur,
}

async fn scene() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0800001B", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    for table in ["etablissement_session", "formation_session"] {
        t.sql(&format!("UPDATE {table} SET academie = '20', departement = '80'"), vec![]).await;
    }
    let sur = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::GestAdmin) };
    let (secretaire, _) = t.personne("secretaire@essai.example", sur).await;
    let service = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (amiens, _) = t.personne("amiens@essai.example", service).await;
    Scene {
        formation: f.public_id,
        secretaire: t.navigateur_de(secretaire).await,
        amiens: t.navigateur_de(amiens).await,
        t,
    }
}

#[tokio::test]
async fn a_cell_is_kept_by_its_service_and_found_by_the_place_of_the_reader() {
    let mut s = scene().await;
    let page = s.amiens.opens("/assistance/2024/cellules").await;
    let page = s.amiens.opens(&page.link("Hauts-de-France")).await;
    page.is(200).sees("Présentez d’abord la cellule").sees("deux astérisques de chaque côté mettent en gras");
    let refus = s
        .amiens
        .submits(&page, "Enregistrer", &[("presentation", "Nous **répondons**."), ("courriel", "non")])
        .await;
    refus.is(422).sees("Saisissez une adresse électronique complète").sees("Nous **répondons**.");
    let page = s.amiens.submits(&refus, "Enregistrer", &[("courriel", "craoes@region.example")]).await;
    page.is(200).sees("La cellule est enregistrée");
    let sites = s.amiens.opens(&page.link("Sites et téléphones : 0")).await;
    let saisie = [("nom", "Amiens"), ("telephone", "03 22"), ("departements[]", "80")];
    let refus = s.amiens.submits(&sites, "Enregistrer le site", &saisie).await;
    refus.is(422).sees("numéro de téléphone à dix chiffres");
    let sites = s.amiens.submits(&refus, "Enregistrer le site", &[("telephone", "03.22.82.37.54")]).await;
    sites.is(200).sees("03 22 82 37 54");
    let lille = [("nom", "Lille"), ("telephone", "0320156180"), ("departements[]", "59")];
    s.amiens.submits(&sites, "Enregistrer le site", &lille).await.is(200);
    let parutions = s.amiens.opens("/assistance/2024/cellules/32/publications").await;
    let vide = [("titre", "Lire une fiche"), ("theme", "Choisir")];
    let refus = s.amiens.submits(&parutions, "Enregistrer la publication", &vide).await;
    refus.is(422).sees("Donnez une adresse à ouvrir, ou écrivez le texte");
    s.amiens.submits(&refus, "Enregistrer la publication", &[("texte", "D’abord.")]).await.is(200);

    let mut public = s.t.navigateur();
    let page = public.opens("/assistance").await;
    page.is(200).sees("Trouver ma cellule").sees_not("03 22 82 37 54");
    let page = public.opens("/assistance?code_postal=80000").await;
    page.is(200).sees("Somme, région académique Hauts-de-France").sees("Lire une fiche");
    assert!(page.html.contains("href=\"tel:+33322823754\""), "{}", page.html);
    let (amiens, lille) = (page.html.find("+33322823754"), page.html.find("+33320156180"));
    assert!(amiens < lille, "the site of the place first");
    let refus = public.opens("/assistance?code_postal=000").await;
    refus.is(422).sees("Aucun département n’a ce code postal");
    assert!(refus.html.contains("value=\"000\""), "what was typed stays");
    public.opens("/assistance?departement=33").await.sees("n’a pas encore donné ses coordonnées");
    public.opens("/assistance?departement=99").await.sees("Aucune cellule de région académique");
    public.opens("/assistance/cellules").await.is(200).sees("Hauts-de-France").sees("03 20 15 61 80");
    // Those who are signed in are found where they are.
    s.secretaire.opens("/assistance").await.sees("Somme").sees("03 22 82 37 54");
    let candidat = s.t.candidat("lea@essai.example", TypeBac::General).await;
    let mut candidat = s.t.navigateur_de(candidat.compte).await;
    candidat.opens("/candidat").await.is(200);
    candidat.opens("/assistance").await.sees("Somme").sees("03 22 82 37 54");
    candidat.opens("/assistance/2024/cellules/32").await.is(403);
    // Removed by its service.
    let sites = s.amiens.opens("/assistance/2024/cellules/32/sites").await;
    let site = s.amiens.opens(&sites.link("Lille")).await;
    let page = s.amiens.submits(&site, "Retirer ce site", &[]).await;
    page.is(200).sees_not("0320156180").sees_not("03 20 15 61 80");
}

#[tokio::test]
async fn a_question_goes_from_a_page_to_its_service_and_back() {
    let mut s = scene().await;
    let page = s.secretaire.opens(&format!("/gestion/2024/formations/{}", s.formation)).await;
    let page = s.secretaire.opens(&page.link("Contacter un service au sujet de cette page")).await;
    page.is(200).sees("BTS Essai").sees("Site de gestion, formations").sees("votre service académique");
    let refus = s.secretaire.submits(&page, "Envoyer la question", &[("texte", "Quelle salle ?")]).await;
    refus.is(422).sees("Choisissez ce que votre question concerne").sees("Quelle salle ?").sees("BTS Essai");
    let page = s.secretaire.submits(&refus, "Envoyer la question", &[("theme", "parametrage")]).await;
    page.is(200).sees("Votre question est envoyée").sees("Nouvelle");

    let file = s.amiens.opens("/assistance/file").await;
    file.is(200).sees("1 question attend votre réponse").sees("Lycée d’essai").sees("80 – Somme");
    let question = s.amiens.opens(&file.link("Décrire l’établissement et ses formations : BTS Essai")).await;
    question.is(200).sees("Quelle salle ?").sees("Ouvrir la page de la formation");
    let prise = s.amiens.submits(&question, "Prendre en charge", &[]).await;
    prise.is(200).sees("Vous avez pris la question en charge").sees("En cours");
    // From the page opened before: refused, and nothing typed is lost.
    let conflit = s.amiens.submits(&question, "Envoyer la réponse", &[("texte", "La 12.")]).await;
    conflit.is(409).sees("Cette question a changé").sees("La 12.");
    let page = s.amiens.submits(&conflit, "Envoyer la réponse", &[]).await;
    page.is(200).sees("La réponse est envoyée").sees("Répondue");
    let file = s.amiens.opens("/assistance/2024/file?etat=repondue").await;
    file.sees("1 question").sees("Délai médian");
    s.amiens.opens("/assistance/2024/file?sujet=rien").await.is(422);

    s.secretaire.opens("/assistance").await.sees("Mes questions : 1 nouvelle réponse");
    let liste = s.secretaire.opens("/assistance/demandes").await;
    liste.sees("Nouvelle réponse");
    let page = s.secretaire.opens(&liste.link("Décrire l’établissement et ses formations : BTS Essai")).await;
    page.is(200).sees("La 12.").sees("Nouveau");
    let page = s.secretaire.submits(&page, "Clore la question", &[]).await;
    page.is(200).sees("La question est close").sees("Rouvrir la question");
    s.secretaire.opens("/assistance/demandes").await.sees_not("Nouvelle réponse");
    s.t.at("2023-12-06T10:00");
    let page = s.secretaire.opens(&page.url).await;
    page.sees("ne se rouvre plus").sees_not("Rouvrir la question");
}

#[tokio::test]
async fn a_page_that_is_not_ours_and_a_course_that_is_not_theirs_are_not_carried() {
    let mut s = scene().await;
    let autre = s.t.etablissement("0590001A", "Autre lycée").await;
    let autre = s.t.formation(autre, "BTS Autre", Famille::Bts, true, 24, true).await;
    let formation = "/assistance/demander?ecran=/gestion/%7Bannee%7D/formations/%7Bid%7D&annee=2024&objet=";
    s.secretaire.opens(&format!("{formation}{}", s.formation)).await.is(200);
    s.secretaire.opens(&format!("{formation}{}", autre.public_id)).await.is(404).sees_not("BTS Autre");
    s.secretaire.opens("/assistance/demander?ecran=https://ailleurs.example").await.is(404);
    s.secretaire.opens("/assistance/2024/file").await.is(403);
    let mut public = s.t.navigateur();
    assert!(public.opens("/assistance/demander").await.url.starts_with("/connexion"));
}

#[tokio::test]
async fn r_ass_16_who_has_several_establishments_chooses_which_one_asks() {
    let s = scene().await;
    let voisin = s.t.etablissement("0800002C", "Lycée voisin").await;
    let sur = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::GestAdmin) };
    let (compte, _) = s.t.personne("deux@essai.example", sur).await;
    s.t.sql(
        "UPDATE attribution SET compte_id = $1 WHERE compte_id = (SELECT id FROM compte WHERE courriel = 'secretaire@essai.example')",
        vec![compte.into()],
    )
    .await;
    let mut deux = s.t.navigateur_de(compte).await;
    let page = deux.opens("/assistance/demander").await;
    page.is(200).sees("Au nom de quel établissement").sees_not("Y répond");
    let saisie = [("theme", "procedure"), ("texte", "Qui appeler ?")];
    let refus = deux.submits(&page, "Envoyer la question", &saisie).await;
    refus.is(422).sees("Choisissez l’établissement au nom duquel").sees("Qui appeler ?");
    let id = s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![voisin.into()]).await;
    let page = deux.submits(&refus, "Envoyer la question", &[("etablissement", &id)]).await;
    page.is(200).sees("Votre question est envoyée");
}

#[tokio::test]
async fn r_ass_13_a_text_is_chosen_then_inserted_and_nothing_typed_is_lost() {
    let mut s = scene().await;
    let page = s.amiens.opens("/assistance/2024/cellules/32").await;
    let saisie = [("presentation", "Nous répondons."), ("courriel", "craoes@region.example")];
    let page = s.amiens.submits(&page, "Enregistrer", &saisie).await;
    let page = s.amiens.opens(&page.link("Réponses types")).await;
    page.is(200).sees("Aucune réponse type");
    let refus =
        s.amiens.submits(&page, "Enregistrer la réponse type", &[("texte", "Les vœux se confirment.")]).await;
    refus.is(422).sees("Choisissez le sujet des questions").sees("Les vœux se confirment.");
    let saisie = [("theme", "voeux"), ("titre", "Confirmer")];
    let page = s.amiens.submits(&refus, "Enregistrer la réponse type", &saisie).await;
    page.is(200).sees("Les réponses types de la cellule sont enregistrées").sees("Confirmer");

    let candidat = s.t.candidat("lea@essai.example", TypeBac::General).await;
    let mut lea = s.t.navigateur_de(candidat.compte).await;
    let page = lea.opens("/assistance/demander").await;
    let saisie = [("texte", "Comment faire ?"), ("theme", "voeux")];
    lea.submits(&page, "Envoyer la question", &saisie).await.is(200);
    let file = s.amiens.opens("/assistance/2024/file").await;
    let question = s.amiens.opens(&file.link("Mon dossier et mes vœux")).await;
    question.is(200).sees("Réponse type de la cellule");
    let refus = s.amiens.submits(&question, "Insérer dans ma réponse", &[("texte", "Chère Léa,")]).await;
    refus.is(422).sees("Choisissez une réponse type dans la liste").sees("Chère Léa,");
    let id = refus.html.split("<option value=\"").filter_map(|m| m.split('"').next()).find(|v| v.len() == 26);
    let id = id.expect("is offered").to_owned();
    let page = s.amiens.submits(&refus, "Insérer dans ma réponse", &[("modele", &id)]).await;
    page.is(200).sees("Chère Léa, Les vœux se confirment.");
    let page = s.amiens.submits(&page, "Envoyer la réponse", &[]).await;
    page.is(200).sees("La réponse est envoyée").sees("Les vœux se confirment.");

    let page = s.amiens.opens("/assistance/2024/cellules/32/reponses").await;
    let page = s.amiens.opens(&page.link("Confirmer")).await;
    s.amiens.submits(&page, "Retirer", &[]).await.is(200).sees("Aucune réponse type");
    lea.opens("/assistance/2024/cellules/32/reponses").await.is(403);
}
