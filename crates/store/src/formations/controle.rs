//! The review of courses by the academic service (R-CTL-01 to 10).

use std::collections::HashMap;

use domain::droits::Scope;
use sea_orm::Value;

use crate::ligne::FromLigne;

use super::gestion::perimetre;
use crate::accueil::{Attente, attente};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::sql::{Params, Sql, Tx, all_among, exec_among, insert_batch, update_versions};

/// The review of a course of a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneControle {
    pub id: i64,
    pub version: i64,
    pub formation_session_id: i64,
    pub etat: String,
    /// Fingerprint of the values last submitted.
    pub empreinte: String,
    /// Fields that differed from last year then; `None`: nothing to compare with.
    pub changes: Option<i64>,
    /// UTC milliseconds.
    pub soumise_le: i64,
    /// The account that submitted it.
    pub soumise_par: Option<i64>,
    /// The account that reviews it.
    pub pris_par: Option<i64>,
    /// Its first name and name.
    pub pris_par_nom: Option<String>,
    /// UTC milliseconds of the last decision.
    pub decidee_le: Option<i64>,
    /// JSON: codes of the fields returned last.
    pub champs: String,
    /// UTC milliseconds: first instant too late for these.
    pub jusqu_a: Option<i64>,
}

const SELECT: &str =
    "SELECT k.id, k.version, k.formation_session_id, k.etat, k.empreinte, k.changes, k.soumise_le, k.soumise_par,
            k.pris_par, CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS pris_par_nom, k.decidee_le, k.champs,
            k.jusqu_a
     FROM controle_formation k LEFT JOIN compte c ON c.id = k.pris_par";

/// The review of a course; `None`: it was never submitted.
///
/// # Errors
/// When the database refuses.
pub async fn controle(c: &impl Sql, formation_session: i64) -> Result<Option<LigneControle>, StoreError> {
    c.one(&format!("{SELECT} WHERE k.formation_session_id = $1"), vec![formation_session.into()]).await
}

/// The reviews of these courses, in no order; one that was never submitted has none.
///
/// # Errors
/// When the database refuses.
pub async fn controles(c: &impl Sql, formations_session: &[i64]) -> Result<Vec<LigneControle>, StoreError> {
    let sql = format!("{SELECT} WHERE k.formation_session_id IN (:cles)");
    all_among(c, &sql, vec![], formations_session).await
}

fn conflict() -> StoreError {
    StoreError::Conflict("controle_formation".to_owned())
}

/// A course that is submitted.
#[derive(Debug, Clone)]
pub struct Soumission<'a> {
    pub formation_session: i64,
    /// Key and version of its review, as it was read; `None`: it was never submitted.
    pub lue: Option<(i64, i64)>,
    /// Fingerprint of the values submitted.
    pub empreinte: &'a str,
    /// Fields that differ from last year; `None`: nothing to compare with.
    pub changes: Option<i64>,
}

/// Courses are submitted, each named once, free for any agent; gives the keys of their reviews, in their order.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn submit_controles(
    tx: &Tx,
    e: &Ecriture<'_>,
    soumissions: &[Soumission<'_>],
) -> Result<Vec<i64>, StoreError> {
    #[derive(FromLigne)]
    struct Ajoutee {
        id: i64,
        formation_session_id: i64,
    }
    let (ms, compte, personne) = (e.ms(), e.compte(), None::<i64>);
    let (mut reprises, mut nouvelles, mut jamais) = (Vec::new(), Vec::new(), Vec::new());
    for s in soumissions {
        let dites: [Value; 5] = [
            "soumise".to_owned().into(),
            s.empreinte.to_owned().into(),
            s.changes.into(),
            ms.into(),
            compte.into(),
        ];
        if let Some((id, version)) = s.lue {
            let mut valeurs: Vec<Value> = vec![id.into(), version.into()];
            valeurs.extend(dites);
            valeurs.extend([personne.into(), personne.into(), ms.into(), compte.into()]);
            reprises.push(valeurs);
        } else {
            let (_, mut valeurs) = e.meta();
            valeurs.push(s.formation_session.into());
            valeurs.extend(dites);
            nouvelles.push(valeurs);
            jamais.push(s.formation_session);
        }
    }
    let colonnes = [
        "etat",
        "empreinte",
        "changes",
        "soumise_le",
        "soumise_par",
        "pris_par",
        "pris_le",
        "maj_le",
        "maj_par",
    ];
    update_versions(tx, ("controle_formation", "id"), &colonnes, reprises).await?;
    let debut = format!(
        "INSERT INTO controle_formation ({META}, formation_session_id, etat, empreinte, changes, soumise_le, soumise_par)"
    );
    let fin = "ON CONFLICT (formation_session_id) DO NOTHING";
    if insert_batch(tx, &debut, NB_META + 6, nouvelles, fin).await? != jamais.len() as u64 {
        return Err(conflict());
    }
    let sql = "SELECT id, formation_session_id FROM controle_formation WHERE formation_session_id IN (:cles)";
    let ajoutees: Vec<Ajoutee> = all_among(tx, sql, vec![], &jamais).await?;
    let ajoutees: HashMap<i64, i64> = ajoutees.into_iter().map(|a| (a.formation_session_id, a.id)).collect();
    let cle = |s: &Soumission<'_>| match s.lue {
        Some((id, _)) => Some(id),
        None => ajoutees.get(&s.formation_session).copied(),
    };
    soumissions.iter().map(cle).collect::<Option<_>>().ok_or_else(conflict)
}

