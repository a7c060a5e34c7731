//! The records of the catalogue of apprenticeship, through the pages: the academic service, the national team, an establishment.

use app::apprentissage::{Decision, decide_fiche, integrate};
use app::idempotence::Garde;
use app::imports::{OptionsApprentissage, import_apprentissage, lire_catalogue};
use domain::PublicId;
use domain::apprentissage::Statut;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, Navigateur, TestApp};

struct Scene {
    t: TestApp,
    agent: Navigateur,
    national: Navigateur,
    admin: Navigateur,
}

pub(crate) fn fiche(id: &str, titre: &str) -> serde_json::Value {
    serde_json::json!({
        "id_formation": id, "id_action": "1", "id_certifinfo": "2", "intitule_long": titre,
        "etablissement_gestionnaire_siret": "73282932000074",
        "etablissement_formateur_siret": "73282932000074", "etablissement_formateur_uai": "0800001A",
        "etablissement_formateur_code_insee": "80021",
        "etablissement_lieu_formation_adresse": format!("{titre} rue des Écoles"),
        "etablissement_lieu_formation_code_postal": "80000",
        "etablissement_lieu_formation_code_insee": "80021",
        "cfd": "32025101", "rncp_code": "RNCP474", "periode": ["2024-09"],
    })
}

/// A day of the catalogue.
pub(crate) async fn imports(t: &TestApp, fiches: &[serde_json::Value]) {
    let dossier = tempfile::tempdir().expect("a folder");
    let chemin = dossier.path().join("fiches.json");
    std::fs::write(&chemin, serde_json::to_string_pretty(fiches).expect("JSON")).expect("written");
    let lues = lire_catalogue(&[chemin], &mut |_, _| {}).expect("read");
    let options =
        OptionsApprentissage { appliquer: true, session: Some(2024), ..OptionsApprentissage::default() };
    import_apprentissage(&t.systeme(), &lues, &options).await.expect("imported");
}

async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    t.at("2023-11-20T10:00");
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (agent, _) = t.personne("agent@ac.example", a).await;
    let (national, _) = t.personne("national@exemple.fr", Attribution::simple(Role::AdminNational)).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = t.personne("admin@lycee.example", a).await;
    let mut fautive = fiche("f", "BTS Fautif");
    fautive["cfd"] = "320".into();
    let mut double = fiche("d", "BTS Tourisme");
    double["cle_ministere_educatif"] = "cle-d".into();
    let mut rncp = fiche("r", "BTS Négociation");
    rncp["etablissement_formateur_uai"] = "".into();
    let fiches = [
        fiche("a", "BTS Tourisme"),
        double,
        fiche("b", "BTS Comptabilité"),
        fiche("c", "BTS Gestion"),
        rncp,
        fautive,
    ];
    imports(&t, &fiches).await;
    let (agent, national) = (t.navigateur_de(agent).await, t.navigateur_de(national).await);
    let admin = t.navigateur_de(admin).await;
    Scene { t, agent, national, admin }
}

const ICI: &str = "/academie/2024/apprentissage";

