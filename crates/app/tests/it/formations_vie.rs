//! The life of courses: what establishments ask, what is answered and what it does, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use app::accueil::{FormationAFaire, Geste, Nature, home};
use app::formations::{
    Capacites, Criteres, CriteresDemandes, EnregistrerParametrage, Guichet, Reponse, accept_formation,
    answer_demande, ask_formation, ask_ouverture, closed_sheet, confirm_capacite, count_a_examiner,
    export_demandes, list_demandes, motive_capacite, publish_formation, save_parametrage, save_rubrique,
    search_filieres, search_offre, sheet, submit_formation, view_controle, view_demande, view_demander,
    view_description, view_parametrage, withdraw_demande,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use app::{AppError, Ctx, FormatTableau};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::controle::EtatControle;
use domain::formations::demandes::{EtatDemande, NatureDemande, NouvelleOffre, Souhait};
use domain::formations::description::{CHAMPS, Champ, Rubrique, Valeur};
use domain::formations::{EtatFormation, Famille, GroupeVoulu};
use domain::{PublicId, RuleViolation};
use jiff::civil::date;
use testkit::fabrique::{FormationEssai, description_complete};
use testkit::{TestApp, both_databases};

const MOTIF: &str = "Trop peu d’élèves depuis trois ans.";

struct Scene {
    t: TestApp,
    f: FormationEssai,
    admin: Acteur,
    chef: Acteur,
    agent: Acteur,
    national: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
        let sur = |role| Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) };
        let admin = t.personne("admin@lycee.example", sur(Role::AdminSite)).await.1;
        let chef = t.personne("chef@lycee.example", sur(Role::ChefEtab)).await.1;
        let agent = agent(&t, "un", "20").await;
        let national = t.personne("nat@education.example", Attribution::simple(Role::AdminNational)).await.1;
        t.at("2023-11-20T10:00");
        Self { t, f, admin, chef, agent, national }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn agent(&self) -> Ctx {
        self.t.ctx(self.agent.clone())
    }

    fn public(&self) -> Ctx {
        self.t.ctx(Acteur::public())
    }

    fn id(&self) -> PublicId {
        id(&self.f)
    }

    async fn ask(&self, s: Souhait) -> Result<PublicId, AppError> {
        self.ask_of(&self.id(), s).await
    }

    async fn ask_of(&self, id: &PublicId, s: Souhait) -> Result<PublicId, AppError> {
        ask_formation(&self.admin(), &Garde::default(), 2024, id, &s, MOTIF).await?;
        Ok(self.derniere().await)
    }

    async fn ask_open(&self, libelle: &str) -> Result<PublicId, AppError> {
        let offre = self.offre(libelle).await;
        ask_ouverture(&self.admin(), &Garde::default(), 2024, &offre, MOTIF).await?;
        Ok(self.derniere().await)
    }

    async fn offre(&self, libelle: &str) -> NouvelleOffre {
        NouvelleOffre {
            famille: "bts".to_owned(),
            libelle: libelle.to_owned(),
            detail: String::new(),
            statut: "etudiant".to_owned(),
            selective: true,
            site: self.site(self.f.etablissement).await,
            ..NouvelleOffre::default()
        }
    }

    /// The session has a national type, BTS of water, with what is expected.
    async fn nomenclature(&self) -> i64 {
        let colonnes =
            "session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, source";
        let [sigle, libelle, attendus, source] =
            ["BTS-ME", "Métiers de l’eau", "Aimer l’eau.\nSavoir mesurer.", "Cadre d’essai"]
                .map(|t| t.to_owned().into());
        let valeurs = vec![
            self.f.session.into(),
            467_i64.into(),
            467_i64.into(),
            sigle,
            libelle,
            0_i64.into(),
            0_i64.into(),
            attendus,
            source,
        ];
        self.t.insert("type_formation", colonnes, valeurs).await.0
    }

    async fn site(&self, etablissement: i64) -> String {
        let sql = "SELECT s.public_id FROM site_formation s JOIN etablissement_session e ON e.id = s.etablissement_session_id
                   WHERE e.etablissement_id = $1 ORDER BY s.id LIMIT 1";
        self.t.mot(sql, vec![etablissement.into()]).await
    }

    async fn derniere(&self) -> PublicId {
        let sql = "SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1";
        PublicId::parse(&self.t.mot(sql, vec![]).await).unwrap()
    }

    async fn answers(&self, demande: &PublicId, r: Reponse) -> Result<(), AppError> {
        let guichet = Guichet::Academie;
        answer_demande(&self.agent(), &Garde::default(), 2024, guichet, demande, &r).await.map(|_| ())
    }

    /// Whoever would receive the course says yes.
    async fn agrees(&self, receveur: &Acteur, demande: &PublicId) {
        let r = Reponse::Accepter(String::new(), None);
        let ctx = self.t.ctx(receveur.clone());
        answer_demande(&ctx, &Garde::default(), 2024, Guichet::Receveur, demande, &r).await.unwrap();
    }

    async fn accepts(&self, demande: &PublicId) -> Result<(), AppError> {
        self.answers(demande, Reponse::Accepter(String::new(), None)).await
    }

    /// Another site of the establishment.
    async fn annexe(&self, nom: &str, code: &str, commune: &str) -> String {
        let sql = "SELECT id FROM etablissement_session WHERE etablissement_id = $1";
        let ligne = self.t.nombre(sql, vec![self.f.etablissement.into()]).await;
        let colonnes = "etablissement_session_id, nom, adresse, code_postal, commune, latitude, longitude";
        let [nom, adresse, code, commune] = [nom, "2 rue Neuve", code, commune].map(|t| t.to_owned().into());
        let valeurs = vec![ligne.into(), nom, adresse, code, commune, 50.1.into(), 1.83.into()];
        self.t.insert("site_formation", colonnes, valeurs).await.1
    }

    /// Something that the public does not read yet.
    async fn contact(&self, texte: &str) {
        let champ = Champ::from_code("contact").unwrap();
        let c = [(champ, Some(Valeur::Texte(texte.to_owned())))];
        let (ctx, garde) = (self.admin(), Garde::default());
        save_rubrique(&ctx, &garde, 2024, &self.id(), Rubrique::Contacts, &c).await.unwrap();
    }

    async fn etat(&self) -> EtatFormation {
        view_parametrage(&self.t.ctx(self.agent.clone()), 2024, &self.id()).await.unwrap().etat
    }

    async fn found(&self) -> Vec<String> {
        let resultats = search_offre(&self.public(), &Criteres::default()).await.unwrap();
        resultats.lignes.into_iter().map(|l| l.libelle).collect()
    }

    async fn courses(&self) -> i64 {
        let mut n = 0;
        for table in ["formation_inscription", "formation", "formation_session"] {
            n += self.t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await;
        }
        n
    }
}

