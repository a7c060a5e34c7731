//! A capacity out of the ordinary on the site de gestion: said beside the field, explained, confirmed, public.

use std::collections::BTreeSet;

use app::formations::{Guichet, Reponse, answer_demande, ask_formation};
use app::idempotence::Garde;
use domain::PublicId;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::demandes::Souhait;
use jiff::civil::date;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    responsable: Navigateur,
    chef: Navigateur,
}

async fn scene() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    t.statistique(&f, 2023, [24, 310, 60, 23]).await;
    let (compte, _) = t.responsable("resp@lycee.example", &f).await;
    let chef = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::ChefEtab) };
    let (chef, _) = t.personne("chef@lycee.example", chef).await;
    t.at("2023-11-20T10:00");
    let responsable = t.navigateur_de(compte).await;
    let chef = t.navigateur_de(chef).await;
    Scene { t, f, responsable, chef }
}

fn url(f: &FormationEssai) -> String {
    format!("/gestion/2024/formations/{}", f.public_id)
}

#[tokio::test]
async fn run_4_a_doubled_digit_is_said_beside_the_field_explained_confirmed_and_public() {
    let Scene { t, f, mut responsable, mut chef } = scene().await;
    let page = responsable.opens(&url(&f)).await;
    page.is(200)
        .sees("Nombre total de places offertes")
        .sees("24\u{a0}places, 310\u{a0}candidats, 60\u{a0}personnes ont reçu une proposition")
        .sees_not("Capacité à relire");
    let page =
        responsable.submits(&page, "Enregistrer", &[("capacite", "244"), ("presentation", "Bonjour.")]).await;
    page.is(200)
        .sees("Vos modifications sont enregistrées")
        .sees("244 places au lieu de 24, 10,2 fois plus qu’en 2023\u{a0}: un chiffre a-t-il été doublé")
        .sees_not("Relire et publier");
    let publier = format!("{}/publier", url(&f));
    responsable.opens(&publier).await.is(200).sees("Capacité à relire").sees_not("Publier ces informations");
    // The home and the list lead to the reason, which is the next thing to do.
    let accueil = responsable.opens("/gestion/2024").await;
    accueil.is(200).sees("Capacité à expliquer").sees_not("Relire et publier");
    assert_eq!(accueil.link("BTS Électronique"), format!("{}/relecture", url(&f)));
    let liste = responsable.opens("/gestion/2024/formations").await;
    liste.is(200).sees("Capacité à expliquer").sees_not("Capacité à confirmer");
    assert_eq!(liste.link("Corriger ou expliquer ce nombre"), format!("{}/relecture", url(&f)));
    // Who only reads the number is not asked to put it right.
    let lue = chef.opens("/gestion/2024/formations").await;
    lue.is(200).sees("Relire la capacité").sees_not("Corriger ou expliquer");
    // Nothing to confirm yet; the head does not write the reason.
    let attente = chef.opens(&format!("{}/relecture", url(&f))).await;
    attente.is(200).sees("une fois son motif écrit").sees_not("Enregistrer le motif");
    attente.sees_not("Corriger ce nombre");
    let relecture = responsable.opens(&page.link("Corriger ou expliquer ce nombre")).await;
    relecture.is(200).sees_not("Confirmer cette capacité");
    assert_eq!(relecture.link("Corriger ce nombre"), format!("{}#champ-capacite", url(&f)));
    let vide = responsable.submits(&relecture, "Enregistrer le motif", &[("motif", "  ")]).await;
    vide.is(422).sees("Écrivez pourquoi ce nombre est le bon");
    let court = responsable.submits(&relecture, "Enregistrer le motif", &[("motif", "oui")]).await;
    court.is(422).sees("Expliquez en une phrase");
    let ecrit = [("motif", "Neuf divisions de plus dans le nouveau bâtiment.")];
    let page = responsable.submits(&relecture, "Enregistrer le motif", &ecrit).await;
    page.is(200).sees("Une deuxième personne peut maintenant").sees("le service académique confirme");
    let attend = "Capacité à confirmer par une deuxième personne";
    for page in ["/gestion/2024", "/gestion/2024/formations"] {
        chef.opens(page).await.is(200).sees(attend).sees_not("Capacité à expliquer");
    }
    // A page of before the reason confirms nothing.
    let lue = chef.opens(&format!("{}/relecture", url(&f))).await;
    let autre = [("motif", "Huit divisions de plus dans le nouveau bâtiment.")];
    responsable.submits(&page, "Enregistrer le motif", &autre).await.is(200);
    let conflit = chef.submits(&lue, "Confirmer cette capacité", &[]).await;
    conflit.is(409).sees("Rien n’a été enregistré").sees("Huit divisions");
    let page = chef.submits(&conflit, "Confirmer cette capacité", &[]).await;
    page.is(200).sees("elle peut être publiée").sees("Récépissé").sees_not("Confirmer cette capacité");
    responsable.opens(&url(&f)).await.is(200).sees("elle a été confirmée par Camille Essai");
    let page = responsable.opens(&publier).await;
    let page = responsable.submits(&page, "Publier ces informations", &[]).await;
    page.is(200).sees("La formation est publiée").sees_not("sort de l’ordinaire");
    responsable.opens(&format!("{}/relecture", url(&f))).await.is(200).sees("Aucune capacité n’est à relire");
    t.at_opening(Etape::Consultation).await;
    let fiche = t.navigateur().opens(&format!("/formations/{}", f.public_id)).await;
    fiche
        .is(200)
        .sees("244 places")
        .sees("capacité confirmée par une deuxième personne le lundi 20 novembre 2023\u{a0}: Huit divisions")
        .sees_not("Camille");
}

