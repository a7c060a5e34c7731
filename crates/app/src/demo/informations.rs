//! The Fil info and the charter of the demonstration: what the national team and the DRAIO of Hauts-de-France tell at the opening of the session.

use std::sync::Arc;

use domain::actualites::{Audience, Redaction};
use domain::droits::{Acteur, Action, Cible};
use domain::formations::Famille;

use super::pays::Pays;
use super::personas::Agents;
use super::{contexte, instant};
use crate::actualites::publish_actualite;
use crate::charte::publish_charte;
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::plateforme::Plateforme;

/// When, the title, the text, the types of course of those concerned.
struct Annonce {
    le: &'static str,
    titre: &'static str,
    texte: &'static str,
    familles: &'static [Famille],
}

const NATIONALES: [Annonce; 3] = [
    Annonce {
        le: "2023-11-13T08:00",
        titre: "Le site de gestion est ouvert pour la session 2024",
        texte: "Vous pouvez dès maintenant décrire votre établissement, puis vos formations. Ce que vous aviez saisi en 2023 se lit par le lien « Archives », en haut à droite, et se reprend rubrique par rubrique.\n\n\
                ## Trois dates\n\n\
                - **Mercredi 13 décembre 2023, 23 h 59** : fin du paramétrage (caractéristiques, critères d’examen, pièces demandées).\n\
                - **Mercredi 20 décembre 2023, 12 h** : les candidats lisent les formations publiées.\n\
                - **Vendredi 12 janvier 2024, 23 h 59** : fin de la saisie des capacités d’accueil et des frais de scolarité.\n\n\
                ## Un compte par personne\n\n\
                Chacun se connecte avec son adresse nominative et un nouveau mot de passe ; un code est demandé à la première connexion, et de nouveau quand vous changez de réseau. L’administrateur du site donne un numéro de mobile. Le [guide des comptes](/documentation/comptes) explique chaque étape.\n\n\
                Les [guides du paramétrage](/documentation/parametrage) suivent les écrans, dans l’ordre où vous les remplirez.",
        familles: &[],
    },
    Annonce {
        le: "2023-11-15T09:00",
        titre: "Cinq séances d’information en visioconférence, du 20 au 24 novembre",
        texte: "« Ouverture de la procédure 2024 : les premiers jalons et les principales évolutions ». Chaque responsable de formation choisit un créneau ; l’inscription est obligatoire, et un enregistrement sera proposé ensuite.\n\n\
                - Lundi 20 novembre, de 10 h à 14 h\n\
                - Mardi 21 novembre, de 14 h 30 à 16 h 30\n\
                - Mercredi 22 novembre, de 9 h 30 à 11 h 30\n\
                - Jeudi 23 novembre, de 14 h à 16 h\n\
                - Vendredi 24 novembre, de 12 h à 14 h : réservée aux IFSI et aux formations paramédicales\n\n\
                Trois séances pour les formations par apprentissage suivront, du 28 novembre au 1er décembre.",
        familles: &[],
    },
    Annonce {
        le: "2023-11-16T09:00",
        titre: "IFSI : votre séance du vendredi 24 novembre",
        texte: "La séance de 12 h à 14 h est réservée aux instituts de formation en soins infirmiers et aux formations paramédicales : regroupements, épreuves communes, capacités par institut.",
        familles: &[Famille::Ifsi],
    },
];

const REGIONALE: Annonce = Annonce {
    le: "2023-11-17T10:00",
    titre: "Hauts-de-France : deux webinaires et vos interlocuteurs pour la session 2024",
    texte: "La DRAIO vous propose deux « temps d’échange Parcoursup », les **28 et 30 novembre 2023**.\n\n\
            ## Avant de décrire vos formations\n\n\
            Décrivez d’abord l’établissement : composantes, sites et leur position sur la carte, journées portes ouvertes, accessibilité. Les coordonnées du chef d’établissement ne sont pas publiques, mais tenez-les à jour : il signe les refus adressés aux candidats et le rapport public de fin de procédure.\n\n\
            Fermez les comptes de ceux qui sont partis : chacun met à jour ses propres coordonnées, l’administrateur du site répartit les opérations entre les personnes.\n\n\
            ## Critères d’examen : trois points d’attention\n\n\
            - La participation d’un lycéen à une **Cordée de la réussite** peut compter (loi du 24 décembre 2020, article 37) : dites-le si c’est votre cas.\n\
            - Les notes des **épreuves terminales de spécialité ne vous seront pas transmises** cette année : ne les citez pas parmi vos critères.\n\
            - La **lettre de motivation** n’est demandée que par les formations qui la choisissent ; expliquez alors à quoi elle vous sert.\n\n\
            ## Apprentissage\n\n\
            Vos ouvertures, fermetures et restructurations se déclarent au [réseau des Carif-Oref](https://www.intercariforef.org/referencer-son-offre-de-formation) ; nos services vérifient ensuite l’éligibilité. Ces formations se complètent ici pour être vues des candidats le 20 décembre.\n\n\
            ## Pour vos élèves et vos équipes\n\n\
            La CRAOES, ce sont des psychologues de l’Éducation nationale spécialistes de l’enseignement supérieur : accueil téléphonique, publications par thème, visioconférences pour les lycéens, journées de formation pour les professeurs. Amiens : [03 22 82 37 54](tel:+33322823754) ; Lille : [03 20 15 61 80](tel:+33320156180) ; [craoes@region-academique-hauts-de-france.fr](mailto:craoes@region-academique-hauts-de-france.fr).",
    familles: &[],
};

