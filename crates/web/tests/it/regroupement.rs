//! Courses grouped under one multiple wish: on the site de gestion, on the public sheet, in the space of the candidate.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    f: Vec<FormationEssai>,
    admin: Navigateur,
}

async fn scene() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let e = t.etablissement("0800001A", "IRFSS de Picardie").await;
    let mut f = Vec::new();
    for ville in ["Amiens", "Beauvais", "Laon"] {
        f.push(t.formation(e, &format!("IFSI {ville}"), Famille::Ifsi, true, 24, true).await);
    }
    t.formation(e, "BTS Optique", Famille::Bts, true, 24, true).await;
    let a = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@ecole.example", a).await;
    t.at("2023-11-20T10:00");
    let admin = t.navigateur_de(compte).await;
    Scene { t, f, admin }
}

fn url(f: &FormationEssai) -> String {
    format!("/gestion/2024/formations/{}", f.public_id)
}

#[tokio::test]
async fn courses_are_grouped_read_changed_and_left() {
    let Scene { t, f, mut admin } = scene().await;
    let page = admin.opens(&url(&f[0])).await;
    page.is(200).sees("Aucun : les candidats y font un vœu à part.");
    let page = admin.opens(&page.link("Regroupement")).await;
    page.is(200)
        .sees("IFSI Beauvais")
        .sees("IFSI Laon")
        .sees_not("BTS Optique")
        .sees_not("Retirer cette formation");
    // Nothing ticked, no name: both are said, what was typed stays.
    let vide = admin
        .submits(
            &page,
            "Enregistrer le regroupement",
            &[("libelle", " "), ("mutualisation", "dossier_unique")],
        )
        .await;
    vide.is(422).sees("Donnez un nom au vœu multiple");
    let seule = admin
        .submits(&vide, "Enregistrer le regroupement", &[("libelle", "Soins infirmiers – Picardie")])
        .await;
    seule.is(422).sees("Un regroupement réunit au moins deux formations");
    let avec = [
        ("libelle", "Soins infirmiers – Picardie"),
        ("mutualisation", "dossier_unique"),
        ("formations[]", f[1].public_id.as_str()),
    ];
    let fait = admin.submits(&seule, "Enregistrer le regroupement", &avec).await;
    fait.is(200)
        .sees("Le regroupement est enregistré")
        .sees("Le classement de cette formation sert à toutes les formations du regroupement")
        .sees("IFSI Amiens (cette formation)");
    // Two tabs: the second, opened before, changes nothing and says so.
    let refus = admin
        .submits(
            &page,
            "Enregistrer le regroupement",
            &[("libelle", "Autre nom"), ("formations[]", f[2].public_id.as_str())],
        )
        .await;
    refus.is(409).sees("Rien n’a été enregistré");
    assert!(String::from_utf8_lossy(&refus.octets).contains("value=\"Autre nom\""), "what was typed stays");
    let page = admin.opens(&url(&f[1])).await;
    page.sees("Soins infirmiers – Picardie : 2\u{a0}formations, un seul dossier et un seul classement.")
        .sees("il se fait sur « IFSI Amiens – IRFSS de Picardie");
    // The other course of the academy is found by its name, and somebody who may only read sees no form.
    let page = admin.opens(&format!("{}/regroupement?q=laon", url(&f[0]))).await;
    page.is(200).sees("IFSI Laon").sees("suivent celles du regroupement");
    let (lecteur, _) = t.responsable("resp@ecole.example", &f[1]).await;
    let mut lecteur = t.navigateur_de(lecteur).await;
    let page = lecteur.opens(&format!("{}/regroupement", url(&f[1]))).await;
    page.is(200).sees("sa commission classe pour toutes").sees_not("Enregistrer le regroupement");
    // Left.
    let page = admin.opens(&format!("{}/regroupement", url(&f[0]))).await;
    let page = admin.submits(&page, "Retirer cette formation du regroupement", &[]).await;
    page.is(200).sees("elle a son propre classement").sees("ne fait partie d’aucun regroupement");
    // Outside the step.
    t.at_closing(Etape::Parametrage).await;
    let page = admin.opens(&format!("{}/regroupement", url(&f[0]))).await;
    page.is(200).sees("est close depuis").sees_not("Enregistrer le regroupement");
}

