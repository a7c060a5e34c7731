//! Times the decisions of the table of rights (HAB-1): every role × action × object of a person who holds one role, then of
//! one who holds thirty: `mesure_droits SECONDES`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::comptes::Role;
use domain::droits::{Acteur, Action, Attribution, Cible, authorize};

/// Courses of somebody who teaches in many of them.
const FORMATIONS: i64 = 30;

fn acteur(role: Role, formations: i64) -> Acteur {
    let une = |formation| {
        let a = Attribution { session: Some(1), ..Attribution::simple(role) };
        match role {
            Role::Public | Role::Systeme => Attribution::simple(role),
            Role::Candidat => Attribution { candidat: Some(1), ..a },
            Role::Academie => Attribution { academies: vec!["20".to_owned()], ..a },
            _ => Attribution { etablissement: Some(1), formation: Some(formation), ..a },
        }
    };
    let mut attributions: Vec<_> = (1..=formations).map(une).collect();
    attributions.push(Attribution::simple(Role::Public));
    Acteur { compte: Some(1), nom: String::new(), attributions }
}

fn objets() -> Vec<Cible> {
    let formation = |session, etablissement, formation, academie: &str| Cible {
        session: Some(session),
        etablissement: Some(etablissement),
        formation: Some(formation),
        academie: Some(academie.to_owned()),
        candidat: None,
    };
    vec![
        formation(1, 1, 1, "20"),
        formation(1, 1, FORMATIONS, "20"),
        formation(1, 2, 99, "20"),
        formation(1, 3, 98, "09"),
        formation(2, 1, 1, "20"),
        Cible::dossier(1),
        Cible::dossier(2),
        Cible::plateforme(),
    ]
}

/// Decides the whole matrix again and again; (decisions of one turn, mean of all in ns, mean of the slowest cell in ns).
fn measure(formations: i64, during: Duration) -> (u32, f64, f64) {
    let objets = objets();
    let cellules: Vec<(Acteur, Action, &Cible)> = Role::ALL
        .into_iter()
        .flat_map(|role| Action::ALL.map(|action| (role, action)))
        .flat_map(|(role, action)| objets.iter().map(move |o| (acteur(role, formations), action, o)))
        .collect();
    let (debut, mut tours) = (Instant::now(), 0_u32);
    while debut.elapsed() < during {
        for (qui, action, cible) in &cellules {
            drop(black_box(authorize(black_box(qui), black_box(*action), black_box(cible))));
        }
        tours += 1;
    }
    let n = u32::try_from(cellules.len()).unwrap_or(u32::MAX);
    let moyenne = debut.elapsed().as_secs_f64() * 1e9 / f64::from(n) / f64::from(tours.max(1));
    let pire = cellules.iter().map(|(qui, action, cible)| cell(qui, *action, cible));
    (n, moyenne, pire.fold(0.0, f64::max))
}

/// One cell by itself, in ns: often enough that reading the clock does not count, the best of five so that another program
/// that took the core does not either.
fn cell(qui: &Acteur, action: Action, cible: &Cible) -> f64 {
    const FOIS: u32 = 500;
    let essais = (0..5).map(|_| {
        let debut = Instant::now();
        for _ in 0..FOIS {
            drop(black_box(authorize(black_box(qui), black_box(action), black_box(cible))));
        }
        debut.elapsed().as_secs_f64() * 1e9 / f64::from(FOIS)
    });
    essais.fold(f64::INFINITY, f64::min)
}

fn main() {
    let secondes = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(5);
    for formations in [1, FORMATIONS] {
        let (n, moyenne, pire) = measure(formations, Duration::from_secs(secondes));
        println!(
            "{formations} attribution(s) et l’offre publiée : {n} décisions, moyenne {moyenne:.0} ns, la plus lente {pire:.0} ns"
        );
    }
}
