//! Courses grouped under one multiple wish, and one ranking for several of them, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::admission::{calculer_ordre_appel, calculer_propositions, passages, publier_passage};
use app::candidatures::{AddVoeu, add_voeu, confirm_voeu, mes_voeux, offre_voeu};
use app::classements::groupe_vue;
use app::formations::{
    Guichet, Regrouper, Reponse, answer_demande, ask_formation, group_courses, sheet, ungroup_course,
    view_regroupement,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::{ChoixInternat, EtatVoeu};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::formations::demandes::Souhait;
use domain::formations::regroupement::Mutualisation;
use domain::{PublicId, RuleViolation};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: Vec<FormationEssai>,
    admin: Acteur,
    agent: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let e = t.etablissement("0800001A", "IRFSS de Picardie").await;
        let mut f = Vec::new();
        for ville in ["Amiens", "Beauvais", "Laon"] {
            f.push(t.formation(e, &format!("IFSI {ville}"), Famille::Ifsi, true, 1, true).await);
        }
        let a = Attribution { etablissement: Some(e), ..Attribution::simple(Role::AdminSite) };
        let admin = t.personne("admin@ecole.example", a).await.1;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let agent = t.personne("agent@ac.example", a).await.1;
        t.at("2023-11-20T10:00");
        Self { t, f, admin, agent }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn id(&self, i: usize) -> PublicId {
        PublicId::parse(&self.f[i].public_id).unwrap()
    }

    async fn group(&self, i: usize, autres: &[usize], m: Mutualisation) -> Result<(), AppError> {
        self.group_as(&self.admin(), &Garde::default(), i, autres, m).await
    }

    async fn group_as(
        &self,
        ctx: &Ctx,
        garde: &Garde,
        i: usize,
        autres: &[usize],
        m: Mutualisation,
    ) -> Result<(), AppError> {
        let cmd = Regrouper {
            libelle: "Soins infirmiers – Picardie".to_owned(),
            mutualisation: m,
            formations: autres.iter().map(|a| self.f[*a].public_id.clone()).collect(),
        };
        group_courses(ctx, garde, 2024, &self.id(i), &cmd).await.map(|_| ())
    }

    /// Labels of the courses of its grouping; empty without one.
    async fn grouped(&self, i: usize) -> Vec<String> {
        let v = view_regroupement(&self.admin(), 2024, &self.id(i), "").await.unwrap();
        v.regroupement
            .map_or_else(Vec::new, |r| r.formations.into_iter().map(|f| f.intitule.libelle).collect())
    }

    /// Tells the national type of a course, that the national list has from then on.
    async fn type_national(&self, f: &FormationEssai, code: i64) {
        let sql = "INSERT INTO type_formation (public_id, cree_le, maj_le, origine, session_id, code, code_sans_apprentissage, sigle,
                     libelle, apprentissage, las, source)
                   SELECT $1, 0, 0, 'essai', session_id, $2, $2, 'X', 'Type', 0, 0, 'essai' FROM formation_session
                   WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM type_formation WHERE code = $2)";
        self.t.sql(sql, vec![format!("t{code}").into(), code.into(), f.formation_session.into()]).await;
        let sql = "UPDATE formation_session SET type_formation_id = (SELECT id FROM type_formation WHERE code = $1) WHERE id = $2";
        self.t.sql(sql, vec![code.into(), f.formation_session.into()]).await;
    }

    /// Key of the ranking group of each course.
    async fn groupes(&self) -> Vec<i64> {
        let mut cles = Vec::new();
        for f in &self.f {
            let sql = "SELECT groupe_classement_id FROM groupe_affectation WHERE formation_session_id = $1 AND supprime_le IS NULL";
            cles.push(self.t.nombre(sql, vec![f.formation_session.into()]).await);
        }
        cles
    }
}

fn rule<T: std::fmt::Debug>(r: Result<T, AppError>) -> RuleViolation {
    match r {
        Err(AppError::Rule(r)) => r,
        autre => panic!("a rule was expected: {autre:?}"),
    }
}

