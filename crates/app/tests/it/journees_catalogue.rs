//! Days of the catalogue sent from a page, on both databases: received, read, shown, decided, applied by the task; held, refused, given up,
//! sent twice; what proves them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use app::AppError;
use app::apprentissage::{
    EnvoiJournee, JourneeVue, Reception, Travail, decide_journee, export_journee, list_journees,
    proces_verbal_journee, receive_journee, view_journee,
};
use app::idempotence::Garde;
use app::imports::{FichierRecu, OptionsApprentissage, import_apprentissage, lire_catalogue};
use app::ports::Verdict;
use app::taches::executer_une;
use domain::PublicId;
use domain::apprentissage::{ActeJournee, EtatJournee, Etendue};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use ed25519_dalek::{Signature, SigningKey, Verifier as _};
use testkit::{Base, TestApp, both_databases};

fn fiche(id: &str) -> serde_json::Value {
    serde_json::json!({
        "id_formation": id, "id_action": "1", "id_certifinfo": "2",
        "etablissement_gestionnaire_siret": "73282932000074",
        "etablissement_formateur_siret": "73282932000074",
        "etablissement_formateur_code_insee": "80021",
        "etablissement_lieu_formation_adresse": format!("{id} rue des Écoles"),
        "etablissement_lieu_formation_code_postal": "80000",
        "etablissement_lieu_formation_code_insee": "80021",
        "cfd": "32025101", "rncp_code": "RNCP474", "periode": ["2024-09"],
    })
}

fn recu(nom: &str, fiches: &[serde_json::Value]) -> FichierRecu {
    FichierRecu { nom: nom.to_owned(), octets: serde_json::to_vec_pretty(fiches).unwrap() }
}

struct Scene {
    t: TestApp,
    national: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        t.at("2023-11-20T10:00");
        let (_, national) =
            t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
        Self { t, national }
    }

    async fn receives(&self, etendue: Etendue, fichiers: &[FichierRecu]) -> Result<Reception, AppError> {
        let envoi = EnvoiJournee { flux: None, etendue: Some(etendue), fichiers };
        receive_journee(&self.t.ctx(self.national.clone()), &Garde::default(), 2024, &envoi).await
    }

    /// A day read by its task.
    async fn reads(&self, etendue: Etendue, fichiers: &[FichierRecu]) -> JourneeVue {
        let recue = self.receives(etendue, fichiers).await.unwrap();
        assert!(!recue.deja);
        self.works().await;
        self.sees(&recue.id).await
    }

    async fn works(&self) {
        while executer_une(&self.t.app).await.unwrap() {}
    }

    async fn sees(&self, id: &str) -> JourneeVue {
        view_journee(&self.t.ctx(self.national.clone()), 2024, &PublicId::parse(id).unwrap()).await.unwrap()
    }

    async fn decides(&self, j: &JourneeVue, acte: ActeJournee) -> Result<(), AppError> {
        let garde = Garde { version: Some(j.version), ..Garde::default() };
        let id = PublicId::parse(&j.id).unwrap();
        decide_journee(&self.t.ctx(self.national.clone()), &garde, 2024, &id, acte).await.map(|_| ())
    }

    async fn applies(&self, etendue: Etendue, fichiers: &[FichierRecu]) -> JourneeVue {
        let j = self.reads(etendue, fichiers).await;
        self.decides(&j, ActeJournee::Appliquer).await.unwrap();
        self.works().await;
        self.sees(&j.id).await
    }

    async fn counts(&self, table: &str) -> i64 {
        self.t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
    }
}

