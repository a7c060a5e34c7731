//! R-REP-04 (I3): what happens to waiting wishes when no answer was ever given.

use jiff::{Timestamp, ToSpan};

use crate::calendrier::{DelaiReponse, LimiteReponse, fin_de_jour, jour_paris};

/// The first instant at which the waiting wishes of a candidate who let every proposition expire are lost: the end
/// of the `jours`-th day after the last deadline. Days on which answering delays are suspended do not count.
///
/// `derniere_echeance` is the first instant too late to answer, as stored: midnight after the last day.
pub fn perte_sans_reponse(delais: &[DelaiReponse], derniere_echeance: Timestamp, jours: u32) -> Timestamp {
    // The last day to answer; an échéance of midnight belongs to the day before.
    let mut jour = jour_paris(
        derniere_echeance.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(derniere_echeance),
    );
    let mut restants = jours;
    while restants > 0 {
        let Ok(suivant) = jour.checked_add(1.day()) else { return Timestamp::MAX };
        jour = suivant;
        if !is_suspendu(delais, jour) {
            restants -= 1;
        }
    }
    fin_de_jour(jour)
}

/// A day strictly between the first day of a line of delays and the common limit of that line: the counter of
/// answering delays stands still (written examinations of the baccalauréat).
fn is_suspendu(delais: &[DelaiReponse], jour: jiff::civil::Date) -> bool {
    delais.iter().any(|d| matches!(d.limite, LimiteReponse::Jusque(fin) if d.du < jour && jour < fin))
}

/// Whether a confirmation given at `maintenu_le` keeps a waiting voeu: it must follow the last unanswered deadline.
pub fn is_maintenu(maintenu_le: Option<Timestamp>, derniere_echeance: Timestamp) -> bool {
    maintenu_le.is_some_and(|m| m >= derniere_echeance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn delais() -> Vec<DelaiReponse> {
        vec![
            DelaiReponse {
                du: date(2024, 5, 30),
                au: date(2024, 5, 31),
                limite: LimiteReponse::Jusque(date(2024, 6, 2)),
            },
            DelaiReponse { du: date(2024, 6, 2), au: date(2024, 6, 14), limite: LimiteReponse::Jours(1) },
            DelaiReponse {
                du: date(2024, 6, 15),
                au: date(2024, 6, 23),
                limite: LimiteReponse::Jusque(date(2024, 6, 24)),
            },
        ]
    }

    #[test]
    fn r_rep_04_three_days_after_the_last_deadline_end_at_midnight() {
        let limite = perte_sans_reponse(&delais(), fin_de_jour(date(2024, 6, 2)), 3);
        assert_eq!(limite, fin_de_jour(date(2024, 6, 5)));
    }

    #[test]
    fn r_rep_04_days_of_suspension_do_not_count() {
        // Last deadline on the 14th: the 15th counts, 16 to 23 do not, then the 24th and the 25th.
        let limite = perte_sans_reponse(&delais(), fin_de_jour(date(2024, 6, 14)), 3);
        assert_eq!(limite, fin_de_jour(date(2024, 6, 25)));
    }

    #[test]
    fn r_rep_04_only_a_confirmation_after_the_deadline_keeps_the_wishes() {
        let echeance = fin_de_jour(date(2024, 6, 2));
        assert!(is_maintenu(Some(echeance), echeance));
        assert!(!is_maintenu(Some(echeance - jiff::SignedDuration::from_nanos(1)), echeance));
        assert!(!is_maintenu(None, echeance));
    }
}
