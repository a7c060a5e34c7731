//! The review of courses by the academic service, through the pages.

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    admin: Navigateur,
    agent: Navigateur,
    collegue: Navigateur,
}

async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.controle_academique(true).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let admin = t.navigateur_de(compte).await;
    let agent = agent(&t, "un").await;
    let collegue = self::agent(&t, "deux").await;
    Scene { t, f, admin, agent, collegue }
}

async fn agent(t: &TestApp, nom: &str) -> Navigateur {
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (compte, _) = t.personne(&format!("{nom}@ac.example"), a).await;
    t.navigateur_de(compte).await
}

impl Scene {
    fn gestion(&self, suite: &str) -> String {
        format!("/gestion/2024/formations/{}{suite}", self.f.public_id)
    }

    fn controle(&self, suite: &str) -> String {
        format!("/academie/2024/controles/{}{suite}", self.f.public_id)
    }

    async fn submits(&mut self) {
        let page = self.admin.opens(&self.gestion("/publier")).await;
        page.is(200).sees("Soumettre la formation").sees_not("Publier ces informations");
        let page = self.admin.submits(&page, "Soumettre au service académique", &[]).await;
        page.is(200).sees("La formation est soumise au service académique").sees("Récépissé nº");
    }
}

#[tokio::test]
async fn r_cha_04_an_agent_reads_that_the_charter_in_force_is_not_accepted() {
    let mut s = prepare().await;
    s.submits().await;
    s.agent.opens(&s.controle("")).await.is(200).sees_not("version 1 de la charte");
    let national = s.t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
    let ctx = s.t.ctx(national);
    app::charte::publish_charte(&ctx, &app::idempotence::Garde::default(), 2024, "Dire la vérité.")
        .await
        .expect("published");
    s.agent
        .opens(&s.controle(""))
        .await
        .is(200)
        .sees("n’a pas encore accepté la version 1 de la charte")
        .sees("Accepter et publier");
}

#[tokio::test]
async fn a_course_is_submitted_returned_put_right_and_accepted_through_the_pages() {
    let mut s = prepare().await;
    s.agent.opens("/academie/2024").await.is(200).sees("Contrôle des formations").sees_not("à contrôler");
    s.agent.opens("/academie/2024/controles").await.is(200).sees("Aucune formation n’attend votre contrôle.");
    s.agent.opens(&s.controle("")).await.is(200).sees("À soumettre").sees_not("Accepter et publier");
    s.submits().await;
    s.admin
        .opens(&s.gestion("/publier"))
        .await
        .is(200)
        .sees("déjà soumise")
        .sees_not("Soumettre au service académique");
    s.agent.opens("/academie/2024").await.is(200).sees("Contrôle des formations 1 à contrôler");
    let file = s.agent.opens("/academie/2024/controles").await;
    file.is(200).sees("1 formation attend votre contrôle.").sees("Nouvelle cette année").sees("Libre");
    let page = s.agent.opens(&s.controle("")).await;
    let page = s.agent.submits(&page, "Prendre en charge", &[]).await;
    page.is(200).sees("Vous avez pris cette formation en charge.");
    s.collegue
        .opens(&s.controle(""))
        .await
        .is(200)
        .sees("Camille Essai a pris")
        .sees_not("Accepter et publier");
    s.t.at("2024-01-15T10:00");
    // Nothing ticked, a field that does not exist, no reason, a day past: said, and nothing typed is lost.
    s.agent.opens(&s.controle("/retour")).await.is(422).sees("Cochez au moins un champ à corriger.");
    let choix = "/retour?champs%5B%5D=attendus&champs%5B%5D=frais";
    let page = s.agent.opens(&s.controle(choix)).await;
    page.is(200).sees("Ce qui est à corriger dans « Attendus de la formation »");
    let faux = [
        ("motif.attendus", "Ils sont ceux d’un autre diplôme."),
        ("motif.frais", ""),
        ("jusqu_a", "2024-01-20"),
    ];
    let page = s.agent.submits(&page, "Retourner à l’établissement", &faux).await;
    page.is(422).sees("Expliquez en une phrase").sees("Ils sont ceux d’un autre diplôme.");
    let juste = [("motif.frais", "Ils étaient de 170 euros en 2023."), ("jusqu_a", "2024-01-10")];
    let page = s.agent.submits(&page, "Retourner à l’établissement", &juste).await;
    page.is(422).sees("Choisissez un jour qui n’est pas déjà passé.");
    let page = s.agent.submits(&page, "Retourner à l’établissement", &[("jusqu_a", "2024-01-20")]).await;
    page.is(200).sees("La formation est retournée ; l’établissement est prévenu.");
    // The establishment reads why, and writes these fields alone.
    let page = s.admin.opens(&s.gestion("")).await;
    page.is(200).sees("Ils sont ceux d’un autre diplôme.").sees("samedi 20 janvier 2024");
    let page = s.admin.submits(&page, "Enregistrer", &[("frais", "170")]).await;
    page.is(200).sees("Vos modifications sont enregistrées.");
    let page = s.admin.opens(&s.gestion("/attendus")).await;
    page.is(200).sees("seuls les champs que le service académique vous a retournés");
    let page = s.admin.submits(&page, "Enregistrer", &[("attendus", "Aimer l’électronique.")]).await;
    page.is(200).sees("La rubrique est enregistrée.");
    // A field that the page does not offer is refused, and what was open keeps its value.
    let page = s.admin.submits(&page, "Enregistrer", &[("eligibilite", "Aucune.")]).await;
    page.is(422).sees("est close depuis le");
    s.admin.opens(&s.gestion("/contacts")).await.is(200).sees("est close depuis le");
    s.submits().await;
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200).sees("Depuis le dernier retour").sees("Aimer l’électronique.").sees("170");
    let page = s.agent.submits(&page, "Accepter et publier", &[]).await;
    page.is(200).sees("La formation est acceptée et publiée");
    s.admin.opens(&s.gestion("")).await.is(200).sees("Acceptée par le service académique.");
}