const CHARTE: &str = "En participant à la procédure, l’établissement et ceux qui y travaillent s’engagent envers les candidats, les autres établissements et l’État.\n\n\
    ## Dire la vérité des formations\n\n\
    - décrire les enseignements, les attendus, les critères d’examen, les frais et les débouchés tels qu’ils sont, et les tenir à jour ;\n\
    - déclarer des capacités sincères, et ne recruter hors de la procédure aucun candidat qui en relève.\n\n\
    ## Examiner chacun avec la même attention\n\n\
    - classer selon les critères publiés, par une commission dont la composition est arrêtée ;\n\
    - ne demander ni pièce ni paiement qui ne soit annoncé ;\n\
    - répondre à qui demande les motifs d’un refus.\n\n\
    ## Respecter les dates et les réponses\n\n\
    - tenir le calendrier, qui est le même pour tous ;\n\
    - accueillir tout candidat qui a accepté une proposition, sans le presser de renoncer ailleurs.\n\n\
    ## Protéger les données\n\n\
    - un compte par personne, jamais partagé ; des droits donnés à ceux qui en ont besoin, et retirés quand ils partent ;\n\
    - ne garder les dossiers que le temps de la procédure et des recours, et ne les montrer à personne d’autre.";

/// Publishes each item at its date, whatever the moment: those of the opening are still read in spring.
pub(super) async fn ecrire(app: &Arc<Plateforme>, pays: &Pays, agents: &Agents) -> Result<(), AppError> {
    charte(app, pays, agents).await?;
    for annonce in &NATIONALES {
        publish(app, &agents.nationaux[0], annonce, &[]).await?;
    }
    let region = agents.academie.attributions.iter().flat_map(|a| a.academies.clone()).collect::<Vec<_>>();
    publish(app, &agents.academie, &REGIONALE, &region).await
}

/// Published at the opening, and accepted the day after by every head.
async fn charte(app: &Arc<Plateforme>, pays: &Pays, agents: &Agents) -> Result<(), AppError> {
    let ctx = contexte(app, Some(agents.nationaux[0].clone()), instant("2023-11-13T08:00")?);
    publish_charte(&ctx, &Garde::default(), 2024, CHARTE).await?;
    // The heads have no account but one: what they signed is written for them.
    let ctx = contexte(app, None, instant("2023-11-14T09:00")?);
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let en_vigueur = store::charte::versions(&tx, pays.session).await?;
    let en_vigueur = en_vigueur.first().ok_or(AppError::NotFound)?;
    for &cle in &pays.etablissements {
        let chefs = store::etablissements::chefs(&tx, &ctx.app.coffre, cle).await?;
        if let Some(c) = chefs.first() {
            let par = format!("{} {}", c.prenom, c.nom);
            store::charte::accept(&tx, &ctx.ecriture(&permit), en_vigueur.id, cle, &par).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn publish(
    app: &Arc<Plateforme>,
    acteur: &Acteur,
    a: &Annonce,
    academies: &[String],
) -> Result<(), AppError> {
    let quand = instant(a.le)?;
    let ctx = contexte(app, Some(acteur.clone()), quand);
    let redaction = Redaction {
        titre: a.titre.to_owned(),
        texte: a.texte.to_owned(),
        audience: Audience {
            familles: a.familles.iter().copied().collect(),
            academies: academies.iter().cloned().collect(),
            ..Audience::default()
        },
        publiee_le: quand.as_millisecond(),
        retiree_le: None,
    };
    publish_actualite(&ctx, &Garde::default(), 2024, redaction).await?;
    Ok(())
}
