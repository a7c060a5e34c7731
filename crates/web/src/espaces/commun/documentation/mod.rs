//! « Informations – Documentation »: the guides, read before signing in as well as after, searched, printed.

mod captures;
mod comptes;
mod guide;

pub use captures::{Capture, captures};
pub use comptes::guide_comptes;
pub use guide::{Chapitre, Guide, Section, Trouvaille};

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::components::{Formulaire, LienBouton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

/// Where the list of guides is.
pub const ADRESSE: &str = "/documentation";
/// Where the guide to accounts is.
pub const GUIDE_COMPTES: &str = "/documentation/comptes";

#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "commun/documentation/liste.html")]
struct PageListe {
    page: Page,
    form: Formulaire,
    guide: Guide,
    adresse_guide: &'static str,
    /// What was found, when something was looked for.
    resultats: Option<(String, Vec<Trouvaille>)>,
}

/// The guides, or what they say of the words looked for.
pub async fn liste(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    let guide = guide_comptes(&requete.ctx.app.limites)?;
    let resultats = guide.cherche(&demande.q).map(|trouvees| {
        let compte = match trouvees.len() {
            0 => "Aucune réponse".to_owned(),
            1 => "1 réponse".to_owned(),
            n => format!("{n} réponses"),
        };
        (format!("{compte} pour « {} »", demande.q.trim()), trouvees)
    });
    let page = PageListe {
        page: requete.page("Documentation"),
        form: Formulaire::new("").avec("q", demande.q.trim()),
        guide,
        adresse_guide: GUIDE_COMPTES,
        resultats,
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "commun/documentation/guide.html")]
struct PageGuide {
    page: Page,
    form: Formulaire,
    guide: Guide,
}

/// The guide to accounts, as one document.
pub async fn comptes(requete: Requete) -> Resultat {
    let guide = guide_comptes(&requete.ctx.app.limites)?;
    let page = PageGuide {
        page: requete.page(&guide.titre).ariane(vec![Lien::new("Documentation", ADRESSE)]),
        form: Formulaire::new(""),
        guide,
    };
    Ok(rend(StatusCode::OK, &page))
}
