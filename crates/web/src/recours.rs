//! Where to turn once a step is closed: the sentence leads there, and a page says it once, however many of its steps are closed.

use std::borrow::Cow;

use app::messages::{AIDE, RECOURS};

use crate::typographie::A_LA_LETTRE;

/// Elements whose text can hold no link, or leads somewhere already; what is kept to the letter is left too.
const SANS_LIEN: [&str; 4] = ["a", "button", "option", "title"];

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
            None if intact.is_none() && (SANS_LIEN.contains(&element) || A_LA_LETTRE.contains(&element)) => {
                intact = Some(element);
            }
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

/// The text with the sentence where it is said first, and nowhere else. It always follows another: alone, somebody quotes it.
fn une_fois(texte: &str, dit: &mut bool) -> String {
    let redit = format!(". {RECOURS}");
    match texte.split_once(RECOURS).filter(|_| !*dit) {
        Some((avant, apres)) => {
            *dit = true;
            format!("{avant}{RECOURS}{}", apres.replace(&redit, "."))
        }
        None => texte.replace(&redit, "."),
    }
}

#[cfg(test)]
mod tests {
    use super::{RECOURS, menes};
    use crate::components::{Formulaire, Markup};
    use std::borrow::Cow;

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
            "<pre class=\"commande\"><code>« Aide et contact »</code> « Aide et contact »</pre>",
            "<a href=\"/assistance\">Aide et contact</a>",
        ] {
            assert_eq!(mene(html), html);
        }
    }

    #[test]
    fn what_was_typed_gives_no_markup_but_the_way_to_the_help() {
        let tape = "</textarea><script>x('\"')</script> « Aide et contact » <a href=\"#y\">'>";
        let form = Formulaire::new("j").avec("motif", tape);
        for champ in [form.zone("motif", "Motif").to_string(), form.texte("motif", "Motif").to_string()] {
            assert!(champ.contains("« Aide et contact »"), "{champ}");
            assert_eq!(mene(&champ), champ);
        }
        let lu = format!("<p>{}</p>", Markup::texte(tape));
        assert_eq!(mene(&lu), lu.replace("« Aide et contact »", LIEN));
    }

    #[test]
    fn the_sentence_that_somebody_quotes_stays() {
        let page = format!("<p>A est close. {RECOURS}</p><p>Je lis « {RECOURS} » : que faire ?</p>");
        assert_eq!(mene(&page), page.replace("« Aide et contact »", LIEN));
    }

    #[test]
    fn a_page_is_gone_through_once_and_only_for_the_sentence() {
        assert!(matches!(menes("<p>Aide et contact</p>", "/assistance"), Cow::Borrowed(_)));
        let ligne = format!("<tr><td>A est close. {RECOURS}</td></tr>");
        let page = ligne.repeat(4_000_000 / ligne.len());
        let menee = mene(&page);
        assert_eq!(menee.matches(LIEN).count(), 1);
        assert_eq!(menee.matches("A est close.").count(), page.matches("A est close.").count());
    }
}
