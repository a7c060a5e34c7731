//! The result of one case: its JSON output and, when the data are refused, why, for a person.

use serde::Serialize;
use serde_json::Value;

use crate::cas::SortieErreur;

/// What a case gives.
#[derive(Debug)]
pub struct Resultat {
    /// The output, as the oracle writes it.
    pub sortie: Value,
    /// What was refused, where and why, in French.
    pub refus: Option<String>,
    /// What is abnormal in the data and refuses nothing, in French.
    pub avis: Option<String>,
}

impl Resultat {
    /// A computed output.
    pub fn computed(sortie: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self { sortie: serde_json::to_value(sortie)?, refus: None, avis: None })
    }

    /// A refusal.
    pub fn refused(code: &str, explication: String) -> anyhow::Result<Self> {
        let sortie = serde_json::to_value(SortieErreur { erreur: code.to_owned() })?;
        Ok(Self { sortie, refus: Some(format!("{explication} [{code}]")), avis: None })
    }
}
