//! `/gestion/{annee}/etablissements/{id}/internats`: the boarding schools of an establishment that rank those who ask for a place.

use app::AppError;
use app::classements::Nature;
use app::formations::Ouverture;
use app::internats::{
    InternatVue, SaisieInternat, VueInternats, remove_internat, save_internat, view_internats,
};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::Action;
use domain::etablissements::Internat;
use domain::formations::CAPACITE_MAX;
use domain::internats::ACCUEILS;
use serde::Deserialize;

use super::formation::lit_chemin;
use super::saisie::motif_fermeture;
use crate::components::{Alerte, Badge, Bouton, Choix, Echeance, Formulaire, LienBouton, Ton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Recu, Requete, Resultat, Table, redirige, refuse};

/// Chosen for a boarding school that serves every course: no course.
const COMMUN: &str = "commun";

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterEtablissement);
    let modifier = Acces::Action(Action::ModifierEtablissement);
    Table::new().get("/gestion/{annee}/etablissements/{id}/internats", consulter, get_internats).post(
        "/gestion/{annee}/etablissements/{id}/internats",
        modifier,
        post_internats,
    )
}

pub(super) fn adresse(annee: i64, etablissement: &str) -> String {
    format!("/gestion/{annee}/etablissements/{etablissement}/internats")
}

/// A boarding school of the list, with what is done to it.
struct Ligne {
    id: String,
    libelle: String,
    detail: String,
    servies: String,
    badge: Badge,
    /// To its ranking, for those who read the records.
    classer: Option<String>,
    /// To the form filled with it, and the form that removes it; absent once it is frozen.
    modifier: Option<(String, Formulaire)>,
}

#[derive(Template)]
#[template(path = "gestion/internats.html")]
struct PageInternats {
    page: Page,
    url: String,
    etablissement: String,
    alertes: Vec<Alerte>,
    echeance: Option<Echeance>,
    lignes: Vec<Ligne>,
    ouverte: bool,
    form: Formulaire,
    /// The one being changed.
    ligne: Option<String>,
    accueils: Vec<Choix>,
    formations: Vec<Choix>,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    ligne: String,
}

pub async fn get_internats(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(p): Query<Parametres>,
) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let v = view_internats(&requete.ctx, annee, &id).await?;
    let form = remplit(requete.formulaire(), v.internats.iter().find(|i| i.public_id == p.ligne));
    Ok(rend(StatusCode::OK, &page(&requete, &v, form)))
}

fn remplit(form: Formulaire, i: Option<&InternatVue>) -> Formulaire {
    let Some(i) = i else { return form };
    form.avec_version(i.version)
        .avec("ligne", &i.public_id)
        .avec("libelle", &i.libelle)
        .avec("capacite", i.capacite)
        .avec("accueil", i.accueil.code())
        .avec("formation", i.formation.as_deref().unwrap_or(COMMUN))
}

/// What is typed; a number that is none, or nothing chosen, is a fault of its field.
fn lit(form: &mut Formulaire) -> Option<SaisieInternat> {
    let libelle =
        form.lit_texte("libelle", "Donnez un nom à cet internat, par exemple « Internat des filles ».");
    let capacite = form.lit_entier("capacite", 0..=CAPACITE_MAX);
    let accueil = form.lit_choix("accueil", "Choisissez qui est accueilli.", |c| {
        ACCUEILS.into_iter().map(Internat::code).find(|a| *a == c)
    });
    let formation = form
        .lit_texte("formation", "Choisissez ce que sert cet internat : toutes les formations, ou une seule.");
    Some(SaisieInternat {
        libelle: libelle?,
        capacite: Some(capacite?),
        accueil: accueil?.to_owned(),
        formation: formation.map(|f| if f == COMMUN { String::new() } else { f })?,
    })
}

async fn apply(recu: &mut Recu, annee: i64, id: &PublicId) -> Result<Option<&'static str>, AppError> {
    let ctx = recu.requete.ctx.clone();
    let garde = recu.garde();
    let ligne = recu.form.lit_texte_facultatif("ligne");
    if recu.form.valeur("acte") == "retirer" {
        let ligne = ligne.ok_or(AppError::NotFound)?;
        remove_internat(&ctx, &garde, annee, id, &ligne).await?;
        return Ok(Some("internat-retire"));
    }
    let Some(saisie) = lit(&mut recu.form) else { return Ok(None) };
    save_internat(&ctx, &garde, annee, id, ligne.as_deref(), &saisie).await?;
    Ok(Some("internat"))
}

