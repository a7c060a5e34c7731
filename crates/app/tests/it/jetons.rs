//! Tokens of programs: given once, bounded, taken back, worth what whoever gave them is worth; and what they called.

use std::sync::Arc;

use app::idempotence::Garde;
use app::interfaces::{
    Appel, DemandeAbonnement, DemandeJeton, EtendueJeton, Jeton, JetonVu, Remise, change_jeton, count_appels,
    give_jeton, list_abonnements, list_appels, purge_appels, renew_jeton, resolve_jeton, revoke_jeton,
    subscribe, view_jeton, view_jetons,
};
use app::limites::{JOUR_MS, Limites};
use app::{AppError, Ctx};
use domain::comptes::Role;
use domain::delegations::{Operation, Operations};
use domain::droits::{Acteur, Action, Attribution, Cible, authorize};
use domain::formations::Famille;
use domain::interfaces::jetons::{AncienSecret, FinJeton};
use domain::{PublicId, RuleViolation};
use testkit::{Base, FormationEssai, TestApp, both_databases};

/// Two establishments, with a course each, and the administrator of the first.
struct Scene {
    t: TestApp,
    f: FormationEssai,
    voisine: FormationEssai,
    etablissement: PublicId,
    compte: i64,
    admin: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t =
            TestApp::with_limites(base, Limites { jetons_par_etablissement: 2, ..testkit::limites() }).await;
        app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.expect("session");
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0590001A", "Lycée d’essai").await;
        let autre = t.etablissement("0800001B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let voisine = t.formation(autre, "BTS Voisin", Famille::Bts, true, 24, true).await;
        let role = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, admin) = t.personne("admin@essai.example", role).await;
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        Self { etablissement: PublicId::parse(&id).expect("identifier"), t, f, voisine, compte, admin }
    }

    fn ctx(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn etendue(&self, operations: &[Operation]) -> EtendueJeton {
        let operations: Operations = operations.iter().copied().collect();
        EtendueJeton { formations: vec![(self.f.public_id.clone(), operations)], ..EtendueJeton::default() }
    }

    fn demande(&self, operations: &[Operation], jours: i64) -> DemandeJeton {
        DemandeJeton { libelle: "  SI  scolarité ".to_owned(), jours, etendue: self.etendue(operations) }
    }

    async fn changes(&self, garde: &Garde, id: &PublicId, e: &EtendueJeton) -> Result<(), AppError> {
        let lequel = (2024, &self.etablissement, id);
        change_jeton(&self.ctx(), garde, lequel, "SI scolarité", e).await.map(|_| ())
    }

    async fn renews(&self, garde: &Garde, id: &PublicId, ancien: AncienSecret) -> Result<Remise, AppError> {
        renew_jeton(&self.ctx(), garde, (2024, &self.etablissement, id), 30, ancien).await
    }

    async fn vu(&self, id: &PublicId) -> Jeton {
        view_jeton(&self.ctx(), 2024, &self.etablissement, id).await.expect("theirs").1
    }

    /// Another course of the establishment.
    async fn ouvre(&self, nom: &str) -> FormationEssai {
        self.t.formation(self.f.etablissement, nom, Famille::Bts, true, 24, true).await
    }

    /// What the program calls, answered so.
    async fn appelle(&self, cle: i64, statut: u16) {
        let route = "GET /api/v1/jeton".to_owned();
        let ctx = Ctx { jeton: Some(cle), route, ..self.t.systeme() };
        let appel = Appel { objet: String::new(), statut, duree_us: 1, marques: Vec::new() };
        self.t.app.carnet.note(&ctx, appel);
        self.t.app.carnet.flush(&Arc::clone(&self.t.app)).await.expect("written");
    }

    fn later(&self, ms: i64) {
        let apres = self.t.systeme().recu_ms() + ms;
        self.t.horloge.set_maintenant(jiff::Timestamp::from_millisecond(apres).expect("an instant"));
    }

    async fn gives(&self, garde: &Garde, d: &DemandeJeton) -> Result<Remise, AppError> {
        give_jeton(&self.ctx(), garde, 2024, &self.etablissement, d).await
    }

    async fn given(&self) -> (PublicId, String) {
        let r =
            self.gives(&Garde::default(), &self.demande(&[Operation::Parametrage], 30)).await.expect("given");
        (PublicId::parse(&r.id).expect("identifier"), r.jeton.expect("shown once"))
    }

    async fn resolves(&self, jeton: &str) -> Result<JetonVu, Option<FinJeton>> {
        let maintenant = self.ctx().recu_ms();
        let lu = resolve_jeton(&self.t.app, jeton, maintenant).await.expect("the database answers");
        lu.map_err(|sans_effet| sans_effet.map(|s| s.fin))
    }
}

