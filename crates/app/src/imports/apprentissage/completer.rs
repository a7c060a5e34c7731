//! R-APP-17: what the national registers say that records do not: looked up for all the records of a day at once, and again for those
//! that a session has when a register changes.

use std::collections::BTreeSet;

use domain::apprentissage::{Diplome, Etendue, Fiche, Flux, Registres, SeuilRetraits, delta, sought};
use store::apprentissage as base;
use store::registres::{LigneDiplome, LigneOrganisme, diplomes_by_codes, organismes_by_sirets};
use store::{Ecriture, Sql, Tx};

use super::{Connues, FluxLu, Plan, perimetre_of};
use crate::erreur::AppError;

/// A register that takes the place of the one that the platform has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AVenir<'v> {
    Diplomes(&'v [LigneDiplome]),
    Organismes(&'v [LigneOrganisme]),
}

/// Codes of diplomas and SIRET, in order.
struct Besoins {
    cfds: Vec<String>,
    sirets: Vec<String>,
}

impl Besoins {
    fn of<'f>(fiches: impl IntoIterator<Item = &'f Fiche>) -> Self {
        let (cfds, sirets) = sought(fiches);
        let dits = |codes: BTreeSet<&str>| codes.into_iter().map(str::to_owned).collect();
        Self { cfds: dits(cfds), sirets: dits(sirets) }
    }

    /// What the registers answer.
    async fn look_up(&self, c: &impl Sql, avenir: Option<AVenir<'_>>) -> Result<Registres, AppError> {
        let demande = |parmi: &[String], code: &String| parmi.binary_search(code).is_ok();
        let diplomes: Vec<LigneDiplome> = match avenir {
            Some(AVenir::Diplomes(tous)) => {
                tous.iter().filter(|d| demande(&self.cfds, &d.code)).cloned().collect()
            }
            _ => diplomes_by_codes(c, &self.cfds).await?,
        };
        let organismes: Vec<LigneOrganisme> = match avenir {
            Some(AVenir::Organismes(tous)) => {
                tous.iter().filter(|o| demande(&self.sirets, &o.siret)).cloned().collect()
            }
            _ => organismes_by_sirets(c, &self.sirets).await?,
        };
        let diplome = |d: LigneDiplome| Diplome { code: d.code, sigle: d.sigle, libelle: d.libelle };
        Ok(Registres::new(
            diplomes.into_iter().map(diplome),
            organismes.into_iter().map(|o| (o.siret, o.uai)),
        ))
    }
}

/// Completes the records of a day.
pub(super) async fn complete_day(c: &impl Sql, fiches: &mut [Fiche]) -> Result<(), AppError> {
    let besoins = Besoins::of(&*fiches);
    let registres = besoins.look_up(c, None).await?;
    for fiche in fiches {
        registres.complete(fiche);
    }
    Ok(())
}

/// The records of a flow that a register completes otherwise than until now.
pub(crate) struct Recompletees {
    flux: String,
    connues: Connues,
    plan: Plan,
    /// How many they are.
    pub(crate) combien: u64,
}

impl Recompletees {
    /// Writes them, with their history.
    pub(crate) async fn write(&self, tx: &Tx, e: &Ecriture<'_>, session: i64) -> Result<(), AppError> {
        self.plan.write(tx, e, session, &self.flux, &self.connues).await
    }
}

/// What a register changes of the records that a session has: as if a day of each flow said them again.
pub(crate) async fn complete_again(
    c: &impl Sql,
    (session, annee): (i64, i64),
    seuil: SeuilRetraits,
    avenir: AVenir<'_>,
) -> Result<Vec<Recompletees>, AppError> {
    let mut toutes = Vec::new();
    for flux in base::flux(c, session).await? {
        let connues = Connues::load(c, session, &flux).await?;
        let mut fiches: Vec<Fiche> =
            connues.connues.iter().filter(|k| k.presente).map(|k| k.fiche.clone()).collect();
        let besoins = Besoins::of(&fiches);
        let registres = besoins.look_up(c, Some(avenir)).await?;
        fiches.retain_mut(|f| {
            let avant = f.complement.clone();
            registres.complete(f);
            f.complement != avant
        });
        if fiches.is_empty() {
            continue;
        }
        let combien = fiches.len() as u64;
        let perimetre = perimetre_of(annee, &connues.perimetre)?;
        let (refusees, etendue) = (BTreeSet::new(), Etendue::Partielle);
        let jour = Flux { fiches, refusees, anonymes: false, etendue, seuil };
        let d = delta(&connues.connues, &jour, &perimetre, &perimetre);
        let mut plan = Plan::new((&FluxLu::default(), etendue), &connues, &perimetre, d);
        plan.perimetre_change = false;
        toutes.push(Recompletees { flux, connues, plan, combien });
    }
    Ok(toutes)
}