#[tokio::test]
async fn r_cap_05_r_ctl_04_a_capacity_returned_after_the_step_has_its_forms_its_badge_and_its_filter() {
    let mut s = prepare().await;
    s.t.statistique(&s.f, 2023, [24, 310, 60, 23]).await;
    let a = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::ChefEtab) };
    let (compte, _) = s.t.personne("chef@lycee.example", a).await;
    let mut chef = s.t.navigateur_de(compte).await;
    let retournees = "/gestion/2024/formations?etat=retournees";
    s.submits().await;
    s.admin.opens(retournees).await.is(200).sees("Aucune formation").sees("Retournées, à corriger");
    s.t.at("2024-01-15T10:00");
    let page = s.agent.opens(&s.controle("/retour?champs%5B%5D=capacite")).await;
    let motif = [("motif.capacite", "Une division de plus ouvre chez vous."), ("jusqu_a", "2024-01-20")];
    s.agent.submits(&page, "Retourner à l’établissement", &motif).await.is(200);
    for page in [retournees, "/gestion/2024/formations", "/gestion/2024/lot"] {
        let page = s.admin.opens(page).await;
        page.is(200).sees("BTS Électronique").sees("Retournée à corriger jusqu’au 20/01/2024");
    }
    let page = s.admin.opens(&s.gestion("")).await;
    let page = s.admin.submits(&page, "Enregistrer", &[("capacite", "244")]).await;
    page.is(200).sees("Capacité à relire avant de soumettre");
    // From the home to the reason, then to the second person.
    let accueil = s.admin.opens("/gestion/2024").await;
    accueil.is(200).sees("Formations retournées à corriger").sees("Capacité à expliquer");
    let page = s.admin.opens(&accueil.link("Capacité à expliquer")).await;
    let motif = [("motif", "Huit divisions de plus dans le nouveau bâtiment.")];
    let page = s.admin.submits(&page, "Enregistrer le motif", &motif).await;
    page.is(200).sees("Une deuxième personne peut maintenant").sees("Cet acte demande deux personnes");
    s.t.at("2024-01-20T23:59");
    let accueil = chef.opens("/gestion/2024").await;
    let page = chef.opens(&accueil.link("Capacité à confirmer par une deuxième personne")).await;
    chef.submits(&page, "Confirmer cette capacité", &[]).await.is(200).sees("elle peut être soumise");
    s.submits().await;
    s.admin.opens(retournees).await.is(200).sees("Aucune formation");
}

