//! Asking a service from any page, and following what one asked.

use app::AppError;
use app::assistance::{
    Origine, Preparation, SuiviDemande, ask, close_mine, complete, list_mine, prepare_demande, view_mine,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use domain::assistance::{EtatAssistance, ThemeAssistance};
use domain::etablissements::TEXTE_MAX;

use super::{badge, contexte, etape, lien_aide, lit_page, message, messages_pages, nom_service, quand};
use crate::components::{
    Alerte, Badge, Bouton, Cellule, Champ, Choix, Colonne, Definitions, Fil, Formulaire, GroupeChoix,
    LienBouton, Liste, Markup, Pagination, Tableau, Ton, nom_departement, nombre,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::contact::{DEMANDER, name, origin};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

const MES_DEMANDES: &str = "/assistance/demandes";

#[derive(Template)]
#[template(path = "commun/assistance/demander.html")]
struct PageDemander {
    page: Page,
    url: &'static str,
    form: Formulaire,
    /// What goes with the question.
    contexte: Definitions,
    /// The conversation about the course or the establishment.
    conversation: Option<String>,
    /// On behalf of which establishment, when the person has several.
    etablissement: Option<Liste>,
    theme: GroupeChoix,
    texte: Champ,
    caches: Vec<(&'static str, String)>,
}

pub async fn get_demander(requete: Requete, Query(paires): Query<Vec<(String, String)>>) -> Resultat {
    let origine = origin(&Formulaire::recu("", paires.clone()))?;
    let p = prepare_demande(&requete.ctx, &origine).await?;
    let mut form = requete.formulaire();
    for (nom, valeur) in
        paires.iter().filter(|(n, _)| matches!(n.as_str(), "ecran" | "annee" | "objet" | "etablissement"))
    {
        form.pose(nom, valeur);
    }
    Ok(rend(StatusCode::OK, &page(&requete, &p, &origine, form)))
}

pub async fn post_demander(mut recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    let origine = origin(&recu.form)?;
    let theme = ThemeAssistance::from_code(recu.form.valeur("theme"));
    let texte = recu.form.valeur("texte").to_owned();
    match ask(&requete.ctx, &recu.garde(), &origine, theme, &texte).await {
        Ok(_) => return Ok(redirige(&format!("{MES_DEMANDES}?fait=question-posee"))),
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let p = prepare_demande(&requete.ctx, &origine).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page(&requete, &p, &origine, recu.form)))
}

fn page(requete: &Requete, p: &Preparation, origine: &Origine, form: Formulaire) -> PageDemander {
    // Who answers depends on the establishment that asks.
    let connu = p.etablissements.is_empty() || p.etablissement.is_some();
    let choix: Vec<Choix> = p
        .themes
        .iter()
        .map(|(t, d)| match Choix::new(t.code(), t.libelle()) {
            c if connu => c.indice(format_args!("Y répond : {}", nom_service(*d, p.demandeur, true))),
            c => c,
        })
        .collect();
    let mut contexte = Definitions::new();
    if let Some(objet) = &p.objet {
        contexte = contexte.ligne("Au sujet de", objet);
    }
    let nomme = p.etablissement.as_ref().filter(|e| p.objet.as_ref() != Some(e));
    if let Some(etablissement) = nomme.filter(|_| p.etablissements.is_empty()) {
        contexte = contexte.ligne("Établissement", etablissement);
    }
    if let Some(code) = &p.departement {
        contexte = contexte.ligne("Département", nom_departement(code));
    }
    if !origine.ecran.is_empty() {
        contexte = contexte.ligne("Page d’où vous venez", name(&origine.ecran));
    }
    let caches = ["ecran", "annee", "objet"]
        .into_iter()
        .map(|nom| (nom, form.valeur(nom).to_owned()))
        .filter(|(_, v)| !v.is_empty())
        .collect();
    PageDemander {
        page: requete
            .page("Poser une question")
            .session(&p.session.libelle)
            .ariane(vec![lien_aide()])
            .en_erreur(!form.est_valide()),
        url: DEMANDER,
        contexte,
        conversation: p.conversation.clone(),
        etablissement: (!p.etablissements.is_empty()).then(|| {
            let siens: Vec<Choix> =
                p.etablissements.iter().map(|(id, nom)| Choix::new(id.as_str(), nom)).collect();
            form.liste("etablissement", "Au nom de quel établissement ?", &siens).invite("Choisissez")
        }),
        theme: form.radios("theme", "Votre question concerne", &choix),
        texte: form
            .zone("texte", "Votre question")
            .indice(format_args!(
                "Texte simple, {} caractères au plus. N’écrivez ni mot de passe, ni numéro INE, ni information de santé.",
                nombre(i64::try_from(TEXTE_MAX).unwrap_or(i64::MAX))
            ))
            .lignes(8),
        caches,
        form,
    }
}

#[derive(Template)]
#[template(path = "commun/assistance/demandes.html")]
struct PageDemandes {
    page: Page,
    tableau: Tableau,
}

pub async fn get_demandes(requete: Requete) -> Resultat {
    let demandes = list_mine(&requete.ctx).await?;
    let colonnes = vec![
        Colonne::longue("Question"),
        Colonne::longue("Service"),
        Colonne::new("Posée"),
        Colonne::new("État"),
    ];
    let lignes = demandes.iter().map(|d| {
        let url = format!("{MES_DEMANDES}/{}", d.id.as_str());
        let titre = match &d.objet {
            Some(objet) => format!("{} : {objet}", d.theme.libelle()),
            None => d.theme.libelle().to_owned(),
        };
        let mut etat = Markup::new(badge(d.etat));
        if d.non_lus > 0 {
            etat = etat.et(Badge::new(Ton::Info, "Nouvelle réponse"));
        }
        vec![
            Cellule::lien(titre, url),
            Cellule::texte(nom_service(d.destinataire, d.demandeur, true)),
            Cellule::texte(quand(d.deposee_le)),
            Cellule::markup(etat),
        ]
    });
    let page = PageDemandes {
        page: requete.page("Mes questions").ariane(vec![lien_aide()]),
        tableau: Tableau::new("Questions posées, la dernière qui a bougé en premier", colonnes)
            .lignes(lignes)
            .si_vide("Vous n’avez encore posé aucune question."),
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "commun/assistance/demande.html")]
struct PageDemande {
    page: Page,
    url: String,
    retour: &'static str,
    badge: Badge,
    service: String,
    contexte: Definitions,
    fil: Fil,
    pagination: Pagination,
    etapes: Vec<String>,
    form: Formulaire,
    /// Absent when the question can no longer be opened again.
    texte: Option<Champ>,
    bouton: &'static str,
    fermable: bool,
    fermee: Option<Alerte>,
}

pub async fn get_demande(
    requete: Requete,
    Path(id): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let id = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let s = view_mine(&requete.ctx, &id, lit_page(&paires)).await?;
    Ok(rend(StatusCode::OK, &page_demande(&requete, &s, requete.formulaire())))
}

pub async fn post_demande(Path(id): Path<String>, mut recu: Recu) -> Resultat {
    let id = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let requete = recu.requete.clone();
    let texte = recu.form.valeur("texte").to_owned();
    let (fait, quoi) = match recu.form.valeur("acte") {
        "clore" => (close_mine(&requete.ctx, &recu.garde(), &id).await, "question-close"),
        _ => (complete(&requete.ctx, &recu.garde(), &id, &texte).await, "question-completee"),
    };
    match fait {
        Ok(_) => return Ok(redirige(&format!("{MES_DEMANDES}/{}?fait={quoi}", id.as_str()))),
        Err(e) => refuse(&mut recu.form, e)?,
    }
    let s = view_mine(&requete.ctx, &id, None).await?;
    Ok(rend(StatusCode::UNPROCESSABLE_ENTITY, &page_demande(&requete, &s, recu.form)))
}

fn page_demande(requete: &Requete, s: &SuiviDemande, form: Formulaire) -> PageDemande {
    let d = &s.demande;
    let close = d.etat == EtatAssistance::Close;
    PageDemande {
        page: requete
            .page("Ma question")
            .session(&s.session.libelle)
            .ariane(vec![lien_aide(), Lien::new("Mes questions", MES_DEMANDES)])
            .en_erreur(!form.est_valide()),
        url: format!("{MES_DEMANDES}/{}", d.id.as_str()),
        retour: MES_DEMANDES,
        badge: badge(d.etat),
        service: nom_service(d.destinataire, d.demandeur, true).to_owned(),
        contexte: contexte(d),
        fil: Fil::new(s.messages.iter().map(|m| message(m, d.demandeur)).collect()),
        pagination: messages_pages(s, format!("{MES_DEMANDES}/{}", d.id.as_str())),
        etapes: s.etapes.iter().map(|e| etape(e, d.demandeur, true)).collect(),
        texte: s.ecriture.then(|| {
            form.zone("texte", if close { "Rouvrir avec un message" } else { "Ajouter un message" })
                .indice("Un message envoyé ne se modifie plus.")
                .lignes(5)
        }),
        bouton: if close { "Rouvrir la question" } else { "Envoyer" },
        fermable: !close && !s.session.archivee,
        fermee: (!s.ecriture).then(|| {
            Alerte::info("Cette question est close et ne se rouvre plus. Posez-en une nouvelle si besoin.")
        }),
        form,
    }
}
