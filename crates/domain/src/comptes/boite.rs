//! CPT-2: an account is a person; a mailbox read by several people is not one.

use super::Courriel;

/// Words that, alone between two separators, say a service rather than a person.
const MOTS: &[&str] = &[
    "accueil",
    "admin",
    "admission",
    "admissions",
    "bts",
    "bureau",
    "cfa",
    "college",
    "compta",
    "contact",
    "cpe",
    "cpge",
    "ddfpt",
    "dir",
    "drh",
    "ecole",
    "gestion",
    "gestionnaire",
    "greta",
    "iut",
    "info",
    "informatique",
    "infos",
    "inscription",
    "inscriptions",
    "lycee",
    "mail",
    "orientation",
    "parcoursup",
    "pedagogie",
    "postbac",
    "secretaire",
    "service",
    "standard",
    "support",
    "ufr",
    "viescolaire",
    "webmaster",
];

/// Words long enough to be a service wherever a part of the address begins with them.
const DEBUTS: &[&str] = &[
    "administrat",
    "direction",
    "directeur",
    "directrice",
    "intendance",
    "nepasrepondre",
    "noreply",
    "postmaster",
    "principal",
    "proviseur",
    "rectorat",
    "scolarite",
    "secretariat",
];

/// Letters from which the parts of an address, glued together, are read as one word.
const COLLE_MIN: usize = 8;

impl Courriel {
    /// What makes this address that of a role rather than of a person, if anything does.
    pub fn boite_de_fonction(&self) -> Option<String> {
        let (locale, _) = self.as_str().rsplit_once('@')?;
        // « +tri » is the person's own sorting: it names nobody.
        let locale = locale.split('+').next().unwrap_or(locale);
        if let Some(uai) = parts(locale).find(|m| is_uai(m)) {
            return Some(uai.to_uppercase());
        }
        let colle: String = locale.chars().filter(|c| c.is_alphanumeric()).collect();
        if let Some(mot) = DEBUTS.iter().find(|d| colle.starts_with(**d)) {
            return Some((*mot).to_owned());
        }
        // « vie.scolaire » is the same mailbox as « viescolaire »; shorter, it may be an initial and a name.
        let colle = Some(colle.as_str()).filter(|c| c.len() >= COLLE_MIN);
        colle.into_iter().chain(parts(locale)).map(|m| m.trim_matches(|c: char| c.is_ascii_digit())).find_map(
            |m| {
                let mot =
                    MOTS.iter().find(|mot| **mot == m).or_else(|| DEBUTS.iter().find(|d| m.starts_with(**d)));
                mot.map(|mot| (*mot).to_owned())
            },
        )
    }
}

fn parts(locale: &str) -> impl Iterator<Item = &str> {
    locale.split(|c: char| !c.is_alphanumeric()).filter(|m| !m.is_empty())
}

/// Seven digits and a letter: the code of an establishment.
fn is_uai(mot: &str) -> bool {
    mot.len() == 8
        && mot.as_bytes()[..7].iter().all(u8::is_ascii_digit)
        && mot.as_bytes()[7].is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motif(adresse: &str) -> Option<String> {
        Courriel::parse(adresse).expect("an address").boite_de_fonction()
    }

    #[test]
    fn cpt_2_role_mailboxes_are_recognised() {
        for boite in [
            "secretariat@lycee.fr",
            "secretariat.bts@lycee.fr",
            "SecretariatBTS2@lycee.fr",
            "direction@ecole.fr",
            "proviseur-adjoint@lycee.fr",
            "contact@ecole.fr",
            "accueil@ecole.fr",
            "administration@ecole.fr",
            "scolarite@ufr.fr",
            "ce.0801234A@ac-amiens.fr",
            "0801234a@ac-amiens.fr",
            "no-reply@ecole.fr",
            "noreply@ecole.fr",
            "ne.pas.repondre@ecole.fr",
            "admin1@ecole.fr",
            "lycee.ampere@ac-lyon.fr",
            "vie.scolarite@ecole.fr",
            "vie.scolaire@lycee.fr",
            "vie-scolaire2@lycee.fr",
            "cpe@lycee.fr",
        ] {
            assert!(motif(boite).is_some(), "{boite}");
        }
        assert_eq!(motif("ce.0801234a@ac-amiens.fr").as_deref(), Some("0801234A"));
    }

    #[test]
    fn cpt_2_people_keep_their_address_whatever_their_name() {
        for personne in [
            "lea.martin@ac-amiens.fr",
            "jean-michel.dupont3@lycee.fr",
            "c.durand+parcoursup@univ.fr",
            "marie.directo@ecole.fr",
            "b.dirac@ecole.fr",
            "admina.lemaire@ecole.fr",
            "infosa.paul@ecole.fr",
            "c.fa@lycee.fr",
        ] {
            assert_eq!(motif(personne), None, "{personne}");
        }
    }
}
