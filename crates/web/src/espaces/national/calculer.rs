//! `/national/{annee}/ordre-appel` and `/propositions`: what will be computed, then the computation.

use app::AppError;
use app::admission::{Possibilite, demander_calcul, tableau_national};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::admission::Nature;
use domain::droits::{Action, Cible};

use super::{lit_annee, titre_calcul};
use crate::components::{Alerte, Bouton, Definitions, Formulaire, LienBouton, nombre};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "national/calculer.html")]
struct PageCalculer {
    page: Page,
    url: String,
    retour: String,
    explication: &'static str,
    chiffres: Definitions,
    bouton: &'static str,
    /// Why not now.
    obstacle: Option<Alerte>,
    form: Formulaire,
}

pub async fn get_ordre(requete: Requete, Path(annee): Path<String>) -> Resultat {
    get(requete, &annee, Nature::OrdreAppel).await
}

pub async fn post_ordre(Path(annee): Path<String>, recu: Recu) -> Resultat {
    post(recu, &annee, Nature::OrdreAppel).await
}

pub async fn get_propositions(requete: Requete, Path(annee): Path<String>) -> Resultat {
    get(requete, &annee, Nature::Propositions).await
}

pub async fn post_propositions(Path(annee): Path<String>, recu: Recu) -> Resultat {
    post(recu, &annee, Nature::Propositions).await
}

async fn get(requete: Requete, annee: &str, nature: Nature) -> Resultat {
    let annee = lit_annee(annee)?;
    let form = requete.formulaire();
    let page = page(&requete, annee, nature, form).await?;
    Ok(rend(StatusCode::OK, &page))
}

async fn post(mut recu: Recu, annee: &str, nature: Nature) -> Resultat {
    let annee = lit_annee(annee)?;
    let requete = recu.requete.clone();
    let (ctx, garde) = (&requete.ctx, recu.garde());
    match demander_calcul(ctx, &garde, annee, nature).await {
        Ok(calcul) => Ok(redirige(&format!("/national/{annee}/calculs/{calcul}"))),
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let page = page(&requete, annee, nature, recu.form).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn page(
    requete: &Requete,
    annee: i64,
    nature: Nature,
    form: Formulaire,
) -> Result<PageCalculer, AppError> {
    let t = tableau_national(&requete.ctx, annee).await?;
    // Whoever only reads runs has no business here: refused as by the use case itself.
    requete.ctx.permit(Action::CalculerPassage, &Cible::plateforme())?;
    let c = &t.comptes;
    let retour = format!("/national/{annee}");
    let titre = titre_calcul(nature);
    let (url, possible) = match nature {
        Nature::OrdreAppel => ("ordre-appel", &t.calculer_ordre),
        Nature::Propositions => ("propositions", &t.calculer_jour),
        // Asked from the page of a day.
        Nature::Retrait => return Err(AppError::NotFound),
    };
    let (explication, chiffres) = match nature {
        Nature::OrdreAppel => (
            "Chaque classement transmis est combiné avec les taux fixés par les recteurs. L’ordre obtenu est vérifié, \
             puis attend d’être publié par une deuxième personne. Rien ne change pour les candidats avant la publication.",
            Definitions::new()
                .ligne("Groupes de classement avec des vœux confirmés", nombre(c.groupes))
                .ligne("Classements manquants", nombre(c.classements_manquants))
                .ligne("Taux de boursiers manquants", nombre(c.taux_manquants)),
        ),
        Nature::Propositions => (
            "Les propositions dont le délai de réponse est passé sont d’abord retirées. Les places libres sont ensuite \
             proposées dans l’ordre d’appel ; le résultat est vérifié, puis attend d’être publié par une deuxième \
             personne. Les candidats n’en voient rien avant la publication.",
            Definitions::new()
                .ligne("Jour calculé", t.jour)
                .ligne("Vœux en attente", nombre(c.voeux_en_attente))
                .ligne("Propositions sans réponse", nombre(c.propositions_attendues))
                .ligne("Propositions acceptées", nombre(c.propositions_acceptees)),
        ),
        Nature::Retrait => return Err(AppError::NotFound),
    };
    Ok(PageCalculer {
        page: requete
            .page(titre)
            .session(&t.libelle)
            .ariane(vec![Lien::new("Équipe nationale", &retour)])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/{url}"),
        retour,
        explication,
        chiffres,
        bouton: titre,
        obstacle: match possible {
            Possibilite::PasMaintenant(motif) if form.est_valide() => Some(Alerte::info(motif)),
            _ => None,
        },
        form,
    })
}
