//! Records that say one course: the list of the groups, and one of them side by side.

use app::AppError;
use app::apprentissage::{GroupeDoublons, keep_fiche, list_groupes, view_groupe};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;

use super::super::lit_annee;
use super::{adresse, ariane, badge, lit_chemin, majuscule, nom};
use crate::components::{
    Alerte, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup, Pagination,
    Tableau, en_tout,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, lit_page, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/apprentissage/doublons.html")]
struct PageGroupes {
    page: Page,
    titre: String,
    tableau: Tableau,
    pagination: Pagination,
    retour: String,
}

pub async fn get_liste(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_groupes(&requete.ctx, annee, lit_page(&paires)).await?;
    let url = format!("{}/doublons", adresse(annee));
    let colonnes = vec![
        Colonne::longue("Formation"),
        Colonne::new("Fiche gardée"),
        Colonne::new("Département"),
        Colonne::new("Statut"),
        Colonne::nombre("Doublons"),
    ];
    let tableau = Tableau::new("Formations dites par plusieurs fiches", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de votre périmètre n’est dite par plusieurs fiches.")
        .lignes(l.lignes.iter().map(|g| {
            vec![
                Cellule::lien(nom(&g.intitule, &g.identifiant), format_args!("{url}/{}", g.id)),
                Cellule::texte(&g.identifiant),
                Cellule::texte(if g.departement.is_empty() { "–" } else { &g.departement }),
                Cellule::markup(Markup::new(badge(g.statut))),
                Cellule::nombre(g.repetent),
            ]
        }));
    let page = PageGroupes {
        page: requete
            .page("Doublons du catalogue")
            .session(&l.session.libelle)
            .ariane(ariane(&requete, annee)),
        titre: en_tout(l.total, "Aucune formation", "formation", "formations"),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| format!("{url}?page={n}")),
        retour: adresse(annee),
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "academie/apprentissage/doublon.html")]
struct PageGroupe {
    page: Page,
    url: String,
    titre: String,
    obstacle: Option<Alerte>,
    form: Formulaire,
    choix: Vec<Choix>,
    differences: Tableau,
    memes: Definitions,
    fiches: Tableau,
    retour: String,
}

pub async fn get(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let g = view_groupe(&requete.ctx, annee, &id).await?;
    let form = requete.formulaire().avec_version(g.version);
    Ok(rend(StatusCode::OK, &page(&requete, annee, &id, &g, form)))
}

pub async fn post(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match PublicId::parse(recu.form.valeur("choisie")) {
        None => recu.form.refuse("choisie", "Choisissez la fiche à garder."),
        Some(choisie) => match keep_fiche(&requete.ctx, &recu.garde(), annee, &id, &choisie).await {
            Ok(r) => {
                return Ok(redirige(&format!(
                    "{}/doublons?fait=doublon-choisi&recepisse={}",
                    adresse(annee),
                    r.numero
                )));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Rien n’a changé : cette fiche est déjà celle qui est gardée, ou quelqu’un a choisi avant vous. Relisez les fiches \
                     ci-dessous.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse(&mut recu.form, e)?,
        },
    }
    let g = view_groupe(&requete.ctx, annee, &id).await?;
    let form = recu.form.avec_version(g.version);
    Ok(rend(statut, &page(&requete, annee, &id, &g, form)))
}

fn page(requete: &Requete, annee: i64, id: &PublicId, g: &GroupeDoublons, form: Formulaire) -> PageGroupe {
    let url = adresse(annee);
    let noms = || g.fiches.iter().map(|f| f.identifiant.as_str());
    let colonnes = std::iter::once(Colonne::new("Champ"))
        .chain(noms().map(|n| Colonne::longue(format_args!("Fiche {n}"))))
        .collect();
    let differences = Tableau::new("Ce que les fiches disent autrement", colonnes)
        .legende_cachee()
        .si_vide("Les fiches disent exactement la même chose.")
        .lignes(g.differences.iter().map(|(champ, valeurs)| {
            std::iter::once(Cellule::texte(majuscule(champ)))
                .chain(valeurs.iter().map(|v| Cellule::texte(if v.is_empty() { "–" } else { v })))
                .collect()
        }));
    let colonnes = vec![Colonne::new("Fiche"), Colonne::new("Statut"), Colonne::longue("Motif")];
    let fiches = Tableau::new("Fiches de cette formation", colonnes).legende_cachee().lignes(
        g.fiches.iter().enumerate().map(|(i, f)| {
            let suite = if i == 0 { " (gardée)" } else { "" };
            vec![
                Cellule::lien(
                    format_args!("{}{suite}", f.identifiant),
                    format_args!("{url}/fiches/{}", f.id),
                ),
                Cellule::markup(Markup::new(badge(f.statut))),
                Cellule::texte(f.raison.as_deref().unwrap_or("–")),
            ]
        }),
    );
    let obstacle = if g.session.archivee {
        Some(Alerte::info(format_args!("Session {annee} archivée : tout se consulte, rien ne se modifie.")))
    } else if g.decidable {
        None
    } else {
        Some(Alerte::info(
            "La fiche gardée a déjà sa formation sur la plateforme : pour en garder une autre, fermez-la d’abord.",
        ))
    };
    let mut chemin = ariane(requete, annee);
    chemin.push(Lien::new("Doublons du catalogue", format_args!("{url}/doublons")));
    PageGroupe {
        page: requete
            .page("Choisir la fiche à garder")
            .session(&g.session.libelle)
            .ariane(chemin)
            .en_erreur(!form.est_valide()),
        titre: g.intitule.clone(),
        obstacle,
        choix: if g.decidable {
            g.fiches
                .iter()
                .enumerate()
                .map(|(i, f)| {
                    let choix = Choix::new(&f.id, format_args!("Fiche {}", f.identifiant));
                    if i == 0 { choix.indice("Celle qui est gardée jusqu’ici.") } else { choix }
                })
                .collect()
        } else {
            Vec::new()
        },
        differences,
        memes: g.memes.iter().fold(Definitions::new(), |d, (champ, v)| d.ligne(majuscule(champ), v)),
        fiches,
        url: format!("{url}/doublons/{id}"),
        retour: format!("{url}/doublons"),
        form,
    }
}
