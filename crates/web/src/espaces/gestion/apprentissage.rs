//! `/gestion/{annee}/apprentissage`: the records of the catalogue in which the person's establishments have a part, read only.

use app::AppError;
use app::apprentissage::{LigneFiche, MesFiches, list_mes_fiches};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::apprentissage::Statut;
use domain::references::Theme;

use super::lien_accueil;
use crate::components::{Aide, Cellule, Colonne, Markup, Pagination, Tableau, en_tout};
use crate::espaces::academie::badge_fiche;
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, lit_page};

#[derive(Template)]
#[template(path = "gestion/apprentissage.html")]
struct PageMesFiches {
    page: Page,
    aide: Aide,
    compte: String,
    tableau: Tableau,
    pagination: Pagination,
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee: i64 = annee.parse().map_err(|_| AppError::NotFound)?;
    let l = list_mes_fiches(&requete.ctx, annee, lit_page(&paires)).await?;
    let aide = Aide::apprentissage("mes-fiches", "les fiches du catalogue")
        .sur(&requete, annee, &[Theme::Apprentissage])
        .await?;
    Ok(rend(StatusCode::OK, &page(&requete, annee, aide, &l)))
}

/// R-APP-14: the record names another establishment since: who has the course, how long, and what comes next.
fn passage(f: &LigneFiche, vers: &str) -> String {
    let chez = f.chez.as_deref().unwrap_or_default();
    let ici = if f.ailleurs {
        format!(
            "Rien à faire : la formation reste à l’établissement {chez}, qui la complète et examine ses candidatures"
        )
    } else {
        "La formation reste à votre établissement, qui la complète et examine ses candidatures".to_owned()
    };
    let suite = match f.statut {
        Statut::PretPourIntegration | Statut::Publie => format!(
            "La première nuit où plus aucun ne la demande, elle passe à l’établissement {vers}, avec ce qui y est saisi."
        ),
        _ => format!(
            "Le service académique relit d’abord la fiche. Ensuite, la première nuit où plus aucun ne la demande, elle passe à \
             l’établissement {vers}, avec ce qui y est saisi."
        ),
    };
    format!(
        "Le catalogue désigne maintenant l’établissement {vers} pour cette fiche. {ici}, tant que des candidats la demandent. {suite}"
    )
}

/// What the establishment has to do, or waits for.
fn a_faire(annee: i64, f: &LigneFiche) -> Markup {
    let formation = |texte: &str, id: &str| {
        Markup::texte(texte)
            .et(Markup::lien("Ouvrir la formation", format_args!("/gestion/{annee}/formations/{id}")))
    };
    let raison = f.raison.as_deref().unwrap_or_default();
    if let (Some((id, _)), Some(vers)) = (&f.formation, &f.passage) {
        let texte = passage(f, vers);
        return if f.ailleurs { Markup::texte(texte) } else { formation(&texte, id) };
    }
    match (f.statut, &f.formation) {
        (_, Some(_)) if f.ailleurs => {
            let chez = f.chez.as_deref().unwrap_or("un autre établissement de cette fiche");
            Markup::texte(format_args!("Rien à faire : la formation de cette fiche est tenue par {chez}."))
        }
        (_, Some((_, etat))) if etat == "fermee" => {
            Markup::texte(format_args!("La formation est fermée pour cette session. {raison}"))
        }
        (Statut::Publie, Some((id, _))) => formation("Les candidats lisent cette formation.", id),
        (Statut::PretPourIntegration, Some((id, _))) => {
            formation("À vous : complétez la formation, puis publiez-la.", id)
        }
        (Statut::EnAttenteMiseAJour, Some((id, _))) => {
            formation(&format!("Le service académique relit ce que le catalogue a changé. {raison}"), id)
        }
        (Statut::EnAttenteMiseAJour, None) => {
            Markup::texte(format_args!("À vous : faites corriger la fiche par votre Carif-Oref. {raison}"))
        }
        (Statut::NonPubliable | Statut::NonPublie | Statut::Rejete | Statut::Ferme, _) => {
            Markup::texte(raison)
        }
        (Statut::PretPourIntegration, None) => {
            Markup::texte("Rien à faire : la formation sera créée la nuit prochaine.")
        }
        _ => {
            let bloquants: Vec<&str> =
                f.constats.iter().filter(|c| c.is_bloquant()).map(|c| c.a_faire()).collect();
            if bloquants.is_empty() {
                Markup::texte("Rien à faire : le service académique vérifie la fiche.")
            } else {
                Markup::texte(bloquants.join(" "))
            }
        }
    }
}

fn page(requete: &Requete, annee: i64, aide: Aide, l: &MesFiches) -> PageMesFiches {
    let colonnes = vec![
        Colonne::longue("Formation"),
        Colonne::longue("Ce qu’il y a à faire"),
        Colonne::new("Statut"),
        Colonne::new("Établissements"),
    ];
    let tableau = Tableau::new("Fiches du catalogue national", colonnes)
        .legende_cachee()
        .si_vide("Le catalogue national n’a aucune fiche où votre établissement est gestionnaire, formateur ou lieu de formation.")
        .lignes(l.lignes.iter().map(|f| {
            let titre = if f.intitule.is_empty() { &f.identifiant } else { &f.intitule };
            vec![
                Cellule::texte(titre),
                Cellule::markup(a_faire(annee, f)),
                Cellule::markup(Markup::new(badge_fiche(f.statut))),
                Cellule::texte(f.uais.join(", ")),
            ]
        }));
    PageMesFiches {
        page: requete
            .page("Mes fiches du catalogue")
            .session(&l.session.libelle)
            .ariane(vec![lien_accueil(annee)]),
        aide,
        compte: en_tout(l.total, "Aucune fiche", "fiche", "fiches"),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| format!("/gestion/{annee}/apprentissage?page={n}")),
    }
}
