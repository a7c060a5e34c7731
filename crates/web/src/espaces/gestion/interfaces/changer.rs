//! A token that is there already: what it opens is changed, or its secret renewed, and the program keeps its subscriptions.

use app::AppError;
use app::interfaces::{Jeton, Jetons, change_jeton, renew_jeton, view_jeton};
use app::messages::date_heure;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::interfaces::jetons::{AncienSecret, FinJeton};

use super::nouveau::{Usage, champ_duree, donne, lit_etendue, refuse_demande, remplit, vue};
use super::{accord, adresse, ariane, etendue, lit_jeton};
use crate::components::{Alerte, Bouton, Champ, Choix, Formulaire, GroupeChoix, LienBouton, instant};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

type Chemin = Path<(String, String, String)>;

const PERIME: &str = "Quelqu’un a changé ce jeton entre-temps. Rien n’a été enregistré : relisez ce qu’il ouvre, puis recommencez.";

fn page_du_jeton(j: &Jetons, jeton: &Jeton) -> String {
    format!("{}/{}", adresse(j.session.annee, &j.etablissement), jeton.id)
}

fn chemin_de(j: &Jetons, jeton: &Jeton) -> Vec<Lien> {
    let mut fil = ariane(j);
    fil.push(Lien::new(&jeton.libelle, page_du_jeton(j, jeton)));
    fil
}

/// Why nothing can be done here, when nothing can.
fn obstacles(j: &Jetons, obstacle: Option<Alerte>) -> Vec<Alerte> {
    let archive = j.session.archivee.then(|| super::super::saisie::alerte_archive(j.session.annee));
    archive.into_iter().chain(obstacle).collect()
}

fn usage_modifier(requete: &Requete, j: &Jetons, jeton: &Jeton) -> Usage {
    let retour = page_du_jeton(j, jeton);
    let obstacle = jeton.fin.map(|fin| {
        Alerte::info(match fin {
            FinJeton::Revoque => "Ce jeton est révoqué : il ne se modifie plus.",
            _ => "Ce jeton n’ouvre plus rien : renouvelez-le avant de changer ce qu’il ouvre.",
        })
    });
    let mut intro = format!(
        "Le logiciel garde le même jeton et ses abonnements : ce que vous changez vaut dès son prochain appel. Vous en répondez à \
         partir de maintenant. Le jeton finit toujours le {}, ou plus tôt si vous ajoutez une opération qui le limite à {} jours.",
        date_heure(instant(jeton.expire_le)),
        requete.ctx.app.limites.jetons.jours_sensible
    );
    if jeton.autres > 0 {
        let n = i64::try_from(jeton.autres).unwrap_or(i64::MAX);
        intro.push_str(&format!(
            " Il ouvre aussi {} : ce qu’il y fait ne change pas ici.",
            accord(n, "formation d’une autre session ou fermée", "formations d’une autre session ou fermées")
        ));
    }
    Usage {
        titre: "Modifier un jeton d’accès",
        ariane: chemin_de(j, jeton),
        url: format!("{retour}/modifier"),
        retour,
        intro,
        bouton: Bouton::new("Enregistrer les changements"),
        duree: false,
        ouverte: obstacle.is_none() && !j.session.archivee,
        alertes: obstacles(j, obstacle),
    }
}

pub async fn get_modifier(requete: Requete, Path(chemin): Chemin) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let form = remplit(requete.formulaire(), &j, &jeton);
    let usage = usage_modifier(&requete, &j, &jeton);
    Ok(rend(StatusCode::OK, &vue(&requete, &j, usage, form)))
}

pub async fn post_modifier(Path(chemin): Chemin, mut recu: Recu) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let requete = recu.requete.clone();
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let mut usage = usage_modifier(&requete, &j, &jeton);
    // Another page of the table, or a search in it: nothing is changed yet.
    if !recu.form.valeur("acte").is_empty() {
        return Ok(rend(StatusCode::OK, &vue(&requete, &j, usage, recu.form)));
    }
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(etendue) = lit_etendue(&mut recu.form, &j) {
        let libelle = recu.form.valeur("libelle").to_owned();
        let lequel = (annee, &etablissement, &id);
        match change_jeton(&requete.ctx, &recu.garde(), lequel, &libelle, &etendue).await {
            Ok(r) => {
                let page = page_du_jeton(&j, &jeton);
                return Ok(redirige(&format!("{page}?fait=jeton-change&recepisse={}", r.numero)));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form).avec_version(jeton.version);
                recu.form.refuse_tout(PERIME);
                // The form holds what was typed: sent again as it is, it would undo what it does not show.
                let ouvre =
                    Alerte::info("Ce que ce jeton ouvre maintenant :").points(super::etendue(&j, &jeton));
                usage.alertes.push(ouvre);
                statut = StatusCode::CONFLICT;
            }
            Err(e) => refuse_demande(&mut recu.form, e)?,
        }
    }
    Ok(rend(statut, &vue(&requete, &j, usage, recu.form)))
}

