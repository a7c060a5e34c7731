//! R-ADM-06: the propositions of a day, from the published call orders and the answers so far.

mod calcul;
mod lecture;
mod retenue;

use std::time::Instant;

use domain::RuleViolation;
use domain::admission::{EtatPassage, Nature, jour_a_calculer};
use domain::droits::{Acteur, Action};
use engine::propositions::Parametres;
use store::Sql;
use store::admission::{self as base, LignePassage};

pub(super) use calcul::{Calcul, Resultat, compute_day};
pub(crate) use lecture::Lecture;
pub(super) use lecture::{InternatLu, Numeros, VoeuLu, petit};
pub(super) use retenue::{RetenueLue, check_held};

use calcul::{Examen, close, examine_day};
use retenue::Vraisemblance;

use super::cible;
use super::engagements::{Engagement, Secret};
use super::enregistrer::{self, Fige, Fin, TRANCHE, ms};
use super::proces_verbal::{self, Piece};
use super::retenues::RETENUS_MONTRES;
use super::retrait::{head, require_no_withdrawal};
use super::sceau::{Bilan, GroupeEcarte, GroupeRetenu, read_bilan, write_json};
use crate::candidatures;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait};
use crate::sessions::{self, SessionAdmission, parametre_entier};

/// Admissions of a group in what a day read: suspended by the course, which shows nobody waiting (R-ADM-08)…
pub(super) const SUSPENDU: i64 = 1;
/// …or withheld by the run (R-ADM-12, R-ADM-17): it proposes nothing either, but its candidates go on waiting.
pub(super) const RETENU: i64 = 2;

/// Computes the propositions of the present day, verifies them by the independent verifier, and writes them apart:
/// nobody reads them before another person publishes them.
///
/// # Errors
/// Admission is not open, the call orders are not published, a run of this day or an unpublished one exists, or the
/// engine or its verifier refuses.
pub async fn calculer_propositions(ctx: &Ctx, garde: &Garde, annee: i64) -> Result<Recepisse, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    // Places whose answering delay has passed are free today (§7.3). The platform does it, at the same instants.
    let plateforme = Ctx { acteur: Acteur::systeme("échéances"), origine: "tache", ..ctx.clone() };
    candidatures::expire_due(&plateforme).await?;

    let demande = format!("calculer_propositions|{annee}");
    // Everything is read at one instant; candidates go on answering, which the next day will see.
    let vue = ctx.app.db.freeze().await?;
    if let Some(fait) = deja_fait(&vue, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let jour = i64::from(jour_a_calculer(&session.calendrier, ctx.campagne_le)?);
    let (ordre, veille, tete) = require_ready(&vue, &session, jour).await?;

    let debut = Instant::now();
    let parametres = parametres(&vue, &session, jour).await?;
    let veille_id = veille.as_ref().map_or(0, |p| p.id);
    let (lu, classes) = lecture::read(&vue, &session, ordre.id, veille_id, parametres).await?;
    let vraisemblance = Vraisemblance::read(&vue, &session, &lu, &classes).await?;
    drop(vue);
    let lecture = debut.elapsed();
    let secret = Secret::new(ctx.app.alea.as_ref());
    let bornes = vraisemblance.bounds();
    let (calcul, pieces, engagement) = compute(lu, vraisemblance, annee, secret).await?;
    let Calcul { entree: empreinte, resultat, bilan, jugement } = calcul;
    let empreinte_sortie = resultat.hash();
    let duree = debut.elapsed().saturating_sub(lecture).saturating_sub(jugement);

    let json = write_json(&proces_verbal::Parametres::from(&parametres).with_bounds(bornes))?;
    let bilan = Bilan { lecture_ms: ms(lecture), calcul_ms: ms(duree), jugement_ms: ms(jugement), ..bilan };
    let ecriture = Instant::now();
    let fige = Fige {
        session: &session,
        nature: Nature::Propositions,
        jour,
        entree: &empreinte,
        sortie: &empreinte_sortie,
        parametres: &json,
        ordre: read_bilan(&ordre.bilan).signature,
        veille: tete.as_ref().map(|p| read_bilan(&p.bilan).signature).unwrap_or_default(),
        pieces,
        engagement,
    };
    let alerte = bilan.alerte;
    let (retenus, leves) = (named(ctx, &bilan.retenus).await?, named(ctx, &bilan.leves).await?);
    let passage = enregistrer::ouvrir(ctx, &permit, fige, bilan).await?;
    for tranche in resultat.rangs.chunks(TRANCHE) {
        let tx = ctx.begin().await?;
        base::insert_rangs_attente(&tx, passage.id, tranche).await?;
        tx.commit().await?;
    }
    for tranche in resultat.propositions.chunks(TRANCHE) {
        let tx = ctx.begin().await?;
        base::insert_passage_propositions(&tx, passage.id, tranche).await?;
        tx.commit().await?;
    }
    let tx = ctx.begin().await?;
    // Somebody may have been faster since the reading; nobody is from here to the end.
    base::lock_passages(&tx, session.id).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let (.., encore) = require_ready(&tx, &session, jour).await?;
    if encore.map(|p| p.id) != tete.map(|p| p.id) {
        return Err(AppError::Conflict);
    }
    base::insert_groupe_jour(&tx, passage.id, &resultat.groupes).await?;
    base::insert_internat_jour(&tx, passage.id, &resultat.barres).await?;
    base::insert_passage_automatiques(&tx, passage.id, &resultat.automatiques).await?;
    let contenu = serde_json::json!({
        "annee": annee, "jour": jour, "propositions": resultat.propositions.len(), "entree": empreinte,
        "sortie": empreinte_sortie, "alerte": alerte, "retenus": retenus, "leves": leves,
    });
    let fin =
        Fin { permit: &permit, garde, demande: &demande, acte: "calculer_propositions", contenu, ecriture };
    enregistrer::achever(ctx, tx, &passage, fin).await
}

