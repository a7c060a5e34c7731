//! Charts: each is a table whose last column draws the figure. Nothing is said by the drawing alone.

use std::fmt::Display;

use askama::Template;

use super::{identifiant, nombre};

/// Horizontal bars.
#[derive(Clone, Debug, Template)]
#[template(path = "components/barres.html")]
pub struct Barres {
    id: String,
    titre: String,
    entete: String,
    unite: String,
    lignes: Vec<(String, i64)>,
    sur: Option<i64>,
}

impl Barres {
    /// `entete` names what the lines are (« Type de baccalauréat »), `unite` what is counted.
    pub fn new(titre: impl Display, entete: impl Display, unite: impl Display) -> Self {
        let titre = titre.to_string();
        Self {
            id: format!("barres-{}", identifiant(&titre)),
            titre,
            entete: entete.to_string(),
            unite: unite.to_string(),
            lignes: Vec::new(),
            sur: None,
        }
    }

    #[must_use]
    pub fn ligne(mut self, libelle: impl Display, valeur: i64) -> Self {
        self.lignes.push((libelle.to_string(), valeur));
        self
    }

    /// Value of a full bar; otherwise the largest of the lines.
    #[must_use]
    pub fn sur(mut self, total: i64) -> Self {
        self.sur = Some(total);
        self
    }

    fn ecrit(&self, valeur: &i64) -> String {
        nombre(*valeur)
    }

    fn largeur(&self, valeur: &i64) -> String {
        let plein = self.sur.or_else(|| self.lignes.iter().map(|(_, v)| *v).max()).unwrap_or(0);
        pourcent(*valeur, plein)
    }
}

/// How far something has come: « 3 sur 5 ».
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="progression{% if libelle.is_empty() %} progression--courte{% endif %}"><p class="progression__texte">{% if !libelle.is_empty() %}<span>{{ libelle }}</span> {% endif %}<strong>{{ fait }} sur {{ total }}</strong></p>
<svg class="barre" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="barre__fond" width="100" height="8"/><rect class="barre__valeur" width="{{ self.largeur() }}" height="8"/></svg></div>"#
)]
pub struct Progression {
    libelle: String,
    fait: u32,
    total: u32,
}
composant!(Barres, Progression);

impl Progression {
    pub fn new(libelle: impl Display, fait: u32, total: u32) -> Self {
        Self { libelle: libelle.to_string(), fait, total }
    }

    /// In a cell, whose column says what it is.
    pub fn courte(fait: u32, total: u32) -> Self {
        Self::new("", fait, total)
    }

    fn largeur(&self) -> String {
        pourcent(i64::from(self.fait), i64::from(self.total))
    }
}

/// Share of a full bar, in hundredths, with one decimal.
fn pourcent(valeur: i64, plein: i64) -> String {
    if plein <= 0 || valeur <= 0 {
        return "0".to_owned();
    }
    let milliemes = (i128::from(valeur) * 1000 / i128::from(plein)).min(1000);
    format!("{}.{}", milliemes / 10, milliemes % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion_and_never_overflow() {
        assert_eq!(pourcent(1, 3), "33.3");
        assert_eq!(pourcent(5, 3), "100.0");
        assert_eq!(pourcent(5, 0), "0");
        assert_eq!(pourcent(-2, 3), "0");
        let html =
            Barres::new("Admis", "Série", "admis").ligne("Générale", 1200).ligne("Pro", 300).to_string();
        assert!(html.contains("1\u{202f}200") && html.contains(r#"width="25.0""#), "{html}");
    }
}
