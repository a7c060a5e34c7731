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
    parts: bool,
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
            parts: false,
        }
    }

    #[must_use]
    pub fn ligne(mut self, libelle: impl Display, valeur: i64) -> Self {
        self.lignes.push((libelle.to_string(), valeur));
        self
    }

    /// Shares of a hundred: a full bar is a hundred, and what they make together is said. Otherwise the largest is full.
    #[must_use]
    pub fn en_parts(mut self) -> Self {
        self.parts = true;
        self
    }

    fn ecrit(&self, valeur: &i64) -> String {
        if self.parts { format!("{} %", nombre(*valeur)) } else { nombre(*valeur) }
    }

    fn total(&self) -> Option<String> {
        let somme: i64 = self.lignes.iter().map(|(_, v)| *v).sum();
        self.parts.then(|| self.ecrit(&somme))
    }

    fn largeur(&self, valeur: &i64) -> String {
        let plein =
            if self.parts { 100 } else { self.lignes.iter().map(|(_, v)| *v).max().unwrap_or_default() };
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
        assert!(!html.contains("Total"), "{html}");
        let parts = Barres::new("Poids", "Champ", "Poids").ligne("A", 60).ligne("B", 30);
        let parts = parts.en_parts().to_string();
        assert!(parts.contains(">60 %<") && parts.contains(">90 %<") && parts.contains(r#"width="60.0""#));
    }
}
