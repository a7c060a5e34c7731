//! Departments and academies, whatever the file calls them.

use std::collections::HashMap;

use domain::territoires;

use super::champs::Champs;
use crate::tableau::Nature;
use crate::valeurs;

/// Columns that may tell where a course is.
pub(crate) struct Indices {
    pub code: Option<usize>,
    pub nom: Option<usize>,
    pub academie: Option<usize>,
}

/// Where a course is.
pub(crate) struct Place {
    pub departement: Option<String>,
    pub academie: Option<&'static str>,
}

/// Answers already given: a file repeats some hundred names over thousands of lines.
#[derive(Default)]
pub(crate) struct Territoires {
    departements: HashMap<String, Option<&'static str>>,
    academies: HashMap<String, Option<&'static str>>,
}

/// Names remembered; a file with more is not a file of French departments.
const MEMOIRE: usize = 1_000;

impl Territoires {
    /// The department by its code, else its name, else the establishment's code; Corsica written `20` is cut in two.
    /// The academy by its name, else by the department.
    pub(crate) fn locate(&mut self, champs: &mut Champs<'_>, indices: &Indices, uai: &str) -> Place {
        let code = champs.text(indices.code);
        let nom = champs.text(indices.nom);
        let by_code = code
            .as_deref()
            .filter(|c| *c != "20")
            .and_then(|c| self.departement(c, territoires::departement));
        let departement = by_code
            .or_else(|| nom.as_deref().and_then(|n| self.departement(n, territoires::departement_par_nom)))
            .or_else(|| valeurs::departement_of_uai(uai));
        if departement.is_none() {
            champs.warn(Nature::Territoire, indices.code.or(indices.nom), || {
                match code.as_deref().or(nom.as_deref()) {
                    Some(ecrit) => format!("département inconnu : « {ecrit} »"),
                    None => "département absent".to_owned(),
                }
            });
        }

        let nom_academie = champs.text(indices.academie);
        let by_name = nom_academie.as_deref().and_then(|n| self.academie(n));
        if let (None, Some(ecrite)) = (by_name, &nom_academie) {
            champs.warn(Nature::Territoire, indices.academie, || format!("académie inconnue : « {ecrite} »"));
        }
        let academie = by_name.or_else(|| departement.and_then(territoires::departement).map(|d| d.academie));
        Place { departement: departement.map(str::to_owned).or(code), academie }
    }

    fn departement(
        &mut self,
        ecrit: &str,
        find: impl Fn(&str) -> Option<&'static territoires::Departement>,
    ) -> Option<&'static str> {
        remember(&mut self.departements, ecrit, |e| find(e).map(|d| d.code))
    }

    fn academie(&mut self, ecrite: &str) -> Option<&'static str> {
        remember(&mut self.academies, ecrite, |e| territoires::academie_par_nom(e).map(|a| a.code))
    }
}

fn remember(
    connus: &mut HashMap<String, Option<&'static str>>,
    ecrit: &str,
    find: impl Fn(&str) -> Option<&'static str>,
) -> Option<&'static str> {
    if let Some(connu) = connus.get(ecrit) {
        return *connu;
    }
    let trouve = find(ecrit);
    if connus.len() < MEMOIRE {
        connus.insert(ecrit.to_owned(), trouve);
    }
    trouve
}
