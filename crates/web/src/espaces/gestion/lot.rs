//! `/gestion/{annee}/lot`: many courses at once. Confirming those that have not changed, the same field in all of them.

use app::AppError;
use app::formations::{
    ChampDesFormations, LigneLot, ListeLot, Ouverture, confirm_descriptions, field_of_courses, list_lot,
    set_field,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::description::{Champ, Nature, Rubrique, Valeur, read_texte};
use jiff::Timestamp;
use serde::Deserialize;

use super::formation::adresse;
use super::saisie::{alerte_archive, motif_fermeture};
use crate::components::description::saisie;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau,
    Ton, accord, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/lot.html")]
struct PageLot {
    page: Page,
    url: String,
    classeur: String,
    form: Formulaire,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    ouverte: bool,
    /// Text and address of what ticks, or unticks, all those that wait only to be confirmed.
    cocher: Option<(String, String)>,
    tableau: Tableau,
    champs: Vec<Choix>,
}

#[derive(Template)]
#[template(path = "gestion/lot_champ.html")]
struct PageChamp {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    champ: &'static Champ,
    formations: Vec<String>,
    saisie: Markup,
    tableau: Tableau,
    resume: String,
}

/// The fields that many courses may say alike.
fn partageables() -> impl Iterator<Item = &'static Champ> {
    domain::formations::description::CHAMPS.iter().filter(|c| {
        !matches!(c.nature, Nature::Liste(..)) && !c.nature.is_lieu() && c.rubrique != Rubrique::Grille
    })
}

/// Inside a sentence: only the first letter, « État » is no common noun.
fn minuscule(libelle: &str) -> String {
    let mut lettres = libelle.chars();
    lettres.next().map_or_else(String::new, |l| l.to_lowercase().chain(lettres).collect())
}

fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

#[derive(Deserialize)]
pub struct Parametres {
    /// Ticked when the page opens: [`TOUTES`], or the public identifier of a course.
    #[serde(default)]
    cocher: String,
}

/// Every course that waits only to be confirmed.
const TOUTES: &str = "toutes";

pub async fn get_lot(requete: Requete, Path(annee): Path<String>, Query(p): Query<Parametres>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let liste = list_lot(&requete.ctx, annee).await?;
    let mut form = requete.formulaire();
    for l in liste.lignes.iter().filter(|l| l.id == p.cocher || (p.cocher == TOUTES && l.is_confirmable())) {
        form.ajoute("formations", &l.id);
    }
    Ok(rend(StatusCode::OK, &page(&requete, &liste, form)))
}

fn ids(form: &mut Formulaire) -> Option<Vec<PublicId>> {
    let lus: Option<Vec<PublicId>> =
        form.valeurs("formations").iter().map(|id| PublicId::parse(id)).collect();
    match lus {
        Some(ids) if !ids.is_empty() => Some(ids),
        _ => {
            form.refuse_tout("Cochez au moins une formation.");
            None
        }
    }
}

/// Confirming, or choosing the field to change.
pub async fn post_lot(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    if let Some(ids) = ids(&mut recu.form) {
        if recu.form.valeur("acte") == "champ" {
            match Champ::from_code(recu.form.valeur("champ")) {
                Some(champ) => {
                    return affiche_champ(&requete, annee, champ, &ids, recu.form, StatusCode::OK).await;
                }
                None => recu.form.refuse("champ", "Choisissez le champ à modifier."),
            }
        } else {
            match confirm_descriptions(&requete.ctx, &recu.garde(), annee, &ids).await {
                Ok(_) => return Ok(redirige(&format!("/gestion/{annee}/lot?fait=confirmees"))),
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
    }
    let liste = list_lot(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &liste, recu.form)))
}

