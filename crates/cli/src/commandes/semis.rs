//! Fills a new demonstration.

use std::sync::Arc;

use anyhow::Result;
use app::Plateforme;

use super::demo::{Fiche, GRAINE, Moment, Personnage};

/// The small France at the moment asked, and the people to sign in as.
pub async fn semer(app: &Arc<Plateforme>, moment: Option<Moment>, graine: Option<u64>) -> Result<Fiche> {
    let (moment, graine) = (moment.unwrap_or(Moment::Voeux), graine.unwrap_or(GRAINE));
    let lequel = match moment {
        Moment::Parametrage => app::demo::Moment::Parametrage,
        Moment::Voeux => app::demo::Moment::Voeux,
        Moment::Examen => app::demo::Moment::Examen,
        Moment::Admission => app::demo::Moment::Admission,
    };
    println!("Création d’une petite France…");
    let personas = app::demo::semer(app, lequel, graine).await?;
    let personas = personas
        .into_iter()
        .map(|p| Personnage {
            code: p.code,
            nom: p.nom,
            role: p.role,
            courriel: p.courriel,
            mot_de_passe: p.mot_de_passe,
            totp: p.totp,
            accueil: p.accueil,
        })
        .collect();
    Ok(Fiche { moment, graine, personas })
}
