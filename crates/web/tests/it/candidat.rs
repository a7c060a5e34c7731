//! The candidate's space, as a candidate goes through it.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, FormationEssai, VoeuEssai};
use testkit::{Base, Navigateur, TestApp, paris};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    lea: CandidatEssai,
    n: Navigateur,
}

async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 24, true).await;
    let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
    t.at("2024-02-01T10:00");
    let n = t.navigateur_de(lea.compte).await;
    Scene { t, f, lea, n }
}

impl Scene {
    fn ajouter(&self) -> String {
        format!("/candidat/voeux/ajouter?formation={}", self.f.public_id)
    }

    /// A proposition of the scene's course, to be answered by 2 June.
    async fn propose(&self) -> VoeuEssai {
        let v = self.t.voeu(&self.lea, &self.f, EtatVoeu::Propose).await;
        let passage = self
            .t
            .insert(
                "passage",
                "session_id, nature, jour, etat, calcule_le, empreinte_entree, empreinte_sortie, version_code, parametres,
                 bilan",
                vec![
                    self.f.session.into(),
                    "propositions".to_owned().into(),
                    1i64.into(),
                    "publie".to_owned().into(),
                    0i64.into(),
                    String::new().into(),
                    String::new().into(),
                    String::new().into(),
                    "{}".to_owned().into(),
                    "{}".to_owned().into(),
                ],
            )
            .await
            .0;
        self.t
            .insert(
                "proposition",
                "voeu_id, candidat_id, groupe_affectation_id, passage_id, emise_le, echeance_le, reponse",
                vec![
                    v.id.into(),
                    self.lea.candidat.into(),
                    self.f.groupe_affectation.into(),
                    passage.into(),
                    paris("2024-05-30T19:00").as_millisecond().into(),
                    paris("2024-06-03T00:00").as_millisecond().into(),
                    "attendue".to_owned().into(),
                ],
            )
            .await;
        v
    }

    /// A waiting wish for another course, third in its list.
    async fn attend(&self, libelle: &str) -> VoeuEssai {
        let g = self.t.formation(self.f.etablissement, libelle, Famille::But, true, 24, true).await;
        let v = self.t.voeu(&self.lea, &g, EtatVoeu::EnAttente).await;
        let passage = self.t.nombre("SELECT MAX(id) FROM passage", vec![]).await;
        self.t
            .sql(
                "INSERT INTO rang_attente (passage_id, voeu_id, rang) VALUES ($1, $2, 3)",
                vec![passage.into(), v.id.into()],
            )
            .await;
        self.t
            .sql(
                "INSERT INTO groupe_jour (passage_id, groupe_affectation_id, dernier_appele, dernier_appele_interne,
                     en_attente, propositions) VALUES ($1, $2, 41, 0, 12, 24)",
                vec![passage.into(), g.groupe_affectation.into()],
            )
            .await;
        v
    }
}

#[tokio::test]
async fn web_6_trx_5_a_candidate_adds_a_wish_confirms_it_and_gets_a_receipt() {
    let mut s = prepare().await;
    s.n.opens("/candidat").await.is(200).sees("Bonjour Léa").sees("Vous pouvez encore ajouter 10 vœux");
    let page = s.n.opens(&s.ajouter()).await;
    page.is(200).sees("Lycée Jules-Verne").sees("Jusqu’au jeudi 14 mars 2024").sees_not("internat");
    let liste = s.n.submits(&page, "Ajouter ce vœu", &[]).await;
    liste.is(200).sees("Le vœu est ajouté.").sees("À confirmer").sees("1 vœu sous statut étudiant sur 10");
    // The same form once more, from the other tab: the same act, not a second wish.
    s.n.submits(&page, "Ajouter ce vœu", &[]).await.is(200);
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu", vec![]).await, 1);
    let page = s.n.opens(&s.ajouter()).await;
    page.is(200).sees("déjà dans vos vœux").sees_not("Ajouter ce vœu");

    s.n.opens("/candidat").await.sees("Vous avez un vœu à confirmer.");
    let page = s.n.opens(&liste.link("Confirmer")).await;
    page.is(200).sees("Jusqu’au mercredi 3 avril 2024, 23\u{a0}h\u{a0}59");
    let seconde = s.n.opens(&liste.link("Confirmer")).await;
    let refus = s.n.submits(&page, "Confirmer ce vœu", &[]).await;
    refus.is(422).sees("Cochez la case pour confirmer ce vœu.");
    let recu = s.n.submits(&refus, "Confirmer ce vœu", &[("engagement", "oui")]).await;
    recu.is(200).sees("Votre vœu est confirmé.").sees("BTS Électronique – Lycée Jules-Verne, Amiens");
    assert!(recu.url.starts_with("/candidat/recepisses/"), "{}", recu.url);
    s.n.opens("/candidat/recepisses").await.is(200).sees("Ajout d’un vœu").sees("Confirmation d’un vœu");
    // A page left open before the confirmation cannot confirm again.
    s.n.submits(&page, "Confirmer ce vœu", &[("engagement", "oui")]).await.is(200);
    let autre = s.n.opens(&liste.link("Confirmer")).await;
    let second = s.n.submits(&seconde, "Confirmer ce vœu", &[("engagement", "oui")]).await;
    second.is(409).sees("Voici où il en est").sees("cette action n’est plus possible").sees_not("certifie");
    autre.is(200).sees("cette action n’est plus possible").sees_not("certifie");
}

