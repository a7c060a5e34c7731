//! The public register of a session and the receipts of its wishes, from what the platform keeps.

use std::io;

use domain::admission::{EtatPassage, Nature};
use domain::droits::Action;
use domain::{PublicId, RuleViolation};
use jiff::Timestamp;
use store::Sql;
use store::admission::{self as base, LigneEngagement, VoeuEngage};

use super::arbre::hex;
use super::declaration::{Declaration, is_signed, sha256};
use super::feuilles::{Forme, Genre, Passage, Secret, read_lot, read_piece, root};
use super::recu::{FORMAT, Inscription, Recu, Registre, Source, Temoignage};
use super::{Depots, last_called};
use crate::admission::cible;
use crate::admission::sceau::public_key;
use crate::candidats::mien;
use crate::candidatures::is_commencee;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::{messages, sessions};

/// The name of a witness, as shown.
const TEMOIN_MAX: usize = 100;

/// The public register: anybody may read it.
///
/// # Errors
/// [`AppError::NotFound`] without such a session.
pub async fn registre(ctx: &Ctx, annee: i64) -> Result<Registre, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    register(ctx, &ctx.app.db, annee, session.id).await.map(|(registre, _)| registre)
}

/// The register, and its rows.
async fn register(
    ctx: &Ctx,
    c: &impl Sql,
    annee: i64,
    session: i64,
) -> Result<(Registre, Vec<LigneEngagement>), AppError> {
    let lignes = base::engagements_publics(c, session).await?;
    let passages = lignes.iter().map(inscription).collect();
    let rang = |passage: i64| lignes.iter().position(|l| l.passage == passage).map(|n| n + 1);
    let temoignages = base::temoignages(c, session)
        .await?
        .into_iter()
        .filter_map(|t| {
            let passages = rang(t.passage)?;
            Some(Temoignage { temoin: t.temoin, cle: t.cle, signature: t.signature, passages })
        })
        .collect();
    let cle = hex(public_key(ctx).as_bytes());
    Ok((Registre { format: FORMAT, session: annee, cle, passages, temoignages }, lignes))
}

/// Of a run that was given up, the place in the chain alone: what it had found was never said to anybody.
fn inscription(l: &LigneEngagement) -> Inscription {
    let publie = is_publie(l);
    let instant = |ms: i64| Timestamp::from_millisecond(ms).map(|t| t.to_string()).ok();
    Inscription {
        empreinte: sha256(&l.declaration),
        declaration: publie.then(|| l.declaration.clone()),
        signature: publie.then(|| l.signature.clone()),
        publie_le: l.publie_le.filter(|_| publie).and_then(instant),
    }
}

fn is_publie(l: &LigneEngagement) -> bool {
    l.etat == EtatPassage::Publie.code()
}

/// The table of the last ones called as displayed after a published day, whose fingerprint is in its declaration: CSV, a
/// group a line.
///
/// # Errors
/// [`AppError::NotFound`] when no such day is published; [`RuleViolation::PassageAltere`] when the table is not the one that was
/// declared.
pub async fn derniers_appeles_publics(ctx: &Ctx, annee: i64, jour: i64) -> Result<String, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let lignes = base::engagements_publics(&ctx.app.db, session.id).await?;
    let du_jour =
        |l: &&LigneEngagement| is_publie(l) && l.nature == Nature::Propositions.code() && l.jour == jour;
    let ligne = lignes.iter().find(du_jour).ok_or(AppError::NotFound)?;
    let table = last_called(&base::load_groupe_jour(&ctx.app.db, ligne.passage).await?);
    let declaree = Declaration::read(&ligne.declaration).map(|d| d.derniers_appeles);
    if declaree != Some(sha256(&table)) {
        return Err(altered("derniers appelés"));
    }
    Ok(table)
}

/// Columns of the file of the groups: name, and what it says.
pub(crate) const COLONNES_GROUPES: [(&str, &str); 7] = [
    ("groupe", "Clé du groupe de classement dans les fichiers des derniers appelés."),
    ("libelle_groupe", "Nom du groupe."),
    ("formation", "Identifiant de la formation, dans l’adresse de sa fiche : /formations/identifiant."),
    ("nom", "Intitulé de la formation."),
    ("uai", "Code de l’établissement au répertoire national."),
    ("etablissement", "Nom de l’établissement pour cette session."),
    ("departement", "Code du département."),
];

