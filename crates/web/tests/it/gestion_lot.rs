//! Many courses at once on the site de gestion: submitting those that are ready, last year's capacities, what the reading of a
//! workbook finds, and every fault of a form told together.

use app::formations::{Retour, return_formation};
use app::idempotence::Garde;
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::civil::date;
use testkit::classeur::{of_lines, of_sheets};
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, Reponse, TestApp};

const LOT: &str = "/gestion/2024/lot";

struct Scene {
    t: TestApp,
    f: Vec<FormationEssai>,
    admin: Navigateur,
}

impl Scene {
    async fn new() -> Self {
        let t = TestApp::with_session_2024(Base::sqlite()).await;
        t.controle_academique(true).await;
        let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let mut f = Vec::new();
        for nom in ["BTS Électronique", "BTS Mécanique", "BTS Optique"] {
            f.push(t.formation(etablissement, nom, Famille::Bts, true, 24, false).await);
        }
        t.at("2023-11-20T10:00");
        let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = t.personne("admin@lycee.example", a).await;
        let admin = t.navigateur_de(compte).await;
        Self { t, f, admin }
    }

    async fn role(&self, role: Role) -> Navigateur {
        let a = Attribution { etablissement: Some(self.f[0].etablissement), ..Attribution::simple(role) };
        let (compte, _) = self.t.personne(&format!("{}@lycee.example", role.code()), a).await;
        self.t.navigateur_de(compte).await
    }

    /// The academic service returns the first courses for their contact, until 20 January.
    async fn returns(&self, combien: usize) {
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, agent) = self.t.personne("agent@ac.example", a).await;
        for f in &self.f[..combien] {
            let motifs = vec![("contact", "Ce n’est pas ce que dit votre site.".to_owned())];
            let retour = Retour { motifs, jusqu_a: date(2024, 1, 20) };
            let id = PublicId::parse(&f.public_id).expect("an identifier");
            let ctx = self.t.ctx(agent.clone());
            return_formation(&ctx, &Garde::default(), 2024, &id, &retour).await.expect("returned");
        }
    }
}

/// What the boxes of these courses send from this page.
fn cases(page: &Reponse, f: &[FormationEssai]) -> Vec<String> {
    f.iter().map(|f| page.box_of(&f.public_id)).collect()
}

