//! `/national/{annee}/retenue?passage=…&groupe=…`: a group that a run withheld, let through by a person who says why.

use app::AppError;
use app::admission::{Levee, Passage, Retenue, groupes_retenus, lever_retenue, passage};
use app::messages::date_heure;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::{Action, Cible};

use super::{adresse, ariane, lit_annee, qui};
use crate::components::{Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/retenue.html")]
struct PageRetenue {
    page: Page,
    url: String,
    passage: String,
    groupe: String,
    retour: String,
    resume: Definitions,
    motifs: Vec<String>,
    obstacle: Option<Alerte>,
    form: Formulaire,
}

/// The groups that a run withheld, with what may be done about each; `None` when there is none.
pub(super) fn tableau(annee: i64, p: &Passage, retenues: &[Retenue], lever: bool) -> Option<Tableau> {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::longue("Pourquoi"),
        Colonne::longue("Suite"),
        Colonne::new("Établissement"),
        Colonne::new("Groupe"),
    ];
    (!retenues.is_empty()).then(|| {
        Tableau::new("Groupes retenus", colonnes).legende_cachee().lignes(retenues.iter().map(|r| {
            let suite = match &r.levee {
                Some(l) => Cellule::texte(format_args!("Retenue levée : {}", raison(l))),
                None if lever => Cellule::lien(
                    format_args!("Lever la retenue de {}", r.formation),
                    format_args!(
                        "/national/{annee}/retenue?passage={}&groupe={}",
                        p.public_id, r.groupe_public_id
                    ),
                ),
                None => Cellule::texte("À relire"),
            };
            vec![
                Cellule::lien(&r.formation, format_args!("/formations/{}", r.formation_public_id)),
                Cellule::texte(r.motifs.join(" ")),
                suite,
                Cellule::texte(&r.etablissement),
                Cellule::texte(&r.groupe),
            ]
        }))
    })
}

/// The groups out of bounds that a run let through, and why; `None` when there is none.
pub(super) fn tableau_leves(leves: &[Retenue]) -> Option<Tableau> {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Établissement"),
        Colonne::longue("Chiffres hors bornes"),
        Colonne::longue("Pourquoi ils sont justes"),
    ];
    (!leves.is_empty()).then(|| {
        Tableau::new("Retenues levées", colonnes).legende_cachee().lignes(leves.iter().map(|r| {
            vec![
                Cellule::lien(
                    format_args!("{} ({})", r.formation, r.groupe),
                    format_args!("/formations/{}", r.formation_public_id),
                ),
                Cellule::texte(&r.etablissement),
                Cellule::texte(r.motifs.join(" ")),
                Cellule::texte(r.levee.as_ref().map(raison).unwrap_or_default()),
            ]
        }))
    })
}

fn raison(l: &Levee) -> String {
    format!("{} ({}, le {})", l.motif, qui(&l.par), date_heure(l.le))
}

/// What the address or the form names.
struct Ou {
    annee: i64,
    passage: String,
    groupe: String,
}

fn lit(annee: &str, passage: &str, groupe: &str) -> Result<Ou, AppError> {
    let cle = |texte| PublicId::parse(texte).map(|id| id.as_str().to_owned()).ok_or(AppError::NotFound);
    Ok(Ou { annee: lit_annee(annee)?, passage: cle(passage)?, groupe: cle(groupe)? })
}

async fn trouve(requete: &Requete, ou: &Ou) -> Result<(Passage, Retenue), AppError> {
    requete.ctx.permit(Action::CalculerPassage, &Cible::plateforme())?;
    let p = passage(&requete.ctx, ou.annee, &ou.passage).await?;
    let retenues = groupes_retenus(&requete.ctx, ou.annee, &p).await?;
    let r = retenues.into_iter().find(|r| r.groupe_public_id == ou.groupe).ok_or(AppError::NotFound)?;
    Ok((p, r))
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let lu = |nom: &str| paires.iter().find(|(n, _)| n == nom).map_or("", |(_, v)| v.as_str());
    let ou = lit(&annee, lu("passage"), lu("groupe"))?;
    let (p, r) = trouve(&requete, &ou).await?;
    Ok(rend(StatusCode::OK, &page(&requete, ou.annee, &p, r, requete.formulaire())))
}

pub async fn post(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let ou = lit(&annee, recu.form.valeur("passage"), recu.form.valeur("groupe"))?;
    let requete = recu.requete.clone();
    let motif = recu.form.lit_texte("motif", "Écrivez pourquoi ces chiffres sont justes.");
    if let Some(motif) = motif {
        match lever_retenue(&requete.ctx, &recu.garde(), ou.annee, &ou.passage, &ou.groupe, &motif).await {
            Ok(_) => {
                let retour = format!("/national/{}/passages/{}?fait=retenue-levee", ou.annee, ou.passage);
                return Ok(redirige(&retour));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let (p, r) = trouve(&requete, &ou).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, ou.annee, &p, r, recu.form)))
}

fn page(requete: &Requete, annee: i64, p: &Passage, r: Retenue, form: Formulaire) -> PageRetenue {
    let retour = adresse(annee, p);
    PageRetenue {
        page: requete
            .page("Lever une retenue")
            .session(format_args!("Session {annee}"))
            .ariane(ariane(annee, p))
            .en_erreur(!form.est_valide()),
        url: format!("/national/{annee}/retenue"),
        passage: p.public_id.clone(),
        groupe: r.groupe_public_id,
        retour,
        resume: Definitions::new()
            .ligne("Formation", &r.formation)
            .ligne("Établissement", &r.etablissement)
            .ligne("Groupe", &r.groupe),
        motifs: r.motifs,
        obstacle: r
            .levee
            .map(|l| Alerte::info(format_args!("Cette retenue est déjà levée : {}", raison(&l)))),
        form,
    }
}