/// The same field, read again with its new value, then written.
pub async fn post_champ(Path((annee, code)): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let champ = partageables().find(|c| c.code == code).ok_or(AppError::NotFound)?;
    let ids = ids(&mut recu.form).unwrap_or_default();
    let statut = match read_texte(champ, recu.form.valeur(champ.code)) {
        Err(message) => {
            recu.form.refuse(champ.code, message);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(None) => {
            recu.form.refuse(champ.code, "Indiquez la valeur à écrire dans ces formations.");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(Some(_)) if recu.form.valeur("acte") != "ecrire" => StatusCode::OK,
        Ok(Some(t)) => {
            let changement = (champ, Some(Valeur::Texte(t)));
            match set_field(&requete.ctx, &recu.garde(), annee, &ids, &changement).await {
                Ok(_) => return Ok(redirige(&format!("/gestion/{annee}/lot?fait=lot"))),
                Err(AppError::Conflict) => {
                    recu.form.refuse_tout(
                        "Ce champ a changé dans l’une de ces formations depuis que vous les avez lues. Rien n’a été enregistré : \
                         relisez le tableau, votre saisie est gardée.",
                    );
                    StatusCode::CONFLICT
                }
                Err(e) => {
                    refuse(&mut recu.form, e)?;
                    StatusCode::UNPROCESSABLE_ENTITY
                }
            }
        }
    };
    affiche_champ(&requete, annee, champ, &ids, recu.form, statut).await
}

/// What the description lacks, and what the reading of its grid finds, with the way to it.
fn etat(l: &LigneLot, annee: i64) -> Markup {
    let mut badges = Vec::new();
    if l.manques > 0 {
        let manques = accord(l.manques, "champ", "champs");
        badges.push(Badge::new(Ton::Attention, format_args!("Il manque {manques}")));
    }
    let points = |n: usize| accord(n, "point", "points");
    if l.grille.bloquants > 0 {
        let n = points(l.grille.bloquants);
        badges.push(Badge::new(Ton::Erreur, format_args!("Grille à corriger : {n}")));
    }
    if l.grille.a_verifier > 0 {
        let n = points(l.grille.a_verifier);
        badges.push(Badge::new(Ton::Attention, format_args!("Grille à relire : {n}")));
    }
    if badges.is_empty() {
        return Markup::new(Badge::new(Ton::Succes, "Complète"));
    }
    let etat = Markup::de(badges);
    if l.grille.total() == 0 {
        return etat;
    }
    let grille = format!("{}/{}", adresse(annee, &l.id), Rubrique::Grille.code());
    etat.et(Markup::lien("Ouvrir la grille", grille))
}

/// Those that wait to be confirmed, and are not with the others.
fn laissees(lignes: &[LigneLot]) -> Option<Alerte> {
    let n = lignes.iter().filter(|l| l.a_confirmer && !l.is_confirmable()).count();
    let qui = match n {
        0 => return None,
        1 => "Une formation à confirmer est laissée de côté".to_owned(),
        n => format!("{n} formations à confirmer sont laissées de côté"),
    };
    Some(Alerte::attention(format_args!(
        "{qui} : la colonne « Description » dit ce qui manque, ou ce qui est à corriger ou à relire dans la grille. Une fois sa \
         grille relue, une formation complète se confirme seule, sans autre case cochée."
    )))
}

fn page(requete: &Requete, liste: &ListeLot, form: Formulaire) -> PageLot {
    let annee = liste.session.annee;
    let ouverte = liste.modification.est_ouverte();
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::courte("Description"),
        Colonne::new("Changements depuis l’an dernier"),
        Colonne::courte("Confirmation"),
    ];
    let tableau = Tableau::new("Mes formations", colonnes).si_vide("Aucune formation.").lignes(
        liste.lignes.iter().map(|l| {
            let nom = format!("{} – {}", l.libelle, l.etablissement);
            let lien = Markup::lien("Ouvrir", adresse(annee, &l.id));
            let premiere = if ouverte {
                Markup::new(form.choix_de("formations", &l.id, &nom).petite()).et(lien)
            } else {
                Markup::lien(&nom, adresse(annee, &l.id))
            };
            let changes = match &l.changes {
                None => "Nouvelle cette année".to_owned(),
                Some(c) if c.is_empty() => "Aucun".to_owned(),
                Some(c) => c.join(", "),
            };
            let confirmation = match l.confirmee_le.map(Timestamp::from_millisecond) {
                Some(Ok(le)) => Markup::texte(messages::date_heure(le)),
                _ if l.a_confirmer => Markup::new(Badge::new(Ton::Info, "À confirmer")),
                _ => Markup::texte("–"),
            };
            vec![
                Cellule::markup(premiere),
                Cellule::markup(etat(l, annee)),
                Cellule::texte(changes),
                Cellule::markup(confirmation),
            ]
        }),
    );
    let mut alertes = Vec::new();
    if liste.session.archivee {
        alertes.push(alerte_archive(annee));
    } else {
        alertes.extend(motif_fermeture(&liste.modification).map(Alerte::info));
    }
    let max = requete.ctx.app.limites.lot_formations;
    if liste.total > max {
        alertes.push(Alerte::info(format_args!(
            "Les {} premières formations sur {} sont affichées.",
            nombre(max),
            nombre(liste.total)
        )));
    }
    let par_rubrique = partageables()
        .filter(|c| liste.lignes.iter().any(|l| c.concerne(l.famille)))
        .map(|c| Choix::new(c.code, format_args!("{} : {}", c.rubrique.libelle(), minuscule(c.libelle))));
    let url = format!("/gestion/{annee}/lot");
    let confirmables = liste.lignes.iter().filter(|l| l.is_confirmable()).count();
    if ouverte {
        alertes.extend(laissees(&liste.lignes));
    }
    let cocher = match (confirmables, form.valeurs("formations").is_empty()) {
        (_, false) => Some(("Tout décocher".to_owned(), url.clone())),
        (0 | 1, true) => None,
        (n, true) => {
            Some((format!("Cocher les {n} formations à confirmer"), format!("{url}?cocher={TOUTES}")))
        }
    };
    PageLot {
        cocher: cocher.filter(|_| ouverte),
        page: requete
            .page("Plusieurs formations à la fois")
            .session(&liste.session.libelle)
            .ariane(vec![super::lien_accueil(annee), super::lien_formations(annee)])
            .en_erreur(!form.est_valide()),
        url,
        classeur: format!("/gestion/{annee}/classeur"),
        alertes,
        echeance: match &liste.modification {
            Ouverture::Ouverte { ferme } => Some(Echeance::new(requete.ctx.campagne_le, *ferme)),
            _ => None,
        },
        ouverte,
        tableau,
        champs: par_rubrique.collect(),
        form,
    }
}

async fn affiche_champ(
    requete: &Requete,
    annee: i64,
    champ: &'static Champ,
    ids: &[PublicId],
    form: Formulaire,
    statut: StatusCode,
) -> Resultat {
    let champ = partageables().find(|c| c.code == champ.code).ok_or(AppError::NotFound)?;
    let ChampDesFormations { lignes, version } = field_of_courses(&requete.ctx, annee, ids, champ).await?;
    let form = form.avec_version(version);
    let voulu = read_texte(champ, form.valeur(champ.code)).ok().flatten().map(|t| champ.lisible(&t));
    let colonnes = vec![Colonne::new("Formation"), Colonne::new("Aujourd’hui"), Colonne::new("Après")];
    let tableau = Tableau::new("Formations choisies", colonnes).lignes(lignes.iter().map(|l| {
        let apres = if l.possible {
            voulu.clone().unwrap_or_else(|| "À saisir".to_owned())
        } else {
            "Ce champ ne s’y modifie pas : l’ensemble sera refusé".to_owned()
        };
        let actuel = if l.actuel.is_empty() { "(vide)" } else { &l.actuel };
        vec![
            Cellule::texte(format_args!("{} – {}", l.libelle, l.etablissement)),
            Cellule::texte(actuel),
            Cellule::texte(apres),
        ]
    }));
    let changent = lignes.iter().filter(|l| voulu.as_ref().is_some_and(|v| *v != l.actuel)).count();
    Ok(rend(
        statut,
        &PageChamp {
            page: requete
                .page("Le même champ dans plusieurs formations")
                .ariane(vec![
                    super::lien_accueil(annee),
                    super::lien_formations(annee),
                    Lien::new("Plusieurs formations à la fois", format_args!("/gestion/{annee}/lot")),
                ])
                .en_erreur(!form.est_valide()),
            url: format!("/gestion/{annee}/lot/{}", champ.code),
            retour: format!("/gestion/{annee}/lot"),
            saisie: saisie(&form, champ, champ.code, champ.aide, &[], false),
            formations: ids.iter().map(|id| id.as_str().to_owned()).collect(),
            tableau,
            resume: if voulu.is_some() {
                format!(
                    "{} sur {}.",
                    accord(changent as u64, "formation change", "formations changent"),
                    lignes.len()
                )
            } else {
                String::new()
            },
            champ,
            form,
        },
    ))
}
