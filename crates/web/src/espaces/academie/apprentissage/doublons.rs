//! Records that say one course: the list of the groups, and one of them side by side.

use app::AppError;
use app::apprentissage::{
    GroupeDoublons, ListeGroupes, Rapprochement, decide_rapprochement, keep_fiche, list_groupes, view_groupe,
};
use app::messages::capitale;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::apprentissage::ChoixRapprochement;
use domain::formations::EtatFormation;

use super::super::lit_annee;
use super::{adresse, ariane, badge, lit_chemin, nom};
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup, Pagination,
    Tableau, accord, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, lit_page, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/apprentissage/doublons.html")]
struct PageGroupes {
    page: Page,
    /// None for an empty list: its sentence says so.
    titre: Option<String>,
    tableau: Tableau,
    pagination: Pagination,
    /// R-APP-19.
    titre_rapprochements: String,
    rapprochements: Tableau,
    /// Those of the table are the first ones.
    premieres: Option<String>,
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
    let tableau = Tableau::new("Formations décrites par plusieurs fiches", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de votre périmètre n’est décrite par plusieurs fiches.")
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
        titre: (l.total > 0).then(|| accord(l.total, "formation", "formations")),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| format!("{url}?page={n}")),
        titre_rapprochements: match l.a_rapprocher {
            0 => "Avec une formation déclarée".to_owned(),
            n => {
                let combien = accord(n, "fiche à comparer", "fiches à comparer");
                format!("Avec une formation déclarée : {combien}")
            }
        },
        rapprochements: rapprochements(&url, &l),
        premieres: premieres(&l),
        retour: adresse(annee),
    };
    Ok(rend(StatusCode::OK, &page))
}

/// That the table has the first ones, when there are more.
fn premieres(l: &ListeGroupes) -> Option<String> {
    let n = i64::try_from(l.rapprochements.len()).unwrap_or(i64::MAX);
    let texte = "premières sont listées : les suivantes apparaissent au fur et à mesure de vos réponses.";
    (n < l.a_rapprocher).then(|| format!("Seules les {} {texte}", nombre(n)))
}

/// R-APP-19: the records that wait until somebody compares them with a course.
fn rapprochements(url: &str, l: &ListeGroupes) -> Tableau {
    let colonnes = vec![
        Colonne::longue("Fiche"),
        Colonne::longue("Formations déclarées"),
        Colonne::new("Département"),
        Colonne::new("Statut"),
    ];
    Tableau::new("Fiches à comparer avec une formation déclarée", colonnes)
        .legende_cachee()
        .si_vide("Aucune fiche de votre périmètre n’attend d’être comparée avec une formation déclarée.")
        .lignes(l.rapprochements.iter().map(|r| {
            vec![
                Cellule::lien(nom(&r.intitule, &r.identifiant), format_args!("{url}/{}", r.id)),
                Cellule::markup(Markup::lignes(&r.formations)),
                Cellule::texte(if r.departement.is_empty() { "–" } else { &r.departement }),
                Cellule::markup(Markup::new(badge(r.statut))),
            ]
        }))
}

