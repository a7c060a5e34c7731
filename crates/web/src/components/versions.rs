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

/// The two sides of a comparison, one line each; where they share some, a line that only one of them has is marked.
pub fn cotes(avant: &[String], apres: &[String]) -> [Cellule; 2] {
    let partagees = avant.iter().any(|l| apres.contains(l));
    let dit = |ici: &[String], la: &[String]| {
        if ici.is_empty() {
            return Cellule::texte("(vide)");
        }
        Cellule::markup(Markup::de(ici.iter().map(|l| {
            let texte = Markup::texte(l);
            Markup::rendu(if partagees && !la.contains(l) {
                format!(r#"<span class="ecart"><mark>{texte}</mark></span>"#)
            } else {
                format!(r#"<span class="ecart">{texte}</span>"#)
            })
        })))
    };
    [dit(avant, apres), dit(apres, avant)]
}

/// The fields, the older side first.
fn tableau(v: &Versions) -> Tableau {
    let titre = |numero: i64| {
        let le = v.publications.iter().find(|(n, _)| *n == numero).map_or(0, |(_, le)| *le);
        format!("Publication {numero}, {}", date(le))
    };
    let colonnes = vec![Colonne::new("Champ"), Colonne::longue(titre(v.de)), Colonne::longue(titre(v.a))];
    let ligne = |c: &ChampCompare| {
        let [avant, apres] = cotes(&c.avant, &c.apres);
        vec![Cellule::texte(c.libelle), avant, apres]
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_each_and_those_of_one_side_alone_are_marked() {
        let lignes = |dites: &[&str]| dites.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        let html = |avant: &[&str], apres: &[&str]| {
            let [a, b] = cotes(&lignes(avant), &lignes(apres));
            Tableau::new("t", vec![Colonne::new("a"), Colonne::new("b")]).ligne(vec![a, b]).to_string()
        };
        let vus = html(&["Notes", "Oral"], &["Notes", "Écrit < oral"]);
        assert_eq!(vus.matches(r#"<span class="ecart">Notes</span>"#).count(), 2, "{vus}");
        for seule in ["Oral", "Écrit &lt; oral"] {
            assert!(vus.contains(&format!("<mark>{seule}</mark>")), "{vus}");
        }
        // A text written anew is not marked from end to end; nothing is said to be nothing.
        let vus = html(&["Avant"], &["Après"]);
        assert!(!vus.contains("<mark>"), "{vus}");
        assert!(html(&[], &["Après"]).contains("(vide)"));
    }
}
