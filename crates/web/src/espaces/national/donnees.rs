//! `/national/{annee}/donnees`: the list of the data of the files, beside that of the session before, changed until commissions examine.

use std::collections::BTreeMap;

use app::AppError;
use app::donnees::{LigneListe, ListeDonnees, save_liste, view_liste};
use app::messages::{self, date_heure};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::donnees::Donnee;
use jiff::Timestamp;

use super::lit_annee;
use crate::components::{
    Alerte, Bouton, Cellule, Champ, Choix, Colonne, Formulaire, GroupeChoix, LienBouton, Tableau, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/donnees.html")]
struct PageDonnees {
    page: Page,
    url: String,
    note: String,
    modifiee: Option<String>,
    recepisse: Option<Alerte>,
    obstacle: Option<Alerte>,
    tableau: Tableau,
    form: Formulaire,
    /// Absent once the list is fixed.
    donnees: Option<GroupeChoix>,
    sources: Vec<Champ>,
}

fn adresse(annee: i64) -> String {
    format!("/national/{annee}/donnees")
}

pub async fn get_donnees(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let l = view_liste(&requete.ctx, lit_annee(&annee)?).await?;
    let mut form = requete.formulaire().avec_version(l.version);
    for ligne in l.lignes.iter().filter(|x| x.possible) {
        if ligne.source.is_some() {
            form.ajoute("donnees", ligne.donnee.code());
        }
        form.pose(ligne.donnee.champ_source(), ligne.source.as_ref().unwrap_or(&ligne.proposee));
    }
    Ok(rend(StatusCode::OK, &page(&requete, &l, form)))
}

pub async fn post_donnees(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let cochees = recu.form.valeurs("donnees").to_vec();
    let liste: BTreeMap<Donnee, String> = cochees
        .iter()
        .filter_map(|c| Donnee::from_code(c))
        .map(|d| (d, recu.form.valeur(d.champ_source()).to_owned()))
        .collect();
    let statut = match save_liste(&requete.ctx, &recu.garde(), annee, &liste).await {
        Ok(r) => {
            let vers = format!("{}?fait=liste-donnees&recepisse={}", adresse(annee), r.numero);
            return Ok(redirige(&vers));
        }
        // What was typed stays, over the list as somebody else has just left it, under a new key.
        Err(AppError::Conflict) => {
            let l = view_liste(&requete.ctx, annee).await?;
            let mut form = requete.formulaire().with_values(&recu.form).avec_version(l.version);
            form.refuse_tout(
                "Cette liste a changé pendant que vous la modifiiez, et rien n’a été enregistré. Relisez, puis envoyez de nouveau.",
            );
            return Ok(rend(StatusCode::CONFLICT, &page(&requete, &l, form)));
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let l = view_liste(&requete.ctx, annee).await?;
    Ok(rend(statut, &page(&requete, &l, recu.form)))
}

/// What became of it since the session before.
fn changement(x: &LigneListe) -> &'static str {
    match (&x.source, &x.avant) {
        (Some(_), None) => "Nouvelle",
        (None, Some(_)) => "Retirée",
        (Some(a), Some(b)) if a != b => "Source changée",
        _ => "Aucun",
    }
}

fn page(requete: &Requete, l: &ListeDonnees, form: Formulaire) -> PageDonnees {
    let annee = l.session.annee;
    let mut colonnes = vec![
        Colonne::longue("Donnée"),
        Colonne::new("Usage"),
        Colonne::longue(format_args!("Session {annee}")),
    ];
    // Without a list before, there is nothing to compare with.
    if let Some(avant) = l.precedente {
        colonnes.extend([Colonne::longue(format_args!("Session {avant}")), Colonne::new("Changement")]);
    }
    let legende = match l.precedente {
        Some(_) => "Données des dossiers, et leur source dans les deux sessions",
        None => "Données des dossiers, et leur source",
    };
    let dit = |source: &Option<String>| source.clone().unwrap_or_else(|| "Non transmise".to_owned());
    let lignes = l.lignes.iter().map(|x| {
        let mut cellules = vec![
            Cellule::texte(x.donnee.libelle()),
            Cellule::texte(x.donnee.usage().libelle()),
            Cellule::texte(dit(&x.source)),
        ];
        if l.precedente.is_some() {
            cellules.extend([Cellule::texte(dit(&x.avant)), Cellule::texte(changement(x))]);
        }
        cellules
    });
    let possibles: Vec<Donnee> = l.lignes.iter().filter(|x| x.possible).map(|x| x.donnee).collect();
    let choix: Vec<Choix> = possibles.iter().map(|d| Choix::new(d.code(), d.libelle())).collect();
    let ouverte = l.obstacle.is_none();
    PageDonnees {
        page: requete
            .page("Données transmises aux formations")
            .session(&l.session.libelle)
            .ariane(vec![Lien::new("Équipe nationale", format_args!("/national/{annee}"))])
            .en_erreur(!form.est_valide()),
        url: adresse(annee),
        note: format!("/informations/{annee}/donnees"),
        modifiee: l.modifiee.as_ref().map(|(le, par)| {
            let le = date_heure(Timestamp::from_millisecond(*le).unwrap_or_default());
            if par.is_empty() {
                format!("Modifiée le {le}.")
            } else {
                format!("Modifiée le {le} par {par}.")
            }
        }),
        recepisse: recepisse(&requete.chemin),
        // The banner of an archive has said it.
        obstacle: l
            .obstacle
            .as_ref()
            .filter(|_| !requete.is_archivee())
            .map(|r| Alerte::info(messages::regle(r))),
        tableau: Tableau::new(legende, colonnes).lignes(lignes),
        donnees: ouverte.then(|| {
            form.cases("donnees", "Données transmises pour cette session", &choix).indice(
                "Ce qui n’est pas coché n’est transmis à aucune commission, ni à l’écran ni dans un fichier.",
            )
        }),
        sources: if ouverte {
            possibles
                .iter()
                .map(|d| {
                    let champ = form.texte(d.champ_source(), format_args!("Source : {}", d.libelle()));
                    champ.selon("si elle est transmise")
                })
                .collect()
        } else {
            Vec::new()
        },
        form,
    }
}
