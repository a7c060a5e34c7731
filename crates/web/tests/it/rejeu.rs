//! The stories of the site de gestion (`e2e/stories`) acted twice: by people through the forms of the pages on one base, by a program
//! through the interface on another. Every table is then compared, row by row.
//!
//! What only people do is done by people on both: the academic service decides and answers, a second person reads a capacity again.

use std::collections::BTreeMap;

use app::apprentissage::integrate;
use app::idempotence::Garde;
use app::interfaces::EtendueJeton;
use app::seances::announce_seance;
use axum::http::{Method, StatusCode};
use domain::actualites::Audience;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::delegations::Operations;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::seances::Programme;
use serde_json::{Value, json};
use testkit::classeur::of_sheets;
use testkit::fabrique::{CandidatEssai, FormationEssai};
use testkit::photo::{ecarts, photo};
use testkit::{Base, Logiciel, Navigateur, TestApp, both_databases, paris};

use crate::api_ensemble::ecrit;
use crate::apprentissage::{fiche, imports};

/// An establishment with three courses, those who run it, and its program.
struct Monde {
    t: TestApp,
    id: String,
    f: Vec<FormationEssai>,
    candidats: Vec<CandidatEssai>,
    l: Logiciel,
    /// Whoever gave its token.
    donneur: Navigateur,
    admin: Navigateur,
    responsable: Navigateur,
    chef: Navigateur,
    agent: Navigateur,
}

async fn monde(base: Base) -> Monde {
    let t = TestApp::with_session_2024(base).await;
    t.controle_academique(true).await;
    let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let mut f = Vec::new();
    for nom in ["CPGE MPSI", "CPGE PCSI", "CPGE BCPST"] {
        f.push(t.formation(etab, nom, Famille::Cpge, true, 24, false).await);
    }
    t.sql("UPDATE formation_session SET internat = 1", vec![]).await;
    t.statistique(&f[0], 2023, [24, 310, 60, 24]).await;
    t.at("2023-11-20T10:00");
    let maison = |role| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
    let academie = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (admin, _) = t.personne("admin@lycee.example", maison(Role::AdminSite)).await;
    let (chef, _) = t.personne("chef@lycee.example", maison(Role::ChefEtab)).await;
    let (responsable, _) = t.responsable("resp@lycee.example", &f[0]).await;
    let (agent, _) = t.personne("agent@ac.example", academie).await;
    let etendue = EtendueJeton {
        ecrit_etablissement: true,
        demande_etablissement: true,
        toutes: None,
        formations: f.iter().map(|f| (f.public_id.clone(), tout())).collect(),
    };
    let jeton = t.jeton_de(etab, etendue).await;
    let donneur = t.nombre("SELECT donneur_id FROM jeton_api", vec![]).await;
    Monde {
        id: t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await,
        l: t.logiciel(&jeton),
        donneur: t.navigateur_de(donneur).await,
        admin: t.navigateur_de(admin).await,
        responsable: t.navigateur_de(responsable).await,
        chef: t.navigateur_de(chef).await,
        agent: t.navigateur_de(agent).await,
        candidats: Vec::new(),
        t,
        f,
    }
}

/// Everything that may be entrusted on a course.
fn tout() -> Operations {
    let tout = "parametrage,capacites,publication,candidatures,classement,transmission,demandes";
    Operations::from_code(tout).expect("operations that exist")
}

impl Monde {
    /// A page of the first course.
    fn page(&self, suite: &str) -> String {
        format!("/gestion/2024/formations/{}{suite}", self.f[0].public_id)
    }

    fn page_etablissement(&self, suite: &str) -> String {
        format!("/gestion/2024/etablissements/{}{suite}", self.id)
    }

    /// An address of the first course.
    fn api(&self, suite: &str) -> String {
        format!("/api/v1/sessions/2024/formations/{}{suite}", self.f[0].public_id)
    }

    fn api_etablissement(&self, suite: &str) -> String {
        format!("/api/v1/sessions/2024/etablissements/{}{suite}", self.id)
    }

    /// The administrator fills a form of a page.
    async fn remplit(&mut self, page: &str, bouton: &str, saisie: &[(&str, &str)]) {
        let page = self.admin.opens(page).await;
        self.admin.submits(&page, bouton, saisie).await.is(200);
    }

    /// The program writes, under the version that it reads at `lu`.
    async fn ecrit_lu(&self, methode: Method, lu: &str, ici: &str, corps: Value) -> Value {
        let corps = Some(corps).filter(|c| !c.is_null());
        let r = ecrit(&self.l, methode, lu, ici, corps.as_ref()).await;
        assert!(r.statut.is_success(), "{ici}: {} {}", r.statut, r.json);
        r.json
    }

    async fn ecrit(&self, methode: Method, ici: &str, corps: Value) -> Value {
        self.ecrit_lu(methode, ici, ici, corps).await
    }

    async fn soumet_page(&mut self) {
        self.remplit(&self.page("/publier"), "Soumettre au service académique", &[]).await;
    }

    async fn soumet_api(&self) {
        self.ecrit_lu(Method::POST, &self.api("/publication"), &self.api("/soumission"), Value::Null).await;
    }

    /// What the academic service does, on both bases.
    async fn agent(&mut self, suite: &str, bouton: &str, saisie: &[(&str, &str)]) {
        let url = format!("/academie/2024/controles/{}{suite}", self.f[0].public_id);
        let page = self.agent.opens(&url).await;
        self.agent.submits(&page, bouton, saisie).await.is(200);
    }

    /// The newest request.
    async fn demande(&self) -> String {
        self.t.mot("SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1", vec![]).await
    }

    /// Asks something about a course, by its place, from its page.
    async fn demande_page(&mut self, i: usize, nature: &str, saisie: &[(&str, &str)]) {
        let page = format!("/gestion/2024/formations/{}/demander?nature={nature}", self.f[i].public_id);
        let mut tout = vec![("motif", DEMANDE)];
        tout.extend(saisie);
        self.remplit(&page, "Envoyer la demande", &tout).await;
    }

    /// The same through the interface.
    async fn demande_api(&self, i: usize, mut corps: Value) {
        let ici = format!("/api/v1/sessions/2024/formations/{}/demandes", self.f[i].public_id);
        corps["motif"] = json!(DEMANDE);
        self.ecrit(Method::POST, &ici, corps).await;
    }

    /// The academic service accepts the newest request, on both bases.
    async fn accepte(&mut self) {
        let url = format!("/academie/2024/demandes/{}", self.demande().await);
        let page = self.agent.opens(&url).await;
        self.agent.submits(&page, "Envoyer la réponse", &[("decision", "accepter")]).await.is(200);
    }

