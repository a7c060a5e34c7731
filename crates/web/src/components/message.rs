//! What tells a person how things stand: alerts and badges.

use std::fmt::Display;

use askama::Template;

use super::Markup;
use crate::socle::critere;

/// Tone of a message. Never said by colour alone: each has its icon and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ton {
    Info,
    Succes,
    Attention,
    Erreur,
    /// No judgement: a badge only.
    Neutre,
}

impl Ton {
    fn classe(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Succes => "success",
            Self::Attention => "warning",
            Self::Erreur => "error",
            Self::Neutre => "",
        }
    }

    fn mot(self) -> &'static str {
        match self {
            Self::Info | Self::Neutre => "Information",
            Self::Succes => "Succès",
            Self::Attention => "Attention",
            Self::Erreur => "Erreur",
        }
    }
}

/// A message in the page.
#[derive(Clone, Debug, Template)]
#[template(path = "components/alerte.html")]
pub struct Alerte {
    ton: Ton,
    titre: Option<String>,
    texte: Markup,
    points: Vec<String>,
    annonce: bool,
    refus: bool,
    niveau: u8,
}

impl Alerte {
    pub fn new(ton: Ton, texte: impl Display) -> Self {
        Self {
            ton,
            titre: None,
            texte: Markup::texte(texte),
            points: Vec::new(),
            annonce: false,
            refus: false,
            niveau: 2,
        }
    }

    pub fn info(texte: impl Display) -> Self {
        Self::new(Ton::Info, texte)
    }

    pub fn succes(texte: impl Display) -> Self {
        Self::new(Ton::Succes, texte)
    }

    pub fn attention(texte: impl Display) -> Self {
        Self::new(Ton::Attention, texte)
    }

    pub fn erreur(texte: impl Display) -> Self {
        Self::new(Ton::Erreur, texte)
    }

    /// A heading (level 2; see [`Alerte::niveau`]).
    #[must_use]
    pub fn titre(mut self, titre: impl Display) -> Self {
        self.titre = Some(titre.to_string());
        self
    }

    /// Level of the heading, 2 to 6.
    #[must_use]
    pub fn niveau(mut self, niveau: u8) -> Self {
        self.niveau = niveau.clamp(2, 6);
        self
    }

    /// Another paragraph, made of components.
    #[must_use]
    pub fn suite(mut self, markup: Markup) -> Self {
        self.texte = self.texte.et(markup);
        self
    }

    /// A list under the text: the cases, what is missing.
    #[must_use]
    pub fn points(mut self, points: impl IntoIterator<Item = String>) -> Self {
        self.points.extend(points);
        self
    }

    /// Why what was sent is refused, where the page has no list of faults: it takes the focus, as such a list does. One a page.
    #[must_use]
    pub fn refus(mut self) -> Self {
        self.refus = true;
        self
    }

    /// Read out when the page opens: the outcome of the act just done.
    #[must_use]
    pub fn annonce(mut self) -> Self {
        self.annonce = true;
        self
    }
}

/// A state in one or two words.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p class="fr-badge fr-badge--sm{% if ton != Ton::Neutre %} fr-badge--{{ ton.classe() }}{% endif %}">{{ texte }}</p>"#
)]
pub struct Badge {
    ton: Ton,
    texte: String,
}
composant!(Alerte, Badge);

impl Badge {
    pub fn new(ton: Ton, texte: impl Display) -> Self {
        Self { ton, texte: texte.to_string() }
    }
}

/// The number of the receipt that an act has just given, to be noted by the person.
pub fn recepisse(chemin: &str) -> Option<Alerte> {
    let numero = critere(chemin, "recepisse")?;
    let forme =
        numero.len() == 14 && numero.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '2'..='7' | '-'));
    forme.then(|| {
        Alerte::info(format_args!(
            "Récépissé nº {numero}. Notez ce numéro : il prouve ce qui a été fait et quand."
        ))
        .suite(Markup::lien("Vérifier ce récépissé", format_args!("/recepisse?numero={numero}")))
    })
}
