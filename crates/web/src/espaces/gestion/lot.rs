//! `/gestion/{annee}/lot`: many courses at once. Confirming those that have not changed, submitting those that are ready, the same
//! field in all of them.

use app::AppError;
use app::formations::{
    BilanLot, BilanSoumission, ChampDesFormations, Confirmation, LigneLot, ListeLot, Ouverture,
    confirm_descriptions, field_of_courses, list_lot, set_field, submit_formations, view_bilan_lot, view_lot,
    view_soumission,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::description::{Champ, Nature, Rubrique, Valeur, read_texte};
use serde::Deserialize;

use super::formation::adresse;
use super::lit_annee;
use super::saisie::{alerte_archive, confirmation, motif_fermeture, verbe};
use crate::components::description::saisie;
use crate::components::{
    Aide, Alerte, Badge, Bouton, Cellule, Choix, Colonne, Echeance, Formulaire, LienBouton, Markup, Tableau,
    Ton, accord, badges_grille, nombre, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "gestion/lot.html")]
struct PageLot {
    page: Page,
    url: String,
    classeur: String,
    /// To last year's capacities, for those who may put them back now.
    capacites: Option<String>,
    form: Formulaire,
    alertes: Vec<Alerte>,
    /// What the submission that has just been made left aside.
    laissees: Option<Tableau>,
    echeance: Option<Echeance>,
    ouverte: bool,
    /// Where what is ticked is submitted, for those who may now.
    soumettre: Option<String>,
    /// Text and address of what ticks, or unticks, several courses at once.
    cocher: Vec<(String, String)>,
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
    echeance: Option<Echeance>,
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

#[derive(Deserialize)]
pub struct Parametres {
    /// Ticked when the page opens: [`TOUTES`], [`LISTE`], or the public identifier of a course.
    #[serde(default)]
    cocher: String,
    /// Number of the receipt of the submission that has just been made.
    #[serde(default)]
    recepisse: String,
}

/// Value of the button that confirms one course, on its page.
pub(super) const ICI: &str = "ici";
/// Every course that waits only to be confirmed.
const TOUTES: &str = "toutes";
/// Every course of the list.
const LISTE: &str = "liste";

pub async fn get_lot(requete: Requete, Path(annee): Path<String>, Query(p): Query<Parametres>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let liste = list_lot(&requete.ctx, annee).await?;
    let mut form = requete.formulaire();
    let cochee = |l: &&LigneLot| match p.cocher.as_str() {
        TOUTES => l.is_confirmable(),
        LISTE => true,
        id => l.id == id,
    };
    for l in liste.lignes.iter().filter(cochee) {
        form.ajoute("formations", &l.id);
    }
    let bilan = match p.recepisse.as_str() {
        "" => None,
        numero => view_soumission(&requete.ctx, numero).await?,
    };
    let fait = match (p.recepisse.as_str(), &bilan) {
        ("", _) | (_, Some(_)) => None,
        (numero, None) => view_bilan_lot(&requete.ctx, numero).await?,
    };
    let mut page = page(&requete, &liste, form, bilan.as_ref());
    if let Some(fait) = fait {
        let dits = std::iter::once(Alerte::succes(dit(&liste, &fait))).chain(recepisse(&requete.chemin));
        page.alertes = dits.chain(page.alertes).collect();
    }
    Ok(rend(StatusCode::OK, &page))
}

/// Courses that are named in what is told of an act; beyond, they are counted.
const NOMMEES: usize = 5;

/// What an act on many courses did, in numbers.
fn dit(liste: &ListeLot, fait: &BilanLot) -> String {
    match fait {
        BilanLot::Confirmees(ids) => {
            let combien = accord(ids.len() as u64, "formation est confirmée", "formations sont confirmées");
            let noms: Vec<&str> =
                liste.lignes.iter().filter(|l| ids.contains(&l.id)).map(|l| l.libelle.as_str()).collect();
            match noms.len() {
                1..=NOMMEES => format!("{combien} : {}.", noms.join(", ")),
                _ => format!("{combien} pour cette session."),
            }
        }
        BilanLot::Ecrites { formations: 0, .. } => {
            "Ces formations disaient déjà cela : aucune n’a changé.".to_owned()
        }
        BilanLot::Ecrites { formations, publiees } => {
            let acte = verbe(liste.soumission.is_some());
            let suite = match publiees {
                0 => String::new(),
                1 => format!(" ; 1, déjà publiée, est à {acte} de nouveau"),
                n => format!(" ; {n}, déjà publiées, sont à {acte} de nouveau"),
            };
            format!(
                "Le champ est écrit dans {}{suite}.",
                accord(*formations as u64, "formation", "formations")
            )
        }
    }
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
                Ok(r) => {
                    // One course, from its page: back to it.
                    let vers = match (recu.form.valeur("acte"), ids.as_slice()) {
                        (ICI, [id]) => {
                            let page = adresse(annee, id.as_str());
                            format!("{page}?fait=confirmee&recepisse={}", r.numero)
                        }
                        _ => format!("/gestion/{annee}/lot?recepisse={}", r.numero),
                    };
                    return Ok(redirige(&vers));
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
    }
    refusee(&requete, annee, recu.form).await
}

async fn refusee(requete: &Requete, annee: i64, form: Formulaire) -> Resultat {
    let liste = list_lot(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(requete, &liste, form, None)))
}

