//! R-ADM-06: the propositions of a day, from the published call orders and the answers so far.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use domain::RuleViolation;
use domain::admission::{EtatPassage, Nature, jour_a_calculer};
use domain::candidatures::EtatVoeu;
use domain::droits::{Acteur, Action};
use engine::propositions::{
    Entree, Etat, Groupe, Options, Parametres, Sortie, Statut, ViolationResultat, Voeu, Voeux, compute_with,
    verify,
};
use juge::judge_day;
use store::Sql;
use store::admission::{self as base, GroupeAffectation, GroupeJour};

use super::enregistrer::{self, TRANCHE};
use super::ordre::ms;
use super::sceau::{Bilan, Empreinte, GroupeEcarte, Sceau, hash_jour, write_json};
use super::{VERSION, cible};
use crate::candidatures;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission, parametre_entier};

/// What the computation receives, and the keys behind its positions.
struct Chargement {
    entree: Entree,
    groupes: Vec<GroupeAffectation>,
    voeux: Vec<i64>,
    empreinte: String,
}

/// What the day decides, by key.
struct Resultat {
    propositions: Vec<(i64, i64)>,
    rangs: Vec<(i64, i64)>,
    groupes: Vec<GroupeJour>,
}

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
    let (ordre, veille) = require_ready(&vue, &session, jour).await?;

    let debut = Instant::now();
    let parametres = parametres(&vue, &session, jour).await?;
    let Chargement { entree, groupes, voeux, empreinte } =
        load(&vue, &session, ordre, veille, parametres).await?;
    drop(vue);
    let lecture = debut.elapsed();
    let (entree, sortie, jugement) = compute(entree).await?;
    let calcul = debut.elapsed().saturating_sub(jugement);
    let resultat = result(&entree, &sortie, &groupes, &voeux);
    let empreinte_sortie = hash_jour(&resultat.propositions, &resultat.rangs, &resultat.groupes);

    let json = write_json(&serde_json::json!({
        "jour": jour,
        "jour_fin_reservation_internats": parametres.jour_fin_reservation_internats,
        "jour_debut_gdd": parametres.jour_debut_gdd,
        "jour_fin_ordonnancement_gdd": parametres.jour_fin_ordonnancement_gdd,
    }))?;
    let sceau = Sceau {
        session: session.id,
        nature: Nature::Propositions,
        jour,
        entree: &empreinte,
        sortie: &empreinte_sortie,
        version: VERSION,
        parametres: &json,
        precedente: "",
    };
    let bilan = Bilan {
        lecture_ms: ms(lecture),
        calcul_ms: ms(calcul.saturating_sub(lecture)),
        jugement_ms: ms(jugement),
        ..account(&entree, &sortie, &groupes, &resultat)
    };
    drop(entree);
    let ecriture = Instant::now();
    let passage = enregistrer::ouvrir(ctx, &permit, sceau, bilan).await?;
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
    // Somebody may have been faster since the reading.
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_ready(&tx, &session, jour).await?;
    base::insert_groupe_jour(&tx, passage.id, &resultat.groupes).await?;
    enregistrer::achever(ctx, &tx, &permit, &passage, ms(ecriture.elapsed())).await?;
    let contenu = serde_json::json!({
        "annee": annee, "passage": passage.public_id, "jour": jour, "propositions": resultat.propositions.len(),
        "entree": empreinte, "sortie": empreinte_sortie, "alerte": sortie.alerte,
    });
    record(
        &tx,
        ctx,
        &permit,
        &Acte { objet: "passage", objet_id: &passage.public_id, avant: None, apres: Some(contenu.clone()) },
    )
    .await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "calculer_propositions", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-ADM-07: the call orders are published, this day is not computed, no other day waits to be published. Gives the
