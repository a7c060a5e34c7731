//! The settings of an establishment, through the pages.

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, FormationEssai, Navigateur, Reponse, TestApp, both_databases};

async fn scene(base: Base) -> (TestApp, FormationEssai, Navigateur) {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let n = avec(&t, etab, Role::AdminSite).await;
    (t, f, n)
}

async fn avec(t: &TestApp, etab: i64, role: Role) -> Navigateur {
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
    let (compte, _) = t.personne(&format!("{}@lycee.example", role.code()), a).await;
    t.navigateur_de(compte).await
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

both_databases! {
    async fn r_eta_01_an_administrator_describes_the_establishment_part_by_part(base) {
        let (t, f, mut n) = scene(base).await;
        t.sql("UPDATE etablissement_session SET accessibilite = '', chef_confirme = NULL", vec![]).await;
        let accueil = juste(n.opens("/gestion/2024/etablissements").await);
        accueil.sees("Lycée d’essai").sees("À compléter").sees("l’accueil des personnes en situation de handicap");
        let page = juste(n.opens(&accueil.link("Accessibilité, internat, bourses")).await);
        let refus = juste(n.submits(&page, "Enregistrer l’accueil", &[("accessibilite", "Rampe."), ("referent_courriel", "sans-arobase")]).await);
        refus.is(422).sees("Saisissez une adresse électronique complète").sees("Rampe.");
        let fait = juste(n.submits(&refus, "Enregistrer l’accueil", &[("referent_courriel", "handicap@lycee.example")]).await);
        fait.sees("L’établissement est enregistré.").sees("Rampe.").sees_not("Il manque ici");
        // A second tab, opened before, overwrites nothing; what was typed in it stays.
        let conflit = juste(n.submits(&page, "Enregistrer l’accueil", &[("accessibilite", "Ascenseur.")]).await);
        conflit.is(409).sees("Rien n’a été écrasé").sees("Ascenseur.");
        n.submits(&conflit, "Enregistrer l’accueil", &[]).await.sees("Ascenseur.");
        // The head: confirmed, then replaced.
        let chef = juste(n.opens(&accueil.link("Chef d’établissement")).await);
        chef.sees("Claude Essai").sees("À confirmer");
        let chef = juste(n.submits(&chef, "Confirmer cette personne pour la session", &[]).await);
        chef.sees("Confirmé").sees_not("Il manque ici");
        let sans_date = [("prise", "successeur"), ("chef_nom", "Nouveau")];
        let refus = juste(n.submits(&chef, "Enregistrer et confirmer", &sans_date).await);
        refus.is(422).sees("Saisissez une date qui existe");
        assert!(refus.html.contains("value=\"Nouveau\""), "what was typed is kept");
        let fait = juste(n.submits(&refus, "Enregistrer et confirmer", &[("depuis", "2023-11-13")]).await);
        fait.sees("Signataires successifs").sees("Claude Nouveau");
        // The public reads what is for it, and never the head.
        t.at_opening(domain::calendrier::Etape::Consultation).await;
        let fiche = juste(t.navigateur().opens(&format!("/formations/{}", f.public_id)).await);
        fiche.sees("Ascenseur.").sees("handicap@lycee.example").sees("1 rue des Écoles");
        fiche.sees_not("Nouveau").sees_not("claude.essai@").sees_not("03 22 00 00 01");
        // After the step, everything is read and nothing is offered.
        t.at_closing(domain::calendrier::Etape::Parametrage).await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        page.sees("Site principal").sees_not("Enregistrer le site").sees_not("Retirer");
    }

    async fn r_eta_05_a_site_is_placed_by_its_town_or_by_typed_degrees(base) {
        let (_t, _f, mut n) = scene(base).await;
        let accueil = n.opens("/gestion/2024/etablissements").await;
        let page = juste(n.opens(&accueil.link("Sites de formation")).await);
        let saisie = [("nom", "Site nord"), ("adresse", "4 rue du Lac"), ("code_postal", "80100"), ("commune", "Abbeville")];
        let place = juste(n.submits(&page, "Placer d’après la commune", &saisie).await);
        assert!(place.html.contains("value=\"50,1"), "{}", place.html);
        let fait = juste(n.submits(&place, "Enregistrer le site", &[]).await);
        fait.sees("Site nord – 4 rue du Lac, 80100 Abbeville");
        let inconnue = juste(n.submits(&page, "Placer d’après la commune", &[("nom", "X"), ("commune", "Nulle-Part")]).await);
        inconnue.is(422).sees("n’est pas dans notre répertoire");
        let faux = [("nom", "X"), ("adresse", "1"), ("code_postal", "80000"), ("commune", "Amiens"), ("latitude", "100"), ("longitude", "2")];
        juste(n.submits(&fait, "Enregistrer le site", &faux).await).is(422).sees("entre −90 et 90");
        // HAB-4: a field of another part is one too many here.
        n.submits(&fait, "Enregistrer le site", &[("sigle", "X")]).await.is(400).sees("Le champ « sigle »");
        // Changed from its link, then withdrawn.
        let adresse = fait.html.split("ligne=").nth(1).unwrap().split('#').next().unwrap();
        let ligne = juste(n.opens(&format!("{}?ligne={adresse}", fait.url.split('?').next().unwrap())).await);
        ligne.sees("Modifier un site");
        n.submits(&ligne, "Enregistrer le site", &[("nom", "Site rebaptisé")]).await.sees("Site rebaptisé");
    }
}

#[tokio::test]
async fn r_eta_03_whoever_does_not_reach_the_head_is_not_shown_the_part() {
    let (t, f, _) = scene(Base::sqlite()).await;
    let mut lecteur = avec(&t, f.etablissement, Role::Lecteur).await;
    let page = juste(lecteur.opens("/gestion/2024/etablissements").await);
    page.sees("Sites de formation").sees_not("Chef d’établissement").sees_not("Claude");
    let url = page.url.clone();
    lecteur.opens(&format!("{url}/chef")).await.is(404);
    lecteur.opens(&format!("{url}/inconnue")).await.is(404);
    let sites = juste(lecteur.opens(&format!("{url}/sites")).await);
    sites.sees("Votre rôle permet de lire ces informations").sees_not("Enregistrer le site");
}