#[derive(Template)]
#[template(path = "academie/apprentissage/doublon.html")]
struct PageGroupe {
    page: Page,
    url: String,
    titre: String,
    obstacle: Option<Alerte>,
    form: Formulaire,
    /// Several records say the course.
    plusieurs: bool,
    choix: Vec<Choix>,
    /// R-APP-19: the courses that the record may describe, and what may be said of them.
    voisines: Option<Tableau>,
    attend: bool,
    rapprochements: Vec<Choix>,
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
    if recu.form.valeur("acte") == RAPPROCHER {
        return post_rapprochement(recu, annee, &id).await;
    }
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

/// Which of the two forms of the page was sent.
const RAPPROCHER: &str = "rapprocher";

/// What a choice says: a course, or none of them.
fn lit_rapprochement(choix: &str) -> Option<Rapprochement> {
    if choix == DISTINCTES {
        return Some(Rapprochement::Distinctes);
    }
    PublicId::parse(choix).map(Rapprochement::Meme)
}

const DISTINCTES: &str = "distinctes";

/// R-APP-19: whether the record describes a course that its establishment declared.
async fn post_rapprochement(mut recu: Recu, annee: i64, id: &PublicId) -> Resultat {
    let requete = recu.requete.clone();
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    match lit_rapprochement(recu.form.valeur("rapprochement")) {
        None => recu.form.refuse("rapprochement", "Dites si la fiche décrit une de ces formations."),
        Some(dit) => match decide_rapprochement(&requete.ctx, &recu.garde(), annee, id, &dit).await {
            Ok(r) => {
                return Ok(redirige(&format!(
                    "{}/doublons?fait=rapprochement-choisi&recepisse={}",
                    adresse(annee),
                    r.numero
                )));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form);
                recu.form.refuse_tout(
                    "Cette fiche a changé depuis que vous l’avez ouverte, et rien n’est enregistré. Relisez-la, puis répondez de nouveau.",
                );
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse(&mut recu.form, e)?,
        },
    }
    let g = view_groupe(&requete.ctx, annee, id).await?;
    let form = recu.form.avec_version(g.version);
    Ok(rend(statut, &page(&requete, annee, id, &g, form)))
}

/// R-APP-19: the courses that a record may describe.
fn voisines(annee: i64, g: &GroupeDoublons) -> Tableau {
    let colonnes = vec![
        Colonne::longue("Formation"),
        Colonne::new("Établissement"),
        Colonne::new("Lieu"),
        Colonne::new("Ce qui les rapproche"),
        Colonne::new("Réponse"),
    ];
    Tableau::new("Formations déclarées que la fiche décrit peut-être", colonnes).legende_cachee().lignes(
        g.voisines.iter().map(|v| {
            let reponse = match v.choix {
                None => "–",
                Some(ChoixRapprochement::Meme) => "C’est cette formation",
                Some(ChoixRapprochement::Distinctes) => "C’en est une autre",
            };
            let etat = match v.etat {
                EtatFormation::Publiee => "publiée",
                _ => "en préparation",
            };
            vec![
                Cellule::lien(
                    format_args!("{} ({etat})", v.intitule),
                    format_args!("/gestion/{annee}/formations/{}", v.id),
                ),
                Cellule::texte(&v.etablissement),
                Cellule::texte(if v.lieu.is_empty() { "–" } else { &v.lieu }),
                Cellule::texte(capitale(v.indice.libelle())),
                Cellule::texte(reponse),
            ]
        }),
    )
}

/// What may be said of them.
fn reponses(g: &GroupeDoublons) -> Vec<Choix> {
    if g.session.archivee || g.voisines.is_empty() {
        return Vec::new();
    }
    let memes = g.voisines.iter().map(|v| {
        Choix::new(&v.id, format_args!("C’est la formation « {} »", v.intitule))
            .indice("L’intégration y rattache la fiche : ce que l’établissement a saisi reste.")
    });
    let aucune = Choix::new(DISTINCTES, "C’est une autre formation")
        .indice("L’intégration crée la formation de la fiche à côté de celle qui est déclarée.");
    memes.chain([aucune]).collect()
}

fn page(requete: &Requete, annee: i64, id: &PublicId, g: &GroupeDoublons, form: Formulaire) -> PageGroupe {
    let url = adresse(annee);
    let plusieurs = g.fiches.len() > 1;
    let noms = || g.fiches.iter().map(|f| f.identifiant.as_str());
    let colonnes = std::iter::once(Colonne::new("Champ"))
        .chain(noms().map(|n| Colonne::longue(format_args!("Fiche {n}"))))
        .collect();
    let differences = Tableau::new("Ce qui diffère entre les fiches", colonnes)
        .legende_cachee()
        .si_vide("Les fiches disent exactement la même chose.")
        .lignes(g.differences.iter().map(|(champ, valeurs)| {
            std::iter::once(Cellule::texte(capitale(champ)))
                .chain(valeurs.iter().map(|v| Cellule::texte(if v.is_empty() { "–" } else { v })))
                .collect()
        }));
    let colonnes = vec![Colonne::new("Fiche"), Colonne::new("Statut"), Colonne::longue("Motif")];
    let legende = if plusieurs { "Fiches de cette formation" } else { "Fiche à comparer" };
    let fiches = Tableau::new(legende, colonnes).lignes(g.fiches.iter().enumerate().map(|(i, f)| {
        let suite = if i == 0 && plusieurs { " (gardée)" } else { "" };
        vec![
            Cellule::lien(format_args!("{}{suite}", f.identifiant), format_args!("{url}/fiches/{}", f.id)),
            Cellule::markup(Markup::new(badge(f.statut))),
            Cellule::texte(f.raison.as_deref().unwrap_or("–")),
        ]
    }));
    // The banner of an archive says it.
    let obstacle = if g.session.archivee || g.decidable || !plusieurs {
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
            .page(if plusieurs {
                "Choisir la fiche à garder"
            } else {
                "Comparer avec une formation déclarée"
            })
            .session(&g.session.libelle)
            .ariane(chemin)
            .en_erreur(!form.est_valide()),
        titre: g.intitule.clone(),
        obstacle,
        plusieurs,
        voisines: (!g.voisines.is_empty()).then(|| voisines(annee, g)),
        attend: g.attend,
        rapprochements: reponses(g),
        choix: if g.decidable && plusieurs {
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
        memes: g.memes.iter().fold(Definitions::new(), |d, (champ, v)| d.ligne(capitale(champ), v)),
        fiches,
        url: format!("{url}/doublons/{id}"),
        retour: format!("{url}/doublons"),
        form,
    }
}