#[tokio::test]
async fn the_academic_service_reads_it_beside_what_it_reviews() {
    let Scene { t, f, mut admin } = scene().await;
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (compte, _) = t.personne("agent@academie.example", a).await;
    let mut agent = t.navigateur_de(compte).await;
    let controle = format!("/academie/2024/controles/{}", f[0].public_id);
    agent.opens(&controle).await.is(200).sees_not("Vœu multiple");
    let page = admin.opens(&format!("{}/regroupement", url(&f[0]))).await;
    let avec = [
        ("libelle", "Soins infirmiers – Picardie"),
        ("mutualisation", "dossier_unique"),
        ("formations[]", f[1].public_id.as_str()),
    ];
    admin.submits(&page, "Enregistrer le regroupement", &avec).await.is(200);
    let page = agent.opens(&controle).await;
    page.is(200)
        .sees("Soins infirmiers – Picardie : 2 formations, un seul dossier et un seul classement.")
        .sees("Le classement se fait sur « IFSI Amiens – IRFSS de Picardie")
        .sees("IFSI Beauvais");
    agent.opens(&page.link("Voir ou modifier ce regroupement")).await.is(200).sees("IFSI Beauvais");
}

#[tokio::test]
async fn candidates_read_what_a_multiple_wish_is_before_and_after() {
    let Scene { t, f, mut admin } = scene().await;
    let page = admin.opens(&format!("{}/regroupement", url(&f[0]))).await;
    let avec = [
        ("libelle", "Soins infirmiers – Picardie"),
        ("mutualisation", "aucune"),
        ("formations[]", f[1].public_id.as_str()),
    ];
    admin.submits(&page, "Enregistrer le regroupement", &avec).await.is(200);
    t.during(Etape::Voeux).await;
    let mut public = t.navigateur();
    let fiche = public.opens(&format!("/formations/{}", f[0].public_id)).await;
    fiche
        .is(200)
        .sees("Cette formation fait partie du vœu multiple « Soins infirmiers – Picardie »")
        .sees("IFSI Beauvais");
    let lea = t.candidat("lea@exemple.example", TypeBac::General).await;
    let mut lea = t.navigateur_de(lea.compte).await;
    let page = lea.opens(&format!("/candidat/voeux/ajouter?formation={}", f[0].public_id)).await;
    page.is(200).sees("Cette demande sera un sous-vœu").sees("C’est le premier que vous y feriez");
    lea.submits(&page, "Ajouter ce vœu", &[]).await.is(200).sees("1 vœu sous statut étudiant sur 10");
    let page = lea.opens(&format!("/candidat/voeux/ajouter?formation={}", f[1].public_id)).await;
    page.sees("Vous y avez déjà 1\u{a0}sous-vœu sur 10");
    let page = lea.submits(&page, "Ajouter ce vœu", &[]).await;
    page.is(200)
        .sees("1 vœu sous statut étudiant sur 10")
        .sees("Sous-vœu du vœu multiple « Soins infirmiers – Picardie »");
    // R-REG-04.
    t.at("2023-11-21T10:00");
    let page = admin.opens(&format!("{}/regroupement", url(&f[0]))).await;
    page.is(200).sees("ne change plus cette session").sees_not("Enregistrer le regroupement");
}

#[tokio::test]
async fn r_reg_08_the_page_of_the_workbook_tells_each_fault_then_what_changes() {
    let Scene { t, f, mut admin } = scene().await;
    let page = admin.opens("/gestion/2024/classeur").await;
    let entetes = "Identifiant;Vœu multiple;Mise en commun";
    let faux = format!("{entetes}\n{};Réseau;\n{};;tout\n", f[0].public_id, f[1].public_id);
    let refus = admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.csv", faux.as_bytes()).await;
    refus
        .is(422)
        .sees("Le fichier est refusé : 1 faute.")
        .sees("Mise en commun Cette formation n’est dans aucun vœu multiple");
    let seule = format!("{entetes}\n{};Réseau;\n", f[0].public_id);
    let refus = admin.uploads(&refus, "Vérifier ce fichier", "fichier", "p.csv", seule.as_bytes()).await;
    refus.is(422).sees("Vœu multiple Un vœu multiple réunit au moins deux formations");
    let bon = format!("{entetes}\n{};Réseau;\n{};Réseau;épreuves\n", f[0].public_id, f[1].public_id);
    let apercu = admin.uploads(&refus, "Vérifier ce fichier", "fichier", "p.csv", bon.as_bytes()).await;
    apercu
        .is(200)
        .sees("4 changements")
        .sees("Vœu multiple (vide) Réseau")
        .sees("Mise en commun (vide) épreuves");
    let fait = admin.submits(&apercu, "Appliquer ces changements", &[]).await;
    fait.is(200).sees("Les changements du fichier sont enregistrés");
    admin.opens(&url(&f[1])).await.is(200).sees("Réseau");
    assert_eq!(t.nombre("SELECT COUNT(*) FROM regroupement_formation", vec![]).await, 2);
}
