//! What defines a course, changed on request of its establishment: its ranking groups, its sector, what it is called and is; on both
//! databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use app::formations::{
    Capacites, EnregistrerParametrage, Guichet, IdentiteCorrigee, Regrouper, Reponse, answer_demande,
    ask_formation, compare_published, group_courses, save_parametrage, sheet, submit_formation,
    view_controle, view_demande, view_demander,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::controle::EtatControle;
use domain::formations::demandes::{NatureDemande, Souhait};
use domain::formations::regroupement::Mutualisation;
use domain::formations::{Famille, GroupeVoulu, IdentiteFormation};
use domain::{PublicId, RuleViolation};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

const MOTIF: &str = "Les dossiers des bacheliers professionnels se lisent à part.";
const TOUTES: [&str; 4] = ["general", "techno", "pro", "autre"];

struct Scene {
    t: TestApp,
    f: FormationEssai,
    admin: Acteur,
    agent: Acteur,
    national: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base, famille: Famille, selective: bool) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(e, "Électronique", famille, selective, 24, true).await;
        let a = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
        let admin = t.personne("admin@lycee.example", a).await.1;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = t.personne("agent@ac.example", a).await.1;
        let national = t.personne("nat@education.example", Attribution::simple(Role::AdminNational)).await.1;
        t.at("2023-11-20T10:00");
        Self { t, f, admin, agent, national }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn agent(&self) -> Ctx {
        self.t.ctx(self.agent.clone())
    }

    fn id(&self) -> PublicId {
        PublicId::parse(&self.f.public_id).unwrap()
    }

    async fn asks(&self, s: &Souhait) -> Result<PublicId, AppError> {
        ask_formation(&self.admin(), &Garde::default(), 2024, &self.id(), s, MOTIF).await?;
        let sql = "SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1";
        Ok(PublicId::parse(&self.t.mot(sql, vec![]).await).unwrap())
    }

    async fn answers(
        &self,
        qui: &Acteur,
        guichet: Guichet,
        d: &PublicId,
        r: Reponse,
    ) -> Result<(), AppError> {
        let ctx = self.t.ctx(qui.clone());
        answer_demande(&ctx, &Garde::default(), 2024, guichet, d, &r).await.map(|_| ())
    }

    async fn accepts(&self, d: &PublicId) -> Result<(), AppError> {
        let oui = Reponse::Accepter(String::new(), None);
        self.answers(&self.agent, Guichet::Academie, d, oui).await
    }

    async fn refuses(&self, d: &PublicId) {
        let non = Reponse::Refuser("La carte des formations ne change pas.".to_owned());
        self.answers(&self.agent, Guichet::Academie, d, non).await.unwrap();
    }

    async fn groupes(&self) -> Vec<GroupeVoulu> {
        view_demander(&self.admin(), 2024, &self.id()).await.unwrap().groupes
    }

    async fn secteur(&self) -> Vec<String> {
        view_demander(&self.admin(), 2024, &self.id()).await.unwrap().secteur
    }

    async fn identite(&self) -> IdentiteFormation {
        view_demander(&self.admin(), 2024, &self.id()).await.unwrap().identite
    }

    /// Why a request of this kind cannot be made now; `Ok`: it can.
    async fn possible(&self, n: NatureDemande) -> Result<(), RuleViolation> {
        let vue = view_demander(&self.admin(), 2024, &self.id()).await.unwrap();
        vue.natures.into_iter().find(|(nature, _)| *nature == n).unwrap().1
    }

    async fn publications(&self) -> i64 {
        self.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await
    }

    async fn capacite(&self, n: i64) {
        let c = Capacites { capacite: Some(n), frais_centimes: Some(0), places: vec![] };
        let saisie = EnregistrerParametrage { capacites: Some(c), presentation: None };
        save_parametrage(&self.admin(), &Garde::default(), 2024, &self.id(), &saisie).await.unwrap();
    }
}

