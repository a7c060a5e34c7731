//! The life of courses through the pages: asked, answered, read again.

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, TestApp};

const MOTIF: &str = "Trop peu d’élèves depuis trois ans.";

struct Scene {
    t: TestApp,
    f: FormationEssai,
    autre: FormationEssai,
    admin: Navigateur,
    agent: Navigateur,
    national: Navigateur,
}

async fn prepare() -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
    let autre = t.formation(etablissement, "BTS Mécanique", Famille::Bts, true, 24, true).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (agent, _) = t.personne("un@ac.example", a).await;
    let (national, _) = t.personne("nat@education.example", Attribution::simple(Role::AdminNational)).await;
    t.at("2023-11-20T10:00");
    let admin = t.navigateur_de(compte).await;
    let agent = t.navigateur_de(agent).await;
    let national = t.navigateur_de(national).await;
    Scene { t, f, autre, admin, agent, national }
}

impl Scene {
    fn course(&self, suite: &str) -> String {
        format!("/gestion/2024/formations/{}{suite}", self.f.public_id)
    }

    async fn derniere(&self) -> String {
        self.t.mot("SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1", vec![]).await
    }

    async fn asks(&mut self, nature: &str, saisie: &[(&str, &str)]) -> String {
        let page = self.admin.opens(&self.course(&format!("/demander?nature={nature}"))).await;
        let mut tout = vec![("motif", MOTIF)];
        tout.extend(saisie);
        let page = self.admin.submits(&page, "Envoyer la demande", &tout).await;
        page.is(200).sees("Votre demande est envoyée").sees("Récépissé nº");
        self.derniere().await
    }
}

#[tokio::test]
async fn a_course_is_merged_on_request_and_its_sheet_leads_to_the_other_one() {
    let mut s = prepare().await;
    s.admin.opens(&s.course("")).await.is(200).sees("Demander…");
    let page = s.admin.opens(&s.course("/demander")).await;
    page.is(200)
        .sees("Fermer la formation définitivement")
        .sees("Confier la formation à un autre établissement");
    page.sees("Ces champs sont encore ouverts");
    // Nothing chosen, an address that is none, no reason: said, and nothing typed is lost.
    let page = s.admin.opens(&s.course("/demander?nature=fusion")).await;
    let page = s.admin.submits(&page, "Envoyer la demande", &[("motif", MOTIF)]).await;
    page.is(422).sees("Choisissez la formation qui remplace celle-ci.").sees(MOTIF);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("autre", "le BTS du voisin")]).await;
    page.is(422).sees("Collez l’adresse de la fiche publique").sees(MOTIF);
    assert!(page.html.contains("le BTS du voisin"), "what was typed is kept");
    let adresse = format!("https://parcoursup.example/formations/{}?de=1", s.autre.public_id);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("autre", &adresse), ("motif", "non")]).await;
    page.is(422).sees("Expliquez en une phrase");
    assert!(page.html.contains(&s.autre.public_id), "the address is kept");
    let page = s.admin.submits(&page, "Envoyer la demande", &[("motif", MOTIF)]).await;
    page.is(200).sees("Votre demande est envoyée").sees("Fusionner la formation avec une autre");
    let d = s.derniere().await;
    // A second tab asks nothing more.
    let page = s.admin.opens(&s.course("/demander?nature=suspension")).await;
    page.is(200).sees("Une autre demande sur cette formation attend").sees_not("Envoyer la demande");
    // The academic service reads it, answers, and it is done.
    s.agent.opens("/academie/2024").await.is(200).sees("Demandes des établissements").sees("1 à examiner");
    let file = s.agent.opens("/academie/2024/demandes").await;
    file.is(200).sees("1 demande attend votre réponse.").sees("BTS Électronique").sees("Lycée Jules-Verne");
    let url = format!("/academie/2024/demandes/{d}");
    let page = s.agent.opens(&url).await;
    page.is(200).sees(MOTIF).sees("BTS Mécanique – Lycée Jules-Verne").sees("Échanges avec l’établissement");
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("reponse", "Vu avec le lycée.")]).await;
    page.is(422).sees("Choisissez une réponse.").sees("Vu avec le lycée.");
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(200).sees("La demande est acceptée et a pris effet").sees_not("Envoyer la réponse");
    // Everybody reads it.
    let page = s.admin.opens(&s.course("")).await;
    page.is(200)
        .sees("Formation fermée")
        .sees("BTS Mécanique")
        .sees("Acceptée")
        .sees_not("Demander…")
        .sees_not("Enregistrer");
    s.t.at("2023-12-21T10:00");
    let mut public = s.t.navigateur();
    public.opens("/formations").await.is(200).sees("BTS Mécanique").sees_not("BTS Électronique");
    let fiche = public.opens(&format!("/formations/{}", s.f.public_id)).await;
    fiche.is(200).sees("Cette formation est fermée").sees("BTS Mécanique – Lycée Jules-Verne");
    assert_eq!(fiche.link("BTS Mécanique – Lycée Jules-Verne"), format!("/formations/{}", s.autre.public_id));
}

