//! R-ADM-14: the register that anybody reads, and the receipt that a candidate takes away.

use app::admission::{calculer_ordre_appel, passages, publier_passage, un_jour, verify_recu};
use app::idempotence::Garde;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use testkit::fabrique::CandidatEssai;
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

/// Two candidates ranked for one place, before the orders are computed; whoever computes, and whoever publishes.
pub(crate) struct Scene {
    pub(crate) t: TestApp,
    pub(crate) candidats: Vec<CandidatEssai>,
    /// Public identifiers of their wishes.
    pub(crate) voeux: Vec<String>,
    un: Acteur,
    deux: Acteur,
}

impl Scene {
    pub(crate) async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.during(Etape::Examen).await;
        let e = t.etablissement("0800001A", "Lycée Alpha").await;
        let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 1, true).await;
        let (mut candidats, mut voeux) = (Vec::new(), Vec::new());
        for i in 0..2 {
            let c = t.candidat(&format!("c{i}@essai.fr"), TypeBac::General).await;
            voeux.push(t.voeu(&c, &f, EtatVoeu::Classe).await.public_id);
            candidats.push(c);
        }
        t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
        t.sql("UPDATE groupe_classement SET taux_min_boursiers = 0", vec![]).await;
        let agent = Attribution::simple(Role::AdminNational);
        let (_, un) = t.personne("un@national.fr", agent.clone()).await;
        let (_, deux) = t.personne("deux@national.fr", agent).await;
        t.during(Etape::OrdreAppel).await;
        Self { t, candidats, voeux, un, deux }
    }

    /// Orders, then the first day of the admission: computed, published.
    pub(crate) async fn first_day(&self) {
        // Each act at the instant of its own context.
        let (un, deux) = (|| self.t.ctx(self.un.clone()), || self.t.ctx(self.deux.clone()));
        calculer_ordre_appel(&un(), &Garde::default(), 2024).await.expect("computed");
        let id = passages(&un(), 2024, 1, 0).await.expect("a run").remove(0).public_id;
        publier_passage(&deux(), &Garde::default(), 2024, &id).await.expect("published");
        self.t.at_opening(Etape::Admission).await;
        un_jour(&un(), &deux(), 2024).await.expect("a day");
    }
}

