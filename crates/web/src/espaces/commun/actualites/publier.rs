//! `/informations/{annee}/publication`: an item written, read again as its readers will see it, published, corrected, taken down.

use std::collections::BTreeSet;

use app::actualites::{
    Actualite, Publication, Suivi, correct_actualite, list_publications, publish_actualite,
    take_down_actualite, view_publication,
};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::actualites::{Audience, EtatActualite, Redaction, TEXTE_MAX};
use domain::calendrier::{fin_de_jour, instant_paris, jour_paris, paris};
use domain::comptes::Role;
use domain::droits::{Action, roles_allowed};
use domain::formations::Famille;
use domain::territoires::{academie, academies};
use jiff::civil::Time;

use super::{adresse, enumere, instant, lit_annee, lit_chemin};
use crate::components::{
    Badge, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Markup, Tableau, Ton,
    nombre, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// When nothing says the hour.
const MATIN: Time = Time::constant(8, 0, 0, 0);

#[derive(Template)]
#[template(path = "commun/actualites/liste.html")]
struct PageListe {
    page: Page,
    nouvelle: String,
    tableau: Tableau,
}

pub async fn get_liste(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let p = list_publications(&requete.ctx, annee).await?;
    let url = format!("{}/publication", adresse(annee));
    let colonnes = vec![
        Colonne::longue("Information"),
        Colonne::new("État"),
        Colonne::new("Publication"),
        Colonne::longue("Destinataires"),
        Colonne::new("Lectures"),
    ];
    let lignes = p.lignes.iter().map(|(a, suivi)| {
        vec![
            Cellule::lien(&a.titre, format_args!("{url}/{}", a.id.as_str())),
            Cellule::markup(Markup::new(badge(a.etat))),
            Cellule::texte(date_heure(instant(a.publiee_le))),
            Cellule::texte(destinataires(&a.audience)),
            Cellule::texte(lectures(suivi)),
        ]
    });
    let page = PageListe {
        page: requete
            .page("Informations publiées par mon service")
            .session(&p.session.libelle)
            .ariane(vec![Lien::new("Fil info", adresse(annee))]),
        nouvelle: format!("{url}/nouvelle"),
        tableau: Tableau::new("Informations, la dernière publiée en premier", colonnes)
            .lignes(lignes)
            .si_vide("Aucune information n’a encore été publiée par votre service pour cette session."),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn badge(etat: EtatActualite) -> Badge {
    let ton = match etat {
        EtatActualite::Programmee => Ton::Info,
        EtatActualite::Publiee => Ton::Succes,
        EtatActualite::Retiree => Ton::Neutre,
    };
    Badge::new(ton, etat.libelle())
}

/// « Toutes les personnes », or the criteria one after the other.
fn destinataires(a: &Audience) -> String {
    let roles: Vec<&str> = a.roles.iter().map(|r| r.libelle()).collect();
    let familles: Vec<&str> = a.familles.iter().map(|f| f.libelle()).collect();
    let noms: Vec<&str> = a.academies.iter().filter_map(|c| academie(c)).map(|a| a.nom).collect();
    let mut dit = if roles.is_empty() { "Tous les rôles".to_owned() } else { enumere(&roles) };
    if !familles.is_empty() {
        dit.push_str(&format!(" ; formations : {}", enumere(&familles)));
    }
    if !noms.is_empty() {
        let quoi = if noms.len() == 1 { "académie" } else { "académies" };
        dit.push_str(&format!(" ; {quoi} : {}", enumere(&noms)));
    }
    dit
}

/// « 12 sur 40 personnes ».
fn lectures(s: &Suivi) -> String {
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let sur = accord(n(s.concernes), "personne", "personnes");
    if s.ouvertures == s.a_jour {
        format!("{} sur {sur}", nombre(n(s.a_jour)))
    } else {
        format!(
            "{} sur {sur}, {} avant la dernière correction",
            nombre(n(s.a_jour)),
            nombre(n(s.ouvertures - s.a_jour))
        )
    }
}

#[derive(Template)]
#[template(path = "commun/actualites/publication.html")]
struct PagePublication {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    /// Of an item already kept: its state, its readers.
    suivi: Option<(Badge, String)>,
    apercu: Option<(String, Markup)>,
    titre: Champ,
    contenu: Champ,
    roles: GroupeChoix,
    familles: GroupeChoix,
    academies: GroupeChoix,
    jour: Champ,
    heure: Champ,
    retrait: Champ,
    /// For an item that people have opened.
    relire: Option<GroupeChoix>,
    bouton: &'static str,
    /// The form that takes it down.
    retirer: Option<(String, Formulaire)>,
}

pub async fn get_nouvelle(requete: Requete, Path(annee): Path<String>) -> Resultat {
    get(&requete, lit_annee(&annee)?, None).await
}

pub async fn get_publication(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    get(&requete, annee, Some(&id)).await
}

pub async fn post_nouvelle(Path(annee): Path<String>, recu: Recu) -> Resultat {
    post(recu, lit_annee(&annee)?, None).await
}

pub async fn post_publication(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    post(recu, annee, Some(&id)).await
}

pub async fn post_retrait(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    take_down_actualite(&recu.requete.ctx, &recu.garde(), annee, &id).await?;
    Ok(redirige(&format!("{}/publication?fait=actualite-retiree", adresse(annee))))
}

async fn get(requete: &Requete, annee: i64, id: Option<&PublicId>) -> Resultat {
    let p = view_publication(&requete.ctx, annee, id).await?;
    let form = with_brouillon(requete, filled(requete, &p), &url(&p), !p.session.archivee).await?;
    Ok(rend(StatusCode::OK, &page(requete, &p, form, None)))
}

fn url(p: &Publication) -> String {
    let quoi = p.ligne.as_ref().map_or("nouvelle", |(a, _)| a.id.as_str());
    format!("{}/publication/{quoi}", adresse(p.session.annee))
}

/// The form as the item is.
fn filled(requete: &Requete, p: &Publication) -> Formulaire {
    let Some((a, _)) = &p.ligne else { return requete.formulaire() };
    let le = paris().to_datetime(instant(a.publiee_le));
    let mut form = requete
        .formulaire()
        .avec_version(p.version)
        .avec("titre", &a.titre)
        .avec("contenu", &p.texte)
        .avec("jour", le.date())
        .avec("heure", le.strftime("%H:%M"));
    // The last day when it is shown: its end is the first instant after.
    if let Some(fin) = a.retiree_le.filter(|_| a.etat != EtatActualite::Retiree) {
        form.pose("retrait", jour_paris(instant(fin - 1)));
    }
    a.audience.roles.iter().for_each(|r| form.ajoute("roles", r.code()));
    a.audience.familles.iter().for_each(|f| form.ajoute("familles", f.code()));
    a.audience.academies.iter().for_each(|c| form.ajoute("academies", c));
    form
}

async fn post(mut recu: Recu, annee: i64, id: Option<&PublicId>) -> Resultat {
    let requete = recu.requete.clone();
    let p = view_publication(&requete.ctx, annee, id).await?;
    let lue = lit(&mut recu.form, &p, requete.ctx.campagne_ms());
    if recu.form.valeur("acte") == "apercu" {
        // What is already sure is said now; the rest stays to be typed.
        let mut motif = None;
        let apercu = lue.and_then(|r| match r.checked() {
            Ok(r) => Some((r.titre, texte_riche(&r.texte, 3))),
            Err(e) => {
                motif = Some(e);
                None
            }
        });
        if let Some(e) = motif {
            refuse(&mut recu.form, e.into())?;
        }
        let statut = if recu.form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(rend(statut, &page(&requete, &p, recu.form, apercu)));
    }
    if let Some(redaction) = lue {
        let a_relire = !recu.form.valeurs("relire").is_empty();
        let (garde, ctx) = (recu.garde(), &requete.ctx);
        let fait = match id {
            None => publish_actualite(ctx, &garde, annee, redaction).await,
            Some(id) => correct_actualite(ctx, &garde, annee, id, redaction, a_relire).await,
        };
        match fait {
            Ok(_) => {
                let quoi = if id.is_none() { "actualite" } else { "actualite-corrigee" };
                return Ok(redirige(&format!("{}/publication?fait={quoi}", adresse(annee))));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &p, recu.form, None)))
}

/// What was typed; `None` when a date cannot be read, said on its field.
fn lit(form: &mut Formulaire, p: &Publication, maintenant: i64) -> Option<Redaction> {
    let choisis = |form: &Formulaire, nom: &str| form.valeurs(nom).to_vec();
    let roles: BTreeSet<Role> = choisis(form, "roles").iter().filter_map(|c| Role::from_code(c)).collect();
    let familles: BTreeSet<Famille> =
        choisis(form, "familles").iter().filter_map(|c| Famille::from_code(c)).collect();
    let academies: BTreeSet<String> = choisis(form, "academies").into_iter().collect();
    let publiee_le = instant_of(form, p.ligne.as_ref().map_or(maintenant, |(a, _)| a.publiee_le));
    let retiree_le = match form.lit_texte_facultatif("retrait") {
        None => Some(None),
        Some(_) => form.lit_date("retrait").map(|jour| Some(fin_de_jour(jour).as_millisecond())),
    };
    Some(Redaction {
        titre: form.valeur("titre").to_owned(),
        texte: form.valeur("contenu").to_owned(),
        audience: Audience { roles, familles, academies },
        publiee_le: publiee_le?,
        retiree_le: retiree_le?,
    })
}

fn instant_of(form: &mut Formulaire, sinon: i64) -> Option<i64> {
    if form.lit_texte_facultatif("jour").is_none() {
        if form.lit_texte_facultatif("heure").is_some() {
            form.refuse(
                "jour",
                "Indiquez le jour, ou laissez aussi l’heure vide pour publier tout de suite.",
            );
            return None;
        }
        return Some(sinon);
    }
    let jour = form.lit_date("jour");
    let heure = match form.lit_texte_facultatif("heure") {
        None => Some(MATIN),
        Some(_) => form.lit_heure("heure"),
    };
    let le = instant_paris(jour?.to_datetime(heure?));
    if le.is_none() {
        form.refuse("heure", "Cette nuit-là, l’heure change entre 2 h et 3 h : choisissez une autre heure.");
    }
    // The minute typed is that of an item already shown: its second is kept, it is not published again.
    le.map(|le| le.as_millisecond()).map(|le| if sinon - sinon.rem_euclid(60_000) == le { sinon } else { le })
}

fn page(
    requete: &Requete,
    p: &Publication,
    form: Formulaire,
    apercu: Option<(String, Markup)>,
) -> PagePublication {
    let annee = p.session.annee;
    let retour = format!("{}/publication", adresse(annee));
    let choix_roles: Vec<Choix> = roles_allowed(Action::ConsulterInformations)
        .into_iter()
        .filter(|r| *r != Role::AdminNational)
        .map(|r| Choix::new(r.code(), r.libelle()))
        .collect();
    let choix_familles: Vec<Choix> =
        Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect();
    let siennes = |code: &str| p.academies.as_ref().is_none_or(|a| a.iter().any(|c| c == code));
    let choix_academies: Vec<Choix> =
        academies().iter().filter(|a| siennes(a.code)).map(|a| Choix::new(a.code, a.nom)).collect();
    let existante = p.ligne.as_ref();
    let montree = existante.is_some_and(|(a, _)| a.etat == EtatActualite::Publiee);
    let titre = if existante.is_some() { "Corriger une information" } else { "Publier une information" };
    let retirable = |a: &Actualite| a.etat != EtatActualite::Retiree && !p.session.archivee;
    PagePublication {
        page: requete
            .page(titre)
            .session(&p.session.libelle)
            .ariane(vec![
                Lien::new("Fil info", adresse(annee)),
                Lien::new("Informations publiées par mon service", &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: url(p),
        suivi: existante.map(|(a, s)| (badge(a.etat), lectures(s))),
        apercu,
        titre: form.texte("titre", "Titre"),
        contenu: form
            .zone("contenu", "Texte")
            .indice(format_args!(
                "{} caractères au plus. Une ligne vide sépare deux paragraphes ; « ## » au début d’une ligne en fait un titre, un tiret l’élément d’une liste ; un lien s’écrit [ses mots](https://adresse).",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(14),
        roles: form.cases("roles", "Rôles", &choix_roles).indice("Aucune case cochée : tous les rôles."),
        familles: form
            .cases("familles", "Types de formation", &choix_familles)
            .indice("Aucune case cochée : quelles que soient leurs formations."),
        academies: form.cases("academies", "Académies", &choix_academies).indice(if p.academies.is_some() {
            "Au moins une : votre service ne s’adresse qu’à ses académies."
        } else {
            "Aucune case cochée : toute la France."
        }),
        jour: form
            .date("jour", "Jour de publication")
            .facultatif()
            .indice("Vide : tout de suite. Un jour à venir : l’information paraîtra d’elle-même."),
        heure: form.heure("heure", "Heure de publication").facultatif().indice("Heure de Paris ; 8 h si elle n’est pas dite."),
        retrait: form
            .date("retrait", "Dernier jour d’affichage")
            .facultatif()
            .indice("Vide : l’information reste jusqu’à ce que vous la retiriez."),
        relire: montree.then(|| {
            form.cases(
                "relire",
                "Importance de la correction",
                &[Choix::new("oui", "À relire : l’information redevient non lue pour ceux qui l’avaient ouverte")],
            )
        }),
        bouton: if existante.is_some() { "Enregistrer la correction" } else { "Publier" },
        retirer: existante
            .filter(|(a, _)| retirable(a))
            .map(|_| (format!("{}/retirer", url(p)), requete.formulaire())),
        retour,
        form,
    }
}
