//! The academic service fixes the rates of its courses.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, FormationEssai, Navigateur, TestApp};

async fn prepare() -> (TestApp, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 24, true).await;
    t.formation(e, "Licence Droit", Famille::Licence, false, 24, true).await;
    t.during(Etape::Taux).await;
    let n = agent(&t, "20").await;
    (t, f, n)
}

async fn agent(t: &TestApp, academie: &str) -> Navigateur {
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    let (compte, _) = t.personne(&format!("agent@{academie}.fr"), a).await;
    t.navigateur_de(compte).await
}

#[tokio::test]
async fn an_agent_finds_the_missing_rate_and_fixes_it() {
    let (_t, f, mut n) = prepare().await;
    let page = n.opens("/academie").await;
    assert_eq!(page.url, "/academie/2024");
    page.is(200).sees("Il reste 2 groupes sans taux").sees("À fixer").sees("Lycée Jules-Verne – Amiens");
    let page = n.opens("/academie/2024?q=électronique").await;
    page.is(200).sees("1 groupe de classement").sees_not("Licence Droit");
    let url = page.link("Fixer les taux de BTS Électronique");
    assert_eq!(url, format!("/academie/2024/taux/{}", f.groupe_public_id));
    let formulaire = n.opens(&url).await;
    formulaire.is(200).sees("BTS Électronique – Lycée Jules-Verne, Amiens").sees("De 5 à 100");
    for faux in ["", "douze", "101", "-1"] {
        let page = n.submits(&formulaire, "Enregistrer les taux", &[("taux_min_boursiers", faux)]).await;
        page.is(422).sees("nombre entier compris entre 5 et 100");
    }
    let saisie = [("taux_min_boursiers", "12"), ("taux_max_non_residents", "30")];
    let page = n.submits(&formulaire, "Enregistrer les taux", &saisie).await;
    page.is(200)
        .sees("Le taux est enregistré.")
        .sees("12\u{a0}%")
        .sees("30\u{a0}%")
        .sees("Il reste 1 groupe");
    // A second tab opened before: nothing is overwritten; the very same form again: the same act.
    n.submits(&formulaire, "Enregistrer les taux", &saisie).await.is(200);
    let autre = [("taux_min_boursiers", "40")];
    n.submits(&formulaire, "Enregistrer les taux", &autre).await.is(409);
    n.opens(&url).await.sees("12\u{a0}%");
}

#[tokio::test]
async fn the_floor_is_explained_on_the_field_and_what_was_typed_stays() {
    let (t, f, mut n) = prepare().await;
    let c = t.candidat_boursier("b@essai.fr", TypeBac::General, true).await;
    t.voeu(&c, &f, EtatVoeu::Confirme).await;
    let page = n.opens(&format!("/academie/2024/taux/{}", f.groupe_public_id)).await;
    let page = n.submits(&page, "Enregistrer les taux", &[("taux_min_boursiers", "3")]).await;
    page.is(422).sees("doit être compris entre 5 et 100 %");
    assert!(page.html.contains("value=\"3\""), "{}", page.html);
    // What is no rate is told the bounds of the hint.
    let page = n.submits(&page, "Enregistrer les taux", &[("taux_min_boursiers", "150")]).await;
    page.is(422).sees("De 5 à 100.").sees("compris entre 5 et 100.").sees_not("compris entre 0 et 100");
}

#[tokio::test]
async fn several_groups_at_once() {
    let (t, _, mut n) = prepare().await;
    let page = n.opens("/academie/2024").await;
    let page = n.opens(&page.link("Fixer un taux pour plusieurs groupes")).await;
    page.is(200).sees("1 groupe sans taux").sees("2 groupes sans taux");
    n.submits(&page, "Fixer ce taux", &[("taux_min_boursiers", "8")])
        .await
        .is(422)
        .sees("Choisissez un type de formation.");
    let saisie = [("famille", "bts"), ("taux_min_boursiers", "8")];
    n.submits(&page, "Fixer ce taux", &saisie).await.is(200).sees("8\u{a0}%").sees("Il reste 1 groupe");
    let page = n.opens("/academie/2024/taux").await;
    let saisie = [("famille", "toutes"), ("taux_min_boursiers", "6")];
    n.submits(&page, "Fixer ce taux", &saisie).await.is(200).sees("fixé pour tous les groupes");
    assert_eq!(t.nombre("SELECT SUM(taux_min_boursiers) FROM groupe_classement", vec![]).await, 14);
}

#[tokio::test]
async fn outside_the_step_pages_say_when_and_refuse() {
    let (t, f, mut n) = prepare().await;
    let url = format!("/academie/2024/taux/{}", f.groupe_public_id);
    let avant = n.opens(&url).await;
    t.at_closing(Etape::Taux).await;
    n.opens("/academie/2024").await.is(200).sees("close depuis le").sees_not("Fixer un taux pour plusieurs");
    n.opens(&url).await.is(200).sees("close depuis le").sees_not("Enregistrer les taux");
    let page = n.submits(&avant, "Enregistrer les taux", &[("taux_min_boursiers", "12")]).await;
    page.is(422).sees("close depuis le");
    t.during(Etape::Confirmation).await;
    let page = n.opens(&url).await;
    page.sees("n’est pas encore ouverte").sees("Taux d’une formation").sees_not("Fixer les taux");
    // Before the step, the home does not list what nobody fixes yet.
    let accueil = n.opens("/academie/2024").await;
    accueil.is(200).sees("n’est pas encore ouverte").sees_not("À fixer");
    n.opens(&accueil.link("Voir les groupes de classement")).await.is(200).sees("BTS Électronique");
    // Sent empty, the search still lists them.
    n.opens("/academie/2024?famille=&q=").await.is(200).sees("BTS Électronique");
}

#[tokio::test]
async fn a_neighbour_sees_nothing_and_others_are_refused() {
    let (t, f, _) = prepare().await;
    let url = format!("/academie/2024/taux/{}", f.groupe_public_id);
    let mut lille = agent(&t, "09").await;
    lille.opens("/academie/2024").await.is(200).sees("Aucun groupe");
    lille.opens(&url).await.is(404);
    lille.opens("/academie/2024/taux/inconnu").await.is(404);
    lille.opens("/academie/2024/taux/inconnu?fait=taux").await.is(404).sees_not("enregistré");
    lille.opens("/academie/1999").await.is(404);
    let (compte, _) = t.responsable("r@lycee.fr", &f).await;
    let mut responsable = t.navigateur_de(compte).await;
    responsable.opens("/academie/2024").await.is(403);
    responsable.opens(&url).await.is(403);
    assert!(t.navigateur().opens("/academie/2024").await.url.starts_with("/connexion"));
}
