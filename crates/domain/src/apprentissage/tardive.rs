//! R-APP-21: a course that the catalogue brings when its steps are closed, or soon will be.

use crate::calendrier::{Calendrier, Etape, jour_paris};
use crate::formations::controle::Reouverture;
use crate::formations::demandes::tous_les_champs;
use jiff::{Timestamp, ToSpan};

/// R-APP-21: what a record that arrives late opens of its course: all its fields, to the end of the day that comes `jours` after; `None`
/// while the steps of the calendar last longer, or have not begun, or when the session gives no day.
pub fn ouverture_tardive(calendrier: &Calendrier, jours: u32, now: Timestamp) -> Option<Reouverture> {
    if jours == 0 {
        return None;
    }
    let jour = jour_paris(now).saturating_add(i64::from(jours).days());
    let r = Reouverture::until(tous_les_champs(), jour, jours, now).ok()?;
    let ends_before =
        |etape| calendrier.fenetre(etape).is_some_and(|f| f.ouvre <= now && f.ferme < r.fenetre.ferme);
    let late = [Etape::Parametrage, Etape::CapacitesFrais].into_iter().any(ends_before);
    late.then_some(r)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::calendrier::{Fenetre, debut_de_jour, fin_de_jour, instant_paris};
    use jiff::civil::{Date, date};

    /// The steps of the settings as in 2024; those that follow, one a day.
    fn calendrier() -> Calendrier {
        let f = |du: Date, au: Date| Fenetre { ouvre: debut_de_jour(du), ferme: fin_de_jour(au) };
        let mut fenetres = BTreeMap::new();
        let mut jour = date(2024, 1, 20);
        for etape in Etape::ALL {
            let fenetre = match etape {
                Etape::Parametrage => f(date(2023, 11, 13), date(2023, 12, 13)),
                Etape::CapacitesFrais => f(date(2023, 11, 13), date(2024, 1, 12)),
                _ => {
                    jour = jour.tomorrow().expect("a day");
                    f(jour, jour)
                }
            };
            fenetres.insert(etape, fenetre);
        }
        Calendrier::new(1, "essai".to_owned(), fenetres, Vec::new()).expect("a calendar")
    }

    #[test]
    fn r_app_21_a_late_record_opens_its_course_until_a_day_and_an_early_one_waits_for_the_calendar() {
        let c = calendrier();
        let a = |jour: Date| instant_paris(jour.at(10, 0, 0, 0)).expect("exists");
        assert_eq!(ouverture_tardive(&c, 15, a(date(2023, 11, 20))), None, "the steps last longer");
        // A few days before the close: as long as for one that comes after it.
        let r = ouverture_tardive(&c, 15, a(date(2023, 12, 10))).expect("late");
        assert_eq!(r.fenetre.ferme, fin_de_jour(date(2023, 12, 25)));
        let r = ouverture_tardive(&c, 15, a(date(2024, 2, 1))).expect("late");
        assert!(["capacite", "frais", "presentation", "site"].iter().all(|champ| r.champs.contains(*champ)));
        assert!(r.ouvre("capacite", a(date(2024, 2, 16))) && !r.ouvre("capacite", a(date(2024, 2, 17))));
        assert_eq!(ouverture_tardive(&c, 0, a(date(2024, 2, 1))), None, "the session gives no day");
        assert_eq!(ouverture_tardive(&c, 40, a(date(2023, 11, 10))), None, "no step has begun");
    }
}
