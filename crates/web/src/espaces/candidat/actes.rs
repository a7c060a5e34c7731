//! Confirming, withdrawing, keeping: each act on its own page, that says what it does.

use app::candidatures::{MesVoeux, VoeuVue, confirm_voeu, keep_waiting, withdraw_voeu};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::calendrier::Etape;

use super::voeux::delai;
use super::{badges, lien_voeux, lieu, page, refuse_acte, voeu};
use crate::components::{Alerte, Bouton, Definitions, Echeance, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "candidat/acte.html")]
pub(super) struct PageActe {
    pub(super) page: Page,
    pub(super) url: String,
    pub(super) form: Formulaire,
    pub(super) resume: Definitions,
    pub(super) echeance: Option<Echeance>,
    /// What the act does, paragraph by paragraph.
    pub(super) explications: Vec<&'static str>,
    /// Label of the undertaking to tick, if the act asks for one.
    pub(super) engagement: Option<&'static str>,
    pub(super) bouton: &'static str,
    /// Why the act is not possible now.
    pub(super) obstacle: Option<Alerte>,
}

fn resume(v: &VoeuVue) -> Definitions {
    Definitions::new()
        .ligne("Formation", &v.libelle)
        .ligne("Établissement", lieu(v))
        .ligne("Internat", if v.avec_internat { "avec" } else { "sans" })
        .ligne_markup("État", badges(v))
}

/// Why an act that the page does not offer is not possible: the calendar first, then the state.
fn obstacle(requete: &Requete, m: &MesVoeux, v: &VoeuVue, possible: bool, etape: Etape) -> Option<Alerte> {
    if possible {
        return None;
    }
    let (_, motif) = delai(requete, m, etape);
    let etat =
        || format!("Ce vœu est dans l’état « {} » : cette action n’est plus possible.", v.etat.libelle());
    Some(Alerte::info(motif.unwrap_or_else(etat)))
}

fn page_confirmer(requete: &Requete, m: &MesVoeux, v: &VoeuVue, form: Formulaire) -> PageActe {
    PageActe {
        page: page(requete, "Confirmer un vœu", m.annee, vec![lien_voeux()]).en_erreur(!form.est_valide()),
        url: format!("/candidat/voeux/{}/confirmer", v.public_id),
        resume: resume(v),
        echeance: delai(requete, m, Etape::Confirmation).0,
        explications: vec![
            "Un vœu confirmé est transmis à la formation, qui examine votre candidature.",
            "Un vœu qui n’est pas confirmé à la date limite est annulé.",
        ],
        engagement: Some("Je confirme ce vœu et certifie exactes les informations de mon dossier"),
        bouton: "Confirmer ce vœu",
        obstacle: obstacle(requete, m, v, v.actes.confirmer, Etape::Confirmation),
        form,
    }
}

pub async fn get_confirmer(requete: Requete, Path(id): Path<String>) -> Resultat {
    let (m, v) = voeu(&requete, &id).await?;
    let form = requete.formulaire().avec_version(v.version);
    Ok(rend(StatusCode::OK, &page_confirmer(&requete, &m, &v, form)))
}

pub async fn post_confirmer(Path(id): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    let engagement = recu.form.lit_case("engagement");
    match confirm_voeu(&requete.ctx, &recu.garde(), &id, engagement).await {
        Ok(r) => Ok(redirige(&format!("/candidat/recepisses/{}?fait=voeu-confirme", r.numero))),
        Err(e) => {
            let (statut, form) = refuse_acte(&requete, recu.form, e)?;
            let (m, v) = voeu(&requete, &id).await?;
            Ok(rend(statut, &page_confirmer(&requete, &m, &v, form.avec_version(v.version))))
        }
    }
}

fn page_retirer(requete: &Requete, m: &MesVoeux, v: &VoeuVue, form: Formulaire) -> PageActe {
    PageActe {
        page: page(requete, "Retirer un vœu", m.annee, vec![lien_voeux()]).en_erreur(!form.est_valide()),
        url: format!("/candidat/voeux/{}/retirer", v.public_id),
        resume: resume(v),
        echeance: delai(requete, m, Etape::Voeux).0,
        explications: vec![
            "Ce vœu disparaît de votre liste, et la formation ne l’examinera pas.",
            "Vous pourrez l’ajouter de nouveau, mais seulement tant que la formulation des vœux est ouverte.",
        ],
        engagement: None,
        bouton: "Retirer ce vœu",
        obstacle: obstacle(requete, m, v, v.actes.retirer, Etape::Voeux),
        form,
    }
}

pub async fn get_retirer(requete: Requete, Path(id): Path<String>) -> Resultat {
    let (m, v) = voeu(&requete, &id).await?;
    let form = requete.formulaire().avec_version(v.version);
    Ok(rend(StatusCode::OK, &page_retirer(&requete, &m, &v, form)))
}

pub async fn post_retirer(Path(id): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    match withdraw_voeu(&requete.ctx, &recu.garde(), &id).await {
        Ok(r) => Ok(redirige(&format!("/candidat/recepisses/{}?fait=voeu-retire", r.numero))),
        Err(e) => {
            let (statut, form) = refuse_acte(&requete, recu.form, e)?;
            let (m, v) = voeu(&requete, &id).await?;
            Ok(rend(statut, &page_retirer(&requete, &m, &v, form.avec_version(v.version))))
        }
    }
}

/// Keeps the waiting wishes. The form is on the home page, where a refusal would show the situation as it is now.
pub async fn post_maintenir(recu: Recu) -> Resultat {
    let r = keep_waiting(&recu.requete.ctx, &recu.garde()).await?;
    Ok(redirige(&format!("/candidat/recepisses/{}?fait=voeux-maintenus", r.numero)))
}