pub async fn post_internats(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let v = view_internats(&requete.ctx, annee, &id).await?;
    match apply(&mut recu, annee, &id).await {
        Ok(Some(fait)) => Ok(redirige(&format!("{}?fait={fait}", adresse(annee, id.as_str())))),
        Ok(None) => Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &v, recu.form))),
        Err(AppError::Conflict) => {
            let frais = view_internats(&requete.ctx, annee, &id).await?;
            let ligne = recu.form.valeur("ligne");
            let sien = frais.internats.iter().find(|i| i.public_id == ligne);
            let version = sien.ok_or(AppError::Conflict)?.version;
            let mut form = requete.formulaire().with_values(&recu.form).avec_version(version);
            form.refuse_tout(
                "Quelqu’un a modifié cet internat pendant que vous le faisiez aussi. Rien n’a été écrasé : votre saisie est gardée ici, \
                 comparez avec la liste, puis enregistrez de nouveau.",
            );
            Ok(rend(StatusCode::CONFLICT, &page(&requete, &frais, form)))
        }
        Err(e) => {
            refuse(&mut recu.form, e)?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &v, recu.form)))
        }
    }
}

fn ligne(requete: &Requete, v: &VueInternats, i: &InternatVue) -> Ligne {
    let annee = v.session.annee;
    let places = messages::accord(i.capacite, "place", "places");
    let servies = match (i.formation.is_some(), i.servies.as_slice()) {
        (true, _) => format!("Propre à la formation : {}", i.servies.join("")),
        (false, []) => "Commun : aucune formation n’est servie aujourd’hui".to_owned(),
        (false, _) => format!("Commun : {}", i.servies.join(" ; ")),
    };
    Ligne {
        id: i.public_id.clone(),
        libelle: i.libelle.clone(),
        detail: format!("{}, {places}", i.accueil.libelle()),
        servies,
        badge: match (i.transmis_le, i.brouillon) {
            (Some(le), _) => {
                Badge::new(Ton::Succes, format_args!("Classement transmis le {}", messages::date_heure(le)))
            }
            (None, true) => Badge::new(Ton::Attention, "Classement en brouillon"),
            (None, false) => Badge::new(Ton::Neutre, "Classement à commencer"),
        },
        classer: v.lit_dossiers.then(|| super::classements::adresse(Nature::Internat, annee, &i.public_id)),
        modifier: (v.modification.est_ouverte() && i.transmis_le.is_none()).then(|| {
            let url = adresse(annee, &v.etablissement);
            (format!("{url}?ligne={}#saisie", i.public_id), requete.formulaire().avec_version(i.version))
        }),
    }
}

fn page(requete: &Requete, v: &VueInternats, form: Formulaire) -> PageInternats {
    let annee = v.session.annee;
    let mut alertes: Vec<Alerte> = motif_fermeture(&v.modification).map(Alerte::info).into_iter().collect();
    if v.formations.is_empty() {
        alertes
            .push(Alerte::info("Aucune formation de l’établissement ne propose d’internat cette session."));
    }
    let commun = Choix::new(COMMUN, "Toutes les formations qui proposent un internat")
        .indice("Internat commun. Une formation qui a son propre internat n’est pas servie par celui-ci.");
    let propres = v.formations.iter().map(|(id, nom)| Choix::new(id, nom));
    PageInternats {
        page: requete
            .page("Internats soumis à classement")
            .session(&v.session.libelle)
            .ariane(vec![
                super::lien_accueil(annee),
                Lien::new(&v.nom, format_args!("/gestion/{annee}/etablissements/{}", v.etablissement)),
            ])
            .en_erreur(!form.est_valide()),
        url: adresse(annee, &v.etablissement),
        etablissement: v.nom.clone(),
        alertes,
        echeance: match v.modification {
            Ouverture::Ouverte { ferme } => Some(Echeance::new(requete.ctx.campagne_le, ferme)),
            _ => None,
        },
        lignes: v.internats.iter().map(|i| ligne(requete, v, i)).collect(),
        ouverte: v.modification.est_ouverte() && !v.formations.is_empty(),
        ligne: form.lit_texte_facultatif("ligne"),
        form,
        accueils: ACCUEILS.map(|a| Choix::new(a.code(), a.libelle())).to_vec(),
        formations: std::iter::once(commun).chain(propres).collect(),
    }
}
