//! `/mes-seances/{annee}/organisation/{id}/presences`: who came, and the recording.

use app::messages::accord;
use app::seances::{Presences, Selection, list_presences, mark_presences, publish_recording};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::seances::EtatSeance;

use super::{adresse, lit_chemin};
use crate::components::{
    Aide, Alerte, Bouton, Cellule, Champ, Colonne, Formulaire, LienBouton, Markup, Pagination, Tableau, quand,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/seances/presences.html")]
struct PagePresences {
    page: Page,
    url: String,
    retour: String,
    resume: String,
    alerte: Option<Alerte>,
    form: Formulaire,
    tableau: Tableau,
    pagination: Pagination,
    /// Once it has begun, in an open session: the list may be noted.
    notable: bool,
    /// Its field, its form.
    coller: Option<(Champ, Formulaire)>,
    /// Once it is over: its field, where it sends, its form.
    enregistrement: Option<(Champ, String, Formulaire)>,
}

fn lit_page(paires: &[(String, String)]) -> usize {
    let n = paires.iter().find(|(nom, _)| nom == "page").and_then(|(_, v)| v.parse().ok());
    n.unwrap_or(1)
}

type Paires = Vec<(String, String)>;

pub async fn get_presences(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Paires>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let p = list_presences(&requete.ctx, annee, &id, lit_page(&paires)).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &p, None, None)))
}

pub async fn post_presences(
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Paires>,
    recu: Recu,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let n = lit_page(&paires).max(1);
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let selection = match form.valeur("acte") {
        "tous" => Selection::Tous,
        "adresses" => Selection::Adresses(form.valeur("adresses").to_owned()),
        _ => Selection::Page { page: n, presents: form.valeurs("presents").iter().cloned().collect() },
    };
    match mark_presences(&requete.ctx, &garde, annee, &id, &selection).await {
        Ok(_) => Ok(redirige(&format!("{}?page={n}&fait=seance-presences", url(annee, &id)))),
        Err(e) => {
            refuse(&mut form, e)?;
            let p = list_presences(&requete.ctx, annee, &id, n).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &p, Some(form), None)))
        }
    }
}

pub async fn post_enregistrement(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let lien = form.valeur("enregistrement").to_owned();
    match publish_recording(&requete.ctx, &garde, annee, &id, &lien).await {
        Ok(_) => Ok(redirige(&format!("{}?fait=seance-enregistrement", url(annee, &id)))),
        Err(e) => {
            refuse(&mut form, e)?;
            let p = list_presences(&requete.ctx, annee, &id, 1).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &p, None, Some(form))))
        }
    }
}

fn url(annee: i64, id: &PublicId) -> String {
    format!("{}/organisation/{}/presences", adresse(annee), id.as_str())
}

/// `collees`, `video`: the form that was refused.
fn page(
    requete: &Requete,
    p: &Presences,
    collees: Option<Formulaire>,
    video: Option<Formulaire>,
) -> PagePresences {
    let annee = p.session.annee;
    let s = &p.seance;
    let valide = collees.as_ref().is_none_or(Formulaire::est_valide)
        && video.as_ref().is_none_or(Formulaire::est_valide);
    let mut form = requete.formulaire();
    for qui in p.participants.iter().filter(|x| x.presente) {
        form.ajoute("presents", qui.id.as_str());
    }
    let notable = !p.session.archivee && matches!(s.etat, EtatSeance::EnCours | EtatSeance::Passee);
    let colonnes = vec![Colonne::longue("Personne"), Colonne::new("Adresse"), Colonne::new("Présence")];
    let lignes = p.participants.iter().map(|x| {
        let adresse = x.courriel.as_deref().unwrap_or("effacée");
        let nom = if x.nom.is_empty() { "Inscription sur le site public" } else { x.nom.as_str() };
        let qui = if x.nom.is_empty() { adresse } else { nom };
        let case = if notable {
            Markup::new(form.choix_de("presents", x.id.as_str(), "Présent").petite().precision(qui))
        } else {
            Markup::texte(if x.presente { "Présent" } else { "–" })
        };
        vec![Cellule::texte(nom), Cellule::texte(adresse), Cellule::markup(case)]
    });
    let [n, pages] = [p.page, p.pages].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    let ici = url(annee, &s.id);
    let retour = format!("{}/organisation/{}", adresse(annee), s.id.as_str());
    let tableau = Tableau::new("Personnes qui ont une place", colonnes)
        .lignes(lignes)
        .si_vide("Personne n’a de place dans cette séance.");
    let finie = notable && s.etat == EtatSeance::Passee;
    PagePresences {
        page: requete
            .page("Présences et enregistrement")
            .session(&p.session.libelle)
            .ariane(vec![
                Lien::new("Séances d’information", adresse(annee)),
                Lien::new("Séances de mon service", format!("{}/organisation", adresse(annee))),
                Lien::new(&s.programme.titre, &retour),
            ])
            .en_erreur(!valide),
        resume: format!(
            "« {} », {} : {}, dont {}.",
            s.programme.titre,
            quand(s),
            accord(s.comptage.inscrits, "inscrit", "inscrits"),
            accord(s.comptage.presents, "présent", "présents")
        ),
        alerte: (!notable).then(|| {
            Alerte::info("Les présences se notent à partir du début de la séance ; l’enregistrement se publie après sa fin.")
        }),
        tableau,
        pagination: Pagination::new(n, pages, |n| format!("{ici}?page={n}")),
        coller: (notable && s.comptage.inscrits > 0).then(|| {
            let f = collees.unwrap_or_else(|| requete.formulaire());
            let champ = f
                .zone("adresses", "Adresses des personnes présentes")
                .indice("Une par ligne, ou séparées par des virgules : la liste que donne votre outil de visioconférence. Elles s’ajoutent aux présences déjà notées.")
                .lignes(5);
            (champ, f)
        }),
        enregistrement: finie.then(|| {
            let f = video.unwrap_or_else(|| {
                requete.formulaire().avec("enregistrement", s.enregistrement.as_deref().unwrap_or_default())
            });
            let champ = f
                .texte("enregistrement", "Adresse de l’enregistrement")
                .indice("En https:// ; toutes les personnes à qui la séance s’adresse la verront.");
            (champ, format!("{retour}/enregistrement"), f)
        }),
        url: format!("{ici}?page={n}"),
        retour,
        notable: notable && s.comptage.inscrits > 0,
        form,
    }
}
