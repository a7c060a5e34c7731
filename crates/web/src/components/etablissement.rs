//! What the public reads of an establishment: on the sheet of its courses, and beside the form of whoever describes it.

use app::etablissements::{EtablissementPublic, JourneePublique};
use app::messages::date_civile;
use domain::etablissements::Internat;

use super::{Definitions, Markup, Reperage, nombre};

/// « 9 h », « 9 h 30 ».
fn horaire(minutes: i64) -> String {
    match minutes % 60 {
        0 => format!("{}\u{a0}h", minutes / 60),
        m => format!("{}\u{a0}h\u{a0}{m:02}", minutes / 60),
    }
}

fn quand(j: &JourneePublique) -> String {
    format!("{}, de {} à {}", date_civile(j.jour), horaire(j.horaires.0), horaire(j.horaires.1))
}

/// The same as [`journee`], without link.
pub fn journee_texte(j: &JourneePublique) -> String {
    let ou = if j.a_distance { "à distance : " } else { "" };
    format!("{}, {ou}{}", quand(j), j.ou)
}

/// « samedi 3 février 2024, de 9 h à 17 h, Hall A ».
pub fn journee(j: &JourneePublique) -> Markup {
    let quand = quand(j);
    if j.a_distance {
        Markup::texte(format_args!("{quand}, à distance : ")).et(Markup::lien(&j.ou, &j.ou))
    } else {
        Markup::texte(format_args!("{quand}, {}", j.ou))
    }
}

/// « Internat mixte, 40 places ».
pub fn internat((genre, places): (Internat, Option<i64>)) -> String {
    match places {
        Some(n) if genre != Internat::Sans => format!("{}, {} places", genre.libelle(), nombre(n)),
        _ => genre.libelle().to_owned(),
    }
}

/// Adds to `d` what the establishment says of itself; what it does not say is not shown.
pub fn definitions(mut d: Definitions, e: &EtablissementPublic) -> Definitions {
    for (terme, valeur) in
        [("Adresse", &e.adresse), ("Téléphone", &e.telephone), ("Adresse électronique", &e.courriel)]
    {
        if !valeur.is_empty() {
            d = d.ligne(terme, valeur);
        }
    }
    if !e.composantes.is_empty() {
        d = d.ligne("Composantes", e.composantes.join(", "));
    }
    for s in &e.sites {
        let texte = Markup::texte(format_args!("{}, {} {}", s.adresse, s.code_postal, s.commune));
        d = d.ligne_markup(
            &s.nom,
            match s.latitude.zip(s.longitude) {
                Some(ici) => texte.et(Reperage::new(&s.nom, ici)),
                None => texte,
            },
        );
    }
    for j in &e.journees {
        d = d.ligne_markup("Journée portes ouvertes", journee(j));
    }
    if !e.accessibilite.is_empty() {
        d = d.ligne("Accueil des personnes en situation de handicap", &e.accessibilite);
    }
    let referent: Vec<&str> = e.referent.iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
    if !referent.is_empty() {
        d = d.ligne("Référent handicap", referent.join(", "));
    }
    if let Some(reponse) = e.internat {
        d = d.ligne("Internat de l’établissement", internat(reponse));
    }
    match e.boursiers {
        Some(true) => d.ligne("Boursiers", "Habilité à recevoir des boursiers"),
        Some(false) => d.ligne("Boursiers", "Non habilité à recevoir des boursiers"),
        None => d,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_written_as_it_is_said() {
        assert_eq!(horaire(540), "9\u{a0}h");
        assert_eq!(horaire(1_035), "17\u{a0}h\u{a0}15");
    }
}
