//! `/formations`: the public search. Every filter is in the address, so that a search is shared by its link.

use app::AppError;
use app::formations::{Criteres, Resultat, Resultats, TriOffre, search_offre};
use app::messages;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::RuleViolation;
use domain::formations::{Famille, StatutFormation, format_montant};
use domain::territoires::{self, Ville};

use crate::components::{
    Alerte, Badge, Bouton, Carte, Choix, Etiquette, Formulaire, LienBouton, Markup, Pagination, Ton,
    choix_departements, identifiant, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat as Reponse, encode};

/// Kilometres offered around a town.
const RAYONS: [u32; 4] = [10, 20, 50, 100];
const RAYON: u32 = 50;

#[derive(Template)]
#[template(path = "public/formations.html")]
struct PageRecherche {
    page: Page,
    form: Formulaire,
    familles: Vec<Choix>,
    academies: Vec<Choix>,
    departements: Vec<Choix>,
    statuts: Vec<Choix>,
    selectivites: Vec<Choix>,
    villes: Vec<Choix>,
    rayons: Vec<Choix>,
    tris: Vec<Choix>,
    filtres_ouverts: bool,
    /// Active filters, each leading to the same search without it.
    etiquettes: Vec<Etiquette>,
    compte: String,
    rien: bool,
    cartes: Vec<Carte>,
    pagination: Pagination,
}

#[derive(Template)]
#[template(path = "public/formations_fermees.html")]
struct PageFermee {
    page: Page,
    alerte: Alerte,
}

/// What the public reads outside the step « consultation »: when it opens, or since when it is closed.
pub(super) fn page_fermee(requete: &Requete, regle: &RuleViolation) -> Response {
    let titre = match regle {
        RuleViolation::NotYetOpen { .. } => "L’offre de formation n’est pas encore publiée",
        _ => "L’offre de formation n’est plus consultable",
    };
    let alerte = Alerte::info(messages::regle(regle));
    rend(StatusCode::OK, &PageFermee { page: requete.page(titre), alerte })
}

pub async fn get_recherche(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Reponse {
    let mut form = Formulaire::recu("", paires);
    let criteres = lit(&mut form);
    let resultats = match search_offre(&requete.ctx, &criteres).await {
        Ok(r) => r,
        Err(AppError::Rule(regle)) => return Ok(page_fermee(&requete, &regle)),
        Err(autre) => return Err(autre.into()),
    };
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, form, &criteres, resultats)))
}

/// The filters that are understood; the others are refused with what to do, and the search goes on without them.
fn lit(form: &mut Formulaire) -> Criteres {
    const LISTE: &str = "Choisissez une réponse de la liste.";
    let mut criteres = Criteres { page: 1, ..Criteres::default() };
    criteres.texte = form.valeur("q").trim().chars().take(200).collect();
    criteres.famille = choisi(form, "famille", LISTE, Famille::from_code);
    criteres.academie =
        choisi(form, "academie", LISTE, |c| territoires::academie(c).map(|a| a.code.to_owned()));
    criteres.departement =
        choisi(form, "departement", LISTE, |c| territoires::departement(c).map(|d| d.code.to_owned()));
    criteres.statut = choisi(form, "statut", LISTE, StatutFormation::from_code);
    criteres.selective = choisi(form, "selective", LISTE, |c| match c {
        "oui" => Some(true),
        "non" => Some(false),
        _ => None,
    });
    let ville = choisi(form, "pres", "Choisissez une ville de la liste.", ville);
    let rayon = choisi(form, "rayon", LISTE, |c| c.parse().ok().filter(|r| RAYONS.contains(r)));
    if ville.is_some() && rayon.is_none() {
        form.pose("rayon", RAYON);
    }
    criteres.autour = ville.map(|v| (v, rayon.unwrap_or(RAYON)));
    let tri = choisi(form, "tri", LISTE, |c| match c {
        "pertinence" => Some(TriOffre::Pertinence),
        "distance" => Some(TriOffre::Distance),
        "nom" => Some(TriOffre::Nom),
        _ => None,
    });
    criteres.tri = match tri {
        Some(TriOffre::Distance) if ville.is_none() => {
            form.refuse("pres", "Pour classer par distance, choisissez une ville.");
            TriOffre::Pertinence
        }
        Some(tri) => tri,
        None if ville.is_some() && criteres.texte.is_empty() => TriOffre::Distance,
        None => TriOffre::Pertinence,
    };
    criteres.page = form.valeur("page").parse().unwrap_or(1);
    criteres
}

