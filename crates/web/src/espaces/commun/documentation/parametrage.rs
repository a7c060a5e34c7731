//! The guide to settings, in the order of the afternoon of whoever types them: its text is in
//! `templates/documentation/parametrage`, its lists are those of the fields, of the rights and of the bounds in force.

use app::AppError;
use app::limites::Limites;
use app::messages::capitale;
use askama::Template;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Action, TABLE};
use domain::etablissements::TEXTE_MAX;
use domain::formations::PRESENTATION_MAX;
use domain::formations::description::{CHAMPS, Champ, Exigence, Genres, Nature, Rubrique};

use super::guide::{Couverture, Guide};
use super::noms::Noms;
use crate::components::{Cellule, Colonne, GUIDE_PARAMETRAGE, Markup, Tableau, nombre};

/// Whose dates the guide shows.
pub(super) const ETAPES: [Etape; 3] = [Etape::Parametrage, Etape::CapacitesFrais, Etape::Consultation];

const COUVERTURE: Couverture = Couverture {
    adresse: GUIDE_PARAMETRAGE,
    titre: "Documentation – Paramétrage",
    nom: "le guide du paramétrage",
    objet: "Décrire l’établissement et ses formations, pas à pas, dans l’ordre d’un après-midi de travail.",
    lecteurs: "Pour les secrétariats et les responsables de formation : décrire l’établissement, confirmer ce qui n’a pas \
               changé, corriger le reste, relire, publier. Il se lit sans être connecté.",
};

/// Texts that say what is compulsory, or allowed.
const CADRE: [(&str, &str); 2] = [
    ("fiche", "article D. 612-1-5 du code de l’éducation (décret nº 2024-85 du 6 février 2024)"),
    ("cordees", "article 37 de la loi de programmation de la recherche du 24 décembre 2020"),
];

/// Who describes an establishment and its courses, in the order of the columns.
const ROLES: [Role; 5] =
    [Role::AdminSite, Role::RespFormation, Role::ChefEtab, Role::GestAdmin, Role::Academie];

/// What they do, in the order of the lines.
const ACTES: [(&str, Action); 7] = [
    ("Lire l’établissement", Action::ConsulterEtablissement),
    ("Décrire l’établissement", Action::ModifierEtablissement),
    ("Lire les formations", Action::ConsulterParametrage),
    ("Décrire une formation", Action::ModifierFormation),
    ("Lire les capacités et les frais", Action::ConsulterCapacites),
    ("Saisir les capacités et les frais", Action::ModifierCapacites),
    ("Soumettre ou publier une formation", Action::PublierFormation),
];

/// The text. Its methods say what the pages, the fields and the rights say.
#[derive(Template)]
#[template(path = "documentation/parametrage/guide.html")]
struct Texte {
    annee: Option<i64>,
    /// Courses read at once.
    lot: i64,
    /// Days that what is not saved waits.
    garde: i64,
}

impl Noms for Texte {}

impl Texte {
    /// Where a screen is in the open session; the site de gestion itself when none is open.
    fn ecran(&self, suite: &str) -> String {
        self.annee.map_or_else(|| "/gestion".to_owned(), |annee| format!("/gestion/{annee}{suite}"))
    }