#[tokio::test]
async fn what_tells_a_course_from_those_of_its_label_is_read_wherever_it_is_wished() {
    let mut s = prepare().await;
    let precise = "UPDATE formation_session SET detail = 'Double cursus possible' WHERE id = $1";
    s.t.sql(precise, vec![s.f.formation_session.into()]).await;
    let nom = "BTS Électronique – Double cursus possible";
    let page = s.n.opens(&s.ajouter()).await;
    page.is(200).sees(nom);
    let liste = s.n.submits(&page, "Ajouter ce vœu", &[]).await;
    liste.is(200).sees(nom);
    let page = s.n.opens(&liste.link("Confirmer")).await;
    page.is(200).sees(nom);
    let recu = s.n.submits(&page, "Confirmer ce vœu", &[("engagement", "oui")]).await;
    recu.is(200).sees("BTS Électronique – Double cursus possible – Lycée Jules-Verne, Amiens");
}

#[tokio::test]
async fn the_home_offers_only_what_may_be_done_of_the_wishes() {
    let mut s = prepare().await;
    s.n.opens("/candidat").await.is(200).sees("Ajouter, confirmer, retirer, suivre mes vœux");
    s.t.at_opening(Etape::Admission).await;
    s.n.opens("/candidat").await.is(200).sees("Suivre mes vœux").sees_not("Ajouter, confirmer");
}

#[tokio::test]
async fn a_wish_is_withdrawn_after_a_page_that_says_what_it_means() {
    let mut s = prepare().await;
    let v = s.t.voeu(&s.lea, &s.f, EtatVoeu::Confirme).await;
    let liste = s.n.opens("/candidat/voeux").await;
    let page = s.n.opens(&liste.link("Retirer")).await;
    page.is(200).sees("disparaît de votre liste");
    s.t.sql("UPDATE voeu SET version = version + 1 WHERE id = $1", vec![v.id.into()]).await;
    let conflit = s.n.submits(&page, "Retirer ce vœu", &[]).await;
    conflit
        .is(409)
        .sees("Ce vœu a changé depuis que vous avez ouvert la page")
        .sees("disparaît de votre liste");
    s.n.submits(&conflit, "Retirer ce vœu", &[]).await.is(200).sees("Le vœu est retiré.");
    s.n.opens("/candidat/voeux").await.sees("Vous n’avez aucun vœu");
    s.t.at_closing(Etape::Voeux).await;
    s.n.opens(&s.ajouter()).await.is(200).sees("close depuis").sees_not("Ajouter ce vœu");
}

#[tokio::test]
async fn boarding_is_chosen_among_what_the_course_offers() {
    let mut s = prepare().await;
    s.t.sql("UPDATE formation_session SET internat = 1", vec![]).await;
    let page = s.n.opens(&s.ajouter()).await;
    let refus = s.n.submits(&page, "Ajouter ce vœu", &[]).await;
    refus.is(422).sees("Choisissez avec ou sans internat.");
    s.n.submits(&refus, "Ajouter ce vœu", &[("internat", "les_deux")]).await.is(200).sees("Avec internat");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM voeu", vec![]).await, 2);
}

