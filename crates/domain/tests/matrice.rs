//! HAB-1, F-28: every role × action × object × period of the calendar, decided by the functions that the pages ask, held
//! against a reviewed file.

use std::collections::BTreeMap;

use domain::calendrier::{Calendrier, Etape, Fenetre, debut_de_jour, fin_de_jour};
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Attribution, Cible, authorize};
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// The windows of 2024.
fn calendrier() -> Calendrier {
    let fenetre = |du: Date, au: Date| Fenetre { ouvre: debut_de_jour(du), ferme: fin_de_jour(au) };
    let fenetres = BTreeMap::from([
        (Etape::Parametrage, fenetre(date(2023, 11, 13), date(2023, 12, 13))),
        (Etape::CapacitesFrais, fenetre(date(2023, 11, 13), date(2024, 1, 12))),
        (Etape::Consultation, fenetre(date(2023, 12, 20), date(2024, 9, 12))),
        (Etape::Voeux, fenetre(date(2024, 1, 17), date(2024, 3, 14))),
        (Etape::Confirmation, fenetre(date(2024, 1, 17), date(2024, 4, 3))),
        (Etape::Examen, fenetre(date(2024, 4, 4), date(2024, 5, 21))),
        (Etape::Taux, fenetre(date(2024, 4, 4), date(2024, 5, 24))),
        (Etape::OrdreAppel, fenetre(date(2024, 5, 22), date(2024, 5, 30))),
        (Etape::Admission, fenetre(date(2024, 5, 30), date(2024, 7, 11))),
    ]);
    Calendrier::new(1, "2024".to_owned(), fenetres, Vec::new()).expect("calendar")
}

/// A day of each period (`domaine.md` §9), before the first and after the last included.
fn periodes() -> [(&'static str, Timestamp); 11] {
    [
        ("avant", date(2023, 11, 1)),
        ("parametrage", date(2023, 11, 20)),
        ("capacites", date(2023, 12, 18)),
        ("information", date(2024, 1, 5)),
        ("voeux", date(2024, 2, 10)),
        ("dossiers", date(2024, 3, 20)),
        ("examen", date(2024, 5, 1)),
        ("ordre_appel", date(2024, 5, 23)),
        ("admission", date(2024, 6, 10)),
        ("complementaire", date(2024, 7, 20)),
        ("apres", date(2024, 10, 1)),
    ]
    .map(|(nom, jour)| (nom, debut_de_jour(jour)))
}

fn formation(session: i64, etablissement: i64, formation: i64, academie: &str) -> Cible {
    Cible {
        session: Some(session),
        etablissement: Some(etablissement),
        formation: Some(formation),
        academie: Some(academie.to_owned()),
        candidat: None,
    }
}

/// Objects, the person being of session 1, establishment 1, course 1, academy 20, record 1.
fn objets() -> [(&'static str, Cible); 8] {
    [
        ("sa_formation", formation(1, 1, 1, "20")),
        ("formation_de_son_etablissement", formation(1, 1, 2, "20")),
        ("etablissement_voisin", formation(1, 2, 3, "20")),
        ("autre_academie", formation(1, 3, 4, "09")),
        ("sa_formation_autre_session", formation(2, 1, 1, "20")),
        ("son_dossier", Cible::dossier(1)),
        ("dossier_autre", Cible::dossier(2)),
        ("plateforme", Cible::plateforme()),
    ]
}

fn acteur(role: Role) -> Acteur {
    let a = Attribution { session: Some(1), ..Attribution::simple(role) };
    let a = match role {
        Role::Public => return Acteur::public(),
        Role::Systeme => return Acteur::systeme("essai"),
        Role::Candidat => Attribution { candidat: Some(1), ..a },
        Role::Academie => Attribution { academies: vec!["20".to_owned()], ..a },
        Role::RespFormation | Role::MembreCev => {
            Attribution { etablissement: Some(1), formation: Some(1), ..a }
        }
        _ => Attribution { etablissement: Some(1), ..a },
    };
    Acteur { compte: Some(1), nom: String::new(), attributions: vec![a, Attribution::simple(Role::Public)] }
}

/// `O` done, `F` right but the step is closed, `R` refused and the person knows the object, `.` as if absent.
fn cellule(c: &Calendrier, qui: &Acteur, action: Action, cible: &Cible, quand: Timestamp) -> char {
    match authorize(qui, action, cible) {
        Ok(_) if action.etape().is_none_or(|e| c.require_open(e, quand).is_ok()) => 'O',
        Ok(_) => 'F',
        Err(refus) if refus.connu => 'R',
        Err(_) => '.',
    }
}

#[test]
fn hab_1_f_28_every_cell_of_the_matrix_is_the_reviewed_one() {
    let calendrier = calendrier();
    let noms: Vec<&str> = periodes().iter().map(|(nom, _)| *nom).collect();
    let mut imprime = format!("role;action;objet;{}\n", noms.join(";"));
    let mut cellules = 0;
    for role in Role::ALL {
        let qui = acteur(role);
        for action in Action::ALL {
            for (objet, cible) in objets() {
                imprime.push_str(&format!("{};{};{objet}", role.code(), action.code()));
                for (_, quand) in periodes() {
                    imprime.push_str(&format!(";{}", cellule(&calendrier, &qui, action, &cible, quand)));
                    cellules += 1;
                }
                imprime.push('\n');
            }
        }
    }
    assert!(cellules >= 20_000, "{cellules} cells only");
    let chemin = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/droits-matrice.csv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(chemin, &imprime).expect("docs/droits-matrice.csv is writable");
    }
    let relue = std::fs::read_to_string(chemin).unwrap_or_default();
    let premiere = relue.lines().zip(imprime.lines()).find(|(a, b)| a != b);
    assert!(relue == imprime, "not the reviewed matrix, first at {premiere:?}: `BLESS=1` after review");
}

/// What the file must never say, whatever is blessed.
#[test]
fn hab_3_nothing_but_the_published_offer_crosses_a_perimeter() {
    let etrangers = ["etablissement_voisin", "autre_academie", "sa_formation_autre_session", "dossier_autre"];
    for role in Role::ALL {
        if matches!(role, Role::AdminNational | Role::Auditeur | Role::Systeme) {
            continue;
        }
        for action in Action::ALL.into_iter().filter(|a| *a != Action::ConsulterOffre) {
            for (objet, cible) in objets().into_iter().filter(|(o, _)| etrangers.contains(o)) {
                // An academic service reaches every establishment of its academy.
                if role == Role::Academie && objet == "etablissement_voisin" {
                    continue;
                }
                let refus = authorize(&acteur(role), action, &cible);
                assert!(refus.is_err_and(|d| !d.connu), "{role:?} {action:?} {objet}");
            }
        }
    }
}
