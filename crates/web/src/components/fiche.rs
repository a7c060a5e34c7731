//! R-FOR-32: the public sheet of a course in its six rubrics, as the public reads it and as its establishment reads it before.

use app::formations::{CadreNational, ChampFiche, GroupeFiche};
use askama::Template;
use domain::formations::description::{Rubrique, RubriqueFiche, emplacements};
use domain::formations::{Genre, format_montant};

use super::description::{lecture, specialites};
use super::{Cellule, Colonne, Definitions, Markup, Tableau, nombre};

/// What the sheet says of what its course does not.
const NON_COMMUNIQUE: &str = "Non communiqué";

/// What is read under one heading of a rubric; without a heading, right under that of the rubric.
struct Bloc {
    titre: &'static str,
    contenu: Markup,
}

struct RubriqueLue {
    rubrique: RubriqueFiche,
    blocs: Vec<Bloc>,
}

/// The six rubrics, always in their order, whatever the order in which they are filled.
#[derive(Template)]
#[template(path = "components/fiche.html")]
pub struct FichePublique {
    /// It is the page: the rubrics have anchors, and a table of contents leads to them.
    sommaire: bool,
    /// A rubric that has nothing says so; otherwise it is not shown.
    entiere: bool,
    /// Levels of the headings of a rubric, and inside it.
    niveau: u8,
    sous_niveau: u8,
    rubriques: Vec<RubriqueLue>,
}
composant!(FichePublique);

impl FichePublique {
    fn vide(sommaire: bool, entiere: bool) -> Self {
        let niveau = if sommaire { 2 } else { 3 };
        let rubriques =
            RubriqueFiche::ALL.into_iter().map(|rubrique| RubriqueLue { rubrique, blocs: Vec::new() });
        Self { sommaire, entiere, niveau, sous_niveau: niveau + 1, rubriques: rubriques.collect() }
    }

    /// The page that the public reads.
    pub fn page() -> Self {
        Self::vide(true, true)
    }

    /// The whole of it under a heading of another page: what becomes public is read before.
    pub fn relecture() -> Self {
        Self::vide(false, true)
    }

    /// What a form says of it, beside that form.
    pub fn apercu() -> Self {
        Self::vide(false, false)
    }

    /// Adds what is read under a heading of a rubric, after what is there; nothing when nothing is said.
    #[must_use]
    pub fn bloc(mut self, titre: &'static str, ou: RubriqueFiche, contenu: Markup) -> Self {
        let lue = self.rubriques.iter_mut().find(|lue| lue.rubrique == ou);
        if let (Some(lue), false) = (lue, contenu.est_vide()) {
            lue.blocs.push(Bloc { titre, contenu });
        }
        self
    }

    /// Capacity, fees, what the course is.
    #[must_use]
    pub fn essentiel(self, dits: Definitions) -> Self {
        self.bloc("L’essentiel", RubriqueFiche::Decouvrir, Markup::new(dits))
    }