    /// A site of the establishment.
    async fn site(&self) -> String {
        self.t.mot("SELECT public_id FROM site_formation ORDER BY id LIMIT 1", vec![]).await
    }

    /// The national team announces a session of one place to those who run such courses.
    async fn seance_annoncee(&mut self) {
        let national = Attribution::simple(Role::AdminNational);
        let (_, national) = self.t.personne("national@essai.example", national).await;
        let p = Programme {
            titre: "Premiers jalons".to_owned(),
            texte: "Une heure de réponses en direct.".to_owned(),
            audience: Audience { familles: [Famille::Cpge].into(), ..Audience::default() },
            qualites: [].into(),
            debut: paris("2023-11-28T10:00").as_millisecond(),
            fin: paris("2023-11-28T11:00").as_millisecond(),
            places: Some(1),
            lieu: String::new(),
            lien: "https://visio.example/salle".to_owned(),
            ferme_le: None,
        };
        announce_seance(&self.t.ctx(national), &Garde::default(), 2024, p).await.expect("announced");
    }

    /// A workbook where every course moves to a new site, in place of the one that there was.
    fn demenagement(&self) -> Vec<u8> {
        let ligne = |mots: &[&str]| mots.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>();
        let mut formations = vec![ligne(&["Identifiant", "Site de formation"])];
        formations.extend(self.f.iter().map(|f| ligne(&[f.public_id.as_str(), "Quai"])));
        let sites = vec![
            ligne(&["UAI", "Nom du site", "Numéro et voie", "Code postal", "Commune"]),
            ligne(&["0800001A", "Quai", "1 quai du Port", "80000", "Amiens"]),
        ];
        of_sheets(&[("Formations", formations), ("Sites de formation", sites)])
    }

    /// The session, by its identifier.
    async fn seance(&self) -> String {
        self.t.mot("SELECT public_id FROM seance", vec![]).await
    }

    /// A record of the catalogue, that the academic service checked, has become a course; the program works on every course.
    async fn du_catalogue(&mut self) {
        imports(&self.t, &[fiche("b", "BTS Comptabilité")]).await;
        let id = self.t.mot("SELECT public_id FROM fiche_apprentissage", vec![]).await;
        let page = self.agent.opens(&format!("/academie/2024/apprentissage/fiches/{id}")).await;
        let prete = [("vers", "pret_pour_integration")];
        self.agent.submits(&page, "Enregistrer la décision", &prete).await.is(200);
        integrate(&self.t.systeme(), 2024).await.expect("integrated");
        let etendue =
            EtendueJeton { ecrit_etablissement: true, toutes: Some(tout()), ..EtendueJeton::default() };
        let jeton = self.t.jeton_de(self.f[0].etablissement, etendue).await;
        self.l = self.l.avec(Some(&jeton));
    }

    /// A course of which nothing is said: the template of its type, what is its own, then it is submitted.
    async fn complete_page(&mut self, ici: &str) {
        self.remplit(&format!("{ici}/copier?source=modele"), "Reprendre les champs cochés", &[]).await;
        let site = self.site().await;
        self.remplit(&format!("{ici}/caracteristiques"), "Enregistrer", &[("site", &site)]).await;
        self.remplit(&format!("{ici}/attendus"), "Enregistrer", &[("attendus", ATTENDUS)]).await;
        self.remplit(&format!("{ici}/contacts"), "Enregistrer", &CONTACT).await;
        self.remplit(ici, "Enregistrer", &[("capacite", "24"), ("frais", "0")]).await;
        self.remplit(&format!("{ici}/publier"), "Soumettre au service académique", &[]).await;
    }

    /// The same through the interface.
    async fn complete_api(&self, id: &str) {
        let api = |suite: &str| format!("/api/v1/sessions/2024/formations/{id}{suite}");
        let (reprise, lue) = (api("/reprise"), api("/reprise?source=modele"));
        let modele = self.l.lit(&lue).await;
        // What the draft does not say: the page ticks the same.
        let ecarts = modele.json["ecarts"].as_array().expect("what the template says");
        let champs: Vec<&Value> = ecarts.iter().filter(|e| e["ici"].is_null()).map(|e| &e["champ"]).collect();
        self.ecrit_lu(Method::POST, &lue, &reprise, json!({ "source": "modele", "champs": champs })).await;
        let site = self.site().await;
        self.ecrit(Method::PATCH, &api("/description/caracteristiques"), json!({ "site": site })).await;
        self.ecrit(Method::PATCH, &api("/description/attendus"), json!({ "attendus": ATTENDUS })).await;
        let contact = json!({ "contact": CONTACT[0].1, "contact_courriel": CONTACT[1].1 });
        self.ecrit(Method::PATCH, &api("/description/contacts"), contact).await;
        self.ecrit(Method::PUT, &api("/capacites"), json!({ "capacite": 24, "frais_centimes": 0 })).await;
        let manques = self.l.lit(&api("/publication")).await.json["manques"].clone();
        assert_eq!(manques, json!([]), "what is still missing");
        self.ecrit_lu(Method::POST, &api("/publication"), &api("/soumission"), Value::Null).await;
    }

    /// The grid of the first course: criteria by the place of their line, the first weight.
    async fn grille_page(&mut self, criteres: &[Critere], poids: &str) {
        let noms: Vec<[String; 2]> = criteres
            .iter()
            .map(|(i, ..)| ["intitule", "elements"].map(|champ| format!("criteres.{i}.{champ}")))
            .collect();
        let mut saisie = vec![("poids_1", poids)];
        for ([titre, elements], (_, t, e)) in noms.iter().zip(criteres) {
            saisie.extend([(titre.as_str(), *t), (elements.as_str(), *e)]);
        }
        self.remplit(&self.page("/grille"), "Enregistrer", &saisie).await;
    }

