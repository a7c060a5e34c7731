//! What the journal costs (JOU-3), and how long the list of what an account saw takes on a year of entries (JOU-6):
//! `mesure_journal ecriture SECONDES PAR_SECONDE`, `mesure_journal violation ENTREES`, with `--postgres` (and
//! `PARCOURSUP_TEST_POSTGRES`) on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::Ctx;
use app::idempotence::{Garde, deja_fait, emettre};
use app::journal::{Acte, record, sceller, vus};
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::{Action, Attribution, Cible};
use domain::formations::Famille;
use serde_json::json;
use testkit::{Base, CandidatEssai, TestApp};

/// Candidates who write at once.
const CANDIDATS: u64 = 300;
/// With and without take turns, so that both meet the same machine.
const TRANCHE: Duration = Duration::from_secs(5);
/// Readings of the account that is looked at: some 250 pages on 200 days, of twenty records each.
const LECTURES: i64 = 50_000;
const DOSSIERS: i64 = 12_000;
const PAR_PAGE: i64 = 20;
const COMPTES: i64 = 20_000;

/// One write of a candidate as the use cases make it; with or without its entry.
async fn write(ctx: Ctx, candidat: i64, garde: Garde, avec: bool) {
    let demande = format!("mesure|{candidat}");
    let tx = ctx.begin().await.unwrap();
    let permit = ctx.permit(Action::FormulerVoeu, &Cible::dossier(candidat)).unwrap();
    store::candidats::lock(&tx, candidat).await.unwrap();
    app::sessions::courante(&tx).await.unwrap();
    assert!(deja_fait(&tx, &ctx, &garde, &demande).await.unwrap().is_none());
    let voeu = store::candidatures::list_voeux(&tx, candidat).await.unwrap().remove(0);
    store::candidatures::save_etat(&tx, &ctx.ecriture(&permit), &voeu, EtatVoeu::Confirme).await.unwrap();
    if avec {
        let etat = Some(json!({ "etat": "confirme" }));
        let acte = Acte { objet: "voeu", objet_id: &voeu.public_id, avant: etat.clone(), apres: etat };
        record(&tx, &ctx, &permit, &acte).await.unwrap();
    }
    let contenu = json!({ "candidat": candidat, "voeu": voeu.public_id });
    emettre(&tx, &ctx, &garde, &demande, "mesure", Some(candidat), &contenu).await.unwrap();
    tx.commit().await.unwrap();
}

/// Offers so many writes a second during a slice; seconds of each, from the instant it was due.
async fn slice(t: &TestApp, qui: &[CandidatEssai], avec: bool, par_seconde: u32, n: &mut usize) -> Vec<f64> {
    let debut = Instant::now();
    let mut cours = Vec::new();
    for k in 0..u32::try_from(TRANCHE.as_secs()).unwrap() * par_seconde {
        let due = debut + Duration::from_secs(1) / par_seconde * k;
        tokio::time::sleep_until(due.into()).await;
        *n += 1;
        let c = &qui[*n % qui.len()];
        let garde = Garde { cle: Some(format!("{:032}", *n)), version: None, ..Garde::default() };
        let (ctx, candidat) = (t.ctx(c.acteur.clone()), c.candidat);
        cours.push(tokio::spawn(async move {
            write(ctx, candidat, garde, avec).await;
            due.elapsed().as_secs_f64()
        }));
    }
    let mut secondes = Vec::with_capacity(cours.len());
    for un in cours {
        secondes.push(un.await.unwrap());
    }
    secondes
}

fn percentile(tries: &[f64], part: f64) -> f64 {
    let rang = ((tries.len() as f64 * part).ceil() as usize).clamp(1, tries.len()) - 1;
    tries[rang] * 1_000.0
}

