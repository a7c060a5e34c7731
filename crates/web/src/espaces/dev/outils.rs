//! `/dev`: sign in as a persona, move the campaign's clock.

use app::AppError;
use app::comptes::totp_code;
use app::demonstration::{Moment, moments, open_persona_session, save_decalage};
use app::messages;
use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::calendrier::{instant_paris, paris};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::components::{Bouton, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Demo, Persona, Recu, Requete, Resultat, cookie_session, redirige};

/// A persona as shown.
struct Fiche {
    persona: Persona,
    /// The code of the authenticator at this instant.
    code: Option<String>,
}

impl Fiche {
    fn url(&self) -> String {
        format!("/dev/personas/{}", self.persona.code)
    }

    fn bouton(&self) -> Bouton {
        Bouton::new("Se connecter").petit().precision(format_args!("en tant que {}", self.persona.nom))
    }

    fn invitation(&self) -> Bouton {
        LienBouton::new("Ouvrir l’invitation", &self.persona.accueil)
            .petit()
            .precision(format_args!("de {}", self.persona.nom))
    }
}

/// A button of the clock.
struct BoutonMoment(Moment);

impl BoutonMoment {
    fn bouton(&self) -> Bouton {
        Bouton::new(&self.0.libelle).secondaire().petit().valeur("moment", self.0.code)
    }
}

#[derive(Template)]
#[template(path = "dev/outils.html")]
struct Outils {
    page: Page,
    form: Formulaire,
    fiches: Vec<Fiche>,
    moments: Vec<BoutonMoment>,
    date: String,
}

fn demo(requete: &Requete) -> Result<&Demo, AppError> {
    requete.etat.demo.as_ref().ok_or(AppError::NotFound)
}

async fn calendar_moments(requete: &Requete) -> Result<Vec<Moment>, AppError> {
    let calendrier = match app::sessions::courante(&requete.ctx.app.db).await {
        Ok(s) => Some(s.calendrier),
        Err(AppError::NotFound) => None,
        Err(e) => return Err(e),
    };
    Ok(moments(calendrier.as_ref(), requete.ctx.campagne_le))
}

async fn rend_outils(requete: &Requete, form: Formulaire, statut: StatusCode) -> Result<Response, AppError> {
    let mut fiches = Vec::new();
    for persona in &demo(requete)?.personas {
        let secret =
            persona.totp.as_ref().and_then(|t| data_encoding::BASE32_NOPAD.decode(t.as_bytes()).ok());
        let code = secret.map(|s| totp_code(&s, requete.ctx.recu_ms())).transpose()?;
        fiches.push(Fiche { persona: persona.clone(), code });
    }
    let outils = Outils {
        page: requete.page("Outils de démonstration").en_erreur(!form.est_valide()),
        form,
        fiches,
        moments: calendar_moments(requete).await?.into_iter().map(BoutonMoment).collect(),
        date: messages::date_heure(requete.ctx.campagne_le),
    };
    Ok(rend(statut, &outils))
}

pub async fn page(requete: Requete) -> Resultat {
    let z = requete.ctx.campagne_le.to_zoned_datetime(paris());
    let form = requete.formulaire().avec("quand", z.strftime("%Y-%m-%dT%H:%M"));
    Ok(rend_outils(&requete, form, StatusCode::OK).await?)
}

pub async fn persona(Path(code): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete;
    let persona = demo(&requete)?.personas.iter().find(|p| p.code == code).ok_or(AppError::NotFound)?;
    if let Some(ancienne) = &requete.session {
        app::comptes::sign_out(&requete.ctx, ancienne).await?;
    }
    let (jeton, roles) = open_persona_session(&requete.ctx, &persona.courriel, &requete.navigateur).await?;
    let mut reponse = redirige(&persona.accueil);
    reponse.headers_mut().append(header::SET_COOKIE, cookie_session(&requete.etat, &jeton, &roles));
    Ok(reponse)
}

pub async fn horloge(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let moment = form.valeur("moment").to_owned();
    let voulu = if moment.is_empty() {
        typed_instant(&mut form)
    } else {
        calendar_moments(&requete).await?.into_iter().find(|m| m.code == moment).map(|m| m.instant)
    };
    let Some(voulu) = voulu else {
        if form.est_valide() {
            form.refuse_tout("Ce moment n’existe pas dans le calendrier de la session.");
        }
        return Ok(rend_outils(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await?);
    };
    let decalage = voulu.as_millisecond() - requete.ctx.recu_ms();
    save_decalage(&requete.ctx, decalage).await?;
    demo(&requete)?.horloge.set_decalage_ms(decalage);
    Ok(redirige("/dev?fait=horloge"))
}

fn typed_instant(form: &mut Formulaire) -> Option<Timestamp> {
    let lu = form.valeur("quand").trim().parse::<DateTime>().ok();
    let instant = lu.filter(|d| (2015..=2050).contains(&d.year())).and_then(instant_paris);
    if instant.is_none() {
        form.refuse(
            "quand",
            "Saisissez une date et une heure qui existent à Paris, entre 2015 et 2050, par exemple 2024-05-30T19:00.",
        );
    }
    instant
}
