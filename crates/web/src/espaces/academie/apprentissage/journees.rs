//! The days of the catalogue that the session received; the form that sends one.

use app::apprentissage::{
    EnvoiJournee, JourneeRecue, ListeJournees, Reception, extensions, list_journees, receive_journee,
};
use app::imports::{CompteFiches, FLUX_CATALOGUE, FichierRecu};
use app::messages::capitale;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::apprentissage::{EtatJournee, Etendue};

use super::super::controles::quand;
use super::super::lit_annee;
use super::{adresse, ariane};
use crate::components::{
    Aide, Badge, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Markup,
    Pagination, Tableau, Ton, accord, en_tout, nombre, poids,
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
    /// What few people need is open when it has an answer, or a fault.
    options: bool,
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
    Badge::new(ton, capitale(etat.libelle()))
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

pub async fn get(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let l = list_journees(&requete.ctx, annee, lit_page(&paires)).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &l, requete.formulaire())))
}

pub async fn post_import(Path(annee): Path<String>, mut recu: RecuFichiers) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let fichiers: Vec<FichierRecu> = std::mem::take(&mut recu.fichiers)
        .into_iter()
        .map(|(nom, octets)| FichierRecu { nom, octets })
        .collect();
    let envoye = !fichiers.is_empty();
    let flux = recu.form.lit_texte_facultatif("flux");
    let etendue = Etendue::from_code(recu.form.valeur("etendue"));
    let envoi = EnvoiJournee { flux: flux.as_deref(), etendue, fichiers: &fichiers };
    match receive_journee(&requete.ctx, &recu.garde(), annee, &envoi).await {
        Ok(Reception { id, deja }) => {
            let fait = if deja { "journee-deja" } else { "journee-recue" };
            return Ok(redirige(&format!("{}/{id}?fait={fait}", chemin(annee))));
        }
        Err(e) => refuse(&mut recu.form, e)?,
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
    let fichiers = match j.fichiers.as_slice() {
        [] => "Journée".to_owned(),
        [seul] => seul.nom.clone(),
        [premier, autres @ ..] => {
            format!("{} et {}", premier.nom, accord(autres.len(), "autre fichier", "autres fichiers"))
        }
    };
    let titre = format!("{fichiers}, {quand}");
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
    let mut premiere = if ouvrir { Markup::lien(&titre, &vers) } else { Markup::texte(&titre) };
    if j.flux != FLUX_CATALOGUE {
        premiere = premiere.et(Markup::texte(format_args!("(flux « {} »)", j.flux)));
    }
    vec![
        Cellule::markup(premiere),
        Cellule::markup(Markup::new(badge(j.etat))),
        Cellule::texte(qui(j.par.as_deref())),
        Cellule::markup(Markup::lignes(&comptes)),
        Cellule::markup(Markup::de(suites)),
    ]
}

fn envoi(requete: &Requete, form: &Formulaire) -> Envoi {
    let l = &requete.ctx.app.limites;
    let max = poids(i64::try_from(l.fichier_octets).unwrap_or(i64::MAX));
    let etendues = [
        Choix::new(Etendue::Complete.code(), "Toutes les fiches")
            .indice("Une fiche absente des fichiers a quitté le catalogue : elle est retirée."),
        Choix::new(Etendue::Partielle.code(), "Seulement ce qui change")
            .indice("Les fiches absentes des fichiers restent comme elles sont."),
    ];
    Envoi {
        fichier: form
            .fichier("fichier", "Fichiers de la journée")
            .plusieurs()
            .formats(extensions())
            .indice(format_args!(
                "En JSON, CSV ou XML, compressés ou non ; {} fichiers et {max} au plus en tout. Ils sont examinés par l’antivirus.",
                l.journee_fichiers
            )),
        etendue: form.radios("etendue", "Ce que contiennent les fichiers", &etendues),
        flux: form
            .texte("flux", "Nom du flux")
            .facultatif()
            .court()
            .indice("Pour des fiches qui ne viennent pas du catalogue national. En minuscules, chiffres et tirets."),
        options: form.erreur("flux").is_some() || !form.valeur("flux").is_empty(),
    }
}

fn page(requete: &Requete, l: &ListeJournees, form: Formulaire) -> PageJournees {
    let annee = l.session.annee;
    let url = chemin(annee);
    // What there is to do first: on a phone, the last columns are out of sight.
    let colonnes = vec![
        Colonne::longue("Journée"),
        Colonne::new("Où elle en est"),
        Colonne::new("Envoyée par"),
        Colonne::new("Ce qu’elle change"),
        Colonne::new("À voir"),
    ];
    let vide = "Aucune journée du catalogue n’a encore été reçue pour cette session.";
    let vide = if l.ouvrir {
        vide.to_owned()
    } else {
        format!("{vide} L’équipe nationale les envoie ; vous pourrez les lire ici.")
    };
    let tableau = Tableau::new("Journées reçues, la dernière en premier", colonnes)
        .legende_cachee()
        .si_vide(vide)
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