async fn ecriture(t: &TestApp, secondes: u64, par_seconde: u32) {
    let e = t.etablissement("0800001A", "Lycée Alpha").await;
    let f = t.formation(e, "BTS", Famille::Bts, true, 20, true).await;
    let mut qui = Vec::new();
    for k in 0..CANDIDATS {
        let c = t.candidat(&format!("candidat{k}@exemple.example"), TypeBac::General).await;
        t.voeu(&c, &f, EtatVoeu::Saisi).await;
        qui.push(c);
    }
    t.app.db.analyze().await.unwrap();
    // The sealer works as it does beside a server.
    let app = Arc::clone(&t.app);
    let scelleur = tokio::spawn(async move {
        loop {
            sceller(&app).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let (mut sans, mut avec, mut n) = (Vec::new(), Vec::new(), 0);
    // Warms caches up.
    slice(t, &qui, true, par_seconde, &mut n).await;
    for _ in 0..secondes.div_ceil(2 * TRANCHE.as_secs()) {
        sans.extend(slice(t, &qui, false, par_seconde, &mut n).await);
        avec.extend(slice(t, &qui, true, par_seconde, &mut n).await);
    }
    scelleur.abort();
    for (nom, mesures) in [("sans", &mut sans), ("avec", &mut avec)] {
        mesures.sort_by(f64::total_cmp);
        println!(
            "{nom} l’entrée du journal : {} écritures, {:.2} ms en moyenne, médiane {:.2}, p95 {:.2}, p99 {:.2}",
            mesures.len(),
            mesures.iter().sum::<f64>() / mesures.len() as f64 * 1_000.0,
            percentile(mesures, 0.5),
            percentile(mesures, 0.95),
            percentile(mesures, 0.99)
        );
    }
    let surcout = |part| (percentile(&avec, part) / percentile(&sans, part) - 1.0) * 100.0;
    println!("surcoût : médiane {:.1} %, p95 {:.1} %", surcout(0.5), surcout(0.95));
}

/// A year of entries, one in five of them a reading of twenty records; `LECTURES` of them by the account looked at.
async fn fill(t: &TestApp, compte: i64, entrees: i64, debut_us: i64) {
    let session = app::sessions::courante(&t.app.db).await.unwrap().id;
    t.sql(
        "INSERT INTO candidat (public_id, cree_le, maj_le, origine, session_id, numero, nom, prenom, type_bac, commune,
                               departement, academie, etat)
         WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         SELECT 'c000000000000000' || (1000000000 + i), 0, 0, 'essai', $3, i, 'Nom' || i, 'Léa', 'general', 'Amiens', '80',
                '20', 'inscrit' FROM n",
        vec![1_i64.into(), DOSSIERS.into(), session.into()],
    )
    .await;
    let premier = t.nombre("SELECT MIN(id) FROM candidat", vec![]).await;
    let pas = 365 * 86_400_000_000 / entrees;
    let les_siennes = (entrees / LECTURES).max(1);
    let dossiers: Vec<String> =
        (0..PAR_PAGE).map(|k| format!("($6 + (i / 5 * 7 + i / 500 + {k}) % $7)")).collect();
    let liste = dossiers.join(" || ',' || ");
    let lot = 200_000;
    for de in (0..entrees).step_by(usize::try_from(lot).unwrap()) {
        t.sql(
            &format!(
                "INSERT INTO journal (instant_us, compte_id, role, reseau, requete, route, action, objet, objet_id, issue,
                                      dossiers, apres)
                 WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
                 SELECT $3 + i * $4, CASE WHEN i % $8 = 0 THEN $5 ELSE 1000 + i * 31 % $9 END, 'membre_cev',
                        'a3f0c2b19d8e7a3f0c2b19d8e7a3f0c2', '01h8zq4k2m3n', 'GET /gestion/{{session}}/dossiers',
                        'consulter_dossiers', 'formation_session', '01h8zq4k2m3n5p6q7r8s9t0v1w',
                        CASE WHEN i % 500 = 0 THEN 'exporte' WHEN i % 5 = 0 OR i % $8 = 0 THEN 'lu' ELSE 'fait' END,
                        CASE WHEN i % 5 = 0 OR i % $8 = 0 THEN {PAR_PAGE} ELSE 0 END,
                        CASE WHEN i % 5 = 0 OR i % $8 = 0
                             THEN '{{\"champs\":[\"nom\",\"prenom\",\"serie\",\"moyenne\"],\"dossiers_lus\":[' || {liste} || ']}}'
                             ELSE '{{\"etat\":\"confirme\"}}' END
                 FROM n"
            ),
            vec![
                de.into(),
                (de + lot - 1).min(entrees - 1).into(),
                debut_us.into(),
                pas.into(),
                compte.into(),
                premier.into(),
                DOSSIERS.into(),
                les_siennes.into(),
                COMPTES.into(),
            ],
        )
        .await;
    }
    t.app.db.analyze().await.unwrap();
}

async fn violation(t: &TestApp, entrees: i64) {
    let (compte, _) = t.personne("vu@exemple.example", Attribution::simple(Role::MembreCev)).await;
    let (_, national) =
        t.personne("national@exemple.example", Attribution::simple(Role::AdminNational)).await;
    let fin = testkit::paris("2023-11-13T00:00");
    let debut = fin - Duration::from_secs(365 * 86_400);
    let chrono = Instant::now();
    fill(t, compte, entrees, debut.as_microsecond()).await;
    println!("{entrees} entrées écrites : {:.0} s", chrono.elapsed().as_secs_f64());
    let ctx = t.ctx(national);
    for (quoi, de) in [("un an", debut), ("trente jours", fin - Duration::from_secs(30 * 86_400))] {
        for _ in 0..3 {
            let chrono = Instant::now();
            let r = vus(&ctx, "vu@exemple.example", de, fin).await.unwrap();
            println!("{quoi} : {} {:.2} s", r.resume(), chrono.elapsed().as_secs_f64());
        }
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let nombre = |k: usize, sinon: i64| arguments.get(k).and_then(|a| a.parse().ok()).unwrap_or(sinon);
    let postgres = arguments.iter().any(|a| a == "--postgres");
    let base = if postgres { Base::postgres().await.unwrap() } else { Base::sqlite() };
    let t = TestApp::with_session_2024(base).await;
    match arguments.first().map(String::as_str) {
        Some("ecriture") => {
            ecriture(&t, nombre(1, 60).unsigned_abs(), u32::try_from(nombre(2, 200)).unwrap()).await;
        }
        Some("violation") => violation(&t, nombre(1, 5_000_000)).await,
        _ => println!("mesure_journal ecriture SECONDES PAR_SECONDE | violation ENTREES [--postgres]"),
    }
}