#[tokio::test]
async fn r_cap_05_r_vie_07_a_capacity_opened_by_a_dispensation_has_its_forms() {
    let Scene { t, f, mut responsable, mut chef } = scene().await;
    let a = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::AdminSite) };
    let (_, admin) = t.personne("admin@lycee.example", a).await;
    let a = Attribution { academies: vec![f.academie.clone()], ..Attribution::simple(Role::Academie) };
    let (_, agent) = t.personne("agent@ac.example", a).await;
    let (_, national) = t.personne("nat@education.example", Attribution::simple(Role::AdminNational)).await;
    t.at("2024-01-20T10:00");
    let (garde, id) = (Garde::default(), PublicId::parse(&f.public_id).expect("an identifier"));
    let voulu = Souhait::Derogation {
        champs: BTreeSet::from(["capacite".to_owned()]),
        jusqu_a: "2024-01-25".to_owned(),
    };
    let motif = "Une division ouvre, et la capacité est à revoir.";
    ask_formation(&t.ctx(admin), &garde, 2024, &id, &voulu, motif).await.expect("asked");
    let d = t.mot("SELECT public_id FROM demande_formation", vec![]).await;
    let d = PublicId::parse(&d).expect("an identifier");
    for (acteur, guichet, reponse) in [
        (agent, Guichet::Academie, Reponse::Transmettre("Une division ouvre : avis favorable.".to_owned())),
        (national, Guichet::National, Reponse::Accepter(String::new(), Some(date(2024, 1, 25)))),
    ] {
        answer_demande(&t.ctx(acteur), &garde, 2024, guichet, &d, &reponse).await.expect("answered");
    }
    let page = responsable.opens(&url(&f)).await;
    let page = responsable.submits(&page, "Enregistrer", &[("capacite", "244")]).await;
    page.is(200).sees("Vos modifications sont enregistrées").sees("un chiffre a-t-il été doublé");
    let page = responsable.opens(&page.link("Corriger ou expliquer ce nombre")).await;
    let ecrit = [("motif", "Neuf divisions de plus dans le nouveau bâtiment.")];
    let page = responsable.submits(&page, "Enregistrer le motif", &ecrit).await;
    page.is(200).sees("Une deuxième personne peut maintenant");
    responsable.opens(&url(&f)).await.is(200).sees("Relire la capacité").sees_not("Corriger ou expliquer");
    let page = chef.opens(&format!("{}/relecture", url(&f))).await;
    let page = chef.submits(&page, "Confirmer cette capacité", &[]).await;
    page.is(200).sees("elle peut être publiée");
    let page = responsable.opens(&format!("{}/publier", url(&f))).await;
    let page = responsable.submits(&page, "Publier ces informations", &[]).await;
    page.is(200).sees("La formation est publiée");
}