fn groupe(libelle: &str, series: &[&str], places: i64) -> GroupeVoulu {
    let series = series.iter().map(|s| (*s).to_owned()).collect();
    GroupeVoulu { libelle: libelle.to_owned(), series, places }
}

/// Vocational candidates apart.
fn deux(pro: i64, autres: i64) -> Vec<GroupeVoulu> {
    vec![groupe("Bac pro", &["pro"], pro), groupe("Autres bacs", &["general", "techno", "autre"], autres)]
}

fn groupes(groupes: Vec<GroupeVoulu>) -> Souhait {
    Souhait::Groupes { groupes }
}

fn secteur(academies: &[&str]) -> Souhait {
    Souhait::Sectorisation { academies: academies.iter().map(|a| (*a).to_owned()).collect::<BTreeSet<_>>() }
}

fn faute(champ: &'static str, motif: &'static str) -> RuleViolation {
    RuleViolation::Champ { champ, motif }
}

fn regle<T: std::fmt::Debug>(r: Result<T, AppError>) -> RuleViolation {
    match r {
        Err(AppError::Rule(r)) => r,
        autre => panic!("a rule was expected: {autre:?}"),
    }
}

both_databases! {
    async fn r_vie_09_groups_that_are_accepted_are_those_of_the_course_and_the_public_reads_them_at_once(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        s.t.sql("UPDATE groupe_classement SET taux_min_boursiers = 12", vec![]).await;
        let d = s.asks(&groupes(deux(10, 14))).await.unwrap();
        assert_eq!(s.groupes().await, [groupe("Tous les candidats", &TOUTES, 24)], "asking changes nothing");
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        let termes: Vec<&str> = vue.valeurs.iter().map(|v| v.terme).collect();
        assert_eq!(termes, ["Groupe actuel", "Groupe demandé", "Groupe demandé"]);
        let avant = s.publications().await;
        s.accepts(&d).await.unwrap();
        assert_eq!(s.groupes().await, deux(10, 14));
        // The new groups have the rates that the only one had.
        let sql = "SELECT COUNT(*) FROM groupe_classement WHERE supprime_le IS NULL AND taux_min_boursiers = 12";
        assert_eq!(s.t.nombre(sql, vec![]).await, 2);
        assert_eq!((avant, s.publications().await), (1, 2));
        let sql = "SELECT CAST(SUM(nombre_a_appeler) AS BIGINT) FROM groupe_affectation WHERE supprime_le IS NULL";
        assert_eq!(s.t.nombre(sql, vec![]).await, 24);
        let sql = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND apres LIKE '%\"nature\":\"groupes\"%'";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1, "what was done is noted");
        // A name that stays is the same group, with its rates.
        s.t.sql("UPDATE groupe_classement SET taux_min_boursiers = 20 WHERE libelle = 'Bac pro'", vec![]).await;
        let pro = "SELECT id FROM groupe_classement WHERE libelle = 'Bac pro' AND supprime_le IS NULL AND taux_min_boursiers = 20";
        let cle = s.t.nombre(pro, vec![]).await;
        let trois = vec![groupe("Bac pro", &["pro"], 8), groupe("Techno", &["techno"], 6), groupe("Reste", &["general", "autre"], 10)];
        let d = s.asks(&groupes(trois)).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!((s.t.nombre(pro, vec![]).await, s.groupes().await.len()), (cle, 3));
        s.t.at("2023-12-21T10:00");
        let fiche = sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap();
        let lus: Vec<(&str, Option<i64>)> = fiche.groupes.iter().map(|g| (g.libelle.as_str(), g.places)).collect();
        assert_eq!(lus, [("Bac pro", Some(8)), ("Techno", Some(6)), ("Reste", Some(10))]);
    }

    async fn r_vie_09_groups_that_do_not_hold_are_not_asked_and_those_that_hold_no_longer_are_not_made(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        let memes = s.asks(&groupes(vec![groupe("Tous les candidats", &TOUTES, 24)])).await;
        assert_eq!(regle(memes), RuleViolation::Champ { champ: "groupes", motif: "memes" });
        let somme = s.asks(&groupes(deux(10, 15))).await;
        assert_eq!(regle(somme), RuleViolation::PlacesGroupes { capacite: 24, somme: 25 });
        let d = s.asks(&groupes(deux(10, 14))).await.unwrap();
        // The capacity changes before the answer: what was asked adds up to something else.
        s.capacite(30).await;
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!(vue.acceptable, Err(RuleViolation::DemandeCaduque { champ: "groupes" }));
        assert_eq!(regle(s.accepts(&d).await), RuleViolation::DemandeCaduque { champ: "groupes" });
        assert_eq!(s.groupes().await.len(), 1);
        s.refuses(&d).await;
        // The draft has another capacity than what the public reads: the public waits for a publication.
        let d = s.asks(&groupes(deux(10, 20))).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!((s.groupes().await, s.publications().await), (deux(10, 20), 1));
        // Neither with a wish that lives, nor after the step.
        let c = s.t.candidat("lea@example.org", TypeBac::General).await;
        let v = s.t.voeu(&c, &s.f, EtatVoeu::Saisi).await;
        assert_eq!(regle(s.asks(&groupes(deux(12, 18))).await), RuleViolation::VoeuxVivants);
        assert_eq!(s.possible(NatureDemande::Groupes).await, Err(RuleViolation::VoeuxVivants));
        s.t.sql("UPDATE voeu SET etat = 'annule' WHERE id = $1", vec![v.id.into()]).await;
        assert_eq!(s.possible(NatureDemande::Groupes).await, Ok(()));
        s.t.at_closing(Etape::CapacitesFrais).await;
        let tard = regle(s.asks(&groupes(deux(12, 18))).await);
        assert!(matches!(tard, RuleViolation::Closed { etape: Etape::CapacitesFrais, .. }), "{tard:?}");
    }

    async fn r_vie_09_a_ranking_that_several_courses_share_is_not_changed_for_one_of_them(base) {
        let s = Scene::new(base, Famille::Ifsi, true).await;
        let autre = s.t.formation(s.f.etablissement, "IFSI Laon", Famille::Ifsi, true, 10, true).await;
        let cmd = Regrouper {
            libelle: "Soins infirmiers".to_owned(),
            mutualisation: Mutualisation::DossierUnique,
            formations: vec![autre.public_id],
        };
        group_courses(&s.admin(), &Garde::default(), 2024, &s.id(), &cmd).await.unwrap();
        let partage = RuleViolation::Champ { champ: "groupes", motif: "partage" };
        assert_eq!(regle(s.asks(&groupes(deux(10, 14))).await), partage);
        assert_eq!(s.possible(NatureDemande::Groupes).await, Err(partage));
    }

    async fn r_vie_10_a_sector_that_is_accepted_is_on_the_sheet_goes_on_and_ends_with_the_academy(base) {
        let s = Scene::new(base, Famille::Licence, false).await;
        assert_eq!(s.secteur().await, ["20"]);
        for (academies, motif) in [(&["20"][..], "meme"), (&["20", "999"][..], "inconnue")] {
            assert_eq!(regle(s.asks(&secteur(academies)).await), RuleViolation::Champ { champ: "academies", motif });
        }
        let sans = RuleViolation::SecteurSansLaSienne { academie: "Amiens".to_owned() };
        assert_eq!(regle(s.asks(&secteur(&["09"])).await), sans, "named: the list has thirty of them");
        let d = s.asks(&secteur(&["09", "20"])).await.unwrap();
        assert_eq!(s.secteur().await, ["20"], "asking changes nothing");
        s.accepts(&d).await.unwrap();
        assert_eq!(s.secteur().await, ["09", "20"]);
        let sql = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND apres LIKE '%\"academies\":[\"09\",\"20\"]%'";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1, "what was done is noted");
        s.t.at("2023-12-21T10:00");
        assert_eq!(sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap().secteur, ["Lille", "Amiens"]);
        // The session that takes it over keeps it.
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let sql = "SELECT secteur FROM formation_session WHERE precedente_id = $1";
        assert_eq!(s.t.mot(sql, vec![s.f.formation_session.into()]).await, "09,20");
    }

    async fn r_vie_10_a_course_that_changes_its_academy_has_the_sector_of_the_new_one(base) {
        let s = Scene::new(base, Famille::Licence, false).await;
        let d = s.asks(&secteur(&["09", "20"])).await.unwrap();
        s.accepts(&d).await.unwrap();
        let sql = "SELECT id FROM etablissement_session WHERE etablissement_id = $1";
        let ligne = s.t.nombre(sql, vec![s.f.etablissement.into()]).await;
        let site = async |nom: &str, code: &str, commune: &str| {
            s.t.insert("site_formation", "etablissement_session_id, nom, adresse, code_postal, commune, latitude, longitude",
                vec![ligne.into(), nom.to_owned().into(), "2 rue Neuve".to_owned().into(), code.to_owned().into(), commune.to_owned().into(), 50.1.into(), 1.83.into()]).await.1
        };
        // In its own academy, it keeps its sector.
        let abbeville = site("Site d’Abbeville", "80100", "Abbeville").await;
        let d = s.asks(&Souhait::Deplacement { site: abbeville }).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.secteur().await, ["09", "20"]);
        let lille = site("Site de Lille", "59000", "Lille").await;
        let d = s.asks(&Souhait::Deplacement { site: lille }).await.unwrap();
        let avis = Reponse::Transmettre("Avis favorable du service.".to_owned());
        s.answers(&s.agent, Guichet::Academie, &d, avis).await.unwrap();
        let oui = Reponse::Accepter(String::new(), None);
        s.answers(&s.national, Guichet::National, &d, oui).await.unwrap();
        assert_eq!(s.secteur().await, ["09"]);
    }

    async fn r_vie_10_a_course_that_may_refuse_has_no_sector(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        let refus = RuleViolation::Champ { champ: "academies", motif: "selective" };
        assert_eq!(regle(s.asks(&secteur(&["09", "20"])).await), refus);
        assert_eq!(s.possible(NatureDemande::Sectorisation).await, Err(refus));
    }

    async fn r_vie_14_a_corrected_title_is_read_at_once_and_the_history_says_it(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        let avant = s.identite().await;
        assert_eq!((avant.libelle.as_str(), avant.statut.as_str(), avant.selective), ("Électronique", "etudiant", true));
        // Nothing that changes, no name, the name of another course of the same place.
        assert_eq!(regle(s.asks(&Souhait::Correction(avant.clone())).await), faute("libelle", "meme"));
        let autre = s.t.formation(s.f.etablissement, "Mécanique", Famille::Bts, true, 10, true).await;
        let double = IdentiteFormation { libelle: " mécanique".to_owned(), ..avant.clone() };
        assert_eq!(regle(s.asks(&Souhait::Correction(double)).await), faute("libelle", "existe"));
        let type_national = "session_id, code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, source";
        let [sigle, libelle, vide, source] = ["BTS-CIEL", "Électronique et réseaux", "", "Essai"].map(|t| t.to_owned().into());
        let valeurs = vec![s.f.session.into(), 467i64.into(), 467i64.into(), sigle, libelle, 0i64.into(), 0i64.into(), vide, source];
        s.t.insert("type_formation", type_national, valeurs).await;
        let voulue = IdentiteFormation { libelle: "BTS - Électronique et réseaux".to_owned(), ..avant.clone() };
        let d = s.asks(&Souhait::Correction(voulue.clone())).await.unwrap();
        assert_eq!(s.identite().await, avant, "asking changes nothing");
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        let lues: Vec<(&str, &str)> = vue.valeurs.iter().map(|v| (v.terme, v.texte.as_str())).collect();
        let attendues = [("Intitulé actuel", "Électronique"), ("Intitulé demandé", "BTS - Électronique et réseaux")];
        assert_eq!((lues.as_slice(), vue.acceptable.is_ok()), (&attendues[..], true));
        s.accepts(&d).await.unwrap();
        assert_eq!(s.identite().await, voulue);
        let sql = "SELECT COUNT(*) FROM formation_publication WHERE formation_session_id = $1";
        assert_eq!(s.t.nombre(sql, vec![s.f.formation_session.into()]).await, 2);
        assert_eq!(s.t.nombre(sql, vec![autre.formation_session.into()]).await, 1);
        let sql = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND apres LIKE '%\"corriges\":[\"libelle\"]%'";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1, "what was done is noted, without the title");
        let sql = "SELECT COUNT(*) FROM formation_session fs JOIN type_formation t ON t.id = fs.type_formation_id
                   WHERE fs.id = $1 AND t.code = 467 AND fs.recherche LIKE '%reseaux%'";
        assert_eq!(s.t.nombre(sql, vec![s.f.formation_session.into()]).await, 1, "found by its new words, of its new type");
        s.t.at("2023-12-21T10:00");
        let public = s.t.ctx(Acteur::public());
        let fiche = sheet(&public, &s.id()).await.unwrap();
        assert_eq!(fiche.intitule.libelle, "BTS - Électronique et réseaux");
        let corrigee = IdentiteCorrigee {
            champ: "Intitulé",
            avant: "Électronique".to_owned(),
            apres: "BTS - Électronique et réseaux".to_owned(),
        };
        assert_eq!(fiche.publications[0].identite, [corrigee]);
        assert!(fiche.publications[1].identite.is_empty());
        let versions = compare_published(&public, &s.id(), (None, None)).await.unwrap();
        let dites: Vec<(&str, &[String])> = versions.champs.iter().map(|c| (c.libelle, c.avant.as_slice())).collect();
        assert_eq!(dites, [("Intitulé", &["Électronique".to_owned()][..])]);
    }

    async fn r_vie_14_status_and_selectivity_stay_once_candidates_wish_the_course(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        let actuelle = s.identite().await;
        let libre = Souhait::Correction(IdentiteFormation { selective: false, ..actuelle.clone() });
        let d = s.asks(&libre).await.unwrap();
        let c = s.t.candidat("lea@example.org", TypeBac::General).await;
        let v = s.t.voeu(&c, &s.f, EtatVoeu::Saisi).await;
        let caduque = RuleViolation::DemandeCaduque { champ: "selective" };
        let vue = view_demande(&s.agent(), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((vue.acceptable, regle(s.accepts(&d).await)), (Err(caduque.clone()), caduque));
        s.refuses(&d).await;
        assert_eq!(regle(s.asks(&libre).await), faute("selective", "voeux"));
        let apprentis = Souhait::Correction(IdentiteFormation { statut: "apprentissage".to_owned(), ..actuelle.clone() });
        assert_eq!(regle(s.asks(&apprentis).await), faute("statut", "voeux"));
        let vue = view_demander(&s.admin(), 2024, &s.id()).await.unwrap();
        assert_eq!(vue.fixes, [faute("statut", "voeux"), faute("selective", "voeux")]);
        // A title is read again, and does not change what they asked for.
        let titre = Souhait::Correction(IdentiteFormation { libelle: "BTS Électronique".to_owned(), ..actuelle.clone() });
        let d = s.asks(&titre).await.unwrap();
        s.accepts(&d).await.unwrap();
        s.t.sql("UPDATE voeu SET etat = 'annule' WHERE id = $1", vec![v.id.into()]).await;
        let deux = IdentiteFormation { statut: "apprentissage".to_owned(), selective: false, ..s.identite().await };
        let d = s.asks(&Souhait::Correction(deux.clone())).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.identite().await, deux);
        s.t.at("2023-12-21T10:00");
        let fiche = sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap();
        assert_eq!((fiche.apprentissage, fiche.selective), (true, false));
        let champs: Vec<&str> = fiche.publications[0].identite.iter().map(|c| c.champ).collect();
        assert_eq!(champs, ["Statut", "Sélectivité"]);
    }

    async fn r_vie_14_a_course_of_the_catalogue_or_of_another_session_keeps_what_these_say(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        let actuelle = s.identite().await;
        let titre = Souhait::Correction(IdentiteFormation { libelle: "BTS Électronique".to_owned(), ..actuelle.clone() });
        let d = s.asks(&titre).await.unwrap();
        let colonnes = "session_id, flux, identifiant, contenu, departement, academie, statut, presente, formation_session_id";
        let [flux, nom, contenu, departement, academie, statut] =
            ["catalogue", "a|1|2", "{}", "80", "20", "publie"].map(|t| t.to_owned().into());
        let valeurs = vec![s.f.session.into(), flux, nom, contenu, departement, academie, statut, 1i64.into(), s.f.formation_session.into()];
        let fiche = s.t.insert("fiche_apprentissage", colonnes, valeurs).await.0;
        assert_eq!(regle(s.accepts(&d).await), RuleViolation::DemandeCaduque { champ: "intitule" });
        s.refuses(&d).await;
        assert_eq!(regle(s.asks(&titre).await), faute("libelle", "catalogue"));
        let libre = Souhait::Correction(IdentiteFormation { selective: false, ..actuelle.clone() });
        let d = s.asks(&libre).await.unwrap();
        s.refuses(&d).await;
        s.t.sql("UPDATE fiche_apprentissage SET supprime_le = 1 WHERE id = $1", vec![fiche.into()]).await;
        let d = s.asks(&titre).await.unwrap();
        s.refuses(&d).await;
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let sql = "SELECT public_id FROM formation_session WHERE precedente_id = $1";
        let suivante = PublicId::parse(&s.t.mot(sql, vec![s.f.formation_session.into()]).await).unwrap();
        let apprentis = Souhait::Correction(IdentiteFormation { statut: "apprentissage".to_owned(), ..actuelle });
        let ailleurs = ask_formation(&s.admin(), &Garde::default(), 2025, &suivante, &apprentis, MOTIF).await;
        assert_eq!(regle(ailleurs), faute("statut", "session"));
        ask_formation(&s.admin(), &Garde::default(), 2025, &suivante, &titre, MOTIF).await.unwrap();
    }

    async fn r_vie_10_r_vie_14_a_course_that_becomes_selective_has_no_sector(base) {
        let s = Scene::new(base, Famille::Licence, false).await;
        let d = s.asks(&secteur(&["09", "20"])).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.secteur().await, ["09", "20"]);
        let d = s.asks(&Souhait::Correction(IdentiteFormation { selective: true, ..s.identite().await })).await.unwrap();
        s.accepts(&d).await.unwrap();
        assert_eq!(s.secteur().await, ["20"]);
    }

    async fn r_vie_12_r_vie_14_a_submitted_course_that_is_corrected_still_waits_for_its_decision(base) {
        let s = Scene::new(base, Famille::Bts, true).await;
        s.t.controle_academique(true).await;
        let saisie = EnregistrerParametrage { capacites: None, presentation: Some("Une formation de proximité.".to_owned()) };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie).await.unwrap();
        submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let titre = IdentiteFormation { libelle: "BTS Électronique".to_owned(), ..s.identite().await };
        let d = s.asks(&Souhait::Correction(titre)).await.unwrap();
        s.accepts(&d).await.unwrap();
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        assert_eq!((vue.etat, vue.decision), (EtatControle::Soumise, Ok(())));
    }
}
