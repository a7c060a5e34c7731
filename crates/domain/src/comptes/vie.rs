//! What may happen to an account, and when.

use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::calendrier::paris;
use crate::erreurs::RuleViolation;

/// CPT-8: an establishment keeps at least one active administrator. `autres`: those who stay.
///
/// # Errors
/// [`RuleViolation::DernierAdministrateur`].
pub fn require_successeur(administre: bool, autres: i64) -> Result<(), RuleViolation> {
    if administre && autres == 0 { Err(RuleViolation::DernierAdministrateur) } else { Ok(()) }
}

/// LIM-6: whoever could change the address and withdraw the factor in one go would own the account. `autre`: the last
/// time that the other one of the two was done.
///
/// # Errors
/// [`RuleViolation::AdresseEtFacteur`] with the instant from which it is allowed.
pub fn require_ecart(
    autre: Option<Timestamp>,
    maintenant: Timestamp,
    heures: i64,
) -> Result<(), RuleViolation> {
    let possible = autre.and_then(|a| a.checked_add(SignedDuration::from_hours(heures)).ok());
    match possible {
        Some(des) if maintenant < des => Err(RuleViolation::AdresseEtFacteur { des }),
        _ => Ok(()),
    }
}

/// Delays before an account that nobody uses is suspended (CPT-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelaisInactivite {
    /// Civil months without a sign-in.
    pub mois: i32,
    /// Days before the suspension at which the two reminders leave.
    pub rappels_jours: [i64; 2],
}

/// What is due for an account that nobody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inactivite {
    /// Nothing for now.
    Rien,
    /// The reminder to send: 1 or 2.
    Rappel(u8),
    /// Both reminders left, and so did the time they gave.
    Suspendre,
}

/// CPT-7: two reminders, then the suspension; never a suspension without its reminders, even after missed nights: the
/// time left after the second one is kept.
pub fn inactivite(
    derniere: Timestamp,
    rappels: i64,
    dernier_rappel: Option<Timestamp>,
    maintenant: Timestamp,
    delais: DelaisInactivite,
) -> Inactivite {
    let [premier, second] = delais.rappels_jours;
    let terme = suspension(derniere, delais);
    let avant = |jours: i64| terme.checked_sub(SignedDuration::from_hours(24 * jours)).unwrap_or(terme);
    match rappels {
        0 if maintenant >= avant(premier) => Inactivite::Rappel(1),
        1 if maintenant >= avant(second) => Inactivite::Rappel(2),
        2.. => {
            let laisse = dernier_rappel
                .and_then(|r| r.checked_add(SignedDuration::from_hours(24 * second)).ok())
                .unwrap_or(terme);
            if maintenant >= terme.max(laisse) { Inactivite::Suspendre } else { Inactivite::Rien }
        }
        _ => Inactivite::Rien,
    }
}

/// The instant at which an account unused since `derniere` is suspended: civil months, in Paris.
pub fn suspension(derniere: Timestamp, delais: DelaisInactivite) -> Timestamp {
    derniere.to_zoned_datetime(paris()).checked_add(delais.mois.months()).map_or(derniere, |z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAIS: DelaisInactivite = DelaisInactivite { mois: 13, rappels_jours: [30, 7] };

    fn t(texte: &str) -> Timestamp {
        texte.parse().expect("an instant")
    }

    #[test]
    fn cpt_8_the_last_administrator_stays() {
        assert!(require_successeur(true, 0).is_err());
        assert!(require_successeur(true, 1).is_ok());
        assert!(require_successeur(false, 0).is_ok());
    }

    #[test]
    fn lim_6_address_and_factor_are_a_day_apart() {
        let autre = Some(t("2024-03-01T10:00:00Z"));
        assert_eq!(
            require_ecart(autre, t("2024-03-02T09:59:59Z"), 24),
            Err(RuleViolation::AdresseEtFacteur { des: t("2024-03-02T10:00:00Z") })
        );
        assert!(require_ecart(autre, t("2024-03-02T10:00:00Z"), 24).is_ok());
        assert!(require_ecart(None, t("2024-03-02T10:00:00Z"), 24).is_ok());
    }

    #[test]
    fn cpt_7_reminders_then_suspension_at_thirteen_months() {
        let vu = t("2023-01-15T10:00:00Z");
        let dit = |rappels, rappel: Option<&str>, quand: &str| {
            inactivite(vu, rappels, rappel.map(t), t(quand), DELAIS)
        };
        // 13 months: 15 February 2024.
        assert_eq!(dit(0, None, "2024-01-16T09:59:59Z"), Inactivite::Rien);
        assert_eq!(dit(0, None, "2024-01-16T10:00:00Z"), Inactivite::Rappel(1));
        assert_eq!(dit(1, Some("2024-01-16T10:00:00Z"), "2024-02-08T09:59:59Z"), Inactivite::Rien);
        assert_eq!(dit(1, Some("2024-01-16T10:00:00Z"), "2024-02-08T10:00:00Z"), Inactivite::Rappel(2));
        assert_eq!(dit(2, Some("2024-02-08T10:00:00Z"), "2024-02-15T09:59:59Z"), Inactivite::Rien);
        assert_eq!(dit(2, Some("2024-02-08T10:00:00Z"), "2024-02-15T10:00:00Z"), Inactivite::Suspendre);
    }

    #[test]
    fn cpt_7_nobody_is_suspended_without_the_time_that_the_reminders_leave() {
        let vu = t("2020-01-15T10:00:00Z");
        // The platform slept for years: the reminders still come first.
        assert_eq!(inactivite(vu, 0, None, t("2024-01-01T00:00:00Z"), DELAIS), Inactivite::Rappel(1));
        let second = Some(t("2024-01-02T00:00:00Z"));
        assert_eq!(inactivite(vu, 2, second, t("2024-01-08T23:59:59Z"), DELAIS), Inactivite::Rien);
        assert_eq!(inactivite(vu, 2, second, t("2024-01-09T00:00:00Z"), DELAIS), Inactivite::Suspendre);
    }
}