#[tokio::test]
async fn r_ctl_09_r_ctl_10_a_return_past_its_day_is_found_extended_and_taken_back_through_the_pages() {
    let mut s = prepare().await;
    s.submits().await;
    s.t.at("2024-01-15T10:00");
    let page = s.agent.opens(&s.controle("/retour?champs%5B%5D=attendus")).await;
    let saisie = [("motif.attendus", "Ils sont ceux d’un autre diplôme."), ("jusqu_a", "2024-01-20")];
    s.agent.submits(&page, "Retourner à l’établissement", &saisie).await.is(200);
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200).sees("jusqu’au samedi 20 janvier 2024").sees("Retour en cours").sees_not("Délai dépassé");
    s.t.at("2024-01-21T10:00");
    // The establishment reads that the day is past, what it means, and whom to write to.
    let page = s.admin.opens(&s.gestion("")).await;
    page.is(200)
        .sees("Le jour donné pour corriger cette formation est passé")
        .sees("la formation n’est plus au contrôle")
        .sees("Ils sont ceux d’un autre diplôme.");
    assert_eq!(page.link("Écrire au service académique"), s.gestion("/echanges"));
    let page = s.admin.opens("/gestion/2024").await;
    page.is(200).sees("Formations retournées à corriger").sees("Jour donné pour corriger passé");
    assert_eq!(page.link("Écrire au service académique"), s.gestion("/echanges"));
    s.admin.opens("/gestion/2024/formations").await.is(200).sees("Retournée délai dépassé");
    // So does the service, from its queue.
    let page = s.agent.opens("/academie/2024/controles").await;
    page.is(200).sees("1 formation retournée a dépassé le jour donné");
    let page = s.agent.opens(&page.link("Les lire, pour prolonger")).await;
    page.is(200)
        .sees("Retournée, délai dépassé : 1 formation")
        .sees("Délai dépassé")
        .sees("BTS Électronique");
    let vieille = s.collegue.opens(&s.controle("")).await;
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200).sees("Délai dépassé depuis le samedi 20 janvier 2024");
    // Without a day, or with one that is past: nothing typed is lost.
    let mot = [("mot", "Voyez avec l’inspection.")];
    let page = s.agent.submits(&page, "Prolonger le retour", &mot).await;
    page.is(422).sees("Voyez avec l’inspection.");
    let page = s.agent.submits(&page, "Prolonger le retour", &[("jusqu_a", "2024-01-20")]).await;
    page.is(422).sees("Choisissez un jour qui n’est pas déjà passé.");
    let page = s.agent.submits(&page, "Prolonger le retour", &[("jusqu_a", "2024-01-25")]).await;
    page.is(200).sees("Le retour est prolongé ; l’établissement est prévenu.").sees("Retour prolongé le");
    let page = s.collegue.submits(&vieille, "Annuler le retour", &[]).await;
    page.is(409).sees("Rien n’a été décidé").sees("Retour en cours");
    let page = s.admin.opens(&s.gestion("")).await;
    page.is(200).sees("jusqu’au jeudi 25 janvier 2024").sees("Voyez avec l’inspection.");
    // Changed, it is not taken back; put back as it was, it is.
    let page = s.admin.opens(&s.gestion("/attendus")).await;
    s.admin.submits(&page, "Enregistrer", &[("attendus", "Aimer l’électronique.")]).await.is(200);
    let change = s.agent.opens(&s.controle("")).await;
    change.is(200).sees("a modifié cette formation depuis le retour").sees_not("Annuler le retour");
    let page = s.admin.opens(&s.gestion("/attendus")).await;
    s.admin.submits(&page, "Enregistrer", &[("attendus", "S’intéresser à la matière.")]).await.is(200);
    let page = s.agent.opens(&s.controle("")).await;
    let page = s.agent.submits(&page, "Annuler le retour", &[]).await;
    page.is(200).sees("Le retour est annulé").sees("Accepter et publier").sees_not("Retour en cours");
    s.admin.opens(&s.gestion("")).await.is(200).sees("Soumise au service académique le");
    let page = s.agent.submits(&page, "Accepter et publier", &[]).await;
    page.is(200).sees("La formation est acceptée et publiée");
}

