//! Reading typed values from a form. Only the shape is checked here (a number, a date): rules are
//! in `domain`. A fault is noted on the field, in French, with what to do.

use app::messages::nombre;

use domain::PublicId;
use jiff::civil::{Date, Time};

use super::Formulaire;

/// What the box of an object sends: which one, and the version that its line showed (TRX-4).
pub fn lue(id: &str, version: i64) -> String {
    format!("{id}.{version}")
}

impl Formulaire {
    /// What such boxes sent; `None` when one of them is none of ours.
    pub fn lit_lues(&self, nom: &str) -> Option<Vec<(PublicId, i64)>> {
        let lit = |v: &String| {
            let (id, version) = v.split_once('.')?;
            Some((PublicId::parse(id)?, version.parse().ok()?))
        };
        self.valeurs(nom).iter().map(lit).collect()
    }

    /// Text without spaces around; refused when empty.
    pub fn lit_texte(&mut self, nom: &str, message_si_vide: &str) -> Option<String> {
        let texte = self.valeur(nom).trim().to_owned();
        if texte.is_empty() {
            self.refuse(nom, message_si_vide);
            return None;
        }
        Some(texte)
    }

    /// Text without spaces around, `None` when empty, without a fault.
    pub fn lit_texte_facultatif(&self, nom: &str) -> Option<String> {
        let texte = self.valeur(nom).trim();
        (!texte.is_empty()).then(|| texte.to_owned())
    }

    /// A whole number within bounds. Spaces between thousands are accepted.
    pub fn lit_entier<N>(&mut self, nom: &str, bornes: std::ops::RangeInclusive<N>) -> Option<N>
    where
        N: std::str::FromStr + PartialOrd + Into<i64> + Copy,
    {
        let texte: String = self.valeur(nom).chars().filter(|c| !c.is_whitespace()).collect();
        match texte.parse::<N>() {
            Ok(lu) if bornes.contains(&lu) => Some(lu),
            _ => {
                let (min, max) = (nombre((*bornes.start()).into()), nombre((*bornes.end()).into()));
                self.refuse(nom, format_args!("Saisissez un nombre entier compris entre {min} et {max}."));
                None
            }
        }
    }

    /// An amount in euros, in whole cents. « 1 234,50 », « 1234.5 » and « 12 € » are accepted.
    pub fn lit_montant(&mut self, nom: &str) -> Option<i64> {
        let texte: String = self.valeur(nom).chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
        let texte = texte.replace(',', ".");
        let (euros, centimes) = texte.split_once('.').unwrap_or((&texte, "0"));
        let chiffres = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let lu = if chiffres(euros) && chiffres(centimes) && euros.len() <= 7 && centimes.len() <= 2 {
            let centimes = if centimes.len() == 1 { format!("{centimes}0") } else { centimes.to_owned() };
            euros.parse::<i64>().ok().zip(centimes.parse::<i64>().ok()).map(|(e, c)| e * 100 + c)
        } else {
            None
        };
        if lu.is_none() {
            self.refuse(nom, "Saisissez un montant en euros, par exemple 250 ou 250,50.");
        }
        lu
    }

    /// A date: what a date field sends (`2024-03-13`) or what a person types (`13/03/2024`).
    pub fn lit_date(&mut self, nom: &str) -> Option<Date> {
        let texte = self.valeur(nom).trim();
        let lu = texte.parse::<Date>().ok().or_else(|| Date::strptime("%d/%m/%Y", texte).ok());
        if lu.is_none() {
            self.refuse(
                nom,
                "Saisissez une date qui existe, sous la forme jour/mois/année, par exemple 13/03/2024.",
            );
        }
        lu
    }

    /// A time as the browser sends it, or as people write it: « 9h », « 9 h 30 », « 17:00 ».
    pub fn lit_heure(&mut self, nom: &str) -> Option<Time> {
        let texte: String = self.valeur(nom).chars().filter(|c| !c.is_whitespace()).collect();
        let (heures, minutes) = texte.split_once([':', 'h', 'H']).unwrap_or((&texte, ""));
        let minutes = if minutes.is_empty() { "0" } else { minutes };
        let lu = heures.parse().ok().zip(minutes.parse().ok()).and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
        if lu.is_none() {
            self.refuse(nom, "Saisissez une heure, par exemple 9:00 ou 17:30.");
        }
        lu
    }

    /// One of the values offered by a list or radio buttons.
    pub fn lit_choix<T>(
        &mut self,
        nom: &str,
        message: &str,
        reconnait: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let lu = reconnait(self.valeur(nom));
        if lu.is_none() {
            self.refuse(nom, message);
        }
        lu
    }

    /// Whether a checkbox was ticked.
    pub fn lit_case(&self, nom: &str) -> bool {
        !self.valeur(nom).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(valeur: &str) -> Formulaire {
        Formulaire::new("j").avec("x", valeur)
    }

    #[test]
    fn numbers_within_bounds() {
        assert_eq!(form("1 200").lit_entier("x", 0..=9999_u32), Some(1200));
        for faux in ["", "-1", "10000", "douze", "1,5"] {
            let mut form = form(faux);
            assert_eq!(form.lit_entier("x", 0..=9999_u32), None, "{faux}");
            assert_eq!(form.erreur("x"), Some("Saisissez un nombre entier compris entre 0 et 9\u{202f}999."));
        }
    }

    #[test]
    fn amounts_in_cents() {
        for (texte, centimes) in [("250", 25_000), ("1 234,50 €", 123_450), ("0.5", 50), ("12,05", 1205)] {
            assert_eq!(form(texte).lit_montant("x"), Some(centimes), "{texte}");
        }
        for faux in ["", "12,345", "-3", "1.2.3", "99999999", ",5"] {
            let mut form = form(faux);
            assert_eq!(form.lit_montant("x"), None, "{faux}");
            assert!(form.erreur("x").is_some());
        }
    }

    #[test]
    fn dates_as_sent_or_as_typed() {
        let attendu = jiff::civil::date(2024, 3, 13);
        assert_eq!(form("2024-03-13").lit_date("x"), Some(attendu));
        assert_eq!(form("13/03/2024").lit_date("x"), Some(attendu));
        assert_eq!(form("31/02/2024").lit_date("x"), None);
        assert_eq!(form("").lit_date("x"), None);
    }

    #[test]
    fn choices_and_boxes() {
        let mut oui = form("oui");
        assert_eq!(oui.lit_choix("x", "Choisissez.", |v| (v == "oui").then_some(true)), Some(true));
        assert!(oui.lit_case("x"));
        let mut rien = Formulaire::new("j");
        assert_eq!(rien.lit_choix("x", "Choisissez.", |v| (v == "oui").then_some(true)), None);
        assert_eq!(rien.erreur("x"), Some("Choisissez."));
        assert!(!rien.lit_case("x"));
        assert_eq!(rien.lit_texte("y", "Indiquez y."), None);
        assert_eq!(rien.erreurs().len(), 2);
    }
}
