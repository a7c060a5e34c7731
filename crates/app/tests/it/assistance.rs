//! Help from end to end: what the cells say, who asks whom, who answers, what is told, what is forgotten.

use app::accueil::view_questions;
use app::assistance::{
    Changement, CriteresFile, ObjetDemande, Origine, Traitement, ask, close_mine, complete, list_mine,
    list_tenues, own_lieu, prepare_demande, save_cellule, treat, view_cellules, view_file, view_mine,
    view_reponses, view_tenue, view_traitee,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use app::taches::entretenir;
use app::{AppError, Ctx};
use domain::assistance::{
    Destinataire, EtatAssistance, FicheCellule, Publication, ReponseType, SiteCellule,
    ThemeAssistance as Theme,
};
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use testkit::{Base, CandidatEssai, FormationEssai, TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    secretaire: Acteur,
    admin: Acteur,
    /// Academic service of Amiens.
    amiens: Acteur,
    /// Of Bordeaux.
    bordeaux: Acteur,
    national: Acteur,
    candidat: CandidatEssai,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0800001B", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        for table in ["etablissement_session", "formation_session"] {
            let sql =
                format!("UPDATE {table} SET academie = '20', departement = '80' WHERE etablissement_id = $1");
            t.sql(&sql, vec![etab.into()]).await;
        }
        let sur = |role| Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        let academie = |code: &str| Attribution {
            academies: vec![code.to_owned()],
            ..Attribution::simple(Role::Academie)
        };
        let secretaire = t.personne("secretaire@essai.example", sur(Role::GestAdmin)).await.1;
        let admin = t.personne("admin@essai.example", sur(Role::AdminSite)).await.1;
        let amiens = t.personne("amiens@essai.example", academie("20")).await.1;
        let bordeaux = t.personne("bordeaux@essai.example", academie("04")).await.1;
        let national = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let candidat = t.candidat("lea@essai.example", TypeBac::General).await;
        Self { f, secretaire, admin, amiens, bordeaux, national, candidat, t }
    }

    fn ctx(&self, qui: &Acteur) -> Ctx {
        self.t.ctx(qui.clone())
    }

    fn course(&self) -> Origine {
        Origine {
            annee: Some(2024),
            ecran: "/gestion/{annee}/formations/{id}".to_owned(),
            objet: PublicId::parse(&self.f.public_id).map(ObjetDemande::Formation),
            ..Origine::default()
        }
    }

    async fn asks(&self, qui: &Acteur, origine: &Origine, theme: Theme) -> PublicId {
        ask(&self.ctx(qui), &Garde::default(), origine, Some(theme), "Qui peut m’aider ?")
            .await
            .expect("asked");
        list_mine(&self.ctx(qui)).await.expect("asks")[0].id.clone()
    }

    /// How many wait in somebody's queue.
    async fn waiting(&self, qui: &Acteur) -> Option<i64> {
        view_file(&self.ctx(qui), 2024, &CriteresFile::default()).await.ok().map(|f| f.en_attente)
    }

    async fn treats(&self, qui: &Acteur, id: &PublicId, t: Traitement<'_>) -> Result<(), AppError> {
        treat(&self.ctx(qui), &Garde::default(), 2024, id, t).await.map(|_| ())
    }
}

fn faute(r: Result<impl std::fmt::Debug, AppError>) -> (&'static str, &'static str) {
    match r {
        Err(AppError::Rule(RuleViolation::Champ { champ, motif })) => (champ, motif),
        autre => panic!("{autre:?}"),
    }
}

