//! `/national/{annee}/calculs/{id}`: a computation under way. The page comes back by itself, unless asked not to.

use app::admission::{Avancement, SuiviCalcul, suivi_calcul};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;

use super::{adresse, lit_chemin, titre_calcul};
use crate::components::{Alerte, Bouton, LienBouton, depuis, regards, toute_seule};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat, comes_back, is_coming_back, redirige};

#[derive(Template)]
#[template(path = "national/calcul.html")]
struct PageCalcul {
    page: Page,
    alerte: Alerte,
    liens: Vec<Bouton>,
}

pub async fn get_calcul(
    requete: Requete,
    Path(chemin): Path<(String, String)>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let suivi = suivi_calcul(&requete.ctx, annee, &id).await?;
    let retour = format!("/national/{annee}");
    let seule = is_coming_back(&paires);
    let page = |alerte, liens| PageCalcul {
        page: requete
            .page(titre_calcul(suivi.nature))
            .session(format_args!("Session {annee}"))
            .ariane(vec![Lien::new("Équipe nationale", &retour)]),
        alerte,
        liens,
    };
    let tableau = LienBouton::new("Retour au tableau de bord", &retour).secondaire();
    Ok(match &suivi.avancement {
        Avancement::Fait(passage) => {
            let vers = passage.as_ref().map_or_else(|| retour.clone(), |p| adresse(annee, p));
            redirige(&format!("{vers}?fait=passage-calcule"))
        }
        Avancement::Refuse(motif) => rend(
            StatusCode::OK,
            &page(Alerte::erreur(motif).titre("Le calcul n’a pas abouti"), vec![tableau]),
        ),
        Avancement::EnAttente | Avancement::EnCours => {
            let url = format!("{retour}/calculs/{id}");
            let liens = regards(&url, seule).into_iter().chain([tableau]).collect();
            let reponse = rend(StatusCode::OK, &page(attente(&requete, &suivi, seule), liens));
            if seule { comes_back(reponse) } else { reponse }
        }
    })
}

fn attente(requete: &Requete, suivi: &SuiviCalcul, seule: bool) -> Alerte {
    let secondes = requete.ctx.recu_le.duration_since(suivi.demande_le).as_secs().max(0);
    let (titre, etat) = match suivi.avancement {
        Avancement::EnAttente => ("Calcul demandé", "commencera dans un instant"),
        _ => ("Calcul en cours", "se poursuit"),
    };
    let quand = depuis(secondes);
    let suite = toute_seule(seule);
    Alerte::info(format_args!("Demandé {quand}, le calcul {etat}. Vous pouvez quitter cette page.{suite}"))
        .titre(titre)
}
