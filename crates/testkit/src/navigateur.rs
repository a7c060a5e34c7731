//! A browser without a socket: follows redirects, keeps cookies, fills the forms of the page.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt;

/// What it says it is.
pub const AGENT: &str = "essais";

/// The browser.
#[derive(Debug)]
pub struct Navigateur {
    site: Router,
    cookies: BTreeMap<String, String>,
    entetes: Vec<(&'static str, String)>,
}

/// An answer, after the redirects.
#[derive(Debug, Clone)]
pub struct Reponse {
    pub statut: StatusCode,
    /// Address of the page shown.
    pub url: String,
    pub html: String,
    pub octets: Vec<u8>,
    pub entetes: axum::http::HeaderMap,
}

/// A field of a form: name, value, and whether a person types it.
type ChampLu = (String, String, bool);

/// What a form sends; a picture sends the place where it is clicked, and only then.
const CHAMPS: &str = "input[name]:not([type=image]), textarea[name], select[name]";

fn selector(texte: &str) -> Selector {
    Selector::parse(texte).unwrap()
}

impl Navigateur {
    /// A browser on a site.
    pub fn new(site: Router) -> Self {
        Self { site, cookies: BTreeMap::new(), entetes: Vec::new() }
    }

    /// The same browser, talking to another server.
    #[must_use]
    pub fn on_site(mut self, site: Router) -> Self {
        self.site = site;
        self
    }

    /// With a cookie.
    #[must_use]
    pub fn with_cookie(mut self, nom: &str, valeur: &str) -> Self {
        self.cookies.insert(nom.to_owned(), valeur.to_owned());
        self
    }

    /// With a header on each request.
    #[must_use]
    pub fn with_header(mut self, nom: &'static str, valeur: &str) -> Self {
        self.entetes.push((nom, valeur.to_owned()));
        self
    }

    /// Opens a page.
    pub async fn opens(&mut self, url: &str) -> Reponse {
        self.send(Method::GET, url, None, Vec::new()).await
    }

    /// Sends pairs as they are, without the page's form (to try what a page would not send).
    pub async fn posts(&mut self, url: &str, paires: &[(&str, &str)]) -> Reponse {
        let paires: Vec<(String, String)> =
            paires.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        self.send(Method::POST, url, Some("application/x-www-form-urlencoded"), encode(&paires).into_bytes())
            .await
    }

    /// Fills the form that holds the button of this label and sends it; hidden fields and present values go along.
    pub async fn submits(&mut self, page: &Reponse, bouton: &str, saisie: &[(&str, &str)]) -> Reponse {
        let (methode, action, paires) = page.form(bouton, saisie);
        if methode == Method::GET {
            return self.opens(&format!("{action}?{}", encode(&paires))).await;
        }
        self.send(
            Method::POST,
            &action,
            Some("application/x-www-form-urlencoded"),
            encode(&paires).into_bytes(),
        )
        .await
    }

    /// What the script of the page does while a form is typed: has what is in it kept, saving nothing.
    pub async fn keeps(&mut self, page: &Reponse, bouton: &str, saisie: &[(&str, &str)]) -> Reponse {
        let (_, _, paires) = page.form(bouton, saisie);
        let genre = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, "/brouillon", genre, encode(&paires).into_bytes()).await
    }

    /// Sends every form of the page but the one that signs out, with a witness in each field that takes text. Gives the
    /// witnesses planted.
    pub async fn plants(&mut self, page: &Reponse, temoin: &str) -> Vec<String> {
        let mut plantes = Vec::new();
        for (methode, action, mut paires) in page.formulaires() {
            if methode == Method::GET || action == "/deconnexion" {
                continue;
            }
            for (_, valeur, libre) in &mut paires {
                if *libre {
                    *valeur = format!("{temoin}{}", plantes.len());
                    plantes.push(valeur.clone());
                }
            }
            let paires: Vec<(String, String)> = paires.into_iter().map(|(n, v, _)| (n, v)).collect();
            let genre = Some("application/x-www-form-urlencoded");
            self.send(methode, &action, genre, encode(&paires).into_bytes()).await;
        }
        plantes
    }

    /// Sends a file with the form that holds the button of this label.
    pub async fn uploads(
        &mut self,
        page: &Reponse,
        bouton: &str,
        champ: &str,
        nom: &str,
        octets: &[u8],
    ) -> Reponse {
        self.fills_and_uploads(page, bouton, &[], (champ, nom, octets)).await
    }

    /// The same with what was typed in the other fields.
    pub async fn fills_and_uploads(
        &mut self,
        page: &Reponse,
        bouton: &str,
        saisie: &[(&str, &str)],
        (champ, nom, octets): (&str, &str, &[u8]),
    ) -> Reponse {
        let (_, action, mut paires) = page.form(bouton, saisie);
        paires.retain(|(n, _)| n != champ);
        self.posts_file(&action, &paires, champ, nom, octets).await
    }

