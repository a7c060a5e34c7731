//! The days of the catalogue that the session received; the form that sends one.

use app::apprentissage::{
    EnvoiJournee, JourneeRecue, ListeJournees, Reception, list_journees, receive_journee,
};
use app::imports::{CompteFiches, FichierRecu};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::apprentissage::{EtatJournee, Etendue};

use super::super::controles::quand;
use super::super::lit_annee;
use super::{adresse, ariane, majuscule};
use crate::components::{
    Badge, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Markup, Pagination,
    Tableau, Ton, en_tout, nombre, par_groupes, poids,
};
use crate::layout::{Page, rend};
use crate::socle::{RecuFichiers, Requete, Resultat, lit_page, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/apprentissage/journees.html")]
struct PageJournees {
    page: Page,
    url: String,
    form: Formulaire,
    /// Of the form that sends a day, for whoever may.
    envoi: Option<Envoi>,
    titre: String,
    tableau: Tableau,
    pagination: Pagination,
    retour: String,
}

struct Envoi {
    fichier: Champ,
    etendue: GroupeChoix,
    flux: Champ,
}

/// Where the days are.
pub(super) fn chemin(annee: i64) -> String {
    format!("{}/journees", adresse(annee))
}

pub(super) fn badge(etat: EtatJournee) -> Badge {
    let ton = match etat {
        EtatJournee::Appliquee | EtatJournee::SansChangement => Ton::Succes,
        EtatJournee::AConfirmer | EtatJournee::Retenue => Ton::Attention,
        EtatJournee::ALire | EtatJournee::AAppliquer => Ton::Info,
        EtatJournee::Refusee => Ton::Erreur,
        EtatJournee::Abandonnee => Ton::Neutre,
    };
    Badge::new(ton, majuscule(etat.libelle()))
}

/// A person, or a command of the platform.
pub(super) fn qui(par: Option<&str>) -> &str {
    par.unwrap_or("Ligne de commande")
}

/// A count, as tables write it.
pub(super) fn n(compte: u64) -> String {
    nombre(i64::try_from(compte).unwrap_or(i64::MAX))
}

/// What a day does, in its order; what it does not is not said.
pub(super) fn comptes(c: &CompteFiches) -> Vec<(&'static str, u64)> {
    [
        ("Créations", c.creations),
        ("Modifications", c.modifications),
        ("Restructurations", c.restructurations),
        ("Retraits", c.retraits),
        ("Retours", c.retours),
        ("Doublons", c.doublons),
        ("Fiches refusées", c.refusees),
        ("Inchangées", c.inchangees),
    ]
    .into_iter()
    .filter(|(_, combien)| *combien > 0)
    .collect()
}

fn form(requete: &Requete) -> Formulaire {
    requete.formulaire().avec("etendue", Etendue::Complete.code())
}

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_journees(&requete.ctx, annee, lit_page(&paires)).await?;
    let form = form(&requete);
    Ok(rend(StatusCode::OK, &page(&requete, &l, form)))
}

pub async fn post_import(Path(annee): Path<String>, mut recu: RecuFichiers) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let fichiers: Vec<FichierRecu> = std::mem::take(&mut recu.fichiers)
        .into_iter()
        .map(|(nom, octets)| FichierRecu { nom, octets })
        .collect();
    let envoye = !fichiers.is_empty();
    match Etendue::from_code(recu.form.valeur("etendue")) {
        None => recu.form.refuse("etendue", "Dites si les fichiers ont toutes les fiches du flux."),
        Some(etendue) => {
            let flux = recu.form.lit_texte_facultatif("flux");
            let envoi = EnvoiJournee { flux: flux.as_deref(), etendue, fichiers: &fichiers };
            match receive_journee(&requete.ctx, &recu.garde(), annee, &envoi).await {
                Ok(Reception { id, deja }) => {
                    let fait = if deja { "journee-deja" } else { "journee-recue" };
                    return Ok(redirige(&format!("{}/{id}?fait={fait}", chemin(annee))));
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
    }
    // A browser forgets the files of a page that comes back: better said than found out.
    if envoye && recu.form.erreur("fichier").is_none() {
        recu.form.refuse("fichier", "Choisissez de nouveau les fichiers : le navigateur ne les garde pas.");
    }
    let l = list_journees(&requete.ctx, annee, 1).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &l, recu.form)))
}

