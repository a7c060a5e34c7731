//! Invitations, on both databases: the chain, the link, the address.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{
    CommandeAcceptation, CommandeInvitation, EtapeConnexion, FiltreListe, accept_invitation,
    accept_with_account, cancel_invitation, check_invitation, confirm_conforming_mobile, decide_derogation,
    give_mobile, invite, list_comptes, list_derogations, request_derogation, resend_invitation,
    resolve_session, tell_expired_invitations, view_conformite,
};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::{PublicId, RuleViolation};
use jiff::SignedDuration;
use testkit::{TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";

fn commande(role: Role, courriel: &str) -> CommandeInvitation {
    CommandeInvitation {
        courriel: courriel.to_owned(),
        nom: "Durand".to_owned(),
        prenom: "Zoé".to_owned(),
        role: Some(role),
        uai: "0801234A".to_owned(),
        ..CommandeInvitation::default()
    }
}

fn acceptation() -> CommandeAcceptation {
    CommandeAcceptation {
        nom: "Durand".to_owned(),
        prenom: "Zoé".to_owned(),
        mobile: "06 12 34 56 78".to_owned(),
        mot_de_passe: MDP.to_owned(),
        confirmation: MDP.to_owned(),
    }
}

fn garde(cle: &str) -> Garde {
    Garde { cle: Some(cle.to_owned()), version: None, ..Garde::default() }
}

/// The token of the last invitation sent, and to whom.
async fn jeton(t: &TestApp) -> (String, String) {
    let envoi = t.envois().await.into_iter().find(|e| e.modele == "invitation_lien").unwrap();
    let debut = envoi.corps.find("/invitation/").unwrap() + "/invitation/".len();
    (envoi.corps[debut..].chars().take_while(char::is_ascii_alphanumeric).collect(), envoi.destinataire)
}

async fn attente(t: &TestApp, ctx: &Ctx) -> PublicId {
    let liste = list_comptes(ctx, &FiltreListe::default()).await.unwrap();
    assert!(!liste.invitations.is_empty(), "{}", t.app.adresse);
    PublicId::parse(&liste.invitations[0].public_id).unwrap()
}

fn visiteur(t: &TestApp) -> Ctx {
    t.ctx(Acteur::public())
}

async fn national(t: &TestApp) -> Ctx {
    t.ctx(t.personne("nat@essai.example", Attribution::simple(Role::AdminNational)).await.1)
}

async fn du_lycee(t: &TestApp, role: Role, etablissement: i64) -> Ctx {
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) };
    t.ctx(t.personne(&format!("{}@essai.example", role.code()), a).await.1)
}

async fn academie(t: &TestApp, code: &str) -> Ctx {
    let a = Attribution { academies: vec![code.to_owned()], ..Attribution::simple(Role::Academie) };
    t.ctx(t.personne(&format!("acad{code}@essai.example"), a).await.1)
}

/// Somebody signed in with an account created by an invitation.
async fn accepte(t: &TestApp) -> (i64, Vec<Attribution>) {
    let (jeton, _) = jeton(t).await;
    let c = accept_invitation(&visiteur(t), &jeton, "nav", &acceptation()).await.unwrap();
    assert_eq!(c.etape, EtapeConnexion::Enrolement, "the second factor comes next");
    let s = resolve_session(&t.app, &c.jeton, "local", t.systeme().recu_ms()).await.unwrap().unwrap();
    (s.compte, c.roles)
}

