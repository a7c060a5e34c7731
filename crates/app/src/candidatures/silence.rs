//! R-REP-04 seen from one candidate: propositions left without any answer.

use domain::admission::{is_maintenu, perte_sans_reponse};
use domain::calendrier::Calendrier;
use domain::candidatures::EtatVoeu;
use jiff::Timestamp;
use store::candidatures::LigneVoeu;

use super::instant;

/// The candidate let every proposition expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// The last of those deadlines.
    pub derniere_echeance: Timestamp,
    /// When the waiting wishes that are not kept are lost (first instant too late).
    pub perte_le: Timestamp,
    /// Waiting wishes that would be lost then.
    pub a_perdre: usize,
}

/// Whether the candidate stayed silent: at least one proposition, all of them expired. Apprenticeship lives apart.
pub(super) fn silence(voeux: &[LigneVoeu], calendrier: &Calendrier, jours: u32) -> Option<Silence> {
    let propositions: Vec<&LigneVoeu> =
        voeux.iter().filter(|v| !v.apprentissage() && v.reponse.is_some()).collect();
    if propositions.iter().any(|v| v.reponse.as_deref() != Some("expiree")) {
        return None;
    }
    let derniere_echeance = instant(propositions.iter().filter_map(|v| v.echeance_le).max()?);
    let a_perdre = voeux
        .iter()
        .filter(|v| !v.apprentissage() && v.etat == EtatVoeu::EnAttente.code())
        .filter(|v| !is_maintenu(v.maintenu_le.map(instant), derniere_echeance))
        .count();
    let perte_le = perte_sans_reponse(calendrier.delais(), derniere_echeance, jours);
    Some(Silence { derniere_echeance, perte_le, a_perdre })
}
