//! `/academie/{annee}/taux`: one rate for all the groups that have none.

use app::AppError;
use app::admission::{fixer_taux_manquants, liste_taux, manquants_par_famille};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::formations::Famille;

use super::lit_annee;
use crate::components::{Aide, Alerte, Bouton, Choix, Formulaire, LienBouton, nombre};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/manquants.html")]
struct PageManquants {
    page: Page,
    url: String,
    retour: String,
    ferme: Option<Alerte>,
    choix: Vec<Choix>,
    form: Formulaire,
}

const TOUTES: &str = "toutes";

pub async fn get_manquants(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let form = requete.formulaire();
    let page = page(&requete, annee, form).await?;
    Ok(rend(StatusCode::OK, &page))
}

pub async fn post_manquants(Path(annee): Path<String>, mut recu: Recu) -> Resultat {
    let annee = lit_annee(&annee)?;
    let requete = recu.requete.clone();
    let famille = recu.form.lit_choix("famille", "Choisissez un type de formation.", |v| {
        if v == TOUTES { Some(None) } else { Famille::from_code(v).map(Some) }
    });
    let taux = recu.form.lit_entier("taux_min_boursiers", 0..=100_i64);
    if let (Some(famille), Some(taux)) = (famille, taux) {
        match fixer_taux_manquants(&requete.ctx, &recu.garde(), annee, famille, taux).await {
            Ok(r) => return Ok(redirige(&format!("/academie/{annee}?fait=taux&recepisse={}", r.numero))),
            Err(AppError::Rule(r @ domain::RuleViolation::TauxSousPlancher { .. })) => {
                recu.form.refuse("taux_min_boursiers", app::messages::regle(&r));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    let page = page(&requete, annee, recu.form).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn page(requete: &Requete, annee: i64, form: Formulaire) -> Result<PageManquants, AppError> {
    let liste = liste_taux(&requete.ctx, annee, &app::admission::FiltreTaux::default()).await?;
    let groupes = |n: i64| match n {
        1 => "1 groupe sans taux".to_owned(),
        n => format!("{} groupes sans taux", nombre(n)),
    };
    let mut choix: Vec<Choix> = manquants_par_famille(&requete.ctx, annee)
        .await?
        .into_iter()
        .map(|f| Choix::new(f.famille.code(), f.famille.libelle()).indice(groupes(f.manquants)))
        .collect();
    choix.push(Choix::new(TOUTES, "Tous les types de formation").indice(groupes(liste.manquants)));
    let retour = format!("/academie/{annee}");
    Ok(PageManquants {
        page: requete
            .page("Fixer un taux pour plusieurs groupes")
            .session(&liste.libelle_session)
            .ariane(vec![Lien::new("Service académique", &retour)])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/taux"),
        retour,
        ferme: liste.fixer.motif().map(Alerte::info),
        choix,
        form,
    })
}
