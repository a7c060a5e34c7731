//! Publishing or abandoning a run, agreeing to its publication or calling that off: a page says what will happen, then the act.

use app::AppError;
use app::admission::{
    Passage, Possibilite, abandonner_passage, deprogrammer_publication, groupes_du_passage, groupes_leves,
    groupes_retenus, passage, programmer_publication, publier_passage,
};
use app::messages::{capitale, date_heure};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::admission::Nature;
use domain::droits::{Action, Cible};

use super::{adresse, ariane, lit_chemin, nom, passages, qui, retenues, retraits};
use crate::components::{Alerte, Bouton, Definitions, Formulaire, LienBouton, Tableau, nombre};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

const PASSAGE: &str = "passage";
const ANNULER: &str = "annuler";

#[derive(Template)]
#[template(path = "national/decider.html")]
struct PageDecider {
    page: Page,
    url: String,
    retour: String,
    nom: String,
    resume: Definitions,
    retenus: Option<Tableau>,
    leves: Option<Tableau>,
    /// Of a withdrawal, all of them.
    groupes: Option<Tableau>,
    suite: String,
    bouton: &'static str,
    obstacle: Option<Alerte>,
    form: Formulaire,
    /// Hidden fields, where the address does not say everything.
    caches: Vec<(&'static str, String)>,
}

/// What the person decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Publier,
    Abandonner,
    /// R-ADM-40: at the hour of the calendar.
    Programmer,
    Deprogrammer,
}

pub async fn get_publier(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    get(requete, &chemin, Decision::Publier).await
}

pub async fn post_publier(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    post(recu, &chemin, Decision::Publier).await
}

pub async fn get_abandonner(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    get(requete, &chemin, Decision::Abandonner).await
}

pub async fn post_abandonner(Path(chemin): Path<(String, String)>, recu: Recu) -> Resultat {
    post(recu, &chemin, Decision::Abandonner).await
}

/// `?passage=…`: to agree, or to call the agreement off once it is given.
pub async fn get_programmation(
    requete: Requete,
    Path(annee): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let id = paires.into_iter().find(|(nom, _)| nom == PASSAGE).map(|(_, id)| id).unwrap_or_default();
    let (annee, id) = lit_chemin(&(annee, id))?;
    let p = passage(&requete.ctx, annee, &id).await?;
    let en_cours = p.programmation.as_ref().is_some_and(|g| g.en_cours);
    let decision = if en_cours { Decision::Deprogrammer } else { Decision::Programmer };
    let form = requete.formulaire().avec_version(p.version);
    Ok(rend(StatusCode::OK, &page(&requete, annee, &p, decision, form).await?))
}

pub async fn post_programmation(Path(annee): Path<String>, recu: Recu) -> Resultat {
    let chemin = (annee, recu.form.valeur(PASSAGE).to_owned());
    let annule = !recu.form.valeur(ANNULER).is_empty();
    post(recu, &chemin, if annule { Decision::Deprogrammer } else { Decision::Programmer }).await
}

async fn get(requete: Requete, chemin: &(String, String), decision: Decision) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let p = passage(&requete.ctx, annee, &id).await?;
    let form = requete.formulaire().avec_version(p.version);
    Ok(rend(StatusCode::OK, &page(&requete, annee, &p, decision, form).await?))
}

