//! SES-3: what is typed in a long form and not saved, on both databases: its author's alone, erased in the same transaction as the
//! form is saved, limited in number, size and time.

use app::brouillons::{EnAttente, Gardee, Issue, PageSaisie, Saisie, find, forget, keep, list, name_of};
use app::comptes::purge_comptes;
use app::echanges::{Sujet, send_message};
use app::formations::{save_rubrique, view_description};
use app::idempotence::Garde;
use app::{AppError, Ctx};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::{Action, Attribution};
use domain::formations::Famille;
use domain::formations::description::{Champ, Rubrique, Valeur};
use jiff::SignedDuration;
use testkit::{FormationEssai, TestApp, both_databases};

const ACTIONS: &[Action] = &[Action::ModifierFormation];

async fn scene(base: testkit::Base) -> (TestApp, FormationEssai, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etab, "BTS Électronique", Famille::Bts, true, 24, false).await;
    let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, f, ctx)
}

fn onglet(n: u8) -> PublicId {
    PublicId::from_bytes([n; 16])
}

fn page(chemin: &str, n: u8) -> PageSaisie {
    PageSaisie { chemin: chemin.to_owned(), onglet: onglet(n).as_str().to_owned() }
}

fn saisie(chemin: &str, texte: &str, cle: &str) -> Saisie {
    Saisie {
        chemin: chemin.to_owned(),
        onglet: onglet(1),
        paires: vec![("contact".to_owned(), texte.to_owned())],
        garde: Garde { cle: Some(cle.to_owned()), version: Some(3), brouillon: Some(page(chemin, 1)) },
    }
}

fn contacts(f: &FormationEssai) -> String {
    format!("/gestion/2024/formations/{}/contacts", f.public_id)
}

fn later(t: &TestApp, ctx: &Ctx, jours: i64) -> Ctx {
    let quand = t.app.horloge.maintenant() + SignedDuration::from_hours(24 * jours);
    t.horloge.set_maintenant(quand);
    Ctx { recu_le: quand, ..ctx.clone() }
}