/// Whose groups are in the tables of the last ones called, which name them by key alone: CSV, a group a line.
///
/// # Errors
/// [`AppError::NotFound`] as long as no run of the session is published.
pub async fn groupes_publics(ctx: &Ctx, annee: i64) -> Result<Vec<u8>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    if !base::engagements_publics(&ctx.app.db, session.id).await?.iter().any(is_publie) {
        return Err(AppError::NotFound);
    }
    let lignes: Vec<[String; COLONNES_GROUPES.len()]> = base::groupes_nommes(&ctx.app.db, session.id)
        .await?
        .into_iter()
        .map(|g| [g.groupe.to_string(), g.libelle, g.formation, g.nom, g.uai, g.etablissement, g.departement])
        .collect();
    files::tableau::write_table(&COLONNES_GROUPES.map(|(nom, _)| nom), &lignes).map_err(AppError::internal)
}

fn altered(quoi: &str) -> AppError {
    tracing::error!(quoi, "ce qui est gardé n’est plus ce qui a été engagé");
    RuleViolation::PassageAltere.into()
}

/// A published run of which a receipt may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourPublie {
    /// Of the admission phase; 0 for call orders.
    pub jour: i64,
    /// « Propositions du jour 3 ».
    pub titre: String,
}

/// The receipt of a wish, and the runs of which there may be another.
#[derive(Debug, Clone)]
pub struct RecuDuVoeu {
    /// Year of the session.
    pub annee: i64,
    /// « BTS Optique – Lycée Hugo ».
    pub formation: String,
    /// The last one first.
    pub jours: Vec<JourPublie>,
    /// The run asked for, or the last one; `None` before the first publication.
    pub jour: Option<JourPublie>,
    /// `None` when that run has not looked at the wish.
    pub recu: Option<Recu>,
}

/// The receipt of one's own wish. `jour`: of which run; by default the last published one.
///
/// # Errors
/// [`AppError::NotFound`] for a wish that is not one's own; [`RuleViolation::PassageAltere`] when what is kept is not what was
/// committed to.
pub async fn recu_du_candidat(ctx: &Ctx, voeu: &PublicId, jour: Option<i64>) -> Result<RecuDuVoeu, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::ConsulterDossier).await?;
    let v = base::voeu_engage(db, d.session.id, voeu.as_str())
        .await?
        .filter(|v| v.candidat == d.ligne.id)
        .ok_or(AppError::NotFound)?;
    // Nothing of the examination is read before the admission opens.
    let lignes = if is_commencee(ctx, &d.session.calendrier) {
        base::engagements_publics(db, d.session.id).await?
    } else {
        Vec::new()
    };
    receipt(ctx, d.session.annee, &lignes, &v, jour).await
}

/// The receipt of any wish, for somebody entitled to read the runs; the journal keeps it.
///
/// # Errors
/// [`AppError::Denied`] to whoever may not read the runs; [`AppError::NotFound`] without such a wish.
pub async fn recu_pour(
    ctx: &Ctx,
    annee: i64,
    voeu: &PublicId,
    jour: Option<i64>,
) -> Result<RecuDuVoeu, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let permit = ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let v = base::voeu_engage(db, session.id, voeu.as_str()).await?.ok_or(AppError::NotFound)?;
    let lignes = base::engagements_publics(db, session.id).await?;
    let recu = receipt(ctx, annee, &lignes, &v, jour).await?;
    let tx = ctx.begin().await?;
    let contenu =
        serde_json::json!({ "annee": annee, "jour": recu.jour.as_ref().map(|j| j.jour), "recu": true });
    let acte = Acte { objet: "voeu", objet_id: voeu.as_str(), avant: None, apres: Some(contenu) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(recu)
}

async fn receipt(
    ctx: &Ctx,
    annee: i64,
    lignes: &[LigneEngagement],
    v: &VoeuEngage,
    jour: Option<i64>,
) -> Result<RecuDuVoeu, AppError> {
    let mut jours = Vec::new();
    let mut choisi = None;
    for l in lignes.iter().rev().filter(|l| is_publie(l)) {
        // A withdrawal commits to no wish, and has the number of a day.
        let Some(nature) = Nature::from_code(&l.nature).filter(|n| Genre::of(*n).is_some()) else { continue };
        let publie = JourPublie { jour: l.jour, titre: messages::passage(nature, l.jour) };
        if choisi.is_none() && jour.is_none_or(|jour| jour == l.jour) {
            choisi = Some((publie.clone(), l, nature));
        }
        jours.push(publie);
    }
    let mut formation = v.formation.clone();
    if !v.etablissement.is_empty() {
        formation = format!("{formation} – {}", v.etablissement);
    }
    // With boarding and without it are two wishes, each with its receipt.
    if v.avec_internat == 1 {
        formation.push_str(" (avec internat)");
    }
    let recu = match &choisi {
        Some((_, l, nature)) => make(ctx, annee, l, *nature, v, &formation).await?,
        None => None,
    };
    let jour = choisi.map(|(publie, _, _)| publie);
    Ok(RecuDuVoeu { annee, formation, jours, jour, recu })
}