    /// Sends a file with pairs as they are, without the page's form.
    pub async fn posts_file(
        &mut self,
        url: &str,
        paires: &[(String, String)],
        champ: &str,
        nom: &str,
        octets: &[u8],
    ) -> Reponse {
        let limite = "limite-des-essais";
        let mut corps = Vec::new();
        for (n, v) in paires {
            corps.extend_from_slice(
                format!("--{limite}\r\nContent-Disposition: form-data; name=\"{n}\"\r\n\r\n{v}\r\n")
                    .as_bytes(),
            );
        }
        corps.extend_from_slice(
            format!(
                "--{limite}\r\nContent-Disposition: form-data; name=\"{champ}\"; filename=\"{nom}\"\r\n\
                 Content-Type: text/csv\r\n\r\n"
            )
            .as_bytes(),
        );
        corps.extend_from_slice(octets);
        corps.extend_from_slice(format!("\r\n--{limite}--\r\n").as_bytes());
        self.send(Method::POST, url, Some(&format!("multipart/form-data; boundary={limite}")), corps).await
    }

    async fn send(&mut self, methode: Method, url: &str, genre: Option<&str>, corps: Vec<u8>) -> Reponse {
        let (mut methode, mut url, mut corps) = (methode, url.to_owned(), corps);
        let mut genre = genre.map(str::to_owned);
        for _ in 0..6 {
            let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let mut requete = Request::builder()
                .method(methode.clone())
                .uri(&url)
                .header(header::USER_AGENT, AGENT)
                .header(header::HOST, "localhost")
                .header(header::ACCEPT, "text/html")
                .header("sec-fetch-site", "same-origin")
                .header(header::COOKIE, cookies.join("; "));
            for (nom, valeur) in &self.entetes {
                requete = requete.header(*nom, valeur);
            }
            if let Some(g) = &genre {
                requete = requete.header(header::CONTENT_TYPE, g);
            }
            let reponse = self
                .site
                .clone()
                .oneshot(requete.body(Body::from(std::mem::take(&mut corps))).unwrap())
                .await
                .unwrap();
            for c in reponse.headers().get_all(header::SET_COOKIE) {
                let paire = c.to_str().unwrap().split(';').next().unwrap_or("");
                if let Some((n, v)) = paire.split_once('=') {
                    if v.is_empty() {
                        self.cookies.remove(n);
                    } else {
                        self.cookies.insert(n.to_owned(), v.to_owned());
                    }
                }
            }
            if reponse.status().is_redirection() && reponse.status() != StatusCode::NOT_MODIFIED {
                url = reponse.headers()[header::LOCATION].to_str().unwrap().to_owned();
                methode = Method::GET;
                genre = None;
                continue;
            }
            let (statut, entetes) = (reponse.status(), reponse.headers().clone());
            let octets = to_bytes(reponse.into_body(), 64 << 20).await.unwrap().to_vec();
            let html = String::from_utf8_lossy(&octets).into_owned();
            return Reponse { statut, url, html, octets, entetes };
        }
        panic!("too many redirects to {url}");
    }
}

fn encode(paires: &[(String, String)]) -> String {
    let e = |t: &str| {
        t.bytes()
            .map(|o| match o {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(o).to_string(),
                b' ' => "+".to_owned(),
                _ => format!("%{o:02X}"),
            })
            .collect::<String>()
    };
    paires.iter().map(|(n, v)| format!("{}={}", e(n), e(v))).collect::<Vec<_>>().join("&")
}

/// The text with its no-break spaces made ordinary.
fn ordinary(texte: &str) -> String {
    texte.replace('\u{a0}', " ")
}

