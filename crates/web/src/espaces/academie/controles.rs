//! `/academie/{annee}/controles`: the courses that wait for the academic service; those that have not changed at once.

use app::formations::{CriteresControle, FileControle, LigneFileControle, accept_unchanged, list_controles};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::formations::Famille;
use domain::formations::controle::EtatControle;
use jiff::Timestamp;

use super::lit_annee;
use crate::components::{
    Alerte, Badge, Bouton, Cellule, Choix, Colonne, Formulaire, Markup, Pagination, Tableau, Ton, accord,
    nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/controles.html")]
struct PageControles {
    page: Page,
    url: String,
    form: Formulaire,
    filtres: Formulaire,
    alerte: Alerte,
    etats: Vec<Choix>,
    familles: Vec<Choix>,
    departements: Vec<Choix>,
    titre: String,
    /// Unchanged courses that have no box, and why.
    laissees: Option<Alerte>,
    tableau: Tableau,
    en_nombre: bool,
    pagination: Pagination,
}

pub(super) fn quand(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

/// The last minute of a limit.
pub(super) fn limite(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_limite).unwrap_or_default()
}

fn criteres(form: &Formulaire) -> CriteresControle {
    CriteresControle {
        etat: EtatControle::from_code(form.valeur("etat")).unwrap_or(EtatControle::Soumise),
        famille: Famille::from_code(form.valeur("famille")),
        departement: form.lit_texte_facultatif("departement").map(|d| d.chars().take(3).collect()),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

pub async fn get_controles(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let filtres = Formulaire::recu("", paires);
    let criteres = criteres(&filtres);
    let file = list_controles(&requete.ctx, annee, &criteres).await?;
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &page(&requete, annee, &criteres, file, filtres, form)))
}

/// R-CTL-05: the boxes ticked, accepted at once.
pub async fn post_controles(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let ids: Option<Vec<PublicId>> =
        recu.form.valeurs("formations").iter().map(|id| PublicId::parse(id)).collect();
    match ids {
        Some(ids) if !ids.is_empty() => {
            match accept_unchanged(&requete.ctx, &recu.garde(), annee, &ids).await {
                Ok(r) => {
                    return Ok(redirige(&format!(
                        "/academie/{annee}/controles?fait=acceptees&recepisse={}",
                        r.numero
                    )));
                }
                Err(e) => refuse(&mut recu.form, e)?,
            }
        }
        _ => recu.form.refuse_tout("Cochez au moins une formation."),
    }
    let filtres = Formulaire::default();
    let criteres = criteres(&filtres);
    let file = list_controles(&requete.ctx, annee, &criteres).await?;
    let page = page(&requete, annee, &criteres, file, filtres, recu.form);
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn constats(l: &LigneFileControle, etat: EtatControle) -> Vec<(Ton, String)> {
    let mut constats = Vec::new();
    if l.inchangee() {
        constats.push((Ton::Succes, "Inchangée".to_owned()));
    } else if let Some(n) = l.changes {
        constats.push((Ton::Info, accord(n, "champ changé", "champs changés")));
    }
    if l.nouvelle {
        constats.push((Ton::Info, "Nouvelle cette année".to_owned()));
    }
    if let (Some((avant, apres)), true) = (l.capacite, etat != EtatControle::Brouillon) {
        constats.push((Ton::Attention, format!("Capacité : {} → {}", nombre(avant), nombre(apres))));
    }
    if l.manques > 0 {
        constats.push((Ton::Attention, format!("Il manque {}", accord(l.manques, "champ", "champs"))));
    }
    if l.grille > 0 {
        let points = accord(l.grille, "point", "points");
        constats.push((Ton::Attention, format!("Grille : {points} à relire")));
    }
    constats
}

/// R-CGE-18: those of the page that say what they said last year, and that are to be opened all the same.
fn laissees(f: &FileControle) -> Option<Alerte> {
    let texte = match f.lignes.iter().filter(|l| l.inchangee() && !l.is_acceptable_fermee()).count() {
        0 => return None,
        1 => "Sur cette page, une formation inchangée est laissée de côté : sa grille a des points à relire. Ouvrez-la pour la \
              décider."
            .to_owned(),
        n => format!(
            "Sur cette page, {n} formations inchangées sont laissées de côté : leur grille a des points à relire. Ouvrez-les \
             pour les décider une à une."
        ),
    };
    Some(Alerte::attention(texte))
}

fn tableau(form: &Formulaire, url: &str, etat: EtatControle, f: &FileControle) -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Établissement"),
        Colonne::new("Constats"),
        Colonne::new(if etat == EtatControle::Retournee { "À corriger jusqu’au" } else { "Soumise le" }),
        Colonne::new("Prise en charge"),
    ];
    Tableau::new(etat.libelle(), colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de votre périmètre ne répond à cette recherche.")
        .lignes(f.lignes.iter().map(|l| {
            let lien = Markup::lien(&l.libelle, format_args!("{url}/{}", l.id));
            let libre = l.pris.as_ref().is_none_or(|(_, moi)| *moi);
            let premiere = if etat == EtatControle::Soumise && l.is_acceptable_fermee() && libre {
                let nom = format!("{} – {}", l.libelle, l.etablissement);
                Markup::new(form.choix_de("formations", &l.id, nom).petite())
                    .et(Markup::lien("Ouvrir", format_args!("{url}/{}", l.id)))
            } else {
                lien
            };
            let constats = Markup::de(constats(l, etat).into_iter().map(|(ton, t)| Badge::new(ton, t)));
            let date = match etat {
                EtatControle::Retournee => l.jusqu_a.map(limite),
                EtatControle::Brouillon => None,
                _ => l.soumise_le.map(quand),
            };
            vec![
                Cellule::markup(premiere),
                Cellule::texte(format_args!("{} – {}", l.etablissement, l.lieu)),
                Cellule::markup(constats),
                Cellule::texte(date.unwrap_or_else(|| "–".to_owned())),
                Cellule::texte(match &l.pris {
                    None => "Libre".to_owned(),
                    Some((_, true)) => "Par vous".to_owned(),
                    Some((nom, false)) => format!("Par {nom}"),
                }),
            ]
        }))
}

fn page(
    requete: &Requete,
    annee: i64,
    criteres: &CriteresControle,
    f: FileControle,
    filtres: Formulaire,
    form: Formulaire,
) -> PageControles {
    let url = format!("/academie/{annee}/controles");
    let adresse = |n: u32| {
        let mut parties = vec![format!("page={n}"), format!("etat={}", criteres.etat.code())];
        parties.extend(criteres.famille.map(|f| format!("famille={}", f.code())));
        parties.extend(
            criteres.departement.as_ref().map(|d| format!("departement={}", crate::socle::encode(d))),
        );
        format!("{url}?{}", parties.join("&"))
    };
    let alerte = match f.en_attente {
        _ if !f.active => Alerte::info(
            "Cette session ne prévoit pas de contrôle académique : les établissements publient eux-mêmes leurs formations.",
        ),
        0 => Alerte::succes("Aucune formation n’attend votre contrôle."),
        1 => Alerte::info("1 formation attend votre contrôle."),
        n => Alerte::info(format_args!("{} formations attendent votre contrôle.", nombre(n))),
    };
    let tableau = tableau(&form, &url, criteres.etat, &f);
    PageControles {
        page: requete
            .page("Contrôle des formations")
            .session(&f.session.libelle)
            .ariane(vec![Lien::new("Service académique", format_args!("/academie/{annee}"))])
            .en_erreur(!form.est_valide()),
        alerte,
        etats: EtatControle::ALL.into_iter().map(|e| Choix::new(e.code(), e.libelle())).collect(),
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        departements: f.departements.iter().map(|(c, n)| Choix::new(c, format_args!("{n} ({c})"))).collect(),
        titre: format!("{} : {}", criteres.etat.libelle(), accord(f.total, "formation", "formations")),
        en_nombre: criteres.etat == EtatControle::Soumise
            && f.lignes
                .iter()
                .any(|l| l.is_acceptable_fermee() && l.pris.as_ref().is_none_or(|(_, moi)| *moi)),
        laissees: laissees(&f).filter(|_| criteres.etat == EtatControle::Soumise),
        tableau,
        pagination: Pagination::new(f.page, f.pages, adresse),
        filtres: if filtres.valeur("etat").is_empty() {
            filtres.avec("etat", criteres.etat.code())
        } else {
            filtres
        },
        form,
        url,
    }
}
