//! The life of accounts, on both databases: suspended, secured, deleted, carried over, kept up to date.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::classements::Noms;
use app::comptes::{
    ActeCompte, CommandeActe, EtapeConnexion, MotDePasse, NouveauCompte, Preuve, SessionVue, act_on_compte,
    change_password, confirm_address, confirm_conforming_mobile, create_compte, enrol, give_mobile, leave,
    lift_securite, list_comptes, request_address, request_conforming_address, reset_password,
    resolve_session, secure_etablissement, sign_in, suspend_inactifs, view_compte, view_conformite,
};
use app::contexte::SecondeEtape;
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::comptes::{EtatCompte, Moyen, Role};
use domain::droits::{Acteur, Action, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use jiff::SignedDuration;
use testkit::{TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";
const NEUF: &str = "Vlam9?drisK2!";
const SECRET: [u8; 20] = [7; 20];

fn garde() -> Garde {
    Garde::default()
}

fn motif() -> CommandeActe {
    CommandeActe { motif: "Départ de la personne le 1er mars.".to_owned(), ..CommandeActe::default() }
}

/// An account with a password and a factor.
async fn compte(t: &TestApp, courriel: &str, role: Attribution, etat: EtatCompte) -> (i64, PublicId, Ctx) {
    let nouveau = NouveauCompte {
        courriel: courriel.to_owned(),
        nom: "Durand".to_owned(),
        prenom: "Zoé".to_owned(),
        mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
        roles: vec![role.clone()],
        etat,
        totp: Some(SECRET.to_vec()),
    };
    let id = create_compte(&t.systeme(), nouveau).await.unwrap();
    let public = store::comptes::by_id(&t.app.db, id).await.unwrap().public_id;
    let acteur = Acteur { compte: Some(id), nom: "Zoé Durand".into(), attributions: vec![role] };
    (id, PublicId::parse(&public).unwrap(), t.ctx(acteur))
}

fn au_lycee(role: Role, etablissement: i64) -> Attribution {
    Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) }
}

fn academie(code: &str) -> Attribution {
    Attribution { academies: vec![code.to_owned()], ..Attribution::simple(Role::Academie) }
}

fn visiteur(t: &TestApp) -> Ctx {
    t.ctx(Acteur::public())
}

async fn session(t: &TestApp, compte: i64, etape: EtapeConnexion) -> SessionVue {
    let ctx = t.systeme();
    let tx = ctx.begin().await.unwrap();
    let j = app::comptes::open_session(&tx, &ctx, compte, "nav", etape, None).await.unwrap();
    tx.commit().await.unwrap();
    resolve_session(&t.app, &j, "local", ctx.recu_ms()).await.unwrap().unwrap()
}

async fn ouvertes(t: &TestApp, compte: i64) -> i64 {
    t.nombre("SELECT COUNT(*) FROM session_web WHERE compte_id = $1", vec![compte.into()]).await
}

fn plus_tard(t: &TestApp, heures: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_hours(heures)).unwrap();
    t.horloge.set_maintenant(quand);
}

fn preuve() -> Preuve {
    Preuve { mot_de_passe: MDP.to_owned() }
}

/// The code of the last SMS.
async fn code_recu(t: &TestApp) -> String {
    let sms = t.envois().await.into_iter().find(|e| e.canal == "sms").unwrap();
    let chiffres: String = sms.corps.chars().filter(|c| c.is_ascii_digit() || *c == ' ').collect();
    let mots: Vec<&str> = chiffres.split_whitespace().filter(|m| m.len() == 4).take(2).collect();
    mots.concat()
}