fn cible(f: &FormationEssai) -> Cible {
    Cible {
        session: Some(f.session),
        etablissement: Some(f.etablissement),
        formation: Some(f.formation),
        ..Cible::default()
    }
}

fn garde_of(version: i64) -> Garde {
    Garde { version: Some(version), ..Garde::default() }
}

fn cle(lettre: char) -> Garde {
    Garde { cle: Some(lettre.to_string().repeat(26)), ..Garde::default() }
}

both_databases! {
    async fn r_api_01_a_token_is_shown_once_and_given_once(base) {
        let s = Scene::new(base).await;
        let demande = s.demande(&[Operation::Parametrage], 30);
        let remise = s.gives(&cle('b'), &demande).await.unwrap();
        let jeton = remise.jeton.unwrap();
        assert!(jeton.starts_with("pcs_"));
        // The same form again: its receipt, not the token.
        let encore = s.gives(&cle('b'), &demande).await.unwrap();
        assert_eq!((encore.jeton, encore.recepisse.numero), (None, remise.recepisse.numero));
        let autre = s.gives(&cle('b'), &s.demande(&[], 30)).await;
        assert!(matches!(autre, Err(AppError::Conflict)), "{autre:?}");
        let vus = view_jetons(&s.ctx(), 2024, &s.etablissement).await.unwrap();
        let [vu] = vus.jetons.as_slice() else { panic!("{:?}", vus.jetons) };
        assert_eq!((vu.libelle.as_str(), vu.fin, vu.vu_le), ("SI scolarité", None, None));
        assert!(jeton.ends_with(&vu.suffixe) && vu.suffixe.len() == 4);
        assert_eq!(vu.expire_le - vu.donne_le, 30 * JOUR_MS);
        assert_eq!(vu.formations[0].operations.code(), "parametrage");
        // It is nowhere in what is kept.
        let garde = s.t.mot("SELECT empreinte FROM jeton_api", vec![]).await;
        assert!(!garde.contains(&jeton[4..]));
        let lignes = s.t.journal().await;
        assert!(lignes.iter().any(|l| l.objet == "jeton_api"));
        assert!(!format!("{lignes:?}").contains(&jeton));
    }

    async fn r_api_01_an_establishment_has_so_many_and_only_of_its_own_courses(base) {
        let s = Scene::new(base).await;
        let etendue = EtendueJeton {
            formations: vec![(s.voisine.public_id.clone(), Operations::AUCUNE)],
            ..EtendueJeton::default()
        };
        let ailleurs = DemandeJeton { etendue, ..s.demande(&[], 30) };
        let refus = s.gives(&Garde::default(), &ailleurs).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "formations"), "{refus:?}");
        let (premier, _) = s.given().await;
        s.given().await;
        let trop = s.gives(&Garde::default(), &s.demande(&[], 30)).await;
        assert!(matches!(&trop, Err(AppError::Invalid(f)) if f[0].0 == "libelle"), "{trop:?}");
        // One taken back makes room.
        revoke_jeton(&s.ctx(), &Garde::default(), &premier).await.unwrap();
        s.given().await;
    }

    async fn r_api_02_a_token_acts_as_a_program_on_its_courses_alone(base) {
        let s = Scene::new(base).await;
        let (_, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        assert_eq!((vu.libelle.as_str(), vu.acteur.compte), ("SI scolarité", Some(s.compte)));
        assert!(authorize(&vu.acteur, Action::ModifierFormation, &cible(&s.f)).is_ok());
        assert!(authorize(&vu.acteur, Action::ModifierCapacites, &cible(&s.f)).is_err());
        assert!(authorize(&vu.acteur, Action::ConsulterParametrage, &cible(&s.voisine)).is_err());
        assert!(authorize(&vu.acteur, Action::GererJetons, &cible(&s.f)).is_err(), "no token gives tokens");
        for inconnu in ["", "pcs_", &jeton[4..], &format!("pcs_{}", "a".repeat(52))] {
            assert!(matches!(s.resolves(inconnu).await, Err(None)), "{inconnu}");
        }
    }

    async fn r_api_03_what_opens_more_is_refused_beyond_its_days(base) {
        let s = Scene::new(base).await;
        let max = s.t.app.limites.jetons.jours_sensible;
        let refus = s.gives(&Garde::default(), &s.demande(&[Operation::Publication], max + 1)).await;
        assert!(
            matches!(refus, Err(AppError::Rule(RuleViolation::DureeJeton { max: m })) if m == max),
            "{refus:?}"
        );
        s.gives(&Garde::default(), &s.demande(&[Operation::Publication], max)).await.unwrap();
        s.gives(&Garde::default(), &s.demande(&[Operation::Parametrage], max + 1)).await.unwrap();
    }

    async fn r_api_04_a_token_revoked_expired_or_without_its_giver_opens_nothing(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        revoke_jeton(&s.ctx(), &cle('c'), &id).await.unwrap();
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::Revoque));
        let quand = s.t.nombre("SELECT revoque_le FROM jeton_api", vec![]).await;
        revoke_jeton(&s.ctx(), &Garde::default(), &id).await.unwrap();
        assert_eq!(s.t.nombre("SELECT revoque_le FROM jeton_api", vec![]).await, quand, "the first time counts");
        let (id, jeton) = s.given().await;
        // HAB-6: the giver's role goes, and comes back.
        s.t.sql("UPDATE attribution SET role = 'lecteur' WHERE compte_id = $1", vec![s.compte.into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::SansDonneur));
        s.t.sql("UPDATE attribution SET role = 'admin_site' WHERE compte_id = $1", vec![s.compte.into()]).await;
        assert!(s.resolves(&jeton).await.is_ok());
        s.t.sql("UPDATE compte SET etat = 'suspendu' WHERE id = $1", vec![s.compte.into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::SansDonneur));
        s.t.sql("UPDATE compte SET etat = 'actif' WHERE id = $1", vec![s.compte.into()]).await;
        s.t.sql("UPDATE jeton_api SET expire_le = 1 WHERE public_id = $1", vec![id.as_str().to_owned().into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::Expire));
        let (_, vu) = view_jeton(&s.ctx(), 2024, &s.etablissement, &id).await.unwrap();
        assert_eq!(vu.fin, Some(FinJeton::Expire));
    }

    async fn r_api_05_each_call_is_noted_counted_and_forgotten(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
        for statut in [200, 304, 429] {
            let appel = Appel { objet: String::new(), statut, duree_us: 1_500, marques: vec!["condition".to_owned()] };
            s.t.app.carnet.note(&ctx, appel);
        }
        // Without a token, nothing.
        let appel = Appel { objet: String::new(), statut: 401, duree_us: 1, marques: Vec::new() };
        s.t.app.carnet.note(&s.ctx(), appel);
        s.t.app.carnet.flush(&Arc::clone(&s.t.app)).await.unwrap();
        let admin = s.ctx();
        let lus = list_appels(&admin, &id, None, 2).await.unwrap();
        assert_eq!(lus.iter().map(|a| a.statut).collect::<Vec<_>>(), [429, 304]);
        assert_eq!((lus[0].route.as_str(), lus[0].marques.as_str()), ("GET /api/v1/jeton", "condition"));
        let avant = list_appels(&admin, &id, Some(lus[1].cle), 2).await.unwrap();
        assert_eq!(avant.iter().map(|a| a.statut).collect::<Vec<_>>(), [200]);
        let jours = count_appels(&admin, &id, 7).await.unwrap();
        assert_eq!((jours.len(), jours[6].1, jours[..6].iter().map(|j| j.1).sum::<i64>()), (7, 3, 0));
        let (_, vu) = view_jeton(&admin, 2024, &s.etablissement, &id).await.unwrap();
        assert_eq!(vu.vu_le, Some(ctx.recu_ms()));
        // Kept so long, by the platform.
        assert!(matches!(purge_appels(&admin).await, Err(AppError::Denied(_))));
        assert_eq!(purge_appels(&s.t.systeme()).await.unwrap(), 0);
        s.t.sql("UPDATE appel_api SET instant_le = 1 WHERE statut <> 429", vec![]).await;
        assert_eq!(purge_appels(&s.t.systeme()).await.unwrap(), 2);
    }

    async fn r_api_13_a_token_is_changed_and_its_secret_and_its_subscriptions_stay(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        let programme = Ctx { jeton: Some(vu.cle), acteur: vu.acteur, origine: "api", ..s.t.systeme() };
        let abonnement = DemandeAbonnement {
            url: "https://si.lycee.example/recoit".to_owned(),
            evenements: vec!["formation.publiee".to_owned()],
        };
        subscribe(&programme, &Garde::default(), &abonnement).await.unwrap();
        let neuve = s.ouvre("BTS Neuf").await;
        assert!(authorize(&s.resolves(&jeton).await.unwrap().acteur, Action::ConsulterParametrage, &cible(&neuve)).is_err());
        let lu = s.vu(&id).await;
        let mut etendue = s.etendue(&[Operation::Capacites]);
        etendue.formations.push((neuve.public_id.clone(), [Operation::Parametrage].into_iter().collect()));
        etendue.ecrit_etablissement = true;
        let garde = Garde { version: Some(lu.version), ..cle('d') };
        s.changes(&garde, &id, &etendue).await.unwrap();
        s.changes(&garde, &id, &etendue).await.expect("the same form again is the same act");
        let acteur = s.resolves(&jeton).await.expect("the same secret").acteur;
        assert!(authorize(&acteur, Action::ModifierFormation, &cible(&neuve)).is_ok());
        assert!(authorize(&acteur, Action::ModifierFormation, &cible(&s.f)).is_err(), "taken back");
        assert!(authorize(&acteur, Action::ModifierCapacites, &cible(&s.f)).is_ok());
        assert_eq!(list_abonnements(&programme).await.unwrap().len(), 1, "the subscription stays");
        let apres = s.vu(&id).await;
        assert_eq!((apres.expire_le, apres.ecrit_etablissement, apres.version), (lu.expire_le, true, lu.version + 1));
        let actes = s.t.journal().await;
        assert_eq!(actes.iter().filter(|a| a.objet == "jeton_api" && a.objet_id == id.as_str()).count(), 2);
        // As when it is given: a name, something, its own courses, a version that is the last.
        let ancienne = s.changes(&garde_of(lu.version), &id, &s.etendue(&[])).await;
        assert!(matches!(ancienne, Err(AppError::Conflict)), "{ancienne:?}");
        let rien = s.changes(&Garde::default(), &id, &EtendueJeton::default()).await;
        assert!(matches!(rien, Err(AppError::Rule(RuleViolation::Champ { champ: "formations", .. }))), "{rien:?}");
        let ailleurs = EtendueJeton { formations: vec![(s.voisine.public_id.clone(), Operations::AUCUNE)], ..EtendueJeton::default() };
        let ailleurs = s.changes(&Garde::default(), &id, &ailleurs).await;
        assert!(matches!(ailleurs, Err(AppError::Invalid(_))), "{ailleurs:?}");
        // One that opens nothing is not changed.
        revoke_jeton(&s.ctx(), &Garde::default(), &id).await.unwrap();
        let fini = s.changes(&Garde::default(), &id, &etendue).await;
        assert!(matches!(fini, Err(AppError::Rule(RuleViolation::Champ { champ: "jeton", .. }))), "{fini:?}");
    }

    async fn r_api_03_r_api_13_what_is_added_may_end_a_token_sooner_and_never_later(base) {
        let s = Scene::new(base).await;
        let l = s.t.app.limites.jetons;
        let remise = s.gives(&Garde::default(), &s.demande(&[Operation::Parametrage], l.jours)).await.unwrap();
        let id = PublicId::parse(&remise.id).unwrap();
        s.changes(&Garde::default(), &id, &s.etendue(&[Operation::Publication])).await.unwrap();
        let maintenant = s.ctx().recu_ms();
        assert_eq!(s.vu(&id).await.expire_le, maintenant + l.jours_sensible * JOUR_MS);
        s.changes(&Garde::default(), &id, &s.etendue(&[Operation::Parametrage])).await.unwrap();
        assert_eq!(s.vu(&id).await.expire_le, maintenant + l.jours_sensible * JOUR_MS, "never later");
        let trop = renew_jeton(&s.ctx(), &Garde::default(), (2024, &s.etablissement, &id), l.jours + 1, AncienSecret::Aussitot).await;
        assert!(matches!(trop, Err(AppError::Rule(RuleViolation::DureeJeton { .. }))), "{trop:?}");
        renew_jeton(&s.ctx(), &Garde::default(), (2024, &s.etablissement, &id), l.jours, AncienSecret::Aussitot).await.unwrap();
        assert_eq!(s.vu(&id).await.expire_le, maintenant + l.jours * JOUR_MS);
    }

    async fn r_api_13_a_token_over_all_courses_has_each_one_that_is_opened_later(base) {
        let s = Scene::new(base).await;
        let communes: Operations = [Operation::Parametrage].into_iter().collect();
        let etendue = EtendueJeton { toutes: Some(communes), ..s.etendue(&[Operation::Capacites]) };
        let demande = DemandeJeton { etendue, ..s.demande(&[], 30) };
        let remise = s.gives(&Garde::default(), &demande).await.unwrap();
        let (id, jeton) = (PublicId::parse(&remise.id).unwrap(), remise.jeton.unwrap());
        let neuve = s.ouvre("BTS Neuf").await;
        let acteur = s.resolves(&jeton).await.unwrap().acteur;
        assert!(authorize(&acteur, Action::ModifierFormation, &cible(&neuve)).is_ok());
        assert!(authorize(&acteur, Action::ModifierCapacites, &cible(&neuve)).is_err());
        assert!(authorize(&acteur, Action::ModifierCapacites, &cible(&s.f)).is_ok(), "what is on one course adds");
        assert!(authorize(&acteur, Action::ConsulterParametrage, &cible(&s.voisine)).is_err());
        let vu = s.vu(&id).await;
        let dits: Vec<String> = vu.formations.iter().map(|f| f.operations.code()).collect();
        assert_eq!((vu.toutes, dits), (Some(communes), vec!["parametrage,capacites".to_owned(), "parametrage".to_owned()]));
        // Handed over: it is no longer the establishment's, nor the token's.
        s.t.sql(
            "UPDATE formation_inscription SET etablissement_id = $1 WHERE id = (SELECT formation_inscription_id FROM formation WHERE id = $2)",
            vec![s.voisine.etablissement.into(), neuve.formation.into()],
        )
        .await;
        let acteur = s.resolves(&jeton).await.unwrap().acteur;
        assert!(authorize(&acteur, Action::ModifierFormation, &cible(&neuve)).is_err());
    }

    async fn r_api_13_a_change_keeps_the_courses_that_its_page_does_not_show(base) {
        let s = Scene::new(base).await;
        let (id, _) = s.given().await;
        let autre = s.ouvre("BTS Autre").await;
        // Closed since it was named: the page no longer shows it.
        s.t.sql("UPDATE formation_session SET etat = 'fermee' WHERE id = $1", vec![s.f.formation_session.into()]).await;
        assert_eq!(s.vu(&id).await.autres, 1);
        let etendue = EtendueJeton { formations: vec![(autre.public_id.clone(), Operations::AUCUNE)], ..EtendueJeton::default() };
        s.changes(&Garde::default(), &id, &etendue).await.unwrap();
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM jeton_api_formation", vec![]).await, 2);
        let codes = "SELECT operations FROM jeton_api_formation WHERE formation_id = $1";
        assert_eq!(s.t.mot(codes, vec![s.f.formation.into()]).await, "parametrage");
    }

    async fn r_api_13_a_token_is_renewed_and_its_former_secret_ends_when_it_was_said(base) {
        let s = Scene::new(base).await;
        let (id, ancien) = s.given().await;
        let cle_jeton = s.resolves(&ancien).await.unwrap().cle;
        let garde = cle('e');
        let remise = s.renews(&garde, &id, AncienSecret::FinDeJournee).await.unwrap();
        let neuf = remise.jeton.expect("shown once");
        assert_eq!((s.renews(&garde, &id, AncienSecret::FinDeJournee).await.unwrap().jeton, remise.id.as_str()), (None, id.as_str()));
        assert_ne!(neuf, ancien);
        for secret in [&neuf, &ancien] {
            let vu = s.resolves(secret).await.expect("both");
            assert_eq!((vu.cle, vu.id.as_str()), (cle_jeton, id.as_str()));
        }
        let vu = s.vu(&id).await;
        let fin = vu.ancien_jusqu_a.expect("for a while");
        assert_eq!(s.resolves(&ancien).await.unwrap().expire_le, fin);
        assert!(neuf.ends_with(&vu.suffixe));
        assert!(!format!("{:?}", s.t.journal().await).contains(&neuf[4..]));
        s.later(fin - s.ctx().recu_ms());
        assert_eq!(s.resolves(&ancien).await.unwrap_err(), Some(FinJeton::Renouvele));
        assert!(s.resolves(&neuf).await.is_ok());
        assert_eq!(s.vu(&id).await.ancien_jusqu_a, None);
        // At once: and the one before it is known no more.
        let dernier = s.renews(&Garde::default(), &id, AncienSecret::Aussitot).await.unwrap().jeton.unwrap();
        assert_eq!(s.resolves(&neuf).await.unwrap_err(), Some(FinJeton::Renouvele));
        assert_eq!(s.resolves(&ancien).await.unwrap_err(), None);
        assert!(s.resolves(&dernier).await.is_ok());
        revoke_jeton(&s.ctx(), &Garde::default(), &id).await.unwrap();
        for secret in [&dernier, &neuf] {
            assert_eq!(s.resolves(secret).await.unwrap_err(), Some(FinJeton::Revoque));
        }
        let refus = s.renews(&Garde::default(), &id, AncienSecret::Aussitot).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::Champ { champ: "jeton", .. }))), "{refus:?}");
    }

    async fn r_api_13_one_that_expired_or_lost_its_giver_is_in_force_again_by_its_new_secret_alone(base) {
        let s = Scene::new(base).await;
        let (id, ancien) = s.given().await;
        s.t.sql("UPDATE jeton_api SET expire_le = 1", vec![]).await;
        let neuf = s.renews(&Garde::default(), &id, AncienSecret::Lendemain).await.unwrap().jeton.unwrap();
        assert!(s.resolves(&neuf).await.is_ok());
        assert_eq!(s.resolves(&ancien).await.unwrap_err(), Some(FinJeton::Renouvele));
        // Another administrator takes over.
        let role = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (compte, suivant) = s.t.personne("suivant@essai.example", role).await;
        s.t.sql("UPDATE compte SET etat = 'suspendu' WHERE id = $1", vec![s.compte.into()]).await;
        assert_eq!(s.resolves(&neuf).await.unwrap_err(), Some(FinJeton::SansDonneur));
        let ctx = s.t.ctx(suivant);
        let lequel = (2024, &s.etablissement, &id);
        let repris = renew_jeton(&ctx, &Garde::default(), lequel, 30, AncienSecret::Lendemain).await.unwrap().jeton.unwrap();
        assert_eq!(s.resolves(&repris).await.unwrap().acteur.compte, Some(compte), "whoever renews answers for it");
        assert_eq!(s.resolves(&neuf).await.unwrap_err(), Some(FinJeton::Renouvele));
    }

    async fn r_api_13_one_that_is_over_takes_a_place_when_it_is_renewed(base) {
        let s = Scene::new(base).await;
        let (premier, _) = s.given().await;
        s.t.sql("UPDATE jeton_api SET expire_le = 1", vec![]).await;
        s.given().await;
        let (dernier, _) = s.given().await;
        let trop = s.renews(&Garde::default(), &premier, AncienSecret::Aussitot).await;
        assert!(matches!(trop, Err(AppError::Invalid(_))), "{trop:?}");
        s.renews(&Garde::default(), &dernier, AncienSecret::Aussitot).await.expect("it has its own place");
    }

    async fn r_api_05_calls_with_what_opens_nothing_are_counted_and_begin_again_with_the_token(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        s.appelle(vu.cle, 200).await;
        revoke_jeton(&s.ctx(), &Garde::default(), &id).await.unwrap();
        let dernier_appel = s.vu(&id).await.vu_le;
        s.later(60_000);
        assert_eq!(s.vu(&id).await.refus, None);
        for _ in 0..2 {
            s.appelle(vu.cle, 401).await;
        }
        let lu = s.vu(&id).await;
        assert_eq!(lu.refus, Some((2, s.ctx().recu_ms())));
        assert_eq!(lu.vu_le, dernier_appel, "what was refused is no call of the program");
        assert_eq!(list_appels(&s.ctx(), &id, None, 10).await.unwrap().len(), 3);
        let (id, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        s.appelle(vu.cle, 401).await;
        assert_eq!(s.vu(&id).await.refus.map(|r| r.0), Some(1));
        s.renews(&Garde::default(), &id, AncienSecret::Aussitot).await.unwrap();
        assert_eq!(s.vu(&id).await.refus, None);
    }

    async fn r_api_01_hab_3_the_tokens_of_a_neighbour_are_as_absent_ones(base) {
        let s = Scene::new(base).await;
        let (id, _) = s.given().await;
        let ailleurs = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, voisin) = s.t.personne("voisin@essai.example", ailleurs).await;
        let ici = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::Lecteur) };
        let (_, lecteur) = s.t.personne("lecteur@essai.example", ici).await;
        for (qui, connu) in [(voisin, false), (lecteur, true)] {
            let ctx = s.t.ctx(qui);
            let refus = [
                view_jetons(&ctx, 2024, &s.etablissement).await.err(),
                view_jeton(&ctx, 2024, &s.etablissement, &id).await.err(),
                give_jeton(&ctx, &Garde::default(), 2024, &s.etablissement, &s.demande(&[], 1)).await.err(),
                revoke_jeton(&ctx, &Garde::default(), &id).await.err(),
                change_jeton(&ctx, &Garde::default(), (2024, &s.etablissement, &id), "x", &s.etendue(&[])).await.err(),
                renew_jeton(&ctx, &Garde::default(), (2024, &s.etablissement, &id), 1, AncienSecret::Aussitot).await.err(),
                list_appels(&ctx, &id, None, 1).await.err(),
                count_appels(&ctx, &id, 7).await.err(),
            ];
            for r in refus {
                assert!(matches!(&r, Some(AppError::Denied(d)) if d.connu == connu), "{r:?}");
            }
        }
    }
}

