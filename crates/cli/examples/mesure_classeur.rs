//! Times the workbook of 400 courses on a throwaway SQLite base: exported, then read back with its report, a field, a capacity and
//! the presentation changed in each course. Fails beyond the seconds given: `mesure_classeur 1 3`.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::process::ExitCode;
use std::time::Instant;

use app::FormatTableau;
use app::formations::{export_descriptions, preview_descriptions};
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use files::tableau::{FeuilleAEcrire, FeuilleLue, read_feuilles, write_feuilles};
use testkit::{Base, TestApp};

const FORMATIONS: usize = 400;
/// The median of so many turns.
const TOURS: usize = 5;

fn changed(octets: &[u8]) -> Vec<u8> {
    let mut feuilles =
        read_feuilles(octets, "p.xlsx", files::Limites::default(), files::LimitesArchive::default()).unwrap();
    let (entetes, lignes) = feuilles[0].lignes.split_first_mut().unwrap();
    let place = |nom: &str| entetes.1.iter().position(|e| e == nom).unwrap();
    let (contact, capacite) = (place("Pour échanger avec la formation"), place("Capacité d’accueil"));
    let presentation = place("Présentation publique");
    let texte = "Deux années d’études, un stage chaque année et des projets menés en équipe.\n\n".repeat(12);
    for (_, ligne) in lignes {
        ligne[contact] = "Bureau des études".to_owned();
        ligne[capacite] = "25".to_owned();
        ligne[presentation].clone_from(&texte);
    }
    let a_ecrire: Vec<FeuilleAEcrire<'_>> = feuilles
        .iter()
        .map(|f: &FeuilleLue| FeuilleAEcrire {
            nom: &f.nom,
            entetes: f.lignes[0].1.iter().map(|e| (e.clone(), Vec::new())).collect(),
            lignes: f.lignes[1..].iter().map(|(_, l)| l.clone()).collect(),
            ..FeuilleAEcrire::default()
        })
        .collect();
    write_feuilles("Paramétrage", 0, &a_ecrire).unwrap()
}

fn median(mut durees: Vec<f64>) -> f64 {
    durees.sort_by(f64::total_cmp);
    durees[durees.len() / 2]
}

#[tokio::main]
async fn main() -> ExitCode {
    let budgets: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    for n in 0..FORMATIONS {
        t.formation(etablissement, &format!("BTS Spécialité {n}"), Famille::Bts, true, 24, false).await;
    }
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    let (mut exports, mut imports) = (Vec::new(), Vec::new());
    for _ in 0..TOURS {
        let depart = Instant::now();
        let e = export_descriptions(&ctx, 2024, FormatTableau::Xlsx).await.unwrap();
        exports.push(depart.elapsed().as_secs_f64());
        let fichier = changed(&e.octets);
        let depart = Instant::now();
        let a = preview_descriptions(&ctx, 2024, "p.xlsx", &fichier).await.unwrap();
        imports.push(depart.elapsed().as_secs_f64());
        assert_eq!((a.formations, a.fautes.len(), a.differences.len()), (FORMATIONS, 0, 3 * FORMATIONS));
    }
    let (export, import) = (median(exports), median(imports));
    println!(
        "{FORMATIONS} formations: exported in {export:.3} s, read with the report in {import:.3} s (median of {TOURS})"
    );
    let tenu = budgets.iter().zip([export, import]).all(|(budget, mesure)| mesure <= *budget);
    if tenu { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