both_databases! {
    async fn cpt_5_the_chain_goes_from_the_national_team_to_the_users(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let nat = national(&t).await;
        let service = CommandeInvitation {
            academies: vec!["20".to_owned()],
            uai: String::new(),
            ..commande(Role::Academie, "service@essai.example")
        };
        // « service » alone is not somebody's name.
        let refus = invite(&nat, &garde("0"), &service).await;
        assert!(matches!(refus, Err(AppError::Rule(RuleViolation::BoiteDeFonction { .. }))), "{refus:?}");
        let service = CommandeInvitation { courriel: "a.rectorat2@essai.example".into(), ..service };
        assert!(invite(&nat, &garde("0"), &service).await.is_err());
        let service = CommandeInvitation { courriel: "ada.lovelace@essai.example".into(), ..service };
        let recu = invite(&nat, &garde("1"), &service).await.unwrap();
        // The same form twice: one invitation, the same receipt.
        assert_eq!(invite(&nat, &garde("1"), &service).await.unwrap(), recu);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM invitation", vec![]).await, 1);

        let mut suivant = nat;
        let etapes = [
            (None, "ada.lovelace@essai.example"),
            (Some(Role::ChefEtab), "chef.durand@essai.example"),
            (Some(Role::AdminSite), "adm.durand@essai.example"),
            (Some(Role::RespFormation), "resp.durand@essai.example"),
        ];
        for (role, courriel) in etapes {
            if let Some(role) = role {
                let mut c = commande(role, courriel);
                if role.is_over_courses() {
                    // Without a course, or with that of a neighbour: refused.
                    let sans = invite(&suivant, &garde("sans"), &c).await;
                    assert!(matches!(sans, Err(AppError::Invalid(f)) if f[0].0 == "formations"));
                    c.formations = vec![f.public_id.clone()];
                }
                invite(&suivant, &garde(courriel), &c).await.unwrap();
            }
            let (_, a) = jeton(&t).await;
            assert_eq!(a, courriel);
            let (compte, roles) = accepte(&t).await;
            suivant = t.ctx(Acteur { compte: Some(compte), nom: "Zoé Durand".into(), attributions: roles });
        }
        // The last one invites nobody.
        let refus = invite(&suivant, &garde("x"), &commande(Role::Lecteur, "l@essai.example")).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
        assert_eq!(suivant.acteur.attributions[0].formation, Some(f.formation));
        let sql = "SELECT COUNT(*) FROM compte WHERE mobile_chiffre IS NOT NULL";
        assert_eq!(t.nombre(sql, vec![]).await, 4);
    }

    async fn r_dro_02_nobody_gives_a_role_that_is_not_theirs_to_give(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        t.etablissement("0801235B", "Lycée voisin").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        for role in [Role::AdminNational, Role::Academie, Role::ChefEtab, Role::AdminSite, Role::Candidat] {
            let r = invite(&admin, &garde(role.code()), &commande(role, "z@essai.example")).await;
            assert!(matches!(&r, Err(AppError::Invalid(f)) if f[0].0 == "role"), "{role:?} {r:?}");
        }
        // HAB-3: the neighbour's establishment and an absent one read the same.
        let mut dits = Vec::new();
        for uai in ["0801235B", "0809999Z"] {
            let c = CommandeInvitation { uai: uai.to_owned(), ..commande(Role::Lecteur, "z@essai.example") };
            match invite(&admin, &garde(uai), &c).await {
                Err(AppError::Invalid(f)) => dits.push(f),
                autre => panic!("{autre:?}"),
            }
        }
        assert_eq!(dits[0], dits[1]);
        let loin = academie(&t, "09").await;
        assert!(invite(&loin, &garde("l"), &commande(Role::ChefEtab, "z@essai.example")).await.is_err());
        assert_eq!(t.nombre("SELECT COUNT(*) FROM invitation", vec![]).await, 0);
    }

    async fn cpt_5_the_link_serves_once_within_72_hours_and_a_new_one_replaces_it(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        invite(&admin, &garde("1"), &commande(Role::Lecteur, "z.durand@essai.example")).await.unwrap();
        let (premier, _) = jeton(&t).await;
        assert_eq!(premier.len(), 52, "256 bits");
        let lu = t.nombre("SELECT COUNT(*) FROM invitation WHERE jeton_hache = $1", vec![premier.clone().into()]).await;
        assert_eq!(lu, 0, "hashed");
        let id = attente(&t, &admin).await;
        resend_invitation(&admin, &garde("2"), &id).await.unwrap();
        let (second, _) = jeton(&t).await;
        assert!(matches!(check_invitation(&visiteur(&t), &premier).await, Err(AppError::NotFound)));
        // One millisecond before 72 hours, and at 72 hours.
        let debut = t.app.horloge.maintenant();
        t.horloge.set_maintenant(debut.checked_add(SignedDuration::from_millis(72 * 3_600_000 - 1)).unwrap());
        check_invitation(&visiteur(&t), &second).await.unwrap();
        t.horloge.set_maintenant(debut.checked_add(SignedDuration::from_hours(72)).unwrap());
        assert!(matches!(check_invitation(&visiteur(&t), &second).await, Err(AppError::NotFound)));
        t.horloge.set_maintenant(debut);
        accept_invitation(&visiteur(&t), &second, "nav", &acceptation()).await.unwrap();
        let encore = accept_invitation(&visiteur(&t), &second, "nav", &acceptation()).await;
        assert!(matches!(encore, Err(AppError::NotFound)));
        assert!(matches!(resend_invitation(&admin, &garde("3"), &id).await, Err(AppError::Conflict)));
        // Already theirs.
        let r = invite(&admin, &garde("4"), &commande(Role::Lecteur, "z.durand@essai.example")).await;
        assert!(matches!(r, Err(AppError::Invalid(f)) if f[0].0 == "courriel"));
    }

    async fn cpt_5_a_cancelled_invitation_opens_nothing_and_sendings_are_counted(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        invite(&admin, &garde("1"), &commande(Role::Lecteur, "z.durand@essai.example")).await.unwrap();
        let id = attente(&t, &admin).await;
        for cle in ["a", "b", "c"] {
            resend_invitation(&admin, &garde(cle), &id).await.unwrap();
        }
        let trop = resend_invitation(&admin, &garde("d"), &id).await;
        assert!(matches!(trop, Err(AppError::Invalid(_))), "{trop:?}");
        // A neighbour knows nothing of it.
        let autre = t.etablissement("0801235B", "Lycée voisin").await;
        let a = Attribution { etablissement: Some(autre), ..Attribution::simple(Role::AdminSite) };
        let voisin = t.ctx(t.personne("voisin@essai.example", a).await.1);
        assert!(matches!(cancel_invitation(&voisin, &garde("v"), &id).await, Err(AppError::Denied(d)) if !d.connu));
        let (jeton, _) = jeton(&t).await;
        cancel_invitation(&admin, &garde("e"), &id).await.unwrap();
        assert!(matches!(check_invitation(&visiteur(&t), &jeton).await, Err(AppError::NotFound)));
        assert_eq!(t.nombre("SELECT COUNT(*) FROM compte WHERE courriel = 'z.durand@essai.example'", vec![]).await, 0);
    }

    async fn cpt_1_somebody_with_an_account_takes_the_role_with_it(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let autre = t.etablissement("0801235B", "Lycée voisin").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        let a = Attribution { etablissement: Some(autre), ..Attribution::simple(Role::Lecteur) };
        let (zoe, _) = t.personne("zoe.durand@essai.example", a).await;
        invite(&admin, &garde("1"), &commande(Role::GestAdmin, "Zoe.Durand@essai.example")).await.unwrap();
        let (lien, _) = jeton(&t).await;
        // A second account for the same person cannot be made.
        let double = accept_invitation(&visiteur(&t), &lien, "nav", &acceptation()).await;
        assert!(matches!(double, Err(AppError::Conflict)));
        let session = |compte: i64| {
            let t = &t;
            async move {
                let ctx = t.systeme();
                let tx = ctx.begin().await.unwrap();
                let j = app::comptes::open_session(&tx, &ctx, compte, "nav", EtapeConnexion::Complete, None).await.unwrap();
                tx.commit().await.unwrap();
                resolve_session(&t.app, &j, "local", ctx.recu_ms()).await.unwrap().unwrap()
            }
        };
        // Somebody else holding the link gets nothing.
        let intrus = session(admin.acteur.compte.unwrap()).await;
        let r = accept_with_account(&t.ctx(intrus.acteur()), &intrus, &lien, "").await;
        assert!(matches!(r, Err(AppError::NotFound)), "{r:?}");
        let s = session(zoe).await;
        assert!(!accept_with_account(&t.ctx(s.acteur()), &s, &lien, "").await.unwrap());
        let roles = store::comptes::attributions(&t.app.db, zoe).await.unwrap();
        assert_eq!(roles.iter().map(|r| r.role).collect::<Vec<_>>(), [Role::Lecteur, Role::GestAdmin]);

        // A candidate who becomes staff chooses a stronger password and a factor first.
        t.at_opening(domain::calendrier::Etape::Voeux).await;
        let lea = t.candidat("lea.martin@essai.example", domain::candidats::TypeBac::General).await;
        invite(&admin, &garde("2"), &commande(Role::Lecteur, "lea.martin@essai.example")).await.unwrap();
        let (lien, _) = jeton(&t).await;
        let s = session(lea.compte).await;
        assert!(accept_with_account(&t.ctx(s.acteur()), &s, &lien, "").await.unwrap());
        assert_eq!(store::comptes::by_id(&t.app.db, lea.compte).await.unwrap().etat, "a_securiser");
        let ouvertes = t.nombre("SELECT COUNT(*) FROM session_web WHERE compte_id = $1", vec![lea.compte.into()]).await;
        assert_eq!(ouvertes, 0);
    }

    async fn cpt_2_a_role_mailbox_needs_the_academic_service_and_only_for_the_session(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        let c = commande(Role::Lecteur, "secretariat.bts@essai.example");
        let r = invite(&admin, &garde("1"), &c).await;
        assert!(matches!(&r, Err(AppError::Rule(RuleViolation::BoiteDeFonction { mot })) if mot == "secretariat"));
        let court = request_derogation(&admin, &garde("2"), "0801234A", &c.courriel, "svp").await;
        assert!(matches!(court, Err(AppError::Invalid(f)) if f[0].0 == "motif"));
        let motif = "L’agente n’a pas d’adresse à son nom avant septembre.";
        request_derogation(&admin, &garde("3"), "0801234A", &c.courriel, motif).await.unwrap();
        assert!(invite(&admin, &garde("4"), &c).await.is_err(), "asked is not granted");

        assert!(matches!(list_derogations(&admin).await, Err(AppError::Denied(_))));
        assert!(list_derogations(&academie(&t, "09").await).await.unwrap().is_empty());
        let service = academie(&t, "20").await;
        let demandes = list_derogations(&service).await.unwrap();
        let id = PublicId::parse(&demandes[0].public_id).unwrap();
        let sien = academie(&t, "10").await;
        assert!(decide_derogation(&sien, &garde("5"), &id, true, "Admise pour 2024.").await.is_err());
        decide_derogation(&service, &garde("6"), &id, true, "Admise pour la session 2024.").await.unwrap();
        let avis = t.envois().await.remove(0);
        assert_eq!((avis.modele.as_str(), avis.destinataire.as_str()), ("derogation_decidee", "admin_site@essai.example"));
        invite(&admin, &garde("7"), &c).await.unwrap();

        // The next session starts without it.
        app::sessions::ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        let suivante = CommandeInvitation { nom: "Petit".into(), ..commande(Role::GestAdmin, &c.courriel) };
        let r = invite(&admin, &garde("8"), &suivante).await;
        assert!(matches!(r, Err(AppError::Rule(RuleViolation::BoiteDeFonction { .. }))), "{r:?}");
    }

    async fn cpt_3_an_administrator_gives_a_mobile_and_it_is_sealed(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let chef = du_lycee(&t, Role::ChefEtab, etab).await;
        invite(&chef, &garde("1"), &commande(Role::AdminSite, "z.durand@essai.example")).await.unwrap();
        let (lien, _) = jeton(&t).await;
        for mobile in ["", "03 22 33 44 55", "appelez-moi"] {
            let c = CommandeAcceptation { mobile: mobile.to_owned(), ..acceptation() };
            match accept_invitation(&visiteur(&t), &lien, "nav", &c).await {
                Err(AppError::Invalid(f)) => assert_eq!(f[0].0, "mobile"),
                autre => panic!("{mobile}: {autre:?}"),
            }
        }
        let (compte, _) = accepte(&t).await;
        let vie = store::comptes::vie(&t.app.db, compte).await.unwrap();
        let public = store::comptes::by_id(&t.app.db, compte).await.unwrap().public_id;
        let chiffre = vie.mobile_chiffre.unwrap();
        assert!(!chiffre.windows(8).any(|o| o == b"12345678"));
        assert_eq!(store::comptes::open_mobile(&t.app.coffre, &public, &chiffre).unwrap(), "+33612345678");
        assert_eq!(vie.mobile_verifie_le, None, "to be verified");
    }

    async fn cpt_5_whoever_invited_learns_that_the_person_accepted_or_that_the_link_ran_out(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        let avis = async |modele: &str| {
            let envois = t.envois().await;
            envois.into_iter().filter(|e| e.modele == modele).map(|e| (e.destinataire, e.corps)).collect::<Vec<_>>()
        };
        invite(&admin, &garde("1"), &commande(Role::Lecteur, "zoe.durand@essai.example")).await.unwrap();
        accepte(&t).await;
        let recus = avis("invitation_acceptee").await;
        assert_eq!(recus.len(), 1);
        assert_eq!(recus[0].0, "admin_site@essai.example");
        assert!(recus[0].1.contains("Zoé Durand a accepté") && recus[0].1.contains("Lecteur, pour Lycée d’essai"));
        assert!(!recus[0].1.contains("/invitation/"), "no secret");

        invite(&admin, &garde("2"), &commande(Role::Lecteur, "ida.durand@essai.example")).await.unwrap();
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 0);
        let plus_tard = |heures: i64| {
            let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_hours(heures)).unwrap();
            t.horloge.set_maintenant(quand);
        };
        plus_tard(t.app.limites.lien_invitation_h + 1);
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 1);
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 0, "once");
        let recus = avis("invitation_perimee").await;
        assert_eq!(recus.len(), 1);
        assert!(recus[0].1.contains("n’a pas accepté") && !recus[0].1.contains("/invitation/"));
        // Sent again, its new link runs out in its turn.
        let admin = Ctx { recu_le: t.app.horloge.maintenant(), ..admin };
        resend_invitation(&admin, &garde("3"), &attente(&t, &admin).await).await.unwrap();
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 0);
        plus_tard(t.app.limites.lien_invitation_h + 1);
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 1);
        // Nobody is told under an account that no longer serves; only the platform asks.
        assert!(tell_expired_invitations(&admin).await.is_err());
        t.sql("UPDATE compte SET etat = 'suspendu' WHERE courriel = 'admin_site@essai.example'", vec![]).await;
        t.sql("UPDATE invitation SET perimee_dite_le = NULL", vec![]).await;
        assert_eq!(tell_expired_invitations(&t.systeme()).await.unwrap(), 1);
        assert_eq!(avis("invitation_perimee").await.len(), 2);
    }

    async fn mdp_3_a_password_that_rests_on_the_establishment_is_refused(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée Ampère").await;
        let admin = du_lycee(&t, Role::AdminSite, etab).await;
        invite(&admin, &garde("1"), &commande(Role::Lecteur, "zoe.durand@essai.example")).await.unwrap();
        let (jeton, _) = jeton(&t).await;
        for (faible, mot) in [
            ("0801234A-2024!g", "0801234A"),
            ("Amiens-Ampere-9!", "Amiens"),
            ("Parcoursup-2024!", "parcoursup"),
            ("Zoe-Durand-2019!", "Durand"),
        ] {
            let c = CommandeAcceptation {
                mot_de_passe: faible.to_owned(),
                confirmation: faible.to_owned(),
                ..acceptation()
            };
            let r = accept_invitation(&visiteur(&t), &jeton, "nav", &c).await;
            let Err(AppError::Invalid(f)) = &r else { panic!("{faible} {r:?}") };
            assert!(f.iter().any(|(champ, m)| *champ == "mot_de_passe" && m.contains(mot)), "{faible} {f:?}");
        }
        accepte(&t).await;
        // Later on too: the words are those of the roles of the account.
        let zoe = store::comptes::by_courriel(&t.app.db, "zoe.durand@essai.example").await.unwrap().unwrap();
        let mots = store::comptes::context_words(&t.app.db, zoe.id).await.unwrap();
        assert_eq!(mots, ["Lycée Ampère", "Amiens", "0801234A"]);
    }

    async fn cpt_3_an_invited_administrator_proves_the_number_before_anything_else(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let chef = du_lycee(&t, Role::ChefEtab, etab).await;
        invite(&chef, &garde("1"), &commande(Role::AdminSite, "zoe.durand@essai.example")).await.unwrap();
        let (jeton, _) = jeton(&t).await;
        let c = accept_invitation(&visiteur(&t), &jeton, "nav", &acceptation()).await.unwrap();
        let s = resolve_session(&t.app, &c.jeton, "local", t.systeme().recu_ms()).await.unwrap().unwrap();
        let ctx = visiteur(&t);
        let m = view_conformite(&ctx, &s).await.unwrap();
        assert!(m.mobile && !m.code_envoye && !m.reprise && m.allows_factor());
        assert_eq!(m.numero.as_deref(), Some("•• •• 56 78"));
        // Nothing typed: the code goes to the number already given.
        give_mobile(&ctx, &s, "nav", " ").await.unwrap();
        assert!(matches!(give_mobile(&ctx, &s, "nav", "").await, Err(AppError::TooMany { .. })), "one a minute");
        let sms = t.envois().await.into_iter().find(|e| e.canal == "sms").unwrap();
        assert_eq!(sms.destinataire, "+33612345678");
        let chiffres: String = sms.corps.chars().filter(|c| c.is_ascii_digit() || *c == ' ').collect();
        let code: String = chiffres.split_whitespace().filter(|m| m.len() == 4).take(2).collect();
        confirm_conforming_mobile(&ctx, &s, "nav", &code).await.unwrap();
        assert!(view_conformite(&ctx, &s).await.unwrap().is_complete());
        let sql = "SELECT COUNT(*) FROM compte WHERE id = $1 AND mobile_verifie_le IS NOT NULL";
        assert_eq!(t.nombre(sql, vec![s.compte.into()]).await, 1);
        // A reader owes no number.
        invite(&chef, &garde("2"), &commande(Role::Lecteur, "ida.durand@essai.example")).await.unwrap();
        let (compte, roles) = accepte(&t).await;
        let s = app::comptes::SessionVue { compte, roles, ..s };
        assert!(view_conformite(&ctx, &s).await.unwrap().is_complete());
    }
}
