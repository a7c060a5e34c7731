//! Two thousand stolen logins through the router, behind a declared proxy (F-33, F-34, F-38); at full size in
//! `cargo xtask campagne attaque`.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::BTreeSet;

use app::comptes::{MotDePasse, NouveauCompte, create_compte, totp_code};
use app::limites::Limites;
use domain::comptes::{EtatCompte, Role};
use domain::droits::Attribution;
use jiff::SignedDuration;
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

const MDP: &str = "Grun4!pLoc7?";
const SECRET: [u8; 20] = [7; 20];
/// The address of the school, from which its people sign in.
const LYCEE: &str = "192.0.2.10";
const ESSAIS: usize = 2_000;

async fn scene(base: Base) -> TestApp {
    // The cost of hashing is not what is tried here, nor two real seconds a guess.
    let limites =
        Limites { hachage_memoire_kio: 64, hachage_passes: 1, bourrage_delai_ms: 5, ..testkit::limites() };
    let t = TestApp::with_limites(base, limites).await;
    app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
    t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
    for nom in ["lea", "malik", "zoe", "volee"] {
        let nouveau = NouveauCompte {
            courriel: format!("{nom}@lycee.fr"),
            nom: "Martin".to_owned(),
            prenom: nom.to_owned(),
            mot_de_passe: MotDePasse::Clair(MDP.to_owned()),
            roles: vec![Attribution::simple(Role::RespFormation)],
            etat: EtatCompte::Actif,
            totp: Some(SECRET.to_vec()),
        };
        create_compte(&t.systeme(), nouveau).await.unwrap();
    }
    t
}

fn later(t: &TestApp, ms: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_millis(ms)).unwrap();
    t.horloge.set_maintenant(quand);
}

async fn password(n: &mut Navigateur, courriel: &str, mot_de_passe: &str) -> Reponse {
    let page = n.opens("/connexion").await;
    n.submits(&page, "Se connecter", &[("courriel", courriel), ("mot_de_passe", mot_de_passe)]).await
}

/// Somebody at home in their browser signs in, with the second step when it is asked, then leaves.
async fn signs_in(t: &TestApp, n: &mut Navigateur, courriel: &str) {
    let mut page = password(n, courriel, MDP).await;
    if page.url.starts_with("/connexion/verification") {
        let code = totp_code(&SECRET, t.app.horloge.maintenant().as_millisecond()).unwrap();
        page = n.submits(&page, "Valider le code", &[("code", &code)]).await;
    }
    assert!(
        page.statut == 200 && page.url.starts_with("/gestion"),
        "{courriel}: {} {}",
        page.url,
        page.texte()
    );
    n.submits(&page, "Se déconnecter", &[]).await;
}

/// A page without what is different for everybody: the hidden fields, and the address typed.
fn neutral(r: &Reponse, courriel: &str) -> (u16, String) {
    let lignes = r.html.lines().filter(|l| !l.contains("type=\"hidden\""));
    (r.statut.as_u16(), lignes.collect::<Vec<_>>().join("\n").replace(courriel, "…"))
}

/// What a stolen password opens: the second step, and nothing behind it.
async fn reaches_nothing(n: &mut Navigateur, courriel: &str) {
    let page = password(n, courriel, MDP).await;
    assert!(page.url.starts_with("/connexion/verification"), "{} {}", page.url, page.texte());
    for chemin in ["/gestion/2024", "/compte/securite", "/comptes", "/journal", "/journal/export"] {
        let refus = n.opens(chemin).await;
        assert!(refus.url.starts_with("/connexion/verification"), "{chemin} → {}", refus.url);
    }
    for code in ["000000", "111111"] {
        let page = n.opens("/connexion/verification").await;
        n.submits(&page, "Valider le code", &[("code", code)]).await.is(422);
    }
}

both_databases! {
    async fn lim_1_lim_2_lim_3_lim_4_two_thousand_stolen_logins_read_nothing_lock_nobody_out_and_are_told(base) {
        let t = scene(base).await;
        let mut gens = Vec::new();
        for nom in ["lea", "malik", "zoe"] {
            let mut n = t.navigateur_depuis(LYCEE);
            let courriel = format!("{nom}@lycee.fr");
            signs_in(&t, &mut n, &courriel).await;
            gens.push((courriel, n));
        }
        later(&t, 31_000);
        let debut = t.systeme().recu_ms();
        let mut attaquants = Vec::new();
        for adresse in (0..100).map(|i| format!("203.0.113.{i}")).chain(["198.51.100.7".to_owned()]) {
            let mut n = t.navigateur_depuis(&adresse);
            let page = n.opens("/connexion").await;
            attaquants.push((n, page));
        }
        let mut reponses = BTreeSet::new();
        for i in 0..ESSAIS {
            // One in twenty names an account that exists; one network in ten is that of a hasty attacker.
            let courriel = match i % 20 {
                0 => gens[i / 20 % 3].0.clone(),
                10 => "volee@lycee.fr".to_owned(),
                _ => format!("inconnue{i}@lycee.fr"),
            };
            let (n, page) = &mut attaquants[if i % 10 == 3 { 100 } else { i % 100 }];
            let saisie = [("courriel", courriel.as_str()), ("mot_de_passe", "mauvais")];
            let r = n.submits(page, "Se connecter", &saisie).await;
            reponses.insert(neutral(&r, &courriel));
            later(&t, 300);
            if i % 110 == 109 {
                for (courriel, n) in &mut gens {
                    signs_in(&t, n, courriel).await;
                }
            }
            if i == 150 {
                app::journal::sceller(&t.app).await.unwrap();
                let dites = "SELECT COUNT(*) FROM alarme WHERE constatee_le <= $1";
                assert!(t.nombre(dites, vec![(debut + 60_000).into()]).await > 0, "told within a minute");
            }
        }
        // The words for a guess, and those that ask to wait, whose numbers of minutes are those of a clock.
        let statuts: BTreeSet<u16> = reponses.iter().map(|(s, _)| *s).collect();
        assert_eq!(statuts, [422, 429].into());
        let refus: Vec<&String> = reponses.iter().filter(|(s, _)| *s == 422).map(|(_, h)| h).collect();
        assert_eq!(refus.len(), 1, "known and unknown accounts are told the same");
        let genres = "SELECT COUNT(*) FROM alarme WHERE genre = $1";
        assert!(t.nombre(genres, vec!["bourrage".into()]).await >= 1);
        assert!(t.nombre(genres, vec!["mode_renforce".into()]).await >= 1);

        // Valid passwords, once the counters of the account let one in: from elsewhere, and from the school's own
        // network in another browser.
        later(&t, 25 * 3_600_000);
        reaches_nothing(&mut t.navigateur_depuis("203.0.113.250"), "volee@lycee.fr").await;
        reaches_nothing(&mut t.navigateur_depuis(LYCEE), "lea@lycee.fr").await;
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE dossiers > 0 OR issue IN ('lu', 'exporte')", vec![]).await, 0);
        for (courriel, n) in &mut gens {
            signs_in(&t, n, courriel).await;
        }
    }
}