/// R-CTL-08: submitting those that are ready; the others say why they are not.
pub async fn post_soumission(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    if let Some(ids) = ids(&mut recu.form) {
        match submit_formations(&requete.ctx, &recu.garde(), annee, &ids).await {
            Ok(Ok(r)) => return Ok(redirige(&format!("/gestion/{annee}/lot?recepisse={}", r.numero))),
            // Nothing of the form is at fault: the table says why of each.
            Ok(Err(bilan)) => {
                let liste = list_lot(&requete.ctx, annee).await?;
                let vue = page(&requete, &liste, recu.form, Some(&bilan));
                return Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    refusee(&requete, annee, recu.form).await
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
                Ok(r) => return Ok(redirige(&format!("/gestion/{annee}/lot?recepisse={}", r.numero))),
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
    if l.soumise {
        badges.push(Badge::new(Ton::Info, "Soumise"));
    }
    if l.manques > 0 {
        let manques = accord(l.manques, "champ", "champs");
        badges.push(Badge::new(Ton::Attention, format_args!("Il manque {manques}")));
    }
    badges.extend(badges_grille(l.grille));
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

/// Why nothing was submitted, in numbers.
fn rien_de_soumis(b: &BilanSoumission) -> Alerte {
    let a_jour = b.laissees.iter().filter(|l| l.a_jour).count();
    let a_completer = b.laissees.len() - a_jour;
    let mut dits = Vec::new();
    if a_completer > 0 {
        dits.push(format!("{a_completer} à compléter"));
    }
    if a_jour > 0 {
        dits.push(format!("{a_jour} déjà à jour"));
    }
    Alerte::attention(format_args!(
        "Aucune formation n’est soumise : {}. Le tableau ci-dessous dit pourquoi.",
        dits.join(", ")
    ))
}

/// What a submission of many did, above the list.
fn alerte_bilan(b: &BilanSoumission) -> Alerte {
    if b.soumises.is_empty() {
        return rien_de_soumis(b);
    }
    let soumises = accord(b.soumises.len() as u64, "formation soumise", "formations soumises");
    if b.laissees.is_empty() {
        return Alerte::succes(format_args!("{soumises} au service académique."));
    }
    let laissees = accord(b.laissees.len() as u64, "laissée de côté", "laissées de côté");
    Alerte::attention(format_args!(
        "{soumises} au service académique, {laissees} : le tableau ci-dessous dit pourquoi."
    ))
}

/// Everything that prevents each of those that a submission left aside.
fn tableau_laissees(annee: i64, b: &BilanSoumission) -> Option<Tableau> {
    let colonnes = vec![Colonne::new("Formation"), Colonne::longue("Pourquoi elle n’est pas soumise")];
    (!b.laissees.is_empty()).then(|| {
        Tableau::new("Formations laissées de côté", colonnes).lignes(b.laissees.iter().map(|l| {
            vec![
                Cellule::lien(&l.formation, adresse(annee, &l.id)),
                Cellule::markup(Markup::lignes(&l.motifs)),
            ]
        }))
    })
}

/// What ticks several courses at once, or unticks them.
fn cocher(liste: &ListeLot, form: &Formulaire, url: &str, soumettre: bool) -> Vec<(String, String)> {
    if !form.valeurs("formations").is_empty() {
        return vec![("Tout décocher".to_owned(), url.to_owned())];
    }
    let confirmables = liste.lignes.iter().filter(|l| l.is_confirmable()).count();
    let mut liens = Vec::new();
    if liste.modification.est_ouverte() && confirmables > 1 {
        let texte = format!("Cocher les {confirmables} formations à confirmer");
        liens.push((texte, format!("{url}?cocher={TOUTES}")));
    }
    if (soumettre || liste.modification.est_ouverte()) && liste.lignes.len() > 1 {
        liens.push(("Cocher toute la liste".to_owned(), format!("{url}?cocher={LISTE}")));
    }
    liens
}

fn tableau(liste: &ListeLot, form: &Formulaire, cases: bool) -> Tableau {
    let annee = liste.session.annee;
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::courte("Description"),
        Colonne::new("Changements depuis l’an dernier"),
        Colonne::courte("Confirmation"),
    ];
    Tableau::new("Mes formations", colonnes).si_vide("Aucune formation.").lignes(liste.lignes.iter().map(
        |l| {
            let nom = format!("{} – {}", l.libelle, l.etablissement);
            let lien = Markup::lien("Ouvrir", adresse(annee, &l.id));
            let premiere = if cases {
                Markup::new(form.choix_de("formations", &l.id, &nom).petite()).et(lien)
            } else {
                Markup::lien(&nom, adresse(annee, &l.id))
            };
            let changes = match &l.changes {
                None => "Nouvelle cette année".to_owned(),
                Some(c) if c.is_empty() => "Aucun".to_owned(),
                Some(c) => c.join(", "),
            };
            let confirmation = match l.confirmation {
                Confirmation::Attendue if l.a_confirmer => Markup::new(Badge::new(Ton::Info, "À confirmer")),
                autre => Markup::texte(confirmation(autre).unwrap_or_else(|| "Sans objet".to_owned())),
            };
            vec![
                Cellule::markup(premiere),
                Cellule::markup(etat(l, annee)),
                Cellule::texte(changes),
                Cellule::markup(confirmation),
            ]
        },
    ))
}

fn page(requete: &Requete, liste: &ListeLot, form: Formulaire, bilan: Option<&BilanSoumission>) -> PageLot {
    let annee = liste.session.annee;
    let ouverte = liste.modification.est_ouverte();
    let soumettre = liste.soumission.as_ref().is_some_and(Ouverture::est_ouverte);
    let mut alertes: Vec<Alerte> = bilan.map(|b| alerte_bilan(b).annonce()).into_iter().collect();
    alertes.extend(bilan.and_then(|_| recepisse(&requete.chemin)));
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
        .filter(|c| liste.lignes.iter().any(|l| c.concerne(l.genre)))
        .map(|c| Choix::new(c.code, format_args!("{} : {}", c.rubrique.libelle(), minuscule(c.libelle))));
    let url = format!("/gestion/{annee}/lot");
    if ouverte {
        alertes.extend(laissees(&liste.lignes));
    }
    PageLot {
        cocher: cocher(liste, &form, &url, soumettre),
        soumettre: soumettre.then(|| format!("{url}/soumission")),
        capacites: liste.capacites.est_ouverte().then(|| format!("{url}/capacites")),
        laissees: bilan.and_then(|b| tableau_laissees(annee, b)),
        tableau: tableau(liste, &form, ouverte || soumettre),
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
    let lot = view_lot(&requete.ctx, annee).await?;
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
                .session(&lot.session.libelle)
                .ariane(vec![
                    super::lien_accueil(annee),
                    super::lien_formations(annee),
                    Lien::new("Plusieurs formations à la fois", format_args!("/gestion/{annee}/lot")),
                ])
                .en_erreur(!form.est_valide()),
            url: format!("/gestion/{annee}/lot/{}", champ.code),
            retour: format!("/gestion/{annee}/lot"),
            echeance: match &lot.modification {
                Ouverture::Ouverte { ferme } => Some(Echeance::new(requete.ctx.campagne_le, *ferme)),
                _ => None,
            },
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
