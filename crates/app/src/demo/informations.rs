//! The Fil info and the charter of the demonstration: what the national team and the DRAIO of Hauts-de-France tell at the opening of the session.

use std::sync::Arc;

use domain::PublicId;
use domain::actualites::Audience;
use domain::droits::{Acteur, Action, Cible};
use domain::formations::Famille;
use domain::references::{Nature, Notice, Theme};

use super::pays::Pays;
use super::personas::Agents;
use super::{contexte, instant};
use crate::actualites::{Saisie, publish_actualite};
use crate::charte::publish_charte;
use crate::documents::{Bloc, Document};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::messages::date_heure;
use crate::plateforme::Plateforme;
use crate::references::{Depot, deposit_reference, list_depots};

/// When, the title, the text, the types of course of those concerned, paramedical ones among them.
struct Annonce {
    le: &'static str,
    titre: &'static str,
    texte: &'static str,
    familles: &'static [Famille],
    paramedical: bool,
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
        paramedical: false,
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
                Trois séances pour les formations par apprentissage suivront, du 28 novembre au 1er décembre.\n\n\
                [S’inscrire à une séance](/mes-seances/2024)",
        familles: &[],
        paramedical: false,
    },
    Annonce {
        le: "2023-11-16T09:00",
        titre: "IFSI et formations paramédicales : votre séance du vendredi 24 novembre",
        texte: "La séance de 12 h à 14 h est réservée aux instituts de formation en soins infirmiers et aux formations paramédicales : regroupements, épreuves communes, capacités par institut.",
        familles: &[Famille::Ifsi],
        paramedical: true,
    },
];

const REGIONALE: Annonce = Annonce {
    le: "2023-11-17T10:00",
    titre: "Hauts-de-France : deux webinaires et vos interlocuteurs pour la session 2024",
    texte: "La DRAIO vous propose deux « temps d’échange Parcoursup », les **28 et 30 novembre 2023** : [inscrivez-vous](/mes-seances/2024).\n\n\
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
    paramedical: false,
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

/// When, the title, the paragraphs of a document of reference; what it is for and about.
struct Ecrit {
    le: &'static str,
    nature: Nature,
    theme: Theme,
    titre: &'static str,
    fichier: &'static str,
    /// Headings begin by « # », items of a list by « - ».
    texte: &'static [&'static str],
}

