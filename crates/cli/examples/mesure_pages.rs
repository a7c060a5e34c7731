//! What two hundred people signed in wait for their pages, a page a second each, on the whole national offer:
//! `mesure_pages SECONDES PERSONNES P99_MS OFFRE_2024 OFFRE_2025 APPRENTISSAGE TYPES ATTENDUS`, with `--postgres` (and
//! `PARCOURSUP_TEST_POSTGRES`) on PostgreSQL. A page is timed from the instant it was due to its last byte, in the server's own
//! process: no socket, but the turn that it waits for among the others. Fails when a page is beyond P99_MS.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use app::imports::{
    OptionsImport, OptionsNomenclatures, import_nomenclatures, import_offre, lire, lire_nomenclatures,
};
use domain::comptes::Role;
use domain::droits::Attribution;
use mimalloc::MiMalloc;
use testkit::{Base, Navigateur, TestApp};

/// That of the product.
#[global_allocator]
static ALLOCATEUR: MiMalloc = MiMalloc;

const APPLIQUER: OptionsImport = OptionsImport { appliquer: true, ignorer_fautes: false, session: None };
/// Of a hundred people.
const ADMINS: usize = 60;
const RESPONSABLES: usize = 25;
const AGENTS: usize = 12;

/// Someone at work: the pages read in turn, each with the name under which it is counted.
struct Personne {
    navigateur: Navigateur,
    pages: Vec<(&'static str, String)>,
}

async fn remplit(t: &TestApp, fichiers: &[String]) {
    let [offre_2024, offre_2025, apprentissage, types, attendus] = fichiers else {
        panic!("five files are read")
    };
    let systeme = t.systeme();
    app::sessions::ouvrir_session(&systeme, 2025, None).await.unwrap();
    let avant = lire(Some(Path::new(offre_2024)), None, &mut |_, _| {}).unwrap();
    println!("{}", import_offre(&systeme, &avant, APPLIQUER).await.unwrap().derniere_ligne());
    let lue = lire(Some(Path::new(offre_2025)), Some(Path::new(apprentissage)), &mut |_, _| {}).unwrap();
    println!("{}", import_offre(&systeme, &lue, APPLIQUER).await.unwrap().derniere_ligne());
    let lues = lire_nomenclatures(Path::new(types), Path::new(attendus), &mut |_, _| {}).unwrap();
    let options = OptionsNomenclatures { appliquer: true, ignorer_fautes: true, session: None, source: None };
    import_nomenclatures(&systeme, &lues, &options).await.unwrap();
    t.app.db.analyze().await.unwrap();
}

/// The key of the n-th row of a list, spread over the whole of it.
async fn tire(t: &TestApp, table: &str, n: usize, sur: usize) -> i64 {
    let session = app::sessions::courante(&t.app.db).await.unwrap().id;
    let en_tout =
        t.nombre(&format!("SELECT COUNT(*) FROM {table} WHERE session_id = $1"), vec![session.into()]).await;
    let rang = en_tout * i64::try_from(n).unwrap() / i64::try_from(sur).unwrap();
    t.nombre(
        &format!("SELECT id FROM {table} WHERE session_id = $1 ORDER BY id LIMIT 1 OFFSET $2"),
        vec![session.into(), rang.into()],
    )
    .await
}

async fn formation_pages(t: &TestApp, formation_session: i64) -> Vec<(&'static str, String)> {
    let id =
        t.mot("SELECT public_id FROM formation_session WHERE id = $1", vec![formation_session.into()]).await;
    let f = format!("/gestion/2025/formations/{id}");
    vec![
        ("course", f.clone()),
        ("course, grid", format!("{f}/grille")),
        ("course, expectations", format!("{f}/attendus")),
        ("course, publication", format!("{f}/publier")),
        ("course, exchanges", format!("{f}/echanges")),
    ]
}

async fn admin(t: &TestApp, n: usize, sur: usize) -> Personne {
    // The ten with most courses first: universities weigh more than their number.
    let etablissement = if n < 10 {
        t.nombre(
            "SELECT f.etablissement_id FROM formation_session f JOIN session_admission s ON s.id = f.session_id
             WHERE s.annee = 2025 GROUP BY f.etablissement_id ORDER BY COUNT(*) DESC, f.etablissement_id LIMIT 1 OFFSET $1",
            vec![i64::try_from(n).unwrap().into()],
        )
        .await
    } else {
        let cle = tire(t, "formation_session", n, sur).await;
        t.nombre("SELECT etablissement_id FROM formation_session WHERE id = $1", vec![cle.into()]).await
    };
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne(&format!("admin{n}@lycee.example"), a).await;
    let formation = t
        .nombre(
            "SELECT f.id FROM formation_session f JOIN session_admission s ON s.id = f.session_id
             WHERE s.annee = 2025 AND f.etablissement_id = $1 ORDER BY f.id LIMIT 1",
            vec![etablissement.into()],
        )
        .await;
    let e = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etablissement.into()]).await;
    let mut pages = vec![
        ("home", "/gestion/2025".to_owned()),
        ("courses", "/gestion/2025/formations".to_owned()),
        ("several courses", "/gestion/2025/lot".to_owned()),
        ("establishment", format!("/gestion/2025/etablissements/{e}")),
        ("requests", "/gestion/2025/demandes".to_owned()),
        ("workbook", "/gestion/2025/classeur".to_owned()),
    ];
    pages.extend(formation_pages(t, formation).await);
    Personne { navigateur: t.navigateur_de(compte).await, pages }
}

