//! Where one is: pages of a list, steps of a procedure.

use std::fmt::Display;

use askama::Template;

/// Links to the other pages of a list. Nothing when there is one page.
#[derive(Clone, Debug, Template)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    courante: u32,
    total: u32,
    pages: Vec<Option<(u32, String)>>,
    premiere: String,
    precedente: Option<String>,
    suivante: Option<String>,
    derniere: String,
}

impl Pagination {
    /// `url` gives the address of a page, from 1.
    pub fn new(courante: u32, total: u32, url: impl Fn(u32) -> String) -> Self {
        let courante = courante.clamp(1, total.max(1));
        let mut pages = Vec::new();
        for n in 1..=total {
            // The ends and the neighbours; a gap, once, for the others.
            if n == 1 || n == total || n.abs_diff(courante) <= 1 {
                pages.push(Some((n, url(n))));
            } else if pages.last().is_some_and(Option::is_some) {
                pages.push(None);
            }
        }
        Self {
            courante,
            total,
            pages,
            premiere: url(1),
            precedente: (courante > 1).then(|| url(courante - 1)),
            suivante: (courante < total).then(|| url(courante + 1)),
            derniere: url(total.max(1)),
        }
    }
}

/// The steps of a procedure and the one where the person is.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="fr-stepper">
  <h2 class="fr-stepper__title">{{ titre }}<span class="fr-stepper__state">Étape {{ courante }} sur {{ total }}</span></h2>
  <div class="fr-stepper__steps" data-fr-current-step="{{ courante }}" data-fr-steps="{{ total }}"></div>
  {%- if let Some(apres) = suivante %}
  <p class="fr-stepper__details"><span class="fr-text--bold">Étape suivante :</span> {{ apres }}</p>
  {%- endif %}
</div>"#
)]
pub struct Etapes {
    courante: usize,
    total: usize,
    titre: String,
    suivante: Option<String>,
}
composant!(Pagination, Etapes);

impl Etapes {
    /// `courante` counts from 1. The drawing goes up to eight steps.
    pub fn new<T: Display>(courante: usize, titres: &[T]) -> Self {
        let courante = courante.clamp(1, titres.len().max(1));
        Self {
            courante,
            total: titres.len(),
            titre: titres.get(courante - 1).map(ToString::to_string).unwrap_or_default(),
            suivante: titres.get(courante).map(ToString::to_string),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(courante: u32, total: u32) -> Vec<Option<u32>> {
        let pagination = Pagination::new(courante, total, |n| format!("?page={n}"));
        pagination.pages.iter().map(|page| page.as_ref().map(|(n, _)| *n)).collect()
    }

    #[test]
    fn ends_neighbours_and_gaps() {
        assert_eq!(pages(1, 3), [Some(1), Some(2), Some(3)]);
        assert_eq!(pages(10, 99), [Some(1), None, Some(9), Some(10), Some(11), None, Some(99)]);
        assert_eq!(pages(500, 3), [Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn one_page_shows_nothing() {
        assert_eq!(Pagination::new(1, 1, |n| format!("?page={n}")).to_string().trim(), "");
        assert_eq!(Pagination::new(1, 0, |n| format!("?page={n}")).to_string().trim(), "");
    }

    #[test]
    fn a_step_knows_the_next_one() {
        let html = Etapes::new(2, &["Identité", "Scolarité", "Confirmation"]).to_string();
        assert!(
            html.contains("Scolarité") && html.contains("Étape 2 sur 3") && html.contains("Confirmation")
        );
        assert!(!Etapes::new(3, &["A", "B", "C"]).to_string().contains("Étape suivante"));
    }
}
