//! `/national/{annee}/passages/{id}/retenues/{groupe}`: a group that a run withheld, let through by a person who says why.

use app::AppError;
use app::admission::{Passage, Retenue, groupes_retenus, lever_retenue, passage};
use app::messages::date_heure;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;

use super::{adresse, lit_chemin, nom, qui};
use crate::components::{Alerte, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/retenue.html")]
struct PageRetenue {
    page: Page,
    url: String,
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
        Colonne::new("Établissement"),
        Colonne::new("Groupe"),
        Colonne::longue("Pourquoi"),
        Colonne::longue("Suite"),
    ];
    (!retenues.is_empty()).then(|| {
        Tableau::new("Groupes retenus", colonnes).legende_cachee().lignes(retenues.iter().map(|r| {
            let suite = match &r.levee {
                Some(l) => Cellule::texte(format_args!(
                    "Retenue levée le {}, par {} : {}",
                    date_heure(l.le),
                    qui(&l.par),
                    l.motif
                )),
                None if lever => Cellule::lien(
                    format_args!("Lever la retenue de {}", r.formation),
                    format_args!("{}/retenues/{}", adresse(annee, p), r.groupe_public_id),
                ),
                None => Cellule::texte("À relire"),
            };
            vec![
                Cellule::lien(&r.formation, format_args!("/formations/{}", r.formation_public_id)),
                Cellule::texte(&r.etablissement),
                Cellule::texte(&r.groupe),
                Cellule::texte(r.motifs.join(" ")),
                suite,
            ]
        }))
    })
}

type Chemin = (String, String, String);

fn lit((annee, id, groupe): Chemin) -> Result<(i64, String, String), AppError> {
    let (annee, id) = lit_chemin(&(annee, id))?;
    let groupe = PublicId::parse(&groupe).ok_or(AppError::NotFound)?;
    Ok((annee, id, groupe.as_str().to_owned()))
}

async fn trouve(
    requete: &Requete,
    annee: i64,
    id: &str,
    groupe: &str,
) -> Result<(Passage, Retenue), AppError> {
    let p = passage(&requete.ctx, annee, id).await?;
    let retenues = groupes_retenus(&requete.ctx, annee, &p).await?;
    let r = retenues.into_iter().find(|r| r.groupe_public_id == groupe).ok_or(AppError::NotFound)?;
    Ok((p, r))
}

pub async fn get(requete: Requete, Path(chemin): Path<Chemin>) -> Resultat {
    let (annee, id, groupe) = lit(chemin)?;
    let (p, r) = trouve(&requete, annee, &id, &groupe).await?;
    Ok(rend(StatusCode::OK, &page(&requete, annee, &p, r, requete.formulaire())))
}

pub async fn post(Path(chemin): Path<Chemin>, mut recu: Recu) -> Resultat {
    let (annee, id, groupe) = lit(chemin)?;
    let requete = recu.requete.clone();
    let motif = recu.form.lit_texte("motif", "Écrivez pourquoi ces chiffres sont justes.");
    if let Some(motif) = motif {
        match lever_retenue(&requete.ctx, &recu.garde(), annee, &id, &groupe, &motif).await {
            Ok(_) => return Ok(redirige(&format!("/national/{annee}/passages/{id}?fait=retenue-levee"))),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let (p, r) = trouve(&requete, annee, &id, &groupe).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, annee, &p, r, recu.form)))
}

fn page(requete: &Requete, annee: i64, p: &Passage, r: Retenue, form: Formulaire) -> PageRetenue {
    let retour = adresse(annee, p);
    PageRetenue {
        page: requete
            .page("Lever une retenue")
            .session(format_args!("Session {annee}"))
            .ariane(vec![
                Lien::new("Équipe nationale", format_args!("/national/{annee}")),
                Lien::new("Passages", format_args!("/national/{annee}/passages")),
                Lien::new(nom(p), &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/retenues/{}", r.groupe_public_id),
        retour,
        resume: Definitions::new()
            .ligne("Formation", &r.formation)
            .ligne("Établissement", &r.etablissement)
            .ligne("Groupe", &r.groupe),
        motifs: r.motifs,
        obstacle: r.levee.map(|l| {
            Alerte::info(format_args!(
                "Cette retenue est déjà levée, le {}, par {} : {}",
                date_heure(l.le),
                qui(&l.par),
                l.motif
            ))
        }),
        form,
    }
}
