//! Times call orders, days of propositions and a withdrawal through the database, on drawn wishes: `mesure_admission 95000 14000`
//! (candidates, courses), with `PARCOURSUP_TEST_POSTGRES` and `--postgres` on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::time::Instant;

use app::admission::{
    DemandeRetrait, calculer_ordre_appel, calculer_retrait, formations_a_retirer, passages, publier_passage,
    un_jour,
};
use app::idempotence::Garde;
use store::{Sql, Tx, Value, insert_batch};
use testkit::{Base, TestApp};

const VOEUX: i64 = 12;

/// A small reproducible generator: quality does not matter here.
struct Tirage(u64);

impl Tirage {
    fn sous(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }
}

fn meta(prefixe: &str, n: i64) -> Vec<Value> {
    vec![format!("{prefixe}{n:025}").into(), 0i64.into(), 0i64.into(), "essai".to_owned().into()]
}

async fn fill(tx: &Tx, table: &str, prefixe: &str, colonnes: &str, lignes: Vec<Vec<Value>>) {
    let n = lignes.first().map_or(0, Vec::len);
    let debut = format!("INSERT INTO {table} (public_id, cree_le, maj_le, origine, {colonnes})");
    let lignes = lignes.into_iter().zip(1..).map(|(l, i)| meta(prefixe, i).into_iter().chain(l).collect());
    insert_batch(tx, &debut, n + 4, lignes, "").await.unwrap();
}

async fn draw(t: &TestApp, candidats: i64, formations: i64) -> i64 {
    let session = app::sessions::courante(&t.app.db).await.unwrap().id;
    let e = t.etablissement("0800001A", "Lycée Alpha").await;
    let tx = t.app.db.begin_write().await.unwrap();
    let texte = |s: &str| Value::from(s.to_owned());
    fill(
        &tx,
        "formation_inscription",
        "i",
        "etablissement_id, cle",
        (1..=formations).map(|i| vec![e.into(), format!("i{i}").into()]).collect(),
    )
    .await;
    let premiere = tx.int("SELECT MIN(id) FROM formation_inscription", vec![]).await.unwrap().unwrap();
    fill(
        &tx,
        "formation",
        "f",
        "formation_inscription_id, cle, statut",
        (0..formations)
            .map(|i| vec![(premiere + i).into(), format!("f{i}").into(), texte("etudiant")])
            .collect(),
    )
    .await;
    let premiere = tx.int("SELECT MIN(id) FROM formation", vec![]).await.unwrap().unwrap();
    fill(&tx, "formation_session", "s",
        "formation_id, session_id, etablissement_id, famille, libelle, selective, departement, academie, commune, capacite,
         frais_centimes, etat",
        (0..formations).map(|i| vec![(premiere + i).into(), session.into(), e.into(), texte("bts"), texte("BTS"),
            1i64.into(), texte("80"), texte("20"), texte("Amiens"), 7i64.into(), 0i64.into(), texte("publiee")]).collect()).await;
    let fs = tx.int("SELECT MIN(id) FROM formation_session", vec![]).await.unwrap().unwrap();
    fill(
        &tx,
        "groupe_classement",
        "g",
        "session_id, formation_session_id, libelle, taux_min_boursiers",
        (0..formations).map(|i| vec![session.into(), (fs + i).into(), texte("Tous"), 10i64.into()]).collect(),
    )
    .await;
    let g = tx.int("SELECT MIN(id) FROM groupe_classement", vec![]).await.unwrap().unwrap();
    fill(
        &tx,
        "groupe_affectation",
        "a",
        "groupe_classement_id, formation_session_id, places, nombre_a_appeler",
        (0..formations).map(|i| vec![(g + i).into(), (fs + i).into(), 7i64.into(), 7i64.into()]).collect(),
    )
    .await;
    fill(
        &tx,
        "classement",
        "k",
        "groupe_classement_id, numero, etat, transmis_le",
        (0..formations).map(|i| vec![(g + i).into(), 1i64.into(), texte("transmis"), 0i64.into()]).collect(),
    )
    .await;
    let k = tx.int("SELECT MIN(id) FROM classement", vec![]).await.unwrap().unwrap();
    fill(
        &tx,
        "candidat",
        "c",
        "session_id, numero, nom, prenom, type_bac, commune, departement, academie, etat",
        (1..=candidats)
            .map(|i| {
                vec![
                    session.into(),
                    i.into(),
                    texte("Nom"),
                    texte("Léa"),
                    texte("general"),
                    texte("Amiens"),
                    texte("80"),
                    texte("20"),
                    texte("inscrit"),
                ]
            })
            .collect(),
    )
    .await;
    let c = tx.int("SELECT MIN(id) FROM candidat", vec![]).await.unwrap().unwrap();
    // Each candidate's wishes are spread over courses; ranks follow the order of drawing.
    let mut tirage = Tirage(2026);
    let (mut voeux, mut rangs) = (Vec::new(), Vec::new());
    let mut suivant = vec![0_i64; usize::try_from(formations).unwrap()];
    for i in 0..candidats {
        let depart = tirage.sous(formations);
        for v in 0..VOEUX {
            let f = (depart + v * 97) % formations;
            let rang = &mut suivant[usize::try_from(f).unwrap()];
            *rang += 1;
            voeux.push(vec![
                session.into(),
                (c + i).into(),
                (fs + f).into(),
                (g + f).into(),
                texte("pp"),
                texte("classe"),
                0i64.into(),
                0i64.into(),
            ]);
            rangs.push(vec![(k + f).into(), (c + i).into(), (*rang).into()]);
        }
    }
    let n = i64::try_from(voeux.len()).unwrap();
    fill(&tx, "voeu", "v",
        "session_id, candidat_id, formation_session_id, groupe_classement_id, phase, etat, etat_le, confirme_le", voeux).await;
    insert_batch(&tx, "INSERT INTO classement_rang (classement_id, candidat_id, rang)", 3, rangs, "")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.app.db.analyze().await.unwrap();
    n
}

