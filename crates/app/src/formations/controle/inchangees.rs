//! R-CTL-11: the unchanged courses of a whole list are accepted together, without a box for each: shown first, with those that are left
//! aside and why, then accepted as they were shown, batch after batch.

use std::collections::HashMap;

use domain::droits::{self, Action};
use domain::formations::controle::{Comptes, EtatControle};
use domain::grille::Decompte;
use domain::{PublicId, RuleViolation};
use store::Sql;
use store::formations::{self as base, FiltreControle, LigneFile, LigneFormation};

use super::decider::{AControler, accept_ready};
use super::vues::{CriteresControle, filtre};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::bilan::{Bilan, IssueLot, LaisseeDeCote, is_a_relire, is_close, named};
use crate::formations::description::{demande_lot, genre_de};
use crate::formations::intitule;
use crate::formations::lot::first_named;
use crate::formations::publier::Pret;
use crate::formations::vraisemblance::{Lectures, attentes_of};
use crate::idempotence::{self, Garde};
use crate::messages;
use crate::sessions::{self, SessionAdmission};

/// A course that may be accepted without being opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inchangee {
    /// Public identifier.
    pub id: String,
    /// TRX-4: of its review, as it is shown.
    pub version: i64,
    /// Course and establishment.
    pub formation: String,
}

/// What an acceptance of all the unchanged courses of a list would do.
#[derive(Debug, Clone)]
pub struct ApercuInchangees {
    /// The open one.
    pub session: SessionAdmission,
    /// Those that may be accepted so, all batches.
    pub total: usize,
    /// The next batch: as many as one act is about, in the order of the list.
    pub lot: Vec<Inchangee>,
    /// Unchanged ones that are to be opened, or that somebody else decides; each says why.
    pub laissees: Vec<LaisseeDeCote>,
}

/// Courses of a list read at once.
const TRANCHE: i64 = 500;

/// What keeps courses of a list out, read together: nothing for those that may be accepted without being opened.
async fn refus_of(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    lignes: &[LigneFile],
) -> Result<Vec<Vec<RuleViolation>>, AppError> {
    let cles: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let descriptions: HashMap<i64, String> = base::descriptions(c, &cles)
        .await?
        .into_iter()
        .map(|d| (d.formation_session_id, d.contenu))
        .collect();
    let attentes = attentes_of(ctx, c, session, &cles).await?;
    let mut tous = Vec::with_capacity(lignes.len());
    for l in lignes {
        let mut refus = Vec::new();
        let points = match descriptions.get(&l.id) {
            None => 0,
            Some(contenu) => ctx.app.relues.points(contenu, genre_de(&l.famille, &l.libelle))?.total(),
        };
        if points > 0 {
            refus.push(RuleViolation::GrilleARelire { formation: intitule(&l.libelle, &l.detail), points });
        }
        if attentes.contains_key(&l.id) {
            refus.push(RuleViolation::CapaciteARelire);
        }
        let comptes = Comptes { soumise_par: l.soumise_par, pris_par: l.pris_par };
        refus.extend(EtatControle::Soumise.check_decision(comptes, ctx.acteur.compte).err());
        tous.push(refus);
    }
    Ok(tous)
}

fn laissee(id: &str, formation: String, refus: &[RuleViolation]) -> LaisseeDeCote {
    LaisseeDeCote {
        id: id.to_owned(),
        formation,
        motifs: refus.iter().map(messages::motif_controle).collect(),
        a_jour: false,
        a_relire: refus.iter().any(is_a_relire),
        close: refus.iter().any(is_close),
    }
}

/// The unchanged courses that these criteria keep among those that wait for a decision, whatever their state and their page say.
///
/// # Errors
/// [`AppError::Denied`] for whoever reviews nothing; [`AppError::NotFound`] for an unknown session; [`AppError::Rule`] for an archived
/// one.
pub async fn preview_unchanged(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresControle,
) -> Result<ApercuInchangees, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::ControlerFormation)?;
    let session = sessions::session(db, annee).await?;
    let scope = droits::scope_session(&ctx.acteur, Action::ControlerFormation, session.id)?;
    session.require_ouverte()?;
    let criteres = CriteresControle { etat: EtatControle::Soumise, depassees: false, ..criteres.clone() };
    let filtre = FiltreControle { inchangees: true, ..filtre(ctx, session.id, &criteres) };
    let max = usize::try_from(ctx.app.limites.lot_formations).unwrap_or(usize::MAX);
    let (mut total, mut lot, mut laissees) = (0, Vec::new(), Vec::new());
    let mut lues = 0;
    loop {
        let lignes = base::list_file(db, &scope, &filtre, TRANCHE, lues).await?;
        lues += TRANCHE;
        if lignes.is_empty() {
            return Ok(ApercuInchangees { session, total, lot, laissees });
        }
        let refus = refus_of(ctx, db, &session, &lignes).await?;
        for (l, refus) in lignes.into_iter().zip(refus) {
            let formation = format!("{} – {}", intitule(&l.libelle, &l.detail), l.etablissement);
            if !refus.is_empty() {
                laissees.push(laissee(&l.public_id, formation, &refus));
                continue;
            }
            total += 1;
            if lot.len() < max {
                lot.push(Inchangee { id: l.public_id, version: l.version.unwrap_or(0), formation });
            }
        }
    }
}