both_databases! {
    async fn r_ass_02_11_a_cell_is_kept_by_its_region_and_read_by_everybody(base) {
        let s = Scene::new(base).await;
        let fiche = FicheCellule {
            presentation: "Des psychologues répondent.".to_owned(),
            courriel: "craoes@region.example".to_owned(),
            page: String::new(),
        };
        let garde = Garde::default();
        let fiche = Changement::Fiche(fiche);
        let refus = save_cellule(&s.ctx(&s.bordeaux), &garde, 2024, "32", fiche.clone()).await.unwrap_err();
        assert!(matches!(refus, AppError::Denied(_)), "{refus:?}");
        let site = |nom: &str, d: &[&str]| SiteCellule {
            nom: nom.to_owned(),
            telephone: "0322823754".to_owned(),
            horaires: String::new(),
            departements: d.iter().map(|d| (*d).to_owned()).collect(),
        };
        let avant = Changement::Site(None, site("Amiens", &[]));
        let refus = save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", avant).await.unwrap_err();
        assert!(matches!(refus, AppError::NotFound), "a site of nothing: {refus:?}");
        save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", fiche.clone()).await.unwrap();
        for (nom, d) in [("Amiens", "80"), ("Lille", "59")] {
            let site = Changement::Site(None, site(nom, &[d]));
            save_cellule(&s.ctx(&s.national), &garde, 2024, "32", site).await.unwrap();
        }
        let ailleurs = Changement::Site(None, site("Lyon", &["69"]));
        let refus = save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", ailleurs).await;
        assert_eq!(faute(refus), ("departements", "hors_region"));

        let lue = view_cellules(&s.ctx(&Acteur::public())).await.unwrap().cellules;
        assert_eq!(lue.len(), 1);
        assert_eq!(lue[0].sites.iter().map(|(_, s)| s.telephone.as_str()).collect::<Vec<_>>(), ["03 22 82 37 54"; 2]);
        // TRX-4: a page opened before.
        let vieille = Garde { version: Some(1), ..Garde::default() };
        let retrait = Changement::RetirerSite(lue[0].sites[1].0.clone());
        let conflit = save_cellule(&s.ctx(&s.amiens), &vieille, 2024, "32", retrait.clone()).await.unwrap_err();
        assert!(matches!(conflit, AppError::Conflict), "{conflit:?}");
        save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", retrait.clone()).await.unwrap();
        let encore = save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", retrait).await.unwrap_err();
        assert!(matches!(encore, AppError::NotFound), "{encore:?}");
        assert_eq!(view_cellules(&s.ctx(&Acteur::public())).await.unwrap().cellules[0].sites.len(), 1);
        let tenues = |qui: &Acteur| { let ctx = s.ctx(qui); async move { list_tenues(&ctx, 2024).await } };
        assert_eq!(tenues(&s.amiens).await.unwrap().1.len(), 1);
        assert_eq!(tenues(&s.national).await.unwrap().1.len(), 18);
        assert!(matches!(tenues(&s.admin).await, Err(AppError::Denied(_))));

        let lieu = async |qui: &Acteur| own_lieu(&s.ctx(qui)).await.unwrap().map(|l| l.region.code);
        assert_eq!(lieu(&s.candidat.acteur).await, Some("32"));
        assert_eq!(lieu(&s.secretaire).await, Some("32"));
        assert_eq!(lieu(&s.bordeaux).await, Some("75"));
        assert_eq!(lieu(&Acteur::public()).await, None);
    }

    async fn r_ass_03_04_a_question_is_read_by_the_service_that_it_goes_to_and_by_nobody_else(base) {
        let s = Scene::new(base).await;
        let du_cours = s.asks(&s.secretaire, &s.course(), Theme::Parametrage).await;
        let compte = s.asks(&s.secretaire, &Origine::default(), Theme::Compte).await;
        let candidat = s.candidat.acteur.clone();
        let de_lea = s.asks(&candidat, &Origine::default(), Theme::Orientation).await;
        let d_amiens = s.asks(&s.amiens, &Origine::default(), Theme::Procedure).await;
        let lit = async |qui: &Acteur| {
            let mut lus = Vec::new();
            for id in [&du_cours, &compte, &de_lea, &d_amiens] {
                lus.push(view_traitee(&s.ctx(qui), 2024, id, None).await.is_ok());
            }
            lus
        };
        assert_eq!(lit(&s.amiens).await, [true, false, true, false]);
        assert_eq!(lit(&s.admin).await, [false, true, false, false]);
        assert_eq!(lit(&s.national).await, [false, false, false, true]);
        for autre in [&s.bordeaux, &s.secretaire, &candidat] {
            assert_eq!(lit(autre).await, [false; 4]);
        }
        assert_eq!(s.waiting(&s.amiens).await, Some(2));
        assert_eq!(s.waiting(&s.admin).await, Some(1));
        assert_eq!(s.waiting(&s.bordeaux).await, Some(0));
        assert_eq!(s.waiting(&s.secretaire).await, None);
        // R-ASS-10: each reads their own, and nobody else's.
        for (qui, id) in [(&s.amiens, &du_cours), (&s.admin, &compte), (&candidat, &compte)] {
            let refus = view_mine(&s.ctx(qui), id, None).await.unwrap_err();
            assert!(matches!(refus, AppError::NotFound), "{refus:?}");
        }
        let vue = view_traitee(&s.ctx(&s.amiens), 2024, &du_cours, None).await.unwrap();
        assert_eq!(vue.demande.objet.as_deref(), Some("BTS Essai"));
        assert_eq!(vue.demande.departement.as_deref(), Some("80"));
        assert_eq!(vue.messages[0].texte, "Qui peut m’aider ?");
        // Ciphered in the database, and not in the journal.
        let clair = s.t.nombre("SELECT COUNT(*) FROM message_assistance WHERE CAST(texte_chiffre AS TEXT) LIKE '%aider%'", vec![]).await;
        assert_eq!(clair, 0);
        assert!(s.t.journal().await.iter().all(|l| !format!("{l:?}").contains("aider")));
    }

    async fn r_acc_04_who_administers_the_site_reads_how_many_questions_wait_and_since_when(base) {
        let s = Scene::new(base).await;
        let attend = async |qui: &Acteur| {
            let a = view_questions(&s.ctx(qui), 2024).await.unwrap();
            a.map(|a| (a.nombre, a.depuis, a.en_retard))
        };
        assert_eq!(attend(&s.admin).await, Some((0, None, 0)));
        assert_eq!(attend(&s.secretaire).await, None, "answers nothing");
        let le = s.t.app.horloge.campagne().as_millisecond();
        let id = s.asks(&s.secretaire, &Origine::default(), Theme::Compte).await;
        s.asks(&s.secretaire, &s.course(), Theme::Parametrage).await;
        assert_eq!(attend(&s.admin).await, Some((1, Some(le), 0)), "the other is for the academic service");
        s.t.at("2023-11-28T10:00");
        assert_eq!(attend(&s.admin).await, Some((1, Some(le), 1)));
        s.treats(&s.admin, &id, Traitement::Repondre("Au secrétariat.")).await.unwrap();
        assert_eq!(attend(&s.admin).await, Some((0, None, 0)));
    }

    async fn r_ass_16_who_has_several_establishments_says_which_one_asks(base) {
        let s = Scene::new(base).await;
        let voisin = s.t.etablissement("0800002C", "Lycée voisin").await;
        let ailleurs = s.t.etablissement("0800003D", "Lycée d’ailleurs").await;
        let id = async |cle: i64| {
            let id = s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![cle.into()]).await;
            PublicId::parse(&id).unwrap()
        };
        let mut deux = s.secretaire.clone();
        let la = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::GestAdmin) };
        deux.attributions.push(la);
        let p = prepare_demande(&s.ctx(&deux), &Origine::default()).await.unwrap();
        let noms: Vec<&str> = p.etablissements.iter().map(|(_, nom)| nom.as_str()).collect();
        assert_eq!((noms, p.etablissement), (vec!["Lycée d’essai", "Lycée voisin"], None));
        let pose = async |origine: &Origine| {
            ask(&s.ctx(&deux), &Garde::default(), origine, Some(Theme::Procedure), "Qui ?").await.map(|_| ())
        };
        let refus = pose(&Origine::default()).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "etablissement"), "{refus:?}");
        let de = async |cle: i64| Origine { etablissement: Some(id(cle).await), ..Origine::default() };
        let refus = pose(&de(ailleurs).await).await;
        assert!(matches!(refus, Err(AppError::NotFound)), "not theirs: {refus:?}");
        pose(&de(voisin).await).await.unwrap();
        let posee = "SELECT etablissement_id FROM demande_assistance ORDER BY id DESC LIMIT 1";
        assert_eq!(s.t.nombre(posee, vec![]).await, voisin);
        let p = prepare_demande(&s.ctx(&deux), &de(voisin).await).await.unwrap();
        assert_eq!(p.etablissement.as_deref(), Some("Lycée voisin"));
        // What the page is about says it, and whoever has one establishment chooses nothing.
        pose(&s.course()).await.unwrap();
        assert_eq!(s.t.nombre(posee, vec![]).await, s.f.etablissement);
        let p = prepare_demande(&s.ctx(&s.secretaire), &Origine::default()).await.unwrap();
        assert!(p.etablissements.is_empty() && p.etablissement.as_deref() == Some("Lycée d’essai"));
    }

    async fn r_ass_12_a_question_names_what_its_asker_reads_and_nothing_else(base) {
        let s = Scene::new(base).await;
        let p = prepare_demande(&s.ctx(&s.secretaire), &s.course()).await.unwrap();
        assert_eq!(p.objet.as_deref(), Some("BTS Essai"));
        let vers = |theme| p.themes.iter().find(|(t, _)| *t == theme).map(|(_, d)| *d);
        assert_eq!(vers(Theme::Parametrage), Some(Destinataire::Academie));
        assert_eq!(vers(Theme::Technique), Some(Destinataire::Etablissement));
        assert_eq!(p.conversation, None, "a secretary does not write in the conversation");
        let p = prepare_demande(&s.ctx(&s.admin), &s.course()).await.unwrap();
        assert_eq!(p.conversation, Some(format!("/gestion/2024/formations/{}/echanges", s.f.public_id)));
        // The only administrator does not ask themselves.
        assert!(p.themes.iter().all(|(_, d)| *d == Destinataire::Academie), "{:?}", p.themes);
        let refus = prepare_demande(&s.ctx(&s.bordeaux), &s.course()).await.unwrap_err();
        assert!(matches!(refus, AppError::NotFound), "{refus:?}");
        // Nor another course of one's own establishment, when one does not read it.
        let voisine = s.t.formation(s.f.etablissement, "BTS Voisin", Famille::Bts, true, 24, true).await;
        let role = Attribution {
            etablissement: Some(s.f.etablissement),
            formation: Some(voisine.formation),
            ..Attribution::simple(Role::RespFormation)
        };
        let voisin = s.t.personne("voisin@essai.example", role).await.1;
        let refus = prepare_demande(&s.ctx(&voisin), &s.course()).await.unwrap_err();
        assert!(matches!(refus, AppError::NotFound), "{refus:?}");

        let autre = s.t.candidat("max@essai.example", TypeBac::General).await;
        let voeu = s.t.voeu(&s.candidat, &s.f, EtatVoeu::Saisi).await.public_id;
        let origine = Origine { objet: PublicId::parse(&voeu).map(ObjetDemande::Voeu), ..Origine::default() };
        let p = prepare_demande(&s.ctx(&s.candidat.acteur), &origine).await.unwrap();
        assert!(p.objet.is_some_and(|o| o.starts_with("BTS Essai")));
        for qui in [&autre.acteur, &s.secretaire] {
            let refus = prepare_demande(&s.ctx(qui), &origine).await.unwrap_err();
            assert!(matches!(refus, AppError::NotFound), "{refus:?}");
        }
    }

    async fn r_ass_05_06_07_a_question_is_taken_answered_passed_on_closed_and_opened_again(base) {
        let s = Scene::new(base).await;
        let candidat = s.candidat.acteur.clone();
        let id = s.asks(&candidat, &Origine::default(), Theme::Orientation).await;
        s.treats(&s.amiens, &id, Traitement::Prendre).await.unwrap();
        let vide = s.treats(&s.amiens, &id, Traitement::Repondre(" ")).await;
        assert_eq!(faute(vide), ("texte", "reponse_vide"));
        s.t.at("2023-11-20T14:00");
        s.treats(&s.amiens, &id, Traitement::Repondre("Appelez-nous.")).await.unwrap();
        let envois = s.t.envois().await;
        let avis: Vec<_> = envois.iter().filter(|e| e.destinataire == "lea@essai.example").collect();
        assert_eq!(avis.len(), 1, "{envois:?}");
        assert!(avis[0].corps.contains(id.as_str()) && !avis[0].corps.contains("Appelez"), "{}", avis[0].corps);
        assert_eq!(list_mine(&s.ctx(&candidat)).await.unwrap()[0].non_lus, 1);
        let vue = view_mine(&s.ctx(&candidat), &id, None).await.unwrap();
        assert_eq!((vue.demande.etat, vue.messages.len(), vue.messages[1].nouveau), (EtatAssistance::Repondue, 2, true));
        assert_eq!(vue.messages[1].auteur, "", "whoever answers a candidate speaks for the service");
        assert_eq!(list_mine(&s.ctx(&candidat)).await.unwrap()[0].non_lus, 0);

        complete(&s.ctx(&candidat), &Garde::default(), &id, "Et pour une licence ?").await.unwrap();
        let refus = s.treats(&s.amiens, &id, Traitement::Transmettre(Destinataire::Etablissement)).await;
        assert_eq!(faute(refus), ("vers", "inconnu"));
        s.treats(&s.amiens, &id, Traitement::Transmettre(Destinataire::National)).await.unwrap();
        assert!(view_traitee(&s.ctx(&s.amiens), 2024, &id, None).await.is_err());
        let vue = view_traitee(&s.ctx(&s.national), 2024, &id, None).await.unwrap();
        assert_eq!((vue.demande.etat, vue.transmissions.as_slice()), (EtatAssistance::Nouvelle, &[Destinataire::Cellule][..]));
        let faits: Vec<&str> = vue.etapes.iter().map(|e| e.acte.as_str()).collect();
        assert_eq!(faits, ["prise", "reouverture", "transmission"]);
        s.treats(&s.national, &id, Traitement::Clore).await.unwrap();
        let encore = s.treats(&s.national, &id, Traitement::Repondre("Trop tard")).await.unwrap_err();
        assert!(matches!(encore, AppError::Rule(RuleViolation::AssistanceClose)), "{encore:?}");
        // Fifteen days, to the minute.
        s.t.at("2023-12-05T13:59");
        complete(&s.ctx(&candidat), &Garde::default(), &id, "Merci, une précision.").await.unwrap();
        close_mine(&s.ctx(&candidat), &Garde::default(), &id).await.unwrap();
        s.t.at("2023-12-20T13:59");
        let tard = complete(&s.ctx(&candidat), &Garde::default(), &id, "Encore").await.unwrap_err();
        assert!(matches!(tard, AppError::Rule(RuleViolation::ReouvertureTardive)), "{tard:?}");
        let bilan = view_file(&s.ctx(&s.national), 2024, &CriteresFile::default()).await.unwrap().bilan;
        let total = bilan.last().expect("a total");
        assert_eq!((total.theme, total.etats), (None, [0, 0, 0, 1]));
        assert_eq!(total.delai_median, Some(4 * 3_600_000));
    }

    async fn r_ass_10_nobody_answers_what_they_asked(base) {
        let s = Scene::new(base).await;
        let id = s.asks(&s.national, &Origine::default(), Theme::Technique).await;
        let vue = view_traitee(&s.ctx(&s.national), 2024, &id, None).await.unwrap();
        assert!(vue.de_moi && !vue.ecriture);
        let refus = s.treats(&s.national, &id, Traitement::Clore).await.unwrap_err();
        assert!(matches!(refus, AppError::Rule(RuleViolation::AssistanceDeSoi)), "{refus:?}");
    }

    async fn a_question_sent_twice_is_asked_once_and_an_answer_over_another_is_a_conflict(base) {
        let s = Scene::new(base).await;
        let garde = Garde { cle: Some("aaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()), ..Garde::default() };
        let origine = s.course();
        for _ in 0..2 {
            ask(&s.ctx(&s.secretaire), &garde, &origine, Some(Theme::Parametrage), "Une fois").await.unwrap();
        }
        let miennes = list_mine(&s.ctx(&s.secretaire)).await.unwrap();
        assert_eq!(miennes.len(), 1);
        let version = Some(miennes[0].version);
        let vue = Garde { version, ..Garde::default() };
        let reponse = Traitement::Repondre("Voici.");
        treat(&s.ctx(&s.amiens), &vue, 2024, &miennes[0].id, reponse).await.unwrap();
        let conflit = treat(&s.ctx(&s.amiens), &vue, 2024, &miennes[0].id, reponse).await.unwrap_err();
        assert!(matches!(conflit, AppError::Conflict), "{conflit:?}");
    }

    async fn r_ass_08_a_question_has_a_theme_words_and_a_day_has_an_end(base) {
        let s = Scene::new(base).await;
        let ctx = s.ctx(&s.secretaire);
        let (garde, ici) = (Garde::default(), Origine::default());
        assert_eq!(faute(ask(&ctx, &garde, &ici, None, "x").await), ("theme", "manquant"));
        // A theme of candidates.
        assert_eq!(faute(ask(&ctx, &garde, &ici, Some(Theme::Voeux), "x").await), ("theme", "manquant"));
        assert_eq!(faute(ask(&ctx, &garde, &ici, Some(Theme::Compte), " ").await), ("texte", "question_vide"));
        for n in 0..s.t.app.limites.assistance_par_jour {
            ask(&ctx, &garde, &ici, Some(Theme::Compte), &format!("Question {n}")).await.unwrap();
        }
        assert_eq!(faute(ask(&ctx, &garde, &ici, Some(Theme::Compte), "Une de trop").await), ("texte", "trop_de_demandes"));
        s.t.at("2023-11-21T10:00");
        ask(&s.ctx(&s.secretaire), &garde, &ici, Some(Theme::Compte), "Demain").await.unwrap();
    }

    async fn the_queue_is_narrowed_by_state_theme_department_and_age(base) {
        let s = Scene::new(base).await;
        s.asks(&s.secretaire, &s.course(), Theme::Parametrage).await;
        s.t.at("2023-11-24T10:00");
        let id = s.asks(&s.candidat.acteur.clone(), &Origine::default(), Theme::Orientation).await;
        s.treats(&s.amiens, &id, Traitement::Clore).await.unwrap();
        let total = async |c: CriteresFile| view_file(&s.ctx(&s.amiens), 2024, &c).await.unwrap().total;
        let c = CriteresFile::default;
        assert_eq!(total(c()).await, 1, "those that wait");
        assert_eq!(total(CriteresFile { toutes: true, ..c() }).await, 2);
        assert_eq!(total(CriteresFile { etat: Some(EtatAssistance::Close), ..c() }).await, 1);
        assert_eq!(total(CriteresFile { theme: Some(Theme::Orientation), toutes: true, ..c() }).await, 1);
        assert_eq!(total(CriteresFile { departement: Some("59".to_owned()), toutes: true, ..c() }).await, 0);
        assert_eq!(total(CriteresFile { departement: Some("80".to_owned()), toutes: true, ..c() }).await, 2);
        assert_eq!(total(CriteresFile { jours: Some(2), toutes: true, ..c() }).await, 1);
        assert_eq!(total(CriteresFile { jours: Some(7), ..c() }).await, 0);
    }

    async fn r_ass_09_a_question_at_rest_is_deleted_by_the_nightly_work(base) {
        let s = Scene::new(base).await;
        let id = s.asks(&s.secretaire, &s.course(), Theme::Parametrage).await;
        s.treats(&s.amiens, &id, Traitement::Prendre).await.unwrap();
        s.t.at("2024-12-24T09:59");
        entretenir(&s.t.app).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM demande_assistance", vec![]).await, 1);
        s.t.at("2024-12-24T10:00");
        entretenir(&s.t.app).await.unwrap();
        for table in ["demande_assistance", "message_assistance", "etape_assistance"] {
            assert_eq!(s.t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await, 0, "{table}");
        }
    }

    async fn r_ass_13_a_cell_keeps_texts_for_its_agents_alone(base) {
        let s = Scene::new(base).await;
        let garde = Garde::default();
        let fiche = FicheCellule { presentation: "Nous.".to_owned(), courriel: "c@region.example".to_owned(), page: String::new() };
        save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", Changement::Fiche(fiche)).await.unwrap();
        let texte = |titre: &str, theme| {
            let r = ReponseType { theme: Some(theme), titre: titre.to_owned(), texte: format!("Texte {titre}") };
            Changement::Reponse(None, r)
        };
        for (titre, theme) in [("Calendrier", Theme::Procedure), ("Vœux", Theme::Voeux), ("Dates", Theme::Orientation)] {
            save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", texte(titre, theme)).await.unwrap();
        }
        // Who keeps what the cell says of itself is not one of its agents; nor is the service of another region.
        for qui in [&s.national, &s.bordeaux, &s.admin, &s.candidat.acteur] {
            let lu = view_reponses(&s.ctx(qui), 2024, "32").await;
            assert!(matches!(lu, Err(AppError::Denied(_))), "{lu:?}");
            let ecrit = save_cellule(&s.ctx(qui), &garde, 2024, "32", texte("Intrus", Theme::Voeux)).await;
            assert!(matches!(ecrit, Err(AppError::Denied(_))), "{ecrit:?}");
        }
        let (t, lues) = view_reponses(&s.ctx(&s.amiens), 2024, "32").await.unwrap();
        assert!(t.agent && !view_tenue(&s.ctx(&s.national), 2024, "32").await.unwrap().agent);
        assert_eq!(lues.len(), 3);
        // Those of the theme first, on the questions that the cell has.
        let id = s.asks(&s.candidat.acteur, &Origine::default(), Theme::Voeux).await;
        let vue = view_traitee(&s.ctx(&s.amiens), 2024, &id, None).await.unwrap();
        let titres: Vec<&str> = vue.reponses.iter().map(|(_, r)| r.titre.as_str()).collect();
        assert_eq!(titres, ["Vœux", "Calendrier", "Dates"]);
        let du_cours = s.asks(&s.secretaire, &s.course(), Theme::Parametrage).await;
        assert!(view_traitee(&s.ctx(&s.amiens), 2024, &du_cours, None).await.unwrap().reponses.is_empty(), "not of the cell");
        assert!(view_mine(&s.ctx(&s.candidat.acteur), &id, None).await.unwrap().reponses.is_empty());
        let (ligne, r) = lues[0].clone();
        let change = ReponseType { texte: "Autre".to_owned(), ..r };
        save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", Changement::Reponse(Some(ligne.clone()), change)).await.unwrap();
        assert_eq!(view_reponses(&s.ctx(&s.amiens), 2024, "32").await.unwrap().1[0].1.texte, "Autre");
        save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", Changement::RetirerReponse(ligne.clone())).await.unwrap();
        let encore = save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", Changement::RetirerReponse(ligne)).await;
        assert!(matches!(encore, Err(AppError::NotFound)), "{encore:?}");
        for n in 2..s.t.app.limites.assistance_reponses.nombre {
            save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", texte(&format!("N{n}"), Theme::Compte)).await.unwrap();
        }
        let trop = save_cellule(&s.ctx(&s.amiens), &garde, 2024, "32", texte("Une de trop", Theme::Compte)).await;
        assert_eq!(faute(trop), ("texte", "trop_de_reponses"));
        let journal = s.t.journal().await;
        assert!(journal.iter().all(|l| !format!("{l:?}").contains("Texte Dates")), "no free text in the journal");
    }

    async fn r_ass_14_additions_have_an_end_in_a_day_and_are_read_page_by_page(base) {
        let s = Scene::new(base).await;
        let moi = s.ctx(&s.candidat.acteur);
        let id = s.asks(&s.candidat.acteur, &Origine::default(), Theme::Voeux).await;
        let autre = s.asks(&s.candidat.acteur, &Origine::default(), Theme::Compte).await;
        let par_jour = s.t.app.limites.assistance_complements_par_jour;
        for n in 0..par_jour {
            complete(&moi, &Garde::default(), if n % 2 == 0 { &id } else { &autre }, &format!("Message {n}")).await.unwrap();
        }
        assert_eq!(faute(complete(&moi, &Garde::default(), &id, "Un de trop").await), ("texte", "trop_de_complements"));
        s.t.at("2023-11-21T11:00");
        let [a, b] = [0, 1].map(|n| {
            let (ctx, id) = (s.ctx(&s.candidat.acteur), id.clone());
            tokio::spawn(async move { complete(&ctx, &Garde::default(), &id, &format!("Demain {n}")).await })
        });
        for fait in [a, b] {
            fait.await.expect("no panic").expect("another day");
        }
        let vue = view_mine(&s.ctx(&s.candidat.acteur), &id, None).await.unwrap();
        assert_eq!((vue.page, vue.pages), (1, 1));
        let avant = vue.messages.len();
        let jours = i64::try_from(avant).unwrap();
        let manque = s.t.app.limites.assistance_messages + 1 - jours;
        let mut ecrits = 0;
        for jour in 22..30 {
            s.t.at(&format!("2023-11-{jour}T12:00"));
            for n in 0..par_jour.min(manque - ecrits) {
                complete(&s.ctx(&s.candidat.acteur), &Garde::default(), &id, &format!("Le {jour}, {n}")).await.unwrap();
                ecrits += 1;
            }
        }
        let page = async |n| view_mine(&s.ctx(&s.candidat.acteur), &id, n).await.unwrap();
        let derniere = page(None).await;
        assert_eq!((derniere.page, derniere.pages, derniere.messages.len()), (2, 2, 1), "what was said last");
        let premiere = page(Some(1)).await;
        assert_eq!(i64::try_from(premiere.messages.len()).unwrap(), s.t.app.limites.assistance_messages);
        assert_eq!(premiere.messages[0].texte, "Qui peut m’aider ?");
        assert_eq!(page(Some(9)).await.page, 2);
    }

    async fn r_ass_15_a_cell_is_found_again_the_year_after_with_its_sites_and_its_texts(base) {
        let s = Scene::new(base).await;
        let (garde, amiens) = (Garde::default(), s.ctx(&s.amiens));
        let fiche = FicheCellule { presentation: "Nous.".to_owned(), courriel: "c@region.example".to_owned(), page: String::new() };
        let site = |nom: &str, d: &str| SiteCellule {
            nom: nom.to_owned(),
            telephone: "0322823754".to_owned(),
            horaires: "9 h à 17 h".to_owned(),
            departements: [d.to_owned()].into(),
        };
        let texte = |titre: &str| ReponseType { theme: Some(Theme::Voeux), titre: titre.to_owned(), texte: "Bonjour.".to_owned() };
        let parue = Publication {
            titre: "Le guide de l’année".to_owned(),
            theme: "Procédure".to_owned(),
            texte: "À lire.".to_owned(),
            lien: String::new(),
            parue_le: "2023-11-06".parse().unwrap(),
        };
        for c in [
            Changement::Fiche(fiche.clone()),
            Changement::Site(None, site("Amiens", "80")),
            Changement::Site(None, site("Lille", "59")),
            Changement::Reponse(None, texte("Gardée")),
            Changement::Reponse(None, texte("Ôtée")),
            Changement::Publication(None, parue),
        ] {
            save_cellule(&amiens, &garde, 2024, "32", c).await.unwrap();
        }
        let (_, reponses) = view_reponses(&amiens, 2024, "32").await.unwrap();
        let otee = reponses.iter().find(|(_, r)| r.titre == "Ôtée").unwrap().0.clone();
        save_cellule(&amiens, &garde, 2024, "32", Changement::RetirerReponse(otee)).await.unwrap();
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();

        let t = view_tenue(&amiens, 2025, "32").await.unwrap().cellule.unwrap();
        assert_eq!(t.fiche, fiche);
        let sites: Vec<_> = t.sites.iter().map(|(_, s)| (s.nom.as_str(), s.departements.iter().cloned().collect::<String>(), s.horaires.as_str())).collect();
        assert_eq!(sites, [("Amiens", "80".to_owned(), "9 h à 17 h"), ("Lille", "59".to_owned(), "9 h à 17 h")]);
        assert_eq!(t.publications.len(), 0, "what it published is of its year");
        let (_, lues) = view_reponses(&amiens, 2025, "32").await.unwrap();
        assert_eq!(lues.into_iter().map(|(_, r)| r).collect::<Vec<_>>(), [texte("Gardée")]);
        // Each year has its own: what changes in one stays in it.
        save_cellule(&amiens, &garde, 2025, "32", Changement::RetirerSite(t.sites[1].0.clone())).await.unwrap();
        assert_eq!(view_tenue(&amiens, 2024, "32").await.unwrap().cellule.unwrap().sites.len(), 2);
    }
}