/// An agent takes a review, or nobody has it any more.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn take_controle(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    agent: Option<i64>,
) -> Result<(), StoreError> {
    let pris_le = agent.map(|_| e.ms());
    let fait = tx
        .exec(
            "UPDATE controle_formation SET pris_par = $1, pris_le = $2, maj_le = $3, maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6",
            vec![
                agent.into(),
                pris_le.into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(conflict()) }
}

/// What an agent decides.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// `acceptee`, `retournee`, or `soumise` when a return is taken back.
    pub etat: &'a str,
    /// JSON: codes of the returned fields.
    pub champs: &'a str,
    /// UTC milliseconds.
    pub jusqu_a: Option<i64>,
}

/// Decides the same of these reviews, each found by its key and the version that was read; they are free again.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster on one of them.
pub async fn decide_controles(
    tx: &Tx,
    e: &Ecriture<'_>,
    lues: &[(i64, i64)],
    d: &Decision<'_>,
) -> Result<(), StoreError> {
    let (ms, compte, personne) = (e.ms(), e.compte(), None::<i64>);
    let rows = lues.iter().map(|(id, version)| -> Vec<Value> {
        vec![
            (*id).into(),
            (*version).into(),
            d.etat.to_owned().into(),
            d.champs.to_owned().into(),
            d.jusqu_a.into(),
            ms.into(),
            compte.into(),
            personne.into(),
            personne.into(),
            ms.into(),
            compte.into(),
        ]
    });
    let colonnes = [
        "etat",
        "champs",
        "jusqu_a",
        "decidee_le",
        "decidee_par",
        "pris_par",
        "pris_le",
        "maj_le",
        "maj_par",
    ];
    update_versions(tx, ("controle_formation", "id"), &colonnes, rows.collect()).await
}

/// R-CTL-02: what was submitted or accepted has changed: it is to be submitted again.
///
/// # Errors
/// When the database refuses.
pub async fn undo_controle(tx: &Tx, e: &Ecriture<'_>, formation_session: i64) -> Result<(), StoreError> {
    undo_controles(tx, e, &[formation_session]).await
}

/// The same of many courses.
///
/// # Errors
/// When the database refuses.
pub async fn undo_controles(tx: &Tx, e: &Ecriture<'_>, formations_session: &[i64]) -> Result<(), StoreError> {
    let sql = "UPDATE controle_formation SET etat = 'brouillon', pris_par = NULL, pris_le = NULL, maj_le = $1, maj_par = $2,
                   version = version + 1
               WHERE formation_session_id IN (:cles) AND etat IN ('soumise', 'acceptee')";
    exec_among(tx, sql, vec![e.ms().into(), e.compte().into()], formations_session).await.map(|_| ())
}

/// R-VIE-12: the review stays where it is, over other values: what was submitted or accepted, with what a request changed in it.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn keep_controle(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    empreinte: &str,
    changes: Option<i64>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE controle_formation SET empreinte = $1, changes = $2, maj_le = $3, maj_par = $4, version = version + 1
             WHERE id = $5 AND version = $6",
            vec![
                empreinte.to_owned().into(),
                changes.into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(conflict()) }
}

/// What was done to a review.
#[derive(Debug, Clone)]
pub struct NouvelActe<'a> {
    /// Code of `domain::formations::controle::GesteControle`.
    pub acte: &'a str,
    /// JSON of the values of that moment.
    pub contenu: &'a str,
    /// JSON: reason by code of field.
    pub motifs: &'a str,
    /// UTC milliseconds; of a return.
    pub jusqu_a: Option<i64>,
    /// What is said beside; may be empty.
    pub mot: &'a str,
}

