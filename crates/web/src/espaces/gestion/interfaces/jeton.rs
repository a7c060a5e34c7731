//! One token: what it may do, what it called, and how it is taken back.

use app::AppError;
use app::interfaces::{AppelLu, Jeton, Jetons, count_appels, list_appels, revoke_jeton, view_jeton};
use app::messages::{accord, date_heure, nombre};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::interfaces::jetons::FinJeton;
use serde::Deserialize;

use super::{adresse, ariane, etat, etendue, libelle, lit_jeton};
use crate::components::{
    Alerte, Badge, Barres, Bouton, Cellule, Colonne, Definitions, Formulaire, INTERFACE, LienBouton, Markup,
    Tableau, Ton, instant, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

/// Calls of one page.
const APPELS: i64 = 50;
/// Courses of a table that is open at once.
const COURTE: usize = 25;
/// Days of the chart.
const JOURS: i64 = 7;

#[derive(Deserialize)]
pub struct Parametres {
    /// Only the calls before this one.
    avant: Option<String>,
}

#[derive(Template)]
#[template(path = "gestion/interfaces/jeton.html")]
struct PageJeton {
    page: Page,
    etablissement: String,
    etat: Badge,
    alertes: Vec<Alerte>,
    fiche: Definitions,
    /// In words: courses that have the same operations together.
    etendue: Vec<String>,
    formations: Tableau,
    /// A short table is open at once.
    courte: bool,
    /// Nothing before the first call.
    graphique: Option<Barres>,
    appels: Tableau,
    anciens: Option<String>,
    recents: Option<String>,
    /// One that opens something, while the session is open.
    modifier: Option<String>,
    renouveler: Option<String>,
    revoquer: Option<String>,
    abonnements: String,
}

pub async fn get_jeton(
    requete: Requete,
    Path(chemin): Path<(String, String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let avant = match p.avant.as_deref() {
        None | Some("") => None,
        Some(texte) => Some(texte.parse().map_err(|_| AppError::NotFound)?),
    };
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let mut appels = list_appels(&requete.ctx, &id, avant, APPELS + 1).await?;
    let jours = count_appels(&requete.ctx, &id, JOURS).await?;
    let url = format!("{}/{}", adresse(annee, &j.etablissement), jeton.id);
    let page = usize::try_from(APPELS).unwrap_or(usize::MAX);
    let encore = appels.len() > page;
    appels.truncate(page);
    let graphique = jours.iter().any(|(_, n)| *n > 0).then(|| {
        let barres = Barres::new(format_args!("Appels des {JOURS} derniers jours"), "Jour", "appels");
        jours.iter().fold(barres, |b, (jour, n)| b.ligne(jour.strftime("%d/%m/%Y"), *n))
    });
    let ouverte = !j.session.archivee;
    let vue = PageJeton {
        page: requete.page(&jeton.libelle).session(&j.session.libelle).ariane(ariane(&j)),
        etablissement: j.nom.clone(),
        etat: etat(&requete, &jeton),
        alertes: recepisse(&requete.chemin).into_iter().chain(alertes(&jeton)).chain(refus(&jeton)).collect(),
        fiche: fiche(&jeton),
        etendue: etendue(&j, &jeton),
        formations: formations(&jeton),
        courte: jeton.formations.len() <= COURTE,
        graphique,
        appels: tableau(&appels),
        anciens: appels.last().filter(|_| encore).map(|a| format!("{url}?avant={}#appels", a.cle)),
        recents: avant.map(|_: i64| format!("{url}#appels")),
        abonnements: format!("{url}/abonnements"),
        modifier: (ouverte && jeton.fin.is_none()).then(|| format!("{url}/modifier")),
        renouveler: (ouverte && jeton.fin != Some(FinJeton::Revoque)).then(|| format!("{url}/renouveler")),
        revoquer: (jeton.fin != Some(FinJeton::Revoque)).then(|| format!("{url}/revoquer")),
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn alertes(jeton: &Jeton) -> Option<Alerte> {
    let texte = match jeton.fin? {
        FinJeton::SansDonneur => format!(
            "{} ne peut plus donner de jeton dans cet établissement : celui-ci n’ouvre plus rien. S’il sert encore, renouvelez-le.",
            jeton.donneur
        ),
        FinJeton::Expire => {
            "Ce jeton a expiré : il n’ouvre plus rien. S’il sert encore, renouvelez-le.".to_owned()
        }
        FinJeton::Revoque => "Ce jeton est révoqué : il n’ouvre plus rien.".to_owned(),
        FinJeton::Renouvele => return None,
    };
    Some(Alerte::attention(texte))
}

/// R-API-05: somebody still calls with what opens nothing.
fn refus(jeton: &Jeton) -> Option<Alerte> {
    let (combien, dernier) = jeton.refus?;
    let avec = match jeton.fin {
        Some(FinJeton::Revoque) => "ce jeton révoqué",
        Some(FinJeton::Expire) => "ce jeton expiré",
        Some(FinJeton::SansDonneur) => "ce jeton sans donneur",
        None | Some(FinJeton::Renouvele) => "un jeton qu’il remplace ou qui n’ouvrait rien alors",
    };
    Some(Alerte::attention(format_args!(
        "Des appels arrivent encore avec {avec} : {}, le dernier le {}. Ils n’ont rien ouvert : voyez qui s’en sert encore.",
        accord(combien, "appel refusé", "appels refusés"),
        date_heure(instant(dernier))
    )))
}

fn fiche(jeton: &Jeton) -> Definitions {
    let le = |ms: i64| date_heure(instant(ms));
    let fiche = Definitions::new()
        .ligne("Jeton", format_args!("pcs_…{}", jeton.suffixe))
        .ligne("Donné par", &jeton.donneur)
        .ligne("Donné le", le(jeton.donne_le))
        .ligne("Valable jusqu’au", le(jeton.expire_le))
        .ligne("Dernier appel", jeton.vu_le.map_or_else(|| "Aucun".to_owned(), le));
    match jeton.ancien_jusqu_a {
        None => fiche,
        Some(jusqu_a) => fiche.ligne("Jeton remplacé, valable jusqu’au", le(jusqu_a)),
    }
}

fn formations(jeton: &Jeton) -> Tableau {
    let colonnes = vec![Colonne::new("Formation"), Colonne::longue("Ce qu’il peut y faire")];
    Tableau::new("Ce que le logiciel peut faire sur chaque formation", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation de cette session.")
        .lignes(jeton.formations.iter().map(|f| {
            let noms: Vec<&str> =
                std::iter::once("Lecture").chain(f.operations.iter().map(libelle)).collect();
            vec![Cellule::texte(&f.intitule), Cellule::texte(noms.join(", "))]
        }))
}

fn tableau(appels: &[AppelLu]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Instant"),
        Colonne::longue("Appel"),
        Colonne::new("Réponse"),
        Colonne::nombre("Durée"),
    ];
    Tableau::new("Appels, le dernier en premier", colonnes)
        .si_vide("Ce jeton n’a encore servi à aucun appel.")
        .lignes(appels.iter().map(|a| {
            vec![
                Cellule::texte(date_heure(instant(a.instant_le))),
                Cellule::markup(Markup::lignes(&[en_mots(&a.route), a.route.clone()])),
                Cellule::markup(Markup::new(reponse(a.statut))),
                Cellule::texte(duree(a.duree_us)),
            ]
        }))
}

fn duree(us: i64) -> String {
    if us < 1_000 { "< 1\u{a0}ms".to_owned() } else { format!("{}\u{a0}ms", nombre(us / 1_000)) }
}

/// What the answer was, with its code.
fn reponse(statut: i64) -> Badge {
    let (ton, mot) = match statut {
        304 => (Ton::Succes, "Inchangé"),
        200..=299 => (Ton::Succes, "Réussi"),
        401 => (Ton::Erreur, "Jeton refusé"),
        403 => (Ton::Attention, "Non permis"),
        404 => (Ton::Attention, "Introuvable"),
        409 => (Ton::Attention, "Conflit"),
        412 => (Ton::Attention, "Modifié entre-temps"),
        422 => (Ton::Attention, "Saisie refusée"),
        428 => (Ton::Attention, "Sans condition"),
        429 => (Ton::Attention, "Trop d’appels"),
        500.. => (Ton::Erreur, "Panne de la plateforme"),
        _ => (Ton::Attention, "Refusé"),
    };
    Badge::new(ton, format_args!("{mot} ({statut})"))
}

/// A route of the interface, in plain words: what is done, then what its address names.
fn en_mots(route: &str) -> String {
    let (methode, chemin) = route.split_once(' ').unwrap_or(("", route));
    let geste = match methode {
        "GET" | "HEAD" => "Lecture",
        "PUT" | "PATCH" => "Modification",
        "DELETE" => "Suppression",
        _ => "Acte",
    };
    // The session is in almost every address.
    let chemin = chemin.strip_prefix(INTERFACE).unwrap_or(chemin).trim_start_matches("/sessions/{annee}");
    let mots: Vec<String> = chemin
        .split('/')
        .filter(|m| !m.is_empty() && !m.starts_with('{'))
        .map(|m| match m {
            "etablissements" => "établissements".to_owned(),
            "capacites" => "capacités".to_owned(),
            "coordonnees" => "coordonnées".to_owned(),
            "echanges" => "échanges".to_owned(),
            "journees" => "journées portes ouvertes".to_owned(),
            "openapi.json" => "description de l’interface".to_owned(),
            autre => autre.replace(['_', '-'], " "),
        })
        .collect();
    if mots.is_empty() { geste.to_owned() } else { format!("{geste}\u{a0}: {}", mots.join(", ")) }
}

#[derive(Template)]
#[template(path = "gestion/interfaces/revoquer.html")]
struct PageRevoquer {
    page: Page,
    etablissement: String,
    libelle: String,
    dernier: String,
    etendue: Vec<String>,
    form: Formulaire,
    url: String,
    retour: String,
}

pub async fn get_revoquer(requete: Requete, Path(chemin): Path<(String, String, String)>) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    Ok(rend(StatusCode::OK, &confirmation(&requete, &j, jeton)))
}

fn confirmation(requete: &Requete, j: &Jetons, jeton: Jeton) -> PageRevoquer {
    let retour = format!("{}/{}", adresse(j.session.annee, &j.etablissement), jeton.id);
    let mut chemin = ariane(j);
    chemin.push(Lien::new(&jeton.libelle, &retour));
    PageRevoquer {
        page: requete.page("Révoquer un jeton d’accès").session(&j.session.libelle).ariane(chemin),
        etablissement: j.nom.clone(),
        dernier: jeton.vu_le.map_or_else(
            || "Il n’a encore servi à aucun appel.".to_owned(),
            |le| format!("Son dernier appel date du {}.", date_heure(instant(le))),
        ),
        etendue: etendue(j, &jeton),
        form: requete.formulaire(),
        url: format!("{retour}/revoquer"),
        retour,
        libelle: jeton.libelle,
    }
}

pub async fn post_revoquer(Path(chemin): Path<(String, String, String)>, recu: Recu) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    // The token is of this establishment, or it is not here.
    let (j, _) = view_jeton(&recu.requete.ctx, annee, &etablissement, &id).await?;
    let r = revoke_jeton(&recu.requete.ctx, &recu.garde(), &id).await?;
    let liste = adresse(annee, &j.etablissement);
    Ok(redirige(&format!("{liste}?fait=jeton-revoque&recepisse={}", r.numero)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_said_in_plain_words() {
        assert_eq!(
            en_mots("GET /api/v1/sessions/{annee}/formations/{id}/capacites"),
            "Lecture\u{a0}: formations, capacités"
        );
        let coordonnees = "PUT /api/v1/sessions/{annee}/etablissements/{id}/coordonnees";
        assert_eq!(en_mots(coordonnees), "Modification\u{a0}: établissements, coordonnées");
        assert_eq!(en_mots("GET /api/v1/sessions"), "Lecture\u{a0}: sessions");
        assert_eq!(en_mots("GET /api/v1"), "Lecture");
        assert_eq!(duree(999), "< 1\u{a0}ms");
        assert_eq!(duree(12_300), "12\u{a0}ms");
    }
}
