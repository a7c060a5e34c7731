//! Recording an act in the journal, in its own transaction (JOU-1 to JOU-3).

mod alarmes;
mod chaine;
mod codes;
mod consulter;
pub(crate) mod debits;
mod epure;
mod purger;
mod ronde;
mod sceller;
mod valeurs;
mod verifier;
mod vus;

pub use alarmes::{Alarme, Genre, Supervision, alarmes, alarmes_a_voir, marquer_vues, supervision};
pub(crate) use alarmes::{Cause, SUPERVISION, raise};
pub use chaine::Tete;
pub use codes::{ISSUES, actions, libelle_action, libelle_issue, libelle_moyen, libelle_objet};
pub(crate) use consulter::COLONNES as COLONNES_JOURNAL;
pub use consulter::{
    Acces, EntreeLue, ExportJournal, PAR_PAGE, PageJournal, Recherche, consulter, exporter, qui_a_vu,
};
pub use purger::purger_journal;
pub use ronde::ronde;
pub use sceller::{EtatChaine, Passe, etat_chaine, lit_tetes, sceller, tetes, tetes_exterieures};
pub use valeurs::valeurs;
pub use verifier::{Anomalie, Bilan, check, cle_publique, verifier};
pub(crate) use vus::COLONNES as COLONNES_VUS;
pub use vus::{PersonneVue, RapportVus, vus, vus_csv};

use domain::droits::{Action, Permit};
use serde_json::{Value as Json, json};
use store::Tx;
use store::journal::{Entree, append, append_all};

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// What happened to which object.
#[derive(Debug, Clone, Default)]
pub struct Acte<'a> {
    /// Kind of object: the table's name.
    pub objet: &'a str,
    /// Public identifier.
    pub objet_id: &'a str,
    /// State before; `None` for a creation or a reading. Fields that the journal may not hold are replaced by a keyed
    /// fingerprint on the way.
    pub avant: Option<Json>,
    /// State after; `None` when there is nothing to tell.
    pub apres: Option<Json>,
}

/// Records of candidates read by somebody else than their holders.
#[derive(Debug, Clone)]
pub struct Lecture<'a> {
    /// Kind of object that holds them: the table's name.
    pub objet: &'a str,
    /// Its public identifier.
    pub objet_id: &'a str,
    /// Establishment on whose behalf they are read.
    pub etablissement: Option<i64>,
    /// Internal keys of the candidates.
    pub dossiers: Vec<i64>,
    /// What was shown of each: names of columns, in the code and not from the data.
    pub champs: &'a [&'a str],
    /// The file, when they left as one: number of lines and SHA-256.
    pub export: Option<(usize, String)>,
}

/// Appends the act to the journal of the transaction.
///
/// # Errors
/// When the database refuses.
pub async fn record(tx: &Tx, ctx: &Ctx, permit: &Permit, acte: &Acte<'_>) -> Result<(), AppError> {
    record_all(tx, ctx, permit, std::slice::from_ref(acte)).await
}

/// The same for the many acts of one permit, in their order.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn record_all(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    actes: &[Acte<'_>],
) -> Result<(), AppError> {
    let siens: Vec<(&Permit, &Acte<'_>)> = actes.iter().map(|acte| (permit, acte)).collect();
    record_each(tx, ctx, &siens).await
}

/// The same for acts that have each their permit.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn record_each(tx: &Tx, ctx: &Ctx, actes: &[(&Permit, &Acte<'_>)]) -> Result<(), AppError> {
    let epure = |acte: &Acte<'_>, json: &Option<Json>| {
        json.as_ref().map(|j| epure::epure(&ctx.app.coffre, acte.objet, j).to_string())
    };
    let mut entrees = Vec::with_capacity(actes.len());
    for &(permit, acte) in actes {
        // Asked again here, where every act passes with its transaction open: the clocks have just been compared.
        ctx.require_a_l_heure(permit.action())?;
        entrees.push(Entree {
            objet: acte.objet,
            objet_id: acte.objet_id,
            issue: "fait",
            avant: epure(acte, &acte.avant),
            apres: epure(acte, &acte.apres),
            ..under(ctx, permit)
        });
    }
    match entrees.as_slice() {
        [seule] => Ok(append(tx, seule).await?),
        toutes => Ok(append_all(tx, toutes).await?),
    }
}

