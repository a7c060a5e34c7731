//! HAB-1, F-28: every role × action × object × period of the calendar, decided by the functions that the pages ask, held
//! against a reviewed file.

use std::collections::BTreeMap;

use domain::calendrier::{Calendrier, Etape, Fenetre, debut_de_jour, fin_de_jour};
use domain::comptes::Role;
use domain::droits::{
    Acteur, Action, Attribution, Cible, Fiche, GROUPES, GroupeChamps, authorize, champ_interdit,
};
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
        (Etape::Ordonnancement, fenetre(date(2024, 7, 1), date(2024, 7, 3))),
        (Etape::Desistements, fenetre(date(2024, 7, 12), date(2024, 9, 12))),
        (Etape::Repondeur, fenetre(date(2024, 7, 15), date(2024, 8, 20))),
    ]);
    Calendrier::new(1, "2024".to_owned(), fenetres, Vec::new()).expect("calendar")
}

/// A day of each period (`domaine.md` §9), before the first and after the last included.
fn periodes() -> [(&'static str, Timestamp); 12] {
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
        ("ordonnancement", date(2024, 7, 2)),
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
    // A token names its establishment and its courses.
    let formation = Attribution { etablissement: Some(1), formation: Some(1), ..a.clone() };
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
    let mut attributions = vec![a, Attribution::simple(Role::Public)];
    if role == Role::Logiciel {
        attributions.push(formation);
    }
    Acteur { compte: Some(1), nom: String::new(), attributions }
}

/// `O` done, `F` right but the step is closed, `R` refused and the person knows the object, `.` as if absent.
fn cellule(c: &Calendrier, qui: &Acteur, action: Action, cible: &Cible, quand: Timestamp) -> char {
    match authorize(qui, action, cible) {
        Ok(_) if c.require_any_open(action.etapes(), quand).is_ok() => 'O',
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
    hold("droits-matrice.csv", &imprime);
}

/// What the file must never say, whatever is blessed.
#[test]
fn hab_3_nothing_but_the_published_offer_crosses_a_perimeter() {
    let etrangers = ["etablissement_voisin", "autre_academie", "sa_formation_autre_session", "dossier_autre"];
    for role in Role::ALL {
        if matches!(role, Role::AdminNational | Role::Auditeur | Role::Systeme) {
            continue;
        }
        // What is offered to everybody has no perimeter: the published offer, the sessions of the public site.
        let a_tous = [Action::ConsulterOffre, Action::RejoindreSeancePublique];
        for action in Action::ALL.into_iter().filter(|a| !a_tous.contains(a)) {
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

/// `E` read and written, `F` read and written when the step is open, `L` read, `.` neither.
fn cellule_champs(c: &Calendrier, g: &GroupeChamps, qui: &Acteur, cible: &Cible, quand: Timestamp) -> char {
    let ouvert = || g.ecrire.is_none_or(|a| c.require_any_open(a.etapes(), quand).is_ok());
    match (g.is_lisible(qui, cible), g.is_inscriptible(qui, cible)) {
        (true, true) if ouvert() => 'E',
        (true, true) => 'F',
        (true, false) => 'L',
        (false, false) => '.',
        // What one writes without reading it would be overwritten blindly.
        (false, true) => '!',
    }
}

fn hold(fichier: &str, imprime: &str) {
    let chemin = format!("{}/../../docs/{fichier}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&chemin, imprime).expect("docs is writable");
    }
    let relue = std::fs::read_to_string(&chemin).unwrap_or_default();
    let premiere = relue.lines().zip(imprime.lines()).find(|(a, b)| a != b);
    assert!(
        relue == imprime,
        "{fichier} is not the reviewed one, first at {premiere:?}: `BLESS=1` after review"
    );
}

#[test]
fn r_dro_04_hab_4_the_groups_of_fields_are_the_reviewed_ones() {
    let mut imprime = String::from("fiche;groupe;colonnes;champs;lire;ecrire\n");
    for g in GROUPES {
        let lire: Vec<&str> = g.lire.iter().map(|a| a.code()).collect();
        imprime.push_str(&format!(
            "{};{};{};{};{};{}\n",
            g.fiche.code(),
            g.code,
            g.colonnes.join(","),
            g.saisie.join(","),
            lire.join(","),
            g.ecrire.map_or("", Action::code)
        ));
    }
    hold("droits-champs.csv", &imprime);
}

#[test]
fn r_dro_04_hab_4_f_29_every_cell_of_the_matrix_of_fields_is_the_reviewed_one() {
    let calendrier = calendrier();
    let noms: Vec<&str> = periodes().iter().map(|(nom, _)| *nom).collect();
    let mut imprime = format!("role;fiche;groupe;objet;{}\n", noms.join(";"));
    for role in Role::ALL {
        let qui = acteur(role);
        for g in GROUPES {
            for (objet, cible) in objets() {
                // Staff reach records through the course that was wished for.
                if objet == "plateforme" || (g.fiche == Fiche::Formation && objet.contains("dossier")) {
                    continue;
                }
                imprime.push_str(&format!("{};{};{};{objet}", role.code(), g.fiche.code(), g.code));
                for (_, quand) in periodes() {
                    let c = cellule_champs(&calendrier, g, &qui, &cible, quand);
                    assert!(
                        c != '!' || role == Role::Systeme,
                        "{role:?} writes {} without reading it",
                        g.code
                    );
                    imprime.push_str(&format!(";{c}"));
                }
                imprime.push('\n');
            }
        }
    }
    hold("droits-champs-matrice.csv", &imprime);
}

/// HAB-4: a column that nobody classified fails here.
#[test]
fn r_dro_04_hab_4_each_column_of_a_sheet_is_in_exactly_one_group() {
    let dictionnaire = include_str!("../../store/src/dictionnaire.csv");
    for fiche in [Fiche::Formation, Fiche::Dossier] {
        let colonnes: Vec<&str> = dictionnaire
            .lines()
            .filter_map(|l| l.strip_prefix(fiche.table())?.strip_prefix(';')?.split(';').next())
            .collect();
        assert!(colonnes.len() > 15, "{fiche:?}: {colonnes:?}");
        let classees = || GROUPES.iter().filter(|g| g.fiche == fiche).flat_map(|g| g.colonnes);
        for c in &colonnes {
            assert_eq!(classees().filter(|k| *k == c).count(), 1, "{fiche:?}.{c}");
        }
        for c in classees() {
            assert!(colonnes.contains(c), "{fiche:?} has no column {c}");
        }
    }
}

#[test]
fn r_dro_04_hab_4_a_field_of_no_form_or_of_another_person_is_named() {
    let sien = &objets()[0].1;
    let trouve = |role, noms: &[&'static str]| {
        champ_interdit(&acteur(role), Fiche::Formation, sien, noms.iter().copied())
    };
    assert_eq!(trouve(Role::RespFormation, &["capacite", "frais", "places-ab12", "presentation"]), None);
    assert_eq!(trouve(Role::RespFormation, &["capacite", "etat"]), Some("etat"));
    assert_eq!(trouve(Role::RespFormation, &["places-"]), Some("places-"));
    assert_eq!(trouve(Role::MembreCev, &["presentation"]), Some("presentation"));
    assert_eq!(trouve(Role::ChefEtab, &["frais"]), Some("frais"));
    let (dossier, autre) = (&objets()[5].1, &objets()[6].1);
    let lea = acteur(Role::Candidat);
    let dans = |cible, nom| champ_interdit(&lea, Fiche::Dossier, cible, std::iter::once(nom));
    assert_eq!(dans(dossier, "commune"), None);
    assert_eq!(dans(dossier, "numero"), Some("numero"));
    assert_eq!(dans(autre, "commune"), Some("commune"));
}