/// Each of these boxes is ticked.
fn choix(cases: &[String]) -> Vec<(&str, &str)> {
    cases.iter().map(|c| ("formations[]", c.as_str())).collect()
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

#[tokio::test]
async fn r_ctl_08_what_is_ready_goes_and_the_page_says_why_the_rest_does_not() {
    let mut s = Scene::new().await;
    s.t.sql(
        "UPDATE formation_session SET capacite = NULL WHERE id = $1",
        vec![s.f[1].formation_session.into()],
    )
    .await;
    let page = juste(s.admin.opens(LOT).await);
    page.is(200).sees("Soumettre les formations cochées").sees("Cocher toute la liste");
    // What would be refused is told before: a complete description is not all.
    page.sees("Manque pour soumettre").sees("Complète Capacité").sees("Complète Rien");
    let rien = juste(s.admin.submits(&page, "Soumettre les formations cochées", &[]).await);
    rien.is(422).sees("Cochez au moins une formation");
    let toute = juste(s.admin.opens(&page.link("Cocher toute la liste")).await);
    toute.sees("Tout décocher");
    let fait = juste(s.admin.submits(&toute, "Soumettre les formations cochées", &[]).await);
    fait.is(200)
        .sees("2\u{a0}formations soumises au service académique : BTS")
        .sees("1\u{a0}laissée de côté : le tableau ci-dessous dit pourquoi.")
        .sees("Récépissé nº")
        .sees("Formations laissées de côté")
        .sees("Il manque : capacité.")
        .sees("Soumise")
        .sees("Déjà soumise");
    // The establishment, the only one, is not said again on each line.
    assert!(fait.link("BTS Mécanique").ends_with(&s.f[1].public_id));
    fait.sees_not("BTS Mécanique – Lycée Jules-Verne");
    // The same address again tells the same; somebody else reads the list alone.
    juste(s.admin.opens(&fait.url).await).sees("Formations laissées de côté");
    let mut chef = s.role(Role::ChefEtab).await;
    juste(chef.opens(&fait.url).await).is(200).sees_not("Formations laissées de côté");
    // Nothing is ready any more: each says so, and what was ticked stays.
    let toutes = cases(&page, &s.f);
    let refus = juste(s.admin.submits(&page, "Soumettre les formations cochées", &choix(&toutes)).await);
    refus
        .is(422)
        .sees("Aucune formation n’est soumise : 1 à compléter, 2 déjà à jour.")
        .sees("Formations laissées de côté")
        .sees("Elle est déjà soumise")
        .sees_not("à corriger")
        .sees("Tout décocher");
}

#[tokio::test]
async fn r_ctl_08_who_may_submits_and_nobody_else_is_offered_it() {
    let mut s = Scene::new().await;
    // The head publishes, and writes nothing.
    let mut chef = s.role(Role::ChefEtab).await;
    let page = juste(chef.opens(LOT).await);
    page.is(200).sees("Soumettre les formations cochées").sees_not("Confirmer les formations cochées");
    let toutes = cases(&page, &s.f);
    let fait = chef.submits(&page, "Soumettre les formations cochées", &choix(&toutes)).await;
    juste(fait).is(200).sees("3\u{a0}formations soumises au service académique : BTS");
    let mut lecteur = s.role(Role::Lecteur).await;
    juste(lecteur.opens(LOT).await).is(200).sees_not("Soumettre les formations cochées");
    s.t.at("2024-01-15T10:00");
    juste(s.admin.opens(LOT).await).is(200).sees_not("Soumettre les formations cochées");
    s.t.at("2023-11-20T10:00");
    s.t.controle_academique(false).await;
    juste(s.admin.opens(LOT).await).is(200).sees_not("Soumettre les formations cochées");
}

#[tokio::test]
async fn r_ctl_08_r_for_14_what_is_ready_is_ticked_at_once_and_the_list_says_where_the_rest_stands() {
    let mut s = Scene::new().await;
    let sans = "UPDATE formation_session SET capacite = NULL WHERE id = $1";
    s.t.sql(sans, vec![s.f[2].formation_session.into()]).await;
    s.t.sql("UPDATE formation_description SET reprise = 1, confirmee_le = NULL", vec![]).await;
    s.t.formation(s.f[0].etablissement, "BTS Zoologie", Famille::Bts, true, 24, true).await;
    let page = juste(s.admin.opens(LOT).await);
    page.is(200).sees("Complète Déjà publiée").sees("Publiée").sees_not("Sans objet");
    let pretes = juste(s.admin.opens(&page.link("Cocher les 2 formations prêtes à soumettre")).await);
    pretes.is(200).sees("Tout décocher");
    let fait = juste(s.admin.submits(&pretes, "Soumettre les formations cochées", &[]).await);
    fait.is(200).sees("2\u{a0}formations soumises au service académique : BTS").sees_not("laissée de côté");
    fait.sees("Déjà soumise").sees("Non confirmée (soumise)").sees("À confirmer").sees_not("Sans objet");
    fait.sees_not("prêtes à soumettre");
    // Accepted, it is asked no more to be confirmed than its own page asks it.
    s.t.sql("UPDATE controle_formation SET etat = 'acceptee'", vec![]).await;
    juste(s.admin.opens(LOT).await).is(200).sees("Non confirmée (publiée)").sees_not("(soumise)");
}

#[tokio::test]
async fn r_ctl_02_a_part_says_what_a_change_undoes_and_once_saved_that_the_course_is_to_be_submitted_again() {
    let mut s = Scene::new().await;
    let contacts = format!("/gestion/2024/formations/{}/contacts", s.f[0].public_id);
    let averti = "Enregistrer un changement ici la retire du contrôle";
    juste(s.admin.opens(&contacts).await).is(200).sees_not(averti);
    let liste = s.admin.opens(LOT).await;
    let une = cases(&liste, &s.f[..1]);
    s.admin.submits(&liste, "Soumettre les formations cochées", &choix(&une)).await.is(200);
    let page = juste(s.admin.opens(&contacts).await);
    page.is(200).sees("Cette formation est soumise au service académique depuis le").sees(averti);
    let mut lecteur = s.role(Role::Lecteur).await;
    juste(lecteur.opens(&contacts).await).is(200).sees_not(averti);
    // Saved as it was, it stays where it is.
    let meme = juste(s.admin.submits(&page, "Enregistrer", &[]).await);
    meme.is(200).sees("La rubrique est enregistrée.").sees(averti).sees_not("plus au contrôle");
    let fait = juste(s.admin.submits(&meme, "Enregistrer", &[("contact", "Accueil")]).await);
    fait.is(200)
        .sees("La rubrique est enregistrée. La formation n’est plus au contrôle : soumettez-la de nouveau.")
        .sees_not(averti);
    let publier = juste(s.admin.opens(&fait.link("Relire et soumettre")).await);
    publier.is(200).sees("Soumettre au service académique");
    // The page alone, opened later, says nothing of a saving.
    juste(s.admin.opens(&contacts).await).is(200).sees_not("La rubrique est enregistrée");
}

/// What somebody else types in a course while its list is read.
async fn contact(collegue: &mut Navigateur, f: &FormationEssai, contact: &str) {
    let page = collegue.opens(&format!("/gestion/2024/formations/{}/contacts", f.public_id)).await;
    collegue.submits(&page, "Enregistrer", &[("contact", contact)]).await.is(200);
}

#[tokio::test]
async fn trx_4_what_a_colleague_changed_while_the_list_was_read_is_neither_confirmed_nor_submitted_unread() {
    let mut s = Scene::new().await;
    s.t.sql("UPDATE formation_description SET reprise = 1, confirmee_le = NULL", vec![]).await;
    let mut collegue = s.role(Role::AdminSite).await;
    let page = juste(s.admin.opens(&format!("{LOT}?cocher=liste")).await);
    contact(&mut collegue, &s.f[0], "Vie scolaire").await;
    let fait = juste(s.admin.submits(&page, "Confirmer les formations cochées", &[]).await);
    fait.is(200)
        .sees("2\u{a0}formations sont confirmées")
        .sees("1\u{a0}formation a été modifiée depuis l’affichage : relisez-la, puis cochez-la de nouveau.")
        .sees("Pourquoi elle n’est pas confirmée")
        .sees("Elle a été modifiée depuis que vous l’avez lue : relisez-la.");
    assert!(fait.link("BTS Électronique").ends_with(&s.f[0].public_id));
    // Alone, nothing is done; the page shows what is to be read again, its box no longer ticked.
    contact(&mut collegue, &s.f[0], "Secrétariat").await;
    let une = cases(&fait, &s.f[..1]);
    let refus = juste(s.admin.submits(&fait, "Confirmer les formations cochées", &choix(&une)).await);
    refus.is(409).sees("1\u{a0}formation a été modifiée depuis l’affichage").sees("Rien n’est confirmé.");
    refus.sees_not("Tout décocher");
    let une = cases(&refus, &s.f[..1]);
    let fait = juste(s.admin.submits(&refus, "Confirmer les formations cochées", &choix(&une)).await);
    fait.is(200).sees("1\u{a0}formation est confirmée : BTS Électronique.").sees_not("depuis l’affichage");
    // The same of what is submitted: the others go.
    let toutes = cases(&fait, &s.f);
    contact(&mut collegue, &s.f[2], "Accueil").await;
    let soumis = juste(s.admin.submits(&fait, "Soumettre les formations cochées", &choix(&toutes)).await);
    soumis.is(200).sees("2\u{a0}formations soumises au service académique : BTS");
    soumis.sees("1\u{a0}laissée de côté");
    soumis.sees("Elle a été modifiée depuis que vous l’avez lue : relisez-la.");
    // The page of a course confirms it as it shows it.
    s.t.sql("UPDATE formation_description SET reprise = 1, confirmee_le = NULL", vec![]).await;
    let ici = juste(s.admin.opens(&format!("/gestion/2024/formations/{}", s.f[2].public_id)).await);
    contact(&mut collegue, &s.f[2], "Vie scolaire").await;
    let refus = juste(s.admin.submits(&ici, "Confirmer la description", &[]).await);
    refus.is(409).sees("1\u{a0}formation a été modifiée depuis l’affichage");
}

#[tokio::test]
async fn r_for_29_a_list_of_many_courses_is_kept_to_the_words_that_are_looked_for() {
    let mut s = Scene::new().await;
    // Three courses are read at a glance.
    juste(s.admin.opens(LOT).await).sees_not("Formation, établissement ou ville");
    let une = juste(s.admin.opens(&format!("{LOT}?q=mecanique")).await);
    une.is(200).sees("Formation, établissement ou ville").sees("BTS Mécanique").sees_not("BTS Optique");
    une.sees_not("Cocher toute la liste");
    // What ticks, a refusal and the outcome stay with them.
    let trois = juste(s.admin.opens(&format!("{LOT}?q=jules")).await);
    let cochees = juste(s.admin.opens(&trois.link("Cocher toute la liste")).await);
    cochees.sees("Tout décocher").sees("BTS Optique");
    let refus = juste(s.admin.submits(&une, "Soumettre les formations cochées", &[]).await);
    refus.is(422).sees("Cochez au moins une formation").sees_not("BTS Optique");
    let choisie = cases(&une, &s.f[1..2]);
    let fait = juste(s.admin.submits(&une, "Soumettre les formations cochées", &choix(&choisie)).await);
    fait.is(200).sees("1\u{a0}formation soumise au service académique : BTS Mécanique.");
    fait.sees("Récépissé nº").sees_not("BTS Optique");
    assert!(fait.url.contains("q=mecanique"), "{}", fait.url);
    // So do the page of one field, its way back and what it wrote.
    let optique = juste(s.admin.opens(&format!("{LOT}?q=optique&cocher=liste")).await);
    let champ = juste(s.admin.submits(&optique, "Modifier ce champ", &[("champ", "contact")]).await);
    champ.is(200).sees("BTS Optique").sees_not("BTS Mécanique");
    assert_eq!(champ.link("Revenir sans rien écrire"), format!("{LOT}?q=optique"));
    assert_eq!(champ.link("Plusieurs formations à la fois"), format!("{LOT}?q=optique"));
    let ecrite = [("contact", "Accueil du lycée")];
    let fait = juste(s.admin.submits(&champ, "Écrire dans ces formations", &ecrite).await);
    fait.is(200).sees("Le champ est écrit dans 1\u{a0}formation").sees_not("BTS Mécanique");
    assert!(fait.url.contains("q=optique"), "{}", fait.url);
    // Nothing found closes nothing.
    let aucune = juste(s.admin.opens(&format!("{LOT}?q=zythologie")).await);
    aucune.is(200).sees("Aucune formation.").sees_not("Votre rôle permet de lire");
}

#[tokio::test]
async fn a_field_for_no_course_is_refused_beside_the_list_and_only_what_can_be_written_is_counted() {
    let mut s = Scene::new().await;
    // Neither course nor field: both are told.
    let page = s.admin.opens(LOT).await;
    let refus = juste(s.admin.submits(&page, "Modifier ce champ", &[]).await);
    refus.is(422).sees("Cochez au moins une formation.").sees("Choisissez le champ à modifier.");
    let page = s.admin.opens(&format!("{LOT}?cocher=liste")).await;
    let choisi = s.admin.submits(&page, "Modifier ce champ", &[("champ", "contact")]).await;
    let jeton = choisi.jeton().to_owned();
    let vide = [("_jeton", jeton.as_str()), ("contact", "Accueil"), ("acte", "voir")];
    let refus = juste(s.admin.posts(&format!("{LOT}/contact"), &vide).await);
    refus.is(422).sees("Cochez au moins une formation.").sees("Mes formations").sees("Cocher toute la liste");
    assert!(refus.html.contains(r##"href="#champ-cases""##), "{}", refus.html);
    // A closed course is not written.
    s.t.sql(
        "UPDATE formation_session SET etat = 'fermee' WHERE id = $1",
        vec![s.f[1].formation_session.into()],
    )
    .await;
    let vu = juste(s.admin.submits(&choisi, "Voir l’effet", &[("contact", "Accueil")]).await);
    vu.is(200).sees("Ce champ ne s’y modifie pas").sees("2\u{a0}formations changent sur 3.");
}

#[tokio::test]
async fn r_for_28_fees_of_many_courses_are_written_once_descriptions_are_closed() {
    let mut s = Scene::new().await;
    let tout = juste(s.admin.opens(LOT).await);
    tout.is(200).sees("Contacts : pour échanger").sees("Page de la formation : présentation publique");
    s.t.at("2023-12-20T10:00");
    let page = juste(s.admin.opens(&format!("{LOT}?cocher=liste")).await);
    page.is(200).sees("Page de la formation : frais de scolarité").sees("Tout décocher");
    page.sees_not("Contacts : pour échanger").sees_not("Confirmer les formations cochées");
    let choisi = juste(s.admin.submits(&page, "Modifier ce champ", &[("champ", "frais")]).await);
    choisi.is(200).sees("Frais de scolarité").sees("12 janvier 2024");
    juste(s.admin.submits(&choisi, "Voir l’effet", &[("frais", "beaucoup")]).await).is(422);
    let vu = juste(s.admin.submits(&choisi, "Voir l’effet", &[("frais", "170")]).await);
    vu.is(200).sees("3\u{a0}formations changent sur 3.");
    let fait = juste(s.admin.submits(&vu, "Écrire dans ces formations", &[]).await);
    fait.is(200).sees("Le champ est écrit dans 3\u{a0}formations").sees("Récépissé nº");
    let ecrites = "SELECT COUNT(*) FROM formation_session WHERE frais_centimes = 17000";
    assert_eq!(s.t.nombre(ecrites, vec![]).await, 3);
    // Who only reads is offered nothing, nor is anybody once fees are closed.
    let mut lecteur = s.role(Role::Lecteur).await;
    juste(lecteur.opens(LOT).await).is(200).sees_not("Modifier ce champ");
    s.t.at("2024-01-15T10:00");
    juste(s.admin.opens(LOT).await).is(200).sees_not("Modifier ce champ");
}

#[tokio::test]
async fn r_for_28_r_ctl_04_reopened_fields_are_offered_for_their_courses_alone() {
    let mut s = Scene::new().await;
    let page = s.admin.opens(&format!("{LOT}?cocher=liste")).await;
    s.admin.submits(&page, "Soumettre les formations cochées", &[]).await.is(200);
    s.t.at("2024-01-15T10:00");
    juste(s.admin.opens(LOT).await).is(200).sees_not("Modifier ce champ").sees_not("Ce qui s’y modifie");
    s.returns(2).await;
    let page = juste(s.admin.opens(LOT).await);
    page.is(200)
        .sees("2\u{a0}formations ont des champs rouverts")
        .sees("Ce qui s’y modifie")
        .sees("Contacts : pour échanger")
        .sees("est close depuis le")
        .sees_not("Page de la formation : frais de scolarité")
        .sees_not("Confirmer les formations cochées");
    let cases = page.html.matches("name=\"formations[]\"").count();
    assert_eq!(cases, 2, "the third course has no box: {}", page.html);
    let toute = juste(s.admin.opens(&page.link("Cocher toute la liste")).await);
    let choisi = juste(s.admin.submits(&toute, "Modifier ce champ", &[("champ", "contact")]).await);
    choisi.is(200).sees("20 janvier 2024").sees_not("Ce champ ne s’y modifie pas");
    // Asked for all the same, the third one says why not.
    let jeton = choisi.jeton().to_owned();
    let autre = s.f[2].public_id.clone();
    let force = [
        ("_jeton", jeton.as_str()),
        ("contact", "Accueil"),
        ("acte", "voir"),
        ("formations[]", autre.as_str()),
    ];
    let refus = juste(s.admin.posts(&format!("{LOT}/contact"), &force).await);
    refus.is(200).sees("Ce champ ne s’y modifie pas").sees("est close depuis le");
    let vu = juste(s.admin.submits(&choisi, "Voir l’effet", &[("contact", "Accueil")]).await);
    vu.is(200).sees("2\u{a0}formations changent sur 2.");
    let fait = juste(s.admin.submits(&vu, "Écrire dans ces formations", &[]).await);
    fait.is(200).sees("Le champ est écrit dans 2\u{a0}formations");
    s.t.at("2024-01-21T10:00");
    juste(s.admin.opens(LOT).await).is(200).sees_not("Modifier ce champ").sees_not("Ce qui s’y modifie");
}

#[tokio::test]
async fn r_ctl_08_r_ctl_04_what_is_returned_is_submitted_again_from_the_list_and_the_rest_says_why_not() {
    let mut s = Scene::new().await;
    let ouverte = s.admin.opens(LOT).await;
    let deux = cases(&ouverte, &s.f[..2]);
    s.admin.submits(&ouverte, "Soumettre les formations cochées", &choix(&deux)).await.is(200);
    s.t.at("2024-01-15T10:00");
    let close = juste(s.admin.opens(LOT).await);
    close.is(200).sees_not("Soumettre les formations cochées").sees_not("Manque pour soumettre");
    s.returns(2).await;
    let page = juste(s.admin.opens(LOT).await);
    page.is(200)
        .sees("2\u{a0}formations retournées ou rouvertes se soumettent encore.")
        .sees("Manque pour soumettre")
        .sees("Ne se soumet plus")
        .sees_not("Confirmer les formations cochées");
    assert_eq!(page.html.matches("name=\"formations[]\"").count(), 2, "{}", page.html);
    // Asked for all the same, the third one says why not.
    let (jeton, tierce) = (page.jeton().to_owned(), ouverte.box_of(&s.f[2].public_id));
    let force = [("_jeton", jeton.as_str()), ("formations[]", tierce.as_str())];
    let refus = juste(s.admin.posts(&format!("{LOT}/soumission"), &force).await);
    refus
        .is(422)
        .sees("Aucune formation n’est soumise : l’étape n’est pas ouverte.")
        .sees("est close depuis le");
    // The head, who writes nothing, is offered the same.
    let mut chef = s.role(Role::ChefEtab).await;
    juste(chef.opens(LOT).await).sees("Soumettre les formations cochées").sees("Ne se soumet plus");
    let toutes = juste(s.admin.opens(&page.link("Cocher les 2 formations retournées")).await);
    let fait = juste(s.admin.submits(&toutes, "Soumettre les formations cochées", &[]).await);
    fait.is(200)
        .sees("2\u{a0}formations soumises au service académique : BTS")
        .sees_not("Soumettre les formations cochées")
        .sees_not("se soumettent encore");
}

#[tokio::test]
async fn r_for_28_a_line_is_added_to_a_list_of_many_courses_without_any_script() {
    let mut s = Scene::new().await;
    let page = s.admin.opens(&format!("{LOT}?cocher=liste")).await;
    let choisi = juste(s.admin.submits(&page, "Modifier ce champ", &[("champ", "pieces")]).await);
    choisi
        .is(200)
        .sees("Ajouter ces lignes")
        .sees("Remplacer toute la liste")
        .sees("Pièce demandée à ajouter");
    let rien = juste(s.admin.submits(&choisi, "Voir l’effet", &[]).await);
    rien.is(422).sees("Indiquez au moins une ligne à écrire dans ces formations.");
    let faux = juste(s.admin.submits(&choisi, "Voir l’effet", &[("pieces.0.piece", "CV")]).await);
    faux.is(422).sees("Renseignez ce champ");
    let cv = [("pieces.0.piece", "CV"), ("pieces.0.obligatoire", "oui"), ("pieces.0.format", "pdf")];
    let vu = juste(s.admin.submits(&choisi, "Voir l’effet", &cv).await);
    vu.is(200).sees("CV, Oui, PDF").sees("3\u{a0}formations changent sur 3.").sees("Pièce demandée 1");
    let sans = juste(s.admin.submits(&vu, "Retirer", &[]).await);
    sans.is(200).sees_not("Pièce demandée 1").sees("Pièce demandée à ajouter").sees("À saisir");
    // HAB-4: the columns of another list are not of this page.
    let trop = s.admin.submits(&vu, "Voir l’effet", &[("questions.0.question", "Pourquoi ?")]).await;
    trop.is(400).sees("questions.0.question");
    let fait = juste(s.admin.submits(&vu, "Écrire dans ces formations", &[]).await);
    fait.is(200).sees("Le champ est écrit dans 3\u{a0}formations");
    // Said again, nothing changes; in place of the lists, one that is not there does.
    let encore = juste(s.admin.submits(&choisi, "Voir l’effet", &cv).await);
    encore.is(200).sees("0\u{a0}formation change sur 3.");
    let lettre = [("facon", "remplacer"), ("pieces.0.piece", "Livret"), cv[1], cv[2]];
    let vu = juste(s.admin.submits(&choisi, "Voir l’effet", &lettre).await);
    vu.is(200).sees("Livret, Oui, PDF").sees("3\u{a0}formations changent sur 3.");
}

/// The courses of a session, after those of another one.
async fn suivante(s: &Scene) -> Vec<String> {
    s.t.at("2024-11-12T08:00");
    app::sessions::ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.expect("opened");
    s.t.at("2024-11-20T10:00");
    let mut ids = Vec::new();
    for f in &s.f {
        let sql = "SELECT public_id FROM formation_session WHERE precedente_id = $1";
        ids.push(s.t.mot(sql, vec![f.formation_session.into()]).await);
    }
    ids
}

#[tokio::test]
async fn r_for_24_capacities_of_last_year_are_read_then_put_back() {
    let mut s = Scene::new().await;
    let ids = suivante(&s).await;
    // Whoever had an account the year before brings it up to date first.
    s.admin = s.role(Role::AdminSite).await;
    let liste = juste(s.admin.opens("/gestion/2025/lot").await);
    let page = juste(s.admin.opens(&liste.link("Capacités comme l’an dernier")).await);
    page.is(200)
        .sees("3\u{a0}formations diffèrent")
        .sees("Capacité d’accueil : non renseignée")
        .sees("Capacité d’accueil : 24");
    let rien = juste(s.admin.submits(&page, "Reprendre les capacités cochées", &[]).await);
    rien.is(422).sees("Cochez au moins une formation");
    // One course, from its page: its box is ticked.
    let course = format!("/gestion/2025/formations/{}", ids[0]);
    let fiche = juste(s.admin.opens(&course).await);
    let seule = juste(s.admin.opens(&fiche.link("Capacité comme l’an dernier")).await);
    seule.is(200).sees("1\u{a0}formation diffère").sees_not("BTS Mécanique");
    let fait = juste(s.admin.submits(&seule, "Reprendre les capacités cochées", &[]).await);
    fait.is(200).sees("Les capacités de l’an dernier sont reprises").sees("Récépissé nº");
    assert!(fait.url.starts_with(&course) && fait.html.contains(r#"value="24""#), "{}", fait.html);
    fait.sees_not("Capacité comme l’an dernier");
    // All the others at once; one that changed meanwhile is read again, and nothing is put back before.
    let toutes = juste(s.admin.opens(&page.link("Cocher les 3 formations sans capacité")).await);
    let autre = s.admin.opens(&format!("/gestion/2025/formations/{}", ids[1])).await;
    s.admin.submits(&autre, "Enregistrer", &[("capacite", "30")]).await.is(200);
    let conflit = juste(s.admin.submits(&toutes, "Reprendre les capacités cochées", &[]).await);
    conflit.is(409).sees("Rien n’a été repris").sees("Capacité d’accueil : 30");
    // A number that was typed this year is said to be replaced, and is not ticked with those that are missing.
    conflit
        .sees("Remplace le nombre saisi cette année (30) par celui de l’an dernier (24), si vous la cochez");
    let fait = juste(s.admin.submits(&conflit, "Reprendre les capacités cochées", &[]).await);
    fait.is(200).sees("1\u{a0}formation diffère").sees_not("sans capacité");
    let vides = juste(s.admin.opens("/gestion/2025/lot/capacites?cocher=vides").await);
    vides.is(200).sees("Remplace le nombre saisi").sees_not("Tout décocher");
    // Those who do not type capacities are offered nothing; those who do not read them, no page.
    let mut chef = s.role(Role::ChefEtab).await;
    let lue = juste(chef.opens("/gestion/2025/lot/capacites").await);
    lue.is(200).sees("pas de les modifier").sees_not("Reprendre les capacités cochées");
    let mut gestion = s.role(Role::GestAdmin).await;
    let refus = gestion.opens("/gestion/2025/lot/capacites").await;
    refus.is(403).sees("Votre rôle ne permet pas de lire").sees_not("Rechargez");
    refus.sees("Les capacités et les frais ne se lisent pas avec votre rôle.");
    s.t.at("2025-02-15T10:00");
    let close = juste(s.admin.opens("/gestion/2025/lot/capacites").await);
    close.is(200).sees("est close depuis le").sees_not("Reprendre les capacités cochées");
}

#[tokio::test]
async fn r_for_14_a_course_that_says_what_it_said_is_confirmed_as_last_year_on_its_page() {
    let mut s = Scene::new().await;
    let ids = suivante(&s).await;
    // Whoever had an account the year before brings it up to date first.
    s.admin = s.role(Role::AdminSite).await;
    let course = format!("/gestion/2025/formations/{}", ids[0]);
    let mut gestion = s.role(Role::GestAdmin).await;
    juste(gestion.opens(&course).await).is(200).sees("celle de l’an dernier").sees_not("Confirmer comme");
    let page = juste(s.admin.opens(&course).await);
    let fait = juste(s.admin.submits(&page, "Confirmer comme l’an dernier", &[]).await);
    fait.is(200).sees("La description est confirmée pour cette session.").sees("Confirmée le");
    assert!(fait.url.starts_with(&course), "{}", fait.url);
}

#[tokio::test]
async fn r_for_14_a_submitted_course_is_not_asked_to_be_confirmed() {
    let mut s = Scene::new().await;
    s.t.sql("UPDATE formation_description SET reprise = 1, confirmee_le = NULL", vec![]).await;
    let course = format!("/gestion/2024/formations/{}", s.f[0].public_id);
    let page = juste(s.admin.opens(&course).await);
    page.is(200).sees("personne n’a encore dit").sees("Confirmer la description");
    let liste = juste(s.admin.opens(LOT).await);
    liste.is(200).sees("Cocher les 3 formations à confirmer").sees_not("Soumise");
    let une = cases(&liste, &s.f[..1]);
    let fait = juste(s.admin.submits(&liste, "Soumettre les formations cochées", &choix(&une)).await);
    fait.is(200).sees("1\u{a0}formation soumise au service académique : BTS Électronique.").sees("Soumise");
    fait.sees("Cocher les 2 formations à confirmer");
    let page = juste(s.admin.opens(&course).await);
    page.is(200).sees_not("personne n’a encore dit").sees_not("Confirmer la description");
}

#[tokio::test]
async fn r_for_25_the_page_of_the_workbook_tells_what_the_reading_finds() {
    let mut s = Scene::new().await;
    let page = s.admin.opens("/gestion/2024/classeur").await;
    // What is no table is a fault of the field; what is one has its faults line by line, and both say so first.
    let pdf = s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.pdf", b"%PDF-1.7\n1 0 obj").await;
    pdf.is(422)
        .sees("C’est un document PDF, pas un tableau. Envoyez le classeur XLSX ou le fichier CSV")
        .sees_not("Fautes à corriger");
    assert!(pdf.html.contains("href=\"#champ-fichier\">Fichier du paramétrage"), "{}", pdf.html);
    let faux =
        s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", b"Formation;Rien\nBTS;1\n").await;
    faux.is(422).sees("Fautes à corriger");
    for refus in [&pdf, &faux] {
        assert!(refus.html.contains("<title>Erreur – "), "{}", refus.html);
    }
    assert!(faux.html.contains("id=\"refus\""), "{}", faux.html);
    let poids = domain::formations::description::Champ::from_code("poids_1").expect("a weight").libelle;
    let csv = format!("Identifiant;{poids}\n{};99\n", s.f[0].public_id);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", csv.as_bytes()).await);
    lu.is(200)
        .sees("La relecture automatique relève")
        .sees("dans ce fichier. Il")
        .sees("retient la publication de la formation. La relecture peut se tromper : vérifiez-le")
        .sees_not("B1 :")
        .sees_not("BTS Électronique – Lycée Jules-Verne")
        .sees("À corriger")
        .sees("Appliquer ces changements");
    // What changes and what is found lead to the part of the course.
    let grille = format!("/gestion/2024/formations/{}/grille", s.f[0].public_id);
    assert_eq!(lu.link("BTS Électronique"), grille);
    assert_eq!(lu.html.matches(&grille).count(), 2, "{}", lu.html);
    let autre = format!("Identifiant;{poids}\n{};beaucoup\n", s.f[0].public_id);
    let faux = s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", autre.as_bytes()).await;
    faux.is(422).sees("Fautes à corriger");
    assert_eq!(faux.link("BTS Électronique"), grille);
    let fait = juste(s.admin.submits(&lu, "Appliquer ces changements", &[]).await);
    fait.is(200)
        .sees("Les changements du fichier sont enregistrés")
        .sees("dans ce qui vient d’être enregistré.")
        .sees_not("B1 :");
    assert_eq!(fait.link("BTS Électronique"), grille);
    assert_eq!(fait.link("Voir mes formations"), LOT);
    // A file that changes nothing of what is read says nothing of it.
    let csv = format!("Identifiant;Pour échanger avec la formation\n{};Atelier\n", s.f[1].public_id);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", csv.as_bytes()).await);
    lu.is(200).sees("1 changement").sees_not("La relecture automatique relève");
}

#[tokio::test]
async fn r_eta_14_the_page_of_the_workbook_tells_what_changes_of_the_establishment() {
    let mut s = Scene::new().await;
    let page = juste(s.admin.opens("/gestion/2024/classeur").await);
    page.is(200).sees("ses sites et ses journées portes ouvertes ont aussi leurs feuilles");
    let faux = of_lines("Établissement", &[&["UAI", "Code postal"], &["0800001A", "8"]]);
    let refus = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &faux).await);
    refus
        .is(422)
        .sees("Formation ou établissement")
        .sees("Lycée Jules-Verne (0800001A)")
        .sees("cinq chiffres en France");
    let bon = of_lines("Établissement", &[&["UAI", "Commune", "Sigle"], &["0800001A", "Amiens", "LJV"]]);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &bon).await);
    lu.is(200).sees("1\u{a0}changement").sees("Lycée Jules-Verne (0800001A)").sees("LJV");
    let sigle = "SELECT sigle FROM etablissement_session";
    assert_eq!(s.t.mot(sigle, vec![]).await, "", "shown, not done");
    let fait = juste(s.admin.submits(&lu, "Appliquer ces changements", &[]).await);
    fait.is(200).sees("Les changements du fichier sont enregistrés");
    assert_eq!(s.t.mot(sigle, vec![]).await, "LJV");
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &bon).await);
    lu.is(200).sees("(1\u{a0}établissement) et ne change rien.").sees_not("Appliquer ces changements");
}

