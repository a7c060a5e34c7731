//! What surrounds every page: header, navigation, banners, footer.
//!
//! A page is a struct with a field `page: Page` and a template that begins with
//! `{% extends "layout/base.html" %}` and fills the block `contenu`.

use std::fmt::Display;

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::components::{Alerte, Bouton, Choix, Formulaire};
use crate::typographie::insecables;
use crate::{fautes, recours};

/// Whose site it is (ACC-4): the State's mark and font only when the configuration says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identite {
    #[default]
    Neutre,
    Etat,
}

/// Light or dark, chosen by the person and kept in a cookie; otherwise as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Apparence {
    #[default]
    Systeme,
    Claire,
    Sombre,
}

impl Apparence {
    /// Name of the cookie; it identifies nobody.
    pub const COOKIE: &'static str = "apparence";
    /// Name of the field of [`page_apparence`].
    pub const CHAMP: &'static str = "apparence";

    pub fn lit(code: &str) -> Option<Self> {
        match code {
            "system" => Some(Self::Systeme),
            "light" => Some(Self::Claire),
            "dark" => Some(Self::Sombre),
            _ => None,
        }
    }

    /// The code of the design system, in the cookie and on `<html>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Systeme => "system",
            Self::Claire => "light",
            Self::Sombre => "dark",
        }
    }

    /// What the request's cookie says.
    pub fn de_la_requete(entetes: &HeaderMap) -> Self {
        entetes
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|valeur| valeur.to_str().ok())
            .flat_map(|valeur| valeur.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find_map(|(nom, code)| if nom == Self::COOKIE { Self::lit(code) } else { None })
            .unwrap_or_default()
    }

    /// Value of `Set-Cookie`, kept for a year.
    pub fn cookie(self) -> String {
        format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", Self::COOKIE, self.code())
    }

    /// Attribute of `<html>`: a choice sets the theme without script.
    pub fn theme(self) -> Option<&'static str> {
        match self {
            Self::Systeme => None,
            Self::Claire => Some("light"),
            Self::Sombre => Some("dark"),
        }
    }
}

/// A link of the navigation, of the breadcrumb, of the footer.
#[derive(Clone, Debug)]
pub struct Lien {
    pub libelle: String,
    pub url: String,
    pub courant: bool,
    /// Apart from the others, at the end of the bar.
    pub a_la_fin: bool,
}

impl Lien {
    pub fn new(libelle: impl Display, url: impl Display) -> Self {
        Self { libelle: libelle.to_string(), url: url.to_string(), courant: false, a_la_fin: false }
    }

    /// The part of the site where the person is.
    #[must_use]
    pub fn courant(mut self, oui: bool) -> Self {
        self.courant = oui;
        self
    }

    #[must_use]
    pub fn a_la_fin(mut self) -> Self {
        self.a_la_fin = true;
        self
    }
}

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct Personne {
    pub nom: String,
    /// « Candidate », « Responsable de formation – Lycée Ampère ».
    pub role: String,
    /// Anti-CSRF token of the session, for the sign-out form.
    pub jeton: String,
}

/// SES-3: how long the session still holds, and how long before its end the person is told.
#[derive(Clone, Copy, Debug)]
pub struct FinSession {
    pub reste_s: i64,
    pub avis_s: i64,
    /// Its end is that of its whole duration: no gesture puts it off.
    pub totale: bool,
}

/// Demonstration only: the date of the campaign and where to change it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// « mercredi 13 mars 2024, 10 h ».
    pub date: String,
    pub url: String,
}

/// Where anybody finds whom to ask.
const AIDE: &str = "/assistance";

/// What the site is, the same for every page: made once from the configuration.
#[derive(Clone, Debug)]
pub struct Site {
    pub identite: Identite,
    /// Shows « Démonstration : site non officiel ».
    pub demonstration: bool,
    pub url_connexion: String,
    pub url_deconnexion: String,
    pub url_securite: String,
    pub url_prolonger: String,
    pub url_apparence: String,
    pub url_accessibilite: String,
    /// « non conforme », « partiellement conforme », « totalement conforme »: what the declaration says.
    pub conformite: String,
    pub url_mentions: String,
    pub url_plan: String,
    pub url_aide: String,
    pub url_documentation: String,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            identite: Identite::Neutre,
            demonstration: true,
            url_connexion: "/connexion".to_owned(),
            url_deconnexion: "/deconnexion".to_owned(),
            url_securite: "/compte/securite".to_owned(),
            url_prolonger: "/compte/prolonger".to_owned(),
            url_apparence: "/apparence".to_owned(),
            url_accessibilite: "/accessibilite".to_owned(),
            conformite: "non conforme".to_owned(),
            url_mentions: "/mentions-legales".to_owned(),
            url_plan: "/plan-du-site".to_owned(),
            url_aide: AIDE.to_owned(),
            url_documentation: "/documentation".to_owned(),
        }
    }
}

