//! Numbers proved, factors lost and counted, whichever they are; heads and administrators listed; on both databases.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{
    ActeCompte, CommandeActe, CommandeInvitation, FiltreListe, FiltreResponsables, MobileDemande, Preuve,
    SessionVue, act_on_compte, change_mobile, confirm_mobile, export_responsables, invite, list_comptes,
    list_responsables, resolve_session, secure_etablissement, view_compte, view_informations,
};
use app::contexte::SecondeEtape;
use app::idempotence::Garde;
use app::{AppError, Ctx, FormatTableau};
use domain::PublicId;
use domain::comptes::{Moyen, Role};
use domain::droits::{Action, Attribution, Cible};
use testkit::{TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";

fn garde() -> Garde {
    Garde::default()
}

fn au_lycee(role: Role, etablissement: i64) -> Attribution {
    Attribution { etablissement: Some(etablissement), ..Attribution::simple(role) }
}

async fn personne(t: &TestApp, courriel: &str, role: Attribution) -> (i64, PublicId, Ctx) {
    let (id, acteur) = t.personne(courriel, role).await;
    let hache = t.app.hachage.hash(MDP, [1; 16]).await.unwrap();
    t.sql("UPDATE compte SET mot_de_passe = $1 WHERE id = $2", vec![hache.into(), id.into()]).await;
    let public = store::comptes::by_id(&t.app.db, id).await.unwrap().public_id;
    (id, PublicId::parse(&public).unwrap(), t.ctx(acteur))
}

async fn academie(t: &TestApp, code: &str) -> Ctx {
    let a = Attribution { academies: vec![code.to_owned()], ..Attribution::simple(Role::Academie) };
    personne(t, &format!("acad{code}@essai.example"), a).await.2
}

async fn session(t: &TestApp, compte: i64) -> SessionVue {
    let ctx = t.systeme();
    let tx = ctx.begin().await.unwrap();
    let etape = app::comptes::EtapeConnexion::Complete;
    let j = app::comptes::open_session(&tx, &ctx, compte, "nav", etape, None).await.unwrap();
    tx.commit().await.unwrap();
    resolve_session(&t.app, &j, "local", ctx.recu_ms()).await.unwrap().unwrap()
}

async fn code_recu(t: &TestApp) -> String {
    let sms = t.envois().await.into_iter().find(|e| e.canal == "sms").unwrap();
    let chiffres: String = sms.corps.chars().filter(|c| c.is_ascii_digit() || *c == ' ').collect();
    chiffres.split_whitespace().filter(|m| m.len() == 4).take(2).collect()
}

/// A passkey, as far as the base knows.
async fn cle(t: &TestApp, compte: i64) {
    t.insert(
        "cle_acces",
        "compte_id, identifiant, nom, donnees_chiffre",
        vec![compte.into(), format!("cle{compte}").into(), "Téléphone".to_owned().into(), vec![1_u8].into()],
    )
    .await;
}

async fn sans_facteur(t: &TestApp, ctx: &Ctx) -> i64 {
    let liste = list_comptes(ctx, &FiltreListe::default()).await.unwrap();
    let filtre = FiltreListe { sans_facteur: true, ..FiltreListe::default() };
    let filtree = list_comptes(ctx, &filtre).await.unwrap();
    assert_eq!(filtree.total, liste.sans_facteur, "{}", t.app.adresse);
    liste.sans_facteur
}

both_databases! {
    async fn cpt_6_a_number_takes_effect_once_its_code_comes_back(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (zoe, _, ctx) = personne(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab)).await;
        let s = session(&t, zoe).await;
        let preuve = Preuve { mot_de_passe: MDP.into() };
        // Nothing but a mailbox: a code by mail is enough to add a first means, an old one is not.
        let par_courriel = |le_ms| Ctx {
            seconde_etape: SecondeEtape::Faite { le_ms, moyen: Moyen::Courriel },
            ..ctx.clone()
        };
        let vieux = par_courriel(ctx.recu_ms() - 20 * 60_000);
        let r = change_mobile(&vieux, &s, "nav", &preuve, "0612345678").await;
        assert!(matches!(r, Err(AppError::Confirmation)), "{r:?}");
        let frais = par_courriel(ctx.recu_ms());
        let faux = Preuve { mot_de_passe: "autre".into() };
        assert!(change_mobile(&frais, &s, "nav", &faux, "0612345678").await.is_err());
        let fait = change_mobile(&frais, &s, "nav", &preuve, "0612345678").await.unwrap();
        assert_eq!(fait, MobileDemande::CodeEnvoye);
        let i = view_informations(&ctx, &s).await.unwrap();
        assert!(i.mobile.is_none() && i.code_mobile, "not yet");
        confirm_mobile(&frais, &s, "nav", &code_recu(&t).await).await.unwrap();
        let i = view_informations(&ctx, &s).await.unwrap();
        assert_eq!((i.mobile.as_deref(), i.mobile_verifie, i.facteur), (Some("•• •• 56 78"), true, true));
        // Withdrawn, it proves nothing any more; from now on, mail is not enough to change it.
        let r = change_mobile(&frais, &s, "nav", &preuve, "").await;
        assert!(matches!(r, Err(AppError::Confirmation)), "{r:?}");
        let fait = change_mobile(&ctx, &s, "nav", &preuve, "").await.unwrap();
        assert_eq!(fait, MobileDemande::Enregistre);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM mobile_prouve", vec![]).await, 0);
        assert!(!view_informations(&ctx, &s).await.unwrap().facteur);
    }

    async fn lim_6_a_lost_factor_takes_every_other_with_it(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, admin) = personne(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab)).await;
        let (zoe, id, ctx) = personne(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab)).await;
        assert_eq!(sans_facteur(&t, &admin).await, 2);
        // A passkey alone is a factor: the page offers to withdraw it.
        cle(&t, zoe).await;
        assert_eq!(sans_facteur(&t, &admin).await, 1);
        let s = session(&t, zoe).await;
        app::comptes::send_mobile_code(&ctx, &s, "nav", "0612345678").await.unwrap();
        confirm_mobile(&ctx, &s, "nav", &code_recu(&t).await).await.unwrap();
        app::comptes::renew_codes(&ctx, &s).await.unwrap();
        let fiche = view_compte(&admin, &id).await.unwrap();
        assert!(fiche.facteur && fiche.mobile_verifie && fiche.actes.contains(&ActeCompte::RetirerFacteur));
        let vu = CommandeActe {
            motif: "Téléphone volé hier soir.".into(),
            controle: "presence".into(),
            ..CommandeActe::default()
        };
        act_on_compte(&admin, &garde(), &id, ActeCompte::RetirerFacteur, &vu).await.unwrap();
        for table in ["cle_acces", "mobile_prouve", "code_secours", "navigateur_connu", "reseau_connu"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE compte_id = $1");
            assert_eq!(t.nombre(&sql, vec![zoe.into()]).await, 0, "{table}");
        }
        let fiche = view_compte(&admin, &id).await.unwrap();
        // The number stays, to be proved again.
        assert!(!fiche.facteur && !fiche.mobile_verifie && fiche.mobile.is_some());
        assert!(!fiche.actes.contains(&ActeCompte::RetirerFacteur));
        assert_eq!(sans_facteur(&t, &admin).await, 2);
        // A removed account leaves none either; a suspended one lacks nothing.
        cle(&t, zoe).await;
        let motif = CommandeActe { motif: "Départ de la personne.".into(), ..CommandeActe::default() };
        act_on_compte(&admin, &garde(), &id, ActeCompte::Suspendre, &motif).await.unwrap();
        assert_eq!(sans_facteur(&t, &admin).await, 1);
        act_on_compte(&admin, &garde(), &id, ActeCompte::Supprimer, &motif).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM cle_acces", vec![]).await, 0);
    }

    async fn hab_7_an_act_on_an_account_shows_before_the_second_step_and_asks_for_it(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let (_, _, admin) = personne(&t, "adm@essai.example", au_lycee(Role::AdminSite, etab)).await;
        let (_, id, _) = personne(&t, "zoe@essai.example", au_lycee(Role::Lecteur, etab)).await;
        let sans = Ctx { seconde_etape: SecondeEtape::Absente, ..admin.clone() };
        let montres = view_compte(&sans, &id).await.unwrap().actes;
        assert_eq!(montres, view_compte(&admin, &id).await.unwrap().actes);
        assert!(montres.contains(&ActeCompte::Suspendre));
        let motif = CommandeActe { motif: "Départ de la personne.".into(), ..CommandeActe::default() };
        let r = act_on_compte(&sans, &garde(), &id, ActeCompte::Suspendre, &motif).await;
        assert!(matches!(r, Err(AppError::Confirmation)), "{r:?}");
        let c = CommandeInvitation {
            courriel: "ida.durand@essai.example".into(),
            nom: "Durand".into(),
            prenom: "Ida".into(),
            role: Some(Role::Lecteur),
            uai: "0801234A".into(),
            ..CommandeInvitation::default()
        };
        let r = invite(&sans, &garde(), &c).await;
        assert!(matches!(r, Err(AppError::Confirmation)), "{r:?}");
        invite(&admin, &garde(), &c).await.unwrap();
        let acad = academie(&t, "20").await;
        let sans = Ctx { seconde_etape: SecondeEtape::Absente, ..acad };
        list_responsables(&sans, &FiltreResponsables::default()).await.unwrap();
        let r = export_responsables(&sans, &FiltreResponsables::default(), FormatTableau::Csv).await;
        assert!(matches!(r, Err(AppError::Confirmation)), "{r:?}");
    }

    async fn cpt_3_the_services_list_heads_and_administrators_of_their_establishments(base) {
        let t = TestApp::with_session_2024(base).await;
        let ampere = t.etablissement("0801234A", "Lycée Ampère").await;
        let zola = t.etablissement("0809999Z", "Lycée Émile-Zola").await;
        let (acad, loin) = (academie(&t, "20").await, academie(&t, "09").await);
        let (chef, _, chef_ctx) = personne(&t, "chef@essai.example", au_lycee(Role::ChefEtab, ampere)).await;
        t.sql("UPDATE compte SET nom = '=cmd|x', prenom = 'Élodie' WHERE id = $1", vec![chef.into()]).await;
        let (adm, _, adm_ctx) = personne(&t, "adm@essai.example", au_lycee(Role::AdminSite, ampere)).await;
        let s = session(&t, adm).await;
        app::comptes::send_mobile_code(&adm_ctx, &s, "nav", "0612345678").await.unwrap();
        confirm_mobile(&adm_ctx, &s, "nav", &code_recu(&t).await).await.unwrap();
        personne(&t, "lecteur@essai.example", au_lycee(Role::Lecteur, ampere)).await;
        for i in 0..30 {
            personne(&t, &format!("zola{i}@essai.example"), au_lycee(Role::AdminSite, zola)).await;
        }
        let tout = FiltreResponsables::default();
        let l = list_responsables(&acad, &tout).await.unwrap();
        assert_eq!((l.total, l.pages, l.lignes.len(), l.sans_facteur), (32, 2, 30, 31));
        // By establishment, the head first; the number is never whole.
        assert_eq!((l.lignes[0].role, l.lignes[0].etablissement.as_str()), (Role::ChefEtab, "Lycée Ampère"));
        assert_eq!((l.lignes[1].mobile.as_deref(), l.lignes[1].mobile_verifie), (Some("•• •• 56 78"), true));
        for (recherche, attendus) in [("élodie", 1), ("AMPÈRE", 2), ("0809999z", 30), ("100%", 0), ("amiens adm@", 1)] {
            let f = FiltreResponsables { recherche: recherche.into(), ..tout.clone() };
            assert_eq!(list_responsables(&acad, &f).await.unwrap().total, attendus, "{recherche}");
        }
        let f = FiltreResponsables { role: Some(Role::ChefEtab), sans_facteur: true, ..tout.clone() };
        assert_eq!(list_responsables(&acad, &f).await.unwrap().total, 1);
        assert_eq!(list_responsables(&loin, &tout).await.unwrap().total, 0);
        assert_eq!(list_responsables(&chef_ctx, &tout).await.unwrap().total, 2, "its own establishment");

        // The file holds them all, whatever the page, and the journal holds the file.
        let e = export_responsables(&acad, &tout, FormatTableau::Csv).await.unwrap();
        let texte = String::from_utf8(e.octets).unwrap();
        assert_eq!(texte.lines().count(), 33);
        assert!(texte.contains(";'=cmd|x;Élodie;chef@essai.example;aucun;actif;absente;jamais"), "{texte}");
        assert!(texte.contains("•• •• 56 78") && !texte.contains("0612345678"));
        let x = export_responsables(&acad, &tout, FormatTableau::Xlsx).await.unwrap();
        assert!(x.octets.starts_with(b"PK") && x.nom_fichier.starts_with("responsables-2024-") && x.nom_fichier.ends_with(".xlsx"));
        let journal = t.journal().await;
        let notes: Vec<_> = journal.iter().filter(|l| l.issue == "exporte").collect();
        assert_eq!(notes.len(), 2);
        let apres = notes[0].apres.clone().unwrap();
        let empreinte = {
            use sha2::Digest as _;
            data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(texte.as_bytes()))
        };
        for attendu in ["\"lignes\":32", "\"colonnes\":12", &empreinte] {
            assert!(apres.contains(attendu), "{attendu} : {apres}");
        }
        assert!(!apres.contains("essai.example"), "no name in the journal");
        // Nothing leaves an establishment under safety, but the services above it still work.
        secure_etablissement(&acad, &garde(), "0801234A", "Courriel d’hameçonnage reçu.").await.unwrap();
        let r = export_responsables(&chef_ctx, &tout, FormatTableau::Csv).await;
        assert!(matches!(r, Err(AppError::Rule(domain::RuleViolation::EtablissementEnSecurite))), "{r:?}");
        export_responsables(&acad, &tout, FormatTableau::Csv).await.unwrap();
        let (_, _, lecteur) = personne(&t, "l2@essai.example", au_lycee(Role::Lecteur, zola)).await;
        assert!(matches!(list_responsables(&lecteur, &tout).await, Err(AppError::Denied(_))));
        assert!(!lecteur.may(Action::ConsulterComptes, &Cible::default()));
    }
}
