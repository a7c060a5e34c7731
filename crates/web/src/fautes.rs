//! The list of faults at the top of a page names the field of each: « Capacité d’accueil : saisissez… ». A label is written where its
//! field is, below that list: all of them are known once the page is made.

use std::borrow::Cow;
use std::collections::HashMap;

use app::messages::minuscule;

const RESUME: &str = r#"id="resume-erreurs""#;
const LIEN: &str = "<a href=\"#";
/// A longer label is a sentence: it would hide what is to be done.
const INTITULE_MAX: usize = 100;

/// How a page names a field.
struct Intitule<'a> {
    /// The line of a list that it is in: « Pièce demandée 2 ».
    ligne: Option<&'a str>,
    libelle: &'a str,
}

/// The page, with the field of each fault in its list.
pub fn nommees(html: &str) -> Cow<'_, str> {
    if !html.contains(RESUME) {
        return Cow::Borrowed(html);
    }
    let intitules = intitules(html);
    let mut sortie = String::with_capacity(html.len() + html.len() / 64);
    let mut reste = html;
    while let Some((avant, suite)) = reste.split_once(RESUME) {
        sortie.push_str(avant);
        sortie.push_str(RESUME);
        let fin = suite.find("</ul>").unwrap_or(suite.len());
        names(&suite[..fin], &intitules, &mut sortie);
        reste = &suite[fin..];
    }
    sortie.push_str(reste);
    Cow::Owned(sortie)
}

/// Each link of a list of faults, with its field before its message.
fn names(resume: &str, intitules: &HashMap<&str, Intitule<'_>>, sortie: &mut String) {
    let mut morceaux = resume.split(LIEN);
    sortie.push_str(morceaux.next().unwrap_or_default());
    for morceau in morceaux {
        sortie.push_str(LIEN);
        let lu = morceau.split_once("\">").and_then(|(ancre, suite)| {
            let (message, fin) = suite.split_once('<')?;
            Some((ancre, message, fin, intitules.get(ancre)?))
        });
        match lu {
            Some((ancre, message, fin, intitule)) => {
                sortie.push_str(ancre);
                sortie.push_str("\">");
                sortie.push_str(&nommee(intitule, message));
                sortie.push('<');
                sortie.push_str(fin);
            }
            None => sortie.push_str(morceau),
        }
    }
}

/// The name of each field of the page by its id: its label, or the question above its answers; a heading for a list as a whole.
fn intitules(html: &str) -> HashMap<&str, Intitule<'_>> {
    let mut intitules = HashMap::new();
    // What the fieldsets that are open say of what they hold, the outer first.
    let mut legendes: Vec<Option<&str>> = Vec::new();
    for morceau in html.split('<') {
        let (balise, texte) = morceau.split_once('>').unwrap_or((morceau, ""));
        let libelle = texte.trim();
        let element = balise.split([' ', '\n']).next().unwrap_or_default();
        let id = match element {
            "fieldset" => {
                legendes.push(None);
                None
            }
            "/fieldset" => {
                legendes.pop();
                None
            }
            "legend" => {
                let question = attribut(balise, "id").and_then(|id| id.strip_suffix("-legende"));
                if let (None, Some(derniere)) = (question, legendes.last_mut()) {
                    *derniere = Some(libelle);
                }
                question
            }
            "label" => attribut(balise, "for"),
            "h2" | "h3" => attribut(balise, "id"),
            _ => None,
        };
        if let Some(id) = id {
            let ligne = legendes.iter().rev().find_map(|l| *l);
            // The question comes before the label of its first answer, which has the id of the field.
            intitules.entry(id).or_insert(Intitule { ligne, libelle });
        }
    }
    intitules
}

fn attribut<'a>(balise: &'a str, nom: &str) -> Option<&'a str> {
    balise.split_once(&format!(" {nom}=\""))?.1.split('"').next()
}

/// The message after the name of its field, and of its line, unless it says them.
fn nommee(intitule: &Intitule<'_>, message: &str) -> String {
    let &Intitule { ligne, libelle } = intitule;
    if ligne.is_some_and(|l| says(message, l)) {
        return message.to_owned();
    }
    let tait = libelle.ends_with('.') || libelle.chars().count() > INTITULE_MAX || says(message, libelle);
    match (ligne, tait) {
        (None, true) => message.to_owned(),
        (Some(ligne), true) => format!("{ligne} : {}", minuscule(message)),
        (ligne, false) => {
            let ligne = ligne.map(|l| format!("{l}, ")).unwrap_or_default();
            if libelle.ends_with('?') {
                format!("{ligne}{libelle} {message}")
            } else if libelle.contains(" : ") {
                format!("{ligne}{libelle} – {message}")
            } else {
                format!("{ligne}{libelle} : {}", minuscule(message))
            }
        }
    }
}

