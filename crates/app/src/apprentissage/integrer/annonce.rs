//! R-API-06: the establishments whose courses an integration changes, one entry of the journal each: what programs are told comes of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::droits::Permit;
use serde_json::json;
use store::Tx;
use store::apprentissage as base;

use super::Une;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

/// By code in the national register: the records whose course was made, changed, handed over or closed.
#[derive(Default)]
pub(super) struct Touchees(BTreeMap<String, BTreeSet<i64>>);

impl Touchees {
    /// Notes what happened to a record, as its history calls it. One that is left out has no course.
    pub(super) fn note(&mut self, une: &Une, quoi: &str) {
        if quoi == "rejet" {
            return;
        }
        let nommee = une.fiche.uai();
        let chez = une.l.etablissement_uai.as_deref().or(nommee);
        // A course handed over concerns whoever had it and whoever takes it.
        let vers = nommee.filter(|_| quoi == "cession");
        for uai in chez.into_iter().chain(vers) {
            self.0.entry(uai.to_owned()).or_default().insert(une.l.id);
        }
    }

    /// Appends the entries, in the transaction of the integration.
    pub(super) async fn tell(self, tx: &Tx, ctx: &Ctx, permit: &Permit, annee: i64) -> Result<(), AppError> {
        let uais: Vec<String> = self.0.keys().cloned().collect();
        for (uai, id) in base::etablissements_by_uai(tx, &uais).await? {
            let formations = self.0.get(&uai).map_or(0, BTreeSet::len);
            let acte = Acte {
                objet: "etablissement_session",
                objet_id: &id,
                avant: None,
                apres: Some(json!({ "session": annee, "formations": formations })),
            };
            record(tx, ctx, permit, &acte).await?;
        }
        Ok(())
    }
}