#[tokio::test]
async fn r_ctl_15_the_requests_of_a_service_are_searched_and_taken_away_through_the_pages() {
    let mut s = prepare().await;
    s.asks("suspension", &[]).await;
    let toutes = s.agent.opens("/academie/2024/demandes").await;
    toutes.is(200).sees("BTS Électronique").sees("Département").sees("Formation, établissement ou ville");
    let trouvee = s.agent.opens("/academie/2024/demandes?q=electro+verne&departement=80").await;
    trouvee.is(200).sees("BTS Électronique").sees("1 demande");
    let csv = s.agent.opens(&trouvee.link("Télécharger en CSV")).await;
    assert!(
        csv.is(200).html.contains("BTS Électronique") && csv.html.contains("Demandée le"),
        "{}",
        csv.html
    );
    assert!(!csv.html.contains(MOTIF), "{}", csv.html);
    let rien = s.agent.opens("/academie/2024/demandes?q=introuvable").await;
    rien.is(200).sees("Aucune demande ne répond à cette recherche.").sees_not("Télécharger");
    let csv = s.agent.opens("/academie/2024/demandes/export?format=csv&q=introuvable").await;
    assert!(!csv.is(200).html.contains("BTS Électronique"), "{}", csv.html);
    // The national team searches what was sent on, without a file; an establishment reads its own list as before.
    s.national.opens("/national/2024/demandes").await.is(200).sees("Formation, établissement ou ville");
    s.admin.opens("/gestion/2024/demandes?q=introuvable").await.is(200).sees("BTS Électronique");
    s.admin.opens("/academie/2024/demandes/export").await.is(403);
}

#[tokio::test]
async fn a_new_course_is_asked_for_and_exists_once_accepted() {
    let mut s = prepare().await;
    let liste = s.admin.opens("/gestion/2024/demandes").await;
    liste.is(200).sees("Aucune demande n’attend de réponse");
    let page = s.admin.opens(&liste.link("Demander l’ouverture d’une formation")).await;
    let site = s.t.mot("SELECT public_id FROM site_formation LIMIT 1", vec![]).await;
    let page =
        s.admin.submits(&page, "Envoyer la demande", &[("libelle", "BTS Tourisme"), ("motif", MOTIF)]).await;
    page.is(422).sees("Choisissez un type de formation.").sees(MOTIF);
    assert!(page.html.contains("value=\"BTS Tourisme\""), "the name is kept");
    let complet = [("famille", "bts"), ("statut", "etudiant"), ("selective", "oui"), ("site", site.as_str())];
    let page = s.admin.submits(&page, "Envoyer la demande", &complet).await;
    page.is(200).sees("Votre demande est envoyée").sees("BTS Tourisme");
    s.admin.opens("/gestion/2024/formations").await.is(200).sees_not("BTS Tourisme");
    let d = s.derniere().await;
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200).sees("Site principal, 80000 Amiens").sees("Sélective");
    s.agent
        .submits(&page, "Envoyer la réponse", &[("decision", "accepter")])
        .await
        .is(200)
        .sees("a pris effet");
    s.admin.opens("/gestion/2024/formations").await.is(200).sees("BTS Tourisme");
    // Once the step is over there is no form, and it is said why.
    s.t.at("2023-12-20T10:00");
    s.admin.opens("/gestion/2024/demandes").await.is(200).sees("est close depuis le");
    s.admin.opens("/gestion/2024/demandes/ouvrir").await.is(200).sees_not("Envoyer la demande");
}

