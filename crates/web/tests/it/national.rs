//! The national team computes; a second person publishes.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, FormationEssai, Navigateur, Reponse, TestApp};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    un: Navigateur,
    deux: Navigateur,
    auditeur: Navigateur,
}

async fn agent(t: &TestApp, courriel: &str, role: Role) -> Navigateur {
    let (compte, _) = t.personne(courriel, Attribution::simple(role)).await;
    t.navigateur_de(compte).await
}

/// One place, three candidates ranked, the rate missing.
async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.during(Etape::Examen).await;
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 1, true).await;
    let mut candidats = Vec::new();
    for i in 0..3 {
        let c = t.candidat(&format!("c{i}@essai.fr"), TypeBac::General).await;
        t.voeu(&c, &f, EtatVoeu::Classe).await;
        candidats.push(c);
    }
    t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
    t.during(Etape::OrdreAppel).await;
    let un = agent(&t, "un@national.fr", Role::AdminNational).await;
    let deux = agent(&t, "deux@national.fr", Role::AdminNational).await;
    let auditeur = agent(&t, "a@audit.fr", Role::Auditeur).await;
    Scene { t, f, un, deux, auditeur }
}

/// Asks for a computation, lets the runner do it, then comes back to the page that follows it.
async fn calcule(t: &TestApp, qui: &mut Navigateur, page: &Reponse, bouton: &str) -> Reponse {
    let suivi = qui.submits(page, bouton, &[]).await;
    suivi.is(200).sees("Calcul demandé").sees("Demandé à l’instant");
    while matches!(app::taches::executer_une(&t.app).await, Ok(true)) {}
    qui.opens(&suivi.url).await
}

impl Scene {
    async fn taux(&self) {
        self.t.sql("UPDATE groupe_classement SET taux_min_boursiers = 5", vec![]).await;
    }

    /// Call orders computed by one, published by the other.
    async fn ordonnee(&mut self) {
        self.taux().await;
        let page = self.un.opens("/national/2024/ordre-appel").await;
        let page = calcule(&self.t, &mut self.un, &page, "Calculer les ordres d’appel").await;
        let page = self.deux.opens(&format!("{}/publier", page.url.split('?').next().unwrap_or(""))).await;
        self.deux.submits(&page, "Publier ce passage", &[]).await.is(200).sees("Le passage est publié.");
    }
}

#[tokio::test]
async fn call_orders_are_computed_by_one_and_published_by_another() {
    let mut s = prepare().await;
    let page = s.un.opens("/national").await;
    assert_eq!(page.url, "/national/2024");
    page.is(200).sees("Le taux minimum de boursiers n’est pas fixé pour 1 groupe.");
    page.sees_not("Calculer les ordres d’appel");
    s.taux().await;
    let page = s.un.opens("/national/2024").await;
    let page = s.un.opens(&page.link("Calculer les ordres d’appel")).await;
    page.is(200).sees("publié par une deuxième personne");
    let calcule = calcule(&s.t, &mut s.un, &page, "Calculer les ordres d’appel").await;
    calcule
        .is(200)
        .sees("Le passage est calculé.")
        .sees("Calculé, à publier")
        .sees("Toutes les vérifications");
    // The one who computed is not offered the publication, and cannot force it.
    calcule.sees("une deuxième personne doit le faire");
    let url = calcule.url.split('?').next().unwrap_or("").to_owned();
    let page = s.un.opens(&format!("{url}/publier")).await;
    page.is(200).sees("une deuxième personne").sees_not("Publier ce passage");
    // The very same form, sent again, is the same act.
    let page = s.deux.opens("/national/2024").await;
    let page = s.deux.opens(&page.link("Relire et publier")).await;
    page.is(200).sees("Ce qui va se passer").sees("Les vœux classés entrent en liste d’attente");
    s.deux.submits(&page, "Publier ce passage", &[]).await.is(200).sees("Le passage est publié.");
    s.deux.submits(&page, "Publier ce passage", &[]).await.is(200).sees("Le passage est publié.");
    // From another tab, another form for what is already done: conflict.
    let autre = [("_cle", "autre-cle")];
    s.deux.submits(&page, "Publier ce passage", &autre).await.is(409);
}

