//! The commission ranks on screen, by file, and transmits.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    candidats: Vec<CandidatEssai>,
    n: Navigateur,
    url: String,
}

async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 24, true).await;
    t.during(Etape::Examen).await;
    let mut candidats = Vec::new();
    for i in 0..3i64 {
        let c = t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
        let moyenne = (11 + i) * 100;
        t.sql(
            "UPDATE candidat SET moyenne_centiemes = $1 WHERE id = $2",
            vec![moyenne.into(), c.candidat.into()],
        )
        .await;
        t.voeu(&c, &f, EtatVoeu::Confirme).await;
        candidats.push(c);
    }
    let (compte, _) = t.responsable("resp@exemple.example", &f).await;
    let n = t.navigateur_de(compte).await;
    let url = format!("/gestion/2024/groupes/{}", f.groupe_public_id);
    Scene { t, f, candidats, n, url }
}

impl Scene {
    fn rang(&self, i: usize) -> String {
        format!("rang-{}", self.candidats[i].numero)
    }
}

#[tokio::test]
async fn the_order_is_typed_moved_and_kept() {
    let mut s = prepare().await;
    let page = s.n.opens(&s.url).await;
    page.is(200).sees("3 candidatures confirmées, aucune classée").sees("À commencer").sees("13,00");
    let page = s.n.submits(&page, "Classer par moyenne", &[]).await;
    page.is(200).sees("L’ordre du classement est enregistré.").sees("toutes classées").sees("Brouillon");
    let (premier, second) = (s.rang(0), s.rang(1));
    let refus = s.n.submits(&page, "Enregistrer l’ordre", &[(&premier, "1,5")]).await;
    refus.is(422).sees("saisissez un rang entier");
    assert!(refus.html.contains("value=\"1,5\""), "what was typed stays");
    let refus = s.n.submits(&page, "Enregistrer l’ordre", &[(&premier, "1"), (&second, "1")]).await;
    refus.is(422).sees("Le rang 1 est demandé pour deux candidats");
    let suite = s.n.submits(&page, "Enregistrer l’ordre", &[(&premier, "")]).await;
    suite.is(200).sees("2 classées, 1 candidat sans rang, qui ne sera pas retenu");
    // The first page is now out of date: nothing is overwritten.
    s.n.submits(&page, "Enregistrer l’ordre", &[(&second, "1")]).await.is(409);
    let page = s.n.opens(&s.url).await;
    // The button « Monter » of the second of the list puts the average of 12 first.
    let monte = format!("monter:{}", s.candidats[1].numero);
    let page = s.n.submits(&page, "Monter", &[("deplacer", &monte)]).await;
    // Shown from the same button, to be moved again.
    let bouton = format!("monter-{}", s.candidats[1].numero);
    assert!(page.is(200).url.ends_with(&format!("#{bouton}")), "{}", page.url);
    assert!(page.html.contains(&format!("id=\"{bouton}\"")), "{}", page.html);
    let page = s.n.opens(&s.url).await.texte();
    let place = |i: usize| page.find(&format!("dossier nº {}", s.candidats[i].numero)).unwrap();
    assert!(place(1) < place(2) && place(2) < place(0), "{page}");
}

#[tokio::test]
async fn a_rank_that_another_candidate_has_moves_those_who_follow_and_says_so() {
    let mut s = prepare().await;
    let page = s.n.opens(&s.url).await;
    let page = s.n.submits(&page, "Classer par moyenne", &[]).await;
    page.is(200).sees_not("celui d’un autre candidat");
    let dernier = s.rang(0);
    let page = s.n.submits(&page, "Enregistrer l’ordre", &[(&dernier, "1")]).await;
    page.is(200).sees("L’ordre du classement est enregistré.").sees("était celui d’un autre candidat");
}

