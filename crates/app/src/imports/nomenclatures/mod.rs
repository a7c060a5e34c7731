//! Loading the national types of courses and what is expected in each (R-FOR-16, R-FOR-17): read, compare with the session,
//! show what would change, apply in one transaction. See `docs/imports.md`.

mod rapport;
mod relier;

pub use rapport::{FichierLu, RapportNomenclatures};
pub use relier::Liens;
pub(crate) use relier::relier;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use domain::RuleViolation;
use domain::droits::{Action, Cible};
use files::nomenclatures::{Filiere, TexteFiliere, read_attendus, read_filieres};
use files::{Limites, Progression};
use store::nomenclatures::{self as base, LigneType, TypeImport};
use store::sessions::LigneSession;
use store::{Ecriture, Tx};

use super::lire::{ImportError, lire_un};
use super::noter::{Importe, noter};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// What was read of the two national files.
#[derive(Debug)]
pub struct NomenclaturesLues {
    types: Vec<Filiere>,
    textes: Vec<TexteFiliere>,
    /// The account of each, with its path.
    fichiers: Vec<(FichierLu, PathBuf)>,
}

/// The national files have 600 and 300 kB: more than ten times that already is another file, and the limits bound the memory
/// that a hostile one can take.
const LIMITES: Limites = Limites { octets: 8 * 1024 * 1024, lignes: 20_000, colonnes: 50, ..Limites::DEFAUT };

/// Reads the list of types, and the document of their texts.
///
/// # Errors
/// [`ImportError`], in French.
#[expect(clippy::redundant_closure, reason = "the function itself would be of one lifetime only")]
pub fn lire_nomenclatures(
    types: &Path,
    textes: &Path,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<NomenclaturesLues, ImportError> {
    let (filieres, bilan) = lire_un(types, LIMITES, progression, |s, nom, o| read_filieres(s, nom, o))?;
    let liste = FichierLu { fichier: bilan.fichier, lus: bilan.lignes_lues, releve: bilan.releve };
    if filieres.is_empty() && liste.releve.is_clean() {
        return Err(ImportError::Vide { fichier: liste.fichier });
    }
    let lus = lire_un(textes, LIMITES, progression, |s, nom, o| read_attendus(s, nom, o))?;
    let document = FichierLu { fichier: lus.fichier, lus: lus.lus, releve: lus.releve };
    Ok(NomenclaturesLues {
        types: filieres,
        textes: lus.textes,
        fichiers: vec![(liste, types.to_owned()), (document, textes.to_owned())],
    })
}

/// What to do with what was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionsNomenclatures {
    /// Writes; otherwise only says what would change.
    pub appliquer: bool,
    /// Leaves out what is at fault instead of refusing the files.
    pub ignorer_fautes: bool,
    /// Session that takes the types; the open one otherwise.
    pub session: Option<i64>,
    /// Where the texts come from, as candidates read it; the name of the file otherwise.
    pub source: Option<String>,
}

/// Longest name of a source, in characters.
const SOURCE_MAX: usize = 200;

/// R-IMP-06: compares the national files with a session, says which courses have a type and which drafts would take its text;
/// writes it all in one transaction when asked. What is already there is not written again.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::Invalid`] for a session that does not exist or a source too long; [`AppError::Rule`] when
/// the session is the archive of a real campaign.
pub async fn import_nomenclatures(
    ctx: &Ctx,
    lues: &NomenclaturesLues,
    options: &OptionsNomenclatures,
) -> Result<RapportNomenclatures, AppError> {
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let source = source(lues, options)?;
    let session = session(ctx, options.session).await?;
    let mut rapport = RapportNomenclatures::new(session.annee, lues.fichiers.iter().map(|(f, _)| f.clone()));
    if rapport.fautes() > 0 && !options.ignorer_fautes {
        rapport.refuse = true;
        return Ok(rapport);
    }
    if session.etat == "archivee" && !store::imports::est_importee(&ctx.app.db, session.id).await? {
        return Err(RuleViolation::SessionArchivee.into());
    }
    let mut voulus = voulus(lues, &source);
    if rapport.fautes() > 0 {
        garde(&mut voulus, &base::types(&ctx.app.db, session.id).await?);
    }
    let codes: HashSet<u32> = lues.types.iter().map(|t| t.code).collect();
    rapport.textes_sans_type = lues.textes.iter().filter(|t| !codes.contains(&t.code)).count();
    let ouverte = session.etat == "ouverte";
    if !options.appliquer {
        let connus = base::types(&ctx.app.db, session.id).await?;
        let types = rapport.compare(&voulus, connus).types;
        relier(&ctx.app.db, None, (session.id, ouverte), &types, &mut rapport.liens).await?;
        return Ok(rapport);
    }
    let tx = ctx.begin().await?;
    let e = Ecriture::new(&permit, ctx.campagne_le, "import", ctx.app.alea.as_ref());
    let types = ecrit_types(&tx, &e, session.id, &voulus, &mut rapport).await?;
    relier(&tx, Some(&e), (session.id, ouverte), &types, &mut rapport.liens).await?;
    // Nothing differs: no trace is left of an import that did nothing.
    if rapport.change() {
        rapport.applique = true;
        let bilan = rapport.compte();
        let importe = Importe { nature: "nomenclatures", session: session.id, bilan: &bilan, flux: None };
        let fichiers = lues.fichiers.iter().map(|(f, chemin)| (f.fichier.as_str(), chemin.as_path()));
        noter(ctx, &tx, &permit, &e, &importe, fichiers).await?;
        tx.commit().await?;
        ctx.app.db.analyze().await?;
    }
    Ok(rapport)
}