/// Adds an act to each of these reviews, after its last one; a review is named once.
///
/// # Errors
/// [`StoreError::Conflict`] when a parallel act took the number.
pub async fn add_actes(tx: &Tx, e: &Ecriture<'_>, actes: &[(i64, NouvelActe<'_>)]) -> Result<(), StoreError> {
    let rows = actes.iter().map(|(controle, n)| -> Vec<Value> {
        vec![
            e.alea().public_id().as_str().to_owned().into(),
            (*controle).into(),
            n.acte.to_owned().into(),
            e.ms().into(),
            e.compte().into(),
            n.contenu.to_owned().into(),
            n.motifs.to_owned().into(),
            n.jusqu_a.into(),
            n.mot.to_owned().into(),
        ]
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let debut =
        "WITH n (public_id, controle_id, acte, fait_le, fait_par, contenu, motifs, jusqu_a, mot) AS (";
    let fin = ") INSERT INTO controle_acte (public_id, controle_id, numero, acte, fait_le, fait_par, contenu, motifs, jusqu_a, mot)
               SELECT n.public_id, n.controle_id,
                      (SELECT COALESCE(MAX(a.numero), 0) + 1 FROM controle_acte a WHERE a.controle_id = n.controle_id),
                      n.acte, n.fait_le, n.fait_par, n.contenu, n.motifs, n.jusqu_a, n.mot
               FROM n";
    insert_batch(tx, debut, 9, rows, fin).await.map(|_| ())
}

/// An act on a review.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneActe {
    pub numero: i64,
    pub acte: String,
    /// UTC milliseconds.
    pub fait_le: i64,
    /// First name and name of the account, when it was one.
    pub fait_par: Option<String>,
    /// JSON of the values of that moment.
    pub contenu: String,
    /// JSON: reason by code of field.
    pub motifs: String,
    pub jusqu_a: Option<i64>,
    /// What was said beside; may be empty.
    pub mot: String,
}

/// The acts of a review, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn actes(c: &impl Sql, controle: i64) -> Result<Vec<LigneActe>, StoreError> {
    c.all(
        "SELECT a.numero, a.acte, a.fait_le, CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS fait_par,
                a.contenu, a.motifs, a.jusqu_a, a.mot
         FROM controle_acte a LEFT JOIN compte c ON c.id = a.fait_par
         WHERE a.controle_id = $1 ORDER BY a.numero DESC",
        vec![controle.into()],
    )
    .await
}

/// Who has taken a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pris {
    Personne,
    /// This account.
    Compte(i64),
    /// Another account than this one.
    Autre(i64),
}

/// What an agent looks for in the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltreControle {
    pub session: i64,
    pub etat: &'static str,
    /// Normalised words.
    pub mots: Vec<String>,
    pub famille: Option<&'static str>,
    /// Code.
    pub departement: Option<String>,
    /// Only those whose last day is past at this instant (UTC milliseconds).
    pub depassees: Option<i64>,
    /// Only those that say what they said last year.
    pub inchangees: bool,
    /// Only those that are free, or taken so.
    pub pris: Option<Pris>,
}

/// A course of the queue.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFile {
    pub id: i64,
    pub public_id: String,
    /// Of its review; absent when it was never submitted.
    pub version: Option<i64>,
    pub libelle: String,
    pub detail: String,
    pub famille: String,
    pub statut: String,
    pub departement: String,
    pub commune: String,
    pub etablissement: String,
    pub capacite: Option<i64>,
    pub precedente_id: Option<i64>,
    /// Last year's.
    pub capacite_avant: Option<i64>,
    pub changes: Option<i64>,
    /// Fields of the description still missing; absent when nothing was ever said.
    pub manques: Option<i64>,
    pub soumise_le: Option<i64>,
    pub soumise_par: Option<i64>,
    pub jusqu_a: Option<i64>,
    pub pris_par: Option<i64>,
    pub pris_par_nom: Option<String>,
    /// Boarding may be asked for with it, as last published or imported.
    pub internat: i64,
    /// Code of what its establishment answered; absent when the session does not know it.
    pub etablissement_internat: Option<String>,
    pub etablissement_places: Option<i64>,
    pub etablissement_boursiers: Option<i64>,
}

