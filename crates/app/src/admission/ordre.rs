//! R-ADM-04: the call orders of a session, computed once from the rankings sent, the scholarships and the rates.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use domain::RuleViolation;
use domain::admission::Nature;
use domain::calendrier::Etape;
use domain::droits::Action;
use engine::ordre_appel::{GroupeClassement, OrdreAppel, Profil, RefusOrdres, compute_ordres_appel};
use juge::judge_orders;
use store::admission::{self as base, LigneOrdre};
use store::{Emplacement, Sql};

use super::enregistrer::{self, TRANCHE};
use super::sceau::{Bilan, Empreinte, Sceau, hash_ordre, write_json};
use super::{VERSION, cible};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// What the computation receives.
struct Chargement {
    /// Ranking group of each item of `entree`.
    groupes: Vec<i64>,
    entree: Vec<GroupeClassement>,
    /// Candidate of each dense number.
    candidats: Vec<i64>,
    voeux: usize,
    empreinte: String,
}

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
    let Chargement { groupes, entree, candidats, voeux, empreinte } = load(ctx, &vue, &session).await?;
    drop(vue);
    let lecture = debut.elapsed();
    let nombre = entree.iter().filter(|g| !g.is_empty()).count();
    let (entree, ordres, jugement) = compute(entree).await?;
    let calcul = debut.elapsed().saturating_sub(jugement);
    let lignes = lines(&groupes, &entree, &ordres, &candidats);
    let mut sortie = Empreinte::default();
    hash_ordre(&mut sortie, &lignes);
    let sortie = sortie.hex();

    let parametres = write_json(&serde_json::json!({ "annee": annee }))?;
    let sceau = Sceau {
        session: session.id,
        nature: Nature::OrdreAppel,
        jour: 0,
        entree: &empreinte,
        sortie: &sortie,
        version: VERSION,
        parametres: &parametres,
        precedente: "",
    };
    let bilan = Bilan {
        groupes: i64::try_from(nombre).unwrap_or(0),
        candidats: i64::try_from(candidats.len()).unwrap_or(0),
        voeux: i64::try_from(voeux).unwrap_or(0),
        lecture_ms: ms(lecture),
        calcul_ms: ms(calcul.saturating_sub(lecture)),
        jugement_ms: ms(jugement),
        ..Bilan::default()
    };
    let ecriture = Instant::now();
    let passage = enregistrer::ouvrir(ctx, &permit, sceau, bilan).await?;
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
    enregistrer::achever(ctx, &tx, &permit, &passage, ms(ecriture.elapsed())).await?;
    let contenu = serde_json::json!({
        "annee": annee, "passage": passage.public_id, "groupes": nombre, "voeux": voeux,
        "entree": empreinte, "sortie": sortie,
    });
    record(
        &tx,
        ctx,
        &permit,
        &Acte { objet: "passage", objet_id: &passage.public_id, avant: None, apres: Some(contenu.clone()) },
    )
    .await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "calculer_ordre_appel", None, &contenu).await?;
    tx.commit().await?;
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

pub(super) fn ms(duree: std::time::Duration) -> i64 {
    i64::try_from(duree.as_millis()).unwrap_or(i64::MAX)
}

async fn load(ctx: &Ctx, c: &impl Sql, session: &SessionAdmission) -> Result<Chargement, AppError> {
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
    let mut empreinte = Empreinte::default();
    let mut entree = Vec::with_capacity(lignes.len());
    let mut academie_du_groupe = Vec::with_capacity(lignes.len());
    for g in &lignes {
        let taux = i32::try_from(g.taux_min_boursiers.unwrap_or(0)).unwrap_or(-1);
        // R-ADM-05: minimum rate of residents = 100 − maximum rate of non-residents.
        let residents = g.taux_max_non_residents.map_or(0, |t| 100 - i32::try_from(t).unwrap_or(-1));
        empreinte.nombres([g.id, i64::from(taux), i64::from(residents)]);
        entree.push(GroupeClassement::new(taux, residents));
        academie_du_groupe.push(number(g.academie.clone()));
    }
    let position: HashMap<i64, u32> = lignes.iter().map(|g| g.id).zip(0..).collect();

    // Ranked wishes first: only the marks of ranked candidates are unsealed.
    let mut classes: Vec<(u32, i64, i64)> = Vec::new();
    let mut apres = 0;
    loop {
        let lot = base::classes(c, session.id, apres).await?;
        let Some(dernier) = lot.last() else { break };
        apres = dernier.voeu;
        classes.extend(lot.iter().filter_map(|c| position.get(&c.groupe).map(|&g| (g, c.rang, c.candidat))));
    }
    // The two variants (with boarding, without) of a candidate share one rank.
    classes.sort_unstable();
    classes.dedup();
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
    for &(g, rang, candidat) in &classes {
        let i = candidats.binary_search(&candidat).unwrap_or_default();
        let (boursier, academie) = profils[i];
        let resident = academie == academie_du_groupe[g as usize];
        empreinte.nombres([i64::from(g), rang, candidat, i64::from(boursier), i64::from(resident)]);
        entree[g as usize].push(
            u32::try_from(i).unwrap_or(u32::MAX),
            i32::try_from(rang).unwrap_or(-1),
            Profil::new(boursier, resident),
        );
    }
    Ok(Chargement {
        groupes: lignes.iter().map(|g| g.id).collect(),
        entree,
        candidats,
        voeux: classes.len(),
        empreinte: empreinte.hex(),
    })
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

/// Computed with their checks, and judged by the reference (R-ADM-10); gives how long the judge took.
async fn compute(
    entree: Vec<GroupeClassement>,
) -> Result<(Vec<GroupeClassement>, Vec<OrdreAppel>, Duration), AppError> {
    let (entree, resultat): (_, Result<_, RefusOrdres>) = tokio::task::spawn_blocking(move || {
        let resultat = compute_ordres_appel(&entree).map(|ordres| {
            let debut = Instant::now();
            let ecart = judge_orders(&entree, &ordres);
            (ordres, ecart, debut.elapsed())
        });
        (entree, resultat)
    })
    .await
    .map_err(|e| AppError::Internal(e.to_string()))?;
    match resultat {
        Ok((ordres, None, jugement)) => Ok((entree, ordres, jugement)),
        Ok((_, Some(ecart), _)) => {
            tracing::error!(%ecart, "la référence ne trouve pas les mêmes ordres d’appel");
            Err(RuleViolation::DonneesRefusees { code: "jugement_ordre_appel" }.into())
        }
        Err(refus) => {
            tracing::warn!(%refus, "ordres d’appel refusés");
            Err(RuleViolation::DonneesRefusees { code: refus.refus.code() }.into())
        }
    }
}

/// The call orders by (group, candidate).
fn lines(
    groupes: &[i64],
    entree: &[GroupeClassement],
    ordres: &[OrdreAppel],
    candidats: &[i64],
) -> Vec<LigneOrdre> {
    let mut lignes = Vec::with_capacity(entree.iter().map(GroupeClassement::len).sum());
    for ((&groupe, entree), ordre) in groupes.iter().zip(entree).zip(ordres) {
        let debut = lignes.len();
        lignes.extend((1..).zip(ordre.candidats(entree)).map(|(rang, c)| LigneOrdre {
            groupe,
            candidat: candidats[c as usize],
            rang,
        }));
        lignes[debut..].sort_unstable_by_key(|l: &LigneOrdre| l.candidat);
    }
    lignes
}
