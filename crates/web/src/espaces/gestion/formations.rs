//! `/gestion/{annee}/formations`: the courses of the person, what is missing, until when.

use app::echeances::{MesDates, mes_dates_en};
use app::formations::{
    AttenteCapacite, CriteresGestion, FormationGestion, ListeGestion, Retournee, list_courses,
};
use app::{AppError, messages};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::droits::Action;
use domain::formations::{EtatFormation, format_montant};
use domain::references::Theme;
use jiff::Timestamp;

use super::relecture::lien_selon;
use crate::components::{
    Aide, Alerte, Badge, Cellule, Choix, Colonne, Dates, Formulaire, LienBouton, Markup, Pagination, Tableau,
    Ton, en_tout,
};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, avec_criteres};

/// Value of the state of those that wait for the academic service.
const SOUMISES: &str = "soumises";
/// Value of the state of those that it returned.
const RETOURNEES: &str = "retournees";

#[derive(Template)]
#[template(path = "gestion/formations.html")]
struct PageFormations {
    page: Page,
    annee: i64,
    aide: Aide,
    dates: Option<Dates>,
    archivee: Option<Alerte>,
    lot: String,
    form: Formulaire,
    etats: Vec<Choix>,
    compte: String,
    tableau: Tableau,
    pagination: Pagination,
}

pub async fn get_formations(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let annee = annee.parse().map_err(|_| AppError::NotFound)?;
    let mut form = Formulaire::recu("", paires);
    let etat = match form.valeur("etat") {
        "" | "incompletes" | SOUMISES | RETOURNEES => None,
        code => {
            let etat = EtatFormation::from_code(code);
            if etat.is_none() {
                form.refuse("etat", "Choisissez une réponse de la liste.");
            }
            etat
        }
    };
    let criteres = CriteresGestion {
        texte: form.valeur("q").trim().chars().take(200).collect(),
        etat,
        incompletes: form.valeur("etat") == "incompletes",
        // What was submitted is no longer in the hands of the establishment, published before or not.
        soumises: match form.valeur("etat") {
            SOUMISES => Some(true),
            _ if etat == Some(EtatFormation::Brouillon) => Some(false),
            _ => None,
        },
        retournees: form.valeur("etat") == RETOURNEES,
        page: form.valeur("page").parse().unwrap_or(1),
        par_page: None,
    };
    let liste = list_courses(&requete.ctx, annee, &criteres).await?;
    let statut = if form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let dates = mes_dates_en(&requete.ctx, annee).await?;
    let aide = Aide::new("liste-des-formations", "la liste des formations")
        .sur(&requete, annee, &[Theme::Procedure])
        .await?;
    Ok(rend(statut, &page(&requete, form, aide, &criteres, liste, dates)))
}

fn page(
    requete: &Requete,
    form: Formulaire,
    aide: Aide,
    criteres: &CriteresGestion,
    l: ListeGestion,
    dates: Option<MesDates>,
) -> PageFormations {
    let annee = l.session.annee;
    let etat = match criteres {
        c if c.incompletes => "incompletes",
        c if c.soumises == Some(true) => SOUMISES,
        c if c.retournees => RETOURNEES,
        c => c.etat.map_or("", EtatFormation::code),
    };
    let adresse = |n: u32| {
        let page = n.to_string();
        let choix = [("q", criteres.texte.as_str()), ("etat", etat), ("page", page.as_str())];
        avec_criteres(&format!("/gestion/{annee}/formations"), None, &choix)
    };
    PageFormations {
        page: requete
            .page("Mes formations")
            .session(&l.session.libelle)
            .ariane(vec![super::lien_accueil(annee)])
            .en_erreur(!form.est_valide()),
        annee,
        aide,
        dates: dates.map(|d| Dates::new(requete.ctx.campagne_le, &d)),
        archivee: l.session.archivee.then(|| super::saisie::alerte_archive(annee)),
        lot: format!("/gestion/{annee}/lot"),
        form,
        etats: etats(l.controlee),
        compte: en_tout(l.total, "Aucune formation", "formation", "formations"),
        tableau: tableau(annee, &l, l.saisie_ouverte && requete.ctx.scope(Action::ModifierCapacites).is_ok()),
        pagination: Pagination::new(l.page, l.pages, adresse),
    }
}

/// The states that the list is kept to; those of a review only where there is one.
fn etats(controlee: bool) -> Vec<Choix> {
    let mut etats = vec![Choix::new("incompletes", "À compléter"), Choix::new("brouillon", "Brouillons")];
    if controlee {
        etats.push(Choix::new(SOUMISES, "Soumises, en cours de contrôle"));
        etats.push(Choix::new(RETOURNEES, "Retournées, à corriger"));
    }
    etats.push(Choix::new("publiee", "Publiées"));
    etats.push(Choix::new("fermee", "Fermées"));
    etats
}