/// Two national types, one with what is expected.
async fn nomenclature(t: &TestApp, session: i64) {
    let colonnes =
        "session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, source";
    for (code, sigle, libelle, attendus) in
        [(467, "BTS-ME", "Métiers de l’eau", "Aimer <l’eau>."), (2002, "L1-Droit", "Droit", "")]
    {
        let [sigle, libelle, attendus, source] =
            [sigle, libelle, attendus, "Cadre d’essai"].map(|t| t.to_owned().into());
        let (code, non): (i64, i64) = (code, 0);
        let valeurs = vec![
            session.into(),
            code.into(),
            code.into(),
            sigle,
            libelle,
            non.into(),
            non.into(),
            attendus,
            source,
        ];
        t.insert("type_formation", colonnes, valeurs).await;
    }
}

#[tokio::test]
async fn r_vie_13_a_national_type_is_looked_for_chosen_and_kept_on_the_course() {
    let mut s = prepare().await;
    nomenclature(&s.t, s.f.session).await;
    let site = s.t.mot("SELECT public_id FROM site_formation LIMIT 1", vec![]).await;
    let page = s.admin.opens("/gestion/2024/demandes/ouvrir").await;
    page.is(200).sees("Filière de la nomenclature nationale").sees_not("Choisir cette filière");
    assert!(!page.html.contains("name=\"libelle\""), "the title is that of the type");
    // Nothing chosen, no word, words of no type: said, and nothing typed is lost.
    let site = site.as_str();
    let saisie = [("detail", "Option locale"), ("selective", "oui"), ("site", site), ("motif", MOTIF)];
    let page = s.admin.submits(&page, "Envoyer la demande", &saisie).await;
    page.is(422).sees("Cherchez la filière par les mots de son intitulé").sees(MOTIF);
    let page = s.admin.submits(&page, "Chercher dans la nomenclature", &[]).await;
    page.is(422).sees("Écrivez un mot au moins").sees(MOTIF);
    let page = s.admin.submits(&page, "Chercher dans la nomenclature", &[("cherche", "licorne")]).await;
    page.is(200).sees("n’a tous ces mots").sees(MOTIF).sees_not("Choisir cette filière");
    let page = s.admin.submits(&page, "Chercher dans la nomenclature", &[("cherche", "EAU metiers")]).await;
    page.is(200).sees("1 filière trouvée.").sees("BTS - Métiers de l’eau").sees("Code 467.").sees(MOTIF);
    let page = s.admin.submits(&page, "Choisir cette filière", &[]).await;
    page.is(422).sees("Choisissez une des filières trouvées.");
    let page = s.admin.submits(&page, "Choisir cette filière", &[("filiere", "467")]).await;
    page.is(200).sees("La formation aura :").sees("Attendus nationaux Aimer <l’eau>.").sees(MOTIF);
    assert!(!page.html.contains("<l’eau>"), "escaped");
    // Another search keeps what is chosen, and the rest.
    let page = s.admin.submits(&page, "Chercher dans la nomenclature", &[("cherche", "droit")]).await;
    page.is(200).sees("Licence - Droit").sees("BTS - Métiers de l’eau").sees("La formation aura :");
    assert!(page.html.contains("value=\"Option locale\""), "the detail is kept");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM demande_formation", vec![]).await, 0, "nothing is asked yet");
    let page = s.admin.submits(&page, "Envoyer la demande", &[]).await;
    page.is(200).sees("Votre demande est envoyée").sees("BTS - Métiers de l’eau");
    let d = s.derniere().await;
    // The same again is told on the choice.
    let page = s.admin.opens("/gestion/2024/demandes/ouvrir").await;
    let mut encore = saisie.to_vec();
    encore.push(("cherche", "eau"));
    let page = s.admin.submits(&page, "Chercher dans la nomenclature", &encore).await;
    let page = s.admin.submits(&page, "Envoyer la demande", &[("filiere", "467")]).await;
    page.is(422).sees("Vous avez déjà demandé cette formation");
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200).sees("Filière nationale BTS-ME (code 467)").sees("Type de formation BTS");
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(200).sees("a pris effet");
    let sql = "SELECT public_id FROM formation_session WHERE code_type = 467";
    let attendus = format!("/gestion/2024/formations/{}/attendus", s.t.mot(sql, vec![]).await);
    s.admin.opens(&attendus).await.is(200).sees("Aimer <l’eau>.");
}

