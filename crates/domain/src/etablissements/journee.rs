//! R-ETA-06: open days (« journées portes ouvertes »).

use jiff::civil::{Date, Time};

use super::check_site_web;
use crate::erreurs::RuleViolation;

/// A day, with its hours in the time of the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journee {
    /// When.
    pub jour: Date,
    /// Doors open.
    pub debut: Time,
    /// Doors close, after `debut`.
    pub fin: Time,
    /// On line rather than on the spot.
    pub a_distance: bool,
    /// A place on the spot, a web address on line.
    pub ou: String,
}

/// R-ETA-06: hours in their order, a day within the campaign (both ends included), a place or an address.
///
/// # Errors
/// [`RuleViolation::Champ`] on `jour`, `fin` or `ou`.
pub fn check_journee(j: Journee, campagne: (Date, Date)) -> Result<Journee, RuleViolation> {
    if j.jour < campagne.0 || j.jour > campagne.1 {
        return Err(RuleViolation::Champ { champ: "jour", motif: "hors_campagne" });
    }
    if j.fin <= j.debut {
        return Err(RuleViolation::Champ { champ: "fin", motif: "avant_debut" });
    }
    if j.ou.is_empty() {
        return Err(RuleViolation::Champ { champ: "ou", motif: "manquant" });
    }
    let ou = if j.a_distance { check_site_web("ou", &j.ou)? } else { j.ou };
    Ok(Journee { ou, ..j })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn journee() -> Journee {
        Journee {
            jour: date(2024, 2, 3),
            debut: time(9, 0, 0, 0),
            fin: time(17, 0, 0, 0),
            a_distance: false,
            ou: "Hall A".to_owned(),
        }
    }

    #[test]
    fn r_eta_06_an_open_day_is_within_the_campaign_and_says_where() {
        let campagne = (date(2023, 11, 13), date(2024, 9, 12));
        let champ = |j: Journee| match check_journee(j, campagne) {
            Err(RuleViolation::Champ { champ, .. }) => champ,
            _ => "",
        };
        assert_eq!(champ(journee()), "");
        assert_eq!(champ(Journee { jour: campagne.0, ..journee() }), "");
        assert_eq!(champ(Journee { jour: campagne.1, ..journee() }), "");
        assert_eq!(champ(Journee { jour: date(2023, 11, 12), ..journee() }), "jour");
        assert_eq!(champ(Journee { jour: date(2024, 9, 13), ..journee() }), "jour");
        assert_eq!(champ(Journee { fin: time(9, 0, 0, 0), ..journee() }), "fin");
        assert_eq!(champ(Journee { ou: String::new(), ..journee() }), "ou");
        assert_eq!(champ(Journee { a_distance: true, ..journee() }), "ou");
        let en_ligne = Journee { a_distance: true, ou: "visio.lycee.fr/jpo".to_owned(), ..journee() };
        assert_eq!(check_journee(en_ligne, campagne).unwrap().ou, "https://visio.lycee.fr/jpo");
    }
}