const NATIONAUX: [Ecrit; 3] = [
    Ecrit {
        le: "2023-11-13T08:00",
        nature: Nature::Guide,
        theme: Theme::Comptes,
        titre: "Questions fréquentes : la sécurité des comptes",
        fichier: "Questions fréquentes - sécurité des comptes.pdf",
        texte: &[
            "Depuis la session 2024, un compte est celui d’une seule personne. Voici les questions que vous nous posez le plus souvent.",
            "# Puis-je garder l’adresse du secrétariat ?",
            "Non. Une adresse de service est lue par plusieurs personnes, et un code qui y arrive n’appartient à personne. Choisissez votre adresse professionnelle nominative. Si vous n’en avez pas, le service académique peut admettre une autre adresse, pour la session, sur demande motivée.",
            "# Quand un code m’est-il demandé ?",
            "À la première connexion, quand vous changez de réseau ou de navigateur, au bout de trente jours, et avant un acte qui engage votre établissement.",
            "# Je n’ai pas de téléphone professionnel",
            "Une application d’authentification fonctionne sans réseau ni numéro. Une clé d’accès du poste de travail convient aussi. Seul l’administrateur du site doit donner un mobile.",
            "# J’ai perdu mon téléphone",
            "Prenez un code de secours. Si vous n’en avez plus, l’administrateur de votre site, ou le service académique, retire votre second facteur après avoir vérifié qui vous êtes.",
        ],
    },
    Ecrit {
        le: "2023-11-14T10:00",
        nature: Nature::Note,
        theme: Theme::Grille,
        titre: "Note de cadrage : écrire les critères généraux d’examen des vœux",
        fichier: "Note de cadrage - critères d’examen.pdf",
        texte: &[
            "Les candidats lisent votre grille avant de choisir. Elle dit ce que la commission regardera, avec quel poids, et rien d’autre.",
            "# Ce que la grille contient",
            "- cinq champs dont les poids font cent ;",
            "- pour chaque critère, d’où vient l’information : bulletins, appréciations, fiche Avenir, pièces, épreuves ;",
            "- des conseils qui aident un élève à se préparer.",
            "# Ce qui ne vous sera pas transmis",
            "Les notes des épreuves terminales de spécialité ne font pas partie des dossiers de la session 2024. Les moyennes de ces enseignements dans les bulletins, elles, y sont.",
            "# Ce qui se justifie",
            "Une lettre de motivation n’est demandée que si vous dites à quoi elle sert. La participation à une cordée de la réussite peut être prise en compte : écrivez-le.",
        ],
    },
    Ecrit {
        le: "2023-11-14T10:00",
        nature: Nature::Guide,
        theme: Theme::Etablissement,
        titre: "Pas à pas : décrire l’établissement avant ses formations",
        fichier: "Pas à pas - décrire l’établissement.pdf",
        texte: &[
            "Comptez une demi-heure. Chaque page s’enregistre seule : ce qui est enregistré reste si vous vous arrêtez. Les noms des pages et des boutons sont écrits ici comme à l’écran ; « Documentation – Paramétrage » en dit plus sur chacun.",
            "# À avoir sous la main",
            "- le nom, la fonction, l’adresse électronique et le téléphone du chef d’établissement ;",
            "- le nom et l’adresse électronique du référent handicap ;",
            "- l’adresse de chaque lieu où l’on enseigne, et le nombre de places d’internat.",
            "# Ouvrir la page de l’établissement",
            "- Sur l’accueil du site de gestion, choisissez « Mon établissement ».",
            "- Sous « Paramétrage de l’établissement », chaque partie dit ce qui lui manque : ouvrez la première. En bas de chacune, « Ensuite » mène à la suivante.",
            "# Ce que le public lira",
            "- « Coordonnées publiques » : vérifiez « Numéro et voie », « Code postal » et « Commune », puis donnez un téléphone ou une adresse électronique. Terminez par « Enregistrer les coordonnées ».",
            "- « Accessibilité, internat, bourses » : dites l’accueil des personnes en situation de handicap et son référent, répondez sur l’internat et sur les boursiers. Terminez par « Enregistrer l’accueil ».",
            "- « Composantes » : ajoutez celles d’une université, une à une, par « Enregistrer la composante ». Un lycée n’en a en général aucune.",
            "- « Sites de formation » : choisissez « Modifier » devant le site qui est dans la liste, puis « Placer d’après la commune » et « Enregistrer le site ». Il porte alors « Placé sur la carte » : c’est ce lieu que les candidats cherchent.",
            "- « Journées portes ouvertes » : donnez le jour, les heures et « Lieu, ou adresse du site à distance », puis « Enregistrer la journée ». Cette partie est facultative, et se modifie toute l’année.",
            "# Ce que le public ne lira jamais",
            "- « Chef d’établissement » : vérifiez qui signe. Tout est juste ? Choisissez « Confirmer cette personne pour la session » : le secrétariat le fait, chaque année. Une autre personne est arrivée ? Corrigez, puis « Enregistrer et confirmer ».",
            "- « Contacts pour le service académique » : dites qui appeler et pour quelles questions, puis « Enregistrer le contact ».",
            "# Avant les formations",
            "- Revenez à la page de l’établissement : elle dit « Complet » quand plus rien ne manque.",
            "- Le chef d’établissement accepte lui-même la charte, avec son propre compte : sur son accueil, « Accepter la charte de la procédure ». Aucune formation n’est soumise avant.",
            "- Passez à « Mes formations » : c’est la suite de l’après-midi.",
        ],
    },
];