#[tokio::test]
async fn a_second_tab_decides_nothing_and_changed_courses_are_not_accepted_together() {
    let mut s = prepare().await;
    s.submits().await;
    let lue = s.agent.opens(&s.controle("")).await;
    let autre = s.collegue.opens(&s.controle("")).await;
    s.collegue.submits(&autre, "Prendre en charge", &[]).await.is(200);
    s.agent.submits(&lue, "Accepter et publier", &[]).await.is(409).sees("Rien n’a été décidé");
    let page = s.collegue.opens(&s.controle("")).await;
    s.collegue.submits(&page, "Libérer", &[]).await.is(200).sees("La formation est libérée");
    // The colleague is faster while reasons are typed: they stay in sight, with what happened.
    let saisie = s.agent.opens(&s.controle("/retour?champs%5B%5D=attendus")).await;
    let page = s.collegue.opens(&s.controle("")).await;
    s.collegue.submits(&page, "Prendre en charge", &[]).await.is(200);
    let motif = [("motif.attendus", "Ils sont ceux d’un autre diplôme."), ("jusqu_a", "2023-12-01")];
    let page = s.agent.submits(&saisie, "Retourner à l’établissement", &motif).await;
    page.is(409).sees("Un autre agent a pris cette formation").sees("Ils sont ceux d’un autre diplôme.");
    let page = s.collegue.opens(&s.controle("")).await;
    s.collegue.submits(&page, "Libérer", &[]).await.is(200);
    // A course new this year has no box; its identifier sent anyway is refused.
    let file = s.agent.opens("/academie/2024/controles").await;
    file.is(200).sees_not("Accepter et publier les formations cochées");
    s.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
    let file = s.agent.opens("/academie/2024/controles").await;
    file.is(200).sees("Inchangée");
    let vide = s.agent.submits(&file, "Accepter et publier les formations cochées", &[]).await;
    vide.is(422).sees("Cochez au moins une formation.");
    s.t.sql("UPDATE controle_formation SET changes = 3", vec![]).await;
    let id = s.f.public_id.clone();
    let page =
        s.agent.submits(&file, "Accepter et publier les formations cochées", &[("formations[]", &id)]).await;
    page.is(422).sees("a changé depuis l’an dernier");
}

