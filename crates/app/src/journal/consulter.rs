//! Reading the journal: by those entitled, itself recorded (JOU-4); by the candidate, of their own record.

use std::collections::{BTreeSet, HashMap};

use domain::PublicId;
use domain::comptes::{Courriel, Role};
use domain::droits::{Action, Cible, Permit, Scope};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use sha2::Digest as _;
use store::Tx;
use store::journal::recherche as base;
use store::journal::recherche::{Filtre, Nomme};

use super::{Acte, record};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::intitule;

/// Entries on one page.
pub const PAR_PAGE: usize = 50;
/// Lines of one export: beyond, the period is to be narrowed.
const LIGNES_EXPORT: i64 = 100_000;
/// Readings shown to a candidate.
const ACCES: i64 = 500;

/// What is looked for; what is empty does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recherche {
    /// Days in Paris, both included.
    pub du: Option<Date>,
    /// See `du`.
    pub au: Option<Date>,
    /// Address of an account.
    pub compte: String,
    /// Code of an action or of an event.
    pub action: String,
    /// Code of an outcome.
    pub issue: String,
    /// Public identifier.
    pub objet: String,
    /// Number of an entry: only older ones.
    pub avant: Option<i64>,
}

/// One entry, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of the journal, under their names")]
pub struct EntreeLue {
    pub numero: i64,
    pub instant: Timestamp,
    /// Name of the person, or empty.
    pub compte: String,
    pub role: &'static str,
    pub etablissement: String,
    pub requete: String,
    pub route: String,
    pub action: String,
    pub objet: String,
    pub objet_id: String,
    /// Name of the course or of the establishment that it is about, or empty.
    pub nom: String,
    pub issue: String,
    pub moyen: String,
    pub dossiers: i64,
    pub avant: String,
    pub apres: String,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageJournal {
    /// At most `PAR_PAGE`.
    pub entrees: Vec<EntreeLue>,
    /// Where the next page begins.
    pub suite: Option<i64>,
    /// The whole platform, or the establishments of the person.
    pub tout: bool,
}

/// A file ready to be downloaded.
#[derive(Debug, Clone)]
pub struct ExportJournal {
    /// Name offered to the browser.
    pub nom_fichier: String,
    /// CSV, UTF-8 with its mark.
    pub octets: Vec<u8>,
}

/// The perimeter of the person, and the permit under which the reading is recorded.
fn entitled(ctx: &Ctx) -> Result<(Scope, Permit), AppError> {
    let scope = ctx.scope(Action::ConsulterJournal)?;
    let cible = Cible { etablissement: scope.portee().etablissements.first().copied(), ..Cible::default() };
    let permit = ctx.permit(Action::ConsulterJournal, &cible)?;
    Ok((scope, permit))
}

/// Searches the entries of the person's perimeter. Recorded.
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the journal.
pub async fn consulter(ctx: &Ctx, r: &Recherche) -> Result<PageJournal, AppError> {
    let (scope, permit) = entitled(ctx)?;
    let tx = ctx.begin().await?;
    let mut lignes = match filtre(&tx, r).await? {
        Some(f) => base::search(&tx, &scope, &f, PAR_PAGE as i64 + 1).await?,
        None => Vec::new(),
    };
    let encore = lignes.len() > PAR_PAGE;
    lignes.truncate(PAR_PAGE);
    let mut entrees: Vec<EntreeLue> = lignes.into_iter().map(readable).collect();
    name(&tx, &mut entrees).await?;
    note(&tx, ctx, &permit, "recherche", r, json!({ "lignes": entrees.len() })).await?;
    tx.commit().await?;
    let suite = if encore { entrees.last().map(|e| e.numero) } else { None };
    Ok(PageJournal { entrees, suite, tout: scope.portee().tout })
}

/// Columns of the file.
pub(crate) const COLONNES: [&str; 15] = [
    "Numéro",
    "Instant (UTC)",
    "Compte",
    "Rôle",
    "Établissement",
    "Requête",
    "Route",
    "Action",
    "Objet",
    "Identifiant",
    "Issue",
    "Moyen",
    "Dossiers lus",
    "Avant",
    "Après",
];

/// The same as a file, protected against formulas (ENT-4). Recorded with its lines, columns and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] unless the person may read the journal; [`AppError::Invalid`] for too long a period.
pub async fn exporter(ctx: &Ctx, r: &Recherche) -> Result<ExportJournal, AppError> {
    let _tour = ctx.export_turn().await?;
    let (scope, permit) = entitled(ctx)?;
    // Names leave the platform (HAB-7).
    ctx.require_fresh()?;
    let tx = ctx.begin().await?;
    let lignes = match filtre(&tx, r).await? {
        Some(f) => base::search(&tx, &scope, &f, LIGNES_EXPORT + 1).await?,
        None => Vec::new(),
    };
    if lignes.len() as i64 > LIGNES_EXPORT {
        return Err(AppError::Invalid(vec![(
            "du",
            "Il y a plus de 100 000 entrées : choisissez une période plus courte.".to_owned(),
        )]));
    }
    let rangees = lignes.into_iter().map(|l| {
        let e = readable(l);
        [
            e.numero.to_string(),
            e.instant.to_string(),
            e.compte,
            e.role.to_owned(),
            e.etablissement,
            e.requete,
            e.route,
            e.action,
            e.objet,
            e.objet_id,
            e.issue,
            e.moyen,
            e.dossiers.to_string(),
            e.avant,
            e.apres,
        ]
    });
    let rangees: Vec<_> = rangees.collect();
    let octets = files::tableau::write_table(&COLONNES, &rangees).map_err(AppError::internal)?;
    let empreinte = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&octets));
    let export = json!({ "lignes": rangees.len(), "colonnes": COLONNES.len(), "empreinte": empreinte });
    note(&tx, ctx, &permit, "export", r, export).await?;
    tx.commit().await?;
    // DON-3: numbered as its own entry, which says who took it away.
    Ok(ExportJournal { nom_fichier: format!("journal-{}.csv", ctx.requete), octets })
}

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    quoi: &str,
    r: &Recherche,
    mut dit: Json,
) -> Result<(), AppError> {
    // What was typed is said only when it is one of our codes or identifiers (JOU-2).
    let connu = |code: &str, codes: &[&str]| codes.iter().find(|c| **c == code).map(|c| (*c).to_owned());
    dit["filtres"] = json!({
        "du": r.du.map(|d| d.to_string()), "au": r.au.map(|d| d.to_string()),
        "action": connu(&r.action, &super::actions()), "issue": connu(&r.issue, super::ISSUES),
        "objet": PublicId::parse(&r.objet).map(|id| id.as_str().to_owned()),
    });
    dit["compte_cherche"] = json!(r.compte);
    record(tx, ctx, permit, &Acte { objet: "journal", objet_id: quoi, avant: None, apres: Some(dit) }).await
}

