//! A ranking made in a spreadsheet: shown first, applied on confirmation.

use std::collections::{HashMap, HashSet};

use files::classement_csv::{CODE, ClassementLu, read_classement};
use files::{Avertissement, FICHIER_ENTIER, Faute, FichierError};
use serde_json::json;
use sha2::Digest as _;
use store::classements as base;
use store::fichiers::{self, NouveauDepot};

use super::brouillon::{open_brouillon, save};
use super::{CHAMPS_APERCU, Groupe, Objet, Situation, load_situation};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait};
use crate::journal::{Lecture, record_lecture};

/// What applying a file would do, or why it cannot be applied.
#[derive(Debug, Clone)]
pub struct ApercuImport {
    /// As sent by the browser, shortened for display.
    pub nom_fichier: String,
    /// What a confirmation sends back; absent when the file is refused.
    pub fichier: Option<String>,
    /// The first ones; any of them refuses the whole file.
    pub fautes: Vec<Faute>,
    /// All of them, shown or not.
    pub total_fautes: u64,
    /// The first ones; they prevent nothing.
    pub avertissements: Vec<Avertissement>,
    /// Candidates that the file ranks.
    pub classes: usize,
    /// Candidates of the group that it does not rank.
    pub non_classes: usize,
    /// Candidates whose rank would change, those entering or leaving the ranking included.
    pub changes: usize,
    /// The first ranks as they would be: file number and name.
    pub premiers: Vec<(i64, String)>,
    /// Of the ranking compared with: applying it after another change is a conflict.
    pub version: i64,
}

/// What is to be sent, where something else was.
const ATTENDU: &str = "le fichier CSV exporté, où vous avez écrit les rangs";

/// First candidates shown before confirming.
const PREMIERS: usize = 10;

/// SHA-256 of bytes, in hexadecimal.
pub(super) fn empreinte(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(octets))
}

fn read(
    ctx: &Ctx,
    octets: &[u8],
    nom: &str,
    g: &Groupe,
    s: &Situation,
) -> Result<ClassementLu, FichierError> {
    // A candidate is named by file number, or by the pseudonym of a file that went out without names.
    let connus: HashMap<String, i64> = s
        .candidats
        .iter()
        .flat_map(|c| [(c.numero.to_string(), c.numero), (g.pseudonyme(ctx, c.numero), c.numero)])
        .collect();
    let mut lu =
        read_classement(octets, nom, files::Options::default(), &mut |code| connus.contains_key(code))?;
    let mut vus = HashSet::new();
    for l in &mut lu.lignes {
        let Some(numero) = connus.get(&l.code) else { continue };
        l.code = numero.to_string();
        if !vus.insert(*numero) {
            lu.bilan.releve.fault(Faute {
                ligne: l.ligne,
                colonne: CODE.to_owned(),
                motif: format!("le dossier nº {numero} est déjà dans le fichier, sous son autre code"),
            });
        }
    }
    // With a line unread, its candidate would only be told a second time.
    if lu.bilan.releve.is_clean() {
        note_absents(&mut lu, s);
    }
    Ok(lu)
}

/// R-CLA-06: a file names every candidate of the group. An empty rank is a decision; a missing line is an oversight,
/// which a selective course would turn into a refusal.
fn note_absents(lu: &mut ClassementLu, s: &Situation) {
    let nommes: HashSet<&str> = lu.lignes.iter().map(|l| l.code.as_str()).collect();
    for c in s.candidats.iter().filter(|c| !nommes.contains(c.numero.to_string().as_str())) {
        lu.bilan.releve.fault(Faute {
            ligne: FICHIER_ENTIER,
            colonne: CODE.to_owned(),
            motif: format!(
                "{} {} (dossier nº {}) est absent du fichier : ajoutez sa ligne, le rang vide s’il n’est pas classé",
                c.nom, c.prenom, c.numero
            ),
        });
    }
}

/// The order of file numbers that a clean file gives.
fn ordre_lu(lu: &ClassementLu) -> Vec<i64> {
    lu.ranked().into_iter().filter_map(|code| code.parse().ok()).collect()
}

