//! A session in one's calendar program: its hours, its title, its page; never the address of the webinar.

use domain::PublicId;
use files::agenda::{Evenement, Methode, write_agenda, write_message};
use jiff::Timestamp;
use store::messagerie::PieceJointe;
use store::seances::LigneSeance;

use super::participer::readable;
use super::public::of_token;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions;

/// For who reads the session on the site de gestion.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist or concerns others.
pub async fn agenda_of_seance(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Vec<u8>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let (l, _) = readable(&ctx.app.db, ctx, session.id, id).await?;
    Ok(write(ctx, &l, &format!("/mes-seances/{annee}/{}", l.public_id)))
}

/// For who registered on the public site.
///
/// # Errors
/// [`AppError::NotFound`] for a link that never was, or whose registration was withdrawn.
pub async fn agenda_of_token(ctx: &Ctx, jeton: &str) -> Result<Vec<u8>, AppError> {
    let (_, l, _) = of_token(ctx, jeton).await?;
    Ok(write(ctx, &l, &format!("/seances/inscription/{jeton}")))
}

/// What goes with a mail: the session to put in one's calendar, or to take away from it.
pub(super) fn piece(ctx: &Ctx, l: &LigneSeance, page: &str) -> PieceJointe {
    let methode = if l.annulee_le.is_some() { Methode::Annuler } else { Methode::Publier };
    let etabli = Timestamp::from_millisecond(l.maj_le).unwrap_or_default();
    PieceJointe {
        nom: "seance.ics".to_owned(),
        genre: format!("text/calendar; charset=utf-8; method={}", methode.code()),
        octets: write_message(methode, etabli, &ctx.app.adresse, &evenement(ctx, l, page)),
    }
}

fn write(ctx: &Ctx, l: &LigneSeance, page: &str) -> Vec<u8> {
    let etabli = Timestamp::from_millisecond(l.maj_le).unwrap_or_default();
    write_agenda("Parcoursup – séance d’information", etabli, &[evenement(ctx, l, page)])
}

fn evenement(ctx: &Ctx, l: &LigneSeance, page: &str) -> Evenement {
    let hote = ctx.app.adresse.split("://").last().unwrap_or_default();
    let instant = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
    let p = &l.programme;
    let description = match (p.lieu.as_str(), p.lien.is_empty()) {
        ("", _) => "Le lien de connexion paraît le jour même sur la page de la séance.".to_owned(),
        (lieu, true) => format!("Lieu : {lieu}"),
        (lieu, false) => {
            format!("Lieu : {lieu}. Le lien de connexion paraît le jour même sur la page de la séance.")
        }
    };
    Evenement {
        uid: format!("seance-{}@{hote}", l.public_id),
        sequence: u32::try_from(l.version - 1).unwrap_or(u32::MAX),
        debut: instant(p.debut),
        fin: instant(p.fin),
        titre: if l.annulee_le.is_some() { format!("Annulée : {}", p.titre) } else { p.titre.clone() },
        description,
        adresse: format!("{}{page}", ctx.app.adresse),
        occupe: l.annulee_le.is_none(),
    }
}