/// Appends a reading of records (JOU-1): whose, and which fields.
///
/// # Errors
/// [`AppError::Confirmation`] and [`AppError::TooMany`] when the account read or took away as much as it may.
pub async fn record_lecture(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    lecture: &Lecture<'_>,
) -> Result<(), AppError> {
    debits::check(tx, ctx, lecture).await?;
    let mut apres = json!({ "champs": lecture.champs, "dossiers_lus": lecture.dossiers });
    if let Some((lignes, empreinte)) = &lecture.export {
        apres["export"] =
            json!({ "lignes": lignes, "colonnes": lecture.champs.len(), "empreinte": empreinte });
    }
    let modele = under(ctx, permit);
    let entree = Entree {
        objet: lecture.objet,
        objet_id: lecture.objet_id,
        etablissement: lecture.etablissement.or(modele.etablissement),
        issue: if lecture.export.is_some() { "exporte" } else { "lu" },
        dossiers: &lecture.dossiers,
        apres: Some(apres.to_string()),
        ..modele
    };
    Ok(append(tx, &entree).await?)
}

/// Appends an event that needs no permit: sign-out, failed attempt, clock of the demonstration. `action` is a stable code.
///
/// # Errors
/// When the database refuses.
pub async fn record_event(
    tx: &Tx,
    ctx: &Ctx,
    action: &str,
    issue: &str,
    objet: &str,
    objet_id: &str,
) -> Result<(), AppError> {
    Ok(append(tx, &Entree { action, objet, objet_id, issue, ..by_actor(ctx) }).await?)
}

/// Appends a step of signing in: `connexion` or `second_facteur`, its outcome and the means shown (`mot_de_passe`,
/// `totp`…), for an account or for an address that has none.
///
/// # Errors
/// When the database refuses.
pub async fn record_connexion(
    tx: &Tx,
    ctx: &Ctx,
    action: &str,
    issue: &str,
    moyen: &str,
    compte: &str,
) -> Result<(), AppError> {
    let entree = Entree { action, objet: "compte", objet_id: compte, issue, moyen, ..by_actor(ctx) };
    Ok(append(tx, &entree).await?)
}

/// What the journal calls an address that has no account: never the address, yet the same for the same one.
pub fn inconnu(ctx: &Ctx, adresse: &str) -> String {
    let empreinte = ctx.app.coffre.fingerprint("journal-adresse", adresse);
    format!("inconnu:{}", empreinte.get(..16).unwrap_or_default())
}

/// Records, in a transaction of its own, that a signed-in person asked for what is not given to them. An object that
/// exists and one that does not cost the same (HAB-3).
///
/// # Errors
/// When the database refuses.
pub async fn record_refus(ctx: &Ctx, action: Option<Action>, objet_id: &str) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    let (action, issue) = match action {
        Some(a) => (a.code(), "refus"),
        None => ("acces", "absent"),
    };
    append(&tx, &Entree { action, objet: "page", objet_id, issue, ..by_actor(ctx) }).await?;
    Ok(tx.commit().await?)
}

/// What every entry of this request says; `role` and `action` are the permit's.
fn under<'a>(ctx: &'a Ctx, permit: &Permit) -> Entree<'a> {
    let role = permit.role();
    let attribution = ctx.acteur.attributions.iter().find(|a| a.role == role);
    Entree {
        role: role.code(),
        action: permit.action().code(),
        etablissement: attribution.and_then(|a| a.etablissement),
        formation: attribution.and_then(|a| a.formation),
        ..by_actor(ctx)
    }
}

fn by_actor(ctx: &Ctx) -> Entree<'_> {
    let premiere = ctx.acteur.attributions.first();
    Entree {
        instant_us: ctx.recu_le.as_microsecond(),
        compte: ctx.acteur.compte,
        role: premiere.map_or("public", |a| a.role.code()),
        etablissement: premiere.and_then(|a| a.etablissement),
        formation: premiere.and_then(|a| a.formation),
        reseau: &ctx.reseau,
        requete: &ctx.requete,
        route: &ctx.route,
        moyen: if ctx.jeton.is_some() { "jeton" } else { "" },
        ..Entree::default()
    }
}
