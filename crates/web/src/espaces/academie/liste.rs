//! `/academie/{annee}`: ranking groups of the perimeter, those without a rate first.

use app::admission::{FiltreTaux, LigneTaux, PageTaux, liste_taux};
use app::apprentissage::count_a_traiter;
use app::echeances::{MesDates, mes_dates_en};
use app::formations::{Guichet, count_a_controler, count_a_examiner};
use app::sessions;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::droits::Action;
use domain::formations::Famille;

use super::{lit_annee, pourcent};
use crate::components::{
    Alerte, Badge, Brouillons, Cellule, Choix, Colonne, Dates, Formulaire, LienBouton, Markup, Pagination,
    Tableau, Ton, avec_compte, nombre,
};
use crate::layout::{Page, rend};
use crate::socle::brouillons::unsaved;
use crate::socle::{Requete, Resultat, encode, redirige};

#[derive(Template)]
#[template(path = "academie/liste.html")]
struct PageListe {
    page: Page,
    url: String,
    completude: String,
    alerte: Alerte,
    /// What the person typed and did not save.
    saisies: Option<Brouillons>,
    dates: Option<Dates>,
    /// Address of the form for several groups at once.
    manquants: Option<String>,
    /// What the button says, and where it leads.
    controles: (String, String),
    demandes: (String, String),
    fiches: (String, String),
    form: Formulaire,
    familles: Vec<Choix>,
    compte: String,
    tableau: Tableau,
    pagination: Pagination,
}

/// `/academie` leads to the open session.
pub async fn get_accueil(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::FixerTaux)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&format!("/academie/{}", session.annee)))
}

pub async fn get_liste(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = lit_annee(&annee)?;
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
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let dates = mes_dates_en(&requete.ctx, annee).await?;
    let attentes = [
        count_a_controler(&requete.ctx, annee).await?,
        count_a_examiner(&requete.ctx, annee, Guichet::Academie).await?,
        count_a_traiter(&requete.ctx, annee).await?,
    ];
    let mut page = page(&requete, annee, form, &filtre, liste, dates, attentes);
    page.saisies = unsaved(&requete).await?;
    Ok(rend(statut, &page))
}

fn page(
    requete: &Requete,
    annee: i64,
    form: Formulaire,
    filtre: &FiltreTaux,
    l: PageTaux,
    dates: Option<MesDates>,
    [a_controler, a_examiner, fiches]: [Option<i64>; 3],
) -> PageListe {
    let url = format!("/academie/{annee}");
    let adresse = |n: u32| {
        let mut parties = vec![format!("page={n}")];
        if !filtre.recherche.is_empty() {
            parties.push(format!("q={}", encode(&filtre.recherche)));
        }
        if let Some(f) = filtre.famille {
            parties.push(format!("famille={}", f.code()));
        }
        if filtre.manquants {
            parties.push("manquants=oui".to_owned());
        }
        format!("{url}?{}", parties.join("&"))
    };
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
        page: requete.page("Taux des formations").session(&l.libelle_session).en_erreur(!form.est_valide()),
        alerte,
        saisies: None,
        dates: dates.map(|d| Dates::new(requete.ctx.campagne_le, &d)),
        manquants: (l.fixer.is_oui() && l.manquants > 0).then(|| format!("{url}/taux")),
        controles: (
            avec_compte("Contrôle des formations", a_controler, "à contrôler"),
            format!("{url}/controles"),
        ),
        demandes: (
            avec_compte("Demandes des établissements", a_examiner, "à examiner"),
            format!("{url}/demandes"),
        ),
        fiches: (avec_compte("Fiches d’apprentissage", fiches, "à traiter"), format!("{url}/apprentissage")),
        form,
        familles: Famille::ALL.into_iter().map(|f| Choix::new(f.code(), f.libelle())).collect(),
        compte: match l.total {
            0 => "Aucun groupe".to_owned(),
            1 => "1 groupe de classement".to_owned(),
            n => format!("{} groupes de classement", nombre(n)),
        },
        tableau: tableau(&url, &l),
        pagination: Pagination::new(l.page, l.pages, adresse),
        completude: format!("{url}/completude"),
        url,
    }
}

fn tableau(url: &str, l: &PageTaux) -> Tableau {
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
        .lignes(l.lignes.iter().map(|g| ligne(url, verbe, g)))
}

fn ligne(url: &str, verbe: &str, g: &LigneTaux) -> Vec<Cellule> {
    let boursiers = match g.taux_min_boursiers {
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