async fn jeton(t: &TestApp, modele: &str, chemin: &str) -> String {
    let envoi = t.envois().await.into_iter().find(|e| e.modele == modele).unwrap();
    let debut = envoi.corps.find(chemin).unwrap() + chemin.len();
    envoi.corps[debut..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

both_databases! {
    async fn cpt_7_a_suspended_account_has_no_session_left_and_comes_back_as_it_was(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (zoe, id, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        session(&t, zoe, EtapeConnexion::Complete).await;
        let sans = act_on_compte(&admin, &garde(), &id, ActeCompte::Suspendre, &CommandeActe::default()).await;
        assert!(matches!(sans, Err(AppError::Invalid(f)) if f[0].0 == "motif"));
        act_on_compte(&admin, &garde(), &id, ActeCompte::Suspendre, &motif()).await.unwrap();
        assert_eq!(ouvertes(&t, zoe).await, 0);
        assert!(sign_in(&visiteur(&t), "nav", "zoe@essai.example", MDP).await.is_err());
        // Twice: the state says no.
        let encore = act_on_compte(&admin, &garde(), &id, ActeCompte::Suspendre, &motif()).await;
        assert!(matches!(encore, Err(AppError::Rule(RuleViolation::EtatDuCompte { etat: "suspendu" }))));
        act_on_compte(&admin, &garde(), &id, ActeCompte::Reactiver, &motif()).await.unwrap();
        sign_in(&visiteur(&t), "nav", "zoe@essai.example", MDP).await.unwrap();
        // A neighbour reads the same as for an absent account, and a stale page changes nothing.
        let autre = t.etablissement("0801235B", "Lycée voisin").await;
        let (_, _, voisin) = compte(&t, "v@essai.example", au_lycee(Role::AdminSite, autre), EtatCompte::Actif).await;
        assert!(matches!(view_compte(&voisin, &id).await, Err(AppError::Denied(d)) if !d.connu));
        let vieux = Garde { version: Some(0), ..garde() };
        let r = act_on_compte(&admin, &vieux, &id, ActeCompte::Suspendre, &motif()).await;
        assert!(matches!(r, Err(AppError::Conflict)));
    }

    async fn cpt_7_a_deleted_account_leaves_its_history_and_its_address(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (zoe, id, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        session(&t, zoe, EtapeConnexion::Complete).await;
        act_on_compte(&admin, &garde(), &id, ActeCompte::Supprimer, &motif()).await.unwrap();
        assert_eq!(ouvertes(&t, zoe).await, 0);
        let restes = "SELECT COUNT(*) FROM compte WHERE id = $1 AND nom = 'Durand' AND mot_de_passe IS NULL
                      AND totp_chiffre IS NULL AND courriel NOT LIKE 'zoe%'";
        assert_eq!(t.nombre(restes, vec![zoe.into()]).await, 1);
        assert!(store::comptes::attributions(&t.app.db, zoe).await.unwrap().is_empty());
        // The same person may come back, as another account.
        compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
    }

    async fn cpt_8_the_last_administrator_neither_leaves_nor_is_degraded(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, chef) = compte(&t, "chef@essai.example", au_lycee(Role::ChefEtab, etab), EtatCompte::Actif).await;
        let (adm, id, ctx) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let s = session(&t, adm, EtapeConnexion::Complete).await;
        let r = leave(&ctx, &s, &preuve()).await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::DernierAdministrateur))), "{r:?}");
        let degrade = CommandeActe { ajout: Some(Role::Lecteur), ..motif() };
        for (acte, c) in [(ActeCompte::Supprimer, motif()), (ActeCompte::ChangerRoles, degrade.clone())] {
            let r = act_on_compte(&chef, &garde(), &id, acte, &c).await;
            assert!(matches!(r, Err(AppError::Rule(RuleViolation::DernierAdministrateur))), "{acte:?} {r:?}");
        }
        compte(&t, "adm2@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        act_on_compte(&chef, &garde(), &id, ActeCompte::ChangerRoles, &degrade).await.unwrap();
        let roles = store::comptes::attributions(&t.app.db, adm).await.unwrap();
        assert_eq!(roles.iter().map(|r| r.role).collect::<Vec<_>>(), [Role::Lecteur]);
    }

    async fn hab_6_a_withdrawn_course_is_out_of_reach_at_the_next_request(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let g = t.formation(etab, "BTS Autre", Famille::Bts, true, 24, true).await;
        let (_, _, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let role = Attribution { formation: Some(f.formation), ..au_lycee(Role::MembreCev, etab) };
        let (zoe, id, _) = compte(&t, "zoe@essai.example", role, EtatCompte::Actif).await;
        let ajout = CommandeActe {
            ajout: Some(Role::RespFormation),
            formations: vec![g.public_id.clone()],
            ..CommandeActe::default()
        };
        act_on_compte(&admin, &garde(), &id, ActeCompte::ChangerRoles, &ajout).await.unwrap();
        let roles = store::comptes::attributions(&t.app.db, zoe).await.unwrap();
        assert_eq!(roles.len(), 1);
        assert_eq!((roles[0].role, roles[0].formation), (Role::RespFormation, Some(g.formation)));
        let rien = act_on_compte(&admin, &garde(), &id, ActeCompte::ChangerRoles, &CommandeActe::default()).await;
        assert!(matches!(rien, Err(AppError::Invalid(f)) if f[0].0 == "gardes"));
        // Stronger roles are not the administrator's to give.
        let chef = CommandeActe { ajout: Some(Role::ChefEtab), ..ajout };
        assert!(matches!(
            act_on_compte(&admin, &garde(), &id, ActeCompte::ChangerRoles, &chef).await,
            Err(AppError::Invalid(_))
        ));
    }

    async fn mdp_5_a_stolen_password_opens_nothing_and_is_not_chosen_again(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (zoe, id, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        session(&t, zoe, EtapeConnexion::Complete).await;
        act_on_compte(&admin, &garde(), &id, ActeCompte::ForcerMotDePasse, &motif()).await.unwrap();
        assert_eq!(ouvertes(&t, zoe).await, 0);
        assert!(sign_in(&visiteur(&t), "nav", "zoe@essai.example", MDP).await.is_err());
        app::comptes::request_reset(&visiteur(&t), "zoe@essai.example").await.unwrap();
        let lien = jeton(&t, "oubli_lien", "/mot-de-passe/").await;
        let memes = reset_password(&visiteur(&t), &lien, MDP, MDP).await;
        assert!(matches!(memes, Err(AppError::Invalid(_))), "{memes:?}");
        reset_password(&visiteur(&t), &lien, NEUF, NEUF).await.unwrap();
        sign_in(&visiteur(&t), "nav", "zoe@essai.example", NEUF).await.unwrap();
    }

    async fn ses_3_what_an_account_was_typing_goes_with_it_or_with_a_password_that_others_may_know(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, chef) = compte(&t, "chef@essai.example", au_lycee(Role::ChefEtab, etab), EtatCompte::Actif).await;
        let reste = || t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]);
        let types = async |ctx: &Ctx| {
            let saisie = app::brouillons::Saisie {
                chemin: "/gestion/2024/demandes/ouvrir".to_owned(),
                onglet: PublicId::from_bytes([1; 16]),
                paires: vec![("motif".to_owned(), "Effectifs".to_owned())],
                garde: garde(),
            };
            app::brouillons::keep(ctx, &[Action::DemanderFormation], &saisie).await.unwrap();
        };
        types(&chef).await;
        for (n, (acte, etat)) in [
            (ActeCompte::ForcerMotDePasse, EtatCompte::Actif),
            (ActeCompte::Supprimer, EtatCompte::Actif),
            (ActeCompte::DeclarerPartage, EtatCompte::ASecuriser),
        ]
        .into_iter()
        .enumerate()
        {
            let (_, id, ctx) = compte(&t, &format!("adm{n}@essai.example"), au_lycee(Role::AdminSite, etab), etat).await;
            types(&ctx).await;
            assert_eq!(reste().await, 2);
            // Whoever remains an administrator.
            compte(&t, &format!("autre{n}@essai.example"), au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
            act_on_compte(&chef, &garde(), &id, acte, &motif()).await.unwrap();
            assert_eq!(reste().await, 1, "{acte:?}: another account keeps its own");
        }
        // What the holder does with their own password takes nothing away.
        app::comptes::request_reset(&visiteur(&t), "chef@essai.example").await.unwrap();
        let lien = jeton(&t, "oubli_lien", "/mot-de-passe/").await;
        reset_password(&visiteur(&t), &lien, NEUF, NEUF).await.unwrap();
        assert_eq!(reste().await, 1);
    }

    async fn ses_5_an_establishment_is_made_safe_in_one_gesture(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let (adm, _, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let role = Attribution { formation: Some(f.formation), ..Attribution::simple(Role::RespFormation) };
        let (resp, _, ctx) = compte(&t, "resp@essai.example", role, EtatCompte::Actif).await;
        let (dehors, _, _) = compte(&t, "acad@essai.example", academie("20"), EtatCompte::Actif).await;
        for c in [adm, resp, dehors] {
            session(&t, c, EtapeConnexion::Complete).await;
        }
        app::comptes::request_reset(&visiteur(&t), "resp@essai.example").await.unwrap();
        let lien = jeton(&t, "oubli_lien", "/mot-de-passe/").await;
        t.at_opening(domain::calendrier::Etape::Examen).await;
        let ctx = t.ctx(ctx.acteur);
        app::classements::export_classement(&ctx, 2024, &f.groupe_public_id, Noms::Avec).await.unwrap();
        secure_etablissement(&admin, &garde(), "0801234a", "Courriel d’hameçonnage reçu ce matin.").await.unwrap();
        assert_eq!((ouvertes(&t, adm).await, ouvertes(&t, resp).await, ouvertes(&t, dehors).await), (0, 0, 1));
        for courriel in ["adm@essai.example", "resp@essai.example"] {
            assert!(sign_in(&visiteur(&t), "nav", courriel, MDP).await.is_err(), "{courriel}");
        }
        assert!(matches!(reset_password(&visiteur(&t), &lien, NEUF, NEUF).await, Err(AppError::NotFound)));
        let export = app::classements::export_classement(&ctx, 2024, &f.groupe_public_id, Noms::Avec).await;
        assert!(matches!(export, Err(AppError::Rule(RuleViolation::EtablissementEnSecurite))));
        let deux = secure_etablissement(&admin, &garde(), "0801234A", "Courriel d’hameçonnage reçu ce matin.").await;
        assert!(matches!(deux, Err(AppError::Conflict)));
        lift_securite(&admin, &garde(), "0801234A", "Postes vérifiés, comptes renouvelés.").await.unwrap();
        app::classements::export_classement(&ctx, 2024, &f.groupe_public_id, Noms::Avec).await.unwrap();
    }

    async fn lim_6_a_lost_factor_is_withdrawn_on_the_spot_and_by_two_agents_for_the_last_administrator(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, chef) = compte(&t, "chef@essai.example", au_lycee(Role::ChefEtab, etab), EtatCompte::Actif).await;
        let (adm, adm_id, admin) = compte(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (zoe, id, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        let sans = act_on_compte(&admin, &garde(), &id, ActeCompte::RetirerFacteur, &motif()).await;
        assert!(matches!(sans, Err(AppError::Invalid(f)) if f[0].0 == "controle"));
        let vu = CommandeActe { controle: "presence".into(), ..motif() };
        act_on_compte(&admin, &garde(), &id, ActeCompte::RetirerFacteur, &vu).await.unwrap();
        let c = sign_in(&visiteur(&t), "nav", "zoe@essai.example", MDP).await.unwrap();
        // Without a factor, the mailbox is proved by a code before a new one is enrolled.
        assert_eq!(c.etape, EtapeConnexion::SecondFacteur);
        assert!(t.envois().await.iter().any(|e| e.modele == "facteur_retire"));
        // Within a day, the address does not change.
        let s = session(&t, zoe, EtapeConnexion::Complete).await;
        let r = request_address(&t.ctx(s.acteur()), &s, &preuve(), "z.durand@autre.example").await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::AdresseEtFacteur { .. }))), "{r:?}");

        let r = act_on_compte(&chef, &garde(), &adm_id, ActeCompte::RetirerFacteur, &vu).await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::FacteurDuDernierAdministrateur))), "{r:?}");
        let (_, _, un) = compte(&t, "un@essai.example", academie("20"), EtatCompte::Actif).await;
        let (_, _, deux) = compte(&t, "deux@essai.example", academie("20"), EtatCompte::Actif).await;
        let ligne = CommandeActe { controle: "ligne_officielle".into(), ..motif() };
        act_on_compte(&un, &garde(), &adm_id, ActeCompte::RetirerFacteur, &ligne).await.unwrap();
        assert!(store::comptes::by_id(&t.app.db, adm).await.unwrap().totp_chiffre.is_some());
        let seul = act_on_compte(&un, &garde(), &adm_id, ActeCompte::ValiderRetrait, &CommandeActe::default()).await;
        assert!(matches!(seul, Err(AppError::Rule(RuleViolation::DeuxAgents))), "{seul:?}");
        act_on_compte(&deux, &garde(), &adm_id, ActeCompte::ValiderRetrait, &CommandeActe::default()).await.unwrap();
        assert!(store::comptes::by_id(&t.app.db, adm).await.unwrap().totp_chiffre.is_none());
    }

    async fn cpt_6_mdp_5_a_new_address_is_proved_before_it_serves_and_both_are_told(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (zoe, _, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        let s = session(&t, zoe, EtapeConnexion::Complete).await;
        let ctx = t.ctx(s.acteur());
        let faux = Preuve { mot_de_passe: "autre".into() };
        let r = request_address(&ctx, &s, &faux, "z.durand@autre.example").await;
        assert!(matches!(r, Err(AppError::Invalid(f)) if f[0].0 == "mot_de_passe"));
        let r = request_address(&ctx, &s, &preuve(), "contact@autre.example").await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::BoiteDeFonction { .. }))), "{r:?}");
        // The second step is too old, or was made by mail: the password alone changes nothing.
        let le_ms = ctx.recu_ms() - 20 * 60_000;
        for etape in [
            SecondeEtape::Absente,
            SecondeEtape::Faite { le_ms, moyen: Moyen::Totp },
            SecondeEtape::Faite { le_ms: ctx.recu_ms(), moyen: Moyen::Courriel },
        ] {
            let ctx = Ctx { seconde_etape: etape, ..ctx.clone() };
            let r = request_address(&ctx, &s, &preuve(), "z.durand@autre.example").await;
            assert!(matches!(r, Err(AppError::Confirmation)), "{etape:?} {r:?}");
        }
        let seconde_etape = SecondeEtape::Faite { le_ms: ctx.recu_ms(), moyen: Moyen::CleAcces };
        let ctx = Ctx { seconde_etape, ..ctx };
        request_address(&ctx, &s, &preuve(), "Z.Durand@autre.example").await.unwrap();
        let avis = t.envois().await.into_iter().find(|e| e.modele == "adresse_demandee").unwrap();
        assert_eq!(avis.destinataire, "zoe@essai.example");
        assert!(store::comptes::by_courriel(&t.app.db, "z.durand@autre.example").await.unwrap().is_none());
        let lien = jeton(&t, "adresse_lien", "/compte/confirmer/").await;
        confirm_address(&visiteur(&t), &lien).await.unwrap();
        assert!(matches!(confirm_address(&visiteur(&t), &lien).await, Err(AppError::NotFound)));
        assert_eq!(t.envois().await.iter().filter(|e| e.modele == "adresse_changee").count(), 2);
        sign_in(&visiteur(&t), "nav", "z.durand@autre.example", MDP).await.unwrap();
        // MDP-5: old password, other password, other sessions closed.
        plus_tard(&t, 1);
        let s = session(&t, zoe, EtapeConnexion::Complete).await;
        let ctx = t.ctx(s.acteur());
        let meme = change_password(&ctx, &s, &preuve(), MDP, MDP).await;
        assert!(matches!(meme, Err(AppError::Invalid(f)) if f[0].0 == "nouveau"));
        change_password(&ctx, &s, &preuve(), NEUF, NEUF).await.unwrap();
        assert_eq!(ouvertes(&t, zoe).await, 1);
    }

    async fn cpt_4_a_carried_over_account_gives_address_and_mobile_before_anything_else(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let role = au_lycee(Role::AdminSite, etab);
        let (adm, _, _) = compte(&t, "secretariat@essai.example", role, EtatCompte::ASecuriser).await;
        t.sql("UPDATE compte SET totp_chiffre = NULL WHERE id = $1", vec![adm.into()]).await;
        let s = session(&t, adm, EtapeConnexion::Enrolement).await;
        let ctx = visiteur(&t);
        let m = view_conformite(&ctx, &s).await.unwrap();
        assert_eq!((m.adresse.as_deref(), m.mobile), (Some("secretariat"), true));
        let c = app::comptes::CommandeEnrolement::default();
        assert!(matches!(enrol(&ctx, &s, "nav", &c).await, Err(AppError::Conflict)));
        assert!(matches!(give_mobile(&ctx, &s, "nav", "0322334455").await, Err(AppError::Invalid(_))));
        give_mobile(&ctx, &s, "nav", "06 12 34 56 78").await.unwrap();
        let m = view_conformite(&ctx, &s).await.unwrap();
        assert!(m.mobile && m.code_envoye, "given is not proved");
        assert_eq!(m.numero.as_deref(), Some("•• •• 56 78"));
        let faux = confirm_conforming_mobile(&ctx, &s, "nav", "00000000").await;
        assert!(matches!(faux, Err(AppError::Invalid(f)) if f[0].0 == "code_mobile"));
        let code = code_recu(&t).await;
        assert!(confirm_conforming_mobile(&ctx, &s, "autre", &code).await.is_err(), "another browser");
        confirm_conforming_mobile(&ctx, &s, "nav", &code).await.unwrap();
        assert!(!view_conformite(&ctx, &s).await.unwrap().mobile);
        request_conforming_address(&ctx, &s, "yves.caron@essai.example").await.unwrap();
        assert!(!view_conformite(&ctx, &s).await.unwrap().is_complete(), "asked is not proved");
        confirm_address(&ctx, &jeton(&t, "adresse_lien", "/compte/confirmer/").await).await.unwrap();
        assert!(view_conformite(&ctx, &s).await.unwrap().is_complete());
        assert_eq!(s.acteur().compte, None, "nothing else answers");
    }

    async fn cpt_4_a_shared_account_is_taken_over_once_and_keeps_its_past(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, chef) = compte(&t, "chef@essai.example", au_lycee(Role::ChefEtab, etab), EtatCompte::Actif).await;
        let (yves, yves_id, ctx) = compte(&t, "yves@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (_, _, autre) = compte(&t, "autre@essai.example", au_lycee(Role::AdminSite, etab), EtatCompte::Actif).await;
        let (vieux, id, _) = compte(&t, "bts@essai.example", au_lycee(Role::GestAdmin, etab), EtatCompte::ASecuriser).await;
        act_on_compte(&chef, &garde(), &id, ActeCompte::DeclarerPartage, &motif()).await.unwrap();
        assert!(sign_in(&visiteur(&t), "nav", "bts@essai.example", MDP).await.is_err());
        let c = CommandeActe { confiee_a: yves_id.as_str().to_owned(), ..CommandeActe::default() };
        assert!(act_on_compte(&ctx, &garde(), &id, ActeCompte::ConfierReprise, &c).await.is_err(), "named by the head");
        act_on_compte(&chef, &garde(), &id, ActeCompte::ConfierReprise, &c).await.unwrap();
        let rien = CommandeActe::default();
        assert!(act_on_compte(&autre, &garde(), &id, ActeCompte::Reprendre, &rien).await.is_err());
        act_on_compte(&ctx, &garde(), &id, ActeCompte::Reprendre, &rien).await.unwrap();
        assert!(act_on_compte(&ctx, &garde(), &id, ActeCompte::Reprendre, &rien).await.is_err(), "once");
        let roles = store::comptes::attributions(&t.app.db, yves).await.unwrap();
        assert_eq!(roles.iter().map(|r| r.role).collect::<Vec<_>>(), [Role::AdminSite, Role::GestAdmin]);
        let ancien = store::comptes::by_id(&t.app.db, vieux).await.unwrap();
        assert_eq!(format!("{} {}", ancien.prenom, ancien.nom), "Compte partagé 2023");
    }

    async fn cpt_7_idle_accounts_are_told_twice_then_suspended_and_twice_changes_nothing(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (zoe, _, _) = compte(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab), EtatCompte::Actif).await;
        let bilan = |b: app::comptes::BilanInactivite| (b.rappels, b.suspensions);
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (0, 0));
        plus_tard(&t, 24 * 370);
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (1, 0));
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (0, 0));
        plus_tard(&t, 24 * 22);
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (1, 0));
        plus_tard(&t, 24 * 8);
        session(&t, zoe, EtapeConnexion::Complete).await;
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (0, 1));
        assert_eq!(bilan(suspend_inactifs(&t.systeme()).await.unwrap()), (0, 0));
        assert_eq!(store::comptes::by_id(&t.app.db, zoe).await.unwrap().etat, "suspendu");
        assert_eq!(ouvertes(&t, zoe).await, 0);
        assert_eq!(t.envois().await.iter().filter(|e| e.modele == "rappel_inactivite").count(), 2);
    }

    async fn cpt_1_a_perimeter_lists_its_accounts_and_who_has_no_factor(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let (_, _, acad) = compte(&t, "acad@essai.example", academie("20"), EtatCompte::Actif).await;
        let (_, _, loin) = compte(&t, "loin@essai.example", academie("09"), EtatCompte::Actif).await;
        let role = Attribution { formation: Some(f.formation), ..Attribution::simple(Role::RespFormation) };
        compte(&t, "resp@essai.example", role, EtatCompte::Actif).await;
        for i in 0..35 {
            t.personne(&format!("lecteur{i}@essai.example"), au_lycee(Role::Lecteur, etab)).await;
        }
        let tout = list_comptes(&acad, &app::comptes::FiltreListe::default()).await.unwrap();
        assert_eq!((tout.total, tout.pages, tout.lignes.len(), tout.sans_facteur), (36, 2, 30, 35));
        let filtre = app::comptes::FiltreListe { recherche: "RESP zoé".into(), ..Default::default() };
        assert_eq!(list_comptes(&acad, &filtre).await.unwrap().total, 1);
        assert_eq!(list_comptes(&loin, &Default::default()).await.unwrap().total, 0);
    }
}