#[tokio::test]
async fn r_vie_13_a_course_out_of_the_national_list_is_asked_for_with_its_reason() {
    let mut s = prepare().await;
    nomenclature(&s.t, s.f.session).await;
    let site = s.t.mot("SELECT public_id FROM site_formation LIMIT 1", vec![]).await;
    let page = s.admin.opens("/gestion/2024/demandes/ouvrir").await;
    let saisie = [("selective", "oui"), ("site", site.as_str()), ("motif", MOTIF)];
    let page = s.admin.submits(&page, "Ma formation n’est pas dans la nomenclature", &saisie).await;
    page.is(200).sees("Pourquoi la formation n’est pas dans la nomenclature").sees(MOTIF);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("libelle", "Titre local")]).await;
    page.is(422)
        .sees("Dites pourquoi la formation n’est pas dans la nomenclature.")
        .sees("Choisissez un type de formation.");
    assert!(page.html.contains("value=\"Titre local\""), "the title is kept");
    let suite =
        [("hors_nomenclature", "Titre de notre région."), ("famille", "autre"), ("statut", "etudiant")];
    let page = s.admin.submits(&page, "Envoyer la demande", &suite).await;
    page.is(200).sees("Votre demande est envoyée").sees("Titre local");
    let page = s.agent.opens(&format!("/academie/2024/demandes/{}", s.derniere().await)).await;
    page.is(200)
        .sees("Filière nationale Hors de la nomenclature nationale")
        .sees("Pourquoi hors de la nomenclature Titre de notre région.");
}

#[tokio::test]
async fn r_vie_11_an_opening_accepted_after_the_steps_says_until_when_the_course_is_described() {
    let mut s = prepare().await;
    let site = s.t.mot("SELECT public_id FROM site_formation LIMIT 1", vec![]).await;
    let page = s.admin.opens("/gestion/2024/demandes/ouvrir").await;
    let saisie = [
        ("famille", "bts"),
        ("libelle", "BTS Tourisme"),
        ("statut", "etudiant"),
        ("selective", "oui"),
        ("site", site.as_str()),
        ("motif", MOTIF),
    ];
    s.admin.submits(&page, "Envoyer la demande", &saisie).await.is(200).sees("Votre demande est envoyée");
    let d = s.derniere().await;
    s.t.at("2024-01-20T10:00");
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200).sees("Dernier jour pour compléter et soumettre").sees("même si l’étape est close");
    assert!(page.html.contains("value=\"2024-02-04\""), "a day is proposed");
    let loin = [("decision", "accepter"), ("jusqu_a", "2024-03-20")];
    let page = s.agent.submits(&page, "Envoyer la réponse", &loin).await;
    page.is(422).sees("Ce jour est trop lointain");
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("jusqu_a", "2024-01-30")]).await;
    page.is(200).sees("La demande est acceptée et a pris effet").sees("mardi 30 janvier 2024");
    // Its home and its page say until when.
    let accueil = s.admin.opens("/gestion/2024").await;
    accueil.is(200).sees("BTS Tourisme").sees("jusqu’au mardi 30 janvier 2024");
    let sql = "SELECT public_id FROM formation_session WHERE libelle = 'BTS Tourisme'";
    let fiche = format!("/gestion/2024/formations/{}", s.t.mot(sql, vec![]).await);
    let page = s.admin.opens(&fiche).await;
    page.is(200)
        .sees("Demande acceptée : ouvrir une formation")
        .sees("Les champs que cette demande rouvre se modifient jusqu’au mardi 30 janvier 2024");
    let page = s.admin.submits(&page, "Enregistrer", &[("frais", "170")]).await;
    page.is(200).sees("Vos modifications sont enregistrées.");
    let attendus = format!("{fiche}/attendus");
    let page = s.admin.opens(&attendus).await;
    page.is(200).sees("ou qu’une demande acceptée a rouverts");
    let page = s.admin.submits(&page, "Enregistrer", &[("attendus", "Aimer les voyages.")]).await;
    page.is(200).sees("La rubrique est enregistrée.");
    s.t.at("2024-01-31T00:00");
    s.admin.opens(&attendus).await.is(200).sees("est close depuis le");
}

