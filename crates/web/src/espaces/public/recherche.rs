//! `/formations`: the public search. Every filter is in the address, so that a search is shared by its link.

use app::communes::{Lieu, VilleTrouvee, find_ville};
use app::formations::{Criteres, Resultat, Resultats, TriOffre, search_offre};
use app::{AppError, Ctx, messages};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::RuleViolation;
use domain::formations::{Famille, StatutFormation, format_montant};
use domain::territoires;

use crate::components::{
    Alerte, Badge, Bouton, Carte, Choix, Etiquette, Formulaire, LienBouton, Markup, Pagination, Ton,
    choix_departements, identifiant, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat as Reponse, avec_criteres};

/// Kilometres offered around a town.
const RAYONS: [u32; 4] = [10, 20, 50, 100];
const RAYON: u32 = 50;
/// Letters of a town that are read.
const VILLE_MAX: usize = 100;
const LISTE: &str = "Choisissez une réponse de la liste.";

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
    rayons: Vec<Choix>,
    tris: Vec<Choix>,
    /// The towns to choose from when what was typed is not one: name and the same search around it.
    villes: Vec<(String, String)>,
    filtres_ouverts: bool,
    /// Active filters, each leading to the same search without it.
    etiquettes: Vec<Etiquette>,
    /// Nothing is listed while a filter is wrong: it would answer another search.
    cherchee: bool,
    compte: String,
    rien: bool,
    /// The same search farther from the town, when nothing is nearer: text and address.
    plus_loin: Option<(String, String)>,
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
    let mut demande = lit(&mut form);
    let villes = match place(&requete.ctx, &mut form, &mut demande).await {
        Ok(villes) => villes,
        Err(e) => return fermee(&requete, e),
    };
    ordonne(&mut form, &mut demande);
    let resultats = match search_offre(&requete.ctx, &demande.criteres).await {
        Ok(r) => r,
        Err(e) => return fermee(&requete, e),
    };
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, form, &demande, &villes, resultats)))
}

/// Before and after its step, the offer says when it is read.
fn fermee(requete: &Requete, e: AppError) -> Reponse {
    match e {
        AppError::Rule(regle) => Ok(page_fermee(requete, &regle)),
        autre => Err(autre.into()),
    }
}

/// A search, as it was asked for.
#[derive(Clone, Default)]
struct Demande {
    criteres: Criteres,
    /// The distance chosen, with a town or without.
    rayon: Option<u32>,
    /// The order chosen; `None`: by distance around a town, by relevance elsewhere.
    tri: Option<TriOffre>,
}

/// The filters that are understood; the others are refused with what to do.
fn lit(form: &mut Formulaire) -> Demande {
    let criteres = Criteres {
        texte: form.valeur("q").trim().chars().take(200).collect(),
        famille: choisi(form, "famille", LISTE, Famille::from_code),
        academie: choisi(form, "academie", LISTE, |c| territoires::academie(c).map(|a| a.code.to_owned())),
        departement: choisi(form, "departement", LISTE, |c| {
            territoires::departement(c).map(|d| d.code.to_owned())
        }),
        statut: choisi(form, "statut", LISTE, StatutFormation::from_code),
        selective: choisi(form, "selective", LISTE, |c| match c {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        }),
        page: form.valeur("page").parse().unwrap_or(1),
        ..Criteres::default()
    };
    let rayon = choisi(form, "rayon", LISTE, |c| c.parse().ok().filter(|r| RAYONS.contains(r)));
    let tri = choisi(form, "tri", LISTE, |c| match c {
        "pertinence" => Some(TriOffre::Pertinence),
        "distance" => Some(TriOffre::Distance),
        "nom" => Some(TriOffre::Nom),
        _ => None,
    });
    Demande { criteres, rayon, tri }
}

/// R-FOR-27: puts the search around the town that is typed. When it is not one, says so, and gives those to choose from.
async fn place(ctx: &Ctx, form: &mut Formulaire, demande: &mut Demande) -> Result<Vec<Lieu>, AppError> {
    let typee: String = form.valeur("pres").trim().chars().take(VILLE_MAX).collect();
    if typee.is_empty() {
        return Ok(Vec::new());
    }
    let ici = demande.criteres.departement.clone().unwrap_or_default();
    match find_ville(ctx, &typee, &ici).await? {
        VilleTrouvee::Une(ville) => {
            form.pose("pres", ville.designation());
            let rayon = demande.rayon.unwrap_or(RAYON);
            form.pose("rayon", rayon);
            demande.criteres.autour = Some((ville, rayon));
            Ok(Vec::new())
        }
        VilleTrouvee::Plusieurs(villes) => {
            form.refuse(
                "pres",
                format_args!(
                    "Plusieurs villes répondent à « {typee} » : choisissez la vôtre dans la liste, ou ajoutez son département."
                ),
            );
            Ok(villes)
        }
        VilleTrouvee::Aucune(villes) => {
            let sinon = if villes.is_empty() {
                "indiquez une ville voisine"
            } else {
                "choisissez dans la liste une ville au nom proche"
            };
            form.refuse(
                "pres",
                format_args!(
                    "Aucune ville connue ne répond à « {typee} ». Vérifiez son orthographe, ou {sinon}."
                ),
            );
            Ok(villes)
        }
    }
}