async fn responsable(t: &TestApp, n: usize, sur: usize) -> Personne {
    let cle = tire(t, "formation_session", n, sur).await;
    let formation =
        t.nombre("SELECT formation_id FROM formation_session WHERE id = $1", vec![cle.into()]).await;
    let a = Attribution { formation: Some(formation), ..Attribution::simple(Role::RespFormation) };
    let (compte, _) = t.personne(&format!("responsable{n}@lycee.example"), a).await;
    let mut pages = vec![("home", "/gestion/2025".to_owned())];
    pages.extend(formation_pages(t, cle).await);
    Personne { navigateur: t.navigateur_de(compte).await, pages }
}

async fn agent(t: &TestApp, n: usize) -> Personne {
    let toutes = domain::territoires::academies();
    let academie = toutes[n % toutes.len()].code;
    let a = Attribution { academies: vec![academie.to_owned()], ..Attribution::simple(Role::Academie) };
    let (compte, _) = t.personne(&format!("agent{n}@ac.example"), a).await;
    let pages = vec![
        ("academic service, completeness", "/academie/2025/completude".to_owned()),
        ("academic service, review", "/academie/2025/controles?etat=brouillon".to_owned()),
        ("academic service, requests", "/academie/2025/demandes".to_owned()),
        ("academic service, rates", "/academie/2025".to_owned()),
        ("academic service, late ones", "/academie/2025/completude?incomplets=oui".to_owned()),
    ];
    Personne { navigateur: t.navigateur_de(compte).await, pages }
}

async fn national(t: &TestApp, n: usize) -> Personne {
    let a = Attribution::simple(Role::AdminNational);
    let (compte, _) = t.personne(&format!("national{n}@parcoursup.example"), a).await;
    let pages = vec![
        ("national, dashboard", "/national/2025".to_owned()),
        ("national, completeness", "/academie/2025/completude".to_owned()),
        ("national, late ones", "/academie/2025/completude?incomplets=oui&famille=bts".to_owned()),
    ];
    Personne { navigateur: t.navigateur_de(compte).await, pages }
}

/// A page a second; seconds of each, by name.
async fn travaille(mut p: Personne, debut: Instant, fin: Instant, n: usize) -> Vec<(&'static str, f64)> {
    let mut lues = Vec::new();
    for tour in 0.. {
        let due = debut + Duration::from_secs(tour as u64);
        if due >= fin {
            break;
        }
        tokio::time::sleep_until(due.into()).await;
        let (nom, url) = &p.pages[(tour + n) % p.pages.len()];
        let page = p.navigateur.opens(url).await;
        assert_eq!(page.statut, 200, "{url}");
        lues.push((*nom, due.elapsed().as_secs_f64()));
    }
    lues
}

