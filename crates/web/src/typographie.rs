//! French typography, in one place: no line begins with « : ; ? ! % € » or a closing guillemet, none ends with an opening
//! one, a number stays with its « nº ». Templates and messages are written with ordinary spaces; the page that leaves has no-break ones.

/// Elements whose text is kept to the letter: what a person typed, what is to be copied.
pub const A_LA_LETTRE: [&str; 5] = ["textarea", "code", "pre", "script", "style"];

/// Replaces, in the text of a page and nowhere in its tags, the ordinary spaces that French wants unbroken.
pub fn insecables(html: &str) -> String {
    let mut sortie = String::with_capacity(html.len() + html.len() / 64);
    let mut reste = html;
    while let Some(debut) = reste.find('<') {
        texte(&reste[..debut], &mut sortie);
        let (balise, suite) = coupe(&reste[debut..], end_of_tag(&reste[debut..]));
        sortie.push_str(balise);
        reste = suite;
        if let Some(nom) = A_LA_LETTRE.into_iter().find(|nom| opens(balise, nom)) {
            let fin = reste.find(&format!("</{nom}")).unwrap_or(reste.len());
            let (brut, suite) = coupe(reste, fin);
            sortie.push_str(brut);
            reste = suite;
        }
    }
    texte(reste, &mut sortie);
    sortie
}

/// The same for a text without tags.
pub fn insecables_texte(brut: &str) -> String {
    let mut sortie = String::with_capacity(brut.len() + brut.len() / 64);
    texte(brut, &mut sortie);
    sortie
}

fn coupe(texte: &str, ou: usize) -> (&str, &str) {
    texte.split_at_checked(ou).unwrap_or((texte, ""))
}

/// Where the tag at the start ends, a `>` between quotes being of its attribute.
fn end_of_tag(html: &str) -> usize {
    let mut guillemet = None;
    for (i, octet) in html.bytes().enumerate() {
        match (guillemet, octet) {
            (None, b'>') => return i + 1,
            (None, b'"' | b'\'') => guillemet = Some(octet),
            (Some(ouvert), _) if ouvert == octet => guillemet = None,
            _ => {}
        }
    }
    html.len()
}

fn opens(balise: &str, nom: &str) -> bool {
    balise
        .strip_prefix('<')
        .and_then(|b| b.strip_prefix(nom))
        .is_some_and(|suite| suite.starts_with(['>', ' ', '\n', '\t']))
}

fn texte(texte: &str, sortie: &mut String) {
    let mut reste = texte;
    while let Some(ou) = reste.find(' ') {
        let (avant, suite) = (&reste[..ou], &reste[ou + 1..]);
        sortie.push_str(avant);
        let collee = avant.ends_with(['«', 'º']) || suite.starts_with([':', ';', '?', '!', '»', '%', '€']);
        sortie.push(if collee { '\u{a0}' } else { ' ' });
        reste = suite;
    }
    sortie.push_str(reste);
}

#[cfg(test)]
mod tests {
    use super::{insecables, insecables_texte};

    #[test]
    fn the_spaces_of_french_punctuation_do_not_break() {
        assert_eq!(
            insecables("<p>Le groupe « Autres » : 12 % ; 30 € ? Oui !</p>"),
            "<p>Le groupe «\u{a0}Autres\u{a0}»\u{a0}: 12\u{a0}%\u{a0}; 30\u{a0}€\u{a0}? Oui\u{a0}!</p>"
        );
        assert_eq!(insecables("<b>Nom</b> : Élise"), "<b>Nom</b>\u{a0}: Élise");
        assert_eq!(insecables("a : b, dossier nº 12"), "a\u{a0}: b, dossier nº\u{a0}12");
        assert_eq!(insecables_texte("a < b : « c »"), "a < b\u{a0}: «\u{a0}c\u{a0}»");
    }

    #[test]
    fn tags_and_what_was_typed_are_kept_to_the_letter() {
        for html in [
            r#"<input value="Pourquoi ? « oui » : > 2 ;">"#,
            "<textarea name=\"t\">Pourquoi ? « oui »</textarea>",
            "<code>a : b ?</code>",
            "<pre>a ; b</pre>",
            "<textarea>jamais fermé ?",
            "<p title='a : b'",
        ] {
            assert_eq!(insecables(html), html);
        }
        assert_eq!(insecables("<code>a : b</code> : c"), "<code>a : b</code>\u{a0}: c");
    }
}
