//! HAB-9, HAB-3: a walk over every route as every kind of person. The route table says who may reach a page; the table of
//! rights says who may act: here both are held against what the site answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use app::schemas::Fichier;
use axum::http::Method;
use domain::comptes::Role;
use domain::droits::{Action, Attribution, TABLE};
use domain::formations::Famille;
use testkit::{TestApp, both_databases};
use web::{Acces, Ligne};

/// An identifier of the right shape that nothing bears.
const ABSENT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

fn lignes() -> Vec<Ligne> {
    web::table(true).fin().1
}

fn url(chemin: &str) -> String {
    chemin
        .replace("{annee}", "2024")
        .replace("{numero}", "AAAA-BBBB-CCCC")
        .split('/')
        .map(|m| if m.starts_with('{') { ABSENT } else { m })
        .collect::<Vec<_>>()
        .join("/")
}

fn gives(role: Role, action: Action) -> bool {
    // Everybody is also the public.
    TABLE.iter().any(|r| (r.role == role || r.role == Role::Public) && r.actions.contains(&action))
}

#[test]
fn hab_9_the_route_table_is_the_reviewed_one() {
    let mut imprime = String::from("methode;chemin;acces\n");
    for l in lignes().into_iter().chain(web::api::lignes(true)) {
        imprime.push_str(&format!("{};{};{:?}\n", l.methode, l.chemin, l.acces));
    }
    let chemin = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/routes.csv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(chemin, &imprime).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(chemin).unwrap_or_default(),
        imprime,
        "a route was added or changed: review it, then `cargo xtask bless`"
    );
}

/// What the first cells of the tables of `docs/ecrans.md` name between backticks, addresses only.
fn rows_of_screens(texte: &str) -> BTreeSet<&str> {
    let premieres = texte.lines().filter_map(|l| l.strip_prefix('|')?.split('|').next());
    premieres.flat_map(|c| c.split('`').skip(1).step_by(2)).filter(|nom| nom.starts_with('/')).collect()
}

/// What each page looks like, as who, and what shows what is no page: none is forgotten, none is named that is not there.
#[test]
fn every_page_has_its_row_among_the_screens() {
    let chemin = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ecrans.md");
    let texte = std::fs::read_to_string(chemin).expect("the document of the screens");
    let dites = rows_of_screens(&texte);
    let lignes = lignes();
    let pages: BTreeSet<&str> =
        lignes.iter().filter(|l| l.methode == Method::GET).map(|l| l.chemin).collect();
    let sans: Vec<&&str> = pages.difference(&dites).collect();
    assert!(
        sans.is_empty(),
        "docs/ecrans.md has no row for {sans:?}: its address whole, between backticks, in the first cell"
    );
    let en_trop: Vec<&&str> = dites.difference(&pages).collect();
    assert!(en_trop.is_empty(), "docs/ecrans.md names what is no page: {en_trop:?}");
}

/// Every page that gives a table, the source that sends it, and the file whose schema says its columns.
const TABLES: [(&str, &str, Fichier); 19] = [
    ("/journal/export", "commun/journal.rs", Fichier::Journal),
    ("/journal/vus", "commun/journal.rs", Fichier::DossiersVus),
    ("/comptes/responsables/export", "commun/comptes/responsables.rs", Fichier::Responsables),
    (
        "/informations/{annee}/publication/{id}/lectures/export",
        "commun/actualites/publier.rs",
        Fichier::SansLecture,
    ),
    (
        "/mes-seances/{annee}/organisation/statistiques/export",
        "commun/seances/statistiques.rs",
        Fichier::StatistiquesSeances,
    ),
    ("/informations/{annee}/charte/export", "commun/charte.rs", Fichier::SansCharte),
    ("/formations/donnees/export", "public/offre.rs", Fichier::Offre),
    ("/transparence/{annee}/derniers-appeles", "public/transparence.rs", Fichier::DerniersAppeles),
    ("/transparence/{annee}/groupes", "public/transparence.rs", Fichier::GroupesAppeles),
    ("/gestion/{annee}/groupes/{id}/export", "gestion/classements.rs", Fichier::Dossiers),
    ("/gestion/{annee}/internats/{id}/export", "gestion/classements.rs", Fichier::DossiersInternat),
    (
        "/gestion/{annee}/etablissements/{id}/delegations/export",
        "gestion/delegations.rs",
        Fichier::Delegations,
    ),
    ("/gestion/{annee}/classeur/export", "gestion/classeur.rs", Fichier::Classeur),
    (
        "/academie/{annee}/apprentissage/journees/{id}/export",
        "academie/apprentissage/journee.rs",
        Fichier::JourneeCatalogue,
    ),
    (
        "/academie/{annee}/apprentissage/rejets/export",
        "academie/apprentissage/rejets.rs",
        Fichier::FichesRefusees,
    ),
    ("/academie/{annee}/demandes/export", "academie/demandes.rs", Fichier::Demandes),
    ("/academie/{annee}/capacites/export", "academie/capacites.rs", Fichier::Capacites),
    ("/academie/{annee}/completude/export", "academie/completude.rs", Fichier::Completude),
    ("/academie/{annee}/completude/formations/export", "academie/completude.rs", Fichier::SuiviFormations),
];

