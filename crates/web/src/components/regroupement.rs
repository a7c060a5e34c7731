//! What is said of a grouping of courses wherever one of them is shown to the staff.

use app::formations::RegroupementVu;
use domain::formations::regroupement::Mutualisation;

use super::accord;

/// « Soins infirmiers – Picardie : 4 formations, un seul dossier et un seul classement. »
pub fn en_bref(r: &RegroupementVu) -> String {
    let commun = match r.mutualisation {
        Mutualisation::Aucune => "",
        Mutualisation::Epreuves => ", épreuves communes",
        Mutualisation::DossierUnique => ", un seul dossier et un seul classement",
    };
    format!("{} : {}{commun}.", r.libelle, accord(r.formations.len(), "formation", "formations"))
}
