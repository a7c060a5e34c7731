//! SEC-2, LIM-3: how sign-in is set for the whole country.

use app::comptes::{Decision, Securite, decide_security, security_settings};
use app::{AppError, messages};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use crate::components::{Bouton, Choix, Formulaire};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Erreur, Recu, Requete, Resultat, redirige, refuse};

const PAGE: &str = "/national/securite";

#[derive(Template)]
#[template(path = "national/securite.html")]
struct PageSecurite {
    page: Page,
    form: Formulaire,
    s: Securite,
    depuis: Option<String>,
    choix: Vec<Choix>,
}

impl PageSecurite {
    fn sortir(&self) -> Bouton {
        let libelle = if self.s.sortie_proposee_par.is_some() {
            "Valider la sortie du mode renforcé"
        } else {
            "Proposer de sortir du mode renforcé"
        };
        Bouton::new(libelle).valeur("acte", "sortir")
    }
}

async fn rend_page(requete: &Requete, form: Formulaire, statut: StatusCode) -> Result<Response, Erreur> {
    let s = security_settings(&requete.ctx).await?;
    let form = if form.valeur("mode").is_empty() {
        form.avec("mode", if s.souple { "souple" } else { "strict" })
    } else {
        form
    };
    let page = PageSecurite {
        page: requete
            .page("Sécurité des connexions")
            .ariane(vec![Lien::new("Équipe nationale", "/national")])
            .en_erreur(!form.est_valide()),
        depuis: s.renforce_le.and_then(|ms| Timestamp::from_millisecond(ms).ok()).map(messages::date_heure),
        choix: vec![
            Choix::new("strict", "Strict").indice(
                "Une double vérification à chaque changement de réseau ou de navigateur depuis la dernière.",
            ),
            Choix::new("souple", "Souple").indice(format_args!(
                "Un réseau et un navigateur déjà confirmés tous deux dans les {} jours suffisent.",
                requete.ctx.app.limites.confirmation_jours
            )),
        ],
        s,
        form,
    };
    Ok(rend(statut, &page))
}

pub async fn get(requete: Requete) -> Resultat {
    rend_page(&requete, requete.formulaire(), StatusCode::OK).await
}

pub async fn post(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let decision = match (form.valeur("acte"), form.valeur("mode")) {
        ("mode", "strict") => Decision::Mode { souple: false },
        ("mode", "souple") => Decision::Mode { souple: true },
        ("renforcer", _) => Decision::Renforcer,
        ("sortir", _) => Decision::Sortir,
        _ => return Err(AppError::NotFound.into()),
    };
    match decide_security(&requete.ctx, decision).await {
        Ok(_) => Ok(redirige(&format!("{PAGE}?fait=mode-connexion"))),
        Err(AppError::Invalid(fautes)) => {
            for (_, message) in fautes {
                form.refuse_tout(message);
            }
            rend_page(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => {
            refuse(&mut form, e)?;
            rend_page(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