    /// The text that presents the course: a blank line parts two paragraphs.
    #[must_use]
    pub fn presentation(self, texte: &str) -> Self {
        let paragraphes: Vec<String> = texte
            .split("\n\n")
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(|p| format!(r#"<p class="texte-saisi">{}</p>"#, Markup::texte(p)))
            .collect();
        self.bloc("Présentation", RubriqueFiche::Decouvrir, Markup::rendu(paragraphes.concat()))
    }

    /// The fields of the description, each where the public reads it, and what the nation advises beside what is expected.
    #[must_use]
    pub fn champs(mut self, champs: &[ChampFiche], national: Option<&CadreNational>) -> Self {
        let conseil = specialites(national);
        for (ou, titre) in emplacements() {
            let ici: Vec<&ChampFiche> =
                champs.iter().filter(|c| c.champ.emplacement() == (ou, titre)).collect();
            let mut lu = lecture(&ici);
            if (ou, titre) == (RubriqueFiche::Criteres, Rubrique::Attendus.libelle())
                && let Some(conseil) = &conseil
            {
                lu = lu.et(conseil.clone());
            }
            self = self.bloc(titre, ou, lu);
        }
        self
    }

    /// The ranking groups, with what is read over their table.
    #[must_use]
    pub fn groupes(self, groupes: &[GroupeFiche], dessus: Markup) -> Self {
        let contenu = dessus.et(tableau(groupes));
        self.bloc("Places et groupes de classement", RubriqueFiche::Chiffres, contenu)
    }

    /// What is read beside a form: nothing as long as nothing is said.
    pub fn lue(self) -> Markup {
        if self.entiere || self.rubriques.iter().any(|r| !r.blocs.is_empty()) {
            Markup::new(self)
        } else {
            Markup::default()
        }
    }
}

/// « 24 places ».
fn places(n: i64) -> String {
    if n.abs() <= 1 { format!("{n} place") } else { format!("{} places", nombre(n)) }
}

/// What a course offers and costs.
pub fn places_et_frais(capacite: Option<i64>, frais_centimes: Option<i64>) -> Definitions {
    let frais = match frais_centimes {
        None => NON_COMMUNIQUE.to_owned(),
        Some(0) => "Aucun".to_owned(),
        Some(c) => format!("{} par an", format_montant(c)),
    };
    Definitions::new()
        .ligne("Capacité d’accueil", capacite.map_or_else(|| NON_COMMUNIQUE.to_owned(), places))
        .ligne("Frais de scolarité", frais)
}

/// Adds what the course is, which its establishment does not choose.
pub fn nature(d: Definitions, genre: Genre, apprentissage: bool, selective: bool) -> Definitions {
    d.ligne("Type de formation", genre.libelle())
        .ligne("Statut", if apprentissage { "Apprentissage" } else { "Étudiant" })
        .ligne(
            "Sélectivité",
            if selective {
                "Formation sélective : elle peut refuser une candidature"
            } else {
                "Formation non sélective : elle répond « oui », « oui-si » ou « en attente »"
            },
        )
}

fn tableau(groupes: &[GroupeFiche]) -> Tableau {
    let appels = groupes.iter().any(|g| g.dernier_appele.is_some());
    let mut colonnes =
        vec![Colonne::new("Groupe"), Colonne::new("Candidatures concernées"), Colonne::nombre("Places")];
    if appels {
        colonnes.push(Colonne::nombre("Rang du dernier appelé"));
    }
    Tableau::new("Groupes de classement", colonnes)
        .legende_cachee()
        .si_vide("Aucun groupe de classement.")
        .lignes(groupes.iter().map(|g| {
            let mut ligne = vec![
                Cellule::texte(&g.libelle),
                Cellule::texte(&g.series),
                g.places.map_or_else(|| Cellule::texte(NON_COMMUNIQUE), Cellule::nombre),
            ];
            if appels {
                ligne.push(g.dernier_appele.map_or_else(|| Cellule::texte("–"), Cellule::nombre));
            }
            ligne
        }))
}

#[cfg(test)]
mod tests {
    use app::formations::ContenuFiche;
    use domain::formations::description::Champ;

    use super::*;
    use crate::components::verification::verifie;

    fn dit(code: &str, texte: &str) -> ChampFiche {
        let champ = Champ::from_code(code).unwrap();
        ChampFiche { champ, contenu: ContenuFiche::Texte(texte.to_owned()) }
    }

    /// Where each of these is in a text, in the order in which they should be.
    fn en_ordre(html: &str, dits: &[&str]) {
        let ou: Vec<usize> =
            dits.iter().map(|d| html.find(d).unwrap_or_else(|| panic!("{d} is not in {html}"))).collect();
        assert!(ou.is_sorted(), "{dits:?} at {ou:?} in {html}");
    }

    #[test]
    fn r_for_32_six_rubrics_in_one_order_whatever_the_order_in_which_they_are_filled() {
        // As the forms say it, which is not the order of the sheet.
        let champs = [
            dit("duree", "3"),
            dit("cesure", "Oui"),
            dit("debouches", "Technicien."),
            dit("attendus", "Aimer les ondes."),
            dit("lettre", "Non"),
            dit("conseils", "Relire."),
            dit("boursiers", "Oui"),
            dit("contact", "Secrétariat"),
        ];
        let groupe = GroupeFiche {
            libelle: "Bac pro".to_owned(),
            series: "Tous".to_owned(),
            places: Some(8),
            dernier_appele: None,
        };
        let html = FichePublique::page()
            .groupes(&[groupe], Markup::default())
            .champs(&champs, None)
            .presentation("Un atelier.\n\nUn <hall>.")
            .essentiel(places_et_frais(Some(24), None))
            .to_string();
        verifie(&html);
        assert_eq!(html.matches("<section").count(), 6, "{html}");
        assert_eq!(html.matches("<h2").count(), 6, "{html}");
        en_ordre(
            &html,
            &[
                "Dans cette page",
                "href=\"#decouvrir\"",
                "href=\"#contact\"",
                "<section class=\"rubrique\" id=\"decouvrir\"",
                ">Découvrir la formation</h2>",
                "<h3>Caractéristiques</h3>",
                "Durée en années",
                "<h3>Autres frais et bourses</h3>",
                "<section class=\"rubrique\" id=\"criteres\"",
                "<h3>Attendus</h3>",
                "Aimer les ondes.",
                "<h3>Grille d’analyse des candidatures</h3>",
                "<section class=\"rubrique\" id=\"modalites\"",
                "<h3>Avant de candidater</h3>",
                "Césure acceptée",
                "<h3>Lettre, pièces et questionnaire</h3>",
                "<section class=\"rubrique\" id=\"chiffres\"",
                "Bac pro",
                "<section class=\"rubrique\" id=\"debouches\"",
                "Technicien.",
                "<section class=\"rubrique\" id=\"contact\"",
                "Secrétariat",
            ],
        );
        assert!(html.contains("24 places") && html.contains("Un &lt;hall&gt;."), "{html}");
    }

    #[test]
    fn r_for_32_a_rubric_that_has_nothing_says_so_and_beside_a_form_is_not_there() {
        let page = FichePublique::page().to_string();
        verifie(&page);
        for r in RubriqueFiche::ALL {
            assert!(page.contains(r.si_vide()) && page.contains(&format!("id=\"{}\"", r.ancre())), "{page}");
        }
        assert!(FichePublique::apercu().lue().est_vide());
        let beside = FichePublique::apercu().champs(&[dit("cesure", "Oui")], None).lue().to_string();
        verifie(&beside);
        assert!(beside.contains("<h3>Consulter les modalités de candidature</h3>"), "{beside}");
        assert!(beside.contains("<h4>Avant de candidater</h4>") && !beside.contains("id="), "{beside}");
        assert_eq!(beside.matches("<section").count(), 1, "{beside}");
        let before = FichePublique::relecture().presentation("Un atelier.").to_string();
        verifie(&before);
        assert_eq!(before.matches("<section").count(), 6, "{before}");
        assert!(before.contains("<h4>Présentation</h4>") && !before.contains("Dans cette page"), "{before}");
    }
}
