//! `/national/{annee}/calendrier`: the dates in force, and later closings proposed by one agent and decided by another.

use app::messages::{self, date_heure, date_limite};
use app::sessions::{
    CalendrierVue, Prolongation, decide_prolongation, propose_prolongation, view_calendrier,
};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::calendrier::Etape;
use jiff::Timestamp;

use super::{lit_annee, lit_chemin};
use crate::components::{
    Alerte, Badge, Bouton, Cellule, Choix, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau, Ton,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/calendrier.html")]
struct PageCalendrier {
    page: Page,
    url: String,
    reference: String,
    fenetres: Tableau,
    prolongations: Tableau,
    etapes: Vec<Choix>,
    form: Formulaire,
    modifiable: bool,
}

fn adresse(annee: i64) -> String {
    format!("/national/{annee}/calendrier")
}

pub async fn get_calendrier(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let v = view_calendrier(&requete.ctx, lit_annee(&annee)?).await?;
    Ok(rend(StatusCode::OK, &page(&requete, &v, requete.formulaire())))
}

pub async fn post_calendrier(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let etape = recu.form.lit_choix("etape", "Choisissez l’étape à prolonger.", Etape::from_code);
    let jusque = recu.form.lit_date("jusque");
    let motif =
        recu.form.lit_texte("motif", "Indiquez le motif : il figure dans le courriel envoyé aux personnes.");
    if let (Some(etape), Some(jusque), Some(motif)) = (etape, jusque, motif) {
        match propose_prolongation(&requete.ctx, &recu.garde(), annee, etape, jusque, &motif).await {
            Ok(_) => return Ok(redirige(&format!("{}?fait=prolongation-proposee", adresse(annee)))),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let v = view_calendrier(&requete.ctx, annee).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &v, recu.form)))
}

fn page(requete: &Requete, v: &CalendrierVue, form: Formulaire) -> PageCalendrier {
    let annee = v.session.annee;
    let maintenant = requete.ctx.campagne_le;
    PageCalendrier {
        page: requete
            .page("Calendrier")
            .session(&v.session.libelle)
            .ariane(vec![Lien::new("Équipe nationale", format_args!("/national/{annee}"))])
            .en_erreur(!form.est_valide()),
        url: adresse(annee),
        reference: format!("{}, version {}", v.session.calendrier.reference, v.session.calendrier.numero),
        fenetres: Tableau::new(
            "Étapes",
            vec![
                Colonne::new("Étape"),
                Colonne::longue("Ouvre"),
                Colonne::longue("Ferme"),
                Colonne::new("État"),
            ],
        )
        .lignes(v.fenetres.iter().map(|(etape, f)| {
            vec![
                Cellule::texte(etape.libelle()),
                Cellule::texte(date_heure(f.ouvre)),
                Cellule::texte(date_limite(f.ferme)),
                Cellule::markup(Markup::new(etat(&v.session.calendrier, *etape, maintenant))),
            ]
        })),
        prolongations: Tableau::new(
            "Prolongations",
            vec![
                Colonne::new("Étape"),
                Colonne::new("Nouvelle date limite"),
                Colonne::new("Proposée par"),
                Colonne::new("État"),
                Colonne::longue("Motif"),
            ],
        )
        .si_vide("Aucune prolongation n’a été proposée.")
        .lignes(v.prolongations.iter().map(|p| ligne(annee, p))),
        etapes: Etape::ALL.into_iter().map(|e| Choix::new(e.code(), e.libelle())).collect(),
        modifiable: !v.session.archivee,
        form,
    }
}

/// Whether the step is open, asked of the one function that compares dates.
fn etat(c: &domain::calendrier::Calendrier, etape: Etape, maintenant: Timestamp) -> Badge {
    match c.require_open(etape, maintenant) {
        Ok(()) => Badge::new(Ton::Succes, "Ouverte"),
        Err(domain::RuleViolation::NotYetOpen { .. }) => Badge::new(Ton::Info, "À venir"),
        Err(_) => Badge::new(Ton::Neutre, "Close"),
    }
}

fn ligne(annee: i64, p: &Prolongation) -> Vec<Cellule> {
    let etat = match p.etat.as_str() {
        "proposee" => Badge::new(Ton::Attention, "À décider"),
        "validee" => Badge::new(Ton::Succes, "En vigueur"),
        _ => Badge::new(Ton::Neutre, "Refusée"),
    };
    let libelle = p.etape.libelle();
    let premiere = if p.etat == "proposee" {
        Cellule::lien(libelle, format_args!("{}/{}", adresse(annee), p.id))
    } else {
        Cellule::texte(libelle)
    };
    vec![
        premiere,
        Cellule::texte(date_limite(p.nouvelle)),
        Cellule::texte(super::qui(&p.propose_par)),
        Cellule::markup(Markup::new(etat)),
        Cellule::texte(&p.motif),
    ]
}

#[derive(Template)]
#[template(path = "national/prolongation.html")]
struct PageProlongation {
    page: Page,
    url: String,
    retour: String,
    resume: Definitions,
    obstacle: Option<Alerte>,
    form: Formulaire,
}

pub async fn get_prolongation(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let v = view_calendrier(&requete.ctx, annee).await?;
    let p = trouve(v, &id)?;
    let form = requete.formulaire().avec_version(p.version);
    Ok(rend(StatusCode::OK, &decision(&requete, annee, &p, form)))
}

pub async fn post_prolongation(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let requete = recu.requete.clone();
    let accorde = recu.form.lit_choix("decision", "Validez ou refusez.", |d| match d {
        "valider" => Some(true),
        "refuser" => Some(false),
        _ => None,
    });
    if let Some(accorde) = accorde {
        let code = if accorde { "prolongation-validee" } else { "prolongation-refusee" };
        match decide_prolongation(&requete.ctx, &recu.garde(), annee, &id, accorde).await {
            Ok(_) => return Ok(redirige(&format!("{}?fait={code}", adresse(annee)))),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let v = view_calendrier(&requete.ctx, annee).await?;
    let p = trouve(v, &id)?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &decision(&requete, annee, &p, recu.form)))
}

fn trouve(v: CalendrierVue, id: &str) -> Result<Prolongation, app::AppError> {
    v.prolongations.into_iter().find(|p| p.id == id).ok_or(app::AppError::NotFound)
}

fn decision(requete: &Requete, annee: i64, p: &Prolongation, form: Formulaire) -> PageProlongation {
    let retour = adresse(annee);
    let obstacle = match (&p.obstacle, p.etat.as_str()) {
        (_, "validee" | "refusee") => Some(Alerte::info("Cette prolongation est déjà décidée.")),
        (Some(r), _) => Some(Alerte::info(messages::regle(r))),
        (None, _) => None,
    };
    PageProlongation {
        page: requete
            .page("Décider une prolongation")
            .session(format_args!("Session {annee}"))
            .ariane(vec![
                Lien::new("Équipe nationale", format_args!("/national/{annee}")),
                Lien::new("Calendrier", &retour),
            ])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/{}", p.id),
        retour,
        resume: Definitions::new()
            .ligne("Étape", p.etape.libelle())
            .ligne("Date limite actuelle", date_limite(p.ferme))
            .ligne("Nouvelle date limite", date_limite(p.nouvelle))
            .ligne("Motif", &p.motif)
            .ligne("Proposée par", super::qui(&p.propose_par)),
        obstacle,
        form,
    }
}
