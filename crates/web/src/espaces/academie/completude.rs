//! `/academie/{annee}/completude`: which establishments still have something to say; the same as a file.

use app::completude::{
    EtablissementSuivi, FiltreCompletude, Suivi, Total, contact, export_completude, export_formations, follow,
};
use app::messages::{accord, date_courte};
use app::{AppError, FormatTableau};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::etablissements::ParTutelle;
use domain::formations::Famille;
use domain::territoires;
use jiff::Timestamp;

use super::apprentissage::accueil;
use super::lit_annee;
use crate::components::etablissement::{choix_tutelles, lit_tutelle};
use crate::components::{
    Aide, Badge, Bouton, Cellule, Choix, Colonne, Definitions, Echeance, Formulaire, LienBouton, Markup,
    Nouveautes, Pagination, Point, Points, Tableau, Ton, en_tout, nombre, non_lus,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, avec_criteres, lit_format, tableur};

#[derive(Template)]
#[template(path = "academie/completude.html")]
struct PageCompletude {
    page: Page,
    url: String,
    echeance: Option<Echeance>,
    messages: Vec<Markup>,
    nouveautes: Option<Nouveautes>,
    chiffres: Definitions,
    form: Formulaire,
    departements: Vec<Choix>,
    familles: Vec<Choix>,
    tutelles: Vec<Choix>,
    compte: String,
    actions: Vec<Bouton>,
    /// The same list as a file.
    exports: Vec<Bouton>,
    tableau: Tableau,
    pagination: Pagination,
    carte: Option<Points>,
    /// Places of the map without a position.
    hors_carte: Option<String>,
    par_lieu: Tableau,
    par_famille: Tableau,
}

/// What an address or a form looks for; faults are noted on the form.
pub(super) fn lit_filtre(form: &mut Formulaire) -> FiltreCompletude {
    let famille = Famille::from_code(form.valeur("famille"));
    if famille.is_none() && !form.valeur("famille").is_empty() {
        form.refuse("famille", "Choisissez un type de formation de la liste.");
    }
    let departement = form.valeur("departement").to_owned();
    let connu = departement.is_empty() || territoires::departement(&departement).is_some();
    if !connu {
        form.refuse("departement", "Choisissez un département de la liste.");
    }
    let tutelle = lit_tutelle(form);
    FiltreCompletude {
        recherche: form.valeur("q").trim().chars().take(200).collect(),
        departement: (connu && !departement.is_empty()).then_some(departement),
        famille,
        tutelle,
        incomplets: form.lit_case("incomplets"),
        page: form.valeur("page").parse().unwrap_or(1),
    }
}

/// The same as the query of an address.
pub(super) fn en_adresse(chemin: &str, f: &FiltreCompletude, propre: Option<String>) -> String {
    let choix = [
        ("q", f.recherche.as_str()),
        ("departement", f.departement.as_deref().unwrap_or("")),
        ("famille", f.famille.map_or("", Famille::code)),
        ("tutelle", f.tutelle.map_or("", ParTutelle::code)),
        ("incomplets", if f.incomplets { "oui" } else { "" }),
    ];
    avec_criteres(chemin, propre, &choix)
}

pub async fn get_completude(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    let mut form = Formulaire::recu("", paires);
    let filtre = lit_filtre(&mut form);
    let suivi = follow(&requete.ctx, annee, &filtre).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page(&requete, form, &filtre, &suivi)))
}

/// What the address of a file asks for.
fn lit_export(
    annee: &str,
    paires: Vec<(String, String)>,
) -> Result<(i64, FiltreCompletude, FormatTableau), AppError> {
    let format = lit_format(&paires);
    Ok((lit_annee(annee)?, lit_filtre(&mut Formulaire::recu("", paires)), format))
}

pub async fn get_export(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, filtre, format) = lit_export(&annee, paires)?;
    let e = export_completude(&requete.ctx, annee, &filtre, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

/// One line a course.
pub async fn get_export_formations(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, filtre, format) = lit_export(&annee, paires)?;
    let e = export_formations(&requete.ctx, annee, &filtre, format).await?;
    Ok(tableur(&e.nom_fichier, e.format, e.octets))
}