#[tokio::test]
async fn a_record_is_read_refused_with_its_reason_and_found_again_by_its_establishment() {
    let mut s = prepare().await;
    s.agent.opens("/academie/2024").await.is(200).sees("Fiches d’apprentissage 4 à traiter");
    let page = s.agent.opens(ICI).await;
    page.is(200)
        .sees("4 fiches")
        .sees("BTS Comptabilité")
        .sees("Aucun code UAI")
        .sees("Doublons : 1 à comparer");
    page.sees("Fiches refusées : 1 à faire corriger").sees_not("Intégrer maintenant");
    s.agent
        .opens(&format!("{ICI}?statut=tous&q=comptabilite"))
        .await
        .is(200)
        .sees("1 fiche")
        .sees_not("BTS Gestion");
    s.agent.opens(&format!("{ICI}?statut=non_publiable")).await.is(200).sees("1 fiche").sees("Doublon");
    let id = s.t.mot("SELECT public_id FROM fiche_apprentissage WHERE identifiant = 'b|1|2'", vec![]).await;
    let vers = format!("{ICI}/fiches/{id}");
    let page = s.agent.opens(&vers).await;
    page.is(200).sees("BTS Comptabilité").sees("Arrivée dans le catalogue").sees("Code MEF absent");
    // Nothing chosen, then no reason: said beside the field, and nothing typed is lost.
    let faux = s.agent.submits(&page, "Enregistrer la décision", &[("motif", "Trop court")]).await;
    faux.is(422).sees("Choisissez une décision.").sees("Trop court");
    let faux =
        s.agent.submits(&page, "Enregistrer la décision", &[("vers", "non_publie"), ("motif", "non")]).await;
    faux.is(422).sees("Expliquez en une phrase");
    let motif = "La convention avec le lycée n’est pas signée.";
    let autre = s.agent.opens(&vers).await;
    let faite =
        s.agent.submits(&page, "Enregistrer la décision", &[("vers", "non_publie"), ("motif", motif)]).await;
    faite
        .is(200)
        .sees("La décision est enregistrée")
        .sees("Non publié")
        .sees(motif)
        .sees("par Camille Essai");
    // A second tab decides nothing.
    let page = s.agent.submits(&autre, "Enregistrer la décision", &[("vers", "pret_pour_integration")]).await;
    page.is(409).sees("a changé depuis que vous l’avez ouverte");
    s.admin.opens("/gestion/2024").await.is(200).sees("Mes fiches du catalogue");
    let page = s.admin.opens("/gestion/2024/apprentissage").await;
    page.is(200).sees("BTS Comptabilité").sees(motif).sees("le service académique vérifie la fiche");
    s.admin.opens(ICI).await.is(403);
}

#[tokio::test]
async fn a_duplicate_is_chosen_and_a_refused_record_says_what_to_correct() {
    let mut s = prepare().await;
    let page = s.agent.opens(&format!("{ICI}/doublons")).await;
    page.is(200).sees("1 formation").sees("BTS Tourisme");
    let id = s.t.mot("SELECT public_id FROM fiche_apprentissage WHERE identifiant = 'a|1|2'", vec![]).await;
    let autre =
        s.t.mot("SELECT public_id FROM fiche_apprentissage WHERE identifiant = 'd|1|2'", vec![]).await;
    let vers = format!("{ICI}/doublons/{id}");
    let page = s.agent.opens(&vers).await;
    page.is(200).sees("Fiche d|1|2").sees("Clé ministère").sees("cle-d").sees("Fiches de cette formation");
    let faux = s.agent.submits(&page, "Garder cette fiche", &[]).await;
    faux.is(422).sees("Choisissez la fiche à garder.");
    let page = s.agent.submits(&page, "Garder cette fiche", &[("choisie", &autre)]).await;
    page.is(200).sees("La fiche choisie est gardée");
    let statut = |id: &'static str| {
        s.t.mot("SELECT statut FROM fiche_apprentissage WHERE identifiant = $1", vec![id.into()])
    };
    assert_eq!(
        (statut("a|1|2").await, statut("d|1|2").await),
        ("non_publiable".to_owned(), "a_publier".to_owned())
    );
    // An empty list is said once.
    let a = Attribution { academies: vec!["09".to_owned()], ..Attribution::simple(Role::Academie) };
    let (ailleurs, _) = s.t.personne("ailleurs@ac.example", a).await;
    let vide = s.t.navigateur_de(ailleurs).await.opens(&format!("{ICI}/doublons")).await;
    let dit = "Aucune formation de votre périmètre n’est décrite par plusieurs fiches.";
    vide.is(200).sees(dit).sees("Aucune fiche de votre périmètre").sees_not("aucune fiche");
    assert_eq!(vide.html.matches("Aucune formation").count(), 1, "{}", vide.html);
    let page = s.agent.opens(&format!("{ICI}/rejets")).await;
    page.is(200)
        .sees("1 fiche refusée")
        .sees("fiches.json, fiche nº 6 (ligne ")
        .sees("n’a pas huit lettres ou chiffres");
    s.agent.opens(&format!("{ICI}/rejets/export")).await.is(200).sees("f|1|2");
}