both_databases! {
    async fn r_adm_14_anybody_reads_the_register_and_a_candidate_their_receipt(base) {
        let s = Scene::new(base).await;
        let Scene { t, candidats, voeux, .. } = &s;

        // Before the first publication: pages that say so.
        let mut anonyme = t.navigateur();
        let page = anonyme.opens("/transparence").await;
        assert!(page.statut.is_success() && page.url == "/transparence/2024", "{} {}", page.statut, page.url);
        assert!(page.texte().contains("Aucun calcul de cette session n’est publié"), "{}", page.texte());
        assert_eq!(anonyme.opens("/transparence/2024/tete").await.statut, 404);
        assert_eq!(anonyme.opens("/transparence/1999").await.statut, 404);
        assert_eq!(anonyme.opens("/transparence/2024/groupes").await.statut, 404);
        let mut perdant = t.navigateur_de(candidats[1].compte).await;
        let recu = format!("/candidat/voeux/{}/recu", voeux[1]);
        let page = perdant.opens(&recu).await;
        assert!(page.texte().contains("le reçu sera disponible après le premier"), "{}", page.texte());
        assert_eq!(perdant.opens(&format!("{recu}?fichier=oui")).await.statut, 404);

        s.first_day().await;

        let page = anonyme.opens("/transparence/2024").await;
        for attendu in ["Propositions du jour 1", "Ordres d’appel", "Racine des engagements", "parcoursup-tete 1"] {
            assert!(page.texte().contains(attendu), "{attendu}: {}", page.texte());
        }
        // Nobody's name, nor any course, is in what is public.
        let registre = anonyme.opens("/transparence/2024/registre").await.html;
        let table = anonyme.opens("/transparence/2024/derniers-appeles?jour=1").await;
        assert!(table.statut.is_success() && table.html.starts_with("groupe;dernier_appele\n"), "{}", table.html);
        for secret in ["Électronique", "essai.fr", &voeux[0], &voeux[1]] {
            assert!(!registre.contains(secret) && !page.html.contains(secret), "{secret}");
        }
        // The list of groups says whose the numbers of that table are.
        let groupe = table.html.lines().nth(1).and_then(|l| l.split_once(';')).unwrap().0.to_owned();
        let groupes = anonyme.opens("/transparence/2024/groupes").await;
        let ligne = groupes.html.lines().find(|l| l.starts_with(&format!("{groupe};"))).unwrap();
        assert!(ligne.contains("BTS Électronique") && ligne.contains("0800001A"), "{ligne}");
        for faux in ["?jour=2", "?jour=x", ""] {
            let url = format!("/transparence/2024/derniers-appeles{faux}");
            assert_eq!(anonyme.opens(&url).await.statut, 404, "{url}");
        }

        // From the wishes, the receipt is read, then taken away, and the register proves it.
        let page = perdant.opens("/candidat/voeux").await;
        assert!(page.html.contains(&format!("href=\"{recu}\"")), "{}", page.html);
        let page = perdant.opens(&recu).await;
        for attendu in ["Propositions du jour 1", "rang 1 de la liste d’attente", "Ordres d’appel"] {
            assert!(page.texte().contains(attendu), "{attendu}: {}", page.texte());
        }
        let fichier = perdant.opens(&format!("{recu}?jour=1&fichier=oui")).await.html;
        let verifie = verify_recu(registre.as_bytes(), fichier.as_bytes()).unwrap();
        assert_eq!(verifie.passage, "Propositions du jour 1");
        // The same on a page, for whoever has no console; altered or cut, it is said, and what was pasted is still there.
        let verifier = "/transparence/2024/verifier";
        let page = anonyme.opens(verifier).await;
        let colle = async |n: &mut Navigateur, page: &Reponse, texte: &str| {
            n.submits(page, "Vérifier le reçu", &[("recu", texte)]).await
        };
        let oui = colle(&mut anonyme, &page, &fichier).await;
        assert!(oui.statut.is_success(), "{}", oui.texte());
        for attendu in ["Oui : ce reçu est bien", "Propositions du jour 1", "rang 1 de la liste d’attente", "Aucun témoin"] {
            assert!(oui.texte().contains(attendu), "{attendu}: {}", oui.texte());
        }
        assert!(!oui.html.contains(&fichier[..20]), "nothing of it is sent back");
        let non = colle(&mut anonyme, &page, &fichier.replace("rang 1 de", "rang 3 de")).await;
        assert!(non.statut == 422 && non.texte().contains("Non : les phrases du reçu"), "{}", non.texte());
        assert!(non.html.contains("rang 3 de"), "what was pasted stays");
        let non = colle(&mut anonyme, &page, "{").await;
        assert!(non.statut == 422 && non.texte().contains("Non : le reçu n’est pas lisible"), "{}", non.texte());
        let non = colle(&mut anonyme, &page, " ").await;
        assert!(non.texte().contains("Choisissez le fichier du reçu, ou collez"), "{}", non.texte());
        // On a phone, the file itself.
        let json = ("fichier", "recu.json");
        let oui = anonyme.uploads(&page, "Vérifier le reçu", json.0, json.1, fichier.as_bytes()).await;
        assert!(oui.texte().contains("Oui : ce reçu est bien"), "{}", oui.texte());
        let non = anonyme.uploads(&page, "Vérifier le reçu", json.0, json.1, b"%PDF-1.7").await;
        assert!(non.statut == 422 && non.texte().contains("Non : le reçu n’est pas lisible"), "{}", non.texte());
        let page = perdant.opens(verifier).await;
        let lourd = " ".repeat(300_000);
        let non = perdant.uploads(&page, "Vérifier le reçu", json.0, json.1, lourd.as_bytes()).await;
        assert!(non.statut == 422 && non.texte().contains("Ce n’est pas un reçu"), "{}", non.texte());
        assert_eq!(anonyme.opens("/transparence/1999/verifier").await.statut, 404);
        let ordre = perdant.opens(&format!("{recu}?jour=0&fichier=oui")).await.html;
        assert_eq!(verify_recu(registre.as_bytes(), ordre.as_bytes()).unwrap().passage, "Ordres d’appel");
        assert_eq!(perdant.opens(&format!("{recu}?jour=deux")).await.statut, 404);
        // Somebody else's wish does not exist.
        let autre = perdant.opens(&format!("/candidat/voeux/{}/recu?fichier=oui", voeux[0])).await;
        assert_eq!(autre.statut, 404);
    }
}