/// The receipt of an acceptance of many.
const ACTE: &str = "formations_acceptees";

/// The values of one that may be accepted with others, or what prevents it. `lu`: what the numbers of all of them are held against;
/// `vue`: the version of its review that the agent read.
fn essaie(
    ctx: &Ctx,
    lu: &Lectures,
    c: &AControler,
    vue: i64,
) -> Result<Result<Pret, Vec<RuleViolation>>, AppError> {
    if c.ligne.version != vue {
        return Ok(Err(vec![RuleViolation::ModifieeDepuis]));
    }
    match c.require_decidable(ctx) {
        Err(AppError::Rule(regle)) => return Ok(Err(vec![regle])),
        autre => autre?,
    }
    let formation = intitule(&c.f.libelle, &c.f.detail);
    if c.ligne.changes != Some(0) {
        return Ok(Err(vec![RuleViolation::ControleALire { formation }]));
    }
    let points = Decompte::of(&c.contenu.description().constats()).total();
    if points > 0 {
        return Ok(Err(vec![RuleViolation::GrilleARelire { formation, points }]));
    }
    c.examine(ctx, lu)
}

/// R-CTL-11: accepts these unchanged courses, each as its review was when it was shown; one that changed meanwhile, or that anything
/// else keeps out, is left aside and says why. When none of them may be accepted, nothing is done: what keeps each out is given,
/// without a receipt.
///
/// # Errors
/// [`AppError::Rule`] without any course, or in an archived session; [`AppError::Denied`] or [`AppError::NotFound`] for the first that
/// the person may not review; [`AppError::Confirmation`] without a fresh second step (HAB-7).
pub async fn accept_list(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    choisies: &[(PublicId, i64)],
) -> Result<IssueLot, AppError> {
    let demande = demande_lot("acceptation_liste", annee, choisies)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let choisies = first_named(choisies);
    let ids: Vec<PublicId> = choisies.iter().map(|(id, _)| id.clone()).collect();
    let lot = AControler::load_all(&tx, ctx, &session, &ids).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(Ok(recepisse));
    }
    ctx.require_fresh()?;
    if lot.is_empty() {
        return Err(RuleViolation::Champ { champ: "formations", motif: "aucune" }.into());
    }
    let formations: Vec<LigneFormation> = lot.iter().map(|c| c.f.clone()).collect();
    let lu = Lectures::load(ctx, &tx, &session, &formations).await?;
    let mut bilan = Bilan::default();
    let mut pretes = Vec::with_capacity(lot.len());
    for (c, (_, vue)) in lot.iter().zip(choisies) {
        match essaie(ctx, &lu, c, *vue)? {
            Ok(pret) => {
                bilan.faites.push(c.f.public_id.clone());
                pretes.push((c, pret));
            }
            Err(refus) => bilan.laissees.push(laissee(&c.f.public_id, named(&c.f), &refus)),
        }
    }
    if bilan.faites.is_empty() {
        return Ok(Err(bilan));
    }
    accept_ready(&tx, ctx, &pretes).await?;
    let contenu = serde_json::to_value(&bilan).map_err(AppError::internal)?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, ACTE, None, &contenu).await?;
    tx.commit().await?;
    Ok(Ok(recepisse))
}

/// What an acceptance of many did, by the number of its receipt; `None` for a receipt that is not one, or somebody else's.
///
/// # Errors
/// When the database refuses.
pub async fn view_acceptation(ctx: &Ctx, numero: &str) -> Result<Option<Bilan>, AppError> {
    idempotence::contenu_de(ctx, numero, ACTE).await
}
