//! `/academie/{annee}`: what waits for the service, then the ranking groups of its perimeter, those without a rate first.

use app::accueil::{AttenteService, FileService, view_attentes};
use app::admission::{FiltreTaux, LigneTaux, PageTaux, liste_taux};
use app::echeances::{MesDates, mes_dates_en};
use app::sessions;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::Famille;

use super::{lit_annee, pourcent};
use crate::components::attentes::{file, files};
use crate::components::{
    ACADEMIE, Alerte, Badge, Bouton, Brouillons, Cellule, Choix, Colonne, Dates, Formulaire, LienBouton,
    Markup, Pagination, Tableau, Ton, en_tout, nombre, page_archives,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::unsaved;
use crate::socle::{Requete, Resultat, avec_criteres, redirige};

#[derive(Template)]
#[template(path = "academie/liste.html")]
struct PageListe {
    page: Page,
    url: String,
    /// Where the rates stand; absent in an archived session, which says it is one.
    alerte: Option<Alerte>,
    /// What waits, and what is late; absent in an archived session.
    attentes: Option<(String, Tableau)>,
    boutons: Vec<Bouton>,
    /// What the person typed and did not save.
    saisies: Option<Brouillons>,
    dates: Option<Dates>,
    form: Formulaire,
    familles: Vec<Choix>,
    compte: String,
    tableau: Tableau,
    pagination: Pagination,
    /// Before the rates open, where their groups are read all the same: they are not listed on the home.
    plus_tard: Option<String>,
}

/// `/academie` leads to the open session.
pub async fn get_accueil(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::FixerTaux)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&format!("/academie/{}", session.annee)))
}

/// The sessions before, with the same pages.
pub async fn get_archives(requete: Requete) -> Resultat {
    page_archives(&requete, ACADEMIE).await
}

pub async fn get_liste(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
    // A search that is sent empty lists everything.
    let cherche = paires.iter().any(|(nom, _)| ["q", "famille", "manquants", "page"].contains(&nom.as_str()));
    let mut form = Formulaire::recu("", paires);
    let famille = Famille::from_code(form.valeur("famille"));
    if famille.is_none() && !form.valeur("famille").is_empty() {
        form.refuse("famille", "Choisissez un type de formation de la liste.");
    }
    let filtre = FiltreTaux {
        recherche: form.valeur("q").trim().chars().take(200).collect(),
        famille,
        manquants: form.lit_case("manquants"),
        page: form.valeur("page").parse().unwrap_or(1),
    };
    let liste = liste_taux(&requete.ctx, annee, &filtre).await?;
    let session = sessions::session(&requete.ctx.app.db, annee).await?;
    let avant = matches!(
        session.calendrier.require_open(Etape::Taux, requete.ctx.campagne_le),
        Err(RuleViolation::NotYetOpen { .. })
    );
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let dates = mes_dates_en(&requete.ctx, annee).await?;
    let attentes = view_attentes(&requete.ctx, annee).await?;
    let mut page = page(&requete, annee, form, &filtre, liste, dates, &attentes);
    page.saisies = unsaved(&requete).await?;
    page.plus_tard = (avant && !cherche).then(|| format!("{}?page=1", page.url));
    Ok(rend(statut, &page))
}