async fn agent(t: &TestApp, nom: &str, academie: &str) -> Acteur {
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    t.personne(&format!("{nom}@ac.example"), a).await.1
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

/// Vocational candidates apart.
fn deux(pro: i64, autres: i64) -> Vec<GroupeVoulu> {
    let groupe = |libelle: &str, series: &[&str], places: i64| GroupeVoulu {
        libelle: libelle.to_owned(),
        series: series.iter().map(|s| (*s).to_owned()).collect(),
        places,
    };
    vec![groupe("Bac pro", &["pro"], pro), groupe("Autres bacs", &["general", "techno", "autre"], autres)]
}

fn closing(successeur: Option<&FormationEssai>) -> Souhait {
    Souhait::Fermeture { successeur: successeur.map(|f| f.public_id.clone()) }
}

fn field<T: std::fmt::Debug>(r: Result<T, AppError>) -> (&'static str, &'static str) {
    match r {
        Err(AppError::Rule(RuleViolation::Champ { champ, motif })) => (champ, motif),
        autre => panic!("{autre:?}"),
    }
}

fn criteres() -> CriteresDemandes {
    CriteresDemandes { etat: None, nature: None, texte: String::new(), departement: None, page: 1 }
}

both_databases! {
    async fn r_vie_01_a_course_exists_once_its_opening_is_accepted_and_not_before(base) {
        let s = Scene::new(base).await;
        let avant = s.courses().await;
        let d = s.ask_open("BTS Tourisme").await.unwrap();
        assert_eq!(s.courses().await, avant, "asking makes nothing");
        for publie in [
            publish_formation(&s.admin(), &Garde::default(), 2024, &d).await,
            save_parametrage(&s.admin(), &Garde::default(), 2024, &d, &EnregistrerParametrage { capacites: None, presentation: Some("x".to_owned()) }).await,
        ] {
            assert!(matches!(publie, Err(AppError::NotFound)), "{publie:?}");
        }
        // Asked once; refused, it never exists; a name that the establishment has already is not asked.
        assert_eq!(field(s.ask_open("BTS Tourisme").await), ("libelle", "demande"));
        assert_eq!(field(s.ask_open("bts électronique").await), ("libelle", "existe"));
        s.answers(&d, Reponse::Refuser("Aucun besoin dans ce bassin.".to_owned())).await.unwrap();
        assert_eq!(s.courses().await, avant);
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeRepondue))), "{refus:?}");
        // Withdrawn, neither.
        let d = s.ask_open("BTS Tourisme").await.unwrap();
        withdraw_demande(&s.admin(), &Garde::default(), 2024, &d).await.unwrap();
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeRepondue))), "{refus:?}");
        assert_eq!(s.courses().await, avant);
        // Accepted, it is a draft with the groups of its family, on its site, that the establishment completes and publishes.
        let d = s.ask_open("BTS Tourisme").await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.courses().await, avant + 3);
        let fiche = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap();
        let neuve = PublicId::parse(fiche.formation.as_deref().unwrap()).unwrap();
        let p = view_parametrage(&s.admin(), 2024, &neuve).await.unwrap();
        assert_eq!((p.etat, p.capacite, p.intitule.lieu.as_str()), (EtatFormation::Brouillon, None, "Amiens (80)"));
        assert!(p.groupes.len() > 1, "a BTS ranks its vocational candidates apart: {:?}", p.groupes);
        let site = s.site(s.f.etablissement).await;
        assert_eq!(view_description(&s.admin(), 2024, &neuve).await.unwrap().description.texte("site"), site);
        let complete = serde_json::to_string(&description_complete(Famille::Bts, &site)).unwrap();
        s.t.sql("UPDATE formation_description SET contenu = $1, manques = 0", vec![complete.into()]).await;
        let places = p.groupes.iter().map(|g| (g.id.clone(), 12)).collect();
        let c = Capacites { capacite: Some(12 * i64::try_from(p.groupes.len()).unwrap()), frais_centimes: Some(0), places };
        let saisie = EnregistrerParametrage { capacites: Some(c), presentation: None };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &neuve, &saisie).await.unwrap();
        publish_formation(&s.admin(), &Garde::default(), 2024, &neuve).await.unwrap();
        s.t.at("2023-12-21T10:00");
        assert_eq!(s.found().await, ["BTS Électronique", "BTS Tourisme"]);
    }

    async fn r_vie_01_one_question_at_a_time_and_a_form_sent_twice_asks_once(base) {
        let s = Scene::new(base).await;
        let garde = Garde { cle: Some("a".to_owned()), version: Some(0), ..Garde::default() };
        let recu = ask_formation(&s.admin(), &garde, 2024, &s.id(), &closing(None), MOTIF).await.unwrap();
        assert_eq!(ask_formation(&s.admin(), &garde, 2024, &s.id(), &closing(None), MOTIF).await.unwrap(), recu);
        let refus = s.ask(Souhait::Suspension).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeEnCours))), "{refus:?}");
        let vue = view_demander(&s.admin(), 2024, &s.id()).await.unwrap();
        assert!(vue.natures.iter().all(|(_, p)| *p == Err(RuleViolation::DemandeEnCours)));
        let refus = ask_formation(&s.admin(), &Garde::default(), 2024, &s.id(), &Souhait::Suspension, "non").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeEnCours))), "{refus:?}");
        withdraw_demande(&s.admin(), &Garde::default(), 2024, &s.derniere().await).await.unwrap();
        let refus = ask_formation(&s.admin(), &Garde::default(), 2024, &s.id(), &Souhait::Suspension, "non").await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "motif"), "{refus:?}");
        // Two tabs of one agent, the second out of date.
        let d = s.ask(Souhait::Suspension).await.unwrap();
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        let vieille = Garde { cle: None, version: Some(vue.version - 1), ..Garde::default() };
        let r = Reponse::Refuser("Les effectifs suffisent.".to_owned());
        let refus = answer_demande(&s.agent(), &vieille, 2024, Guichet::Academie, &d, &r).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
    }

    async fn r_vie_05_an_opening_is_not_made_in_an_academy_that_was_not_asked(base) {
        let s = Scene::new(base).await;
        let d = s.ask_open("BTS Cybersécurité").await.unwrap();
        // The site it names is moved to another academy before the answer.
        s.t.sql("UPDATE site_formation SET code_postal = '59000', commune = 'Lille'", vec![]).await;
        let avant = s.courses().await;
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeCaduque { champ: "site" }))), "{refus:?}");
        assert_eq!(s.courses().await, avant);
    }

    async fn r_ctl_15_the_requests_of_a_service_are_searched_and_taken_away(base) {
        let s = Scene::new(base).await;
        s.ask(Souhait::Suspension).await.unwrap();
        s.ask_open("BTS Métiers de l’eau").await.unwrap();
        let lues = |c: CriteresDemandes| {
            let ctx = s.agent();
            async move {
                let l = list_demandes(&ctx, 2024, Guichet::Academie, &c).await.unwrap();
                let formations: Vec<String> = l.lignes.iter().map(|d| d.formation.clone()).collect();
                (l.total, formations.join(" | "))
            }
        };
        let dites = |texte: &str, departement: Option<&str>| CriteresDemandes {
            texte: texte.to_owned(),
            departement: departement.map(str::to_owned),
            ..criteres()
        };
        let (une, neuve) = ("BTS Électronique".to_owned(), "BTS Métiers de l’eau".to_owned());
        assert_eq!(lues(dites("", None)).await.0, 2);
        // The words of a course, those of one that does not exist yet, those of the establishment and of its town.
        assert_eq!(lues(dites("electro", None)).await, (1, une.clone()));
        assert_eq!(lues(dites("metiers eau", None)).await, (1, neuve.clone()));
        assert_eq!(lues(dites("amiens lycee", None)).await.0, 2);
        assert_eq!(lues(dites("0800001a", None)).await.0, 2);
        assert_eq!(lues(dites("introuvable", None)).await, (0, String::new()));
        assert_eq!(lues(dites("bts", Some("80"))).await.0, 2);
        assert_eq!(lues(dites("", Some("59"))).await.0, 0);
        let seconde = CriteresDemandes { page: 9, ..dites("bts", None) };
        assert_eq!(lues(seconde).await.0, 2, "within the pages that exist");
        let l = list_demandes(&s.agent(), 2024, Guichet::Academie, &criteres()).await.unwrap();
        assert!(l.departements.iter().any(|(code, nom)| code == "80" && nom == "Somme"), "{:?}", l.departements);
        let l = list_demandes(&s.admin(), 2024, Guichet::Etablissement, &criteres()).await.unwrap();
        assert!(l.departements.is_empty());
        // The file says the same; neither the reason nor whoever asked.
        let e = export_demandes(&s.agent(), 2024, &dites("eau", None), FormatTableau::Csv).await.unwrap();
        let csv = String::from_utf8(e.octets).unwrap();
        assert!(csv.contains(&neuve) && csv.contains("Somme (80)") && !csv.contains(&une), "{csv}");
        assert!(!csv.contains(MOTIF) && !csv.contains("Camille"), "{csv}");
        let e = export_demandes(&s.agent(), 2024, &criteres(), FormatTableau::Xlsx).await.unwrap();
        assert!(e.octets.starts_with(b"PK") && e.nom_fichier.ends_with(".xlsx"), "{}", e.nom_fichier);
        let sql = "SELECT COUNT(*) FROM journal WHERE action = 'decider_demande' AND issue = 'exporte'";
        assert_eq!(s.t.nombre(sql, vec![]).await, 2);
        let refus = export_demandes(&s.admin(), 2024, &criteres(), FormatTableau::Csv).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_vie_13_a_new_course_is_asked_for_with_its_national_type(base) {
        let s = Scene::new(base).await;
        assert_eq!(search_filieres(&s.admin(), 2024, "eau", None).await.unwrap(), None, "no national list");
        // Without the list: as before, and neither a type nor a reason is kept.
        let offre = NouvelleOffre { filiere: Some(467), ..s.offre("BTS Tourisme").await };
        let ask = async |o: &NouvelleOffre| ask_ouverture(&s.admin(), &Garde::default(), 2024, o, MOTIF).await;
        assert_eq!(field(ask(&offre).await), ("filiere", "inconnue"));
        let garde = Garde { cle: Some("a".to_owned()), ..Garde::default() };
        let avant = s.offre("BTS Cuisine").await;
        let recu = ask_ouverture(&s.admin(), &garde, 2024, &avant, MOTIF).await.unwrap();
        let raison = || Some("Titre de notre région.".to_owned());
        let offre = NouvelleOffre { hors_nomenclature: raison(), ..s.offre("BTS Tourisme").await };
        ask(&offre).await.unwrap();
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &s.derniere().await).await.unwrap();
        assert!(vue.valeurs.iter().all(|v| v.terme != "Filière nationale"), "{:?}", vue.valeurs);

        let national = s.nomenclature().await;
        // The same form again, though the list came meanwhile: it was sent.
        assert_eq!(ask_ouverture(&s.admin(), &garde, 2024, &avant, MOTIF).await.unwrap(), recu);
        assert!(list_demandes(&s.admin(), 2024, Guichet::Etablissement, &criteres()).await.unwrap().nomenclature);
        let f = search_filieres(&s.admin(), 2024, "EAU métiers", Some(467)).await.unwrap().unwrap();
        assert_eq!((f.total, f.trouvees[0].code, f.trouvees[0].titre.as_str()), (1, 467, "BTS - Métiers de l’eau"));
        let (choisie, attendus) = f.choisie.unwrap();
        assert_eq!((choisie.famille, attendus.as_str()), (Famille::Bts, "Aimer l’eau.\nSavoir mesurer."));
        let f = search_filieres(&s.admin(), 2024, "chimie", Some(1)).await.unwrap().unwrap();
        assert_eq!((f.total, f.choisie), (0, None));
        assert!(search_filieres(&s.public(), 2024, "eau", None).await.is_err(), "for whoever asks for a course");

        // A type, or why there is none; nothing that the type does not say.
        assert_eq!(field(s.ask_open("BTS Eau").await), ("filiere", "manquante"));
        let nue = NouvelleOffre { site: s.site(s.f.etablissement).await, selective: true, filiere: Some(467), ..NouvelleOffre::default() };
        assert_eq!(field(ask(&NouvelleOffre { filiere: Some(1), ..nue.clone() }).await), ("filiere", "inconnue"));
        assert_eq!(field(ask(&NouvelleOffre { hors_nomenclature: raison(), ..nue.clone() }).await), ("hors_nomenclature", "filiere"));
        assert_eq!(field(ask(&NouvelleOffre { libelle: "BTS Eau".to_owned(), ..nue.clone() }).await), ("libelle", "filiere"));
        let muette = NouvelleOffre { hors_nomenclature: Some("x".to_owned()), ..s.offre("BTS Eau").await };
        assert!(matches!(ask(&muette).await, Err(AppError::Invalid(f)) if f[0].0 == "hors_nomenclature"));
        ask(&nue).await.unwrap();
        assert_eq!(field(ask(&nue).await), ("libelle", "demande"));

        // The service reads it; granted, the course has the family, the title, the code, the type and the national text.
        let d = s.derniere().await;
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        let dit = |terme: &str| vue.valeurs.iter().find(|v| v.terme == terme).map(|v| v.texte.clone());
        assert_eq!(dit("Filière nationale").as_deref(), Some("BTS-ME (code 467)"));
        assert_eq!(dit("Intitulé").as_deref(), Some("BTS - Métiers de l’eau"));
        assert_eq!(dit("Attendus nationaux").as_deref(), Some("Aimer l’eau. Savoir mesurer."));
        s.accepts(&d).await.unwrap();
        let neuve = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap().formation.unwrap();
        let sql = "SELECT COUNT(*) FROM formation_session WHERE public_id = $1 AND famille = 'bts' AND code_type = 467 AND type_formation_id = $2
                   AND libelle = 'BTS - Métiers de l’eau'";
        assert_eq!(s.t.nombre(sql, vec![neuve.clone().into(), national.into()]).await, 1);
        let v = view_description(&s.admin(), 2024, &PublicId::parse(&neuve).unwrap()).await.unwrap();
        assert_eq!(v.description.texte("attendus"), "Aimer l’eau.\nSavoir mesurer.");
        assert_eq!(v.national.unwrap().sigle, "BTS-ME");
    }

    async fn r_vie_13_a_course_out_of_the_national_list_says_why_and_has_no_type(base) {
        let s = Scene::new(base).await;
        s.nomenclature().await;
        let offre = |raison: &str, o: NouvelleOffre| NouvelleOffre { hors_nomenclature: Some(raison.to_owned()), ..o };
        let ask = async |o: &NouvelleOffre| ask_ouverture(&s.admin(), &Garde::default(), 2024, o, MOTIF).await;
        let titre = s.offre("Titre local").await;
        ask(&offre("Titre de notre région.", titre.clone())).await.unwrap();
        assert_eq!(field(ask(&offre("Un autre motif, même titre.", titre)).await), ("libelle", "demande"));
        let d = s.derniere().await;
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        let dit = |terme: &str| vue.valeurs.iter().find(|v| v.terme == terme).map(|v| v.texte.clone());
        assert_eq!(dit("Filière nationale").as_deref(), Some("Hors de la nomenclature nationale"));
        assert_eq!(dit("Pourquoi hors de la nomenclature").as_deref(), Some("Titre de notre région."));
        s.accepts(&d).await.unwrap();
        let sql = "SELECT COUNT(*) FROM formation_session WHERE libelle = 'Titre local' AND code_type IS NULL AND type_formation_id IS NULL";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1);
    }

    async fn r_vie_02_what_is_to_be_described_afterwards_is_asked_during_the_step(base) {
        let s = Scene::new(base).await;
        let autre = s.t.formation(s.f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, true).await;
        s.t.at_closing(Etape::Parametrage).await;
        let fusion = Souhait::Fusion { successeur: autre.public_id.clone() };
        let site = s.site(s.f.etablissement).await;
        for souhait in [fusion, Souhait::Deplacement { site }, Souhait::Cession { uai: "0800002B".to_owned() }] {
            let refus = s.ask(souhait).await;
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { etape: Etape::Parametrage, .. }))), "{refus:?}");
        }
        let refus = s.ask_open("BTS Tourisme").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        // Closing is asked any day, and answered any day.
        let d = s.ask(closing(Some(&autre))).await.unwrap();
        s.accepts(&d).await.unwrap();
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let refus = s.ask_of(&id(&autre), Souhait::Suspension).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::SessionArchivee))), "{refus:?}");
    }

    async fn r_vie_03_a_closed_course_is_not_found_its_sheet_leads_to_its_successor_and_it_does_not_return(base) {
        let s = Scene::new(base).await;
        let autre = s.t.formation(s.f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, true).await;
        let pause = s.t.formation(s.f.etablissement, "BTS Optique", Famille::Bts, true, 24, true).await;
        assert_eq!(field(s.ask(closing(Some(&s.f))).await), ("successeur", "meme"));
        let inconnue = Souhait::Fusion { successeur: "aaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned() };
        assert_eq!(field(s.ask(inconnue).await), ("successeur", "inconnu"));
        let d = s.ask(Souhait::Fusion { successeur: autre.public_id.clone() }).await.unwrap();
        s.accepts(&d).await.unwrap();
        let d = s.ask_of(&id(&pause), Souhait::Suspension).await.unwrap();
        s.accepts(&d).await.unwrap();
        let p = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap();
        assert_eq!((p.etat, p.demander), (EtatFormation::Fermee, false));
        assert!([&p.capacites, &p.textes, &p.publication].iter().all(|o| !o.est_ouverte()), "read, no more");
        // The establishment neither writes nor publishes what is closed, and asks nothing more of it.
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(_))), "{refus:?}");
        let refus = s.ask(Souhait::Suspension).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        // The other one is not replaced by what it replaces.
        assert_eq!(field(s.ask_of(&id(&autre), closing(Some(&s.f))).await), ("successeur", "fermee"));
        let refus = closed_sheet(&s.public(), &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))), "{refus:?}");
        s.t.at("2023-12-21T10:00");
        assert_eq!(s.found().await, ["BTS Mécanique"]);
        assert!(matches!(sheet(&s.public(), &s.id()).await, Err(AppError::NotFound)));
        let fiche = closed_sheet(&s.public(), &s.id()).await.unwrap();
        let (vers, titre) = fiche.fin.successeur.unwrap();
        assert_eq!((fiche.fin.suspendue, vers, titre.as_str()), (false, autre.public_id.clone(), "BTS Mécanique – Lycée Jules-Verne"));
        let fiche = closed_sheet(&s.public(), &id(&pause)).await.unwrap();
        assert_eq!((fiche.fin.suspendue, fiche.fin.successeur), (true, None));
        assert!(matches!(closed_sheet(&s.public(), &id(&autre)).await, Err(AppError::NotFound)), "it is open");
        // The next session has what was only suspended, with its groups, and not what is closed for good.
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let sql = "SELECT COUNT(*) FROM formation_session f JOIN groupe_classement g ON g.formation_session_id = f.id
                   WHERE f.precedente_id = $1 AND f.etat = 'brouillon' AND f.suspendue = 0";
        for (f, attendu) in [(&s.f, 0), (&autre, 1), (&pause, 1)] {
            assert_eq!(s.t.nombre(sql, vec![f.formation_session.into()]).await, attendu);
        }
    }

    async fn r_vie_03_a_moved_course_is_where_it_is_taught(base) {
        let s = Scene::new(base).await;
        let site = async |nom: &str, code: &str, commune: &str| {
            let sql = "SELECT id FROM etablissement_session WHERE etablissement_id = $1";
            let ligne = s.t.nombre(sql, vec![s.f.etablissement.into()]).await;
            s.t.insert("site_formation", "etablissement_session_id, nom, adresse, code_postal, commune, latitude, longitude",
                vec![ligne.into(), nom.to_owned().into(), "2 rue Neuve".to_owned().into(), code.to_owned().into(), commune.to_owned().into(), 50.1.into(), 1.83.into()]).await.1
        };
        let abbeville = site("Site d’Abbeville", "80100", "Abbeville").await;
        assert_eq!(field(s.ask(Souhait::Deplacement { site: "x".to_owned() }).await), ("site", "inconnu"));
        let ici = s.site(s.f.etablissement).await;
        assert_eq!(field(s.ask(Souhait::Deplacement { site: ici }).await), ("site", "meme"));
        let d = s.ask(Souhait::Deplacement { site: abbeville.clone() }).await.unwrap();
        // Removed meanwhile, it is no longer possible, and the refusal says so.
        s.t.sql("UPDATE site_formation SET supprime_le = 1 WHERE public_id = $1", vec![abbeville.clone().into()]).await;
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((vue.reponse, vue.acceptable), (Ok(()), Err(RuleViolation::DemandeCaduque { champ: "site" })));
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DemandeCaduque { champ: "site" }))), "{refus:?}");
        s.t.sql("UPDATE site_formation SET supprime_le = NULL WHERE public_id = $1", vec![abbeville.clone().into()]).await;
        let publiees = async || s.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await;
        let avant = publiees().await;
        s.accepts(&d).await.unwrap();
        // The public reads the new place at once, in a version of its own.
        assert_eq!((avant, publiees().await), (1, 2));
        let sql = "SELECT description FROM formation_publication ORDER BY numero DESC LIMIT 1";
        assert!(s.t.mot(sql, vec![]).await.contains(&abbeville));
        let vue = view_description(&s.admin(), 2024, &s.id()).await.unwrap();
        assert_eq!((vue.intitule.lieu.as_str(), vue.description.texte("site")), ("Abbeville (80)", abbeville.as_str()));
        s.t.at("2023-12-21T10:00");
        let texte = |t: &str| Criteres { texte: t.to_owned(), ..Criteres::default() };
        assert_eq!(search_offre(&s.public(), &texte("abbeville")).await.unwrap().total, 1);
        assert_eq!(search_offre(&s.public(), &texte("amiens")).await.unwrap().total, 0);
    }

    async fn r_vie_05_a_course_changes_its_academy_by_the_national_team_alone(base) {
        let s = Scene::new(base).await;
        let ligne = s.t.nombre("SELECT id FROM etablissement_session WHERE etablissement_id = $1", vec![s.f.etablissement.into()]).await;
        let lille = s.t.insert("site_formation", "etablissement_session_id, nom, adresse, code_postal, commune, latitude, longitude",
            vec![ligne.into(), "Site de Lille".to_owned().into(), "2 rue Neuve".to_owned().into(), "59000".to_owned().into(), "Lille".to_owned().into(), 50.63.into(), 3.06.into()]).await.1;
        let d = s.ask(Souhait::Deplacement { site: lille }).await.unwrap();
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert!(vue.transmissible && vue.acceptable.is_ok());
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        s.answers(&d, Reponse::Transmettre("Avis favorable du service.".to_owned())).await.unwrap();
        let national = s.t.ctx(s.national.clone());
        let r = Reponse::Accepter(String::new(), None);
        answer_demande(&national, &Garde::default(), 2024, Guichet::National, &d, &r).await.unwrap();
        let lieu = view_description(&s.admin(), 2024, &s.id()).await.unwrap().intitule.lieu;
        assert_eq!(lieu, "Lille (59)");
        // From now on its academy is that of Lille.
        let lille = agent(&s.t, "lille", "09").await;
        assert!(view_parametrage(&s.t.ctx(lille), 2024, &s.id()).await.is_ok());
        let refus = view_parametrage(&s.agent(), 2024, &s.id()).await.map(|_| ());
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_vie_08_nothing_is_handed_over_without_the_agreement_of_who_receives(base) {
        let s = Scene::new(base).await;
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let (_, receveur) = s.t.personne("admin@voisin.example", a.clone()).await;
        let receveur = || s.t.ctx(receveur.clone());
        let d = s.ask(Souhait::Cession { uai: "0800002B".to_owned() }).await.unwrap();
        assert!(s.t.envois().await.iter().any(|e| e.modele == "cession_proposee" && e.destinataire == "admin@voisin.example"));
        assert_eq!(count_a_examiner(&receveur(), 2024, Guichet::Receveur).await.unwrap(), Some(1));
        assert_eq!(count_a_examiner(&s.admin(), 2024, Guichet::Receveur).await.unwrap(), Some(0));
        // The academic service waits; it may refuse.
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((vue.attend, vue.acceptable), (true, Err(RuleViolation::AccordAttendu)));
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::AccordAttendu))), "{refus:?}");
        // Whoever receives answers at their desk, and nobody else there: not whoever asked, were they of both.
        let oui = Reponse::Accepter("Nous avons les salles.".to_owned(), None);
        let repond = async |ctx: &Ctx, r: &Reponse| answer_demande(ctx, &Garde::default(), 2024, Guichet::Receveur, &d, r).await;
        for ctx in [s.admin(), s.agent()] {
            assert!(matches!(repond(&ctx, &oui).await, Err(AppError::Denied(_))));
        }
        let mut double = s.admin.clone();
        double.attributions.push(a);
        let refus = repond(&s.t.ctx(double), &oui).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DeuxiemePersonne))), "{refus:?}");
        let refus = view_demande(&receveur(), 2024, Guichet::Etablissement, &d).await.map(|_| ());
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        repond(&receveur(), &oui).await.unwrap();
        assert!(matches!(repond(&receveur(), &oui).await, Err(AppError::Rule(RuleViolation::DemandeRepondue))), "once");
        assert_eq!(count_a_examiner(&receveur(), 2024, Guichet::Receveur).await.unwrap(), Some(0));
        // What they agreed to is among all that they were offered, not among what waits for them.
        let attendues = CriteresDemandes { etat: Some(EtatDemande::Deposee), ..criteres() };
        for (c, total) in [(attendues, 0), (criteres(), 1)] {
            let l = list_demandes(&receveur(), 2024, Guichet::Receveur, &c).await.unwrap();
            assert_eq!((l.total, l.lignes.iter().any(|d| d.attend)), (total, false));
        }
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((vue.acceptable, vue.accord.unwrap().texte.as_str()), (Ok(()), "Nous avons les salles."));
        s.accepts(&d).await.unwrap();
        // A refusal ends the request, with its reason, and the establishment that asked is told.
        let autre = s.t.formation(s.f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        let d = s.ask_of(&id(&autre), Souhait::Cession { uai: "0800002B".to_owned() }).await.unwrap();
        let non = |t: &str| Reponse::Refuser(t.to_owned());
        let repond = async |r: &Reponse| answer_demande(&receveur(), &Garde::default(), 2024, Guichet::Receveur, &d, r).await;
        assert!(matches!(repond(&non("non")).await, Err(AppError::Invalid(_))));
        repond(&non("Nous n’avons pas les équipements de cette formation.")).await.unwrap();
        let vue = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap();
        assert_eq!(vue.etat, EtatDemande::Refusee);
        assert!(s.t.envois().await.iter().any(|e| e.modele == "demande_repondue" && e.destinataire == "admin@lycee.example"));
    }

    async fn r_vie_03_a_course_handed_over_leaves_its_former_people_and_goes_to_the_new_ones(base) {
        let s = Scene::new(base).await;
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let (compte, _) = s.t.responsable("resp@lycee.example", &s.f).await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let (_, nouveau) = s.t.personne("admin@voisin.example", a).await;
        for (uai, motif) in [("0800001A", "meme"), ("0999999Z", "inconnu")] {
            assert_eq!(field(s.ask(Souhait::Cession { uai: uai.to_owned() }).await), ("uai", motif));
        }
        let lit = async |a: Acteur| view_parametrage(&s.t.ctx(a), 2024, &s.id()).await.map(|p| p.intitule.etablissement);
        assert!(lit(s.t.acteur_de(compte).await).await.is_ok());
        assert!(lit(nouveau.clone()).await.is_err());
        let d = s.ask(Souhait::Cession { uai: "0800002B".to_owned() }).await.unwrap();
        s.agrees(&nouveau, &d).await;
        s.accepts(&d).await.unwrap();
        assert_eq!(lit(nouveau.clone()).await.unwrap(), "Lycée voisin");
        for ancien in [s.t.acteur_de(compte).await, s.admin.clone(), s.chef.clone()] {
            assert!(matches!(lit(ancien).await, Err(AppError::Denied(d)) if !d.connu));
        }
        // The journal names whose roles ended.
        let ancien = s.t.mot("SELECT public_id FROM compte WHERE courriel = 'resp@lycee.example'", vec![]).await;
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains(&format!("\\\"{ancien}\\\",\\\"resp_formation")), "{ancien} {journal}");
        // The former establishment keeps the answer to what it asked.
        assert_eq!(list_demandes(&s.admin(), 2024, Guichet::Etablissement, &criteres()).await.unwrap().total, 1);
        assert_eq!(list_demandes(&s.t.ctx(nouveau.clone()), 2024, Guichet::Etablissement, &criteres()).await.unwrap().total, 0);
        let vue = view_description(&s.t.ctx(nouveau), 2024, &s.id()).await.unwrap();
        assert_eq!(vue.description.texte("site"), s.site(voisin).await);
        let sql = "SELECT i.etablissement_id FROM formation_inscription i JOIN formation f ON f.formation_inscription_id = i.id WHERE f.id = $1";
        assert_eq!(s.t.nombre(sql, vec![s.f.formation.into()]).await, voisin);
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| e.modele == "formation_confiee" && e.destinataire == "admin@voisin.example"));
    }

    async fn r_vie_04_a_course_that_candidates_wish_is_not_taken_away_from_them(base) {
        let s = Scene::new(base).await;
        let c = s.t.candidat("lea@example.org", TypeBac::General).await;
        let d = s.ask(closing(None)).await.unwrap();
        let v = s.t.voeu(&c, &s.f, EtatVoeu::Saisi).await;
        let refus = s.accepts(&d).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::VoeuxVivants))), "{refus:?}");
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((vue.reponse, vue.acceptable), (Ok(()), Err(RuleViolation::VoeuxVivants)));
        assert_eq!(s.etat().await, EtatFormation::Publiee);
        s.answers(&d, Reponse::Refuser("Des candidats la demandent.".to_owned())).await.unwrap();
        for souhait in [closing(None), Souhait::Suspension] {
            let refus = s.ask(souhait).await;
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::VoeuxVivants))), "{refus:?}");
        }
        // A wish given up stands in the way of nothing.
        s.t.sql("UPDATE voeu SET etat = 'annule' WHERE id = $1", vec![v.id.into()]).await;
        let d = s.ask(closing(None)).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.etat().await, EtatFormation::Fermee);
    }

    async fn r_vie_05_the_service_of_the_place_answers_and_never_whoever_asked(base) {
        let s = Scene::new(base).await;
        let d = s.ask(closing(None)).await.unwrap();
        let ailleurs = s.t.ctx(agent(&s.t, "ailleurs", "09").await);
        let refus = view_demande(&ailleurs, 2024, Guichet::Academie, &d).await.map(|_| ());
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
        assert_eq!(list_demandes(&ailleurs, 2024, Guichet::Academie, &criteres()).await.unwrap().total, 0);
        let r = Reponse::Accepter(String::new(), None);
        for (qui, guichet) in [(&s.admin, Guichet::Academie), (&s.agent, Guichet::National), (&s.agent, Guichet::Etablissement)] {
            let refus = answer_demande(&s.t.ctx(qui.clone()), &Garde::default(), 2024, guichet, &d, &r).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{guichet:?} {refus:?}");
        }
        // The national team answers nothing that was not sent on to it.
        let refus = answer_demande(&s.t.ctx(s.national.clone()), &Garde::default(), 2024, Guichet::National, &d, &r).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
        // Somebody who is of both does not answer what they asked.
        let mut double = s.admin.clone();
        double.attributions.extend(s.agent.attributions.clone());
        let refus = answer_demande(&s.t.ctx(double), &Garde::default(), 2024, Guichet::Academie, &d, &r).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DeuxiemePersonne))), "{refus:?}");
        let refus = s.answers(&d, Reponse::Refuser("non".to_owned())).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "reponse"), "{refus:?}");
        let refus = s.answers(&d, Reponse::Transmettre("Avis favorable du service.".to_owned())).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        // The manager of a course asks nothing; the head of the establishment may.
        let (_, resp) = s.t.responsable("resp@lycee.example", &s.f).await;
        let refus = ask_formation(&s.t.ctx(resp), &Garde::default(), 2024, &s.id(), &Souhait::Suspension, MOTIF).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        withdraw_demande(&s.t.ctx(s.chef.clone()), &Garde::default(), 2024, &d).await.unwrap();
        ask_formation(&s.t.ctx(s.chef.clone()), &Garde::default(), 2024, &s.id(), &Souhait::Suspension, MOTIF).await.unwrap();
        // Only a site of one's own establishments takes a new course.
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let offre = NouvelleOffre { site: s.site(voisin).await, ..s.offre("BTS Tourisme").await };
        assert_eq!(field(ask_ouverture(&s.admin(), &Garde::default(), 2024, &offre, MOTIF).await), ("site", "inconnu"));
    }

    async fn r_vie_06_who_asked_who_answered_and_why_stays(base) {
        let s = Scene::new(base).await;
        let etablissement = PublicId::parse(&s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![s.f.etablissement.into()]).await).unwrap();
        home(&s.admin(), 2024, Some(&etablissement)).await.unwrap();
        let d = s.ask(closing(None)).await.unwrap();
        s.t.at("2023-11-21T10:00");
        let pourquoi = "Les effectifs des deux lycées suffisent.";
        s.answers(&d, Reponse::Refuser(pourquoi.to_owned())).await.unwrap();
        let vue = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap();
        let actes: Vec<(EtatDemande, &str, Option<&str>)> =
            vue.actes.iter().map(|a| (a.etat, a.motif.as_str(), a.par.as_deref())).collect();
        assert_eq!(actes, [
            (EtatDemande::Deposee, MOTIF, Some("Camille Essai")),
            (EtatDemande::Refusee, pourquoi, Some("Camille Essai")),
        ]);
        let suivis = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().demandes;
        assert_eq!((suivis[0].nature, suivis[0].etat, suivis[0].id.as_deref()), (NatureDemande::Fermeture, EtatDemande::Refusee, Some(d.as_str())));
        let agent = view_parametrage(&s.agent(), 2024, &s.id()).await.unwrap().demandes;
        assert_eq!((agent.len(), agent[0].id.as_deref()), (1, None), "told, not opened at this desk");
        // On the home of whoever asked, as something that changed.
        let accueil = home(&s.admin(), 2024, Some(&etablissement)).await.unwrap();
        let dits: Vec<Nature> = accueil.changements.unwrap().liste.into_iter().map(|c| c.nature).collect();
        assert!(dits.contains(&Nature::Reponse(NatureDemande::Fermeture, EtatDemande::Refusee)), "{dits:?}");
        // Journal and mail hold none of the reasons.
        let notes = s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'demande_formation'", vec![]).await;
        assert_eq!(notes, 2);
        let dits = s.t.nombre("SELECT COUNT(*) FROM journal WHERE COALESCE(avant, '') || COALESCE(apres, '') LIKE '%effectifs%'", vec![]).await;
        assert_eq!(dits, 0);
        let envois = s.t.envois().await;
        let repondus: Vec<&str> = envois.iter().filter(|e| e.modele == "demande_repondue").map(|e| e.destinataire.as_str()).collect();
        assert_eq!(BTreeSet::from_iter(repondus), BTreeSet::from(["admin@lycee.example", "chef@lycee.example"]));
        assert!(envois.iter().all(|e| !e.corps.contains("effectifs") && !e.corps.contains("Électronique")));
    }

    async fn r_vie_07_a_dispensation_goes_through_three_people_and_opens_its_fields_alone(base) {
        let s = Scene::new(base).await;
        let champs = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<BTreeSet<_>>();
        let voulu = |codes: &[&str], jour: &str| Souhait::Derogation { champs: champs(codes), jusqu_a: jour.to_owned() };
        // Open fields are written without asking anything.
        assert_eq!(field(s.ask(voulu(&["frais"], "2023-11-25")).await), ("champs", "ouverts"));
        s.t.at("2024-01-20T10:00");
        assert_eq!(field(s.ask(voulu(&[], "2024-01-25")).await), ("champs", "reouverture"));
        assert_eq!(field(s.ask(voulu(&["frais"], "2024-01-19")).await), ("jusqu_a", "passe"));
        assert_eq!(field(s.ask(voulu(&["frais"], "2024-02-20")).await), ("jusqu_a", "lointain"));
        let refus = s.ask(voulu(&["zzz"], "2024-01-25")).await;
        assert!(matches!(refus, Err(AppError::Champ(_))), "{refus:?}");
        let d = s.ask(voulu(&["frais", "attendus"], "2024-01-25")).await.unwrap();
        let national = || s.t.ctx(s.national.clone());
        let accorde = |jour| Reponse::Accepter(String::new(), Some(jour));
        let repond = async |ctx: Ctx, guichet, r: Reponse| {
            answer_demande(&ctx, &Garde::default(), 2024, guichet, &d, &r).await.map(|_| ())
        };
        // The academic service grants none; the national team answers only what was sent on.
        let refus = s.answers(&d, accorde(date(2024, 1, 25))).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        assert!(matches!(view_demande(&national(), 2024, Guichet::National, &d).await.map(|_| ()), Err(AppError::NotFound)));
        assert_eq!(list_demandes(&national(), 2024, Guichet::National, &criteres()).await.unwrap().total, 0);
        s.answers(&d, Reponse::Transmettre("Erreur de saisie manifeste : avis favorable.".to_owned())).await.unwrap();
        assert_eq!(list_demandes(&national(), 2024, Guichet::National, &criteres()).await.unwrap().en_attente, 1);
        let mut double = s.agent.clone();
        double.attributions.extend(s.national.attributions.clone());
        let refus = repond(s.t.ctx(double), Guichet::National, accorde(date(2024, 1, 25))).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::DeuxiemePersonne))), "{refus:?}");
        let refus = repond(s.agent(), Guichet::Academie, Reponse::Refuser("Finalement non, désolé.".to_owned())).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "it waits elsewhere: {refus:?}");
        assert_eq!(field(repond(national(), Guichet::National, accorde(date(2024, 3, 1))).await), ("jusqu_a", "lointain"));
        assert!(!view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().publication.est_ouverte());
        repond(national(), Guichet::National, accorde(date(2024, 1, 24))).await.unwrap();
        // These fields, and no other, then a new publication.
        let vue = view_description(&s.admin(), 2024, &s.id()).await.unwrap();
        let ouverts: Vec<&str> = CHAMPS.iter().filter(|c| vue.is_ouvert(c)).map(|c| c.code).collect();
        assert_eq!(ouverts, ["attendus"]);
        let saisie = |capacite, frais| EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(capacite), frais_centimes: Some(frais), places: vec![] }),
            presentation: None,
        };
        let refus = save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie(30, 17_000)).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        s.t.at("2024-01-24T23:59");
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie(24, 17_000)).await.unwrap();
        assert!(view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().publication.est_ouverte());
        publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(sheet(&s.public(), &s.id()).await.unwrap().frais_centimes, Some(17_000));
        // The first instant after the last day.
        s.t.at("2024-01-25T00:00");
        for refus in [
            save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie(24, 0)).await,
            publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await,
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        }
        let notes = s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'demande_formation'", vec![]).await;
        assert_eq!(notes, 3, "asked, sent on, granted");
    }

    async fn r_cap_05_r_vie_07_a_capacity_typed_under_a_dispensation_is_explained_and_confirmed(base) {
        let s = Scene::new(base).await;
        s.t.statistique(&s.f, 2023, [24, 310, 60, 24]).await;
        s.t.at("2024-01-20T10:00");
        let voulu = Souhait::Derogation { champs: BTreeSet::from(["capacite".to_owned()]), jusqu_a: "2024-01-25".to_owned() };
        let d = s.ask(voulu).await.unwrap();
        s.answers(&d, Reponse::Transmettre("Neuf divisions ouvrent : avis favorable.".to_owned())).await.unwrap();
        let r = Reponse::Accepter("D’accord pour neuf divisions.".to_owned(), Some(date(2024, 1, 25)));
        answer_demande(&s.t.ctx(s.national.clone()), &Garde::default(), 2024, Guichet::National, &d, &r).await.unwrap();
        let saisie = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(240), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie).await.unwrap();
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::CapaciteARelire))), "{refus:?}");
        let chef = s.t.ctx(s.chef.clone());
        let vue = async |ctx: &Ctx| view_parametrage(ctx, 2024, &s.id()).await.unwrap().comparaison.unwrap();
        assert!(vue(&s.admin()).await.motivation.est_ouverte());
        let motif = "Neuf divisions ouvrent à la rentrée dans le nouveau bâtiment.";
        motive_capacite(&s.admin(), &Garde::default(), 2024, &s.id(), motif).await.unwrap();
        assert!(vue(&chef).await.confirmation.est_ouverte());
        confirm_capacite(&chef, &Garde::default(), 2024, &s.id()).await.unwrap();
        publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(sheet(&s.public(), &s.id()).await.unwrap().capacite, Some(240));
    }

    async fn r_vie_11_an_opening_granted_late_is_described_and_submitted_until_a_day(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        s.t.at("2023-12-12T10:00");
        let d = s.ask_open("BTS Tourisme").await.unwrap();
        // Both steps are over when it is answered.
        s.t.at("2024-01-20T10:00");
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!(vue.suite, Some(date(2024, 2, 4)), "the usual day");
        for (jour, motif) in [(date(2024, 1, 19), "passe"), (date(2024, 2, 20), "lointain")] {
            let refus = s.answers(&d, Reponse::Accepter(String::new(), Some(jour))).await;
            assert_eq!(field(refus), ("jusqu_a", motif));
        }
        s.answers(&d, Reponse::Accepter(String::new(), Some(date(2024, 1, 30)))).await.unwrap();
        let fiche = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap();
        let neuve = PublicId::parse(fiche.formation.as_deref().unwrap()).unwrap();
        // All of it is open, and nothing of another course.
        let p = view_parametrage(&s.admin(), 2024, &neuve).await.unwrap();
        assert!([&p.capacites, &p.textes, &p.publication].iter().all(|o| o.est_ouverte()));
        assert_eq!(p.rouverte.map(|(nature, _)| nature), Some(NatureDemande::Ouverture));
        let vue = view_description(&s.admin(), 2024, &neuve).await.unwrap();
        assert!(CHAMPS.iter().filter(|c| c.concerne(p.genre)).all(|c| vue.is_ouvert(c)));
        assert!(!view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().publication.est_ouverte());
        // The establishment is told until when: by mail, and on its home.
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| e.modele == "demande_repondue" && e.corps.contains("mardi 30 janvier 2024")));
        assert!(envois.iter().all(|e| !e.corps.contains("Tourisme")));
        let restes = home(&s.admin(), 2024, None).await.unwrap().formations.unwrap().restes;
        assert!(matches!(&restes[..], [FormationAFaire { geste: Geste::Completer, jusqu_a: Some(_), .. }]), "{restes:?}");
        s.t.at("2024-01-30T23:59");
        let complete = serde_json::to_string(&description_complete(Famille::Bts, &s.site(s.f.etablissement).await)).unwrap();
        let sql = "UPDATE formation_description SET contenu = $1, manques = 0
                   WHERE formation_session_id = (SELECT id FROM formation_session WHERE public_id = $2)";
        s.t.sql(sql, vec![complete.into(), neuve.as_str().to_owned().into()]).await;
        let places = p.groupes.iter().map(|g| (g.id.clone(), 12)).collect();
        let c = Capacites { capacite: Some(12 * i64::try_from(p.groupes.len()).unwrap()), frais_centimes: Some(0), places };
        let saisie = EnregistrerParametrage { capacites: Some(c), presentation: None };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &neuve, &saisie).await.unwrap();
        submit_formation(&s.admin(), &Garde::default(), 2024, &neuve).await.unwrap();
        s.t.at("2024-01-31T00:00");
        let refus = save_parametrage(&s.admin(), &Garde::default(), 2024, &neuve, &saisie).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        accept_formation(&s.agent(), &Garde::default(), 2024, &neuve).await.unwrap();
        assert!(s.found().await.contains(&"BTS Tourisme".to_owned()));
    }

    async fn r_vie_11_r_vie_12_a_submitted_course_that_moves_late_still_waits_for_its_decision(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        let abbeville = s.annexe("Site d’Abbeville", "80100", "Abbeville").await;
        let d = s.ask(Souhait::Deplacement { site: abbeville.clone() }).await.unwrap();
        s.contact("Vie scolaire").await;
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let lue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        s.t.at("2024-01-20T10:00");
        s.accepts(&d).await.unwrap();
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        assert_eq!((vue.etat, vue.decision), (EtatControle::Soumise, Ok(())));
        // Whoever read it before the move decides nothing.
        let vieille = Garde { cle: None, version: Some(lue.version), ..Garde::default() };
        let refus = accept_formation(&s.agent(), &vieille, 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        // What depends on the place is open, and nothing else.
        let vue = view_description(&s.admin(), 2024, &s.id()).await.unwrap();
        let ouverts: Vec<&str> = CHAMPS.iter().filter(|c| vue.is_ouvert(c)).map(|c| c.code).collect();
        assert_eq!(ouverts[..3], ["site", "composante", "internat"]);
        assert!(ouverts.contains(&"contact") && !ouverts.contains(&"attendus"));
        let p = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap();
        assert_eq!((p.capacites.est_ouverte(), p.textes.est_ouverte()), (false, true));
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let sql = "SELECT description FROM formation_publication ORDER BY numero DESC LIMIT 1";
        let publie = s.t.mot(sql, vec![]).await;
        assert!(publie.contains(&abbeville) && publie.contains("Vie scolaire"), "{publie}");
    }

    async fn r_vie_12_what_is_accepted_and_public_stays_so_when_it_moves_or_has_other_groups(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        s.contact("Vie scolaire").await;
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let stays = async || {
            let p = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap();
            let c = p.controle.unwrap();
            assert_eq!((c.etat, c.a_resoumettre, p.a_publier), (EtatControle::Acceptee, false, false));
        };
        let abbeville = s.annexe("Site d’Abbeville", "80100", "Abbeville").await;
        let d = s.ask(Souhait::Deplacement { site: abbeville }).await.unwrap();
        s.accepts(&d).await.unwrap();
        stays().await;
        let d = s.ask(Souhait::Groupes { groupes: deux(10, 14) }).await.unwrap();
        s.accepts(&d).await.unwrap();
        stays().await;
        // A draft that says something else is still to be submitted.
        s.contact("Secrétariat").await;
        let d = s.ask(Souhait::Groupes { groupes: deux(12, 12) }).await.unwrap();
        s.accepts(&d).await.unwrap();
        let c = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap();
        assert_eq!((c.etat, c.a_resoumettre), (EtatControle::Brouillon, true));
    }

    async fn r_vie_11_r_vie_12_a_course_handed_over_late_is_read_and_submitted_by_whoever_receives_it(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        let voisin = s.t.etablissement("0800002B", "Lycée voisin").await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let (_, nouveau) = s.t.personne("admin@voisin.example", a).await;
        let d = s.ask(Souhait::Cession { uai: "0800002B".to_owned() }).await.unwrap();
        s.agrees(&nouveau, &d).await;
        s.contact("Vie scolaire").await;
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        s.t.at("2024-01-20T10:00");
        s.accepts(&d).await.unwrap();
        // The establishment that had it submitted it: whoever has it now has not.
        assert_eq!(view_controle(&s.agent(), 2024, &s.id()).await.unwrap().etat, EtatControle::Brouillon);
        let nouveau = || s.t.ctx(nouveau.clone());
        let vue = view_description(&nouveau(), 2024, &s.id()).await.unwrap();
        assert!(CHAMPS.iter().filter(|c| c.concerne(vue.genre)).all(|c| vue.is_ouvert(c)));
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| e.modele == "formation_confiee" && e.corps.contains("dimanche 4 février 2024")));
        assert!(envois.iter().all(|e| e.modele != "demande_repondue" || !e.corps.contains("4 février")));
        s.t.at("2024-02-04T23:59");
        submit_formation(&nouveau(), &Garde::default(), 2024, &s.id()).await.unwrap();
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        s.t.at("2024-02-05T00:00");
        assert!(!view_parametrage(&nouveau(), 2024, &s.id()).await.unwrap().publication.est_ouverte());
    }

    async fn r_vie_07_a_dispensation_lets_a_reviewed_course_be_submitted_again(base) {
        let s = Scene::new(base).await;
        s.t.controle_academique(true).await;
        s.t.at("2024-01-20T10:00");
        let voulu = Souhait::Derogation { champs: BTreeSet::from(["capacite".to_owned()]), jusqu_a: "2024-01-25".to_owned() };
        let d = s.ask(voulu).await.unwrap();
        s.answers(&d, Reponse::Transmettre("Une division ouvre : avis favorable.".to_owned())).await.unwrap();
        let r = Reponse::Accepter("D’accord pour une division.".to_owned(), Some(date(2024, 1, 25)));
        answer_demande(&s.t.ctx(s.national.clone()), &Garde::default(), 2024, Guichet::National, &d, &r).await.unwrap();
        let saisie = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(26), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie).await.unwrap();
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(sheet(&s.public(), &s.id()).await.unwrap().capacite, Some(26));
    }
}