/// What the form of a course has sent, nothing typed lost when it is refused; then asked, read by the academic service and done.
#[tokio::test]
async fn r_vie_09_other_groups_are_asked_for_and_are_those_of_the_course_once_accepted() {
    let mut s = prepare().await;
    let page = s.admin.opens(&s.course("/demander")).await;
    page.is(200)
        .sees("Changer les groupes de classement de la formation")
        .sees("Une formation sélective n’a pas de secteur");
    let page = s.admin.opens(&s.course("/demander?nature=groupes")).await;
    page.is(200).sees("La capacité déclarée est de 24 places").sees("Groupe 4");
    assert!(page.html.contains("value=\"Tous les candidats\""), "the groups as they are");
    let saisie = [
        ("groupes.0.libelle", "Bac pro"),
        ("groupes.0.places", "10"),
        ("groupes.0.series[]", "pro"),
        ("groupes.1.libelle", "Autres bacs"),
        ("groupes.1.places", "15"),
        ("groupes.1.series[]", "general"),
        ("groupes.1.series[]", "techno"),
        ("groupes.1.series[]", "autre"),
        ("motif", MOTIF),
    ];
    let page = s.admin.submits(&page, "Envoyer la demande", &saisie).await;
    page.is(422).sees("font 25 en tout, alors que la capacité est de 24").sees(MOTIF);
    assert!(page.html.contains("value=\"Autres bacs\""), "what was typed is kept");
    // A reason that says nothing is told with the rest.
    let muette = s.admin.submits(&page, "Envoyer la demande", &[("motif", "")]).await;
    muette.is(422).sees("font 25 en tout").sees("Expliquez en une phrase au moins");
    let double = [("groupes.0.series[]", "pro"), ("groupes.0.series[]", "autre"), ("groupes.1.places", "14")];
    let page = s.admin.submits(&page, "Envoyer la demande", &double).await;
    page.is(422).sees("Les mêmes candidats sont cochés dans deux groupes").sees(MOTIF);
    let sans_nom = [("groupes.0.series[]", "pro"), ("groupes.1.libelle", " ")];
    let page = s.admin.submits(&page, "Envoyer la demande", &sans_nom).await;
    page.is(422).sees("Donnez un intitulé à ce groupe.");
    let page = s.admin.submits(&page, "Envoyer la demande", &[("groupes.1.libelle", "Autres bacs")]).await;
    page.is(200).sees("Votre demande est envoyée").sees("Changer les groupes de classement");
    s.admin.opens(&s.course("")).await.is(200).sees_not("Autres bacs");
    let d = s.derniere().await;
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200)
        .sees("Groupe actuel")
        .sees("Tous les candidats")
        .sees("Bac pro : Baccalauréat professionnel, 10 places")
        .sees(MOTIF);
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(200).sees("La demande est acceptée et a pris effet");
    s.admin.opens(&s.course("")).await.is(200).sees("Bac pro").sees("Autres bacs").sees("Acceptée");
    s.t.at("2023-12-21T10:00");
    let fiche = s.t.navigateur().opens(&format!("/formations/{}", s.f.public_id)).await;
    fiche.is(200).sees("Bac pro").sees("Autres bacs").sees_not("Tous les candidats");
}

