//! R-ADM-15: explanations drawn at random from the records, recomputed by the second implementation.

use std::collections::HashMap;
use std::sync::Arc;

use domain::admission::Nature;
use engine::explication::{Situation, explain, explain_ordre};
use engine::propositions::{Options, compute_with};
use juge::{JourJuge, judge_order_explanation};

use super::ordre_appel;
use super::proces_verbal::{Chaine, Ecart, EcartProcesVerbal, Lecteur, Maillon, Ouvert};
use super::proces_verbaux::chain;
use crate::contexte::Ctx;
use crate::erreur::AppError;

const OPTIONS: Options = Options { reparation: true };

/// Explanations that the reference finds too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BilanExplications {
    /// Of a wish on a day.
    pub voeux: usize,
    /// Of which the wish waits: what is missing was tried.
    pub attentes: usize,
    /// Of the rang d'appel of the same wishes, where the course ranks.
    pub ordres: usize,
}

/// Numbers that a seed gives, the same everywhere.
struct Tirage(u64);

impl Tirage {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % (n as u64).max(1)).unwrap_or(0)
    }
}

/// Draws so many wishes among the days of the records, as many on each day, explains them as `expliquer` does, and has the
/// reference recompute every number.
///
/// # Errors
/// The first record that is not as it must be, or the first number that the reference does not find.
pub fn verify_explications(
    chaine: &Chaine,
    lire: &Lecteur<'_>,
    combien: usize,
    graine: u64,
) -> Result<BilanExplications, EcartProcesVerbal> {
    let est_un_jour = |m: &&Maillon| m.titre().is_some_and(|t| t.starts_with("jour-"));
    let jours = chaine.maillons.iter().filter(est_un_jour).count();
    let mut tirage = Tirage(graine);
    let mut bilan = BilanExplications::default();
    let mut ordres: HashMap<String, ordre_appel::Lecture> = HashMap::new();
    let mut n = 0;
    for maillon in &chaine.maillons {
        let part = (n + 1) * combien / jours.max(1) - n * combien / jours.max(1);
        let jugees = Ouvert::open(maillon, &chaine.cle, lire).and_then(|ouvert| {
            match Nature::from_code(&ouvert.pv.nature).ok_or(Ecart::Illisible)? {
                Nature::OrdreAppel => {
                    ordres.insert(maillon.signature.clone(), ouvert.rankings()?);
                    Ok(false)
                }
                Nature::Propositions => {
                    judge(&ouvert, &ordres, part, &mut tirage, &mut bilan)?;
                    Ok(true)
                }
                // A withdrawal computes no rank.
                Nature::Retrait => Ok(false),
            }
        });
        let passage = || maillon.titre().unwrap_or_else(|| maillon.nom.clone());
        n += usize::from(jugees.map_err(|quoi| EcartProcesVerbal {
            passage: passage(),
            quoi,
            version: maillon.autre_version(),
        })?);
    }
    Ok(bilan)
}

fn judge(
    ouvert: &Ouvert,
    ordres: &HashMap<String, ordre_appel::Lecture>,
    combien: usize,
    tirage: &mut Tirage,
    bilan: &mut BilanExplications,
) -> Result<(), Ecart> {
    let (lecture, ecrit) = (ouvert.day()?, ouvert.result()?);
    if lecture.voeux.is_empty() || combien == 0 {
        return Ok(());
    }
    let (entree, _) = lecture.freeze();
    let sortie = compute_with(&entree, &OPTIONS).map_err(|r| Ecart::Refus(r.code().to_owned()))?;
    let juge = JourJuge::new(&entree, &OPTIONS).map_err(|code| Ecart::Refus(code.to_owned()))?;
    for _ in 0..combien {
        let place = tirage.below(lecture.voeux.len());
        let v = &lecture.voeux[place];
        let differe = |quoi: String| Err(Ecart::Resultat(format!("explication du vœu {} : {quoi}", v.id)));
        let Some(e) = u32::try_from(place).ok().and_then(|n| explain(&entree, &sortie, n)) else {
            return differe("elle manque".to_owned());
        };
        if let Some(ecart) = juge.judge(&e) {
            return differe(ecart);
        }
        // What is explained is what the record says was decided.
        let rang = ecrit.rangs.binary_search_by_key(&v.id, |r| r.0).map_or(0, |n| ecrit.rangs[n].1);
        let propose = ecrit.propositions.binary_search_by_key(&v.id, |p| p.0).is_ok();
        let (dit, dit_propose) = match e.situation {
            Situation::EnAttente(a) => (i64::from(a.rang_attente), false),
            Situation::ProposeeCeJour { .. } => (0, true),
            _ => (0, false),
        };
        if (rang, propose) != (dit, dit_propose) {
            return differe("le procès-verbal ne dit pas la même chose".to_owned());
        }
        bilan.voeux += 1;
        bilan.attentes += usize::from(matches!(e.situation, Situation::EnAttente(_)));
        let classement = lecture.groupes[v.groupe as usize].groupe_classement_id;
        let candidat = lecture.candidats[v.candidat as usize];
        let ordre = ordres.get(&ouvert.pv.ordre).and_then(|o| o.ranking(classement, candidat));
        let Some((groupe, position)) = ordre else { continue };
        let explique = explain_ordre(&groupe, position).ok().flatten();
        let Some(explique) = explique else {
            return differe("le rang d’appel ne s’explique pas".to_owned());
        };
        if let Some(ecart) = judge_order_explanation(&groupe, position, &explique) {
            return differe(ecart);
        }
        if explique.effet.rang_appel as i64 != i64::from(v.rang) {
            return differe("le rang d’appel expliqué n’est pas celui du procès-verbal".to_owned());
        }
        bilan.ordres += 1;
    }
    Ok(())
}

/// The same, on the records that the platform keeps, up to a day.
///
/// # Errors
/// [`AppError::NotFound`] without such a session; when the database or the files do not answer.
pub async fn verifier_explications(
    ctx: &Ctx,
    annee: i64,
    jusqu_a: Option<i64>,
    combien: usize,
    graine: u64,
) -> Result<Result<BilanExplications, EcartProcesVerbal>, AppError> {
    let (mut chaine, _) = chain(ctx, annee).await?;
    chaine.until(jusqu_a);
    let (depot, attente) = (Arc::clone(&ctx.app.depot), tokio::runtime::Handle::current());
    tokio::task::spawn_blocking(move || {
        let lire = |empreinte: &str| attente.block_on(depot.read(empreinte));
        verify_explications(&chaine, &lire, combien, graine)
    })
    .await
    .map_err(AppError::internal)
}
