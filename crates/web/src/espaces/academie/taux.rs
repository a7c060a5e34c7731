//! `/academie/{annee}/taux/{id}`: the rates of one course.

use app::AppError;
use app::admission::{FicheTaux, NouveauTaux, fixer_taux, taux};
use app::messages::secteur;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;

use super::{lit_annee, pourcent};
use crate::components::{Aide, Alerte, Bouton, Definitions, Formulaire, LienBouton};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "academie/taux.html")]
struct PageFiche {
    page: Page,
    url: String,
    retour: String,
    formation: String,
    resume: Definitions,
    /// Why nothing can be changed now.
    ferme: Option<Alerte>,
    lies: Option<Alerte>,
    indice: String,
    form: Formulaire,
}

fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, String), AppError> {
    let id = PublicId::parse(id).ok_or(AppError::NotFound)?;
    Ok((lit_annee(annee)?, id.as_str().to_owned()))
}

pub async fn get_taux(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let fiche = taux(&requete.ctx, annee, &id).await?;
    let texte = |t: Option<i64>| t.map(|t| t.to_string()).unwrap_or_default();
    let form = requete
        .formulaire()
        .avec_version(fiche.ligne.version)
        .avec("taux_min_boursiers", texte(fiche.ligne.taux_min_boursiers))
        .avec("taux_max_non_residents", texte(fiche.ligne.taux_max_non_residents));
    Ok(rend(StatusCode::OK, &page(&requete, annee, fiche, form)))
}

pub async fn post_taux(Path(chemin): Path<(String, String)>, mut recu: Recu) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let requete = recu.requete.clone();
    let fiche = taux(&requete.ctx, annee, &id).await?;
    // Whether a lower one is possible is for the rule: the bounds are those that the hint gives.
    let bornes = format!("Saisissez un nombre entier compris entre {} et 100.", fiche.plancher);
    let min_boursiers = recu.form.lit_choix("taux_min_boursiers", &bornes, |saisi| {
        saisi.trim().parse::<i64>().ok().filter(|taux| (0..=100).contains(taux))
    });
    let max_non_residents = match recu.form.lit_texte_facultatif("taux_max_non_residents") {
        None => None,
        Some(_) => recu.form.lit_entier("taux_max_non_residents", 0..=100_i64),
    };
    if let (Some(min_boursiers), true) = (min_boursiers, recu.form.est_valide()) {
        let nouveau = NouveauTaux { min_boursiers, max_non_residents };
        match fixer_taux(&requete.ctx, &recu.garde(), annee, &id, nouveau).await {
            Ok(r) => return Ok(redirige(&format!("/academie/{annee}?fait=taux&recepisse={}", r.numero))),
            Err(AppError::Rule(r @ domain::RuleViolation::TauxSousPlancher { .. })) => {
                recu.form.refuse("taux_min_boursiers", app::messages::regle(&r));
            }
            Err(e) => refuse(&mut recu.form, e)?,
        }
    }
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, annee, fiche, recu.form)))
}

fn page(requete: &Requete, annee: i64, f: FicheTaux, form: Formulaire) -> PageFiche {
    let retour = format!("/academie/{annee}");
    let l = f.ligne;
    PageFiche {
        page: requete
            .page(if f.fixer.is_oui() { "Fixer les taux" } else { "Taux d’une formation" })
            .session(format_args!("Session {annee}"))
            .ariane(vec![Lien::new("Service académique", &retour)])
            .en_erreur(!form.est_valide()),
        url: format!("{retour}/taux/{}", l.public_id),
        retour,
        formation: format!("{} – {}, {}", l.formation, l.etablissement, l.commune),
        resume: Definitions::new()
            .ligne("Groupe", &l.groupe)
            .ligne("Vœux confirmés", l.voeux)
            .ligne("Résidents", secteur(&l.secteur))
            .ligne("Taux minimum de boursiers en vigueur", pourcent(l.taux_min_boursiers))
            .ligne("Taux maximum de non-résidents en vigueur", pourcent(l.taux_max_non_residents)),
        ferme: f.fixer.motif().map(Alerte::info),
        lies: (f.groupes_lies > 1).then(|| {
            Alerte::info(format_args!(
                "Les mêmes taux s’appliqueront aux {} groupes de cette formation.",
                f.groupes_lies
            ))
        }),
        indice: format!(
            "De {} à 100. Un taux plus bas n’est possible que si aucun candidat boursier n’a demandé cette formation.",
            f.plancher
        ),
        form,
    }
}