/// All that the layout needs. Built by the request context, completed by the handler.
#[derive(Clone, Debug)]
pub struct Page {
    pub titre: String,
    pub site: Site,
    /// « Session 2024 ».
    pub session: Option<String>,
    pub navigation: Vec<Lien>,
    pub ariane: Vec<Lien>,
    pub personne: Option<Personne>,
    pub fin_session: Option<FinSession>,
    pub moment: Option<Moment>,
    /// The session is over: said on every page of the spaces of services.
    pub archive: Option<Alerte>,
    pub avis: Option<Alerte>,
    /// Where a signed-in person asks a service about this page.
    pub contact: Option<String>,
    pub apparence: Apparence,
    /// Shown in the footer of error pages, to be quoted to who helps.
    pub reference: Option<String>,
    /// Set by [`Page::en_erreur`]: said first in the title, which screen readers read first.
    pub en_erreur: bool,
}

impl Page {
    pub fn new(site: Site, titre: impl Display) -> Self {
        Self {
            titre: titre.to_string(),
            site,
            session: None,
            navigation: Vec::new(),
            ariane: Vec::new(),
            personne: None,
            fin_session: None,
            moment: None,
            archive: None,
            avis: None,
            contact: None,
            apparence: Apparence::default(),
            reference: None,
            en_erreur: false,
        }
    }

    #[must_use]
    pub fn titre(mut self, titre: impl Display) -> Self {
        self.titre = titre.to_string();
        self
    }

    #[must_use]
    pub fn session(mut self, libelle: impl Display) -> Self {
        self.session = Some(libelle.to_string());
        self
    }

    #[must_use]
    pub fn navigation(mut self, liens: Vec<Lien>) -> Self {
        self.navigation = liens;
        self
    }

    /// The way from the home page, which is added; the page itself is added too.
    #[must_use]
    pub fn ariane(mut self, liens: Vec<Lien>) -> Self {
        self.ariane = liens;
        self
    }

    #[must_use]
    pub fn personne(mut self, personne: Option<Personne>) -> Self {
        self.personne = personne;
        self
    }

    #[must_use]
    pub fn fin_session(mut self, fin: Option<FinSession>) -> Self {
        self.fin_session = fin;
        self
    }

    #[must_use]
    pub fn moment(mut self, moment: Option<Moment>) -> Self {
        self.moment = moment;
        self
    }

    /// What is said of a session that is over.
    #[must_use]
    pub fn archive(mut self, archive: Option<Alerte>) -> Self {
        self.archive = archive;
        self
    }

    /// Outcome of the act just done, read out when the page opens.
    #[must_use]
    pub fn avis(mut self, avis: Option<Alerte>) -> Self {
        self.avis = avis.map(Alerte::annonce);
        self
    }

    /// Where one asks about this page.
    #[must_use]
    pub fn contact(mut self, url: Option<String>) -> Self {
        self.contact = url;
        self
    }

    #[must_use]
    pub fn apparence(mut self, apparence: Apparence) -> Self {
        self.apparence = apparence;
        self
    }

    #[must_use]
    pub fn reference(mut self, reference: impl Display) -> Self {
        self.reference = Some(reference.to_string());
        self
    }

    /// The page shows a refused form: its title begins with « Erreur ».
    #[must_use]
    pub fn en_erreur(mut self, oui: bool) -> Self {
        self.en_erreur = oui;
        self
    }

    pub fn asset(&self, nom: &str) -> String {
        assets::url(nom)
    }

    pub fn feuille_theme(&self) -> String {
        assets::url(if self.est_etat() { "theme/etat.css" } else { "theme/neutre.css" })
    }

    pub fn favicon(&self) -> String {
        assets::url(if self.est_etat() { "theme/favicon-etat.svg" } else { "favicon.svg" })
    }

    pub fn est_etat(&self) -> bool {
        self.site.identite == Identite::Etat
    }
}

