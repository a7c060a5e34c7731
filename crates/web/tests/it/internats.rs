//! An establishment declares its boarding schools, ranks those who ask, and transmits.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::{Base, Navigateur, Reponse, TestApp};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    candidats: Vec<CandidatEssai>,
    n: Navigateur,
    /// Of the establishment.
    url: String,
}

/// A course with boarding, for which two candidates of three ask.
async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "CPGE MPSI", Famille::Cpge, true, 24, true).await;
    t.sql("UPDATE formation_session SET internat = 1 WHERE id = $1", vec![f.formation_session.into()]).await;
    t.during(Etape::Examen).await;
    let mut candidats = Vec::new();
    for i in 0..3i64 {
        let c = t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
        let voeu = t.voeu(&c, &f, EtatVoeu::Confirme).await;
        let avec = i64::from(i < 2);
        t.sql("UPDATE voeu SET avec_internat = $1 WHERE id = $2", vec![avec.into(), voeu.id.into()]).await;
        candidats.push(c);
    }
    let role = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@exemple.example", role).await;
    let n = t.navigateur_de(compte).await;
    let public_id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![e.into()]).await;
    Scene { t, f, candidats, n, url: format!("/gestion/2024/etablissements/{public_id}") }
}

const FILLES: [(&str, &str); 4] =
    [("libelle", "Internat des filles"), ("capacite", "12"), ("accueil", "filles"), ("formation", "commun")];

impl Scene {
    fn rang(&self, i: usize) -> String {
        format!("rang-{}", self.candidats[i].numero)
    }

    /// From the page of the establishment to that of its boarding schools.
    async fn liste(&mut self) -> Reponse {
        let page = self.n.opens(&self.url).await;
        let lien = page.link("Internats soumis à classement");
        self.n.opens(&lien).await
    }

    async fn declares(&mut self, saisie: &[(&str, &str)]) -> Reponse {
        let page = self.liste().await;
        self.n.submits(&page, "Enregistrer l’internat", saisie).await
    }

    /// The address of the ranking of the only boarding school.
    async fn classement(&mut self) -> String {
        self.liste().await.link("Classement de « Internat des filles »")
    }
}

#[tokio::test]
async fn what_is_declared_is_read_changed_and_taken_away() {
    let mut s = prepare().await;
    s.liste().await.is(200).sees("Aucun internat soumis à classement n’est déclaré.");
    let refus = s.declares(&[("libelle", "Internat des filles"), ("capacite", "douze")]).await;
    refus.is(422).sees("Saisissez un nombre entier compris entre").sees("Choisissez qui est accueilli");
    assert!(refus.html.contains("value=\"douze\"") && refus.html.contains("value=\"Internat des filles\""));
    let page = s.n.submits(&refus, "Enregistrer l’internat", &FILLES).await;
    page.is(200)
        .sees("L’internat est enregistré.")
        .sees("Internat de filles, 12 places")
        .sees("Commun : CPGE MPSI");
    let modifier = page.link("Modifier Internat des filles");
    let page = s.n.opens(&modifier).await;
    let perime = s.n.opens(&modifier).await;
    let formation = s.f.public_id.clone();
    let page =
        s.n.submits(&page, "Enregistrer l’internat", &[("formation", &formation), ("capacite", "8")]).await;
    page.is(200).sees("Internat de filles, 8 places").sees("Propre à la formation : CPGE MPSI");
    // Changed meanwhile: told, and what was typed stays.
    let conflit = s.n.submits(&perime, "Enregistrer l’internat", &[("libelle", "Prépas")]).await;
    conflit.is(409).sees("Rien n’a été écrasé").sees("8 places");
    assert!(conflit.html.contains("value=\"Prépas\""));
    s.n.submits(&conflit, "Enregistrer l’internat", &[]).await.is(200).sees("Prépas");
    let page = s.liste().await;
    s.n.submits(&page, "Retirer", &[]).await.is(200).sees("L’internat est retiré.").sees("n’est déclaré");
}

