//! `/gestion/{annee}/recapitulatif.pdf` and that of one course: what was declared, to print and to file (R-DOC-01).

mod etablissement;
mod formation;

use app::documents::{
    Bloc, Colonne, Document, Imprime, RecapFormation, Recapitulatif, Volume, Volumes, print_formation,
    print_recapitulatif, view_volumes,
};
use app::messages::date_heure;
use app::{AppError, Ctx};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::droits::Action;
use domain::formations::normalise_recherche;
use jiff::Timestamp;
use serde::Deserialize;

use super::accueil::Parametres;
use super::formation::lit_chemin;
use crate::components::nombre;
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Requete, Resultat, Table, fichier, redirige};
use crate::typographie::insecables_texte;

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterParametrage);
    Table::new()
        .get("/gestion/{annee}/recapitulatif", consulter, get_volumes)
        .get("/gestion/{annee}/recapitulatif.pdf", consulter, get_recapitulatif)
        .get("/gestion/{annee}/formations/{id}/recapitulatif.pdf", consulter, get_formation)
}

/// The document of an establishment: that of the home, or the one asked for.
pub(super) fn adresse(annee: i64, etablissement: &str) -> String {
    format!("/gestion/{annee}/recapitulatif.pdf?etablissement={etablissement}")
}

#[derive(Deserialize)]
pub struct Demande {
    /// Empty: the only one, if there is only one.
    #[serde(default)]
    volume: String,
}

pub async fn get_recapitulatif(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
    Query(d): Query<Demande>,
) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let choisi = p.etablissement()?;
    let numero = match d.volume.as_str() {
        "" => {
            let v = view_volumes(&requete.ctx, annee, choisi.as_ref()).await?;
            if v.volumes.len() > 1 {
                return Ok(redirige(&format!("/gestion/{annee}/recapitulatif?etablissement={}", v.id)));
            }
            1
        }
        n => n.parse().map_err(|_| AppError::NotFound)?,
    };
    Ok(print_volume(&requete.ctx, annee, choisi.as_ref(), numero).await?)
}

/// One volume of what an establishment declared, to download: for a page, or for a program.
///
/// # Errors
/// As [`print_recapitulatif`].
pub async fn print_volume(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
    numero: i64,
) -> Result<Response, AppError> {
    let le = ctx.campagne_le;
    let imprime = print_recapitulatif(ctx, annee, choisi, numero, |r| entier(r, le)).await?;
    Ok(telecharge(annee, imprime))
}

/// A volume to download.
struct VolumeListe {
    libelle: String,
    contenu: String,
    url: String,
}

#[derive(Template)]
#[template(path = "gestion/recapitulatif.html")]
struct PageVolumes {
    page: Page,
    etablissement: String,
    intro: String,
    volumes: Vec<VolumeListe>,
}

/// An establishment with many courses has several documents: one would be too long to set, and to read.
pub async fn get_volumes(
    requete: Requete,
    Path(annee): Path<String>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let v = view_volumes(&requete.ctx, annee, p.etablissement()?.as_ref()).await?;
    let intro = match (v.formations, v.volumes.len()) {
        (_, 1) => "Tout ce qui est déclaré tient dans un document.".to_owned(),
        (n, volumes) => format!(
            "Les {} formations sont réparties en {} volumes, dans l’ordre de la liste des formations.",
            nombre(n),
            nombre(i64::try_from(volumes).unwrap_or(i64::MAX))
        ),
    };
    let page = PageVolumes {
        page: requete.page(TITRE).session(&v.session.libelle).ariane(vec![Lien::new(
            "Site de gestion",
            format_args!("/gestion/{annee}?etablissement={}", v.id),
        )]),
        volumes: v.volumes.iter().map(|volume| en_liste(annee, &v, volume)).collect(),
        etablissement: v.nom,
        intro,
    };
    Ok(rend(StatusCode::OK, &page))
}

fn en_liste(annee: i64, v: &Volumes, (volume, premiere, derniere): &(Volume, String, String)) -> VolumeListe {
    let url = adresse(annee, v.id.as_str());
    if volume.is_seul() {
        let contenu = "L’établissement et ses formations.".to_owned();
        return VolumeListe { libelle: "Récapitulatif (PDF)".to_owned(), contenu, url };
    }
    let quoi = if volume.numero == 1 { "L’établissement, et les" } else { "Les" };
    VolumeListe {
        libelle: format!("Volume {} sur {} (PDF)", volume.numero, volume.sur),
        contenu: format!(
            "{quoi} formations {} à {} : de « {premiere} » à « {derniere} ».",
            nombre(volume.premiere),
            nombre(volume.derniere)
        ),
        url: format!("{url}&volume={}", volume.numero),
    }
}

pub async fn get_formation(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    Ok(print_formation_seule(&requete.ctx, annee, &id).await?)
}

/// The document of one course, to download: for a page, or for a program.
///
/// # Errors
/// As [`print_formation`].
pub async fn print_formation_seule(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Response, AppError> {
    let le = ctx.campagne_le;
    let imprime = print_formation(ctx, annee, id, |f| seule(f, le)).await?;
    Ok(telecharge(annee, imprime))
}

/// Letters of the name of a file that come from the title of a course.
const NOM_MAX: usize = 60;

fn telecharge(annee: i64, imprime: Imprime) -> Response {
    // Letters and digits alone: what a person typed does not write a header.
    let net = |t: &str| -> String {
        let mots: String =
            t.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).take(NOM_MAX).collect();
        mots.split_whitespace().collect::<Vec<_>>().join("-")
    };
    let parts = [
        "recapitulatif".to_owned(),
        annee.to_string(),
        net(&imprime.uai),
        net(&normalise_recherche(&imprime.formation)),
        imprime.volume.map(|n| format!("volume-{n}")).unwrap_or_default(),
    ];
    let nom = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-");
    fichier(&format!("{nom}.pdf"), "application/pdf", imprime.octets)
}

