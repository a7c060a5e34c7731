//! What the suite says: as it runs, and as a file, for a program or for people.

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

    /// Its line of a table.
    fn ligne(&self) -> String {
        let etat = match self.etat {
            Etat::Reussi => "réussie".to_owned(),
            Etat::Defaut => "**en défaut**".to_owned(),
            Etat::NonVerifie => format!("non faite : {}", self.motif.as_deref().unwrap_or_default()),
        };
        let [attendu, recu] = [&self.attendu, &self.recu].map(|t| cellule(t.as_deref().unwrap_or_default()));
        format!(
            "| {} | {} | {} | {attendu} | {recu} |\n",
            cellule(self.libelle),
            cellule(&etat),
            self.duree_ms
        )
    }
}

/// What is written in a file.
pub trait Rapport: Serialize {
    /// To be read by people.
    fn markdown(&self) -> String;
}

/// Text of a cell: one line, no bar of ours.
fn cellule(texte: &str) -> String {
    texte.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// What was looked at, where and when.
fn entete(titre: &str, adresse: &str, version: &str, date: &str, programme: &str, resultat: &str) -> String {
    format!(
        "# {titre}\n\n- Serveur : {adresse}\n- Interface : version {version}\n- Le : {date}\n- Par : parcoursup {programme}\n\n\
         {resultat}\n\n"
    )
}

/// An exercise of a sandbox.
#[derive(Debug, Serialize)]
pub struct Exercice {
    pub code: String,
    pub libelle: String,
    pub fait: bool,
}

/// What a program has shown in its sandbox.
#[derive(Debug, Serialize)]
pub struct Constat {
    pub date: String,
    pub adresse: String,
    /// Of the interface.
    pub version: String,
    /// Of this program.
    pub programme: &'static str,
    pub conforme: bool,
    pub exercices: Vec<Exercice>,
}

impl Constat {
    /// The last line.
    pub fn total(&self) -> String {
        let faits = self.exercices.iter().filter(|e| e.fait).count();
        format!("Exercices faits : {faits} sur {}.", self.exercices.len())
    }
}

impl Rapport for Constat {
    fn markdown(&self) -> String {
        let titre = "Ce qu’un logiciel a montré dans son bac à sable";
        let total = self.total();
        let mut dit =
            entete(titre, &self.adresse, &self.version, &self.date, self.programme, &format!("**{total}**"));
        dit.push_str("| Exercice | Fait |\n|---|---|\n");
        let fait = |e: &Exercice| if e.fait { "oui" } else { "**non**" };
        dit.extend(self.exercices.iter().map(|e| format!("| {} | {} |\n", cellule(&e.libelle), fait(e))));
        dit
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
            "Vérifications : {} ; réussies : {}, en défaut : {}",
            self.controles.len(),
            self.nombre(Etat::Reussi),
            self.nombre(Etat::Defaut)
        );
        match self.nombre(Etat::NonVerifie) {
            0 => {}
            n => dit.push_str(&format!(", non faites : {n}")),
        }
        dit.push('.');
        dit
    }
}

impl Rapport for Bilan {
    fn markdown(&self) -> String {
        let verdict = if self.conforme { "Conforme" } else { "Non conforme" };
        let resultat = format!("**{verdict}.** {}", self.total());
        let titre = "Conformité de l’interface des logiciels";
        let mut dit = entete(titre, &self.adresse, &self.version, &self.date, self.programme, &resultat);
        dit.push_str("| Vérification | Résultat | Durée, ms | Attendu | Reçu |\n|---|---|---|---|---|\n");
        dit.extend(self.controles.iter().map(Controle::ligne));
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
        assert_eq!(bilan.total(), "Vérifications : 3 ; réussies : 1, en défaut : 1, non faites : 1.");
        let lu = bilan.markdown();
        assert!(lu.contains("**Non conforme.** Vérifications : 3 ;"), "{lu}");
        assert!(lu.contains("| Un essai réussit. | **en défaut** | 1 | le statut 200 | 500 |\n"), "{lu}");
        assert!(lu.contains("| Un essai réussit. | non faite : ailleurs | 1 |  |  |\n"), "{lu}");
    }

    #[test]
    fn a_cell_stays_on_its_line_and_in_its_column() {
        assert_eq!(cellule("{\"a\":\n 1} | reste"), "{\"a\": 1} \\| reste");
        let constat = Constat {
            date: String::new(),
            adresse: String::new(),
            version: String::new(),
            programme: "",
            conforme: false,
            exercices: vec![Exercice { code: "a".to_owned(), libelle: "Lire.".to_owned(), fait: false }],
        };
        assert!(constat.markdown().ends_with("| Lire. | **non** |\n"), "{}", constat.markdown());
        assert_eq!(constat.total(), "Exercices faits : 0 sur 1.");
    }
}
