//! The review of courses by the academic service, on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::contexte::SecondeEtape;
use app::formations::{
    Capacites, Changement, Comparaison, CriteresControle, EnregistrerParametrage, Ouverture, PriseControle,
    PriseFile, Retour, accept_formation, accept_list, accept_unchanged, cancel_retour, compare_published,
    compare_versions, confirm_capacite, extend_retour, list_controles, motive_capacite, next_controle,
    preview_unchanged, publish_formation, return_formation, save_parametrage, save_rubrique, sheet,
    submit_formation, take_controle, view_acceptation, view_controle, view_description, view_parametrage,
};
use app::idempotence::Garde;
use app::limites::Limites;
use app::sessions::ouvrir_session;
use app::{AppError, Ctx};
use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Attribution};
use domain::formations::controle::{EtatControle, GesteControle};
use domain::formations::description::{Champ, Rubrique, Valeur};
use domain::formations::{Contradiction, Famille};
use domain::{PublicId, RuleViolation};
use jiff::civil::date;
use store::formations::hold_formations;
use testkit::fabrique::FormationEssai;
use testkit::{Compteurs, TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    admin: Acteur,
    agent: Acteur,
    collegue: Acteur,
}

impl Scene {
    async fn new(base: testkit::Base) -> Self {
        Self::with(base, testkit::limites()).await
    }

    async fn with(base: testkit::Base, limites: Limites) -> Self {
        let t = TestApp::with_limites(base, limites).await;
        t.session_2024().await;
        t.controle_academique(true).await;
        let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
        let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
        let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, admin) = t.personne("admin@lycee.example", a).await;
        let agent = agent(&t, "un", "20").await;
        let collegue = agent_de(&t, "deux").await;
        t.at("2023-11-20T10:00");
        Self { t, f, admin, agent, collegue }
    }

    fn admin(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn agent(&self) -> Ctx {
        self.t.ctx(self.agent.clone())
    }

    fn id(&self) -> PublicId {
        id(&self.f)
    }

    async fn submit(&self) {
        submit_formation(&self.admin(), &Garde::default(), 2024, &self.id()).await.unwrap();
    }

    /// Other courses of the establishment; all of them are submitted, as last year said them.
    async fn submit_all(&self, autres: usize) -> Vec<FormationEssai> {
        let mut f = vec![self.f.clone()];
        for n in 1..=autres {
            let nom = format!("BTS Option {n}");
            f.push(self.t.formation(self.f.etablissement, &nom, Famille::Bts, true, 24, false).await);
        }
        for f in &f {
            submit_formation(&self.admin(), &Garde::default(), 2024, &id(f)).await.unwrap();
        }
        self.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
        f
    }

    /// Those that may be accepted unread, each as its list shows it.
    async fn inchangees(&self) -> Vec<(PublicId, i64)> {
        let apercu = preview_unchanged(&self.agent(), 2024, &file(EtatControle::Soumise)).await.unwrap();
        apercu.lot.iter().map(|i| (PublicId::parse(&i.id).unwrap(), i.version)).collect()
    }

    async fn etat(&self) -> EtatControle {
        view_controle(&self.agent(), 2024, &self.id()).await.unwrap().etat
    }

    async fn writes(&self, rubrique: Rubrique, code: &str, valeur: &str) -> Result<(), AppError> {
        let c = [texte(code, valeur)];
        save_rubrique(&self.admin(), &Garde::default(), 2024, &self.id(), rubrique, &c).await.map(|_| ())
    }
}

async fn agent(t: &TestApp, nom: &str, academie: &str) -> Acteur {
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    t.personne(&format!("{nom}@ac.example"), a).await.1
}

async fn agent_de(t: &TestApp, nom: &str) -> Acteur {
    agent(t, nom, "20").await
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

fn texte(code: &str, valeur: &str) -> Changement {
    (Champ::from_code(code).unwrap(), Some(Valeur::Texte(valeur.to_owned())))
}

fn retour(motifs: &[(&'static str, &str)], jour: (i16, i8, i8)) -> Retour {
    Retour {
        motifs: motifs.iter().map(|(c, m)| (*c, (*m).to_owned())).collect(),
        jusqu_a: date(jour.0, jour.1, jour.2),
    }
}

fn file(etat: EtatControle) -> CriteresControle {
    CriteresControle {
        texte: String::new(),
        etat,
        depassees: false,
        famille: None,
        departement: None,
        prise: None,
        page: 1,
    }
}

const MOTIF: &str = "Les attendus sont ceux d’un autre diplôme.";
const RAISON: &str = "Neuf divisions ouvrent à la rentrée dans le nouveau bâtiment.";

/// A course whose capacity was returned once the step was over, then typed out of the ordinary; with the head.
async fn returned(base: testkit::Base) -> (Scene, Acteur) {
    let s = Scene::new(base).await;
    s.t.statistique(&s.f, 2023, [24, 310, 60, 24]).await;
    let chef = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::ChefEtab) };
    let chef = s.t.personne("chef@lycee.example", chef).await.1;
    s.submit().await;
    s.t.at("2024-01-15T10:00");
    let clos = comparee(&s, &s.admin).await;
    assert!(!clos.motivation.est_ouverte() && !clos.confirmation.est_ouverte(), "{clos:?}");
    let r = retour(&[("capacite", "Neuf divisions ouvrent chez vous.")], (2024, 1, 20));
    return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await.unwrap();
    let p = EnregistrerParametrage {
        capacites: Some(Capacites { capacite: Some(240), frais_centimes: Some(0), places: vec![] }),
        presentation: None,
    };
    save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &p).await.unwrap();
    (s, chef)
}

/// The capacity as a person reads it beside what it is compared with.
async fn comparee(s: &Scene, acteur: &Acteur) -> Comparaison {
    let vue = view_parametrage(&s.t.ctx(acteur.clone()), 2024, &s.id()).await.unwrap();
    vue.comparaison.unwrap()
}

