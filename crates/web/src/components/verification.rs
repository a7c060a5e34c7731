//! What every rendered page must respect, checked in tests: names, ids, labels, the strict CSP.

use std::collections::BTreeSet;

use scraper::{Html, Selector};

fn selecteur(texte: &str) -> Selector {
    Selector::parse(texte).unwrap()
}

/// Panics with the list of faults of a page or of a fragment.
pub fn verifie(html: &str) {
    let fautes = fautes(html);
    assert!(fautes.is_empty(), "{}\n---\n{html}", fautes.join("\n"));
}

/// The faults of a page, in words.
pub fn fautes(html: &str) -> Vec<String> {
    let mut fautes = Vec::new();
    let est_page = html.trim_start().starts_with("<!doctype");
    let arbre = if est_page { Html::parse_document(html) } else { Html::parse_fragment(html) };

    let mut ids = BTreeSet::new();
    for element in arbre.select(&selecteur("[id]")) {
        let id = element.value().id().unwrap_or_default();
        if id.is_empty() || !ids.insert(id.to_owned()) {
            fautes.push(format!("id « {id} » empty or used twice"));
        }
    }
    for attribut in ["for", "aria-describedby", "aria-labelledby", "aria-controls"] {
        for element in arbre.select(&selecteur(&format!("[{attribut}]"))) {
            for cible in element.attr(attribut).unwrap_or_default().split_whitespace() {
                if !ids.contains(cible) {
                    fautes.push(format!("{attribut}=\"{cible}\" leads nowhere"));
                }
            }
        }
    }
    for element in arbre.select(&selecteur("a[href^='#']")) {
        let cible = &element.attr("href").unwrap_or_default()[1..];
        // The link of an error summary leads to a field that a fragment may not have.
        if est_page && !ids.contains(cible) {
            fautes.push(format!("link to #{cible} leads nowhere"));
        }
    }
    let etiquettes: BTreeSet<&str> =
        arbre.select(&selecteur("label[for]")).filter_map(|e| e.attr("for")).collect();
    for champ in arbre.select(&selecteur("input:not([type=hidden]):not([type=image]), select, textarea")) {
        let id = champ.attr("id").unwrap_or_default();
        if !etiquettes.contains(id) {
            fautes.push(format!("field « {id} » has no label"));
        }
        if champ.attr("aria-invalid").is_some()
            && !champ.attr("aria-describedby").unwrap_or_default().contains("-erreur")
        {
            fautes.push(format!("field « {id} » is wrong and does not say why"));
        }
    }
    for image in arbre.select(&selecteur("input[type=image], img")) {
        let dite = image.attr("alt").is_some_and(|alt| image.value().name() == "img" || !alt.is_empty());
        if !dite {
            fautes.push(format!("picture {} says nothing", image.attr("src").unwrap_or_default()));
        }
    }
    for element in arbre.select(&selecteur("*")) {
        for (nom, _) in element.value().attrs() {
            if nom == "style" || nom.starts_with("on") || nom.starts_with("hx-on") {
                fautes.push(format!("attribute {nom} on <{}>", element.value().name()));
            }
        }
    }
    for script in arbre.select(&selecteur("script, style")) {
        let interne = script.attr("src").is_some_and(|src| src.starts_with("/assets/"));
        if !interne || !script.inner_html().trim().is_empty() {
            fautes.push(format!("inline or external <{}>", script.value().name()));
        }
    }
    for element in arbre.select(&selecteur("link[href], img[src], input[type=image][src]")) {
        let adresse = element.attr("href").or(element.attr("src")).unwrap_or_default();
        // The policy of WEB-1 allows pictures that the page itself carries: a code to scan.
        let portee = element.value().name() == "img" && adresse.starts_with("data:image/png;base64,");
        if !portee && (!adresse.starts_with('/') || adresse.starts_with("//")) {
            fautes.push(format!("external resource {adresse}"));
        }
    }
    for table in arbre.select(&selecteur("table")) {
        if table.select(&selecteur("caption")).next().is_none()
            || table.select(&selecteur("th")).next().is_none()
        {
            fautes.push("table without caption or headers".to_owned());
        }
    }
    for formulaire in arbre.select(&selecteur("form[method=post]")) {
        if formulaire.select(&selecteur("input[name=_jeton]")).next().is_none() {
            fautes.push("form without anti-CSRF token".to_owned());
        }
    }
    if est_page {
        for (quoi, combien) in [("h1", 1), ("main", 1), ("head > title", 1), ("html[lang=fr]", 1)] {
            let vus = arbre.select(&selecteur(quoi)).count();
            if vus != combien {
                fautes.push(format!("{vus} × {quoi}, expected {combien}"));
            }
        }
        let mut precedent = 1;
        for titre in arbre.select(&selecteur("h1, h2, h3, h4, h5, h6")) {
            let niveau = titre.value().name()[1..].parse::<u8>().unwrap();
            if niveau > precedent + 1 {
                fautes.push(format!("heading h{niveau} after h{precedent}"));
            }
            precedent = niveau;
        }
    }
    fautes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    #[test]
    fn the_checker_sees_faults() {
        for (html, faute) in [
            (r#"<p id="a"></p><p id="a"></p>"#, "used twice"),
            (r#"<label for="x">X</label>"#, "leads nowhere"),
            (r#"<input id="x">"#, "no label"),
            (r#"<input type="image" src="/carte" alt="">"#, "says nothing"),
            (r#"<img src="/carte">"#, "says nothing"),
            (r#"<p style="color:red">x</p>"#, "attribute style"),
            (r#"<button onclick="x()">x</button>"#, "attribute onclick"),
            ("<script>x()</script>", "inline"),
            (r#"<script src="https://ailleurs/x.js"></script>"#, "external"),
            ("<table><tr><td>1</td></tr></table>", "caption"),
            (r#"<form method="post"></form>"#, "anti-CSRF"),
            (r#"<label for="x">X</label><input id="x" aria-invalid="true">"#, "does not say why"),
        ] {
            let vues = fautes(html);
            assert!(vues.iter().any(|vue| vue.contains(faute)), "{html}: {vues:?}");
        }
        assert_eq!(fautes(r#"<label for="x">X</label><input id="x">"#), Vec::<String>::new());
    }

    fn parcourt(dossier: &Path, fichiers: &mut Vec<PathBuf>) {
        for entree in std::fs::read_dir(dossier).unwrap() {
            let chemin = entree.unwrap().path();
            if chemin.is_dir() {
                parcourt(&chemin, fichiers);
            } else {
                fichiers.push(chemin);
            }
        }
    }

    fn sources() -> Vec<(PathBuf, String)> {
        let racine = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut fichiers = Vec::new();
        parcourt(&racine.join("templates"), &mut fichiers);
        parcourt(&racine.join("src"), &mut fichiers);
        fichiers.retain(|chemin| chemin.extension().is_some_and(|e| e == "html" || e == "rs"));
        fichiers
            .into_iter()
            .map(|chemin| (chemin.clone(), std::fs::read_to_string(chemin).unwrap()))
            .collect()
    }

    /// Also what no test renders: the text of all templates.
    #[test]
    fn web_1_no_template_has_inline_style_or_script() {
        let mut lus = 0;
        for (chemin, texte) in
            sources().iter().filter(|(chemin, _)| chemin.extension().is_some_and(|e| e == "html"))
        {
            lus += 1;
            let minuscules = texte.to_lowercase();
            let mut mots = minuscules.split([' ', '\n', '\t', '"', '\'']);
            let interdit = mots.find(|mot| {
                let Some((nom, _)) = mot.split_once('=') else { return false };
                nom == "style"
                    || nom.starts_with("hx-on")
                    || (nom.len() > 3 && nom.starts_with("on") && nom.bytes().all(|b| b.is_ascii_lowercase()))
            });
            assert!(interdit.is_none(), "{}: {interdit:?}", chemin.display());
            for interdit in ["<style", "javascript:", "http://", "https://"] {
                // A link to another site is an <a>: none is needed yet in shared templates.
                let permis = interdit.starts_with("http")
                    && !texte.contains("src=\"http")
                    && !texte.contains("<link rel=\"stylesheet\" href=\"http");
                assert!(permis || !minuscules.contains(interdit), "{}: {interdit}", chemin.display());
            }
            for balise in minuscules.split("<script").skip(1) {
                assert!(balise.split('>').next().unwrap().contains("src="), "{}", chemin.display());
            }
        }
        assert!(lus > 10, "{lus}");
    }

    #[test]
    fn every_icon_named_is_embedded() {
        let liste = include_str!("../../ui/icones.txt");
        let connues: BTreeSet<&str> = liste.lines().collect();
        let mut vues = 0;
        for (chemin, texte) in sources() {
            for debut in ["fr-icon-", ".icone(\""] {
                for reste in texte.split(debut).skip(1) {
                    let nom: String =
                        reste.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                    // « fr-icon--sm » is a size.
                    if nom.is_empty() || nom.starts_with('-') {
                        continue;
                    }
                    vues += 1;
                    assert!(
                        connues.contains(nom.as_str()),
                        "{}: add {nom} to ui/icones.txt",
                        chemin.display()
                    );
                }
            }
        }
        assert!(vues > 5, "{vues}");
    }
}
