//! Mails about information sessions. The address of a webinar is never in them: it is on the page, on the day (R-SEA-06).

use domain::PublicId;
use domain::seances::EtatInscription;
use jiff::Timestamp;
use store::Tx;
use store::messagerie::{Complements, NouvelEnvoi, enqueue_envoi_with};
use store::seances::{LigneInscription, LigneSeance};

use super::agenda::piece;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::messages::{PIED, accord, date_longue, heure};

/// Characters of a public identifier, which begins a token.
const IDENTIFIANT: usize = 26;

/// What a person is told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Avis<'a> {
    /// A place, with the number of the receipt.
    Inscrit(&'a str),
    /// The waiting list, with the number of the receipt.
    Attente(&'a str),
    /// A place, after having waited.
    Place,
    /// Hours or place changed.
    Modifiee,
    Annulee,
    /// Its recording is published.
    Enregistrement,
    /// The day before.
    Rappel,
    /// The address is to be proved; hours that the link holds.
    Verifier(i64),
    /// Asked for again by somebody who is registered.
    Deja,
}

/// The secret of the address where a registration of the public site is read: whoever received the mail has it, nothing keeps it.
pub(super) fn token(ctx: &Ctx, public_id: &str) -> String {
    let secret = ctx.app.coffre.fingerprint("jeton-inscription-seance", public_id);
    format!("{public_id}{}", secret.get(..32).unwrap_or_default())
}

/// The registration that a token speaks of, if it is one of ours.
pub(super) fn read_token(ctx: &Ctx, jeton: &str) -> Option<PublicId> {
    let id = PublicId::parse(jeton.get(..IDENTIFIANT)?)?;
    // Compared by their fingerprints: the time that it takes says nothing of the secret.
    (hash(jeton) == hash(&token(ctx, id.as_str()))).then_some(id)
}

/// « lundi 20 novembre 2023, de 10 h à 14 h (heure de Paris) ».
pub(super) fn hours(debut: i64, fin: i64) -> String {
    let [debut, fin] = [debut, fin].map(|ms| Timestamp::from_millisecond(ms).unwrap_or_default());
    let a = |t: Timestamp| heure(&t.to_zoned_datetime(domain::calendrier::paris()));
    format!("{}, de {} à {} (heure de Paris)", date_longue(debut), a(debut), a(fin))
}

/// Puts a mail in the outbox, in the transaction of the act. Nobody is written to whose address was forgotten.
pub(super) async fn send(
    tx: &Tx,
    ctx: &Ctx,
    annee: i64,
    l: &LigneSeance,
    i: &LigneInscription,
    avis: Avis<'_>,
) -> Result<(), AppError> {
    let Some(destinataire) = &i.courriel else { return Ok(()) };
    let p = &l.programme;
    let chemin = match i.compte {
        Some(_) => format!("/mes-seances/{annee}/{}", l.public_id),
        // The public reads the recordings together.
        None if matches!(avis, Avis::Enregistrement) => "/seances".to_owned(),
        None => format!("/seances/inscription/{}", token(ctx, &i.public_id)),
    };
    let page = format!("{}{chemin}", ctx.app.adresse);
    let titre = format!("« {} »", p.titre);
    let quand = hours(p.debut, p.fin);
    let mut ou = String::new();
    if !p.lieu.is_empty() {
        ou.push_str(&format!("Lieu : {}\n", p.lieu));
    }
    if !p.lien.is_empty() {
        let avance = accord(ctx.app.limites.seance_lien_h, "heure", "heures");
        ou.push_str(&format!(
            "Le lien de connexion paraît sur la page de la séance, {avance} avant le début.\n"
        ));
    }
    let attend = i.etat == EtatInscription::Attente || matches!(avis, Avis::Attente(_));
    // Nobody is made busy by a place that they do not have.
    let piece = match avis {
        Avis::Verifier(_) | Avis::Attente(_) | Avis::Enregistrement => None,
        _ => (!attend).then(|| piece(ctx, l, &chemin)),
    };
    let joint = if piece.is_some() { "Le fichier joint met la séance dans votre agenda. " } else { "" };
    let suite = format!("\n{quand}\n{ou}\n{joint}La page de la séance :\n{page}");
    let quitter = if attend {
        "Si vous ne souhaitez plus venir, désinscrivez-vous sur cette page."
    } else {
        "Si vous ne pouvez plus venir, désinscrivez-vous sur cette page : votre place servira à quelqu’un d’autre."
    };
    let (modele, sujet, texte) = match avis {
        Avis::Inscrit(recu) => (
            "seance_inscrit",
            "Votre inscription à une séance d’information",
            format!(
                "Vous avez une place pour la séance {titre}.\n{suite}\n\nRécépissé : {recu}\n\n{quitter}"
            ),
        ),
        Avis::Attente(recu) => (
            "seance_attente",
            "Vous êtes sur la liste d’attente d’une séance d’information",
            format!(
                "La séance {titre} est complète : vous êtes sur sa liste d’attente. Un courriel vous préviendra dès \
                 qu’une place se libère pour vous.\n{suite}\n\nRécépissé : {recu}\n\n{quitter}"
            ),
        ),
        Avis::Place => (
            "seance_place",
            "Une place s’est libérée pour vous",
            format!(
                "Vous étiez sur la liste d’attente de la séance {titre} : vous y avez maintenant une place.\n{suite}\n\n{quitter}"
            ),
        ),
        Avis::Modifiee => (
            "seance_modifiee",
            "Une séance d’information a changé",
            format!(
                "L’horaire ou le lieu de la séance {titre} a changé. {}\n{suite}\n\n{quitter}",
                if attend {
                    "Vous restez sur la liste d’attente."
                } else {
                    "Votre inscription reste valable."
                }
            ),
        ),
        Avis::Annulee => (
            "seance_annulee",
            "Une séance d’information est annulée",
            format!(
                "La séance {titre} n’aura pas lieu.\n\nElle était prévue le {quand}. {}",
                if piece.is_some() {
                    "Si vous l’aviez mise dans votre agenda, le fichier joint l’en retire."
                } else {
                    "Vous n’avez rien à faire."
                }
            ),
        ),
        Avis::Enregistrement => (
            "seance_enregistrement",
            "L’enregistrement d’une séance d’information est publié",
            format!(
                "La séance {titre}, pour laquelle vous aviez demandé une place, a été enregistrée.\n\n{quand}\n\nPour la \
                 voir, ou la revoir :\n{page}"
            ),
        ),
        Avis::Rappel => (
            "seance_rappel",
            "Rappel : votre séance d’information approche",
            format!("Vous avez une place pour la séance {titre}.\n{suite}\n\n{quitter}"),
        ),
        Avis::Verifier(heures) => (
            "seance_lien",
            "Confirmez votre inscription à une séance d’information",
            format!(
                "Une inscription à la séance {titre} a été demandée avec cette adresse.\n\n{quand}\n\nPour confirmer \
                 votre adresse et prendre votre place, ouvrez ce lien :\n\n{page}\n\nIl est valable {}. Si vous n’avez \
                 rien demandé, ne faites rien : aucune inscription ne sera prise.",
                accord(heures, "heure", "heures")
            ),
        ),
        Avis::Deja => (
            "seance_deja",
            "Votre inscription à une séance d’information est déjà connue",
            format!(
                "Une inscription à la séance {titre} vient d’être demandée avec cette adresse, qui est déjà {}.\n{suite}",
                if attend { "sur la liste d’attente" } else { "inscrite" }
            ),
        ),
    };
    let corps = format!("Bonjour,\n\n{texte}{PIED}");
    let lien = matches!(avis, Avis::Verifier(_));
    let envoi = NouvelEnvoi {
        canal: "courriel",
        compte: i.compte,
        destinataire,
        modele,
        sujet,
        corps: &corps,
        priorite: if lien { 1 } else { 5 },
        cree_le: ctx.recu_ms(),
        perime_le: if lien { i.expire_le } else { None },
    };
    let complements = Complements { piece: piece.as_ref(), arret: None };
    enqueue_envoi_with(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &envoi, complements).await?;
    Ok(())
}