/// Renders a page. A template that fails is a fault of ours: 500, without a word of the cause.
pub fn rend(statut: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let html = fautes::nommees(&html);
            (statut, Html(insecables(&recours::menes(&html, AIDE)))).into_response()
        }
        Err(cause) => {
            tracing::error!(%cause, "template not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page where light, dark or the system's choice is chosen. Posted to `site.url_apparence`;
/// the answer sets [`Apparence::cookie`] and redirects.
#[derive(Template)]
#[template(path = "layout/apparence.html")]
pub struct PageApparence {
    page: Page,
    form: Formulaire,
    choix: Vec<Choix>,
}

impl PageApparence {
    /// `page` says the present appearance; `jeton` is the anti-CSRF token, empty for a visitor.
    pub fn new(page: Page, jeton: impl Display) -> Self {
        let form = Formulaire::new(jeton).avec(Apparence::CHAMP, page.apparence.code());
        let choix = vec![
            Choix::new("system", "Comme mon appareil")
                .indice("Suit le réglage clair ou sombre de votre téléphone ou de votre ordinateur."),
            Choix::new("light", "Claire"),
            Choix::new("dark", "Sombre"),
        ];
        Self { page: page.titre("Apparence du site"), form, choix }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::verification::verifie;

    #[test]
    fn the_choice_of_the_cookie() {
        let lit = |cookie: &str| {
            let mut entetes = HeaderMap::new();
            entetes.insert(header::COOKIE, cookie.parse().unwrap());
            Apparence::de_la_requete(&entetes)
        };
        assert_eq!(lit("a=b; apparence=dark"), Apparence::Sombre);
        assert_eq!(lit("apparence=light"), Apparence::Claire);
        assert_eq!(lit("apparence=<script>"), Apparence::Systeme);
        assert_eq!(lit("xapparence=dark"), Apparence::Systeme);
        assert!(Apparence::Sombre.cookie().starts_with("apparence=dark; Path=/; "));
    }

    fn rendu(page: Page) -> String {
        PageApparence::new(page, "jeton").render().unwrap()
    }

    #[test]
    fn acc_4_the_mark_of_the_state_only_when_configured() {
        let neutre = rendu(Page::new(Site::default(), "x"));
        verifie(&neutre);
        assert!(neutre.contains("site non officiel"));
        assert!(!neutre.contains("République"));
        assert!(!neutre.contains("fr-logo"));
        assert!(neutre.contains("theme/neutre.css") && !neutre.contains("etat"));

        let site = Site { identite: Identite::Etat, demonstration: false, ..Site::default() };
        let etat = rendu(Page::new(site, "x"));
        verifie(&etat);
        assert!(etat.contains("fr-logo") && etat.contains("theme/etat.css"));
        assert!(!etat.contains("site non officiel"));
    }

    #[test]
    fn acc_4_a_site_without_the_mark_says_that_it_is_not_official_even_out_of_demonstration() {
        let site = Site { demonstration: false, ..Site::default() };
        assert!(rendu(Page::new(site, "x")).contains("non officiel"));
    }

    #[test]
    fn all_that_surrounds_a_page() {
        let page = Page::new(Site::default(), "x")
            .session("Session 2024")
            .navigation(vec![
                Lien::new("Mes vœux", "/candidat/voeux").courant(true),
                Lien::new("Dossier", "/candidat/dossier"),
            ])
            .ariane(vec![Lien::new("Mon espace", "/candidat")])
            .personne(Some(Personne {
                nom: "Léa Martin".into(),
                role: "Candidate".into(),
                jeton: "abc".into(),
            }))
            .moment(Some(Moment { date: "mercredi 13 mars 2024".into(), url: "/dev".into() }))
            .avis(Some(Alerte::succes("Votre vœu est confirmé.")))
            .apparence(Apparence::Sombre)
            .en_erreur(true);
        let html = rendu(page);
        verifie(&html);
        for attendu in [
            r#"<html lang="fr" dir="ltr" data-fr-scheme="dark" data-fr-theme="dark">"#,
            "<title>Erreur – Apparence du site – Parcoursup</title>",
            "Session 2024",
            r#"aria-current="true""#,
            "Léa Martin",
            r#"name="_jeton" value="abc""#,
            "mercredi 13 mars 2024",
            r#"role="status""#,
            r#"aria-current="page""#,
        ] {
            assert!(html.contains(attendu), "{attendu}\n{html}");
        }
        assert!(rendu(Page::new(Site::default(), "x")).contains(r#"data-fr-scheme="system">"#));
    }
}