const TITRE: &str = "Récapitulatif du paramétrage";

fn etabli(le: Timestamp) -> String {
    format!("Établi le {}", date_heure(le))
}

fn entier(r: &Recapitulatif, le: Timestamp) -> Document {
    let mut blocs = Vec::new();
    if let Some(v) = &r.etablissement {
        blocs.push(titre(1, "L’établissement"));
        blocs.extend(etablissement::blocs(v));
    }
    blocs.push(titre(1, "Les formations"));
    if r.formations.is_empty() {
        blocs.push(Bloc::Paragraphe("Aucune formation dans cette session.".to_owned()));
    } else {
        blocs.push(formation::resume(&r.formations));
    }
    for f in &r.formations {
        blocs.push(Bloc::Page);
        blocs.push(titre(2, formation::nom(f)));
        blocs.extend(formation::blocs(f, 3));
    }
    let lieu = r.etablissement.as_ref().map(|v| v.ligne.commune.as_str()).filter(|c| !c.is_empty());
    let qui = [Some(r.nom.as_str()), lieu, Some(r.uai.as_str())].into_iter().flatten().collect::<Vec<_>>();
    let v = &r.volume;
    let volume = (!v.is_seul()).then(|| format!("volume {} sur {}", v.numero, v.sur));
    let suite = volume.as_ref().map(|dit| format!(" – {dit}")).unwrap_or_default();
    let formations = volume.map(|dit| {
        format!("{dit} : formations {} à {}", nombre(v.premiere), nombre(v.derniere)).replacen('v', "V", 1)
    });
    let mut chapeau = vec![qui.join(" – "), r.session.libelle.clone()];
    chapeau.extend(formations);
    chapeau.push(etabli(le));
    compose(Document {
        titre: format!("{TITRE} – {}{suite}", r.nom),
        chapeau,
        rappel: format!("{TITRE} – {} – {}{suite}", r.nom, r.session.libelle),
        le,
        sommaire: true,
        blocs,
    })
}

fn seule(f: &RecapFormation, le: Timestamp) -> Document {
    let p = &f.parametrage;
    let nom = formation::nom(f);
    let ou = format!("{} – {} – {}", p.intitule.etablissement, p.intitule.lieu, p.uai);
    compose(Document {
        titre: format!("{TITRE} – {nom}"),
        chapeau: vec![ou, p.session.libelle.clone(), etabli(le)],
        rappel: format!("{nom} – {} – {}", p.intitule.etablissement, p.session.libelle),
        le,
        sommaire: false,
        blocs: formation::blocs(f, 1),
    })
}

fn titre(niveau: u8, texte: impl Into<String>) -> Bloc {
    Bloc::Titre { niveau, texte: texte.into() }
}

/// « Il manque : … »; nothing when nothing is missing.
fn manque(manques: &[&str]) -> Option<Bloc> {
    (!manques.is_empty()).then(|| Bloc::Attention(format!("Il manque : {}.", manques.join(", "))))
}

/// The terms that say something.
fn definitions(lignes: Vec<(&str, String)>) -> Option<Bloc> {
    let dites: Vec<(String, String)> = lignes
        .into_iter()
        .filter(|(_, dit)| !dit.trim().is_empty())
        .map(|(terme, dit)| (terme.to_owned(), dit))
        .collect();
    (!dites.is_empty()).then_some(Bloc::Definitions(dites))
}

fn oui_non(oui: bool) -> String {
    if oui { "Oui" } else { "Non" }.to_owned()
}

/// « 1 place », « 24 places ».
fn places(n: i64) -> String {
    format!("{} {}", nombre(n), if n > 1 { "places" } else { "place" })
}

/// The document with the no-break spaces of French, and « la session » said once.
fn compose(d: Document) -> Document {
    let net = |t: String| insecables_texte(&t);
    let tous = |t: Vec<String>| t.into_iter().map(net).collect::<Vec<_>>();
    let bloc = |b: Bloc| match b {
        Bloc::Titre { niveau, texte } => Bloc::Titre { niveau, texte: net(texte) },
        Bloc::Paragraphe(t) => Bloc::Paragraphe(net(t)),
        Bloc::Attention(t) => Bloc::Attention(net(t)),
        Bloc::Definitions(d) => Bloc::Definitions(d.into_iter().map(|(t, v)| (net(t), net(v))).collect()),
        Bloc::Liste(points) => Bloc::Liste(tous(points)),
        Bloc::Tableau { legende, colonnes, lignes } => Bloc::Tableau {
            legende: net(legende),
            colonnes: colonnes.into_iter().map(|c| Colonne { titre: net(c.titre), ..c }).collect(),
            lignes: lignes.into_iter().map(tous).collect(),
        },
        Bloc::Page => Bloc::Page,
    };
    Document {
        titre: net(d.titre),
        chapeau: tous(d.chapeau),
        rappel: net(d.rappel),
        blocs: d.blocs.into_iter().map(bloc).collect(),
        ..d
    }
}
