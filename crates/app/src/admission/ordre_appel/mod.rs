//! R-ADM-04: the call orders of a session, computed once from the rankings sent, the scholarships and the rates.

mod calcul;

use std::collections::HashMap;
use std::time::Instant;

use domain::RuleViolation;
use domain::admission::Nature;
use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::academies_du_secteur;
use store::admission as base;
use store::{Emplacement, Sql};

pub(super) use calcul::{Calcul, ClasseLu, GroupeLu, Lecture, compute_orders};

use super::cible;
use super::engagements::{Engagement, Secret};
use super::enregistrer::{self, Fige, Fin, TRANCHE, ms};
use super::proces_verbal::{self, Piece};
use super::sceau::{Bilan, Empreinte, hash_ordre, write_json};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait};
use crate::sessions::{self, SessionAdmission};

/// Computes the call order of every ranking group that ranks, verifies each, and writes them as a run to be published
/// by another person.
///
/// # Errors
/// A ranking or a rate is missing, the step is not open, a run already exists, or the engine refuses the data.
pub async fn calculer_ordre_appel(ctx: &Ctx, garde: &Garde, annee: i64) -> Result<Recepisse, AppError> {
    let vue = ctx.app.db.freeze().await?;
    let session = sessions::session(&vue, annee).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let demande = format!("calculer_ordre_appel|{annee}");
    if let Some(fait) = deja_fait(&vue, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    session.calendrier.require_open(Etape::OrdreAppel, ctx.campagne_le)?;
    require_none(&vue, &session).await?;

    let debut = Instant::now();
    let lu = read(ctx, &vue, &session).await?;
    drop(vue);
    let lecture = debut.elapsed();
    let secret = Secret::new(ctx.app.alea.as_ref());
    let (calcul, pieces, engagement) = compute(lu, annee, secret).await?;
    let Calcul { entree: empreinte, lignes, bilan, jugement } = calcul;
    let duree = debut.elapsed().saturating_sub(lecture).saturating_sub(jugement);
    let mut sortie = Empreinte::default();
    hash_ordre(&mut sortie, &lignes);
    let sortie = sortie.hex();

    let parametres = write_json(&serde_json::json!({ "annee": annee }))?;
    let (groupes, voeux) = (bilan.groupes, bilan.voeux);
    let bilan = Bilan { lecture_ms: ms(lecture), calcul_ms: ms(duree), jugement_ms: ms(jugement), ..bilan };
    let ecriture = Instant::now();
    let fige = Fige {
        session: &session,
        nature: Nature::OrdreAppel,
        jour: 0,
        entree: &empreinte,
        sortie: &sortie,
        parametres: &parametres,
        ordre: String::new(),
        veille: String::new(),
        pieces,
        engagement,
    };
    let passage = enregistrer::ouvrir(ctx, &permit, fige, bilan).await?;
    for tranche in lignes.chunks(TRANCHE) {
        let tx = ctx.begin().await?;
        base::insert_ordre_appel(&tx, passage.id, tranche).await?;
        tx.commit().await?;
    }
    let tx = ctx.begin().await?;
    // Somebody may have been faster since the reading.
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_none(&tx, &session).await?;
    let contenu = serde_json::json!({
        "annee": annee, "groupes": groupes, "voeux": voeux, "entree": empreinte, "sortie": sortie,
    });
    let fin =
        Fin { permit: &permit, garde, demande: &demande, acte: "calculer_ordre_appel", contenu, ecriture };
    let recepisse = enregistrer::achever(ctx, tx, &passage, fin).await?;
    super::refresh_statistics(ctx).await;
    Ok(recepisse)
}

/// R-ADM-04: call orders are computed once.
async fn require_none(c: &impl Sql, session: &SessionAdmission) -> Result<(), AppError> {
    match base::passage_en_vigueur(c, session.id, Nature::OrdreAppel.code(), 0).await? {
        Some(_) => Err(RuleViolation::PassageExistant.into()),
        None => Ok(()),
    }
}

async fn read(ctx: &Ctx, c: &impl Sql, session: &SessionAdmission) -> Result<Lecture, AppError> {
    let lignes = base::groupes_a_classer(c, session.id).await?;
    let manquants = lignes.iter().filter(|g| g.classement_id.is_none()).count();
    if manquants > 0 {
        return Err(RuleViolation::ClassementsManquants {
            groupes: u32::try_from(manquants).unwrap_or(u32::MAX),
        }
        .into());
    }
    let sans_taux = lignes.iter().filter(|g| g.taux_min_boursiers.is_none()).count();
    if sans_taux > 0 {
        return Err(
            RuleViolation::TauxManquants { groupes: u32::try_from(sans_taux).unwrap_or(u32::MAX) }.into()
        );
    }
    let mut academies: HashMap<String, u32> = HashMap::new();
    let mut number = |nom: String| {
        let suivant = u32::try_from(academies.len()).unwrap_or(u32::MAX);
        *academies.entry(nom).or_insert(suivant)
    };
    let mut groupes = Vec::with_capacity(lignes.len());
    let mut secteur_du_groupe: Vec<Vec<u32>> = Vec::with_capacity(lignes.len());
    for g in &lignes {
        groupes.push(GroupeLu {
            id: g.id,
            taux_boursiers: i32::try_from(g.taux_min_boursiers.unwrap_or(0)).unwrap_or(-1),
            // R-ADM-05: minimum rate of residents = 100 − maximum rate of non-residents.
            taux_residents: g.taux_max_non_residents.map_or(0, |t| 100 - i32::try_from(t).unwrap_or(-1)),
        });
        let secteur = academies_du_secteur(&g.secteur, &g.academie);
        secteur_du_groupe.push(secteur.into_iter().map(|a| number(a.to_owned())).collect());
    }
    let position: HashMap<i64, u32> = lignes.iter().map(|g| g.id).zip(0..).collect();

    // Ranked wishes first: only the marks of ranked candidates are unsealed.
    let mut classes = ranked(c, session.id, &lignes, &position).await?;
    classes.sort_unstable();
    let mut candidats: Vec<i64> = classes.iter().map(|c| c.2).collect();
    candidats.sort_unstable();
    candidats.dedup();
    let mut profils: Vec<(bool, u32)> = vec![(false, u32::MAX); candidats.len()];
    let mut apres = 0;
    loop {
        let lot = base::candidats_scelles(c, session.id, apres).await?;
        let Some(dernier) = lot.last() else { break };
        apres = dernier.id;
        for k in lot {
            if let Ok(i) = candidats.binary_search(&k.id) {
                profils[i] =
                    (is_boursier(ctx, &k.public_id, k.boursier_chiffre.as_deref())?, number(k.academie));
            }
        }
    }
    let classes = classes
        .into_iter()
        .map(|(groupe, rang, candidat)| {
            let (boursier, academie) = profils[candidats.binary_search(&candidat).unwrap_or_default()];
            let resident = secteur_du_groupe[groupe as usize].contains(&academie);
            ClasseLu { groupe, rang, candidat, boursier, resident }
        })
        .collect();
    Ok(Lecture { groupes, classes })
}

/// Rankings to read at once.
const CLASSEMENTS: usize = 100;

/// (group, rank, candidate) of whoever has a ranked wish and a rank in the last ranking sent. `position`: of each group.
async fn ranked(
    c: &impl Sql,
    session: i64,
    groupes: &[base::GroupeAClasser],
    position: &HashMap<i64, u32>,
) -> Result<Vec<(u32, i64, i64)>, AppError> {
    let mut voeux: Vec<(u32, i64)> = Vec::new();
    for cles in base::tranches_de_voeux(c).await? {
        let lot = base::voeux_classes(c, session, cles).await?;
        voeux.extend(lot.into_iter().filter_map(|(groupe, k)| position.get(&groupe).map(|&g| (g, k))));
    }
    // The two variants (with boarding, without) of a candidate share one rank.
    voeux.sort_unstable();
    voeux.dedup();
    let mut envoyes: Vec<(i64, u32)> =
        (0..).zip(groupes).filter_map(|(g, ligne): (u32, _)| ligne.classement_id.map(|id| (id, g))).collect();
    envoyes.sort_unstable();
    let mut classes = Vec::with_capacity(voeux.len());
    for lot in envoyes.chunks(CLASSEMENTS) {
        let (Some(premier), Some(dernier)) = (lot.first(), lot.last()) else { continue };
        for (classement, k, rang) in base::rangs_de_classements(c, premier.0..=dernier.0).await? {
            let Ok(i) = lot.binary_search_by_key(&classement, |l| l.0) else { continue };
            let g = lot[i].1;
            if voeux.binary_search(&(g, k)).is_ok() {
                classes.push((g, rang, k));
            }
        }
    }
    Ok(classes)
}

/// Opens the sealed scholarship mark of a candidate; without one, the candidate has declared nothing.
pub(super) fn is_boursier(ctx: &Ctx, public_id: &str, scelle: Option<&[u8]>) -> Result<bool, AppError> {
    let Some(scelle) = scelle else { return Ok(false) };
    let ou = Emplacement { table: "candidat", colonne: "boursier_chiffre", ligne: public_id };
    let clair = ctx.app.coffre.open(ou, scelle)?;
    std::str::from_utf8(&clair)
        .ok()
        .and_then(domain::candidats::boursier_from_code)
        .ok_or_else(|| AppError::Internal("candidat.boursier_chiffre".to_owned()))
}

/// The computation and the pieces of its record, away from the threads that answer.
async fn compute(
    lecture: Lecture,
    annee: i64,
    secret: Secret,
) -> Result<(Calcul, Vec<Piece>, Engagement), AppError> {
    tokio::task::spawn_blocking(move || {
        let calcul = compute_orders(&lecture)?;
        let mut pieces = proces_verbal::order_pieces(&lecture, &calcul.lignes).map_err(AppError::internal)?;
        let (engagement, piece) =
            Engagement::of_orders(annee, secret, &lecture, &calcul.lignes).map_err(AppError::internal)?;
        pieces.push(piece);
        Ok((calcul, pieces, engagement))
    })
    .await
    .map_err(AppError::internal)?
}
