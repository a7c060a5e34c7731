//! R-ETA-06, R-ETA-12: open days (« journées portes ouvertes »).

use jiff::civil::{Date, Time};

use super::{check_ligne, check_site_web};
use crate::erreurs::{Fautes, RuleViolation};

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

/// R-ETA-06: where an open day is: a place on the spot, a web address on line.
///
/// # Errors
/// [`RuleViolation::Champ`] on `ou`.
pub fn check_ou(a_distance: bool, ou: &str) -> Result<String, RuleViolation> {
    let net = check_ligne("ou", ou)?;
    if net.is_empty() {
        return Err(RuleViolation::Champ { champ: "ou", motif: "manquant" });
    }
    if a_distance { check_site_web("ou", &net) } else { Ok(net) }
}

/// R-ETA-12: an open day that is over stays as it was.
///
/// # Errors
/// [`RuleViolation::Champ`] on `jour`.
pub fn check_a_venir(jour: Date, aujourd_hui: Date) -> Result<(), RuleViolation> {
    let passee = RuleViolation::Champ { champ: "jour", motif: "journee_passee" };
    if jour < aujourd_hui { Err(passee) } else { Ok(()) }
}

/// R-ETA-06: the same day, hours and place are not told twice; `autres` are the other days that the establishment tells.
///
/// # Errors
/// [`RuleViolation::Champ`] on `jour`.
pub fn check_seule<'j>(
    j: &Journee,
    autres: impl IntoIterator<Item = &'j Journee>,
) -> Result<(), RuleViolation> {
    let ou = j.ou.to_lowercase();
    let meme = |a: &Journee| {
        (a.jour, a.debut, a.fin, a.a_distance) == (j.jour, j.debut, j.fin, j.a_distance)
            && a.ou.to_lowercase() == ou
    };
    if autres.into_iter().any(meme) {
        return Err(RuleViolation::Champ { champ: "jour", motif: "deja_annoncee" });
    }
    Ok(())
}

/// R-ETA-06, R-ETA-12: hours in their order, a day within the campaign (both ends included) that is not over, a place or an address.
///
/// # Errors
/// Every fault: [`RuleViolation::HorsCampagne`]; [`RuleViolation::Champ`] on `jour`, `fin` or `ou`.
pub fn check_journee(mut j: Journee, campagne: (Date, Date), aujourd_hui: Date) -> Result<Journee, Fautes> {
    let mut fautes = Fautes::default();
    if j.jour < campagne.0 || j.jour > campagne.1 {
        fautes.note(RuleViolation::HorsCampagne { premier: campagne.0, dernier: campagne.1 });
    } else if j.jour < aujourd_hui {
        fautes.note(RuleViolation::Champ { champ: "jour", motif: "deja_passe" });
    }
    if j.fin <= j.debut {
        fautes.note(RuleViolation::Champ { champ: "fin", motif: "avant_debut" });
    }
    j.ou = fautes.lit(check_ou(j.a_distance, &j.ou));
    fautes.conclut(j)
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
        let champs = |j: Journee| -> Vec<&str> {
            check_journee(j, campagne, campagne.0)
                .err()
                .iter()
                .flat_map(Fautes::liste)
                .map(RuleViolation::champ)
                .collect()
        };
        let champ = |j: Journee| champs(j).concat();
        assert_eq!(champ(journee()), "");
        assert_eq!(champ(Journee { jour: campagne.0, ..journee() }), "");
        assert_eq!(champ(Journee { jour: campagne.1, ..journee() }), "");
        assert_eq!(champ(Journee { jour: date(2023, 11, 12), ..journee() }), "jour");
        let tard = check_journee(Journee { jour: date(2024, 9, 13), ..journee() }, campagne, campagne.0);
        let faute = RuleViolation::HorsCampagne { premier: campagne.0, dernier: campagne.1 };
        assert_eq!(tard.unwrap_err().liste(), [faute], "both ends are told");
        assert_eq!(champ(Journee { fin: time(9, 0, 0, 0), ..journee() }), "fin");
        assert_eq!(champ(Journee { ou: String::new(), ..journee() }), "ou");
        assert_eq!(champ(Journee { a_distance: true, ..journee() }), "ou");
        let tout =
            Journee { jour: date(2023, 11, 12), fin: time(8, 0, 0, 0), ou: " ".to_owned(), ..journee() };
        assert_eq!(champs(tout), ["jour", "fin", "ou"], "all at once");
        let en_ligne = Journee { a_distance: true, ou: "visio.lycee.fr/jpo".to_owned(), ..journee() };
        assert_eq!(check_journee(en_ligne, campagne, campagne.0).unwrap().ou, "https://visio.lycee.fr/jpo");
    }

    #[test]
    fn r_eta_06_an_open_day_is_told_once() {
        let deja = [journee(), Journee { jour: date(2024, 3, 2), ..journee() }];
        let faute = Err(RuleViolation::Champ { champ: "jour", motif: "deja_annoncee" });
        assert_eq!(check_seule(&Journee { ou: "hall a".to_owned(), ..journee() }, &deja), faute);
        for autre in [
            Journee { jour: date(2024, 2, 10), ..journee() },
            Journee { debut: time(14, 0, 0, 0), ..journee() },
            Journee { fin: time(18, 0, 0, 0), ..journee() },
            Journee { ou: "Internat".to_owned(), ..journee() },
            Journee { a_distance: true, ou: "https://visio.lycee.fr".to_owned(), ..journee() },
        ] {
            assert_eq!(check_seule(&autre, &deja), Ok(()), "{autre:?}");
        }
        assert_eq!(check_seule(&journee(), &[]), Ok(()));
    }

    #[test]
    fn r_eta_12_an_open_day_is_told_and_called_off_until_it_is_over() {
        let campagne = (date(2023, 11, 13), date(2024, 9, 12));
        let le = |aujourd_hui| check_journee(journee(), campagne, aujourd_hui).map(|_| ());
        assert_eq!(le(date(2024, 2, 3)), Ok(()), "the day itself");
        let passee = le(date(2024, 2, 4)).unwrap_err();
        let faute = RuleViolation::Champ { champ: "jour", motif: "deja_passe" };
        assert_eq!(passee.liste(), [faute]);
        assert_eq!(check_a_venir(date(2024, 2, 3), date(2024, 2, 3)), Ok(()));
        assert!(check_a_venir(date(2024, 2, 3), date(2024, 2, 4)).is_err());
    }
}
