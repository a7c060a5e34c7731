//! TRX-5: anybody checks a receipt by its number; nobody's data is shown.

use app::idempotence::verify_recepisse;
use app::messages;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

use crate::components::{Alerte, Bouton, Definitions, Formulaire, par_groupes};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat};

#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    numero: Option<String>,
}

#[derive(Template)]
#[template(path = "commun/recepisse.html")]
struct PageRecepisse {
    page: Page,
    form: Formulaire,
    resultat: Option<(Alerte, Option<Definitions>)>,
}

pub async fn page(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    let saisie = demande.numero.unwrap_or_default();
    let mut statut = StatusCode::OK;
    let resultat = if saisie.trim().is_empty() {
        None
    } else {
        Some(match verify_recepisse(&requete.ctx, &saisie).await? {
            None => {
                statut = StatusCode::NOT_FOUND;
                let texte = "Aucun récépissé ne porte ce numéro. Vérifiez-le : il a la forme K7QX-2MWD-4FZR.";
                (Alerte::attention(texte), None)
            }
            Some(v) => {
                let r = v.recepisse;
                let emis = Timestamp::from_millisecond(r.emis_le).unwrap_or(Timestamp::UNIX_EPOCH);
                let fiche = Definitions::new()
                    .ligne("Numéro", &r.numero)
                    .ligne("Acte", messages::acte(&r.acte))
                    .ligne("Date", format_args!("{} (heure de Paris)", messages::date_heure(emis)))
                    .ligne("Empreinte (SHA-256)", par_groupes(&r.empreinte));
                let alerte = if v.intact {
                    Alerte::succes("Ce récépissé est authentique et son contenu n’a pas été modifié.")
                } else {
                    Alerte::erreur(
                        "Le contenu conservé ne correspond plus à l’empreinte : signalez-le à l’assistance.",
                    )
                };
                (alerte, Some(fiche))
            }
        })
    };
    let form = Formulaire::new("").avec("numero", &saisie);
    let page = requete.page("Vérifier un récépissé");
    Ok(rend(statut, &PageRecepisse { page, form, resultat }))
}