#[tokio::test]
async fn r_ctl_11_the_list_comes_back_as_it_was_and_its_unchanged_courses_go_at_once() {
    let mut s = prepare().await;
    let mut autres = Vec::new();
    for nom in ["BTS Mécanique", "BTS Optique"] {
        autres.push(s.t.formation(s.f.etablissement, nom, Famille::Bts, true, 24, false).await);
    }
    let lot = s.admin.opens("/gestion/2024/lot?cocher=liste").await;
    s.admin.submits(&lot, "Soumettre les formations cochées", &[]).await.is(200);
    s.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
    let liste = "/academie/2024/controles?departement=80&q=bts";
    let file = s.agent.opens(liste).await;
    file.is(200).sees("BTS Optique").sees("Accepter les 3 formations inchangées de cette liste");
    s.agent.opens("/academie/2024/controles?q=optique+verne").await.is(200).sees_not("BTS Mécanique");
    let vide = s.agent.submits(&file, "Accepter et publier les formations cochées", &[]).await;
    vide.is(422).sees("Cochez au moins une formation.").sees("BTS Optique");
    assert!(vide.html.contains(r#"value="bts""#), "{}", vide.html);
    // What is refused stays ticked, among the same courses.
    let mecanique = autres[0].formation_session.into();
    s.t.sql("UPDATE controle_formation SET changes = 3 WHERE formation_session_id = $1", vec![mecanique])
        .await;
    let deux = [("formations[]", s.f.public_id.as_str()), ("formations[]", &autres[0].public_id)];
    let refus = s.agent.submits(&file, "Accepter et publier les formations cochées", &deux).await;
    refus.is(422).sees("a changé depuis l’an dernier");
    assert!(refus.html.contains(&format!("value=\"{}\" checked", s.f.public_id)), "{}", refus.html);
    // From a course, one comes back to the same list.
    let page = s.agent.opens(&refus.link("BTS Mécanique")).await;
    assert_eq!(page.link("Retour à la liste"), liste);
    let page = s.agent.submits(&page, "Prendre en charge", &[]).await;
    page.is(200).sees("Vous avez pris cette formation en charge.");
    let fait = s.agent.submits(&page, "Accepter et publier", &[]).await;
    fait.is(200).sees("La formation est acceptée et publiée").sees_not("BTS Mécanique");
    assert!(fait.url.starts_with(liste), "{}", fait.url);
    // All the others at once: read again first, and what changes meanwhile is left aside.
    let apercu = s.agent.opens(&fait.link("Accepter les 2 formations inchangées de cette liste")).await;
    apercu.is(200).sees("recherche « bts »").sees("département 80").sees("BTS Optique");
    let contact = format!("/gestion/2024/formations/{}/contacts", autres[1].public_id);
    let contact = s.admin.opens(&contact).await;
    s.admin.submits(&contact, "Enregistrer", &[("contact", "Vie scolaire")]).await.is(200);
    let fait = s.agent.submits(&apercu, "Accepter et publier ces 2 formations", &[]).await;
    fait.is(200)
        .sees("1\u{a0}formation est acceptée et publiée ; son établissement est prévenu.")
        .sees("1\u{a0}formation est laissée de côté")
        .sees("Elle a été modifiée depuis que vous l’avez lue : relisez-la.")
        .sees("Récépissé nº");
    assert!(fait.url.starts_with(liste), "{}", fait.url);
    let reste = s.agent.opens("/academie/2024/controles/inchangees").await;
    reste.is(200).sees("Aucune formation de cette liste ne peut être acceptée sans être ouverte.");
    let jeton = reste.jeton().to_owned();
    let rien = s.agent.posts("/academie/2024/controles/inchangees", &[("_jeton", &jeton)]).await;
    rien.is(422).sees("Aucune formation n’a été choisie");
}

#[tokio::test]
async fn r_acc_05_the_national_team_reads_what_waits_in_the_country_and_decides_nothing() {
    let mut s = prepare().await;
    s.submits().await;
    let attribution = Attribution::simple(Role::AdminNational);
    let (compte, _) = s.t.personne("national@essai.example", attribution).await;
    let mut national = s.t.navigateur_de(compte).await;
    let accueil = national.opens("/national/2024").await;
    accueil.is(200).sees("Ce qui attend dans tout le pays").sees("Contrôle des formations 1 à contrôler");
    let file = national.opens(&accueil.link("Contrôle des formations")).await;
    file.is(200)
        .sees("1 formation attend le contrôle de son service académique.")
        .sees_not("Accepter et publier");
    assert_eq!(file.link("BTS Électronique"), s.gestion(""));
    assert!(national.opens("/academie/2024/controles/inchangees").await.statut.is_client_error());
    assert!(national.opens(&s.controle("")).await.statut.is_client_error());
    s.t.at("2024-02-15T10:00");
    national.opens("/national/2024").await.is(200).sees_not("Ce qui attend dans tout le pays");
}

#[tokio::test]
async fn the_agent_finds_what_the_establishment_wrote_about_the_course() {
    let mut s = prepare().await;
    s.submits().await;
    let lue = s.agent.opens(&s.controle("")).await;
    lue.is(200).sees("Aucun message de l’établissement");
    assert_eq!(lue.link("Ouvrir la formation"), s.gestion(""));
    s.agent.opens(&s.gestion("")).await.is(200);
    let page = s.admin.opens(&s.gestion("/echanges")).await;
    s.admin.submits(&page, "Envoyer", &[("texte", "Le diplôme change de nom.")]).await.is(200);
    let page = s.agent.opens(&s.controle("")).await;
    let fil = page.link("1 message de l’établissement");
    assert_eq!(fil, s.gestion("/echanges"));
    let fil = s.agent.opens(&fil).await;
    fil.is(200).sees("Le diplôme change de nom.");
    // What the service answers is not a message of the establishment.
    s.agent.submits(&fil, "Envoyer", &[("texte", "C’est noté.")]).await.is(200);
    s.agent.opens(&s.controle("")).await.is(200).sees("1 message de l’établissement");
}

#[tokio::test]
async fn r_cge_18_what_a_grid_has_to_be_read_again_is_told_to_the_agent() {
    let mut s = prepare().await;
    let page = s.admin.opens(&s.gestion("/grille")).await;
    let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
    s.admin.submits(&page, "Enregistrer", &[("criteres.0.elements", eds)]).await.is(200);
    s.submits().await;
    s.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
    let file = s.agent.opens("/academie/2024/controles").await;
    file.is(200)
        .sees("Inchangée")
        .sees("Grille : 1\u{a0}point à relire")
        .sees("une formation inchangée est laissée de côté")
        .sees_not("Accepter et publier les formations cochées");
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200)
        .sees("Grille : 1\u{a0}point à relire, plus bas")
        .sees("Relecture de la grille")
        .sees("Ce passage s’appuie sur les notes des épreuves terminales")
        .sees("Passage cité : épreuves terminales de spécialité")
        .sees("critère 1")
        .sees_not("Capacité hors de l’ordinaire");
    let page = s.agent.submits(&page, "Accepter et publier", &[]).await;
    page.is(200).sees("La formation est acceptée et publiée");
}

#[tokio::test]
async fn r_ctl_14_a_decision_leads_to_the_course_that_follows_in_the_same_list() {
    let mut s = prepare().await;
    for nom in ["BTS Optique", "BTS Tourisme"] {
        let f = s.t.formation(s.f.etablissement, nom, Famille::Bts, true, 24, false).await;
        let page = s.admin.opens(&format!("/gestion/2024/formations/{}/publier", f.public_id)).await;
        s.admin.submits(&page, "Soumettre au service académique", &[]).await.is(200);
    }
    s.submits().await;
    let libres = "/academie/2024/controles?prise=libre&famille=bts";
    let file = s.agent.opens(libres).await;
    file.is(200).sees("3 formations").sees("Prises par un collègue").sees_not("Formation suivante");
    let page = s.agent.opens(&file.link("BTS Électronique")).await;
    let file = s.agent.submits(&page, "Accepter et publier", &[]).await;
    file.is(200).sees("La formation est acceptée et publiée").sees("2 formations");
    let page = s.agent.opens(&file.link("Formation suivante")).await;
    page.is(200).sees("Contrôler une formation").sees_not("BTS Électronique");
    assert_eq!(page.link("Retour à la liste"), libres, "with its filter");
    // Returned: the same.
    let retour = format!("{}&champs%5B%5D=attendus", page.url.replace('?', "/retour?"));
    let page = s.agent.opens(&retour).await;
    let motif = [("motif.attendus", "Ils sont ceux d’un autre diplôme."), ("jusqu_a", "2023-11-28")];
    let file = s.agent.submits(&page, "Retourner à l’établissement", &motif).await;
    file.is(200).sees("La formation est retournée").sees("1 formation");
    let page = s.agent.opens(&file.link("Formation suivante")).await;
    page.is(200).sees("Contrôler une formation");
    // The last one: nothing follows.
    let file = s.agent.submits(&page, "Accepter et publier", &[]).await;
    file.is(200).sees("La formation est acceptée et publiée").sees_not("Formation suivante");
    // An address that somebody wrote leads nowhere else.
    let faux =
        s.agent.opens("/academie/2024/controles?fait=acceptee&suivante=https://ailleurs.example").await;
    faux.is(200).sees_not("Formation suivante");
}

#[tokio::test]
async fn r_for_40_what_the_establishment_denies_is_told_on_the_form_and_to_the_agent() {
    let mut s = prepare().await;
    let dit = "La formation propose l’internat, alors que l’établissement déclare ne pas en avoir.";
    let page = s.admin.opens(&s.gestion("/caracteristiques")).await;
    page.is(200).sees_not("ne disent pas la même chose");
    let page = s.admin.submits(&page, "Enregistrer", &[("internat", "oui")]).await;
    page.is(200).sees("La rubrique est enregistrée.").sees(dit).sees("« Accessibilité, internat, bourses »");
    let titre = "La formation et son établissement ne disent pas la même chose : internat";
    page.sees(titre);
    s.admin.opens(&s.gestion("/frais")).await.is(200).sees_not(dit);
    s.admin.opens(&s.gestion("/publier")).await.is(200).sees(dit);
    s.submits().await;
    let file = s.agent.opens("/academie/2024/controles").await;
    file.is(200).sees("Contredit l’établissement : internat");
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200).sees(titre).sees(dit);
    let page = s.agent.submits(&page, "Accepter et publier", &[]).await;
    page.is(200).sees("La formation est acceptée et publiée");
}

