//! `/seances`: the information sessions of the public site, joined with an address that one proves.

use app::AppError;
use app::seances::{
    Demande, Seance, agenda_of_token, confirm_registration, leave_public_seance, list_public_seances,
    request_registration, view_registration,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;
use domain::assistance::Lieu;
use domain::seances::{EtatInscription, EtatSeance, Qualite};
use domain::territoires::Departement;

use crate::components::{
    Alerte, Badge, Bouton, Champ, Choix, Definitions, Formulaire, GroupeChoix, LienBouton, Liste, Markup,
    adresse_inscription, badge_seance, choix_departements, definitions_seance, etat_inscription,
    nom_departement, nom_lieu, quand, recepisse, texte_riche,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{CALENDRIER, Recu, Requete, Resultat, redirige, refuse};

/// A session of the list.
struct Ligne {
    titre: String,
    badge: Option<Badge>,
    definitions: Definitions,
    texte: Markup,
    inscrire: Option<Bouton>,
    enregistrement: Option<String>,
}

#[derive(Template)]
#[template(path = "public/seances.html")]
struct PageSeances {
    page: Page,
    form: Formulaire,
    departement: Liste,
    /// « Nord, région académique Hauts-de-France », once chosen.
    lieu: Option<String>,
    a_venir: Vec<Ligne>,
    passees: Vec<Ligne>,
}

pub async fn get_seances(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = Formulaire::recu("", paires);
    let lieu = lit_lieu(&mut form);
    let (a_venir, passees) = match (list_public_seances(&requete.ctx).await, lieu) {
        (Ok(l), None) => (l.a_venir, l.passees),
        (Ok(l), Some(lieu)) => {
            let l = l.around(lieu);
            (l.a_venir, l.passees)
        }
        (Err(AppError::NotFound), _) => (Vec::new(), Vec::new()),
        (Err(e), _) => return Err(e.into()),
    };
    let departement = lieu.and_then(|l| l.departement);
    let page = PageSeances {
        page: requete.page("Séances d’information").en_erreur(!form.est_valide()),
        departement: form
            .liste("departement", "Votre département", &choix_departements())
            .filtre()
            .invite("Tous les départements"),
        lieu: lieu.map(nom_lieu),
        a_venir: a_venir.iter().map(|s| ligne(s, departement)).collect(),
        passees: passees.iter().map(|s| ligne(s, departement)).collect(),
        form,
    };
    let statut = if page.form.est_valide() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(rend(statut, &page))
}

/// The place that was said; a fault on its field when there is none.
fn lit_lieu(form: &mut Formulaire) -> Option<Lieu> {
    if form.valeur("departement").is_empty() {
        return None;
    }
    let lieu =
        form.lit_choix("departement", "Choisissez un département de la liste.", Lieu::of_departement)?;
    if let Some(d) = lieu.departement {
        form.pose("departement", d.code);
    }
    Some(lieu)
}

/// `departement`: that of the reader, when they said it.
fn ligne(s: &Seance, departement: Option<&Departement>) -> Ligne {
    Ligne {
        titre: s.programme.titre.clone(),
        badge: badge_seance(s),
        definitions: definitions_seance(s),
        texte: texte_riche(&s.programme.texte, 4),
        inscrire: adresse_inscription(s, departement)
            .map(|url| LienBouton::new("S’inscrire à cette séance", url)),
        enregistrement: s.enregistrement.clone(),
    }
}

#[derive(Template)]
#[template(path = "public/seance_inscription.html")]
struct PageInscription {
    page: Page,
    form: Formulaire,
    seance: Liste,
    qualite: GroupeChoix,
    departement: Liste,
    courriel: Champ,
    ouvertes: bool,
    jours: String,
    /// The department that the session is not for, and where those that are for it are listed.
    ailleurs: Option<(String, String)>,
}

pub async fn get_inscription(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let mut form = requete.formulaire();
    for nom in ["seance", "departement"] {
        if let Some((_, valeur)) = paires.iter().find(|(n, _)| n == nom) {
            form.pose(nom, valeur);
        }
    }
    rend_inscription(&requete, form, StatusCode::OK).await
}

async fn rend_inscription(requete: &Requete, form: Formulaire, statut: StatusCode) -> Resultat {
    let seances = match list_public_seances(&requete.ctx).await {
        Ok(l) => l.a_venir,
        Err(AppError::NotFound) => Vec::new(),
        Err(e) => return Err(e.into()),
    };
    let ouvertes: Vec<Choix> = seances
        .iter()
        .filter(|s| s.ouverte)
        .map(|s| Choix::new(s.id.as_str(), format_args!("{} – {}", s.programme.titre, quand(s))))
        .collect();
    let qualites: Vec<Choix> = Qualite::ALL.into_iter().map(|q| Choix::new(q.code(), q.libelle())).collect();
    let jours = requete.ctx.app.limites.seance_adresses_jours;
    let page = PageInscription {
        page: requete
            .page("S’inscrire à une séance d’information")
            .ariane(vec![Lien::new("Séances d’information", "/seances")])
            .en_erreur(!form.est_valide()),
        seance: form.liste("seance", "Séance", &ouvertes),
        qualite: form.radios("qualite", "Vous êtes", &qualites),
        departement: form
            .liste("departement", "Votre département", &choix_departements())
            .indice("Il dit si la séance vous est ouverte et sert à compter les participants, rien d’autre."),
        courriel: form.courriel("courriel", "Adresse électronique"),
        ouvertes: !ouvertes.is_empty(),
        jours: app::messages::accord(jours, "jour", "jours"),
        ailleurs: Lieu::of_departement(form.valeur("departement"))
            .filter(|_| form.erreur("departement").is_some())
            .and_then(|l| l.departement)
            .map(|d| (nom_departement(d.code), format!("/seances?departement={}", d.code))),
        form,
    };
    Ok(rend(statut, &page))
}

pub async fn post_inscription(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let demande = Demande {
        courriel: form.valeur("courriel").to_owned(),
        qualite: Qualite::from_code(form.valeur("qualite")),
        departement: form.valeur("departement").to_owned(),
    };
    let Some(id) = form.lit_choix("seance", "Choisissez une séance dans la liste.", PublicId::parse) else {
        return rend_inscription(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match request_registration(&requete.ctx, &id, &demande).await {
        Ok(()) => Ok(redirige("/seances?fait=seance-lien")),
        Err(AppError::NotFound) => {
            form.refuse(
                "seance",
                "Cette séance n’est plus proposée : choisissez-en une autre dans la liste.",
            );
            rend_inscription(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => {
            refuse(&mut form, e)?;
            rend_inscription(&requete, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[derive(Template)]
#[template(path = "public/seance_lien.html")]
struct PageLien {
    page: Page,
    url: String,
    alertes: Vec<Alerte>,
    definitions: Definitions,
    texte: Markup,
    recu: Option<String>,
    confirmer: Option<Formulaire>,
    desister: Option<Formulaire>,
    agenda: Option<String>,
}

#[derive(Template)]
#[template(path = "public/seance_perimee.html")]
struct PagePerimee {
    page: Page,
}

fn perimee(requete: &Requete) -> Response {
    let page = requete.page("Ce lien ne mène plus à une inscription");
    rend(StatusCode::GONE, &PagePerimee { page })
}

pub async fn get_lien(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    let i = match view_registration(&requete.ctx, &jeton).await {
        Ok(i) if !i.perime => i,
        Ok(_) | Err(AppError::NotFound) => return Ok(perimee(&requete)),
        Err(e) => return Err(e.into()),
    };
    let s = &i.seance;
    let a_confirmer = i.inscription.etat == EtatInscription::AVerifier;
    let mut alertes: Vec<Alerte> = recepisse(&requete.chemin).into_iter().collect();
    if s.etat == EtatSeance::Annulee {
        alertes.push(Alerte::attention("Cette séance est annulée : elle n’aura pas lieu."));
    } else if a_confirmer && s.ouverte {
        alertes.push(Alerte::attention(
            "Votre adresse est vérifiée. Il reste à confirmer pour prendre votre place.",
        ));
    } else if a_confirmer {
        alertes.push(Alerte::attention(
            "Les inscriptions à cette séance sont closes : vous n’avez pas de place.",
        ));
    } else {
        alertes.extend(etat_inscription(s, &i.inscription));
    }
    let url = format!("/seances/inscription/{jeton}");
    let a_venir = s.etat == EtatSeance::AVenir;
    let page = PageLien {
        page: requete.page(&s.programme.titre).ariane(vec![Lien::new("Séances d’information", "/seances")]),
        alertes,
        definitions: definitions_seance(s),
        texte: texte_riche(&s.programme.texte, 2),
        recu: i.inscription.recepisse.clone(),
        confirmer: (a_confirmer && s.ouverte).then(|| requete.formulaire()),
        desister: (a_venir && !a_confirmer).then(|| requete.formulaire()),
        agenda: (a_venir && !a_confirmer).then(|| format!("{url}/agenda")),
        url,
    };
    Ok(rend(StatusCode::OK, &page))
}

pub async fn post_lien(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    match confirm_registration(&recu.requete.ctx, &recu.garde(), &jeton).await {
        Ok(r) => {
            Ok(redirige(&format!("/seances/inscription/{jeton}?fait=seance-inscrit&recepisse={}", r.numero)))
        }
        // Twice, or from another tab: the page says what it is worth.
        Err(AppError::Conflict | AppError::Rule(_)) => Ok(redirige(&format!("/seances/inscription/{jeton}"))),
        Err(AppError::NotFound) => Ok(perimee(&recu.requete)),
        Err(e) => Err(e.into()),
    }
}

pub async fn post_desistement(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    match leave_public_seance(&recu.requete.ctx, &recu.garde(), &jeton).await {
        // Twice, or from another tab: nobody is registered any more.
        Ok(_) | Err(AppError::NotFound) => Ok(redirige("/seances?fait=seance-desiste")),
        Err(AppError::Rule(_)) => Ok(redirige(&format!("/seances/inscription/{jeton}"))),
        Err(e) => Err(e.into()),
    }
}

pub async fn get_agenda(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    let octets = agenda_of_token(&requete.ctx, &jeton).await?;
    Ok(crate::socle::fichier("seance.ics", CALENDRIER, octets))
}