#[tokio::test]
async fn records_are_declared_ready_together_and_the_national_team_makes_courses_of_them() {
    let mut s = prepare().await;
    let page = s.agent.opens(ICI).await;
    let vide = s.agent.submits(&page, "Déclarer prêtes les fiches cochées", &[]).await;
    vide.is(422).sees("Cochez au moins une fiche.");
    let id = s.t.mot("SELECT public_id FROM fiche_apprentissage WHERE identifiant = 'b|1|2'", vec![]).await;
    // Read before it changed: told, on the list that was filtered.
    let vieille = [("fiches[]", format!("{id}-99"))];
    let vieille: Vec<_> = vieille.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let filtree = s.agent.opens(&format!("{ICI}?statut=a_publier")).await;
    let refus = s.agent.submits(&filtree, "Déclarer prêtes les fiches cochées", &vieille).await;
    refus.is(409).sees("Une des fiches cochées a changé");
    assert!(refus.url.ends_with("?statut=a_publier"), "{}", refus.url);
    let version =
        s.t.nombre("SELECT version FROM fiche_apprentissage WHERE identifiant = 'b|1|2'", vec![]).await;
    let cochee = format!("{id}-{version}");
    let page = s.agent.submits(&page, "Déclarer prêtes les fiches cochées", &[("fiches[]", &cochee)]).await;
    page.is(200).sees("Les fiches cochées sont prêtes").sees("3 fiches");
    s.national.opens("/national/2024").await.is(200).sees("Fiches d’apprentissage");
    let page = s.national.opens(ICI).await;
    page.is(200).sees("1\u{a0}fiche prête pour intégration");
    let page = s.national.submits(&page, "Intégrer maintenant", &[]).await;
    page.is(200).sees("Intégration en cours").sees("Vous pouvez quitter cette page").sees("Récépissé nº");
    page.sees_not("Intégrer maintenant");
    assert!(page.entetes.contains_key("refresh"), "the page comes back by itself");
    let arretee = s.national.opens(&page.link("Ne plus actualiser")).await;
    assert!(!arretee.is(200).entetes.contains_key("refresh"));
    while matches!(app::taches::executer_une(&s.t.app).await, Ok(true)) {}
    let page = s.national.opens(&page.url).await;
    page.is(200).sees("L’intégration est faite : 1\u{a0}formation créée").sees("Intégrer maintenant");
    assert!(!page.entetes.contains_key("refresh"));
    s.agent.opens(&format!("{ICI}/fiches/{id}")).await.is(200).sees("Intégration : la formation est créée");
    let page = s.admin.opens("/gestion/2024/apprentissage").await;
    page.is(200).sees("complétez la formation, puis publiez-la");
    let course = s.t.mot(
        "SELECT fs.public_id FROM formation_session fs JOIN fiche_apprentissage f ON f.formation_session_id = fs.id",
        vec![],
    );
    let course = course.await;
    let page = s.admin.opens(&format!("/gestion/2024/formations/{course}")).await;
    page.is(200).sees("BTS Comptabilité - en apprentissage").sees("Brouillon");
}