#[tokio::test]
async fn the_space_is_the_candidates_alone() {
    let mut s = prepare().await;
    let v = s.t.voeu(&s.lea, &s.f, EtatVoeu::Saisi).await;
    let confirmer = format!("/candidat/voeux/{}/confirmer", v.public_id);
    let page = s.n.opens(&confirmer).await;
    let anonyme = s.t.navigateur().opens(&confirmer).await;
    assert!(anonyme.url.starts_with("/connexion?suite="), "{}", anonyme.url);
    let tom = s.t.candidat("tom@exemple.example", TypeBac::General).await;
    let mut autre = s.t.navigateur_de(tom.compte).await;
    autre.opens(&confirmer).await.is(404);
    autre.opens("/candidat/voeux/rien/confirmer").await.is(404);
    let (resp, _) = s.t.responsable("resp@exemple.example", &s.f).await;
    let mut staff = s.t.navigateur_de(resp).await;
    for url in ["/candidat", "/candidat/voeux", "/candidat/dossier", "/candidat/recepisses"] {
        assert!(matches!(staff.opens(url).await.statut.as_u16(), 403 | 404), "{url}");
    }
    // Without the token of the session nothing is written.
    s.n.posts(&confirmer, &[("engagement", "oui")]).await.is(403);
    s.n.submits(&page, "Confirmer ce vœu", &[("engagement", "oui")]).await.is(200);
}

#[tokio::test]
async fn the_record_is_read_and_the_residence_changed_while_the_step_is_open() {
    let mut s = prepare().await;
    s.t.sql("UPDATE candidat SET notes = $1", vec!["{\"Mathématiques\": 1450}".to_owned().into()]).await;
    let page = s.n.opens("/candidat/dossier").await;
    page.is(200)
        .sees("Nom1")
        .sees("12,50 / 20")
        .sees("Mathématiques")
        .sees("14,50 / 20")
        .sees("non boursier");
    let refus = s.n.submits(&page, "Enregistrer ma résidence", &[("commune", " ")]).await;
    refus.is(422).sees("Indiquez la commune où vous habitez.");
    s.n.submits(&refus, "Enregistrer ma résidence", &[("commune", "Lille"), ("departement", "59")])
        .await
        .is(200)
        .sees("Votre dossier est enregistré.");
    s.t.at_closing(Etape::Confirmation).await;
    s.n.opens("/candidat/dossier")
        .await
        .sees("Lille")
        .sees("close depuis")
        .sees_not("Enregistrer ma résidence");
}

#[tokio::test]
async fn three_taps_answer_a_proposition_knowing_what_is_lost() {
    let mut s = prepare().await;
    let v = s.propose().await;
    let garde = s.attend("BUT Informatique").await;
    s.attend("BUT Chimie").await;
    s.t.at("2024-05-30T18:00");
    s.n.opens("/candidat/voeux").await.sees_not("Proposition").sees_not("attente");
    s.t.at("2024-05-31T10:00");
    s.n.opens("/candidat/voeux").await.sees("3e sur 12").sees("Dernier rang appelé 41");
    let accueil = s.n.opens("/candidat").await;
    accueil.sees("Une proposition attend votre réponse").sees("Jusqu’au dimanche 2 juin 2024");
    let page = s.n.opens(&accueil.link("Répondre")).await;
    page.is(200)
        .sees("Vœu en attente abandonné : BUT Informatique")
        .sees("Ceux que vous ne cochez pas sont définitivement perdus.");
    let bilan = s.n.submits(&page, "J’accepte", &[("maintenu[]", &garde.public_id)]).await;
    bilan
        .is(200)
        .sees("Vœu en attente abandonné : BUT Chimie")
        .sees("Vous perdez définitivement un vœu en attente");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 0);
    let recu = s.n.submits(&bilan, "Confirmer : j’accepte", &[]).await;
    recu.is(200).sees("Votre réponse est enregistrée.").sees("Vœu en attente maintenu BUT Informatique");
    // The tab left open changes nothing more.
    s.n.submits(&bilan, "Confirmer : j’accepte", &[]).await.is(200);
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM recepisse", vec![]).await, 1);
    let page = s.n.opens(&format!("/candidat/propositions/{}", v.public_id)).await;
    page.sees("Vous avez accepté cette proposition.").sees_not("J’accepte");
    let renoncer = s.n.opens(&page.link("Rendre cette place")).await;
    s.n.submits(&renoncer, "je rends cette place", &[]).await.is(200).sees("Place rendue");
}

