//! A capacity out of the ordinary: kept as a draft, explained, confirmed by a second person, then public; on both databases.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use app::accueil::{Geste, home};
use app::formations::{
    AttenteCapacite, Capacites, CriteresGestion, EnregistrerParametrage, Ouverture, confirm_capacite,
    list_courses, motive_capacite, publish_formation, save_parametrage, sheet, view_parametrage,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    responsable: Acteur,
    administrateur: Acteur,
    chef: Acteur,
}

const MOTIF: &str = "Neuf divisions ouvrent à la rentrée dans le nouveau bâtiment.";

/// A course of 24 places last year, all taken.
async fn scene(base: testkit::Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let (_, responsable) = t.responsable("resp@lycee.example", &f).await;
    let ici = |role| Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(role) };
    let (_, administrateur) = t.personne("admin@lycee.example", ici(Role::AdminSite)).await;
    let (_, chef) = t.personne("chef@lycee.example", ici(Role::ChefEtab)).await;
    t.statistique(&f, 2023, [24, 310, 60, 24]).await;
    t.at("2023-11-20T10:00");
    Scene { t, f, responsable, administrateur, chef }
}

impl Scene {
    fn id(&self) -> PublicId {
        PublicId::parse(&self.f.public_id).unwrap()
    }

    fn ctx(&self, acteur: &Acteur) -> Ctx {
        self.t.ctx(acteur.clone())
    }

    /// The session of the year before, without a course.
    async fn before(&self) -> i64 {
        let valeurs = vec![2023_i64.into(), "Session 2023".to_owned().into(), "archivee".to_owned().into()];
        let (avant, _) = self.t.insert("session_admission", "annee, libelle, etat", valeurs).await;
        let suit = "UPDATE session_admission SET precedente_id = $1 WHERE id = $2";
        self.t.sql(suit, vec![avant.into(), self.f.session.into()]).await;
        avant
    }

    /// A course of that session, of the title of the scene's.
    async fn archived(&self, session: i64, places: i64) -> FormationEssai {
        let f = self
            .t
            .formation(self.f.etablissement, "BTS Électronique", Famille::Bts, true, places, false)
            .await;
        let deplace = "UPDATE formation_session SET session_id = $1 WHERE id = $2";
        self.t.sql(deplace, vec![session.into(), f.formation_session.into()]).await;
        f
    }

    async fn types(&self, acteur: &Acteur, capacite: i64) {
        self.types_in(acteur, capacite, Vec::new()).await;
    }

    /// `places`: by group.
    async fn types_in(&self, acteur: &Acteur, capacite: i64, places: Vec<(String, i64)>) {
        let ctx = self.ctx(acteur);
        let version = view_parametrage(&ctx, 2024, &self.id()).await.unwrap().version;
        let capacites = Capacites { capacite: Some(capacite), frais_centimes: Some(0), places };
        let commande = EnregistrerParametrage { capacites: Some(capacites), presentation: None };
        save_parametrage(
            &ctx,
            &Garde { cle: None, version: Some(version), ..Garde::default() },
            2024,
            &self.id(),
            &commande,
        )
        .await
        .unwrap();
    }

    /// The reasons, and whether publication waits.
    async fn lu(&self) -> (Vec<&'static str>, bool) {
        let c = self.comparaison(&self.responsable).await;
        (c.raisons.iter().map(|r| r.code()).collect(), c.is_en_attente())
    }

    async fn comparaison(&self, acteur: &Acteur) -> app::formations::Comparaison {
        view_parametrage(&self.ctx(acteur), 2024, &self.id()).await.unwrap().comparaison.unwrap()
    }

    async fn garde(&self) -> Garde {
        Garde {
            cle: None,
            version: Some(self.comparaison(&self.responsable).await.version),
            ..Garde::default()
        }
    }

    async fn explains(&self, acteur: &Acteur) -> Result<(), AppError> {
        motive_capacite(&self.ctx(acteur), &self.garde().await, 2024, &self.id(), MOTIF).await.map(|_| ())
    }