#[tokio::test]
async fn r_vie_10_another_sector_is_asked_for_and_read_by_everybody_once_accepted() {
    let mut s = prepare().await;
    let droit = s.t.formation(s.f.etablissement, "Licence - Droit", Famille::Licence, false, 200, true).await;
    let url = format!("/gestion/2024/formations/{}/demander?nature=sectorisation", droit.public_id);
    let page = s.admin.opens(&url).await;
    page.is(200).sees("Académies du secteur").sees("comptent comme résidents");
    let page = s.admin.submits(&page, "Envoyer la demande", &[("motif", MOTIF)]).await;
    page.is(422).sees("C’est déjà le secteur de la formation").sees(MOTIF);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("academies[]", "09")]).await;
    page.is(422).sees("Le secteur comprend toujours l’académie de la formation : cochez Amiens.").sees(MOTIF);
    let deux = [("academies[]", "09"), ("academies[]", "20")];
    let page = s.admin.submits(&page, "Envoyer la demande", &deux).await;
    page.is(200).sees("Votre demande est envoyée");
    let d = s.derniere().await;
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200)
        .sees("Secteur actuel académie d’Amiens")
        .sees("Secteur demandé académies de Lille et d’Amiens");
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(200).sees("La demande est acceptée et a pris effet").sees_not("Secteur actuel");
    s.t.at("2023-12-21T10:00");
    let fiche = s.t.navigateur().opens(&format!("/formations/{}", droit.public_id)).await;
    fiche.is(200).sees("Secteur académies de Lille et d’Amiens");
    let sans = s.t.navigateur().opens(&format!("/formations/{}", s.f.public_id)).await;
    sans.is(200).sees_not("Secteur");
    // Whoever fixes the rates reads who is a resident.
    s.t.during(Etape::Taux).await;
    let taux = s.agent.opens(&format!("/academie/2024/taux/{}", droit.groupe_public_id)).await;
    taux.is(200).sees("Résidents académies de Lille et d’Amiens");
}

#[tokio::test]
async fn r_vie_14_a_wrong_title_is_corrected_on_request_and_the_sheet_says_it() {
    let mut s = prepare().await;
    let page = s.admin.opens(&s.course("/demander")).await;
    page.is(200).sees("Corriger l’intitulé, le statut ou la sélectivité");
    let page = s.admin.opens(&s.course("/demander?nature=correction")).await;
    page.is(200).sees("l’historique de la fiche dit ce qui est corrigé");
    assert!(page.html.contains("value=\"BTS Électronique\""), "as it is now");
    let page = s.admin.submits(&page, "Envoyer la demande", &[("motif", MOTIF)]).await;
    page.is(422).sees("Rien ne change").sees(MOTIF);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("libelle", "")]).await;
    page.is(422).sees("Donnez l’intitulé de la formation.").sees(MOTIF);
    let page = s.admin.submits(&page, "Envoyer la demande", &[("libelle", "bts mécanique")]).await;
    page.is(422).sees("L’établissement a déjà cette formation").sees(MOTIF);
    let corrige = [("libelle", "BTS - Électronique"), ("detail", "Option réseaux"), ("selective", "non")];
    let page = s.admin.submits(&page, "Envoyer la demande", &corrige).await;
    page.is(200).sees("Votre demande est envoyée").sees("Corriger l’intitulé");
    s.admin.opens(&s.course("")).await.is(200).sees("BTS Électronique").sees_not("Option réseaux");
    let d = s.derniere().await;
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200)
        .sees("Intitulé actuel BTS Électronique")
        .sees("Intitulé demandé BTS - Électronique")
        .sees("Précision demandée Option réseaux")
        .sees("Sélectivité demandée Non sélective")
        .sees_not("Statut demandé")
        .sees(MOTIF);
    let page = s.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(200).sees("La demande est acceptée et a pris effet");
    s.admin.opens(&s.course("")).await.is(200).sees("BTS - Électronique").sees("Acceptée");
    s.t.at("2023-12-21T10:00");
    let mut public = s.t.navigateur();
    public.opens("/formations").await.is(200).sees("BTS - Électronique").sees_not("BTS Électronique");
    let fiche = public.opens(&format!("/formations/{}", s.f.public_id)).await;
    fiche
        .is(200)
        .sees("intitulé : « BTS - Électronique » au lieu de « BTS Électronique »")
        .sees("précision : « Option réseaux »");
    // Wishes keep the status and the selectivity as they are: the form says so.
    let c = s.t.candidat("lea@example.org", TypeBac::General).await;
    s.t.voeu(&c, &s.f, EtatVoeu::Saisi).await;
    let page = s.admin.opens(&s.course("/demander?nature=correction")).await;
    page.is(200).sees("Le statut ne change plus : des candidats ont un vœu pour cette formation.");
    assert!(
        page.html.contains("value=\"etudiant\"") && !page.html.contains("value=\"apprentissage\""),
        "nothing else"
    );
    let page = s.admin.submits(&page, "Envoyer la demande", &[("selective", "oui"), ("motif", MOTIF)]).await;
    page.is(422).sees("La sélectivité ne change plus");
}