both_databases! {
    async fn hab_7_what_an_acceptance_makes_public_waits_for_a_fresh_second_step(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        let maintenant = s.agent().recu_ms();
        let vieille = maintenant - s.t.app.limites.acte_sensible_min * 60_000;
        let sans = Garde::default();
        for seconde_etape in [SecondeEtape::Absente, SecondeEtape::Faite { le_ms: vieille, moyen: Moyen::Totp }] {
            let ctx = Ctx { seconde_etape, ..s.agent() };
            // To take it, and to read it, asks for nothing.
            take_controle(&ctx, &sans, 2024, &s.id(), PriseControle::Prendre).await.unwrap();
            let version = view_controle(&ctx, 2024, &s.id()).await.unwrap().version;
            for refus in [
                accept_formation(&ctx, &sans, 2024, &s.id()).await.map(|_| ()),
                accept_unchanged(&ctx, &sans, 2024, &[s.id()]).await.map(|_| ()),
                accept_list(&ctx, &sans, 2024, &[(s.id(), version)]).await.map(|_| ()),
            ] {
                assert!(matches!(refus, Err(AppError::Confirmation)), "{seconde_etape:?} {refus:?}");
            }
        }
        assert_eq!(s.etat().await, EtatControle::Soumise);
        let seconde_etape = SecondeEtape::Faite { le_ms: maintenant, moyen: Moyen::Totp };
        accept_formation(&Ctx { seconde_etape, ..s.agent() }, &sans, 2024, &s.id()).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Acceptee);
    }

    async fn r_ctl_01_nothing_is_public_before_the_academic_service_accepts_it(base) {
        let s = Scene::new(base).await;
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleRequis))), "{refus:?}");
        // What is incomplete is not submitted, and it is said what is missing.
        s.t.sql("UPDATE formation_session SET capacite = NULL", vec![]).await;
        let refus = submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "capacite", .. }))), "{refus:?}");
        s.t.sql("UPDATE formation_session SET capacite = 24", vec![]).await;
        s.submit().await;
        let encore = submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(encore, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{encore:?}");
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleRequis))), "{refus:?}");
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Acceptee);
        let nombre = s.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await;
        assert_eq!(nombre, 1, "accepted is published");
        // The public reads it from 20 December at noon.
        s.t.at("2023-12-20T11:59");
        let public = || s.t.ctx(Acteur::public());
        assert!(matches!(sheet(&public(), &s.id()).await, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))));
        s.t.at("2023-12-20T12:00");
        assert_eq!(sheet(&public(), &s.id()).await.unwrap().capacite, Some(24));
    }

    async fn r_ctl_01_the_same_form_twice_submits_once_and_a_stale_page_not_at_all(base) {
        let s = Scene::new(base).await;
        let p = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap();
        let garde = |cle: &str| Garde { cle: Some(cle.to_owned()), version: Some(p.version_publication), ..Garde::default() };
        let recu = submit_formation(&s.admin(), &garde("a"), 2024, &s.id()).await.unwrap();
        assert_eq!(submit_formation(&s.admin(), &garde("a"), 2024, &s.id()).await.unwrap(), recu);
        s.writes(Rubrique::Contacts, "contact", "Vie scolaire").await.unwrap();
        let refus = submit_formation(&s.admin(), &garde("b"), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
    }

    async fn r_ctl_02_a_change_of_what_was_accepted_is_submitted_again(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        // Saving the same values changes nothing.
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(24), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &p).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Soumise);
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        s.writes(Rubrique::Contacts, "contact", "Vie scolaire").await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Brouillon);
        // The agent who read the values of before decides nothing.
        let garde = Garde { cle: None, version: Some(vue.version), ..Garde::default() };
        let refus = accept_formation(&s.agent(), &garde, 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        s.submit().await;
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(30), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &p).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Brouillon);
        let suivi = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap();
        assert!(suivi.a_resoumettre);
        let refus = publish_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleRequis))), "{refus:?}");
        // What was accepted stays public.
        s.t.at("2023-12-21T10:00");
        assert_eq!(sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap().capacite, Some(24));
        // A change that no form made is seen too.
        s.submit().await;
        s.t.sql("UPDATE formation_session SET capacite = 31", vec![]).await;
        let refus = accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
    }

    async fn r_ctl_03_the_review_is_shared_and_nobody_decides_for_another(base) {
        let s = Scene::new(base).await;
        let collegue = || s.t.ctx(s.collegue.clone());
        let prend = |ctx: Ctx| { let id = s.id(); async move { take_controle(&ctx, &Garde::default(), 2024, &id, PriseControle::Prendre).await } };
        let refus = prend(s.agent()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        s.submit().await;
        prend(s.agent()).await.unwrap();
        let lignes = list_controles(&collegue(), 2024, &file(EtatControle::Soumise)).await.unwrap().lignes;
        assert_eq!(lignes[0].pris, Some(("Camille Essai".to_owned(), false)));
        for refus in [
            prend(collegue()).await,
            accept_formation(&collegue(), &Garde::default(), 2024, &s.id()).await,
            return_formation(&collegue(), &Garde::default(), 2024, &s.id(), &retour(&[("attendus", MOTIF)], (2023, 12, 1))).await,
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControlePris))), "{refus:?}");
        }
        // Released by a colleague, with a trace, then taken.
        take_controle(&collegue(), &Garde::default(), 2024, &s.id(), PriseControle::Liberer).await.unwrap();
        prend(collegue()).await.unwrap();
        accept_formation(&collegue(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let notes = s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'controle_formation'", vec![]).await;
        assert_eq!(notes, 5, "submitted, taken, released, taken, accepted");
        // Another academy, and whoever sets the course, review nothing.
        let ailleurs = agent(&s.t, "ailleurs", "09").await;
        let refus = view_controle(&s.t.ctx(ailleurs.clone()), 2024, &s.id()).await;
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
        assert!(list_controles(&s.t.ctx(ailleurs), 2024, &file(EtatControle::Acceptee)).await.unwrap().lignes.is_empty());
        assert!(matches!(accept_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await, Err(AppError::Denied(_))));
        assert!(matches!(list_controles(&s.admin(), 2024, &file(EtatControle::Soumise)).await, Err(AppError::Denied(_))));
        assert!(matches!(submit_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await, Err(AppError::Denied(_))));
    }

    async fn r_ctl_03_nobody_accepts_or_returns_what_they_submitted(base) {
        let mut s = Scene::new(base).await;
        // One account with both roles, as a small service may have.
        let academie = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        s.admin.attributions.push(academie);
        s.submit().await;
        let vue = view_controle(&s.admin(), 2024, &s.id()).await.unwrap();
        assert_eq!(vue.decision, Err(RuleViolation::ControleDeSoi), "the page says so before a button is pressed");
        let r = retour(&[("attendus", MOTIF)], (2023, 12, 1));
        for refus in [
            take_controle(&s.admin(), &Garde::default(), 2024, &s.id(), PriseControle::Prendre).await,
            accept_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await,
            return_formation(&s.admin(), &Garde::default(), 2024, &s.id(), &r).await,
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleDeSoi))), "{refus:?}");
        }
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 0);
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
    }

    async fn r_ctl_04_a_returned_course_put_back_to_what_is_public_is_submitted_and_accepted(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        s.writes(Rubrique::Contacts, "contact", "Vie scolaire").await.unwrap();
        s.submit().await;
        // While it waits, it asks for nothing of those who wrote it.
        let restes = || async { app::accueil::home(&s.admin(), 2024, None).await.unwrap().formations.unwrap().restes };
        assert_eq!(restes().await, []);
        let r = retour(&[("contact", MOTIF)], (2023, 12, 1));
        return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await.unwrap();
        let a_faire = restes().await;
        assert!(matches!(a_faire[..], [app::accueil::FormationAFaire { geste: app::accueil::Geste::Corriger(_), .. }]), "{a_faire:?}");
        s.writes(Rubrique::Contacts, "contact", "Secrétariat").await.unwrap();
        s.submit().await;
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Acceptee);
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 1, "the public read it already");
        // A course that was not returned is not submitted for nothing.
        s.t.sql("UPDATE controle_formation SET etat = 'brouillon'", vec![]).await;
        let refus = submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::RienAPublier))), "{refus:?}");
    }

    async fn r_ctl_04_a_return_reopens_its_fields_alone_after_the_step(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        s.t.at("2024-01-15T10:00");
        for (r, champ) in [
            (retour(&[("attendus", MOTIF)], (2024, 1, 14)), "jusqu_a"),
            (retour(&[("attendus", MOTIF)], (2024, 3, 1)), "jusqu_a"),
            (retour(&[], (2024, 1, 20)), "champs"),
        ] {
            let refus = return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await;
            assert!(matches!(&refus, Err(AppError::Rule(RuleViolation::Champ { champ: c, .. })) if *c == champ), "{refus:?}");
        }
        let refus = return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &retour(&[("attendus", "non")], (2024, 1, 20))).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "attendus"), "{refus:?}");
        let r = retour(&[("attendus", MOTIF), ("frais", "Les frais de 2023 étaient de 170 euros.")], (2024, 1, 20));
        return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await.unwrap();
        // The establishment is told, without a word of the reasons.
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| e.modele == "controle_retourne" && e.destinataire == "admin@lycee.example"));
        assert!(envois.iter().all(|e| !e.corps.contains("attendus") && !e.corps.contains("Électronique")));
        let suivi = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap();
        assert_eq!(suivi.retours.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(), ["frais", "attendus"]);
        // The returned fields, and no other of the same part.
        let vue = view_description(&s.admin(), 2024, &s.id()).await.unwrap();
        let ouverts: Vec<&str> = domain::formations::description::CHAMPS
            .iter().filter(|c| vue.is_ouvert(c)).map(|c| c.code).collect();
        assert_eq!(ouverts, ["attendus"]);
        let refus = s.writes(Rubrique::Attendus, "eligibilite", "Aucune.").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        let refus = s.writes(Rubrique::Contacts, "contact", "Ailleurs").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        s.writes(Rubrique::Attendus, "attendus", "Aimer l’électronique.").await.unwrap();
        let saisie = |capacite, frais| EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(capacite), frais_centimes: Some(frais), places: vec![] }),
            presentation: None,
        };
        let refus = save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie(30, 17_000)).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &saisie(24, 17_000)).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Retournee, "it waits to be submitted again");
        s.t.at("2024-01-20T23:59");
        s.submit().await;
        // Submitted again: nothing is open any more, and what changed since the return is shown.
        let refus = s.writes(Rubrique::Attendus, "attendus", "Trop tard.").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        let depuis: Vec<&str> = vue.depuis_retour.as_ref().unwrap().iter().map(|c| c.code).collect();
        assert_eq!(depuis, ["frais", "attendus"]);
        assert_eq!(vue.depuis_retour.unwrap()[1].apres, ["Aimer l’électronique."]);
        assert_eq!(vue.actes[1].motifs[1].motif, MOTIF);
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        let public = s.t.ctx(Acteur::public());
        assert_eq!(sheet(&public, &s.id()).await.unwrap().frais_centimes, Some(17_000));
    }

    async fn r_cap_05_r_ctl_04_a_capacity_returned_after_the_step_is_explained_and_confirmed(base) {
        let (s, chef) = returned(base).await;
        let refus = submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::CapaciteARelire))), "{refus:?}");
        // What the page offers is what the act accepts, until the same instant.
        let ouverte = Ouverture::Ouverte { ferme: testkit::paris("2024-01-21T00:00") };
        assert_eq!(comparee(&s, &s.admin).await.motivation, ouverte);
        motive_capacite(&s.admin(), &Garde::default(), 2024, &s.id(), RAISON).await.unwrap();
        assert_eq!(comparee(&s, &chef).await.confirmation, ouverte);
        s.t.at("2024-01-20T23:59");
        confirm_capacite(&s.t.ctx(chef), &Garde::default(), 2024, &s.id()).await.unwrap();
        s.submit().await;
        assert!(!comparee(&s, &s.admin).await.motivation.est_ouverte(), "it waits for its answer");
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap().capacite, Some(240));
    }

    async fn r_cap_05_r_ctl_04_past_its_last_day_a_returned_capacity_is_neither_explained_nor_confirmed(base) {
        let (s, chef) = returned(base).await;
        motive_capacite(&s.admin(), &Garde::default(), 2024, &s.id(), RAISON).await.unwrap();
        s.t.at("2024-01-21T00:00");
        let vue = comparee(&s, &s.admin).await;
        assert!(matches!(vue.motivation, Ouverture::Fermee(RuleViolation::Closed { .. })), "{vue:?}");
        for refus in [
            motive_capacite(&s.admin(), &Garde::default(), 2024, &s.id(), RAISON).await,
            confirm_capacite(&s.t.ctx(chef), &Garde::default(), 2024, &s.id()).await,
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        }
    }

    async fn r_eta_02_a_head_who_changes_after_the_steps_stops_no_acceptance(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        s.t.at("2024-01-15T10:00");
        s.t.sql("UPDATE etablissement_session SET chef_confirme = NULL", vec![]).await;
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Acceptee);
    }

    async fn r_ctl_04_the_day_after_the_last_nothing_is_open(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        s.t.at("2024-01-15T10:00");
        let r = retour(&[("attendus", MOTIF)], (2024, 1, 20));
        return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await.unwrap();
        s.t.at("2024-01-21T00:00");
        for refus in [
            s.writes(Rubrique::Attendus, "attendus", "Aimer l’électronique.").await,
            submit_formation(&s.admin(), &Garde::default(), 2024, &s.id()).await.map(|_| ()),
        ] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        }
    }

    async fn r_ctl_09_a_return_is_extended_and_its_fields_with_it(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        s.t.at("2024-01-15T10:00");
        let prolonge = async |acteur: &Acteur, garde: &Garde, jour: (i16, i8, i8), mot: &str| {
            let jour = date(jour.0, jour.1, jour.2);
            extend_retour(&s.t.ctx(acteur.clone()), garde, 2024, &s.id(), jour, mot).await
        };
        let libre = Garde::default();
        // Only what is returned is extended.
        let refus = prolonge(&s.agent, &libre, (2024, 1, 25), "").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        let r = retour(&[("attendus", MOTIF)], (2024, 1, 20));
        return_formation(&s.agent(), &libre, 2024, &s.id(), &r).await.unwrap();
        for (jour, attendu) in [((2024, 1, 14), "passe"), ((2024, 1, 20), "deja_donne"), ((2024, 3, 1), "lointain")] {
            let refus = prolonge(&s.agent, &libre, jour, "").await;
            assert!(
                matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "jusqu_a", motif })) if motif == attendu),
                "{refus:?}"
            );
        }
        let refus = prolonge(&s.agent, &libre, (2024, 1, 25), "non").await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "mot"), "{refus:?}");
        assert!(matches!(prolonge(&s.admin, &libre, (2024, 1, 25), "").await, Err(AppError::Denied(_))));
        // Whoever submitted it, were they of both, gives themselves no time.
        let mut double = s.admin.clone();
        double.attributions.extend(s.agent.attributions.clone());
        let refus = prolonge(&double, &libre, (2024, 1, 25), "").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleDeSoi))), "{refus:?}");
        // The day passes: everybody reads it.
        s.t.at("2024-01-21T10:00");
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        let retour = vue.retour.unwrap();
        assert!(retour.depasse && retour.prolonger.is_ok() && retour.reprendre.is_ok());
        assert_eq!(retour.champs, ["Attendus de la formation"]);
        assert!(view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap().depasse);
        let restes = app::accueil::home(&s.admin(), 2024, None).await.unwrap().formations.unwrap().restes;
        let geste = restes.iter().map(|r| r.geste).collect::<Vec<_>>();
        assert!(matches!(geste[..], [app::accueil::Geste::Depasse { soumission: None, .. }]), "{geste:?}");
        // Another agent of the perimeter gives more time, once, over what they read.
        let mot = "La commission se réunit le 24 : voyez avec elle.";
        let garde = |cle: Option<&str>| Garde {
            cle: cle.map(str::to_owned),
            version: Some(vue.version),
            ..Garde::default()
        };
        let recu = prolonge(&s.collegue, &garde(Some("a")), (2024, 1, 25), mot).await.unwrap();
        assert_eq!(prolonge(&s.collegue, &garde(Some("a")), (2024, 1, 25), mot).await.unwrap(), recu);
        let refus = prolonge(&s.agent, &garde(None), (2024, 1, 26), "").await;
        assert!(matches!(refus, Err(AppError::Conflict)), "{refus:?}");
        // The establishment is told the day; neither the mail nor the journal holds the words.
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| {
            e.modele == "controle_prolonge"
                && e.destinataire == "admin@lycee.example"
                && e.corps.contains("jeudi 25 janvier 2024")
        }));
        assert!(envois.iter().all(|e| !e.corps.contains("commission") && !e.corps.contains("Électronique")));
        let dits = s.t.nombre("SELECT COUNT(*) FROM journal WHERE COALESCE(apres, '') LIKE '%commission%'", vec![]).await;
        assert_eq!(dits, 0);
        let suivi = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap();
        assert_eq!((suivi.depasse, suivi.mot.as_str(), suivi.retours[0].motif.as_str()), (false, mot, MOTIF));
        // The same field, and no other, until the end of the new day.
        s.t.at("2024-01-25T23:59");
        let refus = s.writes(Rubrique::Contacts, "contact", "Ailleurs").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        s.writes(Rubrique::Attendus, "attendus", "Aimer l’électronique.").await.unwrap();
        s.submit().await;
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        use GesteControle as G;
        let gestes: Vec<G> = vue.actes.iter().map(|a| a.geste).collect();
        assert_eq!(gestes, [G::Soumettre, G::Prolonger, G::Retourner, G::Soumettre]);
        let depuis: Vec<&str> = vue.depuis_retour.as_ref().unwrap().iter().map(|c| c.code).collect();
        assert_eq!(depuis, ["attendus"], "since it was returned");
        accept_formation(&s.agent(), &libre, 2024, &s.id()).await.unwrap();
    }

    async fn r_ctl_09_returned_courses_whose_day_is_past_come_first_and_are_found_alone(base) {
        let s = Scene::new(base).await;
        let autre = s.t.formation(s.f.etablissement, "BTS Aéronautique", Famille::Bts, true, 24, false).await;
        for (f, jour) in [(&autre, (2023, 12, 8)), (&s.f, (2023, 12, 1))] {
            submit_formation(&s.admin(), &Garde::default(), 2024, &id(f)).await.unwrap();
            let r = retour(&[("attendus", MOTIF)], jour);
            return_formation(&s.agent(), &Garde::default(), 2024, &id(f), &r).await.unwrap();
        }
        s.t.at("2023-12-02T10:00");
        let liste = list_controles(&s.agent(), 2024, &file(EtatControle::Retournee)).await.unwrap();
        let lus: Vec<(&str, bool)> = liste.lignes.iter().map(|l| (l.libelle.as_str(), l.depasse)).collect();
        assert_eq!(lus, [("BTS Électronique", true), ("BTS Aéronautique", false)]);
        assert_eq!((liste.total, liste.depassees, liste.en_attente), (2, 1, 0));
        let filtre = CriteresControle { depassees: true, ..file(EtatControle::Retournee) };
        let liste = list_controles(&s.agent(), 2024, &filtre).await.unwrap();
        assert_eq!((liste.total, liste.lignes[0].libelle.as_str()), (1, "BTS Électronique"));
        let ailleurs = agent(&s.t, "ailleurs", "09").await;
        assert_eq!(list_controles(&s.t.ctx(ailleurs), 2024, &filtre).await.unwrap().depassees, 0);
        // While its step is open, such a course is still submitted: its home says until when.
        let restes = app::accueil::home(&s.admin(), 2024, None).await.unwrap().formations.unwrap().restes;
        let geste = restes.iter().find(|r| r.formation.id == s.f.public_id).unwrap().geste;
        assert!(matches!(geste, app::accueil::Geste::Depasse { soumission: Some(_), .. }), "{geste:?}");
        s.submit().await;
        let liste = list_controles(&s.agent(), 2024, &file(EtatControle::Soumise)).await.unwrap();
        assert_eq!((liste.depassees, liste.lignes[0].depasse), (0, false));
    }

    async fn r_ctl_10_a_return_is_taken_back_as_long_as_the_course_says_what_was_submitted(base) {
        let s = Scene::new(base).await;
        s.submit().await;
        s.t.at("2024-01-15T10:00");
        let annule = async |acteur: &Acteur| {
            cancel_retour(&s.t.ctx(acteur.clone()), &Garde::default(), 2024, &s.id()).await
        };
        let returns = async || {
            let r = retour(&[("attendus", MOTIF)], (2024, 1, 20));
            return_formation(&s.agent(), &Garde::default(), 2024, &s.id(), &r).await.unwrap();
        };
        let refus = annule(&s.agent).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))), "{refus:?}");
        returns().await;
        let mut double = s.admin.clone();
        double.attributions.extend(s.agent.attributions.clone());
        let refus = annule(&double).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::ControleDeSoi))), "{refus:?}");
        assert!(matches!(annule(&s.admin).await, Err(AppError::Denied(_))));
        annule(&s.collegue).await.unwrap();
        // It waits as it was submitted, and nothing is open any more.
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
        assert_eq!((vue.etat, vue.decision, vue.depuis_retour), (EtatControle::Soumise, Ok(()), None));
        assert!(vue.retour.is_none());
        let refus = s.writes(Rubrique::Attendus, "attendus", "Aimer l’électronique.").await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { .. }))), "{refus:?}");
        let suivi = view_parametrage(&s.admin(), 2024, &s.id()).await.unwrap().controle.unwrap();
        assert_eq!((suivi.etat, suivi.retours.len(), suivi.jusqu_a), (EtatControle::Soumise, 0, None));
        let sql = "SELECT COUNT(*) FROM journal WHERE objet = 'controle_formation' AND apres LIKE '%\"etat\":\"reprise\"%'";
        assert_eq!(s.t.nombre(sql, vec![]).await, 1);
        let envois = s.t.envois().await;
        assert!(envois.iter().any(|e| e.modele == "controle_repris" && e.destinataire == "admin@lycee.example"));
        assert!(matches!(annule(&s.agent).await, Err(AppError::Rule(RuleViolation::ForbiddenTransition { .. }))));
        // Once the establishment has begun, nobody submitted what the course says: more time, and nothing else.
        returns().await;
        let avant = view_description(&s.admin(), 2024, &s.id()).await.unwrap().description.texte("attendus").to_owned();
        s.writes(Rubrique::Attendus, "attendus", "Aimer l’électronique.").await.unwrap();
        let refus = annule(&s.agent).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::RetourEntame))), "{refus:?}");
        let vue = view_controle(&s.agent(), 2024, &s.id()).await.unwrap().retour.unwrap();
        assert_eq!((vue.prolonger, vue.reprendre), (Ok(()), Err(RuleViolation::RetourEntame)));
        // Put back as it was, even past the last day.
        s.writes(Rubrique::Attendus, "attendus", &avant).await.unwrap();
        s.t.at("2024-01-21T10:00");
        annule(&s.agent).await.unwrap();
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap().capacite, Some(24));
    }

    async fn r_ctl_05_only_what_did_not_change_is_accepted_unread(base) {
        let s = Scene::new(base).await;
        let autre = s.t.formation(s.f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        s.t.at("2024-11-12T08:00");
        ouvrir_session(&s.t.systeme(), 2025, Some(2024)).await.unwrap();
        s.t.at("2024-11-20T10:00");
        // Whoever heads the establishment is confirmed for the new session, and capacities are declared again.
        s.t.sql("UPDATE etablissement_session SET chef_confirme = (SELECT MAX(id) FROM chef_etablissement) WHERE chef_confirme IS NULL", vec![]).await;
        s.t.sql("UPDATE formation_session SET capacite = 24, frais_centimes = 0 WHERE capacite IS NULL", vec![]).await;
        s.t.sql("UPDATE groupe_affectation SET places = 24 WHERE places = 0", vec![]).await;
        let mut ids = Vec::new();
        for f in [&s.f, &autre] {
            let sql = "SELECT public_id FROM formation_session WHERE precedente_id = $1";
            ids.push(PublicId::parse(&s.t.mot(sql, vec![f.formation_session.into()]).await).unwrap());
        }
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(25), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2025, &ids[1], &p).await.unwrap();
        for id in &ids {
            submit_formation(&s.admin(), &Garde::default(), 2025, id).await.unwrap();
        }
        let lignes = list_controles(&s.agent(), 2025, &file(EtatControle::Soumise)).await.unwrap().lignes;
        assert!(lignes[0].inchangee() && lignes[0].capacite.is_none(), "the unchanged first: {lignes:?}");
        assert_eq!((lignes[1].changes, lignes[1].capacite), (Some(1), Some((24, 25))));
        // All of them or none.
        let refus = accept_unchanged(&s.agent(), &Garde::default(), 2025, &ids).await;
        assert!(matches!(&refus, Err(AppError::Rule(RuleViolation::ControleALire { formation })) if formation == "BTS Mécanique"), "{refus:?}");
        assert_eq!(list_controles(&s.agent(), 2025, &file(EtatControle::Acceptee)).await.unwrap().total, 0);
        // Whatever refuses one of them says which.
        take_controle(&s.t.ctx(s.collegue.clone()), &Garde::default(), 2025, &ids[0], PriseControle::Prendre).await.unwrap();
        let refus = accept_unchanged(&s.agent(), &Garde::default(), 2025, &ids[..1]).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::DansLot { formation, cause }))
                if formation == "BTS Électronique" && **cause == RuleViolation::ControlePris),
            "{refus:?}"
        );
        take_controle(&s.agent(), &Garde::default(), 2025, &ids[0], PriseControle::Liberer).await.unwrap();
        accept_unchanged(&s.agent(), &Garde::default(), 2025, &ids[..1]).await.unwrap();
        let vue = view_controle(&s.agent(), 2025, &ids[1]).await.unwrap();
        let changes: Vec<&str> = vue.champs.iter().filter(|c| c.change).map(|c| c.code).collect();
        assert_eq!((vue.annee_precedente, changes), (Some(2024), vec!["capacite"]));
        let filtre = CriteresControle { departement: Some("59".to_owned()), ..file(EtatControle::Soumise) };
        assert_eq!(list_controles(&s.agent(), 2025, &filtre).await.unwrap().total, 0);
        let filtre = CriteresControle { famille: Some(Famille::Bts), departement: Some("80".to_owned()), ..file(EtatControle::Soumise) };
        assert_eq!(list_controles(&s.agent(), 2025, &filtre).await.unwrap().total, 1);
    }

    async fn r_ctl_11_trx_4_the_unchanged_courses_of_a_list_are_accepted_as_they_were_shown(base) {
        let s = Scene::new(base).await;
        let mut f = Vec::new();
        for nom in ["BTS Chimie", "BTS Mécanique", "BTS Optique", "BTS Tourisme", "BTS Verrerie"] {
            f.push(s.t.formation(s.f.etablissement, nom, Famille::Bts, true, 24, false).await);
        }
        let [chimie, mecanique, optique, tourisme, verrerie] = &f[..] else { panic!("five courses") };
        // A grid to be read again, a course that changed, one that a colleague has taken, a capacity out of the ordinary.
        let mut criteres = view_description(&s.admin(), 2024, &id(optique)).await.unwrap().description.lignes("criteres").to_vec();
        let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
        criteres[0].insert("elements".to_owned(), eds.to_owned());
        let c = [(Champ::from_code("criteres").unwrap(), Some(Valeur::Lignes(criteres)))];
        save_rubrique(&s.admin(), &Garde::default(), 2024, &id(optique), Rubrique::Grille, &c).await.unwrap();
        s.submit().await;
        for f in &f {
            submit_formation(&s.admin(), &Garde::default(), 2024, &id(f)).await.unwrap();
        }
        s.t.sql("UPDATE controle_formation SET changes = 0 WHERE formation_session_id <> $1", vec![tourisme.formation_session.into()]).await;
        take_controle(&s.t.ctx(s.collegue.clone()), &Garde::default(), 2024, &id(chimie), PriseControle::Prendre).await.unwrap();
        s.t.statistique(verrerie, 2023, [24, 310, 60, 24]).await;
        s.t.sql("UPDATE formation_session SET capacite = 240 WHERE id = $1", vec![verrerie.formation_session.into()]).await;
        s.t.sql("UPDATE groupe_affectation SET places = 240 WHERE id = $1", vec![verrerie.groupe_affectation.into()]).await;
        let toutes = file(EtatControle::Soumise);
        assert_eq!(list_controles(&s.agent(), 2024, &toutes).await.unwrap().inchangees, 5);
        let apercu = preview_unchanged(&s.agent(), 2024, &toutes).await.unwrap();
        let ids: Vec<&str> = apercu.lot.iter().map(|i| i.id.as_str()).collect();
        assert_eq!((apercu.total, ids), (2, vec![s.f.public_id.as_str(), mecanique.public_id.as_str()]));
        let dit: Vec<(&str, String)> = apercu.laissees.iter().map(|l| (l.id.as_str(), l.motifs.join(" "))).collect();
        assert_eq!(dit.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [&chimie.public_id, &optique.public_id, &verrerie.public_id]);
        assert!(dit[1].1.starts_with("Sa grille d’analyse a un point à relire"), "{dit:?}");
        assert!(dit[2].1.starts_with("Sa capacité sort de l’ordinaire"), "{dit:?}");
        // Words, of the course or of its establishment.
        let cherche = |texte: &str| CriteresControle { texte: texte.to_owned(), ..toutes.clone() };
        assert_eq!(preview_unchanged(&s.agent(), 2024, &cherche("MECANIQUE jules")).await.unwrap().total, 1);
        assert_eq!(list_controles(&s.agent(), 2024, &cherche("jules verne")).await.unwrap().total, 6);
        assert_eq!(list_controles(&s.agent(), 2024, &cherche("ampère")).await.unwrap().total, 0);
        // While it is read, the establishment changes one of them, and submits it again.
        let c = [texte("contact", "Vie scolaire")];
        save_rubrique(&s.admin(), &Garde::default(), 2024, &id(mecanique), Rubrique::Contacts, &c).await.unwrap();
        submit_formation(&s.admin(), &Garde::default(), 2024, &id(mecanique)).await.unwrap();
        s.t.sql("UPDATE controle_formation SET changes = 0 WHERE formation_session_id = $1", vec![mecanique.formation_session.into()]).await;
        let lues: Vec<(PublicId, i64)> = apercu.lot.iter().map(|i| (PublicId::parse(&i.id).unwrap(), i.version)).collect();
        let garde = Garde { cle: Some("a".to_owned()), ..Garde::default() };
        let recu = accept_list(&s.agent(), &garde, 2024, &lues).await.unwrap().unwrap();
        assert_eq!(accept_list(&s.agent(), &garde, 2024, &lues).await.unwrap().unwrap(), recu, "once");
        let bilan = view_acceptation(&s.agent(), &recu.numero).await.unwrap().unwrap();
        assert_eq!(bilan.faites, std::slice::from_ref(&s.f.public_id));
        let dites: Vec<(&str, bool)> = bilan.laissees.iter().map(|l| (l.id.as_str(), l.a_relire)).collect();
        assert_eq!(dites, [(mecanique.public_id.as_str(), true)]);
        assert_eq!(s.etat().await, EtatControle::Acceptee);
        assert_eq!(view_acceptation(&s.t.ctx(s.collegue.clone()), &recu.numero).await.unwrap(), None);
        // The same list again accepts nothing; read again, what changed is accepted.
        let refus = accept_list(&s.agent(), &Garde::default(), 2024, &lues).await;
        assert!(matches!(&refus, Ok(Err(b)) if b.laissees.len() == 2), "{refus:?}");
        let apercu = preview_unchanged(&s.agent(), 2024, &toutes).await.unwrap();
        let lues: Vec<(PublicId, i64)> = apercu.lot.iter().map(|i| (PublicId::parse(&i.id).unwrap(), i.version)).collect();
        assert_eq!(lues.len(), 1);
        accept_list(&s.agent(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        // Whoever submitted accepts nothing, another academy sees nothing, the national team reads.
        let refus = accept_list(&s.admin(), &Garde::default(), 2024, &lues).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        let ailleurs = s.t.ctx(agent(&s.t, "lille", "09").await);
        assert_eq!(preview_unchanged(&ailleurs, 2024, &toutes).await.unwrap().total, 0);
        assert!(matches!(accept_list(&ailleurs, &Garde::default(), 2024, &lues).await, Err(AppError::Denied(_))));
        let national = s.t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await.1;
        let lue = list_controles(&s.t.ctx(national.clone()), 2024, &toutes).await.unwrap();
        assert_eq!((lue.total, lue.decider, lue.inchangees), (4, false, 0));
        assert!(matches!(preview_unchanged(&s.t.ctx(national), 2024, &toutes).await, Err(AppError::Denied(_))));
    }

    async fn r_ctl_11_a_list_longer_than_an_act_is_accepted_batch_after_batch(base) {
        let s = Scene::with(base, Limites { lot_formations: 1, ..testkit::limites() }).await;
        let autre = s.t.formation(s.f.etablissement, "BTS Mécanique", Famille::Bts, true, 24, false).await;
        s.submit().await;
        submit_formation(&s.admin(), &Garde::default(), 2024, &id(&autre)).await.unwrap();
        s.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
        let toutes = file(EtatControle::Soumise);
        for restent in [2, 1] {
            let apercu = preview_unchanged(&s.agent(), 2024, &toutes).await.unwrap();
            assert_eq!((apercu.total, apercu.lot.len()), (restent, 1));
            let lues: Vec<(PublicId, i64)> = apercu.lot.iter().map(|i| (PublicId::parse(&i.id).unwrap(), i.version)).collect();
            accept_list(&s.agent(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        }
        assert_eq!(list_controles(&s.agent(), 2024, &file(EtatControle::Acceptee)).await.unwrap().total, 2);
    }

    async fn r_ctl_11_thirty_courses_are_accepted_by_as_many_statements_as_two(base) {
        let s = Scene::new(base).await;
        s.submit_all(39).await;
        let lues = s.inchangees().await;
        assert_eq!(lues.len(), 40);
        let mut couts = Vec::new();
        for lot in [&lues[..2], &lues[2..32]] {
            let acte = async { accept_list(&s.agent(), &Garde::default(), 2024, lot).await };
            let (fait, instructions) = Compteurs::statements(acte).await;
            assert!(fait.unwrap().is_ok());
            couts.push(instructions);
        }
        assert_eq!(couts[0], couts[1]);
        // R-CTL-05: so are those that are ticked in the queue.
        let mut couts = Vec::new();
        for lot in [&lues[32..34], &lues[34..]] {
            let ids: Vec<PublicId> = lot.iter().map(|(id, _)| id.clone()).collect();
            let acte = async { accept_unchanged(&s.agent(), &Garde::default(), 2024, &ids).await };
            let (fait, instructions) = Compteurs::statements(acte).await;
            fait.unwrap();
            couts.push(instructions);
        }
        assert_eq!(couts[0], couts[1]);
        // Each with its decision, the act of it, its publication, an entry of the journal for both, and its mail.
        for (quoi, combien) in [
            ("controle_formation WHERE etat = 'acceptee'", 40),
            ("controle_acte WHERE acte = 'acceptee' AND numero = 2", 40),
            ("formation_publication WHERE numero = 1", 40),
            ("formation_session WHERE etat = 'publiee'", 40),
            ("journal WHERE action = 'controler_formation' AND objet = 'controle_formation'", 40),
            ("journal WHERE action = 'controler_formation' AND objet = 'formation_session'", 40),
        ] {
            assert_eq!(s.t.nombre(&format!("SELECT COUNT(*) FROM {quoi}"), vec![]).await, combien, "{quoi}");
        }
        let envois = s.t.envois().await;
        let pages: std::collections::BTreeSet<&str> =
            envois.iter().filter(|e| e.modele == "controle_accepte").map(|e| e.corps.as_str()).collect();
        assert_eq!(pages.len(), 40, "each leads to its own course");
    }

    async fn r_ctl_11_a_course_named_twice_is_accepted_once(base) {
        let s = Scene::new(base).await;
        s.submit_all(1).await;
        let mut lues = s.inchangees().await;
        lues.push(lues[0].clone());
        let recu = accept_list(&s.agent(), &Garde::default(), 2024, &lues).await.unwrap().unwrap();
        let b = view_acceptation(&s.agent(), &recu.numero).await.unwrap().unwrap();
        assert_eq!((b.faites.len(), b.laissees.len()), (2, 0));
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM formation_publication", vec![]).await, 2);
    }

    async fn r_ctl_11_courses_are_held_in_one_order_whatever_that_of_the_list(base) {
        let s = Scene::new(base).await;
        let f = s.submit_all(1).await;
        let mut lues = s.inchangees().await;
        lues.sort_by_key(|(public_id, _)| *public_id != id(&f[1]));
        // Somebody holds the first by its key, then the other: held the other way round, each would wait for the other.
        let tx = s.t.app.db.begin_write().await.unwrap();
        hold_formations(&tx, &[f[0].formation_session]).await.unwrap();
        let (ctx, garde) = (s.agent(), Garde::default());
        let (fait, ()) = tokio::join!(accept_list(&ctx, &garde, 2024, &lues), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            hold_formations(&tx, &[f[1].formation_session]).await.unwrap();
            tx.commit().await.unwrap();
        });
        assert!(fait.unwrap().is_ok());
        assert_eq!(list_controles(&s.agent(), 2024, &file(EtatControle::Acceptee)).await.unwrap().total, 2);
    }

    async fn r_cge_18_an_unchanged_course_whose_grid_is_to_be_read_again_is_not_accepted_unread(base) {
        let s = Scene::new(base).await;
        let mut criteres = view_description(&s.admin(), 2024, &s.id()).await.unwrap().description.lignes("criteres").to_vec();
        let eds = "Moyennes ; pour un quart, notes des épreuves terminales de spécialité";
        criteres[0].insert("elements".to_owned(), eds.to_owned());
        let c = [(Champ::from_code("criteres").unwrap(), Some(Valeur::Lignes(criteres)))];
        save_rubrique(&s.admin(), &Garde::default(), 2024, &s.id(), Rubrique::Grille, &c).await.unwrap();
        // It prevents nothing: the course is submitted, and says what it said last year.
        s.submit().await;
        s.t.sql("UPDATE controle_formation SET changes = 0", vec![]).await;
        let lignes = list_controles(&s.agent(), 2024, &file(EtatControle::Soumise)).await.unwrap().lignes;
        assert!(lignes[0].inchangee() && !lignes[0].is_acceptable_fermee(), "{lignes:?}");
        assert_eq!(lignes[0].grille, 1);
        let refus = accept_unchanged(&s.agent(), &Garde::default(), 2024, &[s.id()]).await;
        assert!(
            matches!(&refus, Err(AppError::Rule(RuleViolation::GrilleARelire { formation, points: 1 }))
                if formation == "BTS Électronique"),
            "{refus:?}"
        );
        assert_eq!(s.etat().await, EtatControle::Soumise);
        let (_, constats) = view_controle(&s.agent(), 2024, &s.id()).await.unwrap().grille.unwrap();
        let regles: Vec<&str> = constats.iter().map(|c| c.regle.code()).filter(|c| c.starts_with('B')).collect();
        assert_eq!(regles, ["B4"], "whoever opens it reads what was found");
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert_eq!(s.etat().await, EtatControle::Acceptee);
    }

    async fn r_ctl_07_whoever_reviews_reads_why_a_capacity_was_held_and_who_confirmed_it(base) {
        let s = Scene::new(base).await;
        s.t.statistique(&s.f, 2023, [24, 310, 60, 24]).await;
        let lue = async |acteur: &Acteur| {
            view_controle(&s.t.ctx(acteur.clone()), 2024, &s.id()).await.unwrap().capacite
        };
        assert!(lue(&s.collegue).await.is_none(), "as many places as last year");
        let p = EnregistrerParametrage {
            capacites: Some(Capacites { capacite: Some(240), frais_centimes: Some(0), places: vec![] }),
            presentation: None,
        };
        save_parametrage(&s.admin(), &Garde::default(), 2024, &s.id(), &p).await.unwrap();
        let c = lue(&s.collegue).await.unwrap();
        assert_eq!(c.raisons.iter().map(|r| r.code()).collect::<Vec<_>>(), ["chiffre_ajoute"]);
        assert!(c.relecture.unwrap().motivee_le.is_none());
        motive_capacite(&s.admin(), &Garde::default(), 2024, &s.id(), RAISON).await.unwrap();
        confirm_capacite(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        s.submit().await;
        let r = lue(&s.collegue).await.unwrap().relecture.unwrap();
        assert_eq!((r.motif.as_str(), r.confirmee_par.as_str()), (RAISON, "Camille Essai"));
        assert!(r.confirmee_le.is_some());
        accept_formation(&s.t.ctx(s.collegue.clone()), &Garde::default(), 2024, &s.id()).await.unwrap();
        assert!(lue(&s.collegue).await.is_none(), "the public reads it, and its history says why");
    }

    async fn r_for_40_what_the_establishment_denies_is_told_with_the_course_and_prevents_nothing(base) {
        let s = Scene::new(base).await;
        let vues = || async {
            let vue = view_description(&s.admin(), 2024, &s.id()).await.unwrap();
            let file = list_controles(&s.agent(), 2024, &file(EtatControle::Soumise)).await.unwrap();
            let fiche = view_controle(&s.agent(), 2024, &s.id()).await.unwrap();
            let dites = file.lignes.first().map(|l| l.contradictions.clone());
            (vue.contradictions(&vue.description), dites, fiche.contradictions)
        };
        assert_eq!(vues().await, (vec![], None, vec![]), "the establishment has no boarding, and takes scholarship holders");
        s.writes(Rubrique::Caracteristiques, "internat", "oui").await.unwrap();
        s.submit().await;
        let une = vec![Contradiction::Internat];
        assert_eq!(vues().await, (une.clone(), Some(une.clone()), une));
        // The establishment answers something else: it is another contradiction.
        let sql = "UPDATE etablissement_session SET internat = 'mixte', internat_places = 12, boursiers = 0";
        s.t.sql(sql, vec![]).await;
        let deux = vec![Contradiction::FraisBoursiers, Contradiction::Boursiers];
        assert_eq!(vues().await, (deux.clone(), Some(deux.clone()), deux));
        accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
    }

    async fn r_ctl_14_the_queue_says_who_has_taken_what_and_which_course_comes_next(base) {
        let s = Scene::new(base).await;
        let f = s.submit_all(3).await;
        let collegue = || s.t.ctx(s.collegue.clone());
        take_controle(&s.agent(), &Garde::default(), 2024, &id(&f[0]), PriseControle::Prendre).await.unwrap();
        take_controle(&collegue(), &Garde::default(), 2024, &id(&f[2]), PriseControle::Prendre).await.unwrap();
        let prises = |prise| CriteresControle { prise: Some(prise), ..file(EtatControle::Soumise) };
        let lues = |ctx: Ctx, c: CriteresControle| async move {
            let l = list_controles(&ctx, 2024, &c).await.unwrap();
            (l.total, l.lignes.into_iter().map(|l| l.id).collect::<Vec<_>>())
        };
        let toutes = lues(s.agent(), file(EtatControle::Soumise)).await.1;
        let parmi = |retenues: &[usize]| -> Vec<String> {
            toutes.iter().filter(|l| retenues.iter().any(|i| f[*i].public_id == **l)).cloned().collect()
        };
        assert_eq!(lues(s.agent(), prises(PriseFile::Moi)).await, (1, parmi(&[0])));
        assert_eq!(lues(s.agent(), prises(PriseFile::Libre)).await, (2, parmi(&[1, 3])));
        assert_eq!(lues(s.agent(), prises(PriseFile::Collegue)).await, (1, parmi(&[2])));
        assert_eq!(lues(collegue(), prises(PriseFile::Collegue)).await, (1, parmi(&[0])));
        // What is decided is nobody's: the filter is of those that wait.
        let decidees = CriteresControle { prise: Some(PriseFile::Moi), ..file(EtatControle::Brouillon) };
        let brouillons = file(EtatControle::Brouillon);
        assert_eq!(lues(s.agent(), decidees).await, lues(s.agent(), brouillons).await);
        // The unchanged ones of the list keep to it too.
        let apercu = preview_unchanged(&s.agent(), 2024, &prises(PriseFile::Moi)).await.unwrap();
        assert_eq!((apercu.total, apercu.laissees.len()), (1, 0));
        // The next that the agent may decide: the colleague's is passed over, the last leads back to the first.
        let miennes = parmi(&[0, 1, 3]);
        for (rang, une) in miennes.iter().enumerate() {
            let une = PublicId::parse(une).unwrap();
            let suivante = next_controle(&s.agent(), 2024, &file(EtatControle::Soumise), &une).await.unwrap();
            assert_eq!(suivante.as_ref(), Some(&miennes[(rang + 1) % 3]), "{rang}");
        }
        let seule = next_controle(&s.agent(), 2024, &prises(PriseFile::Moi), &id(&f[0])).await.unwrap();
        assert_eq!(seule, None, "the list has no other");
        let retours = next_controle(&s.agent(), 2024, &file(EtatControle::Retournee), &id(&f[0])).await.unwrap();
        assert_eq!(retours, None, "nothing is decided in that list");
        let refus = next_controle(&s.admin(), 2024, &file(EtatControle::Soumise), &id(&f[0])).await.unwrap();
        assert_eq!(refus, None, "whoever reviews nothing is led nowhere");
    }

    async fn r_ctl_06_any_two_publications_are_compared_and_the_public_reads_public_fields(base) {
        let s = Scene::new(base).await;
        for (contact, note) in [("Secrétariat", "Un."), ("Vie scolaire", "Deux."), ("Bureau", "Trois.")] {
            s.writes(Rubrique::Contacts, "contact", contact).await.unwrap();
            s.writes(Rubrique::Contacts, "note_academie", note).await.unwrap();
            s.submit().await;
            accept_formation(&s.agent(), &Garde::default(), 2024, &s.id()).await.unwrap();
        }
        let dits = |v: &app::formations::Versions| -> Vec<(&str, String, String)> {
            v.champs.iter().map(|c| (c.code, c.avant.concat(), c.apres.concat())).collect()
        };
        let v = compare_versions(&s.admin(), 2024, &s.id(), (None, None)).await.unwrap();
        assert_eq!((v.de, v.a, v.publications.len()), (2, 3, 3), "the last two unless one says otherwise");
        let v = compare_versions(&s.admin(), 2024, &s.id(), (Some(3), Some(1))).await.unwrap();
        assert_eq!((v.de, v.a), (1, 3), "the older side first");
        assert_eq!(dits(&v)[0], ("contact", "Secrétariat".to_owned(), "Bureau".to_owned()));
        assert!(v.champs.iter().any(|c| c.code == "note_academie"));
        // Nobody else before the offer is open; then public fields alone.
        let public = s.t.ctx(Acteur::public());
        let refus = compare_published(&public, &s.id(), (Some(1), Some(3))).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::NotYetOpen { .. }))), "{refus:?}");
        s.t.at("2023-12-20T12:00");
        let v = compare_published(&s.t.ctx(Acteur::public()), &s.id(), (Some(1), Some(3))).await.unwrap();
        assert_eq!(v.champs.iter().map(|c| c.code).collect::<Vec<_>>(), ["contact"]);
        let ailleurs = agent(&s.t, "ailleurs", "09").await;
        let refus = compare_versions(&s.t.ctx(ailleurs), 2024, &s.id(), (None, None)).await;
        assert!(matches!(&refus, Err(AppError::Denied(d)) if !d.connu), "{refus:?}");
    }
}