fn choisi<T>(
    form: &mut Formulaire,
    nom: &str,
    message: &str,
    reconnait: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    if form.valeur(nom).is_empty() { None } else { form.lit_choix(nom, message, reconnait) }
}

/// « 69-lyon ».
fn cle_ville(ville: &Ville) -> String {
    format!("{}-{}", ville.departement.to_lowercase(), identifiant(ville.nom))
}

fn ville(cle: &str) -> Option<&'static Ville> {
    territoires::villes().iter().find(|v| cle_ville(v) == cle)
}

fn code_tri(tri: TriOffre) -> &'static str {
    match tri {
        TriOffre::Pertinence => "pertinence",
        TriOffre::Distance => "distance",
        TriOffre::Nom => "nom",
    }
}

/// The pairs of the address of a search, without its page.
fn paires(c: &Criteres) -> Vec<(&'static str, String)> {
    let mut paires = Vec::new();
    let mut pose = |nom, valeur: Option<String>| {
        if let Some(v) = valeur.filter(|v| !v.is_empty()) {
            paires.push((nom, v));
        }
    };
    pose("q", Some(c.texte.clone()));
    pose("famille", c.famille.map(|f| f.code().to_owned()));
    pose("academie", c.academie.clone());
    pose("departement", c.departement.clone());
    pose("statut", c.statut.map(|s| s.code().to_owned()));
    pose("selective", c.selective.map(|s| if s { "oui" } else { "non" }.to_owned()));
    pose("pres", c.autour.map(|(v, _)| cle_ville(v)));
    pose("rayon", c.autour.map(|(_, r)| r.to_string()));
    pose("tri", Some(code_tri(c.tri).to_owned()));
    paires
}

fn adresse<'a>(paires: impl IntoIterator<Item = &'a (&'static str, String)>, page: u32) -> String {
    let mut parties: Vec<String> =
        paires.into_iter().map(|(nom, valeur)| format!("{nom}={}", encode(valeur))).collect();
    if page > 1 {
        parties.push(format!("page={page}"));
    }
    if parties.is_empty() { "/formations".to_owned() } else { format!("/formations?{}", parties.join("&")) }
}

fn page(requete: &Requete, mut form: Formulaire, c: &Criteres, r: Resultats) -> PageRecherche {
    let choisis = paires(c);
    form.pose("tri", code_tri(c.tri));
    let erreurs = !form.est_valide();
    let etiquettes = etiquettes(c, &choisis);
    let titre = if c.texte.is_empty() {
        "Rechercher une formation".to_owned()
    } else {
        format!("Formations : {}", c.texte)
    };
    PageRecherche {
        page: requete.page(titre).session(&r.session.libelle).en_erreur(erreurs),
        familles: Famille::ALL.iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        academies: academies(),
        departements: choix_departements(),
        statuts: vec![
            Choix::new("etudiant", "Sous statut étudiant"),
            Choix::new("apprentissage", "En apprentissage"),
        ],
        selectivites: vec![
            Choix::new("oui", "Sélectives (le refus est possible)"),
            Choix::new("non", "Non sélectives"),
        ],
        villes: villes(),
        rayons: RAYONS.iter().map(|km| Choix::new(km, format_args!("{km} km"))).collect(),
        tris: vec![
            Choix::new("pertinence", "Pertinence"),
            Choix::new("distance", "Distance de la ville choisie"),
            Choix::new("nom", "Nom de la formation"),
        ],
        filtres_ouverts: erreurs || !etiquettes.is_empty(),
        etiquettes,
        compte: compte(r.total, r.page, r.pages),
        rien: r.total == 0,
        cartes: r.lignes.iter().map(carte).collect(),
        pagination: Pagination::new(r.page, r.pages, |n| adresse(&choisis, n)),
        form,
    }
}

fn compte(total: i64, page: u32, pages: u32) -> String {
    let trouve = match total {
        0 => return "Aucune formation trouvée".to_owned(),
        1 => "1 formation trouvée".to_owned(),
        n => format!("{} formations trouvées", nombre(n)),
    };
    if pages > 1 {
        format!("{trouve}, page {} sur {}", nombre(i64::from(page)), nombre(i64::from(pages)))
    } else {
        trouve
    }
}

fn academies() -> Vec<Choix> {
    let mut toutes: Vec<_> = territoires::academies().iter().chain(territoires::autres_services()).collect();
    toutes.sort_by_key(|a| identifiant(a.nom));
    toutes.into_iter().map(|a| Choix::new(a.code, a.nom)).collect()
}

