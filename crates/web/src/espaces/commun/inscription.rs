//! Registration of a candidate: the address first, then the identity.

use app::AppError;
use app::comptes::{CommandeInscription, check_inscription, complete_inscription, request_inscription};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::comptes::Niveau;

use super::mot_de_passe::{indice, lien_perime};
use crate::components::{Alerte, Bouton, Choix, Echeance, Etapes, Formulaire, choix_departements};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

const ETAPES: [&str; 3] = ["Votre adresse électronique", "Votre identité", "Vos vœux"];

/// Whether one may register now: until when, or why not.
enum Ouverture {
    Ouverte(Echeance),
    Fermee(Alerte),
}

async fn ouverture(requete: &Requete) -> Result<Ouverture, AppError> {
    let session = match app::sessions::courante(&requete.ctx.app.db).await {
        Ok(s) => s,
        Err(AppError::NotFound) => {
            return Ok(Ouverture::Fermee(Alerte::info("Aucune session n’est ouverte pour le moment.")));
        }
        Err(e) => return Err(e),
    };
    let maintenant = requete.ctx.campagne_le;
    Ok(
        match (
            session.calendrier.require_open(Etape::Voeux, maintenant),
            session.calendrier.fenetre(Etape::Voeux),
        ) {
            (Err(r), _) => Ouverture::Fermee(Alerte::info(messages::regle(&r))),
            (Ok(()), Some(f)) => Ouverture::Ouverte(Echeance::new(maintenant, f.ferme)),
            (Ok(()), None) => Ouverture::Fermee(Alerte::info("L’inscription n’a pas encore de date.")),
        },
    )
}

#[derive(Template)]
#[template(path = "commun/inscription.html")]
struct PageInscription {
    page: Page,
    form: Formulaire,
    etapes: Etapes,
    ouverture: Ouverture,
}

async fn rend_inscription(
    requete: &Requete,
    form: Formulaire,
    statut: StatusCode,
) -> Result<Response, AppError> {
    let page = PageInscription {
        page: requete.page("S’inscrire comme candidat").en_erreur(!form.est_valide()),
        form,
        etapes: Etapes::new(1, &ETAPES),
        ouverture: ouverture(requete).await?,
    };
    Ok(rend(statut, &page))
}

pub async fn page(requete: Requete) -> Resultat {
    Ok(rend_inscription(&requete, requete.formulaire(), StatusCode::OK).await?)
}

pub async fn envoi(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    match request_inscription(&requete.ctx, form.valeur("courriel")).await {
        Ok(()) => Ok(redirige("/inscription?fait=inscription-lien")),
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_inscription(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "commun/inscription_dossier.html")]
struct PageDossier {
    page: Page,
    form: Formulaire,
    action: String,
    etapes: Etapes,
    ouverture: Ouverture,
    courriel: String,
    indice_mot_de_passe: &'static str,
    departements: Vec<Choix>,
    types: Vec<Choix>,
    oui_non: Vec<Choix>,
}

fn perime(requete: &Requete) -> Response {
    let duree = format!("{} heures", requete.ctx.app.limites.lien_inscription_h);
    lien_perime(requete, duree, "/inscription", "Recommencer l’inscription")
}

async fn rend_dossier(
    requete: &Requete,
    form: Formulaire,
    courriel: String,
    statut: StatusCode,
) -> Result<Response, AppError> {
    let page = PageDossier {
        page: requete.page("Votre dossier de candidat").en_erreur(!form.est_valide()),
        form,
        action: requete.chemin.clone(),
        etapes: Etapes::new(2, &ETAPES),
        ouverture: ouverture(requete).await?,
        courriel,
        indice_mot_de_passe: indice(Niveau::Candidat),
        departements: choix_departements(),
        types: TypeBac::ALL.iter().map(|t| Choix::new(t.code(), t.libelle())).collect(),
        oui_non: vec![Choix::new("oui", "Oui"), Choix::new("non", "Non")],
    };
    Ok(rend(statut, &page))
}

pub async fn page_dossier(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    match check_inscription(&requete.ctx, &jeton).await {
        Ok(courriel) => Ok(rend_dossier(&requete, requete.formulaire(), courriel, StatusCode::OK).await?),
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(e) => Err(e.into()),
    }
}

pub async fn envoi_dossier(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    // A date that does not exist is said as such; an empty one is said by the use case.
    let naissance =
        if form.valeur("naissance").trim().is_empty() { None } else { form.lit_date("naissance") };
    let date_illisible = !form.est_valide();
    let texte = |nom: &str| form.valeur(nom).to_owned();
    let commande = CommandeInscription {
        mot_de_passe: texte("mot_de_passe"),
        confirmation: texte("confirmation"),
        nom: texte("nom"),
        prenom: texte("prenom"),
        naissance,
        ine: texte("ine"),
        type_bac: TypeBac::from_code(form.valeur("type_bac")),
        serie: texte("serie"),
        departement: texte("departement"),
        commune: texte("commune"),
        etablissement_origine: texte("etablissement_origine"),
        boursier: match form.valeur("boursier") {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        },
    };
    match complete_inscription(&requete.ctx, &garde, &jeton, &commande).await {
        Ok(_) => Ok(redirige("/connexion?fait=inscription")),
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(AppError::Invalid(fautes)) => {
            let gardees = fautes.into_iter().filter(|(champ, _)| !(date_illisible && *champ == "naissance"));
            for (champ, message) in gardees.collect::<Vec<_>>() {
                form.refuse(champ, message);
            }
            refuse_dossier(&requete, form, &jeton).await
        }
        Err(e) => {
            refuse(&mut form, e)?;
            refuse_dossier(&requete, form, &jeton).await
        }
    }
}

async fn refuse_dossier(requete: &Requete, form: Formulaire, jeton: &str) -> Resultat {
    match check_inscription(&requete.ctx, jeton).await {
        Ok(courriel) => Ok(rend_dossier(requete, form, courriel, StatusCode::UNPROCESSABLE_ENTITY).await?),
        Err(AppError::NotFound) => Ok(perime(requete)),
        Err(e) => Err(e.into()),
    }
}
