//! What a person recognises their browser by: its family and its system, nothing finer.

/// « Firefox, Windows »; « Navigateur inconnu » when nothing is recognised.
pub(super) fn nom(agent: &str) -> String {
    let premier = |noms: &[(&str, &'static str)]| {
        noms.iter().find(|(signe, _)| agent.contains(signe)).map(|(_, nom)| *nom)
    };
    // In this order: most say that they are Chrome or Safari too.
    let famille = premier(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let systeme = premier(&[
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (famille, systeme) {
        (Some(f), Some(s)) => format!("{f}, {s}"),
        (Some(un), None) | (None, Some(un)) => un.to_owned(),
        (None, None) => "Navigateur inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::nom;

    #[test]
    fn ses_4_a_browser_is_named_by_its_family_and_its_system_only() {
        for (agent, attendu) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox, Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
                "Chrome, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8.0", "Navigateur inconnu"),
        ] {
            assert_eq!(nom(agent), attendu);
        }
    }
}
