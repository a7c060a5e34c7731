//! Records of the catalogue of apprenticeship on both databases: the decisions of the academic service, duplicates, refused records,
//! what a session leaves out. The courses made of them: `fiches_integration`.

use std::path::Path;

use app::apprentissage::{
    BilanIntegration, CriteresFiches, Decision, LigneFiche, PlaceCherchee, StatutCherche, decide_fiche,
    declare_pretes, export_rejets, integrate, keep_fiche, list_fiches, list_groupes, list_rejets, view_fiche,
    view_groupe,
};
use app::idempotence::Garde;
use app::imports::{OptionsApprentissage, import_apprentissage, lire_catalogue};
use app::{AppError, Ctx};
use domain::apprentissage::{Constat, Statut};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::{PublicId, RuleViolation};
use testkit::{Base, TestApp, both_databases};

/// A BTS in Amiens, entered in September 2024.
pub(crate) fn fiche(id: &str, titre: &str) -> serde_json::Value {
    serde_json::json!({
        "id_formation": id, "id_action": "1", "id_certifinfo": "2", "intitule_long": titre,
        "etablissement_gestionnaire_siret": "73282932000074",
        "etablissement_formateur_siret": "73282932000074", "etablissement_formateur_uai": "0800001A",
        "etablissement_formateur_code_insee": "80021",
        "etablissement_lieu_formation_adresse": format!("{id} rue des Écoles"),
        "etablissement_lieu_formation_code_postal": "80000",
        "etablissement_lieu_formation_code_insee": "80021",
        "cfd": "32025101", "rncp_code": "RNCP474", "bcn_mefs_10": [{ "mef10": "3113340131" }], "periode": ["2024-09"],
    })
}

pub(crate) fn with(
    mut f: serde_json::Value,
    champ: &str,
    valeur: impl Into<serde_json::Value>,
) -> serde_json::Value {
    f[champ] = valeur.into();
    f
}

pub(crate) struct Scene {
    pub(crate) t: TestApp,
    agent: Acteur,
    dossier: tempfile::TempDir,
}

pub(crate) async fn agent(t: &TestApp, nom: &str, academie: &str) -> Acteur {
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    t.personne(&format!("{nom}@ac.example"), a).await.1
}

impl Scene {
    pub(crate) async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let agent = agent(&t, "un", "20").await;
        t.at("2023-11-20T10:00");
        Self { t, agent, dossier: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn agent(&self) -> Ctx {
        self.t.ctx(self.agent.clone())
    }

    pub(crate) async fn day(&self, fiches: &[serde_json::Value]) {
        let chemin: &Path = &self.dossier.path().join("fiches.json");
        std::fs::write(chemin, serde_json::to_string(fiches).expect("JSON")).expect("written");
        let lues = lire_catalogue(&[chemin.to_owned()], &mut |_, _| {}).expect("read");
        let options = OptionsApprentissage {
            appliquer: true,
            session: Some(2024),
            retraits_massifs: true,
            ..OptionsApprentissage::default()
        };
        import_apprentissage(&self.t.systeme(), &lues, &options).await.expect("imported");
    }

    pub(crate) async fn id(&self, id: &str) -> PublicId {
        let sql = "SELECT public_id FROM fiche_apprentissage WHERE identifiant = $1";
        PublicId::parse(&self.t.mot(sql, vec![format!("{id}|1|2").into()]).await).expect("an identifier")
    }

    pub(crate) async fn statut(&self, id: &str) -> String {
        let sql = "SELECT statut FROM fiche_apprentissage WHERE identifiant = $1";
        self.t.mot(sql, vec![format!("{id}|1|2").into()]).await
    }

    pub(crate) async fn decide(&self, id: &str, vers: Statut, motif: &str) -> Result<(), AppError> {
        let d = Decision { vers, motif: motif.to_owned() };
        decide_fiche(&self.agent(), &Garde::default(), 2024, &self.id(id).await, &d).await.map(|_| ())
    }

    async fn lines(&self, criteres: CriteresFiches) -> Vec<LigneFiche> {
        list_fiches(&self.agent(), 2024, &criteres).await.expect("a list").lignes
    }

    pub(crate) async fn integrate(&self) -> BilanIntegration {
        integrate(&self.t.systeme(), 2024).await.expect("integrated")
    }

    /// What a decision names of a record: where it is, and as it was read.
    pub(crate) async fn lue(&self, id: &str) -> (PublicId, i64) {
        let sql = "SELECT version FROM fiche_apprentissage WHERE identifiant = $1";
        (self.id(id).await, self.t.nombre(sql, vec![format!("{id}|1|2").into()]).await)
    }

    /// Two acts that begin while somebody else holds a record: each waits for it with what it holds already, both go on once it is free.
    pub(crate) async fn at_once<A, B>(
        &self,
        tenue: &str,
        un: impl Future<Output = A>,
        deux: impl Future<Output = B>,
    ) -> (A, B) {
        let autre = self.t.app.db.begin_write().await.expect("a transaction");
        let sql = "UPDATE fiche_apprentissage SET presente = presente WHERE identifiant = $1";
        store::Sql::exec(&autre, sql, vec![format!("{tenue}|1|2").into()]).await.expect("held");
        let (a, b, ()) = tokio::join!(un, deux, async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            autre.commit().await.expect("committed");
        });
        (a, b)
    }