/// What to ask of the base; nothing for an address that has no account.
async fn filtre(tx: &Tx, r: &Recherche) -> Result<Option<Filtre>, AppError> {
    let texte = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    let minuit = |d: Option<Date>| {
        d.and_then(|d| domain::calendrier::instant_paris(d.at(0, 0, 0, 0))).map(|t| t.as_microsecond())
    };
    let compte = match Courriel::parse(&r.compte) {
        _ if r.compte.is_empty() => None,
        Err(_) => return Ok(None),
        Ok(adresse) => match store::comptes::by_courriel(tx, adresse.as_str()).await? {
            None => return Ok(None),
            Some(c) => Some(c.id),
        },
    };
    Ok(Some(Filtre {
        de_us: minuit(r.du),
        avant_us: minuit(r.au.and_then(|d| d.tomorrow().ok())),
        compte,
        action: texte(&r.action),
        issue: texte(&r.issue),
        objet_id: texte(&r.objet),
        avant_id: r.avant,
    }))
}

fn readable(l: base::LigneLue) -> EntreeLue {
    EntreeLue {
        numero: l.id,
        instant: Timestamp::from_microsecond(l.instant_us).unwrap_or(Timestamp::UNIX_EPOCH),
        compte: l.compte.unwrap_or_default(),
        role: libelle_role(&l.role),
        etablissement: l.etablissement.unwrap_or_default(),
        requete: l.requete,
        route: l.route,
        action: l.action,
        objet: l.objet,
        objet_id: l.objet_id,
        nom: String::new(),
        issue: l.issue,
        moyen: l.moyen,
        dossiers: l.dossiers,
        avant: l.avant.unwrap_or_default(),
        apres: l.apres.map(without_keys).unwrap_or_default(),
    }
}

