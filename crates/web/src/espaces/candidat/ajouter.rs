//! `/candidat/voeux/ajouter?formation=…`: a new wish.

use app::candidatures::{AddVoeu, MultipleVu, OffreVoeu, add_voeu, offre_voeu};
use app::{AppError, messages};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::PublicId;
use domain::candidatures::ChoixInternat;
use serde::Deserialize;

use super::{lien_voeux, page};
use crate::components::{Alerte, Bouton, Choix, Definitions, Echeance, Formulaire, LienBouton, accord};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "candidat/ajouter.html")]
struct PageAjouter {
    page: Page,
    url: String,
    fiche: String,
    form: Formulaire,
    resume: Definitions,
    /// R-VOE-09: the wish would be a sub-wish.
    multiple: Option<String>,
    echeance: Option<Echeance>,
    refus: Option<Alerte>,
    /// Choices of boarding, when there is more than the plain wish.
    internat: Option<Vec<Choix>>,
    seul_choix: &'static str,
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    formation: String,
}

fn lit_formation(p: &Parametres) -> Result<String, AppError> {
    PublicId::parse(&p.formation).map(|id| id.as_str().to_owned()).ok_or(AppError::NotFound)
}

pub async fn get_ajouter(requete: Requete, Query(p): Query<Parametres>) -> Resultat {
    let offre = offre_voeu(&requete.ctx, &lit_formation(&p)?).await?;
    let form = requete.formulaire();
    Ok(rend(StatusCode::OK, &vue(&requete, &offre, form)))
}

pub async fn post_ajouter(Query(p): Query<Parametres>, mut recu: Recu) -> Resultat {
    let formation = lit_formation(&p)?;
    let requete = recu.requete.clone();
    let internat =
        recu.form.lit_choix("internat", "Choisissez avec ou sans internat.", ChoixInternat::from_code);
    if let Some(internat) = internat {
        let cmd = AddVoeu { formation: formation.clone(), internat };
        match add_voeu(&requete.ctx, &recu.garde(), &cmd).await {
            Ok(_) => return Ok(redirige("/candidat/voeux?fait=voeu-ajoute")),
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let offre = offre_voeu(&requete.ctx, &formation).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &vue(&requete, &offre, recu.form)))
}

fn vue(requete: &Requete, o: &OffreVoeu, form: Formulaire) -> PageAjouter {
    let statut = if o.apprentissage { "Apprentissage" } else { "Étudiant" };
    let nature = if o.selective {
        "Sélective : la formation peut ne pas retenir votre candidature"
    } else {
        "Non sélective : dans la limite des places"
    };
    let choix: Vec<Choix> = o
        .choix
        .iter()
        .map(|c| match c {
            ChoixInternat::Sans => Choix::new(c.code(), "Sans internat"),
            ChoixInternat::Avec => Choix::new(c.code(), "Avec internat seulement")
                .indice("Vous n’irez dans cette formation que si une place à l’internat vous est proposée."),
            ChoixInternat::LesDeux => Choix::new(c.code(), "Avec et sans internat")
                .indice("Deux demandes, examinées ensemble ; elles comptent pour un seul vœu."),
        })
        .collect();
    PageAjouter {
        url: format!("/candidat/voeux/ajouter?formation={}", o.formation_id),
        fiche: format!("/formations/{}", o.formation_id),
        resume: Definitions::new()
            .ligne("Formation", &o.libelle)
            .ligne("Établissement", &o.etablissement)
            .ligne("Ville", &o.commune)
            .ligne("Statut", statut)
            .ligne("Admission", nature),
        multiple: o.multiple.as_ref().map(multiple),
        echeance: o
            .refus
            .is_none()
            .then(|| o.ferme.map(|f| Echeance::new(requete.ctx.campagne_le, f).locales(o.locale)))
            .flatten(),
        // The summary of faults already says why, after a refused form.
        refus: o
            .refus
            .as_ref()
            .filter(|_| form.est_valide())
            .map(|r| Alerte::attention(messages::regle_ici(r, o.locale))),
        seul_choix: o.choix.first().map_or(ChoixInternat::Sans.code(), |c| c.code()),
        internat: (choix.len() > 1).then_some(choix),
        page: page(requete, "Ajouter un vœu", o.annee, vec![lien_voeux()]).en_erreur(!form.est_valide()),
        form,
    }
}

/// What a multiple wish is, for whoever has none there yet, and how many more sub-wishes it takes.
fn multiple(m: &MultipleVu) -> String {
    let deja = match m.sous_voeux {
        0 if m.plafond < 2 => "Vous ne pouvez y faire que celui-ci.".to_owned(),
        0 => format!(
            "C’est le premier que vous y feriez : vous pourrez y ajouter d’autres formations, jusqu’à {} en tout, qui compteront \
             ensemble pour un seul vœu.",
            m.plafond
        ),
        n => format!(
            "Vous y avez déjà {} sur {} : cette demande ne compte pas comme un vœu de plus.",
            accord(n, "sous-vœu", "sous-vœux"),
            m.plafond
        ),
    };
    let dossier = if m.dossier_unique { " Un seul dossier est examiné pour tous." } else { "" };
    format!("Cette demande sera un sous-vœu du vœu multiple « {} ». {deja}{dossier}", m.libelle)
}

impl PageAjouter {
    /// Something can be sent: at least one choice would be accepted, or a refused form can be corrected.
    fn possible(&self) -> bool {
        self.refus.is_none() && self.echeance.is_some()
    }
}