fn percentile(tries: &[f64], part: f64) -> f64 {
    let rang = ((tries.len() as f64 * part).ceil() as usize).clamp(1, tries.len()) - 1;
    tries[rang] * 1_000.0
}

fn dit(nom: &str, tries: &[f64]) -> f64 {
    let p99 = percentile(tries, 0.99);
    println!(
        "| {nom} | {} | {:.1} | {:.1} | {p99:.1} | {:.1} |",
        tries.len(),
        percentile(tries, 0.5),
        percentile(tries, 0.95),
        percentile(tries, 1.0)
    );
    p99
}

/// Milliseconds of each page; gives the worst p99 and how many were read.
fn montre(quand: &str, par_page: &mut BTreeMap<&str, Vec<f64>>) -> (f64, usize) {
    println!("\n| {quand} | read | median, ms | p95 | p99 | longest |\n|---|---|---|---|---|---|");
    let mut toutes: Vec<f64> = Vec::new();
    let mut pire: f64 = 0.0;
    for (nom, mesures) in par_page.iter_mut() {
        mesures.sort_by(f64::total_cmp);
        pire = pire.max(dit(nom, mesures));
        toutes.extend(mesures.iter());
    }
    toutes.sort_by(f64::total_cmp);
    dit("all", &toutes);
    (pire, toutes.len())
}

#[tokio::main]
async fn main() -> ExitCode {
    let (drapeaux, arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let base = if drapeaux.is_empty() { Base::sqlite() } else { Base::postgres().await.unwrap() };
    let secondes: u64 = arguments[0].parse().unwrap();
    let personnes: usize = arguments[1].parse().unwrap();
    let budget: f64 = arguments[2].parse().unwrap();
    let t = TestApp::new(base).await;
    t.at("2024-11-20T10:00");
    remplit(&t, &arguments[3..]).await;
    let mut gens = Vec::new();
    for n in 0..personnes {
        gens.push(match n * 100 / personnes {
            p if p < ADMINS => admin(&t, n, personnes).await,
            p if p < ADMINS + RESPONSABLES => responsable(&t, n, personnes).await,
            p if p < ADMINS + RESPONSABLES + AGENTS => agent(&t, n).await,
            _ => national(&t, n).await,
        });
    }
    // Each page once, so that what is read once and kept is not counted; then alone, nobody else at work.
    let mut seules: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for tour in 0..2 {
        for p in &mut gens {
            for (nom, url) in p.pages.clone() {
                let depart = Instant::now();
                assert_eq!(p.navigateur.opens(&url).await.statut, 200, "{url}");
                if tour > 0 {
                    seules.entry(nom).or_default().push(depart.elapsed().as_secs_f64());
                }
            }
        }
    }
    montre("alone", &mut seules);
    let debut = Instant::now() + Duration::from_secs(1);
    let fin = debut + Duration::from_secs(secondes);
    let au_travail: Vec<_> = gens
        .into_iter()
        .enumerate()
        .map(|(n, p)| {
            // People of a role do not open their pages at the same instant.
            let rang = u32::try_from(n * 73 % personnes).unwrap();
            let decalage = Duration::from_secs(1) * rang / u32::try_from(personnes).unwrap();
            tokio::spawn(travaille(p, debut + decalage, fin, n * 31))
        })
        .collect();
    let mut par_page: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for un in au_travail {
        for (nom, s) in un.await.unwrap() {
            par_page.entry(nom).or_default().push(s);
        }
    }
    let (pire, lues) = montre("at work", &mut par_page);
    println!("\n{personnes} people, {:.0} pages a second", lues as f64 / secondes as f64);
    if pire <= budget { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