/// The order of the results: that chosen, else by distance around a town, by relevance elsewhere.
fn ordonne(form: &mut Formulaire, demande: &mut Demande) {
    let autour = demande.criteres.autour.is_some();
    demande.criteres.tri = match demande.tri {
        Some(TriOffre::Distance) if !autour => {
            if form.valeur("pres").trim().is_empty() {
                form.refuse("pres", "Pour classer par distance, indiquez une ville.");
            }
            TriOffre::Pertinence
        }
        Some(tri) => tri,
        None if autour => TriOffre::Distance,
        None => TriOffre::Pertinence,
    };
}

fn choisi<T>(
    form: &mut Formulaire,
    nom: &str,
    message: &str,
    reconnait: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    if form.valeur(nom).is_empty() { None } else { form.lit_choix(nom, message, reconnait) }
}

fn code_tri(tri: TriOffre) -> &'static str {
    match tri {
        TriOffre::Pertinence => "pertinence",
        TriOffre::Distance => "distance",
        TriOffre::Nom => "nom",
    }
}

/// The pairs of the address of a search, without its page.
fn paires(demande: &Demande) -> Vec<(&'static str, String)> {
    let c = &demande.criteres;
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
    pose("pres", c.autour.as_ref().map(|(v, _)| v.designation()));
    pose("rayon", c.autour.as_ref().map(|(_, r)| r.to_string()));
    // An order that was not chosen follows what is searched; without a town there is no distance to sort by.
    let tri = demande.tri.filter(|t| *t != TriOffre::Distance || c.autour.is_some());
    pose("tri", tri.map(|t| code_tri(t).to_owned()));
    paires
}

/// The address of the same search around a town, within so many kilometres.
fn adresse_autour(demande: &Demande, ville: &Lieu, rayon: u32) -> String {
    let mut ici = demande.clone();
    ici.criteres.autour = Some((ville.clone(), rayon));
    adresse(&paires(&ici), 1)
}

fn adresse<'a>(paires: impl IntoIterator<Item = &'a (&'static str, String)>, page: u32) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    let dites = paires.into_iter().map(|(nom, valeur)| (*nom, valeur.as_str()));
    let choix: Vec<(&str, &str)> = dites.chain([("page", page.as_str())]).collect();
    avec_criteres("/formations", None, &choix)
}

fn page(
    requete: &Requete,
    form: Formulaire,
    demande: &Demande,
    villes: &[Lieu],
    r: Resultats,
) -> PageRecherche {
    let c = &demande.criteres;
    let choisis = paires(demande);
    let erreurs = !form.est_valide();
    let etiquettes = etiquettes(c, &choisis);
    let plus_loin = c.autour.as_ref().filter(|_| r.total == 0).and_then(|(ville, km)| {
        let rayon = *RAYONS.iter().find(|r| *r > km)?;
        Some((format!("Chercher {}", a_moins_de(ville, rayon)), adresse_autour(demande, ville, rayon)))
    });
    PageRecherche {
        page: requete.page(titre(c)).session(&r.session.libelle).en_erreur(erreurs),
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
        rayons: RAYONS.iter().map(|km| Choix::new(km, format_args!("{km} km"))).collect(),
        tris: vec![
            Choix::new("pertinence", "Pertinence"),
            Choix::new("distance", "Distance de la ville choisie"),
            Choix::new("nom", "Nom de la formation"),
        ],
        villes: villes
            .iter()
            .map(|v| (nommee(v), adresse_autour(demande, v, demande.rayon.unwrap_or(RAYON))))
            .collect(),
        filtres_ouverts: erreurs || !etiquettes.is_empty(),
        etiquettes,
        cherchee: !erreurs,
        compte: compte(c, &r),
        rien: r.total == 0,
        plus_loin,
        cartes: r.lignes.iter().map(carte).collect(),
        pagination: Pagination::new(r.page, r.pages, |n| adresse(&choisis, n)),
        form,
    }
}