both_databases! {
    async fn r_imp_11_a_day_is_shown_before_anything_is_written_then_applied_in_the_name_of_who_agreed(base) {
        let s = Scene::new(base).await;
        let mut fautive = fiche("f");
        fautive["cfd"] = "320".into();
        let fichiers = [recu("partie-1.json", &[fiche("a")]), recu("partie-2.json", &[fiche("b"), fautive])];
        let recue = s.receives(Etendue::Complete, &fichiers).await.unwrap();
        let attend = s.sees(&recue.id).await;
        assert_eq!((attend.etat, attend.suivi.map(|s| s.travail)), (EtatJournee::ALire, Some(Travail::EnAttente)));
        assert!(attend.rapport.is_none() && attend.fichiers.len() == 2);
        s.works().await;
        let j = s.sees(&recue.id).await;
        assert_eq!((j.etat, j.suivi.clone(), j.par.as_deref()), (EtatJournee::AConfirmer, None, Some("Camille Essai")));
        let r = j.rapport.clone().unwrap();
        assert_eq!((r.compte.creations, r.compte.refusees, r.perimetre_change), (2, 1, true));
        let rejet = &r.rejets[0];
        assert_eq!((rejet.fichier.as_str(), rejet.identifiant.as_deref()), ("partie-2.json", Some("f|1|2")));
        assert!(rejet.fautes[0].motif.contains("n’a pas huit lettres ou chiffres"), "{rejet:?}");
        for table in ["fiche_apprentissage", "evenement_apprentissage", "rejet_apprentissage", "import"] {
            assert_eq!(s.counts(table).await, 0, "{table}: shown, and nothing else");
        }

        s.decides(&j, ActeJournee::Appliquer).await.unwrap();
        assert_eq!(s.counts("fiche_apprentissage").await, 0, "the task applies");
        // What was decided on is what was read: another tab is late.
        assert!(matches!(s.decides(&j, ActeJournee::Abandonner).await, Err(AppError::Conflict)));
        s.works().await;
        let faite = s.sees(&j.id).await;
        assert_eq!((faite.etat, faite.rapport.clone(), faite.derniere), (EtatJournee::Appliquee, Some(r), true));
        assert_eq!((s.counts("fiche_apprentissage").await, s.counts("rejet_apprentissage").await), (2, 1));
        assert_eq!(s.counts("import").await, 2);
        let par = s.t.nombre("SELECT COUNT(*) FROM fiche_apprentissage WHERE cree_par IS NOT NULL", vec![]).await;
        assert_eq!(par, 2, "in the name of who agreed");
        let actes: Vec<String> = s.t.journal().await.into_iter().filter(|l| l.objet == "journee_catalogue").map(|l| l.action).collect();
        assert_eq!(actes, ["importer_offre", "importer_offre"], "received, then agreed to");
        assert!(matches!(s.decides(&faite, ActeJournee::Abandonner).await, Err(AppError::Conflict)), "it is over");
        // The task done once more changes nothing.
        s.t.sql("UPDATE tache SET etat = 'a_faire', prochaine_le = 0 WHERE genre = 'traiter_journee'", vec![]).await;
        s.works().await;
        assert_eq!((s.counts("fiche_apprentissage").await, s.counts("import").await), (2, 2));
        assert_eq!(s.sees(&j.id).await.version, faite.version);
    }

    async fn r_imp_11_a_day_sent_twice_is_received_once_and_again_once_another_was_applied(base) {
        let s = Scene::new(base).await;
        let (un, deux) = ([recu("jour.json", &[fiche("a")])], [recu("jour.json", &[fiche("a"), fiche("b")])]);
        let garde = Garde { cle: Some("cccccccccccccccccccccccccc".to_owned()), ..Garde::default() };
        let ctx = s.t.ctx(s.national.clone());
        let envoi = EnvoiJournee { flux: None, etendue: Some(Etendue::Complete), fichiers: &un };
        let premiere = receive_journee(&ctx, &garde, 2024, &envoi).await.unwrap();
        // The same form, then the same files in another form, before and after they are read, before and after they are applied.
        assert_eq!(receive_journee(&ctx, &garde, 2024, &envoi).await.unwrap(), premiere);
        let encore = Reception { deja: true, ..premiere.clone() };
        assert_eq!(s.receives(Etendue::Complete, &un).await.unwrap(), encore);
        s.works().await;
        let autre_nom = [FichierRecu { nom: "copie.json".to_owned(), ..un[0].clone() }];
        assert_eq!(s.receives(Etendue::Complete, &autre_nom).await.unwrap(), encore);
        s.decides(&s.sees(&premiere.id).await, ActeJournee::Appliquer).await.unwrap();
        s.works().await;
        assert_eq!(s.receives(Etendue::Complete, &un).await.unwrap(), encore);
        assert_eq!(s.counts("journee_catalogue").await, 1);
        // As a part of its flow it is another demand, which has nothing to say.
        let partie = s.reads(Etendue::Partielle, &un).await;
        assert_eq!(partie.etat, EtatJournee::SansChangement);
        assert!(s.receives(Etendue::Partielle, &un).await.unwrap().deja);
        // Once another day was applied, the first one is news again, and it is said that it came before.
        s.applies(Etendue::Complete, &deux).await;
        let retour = s.reads(Etendue::Complete, &un).await;
        assert_eq!(retour.etat, EtatJournee::AConfirmer);
        assert_eq!(retour.rapport.unwrap().compte.retraits, 1);
        assert_eq!(retour.deja.map(|(id, _)| id), Some(premiere.id));
    }

    async fn r_imp_11_a_day_that_would_no_longer_do_what_was_shown_is_shown_again(base) {
        let s = Scene::new(base).await;
        let j = s.reads(Etendue::Partielle, &[recu("jour.json", &[fiche("a"), fiche("b")])]).await;
        s.applies(Etendue::Partielle, &[recu("autre.json", &[fiche("a")])]).await;
        s.decides(&j, ActeJournee::Appliquer).await.unwrap();
        s.works().await;
        let encore = s.sees(&j.id).await;
        assert_eq!((encore.etat, encore.rapport.clone().unwrap().compte.creations), (EtatJournee::AConfirmer, 1));
        assert!(encore.message.as_deref().is_some_and(|m| m.contains("rien n’a été appliqué")), "{:?}", encore.message);
        assert_eq!(s.counts("fiche_apprentissage").await, 1);
        s.decides(&encore, ActeJournee::Abandonner).await.unwrap();
        assert_eq!(s.sees(&j.id).await.etat, EtatJournee::Abandonnee);
        assert_eq!(s.counts("fiche_apprentissage").await, 1);
        // Given up while it waits to be applied: the task finds nothing to do.
        let k = s.reads(Etendue::Partielle, &[recu("jour.json", &[fiche("c")])]).await;
        s.decides(&k, ActeJournee::Appliquer).await.unwrap();
        s.decides(&s.sees(&k.id).await, ActeJournee::Abandonner).await.unwrap();
        s.works().await;
        assert_eq!((s.sees(&k.id).await.etat, s.counts("fiche_apprentissage").await), (EtatJournee::Abandonnee, 1));
    }

    async fn r_imp_11_r_app_05_a_day_that_would_remove_too_much_is_held_until_somebody_says_what_it_is(base) {
        let s = Scene::new(base).await;
        let tout: Vec<_> = (0..30).map(|n| fiche(&format!("f{n:02}"))).collect();
        s.applies(Etendue::Complete, &[recu("jour-1.json", &tout)]).await;
        let coupe = [recu("jour-2.json", &tout[..10])];
        let j = s.reads(Etendue::Complete, &coupe).await;
        assert_eq!((j.etat, j.rapport.clone().unwrap().compte.retraits), (EtatJournee::Retenue, 20));
        assert!(j.message.as_deref().is_some_and(|m| m.starts_with("20 des 30 fiches connues")), "{:?}", j.message);
        assert!(matches!(s.decides(&j, ActeJournee::Appliquer).await, Err(AppError::Conflict)));
        s.decides(&j, ActeJournee::Partielle).await.unwrap();
        s.works().await;
        let relue = s.sees(&j.id).await;
        assert_eq!((relue.etat, relue.etendue, relue.message), (EtatJournee::SansChangement, Etendue::Partielle, None));
        let j = s.reads(Etendue::Complete, &coupe).await;
        s.decides(&j, ActeJournee::Retirer).await.unwrap();
        s.works().await;
        assert_eq!(s.sees(&j.id).await.etat, EtatJournee::Appliquee);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM fiche_apprentissage WHERE presente = 1", vec![]).await, 10);
    }

    async fn r_imp_11_a_file_that_is_none_is_refused_and_told(base) {
        let s = Scene::new(base).await;
        let message = async |fichiers: &[FichierRecu]| match s.receives(Etendue::Complete, fichiers).await {
            Err(AppError::Invalid(fautes)) => fautes[0].1.clone(),
            autre => panic!("{autre:?}"),
        };
        let f = |nom: &str, octets: &[u8]| FichierRecu { nom: nom.to_owned(), octets: octets.to_vec() };
        assert!(message(&[]).await.contains("au moins un fichier"));
        assert!(message(&[f("jour.pdf", b"%PDF")]).await.contains("n’annonce pas ce qui est attendu : fiches du catalogue (.json, .jsonl"));
        assert!(message(&[f("jour.json", b"<lheo/>")]).await.contains("n’est pas celui que son nom annonce"));
        assert!(message(&[f("jour.json", b"")]).await.contains("est vide"));
        let trop: Vec<_> = (0..21).map(|_| f("jour.json", b"[]")).collect();
        assert!(message(&trop).await.contains("20 fichiers au plus"));
        let bon = [recu("jour.json", &[fiche("a")])];
        let ctx = s.t.ctx(s.national.clone());
        let envoi = EnvoiJournee { flux: Some("Mon flux"), etendue: Some(Etendue::Complete), fichiers: &bon };
        let e = receive_journee(&ctx, &Garde::default(), 2024, &envoi).await;
        assert!(matches!(&e, Err(AppError::Invalid(f)) if f[0].0 == "flux"), "{e:?}");
        for verdict in [Some(Verdict::Infecte("Essai".to_owned())), None] {
            *s.t.antivirus.0.lock().unwrap() = verdict;
            assert!(matches!(s.receives(Etendue::Complete, &bon).await, Err(AppError::Rule(_))));
        }
        *s.t.antivirus.0.lock().unwrap() = Some(Verdict::Sain);
        assert_eq!(s.counts("journee_catalogue").await, 0);
        // What only its reading finds out is written on the day.
        let j = s.reads(Etendue::Complete, &[f("jour.json", b"[{\"id_formation\": \"a\"")]).await;
        assert_eq!((j.etat, j.rapport), (EtatJournee::Refusee, None));
        assert!(j.message.unwrap().contains("le document s’arrête avant sa fin"));
        let j = s.reads(Etendue::Complete, &[f("jour.xml", b"<lheo xmlns=\"http://www.lheo.org/2.2\"/>")]).await;
        assert!(j.message.unwrap().contains("seul « http://lheo.gouv.fr/2.3 » (LHÉO 2.3) est lu"));
    }

    async fn r_dro_01_r_imp_11_only_who_charges_the_courses_sends_and_opens_a_day(base) {
        let s = Scene::new(base).await;
        let fichiers = [recu("jour.json", &[fiche("a")])];
        let j = s.applies(Etendue::Complete, &fichiers).await;
        let id = PublicId::parse(&j.id).unwrap();
        let agent = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, agent) = s.t.personne("agent@ac.example", agent).await;
        let agent = s.t.ctx(agent);
        let envoi = EnvoiJournee { flux: None, etendue: Some(Etendue::Complete), fichiers: &fichiers };
        let e = receive_journee(&agent, &Garde::default(), 2024, &envoi).await;
        assert!(matches!(e, Err(AppError::Denied(_))), "{e:?}");
        assert!(matches!(view_journee(&agent, 2024, &id).await, Err(AppError::Denied(_))));
        assert!(matches!(export_journee(&agent, 2024, &id).await, Err(AppError::Denied(_))));
        let l = list_journees(&agent, 2024, 1).await.unwrap();
        assert_eq!((l.total, l.ouvrir, l.envoyer), (1, false, false));
        let (_, auditeur) = s.t.personne("audit@essai.example", Attribution::simple(Role::Auditeur)).await;
        assert!(matches!(list_journees(&s.t.ctx(auditeur), 2024, 1).await, Err(AppError::Denied(_))));
        // Whoever sent a day and has no right any more has nothing applied.
        let j = s.reads(Etendue::Complete, &[recu("jour.json", &[fiche("a"), fiche("b")])]).await;
        s.decides(&j, ActeJournee::Appliquer).await.unwrap();
        s.t.sql("UPDATE attribution SET role = 'auditeur' WHERE role = 'admin_national'", vec![]).await;
        s.works().await;
        assert_eq!(s.counts("fiche_apprentissage").await, 1);
        s.t.sql("UPDATE attribution SET role = 'admin_national' WHERE role = 'auditeur'", vec![]).await;
        let refusee = s.sees(&j.id).await;
        assert!(refusee.message.unwrap().contains("n’en a plus le droit"));
    }

    async fn r_imp_12_every_day_applied_is_listed_signed_after_the_one_before_and_downloads(base) {
        let s = Scene::new(base).await;
        // The first one by a command: received by the way.
        let d = tempfile::tempdir().unwrap();
        let chemin = d.path().join("veille.json");
        std::fs::write(&chemin, recu("", &[fiche("a")]).octets).unwrap();
        let lues = lire_catalogue(&[chemin], &mut |_, _| {}).unwrap();
        let options = OptionsApprentissage { appliquer: true, session: Some(2024), ..OptionsApprentissage::default() };
        assert!(import_apprentissage(&s.t.systeme(), &lues, &options).await.unwrap().applique);
        s.t.at("2023-11-21T10:00");
        let mut fautive = fiche("f");
        fautive["cfd"] = "320".into();
        let fichier = recu("jour\n2.json", &[fiche("a"), fiche("b"), fautive]);
        let j = s.applies(Etendue::Complete, std::slice::from_ref(&fichier)).await;
        let ctx = s.t.ctx(s.national.clone());
        let l = list_journees(&ctx, 2024, 1).await.unwrap();
        let dites: Vec<_> = l.lignes.iter().map(|l| (l.par.as_deref(), l.fichiers[0].nom.as_str(), l.derniere)).collect();
        assert_eq!(dites, [(Some("Camille Essai"), "jour2.json", true), (None, "veille.json", false)]);
        let empreinte = &l.lignes[0].fichiers[0].empreinte;
        assert_eq!(*empreinte, data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&fichier.octets)));
        assert_eq!(l.lignes[0].compte.as_ref().map(|c| (c.creations, c.refusees)), Some((1, 1)));

        let scelle = j.scelle.unwrap();
        assert!(scelle.juste && scelle.numero == 2);
        let id = PublicId::parse(&j.id).unwrap();
        let csv = export_journee(&ctx, 2024, &id).await.unwrap();
        let texte = String::from_utf8(csv.octets.clone()).unwrap();
        assert!(texte.contains("créée") && texte.contains("n’a pas huit lettres ou chiffres"), "{texte}");
        assert_eq!(data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&csv.octets)), scelle.compte_rendu);
        let (_, pv) = proces_verbal_journee(&ctx, 2024, &id).await.unwrap();
        let (signe, suite) = pv.split_once("signature ").unwrap();
        assert!(signe.starts_with("parcoursup journee-catalogue 1\nsession 2024\nflux catalogue\nnumero 2\n"), "{signe}");
        assert!(signe.contains(&format!("fichier {empreinte} ")) && signe.contains(&format!("compte-rendu {}\n", scelle.compte_rendu)));
        let veille = s.t.mot("SELECT signature FROM journee_catalogue WHERE numero = 1", vec![]).await;
        assert!(signe.ends_with(&format!("precedente {veille}\n")), "{signe}");
        // By whoever has the public key.
        let cle = SigningKey::from_bytes(&s.t.app.secrets.signature).verifying_key();
        let octets = data_encoding::HEXLOWER.decode(scelle.signature.as_bytes()).unwrap();
        assert!(cle.verify(signe.as_bytes(), &Signature::from_slice(&octets).unwrap()).is_ok());
        assert_eq!(suite, format!("{}\ncle {}\n", scelle.signature, data_encoding::HEXLOWER.encode(cle.as_bytes())));
        s.t.sql("UPDATE journee_catalogue SET proces_verbal = 'autre' WHERE numero = 2", vec![]).await;
        assert!(!s.sees(&j.id).await.scelle.unwrap().juste, "one word altered is seen");
        assert!(s.t.journal().await.iter().any(|l| l.objet == "journee_catalogue" && l.issue == "exporte"));
    }
}
