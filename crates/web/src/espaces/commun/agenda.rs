//! `/compte/agenda`: one's dates in a calendar program, by a file or by a personal address that can be withdrawn.

use app::AppError;
use app::echeances::{
    MesDates, address, agenda, agenda_by_token, create_address, mes_dates, withdraw_address,
};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::components::{Bouton, Dates, Formulaire, LienBouton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{CALENDRIER, Recu, Requete, Resultat, redirige};

#[derive(Template)]
#[template(path = "commun/agenda.html")]
struct PageAgenda {
    page: Page,
    form: Formulaire,
    dates: Option<Dates>,
    adresse: Option<String>,
}

pub async fn page(requete: Requete) -> Resultat {
    let session = requete.compte()?;
    let mes: Option<MesDates> = mes_dates(&requete.ctx).await?;
    let adresse = address(&requete.ctx, session).await?;
    let form = requete.formulaire().avec("adresse", adresse.as_deref().unwrap_or_default());
    let page = PageAgenda {
        page: requete
            .page("Mes dates dans mon agenda")
            .ariane(vec![Lien::new("Informations personnelles", "/compte")]),
        dates: mes.map(|m| Dates::new(requete.ctx.campagne_le, &m).sans_lien()),
        adresse,
        form,
    };
    Ok(rend(StatusCode::OK, &page))
}

pub async fn creation(recu: Recu) -> Resultat {
    create_address(&recu.requete.ctx, recu.requete.compte()?).await?;
    Ok(redirige("/compte/agenda?fait=agenda-cree"))
}

pub async fn retrait(recu: Recu) -> Resultat {
    match withdraw_address(&recu.requete.ctx, recu.requete.compte()?).await {
        // Twice, or from another tab: it is withdrawn.
        Ok(()) | Err(AppError::NotFound) => Ok(redirige("/compte/agenda?fait=agenda-retire")),
        Err(e) => Err(e.into()),
    }
}

pub async fn fichier(requete: Requete) -> Resultat {
    requete.compte()?;
    Ok(crate::socle::fichier("parcoursup.ics", CALENDRIER, agenda(&requete.ctx).await?))
}

/// What a calendar program reads, without a session: the address is the key.
pub async fn abonnement(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    let jeton = jeton.strip_suffix(".ics").unwrap_or(&jeton);
    Ok(calendrier(agenda_by_token(&requete.ctx, jeton).await?))
}

fn calendrier(octets: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(CALENDRIER))], octets).into_response()
}
