//! From one case of a file to its result.

use anyhow::{Context, anyhow, bail};
use engine::propositions::Options;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::cas::{Cas, EntreeModification, EntreeOrdre, EntreePropositions, Enveloppe};
use crate::lecture::{Lieu, explain_json};
use crate::ordres;
use crate::propositions;
use crate::resultat::Resultat;

/// A case as a file gives it.
#[derive(Debug)]
pub struct CasLu {
    /// Where it was read.
    pub lieu: String,
    /// Its name.
    pub cas: String,
    /// Its input.
    pub entree: EntreeLue,
    /// Everything else: `sortie`, the recorded output, and what we do not use.
    pub autres: Map<String, Value>,
}

/// The input of a case, by its kind.
#[derive(Debug, PartialEq)]
pub enum EntreeLue {
    /// A call order.
    Ordre(EntreeOrdre),
    /// A late change of ranking.
    Modification(EntreeModification),
    /// A day.
    Jour(EntreePropositions),
    /// A kind that we do not know.
    Inconnue(String),
}

/// A line read and computed.
#[derive(Debug)]
pub struct Evalue {
    /// Name of the case.
    pub cas: String,
    /// The computed result.
    pub resultat: Resultat,
    /// The recorded output, if any.
    pub attendu: Option<Value>,
}

/// Reads the case of one line, for what is computed: its name, its input and its recorded output.
pub fn read(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<CasLu> {
    let enveloppe: Enveloppe = parse(lieu, ligne)?;
    let (entree, sortie) = match enveloppe.genre.as_str() {
        "ordre_appel" => {
            let cas: Cas<EntreeOrdre> = parse(lieu, ligne)?;
            (EntreeLue::Ordre(cas.entree), cas.sortie)
        }
        "modification_classement" => {
            let cas: Cas<EntreeModification> = parse(lieu, ligne)?;
            (EntreeLue::Modification(cas.entree), cas.sortie)
        }
        "propositions" => {
            let cas: Cas<EntreePropositions> = parse(lieu, ligne)?;
            (EntreeLue::Jour(cas.entree), cas.sortie)
        }
        autre => (EntreeLue::Inconnue(autre.to_owned()), None),
    };
    let autres = sortie.into_iter().map(|sortie| ("sortie".to_owned(), sortie)).collect();
    Ok(CasLu { lieu: lieu.to_string(), cas: enveloppe.cas, entree, autres })
}

/// Reads the case of one line, with everything that it says beside its input.
pub fn read_whole(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<CasLu> {
    let mut cas = read(lieu, ligne)?;
    cas.autres = parse(lieu, ligne)?;
    for cle in ["cas", "type", "entree"] {
        cas.autres.remove(cle);
    }
    Ok(cas)
}

/// Computes the case of one line.
pub fn evaluate(lieu: Lieu<'_>, ligne: &str, options: &Options) -> anyhow::Result<Evalue> {
    evaluate_cas(read(lieu, ligne)?, options)
}

/// Computes a case.
pub fn evaluate_cas(mut cas: CasLu, options: &Options) -> anyhow::Result<Evalue> {
    let resultat = match &cas.entree {
        EntreeLue::Ordre(entree) => ordres::compute_ordre(entree)?,
        EntreeLue::Modification(entree) => ordres::compute_modification(entree)?,
        EntreeLue::Jour(entree) => {
            propositions::compute(entree, options).with_context(|| cas.lieu.clone())?
        }
        EntreeLue::Inconnue(autre) => return Err(unknown(&cas.lieu, autre)),
    };
    let attendu = cas.autres.remove("sortie").filter(|sortie| !sortie.is_null());
    Ok(Evalue { cas: cas.cas, resultat, attendu })
}

/// Runs the independent verifier on the recorded output of one line: name of the case, faults found.
pub fn verify(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<(String, Vec<String>)> {
    verify_cas(read(lieu, ligne)?)
}

/// Runs the independent verifier on the recorded output of a case: its name, faults found.
pub fn verify_cas(mut cas: CasLu) -> anyhow::Result<(String, Vec<String>)> {
    if let EntreeLue::Inconnue(autre) = &cas.entree {
        return Err(unknown(&cas.lieu, autre));
    }
    let Some(sortie) = cas.autres.remove("sortie").filter(|sortie| !sortie.is_null()) else {
        bail!("{} : ce cas n’a pas de clé « sortie » ; il n’y a rien à vérifier", cas.lieu);
    };
    let faults = match &cas.entree {
        EntreeLue::Ordre(entree) if sortie.get("erreur").is_some() => {
            crate::ecarts::differences(&sortie, &ordres::compute_ordre(entree)?.sortie, 1)
        }
        EntreeLue::Ordre(entree) => ordres::verify_ordre(entree, &sortie),
        // One rank, the same computation whoever does it: there is no property to restate but the result itself.
        EntreeLue::Modification(entree) => {
            crate::ecarts::differences(&sortie, &ordres::compute_modification(entree)?.sortie, 1)
        }
        EntreeLue::Jour(entree) => propositions::verify(entree, &sortie).with_context(|| cas.lieu.clone())?,
        EntreeLue::Inconnue(_) => Vec::new(),
    };
    Ok((cas.cas, faults))
}

pub(crate) fn parse<T: DeserializeOwned>(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<T> {
    serde_json::from_str(ligne).map_err(|error| anyhow!("{lieu}, {}", explain_json(&error)))
}

pub(crate) fn unknown(lieu: &str, genre: &str) -> anyhow::Error {
    anyhow!(
        "{lieu} : le type « {genre} » est inconnu ; sont admis « ordre_appel », « modification_classement » et \
         « propositions »"
    )
}