#[tokio::test]
async fn r_eta_14_the_lines_that_a_file_would_take_away_are_counted_and_named() {
    let mut s = Scene::new().await;
    let page = juste(s.admin.opens("/gestion/2024/classeur").await);
    let liste = |noms: &[&str]| {
        let mut lignes = vec![vec!["UAI", "Nom de la composante"]];
        lignes.extend(noms.iter().map(|nom| vec!["0800001A", *nom]));
        let lignes: Vec<&[&str]> = lignes.iter().map(Vec::as_slice).collect();
        of_lines("Composantes", &lignes)
    };
    let toutes = liste(&["IUT", "UFR de droit", "UFR de sciences"]);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &toutes).await);
    lu.is(200).sees_not("lignes retirées");
    s.admin.submits(&lu, "Appliquer ces changements", &[]).await.is(200);
    let une = liste(&["IUT"]);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &une).await);
    lu.is(200).sees("2\u{a0}lignes retirées : UFR de droit ; UFR de sciences.").sees_not("effacé");
    s.admin.submits(&lu, "Appliquer ces changements", &[]).await.is(200);
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM composante WHERE supprime_le IS NULL", vec![]).await, 1);
    // A list that loses all its lines says so line by line, and not as a field that is emptied.
    let ligne = |mots: &[&str]| mots.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>();
    let vide = of_sheets(&[
        ("Établissement", vec![ligne(&["UAI"]), ligne(&["0800001A"])]),
        ("Composantes", vec![ligne(&["UAI", "Nom de la composante"])]),
    ]);
    let lu = juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &vide).await);
    lu.is(200).sees("1\u{a0}ligne retirée : IUT.").sees_not("effacé");
}

