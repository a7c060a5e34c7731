//! From one line of a file to its result.

use anyhow::{Context, anyhow, bail};
use engine::propositions::Options;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cas::{Cas, EntreeModification, EntreeOrdre, EntreePropositions, Enveloppe};
use crate::lecture::{Lieu, explain_json};
use crate::ordres;
use crate::propositions;
use crate::resultat::Resultat;

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

/// Computes the case of one line.
pub fn evaluate(lieu: Lieu<'_>, ligne: &str, options: &Options) -> anyhow::Result<Evalue> {
    let enveloppe: Enveloppe = parse(lieu, ligne)?;
    let (resultat, attendu) = match enveloppe.genre.as_str() {
        "ordre_appel" => {
            let cas: Cas<EntreeOrdre> = parse(lieu, ligne)?;
            (ordres::compute_ordre(&cas.entree)?, cas.sortie)
        }
        "modification_classement" => {
            let cas: Cas<EntreeModification> = parse(lieu, ligne)?;
            (ordres::compute_modification(&cas.entree)?, cas.sortie)
        }
        "propositions" => {
            let cas: Cas<EntreePropositions> = parse(lieu, ligne)?;
            let resultat = propositions::compute(&cas.entree, options).with_context(|| lieu.to_string())?;
            (resultat, cas.sortie)
        }
        autre => return Err(unknown(lieu, autre)),
    };
    Ok(Evalue { cas: enveloppe.cas, resultat, attendu })
}

/// Runs the independent verifier on the recorded output of one line: name of the case, faults found.
pub fn verify(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<(String, Vec<String>)> {
    let enveloppe: Enveloppe = parse(lieu, ligne)?;
    let faults = match enveloppe.genre.as_str() {
        "ordre_appel" => {
            let cas: Cas<EntreeOrdre> = parse(lieu, ligne)?;
            let sortie = recorded(lieu, cas.sortie)?;
            if sortie.get("erreur").is_some() {
                crate::ecarts::differences(&sortie, &ordres::compute_ordre(&cas.entree)?.sortie, 1)
            } else {
                ordres::verify_ordre(&cas.entree, &sortie)
            }
        }
        // One rank, the same computation whoever does it: there is no property to restate but the result itself.
        "modification_classement" => {
            let cas: Cas<EntreeModification> = parse(lieu, ligne)?;
            let sortie = recorded(lieu, cas.sortie)?;
            let obtenu = ordres::compute_modification(&cas.entree)?.sortie;
            crate::ecarts::differences(&sortie, &obtenu, 1)
        }
        "propositions" => {
            let cas: Cas<EntreePropositions> = parse(lieu, ligne)?;
            let sortie = recorded(lieu, cas.sortie)?;
            propositions::verify(&cas.entree, &sortie).with_context(|| lieu.to_string())?
        }
        autre => return Err(unknown(lieu, autre)),
    };
    Ok((enveloppe.cas, faults))
}

fn recorded(lieu: Lieu<'_>, sortie: Option<Value>) -> anyhow::Result<Value> {
    match sortie {
        Some(sortie) => Ok(sortie),
        None => bail!("{lieu} : ce cas n’a pas de clé « sortie » ; il n’y a rien à vérifier"),
    }
}

pub(crate) fn parse<T: DeserializeOwned>(lieu: Lieu<'_>, ligne: &str) -> anyhow::Result<T> {
    serde_json::from_str(ligne).map_err(|error| anyhow!("{lieu}, {}", explain_json(&error)))
}

pub(crate) fn unknown(lieu: Lieu<'_>, genre: &str) -> anyhow::Error {
    anyhow!(
        "{lieu} : le type « {genre} » est inconnu ; sont admis « ordre_appel », « modification_classement » et \
         « propositions »"
    )
}