    /// A value of the course made of a record.
    pub(crate) async fn course(&self, id: &str, colonne: &str) -> String {
        let sql = format!(
            "SELECT fs.{colonne} FROM formation_session fs JOIN fiche_apprentissage f ON f.formation_session_id = fs.id
             WHERE f.identifiant = $1"
        );
        self.t.mot(&sql, vec![format!("{id}|1|2").into()]).await
    }
}

pub(crate) fn tous() -> CriteresFiches {
    CriteresFiches {
        statut: StatutCherche::Tous,
        place: PlaceCherchee::Toutes,
        constat: None,
        departement: None,
        recherche: String::new(),
        page: 1,
    }
}

pub(crate) const MOTIF: &str = "La convention avec le lycée n’est pas signée.";

both_databases! {
    async fn r_app_06_an_academic_service_decides_of_its_records_with_a_reason(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme"), with(fiche("b", "Bachelor Design"), "cfd", "24511001"), fiche("c", "BTS Comptabilité")]).await;
        let f = list_fiches(&s.agent(), 2024, &CriteresFiches { statut: StatutCherche::ATraiter, ..tous() }).await.expect("a list");
        assert_eq!((f.total, f.statuts.clone()), (3, vec![(Statut::APublier, 2), (Statut::AVerifierAcces, 1)]));
        assert_eq!(f.departements, [("80".to_owned(), "Somme (80)".to_owned())]);
        assert!(!f.integrer);
        let vue = view_fiche(&s.agent(), 2024, &s.id("b").await).await.expect("a record");
        let possibles: Vec<Statut> = vue.decisions.iter().map(|(s, _)| *s).collect();
        assert_eq!(possibles, [Statut::APublier, Statut::PretPourIntegration, Statut::EnAttenteMiseAJour, Statut::NonPublie]);
        // Without a reason, or towards a status that is not hers to give: nothing is written.
        let e = s.decide("a", Statut::NonPublie, "").await;
        assert!(matches!(e, Err(AppError::Invalid(ref f)) if f[0].0 == "motif"), "{e:?}");
        let e = s.decide("a", Statut::Publie, MOTIF).await;
        assert!(matches!(e, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{e:?}");
        let journal = s.t.nombre("SELECT COUNT(*) FROM journal", vec![]).await;
        s.decide("a", Statut::NonPublie, MOTIF).await.expect("refused");
        s.decide("b", Statut::APublier, "").await.expect("checked");
        s.decide("c", Statut::EnAttenteMiseAJour, MOTIF).await.expect("sent back");
        assert_eq!((s.statut("a").await, s.statut("b").await, s.statut("c").await),
            ("non_publie".to_owned(), "a_publier".to_owned(), "en_attente_mise_a_jour".to_owned()));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal", vec![]).await, journal + 3);
        let ecrit = s.t.nombre("SELECT COUNT(*) FROM journal WHERE apres LIKE '%convention%'", vec![]).await;
        assert_eq!(ecrit, 0, "no free text in the journal");
        let vue = view_fiche(&s.agent(), 2024, &s.id("a").await).await.expect("a record");
        assert_eq!((vue.raison.as_deref(), vue.evenements.len()), (Some(MOTIF), 2));
        assert_eq!(vue.evenements[0].par.as_deref(), Some("Camille Essai"));
        // What was sent back is judged again once the establishment corrected it.
        s.day(&[fiche("a", "BTS Tourisme"), with(fiche("b", "Bachelor Design"), "cfd", "24511001"), with(fiche("c", "BTS Comptabilité"), "periode", serde_json::json!(["2024-10"]))]).await;
        assert_eq!((s.statut("c").await, s.statut("a").await), ("a_publier".to_owned(), "non_publie".to_owned()));
    }

    async fn r_app_06_a_second_tab_and_a_neighbour_decide_nothing(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        let id = s.id("a").await;
        let vue = view_fiche(&s.agent(), 2024, &id).await.expect("a record");
        s.decide("a", Statut::PretPourIntegration, "").await.expect("ready");
        let d = Decision { vers: Statut::APublier, motif: String::new() };
        let garde = Garde { version: Some(vue.version), ..Garde::default() };
        let e = decide_fiche(&s.agent(), &garde, 2024, &id, &d).await;
        assert!(matches!(e, Err(AppError::Conflict)), "{e:?}");
        let voisin = s.t.ctx(agent(&s.t, "voisin", "09").await);
        let e = view_fiche(&voisin, 2024, &id).await;
        assert!(matches!(e, Err(AppError::Denied(ref d)) if !d.connu), "{e:?}");
        let e = decide_fiche(&voisin, &Garde::default(), 2024, &id, &d).await;
        assert!(matches!(e, Err(AppError::Denied(_))), "{e:?}");
        assert_eq!(list_fiches(&voisin, 2024, &tous()).await.expect("a list").total, 0);
    }

    async fn r_app_06_records_are_declared_ready_together_or_not_at_all(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Comptabilité"), with(fiche("c", ""), "etablissement_formateur_uai", "")]).await;
        let ids = [s.lue("a").await, s.lue("b").await, s.lue("c").await];
        let e = declare_pretes(&s.agent(), &Garde::default(), 2024, &ids).await;
        assert!(matches!(e, Err(AppError::Rule(RuleViolation::DansLot { .. }))), "{e:?}");
        assert_eq!(s.statut("a").await, "a_publier", "all or none");
        declare_pretes(&s.agent(), &Garde::default(), 2024, &ids[..2]).await.expect("ready");
        assert_eq!((s.statut("a").await, s.statut("b").await), ("pret_pour_integration".to_owned(), "pret_pour_integration".to_owned()));
        let e = declare_pretes(&s.agent(), &Garde::default(), 2024, &ids[..1]).await;
        assert!(matches!(e, Err(AppError::Conflict)), "read before it changed: {e:?}");
        let e = declare_pretes(&s.agent(), &Garde::default(), 2024, &[s.lue("a").await]).await;
        assert!(matches!(e, Err(AppError::Rule(RuleViolation::DansLot { .. }))), "ready already: {e:?}");
        assert!(declare_pretes(&s.agent(), &Garde::default(), 2024, &[]).await.is_err());
    }

    async fn r_app_07_records_are_found_by_finding_place_and_words(base) {
        let s = Scene::new(base).await;
        let ailleurs = with(with(fiche("b", "BTS Comptabilité"), "etablissement_lieu_formation_uai", "0800001A"), "etablissement_lieu_formation_code_insee", "80001");
        s.day(&[fiche("a", "BTS Tourisme"), ailleurs, with(fiche("c", "BTS Électronique"), "bcn_mefs_10", serde_json::json!([]))]).await;
        let de = |c: CriteresFiches| s.lines(c);
        let l = de(CriteresFiches { constat: Some(Constat::Appariement), ..tous() }).await;
        assert_eq!((l.len(), l[0].intitule.as_str()), (1, "BTS Comptabilité"));
        let l = de(CriteresFiches { constat: Some(Constat::Mef), ..tous() }).await;
        assert_eq!((l.len(), l[0].intitule.as_str()), (1, "BTS Électronique"));
        assert_eq!(de(CriteresFiches { recherche: "electronique".to_owned(), ..tous() }).await.len(), 1);
        assert_eq!(de(CriteresFiches { recherche: "0800001A".to_owned(), ..tous() }).await.len(), 3);
        assert_eq!(de(CriteresFiches { departement: Some("60".to_owned()), ..tous() }).await.len(), 0);
        let vue = view_fiche(&s.agent(), 2024, &s.id("b").await).await.expect("a record");
        assert_eq!(vue.appariement.map(|a| a.commune_lieu), Some("80001".to_owned()));
    }

    async fn r_app_09_the_record_chosen_is_kept_by_the_next_days_and_gives_way_when_it_leaves(base) {
        let s = Scene::new(base).await;
        let (a, b) = (fiche("a", "BTS Tourisme"), with(fiche("a", "BTS Tourisme"), "id_formation", "b"));
        s.day(&[a.clone(), b.clone()]).await;
        assert_eq!((s.statut("a").await, s.statut("b").await), ("a_publier".to_owned(), "non_publiable".to_owned()));
        let groupes = list_groupes(&s.agent(), 2024, 1).await.expect("groups");
        assert_eq!((groupes.total, groupes.lignes[0].repetent), (1, 1));
        let (ida, idb) = (s.id("a").await, s.id("b").await);
        let vue = view_groupe(&s.agent(), 2024, &idb).await.expect("a group");
        assert!(vue.decidable && vue.fiches[0].identifiant == "a|1|2" && vue.differences.is_empty(), "{vue:?}");
        let e = keep_fiche(&s.agent(), &Garde::default(), 2024, &ida, &ida).await;
        assert!(matches!(e, Err(AppError::Conflict)), "kept already: {e:?}");
        keep_fiche(&s.agent(), &Garde::default(), 2024, &ida, &idb).await.expect("chosen");
        assert_eq!((s.statut("a").await, s.statut("b").await), ("non_publiable".to_owned(), "a_publier".to_owned()));
        // The same day again says the same: the choice stays.
        s.day(&[a.clone(), b]).await;
        assert_eq!((s.statut("a").await, s.statut("b").await), ("non_publiable".to_owned(), "a_publier".to_owned()));
        // One that repeats another is not let through, whatever somebody decided of it before.
        s.t.sql("UPDATE fiche_apprentissage SET statut = 'non_publie', raison = 'Essai.' WHERE doublon_de IS NOT NULL", vec![]).await;
        let refus = s.decide("a", Statut::APublier, "").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::FicheEnDouble))), "{refus:?}");
        s.t.sql("UPDATE fiche_apprentissage SET statut = 'non_publiable' WHERE doublon_de IS NOT NULL", vec![]).await;
        s.day(&[a]).await;
        assert_eq!((s.statut("a").await, s.statut("b").await), ("a_publier".to_owned(), "ferme".to_owned()));
    }

    async fn r_app_11_a_refused_record_says_what_to_correct_and_leaves_when_it_is(base) {
        let s = Scene::new(base).await;
        s.day(&[with(fiche("a", "BTS Tourisme"), "cfd", "320")]).await;
        let r = list_rejets(&s.agent(), 2024, 1).await.expect("a list");
        assert_eq!((r.total, r.lignes[0].identifiant.as_deref(), r.lignes[0].academie.as_str()), (1, Some("a|1|2"), "Amiens"));
        assert!(r.lignes[0].fautes[0].motif.contains("n’a pas huit lettres ou chiffres"), "{:?}", r.lignes);
        let f = export_rejets(&s.agent(), 2024).await.expect("a file");
        let texte = String::from_utf8(f.octets).expect("UTF-8");
        assert!(texte.contains("fiches.json") && texte.contains("a|1|2") && texte.contains("cfd"), "{texte}");
        let voisin = s.t.ctx(agent(&s.t, "voisin", "09").await);
        assert_eq!(list_rejets(&voisin, 2024, 1).await.expect("a list").total, 0);
        s.day(&[fiche("a", "BTS Tourisme")]).await;
        assert_eq!(list_rejets(&s.agent(), 2024, 1).await.expect("a list").total, 0);
        assert_eq!(s.statut("a").await, "a_publier");
    }

    async fn r_app_20_an_agent_reads_what_the_session_leaves_out_and_why(base) {
        let s = Scene::new(base).await;
        let exclue = with(fiche("b", "Licence professionnelle Notariat"), "cfd", "25011001");
        let passee = with(fiche("c", "BTS Comptabilité"), "periode", serde_json::json!(["2022-09"]));
        s.day(&[fiche("a", "BTS Tourisme"), exclue, passee]).await;
        let l = list_fiches(&s.agent(), 2024, &tous()).await.expect("a list");
        let raisons: Vec<(&str, i64)> = l.hors.iter().map(|(r, n)| (r.as_str(), *n)).collect();
        assert_eq!(raisons.len(), 2, "{raisons:?}");
        let exclusion = "Hors du périmètre de la session : licence professionnelle, qui suit un diplôme de niveau 5.";
        assert!(raisons.contains(&(exclusion, 1)) && raisons.iter().all(|(_, n)| *n == 1), "{raisons:?}");
        let noms = async |place: PlaceCherchee| {
            let lignes = s.lines(CriteresFiches { statut: StatutCherche::ATraiter, place, ..tous() }).await;
            lignes.into_iter().map(|l| l.intitule).collect::<Vec<String>>()
        };
        assert_eq!(noms(PlaceCherchee::Dans).await, ["BTS Tourisme"]);
        assert_eq!(noms(PlaceCherchee::Hors).await, ["BTS Comptabilité", "Licence professionnelle Notariat"]);
        assert_eq!(noms(PlaceCherchee::Motif(exclusion.to_owned())).await, ["Licence professionnelle Notariat"]);
        assert!(noms(PlaceCherchee::Motif("autre".to_owned())).await.is_empty());
        for place in [PlaceCherchee::Toutes, PlaceCherchee::Dans, PlaceCherchee::Hors] {
            assert_eq!(PlaceCherchee::from_code(place.code()), place);
        }
    }
}