#[derive(Template)]
#[template(path = "gestion/interfaces/renouveler.html")]
struct PageRenouveler {
    page: Page,
    etablissement: String,
    libelle: String,
    etendue: Vec<String>,
    alertes: Vec<Alerte>,
    ouverte: bool,
    form: Formulaire,
    jours: Champ,
    /// Nothing to choose of a secret that opens nothing already.
    ancien: Option<GroupeChoix>,
    url: String,
    retour: String,
}

fn page_renouveler(requete: &Requete, j: &Jetons, jeton: &Jeton, form: Formulaire) -> PageRenouveler {
    let retour = page_du_jeton(j, jeton);
    let obstacle = (jeton.fin == Some(FinJeton::Revoque))
        .then(|| Alerte::info("Un jeton révoqué ne se renouvelle pas : donnez-en un autre à ce logiciel."));
    let choix: Vec<Choix> =
        AncienSecret::ALL.into_iter().map(|a| Choix::new(a.code(), a.libelle())).collect();
    PageRenouveler {
        page: requete
            .page("Renouveler un jeton d’accès")
            .session(&j.session.libelle)
            .ariane(chemin_de(j, jeton))
            .en_erreur(!form.est_valide()),
        etablissement: j.nom.clone(),
        libelle: jeton.libelle.clone(),
        etendue: etendue(j, jeton),
        ouverte: obstacle.is_none() && !j.session.archivee,
        alertes: obstacles(j, obstacle),
        jours: champ_duree(&form, &requete.ctx.app.limites),
        ancien: jeton.fin.is_none().then(|| {
            form.radios("ancien", "Le jeton que le logiciel présente aujourd’hui", &choix).indice(
                "Laissez le temps de mettre le nouveau dans le logiciel ; si quelqu’un d’autre a pu lire l’ancien, arrêtez-le tout de suite.",
            )
        }),
        url: format!("{retour}/renouveler"),
        retour,
        form,
    }
}

pub async fn get_renouveler(requete: Requete, Path(chemin): Chemin) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let form = requete
        .formulaire()
        .avec_version(jeton.version)
        .avec("jours", requete.ctx.app.limites.jetons.jours_sensible)
        .avec("ancien", AncienSecret::FinDeJournee.code());
    Ok(rend(StatusCode::OK, &page_renouveler(&requete, &j, &jeton, form)))
}

/// How long, and what becomes of the former secret; `None`: the faults are written in the form.
fn lit_renouvellement(form: &mut Formulaire, jours_max: i64, jeton: &Jeton) -> Option<(i64, AncienSecret)> {
    let jours = form.lit_entier("jours", 1..=jours_max);
    let ancien = match jeton.fin {
        None => {
            form.lit_choix("ancien", "Choisissez ce que devient l’ancien jeton.", AncienSecret::from_code)
        }
        Some(_) => Some(AncienSecret::Aussitot),
    };
    jours.zip(ancien)
}

/// What becomes of the former secret, in a sentence.
fn suite(jeton: &Jeton) -> String {
    match jeton.ancien_jusqu_a {
        Some(le) => format!(
            "L’ancien jeton ouvre encore la même chose jusqu’au {}. Les abonnements du logiciel sont gardés.",
            date_heure(instant(le))
        ),
        None => "L’ancien jeton n’ouvre plus rien. Les abonnements du logiciel sont gardés.".to_owned(),
    }
}

pub async fn post_renouveler(Path(chemin): Chemin, mut recu: Recu) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let requete = recu.requete.clone();
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let jours_max = requete.ctx.app.limites.jetons.jours;
    let mut statut = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some((jours, ancien)) = lit_renouvellement(&mut recu.form, jours_max, &jeton) {
        let lequel = (annee, &etablissement, &id);
        match renew_jeton(&requete.ctx, &recu.garde(), lequel, jours, ancien).await {
            Ok(remise) => {
                let (j, neuf) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
                let page = donne(&requete, &j, (&neuf.libelle, jours), &remise, Some(suite(&neuf)));
                return Ok(rend(StatusCode::OK, &page));
            }
            Err(AppError::Conflict) => {
                recu.form = requete.formulaire().with_values(&recu.form).avec_version(jeton.version);
                recu.form.refuse_tout(PERIME);
                statut = StatusCode::CONFLICT;
            }
            // Too many tokens: of no field of this form.
            Err(AppError::Invalid(fautes)) => {
                for (_, message) in fautes {
                    recu.form.refuse_tout(message);
                }
            }
            Err(e) => refuse_demande(&mut recu.form, e)?,
        }
    }
    Ok(rend(statut, &page_renouveler(&requete, &j, &jeton, recu.form)))
}