/// One candidate in three refuses, the others accept and give back what they held.
async fn answer(t: &TestApp) {
    for (reponse, etat, reste) in [("refusee", "refuse_candidat", "= 0"), ("acceptee", "accepte", "<> 0")] {
        t.sql(
            &format!("UPDATE voeu SET etat = '{etat}' WHERE etat = 'propose' AND candidat_id % 3 {reste}"),
            vec![],
        )
        .await;
        t.sql(
            &format!(
                "UPDATE proposition SET reponse = '{reponse}'
            WHERE reponse = 'attendue' AND candidat_id % 3 {reste}"
            ),
            vec![],
        )
        .await;
    }
}

fn memoire() -> String {
    let statut = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    statut.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("").to_owned()
}

#[tokio::main]
async fn main() {
    let nombres: Vec<i64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let postgres = std::env::args().any(|a| a == "--postgres");
    let (candidats, formations) =
        (nombres.first().copied().unwrap_or(10_000), nombres.get(1).copied().unwrap_or(1_500));
    let base = if postgres { Base::postgres().await.unwrap() } else { Base::sqlite() };
    let t = TestApp::with_session_2024(base).await;
    let debut = Instant::now();
    let n = draw(&t, candidats, formations).await;
    println!("{n} vœux tirés et écrits : {:.1} s, {}", debut.elapsed().as_secs_f64(), memoire());
    t.at("2024-05-25T10:00");
    let debut = Instant::now();
    calculer_ordre_appel(&t.simulation(), &Garde::default(), 2024).await.unwrap();
    println!("ordres d’appel calculés : {:.1} s, {}", debut.elapsed().as_secs_f64(), memoire());
    let p = passages(&t.simulation(), 2024, 1, 0).await.unwrap().remove(0);
    println!("  {:?}", (p.bilan.lecture_ms, p.bilan.calcul_ms));
    let debut = Instant::now();
    publier_passage(&t.simulation(), &Garde::default(), 2024, &p.public_id).await.unwrap();
    println!("ordres d’appel publiés : {:.1} s", debut.elapsed().as_secs_f64());
    let mut dernier = String::new();
    for jour in ["2024-05-30T20:00", "2024-05-31T06:00", "2024-06-01T06:00"] {
        if !dernier.is_empty() {
            answer(&t).await;
        }
        t.at(jour);
        let debut = Instant::now();
        let b = un_jour(&t.simulation(), &t.simulation(), 2024).await.unwrap();
        println!(
            "jour {} : {} propositions, {:.1} s (lecture {} ms, calcul {} ms), {}",
            b.jour,
            b.bilan.propositions,
            debut.elapsed().as_secs_f64(),
            b.bilan.lecture_ms,
            b.bilan.calcul_ms,
            memoire()
        );
        dernier = b.passage;
    }
    withdraw(&t, dernier).await;
}

/// R-ADM-13: the courses that a search shows at most, those with the most propositions of the last day, that nobody has answered.
async fn withdraw(t: &TestApp, passage: String) {
    let ctx = t.simulation();
    let formations = formations_a_retirer(&ctx, 2024, &passage, "").await.unwrap();
    let formations: Vec<String> = formations.into_iter().map(|f| f.public_id).collect();
    let demande = DemandeRetrait { passage, formations, motif: "Mesure.".to_owned() };
    let debut = Instant::now();
    calculer_retrait(&ctx, &Garde::default(), 2024, &demande).await.unwrap();
    let calcule = debut.elapsed();
    let p = passages(&ctx, 2024, 1, 0).await.unwrap().remove(0);
    publier_passage(&ctx, &Garde::default(), 2024, &p.public_id).await.unwrap();
    let p = passages(&ctx, 2024, 1, 0).await.unwrap().remove(0);
    println!(
        "retrait de {} formations : {} propositions retirées, calculé en {:.2} s, publié en {:.2} s, {}",
        demande.formations.len(),
        p.bilan.publies.unwrap_or(0),
        calcule.as_secs_f64(),
        (debut.elapsed() - calcule).as_secs_f64(),
        memoire()
    );
}