/// The first write is refused; no other call comes, and the first one is written all the same.
#[tokio::test]
async fn r_api_05_a_call_that_the_database_refused_is_written_when_it_answers_again() {
    let s = Scene::new(Base::sqlite()).await;
    let (_, jeton) = s.given().await;
    let vu = s.resolves(&jeton).await.unwrap();
    let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
    s.t.sql("ALTER TABLE appel_api RENAME TO ailleurs", vec![]).await;
    s.t.app.carnet.note(&ctx, Appel { objet: String::new(), statut: 200, duree_us: 1, marques: Vec::new() });
    s.t.app.carnet.flush(&s.t.app).await.expect_err("there is no table");
    s.t.sql("ALTER TABLE ailleurs RENAME TO appel_api", vec![]).await;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        if s.t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await == 1 {
            return;
        }
    }
    panic!("the call is lost");
}

/// Whoever asked for the writing goes away while another transaction holds the database.
#[tokio::test]
async fn r_api_05_a_writing_that_nobody_waits_for_any_more_loses_no_call() {
    let s = Scene::new(Base::sqlite()).await;
    let (_, jeton) = s.given().await;
    let vu = s.resolves(&jeton).await.unwrap();
    let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
    let autre = s.t.app.db.begin_write().await.unwrap();
    s.t.app.carnet.note(&ctx, Appel { objet: String::new(), statut: 200, duree_us: 1, marques: Vec::new() });
    let delai = std::time::Duration::from_millis(100);
    tokio::time::timeout(delai, s.t.app.carnet.flush(&s.t.app)).await.expect_err("the database is held");
    autre.commit().await.unwrap();
    s.t.app.carnet.flush(&s.t.app).await.unwrap();
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await, 1);
}
