//! What the public reads of an establishment: on the sheet of its courses, and beside the form of whoever describes it.

use app::etablissements::{EtablissementPublic, JourneePublique};
use app::messages::date_civile;
use domain::etablissements::{Internat, ParTutelle, Partie, check_site_web};

use super::{Choix, Definitions, Formulaire, Markup, Reperage, accord};

/// R-ETA-13: the ministry that a list is narrowed by; one that is none is a fault of the form.
pub fn lit_tutelle(form: &mut Formulaire) -> Option<ParTutelle> {
    let lue = ParTutelle::from_code(form.valeur("tutelle"));
    if lue.is_none() && !form.valeur("tutelle").is_empty() {
        form.refuse("tutelle", "Choisissez un ministère de la liste.");
    }
    lue
}

/// Those that a list offers.
pub fn choix_tutelles(offertes: &[ParTutelle]) -> Vec<Choix> {
    offertes.iter().map(|t| Choix::new(t.code(), t.libelle())).collect()
}

/// « 9 h », « 9 h 30 ».
fn horaire(minutes: i64) -> String {
    match minutes % 60 {
        0 => format!("{}\u{a0}h", minutes / 60),
        m => format!("{}\u{a0}h\u{a0}{m:02}", minutes / 60),
    }
}

/// « 9 h à 17 h, Hall A ».
fn heures_et_lieu(j: &JourneePublique) -> String {
    let ou = if j.a_distance { "à distance : " } else { "" };
    format!("{} à {}, {ou}{}", horaire(j.horaires.0), horaire(j.horaires.1), j.ou)
}

/// The same as [`journee`], without a link.
pub fn journee_texte(j: &JourneePublique) -> String {
    format!("{}, de {}", date_civile(j.jour), heures_et_lieu(j))
}

/// What ends a sentence, or closes a parenthesis, after an address.
const FINS: [char; 8] = ['.', ',', ';', ':', '!', '?', ')', '»'];

/// A text typed on one line, escaped, where each address that begins by its scheme is a link.
fn avec_liens(texte: &str) -> Markup {
    let mut html = String::new();
    for mot in texte.split_inclusive(char::is_whitespace) {
        let debut = ["https://", "http://"].iter().filter_map(|schema| mot.find(schema)).min();
        let (avant, suite) = mot.split_at(debut.unwrap_or(mot.len()));
        let url = suite.trim_end().trim_end_matches(FINS);
        html.push_str(&Markup::texte(avant).to_string());
        if check_site_web("ou", url).is_ok() {
            let (lien, apres) = (Markup::texte(url), Markup::texte(&suite[url.len()..]));
            html.push_str(&format!(r#"<a class="fr-link" href="{lien}" rel="noopener">{lien}</a>{apres}"#));
        } else {
            html.push_str(&Markup::texte(suite).to_string());
        }
    }
    Markup::rendu(html)
}

/// « samedi 3 février 2024, de 9 h à 17 h, Hall A ».
pub fn journee(j: &JourneePublique) -> Markup {
    avec_liens(&journee_texte(j))
}

/// « De 9 h à 17 h, Hall A », under the day.
pub fn journee_sous_son_jour(j: &JourneePublique) -> Markup {
    avec_liens(&format!("De {}", heures_et_lieu(j)))
}

/// « Internat mixte, 40 places ».
pub fn internat((genre, places): (Internat, Option<i64>)) -> String {
    match places {
        Some(n) if genre != Internat::Sans => {
            format!("{}, {}", genre.libelle(), accord(n, "place", "places"))
        }
        _ => genre.libelle().to_owned(),
    }
}

/// Adds to `d` what the establishment says of itself; what it does not say is not shown.
pub fn definitions(d: Definitions, e: &EtablissementPublic) -> Definitions {
    LUES.into_iter().fold(d, |d, partie| definitions_de(d, e, partie))
}

/// The parts that the public reads, in its order.
pub const LUES: [Partie; 5] =
    [Partie::Coordonnees, Partie::Composantes, Partie::Sites, Partie::Journees, Partie::Accueil];

/// Adds what one part says; nothing for one that is never public.
pub fn definitions_de(mut d: Definitions, e: &EtablissementPublic, partie: Partie) -> Definitions {
    match partie {
        Partie::Coordonnees => {
            let dites =
                [("Adresse", &e.adresse), ("Téléphone", &e.telephone), ("Adresse électronique", &e.courriel)];
            for (terme, valeur) in dites.into_iter().filter(|(_, valeur)| !valeur.is_empty()) {
                d = d.ligne(terme, valeur);
            }
            d
        }
        Partie::Composantes if e.composantes.is_empty() => d,
        Partie::Composantes => d.ligne("Composantes", e.composantes.join(", ")),
        Partie::Sites => e.sites.iter().fold(d, |d, s| {
            let texte = Markup::texte(format_args!("{}, {} {}", s.adresse, s.code_postal, s.commune));
            let ou = match s.latitude.zip(s.longitude) {
                Some(ici) => texte.et(Reperage::new(&s.nom, ici)),
                None => texte,
            };
            d.ligne_markup(&s.nom, ou)
        }),
        Partie::Journees => {
            e.journees.iter().fold(d, |d, j| d.ligne_markup("Journée portes ouvertes", journee(j)))
        }
        Partie::Accueil => accueil(d, e),
        Partie::Chef | Partie::Contacts => d,
    }
}

fn accueil(mut d: Definitions, e: &EtablissementPublic) -> Definitions {
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
    fn a_single_place_of_boarding_is_one() {
        assert_eq!(internat((Internat::Mixte, Some(1))), "Internat mixte, 1 place");
        assert_eq!(internat((Internat::Filles, Some(12))), "Internat de filles, 12 places");
        assert_eq!(internat((Internat::Sans, None)), "Pas d’internat");
    }

    #[test]
    fn r_eta_06_an_address_in_the_place_of_an_open_day_is_a_link_and_nothing_else_is() {
        let lien = |url: &str| format!(r#"<a class="fr-link" href="{url}" rel="noopener">{url}</a>"#);
        let html = |texte: &str| avec_liens(texte).to_string();
        let plan = lien("https://lycee.example/plan?a=1&amp;b=2");
        assert_eq!(
            html("Hall A (plan : https://lycee.example/plan?a=1&b=2), puis atelier."),
            format!("Hall A (plan : {plan}), puis atelier.")
        );
        let deux = format!("{} {}.", lien("http://a.example"), lien("https://b.example/c"));
        assert_eq!(html("http://a.example https://b.example/c."), deux);
        for texte in
            ["Hall A", "www.lycee.example", "javascript://lycee.example", "https://", "ftp://a.example"]
        {
            assert_eq!(html(texte), texte, "{texte}");
        }
        let piege = html(r#"https://a.example/"onclick="x <b>"#);
        assert!(!piege.contains("<a") && !piege.contains('"') && piege.ends_with("&lt;b&gt;"), "{piege}");
    }

    #[test]
    fn an_hour_is_written_as_it_is_said() {
        assert_eq!(horaire(540), "9\u{a0}h");
        assert_eq!(horaire(1_035), "17\u{a0}h\u{a0}15");
    }
}