/// How many tables each source of the spaces sends.
fn tables_sent(dossier: &Path, racine: &Path, trouvees: &mut BTreeMap<String, usize>) {
    for entree in std::fs::read_dir(dossier).expect("the sources") {
        let chemin = entree.expect("a source").path();
        if chemin.is_dir() {
            tables_sent(&chemin, racine, trouvees);
            continue;
        }
        let texte = std::fs::read_to_string(&chemin).expect("text");
        let sent = |l: &&str| l.contains("tableur(") || (l.contains("fichier(") && l.contains("CSV,"));
        let combien = texte.lines().filter(sent).count();
        if combien > 0 {
            let nom = chemin.strip_prefix(racine).expect("inside").to_string_lossy().into_owned();
            trouvees.insert(nom, combien);
        }
    }
}

/// Whoever reads a file with a program finds what its columns hold, whichever file it is.
#[test]
fn every_table_that_leaves_has_its_schema() {
    let lignes = lignes();
    let pages: BTreeSet<&str> =
        lignes.iter().filter(|l| l.methode == Method::GET).map(|l| l.chemin).collect();
    let dites: BTreeSet<&str> = TABLES.iter().map(|(chemin, ..)| *chemin).collect();
    let en_trop: Vec<&&str> = dites.difference(&pages).collect();
    assert!(en_trop.is_empty(), "{en_trop:?}");
    let sans: Vec<&&str> = pages.iter().filter(|p| p.ends_with("/export") && !dites.contains(**p)).collect();
    assert!(sans.is_empty(), "add the file of {sans:?} to `app::schemas`");

    let racine = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/espaces"));
    let mut trouvees = BTreeMap::new();
    tables_sent(racine, racine, &mut trouvees);
    assert!(trouvees.len() > 10, "{trouvees:?}");
    for (source, combien) in &trouvees {
        let connues = TABLES.iter().filter(|(_, s, _)| s == source).count();
        assert!(*combien <= connues, "{source} sends a table whose file is not in `app::schemas`");
    }
    for f in Fichier::ALL.into_iter().filter(|f| f.is_written()) {
        assert!(TABLES.iter().any(|(_, _, given)| *given == f), "no page gives {f:?}");
    }
}

both_databases! {
    async fn hab_3_nobody_reaches_what_the_tables_do_not_give(base) {
        let t = TestApp::with_session_2024(base).await;
        let etab = t.etablissement("0801234A", "Lycée d’essai").await;
        let autre = t.etablissement("0801235B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let mut personnes: Vec<(Option<Role>, testkit::Navigateur)> = vec![(None, t.navigateur())];
        for role in Role::ALL {
            let attribution = match role {
                Role::Public | Role::Logiciel | Role::Systeme => continue,
                Role::Candidat => {
                    let c = t.candidat("lea@essai.example", domain::candidats::TypeBac::General).await;
                    personnes.push((Some(role), t.navigateur_de(c.compte).await));
                    continue;
                }
                Role::Academie => Attribution { academies: vec!["09".into()], ..Attribution::simple(role) },
                Role::RespFormation | Role::MembreCev => {
                    Attribution { formation: Some(f.formation), ..Attribution::simple(role) }
                }
                _ => Attribution { etablissement: Some(autre), ..Attribution::simple(role) },
            };
            let (compte, _) = t.personne(&format!("{}@essai.example", role.code()), attribution).await;
            personnes.push((Some(role), t.navigateur_de(compte).await));
        }
        let mut cellules = 0;
        for ligne in lignes() {
            let adresse = url(ligne.chemin);
            for (role, navigateur) in &mut personnes {
                let reponse = match ligne.methode {
                    Method::GET => navigateur.opens(&adresse).await,
                    _ => navigateur.posts(&adresse, &[("x", "1")]).await,
                };
                cellules += 1;
                let qui = role.map_or("anonyme", Role::code);
                let statut = reponse.statut.as_u16();
                assert!(statut < 500, "{qui} {} {adresse}: {statut}", ligne.methode);
                if ligne.acces == Acces::Demo {
                    assert_eq!(statut, 404, "{qui} {adresse}: /dev must not exist outside a demonstration");
                    continue;
                }
                // A write without our form (no token) does nothing, whoever asks.
                if ligne.methode != Method::GET {
                    // Signing out when nobody is signed in: nothing to protect, nothing done.
                    let vide = role.is_none() && adresse == "/deconnexion";
                    assert!(
                        statut >= 400 || reponse.url.starts_with("/connexion") || vide,
                        "{qui} POST {adresse}: {statut}"
                    );
                    continue;
                }
                let entre = statut == 200 && !reponse.url.starts_with("/connexion");
                match (ligne.acces, role) {
                    // The interface has a walk of its own (`api.rs`).
                    (Acces::Public | Acces::Demo | Acces::Exploitation | Acces::Jeton(_), _) => {}
                    (Acces::Compte, None) => assert!(!entre, "anonymous reads {adresse} ({})", reponse.url),
                    (Acces::Compte, Some(_)) => {}
                    (Acces::Action(a), r) => {
                        let permis = gives(r.unwrap_or(Role::Public), a);
                        assert!(!entre || permis, "{qui} reads {adresse}, which asks for {a:?}");
                    }
                }
            }
        }
        assert!(cellules > 300, "{cellules} cells only");
    }
}
