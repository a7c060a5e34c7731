//! `/informations/{annee}/publication`: an item written, read again as its readers will see it, published, corrected, taken down.

use app::actualites::{
    Actualite, Publication, Saisie, Suivi, correct_actualite, export_sans_lecture, list_publications,
    publish_actualite, take_down_actualite, view_publication,
};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::actualites::{EtatActualite, TEXTE_MAX};
use domain::calendrier::{fin_de_jour, instant_paris, jour_paris, paris};
use jiff::civil::Time;

use super::{
    ChampsAudience, MARQUES, adresse, destinataires, instant, lit_annee, lit_audience, lit_chemin,
    pose_audience,
};
use crate::components::{
    Aide, Badge, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Markup,
    Pagination, Tableau, Ton, exports, nom_departement, nombre, poids, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, lit_format, redirige, refuse, tableur};

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

fn n(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// « 12 sur 40 personnes ».
fn lectures(s: &Suivi) -> String {
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

/// The establishments where nobody has opened it (R-INF-09).
struct VueSansLecture {
    /// Of the link to the list, when somebody is to be reminded.
    lien: Option<String>,
    phrase: String,
    tableau: Tableau,
    pagination: Pagination,
    /// To the same as a file.
    exports: Vec<Bouton>,
}

/// `None` for an item that is not shown yet, and when it is for no establishment. `numero`: page asked for.
fn sans_lecture(p: &Publication, numero: u32) -> Option<VueSansLecture> {
    let (a, s) = p.ligne.as_ref()?;
    let e = &p.etablissements;
    if a.etat == EtatActualite::Programmee || e.concernes == 0 {
        return None;
    }
    let depuis = if s.ouvertures == s.a_jour {
        ""
    } else {
        " depuis la dernière correction signalée comme à relire"
    };
    let combien = accord(n(e.fermes.len()), "établissement", "établissements");
    let phrase = if e.fermes.is_empty() {
        format!("Dans chaque établissement à qui elle s’adresse, quelqu’un l’a ouverte{depuis}.")
    } else {
        format!("{combien} sur {} où personne ne l’a ouverte{depuis}.", nombre(n(e.concernes)))
    };
    let (lignes, page, pages) = e.page(numero);
    let colonnes = vec![
        Colonne::longue("Établissement"),
        Colonne::courte("UAI"),
        Colonne::new("Commune"),
        Colonne::new("Département"),
    ];
    let lignes = lignes.iter().map(|x| {
        let departement = Cellule::texte(nom_departement(&x.departement));
        vec![Cellule::texte(&x.nom), Cellule::texte(&x.uai), Cellule::texte(&x.commune), departement]
    });
    let ici = url(p);
    Some(VueSansLecture {
        lien: (!e.fermes.is_empty()).then(|| format!("{combien} où personne ne l’a ouverte")),
        phrase,
        tableau: Tableau::new("Établissements, par département puis par nom", colonnes)
            .lignes(lignes)
            .si_vide("Aucun établissement à relancer."),
        pagination: Pagination::new(page, pages, |x| format!("{ici}?page={x}#sans-lecture")),
        exports: exports(&format!("{ici}/lectures/export")),
    })
}

/// The same list, as a file.
pub async fn get_export(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let e = export_sans_lecture(&requete.ctx, annee, &id, lit_format(&paires)).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
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
    sans_lecture: Option<VueSansLecture>,
    apercu: Option<(String, Markup)>,
    titre: Champ,
    contenu: Champ,
    audience: ChampsAudience,
    /// What it may carry, when there is something.
    pieces: Option<GroupeChoix>,
    deposer: String,
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
    get(&requete, lit_annee(&annee)?, None, 1).await
}

pub async fn get_publication(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let numero = paires.iter().find(|(nom, _)| nom == "page").and_then(|(_, v)| v.parse().ok());
    get(&requete, annee, Some(&id), numero.unwrap_or(1)).await
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

async fn get(requete: &Requete, annee: i64, id: Option<&PublicId>, numero: u32) -> Resultat {
    let p = view_publication(&requete.ctx, annee, id).await?;
    let form = with_brouillon(requete, filled(requete, &p), &url(&p), !p.session.archivee).await?;
    let sans_lecture = sans_lecture(&p, numero);
    Ok(rend(StatusCode::OK, &PagePublication { sans_lecture, ..page(requete, &p, form, None) }))
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
    pose_audience(&mut form, &a.audience);
    p.pieces.iter().for_each(|d| form.ajoute("pieces", d.id.as_str()));
    form
}

async fn post(mut recu: Recu, annee: i64, id: Option<&PublicId>) -> Resultat {
    let requete = recu.requete.clone();
    let p = view_publication(&requete.ctx, annee, id).await?;
    let lue = lit(&mut recu.form, &p);
    if recu.form.valeur("acte") == "apercu" {
        // What is already sure is said now; the rest stays to be typed.
        let mut motif = None;
        let apercu = lue.and_then(|s| match s.checked(requete.ctx.campagne_ms()) {
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
    if let Some(saisie) = lue {
        let a_relire = !recu.form.valeurs("relire").is_empty();
        let (garde, ctx) = (recu.garde(), &requete.ctx);
        let fait = match id {
            None => publish_actualite(ctx, &garde, annee, saisie).await,
            Some(id) => correct_actualite(ctx, &garde, annee, id, saisie, a_relire).await,
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
fn lit(form: &mut Formulaire, p: &Publication) -> Option<Saisie> {
    let publiee_le = instant_of(form, p.ligne.as_ref().map(|(a, _)| a.publiee_le));
    let retiree_le = match form.lit_texte_facultatif("retrait") {
        None => Some(None),
        Some(_) => form.lit_date("retrait").map(|jour| Some(fin_de_jour(jour).as_millisecond())),
    };
    Some(Saisie {
        titre: form.valeur("titre").to_owned(),
        texte: form.valeur("contenu").to_owned(),
        audience: lit_audience(form),
        pieces: form.valeurs("pieces").iter().filter_map(|id| PublicId::parse(id)).collect(),
        publiee_le: publiee_le?,
        retiree_le: retiree_le?,
    })
}

/// `None` on a field at fault; inside, none said. `avant`: of an item already kept.
fn instant_of(form: &mut Formulaire, avant: Option<i64>) -> Option<Option<i64>> {
    if form.lit_texte_facultatif("jour").is_none() {
        if form.lit_texte_facultatif("heure").is_some() {
            form.refuse(
                "jour",
                "Indiquez le jour, ou laissez aussi l’heure vide pour publier tout de suite.",
            );
            return None;
        }
        return Some(None);
    }
    let jour = form.lit_date("jour");
    let heure = match form.lit_texte_facultatif("heure") {
        None => Some(MATIN),
        Some(_) => form.lit_heure("heure"),
    };
    let Some(le) = instant_paris(jour?.to_datetime(heure?)) else {
        form.refuse("heure", "Cette nuit-là, l’heure change entre 2 h et 3 h : choisissez une autre heure.");
        return None;
    };
    // The minute shown is that of an item already kept: its second stays.
    let le = le.as_millisecond();
    let meme_minute = avant.is_some_and(|avant| avant - avant.rem_euclid(60_000) == le);
    Some((!meme_minute).then_some(le))
}

/// The documents that it may carry, those that it carries first.
fn pieces(p: &Publication, form: &Formulaire) -> Option<GroupeChoix> {
    let choix: Vec<Choix> = p
        .joignables
        .iter()
        .map(|d| {
            Choix::new(
                d.id.as_str(),
                format_args!("{} ({}, {})", d.titre, d.fichier.nom, poids(d.fichier.taille)),
            )
        })
        .collect();
    (!choix.is_empty()).then(|| {
        form.cases("pieces", "Pièces jointes", &choix)
            .indice("Elles se lisent sous le texte, par tous ceux qui lisent l’information.")
    })
}

fn page(
    requete: &Requete,
    p: &Publication,
    form: Formulaire,
    apercu: Option<(String, Markup)>,
) -> PagePublication {
    let annee = p.session.annee;
    let retour = format!("{}/publication", adresse(annee));
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
        sans_lecture: None,
        apercu,
        titre: form.texte("titre", "Titre"),
        contenu: form
            .zone("contenu", "Texte")
            .indice(format_args!(
                "{} caractères au plus. {MARQUES}",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(14),
        audience: ChampsAudience::new(&form, p.academies.as_deref()),
        pieces: pieces(p, &form),
        deposer: format!("{}/publication/documents/nouveau", adresse(annee)),
        jour: form
            .date("jour", "Jour de publication")
            .facultatif()
            .indice("Vide : tout de suite. Un jour à venir : l’information paraîtra d’elle-même."),
        heure: form
            .heure("heure", "Heure de publication")
            .facultatif()
            .indice("Heure de Paris ; 8 h si elle n’est pas dite."),
        retrait: form
            .date("retrait", "Dernier jour d’affichage")
            .facultatif()
            .indice("Vide : l’information reste jusqu’à ce que vous la retiriez."),
        relire: montree.then(|| {
            form.cases(
                "relire",
                "Importance de la correction",
                &[Choix::new(
                    "oui",
                    "À relire : l’information redevient non lue pour ceux qui l’avaient ouverte",
                )],
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
