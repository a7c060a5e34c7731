//! What the suite says: as it runs, and as a file.

use serde::Serialize;

use super::{Echec, Issue};

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    Reussi,
    Defaut,
    NonVerifie,
}

/// A check that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Controle {
    pub code: &'static str,
    pub libelle: &'static str,
    pub etat: Etat,
    pub duree_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recu: Option<String>,
    /// Why it was not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motif: Option<String>,
}

impl Controle {
    pub fn new((code, libelle): (&'static str, &'static str), issue: Issue, duree_ms: u64) -> Self {
        let (etat, attendu, recu, motif) = match issue {
            Ok(()) => (Etat::Reussi, None, None, None),
            Err(Echec::Defaut { attendu, recu }) => (Etat::Defaut, Some(attendu), Some(recu), None),
            Err(Echec::SansObjet(motif)) => (Etat::NonVerifie, None, None, Some(motif)),
        };
        Self { code, libelle, etat, duree_ms, attendu, recu, motif }
    }

    /// As it is printed.
    pub fn dit(&self) -> String {
        let ligne = |nom: &str, quoi: &Option<String>| {
            quoi.as_ref().map_or_else(String::new, |q| format!("\n    {nom} : {q}"))
        };
        let signe = match self.etat {
            Etat::Reussi => '✓',
            Etat::Defaut => '✗',
            Etat::NonVerifie => '–',
        };
        format!(
            "{signe} {}{}{}{}",
            self.libelle,
            ligne("attendu", &self.attendu),
            ligne("reçu", &self.recu),
            ligne("non vérifié", &self.motif)
        )
    }
}

/// The whole run.
#[derive(Debug, Serialize)]
pub struct Bilan {
    pub date: String,
    pub adresse: String,
    /// Of the interface.
    pub version: String,
    /// Of this program.
    pub programme: &'static str,
    pub conforme: bool,
    pub controles: Vec<Controle>,
}

impl Bilan {
    fn nombre(&self, etat: Etat) -> usize {
        self.controles.iter().filter(|c| c.etat == etat).count()
    }

    /// The last line.
    pub fn total(&self) -> String {
        let mut dit = format!(
            "{} vérifications : {} réussies, {} en défaut",
            self.controles.len(),
            self.nombre(Etat::Reussi),
            self.nombre(Etat::Defaut)
        );
        match self.nombre(Etat::NonVerifie) {
            0 => {}
            n => dit.push_str(&format!(", {n} non faites")),
        }
        dit.push('.');
        dit
    }
}

#[cfg(test)]
mod tests {
    use super::super::defaut;
    use super::*;

    #[test]
    fn a_check_says_what_was_expected_and_what_was_received() {
        let quoi = ("essai", "Un essai réussit.");
        let reussi = Controle::new(quoi, Ok(()), 1);
        assert_eq!(reussi.dit(), "✓ Un essai réussit.");
        let rate = Controle::new(quoi, Err(defaut("le statut 200", "500")), 1);
        assert_eq!(rate.dit(), "✗ Un essai réussit.\n    attendu : le statut 200\n    reçu : 500");
        let ailleurs = Controle::new(quoi, Err(Echec::SansObjet("ailleurs".to_owned())), 1);
        assert_eq!(ailleurs.dit(), "– Un essai réussit.\n    non vérifié : ailleurs");
        let bilan = Bilan {
            date: String::new(),
            adresse: String::new(),
            version: String::new(),
            programme: "",
            conforme: false,
            controles: vec![reussi, rate, ailleurs],
        };
        assert_eq!(bilan.total(), "3 vérifications : 1 réussies, 1 en défaut, 1 non faites.");
    }
}
