//! Two publications of a course side by side, chosen in two lists.

use app::formations::{ChampCompare, Versions};
use app::messages;
use jiff::Timestamp;

use super::{Cellule, Choix, Colonne, Formulaire, Markup, Tableau};

/// What the two lists offer, and what they say now.
pub struct ChoixVersions {
    pub form: Formulaire,
    pub publications: Vec<Choix>,
    pub tableau: Tableau,
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

/// The numbers asked for in an address: `?de=1&a=3`.
pub fn lit_versions(form: &Formulaire) -> (Option<i64>, Option<i64>) {
    (form.valeur("de").parse().ok(), form.valeur("a").parse().ok())
}

/// A side of a comparison: one line each, or a word when nothing is said.
pub fn cote(lignes: &[String]) -> Cellule {
    if lignes.is_empty() { Cellule::texte("(vide)") } else { Cellule::markup(Markup::lignes(lignes)) }
}

/// The fields, the older side first.
fn tableau(v: &Versions) -> Tableau {
    let titre = |numero: i64| {
        let le = v.publications.iter().find(|(n, _)| *n == numero).map_or(0, |(_, le)| *le);
        format!("Publication {numero}, {}", date(le))
    };
    let colonnes = vec![Colonne::new("Champ"), Colonne::longue(titre(v.de)), Colonne::longue(titre(v.a))];
    let ligne = |c: &ChampCompare| vec![Cellule::texte(c.libelle), cote(&c.avant), cote(&c.apres)];
    Tableau::new("Ce qui diffère entre ces deux publications", colonnes)
        .si_vide("Ces deux publications disent la même chose.")
        .lignes(v.champs.iter().map(ligne))
}

impl ChoixVersions {
    /// `None` with less than two publications: there is nothing to compare.
    pub fn new(v: &Versions) -> Option<Self> {
        let choix = |(numero, le): &(i64, i64)| {
            Choix::new(numero, format_args!("Publication {numero}, {}", date(*le)))
        };
        (v.publications.len() > 1).then(|| Self {
            form: Formulaire::default().avec("de", v.de).avec("a", v.a),
            publications: v.publications.iter().map(choix).collect(),
            tableau: tableau(v),
        })
    }
}