/// Says which course, or which establishment, entries are about.
async fn name(tx: &Tx, entrees: &mut [EntreeLue]) -> Result<(), AppError> {
    let nommes: [(&[&str], Nomme); 3] = [
        (&["formation_session", "formation_description", "controle_formation"], Nomme::Formation),
        (&["groupe_classement"], Nomme::Groupe),
        (&["etablissement", "etablissement_session"], Nomme::Etablissement),
    ];
    for (objets, quoi) in nommes {
        let ids: BTreeSet<String> = entrees
            .iter()
            .filter(|e| objets.contains(&e.objet.as_str()))
            .map(|e| e.objet_id.clone())
            .collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let noms: HashMap<String, String> = base::noms(tx, quoi, &ids)
            .await?
            .into_iter()
            .map(|n| {
                let nom = if n.libelle.is_empty() {
                    n.etablissement
                } else {
                    format!("{} – {}", intitule(&n.libelle, &n.detail), n.etablissement)
                };
                (n.public_id, nom)
            })
            .collect();
        for e in entrees.iter_mut() {
            if let Some(nom) = noms.get(&e.objet_id).filter(|_| objets.contains(&e.objet.as_str())) {
                e.nom.clone_from(nom);
            }
        }
    }
    Ok(())
}

/// HAB-5: internal keys of candidates never leave the server; the entry says how many they are.
fn without_keys(apres: String) -> String {
    let Ok(Json::Object(mut champs)) = serde_json::from_str::<Json>(&apres) else { return apres };
    if champs.remove("dossiers_lus").is_none() {
        return apres;
    }
    Json::Object(champs).to_string()
}

fn libelle_role(code: &str) -> &'static str {
    Role::from_code(code).map_or("–", Role::libelle)
}

/// One reading of the candidate's record by somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acces {
    /// When.
    pub instant: Timestamp,
    /// Role of who read, never a name.
    pub role: &'static str,
    /// On whose behalf, or empty.
    pub etablissement: String,
    /// What was shown, in French.
    pub champs: Vec<&'static str>,
    /// It left in a file.
    pub exporte: bool,
}

/// « Qui a vu mon dossier » : readings of the person's own record by others, newest first.
///
/// # Errors
/// [`AppError::Denied`] for anybody but a candidate.
pub async fn qui_a_vu(ctx: &Ctx) -> Result<Vec<Acces>, AppError> {
    let candidat = ctx.acteur.candidat();
    ctx.permit(Action::ConsulterDossier, &Cible { candidat, ..Cible::default() })?;
    let candidat = candidat.ok_or(AppError::NotFound)?;
    let lignes = base::readers(&ctx.app.db, candidat, ACCES).await?;
    Ok(lignes
        .into_iter()
        .map(|l| Acces {
            instant: Timestamp::from_microsecond(l.instant_us).unwrap_or(Timestamp::UNIX_EPOCH),
            role: libelle_role(&l.role),
            etablissement: l.etablissement.unwrap_or_default(),
            champs: read_champs(l.apres.as_deref()).iter().map(|c| libelle_champ(c)).collect(),
            exporte: l.issue == "exporte",
        })
        .collect())
}

/// Codes of the fields that an entry says were shown.
pub(super) fn read_champs(apres: Option<&str>) -> Vec<String> {
    let json: Json = apres.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    json["champs"].as_array().into_iter().flatten().filter_map(|c| c.as_str().map(str::to_owned)).collect()
}

/// French name of a field shown.
pub(super) fn libelle_champ(code: &str) -> &'static str {
    champ_de_dossier(code).unwrap_or("autre élément du dossier")
}

/// The same; nothing for what is in no record.
pub(super) fn champ_de_dossier(code: &str) -> Option<&'static str> {
    Some(match code {
        "numero" => "numéro de dossier",
        "nom" => "nom",
        "prenom" => "prénom",
        "type_bac" => "baccalauréat",
        "serie" => "série",
        "formations" => "formations demandées",
        "etablissement_origine" => "établissement d’origine",
        "moyenne" => "moyenne",
        "internat" => "demande d’internat",
        "rang" => "rang",
        _ => return None,
    })
}