#[tokio::test]
async fn a_day_is_computed_published_then_read_group_by_group() {
    let mut s = prepare().await;
    s.ordonnee().await;
    s.t.at_opening(Etape::Admission).await;
    let page = s.un.opens("/national/2024").await;
    page.sees("Premier jour de la phase d’admission").sees_not("est close depuis");
    let page = s.un.opens(&page.link("Calculer les propositions du jour")).await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    page.is(200).sees("Propositions du jour 1").sees("BTS Électronique").sees("Calculé, à publier");
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM proposition", vec![]).await, 0);
    // Abandoned, computed again, published.
    let page = s.un.opens(&format!("{url}/abandonner")).await;
    page.is(200).sees("ne pourra plus être publié");
    s.un.submits(&page, "Abandonner ce passage", &[]).await.is(200).sees("Le passage est abandonné.");
    let perdu = s.deux.opens(&format!("{url}/publier")).await;
    perdu.is(200).sees("n’est plus dans un état qui le permet").sees_not("Publier ce passage");
    let page = s.un.opens("/national/2024/propositions").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    let page = s.deux.opens(&format!("{url}/publier")).await;
    page.sees("1 proposition d’admission devient visible aussitôt");
    s.deux.submits(&page, "Publier ce passage", &[]).await.is(200).sees("Vœux changés par la publication");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM proposition", vec![]).await, 1);
    let liste = s.auditeur.opens("/national/2024/passages").await;
    liste.is(200).sees("Abandonné").sees("Publié").sees("Ordres d’appel");
    s.auditeur.opens(&url).await.is(200).sees("Lycée Jules-Verne").sees("Empreinte du résultat");
}

#[tokio::test]
async fn r_adm_40_a_second_person_agrees_beforehand_and_the_page_says_when_and_by_whom() {
    let mut s = prepare().await;
    s.ordonnee().await;
    s.t.at("2024-05-30T15:00");
    let page = s.un.opens("/national/2024/propositions").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    page.is(200).sees_not("Programmer la publication");
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    let adresse =
        format!("/national/2024/programmation?passage={}", url.rsplit('/').next().unwrap_or_default());
    let refus = s.un.opens(&adresse).await;
    refus.is(200).sees("une deuxième personne doit le faire").sees_not("Programmer cette publication");
    s.un.opens("/national/2024/programmation").await.is(404);
    s.auditeur.opens(&adresse).await.is(403);

    let page = s.deux.opens(&url).await;
    let page = s.deux.opens(&page.link("Programmer la publication")).await;
    page.is(200).sees("Jeudi 30 mai 2024 à 19 h : la plateforme publie").sees("demande un nouvel accord");
    let fait = s.deux.submits(&page, "Programmer cette publication", &[]).await;
    fait.is(200).sees("La publication est programmée");
    fait.sees("Publication programmée le jeudi 30 mai 2024 à 19 h, par Camille Essai.");
    s.auditeur
        .opens(&url)
        .await
        .is(200)
        .sees("Publication programmée le")
        .sees_not("Annuler la programmation");
    let accueil = s.un.opens("/national/2024").await;
    accueil.is(200).sees("Publication programmée le jeudi 30 mai 2024");
    // From another tab, the page of before: agreed to already.
    s.deux.submits(&page, "Programmer cette publication", &[("_cle", "autre-cle")]).await.is(409);

    // Whoever computed calls it off.
    let page = s.un.opens(&url).await;
    let page = s.un.opens(&page.link("Annuler la programmation")).await;
    page.is(200).sees("La plateforme ne publie plus ce passage d’elle-même");
    let fait = s.un.submits(&page, "Annuler cette programmation", &[]).await;
    fait.is(200).sees("La programmation est annulée").sees_not("Publication programmée le");
    // Opened before the instant, sent after it.
    let tard = s.deux.opens(&adresse).await;
    s.t.at_opening(Etape::Admission).await;
    let refus = s.deux.submits(&tard, "Programmer cette publication", &[]).await;
    refus.is(422).sees("l’accord ne se donne plus d’avance");

    // Agreed again; at its instant it is refused, and whoever looks reads why.
    s.t.at("2024-05-30T15:00");
    let page = s.deux.opens(&adresse).await;
    s.deux.submits(&page, "Programmer cette publication", &[]).await.is(200);
    s.t.at_opening(Etape::Admission).await;
    let page = s.un.opens(&adresse).await;
    page.is(200).sees("L’heure de publication").sees_not("Annuler cette programmation");
    s.t.sql("UPDATE passage SET programme_sceau = 'autre'", vec![]).await;
    assert!(matches!(app::admission::publier_programmees(&s.t.app).await, Ok(1)));
    for adresse in [url.as_str(), "/national/2024"] {
        let page = s.un.opens(adresse).await;
        page.is(200).sees("n’a pas eu lieu").sees("n’est plus celui qui a été calculé").sees("doit agir");
    }
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM proposition", vec![]).await, 0);
}