fn condition(scope: &Scope, f: &FiltreControle, p: &mut Params) -> String {
    let mut parties = perimetre(scope, f.session, p);
    parties.push("fs.etat <> 'fermee'".to_owned());
    let mut egal = |colonne: &str, v: Value| parties.push(format!("{colonne} = {}", p.add(v)));
    egal("COALESCE(k.etat, 'brouillon')", f.etat.to_owned().into());
    if let Some(famille) = f.famille {
        egal("fs.famille", famille.to_owned().into());
    }
    if let Some(departement) = &f.departement {
        egal("fs.departement", departement.clone().into());
    }
    if let Some(maintenant) = f.depassees {
        parties.push(format!("k.jusqu_a <= {}", p.add(maintenant)));
    }
    if f.inchangees {
        parties.push("k.changes = 0".to_owned());
    }
    match f.pris {
        None => {}
        Some(Pris::Personne) => parties.push("k.pris_par IS NULL".to_owned()),
        Some(Pris::Compte(compte)) => parties.push(format!("k.pris_par = {}", p.add(compte))),
        Some(Pris::Autre(compte)) => parties.push(format!("k.pris_par <> {}", p.add(compte))),
    }
    for mot in &f.mots {
        parties.push(format!("fs.recherche LIKE {}", p.add(format!("% {mot}%"))));
    }
    parties.join(" AND ")
}

/// How many courses of the perimeter answer.
///
/// # Errors
/// When the database refuses.
pub async fn count_file(c: &impl Sql, scope: &Scope, f: &FiltreControle) -> Result<i64, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let sql = format!(
        "SELECT COUNT(*) FROM formation_session fs LEFT JOIN controle_formation k ON k.formation_session_id = fs.id
         WHERE {condition}"
    );
    Ok(c.int(&sql, p.0).await?.unwrap_or(0))
}

/// How many they are, since when the oldest waits, and how many wait since an instant or before.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_file(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreControle,
    avant: i64,
) -> Result<Attente, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let sommes = attente("k.soumise_le", &p.add(avant));
    let sql = format!(
        "SELECT {sommes} FROM formation_session fs LEFT JOIN controle_formation k ON k.formation_session_id = fs.id
         WHERE {condition}"
    );
    Ok(c.one(&sql, p.0).await?.unwrap_or_default())
}

/// One page of the queue: returned courses by their last day, those where it is past first; the others, those that say what they said
/// last year first, then by order of submission.
///
/// # Errors
/// When the database refuses.
pub async fn list_file(
    c: &impl Sql,
    scope: &Scope,
    f: &FiltreControle,
    limite: i64,
    decalage: i64,
) -> Result<Vec<LigneFile>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, f, &mut p);
    let limites = p.page((limite, decalage));
    c.all(
        &format!(
            "SELECT t.id, t.public_id, t.version, t.libelle, t.detail, t.famille, f.statut, t.departement, t.commune,
                    t.etablissement, t.capacite, t.precedente_id, pr.capacite AS capacite_avant, t.changes, x.manques,
                    t.soumise_le, t.soumise_par, t.jusqu_a, t.pris_par,
                    CASE WHEN c.id IS NULL THEN NULL ELSE c.prenom || ' ' || c.nom END AS pris_par_nom, t.internat,
                    t.etablissement_internat, t.etablissement_places, t.etablissement_boursiers
             FROM (SELECT fs.id, fs.public_id, fs.libelle, fs.detail, fs.famille, fs.formation_id, fs.departement,
                          fs.commune, fs.recherche, COALESCE(es.nom, e.uai) AS etablissement, fs.capacite,
                          fs.precedente_id, k.version, k.etat AS etat_controle, k.changes, k.soumise_le, k.soumise_par,
                          k.jusqu_a, k.pris_par, fs.internat, es.internat AS etablissement_internat,
                          es.internat_places AS etablissement_places, es.boursiers AS etablissement_boursiers
                   FROM formation_session fs
                   JOIN etablissement e ON e.id = fs.etablissement_id
                   LEFT JOIN etablissement_session es
                     ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
                   LEFT JOIN controle_formation k ON k.formation_session_id = fs.id
                   WHERE {condition}
                   ORDER BY CASE WHEN k.etat = 'retournee' THEN k.jusqu_a ELSE 0 END,
                            CASE WHEN k.changes = 0 THEN 0 ELSE 1 END, COALESCE(k.soumise_le, 0), COALESCE(es.nom, e.uai), fs.recherche, fs.id {limites}) t
             JOIN formation f ON f.id = t.formation_id
             LEFT JOIN formation_session pr ON pr.id = t.precedente_id
             LEFT JOIN formation_description x ON x.formation_session_id = t.id
             LEFT JOIN compte c ON c.id = t.pris_par
             ORDER BY CASE WHEN t.etat_controle = 'retournee' THEN t.jusqu_a ELSE 0 END,
                      CASE WHEN t.changes = 0 THEN 0 ELSE 1 END, COALESCE(t.soumise_le, 0), t.etablissement,
                      t.recherche, t.id"
        ),
        p.0,
    )
    .await
}