async fn post(mut recu: Recu, chemin: &(String, String), decision: Decision) -> Resultat {
    let (annee, id) = lit_chemin(chemin)?;
    let requete = recu.requete.clone();
    let (ctx, garde) = (&requete.ctx, recu.garde());
    let (fait, code) = match decision {
        Decision::Publier => (publier_passage(ctx, &garde, annee, &id).await, "passage-publie"),
        Decision::Abandonner => (abandonner_passage(ctx, &garde, annee, &id).await, "passage-abandonne"),
        Decision::Programmer => {
            (programmer_publication(ctx, &garde, annee, &id).await, "publication-programmee")
        }
        Decision::Deprogrammer => {
            (deprogrammer_publication(ctx, &garde, annee, &id).await, "publication-deprogrammee")
        }
    };
    match fait {
        Ok(_) => Ok(redirige(&format!("/national/{annee}/passages/{id}?fait={code}"))),
        Err(e) => {
            refuse(&mut recu.form, e)?;
            let p = passage(ctx, annee, &id).await?;
            let page = page(&requete, annee, &p, decision, recu.form).await?;
            Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// The account of a run, in figures.
pub(super) fn resume(p: &Passage) -> Definitions {
    let b = &p.bilan;
    let mut d = Definitions::new()
        .ligne("Calculé", format_args!("{}, par {}", date_heure(p.calcule_le), qui(&p.calcule_par)));
    if let Some(le) = p.publie_le {
        d = d.ligne("Publié", format_args!("{}, par {}", date_heure(le), qui(&p.publie_par)));
    }
    if let Some(r) = &b.retrait {
        d = d
            .ligne("Pourquoi", &r.motif)
            .ligne("Formations rétablies", nombre(r.formations))
            .ligne("Groupes rétablis", nombre(b.groupes));
        d = retraits::chiffres(d, &r.devenirs);
        return match b.publies {
            Some(n) => d.ligne("Propositions retirées par la publication, autant de messages", nombre(n)),
            None => d.ligne(
                "Candidats concernés, prévenus par un message après la publication",
                nombre(b.candidats),
            ),
        };
    }
    d = d
        .ligne("Groupes", nombre(b.groupes))
        .ligne("Candidats", nombre(b.candidats))
        .ligne("Vœux", nombre(b.voeux));
    if p.nature == Nature::Propositions {
        d = d
            .ligne("Propositions du jour", nombre(b.propositions))
            .ligne("Candidats en liste d’attente, groupe par groupe", nombre(b.en_attente));
        if b.automatiques > 0 {
            d = d.ligne("Vœux abandonnés ou acceptés d’après l’ordre des candidats", nombre(b.automatiques));
        }
    }
    if b.internats > 0 {
        d = d.ligne("Internats qui classent", nombre(b.internats));
    }
    if b.internats_attendus > 0 {
        let nom = "Internats dont le classement n’est pas transmis : personne n’y est appelé";
        d = d.ligne(nom, nombre(b.internats_attendus));
    }
    if !b.retenus.is_empty() {
        d = d.ligne("Groupes retenus, qui ne proposent rien", nombre(b.retenus.len() as i64));
    }
    if !b.leves.is_empty() {
        d = d.ligne("Groupes hors bornes, dont la retenue est levée", nombre(b.leves.len() as i64));
    }
    if let Some(n) = b.publies {
        d = d.ligne("Vœux changés par la publication", nombre(n));
    }
    d
}

async fn page(
    requete: &Requete,
    annee: i64,
    p: &Passage,
    decision: Decision,
    form: Formulaire,
) -> Result<PageDecider, AppError> {
    let (action, possible) = match decision {
        Decision::Publier => (Action::PublierPassage, &p.publier),
        Decision::Abandonner => (Action::CalculerPassage, &p.abandonner),
        Decision::Programmer => (Action::PublierPassage, &p.programmer),
        // Stopping waits for no second step: the table of routes has asked for the right to publish.
        Decision::Deprogrammer => (Action::ConsulterPassages, &p.deprogrammer),
    };
    requete.ctx.permit(action, &Cible::plateforme())?;
    // Whoever publishes answers for what was let through, and for what was not.
    let (retenus, leves) = match decision {
        Decision::Publier | Decision::Programmer => (
            retenues::tableau(annee, p, &groupes_retenus(&requete.ctx, annee, p).await?, false),
            retenues::tableau_leves(&groupes_leves(&requete.ctx, annee, p).await?),
        ),
        Decision::Abandonner | Decision::Deprogrammer => (None, None),
    };
    let groupes = if p.nature == Nature::Retrait {
        let lignes = groupes_du_passage(&requete.ctx, annee, &p.public_id, i64::MAX, 0).await?;
        Some(passages::tableau_groupes(p, lignes))
    } else {
        None
    };
    let retour = adresse(annee, p);
    let programmation = format!("/national/{annee}/programmation");
    let (titre, bouton, url) = match decision {
        Decision::Publier => ("Publier le passage", "Publier ce passage", format!("{retour}/publier")),
        Decision::Abandonner => {
            ("Abandonner le passage", "Abandonner ce passage", format!("{retour}/abandonner"))
        }
        Decision::Programmer => ("Programmer la publication", "Programmer cette publication", programmation),
        Decision::Deprogrammer => ("Annuler la programmation", "Annuler cette programmation", programmation),
    };
    let caches = match decision {
        Decision::Publier | Decision::Abandonner => Vec::new(),
        Decision::Programmer => vec![(PASSAGE, p.public_id.clone())],
        Decision::Deprogrammer => vec![(PASSAGE, p.public_id.clone()), (ANNULER, "1".to_owned())],
    };
    let suite = match (decision, p.nature) {
        (Decision::Abandonner, _) => {
            "Le résultat est mis de côté et ne pourra plus être publié. Le passage pourra être recalculé. Rien ne change \
             pour les candidats."
                .to_owned()
        }
        (Decision::Deprogrammer, _) => {
            "La plateforme ne publie plus ce passage d’elle-même. Il reste calculé : une deuxième personne peut le publier, ou \
             programmer de nouveau sa publication. Rien ne change pour les candidats."
                .to_owned()
        }
        (Decision::Programmer, _) => format!(
            "{} : la plateforme publie ce passage d’elle-même, en votre nom et avec les mêmes vérifications que si vous le publiiez \
             alors. {} Cette publication est définitive. Jusque-là, rien n’est visible, et toute personne qui peut publier peut \
             l’annuler. Votre accord vaut pour ce calcul seulement, dont le résultat a l’empreinte {}… : recalculé, le passage \
             demande un nouvel accord.",
            p.publication_prevue.map_or_else(|| "À l’heure du calendrier".to_owned(), |le| capitale(&date_heure(le))),
            visibles(p.bilan.propositions),
            p.empreinte_sortie.get(..12).unwrap_or_default()
        ),
        (Decision::Publier, Nature::OrdreAppel) => {
            "Les vœux classés entrent en liste d’attente, dans l’ordre d’appel calculé. Cette publication est définitive."
                .to_owned()
        }
        (Decision::Publier, Nature::Retrait) => {
            let devenirs = p.bilan.retrait.as_ref().map(|r| r.devenirs).unwrap_or_default();
            format!(
                "{} Les vœux dont la proposition est retirée reviennent en liste d’attente, au rang qu’ils avaient avant le jour {}, \
                 et chaque candidat concerné reçoit un message. Une réponse donnée entre-temps est respectée. Les autres \
                 formations ne changent pas. Cette publication est définitive.",
                retraits::phrase(&devenirs),
                p.jour
            )
        }
        (Decision::Publier, Nature::Propositions) => {
            format!("{} Cette publication est définitive.", visibles(p.bilan.propositions))
        }
    };
    Ok(PageDecider {
        page: requete
            .page(titre)
            .session(format_args!("Session {annee}"))
            .ariane(ariane(annee, p))
            .en_erreur(!form.est_valide()),
        url,
        retour,
        nom: nom(p),
        resume: resume(p),
        retenus,
        leves,
        groupes,
        suite,
        bouton,
        obstacle: match possible {
            Possibilite::PasMaintenant(motif) if form.est_valide() => Some(Alerte::info(motif)),
            _ => None,
        },
        form,
        caches,
    })
}

/// What the publication of a day shows to candidates.
fn visibles(propositions: i64) -> String {
    match propositions {
        0 => "Aucune proposition nouvelle ; les rangs sur liste d’attente sont mis à jour.".to_owned(),
        1 => "1 proposition d’admission devient visible aussitôt, avec sa date limite de réponse ; un courriel est ensuite envoyé à \
              la personne."
            .to_owned(),
        n => format!(
            "{} propositions d’admission deviennent visibles aussitôt, chacune avec sa date limite de réponse ; un courriel est \
             ensuite envoyé aux candidats.",
            nombre(n)
        ),
    }
}