fn titre(c: &Criteres) -> String {
    let autour = c.autour.as_ref().map(|(ville, _)| format!("autour de {}", ville.designation()));
    let texte = abrege(&c.texte);
    match (texte.as_str(), autour) {
        ("", None) => "Rechercher une formation".to_owned(),
        ("", Some(autour)) => format!("Formations {autour}"),
        (texte, None) => format!("Formations : {texte}"),
        (texte, Some(autour)) => format!("Formations : {texte}, {autour}"),
    }
}

/// Enough of a query to know it again in a title: the field has it whole.
fn abrege(texte: &str) -> String {
    const LETTRES: usize = 60;
    if texte.chars().count() <= LETTRES {
        return texte.to_owned();
    }
    texte.chars().take(LETTRES).chain(['…']).collect()
}

/// « à moins de 50 km de Lyon (69) ».
fn a_moins_de(ville: &Lieu, km: u32) -> String {
    format!("à moins de {km} km de {}", ville.designation())
}

/// « Saint-Denis (Seine-Saint-Denis, 93) ».
fn nommee(ville: &Lieu) -> String {
    territoires::departement(&ville.departement)
        .map_or_else(|| ville.designation(), |d| format!("{} ({}, {})", ville.nom, d.nom, d.code))
}

fn compte(c: &Criteres, r: &Resultats) -> String {
    let mut trouve = match r.total {
        0 => "Aucune formation trouvée".to_owned(),
        1 => "1 formation trouvée".to_owned(),
        n => format!("{} formations trouvées", nombre(n)),
    };
    if let Some((ville, km)) = &c.autour {
        trouve.push(' ');
        trouve.push_str(&a_moins_de(ville, *km));
    }
    if r.pages > 1 {
        let (page, pages) = (nombre(i64::from(r.page)), nombre(i64::from(r.pages)));
        trouve.push_str(&format!(", page {page} sur {pages}"));
    }
    trouve
}

fn academies() -> Vec<Choix> {
    let mut toutes: Vec<_> = territoires::academies().iter().chain(territoires::autres_services()).collect();
    toutes.sort_by_key(|a| identifiant(a.nom));
    toutes.into_iter().map(|a| Choix::new(a.code, a.nom)).collect()
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
        c.autour.as_ref().map(|(v, km)| format!("À moins de {km} km de {}", v.designation())),
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

    fn lyon() -> Lieu {
        Lieu { nom: "Lyon".to_owned(), departement: "69".to_owned(), latitude: 45.76, longitude: 4.84 }
    }

    /// What was asked for, once its town is placed.
    fn autour(f: &mut Formulaire) -> Demande {
        let mut d = lit(f);
        d.criteres.autour = Some((lyon(), d.rayon.unwrap_or(RAYON)));
        ordonne(f, &mut d);
        d
    }

    #[test]
    fn the_address_of_a_search_gives_the_same_search() {
        let mut f = form(&[("q", "Génie & co"), ("famille", "but"), ("pres", "Lyon"), ("departement", "2A")]);
        let d = autour(&mut f);
        assert!(f.est_valide());
        let url = adresse(&paires(&d), 2);
        assert_eq!(
            url,
            "/formations?q=G%C3%A9nie%20%26%20co&famille=but&departement=2A&pres=Lyon%20%2869%29&rayon=50&page=2"
        );
        let mut f = form(&[("pres", "Lyon"), ("rayon", "20"), ("tri", "nom")]);
        assert_eq!(adresse(&paires(&autour(&mut f)), 1), "/formations?pres=Lyon%20%2869%29&rayon=20&tri=nom");
    }

    #[test]
    fn r_for_27_a_town_sorts_by_distance_unless_another_order_is_chosen_and_distance_needs_a_town() {
        for (q, tri, attendu) in [
            ("", "", TriOffre::Distance),
            ("droit", "", TriOffre::Distance),
            ("droit", "pertinence", TriOffre::Pertinence),
            ("", "nom", TriOffre::Nom),
        ] {
            let d = autour(&mut form(&[("pres", "Lyon"), ("q", q), ("tri", tri)]));
            assert_eq!(d.criteres.tri, attendu, "{q} {tri}");
        }
        let mut f = form(&[("tri", "distance")]);
        let mut d = lit(&mut f);
        ordonne(&mut f, &mut d);
        assert_eq!(f.erreur("pres"), Some("Pour classer par distance, indiquez une ville."));
        assert_eq!((d.criteres.tri, adresse(&paires(&d), 1).as_str()), (TriOffre::Pertinence, "/formations"));
    }

    #[test]
    fn an_unknown_filter_is_refused_and_the_others_are_kept() {
        let mut f = form(&[("famille", "x"), ("rayon", "7"), ("selective", "1"), ("page", "-3")]);
        let c = lit(&mut f).criteres;
        assert_eq!((c.famille, c.selective, c.page), (None, None, 1));
        assert_eq!(f.erreurs().len(), 3);
    }
}