#[tokio::test]
async fn an_answer_is_refused_after_the_deadline_and_from_a_page_out_of_date() {
    let mut s = prepare().await;
    let v = s.propose().await;
    s.t.at("2024-06-02T23:59:59");
    let url = format!("/candidat/propositions/{}/repondre?choix=refuser", v.public_id);
    let bilan = s.n.opens(&url).await;
    bilan.is(200).sees("vous ne pourrez plus l’obtenir");
    s.t.at("2024-06-03T00:00");
    let tard = s.n.submits(&bilan, "Confirmer : je refuse", &[]).await;
    tard.is(422).sees("Le délai de réponse est dépassé depuis le dimanche 2 juin 2024 à 23\u{a0}h\u{a0}59.");
    s.n.opens(&format!("/candidat/propositions/{}", v.public_id)).await.sees_not("Je refuse");
    s.t.at("2024-06-01T10:00");
    s.t.sql("UPDATE voeu SET version = version + 1 WHERE id = $1", vec![v.id.into()]).await;
    let change = s.n.submits(&bilan, "Confirmer : je refuse", &[]).await;
    change.is(409).sees("Ce vœu a changé depuis que vous avez ouvert la page").sees("Confirmer : je refuse");
    s.n.opens("/candidat/propositions/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.is(404);
}

#[tokio::test]
async fn sec_1_silence_is_announced_and_giving_up_asks_for_a_code() {
    let mut s = prepare().await;
    s.propose().await;
    let attente = s.attend("BUT Informatique").await;
    s.t.at("2024-06-03T00:00");
    app::candidatures::expire_due(&s.t.systeme()).await.unwrap();
    let page = s.n.opens("/candidat").await;
    page.is(200).sees(
        "votre vœu en attente sera définitivement perdu après le mercredi 5 juin 2024 à 23\u{a0}h\u{a0}59",
    );
    s.n.submits(&page, "Je maintiens mes vœux en attente", &[]).await.is(200).sees("sont maintenus");
    s.n.opens("/candidat").await.sees_not("Je maintiens");
    let renoncer = s.n.opens(&format!("/candidat/voeux/{}/renoncer", attente.public_id)).await;
    renoncer.is(200).sees("Vous quittez définitivement la liste d’attente");
    // SEC-1: what cannot be undone asks a candidate for a code, and the form waits.
    s.t.sql("UPDATE session_web SET second_facteur_le = NULL, moyen = NULL", vec![]).await;
    let arret = s.n.submits(&renoncer, "je renonce à ce vœu", &[]).await;
    arret.sees("Confirmer que c’est bien vous");
    let envoye = s.n.submits(&arret, "Recevoir un code par courriel", &[]).await;
    let reprise = s.n.submits(&envoye, "Valider le code", &[("code", &s.t.code_recu().await)]).await;
    s.n.submits(&reprise, "Terminer l’envoi", &[]).await.is(200).sees("Vœu abandonné");
}

#[tokio::test]
async fn sec_1_a_waiting_wish_is_given_up_at_once_after_a_recent_second_step() {
    let mut s = prepare().await;
    s.propose().await;
    let attente = s.attend("BUT Informatique").await;
    s.t.at("2024-06-01T10:00");
    let renoncer = s.n.opens(&format!("/candidat/voeux/{}/renoncer", attente.public_id)).await;
    s.n.submits(&renoncer, "je renonce à ce vœu", &[]).await.is(200).sees("Vœu abandonné");
}

#[tokio::test]
async fn r_app_13_a_suspended_course_is_said_beside_the_wish() {
    let mut s = prepare().await;
    s.t.voeu(&s.lea, &s.f, EtatVoeu::Confirme).await;
    s.n.opens("/candidat/voeux").await.is(200).sees("BTS Électronique").sees_not("suspendue");
    s.t.sql("UPDATE formation_session SET etat = 'fermee', suspendue = 1", vec![]).await;
    let page = s.n.opens("/candidat/voeux").await;
    page.is(200).sees("Formation suspendue").sees("elle n’accueillera personne pour cette session");
}
