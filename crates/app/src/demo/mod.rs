//! The demonstration: a small France at a moment of its campaign, and people to look around as.
//!
//! Same seed, same data: identifiers included. Exactly what exists at that moment: no candidate before 17 January, no
//! ranking before April, no proposal before 30 May.

mod admission;
mod apprentissage;
mod assistance;
mod comptes;
mod description;
mod dossiers;
mod formations;
mod informations;
mod nomenclature;
mod pays;
mod personas;
mod seances;

use std::sync::Arc;

use domain::calendrier::instant_paris;
use domain::droits::{Acteur, Action, Denial};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::plateforme::{Mode, Plateforme};
use crate::ports::AleaGraine;

/// A moment of the campaign of 2024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// 20 November 2023: courses are being set.
    Parametrage,
    /// 1 February 2024: candidates register and make wishes.
    Voeux,
    /// 15 April 2024: commissions examine.
    Examen,
    /// 31 May 2024: the first day of proposals is published.
    Admission,
}

impl Moment {
    /// Every moment, in order.
    pub const ALL: [Self; 4] = [Self::Parametrage, Self::Voeux, Self::Examen, Self::Admission];

    /// Word of the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parametrage => "parametrage",
            Self::Voeux => "voeux",
            Self::Examen => "examen",
            Self::Admission => "admission",
        }
    }

    /// The moment of a word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }

    /// The instant, in Paris.
    ///
    /// # Errors
    /// Never for the moments written here.
    pub fn instant(self) -> Result<Timestamp, AppError> {
        instant(match self {
            Self::Parametrage => "2023-11-20T10:00",
            Self::Voeux => "2024-02-01T10:00",
            Self::Examen => "2024-04-15T10:00",
            Self::Admission => "2024-05-31T10:00",
        })
    }
}

/// A person of the demonstration, whose password is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personnage {
    /// Key in URLs.
    pub code: String,
    /// First name and name, for the page that lists them.
    pub nom: String,
    /// What they do, in one line.
    pub role: String,
    /// What they sign in with.
    pub courriel: String,
    /// In clear, the same for all: it protects nothing. `None`: has no account yet, `accueil` is their invitation.
    pub mot_de_passe: Option<String>,
    /// TOTP secret in base 32, for those who have one.
    pub totp: Option<String>,
    /// Page where they start.
    pub accueil: String,
}

/// Session of the demonstration.
const ANNEE: i64 = 2024;

fn instant(texte: &str) -> Result<Timestamp, AppError> {
    texte
        .parse::<DateTime>()
        .ok()
        .and_then(instant_paris)
        .ok_or_else(|| AppError::Internal(format!("instant {texte}")))
}

/// Identifiers and nonces drawn from the seed, everything else being the platform's.
fn reproductible(app: &Plateforme, graine: u64) -> Arc<Plateforme> {
    Arc::new(Plateforme {
        db: app.db.clone(),
        coffre: app.coffre.clone(),
        secrets: app.secrets.clone(),
        horloge: Arc::clone(&app.horloge),
        alea: Arc::new(AleaGraine::new(graine)),
        courriel: Arc::clone(&app.courriel),
        sms: Arc::clone(&app.sms),
        supervision: Arc::clone(&app.supervision),
        livreur: Arc::clone(&app.livreur),
        depot: Arc::clone(&app.depot),
        antivirus: Arc::clone(&app.antivirus),
        temoin: Arc::clone(&app.temoin),
        imprimerie: app.imprimerie.clone(),
        limites: app.limites.clone(),
        mode: app.mode,
        adresse: app.adresse.clone(),
        carnet: crate::interfaces::Carnet::default(),
        reperes: crate::formations::Reperes::default(),
        relues: crate::formations::Relues::default(),
        hachage: app.hachage.clone(),
        debits: Arc::clone(&app.debits),
    })
}

/// The platform, or a person, acting at an instant of the campaign.
fn contexte(app: &Arc<Plateforme>, acteur: Option<Acteur>, quand: Timestamp) -> Ctx {
    let ctx = Ctx::systeme(app, "démonstration", "demo");
    Ctx { campagne_le: quand, acteur: acteur.unwrap_or_else(|| ctx.acteur.clone()), ..ctx }
}

/// Fills an empty base with the small France of a seed, as it is at a moment, and sets the campaign's clock there.
/// Gives the people to sign in as.
///
/// # Errors
/// [`AppError::Denied`] outside a demonstration, [`AppError::Conflict`] when the base already holds a session.
pub async fn semer(app: &Arc<Plateforme>, moment: Moment, graine: u64) -> Result<Vec<Personnage>, AppError> {
    if app.mode != Mode::Demo {
        return Err(Denial { action: Action::GererSession, connu: false }.into());
    }
    let app = reproductible(app, graine);
    if !store::sessions::list(&app.db).await?.is_empty() {
        return Err(AppError::Conflict);
    }
    let france = tokio::task::spawn_blocking(move || simulation::petite_france(graine))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)?;
    let vedette = personas::vedette(&france)?;
    let pays = pays::ecrire(&app, &france, moment, vedette).await?;
    let mot_de_passe = app.hachage.hash(personas::MOT_DE_PASSE, personas::sel(&app)).await?;
    let (mut personnages, agents) =
        personas::agents(&app, &france, &pays, vedette, &mot_de_passe, moment).await?;
    personnages.extend(comptes::ecrire(&app, &france, &pays, vedette, &mot_de_passe, moment, &agents).await?);
    if moment >= Moment::Voeux {
        let dossiers = dossiers::ecrire(&app, &france, &pays, vedette, &mot_de_passe, moment).await?;
        if moment == Moment::Admission {
            admission::jouer(&app, &agents, graine).await?;
        }
        assistance::candidat(&app, &dossiers).await?;
        personnages.extend(personas::candidats(&app, &france, &dossiers).await?);
    }
    informations::ecrire(&app, &pays, &agents).await?;
    seances::ecrire(&app, &agents, moment.instant()?).await?;
    assistance::ecrire(&app, &pays, vedette, &agents).await?;
    if moment == Moment::Parametrage {
        apprentissage::ecrire(&app, &france, &pays, vedette, &agents).await?;
        nomenclature::ecrire(&app, pays.session, moment.instant()?).await?;
    }
    app.db.analyze().await?;
    let ctx = contexte(&app, None, moment.instant()?);
    let decalage = ctx.campagne_ms() - ctx.recu_ms();
    crate::demonstration::save_decalage(&ctx, decalage).await?;
    Ok(personnages)
}