#[tokio::test]
async fn those_who_ask_are_ranked_and_the_ranking_is_transmitted_once() {
    let mut s = prepare().await;
    s.declares(&FILLES).await.is(200).sees("Classement à commencer");
    let url = s.classement().await;
    let page = s.n.opens(&url).await;
    page.is(200)
        .sees("2 demandes d’internat, aucune classée.")
        .sees("Cet internat sert la formation « CPGE MPSI ».")
        .sees("c’est l’établissement qui l’établit")
        .sees_not("Partir des moyennes")
        .sees_not("Moyenne")
        .sees_not(&format!("dossier nº {}", s.candidats[2].numero));
    let (un, deux) = (s.rang(0), s.rang(1));
    let refus = s.n.submits(&page, "Enregistrer l’ordre", &[(&un, "un"), (&deux, "1")]).await;
    refus.is(422).sees("saisissez un rang entier");
    assert!(refus.html.contains("value=\"un\""), "what was typed stays");
    let page = s.n.submits(&page, "Enregistrer l’ordre", &[(&deux, "1")]).await;
    page.is(200)
        .sees("L’ordre du classement est enregistré.")
        .sees("1 classée, 1 à classer")
        .sees("Brouillon");
    let transmettre = page.link("Relire et transmettre");
    s.n.opens(&transmettre).await.is(200).sees("il en manque 1").sees_not("Transmettre définitivement");
    let page = s.n.opens(&url).await;
    let page = s.n.submits(&page, "Enregistrer l’ordre", &[(&un, "2")]).await;
    let monter = format!("monter:{}", s.candidats[0].numero);
    let page = s.n.submits(&page, "Monter", &[("deplacer", &monter)]).await;
    page.is(200).sees("2 demandes d’internat, toutes classées.");
    let page = s.n.opens(&transmettre).await;
    let refus = s.n.submits(&page, "Transmettre définitivement", &[]).await;
    refus.is(422).sees("elle demande votre engagement").sees("au nom de l’établissement");
    let recu = s.n.submits(&refus, "Transmettre définitivement", &[("engagement", "oui")]).await;
    recu.is(200).sees("Le classement est transmis.").sees("Transmission du classement d’un internat");
    s.n.opens(&url).await.is(200).sees("Classement transmis").sees_not("Enregistrer l’ordre");
    let page = s.liste().await;
    page.is(200).sees("Classement transmis le").sees_not("Retirer").sees_not("Modifier");
    let refus = s.n.submits(&page, "Enregistrer l’internat", &FILLES).await;
    refus.is(422).sees("les internats de ces formations ne changent plus");
    assert!(refus.html.contains("value=\"Internat des filles\""), "what was typed stays");
}

#[tokio::test]
async fn a_file_of_those_who_ask_is_shown_then_applied() {
    let mut s = prepare().await;
    s.declares(&FILLES).await.is(200);
    let url = s.classement().await;
    let page = s.n.opens(&url).await;
    let sans = s.n.opens(&page.link("Exporter sans les noms (CSV)")).await;
    assert!(
        sans.html.contains("Formations - Libellé") && !sans.html.contains("Candidat - Nom"),
        "{}",
        sans.html
    );
    let page = s.n.opens(&page.link("Importer un fichier")).await;
    let n = |i: usize| s.candidats[i].numero;
    let intrus = format!("Rang;Candidat - Code\n1;{}\n2;{}\n3;{}\n", n(0), n(1), n(2));
    let refus = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", intrus.as_bytes()).await;
    refus.is(422).sees("est refusé : une faute");
    let juste = format!("Rang;Candidat - Code\n1;{}\n2;{}\n", n(1), n(0));
    let apercu = s.n.uploads(&page, "Vérifier ce fichier", "fichier", "rangs.csv", juste.as_bytes()).await;
    apercu.is(200).sees("Rien n’est encore enregistré");
    s.n.submits(&apercu, "Appliquer ce classement", &[]).await.is(200).sees("toutes classées");
}

#[tokio::test]
async fn the_role_and_the_step_decide_what_is_shown() {
    let mut s = prepare().await;
    s.declares(&FILLES).await.is(200);
    let url = s.classement().await;
    let liste = s.liste().await.url.clone();
    let e = Some(s.f.etablissement);
    for (role, statut, lit) in
        [(Role::Lecteur, 403, false), (Role::GestAdmin, 200, true), (Role::ChefEtab, 200, true)]
    {
        let (compte, _) =
            s.t.personne(
                &format!("{}@exemple.example", role.code()),
                Attribution { etablissement: e, ..Attribution::simple(role) },
            )
            .await;
        let mut n = s.t.navigateur_de(compte).await;
        let page = n.opens(&liste).await;
        page.is(200).sees("Internat des filles");
        assert_eq!(page.html.contains(&url), lit, "{role:?}");
        let page = n.opens(&url).await;
        page.is(statut);
        assert_eq!(page.html.contains("Enregistrer l’ordre"), role == Role::ChefEtab, "{role:?}");
    }
    let mut candidat = s.t.navigateur_de(s.candidats[0].compte).await;
    for suite in ["", "/export", "/import", "/transmettre"] {
        candidat.opens(&format!("{url}{suite}")).await.is(404);
    }
    candidat.opens(&liste).await.is(404);
    // A group is not a boarding school, nor the reverse.
    let id = url.rsplit('/').next().unwrap_or_default().to_owned();
    s.n.opens(&format!("/gestion/2024/groupes/{id}")).await.is(404);
    s.n.opens(&format!("/gestion/2024/internats/{}", s.f.groupe_public_id)).await.is(404);
    s.t.at("2024-02-01T10:00");
    s.liste().await.is(200).sees("Enregistrer l’internat");
    s.n.opens(&url).await.is(200).sees("n’est pas encore ouverte").sees_not("Enregistrer l’ordre");
    s.t.at_closing(Etape::Examen).await;
    s.liste().await.is(200).sees("close depuis").sees_not("Enregistrer l’internat");
    s.n.opens(&url).await.is(200).sees("close depuis").sees_not("Enregistrer l’ordre");
}
