//! Where to turn once a step is closed: the sentence leads there, and a page says it once, however many of its steps are closed.

use std::borrow::Cow;

use app::messages::{AIDE, RECOURS};

/// Elements whose text is no sentence of the page, or leads somewhere already.
const INTACTS: [&str; 7] = ["a", "button", "option", "script", "style", "textarea", "title"];

/// The page, with its way to the help.
pub fn menes<'a>(html: &'a str, url: &str) -> Cow<'a, str> {
    if !html.contains(AIDE) {
        return Cow::Borrowed(html);
    }
    let lien = format!("« <a href=\"{url}\">{}</a> »", AIDE.trim_matches(['«', '»', ' ']));
    let mut sortie = String::with_capacity(html.len() + html.len() / 64);
    let mut intact = None;
    let mut dit = false;
    let mut morceaux = html.split('<');
    sortie.push_str(morceaux.next().unwrap_or_default());
    for morceau in morceaux {
        sortie.push('<');
        let Some((balise, texte)) = morceau.split_once('>') else {
            sortie.push_str(morceau);
            continue;
        };
        sortie.push_str(balise);
        sortie.push('>');
        let element = balise.split([' ', '\n']).next().unwrap_or_default();
        match element.strip_prefix('/') {
            Some(fini) if intact == Some(fini) => intact = None,
            None if intact.is_none() && INTACTS.contains(&element) => intact = Some(element),
            _ => {}
        }
        if intact.is_none() && texte.contains(AIDE) {
            sortie.push_str(&une_fois(texte, &mut dit).replace(AIDE, &lien));
        } else {
            sortie.push_str(texte);
        }
    }
    Cow::Owned(sortie)
}

/// The text with the sentence where it is said first, and nowhere else.
fn une_fois(texte: &str, dit: &mut bool) -> String {
    let redit = format!(" {RECOURS}");
    match texte.split_once(RECOURS).filter(|_| !*dit) {
        Some((avant, apres)) => {
            *dit = true;
            format!("{avant}{RECOURS}{}", apres.replace(&redit, ""))
        }
        None => texte.replace(&redit, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::menes;

    const LIEN: &str = "« <a href=\"/assistance\">Aide et contact</a> »";

    fn mene(html: &str) -> String {
        menes(html, "/assistance").into_owned()
    }

    #[test]
    fn the_sentence_leads_to_the_help_and_is_said_once() {
        let dit = "Pour une situation particulière, voyez « Aide et contact ».";
        assert_eq!(
            mene(&format!("<p>A est close. {dit} B est close. {dit}</p>\n<p>C est close. {dit}</p>")),
            format!(
                "<p>A est close. Pour une situation particulière, voyez {LIEN}. B est close.</p>\n<p>C est close.</p>"
            )
        );
        assert_eq!(
            mene("<p>Trop tard : voyez « Aide et contact ».</p>"),
            format!("<p>Trop tard : voyez {LIEN}.</p>")
        );
    }

    #[test]
    fn links_and_what_was_typed_are_left_as_they_are() {
        for html in [
            "<p>Rien de tel.</p>",
            "<title>« Aide et contact »</title>",
            "<a href=\"#x\">Voyez « Aide et contact ».</a>",
            "<textarea>« Aide et contact »</textarea>",
            "<a href=\"/assistance\">Aide et contact</a>",
        ] {
            assert_eq!(mene(html), html);
        }
    }
}