#[tokio::test]
async fn r_eta_14_r_eta_12_whoever_has_no_course_is_asked_for_a_file_as_long_as_one_is_taken() {
    const URL: &str = "/gestion/2024/classeur";
    let s = Scene::new().await;
    let neuf = s.t.etablissement("0800002B", "Lycée Neuf").await;
    let maison = |role| Attribution { etablissement: Some(neuf), ..Attribution::simple(role) };
    let (compte, _) = s.t.personne("admin@neuf.example", maison(Role::AdminSite)).await;
    let mut admin = s.t.navigateur_de(compte).await;
    let (compte, _) = s.t.personne("chef@neuf.example", maison(Role::ChefEtab)).await;
    let mut chef = s.t.navigateur_de(compte).await;
    juste(admin.opens(URL).await)
        .is(200)
        .sees("Vous n’avez pas de formation dans cette session")
        .sees("Vérifier ce fichier")
        .sees_not("pas de les modifier")
        .sees_not("Toute l’année");
    // The head writes no description: a file would be refused.
    juste(chef.opens(URL).await).is(200).sees_not("Vérifier ce fichier").sees_not("un fichier ne change que");
    s.t.at("2024-01-15T10:00");
    let page = juste(admin.opens(URL).await);
    page.is(200)
        .sees("Vous n’avez pas de formation dans cette session")
        .sees("est close depuis le")
        .sees("les journées portes ouvertes à venir");
    let jpo = of_lines(
        "Journées portes ouvertes",
        &[
            &["UAI", "Jour", "Ouverture", "Fermeture", "Lieu, ou adresse du site à distance"],
            &["0800002B", "09/03/2024", "9:00", "17:00", "Hall"],
        ],
    );
    let lu = juste(admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &jpo).await);
    lu.is(200).sees("1\u{a0}changement").sees("Lycée Neuf (0800002B)");
    juste(admin.submits(&lu, "Appliquer ces changements", &[]).await)
        .is(200)
        .sees("Les changements du fichier sont enregistrés");
    juste(chef.opens(URL).await).is(200).sees_not("Vérifier ce fichier");
}