#[tokio::test]
async fn r_cap_05_who_may_not_and_when_it_is_over() {
    let Scene { t, f, mut responsable, mut chef } = scene().await;
    let page = responsable.opens(&url(&f)).await;
    responsable.submits(&page, "Enregistrer", &[("capacite", "2")]).await.is(200).sees("oublié");
    let relecture = format!("{}/relecture", url(&f));
    let page = responsable.opens(&relecture).await;
    let ecrit = [("motif", "La section ferme progressivement.")];
    responsable.submits(&page, "Enregistrer le motif", &ecrit).await.is(200);
    let ouverte = chef.opens(&relecture).await;
    // Who reads everything but the capacities, and who is of another establishment.
    let gestionnaire =
        Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::GestAdmin) };
    let (compte, _) = t.personne("gest@lycee.example", gestionnaire).await;
    let mut gestionnaire = t.navigateur_de(compte).await;
    gestionnaire.opens(&relecture).await.is(403);
    gestionnaire.opens(&url(&f)).await.is(200).sees_not("La section ferme").sees_not("310");
    let voisin = t.etablissement("0800002B", "Lycée voisin").await;
    let autre = t.formation(voisin, "BTS Voisin", Famille::Bts, true, 12, false).await;
    let (compte, _) = t.responsable("voisin@lycee.example", &autre).await;
    t.navigateur_de(compte).await.opens(&relecture).await.is(404);
    t.at_closing(Etape::CapacitesFrais).await;
    chef.submits(&ouverte, "Confirmer cette capacité", &[]).await.is(422).sees("close depuis");
    let page = chef.opens(&relecture).await;
    page.is(200).sees("close depuis").sees_not("Confirmer cette capacité");
    // Nobody is told to explain what may not be explained any more.
    for lecteur in [&mut responsable, &mut chef] {
        let page = lecteur.opens(&url(&f)).await;
        page.is(200).sees("Capacité non confirmée").sees("elle n’est pas publiée");
        page.sees_not("écrivez-en le motif");
    }
}

#[tokio::test]
async fn r_cap_05_the_page_of_a_reading_says_why_nothing_is_written_there() {
    let Scene { t, f, mut responsable, mut chef } = scene().await;
    let relecture = format!("{}/relecture", url(&f));
    t.sql("UPDATE formation_session SET capacite = NULL", vec![]).await;
    let vide = responsable.opens(&relecture).await;
    vide.is(200).sees("La capacité n’est pas encore renseignée").sees_not("vraisemblable");
    let page = responsable.opens(&url(&f)).await;
    responsable.submits(&page, "Enregistrer", &[("capacite", "244")]).await.is(200);
    let page = chef.opens(&url(&f)).await;
    page.is(200).sees("La personne qui la saisit la corrige").sees_not("écrivez-en le motif");
    // Left unexplained until the step is over: the page says so, and since when.
    t.at_closing(Etape::CapacitesFrais).await;
    let page = responsable.opens(&relecture).await;
    page.is(200).sees("Son motif n’est pas écrit.").sees("close depuis").sees_not("Enregistrer le motif");
    page.sees_not("une fois son motif écrit");
    t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
    let page = responsable.opens(&relecture).await;
    page.is(200).sees("archivée").sees("Personne n’a confirmé cette capacité.");
}
