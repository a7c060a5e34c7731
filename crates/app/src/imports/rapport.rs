//! What an import says: to a person in French, to a machine in JSON.

use std::fmt::Write as _;

use files::{Avertissement, Bilan, Faute, Releve};
use serde::Serialize;

use super::lire::OffreLue;
use super::plan::{Acte, ActeStatistique, LignePlan, Plan};
use crate::messages::nombre;

/// The session that takes the offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionCible {
    /// Read in the file.
    pub annee: i64,
    /// The import creates it.
    pub creee: bool,
    /// `ouverte` or `archivee`.
    pub etat: &'static str,
}

/// Lines by what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Compte {
    /// Those of the offer: lines that concern something else are not counted.
    pub lues: u64,
    /// New courses of the session.
    pub ajoutees: u64,
    /// Courses whose settings or figures change.
    pub modifiees: u64,
    /// The file says what is already stored: importing twice changes nothing.
    pub inchangees: u64,
    /// Any of them refuses the import.
    pub fautes: u64,
    /// Reported, and imported all the same.
    pub avertissements: u64,
}

/// A line that changes something, shown before it is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangementMontre {
    /// In the file, header = 1.
    pub ligne: u64,
    /// Label and establishment.
    pub formation: String,
    /// (field, before, after).
    pub differences: Vec<(&'static str, String, String)>,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RapportImport {
    /// Existing, or to be created.
    pub session: SessionCible,
    /// Written to the base.
    pub applique: bool,
    /// The faults refused the file: nothing was compared.
    pub refuse: bool,
    /// The last line of the report.
    pub compte: Compte,
    /// Establishments that the session did not have.
    pub etablissements_ajoutes: usize,
    /// Establishments whose name, town or status changes.
    pub etablissements_modifies: usize,
    /// Courses that receive figures they did not have.
    pub statistiques_ajoutees: usize,
    /// Courses whose settings a person changed since: the file does not overwrite them.
    pub protegees: usize,
    /// Courses of the session absent from the files: left as they are.
    pub absentes: usize,
    /// First changes, at most [`RapportImport::MAX_CHANGEMENTS`].
    pub changements: Vec<ChangementMontre>,
    /// Lines read and left out, faults and warnings with their place; in the order given.
    pub fichiers: Vec<Bilan>,
}

impl RapportImport {
    /// Changes shown.
    pub const MAX_CHANGEMENTS: usize = 50;
    /// Warnings printed on the terminal; all those kept are in the JSON.
    const MAX_AVERTISSEMENTS: usize = 20;

    fn vide(lue: &OffreLue, session: &SessionCible) -> Self {
        let somme = |f: &dyn Fn(&Bilan) -> u64| lue.fichiers.iter().map(|(b, _)| f(b)).sum();
        Self {
            session: session.clone(),
            applique: false,
            refuse: false,
            compte: Compte {
                lues: somme(&|b| b.lignes_lues - b.lignes_ignorees),
                fautes: somme(&|b| b.releve.total_fautes),
                avertissements: somme(&|b| b.releve.total_avertissements),
                ..Compte::default()
            },
            etablissements_ajoutes: 0,
            etablissements_modifies: 0,
            statistiques_ajoutees: 0,
            protegees: 0,
            absentes: 0,
            changements: Vec::new(),
            fichiers: lue.fichiers.iter().map(|(b, _)| b.clone()).collect(),
        }
    }

    pub(super) fn refuse(lue: &OffreLue, session: &SessionCible) -> Self {
        Self { refuse: true, ..Self::vide(lue, session) }
    }

    pub(super) fn new(lue: &OffreLue, session: &SessionCible, plan: &Plan<'_>) -> Self {
        let mut r = Self::vide(lue, session);
        r.etablissements_ajoutes = plan.etablissements_session_nouveaux.len();
        r.etablissements_modifies = plan.etablissements_modifies.len();
        r.absentes = plan.absentes;
        for l in &plan.lignes {
            r.statistiques_ajoutees += usize::from(l.statistique == ActeStatistique::Ajouter);
            match &l.acte {
                Acte::Ajouter => r.compte.ajoutees += 1,
                _ if l.is_inchangee() => r.compte.inchangees += 1,
                _ => {
                    r.compte.modifiees += 1;
                    r.montrer(l);
                }
            }
            r.protegees += usize::from(l.acte == Acte::Proteger);
        }
        r
    }

    fn montrer(&mut self, l: &LignePlan<'_>) {
        if self.changements.len() >= Self::MAX_CHANGEMENTS {
            return;
        }
        let mut differences = Vec::new();
        if let Acte::Modifier { differences: d, groupes, .. } = &l.acte {
            differences.extend(d.iter().map(|d| (d.champ, d.avant.clone(), d.apres.clone())));
            if *groupes {
                let groupes: Vec<String> =
                    l.ligne.groupes.iter().map(|g| format!("{} : {}", g.libelle, g.places)).collect();
                differences.push(("groupes de classement", String::new(), groupes.join(" ; ")));
            }
        }
        match l.statistique {
            ActeStatistique::Ajouter => {
                differences.push(("chiffres de l’année", "absents".to_owned(), "ajoutés".to_owned()));
            }
            ActeStatistique::Modifier(_) => {
                differences.push(("chiffres de l’année", "anciens".to_owned(), "corrigés".to_owned()));
            }
            ActeStatistique::Rien => {}
        }
        self.changements.push(ChangementMontre {
            ligne: l.ligne.ligne,
            formation: l.ligne.nom(),
            differences,
        });
    }

