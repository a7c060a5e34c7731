//! Accounts through the pages: inviting, accepting, deciding on addresses.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, Navigateur, Reponse, TestApp};

const MDP: &str = "Grun4!pLoc7?";

/// Checks what every page must respect, then gives it.
fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

struct Lycee {
    t: TestApp,
    etablissement: i64,
    formation: testkit::FormationEssai,
}

async fn lycee() -> Lycee {
    lycee_sur(Base::sqlite()).await
}

async fn lycee_sur(base: Base) -> Lycee {
    let t = TestApp::with_session_2024(base).await;
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

    /// The code of the last SMS.
    async fn code_sms(&self) -> String {
        let sms = self.t.envois().await.into_iter().find(|e| e.canal == "sms").unwrap();
        let chiffres: String = sms.corps.chars().filter(|c| c.is_ascii_digit() || *c == ' ').collect();
        chiffres.split_whitespace().filter(|m| m.len() == 4).take(2).collect()
    }

    async fn lien(&self) -> String {
        let envoi = self.t.envois().await.into_iter().find(|e| e.modele == "invitation_lien").unwrap();
        let debut = envoi.corps.find("/invitation/").unwrap();
        envoi.corps[debut..].split_whitespace().next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn r_acc_03_a_service_finds_who_has_nobody_and_invites_their_head() {
    let l = lycee().await;
    l.t.at("2023-11-20T10:00");
    let mut service = l.en_tant_que(Role::Academie).await;
    let accueil = juste(service.opens("/academie/2024").await);
    accueil.sees("Établissements sans responsable 1 à pourvoir");
    let page = juste(service.opens(&accueil.link("Établissements sans responsable")).await);
    page.is(200).sees("1 établissement sans responsable").sees("Lycée d’essai (0801234A), Amiens");
    let form = juste(service.opens(&page.link("Inviter le chef d’établissement")).await);
    form.is(200).sees("Lycée d’essai");
    let saisie = [("courriel", "nadia.lemaire@essai.example"), ("nom", "Lemaire"), ("prenom", "Nadia")];
    juste(service.submits(&form, "Envoyer l’invitation", &saisie).await).is(200);
    let page = juste(service.opens("/comptes/responsables?sans_responsable=oui&q=essai").await);
    page.sees("1 établissement sans responsable");
    juste(service.opens(&page.link("Voir l’invitation en attente")).await).is(200).sees("Nadia Lemaire");
    juste(service.opens("/comptes/responsables").await).sees("1 établissement a des formations et n’a");
    l.en_tant_que(Role::ChefEtab).await;
    juste(service.opens("/comptes/responsables?sans_responsable=oui").await)
        .is(200)
        .sees("Aucun établissement sans responsable");
    juste(service.opens("/comptes/responsables").await).sees_not("personne n’y reçoit");
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
async fn cpt_5_an_invitation_says_what_it_gives_and_gives_nothing_on_a_course_that_closed() {
    let l = lycee().await;
    let autre = l.t.formation(l.etablissement, "CPGE Essai", Famille::Cpge, true, 48, true).await;
    let mut n = l.en_tant_que(Role::AdminSite).await;
    let page = n.opens("/comptes/inviter").await;
    let saisie = [
        ("prenom", "Zoé"),
        ("nom", "Durand"),
        ("courriel", "zoe.durand@essai.example"),
        ("role", "membre_cev"),
        ("formations[]", l.formation.public_id.as_str()),
        ("formations[]", autre.public_id.as_str()),
    ];
    // Closed while the form was being filled in: refused, and no longer offered.
    ferme(&l, &autre, true).await;
    let refus = juste(n.submits(&page, "Envoyer l’invitation", &saisie).await);
    refus.is(422).sees("Une formation choisie n’est plus proposée").sees("BTS Essai").sees_not("CPGE Essai");
    ferme(&l, &autre, false).await;
    let liste = n.submits(&page, "Envoyer l’invitation", &saisie).await;
    // Whoever invites reads again what it holds, whoever is invited reads it before accepting.
    let invitation = liste.link("Renvoyer ou annuler");
    let vue = juste(n.opens(&invitation).await);
    vue.is(200).sees("Ce que la personne pourra faire").sees("saisir le classement").sees("CPGE Essai");
    vue.sees_not("fermée").sees_not("transmettre le classement");
    let lien = l.lien().await;
    let page = juste(l.t.navigateur().opens(&lien).await);
    page.is(200).sees("Ce que vous pourrez faire").sees("lire les dossiers des candidats").sees("BTS Essai");
    ferme(&l, &autre, true).await;
    juste(n.opens(&invitation).await).sees("fermée ou retirée depuis");
    let mut zoe = l.t.navigateur();
    let page = juste(zoe.opens(&lien).await);
    page.sees("fermée ou retirée depuis");
    // Nothing left: neither accepted nor sent again.
    ferme(&l, &l.formation, true).await;
    juste(l.t.navigateur().opens(&lien).await)
        .sees("elle ne donne plus rien")
        .sees_not("Accepter et continuer");
    let bon = [("mot_de_passe", MDP), ("confirmation", MDP)];
    zoe.submits(&page, "Accepter et continuer", &bon).await.is(409).sees("elle ne donne plus rien");
    let vue = n.opens(&invitation).await;
    n.submits(&vue, "Renvoyer l’invitation", &[]).await.is(422).sees("sont fermées ou retirées");
    ferme(&l, &l.formation, false).await;
    zoe.submits(&page, "Accepter et continuer", &bon).await.is(200).sees("double authentification");
    let sql = "SELECT COUNT(*) FROM attribution a JOIN compte c ON c.id = a.compte_id WHERE c.courriel LIKE 'zoe.%'";
    assert_eq!(l.t.nombre(sql, vec![]).await, 1, "the open course alone");
}

async fn ferme(l: &Lycee, f: &testkit::FormationEssai, fermee: bool) {
    let etat = if fermee { "fermee" } else { "publiee" }.to_owned();
    let sql = "UPDATE formation_session SET etat = $1 WHERE id = $2";
    l.t.sql(sql, vec![etat.into(), f.formation_session.into()]).await;
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
    sortie.sees("Votre établissement est en sécurité").sees("Mot de passe oublié");
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
    let faux = ("mot_de_passe", "faux");
    for (chemin, bouton, saisie) in [
        ("nom", "Changer mon nom", &[("nom", "")][..]),
        ("adresse", "Changer mon adresse", &[("courriel", "z"), faux]),
        ("mobile", "Changer mon téléphone", &[("mobile", "12"), faux]),
        ("mot-de-passe", "Changer mon mot de passe", &[("nouveau", "court"), faux]),
        ("quitter", "Supprimer mon compte", &[faux]),
    ] {
        let page = juste(n.opens(&format!("/compte/{chemin}")).await);
        page.is(200);
        juste(n.submits(&page, bouton, saisie).await).is(422);
    }
    let page = n.opens("/compte/nom").await;
    n.submits(&page, "Changer mon nom", &[("nom", "Petit"), ("prenom", "Zoé")])
        .await
        .is(200)
        .sees("Zoé Petit");
    let page = n.opens("/compte/mobile").await;
    let saisie = [("mobile", "06 12 34 56 78"), ("mot_de_passe", MDP)];
    let r = juste(n.submits(&page, "Changer mon téléphone", &saisie).await);
    r.is(200).sees("Un code vient de partir par SMS").sees("Code reçu par SMS");
    let refus = juste(n.submits(&r, "Vérifier ce numéro", &[("code_mobile", "0000 0000")]).await);
    refus.is(422).sees("Ce code n’est pas le bon");
    let code = l.code_sms().await;
    let r = n.submits(&refus, "Vérifier ce numéro", &[("code_mobile", code.as_str())]).await;
    r.is(200).sees("•• •• 56 78 (vérifié)").sees_not("12 34");
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
    let page = juste(page);
    page.is(200).sees("Un code vient de partir par SMS").sees("garder •• •• 56 78");
    let trop = juste(n.submits(&page, "Envoyer un autre code", &[]).await);
    trop.is(429).sees("Vous pourrez en demander un autre dans");
    let faux = juste(n.submits(&trop, "Vérifier ce numéro", &[("code_mobile", "12")]).await);
    faux.is(422).sees("Ce code n’est pas le bon").sees_not("Vérifier ce numéro plus tard");
    let code = l.code_sms().await;
    let page = n.submits(&faux, "Vérifier ce numéro", &[("code_mobile", code.as_str())]).await;
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

#[tokio::test]
async fn cpt_3_an_administrator_may_prove_the_number_later_when_the_sms_does_not_come() {
    let l = lycee().await;
    let mut chef = l.en_tant_que(Role::ChefEtab).await;
    let page = chef.opens("/comptes/inviter").await;
    let saisie = [
        ("prenom", "Zoé"),
        ("nom", "Durand"),
        ("courriel", "zoe.durand@essai.example"),
        ("role", "admin_site"),
    ];
    chef.submits(&page, "Envoyer l’invitation", &saisie).await.is(200);
    let mut zoe = l.t.navigateur();
    let page = zoe.opens(&l.lien().await).await;
    let bon = [("mobile", "06 12 34 56 78"), ("mot_de_passe", MDP), ("confirmation", MDP)];
    let page = juste(zoe.submits(&page, "Accepter et continuer", &bon).await);
    assert!(page.url.starts_with("/connexion/conformite"), "{}", page.url);
    page.sees("prouvez que ce téléphone est bien le vôtre").sees("garder •• •• 56 78").sees_not("plus tard");
    assert!(zoe.opens("/connexion/enrolement").await.url.starts_with("/connexion/conformite"));
    let page = juste(zoe.submits(&page, "Recevoir un code par SMS", &[]).await);
    let suite = juste(zoe.opens(&page.link("Vérifier ce numéro plus tard")).await);
    suite.is(200).sees("Sécuriser votre compte").sees_not("Nouveau mot de passe");
    // Whoever invited is told.
    let avis = l.t.envois().await.into_iter().find(|e| e.modele == "invitation_acceptee").unwrap();
    assert_eq!(avis.destinataire, "chef_etab@essai.example");
}

#[tokio::test]
async fn cpt_3_heads_and_administrators_are_listed_and_downloaded() {
    let l = lycee().await;
    let mut chef = l.en_tant_que(Role::ChefEtab).await;
    l.en_tant_que(Role::AdminSite).await;
    let mut service = l.en_tant_que(Role::Academie).await;
    let liste = juste(service.opens("/comptes").await);
    let page = juste(service.opens(&liste.link("Chefs et administrateurs")).await);
    page.is(200)
        .sees("2 personnes")
        .sees("2 comptes n’ont pas encore de double authentification")
        .sees("Lycée d’essai (0801234A), Amiens")
        .sees("chef_etab@essai.example");
    let filtree =
        juste(service.submits(&page, "Rechercher", &[("q", "0801234a"), ("role", "admin_site")]).await);
    filtree.sees("1 personne").sees("admin_site@essai.example").sees_not("chef_etab@essai.example");
    juste(service.opens("/comptes/responsables?role=faux").await)
        .is(422)
        .sees("Choisissez un rôle de la liste");
    juste(service.opens("/comptes/responsables?q=personne+ici").await)
        .sees("Aucune personne")
        .sees("Personne ne répond à cette recherche")
        .sees_not("Télécharger");
    // The file is that of the search.
    let csv = service.opens(&filtree.link("Télécharger en CSV")).await;
    csv.is(200);
    let nom = csv.entetes["content-disposition"].to_str().unwrap();
    let requete =
        l.t.mot("SELECT requete FROM journal WHERE issue = 'exporte' ORDER BY id DESC", vec![]).await;
    assert_eq!(nom, format!("attachment; filename=\"responsables-2024-{requete}.csv\""), "DON-3: numbered");
    assert_eq!(csv.html.lines().count(), 2, "{}", csv.html);
    let xlsx = service.opens(&page.link("Télécharger le tableur (XLSX)")).await;
    assert!(xlsx.entetes["content-type"].to_str().unwrap().ends_with("spreadsheetml.sheet"));
    assert!(xlsx.octets.starts_with(b"PK"));
    // For an establishment: its own, without the link of the services; nobody else reaches it.
    juste(chef.opens("/comptes").await).sees_not("Chefs et administrateurs");
    juste(chef.opens("/comptes/responsables").await).is(200).sees("2 personnes");
    for role in [Role::Lecteur, Role::RespFormation] {
        let r = l.en_tant_que(role).await.opens("/comptes/responsables/export?format=xlsx").await;
        r.is(403);
    }
}

/// A second server on the same base: its own pool, nothing shared in memory.
async fn autre_serveur(t: &TestApp) -> axum::Router {
    let a = &t.app;
    let app = app::Plateforme {
        db: t.base.open().await,
        coffre: a.coffre.clone(),
        secrets: a.secrets.clone(),
        horloge: std::sync::Arc::clone(&a.horloge),
        alea: std::sync::Arc::clone(&a.alea),
        courriel: std::sync::Arc::clone(&a.courriel),
        sms: std::sync::Arc::clone(&a.sms),
        livreur: std::sync::Arc::clone(&a.livreur),
        depot: std::sync::Arc::clone(&a.depot),
        antivirus: std::sync::Arc::clone(&a.antivirus),
        temoin: std::sync::Arc::clone(&a.temoin),
        supervision: std::sync::Arc::clone(&a.supervision),
        imprimerie: a.imprimerie.clone(),
        limites: a.limites.clone(),
        mode: a.mode,
        adresse: a.adresse.clone(),
        carnet: app::interfaces::Carnet::default(),
        reperes: app::formations::Reperes::default(),
        relues: app::formations::Relues::default(),
        hachage: a.hachage.clone(),
        debits: std::sync::Arc::clone(&a.debits),
    };
    web::router(web::EtatWeb::new(web::Interne {
        app: std::sync::Arc::new(app),
        site: web::layout::Site { demonstration: false, ..web::layout::Site::default() },
        mandataires: Vec::new(),
        demo: None,
        mesures: None,
        https: false,
    }))
}

testkit::both_databases! {
    async fn ses_5_another_server_refuses_every_session_of_the_establishment_at_its_next_request(base) {
        let l = lycee_sur(base).await;
        let site = autre_serveur(&l.t).await;
        let mut ailleurs = Vec::new();
        for (role, formation) in [
            (Role::ChefEtab, None),
            (Role::AdminSite, None),
            (Role::Lecteur, None),
            (Role::GestAdmin, None),
            (Role::RespFormation, Some(l.formation.formation)),
            (Role::MembreCev, Some(l.formation.formation)),
        ] {
            // A role over a course may be known by its course alone.
            let etablissement = formation.is_none().then_some(l.etablissement);
            let a = Attribution { etablissement, formation, ..Attribution::simple(role) };
            let (compte, _) = l.t.personne(&format!("{}@essai.example", role.code()), a).await;
            ailleurs.push(l.t.navigateur_de(compte).await.on_site(site.clone()));
        }
        let mut service = l.en_tant_que(Role::Academie).await.on_site(site.clone());
        for n in &mut ailleurs {
            let r = n.opens("/compte").await;
            assert_eq!(r.url, "/compte");
        }
        // On this server, by somebody of the academic service.
        let a = Attribution { academies: vec!["20".into()], ..Attribution::simple(Role::Academie) };
        let (agent, _) = l.t.personne("agent@essai.example", a).await;
        let mut ici = l.t.navigateur_de(agent).await;
        let page = ici.opens("/comptes/securite/0801234A").await;
        let motif = [("motif", "Courriel d’hameçonnage reçu ce matin.")];
        let depart = std::time::Instant::now();
        ici.submits(&page, "Mettre en sécurité maintenant", &motif).await.is(200).sees("est en sécurité");
        for n in &mut ailleurs {
            let r = n.opens("/compte").await;
            assert!(r.url.starts_with("/connexion"), "{}", r.url);
        }
        let duree = depart.elapsed();
        println!("{} sessions refused by the other server in {duree:?}", ailleurs.len());
        assert!(duree.as_secs() < 60, "{duree:?}");
        assert_eq!(service.opens("/compte").await.url, "/compte", "the services above go on");
    }
}
