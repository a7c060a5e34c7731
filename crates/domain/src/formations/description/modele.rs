//! R-FOR-15: what most courses of a type say, to start from. Never published as such: whatever is compulsory and differs from one
//! course to another is left out.

use super::champs::MENTIONS;
use super::{Description, LigneListe, Valeur};
use crate::formations::genre::mots;
use crate::formations::{Genre, normalise_recherche};

fn critere(champ: &str, intitule: &str, elements: &str, importance: &str) -> LigneListe {
    [("champ", champ), ("intitule", intitule), ("elements", elements), ("importance", importance)]
        .into_iter()
        .map(|(code, valeur)| (code.to_owned(), valeur.to_owned()))
        .collect()
}

/// (diploma, control, years, weights of the five fields).
const fn bases(genre: Genre) -> (&'static str, &'static str, &'static str, [u32; 5]) {
    match genre {
        Genre::Licence => ("Licence", "diplome_national", "3", [60, 20, 5, 10, 5]),
        Genre::LicenceLas => ("Licence, option accès santé", "diplome_national", "3", [65, 20, 5, 10, 0]),
        Genre::Pass => {
            ("Première année d’accès spécifique santé", "diplome_national", "1", [70, 15, 5, 10, 0])
        }
        Genre::Bts => ("Brevet de technicien supérieur", "diplome_national", "2", [45, 20, 15, 15, 5]),
        Genre::But => ("Bachelor universitaire de technologie", "grade", "3", [50, 20, 10, 15, 5]),
        Genre::LicencePro => ("Licence professionnelle", "diplome_national", "3", [45, 20, 15, 15, 5]),
        Genre::Cpge => ("Classe préparatoire aux grandes écoles", "diplome_national", "2", [65, 20, 5, 5, 5]),
        Genre::Cpes => (
            "Diplôme de cycle pluridisciplinaire d’études supérieures, conférant le grade de licence",
            "grade",
            "3",
            [60, 20, 5, 10, 5],
        ),
        Genre::Ingenieur => ("Titre d’ingénieur diplômé", "grade", "5", [60, 20, 5, 10, 5]),
        Genre::Cmi => (
            "Licence puis master, avec le label « cursus master en ingénierie » (CMI)",
            "diplome_national",
            "5",
            [60, 20, 5, 10, 5],
        ),
        Genre::Commerce => ("Diplôme d’école de management", "visa", "5", [40, 20, 10, 20, 10]),
        Genre::Ifsi => ("Diplôme d’État d’infirmier", "grade", "3", [40, 20, 20, 15, 5]),
        Genre::Paramedical => ("", "", "3", [45, 20, 15, 15, 5]),
        Genre::Efts => ("Diplôme d’État du travail social", "grade", "3", [30, 20, 20, 20, 10]),
        Genre::Architecture => (
            "Diplôme d’études en architecture, conférant le grade de licence",
            "grade",
            "3",
            [40, 20, 10, 20, 10],
        ),
        Genre::Iep => ("Diplôme d’institut d’études politiques", "grade", "5", [50, 20, 5, 15, 10]),
        Genre::DnMade => {
            ("Diplôme national des métiers d’art et du design", "grade", "3", [30, 25, 10, 25, 10])
        }
        Genre::Art => ("", "", "", [25, 25, 10, 25, 15]),
        Genre::Deust => (
            "Diplôme d’études universitaires scientifiques et techniques",
            "diplome_national",
            "2",
            [45, 20, 10, 20, 5],
        ),
        Genre::Comptabilite => {
            ("Diplôme de comptabilité et de gestion", "diplome_national", "3", [50, 20, 10, 15, 5])
        }
        Genre::Specialisation => ("", "", "1", [35, 20, 20, 20, 5]),
        Genre::Sport => ("", "", "", [25, 20, 20, 20, 15]),
        Genre::Preparation => ("", "", "1", [45, 20, 15, 15, 5]),
        Genre::Autre => ("", "", "", [50, 20, 10, 15, 5]),
    }
}

