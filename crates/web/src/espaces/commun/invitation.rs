//! `/invitation/{jeton}`: an invited person accepts a role, with a new account or with the one they have.

use app::AppError;
use app::comptes::{
    CommandeAcceptation, CoursPropose, EtapeConnexion, InvitationRecue, accept_invitation,
    accept_with_account, check_invitation,
};
use app::messages::action;
use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::comptes::Niveau;
use domain::droits::actions_of;

use super::connexion::{Demande, avance};
use super::mot_de_passe::indice;
use crate::components::{Bouton, Definitions, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, efface_session, encode, redirige, refuse};

/// Who opens the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Qui {
    /// Nobody has an account of this address.
    Nouveau,
    /// Their own account is signed in.
    Titulaire,
    /// They have an account, and are not signed in with it.
    AConnecter,
    /// Somebody else is signed in.
    Autre,
    /// Nothing is left of what was offered.
    SansObjet,
}

fn qui(requete: &Requete, i: &InvitationRecue) -> Qui {
    if i.sans_objet {
        return Qui::SansObjet;
    }
    let session = requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::Complete);
    match (i.compte, session) {
        (Some(c), Some(s)) if s.compte == c => Qui::Titulaire,
        (_, Some(_)) => Qui::Autre,
        (Some(_), None) => Qui::AConnecter,
        (None, None) => Qui::Nouveau,
    }
}

#[derive(Template)]
#[template(path = "commun/invitation.html")]
struct PageInvitation {
    page: Page,
    form: Formulaire,
    action: String,
    qui: Qui,
    resume: Definitions,
    actions: Vec<&'static str>,
    formations: Vec<CoursPropose>,
    mobile: bool,
    renforce: bool,
    indice: &'static str,
    connexion: String,
}

#[derive(Template)]
#[template(path = "commun/invitation_perimee.html")]
struct PagePerimee {
    page: Page,
    heures: i64,
}

fn rend_invitation(
    requete: &Requete,
    i: InvitationRecue,
    mut form: Formulaire,
    statut: StatusCode,
) -> Response {
    let qui = qui(requete, &i);
    let mut resume = Definitions::new().ligne("Rôle", i.role.libelle());
    if let Some(e) = &i.etablissement {
        resume = resume.ligne("Établissement", e);
    }
    if !i.academies.is_empty() {
        resume = resume.ligne("Académies", i.academies.join(", "));
    }
    resume = resume.ligne("Adresse électronique du compte", &i.courriel);
    if form.valeur("nom").is_empty() && form.est_valide() {
        form.pose("nom", &i.nom);
        form.pose("prenom", &i.prenom);
    }
    let chemin = requete.chemin.split('?').next().unwrap_or_default().to_owned();
    let page = PageInvitation {
        page: requete.page("Un rôle vous est proposé").en_erreur(!form.est_valide()),
        form,
        connexion: format!("/connexion?suite={}", encode(&chemin)),
        action: chemin,
        qui,
        resume,
        actions: actions_of(i.role).into_iter().map(action).collect(),
        formations: i.formations,
        mobile: i.mobile,
        renforce: i.renforce,
        indice: indice(Niveau::Gestion),
    };
    rend(statut, &page)
}

fn perimee(requete: &Requete) -> Response {
    let page = requete.page("Ce lien n’est plus valable");
    rend(StatusCode::GONE, &PagePerimee { page, heures: requete.ctx.app.limites.lien_invitation_h })
}

pub async fn page(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    match check_invitation(&requete.ctx, &jeton).await {
        Ok(i) => Ok(rend_invitation(&requete, i, requete.formulaire(), StatusCode::OK)),
        Err(AppError::NotFound) => Ok(perimee(&requete)),
        Err(e) => Err(e.into()),
    }
}

pub async fn envoi(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let i = match check_invitation(&requete.ctx, &jeton).await {
        Ok(i) => i,
        Err(AppError::NotFound) => return Ok(perimee(&requete)),
        Err(e) => return Err(e.into()),
    };
    let resultat = match (qui(&requete, &i), &requete.session) {
        (Qui::Nouveau, _) => {
            let commande = CommandeAcceptation {
                nom: form.valeur("nom").to_owned(),
                prenom: form.valeur("prenom").to_owned(),
                mobile: form.valeur("mobile").to_owned(),
                mot_de_passe: form.valeur("mot_de_passe").to_owned(),
                confirmation: form.valeur("confirmation").to_owned(),
            };
            accept_invitation(&requete.ctx, &jeton, &requete.navigateur, &commande)
                .await
                .map(|c| avance(&requete.etat, &c, &Demande::default()))
        }
        (Qui::Titulaire, Some(session)) => {
            accept_with_account(&requete.ctx, session, &jeton, form.valeur("mobile")).await.map(|renforce| {
                if renforce {
                    let mut reponse = redirige("/connexion?fait=role-accepte-a-securiser");
                    reponse.headers_mut().append(header::SET_COOKIE, efface_session(&requete.etat));
                    reponse
                } else {
                    redirige("/compte?fait=role-accepte")
                }
            })
        }
        // The page says what to do first.
        _ => Ok(rend_invitation(&requete, i.clone(), requete.formulaire(), StatusCode::CONFLICT)),
    };
    match resultat {
        Ok(reponse) => Ok(reponse),
        Err(AppError::NotFound) => Ok(perimee(&requete)),
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_invitation(&requete, i, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