fn page(requete: &Requete, form: Formulaire, f: &FiltreCompletude, s: &Suivi) -> PageCompletude {
    let annee = s.session.annee;
    let url = format!("/academie/{annee}/completude");
    let export = |libelle: &str, quoi: &str, format: FormatTableau| {
        let vers = en_adresse(&format!("{url}{quoi}/export"), f, Some(format!("format={}", format.code())));
        LienBouton::new(libelle, vers).secondaire().icone("download-line")
    };
    let (mut actions, mut exports) = (Vec::new(), Vec::new());
    if s.relancer {
        let tous = en_adresse(&format!("{url}/relances/nouvelle"), f, None);
        actions.push(LienBouton::new("Préparer une relance", en_adresse(&format!("{url}/relance"), f, None)));
        actions.push(LienBouton::new("Relancer tous les établissements incomplets", tous).secondaire());
    }
    if s.relances {
        actions.push(LienBouton::new("Suivre les relances", format_args!("{url}/relances")).secondaire());
    }
    if s.total > 0 {
        exports.push(export("Une ligne par établissement (XLSX)", "", FormatTableau::Xlsx));
        exports.push(export("Une ligne par établissement (CSV)", "", FormatTableau::Csv));
        exports.push(export("Une ligne par formation (XLSX)", "/formations", FormatTableau::Xlsx));
        exports.push(export("Une ligne par formation (CSV)", "/formations", FormatTableau::Csv));
    }
    let somme = |compte: fn(&Total) -> i64| s.departements.iter().map(compte).sum::<i64>();
    let part = |fait: i64, total: i64| format!("{} sur {}", nombre(fait), nombre(total));
    let departement = |d: &Total| Choix::new(&d.departement, format_args!("{} ({})", d.nom, d.departement));
    PageCompletude {
        page: requete
            .page("Complétude des établissements")
            .session(&s.session.libelle)
            .ariane(vec![accueil(requete, annee)])
            .en_erreur(!form.est_valide()),
        echeance: s
            .fenetre
            .filter(|_| !s.session.archivee)
            .map(|f| Echeance::new(requete.ctx.campagne_le, f.ferme)),
        messages: non_lus(annee, &s.non_lus),
        nouveautes: s.changements.as_ref().map(|c| Nouveautes::new(annee, c)),
        chiffres: Definitions::new()
            .ligne("Établissements complets", part(somme(|d| d.complets), somme(|d| d.etablissements)))
            .ligne("Formations complètes", part(somme(|d| d.completes), somme(|d| d.formations)))
            .ligne("Formations publiées", part(somme(|d| d.publiees), somme(|d| d.formations))),
        departements: s.departements.iter().map(departement).collect(),
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        tutelles: choix_tutelles(&s.tutelles),
        compte: en_tout(s.total, "Aucun établissement", "établissement", "établissements"),
        actions,
        exports,
        tableau: tableau(annee, s),
        pagination: Pagination::new(s.page, s.pages, |n| en_adresse(&url, f, Some(format!("page={n}")))),
        carte: carte(s),
        hors_carte: match s.points.iter().filter(|t| t.position.is_none()).count() {
            0 => None,
            n => Some(format!(
                "{} sans position connue : voir le tableau.",
                crate::components::accord(n as u64, "lieu", "lieux")
            )),
        },
        par_lieu: par_lieu(&url, f, s),
        par_famille: par_famille(&url, f, s),
        url,
        form,
    }
}

fn carte(s: &Suivi) -> Option<Points> {
    let points: Vec<Point> = s
        .points
        .iter()
        .filter_map(|t| {
            let (latitude, longitude) = t.position?;
            Some(Point { nom: t.nom.clone(), latitude, longitude, fait: t.complets, total: t.etablissements })
        })
        .collect();
    (!points.is_empty()).then(|| {
        Points::new(
            "Établissements complets, par lieu",
            "Plus un disque est grand, plus le lieu compte d’établissements ; sa partie pleine est celle des établissements \
             complets. Le tableau qui suit dit la même chose.",
            &points,
        )
    })
}

/// « À compléter », or « En retard » in the last days of the step and after it; in an archive, nothing is late any more.
fn etat(s: &Suivi, e: &EtablissementSuivi) -> Badge {
    if e.is_complet() {
        Badge::new(Ton::Succes, "Complet")
    } else if s.session.archivee {
        Badge::new(Ton::Neutre, "Incomplet à la clôture")
    } else if s.en_retard {
        Badge::new(Ton::Erreur, "En retard")
    } else {
        Badge::new(Ton::Attention, "À compléter")
    }
}

/// What the establishment itself lacks; when nothing, what of its courses keeps it from being complete.
fn manques(e: &EtablissementSuivi) -> String {
    if !e.manques.is_empty() {
        return e.manques.iter().map(|m| m.libelle()).collect::<Vec<_>>().join(", ");
    }
    let suite = |n: i64, quoi: &str| format!("rien ; {} {quoi}", accord(n, "formation", "formations"));
    match (e.formations - e.completes, e.formations - e.publiees) {
        (n @ 1.., _) => suite(n, "à compléter"),
        (_, n @ 1..) => suite(n, "à publier"),
        _ => "rien".to_owned(),
    }
}