#[tokio::test]
async fn r_adm_12_a_group_withheld_is_read_again_and_let_through_with_a_reason() {
    let mut s = prepare().await;
    s.ordonnee().await;
    s.t.at_opening(Etape::Admission).await;
    s.t.sql("UPDATE groupe_affectation SET nombre_a_appeler = 50", vec![]).await;
    let page = s.un.opens("/national/2024/propositions").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    page.is(200).sees("1 groupe est retenu").sees("50 candidats à appeler pour 1 place.");
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    s.auditeur.opens(&url).await.is(200).sees("À relire").sees_not("Lever la retenue");
    let lien = page.link("Lever la retenue de BTS Électronique");
    s.auditeur.opens(&lien).await.is(403);
    s.un.opens("/national/2024/retenue?passage=AAAA&groupe=BBBB").await.is(404);
    s.un.opens("/national/2024/retenue").await.is(404);
    let page = s.un.opens(&lien).await;
    page.is(200).sees("Lycée Jules-Verne").sees("ses candidats gardent leur vœu");
    s.un.submits(&page, "Lever la retenue", &[("motif", " ")])
        .await
        .is(422)
        .sees("Écrivez pourquoi ces chiffres sont justes.");
    let motif = [("motif", "Confirmé par la proviseure.")];
    s.un.submits(&page, "Lever la retenue", &motif)
        .await
        .is(200)
        .sees("elle ne vaudra plus au prochain calcul")
        .sees("Confirmé par la proviseure.");
    s.deux.opens(&lien).await.is(200).sees("est déjà levée").sees_not("Pourquoi ces chiffres sont justes");
    let publier = s.deux.opens(&format!("{url}/publier")).await;
    publier.sees("Groupes retenus, qui ne proposent rien").sees("50 candidats à appeler pour 1 place.");
    publier.sees("Retenue levée : Confirmé par la proviseure.").sees_not("Ces groupes sont hors bornes");

    // Computed again: it proposes, and whoever publishes reads why.
    let page = s.un.opens(&format!("{url}/abandonner")).await;
    s.un.submits(&page, "Abandonner ce passage", &[]).await.is(200);
    let page = s.un.opens("/national/2024/propositions").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    page.is(200).sees_not("groupe est retenu").sees("Groupes hors bornes, dont la retenue est levée 1");
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    let publier = s.deux.opens(&format!("{url}/publier")).await;
    publier.sees("Ces groupes sont hors bornes").sees("50 candidats à appeler pour 1 place.");
    publier.sees("Confirmé par la proviseure.");
}