#[tokio::test]
async fn a_second_tab_answers_nothing_and_wishes_stand_in_the_way() {
    let mut s = prepare().await;
    let d = s.asks("fermeture", &[]).await;
    let url = format!("/academie/2024/demandes/{d}");
    let vieille = s.agent.opens(&url).await;
    let page = s.admin.opens(&format!("/gestion/2024/demandes/{d}")).await;
    page.is(200).sees_not("Envoyer la réponse");
    s.admin.submits(&page, "Retirer la demande", &[]).await.is(200).sees("La demande est retirée.");
    let page = s.agent.submits(&vieille, "Envoyer la réponse", &[("decision", "accepter")]).await;
    page.is(422).sees("l’établissement l’a retirée").sees_not("Envoyer la réponse");
    let d = s.asks("fermeture", &[]).await;
    let c = s.t.candidat("lea@example.org", TypeBac::General).await;
    s.t.voeu(&c, &s.f, EtatVoeu::Saisi).await;
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200).sees("Cette demande ne peut pas être acceptée").sees("Des candidats ont un vœu");
    let refus = [("decision", "refuser"), ("reponse", "Des candidats la demandent.")];
    s.agent.submits(&page, "Envoyer la réponse", &refus).await.is(200).sees("La demande est refusée");
    s.admin.opens(&format!("/gestion/2024/demandes/{d}")).await.is(200).sees("Des candidats la demandent.");
    // Told on the home, on the course and on the establishment.
    s.admin.opens(&s.course("")).await.is(200).sees("Refusée");
    s.admin.opens(&s.course("/demander")).await.is(200).sees("Des candidats ont un vœu");
}

#[tokio::test]
async fn a_dispensation_is_sent_on_then_granted_until_a_day() {
    let mut s = prepare().await;
    s.t.at("2024-01-20T10:00");
    let page = s.admin.opens(&s.course("/demander?nature=derogation")).await;
    page.is(200).sees("Frais de scolarité");
    let page =
        s.admin.submits(&page, "Envoyer la demande", &[("motif", MOTIF), ("jusqu_a", "2024-01-25")]).await;
    page.is(422).sees("Cochez au moins un champ à modifier.").sees(MOTIF);
    let page = s
        .admin
        .submits(&page, "Envoyer la demande", &[("champs[]", "frais"), ("jusqu_a", "2024-03-25")])
        .await;
    page.is(422).sees("Ce jour est trop lointain");
    s.admin
        .submits(&page, "Envoyer la demande", &[("jusqu_a", "2024-01-25")])
        .await
        .is(200)
        .sees("est envoyée");
    let d = s.derniere().await;
    let chemin = format!("/national/2024/demandes/{d}");
    s.national.opens(&chemin).await.is(404);
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    page.is(200).sees("Frais de scolarité").sees("jeudi 25 janvier 2024").sees_not("Dernier jour accordé");
    let avis = [("decision", "transmettre"), ("reponse", "Erreur de saisie : avis favorable.")];
    s.agent.submits(&page, "Envoyer la réponse", &avis).await.is(200).sees("transmise à l’équipe nationale");
    s.national.opens("/national/2024/demandes").await.is(200).sees("1 demande attend votre réponse.");
    let page = s.national.opens(&chemin).await;
    page.is(200).sees("Erreur de saisie : avis favorable.").sees("Dernier jour accordé");
    let page = s
        .national
        .submits(&page, "Envoyer la réponse", &[("decision", "accepter"), ("jusqu_a", "2024-01-24")])
        .await;
    page.is(200).sees("La demande est acceptée").sees("mercredi 24 janvier 2024");
    let page = s.admin.opens(&s.course("")).await;
    page.is(200).sees("mercredi 24 janvier 2024");
    let page = s.admin.submits(&page, "Enregistrer", &[("frais", "170")]).await;
    page.is(200).sees("Vos modifications sont enregistrées.").sees("Relire et publier");
}

