//! `/gestion/{annee}/classeur`: the whole set-up as a workbook, exported, sent back, shown as a difference, applied.

use app::AppError;
use app::FormatTableau;
use app::formations::{
    ApercuFichier, apply_descriptions, export_descriptions, preview_descriptions, view_lot,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use serde::Deserialize;

use super::saisie::motif_fermeture;
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Colonne, Formulaire, LienBouton, Tableau, accord, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Recu, RecuFichier, Requete, Resultat, redirige, refuse, tableur};

#[derive(Template)]
#[template(path = "gestion/classeur.html")]
struct PageClasseur {
    page: Page,
    url: String,
    xlsx: String,
    csv: String,
    form: Formulaire,
    alertes: Vec<Alerte>,
    /// No more courses than a workbook holds.
    tient: bool,
    ouverte: bool,
    lecture: Option<Lecture>,
}

struct Lecture {
    bilan: Alerte,
    detail: Option<Tableau>,
    appliquer: Option<(Formulaire, String)>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    format: String,
}

fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

async fn page(
    requete: &Requete,
    annee: i64,
    form: Formulaire,
    lecture: Option<Lecture>,
) -> Result<PageClasseur, AppError> {
    let liste = view_lot(&requete.ctx, annee).await?;
    let mut alertes: Vec<Alerte> = motif_fermeture(&liste.saisie).map(Alerte::info).into_iter().collect();
    let max = requete.ctx.app.limites.lot_formations;
    if liste.total > max {
        alertes.push(Alerte::attention(format_args!(
            "Un classeur contient {} formations au plus ; votre périmètre en a {}.",
            nombre(max),
            nombre(liste.total)
        )));
    }
    Ok(PageClasseur {
        page: requete
            .page("Tout le paramétrage dans un classeur")
            .session(&liste.session.libelle)
            .ariane(vec![super::lien_accueil(annee), super::lien_formations(annee)])
            .en_erreur(!form.est_valide()),
        url: format!("/gestion/{annee}/classeur"),
        xlsx: format!("/gestion/{annee}/classeur/export?format=xlsx"),
        csv: format!("/gestion/{annee}/classeur/export?format=csv"),
        tient: liste.total <= max,
        ouverte: liste.saisie.est_ouverte() && liste.total <= max,
        alertes,
        form,
        lecture,
    })
}

pub async fn get_classeur(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &page(&requete, annee, form, None).await?))
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let format = FormatTableau::from_code(&p.format).ok_or(AppError::NotFound)?;
    let e = export_descriptions(&requete.ctx, annee, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn post_import(Path(annee): Path<String>, mut recu: RecuFichier) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    match preview_descriptions(&requete.ctx, annee, &recu.nom_fichier, &recu.octets).await {
        Ok(a) => {
            let statut = if a.fautes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let lecture = lecture(&requete, a);
            let form = requete.formulaire();
            Ok(rend(statut, &page(&requete, annee, form, Some(lecture)).await?))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, annee, recu.form, None).await?))
        }
    }
}

pub async fn post_appliquer(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let fichier = recu.form.valeur("fichier_recu").to_owned();
    let statut = match apply_descriptions(&requete.ctx, &recu.garde(), annee, &fichier).await {
        Ok(_) => return Ok(redirige(&format!("/gestion/{annee}/lot?fait=classeur"))),
        Err(AppError::NotFound) => {
            recu.form.refuse_tout("Le fichier vérifié n’est plus gardé : envoyez-le de nouveau.");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(AppError::Conflict) => {
            recu.form.refuse_tout(
                "Le paramétrage a changé depuis la vérification. Rien n’a été enregistré : envoyez le fichier de nouveau.",
            );
            StatusCode::CONFLICT
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    Ok(rend(statut, &page(&requete, annee, recu.form, None).await?))
}

/// Rows shown: beyond, the file is looked at where it was made.
const MONTREES: usize = 300;

fn lecture(requete: &Requete, a: ApercuFichier) -> Lecture {
    if !a.fautes.is_empty() {
        let colonnes = vec![
            Colonne::courte("Feuille"),
            Colonne::nombre("Ligne"),
            Colonne::courte("Colonne"),
            Colonne::new("Ce qui ne va pas"),
        ];
        let detail = Tableau::new("Fautes à corriger", colonnes).lignes(a.fautes.iter().map(|f| {
            vec![
                Cellule::texte(&f.feuille),
                Cellule::nombre(i64::try_from(f.faute.ligne).unwrap_or(i64::MAX)),
                Cellule::texte(&f.faute.colonne),
                Cellule::texte(&f.faute.motif),
            ]
        }));
        return Lecture {
            bilan: Alerte::erreur(format_args!(
                "Le fichier est refusé : {}. Rien n’est enregistré : corrigez-le et envoyez-le de nouveau.",
                accord(a.fautes.len() as u64, "faute", "fautes")
            )),
            detail: Some(detail),
            appliquer: None,
        };
    }
    let n = a.differences.len();
    let suite = if n > MONTREES { format!(" Les {MONTREES} premiers sont montrés.") } else { String::new() };
    let bilan = if n == 0 {
        Alerte::info(format_args!(
            "Le fichier est lisible ({}) et ne change rien.",
            accord(a.formations as u64, "formation", "formations")
        ))
    } else {
        Alerte::info(format_args!(
            "Le fichier est lisible. Rien n’est encore enregistré : {} à vérifier, puis à appliquer.{suite}",
            accord(n as u64, "changement", "changements")
        ))
    };
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::courte("Champ"),
        Colonne::new("Aujourd’hui"),
        Colonne::new("Après"),
    ];
    let vide = |t: &str| Cellule::texte(if t.is_empty() { "(vide)" } else { t });
    let detail = (n > 0).then(|| {
        Tableau::new("Ce qui change", colonnes).lignes(a.differences.iter().take(MONTREES).map(|d| {
            vec![Cellule::texte(&d.formation), Cellule::texte(&d.champ), vide(&d.avant), vide(&d.apres)]
        }))
    });
    Lecture { bilan, detail, appliquer: a.recu.map(|r| (requete.formulaire(), r)) }
}