both_databases! {
    async fn ses_3_what_is_typed_is_kept_ciphered_and_is_its_author_s_alone(base) {
        let (t, f, ctx) = scene(base).await;
        let chemin = contacts(&f);
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
        assert_eq!(keep(&ctx, ACTIONS, &saisie(&chemin, "Temoin un", "k1")).await.unwrap(), Issue::Gardee);
        // One an address: the last one typed in the same page.
        assert_eq!(keep(&ctx, ACTIONS, &saisie(&chemin, "Temoin deux", "k1")).await.unwrap(), Issue::Gardee);
        assert_eq!(
            find(&ctx, &chemin).await.unwrap(),
            Some(Gardee {
                chemin: chemin.clone(),
                onglet: onglet(1).as_str().to_owned(),
                paires: vec![("contact".to_owned(), "Temoin deux".to_owned())],
                version: Some(3),
                le: ctx.campagne_le,
            })
        );
        assert_eq!(list(&ctx).await.unwrap(), [EnAttente { chemin: chemin.clone(), le: ctx.campagne_le }]);
        let lisibles = "SELECT COUNT(*) FROM brouillon_saisie WHERE CAST(corps_chiffre AS TEXT) LIKE '%Temoin%'
                        OR CAST(chemin_chiffre AS TEXT) LIKE '%gestion%' OR empreinte LIKE '%gestion%'";
        assert_eq!(t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 1);
        assert_eq!(t.nombre(lisibles, vec![]).await, 0);
        // A colleague with the same rights, on the same course.
        let a = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::AdminSite) };
        let collegue = t.ctx(t.personne("collegue@lycee.example", a).await.1);
        assert_eq!(find(&collegue, &chemin).await.unwrap(), None);
        assert_eq!(list(&collegue).await.unwrap(), []);
        forget(&collegue, &chemin).await.unwrap();
        assert!(find(&ctx, &chemin).await.unwrap().is_some());
        // Who saves no such form anywhere, and who is nobody.
        let lecteur = Attribution { etablissement: Some(f.etablissement), ..Attribution::simple(Role::Lecteur) };
        let lecteur = t.ctx(t.personne("lecteur@lycee.example", lecteur).await.1);
        assert!(matches!(keep(&lecteur, ACTIONS, &saisie(&chemin, "x", "k2")).await, Err(AppError::Denied(_))));
        let public = t.ctx(domain::droits::Acteur::public());
        assert!(keep(&public, ACTIONS, &saisie(&chemin, "x", "k2")).await.is_err());
        assert!(find(&public, &chemin).await.is_err() && list(&public).await.is_err());
        assert!(forget(&public, &chemin).await.is_err());
        // Its name is told to whoever still reads it.
        let sujet = Sujet::Formation(PublicId::parse(&f.public_id).unwrap());
        assert_eq!(name_of(&ctx, 2024, &sujet).await.unwrap().as_deref(), Some("BTS Électronique"));
        let voisin = t.etablissement("0800002B", "Lycée voisin").await;
        let voisin = Attribution { etablissement: Some(voisin), ..Attribution::simple(Role::AdminSite) };
        let voisin = t.ctx(t.personne("voisin@lycee.example", voisin).await.1);
        assert_eq!(name_of(&voisin, 2024, &sujet).await.unwrap(), None);
        assert_eq!(name_of(&ctx, 2024, &Sujet::Formation(onglet(9))).await.unwrap(), None);
        forget(&ctx, &chemin).await.unwrap();
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
    }

    async fn ses_3_saving_a_form_erases_its_draft_and_no_late_one_comes_back(base) {
        let (t, f, ctx) = scene(base).await;
        let (chemin, id) = (contacts(&f), PublicId::parse(&f.public_id).unwrap());
        let version = view_description(&ctx, 2024, &id).await.unwrap().version(Rubrique::Contacts);
        let autre = format!("/gestion/2024/formations/{}/echanges", f.public_id);
        keep(&ctx, ACTIONS, &saisie(&chemin, "Secrétariat", "k1")).await.unwrap();
        keep(&ctx, &[Action::EcrireEchange], &saisie(&autre, "Bonjour", "k2")).await.unwrap();
        let garde = Garde { version: Some(version), ..saisie(&chemin, "", "k1").garde };
        let champ = Champ::from_code("contact").unwrap();
        let ecrit = [(champ, Some(Valeur::Texte("Secrétariat".to_owned())))];
        // Refused, nothing is erased: what was typed still waits.
        let perimee = Garde { version: Some(version + 5), ..garde.clone() };
        assert!(matches!(
            save_rubrique(&ctx, &perimee, 2024, &id, Rubrique::Contacts, &ecrit).await,
            Err(AppError::Conflict)
        ));
        assert!(find(&ctx, &chemin).await.unwrap().is_some());
        save_rubrique(&ctx, &garde, 2024, &id, Rubrique::Contacts, &ecrit).await.unwrap();
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
        // The page sends what it holds as it is left, after it was saved.
        let tardive = keep(&ctx, ACTIONS, &saisie(&chemin, "Secrétariat", "k1")).await.unwrap();
        assert_eq!(tardive, Issue::DejaEnregistree);
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
        // Another form keeps its own, until it is sent.
        let sujet = Sujet::Formation(id);
        assert!(find(&ctx, &autre).await.unwrap().is_some());
        let garde = saisie(&autre, "", "k2").garde;
        send_message(&ctx, &garde, 2024, &sujet, "Bonjour").await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0);
    }

    async fn ses_3_what_another_page_typed_goes_on_waiting_once_this_one_is_saved(base) {
        let (_t, f, ctx) = scene(base).await;
        let sujet = Sujet::Formation(PublicId::parse(&f.public_id).unwrap());
        let chemin = sujet.chemin(2024);
        keep(&ctx, &[Action::EcrireEchange], &saisie(&chemin, "Le premier", "k1")).await.unwrap();
        let ailleurs = Garde { cle: Some("k2".to_owned()), version: None, brouillon: Some(page(&chemin, 2)) };
        send_message(&ctx, &ailleurs, 2024, &sujet, "Le second").await.unwrap();
        let attend = find(&ctx, &chemin).await.unwrap().unwrap();
        assert_eq!(attend.paires[0].1, "Le premier", "nobody has sent it, nor forgotten it");
        // Taken back into another page, it is that one that is sent.
        let reprise = Garde { cle: Some("k3".to_owned()), brouillon: Some(page(&chemin, 1)), ..ailleurs };
        send_message(&ctx, &reprise, 2024, &sujet, "Le premier").await.unwrap();
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
    }

    async fn ses_3_keeping_and_saving_at_once_leave_no_draft_of_what_is_saved(base) {
        let (t, f, ctx) = scene(base).await;
        let sujet = Sujet::Formation(PublicId::parse(&f.public_id).unwrap());
        let autre = sujet.chemin(2024);
        for essai in 0..12 {
            let s = saisie(&autre, "Bonjour", &format!("k{essai}"));
            let (kept, sent) = tokio::join!(
                keep(&ctx, &[Action::EcrireEchange], &s),
                send_message(&ctx, &s.garde, 2024, &sujet, "Bonjour")
            );
            sent.unwrap();
            kept.unwrap();
            assert_eq!(t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0, "{essai}");
        }
    }

    async fn ses_3_another_page_takes_the_place_of_nothing_unseen(base) {
        let (t, f, ctx) = scene(base).await;
        let chemin = contacts(&f);
        keep(&ctx, ACTIONS, &saisie(&chemin, "Au lycée", "k1")).await.unwrap();
        let ailleurs = Saisie { onglet: onglet(2), ..saisie(&chemin, "À la maison", "k2") };
        assert_eq!(keep(&ctx, ACTIONS, &ailleurs).await.unwrap(), Issue::AutreSaisie);
        assert_eq!(find(&ctx, &chemin).await.unwrap().unwrap().paires[0].1, "Au lycée");
        // Taken back from there, it is that one that goes on.
        let reprise = Saisie { onglet: onglet(1), ..ailleurs.clone() };
        assert_eq!(keep(&ctx, ACTIONS, &reprise).await.unwrap(), Issue::Gardee);
        // One that has expired, were it not removed yet, is in nobody's way.
        let ctx = later(&t, &ctx, 31);
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None);
        assert_eq!(keep(&ctx, ACTIONS, &ailleurs).await.unwrap(), Issue::Gardee);
        assert_eq!(find(&ctx, &chemin).await.unwrap().unwrap().paires[0].1, "À la maison");
    }

    async fn ses_3_drafts_are_few_small_and_last_a_month(base) {
        let (t, f, ctx) = scene(base).await;
        let l = &t.app.limites;
        let gros = "a".repeat(l.brouillon_octets);
        let chemin = contacts(&f);
        assert_eq!(keep(&ctx, ACTIONS, &saisie(&chemin, &gros, "k")).await.unwrap(), Issue::TropLongue);
        let entre = "a".repeat(l.brouillon_octets - 100);
        assert_eq!(keep(&ctx, ACTIONS, &saisie(&chemin, &entre, "k")).await.unwrap(), Issue::Gardee);
        // Beyond as many as are kept, the oldest goes.
        let mut ctx = ctx;
        for n in 0..l.brouillons {
            ctx.recu_le += SignedDuration::from_secs(60);
            let autre = format!("/gestion/2024/formations/{}/echanges?{n}", f.public_id);
            keep(&ctx, ACTIONS, &saisie(&autre, "x", "k")).await.unwrap();
        }
        let tous = list(&ctx).await.unwrap();
        assert_eq!(i64::try_from(tous.len()).unwrap(), l.brouillons);
        assert!(tous[0].chemin.ends_with(&format!("?{}", l.brouillons - 1)), "the last one first");
        assert_eq!(find(&ctx, &chemin).await.unwrap(), None, "the oldest");
        // A month after its last change, each goes with the nightly cleaning.
        let ctx = later(&t, &ctx, 29);
        assert!(!list(&ctx).await.unwrap().is_empty());
        purge_comptes(&t.systeme()).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, l.brouillons);
        let ctx = later(&t, &ctx, 2);
        assert_eq!(list(&ctx).await.unwrap(), []);
        purge_comptes(&t.systeme()).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM brouillon_saisie", vec![]).await, 0);
    }
}
