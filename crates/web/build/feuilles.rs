//! What we change in the style sheets of the design system, by reading them as a list of rules.
//!
//! - fonts leave the common sheet for the State's theme, and the family becomes `var(--police)`:
//!   the look is then replaced without touching a template;
//! - the dark rules, which wait for a script to set `data-fr-theme`, are repeated under
//!   `prefers-color-scheme: dark` so that dark mode works without script;
//! - of the thousand icons, only those listed in `ui/icones.txt` are kept.

/// A rule: what precedes the brace, and what is between the braces.
struct Rule<'a> {
    prelude: &'a str,
    body: &'a str,
}

pub struct Sheets {
    pub common: String,
    pub fonts: String,
}

pub fn adapt(main: &str, print: &str, icons: &str, wanted: &[&str]) -> Result<Sheets, String> {
    let mut common = String::from("@charset \"UTF-8\";\n");
    let mut fonts = String::new();
    for rule in rules(main)? {
        if rule.prelude == "@font-face" {
            // A font nobody asked for is not downloaded, but naming it would be using it.
            if rule.body.contains("Marianne") {
                fonts.push_str(&format!("@font-face{{{}}}\n", without_woff1(rule.body)));
            }
        } else {
            push(&mut common, rule.prelude, &neutral_family(rule.body));
        }
    }
    let mut dark = String::new();
    for rule in rules(main)? {
        push_dark(&mut dark, &rule)?;
    }
    if dark.is_empty() {
        return Err(
            "the design system no longer has rules for [data-fr-theme=dark]: read its scheme again".into()
        );
    }
    push(&mut common, "@media screen and (prefers-color-scheme:dark)", &dark);

    let mut missing: Vec<&str> = wanted.to_vec();
    for rule in rules(icons)? {
        if let Some(name) = wanted.iter().find(|name| names_icon(rule.prelude, name)) {
            missing.retain(|other| other != name);
            push(&mut common, rule.prelude, &rule.body.replace("../../icons/", "icons/"));
        }
    }
    if !missing.is_empty() {
        return Err(format!(
            "ui/icones.txt names icons that the design system does not have: {}",
            missing.join(", ")
        ));
    }
    for rule in rules(print)? {
        push(&mut common, rule.prelude, rule.body);
    }
    Ok(Sheets { common, fonts })
}

/// The files that a sheet names, relative to it.
pub fn urls(sheet: &str) -> Vec<&str> {
    let mut found: Vec<&str> = sheet
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|path| !path.starts_with(['"', '\'']) && !path.starts_with("data:"))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn push(sheet: &mut String, prelude: &str, body: &str) {
    sheet.push_str(prelude);
    sheet.push('{');
    sheet.push_str(body);
    sheet.push_str("}\n");
}

fn neutral_family(body: &str) -> String {
    body.replace("font-family:Marianne,arial,sans-serif", "font-family:var(--police)")
}

fn without_woff1(body: &str) -> String {
    match body.split_once(",url(") {
        Some((kept, _)) => kept.to_owned(),
        None => body.to_owned(),
    }
}

fn names_icon(prelude: &str, name: &str) -> bool {
    let class = format!(".fr-icon-{name}");
    prelude
        .split(',')
        .any(|selector| selector.trim().trim_end_matches(":after").trim_end_matches(":before") == class)
}

/// Copies the dark rules, at any depth, bound to the absence of a choice instead of to the theme.
fn push_dark(sheet: &mut String, rule: &Rule<'_>) -> Result<(), String> {
    const DARK: &str = "[data-fr-theme=dark]";
    if rule.prelude.starts_with("@media") || rule.prelude.starts_with("@supports") {
        let mut inner = String::new();
        for rule in rules(rule.body)? {
            push_dark(&mut inner, &rule)?;
        }
        if !inner.is_empty() {
            push(sheet, rule.prelude, &inner);
        }
    } else if !rule.prelude.starts_with('@') {
        let kept: Vec<String> = rule
            .prelude
            .split(',')
            .filter(|selector| selector.contains(DARK))
            .map(|selector| selector.replace(DARK, "[data-fr-scheme=system]:not([data-fr-theme])"))
            .collect();
        if !kept.is_empty() {
            push(sheet, &kept.join(","), rule.body);
        }
    }
    Ok(())
}

/// Cuts a sheet into its rules. Knows comments, quotes and nesting: enough for a minified sheet.
fn rules(sheet: &str) -> Result<Vec<Rule<'_>>, String> {
    let bytes = sheet.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut depth, mut open) = (0, 0_usize, 0);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = sheet[at..].find("*/").ok_or("unfinished comment in a style sheet")?;
                at += end + 1;
                if depth == 0 {
                    start = at + 1;
                }
            }
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b';' if depth == 0 => start = at + 1,
            b'{' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            b'}' => {
                depth = depth.checked_sub(1).ok_or("unbalanced braces in a style sheet")?;
                if depth == 0 {
                    found.push(Rule { prelude: sheet[start..open].trim(), body: &sheet[open + 1..at] });
                    start = at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if depth != 0 {
        return Err("unbalanced braces in a style sheet".into());
    }
    Ok(found)
}