#[tokio::test]
async fn r_app_14_both_establishments_read_that_the_course_stays_while_candidates_wish_it() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let ici = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let la = t.etablissement("0801234B", "Lycée Neuf").await;
    let f = t.formation(ici, "BTS Comptabilité", Famille::Bts, true, 24, true).await;
    t.sql("UPDATE formation SET statut = 'apprentissage' WHERE id = $1", vec![f.formation.into()]).await;
    t.at("2023-11-20T10:00");
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (_, agent) = t.personne("agent@ac.example", a).await;
    let ready = async || {
        let id = t.mot("SELECT public_id FROM fiche_apprentissage", vec![]).await;
        let id = PublicId::parse(&id).expect("an identifier");
        let d = Decision { vers: Statut::PretPourIntegration, motif: String::new() };
        decide_fiche(&t.ctx(agent.clone()), &Garde::default(), 2024, &id, &d).await.expect("ready");
    };
    let mut b = fiche("b", "BTS Comptabilité");
    b["bcn_mefs_10"] = serde_json::json!([{ "mef10": "3113340131" }]);
    imports(&t, std::slice::from_ref(&b)).await;
    ready().await;
    integrate(&t.systeme(), 2024).await.expect("integrated");
    let c = t.candidat("lea@exemple.example", TypeBac::General).await;
    t.voeu(&c, &f, EtatVoeu::Confirme).await;
    b["etablissement_formateur_uai"] = "0801234B".into();
    imports(&t, &[b]).await;
    let mien = |cle| Attribution { etablissement: Some(cle), ..Attribution::simple(Role::AdminSite) };
    let (ancien, _) = t.personne("ancien@lycee.example", mien(ici)).await;
    let (nouveau, _) = t.personne("nouveau@lycee.example", mien(la)).await;
    let (mut ancien, mut nouveau) = (t.navigateur_de(ancien).await, t.navigateur_de(nouveau).await);
    let url = "/gestion/2024/apprentissage";
    ancien.opens(url).await.is(200).sees("Le service académique relit d’abord la fiche");
    ready().await;
    integrate(&t.systeme(), 2024).await.expect("integrated");
    ancien
        .opens(url)
        .await
        .is(200)
        .sees("Le catalogue désigne maintenant l’établissement Lycée Neuf (0801234B)")
        .sees("La formation reste à votre établissement")
        .sees("La première nuit où plus aucun ne la demande, elle passe à l’établissement Lycée Neuf")
        .sees("Ouvrir la formation");
    nouveau
        .opens(url)
        .await
        .is(200)
        .sees("la formation reste à l’établissement Lycée Jules-Verne (0800001A)")
        .sees("tant que des candidats la demandent")
        .sees_not("Ouvrir la formation");
    t.sql("UPDATE voeu SET etat = $1", vec![EtatVoeu::Renonce.code().to_owned().into()]).await;
    integrate(&t.systeme(), 2024).await.expect("integrated");
    nouveau.opens(url).await.is(200).sees("Ouvrir la formation").sees_not("désigne maintenant");
    ancien.opens(url).await.is(200).sees_not("BTS Comptabilité");
}

#[tokio::test]
async fn r_app_19_a_record_is_compared_with_a_declared_course_on_the_page_of_duplicates() {
    let mut s = prepare().await;
    let ici = s.t.nombre("SELECT id FROM etablissement WHERE uai = '0800001A'", vec![]).await;
    let declaree = s.t.formation(ici, "BTS - Services - Gestion", Famille::Bts, true, 24, false).await;
    let sql = "UPDATE formation SET statut = 'apprentissage' WHERE id = $1";
    s.t.sql(sql, vec![declaree.formation.into()]).await;
    s.agent.opens(ICI).await.is(200).sees("Doublons : 2 à comparer");
    let page = s.agent.opens(&format!("{ICI}/doublons")).await;
    page.is(200)
        .sees("1 fiche à comparer")
        .sees("BTS Gestion")
        .sees("BTS - Services - Gestion, Lycée Jules-Verne");
    let id = s.t.mot("SELECT public_id FROM fiche_apprentissage WHERE identifiant = 'c|1|2'", vec![]).await;
    s.agent.opens(&format!("{ICI}/fiches/{id}")).await.is(200).sees("L’intégration attend que vous disiez");
    let page = s.agent.opens(&format!("{ICI}/doublons/{id}")).await;
    page.is(200).sees("Comparer avec une formation déclarée").sees("Même établissement, même lieu");
    let faux = s.agent.submits(&page, "Enregistrer la réponse", &[]).await;
    faux.is(422).sees("Dites si la fiche décrit une de ces formations.");
    let page =
        s.agent.submits(&page, "Enregistrer la réponse", &[("rapprochement", &declaree.public_id)]).await;
    page.is(200).sees("Votre réponse est enregistrée").sees("Aucune fiche");
}

#[tokio::test]
async fn r_app_20_the_list_says_what_the_session_leaves_out_and_why() {
    let mut s = prepare().await;
    let mut exclue = fiche("x", "Licence professionnelle Notariat");
    exclue["cfd"] = "25011001".into();
    let jour =
        [fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), fiche("c", "BTS Gestion"), exclue];
    imports(&s.t, &jour).await;
    let page = s.agent.opens(ICI).await;
    page.is(200).sees("Hors du périmètre").sees("qui suit un diplôme de niveau 5");
    let page = s.agent.opens(&format!("{ICI}?perimetre=hors")).await;
    page.is(200).sees("1 fiche").sees("Licence professionnelle Notariat").sees_not("BTS Gestion");
    let page = s.agent.opens(&format!("{ICI}?statut=tous&perimetre=dans")).await;
    page.is(200).sees("BTS Gestion").sees_not("Licence professionnelle Notariat");
}
