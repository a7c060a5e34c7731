//! R-ETA-07: whom the academic service calls. Never public.

use super::{check_ligne, check_telephone};
use crate::comptes::Courriel;
use crate::erreurs::{Fautes, RuleViolation};

/// R-ETA-07: beyond, it is a directory, and nobody knows whom to call.
pub const CONTACTS_MAX: usize = 20;

/// A person, or a function that several hold in turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// « Secrétariat des admissions ».
    pub fonction: String,
    /// Empty when it is a function alone.
    pub nom: String,
    /// Empty when there is a telephone.
    pub courriel: String,
    /// Empty when there is a mailbox.
    pub telephone: String,
    /// What for.
    pub objet: String,
}

/// R-ETA-07: says which function, what for, and a way to reach it, each written one way.
///
/// # Errors
/// Every fault: [`RuleViolation::Champ`] on `contact_fonction`, `contact_nom`, `contact_courriel`, `contact_telephone` or
/// `contact_objet`.
pub fn check_contact(c: &Contact) -> Result<Contact, Fautes> {
    let dit = |champ, texte: &str| match check_ligne(champ, texte)? {
        net if net.is_empty() => Err(RuleViolation::Champ { champ, motif: "vide" }),
        net => Ok(net),
    };
    let courriel = |saisi: &str| {
        let faux = RuleViolation::Champ { champ: "contact_courriel", motif: "format" };
        Courriel::parse(saisi).map(|c| c.as_str().to_owned()).map_err(|_| faux)
    };
    let mut fautes = Fautes::default();
    let net = Contact {
        fonction: fautes.lit(dit("contact_fonction", &c.fonction)),
        nom: fautes.lit(check_ligne("contact_nom", &c.nom)),
        objet: fautes.lit(dit("contact_objet", &c.objet)),
        telephone: match c.telephone.trim() {
            "" => String::new(),
            saisi => fautes.lit(check_telephone("contact_telephone", saisi)),
        },
        courriel: match c.courriel.trim() {
            "" => String::new(),
            saisi => fautes.lit(courriel(saisi)),
        },
    };
    if c.courriel.trim().is_empty() && c.telephone.trim().is_empty() {
        fautes.note(RuleViolation::Champ { champ: "contact_telephone", motif: "injoignable" });
    }
    fautes.conclut(net)
}

/// R-ETA-07: whether one more may be added to so many.
///
/// # Errors
/// [`RuleViolation::Champ`] on `contact_fonction`.
pub const fn check_place(deja: usize) -> Result<(), RuleViolation> {
    if deja < CONTACTS_MAX {
        Ok(())
    } else {
        Err(RuleViolation::Champ { champ: "contact_fonction", motif: "trop" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact() -> Contact {
        Contact {
            fonction: " Secrétariat  des admissions".to_owned(),
            nom: String::new(),
            courriel: "admissions@lycee.example".to_owned(),
            telephone: "0322.00.00.03".to_owned(),
            objet: "Inscriptions".to_owned(),
        }
    }

    #[test]
    fn r_eta_07_a_contact_says_what_for_and_how_to_reach_it() {
        let c = check_contact(&contact()).unwrap();
        assert_eq!(
            (c.fonction.as_str(), c.telephone.as_str()),
            ("Secrétariat des admissions", "03 22 00 00 03")
        );
        assert!(check_contact(&Contact { courriel: " ".to_owned(), ..contact() }).is_ok());
        assert!(check_contact(&Contact { telephone: String::new(), ..contact() }).is_ok());
        let vide = String::new;
        let champs = |c: &Contact| -> Vec<&str> {
            check_contact(c).err().iter().flat_map(Fautes::liste).map(RuleViolation::champ).collect()
        };
        for (faux, champ) in [
            (Contact { fonction: " ".to_owned(), ..contact() }, "contact_fonction"),
            (Contact { objet: vide(), ..contact() }, "contact_objet"),
            (Contact { courriel: vide(), telephone: vide(), ..contact() }, "contact_telephone"),
            (Contact { courriel: "sans-arobase".to_owned(), ..contact() }, "contact_courriel"),
            (Contact { telephone: "12".to_owned(), ..contact() }, "contact_telephone"),
            (Contact { nom: "é".repeat(201), ..contact() }, "contact_nom"),
        ] {
            assert_eq!(champs(&faux), [champ], "{faux:?}");
        }
        let rien = Contact::default();
        assert_eq!(champs(&rien), ["contact_fonction", "contact_objet", "contact_telephone"], "all at once");
        assert!(check_place(CONTACTS_MAX - 1).is_ok() && check_place(CONTACTS_MAX).is_err());
    }
}
