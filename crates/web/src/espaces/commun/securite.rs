//! « Sécurité de mon compte »: means of the second step, sessions and browsers; the form kept meanwhile.

use app::comptes::{
    Facteur, Reglages, SessionVue, add_authenticator, add_passkey, close_one, confirm_mobile,
    forget_browsers, kept_request, prepare_authenticator, remove_passkey, renew_codes, security_page,
    send_mobile_code, sign_out_everywhere,
};
use app::{AppError, messages};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::compte::{dehors, rend_codes};
use super::connexion::{duree, json, reessayer_apres};
use crate::components::{Bouton, Formulaire, LienBouton, Renvoi};
use crate::layout::{Page, rend};
use crate::socle::{Erreur, Recu, Requete, Resultat, paires, redirige, refuse};

const PAGE: &str = "/compte/securite";

#[derive(Template)]
#[template(path = "commun/securite.html")]
struct PageSecurite {
    page: Page,
    form: Formulaire,
    r: Reglages,
    exige_le: Option<String>,
    /// A code was just sent to a number being proved.
    mobile_en_cours: bool,
}

impl PageSecurite {
    fn date(&self, ms: &i64) -> String {
        date(*ms)
    }

    fn vers_application(&self) -> Bouton {
        let libelle =
            if self.r.application { "Remplacer l’application" } else { "Mettre en place une application" };
        LienBouton::new(libelle, "/compte/securite/application").secondaire()
    }

    fn fermer(&self, nom: &str) -> Bouton {
        Bouton::new("Fermer").secondaire().petit().precision(format_args!("la session {nom}"))
    }

    fn retirer(&self, nom: &str) -> Bouton {
        Bouton::new("Retirer").secondaire().petit().precision(format_args!("la clé {nom}"))
    }
}

fn date(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(messages::date_heure).unwrap_or_default()
}

async fn rend_securite(
    requete: &Requete,
    form: Formulaire,
    statut: StatusCode,
    mobile_en_cours: bool,
) -> Result<Response, Erreur> {
    let r = security_page(&requete.ctx, requete.compte()?).await?;
    let page = PageSecurite {
        page: requete.page("Sécurité de mon compte").en_erreur(!form.est_valide()),
        exige_le: r.exige_le_ms.map(date),
        r,
        form,
        mobile_en_cours,
    };
    Ok(rend(statut, &page))
}

pub async fn page(requete: Requete) -> Resultat {
    rend_securite(&requete, requete.formulaire(), StatusCode::OK, false).await
}

/// Answers an act of the page: its refusal is shown there, with what was typed.
async fn suite(requete: &Requete, mut form: Formulaire, fait: Result<(), AppError>, code: &str) -> Resultat {
    match fait {
        Ok(()) => Ok(redirige(&format!("{PAGE}?fait={code}"))),
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!(
                "Trop de demandes ou d’essais. Vous pourrez recommencer dans {}.",
                duree(attente_s)
            ));
            let reponse = rend_securite(requete, form, StatusCode::TOO_MANY_REQUESTS, false).await?;
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(AppError::Invalid(fautes)) => {
            let mobile = fautes.iter().any(|(champ, _)| *champ == "code_mobile");
            for (champ, message) in fautes {
                match champ {
                    "mobile" | "code_mobile" => form.refuse(champ, message),
                    _ => form.refuse_tout(message),
                }
            }
            rend_securite(requete, form, StatusCode::UNPROCESSABLE_ENTITY, mobile).await
        }
        Err(e) => Err(e.into()),
    }
}

fn compte(requete: &Requete) -> Result<&SessionVue, Erreur> {
    requete.compte()
}

pub async fn envoi_mobile(recu: Recu) -> Resultat {
    let Recu { requete, form } = recu;
    let numero = form.valeur("mobile").to_owned();
    let fait = send_mobile_code(&requete.ctx, compte(&requete)?, &requete.navigateur, &numero).await;
    match fait {
        Ok(()) => rend_securite(&requete, form, StatusCode::OK, true).await,
        autre => suite(&requete, form, autre, "").await,
    }
}

pub async fn envoi_code_mobile(recu: Recu) -> Resultat {
    let Recu { requete, form } = recu;
    let code = form.valeur("code_mobile").to_owned();
    let fait = confirm_mobile(&requete.ctx, compte(&requete)?, &requete.navigateur, &code).await;
    suite(&requete, form, fait, "mobile-verifie").await
}

pub async fn envoi_codes(recu: Recu) -> Resultat {
    let requete = recu.requete;
    let codes = renew_codes(&requete.ctx, compte(&requete)?).await?;
    Ok(rend_codes(&requete, codes, PAGE))
}