#[tokio::test]
async fn r_for_28_r_ctl_04_a_workbook_changes_what_is_reopened_and_says_why_the_rest_is_not() {
    const URL: &str = "/gestion/2024/classeur";
    let mut s = Scene::new().await;
    let page = s.admin.opens(&format!("{LOT}?cocher=liste")).await;
    s.admin.submits(&page, "Soumettre les formations cochées", &[]).await.is(200);
    let (compte, _) = s.t.responsable("resp@lycee.example", &s.f[0]).await;
    s.t.at("2024-01-15T10:00");
    let mut resp = s.t.navigateur_de(compte).await;
    juste(resp.opens(URL).await).is(200).sees("est close depuis le").sees_not("Vérifier ce fichier");
    // R-ETA-12: whoever describes the establishment tells its open days all year.
    let page = juste(s.admin.opens(URL).await);
    page.is(200).sees("est close depuis le").sees("les journées portes ouvertes à venir");
    page.sees("Vérifier ce fichier").sees_not("champs rouverts");
    // The head writes no description: no file is asked for, which would be refused.
    let mut chef = s.role(Role::ChefEtab).await;
    let sien = juste(chef.opens(URL).await);
    sien.is(200).sees("Classeur XLSX").sees_not("Vérifier ce fichier").sees_not("portes ouvertes à venir");
    s.returns(1).await;
    juste(resp.opens(URL).await)
        .is(200)
        .sees("1\u{a0}formation a des champs rouverts : un fichier peut les changer")
        .sees_not("journées portes ouvertes à venir");
    // What is not open says why, in its cell.
    let mut csv = "Identifiant;Pour échanger avec la formation;Langues d’enseignement\n".to_owned();
    for f in &s.f {
        csv.push_str(&format!("{};Accueil;français et anglais\n", f.public_id));
    }
    let page = juste(s.admin.opens(URL).await);
    let refus =
        juste(s.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", csv.as_bytes()).await);
    refus.is(422).sees("Pour échanger avec la formation").sees("Langues d’enseignement");
    refus.sees("Le fichier est refusé : 5\u{a0}fautes.").sees("est close depuis le");
    let contact = format!("Identifiant;Pour échanger avec la formation\n{};Accueil\n", s.f[0].public_id);
    let page = juste(resp.opens(URL).await);
    let lu = juste(resp.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", contact.as_bytes()).await);
    lu.is(200).sees("1\u{a0}changement");
    juste(resp.submits(&lu, "Appliquer ces changements", &[]).await)
        .is(200)
        .sees("Les changements du fichier sont enregistrés");
    // Once that day is over, nothing of it is open any more.
    s.t.at("2024-01-21T10:00");
    juste(resp.opens(URL).await).is(200).sees_not("Vérifier ce fichier");
}

#[tokio::test]
async fn r_for_23_a_field_that_cannot_be_read_hides_nothing_of_the_others() {
    let mut s = Scene::new().await;
    let course = format!("/gestion/2024/formations/{}", s.f[0].public_id);
    let page = s.admin.opens(&course).await;
    let trop = "x".repeat(5_001);
    let faux = [("capacite", "douze"), ("frais", "200 000"), ("presentation", trop.as_str())];
    let refus = juste(s.admin.submits(&page, "Enregistrer", &faux).await);
    refus
        .is(422)
        .sees("3 erreurs")
        .sees("Saisissez un nombre entier compris entre")
        .sees("Les frais de scolarité doivent être compris")
        .sees("5\u{202f}000 caractères au plus");
    let accueil = s.admin.opens("/gestion/2024/etablissements").await;
    let page = s.admin.opens(&accueil.link("Coordonnées")).await;
    let faux = [("code_postal", "8"), ("commune", ""), ("telephone", "12")];
    let refus = juste(s.admin.submits(&page, "Enregistrer", &faux).await);
    refus.is(422).sees("3 erreurs").sees("cinq chiffres").sees("dix chiffres");
    let chef = s.admin.opens(&accueil.link("Chef d’établissement")).await;
    let faux = [("prise", "successeur"), ("depuis", ""), ("chef_nom", " "), ("chef_courriel", "rien")];
    let refus = juste(s.admin.submits(&chef, "Enregistrer et confirmer", &faux).await);
    refus.is(422).sees("3 erreurs").sees("Saisissez une date qui existe").sees("nom@domaine.fr");
}
