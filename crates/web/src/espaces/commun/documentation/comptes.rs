//! The guide to accounts: its text is in `templates/documentation/comptes`, its numbers are those of the limits in force,
//! its tables those of the rights.

use app::AppError;
use app::limites::Limites;
use askama::Template;
use domain::comptes::{Niveau, Role};
use domain::delegations::{Operation, Operations};
use domain::droits::CHAINE;

use super::guide::{Couverture, Guide};
use super::noms::Noms;
use crate::components::{Cellule, Colonne, GUIDE_COMPTES, Tableau};
use crate::espaces::commun::mot_de_passe::indice;

const COUVERTURE: Couverture = Couverture {
    adresse: GUIDE_COMPTES,
    titre: "Guide des comptes",
    nom: "le guide des comptes",
    objet: "Comptes, mots de passe, double authentification, rôles et délégations sur le site de gestion.",
    lecteurs: "Pour les personnels des établissements et des services académiques : se connecter, sécuriser son compte, \
               inviter, déléguer, réagir à un vol. Il se lit sans être connecté.",
};

/// The text. Its methods say what a page shows: a test compares what they name with the pages.
#[derive(Template)]
#[template(path = "documentation/comptes/guide.html")]
struct Texte<'a> {
    l: &'a Limites,
}

impl Noms for Texte<'_> {}

impl Texte<'_> {
    /// What the pages ask of a password, in their words.
    fn regle_mot_de_passe(&self) -> &'static str {
        indice(Niveau::Gestion)
    }

    fn attente_minutes(&self) -> u64 {
        self.l.attente_maximale_s / 60
    }

    /// R-DRO-02, as a table.
    fn chaine(&self) -> Tableau {
        let noms = |roles: &[Role]| roles.iter().map(|r| r.libelle()).collect::<Vec<_>>().join(", ");
        let colonnes = vec![
            Colonne::new("Vous êtes"),
            Colonne::longue("Vous invitez"),
            Colonne::longue("Vous gérez les comptes"),
        ];
        Tableau::new("Qui peut créer quel compte", colonnes).lignes(CHAINE.iter().map(|d| {
            vec![
                Cellule::texte(d.par.libelle()),
                Cellule::texte(noms(d.invite)),
                Cellule::texte(noms(d.gere)),
            ]
        }))
    }

    /// R-DRO-03: what each role may receive on a course.
    fn operations(&self) -> Tableau {
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|r| r.is_over_courses()).collect();
        let mut colonnes = vec![Colonne::new("Opération")];
        colonnes.extend(roles.iter().map(|r| Colonne::new(r.libelle())));
        Tableau::new("Ce qui se délègue sur une formation", colonnes).lignes(Operation::ALL.iter().map(|o| {
            let mut ligne = vec![Cellule::texte(o.libelle())];
            ligne.extend(
                roles.iter().map(|r| {
                    Cellule::texte(if Operations::of_role(*r).contains(*o) { "Oui" } else { "Non" })
                }),
            );
            ligne
        }))
    }
}

/// The guide, with the limits in force.
///
/// # Errors
/// [`AppError::Internal`] when its template does not render.
pub fn guide_comptes(limites: &Limites) -> Result<Guide, AppError> {
    let texte = Texte { l: limites }.render().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Guide::new(COUVERTURE, &texte))
}