/// A new means is in place: fresh recovery codes are shown when there were none.
async fn ajoute(
    requete: &Requete,
    form: Formulaire,
    fait: Result<Vec<String>, AppError>,
    code: &str,
) -> Resultat {
    match fait {
        Ok(codes) if !codes.is_empty() => Ok(rend_codes(requete, codes, &format!("{PAGE}?fait={code}"))),
        autre => suite(requete, form, autre.map(|_| ()), code).await,
    }
}

pub async fn envoi_cle(recu: Recu) -> Resultat {
    let Recu { requete, form } = recu;
    let (nom, reponse) = (form.valeur("nom").to_owned(), form.valeur("reponse").to_owned());
    let fait = add_passkey(&requete.ctx, compte(&requete)?, &nom, &reponse).await;
    ajoute(&requete, form, fait, "cle-ajoutee").await
}

pub async fn retrait_cle(Path(id): Path<String>, recu: Recu) -> Resultat {
    let Recu { requete, form } = recu;
    let fait = remove_passkey(&requete.ctx, compte(&requete)?, &id).await;
    suite(&requete, form, fait, "cle-retiree").await
}

#[derive(Template)]
#[template(path = "commun/application.html")]
struct PageApplication {
    page: Page,
    form: Formulaire,
    facteur: Facteur,
}

async fn rend_application(
    requete: &Requete,
    form: Formulaire,
    statut: StatusCode,
) -> Result<Response, Erreur> {
    let scelle = form.valeur("scelle").to_owned();
    let scelle = (!scelle.is_empty()).then_some(scelle);
    let facteur = prepare_authenticator(&requete.ctx, compte(requete)?, scelle.as_deref()).await?;
    let page = requete.page("Application d’authentification").en_erreur(!form.est_valide());
    Ok(rend(statut, &PageApplication { page, form, facteur }))
}

pub async fn page_application(requete: Requete) -> Resultat {
    rend_application(&requete, requete.formulaire(), StatusCode::OK).await
}

pub async fn envoi_application(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let (scelle, code) = (form.valeur("scelle").to_owned(), form.valeur("code").to_owned());
    match add_authenticator(&requete.ctx, compte(&requete)?, &scelle, &code).await {
        Ok(codes) => ajoute(&requete, form, Ok(codes), "application").await,
        Err(e) => {
            refuse(&mut form, e)?;
            rend_application(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

pub async fn fermeture(Path(id): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete;
    close_one(&requete.ctx, compte(&requete)?, &id).await?;
    Ok(redirige(&format!("{PAGE}?fait=session-fermee")))
}

pub async fn partout(recu: Recu) -> Resultat {
    let requete = recu.requete;
    sign_out_everywhere(&requete.ctx, compte(&requete)?).await?;
    Ok(dehors(&requete, "/?fait=deconnecte-partout"))
}

pub async fn oubli(recu: Recu) -> Resultat {
    let requete = recu.requete;
    forget_browsers(&requete.ctx, compte(&requete)?).await?;
    Ok(redirige(&format!("{PAGE}?fait=navigateurs-oublies")))
}

/// SES-3: any request holds the session; this one shows nothing.
pub async fn prolonge(recu: Recu) -> Resultat {
    let requete = recu.requete;
    let session = compte(&requete)?;
    let reste = (session.expire_ms - requete.ctx.recu_ms()) / 1_000;
    Ok(json(format!("{{\"secondes\":{},\"totale\":{}}}", reste.max(0), session.totale)))
}

/// A form kept while its sender confirmed who they are (SEC-3): sent again by its script, or in one gesture.
#[derive(Template)]
#[template(path = "commun/reprise.html")]
struct PageReprise {
    page: Page,
    renvoi: Renvoi,
}

pub async fn reprise(requete: Requete, Path(id): Path<String>) -> Resultat {
    let session = compte(&requete)?;
    if requete.demande.as_deref() != Some(id.as_str()) {
        return Err(AppError::NotFound.into());
    }
    let demande = kept_request(&requete.ctx, session, &id).await?;
    let paires = paires(&requete.etat, demande.corps)
        .await
        .map_err(|_| AppError::Internal("kept form unreadable".to_owned()))?;
    let renvoi = Renvoi::new(&demande.chemin, requete.jeton(), paires).seul("Terminer l’envoi");
    Ok(rend(StatusCode::OK, &PageReprise { page: requete.page("Reprendre votre envoi"), renvoi }))
}