fn tableau(annee: i64, s: &Suivi) -> Tableau {
    let colonnes = vec![
        Colonne::longue("Établissement et contacts"),
        Colonne::courte("Dépt"),
        Colonne::new("État"),
        Colonne::longue("Il manque à l’établissement"),
        Colonne::nombre("Complètes"),
        Colonne::nombre("Publiées"),
        Colonne::courte("Relancé le"),
        Colonne::actions("Actions"),
    ];
    Tableau::new("Établissements du périmètre", colonnes)
        .legende_cachee()
        .si_vide("Aucun établissement ne répond à cette recherche dans votre périmètre.")
        .lignes(s.lignes.iter().map(|e| {
            let url = format!("/gestion/{annee}/etablissements/{}", e.id);
            vec![
                etablissement(e, &url),
                Cellule::texte(&e.departement),
                Cellule::markup(Markup::new(etat(s, e))),
                Cellule::texte(manques(e)),
                Cellule::texte(format_args!("{} sur {}", nombre(e.completes), nombre(e.formations))),
                Cellule::nombre(e.publiees),
                Cellule::texte(relance(e.relance_le)),
                Cellule::markup(Markup::new(
                    LienBouton::new("Échanges", format_args!("{url}/echanges"))
                        .petit()
                        .tertiaire()
                        .precision(&e.nom),
                )),
            ]
        }))
}

/// The way to a page under it.
pub(super) fn ariane(requete: &Requete, annee: i64) -> Vec<Lien> {
    let ici = format!("/academie/{annee}/completude");
    vec![accueil(requete, annee), Lien::new("Complétude des établissements", ici)]
}

/// Its name, and whom to call there (R-ETA-07).
fn etablissement(e: &EtablissementSuivi, url: &str) -> Cellule {
    let lien = Markup::lien(format_args!("{} ({}), {}", e.nom, e.uai, e.commune), url);
    let contacts: Vec<String> = e.contacts.iter().map(contact).collect();
    if contacts.is_empty() {
        return Cellule::markup(lien);
    }
    Cellule::markup(lien.et(Markup::rendu("<br>")).et(Markup::lignes(&contacts)))
}

pub(super) fn relance(ms: Option<i64>) -> String {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()).map_or_else(|| "–".to_owned(), date_courte)
}

fn par_lieu(url: &str, f: &FiltreCompletude, s: &Suivi) -> Tableau {
    let villes = f.departement.is_some();
    let colonnes = vec![
        Colonne::new(if villes { "Commune" } else { "Département" }),
        Colonne::nombre("Établissements à compléter"),
        Colonne::nombre("Établissements"),
        Colonne::nombre("Formations complètes"),
        Colonne::nombre("Formations publiées"),
        Colonne::nombre("Formations"),
    ];
    let legende = if villes { "Par commune" } else { "Par département" };
    Tableau::new(legende, colonnes).lignes(s.lieux.iter().map(|t| {
        let seul = FiltreCompletude {
            departement: Some(t.departement.clone()),
            incomplets: true,
            page: 1,
            ..f.clone()
        };
        vec![
            if villes {
                Cellule::texte(&t.nom)
            } else {
                Cellule::lien(format_args!("{} ({})", t.nom, t.departement), en_adresse(url, &seul, None))
            },
            Cellule::nombre(t.etablissements - t.complets),
            Cellule::nombre(t.etablissements),
            Cellule::nombre(t.completes),
            Cellule::nombre(t.publiees),
            Cellule::nombre(t.formations),
        ]
    }))
}

fn par_famille(url: &str, f: &FiltreCompletude, s: &Suivi) -> Tableau {
    let colonnes = vec![
        Colonne::new("Type de formation"),
        Colonne::nombre("À compléter"),
        Colonne::nombre("À publier"),
        Colonne::nombre("Formations"),
    ];
    Tableau::new("Par type de formation", colonnes).lignes(s.familles.iter().map(|t| {
        let seule = FiltreCompletude { famille: Some(t.famille), incomplets: true, page: 1, ..f.clone() };
        vec![
            Cellule::lien(t.famille.libelle(), en_adresse(url, &seule, None)),
            Cellule::nombre(t.formations - t.completes),
            Cellule::nombre(t.formations - t.publiees),
            Cellule::nombre(t.formations),
        ]
    }))
}
