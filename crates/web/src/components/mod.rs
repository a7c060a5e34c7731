//! The components of the pages: each wraps once what the design system and accessibility ask for.
//!
//! In a template a component is an expression: `{{ form.texte("nom", "Nom").indice("…") }}` or
//! `{{ tableau }}`. Label, hint, error and `aria-describedby` come together or not at all.
//! Text is escaped here; only a component, or [`Markup`] made of components, goes in as it is.
//! Those that surround other content are macros: `templates/components/conteneurs.html`.

use std::fmt;

/// Marks components as already escaped, so that templates write `{{ component }}`.
macro_rules! composant {
    ($($component:ty),+ $(,)?) => {
        $(impl askama::filters::HtmlSafe for $component {})+
    };
}

pub use app::messages::{accord, date_civile as date_longue, heure, nombre, poids};

/// The name of a queue, with what waits in it when something does.
pub fn avec_compte(nom: &str, attente: Option<i64>, a_faire: &str) -> String {
    match attente {
        Some(n) if n > 0 => format!("{nom} : {} {a_faire}", nombre(n)),
        _ => nom.to_owned(),
    }
}

/// « Aucune fiche », « 1 fiche », « 1 200 fiches »: how many a list has, above it.
pub fn en_tout(n: i64, aucun: &str, un: &str, plusieurs: &str) -> String {
    if n == 0 { aucun.to_owned() } else { accord(n, un, plusieurs) }
}

/// A fingerprint by groups of eight: easier to compare, and the line may break on a phone.
pub fn par_groupes(empreinte: &str) -> String {
    let lettres: Vec<char> = empreinte.chars().collect();
    lettres.chunks(8).map(|groupe| groupe.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

mod actualisation;
mod aide;
mod archives;
pub mod attentes;
mod bouton;
mod brouillon;
pub mod capacite;
mod carte;
mod champ;
mod choix;
mod constats;
mod contenu;
mod dates;
pub mod demandes;
pub mod description;
mod documents;
mod echeance;
pub mod etablissement;
pub mod fiche;
mod fil;
mod formulaire;
mod graphique;
mod lecture;
mod lieu;
mod message;
mod nouveautes;
mod parcours;
pub mod plan;
mod points;
mod previsualisation;
mod projection;
pub mod regroupement;
mod renvoi;
mod seances;
mod tableau;
mod texte_riche;
#[cfg(test)]
pub mod verification;
pub mod versions;
pub mod vitrine;

pub use actualisation::{depuis, regards, toute_seule};
pub use aide::{
    Aide, GUIDE_ACADEMIE, GUIDE_APPRENTISSAGE, GUIDE_COMPTES, GUIDE_INTERFACES, GUIDE_PARAMETRAGE, INTERFACE,
};
pub use archives::{ACADEMIE, Espace, GESTION, NATIONAL, alerte_archive, page_archives};
pub use bouton::{Bouton, LienBouton, exports};
pub use brouillon::{
    AvisBrouillon, AvisBrouillons, BrouillonListe, Brouillons, ChampBrouillon, EtatBrouillon,
};
pub use carte::{Carte, Tuile};
pub use champ::Champ;
pub use choix::{Case, Choix, GroupeChoix, Liste};
pub use constats::{Constats, alerte_contradictions, badge_constat, badges_grille};
pub use contenu::{Apercu, Definitions, Etiquette};
pub use dates::Dates;
pub use documents::{Documents, adresse as reference};
pub use echeance::Echeance;
pub use fil::{Fil, MessageFil};
pub use formulaire::{
    ChampsCaches, ErreurChamp, Formulaire, NOM_BROUILLON, NOM_CLE, NOM_JETON, NOM_ONGLET, NOM_VERSION,
    PLUSIEURS, ResumeErreurs,
};
pub use graphique::{Barres, Progression};
pub use lecture::lue;
pub use lieu::{choix_departements, nom_departement, nom_lieu};
pub use message::{Alerte, Badge, Ton, recepisse};
pub use nouveautes::{Nouveautes, non_lus};
pub use parcours::{Etapes, Pagination};
pub use plan::{Plan, Reperage};
pub use points::{Point, Points};
pub use previsualisation::Previsualisation;
pub use renvoi::Renvoi;
pub use seances::{
    academies_nommees, adresse_inscription, badge_seance, definitions as definitions_seance, du, enumere,
    etat_inscription, instant, places as places_seance, quand, signature,
};
pub use tableau::{Cellule, Colonne, Ordre, Tableau};
pub use texte_riche::texte_riche;

/// HTML that is already safe: made of components, never of what a person typed.
#[derive(Clone, Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Puts components side by side, separated by spaces.
    pub fn de<C: askama::filters::HtmlSafe>(composants: impl IntoIterator<Item = C>) -> Self {
        let parts: Vec<String> = composants.into_iter().map(|composant| composant.to_string()).collect();
        Self(parts.join(" "))
    }

    /// Text, escaped.
    pub fn texte(texte: impl fmt::Display) -> Self {
        let mut echappe = String::new();
        for c in texte.to_string().chars() {
            match c {
                '&' => echappe.push_str("&amp;"),
                '<' => echappe.push_str("&lt;"),
                '>' => echappe.push_str("&gt;"),
                '"' => echappe.push_str("&quot;"),
                '\'' => echappe.push_str("&#39;"),
                autre => echappe.push(autre),
            }
        }
        Self(echappe)
    }

    /// The same in as many columns of one width as there is room for: boxes in a cell of a table.
    pub fn en_colonnes<C: askama::filters::HtmlSafe>(composants: impl IntoIterator<Item = C>) -> Self {
        Self(format!(r#"<div class="en-colonnes">{}</div>"#, Self::de(composants)))
    }

    pub fn est_vide(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// A link.
    pub fn lien(libelle: impl fmt::Display, url: impl fmt::Display) -> Self {
        Self(format!(r#"<a class="fr-link" href="{}">{}</a>"#, Self::texte(url), Self::texte(libelle)))
    }

    /// Lines of text, one under the other.
    pub fn lignes(lignes: &[String]) -> Self {
        Self(format!(r#"<span class="texte-saisi">{}</span>"#, Self::texte(lignes.join("\n"))))
    }

    /// Rendered from a template of ours.
    pub(crate) fn rendu(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// A template or a component, rendered.
    pub fn new(composant: impl askama::filters::HtmlSafe) -> Self {
        Self(composant.to_string())
    }

    /// Adds another component, after a space.
    #[must_use]
    pub fn et(mut self, composant: impl askama::filters::HtmlSafe) -> Self {
        self.0.push(' ');
        self.0.push_str(&composant.to_string());
        self
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
composant!(Markup);

/// Turns a label or a field name into what an `id` may contain.
pub(crate) fn identifiant(texte: &str) -> String {
    let mut id = String::with_capacity(texte.len());
    for c in texte.chars() {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            'A'..='Z' => id.push(c.to_ascii_lowercase()),
            'à' | 'â' => id.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'É' => id.push('e'),
            'î' | 'ï' => id.push('i'),
            'ô' => id.push('o'),
            'ù' | 'û' => id.push('u'),
            'ç' => id.push('c'),
            'œ' => id.push_str("oe"),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_plain_letters() {
        assert_eq!(identifiant("Vœux confirmés (2024)"), "voeux-confirmes-2024");
        assert_eq!(identifiant("quotas[3].places"), "quotas-3-places");
    }
}