fn page(
    requete: &Requete,
    annee: i64,
    form: Formulaire,
    filtre: &FiltreTaux,
    l: PageTaux,
    dates: Option<MesDates>,
    attentes: &[AttenteService],
) -> PageListe {
    let url = accueil(annee);
    let choix = [
        ("q", filtre.recherche.as_str()),
        ("famille", filtre.famille.map_or("", Famille::code)),
        ("manquants", if filtre.manquants { "oui" } else { "" }),
    ];
    let adresse = |n: u32| avec_criteres(&url, Some(format!("page={n}")), &choix);
    let archivee = requete.is_archivee();
    let alerte = match (l.fixer.motif(), l.manquants) {
        (Some(motif), _) => Alerte::info(motif),
        (None, 0) => Alerte::succes("Le taux minimum de boursiers est fixé pour tous les groupes."),
        (None, 1) => Alerte::attention("Il reste 1 groupe sans taux minimum de boursiers."),
        (None, n) => Alerte::attention(format_args!(
            "Il reste {} groupes sans taux minimum de boursiers. Sans eux, les ordres d’appel ne peuvent pas être calculés.",
            nombre(n)
        )),
    };
    PageListe {
        page: requete.page("Service académique").session(&l.libelle_session).en_erreur(!form.est_valide()),
        alerte: (!archivee).then_some(alerte),
        attentes: files("Files de votre service", annee, attentes, requete.ctx.app.limites.attente_jours),
        boutons: boutons(annee, &l, attentes.is_empty()),
        saisies: None,
        dates: dates.map(|d| Dates::new(requete.ctx.campagne_le, &d)),
        form,
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        compte: en_tout(l.total, "Aucun groupe", "groupe de classement", "groupes de classement"),
        tableau: tableau(&url, archivee, &l),
        pagination: Pagination::new(l.page, l.pages, adresse),
        plus_tard: None,
        url,
    }
}

/// Address of the home of the service.
fn accueil(annee: i64) -> String {
    format!("/academie/{annee}")
}

/// `archivee`: no queue is shown, each is reached all the same.
fn boutons(annee: i64, l: &PageTaux, archivee: bool) -> Vec<Bouton> {
    let url = accueil(annee);
    let mut vers = vec![("Complétude des établissements", format!("{url}/completude"))];
    if archivee {
        for quoi in [FileService::Controles, FileService::Demandes, FileService::Fiches] {
            let (nom, _, la) = file(annee, quoi);
            vers.push((nom, la));
        }
    }
    if l.fixer.is_oui() && l.manquants > 0 {
        vers.push(("Fixer un taux pour plusieurs groupes", format!("{url}/taux")));
    }
    vers.into_iter().map(|(nom, vers)| LienBouton::new(nom, vers).secondaire()).collect()
}

fn tableau(url: &str, archivee: bool, l: &PageTaux) -> Tableau {
    let colonnes = vec![
        Colonne::new("Formation"),
        Colonne::new("Établissement"),
        Colonne::new("Groupe"),
        Colonne::nombre("Vœux confirmés"),
        Colonne::nombre("Minimum de boursiers"),
        Colonne::nombre("Maximum de non-résidents"),
        Colonne::actions("Actions"),
    ];
    let verbe = if l.fixer.is_oui() { "Fixer" } else { "Voir" };
    Tableau::new("Groupes de classement de votre périmètre", colonnes)
        .legende_cachee()
        .si_vide("Aucun groupe ne répond à cette recherche dans votre périmètre.")
        .lignes(l.lignes.iter().map(|g| ligne(url, (verbe, archivee), g)))
}

fn ligne(url: &str, (verbe, archivee): (&str, bool), g: &LigneTaux) -> Vec<Cellule> {
    let boursiers = match g.taux_min_boursiers {
        None if archivee => Cellule::markup(Markup::new(Badge::new(Ton::Neutre, "Non fixé"))),
        None => Cellule::markup(Markup::new(Badge::new(Ton::Attention, "À fixer"))),
        taux => Cellule::texte(pourcent(taux)),
    };
    let quoi = format!("les taux de {} – {}", g.formation, g.etablissement);
    vec![
        Cellule::texte(&g.formation),
        Cellule::texte(format_args!("{} – {}", g.etablissement, g.commune)),
        Cellule::texte(&g.groupe),
        Cellule::nombre(g.voeux),
        boursiers,
        Cellule::texte(pourcent(g.taux_max_non_residents)),
        Cellule::markup(Markup::new(
            LienBouton::new(verbe, format_args!("{url}/taux/{}", g.public_id))
                .petit()
                .tertiaire()
                .precision(quoi),
        )),
    ]
}
