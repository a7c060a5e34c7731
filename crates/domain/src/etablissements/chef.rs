//! R-ETA-03: who signs for an establishment on a day: refusals, reasons, the public report. Never public.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::erreurs::RuleViolation;

/// How a letter names the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Civilite {
    /// Madame.
    Madame,
    /// Monsieur.
    Monsieur,
}

impl Civilite {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Madame, Self::Monsieur];

    /// Stable code, used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Madame => "madame",
            Self::Monsieur => "monsieur",
        }
    }

    /// The one of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// As written in a letter.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Madame => "Madame",
            Self::Monsieur => "Monsieur",
        }
    }
}

/// A time during which one person heads an establishment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandat {
    /// First day.
    pub depuis: Date,
    /// Last day, included; `None` while nobody follows.
    pub jusqu_a: Option<Date>,
    /// Stands in for the head, who stays in office.
    pub interim: bool,
}

impl Mandat {
    fn covers(&self, jour: Date) -> bool {
        self.depuis <= jour && self.jusqu_a.is_none_or(|fin| jour <= fin)
    }
}

/// R-ETA-03: a change of head is told near its day: a year typed wrong would hold for ever.
///
/// # Errors
/// [`RuleViolation::Champ`] on `champ`, motif `eloigne`, beyond so many days before or after today.
pub fn check_jour_chef(
    champ: &'static str,
    jour: Date,
    aujourd_hui: Date,
    jours: u32,
) -> Result<(), RuleViolation> {
    let ecart = i64::from(jours).days();
    if jour < aujourd_hui.saturating_sub(ecart) || jour > aujourd_hui.saturating_add(ecart) {
        return Err(RuleViolation::Champ { champ, motif: "eloigne" });
    }
    Ok(())
}

/// R-ETA-03: an interim ends another day than was told: not before it began, nor before yesterday, since somebody signed on the days that
/// are past.
///
/// # Errors
/// [`RuleViolation::Champ`] on `jusqu_a`.
pub fn check_fin_interim(depuis: Date, fin: Date, aujourd_hui: Date) -> Result<(), RuleViolation> {
    if fin < depuis {
        return Err(RuleViolation::Champ { champ: "jusqu_a", motif: "avant_debut" });
    }
    if fin < aujourd_hui.saturating_sub(1.day()) {
        return Err(RuleViolation::Champ { champ: "jusqu_a", motif: "deja_signe" });
    }
    Ok(())
}

/// R-ETA-03: a change that was announced is called off before its first day: afterwards, that person has signed.
///
/// # Errors
/// [`RuleViolation::Champ`] on `depuis`.
pub fn check_annulation(depuis: Date, aujourd_hui: Date) -> Result<(), RuleViolation> {
    if depuis > aujourd_hui {
        return Ok(());
    }
    Err(RuleViolation::Champ { champ: "depuis", motif: "en_fonction" })
}

/// R-ETA-03: whose signature counts on a day: whoever stands in, else the head in office; the last to begin when two
/// overlap. Gives a place in the list.
pub fn signataire(mandats: &[Mandat], jour: Date) -> Option<usize> {
    mandats
        .iter()
        .enumerate()
        .filter(|(_, m)| m.covers(jour))
        .max_by_key(|(i, m)| (m.interim, m.depuis, *i))
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn r_eta_03_a_change_of_head_is_told_near_its_day() {
        let jour = |d| check_jour_chef("depuis", d, date(2023, 11, 20), 10);
        assert!(jour(date(2023, 11, 10)).is_ok() && jour(date(2023, 11, 30)).is_ok());
        for faux in [date(2023, 11, 9), date(2023, 12, 1), date(2032, 11, 20), date(-9999, 1, 1)] {
            assert_eq!(jour(faux), Err(RuleViolation::Champ { champ: "depuis", motif: "eloigne" }), "{faux}");
        }
    }

    #[test]
    fn r_eta_03_an_interim_ends_no_earlier_than_yesterday() {
        let fin = |fin| check_fin_interim(date(2023, 11, 20), fin, date(2023, 11, 27));
        assert!(fin(date(2023, 11, 26)).is_ok() && fin(date(2024, 2, 1)).is_ok());
        let faute = |motif| Err(RuleViolation::Champ { champ: "jusqu_a", motif });
        assert_eq!(fin(date(2023, 11, 25)), faute("deja_signe"));
        assert_eq!(fin(date(2023, 11, 19)), faute("avant_debut"));
    }

    #[test]
    fn r_eta_03_an_announced_change_is_called_off_before_its_first_day() {
        let annule = |depuis| check_annulation(depuis, date(2023, 11, 20));
        assert!(annule(date(2023, 11, 21)).is_ok());
        for trop_tard in [date(2023, 11, 20), date(2023, 11, 1)] {
            let faute = RuleViolation::Champ { champ: "depuis", motif: "en_fonction" };
            assert_eq!(annule(trop_tard), Err(faute), "{trop_tard}");
        }
    }

    #[test]
    fn r_eta_03_the_interim_signs_on_its_days_and_the_head_on_the_others() {
        let mandats = [
            Mandat { depuis: date(2020, 9, 1), jusqu_a: Some(date(2023, 12, 31)), interim: false },
            Mandat { depuis: date(2023, 11, 20), jusqu_a: Some(date(2023, 12, 5)), interim: true },
            Mandat { depuis: date(2024, 1, 1), jusqu_a: None, interim: false },
        ];
        for (jour, attendu) in [
            (date(2020, 8, 31), None),
            (date(2023, 11, 19), Some(0)),
            (date(2023, 11, 20), Some(1)),
            (date(2023, 12, 5), Some(1)),
            (date(2023, 12, 6), Some(0)),
            (date(2023, 12, 31), Some(0)),
            (date(2024, 1, 1), Some(2)),
        ] {
            assert_eq!(signataire(&mandats, jour), attendu, "{jour}");
        }
    }
}