#[tokio::test]
async fn r_adm_13_courses_are_put_back_by_two_people_who_read_first_what_will_happen() {
    let mut s = prepare().await;
    s.ordonnee().await;
    s.t.at_opening(Etape::Admission).await;
    let page = s.un.opens("/national/2024/propositions").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les propositions du jour").await;
    // Nothing to withdraw from a day that is not published.
    page.is(200).sees_not("Retirer des propositions");
    let jour = page.url.split('?').next().unwrap_or("").to_owned();
    let page = s.deux.opens(&format!("{jour}/publier")).await;
    s.deux.submits(&page, "Publier ce passage", &[]).await.is(200);
    let premier = s.t.nombre("SELECT compte_id FROM candidat ORDER BY id LIMIT 1", vec![]).await;
    let mut candidat = s.t.navigateur_de(premier).await;
    candidat.opens("/candidat/voeux").await.is(200).sees("Proposition d’admission");

    // From the page of the day; the auditor reads it and is offered nothing.
    let page = s.un.opens(&jour).await;
    let lien = page.link("Retirer des propositions");
    s.auditeur.opens(&jour).await.is(200).sees_not("Retirer des propositions");
    s.auditeur.opens(&lien).await.is(403);
    let id = jour.rsplit('/').next().unwrap_or("").to_owned();
    for absente in
        ["/national/2024/retrait", "/national/2024/retrait?passage=AAAA", &lien.replace("2024", "1999")]
    {
        s.un.opens(absente).await.is(404);
    }
    let page = s.un.opens(&lien).await;
    page.is(200).sees("BTS Électronique").sees("Lycée Jules-Verne").sees_not("Ce qui va se passer");
    page.sees_not("Cochez au moins une formation");
    s.un.opens(&format!("{lien}&voir=oui")).await.is(200).sees("Cochez au moins une formation");
    s.un.opens(&format!("{lien}&q=boulangerie")).await.is(200).sees("Aucune formation de ce passage");
    s.un.opens(&format!("{lien}&q=verne")).await.is(200).sees("BTS Électronique");
    // A course ticked stays so whatever is looked for next, and what will happen is said before anything.
    let choix = format!("{lien}&q=boulangerie&formations%5B%5D={}", s.f.public_id);
    let page = s.un.opens(&choix).await;
    page.is(200)
        .sees("BTS Électronique")
        .sees("Ce qui va se passer")
        .sees("1 proposition sans réponse est retirée");
    s.un.submits(&page, "Calculer le retrait", &[("motif", " ")])
        .await
        .is(422)
        .sees("Écrivez pourquoi ces propositions sont retirées.")
        .sees("1 proposition sans réponse est retirée");
    let motif = [("motif", "Le rang limite était celui de la liste d’attente.")];
    let calcule = s.un.submits(&page, "Calculer le retrait", &motif).await;
    calcule
        .is(200)
        .sees("Le retrait est calculé")
        .sees("Retrait depuis le jour 1")
        .sees("Le rang limite était celui de la liste d’attente.")
        .sees("une deuxième personne doit le faire")
        .sees("Groupes rétablis");
    let url = calcule.url.split('?').next().unwrap_or("").to_owned();
    assert_ne!(url, jour);
    // The same form again is the same act.
    s.un.submits(&page, "Calculer le retrait", &motif).await.is(200).sees("Retrait depuis le jour 1");
    candidat.opens("/candidat/voeux").await.sees("Proposition d’admission");
    // While it waits, no other run is computed, not even that of the next day.
    s.t.at("2024-05-31T06:00");
    s.un.opens("/national/2024")
        .await
        .sees("Retrait depuis le jour 1")
        .sees("Un retrait est calculé mais pas publié");
    s.un.opens(&choix)
        .await
        .is(200)
        .sees("Un retrait est calculé mais pas publié")
        .sees_not("Calculer le retrait");

    let page = s.deux.opens("/national/2024").await;
    let page = s.deux.opens(&page.link("Relire et publier")).await;
    page.is(200)
        .sees("Le rang limite était celui de la liste d’attente.")
        .sees("1 proposition sans réponse est retirée")
        .sees("au rang qu’ils avaient avant le jour 1")
        .sees("prévenus par un message après la publication 1");
    s.deux
        .submits(&page, "Publier ce passage", &[])
        .await
        .is(200)
        .sees("Le passage est publié.")
        .sees("Propositions retirées par la publication, autant de messages 1");
    candidat
        .opens("/candidat/voeux")
        .await
        .is(200)
        .sees("En liste d’attente")
        .sees_not("Proposition d’admission");
    while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
    let envois = s.t.envois().await;
    assert_eq!(envois.iter().filter(|e| e.modele == "retrait_proposition").count(), 1);

    // What was done is read by the auditor, on both pages; there is nothing left to withdraw.
    s.auditeur
        .opens(&url)
        .await
        .is(200)
        .sees("Groupes rétablis")
        .sees("Procès-verbal")
        .sees_not("Abandonner");
    s.auditeur.opens("/national/2024/passages").await.is(200).sees("Retrait depuis le jour 1");
    s.auditeur.opens(&jour).await.is(200).sees("ce jour est retiré");
    let page = s.un.opens(&choix).await;
    page.is(200).sees("rien à retirer depuis ce jour, décochez-la").sees_not("Calculer le retrait");
    let page = s.un.opens(&lien).await;
    page.is(200).sees("Aucune formation de ce passage").sees_not(&format!("value=\"{}\"", s.f.public_id));
    assert!(page.html.contains(&id), "the search stays on this day");
}

