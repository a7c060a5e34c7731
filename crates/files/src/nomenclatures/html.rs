//! Light HTML as paragraphs of plain text. Nothing of the markup is kept: what is not known is refused, never passed on.

/// What an element does to the text around it.
enum Effet {
    Aucun,
    Coupe,
    Puce,
}

/// Paragraphs of a text written in light HTML, without spaces around nor empty ones.
///
/// # Errors
/// A French sentence without final stop: the element, entity or character that is refused.
pub(super) fn paragraphes(html: &str) -> Result<Vec<String>, String> {
    let mut lus = Lus::default();
    let mut reste = html;
    while let Some(place) = reste.find(['<', '&']) {
        let (avant, apres) = reste.split_at(place);
        lus.texte.push_str(avant);
        reste = match apres.strip_prefix('<') {
            Some(balise) => {
                let (nom, suite) = balise
                    .split_once('>')
                    .ok_or_else(|| format!("balise sans fin : « <{} »", extrait(balise)))?;
                match effet(nom)? {
                    Effet::Aucun => {}
                    Effet::Coupe => lus.coupe(),
                    Effet::Puce => {
                        lus.coupe();
                        lus.texte.push_str("– ");
                    }
                }
                suite
            }
            None => lus.entite(apres)?,
        };
    }
    lus.texte.push_str(reste);
    lus.coupe();
    match lus.paragraphes.iter().flat_map(|p| p.chars()).find(|c| is_refuse(*c)) {
        Some(c) => Err(format!("caractère invisible U+{:04X} : ôtez-le", u32::from(c))),
        None => Ok(lus.paragraphes),
    }
}

#[derive(Default)]
struct Lus {
    paragraphes: Vec<String>,
    texte: String,
}

impl Lus {
    fn coupe(&mut self) {
        // No-break spaces stay: they belong to French punctuation.
        let net = self.texte.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        self.texte.clear();
        if !net.is_empty() && net != "–" {
            self.paragraphes.push(net);
        }
    }

    /// Reads the entity at the beginning of `texte`; gives what follows. An ampersand that begins none is itself.
    fn entite<'t>(&mut self, texte: &'t str) -> Result<&'t str, String> {
        let corps = texte.get(1..).unwrap_or_default();
        let fin = corps.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(corps.len());
        let (nom, suite) = corps.split_at(fin);
        let Some(suite) = suite.strip_prefix(';').filter(|_| !nom.is_empty()) else {
            self.texte.push('&');
            return Ok(corps);
        };
        let c = decode(nom).ok_or_else(|| format!("entité inconnue : « &{}; »", extrait(nom)))?;
        self.texte.push(c);
        Ok(suite)
    }
}

/// Controls, and the marks that reverse the order of reading.
fn is_refuse(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{feff}')
}

fn extrait(texte: &str) -> String {
    texte.chars().take(40).collect()
}

fn effet(balise: &str) -> Result<Effet, String> {
    let fermante = balise.starts_with('/');
    let nom = balise.trim_start_matches('/').trim_end_matches('/').trim().to_ascii_lowercase();
    match nom.as_str() {
        "b" | "strong" | "i" | "em" | "u" | "sup" | "sub" => Ok(Effet::Aucun),
        "br" | "p" | "ul" | "ol" => Ok(Effet::Coupe),
        "li" if fermante => Ok(Effet::Coupe),
        "li" => Ok(Effet::Puce),
        _ => Err(format!(
            "balise refusée : « <{}> » (sont admises b, strong, i, em, u, sup, sub, br, p, ul, ol et li, sans attribut)",
            extrait(balise)
        )),
    }
}

fn decode(nom: &str) -> Option<char> {
    if let Some(nombre) = nom.strip_prefix('#') {
        let code = match nombre.strip_prefix(['x', 'X']) {
            Some(hexa) => u32::from_str_radix(hexa, 16).ok()?,
            None => nombre.parse().ok()?,
        };
        return char::from_u32(code);
    }
    const CONNUES: &[(&str, char)] = &[
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("hellip", '…'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("bull", '•'),
        ("agrave", 'à'),
        ("acirc", 'â'),
        ("ccedil", 'ç'),
        ("eacute", 'é'),
        ("egrave", 'è'),
        ("ecirc", 'ê'),
        ("euml", 'ë'),
        ("icirc", 'î'),
        ("iuml", 'ï'),
        ("ocirc", 'ô'),
        ("oelig", 'œ'),
        ("ugrave", 'ù'),
        ("ucirc", 'û'),
        ("Agrave", 'À'),
        ("Eacute", 'É'),
        ("Egrave", 'È'),
        ("Ecirc", 'Ê'),
    ];
    CONNUES.iter().find(|(n, _)| *n == nom).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lus(html: &str) -> Vec<String> {
        paragraphes(html).unwrap()
    }

    #[test]
    fn light_html_becomes_paragraphs() {
        assert_eq!(
            lus("<b> Savoir  lire </b> <br/>Et écrire.<br /> <br/><p>Compter\u{a0}: oui</p>"),
            ["Savoir lire", "Et écrire.", "Compter\u{a0}: oui"]
        );
        assert_eq!(lus("<ul><li>Un</li><LI>Deux</LI><li> </li></ul>"), ["– Un", "– Deux"]);
        assert!(lus(" <br/> <b/> ").is_empty());
    }

    #[test]
    fn entities_are_decoded_to_text_that_stays_text() {
        assert_eq!(
            lus("R&amp;D, R & D, &lt;script&gt; l&rsquo;&eacute;t&#233; &#x153;"),
            ["R&D, R & D, <script> l’été œ"]
        );
        // Decoded once only: what an entity gives is no markup.
        assert_eq!(lus("&amp;lt;b&amp;gt;"), ["&lt;b&gt;"]);
    }

    #[test]
    fn r_imp_07_unknown_markup_is_refused_never_passed_on() {
        for (html, mot) in [
            ("<script>alert(1)</script>", "script"),
            ("<p onclick=\"x()\">a</p>", "onclick"),
            ("<img src=x>", "img"),
            ("<b", "balise sans fin"),
            ("note < 10", "balise sans fin"),
            ("a &machin; b", "machin"),
            ("a &#0; b", "U+0000"),
            ("a &#xD800; b", "xD800"),
            ("a &#x202E; b", "U+202E"),
            ("a \u{7} b", "U+0007"),
        ] {
            let refus = paragraphes(html).unwrap_err();
            assert!(refus.contains(mot), "{html}: {refus}");
            assert!(refus.chars().count() < 250);
        }
        assert!(paragraphes(&format!("<{}>", "a".repeat(10_000))).unwrap_err().chars().count() < 250);
    }
}
