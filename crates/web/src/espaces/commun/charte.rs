//! `/informations/{annee}/charte`: the charter of the procedure, read, accepted by a head, published by the national team.

use app::AppError;
use app::charte::{CharteVue, Version, accept_charte, export_sans_charte, publish_charte, view_charte};
use app::messages::{accord, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::charte::TEXTE_MAX;
use domain::droits::Action;

use super::actualites::{adresse, instant, lit_annee};
use crate::components::{
    Alerte, Badge, Bouton, Champ, Formulaire, LienBouton, Markup, Ton, exports, nombre, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::brouillons::with_brouillon;
use crate::socle::{Recu, Requete, Resultat, lit_format, redirige, refuse, tableur};

/// An establishment, and the form by which its head accepts.
struct Ligne {
    nom: String,
    badge: Badge,
    detail: Option<String>,
    acceptation: Option<(String, Formulaire)>,
}

#[derive(Template)]
#[template(path = "commun/charte/charte.html")]
struct PageCharte {
    page: Page,
    url: String,
    /// Absent when the session has no charter.
    version: Option<(String, Markup)>,
    numero: i64,
    lignes: Vec<Ligne>,
    /// « Version 1, publiée le … », each with its page.
    anciennes: Vec<Markup>,
    /// For the services.
    suivi: Option<Alerte>,
    /// To the file of those who have not accepted it.
    exports: Vec<Bouton>,
    /// For those who publish it.
    nouvelle: Option<String>,
}

pub async fn get_charte(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let c = view_charte(&requete.ctx, lit_annee(&annee)?).await?;
    let Some((_, demandee)) = paires.iter().find(|(nom, _)| nom == "version") else {
        return Ok(rend(StatusCode::OK, &page(&requete, c, requete.formulaire())));
    };
    let numero: i64 = demandee.parse().map_err(|_| AppError::NotFound)?;
    let rang = c.versions.iter().position(|v| v.numero == numero).ok_or(AppError::NotFound)?;
    match c.versions.get(rang).filter(|_| rang > 0) {
        Some(v) => Ok(rend(StatusCode::OK, &ancienne(&requete, &c, v))),
        None => Ok(rend(StatusCode::OK, &page(&requete, c, requete.formulaire()))),
    }
}

#[derive(Template)]
#[template(path = "commun/charte/ancienne.html")]
struct PageAncienne {
    page: Page,
    alerte: Alerte,
    dite: String,
    texte: Markup,
    retour: String,
}

/// « Version 1, publiée le … ».
fn dite(v: &Version) -> String {
    format!("Version {}, publiée le {}", v.numero, date_heure(instant(v.publiee_le)))
}

/// R-CHA-05: what was accepted before is read again as it was.
fn ancienne(requete: &Requete, c: &CharteVue, v: &Version) -> PageAncienne {
    let annee = c.session.annee;
    let retour = format!("{}/charte", adresse(annee));
    let en_vigueur = c.versions.first().map_or(0, |v| v.numero);
    PageAncienne {
        page: requete
            .page(format_args!("Charte de la procédure, ancienne version {}", v.numero))
            .session(&c.session.libelle)
            .ariane(vec![
                Lien::new("Fil info", adresse(annee)),
                Lien::new("Charte de la procédure", &retour),
            ]),
        alerte: Alerte::attention(format_args!(
            "Cette version n’est plus en vigueur : la version {en_vigueur} l’a remplacée."
        )),
        dite: dite(v),
        texte: texte_riche(&v.texte, 2),
        retour,
    }
}

/// R-CHA-03: the establishments of the perimeter for which the version in force is not accepted.
pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let e = export_sans_charte(&requete.ctx, lit_annee(&annee)?, lit_format(&paires)).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

pub async fn post_charte(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let etablissement = PublicId::parse(recu.form.valeur("etablissement")).ok_or(AppError::NotFound)?;
    let numero = recu.form.valeur("numero").parse().map_err(|_| AppError::NotFound)?;
    if recu.form.lit_case("engagement") {
        match accept_charte(&requete.ctx, &recu.garde(), annee, &etablissement, numero).await {
            Ok(_) => return Ok(redirige(&format!("{}/charte?fait=charte", adresse(annee)))),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    } else {
        recu.form.refuse(
            "engagement",
            "Cochez la case pour dire que vous avez lu la charte et que vous l’acceptez.",
        );
    }
    let c = view_charte(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, c, recu.form)))
}

fn page(requete: &Requete, c: CharteVue, form: Formulaire) -> PageCharte {
    let annee = c.session.annee;
    let url = format!("{}/charte", adresse(annee));
    let lignes = c.etablissements.iter().map(|e| {
        let (badge, detail) = match &e.acceptee {
            Some((par, le)) => (
                Badge::new(Ton::Succes, "Acceptée"),
                Some(format!("Par {par}, le {}.", date_heure(instant(*le)))),
            ),
            None if e.acceptable => (Badge::new(Ton::Attention, "À accepter"), None),
            None => (
                Badge::new(Ton::Attention, "Non acceptée"),
                Some("Le chef d’établissement l’accepte sur cette page.".to_owned()),
            ),
        };
        // One form an establishment: what was refused is said in its own.
        let acceptation = e.acceptable.then(|| {
            let sien = form.valeur("etablissement") == e.id;
            let f = if sien { form.clone() } else { requete.formulaire() };
            (e.id.clone(), f.avec_prefixe(&e.id))
        });
        Ligne { nom: e.nom.clone(), badge, detail, acceptation }
    });
    PageCharte {
        page: requete
            .page("Charte de la procédure")
            .session(&c.session.libelle)
            .ariane(vec![Lien::new("Fil info", adresse(annee))])
            .en_erreur(!form.est_valide()),
        lignes: lignes.collect(),
        numero: c.versions.first().map_or(0, |v| v.numero),
        version: c.versions.first().map(|v| (dite(v), texte_riche(&v.texte, 2))),
        anciennes: c
            .versions
            .iter()
            .skip(1)
            .map(|v| Markup::lien(dite(v), format_args!("{url}?version={}", v.numero)))
            .collect(),
        suivi: c.suivi.map(|(n, tous)| {
            Alerte::info(format_args!(
                "{} sur {} : version en vigueur acceptée.",
                nombre(n),
                accord(tous, "établissement", "établissements")
            ))
        }),
        exports: match c.suivi {
            Some((acceptees, tous)) if acceptees != tous => exports(&format!("{url}/export")),
            _ => Vec::new(),
        },
        nouvelle: (requete.ctx.scope(Action::PublierCharte).is_ok() && !c.session.archivee)
            .then(|| format!("{url}/nouvelle")),
        url,
    }
}

#[derive(Template)]
#[template(path = "commun/charte/nouvelle.html")]
struct PageNouvelle {
    page: Page,
    url: String,
    retour: String,
    form: Formulaire,
    texte: Champ,
    apercu: Option<Markup>,
}

pub async fn get_nouvelle(requete: Requete, Path(annee): Path<String>) -> Resultat {
    requete.ctx.scope(Action::PublierCharte)?;
    let c = view_charte(&requete.ctx, lit_annee(&annee)?).await?;
    let actuelle = c.versions.first().map_or("", |v| v.texte.as_str());
    let form = requete.formulaire().avec("charte", actuelle);
    let url = format!("{}/charte/nouvelle", adresse(c.session.annee));
    let form = with_brouillon(&requete, form, &url, !c.session.archivee).await?;
    Ok(rend(StatusCode::OK, &nouvelle(&requete, &c, form, None)))
}

pub async fn post_nouvelle(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    requete.ctx.scope(Action::PublierCharte)?;
    let texte = recu.form.valeur("charte").to_owned();
    let c = view_charte(&requete.ctx, annee).await?;
    if recu.form.valeur("acte") == "apercu" {
        let apercu = texte_riche(&texte, 3);
        return Ok(rend(StatusCode::OK, &nouvelle(&requete, &c, recu.form, Some(apercu))));
    }
    match publish_charte(&requete.ctx, &recu.garde(), annee, &texte).await {
        Ok(_) => Ok(redirige(&format!("{}/charte?fait=charte-publiee", adresse(annee)))),
        Err(e) => {
            refuse(&mut recu.form, e)?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &nouvelle(&requete, &c, recu.form, None)))
        }
    }
}

fn nouvelle(requete: &Requete, c: &CharteVue, form: Formulaire, apercu: Option<Markup>) -> PageNouvelle {
    let annee = c.session.annee;
    let retour = format!("{}/charte", adresse(annee));
    PageNouvelle {
        page: requete
            .page("Publier une version de la charte")
            .session(&c.session.libelle)
            .ariane(vec![
                Lien::new("Fil info", adresse(annee)),
                Lien::new("Charte de la procédure", &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/nouvelle"),
        texte: form
            .zone("charte", "Texte de la charte")
            .indice(format_args!(
                "{} caractères au plus. Une ligne vide sépare deux paragraphes ; « ## » au début d’une ligne en fait un titre, un tiret l’élément d’une liste.",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(20),
        apercu,
        retour,
        form,
    }
}
