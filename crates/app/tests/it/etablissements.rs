//! Describing an establishment, before its courses: on both databases.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::BTreeSet;
use std::fmt::Debug;

use app::AppError;
use app::Ctx;
use app::completude::{FiltreCompletude, export_completude, follow};
use app::etablissements::{
    ARelire, Accueil, Chef, Composante, Coordonnees, JourneeSaisie, Modification, Prise, Site,
    VueEtablissement, read_signature, save_etablissement, send_signature, view_etablissement, view_retrait,
};
use app::formations::{
    Guichet, Reponse, answer_demande, ask_reouverture, publish_formation, view_demande, view_reouverture,
    withdraw_demande,
};
use app::idempotence::Garde;
use app::sessions::ouvrir_session;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::etablissements::{CONTACTS_MAX, Civilite, Contact, Manque, Partie};
use domain::formations::Famille;
use domain::formations::demandes::EtatDemande;
use domain::{PublicId, RuleViolation as R};
use jiff::civil::{Date, date, time};
use testkit::{FormationEssai, TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    id: PublicId,
    admin: Ctx,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
        let qui = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let admin = t.ctx(t.personne("admin@lycee.example", qui).await.1);
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        Self { id: PublicId::parse(&id).unwrap(), admin, f, t }
    }

    /// The admin at the instant of now: the clock may have moved.
    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.acteur.clone())
    }

    async fn vue(&self) -> VueEtablissement {
        view_etablissement(&self.admin(), 2024, &self.id).await.unwrap()
    }

    async fn fait(&self, m: Modification) -> Result<(), AppError> {
        save_etablissement(&self.admin(), &Garde::default(), 2024, &self.id, &m).await.map(|_| ())
    }

    async fn role(&self, courriel: &str, role: Role) -> Ctx {
        let a = Attribution { etablissement: Some(self.f.etablissement), ..Attribution::simple(role) };
        let a = match role {
            Role::Academie => Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(role) },
            Role::RespFormation => Attribution { formation: Some(self.f.formation), ..a },
            _ => a,
        };
        self.t.ctx(self.t.personne(courriel, a).await.1)
    }
}

const MOTIF: &str = "Le site principal reste à placer sur la carte.";

impl Scene {
    async fn asks(&self, parties: &[Partie], jour: Date) -> Result<PublicId, AppError> {
        let parties: BTreeSet<Partie> = parties.iter().copied().collect();
        ask_reouverture(&self.admin(), &Garde::default(), 2024, &self.id, (&parties, jour), MOTIF).await?;
        let sql = "SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1";
        Ok(PublicId::parse(&self.t.mot(sql, vec![]).await).unwrap())
    }

    async fn answers(&self, agent: &Acteur, demande: &PublicId, r: Reponse) -> Result<(), AppError> {
        let ctx = self.t.ctx(agent.clone());
        answer_demande(&ctx, &Garde::default(), 2024, Guichet::Academie, demande, &r).await.map(|_| ())
    }

    /// The first site, placed.
    async fn placed(&self) -> Modification {
        let site = self.vue().await.sites.remove(0);
        let place = Site {
            nom: site.nom,
            adresse: site.adresse,
            code_postal: site.code_postal,
            commune: site.commune,
            latitude: "49,894".to_owned(),
            longitude: "2,302".to_owned(),
        };
        Modification::Site(Some(site.public_id), place)
    }
}

fn rouvrir(parties: &[Partie], jour: Date) -> Reponse {
    Reponse::Rouvrir(String::new(), parties.iter().map(|p| p.code().to_owned()).collect(), jour)
}

fn faute<T: Debug>(r: Result<T, AppError>) -> (&'static str, &'static str) {
    match r {
        Err(AppError::Rule(R::Champ { champ, motif })) => (champ, motif),
        autre => panic!("{autre:?}"),
    }
}

fn close<T: Debug>(r: Result<T, AppError>) {
    assert!(matches!(r, Err(AppError::Rule(R::Closed { .. }))), "{r:?}");
}

fn journee(jour: Date) -> JourneeSaisie {
    JourneeSaisie {
        jour,
        debut: time(9, 0, 0, 0),
        fin: time(17, 0, 0, 0),
        a_distance: false,
        ou: "Hall".to_owned(),
    }
}

fn champ(r: Result<(), AppError>) -> &'static str {
    match r {
        Err(AppError::Rule(r)) if !r.champ().is_empty() => r.champ(),
        autre => panic!("{autre:?}"),
    }
}

fn chef(nom: &str, prise: Prise) -> Modification {
    Modification::Chef(Chef {
        civilite: Civilite::Monsieur,
        nom: nom.to_owned(),
        prenom: "Alex".to_owned(),
        fonction: "Proviseur".to_owned(),
        courriel: "alex.chef@lycee.example".to_owned(),
        telephone: "0322000002".to_owned(),
        prise,
    })
}

fn coordonnees() -> Coordonnees {
    Coordonnees {
        sigle: "LE".to_owned(),
        adresse: "2 rue Neuve".to_owned(),
        code_postal: "80 000".to_owned(),
        commune: "Amiens".to_owned(),
        telephone: "0322.33.44.55".to_owned(),
        courriel: String::new(),
        site_web: "www.lycee.example".to_owned(),
    }
}

fn contact(fonction: &str) -> Contact {
    Contact {
        fonction: fonction.to_owned(),
        nom: "Maud Temoin".to_owned(),
        courriel: "secretariat@lycee.example".to_owned(),
        telephone: "0322000009".to_owned(),
        objet: "Inscriptions".to_owned(),
    }
}

/// A stroke of 120 by 48 points.
const DESSIN: &[u8] = include_bytes!("../../../../crates/testkit/src/signature.png");

