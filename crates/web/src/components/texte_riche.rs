//! A text with light marks (CommonMark): headings, lists, emphasis, links. What a person typed never becomes HTML of theirs:
//! each element is written here, and nothing else than text comes from the source.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Markup;

/// Where a link may lead: the web, a mailbox, a telephone, or a page of ours.
fn admis(adresse: &str) -> bool {
    adresse.starts_with("https://")
        || adresse.starts_with("http://")
        || adresse.starts_with("mailto:")
        || adresse.starts_with("tel:")
        || (adresse.starts_with('/') && !adresse.starts_with("//"))
}

/// The HTML of the text, whose highest headings are of level `niveau`, 2 at least: that of the page is above.
pub fn texte_riche(source: &str, niveau: u8) -> Markup {
    let mut html = String::from(r#"<div class="texte-riche">"#);
    let mut liens = Vec::new();
    // An image is left out, with the words that stand for it.
    let mut image = 0usize;
    let mut vu_haut = false;
    let mut titres = Vec::new();
    for event in Parser::new_ext(source, Options::empty()) {
        if image > 0 {
            match event {
                Event::Start(Tag::Image { .. }) => image += 1,
                Event::End(TagEnd::Image) => image -= 1,
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(tag) => match tag {
                Tag::Paragraph => html.push_str("<p>"),
                Tag::Heading { level, .. } => {
                    // A heading never skips a level: screen readers move by them.
                    let n = if (level as u8) > 2 && vu_haut { niveau + 1 } else { niveau };
                    vu_haut |= n == niveau;
                    titres.push(n);
                    let _ = write!(html, "<h{n}>");
                }
                Tag::List(None) => html.push_str("<ul>"),
                Tag::List(Some(1)) => html.push_str("<ol>"),
                Tag::List(Some(debut)) => {
                    let _ = write!(html, r#"<ol start="{debut}">"#);
                }
                Tag::Item => html.push_str("<li>"),
                Tag::HtmlBlock => html.push_str("<p>"),
                Tag::BlockQuote(_) => html.push_str("<blockquote>"),
                Tag::CodeBlock(_) => html.push_str("<pre>"),
                Tag::Emphasis => html.push_str("<em>"),
                Tag::Strong => html.push_str("<strong>"),
                Tag::Link { dest_url, .. } => {
                    let suit = admis(&dest_url);
                    if suit {
                        let _ = write!(html, r#"<a class="fr-link" href="{}">"#, Markup::texte(&dest_url));
                    }
                    liens.push(suit);
                }
                Tag::Image { .. } => image = 1,
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::Paragraph | TagEnd::HtmlBlock => html.push_str("</p>\n"),
                TagEnd::Heading(_) => {
                    let _ = writeln!(html, "</h{}>", titres.pop().unwrap_or(niveau));
                }
                TagEnd::List(true) => html.push_str("</ol>\n"),
                TagEnd::List(false) => html.push_str("</ul>\n"),
                TagEnd::Item => html.push_str("</li>\n"),
                TagEnd::BlockQuote(_) => html.push_str("</blockquote>\n"),
                TagEnd::CodeBlock => html.push_str("</pre>\n"),
                TagEnd::Emphasis => html.push_str("</em>"),
                TagEnd::Strong => html.push_str("</strong>"),
                TagEnd::Link if liens.pop() == Some(true) => html.push_str("</a>"),
                _ => {}
            },
            Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) => {
                html.push_str(&Markup::texte(t).to_string());
            }
            Event::SoftBreak => html.push(' '),
            Event::HardBreak => html.push_str("<br>"),
            Event::Rule => html.push_str("<hr>\n"),
            _ => {}
        }
    }
    html.push_str("</div>");
    Markup::rendu(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        let lu = texte_riche(source, 2).to_string();
        let dedans = lu.strip_prefix(r#"<div class="texte-riche">"#).and_then(|l| l.strip_suffix("</div>"));
        dedans.unwrap().replace('\n', "")
    }

    #[test]
    fn light_marks_become_elements() {
        assert_eq!(
            html("Un *mot*\n\n- a\n- **b**"),
            "<p>Un <em>mot</em></p><ul><li>a</li><li><strong>b</strong></li></ul>"
        );
        assert_eq!(html("3. c"), r#"<ol start="3"><li>c</li></ol>"#);
        assert_eq!(
            html("[le calendrier](/informations/2024/calendrier)"),
            r#"<p><a class="fr-link" href="/informations/2024/calendrier">le calendrier</a></p>"#
        );
    }

    #[test]
    fn headings_begin_under_that_of_the_page_and_skip_no_level() {
        assert_eq!(html("### a\n\n# b\n\n#### c"), "<h2>a</h2><h2>b</h2><h3>c</h3>");
        assert_eq!(texte_riche("# a", 3).to_string(), "<div class=\"texte-riche\"><h3>a</h3>\n</div>");
    }

    #[test]
    fn nothing_typed_becomes_html_nor_a_link_that_runs() {
        assert_eq!(
            html("a <script>alert(1)</script> & \"b\""),
            "<p>a &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;b&quot;</p>"
        );
        assert_eq!(html("<iframe>\n\n<img src=x>"), "<p>&lt;iframe&gt;</p><p>&lt;img src=x&gt;</p>");
        for adresse in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//ailleurs.example",
            "x\" onclick=\"y",
        ] {
            assert_eq!(html(&format!("[b](<{adresse}>)")), "<p>b</p>", "{adresse}");
        }
        assert_eq!(
            html("[b](<https://a.example/\"onclick=\"x>)"),
            r#"<p><a class="fr-link" href="https://a.example/&quot;onclick=&quot;x">b</a></p>"#
        );
        assert_eq!(html("a ![des [mots](https://x.example)](https://y.example/p.png) b"), "<p>a  b</p>");
    }
}