    /// A text of law, by its short name.
    fn cadre(&self, nom: &str) -> &'static str {
        CADRE.iter().find(|(n, _)| *n == nom).map_or("", |(_, texte)| texte)
    }

    fn formations_max(&self) -> String {
        nombre(self.lot)
    }

    fn presentation_max(&self) -> String {
        nombre(i64::try_from(PRESENTATION_MAX).unwrap_or(i64::MAX))
    }

    fn accueil_max(&self) -> String {
        nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
    }

    /// How many lines a list of a course has at most.
    fn lignes_max(&self, code: &str) -> usize {
        match Champ::from_code(code).map(|c| c.nature) {
            Some(Nature::Liste(_, max, _)) => max,
            _ => 0,
        }
    }

    /// The answers that a field offers, one line each.
    fn reponses(&self, liste: &str, code: &str) -> Markup {
        let champ = Champ::from_code(liste).and_then(|c| c.colonnes().iter().find(|s| s.code == code));
        puces(match champ.map(|c| c.nature) {
            Some(Nature::Choix(choix)) => choix.iter().map(|(_, libelle)| *libelle).collect(),
            _ => Vec::new(),
        })
    }

    /// What a part of a course asks for.
    fn champs(&self, code: &str) -> Tableau {
        let rubrique = Rubrique::from_code(code);
        let colonnes =
            vec![Colonne::new("Champ"), Colonne::longue("Ce qu’il dit"), Colonne::new("À remplir")];
        let legende = rubrique.map_or("", Rubrique::libelle);
        let siens = CHAMPS.iter().filter(|c| Some(c.rubrique) == rubrique);
        Tableau::new(format_args!("Rubrique « {legende} »"), colonnes).lignes(
            siens.map(|c| {
                vec![Cellule::texte(c.libelle), Cellule::texte(quoi(c)), Cellule::texte(remplir(c))]
            }),
        )
    }

    /// What the regulation puts on every public sheet, among the fields of a course.
    fn mentions(&self) -> Tableau {
        let colonnes = vec![Colonne::new("Mention"), Colonne::new("Où la saisir")];
        let champs = CHAMPS.iter().filter(|c| c.reglementaire).map(|c| (c.libelle, c.rubrique.libelle()));
        let autres = ["Capacité d’accueil", "Frais de scolarité"].map(|nom| (nom, "Page de la formation"));
        Tableau::new("Mentions obligatoires de la fiche", colonnes)
            .lignes(champs.chain(autres).map(|(nom, ou)| vec![Cellule::texte(nom), Cellule::texte(ou)]))
    }

    /// The fields of a course that no candidate reads.
    fn internes(&self) -> Markup {
        puces(CHAMPS.iter().filter(|c| !c.public).map(|c| c.libelle).collect())
    }

    /// R-DRO-01 for the settings, as a table.
    fn roles(&self) -> Tableau {
        let mut colonnes = vec![Colonne::new("Acte")];
        colonnes.extend(ROLES.map(|r| Colonne::new(r.libelle())));
        let permet =
            |role: Role, action: Action| TABLE.iter().any(|r| r.role == role && r.actions.contains(&action));
        Tableau::new("Qui peut faire quoi", colonnes).lignes(ACTES.iter().map(|(nom, action)| {
            let oui_non = |r: Role| Cellule::texte(if permet(r, *action) { "Oui" } else { "Non" });
            std::iter::once(Cellule::texte(nom)).chain(ROLES.map(oui_non)).collect::<Vec<_>>()
        }))
    }
}

/// What a field says, and which types of courses have it when not all do.
fn quoi(c: &Champ) -> String {
    let Genres::Seulement(genres) = c.genres else { return c.aide.to_owned() };
    let types: Vec<&str> = genres.iter().map(|g| g.libelle()).collect();
    let types = format!("Types : {}.", types.join(" ; "));
    if c.aide.is_empty() { types } else { format!("{} {types}", c.aide) }
}

fn remplir(c: &Champ) -> String {
    match (c.reglementaire, c.exige) {
        (true, _) => "Oui, mention obligatoire de la fiche".to_owned(),
        (_, Exigence::Toujours) => "Oui".to_owned(),
        (_, Exigence::Si(.., quand)) => capitale(quand),
        (_, Exigence::Facultatif) => "Si vous le souhaitez".to_owned(),
    }
}

fn puces(textes: Vec<&str>) -> Markup {
    let lignes: String = textes.iter().map(|t| format!("<li>{}</li>", Markup::texte(t))).collect();
    Markup::rendu(format!("<ul>{lignes}</ul>"))
}

/// The guide, with the bounds in force; its links lead to the session of that year.
///
/// # Errors
/// [`AppError::Internal`] when its template does not render.
pub fn guide_parametrage(limites: &Limites, annee: Option<i64>) -> Result<Guide, AppError> {
    let texte = Texte { annee, lot: limites.lot_formations, garde: limites.brouillon_jours }
        .render()
        .map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Guide::new(COUVERTURE, &texte))
}