    async fn confirms(&self, acteur: &Acteur) -> Result<(), AppError> {
        confirm_capacite(&self.ctx(acteur), &self.garde().await, 2024, &self.id()).await.map(|_| ())
    }

    /// What the home and the list say of the course.
    async fn attendu(&self, acteur: &Acteur) -> (Option<Geste>, Option<AttenteCapacite>) {
        let ctx = self.ctx(acteur);
        let restes = home(&ctx, 2024, None).await.unwrap().formations.unwrap().restes;
        let liste = list_courses(&ctx, 2024, &CriteresGestion::default()).await.unwrap();
        (restes.first().map(|r| r.geste), liste.lignes[0].attente)
    }

    /// Who was told by mail that a capacity waits for them.
    async fn prevenus(&self) -> Vec<String> {
        let envois = self.t.envois().await.into_iter().filter(|e| e.modele == "capacite_a_confirmer");
        let mut prevenus: Vec<String> = envois.map(|e| e.destinataire).collect();
        prevenus.sort();
        prevenus
    }

    async fn publishes(&self, acteur: &Acteur) -> Result<(), AppError> {
        publish_formation(&self.ctx(acteur), &Garde::default(), 2024, &self.id()).await.map(|_| ())
    }
}

fn is_rule(r: &Result<(), AppError>, regle: &RuleViolation) -> bool {
    matches!(r, Err(AppError::Rule(lue)) if lue == regle)
}