/// `saisit`: the person types capacities now.
fn tableau(annee: i64, l: &ListeGestion, saisit: bool) -> Tableau {
    // R-DRO-04: who reads neither capacities nor fees has no columns for them.
    let chiffres = l.lignes.iter().any(|f| f.capacites_lisibles);
    let mut colonnes = vec![Colonne::new("Formation"), Colonne::new("Établissement"), Colonne::new("État")];
    if chiffres {
        colonnes.extend([
            Colonne::nombre("Capacité"),
            Colonne::nombre("Frais par an"),
            Colonne::new("À compléter"),
        ]);
    }
    Tableau::new("Formations de votre périmètre", colonnes)
        .legende_cachee()
        .si_vide("Aucune formation ne répond à cette recherche dans votre périmètre.")
        .lignes(l.lignes.iter().map(|f| {
            let mut ligne = ligne(annee, f, l.controlee, saisit);
            if chiffres {
                ligne.extend(manques(f));
            }
            ligne
        }))
}

/// Capacity, fees, and what is missing.
fn manques(f: &FormationGestion) -> [Cellule; 3] {
    if !f.capacites_lisibles {
        return [(); 3].map(|()| Cellule::texte("non visible avec votre rôle"));
    }
    [
        f.capacite.map_or_else(|| Cellule::texte("–"), Cellule::nombre),
        Cellule::texte(f.frais_centimes.map_or_else(|| "–".to_owned(), format_montant)),
        Cellule::texte(if f.etat == EtatFormation::Fermee {
            "–".to_owned()
        } else if f.manques.is_empty() {
            "Rien".to_owned()
        } else {
            f.manques_dits().join(", ")
        }),
    ]
}

fn ligne(annee: i64, f: &FormationGestion, controlee: bool, saisit: bool) -> Vec<Cellule> {
    let libelle = if f.apprentissage { format!("{} (apprentissage)", f.libelle) } else { f.libelle.clone() };
    let url = super::formation::adresse(annee, &f.id);
    let mut etat = badges(f.etat, f.soumise);
    if let Some(r) = f.retournee {
        etat = etat.et(retour(r));
    }
    if f.modifications_non_publiees && !f.soumise {
        let dit = if controlee { "À soumettre de nouveau" } else { "À publier de nouveau" };
        etat = etat.et(Badge::new(Ton::Attention, dit));
    }
    if let Some(a) = f.attente {
        let (quoi, par) = attente(a);
        etat = etat.et(Badge::new(Ton::Attention, quoi)).et(Markup::texte(par));
        etat = etat.et(lien_selon(&url, saisit && a == AttenteCapacite::Motif));
    }
    vec![
        Cellule::lien(libelle, url),
        Cellule::texte(format_args!("{} – {}", f.etablissement, f.commune)),
        Cellule::markup(etat),
    ]
}

/// Where a course stands. One that was submitted and never published is no longer a draft to whoever looks.
pub(super) fn badges(etat: EtatFormation, soumise: bool) -> Markup {
    let mut badges = Vec::new();
    if !soumise || etat != EtatFormation::Brouillon {
        badges.push(badge(etat));
    }
    if soumise {
        badges.push(Badge::new(Ton::Info, "Soumise, en cours de contrôle"));
    }
    Markup::de(badges)
}

/// R-CTL-04: the academic service returned the course, with the last day to mend it while it may be.
pub(super) fn retour(r: Retournee) -> Markup {
    let badge = Markup::new(Badge::new(Ton::Attention, "Retournée"));
    match r.jusqu_a.and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
        Some(fin) => {
            badge.et(Markup::texte(format_args!("à corriger jusqu’au {}", messages::jour_limite(fin))))
        }
        None if r.depassee.is_some() => badge.et(Markup::texte("délai dépassé")),
        None => badge,
    }
}

/// R-CAP-05: what a capacity out of the ordinary waits for, and from whom.
pub(super) fn attente(a: AttenteCapacite) -> (&'static str, &'static str) {
    match a {
        AttenteCapacite::Motif => ("Capacité à expliquer", ""),
        AttenteCapacite::Confirmation => ("Capacité à confirmer", "par une deuxième personne"),
    }
}

fn badge(etat: EtatFormation) -> Badge {
    let ton = match etat {
        EtatFormation::Publiee => Ton::Succes,
        EtatFormation::Brouillon => Ton::Info,
        EtatFormation::Fermee => Ton::Neutre,
    };
    Badge::new(ton, etat.libelle())
}