/// runs whose call orders and waiting ranks are continued.
async fn require_ready(c: &impl Sql, session: &SessionAdmission, jour: i64) -> Result<(i64, i64), AppError> {
    let publie = |p: &base::LignePassage| p.etat == EtatPassage::Publie.code();
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
    Ok((ordre.id, dernier.map_or(0, |p| p.id)))
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

/// One wish read, before its rank is known.
struct Lu {
    id: i64,
    candidat: u32,
    groupe: u32,
    etat: Etat,
    rang: i32,
    veille: i32,
}

fn petit(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

async fn load(
    c: &impl Sql,
    session: &SessionAdmission,
    ordre: i64,
    veille: i64,
    parametres: Parametres,
) -> Result<Chargement, AppError> {
    let groupes = base::groupes_affectation(c, session.id, i64::from(parametres.jour)).await?;
    let position: HashMap<(i64, i64), u32> =
        groupes.iter().map(|g| (g.groupe_classement_id, g.formation_session_id)).zip(0..).collect();
    let rang_appel = call_ranks(c, ordre).await?;
    let mut candidats: HashMap<i64, u32> = HashMap::new();
    let mut lus: Vec<Lu> = Vec::new();
    for cles in base::tranches_de_voeux(c).await? {
        for v in base::voeux_du_jour(c, session.id, veille, cles).await? {
            // Apprenticeship is outside the engine (I5).
            let Some(&groupe) = position.get(&(v.groupe, v.formation_session)) else { continue };
            let statut = match EtatVoeu::from_code(&v.etat) {
                Some(EtatVoeu::EnAttente) => Statut::EnAttente,
                Some(EtatVoeu::Propose) => Statut::AnterieureSansReponse,
                Some(EtatVoeu::Accepte) => Statut::AnterieureAcceptee,
                _ => return Err(AppError::Internal("voeu.etat".to_owned())),
            };
            let suivant = u32::try_from(candidats.len()).unwrap_or(u32::MAX);
            lus.push(Lu {
                id: v.id,
                candidat: *candidats.entry(v.candidat).or_insert(suivant),
                groupe,
                etat: Etat::new(statut).with_internat(v.avec_internat == 1).with_hors_pp(v.phase != "pp"),
                rang: rang_appel(v.groupe, v.candidat),
                veille: petit(v.rang_veille.unwrap_or(0)),
            });
        }
    }
    let effectifs = rank_unranked(&groupes, &mut lus);
    let mut voeux = Voeux::default();
    let mut empreinte = Empreinte::default();
    empreinte.nombres([
        i64::from(parametres.jour),
        i64::from(parametres.jour_fin_reservation_internats),
        i64::from(parametres.jour_debut_gdd),
        i64::from(parametres.jour_fin_ordonnancement_gdd),
    ]);
    let moteur: Vec<Groupe> = groupes.iter().zip(effectifs).map(|(g, n)| engine_group(g, n)).collect();
    for (g, m) in groupes.iter().zip(&moteur) {
        empreinte.nombres([
            g.id,
            i64::from(m.places),
            i64::from(m.rang_limite),
            i64::from(m.rang_dernier_appele),
            i64::from(m.rang_dernier_appele_reference),
            i64::from(m.admissions_suspendues),
        ]);
    }
    for l in &lus {
        empreinte.nombres([l.id, i64::from(l.candidat), i64::from(l.groupe), i64::from(l.rang)]);
        empreinte.nombres([i64::from(l.etat.statut() as u8), i64::from(l.veille)]);
        voeux.push(Voeu {
            candidat: l.candidat,
            groupe: l.groupe,
            rang_appel: l.rang,
            etat: l.etat,
            rang_attente_veille: l.veille,
            ..Voeu::default()
        });
    }
    let entree = Entree {
        parametres,
        nombre_candidats: u32::try_from(candidats.len()).unwrap_or(u32::MAX),
        groupes: moteur,
        internats: Vec::new(),
        voeux,
        repondeurs: Vec::new(),
    };
    Ok(Chargement { entree, groupes, voeux: lus.iter().map(|l| l.id).collect(), empreinte: empreinte.hex() })
}

/// The call orders, read from one end to the other: asked for each wish, they would be read at random. Gives the rank of
/// (group, candidate), 0 when they are not called.
async fn call_ranks(c: &impl Sql, ordre: i64) -> Result<impl Fn(i64, i64) -> i32, AppError> {
    let mut rangs: Vec<(i64, i64, i32)> = Vec::new();
    loop {
        let apres = rangs.last().map_or((0, 0), |&(groupe, candidat, _)| (groupe, candidat));
        let lot = base::load_ordre_appel(c, ordre, apres).await?;
        if lot.is_empty() {
            break;
        }
        rangs.extend(lot.into_iter().map(|l| (l.groupe, l.candidat, petit(l.rang))));
    }
    Ok(move |groupe, candidat| {
        rangs.binary_search_by_key(&(groupe, candidat), |&(g, c, _)| (g, c)).map_or(0, |i| rangs[i].2)
    })
}

/// Courses that do not rank propose to everybody: their candidates get consecutive ranks, all under the rank limit.
/// Gives the number of candidates of each such group, 0 for the others.
fn rank_unranked(groupes: &[GroupeAffectation], lus: &mut [Lu]) -> Vec<i32> {
    let mut rangs: HashMap<(u32, u32), i32> = HashMap::new();
    let mut effectifs = vec![0; groupes.len()];
    for l in lus.iter_mut().filter(|l| groupes[l.groupe as usize].sans_classement == 1) {
        let effectif = &mut effectifs[l.groupe as usize];
        l.rang = *rangs.entry((l.groupe, l.candidat)).or_insert_with(|| {
            *effectif += 1;
            *effectif
        });
    }
    effectifs
}

fn engine_group(g: &GroupeAffectation, sans_classement: i32) -> Groupe {
    // §1.3: the last one called counts for nothing when the group has no place.
    let appele = |rang: i64| if g.nombre_a_appeler == 0 { 0 } else { petit(rang) };
    Groupe {
        groupe_classement: g.groupe_classement_id,
        formation_inscription: g.formation_inscription_id,
        formation: g.formation_id,
        places: petit(g.nombre_a_appeler),
        rang_limite: petit(g.rang_limite).max(sans_classement),
        rang_dernier_appele: appele(g.dernier_interne),
        rang_dernier_appele_reference: appele(g.dernier_reference),
        fin_reservation_internats: false,
        admissions_suspendues: g.admissions_suspendues == 1,
    }
}

/// Computed, verified, and judged by the reference (R-ADM-10); gives how long the judge took.
async fn compute(entree: Entree) -> Result<(Entree, Sortie, Duration), AppError> {
    let (entree, resultat) = tokio::task::spawn_blocking(move || {
        let options = Options { reparation: true };
        let resultat = compute_with(&entree, &options).map(|sortie| {
            let violations = verify(&entree, &sortie);
            let debut = Instant::now();
            let ecart = judge_day(&entree, &options, &sortie);
            (sortie, violations, ecart, debut.elapsed())
        });
        (entree, resultat)
    })
    .await
    .map_err(|e| AppError::Internal(e.to_string()))?;
    match resultat {
        Ok((_, _, Some(ecart), _)) => {
            tracing::error!(%ecart, "la référence ne trouve pas les mêmes propositions");
            Err(RuleViolation::DonneesRefusees { code: "jugement_propositions" }.into())
        }
        Ok((sortie, violations, None, jugement)) => {
            let Some(premiere) = violations.first() else { return Ok((entree, sortie, jugement)) };
            tracing::error!(nombre = violations.len(), %premiere, "le vérificateur refuse les propositions");
            Err(RuleViolation::DonneesRefusees { code: "verification_propositions" }.into())
        }
        Err(refus) => {
            tracing::warn!(%refus, "propositions refusées");
            Err(RuleViolation::DonneesRefusees { code: refus.code() }.into())
        }
    }
}

/// R-ADM-08: what is displayed is monotonic: the last one called never goes back, a suspended group shows nobody
/// waiting.
fn result(entree: &Entree, sortie: &Sortie, groupes: &[GroupeAffectation], voeux: &[i64]) -> Resultat {
    let mut propositions = Vec::new();
    let mut internes = vec![(0_i32, 0_i64); groupes.len()];
    for c in sortie.changements.iter().filter(|c| c.statut.is_proposition_du_jour()) {
        let v = c.voeu as usize;
        let g = entree.voeux.groupe[v] as usize;
        propositions.push((voeux[v], groupes[g].id));
        internes[g] = (internes[g].0.max(entree.voeux.rang_appel[v]), internes[g].1 + 1);
    }
    let rangs = voeux
        .iter()
        .zip(&sortie.rangs_attente)
        .filter(|&(_, &rang)| rang > 0)
        .map(|(&voeu, &rang)| (voeu, i64::from(rang)))
        .collect();
    let groupes = groupes
        .iter()
        .zip(&sortie.groupes)
        .zip(internes)
        .map(|((g, affiche), (interne, nombre))| GroupeJour {
            groupe: g.id,
            dernier_appele: i64::from(affiche.rang_dernier_appele_affiche).max(g.dernier_affiche),
            dernier_interne: i64::from(interne),
            en_attente: if g.admissions_suspendues == 1 {
                0
            } else {
                i64::from(affiche.candidats_en_attente)
            },
            propositions: nombre,
        })
        .collect();
    Resultat { propositions, rangs, groupes }
}

fn account(entree: &Entree, sortie: &Sortie, groupes: &[GroupeAffectation], r: &Resultat) -> Bilan {
    let mut ecartes: BTreeMap<u32, Vec<String>> =
        sortie.groupes_ecartes.iter().map(|&g| (g, Vec::new())).collect();
    for violation in &sortie.violations {
        if let ViolationResultat::Groupe(g, propriete) = violation {
            ecartes.entry(*g).or_default().push(format!("{propriete:?}"));
        }
    }
    Bilan {
        groupes: i64::try_from(groupes.len()).unwrap_or(0),
        candidats: i64::from(entree.nombre_candidats),
        voeux: i64::try_from(entree.voeux.len()).unwrap_or(0),
        propositions: i64::try_from(r.propositions.len()).unwrap_or(0),
        en_attente: r.groupes.iter().map(|g| g.en_attente).sum(),
        alerte: sortie.alerte,
        avertissement: sortie.avertissement,
        ecartes: ecartes
            .into_iter()
            .map(|(g, proprietes)| GroupeEcarte { groupe: groupes[g as usize].id, proprietes })
            .collect(),
        passes: i64::from(sortie.passages),
        ..Bilan::default()
    }
}