/// What the texts of a diploma say for all of its courses, beyond its name and its length.
const fn acquis(genre: Genre) -> &'static [(&'static str, &'static str)] {
    match genre {
        Genre::Ifsi => &[
            ("stages", "Soixante semaines de stage en trois ans."),
            (
                "vaccinations",
                "Avant le premier stage : immunisation contre la diphtérie, le tétanos, la poliomyélite et l’hépatite B \
                 (article L. 3111-4 du code de la santé publique), et certificat médical d’aptitude.",
            ),
        ],
        Genre::Comptabilite => &[("suite", "Diplôme supérieur de comptabilité et de gestion (DSCG)")],
        _ => &[],
    }
}

/// A diploma that the label of a course names, among those of its kind.
struct Nomme {
    genre: Genre,
    /// In a label: words without accents, between spaces.
    mots: &'static str,
    diplome: &'static str,
    controle: &'static str,
    duree: &'static str,
    /// A field that says it, and its value; nothing for most.
    precision: (&'static str, &'static str),
}

const fn nomme(
    genre: Genre,
    mots: &'static str,
    (diplome, controle, duree): (&'static str, &'static str, &'static str),
    precision: (&'static str, &'static str),
) -> Nomme {
    Nomme { genre, mots, diplome, controle, duree, precision }
}

const fn sante(
    mots: &'static str,
    diplome: &'static str,
    duree: &'static str,
    profession: &'static str,
) -> Nomme {
    nomme(Genre::Paramedical, mots, (diplome, "", duree), ("diplome_sante", profession))
}

const fn social(mots: &'static str, diplome: &'static str, code: &'static str) -> Nomme {
    nomme(Genre::Efts, mots, (diplome, "grade", "3"), ("diplome_social", code))
}

const fn complement(
    mots: &'static str,
    (diplome, controle): (&'static str, &'static str),
    code: &'static str,
) -> Nomme {
    nomme(Genre::Specialisation, mots, (diplome, controle, "1"), ("complement", code))
}

/// The first that fits is right.
const NOMMES: &[Nomme] = &[
    sante(" ergotherapeute ", "Diplôme d’État d’ergothérapeute", "3", "ergotherapeute"),
    sante(" psychomotricien ", "Diplôme d’État de psychomotricien", "3", "psychomotricien"),
    sante(" pedicure podologue ", "Diplôme d’État de pédicure-podologue", "3", "pedicure"),
    sante(" audioprothesiste ", "Diplôme d’État d’audioprothésiste", "3", "audioprothesiste"),
    sante(" orthophoniste ", "Certificat de capacité d’orthophoniste", "5", "orthophoniste"),
    sante(" orthoptiste ", "Certificat de capacité d’orthoptiste", "3", "orthoptiste"),
    sante(
        " electroradiologie ",
        "Diplôme d’État de manipulateur d’électroradiologie médicale",
        "3",
        "manipulateur",
    ),
    sante(
        " imagerie medicale ",
        "Diplôme de technicien supérieur en imagerie médicale et radiologie thérapeutique",
        "3",
        "imagerie",
    ),
    sante(
        " technicien de laboratoire medical ",
        "Diplôme d’État de technicien de laboratoire médical",
        "3",
        "laboratoire",
    ),
    social(" educateur specialise ", "Diplôme d’État d’éducateur spécialisé", "dees"),
    social(" educateur technique specialise ", "Diplôme d’État d’éducateur technique spécialisé", "deets"),
    social(" educateur de jeunes enfants ", "Diplôme d’État d’éducateur de jeunes enfants", "deeje"),
    social(" assistant de service social ", "Diplôme d’État d’assistant de service social", "deass"),
    // It follows a diploma in two years.
    nomme(
        Genre::Efts,
        " conseiller en economie sociale familiale ",
        ("Diplôme d’État de conseiller en économie sociale familiale", "grade", "1"),
        ("diplome_social", "decesf"),
    ),
    complement(
        " certificat de specialisation agricole ",
        ("Certificat de spécialisation agricole", ""),
        "csa",
    ),
    complement(" certificat de specialisation ", ("Certificat de spécialisation", "diplome_national"), "cs"),
    complement(" mention complementaire ", ("Mention complémentaire", "diplome_national"), "mc"),
    complement(" fcil ", ("Attestation de formation complémentaire d’initiative locale", "aucun"), "fcil"),
    complement(
        " formation complementaire d initiative locale ",
        ("Attestation de formation complémentaire d’initiative locale", "aucun"),
        "fcil",
    ),
    nomme(
        Genre::Architecture,
        " bicursus ",
        ("Diplôme d’études en architecture et titre d’ingénieur diplômé", "grade", ""),
        ("", ""),
    ),
    nomme(
        Genre::Preparation,
        " pareo ",
        ("Diplôme d’université « passeport pour réussir et s’orienter » (PaRéO)", "aucun", "1"),
        ("", ""),
    ),
    nomme(
        Genre::Iep,
        " grade licence ",
        ("Diplôme de premier cycle, conférant le grade de licence", "grade", "3"),
        ("", ""),
    ),
    nomme(
        Genre::Art,
        " diplome national d art option art ",
        ("Diplôme national d’art", "diplome_national", "3"),
        ("option_art", "art"),
    ),
    nomme(
        Genre::Art,
        " diplome national d art option design ",
        ("Diplôme national d’art", "diplome_national", "3"),
        ("option_art", "design"),
    ),
    nomme(
        Genre::Art,
        " diplome national d art option communication ",
        ("Diplôme national d’art", "diplome_national", "3"),
        ("option_art", "communication"),
    ),
    nomme(
        Genre::Art,
        " diplome national d art ",
        ("Diplôme national d’art", "diplome_national", "3"),
        ("", ""),
    ),
    nomme(
        Genre::Sport,
        " bpjeps ",
        ("Brevet professionnel de la jeunesse, de l’éducation populaire et du sport", "", "1"),
        ("", ""),
    ),
    nomme(
        Genre::Sport,
        " dejeps ",
        ("Diplôme d’État de la jeunesse, de l’éducation populaire et du sport", "", ""),
        ("", ""),
    ),
    // Of a school of engineers, and no title of engineer.
    nomme(Genre::Ingenieur, " formation bac 3 ", ("", "", "3"), ("", "")),
    nomme(Genre::Ingenieur, " formation bac 4 ", ("", "", "4"), ("", "")),
    nomme(Genre::Commerce, " bac 3 ", ("Diplôme d’école de management", "visa", "3"), ("", "")),
    nomme(Genre::Commerce, " bac 4 ", ("Diplôme d’école de management", "visa", "4"), ("", "")),
];

/// The mention that the label of a DN MADE begins with.
fn mention(libelle: &str) -> Option<&'static str> {
    let mots = mots(libelle);
    let reste = mots.strip_prefix(" dn made ")?;
    let reste = reste.strip_prefix("mention ").unwrap_or(reste);
    MENTIONS
        .iter()
        .find(|(_, nom)| reste.starts_with(&format!("{} ", normalise_recherche(nom))))
        .map(|(code, _)| *code)
}

/// The template of a course: that of its kind, with the diploma that its label names.
pub fn modele_de(genre: Genre, libelle: &str) -> Description {
    let mut d = modele(genre);
    let mots = mots(libelle);
    if let Some(n) = NOMMES.iter().find(|n| n.genre == genre && mots.contains(n.mots)) {
        d = d.avec("diplome", n.diplome).avec("controle", n.controle).avec("duree", n.duree);
        let (champ, valeur) = n.precision;
        if !champ.is_empty() {
            d = d.avec(champ, valeur);
        }
    }
    match mention(libelle) {
        Some(mention) if genre == Genre::DnMade => d.avec("mention_dnmade", mention),
        _ => d,
    }
}

/// The template of a kind of courses.
pub fn modele(genre: Genre) -> Description {
    let (diplome, controle, duree, poids) = bases(genre);
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
    for (code, texte) in acquis(genre) {
        d = d.avec(code, texte);
    }
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
