//! R-API-06, R-APP-15: the establishments whose courses an integration changes, one entry of the journal each: what programs are told
//! comes of it. Their people are told by mail of what they have to know.

use std::collections::{BTreeMap, BTreeSet};

use domain::droits::Permit;
use jiff::Timestamp;
use serde_json::json;
use store::Tx;
use store::apprentissage as base;

use super::super::courriels::tell_integration;
use super::Une;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record_all};
use crate::messages::{accord, date_limite};
use crate::sessions::SessionAdmission;

/// A closed course that is a draft again. The history calls it a change.
pub(super) const REOUVERTURE: &str = "reouverture";

/// A draft that a late record takes, and that is open longer than the others (R-APP-21). The history calls it an attachment.
pub(super) const DELAI: &str = "delai";

/// A course seen by the establishment that takes it over.
const REPRISE: &str = "reprise";

/// What a run did to the courses of an establishment: keys of their records.
#[derive(Default)]
struct Touchee {
    /// Whatever was done.
    fiches: BTreeSet<i64>,
    /// Made, drafts again, or drafts that have longer.
    a_completer: BTreeSet<i64>,
    /// Of another establishment until then.
    reprises: BTreeSet<i64>,
    /// Of another establishment from then on.
    cedees: BTreeSet<i64>,
    suspendues: BTreeSet<i64>,
    fermees: BTreeSet<i64>,
}

impl Touchee {
    fn add(&mut self, fiche: i64, quoi: &str) {
        self.fiches.insert(fiche);
        let siennes = match quoi {
            "integration" | REOUVERTURE | DELAI => &mut self.a_completer,
            REPRISE => &mut self.reprises,
            "cession" => &mut self.cedees,
            "suspension" => &mut self.suspendues,
            "fermeture" => &mut self.fermees,
            _ => return,
        };
        siennes.insert(fiche);
    }

    /// A line for each thing that its people are told; none when nothing calls for them. `fin`: when what is to be completed closes, apart
    /// from the calendar.
    fn lignes(&self, fin: Option<Timestamp>) -> Vec<String> {
        let dites = [
            (
                &self.a_completer,
                "formation par apprentissage attend vos paramètres",
                "formations par apprentissage attendent vos paramètres",
            ),
            (
                &self.reprises,
                "formation, tenue jusqu’ici par un autre établissement, est maintenant la vôtre : vérifiez ses paramètres",
                "formations, tenues jusqu’ici par un autre établissement, sont maintenant les vôtres : vérifiez leurs paramètres",
            ),
            (
                &self.cedees,
                "formation est passée à un autre établissement",
                "formations sont passées à un autre établissement",
            ),
            (
                &self.suspendues,
                "formation est suspendue pour cette session : sa fiche est refusée ou fermée",
                "formations sont suspendues pour cette session : leurs fiches sont refusées ou fermées",
            ),
            (
                &self.fermees,
                "formation est fermée : sa fiche est refusée ou fermée",
                "formations sont fermées : leurs fiches sont refusées ou fermées",
            ),
        ];
        let mut lignes: Vec<String> = dites
            .into_iter()
            .filter(|(fiches, ..)| !fiches.is_empty())
            .map(|(fiches, une, plusieurs)| format!("– {}", accord(fiches.len(), une, plusieurs)))
            .collect();
        if let Some(fin) = fin.filter(|_| !self.a_completer.is_empty() || !self.reprises.is_empty()) {
            let fin = date_limite(fin);
            lignes.push(format!("– ce qui est à compléter ou à vérifier se modifie jusqu’au {fin}"));
        }
        lignes
    }
}

/// By code in the national register: what was made, changed, handed over or closed.
#[derive(Default)]
pub(super) struct Touchees(BTreeMap<String, Touchee>);

impl Touchees {
    /// Notes what happened to a record, as its history calls it. One that is left out has no course.
    pub(super) fn note(&mut self, une: &Une, quoi: &str) {
        if quoi == "rejet" {
            return;
        }
        let nommee = une.fiche.uai();
        if let Some(uai) = une.l.etablissement_uai.as_deref().or(nommee) {
            self.0.entry(uai.to_owned()).or_default().add(une.l.id, quoi);
        }
        // A course handed over concerns whoever had it and whoever takes it.
        if let Some(uai) = nommee.filter(|_| quoi == "cession") {
            self.0.entry(uai.to_owned()).or_default().add(une.l.id, REPRISE);
        }
    }

    /// Appends the entries and puts the mails in the outbox, in the transaction of the integration.
    pub(super) async fn tell(
        self,
        tx: &Tx,
        ctx: &Ctx,
        permit: &Permit,
        session: &SessionAdmission,
        fin: Option<Timestamp>,
    ) -> Result<(), AppError> {
        let uais: Vec<String> = self.0.keys().cloned().collect();
        let connus = base::etablissements_by_uai(tx, session.id, &uais).await?;
        let mut actes = Vec::with_capacity(connus.len());
        for e in &connus {
            let Some(touchee) = self.0.get(&e.uai) else { continue };
            actes.push(Acte {
                objet: "etablissement_session",
                objet_id: &e.public_id,
                avant: None,
                apres: Some(json!({ "session": session.annee, "formations": touchee.fiches.len() })),
            });
        }
        record_all(tx, ctx, permit, &actes).await?;
        drop(actes);
        let mut dits = Vec::new();
        for e in connus {
            let lignes = self.0.get(&e.uai).map(|t| t.lignes(fin)).unwrap_or_default();
            if !lignes.is_empty() {
                dits.push((e, lignes));
            }
        }
        tell_integration(tx, ctx, session, &dits).await
    }
}