/// Public identifiers of groups, for the journal: the first ones, as many as the page of the run shows.
async fn named(ctx: &Ctx, groupes: &[GroupeRetenu]) -> Result<Vec<String>, AppError> {
    let cles: Vec<i64> = groupes.iter().take(RETENUS_MONTRES).map(|g| g.groupe).collect();
    Ok(base::noms_groupes(&ctx.app.db, &cles).await?.into_iter().map(|n| n.public_id).collect())
}

/// R-ADM-07: the call orders are published, this day is not computed, no other run waits to be published. Gives the
/// runs whose call orders and waiting ranks are continued, and the last one published since: that day, or a withdrawal (R-ADM-13).
async fn require_ready(
    c: &impl Sql,
    session: &SessionAdmission,
    jour: i64,
) -> Result<(LignePassage, Option<LignePassage>, Option<LignePassage>), AppError> {
    let publie = |p: &LignePassage| p.etat == EtatPassage::Publie.code();
    let ordre = base::passage_en_vigueur(c, session.id, Nature::OrdreAppel.code(), 0)
        .await?
        .filter(publie)
        .ok_or(RuleViolation::OrdreAppelManquant)?;
    let dernier = base::passage_en_vigueur(c, session.id, Nature::Propositions.code(), i64::MAX).await?;
    if dernier.as_ref().is_some_and(|p| p.jour >= jour) {
        return Err(RuleViolation::PassageExistant.into());
    }
    if let Some(p) = dernier.as_ref().filter(|p| !publie(p)) {
        return Err(RuleViolation::PassageEnAttente { jour: i32::try_from(p.jour).unwrap_or(0) }.into());
    }
    require_no_withdrawal(c, session).await?;
    let tete = head(c, session, dernier.as_ref()).await?;
    Ok((ordre, dernier, tete))
}

/// The day that follows the last published one, and what it would read: for whoever plays it without writing anything.
pub(crate) async fn read_next_day(
    c: &impl Sql,
    session: &SessionAdmission,
) -> Result<(i64, Lecture), AppError> {
    let dernier = base::passage_en_vigueur(c, session.id, Nature::Propositions.code(), i64::MAX).await?;
    let jour = dernier.map_or(1, |p| p.jour + 1);
    let (ordre, veille, _) = require_ready(c, session, jour).await?;
    let parametres = parametres(c, session, jour).await?;
    let veille = veille.map_or(0, |p| p.id);
    let (lecture, _) = lecture::read(c, session, ordre.id, veille, parametres).await?;
    Ok((jour, lecture))
}

async fn parametres(c: &impl Sql, session: &SessionAdmission, jour: i64) -> Result<Parametres, AppError> {
    let fin = jour_parametre(c, session, "jour_fin_reservation_internats").await?;
    let debut_gdd = jour_parametre(c, session, "jour_debut_gdd").await?;
    Ok(Parametres {
        jour: petit(jour),
        jour_fin_reservation_internats: fin,
        jour_debut_gdd: debut_gdd,
        jour_fin_ordonnancement_gdd: jour_parametre(c, session, "jour_fin_ordonnancement_gdd").await?,
    })
}