fn ligne(annee: i64, ouvrir: bool, j: &JourneeRecue) -> Vec<Cellule> {
    let quand = quand(j.recue_le);
    let vers = format!("{}/{}", chemin(annee), j.id);
    let fichiers: Vec<String> = j
        .fichiers
        .iter()
        .flat_map(|f| [f.nom.clone(), format!("SHA-256 : {}", par_groupes(&f.empreinte))])
        .collect();
    let comptes: Vec<String> = match &j.compte {
        None => vec!["–".to_owned()],
        Some(c) => comptes(c).into_iter().map(|(quoi, combien)| format!("{quoi} : {}", n(combien))).collect(),
    };
    let mut suites = Vec::new();
    if j.derniere {
        let racine = adresse(annee);
        suites.push(Markup::lien("Fiches refusées", format_args!("{racine}/rejets")));
        suites.push(Markup::lien("Doublons", format_args!("{racine}/doublons")));
    }
    if ouvrir && j.compte.is_some() {
        suites.push(Markup::lien("Compte rendu (CSV)", format_args!("{vers}/export")));
    }
    let mut premiere = if ouvrir { Markup::lien(&quand, &vers) } else { Markup::texte(&quand) };
    if j.flux != "catalogue" {
        premiere = premiere.et(Markup::texte(format_args!("(flux « {} »)", j.flux)));
    }
    vec![
        Cellule::markup(premiere),
        Cellule::markup(Markup::new(badge(j.etat))),
        Cellule::texte(qui(j.par.as_deref())),
        Cellule::markup(Markup::lignes(&comptes)),
        Cellule::markup(Markup::de(suites)),
        Cellule::markup(Markup::lignes(&fichiers)),
    ]
}

fn envoi(requete: &Requete, form: &Formulaire) -> Envoi {
    let l = &requete.ctx.app.limites;
    let max = poids(i64::try_from(l.fichier_octets).unwrap_or(i64::MAX));
    let etendues = [
        Choix::new(Etendue::Complete.code(), "Toutes les fiches du flux")
            .indice("Une fiche absente des fichiers a quitté le catalogue : elle est retirée."),
        Choix::new(Etendue::Partielle.code(), "Seulement ce qui change")
            .indice("Les fiches absentes des fichiers restent comme elles sont."),
    ];
    Envoi {
        fichier: form
            .fichier("fichier", "Fichiers de la journée")
            .plusieurs()
            .formats(".json,.csv,.xml,.gz,.zst")
            .indice(format_args!(
                "Fiches du catalogue (.json, .csv) ou document LHÉO 2.3 (.xml), en clair ou compressés (.gz, .zst) ; {} fichiers et {max} \
                 au plus en tout. Ils sont examinés par l’antivirus.",
                l.journee_fichiers
            )),
        etendue: form.radios("etendue", "Ce que contiennent les fichiers", &etendues),
        flux: form
            .texte("flux", "Nom du flux")
            .facultatif()
            .court()
            .indice("En minuscules, chiffres et tirets. Vide : « catalogue », le catalogue national."),
    }
}

fn page(requete: &Requete, l: &ListeJournees, form: Formulaire) -> PageJournees {
    let annee = l.session.annee;
    let url = chemin(annee);
    // What there is to do first: on a phone, the last columns are out of sight.
    let colonnes = vec![
        Colonne::courte("Reçue le"),
        Colonne::new("Où elle en est"),
        Colonne::new("Envoyée par"),
        Colonne::new("Ce qu’elle change"),
        Colonne::new("À voir"),
        Colonne::longue("Fichiers"),
    ];
    let tableau = Tableau::new("Journées reçues, la dernière en premier", colonnes)
        .legende_cachee()
        .si_vide("Aucune journée du catalogue n’a encore été reçue pour cette session.")
        .lignes(l.lignes.iter().map(|j| ligne(annee, l.ouvrir, j)));
    PageJournees {
        page: requete
            .page("Journées reçues du catalogue")
            .session(&l.session.libelle)
            .ariane(ariane(requete, annee))
            .en_erreur(!form.est_valide()),
        envoi: l.envoyer.then(|| envoi(requete, &form)),
        titre: en_tout(l.total, "Aucune journée", "journée", "journées"),
        tableau,
        pagination: Pagination::new(l.page, l.pages, |n| format!("{url}?page={n}")),
        retour: adresse(annee),
        url,
        form,
    }
}
