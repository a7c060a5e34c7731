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
    s.agent.opens("/academie/2024").await.is(200).sees("Contrôle des formations : 1 à contrôler");
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
async fn the_agent_finds_what_the_establishment_wrote_about_the_course() {
    let mut s = prepare().await;
    s.submits().await;
    s.agent.opens(&s.controle("")).await.is(200).sees("Aucun message de l’établissement");
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
    s.collegue.submits(&page, "Confirmer cette capacité", &[]).await.is(200).sees("elle peut être publiée");
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