#[tokio::test]
async fn a_file_is_shown_with_its_faults_then_applied() {
    let mut s = prepare().await;
    let page = s.n.opens(&s.url).await;
    let sans = s.n.opens(&page.link("Exporter sans les noms (CSV)")).await;
    assert!(sans.html.contains("Candidat - Code") && !sans.html.contains("Candidat - Nom"), "{}", sans.html);
    let export = s.n.opens(&page.link("Exporter avec les noms (CSV)")).await;
    export.is(200);
    assert!(export.html.contains("Candidat - Nom"), "{}", export.html);
    assert!(export.entetes["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
    assert!(export.html.contains("Candidat - Code"), "{}", export.html);
    let page = s.n.opens(&format!("{}/import", s.url)).await;
    let n = |i: usize| s.candidats[i].numero;
    let faux = format!("Rang;Candidat - Code\n1;{}\n1;{}\n", n(0), n(1));
    let refus = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", faux.as_bytes()).await;
    refus.is(422).sees("est refusé : une faute").sees("Rang 1 en double").sees_not("Appliquer ce classement");
    // As any refusal, it is the first thing read: in the title, and where the focus goes.
    assert!(refus.html.contains("<title>Erreur – ") && refus.html.contains("id=\"refus\""), "{}", refus.html);
    let pdf = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.pdf", b"%PDF-1.7\n1 0 obj").await;
    pdf.is(422)
        .sees("Fichier du classement : c’est un document PDF, pas un tableau. Envoyez le fichier CSV exporté")
        .sees_not("Fautes à corriger");
    let partiel = format!("Rang;Candidat - Code\n1;{}\n2;{}\n", n(0), n(2));
    let refus = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", partiel.as_bytes()).await;
    refus.is(422).sees(&format!("(dossier nº {}) est absent du fichier", n(1)));
    let sans_code = b"Rang;Nom\n1;Martin\n";
    let refus = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", sans_code).await;
    refus.is(422).sees("1 Candidat - Code Colonne indispensable absente");
    let juste = format!("Rang;Candidat - Code\n1;{}\n2;{}\n;{}\n", n(0), n(2), n(1));
    let apercu = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", juste.as_bytes()).await;
    apercu.is(200).sees("Rien n’est encore enregistré").sees("Candidats classés par le fichier 2");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM classement", vec![]).await, 0);
    let page = s.n.submits(&apercu, "Appliquer ce classement", &[]).await;
    page.is(200).sees("2 classées");
    let page = s.n.opens(&format!("{}/import", s.url)).await;
    s.n.uploads(&page, "Vérifier ce fichier", "fichier", "", b"")
        .await
        .is(422)
        .sees("Choisissez un fichier CSV");
}

#[tokio::test]
async fn transmission_says_what_it_does_and_is_final() {
    let mut s = prepare().await;
    let transmettre = format!("{}/transmettre", s.url);
    s.n.opens(&transmettre).await.is(200).sees("Aucun candidat n’est classé").sees_not("définitivement");
    let page = s.n.opens(&s.url).await;
    let (un, deux) = (s.rang(0), s.rang(2));
    s.n.submits(&page, "Enregistrer l’ordre", &[(&un, "2"), (&deux, "1")]).await.is(200);
    let page = s.n.opens(&transmettre).await;
    page.is(200).sees("Un candidat sans rang sera refusé.").sees("Candidats non retenus 1");
    let refus = s.n.submits(&page, "Transmettre définitivement", &[]).await;
    refus.is(422).sees("la transmission est définitive, elle demande votre engagement");
    let recu = s.n.submits(&refus, "Transmettre définitivement", &[("engagement", "oui")]).await;
    recu.is(200).sees("Le classement est transmis.").sees("Empreinte du classement");
    let page = s.n.opens(&s.url).await;
    page.is(200)
        .sees("Classement transmis")
        .sees_not("Enregistrer l’ordre")
        .sees_not("Relire et transmettre");
    // The candidates read nothing of it before the admission phase.
    let mut lea = s.t.navigateur_de(s.candidats[1].compte).await;
    lea.opens("/candidat/voeux").await.is(200).sees("Confirmé").sees_not("Non retenu");
    s.t.during(Etape::Admission).await;
    lea.opens("/candidat/voeux").await.sees("Non retenu par la formation");
}

#[tokio::test]
async fn the_role_and_the_step_decide() {
    let mut s = prepare().await;
    let page = s.n.opens(&s.url).await;
    let membre = Attribution { formation: Some(s.f.formation), ..Attribution::simple(Role::MembreCev) };
    let (membre, _) = s.t.personne("cev@exemple.example", membre).await;
    let mut cev = s.t.navigateur_de(membre).await;
    cev.opens(&s.url).await.is(200).sees("Enregistrer l’ordre").sees_not("Relire et transmettre");
    cev.opens(&format!("{}/transmettre", s.url)).await.is(403);
    let mut candidat = s.t.navigateur_de(s.candidats[0].compte).await;
    for suite in ["", "/export", "/import", "/transmettre"] {
        candidat.opens(&format!("{}{suite}", s.url)).await.is(404);
    }
    s.n.opens("/gestion/2024/groupes/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.is(404);
    s.t.at_closing(Etape::Examen).await;
    let (champ, valeur) = (s.rang(0), "1");
    s.n.submits(&page, "Enregistrer l’ordre", &[(&champ, valeur)]).await.is(422).sees("close depuis");
    s.n.opens(&s.url).await.is(200).sees("close depuis").sees_not("Enregistrer l’ordre");
    s.t.at("2024-04-03T10:00");
    s.n.opens(&s.url).await.is(200).sees("n’est pas encore ouverte").sees_not("Nom1");
}
