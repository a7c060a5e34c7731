//! R-FOR-15: what most courses of a type say, to start from. Never published as such: whatever is compulsory and differs from one
//! course to another is left out.

use super::{Description, LigneListe, Valeur};
use crate::formations::Famille;

fn critere(champ: &str, intitule: &str, elements: &str, importance: &str) -> LigneListe {
    [("champ", champ), ("intitule", intitule), ("elements", elements), ("importance", importance)]
        .into_iter()
        .map(|(code, valeur)| (code.to_owned(), valeur.to_owned()))
        .collect()
}

/// (diploma, control, years, weights of the five fields).
const fn bases(famille: Famille) -> (&'static str, &'static str, &'static str, [u32; 5]) {
    match famille {
        Famille::Licence => ("Licence", "diplome_national", "3", [60, 20, 5, 10, 5]),
        Famille::LicenceLas => ("Licence, option accès santé", "diplome_national", "3", [65, 20, 5, 10, 0]),
        Famille::Pass => {
            ("Première année d’accès spécifique santé", "diplome_national", "1", [70, 15, 5, 10, 0])
        }
        Famille::Bts => ("Brevet de technicien supérieur", "diplome_national", "2", [45, 20, 15, 15, 5]),
        Famille::But => ("Bachelor universitaire de technologie", "grade", "3", [50, 20, 10, 15, 5]),
        Famille::Cpge => {
            ("Classe préparatoire aux grandes écoles", "diplome_national", "2", [65, 20, 5, 5, 5])
        }
        Famille::Ingenieur => ("Titre d’ingénieur diplômé", "grade", "5", [60, 20, 5, 10, 5]),
        Famille::Commerce => ("Diplôme d’école de management", "visa", "5", [40, 20, 10, 20, 10]),
        Famille::Ifsi => ("Diplôme d’État d’infirmier", "grade", "3", [40, 20, 20, 15, 5]),
        Famille::Efts => ("Diplôme d’État du travail social", "grade", "3", [30, 20, 20, 20, 10]),
        Famille::Autre => ("", "", "", [50, 20, 10, 15, 5]),
    }
}

/// The template of a type.
pub fn modele(famille: Famille) -> Description {
    let (diplome, controle, duree, poids) = bases(famille);
    let mut d = Description::default()
        .avec("diplome", diplome)
        .avec("controle", controle)
        .avec("duree", duree)
        .avec("rythme", "temps_plein")
        .avec("modalite", "presentiel")
        .avec("langues", "français")
        .avec("cesure", "oui")
        .avec("lettre", "non")
        .avec(
            "amenagements",
            "Les besoins sont étudiés avec l’étudiant à son arrivée : temps majoré aux examens, prise de notes, \
             accessibilité des salles, aménagement de l’emploi du temps pour les sportifs de haut niveau, les \
             étudiants salariés et les chargés de famille.",
        )
        .avec("boursiers", "oui")
        .avec("frais_boursiers", "totale");
    for (i, poids) in poids.into_iter().enumerate() {
        d.pose(super::POIDS[i], Some(Valeur::Texte(poids.to_string())));
        let importance = match poids {
            40.. => "essentiel",
            15..40 => "tres_important",
            10..15 => "important",
            _ => "complementaire",
        };
        d.pose(super::IMPORTANCES[i], Some(Valeur::Texte(importance.to_owned())));
    }
    let criteres = [
        critere(
            "1",
            "Moyennes dans les matières utiles à la formation",
            "Bulletins de première et de terminale, contrôle continu et notes des épreuves anticipées de français.",
            "essentiel",
        ),
        critere(
            "2",
            "Méthode de travail et expression écrite",
            "Appréciations des professeurs, rubriques de la fiche Avenir sur la méthode et l’autonomie.",
            "tres_important",
        ),
        critere(
            "3",
            "Assiduité et implication",
            "Appréciations des professeurs et du conseil de classe, fiche Avenir.",
            "important",
        ),
        critere(
            "4",
            "Connaissance de la formation",
            "Rubrique « Activités et centres d’intérêt » et avis de la fiche Avenir sur la cohérence du choix.",
            "important",
        ),
        critere(
            "5",
            "Engagements",
            "Rubrique « Activités et centres d’intérêt » : responsabilités, vie associative, sport, culture.",
            "complementaire",
        ),
    ];
    let lignes: Vec<LigneListe> =
        criteres.into_iter().zip(poids).filter(|(_, poids)| *poids > 0).map(|(critere, _)| critere).collect();
    d.pose("criteres", Some(Valeur::Lignes(lignes)));
    d
}