#[tokio::test]
async fn r_ctl_07_the_agent_reads_why_a_capacity_was_held_and_who_confirmed_it() {
    let mut s = prepare().await;
    s.t.statistique(&s.f, 2023, [24, 310, 60, 23]).await;
    let page = s.admin.opens(&s.gestion("")).await;
    s.admin.submits(&page, "Enregistrer", &[("capacite", "244")]).await.is(200);
    let lue = s.agent.opens(&s.controle("")).await;
    lue.is(200)
        .sees("Capacité hors de l’ordinaire")
        .sees("244 places au lieu de 24")
        .sees_not("Confirmée par");
    let page = s.admin.opens(&s.gestion("/relecture")).await;
    let motif = [("motif", "Neuf divisions de plus dans le nouveau bâtiment.")];
    s.admin.submits(&page, "Enregistrer le motif", &motif).await.is(200);
    let page = s.collegue.opens(&s.gestion("/relecture")).await;
    s.collegue.submits(&page, "Confirmer cette capacité", &[]).await.is(200).sees("elle peut être soumise");
    s.submits().await;
    let page = s.agent.opens(&s.controle("")).await;
    page.is(200)
        .sees("Capacité hors de l’ordinaire")
        .sees("Neuf divisions de plus dans le nouveau bâtiment.")
        .sees("Confirmée par")
        .sees("Camille Essai, le lundi 20 novembre 2023");
}