/// Whether a message has these words, whatever their capitals.
fn says(message: &str, mots: &str) -> bool {
    let (message, mots) = (message.to_lowercase(), mots.to_lowercase());
    mots.is_empty()
        || message.match_indices(&mots).any(|(ou, _)| {
            let avant = message[..ou].chars().next_back();
            let apres = message[ou + mots.len()..].chars().next();
            ![avant, apres].into_iter().flatten().any(char::is_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use super::nommees;
    use crate::components::{Choix, Formulaire};
    use std::borrow::Cow;

    /// The texts of the list of faults, as they follow one another.
    fn dits(page: &str) -> Vec<String> {
        let page = nommees(page);
        let resume = page.split("</ul>").next().unwrap();
        resume.split("<li>").skip(1).map(|li| li.split('>').nth(1).unwrap().replace("</a", "")).collect()
    }

    #[test]
    fn each_fault_is_told_with_the_name_of_its_field() {
        let mut form = Formulaire::new("j").avec_prefixe("p").avec("capacite", "x");
        form.lit_entier("capacite", 0..=20_000_u32);
        form.refuse("frais", "Les frais doivent être compris entre 0 et 100 €.");
        form.refuse("uai", "UAI inconnu.");
        form.refuse("selective", "Choisissez une réponse.");
        form.refuse("etat", "Choisissez un état de la liste.");
        form.refuse("vraiment", "Cochez cette case.");
        form.refuse("source", "Dites d’où vient la donnée.");
        let page = [
            form.resume_erreurs().to_string(),
            form.nombre("capacite", "Capacité d’accueil").to_string(),
            form.montant("frais", "Frais").to_string(),
            form.texte("uai", "Établissement").facultatif().to_string(),
            form.radios("selective", "Est-elle sélective ?", &[Choix::new("oui", "Oui")]).to_string(),
            form.liste("etat", "État", &[]).sans_libelle().to_string(),
            form.case("vraiment", "Je l’ai vérifié.").to_string(),
            form.texte("source", "Source : série").to_string(),
        ]
        .concat();
        assert_eq!(
            dits(&page),
            [
                "Capacité d’accueil : saisissez un nombre entier compris entre 0 et 20\u{202f}000.",
                "Les frais doivent être compris entre 0 et 100 €.",
                "Établissement : UAI inconnu.",
                "Est-elle sélective ? Choisissez une réponse.",
                "Choisissez un état de la liste.",
                "Cochez cette case.",
                "Source : série – Dites d’où vient la donnée.",
            ]
        );
        // Beside the field, its message as it is.
        assert!(nommees(&page).contains("</span>Saisissez un nombre entier"), "{page}");
    }

    #[test]
    fn a_fault_in_a_list_is_told_with_its_line() {
        let mut form = Formulaire::new("j");
        for nom in ["f.0.capacite", "f.1.capacite", "f.1.nature"] {
            form.refuse(nom, "Renseignez ce champ.");
        }
        form.refuse("f.1.series", "Formation nº 2 : cochez une série.");
        form.refuse("f", "Trois lignes au plus.");
        form.refuse("motif", "Écrivez une phrase.");
        form.refuse("ailleurs", "Rien de tel.");
        let oui = [Choix::new("oui", "Oui"), Choix::new("non", "Non")];
        let ligne = |n: usize| {
            format!(
                "<fieldset class=\"fr-fieldset\"><legend>Formation nº {}</legend>{}{}{}</fieldset>",
                n + 1,
                form.radios(&format!("f.{n}.nature"), "Nature", &oui),
                form.nombre(&format!("f.{n}.capacite"), "Capacité"),
                form.cases(&format!("f.{n}.series"), "Séries", &oui),
            )
        };
        let page = format!(
            "{}<h2 id=\"champ-f\">Formations</h2>{}{}{}",
            form.resume_erreurs(),
            ligne(0),
            ligne(1),
            form.zone("motif", "Motif de la demande")
        );
        assert_eq!(
            dits(&page),
            [
                "Formation nº 1, Capacité : renseignez ce champ.",
                "Formation nº 2, Capacité : renseignez ce champ.",
                "Formation nº 2, Nature : renseignez ce champ.",
                "Formation nº 2 : cochez une série.",
                "Formations : trois lignes au plus.",
                "Motif de la demande : écrivez une phrase.",
                "Rien de tel.",
            ]
        );
    }

    #[test]
    fn a_page_without_faults_is_left_as_it_is() {
        let form = Formulaire::new("j");
        let page = form.texte("nom", "Nom").to_string();
        assert!(matches!(nommees(&page), Cow::Borrowed(p) if p == page));
    }

    #[test]
    fn what_was_typed_is_neither_a_label_nor_markup() {
        let tape = "</textarea><label for=\"champ-motif\">Piège</label><b id=\"resume-erreurs\"><a href=\"#";
        let mut form = Formulaire::new("j").avec("nom", tape).avec("motif", tape);
        form.refuse("motif", "Écrivez une phrase.");
        form.refuse("places", "Saisissez un nombre.");
        form.refuse("nom", tape);
        let page = [
            form.resume_erreurs().to_string(),
            form.texte("nom", "Nom").to_string(),
            form.zone("motif", "Motif").to_string(),
            // The name of a group is typed too.
            form.nombre("places", "Places de <i title=\"x\">").to_string(),
        ]
        .concat();
        let nommee = nommees(&page).into_owned();
        assert!(nommee.contains(">Motif : écrivez une phrase.<"), "{nommee}");
        let libelle = nommee.split("Places de ").nth(1).unwrap().split(" : ").next().unwrap();
        assert!(!libelle.contains(['<', '>', '"']), "{nommee}");
        assert!(nommee.contains(&format!("Places de {libelle} : saisissez un nombre.<")), "{nommee}");
        // No tag nor quote that the templates did not write.
        for signe in ['<', '>', '"'] {
            assert_eq!(nommee.matches(signe).count(), page.matches(signe).count(), "{nommee}");
        }
    }

    #[test]
    fn a_long_page_is_gone_through_once() {
        let n = 20_000;
        let fautes: Vec<String> =
            (0..n).map(|i| format!("<li><a href=\"#champ-{i}\">Renseignez ce champ.</a></li>")).collect();
        let champs: Vec<String> =
            (0..n).map(|i| format!("<p><label for=\"champ-{i}\">Champ nº {i}</label></p>")).collect();
        let page =
            format!("<div id=\"resume-erreurs\"><ul>{}</ul></div>{}", fautes.concat(), champs.concat());
        let nommee = nommees(&page);
        assert!(nommee.contains("#champ-19999\">Champ nº 19999 : renseignez ce champ.<"));
    }
}
