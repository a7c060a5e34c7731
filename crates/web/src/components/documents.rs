//! Documents of reference that download, wherever they are offered.

use app::messages::{date_heure, poids};
use app::references::DocumentReference;
use askama::Template;
use jiff::Timestamp;

struct Ligne {
    titre: String,
    url: String,
    /// « PDF, 120 ko – Note de cadrage, déposé le … ».
    detail: String,
}

/// A list of them.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<ul class="documents">
{%- for l in lignes %}
  <li><a class="fr-link" href="{{ l.url }}" download>{{ l.titre }}</a>
    <p class="fr-hint-text fr-mb-1w">{{ l.detail }}</p></li>
{%- endfor %}
</ul>"#
)]
pub struct Documents {
    lignes: Vec<Ligne>,
}
composant!(Documents);

impl Documents {
    /// `annee`: of the session of their addresses.
    pub fn new<'a>(annee: i64, documents: impl IntoIterator<Item = &'a DocumentReference>) -> Self {
        let lignes = documents.into_iter().map(|d| {
            let le = Timestamp::from_millisecond(d.fichier.depose_le).unwrap_or_default();
            let fait = if d.fichier.numero > 1 { "mis à jour" } else { "déposé" };
            Ligne {
                titre: d.titre.clone(),
                url: adresse(annee, d),
                detail: format!(
                    "PDF, {} – {}, {fait} le {}",
                    poids(d.fichier.taille),
                    d.nature.libelle(),
                    date_heure(le)
                ),
            }
        });
        Self { lignes: lignes.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.lignes.is_empty()
    }
}

/// Where a document is read.
pub fn adresse(annee: i64, d: &DocumentReference) -> String {
    format!("/informations/{annee}/documents/{}", d.id.as_str())
}