const REGIONAL: Ecrit = Ecrit {
    le: "2023-11-17T09:30",
    nature: Nature::Piece,
    theme: Theme::Comptes,
    titre: "Questions fréquentes de la région : sécurisation de l’accès",
    fichier: "Hauts-de-France - sécurisation de l’accès.pdf",
    texte: &[
        "Ce que les établissements d’Amiens et de Lille nous ont demandé depuis l’ouverture.",
        "# Qui nous dépanne ?",
        "L’administrateur de votre site d’abord. S’il est absent, la DRAIO retire un second facteur perdu après vous avoir appelé au numéro de l’établissement.",
        "# Nos deux secrétaires partagent un poste",
        "Elles ont chacune leur compte : sur le même poste, chacune se déconnecte en partant.",
    ],
};

/// Sets a document in print and deposits it.
async fn deposit(
    app: &Arc<Plateforme>,
    acteur: &Acteur,
    e: &Ecrit,
    academies: &[String],
) -> Result<PublicId, AppError> {
    let quand = instant(e.le)?;
    let ctx = contexte(app, Some(acteur.clone()), quand);
    let mut blocs: Vec<Bloc> = Vec::new();
    for &texte in e.texte {
        if let Some(texte) = texte.strip_prefix("# ") {
            blocs.push(Bloc::Titre { niveau: 1, texte: texte.to_owned() });
        } else if let Some(point) = texte.strip_prefix("- ") {
            match blocs.last_mut() {
                Some(Bloc::Liste(points)) => points.push(point.to_owned()),
                _ => blocs.push(Bloc::Liste(vec![point.to_owned()])),
            }
        } else {
            blocs.push(Bloc::Paragraphe(texte.to_owned()));
        }
    }
    let document = Document {
        titre: e.titre.to_owned(),
        chapeau: vec!["Session 2024".to_owned(), date_heure(quand)],
        rappel: e.titre.to_owned(),
        le: quand,
        sommaire: false,
        blocs,
    };
    let octets = app.imprimerie.imprime(document).await?;
    let notice = Notice {
        nature: e.nature,
        theme: e.theme,
        titre: e.titre.to_owned(),
        audience: Audience { academies: academies.iter().cloned().collect(), ..Audience::default() },
    };
    let depot = Depot { notice, fichier: Some((e.fichier, &octets)) };
    deposit_reference(&ctx, &Garde::default(), 2024, depot).await?;
    let deposes = list_depots(&ctx, 2024).await?.documents;
    let depose = deposes.into_iter().find(|d| d.titre == e.titre);
    depose.map(|d| d.id).ok_or(AppError::NotFound)
}

/// Publishes each item at its date, whatever the moment: those of the opening are still read in spring.
pub(super) async fn ecrire(app: &Arc<Plateforme>, pays: &Pays, agents: &Agents) -> Result<(), AppError> {
    charte(app, pays, agents).await?;
    for ecrit in &NATIONAUX {
        deposit(app, &agents.nationaux[0], ecrit, &[]).await?;
    }
    for annonce in &NATIONALES {
        publish(app, &agents.nationaux[0], annonce, &[], Vec::new()).await?;
    }
    let region = agents.academie.attributions.iter().flat_map(|a| a.academies.clone()).collect::<Vec<_>>();
    let piece = deposit(app, &agents.academie, &REGIONAL, &region).await?;
    publish(app, &agents.academie, &REGIONALE, &region, vec![piece]).await
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
    pieces: Vec<PublicId>,
) -> Result<(), AppError> {
    let quand = instant(a.le)?;
    let ctx = contexte(app, Some(acteur.clone()), quand);
    let saisie = Saisie {
        titre: a.titre.to_owned(),
        texte: a.texte.to_owned(),
        audience: Audience {
            familles: a.familles.iter().copied().collect(),
            paramedical: a.paramedical,
            academies: academies.iter().cloned().collect(),
            ..Audience::default()
        },
        publiee_le: None,
        retiree_le: None,
        pieces,
    };
    publish_actualite(&ctx, &Garde::default(), 2024, saisie).await?;
    Ok(())
}
