//! Accounts through the pages: inviting, accepting, deciding on addresses.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

#[path = "../src/components/verification.rs"]
mod verification;

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, Navigateur, Reponse, TestApp};

const MDP: &str = "Grun4!pLoc7?";

/// Checks what every page must respect, then gives it.
fn juste(r: Reponse) -> Reponse {
    verification::verifie(&r.html);
    r
}

struct Lycee {
    t: TestApp,
    etablissement: i64,
    formation: testkit::FormationEssai,
}

async fn lycee() -> Lycee {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0801234A", "Lycée d’essai").await;
    let formation = t.formation(etablissement, "BTS Essai", Famille::Bts, true, 24, true).await;
    Lycee { t, etablissement, formation }
}

impl Lycee {
    async fn en_tant_que(&self, role: Role) -> Navigateur {
        let a = match role {
            Role::Academie => Attribution { academies: vec!["20".into()], ..Attribution::simple(role) },
            _ => Attribution { etablissement: Some(self.etablissement), ..Attribution::simple(role) },
        };
        let (compte, _) = self.t.personne(&format!("{}@essai.example", role.code()), a).await;
        self.t.navigateur_de(compte).await
    }

    async fn lien(&self) -> String {
        let envoi = self.t.envois().await.into_iter().find(|e| e.modele == "invitation_lien").unwrap();
        let debut = envoi.corps.find("/invitation/").unwrap();
        envoi.corps[debut..].split_whitespace().next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn cpt_5_an_administrator_invites_and_the_person_accepts() {
    let l = lycee().await;
    let autre = l.t.formation(l.etablissement, "CPGE Essai", Famille::Cpge, true, 48, true).await;
    let mut n = l.en_tant_que(Role::AdminSite).await;
    let liste = juste(n.opens("/comptes").await);
    liste
        .is(200)
        .sees("1 compte")
        .sees("Camille Essai")
        .sees("1 compte n’a pas encore de double authentification");
    let page = juste(n.opens(&liste.link("Inviter une personne")).await);
    page.sees("Lycée d’essai").sees("BTS Essai").sees_not("Service académique");
    // Everything at fault at once; nothing typed is lost.
    let saisie = [("prenom", "Zoé"), ("nom", ""), ("courriel", "zoe"), ("role", "membre_cev")];
    let refus = juste(n.submits(&page, "Envoyer l’invitation", &saisie).await);
    refus.is(422).sees("Saisissez le nom").sees("adresse complète").sees("Choisissez au moins une formation");
    assert!(refus.html.contains(r#"value="Zoé""#));
    let saisie = [
        ("nom", "Durand"),
        ("courriel", "zoe.durand@essai.example"),
        // Two courses: one field, two answers.
        ("formations[]", l.formation.public_id.as_str()),
        ("formations[]", autre.public_id.as_str()),
    ];
    let liste = juste(n.submits(&refus, "Envoyer l’invitation", &saisie).await);
    liste.is(200).sees("L’invitation est envoyée.").sees("Invitations en attente").sees("Zoé Durand");

    let mut zoe = l.t.navigateur();
    let page = juste(zoe.opens(&l.lien().await).await);
    page.is(200)
        .sees("Un rôle vous est proposé")
        .sees("Lycée d’essai")
        .sees("BTS Essai")
        .sees("CPGE Essai")
        .sees("zoe.durand@essai.example");
    let faible = [("mot_de_passe", "Durand2024Zoe"), ("confirmation", "autre")];
    let refus = juste(zoe.submits(&page, "Accepter et continuer", &faible).await);
    refus.is(422).sees("Les deux saisies du mot de passe sont différentes");
    let bon = [("mot_de_passe", MDP), ("confirmation", MDP)];
    let suite = juste(zoe.submits(&refus, "Accepter et continuer", &bon).await);
    suite.is(200).sees("double authentification");
    assert!(suite.url.starts_with("/connexion/enrolement"), "{}", suite.url);
    // Nothing answers before the factor is there.
    zoe.opens("/gestion").await.sees("double authentification");
    // The link no longer serves, and says what to do.
    let perime = juste(l.t.navigateur().opens(&l.lien().await).await);
    perime.is(410).sees("Ce lien n’est plus valable").sees("demandez à la personne qui vous a invité");
    juste(n.opens("/comptes").await).sees("2 comptes").sees("Zoé Durand").sees_not("Invitations en attente");
}

#[tokio::test]
async fn cpt_5_an_invitation_is_sent_again_or_cancelled_from_its_page() {
    let l = lycee().await;
    let mut n = l.en_tant_que(Role::ChefEtab).await;
    let page = n.opens("/comptes/inviter").await;
    let saisie = [
        ("prenom", "Zoé"),
        ("nom", "Durand"),
        ("courriel", "zoe.durand@essai.example"),
        ("role", "admin_site"),
    ];
    let liste = n.submits(&page, "Envoyer l’invitation", &saisie).await;
    let premier = l.lien().await;
    let page = juste(n.opens(&liste.link("Renvoyer ou annuler")).await);
    let liste = n.submits(&page, "Renvoyer l’invitation", &[]).await;
    liste.is(200).sees("L’invitation est renvoyée");
    l.t.navigateur().opens(&premier).await.is(410);
    let page = juste(l.t.navigateur().opens(&l.lien().await).await);
    page.is(200).sees("Téléphone mobile");
    let page = n.opens(&liste.link("Renvoyer ou annuler")).await;
    n.submits(&page, "Annuler l’invitation", &[]).await.is(200).sees("L’invitation est annulée");
    l.t.navigateur().opens(&l.lien().await).await.is(410);
}

#[tokio::test]
async fn cpt_2_a_role_mailbox_is_refused_explained_and_may_be_asked_for() {
    let l = lycee().await;
    let mut n = l.en_tant_que(Role::AdminSite).await;
    let page = n.opens("/comptes/inviter").await;
    let saisie = [
        ("prenom", "Zoé"),
        ("nom", "Durand"),
        ("courriel", "secretariat@essai.example"),
        ("role", "lecteur"),
    ];
    let refus = juste(n.submits(&page, "Envoyer l’invitation", &saisie).await);
    refus.is(422).sees("Cette adresse est celle d’un service").sees("Demander une dérogation");
    let court = juste(n.submits(&refus, "Demander une dérogation", &[("motif", "non")]).await);
    court.is(422).sees("Expliquez en une phrase");
    assert!(court.html.contains("secretariat@essai.example"));
    let motif = [("motif", "Aucune adresse nominative avant la rentrée.")];
    n.submits(&court, "Demander une dérogation", &motif)
        .await
        .is(200)
        .sees("transmise au service académique");

    let mut service = l.en_tant_que(Role::Academie).await;
    let liste = juste(service.opens("/comptes/derogations").await);
    liste.sees("secretariat@essai.example").sees("À examiner");
    let page = juste(service.opens(&liste.link("Examiner")).await);
    let refus = juste(service.submits(&page, "Enregistrer la décision", &[("reponse", "Admise.")]).await);
    refus.is(422).sees("Choisissez d’admettre ou de refuser");
    let oui = [("decision", "accorder"), ("reponse", "Admise pour cette session.")];
    service.submits(&refus, "Enregistrer la décision", &oui).await.is(200).sees("Accordée");
    let page = n.opens("/comptes/inviter").await;
    n.submits(&page, "Envoyer l’invitation", &saisie).await.is(200).sees("L’invitation est envoyée.");
}

#[tokio::test]
async fn cpt_1_the_holder_of_an_account_signs_in_to_accept() {
    let l = lycee().await;
    let a = Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) };
    let (zoe, _) = l.t.personne("zoe.durand@essai.example", a).await;
    let mut n = l.en_tant_que(Role::AdminSite).await;
    let page = n.opens("/comptes/inviter").await;
    let saisie =
        [("prenom", "Zoé"), ("nom", "Durand"), ("courriel", "zoe.durand@essai.example"), ("role", "lecteur")];
    n.submits(&page, "Envoyer l’invitation", &saisie).await.is(200);
    let lien = l.lien().await;
    let anonyme = juste(l.t.navigateur().opens(&lien).await);
    anonyme.is(200).sees("Vous avez déjà un compte");
    assert_eq!(anonyme.link("Se connecter pour accepter"), format!("/connexion?suite={lien}"));
    juste(n.opens(&lien).await).sees("Vous êtes connecté avec un autre compte");
    let mut n = l.t.navigateur_de(zoe).await;
    let page = juste(n.opens(&lien).await);
    n.submits(&page, "Accepter ce rôle", &[]).await.is(200).sees("Vous avez accepté ce rôle.");
    juste(n.opens("/gestion").await).is(200);
}

#[tokio::test]
async fn cpt_7_an_administrator_suspends_and_changes_roles_from_the_page_of_an_account() {
    let l = lycee().await;
    let a = Attribution { etablissement: Some(l.etablissement), ..Attribution::simple(Role::Lecteur) };
    let (zoe, _) = l.t.personne("zoe.durand@essai.example", a).await;
    l.t.sql("UPDATE compte SET nom = 'Durand', prenom = 'Zoé' WHERE id = $1", vec![zoe.into()]).await;
    let mut chez_elle = l.t.navigateur_de(zoe).await;
    chez_elle.opens("/gestion").await.is(200);
    let mut n = l.en_tant_que(Role::AdminSite).await;
    let liste = n.opens("/comptes?q=durand").await;
    let fiche = juste(n.opens(&liste.link("Zoé Durand")).await);
    fiche.is(200).sees("Lecteur – Lycée d’essai").sees("Suspendre le compte").sees_not("Réactiver");
    let page = juste(n.opens(&fiche.link("Changer les rôles")).await);
    let ajout = [("ajout", "membre_cev"), ("formations[]", l.formation.public_id.as_str())];
    let fiche = n.submits(&page, "Changer les rôles", &ajout).await;
    fiche.is(200).sees("Les rôles sont changés").sees("BTS Essai");
    let page = juste(n.opens(&fiche.link("Suspendre le compte")).await);
    let refus = juste(n.submits(&page, "Suspendre le compte", &[("motif", "non")]).await);
    refus.is(422).sees("Expliquez en une phrase");
    let motif = [("motif", "Départ de la personne en mars.")];
    let fiche = juste(n.submits(&refus, "Suspendre le compte", &motif).await);
    fiche
        .is(200)
        .sees("Le compte est suspendu")
        .sees("Réactiver le compte")
        .sees("Départ de la personne en mars.");
    // Signed out before the answer came.
    assert!(chez_elle.opens("/gestion").await.url.starts_with("/connexion"));
    // The page of an act that means nothing any more leads back.
    let retour = n.opens(&page.url).await;
    retour.is(200).sees("n’est pas possible dans l’état actuel");
    for role in [Role::Lecteur, Role::RespFormation] {
        l.en_tant_que(role).await.opens(&fiche.url).await.is(404);
    }
}

#[tokio::test]
async fn ses_5_an_establishment_is_made_safe_from_its_list_and_signs_everybody_out() {
    let l = lycee().await;
    let mut n = l.en_tant_que(Role::ChefEtab).await;
    let liste = n.opens("/comptes").await;
    let page = juste(n.opens(&liste.link("Mise en sécurité")).await);
    page.is(200).sees("Lycée d’essai").sees("Mettre en sécurité maintenant");
    let refus = juste(n.submits(&page, "Mettre en sécurité maintenant", &[("motif", "")]).await);
    refus.is(422).sees("Expliquez en une phrase");
    let motif = [("motif", "Courriel d’hameçonnage reçu ce matin.")];
    let sortie = juste(n.submits(&refus, "Mettre en sécurité maintenant", &motif).await);
    sortie.sees("L’établissement est en sécurité");
    assert!(sortie.url.starts_with("/connexion"), "{}", sortie.url);
    let mut service = l.en_tant_que(Role::Academie).await;
    let choix = juste(service.opens("/comptes/securite").await);
    juste(service.opens("/comptes/securite?uai=0809999Z").await)
        .is(422)
        .sees("Aucun établissement de votre périmètre");
    let page = juste(service.submits(&choix, "Continuer", &[("uai", "0801234A")]).await);
    page.sees("En sécurité depuis");
    let motif = [("motif", "Postes vérifiés, comptes renouvelés.")];
    service
        .submits(&page, "Lever la mise en sécurité", &motif)
        .await
        .is(200)
        .sees("La mise en sécurité est levée");
}

#[tokio::test]
async fn cpt_6_everybody_keeps_their_own_information_up_to_date() {
    let l = lycee().await;
    let a = Attribution { etablissement: Some(l.etablissement), ..Attribution::simple(Role::Lecteur) };
    let (zoe, _) = l.t.personne("zoe.durand@essai.example", a).await;
    let hache = l.t.app.hachage.hash(MDP, [1; 16]).await.unwrap();
    l.t.sql("UPDATE compte SET mot_de_passe = $1 WHERE id = $2", vec![hache.into(), zoe.into()]).await;
    let mut n = l.t.navigateur_de(zoe).await;
    let page = juste(n.opens("/compte").await);
    page.is(200).sees("zoe.durand@essai.example").sees("Lecteur – Lycée d’essai");
    for (chemin, bouton) in [
        ("nom", "Changer mon nom"),
        ("adresse", "Changer mon adresse"),
        ("mobile", "Changer mon téléphone"),
        ("mot-de-passe", "Changer mon mot de passe"),
        ("quitter", "Supprimer mon compte"),
    ] {
        let page = juste(n.opens(&format!("/compte/{chemin}")).await);
        page.is(200);
        let vide = [
            ("nom", ""),
            ("mot_de_passe", "faux"),
            ("courriel", "z"),
            ("nouveau", "court"),
            ("mobile", "12"),
        ];
        juste(n.submits(&page, bouton, &vide).await).is(422);
    }
    let page = n.opens("/compte/nom").await;
    n.submits(&page, "Changer mon nom", &[("nom", "Petit"), ("prenom", "Zoé")])
        .await
        .is(200)
        .sees("Zoé Petit");
    let page = n.opens("/compte/mobile").await;
    let saisie = [("mobile", "06 12 34 56 78"), ("mot_de_passe", MDP)];
    let r = n.submits(&page, "Changer mon téléphone", &saisie).await;
    r.is(200).sees("•• •• 56 78 (à vérifier)").sees_not("12 34");
    let page = n.opens("/compte/adresse").await;
    let saisie = [("courriel", "zoe.petit@essai.example"), ("mot_de_passe", MDP)];
    n.submits(&page, "Changer mon adresse", &saisie).await.is(200).sees("Un lien a été envoyé");
    let envoi = l.t.envois().await.into_iter().find(|e| e.modele == "adresse_lien").unwrap();
    let debut = envoi.corps.find("/compte/confirmer/").unwrap();
    let lien = envoi.corps[debut..].split_whitespace().next().unwrap();
    let page = juste(l.t.navigateur().opens(lien).await);
    let fin = juste(l.t.navigateur().submits(&page, "Confirmer cette adresse", &[]).await);
    fin.sees("Votre nouvelle adresse est confirmée");
    juste(n.opens("/compte").await).sees("zoe.petit@essai.example");
    assert!(l.t.navigateur().opens("/compte").await.url.starts_with("/connexion"));
}

#[tokio::test]
async fn cpt_4_a_carried_over_account_sees_only_what_brings_it_up_to_date_and_the_help() {
    let l = lycee().await;
    let a = Attribution { etablissement: Some(l.etablissement), ..Attribution::simple(Role::AdminSite) };
    let (adm, _) = l.t.personne("secretariat@essai.example", a).await;
    l.t.sql("UPDATE compte SET etat = 'a_securiser' WHERE id = $1", vec![adm.into()]).await;
    let mut n = l.t.navigateur_de(adm).await;
    for chemin in ["/gestion", "/comptes", "/compte"] {
        let r = juste(n.opens(chemin).await);
        assert!(r.url.starts_with("/connexion/conformite"), "{chemin}: {}", r.url);
    }
    n.opens("/aide").await.is(200);
    let page = juste(n.opens("/connexion/conformite").await);
    page.is(200).sees("Une adresse à votre nom").sees("Un téléphone mobile");
    let refus = juste(n.submits(&page, "Envoyer le lien", &[("courriel", "direction@essai.example")]).await);
    refus.is(422).sees("Cette adresse est celle d’un service");
    let page = n.submits(&refus, "Enregistrer ce numéro", &[("mobile", "06 12 34 56 78")]).await;
    page.is(200).sees("Une adresse à votre nom").sees_not("Un téléphone mobile");
    let page = n.submits(&page, "Envoyer le lien", &[("courriel", "yves.caron@essai.example")]).await;
    juste(page).sees("Un lien a été envoyé à yves.caron@essai.example");
    let envoi = l.t.envois().await.into_iter().find(|e| e.modele == "adresse_lien").unwrap();
    let debut = envoi.corps.find("/compte/confirmer/").unwrap();
    let lien = envoi.corps[debut..].split_whitespace().next().unwrap().to_owned();
    let page = n.opens(&lien).await;
    let suite = juste(n.submits(&page, "Confirmer cette adresse", &[]).await);
    suite.sees("Sécuriser votre compte").sees("Nouveau mot de passe");
}