use Mutualisation::{Aucune, DossierUnique};

both_databases! {
    async fn r_reg_01_courses_of_one_kind_are_grouped_whole_and_by_whoever_may_on_each(base) {
        let s = Scene::new(base).await;
        assert!(matches!(rule(s.group(0, &[], Aucune).await), RuleViolation::RegroupementSeul));
        let bts = s.t.formation(s.f[0].etablissement, "BTS Optique", Famille::Bts, true, 24, true).await;
        let cmd = Regrouper { libelle: "Santé".to_owned(), mutualisation: Aucune, formations: vec![bts.public_id.clone()] };
        let refus = group_courses(&s.admin(), &Garde::default(), 2024, &s.id(0), &cmd).await;
        assert!(matches!(rule(refus), RuleViolation::Regroupement { motif: "famille", formation } if formation == "BTS Optique"));
        let inconnue = Regrouper { formations: vec!["a".repeat(26)], ..cmd.clone() };
        let refus = group_courses(&s.admin(), &Garde::default(), 2024, &s.id(0), &inconnue).await;
        assert!(matches!(rule(refus), RuleViolation::Champ { champ: "formations", .. }));
        // A course of another establishment: whoever has no right there is refused, the academy of both is not.
        let ailleurs = s.t.etablissement("0800002B", "Institut voisin").await;
        let voisine = s.t.formation(ailleurs, "IFSI Abbeville", Famille::Ifsi, true, 1, true).await;
        let avec = Regrouper { formations: vec![s.f[1].public_id.clone(), voisine.public_id.clone()], ..cmd };
        let refus = group_courses(&s.admin(), &Garde::default(), 2024, &s.id(0), &avec).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        assert_eq!(s.grouped(0).await, Vec::<String>::new(), "nothing is half-written");
        let lecteur = Attribution { etablissement: Some(s.f[0].etablissement), ..Attribution::simple(Role::GestAdmin) };
        let lecteur = s.t.personne("lecteur@ecole.example", lecteur).await.1;
        let refus = s.group_as(&s.t.ctx(lecteur), &Garde::default(), 0, &[1], Aucune).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        group_courses(&s.t.ctx(s.agent.clone()), &Garde::default(), 2024, &s.id(0), &avec).await.unwrap();
        assert_eq!(s.grouped(1).await, ["IFSI Abbeville", "IFSI Amiens", "IFSI Beauvais"]);
        let vue = view_regroupement(&s.admin(), 2024, &s.id(0), "").await.unwrap();
        assert!(vue.hors_portee && vue.proposees.is_empty(), "the page says who may change it");
        // R-REG-02: in one grouping at most.
        let refus = s.group(2, &[1], Aucune).await;
        assert!(matches!(rule(refus), RuleViolation::Regroupement { motif: "ailleurs", .. }));
        // The public reads it on the sheet of each.
        s.t.at("2023-12-21T10:00");
        let fiche = sheet(&s.t.ctx(Acteur::public()), &s.id(0)).await.unwrap();
        let lu = fiche.regroupement.unwrap();
        assert_eq!((lu.libelle.as_str(), lu.formations.len()), ("Santé", 3));
        // R-FOR-06: of a course that is not published, not even its name.
        s.t.sql("UPDATE formation_session SET etat = 'brouillon' WHERE id = $1", vec![voisine.formation_session.into()]).await;
        let lu = sheet(&s.t.ctx(Acteur::public()), &s.id(0)).await.unwrap().regroupement.unwrap();
        assert!(lu.formations.iter().all(|f| f.intitule.libelle != "IFSI Abbeville"), "{lu:?}");
    }

    async fn r_reg_04_a_grouping_changed_meanwhile_is_not_overwritten_and_one_form_sent_twice_counts_once(base) {
        let s = Scene::new(base).await;
        let aucun = Some(app::formations::VERSION_SANS_REGROUPEMENT);
        let garde = Garde { cle: Some("k".to_owned()), version: aucun, ..Garde::default() };
        s.group_as(&s.admin(), &garde, 0, &[1], Aucune).await.unwrap();
        s.group_as(&s.admin(), &garde, 0, &[1], Aucune).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM regroupement", vec![]).await, 1);
        // Read while there was none: the first one is not replaced without being read.
        let vieille = Garde { cle: None, ..garde };
        let refus = s.group_as(&s.admin(), &vieille, 0, &[1, 2], Aucune).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        s.group(1, &[0, 2], Aucune).await.unwrap();
        let refus = s.group_as(&s.admin(), &vieille, 0, &[1], Aucune).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        assert_eq!(s.grouped(0).await.len(), 3);
        s.t.at_closing(Etape::Parametrage).await;
        assert!(matches!(rule(s.group(0, &[1], Aucune).await), RuleViolation::Closed { .. }));
    }

    async fn r_reg_03_one_ranking_serves_every_course_each_keeps_its_places_and_leaving_gives_back_its_own(base) {
        let s = Scene::new(base).await;
        let avant = s.groupes().await;
        s.group(1, &[0, 2], DossierUnique).await.unwrap();
        let commun = avant[1];
        assert_eq!(s.groupes().await, [commun; 3]);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM groupe_affectation WHERE places = 1 AND supprime_le IS NULL", vec![]).await, 3);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM groupe_classement WHERE supprime_le IS NULL", vec![]).await, 1);
        // The course that ranks leaves: another one ranks for those that stay, and it ranks alone.
        ungroup_course(&s.admin(), &Garde::default(), 2024, &s.id(1)).await.unwrap();
        let apres = s.groupes().await;
        assert!(apres[0] == apres[2] && apres[0] != apres[1] && apres[1] == commun, "{apres:?}");
        assert_eq!(s.grouped(0).await, ["IFSI Amiens", "IFSI Laon"]);
        // R-REG-07: one that is left alone is grouped no more.
        ungroup_course(&s.admin(), &Garde::default(), 2024, &s.id(0)).await.unwrap();
        assert!(s.grouped(2).await.is_empty());
        let fin = s.groupes().await;
        assert!(fin[0] != fin[2] && fin[0] != fin[1] && fin[1] != fin[2], "{fin:?}");
        // Courses whose groups differ do not share a ranking.
        s.t.sql("UPDATE groupe_classement SET series = 'pro' WHERE id = $1", vec![fin[2].into()]).await;
        assert!(matches!(rule(s.group(0, &[2], DossierUnique).await), RuleViolation::Regroupement { motif: "groupes", .. }));
        let refus = ungroup_course(&s.admin(), &Garde::default(), 2024, &s.id(0)).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "{refus:?}");
    }

    async fn r_reg_06_rates_that_disagree_are_decided_again_for_all(base) {
        let s = Scene::new(base).await;
        let g = s.groupes().await;
        for (groupe, taux) in [(g[0], 10_i64), (g[1], 10), (g[2], 12)] {
            let sql = "UPDATE groupe_classement SET taux_min_boursiers = $1 WHERE id = $2";
            s.t.sql(sql, vec![taux.into(), groupe.into()]).await;
        }
        let taux = "SELECT COUNT(*) FROM groupe_classement WHERE taux_min_boursiers = 10 AND supprime_le IS NULL";
        s.group(0, &[1], DossierUnique).await.unwrap();
        assert_eq!(s.t.nombre(taux, vec![]).await, 1, "the same rate stays, once");
        s.group(0, &[1, 2], DossierUnique).await.unwrap();
        assert_eq!(s.t.nombre(taux, vec![]).await, 0);
        let sans = "SELECT COUNT(*) FROM groupe_classement WHERE taux_min_boursiers IS NULL AND supprime_le IS NULL";
        assert_eq!(s.t.nombre(sans, vec![]).await, 1);
    }

    async fn r_reg_04_a_grouping_does_not_change_once_candidates_wish_but_its_name_does(base) {
        let s = Scene::new(base).await;
        s.group(0, &[1], Aucune).await.unwrap();
        let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        s.t.voeu(&lea, &s.f[1], EtatVoeu::Saisi).await;
        for refus in [
            s.group(0, &[1, 2], Aucune).await,
            s.group(0, &[1], DossierUnique).await,
            ungroup_course(&s.admin(), &Garde::default(), 2024, &s.id(0)).await.map(|_| ()),
        ] {
            assert!(matches!(rule(refus), RuleViolation::RegroupementAvecVoeux { formation } if formation == "IFSI Beauvais"));
        }
        s.group(0, &[1], Aucune).await.unwrap();
        assert!(view_regroupement(&s.admin(), 2024, &s.id(0), "").await.unwrap().avec_voeux);
    }

    async fn r_reg_05_the_next_session_has_the_same_groupings_and_shared_rankings(base) {
        let s = Scene::new(base).await;
        s.group(0, &[1, 2], DossierUnique).await.unwrap();
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let sql = "SELECT COUNT(DISTINCT a.groupe_classement_id) FROM groupe_affectation a JOIN formation_session f
                   ON f.id = a.formation_session_id JOIN session_admission s ON s.id = f.session_id WHERE s.annee = 2025";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1);
        let sql = "SELECT COUNT(*) FROM regroupement_formation rf JOIN regroupement r ON r.id = rf.regroupement_id
                   JOIN session_admission s ON s.id = r.session_id WHERE s.annee = 2025 AND r.precedent_id IS NOT NULL";
        assert_eq!(s.t.nombre(sql, vec![]).await, 3);
        let sql = "SELECT COUNT(*) FROM groupe_affectation a JOIN formation_session f ON f.id = a.formation_session_id
                   JOIN session_admission s ON s.id = f.session_id WHERE s.annee = 2025";
        assert_eq!(s.t.nombre(sql, vec![]).await, 3);
    }

    async fn r_reg_07_a_course_that_closes_leaves_its_grouping(base) {
        let s = Scene::new(base).await;
        s.group(0, &[1, 2], DossierUnique).await.unwrap();
        ask_formation(&s.admin(), &Garde::default(), 2024, &s.id(0), &Souhait::Suspension, "Trop peu d’élèves depuis trois ans.").await.unwrap();
        let demande = s.t.mot("SELECT public_id FROM demande_formation", vec![]).await;
        let demande = PublicId::parse(&demande).unwrap();
        let r = Reponse::Accepter(String::new(), None);
        let agent = s.t.ctx(s.agent.clone());
        answer_demande(&agent, &Garde::default(), 2024, Guichet::Academie, &demande, &r).await.unwrap();
        assert!(s.grouped(0).await.is_empty());
        assert_eq!(s.grouped(1).await, ["IFSI Beauvais", "IFSI Laon"]);
        let g = s.groupes().await;
        assert!(g[1] == g[2] && g[0] != g[1], "{g:?}");
    }

    async fn r_voe_09_wishes_of_one_grouping_are_one_multiple_wish_with_ceilings_asked_again_on_confirming(base) {
        let s = Scene::new(base).await;
        let seule = s.t.formation(s.f[0].etablissement, "IFSI Creil", Famille::Ifsi, true, 1, true).await;
        s.group(0, &[1, 2], Aucune).await.unwrap();
        s.t.sql("UPDATE parametre SET valeur = '2' WHERE cle = 'plafond_sous_voeux'", vec![]).await;
        s.t.sql("UPDATE parametre SET valeur = '1' WHERE cle = 'plafond_voeux_etudiant'", vec![]).await;
        s.t.during(Etape::Voeux).await;
        let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = s.t.ctx(lea.acteur.clone());
        let demander = async |f: &FormationEssai| {
            let cmd = AddVoeu { formation: f.public_id.clone(), internat: ChoixInternat::Sans };
            add_voeu(&ctx, &Garde::default(), &cmd).await
        };
        assert_eq!(offre_voeu(&ctx, &s.f[0].public_id).await.unwrap().multiple.unwrap().sous_voeux, 0);
        demander(&s.f[0]).await.unwrap();
        demander(&s.f[1]).await.unwrap();
        let m = mes_voeux(&ctx).await.unwrap();
        assert_eq!((m.voeux.len(), m.etudiant), (2, 1), "two sub-wishes are one wish");
        assert_eq!(m.voeux[1].multiple.as_deref(), Some("Soins infirmiers – Picardie"));
        assert!(matches!(rule(demander(&s.f[2]).await), RuleViolation::PlafondSousVoeux { plafond: 2 }));
        assert!(matches!(rule(demander(&seule).await), RuleViolation::PlafondVoeux { plafond: 1 }));
        // Asked again on confirming.
        s.t.sql("UPDATE parametre SET valeur = '1' WHERE cle = 'plafond_sous_voeux'", vec![]).await;
        let refus = confirm_voeu(&ctx, &Garde::default(), &m.voeux[0].public_id, true).await;
        assert!(matches!(rule(refus), RuleViolation::PlafondSousVoeux { plafond: 1 }));
        s.t.sql("UPDATE parametre SET valeur = '2' WHERE cle = 'plafond_sous_voeux'", vec![]).await;
        confirm_voeu(&ctx, &Garde::default(), &m.voeux[0].public_id, true).await.unwrap();
    }

    async fn r_voe_09_the_networks_that_the_session_names_are_out_of_the_total_by_type_and_by_region(base) {
        let s = Scene::new(base).await;
        let e = s.f[0].etablissement;
        let deux = async |famille, libelle: &'static str, type_national: Option<i64>, academie: &'static str| {
            let mut deux = Vec::new();
            for ville in ["un", "deux"] {
                let f = s.t.formation(e, &format!("{libelle} {ville}"), famille, true, 1, true).await;
                if let Some(code) = type_national {
                    s.type_national(&f, code).await;
                }
                deux.push(f);
            }
            let cmd = Regrouper {
                libelle: libelle.to_owned(),
                mutualisation: Aucune,
                formations: vec![deux[1].public_id.clone()],
            };
            let id = PublicId::parse(&deux[0].public_id).unwrap();
            group_courses(&s.admin(), &Garde::default(), 2024, &id, &cmd).await.unwrap();
            for f in &deux {
                let sql = "UPDATE formation_session SET academie = $1 WHERE id = $2";
                s.t.sql(sql, vec![academie.into(), f.formation_session.into()]).await;
            }
            deux
        };
        let iep = deux(Famille::Autre, "Institut d’études politiques", Some(290), "20").await;
        let psychomotricite = deux(Famille::Autre, "Psychomotricité", Some(550_007), "20").await;
        let paris = deux(Famille::Pass, "PASS de Paris", None, "01").await;
        let lyon = deux(Famille::Pass, "PASS de Lyon", None, "10").await;
        let autre = deux(Famille::Autre, "Autre école", Some(291_000), "20").await;
        for cle in ["plafond_sous_voeux_total", "plafond_sous_voeux"] {
            s.t.sql("UPDATE parametre SET valeur = '2' WHERE cle = $1", vec![cle.into()]).await;
        }
        s.t.during(Etape::Voeux).await;
        let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = s.t.ctx(lea.acteur.clone());
        let demander = async |f: &FormationEssai| {
            let cmd = AddVoeu { formation: f.public_id.clone(), internat: ChoixInternat::Sans };
            add_voeu(&ctx, &Garde::default(), &cmd).await
        };
        // The two that count, then all those that do not.
        for f in lyon.iter().chain(&iep).chain(&psychomotricite).chain(&paris[..1]) {
            demander(f).await.unwrap();
        }
        assert!(matches!(rule(demander(&autre[0]).await), RuleViolation::PlafondSousVoeuxTotal { plafond: 2 }));
        // The next session says it too.
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let sql = "SELECT COUNT(*) FROM parametre p JOIN session_admission s ON s.id = p.session_id WHERE s.annee = 2025
                   AND cle IN ('familles_hors_decompte', 'sous_voeux_par_etablissement', 'plafonds_par_filiere')";
        assert_eq!(s.t.nombre(sql, vec![]).await, 3);
    }

    async fn r_voe_09_pass_of_ile_de_france_takes_one_sub_wish_an_establishment(base) {
        let s = Scene::new(base).await;
        let (paris, creteil) = (s.t.etablissement("0750001A", "Faculté de Paris").await, s.t.etablissement("0940001A", "Faculté de Créteil").await);
        let mut f = Vec::new();
        for (maison, mineure) in [(paris, "Droit"), (creteil, "Droit"), (paris, "Lettres")] {
            f.push(s.t.formation(maison, &format!("PASS {mineure}"), Famille::Pass, false, 1, true).await);
        }
        let cmd = Regrouper {
            libelle: "PASS Île-de-France".to_owned(),
            mutualisation: Aucune,
            formations: f.iter().map(|f| f.public_id.clone()).collect(),
        };
        let id = PublicId::parse(&f[0].public_id).unwrap();
        group_courses(&s.t.ctx(s.agent.clone()), &Garde::default(), 2024, &id, &cmd).await.unwrap();
        for (f, academie) in f.iter().zip(["01", "24", "01"]) {
            let sql = "UPDATE formation_session SET academie = $1 WHERE id = $2";
            s.t.sql(sql, vec![academie.into(), f.formation_session.into()]).await;
        }
        s.t.sql("UPDATE parametre SET valeur = '1' WHERE cle = 'plafond_sous_voeux'", vec![]).await;
        s.t.during(Etape::Voeux).await;
        let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = s.t.ctx(lea.acteur.clone());
        let demander = async |f: &FormationEssai| {
            let cmd = AddVoeu { formation: f.public_id.clone(), internat: ChoixInternat::Sans };
            add_voeu(&ctx, &Garde::default(), &cmd).await
        };
        demander(&f[0]).await.unwrap();
        let offre = offre_voeu(&ctx, &f[1].public_id).await.unwrap().multiple.unwrap();
        assert_eq!((offre.sous_voeux, offre.plafond), (1, 2));
        demander(&f[1]).await.unwrap();
        assert!(matches!(rule(demander(&f[2]).await), RuleViolation::PlafondSousVoeux { plafond: 2 }));
    }

    async fn r_voe_10_each_filiere_takes_a_few_wishes_by_its_national_type_or_its_label(base) {
        let s = Scene::new(base).await;
        let e = s.f[0].etablissement;
        s.t.sql("UPDATE parametre SET valeur = 'ifsi=2' WHERE cle = 'plafonds_par_filiere'", vec![]).await;
        // Four courses for nurses, two of them grouped; two of another filière; labels alone say it of one more.
        let mut infirmiers = Vec::new();
        for ville in ["Creil", "Soissons"] {
            infirmiers.push(s.t.formation(e, &format!("IFSI {ville}"), Famille::Ifsi, true, 1, true).await);
        }
        for f in s.f.iter().chain(&infirmiers) {
            s.type_national(f, 550_001).await;
        }
        let autre = s.t.formation(e, "Orthoptie", Famille::Ifsi, true, 1, true).await;
        s.type_national(&autre, 550_004).await;
        let sans_type = s.t.formation(e, "Manipulateur", Famille::Ifsi, true, 1, true).await;
        s.group(0, &[1], Aucune).await.unwrap();
        s.t.during(Etape::Voeux).await;
        let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
        let ctx = s.t.ctx(lea.acteur.clone());
        let demander = async |f: &FormationEssai| {
            let cmd = AddVoeu { formation: f.public_id.clone(), internat: ChoixInternat::Sans };
            add_voeu(&ctx, &Garde::default(), &cmd).await
        };
        for f in [&s.f[0], &s.f[2], &s.f[1]] {
            demander(f).await.unwrap();
        }
        let offre = offre_voeu(&ctx, &infirmiers[0].public_id).await.unwrap();
        assert!(matches!(offre.refus, Some(RuleViolation::PlafondFiliere { plafond: 2 })), "{offre:?}");
        assert!(matches!(rule(demander(&infirmiers[0]).await), RuleViolation::PlafondFiliere { plafond: 2 }));
        demander(&autre).await.unwrap();
        demander(&sans_type).await.unwrap();
    }

    async fn r_reg_03_candidates_are_ranked_once_and_called_by_each_course_in_that_order(base) {
        let s = Scene::new(base).await;
        s.group(0, &[1], DossierUnique).await.unwrap();
        s.t.during(Etape::Voeux).await;
        let mut candidats = Vec::new();
        for n in 0..3 {
            let c = s.t.candidat(&format!("c{n}@exemple.example"), TypeBac::General).await;
            let ctx = s.t.ctx(c.acteur.clone());
            // The first wishes for both, the second for the second course, the third for both.
            let siens: &[usize] = if n == 1 { &[1] } else { &[0, 1] };
            for f in siens {
                let cmd = AddVoeu { formation: s.f[*f].public_id.clone(), internat: ChoixInternat::Sans };
                add_voeu(&ctx, &Garde::default(), &cmd).await.unwrap();
            }
            for v in mes_voeux(&ctx).await.unwrap().voeux {
                confirm_voeu(&ctx, &Garde::default(), &v.public_id, true).await.unwrap();
            }
            candidats.push(c);
        }
        s.t.during(Etape::Examen).await;
        let (_, responsable) = s.t.responsable("resp@ecole.example", &s.f[0]).await;
        let vue = groupe_vue(&s.t.ctx(responsable.clone()), 2024, &s.f[0].groupe_public_id, 1).await.unwrap();
        assert_eq!(vue.lignes.len(), 3, "each candidate once");
        assert_eq!(vue.formations_communes, ["IFSI Amiens – IRFSS de Picardie", "IFSI Beauvais – IRFSS de Picardie"]);
        s.t.classement(&s.f[0], &candidats.iter().collect::<Vec<_>>()).await;
        s.t.sql("UPDATE voeu SET etat = 'classe'", vec![]).await;
        s.t.sql("UPDATE groupe_classement SET taux_min_boursiers = 0 WHERE supprime_le IS NULL", vec![]).await;
        let national = Attribution::simple(Role::AdminNational);
        let un = s.t.personne("un@national.example", national.clone()).await.1;
        let deux = s.t.personne("deux@national.example", national).await.1;
        s.t.during(Etape::OrdreAppel).await;
        let (un, deux) = (|| s.t.ctx(un.clone()), || s.t.ctx(deux.clone()));
        calculer_ordre_appel(&un(), &Garde::default(), 2024).await.unwrap();
        let dernier = async |ctx: &Ctx| passages(ctx, 2024, 1, 0).await.unwrap().remove(0).public_id;
        publier_passage(&deux(), &Garde::default(), 2024, &dernier(&un()).await).await.unwrap();
        s.t.during(Etape::Admission).await;
        calculer_propositions(&un(), &Garde::default(), 2024).await.unwrap();
        publier_passage(&deux(), &Garde::default(), 2024, &dernier(&un()).await).await.unwrap();
        let proposes = |c: usize, f: usize| {
            let sql = "SELECT COUNT(*) FROM voeu WHERE candidat_id = $1 AND formation_session_id = $2 AND etat = 'propose'";
            s.t.nombre(sql, vec![candidats[c].candidat.into(), s.f[f].formation_session.into()])
        };
        // One place each: the first candidate has both, the others wait.
        let vus = [proposes(0, 0).await, proposes(0, 1).await, proposes(1, 1).await, proposes(2, 0).await, proposes(2, 1).await];
        assert_eq!(vus, [1, 1, 0, 0, 0]);
    }
}
