//! The subscriptions of a token: where its events leave, how the last of them were answered, and how one is taken away. What is sent
//! outside is looked at after a second step.

use app::AppError;
use app::interfaces::{Abonnement, Livraison, list_abonnements_of, remove_abonnement_of, view_jeton};
use app::messages::date_heure;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::interfaces::evenements::EtatLivraison;

use super::{adresse, ariane, lit_jeton};
use crate::components::{
    Alerte, Badge, Bouton, Cellule, Colonne, Definitions, Formulaire, LienBouton, Markup, Tableau, Ton,
    instant, recepisse,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige};

/// Deliveries shown of each subscription.
const LIVRAISONS: i64 = 10;

struct Suivi {
    id: String,
    hote: String,
    etat: Badge,
    fiche: Definitions,
    livraisons: Tableau,
    form: Formulaire,
}

#[derive(Template)]
#[template(path = "gestion/interfaces/abonnements.html")]
struct PageAbonnements {
    page: Page,
    libelle: String,
    etablissement: String,
    alertes: Vec<Alerte>,
    suivis: Vec<Suivi>,
    url: String,
    retour: String,
}

type Chemin = Path<(String, String, String)>;

pub async fn get_abonnements(requete: Requete, Path(chemin): Chemin) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    // The token is of this establishment, or it is not here.
    let (j, jeton) = view_jeton(&requete.ctx, annee, &etablissement, &id).await?;
    let suivis = list_abonnements_of(&requete.ctx, &id, LIVRAISONS).await?;
    let retour = format!("{}/{}", adresse(annee, &j.etablissement), jeton.id);
    let mut fil = ariane(&j);
    fil.push(Lien::new(&jeton.libelle, &retour));
    let vue = PageAbonnements {
        page: requete.page("Abonnements du logiciel").session(&j.session.libelle).ariane(fil),
        libelle: jeton.libelle,
        etablissement: j.nom.clone(),
        alertes: recepisse(&requete.chemin).into_iter().collect(),
        suivis: suivis
            .iter()
            .map(|s| Suivi {
                id: s.abonnement.id.clone(),
                hote: s.abonnement.hote().to_owned(),
                etat: etat(&s.abonnement),
                fiche: fiche(&s.abonnement),
                livraisons: livraisons(&s.livraisons),
                form: requete.formulaire(),
            })
            .collect(),
        url: format!("{retour}/abonnements"),
        retour,
    };
    Ok(rend(StatusCode::OK, &vue))
}

fn etat(a: &Abonnement) -> Badge {
    match a.suspendu {
        Some(_) => Badge::new(Ton::Erreur, "Suspendu"),
        None => Badge::new(Ton::Succes, "En service"),
    }
}

fn fiche(a: &Abonnement) -> Definitions {
    let evenements: Vec<&str> = a.evenements.iter().map(|e| e.libelle()).collect();
    let d = Definitions::new()
        .ligne("Pris le", date_heure(instant(a.cree_le)))
        .ligne("Événements", evenements.join(", "))
        .ligne("Envois en attente", a.en_attente);
    match a.suspendu {
        None => d,
        Some((le, motif)) => {
            d.ligne("Suspendu le", date_heure(instant(le))).ligne("Pourquoi", motif.libelle()).ligne(
                "Que faire",
                "Prévenez l’éditeur : une fois son serveur réparé, le logiciel reprend l’abonnement.",
            )
        }
    }
}

fn livraisons(liste: &[Livraison]) -> Tableau {
    let colonnes = vec![
        Colonne::new("Instant"),
        Colonne::longue("Événement"),
        Colonne::new("État"),
        Colonne::longue("Dernière réponse"),
        Colonne::nombre("Essais"),
    ];
    Tableau::new("Envois, le dernier en premier", colonnes).si_vide("Rien n’a encore été envoyé.").lignes(
        liste.iter().map(|l| {
            let ton = match l.etat {
                EtatLivraison::Livree => Ton::Succes,
                EtatLivraison::ALivrer => Ton::Info,
                EtatLivraison::Abandonnee => Ton::Erreur,
            };
            vec![
                Cellule::texte(date_heure(instant(l.cree_le))),
                Cellule::texte(l.evenement.libelle()),
                Cellule::markup(Markup::new(Badge::new(ton, l.etat.libelle()))),
                Cellule::texte(reponse(l)),
                Cellule::texte(l.essais),
            ]
        }),
    )
}

fn reponse(l: &Livraison) -> String {
    match (l.statut, l.erreur) {
        (_, Some(e)) => e.libelle().to_owned(),
        (Some(statut), None) => format!("Statut {statut}"),
        (None, None) => "Aucune encore".to_owned(),
    }
}

pub async fn post_retrait(Path(chemin): Chemin, recu: Recu) -> Resultat {
    let (annee, etablissement, id) = lit_jeton(chemin)?;
    let (j, jeton) = view_jeton(&recu.requete.ctx, annee, &etablissement, &id).await?;
    let abonnement = PublicId::parse(recu.form.valeur("abonnement")).ok_or(AppError::NotFound)?;
    let r = remove_abonnement_of(&recu.requete.ctx, &recu.garde(), &id, &abonnement).await?;
    let page = format!("{}/{}/abonnements", adresse(annee, &j.etablissement), jeton.id);
    Ok(redirige(&format!("{page}?fait=abonnement-retire&recepisse={}", r.numero)))
}