/// The receipt of a wish on a run; `None` when the run has not looked at it.
async fn make(
    ctx: &Ctx,
    annee: i64,
    l: &LigneEngagement,
    nature: Nature,
    v: &VoeuEngage,
    formation: &str,
) -> Result<Option<Recu>, AppError> {
    let Some(genre) = Genre::of(nature) else { return Ok(None) };
    let passage = Passage { genre, annee, jour: l.jour, forme: Forme::Masquee };
    let (groupe, cle) = match passage.genre {
        Genre::Ordre => (v.groupe_classement, v.candidat),
        Genre::Voeu => match v.groupe_affectation {
            Some(groupe) => (groupe, v.id),
            None => return Ok(None),
        },
    };
    let illisible = || altered("lots");
    let e = base::engagement(&ctx.app.db, &ctx.app.coffre, l.passage).await?.ok_or(AppError::NotFound)?;
    let secret = Secret::from_bytes(&e.secret).ok_or_else(illisible)?;
    let depots: Depots = serde_json::from_str(&e.lots).map_err(AppError::internal)?;
    let lot = depots.lots.iter().find(|(premier, dernier, _)| (*premier..=*dernier).contains(&groupe));
    let Some((_, _, lot)) = lot else { return Ok(None) };
    let lit = async |empreinte: &str| match ctx.app.depot.get(empreinte).await {
        Ok(octets) => Ok(octets),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(illisible()),
        Err(e) => Err(AppError::internal(e)),
    };
    let (racines, lot) = (lit(&depots.racines).await?, lit(lot).await?);
    let (declaration, formation) = (e.declaration, formation.to_owned());
    tokio::task::spawn_blocking(move || {
        let racines = read_piece(&racines).ok_or_else(illisible)?;
        let lignes = read_lot(passage.genre, &lot, groupe).ok_or_else(illisible)?;
        let declaree = Declaration::read(&declaration).ok_or_else(illisible)?;
        if hex(&root(&racines)) != declaree.racine {
            return Err(illisible());
        }
        let source = Source { passage, secret: &secret, lignes: &lignes, racines: &racines };
        source.receipt(&formation, groupe, cle, &declaration).map_err(|()| illisible())
    })
    .await
    .map_err(AppError::internal)?
}

/// Keeps the signature of a witness of the register, once it is that of one of its heads; gives how many runs that head covers.
///
/// # Errors
/// [`AppError::Denied`] to whoever may not publish runs; a rule when the name, the key or the signature is not right;
/// [`AppError::Conflict`] when this key has signed this head already.
pub async fn temoigner(
    ctx: &Ctx,
    annee: i64,
    temoin: &str,
    cle: &str,
    signature: &str,
) -> Result<usize, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::PublierPassage, &cible(&session))?;
    let temoin = temoin.trim();
    if temoin.is_empty() || temoin.chars().any(char::is_control) {
        return Err(RuleViolation::Champ { champ: "temoin", motif: "vide" }.into());
    }
    if temoin.chars().count() > TEMOIN_MAX {
        return Err(RuleViolation::TropLong { champ: "temoin", max: TEMOIN_MAX }.into());
    }
    let tx = ctx.begin().await?;
    let (registre, lignes) = register(ctx, &tx, annee, session.id).await?;
    // The last head first: a witness signs what is shown.
    let signee = (1..=lignes.len())
        .rev()
        .find(|n| registre.head(*n).is_some_and(|tete| is_signed(&tete, signature, cle)))
        .ok_or(RuleViolation::Champ { champ: "signature", motif: "invalide" })?;
    let e = ctx.ecriture(&permit);
    base::insert_temoignage(&tx, &e, lignes[signee - 1].passage, temoin, cle, signature).await?;
    let contenu = serde_json::json!({ "annee": annee, "temoin": temoin, "cle": cle, "passages": signee });
    let acte = Acte { objet: "passage", objet_id: "temoignages", avant: None, apres: Some(contenu) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(signee)
}