/// Reads a file and says what applying it would do; keeps it for the confirmation. Changes nothing in the ranking.
///
/// # Errors
/// [`AppError::Rule`] outside the step or once transmitted; [`AppError::Invalid`] without a file.
pub async fn preview_import(
    ctx: &Ctx,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
    nom_fichier: &str,
    octets: &[u8],
) -> Result<ApercuImport, AppError> {
    let objet = groupe.into();
    ctx.take(Debit::Import)?;
    if octets.is_empty() {
        let message = "Choisissez un fichier CSV : celui qui a été envoyé est vide ou absent.";
        return Err(AppError::Invalid(vec![("fichier", message.to_owned())]));
    }
    let tx = ctx.begin().await?;
    let (g, permit) = open_brouillon(&tx, ctx, annee, objet).await?;
    g.require_open(ctx)?;
    let s = load_situation(&tx, &g).await?;
    s.require_brouillon()?;
    let nom = short_name(nom_fichier);
    let lu = match read(ctx, octets, &nom, &g, &s) {
        Ok(lu) => lu,
        Err(e) => return Ok(unreadable(nom, &s, &e)),
    };
    let mut apercu = apercu(nom.clone(), &s, &lu);
    if lu.bilan.releve.is_clean() {
        let cle = ctx.app.depot.put(octets).await.map_err(AppError::internal)?;
        let usage = objet.usage();
        let n = NouveauDepot {
            empreinte: &cle,
            taille: octets.len(),
            nom: &nom,
            type_mime: "text/csv",
            usage: &usage,
        };
        let (_, id) = fichiers::insert_fichier(&tx, &ctx.ecriture(&permit), n).await?;
        apercu.fichier = Some(id);
    }
    if !apercu.premiers.is_empty() {
        let montres: Vec<i64> = apercu.premiers.iter().map(|(n, _)| *n).collect();
        let lecture = Lecture { dossiers: s.cles(&montres), ..g.lecture(CHAMPS_APERCU) };
        record_lecture(&tx, ctx, &permit, &lecture).await?;
    }
    tx.commit().await?;
    Ok(apercu)
}

/// The name alone, bounded: browsers may send a path.
pub(crate) fn short_name(nom: &str) -> String {
    nom.rsplit(['/', '\\']).next().unwrap_or("").chars().take(120).collect()
}

/// A file whose header or bytes cannot be used: the faults of the header one by one.
fn unreadable(nom: String, s: &Situation, e: &FichierError) -> ApercuImport {
    let fautes = e.en_fautes(ATTENDU);
    ApercuImport {
        nom_fichier: nom,
        fichier: None,
        total_fautes: fautes.len() as u64,
        fautes,
        avertissements: Vec::new(),
        classes: 0,
        non_classes: s.candidats.len(),
        changes: 0,
        premiers: Vec::new(),
        version: s.version(),
    }
}

fn apercu(nom_fichier: String, s: &Situation, lu: &ClassementLu) -> ApercuImport {
    let releve = &lu.bilan.releve;
    let ordre = ordre_lu(lu);
    let rangs = |o: &[i64]| -> HashMap<i64, u32> { o.iter().copied().zip(1..).collect() };
    let (avant, apres) = (rangs(&s.ordre), rangs(&ordre));
    let noms: HashMap<i64, String> =
        s.candidats.iter().map(|c| (c.numero, format!("{} {}", c.nom, c.prenom))).collect();
    ApercuImport {
        nom_fichier,
        fichier: None,
        fautes: releve.fautes.clone(),
        total_fautes: releve.total_fautes,
        avertissements: releve.avertissements.clone(),
        classes: ordre.len(),
        non_classes: s.candidats.len().saturating_sub(ordre.len()),
        changes: s.candidats.iter().filter(|c| avant.get(&c.numero) != apres.get(&c.numero)).count(),
        premiers: ordre
            .iter()
            .take(PREMIERS)
            .map(|n| (*n, noms.get(n).cloned().unwrap_or_default()))
            .collect(),
        version: s.version(),
    }
}

/// Applies a file shown before: the draft becomes its order. The same person confirms what they sent.
///
/// # Errors
/// [`AppError::Conflict`] when the ranking or the candidates changed since the preview; [`AppError::Rule`] outside
/// the step or once transmitted; [`AppError::NotFound`] for a file that is not theirs.
pub async fn apply_import(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
    fichier: &str,
) -> Result<Recepisse, AppError> {
    let objet = groupe.into();
    let demande = format!("import|{}|{fichier}", objet.id);
    let tx = ctx.begin().await?;
    let (g, permit) = open_brouillon(&tx, ctx, annee, objet).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    g.require_open(ctx)?;
    let s = load_situation(&tx, &g).await?;
    s.require_brouillon()?;
    garde.check_version(s.version())?;
    let f = fichiers::fichier(&tx, fichier, &objet.usage()).await?;
    if f.cree_par != ctx.acteur.compte {
        return Err(AppError::NotFound);
    }
    let octets = ctx.app.depot.get(&f.empreinte).await.map_err(AppError::internal)?;
    // Clean when it was shown: a fault now means that the candidates of the group changed since.
    let lu = read(ctx, &octets, &f.nom, &g, &s).map_err(|_| AppError::Conflict)?;
    if !lu.bilan.releve.is_clean() {
        return Err(AppError::Conflict);
    }
    let ordre = ordre_lu(&lu);
    let acte = g.acte("importer");
    let recepisse = save(&tx, ctx, &permit, garde, &g, &s, &ordre, &demande, &acte).await?;
    note_import(&tx, ctx, &permit, &g, &f.nom, &octets, ordre.len()).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn note_import(
    tx: &store::Tx,
    ctx: &Ctx,
    permit: &domain::droits::Permit,
    g: &Groupe,
    nom: &str,
    octets: &[u8],
    classes: usize,
) -> Result<(), AppError> {
    let bilan = json!({ "groupe": g.ligne.public_id, "classes": classes }).to_string();
    let e = ctx.ecriture(permit);
    Ok(base::insert_import(tx, &e, g.session.id, &empreinte(octets), nom, &bilan).await?)
}
