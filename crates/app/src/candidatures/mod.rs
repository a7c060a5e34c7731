//! Wishes: adding, confirming, withdrawing, answering, and what deadlines do.

mod ajouter;
mod confirmer;
mod courriels;
mod decompte;
mod echeances;
mod fin_ordre;
mod ordonner;
mod recepisses;
mod repondeur;
mod repondre;
mod retirer;
mod silence;
mod vues;

pub use ajouter::{AddVoeu, MultipleVu, OffreVoeu, add_voeu, offre_voeu};
pub use confirmer::confirm_voeu;
pub(crate) use courriels::tell_suspended;
pub use echeances::{BilanEcheances, expire_due};
pub(crate) use fin_ordre::{Annonce, announce, close_procedure, lose_unordered};
pub use ordonner::{ApercuOrdre, OrdreDemande, VoeuClasse, order_voeux, preview_ordre};
pub(crate) use recepisses::vue as recepisse_vue;
pub use recepisses::{RecepisseVue, libelle_acte, list_recepisses, recepisse};
pub use repondeur::{RepondeurVue, set_repondeur};
pub use repondre::{ApercuReponse, Effet, Reponse, answer, keep_waiting, preview_answer};
pub use retirer::withdraw_voeu;
pub use silence::Silence;
pub(crate) use vues::is_commencee;
pub use vues::{Actes, MesVoeux, Ordonnancement, PropositionVue, RangInternat, RangsVue, VoeuVue, mes_voeux};

use domain::candidatures::VoeuOrdonnable;
use jiff::Timestamp;
use store::Tx;
use store::candidatures::LigneVoeu;

use crate::candidats::Dossier;
use crate::erreur::AppError;

/// An instant as stored; an impossible one is the beginning of time, never a panic.
fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// « BTS Électronique – Lycée Ampère, Lyon ».
pub(crate) fn intitule(libelle: &str, etablissement: Option<&str>, commune: &str) -> String {
    match etablissement {
        Some(e) => format!("{libelle} – {e}, {commune}"),
        None => format!("{libelle} – {commune}"),
    }
}

fn intitule_voeu(v: &LigneVoeu) -> String {
    let libelle = crate::formations::intitule(&v.libelle, &v.detail);
    let nom = intitule(&libelle, v.etablissement.as_deref(), &v.commune);
    if v.avec_internat == 1 { format!("{nom} (avec internat)") } else { nom }
}

/// The wishes as the rules of the order see them.
fn ordonnables(voeux: &[LigneVoeu]) -> Result<Vec<VoeuOrdonnable>, AppError> {
    voeux
        .iter()
        .map(|v| {
            Ok(VoeuOrdonnable {
                id: v.id,
                etat: v.etat()?,
                concerne: v.phase == "pp" && !v.apprentissage(),
                rang: u32::try_from(v.rang_preference).unwrap_or(0),
            })
        })
        .collect()
}

/// The wishes of a record, and the one that is meant. Somebody else's wish is as unknown as an absent one (HAB-3).
async fn voeu_du_dossier(
    tx: &Tx,
    dossier: &Dossier,
    public_id: &str,
) -> Result<(Vec<LigneVoeu>, LigneVoeu), AppError> {
    let voeux = store::candidatures::list_voeux(tx, dossier.ligne.id).await?;
    let vise = voeux.iter().find(|v| v.public_id == public_id).cloned().ok_or(AppError::NotFound)?;
    Ok((voeux, vise))
}