both_databases! {
    async fn r_eta_07_contacts_are_for_the_academic_service_and_stay_for_the_next_session(base) {
        let s = Scene::new(base).await;
        s.fait(Modification::Contact(None, contact("Secrétariat"))).await.unwrap();
        s.fait(Modification::Contact(None, contact("Vie scolaire"))).await.unwrap();
        let lus = s.vue().await.contacts.unwrap();
        assert_eq!((lus.len(), lus[0].contact.telephone.as_str()), (2, "03 22 00 00 09"));
        let id = lus[0].public_id.clone();
        s.fait(Modification::Contact(Some(id.clone()), contact("Secrétariat des admissions"))).await.unwrap();
        assert_eq!(s.vue().await.contacts.unwrap()[0].contact.fonction, "Secrétariat des admissions");
        s.fait(Modification::RetirerContact(lus[1].public_id.clone())).await.unwrap();
        assert!(matches!(s.fait(Modification::RetirerContact(lus[1].public_id.clone())).await, Err(AppError::NotFound)), "once");
        let sans = Contact { courriel: String::new(), telephone: " ".to_owned(), ..contact("X") };
        assert_eq!(champ(s.fait(Modification::Contact(None, sans)).await), "contact_telephone");
        // Nothing readable is stored, nor told by the journal, of how to reach them.
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM contact_etablissement WHERE CAST(courriel_chiffre AS TEXT) LIKE '%lycee%'", vec![]).await, 0);
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains("contact_retire") && !journal.contains("Temoin") && !journal.contains("secretariat@"), "{journal}");
        for (courriel, role, lit) in [
            ("chef@lycee.example", Role::ChefEtab, true),
            ("agent@academie.example", Role::Academie, true),
            ("equipe@national.example", Role::AdminNational, true),
            ("resp@lycee.example", Role::RespFormation, false),
            ("gest@lycee.example", Role::GestAdmin, false),
            ("lecteur@lycee.example", Role::Lecteur, false),
        ] {
            let ctx = s.role(courriel, role).await;
            let v = view_etablissement(&ctx, 2024, &s.id).await.unwrap();
            assert_eq!(v.contacts.is_some(), lit, "{role:?}");
            let ecrit = save_etablissement(&ctx, &Garde::default(), 2024, &s.id, &Modification::RetirerContact("x".to_owned())).await;
            assert_eq!(matches!(ecrit, Err(AppError::NotFound)), matches!(role, Role::ChefEtab | Role::AdminNational), "{role:?} {ecrit:?}");
        }
        // The table of the academic service and its file.
        let agent = s.role("agent2@academie.example", Role::Academie).await;
        let suivi = follow(&agent, 2024, &FiltreCompletude::default()).await.unwrap();
        assert_eq!(suivi.lignes[0].contacts.len(), 1);
        let fichier = export_completude(&agent, 2024, &FiltreCompletude::default(), app::FormatTableau::Csv).await.unwrap();
        let texte = String::from_utf8(fichier.octets).unwrap();
        assert!(texte.contains("Secrétariat des admissions (Maud Temoin) – Inscriptions\u{a0}: 03 22 00 00 09, secretariat@lycee.example"), "{texte}");
        // Somebody of a neighbour changes nothing here; another academy sees none of it.
        let voisin = s.t.etablissement("0800002B", "Voisin").await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let ctx = s.t.ctx(s.t.personne("admin@voisin.example", a).await.1);
        let id_voisin = s.t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![voisin.into()]).await;
        let id_voisin = PublicId::parse(&id_voisin).unwrap();
        let vole = save_etablissement(&ctx, &Garde::default(), 2024, &id_voisin, &Modification::RetirerContact(id.clone())).await;
        assert!(matches!(vole, Err(AppError::NotFound)));
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let v = view_etablissement(&s.admin(), 2025, &s.id).await.unwrap();
        assert_eq!(v.contacts.unwrap().len(), 1, "whom to call does not change with the year");
    }

    async fn r_eta_07_a_directory_is_refused(base) {
        let s = Scene::new(base).await;
        for i in 0..CONTACTS_MAX {
            s.fait(Modification::Contact(None, contact(&format!("Bureau {i}")))).await.unwrap();
        }
        assert_eq!(champ(s.fait(Modification::Contact(None, contact("De trop"))).await), "contact_fonction");
    }

    async fn r_eta_08_a_signature_stays_with_its_head_and_is_for_those_who_reach_them(base) {
        let s = Scene::new(base).await;
        let titulaire = s.vue().await.chefs.unwrap()[0].public_id.clone();
        let envoie = |chef: String, octets: Vec<u8>| {
            let (ctx, id) = (s.admin(), s.id.clone());
            async move { send_signature(&ctx, &Garde::default(), 2024, &id, (&chef, &octets)).await.map(|_| ()) }
        };
        for faux in [&b""[..], b"%PDF-1.7", &DESSIN[..DESSIN.len() / 2]] {
            assert_eq!(champ(envoie(titulaire.clone(), faux.to_vec()).await), "fichier");
        }
        envoie(titulaire.clone(), DESSIN.to_vec()).await.unwrap();
        let lue = read_signature(&s.admin(), 2024, &s.id, &titulaire).await.unwrap();
        assert!(lue.starts_with(b"\x89PNG"));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM signature_chef WHERE CAST(image_chiffre AS TEXT) LIKE '%PNG%'", vec![]).await, 0);
        // Somebody stands in, with a signature of their own.
        s.fait(chef("Interim", Prise::Interim(date(2023, 11, 13), date(2023, 11, 20)))).await.unwrap();
        let interim = s.vue().await.chefs.unwrap().into_iter().find(|c| c.interim).unwrap();
        assert!(!interim.signe);
        envoie(interim.public_id.clone(), DESSIN.to_vec()).await.unwrap();
        // Their time over, the signature stays; another is not given to what they signed.
        s.t.at("2023-11-21T09:00");
        let chefs = s.vue().await.chefs.unwrap();
        assert!(chefs.iter().all(|c| c.signe));
        assert_eq!(champ(envoie(interim.public_id.clone(), DESSIN.to_vec()).await), "signataire");
        assert!(matches!(envoie("inconnu".to_owned(), DESSIN.to_vec()).await, Err(AppError::NotFound)));
        s.fait(Modification::RetirerSignature(interim.public_id.clone())).await.unwrap();
        assert!(matches!(read_signature(&s.admin(), 2024, &s.id, &interim.public_id).await, Err(AppError::NotFound)));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM signature_chef", vec![]).await, 1, "withdrawn for good");
        for (courriel, role, lit) in [
            ("chef@lycee.example", Role::ChefEtab, true),
            ("agent@academie.example", Role::Academie, true),
            ("resp@lycee.example", Role::RespFormation, false),
            ("lecteur@lycee.example", Role::Lecteur, false),
        ] {
            let ctx = s.role(courriel, role).await;
            let lue = read_signature(&ctx, 2024, &s.id, &titulaire).await;
            assert_eq!(lue.is_ok(), lit, "{role:?}");
            assert!(lit || matches!(lue, Err(AppError::NotFound)), "{role:?}");
            let ecrit = send_signature(&ctx, &Garde::default(), 2024, &s.id, (&titulaire, DESSIN)).await;
            assert_eq!(ecrit.is_ok(), role == Role::ChefEtab, "{role:?}");
        }
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains("signature_retiree"), "{journal}");
    }

    async fn r_eta_01_what_is_said_is_kept_as_it_should_be_written(base) {
        let s = Scene::new(base).await;
        s.fait(Modification::Coordonnees(coordonnees())).await.unwrap();
        let l = s.vue().await.ligne;
        assert_eq!(
            (l.code_postal.as_str(), l.telephone.as_str(), l.site_web.as_deref()),
            ("80000", "03 22 33 44 55", Some("https://www.lycee.example"))
        );
        assert_eq!(champ(s.fait(Modification::Coordonnees(Coordonnees { commune: " ".to_owned(), ..coordonnees() })).await), "commune");
        assert_eq!(champ(s.fait(Modification::Coordonnees(Coordonnees { code_postal: "8".to_owned(), ..coordonnees() })).await), "code_postal");
        let accueil = Accueil { internat: "mixte".to_owned(), boursiers: Some(false), ..Accueil::default() };
        s.fait(Modification::Accueil(accueil.clone())).await.unwrap();
        assert_eq!(s.vue().await.manques, [Manque::Accessibilite, Manque::Referent, Manque::PlacesInternat]);
        let sans = Accueil { internat: "sans".to_owned(), internat_places: Some(12), ..accueil };
        s.fait(Modification::Accueil(sans)).await.unwrap();
        assert_eq!(s.vue().await.ligne.internat_places, None, "no boarding has no places");
        let trop = Accueil { internat: "mixte".to_owned(), internat_places: Some(20_001), ..Accueil::default() };
        assert_eq!(champ(s.fait(Modification::Accueil(trop)).await), "internat_places");
        // Free text and addresses do not reach the journal (JOU-2).
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains("coordonnees") && !journal.contains("rue Neuve") && !journal.contains("33 44 55"), "{journal}");
    }

    async fn r_for_23_everything_that_is_wrong_with_a_form_is_told_at_once(base) {
        let s = Scene::new(base).await;
        let avant = s.vue().await.ligne.version;
        let tout = |r: Result<(), AppError>| -> Vec<&'static str> {
            match r {
                Err(AppError::Invalid(fautes)) => fautes.into_iter().map(|(champ, _)| champ).collect(),
                autre => panic!("{autre:?}"),
            }
        };
        let c = Coordonnees { code_postal: "8".to_owned(), telephone: "12".to_owned(), commune: " ".to_owned(), ..coordonnees() };
        assert_eq!(tout(s.fait(Modification::Coordonnees(c)).await), ["code_postal", "commune", "telephone"]);
        let j = JourneeSaisie { jour: date(2023, 2, 3), debut: time(9, 0, 0, 0), fin: time(8, 0, 0, 0), a_distance: false, ou: " ".to_owned() };
        assert_eq!(tout(s.fait(Modification::Journee(None, j)).await), ["jour", "fin", "ou"]);
        let Modification::Chef(chef) = chef("Loin", Prise::Interim(date(2033, 12, 2), date(2023, 12, 1))) else { panic!("a head") };
        let c = Chef { nom: " ".to_owned(), courriel: "sans-arobase".to_owned(), ..chef };
        assert_eq!(tout(s.fait(Modification::Chef(c)).await), ["chef_nom", "chef_courriel", "depuis", "jusqu_a"]);
        let rien = Contact::default();
        assert_eq!(tout(s.fait(Modification::Contact(None, rien)).await), ["contact_fonction", "contact_objet", "contact_telephone"]);
        // Nothing is half-written.
        let v = s.vue().await;
        assert_eq!((v.ligne.version, v.journees.len(), v.chefs.unwrap().len()), (avant, 0, 1));
    }

    async fn r_eta_02_no_course_is_published_before_its_establishment_is_described(base) {
        let s = Scene::new(base).await;
        s.t.sql("UPDATE etablissement_session SET accessibilite = ''", vec![]).await;
        let formation = PublicId::parse(&s.f.public_id).unwrap();
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &formation).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(R::EtablissementIncomplet { manques })) if manques == &[Manque::Accessibilite]),
            "{refus:?}"
        );
        let vue = app::formations::view_parametrage(&s.admin(), 2024, &formation).await.unwrap();
        assert!(vue.manques.contains(&"la description de l’établissement"), "{:?}", vue.manques);
        s.t.sql("UPDATE etablissement_session SET accessibilite = 'Plain-pied.'", vec![]).await;
        publish_formation(&s.admin(), &Garde::default(), 2024, &formation).await.unwrap();
    }

    async fn r_eta_03_the_head_is_confirmed_each_year_and_past_ones_stay(base) {
        let s = Scene::new(base).await;
        assert!(s.vue().await.confirme);
        // The following session starts with the same head, to be confirmed.
        s.t.sql("UPDATE etablissement_session SET chef_confirme = NULL", vec![]).await;
        assert_eq!(s.vue().await.manques, [Manque::Confirmation]);
        s.fait(Modification::ConfirmerChef).await.unwrap();
        assert_eq!(s.vue().await.manques, []);
        // Somebody stands in for some days, and signs then; the head comes back, confirmed as before.
        s.fait(chef("Interim", Prise::Interim(date(2023, 11, 13), date(2023, 11, 20)))).await.unwrap();
        let v = s.vue().await;
        assert_eq!(v.chefs.as_ref().unwrap()[v.signataire.unwrap()].nom, "Interim");
        assert_eq!(v.manques, [], "whoever is typed is confirmed");
        assert_eq!(champ(s.fait(chef("X", Prise::Interim(date(2023, 12, 2), date(2023, 12, 1)))).await), "jusqu_a");
        s.t.at("2023-11-21T09:00");
        let v = s.vue().await;
        assert_eq!(v.chefs.as_ref().unwrap()[v.signataire.unwrap()].nom, "Essai");
        assert_eq!(v.manques, [Manque::Confirmation], "another signatory is confirmed in their turn");
        // A successor ends the one before; both stay.
        assert_eq!(champ(s.fait(chef("Trop tôt", Prise::Successeur(date(2021, 9, 1)))).await), "depuis");
        s.fait(chef("Successeur", Prise::Successeur(date(2023, 11, 21)))).await.unwrap();
        let v = s.vue().await;
        let chefs = v.chefs.clone().unwrap();
        assert_eq!(chefs[v.signataire.unwrap()].nom, "Successeur");
        assert!(v.confirme);
        let ancien = chefs.iter().find(|c| c.nom == "Essai").unwrap();
        assert_eq!(ancien.jusqu_a.as_deref(), Some("2023-11-20"));
        // Particulars put right in their place.
        s.fait(chef("Successeure", Prise::Meme)).await.unwrap();
        assert_eq!(s.vue().await.chefs.unwrap().len(), 3);
        // Nothing readable is stored of how to reach a head.
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM chef_etablissement WHERE CAST(courriel_chiffre AS TEXT) LIKE '%lycee%'", vec![]).await, 0);
    }

    async fn r_eta_03_an_interim_ends_earlier_or_later_than_was_told(base) {
        let s = Scene::new(base).await;
        assert_eq!(champ(s.fait(chef("X", Prise::Jusque(date(2023, 11, 30)))).await), "prise", "nobody stands in");
        s.fait(chef("Interim", Prise::Interim(date(2023, 11, 13), date(2023, 12, 31)))).await.unwrap();
        s.t.at("2023-11-27T09:00");
        for faux in [date(2023, 11, 25), date(2023, 11, 12), date(2033, 1, 1)] {
            assert_eq!(champ(s.fait(chef("Interim", Prise::Jusque(faux))).await), "jusqu_a", "{faux}");
        }
        let fin = || async {
            let chefs = s.vue().await.chefs.unwrap();
            assert_eq!(chefs.len(), 2, "nobody else came");
            chefs.into_iter().find(|c| c.interim).unwrap().jusqu_a.unwrap()
        };
        s.fait(chef("Interim", Prise::Jusque(date(2024, 1, 31)))).await.unwrap();
        assert_eq!(fin().await, "2024-01-31");
        // The head is back since this morning.
        s.fait(chef("Interim", Prise::Jusque(date(2023, 11, 26)))).await.unwrap();
        assert_eq!(fin().await, "2023-11-26");
        let v = s.vue().await;
        assert_eq!(v.chefs.as_ref().unwrap()[v.signataire.unwrap()].nom, "Essai");
        assert!(v.confirme);
        assert_eq!(champ(s.fait(chef("Interim", Prise::Jusque(date(2023, 12, 1)))).await), "prise", "it is over");
    }

    async fn r_eta_03_an_announced_change_is_called_off_and_the_head_goes_on(base) {
        let s = Scene::new(base).await;
        let fins = || async {
            let mut chefs: Vec<(String, Option<String>)> =
                s.vue().await.chefs.unwrap().into_iter().map(|c| (c.nom, c.jusqu_a)).collect();
            chefs.sort();
            chefs
        };
        let qui = async |nom: &str| {
            let chefs = s.vue().await.chefs.unwrap();
            chefs.into_iter().find(|c| c.nom == nom).unwrap().public_id
        };
        let seul = vec![("Essai".to_owned(), None)];
        s.fait(chef("Annonce", Prise::Successeur(date(2024, 2, 1)))).await.unwrap();
        s.fait(chef("Interim", Prise::Interim(date(2024, 1, 10), date(2024, 1, 20)))).await.unwrap();
        assert_eq!(fins().await.len(), 3);
        // Whoever is in office signed already; nobody else's line.
        let faux = Modification::AnnulerAnnonce(qui("Essai").await);
        assert_eq!(faute(s.fait(faux).await), ("depuis", "en_fonction"));
        let inconnu = s.fait(Modification::AnnulerAnnonce("inconnu".to_owned())).await;
        assert!(matches!(inconnu, Err(AppError::NotFound)), "{inconnu:?}");
        let interim = Modification::AnnulerAnnonce(qui("Interim").await);
        let lu = view_retrait(&s.admin(), 2024, &s.id, &interim).await.unwrap();
        let Some(ARelire::Annonce { nom, jusqu_a, reste, .. }) = lu else { panic!("{lu:?}") };
        assert_eq!((nom.as_str(), jusqu_a), ("Alex Interim", Some(date(2024, 1, 20))));
        assert_eq!(reste.as_deref(), Some("Claude Essai"), "the head signs on these days");
        s.fait(interim).await.unwrap();
        let annonce = Modification::AnnulerAnnonce(qui("Annonce").await);
        let lu = view_retrait(&s.admin(), 2024, &s.id, &annonce).await.unwrap();
        let Some(ARelire::Annonce { depuis, reste, .. }) = lu else { panic!("{lu:?}") };
        assert_eq!((depuis, reste.as_deref()), (date(2024, 2, 1), Some("Claude Essai")));
        s.fait(annonce.clone()).await.unwrap();
        assert_eq!(fins().await, seul, "and without an end, as before");
        assert!(s.vue().await.confirme);
        assert!(matches!(s.fait(annonce).await, Err(AppError::NotFound)), "once");
        // On the first day it is too late, and there is nothing to look at again.
        s.fait(chef("Interim", Prise::Interim(date(2023, 12, 1), date(2023, 12, 5)))).await.unwrap();
        s.t.at("2023-12-01T08:00");
        let tard = Modification::AnnulerAnnonce(qui("Interim").await);
        assert_eq!(view_retrait(&s.admin(), 2024, &s.id, &tard).await.unwrap(), None);
        assert_eq!(faute(s.fait(tard.clone()).await), ("depuis", "en_fonction"));
        for role in [Role::Lecteur, Role::RespFormation] {
            let ctx = s.role(&format!("{}@lycee.example", role.code()), role).await;
            let refus = view_retrait(&ctx, 2024, &s.id, &tard).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{role:?} {refus:?}");
        }
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains("chef_annonce_annulee"), "{journal}");
    }

    async fn r_eta_18_what_is_gone_for_good_or_read_by_the_public_is_looked_at_again(base) {
        let s = Scene::new(base).await;
        let lu = |m: Modification| {
            let (ctx, id) = (s.admin(), s.id.clone());
            async move { view_retrait(&ctx, 2024, &id, &m).await.unwrap() }
        };
        // A signature, once it was given.
        let titulaire = s.vue().await.chefs.unwrap()[0].public_id.clone();
        assert_eq!(lu(Modification::RetirerSignature(titulaire.clone())).await, None);
        send_signature(&s.admin(), &Garde::default(), 2024, &s.id, (&titulaire, DESSIN)).await.unwrap();
        let attendu = ARelire::Signature { nom: "Claude Essai".to_owned() };
        assert_eq!(lu(Modification::RetirerSignature(titulaire)).await, Some(attendu));
        // A site that only a publication names; the act itself refuses one that a draft names.
        let site = s.vue().await.sites[0].public_id.clone();
        assert_eq!(lu(Modification::RetirerSite(site.clone())).await, None, "a draft names it");
        publish_formation(&s.admin(), &Garde::default(), 2024, &PublicId::parse(&s.f.public_id).unwrap()).await.unwrap();
        s.t.sql("UPDATE formation_description SET contenu = '{}'", vec![]).await;
        let attendu = ARelire::Site { nom: "Site principal".to_owned(), formations: vec!["BTS Essai".to_owned()] };
        assert_eq!(lu(Modification::RetirerSite(site.clone())).await, Some(attendu));
        s.t.sql("UPDATE formation_publication SET description = '{}'", vec![]).await;
        assert_eq!(lu(Modification::RetirerSite(site)).await, None, "nothing names it");
        // An open day, once the public reads it, until it is over.
        s.fait(Modification::Journee(None, journee(date(2024, 2, 3)))).await.unwrap();
        let jour = s.vue().await.journees[0].id.clone();
        let retirer = || Modification::RetirerJournee(jour.clone());
        assert_eq!(lu(retirer()).await, None, "the offer is not open");
        s.t.at("2024-01-15T10:00");
        assert_eq!(lu(retirer()).await, Some(ARelire::Journee { jour: date(2024, 2, 3) }));
        s.t.at("2024-02-04T10:00");
        assert_eq!(lu(retirer()).await, None, "it is over: the act says so");
        s.t.at("2024-01-15T10:00");
        s.t.sql("UPDATE formation_session SET etat = 'brouillon'", vec![]).await;
        assert_eq!(lu(retirer()).await, None, "no sheet shows it");
    }

    async fn r_eta_03_the_head_is_for_those_who_reach_them_and_nobody_else(base) {
        let s = Scene::new(base).await;
        for (courriel, role, lit) in [
            ("chef@lycee.example", Role::ChefEtab, true),
            ("agent@academie.example", Role::Academie, true),
            ("resp@lycee.example", Role::RespFormation, false),
            ("gest@lycee.example", Role::GestAdmin, false),
            ("lecteur@lycee.example", Role::Lecteur, false),
        ] {
            let ctx = s.role(courriel, role).await;
            let v = view_etablissement(&ctx, 2024, &s.id).await.unwrap();
            assert_eq!((v.chefs.is_some(), v.signataire.is_some()), (lit, lit), "{role:?}");
            let ecrit = save_etablissement(&ctx, &Garde::default(), 2024, &s.id, &Modification::ConfirmerChef).await;
            assert_eq!(ecrit.is_ok(), role == Role::ChefEtab, "{role:?}");
        }
        let membre = s.role("cev@lycee.example", Role::MembreCev).await;
        assert!(matches!(view_etablissement(&membre, 2024, &s.id).await, Err(AppError::Denied(_))));
        // A neighbour sees it as absent.
        let voisin = s.t.etablissement("0800002B", "Voisin").await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let ctx = s.t.ctx(s.t.personne("admin@voisin.example", a).await.1);
        assert!(matches!(view_etablissement(&ctx, 2024, &s.id).await, Err(AppError::Denied(d)) if !d.connu));
    }

    async fn r_eta_04_05_06_lists_are_added_changed_and_removed_line_by_line(base) {
        let s = Scene::new(base).await;
        let site = Site {
            nom: "Site sud".to_owned(),
            adresse: "3 rue du Port".to_owned(),
            code_postal: "80100".to_owned(),
            commune: "Abbeville".to_owned(),
            ..Site::default()
        };
        s.fait(Modification::Site(None, site.clone())).await.unwrap();
        let v = s.vue().await;
        assert_eq!((v.sites.len(), v.manques), (2, vec![Manque::Position]));
        let sud = v.sites[1].public_id.clone();
        let place = Site { latitude: "50,105".to_owned(), longitude: "1,834".to_owned(), ..site.clone() };
        s.fait(Modification::Site(Some(sud.clone()), place)).await.unwrap();
        let v = s.vue().await;
        assert_eq!((v.sites[1].latitude, v.manques.len()), (Some(50.105), 0));
        assert_eq!(champ(s.fait(Modification::Site(None, Site { latitude: "50".to_owned(), ..site })).await), "longitude");
        s.fait(Modification::RetirerSite(sud.clone())).await.unwrap();
        assert!(matches!(s.fait(Modification::RetirerSite(sud)).await, Err(AppError::NotFound)), "once");
        s.fait(Modification::Composante(None, Composante { nom: "UFR de sciences".to_owned() })).await.unwrap();
        let id = s.vue().await.composantes[0].public_id.clone();
        s.fait(Modification::Composante(Some(id.clone()), Composante { nom: "Faculté des sciences".to_owned() })).await.unwrap();
        assert_eq!(s.vue().await.composantes[0].nom, "Faculté des sciences");
        s.fait(Modification::RetirerComposante(id)).await.unwrap();
        let jour = |jour| JourneeSaisie { jour, debut: time(9, 0, 0, 0), fin: time(17, 30, 0, 0), a_distance: false, ou: "Hall".to_owned() };
        s.fait(Modification::Journee(None, jour(date(2024, 2, 3)))).await.unwrap();
        assert_eq!(champ(s.fait(Modification::Journee(None, jour(date(2023, 2, 3)))).await), "jour");
        let j = s.vue().await.journees[0].clone();
        assert_eq!(j.horaires, (540, 1_050));
        // A line of another establishment is as absent.
        let voisin = s.t.etablissement("0800002B", "Voisin").await;
        let autre = s.t.mot(
            "SELECT public_id FROM site_formation WHERE etablissement_session_id =
               (SELECT id FROM etablissement_session WHERE etablissement_id = $1)", vec![voisin.into()]).await;
        assert!(matches!(s.fait(Modification::RetirerSite(autre)).await, Err(AppError::NotFound)));
    }

    async fn r_eta_09_a_place_that_courses_name_is_not_removed(base) {
        let s = Scene::new(base).await;
        let site = s.vue().await.sites[0].public_id.clone();
        let refus = s.fait(Modification::RetirerSite(site.clone())).await;
        assert!(matches!(&refus, Err(AppError::Rule(R::LieuNomme { formations })) if formations == &["BTS Essai"]), "{refus:?}");
        assert_eq!(s.vue().await.sites.len(), 1);
        // A closed course is taught nowhere any more.
        s.t.sql("UPDATE formation_session SET etat = 'fermee'", vec![]).await;
        s.fait(Modification::RetirerSite(site)).await.unwrap();
    }

    async fn r_eta_03_whoever_signs_is_told_on_any_day_of_the_session_near_its_day(base) {
        let s = Scene::new(base).await;
        for loin in [date(2033, 12, 1), date(2022, 1, 1)] {
            assert_eq!(champ(s.fait(chef("Loin", Prise::Successeur(loin))).await), "depuis", "{loin}");
        }
        assert_eq!(champ(s.fait(chef("Loin", Prise::Interim(date(2023, 12, 1), date(2032, 12, 1)))).await), "jusqu_a");
        // Announced, then announced again: whoever never was in office is not kept.
        s.fait(chef("Annonce", Prise::Successeur(date(2024, 2, 1)))).await.unwrap();
        s.fait(chef("Autre", Prise::Successeur(date(2024, 3, 1)))).await.unwrap();
        let fins = || async {
            let mut chefs: Vec<(String, Option<String>)> =
                s.vue().await.chefs.unwrap().into_iter().map(|c| (c.nom, c.jusqu_a)).collect();
            chefs.sort();
            chefs
        };
        let attendu = |n: &str, f: Option<&str>| (n.to_owned(), f.map(str::to_owned));
        assert_eq!(fins().await, [attendu("Autre", None), attendu("Essai", Some("2024-02-29"))]);
        let interim = |de, a| chef("Interim", Prise::Interim(de, a));
        s.fait(interim(date(2024, 1, 10), date(2024, 1, 20))).await.unwrap();
        s.fait(interim(date(2024, 1, 12), date(2024, 1, 22))).await.unwrap();
        assert_eq!(fins().await[1..], [attendu("Essai", Some("2024-02-29")), attendu("Interim", Some("2024-01-22"))]);
        // After the settings: whoever signs then is confirmed, nothing else is written.
        s.t.at("2024-01-12T10:00");
        let v = s.vue().await;
        assert!(!v.modification.est_ouverte() && v.ouverture(Partie::Chef).est_ouverte());
        assert_eq!(v.manques, [Manque::Confirmation]);
        s.fait(Modification::ConfirmerChef).await.unwrap();
        assert_eq!(s.vue().await.manques, []);
        close(s.fait(Modification::Coordonnees(coordonnees())).await);
        // Months later somebody else comes, and signs; those of before stay.
        s.t.at("2024-06-03T10:00");
        s.fait(chef("Dernier", Prise::Successeur(date(2024, 6, 3)))).await.unwrap();
        let v = s.vue().await;
        assert_eq!(v.chefs.as_ref().unwrap()[v.signataire.unwrap()].nom, "Dernier");
        assert_eq!(v.manques, []);
        let attendus = [
            attendu("Autre", Some("2024-06-02")),
            attendu("Dernier", None),
            attendu("Essai", Some("2024-02-29")),
            attendu("Interim", Some("2024-01-22")),
        ];
        assert_eq!(fins().await, attendus);
        s.t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
        let archivee = s.fait(Modification::ConfirmerChef).await;
        assert!(matches!(archivee, Err(AppError::Rule(R::SessionArchivee))), "{archivee:?}");
        assert!(!s.vue().await.ouverture(Partie::Chef).est_ouverte());
    }

    async fn r_eta_11_the_academic_service_opens_closed_parts_again_until_a_day_and_no_other(base) {
        let s = Scene::new(base).await;
        let agent = s.role("agent@academie.example", Role::Academie).await.acteur;
        s.t.sql("UPDATE site_formation SET latitude = NULL, longitude = NULL", vec![]).await;
        let jour = date(2023, 12, 20);
        assert_eq!(faute(s.asks(&[Partie::Sites], jour).await), ("parties", "ouvertes"), "still open");
        s.t.at("2023-12-14T10:00");
        close(s.fait(s.placed().await).await);
        assert_eq!(faute(s.asks(&[], jour).await), ("parties", "reouverture"));
        for ouverte in [Partie::Chef, Partie::Journees] {
            assert_eq!(faute(s.asks(&[Partie::Sites, ouverte], jour).await), ("parties", "ouvertes"));
        }
        assert_eq!(faute(s.asks(&[Partie::Sites], date(2023, 12, 13)).await), ("jusqu_a", "passe"));
        assert_eq!(faute(s.asks(&[Partie::Sites], date(2024, 1, 15)).await), ("jusqu_a", "lointain"));
        let d = s.asks(&[Partie::Sites, Partie::Accueil], jour).await.unwrap();
        assert_eq!(faute(s.asks(&[Partie::Contacts], jour).await), ("parties", "demande"), "one at a time");
        close(s.fait(s.placed().await).await);
        // The academic service alone answers, with some of what was asked for.
        let lue = view_demande(&s.t.ctx(agent.clone()), 2024, Guichet::Academie, &d).await.unwrap();
        assert_eq!((lue.parties.as_slice(), lue.jour), (&[Partie::Accueil, Partie::Sites][..], Some(jour)));
        assert!(lue.reponse.is_ok() && lue.acceptable.is_ok() && !lue.transmissible);
        let mut double = s.admin.acteur.clone();
        double.attributions.extend(agent.attributions.clone());
        let refus = s.answers(&double, &d, rouvrir(&[Partie::Sites], jour)).await;
        assert!(matches!(refus, Err(AppError::Rule(R::DeuxiemePersonne))), "{refus:?}");
        let refus = s.answers(&s.admin.acteur, &d, rouvrir(&[Partie::Sites], jour)).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let refus = s.answers(&agent, &d, Reponse::Transmettre("Avis favorable.".to_owned())).await;
        assert!(matches!(refus, Err(AppError::Rule(R::ForbiddenTransition { .. }))), "{refus:?}");
        assert_eq!(faute(s.answers(&agent, &d, Reponse::Accepter(String::new(), None)).await), ("parties", "reouverture"));
        assert_eq!(faute(s.answers(&agent, &d, rouvrir(&[], jour)).await), ("parties", "reouverture"));
        assert_eq!(faute(s.answers(&agent, &d, rouvrir(&[Partie::Contacts], jour)).await), ("parties", "demandees"));
        assert_eq!(faute(s.answers(&agent, &d, rouvrir(&[Partie::Sites], date(2024, 1, 15))).await), ("jusqu_a", "lointain"));
        s.answers(&agent, &d, rouvrir(&[Partie::Sites], date(2023, 12, 18))).await.unwrap();
        // That part, until the end of the day, and no other: courses no longer wait for it.
        let v = s.vue().await;
        assert!(v.est_rouverte(Partie::Sites) && !v.modification.est_ouverte());
        assert!(!v.ouverture(Partie::Accueil).est_ouverte() && !v.est_rouverte(Partie::Chef));
        close(s.fait(Modification::Coordonnees(coordonnees())).await);
        let formation = PublicId::parse(&s.f.public_id).unwrap();
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &formation).await;
        assert!(matches!(refus, Err(AppError::Rule(R::EtablissementIncomplet { .. }))), "{refus:?}");
        s.t.at("2023-12-18T23:59");
        s.fait(s.placed().await).await.unwrap();
        publish_formation(&s.admin(), &Garde::default(), 2024, &formation).await.unwrap();
        s.t.at("2023-12-19T00:00");
        close(s.fait(s.placed().await).await);
        // What was asked and granted is read by whoever may ask, and told without a word of the reason.
        let v = s.vue().await;
        let suivi = view_reouverture(&s.admin(), &v.session, &v.cible()).await.unwrap().unwrap();
        assert_eq!(suivi.closes, [Partie::Coordonnees, Partie::Accueil, Partie::Composantes, Partie::Sites, Partie::Contacts]);
        assert_eq!((suivi.possible, suivi.suivis[0].parties.as_slice()), (Ok(()), &[Partie::Sites][..]));
        assert!(suivi.suivis[0].jusqu_a.is_some() && suivi.suivis[0].id.as_deref() == Some(d.as_str()));
        let lecture = view_reouverture(&s.t.ctx(agent), &v.session, &v.cible()).await.unwrap();
        assert!(lecture.is_none());
        let journal: String = s.t.journal().await.iter().map(|l| format!("{l:?}")).collect();
        assert!(journal.contains("reouverture") && !journal.contains("carte."), "{journal}");
        assert_eq!(journal.matches(r#"\"parties\":[\""#).count(), 2, "asked for, then granted: {journal}");
        let envois = s.t.envois().await;
        let dits: Vec<&str> = envois.iter().filter(|e| e.modele == "demande_repondue").map(|e| e.destinataire.as_str()).collect();
        assert_eq!(dits, ["admin@lycee.example"]);
        s.asks(&[Partie::Contacts], date(2023, 12, 27)).await.unwrap();
    }

    async fn r_eta_11_a_refusal_says_why_and_whoever_may_not_asks_nothing(base) {
        let s = Scene::new(base).await;
        let agent = s.role("agent@academie.example", Role::Academie).await.acteur;
        s.t.at("2023-12-14T10:00");
        let jour = date(2023, 12, 20);
        let d = s.asks(&[Partie::Contacts], jour).await.unwrap();
        withdraw_demande(&s.admin(), &Garde::default(), 2024, &d).await.unwrap();
        let d = s.asks(&[Partie::Contacts], jour).await.unwrap();
        let refus = s.answers(&agent, &d, Reponse::Refuser("non".to_owned())).await;
        assert!(matches!(refus, Err(AppError::Invalid(_))), "{refus:?}");
        s.answers(&agent, &d, Reponse::Refuser("Votre contact est déjà noté chez nous.".to_owned())).await.unwrap();
        close(s.fait(Modification::Contact(None, contact("Secrétariat"))).await);
        let lue = view_demande(&s.admin(), 2024, Guichet::Etablissement, &d).await.unwrap();
        let reponse = lue.actes.last().unwrap();
        assert_eq!((lue.etat, reponse.motif.as_str()), (EtatDemande::Refusee, "Votre contact est déjà noté chez nous."));
        let parties = BTreeSet::from([Partie::Sites]);
        for (courriel, role) in [
            ("resp@lycee.example", Role::RespFormation),
            ("gest@lycee.example", Role::GestAdmin),
            ("lecteur@lycee.example", Role::Lecteur),
            ("agent2@academie.example", Role::Academie),
        ] {
            let ctx = s.role(courriel, role).await;
            let refus = ask_reouverture(&ctx, &Garde::default(), 2024, &s.id, (&parties, jour), MOTIF).await;
            assert!(matches!(refus, Err(AppError::Denied(_))), "{role:?}: {refus:?}");
        }
        // The head asks too; another academy reads nothing of it, nor does a neighbour.
        let tete = s.role("chef@lycee.example", Role::ChefEtab).await;
        ask_reouverture(&tete, &Garde::default(), 2024, &s.id, (&parties, jour), MOTIF).await.unwrap();
        let sql = "SELECT public_id FROM demande_formation ORDER BY id DESC LIMIT 1";
        let d = PublicId::parse(&s.t.mot(sql, vec![]).await).unwrap();
        let a = Attribution { academies: vec!["09".to_owned()], ..Attribution::simple(Role::Academie) };
        let ailleurs = s.t.personne("autre@academie.example", a).await.1;
        let refus = s.answers(&ailleurs, &d, rouvrir(&[Partie::Sites], jour)).await;
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
        let voisin = s.t.etablissement("0800002B", "Voisin").await;
        let a = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let ctx = s.t.ctx(s.t.personne("admin@voisin.example", a).await.1);
        let refus = ask_reouverture(&ctx, &Garde::default(), 2024, &s.id, (&parties, jour), MOTIF).await;
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
        s.t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
        let archivee = s.asks(&[Partie::Accueil], jour).await;
        assert!(matches!(archivee, Err(AppError::Rule(R::SessionArchivee))), "{archivee:?}");
    }

    async fn r_eta_06_an_open_day_is_told_once_and_out_of_the_campaign_both_its_ends_are_said(base) {
        let s = Scene::new(base).await;
        s.fait(Modification::Journee(None, journee(date(2024, 2, 3)))).await.unwrap();
        let deja = s.fait(Modification::Journee(None, journee(date(2024, 2, 3)))).await;
        assert_eq!(faute(deja), ("jour", "deja_annoncee"));
        let ailleurs = JourneeSaisie { ou: "Internat".to_owned(), ..journee(date(2024, 2, 3)) };
        s.fait(Modification::Journee(None, ailleurs)).await.unwrap();
        // Saved again as it is, then brought where the other one is.
        let une = s.vue().await.journees.into_iter().find(|j| j.ou == "Internat").unwrap().id;
        let meme = JourneeSaisie { ou: "Internat".to_owned(), ..journee(date(2024, 2, 3)) };
        s.fait(Modification::Journee(Some(une.clone()), meme)).await.unwrap();
        let rejointe = s.fait(Modification::Journee(Some(une), journee(date(2024, 2, 3)))).await;
        assert_eq!(faute(rejointe), ("jour", "deja_annoncee"));
        assert_eq!(s.vue().await.journees.len(), 2);
        // The last day of the campaign is the one at the end of which its last step closes.
        let bornes = R::HorsCampagne { premier: date(2023, 11, 13), dernier: date(2024, 9, 12) };
        for loin in [date(2023, 11, 12), date(2024, 9, 13)] {
            let refus = s.fait(Modification::Journee(None, journee(loin))).await;
            assert!(matches!(&refus, Err(AppError::Rule(r)) if *r == bornes), "{refus:?}");
        }
        s.fait(Modification::Journee(None, journee(date(2024, 9, 12)))).await.unwrap();
    }

    async fn r_eta_12_open_days_are_told_changed_and_called_off_until_they_are_over(base) {
        let s = Scene::new(base).await;
        s.t.at("2024-02-01T10:00");
        s.fait(Modification::Journee(None, journee(date(2024, 2, 3)))).await.unwrap();
        let id = s.vue().await.journees[0].id.clone();
        s.fait(Modification::Journee(Some(id.clone()), journee(date(2024, 2, 10)))).await.unwrap();
        let hier = s.fait(Modification::Journee(None, journee(date(2024, 1, 31)))).await;
        assert_eq!(faute(hier), ("jour", "deja_passe"));
        close(s.fait(Modification::Coordonnees(coordonnees())).await);
        // The day itself, until its end in Paris.
        s.t.at("2024-02-10T23:59");
        s.fait(Modification::Journee(Some(id.clone()), journee(date(2024, 2, 10)))).await.unwrap();
        s.t.at("2024-02-11T00:00");
        let reportee = Modification::Journee(Some(id.clone()), journee(date(2024, 2, 17)));
        for m in [reportee, Modification::RetirerJournee(id)] {
            assert_eq!(faute(s.fait(m).await), ("jour", "journee_passee"));
        }
        let v = s.vue().await;
        assert_eq!((v.journees.len(), v.public.journees.len()), (1, 0));
        // One that is to come is called off.
        s.fait(Modification::Journee(None, journee(date(2024, 3, 2)))).await.unwrap();
        let annulee = s.vue().await.journees[1].id.clone();
        s.fait(Modification::RetirerJournee(annulee.clone())).await.unwrap();
        assert!(matches!(s.fait(Modification::RetirerJournee(annulee)).await, Err(AppError::NotFound)), "once");
    }

    async fn r_for_26_what_is_typed_is_shown_as_the_public_will_read_it_and_nothing_is_written(base) {
        let s = Scene::new(base).await;
        let avant = s.vue().await;
        let site = Site {
            nom: "Site sud".to_owned(),
            adresse: "3 rue Basse".to_owned(),
            code_postal: "80 100".to_owned(),
            commune: "Abbeville".to_owned(),
            latitude: "50,1".to_owned(),
            longitude: "1,83".to_owned(),
        };
        let jour = |j| JourneeSaisie { jour: j, debut: time(9, 0, 0, 0), fin: time(17, 0, 0, 0), a_distance: false, ou: "Hall".to_owned() };
        let accueil = Accueil { accessibilite: "Rampe.".to_owned(), referent_nom: "Ada".to_owned(), boursiers: Some(false), internat: "sans".to_owned(), ..Accueil::default() };
        for m in [
            Modification::Coordonnees(coordonnees()),
            Modification::Composante(None, Composante { nom: "  UFR  des sciences".to_owned() }),
            Modification::Site(None, site.clone()),
            Modification::Journee(None, jour(date(2024, 2, 3))),
            Modification::Accueil(accueil),
        ] {
            let lu = s.vue().await;
            let mut montre = lu.once(&m).public;
            assert_ne!(montre, lu.public, "{m:?}");
            assert_eq!(s.vue().await.public, lu.public, "showing writes nothing");
            // What is saved reads as it was shown, the identifiers of its new lines apart.
            s.fait(m.clone()).await.unwrap();
            let mut garde = s.vue().await.public;
            for site in garde.sites.iter_mut().filter(|s| s.nom == "Site sud") {
                site.public_id.clear();
            }
            for j in &mut garde.journees {
                j.id.clear();
            }
            for (i, s) in montre.sites.iter_mut().enumerate().filter(|(_, s)| s.nom == "Site sud") {
                assert_eq!(i, 1, "after the one that is there");
                s.public_id.clear();
            }
            for j in &mut montre.journees {
                j.id.clear();
            }
            assert_eq!(garde, montre, "{m:?}");
        }
        let fin = s.vue().await;
        assert_eq!((fin.public.sites.len(), fin.public.composantes.len()), (avant.public.sites.len() + 1, 1));
        // What could not be saved is seen as it is typed; an open day that is over is not public.
        let faux = Coordonnees { telephone: " 03 22 ".to_owned(), ..coordonnees() };
        assert_eq!(fin.once(&Modification::Coordonnees(faux)).public.telephone, "03 22");
        let passee = fin.once(&Modification::Journee(None, jour(date(2023, 2, 3))));
        assert_eq!((passee.journees.len(), passee.public.journees.len()), (2, 1));
        // In the place of the line that it changes.
        let id = fin.sites.iter().find(|s| s.nom == "Site sud").map(|s| s.public_id.clone());
        let autre = fin.once(&Modification::Site(id, Site { nom: "Site nord".to_owned(), ..site }));
        let noms: Vec<&str> = autre.public.sites.iter().map(|s| s.nom.as_str()).collect();
        assert_eq!(noms, ["Site principal", "Site nord"]);
        // Heads and contacts are never public.
        assert_eq!(fin.once(&Modification::Contact(None, contact("Secrétariat"))).public, fin.public);
    }

    async fn trx_4_r_eta_01_a_page_out_of_date_overwrites_nothing_and_the_window_holds(base) {
        let s = Scene::new(base).await;
        let garde = Garde { version: Some(s.vue().await.ligne.version), ..Garde::default() };
        let m = Modification::Coordonnees(coordonnees());
        save_etablissement(&s.admin(), &garde, 2024, &s.id, &m).await.unwrap();
        let autre = Modification::Composante(None, Composante { nom: "IUT".to_owned() });
        let e = save_etablissement(&s.admin(), &garde, 2024, &s.id, &autre).await;
        assert!(matches!(e, Err(AppError::Conflict)), "{e:?}");
        assert!(s.vue().await.composantes.is_empty(), "nothing half-written");
        s.t.at("2023-12-13T23:59");
        s.fait(m.clone()).await.unwrap();
        s.t.at("2023-12-14T00:00");
        let e = s.fait(m).await;
        assert!(matches!(e, Err(AppError::Rule(R::Closed { .. }))), "{e:?}");
        assert!(!s.vue().await.modification.est_ouverte());
    }

    async fn r_eta_01_the_next_session_starts_from_this_one_without_its_open_days(base) {
        let s = Scene::new(base).await;
        s.fait(Modification::Coordonnees(coordonnees())).await.unwrap();
        s.fait(Modification::Composante(None, Composante { nom: "UFR".to_owned() })).await.unwrap();
        let jour = JourneeSaisie { jour: date(2024, 2, 3), debut: time(9, 0, 0, 0), fin: time(17, 0, 0, 0), a_distance: false, ou: "Hall".to_owned() };
        s.fait(Modification::Journee(None, jour)).await.unwrap();
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        let v = view_etablissement(&s.admin(), 2025, &s.id).await.unwrap();
        assert_eq!((v.ligne.adresse.as_str(), v.ligne.sigle.as_str()), ("2 rue Neuve", "LE"));
        assert_eq!((v.sites.len(), v.composantes.len(), v.journees.len()), (1, 1, 0));
        assert_eq!(v.manques, [Manque::Confirmation], "the head is confirmed each year");
        assert!(!v.confirme);
    }
}