#[tokio::test]
async fn hab_4_only_the_desk_of_a_request_reads_and_answers_it() {
    let mut s = prepare().await;
    let d = s.asks("suspension", &[]).await;
    s.admin.opens(&format!("/academie/2024/demandes/{d}")).await.is(403);
    s.agent.opens(&format!("/gestion/2024/demandes/{d}")).await.is(403);
    s.agent.opens(&s.course("/demander")).await.is(403);
    let a = Attribution { academies: vec!["09".to_owned()], ..Attribution::simple(Role::Academie) };
    let (ailleurs, _) = s.t.personne("deux@ac.example", a).await;
    let mut ailleurs = s.t.navigateur_de(ailleurs).await;
    ailleurs.opens(&format!("/academie/2024/demandes/{d}")).await.is(404);
    ailleurs.opens("/academie/2024/demandes").await.is(200).sees("Aucune demande n’attend votre réponse.");
    let (resp, _) = s.t.responsable("resp@lycee.example", &s.f).await;
    let mut resp = s.t.navigateur_de(resp).await;
    let page = resp.opens(&s.course("")).await;
    page.is(200).sees("Ne pas ouvrir la formation cette année").sees_not("Demander…");
    resp.opens(&s.course("/demander")).await.is(403);
    // A field that the form has not is refused.
    let page = s.agent.opens(&format!("/academie/2024/demandes/{d}")).await;
    s.agent
        .submits(&page, "Envoyer la réponse", &[("decision", "accepter"), ("zzz", "1")])
        .await
        .is(400)
        .sees("« zzz »");
}

#[tokio::test]
async fn ses_3_an_answer_that_is_typed_is_found_again() {
    let mut s = prepare().await;
    let d = s.asks("suspension", &[]).await;
    let url = format!("/academie/2024/demandes/{d}");
    let page = s.agent.opens(&url).await;
    let saisie = [("decision", "refuser"), ("reponse", "Effectifs suffisants.")];
    s.agent.keeps(&page, "Envoyer la réponse", &saisie).await.is(204);
    s.agent.opens("/academie/2024").await.is(200).sees("Réponse à une demande");
    let page = s.agent.opens(&url).await;
    let reprise = s.agent.opens(&page.link("Reprendre ma saisie")).await;
    reprise.is(200).sees("Effectifs suffisants.");
    s.agent.submits(&reprise, "Envoyer la réponse", &[]).await.is(200).sees("La demande est refusée");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0);
}

#[tokio::test]
async fn ses_3_an_agreement_to_receive_a_course_is_found_again() {
    let mut s = prepare().await;
    let receveur = s.t.etablissement("0800002B", "Lycée Ada-Lovelace").await;
    let a = Attribution { etablissement: Some(receveur), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = s.t.personne("admin@autre.example", a).await;
    let d = s.asks("cession", &[("uai", "0800002B")]).await;
    let mut n = s.t.navigateur_de(compte).await;
    let url = format!("/gestion/2024/cessions/{d}");
    let file = n.opens("/gestion/2024/cessions").await;
    file.is(200).sees("1 demande attend votre réponse");
    assert_eq!(
        file.html.matches("À examiner par vous").count(),
        2,
        "the filter, and its line: {}",
        file.html
    );
    let page = n.opens(&url).await;
    let saisie = [("decision", "refuser"), ("reponse", "Pas d’atelier ici.")];
    n.keeps(page.is(200), "Envoyer la réponse", &saisie).await.is(204);
    n.opens("/gestion/2024").await.is(200).sees("Réponse à une demande");
    let page = n.opens(&url).await;
    let reprise = n.opens(&page.link("Reprendre ma saisie")).await;
    reprise.is(200).sees("Pas d’atelier ici.");
    n.submits(&reprise, "Envoyer la réponse", &[]).await.is(200).sees_not("Saisie non enregistrée");
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0);
}