#[tokio::test]
async fn ses_3_reasons_of_a_return_come_back_with_the_fields_they_are_about() {
    let mut s = prepare().await;
    s.submits().await;
    let page = s.agent.opens(&s.controle("")).await;
    s.agent.submits(&page, "Prendre en charge", &[]).await.is(200);
    let choix = "/retour?champs%5B%5D=attendus&champs%5B%5D=frais";
    let page = s.agent.opens(&s.controle(choix)).await;
    let saisie = [("motif.attendus", "D’un autre diplôme."), ("jusqu_a", "2023-11-28")];
    s.agent.keeps(&page, "Retourner à l’établissement", &saisie).await.is(204);
    // Found again on the home, and whatever fields are ticked next.
    let accueil = s.agent.opens("/academie/2024").await;
    accueil.is(200).sees("Saisies non enregistrées").sees("Motifs du retour – BTS Électronique");
    let page = s.agent.opens(&accueil.link("Motifs du retour")).await;
    page.is(200).sees("Vous aviez commencé cette saisie").sees_not("Retourner à l’établissement");
    let page = s.agent.opens(&s.controle("/retour?champs%5B%5D=contact")).await;
    page.is(200).sees("Vous aviez commencé cette saisie").sees("Retourner à l’établissement");
    let reprise = s.agent.opens(&page.link("Reprendre ma saisie")).await;
    reprise
        .is(200)
        .sees("D’un autre diplôme.")
        .sees("Ce qui est à corriger dans « Attendus de la formation »");
    reprise.sees_not("à corriger dans « Contact");
    s.collegue.opens(&s.controle(choix)).await.is(200).sees_not("D’un autre diplôme.");
    let juste = [("motif.frais", "Ils étaient de 170 euros.")];
    let page = s.agent.submits(&reprise, "Retourner à l’établissement", &juste).await;
    page.is(200).sees("La formation est retournée ; l’établissement est prévenu.");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0);
}

#[tokio::test]
async fn ses_3_forgotten_reasons_lead_back_to_the_course() {
    let mut s = prepare().await;
    s.submits().await;
    let page = s.agent.opens(&s.controle("")).await;
    s.agent.submits(&page, "Prendre en charge", &[]).await.is(200);
    let page = s.agent.opens(&s.controle("/retour?champs%5B%5D=frais")).await;
    s.agent.keeps(&page, "Retourner à l’établissement", &[("motif.frais", "Trop.")]).await.is(204);
    let page = s.agent.opens(&s.controle("/retour?champs%5B%5D=frais")).await;
    let page = s.agent.submits(&page, "L’oublier", &[]).await;
    page.is(200).sees("Votre saisie non enregistrée est oubliée.").sees("Contrôler une formation");
    s.agent.opens(&s.controle("/retour")).await.is(422);
}