#[tokio::test]
async fn a_computation_is_followed_by_its_page_and_done_once() {
    let mut s = prepare().await;
    s.taux().await;
    let page = s.un.opens("/national/2024/ordre-appel").await;
    let suivi = s.un.submits(&page, "Calculer les ordres d’appel", &[]).await;
    assert!(suivi.entetes.get("refresh").is_some_and(|v| v == "3"));
    // The same form again, or another person meanwhile: the same computation.
    assert_eq!(s.un.submits(&page, "Calculer les ordres d’appel", &[]).await.url, suivi.url);
    let autre = s.deux.opens("/national/2024/ordre-appel").await;
    assert_eq!(s.deux.submits(&autre, "Calculer les ordres d’appel", &[]).await.url, suivi.url);
    let arretee = s.un.opens(&suivi.link("Ne plus actualiser toute seule")).await;
    assert!(arretee.entetes.get("refresh").is_none());
    arretee.sees_not("s’actualise toute seule");
    // A rate goes missing before the runner comes: said on the page, nothing is computed.
    s.t.sql("UPDATE groupe_classement SET taux_min_boursiers = NULL", vec![]).await;
    app::taches::executer_une(&s.t.app).await.unwrap();
    s.un.opens(&suivi.url)
        .await
        .is(200)
        .sees("Le calcul n’a pas abouti")
        .sees("n’est pas fixé pour 1 groupe");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM passage", vec![]).await, 0);
    // Asked again once mended; the run is in the name of the person, who may not publish it.
    s.taux().await;
    let page = s.un.opens("/national/2024/ordre-appel").await;
    calcule(&s.t, &mut s.un, &page, "Calculer les ordres d’appel")
        .await
        .sees("une deuxième personne doit le faire");
    s.auditeur.opens(&suivi.url).await.is(403);
    s.un.opens(&suivi.url.replace("2024", "2023")).await.is(404);
}

#[tokio::test]
async fn outside_the_step_the_page_says_when_and_the_act_is_refused() {
    let mut s = prepare().await;
    s.taux().await;
    let page = s.un.opens("/national/2024/ordre-appel").await;
    s.t.during(Etape::Examen).await;
    s.un.submits(&page, "Calculer les ordres d’appel", &[]).await.is(422).sees("n’est pas encore ouverte");
    s.un.opens("/national/2024/ordre-appel").await.is(200).sees("n’est pas encore ouverte");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM passage", vec![]).await, 0);
    s.un.opens("/national/2024/propositions").await.is(200).sees_not("Revenir sans calculer");
}

#[tokio::test]
async fn the_auditor_only_reads_and_the_others_see_nothing() {
    let mut s = prepare().await;
    s.taux().await;
    let page = s.un.opens("/national/2024/ordre-appel").await;
    let page = calcule(&s.t, &mut s.un, &page, "Calculer les ordres d’appel").await;
    let url = page.url.split('?').next().unwrap_or("").to_owned();
    let accueil = s.auditeur.opens("/national/2024").await;
    accueil.is(200).sees("Audit de la plateforme").sees_not("Relire et publier");
    assert_eq!(accueil.link("Journal d’audit"), "/journal");
    let page = s.auditeur.opens(&url).await;
    page.is(200).sees_not("Abandonner");
    for interdit in ["/national/2024/ordre-appel", &format!("{url}/publier"), &format!("{url}/abandonner")] {
        s.auditeur.opens(interdit).await.is(403);
    }
    let (compte, _) = s.t.responsable("r@lycee.fr", &s.f).await;
    let mut responsable = s.t.navigateur_de(compte).await;
    for interdit in ["/national/2024", "/national/2024/passages", url.as_str()] {
        // Nothing of the platform is theirs: as unknown as what does not exist (HAB-3).
        responsable.opens(interdit).await.is(404);
        assert!(s.t.navigateur().opens(interdit).await.url.starts_with("/connexion"));
    }
    s.un.opens("/national/2024/passages/inconnu").await.is(404);
    s.un.opens("/national/1999").await.is(404);
}