fn source(lues: &NomenclaturesLues, options: &OptionsNomenclatures) -> Result<String, AppError> {
    let fichier = lues.fichiers.last().map_or("", |(f, _)| f.fichier.as_str());
    let nom = fichier.split('.').next().unwrap_or_default();
    let source = options.source.as_deref().map_or(nom, str::trim);
    if source.is_empty() || source.chars().count() > SOURCE_MAX || source.chars().any(char::is_control) {
        let message = format!("La source se nomme en une ligne, de {SOURCE_MAX} caractères au plus.");
        return Err(AppError::Invalid(vec![("source", message)]));
    }
    Ok(source.to_owned())
}

pub(super) async fn session(ctx: &Ctx, annee: Option<i64>) -> Result<LigneSession, AppError> {
    let sessions = store::sessions::list(&ctx.app.db).await?;
    let cherchee = match annee {
        Some(annee) => sessions.into_iter().find(|s| s.annee == annee),
        None => sessions.into_iter().find(|s| s.etat == "ouverte"),
    };
    cherchee.ok_or_else(|| {
        let message = match annee {
            Some(annee) => {
                format!("La session {annee} n’existe pas : importez d’abord son offre, ou ouvrez-la.")
            }
            None => "Aucune session n’est ouverte : ouvrez-en une, ou nommez-la avec --session.".to_owned(),
        };
        AppError::Invalid(vec![("session", message)])
    })
}

/// Each type with its texts: its own, else those of the same diploma under student status.
fn voulus(lues: &NomenclaturesLues, source: &str) -> Vec<TypeImport> {
    let textes: HashMap<u32, &TexteFiliere> = lues.textes.iter().map(|t| (t.code, t)).collect();
    lues.types
        .iter()
        .map(|t| {
            let dits = textes.get(&t.code).or_else(|| textes.get(&t.code_sans_apprentissage));
            TypeImport {
                code: t.code.into(),
                code_sans_apprentissage: t.code_sans_apprentissage.into(),
                sigle: t.sigle.clone(),
                libelle: t.libelle.clone(),
                apprentissage: t.apprentissage,
                las: t.las,
                attendus: dits.map_or_else(String::new, |d| d.attendus.clone()),
                specialites: dits.map_or_else(String::new, |d| d.specialites.clone()),
                source: source.to_owned(),
            }
        })
        .collect()
}

/// A text that is left aside with its faulty line is not a text that is no longer said: what the session has stays.
fn garde(voulus: &mut [TypeImport], connus: &[LigneType]) {
    let connus: HashMap<i64, &LigneType> = connus.iter().map(|c| (c.code, c)).collect();
    for v in voulus.iter_mut().filter(|v| v.attendus.is_empty() && v.specialites.is_empty()) {
        if let Some(connu) = connus.get(&v.code) {
            v.attendus.clone_from(&connu.attendus);
            v.specialites.clone_from(&connu.specialites);
            v.source.clone_from(&connu.source);
        }
    }
}

async fn ecrit_types(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    voulus: &[TypeImport],
    rapport: &mut RapportNomenclatures,
) -> Result<Vec<LigneType>, AppError> {
    let comparaison = rapport.compare(voulus, base::types(tx, session).await?);
    base::add_types(tx, e, session, comparaison.nouveaux).await?;
    for (id, t) in comparaison.modifies {
        base::update_type(tx, e, id, t).await?;
    }
    Ok(base::types(tx, session).await?)
}