async fn jour_parametre(
    c: &impl Sql,
    session: &SessionAdmission,
    cle: &'static str,
) -> Result<i32, AppError> {
    Ok(petit(i64::from(parametre_entier(c, session.id, cle).await?)))
}

/// The day without what is withheld: groups out of bounds (R-ADM-12), and those that the independent verifier finds at fault
/// (R-ADM-17). A group withheld is one whose admissions are closed for the day: the record says so, and is played again as it is.
fn settle(lecture: &mut Lecture, vraisemblance: &mut Vraisemblance) -> Result<Calcul, RuleViolation> {
    let mut ecartes: Vec<GroupeEcarte> = Vec::new();
    vraisemblance.withhold(lecture, None);
    loop {
        // Each turn closes a group or ends.
        let mut calcul = match examine_day(lecture)? {
            Examen::Conforme(calcul) => *calcul,
            Examen::Viole(groupes) => {
                ecartes.extend(close(lecture, groupes));
                continue;
            }
        };
        if vraisemblance.withhold(lecture, Some(&calcul.resultat)) {
            continue;
        }
        if !ecartes.is_empty() {
            calcul.bilan.alerte = true;
            calcul.bilan.avertissement = false;
            calcul.bilan.ecartes.append(&mut ecartes);
            calcul.bilan.ecartes.sort_by_key(|e| e.groupe);
        }
        return Ok(calcul);
    }
}

/// The computation and the pieces of its record, away from the threads that answer.
async fn compute(
    mut lecture: Lecture,
    mut vraisemblance: Vraisemblance,
    annee: i64,
    secret: Secret,
) -> Result<(Calcul, Vec<Piece>, Engagement), AppError> {
    tokio::task::spawn_blocking(move || {
        let mut calcul = settle(&mut lecture, &mut vraisemblance)?;
        (calcul.bilan.retenus, calcul.bilan.leves) = vraisemblance.account(&lecture);
        let mut pieces = proces_verbal::day_pieces(&lecture, &calcul.resultat).map_err(AppError::internal)?;
        pieces.push(proces_verbal::held_piece(&vraisemblance.rows(&lecture)).map_err(AppError::internal)?);
        let (engagement, piece) =
            Engagement::of_day(annee, secret, &lecture, &calcul.resultat).map_err(AppError::internal)?;
        pieces.push(piece);
        Ok((calcul, pieces, engagement))
    })
    .await
    .map_err(AppError::internal)?
}

#[cfg(test)]
mod tests {
    use domain::admission::FaitsGroupe;

    use super::*;

    #[test]
    fn r_adm_17_a_run_goes_on_without_the_groups_at_fault_and_says_which() {
        let mut lecture = calcul::tests::over_capacity();
        let mut vraisemblance = Vraisemblance::nothing_out_of_bounds(&lecture);
        let calcul = settle(&mut lecture, &mut vraisemblance).unwrap();
        assert_eq!(calcul.resultat.propositions, [(104, 73)]);
        let ecarte = |groupe| GroupeEcarte { groupe, proprietes: vec!["P5".to_owned()] };
        assert_eq!((calcul.bilan.alerte, calcul.bilan.ecartes), (true, vec![ecarte(71), ecarte(72)]));
        assert_eq!(vraisemblance.account(&lecture), (Vec::new(), Vec::new()));
        // Played again from what the record keeps, the day is the same.
        assert_eq!(compute_day(&lecture).unwrap().resultat, calcul.resultat);
        // The record says that the verifier closed them; opened again, they are at fault, and the third group is not.
        let (bornes, lues) = (vraisemblance.bounds(), vraisemblance.rows(&lecture));
        assert_eq!(
            lues.iter().map(|r| (r.groupe, r.motifs, r.levee)).collect::<Vec<_>>(),
            [(71, 1 << 10, false), (72, 1 << 10, false)]
        );
        assert_eq!(check_held(&lecture, &bornes, &lues, |_| 0), Ok(()));
        let muet = check_held(&lecture, &bornes, &lues[..1], |_| 0);
        assert_eq!(muet, Err("le groupe 72 est retenu sans motif".to_owned()));
        lecture.groupes[2].admissions_suspendues = RETENU;
        let faits = FaitsGroupe { a_appeler: 1, ..FaitsGroupe::default() };
        let fausse = RetenueLue { groupe: 73, faits, ..lues[0] };
        let faux = check_held(&lecture, &bornes, &[lues[0], lues[1], fausse], |_| 0);
        assert_eq!(faux, Err("le vérificateur ne trouve rien de faux dans le groupe 73".to_owned()));
    }
}