impl Reponse {
    /// Visible text, spaces squeezed, no-break ones made ordinary: a test reads as its sentence is written.
    pub fn texte(&self) -> String {
        let page = Html::parse_document(&self.html);
        let corps = page.select(&selector("body")).next();
        let texte: String = corps.map(|c| c.text().collect::<Vec<_>>().join(" ")).unwrap_or_default();
        texte.split([' ', '\u{a0}', '\n', '\t', '\r']).filter(|m| !m.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Fails unless the page says this.
    #[track_caller]
    pub fn sees(&self, attendu: &str) -> &Self {
        assert!(
            self.texte().contains(&ordinary(attendu)),
            "« {attendu} » absent de {} ({}) :\n{}",
            self.url,
            self.statut,
            self.texte()
        );
        self
    }

    /// Fails if the page says this.
    #[track_caller]
    pub fn sees_not(&self, interdit: &str) -> &Self {
        assert!(
            !self.texte().contains(&ordinary(interdit)),
            "« {interdit} » présent dans {} :\n{}",
            self.url,
            self.texte()
        );
        self
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub fn is(&self, statut: u16) -> &Self {
        assert_eq!(self.statut.as_u16(), statut, "{} :\n{}", self.url, self.texte());
        self
    }

    /// The anti-CSRF token of its forms.
    #[track_caller]
    pub fn jeton(&self) -> &str {
        let suite = self.html.split("name=\"_jeton\" value=\"").nth(1);
        suite
            .and_then(|s| s.split('"').next())
            .unwrap_or_else(|| panic!("pas de jeton dans {} :\n{}", self.url, self.texte()))
    }

    /// Address of the link whose text contains this.
    #[track_caller]
    pub fn link(&self, texte: &str) -> String {
        let page = Html::parse_document(&self.html);
        let lien = page
            .select(&selector("a[href]"))
            .find(|a| ordinary(&a.text().collect::<String>()).contains(&ordinary(texte)))
            .unwrap_or_else(|| panic!("pas de lien « {texte} » dans {} :\n{}", self.url, self.texte()));
        lien.value().attr("href").unwrap_or("").to_owned()
    }

    /// What the box of this object sends, when it goes along with the version that the page shows.
    #[track_caller]
    pub fn box_of(&self, id: &str) -> String {
        let version = self.html.split(&format!("value=\"{id}.")).nth(1).and_then(|s| s.split('"').next());
        let version =
            version.unwrap_or_else(|| panic!("pas de case « {id} » dans {} :\n{}", self.url, self.texte()));
        format!("{id}.{version}")
    }

    /// Every form: method, action, fields.
    fn formulaires(&self) -> Vec<(Method, String, Vec<ChampLu>)> {
        let page = Html::parse_document(&self.html);
        let champs_du_formulaire = selector(CHAMPS);
        page.select(&selector("form"))
            .map(|form| {
                let methode =
                    if form.value().attr("method") == Some("post") { Method::POST } else { Method::GET };
                let action =
                    form.value().attr("action").filter(|a| !a.is_empty()).unwrap_or(&self.url).to_owned();
                let champs = form.select(&champs_du_formulaire).map(|champ| {
                    let e = champ.value();
                    let genre = e.attr("type").unwrap_or("text");
                    let libre = e.name() == "textarea"
                        || (e.name() == "input"
                            && !matches!(genre, "hidden" | "checkbox" | "radio" | "submit"));
                    let valeur = e.attr("value").unwrap_or("on").to_owned();
                    (e.attr("name").unwrap_or("").to_owned(), valeur, libre)
                });
                (methode, action, champs.collect())
            })
            .collect()
    }

    #[track_caller]
    fn form(&self, bouton: &str, saisie: &[(&str, &str)]) -> (Method, String, Vec<(String, String)>) {
        let page = Html::parse_document(&self.html);
        let boutons = selector("button, input[type=submit]");
        let dit = |b: &ElementRef<'_>| {
            let texte: String = b.text().collect::<String>();
            texte.split_whitespace().collect::<Vec<_>>().join(" ").contains(bouton)
        };
        let forms = selector("form");
        let form = page
            .select(&forms)
            .find(|f| f.select(&boutons).any(|b| dit(&b)))
            .unwrap_or_else(|| panic!("pas de bouton « {bouton} » dans {} :\n{}", self.url, self.texte()));
        let methode = if form.value().attr("method") == Some("post") { Method::POST } else { Method::GET };
        let action = form.value().attr("action").filter(|a| !a.is_empty()).unwrap_or(&self.url).to_owned();
        let mut paires: Vec<(String, String)> = Vec::new();
        for champ in form.select(&selector(CHAMPS)) {
            let e = champ.value();
            let nom = e.attr("name").unwrap_or("").to_owned();
            let coche = matches!(e.attr("type"), Some("checkbox" | "radio"));
            if e.attr("type") == Some("file")
                || (coche && e.attr("checked").is_none())
                || e.attr("disabled").is_some()
            {
                continue;
            }
            let valeur = match e.name() {
                "textarea" => champ.text().collect(),
                "select" => champ
                    .select(&selector("option"))
                    .find(|o| o.value().attr("selected").is_some())
                    .and_then(|o| o.value().attr("value"))
                    .unwrap_or("")
                    .to_owned(),
                _ => e.attr("value").unwrap_or(if coche { "on" } else { "" }).to_owned(),
            };
            paires.push((nom, valeur));
        }
        let presse = form.select(&boutons).find(dit);
        if let Some(b) = presse
            && let Some(nom) = b.value().attr("name")
        {
            paires.push((nom.to_owned(), b.value().attr("value").unwrap_or("").to_owned()));
        }
        // A button may send the form elsewhere; what follows the address is for whoever looks at the page.
        let envoi = presse.and_then(|b| b.value().attr("formaction"));
        let action = envoi.and_then(|a| a.split('#').next()).map_or(action, str::to_owned);
        let mut remplaces = std::collections::BTreeSet::new();
        for (nom, valeur) in saisie {
            if remplaces.insert(*nom) {
                paires.retain(|(n, _)| n != nom);
            }
            paires.push(((*nom).to_owned(), (*valeur).to_owned()));
        }
        (methode, action, paires)
    }
}