    /// Success for a script: applied, or nothing wrong to say.
    pub fn reussi(&self) -> bool {
        !self.refuse
    }

    /// The last line of every report.
    pub fn derniere_ligne(&self) -> String {
        let c = &self.compte;
        let n = |n: u64| nombre(i64::try_from(n).unwrap_or(i64::MAX));
        format!(
            "{} lignes lues, {} ajoutées, {} modifiées, {} inchangées, {} fautes, {} avertissements",
            n(c.lues),
            n(c.ajoutees),
            n(c.modifiees),
            n(c.inchangees),
            n(c.fautes),
            n(c.avertissements)
        )
    }

    /// The report for a person.
    pub fn texte(&self) -> String {
        let mut t = String::new();
        for f in &self.fichiers {
            fichier(&mut t, f);
        }
        let s = &self.session;
        // Writing to a String cannot fail.
        if s.creee && !self.refuse {
            let etat = if s.etat == "archivee" { "archivée" } else { "ouverte" };
            let verbe = if self.applique { "a été créée" } else { "sera créée" };
            let _ = writeln!(t, "La session {} {verbe}, {etat}.", s.annee);
        }
        for c in &self.changements {
            let _ = writeln!(t, "Ligne {} : {}", c.ligne, c.formation);
            for (champ, avant, apres) in &c.differences {
                let _ = writeln!(t, "    {champ} : « {avant} » devient « {apres} »");
            }
        }
        let montres = u64::try_from(self.changements.len()).unwrap_or(u64::MAX);
        if self.compte.modifiees > montres {
            let reste = self.compte.modifiees - montres;
            let _ = writeln!(t, "… et {reste} autres formations modifiées.");
        }
        if self.etablissements_ajoutes + self.etablissements_modifies > 0 {
            let _ = writeln!(
                t,
                "Établissements : {} ajoutés, {} modifiés.",
                self.etablissements_ajoutes, self.etablissements_modifies
            );
        }
        if self.protegees > 0 {
            let _ = writeln!(
                t,
                "{} formations ont été modifiées par une personne depuis : le fichier ne les remplace pas.",
                self.protegees
            );
        }
        if self.absentes > 0 {
            let _ = writeln!(
                t,
                "{} formations de la session ne sont pas dans le fichier : elles restent en l’état.",
                self.absentes
            );
        }
        let change = self.compte.ajoutees + self.compte.modifiees > 0
            || self.etablissements_ajoutes + self.etablissements_modifies > 0;
        let _ = writeln!(
            t,
            "{}",
            if self.refuse {
                "Rien n’a été importé : corrigez les fautes, ou laissez ces lignes de côté avec --ignorer-fautes."
            } else {
                conclusion(self.applique, change, false)
            }
        );
        t.push_str(&self.derniere_ligne());
        t
    }
}

/// What came of an import that its faults refused.
pub(super) const REFUS: &str =
    "Rien n’a été importé : corrigez les fautes, ou laissez-les de côté avec --ignorer-fautes.";

/// What came of an import that was not refused, in French. `plusieurs`: it reads several files.
pub(super) const fn conclusion(applique: bool, change: bool, plusieurs: bool) -> &'static str {
    match (applique, change, plusieurs) {
        (true, _, _) => "L’import est appliqué.",
        (false, true, _) => "Essai à blanc : rien n’a été écrit. Ajoutez --appliquer pour importer.",
        (false, false, true) => "Rien à changer : la base correspond déjà aux fichiers.",
        (false, false, false) => "Rien à changer : la base correspond déjà au fichier.",
    }
}

fn fichier(t: &mut String, b: &Bilan) {
    let _ = writeln!(t, "Fichier « {} » : {}", b.fichier, b.encodage.libelle());
    ecrit_releve(t, &b.releve);
}

/// Faults and warnings, the first ones of each.
pub(super) fn ecrit_releve(t: &mut String, releve: &Releve) {
    for Faute { ligne, colonne, motif } in &releve.fautes {
        let _ = writeln!(t, "Faute, ligne {ligne}, colonne « {colonne} » : {motif}.");
    }
    let tues = releve.total_fautes - u64::try_from(releve.fautes.len()).unwrap_or(0);
    if tues > 0 {
        let _ = writeln!(t, "… et {tues} autres fautes.");
    }
    for (nature, n) in &releve.par_nature {
        let _ = writeln!(t, "Avertissements : {n} {}.", nature.libelle());
    }
    for Avertissement { ligne, colonne, motif, .. } in
        releve.avertissements.iter().take(RapportImport::MAX_AVERTISSEMENTS)
    {
        let _ = writeln!(t, "Avertissement, ligne {ligne}, colonne « {colonne} » : {motif}.");
    }
    let montres = releve.avertissements.len().min(RapportImport::MAX_AVERTISSEMENTS);
    let tus = releve.total_avertissements - u64::try_from(montres).unwrap_or(0);
    if tus > 0 {
        let _ = writeln!(t, "… et {tus} autres avertissements (--json en donne le détail).");
    }
}