both_databases! {
    async fn r_cap_05_hab_8_run_4_a_doubled_digit_waits_for_a_reason_and_a_second_person(base) {
        let s = scene(base).await;
        s.types(&s.responsable, 240).await;
        assert_eq!(s.lu().await, (vec!["chiffre_ajoute"], true));
        for acteur in [&s.responsable, &s.chef] {
            assert!(is_rule(&s.publishes(acteur).await, &RuleViolation::CapaciteARelire));
        }
        // Nothing to confirm before the reason is written, and a reason says something.
        assert!(matches!(s.confirms(&s.chef).await, Err(AppError::Conflict)));
        let court = motive_capacite(&s.ctx(&s.responsable), &s.garde().await, 2024, &s.id(), "ok").await;
        assert!(matches!(court, Err(AppError::Invalid(f)) if f[0].0 == "motif"));
        s.explains(&s.responsable).await.unwrap();
        assert!(is_rule(&s.publishes(&s.chef).await, &RuleViolation::CapaciteARelire));
        // The manager does not confirm; the head does, once, on the page as it is.
        assert!(matches!(s.confirms(&s.responsable).await, Err(AppError::Denied(d)) if d.connu));
        let perime = Garde { cle: None, version: Some(0), ..Garde::default() };
        assert!(matches!(confirm_capacite(&s.ctx(&s.chef), &perime, 2024, &s.id()).await, Err(AppError::Conflict)));
        let garde = Garde { cle: Some("c".to_owned()), ..s.garde().await };
        let recu = confirm_capacite(&s.ctx(&s.chef), &garde, 2024, &s.id()).await.unwrap();
        assert_eq!(confirm_capacite(&s.ctx(&s.chef), &garde, 2024, &s.id()).await.unwrap(), recu);
        assert!(matches!(s.confirms(&s.administrateur).await, Err(AppError::Conflict)));
        assert_eq!(s.lu().await, (vec!["chiffre_ajoute"], false));
        s.publishes(&s.responsable).await.unwrap();
        // What is public is no longer held, whatever else changes; the history says who read it, without a name.
        assert!(s.lu().await.0.is_empty());
        s.t.during(Etape::Voeux).await;
        let fiche = sheet(&s.t.ctx(Acteur::public()), &s.id()).await.unwrap();
        assert_eq!(fiche.capacite, Some(240));
        let (le, motif) = fiche.publications[0].relue.clone().unwrap();
        assert_eq!((le, motif.as_str()), (testkit::paris("2023-11-20T10:00").as_millisecond(), MOTIF));
        let actes = "SELECT COUNT(*) FROM journal WHERE objet = 'formation_session' AND apres LIKE '%chiffre_ajoute%'";
        assert_eq!(s.t.nombre(actes, vec![]).await, 3, "typed, explained, confirmed");
        let fuites = "SELECT COUNT(*) FROM journal WHERE apres LIKE '%divisions%'";
        assert_eq!(s.t.nombre(fuites, vec![]).await, 0, "no free text in the journal (JOU-2)");
    }

    async fn hab_8_r_cap_05_whoever_typed_or_explained_does_not_confirm(base) {
        let s = scene(base).await;
        s.types(&s.administrateur, 244).await;
        s.explains(&s.responsable).await.unwrap();
        let confirmation = s.comparaison(&s.administrateur).await.confirmation;
        assert_eq!(confirmation, Ouverture::Fermee(RuleViolation::DeuxiemePersonne));
        assert!(is_rule(&s.confirms(&s.administrateur).await, &RuleViolation::DeuxiemePersonne));
        s.types(&s.responsable, 224).await;
        s.explains(&s.administrateur).await.unwrap();
        assert!(is_rule(&s.confirms(&s.administrateur).await, &RuleViolation::DeuxiemePersonne));
        s.confirms(&s.chef).await.unwrap();
    }

    async fn r_cap_05_a_confirmation_holds_for_the_numbers_read_and_no_others(base) {
        let s = scene(base).await;
        s.types(&s.responsable, 240).await;
        let lue = s.garde().await;
        s.types(&s.responsable, 244).await;
        let autre = motive_capacite(&s.ctx(&s.responsable), &lue, 2024, &s.id(), MOTIF).await;
        assert!(matches!(autre, Err(AppError::Conflict)), "a reason for 240 is none for 244");
        s.explains(&s.responsable).await.unwrap();
        s.confirms(&s.chef).await.unwrap();
        // Typed again, even the same: read again.
        for capacite in [30, 244] {
            s.types(&s.responsable, capacite).await;
        }
        assert!(s.lu().await.1);
        assert!(is_rule(&s.publishes(&s.responsable).await, &RuleViolation::CapaciteARelire));
        s.types(&s.responsable, 26).await;
        assert_eq!(s.lu().await, (vec![], false));
        s.publishes(&s.responsable).await.unwrap();
        assert!(matches!(s.explains(&s.responsable).await, Err(AppError::Conflict)), "nothing to explain");
    }

    async fn r_cap_05_the_home_and_the_list_say_what_a_capacity_waits_for(base) {
        let s = scene(base).await;
        assert_eq!(s.attendu(&s.responsable).await, (Some(Geste::Publier), None));
        s.types(&s.responsable, 240).await;
        let motif = (Some(Geste::Expliquer), Some(AttenteCapacite::Motif));
        assert_eq!(s.attendu(&s.responsable).await, motif, "publication is blocked: it is not offered");
        s.explains(&s.responsable).await.unwrap();
        let confirmation = (Some(Geste::Confirmer), Some(AttenteCapacite::Confirmation));
        assert_eq!(s.attendu(&s.chef).await, confirmation);
        // The same capacity shared otherwise is to be explained again: the reason was for other places.
        s.t.sql("UPDATE relecture_capacite SET places = '[]'", vec![]).await;
        assert_eq!(s.attendu(&s.chef).await, motif);
        s.explains(&s.responsable).await.unwrap();
        s.confirms(&s.chef).await.unwrap();
        assert_eq!(s.attendu(&s.chef).await, (Some(Geste::Publier), None));
        s.types(&s.responsable, 25).await;
        assert_eq!(s.attendu(&s.responsable).await, (Some(Geste::Publier), None), "likely numbers wait for nobody");
        // Whoever does not read capacities is told nothing of them.
        s.types(&s.responsable, 240).await;
        let gestionnaire = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::GestAdmin) };
        let (_, gestionnaire) = s.t.personne("gest@lycee.example", gestionnaire).await;
        assert_eq!(s.attendu(&gestionnaire).await, (None, None));
    }

    async fn r_cap_06_those_who_may_confirm_are_told_and_neither_author_is(base) {
        let s = scene(base).await;
        let academie = Attribution { academies: vec![s.f.academie.clone()], ..Attribution::simple(Role::Academie) };
        s.t.personne("ici@academie.example", academie).await;
        let lecteur = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::Lecteur) };
        s.t.personne("lecteur@lycee.example", lecteur).await;
        s.types(&s.administrateur, 240).await;
        assert!(s.prevenus().await.is_empty(), "nothing to confirm before the reason");
        assert!(motive_capacite(&s.ctx(&s.responsable), &s.garde().await, 2024, &s.id(), "ok").await.is_err());
        s.explains(&s.responsable).await.unwrap();
        assert_eq!(s.prevenus().await, ["chef@lycee.example"], "the administrator typed it");
        let envois = s.t.envois().await;
        let corps = &envois.iter().find(|e| e.modele == "capacite_a_confirmer").unwrap().corps;
        assert!(corps.contains("« BTS Électronique »") && corps.contains(&format!("{}/relecture", s.f.public_id)), "{corps}");
        for tu in ["divisions", "Camille", "240"] {
            assert!(!corps.contains(tu), "{corps}");
        }
        // Another reason for the same numbers is read on the page: nobody is told twice.
        s.explains(&s.responsable).await.unwrap();
        assert_eq!(s.prevenus().await.len(), 1);
        s.types(&s.responsable, 244).await;
        s.explains(&s.administrateur).await.unwrap();
        assert_eq!(s.prevenus().await, ["chef@lycee.example", "chef@lycee.example"], "the administrator explained it");
        s.types(&s.responsable, 224).await;
        s.explains(&s.responsable).await.unwrap();
        let tous = ["admin@lycee.example", "chef@lycee.example", "chef@lycee.example", "chef@lycee.example"];
        assert_eq!(s.prevenus().await, tous);
    }

    async fn r_cap_05_outside_its_window_nothing_is_explained_nor_confirmed(base) {
        let s = scene(base).await;
        s.types(&s.responsable, 240).await;
        s.explains(&s.responsable).await.unwrap();
        s.t.at_closing(Etape::CapacitesFrais).await;
        for refus in [s.explains(&s.responsable).await, s.confirms(&s.chef).await] {
            assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Closed { etape: Etape::CapacitesFrais, .. }))));
        }
    }

    async fn r_cap_05_the_academic_service_confirms_in_its_academies_and_neighbours_know_nothing(base) {
        let s = scene(base).await;
        s.types(&s.responsable, 240).await;
        s.explains(&s.responsable).await.unwrap();
        let academie = |a: &str| Attribution { academies: vec![a.to_owned()], ..Attribution::simple(Role::Academie) };
        let (_, ailleurs) = s.t.personne("ailleurs@academie.example", academie("zz")).await;
        assert!(matches!(s.confirms(&ailleurs).await, Err(AppError::Denied(d)) if !d.connu));
        let (_, ici) = s.t.personne("ici@academie.example", academie(&s.f.academie)).await;
        s.confirms(&ici).await.unwrap();
    }

    async fn r_cap_03_the_range_of_a_type_comes_from_the_session_before(base) {
        let s = scene(base).await;
        // The session of the year before, of whose courses the type is made.
        let (avant, _) = s.t.insert("session_admission", "annee, libelle, etat", vec![
            2023.into(), "Session 2023".to_owned().into(), "archivee".to_owned().into(),
        ]).await;
        s.t.sql("UPDATE session_admission SET precedente_id = $1 WHERE id = $2", vec![avant.into(), s.f.session.into()]).await;
        for n in 0..20 {
            let f = s.t.formation(s.f.etablissement, "BTS Électronique", Famille::Bts, true, 12 + n, false).await;
            let deplace = "UPDATE formation_session SET session_id = $1 WHERE id = $2";
            s.t.sql(deplace, vec![avant.into(), f.formation_session.into()]).await;
        }
        let c = s.comparaison(&s.responsable).await;
        let r = c.contexte.repere.unwrap();
        assert_eq!((r.effectif, r.bas, r.haut, r.meme_intitule), (20, 13, 31, true));
        assert_eq!(c.contexte.autres.len(), 20);
        s.types(&s.responsable, 48).await;
        assert_eq!(s.lu().await.0, ["ecart", "hors_type"]);
        // A course of the establishment has that many.
        s.types(&s.responsable, 13).await;
        assert_eq!(s.lu().await.0, ["ecart", "autre_formation"]);
    }

    async fn r_cap_07_a_number_in_the_wrong_group_waits_for_a_reason_and_a_second_person(base) {
        let s = scene(base).await;
        let avant = s.before().await;
        let ancienne = s.archived(avant, 24).await;
        let suit = "UPDATE formation_session SET precedente_id = $1 WHERE id = $2";
        s.t.sql(suit, vec![ancienne.formation_session.into(), s.f.formation_session.into()]).await;
        let mut groupes = Vec::new();
        for f in [&ancienne, &s.f] {
            s.t.sql("UPDATE groupe_affectation SET places = 10 WHERE id = $1", vec![f.groupe_affectation.into()]).await;
            groupes = vec![
                f.groupe_public_id.clone(),
                s.t.groupe(f, "Bac pro", "pro", 8).await.1,
                s.t.groupe(f, "Bac techno", "techno", 6).await.1,
            ];
        }
        // The total stays right: ten places are those of another group, then six go to another one.
        let cas: [([i64; 3], &[&str]); 5] = [
            ([8, 6, 10], &["groupe_ecart"; 3]),
            ([10, 2, 12], &["groupe_ecart"; 2]),
            ([10, 6, 8], &[]),
            ([10, 8, 6], &[]),
            ([4, 14, 6], &["groupe_ecart"]),
        ];
        for (places, codes) in cas {
            s.types_in(&s.administrateur, 24, groupes.iter().cloned().zip(places).collect()).await;
            assert_eq!(s.lu().await, (codes.to_vec(), !codes.is_empty()), "{places:?}");
        }
        assert!(is_rule(&s.publishes(&s.chef).await, &RuleViolation::CapaciteARelire));
        s.explains(&s.responsable).await.unwrap();
        s.confirms(&s.chef).await.unwrap();
        s.publishes(&s.chef).await.unwrap();
        assert_eq!(s.lu().await, (vec![], false), "what the public reads is not read again");
    }

    async fn r_cap_07_the_shares_of_a_type_come_from_the_session_before(base) {
        let s = scene(base).await;
        let avant = s.before().await;
        for n in 0..20 {
            let f = s.archived(avant, 20).await;
            s.t.groupe(&f, "Bac pro", "pro", 4 + n % 5).await;
        }
        // Without a past of its own.
        s.t.sql("DELETE FROM statistique_formation WHERE formation_id = $1", vec![s.f.formation.into()]).await;
        let tous = &s.f.groupe_public_id;
        let (_, pro) = s.t.groupe(&s.f, "Bac pro", "pro", 0).await;
        let cas: [(i64, &[&str]); 3] = [(6, &[]), (13, &[]), (14, &["groupe_part"])];
        for (n, codes) in cas {
            s.types_in(&s.responsable, 20, vec![(tous.clone(), 20 - n), (pro.clone(), n)]).await;
            assert_eq!(s.lu().await.0, codes, "{n}");
        }
    }
}
