//! Receipts: the list, and each one.

use app::candidatures::{list_recepisses, mes_voeux, recepisse};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::territoires::HeureLocale;
use jiff::Timestamp;

use super::page;
use crate::components::{Cellule, Colonne, Definitions, LienBouton, Tableau};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Template)]
#[template(path = "candidat/recepisses.html")]
struct PageRecepisses {
    page: Page,
    tableau: Tableau,
}

pub async fn get_recepisses(requete: Requete) -> Resultat {
    let annee = mes_voeux(&requete.ctx).await?.annee;
    let lignes = list_recepisses(&requete.ctx).await?;
    let tableau = Tableau::new(
        "Récépissés, du plus récent au plus ancien",
        vec![Colonne::new("Numéro"), Colonne::new("Acte"), Colonne::longue("Date")],
    )
    .lignes(lignes.into_iter().map(|(numero, acte, le)| {
        vec![
            Cellule::lien(&numero, format_args!("/candidat/recepisses/{numero}")),
            Cellule::texte(acte),
            Cellule::texte(messages::date_heure(le)),
        ]
    }))
    .si_vide("Vous n’avez encore fait aucun acte qui donne un récépissé.");
    Ok(rend(
        StatusCode::OK,
        &PageRecepisses { page: page(&requete, "Mes récépissés", annee, vec![]), tableau },
    ))
}

#[derive(Template)]
#[template(path = "candidat/recepisse.html")]
struct PageRecepisse {
    page: Page,
    contenu: Definitions,
    verifier: String,
}

pub async fn get_recepisse(requete: Requete, Path(numero): Path<String>) -> Resultat {
    let r = recepisse(&requete.ctx, &numero).await?;
    let m = mes_voeux(&requete.ctx).await?;
    let annee = m.annee;
    let mut contenu =
        Definitions::new().ligne("Acte", r.acte).ligne("Enregistré le", enregistre(r.emis_le, m.locale));
    for (libelle, valeur) in &r.lignes {
        contenu = contenu.ligne(libelle, valeur);
    }
    let contenu = contenu.ligne("Empreinte", &r.empreinte);
    let titre = format!("Récépissé nº {}", r.numero);
    let chemin = vec![Lien::new("Mes récépissés", "/candidat/recepisses")];
    let vue = PageRecepisse {
        page: page(&requete, &titre, annee, chemin),
        contenu,
        verifier: format!("/recepisse?numero={}", r.numero),
    };
    Ok(rend(StatusCode::OK, &vue))
}

/// In Paris, whose time decides, then where the candidate lives.
fn enregistre(le: Timestamp, locale: Option<HeureLocale>) -> String {
    match locale {
        None => format!("{} (heure de Paris)", messages::date_heure(le)),
        ici => messages::date_heure_ici(le, ici),
    }
}