    /// The same through the interface; gives the rules that what is saved breaks.
    async fn grille_api(&self, criteres: &[Critere], poids: i64) -> Vec<String> {
        let ici = self.api("/description/grille");
        let mut lignes = self.l.lit(&ici).await.json["criteres"].clone();
        for (i, titre, elements) in criteres {
            lignes[*i]["intitule"] = json!(titre);
            lignes[*i]["elements"] = json!(elements);
        }
        self.ecrit(Method::PATCH, &ici, json!({ "criteres": lignes, "poids_1": poids })).await;
        let lue = self.l.lit(&self.api("/publication")).await;
        let corrige = lue.json["manques"] == json!([]);
        let constats = lue.json["constats"].as_array().expect("what the reading finds");
        assert_eq!(corrige, constats.iter().all(|c| c["bloquant"] == false), "{}", lue.json);
        assert!(constats.iter().all(|c| c["correction"] != "" && c["pourquoi"] != ""), "{}", lue.json);
        constats.iter().map(|c| c["code"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Those who ask for the first course, with boarding; the examination is open.
    async fn candidatures(&mut self) {
        for i in 0..3 {
            let c = self.t.candidat(&format!("c{i}@exemple.example"), TypeBac::General).await;
            self.t.voeu(&c, &self.f[0], EtatVoeu::Confirme).await;
            self.candidats.push(c);
        }
        self.t.sql("UPDATE voeu SET avec_internat = 1", vec![]).await;
        self.t.during(Etape::Examen).await;
    }

    /// A file of ranks: by the place of the candidates.
    fn rangs(&self, rangs: &[(usize, &str)]) -> Vec<u8> {
        let mut texte = String::from("Rang;Candidat - Code\n");
        for (i, rang) in rangs {
            texte.push_str(&format!("{rang};{}\n", self.candidats[*i].numero));
        }
        texte.into_bytes()
    }

    /// Ranks by a file on a page, then transmits.
    async fn classe_page(n: &mut Navigateur, url: &str, fichier: &[u8]) {
        let page = n.opens(&format!("{url}/import")).await;
        let apercu = n.uploads(&page, "Vérifier ce fichier", "fichier", "classement.csv", fichier).await;
        n.submits(&apercu, "Appliquer ce classement", &[]).await.is(200);
        let page = n.opens(&format!("{url}/transmettre")).await;
        n.submits(&page, "Transmettre définitivement", &[("engagement", "oui")]).await.is(200);
    }

    /// The same through the interface.
    async fn classe_api(&self, url: &str, fichier: Vec<u8>) {
        let csv = [("content-type", "text/csv")];
        let lu = self.l.appelle(Method::POST, &format!("{url}/lecture"), &csv, Some(fichier)).await;
        assert_eq!((lu.statut, lu.json["total_fautes"].as_i64()), (StatusCode::OK, Some(0)), "{}", lu.json);
        let corps = json!({ "fichier": lu.json["fichier"] });
        self.ecrit_lu(Method::POST, url, &format!("{url}/application"), corps).await;
        self.ecrit_lu(Method::POST, url, &format!("{url}/transmission"), json!({ "engagement": true })).await;
    }
}

/// A criterion: the place of its line, its title, what it takes into account.
type Critere = (usize, &'static str, &'static str);

const ATTENDUS: &str = "S’intéresser au métier ; aimer travailler en équipe.";
const CONTACT: [(&str, &str); 2] =
    [("contact", "Bureau des études"), ("contact_courriel", "etudes@lycee.example")];

/// Why something is asked.
const DEMANDE: &str = "Les effectifs ont baissé de moitié en trois ans.";

fn meme_genre(base: &Base) -> Option<Base> {
    matches!(base, Base::Sqlite(_)).then(Base::sqlite)
}

/// The fingerprint of a ranking is that of the identifier of what ranks and of its ranks. A boarding school declared in the story has
/// an identifier drawn at random; its ranks are compared beside.
fn of_an_identifier(ecart: &str) -> bool {
    ecart.starts_with("classement_internat#") && ecart.contains(" empreinte: ")
}

/// The same story by the pages and by the interface: it did something, and the same.
async fn compare(
    base: Base,
    avant: impl AsyncFn(&mut Monde),
    pages: impl AsyncFn(&mut Monde),
    api: impl AsyncFn(&mut Monde),
) {
    let autre = match meme_genre(&base) {
        Some(autre) => autre,
        None => Base::postgres().await.expect("a second base of the same server"),
    };
    let mut un = monde(base).await;
    avant(&mut un).await;
    let depart = photo(&un.t).await;
    pages(&mut un).await;
    let par_pages = photo(&un.t).await;
    assert!(!ecarts(&depart, &par_pages).is_empty(), "the story does nothing");
    let mut deux = monde(autre).await;
    avant(&mut deux).await;
    assert_eq!(ecarts(&depart, &photo(&deux.t).await), [""; 0], "the two bases begin alike");
    api(&mut deux).await;
    let mut ecarts = ecarts(&par_pages, &photo(&deux.t).await);
    ecarts.retain(|e| !of_an_identifier(e));
    assert!(ecarts.is_empty(), "pages — interface:\n{}", ecarts.join("\n"));
}

async fn rien(_: &mut Monde) {}

both_databases! {
    /// A comparison that cannot fail proves nothing.
    async fn the_comparison_sees_a_value_a_row_and_what_is_sealed(base) {
        let mut m = monde(base).await;
        let ici = m.api_etablissement("/contacts");
        let corps = json!({ "fonction": "Secrétariat", "objet": "Inscriptions", "telephone": "03 22 00 99 88" });
        m.ecrit(Method::POST, &ici, corps).await;
        let depart = photo(&m.t).await;
        assert_eq!(ecarts(&depart, &photo(&m.t).await), [""; 0]);
        assert_eq!(depart["contact_etablissement"][0]["telephone_chiffre"], "03 22 00 99 88");
        for (sql, attendu) in [
            ("UPDATE etablissement_session SET telephone = '03 00 00 00 00'", "etablissement_session#1 telephone"),
            ("UPDATE groupe_affectation SET places = places + 1 WHERE id = (SELECT MAX(id) FROM groupe_affectation)", "groupe_affectation#3 places"),
            ("UPDATE formation_session SET frais_centimes = NULL WHERE id = (SELECT MIN(id) FROM formation_session)", "formation_session#1 frais_centimes"),
        ] {
            m.t.sql(sql, vec![]).await;
            let vus = ecarts(&depart, &photo(&m.t).await);
            assert!(vus.iter().any(|e| e.starts_with(attendu)), "{sql}: {vus:?}");
        }
        let avant = photo(&m.t).await;
        let ligne = format!("{ici}/{}", m.l.lit(&ici).await.json["contacts"][0]["id"].as_str().unwrap());
        let corps = json!({ "fonction": "Secrétariat", "objet": "Inscriptions", "telephone": "03 22 00 99 89" });
        m.ecrit_lu(Method::PUT, &ici, &ligne, corps).await;
        let vus = ecarts(&avant, &photo(&m.t).await);
        assert!(vus.iter().any(|e| e.starts_with("contact_etablissement#1 telephone_chiffre")), "what is sealed: {vus:?}");
        let avant = photo(&m.t).await;
        m.ecrit_lu(Method::DELETE, &ici, &ligne, Value::Null).await;
        assert!(!ecarts(&avant, &photo(&m.t).await).is_empty(), "a row that goes");
        // What is left aside is not seen.
        let avant = photo(&m.t).await;
        m.t.sql("UPDATE formation_session SET origine = 'ailleurs', version = version + 1", vec![]).await;
        assert_eq!(ecarts(&avant, &photo(&m.t).await), [""; 0]);
        m.admin.opens("/gestion/2024").await.is(200);
        assert_eq!(ecarts(&avant, &photo(&m.t).await), [""; 0], "looking at a page is no act");
    }

    async fn story_16_a_place_is_taken_waited_for_and_given_back(base) {
        compare(
            base,
            Monde::seance_annoncee,
            async |m: &mut Monde| {
                let page = format!("/mes-seances/2024/{}", m.seance().await);
                let vue = m.donneur.opens(&page).await;
                m.donneur.submits(&vue, "M’inscrire", &[]).await.is(200).sees("Vous avez une place");
                m.remplit(&page, "M’inscrire sur la liste d’attente", &[]).await;
                let vue = m.donneur.opens(&page).await;
                m.donneur.submits(&vue, "Me désinscrire", &[]).await.is(200);
            },
            async |m: &mut Monde| {
                let seance = m.seance().await;
                let lue = format!("/api/v1/sessions/2024/seances/{seance}");
                let inscription = format!("{lue}/inscription");
                let fait = m.ecrit_lu(Method::POST, &lue, &inscription, Value::Null).await;
                assert_eq!(fait["inscription"]["etat"], "inscrit", "{fait}");
                m.remplit(&format!("/mes-seances/2024/{seance}"), "M’inscrire sur la liste d’attente", &[]).await;
                m.ecrit_lu(Method::DELETE, &lue, &inscription, Value::Null).await;
            },
        )
        .await;
    }

    async fn story_17_a_course_of_the_catalogue_is_completed_submitted_and_accepted(base) {
        let accepte = async |m: &mut Monde, id: &str| {
            let page = m.agent.opens(&format!("/academie/2024/controles/{id}")).await;
            m.agent.submits(&page, "Accepter et publier", &[]).await.is(200);
            // The record follows its course.
            integrate(&m.t.systeme(), 2024).await.expect("integrated");
        };
        compare(
            base,
            Monde::du_catalogue,
            async |m: &mut Monde| {
                let ici = m.admin.opens("/gestion/2024/apprentissage").await.link("Ouvrir la formation");
                m.complete_page(&ici).await;
                accepte(m, ici.rsplit('/').next().unwrap()).await;
            },
            async |m: &mut Monde| {
                let fiches = m.l.lit("/api/v1/sessions/2024/apprentissage").await;
                let id = fiches.json["fiches"][0]["formation"].as_str().expect("its course").to_owned();
                m.complete_api(&id).await;
                accepte(m, &id).await;
                let fiches = m.l.lit("/api/v1/sessions/2024/apprentissage").await;
                assert_eq!(fiches.json["fiches"][0]["statut"], "publie", "{}", fiches.json);
            },
        )
        .await;
    }

    async fn story_20_a_course_is_set_up_submitted_and_accepted(base) {
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                let saisie = [("capacite", "26"), ("frais", "1250,50"), ("presentation", "Deux ans d’atelier.")];
                m.remplit(&m.page(""), "Enregistrer", &saisie).await;
                m.soumet_page().await;
                m.agent("", "Accepter et publier", &[]).await;
            },
            async |m: &mut Monde| {
                m.ecrit(Method::PUT, &m.api("/capacites"), json!({ "capacite": 26, "frais_centimes": 125_050 })).await;
                m.ecrit(Method::PUT, &m.api("/presentation"), json!({ "texte": "Deux ans d’atelier." })).await;
                m.soumet_api().await;
                m.agent("", "Accepter et publier", &[]).await;
            },
        )
        .await;
    }

    async fn story_21_an_establishment_writes_to_its_academic_service_and_is_answered(base) {
        const COURS: &str = "Une question sur les attendus.";
        let repond = async |m: &mut Monde| {
            let page = m.agent.opens(&m.page_etablissement("/echanges")).await;
            m.agent.submits(&page, "Envoyer", &[("texte", "Bien reçu.")]).await.is(200);
        };
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                m.remplit(&m.page_etablissement("/echanges"), "Envoyer", &[("texte", "Le site est fermé lundi.")]).await;
                repond(m).await;
                m.remplit(&m.page("/echanges"), "Envoyer", &[("texte", COURS)]).await;
            },
            async |m: &mut Monde| {
                m.ecrit(Method::POST, &m.api_etablissement("/echanges"), json!({ "texte": "Le site est fermé lundi." })).await;
                repond(m).await;
                m.ecrit(Method::POST, &m.api("/echanges"), json!({ "texte": COURS })).await;
            },
        )
        .await;
    }

    async fn story_22_an_establishment_and_its_lines(base) {
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                let e = |suite: &str| m.page_etablissement(suite);
                let (coordonnees, accueil, sites, composantes, journees, contacts) =
                    (e("/coordonnees"), e("/accueil"), e("/sites"), e("/composantes"), e("/journees"), e("/contacts"));
                m.remplit(&coordonnees, "Enregistrer les coordonnées", &[("sigle", "LJV"), ("telephone", "0322112233"), ("site_web", "https://lycee.example")]).await;
                let saisie = [("accessibilite", "Ascenseur."), ("referent_nom", "Ada"), ("referent_courriel", "ada@lycee.example"), ("internat", "mixte"), ("internat_places", "40"), ("boursiers", "oui")];
                m.remplit(&accueil, "Enregistrer l’accueil", &saisie).await;
                let annexe = [("nom", "Annexe"), ("adresse", "4 rue du Port"), ("code_postal", "80100"), ("commune", "Abbeville"), ("latitude", "50,108"), ("longitude", "1,83")];
                m.remplit(&sites, "Enregistrer le site", &annexe).await;
                m.remplit(&sites, "Enregistrer le site", &[("nom", "Antenne"), ("adresse", "1 quai"), ("code_postal", "80000"), ("commune", "Amiens"), ("latitude", ""), ("longitude", "")]).await;
                m.remplit(&sites, "Retirer Annexe", &[]).await;
                m.remplit(&composantes, "Enregistrer la composante", &[("nom", "UFR de sciences")]).await;
                m.remplit(&journees, "Enregistrer la journée", &[("jour", "2024-03-02"), ("debut", "09:00"), ("fin", "17:30"), ("ou", "Hall d’accueil")]).await;
                m.remplit(&contacts, "Enregistrer le contact", &[("contact_fonction", "Secrétariat"), ("contact_objet", "Inscriptions"), ("contact_telephone", "03 22 00 99 88")]).await;
            },
            async |m: &mut Monde| {
                let lu = m.api_etablissement("");
                let mut coordonnees = m.l.lit(&lu).await.json["coordonnees"].clone();
                for (champ, valeur) in [("sigle", "LJV"), ("telephone", "0322112233"), ("site_web", "https://lycee.example")] {
                    coordonnees[champ] = json!(valeur);
                }
                m.ecrit_lu(Method::PUT, &lu, &m.api_etablissement("/coordonnees"), coordonnees).await;
                let mut accueil = m.l.lit(&lu).await.json["accueil"].clone();
                for (champ, valeur) in [
                    ("accessibilite", json!("Ascenseur.")),
                    ("referent_nom", json!("Ada")),
                    ("referent_courriel", json!("ada@lycee.example")),
                    ("internat", json!("mixte")),
                    ("internat_places", json!(40)),
                    ("boursiers", json!(true)),
                ] {
                    accueil[champ] = valeur;
                }
                m.ecrit_lu(Method::PUT, &lu, &m.api_etablissement("/accueil"), accueil).await;
                let sites = m.api_etablissement("/sites");
                let annexe = json!({ "nom": "Annexe", "adresse": "4 rue du Port", "code_postal": "80100", "commune": "Abbeville", "latitude": 50.108, "longitude": 1.83 });
                m.ecrit_lu(Method::POST, &lu, &sites, annexe).await;
                let antenne = json!({ "nom": "Antenne", "adresse": "1 quai", "code_postal": "80000", "commune": "Amiens", "latitude": null, "longitude": null });
                let e = m.ecrit_lu(Method::POST, &lu, &sites, antenne).await;
                let annexe = e["sites"].as_array().unwrap().iter().find(|s| s["nom"] == "Annexe").unwrap();
                let annexe = format!("{sites}/{}", annexe["id"].as_str().unwrap());
                m.ecrit_lu(Method::DELETE, &lu, &annexe, Value::Null).await;
                m.ecrit_lu(Method::POST, &lu, &m.api_etablissement("/composantes"), json!({ "nom": "UFR de sciences" })).await;
                let journee = json!({ "jour": "2024-03-02", "debut": "09:00", "fin": "17:30", "ou": "Hall d’accueil" });
                m.ecrit_lu(Method::POST, &lu, &m.api_etablissement("/journees"), journee).await;
                let contact = json!({ "fonction": "Secrétariat", "objet": "Inscriptions", "telephone": "03 22 00 99 88" });
                m.ecrit(Method::POST, &m.api_etablissement("/contacts"), contact).await;
            },
        )
        .await;
    }

    async fn story_23_a_capacity_out_of_the_ordinary_is_explained_then_read_by_two_people(base) {
        const MOTIF: &str = "Les divisions des deux lycées voisins sont regroupées ici à la rentrée.";
        let confirme = async |m: &mut Monde| {
            let page = m.chef.opens(&m.page("/relecture")).await;
            m.chef.submits(&page, "Confirmer cette capacité", &[]).await.is(200);
        };
        // All those who may confirm are told but who explained: a person here, the token's giver there.
        let invites = async |m: &Monde| {
            let siens = "FROM envoi WHERE modele = 'capacite_a_confirmer'";
            assert_eq!(m.t.nombre(&format!("SELECT COUNT(*) {siens}"), vec![]).await, 2);
            m.t.sql(&format!("DELETE {siens}"), vec![]).await;
        };
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                m.remplit(&m.page(""), "Enregistrer", &[("capacite", "244"), ("frais", "0")]).await;
                m.remplit(&m.page("/relecture"), "Enregistrer le motif", &[("motif", MOTIF)]).await;
                invites(m).await;
                confirme(m).await;
                m.soumet_page().await;
            },
            async |m: &mut Monde| {
                let lu = m.api("/capacites");
                m.ecrit(Method::PUT, &lu, json!({ "capacite": 244, "frais_centimes": 0 })).await;
                m.ecrit_lu(Method::POST, &lu, &m.api("/capacites/motif"), json!({ "motif": MOTIF })).await;
                invites(m).await;
                confirme(m).await;
                m.soumet_api().await;
            },
        )
        .await;
    }

    async fn story_24_a_course_is_described_copied_and_sent_as_a_workbook(base) {
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                m.remplit(&m.page("/caracteristiques"), "Enregistrer", &[("duree", "2"), ("langues", "français et anglais")]).await;
                m.remplit(&m.page("/candidature"), "Enregistrer", &[("pieces.0.piece", "Curriculum vitæ"), ("pieces.0.obligatoire", "oui"), ("pieces.0.format", "pdf")]).await;
                m.remplit(&m.page("/contacts"), "Enregistrer", &[("contact", "Vie scolaire")]).await;
                let copie = format!("/gestion/2024/formations/{}/copier?source={}", m.f[1].public_id, m.f[0].public_id);
                m.remplit(&copie, "Reprendre les champs cochés", &[("champs[]", "contact")]).await;
                let page = m.admin.opens("/gestion/2024/classeur").await;
                let export = m.admin.opens(&page.link("Fichier CSV")).await;
                let change = String::from_utf8(export.octets).unwrap().replace("S’intéresser à la matière.", "Aimer compter.");
                let apercu = m.admin.uploads(&page, "Vérifier ce fichier", "fichier", "fichier.csv", change.as_bytes()).await;
                m.admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(200);
            },
            async |m: &mut Monde| {
                m.ecrit(Method::PATCH, &m.api("/description/caracteristiques"), json!({ "duree": 2, "langues": "français et anglais" })).await;
                let pieces = json!({ "pieces": [{ "piece": "Curriculum vitæ", "obligatoire": true, "format": "pdf" }] });
                m.ecrit(Method::PATCH, &m.api("/description/candidature"), pieces).await;
                m.ecrit(Method::PATCH, &m.api("/description/contacts"), json!({ "contact": "Vie scolaire" })).await;
                let autre = format!("/api/v1/sessions/2024/formations/{}/reprise", m.f[1].public_id);
                let corps = json!({ "source": m.f[0].public_id, "champs": ["contact"] });
                let r = m.l.ecrit(Method::POST, &autre, &[("idempotency-key", "reprise")], &corps).await;
                assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
                let classeur = "/api/v1/sessions/2024/classeur";
                let export = m.l.appelle(Method::GET, classeur, &[("accept", "text/csv")], None).await;
                let change = String::from_utf8(export.octets).unwrap().replace("S’intéresser à la matière.", "Aimer compter.");
                let csv = [("content-type", "text/csv")];
                let lu = m.l.appelle(Method::POST, &format!("{classeur}/lecture"), &csv, Some(change.into_bytes())).await;
                assert_eq!(lu.json["differences"].as_array().map(Vec::len), Some(3), "{}", lu.json);
                let corps = json!({ "recu": lu.json["recu"] });
                let r = m.l.ecrit(Method::POST, &format!("{classeur}/application"), &[("idempotency-key", "classeur")], &corps).await;
                assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
            },
        )
        .await;
    }

    async fn story_24_the_courses_move_with_the_sheets_of_the_establishment(base) {
        const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                let page = m.admin.opens("/gestion/2024/classeur").await;
                let apercu = m.admin.uploads(&page, "Vérifier ce fichier", "fichier", "p.xlsx", &m.demenagement()).await;
                m.admin.submits(&apercu, "Appliquer ces changements", &[]).await.is(200);
            },
            async |m: &mut Monde| {
                let classeur = "/api/v1/sessions/2024/classeur";
                let xlsx = [("content-type", XLSX)];
                let lu = m.l.appelle(Method::POST, &format!("{classeur}/lecture"), &xlsx, Some(m.demenagement())).await;
                assert_eq!(lu.json["differences"].as_array().map(Vec::len), Some(4), "{}", lu.json);
                assert_eq!(lu.json["lignes_retirees"], 1, "{}", lu.json);
                let corps = json!({ "recu": lu.json["recu"] });
                let r = m.l.ecrit(Method::POST, &format!("{classeur}/application"), &[("idempotency-key", "classeur")], &corps).await;
                assert_eq!(r.statut, StatusCode::OK, "{}", r.json);
            },
        )
        .await;
    }

    async fn story_24_many_courses_are_submitted_in_one_act(base) {
        compare(
            base,
            async |m: &mut Monde| {
                m.t.sql("UPDATE formation_session SET capacite = NULL WHERE id = $1", vec![m.f[1].formation_session.into()]).await;
            },
            async |m: &mut Monde| {
                let page = m.admin.opens("/gestion/2024/lot").await;
                let cases: Vec<String> = m.f.iter().map(|f| page.box_of(&f.public_id)).collect();
                let choix: Vec<(&str, &str)> = cases.iter().map(|c| ("formations[]", c.as_str())).collect();
                m.admin.submits(&page, "Soumettre les formations cochées", &choix).await.is(200);
            },
            async |m: &mut Monde| {
                let liste = m.l.lit("/api/v1/sessions/2024/formations").await.json["formations"].clone();
                let lue = |id: &str| {
                    let f = liste.as_array().unwrap().iter().find(|f| f["id"] == id).unwrap();
                    json!({ "id": id, "version": f["version"] })
                };
                let corps = json!({ "formations": m.f.iter().map(|f| lue(&f.public_id)).collect::<Vec<_>>() });
                let ici = "/api/v1/sessions/2024/formations/soumission";
                let r = m.l.ecrit(Method::POST, ici, &[("idempotency-key", "soumission")], &corps).await;
                assert_eq!((r.statut, r.json["soumises"].as_array().map(Vec::len)), (StatusCode::OK, Some(2)), "{}", r.json);
            },
        )
        .await;
    }

    async fn story_24_last_years_capacities_are_put_back(base) {
        const LIRE: &str = "/api/v1/sessions/2025/formations/reconduction";
        compare(
            base,
            async |m: &mut Monde| {
                m.t.at("2024-11-12T08:00");
                app::sessions::ouvrir_session(&m.t.systeme(), 2025, Some(2024)).await.unwrap();
                m.t.at("2024-11-20T10:00");
                // Whoever gave the token has brought their account up to date; somebody else fills the forms.
                m.t.sql("UPDATE compte SET etat = 'actif'", vec![]).await;
                let a = Attribution { etablissement: Some(m.f[0].etablissement), ..Attribution::simple(Role::AdminSite) };
                let (compte, _) = m.t.personne("suivant@lycee.example", a).await;
                m.admin = m.t.navigateur_de(compte).await;
            },
            async |m: &mut Monde| {
                let page = m.admin.opens("/gestion/2025/lot/capacites").await;
                let toutes = page.link("Cocher les 3 formations sans capacité");
                m.remplit(&toutes, "Reprendre les capacités cochées", &[]).await;
            },
            async |m: &mut Monde| {
                let lues = m.l.lit(LIRE).await.json["formations"].as_array().unwrap().clone();
                let choisies: Vec<Value> = lues.iter().map(|f| json!({ "id": f["id"], "version": f["version"] })).collect();
                let r = m.l.ecrit(Method::POST, LIRE, &[("idempotency-key", "reprise")], &json!({ "formations": choisies })).await;
                assert_eq!((r.statut, r.json["reprises"].as_array().map(Vec::len)), (StatusCode::OK, Some(3)), "{}", r.json);
            },
        )
        .await;
    }

    async fn story_25_courses_are_grouped_changed_and_left(base) {
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                let [_, deux, trois] = [0, 1, 2].map(|i| m.f[i].public_id.clone());
                let page = m.page("/regroupement");
                m.remplit(&page, "Enregistrer le regroupement", &[("libelle", "Prépas"), ("mutualisation", "dossier_unique"), ("formations[]", &deux)]).await;
                m.remplit(&page, "Enregistrer le regroupement", &[("libelle", "Prépas scientifiques"), ("mutualisation", "dossier_unique"), ("formations[]", &deux), ("formations[]", &trois)]).await;
                m.remplit(&format!("/gestion/2024/formations/{deux}/regroupement"), "Retirer cette formation du regroupement", &[]).await;
            },
            async |m: &mut Monde| {
                let [_, deux, trois] = [0, 1, 2].map(|i| m.f[i].public_id.clone());
                let ici = m.api("/regroupement");
                m.ecrit(Method::PUT, &ici, json!({ "libelle": "Prépas", "mutualisation": "dossier_unique", "formations": [deux] })).await;
                m.ecrit(Method::PUT, &ici, json!({ "libelle": "Prépas scientifiques", "mutualisation": "dossier_unique", "formations": [deux, trois] })).await;
                m.ecrit(Method::DELETE, &format!("/api/v1/sessions/2024/formations/{deux}/regroupement"), Value::Null).await;
            },
        )
        .await;
    }

    async fn story_26_a_course_is_submitted_returned_put_right_and_accepted(base) {
        let retourne = async |m: &mut Monde| {
            m.agent("", "Prendre en charge", &[]).await;
            m.t.at("2024-01-15T10:00");
            let motifs = [("motif.attendus", "Dites ce qui est attendu en mathématiques."), ("motif.frais", "Ils étaient de 170 euros en 2023."), ("jusqu_a", "2024-01-20")];
            m.agent("/retour?champs%5B%5D=attendus&champs%5B%5D=frais", "Retourner à l’établissement", &motifs).await;
        };
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                m.soumet_page().await;
                retourne(m).await;
                m.remplit(&m.page("/attendus"), "Enregistrer", &[("attendus", "Aimer les mathématiques.")]).await;
                m.remplit(&m.page(""), "Enregistrer", &[("frais", "170")]).await;
                m.soumet_page().await;
                m.agent("", "Accepter et publier", &[]).await;
            },
            async |m: &mut Monde| {
                m.soumet_api().await;
                retourne(m).await;
                m.ecrit(Method::PATCH, &m.api("/description/attendus"), json!({ "attendus": "Aimer les mathématiques." })).await;
                let lu = m.l.lit(&m.api("/capacites")).await;
                let corps = json!({ "capacite": lu.json["capacite"], "frais_centimes": 17_000 });
                m.ecrit(Method::PUT, &m.api("/capacites"), corps).await;
                m.soumet_api().await;
                m.agent("", "Accepter et publier", &[]).await;
            },
        )
        .await;
    }

    async fn story_27_requests_are_asked_withdrawn_answered_and_done(base) {
        const OUVRIR: [(&str, &str); 5] = [("famille", "bts"), ("libelle", "BTS Tourisme"), ("statut", "etudiant"), ("selective", "oui"), ("motif", DEMANDE)];
        compare(
            base,
            async |m: &mut Monde| {
                m.t.etablissement("0800002B", "Lycée voisin").await;
            },
            async |m: &mut Monde| {
                let successeur = m.f[1].public_id.clone();
                m.demande_page(0, "suspension", &[]).await;
                let une = format!("/gestion/2024/demandes/{}", m.demande().await);
                m.remplit(&une, "Retirer la demande", &[]).await;
                m.demande_page(2, "fusion", &[("successeur", &successeur)]).await;
                m.accepte().await;
                let site = m.site().await;
                let mut saisie: Vec<(&str, &str)> = OUVRIR.to_vec();
                saisie.push(("site", &site));
                m.remplit("/gestion/2024/demandes/ouvrir", "Envoyer la demande", &saisie).await;
                m.accepte().await;
                m.demande_page(1, "cession", &[("uai", "0800002B")]).await;
                m.t.at("2023-12-20T10:00");
                m.demande_page(0, "derogation", &[("champs[]", "attendus"), ("jusqu_a", "2023-12-28")]).await;
                let parties = [("parties[]", "accueil"), ("jusqu_a", "2023-12-28"), ("motif", DEMANDE)];
                m.remplit(&m.page_etablissement(""), "Envoyer la demande", &parties).await;
            },
            async |m: &mut Monde| {
                let liste = "/api/v1/sessions/2024/demandes";
                m.demande_api(0, json!({ "nature": "suspension" })).await;
                let une = format!("{liste}/{}", m.demande().await);
                m.ecrit_lu(Method::POST, &une, &format!("{une}/retrait"), Value::Null).await;
                m.demande_api(2, json!({ "nature": "fusion", "successeur": m.f[1].public_id })).await;
                m.accepte().await;
                let mut offre: Value = OUVRIR.into_iter().map(|(n, v)| (n.to_owned(), json!(v))).collect::<serde_json::Map<_, _>>().into();
                offre["selective"] = json!(true);
                offre["site"] = json!(m.site().await);
                m.ecrit(Method::POST, liste, offre).await;
                m.accepte().await;
                m.demande_api(1, json!({ "nature": "cession", "uai": "0800002B" })).await;
                m.t.at("2023-12-20T10:00");
                m.demande_api(0, json!({ "nature": "derogation", "champs": ["attendus"], "jusqu_a": "2023-12-28" })).await;
                let corps = json!({ "parties": ["accueil"], "jusqu_a": "2023-12-28", "motif": DEMANDE });
                m.ecrit(Method::POST, &m.api_etablissement("/demandes"), corps).await;
            },
        )
        .await;
    }

    async fn story_28_many_courses_are_confirmed_and_a_blank_one_is_completed_from_its_template(base) {
        compare(
            base,
            async |m: &mut Monde| {
                let vide = m.f[0].formation_session;
                let reprises = "UPDATE formation_description SET reprise = 1, confirmee_le = NULL WHERE formation_session_id <> $1";
                m.t.sql(reprises, vec![vide.into()]).await;
                let rien = "UPDATE formation_description SET contenu = '{}', manques = 20 WHERE formation_session_id = $1";
                m.t.sql(rien, vec![vide.into()]).await;
            },
            async |m: &mut Monde| {
                m.remplit("/gestion/2024/lot?cocher=toutes", "Confirmer les formations cochées", &[]).await;
                let ici = m.page("");
                m.complete_page(&ici).await;
            },
            async |m: &mut Monde| {
                let vide = m.f[0].public_id.clone();
                let liste = m.l.lit("/api/v1/sessions/2024/formations").await.json["formations"].clone();
                let autres = liste.as_array().unwrap().iter().filter(|f| f["id"] != vide.as_str());
                let lues: Vec<Value> = autres.map(|f| json!({ "id": f["id"], "version": f["version"] })).collect();
                let ici = "/api/v1/sessions/2024/formations/confirmation";
                let r = m.l.ecrit(Method::POST, ici, &[("idempotency-key", "confirmation")], &json!({ "formations": lues })).await;
                assert_eq!((r.statut, r.json["confirmees"].as_array().map(Vec::len)), (StatusCode::OK, Some(2)), "{}", r.json);
                m.complete_api(&vide).await;
            },
        )
        .await;
    }

    async fn story_31_the_faults_of_a_grid_are_read_and_mended(base) {
        const FAUTIFS: [Critere; 2] = [
            (0, "Résultats", "Moyennes ; pour un quart, notes des épreuves terminales de spécialité"),
            (3, "Projet", "Projet de formation motivé"),
        ];
        const JUSTES: [Critere; 2] = [
            (0, "Résultats", "Moyennes de première et de terminale, d’après les bulletins."),
            (3, "Projet", "Lettre de motivation : ce que le candidat sait de la formation."),
        ];
        const USAGE: &str = "La commission y lit ce que le candidat sait du métier.";
        const PREMIER: &str = "Venez aux portes ouvertes.";
        const SECOND: &str = "Relisez la fiche avant de confirmer.";
        compare(
            base,
            rien,
            async |m: &mut Monde| {
                m.remplit(&m.page("/candidature"), "Enregistrer", &[("lettre", "oui"), ("lettre_usage", USAGE)]).await;
                m.grille_page(&FAUTIFS, "95").await;
                m.admin.opens(&m.page("/publier")).await.sees("la correction de la grille d’analyse");
                m.grille_page(&JUSTES, "65").await;
                m.admin.opens(&m.page("/publier")).await.sees_not("la correction de la grille d’analyse");
                let grille = m.page("/grille");
                let vieille = m.admin.opens(&grille).await;
                m.remplit(&grille, "Enregistrer", &[("conseils", PREMIER)]).await;
                let refus = m.admin.submits(&vieille, "Enregistrer", &[("conseils", SECOND)]).await;
                refus.is(409);
                m.admin.submits(&refus, "Enregistrer", &[]).await.is(200);
            },
            async |m: &mut Monde| {
                let lettre = json!({ "lettre": true, "lettre_usage": USAGE });
                m.ecrit(Method::PATCH, &m.api("/description/candidature"), lettre).await;
                let fautes = m.grille_api(&FAUTIFS, 95).await;
                assert!(["B1", "B4", "B7"].iter().all(|r| fautes.iter().any(|f| f == r)), "{fautes:?}");
                let restent = m.grille_api(&JUSTES, 65).await;
                assert!(!restent.iter().any(|r| ["B1", "B4", "B7"].contains(&r.as_str())), "{restent:?}");
                let ici = m.api("/description/grille");
                let vieux = m.l.lit(&ici).await.etag();
                m.ecrit(Method::PATCH, &ici, json!({ "conseils": PREMIER })).await;
                let r = m.l.ecrit(Method::PATCH, &ici, &[("if-match", &vieux)], &json!({ "conseils": SECOND })).await;
                assert_eq!(r.statut, StatusCode::PRECONDITION_FAILED, "{}", r.json);
                m.ecrit(Method::PATCH, &ici, json!({ "conseils": SECOND })).await;
            },
        )
        .await;
    }

    async fn story_40_a_ranking_by_file_is_transmitted(base) {
        const RANGS: [(usize, &str); 3] = [(2, "1"), (0, "2"), (1, "")];
        compare(
            base,
            Monde::candidatures,
            async |m: &mut Monde| {
                let (url, fichier) = (format!("/gestion/2024/groupes/{}", m.f[0].groupe_public_id), m.rangs(&RANGS));
                Monde::classe_page(&mut m.responsable, &url, &fichier).await;
            },
            async |m: &mut Monde| {
                let url = format!("/api/v1/sessions/2024/groupes/{}", m.f[0].groupe_public_id);
                m.classe_api(&url, m.rangs(&RANGS)).await;
            },
        )
        .await;
    }

    async fn story_41_boarding_schools_are_declared_ranked_and_transmitted(base) {
        const FILLES: [(usize, &str); 3] = [(1, "1"), (0, ""), (2, "")];
        const GARCONS: [(usize, &str); 2] = [(2, "1"), (0, "2")];
        compare(
            base,
            Monde::candidatures,
            async |m: &mut Monde| {
                let (liste, formation) = (m.page_etablissement("/internats"), m.f[0].public_id.clone());
                let declare = |libelle, capacite, accueil| [("libelle", libelle), ("capacite", capacite), ("accueil", accueil), ("formation", "commun")];
                let propre = |libelle, capacite, accueil| {
                    let mut saisie = declare(libelle, capacite, accueil);
                    saisie[3].1 = "propre";
                    saisie
                };
                for saisie in [propre("Internat des filles", "30", "filles"), propre("Internat des garçons", "28", "garcons"), declare("Essai", "1", "mixte")] {
                    let saisie: Vec<(&str, &str)> = saisie.into_iter().map(|(n, v)| (n, if v == "propre" { formation.as_str() } else { v })).collect();
                    m.remplit(&liste, "Enregistrer l’internat", &saisie).await;
                }
                let page = m.admin.opens(&liste).await;
                let (filles, garcons) = (page.link("Classement de « Internat des filles »"), page.link("Classement de « Internat des garçons »"));
                m.remplit(&page.link("Modifier Essai"), "Enregistrer l’internat", &[("capacite", "25")]).await;
                m.remplit(&liste, "Retirer Essai", &[]).await;
                for (url, rangs) in [(filles, &FILLES[..]), (garcons, &GARCONS[..])] {
                    let fichier = m.rangs(rangs);
                    Monde::classe_page(&mut m.admin, &url, &fichier).await;
                }
            },
            async |m: &mut Monde| {
                let liste = m.api_etablissement("/internats");
                let mut ids = BTreeMap::new();
                for (libelle, capacite, accueil, propre) in [("Internat des filles", 30, "filles", true), ("Internat des garçons", 28, "garcons", true), ("Essai", 1, "mixte", false)] {
                    let formation = propre.then(|| m.f[0].public_id.clone());
                    let corps = json!({ "libelle": libelle, "capacite": capacite, "accueil": accueil, "formation": formation });
                    let fait = m.ecrit(Method::POST, &liste, corps).await;
                    let sien = fait["internats"].as_array().unwrap().iter().find(|i| i["libelle"] == libelle).unwrap();
                    ids.insert(libelle, sien["id"].as_str().unwrap().to_owned());
                }
                let essai = format!("{liste}/{}", ids["Essai"]);
                m.ecrit(Method::PUT, &essai, json!({ "libelle": "Essai", "capacite": 25, "accueil": "mixte" })).await;
                m.ecrit(Method::DELETE, &essai, Value::Null).await;
                for (libelle, rangs) in [("Internat des filles", &FILLES[..]), ("Internat des garçons", &GARCONS[..])] {
                    let url = format!("/api/v1/sessions/2024/internats/{}", ids[libelle]);
                    m.classe_api(&url, m.rangs(rangs)).await;
                }
            },
        )
        .await;
    }
}