fn villes() -> Vec<Choix> {
    let mut toutes: Vec<&Ville> = territoires::villes().iter().collect();
    toutes.sort_by_key(|v| identifiant(v.nom));
    toutes
        .into_iter()
        .map(|v| Choix::new(cle_ville(v), format_args!("{} ({})", v.nom, v.departement)))
        .collect()
}

fn etiquettes(c: &Criteres, choisis: &[(&'static str, String)]) -> Vec<Etiquette> {
    let sans = |noms: &[&str]| adresse(choisis.iter().filter(|(nom, _)| !noms.contains(nom)), 1);
    let mut liste = Vec::new();
    let mut pose = |texte: Option<String>, noms: &[&str]| {
        if let Some(texte) = texte {
            liste.push(Etiquette::new(format_args!("{texte} : retirer ce filtre")).vers(sans(noms)));
        }
    };
    pose(c.famille.map(|f| f.libelle().to_owned()), &["famille"]);
    pose(
        c.academie.as_deref().and_then(territoires::academie).map(|a| format!("Académie : {}", a.nom)),
        &["academie"],
    );
    pose(
        c.departement
            .as_deref()
            .and_then(territoires::departement)
            .map(|d| format!("{} ({})", d.nom, d.code)),
        &["departement"],
    );
    pose(
        c.statut.map(|s| {
            if s == StatutFormation::Apprentissage { "En apprentissage" } else { "Statut étudiant" }
                .to_owned()
        }),
        &["statut"],
    );
    pose(c.selective.map(|s| if s { "Sélectives" } else { "Non sélectives" }.to_owned()), &["selective"]);
    pose(
        c.autour.map(|(v, km)| format!("À moins de {km} km de {}", v.nom)),
        // Without a town there is no distance to sort by.
        &["pres", "rayon", "tri"],
    );
    liste
}

fn carte(r: &Resultat) -> Carte {
    let mut surtitre = format!("{} – {}", r.etablissement, r.lieu);
    if let Some(km) = r.distance_km {
        surtitre.push_str(&match km.round() {
            km if km < 1.0 => " – à moins de 1 km".to_owned(),
            km => format!(" – à {km} km"),
        });
    }
    let mut badges = Markup::new(Badge::new(Ton::Neutre, r.genre));
    if r.apprentissage {
        badges = badges.et(Badge::new(Ton::Info, "Apprentissage"));
    }
    badges = badges.et(Badge::new(Ton::Neutre, if r.selective { "Sélective" } else { "Non sélective" }));
    if r.internat {
        badges = badges.et(Badge::new(Ton::Neutre, "Internat"));
    }
    let mut texte = match r.capacite {
        Some(1) => "1 place".to_owned(),
        Some(n) => format!("{} places", nombre(n)),
        None => "Capacité non communiquée".to_owned(),
    };
    match r.frais_centimes {
        Some(0) => texte.push_str(" – sans frais de scolarité"),
        Some(c) => texte.push_str(&format!(" – frais de scolarité : {} par an", format_montant(c))),
        None => {}
    }
    Carte::new(&r.libelle)
        .vers(format_args!("/formations/{}", r.id))
        .surtitre(surtitre)
        .badges(badges)
        .texte(texte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(paires: &[(&str, &str)]) -> Formulaire {
        Formulaire::recu("", paires.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn the_address_of_a_search_gives_the_same_search() {
        let mut f =
            form(&[("q", "Génie & co"), ("famille", "but"), ("pres", "69-lyon"), ("departement", "2A")]);
        let c = lit(&mut f);
        assert!(f.est_valide());
        let url = adresse(&paires(&c), 2);
        assert_eq!(
            url,
            "/formations?q=G%C3%A9nie%20%26%20co&famille=but&departement=2A&pres=69-lyon&rayon=50&tri=pertinence&page=2"
        );
    }

    #[test]
    fn a_town_without_words_sorts_by_distance_and_distance_needs_a_town() {
        assert_eq!(lit(&mut form(&[("pres", "974-saint-denis")])).tri, TriOffre::Distance);
        let mut f = form(&[("tri", "distance")]);
        lit(&mut f);
        assert_eq!(f.erreur("pres"), Some("Pour classer par distance, choisissez une ville."));
    }

    #[test]
    fn an_unknown_filter_is_refused_and_the_search_goes_on_without_it() {
        let mut f = form(&[("famille", "x"), ("rayon", "7"), ("selective", "1"), ("page", "-3")]);
        let c = lit(&mut f);
        assert_eq!((c.famille, c.selective, c.page), (None, None, 1));
        assert_eq!(f.erreurs().len(), 3);
    }
}
